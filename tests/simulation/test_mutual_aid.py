"""Aid from partners, by hand: who is asked when, who grants, gathers, drives and hands over."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.communication.posts import Partner
from simrescue.events import EventKind as Kind
from simrescue.places import Base, Road
from simrescue.responders import Boat, Team
from simrescue.scenario.records import ResponseLevel, Scenario
from simrescue.scenario.response_records import Trigger
from tests.simulation.story import Story, tell
from tests.simulation.test_levels_by_rule import RISES, county, trigger

NEIGHBOUR: dict[str, Any] = {
    "id": "neighbour", "grant": 1.0, "decision_h": 0.0, "gathering_h": 1.0, "distance_km": 100.0, "speed_kmh": 50.0,
    "handover_h": 0.5,
}  # fmt: skip
AT_TEN = (ResponseLevel(level="II", time_h=10.0),)
COMING = [Kind.PARTNER_ASKED, Kind.AID_GRANTED, Kind.AID_SETS_OUT, Kind.AID_HANDED_OVER, Kind.RELEASED]


def with_aid(
    *partners: Partner, boat: dict[str, Any] | None = None, triggers: tuple[Trigger, ...] = (), **tables: Any
) -> Scenario:
    """The flooded row with one boat of a neighbour; level II is stated for 10 h."""
    own = {"partner": "neighbour", "release": "", **(boat or {})}
    return county(*triggers, boat=own, **{"levels": AT_TEN, "partners": partners, **tables})


def neighbour(**fields: Any) -> Partner:
    return Partner(**(NEIGHBOUR | fields))


def steps(story: Story) -> list[tuple[Kind, float]]:
    return [(Kind(row.kind), round(row.time_h, 6)) for row in story.rows(*COMING)]


def test_a_level_asks_and_the_crew_is_there_when_it_has_been_handed_over() -> None:
    story = tell(with_aid(neighbour(asked_at="II")))
    assert steps(story) == list(zip(COMING, (10.0, 10.0, 11.0, 13.5, 13.5), strict=True))
    rows = story.rows(*COMING)
    assert [row.amount for row in rows[:4]] == [1, 1, 1, 1]
    chain = [story.log.kind[row.cause] for row in rows]
    assert chain == [Kind.LEVEL_RAISED, *COMING[:4]]
    assert min(story.times(Kind.ASSIGNED, subject="boat")) >= 13.5


def test_a_higher_level_asks_too_and_nobody_is_asked_twice() -> None:
    levels = (ResponseLevel(level="I", time_h=5.0), ResponseLevel(level="II", time_h=9.0))
    story = tell(with_aid(neighbour(asked_at="II"), levels=levels))
    assert story.times(Kind.PARTNER_ASKED) == [5.0]


def test_a_level_by_rule_asks_as_one_that_is_stated() -> None:
    story = tell(with_aid(neighbour(asked_at="II"), levels=(), triggers=(trigger(**RISES),)))
    assert story.times(Kind.PARTNER_ASKED) == pytest.approx([12.0])


def test_what_own_crews_do_not_cover_in_time_makes_a_partner_be_asked() -> None:
    story = tell(with_aid(neighbour(asked_after_h=2.0), levels=()))
    asked = story.one(Kind.PARTNER_ASKED)
    opened = min(row.time_h for row in story.rows(Kind.REQUEST_OPENED) if row.item in (1, 2, 4))
    assert opened + 2.0 <= asked.time_h <= opened + 2.25 + 1e-9
    assert story.log.kind[asked.cause] == Kind.REQUEST_OPENED


def test_nobody_is_asked_for_what_his_crews_cannot_do() -> None:
    story = tell(with_aid(neighbour(asked_after_h=2.0), levels=(), boat={"tasks": ("suppression",)}))
    assert not story.rows(Kind.PARTNER_ASKED)


def asked(count: int, **near: Any) -> list[tuple[str, float]]:
    """Who is asked when: a neighbour with so many boats of 32 seats, and a county farther off; each after 2 h."""
    partners = neighbour(asked_after_h=2.0, **near), neighbour(id="far", asked_after_h=2.0, distance_km=200.0)
    boats = tuple(
        Boat(id=f"from-{who}", base="station", partner=who, seats=32, count=number, tasks=("rescue",))
        for who, number in (("neighbour", count), ("far", 1))
    )
    story = tell(with_aid(*partners, levels=()).model_copy(update={"boats": boats}))
    return [(story.world.ids[row.place], row.time_h) for row in story.rows(Kind.PARTNER_ASKED)]


def test_aid_that_is_coming_counts_before_the_next_is_asked() -> None:
    """In three villages 62, 66 and 73 people wait from 10.5 h on, soon two on a road: 2, 3, 3, 1 boats are enough."""
    assert asked(7) == [("neighbour", 12.5), ("far", 12.5)]
    assert asked(9) == [("neighbour", 12.5)]


def test_nearness_counts_the_drive_from_where_the_crews_stand() -> None:
    """A city 300 km off whose row has no distance, for its base is on the map, is asked after the county next door."""
    partners = neighbour(asked_after_h=2.0), neighbour(id="city", asked_after_h=2.0, distance_km=0.0)
    boats = tuple(
        Boat(id=f"from-{who}", base=base, partner=who, seats=32, count=9, tasks=("rescue",))
        for who, base in (("neighbour", "station"), ("city", "barracks"))
    )
    place = with_aid(*partners, levels=())
    barracks = Base(id="barracks", lon=119.0, lat=39.0)
    roads = (*place.roads, Road(id="motorway", start="barracks", end="station", length_km=300.0))
    story = tell(place.model_copy(update={"boats": boats, "bases": (*place.bases, barracks), "roads": roads}))
    assert [story.world.ids[row.place] for row in story.rows(Kind.PARTNER_ASKED)] == ["neighbour"]


def test_a_refusal_makes_the_next_be_asked() -> None:
    assert asked(9, grant=0.0) == [("neighbour", 12.5), ("far", 12.75)]


def test_who_refuses_sends_nobody() -> None:
    story = tell(with_aid(neighbour(asked_at="II", grant=0.0)))
    assert story.one(Kind.AID_REFUSED).time_h == story.one(Kind.PARTNER_ASKED).time_h == 10.0
    assert not story.rows(Kind.AID_GRANTED, Kind.RELEASED)
    assert not story.rows(Kind.ASSIGNED, subject="boat")


def test_an_hour_of_the_record_wins() -> None:
    story = tell(with_aid(neighbour(asked_at="II"), boat={"available": 20.0}))
    assert steps(story) == [(Kind.RELEASED, 20.0)]


def test_who_waits_for_a_level_too_is_free_when_both_have_come() -> None:
    levels = (ResponseLevel(level="II", time_h=1.0), ResponseLevel(level="I", time_h=30.0))
    story = tell(with_aid(neighbour(asked_at="II"), levels=levels, boat={"release": "I"}))
    assert (story.one(Kind.AID_HANDED_OVER).time_h, story.one(Kind.RELEASED).time_h) == (4.5, 30.0)


def test_soldiers_come_by_two_ways_and_are_asked_for_once() -> None:
    """Formally with the level, and directly in urgent danger; the grant stands in for the request to each crew."""
    formal = Partner(**(NEIGHBOUR | {"id": "organ", "asked_at": "II", "decision_h": 3.0}))
    direct = Partner(**(NEIGHBOUR | {"id": "garrison", "asked_after_h": 0.5, "gathering_h": 0.0, "distance_km": 0.0}))
    platoons = tuple(
        Team(id=f"from-{who}", base="station", kind="military", vehicle="high_clearance", partner=who)
        for who in ("organ", "garrison")
    )
    story = tell(with_aid(formal, direct, teams=platoons))
    came = {story.world.ids[row.place]: row.time_h for row in story.rows(Kind.AID_HANDED_OVER)}
    assert came.keys() == {"organ", "garrison"}
    assert not story.rows(Kind.AID_ASKED)


def test_two_crews_of_a_row_come_together() -> None:
    story = tell(with_aid(neighbour(asked_at="II"), boat={"count": 2}))
    assert [row.amount for row in story.rows(Kind.AID_GRANTED)] == [2]
    assert story.times(Kind.RELEASED) == [13.5, 13.5]
