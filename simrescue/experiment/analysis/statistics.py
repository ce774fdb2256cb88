"""How sure we are: intervals over replications, and the verdict on a clause.

Each replication either keeps a clause or breaks it; the n outcomes are independent draws of one probability p, the
probability that the clause holds when the event happens. The verdict compares p with the required reliability r:

    met        where the whole interval of p is at or above r   (low >= r)
    not met    where the whole interval is below r              (high < r)
    undecided  else: run more replications

Whatever is stored can be carried on: who finds "undecided" runs more replications and looks again. An interval made
for one look (Clopper and Pearson, Wilson) is then wrong more often than it says: where p is just below r, "met" in 4 %
of studies after 4 looks and in 8 % after 19, where 2.5 % are promised. The interval is therefore always the anytime
one: it holds its confidence over all looks together, at any n and p (Robbins, Annals of Mathematical Statistics 41,
1970, 1397-1409; Ville's inequality), so that at 95 % a wrong "met" and a wrong "not met" each come up in at most 2.5 %
of studies. It is wider for it: "met" at 90 % needs 51 replications without a failure, where a single look needs 36.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.metrics.amounts import amount_text, needed_amount
from simrescue.metrics.base import MEASURES
from simrescue.plans import Clause, Verdict
from simrescue.wording import Words, bilingual

SETTLED = ("met", "not met")
"""Verdicts after which nothing is waited for."""
LONGEST = 100_000
"""Replications beyond which a verdict is called too close to settle."""


class Interval(NamedTuple):
    """An estimate with its interval, all in the unit of the observations."""

    estimate: float
    low: float
    high: float
    n: int


def anytime_interval(successes: int, n: int, confidence: float = 0.95) -> Interval:
    """Interval of a probability that may be looked at after every replication; [0, 1] for n = 0.

    For a probability p put the true q anywhere between p and 1 with equal chance: the ratio of the likelihoods,

        M(p) = integral over q from p to 1 of (q/p)^s ((1-q)/(1-p))^f dq / (1-p),     s successes, f = n - s failures,

    has mean 1 after every replication if p is true, so that it ever reaches 2/(1-confidence) with a chance of
    (1-confidence)/2 at most (Robbins 1970; Ville's inequality). M falls with p: `low` is where it has come down to that
    bar; `high` the same for failures.

    Args:
        successes: 0..n.
        n: replications so far.
        confidence: over all looks together, above 0 and below 1.

    Raises:
        ValueError: for counts that cannot be, and for another confidence.
    """
    _check(successes, n, confidence)
    bar = math.log(2 / (1 - confidence))
    # The upper end is the lower one of the failures, seen from the other side.
    low, high = _fallen_to(bar, successes, n - successes), 1 - _fallen_to(bar, n - successes, successes)
    return Interval(successes / n if n else math.nan, low, high, n)


def _fallen_to(bar: float, s: int, f: int) -> float:
    """The least p whose log M(p) is no more than `bar`, by halving."""
    from scipy import special  # a fifth of a second, and no worker judges

    # At the share seen no other chance explains the outcomes better: M is 1 at most there, and the bar lies below.
    low, high = 0.0, s / (s + f) if s else 0.0
    # Halving needs nothing but that M falls: near 0 it has no bound, and a step along its slope leaves [0, 1].
    while high - low > 1e-9:
        p = (low + high) / 2
        tail = float(special.betaincc(s + 1, f + 1, p))
        evidence = float(special.betaln(s + 1, f + 1)) + math.log(tail) - (f + 1) * math.log1p(-p) - s * math.log(p)
        low, high = (p, high) if evidence > bar else (low, p)
    return high


def _check(successes: int, n: int, confidence: float) -> None:
    if not 0 <= successes <= n:
        raise ValueError(f"{successes} successes of {n} cannot be")
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")


def quantile_interval(values: ArrayLike, q: float, confidence: float = 0.95) -> Interval:
    """Quantile with its distribution-free interval between two order statistics, at any look.

    The share of all that lies at or below the quantile is q at least, and the share below it q at most: the interval
    takes the innermost ranks whose share in the sample the anytime interval allows (Howard and Ramdas, Bernoulli 28,
    2022, 1704-1728, with this interval).

    Args:
        values: shape (n,), in any order; infinite ones (never) stay whole.
        q: 0..1.
        confidence: over all looks together, above 0 and below 1.

    Returns:
        In the unit of the values. Where n is too small for such a rank the bound is infinite.
    """
    data = np.sort(np.asarray(values, dtype=float))
    n = len(data)
    if n == 0:
        return Interval(math.nan, -math.inf, math.inf, 0)
    least, most = _ranks(n, q, confidence)
    # The hair keeps 0.95 of 20 at the 19th value, whatever binary fractions make of it.
    estimate = data[min(max(math.ceil(q * n - 1e-9), 1), n) - 1]
    low = data[least - 1] if least >= 1 else -math.inf
    high = data[most] if most < n else math.inf
    return Interval(float(estimate), float(low), float(high), n)


@lru_cache(maxsize=1024)
def _ranks(n: int, q: float, confidence: float) -> tuple[int, int]:
    """Fewest values of n that may lie at or below the quantile, and most that may lie below it."""
    # The bounds of the interval rise with the count, so that the rank is found by bisection and not by n intervals.
    least = bisect_left(range(n + 1), q, key=lambda k: anytime_interval(k, n, confidence).high)
    return least, bisect_right(range(n + 1), q, key=lambda k: anytime_interval(k, n, confidence).low) - 1


def judge(holds: ArrayLike, reliability: float = 0.9, confidence: float = 0.95, untested: int = 0) -> Verdict:
    """The verdict on a clause by what happened in each tested replication.

    Args:
        holds: whether it held, shape (n,).
        reliability: probability with which it has to hold, 0..1.
        confidence: of the interval for that probability, 0.5..1.
        untested: replications in which nobody was concerned; told beside the verdict, and counted in nothing.

    Returns:
        "met" or "not met" where the whole interval (`anytime_interval`) lies on one side of the reliability.
    """
    outcomes: NDArray[np.bool_] = np.asarray(holds, dtype=bool)
    return judge_counts(int(outcomes.sum()), len(outcomes), reliability, confidence, untested)


def judge_counts(held: int, n: int, reliability: float, confidence: float, untested: int = 0) -> Verdict:
    """The verdict on a clause by counts; see `judge`.

    Args:
        held: replications that kept it.
        n: replications that tested it.
        reliability: probability with which it has to hold, 0..1.
        confidence: of the interval for that probability.
        untested: replications in which nobody was concerned.

    Raises:
        ValueError: for counts that cannot be.
    """
    found = anytime_interval(held, n, confidence)
    # At the reliability itself counts as met: a plan that promises 90 % is kept by 90 %.
    word: Literal["met", "not met", "undecided"] = "undecided"
    if found.n and found.low >= reliability:
        word = "met"
    elif found.n and found.high < reliability:
        word = "not met"
    reason = Words("", "") if found.n else bilingual("no replication put it to the test")
    return Verdict(
        word, *found, required=reliability, confidence=confidence, untested=untested,
        reason=reason.en, reason_zh=reason.zh,
    )  # fmt: skip


@lru_cache(maxsize=256)
def fewest_met(reliability: float, confidence: float) -> float:
    """Fewest replications that can show "met", none of them failing; infinite where more than `LONGEST` would not do.

    Args:
        reliability: probability with which a clause has to hold, 0..1.
        confidence: of the verdict.

    >>> fewest_met(0.9, 0.95)
    51.0
    """
    # More replications without a failure never take "met" back, so that the first is found by bisection.
    n = bisect_left(range(LONGEST + 1), 1, key=lambda n: judge_counts(n, n, reliability, confidence).verdict == "met")
    return float(n) if n <= LONGEST else math.inf


def settled_by(verdict: Verdict) -> float:
    """Replications after which a verdict would be met or not met if the share that holds stayed as it is: a forecast.

    Args:
        verdict: of a clause that runs measure.

    Returns:
        To the nearest 5 %; the number it has where it is settled, infinite where more than `LONGEST` would not do, or
        none tested it.
    """
    if verdict.verdict != "undecided":
        return float(verdict.n)

    def settled(n: int) -> bool:
        held = round(verdict.estimate * n)
        return judge_counts(held, n, verdict.required, verdict.confidence).verdict != "undecided"

    # Doubling first, since nobody knows how far off it is; the search between costs little then.
    few, many = verdict.n, max(verdict.n, 1)
    while verdict.n and not settled(many):
        few, many = many, 2 * many
        if few > LONGEST:
            return math.inf
    while verdict.n and many - few > max(1, few // 20):  # to the nearest 5 %: it is a forecast
        middle = (few + many) // 2
        few, many = (few, middle) if settled(middle) else (middle, many)
    return float(many) if verdict.n else math.inf


def judge_clause(clause: Clause, values: ArrayLike) -> Verdict:
    """The verdict on a clause measured in each replication.

    A value that is not a number says that nobody was concerned: that replication did not test the clause. It counts
    neither as kept nor as broken, and is told as `untested`.

    Args:
        clause: with its threshold, reliability and confidence.
        values: of its measure, in the measure's unit, shape (n,).
    """
    if clause.not_measured:
        return not_measured(clause)
    data = np.asarray(values, dtype=float)
    tested = data[~np.isnan(data)]
    held = [clause.holds(value) for value in tested.tolist()]
    return judge(held, clause.reliability, clause.confidence, len(data) - len(tested))


def judge_static(clause: Clause, value: float) -> Verdict:
    """The verdict on a clause that the scenario alone answers: one comparison, no interval.

    Args:
        clause: what is judged.
        value: of its measure, in the unit of the measure; nan where the scenario has nothing that it applies to.

    Returns:
        "met" or "not met", "undecided" for nan, or "not measured" where the clause says so.
    """
    if clause.not_measured:
        return not_measured(clause)
    threshold = math.nan if clause.threshold is None else clause.threshold
    if math.isnan(value):
        nothing = bilingual("the scenario has nothing that it applies to")
        return Verdict("undecided", required=threshold, static=True, reason=nothing.en, reason_zh=nothing.zh)
    word: Literal["met", "not met"] = "met" if clause.holds(value) else "not met"
    unit = MEASURES[str(clause.measure)].told_unit if clause.measure in MEASURES else ""
    needed = needed_amount(unit, clause.comparison, threshold)
    reason = bilingual("{value}, {needed}", value=amount_text(unit, value), needed=needed)
    return Verdict(word, value, n=1, required=threshold, static=True, reason=reason.en, reason_zh=reason.zh)


def not_measured(clause: Clause) -> Verdict:
    """The verdict on a clause that the model cannot measure: its reason."""
    return Verdict("not measured", reason=clause.not_measured, reason_zh=clause.not_measured_zh)
