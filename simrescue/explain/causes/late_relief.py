"""Why basic relief came late, or never: groups of affected people from the start of their clock to their relief.

The path of a group is that of the goods (or of the count of people) that met the last of its needs; and where all had
been met before they came to the place, their own way there. The time for which they lived on their own stock is none of
waiting: their case begins so much later. Who needed nothing to the end is no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Case, Piece
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import NEVER_ROW
from simrescue.explain.critical_path.pieces import join, origin_bin
from simrescue.explain.critical_path.request_waits import EPS_H, open_until, state_after
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.relief import Affected, affected, clock_start_h, concerned, counted, stood_h, waited_h
from simrescue.metrics.people.whereabouts import impact_h
from simrescue.metrics.reading import add_up
from simrescue.places import NEEDS
from simrescue.responders import EVACUATE, MEDICAL, RECONNAISSANCE, RELIEF, RESCUE, SUPPRESSION, WATER_DROP
from simrescue.units import SAME_H

TASK_ORDER = (RELIEF, RESCUE, MEDICAL, RECONNAISSANCE, EVACUATE, SUPPRESSION, WATER_DROP)
"""Of several requests of a place that stand open, the first of these is what its people wait for."""
COUNTED_WITHIN_H = 0.25 + EPS_H
"""People who come to a place are counted within this time."""


def relief_cases(chains: Chains, log: EventLog, facts: Facts, settings: Mapping[str, Any]) -> list[Case]:
    """Affected people until all needs that count were met; settings as of `share_relieved`.

    Groups of one village that share path and times are one case, so that a village of ten thousand is walked back once.

    Returns:
        Cases whose clock starts later by the hours that their people lived on their own stock; weights are persons,
        late where the wait exceeds `limit_h` (default 0 h).
    """
    named = settings.get("needs")
    people = affected(log, facts, tuple(sorted(NEEDS.index(need) for need in named)) if named else None)
    clock = settings.get("clock", "village_impact")
    level = settings.get("level")
    start_h = clock_start_h(log, facts, people, clock, level)
    start_h = start_h + stood_h(people, start_h)
    wait_h = waited_h(log, facts, people, clock, level)
    among = counted(log, facts, people, settings.get("who", "affected")) & concerned(log, people, level)
    # Who was affected before the hazard came to the village counts from then.
    hit_h = np.minimum(impact_h(log, facts)[people.village], people.affected_h)
    limit_h = settings.get("limit_h", 0.0)
    path = ReliefPaths(chains, facts)
    groups, weights = _alike(people, start_h, among)
    served = np.isfinite(people.relieved_h[groups])
    end_h = np.maximum(start_h[groups], np.where(served, people.relieved_h[groups], facts.duration_h))
    late = ~(wait_h[groups] <= limit_h + SAME_H)
    columns = (
        groups, facts.villages[people.village[groups]], people.entered[groups], people.relieved[groups],
        start_h[groups], end_h, hit_h[groups], weights, served, late,
    )  # fmt: skip
    cases = []
    # As lists: there are thousands, and to take single numbers out of arrays costs more than to walk their paths.
    for group, village, entered, relieved, begin, end, hit, weight, is_served, is_late in zip(
        *(np.asarray(column).tolist() for column in columns), strict=True
    ):
        key = (village, entered, relieved, begin, end, hit)
        pieces = chains.paths.get(key)  # clauses that differ in their limit only share their paths
        if pieces is None and chains.only_late and not is_late:
            pieces = ()
        elif pieces is None:
            pieces = chains.paths[key] = path.pieces(people, group, begin, end, hit)
        cases.append(Case(village, begin, end, weight, is_served, is_late, pieces))
    return cases


def _alike(
    people: Affected, start_h: NDArray[np.float64], among: NDArray[np.bool_]
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """The first of all groups that share path and times, and the persons of them together."""
    which: NDArray[np.intp] = np.flatnonzero(among)
    keys = np.stack([people.village, people.entered, people.relieved, people.dead, start_h, people.affected_h])[
        :, which
    ]
    _, first, where = np.unique(keys, axis=1, return_index=True, return_inverse=True)
    return which[first], add_up(where.ravel(), people.persons[which], len(first))


class ReliefPaths:
    """The way back from the relief of people to the start of their clock, in one log.

    What counts is the last need that was met. People who were relieved on arrival owe it to their journey; people whom
    nobody relieved wait for what their place asked for last, and the dead for what it asked for when they died.
    """

    def __init__(self, chains: Chains, facts: Facts) -> None:
        self.chains, self.rows, self.facts = chains, chains.rows, facts

    def pieces(self, people: Affected, group: int, start_h: float, end_h: float, hit_h: float) -> tuple[Piece, ...]:
        """The time of one group in bins.

        Args:
            people: affected people of the log.
            group: position in them.
            start_h: start of its clock, hours since the start of the scenario.
            end_h: its relief, or the end of the scenario, hours.
            hit_h: when the hazard came to them, hours; what lies before is time of the hazard.

        Returns:
            Pieces from `start_h` to `end_h` in order, without gap or overlap; none where the clock never ran.
        """
        if end_h <= start_h:
            return ()
        entered, since_h = int(people.entered[group]), min(max(start_h, hit_h), end_h)
        if people.dead[group]:
            found, row = self._until_death(entered, end_h)
        elif np.isfinite(people.relieved_h[group]):
            found, row = self._until_relief(int(people.relieved[group]), entered)
        else:
            found, row = self._to_the_end(int(self.facts.villages[people.village[group]]), entered, end_h)
        if row >= 0:
            more, row = self.chains.walk(row, since_h)
            found += more
        rest = BIN_NUMBER["never"] if row < 0 else origin_bin(self.rows.kind[row])
        if self.rows.kind[entered] != Kind.LIVES:
            found += self._own_way(entered, row, since_h, rest)
            rest = BIN_NUMBER["hazard"]
        return join([*found, Piece(start_h, since_h, BIN_NUMBER["hazard"])], start_h, end_h, rest)

    def _own_way(self, entered: int, row: int, since_h: float, rest: int) -> list[Piece]:
        """How they came to the place, for the time before all that is known of the place itself."""
        time = self.rows.time
        until_h = time[row] if row >= 0 else time[entered]
        return [Piece(min(time[entered], until_h), until_h, rest, row=row), *self.chains.walk(entered, since_h)[0]]

    def _until_relief(self, relieved: int, entered: int) -> tuple[list[Piece], int]:
        """The row to walk back from, and the pieces after it."""
        rows = self.rows
        if relieved == entered and rows.kind[entered] == Kind.LODGES and rows.cause[entered] < 0:  # from a shelter
            return self._at_place(rows.place[entered], entered, rows.time[entered], at_end=False)
        if relieved == entered:
            return [], entered
        waited_h = rows.time[relieved] - rows.time[entered]
        # A count without a delivery means that there was enough already: the wait was for the counting, not for goods.
        if rows.cause[relieved] < 0 and waited_h <= COUNTED_WITHIN_H:
            return [Piece(rows.time[entered], rows.time[relieved], BIN_NUMBER["report"], row=relieved)], entered
        return [], relieved

    def _until_death(self, died: int, end_h: float) -> tuple[list[Piece], int]:
        time = self.rows.time
        found = [Piece(time[died], end_h, BIN_NUMBER["never"], row=died)]
        made, row = self._at_place(self.rows.place[died], died, time[died], at_end=False)
        return [*found, *made], row

    def _to_the_end(self, village: int, entered: int, end_h: float) -> tuple[list[Piece], int]:
        rows, kind = self.rows, self.rows.kind[entered]
        if kind == Kind.PICKS_UP:
            landed = rows.landed_by.get(entered)
            if landed is not None:
                return self._at_place(rows.place[landed], landed, end_h, at_end=True)
            if not rows.is_responder[rows.subject[entered]]:
                return [Piece(rows.time[entered], end_h, BIN_NUMBER["working"], row=entered)], entered
            last = rows.last_of_responder(rows.subject[entered], len(rows.time))
            return [state_after(rows, last, end_h)], last
        if kind == Kind.TAKEN_FROM_ROAD:
            last = rows.last_of_responder(rows.subject[entered], len(rows.time))
            return [state_after(rows, last, end_h)], last
        if kind in (Kind.LEAVE, Kind.CAUGHT, Kind.GOES_ON, Kind.RETURN_HOME):
            return [Piece(rows.time[entered], end_h, BIN_NUMBER["travel"], row=entered)], entered
        place = rows.place[entered] if kind in (Kind.ARRIVE_SHELTER, Kind.LODGES) else village
        return self._at_place(place, entered, end_h, at_end=True)

    def _at_place(self, place: int, entered: int, until_h: float, at_end: bool) -> tuple[list[Piece], int]:
        """Who is at a place and not relieved then: for goods or for a crew, or nobody has asked."""
        rows = self.rows
        request = self._open_request(place, until_h, at_end)
        if request >= 0:
            row, made = open_until(rows, request, until_h)
            return list(made), row
        closed = rows.last_closed(place, until_h)
        if closed >= 0 and rows.time[closed] > rows.time[entered]:
            row, made = open_until(rows, rows.request[closed], rows.time[closed])
            return [Piece(rows.time[closed], until_h, BIN_NUMBER["never"], row=closed), *made], row
        silent = rows.silent_since(place, until_h)
        if silent >= 0:
            return [Piece(rows.time[silent], until_h, BIN_NUMBER["report"], row=silent)], silent
        return [Piece(min(rows.time[entered], until_h), until_h, BIN_NUMBER["never"])], entered

    def _open_request(self, place: int, until_h: float, at_end: bool) -> int:
        """The request of a place that is open at a time, by the order of `TASK_ORDER` (NEVER_ROW: none)."""
        rows = self.rows
        standing = rows.unmet_at.get(place, []) if at_end else rows.open_at(place, until_h)
        standing = [request for request in standing if rows.item[rows.opened[request]] in TASK_ORDER]
        # Of one task the first that was opened, so that equal logs are told alike.
        by_task = sorted(standing, key=lambda one: (TASK_ORDER.index(rows.item[rows.opened[one]]), one))
        return by_task[0] if by_task else NEVER_ROW
