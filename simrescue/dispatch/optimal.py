"""Optimal assignment over the open batch: the pairs with the least urgency-weighted time to start.

Each round gives every request of the batch at most one responder, at the least total of weight x hours
(linear assignment; Kuhn 1955, in scipy's shortest augmenting path form by Crouse 2016). A request that nobody
is sent to counts as `UNSERVED_H` hours. Requests that one responder does not cover stand again in the next round.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import chain, islice

import numpy as np

from simrescue.dispatch.base import Assignment, Candidate, Policy, Request, View
from simrescue.dispatch.nearest import cover, soonest
from simrescue.dispatch.priority import STEP_H, by_urgency, urgency_h
from simrescue.responders import COVERS
from simrescue.wording import bilingual

BATCH = 64
"""Requests solved together, the most urgent first; the others stand in the next round."""
UNSERVED_H = 10_000.0
"""Hours that count for a request left alone: above any real travel time, and finite because scipy refuses
a matrix without a finite solution."""
GREATEST_URGENCY_H = 10 * STEP_H
"""Beyond this a request gains no more weight, so that costs keep their digits."""


def weight(request: Request, now_h: float) -> float:
    """What one hour of waiting costs: it doubles with each step of urgency (a day of waiting, or one task)."""
    return float(2.0 ** (min(urgency_h(request, now_h), GREATEST_URGENCY_H) / STEP_H))


Soonest = Iterator[tuple[float, Candidate]]
"""Those who can serve a request with their hours to start, the soonest first."""


def next_batch(view: View, standing: Iterator[Request], taken: AbstractSet[int]) -> list[tuple[Request, Soonest]]:
    """The first `BATCH` requests that somebody not taken can serve; others have no part in it, and drop out.

    Args:
        view: what command sees.
        standing: requests in the order of the policy; gone through as far as needed.
        taken: responders that are not to be had.
    """
    batch: list[tuple[Request, Soonest]] = []
    for request in standing:
        candidates = soonest(view, request, taken)
        first = next(candidates, None)
        if first is not None:
            # The first was only taken to see whether there is anybody.
            batch.append((request, chain([first], candidates)))
        if len(batch) == BATCH:
            break
    return batch


def match(view: View, batch: Sequence[tuple[Request, Soonest]]) -> list[tuple[Request, Candidate]]:
    """The least costly pairs, at most one responder a request.

    Exact although few travel times are asked for: with n requests, each one's n soonest responders are enough,
    since at most n - 1 of them can be wanted elsewhere.
    """
    from scipy.optimize import linear_sum_assignment

    etas = [list(islice(soonest_first, len(batch))) for _, soonest_first in batch]
    # By number: of several cheapest answers the same comes out, whoever was found first.
    responders = sorted({candidate.responder: candidate for row in etas for _, candidate in row}.items())
    columns = {index: column for column, (index, _) in enumerate(responders)}
    cost = np.full((len(batch), len(responders)), UNSERVED_H)
    for row, pairs in enumerate(etas):
        for eta_h, candidate in pairs:
            # Who is farther off than that counts as nobody.
            cost[row, columns[candidate.responder]] = min(eta_h, UNSERVED_H)
    weights = np.array([weight(request, view.now_h) for request, _ in batch])
    # Serving saves weight x (UNSERVED_H - hours), so the greatest saving leaves out whom it costs least to leave out.
    rows, chosen = linear_sum_assignment((UNSERVED_H - cost) * weights[:, None], maximize=True)
    served = cost[rows, chosen] < UNSERVED_H
    return [(batch[row][0], responders[column][1]) for row, column in zip(rows[served], chosen[served], strict=True)]


def least_cost(view: View) -> list[Assignment]:
    """Rounds of least-cost pairs, until every request is covered or has nobody left."""
    taken: set[int] = set()
    assignments: list[Assignment] = []
    uncovered: dict[int, float] = {}
    again, rest = list[Request](), (request for request in view.requests if request.open_amount > 0)
    while len(taken) < len(view.candidates):
        batch = next_batch(view, chain(again, rest), taken)
        if not batch:
            break
        uncovered |= {request.number: request.open_amount for request, _ in batch if request.number not in uncovered}
        served: set[int] = set()
        for request, candidate in round_of(view, batch, uncovered, taken):
            taken.add(candidate.responder)
            served.add(request.number)
            assignments.append(Assignment(candidate.responder, request.number))
            uncovered[request.number] -= COVERS[request.task](candidate)
        # Who got nobody drops out: were anybody left who could serve it, to send him would have cost less.
        again = [request for request, _ in batch if request.number in served and uncovered[request.number] > 0]
    return assignments


def round_of(
    view: View, batch: Sequence[tuple[Request, Soonest]], uncovered: Mapping[int, float], taken: AbstractSet[int]
) -> list[tuple[Request, Candidate]]:
    """The pairs of one round; a request that stands alone is given all it needs at once.

    Args:
        view: what command sees.
        batch: requests with those who can serve them; not empty.
        uncovered: what of each request (by number) nobody is on the way for, in the unit of its task.
        taken: responders that are not to be had.
    """
    if len(batch) > 1:
        return match(view, batch)
    request = batch[0][0]
    return [(request, candidate) for candidate in cover(view, request, uncovered[request.number], taken)]


OPTIMAL = Policy("optimal", bilingual("least total urgency"), rank=by_urgency, decide=least_cost)
