"""Fire danger of each day of a scenario, from its weather as forecast: what a bureau is told in the morning."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple, Protocol

from simrescue.hazards.wildfire.danger.danger_grade import Classes, DangerWeather, danger_grade, danger_points
from simrescue.hazards.wildfire.danger.fire_weather_index import Codes, Indices, Noon, indices, next_codes
from simrescue.hazards.wildfire.landscape.fire_weather import WeatherPoint

NOON_H, AFTERNOON_H, DAY_H = 12, 14, 24
DRY_MM = 0.1
"""Rain of a day up to which it counts as a day without."""


class BeforeTheStart(Protocol):
    """What the days before the scenario leave behind."""

    @property
    def ffmc(self) -> float:
        """Fine fuel moisture code of the day before the first."""
        ...

    @property
    def dmc(self) -> float:
        """Duff moisture code."""
        ...

    @property
    def dc(self) -> float:
        """Drought code."""
        ...

    @property
    def dry_days(self) -> int:
        """Days in a row without rain before the first."""
        ...

    @property
    def green(self) -> float:
        """Points taken off for green plants."""
        ...


class DangerDay(NamedTuple):
    """The danger of one day."""

    day: date
    begin_h: float
    """Hours since the start of the scenario at which the day begins; below 0 for the first."""
    grade: int
    """1 to 5."""
    points: float
    weather: DangerWeather
    codes: Codes
    indices: Indices


def danger_days(
    start: datetime,
    hours: float,
    points: Sequence[WeatherPoint],
    latitude: float,
    before: BeforeTheStart,
    table: Classes,
) -> tuple[DangerDay, ...]:
    """The danger of each day that a scenario touches, by the clock of its start.

    Each point of the weather holds until the next one, the first also before it; no rain is known before the first.

    Args:
        start: of the scenario, with its offset.
        hours: length of the scenario.
        points: the weather in order of time, at least one.
        latitude: degrees.
        before: what the days before leave behind.
        table: points and grades (`danger_grade.classes`).
    """
    midnight = start.replace(hour=0, minute=0, second=0, microsecond=0)
    begin_h = -(start - midnight) / timedelta(hours=1)
    codes, dry_days = Codes(before.ffmc, before.dmc, before.dc), before.dry_days
    days = []
    for number in range(max(1, math.ceil((hours - begin_h) / DAY_H))):
        day, from_h = (midnight + timedelta(days=number)).date(), begin_h + number * DAY_H
        noon = _at(points, from_h + NOON_H)
        # From noon to noon: the codes of the index are carried from one noon to the next.
        rain_mm = _rain(points, from_h + NOON_H - DAY_H, from_h + NOON_H)
        wind_kmh = noon.wind_ms * 3.6
        codes = next_codes(codes, Noon(noon.temperature_c, noon.humidity, wind_kmh, rain_mm), day.month, latitude)
        dry_days = dry_days + 1 if _rain(points, from_h, from_h + DAY_H) <= DRY_MM else 0
        within = _within(points, from_h, from_h + DAY_H)
        weather = DangerWeather(
            max(point.temperature_c for point in within),
            _at(points, from_h + AFTERNOON_H).humidity,
            dry_days,
            max(point.wind_ms for point in within),
        )
        total = danger_points(weather, table, before.green)
        days.append(DangerDay(day, from_h, danger_grade(total, table), total, weather, codes, indices(codes, wind_kmh)))
    return tuple(days)


def day_of(days: Sequence[DangerDay], hour: float) -> DangerDay:
    """The day of an hour of the scenario; the last one after its end."""
    return next((day for day in reversed(days) if day.begin_h <= hour), days[0])


def _at(points: Sequence[WeatherPoint], hour: float) -> WeatherPoint:
    return points[_index(points, hour)]


def _index(points: Sequence[WeatherPoint], hour: float) -> int:
    return max(bisect_right(points, hour, key=lambda point: point.time_h) - 1, 0)


def _within(points: Sequence[WeatherPoint], from_h: float, to_h: float) -> Sequence[WeatherPoint]:
    """Points that hold at some time of a span, the one that holds at its start among them."""
    first = _index(points, from_h)
    return [points[first], *(point for point in points[first + 1 :] if point.time_h < to_h)]


def _rain(points: Sequence[WeatherPoint], from_h: float, to_h: float) -> float:
    """Millimetres that fall in a span."""
    ends = [point.time_h for point in points[1:]] + [math.inf]
    return math.fsum(
        point.rain_mm * max(0.0, min(end, to_h) - max(point.time_h, from_h))
        for point, end in zip(points, ends, strict=True)
    )
