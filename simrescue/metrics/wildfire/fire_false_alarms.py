"""False alarms: how many, and the hours of the crews that went to look."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import rows_of
from simrescue.metrics.wildfire.fire import Floats


def false_alarms(log: EventLog) -> float:
    """How often something was taken for a fire that was none, reported yet or not."""
    return float(len(rows_of(log, EventKind.FALSE_ALARM)))


def false_alarm_crew_h(log: EventLog, facts: Facts) -> float:
    """Hours of crews on false alarms: each from its order until it is free again, or to the end of the scenario."""
    reported = rows_of(log, EventKind.REPORTED)
    cause = log.cause[reported]
    for_nothing = (cause >= 0) & (log.kind[cause] == EventKind.FALSE_ALARM.value)
    sent = rows_of(log, EventKind.ASSIGNED)
    sent = sent[np.isin(log.request[sent], log.request[reported[for_nothing]])]
    return float(busy_h(log, facts, sent).sum())


def busy_h(log: EventLog, facts: Facts, sent: NDArray[np.intp]) -> Floats:
    """Hours of the crews of some orders (rows ASSIGNED, in order), shape of `sent`.

    Each until the crew is free again or has another order, or to the end of the scenario.
    """
    ends = log.where(EventKind.ASSIGNED, EventKind.FREE)
    hours = np.zeros(len(sent))
    for crew in np.unique(log.subject[sent]).tolist():
        own, rows = log.subject[sent] == crew, ends[log.subject[ends] == crew]
        until_h = np.append(log.time_h[rows], facts.duration_h)
        hours[own] = until_h[np.searchsorted(rows, sent[own], side="right")] - log.time_h[sent[own]]
    return hours
