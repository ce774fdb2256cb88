"""From a need, or the report of it, to the first responder on the spot: the course of each request and mission.

Each wait can be read by two clocks, from the report to command and from when the need was true. A need that was never
reported has failed by both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator

from simrescue import units
from simrescue.events import EventKind, EventLog
from simrescue.kinds import names
from simrescue.metrics.base import Cases, Measure
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, first_times, quantile, remembered, rows_of, share_within
from simrescue.metrics.requests.request_clocks import RequestWithin, began_h, concerned_h, start_h
from simrescue.responders import RECONNAISSANCE, RESPONSE_TASKS, RESPONSES, TASKS, TEAM_KINDS, LevelOfGovernment, Task
from simrescue.units import wrong
from simrescue.wording import bilingual


class Requests(NamedTuple):
    """The course of each request, as columns with one entry a request; times in hours, infinite for never."""

    number: NDArray[np.int64]
    task: NDArray[np.int16]
    """Index in `responders.TASKS`."""
    place: NDArray[np.int64]
    persons: NDArray[np.float64]
    need_h: NDArray[np.float64]
    """Since when the need was true; where buses were sent ahead of it: when the first people asked."""
    reported_h: NDArray[np.float64]
    """When command learned of the need (the row REPORTED that caused the request; else when it was opened).

    What it only expected at a silent place counts from when it acted on that; people to whom buses were sent ahead from
    when the first of them asked, and who was there by then kept nobody waiting. Of a silent place it learned, that
    something was wrong there, when it asked for somebody to look.
    """
    opened_h: NDArray[np.float64]
    assigned_h: NDArray[np.float64]
    """First responder assigned."""
    arrived_h: NDArray[np.float64]
    """First responder at the place of the request, as of `arrivals`."""
    delivered_h: NDArray[np.float64]
    """First delivery at the place for this request."""
    closed_h: NDArray[np.float64]
    confirmed: NDArray[np.bool_]
    """Whether the need was reported: not where command only expected it, nobody ever confirmed it."""


class Unheard(NamedTuple):
    """Needs of which command never heard, as columns with one entry a need."""

    task: NDArray[np.int16]
    place: NDArray[np.int64]
    persons: NDArray[np.float64]
    need_h: NDArray[np.float64]
    """Since when the need was true."""
    ended_h: NDArray[np.float64]
    """When it was over, or the scenario."""


CLOCKS = ("report", "need")
"""From where a response is timed."""


class Missions(NamedTuple):
    """One responder sent to one request, as columns with one entry an assignment."""

    responder: NDArray[np.int64]
    request: NDArray[np.intp]
    """Position in `Requests`."""
    assigned_h: NDArray[np.float64]
    arrived_h: NDArray[np.float64]
    """First arrival of the responder at the place of the request, from then on; infinite for never."""


SENT_AHEAD = (EventKind.BUSES_ORDERED.value, EventKind.RATIONS_ORDERED.value)
"""Kinds of rows by which command sends before anybody asks."""


@remembered
def requests(log: EventLog) -> Requests:
    """All requests of a log in the order in which they were opened, hours since the start of the scenario."""
    rows = rows_of(log, EventKind.REQUEST_OPENED)
    number, cause = log.request[rows].astype(np.int64), log.cause[rows]
    # A cause of -1 (none) reads the last row of the log, which may be a report.
    reported = (cause >= 0) & (log.kind[cause] == EventKind.REPORTED.value)
    reported_h, closed_h = np.where(reported, log.time_h[cause], log.time_h[rows]), _first_closed(log, number)
    ahead = (cause >= 0) & np.isin(log.kind[cause], SENT_AHEAD)
    asked_h = np.where(ahead, _first(log, number, rows_of(log, EventKind.REPORTED)), -np.inf)
    asked_h[~np.isfinite(asked_h)] = -np.inf  # nobody ever did: not confirmed, and in no share
    reported_h = np.maximum(reported_h, asked_h)
    return Requests(
        number,
        log.item[rows],
        log.place[rows].astype(np.int64),
        log.persons[rows],
        np.maximum(log.amount[rows], asked_h),
        _silence_noticed(log, rows, reported_h, closed_h),
        log.time_h[rows],
        _first(log, number, rows_of(log, EventKind.ASSIGNED)),
        _first(log, number, arrivals(log), log.place[rows]),
        _first(log, number, rows_of(log, EventKind.DELIVERS), log.place[rows]),
        closed_h,
        ~_is_expected(log, rows) | np.isin(number, log.request[rows_of(log, EventKind.REPORTED)]),
    )


@remembered
def arrivals(log: EventLog) -> NDArray[np.intp]:
    """Rows ARRIVES of responders who could begin, shape (n,): not of those who met water too deep for their vehicle.

    Else places of which nothing is known would be answered sooner than those to which command sends nobody in vain.
    """
    came = rows_of(log, EventKind.ARRIVES)
    return np.setdiff1d(came, log.cause[rows_of(log, EventKind.TOO_DEEP)], assume_unique=True)


def _is_expected(log: EventLog, rows: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Which rows REQUEST_OPENED are of requests that command opened on what it only expected."""
    cause = log.cause[rows]
    unheard_of = (EventKind.EXPECTED.value, *SENT_AHEAD)
    expected: NDArray[np.bool_] = (cause >= 0) & np.isin(log.kind[cause], unheard_of)
    return expected


@remembered
def unheard(log: EventLog) -> Unheard:
    """All needs that were never reported, in the order in which they ended."""
    rows = rows_of(log, EventKind.NEVER_REPORTED)
    return Unheard(
        log.item[rows], log.place[rows].astype(np.int64), log.persons[rows], log.amount[rows], log.time_h[rows]
    )


def _first_closed(log: EventLog, number: NDArray[np.int64]) -> NDArray[np.float64]:
    return _first(log, number, rows_of(log, EventKind.REQUEST_CLOSED))


def _silence_noticed(
    log: EventLog, rows: NDArray[np.intp], reported_h: NDArray[np.float64], closed_h: NDArray[np.float64]
) -> NDArray[np.float64]:
    """When command knew, where it had to have somebody look: not later than it asked for that, nor before the need.

    Otherwise a clock from the report would reward places for being silent: who comes to look is there already.
    """
    why = log.cause[log.cause[rows]]  # -1 answers the last row, which is none of contact
    looks = np.flatnonzero((log.item[rows] == RECONNAISSANCE) & (log.kind[why] == EventKind.CONTACT_LOST.value))
    known_h, place = reported_h.copy(), log.place[rows]
    for look in looks.tolist():
        learned = (place == place[look]) & (reported_h >= reported_h[look]) & (reported_h <= closed_h[look])
        noticed_h = np.maximum(log.amount[rows[learned]], reported_h[look])
        known_h[learned] = np.minimum(known_h[learned], noticed_h)
    return known_h


@remembered
def requested_h(log: EventLog) -> NDArray[np.float64]:
    """Hours at which each request was opened, shape (R,).

    Where command had to have somebody look first, when it asked for that, as in `Requests.reported_h`.
    """
    requested = requests(log)
    return _silence_noticed(log, rows_of(log, EventKind.REQUEST_OPENED), requested.opened_h, requested.closed_h)


def wait_h(moment_h: NDArray[np.float64], start_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Hours from a start to a moment, both of shape (n,).

    Returns:
        At least 0, for who was there before was not waited for; infinite for a moment that never came.
    """
    came = np.isfinite(moment_h)
    waited: NDArray[np.float64] = np.subtract(moment_h, start_h, where=came, out=np.full(len(moment_h), NEVER))
    return np.maximum(waited, 0.0, out=waited)


def _first(
    log: EventLog, number: NDArray[np.int64], rows: NDArray[np.intp], place: NDArray[np.int32] | None = None
) -> NDArray[np.float64]:
    """First time of some rows of each request (at the request's place, where one is given)."""
    position = _positions(log, number, rows)
    known = position >= 0
    if place is not None:
        known[known] = _at_place(log, rows[known], place[position[known]])
    return first_times(position[known], log.time_h[rows[known]], len(number))


def _at_place(log: EventLog, rows: NDArray[np.intp], place: NDArray[Any]) -> NDArray[np.bool_]:
    """Which arrivals are at the place of their request; crews of a fire gather elsewhere when the front moves."""
    stages = rows_of(log, EventKind.STAGES)
    # The request still names the first gathering place; arriving at a later one is arriving.
    gathering = np.isin(place, log.amount[stages]) & np.isin(log.place[rows], log.amount[stages])
    answer: NDArray[np.bool_] = (log.place[rows] == place) | gathering
    return answer


def _positions(log: EventLog, number: NDArray[np.int64], rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Position of each row's request among the request numbers; -1 where it has none."""
    # One more at the end, for rows of no request (-1).
    where = np.full(int(max(number.max(initial=-1), log.request[rows].max(initial=-1))) + 2, -1, dtype=np.intp)
    where[number] = np.arange(len(number))
    return where[log.request[rows]]


@remembered
def missions(log: EventLog) -> Missions:
    """All assignments of a log in order of time, each with its arrival at the place of its request.

    An arrival belongs to the last assignment of the same responder to the same request before it.
    """
    requested = requests(log)
    sent, came = rows_of(log, EventKind.ASSIGNED), arrivals(log)
    request, reached = _positions(log, requested.number, sent), _positions(log, requested.number, came)
    sent, request = sent[request >= 0], request[request >= 0]
    right = reached >= 0
    right[right] = _at_place(log, came[right], requested.place[reached[right]])
    came, reached = came[right], reached[right]
    # Pair and row in one number that sorts by pair, then row: the arrival after an assignment is then one bisection.
    stretch = len(log.kind) + 1
    key = _pair(log, sent, request, len(requested.number)) * stretch
    keys = np.sort(_pair(log, came, reached, len(requested.number)) * stretch + came)
    after = np.append(keys, np.iinfo(np.int64).max)[np.searchsorted(keys, key + sent)]
    arrived = after // stretch == key // stretch
    time_h = np.where(arrived, log.time_h[np.where(arrived, after % stretch, 0)] if len(sent) else NEVER, NEVER)
    return Missions(log.subject[sent].astype(np.int64), request, log.time_h[sent], time_h)


def _pair(log: EventLog, rows: NDArray[np.intp], request: NDArray[np.intp], number: int) -> NDArray[np.int64]:
    """One number for the responder and the request of each row."""
    return log.subject[rows].astype(np.int64) * number + request


def response_h(
    log: EventLog, facts: Facts, kinds: tuple[str, ...] | None = None, clock: str = "report"
) -> NDArray[np.float64]:
    """Hours by a clock to the first arrival of a responder at the place of each request, shape (R,).

    Infinite for never.

    Args:
        log: the event log.
        facts: its fixed side.
        kinds: names of the kinds of responders that count; None: any.
        clock: one of `CLOCKS`.

    Raises:
        KeyError: for a name that is no kind.
    """
    return wait_h(_first_of(log, _of_kinds(facts, kinds)), began_h(requests(log), clock))


def _of_kinds(facts: Facts, kinds: tuple[str, ...] | None) -> NDArray[np.bool_]:
    return facts.of_role("responder") if kinds is None else facts.of_kinds(kinds)


def _first_of(
    log: EventLog, responders: NDArray[np.bool_], moment: Literal["arrived_h", "assigned_h"] = "arrived_h"
) -> NDArray[np.float64]:
    """When the first of some responders arrived at the place of each request, or was assigned to it."""
    sent, requested = missions(log), requests(log)
    counted = responders[sent.responder]
    first = np.full(len(requested.number), NEVER)
    np.minimum.at(first, sent.request[counted], getattr(sent, moment)[counted])
    return first


def first_rows(log: EventLog, rows: NDArray[np.intp], at_h: NDArray[np.float64]) -> NDArray[np.intp]:
    """For each request the first of some rows of it at the hour given for it, shape (R,); -1 for none.

    Args:
        log: the event log.
        rows: rows that may count, in order.
        at_h: hours, shape (R,); infinite for a request that has none.
    """
    position = _positions(log, requests(log).number, rows)
    fits = (position >= 0) & (log.time_h[rows] == np.append(at_h, np.nan)[position])
    first = np.full(len(at_h), -1, dtype=np.intp)
    # Written backwards, so that of several rows at the same moment the first stays.
    first[position[fits][::-1]] = rows[fits][::-1]
    return first


def assigned_to(log: EventLog, facts: Facts, kinds: tuple[str, ...]) -> NDArray[np.bool_]:
    """Which requests had a responder of the given kinds assigned, whether or not it arrived; shape (R,)."""
    sent, requested = missions(log), requests(log)
    some = np.zeros(len(requested.number), dtype=bool)
    some[sent.request[facts.of_kinds(kinds)[sent.responder]]] = True
    answer: NDArray[np.bool_] = some & requested.confirmed & np.isin(requested.task, RESPONSES)
    return answer


def never_heard(log: EventLog, tasks: Sequence[str] = RESPONSE_TASKS) -> int:
    """How many needs for the given tasks (by name) were never reported.

    Raises ValueError for a name that is no task.
    """
    return int(np.isin(unheard(log).task, [TASKS.index(task) for task in tasks]).sum())


def share_responded(log: EventLog, facts: Facts, settings: Responded) -> float:
    """Share of the needs for some tasks whose first responder came within a limit.

    Args:
        log: the event log.
        facts: its fixed side.
        settings: the limit, its clock, the tasks and responders that count.

    Returns:
        0..1 by needs; nan where there was none. A request nobody came to has failed by every clock, and so has a need
        that was never reported.
    """
    return share_within(response_cases(log, facts, settings), settings.limit_h)


def response_cases(log: EventLog, facts: Facts, settings: Responded) -> Cases:
    """The needs that count, with the hours until the first responder came; arguments as of `share_responded`."""
    tasks = settings.tasks or RESPONSE_TASKS
    counted, start = responders_counted(facts, settings), response_start_h(log, facts, settings)
    wait = wait_h(_first_of(log, counted), start)
    return need_cases(log, np.isfinite(start), wait, tasks, concerned_h(log, settings))


def response_start_h(log: EventLog, facts: Facts, settings: Responded) -> NDArray[np.float64]:
    """Hours at which the clock of each request starts, shape (R,); nan for one that does not count.

    Arguments as of `share_responded`.
    """
    requested, counted = requests(log), responders_counted(facts, settings)
    among = requested.confirmed & np.isin(
        requested.task, [TASKS.index(task) for task in settings.tasks or RESPONSE_TASKS]
    )
    start = start_h(log, facts, requested, settings, _first_of(log, counted, "assigned_h"))
    answer: NDArray[np.float64] = np.where(among, start, np.nan)
    return answer


def responders_counted(facts: Facts, settings: Responded) -> NDArray[np.bool_]:
    """The responders that a clause counts, by index of the thing; shape (T + 1,), the last entry false."""
    return responders_among(facts, settings.kinds, settings.levels)


def responders_among(facts: Facts, kinds: tuple[str, ...], levels: tuple[str, ...]) -> NDArray[np.bool_]:
    """Responders of some kinds and levels of government, empty for any, by index; shape (T + 1,), the last false."""
    of_kinds = _of_kinds(facts, kinds or None)
    return of_kinds & facts.of_levels(levels) if levels else of_kinds


def need_cases(
    log: EventLog,
    among: NDArray[np.bool_],
    waited_h: NDArray[np.float64],
    tasks: Sequence[str],
    since_h: float = -np.inf,
) -> Cases:
    """Needs at their places: some requests, and the needs for some tasks that were never reported, for ever.

    Args:
        log: the event log.
        among: requests that count, shape (R,).
        waited_h: hours that each request waited, shape (R,); infinite for never.
        tasks: names of the tasks whose needs count that were never reported.
        since_h: of those, the ones that were not over before this hour.
    """
    missed = unheard(log)
    counts = np.isin(missed.task, [TASKS.index(task) for task in tasks]) & (missed.ended_h >= since_h)
    place = missed.place[counts]
    places = np.concatenate((requests(log).place[among], place))
    return Cases(places, np.ones(len(places)), np.concatenate((waited_h[among], np.full(len(place), NEVER))))


def response_quantile_h(log: EventLog, facts: Facts, kind: str, q: float, clock: str = "report") -> float:
    """Quantile of the wait for a kind of responder, over the requests that one was assigned to.

    Args:
        log: the event log.
        facts: its fixed side.
        kind: name of a kind of responder.
        q: 0..1.
        clock: "report", or "need" for the hour since which the need was true.

    Returns:
        Hours to the first arrival of that kind, an order statistic; infinite for never, nan for no such request.
    """
    return quantile(response_h(log, facts, (kind,), clock)[assigned_to(log, facts, (kind,))], q)


# ---- what clauses can name


def known_kinds(kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Names of kinds of responders and of teams as they are. Raises PydanticCustomError for one that is none."""
    known = dict.fromkeys((*names("responder"), *TEAM_KINDS))
    if set(kinds) <= set(known):
        return kinds
    raise wrong(bilingual("kinds among {known}", known=", ".join(known)))


class Responded(RequestWithin):
    """Settings of the share of needs answered in time."""

    tasks: tuple[Task, ...] = ()
    """Tasks counted; empty: all but repair."""
    kinds: Annotated[units.NameList, AfterValidator(known_kinds)] = ()
    """Kinds of responders (boats, trucks, ...) or of teams (fire, militia, ...) counted; empty: all."""
    levels: tuple[LevelOfGovernment, ...] = ()
    """Levels of government whose responders count; empty: all."""


MEASURES = (
    Measure(
        "share_responded", bilingual("needs whose first responder came in time"),
        "share", Responded, share_responded, explained="response", bounded="response", counts="needs",
        of_cases=response_cases,
    ),
)  # fmt: skip
