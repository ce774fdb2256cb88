"""What goes with a hazard in the simulation besides its effects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simrescue.hazards.base import IDLE, Effort, Hazard

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class HazardWatch:
    """What goes with a hazard in the simulation, where it is more than its effects; this one does nothing of its own.

    A kind of hazard that answers to the responders has its own (`HazardKind.watch`), as fires have `fire.FireWatch`.
    """

    def __init__(self, sim: Simulation, hazard: Hazard) -> None:
        self.sim, self.hazard = sim, hazard

    def next_time(self) -> float:
        """Hours at which the hazard is to be advanced next."""
        return self.hazard.next_time()

    def effort(self, now: float) -> Effort:
        """What the responders did to it since the last time, up to hour `now`."""
        del now
        return IDLE

    def before_effects(self, now: float) -> None:
        """The hazard has moved on to now."""

    def after_effects(self) -> None:
        """Its effects on places and roads have been told."""

    def finish(self) -> None:
        """The clock stops."""
