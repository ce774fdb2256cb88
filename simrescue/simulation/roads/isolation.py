"""Which places no truck can reach, whatever closes the roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class Isolation:
    """Which places no truck can reach: those outside the largest part of the truly open road network."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.places = sim.contact.places
        self.reached = self._reached()

    def review(self) -> None:
        """Tell the villages that were cut off or reconnected since the last look; other places may lose contact."""
        sim = self.sim
        if not sim.roads.changed:
            return
        sim.roads.changed = False
        reached = self._reached()
        for place, was, now in zip(self.places, self.reached, reached, strict=True):
            if was == now:
                continue
            if place >= len(sim.villages):
                if was:
                    sim.contact.may_fail(place, -1)
            elif now:
                sim.villages[place].reconnect()
            else:
                sim.villages[place].cut_off()
        self.reached = reached

    def _reached(self) -> list[bool]:
        parts = self.sim.roads.parts
        part, largest = parts.part, parts.largest()
        return [part[place] == largest for place in self.places]
