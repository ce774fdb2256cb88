"""Relief goods: how soon and how much of what was asked for is delivered."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally, TimedWithin
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, rows_of, share_within
from simrescue.metrics.response import began_h, need_cases, requests, wait_h
from simrescue.places import NEEDS
from simrescue.responders import RELIEF, TASKS
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
    return share_within(supply_cases(log, clock), limit_h)


def supply_cases(log: EventLog, clock: str = "report") -> Cases:
    """The needs for relief, with the hours until the first delivery; arguments as of `share_supplied`."""
    course = requests(log)
    wait = wait_h(course.delivered_h, began_h(course, clock))
    return need_cases(log, course.confirmed & (course.task == RELIEF), wait, (TASKS[RELIEF],))


def delivered(log: EventLog) -> NDArray[np.float64]:
    """What was delivered of each need, shape (needs,), in the order of `places.NEEDS`.

    In person-days of what is used up (food, water, medical care), in persons equipped of what is kept.
    """
    rows = rows_of(log, EventKind.DELIVERS)
    rows = rows[(log.item[rows] >= 0) & (log.item[rows] < len(NEEDS))]
    return add_up(log.item[rows], log.amount[rows], len(NEEDS))


def requests_short_of_stock(log: EventLog) -> float:
    """Number of requests for which some crew found an item short in every depot that could serve it."""
    return float(len(_short_requests(log)))


def _short_requests(log: EventLog) -> NDArray[Any]:
    return np.unique(log.request[rows_of(log, EventKind.NO_STOCK)])


def _cases_supplied(log: EventLog, _: Facts, settings: TimedWithin) -> Cases:
    return supply_cases(log, settings.clock)


def _supplied(log: EventLog, facts: Facts, settings: TimedWithin) -> float:
    return share_within(_cases_supplied(log, facts, settings), settings.limit_h)


def _short(log: EventLog, _: Facts, __: MeasureSettings) -> float:
    return requests_short_of_stock(log)


def _places_short(log: EventLog, _: Facts, __: MeasureSettings) -> Tally:
    course, short = requests(log), _short_requests(log)
    opened = dict(zip(course.number.tolist(), course.place.tolist(), strict=True))
    place, kept = np.unique([opened.get(number, -1) for number in short.tolist()], return_counts=True)
    return Tally(place.astype(np.int64), np.zeros(len(place)), kept.astype(np.float64))


MEASURES = (
    Measure(
        "share_supplied", bilingual("needs for relief goods with the first delivery in time"),
        "share", TimedWithin, _supplied, explained="supply", bounded="supply", counts="needs", of_cases=_cases_supplied,
    ),
    Measure(
        "requests_short_of_stock", bilingual("requests for which every depot was short"),
        "count", MeasureSettings, _short, counts="needs", of_places=_places_short,
    ),
)  # fmt: skip
