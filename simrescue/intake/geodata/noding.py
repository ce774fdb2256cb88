"""Lines cut where roads meet: at crossings of one level, at shared points, where an end comes close to another line.

Bridges and tunnels pass over and under: a pair of different levels meets only where the raised or sunken one ends.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.road_nature import DrawnRoad, Nature
from simrescue.network.road_network import EARTH_KM, great_circle_km

MEETS_M = 2.0
"""Ends that miss another road by less meet it: lines are drawn by hand."""
SAME_M = 0.02
"""Points of a file whose roads share points are the same within this."""


class Link(NamedTuple):
    """A road between two nodes."""

    a: int
    b: int
    length_km: float
    nature: Nature
    name: str
    points: Points
    """Its line from a to b in degrees, shape (P, 2)."""


class RoadWeb(NamedTuple):
    """Roads that meet at nodes."""

    nodes: Points
    """Degrees, shape (N, 2)."""
    links: list[Link]


class Plane:
    """Metres on a plane that touches the Earth in the middle of some points: good for distances of some kilometres."""

    def __init__(self, points: Points) -> None:
        """`points` (N, 2): degrees."""
        self.middle = (points.min(axis=0) + points.max(axis=0)) / 2
        per_degree = np.radians(1) * EARTH_KM * 1000
        self.metres = np.array([per_degree * np.cos(np.radians(self.middle[1])), per_degree])

    def flat(self, points: Points) -> Points:
        """Degrees as metres; `points` (N, 2)."""
        return np.asarray((points - self.middle) * self.metres, dtype=float)

    def degrees(self, points: Points) -> Points:
        """Metres as degrees; `points` (N, 2)."""
        return np.asarray(points / self.metres + self.middle, dtype=float)


def length_km(points: Points) -> float:
    """Length of a line of degrees, shape (P, 2), on the sphere, km."""
    return float(great_circle_km(points[:-1, 0], points[:-1, 1], points[1:, 0], points[1:, 1]).sum())


def noded(roads: Sequence[DrawnRoad]) -> RoadWeb:
    """Roads as a web: cut where they meet, with one node wherever several come together.

    Args:
        roads: in degrees of WGS84.
    """
    import shapely

    roads = [part for road in roads for part in _simple(road)]
    plane = Plane(np.concatenate([road.points for road in roads]))
    flat = [plane.flat(road.points) for road in roads]
    shapes = np.array([shapely.LineString(points) for points in flat])
    cuts: dict[int, list[float]] = defaultdict(list)
    shares = np.array([road.shares_points for road in roads])
    for line, at in _shared(roads, flat):
        cuts[line].append(at)
    if not shares.all():
        for line, at in _crossings(roads, shapes, shares):
            cuts[line].append(at)
    pieces = [
        (number, piece) for number, points in enumerate(flat) for piece in cut(points, sorted(cuts.get(number, ())))
    ]
    ends = np.array([piece[end] for _, piece in pieces for end in (0, -1)])
    node = _clustered(ends, np.repeat([shares[number] for number, _ in pieces], 2))
    count = int(node.max()) + 1
    nodes = np.column_stack([np.bincount(node, ends[:, axis], count) / np.bincount(node) for axis in (0, 1)])
    links = []
    for (number, piece), (a, b) in zip(pieces, node.reshape(-1, 2).tolist(), strict=True):
        points = plane.degrees(piece)
        if a != b or len(piece) > 3:
            links.append(Link(a, b, length_km(points), roads[number].nature, roads[number].name, points))
    return RoadWeb(plane.degrees(nodes), links)


def _simple(road: DrawnRoad) -> Iterator[DrawnRoad]:
    """A line that crosses itself in parts that do not."""
    import shapely

    line = shapely.LineString(road.points)
    if road.shares_points or line.is_simple:
        yield road
    else:
        for part in shapely.get_parts(shapely.node(line)):
            yield road._replace(points=shapely.get_coordinates(part))


def _along(points: Points) -> NDArray[np.float64]:
    """Measure of each point of a line, shape (P,)."""
    return np.concatenate([[0.0], np.hypot(*np.diff(points, axis=0).T).cumsum()])


def _shared(roads: Sequence[DrawnRoad], flat: Sequence[Points]) -> Iterator[tuple[int, float]]:
    """Points that stand in several lines of a file whose roads share points, or twice in one: line and measure."""
    chosen = [number for number, road in enumerate(roads) if road.shares_points]
    if not chosen:
        return
    keys = np.concatenate([np.round(roads[number].points * 1e7).astype(np.int64) for number in chosen])
    _, inverse, counts = np.unique(keys, axis=0, return_inverse=True, return_counts=True)
    often, begin = (counts[inverse.reshape(-1)] > 1), 0
    for number in chosen:
        along, size = _along(flat[number]), len(flat[number])
        yield from ((number, float(at)) for at in along[often[begin : begin + size]])
        begin += size


def _crossings(
    roads: Sequence[DrawnRoad], shapes: NDArray[Any], shares: NDArray[np.bool_]
) -> Iterator[tuple[int, float]]:
    """Where lines cross that are of one level, and where an end comes close to a line: line and measure."""
    import shapely

    tree, level = shapely.STRtree(shapes), np.array([road.nature.level for road in roads])
    one, two = tree.query(shapes, predicate="intersects")
    wanted = (one < two) & (level[one] == level[two]) & ~(shares[one] & shares[two])
    one, two = one[wanted], two[wanted]
    meeting, of_pair = shapely.get_coordinates(shapely.intersection(shapes[one], shapes[two]), return_index=True)
    spots = shapely.points(meeting)
    for line in (one[of_pair], two[of_pair]):
        yield from zip(line.tolist(), shapely.line_locate_point(shapes[line], spots).tolist(), strict=True)
    ends = shapely.points(np.array([shapely.get_coordinates(shape)[[0, -1]] for shape in shapes]).reshape(-1, 2))
    end, line = tree.query(ends, predicate="dwithin", distance=MEETS_M)
    of = end // 2
    at, length = shapely.line_locate_point(shapes[line], ends[end]), shapely.length(shapes[line])
    at_end = (at < MEETS_M) | (at > length - MEETS_M)
    # A road that ends below a bridge does not meet it, a bridge that ends at a road does.
    meets = (level[of] == level[line]) | at_end | (level[of] != 0)
    wanted = (of != line) & meets & ~(shares[of] & shares[line])
    yield from zip(line[wanted].tolist(), at[wanted].tolist(), strict=True)


def cut(points: Points, measures: Sequence[float]) -> list[Points]:
    """A line cut at measures in rising order; pieces shorter than `SAME_M` are no pieces.

    Args:
        points: of the line, metres, shape (P, 2).
        measures: metres from its start.
    """
    along = _along(points)
    inner = [at for at in measures if SAME_M < at < along[-1] - SAME_M]
    kept = [at for before, at in pairwise([0.0, *inner]) if at - before > SAME_M]
    pieces = []
    for begin, end in pairwise([0.0, *kept, float(along[-1])]):
        between = points[(along > begin + 1e-9) & (along < end - 1e-9)]
        outer = np.column_stack([np.interp([begin, end], along, points[:, axis]) for axis in (0, 1)])
        pieces.append(np.concatenate([outer[:1], between, outer[1:]]))
    return pieces


def _clustered(ends: Points, shares: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each end the number of its node: ends that are close together are one."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components
    from scipy.spatial import cKDTree

    pairs = cKDTree(ends).query_pairs(MEETS_M, output_type="ndarray")
    apart = np.hypot(*(ends[pairs[:, 0]] - ends[pairs[:, 1]]).T)
    pairs = pairs[(apart <= SAME_M) | ~(shares[pairs[:, 0]] & shares[pairs[:, 1]])]
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(len(ends), len(ends)))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.intp)
