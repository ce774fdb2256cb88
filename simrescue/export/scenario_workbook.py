"""A scenario as one workbook that `simrescue import` reads back: each file a sheet, as it is.

Rasters are no tables: those that scenario.yaml names are copied beside the workbook.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from simrescue.errors import Fault, ScenarioError
from simrescue.experiment.store.whole_files import make_folder, write_whole
from simrescue.export.workbook_writer import WrittenSheet, workbook_bytes
from simrescue.intake.columns import chinese_head
from simrescue.intake.file_sheets import file_sheet_name, named_in
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.files.tables import MAX_BYTES, MAX_CELL, decode, read_bytes, separator_of
from simrescue.scenario.load import load
from simrescue.scenario.records import TABLES
from simrescue.wording import Language, bilingual


def export_scenario(folder: Path, lang: Language, out: Path) -> list[Path]:
    """Write a scenario as a workbook, with the rasters that it reads beside it; gives the files.

    Args:
        folder: of the scenario.
        lang: of the remarks on the heads.
        out: folder of the files, made where it is missing.

    Raises:
        ScenarioError: the scenario does not load, or a cell is longer than a sheet takes back.
        ResultsError: a library is missing, or the files cannot be written.
    """
    load(folder)
    text = _text(folder, SCENARIO_FILE) or ""
    sheets = [WrittenSheet(SCENARIO_FILE, [[line] for line in text.splitlines()], has_heading=False)]
    for table in TABLES:
        written = _text(folder, f"{table}.csv")
        if written is not None:
            rows = [
                [cell.strip() for cell in cells]
                for cells in csv.reader(
                    io.StringIO(written, newline=""), delimiter=separator_of(written, TABLES[table])
                )
                if any(cells)
            ]
            notes = [chinese_head(table, head) for head in rows[0]] if lang == "zh" and rows else []
            sheets.append(WrittenSheet(file_sheet_name(table), rows, notes=notes))
    _fit(sheets)
    name = folder.resolve().name
    contents = {f"{name}.xlsx": workbook_bytes(sheets), **_rasters(folder, text)}
    make_folder(out)
    for file, content in contents.items():
        if (out / file).resolve() != (folder / file).resolve():
            write_whole(out / file, content)
    return [out / file for file in contents]


def _text(folder: Path, file: str) -> str | None:
    data, _ = read_bytes(folder, file, MAX_BYTES)
    return None if data is None else decode(data, file)[0]


def _rasters(folder: Path, settings: str) -> dict[str, bytes]:
    """Files of the folder, other than tables, that scenario.yaml names."""
    rasters = {}
    for file in sorted(named_in(settings)):
        if Path(file).suffix and Path(file).name == file and (folder / file).is_file():
            data, faults = read_bytes(folder, file, MAX_BYTES)
            if faults or data is None:
                raise ScenarioError(faults)
            rasters[file] = data
    return rasters


def _fit(sheets: list[WrittenSheet]) -> None:
    """Raises ScenarioError where an import would cut a cell off."""
    expected = bilingual("at most {most:,} characters", most=MAX_CELL)
    faults = [
        Fault(sheet.title, f"row {number}", "", str(cell)[:40], expected)
        for sheet in sheets
        for number, cells in enumerate(sheet.rows, 1)
        for cell in cells
        if isinstance(cell, str) and len(cell) > MAX_CELL
    ]
    if faults:
        raise ScenarioError(faults)
