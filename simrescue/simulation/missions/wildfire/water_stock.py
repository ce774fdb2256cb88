"""What water sources still hold: pumps, lorries and buckets empty them, and what comes in fills them again."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

EMPTY_T = 1e-6
"""A source that holds no more than this is empty."""


class WaterStock:
    """The water sources of one replication, numbered as in their table; tonnes."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        records = sim.world.scenario.water_sources
        self.holds_t = [math.inf if record.holds_t is None else record.holds_t for record in records]
        self.inflow_t_h = [record.inflow_t_h for record in records]
        self.held_t = list(self.holds_t)
        self.taken_t = [0.0] * len(records)
        """In all, less what was given back."""
        self._since_h = [0.0] * len(records)
        # A source that is empty from the start is no news.
        self._is_empty = [held <= EMPTY_T for held in self.held_t]

    def left_t(self, source: int) -> float:
        """What a source holds now."""
        now = self.sim.env.now
        if math.isfinite(self.held_t[source]):
            came_t = self.inflow_t_h[source] * (now - self._since_h[source])
            self.held_t[source] = min(self.holds_t[source], self.held_t[source] + came_t)
        self._since_h[source] = now
        return self.held_t[source]

    def take(self, source: int, tonnes: float) -> float:
        """Draw so much from a source, or what is left; answers how much it was."""
        left_t = self.left_t(source)
        taken_t = min(tonnes, left_t)
        self.held_t[source] = left_t - taken_t
        self.taken_t[source] += taken_t
        return taken_t

    def give_back(self, source: int, tonnes: float) -> None:
        """What was drawn and not used stays in the source."""
        self.held_t[source] = min(self.holds_t[source], self.left_t(source) + tonnes)
        self.taken_t[source] -= tonnes

    def tell(self, source: int, cause: int) -> None:
        """Write down that a source is empty, once until it holds water again; `cause`: row that tells who drew last."""
        is_empty = self.held_t[source] <= EMPTY_T
        if is_empty and not self._is_empty[source]:
            place = self.sim.world.first["water_sources"] + source
            self.sim.log(Kind.SOURCE_EMPTY, place, place, cause)
        self._is_empty[source] = is_empty
