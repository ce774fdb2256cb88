"""Roads with directions, speeds and orders of their own: by an independent search, by laws, and in runs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import networkx as nx
import numpy as np
import pytest

from simrescue import load
from simrescue.errors import ScenarioError
from simrescue.events import EventKind as Kind
from simrescue.network import Network, Router
from simrescue.network import routing as routing_module
from simrescue.network.closures import CAUSES, DAMAGE, ORDER
from simrescue.parameters import Parameters
from simrescue.places import Junction, Road
from simrescue.scenario.preflight.slips.road_slips import one_way_traps
from simrescue.scenario.records import Scenario
from simrescue.simulation.roads.true_roads import Drive, Roads
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

SCENARIOS = Path(__file__).parents[1] / "scenarios"
DEFAULT = Parameters()
NODES, LINKS = 14, 34
ON_WHEELS = ("truck", "car", "two_wheeler")


def drawn_roads(seed: int) -> list[Road]:
    """Roads at random over some junctions: one-way, with speeds and times by direction, parallel ones too."""
    rng = np.random.default_rng(seed)
    roads = []
    for number in range(LINKS):
        a, b = rng.choice(NODES, 2, replace=False)
        own: dict[str, Any] = [
            {},
            {"one_way": True},
            {"speed_kmh": 20.0, "speed_back_kmh": 60.0},
            {"drive_h": 0.3},
            {"drive_h": 0.1, "drive_back_h": 0.5},
            {"one_way": True, "drive_h": 0.2},
        ][int(rng.integers(6))]
        roads.append(Road(id=f"r{number}", start=f"j{a}", end=f"j{b}", length_km=float(rng.integers(1, 20)), **own))
    return roads


def network(roads: list[Road]) -> Network:
    return Network.of([Junction(id=f"j{i}", lon=115 + i / 50, lat=38) for i in range(NODES)], roads, 4.0, 1.0, DEFAULT)


def truck_hours(road: Road) -> tuple[float, float]:
    """The rule of the roads, written a second time: hours forth and back."""
    plain = DEFAULT.speed_kmh(road.kind)
    assert road.length_km
    forth = road.drive_h or road.length_km / (road.speed_kmh or plain)
    back = road.drive_back_h or (road.length_km / road.speed_back_kmh if road.speed_back_kmh else forth)
    return forth, float("inf") if road.one_way else back


def graph(roads: list[Road], shut: set[int]) -> nx.MultiDiGraph:
    made = nx.MultiDiGraph()
    made.add_nodes_from(range(NODES))
    for link, road in enumerate(roads):
        if link not in shut:
            a, b = int(road.start[1:]), int(road.end[1:])
            forth, back = truck_hours(road)
            made.add_edge(a, b, weight=forth)
            if np.isfinite(back):
                made.add_edge(b, a, weight=back)
    return made


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("tree_after", [0, 3])
def test_always_the_shortest_way_that_is_allowed(seed: int, tree_after: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against an independent library, while roads close and open; each way of searching is forced."""
    monkeypatch.setattr(routing_module, "TREE_AFTER", tree_after)
    rng, roads = np.random.default_rng(seed), drawn_roads(seed)
    net, shut = network(roads), set[int]()
    router = Router(net)
    for _ in range(10):
        link = int(rng.integers(LINKS))
        shut ^= {link}
        router.learn(link, {DAMAGE: 1.0} if link in shut else {})
        truth = dict(nx.all_pairs_dijkstra_path_length(graph(roads, shut)))
        for a in range(NODES):
            for b in range(NODES):
                hours, path = router.hours("truck", a, b), router.path("truck", a, b)
                assert hours == pytest.approx(truth[a].get(b, float("inf")))
                assert router.at_least("truck", a, b) <= hours + 1e-12
                assert (path is None) == (hours == float("inf"))
                if path:
                    assert router.times("truck", path, a)[-1] == pytest.approx(hours)
                    assert not shut.intersection(path)
        near = router.nearest("truck", 0, lambda node: node in (5, 6, 7))
        reached = {node: truth[0].get(node, float("inf")) for node in (5, 6, 7)}
        assert near is None or reached[near] == pytest.approx(min(reached.values()))
    outward = nx.single_source_dijkstra_path_length(graph(roads, set()), 3)
    expected = [outward.get(node, np.inf) for node in range(NODES)]
    assert np.allclose(np.asarray(net.profiles["truck"].hours_out(3)), expected)


@pytest.mark.parametrize("seed", range(4))
def test_one_way_never_shortens_a_route_and_stops_nobody_on_foot(seed: int) -> None:
    roads = [road.model_copy(update={"speed_back_kmh": None, "drive_back_h": None, "one_way": False})
             for road in drawn_roads(seed)]  # fmt: skip
    limited = [road.model_copy(update={"one_way": number % 3 == 0}) for number, road in enumerate(roads)]
    free, less = Router(network(roads)), Router(network(limited))
    pairs = [(a, b) for a in range(NODES) for b in range(NODES)]
    for vehicle in ON_WHEELS:
        assert all(free.hours(vehicle, a, b) <= less.hours(vehicle, a, b) * (1 + 1e-12) for a, b in pairs)
    assert any(less.hours("truck", a, b) > free.hours("truck", a, b) for a, b in pairs)
    assert all(free.hours("foot", a, b) == less.hours("foot", a, b) for a, b in pairs)


@pytest.mark.parametrize("seed", range(5))
def test_who_is_reached_has_a_way(seed: int) -> None:
    """Two questions with one answer, whatever is closed to all and to one driver besides."""
    rng, router = np.random.default_rng(seed), Router(network(drawn_roads(seed)))
    shut = rng.choice(LINKS, 12, replace=False).tolist()
    for link in shut[:8]:
        router.learn(link, {ORDER: 1.0})
    for extra in (frozenset(), frozenset(shut[8:])):
        for a in range(NODES):
            there = {b for b in range(NODES) if router.hours("truck", a, b, extra) < np.inf}
            assert {b for b in range(NODES) if router.reaches("truck", a, b, extra)} == there
            assert [*router.reached("truck", a, range(NODES), extra)] == sorted(there)


@pytest.mark.parametrize("seed", range(4))
def test_the_order_of_the_rows_means_nothing(seed: int) -> None:
    roads = drawn_roads(seed)
    order = np.random.default_rng(seed).permutation(LINKS).tolist()
    first, second = Router(network(roads)), Router(network([roads[at] for at in order]))
    for a in range(NODES):
        for b in range(NODES):
            assert first.hours("car", a, b) == pytest.approx(second.hours("car", a, b), rel=1e-12)
            one, two = first.path("car", a, b), second.path("car", a, b)
            assert (one is None) == (two is None)
            assert one is None or two is None or list(one) == [order[link] for link in two]


def test_a_road_turned_round_is_the_same_road() -> None:
    """From b to a with its columns exchanged."""
    roads = [road for road in drawn_roads(3) if not road.one_way]
    turned = [
        road.model_copy(update={
            "start": road.end, "end": road.start,
            "speed_kmh": road.speed_back_kmh or road.speed_kmh, "speed_back_kmh": road.speed_kmh,
            "drive_h": road.drive_back_h or road.drive_h, "drive_back_h": road.drive_h,
        })
        for road in roads
    ]  # fmt: skip
    one, two = Router(network(roads)), Router(network(turned))
    pairs = [(a, b) for a in range(NODES) for b in range(NODES)]
    assert [one.hours("truck", *pair) for pair in pairs] == pytest.approx([two.hours("truck", *pair) for pair in pairs])


# Runs.


def tiny(**of_roads: dict[str, Any]) -> Scenario:
    """The small flood with some of its roads changed."""
    scenario = load(SCENARIOS / "tiny-flood")
    roads = [road.model_copy(update=of_roads.get(road.id.replace("-", "_"), {})) for road in scenario.roads]
    return scenario.model_copy(update={"roads": tuple(roads)})


def test_speeds_that_say_what_the_class_says_change_no_row() -> None:
    plain, stated = tiny(), tiny(south_road={"speed_kmh": 35.0}, hill_road={"speed_kmh": 35.0, "speed_back_kmh": 35.0})
    logs = [simulate(compile_world(scenario), 1, 0) for scenario in (plain, stated)]
    assert logs[0].time_h.tolist() == pytest.approx(logs[1].time_h.tolist(), rel=1e-9)
    assert logs[0].kind.tolist() == logs[1].kind.tolist()
    assert logs[0].subject.tolist() == logs[1].subject.tolist()


def test_nobody_drives_against_a_one_way_road(monkeypatch: pytest.MonkeyPatch) -> None:
    world = compile_world(tiny(town_hill_road={"one_way": True}, hill_road={"one_way": True}))
    ways, links = list[Drive](), {road.id: link for link, road in enumerate(world.scenario.roads)}
    plain = Roads._set_out

    def noted(self: Roads, drive: Drive, lanes: list[int], start: int) -> Any:
        ways.append(drive)
        return plain(self, drive, lanes, start)

    monkeypatch.setattr(Roads, "_set_out", noted)
    simulate(world, 1, 0)
    used = 0
    for drive in ways:
        nodes = world.network.nodes_along(drive.start, drive.path)
        for link, (a, b) in zip(drive.path, pairwise(nodes), strict=True):
            if link in (links["town-hill-road"], links["hill-road"]) and drive.vehicle != "foot":
                assert (a, b) == world.network.ends[link]
                used += 1
    assert ways
    assert used


def test_an_order_closes_a_road_for_its_hours_and_is_known_at_once() -> None:
    world = compile_world(tiny(south_road={"closed": 2.0, "reopened": 5.0}))
    log = simulate(world, 1, 0)
    road = world.ids.index("south-road")
    order = list(CAUSES).index(ORDER)

    def hours(kind: Kind, column: str = "subject") -> list[float]:
        rows = [row for row in log.where(kind).tolist() if getattr(log, column)[row] == road]
        if kind in (Kind.ROAD_CLOSES, Kind.ROAD_OPENS):
            rows = [row for row in rows if log.item[row] == order]
        return [float(log.time_h[row]) for row in rows]

    assert (hours(Kind.ROAD_CLOSES), hours(Kind.ROAD_OPENS)) == ([2.0], [5.0])
    assert hours(Kind.ROAD_KNOWN_CLOSED, "place")[0] == 2.0
    assert 5.0 in hours(Kind.ROAD_KNOWN_OPEN, "place")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"speed": "30 km/h", "drive": "10 min"}, "either a speed or a time"),
        ({"one_way": "yes", "speed_back": "30 km/h"}, "nothing: the road is one-way"),
        ({"closed": "5 h", "reopened": "4 h"}, "a time after `closed`"),
        ({"reopened": "4 h"}, "a time after `closed`"),
        ({"speed": "0 km/h"}, "1 km/h or more"),
    ],
)
def test_rows_that_contradict_themselves_are_refused(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    import csv
    import shutil

    folder = Path(shutil.copytree(SCENARIOS / "tiny-flood", tmp_path / "wrong"))
    with (folder / "roads.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    rows[0] |= cells
    with (folder / "roads.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, [*rows[0]], restval="")
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(ScenarioError, match=says):
        load(folder)


def test_the_check_names_a_one_way_road_without_a_way_back() -> None:
    def said(**of_roads: dict[str, Any]) -> list[str]:
        return [slip.says.en for slip in one_way_traps(tiny(**of_roads))]

    assert said() == []
    assert said(town_hill_road={"one_way": True}) == [], "there is another way back"
    assert said(pine_lane={"one_way": True}) == [
        "no vehicle comes back from West Hill to Pine Slope: the road is one-way"
    ]
