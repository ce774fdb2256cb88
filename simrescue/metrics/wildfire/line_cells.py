"""How each cell of line fared: closed when and how wide, its crew gone on, mopped up, lost; and where crews fled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.base import ON_FOOT, ZONE
from simrescue.metrics.reading import NEVER
from simrescue.metrics.wildfire.fire_line import DANGER

Floats = NDArray[np.float64]
Indexes = NDArray[np.int64]
ENDS = (EventKind.TAKES_POST, EventKind.WITHDRAWS, EventKind.OVERRUN)
"""Of one crew, each ends the time at the post that it took before."""


class LineCells(NamedTuple):
    """Cells of line, one entry a cell, by number of the cell; hours since the start, infinite for never."""

    cell: Indexes
    fire: Indexes
    """Thing index of the fire that it was first closed against."""
    width_m: Floats
    """The greatest, where more than one crew has built there."""
    closed_h: Floats
    """First."""
    left_h: Floats
    """When the crew that first closed it had done with that post: until then the line is under construction."""
    mopped_h: Floats
    """When all line of its fire was mopped up, after it was closed."""
    lost_h: Floats
    """When the fire burned it, after it was closed."""


def line_cells(log: EventLog) -> LineCells:
    """All cells that line has closed."""
    rows = log.where(EventKind.LINE)
    cells = log.amount[rows].astype(np.int64)
    cell, first, again = np.unique(cells, return_index=True, return_inverse=True)
    width_m = np.zeros(len(cell))
    np.maximum.at(width_m, again, log.item[rows] / 10)
    first = rows[first]
    closed_h, fire = log.time_h[first], log.place[first].astype(np.int64)
    return LineCells(cell, fire, width_m, closed_h, _left_h(log, first), _mopped_h(log, fire, closed_h),
                     _lost_h(log, cell, closed_h))  # fmt: skip


def _left_h(log: EventLog, rows: NDArray[np.intp]) -> Floats:
    """When the crew of each row next ends its time at a post, shape (n,)."""
    ends = log.where(*ENDS)
    answer = np.full(len(rows), NEVER)
    for crew in np.unique(log.subject[rows]):
        own, of_crew = log.subject[rows] == crew, ends[log.subject[ends] == crew]
        # By row and not by hour: a post can end in the very moment in which its last cell is closed.
        answer[own] = np.append(log.time_h[of_crew], NEVER)[np.searchsorted(of_crew, rows[own])]
    return answer


def _mopped_h(log: EventLog, fire: Indexes, closed_h: Floats) -> Floats:
    answer = np.full(len(fire), NEVER)
    # Backwards, so that of several the earliest one after a cell was closed stays.
    for row in log.where(EventKind.CONTROLLED, EventKind.FIRE_OUT)[::-1].tolist():
        of_fire = (fire == log.subject[row]) & (closed_h <= log.time_h[row])
        answer[of_fire] = log.time_h[row]
    return answer


def _lost_h(log: EventLog, cell: Indexes, closed_h: Floats) -> Floats:
    rows = log.where(EventKind.BURNS)
    burnt, at = np.unique(log.amount[rows].astype(np.int64), return_index=True)
    burnt_h = np.full(len(cell), NEVER)
    has_burnt = np.isin(cell, burnt)
    burnt_h[has_burnt] = log.time_h[rows[at[np.searchsorted(burnt, cell[has_burnt])]]]
    return np.where(burnt_h >= closed_h, burnt_h, NEVER)


class DangerMarks(NamedTuple):
    """Crews that left the line in danger or that flames came to, one entry each time, in order of time."""

    time_h: Floats
    crew: Indexes
    fire: Indexes
    """Thing index."""
    cell: Indexes
    """The last cell of line that the crew has closed: about where it stood; -1: it has closed none, or was on foot.

    Of a safety zone its own."""
    what: Indexes
    """Index into `DANGERS`."""


DANGERS = {
    "safety zone": EventKind.SEEKS_SAFETY,
    "fled": EventKind.WITHDRAWS,
    "cut off": EventKind.CUT_OFF,
    "entrapped": EventKind.ENTRAPPED,
    "overrun": EventKind.OVERRUN,
}
"""What comes to crews at a fire, the mildest first; a safety zone is where one makes for."""


def danger_marks(log: EventLog) -> DangerMarks:
    """Each time that a crew fled, made for a safety zone, was cut off, entrapped or overrun."""
    rows = log.where(*DANGERS.values())
    rows = rows[(log.kind[rows] != EventKind.WITHDRAWS.value) | np.isin(log.item[rows], DANGER)]
    seeks = log.kind[rows] == EventKind.SEEKS_SAFETY.value
    rows = rows[~seeks | (log.item[rows] == ZONE)]
    of_kind = {kind.value: number for number, kind in enumerate(DANGERS.values())}
    what = np.array([of_kind[kind] for kind in log.kind[rows].tolist()], dtype=np.int64)
    lines = log.where(EventKind.LINE)
    cell = np.full(len(rows), -1, dtype=np.int64)
    for crew in np.unique(log.subject[rows]):
        own, of_crew = log.subject[rows] == crew, lines[log.subject[lines] == crew]
        before = np.searchsorted(of_crew, rows[own]) - 1
        cell[own] = np.append(log.amount[of_crew], -1)[before].astype(np.int64)  # before the first: the last entry
    seeks = log.kind[rows] == EventKind.SEEKS_SAFETY.value
    cell[seeks] = log.amount[rows[seeks]].astype(np.int64)
    told_where = np.isin(log.kind[rows], (EventKind.ENTRAPPED, EventKind.OVERRUN))
    cell[told_where & (log.item[rows] == ON_FOOT)] = -1
    return DangerMarks(
        log.time_h[rows], log.subject[rows].astype(np.int64), log.place[rows].astype(np.int64), cell, what
    )
