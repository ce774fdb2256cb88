"""Command: it knows what it was told and when; it keeps requests; it decides once an instant, after all else."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.responders import TASKS, Boat, Team, Truck
from simrescue.scenario.records import Command, ResponseLevel
from simrescue.simulation.clock import ARRIVALS, DECISIONS, HAZARD, after
from simrescue.simulation.requests import ReliefRequest
from tests.factories import CERTAIN, flooded_row, settings
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, Story, ask, by_hand, dry_row, flood_road, so_far, tell

RESCUE, RECONNAISSANCE = TASKS.index("rescue"), TASKS.index("reconnaissance")


def team(**fields: Any) -> Team:
    plain: dict[str, Any] = {"id": "team", "base": "station", "tasks": TASKS, "breakdown": 0}
    return Team(**(plain | fields))


def with_team(*calls: Any, command: Command = AT_ONCE, hours: float = 48.0, **fields: Any) -> Story:
    return tell(dry_row(hours, command, calls=calls, **(NOBODY | {"teams": (team(**fields),)})))


# ---- news


def test_a_call_is_answered_after_the_decision() -> None:
    story = with_team(ask("village-1", 2.0), command=Command(decision_h=0.25))
    assert story.one(Kind.REQUEST_OPENED).time_h == 2.0
    sent = story.one(Kind.ASSIGNED)
    assert sent.time_h == 2.25
    assert sent.cause == story.one(Kind.REQUEST_OPENED).number


def test_reports_from_villages_take_time() -> None:
    story = tell(flooded_row(settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN))))
    for row in story.rows(Kind.REPORTED, item=RESCUE):
        wet = story.first(Kind.WATER_RISES, Kind.WATER_ARRIVES, subject=story.world.ids[row.place])
        assert row.time_h > wet.time_h
    assert story.rows(Kind.REPORTED, item=RESCUE)


def test_silence_is_looked_into() -> None:
    command = Command(report_h=0, decision_h=0, contact_loss=1, contact_restore_h=NEVER_H, silence_h=3, unconfirmed=0)
    scenario = flooded_row(
        1,
        settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=command),
        **(NOBODY | {"boats": (Boat(id="boat", base="station", breakdown=0),)}),
    )
    story = tell(scenario)
    lost = story.first(Kind.CONTACT_LOST, subject="village-0")
    request = story.first(Kind.REQUEST_OPENED, place="village-0", item=RECONNAISSANCE)
    assert request.time_h == pytest.approx(lost.time_h + 3)
    sent = story.first(Kind.ASSIGNED, place="village-0", item=RECONNAISSANCE)
    restored = story.first(Kind.CONTACT_RESTORED, subject="village-0")
    assert restored.time_h >= sent.time_h
    assert story.first(Kind.REPORTED, place="village-0", item=RESCUE).time_h >= restored.time_h


def test_a_village_that_answers_again_is_not_looked_into() -> None:
    command = Command(report_h=0, contact_loss=1, contact_restore_h=0, silence_h=3)
    story = tell(flooded_row(settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=command)))
    assert story.rows(Kind.CONTACT_LOST)
    assert not story.rows(Kind.REQUEST_OPENED, item=RECONNAISSANCE)


# ---- requests


def test_a_big_request_gets_crews_until_their_seats_cover_it() -> None:
    story = with_team(ask("village-1", 2.0, persons=70), count=5, seats=30)
    assert [row.amount for row in story.rows(Kind.ASSIGNED)] == [30, 30, 10]


def test_what_is_covered_gets_nobody_else() -> None:
    story = with_team(ask("village-1", 2.0, persons=30), ask("village-2", 2.0, number=1, persons=30), count=5, seats=30)
    assert len(story.rows(Kind.ASSIGNED)) == 2


def test_calls_wait_their_turn_and_the_queue_is_worked_off() -> None:
    calls = [ask("village-1", 2.0 + i / 100, number=i) for i in range(4)]
    story = with_team(*calls)
    assert [row.request for row in story.rows(Kind.SERVED)] == [0, 1, 2, 3]
    assert len(story.rows(Kind.REQUEST_CLOSED)) == 4


def test_nobody_able_is_said_once() -> None:
    story = with_team(ask("village-1", 2.0, task="medical"), ask("village-2", 5.0, number=1), tasks=("rescue",))
    told = story.one(Kind.NO_RESPONDER)
    assert (told.time_h, told.place) == (2.0, story.index["village-1"])


def test_who_rings_off_is_lost() -> None:
    story = with_team(ask("village-1", 2.0), ask("village-2", 2.1, number=1, patience_h=0.5))
    lost = story.one(Kind.CALL_LOST)
    assert (lost.time_h, lost.place) == (2.6, story.index["village-2"])
    assert len(story.rows(Kind.SERVED)) == 1


def test_whose_rescuers_turn_back_rings_off_after_all() -> None:
    """Sent within his patience, the team meets a closed road: he waits as long again, and no longer."""
    tables = NOBODY | {"teams": (team(turnout_h=0.3),), "calls": (ask("village-2", 2.0, patience_h=0.5),)}
    sim = by_hand(dry_row(command=Command(decision_h=0), **tables))
    flood_road(sim, "village-1-village-2", 2.0, 2.4)
    sim.env.run(until=20.0)
    story = so_far(sim)
    assert story.rows(Kind.ASSIGNED)
    assert not story.rows(Kind.SERVED)
    again = story.one(Kind.CALL_LOST).time_h - 2.0
    assert again > 0.5
    assert again / 0.5 == pytest.approx(round(again / 0.5))


def test_who_has_no_patience_is_served_by_whoever_was_sent_at_once() -> None:
    """The clock goes on while the team drives: he asks himself again in some time, and not in the same moment."""
    story = with_team(ask("village-2", 2.0, patience_h=0.0))
    assert story.one(Kind.SERVED).time_h > 2.0
    assert not story.rows(Kind.CALL_LOST)


def test_what_is_open_at_the_end_is_unmet() -> None:
    story = with_team(ask("village-1", 2.0, task="medical", persons=3), tasks=("rescue",))
    unmet = story.one(Kind.UNMET)
    assert (unmet.time_h, unmet.persons, unmet.amount, unmet.item) == (48.0, 3, 3, TASKS.index("medical"))
    assert unmet.cause == story.one(Kind.REQUEST_OPENED).number


@pytest.mark.parametrize(("policy", "order"), [("priority", [0, 2, 1]), ("nearest", [0, 1, 2])])
def test_the_policy_rules_the_queue(policy: str, order: list[int]) -> None:
    calls = (ask("village-0", 1.0), ask("village-1", 1.1, "reconnaissance", 1), ask("village-2", 1.2, "rescue", 2))
    story = with_team(*calls, command=Command(policy=policy, decision_h=0))
    assert [row.request for row in story.rows(Kind.SERVED)] == order


# ---- response levels


def levels(*steps: tuple[str, float]) -> Command:
    made: Any = tuple(ResponseLevel(level=level, time_h=time_h) for level, time_h in steps)
    return Command(decision_h=0, levels=made)


@pytest.mark.parametrize(("release", "free_h"), [("", 0.0), ("IV", 3.0), ("III", 3.0), ("II", 6.0), ("I", None)])
def test_response_levels_set_forces_free(release: str, free_h: float | None) -> None:
    story = with_team(ask("village-1", 0.0), command=levels(("III", 3.0), ("II", 6.0)), release=release)
    assert story.times(Kind.ASSIGNED) == ([] if free_h is None else [free_h])
    assert story.times(Kind.RELEASED) == ([free_h] if free_h else [])
    assert [row.item for row in story.rows(Kind.LEVEL_RAISED)] == [3, 2]


def test_without_levels_in_the_scenario_all_are_free() -> None:
    story = with_team(ask("village-1", 0.0), command=Command(decision_h=0), release="I")
    assert story.times(Kind.ASSIGNED) == [0.0]


def test_a_convoy_from_afar_is_there_from_its_moment_on() -> None:
    story = with_team(ask("village-1", 0.0), available=7.0)
    assert story.times(Kind.RELEASED) == story.times(Kind.ASSIGNED) == [7.0]


def test_released_before_it_is_there_it_comes_when_it_is_there() -> None:
    story = with_team(ask("village-1", 0.0), command=levels(("I", 3.0)), release="I", available=7.0)
    assert story.times(Kind.ASSIGNED) == [7.0]


def test_there_but_not_yet_released_it_waits() -> None:
    story = with_team(ask("village-1", 0.0), command=levels(("I", 9.0)), release="I", available=7.0)
    assert story.times(Kind.ASSIGNED) == [9.0]


# ---- one instant


def test_hazard_then_arrivals_then_command() -> None:
    sim = by_hand(dry_row(**NOBODY))
    order: list[str] = []
    for name, priority in (("command", DECISIONS), ("arrival", ARRIVALS), ("hazard", HAZARD)):
        after(sim.env, 5.0, lambda _, name=name: order.append(name), priority)  # type: ignore[misc]
    sim.env.run(until=6)
    assert order == ["hazard", "arrival", "command"]


def test_two_pieces_of_news_at_one_instant_are_decided_on_together() -> None:
    story = with_team(ask("village-2", 2.0, "reconnaissance"), ask("village-0", 2.0, "rescue", number=1))
    first = story.rows(Kind.ASSIGNED)[0]
    assert (first.time_h, first.request) == (2.0, 1), "the rescue, although the other call was first"


def test_in_a_flood_the_water_is_first_and_decisions_are_last_at_any_instant() -> None:
    story = tell(flooded_row(length=5, settings=settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=AT_ONCE)))
    hazard = {Kind.WATER_ARRIVES, Kind.WATER_RISES, Kind.WATER_FALLS, Kind.WATER_LEAVES, Kind.ROAD_FLOODS}
    latest: dict[float, int] = {}
    for row in story.rows():
        if row.time_h == 0:
            continue
        rank = 0 if row.kind in hazard else 2 if row.kind is Kind.ASSIGNED else 1
        if rank == 0:
            assert latest.get(row.time_h, 0) < 2, row
        latest[row.time_h] = max(rank, latest.get(row.time_h, 0))
    assert 2 in latest.values()


def test_same_kind_of_crews_are_sent_in_order() -> None:
    scenario = dry_row(calls=(ask("village-1", 2.0, persons=1),), **(NOBODY | {"teams": (team(count=3),)}))
    story = tell(scenario)
    assert story.one(Kind.ASSIGNED).subject == story.index["team-1"]


def test_a_crew_is_never_on_two_missions() -> None:
    calls = tuple(ask("village-1", 2.0, number=i, on_site_h=3) for i in range(5))
    crews = NOBODY | {"teams": (team(count=2),), "trucks": (Truck(id="truck", base="station"),)}
    sim = by_hand(dry_row(calls=calls, **crews))
    sim.env.run(until=40)
    busy: set[int] = set()
    for row in so_far(sim).rows(Kind.ASSIGNED, Kind.FREE):
        if row.kind is Kind.ASSIGNED:
            assert row.subject not in busy
            busy.add(row.subject)
        else:
            busy.discard(row.subject)


# ---- goods go round


@pytest.mark.parametrize("policy", ["nearest", "priority", "optimal"])
def test_a_place_that_has_had_nothing_comes_before_the_second_load_of_another(policy: str) -> None:
    """One lorry of a tonne: a village asks for three tonnes, an hour later another asks for one."""
    lorry = Truck(id="lorry", base="station", breakdown=0, payload_t=1)
    command = AT_ONCE.model_copy(update={"policy": policy})
    sim = by_hand(dry_row(command=command, **(NOBODY | {"trucks": (lorry,)})))
    food = [1.0, 0, 0, 0, 0]
    sim.command.learn_needs(0, [3000 * each for each in food], 1000, -1)
    sim.env.run(until=1.0)
    sim.command.learn_needs(1, [1000 * each for each in food], 1000, -1)
    sim.env.run(until=20.0)
    served = [sim.world.ids[row.place] for row in so_far(sim).rows(Kind.DELIVERS)]
    assert served[:3] == ["village-0", "village-1", "village-0"]


def test_a_load_that_never_came_does_not_end_the_wait() -> None:
    """The lorry that was sent first is called off: that village has waited longer than the one that asked later."""
    lorry = Truck(id="lorry", base="station", breakdown=0, payload_t=1, turnout_h=1)
    sim = by_hand(dry_row(command=AT_ONCE, **(NOBODY | {"trucks": (lorry,)})))
    sim.command.learn_needs(0, [3000.0, 0, 0, 0, 0], 1000, -1)
    sim.env.run(until=0.5)
    sim.command.learn_needs(1, [1000.0, 0, 0, 0, 0], 1000, -1)
    sim.env.run(until=0.6)
    assert sim.command.call_off(sim.crews[0])
    sim.env.run(until=20.0)
    served = [sim.world.ids[row.place] for row in so_far(sim).rows(Kind.DELIVERS)]
    assert served[:2] == ["village-0", "village-1"]


def test_what_rounding_leaves_of_a_need_is_not_wanted() -> None:
    """Else command would send crews for it again and again to a depot that has nothing else it asks for."""
    need = ReliefRequest(0, (1.0, 1.0))
    need.want([0.1 + 0.2, 5.0], [0.3, 0.0])
    assert need.outstanding[0] > 0
    assert need.wanted == (1,)
