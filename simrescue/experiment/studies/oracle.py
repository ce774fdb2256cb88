"""Asking a simulation questions one at a time: points run as far as a question needs, and no replication twice.

`compare`, `size` and `mend` all stand on this. Replication k of every point meets the same event.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from itertools import product
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.analysis.distance import Reached, distance_of, kept_where_untested, shortfall
from simrescue.experiment.analysis.statistics import SETTLED, judge_clause
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point
from simrescue.experiment.replications.executors import Workers
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.studies.arms import arm_of_replications
from simrescue.experiment.sweep.evaluation import evaluate, evaluate_each
from simrescue.experiment.sweep.replication_cache import ReplicationCache
from simrescue.experiment.sweep.stopping_rule import up_to
from simrescue.plans import Line, Plan, Verdict, verdict_row

Replications = dict[int, ReplicationResult]


class Standing(NamedTuple):
    """How a clause stands at one point."""

    row: Mapping[Any, Any] = MappingProxyType({})
    """Of verdicts.csv; empty where nothing was run."""
    places: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """Id of a place -> its name in English and Chinese."""


class SamplingOracle:
    """Replications of points, bought when they are asked for and remembered."""

    def __init__(
        self,
        seed: int = 1,
        plans: Sequence[Plan | str] | None = None,
        workers: int | Workers | None = 1,
        budget: int | None = None,
        progress: Callable[[int, int | None], None] | None = None,
        store: ReplicationCache | None = None,
        minutes: float | None = None,
    ) -> None:
        """`workers`: as `sweep.evaluate` takes them; `budget`: most replications in all, None: as many as it takes.

        `store`: what `sweep.remember` gave. Replications that are in it count as bought, so that a search that was
        stopped comes to the same answer when it is run again, and repeats none. `minutes`: after which none is bought
        any more; what a search comes to within them hangs on the machine, and running it again goes on from there.
        """
        self.until = math.inf if minutes is None else time.monotonic() + 60 * minutes
        """When none is bought any more, by `time.monotonic`."""
        self.seed, self.plans, self.workers, self.budget = seed, plans, workers, budget
        self.progress, self.store = progress, store
        self.order: Sequence[int] = ()
        """Which replications are asked for first: a permutation of 0 .. its length - 1; all others follow in order."""
        self.reference: Point | None = None
        """Point that says whom a clause concerns: where nobody is any more at another, it counts as kept there."""
        self.drawn: Callable[[Point, int], Point] | None = None
        """What replication k makes of a point, where the world differs between replications; None: nothing."""
        self.spent = 0
        self.cpu_s = 0.0
        """Seconds of CPU of the replications that were run for it."""
        self._found: dict[str, Replications] = {}
        """By the text of the point: a change may be a whole row, which no dictionary takes as a key."""

    @property
    def left(self) -> float:
        """Replications that may still be bought."""
        if time.monotonic() >= self.until:
            return 0.0
        return math.inf if self.budget is None else self.budget - self.spent

    def run(self, points: Sequence[Point], n: int) -> None:
        """Make sure that the first n replications of these points are there, as far as the budget goes."""
        alike: dict[int, list[Point]] = {}
        for one in {repr(one): one for one in points}.values():
            alike.setdefault(self.has(one), []).append(one)
        for first, group in alike.items():
            if first < n:
                self._buy(group[: int(min(self.left / (n - first), len(group)))], self._numbers(first, n))

    def know(self, point: Point, results: Sequence[ReplicationResult]) -> None:
        """Take over replications of a point that were made elsewhere, with the seed and the plans of this oracle."""
        self._found.setdefault(repr(point), {}).update((result.replication, result) for result in results)

    def _numbers(self, first: int, last: int) -> list[int]:
        """The replications from the first-th to before the last-th that are asked for."""
        return [self.order[at] if at < len(self.order) else at for at in range(first, last)]

    def _buy(self, points: Sequence[Point], numbers: Sequence[int]) -> None:
        pairs = list(product(points, numbers))
        if self.drawn is None:
            found = evaluate(points, numbers, **self._how())
        else:
            met = [self.drawn(one, number) for one, number in pairs]
            found = evaluate_each(met, [number for _, number in pairs], **self._how())
        for index, result in found:
            one = points[index] if self.drawn is None else pairs[index][0]
            self._found.setdefault(repr(one), {})[result.replication] = result
            self.spent += 1
            self.cpu_s += result.cpu_s
            if self.progress:
                self.progress(self.spent, self.budget)
            # Within a batch too: one of a slow scenario takes many minutes. What has come is kept.
            if time.monotonic() >= self.until:
                break

    def _how(self) -> dict[str, Any]:
        tables = ("shortfalls",)  # an answer says where something is short
        return {
            "seed": self.seed, "plans": self.plans, "workers": self.workers, "store": self.store, "tables": tables,
        }  # fmt: skip

    def has(self, point: Point) -> int:
        """How many replications of a point are there, without a gap in their order."""
        found = self._found.get(repr(point), {})
        return next(at for at, number in enumerate(self._numbers(0, len(found) + 1)) if number not in found)

    def results(self, point: Point) -> list[ReplicationResult]:
        """The replications of a point in their order, without a gap."""
        return [self._found[repr(point)][number] for number in self._numbers(0, self.has(point))]

    def values(self, point: Point, line: Line) -> NDArray[np.float64]:
        """The value of a clause in each replication of a point, shape (n,); nan: nobody was concerned."""
        values = self._values(point, line)
        if self.reference is None or not np.isnan(values).any():
            return values
        others = np.full(len(values), np.nan)
        as_is = self._values(self.reference, line)[: len(values)]
        others[: len(as_is)] = as_is
        return kept_where_untested(line.clause, values, others)

    def _values(self, point: Point, line: Line) -> NDArray[np.float64]:
        key = clause_key(line)
        return np.array([value for one in self.results(point) for name, value, _ in one.clauses if name == key])

    def reached(self, point: Point, line: Line) -> Reached:
        """What a clause came to in each replication of a point."""
        key, unknown = clause_key(line), (math.nan,) * 3
        rest = [
            (*next((row[1:] for row in one.reached if row[0] == key), unknown), one.replication)
            for one in self.results(point)
        ]
        return Reached(self.values(point, line), *np.array(rest, dtype=float).reshape(-1, 4).T)

    def shortfalls(self, point: Point, line: Line) -> NDArray[np.float64]:
        """What lacks to the promise of a clause in each replication of a point (`distance.shortfall`), shape (n,)."""
        reached = self.reached(point, line)
        return shortfall(line.clause, reached.value, reached.counted)

    def row(self, point: Point, line: Line) -> dict[str, Any]:
        """How a clause stands at a point, as a row of verdicts.csv; its places left out."""
        away = distance_of(line.clause, self.reached(point, line))
        return verdict_row(line, self.verdict(point, line), distance=away.columns())

    def stands(self, point: Point, line: Line) -> Standing:
        """How a clause stands at a point, with the places where something is short."""
        arm = arm_of_replications(self.results(point), point.load(), [line], self.seed, "")
        return Standing(arm.verdicts[clause_key(line)], arm.places)

    def verdict(self, point: Point, line: Line) -> Verdict:
        """What the replications so far say of a clause, however often it is looked at."""
        return judge_clause(line.clause, self.values(point, line))

    def settle(
        self, point: Point, lines: Sequence[Line], rule: Sequential, *, all_of_them: bool = True
    ) -> list[Verdict]:
        """Run a point until each of these clauses is met or not met, its rule ends it, or the budget is gone.

        Without `all_of_them` it also ends as soon as one of them is not met: that answers whether all hold.
        """
        while True:
            n = self.has(point)
            verdicts = [self.verdict(point, line) for line in lines]
            if n >= rule.max or self.left <= 0 or (n >= rule.min and _known(verdicts, all_of_them)):
                return verdicts
            self._buy([point], self._numbers(n, n + int(min(self.left, up_to(rule, n) - n))))


def _known(verdicts: Sequence[Verdict], all_of_them: bool) -> bool:
    if not all_of_them and any(one.verdict == "not met" for one in verdicts):
        return True
    return all(one.verdict in SETTLED for one in verdicts)


def stricter(line: Line, looks: int) -> Line:
    """The same clause at a confidence with which so many verdicts hold all together (Bonferroni)."""
    confidence = 1 - (1 - line.clause.confidence) / max(1, looks)
    return line._replace(clause=line.clause.model_copy(update={"confidence": confidence}))
