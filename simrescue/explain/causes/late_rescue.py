"""Why people who were trapped, or caught on the road, were out of danger late or never."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simrescue.events import EventLog
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Case, Piece
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.pieces import join
from simrescue.explain.critical_path.request_waits import open_until
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.trapped_people import Rescued, rescue_waits
from simrescue.responders import RESCUE
from simrescue.units import SAME_H


def rescued_cases(chains: Chains, log: EventLog, facts: Facts, settings: Mapping[str, Any]) -> list[Case]:
    """People who needed rescue, until they were taken off or the hazard let them go; as `share_rescued`.

    The path of who was taken off is that of his crew. Who never was, the dead among them, has waited until the end for
    what the request for rescue of his village waited for, or for a report where none stood open.
    """
    clause = Rescued.model_validate({"limit_h": 0.0, **settings})
    people, start_h = rescue_waits(log, facts, clause)
    cases = []
    for village, persons, row, begin in zip(people.village.tolist(), people.persons.tolist(), people.row.tolist(),
                                            start_h.tolist(), strict=True):  # fmt: skip
        place = int(facts.villages[village])
        end = max(begin, float(log.time_h[row]) if row >= 0 else facts.duration_h)
        late = row < 0 or end - begin > clause.limit_h + SAME_H
        walked = list[Piece]()
        if late:
            walked = chains.walk(row, begin)[0] if row >= 0 else _still_open(chains, place, end)
        pieces = join(walked, begin, end, BIN_NUMBER["hazard" if row >= 0 else "report"])
        cases.append(Case(place, begin, end, persons, row >= 0, late, pieces))
    return cases


def _still_open(chains: Chains, place: int, end_h: float) -> list[Piece]:
    """What the request for rescue of a place waited for that is open at the end; nothing where none is."""
    rows = chains.rows
    for request in rows.open_at(place, end_h):
        if rows.item[rows.opened[request]] == RESCUE:
            row, made = open_until(rows, request, end_h)
            return [*made, *chains.walk(row, 0.0)[0]]
    return []
