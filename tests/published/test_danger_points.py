"""Points and grades of the Chinese index of fire danger: every class of the published table, at both of its ends."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

from simrescue.hazards.wildfire.danger.danger_grade import (
    BEAUFORT_MS,
    DangerWeather,
    classes,
    danger_grade,
    danger_points,
)

with Path(__file__).with_name("danger_points.csv").open(encoding="utf-8") as file:
    ROWS = list(csv.DictReader(file))
STANDARD = classes()
NONE = DangerWeather(temperature_c=0.0, humidity=1.0, dry_days=0, wind_ms=0.0)
"""A day whose parts all give no points."""


def ends(text: str) -> tuple[float, float]:
    """The lowest and the highest value of a class as printed: `<=5.0`, `5.1-10.0`, `>25.0`, `3`."""
    first, *others = (float(number) for number in re.findall(r"[\d.]+", text))
    if text.startswith(("<=", ">=")):
        return first, first
    if text.startswith(">"):
        return first + 0.1, first + 0.1
    return first, others[0] if others else first


def day(part: str, value: float) -> DangerWeather:
    """A day that gives points by one part alone."""
    match part:
        case "A":
            return NONE._replace(temperature_c=value)
        case "B":
            return NONE._replace(humidity=value / 100)
        case "C":
            return NONE._replace(dry_days=int(value))
        case _:
            return NONE._replace(wind_ms=(0.0, *BEAUFORT_MS)[int(value)])


def test_the_table_has_all_its_classes() -> None:
    assert [sum(row["part"] == part for row in ROWS) for part in ("A", "B", "C", "D", "grade")] == [6, 6, 11, 9, 5]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row['part']} {row['class']}")
def test_each_class_gives_what_is_published(row: dict[str, str]) -> None:
    expected = float(row["points_or_grade"])
    for value in ends(row["class"]):
        if row["part"] == "grade":
            assert danger_grade(value, STANDARD) == expected
        else:
            assert danger_points(day(row["part"], value), STANDARD) == expected
