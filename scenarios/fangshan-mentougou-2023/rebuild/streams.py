"""Water: one level series for each township, by the times of its river and the fall of the Juma beside it."""

from __future__ import annotations

from datetime import datetime, timedelta

from plane import Table
from valleys import CREST_M, ROAD_UNDER_M, zone

FALLEN_SHARE = (539 / 6200) ** 0.6
"""Depth left of that at the crest: the Juma at Zhangfang fell from 6,200 m3/s (31 July 22:00) to 539 (3 August 12:00),
and the depth of a stream goes with the power 0.6 of its flow (Manning)."""
FALLEN_H = 62.0
"""Hours of that fall."""
STREAM_M = CREST_M - ROAD_UNDER_M - 2.0
"""Level of a stream before it rises: 2 m under its road (assumed)."""


def levels(towns: Table, reaches: Table, start: datetime, end: datetime) -> Table:
    """All rows of levels.csv."""
    by_district = {row["district"]: row for row in reaches}
    return [row for town in towns for row in _of(town, by_district[town["district"]], start, end)]


def _of(town: dict[str, str], reach: dict[str, str], start: datetime, end: datetime) -> Table:
    rise, crest = (datetime.fromisoformat(reach[key]) for key in ("start", "crest"))
    fallen = crest + timedelta(hours=FALLEN_H)
    fallen_m = STREAM_M + (CREST_M - STREAM_M) * FALLEN_SHARE
    speed = float(reach["velocity_ms"])
    path = [
        (start, STREAM_M, 0.0),
        (rise, STREAM_M, 0.0),
        (crest, CREST_M, speed),
        (fallen, fallen_m, speed * FALLEN_SHARE),
        (end, fallen_m, speed * FALLEN_SHARE),
    ]
    return [
        {
            "zone": zone(town),
            "time": time.isoformat(timespec="minutes"),
            "level_m": f"{level:.2f}",
            "velocity_ms": f"{metres:.2g}",
        }
        for time, level, metres in path
    ]
