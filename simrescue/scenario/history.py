"""The record of a real event as figures, one a moment, each as the interval in which the truth lies by its source."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from simrescue.scenario.records import Recorded

ABOUT = 0.1
"""How far a figure given as "about" may be off, of its value (assumed: round figures of notices)."""


class FigureOnRecord(NamedTuple):
    """What the record says of one metric at one moment."""

    entry: Recorded
    at_h: float | None
    """Moment at which the metric is read, hours since the start; None: the end."""
    value: float
    """As the source gives it, of an interval its middle; for a moment hours since the start."""
    low: float
    """Least that it may have been; minus infinite: no bound."""
    high: float
    """Most that it may have been; infinite: no bound."""


def figures_on_record(history: Iterable[Recorded]) -> tuple[FigureOnRecord, ...]:
    """All figures of a scenario's history, in its order, a series moment by moment."""
    return tuple(figure for entry in history for figure in _figures(entry))


def _figures(entry: Recorded) -> Iterator[FigureOnRecord]:
    if entry.series:
        for point in entry.series:
            yield FigureOnRecord(entry, point.at, point.value, *_between(point.value, entry.bound))
    elif entry.low is not None and entry.high is not None:
        yield FigureOnRecord(entry, entry.at, (entry.low + entry.high) / 2, entry.low, entry.high)
    else:
        value = entry.moment if entry.value is None else entry.value
        if value is not None:
            yield FigureOnRecord(entry, entry.at, value, *_between(value, entry.bound))


def _between(value: float, bound: str) -> tuple[float, float]:
    """Least and most that a figure with this bound may have been."""
    return {
        "exact": (value, value),
        "about": (value - ABOUT * abs(value), value + ABOUT * abs(value)),
        "at least": (value, math.inf),
        "at most": (-math.inf, value),
    }[bound]
