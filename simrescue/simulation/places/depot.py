"""A depot: stock by item, loading docks with a queue, and an upper depot that restocks it."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.places.servers import Servers
from simrescue.simulation.requests import SMALL, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Site
    from simrescue.simulation.state import Replication


class DepotState:
    """One depot of one replication."""

    __slots__ = (
        "desk", "docks", "full", "in_stock", "index", "opens_h", "promised", "record", "sim", "sites", "stock",
    )  # fmt: skip

    def __init__(self, sim: Replication, index: int, desk: CommandPost, sites: Mapping[int, Site]) -> None:
        """`sites`: where people may come from to fetch goods on foot."""
        self.sim, self.desk, self.sites = sim, desk, sites
        self.index = index
        record: Any = sim.world.places[index]
        self.record = record
        self.full: tuple[float, ...] = record.amounts()
        self.stock = list(self.full)
        self.promised = [0.0] * len(self.full)
        """Of the stock what is set aside for crews on their way to it."""
        self.in_stock = _some(self.stock)
        self.docks = Servers(sim.env, record.docks)
        self.opens_h: float | None = None if record.opening_h else 0.0
        """Hour from which staff are at work; None: nobody has called them."""
        for item, amount in enumerate(self.stock):
            if amount:
                sim.log(Kind.STOCKED, index, index, item=item, amount=amount)

    def staffed_h(self) -> float:
        """Hour from which staff are at work, if they are called now where nobody has called them yet."""
        return float(self.sim.env.now + self.record.opening_h) if self.opens_h is None else self.opens_h

    def order_staff(self) -> float:
        """Somebody wants goods: staff are called, if nobody has called them yet; answers hours until they are there."""
        self.opens_h = self.staffed_h()
        return max(0.0, self.opens_h - self.sim.env.now)

    def has(self, items: tuple[int, ...]) -> bool:
        """Whether it works and has any of these items that is promised to nobody."""
        return self.index not in self.sim.unsafe and not self.in_stock.isdisjoint(items)

    def take_dock(self, crew: int, cause: int, request: int) -> Generator[Any, Any, int]:
        """Wait for staff and a free dock; answers the last row."""
        opening = self.order_staff()
        if opening > 0 or not self.docks.is_free:
            cause = self.sim.log(Kind.WAITS_DOCK, crew, self.index, cause, request)
        if opening > 0:
            yield self.sim.env.timeout(opening)
        yield from self.docks.enter()
        return cause

    def free(self) -> list[float]:
        """What is in stock and promised to nobody, by need, in person-days or sets."""
        return [max(0.0, have - promised) for have, promised in zip(self.stock, self.promised, strict=True)]

    def load_plan(self, wanted: list[float], payload_t: float, kg: tuple[float, ...]) -> list[float]:
        """What a vehicle should carry of what is `wanted` and can be had here.

        Arguments and answer as of the function `load_plan`, with `payload_t` in tonnes and `kg` by need.
        """
        return load_plan([min(want, have) for want, have in zip(wanted, self.free(), strict=True)], payload_t, kg)

    def reserve(self, wanted: list[float]) -> list[float]:
        """Set goods aside for a crew, as far as there are any that are promised to nobody, and call staff for it.

        Args:
            wanted: by need, in person-days or sets.

        Returns:
            What is set aside of each, to be taken with `hand_over` or given back with `release`; never negative.
        """
        given = [max(0.0, min(want, have)) for want, have in zip(wanted, self.free(), strict=True)]
        self.promised = [old + more for old, more in zip(self.promised, given, strict=True)]
        self.in_stock = _some(self.free())
        # They come while the crew drives here, and not only when it stands at the gate.
        self.order_staff()
        return given

    def hand_over(self, load: list[float]) -> None:
        """A crew takes what was set aside for it; `load` as `reserve` answered."""
        self._unpromise(load)
        self.stock = [max(0.0, have - out) for have, out in zip(self.stock, load, strict=True)]

    def release(self, load: list[float]) -> None:
        """What was set aside for a crew is for anybody again; `load` as `reserve` answered."""
        before = self.in_stock
        self._unpromise(load)
        self._have_more(before)

    def _unpromise(self, load: list[float]) -> None:
        # Never below 0, by what rounding leaves of sums that were added and taken off again.
        self.promised = [max(0.0, old - out) for old, out in zip(self.promised, load, strict=True)]

    def draw(self, wanted: list[float]) -> list[float]:
        """Take goods out of stock at once; `wanted` and the answer as of `reserve`."""
        given = self.reserve(wanted)
        self.hand_over(given)
        return given

    def put(self, amounts: list[float]) -> None:
        """Goods come in from an upper depot, or come back undelivered; `amounts` by need, in person-days or sets."""
        before = self.in_stock
        self.stock = [have + more for have, more in zip(self.stock, amounts, strict=True)]
        self._have_more(before)

    def _have_more(self, before: frozenset[int]) -> None:
        """There may be goods for others now; `before`: items of which there were any."""
        self.in_stock = _some(self.free())
        # Only what there was none of: of more of the same nobody waits.
        if news := self.in_stock - before:
            self.desk.learn_stock(self, news)
            self.tell_next_door()

    def tell_next_door(self) -> None:
        """There is something to be had here now: people who can fetch it on foot see to it."""
        for site in self.sim.world.sites_on_foot.get(self.index, ()):
            self.sites[site].recount()


def _some(stock: list[float]) -> frozenset[int]:
    """Items of which there are any; what rounding leaves of a load is none."""
    return frozenset(item for item, amount in enumerate(stock) if amount > SMALL)


def load_plan(needs: list[float], payload_t: float, kg: tuple[float, ...]) -> list[float]:
    """What one truck should carry: all items in equal proportion, so that a part-load helps with each.

    Args:
        needs: by need, in person-days or sets.
        payload_t: what it takes, tonnes.
        kg: mass of a person-day or a set, by need.

    Returns:
        As `needs`, all of it where it fits.
    """
    mass = tonnes(needs, kg)
    share = 1.0 if mass <= payload_t else payload_t / mass
    return [amount * share for amount in needs]
