"""Neighbours with loaders, tractors and boats, who bring people out of the water before any crew comes, unordered.

Each craft goes back and forth between the houses and the water's edge while anybody in the village needs rescue and
the water is no deeper than it manages. People are set ashore at the transfer point of the village, as from a boat.
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


def begin(sim: Simulation, village: VillageState, cause: int) -> None:
    """Water has come to where people need rescue: each craft that is not out yet goes out."""
    if not village.in_need:
        return
    if village.index not in sim.craft_ready:
        sim.craft_ready[village.index] = craft_of(sim, village)
    ready, sim.craft_ready[village.index] = sim.craft_ready[village.index], 0
    groups = min(ready, MOST_GROUPS)
    for i in range(groups):
        sim.env.process(_go_out(sim, village, cause, ready * (i + 1) // groups - ready * i // groups))


def _go_out(sim: Simulation, village: VillageState, cause: int, craft: int) -> Generator[Any, Any, None]:
    """Some craft together: trip after trip, slower by night like everybody, until nobody needs it or it is too deep."""
    parameters, place = sim.parameters, village.index
    changes = sim.world.sky.light_changes[place]
    while village.in_need and sim.depth_m.get(place, 0.0) <= parameters.neighbour_depth_m:
        goal = sim.points.nearest(place, served=False)
        if goal is None or goal == place:
            break
        pace = 1.0 if bisect_right(changes, sim.env.now) % 2 else parameters.night_factor
        half_h = parameters.neighbour_trip_h / 2 / pace
        yield sim.env.timeout(half_h)
        groups, row = village.take(
            place, min(craft * int(parameters.neighbour_trip_persons), village.in_need), cause, -1
        )
        parties = embark(village, groups)
        village.report(row)
        yield sim.env.timeout(half_h)
        if parties:
            sim.points.bring_out(goal, parties, place, row)
    sim.craft_ready[place] += craft
