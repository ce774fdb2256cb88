"""Ignitions: from where a fire starts it runs straight to the cells around, which begin the search for arrivals.

A front that has just begun is far too curved for the steps between neighbours. Where the ground around is open, fire
comes straight from the ignition to all cells within `AROUND`, at the rates of the cells on the way; elsewhere to the
eight neighbours alone. The part of a way that is done counts when the rates change.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.spread.travel_time import NO_ARRIVAL, Metric, Slope

AROUND = 3
"""Cells around an ignition to which fire comes straight."""
NO_FIRE = -1
"""Number for no fire."""
Fires = NDArray[np.int32]
"""Numbers of fires, or nobody."""


class RasterShape(NamedTuple):
    """The raster as ignitions see it: rows from the north, columns from the west, and the size of a cell."""

    rows: int
    columns: int
    cell_x_m: float
    cell_y_m: float


@dataclass(frozen=True)
class PointSource:
    """An ignition on its way to the m cells around, by what part of each way it has made."""

    cell: int
    fire: int
    since_h: float
    """When the shares were last reckoned; still to come while the fire is young."""
    cells: Indexes
    """(m,)"""
    share: Floats
    """(m,) part of the way to each cell that the fire had made by then."""


class Seeds(NamedTuple):
    """Arrivals by which the search begins, in all cells; arrays (N + 1,), the last for the outside. Hours and h/m."""

    due_h: Floats
    """`NO_ARRIVAL` or more: none."""
    slope: Slope
    fire: Fires


def no_seeds(n: int) -> Seeds:
    """No arrivals in n cells."""
    return Seeds(np.full(n, 2 * NO_ARRIVAL), (np.zeros(n), np.zeros(n)), np.full(n, NO_FIRE, dtype=np.int32))


def start(ground: RasterShape, cell: int, fire: int, now: float) -> PointSource:
    """A new ignition.

    Args:
        ground: the raster.
        cell: where it lies.
        fire: number of the fire.
        now: hour from which it runs.

    Returns:
        All cells within `AROUND` that the raster has, none of the ways to them begun.
    """
    row, column = divmod(cell, ground.columns)
    rows = np.arange(max(row - AROUND, 0), min(row + AROUND + 1, ground.rows))
    columns = np.arange(max(column - AROUND, 0), min(column + AROUND + 1, ground.columns))
    cells = (rows[:, None] * ground.columns + columns).ravel()
    cells = cells[cells != cell]
    return PointSource(cell, fire, now, cells, np.zeros(len(cells)))


def ways(ground: RasterShape, source: PointSource, travel: Metric, gate: Floats, now: float) -> tuple[Floats, Slope]:
    """The whole ways from an ignition to the m cells around it, at the rates of the cells on them.

    Args:
        ground: the raster.
        source: the ignition.
        travel: (N + 1,) time per metre into each cell.
        gate: (N + 1,) hour before which fire cannot enter each cell.
        now: the hour.

    Returns:
        Hours (m,), and the slope of arrival there, h/m. Infinite where fire does not come straight: beyond the first
        ring when anything around is closed, bare or wet, and diagonally between two closed cells.
    """
    row, column = divmod(source.cell, ground.columns)
    r, c = np.divmod(source.cells, ground.columns)
    down, right = r - row, c - column
    east, north = right * ground.cell_x_m, -down * ground.cell_y_m
    length, steps = np.hypot(east, north), np.maximum(abs(down), abs(right))
    hours = np.zeros(len(source.cells))
    # Each stretch of the way at the rates of the cell that it ends in, all of equal length.
    for step in range(1, AROUND + 1):
        part = np.minimum(step / steps, 1.0)
        at = (row + np.rint(down * part).astype(int)) * ground.columns + column + np.rint(right * part).astype(int)
        hours += np.where(step <= steps, travel.hours(at, east, north) / steps, 0.0)
    # A closed cell may lie on a straight way: then only the ring next to the ignition is sure, and the search does the
    # rest.
    if (gate[source.cells] > now).any() or len(source.cells) < (2 * AROUND + 1) ** 2 - 1:
        beside = np.minimum(gate[row * ground.columns + c], gate[r * ground.columns + column])
        shut = (down != 0) & (right != 0) & (beside >= NO_ARRIVAL)
        hours = np.where((steps > 1) | shut, np.inf, hours)
    per_m = travel.slow[source.cells] / length
    return hours, (travel.east[source.cells] + per_m * east, travel.north[source.cells] + per_m * north)


def progress(ground: RasterShape, source: PointSource, travel: Metric, gate: Floats, now: float) -> PointSource:
    """The same ignition with what the fire has done of its ways up to `now` (hours), by the travel times until then.

    Arguments as of `ways`.
    """
    hours, _ = ways(ground, source, travel, gate, now)
    # A share and not hours: at other rates the same part of the way is still behind the fire.
    share = np.minimum(source.share + max(now - source.since_h, 0.0) / hours, 1.0)
    return replace(source, since_h=max(now, source.since_h), share=share)


Ways = dict[int, tuple[Floats, Slope]]
"""Cell of an ignition -> the whole ways from there, as `ways` gives them."""


def plant(
    ground: RasterShape, sources: Sequence[PointSource], travel: Metric, gate: Floats, now: float, known: Ways
) -> Seeds:
    """The earliest arrivals straight from ignitions, in all cells (N + 1,).

    Args:
        ground: the raster.
        sources: ignitions that are still on their way.
        travel: time per metre into each cell.
        gate: hour before which fire cannot enter each cell.
        now: the hour.
        known: ways by these travel times and gates, which those found here are added to.
    """
    # Twice `NO_ARRIVAL`, so that a seed which is none never wins against an arrival which is none.
    seeds = no_seeds(len(gate))
    for source in sources:
        if source.cell not in known:
            known[source.cell] = ways(ground, source, travel, gate, now)
        hours, slope = known[source.cell]
        left = np.where(np.isfinite(hours), (1 - source.share) * np.minimum(hours, NO_ARRIVAL), 2 * NO_ARRIVAL)
        due = source.since_h + left
        first = due < seeds.due_h[source.cells]
        cells = source.cells[first]
        seeds.due_h[cells], seeds.fire[cells] = due[first], source.fire
        seeds.slope[0][cells], seeds.slope[1][cells] = slope[0][first], slope[1][first]
    return seeds
