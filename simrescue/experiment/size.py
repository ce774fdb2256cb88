"""Planning backwards: the cheapest setting of the levers of an experiment with which every watched clause is met.

Every combination of lever values is a candidate. The search asks about the candidate whose answer, whichever it is,
rules out most others, under the hope that more of a lever never harms:

    met        everything that costs as much or more is ruled out
    else       everything with no more of any lever is ruled out

With one lever this is bisection, with several it is branch and bound by cost. The hope is then checked, not assumed:
the neighbours of the answer, one step less or more of one lever, and the greatest combination are run themselves, and
wherever more of a lever did worse it is reported; a cheaper answer found that way replaces the dearer one. All
candidates meet the same events (common random numbers); factors with the role uncertainty are drawn anew for each
replication, the same for all candidates, so that a clause is met over all that may be. Each candidate is run until its
verdicts are settled by the anytime interval, so each verdict holds at its clause's confidence.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import SimrescueError
from simrescue.experiment.design import Design, Experiment, Factor, Sequential
from simrescue.experiment.design_file import Designed
from simrescue.experiment.factors import Value, changes, cost
from simrescue.experiment.points import Point, point
from simrescue.experiment.probing import Probe
from simrescue.experiment.sampling import at, rows
from simrescue.plans import Line, Verdict
from simrescue.scenario.load import load
from simrescue.streams import stream

MOST = 20_000
"""Combinations that are looked at."""


class Candidate(NamedTuple):
    """One combination of lever values."""

    place: tuple[int, ...]
    """Position of each lever among its values, least first."""
    values: dict[str, Value]
    cost: float
    """Yuan; without prices (one lever) the position of its value."""
    point: Point


class Tried(NamedTuple):
    """A candidate that was run."""

    candidate: Candidate
    verdicts: tuple[Verdict, ...]
    """One a watched clause."""
    replications: int

    @property
    def met(self) -> bool:
        """Whether every watched clause is met."""
        return all(one.verdict == "met" for one in self.verdicts)


@dataclass(frozen=True)
class Answer:
    """What the search found."""

    lines: tuple[Line, ...]
    priced: bool
    tried: tuple[Tried, ...] = field(repr=False)
    best: Tried | None
    """The cheapest combination that meets all; None: none does."""
    broken: tuple[tuple[Candidate, Candidate], ...]
    """Pairs (less, more) where less met the clauses and more did not."""
    checked: bool
    """Whether all neighbours of the answer were run; not where the budget ran out."""
    spent: int
    candidates: int


def size(designed: Designed, probe: Probe, rule: Sequential, lines: Sequence[Line] = ()) -> Answer:
    """Search the levers of an experiment; `lines`: clauses to be met, by default those that it watches.

    Raises SimrescueError where there is no lever, no clause, or several levers without prices.
    """
    wanted = tuple(lines) or designed.watched
    levers = {name: factor for name, factor in designed.experiment.factors.items() if factor.role == "lever"}
    if not levers or not wanted:
        raise SimrescueError(
            "size needs at least one factor with the role lever, and a clause that is measured in runs"
        )
    candidates, priced = _candidates(designed, levers)
    probe.drawn = _world(designed, probe.seed)
    search = _Search(candidates, wanted, probe, rule)
    search.narrow_down()
    checked = search.check_around()
    return Answer(
        wanted,
        priced,
        tuple(search.tried.values()),
        search.best(),
        search.broken(),
        checked,
        probe.spent,
        len(candidates),
    )


def _world(designed: Designed, seed: int) -> Callable[[Point, int], Point] | None:
    """The uncertainties of an experiment as they are in replication k; None: it has none."""
    factors = {name: one for name, one in designed.experiment.factors.items() if one.role == "uncertainty"}
    if not factors:
        return None
    scenario = load(designed.scenario, designed.experiment.variants[0])

    def drawn(one: Point, number: int) -> Point:
        sets = dict(one.sets)
        for name, factor in factors.items():
            value = at(factor, stream(seed, number, "uncertainty", name).random())
            sets |= changes(factor, value, scenario)
        return point(one.scenario, one.variant, sets)

    return drawn


def _candidates(designed: Designed, levers: dict[str, Factor]) -> tuple[list[Candidate], bool]:
    scenario = load(designed.scenario, designed.experiment.variants[0])
    ladders = {name: _ladder(designed.experiment, name) for name in levers}
    if (count := math.prod(len(ladder) for ladder in ladders.values())) > MOST:
        raise SimrescueError(f"{count} combinations of the levers are too many: at most {MOST}")
    priced = any(cost(levers[name], value) > 0 for name, ladder in ladders.items() for value in ladder)
    if not priced and len(levers) > 1:
        raise SimrescueError("several levers can only be weighed against each other with a cost for each")
    found = []
    for place in product(*(range(len(ladder)) for ladder in ladders.values())):
        values = {name: ladder[i] for (name, ladder), i in zip(ladders.items(), place, strict=True)}
        price = sum(cost(levers[name], value) for name, value in values.items()) if priced else float(place[0])
        sets = {
            path: new for name, value in values.items() for path, new in changes(levers[name], value, scenario).items()
        }
        found.append(Candidate(place, values, price, point(designed.scenario, designed.experiment.variants[0], sets)))
    return found, priced


def _ladder(experiment: Experiment, name: str) -> list[Value]:
    """The values of one lever, least first: as a grid takes them, in the order of the file."""
    grid = Design(kind="grid", levels=experiment.design.levels)
    alone = experiment.model_copy(update={"factors": {name: experiment.factors[name]}, "design": grid})
    return [row.values[name] for row in rows(alone)]


class _Search:
    def __init__(self, candidates: list[Candidate], lines: tuple[Line, ...], probe: Probe, rule: Sequential) -> None:
        self.candidates, self.lines, self.probe, self.rule = candidates, lines, probe, rule
        self.tried: dict[tuple[int, ...], Tried] = {}
        self.cost = np.array([one.cost for one in candidates])
        self.places: NDArray[np.int_] = np.array([one.place for one in candidates])
        self.open = np.ones(len(candidates), dtype=bool)

    def ask(self, index: int) -> Tried:
        one = self.candidates[index]
        if one.place not in self.tried:
            verdicts = self.probe.settle(one.point, self.lines, self.rule, all_of_them=False)
            self.tried[one.place] = Tried(one, tuple(verdicts), self.probe.has(one.point))
        return self.tried[one.place]

    def narrow_down(self) -> None:
        """Ask until no candidate is left that could be cheaper than the best one met."""
        while self.open.any() and self.probe.left > 0:
            index = self._most_telling()
            self.open &= ~(self._if_met(index) if self.ask(index).met else self._if_not(index))

    def _most_telling(self) -> int:
        """The open candidate that rules out most others whichever way it goes; the cheaper one of equals."""
        left = np.flatnonzero(self.open).tolist()
        worth = [min(int((self._if_met(i) & self.open).sum()), int((self._if_not(i) & self.open).sum())) for i in left]
        return left[max(range(len(left)), key=lambda k: (worth[k], -self.cost[left[k]]))]

    def _if_met(self, index: int) -> NDArray[np.bool_]:
        return np.asarray(self.cost >= self.cost[index])

    def _if_not(self, index: int) -> NDArray[np.bool_]:
        return np.asarray((self.places <= self.places[index]).all(axis=1))

    def best(self) -> Tried | None:
        """The cheapest candidate met so far."""
        return min((one for one in self.tried.values() if one.met), key=lambda one: one.candidate.cost, default=None)

    def check_around(self) -> bool:
        """Run what is one step from the best one, and the greatest, until nothing cheaper is met; False: out of budget.

        Without a best one, what is one step below the greatest.
        """
        greatest = len(self.candidates) - 1
        while True:
            best = self.best()
            here = best.candidate if best else self.candidates[greatest]
            around = np.flatnonzero(np.abs(self.places - here.place).sum(axis=1) == 1).tolist()
            for index in [*around, greatest]:
                if self.probe.left <= 0 and self.candidates[index].place not in self.tried:
                    return False
                self.ask(index)
            if self.best() is best:
                return True

    def broken(self) -> tuple[tuple[Candidate, Candidate], ...]:
        """Pairs of tried candidates where more of the levers did worse than less."""
        found = []
        for less, more in product(self.tried.values(), repeat=2):
            places = less.candidate.place, more.candidate.place
            above = places[0] != places[1] and all(a <= b for a, b in zip(*places, strict=True))
            if above and less.met and any(one.verdict == "not met" for one in more.verdicts):
                found.append((less.candidate, more.candidate))
        return tuple(found)
