"""Goods fetched by themselves: people short of something go to a store next door and carry home what they can.

They go on foot, and see for themselves what is true between the two places, as far as the roads of the scenario show
it. Where nobody can walk a craft of the village goes, if one is there that rescues nobody (`neighbours`).
"""

from __future__ import annotations

import math
from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.responders import TONNES_PER_SEAT
from simrescue.simulation.people import neighbours
from simrescue.simulation.requests import SMALL, tonnes

if TYPE_CHECKING:
    from simrescue.simulation.protocols import DepotState, Roads, Site
    from simrescue.simulation.state import Simulation


class WayToStore(NamedTuple):
    """Where goods can be had, how long the way there takes, and what comes home in one go."""

    store: DepotState
    way_h: float
    load_t: float
    by_craft: bool = False


class Fetching:
    """Everybody who fetches goods in one replication; `kg` as of `requests.tonnes`."""

    def __init__(self, sim: Simulation, depots: Mapping[int, DepotState], roads: Roads, kg: tuple[float, ...]) -> None:
        self.sim, self.depots, self.roads, self.kg = sim, depots, roads, kg

    def start(self, site: Site, wanted: list[float], cause: int) -> None:
        """Set out, if a store next door has any of what is wanted and a way there is open."""
        if not site.is_fetching and self._way(site, wanted) is not None:
            site.is_fetching = True
            self.sim.env.process(self._fetch(site, cause))

    def _way(self, site: Site, wanted: list[float]) -> WayToStore | None:
        """To the nearest such store; who is short of nothing but a way hears when one opens."""
        near, sim = self.sim.world.stores_on_foot.get(site.index, ()), self.sim
        if not near or not site.persons:
            return None
        items = tuple(item for item, amount in enumerate(wanted) if amount > SMALL)
        stores = [self.depots[i] for i in near if self.depots[i].has(items)]
        if site.index not in sim.unsafe:
            for store in stores:
                way_h = self._walk_h(site, store)
                if way_h is not None:
                    return WayToStore(store, way_h, site.persons * sim.settings.relief.fetch_load_t)
            if stores:
                self.roads.wait_on_foot(site.recount)
        return self._by_craft(site, stores[0]) if stores else None

    def _by_craft(self, site: Site, store: DepotState) -> WayToStore | None:
        """With a craft that is not out, where the water lets it and there are no flames; sites of villages alone."""
        sim = self.sim
        if site.index >= len(sim.villages) or "flood" not in sim.settings.hazards:
            return None
        village, dangers = sim.villages[site.index], sim.dangers.get(site.index, {})
        if dangers.get("flames") or dangers.get("lost") or not neighbours.ready(sim, village):
            return None
        way_h, load_t = neighbours.crossing_h(sim, village), sim.parameters.neighbour_trip_persons * TONNES_PER_SEAT
        return None if way_h is None else WayToStore(store, way_h, load_t, by_craft=True)

    def _walk_h(self, site: Site, store: DepotState) -> float | None:
        """Hours of walking between the two; None while no way is open.

        Straight, as long as people on foot could go by road as well, or no road joins the two: then nothing is known
        of the ground between. Where water or flames shut the road, they are between the two: then by the shortest open
        roads, if these are within reach on foot.
        """
        sim = self.sim
        a, b = site.index, store.index
        evacuation, roads, foot = sim.settings.evacuation, self.roads, sim.world.network.profiles["foot"]
        straight_km, shut = sim.world.distance_km(a, b), roads.blocked["foot"]
        if not straight_km or not shut or shut.isdisjoint(foot.dry(a, b)[1] or ()):
            return straight_km / evacuation.walk_kmh
        path = foot.way_round(a, b, shut, sim.settings.relief.fetch_within_km / evacuation.walk_kmh)
        return None if path is None else math.fsum(roads.leg_hours("foot", path, 0.0, a))

    def _fetch(self, site: Site, cause: int) -> Generator[Any, Any, None]:
        """There and back, again and again, as long as something is wanted and to be had."""
        sim, kg = self.sim, self.kg
        while (way := self._way(site, site.needs())) is not None:
            store, by_craft = way.store, way.by_craft
            if by_craft:
                sim.craft_ready[site.index] -= 1
            yield sim.env.timeout(way.way_h)
            yield sim.env.timeout(store.order_staff())
            if not by_craft and self._walk_h(site, store) is None:  # shut meanwhile: nobody takes what stays here
                continue
            # Asked anew: deliveries may have come meanwhile, and the store may stand in water.
            wanted = [0.0] * len(kg) if store.index in sim.unsafe else site.needs()
            load = store.draw(store.load_plan(wanted, way.load_t, kg))
            for item, amount in enumerate(load):
                if amount > SMALL:
                    cause = sim.log(Kind.FETCHED, site.index, store.index, cause, -1, item, site.persons, amount)
            if by_craft:
                yield sim.env.timeout(way.way_h)
                neighbours.come_back(sim, sim.villages[site.index])
                # People may have come to need rescue meanwhile, whom a craft that was out did not hear of.
                neighbours.begin(sim, sim.villages[site.index], -1)
            else:
                yield from self._carry_home(site, store)
            yield sim.env.timeout(tonnes(load, kg) / sim.settings.relief.unload_t_per_h)
            for item, amount in enumerate(load):
                if amount > SMALL:
                    cause = sim.log(Kind.DELIVERS, site.index, site.index, cause, -1, item, site.persons, amount)
            # Others were there first: it would go back and forth for nothing until the store has some again.
            if tonnes(load, kg) <= SMALL:
                break
            site.deliver(load, cause)
        site.is_fetching = False

    def _carry_home(self, site: Site, store: DepotState) -> Generator[Any, Any, None]:
        """The way back; those before whom it closes wait at the store until it is open again."""
        while True:
            way_h = self._walk_h(site, store)
            if way_h is not None:
                yield self.sim.env.timeout(way_h)
                # Else it has closed before them: they turn back, and walk all of it again.
                if self._walk_h(site, store) is not None:
                    return
            opened = self.sim.env.event()
            self.roads.wait_on_foot(opened.succeed)
            yield opened
