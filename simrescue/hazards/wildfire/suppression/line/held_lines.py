"""Lines on the ground: breaks and roads that stand before the fire comes, and lines that crews are ordered to hold.

A line runs straight from point to point; the cells under it hold a front, or not, by their width as any built line does
(`line_breach`). Around a place that is to be protected it is the ring of cells beside those in which flames would count
as flames at the place.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import numpy as np

from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.orders import FireLinePoint
from simrescue.hazards.wildfire.spread.reached_sites import SiteCells, metres
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats, trace
from simrescue.parameters import Parameters
from simrescue.places import Place, Road

LOOKS = 4
"""Points a cell at which it is seen where a line runs; its length is right whatever their number."""


WINDS = 1.5
"""A road that is longer than so many times the straight line does not run where that line lies."""


class GroundLine(NamedTuple):
    """K cells under a line that can burn, in order along it."""

    cells: Cells
    """(K,)."""
    length_m: Floats
    """(K,) metres of the line in each."""
    width_m: Floats
    """(K,) as it stands before anybody builds; 0: it does not."""
    inside: frozenset[int] = frozenset()
    """Cells that it is there to protect."""


def straight_line(landscape: Landscape, points: Sequence[FireLinePoint]) -> GroundLine:
    """The line through points, by their number; what of it lies off the landscape has no cells."""
    points = sorted(points, key=lambda point: point.point)
    x_m, y_m = metres(landscape, [point.lon for point in points], [point.lat for point in points])
    length_m: dict[int, float] = {}
    width_m: dict[int, float] = {}
    # Not strict: at the last point no piece begins.
    for start, end, point in zip(range(len(points)), range(1, len(points)), points, strict=False):
        east_m, north_m = x_m[end] - x_m[start], y_m[end] - y_m[start]
        pieces = max(1, math.ceil(LOOKS * max(abs(east_m) / landscape.cell_x_m, abs(north_m) / landscape.cell_y_m)))
        done = (np.arange(pieces) + 0.5) / pieces
        lon, lat = (a + done * (b - a) for a, b in ((point.lon, points[end].lon), (point.lat, points[end].lat)))
        for cell in landscape.cell_of(lon, lat).tolist():
            if cell >= 0 and landscape.burns.flat[cell]:
                length_m[cell] = length_m.get(cell, 0.0) + math.hypot(east_m, north_m) / pieces
                # Where two pieces share a cell fire finds the narrower one.
                width_m[cell] = min(width_m.get(cell, math.inf), point.width_m)
    cells = np.array(list(length_m), dtype=np.intp)
    return GroundLine(cells, np.array(list(length_m.values())), np.array(list(width_m.values())))


def ring_around(landscape: Landscape, inside: Cells) -> GroundLine:
    """The line around cells of a landscape, in order; ground that cannot burn needs none."""
    flags = np.zeros(landscape.n_cells, dtype=bool)
    flags[inside] = True
    outline = trace(flags.reshape(landscape.shape), landscape.cell_x_m, landscape.cell_y_m)
    length_m: dict[int, float] = {}
    for cell, step_m in zip(outline.cells.tolist(), outline.step_m.tolist(), strict=True):
        if cell >= 0 and landscape.burns.flat[cell]:
            length_m[cell] = length_m.get(cell, 0.0) + step_m
    cells = np.array(list(length_m), dtype=np.intp)
    return GroundLine(cells, np.array(list(length_m.values())), np.zeros(len(cells)), frozenset(inside.tolist()))


def road_lines(
    landscape: Landscape, places: Sequence[Place], roads: Sequence[Road], parameters: Parameters
) -> list[GroundLine]:
    """Roads as bare lines of their width, straight between their ends; those that hold nothing are left out.

    Args:
        landscape: N cells.
        places: with the ends of the roads.
        roads: each as wide as it states, else as its class is, where the straight line is about its way.
        parameters: widths by class (`road_width_*_m`).
    """
    spots = {place.id: (place.lon, place.lat) for place in places}
    lines = []
    for road in roads:
        ends = spots[road.start], spots[road.end]
        width_m = road.width_m
        if width_m is None:
            x_m, y_m = metres(landscape, [lon for lon, _ in ends], [lat for _, lat in ends])
            straight_km = math.hypot(x_m[1] - x_m[0], y_m[1] - y_m[0]) / 1000
            winds = road.length_km is not None and road.length_km > WINDS * straight_km
            width_m = 0.0 if winds else parameters.road_width_m(road.kind)
        if width_m:
            points = [
                FireLinePoint(line=road.id, point=number, lon=lon, lat=lat, width_m=width_m)
                for number, (lon, lat) in enumerate(ends)
            ]
            lines.append(straight_line(landscape, points))
    return lines


class LinesOnGround:
    """All lines that a scenario names, its roads, and the lines around its places."""

    def __init__(
        self,
        landscape: Landscape,
        points: Sequence[FireLinePoint],
        sites: SiteCells | None,
        roads: Sequence[GroundLine] = (),
    ) -> None:
        """Lay out lines.

        Args:
            landscape: N cells.
            points: of all lines, in any order.
            sites: cells of the places that can be protected; None: no places.
            roads: as `road_lines` gives them.
        """
        names = sorted({point.line for point in points})
        self.named: Mapping[str, GroundLine] = {
            name: straight_line(landscape, [point for point in points if point.line == name]) for name in names
        }
        self._ring, self._sites = partial(ring_around, landscape), sites
        self._rings: dict[int, GroundLine] = {}
        width_m = np.zeros(landscape.n_cells)
        for line in (*self.named.values(), *roads):
            # Where two lie in one cell fire meets the wider one.
            np.maximum.at(width_m, line.cells, line.width_m)
        self.standing: Cells = np.flatnonzero(width_m)
        """Cells of breaks and roads that stand from the start."""
        self.standing_m: Floats = width_m[self.standing]
        """Their widths."""

    def around(self, place: int) -> GroundLine:
        """The line that keeps flames from a place, by its index."""
        if place not in self._rings:
            assert self._sites is not None
            self._rings[place] = self._ring(self._sites.cells[self._sites.sites == place])
        return self._rings[place]


@dataclass(eq=False)
class HeldLine:
    """A line that crews are ordered to hold, and what has been done there."""

    ground: GroundLine
    width_m: float
    """How wide it is to be; 0: as the flames ask that are expected there."""
    done: Flags = field(init=False)
    """(K,) built."""
    lit: Flags = field(init=False)
    """(K,) the ground before it is burned out, or burnt."""
    place_of: Mapping[int, int] = field(init=False)
    """Cell -> its place along the line."""

    def __post_init__(self) -> None:
        cells = self.ground.cells
        self.done, self.lit = np.zeros(len(cells), dtype=bool), np.zeros(len(cells), dtype=bool)
        self.place_of = {cell: place for place, cell in enumerate(cells.tolist())}
        # Without an ordered width it depends on the flames how wide is wide enough: nothing is done yet.
        if self.width_m:
            self.done |= self.ground.width_m >= self.width_m

    def is_lost(self, burnt: Flags) -> bool:
        """Whether what it protects burns."""
        return any(burnt[cell] for cell in self.ground.inside)

    def left(self, burnt: Flags) -> Cells:
        """Places (of K) still to be built, where the fire has not been; none where what it protects burns."""
        if self.is_lost(burnt):
            return np.zeros(0, dtype=np.intp)
        return np.flatnonzero(~self.done & ~burnt[self.ground.cells])

    def unlit(self, burnt: Flags, stretch: int) -> Cells:
        """Places that stand and are not burned out, so many places and more from where it does not stand yet.

        None where what it protects burns.
        """
        if self.is_lost(burnt):
            return np.zeros(0, dtype=np.intp)
        near = self.done & ~self.lit & ~burnt[self.ground.cells]
        for place in self.left(burnt).tolist():
            near[max(0, place - stretch) : place + stretch + 1] = False
        return np.flatnonzero(near)
