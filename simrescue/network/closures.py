"""What closes or slows each road, by cause: one rule for the roads as they are and for those that command knows.

A road has at most one closure for each cause. Causes do not replace one another: a damaged road under water is damaged
when the water has left it, and one that a slide lies on is shut when the fire beside it is out. A new cause is one
`Cause`, registered; nothing else names causes one by one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import NamedTuple

from simrescue.events import EventKind
from simrescue.parameters import Parameters
from simrescue.responders import VEHICLE_KINDS, VEHICLES
from simrescue.wording import Words, bilingual, bilingual_as


@dataclass(frozen=True, slots=True)
class Cause:
    """Something that closes or slows roads."""

    name: str
    words: Words
    """What the road is then, as the end of a sentence: "under water"."""
    open_to: frozenset[str] = frozenset()
    """Ways of moving (of `VEHICLES`) that use the road all the same."""
    open_to_hulls: bool = False
    """Whether a boat passes that floats on the water over it."""
    slows: Callable[[Parameters], float] | None = None
    """Factor on the hours that the road takes; None: it slows nobody."""
    colour: str = "#8a6d3b"
    """What maps and the replay draw a road in that it closes, as #rrggbb."""


CAUSES: dict[str, Cause] = {}
"""Name -> cause; the place in this order is the `item` of ROAD_CLOSES in the log."""


def register(cause: Cause) -> Cause:
    """Add a cause; the same one again changes nothing.

    Args:
        cause: its place in the order of registration is its number in the log.

    Returns:
        The same record.

    Raises:
        ValueError: with all that is missing or wrong in it.
    """
    if wrong := list(_faults(cause)):
        raise ValueError(f"the cause {cause.name!r} is not fully registered: " + "; ".join(wrong))
    CAUSES[cause.name] = cause
    return cause


def _faults(cause: Cause) -> Iterator[str]:
    if not re.fullmatch(r"[a-z][a-z_]*", cause.name):
        yield "name: small letters and underlines"
    if CAUSES.get(cause.name, cause) != cause:
        yield f"name: another than {cause.name!r}, which is registered already"
    if not (cause.words.en and cause.words.zh):
        yield "words: English and Chinese"
    if unknown := sorted(set(cause.open_to) - set(VEHICLES)):
        yield f"open_to: of the ways of moving {', '.join(VEHICLES)}, not {', '.join(unknown)}"
    if not re.fullmatch(r"#[0-9a-f]{6}", cause.colour):
        yield "colour: as #rrggbb"


@contextmanager
def registered(*causes: Cause) -> Iterator[None]:
    """Have causes registered until the end of a block, as in a test. Raises ValueError as `register`."""
    new = [cause.name for cause in causes if cause.name not in CAUSES]
    try:
        for cause in causes:
            register(cause)
        yield
    # Only the new ones: one that was there before belongs to others.
    finally:
        for name in new:
            CAUSES.pop(name, None)


def words_of(number: int) -> Words:
    """What a road is by the cause at a place in `CAUSES`. Raises IndexError where there is none."""
    return list(CAUSES.values())[number].words


ALL = frozenset(VEHICLES)
# In this order, which the numbers in stored logs follow.
WATER = register(Cause("water", bilingual("under water"), open_to=ALL, open_to_hulls=True, colour="#3d7fc1")).name
DAMAGE = register(
    Cause("damage", bilingual_as("closures", "damaged"), open_to=frozenset({"foot"}), open_to_hulls=True)
).name
FLAMES = register(Cause("flames", bilingual("in flames"), colour="#c0392b")).name
SMOKE = register(
    Cause("smoke", bilingual("in thick smoke"), ALL, True, lambda parameters: parameters.smoke_slows_driving)
).name
ORDER = register(Cause("order", bilingual("closed by order"), open_to=frozenset({"foot"}), colour="#7b5ea7")).name
BRIDGE = register(Cause("bridge", bilingual("without its bridge, and cannot be waded"), open_to_hulls=True)).name
OWN = len(CAUSES)
"""How many causes are the program's own; those registered from outside have the numbers behind them."""
CLOSING: Mapping[EventKind, tuple[str, bool]] = {
    EventKind.ROAD_FLOODS: (WATER, True),
    EventKind.ROAD_CLEARS: (WATER, False),
    EventKind.ROAD_DAMAGED: (DAMAGE, True),
    EventKind.ROAD_REPAIRED: (DAMAGE, False),
    EventKind.ROAD_BURNS: (FLAMES, True),
    EventKind.ROAD_BURNT_OUT: (FLAMES, False),
    EventKind.ROAD_CLOSES: ("", True),
    EventKind.ROAD_OPENS: ("", False),
}
"""Event of a road (`subject`) -> the cause that closes it, or is gone; empty: the cause is the event's `item`."""
Closed = Mapping[str, float]
"""The closures of one road, by cause: metres of water; 1 for any other cause."""
OPEN: Closed = {}
NOBODY = frozenset[str]()


class Closures:
    """The closures of every road, by link and cause. Kept twice: as they are, and as command knows them."""

    __slots__ = ("on",)

    def __init__(self) -> None:
        self.on: dict[int, dict[str, float]] = {}
        """Links with at least one closure."""

    def of(self, link: int) -> Closed:
        """All closures of a link; empty where it is as always."""
        return self.on.get(link, OPEN)

    def amount(self, link: int, cause: str) -> float:
        """Of one cause on a link: metres of water, 1 for any other cause, 0 for none."""
        return self.on.get(link, OPEN).get(cause, 0.0)

    def put(self, link: int, cause: str, amount: float) -> bool:
        """Have this much of a cause on a link from now on.

        Args:
            link: its number.
            cause: name of it.
            amount: metres of water, 1 for any other cause; 0: the cause is gone.

        Returns:
            Whether it was not so already.
        """
        was = self.amount(link, cause)
        if amount:
            self.on.setdefault(link, {})[cause] = amount
        elif was:
            del self.on[link][cause]
            # Only links with a closure are kept: `on` is what is asked for all that is shut.
            if not self.on[link]:
                del self.on[link]
        return was != amount

    def copy(self, link: int, closed: Closed) -> None:
        """Have all causes on a link as somebody else has them: news of a road is all its closures at once."""
        if closed:
            # A copy: what is true goes on changing, what is known does not until the next news.
            self.on[link] = dict(closed)
        else:
            self.on.pop(link, None)

    def links(self, cause: str) -> Iterator[int]:
        """Numbers of the links on which there is a cause; `on` must not change while they are gone through."""
        return (link for link, closed in self.on.items() if cause in closed)

    def depth_m(self, link: int) -> float:
        """Depth of water on a link, m; 0 where it is too shallow to count."""
        return self.amount(link, WATER)


class Passage(NamedTuple):
    """What one way of moving gets through: the rule by which roads are closed to it."""

    vehicle: str
    limit_m: float
    """Depth that stops it on wheels or on foot; for a boat, where the hull takes over from its carrier truck."""
    draft_m: float
    """Depth from which its hull floats; infinite where it has none."""

    @classmethod
    def of(cls, vehicle: str, parameters: Parameters) -> Passage:
        """The passage of one of `VEHICLES`, with the limits of a scenario's parameters.

        Raises KeyError for another.
        """
        draft_m = parameters.boat_draft_m if VEHICLE_KINDS[vehicle].carrier else float("inf")
        return cls(vehicle, parameters.depth_limit_m(vehicle), draft_m)

    def floats(self, closed: Closed) -> bool:
        """Whether it goes by hull: the water is too deep for its carrier and deep enough for its draft."""
        depth_m = closed.get(WATER, 0.0)
        return depth_m > self.limit_m and depth_m >= self.draft_m

    def allows(self, closed: Closed) -> bool:
        """Whether it passes a road with these closures: each cause has to let it through."""
        if not closed:
            return True
        # By hull the depth of the water stops nobody; other causes still may.
        if self.floats(closed):
            return all(CAUSES[cause].open_to_hulls for cause in closed)
        # Water stops by its depth, the other causes by being there.
        if closed.get(WATER, 0.0) > self.limit_m:
            return False
        return all(self.vehicle in CAUSES[cause].open_to for cause in closed)


def shut_to(passages: Iterable[Passage], closed: Closed) -> frozenset[str]:
    """Those of some ways of moving that a road with these closures stops."""
    return frozenset(passage.vehicle for passage in passages if not passage.allows(closed)) if closed else NOBODY
