"""What command orders for each depot from the one that restocks it, looked through at fixed hours.

A periodic-review, order-up-to-level policy (R, S) (Silver, Pyke and Thomas, Inventory and Production Management in
Supply Chains, 4th ed. 2017, ch. 6), all goods of a depot together and in whole lorries (time-and-quantity shipment
consolidation: Mutlu, Cetinkaya and Bookbinder 2010, doi 10.1080/07408170903462368). What is asked of a chain of stores
is reckoned from its last places (echelon stock: Clark and Scarf 1960, doi 10.1287/mnsc.6.4.475), and what neighbouring
stores have comes before what the upper one has (lateral transshipment: Paterson, Kiesmuller, Teunter and Glazebrook
2011, doi 10.1016/j.ejor.2010.08.019). Expectations only: no safety stock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from math import ceil, floor, inf
from typing import TYPE_CHECKING, NamedTuple

from simrescue.places import CONSUMABLE, NEEDS
from simrescue.responders import RELIEF
from simrescue.simulation.requests import SMALL, Key, OpenRequest, ReliefRequest, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Contact, Places
    from simrescue.simulation.state import Replication


def _nothing() -> list[float]:
    return [0.0] * len(NEEDS)


class Count(NamedTuple):
    """What a place has last told: how many people it feeds, and until which hour each item lasts for them."""

    persons: int
    lasts_until_h: tuple[float, ...]


class Book:
    """One depot in a review, by need in person-days or sets: what it will still have, and what it is short of."""

    def __init__(self, free: list[float], coming: list[float], full: tuple[float, ...]) -> None:
        """`free`: promised to nobody; `coming`: on its way; `full`: the room that it has. All by need."""
        self.left = [have + more for have, more in zip(free, coming, strict=True)]
        self.short = _nothing()
        self.room = [max(0.0, most - have) for most, have in zip(full, self.left, strict=True)]

    def give(self, wanted: list[float]) -> list[float]:
        """What it has of `wanted` (by need); it is spoken for from now on."""
        given = [min(want, have) for want, have in zip(wanted, self.left, strict=True)]
        self.left = _less(self.left, given)
        return given

    def order(self, wanted: list[float]) -> list[float]:
        """It is short of `wanted` (by need), as far as there is room for it; answers what there is none for."""
        more = [min(want, space) for want, space in zip(wanted, self.room, strict=True)]
        self.room = _less(self.room, more)
        self.short = [old + new for old, new in zip(self.short, more, strict=True)]
        return _less(wanted, more)


class Replenishment:
    """The orders between the depots of one replication."""

    def __init__(
        self,
        sim: Replication,
        contact: Contact,
        places: Places,
        requests: Mapping[Key, OpenRequest],
        lorry_t: Mapping[int, float],
    ) -> None:
        """`requests`: those that are open, by what they are about. `lorry_t`: what a lorry takes to each depot."""
        self.sim, self.contact, self.places, self.requests, self.lorry_t = sim, contact, places, requests, lorry_t
        self.counts: dict[int, Count] = {}
        self.known_near: dict[int, list[tuple[float, int]]] = {}
        self.held: set[int] = set()
        """Depots for which less than a lorry takes was left for this review."""
        self.upper = sim.world.upper

    def review(self, kg: tuple[float, ...]) -> Iterator[tuple[int, list[float]]]:
        """What each depot is to get from its upper depot from now on, by need: on its way, and to be sent.

        Up to what will be asked, until goods of the next review could come, of all depots that are as near; from
        those that work and can be heard. `kg` as of `requests.tonnes`.
        """
        self._take_counts()
        books = {
            i: Book(state.free(), self._coming(i), state.full)
            for i, state in self.places.depots.items()
            if i not in self.contact.dark and i not in self.sim.unsafe
        }
        self._share_out(books)
        ids = self.sim.world.ids
        # From the last stores up: what one is short of is asked of those above it in the same review.
        for depot in sorted((i for i in self.upper if i in books), key=lambda i: (-self._tier(i), ids[i])):
            book, above = books[depot], books.get(self.upper[depot])
            if above is None:
                continue
            given = above.give(book.short)
            sent = self._in_whole_lorries(depot, given, kg)
            above.left = [have + more for have, more in zip(above.left, _less(given, sent), strict=True)]
            # What it cannot send is asked of the one above it.
            above.order(_less(book.short, given))
            yield depot, [more + new for more, new in zip(self._coming(depot), sent, strict=True)]

    def _in_whole_lorries(self, depot: int, amounts: list[float], kg: tuple[float, ...]) -> list[float]:
        """As many whole lorries as it fills; what is left over waits for one review, and goes with the next."""
        mass, lorry_t = tonnes(amounts, kg), self.lorry_t.get(depot, 0.0)
        if mass <= SMALL or not lorry_t:
            self.held.discard(depot)
            return _nothing()
        order = self._request(depot)
        waiting_t = 0.0 if order is None else order.outstanding_t
        # What was ordered in an earlier review and still waits for a lorry stays ordered.
        goes_t = max(floor(mass / lorry_t + SMALL) * lorry_t, min(mass, waiting_t))
        if mass - goes_t <= SMALL or depot in self.held:
            self.held.discard(depot)
            return amounts
        self.held.add(depot)
        return [amount * goes_t / mass for amount in amounts]

    # ---- what is asked

    def _take_counts(self) -> None:
        """Whoever can be heard tells how many people are there and how long goods last; of others the last word."""
        for index, site in self.places.sites.items():
            if index not in self.contact.dark:
                self.counts.pop(index, None)
                if site.persons:
                    self.counts[index] = Count(site.persons, site.lasts_until_h())

    def _share_out(self, books: dict[int, Book]) -> None:
        """What places will ask for is taken from the stores that are near; the rest is short at the nearest of them.

        Near are those from which a lorry is there sooner than from the depot above the nearest that has one.
        """
        ids = self.sim.world.ids
        open_at = {
            need.place for need in self.requests.values() if isinstance(need, ReliefRequest) and not need.planned
        }
        for place in sorted(open_at | self.counts.keys(), key=ids.__getitem__):
            near = self._near(place)
            home = next((depot for _, depot in near if depot in self.upper and depot in books), -1)
            # Nothing to order where no store near is restocked, or nothing could come to it.
            if home < 0 or (lead_h := self._lead_h(home)) == inf:
                continue
            wanted = self._will_ask(place, lead_h + self.sim.settings.relief.replenishment_review)
            if not any(wanted):
                continue
            nearer = near[: bisect_left(near, (self._way_h(self.upper[home], place),))]
            sooner = [depot for _, depot in nearer if depot in books]
            if home not in sooner:
                sooner.append(home)
            for depot in sooner:
                if any(wanted):
                    wanted = _less(wanted, books[depot].give(wanted))
            for depot in sooner:
                if depot in self.upper and any(wanted):
                    wanted = books[depot].order(wanted)

    def _will_ask(self, place: int, horizon_h: float) -> list[float]:
        """What a place has asked for and not got, or will ask for in so many hours, by need."""
        relief, request, count = self.sim.settings.relief, self._request(place), self.counts.get(place)
        amounts = _nothing() if request is None else list(request.outstanding)
        if count is None:
            return amounts
        cycle_h = relief.days_sent * 24 - relief.reorder_h
        for item, name in enumerate(NEEDS):
            if amounts[item] > SMALL or not CONSUMABLE[item] or name not in relief.tracked:
                continue
            coming_h = self._coming(place)[item] / count.persons * 24
            until_h = self.sim.env.now + horizon_h + relief.reorder_h
            less_h = until_h - max(self.sim.env.now, count.lasts_until_h[item]) - coming_h
            if less_h > 0:
                # Places ask for `days_sent` whenever `reorder_h` are left: in whole portions, each for a cycle.
                amounts[item] = count.persons / 24 * (ceil(less_h / cycle_h) * cycle_h if cycle_h > 0 else less_h)
        return amounts

    # ---- the chain

    def _request(self, place: int) -> ReliefRequest | None:
        """What is open for goods of a place or a depot."""
        request = self.requests.get((RELIEF, place))
        return request if isinstance(request, ReliefRequest) else None

    def _coming(self, place: int) -> list[float]:
        """Goods on their way to it, by need."""
        request = self._request(place)
        return _nothing() if request is None else request.coming_items

    def _tier(self, depot: int) -> int:
        """How many depots stand above it."""
        upper = self.upper.get(depot)
        return 0 if upper is None else 1 + self._tier(upper)

    def _near(self, place: int) -> list[tuple[float, int]]:
        """All depots with a dry road to a place, with its hours, the nearest first."""
        if place not in self.known_near:
            ids = self.sim.world.ids
            ways = sorted((self._way_h(depot, place), ids[depot], depot) for depot in self.places.depots)
            self.known_near[place] = [(way_h, depot) for way_h, _, depot in ways if way_h < inf]
        return self.known_near[place]

    def _way_h(self, depot: int, place: int) -> float:
        """Hours of a lorry by dry roads."""
        return float(self.sim.world.network.profiles["truck"].hours_out(depot)[place])

    def _lead_h(self, depot: int) -> float:
        """Hours from an order to goods: a lorry comes to the upper depot from as far as it then goes, and loads."""
        upper = self.upper[depot]
        return 2 * self._way_h(upper, depot) + float(self.places.depots[upper].record.load_h)


def _less(amounts: list[float], others: list[float]) -> list[float]:
    return [max(0.0, amount - other) for amount, other in zip(amounts, others, strict=True)]
