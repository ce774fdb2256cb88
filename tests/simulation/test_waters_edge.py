"""Rescue at the water's edge: wheels stay out, boats shuttle to transfer points, vehicles take on, neighbours go first.

village -lane- bank -causeway- yard -street- school: 3, 2 and 4 km; the station is at the school. Only the village is
under water, unless a test says otherwise.
"""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics.requests.response import requests
from simrescue.parameters import Parameters, table
from simrescue.places import Base, Junction, Road, Shelter, Village
from simrescue.responders import TASKS, Boat, Team
from simrescue.scenario.records import Air, Depth, Health, Scenario
from tests.factories import CERTAIN, NOT_UP, at, settings
from tests.simulation.story import AT_ONCE, NOBODY, dry_row, tell

DAY = Air(sunrise_h=0, sunset_h=24)
DEFAULT = Parameters()
KMH = DEFAULT.speed_class3_kmh
"""Lorries on the roads of the story."""
HULL_KMH = 10.0


def boat(**fields: Any) -> Boat:
    plain: dict[str, Any] = {
        "id": "boat", "base": "station", "breakdown": 0, "turnout_h": 0, "seats": 8, "speed_kmh": HULL_KMH,
        "launch_h": 0.4, "puncture": 0, "tasks": ("rescue",), "shift_h": 1000,
    }  # fmt: skip
    return Boat(**(plain | fields))


def team(**fields: Any) -> Team:
    plain: dict[str, Any] = {
        "id": "team", "base": "station", "breakdown": 0, "turnout_h": 0, "seats": 30, "size": 10, "shift_h": 1000,
    }  # fmt: skip
    return Team(**(plain | fields))


def flooded(
    *depths: tuple[str, float, float],
    depth_m: float = 1.5,
    persons: int = 24,
    craft: float = 0,
    parameters: dict[str, float] | None = None,
    hours: float = 48.0,
    injured: float = 0,
    **crews: Any,
) -> Scenario:
    """The village under so much water from the start; `depths`: more of it, as (place or road, hour, metres)."""
    lengths = (("lane", "village", "bank", 3), ("causeway", "bank", "yard", 2), ("street", "yard", "school", 4),
               ("court", "school", "station", 0.1))  # fmt: skip
    water = [("village", 0.0, depth_m), *(one for one in depths)]
    last = {subject: depth for subject, _, depth in water}
    rows = [Depth(subject=subject, time_h=time_h, depth_m=depth) for subject, time_h, depth in water]
    rows += [Depth(subject=subject, time_h=hours, depth_m=depth) for subject, depth in last.items()]
    sections = {
        "hazard": Flood(source="depths", uncertainty=CERTAIN, road_damage=0, bridge_damage=0),
        "command": AT_ONCE, "air": DAY, "health": Health(injured=injured),
        "parameters": NOT_UP.model_copy(update=parameters or {}),
    }  # fmt: skip
    tables: dict[str, Any] = {
        "settings": settings(hours, **sections),
        "villages": (
            Village(id="village", population=persons, ordered=False, upper_floor=1, craft=craft, **at(0, 0)),
        ),
        "junctions": (Junction(id="bank", **at(1, 0)), Junction(id="yard", **at(2, 0))),
        "shelters": (Shelter(id="school", capacity=1000, **at(3, 0)),),
        "bases": (Base(id="station", **at(3, 1)),),
        "roads": tuple(Road(id=one, start=a, end=b, length_km=km) for one, a, b, km in lengths),
        "depots": (), "landing_sites": (), "depths": tuple(sorted(rows, key=lambda row: row.time_h)), **NOBODY,
    }  # fmt: skip
    return dry_row(**(tables | crews))


def search_h(persons: int) -> float:
    return DEFAULT.search_h_per_house * persons / DEFAULT.persons_per_house


def boarding_h(persons: int) -> float:
    return DEFAULT.boarding_h_per_person * persons


DEEP_LANE = ("lane", 0.0, 1.0)


def test_boats_go_back_and_forth_and_vehicles_take_people_on() -> None:
    story = tell(flooded(DEEP_LANE, boats=(boat(),), teams=(team(),)))
    assert story.persons(Kind.PICKS_UP, subject="boat") == 24
    assert story.persons(Kind.LANDED, place="bank") == 24
    assert story.persons(Kind.TAKEN_ON, subject="team", place="bank") == 24
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 24
    assert not story.rows(Kind.SETS_DOWN, subject="boat")
    there = story.first(Kind.ARRIVES, place="village").time_h
    picked, landed = story.times(Kind.PICKS_UP), story.times(Kind.LANDED)
    assert picked[0] == pytest.approx(there + 0.4), "launched"
    assert landed[0] == pytest.approx(picked[0] + search_h(8) + boarding_h(8) + 3 / HULL_KMH + boarding_h(8))
    assert picked[1] == pytest.approx(landed[0] + 3 / HULL_KMH), "afloat still, and not launched again"
    taken = story.first(Kind.TAKEN_ON)
    assert taken.time_h == pytest.approx(landed[0] + 6.1 / KMH), "asked for by radio when the first were ashore"
    assert story.first(Kind.SETS_DOWN).time_h == pytest.approx(
        taken.time_h + DEFAULT.boarding_h_per_vehicle * taken.persons / 30 + 6 / KMH
    )


def test_without_vehicles_a_boat_brings_people_to_the_shelter_itself() -> None:
    story = tell(flooded(DEEP_LANE, boats=(boat(),)))
    assert story.persons(Kind.SETS_DOWN, subject="boat", place="school") == 24
    assert not story.rows(Kind.LANDED)


@pytest.mark.parametrize(
    ("vehicle", "depth_m", "comes"),
    [("truck", 0.55, False), ("high_clearance", 0.55, True), ("high_clearance", 0.65, False), ("boat", 1.5, True)],
)
def test_wheels_work_in_water_up_to_their_own_depth(vehicle: str, depth_m: float, comes: bool) -> None:
    story = tell(flooded(depth_m=depth_m, teams=(team(vehicle=vehicle, seats=50),)))
    assert bool(story.persons(Kind.PICKS_UP)) is comes
    assert bool(story.rows(Kind.NO_RESPONDER, item=TASKS.index("rescue"))) is not comes


def test_no_wheeled_crew_takes_anybody_out_of_deep_water_whatever_it_is_for() -> None:
    crews = team(tasks=("rescue", "evacuate", "medical"), vehicle="truck")
    story = tell(flooded(teams=(crews,), boats=(boat(),)))
    for row in story.rows(Kind.PICKS_UP, Kind.TREATED, Kind.DELIVERS, place="village"):
        assert row.subject != story.index["team"]


def test_who_meets_water_too_deep_turns_back_and_comes_when_it_has_fallen() -> None:
    rises, falls = ("village", 0.16, 1.0), ("village", 12.0, 0.5)
    story = tell(flooded(("village", 0.05, 0.5), rises, ("village", 11.0, 1.0), falls, depth_m=0.5,
                         teams=(team(vehicle="high_clearance", seats=50),)))  # fmt: skip
    stopped = story.first(Kind.TOO_DEEP, place="village")
    assert stopped.amount > 0.6
    assert requests(story.log).arrived_h[0] == story.first(Kind.PICKS_UP).time_h, "who met deep water has not come"
    picked = story.first(Kind.PICKS_UP)
    assert 11 < picked.time_h < 12.5, "sent as soon as the water was below its limit"


def test_a_full_point_keeps_boats_waiting_until_vehicles_have_made_room() -> None:
    teams = (team(available=8.0),)
    story = tell(flooded(DEEP_LANE, boats=(boat(),), teams=teams, parameters={"transfer_room": 10}))
    waits = story.first(Kind.WAITS_AT_POINT, place="bank")
    landed, taken = story.times(Kind.LANDED), story.times(Kind.TAKEN_ON)
    assert waits.persons == 8
    assert landed[0] < waits.time_h < 8 < taken[0]
    assert landed[1] == pytest.approx(taken[0] + boarding_h(8)), "there was room from then on"
    assert story.persons(Kind.ARRIVE_SHELTER, place="school") == 24


@pytest.mark.parametrize(("at_once", "gap_h"), [(1, DEFAULT.boarding_h_per_vehicle), (2, 0.0)])
def test_vehicles_are_boarded_so_many_at_once(at_once: int, gap_h: float) -> None:
    teams = (team(id="team", seats=12, available=9.0), team(id="team-2", seats=12, available=9.0))
    story = tell(flooded(DEEP_LANE, boats=(boat(),), teams=teams, parameters={"transfer_vehicles": at_once}))
    by_team = {row.subject: row.time_h for row in reversed(story.rows(Kind.TAKEN_ON))}
    first, second = sorted(by_team.values())
    assert second - first == pytest.approx(gap_h)


def test_a_point_moves_with_the_water_and_nobody_is_lost() -> None:
    """The bank is dry until hour 6 and under water from then on; no vehicle comes before hour 9."""
    water = [(site, hour, depth) for site in ("bank", "causeway") for hour, depth in ((5.9, 0.0), (6.0, 0.5))]
    story = tell(flooded(DEEP_LANE, *water, persons=60, boats=(boat(),), teams=(team(available=9.0),)))
    moved = story.first(Kind.POINT_MOVES, subject="bank", place="yard")
    died = story.persons(Kind.DIED)
    assert moved.time_h == pytest.approx(6.0, abs=0.26)
    assert moved.persons > 0
    assert all(row.place != story.index["bank"] for row in story.rows(Kind.LANDED) if row.time_h > moved.time_h)
    assert died <= 1
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 60 - died


# ---- where nobody on wheels can come


def island(barn: bool, **crews: Any) -> Scenario:
    """The causeway is under water too, and known to be closed: bank, and a barn by it, hang together with nothing."""
    ways = (("lane", "village", "bank", 3), ("causeway", "bank", "yard", 2), ("street", "yard", "school", 4),
            ("court", "school", "station", 0.1), ("track", "bank", "barn", 1))  # fmt: skip
    junctions = (Junction(id="bank", **at(1, 0)), Junction(id="yard", **at(2, 0)))
    school, by_the_bank = Shelter(id="school", capacity=1000, **at(3, 0)), Shelter(id="barn", capacity=1000, **at(1, 1))
    tables: dict[str, Any] = {
        "shelters": (school, by_the_bank) if barn else (school,),
        "junctions": junctions if barn else (*junctions, Junction(id="barn", **at(1, 1))),
        "roads": tuple(Road(id=one, start=a, end=b, length_km=km) for one, a, b, km in ways),
    }
    return flooded(DEEP_LANE, ("causeway", 0.0, 1.0), **tables, **crews)


def test_a_place_that_no_vehicle_can_come_to_is_no_transfer_point() -> None:
    story = tell(island(barn=False, boats=(boat(available=3.0),), teams=(team(),)))
    assert not story.rows(Kind.LANDED, place="bank")
    assert story.persons(Kind.LANDED, place="yard") == story.persons(Kind.TAKEN_ON, place="yard") == 24


def test_a_shelter_by_the_water_takes_in_those_whom_no_vehicle_can_take_on() -> None:
    story = tell(island(barn=True, boats=(boat(available=3.0),), teams=(team(),)))
    assert story.persons(Kind.SETS_DOWN, subject="boat", place="barn") == 24


def test_a_vehicle_whose_people_have_gone_on_meanwhile_is_free_again() -> None:
    """The team is called to the bank while it makes ready; water drives those who wait there on to the yard."""
    water = [(site, hour, depth) for site in ("bank", "causeway") for hour, depth in ((3.9, 0.0), (4.0, 0.5))]
    story = tell(flooded(DEEP_LANE, *water, persons=8, boats=(boat(),), teams=(team(turnout_h=12.0),)))
    assert story.first(Kind.ASSIGNED, subject="team", place="bank").time_h < 4
    assert story.first(Kind.FREE, subject="team").time_h < 24
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 8


# ---- neighbours


def test_neighbours_bring_people_out_before_anybody_is_asked() -> None:
    story = tell(flooded(DEEP_LANE, craft=1, teams=(team(),)))
    trip_h = DEFAULT.neighbour_trip_h
    picked = story.rows(Kind.PICKS_UP, subject="village")
    assert [row.persons for row in picked] == [8, 8, 8]
    water_h = story.first(Kind.WATER_ARRIVES, place="village").time_h
    assert [row.time_h for row in picked] == pytest.approx([water_h + (i + 0.5) * trip_h for i in range(3)])
    assert story.times(Kind.LANDED, place="bank") == pytest.approx([water_h + (i + 1) * trip_h for i in range(3)])
    assert story.persons(Kind.TAKEN_ON, subject="team") == 24
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 24


def test_the_injured_whom_neighbours_bring_to_a_shelter_are_treated() -> None:
    story = tell(flooded(DEEP_LANE, craft=1, injured=1))
    assert story.persons(Kind.TREATED, place="school") == 24


def test_neighbours_stay_at_home_in_water_deeper_than_they_manage() -> None:
    assert not tell(flooded(depth_m=2.5, craft=3, teams=(team(),))).rows(Kind.PICKS_UP)


def test_without_any_vehicle_who_is_ashore_walks_to_the_shelter() -> None:
    story = tell(flooded(DEEP_LANE, craft=1))
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=1) == 24
    first = story.first(Kind.ARRIVE_SHELTER).time_h - story.first(Kind.LANDED).time_h
    assert first == pytest.approx(6 / story.world.scenario.settings.evacuation.walk_kmh)


@pytest.mark.parametrize(("craft", "more"), [(0, 1), (1, 3)])
def test_more_neighbours_never_leave_more_people_in_the_water(craft: float, more: float) -> None:
    few, many = (
        tell(flooded(DEEP_LANE, persons=90, craft=one, boats=(boat(),), teams=(team(),))) for one in (craft, more)
    )
    for hour in range(1, 12):
        by_few, by_many = (
            sum(row.persons for row in story.rows(Kind.PICKS_UP) if row.time_h <= hour) for story in (few, many)
        )
        assert by_many >= by_few


# ---- holes


def test_a_boat_that_is_lost_is_never_sent_again() -> None:
    story = tell(flooded(DEEP_LANE, boats=(boat(puncture=1000.0, lost=1.0),), teams=(team(),)))
    lost = story.one(Kind.BOAT_LOST, subject="boat")
    assert len(story.rows(Kind.ASSIGNED, subject="boat")) == 1
    assert lost.number > story.first(Kind.LANDED).number, "people are ashore first"


def test_a_hole_is_mended_and_a_hard_hull_has_none() -> None:
    holed = tell(flooded(DEEP_LANE, boats=(boat(puncture=1000.0, lost=0.0, repair_h=1.0),), teams=(team(),)))
    assert len(holed.rows(Kind.PUNCTURED)) == len(holed.rows(Kind.REPAIRED)) > 0
    assert not tell(flooded(DEEP_LANE, boats=(boat(),), teams=(team(),))).rows(Kind.PUNCTURED)


def test_holes_come_at_the_stated_rate() -> None:
    """Of 200 boats that are out for ten hours or so, as many are holed as an exponential law says."""
    rate = 0.05
    crews = {"boats": (boat(count=200, puncture=rate, lost=1.0),), "teams": (team(count=20),)}
    room = {"transfer_boats": 300, "transfer_room": 1e5}
    story = tell(flooded(DEEP_LANE, persons=20_000, hours=24.0, parameters=room, **crews))
    out_h = {row.subject: row.time_h for row in reversed(story.rows(Kind.ASSIGNED))}
    holed_h = {row.subject: row.time_h for row in story.rows(Kind.PUNCTURED)}
    boats = [one for one in out_h if story.world.ids[one].startswith("boat")]
    exposed = sum(holed_h.get(one, 24.0) - out_h[one] for one in boats)
    assert len(holed_h) / exposed == pytest.approx(rate, rel=0.3)


def test_every_number_of_the_waters_edge_has_a_source_and_a_range() -> None:
    for name in ("transfer_room", "transfer_boats", "transfer_vehicles", "search_h_per_house", "boat_puncture_rate",
                 "boat_lost_share", "neighbour_craft", "neighbour_trip_persons", "neighbour_trip_h"):  # fmt: skip
        row = table()[name]
        assert row.low is not None
        assert row.high is not None
        assert row.low <= row.value <= row.high
        assert row.source


def test_nobody_is_set_ashore_to_wait_for_vehicles_that_have_left_or_that_nobody_has_granted() -> None:
    for gone in (team(until=0.01), team(partner="city")):
        story = tell(flooded(DEEP_LANE, boats=(boat(),), teams=(gone,)))
        assert not story.rows(Kind.LANDED)
        assert story.persons(Kind.ARRIVE_SHELTER, place="school") == 24, "the boat's own lorry brings them"
