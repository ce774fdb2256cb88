"""What would mend a plan: the single changes that bring most, the cheapest package that turns a verdict, and the limit.

For each clause that is not met:

    1. the scenario as it is, and with everything on the menu: whether any package can turn the verdict
    2. what each change takes away from the shortfall alone (`PackageSearch.screen`), pair by pair
    3. where everything may turn it: the cheapest package that does (`grow`, `drop`, `prove`), run until its verdict is
       settled; where that is "not met" the next one. The k-th package that is settled is asked for at the confidence
       1 - (1 - confidence) / (k (k + 1)), so that all verdicts hold together at the clause's (Bonferroni, with an open
       number of packages)
    4. where everything does not: how far the best package gets, and which forces would do it, however absurd

What was weighed is the frontier of cost against shortfall. A change dropped in screening is not proven useless.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.analysis.distance import unit_of_shortfall
from simrescue.experiment.analysis.paired import Difference, clause_difference, number_difference, together
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.studies.mending.changes import Change
from simrescue.experiment.studies.mending.levers import Levers, Package, levers_of
from simrescue.experiment.studies.mending.lifted_forces import TIMES, forces_of
from simrescue.experiment.studies.mending.packages import LOOKS, PAIRS, OutOfBudget, PackageSearch
from simrescue.experiment.studies.oracle import SamplingOracle, stricter
from simrescue.metrics import MEASURES
from simrescue.plans import Line, Verdict
from simrescue.scenario.records import Scenario

SINGLES = 3
"""Single changes that are run further, so that an interval can be given."""
SINGLE_PAIRS = 8
"""Replications of these."""
SCREENING, GROWING = 0.3, 0.1
"""Share of a clause's replications that screening may spend at first, and after each change that is added."""
SEARCHING = 0.75
"""Share of a clause's time in which the search is done."""
AS_GOOD = 0.02
"""Share of the shortfall that a cheaper package may lose against the one that gets farthest, to be taken for it."""


class Single(NamedTuple):
    """What one change takes away alone."""

    change: Change
    away: Difference
    """From the shortfall, pair by pair, positive: less is short; all intervals of a clause hold together."""


class Bought(NamedTuple):
    """A package that was run until its verdict was settled, or the rule or budget ended it."""

    changes: tuple[Change, ...]
    cost: float
    verdict: Verdict
    difference: Difference
    """In how often the clause holds, against the scenario as it is, pair by pair."""
    short: float
    """Mean shortfall."""

    @property
    def id(self) -> str:
        """Ids of its changes."""
        return "+".join(change.id for change in self.changes)


class FrontierPoint(NamedTuple):
    """One package that was weighed, as the frontier shows it."""

    changes: tuple[Change, ...]
    cost: float
    short: float


Tell = Callable[[Line, FrontierPoint, str], None]
"""Called with a clause, its best package so far, and the unit of its shortfall."""


@dataclass(frozen=True)
class LiftedForces:
    """What forces however absurd come to."""

    enough: tuple[Change, ...]
    """The least of what is multiplied and lifted with which the clause may be met; empty: none of it is enough."""
    times: int
    """How many times the forces were multiplied at most."""
    short: float
    """Mean shortfall that remains with everything lifted."""


@dataclass(frozen=True)
class Mending:
    """What the menu can do for one clause."""

    line: Line
    base: Verdict
    """The verdict as things are."""
    short: float
    """Mean shortfall as things are, in `unit` (`distance.shortfall`)."""
    unit: str
    """Of all shortfalls: what is counted ("persons", "needs"), or that of the clause's value."""
    menu: int
    """Changes on the menu."""
    singles: tuple[Single, ...] = ()
    """Changes that were weighed alone and take something away, the most first."""
    confirmed: tuple[Bought, ...] = ()
    """Packages run until settled, by cost."""
    farthest: FrontierPoint | None = None
    """The cheapest of those that leave least short."""
    frontier: tuple[FrontierPoint, ...] = ()
    """All packages weighed, by cost, the one that changes nothing first."""
    everything: Verdict | None = None
    """The verdict with all of the menu."""
    proven: bool = False
    """Whether no cheaper package turns it, if more never harms."""
    least_cost: float = 0.0
    """No package that costs less can turn it, if more never harms."""
    forces: LiftedForces | None = None
    finished: bool = True
    """Whether the search came to its end; not where the budget ran out."""

    @property
    def turning(self) -> tuple[Bought, ...]:
        """Packages with which the clause is met, the cheapest first."""
        return tuple(one for one in self.confirmed if one.verdict.verdict == "met")

    @property
    def undecided(self) -> tuple[Bought, ...]:
        """Packages of which it could not be shown whether they turn the clause: undecided is not "does not"."""
        return tuple(one for one in self.confirmed if one.verdict.verdict == "undecided")

    @property
    def edge(self) -> tuple[FrontierPoint, ...]:
        """Packages of the frontier that no cheaper one leaves as little short as, by cost."""
        found: list[FrontierPoint] = []
        for spot in self.frontier:
            if not found or spot.short < found[-1].short:
                found.append(spot)
        return tuple(found)


def mend(
    scenario: Scenario,
    menu: Sequence[Change],
    lines: Sequence[Line],
    oracle: SamplingOracle,
    rule: Sequential,
    tell: Tell | None = None,
) -> list[Mending]:
    """Look for what mends a scenario, clause by clause; a clause that is met already is not mended.

    Args:
        scenario: as it was loaded; what was set on top of its variant stays set.
        menu: changes that can be bought, in any order.
        lines: clauses.
        oracle: with the budget and the time of all clauses together: each has an equal share of what is left.
        rule: how long a package that may turn a verdict is run.
        tell: called whenever a better package is found.
    """
    levers = levers_of(menu, scenario)
    found = []
    for done, line in enumerate(lines):
        one = _Clause(scenario, levers, line, oracle, rule, tell)
        now = time.monotonic()
        # What may turn the verdict has to be run until settled: time is kept for it, as replications are.
        one.search.deadline = now + SEARCHING * (oracle.until - now) / (len(lines) - done)
        found.append(one.mended(len(menu), oracle.left / (len(lines) - done)))
    return found


class _Clause:
    """The search for one clause."""

    def __init__(
        self, scenario: Scenario, levers: Levers, line: Line, oracle: SamplingOracle, rule: Sequential,
        tell: Tell | None,
    ) -> None:  # fmt: skip
        self.scenario, self.line, self.oracle, self.rule, self.tell = scenario, line, oracle, rule, tell
        self.search = self._search(levers)
        self.levers = levers
        self.base = self.search.point_of(levers.none)
        self.confirmed: list[Bought] = []
        self.proven = False
        self.unit = unit_of_shortfall(MEASURES[line.clause.measure])
        self.told: FrontierPoint | None = None

    def _search(self, levers: Levers) -> PackageSearch:
        def point_of(package: Package) -> Point:
            return _point(self.scenario, levers.sets(package))

        return PackageSearch(levers, point_of, self.line, self.oracle, self.rule, self.shorts)

    def shorts(self, one: Point, n: int) -> NDArray[np.float64]:
        """Shortfalls of which a mean can be taken: never is the end of the simulated time, and untested nothing."""
        short = self.oracle.shortfalls(one, self.line)[:n]
        return np.nan_to_num(short, nan=0.0, posinf=self.scenario.settings.duration_h)

    def mended(self, menu: int, share: float) -> Mending:
        began = self.oracle.spent
        base = self.oracle.settle(self.base, [self.line], self.rule)[0]
        if base.verdict == "met" or not base.n:
            return Mending(self.line, base, self._mean_short(self.base), self.unit, menu)
        # What may turn the verdict has to be run until settled: replications are kept for it.
        self.search.until = began + share - min(share / 3, float(self.rule.max))
        finished, absurd = True, None
        try:
            self.search.weigh([self.levers.none, self.levers.all])
            self._told()
            if self.search.may_turn(self.levers.all):
                self._screened(share)
                self._turned(share)
            else:
                self.search.matters = AS_GOOD * self.search.weighed[self.levers.none].short / 2
                absurd = self._forced()
                self._screened(share)
                self._farthest(share)
        except OutOfBudget:
            finished = False
            self._settle_best()
        return Mending(
            line=self.line, base=base, short=self._mean_short(self.base), unit=self.unit, menu=menu,
            singles=self._singles(), confirmed=tuple(sorted(self.confirmed, key=lambda one: (one.cost, one.id))),
            farthest=self._best(), frontier=self._frontier(), everything=self._everything(), proven=self.proven,
            least_cost=self.search.least_cost, forces=absurd, finished=finished,
        )  # fmt: skip

    def _mean_short(self, one: Point) -> float:
        short = self.shorts(one, self.oracle.has(one))
        return float(short.mean()) if len(short) else math.nan

    def _everything(self) -> Verdict | None:
        whole = self.search.point_of(self.levers.all)
        return self.oracle.verdict(whole, self.line) if self.oracle.has(whole) else None

    # ---- the steps

    def _screened(self, share: float) -> None:
        """Weigh single changes, and run those that bring most further."""
        self.search.screen(self.levers.none, _part(share, SCREENING))
        for change in self._ranked()[:SINGLES]:
            self.oracle.run([self.search.point_of(change), self.base], SINGLE_PAIRS)
        self._told()

    def _ranked(self) -> list[Package]:
        """Packages of one lever that take something away, the most first."""
        known = self.search.gains.get(self.levers.none, {})
        single = [(-gain, block) for block, gain in known.items() if len(block) == 1 and gain > self.search.matters]
        return [self.search.raised(self.levers.none, block) for _, block in sorted(single)]

    def _turned(self, share: float) -> None:
        best = self.search.grow(self.levers.none, _part(share, GROWING)) or self.levers.all
        while True:
            best = self.search.drop(best, self.search.may_turn)
            self._told()
            best, self.proven = self.search.prove(best)
            settled = self._settle(best).verdict
            if settled.verdict == "met":
                return
            # Undecided is not "does not"; but one that is shown to do is looked for as well.
            self.search.doubt(best, lucky=settled.estimate < settled.required)
            self.proven, best = False, self.levers.all
            if not self.search.may_turn(best):
                return

    def _settle(self, package: Package) -> Bought:
        looks = len(self.confirmed) + 1
        line = stricter(self.line, looks * (looks + 1))
        one = self.search.point_of(package)
        verdict = self.oracle.settle(one, [line], self.rule.model_copy(update={"max": min(LOOKS, self.rule.max)}))[0]
        if verdict.estimate >= verdict.required:
            verdict = self.oracle.settle(one, [line], self.rule)[0]
        after, before = self.oracle.values(one, line), self.oracle.values(self.base, line)
        tested = [pair for pair in zip(after.tolist(), before.tolist(), strict=False) if not np.isnan(pair).any()]
        kept, was = ([line.clause.holds(pair[side]) for pair in tested] for side in (0, 1))
        bought = Bought(
            self.levers.changes(package), self.levers.cost(package), verdict,
            clause_difference(kept, was, line.clause.confidence), self._mean_short(one),
        )  # fmt: skip
        self.confirmed.append(bought)
        return bought

    def _settle_best(self) -> None:
        """Out of budget: what may turn the verdict, as far as is known, is still settled with what was kept for it."""
        may = [one for one in self.search.weighed.values() if not one.short and any(one.package)]
        done = [one.changes for one in self.confirmed]
        may = [one for one in may if self.levers.changes(one.package) not in done]
        if may and self.oracle.left > 0:
            self._settle(min(may, key=lambda one: (one.cost, one.package)).package)

    def _farthest(self, share: float) -> None:
        self.search.grow(self.levers.none, _part(share, GROWING))
        self._told()
        whole = self.search.weighed[self.levers.all].short
        allowed = whole + AS_GOOD * self.search.weighed[self.levers.none].short
        self.search.drop(self.levers.all, lambda less: self.search.weigh([less])[0] <= allowed)
        self._told()

    def _forced(self) -> LiftedForces:
        """Multiply all forces until they are enough, or do no more."""
        forces = levers_of(forces_of(self.scenario), self.scenario)
        search = self._search(forces)
        search.until, search.deadline = self.search.until, self.search.deadline
        before = self.search.weighed[self.levers.none].short
        for step, times in enumerate(TIMES, start=1):
            package = tuple(min(step, len(ladder)) for ladder in forces.ladders)
            if search.may_turn(package):
                enough = search.drop(package, search.may_turn)
                return LiftedForces(forces.changes(enough), times, 0.0)
            short = search.weigh([package])[0]
            if step > 1 and short > (1 - AS_GOOD) * before:
                break
            before = short
        return LiftedForces((), times, short)

    # ---- what was found

    def _singles(self) -> tuple[Single, ...]:
        ranked = self._ranked()
        confidence = together(self.line.clause.confidence, len(ranked))
        found = []
        for package in ranked:
            after = self.shorts(self.search.point_of(package), SINGLE_PAIRS)
            before = self.shorts(self.base, len(after))
            away = number_difference(-after[: len(before)], -before, confidence)
            found.append(Single(self.levers.changes(package)[0], away))
        return tuple(sorted(found, key=lambda one: (-one.away.interval.estimate, one.change.cost, one.change.id)))

    def _frontier(self) -> tuple[FrontierPoint, ...]:
        weighed = sorted(self.search.weighed.values(), key=lambda one: (one.cost, one.short, one.package))
        return tuple(FrontierPoint(self.levers.changes(one.package), one.cost, one.short) for one in weighed)

    def _best(self) -> FrontierPoint | None:
        spots = self._frontier()
        if not spots:
            return None
        least = min(spot.short for spot in spots)
        allowed = least + AS_GOOD * max(spot.short for spot in spots if not spot.changes) if least else 0.0
        return next(spot for spot in spots if spot.short <= allowed)

    def _told(self) -> None:
        best = self._best()
        if self.tell and best and best != self.told:
            self.tell(self.line, best, self.unit)
            self.told = best


def _part(share: float, part: float) -> float:
    return max(2 * PAIRS, share * part)


def _point(scenario: Scenario, sets: dict[str, object]) -> Point:
    """The scenario as it was loaded, with further changes; what was set before stays set."""
    return point(scenario.folder, scenario.variant, {**_own_sets(scenario), **sets})


def _own_sets(scenario: Scenario) -> dict[str, object]:
    """What was set on top of the variant."""
    settings = scenario.settings
    named = [settings.overrides.get(name, {}) for name in settings.variants.get(scenario.variant, ())]
    # The variant brings its own; given twice they name another point, and stored replications are not found.
    by_variant = {path: new for changes in named for path, new in changes.items()}
    return {path: new for path, new in scenario.applied.items() if path not in by_variant or by_variant[path] != new}
