"""Paired comparisons: published values, coverage and error rates at known truth, and the edges."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binom, nct, norm
from scipy.stats import t as student

from simrescue.experiment.analysis.paired import (
    clause_difference,
    holm,
    mean_interval,
    number_difference,
    of_parts,
    share_interval,
    sign_test,
    together,
)
from simrescue.experiment.analysis.statistics import Interval, quantile_interval

STUDIES = 1_000
LOOKS = pytest.mark.parametrize("looks", [(20, 40, 80, 160), tuple(range(20, 201, 10))], ids=["four", "nineteen"])
"""Someone carries both sides on and compares again, until something shows."""
interval_of_shares = cache(share_interval)


def margin(nominal: float, studies: int = STUDIES) -> float:
    return 4 * math.sqrt(nominal * (1 - nominal) / studies)


def outcomes(draw: np.random.Generator, both: float, gained: float, lost: float, shape: tuple[int, int]) -> tuple:
    u = draw.random(shape)
    after = u < both + gained
    before = (u < both) | ((u >= both + gained) & (u < both + gained + lost))
    return after, before


# ---- a difference of two clauses


def test_the_sign_test_by_hand() -> None:
    # Of 10 pairs that differ 9 go one way: the mean of 2^10 q^9 (1 - q) over q is 1024 / 110
    assert sign_test(9, 1) == sign_test(1, 9) == pytest.approx(110 / 1024)
    assert sign_test(0, 0) == sign_test(5, 5) == 1.0
    assert sign_test(9_000, 1_000) == pytest.approx(0.0)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 40))
def test_the_interval_is_mirrored_and_holds_its_estimate(gained: int, lost: int, same: int) -> None:
    n = gained + lost + same
    found, mirror = share_interval(gained, lost, n), share_interval(lost, gained, n)
    assert (found.low, found.high) == pytest.approx((-mirror.high, -mirror.low), abs=1e-8)
    if n:
        assert -1 <= found.low <= found.estimate <= found.high <= 1


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_an_interval_that_leaves_out_nothing_goes_with_a_small_p(gained: int, lost: int, same: int) -> None:
    # At no difference the bets are those of the sign test, one side at a time
    found = share_interval(gained, lost, gained + lost + same)
    if found.low > 0 or found.high < 0:
        assert sign_test(gained, lost) <= 0.05
    elif gained + lost:
        assert sign_test(gained, lost) > 0.025 - 1e-6


def bet(m: float, gained: int, same: int, lost: int) -> float:
    """The fortune of the docstring, by summing it up."""
    u = (np.arange(200_000) + 0.5) / 200_000
    won = gained * np.log1p(u * (1 - m) / (1 + m)) + same * np.log1p(-u * m / (1 + m)) + lost * np.log1p(-u)
    return float(np.exp(won).mean())


@pytest.mark.parametrize(("gained", "same", "lost"), [(20, 30, 3), (5, 15, 0), (1, 60, 2), (40, 0, 40)])
def test_bounds_are_where_the_bets_reach_the_bar(gained: int, same: int, lost: int) -> None:
    found = share_interval(gained, lost, gained + same + lost)
    assert bet(found.low, gained, same, lost) == pytest.approx(40, rel=1e-3)
    assert bet(-found.high, lost, same, gained) == pytest.approx(40, rel=1e-3)


def test_impossible_pairs() -> None:
    with pytest.raises(ValueError, match="of 4 pairs cannot be"):
        share_interval(3, 2, 4)
    with pytest.raises(ValueError, match="equal lengths"):
        clause_difference([True], [True, False])


@LOOKS
@pytest.mark.parametrize("truth", [(0.5, 0.2, 0.05), (0.8, 0.05, 0.05), (0.2, 0.1, 0.3)])
def test_the_interval_of_shares_covers_at_all_looks(truth: tuple[float, float, float], looks: tuple[int, ...]) -> None:
    after, before = outcomes(np.random.default_rng(7), *truth, (STUDIES, max(looks)))
    gained, lost = np.cumsum(after & ~before, axis=1), np.cumsum(before & ~after, axis=1)
    wrong = np.zeros(STUDIES, dtype=bool)
    for n in looks:
        counts = zip(gained[:, n - 1].tolist(), lost[:, n - 1].tolist(), strict=True)
        found = [interval_of_shares(b, c, n) for b, c in counts]
        wrong |= [not one.low <= truth[1] - truth[2] <= one.high for one in found]
    assert wrong.mean() <= 0.05 + margin(0.05)


@LOOKS
@pytest.mark.parametrize("truth", [(0.5, 0.1, 0.1), (0.9, 0.02, 0.02), (0.1, 0.4, 0.4)])
def test_no_difference_is_rarely_called_one(truth: tuple[float, float, float], looks: tuple[int, ...]) -> None:
    after, before = outcomes(np.random.default_rng(8), *truth, (STUDIES, max(looks)))
    gained, lost = np.cumsum(after & ~before, axis=1), np.cumsum(before & ~after, axis=1)
    p_value = cache(sign_test)
    columns = [n - 1 for n in looks]
    pairs = zip(gained[:, columns].tolist(), lost[:, columns].tolist(), strict=True)
    wrong = np.mean([min(map(p_value, *pair)) <= 0.05 for pair in pairs])
    assert wrong <= 0.05 + margin(0.05)
    assert clause_difference(after[0], before[0]).p == sign_test(int(gained[0, -1]), int(lost[0, -1]))


def test_a_test_for_one_look_would_call_it_one_too_often() -> None:
    """What the methods are there for: McNemar's exact test, looked at nineteen times, breaks its promise."""
    after, before = outcomes(np.random.default_rng(8), 0.1, 0.4, 0.4, (STUDIES, 200))
    gained, lost = np.cumsum(after & ~before, axis=1), np.cumsum(before & ~after, axis=1)
    looks = np.arange(20, 201, 10) - 1
    few, differ = np.minimum(gained, lost)[:, looks], (gained + lost)[:, looks]
    assert (2 * binom.cdf(few, differ, 0.5) <= 0.05).any(axis=1).mean() > 0.1


# ---- a difference of two numbers


def test_means_where_all_is_finite_and_the_middle_where_some_never_come() -> None:
    base = np.random.default_rng(3).normal(50, 20, 30)
    same_shift = number_difference(base - 1.0, base)
    assert same_shift.interval.estimate == pytest.approx(-1)
    assert -1.5 < same_shift.interval.low < same_shift.interval.high < -0.5, "a rare pair may differ otherwise"
    assert same_shift.better == 0
    assert number_difference(base, base).interval[:3] == (0, 0, 0)
    late = base.copy()
    late[:3] = math.inf
    found = number_difference(base, late)
    assert found.method.startswith("middle")
    assert (found.better, found.worse) == (0, 3)
    assert found.interval.estimate == 0.0
    assert number_difference([math.inf, 1.0], [math.inf, 1.0]).p == 1.0


def test_parts_of_a_whole_differ_by_no_more_than_the_whole() -> None:
    wide = number_difference([0.0, 1.0, 0.2], [1.0, 0.1, 0.2])
    assert wide.interval.low < -1 < 1 < wide.interval.high, "three pairs say next to nothing"
    told = of_parts(wide)
    assert told.interval[:3] == (wide.interval.estimate, -1.0, 1.0)
    assert told.p == wide.p
    known = number_difference(np.full(40, 0.6), np.full(40, 0.5))
    assert of_parts(known) == known


def test_the_p_value_and_the_interval_agree() -> None:
    draw = np.random.default_rng(4)
    for shift in (0.0, 0.4, 0.8):
        found = number_difference(draw.normal(shift, 1, 25), np.zeros(25))
        assert (found.p <= 0.05) == (found.interval.low > 0 or found.interval.high < 0)


def test_untested_pairs_are_left_out() -> None:
    assert number_difference([1.0, math.nan, 3.0], [0.0, 1.0, math.nan]).interval.n == 1


def test_common_random_numbers_make_the_interval_shorter() -> None:
    draw = np.random.default_rng(5)
    flood = draw.normal(0, 10, 40)
    paired = number_difference(flood + draw.normal(1, 1, 40), flood + draw.normal(0, 1, 40))
    alone = number_difference(flood + draw.normal(1, 1, 40), draw.permutation(flood) + draw.normal(0, 1, 40))
    assert paired.interval.high - paired.interval.low < (alone.interval.high - alone.interval.low) / 5


def test_the_mixture_t_by_integration() -> None:
    """The evidence is the ratio of two densities of t: noncentral, mixed over the effect, against central."""
    data = np.random.default_rng(10).normal(1.0, 1.0, 12)
    largest = 1.5 * np.abs(data).max()
    variance = (np.square(data).sum() + 2 * largest**2 - data.sum() ** 2 / 14) / 13
    t = data.mean() / math.sqrt(variance / 12)
    effect = (np.arange(-4000, 4000) + 0.5) / 500
    mixed = float((nct.pdf(t, 11, effect * math.sqrt(12)) * norm.pdf(effect)).sum() / 500)
    found, p = mean_interval(data)
    assert p == pytest.approx(student.pdf(t, 11) / mixed, rel=1e-4)
    _, at_the_bound = mean_interval(data, 1 - p)
    only_just = mean_interval(data, 1 - p)[0]
    assert only_just.low == pytest.approx(0.0, abs=1e-9)
    assert at_the_bound == p
    assert found.estimate == pytest.approx(data.mean())


def never_left_out(
    interval: Callable[[np.ndarray], Interval], data: np.ndarray, truth: float, looks: tuple[int, ...]
) -> float:
    """Share of the studies, a row each, whose interval holds the truth at all looks."""
    return float(np.mean([all(f.low <= truth <= f.high for n in looks for f in [interval(row[:n])]) for row in data]))


SKEWED: dict[str, tuple[float, Callable[[np.random.Generator, tuple[int, int]], np.ndarray]]] = {
    "normal": (0.0, lambda draw, shape: draw.normal(0, 1, shape)),
    "few pairs differ": (0.0, lambda draw, shape: (draw.random(shape) < 0.2) * draw.normal(0, 1, shape)),
    "student 3": (0.0, lambda draw, shape: draw.standard_t(3, shape)),
    "exponential": (1.0, lambda draw, shape: draw.exponential(1, shape)),
    "exponential, no difference": (0.0, lambda draw, shape: draw.exponential(1, shape) - 1),
    "gamma, no difference": (0.0, lambda draw, shape: draw.gamma(0.5, 1, shape) - 0.5),
    "lognormal": (math.exp(0.5), lambda draw, shape: draw.lognormal(0, 1, shape)),
    "lognormal, no difference": (0.0, lambda draw, shape: draw.lognormal(0, 1, shape) - math.exp(0.5)),
}


@LOOKS
@pytest.mark.parametrize("name", SKEWED)
def test_the_interval_of_a_mean_covers_at_all_looks(name: str, looks: tuple[int, ...]) -> None:
    truth, drawn = SKEWED[name]
    data = drawn(np.random.default_rng(11), (STUDIES, max(looks)))
    covered = never_left_out(lambda row: mean_interval(row)[0], data, truth, looks)
    assert covered >= 0.95 - margin(0.05)


@LOOKS
@pytest.mark.parametrize("q", [0.5, 0.9])
def test_the_interval_of_a_quantile_covers_at_all_looks(q: float, looks: tuple[int, ...]) -> None:
    """Whatever the distribution: half of the values are never, or they are whole numbers that are often equal."""
    draw = np.random.default_rng(12)
    for data, truth in (
        (np.where(draw.random((400, 200)) < 0.45, draw.exponential(1, (400, 200)), math.inf), math.inf),
        (draw.integers(0, 10, (400, 200)).astype(float), math.ceil(q * 10) - 1.0),
    ):
        covered = never_left_out(lambda row: quantile_interval(row, q), data, truth, looks)
        assert covered >= 0.95 - margin(0.05, 400)


# ---- several at once


def test_holm_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_makes_smaller_nor_changes_the_order(p_values: list[float]) -> None:
    adjusted = holm(p_values)
    assert all(a >= p and a <= 1 for a, p in zip(adjusted, p_values, strict=True))
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    assert [adjusted[i] for i in order] == sorted(adjusted)


def test_one_wrong_among_several_stays_rare() -> None:
    draw = np.random.default_rng(9)
    base = draw.random((500, 60)) < 0.5
    wrong = 0
    for row in base:
        flips = draw.random((5, 60)) < 0.2
        wrong += min(holm([clause_difference(row ^ flip, row).p for flip in flips])) <= 0.05
    assert wrong / len(base) <= 0.05 + margin(0.05, len(base))


def test_intervals_that_hold_together() -> None:
    assert together(0.95, 5) == pytest.approx(0.99)
    assert together(0.95, 0) == pytest.approx(0.95)
