"""The optimal policy against every possible assignment, and against the greedy ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given, settings

from simrescue.dispatch import POLICIES, Assignment, View
from simrescue.dispatch.optimal import BATCH, OPTIMAL, UNSERVED_H, least_cost, weight
from tests.dispatch.views import RELIEF, RESCUE, able, candidate, request, view, views


def cost(seen: View, assignments: list[Assignment]) -> float:
    """Weighted hours of all requests, those left alone at `UNSERVED_H`."""
    candidates = {one.responder: one for one in seen.candidates}
    chosen = {one.request: candidates[one.responder] for one in assignments}
    hours = {
        one.number: seen.eta_h(chosen[one.number], one) if one.number in chosen else UNSERVED_H for one in seen.requests
    }
    return sum(weight(one, seen.now_h) * hours[one.number] for one in seen.requests)


def least_possible(seen: View) -> float:
    """The least cost over all ways to give each request nobody or one able responder."""
    choices = [[None, *(one.responder for one in seen.candidates if able(seen, one, asked))] for asked in seen.requests]
    ways = (way for way in product(*choices) if len(sent := [one for one in way if one is not None]) == len(set(sent)))
    numbers = [one.number for one in seen.requests]
    return min(
        cost(seen, [Assignment(index, number) for index, number in zip(way, numbers, strict=True) if index is not None])
        for way in ways
    )


@settings(max_examples=150, deadline=None)
@given(seen=views(most=4, whole=True))
def test_no_other_assignment_costs_less(seen: View) -> None:
    seen = replace(seen, requests=sorted(seen.requests, key=OPTIMAL.rank))
    assert cost(seen, OPTIMAL.decide(seen)) == pytest.approx(least_possible(seen), rel=1e-12)


@settings(deadline=None)
@given(seen=views(most=9, whole=True))
def test_greedy_never_costs_less(seen: View) -> None:
    for name in ("nearest", "priority"):
        ranked = replace(seen, requests=sorted(seen.requests, key=POLICIES[name].rank))
        assert cost(seen, least_cost(ranked)) <= cost(seen, POLICIES[name].decide(ranked)) * (1 + 1e-12)


def test_the_near_one_is_left_to_whom_nobody_else_can_reach() -> None:
    etas = {(1, 0): 1.0, (2, 0): 1.5, (1, 1): 2.0}
    seen = view([request(0), request(1)], [candidate(1), candidate(2)], etas)
    assert sorted(OPTIMAL.decide(seen)) == [(1, 1), (2, 0)]
    assert POLICIES["nearest"].decide(seen) == [(1, 0)]


def test_an_hour_of_the_trapped_weighs_more_than_an_hour_of_relief() -> None:
    relief, rescue = request(0, RELIEF), request(1, RESCUE)
    etas = {(1, 0): 1.0, (1, 1): 1.0, (2, 0): 3.0, (2, 1): 2.0}
    seen = view([rescue, relief], [candidate(1), candidate(2)], etas)
    assert sorted(OPTIMAL.decide(seen)) == [(1, 1), (2, 0)]


def test_more_requests_than_one_batch_are_all_served() -> None:
    count = BATCH + 10
    etas = {(index, number): 1.0 + abs(index - number) for index in range(count) for number in range(count)}
    seen = view([request(number) for number in range(count)], [candidate(index) for index in range(count)], etas)
    assert sorted(OPTIMAL.decide(seen)) == [(index, index) for index in range(count)]


def test_scipy_optimize_is_not_imported_before_it_is_needed() -> None:
    import subprocess
    import sys

    code = "import sys, simrescue.dispatch; print('scipy.optimize' in sys.modules)"
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
        == "False"
    )
