"""The plain of Zhuozhou: its plane and the ground fitted to known heights."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from plane import Plane, Points, Table

Height = Callable[[Points], NDArray[np.float64]]
"""Height of the ground in metres at points."""

PLAIN = Plane(lon=116.0, lat=39.48, km_per_lon=85.92, km_per_lat=111.2)


def ground(rows: Table) -> Height:
    """Height of the ground in metres as 1, x, y, x^2 fitted by least squares to the known heights."""

    def terms(points: Points) -> NDArray[np.float64]:
        x, y = points.T
        return np.stack([np.ones_like(x), x, y, x**2], axis=1)

    heights = np.array([float(row["elevation_m"]) for row in rows])
    factors = np.linalg.lstsq(terms(PLAIN.to_km(rows)), heights, rcond=None)[0]
    return lambda points: np.round(terms(points) @ factors, 1)
