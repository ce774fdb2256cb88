"""Villages without road, power and network: how many, by what, and which of them command could not hear."""

from __future__ import annotations

from simrescue.events import EventKind as Kind
from simrescue.explain.three_cuts import three_cuts_told
from simrescue.metrics.people.silence import holds_at, worst_cuts
from tests.simulation.story import tell
from tests.simulation.test_channels import ALL, county, mast, room


def test_the_sentence_says_what_the_log_says() -> None:
    """Power is cut by order from 5 to 40 h, the mast's battery is empty an hour later; one village keeps its road."""
    story = tell(county(*ALL, power=room(cut=5.0, restored=40.0), stations=(mast(backup_h=1.0),)))
    facts = story.world.facts
    at_h, cuts = worst_cuts(story.log, facts)
    assert cuts.all(axis=0).tolist() == [False, True, True]
    assert 10 < at_h < 12, "the roads flood last"
    assert holds_at(story.log, facts, Kind.CONTACT_LOST, Kind.CONTACT_RESTORED, at_h).all()
    told = three_cuts_told(story.log, facts)
    assert told.en.startswith("At some time without a road 2 villages, ")
    assert "without power 3 villages, 35 h on the mean (an order 3)" in told.en
    assert "without public network 3 villages, 34 h on the mean (an empty battery 3)" in told.en
    last = f"all three at once at most 2, {at_h:.0f} h after the start, of which command could not hear 2."
    assert told.en.endswith(last)


def test_who_has_a_phone_is_cut_off_and_heard() -> None:
    made = county(*ALL, "satellite", phones=1, power=room(cut=5.0, restored=40.0), stations=(mast(backup_h=1.0),))
    story = tell(made)
    assert three_cuts_told(story.log, story.world.facts).en.endswith("of which command could not hear 0.")


def test_where_nothing_is_cut_nothing_is_said() -> None:
    story = tell(county(*ALL))
    assert three_cuts_told(story.log, story.world.facts) == ("", "")
