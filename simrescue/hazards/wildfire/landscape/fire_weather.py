"""The weather of a fire: wind, heat and dryness of the air hour by hour, and the water that fuel holds because of them.

Dead fuel follows the moisture at which it would be in balance with the air (Simard 1968, in the form of the United
States' National Fire-Danger Rating System: Cohen and Deeming 1985, PSW-82, eq. 1), with time lags of 1, 10 and 100 h.
Moisture of live plants is a setting: it changes with the season, not with the hour.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture, Spread, spread
from simrescue.hazards.wildfire.landscape.terrain import Ground
from simrescue.parameters import Parameters
from simrescue.streams import array_stream

LAGS_H = np.array([1.0, 10.0, 100.0])
"""Time in which dead fuel of the three classes of size goes 63 % of the way to balance."""
DAY_H = 24.0
DRIEST_AIR = 0.02
"""Lowest humidity that a draw may lead to."""


class WeatherPoint(NamedTuple):
    """The weather from one time to that of the next point, as a station or a forecast gives it."""

    time_h: float
    wind_ms: float
    """Mean wind 10 m above open ground."""
    wind_from_deg: float
    """Where it comes from, clockwise from north."""
    temperature_c: float
    humidity: float
    """Relative, as a share."""
    rain_mm: float = 0.0
    """Per hour."""


class Unsure(Protocol):
    """Standard deviations of how one course differs from the weather given."""

    @property
    def wind(self) -> float:
        """Of the logarithm of a factor on the speed of the wind; the factor is 1 on average."""
        ...

    @property
    def direction_deg(self) -> float:
        """Of a turn of the wind, degrees."""
        ...

    @property
    def humidity(self) -> float:
        """Of an offset of the relative humidity (0..1)."""
        ...

    @property
    def shift_h(self) -> float:
        """By which the whole course of the wind comes earlier or later."""
        ...


class State(NamedTuple):
    """The weather at one moment."""

    wind_ms: float
    wind_from_deg: float
    temperature_c: float
    humidity: float
    moisture: Moisture


@dataclass(frozen=True, eq=False)
class FireWeather:
    """Weather over time: each point holds until the next one, the first also before it."""

    points: Sequence[WeatherPoint]
    """In order of time, at least one."""
    live_herb: float
    """Moisture of live herbs, share of dry weight."""
    live_woody: float
    parameters: Parameters
    dead: tuple[float, float, float] | None = None
    """Moisture of the dead classes at the first point; None: in balance with the mean of the first day."""
    shift_h: float = 0.0
    """By which the wind comes later than the points say."""

    @cached_property
    def changes_h(self) -> Floats:
        """Hours at which wind or air change, in order; fuel dries and dampens all the time."""
        # The first point holds before itself too, so the wind does not change with it.
        return np.union1d(self._times, self._times[1:] + self.shift_h)

    def at(self, hour: float) -> State:
        """The weather at an hour of the scenario: wind of the shifted course, air and fuel at their own hours."""
        wind, air = self.points[self._index(hour - self.shift_h)], self.points[self._index(hour)]
        # A draw may have turned it beyond the circle.
        direction = wind.wind_from_deg % 360
        return State(wind.wind_ms, direction, air.temperature_c, air.humidity, self.moisture(hour))

    def is_late(self, hour: float) -> bool:
        """Whether a turn of the wind that the points have by an hour of the simulation has not come by then."""
        return self._index(hour - self.shift_h) < self._index(hour)

    def point_at(self, hour: float) -> WeatherPoint:
        """The point that holds at an hour, at the time of the air."""
        return self.points[self._index(hour)]._replace(time_h=0.0)

    def moisture(self, hour: float) -> Moisture:
        """Water in the fuel at an hour of the scenario.

        Dead fuel lags behind the balance with the air by 1, 10 and 100 h.
        """
        point = self._index(hour)
        since = max(hour - float(self._times[point]), 0.0)
        one_h, ten_h, hundred_h = _lagged(self._dead[point], float(self._balance[point]), since).tolist()
        return Moisture(one_h, ten_h, hundred_h, self.live_herb, self.live_woody)

    def drawn(self, seed: int, replication: int, unsure: Unsure) -> FireWeather:
        """One course of the weather: other wind, drier or damper air, the wind's changes earlier or later.

        Args:
            seed: of the run.
            replication: its number; four standard normal draws of its own stream.
            unsure: standard deviations.
        """
        wind, direction, humidity, shift = array_stream(seed, replication, "fire-weather").standard_normal(4).tolist()
        # Log-normal with mean 1: uncertain wind is not stronger wind on average.
        factor = math.exp(unsure.wind * wind - unsure.wind**2 / 2)
        points = [
            point._replace(
                wind_ms=point.wind_ms * factor,
                wind_from_deg=point.wind_from_deg + unsure.direction_deg * direction,
                humidity=min(max(point.humidity + unsure.humidity * humidity, DRIEST_AIR), 1.0),
            )
            for point in self.points
        ]
        return replace(self, points=points, shift_h=self.shift_h + unsure.shift_h * shift)

    def _index(self, hour: float) -> int:
        return max(bisect_right(self._hours, hour) - 1, 0)

    @cached_property
    def _hours(self) -> list[float]:
        # Plain numbers: bisection in a list is far quicker than in an array, and the weather is asked for all the time.
        return [float(point.time_h) for point in self.points]

    @cached_property
    def _times(self) -> Floats:
        return np.array(self._hours)

    @cached_property
    def _balance(self) -> Floats:
        """(P,) moisture that dead fuel moves to from each point on."""
        temperature, humidity, rain = (
            np.array([getattr(point, name) for point in self.points], dtype=float)
            for name in ("temperature_c", "humidity", "rain_mm")
        )
        wet = rain >= self.parameters.fire_wetting_rain_mm
        return np.where(wet, self.parameters.fire_wet_fuel_moisture, equilibrium_moisture(temperature, humidity))

    @cached_property
    def _dead(self) -> Floats:
        """(P, 3) moisture of dead fuel at each point."""
        ends = np.minimum(np.append(self._times[1:], np.inf), self._times[0] + DAY_H)
        lasts = np.maximum(ends - self._times, 0.0)  # hours of each point within the first day
        dead = np.empty((len(self.points), len(LAGS_H)))
        dead[0] = self.dead or np.average(self._balance, weights=lasts)
        for point, lasts_h in enumerate(np.diff(self._times).tolist()):
            dead[point + 1] = _lagged(dead[point], float(self._balance[point]), lasts_h)
        return dead


def _lagged(dead: Floats, balance: float, hours: float) -> Floats:
    """Moisture of the dead classes after some hours of one balance."""
    return balance + (dead - balance) * np.exp(-hours / LAGS_H)


def equilibrium_moisture(temperature_c: Floats, humidity: Floats) -> Floats:
    """Moisture (share) of dead fuel in balance with air of a temperature and a humidity (share); at least 1 %.

    Simard (1968) by way of PSW-82, eq. 1a to 1c, whose temperatures are Fahrenheit and whose shares are per cent.
    """
    t, h = np.asarray(temperature_c) * 1.8 + 32, np.asarray(humidity) * 100
    dry = 0.03229 + 0.281073 * h - 0.000578 * h * t
    medium = 2.22749 + 0.160107 * h - 0.014784 * t
    damp = 21.0606 + 0.005565 * h**2 - 0.00035 * h * t - 0.483199 * h
    return np.maximum(np.where(h < 10, dry, np.where(h < 50, medium, damp)), 1.0) / 100


def spread_at(landscape: Ground, weather: FireWeather, hour: float) -> Spread:
    """The fire at all cells if it burned there at an hour of the scenario, arrays (R x C,) in their order."""
    state = weather.at(hour)
    midflame = state.wind_ms / weather.parameters.fire_wind_10m_to_20ft * landscape.wind_adjustment.ravel()
    towards = math.radians(state.wind_from_deg + 180)
    slope, upslope = landscape.slope.ravel(), landscape.upslope_rad.ravel()
    return spread(landscape.fuel.ravel(), state.moisture, midflame, towards, slope, upslope)
