"""GeoPackage 1.3 (OGC 12-128r17) by SQLite alone: what QGIS, SuperMap and ArcGIS open without a plug-in."""

from __future__ import annotations

import sqlite3
import struct
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from simrescue.wording import LANGUAGES

if TYPE_CHECKING:
    from simrescue.export.map_layers import Feature, MapLayer
    from simrescue.wording import Language

APPLICATION, VERSION = 0x47504B47, 10300
"""GPKG; 1.3.0."""
WGS84 = 4326
_POINT, _LINE, _POLYGON, _AREAS = 1, 2, 3, 6
"""Kinds of geometry in well-known binary."""
_CHANGED = "2000-01-01T00:00:00.000Z"
"""Same content, same bytes: the package holds no clock."""
_SYSTEMS = (
    ("Undefined Cartesian SRS", -1, "NONE", -1, "undefined"),
    ("Undefined geographic SRS", 0, "NONE", 0, "undefined"),
    (
        "WGS 84 geodetic", WGS84, "EPSG", WGS84,
                ('GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],'
        'AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,'
        'AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'),
    ),
)  # fmt: skip
_TABLES = """
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY,
  organization TEXT NOT NULL, organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE,
  description TEXT DEFAULT '', last_change DATETIME NOT NULL, min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT
  NOT NULL, srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL,
  CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name), CONSTRAINT uk_gc_table_name UNIQUE (table_name),
  CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
"""


def geopackage_bytes(layers: Sequence[MapLayer], lang: Language) -> bytes:
    """A GeoPackage with one table of features for each layer, in WGS84.

    Args:
        layers: with names that can be names of tables.
        lang: of the titles under which a GIS lists the layers.
    """
    with closing(sqlite3.connect(":memory:")) as package:
        package.execute(f"PRAGMA application_id = {APPLICATION}")
        package.execute(f"PRAGMA user_version = {VERSION}")
        package.executescript(_TABLES)
        package.executemany("INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)", _SYSTEMS)
        for layer in layers:
            _add(package, layer, layer.title[LANGUAGES.index(lang)])
        package.commit()
        return package.serialize()


def _add(package: sqlite3.Connection, layer: MapLayer, title: str) -> None:
    columns = ", ".join(f'"{name}" {kind}' for name, kind in layer.fields.items())
    package.execute(
        f'CREATE TABLE "{layer.name}" (fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, geom {layer.geometry.upper()}, '
        f"{columns})"
    )
    points = [point for feature in layer.features for point in (*feature.points, *_corners(feature))]
    lons, lats = [lon for lon, _ in points] or [0.0], [lat for _, lat in points] or [0.0]
    extent = (min(lons), min(lats), max(lons), max(lats))
    package.execute(
        "INSERT INTO gpkg_contents VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?, ?)",
        (layer.name, layer.name, title, _CHANGED, *extent, WGS84),
    )
    package.execute(
        "INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)",
        (layer.name, layer.geometry.upper(), WGS84),
    )
    marks = ", ".join("?" * (len(layer.fields) + 1))
    names = ", ".join(["geom", *(f'"{name}"' for name in layer.fields)])
    package.executemany(
        f'INSERT INTO "{layer.name}" ({names}) VALUES ({marks})',  # noqa: S608 - names of our own layers and fields
        ([_blob(feature, layer.geometry), *feature.values] for feature in layer.features),
    )


def _corners(feature: Feature) -> Iterator[tuple[float, float]]:
    return (point for polygon in feature.polygons for ring in polygon for point in ring)


def _blob(feature: Feature, geometry: str) -> bytes:
    """The geometry as a GeoPackage keeps it: its header (little-endian, no envelope), then well-known binary."""
    head = struct.pack("<2sBBi", b"GP", 0, 1, WGS84)
    if geometry == "Point":
        return head + struct.pack("<BI2d", 1, _POINT, *feature.points[0])
    if geometry == "LineString":
        return head + struct.pack("<BI", 1, _LINE) + _packed(feature.points)
    areas = [
        struct.pack("<BII", 1, _POLYGON, len(polygon)) + b"".join(map(_packed, polygon))
        for polygon in feature.polygons
    ]  # fmt: skip
    return head + struct.pack("<BII", 1, _AREAS, len(areas)) + b"".join(areas)


def _packed(points: Sequence[tuple[float, float]]) -> bytes:
    """How many points, then their coordinates."""
    numbers = [number for point in points for number in point]
    return struct.pack(f"<I{len(numbers)}d", len(points), *numbers)
