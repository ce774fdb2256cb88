"""What the county floods share: schools that take people in, dry ground, whom an order means, water that comes and goes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime

import numpy as np
from plane import Plane, Points, Table, distance_to

SHELTER_PLACES = 2250
"""3,400 m2 of usable floor in a school (assumed) at 1.5 m2 a person (GB 21734), to the next 50."""
STOCK_DAYS = {"food": 0.5, "water": 0.5, "shelter": 0.3, "medical": 0.1, "clothing": 0.1}
"""What a shelter holds for each place of its capacity (assumed, as in Zhuozhou 2023)."""
SCHOOL_RING_KM = 1.2
"""Schools that no package names stand round the seat at this distance (assumed)."""
GROUND_SPREAD_M = 1.5
"""Height of the highest house of a place above its lowest street: the default of the model (assumed)."""


def schools(plane: Plane, towns: Table, villages: Table, known: Table, ring_km: Mapping[str, float]) -> Table:
    """Schools with a point of a package, and as many more as make a place for everybody in the water.

    Args:
        plane: where kilometres are counted.
        towns: towns with their seats.
        villages: places with the town (`seat`) whose schools take their people in.
        known: schools with a point, by `township`.
        ring_km: distance of the other schools from the seat, where it is not the usual one.
    """
    rows = list(known)
    for town in towns:
        people = sum(int(row["population"]) for row in villages if row["seat"] == town["id"] and row["zone"])
        have = sum(row["township"] == town["id"] for row in known)
        count = max(0, math.ceil(people / SHELTER_PLACES) - have)
        far = ring_km.get(town["id"], SCHOOL_RING_KM)
        rows += [_school(plane, town, n, count, far) for n in range(count)]
    for row in rows:
        row["capacity"] = str(SHELTER_PLACES)
        row |= {item: str(round(SHELTER_PLACES * days)) for item, days in STOCK_DAYS.items()}
    return rows


def _school(plane: Plane, town: dict[str, str], number: int, count: int, far: float) -> dict[str, str]:
    angle = 2 * math.pi * number / count
    east, north = far * math.sin(angle), far * math.cos(angle)
    return {
        "id": f"school-{town['id']}-{number + 1}",
        "name": f"{town['name']} school {number + 1}",
        "name_zh": f"{town['name_zh']}学校{number + 1}(假定)",
        "lon": f"{float(town['lon']) + east / plane.km_per_lon:.4f}",
        "lat": f"{float(town['lat']) + north / plane.km_per_lat:.4f}",
        "assumed": "true",
    }


def zone(town: dict[str, str]) -> str:
    """Name of a town's zone: reach, then town, so that a figure for a reach counts all its towns."""
    return f"{town['reach']}-{town['id']}"


def stand_by_rank(plane: Plane, town: dict[str, str], rows: Table, rivers: Mapping[str, Points]) -> None:
    """Ground by rank: nearest to a river lowest, depths at the crest spread evenly up to the town's deepest.

    Args:
        plane: where kilometres are counted.
        town: with its reach, the height of its crest, its deepest water, and the share of its places that get wet.
        rows: its places; they get their ground, and those that get wet their zone.
        rivers: courses by name, km.
    """
    spots = plane.to_km(rows)
    nearest = np.min([distance_to(course, spots) for course in rivers.values()], axis=0)
    wet = round(float(town["wet_share"]) * len(rows))
    crest, deepest = float(town["ground_m"]), float(town["deepest_m"])
    for rank, number in enumerate(np.argsort(nearest, kind="stable")):
        rows[number]["elevation_m"] = f"{crest - deepest * (1 - (rank + 0.5) / max(wet, 1)):.2f}"
        rows[number]["zone"] = zone(town) if rank < wet else ""


def stand_dry(plane: Plane, rows: Table, towns: Table, dry_m: float) -> None:
    """Put the ground of the nearest town's dry places, `dry_m` over its crest, to rows; what lies outside stays at 0."""
    seats = plane.to_km(towns)
    for row, spot in zip(rows, plane.to_km(rows), strict=True):
        away = ((seats - spot) ** 2).sum(axis=1)
        town = towns[int(away.argmin())]
        row["elevation_m"] = f"{float(town['ground_m']) + dry_m:.2f}" if away.min() < 15**2 else "0"


def in_danger(village: dict[str, str], crest_m: Mapping[str, float]) -> str:
    """Share of the houses of a place whose ground the crest of its zone reaches: for them is the order to leave."""
    if not village["zone"]:
        return ""
    return f"{min(1.0, (crest_m[village['zone']] - float(village['elevation_m'])) / GROUND_SPREAD_M):.2f}"


def rise_and_fall(
    name: str, crest_m: float, deepest_m: float, reach: dict[str, str], start: datetime, end: datetime
) -> Table:
    """Levels of a zone by the hours of its reach: it begins to rise, stands at its crest, falls, is dry (or would be).

    Args:
        name: of the zone.
        crest_m: level at the crest.
        deepest_m: of this, over the lowest street.
        reach: hours `start`, `crest`, `fall` and `dry`, and `velocity_ms` at the crest.
        start: of the scenario.
        end: of the scenario.
    """
    foot = crest_m - deepest_m
    times = {key: datetime.fromisoformat(reach[key]) for key in ("start", "crest", "fall", "dry")}
    path = [
        (start, foot - 1, 0.0),
        (times["start"], foot, 0.0),
        (times["crest"], crest_m, float(reach["velocity_ms"])),
        (times["fall"], crest_m, float(reach["velocity_ms"]) / 3),
        (times["dry"], foot, 0.0),
        *([(end, foot - 1, 0.0)] if times["dry"] < end else []),
    ]
    return [level_row(name, time, metres, velocity) for time, metres, velocity in path]


def level_row(name: str, time: datetime, level_m: float, velocity_ms: float) -> dict[str, str]:
    """A row of levels.csv."""
    return {
        "zone": name,
        "time": time.isoformat(timespec="minutes"),
        "level_m": f"{level_m:.2f}",
        "velocity_ms": f"{velocity_ms:g}",
    }
