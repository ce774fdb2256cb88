"""Small ways of reading columns: rows of a kind, first times, weighted quantiles, and one remembered answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Tally
from simrescue.metrics.facts import Facts
from simrescue.units import SAME_H

NEVER = np.inf
"""Time of what did not happen: a failure of every limit, never a missing row."""


BAND = (0.05, 0.95)
"""Shares of the replications between which a band of values lies."""

Answer = TypeVar("Answer")
Columns = TypeVar("Columns", bound=tuple[NDArray[Any], ...])


def rows_of(log: EventLog, kind: EventKind) -> NDArray[np.intp]:
    """Row numbers of one kind of event, shape (n,), in order of time."""
    return np.flatnonzero(log.kind == kind.value)


def first_times(index: NDArray[Any], time_h: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """First time at which each index occurs.

    Args:
        index: of each row, 0..size-1, shape (n,).
        time_h: of each row, hours, in any order, shape (n,).
        size: how many indexes there are.

    Returns:
        Hours, shape (size,); infinite where an index never occurs.
    """
    first = np.full(size, NEVER)
    np.minimum.at(first, index, time_h)
    return first


def village_times(log: EventLog, facts: Facts, kind: EventKind, by_place: bool = False) -> NDArray[np.float64]:
    """First time of a kind of event at each village, hours, shape (V,); infinite for never.

    `by_place`: the village is the place of the event, else its subject.
    """
    rows = rows_of(log, kind)
    village = facts.row_of[(log.place if by_place else log.subject)[rows]]
    here = village >= 0
    return first_times(village[here], log.time_h[rows[here]], len(facts.villages))


def village_sums(log: EventLog, facts: Facts, rows: NDArray[np.intp], by_place: bool = False) -> NDArray[np.float64]:
    """Persons of the given rows added up by village, shape (V,).

    `by_place`: by the place of the row, else by its subject.
    """
    village = facts.row_of[(log.place if by_place else log.subject)[rows]]
    here = village >= 0
    return add_up(village[here], log.persons[rows[here]], len(facts.villages))


def add_up(index: NDArray[Any], values: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    """Sum of the values (shape (n,)) of each index 0..size-1 (shape (n,)).

    Shape (size,), 0 for an index without any.
    """
    return np.bincount(index, weights=values, minlength=size).astype(np.float64, copy=False)


def pick(columns: Columns, which: NDArray[Any]) -> Columns:
    """The chosen entries of a named tuple of columns.

    `which` is a mask or holds positions, which may repeat and reorder.
    """
    return type(columns)(*(column[which] for column in columns))


def quantile(values: NDArray[np.float64], q: float, weights: NDArray[np.float64] | None = None) -> float:
    """Inverse of the empirical distribution: type 1 of Hyndman and Fan (1996), weighted.

    It never mixes two values, so infinite ones stay whole.

    Args:
        values: shape (n,), in any order; infinite ones count.
        q: 0..1.
        weights: of each value, not negative, shape (n,); None: alike.

    Returns:
        The smallest value at which the weight of all up to it reaches the share `q`; nan where no weight is above 0.
    """
    weights = np.ones(len(values)) if weights is None else weights
    if not weights.sum() > 0:
        return float("nan")
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    # A hair below q: running sums of weights are rounded, and 0.95 of 20 equal persons must be the 19th.
    return float(values[order[min(np.searchsorted(reached, q * reached[-1] * (1 - 1e-12)), len(order) - 1)]])


def share(part: float, whole: float) -> float:
    """The part of the whole, from 0 to 1, both in the same unit.

    Nan where the whole is 0, for then nobody was put to the test.
    """
    return float(part / whole) if whole > 0 else float("nan")


def share_within(cases: Cases, limit: float) -> float:
    """Share of the cases that took no more than a limit (hours, or hectares), 0..1; nan for no case."""
    return share(float(cases.number[cases.took <= limit + SAME_H].sum()), float(cases.number.sum()))


def slowest(cases: Cases) -> float:
    """What the worst of the cases took (hours, or hectares); infinite for never, nan for no case."""
    return quantile(cases.took, 1.0, cases.number)


def part_of_whole(tally: Tally) -> float:
    """The share that a tally comes to, 0..1; nan where nobody is counted."""
    return share(float(tally.kept.sum()), float(tally.counted.sum()))


def at_villages(
    facts: Facts, counted: NDArray[Any], kept: NDArray[Any], among: NDArray[np.bool_] | None = None
) -> Tally:
    """A tally by village.

    Args:
        facts: the fixed side of the log.
        counted: how much is counted in each village, shape (V,).
        kept: the part of it that is so, numbers or a mask, shape (V,).
        among: the villages that count, shape (V,); None: all.
    """
    which = slice(None) if among is None else among
    return Tally(facts.villages[which].astype(np.int64), counted[which] * 1.0, kept[which] * 1.0)


def with_whole(tally: Tally, whole: float) -> Tally:
    """A tally whose whole is one number for the jurisdiction (its people, its product): a row at place -1 counts it."""
    return Tally(np.append(tally.place, -1), np.append(tally.counted, whole), np.append(tally.kept, 0.0))


def remembered(function: Callable[..., Answer]) -> Callable[..., Answer]:
    """Keep the answers for the last log asked about, so that many metrics of one log share the same work.

    The log is told by identity and kept alive, so a new log can never be taken for an old one.
    """
    last: list[Any] = [None, {}]

    @wraps(function)
    def answer(log: EventLog, *rest: Any) -> Answer:
        if last[0] is not log:
            last[:] = [log, {}]
        if rest not in last[1]:
            last[1][rest] = function(log, *rest)
        kept: Answer = last[1][rest]
        return kept

    return answer
