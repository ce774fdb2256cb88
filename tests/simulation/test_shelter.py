"""Shelters: room, people turned away, overflow where nothing is left, and people who move on when water comes in."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Shelter
from simrescue.responders import Boat
from simrescue.scenario.records import Depth, Health
from simrescue.simulation.clock import after
from simrescue.simulation.state import Simulation
from tests.factories import CERTAIN, at
from tests.simulation.story import NOBODY, by_hand, dry_row, flood_road, so_far, tell, water_at


def shelters(*capacities: int, opening_h: float = 1.0) -> Simulation:
    """Shelters in a row beside the town; the first one is the nearest to village-0."""
    spots = (at(0, 1), at(1, 1), at(2, 1))
    ids = ("school", "depot-hall", "station-hall")
    roads: Any = dry_row().roads
    links = {"depot-hall": "depot", "station-hall": "station"}
    more = [roads[0].model_copy(update={"id": f"to-{one}", "start": links[one], "end": one, "length_km": 0.1})
            for one in ids[1 : len(capacities)]]  # fmt: skip
    rows = [
        Shelter(id=one, capacity=room, opening_h=opening_h, **spot)
        for one, room, spot in zip(ids, capacities, spots, strict=False)
    ]
    return by_hand(dry_row(shelters=tuple(rows), roads=(*roads, *more), **NOBODY))


def arrive(sim: Simulation, persons: int, shelter: str = "school", village: int = 0) -> None:
    """People of a village are at its door."""
    home = sim.villages[village]
    home.home -= persons
    home.moving += persons
    row = sim.log(Kind.LEAVE, village, sim.world.ids.index(shelter), item=0, persons=persons)
    home.moving -= persons
    sim.shelters[sim.world.ids.index(shelter)].receive(home, persons, 0, row)


def inside(sim: Simulation) -> dict[str, int]:
    return {sim.world.ids[i]: shelter.persons for i, shelter in sim.shelters.items()}


def test_who_finds_room_is_in() -> None:
    sim = shelters(100)
    arrive(sim, 60)
    row = so_far(sim).one(Kind.ARRIVE_SHELTER, place="school")
    assert (row.item, row.persons) == (0, 60)
    assert inside(sim) == {"school": 60}
    assert sim.villages[0].sheltered == 60


@pytest.mark.parametrize("opening_h", [0.0, 1.5])
def test_doors_open_once_after_the_first_came(opening_h: float) -> None:
    sim = shelters(100, opening_h=opening_h)
    sim.env.run(until=2)
    arrive(sim, 10)
    arrive(sim, 10)
    sim.env.run(until=9)
    assert so_far(sim).one(Kind.SHELTER_OPENS).time_h == 2 + opening_h


def test_who_finds_it_full_goes_on_to_the_next() -> None:
    sim = shelters(100, 200)
    arrive(sim, 130)
    sim.env.run(until=10)
    story = so_far(sim)
    assert story.one(Kind.TURNED_AWAY, place="school").persons == 30
    assert story.one(Kind.LEAVE, place="depot-hall", item=2).persons == 30
    assert inside(sim) == {"school": 100, "depot-hall": 30}
    assert sim.villages[0].sheltered == 130


def test_where_nothing_is_left_they_stay_and_overflow() -> None:
    sim = shelters(100)
    arrive(sim, 130)
    sim.env.run(until=10)
    assert not so_far(sim).rows(Kind.TURNED_AWAY)
    assert inside(sim) == {"school": 130}


def test_overflow_waits_for_tents() -> None:
    sim = shelters(100)
    arrive(sim, 130)
    site = sim.sites[sim.world.ids.index("school")]
    sim.env.run(until=1)
    assert site.lacking(3) == 30
    assert so_far(sim).first(Kind.NEEDS, place="school", item=3).amount == 30


def test_water_moves_everybody_on() -> None:
    sim = shelters(100, 200)
    arrive(sim, 80)
    water_at(sim, sim.world.ids.index("school"), 0.5, 2)
    sim.env.run(until=10)
    story = so_far(sim)
    assert story.one(Kind.SHELTER_CLOSES, subject="school").persons == 80
    assert inside(sim) == {"school": 0, "depot-hall": 80}
    assert sim.shelters[sim.world.ids.index("school")].beds == 0


def test_with_nowhere_to_go_they_stay_and_have_no_shelter() -> None:
    sim = shelters(100)
    arrive(sim, 80)
    water_at(sim, sim.world.ids.index("school"), 0.5, 2)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 80}
    assert sim.sites[sim.world.ids.index("school")].lacking(3) == 80


@pytest.mark.parametrize("room", [30, 80, 200])
def test_who_is_left_in_the_water_goes_where_another_is_dry_again(room: int) -> None:
    sim = shelters(100, room)
    school, hall = (sim.world.ids.index(one) for one in ("school", "depot-hall"))
    water_at(sim, hall, 0.5, 2)
    arrive(sim, 80)
    water_at(sim, school, 0.5, 2)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 80, "depot-hall": 0}
    water_at(sim, hall, 0.0, 0)
    sim.env.run(until=20)
    going = min(room, 80)
    story = so_far(sim)
    left = story.one(Kind.LEAVE, place="depot-hall", item=2)
    assert (left.time_h, left.persons) == (10, going)
    assert inside(sim) == {"school": 80 - going, "depot-hall": going}
    assert sim.villages[0].sheltered == 80
    assert sim.sites[school].persons == 80 - going
    assert story.one(Kind.SHELTER_CLOSES, subject="school").persons == 80
    told = story.one(Kind.SENT_ON)
    assert (told.subject, told.place, told.persons) == (0, school, going)
    assert left.cause == told.number


@pytest.mark.parametrize("room", [10, 200])
def test_who_has_no_bed_in_a_dry_shelter_goes_where_another_is_dry_again(room: int) -> None:
    sim = shelters(100, room)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.5, 2)
    arrive(sim, 130)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 130, "depot-hall": 0}
    water_at(sim, sim.world.ids.index("depot-hall"), 0.0, 0)
    sim.env.run(until=20)
    assert inside(sim) == {"school": 130 - min(room, 30), "depot-hall": min(room, 30)}
    assert so_far(sim).one(Kind.SENT_ON, place="school").persons == min(room, 30)


def test_of_two_villages_those_go_who_came_last() -> None:
    sim = shelters(100, 200)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.5, 2)
    arrive(sim, 60)
    arrive(sim, 50, village=1)
    arrive(sim, 20)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.0, 0)
    sim.env.run(until=10)
    went = so_far(sim).rows(Kind.SENT_ON, place="school")
    assert [(row.subject, row.persons) for row in went] == [(1, 10), (0, 20)]
    assert [village.sheltered for village in sim.villages[:2]] == [80, 50]


@pytest.mark.parametrize("room", [10, 25])
def test_only_as_many_go_on_as_there_are_beds(room: int) -> None:
    sim = shelters(100, room, 5)
    arrive(sim, 140)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 140 - room - 5, "depot-hall": room, "station-hall": 5}
    assert so_far(sim).one(Kind.TURNED_AWAY).persons == room + 5


def test_who_comes_by_bus_finds_the_beds_kept_unless_somebody_was_first() -> None:
    sim = shelters(100, 50)
    arrive(sim, 130)
    assert sim.shelters[sim.world.ids.index("depot-hall")].room == 20
    arrive(sim, 40, "depot-hall", village=1)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 100, "depot-hall": 70}, "nowhere else is room: they stay at the door they came to"


def test_who_is_on_the_way_when_the_goal_is_flooded_goes_on_from_its_door() -> None:
    sim = shelters(100, 200, 200)
    arrive(sim, 130)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.5, 2)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 100, "depot-hall": 0, "station-hall": 30}
    assert so_far(sim).persons(Kind.TURNED_AWAY, place="depot-hall") == 30


def test_two_full_shelters_do_not_send_people_to_and_fro() -> None:
    sim = shelters(100, 50)
    arrive(sim, 100)
    arrive(sim, 50, "depot-hall", village=1)
    arrive(sim, 30, village=2)
    arrive(sim, 30, "depot-hall", village=2)
    sim.env.run(until=40)
    assert inside(sim) == {"school": 130, "depot-hall": 80}
    assert not so_far(sim).rows(Kind.LEAVE, item=2)


@pytest.mark.parametrize("known", [True, False])
def test_who_turned_back_tries_again_when_the_road_is_known_open(known: bool) -> None:
    """With the closure known nobody sets out; else one bus finds it, and nobody tries it a second time."""
    sim = shelters(100, 200)
    flood_road(sim, "school-depot", 1.0)
    flood_road(sim, "school-depot", 0.0, at_h=20.0)
    if known:
        sim.env.run(until=10)
    arrive(sim, 130)
    sim.env.run(until=19)
    assert inside(sim) == {"school": 130, "depot-hall": 0}
    assert len(so_far(sim).rows(Kind.LEAVE, item=2)) == (0 if known else 1)
    sim.env.run(until=40)
    assert inside(sim) == {"school": 100, "depot-hall": 30}
    opened = so_far(sim).first(Kind.ROAD_KNOWN_OPEN)
    again = so_far(sim).one(Kind.SENT_ON)
    assert (again.time_h, again.cause) == (opened.time_h, opened.number)


def test_beds_kept_for_people_who_turn_back_go_to_others_who_wait() -> None:
    sim = shelters(100, 30, 0)
    flood_road(sim, "school-depot", 1.0)
    arrive(sim, 130)
    arrive(sim, 20, "station-hall", village=1)
    assert inside(sim) == {"school": 100, "depot-hall": 0, "station-hall": 20}, "all its beds are kept"
    sim.env.run(until=10)
    assert inside(sim) == {"school": 130, "depot-hall": 20, "station-hall": 0}


def test_who_comes_back_to_a_shelter_that_has_been_flooded_meanwhile_is_at_a_door() -> None:
    """The road ahead is cut; of the shelters that he can get to, the one he left is wet and another has room."""
    sim = shelters(100, 200, 200)
    school, hall = (sim.world.ids.index(one) for one in ("school", "depot-hall"))
    water_at(sim, sim.world.ids.index("station-hall"), 0.5, 2)
    arrive(sim, 130)
    flood_road(sim, "to-depot-hall", 1.0)
    after(sim.env, 0.05, lambda _: water_at(sim, school, 0.5, 2))
    after(sim.env, 0.06, lambda _: water_at(sim, sim.world.ids.index("station-hall"), 0.0, 0))
    sim.env.run(until=30)
    assert inside(sim) == {"school": 0, "depot-hall": 0, "station-hall": 130}
    assert sim.shelters[hall].coming == sim.shelters[school].coming == 0


def test_people_with_a_bed_stay_when_another_is_dry_again() -> None:
    sim = shelters(100, 200)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.5, 2)
    arrive(sim, 80)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.0, 0)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 80, "depot-hall": 0}


def test_who_came_when_the_water_was_in_it_already_goes_on_too() -> None:
    sim = shelters(100, 200)
    for one in ("school", "depot-hall"):
        water_at(sim, sim.world.ids.index(one), 0.5, 2)
    arrive(sim, 80)
    water_at(sim, sim.world.ids.index("depot-hall"), 0.0, 0)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 0, "depot-hall": 80}


def test_with_the_road_cut_they_come_back_in() -> None:
    sim = shelters(100, 200)
    arrive(sim, 80)
    flood_road(sim, "school-depot", 1.0)
    water_at(sim, sim.world.ids.index("school"), 0.5, 2)
    sim.env.run(until=10)
    assert inside(sim) == {"school": 80, "depot-hall": 0}
    assert sim.villages[0].sheltered == 80


def test_a_full_shelter_is_not_first_choice() -> None:
    from simrescue.simulation.people.journey import first_shelter

    sim = shelters(100, 200)
    assert first_shelter(sim, sim.villages[0]) == sim.world.ids.index("school")
    arrive(sim, 100)
    assert first_shelter(sim, sim.villages[0]) == sim.world.ids.index("depot-hall")


def test_when_a_shelter_is_dry_again_people_are_brought_to_it() -> None:
    course = {"village-0": ((0.0, 2.0), (40.0, 2.0)), "school": ((0.0, 1.0), (10.0, 1.0), (11.0, 0.0))}
    depths = tuple(Depth(subject=one, time_h=h, depth_m=d) for one, points in course.items() for h, d in points)
    boats = (Boat(id="boat", base="station", tasks=("rescue",), breakdown=0),)
    people = dry_row().villages[0].model_copy(update={"population": 8, "ordered": False, "upper_floor": 1.0})
    sections = {"hazard": Flood(source="depths", uncertainty=CERTAIN), "health": Health(injured=0)}
    villages = (people, *(one.model_copy(update={"population": 0}) for one in dry_row().villages[1:]))
    story = tell(dry_row(depths=depths, villages=villages, sections=sections, **(NOBODY | {"boats": boats})))
    assert story.first(Kind.REQUEST_OPENED, place="village-0").time_h < 1
    assert 10 < story.one(Kind.ASSIGNED).time_h < 11
    assert story.persons(Kind.SETS_DOWN, place="school") == 8
