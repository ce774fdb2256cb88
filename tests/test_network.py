from __future__ import annotations

from itertools import pairwise
from typing import get_args

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.network import Network, Router, great_circle_km, road_network
from simrescue.network import routing as routing_module
from simrescue.network.closures import DAMAGE, WATER
from simrescue.parameters import Parameters
from simrescue.places import Junction, Road
from simrescue.responders import VEHICLE_KINDS, VEHICLES, Vehicle

DEFAULT = Parameters()

SPEEDS = {"foot": 4.0, "two_wheeler": 20.0, "car": 40.0, "truck": 30.0}


def network(nodes: int, links: list[tuple[int, int, float]], truck: list[float] | None = None) -> Network:
    start, end, length = zip(*links, strict=True) if links else ((), (), ())
    speeds = {name: np.full(len(links), kmh) for name, kmh in SPEEDS.items()}
    if truck:
        speeds["truck"] = np.array(truck)
    return Network(nodes, start, end, length, speeds, DEFAULT)


SQUARE = [(0, 1, 3.0), (1, 2, 3.0), (2, 3, 3.0), (3, 0, 30.0)]
"""A ring of four nodes whose last side is long."""


def expected_cost(net: Network, vehicle: str, link: int, depth: float, damaged: bool) -> float:
    """The rule of the roads, written a second time."""
    dry = float(net.hours[vehicle][link])
    if vehicle == "boat":
        if depth > DEFAULT.depth_limit_truck_m and depth >= DEFAULT.boat_draft_m:
            return max(dry, float(net.length_km[link]) / DEFAULT.boat_speed_kmh)
        return float("inf") if damaged or depth > DEFAULT.depth_limit_truck_m else dry
    if depth > DEFAULT.depth_limit_m(vehicle) or (damaged and vehicle != "foot"):
        return float("inf")
    return dry


def graph(net: Network, vehicle: str, known: dict[int, tuple[float, bool]], shut: frozenset[int]) -> nx.MultiGraph:
    made = nx.MultiGraph()
    made.add_nodes_from(range(net.nodes))
    for link in range(net.links):
        cost = expected_cost(net, vehicle, link, *known.get(link, (0.0, False)))
        if np.isfinite(cost) and link not in shut:
            made.add_edge(int(net.start[link]), int(net.end[link]), weight=cost)
    return made


class TestGreatCircle:
    def test_quarter_of_the_equator_and_of_a_meridian(self) -> None:
        quarter = np.pi / 2 * 6371.0088
        assert great_circle_km(0, 0, 90, 0) == pytest.approx(quarter)
        assert great_circle_km(115, 0, 115, 90) == pytest.approx(quarter)

    def test_arrays_broadcast_and_the_same_spot_is_zero(self) -> None:
        far = great_circle_km(np.array([115.97, 116.4]), np.array([39.48, 39.9]), 115.97, 39.48)
        assert far[0] == 0
        assert far[1] == pytest.approx(59.4, abs=0.3)

    def test_antipodes(self) -> None:
        assert great_circle_km(10, 20, -170, -20) == pytest.approx(np.pi * 6371.0088)


class TestCompiled:
    places = (
        Junction(id="a", lon=116.0, lat=39.0),
        Junction(id="b", lon=116.1, lat=39.0),
        Junction(id="c", lon=116.2, lat=39.0),
    )

    def test_speeds_by_class_and_vehicle(self) -> None:
        roads = [
            Road(id="r1", start="a", end="b", length_km=10, kind="class1"),
            Road(id="r2", start="b", end="c", length_km=10, kind="track"),
        ]
        net = Network.of(self.places, roads, walk_kmh=4, car_speed=0.5, parameters=DEFAULT)
        truck = np.array([DEFAULT.speed_class1_kmh, DEFAULT.speed_track_kmh])
        assert net.hours["truck"] == pytest.approx(10 / truck)
        assert net.hours["boat"] == pytest.approx(10 / truck)
        assert net.hours["car"] == pytest.approx(10 / (truck * DEFAULT.car_speed_factor * 0.5))
        assert net.hours["foot"] == pytest.approx([2.5, 2.5])

    def test_roads_of_one_length_and_class_take_nobody_equally_long(self) -> None:
        roads = [Road(id=f"r{i}", start="a", end="b", length_km=5, kind="class1") for i in range(4)]
        net = Network.of(self.places, roads, walk_kmh=4, car_speed=0.5, parameters=DEFAULT)
        assert {vehicle: len(set(hours)) for vehicle, hours in net.hours.items()} == dict.fromkeys(net.hours, 4)

    def test_missing_length_is_the_great_circle_times_a_factor(self) -> None:
        roads = [Road(id="r1", start="a", end="b"), Road(id="r2", start="a", end="c", length_km=50)]
        net = Network.of(self.places, roads, walk_kmh=4, car_speed=0.5, parameters=DEFAULT)
        straight = great_circle_km(116.0, 39.0, 116.1, 39.0)
        assert net.length_km == pytest.approx([straight * DEFAULT.road_length_factor, 50])

    def test_a_road_to_nowhere_is_refused(self) -> None:
        with pytest.raises(ValueError, match="outside the network"):
            network(2, [(0, 2, 1.0)])

    def test_no_roads_at_all(self) -> None:
        router = Router(Network.of(self.places, [], walk_kmh=4, car_speed=0.5, parameters=DEFAULT))
        assert router.hours("truck", 0, 1) == float("inf")
        assert router.path("truck", 0, 0) == ()


class TestKnownWater:
    def test_closes_at_the_limit_of_each_vehicle(self) -> None:
        for vehicle in ("foot", "car", "bus", "truck", "high_clearance"):
            router = Router(network(2, [(0, 1, 6.0)]))
            router.learn(0, {WATER: DEFAULT.depth_limit_m(vehicle)})
            assert np.isfinite(router.hours(vehicle, 0, 1))
            router.learn(0, {WATER: DEFAULT.depth_limit_m(vehicle) + 0.001})
            assert router.hours(vehicle, 0, 1) == float("inf")
            assert router.path(vehicle, 0, 1) is None
            assert router.closed(vehicle) == {0}
            assert router.is_closed(vehicle, 0)
            assert router.learn(0, {}).eases
            assert not router.is_closed(vehicle, 0)
            assert router.path(vehicle, 0, 1) == (0,)

    def test_boat_goes_by_hull_where_trucks_stop(self) -> None:
        router = Router(network(3, [(0, 1, 6.0), (1, 2, 4.0)]))
        router.learn(1, {WATER: 1.5})
        assert router.hours("truck", 0, 2) == float("inf")
        assert router.hours("boat", 0, 2) == pytest.approx(6 / 30 + 4 / DEFAULT.boat_speed_kmh)
        assert router.times("boat", (0, 1)) == pytest.approx((6 / 30, 6 / 30 + 4 / DEFAULT.boat_speed_kmh))

    def test_damage_stops_wheels_only(self) -> None:
        router = Router(network(2, [(0, 1, 6.0)]))
        router.learn(0, {DAMAGE: 1.0})
        assert {v for v in VEHICLES if np.isfinite(router.hours(v, 0, 1))} == {"foot"}
        router.learn(0, {WATER: 2.0, DAMAGE: 1.0})
        assert {v for v in VEHICLES if np.isfinite(router.hours(v, 0, 1))} == {"boat"}
        router.learn(0, {})
        assert all(np.isfinite(router.hours(v, 0, 1)) for v in VEHICLES)

    def test_detour_and_back(self) -> None:
        router = Router(network(4, SQUARE))
        assert router.path("truck", 0, 3) == (0, 1, 2)
        router.learn(1, {WATER: 1.0})
        assert router.path("truck", 0, 3) == (3,)
        assert router.hours("truck", 0, 3) == pytest.approx(1.0)
        assert router.at_least("truck", 0, 3) == pytest.approx(0.3)
        router.learn(1, {WATER: 0.1})
        assert router.path("truck", 0, 3) == (0, 1, 2)

    def test_parallel_roads_keep_the_best_open_one(self) -> None:
        router = Router(network(2, [(0, 1, 5.0), (1, 0, 3.0), (0, 1, 4.0)]))
        assert router.path("truck", 0, 1) == (1,)
        router.learn(1, {WATER: 1.0})
        assert router.path("truck", 0, 1) == (2,)
        router.learn(2, {WATER: 1.0})
        assert router.path("truck", 1, 0) == (0,)
        router.learn(0, {WATER: 1.0})
        assert router.path("truck", 0, 1) is None

    def test_what_one_driver_knows_stays_his(self) -> None:
        router = Router(network(4, SQUARE))
        assert router.path("truck", 0, 3, extra=frozenset({2})) == (3,)
        assert router.path("truck", 0, 3) == (0, 1, 2)
        assert router.hours("truck", 0, 3, extra=frozenset({2, 3})) == float("inf")

    def test_routers_of_two_replications_know_different_roads(self) -> None:
        net = network(4, SQUARE)
        first, second = Router(net), Router(net)
        first.learn(0, {WATER: 1.0})
        assert first.path("truck", 0, 3) == (3,)
        assert second.path("truck", 0, 3) == (0, 1, 2)

    def test_nodes_along(self) -> None:
        net = network(4, SQUARE)
        assert net.nodes_along(3, (2, 1, 0)) == [3, 2, 1, 0]
        with pytest.raises(ValueError, match="does not start"):
            net.nodes_along(0, (1,))


@st.composite
def courses(draw: st.DrawFn) -> tuple[Network, list[tuple[int, float, bool]]]:
    """A random network (parallel roads and loops included) and a course of news about its links."""
    nodes = draw(st.integers(2, 9))
    node = st.integers(0, nodes - 1)
    length = st.sampled_from([0.5, 1.0, 2.0, 3.5, 7.0])
    links = draw(st.lists(st.tuples(node, node, length), min_size=1, max_size=18))
    truck = draw(st.lists(st.sampled_from([10.0, 20.0, 40.0]), min_size=len(links), max_size=len(links)))
    depth = st.sampled_from([0.0, 0.1, 0.3, 0.301, 0.45, 0.6, 0.61, 2.0])
    news = st.tuples(st.integers(0, len(links) - 1), depth, st.sampled_from([False, False, False, True]))
    return network(nodes, links, truck), draw(st.lists(news, min_size=1, max_size=25))


@given(courses(), st.frozensets(st.integers(0, 17), max_size=3), st.sampled_from([0, 1, 3]))
@settings(max_examples=150, deadline=None)
def test_always_the_shortest_open_way(
    course: tuple[Network, list[tuple[int, float, bool]]], extra: frozenset[int], tree_after: int
) -> None:
    """Against an independent library after every news, for every vehicle and pair; each way of searching is forced."""
    net, news = course
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(routing_module, "TREE_AFTER", tree_after)
        router, known = Router(net), dict[int, tuple[float, bool]]()
        for step, (link, depth, damaged) in enumerate(news):
            router.learn(link, {WATER: depth} | ({DAMAGE: 1.0} if damaged else {}))
            known[link] = (depth, damaged)
            shut = extra if step % 3 == 2 else frozenset()
            for vehicle in VEHICLES:
                compare(net, router, vehicle, known, shut)


def compare(
    net: Network, router: Router, vehicle: str, known: dict[int, tuple[float, bool]], shut: frozenset[int]
) -> None:
    truth = dict(nx.all_pairs_dijkstra_path_length(graph(net, vehicle, known, shut)))
    for a in range(net.nodes):
        for b in range(net.nodes):
            hours = router.hours(vehicle, a, b, shut)
            assert hours == pytest.approx(truth[a].get(b, float("inf")))
            assert router.at_least(vehicle, a, b) <= hours + 1e-12
            path = router.path(vehicle, a, b, shut)
            assert (path is None) == (hours == float("inf")) == (not router.reaches(vehicle, a, b, shut))
            assert [*router.reached(vehicle, a, (b,), shut)] == [b] * (path is not None)
            if path:
                nodes = net.nodes_along(a, path)
                assert nodes[-1] == b
                assert len(set(nodes)) == len(nodes)
                assert not shut & set(path)
                times = (0.0, *router.times(vehicle, path))
                assert times[-1] == pytest.approx(hours)
                assert all(now <= later for now, later in pairwise(times))


def test_answers_do_not_depend_on_what_was_asked_before() -> None:
    """To the last digit: a worker that ran other replications must write the same log."""
    rng = np.random.default_rng(5)
    links = [(int(a), int(b), float(c)) for a, b, c in zip(*rng.integers(1, 40, (3, 120)), strict=True)]
    used, new = network(40, links), network(40, links)
    used.prepare("truck", range(0, 40, 3))
    pairs = [(int(a), int(b)) for a, b in rng.integers(0, 40, (200, 2))]
    for a, b in pairs[::-1]:
        Router(used).path("truck", b, a)
    for a, b in pairs:
        assert Router(used).hours("truck", a, b) == Router(new).hours("truck", a, b)
        assert Router(used).path("truck", a, b) == Router(new).path("truck", a, b)


def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(road_network, "TREES_LIMIT", 3 * 4)
    monkeypatch.setattr(road_network, "MEMO_LIMIT", 5)
    net = network(4, SQUARE)
    ways = [[net.profiles["truck"].dry(a, b) for a in range(4)] for b in range(4)]
    assert ways == [[network(4, SQUARE).profiles["truck"].dry(a, b) for a in range(4)] for b in range(4)]
    assert len(net.profiles["truck"].trees) <= 3
    assert len(net.profiles["truck"].memo) <= 5


def test_the_main_part_is_where_most_people_live_and_only_inhabited_nodes_count() -> None:
    part = [0, 0, 1, 1, 1, 2]
    assert road_network.main_weights(part, [5, None, 3, 1, None, None]) == [1, 0, 0, 0, 0, 0]
    assert road_network.main_weights(part, [0, None, 0, 0, None, None]) == [0, 0, 1, 1, 0, 0], (
        "of equals the most nodes"
    )
    assert road_network.main_weights(part, [2, None, None, None, 2, None]) == [1, 0, 0, 0, 0, 0], "of equals the first"
    assert road_network.main_weights(part, [None] * 6) == [0] * 6


def test_every_vehicle_that_a_row_may_name_is_registered_once() -> None:
    assert get_args(Vehicle) == VEHICLES == tuple(VEHICLE_KINDS)
    for name, kind in VEHICLE_KINDS.items():
        assert kind.name == name
        assert {kind.bound_by, kind.carrier or name} <= set(VEHICLES)
        assert VEHICLE_KINDS[kind.bound_by].bound_by == kind.bound_by
