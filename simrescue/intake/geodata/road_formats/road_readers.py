"""The reader of each kind of file of roads, and what it needs."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

from simrescue.intake.geodata.coordinates import missing
from simrescue.intake.geodata.road_file import MOST_BYTES, RoadFile, too_large
from simrescue.intake.spreadsheets.sheet import refused
from simrescue.wording import bilingual

LIBRARIES = {".shp": "shapefile", ".zip": "shapefile", ".osm": "osmium", ".pbf": "osmium"}
"""Ending -> module without which such a file is not read; shapely is needed for all."""


def read_road_file(path: Path) -> RoadFile:
    """The lines of a shapefile (.shp, or .zip), GeoPackage, GeoJSON or OpenStreetMap file.

    Args:
        path: of the file; of a shapefile its .shp, with its other parts beside it.

    Raises:
        ScenarioError: it cannot be read, is hostile or too large, or a library is missing.
    """
    if not path.is_file():
        raise refused(path.name, bilingual("a file that is there"))
    for library in ("shapely", LIBRARIES.get(path.suffix.lower(), "shapely")):
        if find_spec(library) is None:
            raise refused(path.name, missing({"shapefile": "pyshp"}.get(library, library)))
    if path.stat().st_size > MOST_BYTES:
        raise too_large(path.name)
    return _reader(path.suffix.lower())(path)


def _reader(ending: str) -> Callable[[Path], RoadFile]:
    if ending in (".shp", ".zip"):
        from simrescue.intake.geodata.road_formats.shapefiles import read_shapefile as read
    elif ending == ".gpkg":
        from simrescue.intake.geodata.road_formats.geopackage_roads import read_geopackage as read
    elif ending in (".geojson", ".json"):
        from simrescue.intake.geodata.road_formats.geojson_roads import read_geojson as read
    else:
        from simrescue.intake.geodata.road_formats.openstreetmap import read_openstreetmap as read
    return read
