"""Optimal assignment over the open batch: the pairs with the least urgency-weighted time to start.

Each round gives every request of the batch at most one responder, at the least total of weight x hours
(linear assignment; Kuhn 1955, in scipy's shortest augmenting path form by Crouse 2016). A request that nobody
is sent to counts as `UNSERVED_H` hours. Requests that one responder does not cover stand again in the next round.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import islice

import numpy as np

from simrescue.dispatch.base import Assignment, Candidate, Policy, Request, View
from simrescue.dispatch.nearest import COVERS, cover, soonest
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


def next_batch(
    view: View, standing: Sequence[Request], taken: AbstractSet[int]
) -> tuple[Sequence[Request], Sequence[Request]]:
    """The first `BATCH` requests that somebody not taken can serve, and the rest; others have no part in it."""
    batch: list[Request] = []
    for at, request in enumerate(standing):
        if len(batch) == BATCH:
            return batch, standing[at:]
        if next(soonest(view, request, taken), None) is not None:
            batch.append(request)
    return batch, ()


def match(view: View, batch: Sequence[Request], taken: AbstractSet[int]) -> list[tuple[Request, Candidate]]:
    """The least costly pairs, at most one responder a request.

    Exact although few travel times are asked for: with n requests, each one's n soonest responders are enough,
    since at most n - 1 of them can be wanted elsewhere.
    """
    from scipy.optimize import linear_sum_assignment

    etas = [list(islice(soonest(view, request, taken), len(batch))) for request in batch]
    able = sorted({candidate.responder: candidate for row in etas for _, candidate in row}.items())
    columns = {index: column for column, (index, _) in enumerate(able)}
    cost = np.full((len(batch), len(able)), UNSERVED_H)
    for row, pairs in enumerate(etas):
        for eta_h, candidate in pairs:
            cost[row, columns[candidate.responder]] = min(eta_h, UNSERVED_H)
    weights = np.array([weight(request, view.now_h) for request in batch])
    # Serving saves weight x (UNSERVED_H - hours), so the greatest saving leaves out whom it costs least to leave out.
    rows, chosen = linear_sum_assignment((UNSERVED_H - cost) * weights[:, None], maximize=True)
    served = cost[rows, chosen] < UNSERVED_H
    return [(batch[row], able[column][1]) for row, column in zip(rows[served], chosen[served], strict=True)]


def least_cost(view: View) -> list[Assignment]:
    """Rounds of least-cost pairs, until every request is covered or has nobody left."""
    taken: set[int] = set()
    assignments: list[Assignment] = []
    uncovered = {request.number: request.open_amount for request in view.requests}
    standing = [request for request in view.requests if request.open_amount > 0]
    while standing and len(taken) < len(view.candidates):
        batch, rest = next_batch(view, standing, taken)
        if not batch:
            break
        served: set[int] = set()
        for request, candidate in round_of(view, batch, uncovered, taken):
            taken.add(candidate.responder)
            served.add(request.number)
            assignments.append(Assignment(candidate.responder, request.number))
            uncovered[request.number] -= COVERS[request.task](candidate)
        standing = [*(one for one in batch if one.number in served and uncovered[one.number] > 0), *rest]
    return assignments


def round_of(
    view: View, batch: Sequence[Request], uncovered: Mapping[int, float], taken: AbstractSet[int]
) -> list[tuple[Request, Candidate]]:
    """The pairs of one round; a request that stands alone is given all it needs at once."""
    if len(batch) > 1:
        return match(view, batch, taken)
    return [(batch[0], candidate) for candidate in cover(view, batch[0], uncovered[batch[0].number], taken)]


OPTIMAL = Policy(rank=by_urgency, decide=least_cost)
