"""What a change does, read off pairs: the same floods and the same luck with it and without it.

Replications with the same number share their random numbers, so the difference is taken pair by pair; what both sides
have in common drops out. Three kinds of numbers are compared, each by a method that suits it:

    clause     held or not      difference of the two probabilities: Tango's score interval; exact McNemar test
    number     all finite       mean of the differences: Student's t
    number     some infinite    middle of the differences: distribution-free interval; sign test

Tango's interval (Statistics in Medicine 17, 1998, 891-908) holds its confidence on average over the truth and not at
each; the word on a clause therefore rests on the exact test (McNemar, Psychometrika 12, 1947, 153-157, with the
binomial distribution of the pairs that differ), which is wrong in at most the stated share of studies at any truth.

With several comparisons, p-values are adjusted by Holm (Scandinavian Journal of Statistics 6, 1979, 65-70): the chance
that any of the differences called real is none stays within the stated level. Intervals hold all together (Bonferroni).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from simrescue.experiment.statistics import Interval, mean_interval, quantile_interval

_STEPS = 60
"""Halvings of an interval of length 2 at most: more than double precision can tell."""


class Difference(NamedTuple):
    """Changed minus base."""

    interval: Interval
    p: float
    """Chance of such a difference, or a larger one, where there is none."""
    better: int
    """Pairs in which the changed side is higher (for a clause: it alone holds)."""
    worse: int
    method: str


def exact_mcnemar(only_changed: int, only_base: int) -> float:
    """Two-sided exact p-value that as many pairs change one way as the other; 1 where no pair differs."""
    differ = only_changed + only_base
    if not differ:
        return 1.0
    return min(1.0, 2 * float(special.bdtr(min(only_changed, only_base), differ, 0.5)))


def tango_interval(only_changed: int, only_base: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval of P(changed holds) - P(base holds) from n pairs, of which so many hold on one side only.

    [-1, 1] for n = 0. Raises ValueError for impossible counts.
    """
    if min(only_changed, only_base) < 0 or only_changed + only_base > n:
        raise ValueError(f"{only_changed} and {only_base} of {n} pairs cannot be")
    if not n:
        return Interval(math.nan, -1.0, 1.0, 0)
    z = float(special.ndtri((1 + confidence) / 2))
    estimate = (only_changed - only_base) / n

    def outside(difference: float) -> bool:
        return abs(_score(only_changed, only_base, n, difference)) > z

    return Interval(estimate, _edge(outside, estimate, -1.0), _edge(outside, estimate, 1.0), n)


def _score(b: int, c: int, n: int, difference: float) -> float:
    """Standardised distance of the counts from a true difference; Tango 1998, equations 2.2 and 2.3."""
    linear = -b - c + (2 * n - b + c) * difference
    root = math.sqrt(max(0.0, linear * linear + 8 * n * c * difference * (1 - difference)))
    chance = (root - linear) / (4 * n)
    spread = n * (2 * chance + difference * (1 - difference))
    away = b - c - n * difference
    return away / math.sqrt(spread) if spread > 1e-12 else math.copysign(math.inf, away) if abs(away) > 1e-9 else 0.0


def _edge(outside: Callable[[float], bool], inside: float, end: float) -> float:
    if not outside(end):
        return end
    for _ in range(_STEPS):
        middle = (inside + end) / 2
        if outside(middle):
            end = middle
        else:
            inside = middle
    return inside


def clause_difference(changed: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Difference:
    """Difference of the probabilities that a clause holds, both arrays shape (n,) of true and false, pair by pair."""
    after, before = _pairs(changed, base, bool)
    gained, lost = int((after & ~before).sum()), int((before & ~after).sum())
    interval = tango_interval(gained, lost, len(after), confidence)
    return Difference(interval, exact_mcnemar(gained, lost), gained, lost, "Tango score interval, exact McNemar test")


def number_difference(changed: ArrayLike, base: ArrayLike, confidence: float = 0.95) -> Difference:
    """Difference of a metric, both arrays shape (n,): the mean, or the middle where some are infinite (never).

    Pairs that are infinite on both sides differ by nothing; those in which either is not a number are left out.
    """
    after, before = _pairs(changed, base, float)
    known = ~(np.isnan(after) | np.isnan(before))
    after, before = after[known], before[known]
    delta = np.subtract(after, before, out=np.zeros(len(after)), where=after != before)
    more, less = int((delta > 0).sum()), int((delta < 0).sum())
    if np.isfinite(delta).all():
        interval = mean_interval(delta, confidence)
        return Difference(interval, _t_test(delta), more, less, "mean of the differences, Student's t")
    middle = quantile_interval(delta, 0.5, confidence)
    return Difference(middle, exact_mcnemar(more, less), more, less, "middle of the differences, sign test")


def _t_test(delta: NDArray[np.float64]) -> float:
    n = len(delta)
    if n < 2:
        return 1.0
    error = float(delta.std(ddof=1)) / math.sqrt(n)
    if not error:
        return 0.0 if delta[0] else 1.0
    return min(1.0, 2 * float(special.stdtr(n - 1, -abs(float(delta.mean())) / error)))


def _pairs(changed: ArrayLike, base: ArrayLike, kind: type) -> tuple[NDArray[Any], NDArray[Any]]:
    after: NDArray[Any] = np.asarray(changed, dtype=kind)
    before: NDArray[Any] = np.asarray(base, dtype=kind)
    if after.shape != before.shape or after.ndim != 1:
        raise ValueError(f"pairs need equal lengths, not {after.shape} and {before.shape}")
    return after, before


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted for being looked at together, in the order given; compare each with 1 - confidence."""
    order = sorted(range(len(p_values)), key=p_values.__getitem__)
    adjusted, highest = [1.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        highest = max(highest, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[i] = highest
    return adjusted


def together(confidence: float, comparisons: int) -> float:
    """Confidence of each of several intervals with which all hold together (Bonferroni)."""
    return 1 - (1 - confidence) / max(1, comparisons)


def quantile_difference(
    changed: ArrayLike, base: ArrayLike, q: float, confidence: float = 0.95, draws: int = 2000, seed: int = 1
) -> Interval:
    """Difference of two quantiles over pairs, with the percentile interval of a bootstrap that keeps pairs together.

    Efron and Tibshirani (An Introduction to the Bootstrap, 1993, ch. 13). Approximate: good from some 50 pairs on and
    for quantiles that are not at the edge. Quantiles infinite on both sides differ by nothing.
    """
    after, before = _pairs(changed, base, float)
    n = len(after)
    if not n:
        return Interval(math.nan, -math.inf, math.inf, 0)
    again = np.random.default_rng(seed).integers(0, n, (draws, n))
    rank = min(max(math.ceil(q * n - 1e-9), 1), n) - 1

    def gap(x: NDArray[Any], y: NDArray[Any]) -> NDArray[np.float64]:
        a, b = np.sort(x, axis=-1)[..., rank], np.sort(y, axis=-1)[..., rank]
        return np.asarray(np.subtract(a, b, out=np.zeros_like(a), where=a != b))

    spread = np.sort(gap(after[again], before[again]))
    tail = int((1 - confidence) / 2 * draws)
    return Interval(float(gap(after, before)), float(spread[tail]), float(spread[draws - 1 - tail]), n)
