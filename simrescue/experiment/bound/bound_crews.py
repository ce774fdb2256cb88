"""Crews of one replication as the bound sees them: from when on they can be out, and where goods can be how soon."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.experiment.bound.travel_bounds import Array, TravelBounds
from simrescue.metrics.reading import rows_of
from simrescue.metrics.requests import response
from simrescue.responders import RELIEF, TASKS
from simrescue.simulation.world import Member


class Crews(NamedTuple):
    """Equal responders, and the hour from which they can be out in one replication."""

    member: Member
    number: int
    out_h: float


def crews_of(reach: TravelBounds, log: EventLog, qualified: Callable[[Member], bool]) -> list[Crews]:
    """Those who are able, not in maintenance, and ever needed; responders of one row together."""
    requested = response.requests(log)
    first = [requested.opened_h[requested.task == task].min(initial=math.inf) for task in range(len(TASKS))]
    down = set(log.subject[rows_of(log, EventKind.UNSERVICEABLE)].tolist())
    counts: dict[int, list[Member]] = {}
    for member in reach.world.members:
        if member.index not in down and qualified(member):
            # Crews of one row share its record, and so all that the bound knows of them.
            counts.setdefault(id(member.record), []).append(member)
    called = [(row, min((first[task] for task in row[0].tasks), default=math.inf)) for row in counts.values()]
    found = [Crews(row[0], len(row), reach.out_h(row[0], float(needed))) for row, needed in called]
    return [crews for crews in found if crews.out_h < math.inf]


def loaded_h(reach: TravelBounds, log: EventLog, crews: Crews, place: NDArray[np.intp], start_h: Array) -> Array:
    """Earliest arrival at each place with goods, setting out for a depot no earlier than `start_h`."""
    depots, requested = reach.places("depots"), response.requests(log)
    if not len(depots) or RELIEF not in crews.member.tasks:
        return np.full(len(place), math.inf)
    ordered = float(requested.opened_h[requested.task == RELIEF].min(initial=math.inf))
    opening = np.array([float(depot.opening_h) for depot in reach.world.scenario.depots])
    at_depot = np.maximum(crews.out_h + reach.hours(crews.member, crews.member.base)[depots], ordered + opening)
    # By the best depot for each place, whatever it has: a bound may only be better than what can be.
    leaving = np.maximum(reach.fly_from(crews.member, start_h)[None, :], at_depot[:, None])
    return np.asarray((leaving + reach.table(crews.member, depots)[:, place]).min(axis=0))
