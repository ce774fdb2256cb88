"""Where it burned and when, cell by cell, from the stored logs: one course of the fires, and the chance over all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.charts.shared.map_roads import closed_in
from simrescue.events import EventKind, log_from_rows
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid
from simrescue.metrics.wildfire.line_cells import DangerMarks, LineCells, danger_marks, line_cells

if TYPE_CHECKING:
    from simrescue.events import EventLog
    from simrescue.experiment.store.run_writer import Results

Floats = NDArray[np.float64]
NONE = -1


class CellCourse(NamedTuple):
    """One replication of the fires; all arrays have one entry a cell, in one row of numbers."""

    replication: int
    """-1: no event log is stored."""
    hours: Floats
    """Hours from the beginning of a cell's fire until it burned; nan: never."""
    line: LineCells
    """Only those that are line: one entry a cell of line."""
    danger: DangerMarks
    wet: NDArray[np.bool_]
    crowned: NDArray[np.bool_]
    """Whose crowns burned too."""
    spots: tuple[int, ...]
    """Where embers started new fronts."""
    gathering: tuple[int, ...]
    """Thing indexes of the places where crews gathered."""
    closed: dict[str, set[int]]
    """Name of a cause -> roads that it closed at some time."""


class Burned(NamedTuple):
    """What the stored logs show."""

    grid: Grid
    chance: Floats
    """Share of the replications with a log in which each cell burned."""
    logs: int
    course: CellCourse


def burned(results: Results) -> Burned | None:
    """Chance of burning, and the course whose burned area is the middle one; None where no landscape is stored."""
    place = results.manifest["scenario"].get("landscape")
    if not place:
        return None
    grid = Grid(**place)
    size = grid.rows * grid.columns
    logged = sorted({*results.logged()} & {*results.replications["replication"].tolist()})
    times = np.zeros(size)
    for number in logged:
        times[_cells(results.log(number), EventKind.BURNS)] += 1
    middle = _middle(results, logged)
    course = _course(results, middle, size) if logged else _nothing(size)
    return Burned(grid, times / max(1, len(logged)), len(logged), course)


def _middle(results: Results, logged: list[int]) -> int:
    """The replication with a log whose burned area is the (lower) median of those with a log."""
    if not logged:
        return NONE
    table = results.replications.set_index("replication").loc[logged]
    order = table["burned_ha"].sort_values(kind="stable").index
    return int(order[(len(order) - 1) // 2])


def _cells(log: EventLog, kind: EventKind) -> NDArray[np.intp]:
    return log.amount[log.where(kind)].astype(np.intp)


def _course(results: Results, number: int, size: int) -> CellCourse:
    log = results.log(number)
    rows, begun = log.where(EventKind.BURNS), log.where(EventKind.IGNITES)
    start = dict(zip(log.subject[begun].tolist(), log.time_h[begun].tolist(), strict=True))
    hours = np.full(size, np.nan)
    since = log.time_h[rows] - np.array([start.get(fire, 0.0) for fire in log.subject[rows].tolist()])
    hours[log.amount[rows].astype(np.intp)] = since
    wet = np.zeros(size, dtype=bool)
    wet[_cells(log, EventKind.WETS)] = True
    crowned = np.zeros(size, dtype=bool)
    crowned[log.amount[rows[log.item[rows] >= 0]].astype(np.intp)] = True
    spots = tuple(_cells(log, EventKind.SPOTS).tolist())
    gathering = tuple(np.unique(_cells(log, EventKind.STAGES)).tolist())
    return CellCourse(number, hours, line_cells(log), danger_marks(log), wet, crowned, spots, gathering, closed_in(log))


def _nothing(size: int) -> CellCourse:
    empty, nothing = np.zeros(size, dtype=bool), log_from_rows([])
    unbuilt = line_cells(nothing), danger_marks(nothing)
    return CellCourse(NONE, np.full(size, np.nan), *unbuilt, empty, empty, (), (), {})


STEPS_H = (0.25, 0.5, 1.0, 2.0, 3.0, 4.0, 6.0, 12.0, 24.0, 48.0)
"""Widths of the bands of hours."""
MOST_BANDS = 7


def band_edges(longest_h: float) -> tuple[float, ...]:
    """Upper ends of the bands of hours that hold all hours up to the longest."""
    days = 24 * float(np.ceil(longest_h / (24 * MOST_BANDS)))
    step = next((step for step in STEPS_H if longest_h <= step * MOST_BANDS), days)
    count = max(1, int(np.ceil(longest_h / step - 1e-9)))
    return tuple(step * (number + 1) for number in range(count))
