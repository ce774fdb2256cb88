"""From a scenario folder to a `Scenario`: read, overridden, checked; or one error with everything that is wrong."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from simrescue.errors import Fault, ScenarioError
from simrescue.parameters import Parameters
from simrescue.records import Record
from simrescue.scenario.files import draft as drafts
from simrescue.scenario.files import overrides
from simrescue.scenario.files.depth_raster_files import changed_rasters, flood_section, read_depth_rasters
from simrescue.scenario.files.draft import Draft
from simrescue.scenario.files.faults import Place, Spot, faults_of
from simrescue.scenario.files.landscape_files import read_ground
from simrescue.scenario.files.tables import Table, TableRow
from simrescue.scenario.namesakes import told_apart
from simrescue.scenario.records import TABLES, Scenario, Settings, Written, by_field
from simrescue.scenario.validation import references

Context = dict[str, Any]
_ANY_START = datetime.fromisoformat("2000-01-01T00:00+08:00")


def load(folder: str | Path, variant: str = "", sets: Mapping[str, Any] | Iterable[str] | None = None) -> Scenario:
    """The scenario of a folder, with a named variant and single changes applied.

    Args:
        folder: the folder that holds scenario.yaml (or that file itself).
        variant: name of a variant in scenario.yaml; empty: the scenario as written.
        sets: changes that win over all others, as "path=value" texts or as path -> value.

    Raises:
        ScenarioError: with all faults of all files at once.
    """
    home = _home(folder)
    draft = drafted(home)
    sets = sets if isinstance(sets, Mapping) else tuple(sets or ())
    section = deepcopy(flood_section(draft)[1])
    applied = overrides.apply(draft, variant, sets)
    draft.faults += changed_rasters(draft, section)
    origin = {"variant": variant, "folder": str(folder), "sets": overrides.as_texts(sets)}
    return _checked(draft, home, applied).model_copy(update=origin)


def faults_of_override(folder: str | Path, name: str) -> tuple[Fault, ...]:
    """What is wrong with one named override of scenario.yaml, tried alone on the scenario as written."""
    home = _home(folder)
    draft = drafted(home)
    try:
        _checked(draft, home, overrides.apply_one(draft, name))
    except ScenarioError as error:
        return error.faults
    return ()


def drafted(home: Path) -> Draft:
    """The draft of a scenario folder, `home`, with the depths of its rasters."""
    draft = drafts.read(home)
    read_depth_rasters(draft, home)
    return draft


def _home(folder: str | Path) -> Path:
    home = Path(folder)
    return home.parent if home.name == drafts.SCENARIO_FILE and home.is_file() else home


def _checked(draft: Draft, home: Path, applied: dict[str, Any]) -> Scenario:
    """The scenario of a draft with the changes applied. Raises ScenarioError with all faults."""
    context: Context = {"from_file": True, "start": _start(draft)}
    settings = _settings(draft, context)
    parameters = settings.parameters if settings else Parameters()
    checked = {
        name: [(row, parameters.follow(record)) for row, record in _rows(draft, table, TABLES[name], context)]
        for name, table in draft.tables.items()
    }
    ground = read_ground(draft, home, context, parameters)
    draft.faults += references.faults(draft, settings, checked, ground.landscape)
    if settings is None or draft.faults:
        raise ScenarioError(draft.faults)
    return Scenario(
        settings=settings,
        applied=applied,
        checksum=_checksum(draft, applied),
        landscape=ground.landscape,
        arrival_h=ground.arrival_h,
        written={name: _written(draft.tables[name], rows) for name, rows in checked.items()},
        lines={path: line for path, line in draft.lines.lines.items() if draft.spot(path).file == drafts.SCENARIO_FILE},
        **by_field({name: told_apart([record for _, record in rows]) for name, rows in checked.items()}),
    )


def _start(draft: Draft) -> datetime:
    """Hour zero; where it cannot be read, any moment does, so that the one fault breeds no others."""
    try:
        start = datetime.fromisoformat(str(draft.data.get("start")))
    except ValueError:
        return _ANY_START
    return start if start.tzinfo else _ANY_START


def _settings(draft: Draft, context: Context) -> Settings | None:
    if not draft.data:
        return None
    try:
        settings = Settings.model_validate(draft.data, context=context, by_alias=True, by_name=False)
        return settings.parameters.follow(settings)
    except ValidationError as error:
        draft.faults += faults_of(error, Settings, draft.spot)
        return None


@cache
def _reader(record: type[Record], _: tuple[str, ...]) -> TypeAdapter[list[Any]]:
    return TypeAdapter(list[record])  # type: ignore[valid-type]


def _read(rows: list[TableRow], record: type[Record], context: Context) -> list[Any]:
    cells = [row.cells for row in rows]
    # by its fields too, of which a need that is registered adds one
    return _reader(record, tuple(record.model_fields)).validate_python(
        cells, context=context, by_alias=True, by_name=False
    )


def _rows(draft: Draft, table: Table, record: type[Record], context: Context) -> list[tuple[TableRow, Any]]:
    """The rows of a table that read well; the others become faults of the draft."""
    rows = table.rows
    try:
        return list(zip(rows, _read(rows, record, context), strict=True))
    except ValidationError as error:
        wrong = {details["loc"][0] for details in error.errors(include_input=False, include_url=False)}
        draft.faults += _told_once(table, faults_of(error, record, lambda place: _spot(rows, place)))
    good = [row for number, row in enumerate(rows) if number not in wrong]
    return list(zip(good, _read(good, record, context), strict=True))


def _written(table: Table, rows: list[tuple[TableRow, Any]]) -> Written:
    return Written(tuple(f"{row.file} {row.where}" for row, _ in rows), table.titles)


def _spot(rows: list[TableRow], place: Place) -> Spot:
    row = rows[int(place[0])]
    return row.spot(str(place[1])) if len(place) > 1 else Spot(row.file, row.where, "")


def _told_once(table: Table, faults: Iterator[Fault]) -> Iterator[Fault]:
    """Leaves out what is missing in every row since its column is: the header's fault says it."""
    return (fault for fault in faults if not (fault.value is None and fault.field in table.absent))


def _checksum(draft: Draft, applied: dict[str, Any]) -> str:
    changes = json.dumps(list(applied.items()), ensure_ascii=False, default=str)
    return sha256(f"{draft.digest}\n{changes}".encode()).hexdigest()
