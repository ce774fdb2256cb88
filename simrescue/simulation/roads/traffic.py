"""The vehicles on every road, in either direction, and how they slow one another.

Whoever sets out counts those who have set out before him, at the time at which he and they are on a road; he is not
slowed by those who follow. The time that vehicles spend on a road within a slot of time, over its length, its lanes and
that slot, is their density (Edie 1963); speed follows it by `network.traffic_flow`.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

from simrescue.network import Network, Path
from simrescue.network.traffic_flow import SLOT_H, Flow
from simrescue.simulation.protocols import Convoy


class Traffic:
    """What is on the roads of one replication."""

    def __init__(self, network: Network, flows: Sequence[Flow], until_h: float = math.inf) -> None:
        """`flows` (L): how each link takes traffic in one direction; `until_h`: when the clock stops."""
        self.until_h = until_h
        self.ends, self.flows = network.ends, flows
        self.free_vehicle_h = [*(flow.free_vehicle_h for flow in flows), math.inf]
        self.spent_h: list[defaultdict[int, float]] = [defaultdict(float) for _ in range(2 * len(flows) + 1)]
        """Slot -> hours that vehicles spend there within it, by link and direction (`lanes_along`)."""
        self.known_lanes: dict[tuple[int, Path], list[int]] = {}
        self.afloat = 2 * len(flows)
        """What boats that float use of the roads: there they are in nobody's way."""

    def lanes_along(self, start: int, path: Path) -> list[int]:
        """The lanes that a way uses: twice the link, and one more against its direction. Not to be changed."""
        lanes = self.known_lanes.get((start, path))
        if lanes is None:
            node, lanes = start, []
            for link in path:
                a, b = self.ends[link]
                against = node != a
                node = a if against else b
                lanes.append(2 * link + against)
            self.known_lanes[start, path] = lanes
        return lanes

    def enter(self, lanes: Sequence[int], hours: Sequence[float], at_h: float, convoy: Convoy) -> list[float]:
        """Vehicles set out; answers the hours that they need for each part of their way.

        Args:
            lanes: of a way, in order of travel.
            hours: for each, what they would need without anybody else.
            at_h: hour of setting out.
            convoy: who they are.
        """
        # People who leave drive as they come; the vehicles of a crew keep their distances and do not slow one another.
        cars, together, slowed = convoy.cars, convoy.cars if convoy.persons else 0.0, list[float]()
        spent, free = self.spent_h, self.free_vehicle_h
        for lane, own_h in zip(lanes, hours, strict=True):
            loads, slot, needs_h = spent[lane], int(at_h / SLOT_H), own_h
            others_h = loads.get(slot, 0.0)
            # Mostly the road is free, and the curve need not be solved.
            if others_h + together * own_h > free[lane >> 1]:
                needs_h = self.flows[lane >> 1].hours(own_h, others_h, together)
            slowed.append(needs_h)
            ends_h, next_h = at_h + needs_h, (slot + 1) * SLOT_H
            if ends_h <= next_h:
                loads[slot] = others_h + cars * needs_h
            else:
                loads[slot] = others_h + cars * (next_h - at_h)
                # One slot and two, as nearly all are, are written out: they come for every road of every drive.
                if ends_h - next_h <= SLOT_H:
                    loads[slot + 1] += cars * (ends_h - next_h)
                else:
                    self._add(lane, next_h, ends_h - next_h, cars)
            at_h = ends_h
        return slowed

    def withdraw(self, lanes: Sequence[int], moments_h: Sequence[float], convoy: Convoy) -> None:
        """Vehicles do not go the rest of their way after all.

        Args:
            lanes: that they do not come to.
            moments_h: when they were to enter each, and to leave the last; one more than lanes.
            convoy: who they are.
        """
        for lane, (at_h, until_h) in zip(lanes, pairwise(moments_h), strict=True):
            self._add(lane, at_h, until_h - at_h, -convoy.cars)

    def _add(self, lane: int, at_h: float, hours: float, cars: float) -> None:
        loads = self.spent_h[lane]
        # A jam without end would fill slots without end, and after the clock has stopped nobody meets them.
        for slot, part_h in slots(at_h, max(0.0, min(hours, self.until_h - at_h))):
            loads[slot] += cars * part_h


def slots(at_h: float, hours: float) -> Sequence[tuple[int, float]]:
    """The slots of time from a moment on, with the hours that lie in each."""
    slot, until_h = int(at_h / SLOT_H), at_h + hours
    if until_h <= (slot + 1) * SLOT_H:
        return ((slot, hours),)
    parts = []
    while at_h < until_h:
        ends_h = min(until_h, (slot + 1) * SLOT_H)
        parts.append((slot, ends_h - at_h))
        at_h, slot = ends_h, slot + 1
    return parts
