"""What a change does, read off pairs: the same floods and the same random numbers with it and without it.

Replications with the same number share their random numbers, so the difference is taken pair by pair; what both sides
have in common drops out. Three kinds of numbers are compared, each by a method that suits it:

    clause     held or not      difference of the two probabilities: betting interval; beta-binomial sign test
    number     all finite       mean of the differences: mixture t interval and test
    number     some infinite    middle of the differences: distribution-free interval; beta-binomial sign test

Sides can be carried on, and are then compared again. All intervals and p-values therefore hold at any look: the chance
that a p-value ever falls to a, or that an interval ever leaves out the truth, over all numbers of pairs, is at most a,
or one minus the confidence (confidence sequences: Robbins, Annals of Mathematical Statistics 41, 1970, 1397-1409;
Ramdas et al., Statistical Science 38, 2023, 576-601). Clauses and middles do at any truth; means do for normal
differences, and in the tests from 20 pairs on for skewed ones (exponential, gamma, lognormal). No method without known
bounds can hold it where the mean hangs on events so rare that none was seen (Bahadur and Savage, Annals of Mathematical
Statistics 27, 1956, 1115-1122).

With several comparisons, p-values are adjusted by Holm (Scandinavian Journal of Statistics 6, 1979, 65-70): the chance
that any of the differences called real is none stays within the stated level. Intervals hold all together (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.experiment.analysis.statistics import Interval, quantile_interval

_ROOTS, _WEIGHTS = np.polynomial.legendre.leggauss(128)
_STAKES, _SHARES = (1 + _ROOTS) / 2, _WEIGHTS / 2
"""Bets between nothing and all that one has, spread evenly; the bound holds for any set of them, however coarse."""
UNSEEN = 1.5
"""A difference that was not seen is reckoned with so many times as large as the largest one seen."""


class Difference(NamedTuple):
    """Changed minus base."""

    interval: Interval
    p: float
    """Chance that where there is no difference one like this, or larger, ever shows, however often one looks."""
    better: int
    """Pairs in which the changed side is higher (for a clause: it alone holds)."""
    worse: int
    method: str


def of_parts(found: Difference) -> Difference:
    """A difference of two means that are parts of a whole, 0..1: no wider than they allow, -1..1."""
    estimate, low, high, n = found.interval
    return found._replace(interval=Interval(estimate, max(low, -1.0), min(high, 1.0), n))


def sign_test(more: int, less: int) -> float:
    """Two-sided p-value, at any look, that as many pairs change one way as the other; 1 where no pair differs.

    The evidence against even chances is the mean likelihood ratio over all chances alike, 2^d B(more + 1, less + 1) of
    d pairs that differ (beta-binomial mixture; Robbins 1970); p is its inverse (Ville's inequality).

    Args:
        more: pairs in which the changed side is higher.
        less: pairs in which it is lower; pairs that do not differ tell nothing and are left out.
    """
    from scipy import special  # a tenth of a second, and most who import this only read what was compared

    evidence = (more + less) * math.log(2) + float(special.betaln(more + 1, less + 1))
    return math.exp(min(0.0, -evidence))


def share_interval(only_changed: int, only_base: int, n: int, confidence: float = 0.95) -> Interval:
    """Interval, at any look, of P(changed holds) - P(base holds) from n pairs, of which so many hold on one side only.

    Betting (Waudby-Smith and Ramdas, Journal of the Royal Statistical Society B 86, 2024, 1-27): a pair counts 1, 0 or
    -1. Who bets the part u of his fortune on more than the difference m has, after all pairs,

        (1 + u (1 - m) / (1 + m))^only_changed  (1 - u m / (1 + m))^same  (1 - u)^only_base

    which has mean 1 at most if the difference is m or less, so that its mean over u ever reaches 2/(1-confidence) with
    a chance of (1-confidence)/2 at most. It falls with m: `low` is where it has come down to that bar; `high` the same
    the other way round. [-1, 1] for n = 0. Raises ValueError for impossible counts.
    """
    if min(only_changed, only_base) < 0 or only_changed + only_base > n:
        raise ValueError(f"{only_changed} and {only_base} of {n} pairs cannot be")
    if not n:
        return Interval(math.nan, -1.0, 1.0, 0)
    low, high = (_least(*pair, n, confidence) for pair in ((only_changed, only_base), (only_base, only_changed)))
    return Interval((only_changed - only_base) / n, low, -high, n)


def _least(gained: int, lost: int, n: int, confidence: float) -> float:
    """The least difference that the bets do not rule out, by halving."""
    # Half of the chance of error for each end: the two ends are bet on apart.
    bar = math.log(2 / (1 - confidence))
    staked = np.log(_SHARES) + lost * np.log1p(-_STAKES)
    # At the difference seen no bet has gained (log(1 + x) <= x): the bar is not reached there.
    low, high = -1.0, (gained - lost) / n
    while high - low > 1e-7:
        # The fortune falls with m, so that halving finds the one place where it comes down to the bar.
        m = (low + high) / 2
        won = gained * np.log1p(_STAKES * (1 - m) / (1 + m)) + (n - gained - lost) * np.log1p(-_STAKES * m / (1 + m))
        fortune = staked + won
        # The largest is taken out before the exponential: fortunes of hundreds of pairs overflow.
        most = float(fortune.max())
        low, high = (m, high) if most + math.log(np.exp(fortune - most).sum()) > bar else (low, m)
    # The outer of the two ends: halving makes the interval wider, never narrower.
    return low


def clause_difference(changed: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Difference:
    """Difference of the probabilities that a clause holds, pair by pair.

    Args:
        changed: whether it held with the change, in each replication, shape (n,).
        base: the same without it, in the same order.
        confidence: of the interval, 0.5..1.

    Returns:
        The difference in probability, -1..1, with its betting interval, the p-value of the beta-binomial sign test on
        the pairs that differ, and how many were gained and lost.

    Raises:
        ValueError: where the arrays differ in length.
    """
    after, before = _pairs(changed, base, bool)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    interval = share_interval(gained, lost, len(after), confidence)
    return Difference(interval, sign_test(gained, lost), gained, lost, "betting interval, beta-binomial sign test")


def number_difference(changed: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Difference:
    """Difference of a metric, pair by pair: the mean, or the middle where some are infinite (never).

    Args:
        changed: the metric with the change in each replication, shape (n,).
        base: the same without it, in the same order.
        confidence: of the interval, 0.5..1.

    Returns:
        The difference in the unit of the metric. Pairs that are infinite on both sides differ by nothing; those in
        which either is not a number are left out.

    Raises:
        ValueError: where the arrays differ in length.
    """
    after, before = _pairs(changed, base, float)
    known = ~(np.isnan(after) | np.isnan(before))
    after, before = after[known], before[known]
    # Infinite minus infinite is not a number, but two that never came do not differ.
    delta = np.subtract(after, before, out=np.zeros(len(after)), where=after != before)
    # Counted for both methods: how many pairs went which way is told beside a mean as well.
    more, less = int((delta > 0).sum()), int((delta < 0).sum())
    if np.isfinite(delta).all():
        interval, p = mean_interval(delta, confidence)
        return Difference(interval, p, more, less, "mean of the differences, mixture t")
    middle = quantile_interval(delta, 0.5, confidence)
    return Difference(middle, sign_test(more, less), more, less, "middle of the differences, beta-binomial sign test")


def mean_interval(delta: ArrayLike, confidence: float = 0.95) -> tuple[Interval, float]:
    """Mean of finite differences with its interval and its p-value against no difference, both at any look.

    Student's t with a normal mixture over the true mean, of one standard deviation of the differences (Lai, Annals of
    Statistics 4, 1976, 265-280; Wang and Ramdas, Sequential Analysis 44, 2025, 56-110): the evidence against a mean is

        sqrt(1 / (1 + n)) ((1 + x) / (1 + x / (1 + n)))^(n/2),    x = t^2 / (n - 1),

    and has mean 1 after every pair if the differences are normal with that mean. In skewed data the rare large
    differences are missing at first, and t is too sure; the variance therefore counts two pairs more, one of each sign,
    `UNSEEN` times the largest difference seen (in the manner of Bonett and Price, Journal of Educational and Behavioral
    Statistics 37, 2012, 479-488).

    Args:
        delta: differences of the pairs, finite, shape (n,).
        confidence: of the interval over all looks together, above 0 and below 1.

    Returns:
        The interval, in the unit of the differences, and the p-value. The whole line below five pairs or so; no width
        where no pair differs.
    """
    data = np.asarray(delta, dtype=float)
    n = len(data)
    mean = float(data.mean()) if n else math.nan
    if n < 2:
        return Interval(mean, -math.inf, math.inf, n), 1.0
    total, unseen = float(data.sum()), UNSEEN * float(np.abs(data).max())
    # The two pairs that were not seen cancel in the sum and count in the squares only.
    squares = float(np.square(data).sum()) + 2 * unseen**2
    if not squares:
        return Interval(0.0, 0.0, 0.0, n), 1.0
    error = math.sqrt((squares - total**2 / (n + 2)) / (n + 1) / n)
    half = _farthest(n, confidence) * error
    x = (mean / error) ** 2 / (n - 1)
    evidence = (n * (math.log1p(x) - math.log1p(x / (1 + n))) - math.log1p(n)) / 2
    return Interval(mean, mean - half, mean + half, n), math.exp(min(0.0, -evidence))


def planned_interval(delta: ArrayLike, confidence: float) -> Interval:
    """Mean of finite differences with the paired-t interval, for one look at a number of pairs planned beforehand.

    What `mean_interval` gives for any look is the whole line with so few pairs as a search can spare. The method is the
    usual one for two systems on common random numbers (Law, Simulation Modeling and Analysis, 5th ed. 2015, 10.2.1);
    it takes the mean of the differences to be about normal.

    Args:
        delta: differences of the pairs, finite, shape (n,).
        confidence: of the interval, above 0 and below 1.

    Returns:
        In the unit of the differences; the whole line below two pairs, no width where all differ by the same.
    """
    data = np.asarray(delta, dtype=float)
    n = len(data)
    if n < 2:
        return Interval(float(data.mean()) if n else math.nan, -math.inf, math.inf, n)
    from scipy import special

    mean, error = float(data.mean()), float(data.std(ddof=1)) / math.sqrt(n)
    half = float(special.stdtrit(n - 1, (1 + confidence) / 2)) * error
    return Interval(mean, mean - half, mean + half, n)


def _farthest(n: int, confidence: float) -> float:
    """The largest t that n pairs do not rule out: the evidence of `mean_interval` solved for it."""
    # With few pairs even an infinite t stays below the bar: then nothing is ruled out.
    ratio = ((1 + n) / (1 - confidence) ** 2) ** (1 / n)
    return math.sqrt((n - 1) * (ratio - 1) / (1 - ratio / (1 + n))) if ratio < 1 + n else math.inf


def _pairs(changed: ArrayLike, base: ArrayLike, kind: type) -> tuple[NDArray[Any], NDArray[Any]]:
    after: NDArray[Any] = np.asarray(changed, dtype=kind)
    before: NDArray[Any] = np.asarray(base, dtype=kind)
    if after.shape != before.shape or after.ndim != 1:
        raise ValueError(f"pairs need equal lengths, not {after.shape} and {before.shape}")
    return after, before


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for being looked at together, by Holm's step-down method.

    Args:
        p_values: one for each comparison, 0..1.

    Returns:
        The adjusted ones, in the order given; what is at most 1 - confidence is taken for real.

    Source: Holm, Scandinavian Journal of Statistics 6 (1979), 65-70.
    """
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [1.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        # Step-down: a larger p-value never ends with a smaller adjusted one.
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def together(confidence: float, comparisons: int) -> float:
    """Confidence that each of several intervals needs for all to hold together, by Bonferroni's inequality.

    Args:
        confidence: of all together, 0..1.
        comparisons: how many there are; none counts as one.
    """
    return 1 - (1 - confidence) / max(1, comparisons)
