"""Coordinates of a county's places brought to WGS84, and its roads, with the places joined to them."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from simrescue.intake.county_tables import CountyTables
from simrescue.intake.file_read import FileRead
from simrescue.intake.geodata.coordinates import (
    datum_of,
    is_of_old_survey,
    name_of_system,
    said_of_old_survey,
    system_of,
    to_wgs84,
)
from simrescue.intake.mapping import read_table
from simrescue.intake.naming.place_names import Row
from simrescue.kinds import tables
from simrescue.units import read_number
from simrescue.wording import Words, bilingual

ROADS = (".shp", ".zip", ".gpkg", ".geojson", ".json", ".osm", ".pbf")
"""Endings of files of roads."""
NOT_JOINED = frozenset({"junctions", "ignitions"})
"""Tables whose places need no road of their own."""


@dataclass(frozen=True)
class Datums:
    """In what the coordinates are written."""

    places: str = ""
    """Of workbooks and text tables; empty: not said."""
    roads: str = ""
    """Of roads, whatever their files say; empty: as they say."""

    @classmethod
    def of(cls, places: str, roads: str) -> Datums:
        """Datums as people write them, or empty. Raises ScenarioError for one that is none."""
        return cls(datum_of(places) if places else "", datum_of(roads) if roads else "")

    @property
    def kept(self) -> dict[str, str]:
        """What the mapping keeps of them."""
        return {key: value for key, value in (("datum", self.places), ("roads_datum", self.roads)) if value}


@dataclass
class BroughtIn:
    """What was brought in."""

    datums: Datums
    remarks: list[Words] = field(default_factory=list)
    read: list[FileRead] = field(default_factory=list)
    """How files of roads were read."""
    lines: Mapping[str, Any] = field(default_factory=dict)
    """Id of a road -> its line in degrees, shape (P, 2)."""


def bring_in_places_and_roads(folder: Path, made: CountyTables, roads: Sequence[Path], datums: Datums) -> BroughtIn:
    """Convert the coordinates of new rows, and put roads and junctions among them.

    Args:
        folder: of the scenario; places that are not new are read from it.
        made: the tables of this import, which are changed.
        roads: files of roads.
        datums: as far as they are known.

    Raises:
        ScenarioError: a file or coordinates cannot be read.
    """
    brought_in = BroughtIn(datums)
    _convert(made, datums.places, brought_in)
    if not roads:
        return brought_in
    from simrescue.intake.geodata.county_roads import county_roads
    from simrescue.intake.geodata.road_formats.road_readers import read_road_file

    files = [read_road_file(path) for path in roads]
    places = {row["id"]: spot for row in _places(folder, made) if (spot := spot_of(row))}
    names = {row["id"]: row.get("name_zh") or row.get("name") or row["id"] for row in _places(folder, made)}
    taken = {row["id"] for rows in made.rows.values() for row in rows if "id" in row}
    county = county_roads(
        files,
        places,
        made.ids,
        taken,
        roads_datum=datums.roads,
        places_known=bool(datums.places or made.datums),
        names=names,
    )
    if county.datum:
        _convert(made, county.datum, brought_in)
        brought_in.datums = replace(datums, places=county.datum)
    made.rows.setdefault("junctions", []).extend(county.junctions)
    made.rows.setdefault("roads", []).extend(county.roads)
    brought_in.remarks += [
        *county.remarks,
        bilingual("roads: {roads}, junctions: {junctions}, {kilometres:.0f} km", roads=len(county.roads),
                  junctions=len(county.junctions), kilometres=sum(map(_length_km, county.roads))),
    ]  # fmt: skip
    brought_in.lines, brought_in.read = county.lines, county.read
    return brought_in


def _length_km(row: Row) -> float:
    return float(row["length"].split()[0])


def _convert(made: CountyTables, datum: str, brought_in: BroughtIn) -> None:
    """Convert the rows of which a datum is said, by people or by their sheet, or whose numbers tell it."""
    by_datum: dict[str, list[Row]] = {}
    for row in (row for table in tables("place") for row in made.rows.get(table, ()) if spot_of(row)):
        by_datum.setdefault(datum or made.datums.get(id(row), ""), []).append(row)
    for of, rows in by_datum.items():
        _convert_rows(rows, of, brought_in)


def _convert_rows(rows: Sequence[Row], datum: str, brought_in: BroughtIn) -> None:
    points = np.array([spot_of(row) for row in rows], dtype=float).reshape(-1, 2)
    if not len(points) or (datum in ("", "wgs84", "cgcs2000") and np.abs(points).max() <= 360):
        return
    # Surveyors write northing before easting: the northing of China has seven digits, an easting six or eight.
    if (np.abs(points).min() > 360) and ((points[:, 0] >= 1e6) & (points[:, 0] < 1e7)).all():
        points = points[:, ::-1]
        swapped = bilingual("longitude and latitude exchanged in {number} rows", number=len(rows))
        brought_in.remarks.append(swapped)
    for row, (lon, lat) in zip(rows, to_wgs84(points, datum, "--datum").tolist(), strict=True):
        row["lon"], row["lat"] = f"{lon:.6f}", f"{lat:.6f}"
    system = system_of(points, datum)
    brought_in.remarks.append(
        bilingual("coordinates of {number} places were brought from {datum} to WGS84", number=len(rows),
                  datum=name_of_system(system))
    )  # fmt: skip
    if is_of_old_survey(system):
        brought_in.remarks.append(said_of_old_survey())


def _places(folder: Path, made: CountyTables) -> Iterator[Row]:
    for table in tables("place"):
        if table not in NOT_JOINED:
            yield from made.rows.get(table) or read_table(folder / f"{table}.csv") or ()


def spot_of(row: Row) -> tuple[float, float] | None:
    """Longitude and latitude of a row of a place, as they are written; None where it has none."""
    lon, lat = (read_number(row.get(key, "")) for key in ("lon", "lat"))
    return (lon, lat) if math.isfinite(lon) and math.isfinite(lat) else None


def lines_file(folder: Path) -> Path:
    """Where the lines of the roads of a scenario folder lie: beside it, for maps and for the next import."""
    return folder.with_name(f"{folder.name}.roads.geojson")


def lines_text(lines: Mapping[str, Any]) -> str:
    """Lines of roads as GeoJSON; `lines`: id -> degrees, shape (P, 2)."""
    features = [
        json.dumps({"type": "Feature", "properties": {"id": name},
                    "geometry": {"type": "LineString", "coordinates": np.round(points, 6).tolist()}})
        for name, points in lines.items()
    ]  # fmt: skip
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
