"""Ways on foot to a fire, and where crews gather: the place on a road from which such a way is shortest.

Nobody gathers where flames stand, where the front is soon expected, or where no road leads by what command knows.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from simrescue.network import great_circle_km
from simrescue.network.road_network import EARTH_KM

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

Point = tuple[float, float]
"""Longitude and latitude."""


class Staging(NamedTuple):
    """A place on a road and the straight way from there to the edge of a fire."""

    place: int
    km: float
    point: Point
    """Where that way meets the edge."""


# The way between the same few points is asked for at every step of a fire.
@lru_cache(maxsize=10_000)
def straight_km(a: Point, b: Point) -> float:
    """Great circle between two points."""
    return float(great_circle_km(*a, *b))


def walk_h(sim: Simulation, start: Point, goal: Point) -> float:
    """Hours on foot by daylight: the straight way with its detours, and what has to be climbed."""
    speed_kmh = sim.settings.wildfire.walk_kmh
    hours = straight_km(start, goal) * sim.parameters.walk_in_detour / speed_kmh
    return hours + climb_m(sim, start, goal) / sim.parameters.walk_climb_m_per_h


def is_smoked_in(sim: Simulation, point: Point) -> bool:
    """Whether thick smoke keeps aircraft from a point: it lies on all eight sides from which they could come in."""
    north = math.degrees(sim.parameters.approach_km / EARTH_KM)
    # A degree of longitude is shorter than one of latitude.
    east = north / math.cos(math.radians(point[1]))
    sides = (math.radians(45.0 * i) for i in range(8))
    around = ((point[0] + east * math.sin(side), point[1] + north * math.cos(side)) for side in sides)
    return all(sim.fires.hazard.smoke_at(*spot) for spot in around)


def climb_m(sim: Simulation, start: Point, goal: Point) -> float:
    """Height to climb between two points; 0 where one lies off the landscape, whose height is not known."""
    ground = sim.world.scenario.landscape
    if ground is None:
        return 0.0
    low, high = (int(ground.cell_of(*point)) for point in (start, goal))
    if low < 0 or high < 0:
        return 0.0
    return max(0.0, float(ground.elevation_m.flat[high]) - float(ground.elevation_m.flat[low]))


def on_roads(sim: Simulation, fire: int) -> list[tuple[float, int]]:
    """Places that a road leads to, each with its distance from where a fire began, km; the nearest first."""
    neighbours = sim.world.network.profiles["truck"].neighbours
    return sorted((sim.world.distance_km(fire, i), i) for i in range(sim.world.n_places) if neighbours[i])


def best(sim: Simulation, fire: int, places: list[tuple[float, int]]) -> Staging | None:
    """Where the way to the edge of a fire is shortest now.

    No point of the edge lies farther from where the fire began than the fire reaches: this bounds the search.

    Args:
        sim: the replication.
        fire: number of the fire.
        places: places with their kilometres from where the fire began, the nearest first.

    Returns:
        None where nobody can gather.
    """
    reach_km = sim.fires.hazard.reach_km(fire)
    best_way: Staging | None = None
    for far_km, place in places:
        # All that follow lie farther from where the fire began, and so at least this far from its edge.
        if best_way is not None and far_km - reach_km > best_way.km:
            break
        way = way_from(sim, fire, place) if is_joined(sim, place) else None
        # Whether it is safe is asked last: the forecast of the fire is looked at for few.
        if way is not None and (best_way is None or way.km < best_way.km) and is_safe(sim, place):
            best_way = way
    return best_way


def way_from(sim: Simulation, fire: int, place: int) -> Staging | None:
    """The straight way from a place to the edge of a fire; None when it has none."""
    record = sim.world.places[place]
    point = sim.fires.hazard.edge_point(fire, record.lon, record.lat)
    return None if point is None else Staging(place, straight_km((record.lon, record.lat), point), point)


def is_joined(sim: Simulation, place: int) -> bool:
    """Whether a place is in the largest part that the roads known open make."""
    return sim.roads.router.parts("truck").is_main(place)


def is_safe(sim: Simulation, place: int) -> bool:
    """Whether crews may gather at a place: no flames, and none expected soon."""
    return place not in sim.unsafe and sim.fires.hazard.expected_h(place) > sim.parameters.staging_safe_h
