"""Places: the villages and communities of each town spread round its seat, the low ones nearest to the rivers."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from floods import stand_by_rank
from plane import Plane, Points, Table, spread

COUNTY = Plane(lon=112.17, lat=23.95, km_per_lon=101.74, km_per_lat=110.77)
VALLEY_KM = 5.0
"""Villages lie within this of the seat of their town (assumed)."""
SEAT_KM = 0.8
"""Communities lie within this of the seat (assumed)."""
COUNTY_TOWN, COUNTY_TOWN_KM = "huaicheng", 2.0
"""The county town, on both banks, and its radius (assumed)."""
SOUTH_BANK = "xingfu"
"""This street's communities lie in the county town, its villages round its own former seat."""
QUARTERS = 4
"""Quarters of one community, each a place."""
TOGETHER = 3
"""Places outside the flood that are joined into one."""
GRID = 41
"""Grid points across the ground over which the places of a town are spread."""


class Residents(NamedTuple):
    """People of the county."""

    urban: int
    rural: int


def places(towns: Table, named: Table, rivers: dict[str, Points], residents: Residents) -> Table:
    """All rows of villages.csv, dry places joined; wet ones have the zone of their town."""
    by_id = {town["id"]: town for town in towns}
    rows = [_named(part, by_id[row["township"]]) for row in named for part in _parts(row)]
    for town in towns:
        for kind in ("community", "village"):
            _settle(town, towns, [row for row in rows if (row["seat"], row["kind"]) == (town["id"], kind)], kind)
    for kind, people in (("community", residents.urban), ("village", residents.rural)):
        mine = [row for row in rows if row["kind"] == kind]
        upto = np.round(np.linspace(0, people, len(mine) + 1)).astype(int)
        for row, number in zip(mine, np.diff(upto), strict=True):
            row["population"] = str(number)
    by_town = [(town, [row for row in rows if row["town"] == town["id"]]) for town in towns]
    for town, mine in by_town:
        stand_by_rank(COUNTY, town, mine, rivers)
    return [row for _, mine in by_town for row in _joined(mine)]


def _parts(row: dict[str, str]) -> Table:
    """A village, or the quarters of a community."""
    if row["kind"] == "village":
        return [row]
    names = [(f"{row['name']} quarter {n}", f"{row['name_zh']}{n}片区") for n in range(1, QUARTERS + 1)]
    return [{**row, "name": name, "name_zh": name_zh} for name, name_zh in names]


def _named(row: dict[str, str], town: dict[str, str]) -> dict[str, str]:
    in_county_town = row["kind"] == "community" and town["id"] == SOUTH_BANK
    return {
        "id": f"{town['id']}-{row['name'].lower().replace(' ', '-')}",
        "name": f"{town['name']} {row['name']}",
        "name_zh": town["name_zh"] + row["name_zh"],
        "township": town["name_zh"],
        "town": town["id"],
        "seat": COUNTY_TOWN if in_county_town else town["id"],
        "kind": row["kind"],
    }


def _settle(town: dict[str, str], towns: Table, rows: Table, kind: str) -> None:
    """Spread the communities or villages round the seat of a town, from north to south in the order of the codes."""
    if not rows:
        return
    seats = COUNTY.to_km(towns)
    at = towns.index(town)
    core = COUNTY_TOWN_KM if town["id"] == COUNTY_TOWN else SEAT_KM
    inner, outer = (0.0, core) if kind == "community" else (core, VALLEY_KM)
    steps = np.linspace(-outer, outer, GRID)
    grid = seats[at] + np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    away = np.linalg.norm(grid[:, None] - seats, axis=-1)
    own = (away[:, at] > inner) & (away[:, at] <= outer) & (away.argmin(axis=1) == at)
    spots = spread(grid[own], len(rows), np.empty((0, 2)))
    for row, spot in zip(rows, spots[np.lexsort((spots[:, 0].round(3), -spots[:, 1].round(3)))], strict=True):
        row["lon"], row["lat"] = (str(degrees) for degrees in COUNTY.to_degrees(spot))


def _joined(rows: Table) -> Table:
    """Wet places as they are, then the dry ones by threes, neighbours of one kind from north to south."""
    wet = [row for row in rows if row["zone"]]
    dry = sorted((row for row in rows if not row["zone"]), key=lambda row: -float(row["lat"]))
    kinds = [[row for row in dry if row["kind"] == kind] for kind in ("community", "village")]
    parts = [mine[n : n + TOGETHER] for mine in kinds for n in range(0, len(mine), TOGETHER)]
    return wet + [_one(number, part) for number, part in enumerate(parts, start=1)]


def _one(number: int, part: Table) -> dict[str, str]:
    mean = {column: sum(float(row[column]) for row in part) / len(part) for column in ("lon", "lat")}
    low = min(float(row["elevation_m"]) for row in part)
    others = len(part) - 1
    first = part[0]
    return {
        **first,
        "id": f"{first['town']}-dry-{number:02d}",
        "name": f"{first['name']}" + (f" and {others} more" if others else ""),
        "name_zh": f"{first['name_zh']}" + (f"等{len(part)}处(合并)" if others else ""),
        "lon": f"{mean['lon']:.4f}",
        "lat": f"{mean['lat']:.4f}",
        "elevation_m": f"{low:.2f}",
        "population": str(sum(int(row["population"]) for row in part)),
    }
