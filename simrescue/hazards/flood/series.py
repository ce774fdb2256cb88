"""Where the depth of a flood comes from: points in time of a water level or a depth, and how one course moves them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simrescue.hazards.scenario_view import Scenario

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
    arrival_h: float
    """When the flood comes to its zone: where errors of time are anchored."""
    foot_m: float
    """Level at which the error of the level begins; from here it grows to its full size at the crest."""

    @property
    def rise_m(self) -> float:
        """From the foot to the crest; never negative."""
        return max(0.0, float(self.level_m.max()) - self.foot_m)


class Draw(NamedTuple):
    """How one course differs from the scenario in one zone.

    Hours later, metres higher, and a factor on what follows arrival.
    """

    shift_h: float
    level_m: float
    stretch: float

    def record_time(self, time_h: Floats, series: Series) -> Floats:
        """Time in the scenario's series of what happens at `time_h` of the course, hours.

        The inverse of `course_time`.
        """
        since = time_h - series.arrival_h - self.shift_h
        recorded: Floats = series.arrival_h + np.where(since > 0, since / self.stretch, since)
        return recorded

    def course_time(self, recorded_h: Floats, series: Series) -> Floats:
        """When a point of the series comes in the course, hours.

        All of it shifted, and what follows the arrival stretched.
        """
        since = recorded_h - series.arrival_h
        time: Floats = series.arrival_h + self.shift_h + np.where(since > 0, since * self.stretch, since)
        return time

    def raised(self, level_m: Floats, series: Series) -> Floats:
        """Levels of a series (m) with this draw's offset.

        In full at its crest, in proportion above its foot, none below.

        So dry ground does not start wet, the first water keeps its time, and the crest never falls below the foot.
        """
        rise = series.rise_m
        if rise <= 0:
            return level_m
        share: Floats = np.clip((level_m - series.foot_m) / rise, 0.0, 1.0)
        # A draw below the foot would dry out ground that the recorded flood reached: the crest stops at the foot.
        return level_m + max(self.level_m, -rise) * share

    def lowered(self, level_m: Floats, series: Series) -> Floats:
        """The level of the series that this draw raises to `level_m` (m); infinite where none is.

        The inverse of `raised`.
        """
        rise = series.rise_m
        if rise <= 0:
            return level_m
        steep = 1 + max(self.level_m, -rise) / rise
        above = level_m - series.foot_m
        # Lowered to its foot the whole crest is flat: no recorded level is raised to anything above it.
        upper = above / steep if steep > 0 else np.full(above.shape, np.inf)
        recorded_m: Floats = series.foot_m + np.where(above >= 0, upper, above)
        return recorded_m


AS_RECORDED = Draw(0.0, 0.0, 1.0)
"""No error at all: the mean flood, which stands for the forecast."""


def first_above(times_h: Floats, level_m: Floats, heights_m: Floats) -> Floats:
    """When a series is first above each of some heights, by straight lines between its points.

    Args:
        times_h: of its P points, rising.
        level_m: at them.
        heights_m: (K,).

    Returns:
        Hours (K,); infinite where it never is.
    """
    # The running maximum rises, so that the first time above a height is one bisection.
    point = np.searchsorted(np.maximum.accumulate(level_m), heights_m, side="right")
    return _between(times_h, level_m, heights_m, np.where(point < len(times_h), point, -1))


def first_rise_above(times_h: Floats, level_m: Floats, heights_m: Floats) -> Floats:
    """When a series first rises from below to above each of some heights: one that begins above has to fall first.

    Args:
        times_h: of its P points, rising.
        level_m: at them.
        heights_m: (K,).

    Returns:
        Hours (K,); infinite for never.
    """
    rises = (level_m[:-1] <= heights_m[:, None]) & (level_m[1:] > heights_m[:, None])
    point = np.where(rises.any(axis=1), rises.argmax(axis=1) + 1, -1) if len(times_h) > 1 else np.full(len(rises), -1)
    return _between(times_h, level_m, heights_m, point)


def _between(times_h: Floats, level_m: Floats, heights_m: Floats, point: NDArray[np.intp]) -> Floats:
    """When the straight line that ends at a point of the series (-1: never) passes a height."""
    before = np.maximum(point - 1, 0)
    low, high = level_m[before], level_m[point]
    share = np.divide(heights_m - low, high - low, out=np.zeros(len(point)), where=high > low)
    time: Floats = times_h[before] + np.clip(share, 0.0, 1.0) * (times_h[point] - times_h[before])
    return np.where(point >= 0, time, np.inf)


class Source(NamedTuple):
    """Series, and for each site (places then roads) the number of its series (-1: always dry) and its ground height."""

    series: list[Series]
    ruled_by: NDArray[np.intp]
    ground_m: Floats


def from_levels(scenario: Scenario) -> Source:
    """Series of the water level by zone (levels.csv).

    A road lies in its own zone or in that of both its ends, at the height of its lower end where none is given.
    """
    points: dict[str, list[Point]] = {}
    for row in scenario.levels:
        points.setdefault(row.zone, []).append((row.time_h, row.level_m, row.velocity_ms))
    number = {zone: i for i, zone in enumerate(points)}
    zones, ground = _zones_and_grounds(scenario)
    ruled_by = np.array([number.get(zone, -1) for zone in zones], dtype=np.intp)
    return Source(_anchored(scenario, list(points), list(points.values()), ruled_by, ground), ruled_by, ground)


def from_depths(scenario: Scenario) -> Source:
    """Series of the depth by place or road (depths.csv, or read from rasters), over ground of height 0.

    Sites of one zone are moved by the same draws.
    """
    zones, ground = _zones_and_grounds(scenario)
    ids = [place.id for place in scenario.places] + [road.id for road in scenario.roads]
    index = {name: i for i, name in enumerate(ids)}
    points: dict[int, list[Point]] = {}
    for row in scenario.depths:
        points.setdefault(index[row.subject], []).append((row.time_h, row.depth_m, row.velocity_ms))
    ruled_by = np.full(len(index), -1, dtype=np.intp)
    ruled_by[list(points)] = np.arange(len(points))
    level = np.zeros(len(ground))
    series = _anchored(scenario, [zones[i] for i in points], list(points.values()), ruled_by, level)
    return Source(series, ruled_by, level)


SOURCES: dict[str, Callable[[Scenario], Source]] = {
    "levels": from_levels, "depths": from_depths, "rasters": from_depths,
}  # fmt: skip
"""Where depth comes from, by the name in the scenario."""


def _zones_and_grounds(scenario: Scenario) -> tuple[list[str], Floats]:
    """Zone and height of the ground of all sites."""
    by_id = {place.id: place for place in scenario.places}
    sites = [(place.zone, place.elevation_m) for place in by_id.values()]
    for road in scenario.roads:
        a, b = by_id[road.start], by_id[road.end]
        zone = road.zone or (a.zone if a.zone == b.zone else "")
        sites.append((zone, min(a.elevation_m, b.elevation_m) if road.elevation_m is None else road.elevation_m))
    return [zone for zone, _ in sites], np.array([height for _, height in sites])


# ---- when the flood comes to a zone

VILLAGE, PLACE, ROAD, WET_FROM_START, NEVER_WET = range(5)
"""What the arrival of a series is taken from; of several series in one zone the first of these counts."""


class Anchor(NamedTuple):
    """Where the errors of a series begin; they sort by what counts first."""

    kind: int
    arrival_h: float
    foot_m: float


def _anchored(
    scenario: Scenario, zones: list[str], rows: list[list[Point]], ruled_by: NDArray[np.intp], ground_m: Floats
) -> list[Series]:
    """Series with their zones' arrivals: sites of one zone are moved by the same hours."""
    kinds = np.full(len(ruled_by), ROAD)
    kinds[: len(scenario.places)] = PLACE
    kinds[: len(scenario.settlements)] = VILLAGE
    columns = [np.array(sorted(points), dtype=float).T for points in rows]
    sites = sites_of(ruled_by, len(rows))
    anchors = [
        _anchor(times, levels, ground_m[here] + scenario.parameters.depth_wet_m, kinds[here])
        for (times, levels, _), here in zip(columns, sites, strict=True)
    ]
    # Of several series in a zone the one that first reaches a village tells when the flood comes to it.
    of_zone = {zone: min(a for a, z in zip(anchors, zones, strict=True) if z == zone) for zone in set(zones)}
    return [
        Series(zone, times, levels, velocities, of_zone[zone].arrival_h, anchor.foot_m)
        for zone, (times, levels, velocities), anchor in zip(zones, columns, anchors, strict=True)
    ]


def _anchor(times_h: Floats, level_m: Floats, wet_m: Floats, kinds: NDArray[np.intp]) -> Anchor:
    """When the water first rises into one of the sites that become wet at levels `wet_m`: a village if it can be."""
    rises_h = first_rise_above(times_h, level_m, wet_m)
    for kind in (VILLAGE, PLACE, ROAD):
        those = np.flatnonzero((kinds == kind) & np.isfinite(rises_h))
        if those.size:
            first = those[np.argmin(rises_h[those])]
            return Anchor(kind, float(rises_h[first]), float(wet_m[first]))
    if wet_m.size and level_m[0] > wet_m.min():
        return Anchor(WET_FROM_START, float(times_h[0]), float(wet_m.min()))
    # No site tells when it comes: errors of time hang on the crest, those of the level on the lowest before it.
    crest = int(level_m.argmax())
    return Anchor(NEVER_WET, float(times_h[crest]), float(level_m[: crest + 1].min()))


def sites_of(ruled_by: NDArray[np.intp], n_series: int) -> list[NDArray[np.intp]]:
    """For each series the sites that it rules, in order.

    `ruled_by` (S,) is the number of each site's series, -1 for none.
    """
    order = np.argsort(ruled_by, kind="stable")
    bounds = np.searchsorted(ruled_by[order], np.arange(n_series + 1))
    return [order[a:b] for a, b in pairwise(bounds.tolist())]
