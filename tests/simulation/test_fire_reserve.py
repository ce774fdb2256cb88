"""A reserve for the next fire, and whom a stage calls: tiers and kinds of teams."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.responders import SUPPRESSION
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, crews, fake, run
from tests.simulation.story import Story

ORDERS = {"order_within_km": 0, "order_lead_h": 0}


def sent(story: Story, place: str = "") -> set[str]:
    """Crews that have begun to work on the line."""
    where: dict[str, Any] = {"place": place} if place else {}
    return {story.world.ids[row.subject] for row in story.rows(Kind.TAKES_POST, **where)}


def kept(persons: float = 0.3, later_h: float = 99.0, danger: int = 0, **stage: Any) -> Simulation:
    """Ten crews of 20, of whom 30 % are kept back; a stage wants all for each fire."""
    hazard = {"stages": ({"persons": 200}, {"after_h": 4, "persons": 200} | stage), **ORDERS}
    hazard |= {"reserve": ({"danger": danger, "persons": persons},)}
    sim = burning_hills(ignitions=2, later_h=later_h, hazard=hazard, teams=crews(10, shift_h=24))
    fake(sim).growth_kmh = 0.0
    return sim


def test_a_share_is_not_sent() -> None:
    story = run(kept(), 3)
    assert len(sent(story)) == 7
    assert sum(row.persons for row in story.rows(Kind.HELD_BACK)) == 60
    assert story.rows(Kind.UNMET) == []


@pytest.mark.parametrize(("danger", "expected"), [(1, 7), (2, 10)])
def test_by_the_danger_of_the_day(danger: int, expected: int) -> None:
    """The scripted day is of grade I."""
    assert len(sent(run(kept(danger=danger), 3))) == expected


def test_no_more_than_the_share_is_kept_in_whole_crews() -> None:
    """19 % of 200 are 38 people: one crew of 20."""
    assert len(sent(run(kept(0.19), 3))) == 9


def test_the_next_fire_may_have_it() -> None:
    story = run(kept(later_h=2.0), 2.3)
    kept_back = {row.persons for row in story.rows(Kind.HELD_BACK)}
    first = {row.subject for row in story.rows(Kind.ASSIGNED, item=SUPPRESSION) if row.time_h < 2}
    then = {row.subject for row in story.rows(Kind.ASSIGNED, item=SUPPRESSION) if row.time_h >= 2}
    assert kept_back == {20}
    assert (len(first), len(then - first)) == (7, 3)


def test_a_stage_lets_it_go() -> None:
    story = run(kept(uses_reserve=True), 8)
    assert len(sent(story)) == 10
    [freed_h] = {row.time_h for row in story.rows(Kind.FREED_BACK)}
    assert freed_h == pytest.approx(4, abs=0.6)


def test_nobody_is_taken_off_a_fire_for_it() -> None:
    """All ten work; from then on two fifths are to be kept, and nobody is free."""
    sim = kept(0.0)
    run(sim, 3)
    sim.fires.forces.reserve.rules = tuple(
        rule.model_copy(update={"persons": 0.4}) for rule in sim.fires.forces.reserve.rules
    )
    story = run(sim, 6)
    assert not story.rows(Kind.WITHDRAWS, Kind.HELD_BACK)


def test_every_crew_is_at_a_fire_on_its_way_resting_or_in_reserve() -> None:
    sim = kept(later_h=2.0)
    for hour in range(1, 24):
        run(sim, hour + 0.37)
        idle = {crew.index for crew in sim.crews if crew.number in sim.command.roster.candidates}
        at_work = {crew.index for crew in sim.crews if crew.mission is not None}
        held = set(sim.fires.forces.reserve.held[0])
        assert not idle & at_work
        assert held & idle <= idle
        coming = sum(need.coming for need in sim.command.requests.values() if need.task == SUPPRESSION)
        assert coming <= 20 * len(at_work)


# ---- tiers


def tiered(*stages: dict[str, Any]) -> Simulation:
    """Three crews of a village, two of the county at the station, one of the province."""
    teams = (
        *crews(3, id="village", level="village", kind="local"),
        *crews(2, id="county", level="county"),
        *crews(1, id="province", level="province", kind="mobile"),
    )
    sim = burning_hills(hazard={"stages": stages, **ORDERS}, teams=teams)
    fake(sim).growth_kmh = 0.0
    return sim


def test_a_stage_calls_its_tiers_and_those_of_the_stages_before() -> None:
    stages = ({"persons": 120, "tiers": ("village",)}, {"after_h": 3, "persons": 120, "tiers": ("county",)})
    story = run(tiered(*stages), 6)
    first = {row.subject for row in story.rows(Kind.ASSIGNED) if row.time_h < 2}
    assert {story.world.ids[crew] for crew in first} == {"village-1", "village-2", "village-3"}
    assert sent(story) == {"village-1", "village-2", "village-3", "county-1", "county-2"}


def test_a_stage_calls_kinds() -> None:
    assert sent(run(tiered({"persons": 120, "kinds": ("forest_fire", "mobile")}), 3)) == {
        "county-1",
        "county-2",
        "province",
    }


def test_a_stage_that_names_none_calls_all() -> None:
    stages = ({"persons": 120, "tiers": ("village",)}, {"after_h": 3, "persons": 120})
    assert len(sent(run(tiered(*stages), 6))) == 6
