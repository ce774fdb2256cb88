"""Intervals and verdicts: published values, coverage at known truth, and the edges."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest

from simrescue.experiment.analysis.statistics import (
    anytime_interval,
    fewest_met,
    judge,
    judge_clause,
    judge_counts,
    judge_static,
    quantile_interval,
)
from simrescue.plans import Clause
from simrescue.scenario.plans import static_measures  # noqa: F401 - registers what a static clause names

STUDIES = 4_000


def clause(**changes: object) -> Clause:
    settings: dict[str, object] = {
        "id": "A1", "kind": "obligation", "name": "A", "name_zh": "甲", "text_zh": "甲", "document": "paper",
        "year": 2024, "measure": "share_relieved", "settings": {"limit_h": 8.0}, "threshold": 0.95,
    }  # fmt: skip
    return Clause.model_validate(settings | changes)


# ---- published values


def test_median_of_twenty() -> None:
    """The innermost ranks whose share is not ruled out: 3 of 20 is, at the anytime interval, and 4 of 20 is not."""
    assert anytime_interval(3, 20).high < 0.5 <= anytime_interval(4, 20).high
    assert quantile_interval(np.arange(1.0, 21.0), 0.5)[:3] == (10, 4, 17)


# ---- coverage at known truth; the tolerance is four standard errors of the count of studies


def shortfall(covered: float, nominal: float) -> float:
    return nominal - covered - 4 * math.sqrt(nominal * (1 - nominal) / STUDIES)


@pytest.mark.parametrize("q", [0.5, 0.95])
def test_quantile_interval_covers_whatever_the_distribution(q: float) -> None:
    data = np.random.default_rng(14).exponential(1.0, (STUDIES, 60))
    truth = -math.log(1 - q)
    covered = np.mean([low <= truth <= high for _, low, high, _ in (quantile_interval(row, q) for row in data)])
    assert shortfall(float(covered), 0.95) <= 0


@pytest.mark.parametrize("looks", [(60, 120, 240, 480), range(40, 401, 20)], ids=["four", "nineteen"])
@pytest.mark.parametrize(("p", "wrong"), [(0.8999, "met"), (0.9, "not met")])
def test_a_run_that_is_carried_on_is_seldom_wrong(p: float, wrong: str, looks: Sequence[int]) -> None:
    """Someone raises `-n` until a verdict falls, at the worst truth: a hair below what is required, or just there."""
    held = np.cumsum(np.random.default_rng(15).random((STUDIES, max(looks))) < p, axis=1)
    word = cache(lambda k, n: judge_counts(k, n, 0.9, 0.95).verdict)
    fallen = np.mean([any(word(int(row[n - 1]), n) == wrong for n in looks) for row in held])
    assert fallen <= 0.025 + 4 * math.sqrt(0.025 * 0.975 / STUDIES)


# ---- edges


def test_no_observations() -> None:
    estimate, low, high, n = anytime_interval(0, 0)
    assert math.isnan(estimate)
    assert (low, high, n) == (0, 1, 0)
    assert quantile_interval([], 0.5)[1:] == (-math.inf, math.inf, 0)


def test_impossible_counts() -> None:
    with pytest.raises(ValueError, match="5 successes of 4"):
        anytime_interval(5, 4)
    with pytest.raises(ValueError, match="confidence must be"):
        anytime_interval(1, 4, 1.0)


def test_few_observations_and_never() -> None:
    assert quantile_interval([1.0, 2.0, math.inf], 0.95)[:3] == (math.inf, 1.0, math.inf)
    assert quantile_interval([1.0, 2.0, math.inf], 0.5)[1] == -math.inf
    assert quantile_interval([*np.arange(30.0), math.inf], 0.95)[2] == math.inf


def test_bounds_are_exact_at_the_ends() -> None:
    assert anytime_interval(10, 10).high == 1.0
    assert anytime_interval(0, 10).low == 0.0


def test_the_fewest_that_can_be_met_by_hand() -> None:
    """No failure in n: the evidence against the required r is the mean of (q/r)^n over q from r to 1."""
    for reliability, fewest in ((0.9, 51), (0.95, 105)):
        assert fewest_met(reliability, 0.95) == fewest
        reached = [
            (1 - reliability ** (n + 1)) / ((n + 1) * (1 - reliability) * reliability**n) for n in (fewest - 1, fewest)
        ]
        assert reached[0] < 40 <= reached[1]
    assert fewest_met(1.0, 0.95) == math.inf


# ---- verdicts


@pytest.mark.parametrize(
    ("held", "n", "word"),
    [(60, 60, "met"), (59, 60, "undecided"), (54, 60, "undecided"), (42, 60, "not met"), (0, 60, "not met")],
)
def test_verdicts_at_sixty_replications(held: int, n: int, word: str) -> None:
    verdict = judge([True] * held + [False] * (n - held), 0.9)
    assert verdict.verdict == word
    assert (verdict.n, verdict.required, verdict.confidence) == (n, 0.9, 0.95)


def test_few_replications_never_meet() -> None:
    assert judge([True] * 50, 0.9).verdict == "undecided"
    assert judge([True] * 51, 0.9).verdict == "met"


def test_nothing_tested_is_undecided() -> None:
    verdict = judge([])
    assert verdict.verdict == "undecided"
    assert (verdict.low, verdict.high, verdict.n) == (0, 1, 0)
    assert verdict.reason == "no replication put it to the test"


def test_a_clause_over_replications() -> None:
    verdict = judge_clause(clause(), [1.0] * 51 + [math.nan] * 9)
    assert (verdict.verdict, verdict.n, verdict.untested) == ("met", 51, 9), "untested counts neither way"
    assert judge_clause(clause(), [0.5] * 40).verdict == "not met"
    late = clause(measure="relief_last_h", settings={}, comparison="at_most", threshold=12)
    assert judge_clause(late, [math.inf] * 40).verdict == "not met"


def test_not_measured_stays_so() -> None:
    silent = clause(measure="", settings={}, threshold=None, not_measured="no damage", not_measured_zh="无")
    for verdict in (judge_clause(silent, []), judge_static(silent, 1.0)):
        assert (verdict.verdict, verdict.reason, verdict.reason_zh) == ("not measured", "no damage", "无")


def test_static_clauses_are_compared_once() -> None:
    verdict = judge_static(clause(measure="share_reached_by_air"), 0.96)
    assert (verdict.verdict, verdict.n, verdict.static, verdict.estimate) == ("met", 1, True, 0.96)
    assert verdict.reason == "96 %, needed 95 %"
    assert judge_static(clause(), 0.94).verdict == "not met"
    assert judge_static(clause(), math.nan).verdict == "undecided"
