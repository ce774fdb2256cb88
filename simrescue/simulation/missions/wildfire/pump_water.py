"""Where pumps find water: at a source, or at a road, to which tank lorries bring it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from simrescue.network.road_network import EARTH_KM
from simrescue.simulation.missions.wildfire.staging import Point

if TYPE_CHECKING:
    from simrescue.simulation.world import World


class WaterSupply:
    """All water sources and roads of a world (roads as straight lines between their ends), in degrees."""

    def __init__(self, world: World) -> None:
        places = world.places
        lon, lat = np.array([place.lon for place in places]), np.array([place.lat for place in places])
        points = np.stack([lon, lat], axis=1)
        first = world.first["water_sources"]
        sources = np.arange(first, first + len(world.scenario.water_sources))
        self.start = points[np.concatenate([sources, world.network.start]).astype(np.intp)]
        self.along = points[np.concatenate([sources, world.network.end]).astype(np.intp)] - self.start

    def is_near(self, point: Point, hose_km: float) -> bool:
        """Whether hose of that length reaches from water to a point, on a flat map that is true to scale there."""
        km = np.radians(1.0) * EARTH_KM * np.array([np.cos(np.radians(point[1])), 1.0])
        away, along = (np.array(point) - self.start) * km, self.along * km
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip((away * along).sum(axis=1) / square, 0.0, 1.0)
        apart = away - share[:, None] * along
        return bool(((apart**2).sum(axis=1) <= hose_km**2).any())
