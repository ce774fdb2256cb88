"""Bringing relief goods: which depot, the dock, the load, the drive, unloading; partial loads are the rule.

Goods are set aside when the crew gets its order: what one crew is on its way to fetch is promised to no other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.requests import SMALL, ReliefRequest, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import DepotState


@dataclass(eq=False)
class DeliverRelief(Mission[ReliefRequest]):
    """To a depot, load, to the place, unload."""

    takes_goods = True

    load: list[float] = field(default_factory=list, init=False)
    """Goods set aside or aboard, by item."""
    is_loaded: bool = field(default=False, init=False)
    """Whether they are aboard."""
    depot: DepotState | None = field(default=None, init=False)
    """Where they are set aside, or were loaded."""

    def prepare(self) -> bool:
        """Have goods set aside at the nearest depot that still has any of them."""
        return self._reserve(min(self.share, self.crew.member.payload_t))

    def _reserve(self, room_t: float) -> bool:
        request, kg = self.request, self.sim.command.kg
        depot = self._nearest_depot()
        load = [] if depot is None else depot.reserve(depot.load_plan(request.outstanding, room_t, kg))
        self.share = tonnes(load, kg) if load else 0.0
        if depot is None or self.share <= SMALL:
            if depot is not None:
                depot.release(load)
            self.depot, self.load, self.share = None, [], 0.0
            return False
        self.depot, self.load = depot, load
        request.want(request.items, [have + more for have, more in zip(request.coming_items, load, strict=True)])
        return True

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
        request, crew = self.request, self.crew
        depot = self.depot or self._nearest_depot()
        if depot is None:
            yield Leg(None, self._find_nothing, way_h=INFINITE)
            return
        kg = self.sim.command.kg
        mass_t = tonnes(self.load or depot.load_plan(request.outstanding, crew.member.payload_t, kg), kg)
        while True:
            load_h = crew.moves.load_h(depot.record.load_h, mass_t)
            yield Leg(depot.index, self.take, load_h, depot.wait_h, depot.opens_h)
            if self.depot is None or self.depot is depot:
                break
            depot = self.depot  # the first one stood in water
        yield Leg(request.place, self.unload, crew.moves.unload_h(mass_t), starts=True)

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
            room_t = self.share
            self._put_back()
            is_reserved = self._reserve(room_t)
            sim.command.withdraw(request, room_t - self.share)
            return row if is_reserved else (yield from self._find_nothing(row))
        self.is_loaded = True
        depot.hand_over(self.load)
        yield crew.moves.work(crew.moves.load_h(depot.record.load_h, tonnes(self.load, sim.command.kg)))
        depot.docks.leave()
        for item, amount in enumerate(self.load):
            if amount > SMALL:
                row = sim.log(Kind.LOADED, crew.index, depot.index, row, request.number, item, amount=amount)
        return row

    def unload(self, row: int) -> Steps:
        """Hand over what is aboard; what was only expected to be needed goes back where nobody is."""
        sim, crew, request, load = self.sim, self.crew, self.request, self.load
        if request.is_expected and not sim.sites[request.place].persons:
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
        request.want([max(0.0, want - got) for want, got in zip(request.items, load, strict=True)])
        if site is not None and request.amount <= SMALL:
            site.asked = [0.0] * len(load)
        return row

    def give_up(self, leg: Leg, row: int) -> Steps:  # noqa: ARG002 - wherever it fails, goods go back
        """What is aboard goes back into stock, as soon as a road leads there."""
        if self.depot is None or not self.is_loaded:
            return row
        return (yield from self._bring_back(row))

    def _bring_back(self, row: int) -> Steps:
        crew, depot = self.crew, self.depot
        assert depot is not None
        while crew.here != depot.index:
            yield from crew.moves.wait_for_way(depot.index)
            row = yield from crew.moves.go(depot.index, row, -1)
        depot.put(self.load)
        for item, amount in enumerate(self.load):
            if amount > SMALL:
                self.sim.log(Kind.STOCKED, depot.index, depot.index, row, item=item, amount=amount)
        return row

    def _put_back(self) -> None:
        """What was set aside is for anybody again."""
        depot, load, request = self.depot, self.load, self.request
        if depot is not None and not self.is_loaded:
            self.depot, self.load = None, []
            left = [max(0.0, have - out) for have, out in zip(request.coming_items, load, strict=True)]
            request.want(request.items, left)
            depot.release(load)

    def end(self) -> None:
        """What was aboard or set aside is no longer on the way."""
        request = self.request
        if self.is_loaded:
            left = [max(0.0, have - out) for have, out in zip(request.coming_items, self.load, strict=True)]
            request.want(request.items, left)
        self._put_back()
        self.arrive()


@dataclass(eq=False)
class Replenish(DeliverRelief):
    """From the upper depot to one that it restocks, with the share of the lorries that is kept for it."""

    def prepare(self) -> bool:
        """Have goods set aside, unless all lorries of that share are under way."""
        command = self.sim.command
        return command.may_replenish(self.request.place) and super().prepare() and command.replenish(self.crew)
