"""GeoPackages: a database of SQLite, read without GDAL, and never written."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from simrescue.errors import ScenarioError
from simrescue.intake.geodata.road_file import MOST_POINTS, RoadFile, broken, lines_of
from simrescue.intake.geodata.road_nature import is_no_road
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import Words, bilingual

ENVELOPE = (0, 32, 48, 48, 64)
"""Bytes of the envelope before a geometry, by the code in its flags (OGC 12-128r19, 2.1.3)."""
LONGEST = 64_000_000
"""Bytes of one value."""
PATIENCE = 2_000
"""Hundred thousands of steps of the database after which it is stopped: a view could go on for ever."""


def read_geopackage(path: Path) -> RoadFile:
    """The lines of all tables of lines of a GeoPackage.

    Args:
        path: of the file.

    Raises:
        ScenarioError: it is broken, hostile, too large, holds no lines, or tables in several systems of coordinates.
    """
    try:
        database = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)
        try:
            return _read(path.name, database)
        finally:
            database.close()
    except (sqlite3.Error, UnicodeDecodeError, MemoryError, OverflowError):
        raise broken(path.name, "GeoPackage") from None


def _read(file: str, database: sqlite3.Connection) -> RoadFile:
    steps = iter(range(PATIENCE))
    database.set_progress_handler(lambda: next(steps, None) is None, 100_000)
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    database.execute("PRAGMA trusted_schema = OFF")
    tables = database.execute(
        "SELECT table_name, column_name, srs_id FROM gpkg_geometry_columns g JOIN sqlite_master m "
        "ON m.name = g.table_name AND m.type = 'table' AND m.sql NOT LIKE 'CREATE VIRTUAL%' "
        "WHERE upper(geometry_type_name) NOT LIKE '%POINT' AND upper(geometry_type_name) NOT LIKE '%POLYGON'"
    ).fetchall()
    lines, systems, remarks = [], list[str](), list[Words]()
    for table, column, srs in tables:
        if is_no_road(str(table)):
            remarks.append(bilingual("layer {name} is left out: by its name it holds no roads", name=str(table)))
            continue
        found = lines_of(file, _lines(file, database, str(table), str(column)))
        if found:
            lines += found
            systems.append(_system(database, srs))
    if not lines:
        raise refused(file, bilingual("lines, the middle of roads; these are points or areas"))
    if len(set(systems)) > 1:
        raise refused(file, bilingual("tables in one system of coordinates"))
    return RoadFile(file, lines, systems[0], remarks=remarks)


def _system(database: sqlite3.Connection, srs: Any) -> str:
    row = database.execute(
        "SELECT organization, organization_coordsys_id, definition FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (srs,)
    ).fetchone()
    if row and str(row[0]).upper() == "EPSG":
        return f"EPSG:{row[1]}"
    return str(row[2]) if row and str(row[2]).lower() != "undefined" else ""


def _lines(file: str, database: sqlite3.Connection, table: str, column: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    import shapely

    quoted = table.replace('"', '""')
    rows = database.execute(f'SELECT * FROM "{quoted}"')  # noqa: S608 - a name cannot be a parameter; it is quoted
    names = [entry[0] for entry in rows.description]
    at = names.index(column) if column in names else -1
    for number, row in enumerate(rows, 1):
        blob = row[at]
        if at < 0 or blob is None:
            continue
        code = blob[3] >> 1 & 7 if isinstance(blob, bytes) and len(blob) > 8 and blob[:2] == b"GP" else len(ENVELOPE)
        if code >= len(ENVELOPE):
            raise broken(file, "GeoPackage")
        try:
            shape = shapely.from_wkb(blob[8 + ENVELOPE[code] :])
        except shapely.GEOSException:
            raise refused(file, bilingual("a geometry that can be read"), f"{table} {number}") from None
        attributes = {name: value for name, value in zip(names, row, strict=True) if not isinstance(value, bytes)}
        if shapely.get_num_coordinates(shape) > MOST_POINTS:
            raise ScenarioError(broken(file, "GeoPackage").faults)
        for part in shapely.get_parts(shape):
            if part.geom_type == "LineString":
                yield shapely.get_coordinates(part).tolist(), attributes
