"""Grade of fire danger, I to V, by points for heat, dryness, days without rain and wind.

`data/fire_danger.csv` holds the points of the Chinese forestry standard LY/T 1172-95; a scenario may bring a
`fire_danger.csv` of its own, whose rows take the place of those of the same parts.
"""

from __future__ import annotations

import csv
import math
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple, Protocol, get_args

DangerPart = Literal["temperature_c", "humidity_pct", "dry_days", "wind_force", "grade"]
PARTS: tuple[DangerPart, ...] = get_args(DangerPart)
GRADES = ("I", "II", "III", "IV", "V")
BEAUFORT_MS = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)
"""Wind speeds, m/s, from which the forces 1 to 12 begin. Source: GB/T 28591-2012."""


class DangerPoints(Protocol):
    """A row of the table: what a part gives up to a value."""

    @property
    def part(self) -> DangerPart:
        """What is looked at."""
        ...

    @property
    def up_to(self) -> float | None:
        """Highest value of the class; None: all above the others."""
        ...

    @property
    def points(self) -> float:
        """What the class gives; of the part `grade` the grade itself, 1 to 5."""
        ...


class _Row(NamedTuple):
    part: DangerPart
    up_to: float | None
    points: float


class DangerWeather(NamedTuple):
    """What the grade of a day is made from."""

    temperature_c: float
    """Highest of the day."""
    humidity: float
    """Relative, at 14:00 of the clock, as a share."""
    dry_days: int
    """Days in a row without rain, the day itself among them."""
    wind_ms: float
    """Greatest mean of ten minutes of the day."""


Classes = Mapping[DangerPart, tuple[tuple[float, float], ...]]
"""Of each part its classes as (highest value, points), in order of the value."""


def classes(rows: Iterable[DangerPoints] = ()) -> Classes:
    """The table: the program's own, with the parts of `rows` in place of its parts."""
    given: dict[DangerPart, list[tuple[float, float]]] = {}
    for row in rows:
        given.setdefault(row.part, []).append((math.inf if row.up_to is None else row.up_to, row.points))
    return {part: tuple(sorted(given[part])) if part in given else _standard()[part] for part in PARTS}


@cache
def _standard() -> Classes:
    text = files("simrescue").joinpath("data/fire_danger.csv").read_text(encoding="utf-8")
    points_of: dict[DangerPart, list[tuple[float, float]]] = {part: [] for part in PARTS}
    for row in csv.DictReader(text.splitlines()):
        part = next(known for known in PARTS if known == row["part"])
        points_of[part].append((float(row["up_to"] or math.inf), float(row["points"])))
    return {part: tuple(sorted(points_of[part])) for part in PARTS}


def wind_force(wind_ms: float) -> int:
    """Beaufort force of a wind."""
    return bisect_right(BEAUFORT_MS, wind_ms)


def danger_points(weather: DangerWeather, table: Classes, green: float = 0.0) -> float:
    """Sum of the points of a day, less those for green plants; at least 0."""
    values: dict[DangerPart, float] = {
        "temperature_c": weather.temperature_c,
        "humidity_pct": weather.humidity * 100,
        "dry_days": weather.dry_days,
        "wind_force": wind_force(weather.wind_ms),
    }
    return max(math.fsum(_of(table[part], value) for part, value in values.items()) - green, 0.0)


def danger_grade(points: float, table: Classes) -> int:
    """Grade of a sum of points, 1 to 5."""
    return int(_of(table["grade"], points))


def _of(part: tuple[tuple[float, float], ...], value: float) -> float:
    """Points of the class that a value lies in; above the last, those of the last."""
    return next((points for up_to, points in part if value <= up_to), part[-1][1])
