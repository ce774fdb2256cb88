"""The cheapest package that no known failure rules out: the least costly hitting set, by branch and bound.

Where more of a lever never harms, a package that fails tells of all that have no more of any lever. What is to turn the
verdict must therefore have more than it of at least one lever: each failure is a set that has to be hit. The cheapest
package that hits all of them is a bound from below; where it turns the verdict there is no cheaper one (implicit
hitting sets: Moreno-Centeno and Karp, Operations Research 61, 2013, 453-468).
"""

from __future__ import annotations

from collections.abc import Sequence

from simrescue.experiment.studies.mending.levers import Package

MOST_NODES = 100_000
"""Branches that are looked at."""


def cheapest_hitting(
    costs: Sequence[Sequence[float]], failures: Sequence[Package], most_nodes: int = MOST_NODES
) -> tuple[Package | None, bool]:
    """The cheapest package with more of some lever than each failure has.

    Args:
        costs: of each lever and step, rising: `costs[i][0]` is 0, for as it is.
        failures: packages known to fail.
        most_nodes: branches to look at before giving up.

    Returns:
        The package (None: no package hits them all), of equal ones the first in the order of packages; and whether the
        search was whole, so that none is cheaper.
    """
    maximal = [one for one in failures if not any(one != other and no_more(one, other) for other in failures)]
    search = _Search(costs, list(dict.fromkeys(maximal)), most_nodes)
    search.branch((0,) * len(costs), 0.0)
    return search.best, search.nodes < most_nodes


def no_more(one: Package, other: Package) -> bool:
    """Whether `one` has no more of any lever than `other`."""
    return all(a <= b for a, b in zip(one, other, strict=True))


class _Search:
    def __init__(self, costs: Sequence[Sequence[float]], failures: list[Package], most_nodes: int) -> None:
        self.costs, self.failures, self.most_nodes = costs, failures, most_nodes
        self.best: Package | None = None
        self.least = float("inf")
        self.nodes = 0
        self.seen: set[Package] = set()

    def branch(self, package: Package, cost: float) -> None:
        """Hit the first failure that is not hit yet in each possible way, the cheapest way first."""
        if package in self.seen or self.nodes >= self.most_nodes or not self._better(package, cost):
            return
        self.seen.add(package)
        self.nodes += 1
        missed = min((one for one in self.failures if no_more(package, one)), key=self._ways, default=None)
        if missed is None:
            self.best, self.least = package, cost
            return
        for i in sorted(
            self._open(missed), key=lambda i: (self.costs[i][missed[i] + 1] - self.costs[i][package[i]], i)
        ):
            more = (*package[:i], missed[i] + 1, *package[i + 1 :])
            self.branch(more, sum(of_lever[step] for of_lever, step in zip(self.costs, more, strict=True)))

    def _better(self, package: Package, cost: float) -> bool:
        return cost < self.least or (cost == self.least and (self.best is None or package < self.best))

    def _open(self, failure: Package) -> list[int]:
        return [i for i, step in enumerate(failure) if step + 1 < len(self.costs[i])]

    def _ways(self, failure: Package) -> int:
        return len(self._open(failure))
