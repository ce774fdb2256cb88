"""False alarms: how many, and the hours of the crews that went to look."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import rows_of


def false_alarms(log: EventLog) -> float:
    """How often something was taken for a fire that was none, reported yet or not."""
    return float(len(rows_of(log, EventKind.FALSE_ALARM)))


def false_alarm_crew_h(log: EventLog, facts: Facts) -> float:
    """Hours of crews on false alarms: each from its order until it is free again, or to the end of the scenario."""
    told = rows_of(log, EventKind.REPORTED)
    cause = log.cause[told]
    for_nothing = (cause >= 0) & (log.kind[cause] == EventKind.FALSE_ALARM.value)
    sent = rows_of(log, EventKind.ASSIGNED)
    sent = sent[np.isin(log.request[sent], log.request[told[for_nothing]])]
    free = rows_of(log, EventKind.FREE)
    hours = 0.0
    for crew in np.unique(log.subject[sent]).tolist():
        own, again = sent[log.subject[sent] == crew], free[log.subject[free] == crew]
        ends = np.append(log.time_h[again], facts.duration_h)
        hours += float((ends[np.searchsorted(again, own)] - log.time_h[own]).sum())
    return hours
