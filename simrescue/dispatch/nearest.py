"""Nearest qualified responder: requests in the order in which they came, each given those who can start there first.

A big request gets several responders at once, until the seats (or tonnes) on their way cover it.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from heapq import heappop, heappush

from simrescue.dispatch.base import INFINITE, Assignment, Candidate, Policy, Rank, Request, View
from simrescue.responders import COVERS
from simrescue.wording import bilingual


def by_opening(request: Request) -> Rank:
    """First come, first served; of requests opened at the same moment the lower number."""
    return (request.opened_h, request.number)


def soonest(view: View, request: Request, taken: AbstractSet[int]) -> Iterator[tuple[float, Candidate]]:
    """Qualified candidates not in `taken` with their hours to start, the soonest first.

    Lazy: a routing is asked only for candidates whose bound is below the best time found so far. Of two that
    can start at the same moment, the one earlier in `view.nearby` comes first.
    """
    covers = COVERS[request.task]
    queue: list[tuple[float, int, Candidate]] = []
    for order, (bound_h, candidate) in enumerate(view.nearby(request, taken)):
        # Nobody still to come can be sooner than the best found: it is the next, without asking for their routes.
        while queue and queue[0][0] <= bound_h:
            eta_h, _, best = heappop(queue)
            yield eta_h, best
        if candidate.responder in taken or covers(candidate) <= 0:
            continue
        eta_h = view.eta_h(candidate, request)
        if eta_h < INFINITE:
            heappush(queue, (eta_h, order, candidate))
    while queue:
        eta_h, _, best = heappop(queue)
        yield eta_h, best


def cover(view: View, request: Request, amount: float, taken: AbstractSet[int]) -> list[Candidate]:
    """The soonest able candidates that together take on an amount.

    Args:
        view: what command sees.
        request: to be covered.
        amount: what of it is not on its way yet, in the unit of its task (`responders.COVERS`).
        taken: responders that are not to be had.

    Returns:
        Candidates, the soonest first; fewer where there are no more, none for an amount of 0.
    """
    covers = COVERS[request.task]
    chosen: list[Candidate] = []
    if amount <= 0:
        return chosen
    for _, candidate in soonest(view, request, taken):
        chosen.append(candidate)
        amount -= covers(candidate)
        if amount <= 0:
            break
    return chosen


def nearest_qualified(view: View) -> list[Assignment]:
    """The soonest qualified responders to each request in turn, until it is covered or nobody is left."""
    taken: set[int] = set()
    assignments: list[Assignment] = []
    for request in view.requests:
        if len(taken) == len(view.candidates):
            break
        for candidate in cover(view, request, request.open_amount, taken):
            taken.add(candidate.responder)
            assignments.append(Assignment(candidate.responder, request.number))
    return assignments


NEAREST = Policy("nearest", bilingual("nearest first"), rank=by_opening, decide=nearest_qualified)
