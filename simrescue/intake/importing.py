"""A scenario folder made from a county's files, or brought up to date; nothing is written before all is read."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from simrescue.errors import Fault, ScenarioError
from simrescue.intake.columns import understand
from simrescue.intake.county_tables import CountyTables, Taken, columns_in_order
from simrescue.intake.file_sheets import named_in, settings_text, table_of
from simrescue.intake.mapping import (
    Tables,
    entry_of,
    mapping_file,
    mapping_text,
    merged,
    read_mapping,
    read_table,
    understood_before,
)
from simrescue.intake.place_ids import id_of
from simrescue.intake.places_and_roads import ROADS, Datums, bring_in_places_and_roads, lines_file, lines_text
from simrescue.intake.reshape import reshaped
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.intake.spreadsheets.sheets import read_sheets
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.files.landscape_files import ENDINGS as RASTERS
from simrescue.scenario.files.tables import MAX_BYTES, read_bytes
from simrescue.scenario.records import TABLES
from simrescue.units import is_id, moment_of, read_number
from simrescue.wording import Words, bilingual

OFFSET = "+08:00"
"""Offset from UTC of moments that state none: the one zone of China."""
SHORTEST_H = 24
MOST_PEOPLE = 1e7
"""People of one village above whom a number is none (the check refuses it)."""
NEEDED = ("villages", "roads", "levels")


@dataclass
class ImportedCounty:
    """What an import did."""

    folder: Path
    taken: list[Taken]
    """Sheets that were read."""
    not_read: list[Sheet]
    """Sheets that are of no known table."""
    rows: dict[str, int]
    """Table -> rows that stand in the folder now."""
    unclear: list[Words] = field(default_factory=list)
    kept: int = 0
    """Cells and rows that are as people changed them."""
    start: str = ""
    """Start of the run that was written; empty: the folder had one."""
    has_series: bool = True
    """Whether that start is the first moment of a series, and not assumed."""
    missing: list[str] = field(default_factory=list)
    """Tables without which it does not run."""
    remarks: list[Words] = field(default_factory=list)
    """How roads and coordinates were read."""


def import_files(
    folder: Path, paths: Sequence[Path], offset: str = OFFSET, *, datum: str = "", roads_datum: str = ""
) -> ImportedCounty:
    """Make a scenario folder from files, or bring one up to date that was made so.

    Args:
        folder: of the scenario, under any name that a folder may have; the scenario has it too, in pinyin where it is
            Chinese.
        paths: workbooks, text tables and roads; later ones add to earlier ones.
        offset: from UTC, of moments that state none.
        datum: of the coordinates in workbooks and text tables, as `geodata.coordinates.datum_of` reads it; empty: as
            the last import had it, else as far as it can be seen.
        roads_datum: the same of roads; empty: as their files say.

    Raises:
        ScenarioError: a file cannot be read or is none that is known, or the folder was not made by an import. Then
            nothing is written.
    """
    _may_be_written(folder)
    mapping = read_mapping(mapping_file(folder))
    made = CountyTables(ids={str(key): str(value) for key, value in mapping.get("ids", {}).items()})
    rasters_given = [path for path in paths if path.suffix.lower() in RASTERS]
    roads = [path for path in paths if path.suffix.lower() in ROADS]
    of_sheets = [path for path in paths if path not in (*rasters_given, *roads)]
    not_read, settings = _read_all(of_sheets, _name_of(folder), mapping, made)
    rasters = _rasters(rasters_given, settings, folder)
    if not (made.rows or settings or rasters or roads):
        expected = bilingual("a sheet whose heads are known, as the page docs/cli.md lists them")
        raise ScenarioError([Fault(", ".join(path.name for path in paths), "", "", None, expected)])
    unclear = list(dict.fromkeys(made.refer()))
    datums = Datums.of(datum or str(mapping.get("datum", "")), roads_datum or str(mapping.get("roads_datum", "")))
    brought_in = bring_in_places_and_roads(folder, made, roads, datums)
    understood_now = {taken.sheet.title: entry_of(taken.understood) for taken in made.taken if not taken.as_written}
    sheets = {**mapping.get("sheets", {}), **understood_now}
    before: Tables = mapping.get("written", {})
    texts, written, kept = dict[str, str](), dict(before), 0
    for table, rows in made.rows.items():
        now = read_table(folder / f"{table}.csv")
        all_rows, by_hand = (rows, 0) if now is None else merged(table, rows, before.get(table, []), now)
        text = _as_csv(table, all_rows, made.heads.get(table, ()))
        texts[f"{table}.csv"], written[table], kept = text, rows, kept + by_hand
    result = ImportedCounty(folder, made.taken, not_read, {}, unclear, kept, remarks=brought_in.remarks)
    last = str(mapping.get("settings") or "")
    if settings and not _is_by_hand(folder / SCENARIO_FILE, last):
        texts[SCENARIO_FILE] = settings
    elif not (folder / SCENARIO_FILE).exists():
        texts[SCENARIO_FILE], result.start, result.has_series = _settings(_name_of(folder), made, offset)
    elif settings and settings != last:
        result.kept += 1
    kept_in_mapping = {"settings": settings or last, **brought_in.datums.kept}
    besides = {mapping_file(folder): mapping_text(sheets, made.ids, written, kept_in_mapping)}
    if brought_in.lines:
        besides[lines_file(folder)] = lines_text(brought_in.lines)
    _write(folder, texts, besides, rasters)
    result.rows = {table: len(read_table(folder / f"{table}.csv") or ()) for table in TABLES}
    needed = NEEDED if result.start or not settings else NEEDED[:2]  # settings of its own say what hazard it has
    result.missing = [table for table in needed if not result.rows[table]]
    return result


def _read_all(
    paths: Sequence[Path], name: str, mapping: Mapping[str, Any], made: CountyTables
) -> tuple[list[Sheet], str]:
    """Put all sheets of some files into the tables; gives those of no known table, and scenario.yaml, if any."""
    not_read, settings = list[Sheet](), ""
    for sheet in (sheet for path in paths for sheet in read_sheets(path)):
        settings = settings_text(sheet, name) or settings
        if table := table_of(sheet):
            made.add_as_written(table, sheet)
        elif not settings_text(sheet, name):
            not_read += _understand_all(sheet, mapping, made)
    return not_read, settings


def _understand_all(raw: Sheet, mapping: Mapping[str, Any], made: CountyTables) -> list[Sheet]:
    """Put a sheet of a county's into the tables; gives what of it is of no known table."""
    not_read = []
    for sheet in reshaped(raw):
        understood = understood_before(mapping, sheet) or understand(sheet.title, sheet.rows)
        if understood:
            made.add(sheet, understood)
        else:
            not_read.append(sheet)
    return not_read


def _is_by_hand(path: Path, last: str) -> bool:
    """Whether a file is there and is not as the last import wrote it."""
    return path.exists() and path.read_text(encoding="utf-8") != last


def _name_of(folder: Path) -> str:
    """Name of the scenario in a folder: that of the folder; of one with a Chinese or a free name the id made of it."""
    return folder.name if is_id(folder.name) else id_of(folder.name, ())


def _may_be_written(folder: Path) -> None:
    if not any(letter.isalnum() for letter in folder.name):
        expected = bilingual("a name with letters or digits in it")
        raise ScenarioError([Fault(str(folder), "", "", folder.name, expected)])
    if folder.exists() and (not folder.is_dir() or (any(folder.iterdir()) and not mapping_file(folder).exists())):
        expected = bilingual("a new or empty folder, or one that an import made (its mapping lies beside it)")
        raise ScenarioError([Fault(str(folder), "", "", None, expected)])


def _as_csv(table: str, rows: Sequence[dict[str, str]], heads: Sequence[str]) -> str:
    """A table as text, its columns as a sheet had them, then in the order of the format."""
    columns = [*heads, *columns_in_order(table, rows)]
    columns += [key for row in rows for key in row if key not in columns]
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(columns)), restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _settings(name: str, made: CountyTables, offset: str) -> tuple[str, str, bool]:
    """scenario.yaml of a first import, its start (the hour in which the first series begins), whether there is one."""
    zone = datetime.fromisoformat(f"2000-01-01T00:00{offset}").tzinfo
    moments = [
        moment
        for table in ("levels", "weather")
        for row in made.rows.get(table, ())
        if (moment := moment_of(row.get("time", ""), zone))
    ]
    first = min(moments, default=datetime(2025, 7, 1, 8, tzinfo=zone)).replace(minute=0, second=0)
    last = max(moments, default=first)
    hours = max(SHORTEST_H, -(-int((last - first) / timedelta(minutes=1)) // 60))
    counties = [row["county"] for row in made.rows.get("villages", ()) if row.get("county")]
    numbers = [read_number(row.get("population", "")) for row in made.rows.get("villages", ())]
    people = int(sum(number for number in numbers if 0 <= number < MOST_PEOPLE))
    start = first.isoformat(timespec="minutes")
    body = {
        "simrescue": 1,
        "name": name,
        "start": start,
        "duration": f"{hours} h",
        "jurisdiction": {"name": counties[0] if counties else name, "population": people},
        "hazard": {"kind": "flood", "source": "levels"},
    }
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False), start, bool(moments)


def _rasters(paths: Sequence[Path], settings: str, folder: Path) -> dict[str, bytes]:
    """Rasters that scenario.yaml names, to be copied as they are. Raises ScenarioError for any other."""
    written = folder / SCENARIO_FILE
    known = named_in(settings or (written.read_text(encoding="utf-8") if written.exists() else ""))
    expected = bilingual("a raster that scenario.yaml names")
    if faults := [Fault(path.name, "", "", None, expected) for path in paths if path.name not in known]:
        raise ScenarioError(faults)
    rasters = {}
    for path in paths:
        data, faults = read_bytes(path.parent, path.name, MAX_BYTES)
        if data is None:
            raise ScenarioError(faults or [Fault(path.name, "", "", None, bilingual("a file that is there"))])
        rasters[path.name] = data
    return rasters


def _write(folder: Path, texts: dict[str, str], besides: dict[Path, str], rasters: dict[str, bytes]) -> None:
    """Write everything beside its place first, then move it there."""
    folder.mkdir(parents=True, exist_ok=True)
    targets = {folder / name: text.encode() for name, text in texts.items()}
    targets |= {path: text.encode() for path, text in besides.items()}
    targets |= {folder / name: data for name, data in rasters.items()}
    for path, data in targets.items():
        path.with_name(f"{path.name}.tmp").write_bytes(data)
    for path in targets:
        path.with_name(f"{path.name}.tmp").replace(path)
