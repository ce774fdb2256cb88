"""From when a plan counts the hours of a request: the report, the need, the impact, the order, a response level."""

from __future__ import annotations

from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventLog
from simrescue.metrics.base import Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.levels import LevelClock, in_force_h
from simrescue.metrics.people.whereabouts import impact_h

RequestClock = Literal["report", "need", "village_impact", "order", "level"]
"""What starts the clock of a request."""


class RequestTimes(Protocol):
    """What a clock reads of the requests of a log (`metrics.response.Requests`): columns of shape (R,)."""

    @property
    def place(self) -> NDArray[np.int64]:
        """Index in the table of things."""

    @property
    def need_h(self) -> NDArray[np.float64]:
        """Since when the need was true, hours."""

    @property
    def reported_h(self) -> NDArray[np.float64]:
        """When command learned of it, hours."""

    @property
    def closed_h(self) -> NDArray[np.float64]:
        """When it was over, hours; infinite for never."""


class RequestWithin(LevelClock, Within):
    """Settings of a share of requests answered in time, by a clock that a plan names."""

    clock: RequestClock = "report"
    """When the time starts: with the report to command; when the need was true; when the hazard reached the village
    (`village_impact`); with command's first order for it; when a response level came into force, or with the report
    where that is later (`level`)."""


def began_h(requested: RequestTimes, clock: str) -> NDArray[np.float64]:
    """Hours at which a clock that tells reports from needs starts to run for each request, shape (R,).

    Args:
        requested: the requests of a log.
        clock: "need": since when it was true; any other is the report.
    """
    answer: NDArray[np.float64] = requested.need_h if clock == "need" else requested.reported_h
    return answer


def start_h(
    log: EventLog, facts: Facts, requested: RequestTimes, settings: RequestWithin, ordered_h: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Hours at which the clock of each request starts, shape (R,); nan where the clause does not concern it.

    Args:
        log: the event log.
        facts: its fixed side.
        requested: the requests of the log.
        settings: the clock, and its response level.
        ordered_h: when the first crew that counts was ordered to each request, shape (R,); infinite for never.

    Returns:
        By `village_impact`, where none comes, since when the need was true. By `order`, where none was given, the
        report: it has waited since then. By `level`, nan for what was over before the level was in force.
    """
    if settings.clock == "village_impact":
        return _or_else(_impact_at(log, facts, requested), requested.need_h)
    if settings.clock == "order":
        return _or_else(ordered_h, requested.reported_h)
    if settings.level:
        since_h = concerned_h(log, settings)
        concerned = np.isfinite(since_h) & (requested.closed_h >= since_h)
        return np.where(concerned, np.maximum(requested.reported_h, since_h), np.nan)
    return began_h(requested, settings.clock)


def concerned_h(log: EventLog, settings: RequestWithin) -> float:
    """Hours from which on a clause concerns needs: the declaration of its level, else always; infinite for never."""
    return in_force_h(log, settings.level) if settings.level else -np.inf


def _or_else(moment_h: NDArray[np.float64], otherwise_h: NDArray[np.float64]) -> NDArray[np.float64]:
    answer: NDArray[np.float64] = np.where(np.isfinite(moment_h), moment_h, otherwise_h)
    return answer


def _impact_at(log: EventLog, facts: Facts, requested: RequestTimes) -> NDArray[np.float64]:
    """When the hazard reached the place of each request, shape (R,); infinite for never and for other places."""
    village = facts.row_of[requested.place]
    answer: NDArray[np.float64] = np.append(impact_h(log, facts), np.inf)[village]  # -1 answers the last: never
    return answer
