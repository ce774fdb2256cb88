"""Traffic: people who leave slow one another and the crews, by how many are on a road before them.

village -lane- fork -bridge- town, 5 km each at 35 km/h; the way by the hills is three times as long.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.places import Base, Road, Shelter, Village
from simrescue.scenario.records import Evacuation, Scenario, Warning
from simrescue.simulation.protocols import Convoy
from simrescue.simulation.roads.traffic import Traffic
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import at
from tests.simulation.story import Drive, by_hand, ring, so_far, tell

DEFAULT = Parameters()
ONCE = Warning(order=1.0, answer_h=0, diffusion_t50_h=0, door_rounds=0, reach=1.0)
ALL_AT_ONCE = Evacuation(refuse=0, act_t50_h=0, act_t50_day_h=0, leave_by_cue=0, batches=1)
FREE_H = 10 / (DEFAULT.speed_class3_kmh * DEFAULT.car_speed_factor)
"""Cars from the village to the town on an empty road."""


def leaving(persons: int = 600, roads: dict[str, Any] | None = None, **changes: Any) -> Scenario:
    """Everybody drives to the school in the town, at one instant an hour after the start."""
    village = Village(id="village", population=persons, cars=1, vulnerable=0, ordered=True, **at(0, 0))
    plain: dict[str, Any] = {
        "sections": {"warning": ONCE, "evacuation": ALL_AT_ONCE},
        "villages": (village,),
        "shelters": (Shelter(id="school", capacity=100_000, **at(3, 0)),),
    }
    made = ring(**(plain | changes))
    street = Road(id="street", start="town", end="school", length_km=0.001, kind="expressway")
    stated = tuple(road.model_copy(update=roads or {}) for road in made.roads)
    return made.model_copy(update={"roads": (*stated, street)})


def hours_on_the_way(scenario: Scenario) -> float:
    story = tell(scenario)
    return story.first(Kind.LODGES, Kind.ARRIVE_SHELTER).time_h - story.first(Kind.LEAVE).time_h


def test_a_few_cars_drive_as_on_the_empty_road() -> None:
    assert hours_on_the_way(leaving(30)) == pytest.approx(FREE_H, rel=1e-3)
    assert not tell(leaving(30)).rows(Kind.SLOWED)


def test_a_crowd_leaves_at_the_flow_of_a_jam() -> None:
    """3,000 in 1,000 cars: the first road lets them out one after the other."""
    story = tell(leaving(3000))
    flow_per_h = DEFAULT.jam_density * DEFAULT.stop_and_go_kmh
    taken_h = hours_on_the_way(leaving(3000))
    assert taken_h >= 1000 / flow_per_h
    slowed = story.one(Kind.SLOWED, subject="village", place="school")
    assert slowed.persons == 3000
    assert slowed.amount == pytest.approx(taken_h - FREE_H, rel=1e-3)


def test_more_lanes_let_a_crowd_out_sooner_and_a_narrow_place_later() -> None:
    plain = hours_on_the_way(leaving(3000))
    assert hours_on_the_way(leaving(3000, {"lanes": 2.0})) < plain
    assert hours_on_the_way(leaving(3000, {"jam_density": 200.0})) < plain
    assert hours_on_the_way(leaving(3000, {"capacity": 200.0})) >= 1000 / 200 > plain


def test_more_people_are_never_faster() -> None:
    hours = [hours_on_the_way(leaving(persons)) for persons in (3, 300, 600, 1200, 2400, 4800)]
    assert hours == sorted(hours)
    assert hours[-1] > 2 * hours[0]


def test_a_road_that_nobody_would_take_changes_nothing() -> None:
    """The way is that by free speeds, whatever the traffic: so Braess' paradox needs a road that is quicker."""
    plain = leaving(2400)
    useless = Road(id="useless", start="fork", end="town", length_km=60, kind="track")
    more = plain.model_copy(update={"roads": (*plain.roads, useless)})
    assert tell(more).times(Kind.ARRIVE_SHELTER, Kind.LODGES) == tell(plain).times(Kind.ARRIVE_SHELTER, Kind.LODGES)


def traffic_of(sim: Simulation) -> Traffic:
    roads: Any = sim.roads
    made: Traffic = roads.traffic
    return made


def drives(first: Convoy, second: Convoy, start: str = "village", goal: str = "town") -> tuple[Drive, Drive]:
    sim = by_hand(ring())
    one = Drive(sim, "village", "town", convoy=first)
    other = Drive(sim, start, goal, after_h=0.01, convoy=second)
    sim.env.run(until=24)
    return one, other


def test_who_follows_is_slowed_and_who_was_first_is_not() -> None:
    """Nor is a crew that meets them on the other side of the road."""
    alone_h = 10 / DEFAULT.speed_class3_kmh
    many, crew = Convoy(400.0, 1200), Convoy(2.5)
    first, second = drives(crew, many)
    assert first.at_h == pytest.approx(alone_h)
    first, second = drives(many, crew)
    assert second.at_h is not None
    assert second.at_h > alone_h + 0.1
    _, against = drives(many, crew, "town", "village")
    assert against.at_h == pytest.approx(alone_h + 0.01)


def test_a_crew_alone_drives_as_is_reckoned() -> None:
    """However long its convoy is: its vehicles keep their distances."""
    assert drives(Convoy(500.0), Convoy())[0].at_h == pytest.approx(10 / DEFAULT.speed_class3_kmh)


def test_who_turns_round_is_not_on_the_rest_of_his_way() -> None:
    sim = by_hand(ring())
    sim.roads.water(sim.world.ids.index("bridge") - sim.world.first["roads"], 2.0)
    drive = Drive(sim, "village", "town", convoy=Convoy(2.5))
    sim.env.run(until=24)
    assert drive.reached == "town"
    index = {thing: i - sim.world.first["roads"] for i, thing in enumerate(sim.world.ids)}
    spent_h = traffic_of(sim).spent_h
    on = {
        one: math.fsum((*spent_h[2 * index[one]].values(), *spent_h[2 * index[one] + 1].values()))
        for one in ("near", "bridge", "detour", "pass")
    }
    kmh = DEFAULT.speed_class3_kmh
    assert on == pytest.approx({"near": 2.5 * 5 / kmh, "bridge": 0, "detour": 2.5 * 5 / kmh, "pass": 2.5 * 20 / kmh})
    assert so_far(sim).rows(Kind.TURNS_ROUND)


TRIPS = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 3000), st.booleans(), st.booleans(), st.integers(0, 2)), max_size=12
)


@given(TRIPS)
def test_vehicles_are_conserved(trips: list[tuple[float, float, bool, bool, int]]) -> None:
    """What stands in the books of a road is what those who drove on it have spent there."""
    world = compile_world(ring())
    traffic, network = Traffic(world.network, world.flows), world.network
    village, town = world.ids.index("village"), world.ids.index("town")
    path = network.profiles["truck"].dry(village, town)[1]
    assert path is not None
    driven = 0.0
    for at_h, cars, back, by_people, dropped in trips:
        convoy = Convoy(cars, int(by_people))
        way, start = (path[::-1], town) if back else (path, village)
        lanes = traffic.lanes_along(start, way)
        own_h = [network.profiles["truck"].link_hours[link] for link in way]
        hours = traffic.enter(lanes, own_h, at_h, convoy)
        assert all(slowed >= alone for slowed, alone in zip(hours, own_h, strict=True))
        moments = [at_h + sum(hours[:i]) for i in range(len(hours) + 1)]
        assert all(a < b for a, b in pairwise(moments))
        stays = len(way) - min(dropped, len(way))
        traffic.withdraw(lanes[stays:], moments[stays:], convoy)
        driven += cars * sum(hours[:stays])
    held = [hours for there in traffic.spent_h for hours in there.values()]
    assert math.fsum(held) == pytest.approx(driven, abs=1e-6)
    assert min(held, default=0.0) >= -1e-6
    assert traffic.spent_h[traffic.afloat] == {}


def test_a_boat_afloat_is_in_nobodys_way() -> None:
    sim = by_hand(ring(bases=(Base(id="town", **at(2, 0)),)))
    near = sim.world.ids.index("near") - sim.world.first["roads"]
    sim.roads.water(near, 2.0)
    sim.roads.learn(near)
    drive = Drive(sim, "village", "town", "boat", convoy=Convoy(2.5))
    sim.env.run(until=24)
    assert drive.reached == "town"
    assert not any(traffic_of(sim).spent_h[2 * near : 2 * near + 2])


def at_the_edge(*, served: bool, lanes: float = 0.5) -> tuple[float, float]:
    """Hours that 150 buses take from the town to the fork, and people to be brought back by them to the town."""
    sim = by_hand(ring(roads=tuple(road.model_copy(update={"lanes": lanes}) for road in ring().roads)))
    there = [Drive(sim, "town", "fork", "bus", convoy=Convoy(2.5)) for _ in range(150)]
    back = [Drive(sim, "fork", "town", "bus", 0.25, convoy=Convoy(2.5)) for _ in range(150 if served else 1)]
    sim.env.run(until=24)
    return max(one.at_h or 0.0 for one in there), max(one.at_h or 0.0 for one in back) - 0.25


def test_vehicles_of_many_crews_jam_the_road_of_a_transfer_point() -> None:
    """By the density on the road itself: the last of 150 buses comes late, and as many back are slower than one."""
    alone_h = 5 / DEFAULT.speed_class3_kmh
    there_h, one_back_h = at_the_edge(served=False)
    assert there_h > 1.5 * alone_h
    assert one_back_h == pytest.approx(alone_h), "in the other direction the road is empty"
    assert at_the_edge(served=True)[1] > 1.5 * alone_h
    assert at_the_edge(served=True, lanes=4.0)[1] == pytest.approx(alone_h)
