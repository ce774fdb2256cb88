"""When a run has been repeated often enough: as soon as every obligation is settled, whoever finishes first.

Looks are made at 4, 5, 6 ... replications, each over all numbers below it, whoever finished first: so the number of
workers, and a stop between, change nothing. The interval of a verdict holds at all looks together
(`analysis.statistics.anytime_interval`), so that looking often costs no confidence.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from simrescue.experiment.analysis.distance import Reached, distance_of
from simrescue.experiment.analysis.statistics import SETTLED, judge_counts, settled_by
from simrescue.experiment.replications.budget import FIRST_LOOK
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.plans import Line, Verdict, verdict_row

if TYPE_CHECKING:
    from simrescue.experiment.store.replication_result import ReplicationResult

EACH = 100
"""Up to here every number is looked at, from here on every tenth."""
IDLE = 30
"""A clause that so many replications did not put to the test is not waited for: it may need thousands to be settled."""
SPREAD = 20
"""Replications of a scenario that has no clause to settle: enough to see the spread of its numbers."""

Outcomes = Iterable[tuple[str, float, bool, float]]
"""Clause, its value, whether it held, and how many its measure counted (nan: not known)."""
Look = Callable[[int, Mapping[str, Mapping[str, Any]]], None]
"""Called at each look with replications looked at, and a row of verdicts.csv of each watched clause, without places."""


def outcomes_of(result: ReplicationResult) -> Outcomes:
    """What a finished replication tells of each clause."""
    counted = {key: number for key, number, *_ in result.reached}
    return [(key, value, held, counted.get(key, math.nan)) for key, value, held in result.clauses]


class Settling:
    """Watches a run on its way: takes replications in any order, looks at them in that of their numbers."""

    def __init__(
        self, lines: Sequence[Line], least: int, most: int, *, until_settled: bool, minutes: float = math.inf,
        look: Look | None = None,
    ) -> None:  # fmt: skip
        """Say what is waited for.

        Args:
            lines: clauses that the run measures; watched are its obligations, and where it has none, all.
            least: replications below which nothing is looked at; those of results that stand are never thrown away.
            most: replications at which it ends.
            until_settled: whether it ends as soon as each watched clause is met or not met.
            minutes: after so many, counted from now, it ends with what is finished.
            look: told of each look, and of the first replication: a value is an answer before a verdict can be.
        """
        watched = [line for line in lines if line.kind == "obligation"] or lines
        self.watched = {clause_key(line): line.clause for line in watched}
        self._lines = {clause_key(line): line for line in watched}
        self.n, self.ended, self.verdicts = 0, False, dict[str, Verdict]()
        self.until_settled = until_settled
        if until_settled and not self.watched:
            least = most = max(least, min(SPREAD, most))
        self._least, self._most = min(max(least, FIRST_LOOK), most), most
        self._deadline = time.monotonic() + minutes * 60
        self._look = look
        self._waiting: dict[int, list[tuple[str, float, bool, float]]] = {}
        self._held, self._tested = Counter[str](), Counter[str]()
        self._values: dict[str, list[tuple[float, float]]] = {key: [] for key in self.watched}

    @property
    def expected(self) -> int:
        """Replications that it may come to, if the shares that hold stay as they are: a forecast."""
        if not self.until_settled:
            return self._most
        if self.n < self._least:
            return self._least
        needed = [self.n + max(settled_by(one) - one.n, 1) for one in self.verdicts.values() if _is_open(one)]
        return int(min(max(needed, default=self.n), self._most))

    @property
    def settled(self) -> bool:
        """Whether each watched clause is met, not met, or so seldom tested that it is not waited for."""
        return bool(self.verdicts) and not any(_is_open(one) for one in self.verdicts.values())

    def add(self, number: int, outcomes: Outcomes) -> None:
        """Take a finished replication, and look at all below the first that is not there yet.

        What has been told of one before, when only its values were there, counts once.
        """
        if number < self.n:
            return
        self._waiting[number] = list(outcomes)
        while not self.ended and self.n in self._waiting:
            for key, value, held, counted in self._waiting.pop(self.n):
                if not math.isnan(value):
                    self._tested[key] += 1
                    self._held[key] += held
                    if key in self._values:
                        self._values[key].append((value, counted))
            self.n += 1
            self._look_at()
        if self.n and not self.ended and time.monotonic() > self._deadline:
            self.ended = True

    def _look_at(self) -> None:
        self.ended = self.n >= self._most
        if self.n == 1 < self._least <= FIRST_LOOK:
            self._tell()
        if self.n < self._least or (self.n > EACH and self.n % 10 and not self.ended):
            return
        self.verdicts = self._judged()
        self._tell()
        self.ended = self.ended or (self.until_settled and self.settled)

    def _judged(self) -> dict[str, Verdict]:
        return {
            key: judge_counts(
                self._held[key], self._tested[key], clause.reliability, clause.confidence, self.n - self._tested[key]
            )
            for key, clause in self.watched.items()
        }

    def _tell(self) -> None:
        if not self._look:
            return
        rows = {}
        for key, verdict in self._judged().items():
            values, counted = zip(*self._values[key], strict=True) if self._values[key] else ((), ())
            away = distance_of(self.watched[key], Reached.of({"value": values, "counted": counted}))
            rows[key] = verdict_row(self._lines[key], verdict, distance=away.columns())
        self._look(self.n, rows)


def _is_open(verdict: Verdict) -> bool:
    return verdict.verdict not in SETTLED and (verdict.n > 0 or verdict.untested < IDLE)
