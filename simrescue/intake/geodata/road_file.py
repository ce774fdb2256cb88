"""One file of roads as lines with attributes, whatever it is kept in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np

from simrescue.errors import ScenarioError
from simrescue.intake.geodata.coordinates import Points
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import Words, bilingual

MOST_BYTES, MOST_LINES, MOST_POINTS = 200_000_000, 200_000, 4_000_000
"""Size of a file (of all its parts, unpacked), its lines and their points that are read."""


class RoadLine(NamedTuple):
    """One line of a file."""

    points: Points
    tags: Mapping[str, str]
    """Name of an attribute, in small letters -> what it says."""


@dataclass
class RoadFile:
    """What one file holds."""

    file: str
    lines: list[RoadLine]
    system: str = ""
    """Its system of coordinates as `coordinates.to_wgs84` takes it; empty: the file does not say."""
    shares_points: bool = False
    """Whether roads meet only where they share a point, as in OpenStreetMap; else they meet wherever they cross."""
    remarks: list[Words] = field(default_factory=list)


def too_large(file: str) -> ScenarioError:
    """The error of a file of roads that is too large; `file`: its name."""
    return refused(file, bilingual("a file of at most {limit} MB, {lines:,} lines and {points:,} points",
                                   limit=MOST_BYTES // 1_000_000, lines=MOST_LINES, points=MOST_POINTS))  # fmt: skip


def broken(file: str, kind: str) -> ScenarioError:
    """The error of a file that is not of its kind, or broken; `file`: its name, `kind`: what it should be."""
    return refused(file, bilingual("a {kind} that can be read", kind=kind))


def lines_of(file: str, parts: Iterable[tuple[Sequence[Sequence[float]], Mapping[str, Any]]]) -> list[RoadLine]:
    """Lines of parts of geometry with their attributes, counted while they are read.

    Args:
        file: its name.
        parts: for each the points (two numbers or more each) and the attributes.

    Raises:
        ScenarioError: there are too many, or a number is none.
    """
    lines, points = list[RoadLine](), 0
    for coordinates, attributes in parts:
        points += len(coordinates)
        if len(lines) >= MOST_LINES or points > MOST_POINTS:
            raise too_large(file)
        try:
            array = np.array([(point[0], point[1]) for point in coordinates], dtype=float).reshape(-1, 2)
        except (TypeError, ValueError, IndexError, OverflowError):
            array = np.full((1, 2), np.nan)
        if not np.isfinite(array).all():
            raise refused(file, bilingual("points of finite numbers"), f"line {len(lines) + 1}")
        apart = np.ones(len(array), dtype=bool)
        apart[1:] = (np.diff(array, axis=0) != 0).any(axis=1)
        if apart.sum() >= 2:
            tags = {str(key).lower(): _text(value) for key, value in attributes.items()}
            lines.append(RoadLine(array[apart], {key: value for key, value in tags.items() if value}))
    return lines


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:.12g}" if isinstance(value, float) else str(value).strip("\0 \t\r\n")[:200]
