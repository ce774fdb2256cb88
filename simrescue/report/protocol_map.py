"""A small map of what an import read: places with coordinates, roads between them, and where something is missing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from simrescue.kinds import tables
from simrescue.units import read_number

WIDTH, PHONE = 900.0, 360.0
"""Width of the drawing in its own units, on a desk and on a phone, where its letters stay as large."""
MARGIN = 0.044
"""Share of the width that stays empty at each edge."""
TALLEST = 0.78
"""Height at most as a share of the width; on a phone the drawing is as high as it is wide."""
LETTER, LINE = 13.0, 16.0
"""Width of a Chinese letter and height of a line of names."""
BESIDE = 8.0
"""Between a place and its name."""
DECIDES = ("population", "zone", "elevation")
"""Columns of villages whose lack shows on the map; where the flood comes by depths, the first alone."""


class DrawnPlace(NamedTuple):
    """One place on the drawing."""

    x: float
    y: float
    name: str
    """Empty where there is no room for it."""
    village: bool
    lacks: bool
    """A village without one of `DECIDES`."""
    left: bool = False
    """Its name ends at its left: there is no room at its right."""

    @property
    def span(self) -> tuple[float, float]:
        """Where the name begins and ends, from left to right."""
        width = sum(LETTER if ord(letter) > 0x2E7F else LETTER * 0.6 for letter in self.name)
        return (self.x - BESIDE - width, self.x - BESIDE) if self.left else (self.x + BESIDE, self.x + BESIDE + width)


class SpotMap(NamedTuple):
    """The drawing."""

    width: float
    height: float
    spots: tuple[DrawnPlace, ...]
    roads: tuple[tuple[float, float, float, float], ...]
    without_place: int
    """Places without coordinates, which are not on it."""
    lacking: int
    """Villages without one of `DECIDES`."""


def spot_map(
    rows: Mapping[str, Sequence[Mapping[str, str]]], *, by_depths: bool = False, width: float = WIDTH
) -> SpotMap:
    """The drawing of some tables.

    Args:
        rows: table -> its rows, by the keys of the format.
        by_depths: whether the flood comes by depths, so that zones and heights decide nothing.
        width: of the drawing, in its units.
    """
    decides = DECIDES[:1] if by_depths else DECIDES
    at, placeless = dict[str, tuple[float, float]](), 0
    of_places = [(table, row) for table in tables("place") for row in rows.get(table, ())]
    for _, row in of_places:
        lon, lat = read_number(row.get("lon", "")), read_number(row.get("lat", ""))
        if -180 <= lon <= 180 and -90 <= lat <= 90:
            at[row.get("id", "")] = (lon, lat)
        else:
            placeless += 1
    if not at:
        return SpotMap(width, 0.0, (), (), placeless, 0)
    height, on_paper = _projection(list(at.values()), width)
    drawn = list[DrawnPlace]()
    often = Counter(_name(row) for _, row in of_places)
    for table, row in sorted(of_places, key=lambda pair: pair[0] != "villages"):
        if table == "junctions" or (spot := at.get(row.get("id", ""))) is None:
            continue
        x, y = on_paper(*spot)
        is_village = table == "villages"
        name, township = _name(row), row.get("township", "")
        name = f"{name} ({township})" if often[name] > 1 and township else name
        lacks = is_village and any(not row.get(key) for key in decides)
        drawn.append(_if_room(DrawnPlace(x, y, name, is_village, lacks), drawn, width))
    roads = []
    for row in rows.get("roads", ()):
        ends = at.get(row.get("from", "")), at.get(row.get("to", ""))
        if ends[0] and ends[1]:
            roads.append((*on_paper(*ends[0]), *on_paper(*ends[1])))
    return SpotMap(width, height, tuple(drawn), tuple(roads), placeless, sum(spot.lacks for spot in drawn))


def _name(row: Mapping[str, str]) -> str:
    return row.get("name_zh") or row.get("name") or row.get("id", "")


def _projection(
    spots: Sequence[tuple[float, float]], width: float
) -> tuple[float, Callable[[float, float], tuple[float, float]]]:
    """Height of the drawing, and what puts a longitude and a latitude on it; alike in both directions."""
    west, east = min(lon for lon, _ in spots), max(lon for lon, _ in spots)
    south, north = min(lat for _, lat in spots), max(lat for _, lat in spots)
    narrowing = math.cos(math.radians((south + north) / 2))
    wide, high = max((east - west) * narrowing, 1e-3), max(north - south, 1e-3)
    margin, tallest = MARGIN * width, width * (TALLEST if width > PHONE else 1.0)
    scale = min((width - 2 * margin - 6 * LETTER) / wide, (tallest - 2 * margin) / high)

    def on_paper(lon: float, lat: float) -> tuple[float, float]:
        return round(margin + (lon - west) * narrowing * scale, 1), round(margin + (north - lat) * scale, 1)

    return round(high * scale + 2 * margin, 1), on_paper


def _if_room(place: DrawnPlace, others: Sequence[DrawnPlace], width: float) -> DrawnPlace:
    """The place with its name on the drawing and over no other name: at its right, at its left, or without it."""
    for way in (place, place._replace(left=True)):
        begins, ends = way.span
        near = (other.span for other in others if other.name and abs(other.y - way.y) < LINE)
        if begins >= 0 and ends <= width and not any(left < ends and begins < right for left, right in near):
            return way
    return place._replace(name="")
