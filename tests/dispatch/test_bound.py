"""The bound of the best dispatch: never below what trying every assignment finds, and exact for its own relaxation."""

from __future__ import annotations

import math
from itertools import permutations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.dispatch.bound import most_served


def best_by_trying(
    weight: list[float], latest: list[float], start: list[float], way: np.ndarray, at: list[int]
) -> float:
    """All ways to share out the places and all orders: real tours from the base, place to place, without any wait.

    `way[i, j]`: hours between points; places are points 0..P-1; responder r stands at point at[r] until start[r].
    """
    places, crews, best = range(len(weight)), len(start), 0.0
    for owner in product(range(-1, crews), repeat=len(weight)):
        total = 0.0
        for crew in range(crews):
            mine = [place for place in places if owner[place] == crew]
            total += max(_served(order, weight, latest, start[crew], at[crew], way) for order in permutations(mine))
        best = max(best, total)
    return best


def _served(order: tuple, weight: list[float], latest: list[float], now: float, here: int, way: np.ndarray) -> float:
    total = 0.0
    for place in order:
        now, here = now + way[here, place], place
        if now <= latest[place]:
            total += weight[place]
    return total


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 4), st.integers(1, 3))
def test_no_assignment_serves_more(seed: int, places: int, crews: int) -> None:
    draw = np.random.default_rng(seed)
    spots = draw.random((places + 2, 2)) * draw.uniform(0.1, 3)
    way = np.hypot(*(spots[:, None] - spots[None, :]).transpose(2, 0, 1))
    weight = draw.integers(1, 9, places).astype(float).tolist()
    latest = draw.uniform(0, 4, places).tolist()
    start, at = draw.uniform(0, 2, crews).tolist(), draw.integers(places, places + 2, crews).tolist()
    first = np.array([[start[r] + way[at[r], p] for p in range(places)] for r in range(crews)])
    between = [way[i, j] for i in range(places) for j in range(places) if i != j]
    step = [min(between, default=1.0)] * crews
    bound = most_served(weight, latest, first, step)
    assert bound >= best_by_trying(weight, latest, start, way, at) - 1e-9
    assert bound <= sum(weight) + 1e-9


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5), st.integers(1, 2))
def test_the_relaxation_is_solved_exactly(seed: int, places: int, crews: int) -> None:
    draw = np.random.default_rng(seed)
    weight, latest = draw.integers(1, 9, places), draw.uniform(0, 3, places)
    first, step = draw.uniform(0, 3, (crews, places)), draw.uniform(0.3, 1.5, crews)
    visits = [(r, k) for r in range(crews) for k in range(places)]

    def allowed(place: int, visit: tuple[int, int]) -> bool:
        r, k = visit
        return bool(max(first[r, place], first[r].min() + k * step[r]) <= latest[place])

    best = 0
    for chosen in product([-1, *range(len(visits))], repeat=places):
        taken = [visit for visit in chosen if visit >= 0]
        if len(set(taken)) == len(taken) and all(v < 0 or allowed(p, visits[v]) for p, v in enumerate(chosen)):
            best = max(best, sum(int(weight[p]) for p, v in enumerate(chosen) if v >= 0))
    assert most_served(weight, latest, first, step) == pytest.approx(best)


def test_one_crew_serves_as_many_as_its_steps_allow() -> None:
    # At each of the hours 1, 2, 3 one visit; five places, all to be served by 3 h
    first = np.full((1, 5), 1.0)
    assert most_served([5, 4, 3, 2, 1], [3.0] * 5, first, [1.0]) == 12
    assert most_served([5, 4, 3, 2, 1], [3.0] * 5, first, [0.0]) == 15
    assert most_served([5, 4], [0.5, 3.0], first[:, :2], [1.0]) == 4


def test_nobody_and_never() -> None:
    assert most_served([1.0], [5.0], np.zeros((0, 1)), []) == 0
    assert most_served([1.0], [5.0], [[math.inf]], [1.0]) == 0
    assert most_served([], [], np.zeros((2, 0)), [1.0, 1.0]) == 0
