"""What each responder did, mission by mission, and the same put together: who did what for whom, from when to when."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import NEEDS

TAKES = (Kind.PICKS_UP, Kind.TAKEN_ON, Kind.TAKEN_FROM_ROAD)
"""A responder takes people aboard."""
THERE = (Kind.ARRIVES, Kind.TAKES_POST, Kind.DELIVERS, Kind.SERVED, Kind.SEES, Kind.DROPS, *TAKES)
"""A responder is at a place, or works there."""
LEAVES = (Kind.TURNS_OUT, Kind.SETS_OFF)
_TOLD = (
    Kind.ASSIGNED, Kind.FREE, Kind.CALLED_OFF, Kind.GIVES_UP, Kind.NO_STOCK, Kind.LINE_BUILT, Kind.WALKS_IN, *LEAVES,
    *THERE,
)  # fmt: skip


class MissionDone(NamedTuple):
    """What one responder did from one assignment to the next; hours since the start, infinite for never."""

    responder: int
    place: int
    """Where it was sent: the place of the request; of who walks in to a fire, the fire."""
    task: int
    assigned_h: float
    left_h: float
    there_h: float
    """First at the place that it was sent to."""
    free_h: float
    """Ready for the next one."""
    persons: float
    """Taken aboard."""
    goods: tuple[float, ...]
    """Handed over, by need: person-days, or persons equipped."""
    drops: int
    """Loads of water dropped."""
    line_m: float
    """Fire line built, metres."""
    failed: str
    """Name of the event by which it came to nothing (CALLED_OFF, GIVES_UP, NO_STOCK); empty where it did not."""


class Errand(NamedTuple):
    """Missions of like responders for one place and task put together; hours since the start, infinite for never."""

    responders: tuple[int, ...]
    place: int
    task: int
    assigned_h: float
    """When the first was sent."""
    there_h: float
    """When the first was there."""
    last_there_h: float
    """When the last of those was there that came at all."""
    missions: int
    never_there: int
    """Missions that did not reach the place."""
    persons: float
    goods: tuple[float, ...]
    drops: int
    line_m: float


def missions(log: EventLog) -> list[MissionDone]:
    """All missions of a log, in the order in which they were ordered.

    Args:
        log: the event log of a replication.
    """
    rows = log.where(*_TOLD)
    rows = rows[np.argsort(log.subject[rows], kind="stable")]
    begins = np.flatnonzero(log.kind[rows] == Kind.ASSIGNED.value)
    changes = np.flatnonzero(np.diff(log.subject[rows], prepend=-2))  # what follows belongs to another responder
    ends = np.searchsorted(np.union1d(begins, changes), begins, side="right")
    stops = np.append(np.union1d(begins, changes), len(rows))[ends]
    made = [(int(rows[first]), _mission(log, rows[first:stop])) for first, stop in zip(begins, stops, strict=True)]
    return [mission for _, mission in sorted(made, key=lambda pair: pair[0])]


def _mission(log: EventLog, rows: NDArray[np.intp]) -> MissionDone:
    """One mission from the rows of its responder, the assignment first."""
    first, place = int(rows[0]), int(log.place[rows[0]])
    kind, time_h = log.kind[rows], log.time_h[rows]

    def of(*kinds: Kind) -> NDArray[np.bool_]:
        return np.isin(kind, kinds)

    def earliest(chosen: NDArray[np.bool_]) -> float:
        return float(time_h[chosen][0]) if chosen.any() else inf

    # Crews of a fire are sent to where they gather; what they do they do at the fire.
    fires = log.place[rows[of(Kind.WALKS_IN, Kind.TAKES_POST)]]
    place = int(fires[0]) if len(fires) else place
    delivered, failed = rows[of(Kind.DELIVERS)], kind[of(Kind.CALLED_OFF, Kind.GIVES_UP, Kind.NO_STOCK)]
    goods = np.bincount(log.item[delivered].clip(0), log.amount[delivered], minlength=len(NEEDS))
    persons = float(log.persons[rows[of(*TAKES)]].sum())
    drops, line_m = int(of(Kind.DROPS).sum()), float(log.amount[rows[of(Kind.LINE_BUILT)]].sum())
    # Who did something before he was called off has not failed.
    came_to_nothing = len(failed) and not (persons or goods.any() or drops or line_m)
    return MissionDone(
        int(log.subject[first]), place, int(log.item[first]), float(log.time_h[first]), earliest(of(*LEAVES)),
        earliest(of(*THERE) & (log.place[rows] == place)), earliest(of(Kind.FREE)), persons, tuple(goods.tolist()),
        drops, line_m, Kind(int(failed[-1])).name if came_to_nothing else "",
    )  # fmt: skip


def errands(of: Iterable[MissionDone], alike: Callable[[MissionDone], Hashable]) -> list[Errand]:
    """Missions put together that are alike, in the order of their first.

    Args:
        of: missions in the order in which they were ordered.
        alike: what missions share that are put together, besides place and task.
    """
    groups: dict[Hashable, list[MissionDone]] = {}
    for mission in of:
        groups.setdefault((mission.place, mission.task, alike(mission)), []).append(mission)
    return [_errand(group) for group in groups.values()]


def _errand(group: list[MissionDone]) -> Errand:
    came = [mission.there_h for mission in group if mission.there_h < inf]
    goods = np.sum([mission.goods for mission in group], axis=0)
    return Errand(
        tuple(dict.fromkeys(mission.responder for mission in group)), group[0].place, group[0].task,
        group[0].assigned_h, min(came, default=inf), max(came, default=inf), len(group), len(group) - len(came),
        sum(mission.persons for mission in group), tuple(goods.tolist()), sum(mission.drops for mission in group),
        sum(mission.line_m for mission in group),
    )  # fmt: skip


def warned_h(log: EventLog, share: float = 0.95) -> dict[int, float]:
    """Hour by which a share of the residents of each place had the warning; places where it never was are left out.

    Args:
        log: the event log of a replication.
        share: of those who lived there at the start, 0..1.
    """
    lives, told = log.where(Kind.LIVES), log.where(Kind.WARNED)
    residents = dict(zip(log.subject[lives].tolist(), log.persons[lives].tolist(), strict=True))
    sums: dict[int, float] = {}
    found: dict[int, float] = {}
    for row in told.tolist():
        place = int(log.subject[row])
        sums[place] = sums.get(place, 0.0) + float(log.persons[row])
        if sums[place] >= share * residents.get(place, inf):
            found.setdefault(place, float(log.time_h[row]))
    return found
