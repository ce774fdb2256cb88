"""What would mend a plan: the single changes that bring most, the cheapest package that turns a verdict, and the limit.

For each clause that is not met:

    1. the scenario as it is, and with everything on the menu: whether any package can turn the verdict
    2. what each change takes away from the shortfall alone (`PackageSearch.screen`), pair by pair
    3. where everything may turn it: the cheapest package that does (`chained`, `drop`, `swap`, `prove`), run until its
       verdict is settled; where that is "not met" the next one. The k-th package that is settled is asked for at the
       confidence 1 - (1 - confidence) / (k (k + 1)), so that all verdicts hold together at the clause's (Bonferroni,
       with an open number of packages)
    4. where everything does not: the cheapest package that gets about as far, and which forces would do it, however
       absurd: the causes that `explain` tests (`causes.lifted`), together and the fewest of them

Every step has its part of the replications and of the time of its clause; one that comes to the end of it leaves the
rest to those after it. What was weighed is the frontier of cost against shortfall. A change dropped in screening is not
proven useless.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.analysis.distance import unit_of_shortfall
from simrescue.experiment.analysis.paired import Difference, clause_difference, planned_interval, together
from simrescue.experiment.analysis.statistics import Interval
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.studies.causes.lifted import forces_of
from simrescue.experiment.studies.changes import Change
from simrescue.experiment.studies.mending.levers import Levers, Package, levers_of
from simrescue.experiment.studies.mending.packages import LOOKS, PAIRS, OutOfBudget, PackageSearch, Weighed
from simrescue.experiment.studies.oracle import SamplingOracle, Standing, stricter
from simrescue.metrics import MEASURES
from simrescue.plans import Line, Verdict
from simrescue.scenario.records import Scenario

SINGLES = 3
"""Single changes that are run further, so that an interval can be given."""
SINGLE_PAIRS = 8
"""Replications of these."""
LOOK = 10
"""Replications of the scenario as it is before a clause that was not shown to fail is taken to be short."""
LESSER = 0.5
"""Share of such a clause, of that of one that is not met."""
SCREENED, SINGLED, FARTHEST, SEARCHED = 0.4, 0.5, 0.8, 0.75
"""Parts of a clause's replications and time after which screening ends, the runs of single changes, the search for how
far the best package gets (the rest is for absurd forces), and that for one that turns the verdict (the rest is for
settling it)."""
AS_GOOD = 0.02
"""Share of the shortfall that a cheaper package may lose against the one that gets farthest, to be taken for it."""


class Single(NamedTuple):
    """What one change takes away alone."""

    change: Change
    away: Interval
    """From the shortfall, the mean of the pairs, positive: less is short. Of `SINGLE_PAIRS` the paired-t interval, all
    of a clause together at its confidence; else infinite."""


class ChangesTogether(NamedTuple):
    """What all changes of one kind take away together, each at its last step."""

    changes: tuple[Change, ...]
    cost: float
    away: float
    """From the shortfall, the mean of the pairs, positive: less is short."""
    pairs: int


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
    away: Interval = Interval(math.nan, -math.inf, math.inf, 0)
    """What it takes away, the mean of its pairs; of `SINGLE_PAIRS` the paired-t interval, else of infinite width."""


Tell = Callable[[Line, FrontierPoint, str], None]
"""Called with a clause, its best package so far, and the unit of its shortfall."""


@dataclass(frozen=True)
class LiftedForces:
    """What forces however absurd come to."""

    enough: tuple[Change, ...]
    """The least of what is multiplied and lifted with which the clause may be met; empty: none of it is enough."""
    whole: bool
    """Whether it was looked for to the end whether less is enough."""
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
    kinds: tuple[ChangesTogether, ...] = ()
    """All changes of one table or section together, the kind that takes most away first."""
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
    stands: Standing = field(default_factory=Standing)
    """How the clause stands as things are."""
    mended: Standing = field(default_factory=Standing)
    """How it stands with the cheapest package that turns it, else with the one that leaves least short."""
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
        oracle: with the budget and the time of all clauses together: each that does not hold often enough has an equal
            share of what is left.
        rule: how long a package that may turn a verdict is run.
        tell: called whenever a better package is found.
    """
    levers = levers_of(menu, scenario)
    oracle.reference = _point(scenario, levers.sets(levers.none))
    clauses = [_Clause(scenario, levers, line, oracle, rule, tell, len(menu)) for line in lines]
    for one in clauses:
        one.look(PAIRS)
    failed = [one for one in clauses if one.stands and one.stands.verdict == "not met"]
    _mended(failed, oracle, LESSER * sum(one.is_short for one in clauses if one not in failed))
    # What is not known to fail is looked at longer; what holds often enough is settled with what is left, and mended
    # where it turns out that it does not.
    for most in (LOOK, rule.max):
        for one in clauses:
            if not one.is_mended and (one.is_short or most > LOOK):
                one.look(most)
        _mended([one for one in clauses if one.is_short and not one.is_mended], oracle)
    for one in clauses:
        one.look(rule.max)
    return [one.found() for one in clauses]


def _mended(clauses: Sequence[_Clause], oracle: SamplingOracle, others: float = 0.0) -> None:
    """Mend clauses one after the other, each with an equal share of what is left; `others`: shares that stay."""
    for done, one in enumerate(clauses):
        left, now = len(clauses) - done + others, time.monotonic()
        one.mend(oracle.left / left, now + (oracle.until - now) / left)


class _Clause:
    """The search for one clause."""

    def __init__(
        self, scenario: Scenario, levers: Levers, line: Line, oracle: SamplingOracle, rule: Sequential,
        tell: Tell | None, menu: int,
    ) -> None:  # fmt: skip
        self.scenario, self.line, self.oracle, self.rule, self.tell = scenario, line, oracle, rule, tell
        self.search = self._search(levers)
        self.levers, self.menu = levers, menu
        self.base = self.search.point_of(levers.none)
        self.stands: Verdict | None = None
        self.confirmed: list[Bought] = []
        self.settled: dict[str, Package] = {}
        self.proven, self.is_mended = False, False
        self.absurd: LiftedForces | None = None
        self.unit = unit_of_shortfall(MEASURES[line.clause.measure])
        self.told: FrontierPoint | None = None
        self.order: Sequence[int] = ()
        """Of replications: first those that put the clause to the test as things are."""

    def _search(self, levers: Levers) -> PackageSearch:
        def point_of(package: Package) -> Point:
            return _point(self.scenario, levers.sets(package))

        return PackageSearch(levers, point_of, self.line, self.oracle, self.rule, self.shorts)

    def shorts(self, one: Point, n: int) -> NDArray[np.float64]:
        """Shortfalls of which a mean can be taken: never is the end of the simulated time, and untested nothing."""
        short = self.oracle.shortfalls(one, self.line)[:n]
        return np.nan_to_num(short, nan=0.0, posinf=self.scenario.settings.duration_h)

    def look(self, most: int) -> None:
        """See how the clause stands as things are, with so many replications at most."""
        self.oracle.order = self.order
        rule = self.rule.model_copy(update={"max": min(most, self.rule.max)})
        self.stands = self.oracle.settle(self.base, [self.line], rule)[0]

    @property
    def is_short(self) -> bool:
        """Whether the clause was put to the test and does not hold often enough."""
        return self.stands is not None and self.stands.n > 0 and not self.stands.estimate >= self.stands.required

    def mend(self, share: float, until: float) -> None:
        """Look for what mends it: with so many replications, until this moment by `time.monotonic`."""
        self.is_mended = True
        self._test_first()
        began, now = self.oracle.spent, time.monotonic()

        def may_spend(part: float) -> PackageSearch:
            self.search.until, self.search.deadline = began + part * share, now + part * (until - now)
            return self.search

        with contextlib.suppress(OutOfBudget):
            may_spend(SCREENED).weigh([self.levers.none, self.levers.all])
            self._told()
            self.search.matters = AS_GOOD * self.search.weighed[self.levers.none].short / 2
            turns = self.search.may_turn(self.levers.all)
            with contextlib.suppress(OutOfBudget):
                self.search.screen()
            may_spend(SINGLED)
            self._singled()
            if turns:
                may_spend(SEARCHED)
                self._turned()
            else:
                may_spend(FARTHEST)
                self._farthest()
                may_spend(1)
                self._forced()

    def _test_first(self) -> None:
        """Let all packages meet first what puts the clause to the test; of others they can take nothing away."""
        self.oracle.order = ()
        most = min(LOOKS, self.rule.max)
        while True:
            untested = np.isnan(self.oracle.values(self.base, self.line))
            n = len(untested)
            if not untested.any() or (~untested).sum() >= SINGLE_PAIRS or n >= most or self.oracle.left <= 0:
                break
            self.oracle.run([self.base], min(n + PAIRS, most))
        self.order = sorted(range(n), key=untested.tolist().__getitem__)
        self.oracle.order = self.order

    def found(self) -> Mending:
        """What the search came to."""
        self.oracle.order = self.order
        base = self.oracle.verdict(self.base, self.line)
        best = self._shown()
        return Mending(
            line=self.line, base=base, short=self._mean_short(self.base), unit=self.unit, menu=self.menu,
            singles=self._singles(), kinds=self._kinds(),
            confirmed=tuple(sorted(self.confirmed, key=lambda one: (one.cost, one.id))),
            farthest=self._best(), frontier=self._frontier(), everything=self._everything(), proven=self.proven,
            least_cost=self.search.least_cost, stands=self._stands(self.base), mended=self._stands(best),
            forces=self.absurd, finished=not self.search.ran_out,
        )  # fmt: skip

    def _shown(self) -> Point:
        """The cheapest package that turns the clause, else the one that leaves least short, else nothing."""
        turning = [(one.cost, one.id) for one in self.confirmed if one.verdict.verdict == "met"]
        if turning:
            return self.search.point_of(self.settled[min(turning)[1]])
        best = self._best_weighed()
        return self.search.point_of(best.package) if best else self.base

    def _stands(self, one: Point) -> Standing:
        return self.oracle.stands(one, self.line) if self.oracle.has(one) else Standing()

    def _mean_short(self, one: Point) -> float:
        short = self.shorts(one, self.oracle.has(one))
        return float(short.mean()) if len(short) else math.nan

    def _everything(self) -> Verdict | None:
        whole = self.search.point_of(self.levers.all)
        return self.oracle.verdict(whole, self.line) if self.oracle.has(whole) else None

    # ---- the steps

    def _singled(self) -> None:
        """Run the single changes that bring most further, so that an interval can be given."""
        for change in self._ranked()[:SINGLES]:
            self.oracle.run([self.search.point_of(change), self.base], SINGLE_PAIRS)
            # With all its pairs it is a package like others: what little money buys.
            self.search.weigh([change])
            if time.monotonic() >= self.search.deadline or self.oracle.spent >= self.search.until:
                break
        self._told()

    def _ranked(self) -> list[Package]:
        """Packages of one lever that take something away, the most first."""
        known = self.search.gains.items()
        single = [(-gain, block) for block, gain in known if len(block) == 1 and gain > self.search.matters]
        return [self.search.raised(block) for _, block in sorted(single)]

    def _turned(self) -> None:
        best = self.search.chained(self.search.may_turn)
        while True:
            best = self.search.swap(self.search.drop(best, self.search.may_turn), self.search.may_turn)
            self._told()
            best, self.proven = self.search.prove(best)
            settled = self._settle(best).verdict
            if settled.verdict == "met":
                return
            # Undecided is not "does not"; but one that is shown to do is looked for as well.
            self.search.doubt(best, by_chance=settled.estimate < settled.required)
            self.proven, best = False, self.levers.all
            if not self.search.may_turn(best):
                return

    def _settle(self, package: Package) -> Bought:
        looks = len(self.confirmed) + 1
        line = stricter(self.line, looks * (looks + 1))
        one = self.search.point_of(package)
        verdict = self.oracle.settle(one, [line], self.rule.model_copy(update={"max": min(LOOKS, self.rule.max)}))[0]
        if verdict.estimate >= verdict.required:
            if np.isnan(self.oracle.values(one, line)).any():
                self.oracle.run([self.base], self.rule.max)  # tells whom the clause concerned
            verdict = self.oracle.settle(one, [line], self.rule)[0]
        after, before = self.oracle.values(one, line), self.oracle.values(self.base, line)
        tested = [pair for pair in zip(after.tolist(), before.tolist(), strict=False) if not np.isnan(pair).any()]
        kept, was = ([line.clause.holds(pair[side]) for pair in tested] for side in (0, 1))
        bought = Bought(
            self.levers.changes(package), self.levers.cost(package), verdict,
            clause_difference(kept, was, line.clause.confidence), self._mean_short(one),
        )  # fmt: skip
        self.confirmed.append(bought)
        self.settled[bought.id] = package
        return bought

    def _farthest(self) -> None:
        whole = self.search.weighed[self.levers.all].short
        allowed = whole + AS_GOOD * self.search.weighed[self.levers.none].short

        def is_as_good(package: Package) -> bool:
            return self.search.leaves_at_most(package, allowed)

        kinds = self.search.fewest_kinds(is_as_good)
        self._told()
        best = self.search.chained(is_as_good, kinds)
        self._told()
        self.search.swap(self.search.drop(best, is_as_good), is_as_good)
        self._told()
        if best_known := self._best_weighed():  # run further, so that an interval can be given
            self.oracle.run([self.search.point_of(best_known.package), self.base], SINGLE_PAIRS)

    def _forced(self) -> None:
        """Lift everything that may stand in the way; where that is enough, as little of it as is enough."""
        forces = levers_of(forces_of(self.scenario), self.scenario)
        search = self._search(forces)
        search.until, search.deadline, search.matters = self.search.until, self.search.deadline, self.search.matters
        try:
            if not search.may_turn(forces.all):
                self.absurd = LiftedForces((), True, self._mean_short(search.point_of(forces.all)))
                return
            with contextlib.suppress(OutOfBudget):
                # Half for knowing what does most, half for leaving out the rest.
                search.until = (self.oracle.spent + search.until) / 2
                search.deadline = (time.monotonic() + search.deadline) / 2
                search.screen()
            search.until, search.deadline = self.search.until, self.search.deadline
            kinds = search.fewest_kinds(search.holds_at_once)
            enough = search.drop(search.chained(search.holds_at_once, kinds), search.holds_at_once)
            self.absurd = LiftedForces(forces.changes(enough), not search.ran_out, 0.0)
        finally:
            self.search.ran_out |= search.ran_out

    # ---- what was found

    def _singles(self) -> tuple[Single, ...]:
        ranked = self._ranked()
        whole = sum(self.oracle.has(self.search.point_of(package)) >= SINGLE_PAIRS for package in ranked)
        confidence = together(self.line.clause.confidence, whole)
        found = [Single(self.levers.changes(package)[0], self._away(package, confidence)) for package in ranked]
        return tuple(sorted(found, key=lambda one: (-one.away.estimate, one.change.cost, one.change.id)))

    def _away(self, package: Package, confidence: float) -> Interval:
        """What a package takes away, by its first pairs."""
        after = self.shorts(self.search.point_of(package), SINGLE_PAIRS)
        before = self.shorts(self.base, len(after))
        away = planned_interval(before - after[: len(before)], confidence)
        return away if away.n >= SINGLE_PAIRS else away._replace(low=-math.inf, high=math.inf)

    def _kinds(self) -> tuple[ChangesTogether, ...]:
        packages = {block: self.search.raised(block) for block in self.search.groups() if block in self.search.gains}
        found = [
            ChangesTogether(
                self.levers.changes(one), self.levers.cost(one), self.search.gains[block],
                self.search.weighed[one].pairs,
            )
            for block, one in packages.items()
        ]  # fmt: skip
        return tuple(sorted(found, key=lambda one: (-one.away, one.cost)))

    def _frontier(self) -> tuple[FrontierPoint, ...]:
        return tuple(map(self._spot, self._weighed()))

    def _spot(self, one: Weighed) -> FrontierPoint:
        away = self._away(one.package, self.line.clause.confidence)
        return FrontierPoint(self.levers.changes(one.package), one.cost, one.short, away)

    def _weighed(self) -> list[Weighed]:
        whole = [one for one in self.search.weighed.values() if one.pairs >= PAIRS]
        return sorted(whole, key=lambda one: (one.cost, one.short, one.package))

    def _best(self) -> FrontierPoint | None:
        best = self._best_weighed()
        return self._spot(best) if best else None

    def _best_weighed(self) -> Weighed | None:
        """The cheapest of those that leave about as little short as any."""
        spots = self._weighed()
        if not spots:
            return None
        least = min(spot.short for spot in spots)
        now = max(spot.short for spot in spots if spot.package == self.levers.none)
        allowed = least + AS_GOOD * now if least else 0.0
        return next(spot for spot in spots if spot.short <= allowed)

    def _told(self) -> None:
        best = self._best()
        if self.tell and best and best != self.told:
            self.tell(self.line, best, self.unit)
            self.told = best


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
