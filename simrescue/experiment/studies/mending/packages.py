"""The search for the cheapest package of changes that turns a verdict, and for how far the best one gets.

All packages meet the same few events (replications 0, 1, 2 of the scenario), and are weighed by their shortfall: how
far the value stays from what is needed, in the unit of the value. Five steps, each from what the one before has found:

    screen   which levers take shortfall away alone: whole groups first, halved where they do (sequential bifurcation:
             Bettonville and Kleijnen 1997), the group that takes most first; each with one pair, and with all three
             before it is followed
    chain    the levers in the order of what they take away for their price: how many from the front are enough
             (doubling, then halving); where all of a menu is needed at first, whole kinds before (`fewest_kinds`)
    drop     leave out again, in halves and the dearest first, what it holds without, and lower steps (delta debugging:
             Zeller and Hildebrandt 2002)
    swap     put a cheaper lever in the place of a dear one
    prove    ask for the cheapest package that no failure rules out (`hitting`), until it is as dear as the best one

A package *may turn* the verdict while its share of replications that hold is at least what is required; it fails once
its verdict is "not met", by the anytime interval at the clause's confidence. Only what may turn is run further. That
more of a lever never harms is a hope: it decides what is not run.
"""

from __future__ import annotations

import heapq
import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point
from simrescue.experiment.studies.changes import section_of
from simrescue.experiment.studies.mending.hitting import cheapest_hitting, no_more
from simrescue.experiment.studies.mending.levers import Levers, Package
from simrescue.experiment.studies.oracle import SamplingOracle
from simrescue.plans import Line

LOOKS = 30
"""Most replications in which the search waits for a package that stands too low to fail, or to come up."""
PAIRS = 3
"""Replications in which packages are weighed: so many failures and no success settle a verdict at 90 %."""
FIRST = 1
"""Replications with which a package is begun, and where it may end: most of them take nothing away."""
SWAPS = 3
"""Cheaper levers that are tried in the place of a dear one."""
Shorts = Callable[[Point, int], NDArray[np.float64]]
"""Shortfall in the first n replications of a point; fewer where the budget ran out."""


class OutOfBudget(Exception):  # noqa: N818 - it ends a search, and is no error
    """The replications that a step may spend are spent."""


class Weighed(NamedTuple):
    """A package and its shortfall."""

    package: Package
    cost: float
    short: float
    """Mean over the first `PAIRS` replications, in the unit of the clause's shortfall; where it was not run in all of
    them that of the scenario as it is, less what the package takes away in those that were (a control variate)."""
    away: float
    """What it takes away from the shortfall of the scenario as it is, the mean of the pairs."""
    pairs: int
    """Replications that it was run in, at most `PAIRS`."""


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
        self.gains: dict[tuple[int, ...], float] = {}
        """Lever numbers -> shortfall that their last steps take away by themselves."""
        self.ran_out = False
        """Whether a step was ended by replications or time."""
        self.least = PAIRS
        """Replications after which a package that stands high enough is believed for now; `doubt` asks for more."""
        self.matters = 0.0
        """What is taken away has to be more than this to be followed."""
        self.least_cost = 0.0
        """No package that costs less turns the verdict."""

    # ---- asking

    def weigh(self, packages: Iterable[Package], n: int = PAIRS) -> list[float]:
        """Mean shortfall of each of these packages, by so many replications or more. Raises OutOfBudget."""
        wanted = list(packages)
        new = [one for one in dict.fromkeys(wanted) if one not in self.weighed or self.weighed[one].pairs < n]
        points = [self.point_of(one) for one in new]
        self._buy([one for one in points if self.oracle.has(one) < n], n)
        base = self.shorts(self.point_of(self.levers.none), PAIRS) if new else None
        for one, point in zip(new, points, strict=True):
            short = self.shorts(point, PAIRS)
            if base is None or len(short) < n or len(base) < len(short):
                raise OutOfBudget
            away = float((base[: len(short)] - short).mean())
            left = max(0.0, float(base.mean()) - away) if len(short) < PAIRS else float(short.mean())
            self.weighed[one] = Weighed(one, self.levers.cost(one), left, away, len(short))
        return [self.weighed[one].short for one in wanted]

    def leaves_at_most(self, package: Package, most: float) -> bool:
        """Whether a package leaves at most `most` short; one far off is given up after its first pair."""
        first = self.weigh([package], FIRST)[0]
        return first <= most + self.matters and self.weigh([package])[0] <= most

    def holds_at_once(self, package: Package) -> bool:
        """As `may_turn`, but one that breaks the clause in its first replication is left there, and proves nothing."""
        self.weigh([package], FIRST)
        return not self.shorts(self.point_of(package), FIRST).any() and self.may_turn(package)

    def _buy(self, points: Sequence[Point], n: int) -> None:
        if points and (self.oracle.spent >= self.until or time.monotonic() >= self.deadline):
            self.ran_out = True
            raise OutOfBudget
        self.oracle.run(points, n)
        if any(self.oracle.has(one) < n for one in points):
            self.ran_out = True
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

    def doubt(self, package: Package, *, by_chance: bool) -> None:
        """A package that was believed was not shown to turn it after all.

        `by_chance`: it does not even stand high enough; what is believed from now on has to show more.
        """
        self.least *= 3 if by_chance else 1
        if package not in self.failures:
            self.doubtful.append(package)

    # ---- screening

    def screen(self) -> None:
        """Find out which levers take shortfall away by themselves, the group that takes most first."""
        waiting = self._gains(self.groups(), FIRST)
        heapq.heapify(waiting)
        while waiting and -waiting[0][0] > self.matters:
            _, block = heapq.heappop(waiting)
            middle = len(block) // 2
            if self.weighed[self.raised(block)].pairs < PAIRS:
                more = self._gains([block], PAIRS)
            else:
                more = self._gains([block[:middle], block[middle:]], FIRST) if middle else []
            for one in more:
                heapq.heappush(waiting, one)

    def groups(self) -> list[tuple[int, ...]]:
        """Levers by the table or section that they change."""
        groups: dict[str, list[int]] = {}
        for i, ladder in enumerate(self.levers.ladders):
            groups.setdefault(section_of(ladder[0]), []).append(i)
        return [tuple(block) for block in groups.values()]

    def _gains(self, blocks: Sequence[tuple[int, ...]], n: int) -> list[tuple[float, tuple[int, ...]]]:
        self.weigh([self.levers.none, *map(self.raised, blocks)], n)
        self.gains |= {block: self.weighed[self.raised(block)].away for block in blocks}
        return [(-self.gains[block], block) for block in blocks]

    def raised(self, block: Iterable[int], on: Package | None = None) -> Package:
        """The last step of these levers, on top of a package or of nothing."""
        chosen = set(block)
        below = on or self.levers.none
        return tuple(len(self.levers.ladders[i]) if i in chosen else step for i, step in enumerate(below))

    # ---- chaining, dropping and swapping

    def by_worth(self) -> list[int]:
        """All levers, those first that take most away for their price; of the others the cheap ones first."""

        def worth(i: int) -> float:
            # What a group takes away is divided among its levers, as long as nothing tells which does it.
            block = min((one for one in self.gains if i in one), key=len, default=())
            gain = self.gains[block] / len(block) if block else 0.0
            if gain <= self.matters / len(self.levers.ladders):
                return 0.0
            return gain / self._price(i) if self._price(i) > 0 else math.inf

        return sorted(range(len(self.levers.ladders)), key=lambda i: (-worth(i), self._price(i), i))

    def _price(self, lever: int) -> float:
        return self.levers.ladders[lever][-1].cost

    def chained(self, enough: Callable[[Package], bool], among: Package | None = None) -> Package:
        """The fewest levers from the front of `by_worth` that are enough; all of them are known to be.

        Where the budget runs out, the fewest that are known to be enough. `among`: only levers of this package, which
        is known to be enough; None: of all.
        """
        return self._fewest([(i,) for i in self.by_worth() if among is None or among[i]], enough)

    def fewest_kinds(self, enough: Callable[[Package], bool]) -> Package:
        """The fewest kinds of changes (`groups`) that are enough, those first that take most away; as `chained`."""
        groups = self.groups()
        gain = {block: self.gains.get(block, 0.0) for block in groups}
        price = {block: sum(map(self._price, block)) for block in groups}
        return self._fewest(sorted(groups, key=lambda block: (-gain[block], price[block], block)), enough)

    def _fewest(self, parts: Sequence[tuple[int, ...]], enough: Callable[[Package], bool]) -> Package:
        too_few, plenty = 0, len(parts)

        def front(number: int) -> Package:
            return self.raised(i for part in parts[:number] for i in part)

        try:
            while plenty - too_few > 1:
                # Doubling from the front: the short chains are what little money buys, and worth knowing too.
                number = min(2 * too_few or 1, (too_few + plenty) // 2)
                if enough(front(number)):
                    plenty = number
                else:
                    too_few = number
        except OutOfBudget:
            pass
        return front(plenty)

    def swap(self, package: Package, keeps: Callable[[Package], bool]) -> Package:
        """Put cheaper levers in the place of dear ones, as long as the package keeps its promise.

        Args:
            package: that keeps it.
            keeps: asks whether another does; where the budget runs out, the best one so far.
        """
        try:
            for lever in self._dearest(package):
                instead = [i for i in self.by_worth() if not package[i]]
                for other in [i for i in instead if self._price(i) < self._paid(package, lever)][:SWAPS]:
                    less = self.raised([other], tuple(0 if i == lever else step for i, step in enumerate(package)))
                    if keeps(less):
                        package = less
                        break
        except OutOfBudget:
            pass
        return package

    def _paid(self, package: Package, lever: int) -> float:
        return self.levers.ladders[lever][package[lever] - 1].cost if package[lever] else 0.0

    def _dearest(self, package: Package) -> list[int]:
        return sorted((i for i, step in enumerate(package) if step), key=lambda i: (-self._paid(package, i), i))

    def drop(self, package: Package, keeps: Callable[[Package], bool]) -> Package:
        """Leave out, and lower, what a package keeps its promise without; `keeps` asks whether a lesser one does.

        Where the budget runs out, the least one so far.
        """
        least = package

        def keeps_on(less: Package) -> bool:
            nonlocal least
            least = less if keeps(less) else least
            return least == less

        try:
            return self._without(package, self._dearest(package), keeps_on)
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
        more = self.raised(block, failed)
        if not self.may_turn(more):
            return more
        if len(block) == 1:
            return failed
        middle = len(block) // 2
        failed = self._added(failed, block[:middle])
        return self._added(failed, block[middle:])
