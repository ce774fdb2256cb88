"""Neighbours with loaders, tractors and boats, who bring people out of the water and goods to them, unordered.

Each craft goes back and forth between the houses and the water's edge while anybody in the village needs rescue and
the water is no deeper than it manages. People are set ashore at the transfer point of the village, as from a boat. A
craft that nobody needs for that brings goods from a store next door (`fetching`).
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.simulation.places.transfer_point import embark

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

MOST_GROUPS = 12
"""Groups in which the craft of a village go out at most: only in huge places do several go together."""


def craft_of(sim: Simulation, village: VillageState) -> int:
    """How many craft a village has in this replication: a fraction is the chance of one more."""
    stated = village.record.craft
    craft: float = sim.parameters.neighbour_craft * village.record.population / 1000 if stated is None else stated
    whole = math.floor(craft)
    return whole + (village.rng("neighbours").random() < craft - whole)


def ready(sim: Simulation, village: VillageState) -> int:
    """How many craft of a village are not out now."""
    if village.index not in sim.craft_ready:
        sim.craft_ready[village.index] = craft_of(sim, village)
    return sim.craft_ready[village.index]


def crossing_h(sim: Simulation, village: VillageState) -> float | None:
    """Hours that a craft needs across the water; None where it is too deep for it now."""
    if sim.depth_m.get(village.index, 0.0) > sim.parameters.neighbour_depth_m:
        return None
    # Light begins and ends in turn, the first a beginning: after an odd number of them it is day.
    is_light = bisect_right(sim.world.sky.light_changes[village.index], sim.env.now) % 2
    return float(sim.parameters.neighbour_trip_h / 2 / (1.0 if is_light else sim.parameters.night_factor))


def begin(sim: Simulation, village: VillageState, cause: int) -> None:
    """Water has come to where people need rescue: each craft that is not out yet goes out."""
    if not village.in_need:
        return
    # All go out, so none is left to be sent twice.
    craft, sim.craft_ready[village.index] = ready(sim, village), 0
    groups = min(craft, MOST_GROUPS)
    for i in range(groups):
        # Whole craft, as evenly as it goes, and all of them.
        sim.env.process(_go_out(sim, village, cause, craft * (i + 1) // groups - craft * i // groups))


def _go_out(sim: Simulation, village: VillageState, cause: int, craft: int) -> Generator[Any, Any, None]:
    """Some craft together: trip after trip, slower by night like everybody, until nobody needs it or it is too deep."""
    parameters, place = sim.parameters, village.index
    while village.in_need and (half_h := crossing_h(sim, village)) is not None:
        goal = sim.points.nearest(place, served=False)
        if goal is None or goal == place:
            break
        yield sim.env.timeout(half_h)
        groups, row = village.take(
            place, min(craft * int(parameters.neighbour_trip_persons), village.in_need), cause, -1
        )
        parties = embark(village, groups)
        village.report(row)
        yield sim.env.timeout(half_h)
        if parties:
            sim.points.bring_out(goal, parties, place, row)
    come_back(sim, village, craft)


def come_back(sim: Simulation, village: VillageState, craft: int = 1) -> None:
    """Some craft are back, and may be wanted for the other work that they do."""
    sim.craft_ready[village.index] += craft
    sim.sites[village.index].recount()
