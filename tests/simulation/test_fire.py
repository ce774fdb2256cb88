"""What a fire does to villages, roads, shelters and landing sites, and when command has people moved out."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Smoke
from simrescue.parameters import Parameters
from simrescue.places import Shelter, Village
from simrescue.simulation.hazards import effects
from simrescue.simulation.hazards.fire_watch import BY_DISTANCE, BY_TIME
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run, spot
from tests.simulation.story import Story

DEFAULT = Parameters()

PEOPLE = 90


def hamlet(**fields: Any) -> tuple[Village, ...]:
    plain: dict[str, Any] = {
        "id": "hamlet", "population": PEOPLE, "ordered": True, "vulnerable": 0, "cars": 1, "upper_floor": 1,
    }  # fmt: skip
    return (Village(**(plain | spot(10, 0) | fields)),)


def hills(hazard: dict[str, Any] | None = None, **tables: Any) -> Simulation:
    """One village, a school at the station to flee to, nobody to fight the fire."""
    school = Shelter(
        id="school", capacity=1000, opening_h=0, food=1e4, clothing=1e4, water=1e4, medical=1e4, **spot(5, 0)
    )
    plain: dict[str, Any] = {"villages": hamlet(), "shelters": (school,), "teams": ()}
    from tests.factories import chain

    plain["roads"] = chain(["station", "fork", "school", "hamlet"], length_km=2.0)
    return burning_hills(hazard={"order_within_km": 0.0, "order_lead_h": 0.0} | (hazard or {}), **(plain | tables))


def site(sim: Simulation, name: str) -> int:
    return sim.world.ids.index(name)


def people(story: Story, state: str) -> float:
    from simrescue.metrics.people.whereabouts import PERSON_STATES

    return sum(row.persons for row in story.rows(Kind.ENDS, item=PERSON_STATES.index(state)))


# ---- villages


def test_flames_count_who_is_still_there_and_the_houses() -> None:
    sim = hills()
    fake(sim).flames = [(3.0, site(sim, "hamlet"), True), (5.0, site(sim, "hamlet"), False)]
    story = run(sim, 12)
    arrives, exposed = story.one(Kind.FIRE_ARRIVES), story.one(Kind.EXPOSED)
    assert (arrives.time_h, exposed.persons, exposed.item) == (3.0, PEOPLE, 0)
    assert story.one(Kind.HOUSES_EXPOSED).amount == round(PEOPLE / DEFAULT.persons_per_house)
    assert story.persons(Kind.TRAPPED) == PEOPLE
    assert story.one(Kind.FREED, item=0).time_h == story.one(Kind.FIRE_LEAVES).time_h == 5.0
    assert not story.rows(Kind.DIED)


def test_known_houses_count_as_they_are() -> None:
    sim = hills(villages=hamlet(houses=7))
    fake(sim).flames = [(1.0, site(sim, "hamlet"), True)]
    assert run(sim, 2).one(Kind.HOUSES_EXPOSED).amount == 7


def test_who_was_ordered_out_in_time_is_not_there_when_flames_come() -> None:
    sim = hills(hazard={"order_within_km": 5.0})
    fake(sim).flames = [(12.0, site(sim, "hamlet"), True)]
    story = run(sim, 20)
    ordered = story.one(Kind.ORDERED)
    assert ordered.time_h < 1.0
    assert story.persons(Kind.LEAVE) == story.persons(Kind.ARRIVE_SHELTER) > 0.7 * PEOPLE
    assert story.one(Kind.EXPOSED).persons == PEOPLE - story.persons(Kind.LEAVE)


def test_smoke_sends_people_off_without_any_order() -> None:
    sim = hills()
    fake(sim).growth_kmh = 0.0
    sim.env.run(until=2.0)
    effects.apply(sim, Smoke(site(sim, "hamlet"), True))
    story = run(sim, 14)
    assert not story.rows(Kind.ORDERED, Kind.CALLED_OUT)
    assert story.one(Kind.EXPOSED, item=1).persons == PEOPLE
    assert all(row.time_h > 2.0 for row in story.rows(Kind.WARNED))
    assert story.persons(Kind.LEAVE) > 0


# ---- orders


def test_the_order_is_given_when_the_front_is_near() -> None:
    far = hills(hazard={"order_within_km": 1.0})
    fake(far).growth_kmh = 0.25
    story = run(far, 20)
    nears = story.one(Kind.FRONT_NEARS)
    assert nears.item == BY_DISTANCE
    # The edge starts 1.9 km off and comes 0.25 km nearer in an hour; its place is told every half hour.
    assert nears.time_h == pytest.approx((2.0 - 0.1 - 1.0) / 0.25, abs=DEFAULT.fire_report_h + STEP_H)
    assert story.one(Kind.ORDERED).time_h == nears.time_h


def test_the_order_is_given_when_the_front_is_expected_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    sim = hills(hazard={"order_lead_h": 2.0})
    monkeypatch.setattr(fake(sim), "expected_h", lambda *_: 6.0 - sim.env.now)
    nears = run(sim, 12).one(Kind.FRONT_NEARS)
    assert nears.item == BY_TIME
    assert 4.0 <= nears.time_h <= 4.0 + DEFAULT.fire_report_h
    assert nears.amount == pytest.approx(6.0 - nears.time_h)


def test_a_fire_that_nobody_has_reported_orders_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Command reckons with the fires that it knows, each by itself."""
    sim = hills(hazard={"order_lead_h": 2.0})
    asked: list[int] = []
    monkeypatch.setattr(fake(sim), "expected_h", lambda _, fire=-1: asked.append(fire) or (9.0 if fire == 0 else 0.0))
    assert not run(sim, 4).rows(Kind.FRONT_NEARS)
    assert 0 in asked


def test_a_village_outside_the_order_is_called_out_instead_and_once_only() -> None:
    sim = hills(hazard={"order_within_km": 5.0}, villages=hamlet(ordered=False))
    story = run(sim, 10)
    assert story.one(Kind.CALLED_OUT)
    assert not story.rows(Kind.ORDERED)
    assert len(story.rows(Kind.FRONT_NEARS)) == 1


def test_a_fire_that_nobody_knows_moves_nobody_out() -> None:
    sim = hills(hazard={"order_within_km": 50.0, "order_lead_h": 24}, detectors=())
    story = run(sim, 20)
    assert story.one(Kind.IGNITES)
    assert not story.rows(Kind.REPORTED, Kind.FRONT_NEARS, Kind.ORDERED)


# ---- roads and sites


def test_a_road_in_flames_is_closed_to_all_and_open_again_after() -> None:
    sim = hills(teams=crews(1, available=1.0))
    link = site(sim, "station-fork")
    fake(sim).flames = [(0.5, link, True), (3.0, link, False)]
    fake(sim).growth_kmh = 0.0
    assert run(sim, 4).one(Kind.TURNS_ROUND).time_h == 1.0
    sim.roads.learn(link - sim.world.first["roads"])
    story = run(sim, 8)
    assert [row.time_h for row in story.rows(Kind.ROAD_BURNS, Kind.ROAD_BURNT_OUT)] == [0.5, 3.0]
    assert story.first(Kind.ARRIVES).time_h > 4.0
    assert not sim.roads.closures.on


def test_a_village_whose_only_road_burns_is_cut_off_for_so_long() -> None:
    sim = hills()
    last = site(sim, "school-hamlet")
    fake(sim).flames = [(1.0, last, True), (2.0, last, False)]
    story = run(sim, 6)
    assert story.one(Kind.ISOLATED).time_h == 1.0
    assert story.one(Kind.REACHABLE).time_h == 2.0
    assert story.persons(Kind.STRANDED) == story.persons(Kind.FREED) == PEOPLE


def test_smoke_on_a_road_slows_the_drive() -> None:
    sim = hills(teams=crews(1, available=1.0))
    road = range(sim.world.n_roads)
    path = tuple(road)
    clear = sim.roads.leg_hours("truck", path, 8.0)
    sim.roads.smoke(1, True)
    thick = sim.roads.leg_hours("truck", path, 8.0)
    assert thick[1] == pytest.approx(clear[1] * DEFAULT.smoke_slows_driving)
    assert (thick[0], thick[2]) == (clear[0], clear[2])
    sim.roads.smoke(1, False)
    assert sim.roads.leg_hours("truck", path, 8.0) == clear


def test_nobody_lands_in_smoke() -> None:
    sim = hills()
    place = site(sim, "school")
    assert sim.is_landable(place)
    effects.apply(sim, Smoke(place, True))
    assert not sim.is_landable(place)
    assert place not in sim.unsafe
    effects.apply(sim, Smoke(place, False))
    assert sim.is_landable(place)


def test_flames_at_a_shelter_close_it() -> None:
    sim = hills(hazard={"order_within_km": 5.0})
    fake(sim).flames = [(10.0, site(sim, "school"), True)]
    story = run(sim, 16)
    closes = story.one(Kind.SHELTER_CLOSES)
    assert closes.time_h == 10.0
    gone = sum(row.persons for row in story.rows(Kind.LODGES, item=2) if row.time_h <= 10)
    assert closes.persons == story.persons(Kind.ARRIVE_SHELTER) - gone > 0


def test_people_in_flames_are_fetched_once_a_shelter_works_again() -> None:
    bus = crews(1, id="bus", kind="general", seats=PEOPLE, tasks=("rescue",))
    sim = hills(teams=bus, villages=hamlet(ordered=False, cars=0))
    flames = {"school": (1.0, 6.0), "hamlet": (2.0, 12.0)}
    fake(sim).flames = sorted((at_h, site(sim, one), at_h == when[0]) for one, when in flames.items() for at_h in when)
    story = run(sim, 16)
    assert story.first(Kind.REQUEST_OPENED, place="hamlet").time_h == 2.0
    assert story.first(Kind.ASSIGNED).time_h == pytest.approx(6.0, abs=0.01)
    assert story.persons(Kind.SETS_DOWN, place="school") == PEOPLE


# ---- the log of the fire itself


def test_size_is_written_down_every_half_hour_until_it_is_out() -> None:
    sim = hills(teams=crews(2))
    fake(sim).needed_m = 200.0
    story = run(sim, 24)
    out = story.one(Kind.FIRE_OUT)
    times = story.times(Kind.AREA)
    assert times == pytest.approx([i * DEFAULT.fire_report_h for i in range(len(times))])
    assert out.time_h <= times[-1] < out.time_h + DEFAULT.fire_report_h
    assert story.times(Kind.PERIMETER) == times
    areas = [row.amount for row in story.rows(Kind.AREA)]
    assert areas == sorted(areas)
    assert story.one(Kind.CONTAINED).time_h < story.one(Kind.CONTROLLED).time_h < out.time_h


def test_two_fires_each_begin_at_their_own_time() -> None:
    story = run(hills(ignitions=2, later_h=3.3), 6)
    assert story.times(Kind.IGNITES) == pytest.approx([0.0, 3.3])
    assert math.isclose(story.one(Kind.IGNITES, subject="fire-1").time_h, 3.3)
