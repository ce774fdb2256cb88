"""How much any dispatch could serve at best: an upper bound that forgets everything but who can be where how soon.

The relaxation. Each place asks to be visited once by a latest time, and counts with a weight. A responder's first
visit to a place is no earlier than its own earliest arrival there, from where it stands at the start; each further
visit, to another place, is no earlier than a shortest step later. Roads are dry, nobody waits, queues, tires, breaks
down or drives home, one visit does all that is asked for at the place, and command knows everything beforehand.

Whatever a real dispatch does within these times is also allowed here, so it never serves more than the greatest weight
found: each responder r has visits k = 0, 1, 2, ... and may give visit k to place p if

    max(first[r, p], soonest[r] + k step[r]) <= latest[p],        soonest[r] = least of first[r, :]

and the greatest weight of places that get a visit each is found exactly: sets of places that can be served together
form a transversal matroid (Edmonds and Fulkerson, J. Res. NBS 69B, 1965, 147-153), so taking the places by weight,
with augmenting paths (Kuhn 1955), is optimal.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

TOLERANCE_H = 1e-6
"""Rounding that may not turn a visit in time into one too late."""

Visit = tuple[int, int]
"""A responder and the number of its visit."""


def most_served(
    weight: ArrayLike, latest_h: ArrayLike, first_h: ArrayLike, step_h: ArrayLike, count: ArrayLike = 1
) -> float:
    """The greatest weight of places that can each be visited in time.

    Args:
        weight: shape (P,), not negative.
        latest_h: latest useful visit of each place, hours, shape (P,).
        first_h: earliest possible visit of each responder to each place, hours, shape (R, P); infinite: never.
        step_h: least hours between a responder's visits to two different places, shape (R,).
        count: equal responders of each row, shape (R,).
    """
    # Later by a hair on the side of the bound, which must not fall below what a run has done.
    weights, latest = np.asarray(weight, dtype=float), np.asarray(latest_h, dtype=float) + TOLERANCE_H
    first, step = np.asarray(first_h, dtype=float), np.asarray(step_h, dtype=float)
    if not first.size:
        return 0.0
    visits = _visits(latest, first, step, np.broadcast_to(np.asarray(count), step.shape))
    holder: dict[Visit, int] = {}
    taken: dict[int, int] = {}
    total = 0.0
    for place in np.argsort(-weights, kind="stable").tolist():
        if weights[place] > 0 and _augment(place, visits, holder, taken):
            total += float(weights[place])
    return total


def most_carried(
    persons: ArrayLike, latest_h: ArrayLike, first_h: ArrayLike, step_h: ArrayLike, seats: ArrayLike
) -> float:
    """The most people of all places who can be carried in time, each visit taking so many seats of one place.

    As `most_served`, with a bound on the numbers carried: of those places whose last useful visit is among the j
    earliest, all visits by then carry no more than their seats (the condition of Hall for nested deadlines).

    Args:
        persons: who want to be carried at each place, shape (P,).
        latest_h: latest useful visit of each place, hours, shape (P,).
        first_h: earliest possible visit of each row of responders to each place, hours, shape (R, P); infinite: never.
        step_h: least hours between a responder's visits to two places, shape (R,).
        seats: those of all equal responders of a row together, shape (R,).

    Returns:
        Persons; no dispatch within these times carries more.
    """
    people, latest = np.asarray(persons, dtype=float), np.asarray(latest_h, dtype=float) + TOLERANCE_H
    first, step = np.asarray(first_h, dtype=float), np.asarray(step_h, dtype=float)
    room = np.asarray(seats, dtype=float)
    if not first.size:
        return 0.0
    by_then = room @ _trips(latest - first.min(axis=1, keepdims=True), step)
    carried = np.minimum(people, room @ _trips(latest - first, step))
    total = 0.0
    for place in np.argsort(latest, kind="stable").tolist():
        total = min(total + float(carried[place]), float(by_then[place]))
    return total


def _trips(span_h: NDArray[np.float64], step_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Visits within so many hours of the first one, spans and answer of shape (R, P), steps (R,)."""
    step = step_h[:, None]
    # Without a step, or without a last hour, visits have no end.
    more = np.full(span_h.shape, math.inf)
    np.divide(span_h, step, out=more, where=(step > 0) & np.isfinite(span_h))
    return np.where(span_h < 0, 0.0, np.floor(more) + 1)


class _Visits(NamedTuple):
    """Which visits come in time; plain numbers, since thousands of pairs would set the garbage collector off."""

    in_time: list[list[int]]
    """For each place the responders that reach it in time."""
    most: list[list[int]]
    """For each place (P) and responder (R) the number of visits that the responder could make by then."""


def _visits(
    latest: NDArray[np.float64], first: NDArray[np.float64], step: NDArray[np.float64], count: NDArray[np.int_]
) -> _Visits:
    trips = _trips(latest - first.min(axis=1, keepdims=True), step)
    # More visits than places serve nobody, and trips without end are no integer.
    most = np.minimum(len(latest), count[:, None] * trips).astype(int)
    return _Visits([np.flatnonzero(row).tolist() for row in (first <= latest).T], most.T.tolist())


def _augment(root: int, visits: _Visits, holder: dict[Visit, int], taken: dict[int, int]) -> bool:
    """Give a place a visit, moving others where that helps; breadth first, so that no depth is too deep.

    `taken`: visits held of each responder, which are always its first ones.
    """
    parent: dict[Visit, int] = {}
    queue = [root]
    for place in queue:
        most = visits.most[place]
        for responder in visits.in_time[place]:
            free = taken.get(responder, 0)
            if free < most[responder]:
                parent[responder, free] = place
                _hand_over((responder, free), root, parent, holder)
                taken[responder] = free + 1
                return True
        for visit in ((responder, number) for responder in visits.in_time[place] for number in range(most[responder])):
            if visit not in parent:
                parent[visit] = place
                queue.append(holder[visit])
    return False


def _hand_over(visit: Visit, root: int, parent: dict[Visit, int], holder: dict[Visit, int]) -> None:
    """Turn the path of hand-overs round, from the free visit back to the place that asked first."""
    # Turned round only where visits change hands: most places find a free one at once.
    held = {owner: owned for owned, owner in holder.items()} if parent[visit] != root else {}
    while True:
        place = parent[visit]
        holder[visit] = place
        if place == root:
            return
        visit = held[place]
