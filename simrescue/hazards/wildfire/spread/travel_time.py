"""How long the front takes from one point to the next: travel times on a raster under elliptical spread.

An ellipse that grows about its rear focus has, at an angle t off the head, the rate head (1 - e) / (1 - e cos t). So
the time along a vector d is linear in its length and in the vector itself: `slow |d| + drift . d`, with
slow = 1 / (head (1 - e)) and the drift of length e slow against the head. Taking the drift off turns every step into
the isotropic one (a Randers metric), for which the earliest arrival over a triangle has a closed form: the
semi-Lagrangian update of ordered upwind methods (Sethian and Vladimirsky, SIAM Journal on Numerical Analysis 41, 2003,
325-363), here with a second-order interpolation along the far side.

A cell is reached from the eight triangles around it, between a neighbour along an axis and one along a diagonal.
Along the far side of a triangle arrival is interpolated by its values and by the change of its slope (so a curved
front is met to second order); a step costs the rates of the cell that it leads into. Ring of neighbours: N, NE, E, SE,
S, SW, W, NW.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.behaviour.rothermel import Spread

NO_ARRIVAL = 1e7
"""Hours that stand for no arrival inside the search (a number, so that differences stay finite)."""
SLOWEST_M_MIN = 1e-4
"""Cells with fuel that is too wet to carry fire still count as creeping: so the way made already is not lost."""

RING = np.array([(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)])
"""Rows and columns to the eight neighbours."""
AXIS = np.array([0, 0, 2, 2, 4, 4, 6, 6])
DIAGONAL = np.array([7, 1, 1, 3, 3, 5, 5, 7])
"""The two far corners of the eight triangles, as places in the ring."""
BIT = (1 << np.arange(8)).astype(np.uint8)
BESIDE_DIAGONAL = np.where(np.arange(8) % 2, np.roll(BIT, 1) | np.roll(BIT, -1), 0).astype(np.uint8)
"""The two neighbours beside a diagonal step: it needs one of them open."""
LEANS_ON = np.concatenate([BIT | BESIDE_DIAGONAL, BIT[AXIS] | BIT[DIAGONAL]])
"""Neighbours that a way in leans on: eight straight ones, then eight through triangles."""


Slope = tuple[Floats, Floats]
"""Change of arrival per metre to the east and to the north, h/m."""


class Metric(NamedTuple):
    """Time per metre of travel into each of N cells, arrays (N + 1,): the last is the outside."""

    slow: Floats
    """h/m, the part that is the same in all directions."""
    east: Floats
    north: Floats
    """Drift, h/m: what is added per metre to the east and north."""

    def hours(self, cells: Indexes, east_m: Floats, north_m: Floats) -> Floats:
        """Hours that a way takes at the rates of cells; all of one shape.

        Args:
            cells: at whose rates.
            east_m: metres to the east.
            north_m: metres to the north.
        """
        still_h: Floats = self.slow[cells] * np.hypot(east_m, north_m)
        return still_h + self.east[cells] * east_m + self.north[cells] * north_m


class Rays(NamedTuple):
    """The earliest way into some cells, arrays (n,)."""

    time_h: Floats
    east: Floats
    north: Floats
    """Slope of arrival there, h/m."""
    leans: NDArray[np.uint8]
    """Neighbours that it leans on, one bit for each place in the ring."""
    nearest: Indexes
    """Number of the neighbour that it leans on most."""
    from_tip: NDArray[np.bool_]
    """Whether it comes straight from one neighbour, not through a triangle."""


class Ring(NamedTuple):
    """Geometry of cells of one size, arrays over the ring (8,) or the triangles (8,)."""

    east_m: Floats
    north_m: Floats
    length_m: Floats
    reach_m: Floats
    """From the cell to a triangle's far side."""
    side_m: Floats
    """Length of the far side, from its corner on the axis to the one on the diagonal."""
    side_east: Floats
    side_north: Floats
    """Direction of the far side."""
    widest: Floats
    """Sine of the angle between the two corners as seen from the cell."""


def metric(spread: Spread) -> Metric:
    """Travel times of a spread field of N cells, arrays (N + 1,): the last stands for the outside of the raster.

    `spread`: head fire rate (m/min), direction (radians from north, clockwise) and eccentricity of the ellipse (0..1).
    Rates below `SLOWEST_M_MIN` are raised to it.
    """
    # From m/min to m/h; every time in the search is in hours.
    head = np.maximum(spread.head_m_min, SLOWEST_M_MIN) * 60
    slow = 1 / (head * (1 - spread.eccentricity))
    # Negative: with the head a metre takes less time than on average of all directions.
    drift = -spread.eccentricity * slow
    columns = (slow, drift * np.sin(spread.towards_rad), drift * np.cos(spread.towards_rad))
    return Metric(*(np.append(column, 0.0) for column in columns))


def ring(cell_x_m: float, cell_y_m: float) -> Ring:
    """The eight triangles around a cell of a width and height in metres."""
    east, north = RING[:, 1] * cell_x_m, -RING[:, 0] * cell_y_m
    length = np.hypot(east, north)
    side_east, side_north = east[DIAGONAL] - east[AXIS], north[DIAGONAL] - north[AXIS]
    side = np.hypot(side_east, side_north)
    return Ring(east, north, length, length[AXIS], side, side_east / side, side_north / side, side / length[DIAGONAL])


def neighbours(rows: int, columns: int) -> Indexes:
    """Numbers of the cells around each cell of a raster, in the order of `RING`: (N + 1, 8), N outside the raster."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    r, c = row[:, None] + RING[:, 0], column[:, None] + RING[:, 1]
    inside = (r >= 0) & (r < rows) & (c >= 0) & (c < columns)
    table = np.where(inside, r * columns + c, rows * columns)
    return np.concatenate([table, np.full((1, 8), rows * columns)]).astype(np.intp)


def slowness(field: Metric, cells: Indexes, east: Floats, north: Floats) -> Floats:
    """Hours per metre at which a straight front moves across cells, along its normal.

    The eikonal equation of the metric, solved for the length of the slope of arrival.

    Args:
        field: travel times.
        cells: (n,).
        east: (n,) the normal, of length 1.
        north: the same.
    """
    along = field.east[cells] * east + field.north[cells] * north
    drift2 = field.east[cells] ** 2 + field.north[cells] ** 2
    slow: Floats = along + np.sqrt(along**2 + field.slow[cells] ** 2 - drift2)
    return slow


def arrivals(
    field: Metric, shape: Ring, cells: Indexes, around: Indexes, time_h: Floats, slope: Slope, gate: Floats
) -> Rays:
    """The earliest arrival in n cells by what is known of their neighbours.

    Args:
        field: travel times into all cells.
        shape: the cells' geometry.
        cells: (n,).
        around: (n, 8) their neighbours.
        time_h: arrival in all cells; `NO_ARRIVAL` where there is none.
        slope: of arrival in all cells, h/m to the east and north.
        gate: hour before which fire cannot enter each cell; a diagonal step waits for one of the two beside it.
    """
    slow, drift_east, drift_north = (column[cells][:, None] for column in field)
    # arrival with the drift of the way into the cell counted in: what is left to add is slow x distance
    level = time_h[around] - (drift_east * shape.east_m + drift_north * shape.north_m)
    straight = level + slow * shape.length_m
    beside = gate[around[:, ::2]]
    # Fire does not slip diagonally through a line whose cells touch at a corner.
    straight[:, 1::2] = np.maximum(straight[:, 1::2], np.minimum(beside, np.roll(beside, -1, axis=1)))
    through, share = _through(slow, shape, level, time_h[around], (slope[0][around], slope[1][around]))
    ways = np.concatenate([straight, through], axis=1)
    # Straight ways stand first, so that of equal ones the straight one is taken.
    row, way = np.arange(len(cells)), ways.argmin(axis=1)
    triangle = way % 8
    part = np.where(way >= 8, share[row, triangle], 0.0)
    corner = np.where(way >= 8, AXIS[triangle], way)
    east = shape.east_m[corner] + part * (shape.side_m * shape.side_east)[triangle]
    north = shape.north_m[corner] + part * (shape.side_m * shape.side_north)[triangle]
    per_m = slow[:, 0] / np.hypot(east, north)
    nearest = around[row, np.where(part > 0.5, DIAGONAL[triangle], corner)]
    return Rays(
        ways[row, way],
        drift_east[:, 0] - east * per_m,
        drift_north[:, 0] - north * per_m,
        LEANS_ON[way],
        nearest,
        way < 8,
    )


def _through(slow: Floats, shape: Ring, level: Floats, time: Floats, slope: Slope) -> tuple[Floats, Floats]:
    """Arrival (n, 8) through the far sides of the triangles, and the share of the side at which the way crosses it."""
    axis, diagonal = level[:, AXIS], level[:, DIAGONAL]
    fall = (axis - diagonal) / shape.side_m
    # Outside, the quickest way goes through a corner of the side, and that is a straight way.
    between = (fall > 0) & (fall < slow * shape.widest)
    fall = np.where(between, fall, 0.0)
    at_axis = _along(slope, AXIS, shape)
    at_diagonal = _along(slope, DIAGONAL, shape)
    # limited: no more bend than the slopes at both corners and the values between them allow
    mean = (time[:, DIAGONAL] - time[:, AXIS]) / shape.side_m
    bend = np.clip(np.minimum(at_diagonal - at_axis, 2 * np.minimum(at_diagonal - mean, mean - at_axis)), 0.0, slow)
    share = _crossing(slow, shape, fall)
    # one step of a fixed-point iteration: where the way crosses shifts with the bend
    share = _crossing(slow, shape, np.clip(fall - (share - 0.5) * bend, 0.0, slow * shape.widest))
    across = shape.side_m * share
    arrival_h = axis - (fall + (1 - share) / 2 * bend) * across + slow * np.hypot(shape.reach_m, across)
    # Twice, so that a way which is none never wins against a straight way which is none.
    return np.where(between, arrival_h, 2 * NO_ARRIVAL), share


def _crossing(slow: Floats, shape: Ring, fall: Floats) -> Floats:
    """Share of the side at which the earliest way crosses it, by how much arrival falls along the side, h/m."""
    share: Floats = shape.reach_m / shape.side_m * fall / np.sqrt(slow**2 - fall**2)
    return share


def _along(slope: Slope, corner: Indexes, shape: Ring) -> Floats:
    """Change of arrival along the side, h/m, at one of its corners."""
    change: Floats = slope[0][:, corner] * shape.side_east + slope[1][:, corner] * shape.side_north
    return change
