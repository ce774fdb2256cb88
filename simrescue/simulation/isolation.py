"""Which villages no truck can reach, whatever closes the roads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class Isolation:
    """Which villages no truck can reach: those outside the largest part of the truly open road network."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.reached = self._reached()

    def review(self) -> None:
        """Tell the villages that were cut off or reconnected since the last look."""
        sim = self.sim
        if not sim.roads.changed:
            return
        sim.roads.changed = False
        reached = self._reached()
        for village, was, now in zip(sim.villages, self.reached, reached, strict=True):
            if now and not was:
                village.reconnect()
            elif was and not now:
                village.cut_off()
        self.reached = reached

    def _reached(self) -> list[bool]:
        parts = self.sim.roads.parts
        largest = parts.largest()
        return [part == largest for part in parts.part[: len(self.sim.villages)]]
