"""Water: one level series for each flooded town, from the gauge of Huaiji or from the times of its reach."""

from __future__ import annotations

from datetime import datetime, timedelta

from plane import Table
from settle import zone

GAUGE_CREST_M = 55.22
WAVE_KMH = 6.0
"""Speed of the crest down the Sui: Huaiji 07:05, Gushui (some 30 km on by the river) 12:00 on 18 June."""
SOUTH_KM = 22.0
"""From the gauge to Aozai by the drawn course of the river."""
TOWN_MS, SOUTH_MS = 0.5, 1.0
"""Speed of the water over the ground (assumed)."""
MUD = "g55-mud"
MUD_M = 1.0
"""Mud on the closed link of the expressway; its hours too are assumed, since the record gives the day alone."""


def levels(towns: Table, gauge: Table, reaches: Table, start: datetime, end: datetime) -> Table:
    """All rows of levels.csv."""
    by_reach = {row["reach"]: row for row in reaches}
    rows: Table = []
    for town in towns:
        if town["reach"] in by_reach:
            rows += _by_times(town, by_reach[town["reach"]], start, end)
        else:
            rows += _by_gauge(town, gauge, start, end)
    mud = (start, 0.0), (datetime.fromisoformat("2025-06-18T00:00+08:00"), 0.0), (start + timedelta(hours=25), MUD_M)
    return [*rows, *(_point(MUD, time, metres, 0) for time, metres in (*mud, (end, MUD_M)))]


def _by_gauge(town: dict[str, str], gauge: Table, start: datetime, end: datetime) -> Table:
    """The gauge itself, or moved down the river with the crest on the town's own."""
    south = town["reach"] == "south"
    later = timedelta(hours=SOUTH_KM / WAVE_KMH if south else 0)
    above = float(town["ground_m"]) - GAUGE_CREST_M
    velocity = SOUTH_MS if south else TOWN_MS
    points = [(datetime.fromisoformat(row["time"]) + later, float(row["level_m"]) + above) for row in gauge]
    first = [(start, points[0][1])] if points[0][0] > start else []
    return [_point(zone(town), time, level, velocity) for time, level in (*first, *points) if time <= end]


def _by_times(town: dict[str, str], reach: dict[str, str], start: datetime, end: datetime) -> Table:
    crest = float(town["ground_m"])
    foot = crest - float(town["deepest_m"])
    times = {key: datetime.fromisoformat(reach[key]) for key in ("start", "crest", "fall", "dry")}
    path = [
        (start, foot - 1, 0.0),
        (times["start"], foot, 0.0),
        (times["crest"], crest, float(reach["velocity_ms"])),
        (times["fall"], crest, float(reach["velocity_ms"]) / 3),
        (times["dry"], foot, 0.0),
        (end, foot - 1, 0.0),
    ]
    return [_point(zone(town), time, level, velocity) for time, level, velocity in path]


def _point(name: str, time: datetime, level_m: float, velocity_ms: float) -> dict[str, str]:
    return {
        "zone": name,
        "time": time.isoformat(timespec="minutes"),
        "level_m": f"{level_m:.2f}",
        "velocity_ms": f"{velocity_ms:g}",
    }
