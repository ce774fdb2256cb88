"""Places: neighbourhoods of the town, villages joined by threes, spread round their seats, the low ones by rivers."""

from __future__ import annotations

import numpy as np
from floods import stand_by_rank
from plane import Plane, Points, Table, spread

COUNTY = Plane(lon=114.07, lat=35.45, km_per_lon=90.70, km_per_lat=110.96)
TOWN, TOWN_KM = "jishui", 2.5
"""The county town, and its radius (assumed)."""
NEIGHBOURHOODS = 50
"""Places of the town, of about 4,500 people (assumed)."""
VILLAGE_KM = 6.0
"""Villages lie within this of the seat of their township, and nearer to it than to any other (assumed)."""
SEAT_KM = 0.6
"""And not nearer than this to it (assumed)."""
TOGETHER = 3
"""Villages that are joined into one place."""
GRID = 41
"""Grid points across the ground over which the places of a township are spread."""


def places(towns: Table, rivers: dict[str, Points], urban: int, rural: int) -> Table:
    """All rows of villages.csv; those that get wet have the zone of their township.

    Args:
        towns: townships with their seats.
        rivers: courses by name, km.
        urban: people of the town.
        rural: people of all villages.
    """
    seats = COUNTY.to_km(towns)
    rows: Table = []
    for at, town in enumerate(towns):
        is_town = town["id"] == TOWN
        count = NEIGHBOURHOODS if is_town else -(-int(town["villages"]) // TOGETHER)
        spots = spread(_ground(seats, at, is_town), count, np.empty((0, 2)))
        spots = spots[np.lexsort((spots[:, 0].round(3), -spots[:, 1].round(3)))]
        mine = [_neutral(town, n + 1, spot, is_town) for n, spot in enumerate(spots)]
        stand_by_rank(COUNTY, town, mine, rivers)
        rows += mine
    for is_town, people in (("true", urban), ("false", rural)):
        alike = [row for row in rows if row["town"] == is_town]
        upto = np.round(np.linspace(0, people, len(alike) + 1)).astype(int)
        for row, number in zip(alike, np.diff(upto), strict=True):
            row["population"] = str(number)
    return rows


def _ground(seats: Points, at: int, is_town: bool) -> Points:
    """Grid points of a township, km."""
    inner, outer = (0.0, TOWN_KM) if is_town else (SEAT_KM, VILLAGE_KM)
    steps = np.linspace(-outer, outer, GRID)
    grid = seats[at] + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    away = np.linalg.norm(grid[:, None] - seats, axis=-1)
    own = (away[:, at] > inner) & (away[:, at] <= outer) & (is_town | (away.argmin(axis=1) == at))
    return np.asarray(grid[own])


def _neutral(town: dict[str, str], number: int, spot: Points, is_town: bool) -> dict[str, str]:
    lon, lat = COUNTY.to_degrees(spot)
    kind, kind_zh = ("neighbourhood", "片区(假定)") if is_town else ("villages", f"村({TOGETHER}村合并,假定)")
    return {
        "id": f"{town['id']}-{kind}-{number:02d}",
        "name": f"{town['name']} {kind} {number:02d}",
        "name_zh": f"{town['name_zh']}{number:02d}{kind_zh}",
        "township": town["name_zh"],
        "seat": town["id"],
        "town": "true" if is_town else "false",
        "lon": str(lon),
        "lat": str(lat),
    }
