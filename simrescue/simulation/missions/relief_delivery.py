"""Bringing relief goods: which depot, the dock, the load, the drive, unloading; partial loads are the rule."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.places.depot import load_plan
from simrescue.simulation.requests import SMALL, ReliefRequest, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import DepotState


@dataclass(eq=False)
class DeliverRelief(Mission[ReliefRequest]):
    """To a depot, load, to the place, unload."""

    load: list[float] = field(default_factory=list, init=False)
    """Goods aboard, by item."""
    depot: DepotState | None = field(default=None, init=False)

    def legs(self) -> Iterator[Leg]:
        """By the nearest depot to the crew's base that works and has any of what is still needed.

        Only where the crew can get there, and from there to the place. A depot that is itself restocked gets its goods
        from its upper depot only.
        """
        request, crew = self.request, self.crew
        upper = self.sim.world.upper.get(request.place)
        depots = self.sim.command.serving_depots(crew.member.base, request.wanted, upper)
        depot = self.depot = next((one for one in depots if crew.moves.can_bring(one.index, request.place)), None)
        if depot is None:
            yield Leg(None, self._find_nothing, way_h=INFINITE)
            return
        mass_t = min(crew.member.payload_t, request.outstanding_t)
        load_h = crew.moves.load_h(depot.record.load_h, mass_t)
        yield Leg(depot.index, self.take, load_h, depot.wait_h, depot.opens_h)
        yield Leg(request.place, self.unload, crew.moves.unload_h(mass_t), starts=True)

    def _find_nothing(self, row: int) -> Steps:
        yield from ()
        self.is_over = True
        return self.sim.log(Kind.NO_STOCK, self.crew.index, self.request.place, row, self.request.number)

    def take(self, row: int) -> Steps:
        """At the dock of the depot; over where nothing is left to load."""
        sim, crew, request, depot = self.sim, self.crew, self.request, self.depot
        assert depot is not None
        row = yield from depot.take_dock(crew.index, row, request.number)
        load, kg = list[float](), sim.command.kg
        if depot.index not in sim.unsafe:
            load = depot.draw(load_plan(request.outstanding, crew.member.payload_t, kg))
        mass_t = tonnes(load, kg) if load else 0.0
        if mass_t <= SMALL:
            depot.docks.leave()
            return (yield from self._find_nothing(row))
        self.load = load
        request.want(request.items, [have + more for have, more in zip(request.coming_items, load, strict=True)])
        yield crew.moves.work(crew.moves.load_h(depot.record.load_h, mass_t))
        depot.docks.leave()
        for item, amount in enumerate(load):
            if amount > SMALL:
                row = sim.log(Kind.LOADED, crew.index, depot.index, row, request.number, item, amount=amount)
        return row

    def unload(self, row: int) -> Steps:
        """Hand over what is aboard."""
        sim, crew, request, load = self.sim, self.crew, self.request, self.load
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
        crew, depot = self.crew, self.depot
        if depot is None or not self.load:
            return row
        while crew.here != depot.index:
            yield from crew.moves.wait_for_way(depot.index)
            row = yield from crew.moves.go(depot.index, row, -1)
        depot.put(self.load)
        for item, amount in enumerate(self.load):
            if amount > SMALL:
                self.sim.log(Kind.STOCKED, depot.index, depot.index, row, item=item, amount=amount)
        return row

    def end(self) -> None:
        """What was aboard is no longer on the way."""
        request = self.request
        if self.load:
            left = [max(0.0, have - out) for have, out in zip(request.coming_items, self.load, strict=True)]
            request.want(request.items, left)
        self.arrive()
