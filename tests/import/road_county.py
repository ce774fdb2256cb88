"""The roads of an invented county in every format that is read, and its villages."""

from __future__ import annotations

import json
import sqlite3
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

WEST, SOUTH, EAST_M, NORTH_M = 115.2, 38.1, 87_500.0, 111_195.0
"""Corner, and metres of a degree there."""


class Way(NamedTuple):
    name: str
    kind: str
    spots: list[tuple[float, float]]
    """Metres from the corner; a spot of two ways is a crossing."""
    drawn: list[int] | None = None
    """Spots that a file of plain lines has; None: all."""
    tags: dict[str, str] = {}  # noqa: RUF012 - never changed


WAYS = [
    Way("县道一", "县道", [(0, 1000), (2000, 1000), (4000, 1000), (6000, 1000), (9000, 1500)], [0, 3, 4]),
    Way("县道二", "县道", [(2000, 0), (2000, 1000), (2000, 3000), (2000, 6000)], [0, 3]),
    Way("乡道三", "乡道", [(4000, 1000), (4000, 2800), (4000, 3000), (2000, 3000)]),
    Way("单行街", "乡道", [(4000, 3000), (6000, 3000)], None, {"oneway": "yes"}),
    Way("回程街", "乡道", [(6000, 3000), (6000, 2800), (4000, 2800), (4000, 3000)], None, {"oneway": "yes"}),
    Way("高架", "省道", [(-500, 4000), (1500, 4000)]),
    Way("高架", "省道", [(1500, 4000), (2500, 4000)], None, {"bridge": "yes", "layer": "1"}),
    Way("高架", "省道", [(2500, 4000), (6000, 4000), (6000, 3000)]),
    Way("西连线", "省道", [(-500, 4000), (0, 1000)]),
    Way("死胡同", "乡道", [(4000, 1000), (4400, 600)]),
    Way("孤岛路", "村道", [(30_000, 30_000), (31_000, 30_000)]),
    Way("断头路", "村道", [(8000, 4000), (9000, 4000), (9000, 3500)]),
    Way("登山步道", "人行道", [(0, 1000), (0, 3000)]),
]
OSM = {"县道": "secondary", "乡道": "tertiary", "省道": "primary", "村道": "unclassified", "人行道": "footway"}
VILLAGES = {"dong": (8990, 1450), "xi": (60, 1020), "bei": (2030, 5990), "jie": (5000, 3010), "dao": (9020, 3980),
            "nanjie": (2010, 40)}  # fmt: skip
GAP_M = 0.3
"""By so much plain lines miss a road where they should meet it."""


def degrees(spot: tuple[float, float]) -> tuple[float, float]:
    """Metres from the corner as degrees."""
    return (WEST + spot[0] / EAST_M, SOUTH + spot[1] / NORTH_M)


Shift = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def plain_lines(shift: Shift | None = None, ways: Sequence[Way] = WAYS) -> Iterator[tuple[Way, list[list[float]]]]:
    """Lines as hands draw them: long ones through crossings, ends that miss by a little."""
    for way in ways:
        spots = [way.spots[at] for at in way.drawn] if way.drawn else list(way.spots)
        if way.name == "乡道三":
            spots[0] = (spots[0][0], spots[0][1] + GAP_M)
        points = np.array([degrees(spot) for spot in spots])
        yield way, (shift(points) if shift else points).tolist()


def attributes(way: Way) -> dict[str, str]:
    """As an office keeps them."""
    return {"路名": way.name, "等级": way.kind, "单行": "是" if "oneway" in way.tags else "否",
            "桥梁": "是" if "bridge" in way.tags else "否"}  # fmt: skip


def geojson(path: Path, shift: Shift | None = None, ways: Sequence[Way] = WAYS) -> None:
    """GeoJSON in UTF-8."""
    features = [
        {"type": "Feature", "properties": attributes(way), "geometry": {"type": "LineString", "coordinates": line}}
        for way, line in plain_lines(shift, ways)
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False), "utf-8")


def shapefile(path: Path, system: int = 4490, ways: Sequence[Way] = WAYS) -> None:
    """A shapefile in GBK without .cpg, in CGCS2000: degrees, or eastings and northings."""
    import shapefile as pyshp
    from pyproj import CRS, Transformer

    change = Transformer.from_crs(4490, system, always_xy=True)
    with pyshp.Writer(str(path), shapeType=3, encoding="gbk") as writer:
        for name in ("路名", "等级", "单行", "桥梁"):
            writer.field(name, "C", 40)
        for way, line in plain_lines(None, ways):
            writer.line([[change.transform(*point) for point in line]])
            writer.record(*attributes(way).values())
    path.with_suffix(".cpg").unlink(missing_ok=True)
    path.with_suffix(".prj").write_text(CRS.from_epsg(system).to_wkt("WKT1_ESRI"), "utf-8")


def geopackage(path: Path, ways: Sequence[Way] = WAYS) -> None:
    """A GeoPackage as its standard has it, in degrees of CGCS2000."""
    import shapely

    database = sqlite3.connect(path)
    database.executescript(
        "CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER, organization TEXT, organization_coordsys_id "
        "INTEGER, definition TEXT); INSERT INTO gpkg_spatial_ref_sys VALUES ('CGCS2000', 4490, 'EPSG', 4490, '');"
        "CREATE TABLE gpkg_geometry_columns (table_name TEXT, column_name TEXT, geometry_type_name TEXT, "
        "srs_id INTEGER);"
        "INSERT INTO gpkg_geometry_columns VALUES ('道路', 'geom', 'LINESTRING', 4490);"
        'CREATE TABLE "道路" (fid INTEGER PRIMARY KEY, geom BLOB, "路名" TEXT, "等级" TEXT, "单行" TEXT, "桥梁" TEXT);'
    )
    for way, line in plain_lines(None, ways):
        blob = b"GP\0\x01" + struct.pack("<i", 4490) + shapely.to_wkb(shapely.LineString(line))
        database.execute('INSERT INTO "道路" VALUES (NULL, ?, ?, ?, ?, ?)', (blob, *attributes(way).values()))
    database.commit()
    database.close()


def _osm(in_file: Sequence[Way]) -> tuple[dict[tuple[float, float], int], list[tuple[int, list[int], dict[str, str]]]]:
    nodes: dict[tuple[float, float], int] = {}
    ways = []
    for number, way in enumerate(in_file, 1):
        refs = [nodes.setdefault(spot, len(nodes) + 1) for spot in way.spots]
        ways.append((number, refs, {"highway": OSM[way.kind], "name": way.name, **way.tags}))
    return nodes, ways


def osm(path: Path, in_file: Sequence[Way] = WAYS) -> None:
    """OpenStreetMap's XML."""
    nodes, ways = _osm(in_file)
    parts = ['<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">']
    for spot, number in nodes.items():
        lon, lat = degrees(spot)
        parts.append(f'<node id="{number}" lat="{lat:.7f}" lon="{lon:.7f}" version="1"/>')
    for number, refs, tags in ways:
        inner = "".join(f'<nd ref="{ref}"/>' for ref in refs)
        inner += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        parts.append(f'<way id="{number}" version="1">{inner}</way>')
    path.write_text("\n".join([*parts, "</osm>"]), "utf-8")


def pbf(path: Path) -> None:
    """OpenStreetMap's binary form."""
    import osmium

    nodes, ways = _osm(WAYS)
    with osmium.SimpleWriter(str(path)) as writer:
        for spot, number in nodes.items():
            writer.add_node(osmium.osm.mutable.Node(id=number, location=degrees(spot), version=1))
        for number, refs, tags in ways:
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=refs, tags=tags, version=1))


FORMATS: dict[str, Any] = {"shp": shapefile, "gpkg": geopackage, "geojson": geojson, "osm": osm, "osm.pbf": pbf}


def villages(path: Path, shift: Shift | None = None) -> None:
    """A table of villages."""
    points = np.array([degrees(spot) for spot in VILLAGES.values()])
    rows = zip(VILLAGES, (shift(points) if shift else points).tolist(), strict=True)
    text = "\n".join(f"{name},{lon:.7f},{lat:.7f},100,20" for name, (lon, lat) in rows)
    path.write_text(f"id,lon,lat,population,elevation_m\n{text}\n", "utf-8")
