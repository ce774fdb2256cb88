"""A flood: depth of water over time at places and on roads.

`FloodField` is what the scenario says; `FloodCourse` is one course of it, earlier or later, higher or lower, longer or
shorter. Depth comes from series: a water level by zone against the height of the ground, or a depth by place. Another
source (a raster, say) is one more function that answers series, and which of them rules each site.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.base import IDLE, Effect, Effort, WaterDepth
from simrescue.hazards.flood.depth_effects import hazard_class
from simrescue.hazards.flood.house_heights import PARTS, heights_m
from simrescue.hazards.flood.houses import refuge_limits_m
from simrescue.hazards.flood.mortality import BREACH, RISE_TO_M
from simrescue.hazards.flood.series import AS_RECORDED, SOURCES, Draw, Floats, Series, first_above, sites_of
from simrescue.parameters import Parameters
from simrescue.responders import VEHICLES
from simrescue.streams import array_stream
from simrescue.units import step_ends_h

if TYPE_CHECKING:
    from simrescue.hazards.scenario_view import Scenario

DEEP_M = (1.5, 2.5, 3.0, 3.5, 4.5, 5.0, 6.0, 8.0)
"""Depths between and above the limits of the hazard classes at which a place is looked at again, besides those that
come over upper floors and roofs, and the limits of all vehicles."""
ROAD_M = (0.15,)
"""Depth at which a road is looked at again besides wet, and the limits of all vehicles."""
BLOCK = 2_000_000
"""Depths worked out at once (sites x times)."""


class FloodExtent(NamedTuple):
    """First water and crest of one course at each site (S,)."""

    arrival_h: Floats
    """Hours at which a site becomes wet; infinite: never."""
    crest_m: Floats
    """Greatest depth; 0: dry."""


class FloodField:
    """The flood of a scenario, compiled once: series by zone (or site) and the ground under S sites."""

    def __init__(self, scenario: Scenario) -> None:
        settings = scenario.settings
        self.parameters = scenario.parameters
        self.uncertainty = settings.flood.uncertainty
        self.step_h = settings.flood.step_h
        self.duration_h = settings.duration_h
        self.n_places = len(scenario.places)
        self.houses_m = np.array([_houses_m(village.ground_spread_m) for village in scenario.settlements]).reshape(
            -1, PARTS
        )
        """Height of the houses of each village above its lowest street, in equal parts (V, PARTS)."""
        self.series, self.ruled_by, self.ground_m = SOURCES[settings.flood.source](scenario)
        self.sites = sites_of(self.ruled_by, len(self.series))
        self.bed_m = np.zeros(len(self.ground_m))
        """How far the bed of its stream lies below each road (S,); 0 at places, and where only depths are known."""
        if settings.flood.source == "levels":
            self.bed_m[self.n_places :] = self.parameters.ford_bed_m
        self.zones = sorted({series.zone for series in self.series})

    def water(self, drawn: Mapping[str, Draw] | None = None) -> FloodExtent:
        """First water and crest at all sites, exact and without steps.

        Args:
            drawn: the draws of a course by zone; None: as recorded.

        Returns:
            Hours since the start of the scenario, 0 for what is wet then, and depths in metres, within the scenario's
            length.
        """
        water = FloodExtent(np.full(len(self.ruled_by), np.inf), np.zeros(len(self.ruled_by)))
        for series, sites in zip(self.series, self.sites, strict=True):
            draw = drawn[series.zone] if drawn else AS_RECORDED
            begin, end = draw.record_time(np.array([0.0, self.duration_h]), series)
            # Straight between its points: the water is highest at one of them, or at an end of the run.
            inside = series.times_h[(series.times_h > begin) & (series.times_h < end)]
            times = np.concatenate([[begin], inside, [end]])
            level = np.interp(times, series.times_h, series.level_m)
            ground = self.ground_m[sites]
            # The heights are moved and not the series: then its own points and straight lines still hold.
            rises = first_above(times, level, draw.lowered(ground + self.parameters.depth_wet_m, series))
            water.arrival_h[sites] = np.where(rises > begin, draw.course_time(rises, series), 0.0)
            water.crest_m[sites] = np.maximum(draw.raised(level, series).max() - ground, 0.0)
        return water

    def forecast(self, sites: int) -> tuple[tuple[tuple[float, int], ...], ...]:
        """Hazard class over time at the first so many sites, as recorded, looked at every step and at each reading.

        Returns:
            For each site the hours at which it comes into another class, with the class from then on.
        """
        courses: list[tuple[tuple[float, int], ...]] = [()] * sites
        steps = np.arange(math.ceil(self.duration_h / self.step_h) + 1) * self.step_h
        for series, ruled in zip(self.series, self.sites, strict=True):
            here = ruled[ruled < sites]
            inside = series.times_h[(series.times_h > 0) & (series.times_h < self.duration_h)]
            times = np.union1d(steps, inside)
            level = np.interp(times, series.times_h, series.level_m)
            depth = np.maximum(level - self.ground_m[here, None], 0.0)
            velocity = np.where(depth > 0, np.interp(times, series.times_h, series.velocity_ms), 0.0)
            danger = hazard_class(depth, velocity, wet_m=self.parameters.depth_wet_m)
            for site, classes in zip(here.tolist(), danger, strict=True):
                changes = np.flatnonzero(np.diff(classes, prepend=0))
                courses[site] = tuple(zip(times[changes].tolist(), classes[changes].tolist(), strict=True))
        return tuple(courses)

    def draws(self, seed: int, replication: int) -> dict[str, Draw]:
        """How one course differs, by zone.

        Three standard normal draws each, of whose variance all zones share the part `common`.

        Args:
            seed: of the run.
            replication: its number.
        """
        spread = self.uncertainty
        shared = array_stream(seed, replication, "flood").standard_normal(3) * np.sqrt(spread.common)
        drawn = {}
        for zone in self.zones:
            # By the name of the zone: one zone more or less changes no draw of the others.
            own = array_stream(seed, replication, "flood", zone).standard_normal(3) * np.sqrt(1 - spread.common)
            arrival, level, duration = (shared + own).tolist()
            stretch = float(np.exp(duration * spread.duration))
            drawn[zone] = Draw(arrival * spread.arrival_h, level * spread.level_m, stretch)
        return drawn


def _houses_m(spread_m: float) -> tuple[float, ...]:
    heights = heights_m(spread_m)
    return heights if len(heights) == PARTS else (0.0,) * PARTS


class FloodCourse:
    """One course of the flood; a hazard that no responder changes.

    Depth is looked at every `step` of the scenario and at the crest. A place is reported when its hazard class changes,
    at further depths above 1.2 m, at its crest, and when the class of any of its houses changes; a road when the water
    reaches or leaves it or passes a limit of a vehicle.
    """

    def __init__(self, field: FloodField, seed: int, replication: int) -> None:
        self.field = field
        self.drawn = field.draws(seed, replication)
        self._next = 0
        changes = self._changes()
        self._times, self._water = changes[0], changes[1:]

    def next_time(self) -> float:
        """Hours at which the next site changes; infinite when nothing more can."""
        return float(self._times[self._next]) if self._next < len(self._times) else float("inf")

    def advance(self, now: float, effort: Effort = IDLE) -> list[Effect]:
        """Water at the sites that have changed since the last call up to `now` (hours), as it is since the last change.

        One effect a site, by their numbers; the effort of responders changes nothing.
        """
        del effort
        first, self._next = self._next, max(self._next, int(self._times.searchsorted(now, side="right")))
        columns = (column[first : self._next].tolist() for column in self._water)
        # Of several changes of one site the last counts.
        last = {effect.site: effect for effect in map(WaterDepth, *columns)}
        return [last[site] for site in sorted(last)]

    def depth_at(self, sites: ArrayLike, time_h: float) -> Floats:
        """Depth, m, at sites (indexes of places, then roads) at one time of this course, hours since the start."""
        wanted = np.asarray(sites, dtype=np.intp)
        depth = np.zeros(wanted.shape)
        for number in set(self.field.ruled_by[wanted].tolist()) - {-1}:
            here = self.field.ruled_by[wanted] == number
            level, _ = self._course(self.field.series[number], np.array([time_h]))
            depth[here] = np.maximum(level - self.field.ground_m[wanted[here]], 0.0)
        return depth

    def reading(self, gauge: str, now: float, ahead_h: float = 0.0) -> float:
        """Water level of a zone in this course, m, as a gauge there shows it.

        Args:
            gauge: the zone.
            now: hours since the start.
            ahead_h: hours from now for which the forecast, the mean flood, counts too: then the highest of all.

        Returns:
            The level; nan where no water level is stated for such a zone.
        """
        series = next((series for series in self.field.series if series.zone == gauge), None)
        if series is None:
            return math.nan
        level, _ = self._course(series, np.array([now]))
        inside = (series.times_h > now) & (series.times_h < now + ahead_h)
        # Of the mean flood and not of this course, which nobody knows before it has come.
        foreseen = np.interp([now, now + ahead_h], series.times_h, series.level_m) if ahead_h else np.zeros(0)
        return float(np.concatenate([level, foreseen, series.level_m[inside]]).max())

    def _course(self, series: Series, times_h: Floats) -> tuple[Floats, Floats]:
        """Level and velocity of a series in this course."""
        draw = self.drawn[series.zone]
        recorded = draw.record_time(times_h, series)
        level = draw.raised(np.interp(recorded, series.times_h, series.level_m), series)
        return level, np.interp(recorded, series.times_h, series.velocity_ms)

    def _crest_time(self, series: Series, last_h: float) -> float:
        """When the course of a series is highest: at one of its points, at the start or at the end."""
        draw = self.drawn[series.zone]
        times = draw.course_time(series.times_h, series)
        inside = np.flatnonzero((times >= 0) & (times <= last_h))
        return float(times[inside[series.level_m[inside].argmax()]]) if inside.size else 0.0

    def _last_time(self) -> float:
        """When the last series has run out."""
        ends = [
            float(self.drawn[series.zone].course_time(series.times_h[-1:], series)[0]) for series in self.field.series
        ]
        return max(0.0, min(max(ends, default=0.0), float(self.field.duration_h)))

    def _changes(self) -> tuple[Floats, NDArray[np.intp], Floats, Floats, NDArray[np.int8], Floats]:
        """All changes of the course in order of time, then site, each as of `WaterDepth` after its time.

        Each series is looked at every step and at its own crest, so that no crest is missed between two steps.
        """
        field, last_h = self.field, self._last_time()
        steps = np.array(step_ends_h(math.ceil(last_h / field.step_h), field.step_h))
        courses = [
            (times, *self._course(series, times))
            for series in field.series
            for times in [np.sort(np.append(steps, self._crest_time(series, last_h)))]
        ]
        # For sites that no series rules (-1), which read the last: never above any ground.
        crest = np.array([level.max() for _, level, _ in courses] + [-np.inf])
        # Most sites of a county never get wet, and of these nothing has to be looked at.
        wet = np.flatnonzero(crest[field.ruled_by] > field.ground_m)
        parts = [
            _block_changes(block, courses, field)
            for block in np.array_split(wet, max(1, wet.size * len(steps) // BLOCK))
            if block.size
        ]
        if not parts:
            none = np.zeros(0)
            return none, np.zeros(0, dtype=np.intp), none, none, np.zeros(0, dtype=np.int8), none
        when, sites, depth, velocity, ford = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((sites, when))
        danger = hazard_class(depth, velocity, wet_m=field.parameters.depth_wet_m)
        return when[order], sites[order], depth[order], velocity[order], danger[order], ford[order]


def _block_changes(
    sites: NDArray[np.intp], courses: list[tuple[Floats, Floats, Floats]], field: FloodField
) -> tuple[Floats, NDArray[np.intp], Floats, Floats, Floats]:
    """Changes of some sites: time, site, depth, velocity, ford; the crest of a place is one, whatever its band."""
    times, level, velocity = (
        np.stack(column) for column in zip(*(courses[i] for i in field.ruled_by[sites]), strict=True)
    )
    above = level - field.ground_m[sites, None]
    depth, ford = np.maximum(above, 0.0), np.maximum(above + field.bed_m[sites, None], 0.0)
    velocity = np.where(depth > 0, velocity, 0.0)
    is_place = (sites < field.n_places)[:, None]
    # Looked at again only where something hangs on it, and not at every step of every site.
    band = np.where(is_place, place_band(depth, velocity, field.parameters), road_band(depth, field.parameters))
    before = np.concatenate([np.zeros((len(sites), 1), dtype=band.dtype), band[:, :-1]], axis=1)
    # The crest is told even within a band: deaths and metrics ask for the greatest depth.
    crest = np.arange(depth.shape[1]) == depth.argmax(axis=1)[:, None]
    changes = (band != before) | (crest & is_place & (band > 0))
    if not is_place.all():
        too_deep = ford > field.parameters.depth_limit_foot_m
        changes |= np.diff(too_deep, axis=1, prepend=False) & ~is_place
    spread = np.flatnonzero(sites < len(field.houses_m))
    # Of a village of one height the houses stand where the street does: told with the place.
    spread = spread[field.houses_m[sites[spread], -1] > 0]
    for part in range(PARTS if spread.size else 0):
        above = np.maximum(depth[spread] - field.houses_m[sites[spread], part, None], 0.0)
        houses = house_band(above, velocity[spread], field.parameters)
        changes[spread] |= np.diff(houses, axis=1, prepend=0) != 0
    row, column = np.nonzero(changes)
    return times[row, column], sites[row], depth[row, column], velocity[row, column], ford[row, column]


def place_band(depth_m: Floats, velocity_ms: Floats, parameters: Parameters) -> NDArray[np.int16]:
    """Number that changes whenever a place is to be looked at again; 0 is dry.

    Depths, speeds and answer of one shape.
    """
    depths = {*DEEP_M, *refuge_limits_m(parameters), *map(parameters.depth_limit_m, VEHICLES)}
    return _band(depth_m, velocity_ms, depths, parameters)


def house_band(depth_m: Floats, velocity_ms: Floats, parameters: Parameters) -> NDArray[np.int16]:
    """The same for the houses at one height, without what rules vehicles: they are looked at with the place besides.

    Depths, speeds and answer of one shape.
    """
    depths = {RISE_TO_M, *refuge_limits_m(parameters)}
    return _band(depth_m, np.where(depth_m > 0, velocity_ms, 0.0), depths, parameters)


def _band(depth_m: Floats, velocity_ms: Floats, depths: set[float], parameters: Parameters) -> NDArray[np.int16]:
    deep = np.searchsorted(np.array(sorted(depths)), depth_m).astype(np.int16)
    flow = depth_m * velocity_ms
    limits = np.sort([parameters.brick_flow_m2_s, parameters.concrete_flow_m2_s, BREACH[1]])
    swift = np.searchsorted(limits, flow) + 4 * (velocity_ms >= min(parameters.brick_velocity_ms, BREACH[0]))
    danger = hazard_class(depth_m, velocity_ms, wet_m=parameters.depth_wet_m).astype(np.int16)
    # In one number: up to 31 depths, 8 kinds of flow, and the class; it only has to differ where one of them does.
    return danger * 256 + swift.astype(np.int16) * 32 + deep


def road_band(depth_m: Floats, parameters: Parameters) -> NDArray[np.int16]:
    """Number of limits that the water on a road is above: wet, those of the vehicles, and one between; 0 is dry."""
    limits = {*map(parameters.depth_limit_m, VEHICLES), parameters.depth_wet_m, parameters.boat_draft_m, *ROAD_M}
    return np.searchsorted(np.array(sorted(limits)), depth_m).astype(np.int16)
