"""Helicopters: by daylight, within wind, visibility, fuel and crew hours; one at a time over a village."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.places import NEEDS, Base, LandingSite, Shelter, Village
from simrescue.responders import TASKS, Helicopter
from simrescue.scenario.records import Air, Command, Depth, Health, Weather
from simrescue.simulation.responders.aircraft import LONGEST_HOLD_H
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, Story, ask, by_hand, dry_row, flood_road, so_far, tell

NIGHT, WEATHER, CREW_HOURS = 0, 1, 2
START_CLOCK_H = 8.0
DAYLIGHT = Air(sunrise_h=6, sunset_h=20)
"""12 h of light left at the start, then 10 h of darkness."""


def aircraft(**fields: Any) -> Helicopter:
    plain: dict[str, Any] = {
        "id": "helicopter", "base": "station", "serviceable": 1, "breakdown": 0, "turnout_h": 0, "cruise_kmh": 200,
    }  # fmt: skip
    return Helicopter(**(plain | fields))


def called(*calls: Any, hours: float = 48.0, weather: tuple[Weather, ...] = (), **fields: Any) -> Story:
    """One helicopter and calls for it."""
    tables = NOBODY | {"helicopters": (aircraft(**fields),), "weather": weather}
    return tell(dry_row(hours, calls=calls, sections={"air": DAYLIGHT}, **tables))


def rescue(
    persons: int = 30, hours: float = 30.0, landing: bool = False, shelter_column: float = 0, **fields: Any
) -> Story:
    """A village in deep water from the start, all trapped, and helicopters only."""
    villages = tuple(
        Village(id=f"village-{i}", population=persons if i == 0 else 0, ordered=False, upper_floor=1, **at(i, 0))
        for i in range(3)
    )
    depths = tuple(Depth(subject="village-0", time_h=time_h, depth_m=2.0) for time_h in (0.0, hours))
    hazard = Flood(source="depths", uncertainty=CERTAIN)
    sections = {"hazard": hazard, "command": AT_ONCE, "air": DAYLIGHT, "health": Health(injured=0)}
    sites = (LandingSite(id="field", serves_km=9.0 if landing else 0.1, **at(0, 1)),)
    school = Shelter(id="school", capacity=1000, lon=116.0 + 0.05 * shelter_column, lat=39.05)
    tables = {"settings": settings(hours, **sections), "villages": villages, "levels": (), "depths": depths}
    crews = NOBODY | {"helicopters": (aircraft(**fields),)}
    return tell(flooded_row(**(tables | {"landing_sites": sites, "shelters": (school,)} | crews)))


# ---- flying


def test_it_flies_straight_at_cruise_speed() -> None:
    story = called(ask("village-0", 1.0))
    world = story.world
    flight = story.one(Kind.SETS_OFF, place="village-0")
    expected = world.distance_km(story.index["station"], story.index["village-0"]) / 200
    assert flight.amount == pytest.approx(expected)
    assert story.one(Kind.ARRIVES, place="village-0").time_h - flight.time_h == pytest.approx(expected)


def test_cut_roads_do_not_matter() -> None:
    sim = by_hand(dry_row(calls=(ask("village-0", 1.0),), **(NOBODY | {"helicopters": (aircraft(),)})))
    for road in ("village-0-school", "school-depot", "depot-station"):
        flood_road(sim, road, 3.0)
    sim.env.run(until=10)
    assert so_far(sim).one(Kind.SERVED).time_h < 3


# ---- light and weather


def test_nobody_is_sent_by_night_and_all_look_again_at_sunrise() -> None:
    story = called(ask("village-0", 13.0))
    sunrise = 24 + DAYLIGHT.sunrise_h - START_CLOCK_H if DAYLIGHT.sunrise_h is not None else 0.0
    assert story.one(Kind.ASSIGNED).time_h == sunrise - LONGEST_HOLD_H
    assert story.one(Kind.SETS_OFF, place="village-0").time_h >= sunrise


@pytest.mark.parametrize("call_h", [0.0, 5.0, 11.7, 11.95, 14.0, 21.6])
def test_nothing_flies_in_the_dark(call_h: float) -> None:
    story = called(ask("village-0", call_h))
    sky = story.world.sky
    assert story.rows(Kind.SETS_OFF)
    assert not [row for row in story.rows(Kind.SETS_OFF, Kind.ARRIVES) if sky.is_night(row.time_h, row.place)]


def test_who_gets_ready_too_late_for_the_last_light_of_the_run_stays_down() -> None:
    """Turnouts differ: command reckons with the mean, and no day comes after this one."""
    tables = NOBODY | {"helicopters": (aircraft(turnout_h=0.5),)}
    row = dry_row(13.0, calls=(ask("village-0", 11.2, on_site_h=0.1),), sections={"air": DAYLIGHT}, **tables)
    stories = [tell(row, replication=number) for number in range(12)]
    held = [story for story in stories if story.rows(Kind.HELD)]
    assert 0 < len(held) < len(stories)
    for story in held:
        assert not story.rows(Kind.SETS_OFF)
        assert story.one(Kind.HELD).time_h + story.one(Kind.HELD).amount == pytest.approx(13.0)


def test_the_work_on_scene_ends_while_there_is_light_to_go_home() -> None:
    story = called(ask("village-0", 11.4, on_site_h=1.0))
    assert not [row for row in story.rows(Kind.SETS_OFF) if story.world.sky.is_night(row.time_h, row.place)]


def test_nobody_is_out_by_night() -> None:
    story = called(ask("village-0", 10.0))
    assert story.one(Kind.ARRIVES, place="station").time_h < 12.0


@pytest.mark.parametrize(
    ("wind_ms", "visibility_km", "flies"), [(5, 10, True), (20, 10, False), (5, 1, False), (17, 3, True)]
)
def test_wind_and_visibility(wind_ms: float, visibility_km: float, flies: bool) -> None:
    weather = (
        Weather(time_h=0, wind_ms=wind_ms, visibility_km=visibility_km), Weather(time_h=6, wind_ms=1, visibility_km=20),
    )  # fmt: skip
    story = called(ask("village-0", 1.0), weather=weather)
    sent = story.one(Kind.ASSIGNED).time_h
    assert sent == (1.0 if flies else 6.0 - LONGEST_HOLD_H)
    assert story.one(Kind.SETS_OFF, place="village-0").time_h >= (1.0 if flies else 6.0)


def test_a_short_wait_is_held_on_the_ground() -> None:
    weather = (Weather(time_h=0, wind_ms=30, visibility_km=9), Weather(time_h=1.25, wind_ms=1, visibility_km=20))
    story = called(ask("village-0", 1.0), weather=weather)
    held = story.one(Kind.HELD)
    assert (held.item, held.time_h) == (WEATHER, 1.0)
    assert held.amount == pytest.approx(0.25, abs=1e-5)
    assert story.one(Kind.SETS_OFF, place="village-0").time_h == pytest.approx(1.25, abs=1e-5)


def test_in_a_storm_without_end_it_stays_down() -> None:
    story = called(ask("village-0", 1.0), weather=(Weather(time_h=0, wind_ms=30, visibility_km=9),))
    assert not story.rows(Kind.ASSIGNED, Kind.SETS_OFF)
    assert story.one(Kind.UNMET).request == 0


# ---- fuel, crew, maintenance


def test_it_refuels_when_the_next_flight_would_use_the_reserve() -> None:
    calls = [ask("village-0", 1.0 + i, number=i, on_site_h=0.1) for i in range(8)]
    story = called(*calls, endurance_h=0.5, refuel_h=0.25)
    fuel_h, used = 0.5, 0.0
    for row in story.rows(Kind.SETS_OFF, Kind.REFUELS):
        if row.kind is Kind.REFUELS:
            assert row.place == story.index["station"]
            used = 0.0
        else:
            used += row.amount
            assert used <= fuel_h
    assert len(story.rows(Kind.REFUELS)) >= 2
    assert len(story.rows(Kind.SERVED)) == 8


def test_out_of_range_is_not_flown() -> None:
    story = called(ask("village-0", 1.0), endurance_h=0.36)
    assert not story.rows(Kind.SETS_OFF)
    assert story.one(Kind.NO_RESPONDER).place == story.index["village-0"]


def test_fuel_lasts_for_the_whole_mission() -> None:
    story = rescue(persons=15, shelter_column=20, endurance_h=0.7, cruise_kmh=200)
    used_h, last_h = 0.0, 0.0
    for row in story.rows(Kind.SETS_OFF, Kind.REFUELS, Kind.PICKS_UP):
        used_h = 0.0 if row.kind is Kind.REFUELS else used_h + row.amount
        last_h = max(last_h, used_h)
    assert story.rows(Kind.SETS_DOWN) or not story.rows(Kind.PICKS_UP)
    assert last_h <= 0.7


def test_the_crew_flies_so_many_hours_a_day() -> None:
    calls = [ask(f"village-{i % 2 * 2}", 1.0 + i / 10, number=i, on_site_h=0.1) for i in range(20)]
    story = called(*calls, crew_day_h=0.5, endurance_h=3.0, hours=72.0)
    flown: dict[int, float] = {}
    for row in story.rows(Kind.SETS_OFF):
        flown[int(row.time_h // 24)] = flown.get(int(row.time_h // 24), 0.0) + row.amount
    assert len(flown) > 1, "the rest of the work is done on the next day"
    assert max(flown.values()) <= 0.5


@pytest.mark.parametrize(("serviceable", "flies"), [(0.0, False), (1.0, True)])
def test_unserviceable_for_the_whole_scenario(serviceable: float, flies: bool) -> None:
    story = called(ask("village-0", 1.0), serviceable=serviceable)
    assert bool(story.rows(Kind.UNSERVICEABLE)) != flies
    assert bool(story.rows(Kind.ASSIGNED)) == flies


def test_it_goes_home_before_dark() -> None:
    story = called(ask("village-0", 10.0, on_site_h=1.6))
    back = story.one(Kind.ARRIVES, place="station")
    assert back.time_h < 12.0
    assert story.one(Kind.RETURNS).time_h < back.time_h


# ---- over a village


@pytest.mark.parametrize(("landing", "hours"), [(True, 0.25), (False, 10 * 0.05)])
def test_hoisting_takes_longer_than_landing(landing: bool, hours: float) -> None:
    story = rescue(persons=10, landing=landing, landing_h=0.25, hoist_h=0.05, seats=10)
    picked = story.first(Kind.PICKS_UP, place="village-0")
    off = story.first(Kind.SETS_OFF, place="school")
    assert off.time_h - picked.time_h == pytest.approx(hours)


def over_village(story: Story) -> list[tuple[float, float]]:
    """When each visit to the village began and ended."""
    visits = []
    for there in story.rows(Kind.ARRIVES, place="village-0"):
        off = [row for row in story.rows(Kind.SETS_OFF) if row.subject == there.subject and row.number > there.number]
        visits.append((there.time_h, off[0].time_h if off else there.time_h))
    return sorted(visits)


def crowded(story: Story) -> list[tuple[float, float]]:
    visits = over_village(story)
    return [late for early, late in pairwise(visits) if late[0] < early[1] - 1e-9]


def test_one_aircraft_at_a_time_over_a_village() -> None:
    story = rescue(persons=30, count=2)
    assert {row.subject for row in story.rows(Kind.PICKS_UP)} == {story.index[f"helicopter-{i}"] for i in (1, 2)}
    assert len(over_village(story)) >= 2
    assert not crowded(story)


def test_one_at_a_time_also_when_three_come() -> None:
    story = rescue(persons=60, count=4)
    assert len(over_village(story)) >= 4
    assert not crowded(story)


def test_people_are_brought_to_the_nearest_shelter_by_air() -> None:
    story = rescue(persons=30, hours=30.0)
    assert story.persons(Kind.SETS_DOWN, place="school") == 30


def test_from_the_air_roads_round_about_become_known() -> None:
    depths = tuple(
        Depth(subject=road, time_h=time_h, depth_m=1.0) for road in ("village-1-village-2", "depot-station")
        for time_h in (0.0, 48.0)
    )  # fmt: skip
    command = Command(
        report_h=0, decision_h=0, contact_loss=1, contact_restore_h=NEVER_H, silence_h=1, road_report_h=NEVER_H
    )
    hazard = Flood(source="depths", uncertainty=CERTAIN)
    airfield = Base(id="airfield", **at(5, 5))
    to_airfield = dry_row().roads[0].model_copy(update={"id": "to-airfield", "start": "station", "end": "airfield"})
    scenario = dry_row(
        depths=depths, bases=(*dry_row().bases, airfield), roads=(*dry_row().roads, to_airfield),
        sections={"command": command, "air": DAYLIGHT, "hazard": hazard},
        **(NOBODY | {"helicopters": (aircraft(base="airfield", tasks=("reconnaissance",)),)}),
    )  # fmt: skip
    story = tell(scenario)
    seen = story.first(Kind.SEES, place="village-2")
    assert seen.item in (-1, TASKS.index("reconnaissance"))
    known = story.first(Kind.ROAD_KNOWN_CLOSED, place="village-1-village-2")
    assert known.time_h == seen.time_h
    far = story.times(Kind.ROAD_KNOWN_CLOSED, place="depot-station")
    assert seen.time_h not in far, "too far to be seen"
    assert set(far) <= set(story.times(Kind.SEES, place="station") + story.times(Kind.SEES, place="airfield"))


@pytest.mark.parametrize("by_night", [True, False])
def test_a_uav_surveys_a_silent_village_by_night_and_brings_small_loads(by_night: bool) -> None:
    """The row of docs/scenario-format.md: it looks, tells of the people and the road, and carries 50 kg and nobody."""
    uav = aircraft(
        id="uav", by_night=by_night, seats=0, payload_t=0.05, size=2, cruise_kmh=70, endurance_h=1.6,
        tasks=("reconnaissance", "relief"),
    )  # fmt: skip
    command = Command(
        report_h=0, decision_h=0, contact_loss=1, contact_restore_h=NEVER_H, silence_h=14, road_report_h=NEVER_H
    )
    road = tuple(Depth(subject="village-1-village-2", time_h=time_h, depth_m=1.0) for time_h in (0.0, 48.0))
    homes = tuple(Depth(subject="village-2", time_h=time_h, depth_m=0.3) for time_h in (0.0, 48.0))
    story = tell(
        dry_row(
            48.0, depths=(*road, *homes), **(NOBODY | {"helicopters": (uav,)}),
            sections={"command": command, "air": DAYLIGHT, "hazard": Flood(source="depths", uncertainty=CERTAIN)},
        )
    )  # fmt: skip
    seen = story.first(Kind.SEES, place="village-2")
    is_dark = story.world.sky.is_night(seen.time_h, story.index["village-2"])
    assert is_dark is by_night
    assert seen.time_h == story.first(Kind.ROAD_KNOWN_CLOSED, place="village-1-village-2").time_h
    assert not story.rows(Kind.CONTACT_RESTORED, place="village-2"), "nobody comes down with a radio"
    assert len(story.rows(Kind.SEES, place="village-2")) == 1, "one look is enough"
    brought = story.rows(Kind.DELIVERS, place="village-2")
    load = [row for row in brought if row.time_h == brought[0].time_h]
    assert sum(row.amount * getattr(story.world.parameters, f"{NEEDS[row.item]}_kg") for row in load) == pytest.approx(
        50
    )
    assert not story.rows(Kind.PICKS_UP), "it has no seats"


def test_an_airfield_needs_no_road() -> None:
    airfield = Base(id="airfield", **at(5, 5))
    tables = NOBODY | {"bases": (*dry_row().bases, airfield), "helicopters": (aircraft(base="airfield"),)}
    story = tell(dry_row(calls=(ask("village-0", 1.0),), sections={"air": DAYLIGHT}, **tables))
    assert story.one(Kind.SERVED)


def test_what_waited_for_a_rested_crew_is_looked_at_when_its_day_is_over() -> None:
    calls = (ask("village-0", 1.0, on_site_h=0.1), ask("village-2", 2.0, number=1, on_site_h=0.1))
    story = called(*calls, crew_day_h=0.2, hours=72.0)
    first, second = story.rows(Kind.ASSIGNED)
    began_h = story.rows(Kind.SETS_OFF)[0].time_h
    assert (first.request, second.request) == (0, 1)
    assert second.time_h == pytest.approx(began_h + 24 - LONGEST_HOLD_H), "not only at the next sunrise"


@pytest.mark.parametrize("depth_m", [0.3, 1.5])
def test_a_silent_village_speaks_by_the_radio_of_an_aircraft_that_lands_or_takes_people_up(depth_m: float) -> None:
    """Over deep water it hovers and sees: with nobody to take up, no word comes out of the village."""
    command = Command(report_h=0, decision_h=0, contact_loss=1, contact_restore_h=NEVER_H, silence_h=1)
    villages = tuple(
        Village(id=f"village-{i}", population=30, ordered=False, upper_floor=1, **at(i, 0)) for i in range(3)
    )
    roads = tuple(Depth(subject="village-1-village-2", time_h=time_h, depth_m=1.0) for time_h in (0.0, 48.0))
    homes = tuple(Depth(subject="village-2", time_h=time_h, depth_m=depth_m) for time_h in (0.0, 48.0))
    for task in ("reconnaissance", "rescue"):
        tables = NOBODY | {"helicopters": (aircraft(tasks=(task,)),), "villages": villages}
        flood = Flood(source="depths", uncertainty=CERTAIN)
        sections = {"command": command, "air": DAYLIGHT, "hazard": flood}
        story = tell(dry_row(12.0, depths=(*roads, *homes), sections=sections, **tables))
        heard, taken = story.times(Kind.CONTACT_RESTORED, place="village-2"), story.times(Kind.PICKS_UP)
        if task == "reconnaissance":
            assert story.rows(Kind.SEES, place="village-2")
            assert bool(heard) == (depth_m < 1)
        elif depth_m > 1:
            assert heard[0] == taken[0], "those whom it hoists tell"
