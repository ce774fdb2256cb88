"""Relief goods: how soon and how much of what was asked for is delivered."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Measure, MeasureSettings, TimedWithin
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, rows_of, share
from simrescue.metrics.response import began_h, never_heard, requests, wait_h
from simrescue.places import NEEDS
from simrescue.responders import RELIEF, TASKS
from simrescue.units import SAME_H
from simrescue.wording import bilingual


def share_supplied(log: EventLog, limit_h: float, clock: str = "report") -> float:
    """Share of the requests for relief whose first delivery came within the limit.

    Args:
        log: the event log.
        limit_h: hours on the clock.
        clock: from the report, or from when goods were short (`need`).

    Returns:
        0..1 by requests; nan for none. A request without any delivery has failed, and so has a need for goods that was
        never reported.
    """
    course = requests(log)
    wait = wait_h(course.delivered_h, began_h(course, clock))[course.confirmed & (course.task == RELIEF)]
    return share(float((wait <= limit_h + SAME_H).sum()), len(wait) + never_heard(log, (TASKS[RELIEF],)))


def delivered(log: EventLog) -> NDArray[np.float64]:
    """What was delivered of each need, shape (needs,), in the order of `places.NEEDS`.

    In person-days of what is used up (food, water, medical care), in persons equipped of what is kept.
    """
    rows = rows_of(log, EventKind.DELIVERS)
    rows = rows[(log.item[rows] >= 0) & (log.item[rows] < len(NEEDS))]
    return add_up(log.item[rows], log.amount[rows], len(NEEDS))


def requests_short_of_stock(log: EventLog) -> float:
    """Number of requests for which some crew found an item short in every depot that could serve it."""
    return float(len(np.unique(log.request[rows_of(log, EventKind.NO_STOCK)])))


def _supplied(log: EventLog, _: Facts, settings: TimedWithin) -> float:
    return share_supplied(log, settings.limit_h, settings.clock)


def _short(log: EventLog, _: Facts, __: MeasureSettings) -> float:
    return requests_short_of_stock(log)


MEASURES = (
    Measure(
        "share_supplied", bilingual("needs for relief goods with the first delivery in time"),
        "share", TimedWithin, _supplied, explained="supply", bounded="supply",
    ),
    Measure(
        "requests_short_of_stock", bilingual("requests for which every depot was short"),
        "count", MeasureSettings, _short,
    ),
)  # fmt: skip
