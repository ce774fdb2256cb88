"""The depths of a flood by rasters: the files that `hazard.rasters` names, read inside the scenario folder.

They become rows of the table depths, each told by its raster, so that all that is true of depths.csv is true of them.
The bytes of the files are part of the scenario's checksum. What is wrong becomes faults of the draft.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, tzinfo
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.depth_files import open_slices
from simrescue.hazards.flood.depth_rasters.depth_sampling import SampledDepths, WetSite, points_of, sample
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.hazards.flood.settings import DepthRasters
from simrescue.hazards.kinds import WITHOUT_A_KIND
from simrescue.kinds import tables
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.faults import Place
from simrescue.scenario.files.tables import MAX_BYTES, TableRow, file_inside, read_bytes
from simrescue.units import YesNo, read_number
from simrescue.wording import bilingual

TableRows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Table -> its rows as they are written, by the keys of the format."""
SOURCE = "rasters"
_CHUNK = 1 << 20
_TRUTH: TypeAdapter[bool] = TypeAdapter(YesNo)


def read_depth_rasters(draft: Draft, folder: Path) -> None:
    """Fill the table depths of a draft from the rasters that it names, if its flood comes from rasters.

    Never raises for what the files hold: the draft collects their faults.

    Args:
        draft: as read from the folder, before any change to it.
        folder: the scenario; files outside it are refused.
    """
    place, section = flood_section(draft)
    if section.get("source") != SOURCE:
        return
    depths = draft.tables["depths"]
    depths.whole = False  # until all is read: no further fault is made of rows that are not there
    if depths.rows:
        draft.faults.append(Fault("depths.csv", "", "", None, bilingual("no such table: depths come from the rasters")))
        return
    try:
        rasters = DepthRasters.model_validate(section.get("rasters") or {}, by_alias=True, by_name=False)
    except ValidationError:
        return  # told where scenario.yaml is checked
    before = len(draft.faults)
    if not rasters.files:
        spot = draft.spot((*place, "rasters", "files"))
        draft.faults.append(Fault(*spot, None, bilingual("names of rasters in the scenario folder")))
    paths = [_path(draft, folder, (*place, "rasters", "files", at), name) for at, name in enumerate(rasters.files)]
    lines = _lines(draft, folder, (*place, "rasters", "road_lines"), rasters.road_lines)
    if len(draft.faults) > before:
        return
    try:
        slices = open_slices([path for path in paths if path], _zone(draft), rasters.datum)
        rows: TableRows = {name: [row.cells for row in table.rows] for name, table in draft.tables.items()}
        sampled = sample(slices, wet_sites(rows, lines), rasters.unit)
    except ScenarioError as error:
        draft.faults += error.faults
        return
    names = {part.when: part.name for part in slices}
    depths.titles = {key: key for key in ("subject", "time", "depth")}
    depths.rows = [
        TableRow(dict(row), names[when], row["subject"], depths.titles) for when, row in rows_of_depths(sampled, rows)
    ]
    depths.whole = True


def flood_section(draft: Draft) -> tuple[Place, Mapping[str, Any]]:
    """The section of the flood as it is written, and its place; an empty one where there is none."""
    written = draft.data.get("hazard")
    sections = enumerate(written) if isinstance(written, list) else [(None, written)]
    for number, section in sections:
        if isinstance(section, dict) and section.get("kind", WITHOUT_A_KIND) == "flood":
            return ("hazard",) if number is None else ("hazard", number), section
    return ("hazard",), {}


def changed_rasters(draft: Draft, before: Mapping[str, Any]) -> list[Fault]:
    """A fault where a change would need other rasters to be read.

    Args:
        draft: with the changes applied.
        before: the section of the flood as it stands in scenario.yaml.
    """
    place, section = flood_section(draft)
    if section.get("source") != SOURCE:
        return []
    keys = [key for key in ("source", "rasters") if section.get(key) != before.get(key)]
    expected = bilingual("as in scenario.yaml: rasters are read before anything is changed")
    return [Fault(*draft.spot((*place, key)), None, expected) for key in keys]


def wet_sites(rows: TableRows, lines: Mapping[str, Any]) -> dict[str, WetSite]:
    """Places and roads whose depth is wanted, by id; what has no coordinates is left out.

    Args:
        rows: of all tables.
        lines: id of a road -> its line in degrees, shape (P, 2); a road without one is straight between its ends.
    """
    spots = {
        str(row.get("id", "")): np.array([[lon, lat]])
        for table in tables("place")
        for row in rows.get(table, ())
        for lon, lat in [[read_number(str(row.get(key, ""))) for key in ("lon", "lat")]]
        if math.isfinite(lon) and math.isfinite(lat)
    }
    sites = {name: WetSite(spot) for name, spot in spots.items()}
    for row in rows.get("roads", ()):
        name, ends = str(row.get("id", "")), [spots.get(str(row.get(end, ""))) for end in ("from", "to")]
        straight = None if ends[0] is None or ends[1] is None else np.concatenate([ends[0], ends[1]])
        line = lines.get(name, straight)
        if line is not None:
            sites[name] = WetSite(line[[0, -1]]) if _is_bridge(row) else WetSite(line, is_line=True)
    return sites


def _is_bridge(row: Mapping[str, Any]) -> bool:
    with suppress(ValidationError):
        return _TRUTH.validate_python(row.get("bridge") or False)
    return False


def rows_of_depths(sampled: SampledDepths, rows: TableRows) -> list[tuple[When, dict[str, str]]]:
    """The rows of depths.csv for sampled depths, each with the hour of its raster.

    A place within the rasters that is never wet has one row of 0 m; a dry road, and a place beyond them, has none.

    Args:
        sampled: depths of all sites.
        rows: of all tables, as they are written.
    """
    places = {str(row.get("id", "")) for table in tables("place") for row in rows.get(table, ())}
    return [
        (sampled.whens[at], {"subject": name, "time": _written(sampled.whens[at]), "depth": f"{depth:g} m"})
        for name, depths, is_inside in zip(sampled.ids, sampled.depth_m, sampled.is_inside, strict=True)
        for at, depth in points_of(depths) or ([(0, 0.0)] if is_inside and name in places else [])
    ]


def _written(when: When) -> str:
    return when.isoformat() if isinstance(when, datetime) else f"{when:.12g} h"


def lines_of_text(text: str) -> dict[str, Any]:
    """Lines of roads from GeoJSON whose features have the id of a road: id -> degrees, shape (P, 2).

    Raises ValueError for text that is no such GeoJSON.
    """
    try:
        features = json.loads(text)["features"]
        lines = {
            str(feature["properties"]["id"]): np.array(feature["geometry"]["coordinates"], dtype=float)
            for feature in features
        }
    except (KeyError, TypeError, RecursionError) as error:
        raise ValueError(str(error)) from None
    if any(line.ndim != 2 or line.shape[1] != 2 or len(line) < 2 or not np.isfinite(line).all()
           for line in lines.values()):  # fmt: skip
        raise ValueError("coordinates")
    return lines


def _lines(draft: Draft, folder: Path, place: Place, name: str) -> dict[str, Any]:
    if not name:
        return {}
    data, faults = read_bytes(folder, name, MAX_BYTES)
    expected = bilingual("GeoJSON in the scenario folder, a line for each road with its {key}", key="id")
    if data is None:
        draft.faults += faults or [Fault(*draft.spot(place), name, expected)]
        return {}
    draft.digest = sha256(f"{draft.digest}\n{name}\n{len(data)}\n".encode() + data).hexdigest()
    try:
        return lines_of_text(data.decode("utf-8-sig"))
    except ValueError:
        draft.faults.append(Fault(name, "", "", None, expected))
        return {}


def _path(draft: Draft, folder: Path, place: Place, name: str) -> Path | None:
    """Where a raster lies, its bytes counted in the draft's digest; None with a fault."""
    path, faults = file_inside(folder, name)
    if path is None:
        expected = bilingual("the name of a raster in the scenario folder")
        draft.faults += faults or [Fault(*draft.spot(place), name, expected)]
        return None
    digest = sha256(f"{draft.digest}\n{name}\n{path.stat().st_size}\n".encode())
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            digest.update(chunk)
    draft.digest = digest.hexdigest()
    return path


def _zone(draft: Draft) -> tzinfo | None:
    try:
        return datetime.fromisoformat(str(draft.data.get("start"))).tzinfo
    except ValueError:
        return None
