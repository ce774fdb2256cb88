"""A flood: depth of water over time at places and on roads.

`FloodField` is what the scenario says; `Flood` is one course of it, earlier or later, higher or lower, longer or
shorter. Depth comes from series: a water level by zone against the height of the ground, or a depth by place. Another
source (a raster, say) is one more function that answers series, and which of them rules each site.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.base import Changes
from simrescue.hazards.depth_effects import hazard_class
from simrescue.hazards.series import SOURCES, Draw, Floats, Series
from simrescue.network import depth_limit_m
from simrescue.parameters import value
from simrescue.responders import VEHICLES
from simrescue.streams import array_stream

if TYPE_CHECKING:
    from simrescue.scenario.records import Scenario

DEEP_M = (1.5, 2.5, 3.0, 3.5, 4.5, 5.0, 6.0, 8.0)
"""Depths between and above the limits of the hazard classes at which a place is looked at again."""
ROAD_M = (0.15,)
"""Depth at which a road is looked at again besides wet, and the limits of all vehicles."""
BLOCK = 2_000_000
"""Depths worked out at once (sites x times)."""


class FloodField:
    """The flood of a scenario, compiled once: series by zone (or site) and the ground under S sites."""

    def __init__(self, scenario: Scenario) -> None:
        settings = scenario.settings
        self.uncertainty = settings.flood.uncertainty
        self.step_h = settings.flood.step_h
        self.duration_h = settings.duration_h
        self.n_places = len(scenario.places)
        self.series, self.ruled_by, self.ground_m = SOURCES[settings.flood.source](scenario)
        self.zones = sorted({series.zone for series in self.series})

    def mean_depth(self, times_h: ArrayLike) -> Floats:
        """Depth (T, S), m, of the flood as recorded, without any draws, at T times."""
        times = np.asarray(times_h, dtype=float)
        depth = np.zeros((len(times), len(self.ruled_by)))
        ruled = np.flatnonzero(self.ruled_by >= 0)
        if ruled.size:
            levels = np.stack([np.interp(times, series.times_h, series.level_m) for series in self.series], axis=1)
            depth[:, ruled] = np.maximum(levels[:, self.ruled_by[ruled]] - self.ground_m[ruled], 0.0)
        return depth

    def draws(self, seed: int, replication: int) -> dict[str, Draw]:
        """How one course differs, by zone: three normal draws each, of whose variance all zones share a part."""
        spread = self.uncertainty
        shared = array_stream(seed, replication, "flood").standard_normal(3) * np.sqrt(spread.common)
        found = {}
        for zone in self.zones:
            own = array_stream(seed, replication, "flood", zone).standard_normal(3) * np.sqrt(1 - spread.common)
            arrival, level, duration = (shared + own).tolist()
            stretch = float(np.exp(duration * spread.duration))
            found[zone] = Draw(arrival * spread.arrival_h, level * spread.level_m, stretch)
        return found


class Flood:
    """One course of the flood; a hazard that no responder changes.

    Depth is looked at every `step` of the scenario. A place is reported when its hazard class changes and at further
    depths above 1.2 m; a road when the water reaches or leaves it or passes a limit of a vehicle.
    """

    def __init__(self, field: FloodField, seed: int, replication: int) -> None:
        self.field = field
        self.drawn = field.draws(seed, replication)
        self._next = 0
        self._times, self._sites, self._depth, self._velocity = self._changes()

    def next_time(self) -> float:
        """Hours at which the next site changes; infinite when nothing more can."""
        return float(self._times[self._next]) if self._next < len(self._times) else float("inf")

    def advance(self, now: float, effort: object = None) -> Changes:
        """Sites that have changed since the last call and up to `now`, as they are since their last change."""
        del effort
        first, self._next = self._next, max(self._next, int(np.searchsorted(self._times, now, side="right")))
        rows = np.arange(first, self._next)
        _, last = np.unique(self._sites[rows][::-1], return_index=True)
        rows = rows[::-1][last]
        return Changes(self._sites[rows], self._depth[rows], self._velocity[rows])

    def depth_at(self, sites: ArrayLike, time_h: float) -> Floats:
        """Depth, m, at sites (indexes of places, then roads) at one time of this course."""
        wanted = np.asarray(sites, dtype=np.intp)
        depth = np.zeros(wanted.shape)
        for number in set(self.field.ruled_by[wanted].tolist()) - {-1}:
            here = self.field.ruled_by[wanted] == number
            level, _ = self._course(self.field.series[number], np.array([time_h]))
            depth[here] = np.maximum(level - self.field.ground_m[wanted[here]], 0.0)
        return depth

    def _course(self, series: Series, times_h: Floats) -> tuple[Floats, Floats]:
        """Level and velocity of a series in this course."""
        draw = self.drawn[series.zone]
        recorded = draw.record_time(times_h, series.rise_h)
        level = draw.raised(np.interp(recorded, series.times_h, series.level_m), series)
        return level, np.interp(recorded, series.times_h, series.velocity_ms)

    def _last_time(self) -> float:
        """When the last series has run out."""
        ends = [
            one.rise_h + draw.shift_h + (float(one.times_h[-1]) - one.rise_h) * draw.stretch
            for one in self.field.series
            for draw in [self.drawn[one.zone]]
        ]
        return max(0.0, min(max(ends, default=0.0), self.field.duration_h))

    def _changes(self) -> tuple[Floats, NDArray[np.intp], Floats, Floats]:
        """All changes of the course in order of time, then site: time, site, depth, velocity."""
        field = self.field
        times = np.array([step * field.step_h for step in range(math.ceil(self._last_time() / field.step_h) + 1)])
        courses = [self._course(series, times) for series in field.series]
        crest = np.array([level.max() for level, _ in courses] + [-np.inf])
        wet = np.flatnonzero(crest[field.ruled_by] > field.ground_m)
        parts = [
            _block_changes(block, courses, field)
            for block in np.array_split(wet, max(1, wet.size * len(times) // BLOCK))
            if block.size
        ]
        if not parts:
            return np.zeros(0), np.zeros(0, dtype=np.intp), np.zeros(0), np.zeros(0)
        when, sites, depth, velocity = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((sites, when))
        return times[when[order]], sites[order], depth[order], velocity[order]


def _block_changes(
    sites: NDArray[np.intp], courses: list[tuple[Floats, Floats]], field: FloodField
) -> tuple[NDArray[np.intp], NDArray[np.intp], Floats, Floats]:
    """Changes of some sites: number of the time, site, depth, velocity."""
    ruled_by = field.ruled_by[sites]
    depth = np.maximum(np.stack([courses[i][0] for i in ruled_by]) - field.ground_m[sites, None], 0.0)
    velocity = np.where(depth > 0, np.stack([courses[i][1] for i in ruled_by]), 0.0)
    band = np.where((sites < field.n_places)[:, None], place_band(depth, velocity), road_band(depth))
    before = np.concatenate([np.zeros((len(sites), 1), dtype=band.dtype), band[:, :-1]], axis=1)
    row, when = np.nonzero(band != before)
    return when, sites[row], depth[row, when], velocity[row, when]


def place_band(depth_m: Floats, velocity_ms: Floats) -> NDArray[np.int16]:
    """Number that changes whenever a place is to be looked at again; 0 is dry."""
    deep = np.searchsorted(np.array(DEEP_M), depth_m).astype(np.int16)
    return hazard_class(depth_m, velocity_ms).astype(np.int16) * 16 + deep


def road_band(depth_m: Floats) -> NDArray[np.int16]:
    """Number of limits that the water on a road is above: wet, those of the vehicles, and one between; 0 is dry."""
    limits = {depth_limit_m(vehicle) for vehicle in VEHICLES} | {value("depth_wet_m"), value("boat_draft_m"), *ROAD_M}
    return np.searchsorted(np.array(sorted(limits)), depth_m).astype(np.int16)
