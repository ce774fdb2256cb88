"""The compiled world: indexes, crews by count, the sun and the weather, shelters and depots in order."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simrescue.places import Depot, LandingSite, Shelter, Village
from simrescue.responders import TASKS, Boat, Helicopter, Team, Truck
from simrescue.scenario.records import Air, Weather
from simrescue.simulation.sky import Sky
from simrescue.simulation.world import compile_world
from tests.factories import START, at, flooded_row
from tests.simulation.story import dry_row


def test_indexes_are_places_then_roads_then_responders_then_command() -> None:
    world = compile_world(flooded_row(boat_count=2))
    assert world.ids == (
        "village-0", "village-1", "village-2", "school", "depot", "station", "field",
        "depot-station", "school-depot", "village-0-school", "village-0-village-1", "village-1-village-2",
        "team", "boat-1", "boat-2", "truck-1", "truck-2", "helicopter", "command",
    )  # fmt: skip
    assert (world.n_places, world.n_roads, world.command) == (7, 5, 18)
    assert [world.kinds[world.first[table]] for table in ("villages", "shelters", "roads", "teams", "boats")] == [
        "village", "shelter", "road", "team", "boat",
    ]  # fmt: skip
    assert world.kinds[-1] == "command"


def test_members_stand_under_their_own_index() -> None:
    world = compile_world(flooded_row())
    assert [world.ids[member.index] for member in world.members] == [member.id for member in world.members]
    assert [world.kinds[member.index] for member in world.members] == [member.kind for member in world.members]


@pytest.mark.parametrize(("count", "ids"), [(1, ["truck"]), (3, ["truck-1", "truck-2", "truck-3"])])
def test_count_makes_equal_crews(count: int, ids: list[str]) -> None:
    world = compile_world(flooded_row(trucks=(Truck(id="truck", base="station", count=count, payload_t=7),)))
    trucks = [member for member in world.members if member.kind == "truck"]
    assert [truck.id for truck in trucks] == ids
    assert {(truck.payload_t, truck.seats, truck.tasks) for truck in trucks} == {
        (7, 0, frozenset({TASKS.index("relief")}))
    }


@pytest.mark.parametrize(
    ("table", "row", "whole"),
    [
        ("teams", Team(id="x", base="station", seats=24, vehicle="truck"), 3),
        ("teams", Team(id="x", base="station", seats=180, vehicle="bus"), 4),
        ("boats", Boat(id="x", base="station", seats=16), 2),
        ("helicopters", Helicopter(id="x", base="station", seats=24), 3),
        ("trucks", Truck(id="x", base="station", payload_t=10), 2),
    ],
)
def test_a_crew_carries_what_it_can_take_charge_of_and_a_bigger_one_never_less(
    table: str, row: Any, whole: int
) -> None:
    def carried(size: int) -> tuple[int, float]:
        rows = {table: (row.model_copy(update={"size": size}),)}
        [one] = [member for member in compile_world(flooded_row(**rows)).members if member.id == "x"]
        return one.seats, one.payload_t

    found = [carried(size) for size in range(1, whole + 3)]
    assert found == sorted(found)
    assert found[0] < found[whole - 1] == found[-1]
    assert found[-1][0] == getattr(row, "seats", 0)
    assert found[0][0] in (0, 8, 50)


def test_the_sun_of_the_scenario_rules() -> None:
    world = compile_world(dry_row(sections={"air": Air(sunrise_h=5, sunset_h=20)}))
    assert world.sky.dawns(0) == [-51, -27, -3, 21, 45, 69, 93, 117]
    assert world.sky.daylight_left_h(0, 3) == 12


def sky(*weather: tuple[float, float, float]) -> Sky:
    """A day from 5:00 to 20:00 that is begun at 8:00."""
    times, wind, sight = np.array(weather).reshape(-1, 3).T
    return Sky(START, 48, [(116.0, 39.0)], (times, wind, sight), (5.0, 20.0))


@pytest.mark.parametrize(
    ("now_h", "dark_h", "light_h"),
    [(0, 0, 12), (11, 0, 1), (12, 9, 0), (14, 7, 0), (20.5, 0.5, 0), (21, 0, 15), (24, 0, 12), (38, 7, 0)],
)
def test_day_and_night(now_h: float, dark_h: float, light_h: float) -> None:
    assert sky().dark_h(now_h, 0) == pytest.approx(dark_h)
    assert sky().daylight_left_h(now_h, 0) == pytest.approx(light_h)
    assert sky().is_night(now_h, 0) == (light_h == 0)


@pytest.mark.parametrize(("now_h", "hours"), [(0, 0), (1.9, 0), (2, 3), (4, 1), (5, 0), (8.5, math.inf)])
def test_storms_hold_until_the_weather_allows(now_h: float, hours: float) -> None:
    weather = sky((2, 25, 9), (4, 3, 1), (5, 3, 9), (8, 30, 9))
    assert weather.storm_h(now_h, max_wind_ms=17, min_visibility_km=3) == hours


@pytest.mark.parametrize("wind_ms", [3, 30])
def test_before_the_first_record_the_weather_is_fair(wind_ms: float) -> None:
    assert sky((6, wind_ms, 9)).storm_h(0.0, 17, 3) == 0
    assert sky().storm_h(0.0, 17, 3) == 0


def test_weather_table_reaches_the_sky() -> None:
    world = compile_world(dry_row(weather=(Weather(time_h=3, wind_ms=20, visibility_km=9),)))
    assert world.sky.storm_h(4.0, 17, 3) == math.inf


def test_shelters_by_road_with_the_named_one_first() -> None:
    shelters = (Shelter(id="school", capacity=9, **at(0, 1)), Shelter(id="hall", capacity=9, **at(2, 1)))
    roads = dry_row().roads
    more = roads[0].model_copy(update={"id": "to-hall", "start": "station", "end": "hall", "length_km": 1.0})
    plain: Any = {"population": 10}
    villages = (
        Village(id="village-0", **plain, **at(0, 0)), Village(id="village-1", shelter="hall", **plain, **at(1, 0)),
        Village(id="village-2", **plain, **at(2, 0)), Village(id="island", shelter="", **plain, **at(9, 9)),
    )  # fmt: skip
    world = compile_world(dry_row(shelters=shelters, villages=villages, roads=(*roads, more)))
    order = {world.ids[i]: [world.ids[s] for s in row] for i, row in enumerate(world.shelter_order)}
    assert order == {
        "village-0": ["school", "hall"],
        "village-1": ["hall", "school"],
        "village-2": ["school", "hall"],
        "island": [],
    }


def test_depots_by_distance_from_each_base_that_brings_relief() -> None:
    depots = (Depot(id="far", **at(9, 9)), Depot(id="depot", **at(1, 1), upper="far"))
    world = compile_world(dry_row(depots=depots))
    index = {thing: i for i, thing in enumerate(world.ids)}
    assert world.depot_order == {index["station"]: (index["depot"], index["far"])}
    assert world.upper == {index["depot"]: index["far"]}


def test_landing_sites_serve_villages_within_their_reach() -> None:
    world = compile_world(dry_row(landing_sites=(LandingSite(id="field", serves_km=5, **at(1, 0)),)))
    field = world.ids.index("field")
    assert world.landing == ((field,), (field,), (field,))
    world = compile_world(dry_row(landing_sites=(LandingSite(id="field", serves_km=1, **at(1, 0)),)))
    assert world.landing == ((), (field,), ())


def test_mean_arrival_of_the_water() -> None:
    world = compile_world(flooded_row())
    reached_h = 10 + 0.15 / 0.8  # 5 cm deep on a limb of 0.8 m/h that begins 10 cm below the ground
    assert world.arrival_h.tolist() == pytest.approx([reached_h] * 3)
    assert np.isinf(compile_world(dry_row()).arrival_h).all()


def test_distance_by_the_chord_is_the_great_circle() -> None:
    world = compile_world(dry_row())
    assert world.distance_km(0, 1) == pytest.approx(
        6371.0088 * math.radians(0.05) * math.cos(math.radians(39)), rel=1e-6
    )
    assert world.distance_km(2, 2) == 0
