"""Safety zones: ground where flames beside it cannot hurt a crew that wears no more than working clothes.

How far people must be from what burns (safe separation) is 8 times its height, times a factor for wind and slope, since
these lean the flames and their gases over (Butler 2014; the older rule was for level ground without wind). The factors
are those of firelab/behave at d963287 (public domain), by class, in `data/safe_separation.csv`. Where crowns burn the
height is that of the trees, else that of the fuel bed. The older rule, 4 times the flames (Butler and Cohen 1998), is
the least everywhere, since litter burns higher than it lies.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.wildfire.behaviour.fuels import beds
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene

HEIGHTS, FLAMES = 8.0, 4.0
"""Safe separation over the height of what burns, and over the length of its flames."""
CLASSES = {
    "wind": ("light", "moderate", "high"),
    "burning": ("low", "moderate", "extreme"),
    "slope": ("flat", "moderate", "steep"),
}
"""Classes of the table, from the least to the worst."""
WIND_MS, BURNING_FLAME_M, SLOPE = (4.47, 8.94), (1.2, 3.4), (0.2, 0.4)
"""Where the second and the third class of wind (10 and 20 mile/h), burning (flames that hand tools do not master, and
that no attack on the head masters) and slope begin. The table names its classes only: from memory; the printed example
of 15 mile/h and 24 % with factor 3 lies in them."""
CROWN_SHARE = 0.1
"""Crown fraction burned from which trees count as burning (Forestry Canada 1992)."""
SEEN_CELLS = 15
"""Fuel farther than this beyond the ground looked at does not count: no more than the worst factor asks for trees of
some 6 m in cells of 30 m; taller ones ask for more, and then zones come out too small."""


@cache
def slope_wind_factors() -> Floats:
    """(3, 3, 3) factors by class of wind, burning and slope, read once from the package's table."""
    text = files("simrescue").joinpath("data/safe_separation.csv").read_text(encoding="utf-8")
    factors = np.full((3, 3, 3), np.nan)
    for row in csv.DictReader(text.splitlines()):
        factors[tuple(classes.index(row[name]) for name, classes in CLASSES.items())] = float(row["factor"])
    return factors


def safe_separation_m(height_m: ArrayLike, flame_m: ArrayLike, wind_ms: ArrayLike, slope: ArrayLike) -> Floats:
    """Distance, m, from what burns at which people are unhurt; arguments of one shape, as the answer.

    Args:
        height_m: of what burns.
        flame_m: length of its flames.
        wind_ms: 20 ft above the vegetation.
        slope: tangent.
    """
    wind, burning, steep = (
        np.searchsorted(bounds, values, side="right")
        for bounds, values in ((WIND_MS, wind_ms), (BURNING_FLAME_M, flame_m), (SLOPE, slope))
    )
    by_height: Floats = HEIGHTS * np.asarray(height_m, dtype=float) * slope_wind_factors()[wind, burning, steep]
    return np.maximum(by_height, FLAMES * np.asarray(flame_m, dtype=float))


def separation_over(
    landscape: Landscape, spread: Spread, wind_10m_ms: float, wind_10m_to_20ft: float, cells: Cells | None = None
) -> Floats:
    """(n,) safe separation, m, from each cell if the head of a fire came through it; 0 where nothing burns.

    Args:
        landscape: the ground.
        spread: the fire in n cells.
        wind_10m_ms: 10 m above open ground.
        wind_10m_to_20ft: wind there over that 20 ft above the vegetation.
        cells: (n,) their numbers; None: all of the landscape.
    """
    at = np.arange(landscape.n_cells) if cells is None else cells
    fuels, places = beds(), np.arange(len(at))
    height_m = fuels.depth_m[fuels.row_of[landscape.fuel.ravel()[at]]]
    if spread.crowns is not None:
        height_m = np.where(spread.crowns.burned >= CROWN_SHARE, landscape.canopy_height_m.ravel()[at], height_m)
    flame_m = spread.flame_at(places, spread.head_m_min)
    winds_ms = np.full(len(at), wind_10m_ms / wind_10m_to_20ft)
    far_m = safe_separation_m(height_m, flame_m, winds_ms, landscape.slope.ravel()[at])
    return np.where(landscape.burns.ravel()[at], far_m, 0.0)


class SafetyZones:
    """Where the safety zones lie, by the fire and the wind of the moment."""

    def __init__(self, landscape: Landscape, burn_out_h: float, crew_radius_m: float, wind_10m_to_20ft: float) -> None:
        """Of N cells.

        Args:
            landscape: N cells.
            burn_out_h: hours for which flames stand in one place.
            crew_radius_m: ground that the people of a crew take up themselves.
            wind_10m_to_20ft: as of `separation_over`.
        """
        self.landscape, self.burn_out_h = landscape, burn_out_h
        self.crew_radius_m, self.wind_10m_to_20ft = crew_radius_m, wind_10m_to_20ft
        self._known: tuple[Spread, float, Floats] | None = None

    def separation_m(self, spread: Spread, wind_ms: float) -> Floats:
        """(N,) as `separation_over`, kept while rates and wind are the same."""
        # By identity: a turn of the weather makes a new one, and comparing arrays would cost as much as the answer.
        if self._known is None or self._known[0] is not spread or self._known[1] != wind_ms:
            far_m = separation_over(self.landscape, spread, wind_ms, self.wind_10m_to_20ft)
            self._known = spread, wind_ms, far_m
        return self._known[2]

    def bare(self, scene: Scene, cells: Cells) -> Flags:
        """Which of cells (n,) hold no fuel any more: burned out, or never any."""
        out = scene.front.arrival_h[cells] <= scene.now - self.burn_out_h
        return out | ~self.landscape.burns.ravel()[cells]

    def among(self, scene: Scene, cells: Cells, wind_ms: float, over: Callable[[Cells], Spread] | None = None) -> Flags:
        """Which of cells (n,) are safety zones: bare, and farther from all fuel and flames than these ask for.

        Measured from the middle of the cell to the near side of the fuel, less the ground that the crew takes up.

        Args:
            scene: the fires now.
            cells: their numbers.
            wind_ms: 10 m above open ground.
            over: rates of spread in cells in that wind; None: those of now.
        """
        safe = self.bare(scene, cells)
        # Mostly none is bare, and then the ground around need not be looked at.
        if not safe.any():
            return safe
        ground = self.landscape
        rows, columns = ground.shape
        row, column = np.divmod(cells[safe], columns)
        top, left = max(int(row.min()) - SEEN_CELLS, 0), max(int(column.min()) - SEEN_CELLS, 0)
        down, right = min(int(row.max()) + SEEN_CELLS + 1, rows), min(int(column.max()) + SEEN_CELLS + 1, columns)
        part = (np.arange(top, down)[:, None] * columns + np.arange(left, right)).ravel()
        if over is None:
            far_m = self.separation_m(scene.front.spread, wind_ms)[part]
        else:
            far_m = separation_over(ground, over(part), wind_ms, self.wind_10m_to_20ft, part)
        # a bare cell reaches nowhere
        reach_m = np.where(self.bare(scene, part), -np.inf, far_m + self.crew_radius_m + scene.cell_m / 2)
        reached = within_reach(reach_m.reshape(down - top, right - left), ground.cell_x_m, ground.cell_y_m)
        safe[safe] = ~reached[row - top, column - left]
        return safe


def within_reach(reach_m: Floats, cell_x_m: float, cell_y_m: float) -> NDArray[np.bool_]:
    """Cells (R, C) that lie nearer to any cell than that one reaches, middle to middle.

    Discs of many radii at once, row by row and then column by column: the least of distance squared less reach squared
    (a generalised distance transform, Felzenszwalb and Huttenlocher 2012, here by shifts, since reaches are few cells).

    Args:
        reach_m: (R, C); minus infinity reaches nothing.
        cell_x_m: width of a cell.
        cell_y_m: height of a cell.
    """
    depth = np.where(np.isneginf(reach_m), np.inf, -(np.maximum(reach_m, 0.0) ** 2))
    longest_m = max(float(reach_m.max(initial=0.0)), 0.0)
    for axis, cell_m in ((0, cell_y_m), (1, cell_x_m)):
        least = depth.copy()
        for steps in range(1, min(int(longest_m / cell_m), depth.shape[axis] - 1) + 1):
            ahead, behind = [slice(None)] * 2, [slice(None)] * 2
            ahead[axis], behind[axis] = slice(steps, None), slice(None, -steps)
            apart = (steps * cell_m) ** 2
            far, near = tuple(ahead), tuple(behind)
            np.minimum(least[far], depth[near] + apart, out=least[far])
            np.minimum(least[near], depth[far] + apart, out=least[near])
        depth = least
    return depth < 0
