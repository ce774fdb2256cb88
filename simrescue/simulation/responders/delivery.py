"""Bringing relief goods: which depot, the dock, the load, the drive, unloading; partial loads are the rule."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.places.depot import Depot, load_plan, tonnes
from simrescue.simulation.requests import SMALL

if TYPE_CHECKING:
    from simrescue.simulation.requests import ReliefRequest
    from simrescue.simulation.responders.responder import Crew
    from simrescue.simulation.state import Simulation


def outstanding(need: ReliefRequest) -> list[float]:
    """Goods of a request that no crew has loaded yet, by item."""
    return [max(0.0, want - coming) for want, coming in zip(need.items, need.coming_items, strict=True)]


def pick_depot(crew: Crew, need: ReliefRequest) -> Depot | None:
    """The depot to load at: of those that work and have any of what is still needed the nearest to the crew's base.

    Only where the crew can get there, and from there to the place. A depot that is itself restocked gets its goods from
    its upper depot only.
    """
    depots = serving_depots(crew.sim, crew.member.base, need.wanted, crew.sim.world.upper.get(need.place))
    return next((depot for depot in depots if crew.can_bring(depot, need.place)), None)


def serving_depots(sim: Simulation, base: int, items: tuple[int, ...], upper: int | None) -> Iterator[Depot]:
    """Depots that have some of these items for crews of a base, the nearest first; only `upper` where that is given."""
    ids = sim.world.depot_order[base] if upper is None else (upper,)
    return (sim.depots[i] for i in ids if sim.depots[i].serves(items))


def deliver(crew: Crew, need: ReliefRequest, share: float, row: int) -> Generator[Any, Any, int]:
    """A relief mission: to the depot, load, to the place, unload. Answers the last row."""
    sim = crew.sim
    depot = pick_depot(crew, need)
    if depot is None:
        row = sim.log(Kind.NO_STOCK, crew.index, need.place, row, need.number)
        sim.command.withdraw(need, share)
        return row
    row = yield from crew.drive(depot.index, row, need.number)
    load: list[float] = []
    if crew.here == depot.index:
        load, row = yield from _load(crew, need, depot, row)
    if not load:
        sim.command.withdraw(need, share)
        return row
    row = yield from crew.drive(need.place, row, need.number)
    if crew.here == need.place:
        row = yield from _unload(crew, need, load, row)
    else:
        row = yield from _bring_back(crew, depot, load, row)
    need.want(need.items, [max(0.0, have - out) for have, out in zip(need.coming_items, load, strict=True)])
    sim.command.withdraw(need, share)
    return row


def _load(crew: Crew, need: ReliefRequest, depot: Depot, row: int) -> Generator[Any, Any, tuple[list[float], int]]:
    """At the dock; answers what is loaded (empty: nothing left to load) and the last row."""
    sim = crew.sim
    row = yield from depot.take_dock(crew.index, row, need.number)
    kg = sim.command.kg
    load = depot.draw(load_plan(outstanding(need), crew.member.payload_t, kg)) if not sim.is_unsafe(depot.index) else []
    mass = tonnes(load, kg) if load else 0.0
    if mass <= SMALL:
        depot.leave_dock()
        return [], sim.log(Kind.NO_STOCK, crew.index, need.place, row, need.number)
    need.want(need.items, [have + more for have, more in zip(need.coming_items, load, strict=True)])
    yield sim.env.timeout(float(depot.record.load_h) * mass / sim.parameters.truck_payload_t / crew.pace())
    depot.leave_dock()
    for item, amount in enumerate(load):
        if amount > SMALL:
            row = sim.log(Kind.LOADED, crew.index, depot.index, row, need.number, item, amount=amount)
    return load, row


def _unload(crew: Crew, need: ReliefRequest, load: list[float], row: int) -> Generator[Any, Any, int]:
    sim = crew.sim
    yield sim.env.timeout(crew.unload_h(tonnes(load, sim.command.kg)) / crew.pace())
    site = sim.sites.get(need.place)
    persons = site.persons if site else 0
    for item, amount in enumerate(load):
        if amount > SMALL:
            row = sim.log(Kind.DELIVERS, crew.index, need.place, row, need.number, item, persons, amount)
    if site is None:
        sim.depots[need.place].put(load)
    else:
        site.deliver(load, row)
    need.want([max(0.0, want - got) for want, got in zip(need.items, load, strict=True)])
    need.amount = tonnes(need.items, sim.command.kg)
    if site is not None and need.amount <= SMALL:
        site.asked = [0.0] * len(load)
    return row


def _bring_back(crew: Crew, depot: Depot, load: list[float], row: int) -> Generator[Any, Any, int]:
    """The place cannot be reached: the goods go back into stock, as soon as a road leads there."""
    while crew.here != depot.index:
        yield from crew.wait_for_way(depot.index)
        row = yield from crew.drive(depot.index, row, -1)
    depot.put(load)
    for item, amount in enumerate(load):
        if amount > SMALL:
            crew.sim.log(Kind.STOCKED, depot.index, depot.index, row, item=item, amount=amount)
    return row
