"""Water: one level series for each flooded town, from the gauge of Huaiji or from the times of its reach."""

from __future__ import annotations

from datetime import datetime, timedelta

from floods import level_row, rise_and_fall, zone
from plane import Table

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
            rows += rise_and_fall(
                zone(town), float(town["ground_m"]), float(town["deepest_m"]), by_reach[town["reach"]], start, end
            )
        else:
            rows += _by_gauge(town, gauge, start, end)
    mud = (start, 0.0), (datetime.fromisoformat("2025-06-18T00:00+08:00"), 0.0), (start + timedelta(hours=25), MUD_M)
    return [*rows, *(level_row(MUD, time, metres, 0) for time, metres in (*mud, (end, MUD_M)))]


def _by_gauge(town: dict[str, str], gauge: Table, start: datetime, end: datetime) -> Table:
    """The gauge itself, or moved down the river with the crest on the town's own."""
    south = town["reach"] == "south"
    later = timedelta(hours=SOUTH_KM / WAVE_KMH if south else 0)
    above = float(town["ground_m"]) - GAUGE_CREST_M
    velocity = SOUTH_MS if south else TOWN_MS
    points = [(datetime.fromisoformat(row["time"]) + later, float(row["level_m"]) + above) for row in gauge]
    first = [(start, points[0][1])] if points[0][0] > start else []
    return [level_row(zone(town), time, level, velocity) for time, level in (*first, *points) if time <= end]
