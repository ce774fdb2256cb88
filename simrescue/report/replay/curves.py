"""The counters of the replay as curves over time: people, relief, and a fire's area, line, drops and crews."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Flames
from simrescue.hazards.kinds import brings
from simrescue.metrics.people import relief, whereabouts
from simrescue.metrics.reading import pick
from simrescue.units import SAME_H

if TYPE_CHECKING:
    from simrescue.events import EventLog
    from simrescue.metrics.facts import Facts

Floats = NDArray[np.float64]

GRID_H = 0.05
LEAST_POINTS, MOST_POINTS = 200, 2000


def times_of(duration_h: float) -> Floats:
    """Times of the curves: equally far apart, hours."""
    points = int(np.clip(round(duration_h / GRID_H), LEAST_POINTS, MOST_POINTS)) + 1
    return np.linspace(0.0, duration_h, points)


def curves(log: EventLog, facts: Facts) -> dict[str, Floats]:
    """Counters by time, each of the shape of `times_of`: people by state, relief, and a fire's size."""
    at = times_of(facts.duration_h)
    counts = whereabouts.counts(log, facts, at)
    groups = relief.affected(log, facts)
    found = {name: counts[:, number] for number, name in enumerate(whereabouts.PERSON_STATES)}
    owed = pick(groups, groups.owed)
    found["owed"] = _so_far(owed.affected_h, owed.persons, at)
    found["affected"] = _so_far(groups.affected_h, groups.persons, at)
    found["relieved"] = _so_far(groups.relieved_h, groups.persons, at)
    picked = whereabouts.rescue_rows(log)
    found["rescued"] = _so_far(log.time_h[picked], log.persons[picked], at)
    if brings(Flames, facts.hazards):
        found.update(_fire_curves(log, at))
    return {"hour": at, **found}


def _so_far(time_h: Floats, amount: Floats, at: Floats) -> Floats:
    order = np.argsort(time_h, kind="stable")
    total = np.concatenate(([0.0], np.cumsum(amount[order])))
    summed: Floats = total[np.searchsorted(time_h[order], at + SAME_H, side="right")]
    return summed


def _fire_curves(log: EventLog, at: Floats) -> dict[str, Floats]:
    dropped = log.where(Kind.DROPS)
    area = np.zeros(len(at))
    rows = log.where(Kind.AREA)
    for fire in np.unique(log.subject[rows]).tolist():
        of_fire = rows[log.subject[rows] == fire]
        past = np.searchsorted(log.time_h[of_fire], at + SAME_H, side="right")
        area += np.concatenate(([0.0], log.amount[of_fire]))[past]
    posts = log.where(Kind.TAKES_POST, Kind.WITHDRAWS)
    return {
        "area": area,
        "line": _line_km(log, at),
        "drops": _so_far(log.time_h[dropped], np.ones(len(dropped)), at),
        "crews": _on_line(log, posts, at),
    }


def _line_km(log: EventLog, at: Floats) -> Floats:
    """Line built by time: the log tells it at the end of a spell; here it grows evenly since the crew took its post."""
    since, total = dict[int, float](), np.zeros(len(at))
    for row in log.where(Kind.TAKES_POST, Kind.LINE_BUILT).tolist():
        who, time_h = int(log.subject[row]), float(log.time_h[row])
        if log.kind[row] == Kind.LINE_BUILT.value:
            total += np.interp(at, [since.get(who, time_h) - 1e-9, time_h], [0.0, float(log.amount[row]) / 1000.0])
        since[who] = time_h
    return total


def _on_line(log: EventLog, posts: NDArray[np.intp], at: Floats) -> Floats:
    """Crews that stand at a post: from TAKES_POST to WITHDRAWS, another post in between counts once."""
    there, times, changes = set[int](), list[float](), list[float]()
    for row in posts.tolist():
        who, takes = int(log.subject[row]), log.kind[row] == Kind.TAKES_POST.value
        if takes == (who in there):
            continue
        (there.add if takes else there.discard)(who)
        times.append(float(log.time_h[row]))
        changes.append(1.0 if takes else -1.0)
    return _so_far(np.array(times), np.array(changes), at)
