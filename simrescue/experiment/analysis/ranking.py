"""Which of several ways is best, with a stated probability that the choice is right.

Two methods, both on pairs that share their random numbers, so that only what differs between two ways counts:

`select` reads replications that are there already. It keeps every way that may still be the best and says by how much
the chosen one can be worse than the best: both statements hold together with the stated confidence, at any look
(comparisons with the best, Hsu, Multiple Comparisons, 1996, ch. 4, with the intervals of `paired` and Bonferroni's
inequality in place of a common variance).

`kim_nelson` buys replications one by one and drops ways as soon as they are clearly behind (Kim and Nelson, ACM
Transactions on Modeling and Computer Simulation 11, 2001, 251-273, their procedure KN with c = 1): where the best way
is better than all others by at least the indifference zone, it is chosen with the stated probability. Exact for normal
observations.

Clauses (held or not) that share their random numbers often show no difference at all in the first replications, which
is no proof that there is none. `kim_nelson` therefore counts two pairs more in its variance, one of each sign (Bonett
and Price, Journal of Educational and Behavioral Statistics 37, 2012, 479-488). The tests show that the stated
probabilities then hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.experiment.analysis.paired import mean_interval, share_interval, together
from simrescue.experiment.analysis.statistics import Interval

Floats = NDArray[np.float64]
DrawSamples = Callable[[Sequence[int], int, int], NDArray[np.float64]]
"""draw(ways, first, count): observations in replications first .. first + count - 1, shape (ways, count)."""


class Selection(NamedTuple):
    """The way chosen from replications that are there."""

    best: int
    kept: tuple[int, ...]
    """Ways that may still be the best; `best` is among them."""
    slack: float
    """The chosen way is worse than the best by no more than this."""
    confidence: float
    n: int


def select(values: ArrayLike, confidence: float = 0.95, largest: bool = True) -> Selection:
    """Choose the way with the best mean from replications that are there (comparisons with the best, Hsu 1996).

    Args:
        values: of each way in each replication, shape (ways, replications), replications in the same order for all.
        confidence: that both statements of the answer hold, 0.5..1.
        largest: whether more is better.

    Returns:
        The way chosen, all that may still be the best, and by how much the chosen one can be worse, in the unit of the
        values.

    Raises:
        ValueError: for fewer than two replications and for values that are not finite.
    """
    data = np.asarray(values, dtype=float) * (1 if largest else -1)
    ways, n = data.shape
    if n < 2 or not np.isfinite(data).all():
        raise ValueError("a choice needs at least two replications and finite values")
    best = int(np.argmax(data.mean(axis=1)))
    # The best is compared with each of the others, and all of these intervals have to hold at once.
    level = together(confidence, ways - 1)
    is_clause = bool(np.isin(np.abs(data), (0.0, 1.0)).all())
    ahead = [[_ahead(way, other, level, is_clause) for other in data] for way in data]
    kept = tuple(i for i in range(ways) if all(ahead[i][j].high >= 0 for j in range(ways) if j != i))
    # Those that were dropped are behind the best for sure, and cannot be what the choice has missed.
    slack = max((-ahead[best][j].low for j in kept if j != best), default=0.0)
    return Selection(best, kept, max(0.0, slack), confidence, n)


def _ahead(way: Floats, other: Floats, confidence: float, is_clause: bool) -> Interval:
    """By how much one way is better than another."""
    if not is_clause:
        return mean_interval(way - other, confidence)[0]
    return share_interval(int((way > other).sum()), int((way < other).sum()), len(way), confidence)


class Race(NamedTuple):
    """How a race between ways ended."""

    best: int
    """The winner, or the way that is ahead where the budget ran out."""
    left: tuple[int, ...]
    """Ways still in the race; one where it was decided."""
    means: tuple[float, ...]
    """Mean of each way over the replications that it had."""
    runs: tuple[int, ...]
    """Replications of each way."""

    @property
    def decided(self) -> bool:
        """Whether one way was left."""
        return len(self.left) == 1


def kim_nelson(
    draw: DrawSamples,
    ways: int,
    indifference: float,
    confidence: float = 0.95,
    first: int = 20,
    budget: int = 100_000,
    batch: int = 1,
    largest: bool = True,
) -> Race:
    """Run ways side by side until one is left: the sequential procedure KN of Kim and Nelson (2001).

    Args:
        draw: gives observations (`Draw`); all ways of one replication share their random numbers.
        ways: how many there are.
        indifference: differences smaller than this do not matter, in the unit of the observations.
        confidence: with which the best is chosen where it leads by at least the indifference zone.
        first: replications of each way before the first look, from which the variances are taken.
        budget: most replications of all ways together; the race ends undecided before a round would exceed it.
        batch: replications of each way bought between two looks: more cost a few more and are never less safe.
        largest: whether more is better.

    Raises:
        ValueError: for an indifference zone of 0 or less, and for fewer than two first replications.
    """
    if indifference <= 0 or first < 2:
        raise ValueError("an indifference zone above 0 and at least two first replications are needed")
    sign = 1 if largest else -1
    seen = [list(row) for row in sign * np.asarray(draw(range(ways), 0, first), dtype=float)]
    left = list(range(ways))
    data = np.array(seen)
    variance = _variance(data)
    # eta and need as in the paper for c = 1: `need` is h^2 S^2 / delta^2, in replications.
    eta = ((2 * (1 - confidence) / max(1, ways - 1)) ** (-2 / (first - 1)) - 1) / 2
    need = 2 * eta * (first - 1) * variance / indifference**2
    while True:
        left = _still_in(left, seen, need, indifference)
        spent = sum(map(len, seen))
        if len(left) == 1 or spent + batch * len(left) > budget:
            break
        more = sign * np.asarray(draw(left, len(seen[left[0]]), batch), dtype=float)
        for way, row in zip(left, more, strict=True):
            seen[way].extend(row)
    means = tuple(sign * float(np.mean(row)) for row in seen)
    best = max(left, key=lambda way: sign * means[way])
    return Race(best, tuple(left), means, tuple(map(len, seen)))


def _variance(data: NDArray[np.float64]) -> NDArray[np.float64]:
    """Variance of the difference of each two ways, data shape (ways, n), answer (ways, ways)."""
    delta = data[:, None, :] - data[None, :, :]
    if not np.isin(np.abs(data), (0.0, 1.0)).all():
        return np.asarray(delta.var(axis=2, ddof=1))
    # Clauses that agree in all first replications have no variance yet; two pairs more keep the race from ending on
    # that.
    n = data.shape[1]
    return np.asarray((np.square(delta).sum(axis=2) + 2 - np.square(delta.sum(axis=2)) / (n + 2)) / (n + 1))


def _still_in(left: list[int], seen: list[list[float]], need: NDArray[np.float64], indifference: float) -> list[int]:
    """Ways that no other way is ahead of by more than the room that is left to them."""
    runs = len(seen[left[0]])
    mean = {way: float(np.mean(seen[way])) for way in left}

    def behind(way: int, other: int) -> bool:
        # The room shrinks with each replication and is gone at `need`: from there on the mean alone decides.
        room = max(0.0, indifference / (2 * runs) * (float(need[way, other]) - runs))
        return mean[way] < mean[other] - room

    kept = [way for way in left if not any(behind(way, other) for other in left if other != way)]
    return (
        kept if len(kept) != len(left) or runs <= need[np.ix_(left, left)].max() else [max(left, key=mean.__getitem__)]
    )
