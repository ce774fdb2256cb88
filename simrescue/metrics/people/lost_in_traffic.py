"""Time lost in traffic: what the way took beyond what it takes with nobody else on the road."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, rows_of


def traffic_person_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours that people lost in traffic who drove themselves or were moved on, person-hours, by village, shape (V,).

    A journey counts when it has come to an end; who loses no more than three minutes on one is not counted.
    """
    rows = rows_of(log, EventKind.SLOWED)
    # Rows of crews tell of the same roads with no persons: whoever is aboard is theirs.
    rows = rows[log.persons[rows] > 0]
    lost = log.persons[rows] * log.amount[rows]
    return add_up(facts.row_of[log.subject[rows]], lost, len(facts.villages))


def traffic_crew_h(log: EventLog) -> float:
    """Hours that crews lost in traffic, summed over crews, whoever was aboard; counted as those of people."""
    rows = rows_of(log, EventKind.SLOWED)
    return float(log.amount[rows[log.persons[rows] == 0]].sum())
