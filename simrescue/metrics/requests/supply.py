"""Relief goods: how soon and how much of what was asked for is delivered."""

from __future__ import annotations

from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, add_up, rows_of, share_within
from simrescue.metrics.requests.request_clocks import RequestWithin, concerned_h, start_h
from simrescue.metrics.requests.response import Requests, first_rows, need_cases, requests, wait_h
from simrescue.places import NEEDS
from simrescue.responders import RELIEF, TASKS
from simrescue.units import wrong
from simrescue.wording import bilingual


class Supplied(RequestWithin):
    """Settings of the share of needs for goods that were met in time."""

    stage: Literal["village", "township"] = "village"
    """How far the goods must have come: to the village itself, or to some place of its township."""
    until: Literal["first", "all"] = "first"
    """What ends the wait: the first delivery, or that after which nothing of what was asked for is missing."""

    @model_validator(mode="after")
    def _all_in_the_village(self) -> Self:
        if self.until == "all" and self.stage != "village":
            raise wrong(bilingual("{setting} only with {other}", setting="`until: all`", other="`stage: village`"))
        return self


def share_supplied(log: EventLog, facts: Facts, settings: Supplied) -> float:
    """Share of the requests for relief whose first delivery came within the limit.

    Args:
        log: the event log.
        facts: its fixed side.
        settings: the limit, its clock, and how far the goods must have come.

    Returns:
        0..1 by requests; nan for none. A request without any delivery has failed, and so has a need for goods that was
        never reported.
    """
    return share_within(supply_cases(log, facts, settings), settings.limit_h)


def supply_cases(log: EventLog, facts: Facts, settings: Supplied) -> Cases:
    """The needs for relief, with the hours until the first delivery; arguments as of `share_supplied`."""
    start = supply_start_h(log, facts, settings)
    rows = first_deliveries(log, facts, settings)
    arrived = np.where(rows >= 0, log.time_h[rows], NEVER) if len(log.kind) else np.full(len(rows), NEVER)
    return need_cases(log, np.isfinite(start), wait_h(arrived, start), (TASKS[RELIEF],), concerned_h(log, settings))


def supply_start_h(log: EventLog, facts: Facts, settings: Supplied) -> NDArray[np.float64]:
    """Hours at which the clock of each request starts, shape (R,); nan for one that does not count.

    Arguments as of `share_supplied`.
    """
    course = requests(log)
    among = course.confirmed & (course.task == RELIEF)
    answer: NDArray[np.float64] = np.where(among, start_h(log, facts, course, settings, course.assigned_h), np.nan)
    return answer


def first_deliveries(log: EventLog, facts: Facts, settings: Supplied) -> NDArray[np.intp]:
    """The row of the delivery that ends the wait of each request, shape (R,); -1 for none.

    Arguments as of `share_supplied`. For the stage of the township the first delivery, for whatever request, at a place
    of the same township after the clock started, or the request's own where that was before. Until all has come: the
    last delivery for a request that has been closed.
    """
    course, rows = requests(log), rows_of(log, EventKind.DELIVERS)
    if settings.until == "all":
        return _last_deliveries(log, course, rows)
    own = first_rows(log, rows, course.delivered_h)
    if settings.stage == "village" or not facts.townships:
        return own
    # One more, for the place -1.
    township = np.array([*facts.townships, ""])
    start = supply_start_h(log, facts, settings)
    first = own.copy()
    for name in np.unique(township[course.place]).tolist():
        # Places without a township have none in common.
        within = rows[township[log.place[rows]] == name] if name else rows[:0]
        here = np.flatnonzero((township[course.place] == name) & np.isfinite(start))
        after = np.searchsorted(log.time_h[within], start[here])  # rows of a log are in order of time
        come = after < len(within)
        here, delivery = here[come], within[after[come]]
        sooner = (own[here] < 0) | (log.time_h[delivery] < log.time_h[own[here]])
        first[here[sooner]] = delivery[sooner]
    return first


def _last_deliveries(log: EventLog, course: Requests, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    last = dict(zip(log.request[rows].tolist(), rows.tolist(), strict=True))
    ended = zip(course.number.tolist(), np.isfinite(course.closed_h).tolist(), strict=True)
    return np.array([last.get(number, -1) if is_closed else -1 for number, is_closed in ended], dtype=np.intp)


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
        "share", Supplied, share_supplied, explained="supply", bounded="supply", counts="needs", of_cases=supply_cases,
    ),
    Measure(
        "requests_short_of_stock", bilingual("requests for which every depot was short"),
        "count", MeasureSettings, _short, counts="needs", of_places=_places_short,
    ),
)  # fmt: skip
