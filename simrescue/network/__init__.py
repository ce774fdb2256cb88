"""Roads and ways through them: compiled once (`Network`); what command knows of them in a replication (`Router`)."""

from simrescue.network.components import Components
from simrescue.network.road_network import Network, Path, great_circle_km
from simrescue.network.routing import Router

__all__ = ["Components", "Network", "Path", "Router", "great_circle_km"]
