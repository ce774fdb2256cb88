"""Aid from partners: how many crews were asked for, granted and handed over, and how long that took."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, first_times, rows_of, share_within
from simrescue.units import SAME_H
from simrescue.wording import bilingual

STEPS = {
    "asked": EventKind.PARTNER_ASKED,
    "granted": EventKind.AID_GRANTED,
    "handed_over": EventKind.AID_HANDED_OVER,
}
"""Step of aid, as in `aid_<step>` -> its row."""


def numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    """`aid_<step>` crews of each of `STEPS`, and `first_aid_h`, hours since the start (infinite: never).

    Nothing in a scenario without partners.
    """
    if not facts.of_kinds(("partner",)).any():
        return {}
    crews = {f"aid_{step}": float(log.amount[rows_of(log, kind)].sum()) for step, kind in STEPS.items()}
    rows = rows_of(log, EventKind.AID_HANDED_OVER)
    return {**crews, "first_aid_h": float(log.time_h[rows].min(initial=NEVER))}


def first_h(kind: EventKind) -> Callable[[EventLog, Facts, float, str], float]:
    """Reading of the hour at which the first aid has a row of a kind; infinite for none by the moment asked for."""

    def hour(log: EventLog, facts: Facts, at_h: float, place: str) -> float:  # noqa: ARG001
        first = float(log.time_h[rows_of(log, kind)].min(initial=NEVER))
        return first if first <= at_h + SAME_H else NEVER

    return hour


def crews_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:  # noqa: ARG001
    """Crews of aid that had been handed over by a moment."""
    rows = rows_of(log, EventKind.AID_HANDED_OVER)
    return float(log.amount[rows][log.time_h[rows] <= at_h + SAME_H].sum())


def _cases(log: EventLog, facts: Facts, _: Within) -> Cases:
    """Each partner that was asked stands for its crews; hours from the request until they were handed over."""
    requests, came = rows_of(log, EventKind.PARTNER_ASKED), rows_of(log, EventKind.AID_HANDED_OVER)
    came_h = first_times(log.place[came], log.time_h[came], len(facts.kinds))
    partner = log.place[requests]
    return Cases(partner.astype(np.int64), log.amount[requests], came_h[partner] - log.time_h[requests])


def _share_in_time(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_aid_in_time", bilingual("crews asked of partners that were handed over in time"),
        "share", Within, _share_in_time, counts="crews", of_cases=_cases,
    ),
)  # fmt: skip
