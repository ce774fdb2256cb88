"""What command expects at a village from which it hears nothing, and what becomes of that when somebody comes."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.explain import explain
from simrescue.hazards.flood.flood_course import FloodField
from simrescue.hazards.flood.series import Draw
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import measure, summarise
from simrescue.metrics.requests.response import requests
from simrescue.places import Institution, Village
from simrescue.responders import RECONNAISSANCE, RELIEF, RESCUE, Boat, Helicopter
from simrescue.scenario.records import Command, Level, Scenario
from simrescue.simulation.run import finish
from simrescue.simulation.state import Simulation
from tests.factories import CERTAIN, at, chain, flooded_row, settings
from tests.simulation.story import NEVER_H, NOBODY, Story, by_hand, so_far

SILENCE_H = 2.0
QUIET: dict[str, Any] = {
    "report_h": 0, "decision_h": 0, "contact_loss": 0, "contact_restore_h": NEVER_H, "silence_h": SILENCE_H,
}  # fmt: skip
"""Nothing is lost by itself: a test cuts a place off."""
BOAT = Boat(id="boat", base="station", breakdown=0)


def row(depth_m: float = 0.8, command: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Three villages of 300 that nobody orders out; 0.3 m after 10 h and a little, `depth_m` from 12 h to 36 h."""
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", ordered=False, call_out=47.0, **at(i, 0))
        for i in range(3)
    )
    quiet = settings(48.0, hazard=Flood(uncertainty=CERTAIN), command=Command(**(QUIET | (command or {}))))
    roads = tuple(one.model_copy(update={"elevation_m": 30.0}) for one in flooded_row().roads)
    return flooded_row(**({"depth_m": depth_m, "villages": villages, "settings": quiet, "roads": roads} | changes))


def cut(sim: Simulation, place: int, at_h: float) -> None:
    """A line fails, whatever the water does."""
    if at_h > sim.env.now:
        sim.env.run(until=at_h)
    sim.contact.fail(place, -1, NEVER_H)


def run_to(sim: Simulation, hour: float) -> Story:
    sim.env.run(until=hour)
    return so_far(sim)


@pytest.fixture
def no_flood(monkeypatch: pytest.MonkeyPatch) -> None:
    """The forecast stands, and the water does not come."""
    monkeypatch.setattr(FloodField, "draws", lambda self, *_: {zone: Draw(0.0, -9.0, 1.0) for zone in self.zones})


def test_all_who_are_left_are_expected_in_need_while_the_forecast_has_them_in_the_water() -> None:
    sim = by_hand(row(**NOBODY))
    cut(sim, 0, 9.0)
    assert not run_to(sim, 10.3).rows(Kind.EXPECTED), "silent for less than two hours, and dry by the forecast"
    story = run_to(sim, 13.0)
    wet_h = story.first(Kind.WATER_RISES, subject="village-1", item=2).time_h  # the mean flood is the one that comes
    assert wet_h > 9.0
    expected = story.one(Kind.EXPECTED, place="village-0", item=RESCUE)
    assert (expected.time_h, expected.persons) == (max(11.0, wet_h), 300)
    opened = story.one(Kind.REQUEST_OPENED, place="village-0", item=RESCUE)
    assert (opened.cause, opened.persons) == (story.rows().index(expected), 300)
    need = sim.command.requests[opened.request]
    assert (need.is_expected, need.vulnerable, need.head_start_h) == (True, 45, expected.time_h - max(9.0, wet_h))
    assert not story.rows(Kind.REPORTED, place="village-0", item=RESCUE)
    assert not run_to(sim, 47.0).rows(Kind.REPORTED, place="village-0", item=RESCUE)
    assert (RESCUE, 0) not in sim.command.open, "the water has gone by the forecast"


def test_nobody_can_walk_out_from_the_first_hour_of_wading_though_the_water_rises_on() -> None:
    estimates = by_hand(row(**NOBODY)).command.estimates
    estimates.forecast = (((4.0, 1), (11.0, 2), (12.0, 3), (20.0, 4), (30.0, 1), (40.0, 2)),)
    assert [estimates.wet_from_h(0, now, 1.0) for now in (11.5, 12.5, 25.0, 45.0)] == [11.0, 11.0, 11.0, 40.0]
    assert estimates.wet_from_h(0, 25.0, 15.0) == 15.0, "while it was heard it asked for itself"


@pytest.mark.parametrize(("weight", "persons"), [(0.0, None), (0.5, 150), (1.0, 300)])
def test_an_unconfirmed_person_counts_by_its_weight(weight: float, persons: int | None) -> None:
    sim = by_hand(row(command={"unconfirmed": weight}, **NOBODY))
    cut(sim, 0, 9.0)
    asked = run_to(sim, 13.0).rows(Kind.REQUEST_OPENED, place="village-0", item=RESCUE)
    assert [one.persons for one in asked] == ([] if persons is None else [persons])
    assert (RECONNAISSANCE, 0) in sim.command.open


def test_who_is_known_to_have_left_is_not_expected_there() -> None:
    sim = by_hand(row(command={"report_h": 0.5}, **NOBODY))
    sim.env.run(until=3.0)
    sim.villages[0].leave_home(100)
    sim.villages[0].moving += 100
    assert sim.command.estimates.there[0] == 300
    sim.env.run(until=3.6)
    assert sim.command.estimates.there[0] == 200
    sim.villages[0].leave_home(50)
    sim.villages[0].moving += 50
    cut(sim, 0, 3.7)  # the word of these never comes
    assert run_to(sim, 13.0).one(Kind.EXPECTED, place="village-0", item=RESCUE).persons == 200


def test_first_rations_go_where_the_forecast_leaves_nothing_at_home() -> None:
    sim = by_hand(row(**NOBODY))
    cut(sim, 0, 9.0)
    story = run_to(sim, 13.0)
    asked = story.one(Kind.EXPECTED, place="village-0", item=RELIEF)
    days = sim.settings.relief.days_sent
    need: Any = sim.command.open[RELIEF, 0]
    assert asked.persons == 300
    assert need.items == [300 * days, 0, 300 * days, 0, 300 * days], "food, water and medicine; no more is known"


def test_in_a_dry_village_they_go_when_the_larders_must_be_empty() -> None:
    sim = by_hand(row(levels=(), **NOBODY))
    cut(sim, 0, 1.0)
    relief = sim.settings.relief
    empty_h = 1.0 + relief.household_days * 24 - relief.reorder_h
    assert empty_h > 1.0 + SILENCE_H
    story = run_to(sim, 47.9)
    expected = story.rows(Kind.EXPECTED, place="village-0")
    assert [(one.item, one.time_h) for one in expected] == [(RELIEF, empty_h)] * (empty_h < 47.9)


def test_who_comes_turns_the_expected_need_into_a_known_one() -> None:
    sim = by_hand(row(**(NOBODY | {"boats": (BOAT,)})))
    cut(sim, 0, 9.0)
    story = run_to(sim, 30.0)
    opened = story.one(Kind.REQUEST_OPENED, place="village-0", item=RESCUE)
    came = story.first(Kind.ARRIVES, subject="boat", place="village-0")
    known = story.one(Kind.REPORTED, place="village-0", item=RESCUE)
    assert (known.request, known.time_h, known.persons) == (opened.request, came.time_h, 300)
    table = requests(story.log)
    position = table.number.tolist().index(opened.request)
    assert table.confirmed[position]
    assert table.reported_h[position] == opened.time_h, "command acted on it from then on"
    assert not story.rows(Kind.FINDS_NOBODY)


def test_nobody_there_costs_the_way_and_is_no_need(no_flood: None) -> None:
    sim = by_hand(row(**(NOBODY | {"boats": (BOAT,)}), command={"silent_head_start_h": 0}))
    cut(sim, 0, 9.0)
    village = sim.villages[0]  # all have left since, and nobody can tell
    village.warning_state.held.clear()
    village.moving, left = village.moving + village.home, village.home
    village.leave_home(left)
    village.waiting = 0
    story = run_to(sim, 47.0)
    sent = story.one(Kind.ASSIGNED, subject="boat", item=RESCUE)
    empty = story.one(Kind.FINDS_NOBODY, subject="boat", place="village-0", item=RESCUE)
    assert empty.time_h > sent.time_h
    assert story.one(Kind.REQUEST_CLOSED, place="village-0", item=RESCUE).time_h <= empty.time_h
    assert not story.rows(Kind.REPORTED, item=RESCUE)
    finish(sim)
    story = so_far(sim)
    numbers = summarise(story.log, sim.world.facts)
    assert numbers["found_nobody"] == 1
    for name, which in (("share_responded", {"tasks": ("rescue",)}), ("share_supplied", {})):
        assert np.isnan(measure(story.log, sim.world.facts, name, {"limit_h": 40.0} | which)), "there was no need"
        assert not explain(story.log, sim.world.facts, name, {"limit_h": 0.1} | which, 0).cases


def test_the_village_that_was_in_the_water_first_goes_first_though_it_is_silent() -> None:
    """Alike in people; the boat comes when both stand open, and the wait of the silent counts from the water."""
    boats = (BOAT.model_copy(update={"available": 20.0, "tasks": ("rescue",)}),)
    late = (
        Level(zone="late", time_h=hour, level_m=level) for hour, level in ((0, -1), (13, -0.1), (14, 0.8), (36, 0.8))
    )
    plain = row()
    villages = tuple(one.model_copy(update={"zone": "late"} if one.id == "village-2" else {}) for one in plain.villages)
    roads = chain(["village-0", "school", "depot", "station", "village-2"], elevation_m=30)
    tables = NOBODY | {"boats": boats, "villages": villages[::2], "roads": roads, "levels": (*plain.levels, *late)}
    sim = by_hand(row(**tables))
    cut(sim, 0, 9.0)
    story = run_to(sim, 21.0)
    heard = story.one(Kind.REPORTED, place="village-2", item=RESCUE)
    assert story.one(Kind.EXPECTED, place="village-0", item=RESCUE).persons == heard.persons == 300
    assert story.first(Kind.ASSIGNED, subject="boat").place == sim.world.ids.index("village-0")


def test_aircraft_on_their_way_see_silent_villages_below() -> None:
    """village-1 is silent, and nobody is sent there."""
    flyer = Helicopter(id="helicopter", base="station", serviceable=1, breakdown=0, tasks=("rescue",))
    sim = by_hand(row(command={"unconfirmed": 0}, **(NOBODY | {"helicopters": (flyer,)})))
    cut(sim, 1, 9.0)
    story = run_to(sim, 35.0)
    seen = story.first(Kind.SEES, subject="helicopter", place="village-1")
    told = story.first(Kind.REPORTED, place="village-1", item=RESCUE)
    assert told.time_h == seen.time_h
    dead = sum(one.persons for one in story.rows(Kind.DIED, subject="village-1") if one.time_h <= seen.time_h)
    assert told.persons == story.persons(Kind.STRANDED, subject="village-1") - dead
    assert not story.rows(Kind.CONTACT_RESTORED)[:1] or story.first(Kind.CONTACT_RESTORED).time_h > seen.time_h


def test_a_boat_tells_what_it_sees_in_the_village_that_it_passes_through() -> None:
    """village-2 can be reached through village-1 alone."""
    plain = row()
    boats = (BOAT.model_copy(update={"tasks": ("rescue",)}),)
    roads = chain(["station", "depot", "school", "village-1", "village-2"], elevation_m=30)
    tables = NOBODY | {"boats": boats, "villages": plain.villages[1:], "roads": roads}
    sim = by_hand(row(command={"unconfirmed": 0}, **tables))
    cut(sim, 0, 9.0)
    story = run_to(sim, 20.0)
    seen = story.one(Kind.SEES, subject="boat", place="village-1")
    came = story.first(Kind.ARRIVES, subject="boat", place="village-2")
    assert seen.time_h < came.time_h
    assert story.one(Kind.REQUEST_OPENED, place="village-1", item=RESCUE).time_h == seen.time_h
    assert all(one.time_h > came.time_h for one in story.rows(Kind.CONTACT_RESTORED)), "a look from the way is no radio"
    assert story.one(Kind.REQUEST_CLOSED, place="village-1", item=RECONNAISSANCE).time_h == seen.time_h


def test_who_asked_for_few_and_fell_silent_is_taken_to_need_what_a_silent_village_would() -> None:
    asked = {}
    for cut_h in (9.0, 10.9):
        villages = tuple(one.model_copy(update={"ground_spread_m": 1.5}) for one in row().villages)
        sim = by_hand(row(depth_m=1.5, villages=villages, **NOBODY))
        cut(sim, 0, cut_h)
        known = sim.command.open.get((RESCUE, 0))
        asked[cut_h] = [0 if known is None else known.amount]
        run_to(sim, 14.0)
        asked[cut_h].append(sim.command.open[RESCUE, 0].amount)
    assert 0 < asked[10.9][0] < 150, "it told of the lowest houses"
    assert asked[10.9][1] == asked[9.0][1] == 300
    need = sim.command.open[RESCUE, 0]
    assert not need.is_expected, "that somebody is in need there is known"
    assert sim.command.told_persons(need) == asked[10.9][0], "a response level counts those who are told"


def test_what_a_village_told_holds_while_the_forecast_has_no_worse_water_than_it_told_of() -> None:
    villages = tuple(one.model_copy(update={"ground_spread_m": 1.5}) for one in row().villages)
    sim = by_hand(row(villages=villages, **NOBODY))
    cut(sim, 0, 13.0)
    told = sim.command.open[RESCUE, 0].amount
    assert 0 < told < 300
    run_to(sim, 30.0)
    assert sim.command.open[RESCUE, 0].amount == told


def test_goods_of_a_silent_institution_wait_no_shorter_than_those_of_one_that_is_heard() -> None:
    """Who cannot leave comes first to be carried off; of goods plans say nothing of the kind."""
    home = Institution(
        id="home", kind="care_home", persons=80, staff_day=8, zone="river", call_out=47.0, ordered=False, **at(3, 0)
    )
    roads = (*row().roads, *chain(["village-2", "home"], elevation_m=30.0))
    sim = by_hand(row(institutions=(home,), roads=roads, **NOBODY))
    place = sim.world.ids.index("home")
    cut(sim, place, 9.0)
    run_to(sim, 13.0)
    rescue, relief = sim.command.open[RESCUE, place], sim.command.open[RELIEF, place]
    assert rescue.head_start_h - sim.parameters.institution_head_start_h == pytest.approx(relief.head_start_h, abs=4.0)
    assert relief.head_start_h <= 13.0
