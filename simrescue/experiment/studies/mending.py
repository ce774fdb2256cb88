"""The smallest single change that turns a verdict: every change of a menu is tried alone, on the same events.

Two steps, so that replications go where they matter. Screening runs the scenario as it is and every change for the same
few replications, and orders the changes by how much more often the clause held and, among equals, by how far its value
moved towards the limit. Confirming then runs the most promising ones, and the scenario as it is, until their verdicts
are settled by the anytime interval. These verdicts hold all together at the clause's confidence: each is asked for at
1 - (1 - confidence) / number confirmed (Bonferroni). A change dropped in screening is not proven useless.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.analysis.paired import Difference, clause_difference
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.studies.changes import Change
from simrescue.experiment.studies.oracle import SamplingOracle, stricter
from simrescue.plans import Line, Verdict
from simrescue.scenario.records import Scenario

SCREENING = 8
"""Paired replications of every change."""
CONFIRMED = 6
"""Most changes that are run until their verdict is settled, for each clause."""


class Screened(NamedTuple):
    """What a few replications say of a change."""

    change: Change
    gained: float
    """Share of the pairs in which the clause holds with the change and not without, less the other way round."""
    moved: float
    """Mean movement of the clause's value towards its limit, in the unit of the value; nan where it is infinite."""


class Confirmed(NamedTuple):
    """A change run until its verdict was settled, or the rule or budget ended it."""

    change: Change
    verdict: Verdict
    difference: Difference
    """Against the scenario as it is, in the replications that both have."""


@dataclass(frozen=True)
class Mending:
    """What the menu can do for one clause."""

    line: Line
    base: Verdict
    """The verdict as things are."""
    screened: tuple[Screened, ...]
    """All changes, the most promising first."""
    confirmed: tuple[Confirmed, ...]
    """Those looked at closely, by cost."""
    menu: int
    """Changes on the menu; fewer are screened where the budget runs out."""

    @property
    def turning(self) -> tuple[Confirmed, ...]:
        """Changes with which the clause is met, the cheapest first."""
        return tuple(one for one in self.confirmed if one.verdict.verdict == "met")

    @property
    def undecided(self) -> tuple[Confirmed, ...]:
        """Changes of which it could not be shown whether they turn the clause: undecided is not "does not"."""
        return tuple(one for one in self.confirmed if one.verdict.verdict == "undecided")


def mend(
    scenario: Scenario,
    menu: Sequence[Change],
    lines: Sequence[Line],
    oracle: SamplingOracle,
    rule: Sequential,
    screening: int = SCREENING,
    confirmed: int = CONFIRMED,
) -> list[Mending]:
    """Try a menu on a scenario, clause by clause; a clause that is met already is not mended.

    The probe's budget is kept: a third of it at most goes to screening.
    """
    base = _point(scenario, {})
    points = {change.id: _point(scenario, change.sets) for change in menu}
    first = _affordable(oracle, len(menu) + 1, screening)
    # The base first: a change without it has no pair.
    oracle.run([base], first)
    tried = [change for change in menu if oracle.left > 0]
    oracle.run([points[change.id] for change in tried], first)
    found = []
    for line in lines:
        as_it_is = oracle.settle(base, [line], rule)[0]
        screened = _screen(oracle, base, points, tried, line, first)
        chosen = [] if as_it_is.verdict == "met" else [one.change for one in screened if _promises(one)][:confirmed]
        looks = stricter(line, len(chosen))
        close = [_confirm(oracle, base, points[change.id], change, looks, rule) for change in chosen]
        close.sort(key=lambda one: (one.change.cost, one.change.id))
        found.append(Mending(line, as_it_is, tuple(screened), tuple(close), len(menu)))
    return found


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


def _affordable(oracle: SamplingOracle, points: int, wanted: int) -> int:
    return wanted if math.isinf(oracle.left) else max(2, min(wanted, int(oracle.left / 3 / points)))


def _promises(one: Screened) -> bool:
    # Few pairs often show no gain where there is one; the value that moves is the hint then.
    return one.gained > 0 or (one.gained == 0 and one.moved > 0)


def _screen(
    oracle: SamplingOracle, base: Point, points: dict[str, Point], menu: Sequence[Change], line: Line, first: int
) -> list[Screened]:
    before = oracle.values(base, line)[:first]
    found = []
    for change in menu:
        after = oracle.values(points[change.id], line)[:first]
        # Where the budget ran out a change has fewer replications than the base, or none.
        if len(after):
            found.append(Screened(change, *_effect(line, after, before[: len(after)])))
    return sorted(found, key=lambda one: (-one.gained, -_number(one.moved), one.change.cost, one.change.id))


def _effect(line: Line, after: NDArray[np.float64], before: NDArray[np.float64]) -> tuple[float, float]:
    both = ~(np.isnan(after) | np.isnan(before))
    after, before = after[both], before[both]
    if not len(after):
        return 0.0, math.nan
    held = [[line.clause.holds(value) for value in values] for values in (after.tolist(), before.tolist())]
    gained = float(np.mean(held[0]) - np.mean(held[1]))
    sign = 1.0 if line.clause.comparison == "at_least" else -1.0
    # Infinite minus infinite is not a number, but two that never came do not differ.
    delta = np.subtract(after, before, out=np.zeros(len(after)), where=after != before)
    return gained, sign * float(delta.mean()) if np.isfinite(delta).all() else math.nan


def _number(value: float) -> float:
    # Nothing is less or more than nan: it would leave the order to chance.
    return -math.inf if math.isnan(value) else value


def _confirm(
    oracle: SamplingOracle, base: Point, one: Point, change: Change, line: Line, rule: Sequential
) -> Confirmed:
    verdict = oracle.settle(one, [line], rule)[0]
    after, before = oracle.values(one, line), oracle.values(base, line)
    n = min(len(after), len(before))
    tested = ~(np.isnan(after[:n]) | np.isnan(before[:n]))
    kept, was = ([line.clause.holds(value) for value in part[:n][tested].tolist()] for part in (after, before))
    return Confirmed(change, verdict, clause_difference(kept, was, line.clause.confidence))
