"""Why a request was answered late, or never: from the report (or the opening) to the first responder or delivery.

The wait of a request that nobody came to ends when the request is closed, for then nobody waits any more; what is
still open at the end of the scenario waits until then. Both have failed, as in the metrics, and so have needs that were
never reported: theirs is time before a report.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER, free_bin
from simrescue.explain.critical_path.cases import Case, Piece
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.pieces import join
from simrescue.explain.critical_path.request_waits import open_until
from simrescue.kinds import made_for_task, moving, names, of_role
from simrescue.metrics.facts import Facts
from simrescue.metrics.requests.request_clocks import concerned_h
from simrescue.metrics.requests.response import (
    Responded,
    arrivals,
    assigned_to,
    first_rows,
    missions,
    requested_h,
    requests,
    responders_counted,
    response_start_h,
    unheard,
)
from simrescue.metrics.requests.supply import Supplied, first_deliveries, supply_start_h
from simrescue.responders import RELIEF, RESPONSE_TASKS, TASKS, Team
from simrescue.units import SAME_H

ClauseSettings = Mapping[str, Any]


def response_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Requests until the first responder that counts has arrived; settings as of `share_responded`.

    Settings `tasks`, `kinds` and `levels` (of government) narrow down whose arrival counts and which requests; all
    where they are not given. Needs that were never reported are cases too, of time before a report.
    """
    clause = Responded.model_validate({"limit_h": 0.0, **settings})
    qualified = responders_counted(facts, clause)
    # Whom a wait is for is told by kinds of responders: crews of another kind of team do not count by themselves.
    all_kinds, team = names("responder"), next(kind.name for kind in of_role("responder") if kind.record is Team)
    kinds = tuple(dict.fromkeys(name if name in all_kinds else team for name in clause.kinds or all_kinds))
    start_h = response_start_h(log, facts, clause)
    found = _cases(chains, log, facts, np.isfinite(start_h), start_h, _arrivals(log, qualified), settings,
                   _counted(facts, qualified, kinds))  # fmt: skip
    return found + _never_heard(log, clause.tasks or RESPONSE_TASKS, concerned_h(log, clause))


def air_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Requests given to an aircraft, from their opening until one has arrived; settings as of `share_air_arrivals`.

    Needs that were never reported count only for tasks that aircraft were sent for in this log: nobody would have flown
    for the others.
    """
    qualified = facts.of_kinds(moving("air"))
    among, requested = assigned_to(log, facts, moving("air")), requests(log)
    start_h = requested.need_h if settings.get("clock") == "need" else requested_h(log)
    flown = [TASKS[task] for task in np.unique(requested.task[among]).tolist()]
    counted = _counted(facts, qualified, moving("air"))
    found = _cases(chains, log, facts, among, start_h, _arrivals(log, qualified), settings, counted)
    return found + _never_heard(log, flown)


def supply_cases(chains: Chains, log: EventLog, facts: Facts, settings: ClauseSettings) -> list[Case]:
    """Requests for relief until their first delivery; settings as of `share_supplied`.

    The path is that of the crew that delivered first. Needs for goods that were never reported are cases too.
    """
    clause = Supplied.model_validate({"limit_h": 0.0, **settings})
    start_h = supply_start_h(log, facts, clause)
    first = first_deliveries(log, facts, clause)
    found = _cases(chains, log, facts, np.isfinite(start_h), start_h, first, settings)
    return found + _never_heard(log, (TASKS[RELIEF],), concerned_h(log, clause))


class Counted(NamedTuple):
    """The crews whose arrival a clause counts; what others did meanwhile is nothing that it waits for."""

    crews: NDArray[np.bool_]
    """By index of the thing."""
    kinds: tuple[str, ...]
    """Names of their kinds."""

    def alone(self, chains: Chains, pieces: tuple[Piece, ...], task: int) -> tuple[Piece, ...]:
        """Pieces in which the time of crews that do not count is waiting for a free one that does.

        Args:
            chains: of the log.
            pieces: of one wait.
            task: what was asked for, by its index.
        """
        rows = chains.rows
        made_for = [kind.name for kind in made_for_task(TASKS[task]) if kind.name in self.kinds]
        wanted = next(iter([*made_for, *self.kinds]))
        others = {BIN_NUMBER[free_bin(name)] for name in names("responder") if name not in self.kinds}
        found = []
        for piece in pieces:
            crew = rows.subject[piece.row] if piece.row >= 0 and rows.is_responder[rows.subject[piece.row]] else -1
            is_other = piece.bin in others or (crew >= 0 and not self.crews[crew])
            if is_other:
                own = rows.thing_kind[crew] if crew >= 0 else wanted
                kind = own if own in self.kinds else wanted
                piece = Piece(piece.start_h, piece.end_h, BIN_NUMBER[free_bin(kind)], 0, piece.row)  # noqa: PLW2901
            found.append(piece)
        return tuple(found)


def _counted(facts: Facts, qualified: NDArray[np.bool_], kinds: Sequence[str]) -> Counted:
    """Crews that count, with their kinds; a kind none of whose crews counts (by its level) is none of them."""
    crews = {name: facts.of_kinds((name,)) for name in kinds}
    own = [name for name, its in crews.items() if qualified[its].any() or not its.any()]
    return Counted(qualified, tuple(own or kinds))


def _never_heard(log: EventLog, tasks: Sequence[str], since_h: float = -np.inf) -> list[Case]:
    """Needs of which command never heard: all their time went by before a report; from an hour on, of those since."""
    missed = unheard(log)
    cases = []
    counts = np.isin(missed.task, [TASKS.index(task) for task in tasks]) & (missed.ended_h >= since_h)
    for one in np.flatnonzero(counts).tolist():
        begin, end = max(float(missed.need_h[one]), since_h), float(missed.ended_h[one])
        pieces = (Piece(begin, end, BIN_NUMBER["report"]),) if end > begin else ()
        weight = max(float(missed.persons[one]), 1.0)
        cases.append(Case(int(missed.place[one]), begin, end, weight, False, True, pieces))
    return cases


def _arrivals(log: EventLog, qualified: NDArray[np.bool_]) -> NDArray[np.intp]:
    """For each request the row at which the first of some responders arrived (-1: none)."""
    sent = missions(log)
    first_h = np.full(len(requests(log).number), np.inf)
    counted = qualified[sent.responder]
    np.minimum.at(first_h, sent.request[counted], sent.arrived_h[counted])
    rows = arrivals(log)
    return first_rows(log, rows[qualified[log.subject[rows]]], first_h)


def _cases(
    chains: Chains,
    log: EventLog,
    facts: Facts,
    among: NDArray[np.bool_],
    start_h: NDArray[np.float64],
    first: NDArray[np.intp],
    settings: ClauseSettings,
    counted: Counted | None = None,
) -> list[Case]:
    requested, limit_h = requests(log), settings.get("limit_h", 0.0)
    cases = []
    for one in np.flatnonzero(among).tolist():
        row, begin = int(first[one]), float(start_h[one])
        served = row >= 0
        # Who was there before the clock started kept nobody waiting.
        end = max(begin, float(log.time_h[row]) if served else min(float(requested.closed_h[one]), facts.duration_h))
        # A look or a fire concerns no number of people; it still is one wait.
        weight = max(float(requested.persons[one]), 1.0)
        late = not served or end - begin > limit_h + SAME_H
        pieces: tuple[Piece, ...] = ()
        if late or not chains.only_late:
            pieces = _pieces(chains, row, int(requested.number[one]), begin, end)
        if counted is not None:
            pieces = counted.alone(chains, pieces, int(requested.task[one]))
        cases.append(Case(int(requested.place[one]), begin, end, weight, served, late, pieces))
    return cases


def _pieces(chains: Chains, row: int, number: int, begin: float, end: float) -> tuple[Piece, ...]:
    found: list[Piece] = []
    if row < 0:
        row, made = open_until(chains.rows, number, end)
        found += made
    found += chains.walk(row, begin)[0]
    return join(found, begin, end, BIN_NUMBER["report"])
