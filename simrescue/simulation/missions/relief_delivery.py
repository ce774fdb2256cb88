"""Bringing relief goods: which depot, the dock, the load, the drive, unloading; partial loads are the rule.

Goods are set aside when the crew gets its order: what one crew is on its way to fetch is promised to no other.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import fsum
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.places.depot import load_plan
from simrescue.simulation.requests import SMALL, ReliefRequest, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import DepotState


class Stop(NamedTuple):
    """One request that a load serves, and the goods for it, by item."""

    request: ReliefRequest
    load: list[float]


@dataclass(eq=False)
class DeliverRelief(Mission[ReliefRequest]):
    """To a depot, load, to the place, unload; with room left on to further places.

    Stops are added by the nearest neighbour, as long as a tour saves driving (Clarke and Wright 1964,
    doi 10.1287/opre.12.4.568): where it is nearer to go on than to come from the depot.
    """

    takes_goods = True
    makes_rounds: ClassVar[bool] = True
    """Whether a load may serve several requests."""

    load: list[float] = field(default_factory=list, init=False)
    """Goods set aside or aboard for `request`, by item."""
    further: list[Stop] = field(default_factory=list, init=False)
    """Where it goes on to, with goods set aside or aboard."""
    is_loaded: bool = field(default=False, init=False)
    """Whether they are aboard."""
    depot: DepotState | None = field(default=None, init=False)
    """Where they are set aside, or were loaded."""

    def prepare(self) -> bool:
        """Have goods set aside at the nearest depot that still has any of them."""
        return self._reserve(min(self.share, self.crew.member.payload_t))

    def _reserve(self, room_t: float) -> bool:
        command, depot = self.sim.command, self._nearest_depot()
        stops = [] if depot is None else self._stops(depot, room_t)
        self.share = tonnes(stops[0].load, command.kg) if stops else 0.0
        if depot is None or self.share <= SMALL:
            self.depot, self.load, self.share = None, [], 0.0
            return False
        self.depot, self.load, self.further = depot, stops[0].load, stops[1:]
        for request, load in stops:
            depot.reserve(load)
            request.sent_h = self.sim.env.now
            request.want(request.items, [a + b for a, b in zip(request.coming_items, load, strict=True)])
        # That of the first stop is counted when command takes the mission on (`Dispatcher._take_on`).
        for request, load in self.further:
            command.count_on(request, tonnes(load, command.kg))
        return True

    def _stops(self, depot: DepotState, room_t: float) -> list[Stop]:
        """What would be loaded at a depot, and for which requests, in the order in which they are driven to."""
        crew, kg = self.crew, self.sim.command.kg
        stops = [Stop(self.request, depot.load_plan(self.request.outstanding, room_t, kg))]
        spare_t = crew.member.payload_t - tonnes(stops[0].load, kg)
        if not self.makes_rounds or not crew.member.hauls or self.request.is_expected or spare_t <= SMALL:
            return stops
        in_line = (need for need in self.sim.command.relief_in_line() if need is not self.request)
        others = [need for need in in_line if crew.moves.can_enter(need.place)]
        stock = depot.free()
        while others and spare_t > SMALL:
            # Nothing is set aside before all stops are known: what those before would take is taken off here.
            stock = [max(0.0, have - out) for have, out in zip(stock, stops[-1].load, strict=True)]
            stop, others = self._next_stop(depot.index, stops[-1].request.place, others, (stock, spare_t))
            if stop is not None:
                stops.append(stop)
                spare_t -= tonnes(stop.load, kg)
        return stops

    def _next_stop(
        self, depot: int, here: int, others: list[ReliefRequest], room: tuple[list[float], float]
    ) -> tuple[Stop | None, list[ReliefRequest]]:
        """The nearest of others to which it is nearer from here than from the depot and that gets anything.

        Answers with it those that lie farther off. `room`: stock by item, and tonnes that the vehicle still takes.
        """
        hours, kg, (stock, spare_t) = self.crew.moves.hours, self.sim.command.kg, room
        # The number decides between equals: requests themselves cannot be compared.
        ways = sorted((hours(here, need.place), need.number, need) for need in others)
        for at, (way_h, _, need) in enumerate(ways, 1):
            if way_h < hours(depot, need.place):
                load = load_plan([min(a, b) for a, b in zip(need.outstanding, stock, strict=True)], spare_t, kg)
                if tonnes(load, kg) > SMALL:
                    return Stop(need, load), [farther for _, _, farther in ways[at:]]
        return None, []

    def _nearest_depot(self) -> DepotState | None:
        """The nearest to the crew's base that works and has any of what is still needed.

        Only where the crew can get there, and from there to the place. A depot that is itself restocked gets its goods
        from its upper depot only.
        """
        request, crew = self.request, self.crew
        upper = self.sim.world.upper.get(request.place)
        depots = self.sim.command.serving_depots(crew.member.base, request.wanted, upper)
        return next((near for near in depots if crew.moves.can_bring(near.index, request.place)), None)

    def legs(self) -> Iterator[Leg]:
        """By the depot where the goods are set aside; whoever reckons asks for the one where they would be."""
        crew, kg = self.crew, self.sim.command.kg
        depot = self.depot or self._nearest_depot()
        if depot is None:
            yield Leg(None, self._find_nothing, way_h=INFINITE)
            return
        while True:
            stops = self._all_stops() if self.depot else self._stops(depot, crew.member.payload_t)
            mass_t = math.fsum(tonnes(stop.load, kg) for stop in stops)
            load_h = crew.moves.load_h(depot.record.load_h, mass_t)
            yield Leg(depot.index, self.take, load_h, opens_h=depot.staffed_h())
            if self.depot is None or self.depot is depot:
                break
            depot = self.depot  # the first one stood in water
        yield Leg(self.request.place, self.unload, crew.moves.unload_h(tonnes(stops[0].load, kg)), starts=True)
        for request, load in stops[1:]:
            yield Leg(None, self._turn_to_next)
            yield Leg(request.place, self.unload, crew.moves.unload_h(tonnes(load, kg)))

    def _all_stops(self) -> list[Stop]:
        return [Stop(self.request, self.load), *self.further]

    def _turn_to_next(self, row: int) -> Steps:
        """What was for this request has come: the crew is on its way to the next one."""
        yield from ()
        self.request, self.load = self.further.pop(0)
        self.share, self.counts = tonnes(self.load, self.sim.command.kg), True
        self.sim.command.write_order(self)
        return row

    def _off_the_way(self) -> None:
        """Goods for this request are no longer on their way."""
        _no_longer_coming(self.request, self.load)
        self.arrive()

    def _find_nothing(self, row: int) -> Steps:
        yield from ()
        self.is_over = True
        return self.sim.log(Kind.NO_STOCK, self.crew.index, self.request.place, row, self.request.number)

    def take(self, row: int) -> Steps:
        """At the dock of the depot; where it stands in water, on to the next one that has any, if there is one."""
        sim, crew, request, depot = self.sim, self.crew, self.request, self.depot
        assert depot is not None
        row = yield from depot.take_dock(crew.index, row, request.number)
        if depot.index in sim.unsafe:
            depot.docks.leave()
            # What counts as on its way until now: what the next depot has less of it has to be open again.
            room_t = self.share
            self._put_back()
            is_reserved = self._reserve(room_t)
            sim.command.withdraw(request, room_t - self.share)
            return row if is_reserved else (yield from self._find_nothing(row))
        self.is_loaded = True
        stops = self._all_stops()
        for stop in stops:
            depot.hand_over(stop.load)
        mass_t = math.fsum(tonnes(stop.load, sim.command.kg) for stop in stops)
        yield crew.moves.work(crew.moves.load_h(depot.record.load_h, mass_t))
        depot.docks.leave()
        for stop in stops:
            for item, amount in enumerate(stop.load):
                if amount > SMALL:
                    row = sim.log(Kind.LOADED, crew.index, depot.index, row, stop.request.number, item, amount=amount)
        return row

    def unload(self, row: int) -> Steps:
        """Hand over what is aboard; what was only expected to be needed goes back where nobody is."""
        sim, crew, request, load = self.sim, self.crew, self.request, self.load
        if request.is_expected and not request.is_ahead and not sim.sites[request.place].persons:
            row = sim.log(Kind.FINDS_NOBODY, crew.index, request.place, row, request.number, request.task)
            return (yield from self._bring_back(row))
        yield crew.moves.work(crew.moves.unload_h(tonnes(load, sim.command.kg)))
        site = sim.sites.get(request.place)
        persons = site.persons if site else 0
        for item, amount in enumerate(load):
            if amount > SMALL:
                row = sim.log(Kind.DELIVERS, crew.index, request.place, row, request.number, item, persons, amount)
        if site is None:
            sim.depots[request.place].put(load)
        else:
            site.deliver(load, row)
        request.came_h = sim.env.now
        # Before the goods are off the way, which has command look at what is still wanted.
        request.want([max(0.0, want - got) for want, got in zip(request.items, load, strict=True)])
        if site is not None and request.amount <= SMALL:
            site.asked = [0.0] * len(load)
        self._off_the_way()
        self.load = [0.0] * len(load)
        return row

    def give_up(self, leg: Leg, row: int) -> Steps:  # noqa: ARG002 - wherever it fails, goods go back
        """What is aboard goes back into stock, as soon as a road leads there."""
        # What is only set aside is released at the end of the mission (`end`).
        if self.depot is None or not self.is_loaded:
            return row
        return (yield from self._bring_back(row))

    def _bring_back(self, row: int) -> Steps:
        crew, depot = self.crew, self.depot
        assert depot is not None
        # A way that is known may turn out to be closed: then the crew stands at it and waits for another.
        while crew.here != depot.index:
            yield from crew.moves.wait_for_way(depot.index)
            row = yield from crew.moves.go(depot.index, row, -1)
        load = [fsum(amounts) for amounts in zip(*(stop.load for stop in self._all_stops()), strict=True)]
        depot.put(load)
        for item, amount in enumerate(load):
            if amount > SMALL:
                self.sim.log(Kind.STOCKED, depot.index, depot.index, row, item=item, amount=amount)
        return row

    def _put_back(self) -> None:
        """What was set aside is for anybody again."""
        depot, load, request = self.depot, self.load, self.request
        if depot is not None and not self.is_loaded:
            self._drop_further()
            self.depot, self.load = None, []
            _no_longer_coming(request, load)
            depot.release(load)

    def _drop_further(self) -> None:
        """It goes nowhere else: what was for others is no longer on its way to them."""
        further, self.further = self.further, []
        for request, load in further:
            _no_longer_coming(request, load)
            if self.depot is not None and not self.is_loaded:
                self.depot.release(load)
            self.sim.command.withdraw(request, tonnes(load, self.sim.command.kg))

    def end(self) -> None:
        """What was aboard or set aside is no longer on the way."""
        if self.is_loaded:
            self._drop_further()
            self._off_the_way()
        self._put_back()
        self.arrive()


def _no_longer_coming(request: ReliefRequest, load: list[float]) -> None:
    """A load, by item, is not on its way to a request any more."""
    left = [max(0.0, have - out) for have, out in zip(request.coming_items, load, strict=True)]
    request.want(request.items, left)


@dataclass(eq=False)
class Replenish(DeliverRelief):
    """From the upper depot to one that it restocks, with the share of the lorries that is kept for it."""

    makes_rounds = False

    def prepare(self) -> bool:
        """Have goods set aside, unless all lorries of that share are under way."""
        command = self.sim.command
        return command.may_replenish(self.request.place) and super().prepare() and command.replenish(self.crew)
