"""How long people who are trapped or caught on the road wait until they are out of danger."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventLog
from simrescue.metrics.base import Cases, Measure, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.levels import LevelClock, in_force_h
from simrescue.metrics.people.queues import STAYS, Groups, advance, queues
from simrescue.metrics.people.whereabouts import CAUGHT, DEAD, HOME, STRANDED, TRAPPED, impact_h, moves
from simrescue.metrics.reading import NEVER, pick, remembered, share_within
from simrescue.wording import bilingual


class InNeed(NamedTuple):
    """People who were trapped or caught on the road, as columns with one entry a group that went the same way."""

    village: NDArray[np.intp]
    """Village row (place in `Facts.villages`)."""
    persons: NDArray[np.float64]
    trapped_h: NDArray[np.float64]
    """When they first needed rescue, hours since the start of the scenario."""
    out_h: NDArray[np.float64]
    """When they were taken off or the hazard had let them go; infinite for never, as for the dead."""
    row: NDArray[np.int64]
    """Row of the log by which that came; -1 for never."""


@remembered
def in_need(log: EventLog, facts: Facts) -> InNeed:
    """Everybody who ever needed rescue, each time anew.

    Who is trapped, then safe for now with water around his house, and trapped again has been in need all the time.
    """
    move, line = moves(log, facts), queues(log, facts)
    # From when they are stranded, since nobody is trapped who was not; who never is falls out below.
    start = np.flatnonzero(((move.source == HOME) & (move.target == STRANDED)) | (move.target == CAUGHT))
    groups = Groups(start, np.zeros(len(start)), move.persons[start])
    trapped_h = np.where(move.target[start] == CAUGHT, log.time_h[move.row[start]], NEVER)
    over: list[InNeed] = []
    # Ends because every move leads to a later row of the log.
    while len(groups.move):
        parts, ahead = advance(line, groups)
        trapped_h = trapped_h[parts.origin]
        stays = ahead.move == STAYS
        # Who is there to the end has waited for ever, like the dead.
        target = np.where(stays, DEAD, move.target[ahead.move])
        row = move.row[ahead.move]
        trapped_h = np.where((target == TRAPPED) & ~stays, np.minimum(trapped_h, log.time_h[row]), trapped_h)
        ends = ~np.isin(target, (STRANDED, TRAPPED))
        among = ends & np.isfinite(trapped_h)
        out_h = np.where(target == DEAD, NEVER, log.time_h[row])
        village = move.village[groups.move[parts.origin]]
        last = np.where(target == DEAD, -1, row).astype(np.int64)
        over.append(InNeed(village[among], parts.persons[among], trapped_h[among], out_h[among], last[among]))
        groups, trapped_h = pick(ahead, ~ends), trapped_h[~ends]
    if not over:
        nobody = np.zeros(0)
        return InNeed(nobody.astype(np.intp), nobody, nobody, nobody, nobody.astype(np.int64))
    return InNeed(*(np.concatenate(columns) for columns in zip(*over, strict=True)))


class Rescued(LevelClock, Within):
    """Settings of the share of people out of need in time."""

    clock: Literal["need", "village_impact", "level"] = "need"
    """When the time starts: when they needed rescue; when the hazard reached their village; when a response level came
    into force, or when they needed rescue where that is later."""


def rescue_waits(log: EventLog, facts: Facts, settings: Rescued) -> tuple[InNeed, NDArray[np.float64]]:
    """People who needed rescue and whom a clause concerns, and when their clock started, shape (groups,).

    Args:
        log: of one replication.
        facts: its fixed side.
        settings: of the clause.
    """
    people = in_need(log, facts)
    start_h, among = people.trapped_h, np.ones(len(people.persons), dtype=bool)
    if settings.clock == "village_impact":
        start_h = np.minimum(impact_h(log, facts)[people.village], start_h)
    elif settings.level:
        since_h = in_force_h(log, settings.level)
        among = np.isfinite(since_h) & (people.out_h >= since_h)
        start_h = np.maximum(start_h, since_h)
    return pick(people, among), start_h[among]


def _cases(log: EventLog, facts: Facts, settings: Rescued) -> Cases:
    """People who needed rescue, and hours by the clock until they were out of need."""
    people, start_h = rescue_waits(log, facts, settings)
    place = facts.villages[people.village].astype(np.int64)
    return Cases(place, people.persons, np.maximum(people.out_h - start_h, 0.0))


def _rescued(log: EventLog, facts: Facts, settings: Rescued) -> float:
    return share_within(_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_rescued", bilingual("trapped people who were out of danger in time"),
        "share", Rescued, _rescued, explained="rescued", counts="persons", of_cases=_cases,
    ),
)  # fmt: skip
