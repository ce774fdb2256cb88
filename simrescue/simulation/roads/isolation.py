"""Which places no truck can reach, whatever closes the roads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Contact, Roads, VillageState


class Isolation:
    """Which places no truck can reach: those outside the largest part of the truly open road network."""

    def __init__(self, roads: Roads, contact: Contact, villages: Sequence[VillageState]) -> None:
        self.roads, self.contact, self.villages = roads, contact, villages
        self.places = contact.places
        self.reached = self._reached()

    def review(self) -> None:
        """Tell the villages that were cut off or reconnected since the last look; other places may lose contact."""
        if not self.roads.changed:
            return
        self.roads.changed = False
        reached = self._reached()
        for place, was, now in zip(self.places, self.reached, reached, strict=True):
            if was == now:
                continue
            # Shelters, depots and bases only may lose contact by it, which comes back by itself.
            if place >= len(self.villages):
                if was:
                    self.contact.may_fail(place, -1)
            elif now:
                self.villages[place].reconnect()
            else:
                self.villages[place].cut_off()
        self.reached = reached

    def _reached(self) -> list[bool]:
        parts = self.roads.parts
        part, largest = parts.part, parts.largest()
        return [part[place] == largest for place in self.places]
