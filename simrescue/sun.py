"""When the sun is up at a place: from the instant and its longitude and latitude, in whatever offset hours are told.

The low-precision solar coordinates of Meeus (Astronomical Algorithms, 2nd ed. 1998, chapters 25 and 28) in the form of
NOAA's solar calculator: declination and equation of time, the upper edge of the sun on the horizon with refraction at
-0.833 degrees. They are taken once a day, at the noon of the place's own mean solar time: good to about a minute, and
the same for all places that have the same solar time.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Spans = list[tuple[float, float]]
"""Times of light as (begins, ends), hours, in order and apart from each other."""

HORIZON_DEG = -0.833
NOON_OF_2000 = datetime(2000, 1, 1, 12, tzinfo=UTC)
DAYS_AROUND = 2
"""Days before the first and after the last that are looked at, so that no light is cut off in the run."""


def light(start: datetime, hours: float, lon: float, lat: float) -> Spans:
    """Times of light at a place in a run that begins at `start` (with its offset), in hours since then.

    Those that touch are one: the polar day is one long light, and in the polar night there is none.
    """
    mean_h = _mean_solar_h(start, lon)
    day = np.arange(np.floor(mean_h / 24) - DAYS_AROUND, np.ceil((mean_h + hours) / 24) + DAYS_AROUND + 1)
    declination, ahead_h = solar(day)
    phi, horizon = np.radians(lat), np.sin(np.radians(HORIZON_DEG))
    cosine = (horizon - np.sin(phi) * np.sin(declination)) / (np.cos(phi) * np.cos(declination))
    half_h = np.where(cosine < -1, 12.5, np.degrees(np.arccos(np.clip(cosine, -1, 1))) / 15)
    noon_h = day * 24 - ahead_h - mean_h
    return joined(zip((noon_h - half_h).tolist(), (noon_h + half_h).tolist(), strict=True))


def by_clock(start: datetime, hours: float, sunrise_h: float, sunset_h: float) -> Spans:
    """Times of light in a run where the sun rises and sets at stated clock hours, in the offset of `start`.

    A sunset before the sunrise is that of the next day.
    """
    clock_h = clock_of(start)
    days = range(-DAYS_AROUND, int(hours // 24) + DAYS_AROUND + 2)
    lasts_h = sunset_h - sunrise_h if sunset_h >= sunrise_h else sunset_h - sunrise_h + 24
    rises = [24.0 * day + sunrise_h - clock_h for day in days]
    return joined((rise, rise + lasts_h) for rise in rises)


def clock_of(start: datetime) -> float:
    """Clock hours since midnight."""
    return start.hour + start.minute / 60 + start.second / 3600


def joined(spans: Iterable[tuple[float, float]]) -> Spans:
    """The `spans` (begin and end, hours) in order, those that touch made one, empty ones left out."""
    disjoint: Spans = []
    for begin, end in sorted(spans):
        if begin >= end:
            continue
        if disjoint and begin <= disjoint[-1][1]:
            disjoint[-1] = disjoint[-1][0], max(disjoint[-1][1], end)
        else:
            disjoint.append((begin, end))
    return disjoint


def common(spans: Spans, others: Spans) -> Spans:
    """When it is light in both."""
    shared, first, second = list[tuple[float, float]](), 0, 0
    while first < len(spans) and second < len(others):
        begin, end = max(spans[first][0], others[second][0]), min(spans[first][1], others[second][1])
        if begin < end:
            shared.append((begin, end))
        if spans[first][1] < others[second][1]:
            first += 1
        else:
            second += 1
    return shared


def solar(day: Floats) -> tuple[Floats, Floats]:
    """Declination (radians) and equation of time (hours that the sun is ahead of mean time); `day`: since J2000.0."""
    century = np.asarray(day, dtype=float) / 36_525
    longitude = np.radians(280.46646 + century * (36_000.76983 + century * 0.0003032))
    anomaly = np.radians(357.52911 + century * (35_999.05029 - 0.0001537 * century))
    eccentricity = 0.016708634 - century * (0.000042037 + 0.0000001267 * century)
    centre = (
        np.sin(anomaly) * (1.914602 - century * (0.004817 + 0.000014 * century))
        + np.sin(2 * anomaly) * (0.019993 - 0.000101 * century)
        + np.sin(3 * anomaly) * 0.000289
    )
    node = np.radians(125.04 - 1934.136 * century)
    apparent = longitude + np.radians(centre - 0.00569 - 0.00478 * np.sin(node))
    seconds = 21.448 - century * (46.815 + century * (0.00059 - century * 0.001813))
    tilt = np.radians(23 + (26 + seconds / 60) / 60 + 0.00256 * np.cos(node))
    y = np.tan(tilt / 2) ** 2
    equation = (
        y * np.sin(2 * longitude)
        - 2 * eccentricity * np.sin(anomaly)
        + 4 * eccentricity * y * np.sin(anomaly) * np.cos(2 * longitude)
        - y**2 / 2 * np.sin(4 * longitude)
        - 1.25 * eccentricity**2 * np.sin(2 * anomaly)
    )
    return np.arcsin(np.sin(tilt) * np.sin(apparent)), np.degrees(equation) / 15


def _mean_solar_h(start: datetime, lon: float) -> float:
    """Hours of the place's mean solar time from the noon of 2000-01-01 to the start."""
    return (start - NOON_OF_2000) / timedelta(hours=1) + lon / 15
