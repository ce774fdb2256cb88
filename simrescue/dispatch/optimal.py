"""Optimal assignment over the open batch: the pairs with the least urgency-weighted time to start.

Each round gives every request of the batch at most one responder, at the least total of weight x hours
(linear assignment; Kuhn 1955, in scipy's shortest augmenting path form by Crouse 2016). A request that nobody
is sent to counts as `UNSERVED_H` hours. Requests that one responder does not cover stand again in the next round.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from itertools import islice

import numpy as np

from simrescue.dispatch.base import Assignment, Candidate, Policy, Request, View
from simrescue.dispatch.nearest import COVERS, soonest
from simrescue.dispatch.priority import STEP_H, by_urgency, urgency_h

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


def match(view: View, batch: Sequence[Request], taken: Set[int]) -> list[tuple[Request, Candidate]]:
    """The least costly pairs, at most one responder a request.

    Exact although few travel times are asked for: with n requests, each one's n soonest responders are enough,
    since at most n - 1 of them can be wanted elsewhere.
    """
    etas = [list(islice(soonest(view, request, taken), len(batch))) for request in batch]
    if len(batch) == 1:
        return [(batch[0], candidate) for _, candidate in etas[0]]
    able = {candidate.index: candidate for row in etas for _, candidate in row}
    columns = {index: column for column, index in enumerate(sorted(able))}
    cost = np.full((len(batch), len(columns)), UNSERVED_H)
    for row, pairs in enumerate(etas):
        for eta_h, candidate in pairs:
            cost[row, columns[candidate.index]] = eta_h
    weights = np.array([weight(request, view.now_h) for request in batch])
    from scipy.optimize import linear_sum_assignment

    chosen = zip(*linear_sum_assignment(cost * weights[:, None]), strict=True)
    indexes = sorted(able)
    return [(batch[row], able[indexes[column]]) for row, column in chosen if cost[row, column] < UNSERVED_H]


def least_cost(view: View) -> list[Assignment]:
    """Rounds of least-cost pairs, until every request is covered or has nobody left."""
    taken: set[int] = set()
    assignments: list[Assignment] = []
    uncovered = {request.number: request.open_amount for request in view.requests}
    standing = [request for request in view.requests if request.open_amount > 0]
    while standing and len(taken) < len(view.candidates):
        pairs = match(view, standing[:BATCH], taken)
        for request, candidate in pairs:
            taken.add(candidate.index)
            assignments.append(Assignment(candidate.index, request.number))
            uncovered[request.number] -= COVERS[request.task](candidate)
        again = [request for request, _ in pairs if uncovered[request.number] > 0]
        standing = again + standing[BATCH:]
    return assignments


OPTIMAL = Policy(rank=by_urgency, decide=least_cost)
