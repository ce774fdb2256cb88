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


def outer_edge_m(
    burnt: Flags, arrival_h: Floats, now: float, cell_x_m: float, cell_y_m: float, patches: int | None = None
) -> float:
    """Length, m, of the outer edges of burnt cells; islands inside do not count.

    Marching squares, the plane case of marching cubes (Lorensen and Cline 1987).

    Args:
        burnt: (R, C).
        arrival_h: (R, C) hours, at most `now` in burnt cells, later or infinite in others.
        now: the clock, hours.
        cell_x_m: width of a cell.
        cell_y_m: height of a cell.
        patches: most pieces that the burnt ground can be in, if known (which can save the search for islands).
    """
    rows, columns = np.flatnonzero(burnt.any(axis=1)), np.flatnonzero(burnt.any(axis=0))
    if not rows.size:
        return 0.0
    box = np.s_[max(rows[0] - 1, 0) : rows[-1] + 2, max(columns[0] - 1, 0) : columns[-1] + 2]
    # A frame of unburnt cells closes the edge where the fire has run off the raster.
    inside, time = np.pad(burnt[box], 1), np.pad(arrival_h[box], 1, constant_values=np.inf)
    row, column = np.nonzero(_mixed(inside))
    corner = np.stack([inside[row + r, column + c] for r, c in _CORNERS])
    hours = np.stack([time[row + r, column + c] for r, c in _CORNERS])
    x, y = _crossings(hours, now)
    side, square, end = _pieces(corner)
    x, y = (x + column) * cell_x_m, (y + row) * cell_y_m
    x0, y0, x1, y1 = x[side, square], y[side, square], x[end, square], y[end, square]
    lengths, areas = np.hypot(x1 - x0, y1 - y0), (x1 * y0 - x0 * y1) / 2
    # As many pieces as there can be and no islands: then all edges are outer ones, and need not be chained.
    if patches is not None and _patches_less_islands(corner) == patches:
        return float(lengths.sum())
    number = _number_of_sides(row, column, inside.shape[1])
    loop = _loops(number[side, square], number[end, square])
    # Burnt ground is always on the same hand, so that an island's edge runs the other way and has a negative area.
    outer = np.bincount(loop, areas) > 0
    return float(np.bincount(loop, lengths)[outer].sum())


def _mixed(inside: Flags) -> Flags:
    """Squares with burnt and unburnt corners."""
    parts = [inside[r : inside.shape[0] - 1 + r, c : inside.shape[1] - 1 + c] for r, c in _CORNERS]
    some: Flags = np.logical_or.reduce(parts)
    every: Flags = np.logical_and.reduce(parts)
    return some & ~every


def _patches_less_islands(corner: Flags) -> int:
    """Euler number of burnt ground from the squares at its edge (Gray 1971): cells that meet at a corner are one."""
    count = corner.sum(axis=0)
    facing = (count == 2) & (corner[0] == corner[2])
    return int((count == 1).sum() - (count == 3).sum() - 2 * facing.sum()) // 4


def _crossings(hours: Floats, now: float) -> tuple[Floats, Floats]:
    """Where (4, M) the edge crosses the sides of squares: columns and rows from the first corner."""
    after = np.roll(hours, -1, axis=0)
    known = np.isfinite(hours) & np.isfinite(after) & (hours != after)
    share = np.full(hours.shape, 0.5)
    share[known] = np.clip((now - hours[known]) / (after[known] - hours[known]), 0.0, 1.0)
    zeros, ones = np.zeros(len(hours[0])), np.ones(len(hours[0]))
    return np.stack([share[0], ones, 1 - share[2], zeros]), np.stack([zeros, share[1], ones, 1 - share[3]])


def _pieces(corner: Flags) -> tuple[Indexes, Indexes, Indexes]:
    """Pieces of the edge (K,): the side by which each enters its square, the square, the side by which it leaves.

    Burnt ground lies on one hand of all. Burnt corners that face each other belong together.
    """
    after = np.roll(corner, -1, axis=0)
    side, square = np.nonzero(~corner & after)
    leaves = corner & ~after
    end = (side + 1) % 4
    # Of two sides to leave a saddle by the nearer one wins, being tried last: burnt corners that face each other are
    # joined.
    for back in (2, 1):
        end = np.where(leaves[(side - back) % 4, square], (side - back) % 4, end)
    return side, square, end


def _number_of_sides(row: Indexes, column: Indexes, columns: int) -> Indexes:
    """(4, M) a number for each side of each square, the same in the two squares that it parts."""
    here = row * columns + column
    return np.stack([2 * here, 2 * (here + 1) + 1, 2 * (here + columns), 2 * here + 1])


def _loops(start: Indexes, end: Indexes) -> Indexes:
    """The closed line (K,) that each piece belongs to; pieces run from side to side."""
    piece_at = np.zeros(start.max() + 1, dtype=np.intp)
    piece_at[start] = np.arange(len(start))
    graph = coo_array((np.ones(len(start)), (np.arange(len(start)), piece_at[end])), shape=(len(start),) * 2)
    _, loop = connected_components(graph, directed=False)
    return np.asarray(loop, dtype=np.intp)
