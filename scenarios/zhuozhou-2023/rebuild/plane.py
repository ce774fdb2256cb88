"""The plain of Zhuozhou as plane geometry: kilometres east and north of a point, areas, rivers, ground."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): kilometres east and north of `ORIGIN`."""
Table = list[dict[str, str]]
Height = Callable[[Points], NDArray[np.float64]]
"""Height of the ground in metres at points."""

ORIGIN = (116.0, 39.48)
KM_PER_DEGREE = (85.92, 111.2)
"""Kilometres in a degree of longitude and of latitude at 39.48 N."""


def to_km(rows: Sequence[dict[str, str]]) -> Points:
    """Rows with lon and lat as kilometres."""
    return np.array([[(float(row[c]) - o) * k for c, o, k in _AXES] for row in rows]).reshape(-1, 2)


def to_degrees(point: Points) -> tuple[float, float]:
    """Longitude and latitude of one point, to about 10 m."""
    lon, lat = (round(float(v) / k + o, 4) for v, (_, o, k) in zip(point, _AXES, strict=True))
    return lon, lat


_AXES = tuple(zip(("lon", "lat"), ORIGIN, KM_PER_DEGREE, strict=True))


def inside(points: Points, outline: Points) -> NDArray[np.bool_]:
    """Which points lie in a closed outline (even-odd rule)."""
    x, y = points[:, 0, None], points[:, 1, None]
    (x0, y0), (x1, y1) = outline.T, np.roll(outline, -1, axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        crosses = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return np.asarray(crosses.sum(axis=1) % 2 == 1)


def grouped(rows: Table, key: str) -> dict[str, Points]:
    """Outlines or courses by name, in the order of the table."""
    return {name: to_km([row for row in rows if row[key] == name]) for name in dict.fromkeys(r[key] for r in rows)}


def distance_to(course: Points, points: Points) -> NDArray[np.float64]:
    """Distance of each point to a river's course, km."""
    start, along = course[:-1], np.diff(course, axis=0)
    share = np.clip(((points[:, None] - start) * along).sum(-1) / (along**2).sum(-1), 0, 1)
    return np.asarray(np.linalg.norm(points[:, None] - start - share[..., None] * along, axis=-1).min(axis=1))


def crossing(course: Points, a: Points, b: Points) -> Points | None:
    """Where the straight link from a to b first meets a river's course; None: it does not."""
    for p, q in pairwise(course):
        matrix = np.array([b - a, p - q]).T
        if abs(np.linalg.det(matrix)) > 1e-12:
            s, t = np.linalg.solve(matrix, p - a)
            if 0 <= s <= 1 and 0 <= t <= 1:
                return np.asarray(a + s * (b - a))
    return None


def ground(rows: Table) -> Height:
    """Height of the ground in metres as 1, x, y, x^2 fitted by least squares to the known heights."""

    def terms(points: Points) -> NDArray[np.float64]:
        x, y = points.T
        return np.stack([np.ones_like(x), x, y, x**2], axis=1)

    heights = np.array([float(row["elevation_m"]) for row in rows])
    factors = np.linalg.lstsq(terms(to_km(rows)), heights, rcond=None)[0]
    return lambda points: np.round(terms(points) @ factors, 1)
