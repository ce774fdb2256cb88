"""Helicopters: how soon one is where it was asked for."""

from __future__ import annotations

from simrescue.events import EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import share
from simrescue.metrics.response import assigned_to, requests, response_h


def share_air_arrivals(log: EventLog, facts: Facts, limit_h: float) -> float:
    """Share of the requests given to a helicopter where one arrived within the limit.

    The clock runs from the opening of the request. A helicopter that never arrived has failed; nan where no request
    was given to one: whether the air could have reached a place is asked of the static coverage.
    """
    asked = assigned_to(log, facts, ("helicopter",))
    course = requests(log)
    wait = response_h(log, facts, ("helicopter",)) + course.reported_h - course.opened_h
    return share(float((wait[asked] <= limit_h).sum()), float(asked.sum()))
