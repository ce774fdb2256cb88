"""What each fire has burned, hour by hour, as areas of a map: the cells of the landscape that were burned by then."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import ndimage

from simrescue.events import EventKind
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M
from simrescue.units import SAME_H

if TYPE_CHECKING:
    from simrescue.events import EventLog

Mask = NDArray[np.bool_]
Corner = tuple[int, int]
"""Row and column of a corner of cells, from the north-west."""
Ring = tuple[tuple[float, float], ...]
"""Longitudes and latitudes, the first again at the end."""
Polygon = tuple[Ring, ...]
"""Its outer ring against the clock, then its holes with it."""


def cell_ha(grid: Grid) -> float:
    """Area of a cell on the map, at the middle latitude."""
    middle = np.radians(grid.north - grid.dlat * grid.rows / 2)
    return float(grid.dlon * np.cos(middle) * grid.dlat) * DEGREE_M**2 / 10_000


class BurnedArea(NamedTuple):
    """What a fire has burned by a full hour, until it burns more."""

    fire: int
    """Its index among the things."""
    from_h: float
    to_h: float
    area_ha: float
    polygons: tuple[Polygon, ...]


def burned_areas(log: EventLog, grid: Grid, duration_h: float) -> Iterator[BurnedArea]:
    """The area of each fire at every full hour at which it has grown, and at the end of the run.

    Args:
        log: of one replication.
        grid: of its landscape.
        duration_h: length of the run, hours.
    """
    rows = log.where(EventKind.BURNS)
    fires, cells = log.subject[rows], log.amount[rows].astype(np.intp)
    # Seen at the first full hour that is not before it burns: what burns at 1:00 belongs to the picture of 1:00.
    seen_h = np.minimum(np.ceil(log.time_h[rows] - SAME_H), duration_h)
    for fire in np.unique(fires).tolist():
        own = fires == fire
        hours = np.unique(seen_h[own])
        mask = np.zeros(grid.rows * grid.columns, dtype=bool)
        for from_h, to_h in zip(hours.tolist(), [*hours[1:].tolist(), duration_h], strict=True):
            mask[cells[own & (seen_h == from_h)]] = True
            area = mask.reshape(grid.rows, grid.columns)
            yield BurnedArea(fire, from_h, to_h, float(mask.sum()) * cell_ha(grid), tuple(polygons(area, grid)))


def polygons(area: Mask, grid: Grid) -> Iterator[Polygon]:
    """Cells of a grid as polygons along their edges, one for those that hang together by their sides.

    Args:
        area: which cells, shape (rows, columns).
        grid: where they lie.
    """
    parts, _ = ndimage.label(area)
    for part, box in enumerate(ndimage.find_objects(parts), 1):
        rings = sorted(_rings(parts[box] == part), key=_twice_area, reverse=True)
        north_west = box[0].start, box[1].start
        yield tuple(_on_the_ground(ring, grid, north_west) for ring in rings)


def _rings(part: Mask) -> list[list[Corner]]:
    """The edges of cells that hang together as rings of corners, the cells on the left hand.

    Where two of the cells touch by a corner only, a ring goes on along the other, so that what lies outside of it is
    one piece there and no ring touches itself.
    """
    padded = np.pad(part, 1)
    inside = padded[1:-1, 1:-1]
    sides = (  # which cells have this edge, and its two corners from the cell's north-western one
        (inside & ~padded[:-2, 1:-1], (0, 1), (0, 0)),
        (inside & ~padded[1:-1, :-2], (0, 0), (1, 0)),
        (inside & ~padded[2:, 1:-1], (1, 0), (1, 1)),
        (inside & ~padded[1:-1, 2:], (1, 1), (0, 1)),
    )
    ways: dict[Corner, list[tuple[Corner, Corner]]] = {}
    for has_edge, begin, end in sides:
        for row, column in np.argwhere(has_edge).tolist():
            ways.setdefault((row + begin[0], column + begin[1]), []).append(
                ((row + end[0], column + end[1]), (row, column))
            )
    rings = []
    while ways:
        first = at = next(iter(ways))
        ring, cell = list[Corner](), ways[first][0][1]
        while True:
            out = ways[at]
            taken = next((way for way in out if way[1] != cell), out[0])
            out.remove(taken)
            if not out:
                del ways[at]
            ring.append(at)
            at, cell = taken
            if at == first:
                break
        rings.append(ring)
    return rings


def _twice_area(ring: list[Corner]) -> float:
    """Twice the area of a ring in cells, of a hole negative."""
    rows, columns = np.array(ring, dtype=float).T
    return float(np.sum(np.roll(columns, -1) * rows - columns * np.roll(rows, -1)))


def _on_the_ground(ring: list[Corner], grid: Grid, north_west: Corner) -> Ring:
    """A ring of corners, counted from one of the grid's, in degrees and without corners on straight edges."""
    before, after = [ring[-1], *ring[:-1]], [*ring[1:], ring[0]]
    bends = [
        corner for last, corner, then in zip(before, ring, after, strict=True)
        if (corner[0] - last[0], corner[1] - last[1]) != (then[0] - corner[0], then[1] - corner[1])
    ]  # fmt: skip
    north, west = grid.north - north_west[0] * grid.dlat, grid.west + north_west[1] * grid.dlon
    return tuple((west + column * grid.dlon, north - row * grid.dlat) for row, column in (*bends, bends[0]))
