"""The symbols of the map: colour and shape say the same, so that neither is needed to read it."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.records import Kind

LIMITS_H = (3.0, 10.0, 24.0)
"""Upper ends of the classes of time to relief, hours."""
CLASSES = (("#2c6fbb", "o"), ("#7fc4c9", "s"), ("#f6a945", "D"), ("#d4552f", "v"), ("#6d1136", "X"))
"""Colour and shape of relief within each of `LIMITS_H`, later, and never."""
DRY = "#a8a8a8"
MARKERS: dict[str, Any] = {
    "triangle": "^", "box": "P", "pentagon": "p", "pad": "*", "drop": "d", "star": (4, 1, 0), "hexagon": "h",
    "kite": "<", "dot": "o", "hull": "v", "square": "s", "rotor": "8", "diamond": "D",
}  # fmt: skip
"""Symbol of a kind (`records.SYMBOLS`) -> marker of matplotlib."""
DEPTHS_M = (0.5, 1.5, 3.0)
"""Depths whose halo the legend shows."""


def look_of(kind: Kind) -> tuple[Any, str, float]:
    """Marker, fill and area (points squared) of a kind of site on a map."""
    return MARKERS[kind.symbol], kind.fill or kind.colour, kind.area


def relief_class(relief_h: NDArray[np.float64]) -> NDArray[np.intp]:
    """Index into `CLASSES` of each time to relief; -1 where it is nan (not affected)."""
    classes = np.searchsorted(LIMITS_H, relief_h, side="left")
    classes[np.isinf(relief_h)] = len(LIMITS_H) + 1
    classes[np.isnan(relief_h)] = -1
    return classes


def marker_area(persons: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area of a village's marker, points squared: grows with its people, within what can be read."""
    return np.clip(2.2 * np.sqrt(persons), 26, 340)


def halo_area(depth_m: NDArray[np.float64]) -> NDArray[np.float64]:
    """Area of the water round a place, points squared: grows with its depth up to 4 m."""
    return 140 + 420 * np.minimum(depth_m, 4.0)
