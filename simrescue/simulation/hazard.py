"""The hazard as a process: at its own times it changes places and roads, before anything else at that instant."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.hazards.base import Hazard
from simrescue.hazards.depth_effects import hazard_class
from simrescue.simulation.clock import HAZARD, Timer
from simrescue.simulation.state import WADING_CLASS

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def run(sim: Simulation, hazard: Hazard) -> Generator[Any, Any, None]:
    """Ask the hazard when it changes next, and apply what changes then."""
    isolation = Isolation(sim)
    while (due := hazard.next_time()) < sim.world.duration_h:
        if due > sim.env.now:
            yield Timer(sim.env, due - sim.env.now, HAZARD)
        changes = hazard.advance(sim.env.now)
        classes = hazard_class(changes.depth_m, changes.velocity_ms)
        rows = zip(changes.sites.tolist(), changes.depth_m.tolist(), classes.tolist(), strict=True)
        for site, depth_m, danger in rows:
            apply(sim, site, depth_m, danger)
        isolation.review()


def apply(sim: Simulation, site: int, depth_m: float, danger: int) -> None:
    """One site's water has moved to another depth."""
    if site >= sim.world.n_places:
        sim.roads.water(site - sim.world.n_places, depth_m)
        return
    was = sim.danger.get(site, 0)
    sim.danger[site] = danger
    if danger == was:
        if site < len(sim.villages):
            sim.villages[site].deepen(depth_m)
        return
    if site < len(sim.villages):
        sim.villages[site].water(danger, depth_m)
    elif site in sim.shelters and was < WADING_CLASS <= danger and sim.shelters[site].persons:
        sim.shelters[site].close_down()
    elif site in sim.depots and danger < WADING_CLASS <= was:
        sim.command.learn_stock({item for item, amount in enumerate(sim.depots[site].stock) if amount > 0})


class Isolation:
    """Which villages no truck can reach: those outside the largest part of the truly open road network."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.reached = self._reached()

    def review(self) -> None:
        """Tell the villages that were cut off or reconnected since the last look."""
        sim = self.sim
        if not sim.roads.changed:
            return
        sim.roads.changed = False
        reached = self._reached()
        for village, was, now in zip(sim.villages, self.reached, reached, strict=True):
            if now and not was:
                village.reconnect()
            elif was and not now:
                village.cut_off()
        self.reached = reached

    def _reached(self) -> list[bool]:
        parts = self.sim.roads.parts
        largest = parts.largest()
        return [part == largest for part in parts.part[: len(self.sim.villages)]]
