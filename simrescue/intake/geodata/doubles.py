"""Roads that two files draw, some metres apart: taken once, as the earlier file has them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple, get_args

import numpy as np

from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.geodata.noding import MEETS_M, Plane, cut
from simrescue.intake.geodata.road_file import RoadFile
from simrescue.intake.geodata.road_nature import DrawnRoad
from simrescue.places import RoadClass
from simrescue.wording import Words, bilingual

ROAD_CLASSES = get_args(RoadClass)
"""The best first."""
BESIDE_M, MOST_PROBED, TWICE_SHARE = 30.0, 2000, 0.3
"""Metres between two drawings of one road, roads of a file that are looked at, and the share of them from which
another file is taken to hold the same roads (assumed)."""
ALONG, LONGEST_GAP_M = 0.7, 60.0
"""A stretch runs along another road if it comes forward on that by this share of its length: one that crosses it does
not. Gaps no longer than this between two such stretches belong to them (assumed)."""
ReadRoads = list[tuple[RoadFile, list[DrawnRoad]]]


class Earlier(NamedTuple):
    """Roads of the files before, in metres."""

    roads: list[DrawnRoad]
    lines: Any
    """Shapely lines, shape (R,)."""
    better_m: list[dict[str, float]]
    """For each of them: better class -> metres of later roads of that class along it."""


def without_doubles(read: ReadRoads) -> tuple[ReadRoads, list[Words]]:
    """The roads of several files without those stretches that an earlier file draws too, and what is said of them.

    Only files of which a good part lies beside the roads of an earlier one are looked at. A road takes the better class
    where later files give it along half of its length.

    Args:
        read: files with their roads in WGS84, the first to be kept as it is.
    """
    import shapely

    plane = Plane(np.concatenate([road.points for _, roads in read for road in roads]))
    kept, said = ReadRoads(), list[Words]()
    for file, roads in read:
        lines = np.array([shapely.LineString(plane.flat(road.points)) for road in roads])
        for number, (before, others) in enumerate(kept):
            earlier = _earlier(others, plane)
            share = _share_beside(lines, earlier)
            if share < TWICE_SHARE or not len(lines):
                continue
            roads, dropped_m = _left(roads, lines, earlier, plane)  # noqa: PLW2901 - what is left of them
            lines = np.array([shapely.LineString(plane.flat(road.points)) for road in roads])
            kept[number] = (before, _in_better_class(earlier))
            said.append(bilingual(
                "{file}: {share:.0%} of its roads lie within {apart:.0f} m of those of {other}; {length:,.1f} km that"
                " both draw are taken once, as {other} has them, in the better class",
                file=file.file, share=share, apart=BESIDE_M, other=before.file, length=dropped_m / 1000,
            ))  # fmt: skip
        kept.append((file, roads))
    return [(file, roads) for file, roads in kept if roads], said


def _earlier(roads: list[DrawnRoad], plane: Plane) -> Earlier:
    import shapely

    lines = np.array([shapely.LineString(plane.flat(road.points)) for road in roads])
    return Earlier(roads, lines, [{} for _ in roads])


def _share_beside(lines: Any, earlier: Earlier) -> float:
    """Share of some lines that lie beside earlier roads, by a point of each."""
    import shapely

    probed = lines[:: max(1, len(lines) // MOST_PROBED)]
    if not len(probed) or not len(earlier.lines):
        return 0.0
    spots = shapely.line_interpolate_point(probed, 0.4, normalized=True)
    near = shapely.STRtree(earlier.lines).query(spots, predicate="dwithin", distance=BESIDE_M)[0]
    return len(np.unique(near)) / len(spots)


def _left(roads: Sequence[DrawnRoad], lines: Any, earlier: Earlier, plane: Plane) -> tuple[list[DrawnRoad], float]:
    """What is left of some roads, its ends joined to the earlier roads, and the metres that are dropped."""
    import shapely

    tree, level = shapely.STRtree(earlier.lines), np.array([road.nature.level for road in earlier.roads])
    pieces, dropped = list[tuple[DrawnRoad, Points, bool]](), list[Any]()
    for road, line in zip(roads, lines, strict=True):
        near = tree.query(line, predicate="dwithin", distance=BESIDE_M)
        near = near[level[near] == road.nature.level]
        stretches = _stretches(line, road, near, earlier)
        points = plane.flat(road.points)
        if not stretches:
            pieces.append((road, points, False))
            continue
        ends = sorted({0.0, float(line.length), *(end for stretch in stretches for end in stretch)})
        for begin, piece in zip(ends, cut(points, ends[1:-1]), strict=False):
            middle = begin + shapely.LineString(piece).length / 2
            if any(low <= middle <= high for low, high in stretches):
                dropped.append(shapely.LineString(piece))
            else:
                pieces.append((road, piece, True))
    gone = shapely.STRtree(dropped)
    left = []
    for road, points, is_cut in pieces:
        ends_at = shapely.points(points[[0, -1]])
        hangs = [bool(len(gone.query(end, predicate="dwithin", distance=MEETS_M))) for end in ends_at]
        if is_cut or any(hangs):
            joined = [_nearest(end, tree, earlier) if hang else None for end, hang in zip(ends_at, hangs, strict=True)]
            points = np.concatenate([part for part in (joined[0], points, joined[1]) if part is not None])  # noqa: PLW2901
            left.append(road._replace(points=plane.degrees(points), shares_points=False))
        else:
            left.append(road)
    return left, float(sum(line.length for line in dropped))


def _stretches(line: Any, road: DrawnRoad, near: Any, earlier: Earlier) -> list[tuple[float, float]]:
    """Stretches of a line, as measures from its start, that run along earlier roads; those roads learn its class."""
    import shapely

    found = list[tuple[float, float]]()
    for number in near.tolist():
        other = earlier.lines[number]
        inside = shapely.intersection(line, shapely.buffer(other, BESIDE_M))
        for part in shapely.get_parts(inside):
            if part.geom_type != "LineString" or part.length < MEETS_M:
                continue
            low, high = sorted(line.project(shapely.Point(end)) for end in (part.coords[0], part.coords[-1]))
            forward = abs(other.project(shapely.Point(part.coords[0])) - other.project(shapely.Point(part.coords[-1])))
            if forward < ALONG * part.length:
                continue
            found.append((low, high))
            learned, kind = earlier.better_m[number], road.nature.kind
            if ROAD_CLASSES.index(kind) < ROAD_CLASSES.index(earlier.roads[number].nature.kind):
                learned[kind] = learned.get(kind, 0.0) + forward
    merged = list[tuple[float, float]]()
    for low, high in sorted(found):
        if merged and low - merged[-1][1] <= LONGEST_GAP_M:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    return [(0.0 if low < LONGEST_GAP_M else low, line.length if line.length - high < LONGEST_GAP_M else high)
            for low, high in merged]  # fmt: skip


def _nearest(end: Any, tree: Any, earlier: Earlier) -> Points:
    """The point of the earlier roads that is nearest to an end, shape (1, 2)."""
    line = earlier.lines[int(tree.nearest(end))]
    return np.array(line.interpolate(line.project(end)).coords, dtype=float)


def _in_better_class(earlier: Earlier) -> list[DrawnRoad]:
    roads = []
    for road, line, better in zip(earlier.roads, earlier.lines, earlier.better_m, strict=True):
        kinds = [kind for kind in ROAD_CLASSES if 2 * better.get(kind, 0.0) >= line.length]
        roads.append(road._replace(nature=road.nature._replace(kind=kinds[0])) if kinds else road)
    return roads
