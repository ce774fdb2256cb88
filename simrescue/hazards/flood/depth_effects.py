"""What depth of water does to people on the ground and to whoever drives or walks through it. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

CLASSES = ("dry", "H1", "H2", "H3", "H4", "H5", "H6")
"""Hazard classes by index: H1 safe; H2 unsafe for small vehicles; H3 for all vehicles, children and the old; H4 for
everybody; H5 and H6 buildings fail."""

LIMITS = np.array([[0.3, 0.3, 2.0], [0.5, 0.6, 2.0], [1.2, 0.6, 2.0], [2.0, 1.0, 2.0], [4.0, 4.0, 4.0]])
"""Upper limits of H1 to H5: depth m, depth x velocity m2/s, velocity m/s; beyond the last is H6.

Source: flood hazard vulnerability curves of the Australian Institute for Disaster Resilience, taken over by New South
Wales as flood risk management guide FB03.
"""

# Plain numbers for single places, which are asked for at every change: far quicker than arrays of one.
_LIMITS: list[tuple[float, float, float]] = [(depth, flow, velocity) for depth, flow, velocity in LIMITS.tolist()]

CURVE = (0.0009, -0.5529, 86.9448, 0.3)
"""Safe speed on a flooded road, km/h = a w^2 + b w + c with w in mm, and the depth in m at which it has come down.

Source: Pregnolato et al. 2017, doi 10.1016/j.trd.2017.06.020. The parabola turns up again at 307 mm, so deeper water
counts as 300 mm.
"""

CURVE_HIGH_CLEARANCE = (0.0002415, -0.2898, 86.94, 0.6)
"""The same with zero speed at 600 mm, for large vehicles with high clearance."""

WADING_LOSS = 0.417
"""Loss of walking speed in 0.35 m of still water, mean of men (38.6 %) and women (44.8 %), 188 people.

Source: doi 10.14311/APP.2026.57.0226; the change from there to 0.9 m is small and left out.
"""
WADING_DEPTH_M = 0.35


def hazard_class(depth_m: ArrayLike, velocity_ms: ArrayLike = 0.0, *, wet_m: float) -> NDArray[np.int8]:
    """Class index 0 (dry) to 6 (H6) of places with water of these depths (m) and speeds (m/s); arrays broadcast.

    The class is the lowest one of which no limit is exceeded; up to `wet_m` it is dry.
    """
    depth, velocity = np.broadcast_arrays(np.asarray(depth_m, dtype=float), np.asarray(velocity_ms, dtype=float))
    danger = np.ones(depth.shape, dtype=np.int8)
    flow = depth * velocity
    for most_depth, most_flow, most_velocity in LIMITS:
        danger += (depth > most_depth) | (flow > most_flow) | (velocity > most_velocity)
    return np.where(depth > wet_m, danger, np.int8(0))


def hazard_class_at(depth_m: float, velocity_ms: float, wet_m: float) -> int:
    """`hazard_class` of one place: a depth in m, a speed in m/s."""
    if depth_m <= wet_m:
        return 0
    flow, danger = depth_m * velocity_ms, 1
    for most, fast, swift in _LIMITS:  # none falls from class to class
        if depth_m <= most and flow <= fast and velocity_ms <= swift:
            break
        danger += 1
    return danger


def hazard_classes_below(depth_m: float, heights_m: Sequence[float], velocity_ms: float, wet_m: float) -> list[int]:
    """`hazard_class` of ground that lies higher than a street: as many classes as heights.

    Args:
        depth_m: depth of the water in the street, m.
        heights_m: of the ground above the street, m.
        velocity_ms: speed of the water, m/s.
        wet_m: depth up to which ground is dry.
    """
    return [hazard_class_at(max(0.0, depth_m - height_m), velocity_ms, wet_m) for height_m in heights_m]


def flooded_speed_kmh(vehicle: str, depth_m: float, free_kmh: float, limit_m: float) -> float:
    """Speed of a vehicle through water of a depth (m) where it would go `free_kmh` on the dry road; 0 beyond `limit_m`.

    For a boat this is its carrier truck: the hull goes at its own speed.
    """
    if depth_m > limit_m:
        return 0.0
    if vehicle == "foot":
        return free_kmh * (1 - WADING_LOSS * min(depth_m / WADING_DEPTH_M, 1.0))
    a, b, c, lowest_m = CURVE_HIGH_CLEARANCE if vehicle == "high_clearance" else CURVE
    w = min(depth_m, lowest_m) * 1000
    return min(free_kmh, max((a * w + b) * w + c, 0.0))
