"""Helicopters: how soon one is where it was asked for."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventLog
from simrescue.kinds import moving
from simrescue.metrics.base import Cases, Measure, TimedWithin
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import share_within
from simrescue.metrics.requests.response import assigned_to, need_cases, requested_h, requests, response_h
from simrescue.responders import TASKS
from simrescue.wording import bilingual


def share_air_arrivals(log: EventLog, facts: Facts, limit_h: float, clock: str = "report") -> float:
    """Share of the requests given to an aircraft where one arrived within the limit.

    An aircraft that never arrived has failed, and so has a need never reported for a task that one was given in this
    course of events.

    Args:
        log: the event log.
        facts: its fixed side.
        limit_h: hours on the clock.
        clock: from the opening of the request, or from when its need was true (`need`).

    Returns:
        0..1 by requests; nan where none was given to an aircraft: whether the air could have reached a place is asked
        of the static coverage.
    """
    return share_within(air_cases(log, facts, clock), limit_h)


def air_cases(log: EventLog, facts: Facts, clock: str = "report") -> Cases:
    """The requests given to an aircraft, with the hours until one came; arguments as of `share_air_arrivals`."""
    given, requested = assigned_to(log, facts, moving("air")), requests(log)
    wait = response_h(log, facts, moving("air"), clock)
    if clock == "report":
        # Its report is the opening of the request: before that no aircraft could have been asked for.
        wait = np.where(np.isfinite(wait), wait + requested.reported_h - requested_h(log), wait)
    tasks = tuple(TASKS[task] for task in np.unique(requested.task[given]).tolist())
    return need_cases(log, given, wait, tasks)


def _cases_arrived(log: EventLog, facts: Facts, settings: TimedWithin) -> Cases:
    return air_cases(log, facts, settings.clock)


def _arrived(log: EventLog, facts: Facts, settings: TimedWithin) -> float:
    return share_within(_cases_arrived(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_air_arrivals", bilingual("requests given to an aircraft that one reached in time"),
        "share", TimedWithin, _arrived, explained="air", counts="needs", of_cases=_cases_arrived,
    ),
)  # fmt: skip
