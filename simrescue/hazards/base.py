"""What a hazard is to the simulation: it says when it next changes, and what changes then.

A hazard works on arrays over `sites` (all places, then all roads, in the order of the world's table of things).
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray


class Changes(NamedTuple):
    """What is different now: sites whose depth moved to another class, with their new depth and velocity."""

    sites: NDArray[np.intp]
    depth_m: NDArray[np.float64]
    velocity_ms: NDArray[np.float64]


class Hazard(Protocol):
    """One drawn course of events; each replication has its own."""

    def next_time(self) -> float:
        """Hours at which `advance` is due next; infinite when nothing more can change."""
        ...

    def advance(self, now: float, effort: object = None) -> Changes:
        """Move to `now` given the responders' effort since the last call (a flood ignores it)."""
        ...
