"""Planning backwards: the cheapest setting of the levers of an experiment with which every watched clause is met.

Every combination of lever values is a candidate, and has one of three answers:

    enough       every watched clause is met
    too little   a watched clause is not met
    undecided    neither could be shown with the replications that the rule and the budget allow

Undecided is not "too little": near the least that is enough the truth lies close to what is required, and no number of
replications fixed beforehand tells the two apart. The search therefore looks for two edges: the cheapest combination
shown to be enough, and the most that is shown to be too little. The least that is enough lies between them, and what
was run between them is told with the replications that would settle it.

Each time the search asks about the candidate whose answer, whichever it is, rules out most others, under the hope that
more of a lever never harms:

    looking for enough       enough: all that costs as much or more is ruled out; else all with no more of any lever
    looking for too little   too little: all with no more of any lever is ruled out; else all with no less of any

With one lever this is bisection, with several it is branch and bound. The hope is then checked, not assumed:
the neighbours of the answer, one step less or more of one lever, and the greatest combination are run themselves, and
wherever more of a lever did worse it is reported; a cheaper answer found that way replaces the dearer one. All
candidates meet the same events (common random numbers); factors with the role uncertainty are drawn anew for each
replication, the same for all candidates, so that a clause is met over all that may be. Each candidate is run until its
verdicts are settled by the anytime interval, so each verdict holds at its clause's confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import SimrescueError
from simrescue.experiment.analysis.least_short import LeastShort, least_short
from simrescue.experiment.analysis.statistics import settled_by
from simrescue.experiment.design.experiment_file import Designed
from simrescue.experiment.design.experiment_records import Design, Experiment, Factor, Sequential
from simrescue.experiment.design.factors import Value, changes, cost
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.design.sampling import at, rows
from simrescue.experiment.studies.oracle import SamplingOracle, Standing
from simrescue.plans import Line, Verdict
from simrescue.scenario.load import load
from simrescue.streams import stream
from simrescue.wording import bilingual

Word = Literal["enough", "too little", "undecided"]
Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
"""Which candidates are meant, shape (candidates,)."""
MOST_COMBINATIONS = 20_000
"""Combinations that are looked at."""


class Combination(NamedTuple):
    """One combination of lever values."""

    place: tuple[int, ...]
    """Position of each lever among its values, least first."""
    values: dict[str, Value]
    cost: float
    """Yuan; without prices (one lever) the position of its value."""
    point: Point


class Tried(NamedTuple):
    """A candidate that was run."""

    candidate: Combination
    verdicts: tuple[Verdict, ...]
    """One a watched clause."""
    replications: int
    rows: tuple[Mapping[str, Any], ...] = ()
    """How each watched clause stands, as rows of verdicts.csv; places are left out."""
    shorts: tuple[Floats, ...] = ()
    """What lacks to the promise of each watched clause in each replication (`distance.shortfall`), shape (n,)."""

    @property
    def word(self) -> Word:
        """Whether the candidate was shown to be enough, shown to be too little, or neither."""
        # First, since one not met ends the run: the others may be undecided only because of that.
        if any(one.verdict == "not met" for one in self.verdicts):
            return "too little"
        return "enough" if all(one.verdict == "met" for one in self.verdicts) else "undecided"

    @property
    def weakest(self) -> int:
        """Which watched clause decides what is said: the one furthest below what is required, on the chance."""
        chances = [one.estimate - one.required for one in self.verdicts]
        return chances.index(min(chances))

    @property
    def met(self) -> bool:
        """Whether every watched clause is met."""
        return self.word == "enough"

    @property
    def settled_by(self) -> float:
        """Replications that would settle an undecided candidate if its shares stay as they are; infinite: too close."""
        needed = [(one.estimate < one.required, settled_by(one)) for one in self.verdicts if one.verdict != "met"]
        # One clause not met is an answer, so the first below decides; to be met, all have to be.
        low = [n for below, n in needed if below]
        return min(low) if low else max((n for _, n in needed), default=float(self.replications))


@dataclass(frozen=True)
class SizingResult:
    """What the search found."""

    lines: tuple[Line, ...]
    priced: bool
    tried: tuple[Tried, ...] = field(repr=False)
    best: Tried | None
    """The cheapest combination shown to meet all; None: none was."""
    too_little: tuple[Tried, ...]
    """The most that was shown to be too little: each combination that no other one of them has as much of every lever
    as, the dearest first."""
    undecided: tuple[Tried, ...]
    """Combinations between the two that were run and are undecided, the cheapest first."""
    unknown: int
    """Combinations between the two that were not run."""
    least: LeastShort | None
    """Where none was shown to be enough: which of `tried`, by number, may leave least short of the clause that
    decides."""
    stands: Standing
    """How the clause that decides stands with the best one, else with the one that leaves least short on the mean."""
    broken: tuple[tuple[Combination, Combination], ...]
    """Pairs (less, more) where less met the clauses and more did not."""
    checked: bool
    """Whether all neighbours of the answer were run; not where the budget ran out."""
    spent: int
    candidates: int


def size(designed: Designed, oracle: SamplingOracle, rule: Sequential, lines: Sequence[Line] = ()) -> SizingResult:
    """Search the levers of an experiment; `lines`: clauses to be met, by default those that it watches.

    Raises SimrescueError where there is no lever, no clause, or several levers without prices.
    """
    wanted = tuple(lines) or designed.watched
    levers = {name: factor for name, factor in designed.experiment.factors.items() if factor.role == "lever"}
    if not levers or not wanted:
        raise SimrescueError(
            bilingual("size needs at least one factor with the role lever, and a clause that is measured in runs")
        )
    candidates, priced = _candidates(designed, levers)
    oracle.drawn = _world(designed, oracle.seed)
    search = _Search(candidates, wanted, oracle, rule)
    search.find_enough()
    # Before the other edge: a cheaper answer found around moves where that is looked for.
    checked = search.check_around()
    search.find_too_little()
    between = np.flatnonzero(search.between()).tolist()
    run = [search.tried[candidates[i].place] for i in between if candidates[i].place in search.tried]
    tried, best = tuple(search.tried.values()), search.best()
    least = None if best else _least_short(tried, wanted)
    shown = best or (tried[least.first] if least else None)
    return SizingResult(
        lines=wanted,
        priced=priced,
        tried=tried,
        best=best,
        too_little=search.edge(),
        undecided=tuple(sorted(run, key=lambda one: one.candidate.cost)),
        unknown=len(between) - len(run),
        least=least,
        stands=oracle.stands(shown.candidate.point, wanted[shown.weakest]) if shown else Standing(),
        broken=search.broken(),
        checked=checked,
        spent=oracle.spent,
        candidates=len(candidates),
    )


def _least_short(tried: Sequence[Tried], lines: Sequence[Line]) -> LeastShort | None:
    """Which combinations may leave least short, of the clause that decides where most was reached."""
    if not tried:
        return None
    decides = max(tried, key=lambda one: min(v.estimate - v.required for v in one.verdicts)).weakest
    return least_short([one.shorts[decides] for one in tried], lines[decides].clause.confidence)


def _world(designed: Designed, seed: int) -> Callable[[Point, int], Point] | None:
    """The uncertainties of an experiment as they are in replication k; None: it has none."""
    factors = {name: one for name, one in designed.experiment.factors.items() if one.role == "uncertainty"}
    if not factors:
        return None
    scenario = load(designed.scenario, designed.experiment.variants[0])

    def drawn(one: Point, number: int) -> Point:
        sets = dict(one.sets)
        for name, factor in factors.items():
            # By replication and factor only, so that all candidates meet the same world.
            value = at(factor, stream(seed, number, "uncertainty", name).random())
            sets |= changes(factor, value, scenario)
        return point(one.scenario, one.variant, sets)

    return drawn


def _candidates(designed: Designed, levers: dict[str, Factor]) -> tuple[list[Combination], bool]:
    scenario = load(designed.scenario, designed.experiment.variants[0])
    ladders = {name: _ladder(designed.experiment, name) for name in levers}
    # Before they are made: a few levers with long ladders would fill the memory.
    if (count := math.prod(len(ladder) for ladder in ladders.values())) > MOST_COMBINATIONS:
        raise SimrescueError(
            bilingual(
                "{count} combinations of the levers are too many: at most {most_combinations}",
                count=count,
                most_combinations=MOST_COMBINATIONS,
            )
        )
    priced = any(cost(levers[name], value) > 0 for name, ladder in ladders.items() for value in ladder)
    if not priced and len(levers) > 1:
        raise SimrescueError(bilingual("several levers can only be weighed against each other with a cost for each"))
    found = []
    for place in product(*(range(len(ladder)) for ladder in ladders.values())):
        values = {name: ladder[i] for (name, ladder), i in zip(ladders.items(), place, strict=True)}
        price = sum(cost(levers[name], value) for name, value in values.items()) if priced else float(place[0])
        sets = {
            path: new for name, value in values.items() for path, new in changes(levers[name], value, scenario).items()
        }
        found.append(Combination(place, values, price, point(designed.scenario, designed.experiment.variants[0], sets)))
    return found, priced


def _ladder(experiment: Experiment, name: str) -> list[Value]:
    """The values of one lever, least first: as a grid takes them, in the order of the file."""
    grid = Design(kind="grid", levels=experiment.design.levels)
    alone = experiment.model_copy(update={"factors": {name: experiment.factors[name]}, "design": grid})
    return [row.values[name] for row in rows(alone)]


class _Search:
    def __init__(
        self, candidates: list[Combination], lines: tuple[Line, ...], oracle: SamplingOracle, rule: Sequential
    ) -> None:
        self.candidates, self.lines, self.oracle, self.rule = candidates, lines, oracle, rule
        self.tried: dict[tuple[int, ...], Tried] = {}
        self.cost = np.array([one.cost for one in candidates])
        self.places: NDArray[np.int_] = np.array([one.place for one in candidates])

    def ask(self, index: int) -> Tried:
        one = self.candidates[index]
        if one.place not in self.tried:
            # Not all of them: one clause not met is answer enough, and the others would cost replications.
            verdicts = self.oracle.settle(one.point, self.lines, self.rule, all_of_them=False)
            rows = tuple(self.oracle.row(one.point, line) for line in self.lines)
            shorts = tuple(self.oracle.shortfalls(one.point, line) for line in self.lines)
            self.tried[one.place] = Tried(one, tuple(verdicts), self.oracle.has(one.point), rows, shorts)
        return self.tried[one.place]

    def find_enough(self) -> None:
        """Ask until no candidate is left that could be cheaper than the best one met."""
        self._narrow_down(np.ones(len(self.candidates), dtype=bool), "enough", self._as_dear, self._no_more)

    def find_too_little(self) -> None:
        """Ask until no candidate is left that could be shown to be too little, beyond those that were."""
        left = self.between()
        for index in np.flatnonzero(left).tolist():
            # Tried and still between, it is undecided; more of it is less likely still to be too little.
            if self.candidates[index].place in self.tried:
                left &= ~self._no_less(index)
        self._narrow_down(left, "too little", self._no_more, self._no_less)

    def _narrow_down(self, left: Mask, word: Word, if_so: Callable[[int], Mask], if_not: Callable[[int], Mask]) -> None:
        """Ask until no candidate is left: each answer rules out others, by `if_so` where it is `word`."""
        while left.any() and self.oracle.left > 0:
            index = self._most_telling(left, if_so, if_not)
            left &= ~(if_so(index) if self.ask(index).word == word else if_not(index))

    def _most_telling(self, left: Mask, if_so: Callable[[int], Mask], if_not: Callable[[int], Mask]) -> int:
        """The candidate that rules out most others whichever way it goes; the cheaper one of equals."""
        among = np.flatnonzero(left).tolist()
        worth = [min(int((if_so(i) & left).sum()), int((if_not(i) & left).sum())) for i in among]
        return among[max(range(len(among)), key=lambda k: (worth[k], -self.cost[among[k]]))]

    def _as_dear(self, index: int) -> Mask:
        return np.asarray(self.cost >= self.cost[index])

    def _no_more(self, index: int) -> Mask:
        return np.asarray((self.places <= self.places[index]).all(axis=1))

    def _no_less(self, index: int) -> Mask:
        return np.asarray((self.places >= self.places[index]).all(axis=1))

    def between(self) -> Mask:
        """Candidates cheaper than the best one, which no more of every lever was shown to be too little for."""
        best = self.best()
        left = np.ones(len(self.candidates), dtype=bool) if best is None else self.cost < best.candidate.cost
        for index, one in enumerate(self.candidates):
            if one.place in self.tried and self.tried[one.place].word == "too little":
                left &= ~self._no_more(index)
        return left

    def edge(self) -> tuple[Tried, ...]:
        """Candidates shown to be too little that no other such one has as much of every lever as, dearest first."""
        found = [one for one in self.tried.values() if one.word == "too little"]

        def beyond(one: Tried, other: Tried) -> bool:
            pairs = zip(one.candidate.place, other.candidate.place, strict=True)
            return other is not one and all(a <= b for a, b in pairs)

        kept = [one for one in found if not any(beyond(one, other) for other in found)]
        return tuple(sorted(kept, key=lambda one: -one.candidate.cost))

    def best(self) -> Tried | None:
        """The cheapest candidate met so far."""
        return min((one for one in self.tried.values() if one.met), key=lambda one: one.candidate.cost, default=None)

    def check_around(self) -> bool:
        """Run what is one step from the best one, and the greatest, until nothing cheaper is met; False: out of budget.

        Without a best one, what is one step below the greatest.
        """
        # `product` counts up from the least of each lever: its last has the most of all.
        greatest = len(self.candidates) - 1
        while True:
            best = self.best()
            here = best.candidate if best else self.candidates[greatest]
            around = np.flatnonzero(np.abs(self.places - here.place).sum(axis=1) == 1).tolist()
            for index in [*around, greatest]:
                # What was tried costs nothing to ask again.
                if self.oracle.left <= 0 and self.candidates[index].place not in self.tried:
                    return False
                self.ask(index)
            # A cheaper best one has other neighbours.
            if self.best() is best:
                return True

    def broken(self) -> tuple[tuple[Combination, Combination], ...]:
        """Pairs of tried candidates where more of the levers did worse than less."""
        found = []
        for less, more in product(self.tried.values(), repeat=2):
            places = less.candidate.place, more.candidate.place
            above = places[0] != places[1] and all(a <= b for a, b in zip(*places, strict=True))
            # Undecided is no proof that more does worse.
            if above and less.met and more.word == "too little":
                found.append((less.candidate, more.candidate))
        return tuple(found)
