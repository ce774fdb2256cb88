"""Daylight and weather in time, as those who fly, work by night or look for fires meet them.

Daylight is that of each place. Whoever needs several places flies while it is light at all of them.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from datetime import datetime
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from simrescue import sun
from simrescue.scenario.records import Scenario


class Sky:
    """The sky over the places of a world. Weather arrays hold from their time on (before the first: fair)."""

    def __init__(
        self,
        start: datetime,
        hours: float,
        spots: list[tuple[float, float]],
        weather: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
        by_clock: tuple[float | None, float | None] = (None, None),
    ) -> None:
        """Of a run from `start` on.

        Args:
            start: with its offset.
            hours: how long the run lasts.
            spots: longitude and latitude of each place.
            weather: times (hours since the start), wind (m/s) and visibility (km), each of shape (P,).
            by_clock: clock hours of sunrise and sunset in the offset of `start`, where they are stated for all places.
        """
        self.start, self.hours, self.spots = start, hours, spots
        self.times_h, self.wind_ms, self.visibility_km = weather
        self.sunrise_h, self.sunset_h = by_clock
        self.light_changes = LightChanges(self)
        self._light: dict[tuple[int, ...], tuple[list[float], list[float]]] = {}

    def visibility_at(self, now_h: float) -> float:
        """Visibility, km; infinite before the first point of the weather."""
        at = int(np.searchsorted(self.times_h, now_h, side="right")) - 1
        return float(self.visibility_km[at]) if at >= 0 else math.inf

    # ---- light

    def dawns(self, place: int) -> list[float]:
        """Hours at which it gets light at a place."""
        return self.lights((place,))[0]

    def is_night(self, now_h: float, *places: int) -> bool:
        """Whether the sun is down at one of some places."""
        return self.daylight_left_h(now_h, *places) <= 0

    def dark_h(self, now_h: float, *places: int) -> float:
        """Hours until it is light at all of some places; 0 when it is, infinite when it is not again in the run."""
        if not self.is_night(now_h, *places):
            return 0.0
        return self.next_dawn_h(now_h, *places)

    def next_dawn_h(self, now_h: float, *places: int) -> float:
        """Hours until it next gets light at all of some places; infinite when it does not in the run."""
        begins = self.lights(places)[0]
        at = bisect_right(begins, now_h)
        return begins[at] - now_h if at < len(begins) else math.inf

    def daylight_left_h(self, now_h: float, *places: int) -> float:
        """Hours until it gets dark at the first of some places; 0 where it is dark."""
        begins, ends = self.lights(places)
        at = bisect_right(begins, now_h) - 1
        return max(0.0, ends[at] - now_h) if at >= 0 else 0.0

    def lights(self, places: tuple[int, ...]) -> tuple[list[float], list[float]]:
        """Times of light at all of some places: when they begin and when they end."""
        light = self._light.get(places)
        if light is None:
            if len(places) == 1:
                spans = self._light_at(*self.spots[places[0]])
            else:
                # Each place once and in order: crews ask with the same place twice, as base and as scene.
                first, *others = (self.lights((place,)) for place in sorted(set(places)))
                spans = list(zip(*first, strict=True))
                for other in others:
                    spans = sun.common(spans, list(zip(*other, strict=True)))
            light = self._light[places] = [begin for begin, _ in spans], [end for _, end in spans]
        return light

    def _light_at(self, lon: float, lat: float) -> sun.Spans:
        rise, fall = self.sunrise_h, self.sunset_h
        if rise is not None and fall is not None:
            return sun.by_clock(self.start, self.hours, rise, fall)
        spans = sun.light(self.start, self.hours, lon, lat)
        clock = sun.clock_of(self.start)
        if rise is not None:  # the last time that the clock shows it before the sun sets
            spans = [(end - (clock + end - rise) % 24, end) for _, end in spans]
        elif fall is not None:
            spans = [(begin, begin + (fall - clock - begin) % 24) for begin, _ in spans]
        return sun.joined(spans)

    def light_from_h(self, now_h: float, lasts_h: float, *places: int) -> float:
        """The first hour from now on from which it stays light so long at all of some places; infinite: none."""
        begins, ends = self.lights(places)
        # From the day that has begun already: what is left of it may do.
        for at in range(max(0, bisect_right(begins, now_h) - 1), len(begins)):
            if ends[at] - max(now_h, begins[at]) >= lasts_h:
                return max(now_h, begins[at])
        return math.inf

    def lit(self) -> Sky:
        """The same sky for those whom the dark does not keep: light at all times, and the same weather."""
        return _Lit(self.start, self.hours, self.spots, (self.times_h, self.wind_ms, self.visibility_km))

    # ---- weather

    def storm_h(self, now_h: float, max_wind_ms: float, min_visibility_km: float) -> float:
        """Hours until wind and visibility allow flying; infinite when they never do again."""
        return self.fair_from_h(now_h, max_wind_ms, min_visibility_km) - now_h

    def fair_from_h(self, now_h: float, max_wind_ms: float, min_visibility_km: float) -> float:
        """The first hour from now on at which wind and visibility allow flying; infinite when they never do again."""
        at = int(np.searchsorted(self.times_h, now_h, side="right")) - 1
        if at < 0:
            return now_h
        for i in range(at, len(self.times_h)):
            if self.wind_ms[i] <= max_wind_ms and self.visibility_km[i] >= min_visibility_km:
                return max(now_h, float(self.times_h[i]))
        return math.inf

    def storm_from_h(self, now_h: float, max_wind_ms: float, min_visibility_km: float) -> float:
        """The first hour after now at which wind or visibility forbid flying; infinite when they never do."""
        for i in range(int(np.searchsorted(self.times_h, now_h, side="right")), len(self.times_h)):
            if self.wind_ms[i] > max_wind_ms or self.visibility_km[i] < min_visibility_km:
                return float(self.times_h[i])
        return math.inf


class _Lit(Sky):
    """A sky that never gets dark."""

    def lights(self, places: tuple[int, ...]) -> tuple[list[float], list[float]]:  # noqa: ARG002 - at all of them
        return [-math.inf], [math.inf]


class LightChanges(dict[int, list[float]]):
    """Place -> hours at which it gets light and dark there, in turn, light first; worked out when first asked for."""

    def __init__(self, sky: Sky) -> None:
        super().__init__()
        self.sky = sky

    def __missing__(self, place: int) -> list[float]:
        changes = self[place] = list(chain.from_iterable(zip(*self.sky.lights((place,)), strict=True)))
        return changes


def sky_of(scenario: Scenario) -> Sky:
    """The sky of a scenario whose places are numbered in the order of `scenario.places`."""
    settings, rows = scenario.settings, scenario.weather
    return Sky(
        settings.start,
        settings.duration_h,
        [(place.lon, place.lat) for place in scenario.places],
        (
            np.array([row.time_h for row in rows]),
            np.array([row.wind_ms for row in rows]),
            np.array([row.visibility_km for row in rows]),
        ),
        (settings.air.sunrise_h, settings.air.sunset_h),
    )
