"""Hazards as the replication knows them."""

from __future__ import annotations

from typing import Protocol

from simrescue.hazards.base import Effort, Hazard


class HazardWatch(Protocol):
    """What goes with a hazard besides its effects."""

    hazard: Hazard

    def next_time(self) -> float:
        """Hours at which the hazard is to be advanced next."""

    def effort(self, now: float) -> Effort:
        """What the responders did to it since the last time, up to hour `now`."""

    def before_effects(self, now: float) -> None:
        """The hazard has moved on to now."""

    def after_effects(self) -> None:
        """Its effects on places and roads have been told."""

    def finish(self) -> None:
        """The clock stops."""
