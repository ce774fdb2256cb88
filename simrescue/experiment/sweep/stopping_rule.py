"""When a point has been simulated often enough: as soon as what is watched is known, and not before it is.

A sequential stopping rule on confidence sequences. After every batch somebody looks. An interval made for one look
would, over many looks, be wrong far more often than it says; the anytime interval (statistics.py) is right at all looks
together with its confidence. A wrong "met" and a wrong "not met" therefore each come up in at most half of one minus
the confidence, whatever the batches, the maximum or a budget that ends early, and also when a finished experiment is
carried on with a larger maximum. (Boundaries that spend a given error over planned looks settle a little sooner, but
lose their promise when the plan of looks changes.)
"""

from __future__ import annotations

from collections.abc import Sequence

from simrescue.experiment.analysis.statistics import SETTLED
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.plans import Verdict


def enough(rule: Sequential, verdicts: Sequence[Verdict], n: int) -> bool:
    """Whether a point needs no more replications.

    Args:
        rule: least and most replications, and what is waited for: settled verdicts or narrow intervals.
        verdicts: of the watched clauses, by anytime intervals; without any only `rule.max` ends the point.
        n: replications that it has.
    """
    if n < rule.min:
        return False
    if n >= rule.max:
        return True
    # `all` of no verdict is true: without `bool` a point with nothing to watch would end at `min`.
    if rule.until == "settled":
        return bool(verdicts) and all(verdict.verdict in SETTLED for verdict in verdicts)
    return bool(verdicts) and all(verdict.high - verdict.low <= 2 * rule.half_width for verdict in verdicts)


def up_to(rule: Sequential, n: int) -> int:
    """How many replications a point that has `n` shall have after its next batch.

    >>> [up_to(Sequential(min=20, batch=15, max=60), n) for n in (0, 20, 23, 50)]
    [20, 35, 35, 60]
    """
    if n < rule.min:
        return rule.min
    # Counted from `min`, not from n: who carries on after a stop looks at the same n as who was not stopped.
    return min(rule.min + ((n - rule.min) // rule.batch + 1) * rule.batch, rule.max)
