"""The search for the cheapest package of changes that turns a verdict, and for how far the best one gets.

All packages meet the same few events (replications 0, 1, 2 of the scenario), and are weighed by their shortfall: how
far the value stays from what is needed, in the unit of the value. Four steps, each from what the one before has found:

    screen   which levers take shortfall away, on top of what is bought already: whole groups first, halved where they
             do (sequential bifurcation: Bettonville and Kleijnen 1997), the group that takes most first
    grow     add the lever that takes most away for its price, screen anew, until the clause holds (greedy)
    drop     leave out again, in halves and the dearest first, what it holds without, and lower steps (delta debugging:
             Zeller and Hildebrandt 2002)
    prove    ask for the cheapest package that no failure rules out (`hitting`), until it is as dear as the best one

A package *may turn* the verdict while its share of replications that hold is at least what is required; it fails once
its verdict is "not met", by the anytime interval at the clause's confidence. Only what may turn is run further. That
more of a lever never harms is a hope: it decides what is not run.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point
from simrescue.experiment.studies.mending.hitting import cheapest_hitting, no_more
from simrescue.experiment.studies.mending.levers import Levers, Package
from simrescue.experiment.studies.oracle import SamplingOracle
from simrescue.plans import Line

LOOKS = 30
"""Most replications in which the search waits for a package that stands too low to fail, or to come up."""
PAIRS = 3
"""Replications in which packages are weighed: so many failures and no success settle a verdict at 90 %."""
Shorts = Callable[[Point, int], NDArray[np.float64]]
"""Shortfall in the first n replications of a point; fewer where the budget ran out."""


class OutOfBudget(Exception):  # noqa: N818 - it ends a search, and is no error
    """The replications that a step may spend are spent."""


class Weighed(NamedTuple):
    """A package and its shortfall in the first `PAIRS` replications."""

    package: Package
    cost: float
    short: float
    """Mean, in the unit of the clause's shortfall."""


class PackageSearch:
    """Packages of the levers of one menu, weighed by one clause."""

    def __init__(
        self, levers: Levers, point_of: Callable[[Package], Point], line: Line, oracle: SamplingOracle,
        rule: Sequential, shorts: Shorts,
    ) -> None:  # fmt: skip
        """`point_of`: a package as it is simulated; `rule.max`: most replications of one package."""
        self.levers, self.point_of, self.line = levers, point_of, line
        self.oracle, self.rule, self.shorts = oracle, rule, shorts
        self.until = float("inf")
        """Replications, counted as the oracle does, after which a step raises OutOfBudget."""
        self.deadline = float("inf")
        """Moment, by `time.monotonic`, after which it does too."""
        self.weighed: dict[Package, Weighed] = {}
        self.failures: list[Package] = []
        """Packages whose verdict is "not met"."""
        self.doubtful: list[Package] = []
        """Packages that stood too low at the most replications, and were not shown to fail."""
        self.gains: dict[Package, dict[tuple[int, ...], float]] = {}
        """Package -> lever numbers -> shortfall that their last steps take away on top of it."""
        self.least = PAIRS
        """Replications after which a package that stands high enough is believed for now; `doubt` asks for more."""
        self.matters = 0.0
        """What is taken away has to be more than this to be followed."""
        self.least_cost = 0.0
        """No package that costs less turns the verdict."""

    # ---- asking

    def weigh(self, packages: Iterable[Package]) -> list[float]:
        """Mean shortfall of each of these packages. Raises OutOfBudget."""
        wanted = list(packages)
        new = [one for one in dict.fromkeys(wanted) if one not in self.weighed]
        points = [self.point_of(one) for one in new]
        self._buy([one for one in points if self.oracle.has(one) < PAIRS], PAIRS)
        for one, point in zip(new, points, strict=True):
            short = self.shorts(point, PAIRS)
            if len(short) < PAIRS:
                raise OutOfBudget
            self.weighed[one] = Weighed(one, self.levers.cost(one), float(short.mean()))
        return [self.weighed[one].short for one in wanted]

    def _buy(self, points: Sequence[Point], n: int) -> None:
        if points and (self.oracle.spent >= self.until or time.monotonic() >= self.deadline):
            raise OutOfBudget
        self.oracle.run(points, n)
        if any(self.oracle.has(one) < n for one in points):
            raise OutOfBudget

    def may_turn(self, package: Package) -> bool:
        """Whether the clause may be met with a package: it is run on while it stands too low and has not failed."""
        if package in self.doubtful or any(no_more(package, failed) for failed in self.failures):
            return False
        self.weigh([package])
        point, most = self.point_of(package), min(LOOKS, self.rule.max)
        while True:
            n, verdict = self.oracle.has(point), self.oracle.verdict(point, self.line)
            if verdict.verdict == "not met":
                self.failures.append(package)
                return False
            if verdict.estimate >= verdict.required and n >= min(self.least, most):
                return True
            if n >= most or not verdict.n:
                self.doubtful.append(package)
                return False
            self._buy([point], min(n + PAIRS, most))

    def doubt(self, package: Package, *, lucky: bool) -> None:
        """A package that was believed was not shown to turn it after all.

        `lucky`: it does not even stand high enough; what is believed from now on has to show more.
        """
        self.least *= 3 if lucky else 1
        if package not in self.failures:
            self.doubtful.append(package)

    # ---- screening

    def screen(self, on: Package, most: float) -> None:
        """Find out which levers take shortfall away on top of a package, with so many replications at most."""
        stop = self.oracle.spent + most
        known = self.gains.setdefault(on, {})
        waiting = [(-gain, block) for block, gain in known.items() if not self._is_split(known, block)]
        if not known:
            waiting = self._gains(on, self._groups(on))
        heapq.heapify(waiting)
        while waiting and self.oracle.spent < stop:
            gain, block = heapq.heappop(waiting)
            if -gain <= self.matters:
                return
            if len(block) > 1:
                middle = len(block) // 2
                for half in self._gains(on, [block[:middle], block[middle:]]):
                    heapq.heappush(waiting, half)

    def _is_split(self, known: dict[tuple[int, ...], float], block: tuple[int, ...]) -> bool:
        return len(block) > 1 and block[: len(block) // 2] in known

    def _groups(self, on: Package) -> list[tuple[int, ...]]:
        """Levers that have a step left, by the table or section that they change."""
        groups: dict[str, list[int]] = {}
        for i, (ladder, step) in enumerate(zip(self.levers.ladders, on, strict=True)):
            if step < len(ladder):
                groups.setdefault(min(ladder[0].sets).partition(".")[0], []).append(i)
        return [tuple(block) for block in groups.values()]

    def _gains(self, on: Package, blocks: Sequence[tuple[int, ...]]) -> list[tuple[float, tuple[int, ...]]]:
        now, *then = self.weigh([on, *(self.raised(on, block) for block in blocks)])
        found = [(_gain(now, short), block) for short, block in zip(then, blocks, strict=True)]
        self.gains[on].update({block: gain for gain, block in found})
        return [(-gain, block) for gain, block in found]

    def raised(self, on: Package, block: Iterable[int]) -> Package:
        """A package with the last step of these levers."""
        chosen = set(block)
        return tuple(len(self.levers.ladders[i]) if i in chosen else step for i, step in enumerate(on))

    # ---- growing and dropping

    def grow(self, on: Package, screening: float) -> Package | None:
        """Add levers until the package may turn the verdict; None: nothing that is known takes more away.

        `on`: the package to begin with; `screening`: replications that may be spent on the rest after each.
        """
        while not self.may_turn(on):
            self.screen(on, screening)
            block = self._best(on)
            if block is None:
                return None
            on = self.raised(on, block)
        return on

    def _best(self, on: Package) -> tuple[int, ...] | None:
        """The single lever that takes most away for its price; where no single one is known to, the group that does."""
        known = {block: gain for block, gain in self.gains[on].items() if gain > self.matters}
        single: dict[tuple[int, ...], float] = {block: gain for block, gain in known.items() if len(block) == 1}
        single = single or known
        paid = self.levers.cost(on)

        def worth(block: tuple[int, ...]) -> tuple[float, float]:
            more = self.levers.cost(self.raised(on, block)) - paid
            return (single[block] / more if more > 0 else float("inf")), -block[0]

        return max(single, key=worth, default=None)

    def drop(self, package: Package, keeps: Callable[[Package], bool]) -> Package:
        """Leave out, and lower, what a package keeps its promise without; `keeps` asks whether a lesser one does.

        Where the budget runs out, the least one so far.
        """
        bought = [i for i, step in enumerate(package) if step]
        price = [self.levers.cost(tuple(step if j == i else 0 for j, step in enumerate(package))) for i in bought]
        dearest = [i for _, i in sorted(zip(price, bought, strict=True), key=lambda pair: (-pair[0], pair[1]))]
        least = package

        def keeps_on(less: Package) -> bool:
            nonlocal least
            least = less if keeps(less) else least
            return least == less

        try:
            return self._without(package, dearest, keeps_on)
        except OutOfBudget:
            return least

    def _without(self, package: Package, block: list[int], keeps: Callable[[Package], bool]) -> Package:
        if not block:
            return package
        less = tuple(0 if i in block else step for i, step in enumerate(package))
        if keeps(less):
            return less
        if len(block) == 1:
            return self._lowered(package, block[0], keeps)
        middle = len(block) // 2
        package = self._without(package, block[:middle], keeps)
        return self._without(package, block[middle:], keeps)

    def _lowered(self, package: Package, lever: int, keeps: Callable[[Package], bool]) -> Package:
        """The least step of a lever with which the package still keeps it, by halving."""
        too_little, enough = 0, package[lever]
        while enough - too_little > 1:
            step = (too_little + enough) // 2
            less = (*package[:lever], step, *package[lever + 1 :])
            too_little, enough = (too_little, step) if keeps(less) else (step, enough)
        return (*package[:lever], enough, *package[lever + 1 :])

    # ---- proving

    def prove(self, best: Package) -> tuple[Package, bool]:
        """The cheapest package that may turn the verdict, as far as replications go, and whether none is cheaper."""
        costs = [[0.0, *(one.cost for one in ladder)] for ladder in self.levers.ladders]
        try:
            while True:
                found, whole = cheapest_hitting(costs, [*self.failures, *self.doubtful])
                if not whole:
                    return best, False
                if found and not self.doubtful:
                    self.least_cost = self.levers.cost(found)
                if found is None or self.levers.cost(found) >= self.levers.cost(best):
                    return best, found is not None and not self.doubtful
                if self.may_turn(found):
                    return found, not self.doubtful
                self._extend(found, best)
        except OutOfBudget:
            return best, False

    def _extend(self, failed: Package, best: Package) -> None:
        """Find how much may be added to a failure for it to stay one: the more it has, the more it rules out."""
        needed = [i for i, step in enumerate(best) if step > failed[i]]
        idle = [i for i, step in enumerate(failed) if i not in needed and step < len(self.levers.ladders[i])]
        self._added(failed, idle + needed)

    def _added(self, failed: Package, block: list[int]) -> Package:
        if not block:
            return failed
        more = self.raised(failed, block)
        if not self.may_turn(more):
            return more
        if len(block) == 1:
            return failed
        middle = len(block) // 2
        failed = self._added(failed, block[:middle])
        return self._added(failed, block[middle:])


def _gain(now: float, then: float) -> float:
    return 0.0 if now == then else now - then
