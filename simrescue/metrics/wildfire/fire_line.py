"""Hands and water on the fires: who works at the edge from when to when, line built, drops, crews in danger."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.base import TACTICS, Tactic
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, remembered, rows_of, share
from simrescue.metrics.wildfire.fire import Floats, fires, rows_at
from simrescue.units import SAME_H

DANGER = (0, 6)
"""Items of WITHDRAWS: the front came too near, or would once the wind turned as forecast."""
AT_ONCE_H = 1e-6
JUST_H = 1.0
"""An aircraft counts as at work on the fires for so long after a drop."""


class LineAssignments(NamedTuple):
    """Times at the edge of a fire, one entry each time that a crew takes a post."""

    crew: NDArray[np.int64]
    """Thing index."""
    fire: NDArray[np.intp]
    """Number of the fire, 0..F-1."""
    start_h: Floats
    end_h: Floats
    persons: Floats


@remembered
def line_assignments(log: EventLog, facts: Facts) -> LineAssignments:
    """All times at the edge: from taking a post to the next post, to leaving, or to the end of the scenario."""
    rows, fire = rows_at(log, facts, EventKind.TAKES_POST, by_place=True)
    ends = log.where(EventKind.TAKES_POST, EventKind.WITHDRAWS, EventKind.OVERRUN)
    order = np.lexsort((ends, log.subject[ends]))
    ends = ends[order]
    # Of one crew each row ends the time that the one before began; the last lasts to the end of the scenario.
    again = np.append(log.subject[ends[1:]] == log.subject[ends[:-1]], False)[: len(ends)]
    until = np.where(again, log.time_h[np.append(ends[1:], 0)[: len(ends)]], facts.duration_h)
    end_h = np.full(len(log.kind), facts.duration_h)
    end_h[ends] = until
    crew = log.subject[rows].astype(np.int64)
    return LineAssignments(crew, fire, log.time_h[rows], end_h[rows], crew_size(log, facts)[crew])


def crew_size(log: EventLog, facts: Facts) -> Floats:
    """People of each responder, as told at the start (STANDS), shape (T,); 0 for what is none."""
    rows = rows_of(log, EventKind.STANDS)
    sizes = np.zeros(len(facts.kinds))
    sizes[log.subject[rows]] = log.persons[rows]
    return sizes


def person_h(log: EventLog, facts: Facts) -> Floats:
    """Person-hours at the edge of each fire, shape (F,)."""
    work = line_assignments(log, facts)
    return add_up(work.fire, work.persons * (work.end_h - work.start_h), len(fires(facts)))


def persons_on_line(log: EventLog, facts: Facts, times_h: Floats, which: NDArray[np.bool_] | None = None) -> Floats:
    """People at the edge of the fires at each time.

    Args:
        log: the event log.
        facts: its fixed side.
        times_h: hours since the start of the scenario, in any order.
        which: mask of the fires that count, shape (F,); None: all.

    Returns:
        Persons, shape of `times_h`. Who leaves at a time is not there any more, but at the end of the scenario.
    """
    work = line_assignments(log, facts)
    counted = np.ones(len(work.fire), dtype=bool) if which is None else which[work.fire]
    return _running(work.start_h[counted], work.persons[counted], times_h) - _running(
        work.end_h[counted], work.persons[counted] * (work.end_h[counted] < facts.duration_h), times_h
    )


def crews(log: EventLog, facts: Facts) -> Floats:
    """Crews that ever worked at the edge of each fire, shape (F,)."""
    work = line_assignments(log, facts)
    # A crew that came back is one crew.
    pairs = np.unique(np.stack([work.fire.astype(np.int64), work.crew]), axis=1)
    return add_up(pairs[0], np.ones(pairs.shape[1]), len(fires(facts)))


def amounts(log: EventLog, facts: Facts, kind: EventKind, until_h: float = np.inf) -> Floats:
    """Amounts of the rows of a kind added up for each fire (their place), in the unit of the kind, shape (F,).

    `until_h`: hours since the start of the scenario; what happens at it counts.
    """
    rows, fire = rows_at(log, facts, kind, by_place=True)
    early = log.time_h[rows] <= until_h + SAME_H
    return add_up(fire[early], log.amount[rows[early]], len(fires(facts)))


def line_km(log: EventLog, facts: Facts, until_h: float = np.inf) -> Floats:
    """Kilometres of line built on each fire by a time (hours), shape (F,); see `line_curves_km`."""
    total: Floats = line_curves_km(log, facts, np.array([until_h]))[0]
    return total


def line_curves_km(log: EventLog, facts: Facts, times_h: Floats) -> Floats:
    """Kilometres of line built on each fire by each time (hours), shape (times, F).

    Line is told when a crew leaves its post; it counts evenly over the time since the crew took it (the cause).
    """
    rows, fire = rows_at(log, facts, EventKind.LINE_BUILT, by_place=True)
    cause, end_h = log.cause[rows], log.time_h[rows]
    posted = (cause >= 0) & (log.kind[cause] == EventKind.TAKES_POST.value)
    # Never an empty span, over which nothing could be spread.
    start_h = np.where(posted, np.minimum(log.time_h[cause], end_h - AT_ONCE_H), end_h - AT_ONCE_H)
    done = np.clip((times_h[:, None] - start_h) / (end_h - start_h), 0, 1) * (log.amount[rows] / 1000)
    answer = np.zeros((len(times_h), len(fires(facts))))
    np.add.at(answer.T, fire, done.T)
    return answer


def line_by_tactic_km(log: EventLog, facts: Facts) -> Floats:
    """Kilometres of line built on each fire by tactic (`hazards.base.TACTICS`), shape (tactics, F)."""
    rows, fire = rows_at(log, facts, EventKind.LINE_BUILT, by_place=True)
    # Logs from before there were orders name none: crews began where they saw fit.
    tactic = np.maximum(log.item[rows], Tactic.ANCHOR)
    answer = np.zeros((len(TACTICS), len(fires(facts))))
    np.add.at(answer, (tactic, fire), log.amount[rows] / 1000)
    return answer


def refusals(log: EventLog, facts: Facts) -> Floats:
    """How often a crew could not do as ordered at each fire, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.ORDER_REFUSED, by_place=True)
    return add_up(fire, np.ones(len(rows)), len(fires(facts)))


def _line_cells(log: EventLog, facts: Facts) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.int64]]:
    """Rows of LINE, the fire of each and its cell."""
    rows, fire = rows_at(log, facts, EventKind.LINE, by_place=True)
    return rows, fire, log.amount[rows].astype(np.int64)


def line_held(log: EventLog, facts: Facts) -> Floats:
    """Share of the cells closed by line on each fire that have not burned to the end, shape (F,); nan: no line."""
    _, fire, cells = _line_cells(log, facts)
    burnt = np.isin(cells, log.amount[rows_of(log, EventKind.BURNS)].astype(np.int64))
    built = add_up(fire, np.ones(len(fire)), len(fires(facts)))
    return _over(add_up(fire, (~burnt).astype(float), len(fires(facts))), built)


def line_width_m(log: EventLog, facts: Facts) -> Floats:
    """Mean width, m, of the cells of line on each fire, shape (F,); nan: no line."""
    rows, fire, _ = _line_cells(log, facts)
    built = add_up(fire, np.ones(len(fire)), len(fires(facts)))
    return _over(add_up(fire, log.item[rows] / 10, len(fires(facts))), built)


def burned_out(log: EventLog, facts: Facts) -> Floats:
    """How often crews lit the ground between their line and each fire, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.BURNS_OUT, by_place=True)
    return add_up(fire, np.ones(len(rows)), len(fires(facts)))


def _over(total: Floats, count: Floats) -> Floats:
    answer: Floats = np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)
    return answer


def drops(log: EventLog, facts: Facts, until_h: float = np.inf) -> Floats:
    """Loads of water dropped on each fire by a time (hours), shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.DROPS, by_place=True)
    early = log.time_h[rows] <= until_h + SAME_H
    return add_up(fire[early], np.ones(int(early.sum())), len(fires(facts)))


def withdrawals(log: EventLog, facts: Facts) -> Floats:
    """How often a crew got out of the way of each fire, which came too near or was about to, shape (F,).

    From its post, or on foot without one.
    """
    at_post, on_foot = _fled(log, facts)[1], rows_at(log, facts, EventKind.DRIVEN_OFF, by_place=True)[1]
    fire = np.append(at_post, on_foot)
    return add_up(fire, np.ones(len(fire)), len(fires(facts)))


def fled_person_h(log: EventLog, facts: Facts) -> Floats:
    """Person-hours off the line of each fire for the flames, until the crew has a post again or goes, shape (F,)."""
    rows, fire = _fled(log, facts)
    return add_up(fire, off_person_h(log, facts, rows), len(fires(facts)))


def _fled(log: EventLog, facts: Facts) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    rows, fire = rows_at(log, facts, EventKind.WITHDRAWS, by_place=True)
    danger = np.isin(log.item[rows], DANGER)
    return rows[danger], fire[danger]


def stood_down_person_h(log: EventLog, facts: Facts) -> Floats:
    """Person-hours for which a rule kept crews from the line of each fire, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.STANDS_DOWN, by_place=True)
    return add_up(fire, off_person_h(log, facts, rows), len(fires(facts)))


def off_person_h(log: EventLog, facts: Facts, rows: NDArray[np.intp]) -> Floats:
    """Person-hours from each row of a crew, shape (n,), to its next one that ends or begins work, or to the end."""
    ends = log.where(EventKind.TAKES_POST, EventKind.WITHDRAWS, EventKind.OVERRUN)
    end_h = np.array([_next_h(log, ends, int(row), facts.duration_h) for row in rows.tolist()])
    off: Floats = log.persons[rows] * (end_h - log.time_h[rows])
    return off


def _next_h(log: EventLog, ends: NDArray[np.intp], row: int, duration_h: float) -> float:
    later = ends[(ends > row) & (log.subject[ends] == log.subject[row])]
    return float(log.time_h[later[0]]) if len(later) else duration_h


def persons_told(log: EventLog, facts: Facts, *kinds: EventKind, until_h: float = np.inf) -> Floats:
    """People of crews that any of some kinds tells of (OVERRUN, ENTRAPPED, CUT_OFF) at each fire, shape (F,).

    However often they are told of, a fire has them once. `until_h`: hours since the start of the scenario; what happens
    at it counts.
    """
    of_kinds = [rows_at(log, facts, kind, by_place=True) for kind in kinds]
    rows, fire = (np.concatenate(parts) for parts in zip(*of_kinds, strict=True))
    early = log.time_h[rows] <= until_h + SAME_H
    rows, fire = rows[early], fire[early]
    crews_of = np.stack([fire.astype(np.int64), log.subject[rows].astype(np.int64)])
    _, first = np.unique(crews_of, axis=1, return_index=True)
    return add_up(fire[first], log.persons[rows[first]], len(fires(facts)))


def total_curve(log: EventLog, facts: Facts, kind: EventKind, times_h: Floats, *, amount: bool) -> Floats:
    """Rows of a kind at any fire up to each time (hours, in any order), shape of `times_h`.

    `amount`: their amounts added up.
    """
    rows, _ = rows_at(log, facts, kind, by_place=True)
    return _running(log.time_h[rows], log.amount[rows] if amount else np.ones(len(rows)), times_h)


def aircraft(log: EventLog, facts: Facts, times_h: Floats) -> Floats:
    """Aircraft that dropped water within the hour before each time (hours, in any order), shape of `times_h`."""
    rows, _ = rows_at(log, facts, EventKind.DROPS, by_place=True)
    from_row = np.searchsorted(log.time_h[rows], times_h - JUST_H + SAME_H, side="right")
    to_row = np.searchsorted(log.time_h[rows], times_h + SAME_H, side="right")
    pairs = zip(from_row, to_row, strict=True)
    return np.array([len(np.unique(log.subject[rows[start:end]])) for start, end in pairs], dtype=float)


def flight_h(log: EventLog, facts: Facts) -> float:
    """Hours in the air of the aircraft that dropped water, on all their ways, to the end of the scenario."""
    dropping = np.unique(log.subject[rows_of(log, EventKind.DROPS)])
    legs = rows_of(log, EventKind.SETS_OFF)
    legs = legs[np.isin(log.subject[legs], dropping)]
    # The last leg can end after the clock has stopped.
    return float(np.minimum(log.amount[legs], facts.duration_h - log.time_h[legs]).sum())


def drops_per_flight_h(log: EventLog, facts: Facts) -> float:
    """Drops per hour in the air of the aircraft that dropped; nan where nobody did."""
    return share(float(drops(log, facts).sum()), flight_h(log, facts))


def _running(time_h: Floats, amount: Floats, times_h: Floats) -> Floats:
    """Amounts added up to each time, whatever the order of the rows."""
    order = np.argsort(time_h, kind="stable")
    total = np.concatenate(([0.0], np.cumsum(amount[order])))
    answer: Floats = total[np.searchsorted(time_h[order], times_h + SAME_H, side="right")]
    return answer
