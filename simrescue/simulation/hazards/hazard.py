"""The hazard as a process: at its own times it changes places and roads, before anything else at that instant."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.hazards.base import Hazard
from simrescue.hazards.flood.depth_effects import hazard_class
from simrescue.hazards.flood.flood import Flood, FloodField
from simrescue.hazards.wildfire.wildfire import Wildfire
from simrescue.simulation.clock import HAZARD, TimerAt
from simrescue.simulation.command.fires import Fires
from simrescue.simulation.hazards import fire
from simrescue.simulation.places import evacuation
from simrescue.simulation.places.unsafe import becomes_unsafe, is_safe_again
from simrescue.simulation.roads.isolation import Isolation
from simrescue.simulation.state import WADING_CLASS

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def start(sim: Simulation) -> None:
    """Set the hazard of the scenario going."""
    field = sim.world.field
    if isinstance(field, FloodField):
        sim.env.process(run(sim, Flood(field, sim.seed, sim.replication)))
    else:
        sim.fires = Fires(sim, Wildfire(field, sim.seed, sim.replication))
        sim.env.process(fire.run(sim))


def finish(sim: Simulation) -> None:
    """Write what those who fight a fire have done in the spell under way, and let the fire go.

    Its arrays are large, and a finished simulation lies about until somebody looks for garbage.
    """
    if not isinstance(sim.world.field, FloodField):
        sim.fires.finish()
        del sim.fires


def run(sim: Simulation, hazard: Hazard) -> Generator[Any, Any, None]:
    """Ask the hazard when it changes next, and apply what changes then."""
    isolation = Isolation(sim)
    while (due := hazard.next_time()) <= sim.world.duration_h:
        if due > sim.env.now:
            yield TimerAt(sim.env, due, HAZARD)
        changes = hazard.advance(sim.env.now)
        classes = hazard_class(changes.depth_m, changes.velocity_ms, wet_m=sim.parameters.depth_wet_m)
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
        village = sim.villages[site]
        row = village.water(danger, depth_m)
        if not was:
            evacuation.water_seen(sim, village, row)
    elif was < WADING_CLASS <= danger:
        becomes_unsafe(sim, site, -1)
    elif danger < WADING_CLASS <= was:
        is_safe_again(sim, site, -1)
