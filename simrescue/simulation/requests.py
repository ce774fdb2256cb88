"""The open requests of command: what is needed where, how much of it is on its way, and what is worth asking about.

A request that found nobody is asked about again when it changes, when another part of the road network can be reached
from it, when light, weather, stock or shelters change, when a driver need no longer keep off a road, when a crew of a
helicopter begins a new day, or when a crew that may get there has come free. Everything else that stands open costs a
decision nothing.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable
from itertools import chain, takewhile

from simpy import Environment

from simrescue.dispatch.base import Rank, Request
from simrescue.responders import RELIEF, TASKS

SMALL = 1e-6
"""Less than this is nothing: persons or tonnes."""


class Need:
    """One request as command keeps it: what is needed, and how much of that is on its way."""

    __slots__ = (
        "amount", "call", "coming", "coming_items", "entry", "fire", "items", "key", "number", "opened_h", "persons",
        "place", "row", "task", "unable_told", "vulnerable", "wanted",
    )  # fmt: skip

    def __init__(self, number: int, task: int, place: int, opened_h: float, row: int) -> None:
        self.number, self.task, self.place, self.opened_h, self.row = number, task, place, opened_h, row
        self.amount = self.coming = self.persons = self.vulnerable = 0.0
        self.items: list[float] = []
        self.coming_items: list[float] = []
        self.wanted: tuple[int, ...] = ()
        self.call = self.fire = -1
        self.key = (task, place)
        self.unable_told = False
        self.entry: Entry | None = None

    @property
    def uncovered(self) -> bool:
        """Whether there is something that nobody is on the way for."""
        return self.amount - self.coming > SMALL

    def as_request(self) -> Request:
        """What the policy sees of it."""
        left = max(0.0, self.amount - self.coming)
        return Request(self.number, self.task, self.place, self.opened_h, self.persons, self.vulnerable, left)

    def want(self, items: list[float], loaded: list[float] | None = None) -> None:
        """These goods are needed, and these of them are loaded and on their way (None: as before)."""
        self.items = items
        if loaded is not None:
            self.coming_items = loaded
        pairs = zip(items, self.coming_items, strict=True)
        self.wanted = tuple(item for item, (want, coming) in enumerate(pairs) if want > coming)


Entry = tuple[Rank, int, Need]
"""A request's place in line; its number decides between equals."""


class Waiting:
    """Requests that are not covered yet, by task in the order of the policy, and those of them with news.

    `fresh`: number -> since when there is news that nobody has thought about yet (the first of it), and the request.
    `unasked`: those thought about while nobody was idle.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.lines: list[list[Entry]] = [[] for _ in TASKS]
        self.fresh: dict[int, tuple[float, Need]] = {}
        self.unasked: dict[int, Need] = {}

    def put(self, need: Need, rank: Rank) -> None:
        """A request has opened or changed: it stands in line where it belongs now, if it is not covered."""
        if not need.uncovered:
            self.drop(need)
            return
        if need.entry is None or need.entry[0] != rank:
            self._leave_line(need)
            need.entry = (rank, need.number, need)
            insort(self.lines[need.task], need.entry)
        self._has_news(need)

    def drop(self, need: Need) -> None:
        """A request is covered or closed."""
        self._leave_line(need)
        self.fresh.pop(need.number, None)
        self.unasked.pop(need.number, None)

    def _leave_line(self, need: Need) -> None:
        if need.entry is not None:
            line = self.lines[need.task]
            del line[bisect_left(line, need.entry)]
            need.entry = None

    def _has_news(self, need: Need) -> None:
        self.fresh.setdefault(need.number, (self.env.now, need))

    def look_again(self, task: int) -> None:
        """There is news that concerns all requests of a task."""
        for _, _, need in self.lines[task]:
            self._has_news(need)

    def look_again_at(self, items: set[int]) -> None:
        """There is stock of some items now, where there was none."""
        for _, _, need in self.lines[RELIEF] if items else ():
            if not items.isdisjoint(need.wanted):
                self._has_news(need)

    def look_again_where(self, reached: Callable[[int], bool]) -> None:
        """Others may get to some places now."""
        for _, _, need in chain.from_iterable(self.lines):
            if reached(need.place):
                self._has_news(need)

    def take_fresh(self, until_h: float) -> list[Entry]:
        """Requests with news from before or at this hour, in the order of the policy."""
        found = [need for _, need in takewhile(lambda one: one[0] <= until_h, self.fresh.values())]
        for need in found:
            del self.fresh[need.number]
        return sorted(need.entry for need in found if need.entry is not None)

    def put_aside(self, fresh: list[Entry]) -> None:
        """Nobody is idle: whether anybody is able shows with the first who comes free."""
        self.unasked.update((number, need) for _, number, need in fresh)

    def take_unasked(self) -> list[Need]:
        """Those put aside, in the order of the policy."""
        found = sorted(need.entry for need in self.unasked.values() if need.entry is not None)
        self.unasked = {}
        return [need for _, _, need in found]
