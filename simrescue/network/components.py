"""The parts that a network falls into while links close and open: kept up to date link by link.

Connected components of a graph under deletions and insertions of edges. A deletion is settled by two breadth-first
searches, one from each end, a node at a time in turn (the idea of Even and Shiloach, Journal of the ACM 28, 1981, 1-4):
it ends when they meet or the smaller side is used up. There is no spanning forest to keep: road networks have so many
short cycles that the searches nearly always meet at once.

Most links that close have a way round close by, so that looking from both of their ends settles it within a few steps;
where the network does fall apart, only the smaller side is gone through.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

Near = Sequence[Sequence[tuple[int, int, float]]]
"""For each node the open links from it: (node at the other end, link, hours)."""


class Components:
    """For each of N nodes the number of its part; `near` is changed by others, who tell of it here.

    `sizes`: what the nodes of each part weigh together.
    """

    def __init__(self, near: Near, part: Sequence[int], weight: Sequence[int] | None = None) -> None:
        """`part` (N): the parts with every link open. `weight` (N): what each node counts for; 1 where left out."""
        self.near = near
        # Its own: those that come with the network are shared by all replications.
        self.part = list(part)
        self.weight = [1] * len(self.part) if weight is None else weight
        self.sizes = dict[int, int]()
        for number, weighs in zip(self.part, self.weight, strict=True):
            self.sizes[number] = self.sizes.get(number, 0) + weighs
        self.total = sum(self.weight)
        self.count = max(self.part, default=0) + 1
        self.grown: set[int] = set()

    def split(self, a: int, b: int) -> None:
        """A link between two nodes has been taken out of `near`; call it after the change.

        The smaller side gets the new number, the larger keeps the old one: numbers of parts are never used again.
        """
        side = smaller_side(self.near, a, b)
        if side is not None:
            # Whoever asks what has grown must find those who were split off from a grown part before they asked.
            if self.part[a] in self.grown:
                self.grown.add(self.count)
            self._move(side, self.count)
            self.count += 1

    def join(self, a: int, b: int) -> None:
        """A link between two nodes is about to be put into `near`; call it before that: after it the two sides are one.

        The smaller side takes the number of the larger one.
        """
        # Both sides are searched before the link is there: afterwards nothing would tell which nodes were on which.
        if self.part[a] != self.part[b]:
            side = smaller_side(self.near, a, b) or set()
            into = self.part[b if a in side else a]
            self._move(side, into)
            self.grown.add(into)

    def _move(self, side: set[int], into: int) -> None:
        was, weighs = self.part[next(iter(side))], sum(self.weight[node] for node in side)
        self.sizes[was] -= weighs
        self.sizes[into] = self.sizes.get(into, 0) + weighs
        for node in side:
            self.part[node] = into

    def is_main(self, node: int) -> bool:
        """Whether a node is in the part that weighs most."""
        # More than half is the largest for sure; only else is it looked for among all parts.
        return 2 * self.sizes[self.part[node]] > self.total or self.part[node] == self.largest()

    def largest(self) -> int:
        """The part that weighs most; of equals that of the first node."""
        most = max(self.sizes.values(), default=0)
        return next((part for part in self.part if self.sizes[part] == most), 0)

    def take_grown(self) -> set[int]:
        """Parts that others have joined since this was last asked, whatever has become of them."""
        grown, self.grown = self.grown, set()
        return grown


def smaller_side(near: Near, a: int, b: int) -> set[int] | None:
    """The nodes that hang together with a or with b, about the fewer of the two; None if a and b hang together.

    Takes steps in proportion to the smaller side, or to the way round if there is one.
    """
    sides, fronts, turn = ({a}, {b}), (deque([a]), deque([b])), 0
    while a != b:
        if not fronts[turn]:
            return sides[turn]
        side, others = sides[turn], sides[1 - turn]
        for node, _, _ in near[fronts[turn].popleft()]:
            if node in others:
                return None
            if node not in side:
                side.add(node)
                fronts[turn].append(node)
        # A node of each side in turn, so that a large side costs no more than the small one.
        turn = 1 - turn
    return None
