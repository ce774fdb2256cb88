"""Water: the flooded places sorted into zones of nearly level ground, and a level series for each zone.

The series are built to match the recorded times and extents. They are input, not a result.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

import numpy as np
from plain import PLAIN
from plane import Points, Table, distance_to

STRIP_M = 3.0
"""Most difference of ground inside one zone: a zone has one level, while the water of a river slopes."""
RIVERS = ("juma", "liuli", "xiaoqing", "huliang", "baigou")


class Series(NamedTuple):
    """How one group of zones fills and empties, from zones.csv."""

    start: datetime
    all_wet: datetime
    peak: datetime
    peak_above_m: float
    fall: datetime
    fall_m_per_h: float
    velocity_ms: float


def series(rows: Table) -> dict[str, Series]:
    """The groups by name."""
    return {row["group"]: _series(row) for row in rows}


def _series(row: dict[str, str]) -> Series:
    start, all_wet, peak, fall = (datetime.fromisoformat(row[key]) for key in ("start", "all_wet", "peak", "fall"))
    above, falling, velocity = (float(row[key]) for key in ("peak_above_m", "fall_m_per_h", "velocity_ms"))
    return Series(start, all_wet, peak, above, fall, falling, velocity)


def set_zones(villages: Table, rivers: dict[str, Points], known: set[str]) -> None:
    """Give each flooded village its zone: by kind, nearest river, then strips of ground.

    A village with known depths is the lowest of its strip, so that its levels drown no other village deeper.
    """
    groups: dict[str, Table] = {}
    for row in villages:
        if group := _group(row, villages, rivers):
            groups.setdefault(group, []).append(row)
    for group, rows in groups.items():
        rows.sort(key=lambda row: (float(row["elevation_m"]), row["id"]))
        foot, number = -np.inf, 0
        for row in rows:
            if float(row["elevation_m"]) > foot + STRIP_M or row["id"] in known:
                foot, number = float(row["elevation_m"]), number + 1
            row["zone"] = f"{group}-{number}"


def _group(row: dict[str, str], villages: Table, rivers: dict[str, Points]) -> str:
    kind = row["kind"]
    if kind == "xiaoqinghe":
        return f"{kind}-{min(RIVERS, key=lambda name: float(distance_to(rivers[name], PLAIN.to_km([row]))[0]))}"
    if kind == "langouwa":
        middle = np.median([float(other["lat"]) for other in villages if other["kind"] == kind])
        return f"{kind}-{'north' if float(row['lat']) > middle else 'south'}"
    return kind if kind in ("riverside", "town-low") else ""


def levels(villages: Table, groups: dict[str, Series], points: Table, start: datetime, end: datetime) -> Table:
    """All rows of levels.csv."""
    rows: Table = []
    by_zone: dict[str, Table] = {}
    for village in villages:
        if village.get("zone"):
            by_zone.setdefault(village["zone"], []).append(village)
    for zone in sorted(by_zone):
        rows += _zone(zone, by_zone[zone], groups[zone.rpartition("-")[0]], points, start, end)
    return rows


def _zone(zone: str, villages: Table, s: Series, points: Table, start: datetime, end: datetime) -> Table:
    ground = {row["id"]: float(row["elevation_m"]) for row in villages}
    low, high = min(ground.values()), max(ground.values())
    known = [
        (datetime.fromisoformat(p["time"]), ground[p["village"]] + float(p["depth_m"]))
        for p in points
        if p["village"] in ground
    ]
    top = max([high + s.peak_above_m, *(level for _, level in known)])
    fallen = top - (end - s.fall) / timedelta(hours=1) * s.fall_m_per_h
    begin = [(s.start, low)] if not known or s.start < known[0][0] else []
    wet = max([high + 0.3, *(level for _, level in known)])
    path = [(start, low - 1), *begin, *known, (s.all_wet, wet), (s.peak, top), (s.fall, top), (end, fallen)]
    return [
        {"zone": zone, "time": time.isoformat(timespec="minutes"), "level_m": f"{level:.2f}", "velocity_ms": f"{v:g}"}
        for (time, level), v in zip(path, (0, *(s.velocity_ms for _ in path[2:-1]), s.velocity_ms / 3, 0), strict=False)
    ]
