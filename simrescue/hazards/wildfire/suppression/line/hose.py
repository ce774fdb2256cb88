"""Pumped water that a crew has for a step on the line: how far it goes, and what is used.

Water puts out and holds the edge at `water_kg_m` a metre and goes into mopping up at `mop_up_water_kg_m`. A crew whose
water is used up goes on by hand, where the flames let it; else it waits for more.
"""

from __future__ import annotations

import math

from simrescue.parameters import Parameters

LEAST_T = 1e-9
"""Tonnes that count as none."""


class Hose:
    """Water of one crew in one step."""

    def __init__(self, water_t: float | None, parameters: Parameters, at_pumps: float = 0.0) -> None:
        """`water_t`: tonnes that it can use; None: as much as it wants. `at_pumps`: share of the crew at its pumps."""
        self.left_t = math.inf if water_t is None else water_t
        self.at_edge = 1.0 - at_pumps
        """Share of the crew that is at the edge while it works with water."""
        self.used_t = 0.0
        self.waited_h = 0.0
        """Hours for which the crew stood before flames that took more water than there was."""
        self._edge_t_m = parameters.water_kg_m / 1000
        self._mop_up_t_m = parameters.mop_up_water_kg_m / 1000

    @property
    def is_dry(self) -> bool:
        """Whether nothing is left."""
        return self.left_t <= LEAST_T

    def edge_m(self) -> float:
        """Metres of edge that what is left puts out."""
        return self.left_t / self._edge_t_m if self._edge_t_m else math.inf

    def mop_up_m(self) -> float:
        """Metres of line that what is left mops up."""
        return self.left_t / self._mop_up_t_m if self._mop_up_t_m else math.inf

    def put_out(self, metres: float) -> None:
        """Water goes onto so much of the edge."""
        self._use(metres * self._edge_t_m)

    def mop_up(self, metres: float) -> None:
        """Water goes into so much of the line."""
        self._use(metres * self._mop_up_t_m)

    def _use(self, tonnes: float) -> None:
        used_t = min(tonnes, self.left_t)
        self.used_t += used_t
        self.left_t -= used_t
