"""Which places hang together by road: the truth for isolation, and command's picture of it for its decisions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simrescue.network import Network

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

REDRAWN_H = 0.25
"""Command draws its picture of the roads anew at most so often."""
LIKE = {"car": "truck", "bus": "truck", "truck": "truck", "high_clearance": "high_clearance", "foot": "foot"}
"""Vehicles that roads bind, and whose roads they use; boats and aircraft get everywhere."""


def open_parts(network: Network, closed: Iterable[int]) -> NDArray[np.int32]:
    """For each place (N) the part that it lies in of the network without some links, named by its first place."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    is_open = np.ones(network.links, dtype=bool)
    is_open[list(closed)] = False
    ends = (network.start[is_open], network.end[is_open])
    graph = coo_array((np.ones(len(ends[0]), dtype=np.int8), ends), shape=(network.nodes, network.nodes))
    labels = connected_components(graph, directed=False)[1]
    first: NDArray[np.int32] = np.unique(labels, return_index=True)[1].astype(np.int32)[labels]
    return first


class RoadPicture:
    """For each way of moving, the parts that the network falls into as command knows it."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        vehicles = {LIKE[member.vehicle] for member in sim.world.members if member.vehicle in LIKE}
        self.parts = {vehicle: open_parts(sim.world.network, ()) for vehicle in sorted(vehicles)}
        self.known: dict[int, tuple[tuple[int, int], ...]] = {}
        self.drawn_h = 0.0
        self.news = 0

    def redraw(self) -> None:
        """Bring the picture up to date, if there is news and the last one is old enough."""
        roads, now = self.sim.roads, self.sim.env.now
        if self.news == roads.news or now - self.drawn_h < REDRAWN_H:
            return
        self.news, self.drawn_h = roads.news, now
        self.known.clear()
        self.parts = {
            vehicle: open_parts(self.sim.world.network, roads.router.closed(vehicle)) for vehicle in self.parts
        }

    def around(self, place: int) -> tuple[tuple[int, int], ...]:
        """The parts that a place lies in, by way of moving: when these change, others may get there."""
        found = self.known.get(place)
        if found is None:
            found = self.known[place] = tuple((i, int(parts[place])) for i, parts in enumerate(self.parts.values()))
        return found
