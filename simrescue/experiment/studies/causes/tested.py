"""Causes tested: the same events once as they are and once with a cause lifted, pair by pair.

A wait that is accounted for is no cause: who waits for a boat while the road is cut would wait for the road if there
were more boats. So each cause is lifted alone (`lifted`), and what counts is how far the value of the clause moves.
Replications go where they matter by successive halving (Karnin, Koren and Somekh, ICML 2013): all causes with one pair,
the stronger half with two, a quarter with four, the strongest with eight. Where none moves the value by itself, two may
have to go together: pairs of the most plausible causes are then tried in the same way, unless all causes lifted
together do nothing either.

The effect is the mean of the differences of the pairs: of a part of a whole in those who are left out
(`distance.left_out`), since lifting a cause also changes who is counted; else in the value. The strongest causes have
eight pairs, planned beforehand, and with them the paired-t interval at 99 %, each for itself: of forty causes that do
nothing one is then called helpful in about one search of five. "Never" counts as the end of the simulated time. Values
are as a rule spread by the event far more than by the change; pairs take that out.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import ScenarioError
from simrescue.experiment.analysis.distance import Reached, kept_where_untested, left_out
from simrescue.experiment.analysis.paired import planned_interval, sign_test
from simrescue.experiment.analysis.statistics import Interval
from simrescue.experiment.design.points import Point
from simrescue.experiment.studies.causes.evidence import ALL, CONFIDENCE, CONFIRMED
from simrescue.experiment.studies.causes.lifted import PossibleCause, Sets, together
from simrescue.experiment.studies.oracle import SamplingOracle
from simrescue.metrics import MEASURES
from simrescue.plans import Clause, Line
from simrescue.wording import Words, bilingual

ROUNDS = (1, 2, 4, CONFIRMED)
"""Pairs that a cause has after each round; each time the weaker half is left behind."""
STRONGEST = 3
"""Causes of each clause that the last round is for."""
PLAUSIBLE = 5
"""Causes of which pairs are tried, where none moves the value alone."""
BATCH = 8
"""Causes that are run together before the clock is looked at."""


@dataclass(frozen=True, eq=False)
class LiftedPoint:
    """One or several causes, lifted together."""

    id: str
    """Ids of its causes with + between them; `all`: every cause there is."""
    words: Words
    point: Point
    causes: int
    """How many they are; 0: nothing is lifted, it is a what-if for the worse."""


class Effect(NamedTuple):
    """What lifting does to a clause, upwards where things go towards its promise."""

    gained: Interval
    """Mean of the differences of the pairs, in `unit`; of infinite width below `CONFIRMED` pairs."""
    unit: str
    """Of what is gained: what is counted of a part of a whole (so many fewer are left out), else that of the value."""
    before: float
    """Mean value as things are, in these pairs."""
    after: float
    """Mean value with the cause lifted."""
    counted_before: float
    """How many the clause counts as things are, the mean of these pairs; nan where its value is no part of a whole."""
    counted_after: float
    """How many it counts with the cause lifted."""
    better: int
    """Pairs in which fewer are left out, or the value moves towards the promise."""
    worse: int
    broken: int
    """Pairs in which the clause is broken as things are: where there is none, no cause can show."""
    p: float
    """Chance of a split of better and worse as this or more, at any look, if the cause does nothing."""

    @property
    def is_shown(self) -> bool:
        """Whether the interval lies on the better side."""
        return self.gained.low > 0

    @property
    def rank(self) -> tuple[float, int]:
        """The stronger, the smaller: by the mean, then by pairs."""
        return (-self.gained.estimate if self.gained.n else 0.0, self.worse - self.better)


@dataclass
class TestedClause:
    """What was tried for one clause."""

    __test__ = False
    """Not a test of pytest's."""

    line: Line
    effects: list[tuple[LiftedPoint, Effect]] = field(default_factory=list)
    """The strongest first, at the most pairs that each has."""


class TestedCauses(NamedTuple):
    """Everything that was tried in a scenario."""

    clauses: tuple[TestedClause, ...]
    untried: tuple[PossibleCause, ...]
    """Causes that no replication or minute was left for, or that the scenario refuses."""
    is_whole: bool
    """Whether a larger budget would change nothing."""
    timed_out: bool = False
    """Whether it was the time that ended it: another call goes on from there."""


def effect_of(clause: Clause, after: Reached, before: Reached, never: float = math.inf) -> Effect:
    """The effect of a change on a clause.

    Args:
        clause: says whether more is better.
        after: what it came to with the change in each replication, shape (n,); nan: nobody was concerned.
        before: the same without it in the same replications, shape (m,); pairs are those of which one at least
            concerned somebody. The other then counts as just kept: whom no fire threatens needs no warning.
        never: what an infinite value counts as, in the unit of the value: the hours that are simulated.
    """
    n = min(len(after.value), len(before.value))
    after, before = (Reached(*(column[:n] for column in one)) for one in (after, before))
    concerned = ~(np.isnan(after.value) & np.isnan(before.value))
    values = [np.nan_to_num(one.value, nan=np.nan, posinf=never) for one in (before, after)]
    was, becomes = (kept_where_untested(clause, *two)[concerned] for two in (values, values[::-1]))
    whole = [np.where(np.isnan(one.value), 0.0, one.counted)[concerned] for one in (before, after)]
    measure = MEASURES[clause.measure]
    if is_part := measure.is_part and not np.isnan(whole).any():
        less, more = (
            left_out(measure, clause.comparison, one.value, one.counted)[concerned] for one in (after, before)
        )
    else:
        less, more = (was, becomes) if clause.comparison == "at_least" else (becomes, was)
    # Infinite minus infinite is not a number, but two that never came do not differ.
    delta = np.subtract(more, less, out=np.zeros(len(more)), where=more != less)
    gained = planned_interval(delta, CONFIDENCE)
    if len(delta) < CONFIRMED and delta.any():
        gained = gained._replace(low=-math.inf, high=math.inf)
    better, worse = int((delta > 0).sum()), int((delta < 0).sum())
    counted = [_mean(one) if is_part else math.nan for one in whole]
    return Effect(
        gained, measure.counts if is_part else measure.told_unit, _mean(was), _mean(becomes), counted[0], counted[1],
        better, worse, sum(not clause.holds(value) for value in was.tolist()), sign_test(better, worse),
    )  # fmt: skip


def _mean(values: NDArray[np.float64]) -> float:
    return float(values.mean()) if len(values) else math.nan


def lift_causes(
    base: Point,
    causes: Mapping[PossibleCause, Sets],
    lines: Sequence[Line],
    oracle: SamplingOracle,
    hours: Mapping[str, float] | None = None,
    minutes: float = math.inf,
    never: float = math.inf,
    what_ifs: Mapping[PossibleCause, Sets] | None = None,
) -> TestedCauses:
    """Try causes on a scenario, for several clauses at once.

    Args:
        base: the scenario as it is.
        causes: what may be lifted, with the changes that lift it (`lifted.causes_of`).
        lines: the clauses.
        oracle: runs the replications, and keeps the budget.
        hours: person-hours by bin of the account of waiting: what it names is tried first.
        minutes: after so many no further cause is begun.
        never: what an infinite value of a clause counts as: the hours that are simulated.
        what_ifs: what is tried though it lifts nothing (`lifted.what_ifs_of`), with its changes.

    Returns:
        Clause by clause what each did, the strongest first; what-ifs last.
    """
    trial = _Trial(base, causes, lines, oracle, time.monotonic() + 60 * minutes, never)
    return trial.run(hours or {}, what_ifs or {})


def _both(first: PossibleCause, second: PossibleCause) -> Words:
    return bilingual("{first} and {second}", first=first.words, second=second.words)


class _Trial:
    """One search: which candidates have run, and whether there is budget for more."""

    def __init__(
        self,
        base: Point,
        causes: Mapping[PossibleCause, Sets],
        lines: Sequence[Line],
        oracle: SamplingOracle,
        ends: float,
        never: float,
    ) -> None:
        self.base, self.causes, self.lines, self.oracle, self.ends = base, causes, lines, oracle, ends
        self.never = never
        # Within a batch as well: one of a slow scenario takes many minutes.
        oracle.until = min(oracle.until, ends)
        self.cut_short = False

    def run(self, hours: Mapping[str, float], what_ifs: Mapping[PossibleCause, Sets]) -> TestedCauses:
        ordered = sorted(self.causes, key=lambda cause: -sum(hours[one] for one in hours if cause.shows_in(one)))
        if not ordered or not self.lines:
            return TestedCauses(tuple(TestedClause(line) for line in self.lines), (), True)
        singles = {cause: self._candidate(cause) for cause in ordered}
        all_ = self._candidate(*ordered, name=ALL, words=bilingual("all causes lifted together"))
        # All together first: what they do not reach no single one does.
        self._raise([all_], ROUNDS[-2])
        worse = [self._worse(cause, sets) for cause, sets in what_ifs.items()]
        self._raise(worse, CONFIRMED)
        self._halve(list(singles.values()), self.lines)
        tried = [cause for cause in ordered if self._has(singles[cause])]
        several = [self._several(line, tried, singles, all_) for line in self.lines]
        clauses = []
        for line, pairs in zip(self.lines, several, strict=True):
            some = [*(singles[cause] for cause in tried), *pairs, *([all_] if self._has(all_) else ())]
            others = [(one, self._effect(line, one)) for one in worse if self._has(one)]
            clauses.append(TestedClause(line, self._ranked(line, some) + others))
        untried = tuple(cause for cause in ordered if cause not in tried)
        return TestedCauses(tuple(clauses), untried, not self.cut_short, time.monotonic() >= self.ends)

    def _candidate(self, *causes: PossibleCause, name: str = "", words: Words | None = None) -> LiftedPoint:
        # What lifts a cause was taken from the scenario as it is set, and comes on top of that.
        sets = {**dict(self.base.sets), **together(*(self.causes[cause] for cause in causes))}
        told = words or (causes[0].words if len(causes) == 1 else _both(*causes))
        point = self.base._replace(sets=tuple(sets.items()))
        return LiftedPoint(name or "+".join(cause.id for cause in causes), told, point, len(causes))

    def _worse(self, what_if: PossibleCause, sets: Sets) -> LiftedPoint:
        point = self.base._replace(sets=tuple({**dict(self.base.sets), **sets}.items()))
        return LiftedPoint(what_if.id, what_if.words, point, 0)

    def _has(self, one: LiftedPoint) -> bool:
        return self.oracle.has(one.point) > 0

    def _raise(self, some: Sequence[LiftedPoint], n: int) -> None:
        """Bring candidates to so many pairs, as far as replications and time go; the base first, for the pairs."""
        if some and self._spare([self.base], n):
            self.oracle.run([self.base], n)
        for at in range(0, len(some), BATCH):
            part = [one.point for one in some[at : at + BATCH]]
            if self.oracle.has(self.base) < n or not self._spare(part, n):
                self.cut_short = True
                return
            try:
                self.oracle.run(part, n)
            except ScenarioError:
                self._one_by_one(part, n)
            # Time may have ended it within the batch: what has come counts, and another call goes on from there.
            self.cut_short |= self.oracle.left <= 0 and any(self.oracle.has(one) < n for one in part)

    def _spare(self, points: Sequence[Point], n: int) -> bool:
        """Whether there is something left for the replications that points lack."""
        lacking = sum(max(0, n - self.oracle.has(one)) for one in points)
        return not lacking or (lacking <= self.oracle.left and time.monotonic() < self.ends)

    def _one_by_one(self, points: Sequence[Point], n: int) -> None:
        for one in points:
            # What lifts it does not go with this scenario: it stays untried.
            with contextlib.suppress(ScenarioError):
                self.oracle.run([one], n)

    def _halve(self, some: Sequence[LiftedPoint], lines: Sequence[Line]) -> None:
        """Successive halving: what is among the stronger half for some clause goes on."""
        left = list(some)
        for number, n in enumerate(ROUNDS):
            self._raise(left, n)
            keep = STRONGEST if n == ROUNDS[-2] else max(STRONGEST, -(-len(some) // 2 ** (number + 1)))
            stronger = {one.id for line in lines for one in self._moving(line, left)[:keep]}
            left = [one for one in left if one.id in stronger]

    def _moving(self, line: Line, some: Sequence[LiftedPoint]) -> list[LiftedPoint]:
        ranked = self._ranked(line, [one for one in some if self._has(one)])
        return [one for one, effect in ranked if effect.gained.estimate > 0]

    def _effect(self, line: Line, one: LiftedPoint) -> Effect:
        after, before = (self.oracle.reached(point, line) for point in (one.point, self.base))
        return effect_of(line.clause, after, before, self.never)

    def _ranked(self, line: Line, some: Sequence[LiftedPoint]) -> list[tuple[LiftedPoint, Effect]]:
        effects = [(one, self._effect(line, one)) for one in some]
        # Of equals the simpler: fewer causes, then the order in which they were tried.
        return sorted(effects, key=lambda pair: (pair[1].rank, pair[0].causes))

    def _several(
        self,
        line: Line,
        causes: Sequence[PossibleCause],
        singles: Mapping[PossibleCause, LiftedPoint],
        all_: LiftedPoint,
    ) -> list[LiftedPoint]:
        """Pairs of causes: the two strongest, or where no single one does anything those of the most plausible."""
        if len(causes) < 2 or not self._has(all_) or not self._effect(line, all_).better:
            return []
        moving = self._moving(line, [singles[cause] for cause in causes])
        by_id = {cause.id: cause for cause in causes}
        if moving and self._effect(line, moving[0]).gained.estimate > 0:
            pairs = [self._candidate(*(by_id[one.id] for one in moving[:2]))] if len(moving) > 1 else []
        else:
            # Half by what moved at all, half by the account, which the order of the causes tells.
            likely = dict.fromkeys([*(by_id[one.id] for one in moving[: PLAUSIBLE // 2]), *causes])
            pairs = [self._candidate(*two) for two in combinations(list(likely)[:PLAUSIBLE], 2)]
        self._halve(pairs, [line])
        return [one for one in pairs if self._has(one)]
