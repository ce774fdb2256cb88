"""Paired comparisons: published values, coverage and error rates at known truth, and the edges."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.experiment.paired import (
    clause_difference,
    exact_mcnemar,
    holm,
    number_difference,
    quantile_difference,
    tango_interval,
    together,
)

STUDIES = 3_000


def margin(nominal: float, studies: int = STUDIES) -> float:
    return 4 * math.sqrt(nominal * (1 - nominal) / studies)


def outcomes(draw: np.random.Generator, both: float, gained: float, lost: float, shape: tuple[int, int]) -> tuple:
    u = draw.random(shape)
    after = u < both + gained
    before = (u < both) | ((u >= both + gained) & (u < both + gained + lost))
    return after, before


# ---- a difference of two clauses


def test_exact_mcnemar_is_the_binomial_sign_test() -> None:
    # Of 10 pairs that differ, 9 one way: 2 (1 + 10) / 1024
    assert exact_mcnemar(9, 1) == pytest.approx(22 / 1024)
    assert exact_mcnemar(0, 0) == 1.0
    assert exact_mcnemar(5, 5) == 1.0


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 40))
def test_the_score_interval_is_mirrored_and_holds_its_estimate(gained: int, lost: int, same: int) -> None:
    n = gained + lost + same
    found, mirror = tango_interval(gained, lost, n), tango_interval(lost, gained, n)
    assert (found.low, found.high) == pytest.approx((-mirror.high, -mirror.low), abs=1e-9)
    if n:
        assert -1 <= found.low <= found.estimate <= found.high <= 1


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_the_score_interval_leaves_out_nothing_where_mcnemars_score_says_so(gained: int, lost: int, same: int) -> None:
    # At no difference the score is McNemar's (b - c) / sqrt(b + c): Tango 1998, section 2
    if gained + lost == 0:
        return
    score = abs(gained - lost) / math.sqrt(gained + lost)
    found = tango_interval(gained, lost, gained + lost + same)
    if abs(score - 1.959964) > 1e-3:
        assert (found.low > 0 or found.high < 0) == (score > 1.959964)


def test_impossible_pairs() -> None:
    with pytest.raises(ValueError, match="of 4 pairs cannot be"):
        tango_interval(3, 2, 4)
    with pytest.raises(ValueError, match="equal lengths"):
        clause_difference([True], [True, False])


@pytest.mark.parametrize("truth", [(0.5, 0.2, 0.05), (0.8, 0.05, 0.05), (0.6, 0.3, 0.0), (0.2, 0.1, 0.3)])
@pytest.mark.parametrize("n", [30, 100])
def test_the_score_interval_covers(truth: tuple[float, float, float], n: int) -> None:
    after, before = outcomes(np.random.default_rng(7), *truth, (STUDIES, n))
    gained, lost = (after & ~before).sum(axis=1), (before & ~after).sum(axis=1)
    known = {(int(b), int(c)): tango_interval(int(b), int(c), n) for b, c in zip(gained, lost, strict=True)}
    delta = truth[1] - truth[2]
    hit = [known[int(b), int(c)] for b, c in zip(gained, lost, strict=True)]
    covered = np.mean([one.low <= delta <= one.high for one in hit])
    assert covered >= 0.95 - 0.012 - margin(0.95)


@pytest.mark.parametrize("truth", [(0.5, 0.1, 0.1), (0.9, 0.02, 0.02), (0.1, 0.4, 0.4)])
def test_no_difference_is_rarely_called_one(truth: tuple[float, float, float]) -> None:
    after, before = outcomes(np.random.default_rng(8), *truth, (STUDIES, 60))
    wrong = np.mean([clause_difference(a, b).p <= 0.05 for a, b in zip(after, before, strict=True)])
    assert wrong <= 0.05 + margin(0.05)


# ---- a difference of two numbers


def test_means_where_all_is_finite_and_the_middle_where_some_never_come() -> None:
    base = np.random.default_rng(3).normal(50, 20, 30)
    same_shift = number_difference(base - 1.0, base)
    assert same_shift.interval[:3] == pytest.approx((-1, -1, -1))
    assert same_shift.better == 0
    late = base.copy()
    late[:3] = math.inf
    found = number_difference(base, late)
    assert found.method.startswith("middle")
    assert (found.better, found.worse) == (0, 3)
    assert found.interval.estimate == 0.0
    assert number_difference([math.inf, 1.0], [math.inf, 1.0]).p == 1.0


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


@pytest.mark.parametrize("q", [0.5, 0.8])
def test_the_bootstrap_of_quantiles_covers(q: float) -> None:
    draw = np.random.default_rng(6)
    truth, studies, hits = 0.5, 300, 0
    for _ in range(studies):
        common = draw.gamma(2.0, 2.0, 80)
        found = quantile_difference(
            common + truth + draw.normal(0, 0.3, 80), common + draw.normal(0, 0.3, 80), q, draws=400
        )
        hits += found.low <= truth <= found.high
    assert hits / studies >= 0.95 - 0.02 - margin(0.95, studies)


def test_quantiles_that_are_never_on_both_sides_do_not_differ() -> None:
    assert quantile_difference([1.0, math.inf, math.inf], [2.0, math.inf, math.inf], 0.9).estimate == 0.0


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
    base = draw.random((1000, 60)) < 0.5
    wrong = 0
    for row in base:
        flips = draw.random((5, 60)) < 0.2
        wrong += min(holm([clause_difference(row ^ flip, row).p for flip in flips])) <= 0.05
    assert wrong / len(base) <= 0.05 + margin(0.05, len(base))


def test_intervals_that_hold_together() -> None:
    assert together(0.95, 5) == pytest.approx(0.99)
    assert together(0.95, 0) == pytest.approx(0.95)
