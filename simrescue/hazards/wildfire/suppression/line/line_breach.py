"""Line that fails: how wide it must be for the flames in front of it, and when fire crosses it all the same.

A line holds a front or not by the heat that comes to it and by its width (Wilson 1988, Can. J. For. Res. 18:682-687:
113 grass fires against bare breaks of 1.5 to 15 m, up to 17 MW/m). Beyond that range the formula is stretched; it was
fitted to fires that ran at the break in wind, so nothing crosses below `breach_least_kw_m`. Each cell has one draw a
replication, held against the worst front that has come to it: what is done elsewhere leaves it as it was, and a wider
line or a cooler front never fails where a narrower line or a hotter front holds.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import WATER
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats
from simrescue.hazards.wildfire.suppression.line.open_edge import MovingFront
from simrescue.parameters import Parameters
from simrescue.streams import cell_stream

BASE, PER_KW_M, PER_M_OPEN, PER_M_TREES = 1.36, 0.00036, 0.99, 0.38
"""Of the logit of Wilson's equation: constant, heat of the front (kW/m), width (m) without and with trees near by."""
TIMBER = frozenset([2, 8, 9, 10, *range(161, 166), *range(181, 190)])
"""Fuel models of ground under trees: timber grass and litter of Anderson, TU and TL of Scott and Burgan."""
BARE_WIDEST_M = 60.0
"""Bare ground from this width on is held to stop every front: near trees one of 60 MW/m would cross it in half of all
cases by the formula, far beyond its range; what flies farther are embers."""
EXACT = 1e-3
"""Of a cell: what degrees leave unsure of its length."""
AROUND = tuple((row, column) for row in (-1, 0, 1) for column in (-1, 0, 1) if row or column)


def needed_width_m(flame_m: float, method: int, parameters: Parameters) -> float:
    """Width, m, to which line is built that is to hold flames of some length, m.

    `line_width_flames` times the flames (rule of thumb of fire schools: 1 to 3), at least that of hand tools. Water
    puts the flames out, so a wetted edge is no wider than that.
    """
    least_m = parameters.hand_line_width_m
    return least_m if method == WATER else max(least_m, parameters.line_width_flames * flame_m)


def breach_chance(intensity_kw_m: Floats, width_m: Floats, trees: Flags) -> Floats:
    """Chance that a front crosses a bare break (Wilson 1988), arrays of one shape, 0..1.

    Args:
        intensity_kw_m: heat of the front at the break.
        width_m: of the break.
        trees: whether there are trees within 20 m of it.
    """
    logit = BASE + PER_KW_M * intensity_kw_m - np.where(trees, PER_M_TREES, PER_M_OPEN) * width_m
    # Clipped, since the exponential overflows beyond 709; the chance is 0 or 1 long before.
    chance: Floats = 1 / (1 + np.exp(-np.clip(logit, -700, 700)))
    return chance


def near_trees(landscape: Landscape) -> Flags:
    """(N,) whether there are trees in a cell, by its cover or its fuel."""
    under = np.isin(landscape.fuel, list(TIMBER)) | (landscape.canopy_cover > 0)
    flags: Flags = under.ravel()
    return flags


def breach_draws(shape: tuple[int, int], seed: int, replication: int) -> Floats:
    """Draws (R * C,) of a replication, 0..1: fire crosses line in a cell whose chance is larger; `shape` is (R, C)."""
    return cell_stream(seed, replication, "breach", shape)


class BareStrip(NamedTuple):
    """What lies across narrow bare ground in one of the directions `AROUND`."""

    to: Cells
    """(N,) first cell that can burn beyond the bare ones beside a cell; -1: none, or too far."""
    width_m: Floats
    """(N,) of the bare ground between."""


def bare_strips(landscape: Landscape) -> list[BareStrip]:
    """Bare ground narrower than `BARE_WIDEST_M`, such as roads and brooks, in each direction of `AROUND`."""
    burns, rows, columns = landscape.burns.ravel(), *landscape.shape
    row, column = np.divmod(np.arange(landscape.n_cells), columns)
    strips = []
    for down, right in AROUND:
        step_m = float(np.hypot(right * landscape.cell_x_m, down * landscape.cell_y_m))
        to, width_m = np.full(landscape.n_cells, -1, dtype=np.intp), np.zeros(landscape.n_cells)
        searching = burns.copy()
        for far in range(1, int(np.ceil(BARE_WIDEST_M / step_m - EXACT)) + 1):
            at_row, at_column = row + far * down, column + far * right
            searching &= (at_row >= 0) & (at_row < rows) & (at_column >= 0) & (at_column < columns)
            at = np.where(searching, at_row * columns + at_column, 0)
            ends = searching & burns[at]
            # The very next cell is no crossing: the front goes there by itself.
            if far > 1:
                to[ends], width_m[ends] = at[ends], (far - 1) * step_m
            searching &= ~ends
        strips.append(BareStrip(to, width_m))
    return strips


class LineWidth:
    """How wide the line in N cells is, and what has come to it."""

    def __init__(self, landscape: Landscape, draws: Floats, parameters: Parameters) -> None:
        """Begin without line; draws (N,) as `breach_draws` gives them."""
        self.shape, self.cell = landscape.shape, (landscape.cell_x_m, landscape.cell_y_m)
        self.trees, self.draws, self.parameters = near_trees(landscape), draws, parameters
        self.width_m = np.zeros(landscape.n_cells)
        strips = bare_strips(landscape)
        self.strips = strips if any((strip.to >= 0).any() for strip in strips) else []
        """Bare ground that a front can cross, by direction; none where there is no such ground."""

    def breaches(self, front: MovingFront, since_h: float, now: float) -> Cells:
        """Cells of line, in order, that the fronts which came to them since an hour cross at hour `now`.

        A front comes to the cells beside one that it has entered, as far as it runs towards them: per metre of line
        its heat is that of the front times the cosine between its way and the way to the line. So ground that crews
        have lit at their line and that burns away from it does not test it, and fire that runs along it little.
        """
        closed: Cells = np.flatnonzero(front.blocked)
        # Of those that are wet fire has to wait in any case.
        dry = (self.width_m[closed] > 0) & (front.wet_until[closed] <= now)
        closed = closed[dry & (front.fire_of[closed] < 0)]
        if not len(closed):
            return closed
        line = np.zeros(len(front.blocked), dtype=bool)
        line[closed] = True
        came = np.flatnonzero((front.fire_of >= 0) & (front.arrival_h >= since_h))
        heat = self._heat(front, came, line)
        cells = np.flatnonzero(heat >= self.parameters.breach_least_kw_m)
        return cells[self._crosses(cells, heat[cells], self.width_m[cells], self.trees[cells])]

    def bare_crossings(self, front: MovingFront, since_h: float, now: float) -> list[tuple[int, int]]:
        """Where fronts that came since an hour cross narrow bare ground at hour `now`, in order: (from, to) cell.

        By the same formula and draws as line, with the width of the bare cells between.
        """
        crossed: dict[int, int] = {}
        if not self.strips:
            return []
        came = np.flatnonzero((front.fire_of >= 0) & (front.arrival_h >= since_h))
        intensity, (east, north) = front.intensity_into(came), front.way_into(came)
        for (down, right), strip in zip(AROUND, self.strips, strict=True):
            to = strip.to[came]
            free = (to >= 0) & (front.fire_of[to] < 0) & ~front.blocked[to] & (front.wet_until[to] <= now)
            to_east, to_north = right * self.cell[0], -down * self.cell[1]
            towards = (east * to_east + north * to_north) / np.hypot(to_east, to_north)
            heat = intensity * np.maximum(towards, 0.0)
            meets = np.flatnonzero(free & (heat >= self.parameters.breach_least_kw_m))
            trees = self.trees[to[meets]] | self.trees[came[meets]]
            over = meets[self._crosses(to[meets], heat[meets], strip.width_m[came[meets]], trees)]
            crossed |= dict(zip(to[over].tolist(), came[over].tolist(), strict=True))
        return [(crossed[cell], cell) for cell in sorted(crossed)]

    def let_through(self, cells: Cells, heat_kw_m: Floats) -> Floats:
        """Chance that heat (n,) crosses the line in cells (n,) over that of line no wider than hand tools cut it."""
        hand_m, trees = self.parameters.hand_line_width_m, self.trees[cells]
        width_m = np.maximum(self.width_m[cells], hand_m)
        # As a ratio: `rekindle_per_km_h` is that of line as wide as hand tools cut it.
        over: Floats = breach_chance(heat_kw_m, width_m, trees) / breach_chance(heat_kw_m, np.array(hand_m), trees)
        return over

    def _crosses(self, cells: Cells, heat_kw_m: Floats, width_m: Floats, trees: Flags) -> Flags:
        """Whether fronts cross breaks with the draws of cells, all (n,)."""
        chance = breach_chance(heat_kw_m, width_m, trees)
        # Of a cell's length, as independent pieces of `breach_length_m`.
        pieces = sum(self.cell) / 2 / self.parameters.breach_length_m
        crosses: Flags = self.draws[cells] < 1 - (1 - chance) ** pieces
        return crosses

    def _heat(self, front: MovingFront, came: Cells, line: Flags) -> Floats:
        """(N,) most heat, kW/m, that comes to cells of line from cells just entered (n,); 0 elsewhere."""
        heat = np.zeros(len(line))
        rows, columns = self.shape
        row, column = np.divmod(came, columns)
        if not len(came):
            return heat
        intensity = front.intensity_into(came)
        east, north = front.way_into(came)
        for down, right in AROUND:
            to_row, to_column = row + down, column + right
            inside = (to_row >= 0) & (to_row < rows) & (to_column >= 0) & (to_column < columns)
            to = np.where(inside, to_row * columns + to_column, 0)
            meets = np.flatnonzero(inside & line[to])
            if not len(meets):
                continue
            to_east, to_north = right * self.cell[0], -down * self.cell[1]
            towards = (east[meets] * to_east + north[meets] * to_north) / np.hypot(to_east, to_north)
            np.maximum.at(heat, to[meets], intensity[meets] * np.maximum(towards, 0.0))
        return heat
