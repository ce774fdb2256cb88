"""Goods fetched on foot: people short of something go to a store next door and carry home what they can."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.simulation.depot import Depot, load_plan, tonnes
from simrescue.simulation.requests import SMALL

if TYPE_CHECKING:
    from simrescue.simulation.relief_site import ReliefSite


def start(site: ReliefSite, wanted: list[float], cause: int) -> None:
    """Set out, if a store next door has any of what is wanted and the way is dry at both ends."""
    if not site.fetching and _store(site, wanted) is not None:
        site.fetching = True
        site.sim.env.process(_fetch(site, cause))


def _store(site: ReliefSite, wanted: list[float]) -> Depot | None:
    """The nearest such store."""
    near, sim = site.sim.world.stores_on_foot.get(site.index, ()), site.sim
    if not near or not site.persons or sim.is_unsafe(site.index):
        return None
    items = tuple(item for item, amount in enumerate(wanted) if amount > SMALL)
    return next((sim.depots[i] for i in near if sim.depots[i].has(items)), None)


def _fetch(site: ReliefSite, cause: int) -> Generator[Any, Any, None]:
    """There and back, again and again, as long as something is wanted and to be had."""
    sim, relief = site.sim, site.sim.settings.relief
    kg = sim.command.kg
    while (store := _store(site, site.needs())) is not None:
        way_h = sim.world.distance_km(site.index, store.index) / sim.settings.evacuation.walk_kmh
        yield sim.env.timeout(way_h)
        yield sim.env.timeout(store.order_staff())
        wanted = [0.0] * len(kg) if sim.is_unsafe(store.index) else site.needs()
        load = store.draw(load_plan(wanted, site.persons * relief.fetch_load_t, kg))
        for item, amount in enumerate(load):
            if amount > SMALL:
                cause = sim.log(Kind.FETCHED, site.index, store.index, cause, -1, item, site.persons, amount)
        yield sim.env.timeout(way_h + tonnes(load, kg) / relief.unload_t_per_h)
        for item, amount in enumerate(load):
            if amount > SMALL:
                cause = sim.log(Kind.DELIVERS, site.index, site.index, cause, -1, item, site.persons, amount)
        if tonnes(load, kg) <= SMALL:
            break
        site.deliver(load, cause)
    site.fetching = False
