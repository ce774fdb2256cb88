"""The roads of the scenario, compiled once: ends, lengths, free travel hours by vehicle, shortest paths on dry roads.

Shared by all replications of a worker. What is flooded, and who knows it, is the business of `Router`.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from heapq import heappop, heappush
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.kinds import kind_of
from simrescue.parameters import Parameters
from simrescue.places import Place, Road
from simrescue.responders import VEHICLE_KINDS, VEHICLES
from simrescue.streams import stream

EARTH_KM = 6371.0088
"""Mean radius of the Earth, IUGG."""

EQUAL_WAYS = 1e-9
"""Share of its hours by which a road may be quicker than others like it, so that no two ways are equal."""

MEMO_LIMIT = 100_000
"""Dry paths kept before the memory is emptied (about 400 bytes each)."""

TREES_LIMIT = 30_000_000
"""Distances kept in trees before they are emptied (12 bytes each)."""

Path = tuple[int, ...]
"""Links in order of travel."""


class Tree(NamedTuple):
    """Shortest dry hours from every node to one root, and the next node on the way there (-9999: none)."""

    hours: memoryview[float]
    towards: memoryview[int]


def great_circle_km(lon1: ArrayLike, lat1: ArrayLike, lon2: ArrayLike, lat2: ArrayLike) -> Any:
    """Distance over the sphere by the haversine formula (Sinnott 1984), km.

    Args:
        lon1: longitude of the first points, degrees.
        lat1: their latitude, degrees.
        lon2: longitude of the second points, degrees.
        lat2: their latitude, degrees.

    Returns:
        Kilometres on a sphere of radius `EARTH_KM`; arrays broadcast.
    """
    angles: list[NDArray[np.float64]] = [np.radians(np.asarray(a, dtype=float)) for a in (lon1, lat1, lon2, lat2)]
    west, south, east, north = angles
    # Not the cosine rule: it loses all digits between villages a few metres apart.
    half = np.sin((north - south) / 2) ** 2 + np.cos(south) * np.cos(north) * np.sin((east - west) / 2) ** 2
    return 2 * EARTH_KM * np.arcsin(np.sqrt(np.minimum(half, 1.0)))


class Network:
    """N nodes and L links, with free travel hours by vehicle.

    `start`, `end` (L): nodes at the ends of a link. `length_km` (L). `hours[vehicle]` (L): free travel time of a link
    from its start to its end; from end to start it is the same unless `speed_back_kmh` was given.
    Several links may join the same two nodes; the best one that is open is used. `weight` (N): what a node counts for
    where the network falls apart and the largest part is asked for (`main_weights`).
    """

    def __init__(
        self,
        nodes: int,
        start: ArrayLike,
        end: ArrayLike,
        length_km: ArrayLike,
        speed_kmh: Mapping[str, ArrayLike],
        parameters: Parameters,
        residents: Sequence[float | None] | None = None,
        speed_back_kmh: Mapping[str, NDArray[np.float64]] | None = None,
    ) -> None:
        """`speed_kmh[profile]` (L) for the profiles foot, two_wheeler, car, truck.

        Raises ValueError for an end that is no node.

        `speed_back_kmh[profile]` (L): the same from the end to the start, 0 where that is not allowed; left out: as
        from the start.

        `residents` (N): people who live at a node; None where nobody lives or works. Left out: all nodes are alike.
        """
        self.nodes = nodes
        self.parameters = parameters
        self.start = np.asarray(start, dtype=np.int32)
        self.end = np.asarray(end, dtype=np.int32)
        self.length_km = np.asarray(length_km, dtype=float)
        ends = np.concatenate([self.start, self.end])
        if ends.size and (ends.min() < 0 or ends.max() >= nodes):
            raise ValueError("a road ends outside the network")
        profiles = {
            name: Profile(self, self.length_km / np.asarray(speed), self._back_h((speed_back_kmh or {}).get(name)))
            for name, speed in speed_kmh.items()
        }
        # Any profile would do: which nodes hang together does not depend on speeds.
        self.weight = [1] * nodes if residents is None else main_weights(profiles["truck"].parts, residents)
        for profile in profiles.values():
            profile.weight = self.weight
        self.profiles = {vehicle: profiles[kind.speeds] for vehicle, kind in VEHICLE_KINDS.items()}
        self.hours = {vehicle: self.profiles[vehicle].hours for vehicle in VEHICLES}
        self.ends = profiles["truck"].ends

    def _back_h(self, speed_kmh: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
        if speed_kmh is None:
            return None
        never = np.full(len(speed_kmh), np.inf)
        hours: NDArray[np.float64] = np.divide(self.length_km, speed_kmh, out=never, where=speed_kmh > 0)
        return hours

    @property
    def links(self) -> int:
        """Number of links L."""
        return len(self.length_km)

    @classmethod
    def of(
        cls,
        places: Sequence[Place],
        roads: Sequence[Road],
        walk_kmh: float,
        car_speed: float,
        parameters: Parameters,
    ) -> Network:
        """The network of a scenario: node i is places[i], link j is roads[j].

        Cars drive at the trucks' speed times `car_speed_factor` times `car_speed`, two- and three-wheelers at
        `two_wheeler_kmh` and no faster than trucks. Each road is faster by up to a billionth, by its id: of two ways
        that take equally long always the same is taken, whatever the order of the roads and whoever found the way.
        """
        index = {place.id: number for number, place in enumerate(places)}
        start = [index[road.start] for road in roads]
        end = [index[road.end] for road in roads]
        # By the road's id and not its row: adding a road must not change which of two equal ways is taken.
        faster = np.array([1 + EQUAL_WAYS * stream(0, 0, "equal ways", road.id).random() for road in roads])
        lengths = road_lengths_km(places, roads, start, end, parameters.road_length_factor)

        def of_profiles(truck: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
            return {
                "foot": walk_kmh * faster,
                "two_wheeler": np.minimum(parameters.two_wheeler_kmh * faster, truck),
                "car": truck * parameters.car_speed_factor * car_speed,
                "truck": truck,
            }

        truck = truck_kmh(roads, lengths, parameters) * faster
        back = truck_back_kmh(roads, lengths, truck / faster) * faster if has_directions(roads) else None
        residents = [_residents(place) for place in places]
        speeds, speeds_back = of_profiles(truck), None if back is None else of_profiles(back)
        if speeds_back is not None:
            del speeds_back["foot"]  # people walk on any road both ways
        return cls(len(places), start, end, lengths, speeds, parameters, residents, speeds_back)

    def prepare(self, vehicle: str, roots: Iterable[int]) -> None:
        """Compute the dry trees of many roots (nodes) of a vehicle; all replications of a worker share them."""
        self.profiles[vehicle].plant(list(roots))

    def nodes_along(self, origin: int, path: Path) -> list[int]:
        """Nodes of a path in order of travel, one more than links.

        Args:
            origin: node from which it starts.
            path: links in order of travel.

        Raises:
            ValueError: where a link does not start at the node reached so far.
        """
        nodes = [origin]
        for link in path:
            a, b = self.ends[link]
            if nodes[-1] not in (a, b):
                raise ValueError(f"link {link} does not start at node {nodes[-1]}")
            nodes.append(b if nodes[-1] == a else a)
        return nodes


def has_directions(roads: Sequence[Road]) -> bool:
    """Whether any of some roads is one-way, or slower or faster one way than the other."""
    return any(road.one_way or road.speed_back_kmh is not None or road.drive_back_h is not None for road in roads)


def truck_kmh(roads: Sequence[Road], lengths_km: NDArray[np.float64], parameters: Parameters) -> NDArray[np.float64]:
    """Speeds of a loaded truck on dry roads from their start to their end, km/h, shape (L,).

    Args:
        roads: with a speed or a time of their own, or a class.
        lengths_km: their lengths, shape (L,).
        parameters: speeds by class.
    """
    return np.array(
        [
            length_km / road.drive_h if road.drive_h else road.speed_kmh or parameters.speed_kmh(road.kind)
            for road, length_km in zip(roads, lengths_km.tolist(), strict=True)
        ]
    )


def truck_back_kmh(
    roads: Sequence[Road], lengths_km: NDArray[np.float64], forth_kmh: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The same from their end to their start, shape (L,); 0 on one-way roads.

    Args:
        roads: with a speed or a time of their own for the way back, or none.
        lengths_km: their lengths, shape (L,).
        forth_kmh: speeds from start to end, shape (L,).
    """
    rows = zip(roads, lengths_km.tolist(), forth_kmh.tolist(), strict=True)

    def back_kmh(road: Road, length_km: float, forth: float) -> float:
        if road.one_way:
            return 0.0
        return length_km / road.drive_back_h if road.drive_back_h else road.speed_back_kmh or forth

    return np.array([back_kmh(*row) for row in rows])


def _residents(place: Place) -> float | None:
    return float(getattr(place, "population", 0)) if kind_of(place).staffed else None


def main_weights(part: Sequence[int], residents: Sequence[float | None]) -> list[int]:
    """What each of N nodes counts for: 1 where somebody lives or works in the main part of the open network, else 0.

    The main part has the most residents; of equals the most such nodes, then the first. An island of roads counts for
    nothing, however large it is, and neither do junctions. `part` (N): with every road open; `residents` (N): None
    where nobody lives or works.
    """
    held: dict[int, tuple[float, int]] = {}
    for number, people in zip(part, residents, strict=True):
        if people is not None:
            persons, nodes = held.get(number, (0.0, 0))
            held[number] = (persons + people, nodes + 1)
    main = max(held, key=held.__getitem__, default=-1)
    return [int(number == main and people is not None) for number, people in zip(part, residents, strict=True)]


def road_lengths_km(
    places: Sequence[Place], roads: Sequence[Road], start: list[int], end: list[int], factor: float
) -> NDArray[np.float64]:
    """Lengths of roads, km, shape (L,); where not given, the great circle between their ends times a factor.

    Args:
        places: with longitude and latitude.
        roads: in the order of the links.
        start: position in `places` of the start of each road.
        end: the same of its end.
        factor: of the length of a road to the straight line.
    """
    lon = np.array([place.lon for place in places])
    lat = np.array([place.lat for place in places])
    straight = great_circle_km(lon[start], lat[start], lon[end], lat[end]) if roads else np.zeros(0)
    given = np.array([np.nan if road.length_km is None else road.length_km for road in roads], dtype=float)
    return np.where(np.isnan(given), straight * factor, given)


class _Arcs(NamedTuple):
    """Both directions of all links, sorted by node of departure and arrival; parallel links stand together.

    link (2L): link of each arc. arc (2L): the same, and L more where it goes from the link's end to its start. first
    (P): where each pair of nodes begins in it. column (P): node of arrival of each
    pair. row_start (N+1): where the pairs of each node of departure begin.
    """

    link: NDArray[np.intp]
    arc: NDArray[np.intp]
    first: NDArray[np.intp]
    column: NDArray[np.int32]
    row_start: NDArray[np.intp]

    @classmethod
    def of(cls, network: Network) -> _Arcs:
        rows = np.concatenate([network.start, network.end])
        columns = np.concatenate([network.end, network.start])
        # Parallel links stand together, so that one reduction finds the best of each pair.
        order = np.lexsort((columns, rows))
        rows, columns = rows[order], columns[order]
        new = np.ones(len(rows), dtype=bool)
        new[1:] = (rows[1:] != rows[:-1]) | (columns[1:] != columns[:-1])
        first = np.flatnonzero(new)
        row_start = np.searchsorted(rows[first], np.arange(network.nodes + 1))
        # Arcs i and i + L are the two ways of link i; the remainder takes both back to it.
        return cls(order % max(network.links, 1), order, first, columns[first], row_start)

    def entries(self) -> tuple[list[list[tuple[int, Path]]], dict[tuple[int, int], Path]]:
        """For each link the pairs that it joins, as (number of the pair, all links of the pair); links by nodes."""
        of_link: list[list[tuple[int, Path]]] = [[] for _ in range(len(self.link) // 2)]
        joining = {}
        rows = np.repeat(np.arange(len(self.row_start) - 1), np.diff(self.row_start)).tolist()
        ends = [*self.first.tolist(), len(self.link)][1:]
        pairs = zip(self.first.tolist(), ends, rows, self.column.tolist(), strict=True)
        for pair, (begin, end, row, column) in enumerate(pairs):
            links = tuple(sorted(set(self.link[begin:end].tolist())))
            joining[row, column] = links
            for link in links:
                of_link[link].append((pair, links))
        return of_link, joining


class Trees(dict[int, Tree]):
    """Root -> its dry tree; one that is not there yet is planted when it is asked for."""

    def __init__(self, profile: Profile) -> None:
        super().__init__()
        self.profile = profile

    def __missing__(self, root: int) -> Tree:
        self.profile.plant([root])
        return self[root]


class Profile:
    """The dry network at one set of speeds: neighbours, trees by root, paths by pair; grows as it is asked.

    `joining[a, b]`: links between two nodes. `entries[link]`: places of a link in the data of the matrix, each with
    all links that share it. `neighbours[node]`: all links at a node. `onward[node]`: those that may be driven from it,
    with the hours from it; the same list where no road has directions of its own.
    Answers never depend on what was asked before, not even in their last digit: a way to b always comes from b's tree.
    """

    def __init__(
        self, network: Network, hours: NDArray[np.float64], back_hours: NDArray[np.float64] | None = None
    ) -> None:
        """`hours` (L): of each link from its start to its end; `back_hours` (L): from its end to its start.

        Hours are infinite where that is not allowed. `back_hours` left out: no link has directions of its own.
        """
        self.nodes = network.nodes
        self.hours = hours
        self.has_directions = back_hours is not None
        self.link_hours: list[float] = hours.tolist()
        self.neighbours: list[list[tuple[int, int, float]]] = [[] for _ in range(self.nodes)]
        self.best: dict[tuple[int, int], int] = {}
        self.ends: list[tuple[int, int]] = list(zip(network.start.tolist(), network.end.tolist(), strict=True))
        for link, ((a, b), time) in enumerate(zip(self.ends, self.link_hours, strict=True)):
            self.neighbours[a].append((b, link, time))
            self.neighbours[b].append((a, link, time))
            # Of parallel links only the best is ever driven on dry roads.
            if (a, b) not in self.best or time < self.link_hours[self.best[a, b]]:
                self.best[a, b] = self.best[b, a] = link
        self.onward = self.neighbours
        self.back_hours = self.link_hours
        if back_hours is not None:
            self.back_hours = back_hours.tolist()
            self._direct()
        self.trees = Trees(self)
        self._outward: dict[int, memoryview[float]] = {}
        self.memo: dict[int, tuple[float, Path | None]] = {}
        self._arcs = _Arcs.of(network)
        self.entries, self.joining = self._arcs.entries()
        self._parts: list[int] | None = None
        self._dry: Any = None
        self.weight: list[int] = [1] * self.nodes

    def _direct(self) -> None:
        """Neighbours and best links where each direction has hours of its own."""
        self.onward, self.best = [[] for _ in range(self.nodes)], {}
        for node, near in enumerate(self.neighbours):
            for place, (other, link, _) in enumerate(near):
                hours = self.hours_from(node, link)
                # What hangs together is asked of `neighbours`, and least hours: either direction will do there.
                near[place] = (other, link, min(hours, self.hours_from(other, link)))
                if hours < float("inf"):
                    self.onward[node].append((other, link, hours))
                    best = self.best.get((node, other))
                    if best is None or hours < self.hours_from(node, best):
                        self.best[node, other] = link

    def hours_from(self, node: int, link: int) -> float:
        """Dry hours over a link from one of its ends; infinite against a one-way road."""
        return self.link_hours[link] if self.ends[link][0] == node else self.back_hours[link]

    def hours_along(self, start: int | None, path: Path) -> list[float]:
        """Dry hours over each link of a path.

        Args:
            start: node from which it starts; None will do where no road has directions of its own.
            path: links in order of travel.

        Raises:
            ValueError: there are directions, and no start.
        """
        if not self.has_directions or not path:
            return [self.link_hours[link] for link in path]
        if start is None:
            raise ValueError("a path on roads with directions has a start")
        hours, node = list[float](), start
        for link in path:
            a, b = self.ends[link]
            hours.append(self.hours_from(node, link))
            node = b if node == a else a
        return hours

    def hours_out(self, start: int) -> memoryview[float]:
        """Shortest dry hours from a node to every node (N)."""
        if not self.has_directions:
            return self.trees[start].hours
        if start not in self._outward:
            from scipy.sparse.csgraph import dijkstra

            if (len(self._outward) + 1) * self.nodes > TREES_LIMIT:
                self._outward.clear()
            hours: Any = dijkstra(self.matrix().T.tocsr(), indices=[start])
            self._outward[start] = memoryview(hours[0])
        return self._outward[start]

    @property
    def parts(self) -> list[int]:
        """For each node (N) the number of its part with every road open."""
        if self._parts is None:
            from scipy.sparse.csgraph import connected_components

            self._parts = connected_components(self.matrix(), directed=False)[1].tolist()
        return self._parts

    def matrix(self) -> Any:
        """A new sparse matrix of dry hours by the best link; `entries` says where each link is in it.

        Row a and column b hold the hours from b to a, so that a search from a finds the ways to it.
        """
        from scipy.sparse import csr_array

        arcs = self._arcs
        # New each time, since a router writes what it knows closed into the one that it takes.
        if not arcs.first.size:
            best = self.hours[:0]
        elif self.has_directions:
            best = np.minimum.reduceat(np.concatenate([self.back_hours, self.hours])[arcs.arc], arcs.first)
        else:
            best = np.minimum.reduceat(self.hours[arcs.link], arcs.first)
        return csr_array((best, arcs.column, arcs.row_start), shape=(self.nodes, self.nodes))

    def plant(self, roots: list[int]) -> None:
        """Compute the trees of roots (nodes) that have none yet, all together (Dijkstra 1959, as in SciPy)."""
        wanted = sorted(set(roots) - self.trees.keys())
        if not wanted:
            return
        from scipy.sparse.csgraph import dijkstra

        # Emptied whole and not by age: answers do not depend on what is remembered, and a list of ages costs at every
        # look.
        if (len(self.trees) + len(wanted)) * self.nodes > TREES_LIMIT:
            self.trees.clear()
        hours: Any
        towards: Any
        if self._dry is None:
            self._dry = self.matrix()
        hours, towards = dijkstra(self._dry, indices=wanted, return_predecessors=True)
        for root, row, steps in zip(wanted, hours, towards, strict=True):
            self.trees[root] = Tree(memoryview(row), memoryview(steps))

    def dry(self, a: int, b: int) -> tuple[float, Path | None]:
        """Shortest hours and path from a to b with every road open; (inf, None) if no road leads there."""
        key = a * self.nodes + b
        way = self.memo.get(key)
        if way is None:
            # Emptied whole, as the trees are: what is forgotten is found again with the same digits.
            if len(self.memo) >= MEMO_LIMIT:
                self.memo.clear()
            way = self.memo[key] = self._walk(a, b)
        return way

    def dry_hours(self, a: int, b: int) -> float:
        """Shortest hours from node a to b with every road open: a lower bound for every later state of the roads."""
        return self.trees[b].hours[a]

    def way_round(self, a: int, b: int, shut: Container[int], most_h: float) -> Path | None:
        """The shortest way from node a to b without some links, by Dijkstra's algorithm (1959).

        Args:
            a: node of departure.
            b: node of arrival.
            shut: links that must not be used.
            most_h: hours beyond which nobody would go round; the search ends there.

        Returns:
            Links in order of travel; None if there is no way within `most_h`.
        """
        # Not SciPy's search, which has no goal to end at: few nodes lie within `most_h`.
        done, heap = set[int](), [(0.0, a, Path())]
        while heap:
            so_far, node, path = heappop(heap)
            if node == b:
                return path
            if node not in done:
                done.add(node)
                for other, link, hours in self.onward[node]:
                    if other not in done and link not in shut and so_far + hours <= most_h:
                        heappush(heap, (so_far + hours, other, (*path, link)))
        return None

    def _walk(self, a: int, b: int) -> tuple[float, Path | None]:
        hours, towards = self.trees[b]
        total, links, best, node = hours[a], list[int](), self.best, a
        if total == float("inf"):
            return total, None
        while node != b:
            step = towards[node]
            links.append(best[node, step])
            node = step
        return total, tuple(links)
