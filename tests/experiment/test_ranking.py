"""The choice among several ways: right as often as stated, at known truth."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.experiment.analysis.ranking import kim_nelson, select

STUDIES = 400


def margin(nominal: float) -> float:
    return 4 * math.sqrt(nominal * (1 - nominal) / STUDIES)


def test_what_is_chosen_is_within_the_slack_of_the_best() -> None:
    draw, means = np.random.default_rng(1), np.array([0.0, 0.15, 0.3, 0.28])
    right = kept = 0
    for _ in range(STUDIES):
        common = draw.normal(0, 2, 30)
        found = select(means[:, None] + common + draw.normal(0, 0.5, (4, 30)), 0.9)
        right += means.max() - means[found.best] <= found.slack + 1e-12
        kept += 2 in found.kept
        assert found.best in found.kept
    assert min(right, kept) / STUDIES >= 0.9 - margin(0.9)


def test_the_smallest_is_best_where_that_is_asked() -> None:
    values = np.tile([[5.0, 6.0, 5.5], [1.0, 2.0, 1.6], [9.0, 9.5, 9.1]], 7)
    found = select(values, largest=False)
    assert (found.best, found.kept, found.slack) == (1, (1,), 0.0)
    assert select(values).best == 2
    assert select(values[:1]).kept == (0,)


def test_a_choice_that_is_looked_at_again_stays_right() -> None:
    """Both statements hold at all looks together: the best is never dropped, nor farther ahead than is said."""
    draw, means = np.random.default_rng(6), np.array([0.0, 0.2, 0.3])
    wrong = 0
    for _ in range(STUDIES):
        data = means[:, None] + draw.normal(0, 2, 100) + draw.exponential(1.0, (3, 100))
        found = [select(data[:, :n], 0.9) for n in range(10, 101, 10)]
        wrong += any(2 not in one.kept or 0.3 - means[one.best] > one.slack + 1e-12 for one in found)
    assert wrong / STUDIES <= 0.1 + margin(0.1)


def test_a_choice_needs_finite_values() -> None:
    with pytest.raises(ValueError, match="finite"):
        select([[1.0, math.inf], [1.0, 2.0]])
    with pytest.raises(ValueError, match="two replications"):
        select([[1.0], [2.0]])


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_the_race_is_won_by_the_best_as_often_as_stated(confidence: float) -> None:
    # The hardest case: all others behind by just the indifference zone, with common random numbers.
    draw, means = np.random.default_rng(2), np.array([0.0, 0.0, 0.5, 0.0])
    won = 0
    for _ in range(STUDIES):
        data = means[:, None] + draw.normal(0, 1.5, 4000) + draw.normal(0, 1.0, (4, 4000))
        race = kim_nelson(lambda ways, at, n, data=data: data[list(ways), at : at + n], 4, 0.5, confidence, first=15)
        assert race.decided
        won += race.best == 2
    assert won / STUDIES >= confidence - margin(confidence)


def test_the_race_between_clauses() -> None:
    draw, chances = np.random.default_rng(3), np.array([0.75, 0.9, 0.75])
    won = 0
    for _ in range(200):
        data = draw.random((1, 3000)) * 0.5 + draw.random((3, 3000)) * 0.5
        level = np.quantile(draw.random(200_000) * 0.5 + draw.random(200_000) * 0.5, chances)
        held = (data < level[:, None]).astype(float)
        race = kim_nelson(lambda ways, at, n, held=held: held[list(ways), at : at + n], 3, 0.15, 0.9, first=20, batch=5)
        won += race.best == 1
    assert won / 200 >= 0.9 - 4 * math.sqrt(0.09 / 200)


def test_clear_losers_leave_early_and_the_budget_is_kept() -> None:
    data = np.random.default_rng(4).normal(0, 1, (3, 5000)) + np.array([[0.0], [5.0], [4.9]])
    race = kim_nelson(lambda ways, at, n: data[list(ways), at : at + n], 3, 0.02, budget=400)
    assert not race.decided
    assert race.left == (1, 2)
    assert race.runs[0] < race.runs[1] == race.runs[2]
    assert sum(race.runs) <= 400
    smallest = kim_nelson(lambda ways, at, n: data[list(ways), at : at + n], 3, 0.5, largest=False)
    assert smallest.best == 0
    assert smallest.means[0] == pytest.approx(0, abs=1)


def test_a_race_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="indifference"):
        kim_nelson(lambda ways, at, n: np.zeros((len(ways), n)), 2, 0.0)


def held_together(chances: list[float], n: int, study: int) -> np.ndarray:
    """Clauses that share all their luck: nothing but their chances tells them apart."""
    return (np.random.default_rng([study, 5]).random(n) < np.array(chances)[:, None]).astype(float)


def test_the_race_between_clauses_that_rarely_differ() -> None:
    # Ways 0 to 2 differ from the best in one pair of twenty: the first twenty often show no difference at all.
    won = 0
    for study in range(STUDIES):
        data = held_together([0.94, 0.94, 0.94, 0.99], 5000, study)
        race = kim_nelson(lambda ways, at, n, data=data: data[list(ways), at : at + n], 4, 0.05, 0.95, batch=20)
        won += race.best == 3
    assert won / STUDIES >= 0.95 - margin(0.95)


@pytest.mark.parametrize("chances", [[0.9, 0.95], [0.85, 0.95], [0.8, 0.95]])
def test_the_slack_holds_where_no_pair_differs(chances: list[float]) -> None:
    right = 0
    for study in range(STUDIES):
        found = select(held_together(chances, 20, study))
        right += max(chances) - chances[found.best] <= found.slack + 1e-12
    assert right / STUDIES >= 0.95 - margin(0.95)
