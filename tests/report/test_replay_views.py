"""What command knows of villages in the replay: their state at the last word, and word that is missed."""

from __future__ import annotations

from simrescue.report.replay.states import SILENT, VIEWS, WHAT, steps
from tests.simulation.story import tell
from tests.simulation.test_channels import ALL, county, mast, room

SILENCE_H = 1.0


def known(kinds: tuple[str, ...], phones: int, of_what: str = "state_command") -> list[tuple[float, int, float]]:
    """Steps of what command knows of villages: hour, village, state."""
    story = tell(county(*kinds, phones=phones, power=room(cut=2.0, restored=30.0), stations=(mast(backup_h=0.0),)))
    changed = steps(story.log, story.world.facts, SILENCE_H)
    columns = zip(changed.time_h, changed.what, changed.thing, changed.value, strict=True)
    what = WHAT.index(of_what)
    return [(float(hour), int(thing), float(value)) for hour, of, thing, value in columns if of == what]


def test_a_silent_village_is_missed_and_known_again_with_its_power() -> None:
    rows = known(ALL, phones=0)
    missed = [hour for hour, _, value in rows if value == SILENT]
    assert set(missed) == {2.0 + SILENCE_H}
    assert not [hour for hour, _, value in rows if value != SILENT and 2.0 < hour < 30.0]
    assert [hour for hour, _, value in rows if value != SILENT and hour >= 30.0]


def test_a_village_with_a_phone_is_not_missed() -> None:
    rows = known((*ALL, "satellite"), phones=1)
    assert not [hour for hour, _, value in rows if value == SILENT and hour < 24.0]
    assert [hour for hour, _, value in rows if value != SILENT and 2.0 < hour < 30.0]


def test_without_messages_there_is_only_what_is_true() -> None:
    story = tell(county().model_copy(update={"channels": (), "stations": (), "power": ()}))
    changed = steps(story.log, story.world.facts, SILENCE_H)
    assert not {WHAT.index(f"state_{view}") for view in VIEWS} & set(changed.what.tolist())


def test_what_a_village_is_without_of_road_power_and_network() -> None:
    """Power is cut at 2 h and back at 30 h; the mast has no battery. Without the tables there is nothing of it."""
    story = tell(county(*ALL, power=room(cut=2.0, restored=30.0), stations=(mast(backup_h=0.0),)))
    changed = steps(story.log, story.world.facts, SILENCE_H)
    village = story.index["village-0"]
    mine = (changed.what == WHAT.index("cuts")) & (changed.thing == village)
    power = [
        (float(hour), int(bits) >> 1) for hour, bits in zip(changed.time_h[mine], changed.value[mine], strict=True)
    ]
    assert [bits for hour, bits in power if hour == 2.0][-1] == 3, "power and network"
    assert [bits for hour, bits in power if hour == 30.0][-1] == 0
    plain = tell(county().model_copy(update={"channels": (), "stations": (), "power": ()}))
    assert WHAT.index("cuts") not in steps(plain.log, plain.world.facts, SILENCE_H).what


def test_command_knows_of_the_three_cuts_by_word_of_the_village_alone() -> None:
    """Power and network go at 2 h and are back at 30 h: with a phone that is told between, without one never."""
    silent, told = known(ALL, 0, "cuts_command"), known((*ALL, "satellite"), 1, "cuts_command")
    assert not [bits for hour, _, bits in silent if 2.0 < hour < 30.0]
    assert {int(bits) >> 1 for hour, _, bits in told if 2.0 < hour < 30.0} == {3}
    assert {int(bits) >> 1 for hour, _, bits in (*silent, *told) if hour >= 30.1} <= {0}
