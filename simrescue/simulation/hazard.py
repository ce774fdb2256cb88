"""The hazard as a process: at its own times it changes places and roads, before anything else at that instant."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.hazards.base import Hazard
from simrescue.hazards.depth_effects import hazard_class
from simrescue.simulation.clock import HAZARD, timer

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def run(sim: Simulation, hazard: Hazard) -> Generator[Any, Any, None]:
    """Ask the hazard when it changes next, and apply what changes then."""
    isolation = Isolation(sim)
    while (due := hazard.next_time()) < sim.world.duration_h:
        if due > sim.env.now:
            yield timer(sim.env, due - sim.env.now, HAZARD)
        changes = hazard.advance(sim.env.now)
        classes = hazard_class(changes.depth_m, changes.velocity_ms)
        rows = zip(changes.sites.tolist(), changes.depth_m.tolist(), classes.tolist(), strict=True)
        for site, depth_m, water_class in rows:
            apply(sim, site, depth_m, water_class)
        isolation.review()


def apply(sim: Simulation, site: int, depth_m: float, water_class: int) -> None:
    """One site's water has reached another class."""
    if site >= sim.world.n_places:
        sim.roads.water(site - sim.world.n_places, depth_m)
        return
    was = sim.water_class.get(site, 0)
    if water_class == was:
        return
    sim.water_class[site] = water_class
    if site < len(sim.villages):
        sim.villages[site].water(water_class, depth_m)
    elif site in sim.shelters and was < 2 <= water_class and sim.shelters[site].persons:
        sim.shelters[site].flood()


class Isolation:
    """Which villages no truck can reach: those outside the largest part of the truly open road network."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        network = sim.world.network
        self.start, self.end = network.start, network.end
        self.main = self._labels_main(np.ones(network.links, dtype=bool))

    def review(self) -> None:
        """Tell the villages that were cut off or reconnected since the last look."""
        sim = self.sim
        if not sim.roads.changed:
            return
        sim.roads.changed = False
        is_open = np.ones(len(self.start), dtype=bool)
        is_open[list(sim.roads.blocked["truck"])] = False
        main = self._labels_main(is_open)
        for index in np.flatnonzero(main[: len(sim.villages)] != self.main[: len(sim.villages)]).tolist():
            if main[index]:
                sim.villages[index].reconnect()
            else:
                sim.villages[index].cut_off()
        self.main = main

    def _labels_main(self, is_open: Any) -> Any:
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        n = self.sim.world.network.nodes
        ends = (self.start[is_open], self.end[is_open])
        graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(n, n))
        _, labels = connected_components(graph, directed=False)
        return labels == np.bincount(labels).argmax()
