"""Speed by density on one road, by hand and as laws over all roads that can be."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.network.traffic_flow import SLOT_H, Flow, cars_of, flow_of
from simrescue.parameters import Parameters
from simrescue.places import Road
from simrescue.simulation.roads.traffic import slots

DEFAULT = Parameters()
PLAIN = Flow(2.0, 1.0, 40.0, 10.0, 2.0, 100.0, 5.0)
"""2 km, one lane, 40 km/h free, free up to 10 vehicles a km, 100 a km in a jam."""


@st.composite
def flows(draw: st.DrawFn) -> Flow:
    jam = draw(st.floats(20, 300))
    return Flow(
        draw(st.floats(0.05, 50)),
        draw(st.floats(0.5, 4)),
        draw(st.floats(3, 120)),
        draw(st.floats(0.1, 0.5)) * jam,
        draw(st.floats(0.1, 10)),
        jam,
        draw(st.floats(0.1, 30)),
        draw(st.one_of(st.just(math.inf), st.floats(1, 5000))),
    )


def test_speed_by_hand() -> None:
    assert PLAIN.speed_kmh(0) == PLAIN.speed_kmh(10) == 40
    assert PLAIN.speed_kmh(55) == pytest.approx(5 + 35 * 0.5**2), "half way from the break to the jam"
    assert PLAIN.speed_kmh(100) == 5
    assert PLAIN.speed_kmh(200) == 2.5, "the queue leaves at the flow of the jam: 500 an hour"


def test_speed_as_published() -> None:
    """v0 + (vi - v0) (1 - k / kj)^a with vi such that it is the free speed at the break."""
    intercept = 5 + (40 - 5) / (1 - 10 / 100) ** 2
    assert PLAIN.speed_kmh(30) == pytest.approx(5 + (intercept - 5) * (1 - 30 / 100) ** 2)


def test_a_narrow_place_lets_through_what_it_can() -> None:
    assert PLAIN._replace(capacity_per_h=100).speed_kmh(10) == 10
    assert PLAIN._replace(capacity_per_h=100).hours(0.05, 0.0, 1000) == pytest.approx(10), "a thousand at 100 an hour"


def test_a_crowd_leaves_a_jam_at_its_flow() -> None:
    assert PLAIN.hours(0.05, 0.0, 1000) == pytest.approx(1000 / 500)


def test_hours_by_hand() -> None:
    """Twenty that set out within a quarter hour are 80 an hour: 2 a km on the free road, which slows nobody."""
    assert PLAIN.hours(0.05, 0.0, 20) == 0.05
    others_h = 27.5  # 55 a km for the whole slot
    assert PLAIN.hours(0.05, others_h, 0) == pytest.approx(2 / 13.75)


@given(flows(), st.floats(0, 500), st.floats(0, 500))
def test_denser_is_never_faster_and_never_faster_than_free(flow: Flow, a: float, b: float) -> None:
    thin, dense = sorted((a, b))
    assert flow.speed_kmh(dense) <= flow.speed_kmh(thin) * (1 + 1e-12)
    assert 0 < flow.speed_kmh(dense) <= flow.free_kmh
    assert flow.speed_kmh(dense) * dense * flow.lanes <= flow.capacity_per_h * (1 + 1e-12)


@given(flows(), st.floats(1, 5), st.floats(0, 2000), st.floats(0, 2000), st.floats(0, 500), st.floats(0, 500))
def test_more_vehicles_never_need_less(flow: Flow, slower: float, a: float, b: float, c: float, d: float) -> None:
    own_h = slower * flow.length_km / flow.free_kmh
    assert flow.hours(own_h, 0, 0) == own_h, "alone as before"
    few, many = sorted((a, b))
    little, much = sorted((c, d))
    assert own_h <= flow.hours(own_h, little, few) <= flow.hours(own_h, much, many) + 1e-6
    assert flow.hours(own_h, 0, 0) <= flow.hours(own_h, much, 0) <= flow.hours(own_h, much, many) + 1e-6


@given(flows(), st.floats(0, 1))
def test_below_the_break_nobody_is_slowed(flow: Flow, part: float) -> None:
    own_h = flow.length_km / flow.free_kmh
    assert flow.hours(own_h, part * flow.free_vehicle_h * (1 - 1e-12), 0) == pytest.approx(own_h, rel=1e-9)


@given(st.floats(0, 500), st.floats(0, 5))
def test_slots_hold_all_the_time(at_h: float, hours: float) -> None:
    parts = slots(at_h, hours)
    assert math.fsum(part for _, part in parts) == pytest.approx(hours)
    assert [slot for slot, _ in parts] == list(range(parts[0][0], parts[0][0] + len(parts)))
    assert all(part <= SLOT_H + 1e-9 for _, part in parts)


def test_a_road_states_its_own() -> None:
    plain = Road(id="lane", start="a", end="b", kind="class4")
    flow = flow_of(plain, 3.0, 20.0, DEFAULT)
    assert flow.lanes == DEFAULT.lanes_class4
    assert flow.jam_per_km == DEFAULT.jam_density
    assert flow.free_kmh == 20 * DEFAULT.car_speed_factor
    assert flow.capacity_per_h == math.inf
    stated = plain.model_copy(update={"lanes": 3.0, "jam_density": 50.0, "capacity": 400.0})
    flow = flow_of(stated, 3.0, 20.0, DEFAULT)
    assert (flow.lanes, flow.jam_per_km, flow.capacity_per_h) == (3, 50, 400)


def test_what_people_take_up_of_the_road() -> None:
    assert cars_of("foot", 50, DEFAULT) == 0
    assert cars_of("car", 30, DEFAULT) == 10
    assert cars_of("two_wheeler", 20, DEFAULT) == pytest.approx(10 * DEFAULT.two_wheeler_cars)
    assert cars_of("bus", 100, DEFAULT) == 2 * DEFAULT.heavy_vehicle_cars
    assert cars_of("truck", 2, DEFAULT) == cars_of("boat", 8, DEFAULT) == DEFAULT.heavy_vehicle_cars, "one at least"
