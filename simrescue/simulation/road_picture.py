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
        self.part_of: dict[str, memoryview[int]] = {vehicle: parts.data for vehicle, parts in self.parts.items()}
        self.drawn_h = 0.0
        self.news = 0

    def redraw(self) -> NDArray[np.bool_] | None:
        """Bring the picture up to date, if there is news and the last one is old enough.

        Answers which places (N) hang together with more than at some time since; None: nothing was drawn.
        """
        roads, now = self.sim.roads, self.sim.env.now
        if self.news == roads.news or now - self.drawn_h < REDRAWN_H:
            return None
        self.news, self.drawn_h = roads.news, now
        network = self.sim.world.network
        found = np.zeros(network.nodes, dtype=bool)
        for vehicle in self.parts:
            lately, closed = roads.router.closed_lately(vehicle), roads.router.closed(vehicle)
            self.parts[vehicle] = open_parts(network, closed)
            self.part_of[vehicle] = self.parts[vehicle].data
            if len(closed) < len(lately):
                found |= grown(open_parts(network, lately), self.parts[vehicle])
        return found


def grown(before: NDArray[np.int32], after: NDArray[np.int32]) -> NDArray[np.bool_]:
    """Places (N) whose part, named by its first place, holds places now that were not together before."""
    holds_others = np.zeros(len(after), dtype=bool)
    holds_others[after[before != before[after]]] = True
    return holds_others[after]
