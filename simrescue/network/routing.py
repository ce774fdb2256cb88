"""Ways through the roads as command knows them: shortest open paths while links close and open again.

A* (Hart, Nilsson and Raphael 1968) with memory. Exact and incremental: a path computed before is kept as long as no
link on it has got worse since and none anywhere has got so much better that a way over it could win, because closing
roads can only make other ways longer. When a new way must be found, distances to the goal on dry roads are a lower
bound, so the search (A*) looks only at the surroundings of the detour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from heapq import heappop, heappush
from itertools import accumulate, compress
from typing import NamedTuple

from simrescue.network.closures import CAUSES, NOBODY, Closed, Closures, Passage, shut_to
from simrescue.network.components import Components
from simrescue.network.road_network import Network, Path, Profile
from simrescue.responders import VEHICLES

INFINITE = float("inf")
NOTHING: frozenset[int] = frozenset()
MANY = 40
"""Reopened links above which a new search costs less than checking an old way against each."""
LIMIT_H = 1e9
"""Longer than any way."""
TREE_AFTER = 3
"""Searches to one goal after which its whole tree is computed."""

Way = tuple[float, Path | None]
NO_WAY: Way = (INFINITE, None)


class RoadChange(NamedTuple):
    """What news of a link changes."""

    was_shut: frozenset[str]
    """Vehicles to which it was known closed."""
    is_shut: frozenset[str]
    """Vehicles to which it is known closed now."""
    eases: bool
    """Whether it has got better for some vehicle; else no way can have become shorter."""


class Router:
    """Known state of the roads in one replication, and the best ways through it, in hours and links.

    Nodes and links are those of the `Network`; vehicles are those of `responders.VEHICLES`, and another is a KeyError.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.closures = Closures()
        self.passages = {vehicle: Passage.of(vehicle, network.parameters) for vehicle in VEHICLES}
        self.news = 0
        """How often command has learned of a link: what is looked up by known roads holds until it changes."""
        self._shut: dict[int, frozenset[str]] = {}
        self._states: dict[tuple[object, ...], _KnownRoads] = {}
        self._of = {vehicle: self._state(vehicle) for vehicle in VEHICLES}

    def _state(self, vehicle: str) -> _KnownRoads:
        """Vehicles of equal speeds that the same closures stop share one state."""
        profile, passage = self.network.profiles[vehicle], self.passages[vehicle]
        shut_by = tuple(cause.name for cause in CAUSES.values() if vehicle not in cause.open_to)
        key = (id(profile), passage.limit_m, passage.draft_m, shut_by)
        if key not in self._states:
            # ways of all boats are planned at the default speed, whatever the boat
            floats = passage.draft_m < INFINITE
            hull = (self.network.length_km / self.network.parameters.boat_speed_kmh).tolist() if floats else None
            self._states[key] = _KnownRoads(profile, passage, hull)
        return self._states[key]

    def learn(self, link: int, closed: Closed) -> RoadChange:
        """Command now knows these closures of a link, all of them; the rule is `Passage`. Answers what that changes.

        A boat goes by hull where it floats. A closure that only slows does not change the way that is planned.
        """
        self.closures.copy(link, closed)
        self.news += 1
        was, now = self._shut.get(link, NOBODY), shut_to(self.passages.values(), closed)
        self._shut[link] = now
        eased = [state.learn(link, closed, state.passage.vehicle in now) for state in self._states.values()]
        return RoadChange(was, now, any(eased))

    def forget(self) -> None:
        """Drop all ways that are remembered; they are found again with the same digits."""
        for state in self._states.values():
            state.ways.clear()
            state.trees.clear()

    def is_closed(self, vehicle: str, link: int) -> bool:
        """Whether a link is known closed to a vehicle; one that is only slower is not."""
        return vehicle in self._shut.get(link, NOBODY)

    def closed(self, vehicle: str) -> frozenset[int]:
        """Links known closed to a vehicle."""
        return frozenset(link for link, hours in self._of[vehicle].cost.items() if hours == INFINITE)

    def parts(self, vehicle: str) -> Components:
        """The parts that the roads known open to a vehicle make; they go on changing with what is known."""
        return self._of[vehicle].parts

    def at_least(self, vehicle: str, a: int, b: int) -> float:
        """A lower bound on `hours` from node a to b, cheap to get: the hours with every road open."""
        return self._of[vehicle].profile.dry_hours(a, b)

    def hours(self, vehicle: str, a: int, b: int, extra: frozenset[int] = NOTHING) -> float:
        """Hours from node a to b by the roads known open; infinite if there is no way.

        Known but passable water does not slow the planned drive.

        Args:
            vehicle: whose roads and speeds count.
            a: node of departure.
            b: node of arrival.
            extra: links that this driver knows closed besides.
        """
        state = self._of[vehicle]
        return state.find(a, b, extra)[0] if extra else state.known(a, b)[0]

    def reaches(self, vehicle: str, a: int, b: int, extra: frozenset[int] = NOTHING) -> bool:
        """Whether there is a way from node a to b, as `hours` has one; cheaper to get."""
        state = self._of[vehicle]
        part = state.parts.part
        return part[a] == part[b] and (not (extra or state.profile.has_directions) or state.gets(a, b, extra))

    def reached(self, vehicle: str, a: int, places: Sequence[int], extra: frozenset[int] = NOTHING) -> Iterator[int]:
        """Those of some places to which there is a way from node a, in their order, as `reaches` tells of each.

        One after another: mostly the first will do, of hundreds.
        """
        state = self._of[vehicle]
        part = state.parts.part
        own = part[a]
        if extra or state.profile.has_directions:
            return (place for place in places if part[place] == own and state.gets(a, place, extra))
        return compress(places, map(own.__eq__, map(part.__getitem__, places)))

    def path(self, vehicle: str, a: int, b: int, extra: frozenset[int] = NOTHING) -> Path | None:
        """Links in order from a to b of the way that `hours` stands for; None if there is no way, () if a is b."""
        return self._of[vehicle].find(a, b, extra)[1]

    def nearest(self, vehicle: str, start: int, will_do: Callable[[int], bool]) -> int | None:
        """The first node that will do, by hours from a node on roads known open.

        By Dijkstra's algorithm (1959).

        Args:
            vehicle: whose roads and speeds count.
            start: node of departure, which is looked at first.
            will_do: whether a node is one that is looked for.

        Returns:
            The node; of equally near ones the first by number; None where none can be reached.
        """
        near, done, heap = self._of[vehicle].onward, set[int](), [(0.0, start)]
        while heap:
            so_far, node = heappop(heap)
            if node in done:
                continue
            if will_do(node):
                return node
            done.add(node)
            for other, _, hours in near[node]:
                if other not in done:
                    heappush(heap, (so_far + hours, other))
        return None

    def times(self, vehicle: str, path: Path, start: int | None = None) -> tuple[float, ...]:
        """Planned hours from the start of a path (links) to the far end of each of its links, as many as links.

        `start`: node from which it starts; may be left out where no road has directions of its own.
        """
        state = self._of[vehicle]
        dry = state.profile.hours_along(start, path)
        return tuple(accumulate(max(state.cost.get(link, hours), hours) for link, hours in zip(path, dry, strict=True)))


_Checked = tuple[Way, int, int]
"""A way found earlier, and the changes that it has been checked against: a version, and so many links got better."""


class _KnownRoads:
    """Known costs of links for one kind of vehicle that differ from the dry ones.

    `version` counts changes. `worse_at[link]`: version at which a link last got worse. `better`: links that got better,
    in the order of happening. `near[node]`: open links at a node, as in the profile, with the hours known. `onward`:
    those that may be driven from it, with the hours from it; the same list where no road has directions of its own.
    """

    def __init__(self, profile: Profile, passage: Passage, hull: list[float] | None) -> None:
        self.profile = profile
        self.passage = passage
        self.hull = hull
        self.cost: dict[int, float] = {}
        self.hours = profile.hours.copy()
        self.near = profile.neighbours.copy()
        self.onward = profile.onward.copy() if profile.has_directions else self.near
        self.matrix = profile.matrix()
        self.version = 0
        self.worse_at = [0] * len(profile.link_hours)
        self.better: list[int] = []
        self.ways: dict[int, _Checked] = {}
        self.trees: dict[int, _KnownTree] = {}
        self.searches: dict[int, int] = {}
        self.reached: tuple[tuple[int, int, frozenset[int]], set[int]] = ((-1, -1, NOTHING), set())
        """Version of the roads, node and links closed besides of the last search, and the nodes found."""
        self.parts = Components(self.near, profile.parts, profile.weight)

    def learn(self, link: int, closed: Closed, shut: bool) -> bool:
        """Answers whether the link has got better."""
        dry = self.profile.link_hours[link]
        new = INFINITE if shut else self._hours(link, closed, dry)
        old = self.cost.get(link, dry)
        if new == old:
            return False
        self.version += 1
        # Only what differs is kept: while nothing does, dry ways are answered without a look.
        if new == dry:
            del self.cost[link]
        else:
            self.cost[link] = new
        # Before the link is in `near`: afterwards both sides are one and cannot be told apart.
        if old == INFINITE:
            self.parts.join(*self.profile.ends[link])
        self._put(link, new)
        if new == INFINITE:
            self.parts.split(*self.profile.ends[link])
        # Only a worse link can spoil a way that it is on, and only a better one can make another way win: each is kept
        # apart.
        if new > old:
            self.worse_at[link] = self.version
        else:
            self.better.append(link)
        return new < old

    def _put(self, link: int, hours: float) -> None:
        self.hours[link] = hours
        profile, cost = self.profile, self.cost
        for node in profile.ends[link]:
            known = [(other, beside, cost.get(beside, dry)) for other, beside, dry in profile.neighbours[node]]
            # A list of its own: at first it is that of the profile, which all replications share.
            self.near[node] = [step for step in known if step[2] < INFINITE]
        if profile.has_directions:
            self._put_directed(link)
            return
        for place, links in profile.entries[link]:
            self.matrix.data[place] = min(self.hours[parallel] for parallel in links)

    def _put_directed(self, link: int) -> None:
        profile = self.profile
        for node in profile.ends[link]:
            known = [(other, beside, self.hours_from(node, beside)) for other, beside, _ in profile.onward[node]]
            self.onward[node] = [step for step in known if step[2] < INFINITE]
        for place, links in profile.entries[link]:
            # The column is where the hours of this place of the matrix begin.
            node = int(self.matrix.indices[place])
            self.matrix.data[place] = min(self.hours_from(node, parallel) for parallel in links)

    def hours_from(self, node: int, link: int) -> float:
        """Known hours over a link from one of its ends; infinite where it is closed or against a one-way road."""
        return max(self.cost.get(link, 0.0), self.profile.hours_from(node, link))

    def _hours(self, link: int, closed: Closed, dry: float) -> float:
        return max(self.hull[link], dry) if self.hull is not None and self.passage.floats(closed) else dry

    def find(self, a: int, b: int, extra: frozenset[int]) -> Way:
        way = self.known(a, b)
        # The best of all ways is the best of fewer too, if it is among them; and where all have none, he has none.
        if not extra or way[1] is None or extra.isdisjoint(way[1]):
            return way
        return self._search(a, b, extra)

    def gets(self, a: int, b: int, extra: frozenset[int]) -> bool:
        """Whether `find` finds a way; all places that can be reached from one are found together."""
        key = self.version, a, extra
        if self.reached[0] != key:
            way = self.known(a, b)
            if way[1] is None or extra.isdisjoint(way[1]):
                return way[1] is not None
            reached, nodes = {a}, [a]
            for node in nodes:
                for other, link, _ in self.onward[node]:
                    if other not in reached and link not in extra:
                        reached.add(other)
                        nodes.append(other)
            self.reached = key, reached
        return b in self.reached[1]

    def known(self, a: int, b: int) -> Way:
        key = a * self.profile.nodes + b
        entry = self.ways.get(key)
        if entry is not None and entry[1] == self.version:
            return entry[0]
        # Without this a search for a way that does not exist goes through the whole part.
        part = self.parts.part
        if part[a] != part[b]:
            return NO_WAY
        way = self.profile.memo.get(key) or self.profile.dry(a, b)
        # Nothing differs from dry roads: no memory of our own is needed.
        if not self.cost:
            return way
        # The dry way is the best there can be; while nothing on it has changed there is nothing to search.
        if way[1] is not None and not self.cost.keys().isdisjoint(way[1]):
            # Only a way that could have become worse, or been beaten, is looked for again.
            way = self._detour(a, b) if entry is None or not self._still_best(a, b, *entry) else entry[0]
        self.ways[key] = way, self.version, len(self.better)
        return way

    def _still_best(self, a: int, b: int, way: Way, version: int, better: int) -> bool:
        """Whether a way that was best at a version, with so many links then got better, is best now; there is one."""
        hours, path = way
        # closures off the way cannot have made it worse, and those on it show in `worse_at`; only what has got better
        # since can have made another way shorter
        opened = self.better[better:]
        if path is None or max(map(self.worse_at.__getitem__, path)) > version or len(opened) > MANY:
            return False
        return all(self._no_short_cut(a, b, link, hours) for link in opened)

    def _no_short_cut(self, a: int, b: int, link: int, hours: float) -> bool:
        """Whether even dry roads to and from a link make no way over it that is shorter than `hours`."""
        u, v = self.profile.ends[link]
        from_a, to_b = self.profile.hours_out(a), self.profile.trees[b].hours
        if self.profile.has_directions:
            forth, back = self.profile.link_hours[link], self.profile.back_hours[link]
            return bool(min(from_a[u] + forth + to_b[v], from_a[v] + back + to_b[u]) >= hours)
        return min(from_a[u] + to_b[v], from_a[v] + to_b[u]) + self.profile.link_hours[link] >= hours

    def _detour(self, a: int, b: int) -> Way:
        tree = self.trees.get(b)
        if tree is not None:
            way = tree.way(a)
            if self._still_best(a, b, way, tree.version, tree.better):
                return way
        # a tree costs about as much as a few searches, and then serves every crew that goes to b
        self.searches[b] = searches = self.searches.get(b, 0) + 1
        if searches <= TREE_AFTER:
            return self._search(a, b, NOTHING)
        self.searches[b] = 0
        tree = self.trees[b] = _KnownTree(self, b)
        return tree.way(a)

    def _bound(self, goal: int) -> memoryview[float]:
        """Hours to the goal from every node that the true ones cannot be below."""
        tree = self.trees.get(goal)
        # Links that have got worse since leave its hours a bound; one that has got better does not.
        return tree.hours if tree is not None and tree.better == len(self.better) else self.profile.trees[goal].hours

    def _search(self, a: int, b: int, extra: frozenset[int]) -> Way:
        """A*: nodes by hours so far plus a lower bound to b (consistent, since links only got slower)."""
        bound, near = self._bound(b), self.onward
        reached, came, done = {a: 0.0}, dict[int, tuple[int, int]](), set[int]()
        heap = [(bound[a], a)]
        while heap:
            node = heappop(heap)[1]
            if node == b:
                return reached[b], _trace(came, a, b)
            if node in done:
                continue
            done.add(node)
            so_far = reached[node]
            for other, link, hours in near[node]:
                total = so_far + hours
                # Nodes are put in again when a shorter way to them is found; the older entries are passed over as done.
                if (other not in reached or total < reached[other]) and link not in extra:
                    reached[other] = total
                    came[other] = (node, link)
                    heappush(heap, (total + bound[other], other))
        return NO_WAY


def _trace(came: dict[int, tuple[int, int]], a: int, b: int) -> Path:
    links = []
    while b != a:
        b, link = came[b]
        links.append(link)
    return tuple(reversed(links))


class _KnownTree:
    """Shortest hours from every node to one root at one state of the roads."""

    def __init__(self, state: _KnownRoads, root: int) -> None:
        from scipy.sparse.csgraph import dijkstra

        self.profile, self.root = state.profile, root
        self.version, self.better = state.version, len(state.better)
        self.link_hours = state.hours.copy()
        self.cost = state.cost.copy() if state.profile.has_directions else {}
        # Closed links stand in the matrix with infinite hours; the limit keeps out of the tree whatever is behind them.
        hours, towards = dijkstra(state.matrix, indices=[root], return_predecessors=True, limit=LIMIT_H)
        self.hours: memoryview[float] = memoryview(hours[0])
        self.towards: memoryview[int] = memoryview(towards[0])

    def way(self, node: int) -> Way:
        """Hours and path from a node to the root."""
        total, links = self.hours[node], list[int]()
        if total == INFINITE:
            return NO_WAY
        while node != self.root:
            step = self.towards[node]
            joining = self.profile.joining[node, step]
            # The tree knows nodes only; of parallel links the one that was quickest when the tree was made is meant.
            if len(joining) == 1:
                links.append(joining[0])
            elif self.profile.has_directions:
                links.append(min(joining, key=partial(self._hours_from, node)))
            else:
                links.append(min(joining, key=self.link_hours.__getitem__))
            node = step
        return total, tuple(links)

    def _hours_from(self, node: int, link: int) -> float:
        return max(self.cost.get(link, 0.0), self.profile.hours_from(node, link))
