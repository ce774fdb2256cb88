"""How long the edge of a fire is: the line between burnt and unburnt cells, placed between their middles.

Arrival runs straight between the middles of two cells, and the edge crosses where it equals the clock; towards ground
that does not burn, or not yet foreseen, it lies half-way. Marching squares: each square of four middles holds a piece.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from simrescue.hazards.base import Floats, Indexes

Flags = NDArray[np.bool_]
_CORNERS = ((0, 0), (0, 1), (1, 1), (1, 0))
"""Rows and columns of the corners of a square, clockwise; side k runs from corner k to the next."""


def outer_edge_m(burnt: Flags, arrival_h: Floats, now: float, cell_x_m: float, cell_y_m: float) -> float:
    """Length, m, of the outer edges of burnt cells (R, C); islands inside do not count.

    Args:
        burnt: (R, C).
        arrival_h: (R, C) hours, at most `now` in burnt cells, later or infinite in others.
        now: the clock.
        cell_x_m: width of a cell.
        cell_y_m: height of a cell.
    """
    rows, columns = np.flatnonzero(burnt.any(axis=1)), np.flatnonzero(burnt.any(axis=0))
    if not rows.size:
        return 0.0
    box = np.s_[max(rows[0] - 1, 0) : rows[-1] + 2, max(columns[0] - 1, 0) : columns[-1] + 2]
    inside, time = np.pad(burnt[box], 1), np.pad(arrival_h[box], 1, constant_values=np.inf)
    row, column = np.nonzero(_mixed(inside))
    corner = np.stack([inside[row + r, column + c] for r, c in _CORNERS])
    hours = np.stack([time[row + r, column + c] for r, c in _CORNERS])
    x, y = _crossings(hours, now)
    x, y = (x + column) * cell_x_m, (y + row) * cell_y_m
    enters, leaves = ~corner & np.roll(corner, -1, axis=0), corner & ~np.roll(corner, -1, axis=0)
    loop = _loops(row, column, enters | leaves, (inside.shape[0], inside.shape[1]))
    length, area = np.zeros(loop.max() + 1), np.zeros(loop.max() + 1)
    for side in range(4):
        start = np.flatnonzero(enters[side])
        end = _end(leaves[:, start], side)
        x0, y0, x1, y1 = x[side, start], y[side, start], x[end, start], y[end, start]
        np.add.at(length, loop[start], np.hypot(x1 - x0, y1 - y0))
        np.add.at(area, loop[start], (x1 * y0 - x0 * y1) / 2)
    return float(length[area > 0].sum())


def _mixed(inside: Flags) -> Flags:
    """Squares with burnt and unburnt corners."""
    parts = [inside[r : inside.shape[0] - 1 + r, c : inside.shape[1] - 1 + c] for r, c in _CORNERS]
    some: Flags = np.logical_or.reduce(parts)
    every: Flags = np.logical_and.reduce(parts)
    return some & ~every


def _crossings(hours: Floats, now: float) -> tuple[Floats, Floats]:
    """Where (4, M) the edge crosses the sides of squares: columns and rows from the first corner."""
    after = np.roll(hours, -1, axis=0)
    known = np.isfinite(hours) & np.isfinite(after) & (hours != after)
    share = np.full(hours.shape, 0.5)
    share[known] = np.clip((now - hours[known]) / (after[known] - hours[known]), 0.0, 1.0)
    zero, one = np.zeros(share.shape[1]), np.ones(share.shape[1])
    return np.stack([share[0], one, 1 - share[2], zero]), np.stack([zero, share[1], one, 1 - share[3]])


def _end(leaves: Flags, side: int) -> Indexes:
    """The side by which a piece that enters by one leaves; burnt corners that face each other belong together."""
    end = np.full(leaves.shape[1], (side + 1) % 4, dtype=np.intp)
    for back in (2, 1):
        end[leaves[(side - back) % 4]] = (side - back) % 4
    return end


def _loops(row: Indexes, column: Indexes, crossed: Flags, shape: tuple[int, int]) -> Indexes:
    """The closed line that the piece in each square belongs to."""
    number = np.full(shape, -1, dtype=np.intp)
    number[row, column] = np.arange(len(row))
    right, below = np.flatnonzero(crossed[1]), np.flatnonzero(crossed[2])
    these = np.concatenate([right, below])
    those = np.concatenate([number[row[right], column[right] + 1], number[row[below] + 1, column[below]]])
    graph = coo_array((np.ones(len(these)), (these, those)), shape=(len(row),) * 2)
    _, loop = connected_components(graph, directed=False)
    return np.asarray(loop, dtype=np.intp)
