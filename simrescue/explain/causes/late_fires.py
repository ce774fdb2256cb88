"""Why a fire was found, reached or held late: from its report (found: its beginning) to the step that counts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Case, Piece
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import NEVER_ROW
from simrescue.explain.critical_path.pieces import join
from simrescue.explain.critical_path.request_waits import open_until
from simrescue.metrics.facts import Facts
from simrescue.metrics.wildfire import fire, pumped_water
from simrescue.metrics.wildfire.fire_line import line_assignments
from simrescue.responders import SUPPRESSION, TASKS, WATER_DROP
from simrescue.units import SAME_H

ClauseSettings = Mapping[str, Any]
MomentOfFires = Callable[[EventLog, Facts], NDArray[np.float64]]
HANDS, FROM_AIR = TASKS[SUPPRESSION], TASKS[WATER_DROP]


def found_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Fires from their beginning to the report; settings as of `share_fires_found`.

    Returns:
        One case of weight 1 a fire that began. One that nobody reports waits to the end of the scenario and is late.
    """
    began, reported = fire.began_h(log, facts), fire.reported_h(log, facts)
    cases = []
    for number in np.flatnonzero(np.isfinite(began)).tolist():
        row = _row(log, facts, number, reported[number], Kind.REPORTED)
        found = chains.walk(row, began[number])[0] if row >= 0 else []
        cases.append(_case(facts, number, began[number], reported[number], found, settings, BIN_NUMBER["found"]))
    return cases


def reached_cases(moment: MomentOfFires, task: str, *kinds: Kind) -> Callable[..., list[Case]]:
    """A way to explain how soon a fire is reached: from its report to the first of some rows there.

    Args:
        moment: when the step came at each fire, of a log and its facts: hours, shape (F,), infinite for never.
        task: name of the task whose requests have to bring it about.
        kinds: kinds of the rows that can be the step.

    Returns:
        A finder of cases, as in `explain.clauses.CASE_FINDERS`. A fire that is never reached waits for as long as
        command had requests open for it.
    """

    def cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
        came = _dealt_with(log, facts, moment)
        made = []
        for number, start in _started(log, facts, settings):
            row = _row(log, facts, number, came[number], *kinds)
            found = _until(chains, facts, number, row, task, start)
            case = _case(facts, number, start, came[number], found, settings, BIN_NUMBER["report"])
            made.append(_wanted(case))
        return made

    return cases


def held_cases(moment: MomentOfFires) -> Callable[..., list[Case]]:
    """A way to explain how soon a fire is held: the way of the first crew to the line, then the work there.

    Args:
        moment: when the fire was held, of a log and its facts: hours, shape (F,), infinite for never.

    Returns:
        A finder of cases, as in `explain.clauses.CASE_FINDERS`: from the report to the first crew as the walk back
        tells, from there on work, and the way of the next crew where the line was left.
    """

    def cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
        came, first = _dealt_with(log, facts, moment), fire.on_line_h(log, facts)
        made = []
        for number, start in _started(log, facts, settings):
            end = min(float(came[number]), facts.duration_h)
            row = _row(log, facts, number, first[number], Kind.TAKES_POST) if first[number] < end else NEVER_ROW
            found = _until(chains, facts, number, row, HANDS, start)
            if row >= 0:
                found = [*_at_the_line(chains, log, facts, number, float(first[number]), end), *found]
            made.append(_case(facts, number, start, came[number], found, settings, BIN_NUMBER["hazard"]))
        return made

    return cases


def _wanted(case: Case) -> Case:
    """Nobody waits any more once command does not want it any more: the time at the end for which nobody asked goes."""
    last = case.pieces[-1] if case.pieces and not case.served else None
    if last is None or last.bin != BIN_NUMBER["never"] or len(case.pieces) == 1:
        return case
    return case._replace(end_h=last.start_h, pieces=case.pieces[:-1])


def _dealt_with(log: EventLog, facts: Facts, moment: MomentOfFires) -> NDArray[np.float64]:
    """When a step came at each fire; what came at a fire that was never reported does not count."""
    return np.where(np.isfinite(fire.reported_h(log, facts)), moment(log, facts), np.inf)


def _started(log: EventLog, facts: Facts, settings: ClauseSettings) -> list[tuple[int, float]]:
    """Fires that began, each with the start of its clock: the report, or the beginning where nobody reported it."""
    began, reported = fire.began_h(log, facts), fire.reported_h(log, facts)
    by_report = np.isfinite(reported) & (settings.get("clock", "report") == "report")
    start = np.where(by_report, reported, began)
    return [(number, float(start[number])) for number in np.flatnonzero(np.isfinite(began)).tolist()]


def _row(log: EventLog, facts: Facts, number: int, at_h: float, *kinds: Kind) -> int:
    """The first row of some kinds at a fire at a time (NEVER_ROW where that is never)."""
    if not np.isfinite(at_h):
        return NEVER_ROW
    place = int(fire.fires(facts)[number])
    # To the last digit: the hour was read from this very log.
    rows = [row for row in log.where(*kinds).tolist() if log.time_h[row] == at_h and log.place[row] == place]
    return rows[0] if rows else NEVER_ROW


def _until(chains: Chains, facts: Facts, number: int, row: int, task: str, start_h: float) -> list[Piece]:
    """The pieces up to a row; where there is none, what its requests for a task waited for while they stood open."""
    rows, found = chains.rows, list[Piece]()
    if row >= 0:
        return chains.walk(row, start_h)[0]
    until_h = facts.duration_h
    # Backwards, so that of two requests that overlap the later one, which ended the wait, has the time.
    for request in reversed(_requests(chains, facts, number, task)):
        closed = rows.closed.get(request, NEVER_ROW)
        close_h = rows.time[closed] if closed >= 0 else facts.duration_h
        last, made = open_until(rows, request, close_h)
        opened_h = rows.time[rows.opened[request]]
        found += [Piece(close_h, until_h, BIN_NUMBER["never"], row=closed), *made, *chains.walk(last, opened_h)[0]]
        until_h = opened_h
    return [*found, Piece(start_h, until_h, BIN_NUMBER["decision" if found else "never"])]


def _requests(chains: Chains, facts: Facts, number: int, task: str) -> list[int]:
    """The requests of a fire for a task, in order."""
    rows, place = chains.rows, int(fire.fires(facts)[number])
    reported = [row for row in rows.log.where(Kind.REPORTED).tolist() if rows.place[row] == place]
    requests = [rows.request[row] for row in reported if rows.item[row] == TASKS.index(task)]
    return [request for request in requests if request >= 0]  # the first word of a fire asks for nothing yet


def _at_the_line(chains: Chains, log: EventLog, facts: Facts, number: int, start_h: float, end_h: float) -> list[Piece]:
    """The time from the first crew on the line on, the latest first: work, waits for water, and nobody there.

    While nobody is there the fire is contained, or what the next crew to come did until then counts.
    """
    work, waits = line_assignments(log, facts), pumped_water.waits(log, facts)
    on_line, waiting = work.fire == number, waits.fire == number
    contained = fire.contained_spans_h(log, facts, number)
    moments = [work.start_h[on_line], work.end_h[on_line], waits.start_h[waiting], waits.end_h[waiting], *contained]
    # Between two edges nobody comes or goes: what is true in the middle is true all along.
    edges = np.unique(np.clip(np.concatenate([[start_h, end_h], *moments]), start_h, end_h))
    pieces = list[Piece]()
    for since, until in pairwise(edges.tolist()):
        there = _during(work.start_h[on_line], work.end_h[on_line], since, until)
        dry = _during(waits.start_h[waiting], waits.end_h[waiting], since, until)
        if there:
            pieces.append(Piece(since, until, BIN_NUMBER["water" if dry >= there else "working"]))
            continue
        next_h = float(np.min(work.start_h[on_line], initial=np.inf, where=work.start_h[on_line] >= until - SAME_H))
        row = _row(log, facts, number, next_h, Kind.TAKES_POST)
        if any(begins_h <= since + SAME_H and ends_h >= until - SAME_H for begins_h, ends_h in contained):
            # After the last crew it only smoulders out, which is the end of their work.
            pieces.append(Piece(since, until, BIN_NUMBER["hazard" if row >= 0 else "working"]))
        elif row < 0:
            pieces.append(Piece(since, until, BIN_NUMBER["never"]))
        else:
            way = reversed(chains.walk(row, since)[0])
            pieces += [one._replace(start_h=max(one.start_h, since), end_h=min(one.end_h, until)) for one in way]
    return pieces[::-1]


def _during(start_h: NDArray[np.float64], end_h: NDArray[np.float64], since: float, until: float) -> int:
    """How many of some spans cover a time."""
    return int(((start_h <= since + SAME_H) & (end_h >= until - SAME_H)).sum())


def _case(
    facts: Facts, number: int, start: float, came: float, found: list[Piece], settings: ClauseSettings, rest: int
) -> Case:
    served = bool(np.isfinite(came))
    end = max(float(start), float(came) if served else facts.duration_h)
    late = not served or end - start > settings.get("limit_h", 0.0) + SAME_H
    pieces = join(found, float(start), end, rest)
    return Case(int(fire.fires(facts)[number]), float(start), end, 1.0, served, late, pieces)
