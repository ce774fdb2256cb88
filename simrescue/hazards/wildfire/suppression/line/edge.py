"""The edge of burnt ground: the ring of unburnt cells around it, in order, as crews walk along it.

Islands of unburnt ground inside a fire have no place in the ring. It is traced along the sides between burnt and
unburnt cells, clockwise on the map; burnt cells that touch at a corner belong together, so that neighbours in the ring
touch each other, and a ring of closed cells holds the fire.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.wildfire.behaviour.rothermel import Spread

Cells = NDArray[np.intp]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

STEP_LENGTH = math.pi * (1 + math.sqrt(2)) / 8
"""Length of a smooth curve over that of a chain of cell centres along it, on the average of all directions (0.948)."""
EAST, SOUTH, WEST, NORTH = range(4)
"""Ways along a side; the unburnt cell is on the left."""
SMOOTHING = {-2: 1, -1: 2, 0: 3, 1: 2, 2: 1}
"""Weights of the sides before and after one in its outward direction."""
_ROW_OUT = np.array([-1, 0, 1, 0])
_COLUMN_OUT = np.array([0, 1, 0, -1])
_TAIL = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Corner (row, column) of a burnt cell at which its side in each way begins; it ends where the next one begins."""


class Outline(NamedTuple):
    """P places around burnt ground, in closed rings one after the other."""

    cells: Cells
    """(P,) the unburnt cell; -1: beyond the landscape. A cell between two burnt ones can stand here twice."""
    inner: Cells
    """(P,) a burnt cell beside it."""
    normal: Floats
    """(P, 2) outward direction (east, north) of length 1."""
    step_m: Floats
    """(P,) metres of edge from the place before it in the ring."""
    before: Cells
    """(P,) place before it in the ring (counter-clockwise)."""
    after: Cells
    """(P,) place after it."""
    ring: Cells
    """(P,) number of its ring."""

    @property
    def along_m(self) -> Floats:
        """(P,) metres of edge from the first place of its ring."""
        # Only the first of a ring has its place before it further on, at the ring's end.
        first = self.before >= np.arange(len(self.before))
        total: Floats = np.cumsum(np.where(first, 0.0, self.step_m))
        return total - total[np.flatnonzero(first)][self.ring]

    @property
    def ring_m(self) -> Floats:
        """(P,) length of its ring."""
        length_m: Floats = np.bincount(self.ring, self.step_m).astype(float)
        return length_m[self.ring]


def trace(burnt: Flags, cell_x_m: float, cell_y_m: float) -> Outline:
    """The rings around all burnt ground of a raster, as crews walk along them (border following).

    Args:
        burnt: (R, C).
        cell_x_m: width of a cell.
        cell_y_m: height of a cell.

    Returns:
        Places in the order of their rings, clockwise on the map; none where nothing burnt.
    """
    rows, columns = burnt.shape
    north, west, part = cropped(burnt)
    row, column, way, order, starts = _rings(part)
    row, column, way = row[order] + north, column[order] + west, way[order]
    # The ring is of unburnt cells: that is where crews stand and what they close.
    out_row, out_column = row + _ROW_OUT[way], column + _COLUMN_OUT[way]
    inside = (out_row >= 0) & (out_row < rows) & (out_column >= 0) & (out_column < columns)
    cells = np.where(inside, out_row * columns + out_column, -1)
    before, _ = _neighbours(starts, len(order))
    # a cell may be seen over several sides in turn and is one place; places beyond the landscape count one by one
    kept = np.flatnonzero((cells != cells[before]) | (cells < 0))
    first = np.searchsorted(kept, starts)
    before_kept, after_kept = _neighbours(first, len(kept))
    from_row, from_column = out_row[kept][before_kept], out_column[kept][before_kept]
    along = np.hypot((out_column[kept] - from_column) * cell_x_m, (out_row[kept] - from_row) * cell_y_m)
    normal = _normals(way, starts, cell_x_m, cell_y_m)[kept]
    inner = (row * columns + column)[kept]
    ring = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(kept))))
    return Outline(cells[kept], inner, normal, along * STEP_LENGTH, before_kept, after_kept, ring)


def cropped(burnt: Flags, margin: int = 0) -> tuple[int, int, Flags]:
    """The part of a raster that holds all flags, with a margin of so many cells as far as there are.

    First row, first column, part.
    """
    rows, columns = np.flatnonzero(burnt.any(axis=1)), np.flatnonzero(burnt.any(axis=0))
    if not len(rows):
        return 0, 0, burnt[:0, :0]
    north, west = max(int(rows[0]) - margin, 0), max(int(columns[0]) - margin, 0)
    return north, west, burnt[north : int(rows[-1]) + margin + 1, west : int(columns[-1]) + margin + 1]


def _rings(burnt: Flags) -> tuple[Cells, Cells, Cells, Cells, Cells]:
    """Burnt cell (row, column) and way of all sides; the sides of the outer rings in order; where each ring starts."""
    # Ground beyond the raster counts as unburnt, so that rings close along its border.
    padded = np.pad(burnt, 1)
    core = padded[1:-1, 1:-1]
    open_to = (~padded[:-2, 1:-1], ~padded[1:-1, 2:], ~padded[2:, 1:-1], ~padded[1:-1, :-2])
    cells = [np.flatnonzero(core & sides) for sides in open_to]
    row, column = np.divmod(np.concatenate(cells), burnt.shape[1])
    way = np.repeat(np.arange(4), [len(side) for side in cells])
    corner = np.array(_TAIL)
    width = burnt.shape[1] + 1
    tail = (row + corner[way, 0]) * width + column + corner[way, 1]
    end = (way + 1) % 4
    head = (row + corner[end, 0]) * width + column + corner[end, 1]
    order, starts = _chained(tail, head, way)
    # a ring around burnt ground runs clockwise: its sides to the east lie north of those to the west
    # Their sum is the area inside with its sign, by the shoelace formula.
    northing = np.where(way == EAST, -row, np.where(way == WEST, row + 1, 0))[order]
    outer = np.add.reduceat(northing, starts) > 0 if len(starts) else np.zeros(0, dtype=bool)
    lengths = np.diff(np.append(starts, len(order)))
    order = order[np.repeat(outer, lengths)]
    lengths = lengths[outer]
    return row, column, way, order, (np.cumsum(lengths) - lengths).astype(np.intp)


def _chained(tail: Cells, head: Cells, way: Cells) -> tuple[Cells, Cells]:
    """All sides, each followed by the one that begins where it ends; where each ring starts."""
    key = tail * 4 + way
    by_key = np.argsort(key)
    # The -1 answers for keys beyond the last one: no side begins there.
    ordered = np.append(key[by_key], -1)
    follower = np.full(len(tail), -1)
    # where two burnt cells touch at a corner, the turn to the left joins them
    for turn in (1, 0, 3):
        wanted = head * 4 + (way + turn) % 4
        at = np.searchsorted(ordered[:-1], wanted)
        follower = np.where(ordered[at] == wanted, np.append(by_key, -1)[at], follower)
    follows = follower.tolist()
    seen = bytearray(len(follows))
    order: list[int] = []
    starts: list[int] = []
    for side in range(len(follows)):
        if seen[side]:
            continue
        starts.append(len(order))
        while not seen[side]:
            seen[side] = 1
            order.append(side)
            side = follows[side]  # noqa: PLW2901
    return np.array(order, dtype=np.intp), np.array(starts, dtype=np.intp)


def _neighbours(starts: Cells, count: int) -> tuple[Cells, Cells]:
    """Place before and after each of `count` places in rings that start at `starts`."""
    before = np.arange(-1, count - 1)
    after = np.arange(1, count + 1)
    ends = np.append(starts[1:], count) - 1
    if count:
        before[starts] = ends
        after[ends] = starts
    return before, after


def _normals(way: Cells, starts: Cells, cell_x_m: float, cell_y_m: float) -> Floats:
    """Outward directions (east, north), averaged over some sides along the ring."""
    count = len(way)
    lengths = np.diff(np.append(starts, count))
    start, length = np.repeat(starts, lengths), np.repeat(lengths, lengths)
    sides = np.stack([_COLUMN_OUT[way] * cell_y_m, -_ROW_OUT[way] * cell_x_m], axis=1)
    place = np.arange(count) - start
    summed = np.zeros((count, 2))
    # Sides run in four directions only; a few of them together show which way the edge really faces.
    for off, weight in SMOOTHING.items():
        summed += weight * sides[start + (place + off) % length]
    size = np.hypot(summed[:, 0], summed[:, 1])[:, None]
    unit: Floats = np.divide(summed, size, out=sides.astype(float), where=size > 0)
    return unit


def normal_rate(spread: Spread, cells: Cells, normal: Floats) -> Floats:
    """Rate, m/min (N,), at which a front moves over cells along its outward direction.

    Every point of a front starts an ellipse (Huygens' principle); their envelope moves along the normal n by c cos(n) +
    sqrt(a^2 cos^2(n) + b^2 sin^2(n)), with the half axes a and b and the drift c of the ellipse per minute and the
    angle n from its head (Richards 1990).

    Args:
        spread: over all cells.
        cells: (N,).
        normal: (N, 2) east, north, of length 1.
    """
    head, e = spread.head_m_min[cells], spread.eccentricity[cells]
    a = head / (1 + e)
    towards = spread.towards_rad[cells]
    cosine = normal[:, 0] * np.sin(towards) + normal[:, 1] * np.cos(towards)
    rate: Floats = a * (e * cosine + np.sqrt(1 - e * e * (1 - cosine * cosine)))
    return np.maximum(rate, 0.0)


def flame_m(spread: Spread, cells: Cells, rate_m_min: Floats) -> Floats:
    """Length of flames, m (N,), of a front that moves over cells at a rate: its heat is that of the head in proportion.

    Args:
        spread: over all cells.
        cells: (N,).
        rate_m_min: (N,) rate of the front, along its normal.
    """
    return spread.flame_at(cells, rate_m_min)


def rate_towards(spread: Spread, cells: Cells, east_m: Floats, north_m: Floats) -> Floats:
    """Rate, m/min (N,), at which a fire that starts in cells (N,) runs in a direction.

    The ellipse about its rear focus.

    The direction is that of the vector (`east_m`, `north_m`), (N,) each, whatever its length.
    """
    head, e = spread.head_m_min[cells], spread.eccentricity[cells]
    off = np.arctan2(east_m, north_m) - spread.towards_rad[cells]
    rate: Floats = head * (1 - e) / (1 - e * np.cos(off))
    return rate
