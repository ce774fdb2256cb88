"""Heights and depths from a county's rasters, put among the tables of an import."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, tzinfo
from pathlib import Path
from typing import Any

from simrescue.errors import Fault, ScenarioError
from simrescue.intake.county_tables import CountyTables
from simrescue.intake.file_read import FileRead
from simrescue.intake.mapping import Tables, read_table
from simrescue.intake.naming.place_titles import told_apart
from simrescue.intake.places_and_roads import spot_of
from simrescue.intake.raster_files.flood_depths import flood_depths
from simrescue.intake.raster_files.ground_heights import ground_heights
from simrescue.intake.raster_files.raster_roles import RasterRoles
from simrescue.kinds import tables
from simrescue.scenario.files.faults import keys
from simrescue.scenario.records import TABLES
from simrescue.wording import bilingual

DEGREES = "EPSG:4326"


@dataclass(frozen=True)
class RasterOptions:
    """What people say of rasters that do not say it themselves."""

    datum: str = ""
    """System of coordinates, as `geodata.coordinates.datum_of` reads it."""
    unit: str = ""
    """Unit of depth: m, cm or mm."""
    is_offset_told: bool = False
    """Whether the offset of moments that state none is told: of NetCDF it is then no longer UTC, as CF has it."""
    keep: bool = False
    """Whether depth rasters go into the folder, to be read at each load, in the place of depths.csv."""


@dataclass
class RastersBroughtIn:
    """What was brought in."""

    read: list[FileRead] = field(default_factory=list)
    ground: dict[str, str] = field(default_factory=dict)
    """Id of a place -> height that a model gave it, now or in an earlier import."""
    depths: list[dict[str, str]] = field(default_factory=list)
    """Rows of depths.csv, whether they are written or not."""


def bring_in_rasters(
    folder: Path, made: CountyTables, roles: RasterRoles, mapping: Mapping[str, Any], lines: Mapping[str, Any],
    zone: tzinfo | None, options: RasterOptions,
) -> RastersBroughtIn:  # fmt: skip
    """Fill blank heights of places, and make the table depths.

    Args:
        folder: of the scenario; places and roads that are not new are read from it.
        made: the tables of this import, which are changed; coordinates in degrees of WGS84.
        roles: the rasters.
        mapping: of the import before.
        lines: id of a road -> its line in degrees, shape (P, 2).
        zone: of moments that state none.
        options: what files do not say.

    Raises:
        ScenarioError: of all rasters that cannot be read.
    """
    brought_in = RastersBroughtIn(ground=dict(mapping.get("ground") or {}))
    faults = list[Fault]()
    if roles.ground:
        try:
            # The text grids of a fire are in degrees: they can be in nothing else.
            of_text = roles.fuel and roles.ground[0].suffix.lower() == ".asc" and not options.datum
            system = replace(options, datum=DEGREES) if of_text else options
            _ground(folder, made, roles.ground, mapping.get("written", {}), system, brought_in)
        except ScenarioError as error:
            faults += error.faults
    for rows in (made.rows.get(table, ()) for table in _with_height()):
        for row in rows:
            if not row.get("elevation") and row.get("id", "") in brought_in.ground:
                row["elevation"] = brought_in.ground[row["id"]]
    if roles.depth or roles.level:
        try:
            _depths(folder, made, roles, lines, zone, options, brought_in)
        except ScenarioError as error:
            faults += error.faults
    if faults:
        raise ScenarioError(faults)
    return brought_in


def _depths(
    folder: Path, made: CountyTables, roles: RasterRoles, lines: Mapping[str, Any], zone: tzinfo | None,
    options: RasterOptions, brought_in: RastersBroughtIn,
) -> None:  # fmt: skip
    """Depth of water, as rasters have it or as their level stands over the ground."""
    if roles.level and options.keep:
        expected = bilingual("rasters of depth, or no {option}: a level becomes {table}", option="--keep-rasters",
                             table="depths.csv")  # fmt: skip
        raise ScenarioError([Fault(roles.level[0].name, "", "", None, expected)])
    of_places = {table: made.rows.get(table) or read_table(folder / f"{table}.csv") or ()
                 for table in (*tables("place"), *tables("road"))}  # fmt: skip
    # Rasters that are kept are read again without what was told here.
    netcdf_zone = zone if options.is_offset_told and not options.keep else UTC
    brought_in.depths, read = flood_depths(
        roles.depth or roles.level, of_places, lines, zone, system=options.datum, unit=options.unit,
        ground=roles.ground if roles.level else (), netcdf_zone=netcdf_zone,
    )  # fmt: skip
    brought_in.read.append(read)
    if not options.keep:
        made.rows["depths"] = brought_in.depths


def _with_height() -> list[str]:
    return [table for table in tables("place") if "elevation" in keys(TABLES[table])]


def _ground(
    folder: Path, made: CountyTables, paths: Sequence[Path], written: Tables, options: RasterOptions,
    brought_in: RastersBroughtIn,
) -> None:  # fmt: skip
    """Heights of all places, also of those that are not new; what a model gave before counts as blank."""
    all_rows = dict[str, list[dict[str, str]]]()
    for table in _with_height():
        standing = read_table(folder / f"{table}.csv") or []
        of_before = written.get(table) or [{key: cell for key, cell in row.items() if cell} for row in standing]
        all_rows[table] = made.rows.get(table) or [dict(row) for row in of_before]
    rows = {row["id"]: row for of_table in all_rows.values() for row in of_table if row.get("id")}
    for name, height in brought_in.ground.items():
        if name in rows and rows[name].get("elevation") == height:
            del rows[name]["elevation"]
    spots = {name: spot for name, row in rows.items() if (spot := spot_of(row))}
    stated = {name: row.get("elevation", "") for name, row in rows.items()}
    names = dict(zip(rows, told_apart(rows.values()), strict=True))
    ground = ground_heights(paths, spots, stated, options.datum, names)
    brought_in.ground |= {name: f"{height:.1f} m" for name, height in ground.heights_m.items() if not stated[name]}
    brought_in.read.append(ground.read)
    made.rows |= {table: of_table for table, of_table in all_rows.items() if of_table}
