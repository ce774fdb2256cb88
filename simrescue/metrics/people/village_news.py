"""What posts know of villages: when word of each comes to command, and to the townships on its way."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simrescue.communication.messages import MessageKind
from simrescue.communication.posts import POST_LEVELS, PostLevel
from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.whereabouts import impact_h
from simrescue.metrics.reading import first_times, share_within
from simrescue.units import SAME_H
from simrescue.wording import bilingual

UPWARD = (MessageKind.REPORT, MessageKind.GOODS, MessageKind.SIGHTING, MessageKind.ANSWER, MessageKind.COUNT)
"""Messages that tell of a village."""
BY_CREWS = (Kind.ARRIVES, Kind.PICKS_UP, Kind.DELIVERS, Kind.SEES)
"""Rows of a crew at a village, of which command hears at once by its radio."""
OF_OTHERS = (Kind.CONTACT_LOST, Kind.LANDED, Kind.TAKEN_ON)
"""Causes of requests at a village that tell nothing of its own people."""
TOWNSHIP = POST_LEVELS.index("township")


def has_views(log: EventLog, facts: Facts) -> bool:
    """Whether messages are told in the log, so that a post can know less than is true."""
    return bool(facts.of_kinds(("post", "station")).any()) and bool(len(log.where(Kind.RECEIVED, Kind.POST_PASSES)))


def word_of_villages(log: EventLog, facts: Facts, post: str) -> NDArray[np.int64]:
    """Rows with which word of a village comes to a post, in order of time.

    Args:
        log: of one replication.
        facts: its fixed side.
        post: `command`, or `township`: all posts of townships, by what passes through their hands.
    """
    passed = log.where(Kind.POST_PASSES)
    passed = passed[np.isin(log.amount[passed], UPWARD)]
    # Answers of partners pass higher posts as well, and tell of no village.
    passed = passed[facts.row_of[log.place[passed]] >= 0]
    if post == "township":
        own: NDArray[np.int64] = passed[log.item[passed] == TOWNSHIP]
        return own
    if len(passed):  # the last of them is command's own
        messages = passed[log.item[passed] == log.item[passed].max()]
    else:
        messages = log.where(Kind.RECEIVED)
        messages = messages[np.isin(log.amount[messages], UPWARD)]
    crews = log.where(*BY_CREWS)
    crews = crews[facts.of_role("responder")[log.subject[crews]]]
    # Each once, and in order of time: what is told by two of them is one word.
    rows = np.unique(np.concatenate([messages, crews, log.where(Kind.CONTACT_RESTORED), _reports(log), _answers(log)]))
    of_villages: NDArray[np.int64] = rows[facts.row_of[village_of(log, rows)] >= 0]
    return of_villages


def village_of(log: EventLog, rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """The place that each of some rows tells of."""
    by_subject = np.isin(log.kind[rows], (Kind.ACKNOWLEDGED, Kind.CONTACT_RESTORED))
    return np.where(by_subject, log.subject[rows], log.place[rows]).astype(np.int64)


def _reports(log: EventLog) -> NDArray[np.int64]:
    """Reports of what the people of a place need.

    That command wants a look at it, since it hears nothing, is none, nor that people of another are ashore there.
    """
    rows = log.where(Kind.REPORTED)
    cause = log.cause[rows]
    reports: NDArray[np.int64] = rows[(cause < 0) | ~np.isin(log.kind[cause], OF_OTHERS)]
    return reports


def first_report_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """When command first had a report of what the people of each village need, hours, shape (V,); infinite: never."""
    rows = _reports(log)
    village = facts.row_of[log.place[rows]]
    here = village >= 0
    return first_times(village[here], log.time_h[rows[here]], len(facts.villages))


def _answers(log: EventLog) -> NDArray[np.int64]:
    rows = log.where(Kind.ACKNOWLEDGED)
    answers: NDArray[np.int64] = rows[log.amount[rows] == MessageKind.CALL_OUT]
    return answers


def words_since_impact(log: EventLog, facts: Facts) -> NDArray[np.int64]:
    """Rows with which word of a village comes to command once the hazard has reached it, in order of time.

    Args:
        log: of one replication.
        facts: its fixed side.
    """
    rows = word_of_villages(log, facts, "command")
    impact = impact_h(log, facts)[facts.row_of[village_of(log, rows)]]
    since: NDArray[np.int64] = rows[log.time_h[rows] >= impact - SAME_H]
    return since


def _reported_cases(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    """Villages that the hazard reached, and hours from then to the first word of them at command."""
    rows, impact = words_since_impact(log, facts), impact_h(log, facts)
    word_h = first_times(facts.row_of[village_of(log, rows)], log.time_h[rows], len(facts.villages))
    hit = np.isfinite(impact)
    took = np.maximum(word_h[hit] - impact[hit], 0.0)
    return Cases(facts.villages[hit].astype(np.int64), np.ones(int(hit.sum())), took)


def _reported_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_reported_cases(log, facts, settings), settings.limit_h)


class ReportedAbove(Within):
    """Settings of the share of villages whose first report was with a post above command in time."""

    post: PostLevel = "city"
    """Level of the post; one of a higher level counts too."""
    clock: Literal["report", "village_impact"] = "report"
    """When the time starts: with the first report of the village to command, or when the hazard reached it."""


def _above_cases(log: EventLog, facts: Facts, settings: ReportedAbove) -> Cases:
    """Villages by the clock: those that command had a report of, or all that were hit; hours until that was above."""
    passed = log.where(Kind.POST_PASSES)
    passed = passed[(log.amount[passed] == MessageKind.ONWARD) & (log.item[passed] >= POST_LEVELS.index(settings.post))]
    village = facts.row_of[log.place[passed]]
    here = village >= 0
    above_h = first_times(village[here], log.time_h[passed[here]], len(facts.villages))
    start_h = first_report_h(log, facts) if settings.clock == "report" else impact_h(log, facts)
    counts = np.isfinite(start_h)
    took = np.maximum(above_h[counts] - start_h[counts], 0.0)
    return Cases(facts.villages[counts].astype(np.int64), np.ones(int(counts.sum())), took)


def _above_within(log: EventLog, facts: Facts, settings: ReportedAbove) -> float:
    return share_within(_above_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_reported_above", bilingual("villages whose first report was with a post above command in time"),
        "share", ReportedAbove, _above_within, counts="villages", of_cases=_above_cases,
    ),
    Measure(
        "share_villages_reported", bilingual("villages reached by the hazard of which command heard in time"),
        "share", Within, _reported_within, explained="reported", counts="villages", of_cases=_reported_cases,
    ),
)  # fmt: skip
