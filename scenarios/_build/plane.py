"""A county as a plane: kilometres east and north of a point, areas, rivers, spots spread evenly."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
"""Shape (n, 2): kilometres east and north of the plane's origin."""
Table = list[dict[str, str]]


class Plane(NamedTuple):
    """A flat map around a point."""

    lon: float
    lat: float
    km_per_lon: float
    """Kilometres in a degree of longitude at this latitude."""
    km_per_lat: float

    def to_km(self, rows: Sequence[dict[str, str]]) -> Points:
        """Rows with lon and lat as kilometres."""
        at = [
            [(float(row["lon"]) - self.lon) * self.km_per_lon, (float(row["lat"]) - self.lat) * self.km_per_lat]
            for row in rows
        ]
        return np.array(at).reshape(-1, 2)

    def to_degrees(self, point: Points) -> tuple[float, float]:
        """Longitude and latitude of one point, to about 10 m."""
        east, north = (float(value) for value in point)
        return round(east / self.km_per_lon + self.lon, 4), round(north / self.km_per_lat + self.lat, 4)

    def grouped(self, rows: Table, key: str) -> dict[str, Points]:
        """Outlines or courses by name, in the order of the table."""
        names = dict.fromkeys(row[key] for row in rows)
        return {name: self.to_km([row for row in rows if row[key] == name]) for name in names}


def inside(points: Points, outline: Points) -> NDArray[np.bool_]:
    """Which points lie in a closed outline (even-odd rule)."""
    x, y = points[:, 0, None], points[:, 1, None]
    (x0, y0), (x1, y1) = outline.T, np.roll(outline, -1, axis=0).T
    with np.errstate(divide="ignore", invalid="ignore"):
        crosses = ((y0 > y) != (y1 > y)) & (x < (x1 - x0) * (y - y0) / (y1 - y0) + x0)
    return np.asarray(crosses.sum(axis=1) % 2 == 1)


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


def spread(region: Points, count: int, pinned: Points, rounds: int = 80) -> Points:
    """Points spread evenly over a region around pinned ones: Lloyd's method from a fixed start."""
    start = np.linspace(0, len(region) - 1, count + 2).astype(int)[1:-1]
    free = region[np.lexsort((region[:, 1], region[:, 0]))][start]
    for _ in range(rounds):
        every = np.concatenate([free, pinned])
        nearest = ((region[:, None] - every) ** 2).sum(-1).argmin(axis=1)
        free = np.array([region[nearest == n].mean(axis=0) if (nearest == n).any() else free[n] for n in range(count)])
    return np.asarray(free.reshape(-1, 2))
