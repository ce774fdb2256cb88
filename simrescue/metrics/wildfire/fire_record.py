"""What the record of a real fire tells besides its size: who was there, when line was lost, who was caught."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, add_up, first_times
from simrescue.metrics.wildfire.fire import Floats, fires, rows_at
from simrescue.metrics.wildfire.fire_line import crew_size, persons_told
from simrescue.metrics.wildfire.line_cells import line_cells
from simrescue.units import SAME_H

LEAVING = (EventKind.RETURNS, EventKind.FREE, EventKind.RESTS, EventKind.OVERRUN)
"""With the first of these a crew is not at the fire any more that it had walked in to."""
CAUGHT = (EventKind.ENTRAPPED, EventKind.OVERRUN)
"""Flames have come too near to a crew, or burned over it."""


def persons_at_fire(log: EventLog, facts: Facts, at_h: float, which: NDArray[np.bool_]) -> float:
    """People of the crews that are at the fires at a time: on foot to the line, on it, or on their way back.

    Args:
        log: the event log.
        facts: its fixed side.
        at_h: hours since the start of the scenario; infinite: the most at any time.
        which: mask of the fires that count, shape (F,).

    Returns:
        Persons. Who comes at the time counts, who leaves at it does not.
    """
    came, fire = rows_at(log, facts, EventKind.WALKS_IN, by_place=True)
    came = came[which[fire]]
    left = _next_leaving(log, came)
    people = crew_size(log, facts)[log.subject[came]]
    # a crew may walk in twice before it leaves (its lift never came): it is there once
    _, first = np.unique(np.stack([log.subject[came].astype(np.int64), left]), axis=1, return_index=True)
    come_h, people = log.time_h[came[first]], people[first]
    left_h = np.where(left[first] < len(log.kind), log.time_h[np.minimum(left[first], len(log.kind) - 1)], NEVER)

    def there(moment_h: float) -> float:
        return float(people[(come_h <= moment_h + SAME_H) & (left_h > moment_h + SAME_H)].sum())

    return there(at_h) if np.isfinite(at_h) else max(map(there, come_h.tolist()), default=0.0)


def _next_leaving(log: EventLog, came: NDArray[np.intp]) -> NDArray[np.int64]:
    """Row in which the crew of each row of `came` next leaves its fire, shape (n,); the length of the log: never."""
    answer = np.full(len(came), len(log.kind), dtype=np.int64)
    leaving = log.where(*LEAVING)
    for crew in np.unique(log.subject[came]):
        own, rows = log.subject[came] == crew, leaving[log.subject[leaving] == crew]
        after = np.searchsorted(rows, came[own], side="right")
        answer[own] = np.append(rows, len(log.kind))[after]
    return answer


def _lost_cells(log: EventLog, facts: Facts) -> tuple[NDArray[np.intp], Floats]:
    """Number of the fire that each lost cell of line was closed against, and when it burned, hours; shape (n,)."""
    cells = line_cells(log)
    lost = np.isfinite(cells.lost_h)
    number = np.full(len(facts.kinds) + 1, -1, dtype=np.intp)
    number[fires(facts)] = np.arange(len(fires(facts)))
    return number[cells.fire[lost]], cells.lost_h[lost]


def line_lost_km(log: EventLog, facts: Facts, until_h: float = NEVER) -> Floats:
    """Kilometres of line of each fire that the fire took by a time (hours): begun and not closed, or crossed; (F,).

    A crossed cell counts with the side of a cell, so that a line across the grid counts up to 29 % short.
    """
    rows, fire = rows_at(log, facts, EventKind.LINE_TAKEN, by_place=True)
    early = log.time_h[rows] <= until_h + SAME_H
    begun_m = add_up(fire[early], log.amount[rows[early]], len(fires(facts)))
    lost, lost_h = _lost_cells(log, facts)
    lost = lost[lost_h <= until_h + SAME_H]
    side_m = 100 * np.sqrt(facts.cell_ha)
    answer: Floats = (begun_m + side_m * add_up(lost, np.ones(len(lost)), len(fires(facts)))) / 1000
    return answer


def first_lost_h(log: EventLog, facts: Facts) -> Floats:
    """When each fire first took line that was begun or closed, hours, shape (F,); infinite for never."""
    rows, fire = rows_at(log, facts, EventKind.LINE_TAKEN, by_place=True)
    lost, lost_h = _lost_cells(log, facts)
    answer = first_times(fire, log.time_h[rows], len(fires(facts)))
    np.minimum.at(answer, lost, lost_h)
    return answer


def last_burning_out_h(log: EventLog, facts: Facts, until_h: float = NEVER) -> Floats:
    """When crews last lit the ground between their line and each fire by a time, hours, shape (F,); infinite: never."""
    rows, fire = rows_at(log, facts, EventKind.BURNS_OUT, by_place=True)
    early = log.time_h[rows] <= until_h + SAME_H
    last = np.full(len(fires(facts)), -NEVER)
    np.maximum.at(last, fire[early], log.time_h[rows[early]])
    return np.where(np.isfinite(last), last, NEVER)


def overrun_by(log: EventLog, facts: Facts, until_h: float = NEVER) -> Floats:
    """People of crews that each fire had overrun by a time (hours), shape (F,)."""
    return persons_told(log, facts, EventKind.OVERRUN, until_h=until_h)


def caught_by(log: EventLog, facts: Facts, until_h: float = NEVER) -> Floats:
    """People of crews that each fire had entrapped or overrun by a time (hours), shape (F,)."""
    return persons_told(log, facts, *CAUGHT, until_h=until_h)
