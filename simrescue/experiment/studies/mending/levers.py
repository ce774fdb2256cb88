"""Levers of a menu: which changes exclude one another, and what a package of the others sets.

A lever is a ladder of steps, the cheapest first: 1, 2, 4 or 8 more boats; an order 20, 40 or 60 minutes earlier. A
package takes at most one step of each lever. Changes are steps of one lever where they set the same paths, or where
they cannot both be true: one path with two values, or a path that holds another (`boats.*.count`, a whole row). Changes
that raise the same number and do more besides stay levers of their own: what they raise it by adds up.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pydantic_core import PydanticCustomError

from simrescue.experiment.design.factors import numbers_at
from simrescue.experiment.studies.changes import Change
from simrescue.scenario.records import Scenario

Package = tuple[int, ...]
"""The step of each lever, counted from 1; 0: as it is."""


@dataclass(frozen=True)
class Levers:
    """All levers of a menu."""

    ladders: tuple[tuple[Change, ...], ...]
    """The steps of each, the cheapest first."""
    present: Mapping[str, float] = field(default_factory=dict)
    """What the scenario holds at each path whose number is raised."""

    @property
    def none(self) -> Package:
        """The package that changes nothing."""
        return (0,) * len(self.ladders)

    @property
    def all(self) -> Package:
        """The package with the last step of every lever."""
        return tuple(len(ladder) for ladder in self.ladders)

    def changes(self, package: Package) -> tuple[Change, ...]:
        """What a package buys, the dearest first."""
        bought = [ladder[step - 1] for ladder, step in zip(self.ladders, package, strict=True) if step]
        return tuple(sorted(bought, key=lambda one: (-one.cost, one.id)))

    def cost(self, package: Package) -> float:
        """Yuan that a package costs."""
        return sum(one.cost for one in self.changes(package))

    def sets(self, package: Package) -> dict[str, Any]:
        """Path -> value of all changes of a package together."""
        together: dict[str, Any] = {}
        # In the order of the levers and not of their cost: a row has to be there before a field of it is changed.
        for ladder, step in zip(self.ladders, package, strict=True):
            for path, value in (ladder[step - 1].sets if step else {}).items():
                both = path in together and path in self.present
                together[path] = together[path] + value - self.present[path] if both else value
        return together


def levers_of(menu: Sequence[Change], scenario: Scenario) -> Levers:
    """Put the changes of a menu on levers.

    Args:
        menu: the changes, in any order; one that does no more than a cheaper one is left out.
        scenario: what they are to change: a number raised by several of them is raised from what stands there.
    """
    ordered = sorted(menu, key=lambda one: (one.cost, one.id))
    present = dict(_raised(ordered, scenario))
    changes: list[Change] = []
    for change in ordered:
        if not any(_does_as_much(cheaper, change, present) for cheaper in changes):
            changes.append(change)
    lever_of = list(range(len(changes)))
    for i, j in _excluding(changes, present):
        old, new = lever_of[i], lever_of[j]
        lever_of = [new if lever == old else lever for lever in lever_of]
    found: dict[int, list[Change]] = defaultdict(list)
    for lever, change in zip(lever_of, changes, strict=True):
        found[lever].append(change)
    ladders = sorted((tuple(steps) for steps in found.values()), key=lambda steps: steps[0].id)
    return Levers(tuple(ladders), present)


def _raised(changes: Sequence[Change], scenario: Scenario) -> Iterator[tuple[str, float]]:
    """Paths where all changes raise a number, with the number that stands there now."""
    for path, who in _users(changes).items():
        values = [changes[i].sets[path] for i in who]
        if all(type(value) in (int, float) for value in values):
            for number in _number(scenario, path):
                if all(value > number for value in values):
                    yield path, number


def _does_as_much(one: Change, other: Change, present: Mapping[str, float]) -> bool:
    if one.sets.keys() != other.sets.keys():
        return False
    return all(value == other.sets[path] or (path in present and value > other.sets[path])
               for path, value in one.sets.items())  # fmt: skip


def _number(scenario: Scenario, path: str) -> list[float]:
    try:
        return [number for at, _, number in numbers_at(scenario, path) if at == path]
    except PydanticCustomError:  # there is no number there, and nothing to add to
        return []


def _users(changes: Sequence[Change]) -> dict[str, list[int]]:
    users: dict[str, list[int]] = defaultdict(list)
    for i, change in enumerate(changes):
        for path in change.sets:
            users[path].append(i)
    return users


def _excluding(changes: Sequence[Change], present: Mapping[str, float]) -> Iterator[tuple[int, int]]:
    """Pairs of changes that cannot go together."""
    users = _users(changes)
    alike: dict[frozenset[str], int] = {}
    for i, change in enumerate(changes):
        yield i, alike.setdefault(frozenset(change.sets), i)
    for path, who in users.items():
        values = [changes[i].sets[path] for i in who]
        # What they raise adds up, and one value for all is no quarrel.
        if path not in present and any(value != values[0] for value in values):
            yield from ((i, who[0]) for i in who[1:])
        for other in _within(path, users):
            yield from ((i, j) for i in who for j in users[other])


def _within(path: str, users: Mapping[str, Any]) -> Iterator[str]:
    """Other paths that mean a part of what this one does."""
    parts = path.split(".")
    if "*" in parts or len(parts) < 3:
        for other in users:
            if other != path and all(a in (b, "*") for a, b in zip(parts, other.split("."), strict=False)):
                yield other
