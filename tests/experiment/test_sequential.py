"""Looking again and again: the interval holds its confidence over all looks, and wrong verdicts stay rare."""

from __future__ import annotations

import math
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from simrescue.experiment.analysis.statistics import Interval, anytime_interval, judge
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.sweep.stopping_rule import enough, up_to
from simrescue.plans import Verdict

STUDIES = 4_000
LONGEST = 600
interval = cache(anytime_interval)


def successes(p: float, seed: int) -> np.ndarray:
    """Successes after 1, 2, ... replications, shape (STUDIES, LONGEST)."""
    return np.cumsum(np.random.default_rng(seed).random((STUDIES, LONGEST)) < p, axis=1)


def bar(share: float) -> float:
    """Four standard errors of a count of studies above the share that is promised."""
    return share + 4 * math.sqrt(share * (1 - share) / STUDIES)


def settled(p: float, required: float, looks: range, seed: int) -> tuple[list[str], list[int]]:
    """The first settled verdict of each study, and the replications that it took."""
    words, spent = [], []
    for row in successes(p, seed):
        for n in looks:
            found = interval(int(row[n - 1]), n)
            word = "met" if found.low >= required else "not met" if found.high < required else "undecided"
            if word != "undecided":
                break
        words.append(word)
        spent.append(n)
    return words, spent


def exact_interval(held: int, n: int, confidence: float = 0.95) -> Interval:
    """The interval for one look: Clopper and Pearson, Biometrika 26, 1934, 404-413."""
    if not n:
        return Interval(math.nan, 0.0, 1.0, 0)
    low, high = binomtest(held, n).proportion_ci(confidence)
    return Interval(held / n, low, high, n)


@pytest.mark.parametrize(
    ("p", "required", "wrong"),
    [(0.9, 0.9, "not met"), (0.8999, 0.9, "met"), (0.5, 0.5, "not met"), (0.4999, 0.5, "met"), (0.98, 0.99, "met")],
)
@pytest.mark.parametrize("looks", [range(20, LONGEST + 1, 20), range(1, 200)])
def test_wrong_verdicts_stay_within_the_level(p: float, required: float, wrong: str, looks: range) -> None:
    """At the worst truth there is: on the edge of what is required. Each wrong verdict may come up in 2.5 %."""
    words, _ = settled(p, required, looks, seed=21)
    assert words.count(wrong) / STUDIES <= bar(0.025)


def test_looking_with_the_exact_interval_would_be_wrong_too_often() -> None:
    """What the rule is there for: the interval for one look, looked at thirty times, breaks its promise."""
    exact = cache(exact_interval)
    wrong = 0
    for row in successes(0.8999, 21):
        wrong += any(exact(int(row[n - 1]), n).low >= 0.9 for n in range(20, LONGEST + 1, 20))
    assert wrong / STUDIES > bar(0.025)


@pytest.mark.parametrize("p", [0.5, 0.9, 0.99])
def test_the_interval_covers_the_truth_at_all_looks_together(p: float) -> None:
    lost = 0
    for row in successes(p, 22):
        found = [interval(int(row[n - 1]), n) for n in range(10, LONGEST + 1, 10)]
        lost += not all(one.low <= p <= one.high for one in found)
    assert lost / STUDIES <= bar(0.05)


@pytest.mark.parametrize(("p", "least"), [(1.0, 52), (0.98, 150), (0.6, 60)])
def test_clear_cases_are_settled_soon(p: float, least: int) -> None:
    _, spent = settled(p, 0.9, range(10, LONGEST + 1, 1), seed=23)
    assert np.median(spent) <= least


@given(st.integers(0, 300), st.integers(0, 300), st.floats(0.6, 0.999))
def test_interval_is_sound(held: int, broken: int, confidence: float) -> None:
    n = held + broken
    found, exact = anytime_interval(held, n, confidence), exact_interval(held, n, confidence)
    assert 0 <= found.low <= exact.low + 1e-6, "looking always costs something"
    assert exact.high - 1e-6 <= found.high <= 1
    mirrored = anytime_interval(broken, n, confidence)
    assert (mirrored.low, mirrored.high) == pytest.approx((1 - found.high, 1 - found.low), abs=1e-6)
    if n:
        assert found.low <= found.estimate <= found.high


def evidence(p: float, s: int, f: int) -> float:
    """The ratio of likelihoods of the docstring, by summing it up."""
    q = p + (1 - p) * (np.arange(200_000) + 0.5) / 200_000
    return float(np.mean(np.exp(s * np.log(q / p) + f * np.log((1 - q) / (1 - p)))))


@pytest.mark.parametrize(("s", "f"), [(51, 0), (57, 3), (20, 20), (3, 40)])
def test_bounds_are_where_the_evidence_reaches_the_bar(s: int, f: int) -> None:
    found = anytime_interval(s, s + f)
    assert evidence(found.low, s, f) == pytest.approx(40, rel=1e-3)
    if f:
        assert evidence(1 - found.high, f, s) == pytest.approx(40, rel=1e-3)


def test_edges() -> None:
    assert anytime_interval(0, 0)[1:3] == (0, 1)
    assert anytime_interval(5, 5).high == 1
    assert anytime_interval(0, 5).low == 0
    with pytest.raises(ValueError, match="3 successes of 2"):
        anytime_interval(3, 2)
    assert isinstance(anytime_interval(1, 2), Interval)


# ---- the rule


def verdict(word: str, low: float = 0.0, high: float = 1.0) -> Verdict:
    return Verdict(word, 0.5, low, high, 10)  # type: ignore[arg-type]


def test_a_point_stops_when_all_is_settled() -> None:
    rule = Sequential(min=20, batch=10, max=100)
    assert not enough(rule, [verdict("met")], 19)
    assert enough(rule, [verdict("met"), verdict("not met")], 20)
    assert not enough(rule, [verdict("met"), verdict("undecided")], 90)
    assert enough(rule, [verdict("undecided")], 100)
    assert not enough(rule, [], 50)


def test_a_point_stops_when_intervals_are_narrow() -> None:
    rule = Sequential(min=5, batch=5, max=100, until="narrow", half_width=0.1)
    assert enough(rule, [verdict("undecided", 0.4, 0.6)], 10)
    assert not enough(rule, [verdict("met", 0.4, 0.61)], 10)


def test_batches() -> None:
    rule = Sequential(min=20, batch=15, max=60)
    assert [up_to(rule, n) for n in (0, 5, 20, 35, 50)] == [20, 20, 35, 50, 60]


def test_many_looks_cost_fifteen_replications() -> None:
    assert exact_interval(36, 36).low >= 0.9
    assert judge([True] * 50).verdict == "undecided"
    assert judge([True] * 51).verdict == "met"
