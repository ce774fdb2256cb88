"""Roads and ways through them: compiled once (`Network`); what command knows of them in a replication (`Router`)."""

from simrescue.network.parts import Parts
from simrescue.network.roads import Network, Path, depth_limit_m, great_circle_km, planned_boat_kmh
from simrescue.network.routing import Router

__all__ = ["Network", "Parts", "Path", "Router", "depth_limit_m", "great_circle_km", "planned_boat_kmh"]
