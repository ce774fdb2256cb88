"""Where the depth of a flood comes from: points in time of a water level or a depth, and how one course moves them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simrescue.scenario.records import Scenario

Floats = NDArray[np.float64]
Point = tuple[float, float, float]
"""Time h, level or depth m, velocity m/s."""


class Series(NamedTuple):
    """Water surface (or depth) and velocity at points in time; straight between them, constant outside."""

    zone: str
    """Zone whose draws move it."""
    times_h: Floats
    level_m: Floats
    velocity_ms: Floats

    @property
    def rise_h(self) -> float:
        """Start of the rise: the last point before the level is first above its beginning."""
        higher = np.flatnonzero(self.level_m > self.level_m[0])
        return float(self.times_h[higher[0] - 1] if higher.size else self.times_h[0])


class Draw(NamedTuple):
    """How one course differs from the scenario in one zone."""

    shift_h: float
    level_m: float
    stretch: float

    def record_time(self, time_h: Floats, rise_h: float) -> Floats:
        """Time in the scenario's series of what happens at `time_h`.

        A point t of the series comes at rise + shift + (t - rise) * stretch; before the rise, at t + shift.
        """
        since = time_h - rise_h - self.shift_h
        recorded: Floats = rise_h + np.where(since > 0, since / self.stretch, since)
        return recorded

    def raised(self, level_m: Floats, series: Series) -> Floats:
        """Levels of a series with this draw's offset, in full at its peak and in proportion to the rise below it.

        The beginning stays as it is, so that dry ground does not start wet; the peak never falls below the beginning.
        """
        start = float(series.level_m[0])
        rise = float(series.level_m.max()) - start
        if rise <= 0:
            return level_m
        share: Floats = np.clip((level_m - start) / rise, 0.0, 1.0)
        return level_m + max(self.level_m, -rise) * share


class Source(NamedTuple):
    """Series, and for each site (places then roads) the number of its series (-1: always dry) and its ground height."""

    series: list[Series]
    ruled_by: NDArray[np.intp]
    ground_m: Floats


def from_levels(scenario: Scenario) -> Source:
    """Water level by zone; a road lies in its own zone or in that of both its ends, at the height of its lower end."""
    points: dict[str, list[Point]] = {}
    for row in scenario.levels:
        points.setdefault(row.zone, []).append((row.time_h, row.level_m, row.velocity_ms))
    series = [_series(zone, rows) for zone, rows in points.items()]
    number = {one.zone: i for i, one in enumerate(series)}
    zones = [zone for zone, _ in _zones_and_grounds(scenario)]
    ground = [height for _, height in _zones_and_grounds(scenario)]
    return Source(series, np.array([number.get(zone, -1) for zone in zones], dtype=np.intp), np.array(ground))


def from_depths(scenario: Scenario) -> Source:
    """Depth by place or road; sites of one zone are moved by the same draws."""
    zones = [zone for zone, _ in _zones_and_grounds(scenario)]
    ids = [place.id for place in scenario.places] + [road.id for road in scenario.roads]
    index = {name: i for i, name in enumerate(ids)}
    points: dict[int, list[Point]] = {}
    for row in scenario.depths:
        points.setdefault(index[row.subject], []).append((row.time_h, row.depth_m, row.velocity_ms))
    ruled_by = np.full(len(index), -1, dtype=np.intp)
    ruled_by[list(points)] = np.arange(len(points))
    return Source([_series(zones[i], rows) for i, rows in points.items()], ruled_by, np.zeros(len(index)))


SOURCES: dict[str, Callable[[Scenario], Source]] = {"levels": from_levels, "depths": from_depths}
"""Where depth comes from, by the name in the scenario."""


def _series(zone: str, points: list[Point]) -> Series:
    times, levels, velocities = np.array(sorted(points), dtype=float).T
    return Series(zone, times, levels, velocities)


def _zones_and_grounds(scenario: Scenario) -> list[tuple[str, float]]:
    """Zone and height of the ground of all sites."""
    by_id = {place.id: place for place in scenario.places}
    found = [(place.zone, place.elevation_m) for place in by_id.values()]
    for road in scenario.roads:
        a, b = by_id[road.start], by_id[road.end]
        zone = road.zone or (a.zone if a.zone == b.zone else "")
        found.append((zone, min(a.elevation_m, b.elevation_m) if road.elevation_m is None else road.elevation_m))
    return found
