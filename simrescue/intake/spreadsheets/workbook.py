"""Workbooks, read in a process of their own with bounded memory, after a look at what they hold.

A workbook of some kilobytes can claim a billion cells, and the reader would die of it: so the parts are looked at
first, as a stream. Formulas are never evaluated and links never followed: what counts is the value that was stored.
"""

from __future__ import annotations

import html
import json
import posixpath
import re
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from functools import reduce
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from simrescue.intake.spreadsheets.sheet import BEGINS, Sheet, refused
from simrescue.intake.spreadsheets.sheet_look import MergedCells, SheetLook, look_at_sheets
from simrescue.intake.spreadsheets.text_table import no_workbook
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.files.tables import MAX_CELL, MAX_ROWS
from simrescue.wording import Words, bilingual

MOST_CELLS, MOST_INFLATED = 2_000_000, 200_000_000
"""Cells of the rectangle of one sheet, and bytes of all parts together, that are unpacked."""
MEMORY = 2_000_000_000
"""Bytes of memory that the reading process may have, where the system can hold it to that."""
PATIENCE_S = 120
MOST_NAMED = 5
_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"')
_NO_VALUE = re.compile(
    rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)'
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_ERROR = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*\bt="e")[^>]*?\br="([A-Z]{1,3}\d{1,7})"')
_HIDDEN = re.compile(rb'<(?:\w+:)?(?:row|col)\b[^>]*\bhidden="(?:1|true)"')
OPEN_DOCUMENT = "content.xml"
"""The part of a workbook of OpenDocument that holds its cells."""
_ODS_TAG = re.compile(
    rb"<(/?)(?:\w+:)?(table-row|table-cell|covered-table-cell|table)(?=[\s/>])((?:[^>\"]|\"[^\"]*\")*)>"
)
_ATTRIBUTE = re.compile(r'(?:\w+:)?(\w+)="([^"]*)"')
_ODS_TIMES = re.compile(rb'number-(?:rows|columns)-repeated="(\d{1,9})"')
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""Name of the part of a workbook with a password that holds all the others."""
PROTECTED = 3
"""Exit code of the reading process for a workbook with a password."""


def read_workbook(path: Path) -> list[Sheet]:
    """The sheets of a workbook that hold anything, hidden ones too (which a remark says).

    Merged cells all hold what the first of them holds. Numbers are text without needless decimals, days and moments are
    written as ISO 8601 has them, without an offset.

    Raises:
        ScenarioError: python-calamine is not installed; the file is no workbook, hostile, or too large.
    """
    if find_spec("python_calamine") is None:
        raise refused(path.name, bilingual("the extra {extra} for workbooks: {command}", extra="import",
                                           command="pip install 'simrescue[import]'"))  # fmt: skip
    looked = _looked_through(path)
    sheets = []
    for raw in _from_child(path):
        seen = looked.get(raw["name"]) or SheetLook()
        _fill_spans(raw["rows"], seen.spans)
        # Of a file that stands in a sheet as it is, blanks at the beginning of a line are part of it.
        bare = str.rstrip if raw["name"] == SCENARIO_FILE else str.strip
        rows = tuple(tuple(bare(str(cell)[:MAX_CELL]) for cell in row) for row in raw["rows"])
        if not any(any(row) for row in rows):
            continue
        remarks = []
        if raw["hidden"]:
            remarks.append(bilingual("a hidden sheet, read like the others"))
        if seen.hidden_rows or seen.hidden_columns:
            remarks.append(bilingual("{rows} hidden rows and {columns} hidden columns, read like the others",
                                     rows=seen.hidden_rows, columns=seen.hidden_columns))  # fmt: skip
        if seen.unvalued:
            named = ", ".join(seen.unvalued[:MOST_NAMED])
            remarks.append(
                bilingual(
                    "formulas without a stored value, read as blank (open and save the file once): {cells}", cells=named
                )
            )
        if seen.errors:
            named = ", ".join(seen.errors[:MOST_NAMED])
            remarks.append(bilingual("cells with an error of the workbook (#N/A, #REF!), read as blank: {cells}",
                                     cells=named))  # fmt: skip
        sheets.append(Sheet(path.name, raw["name"], rows, tuple(remarks), is_hidden=raw["hidden"]))
    return sheets


def _looked_through(path: Path) -> dict[str, SheetLook]:
    """What is to be said of the sheets, by name. Raises ScenarioError: no workbook, or hostile."""
    data = path.read_bytes()
    if data.startswith(BEGINS["xls"]):
        if _ENCRYPTED in data:
            raise refused(path.name, _protected())
        return {}  # dense by its format: at most 65,536 rows of 256 cells
    if not data.startswith(BEGINS["xlsx"]):
        raise refused(path.name, no_workbook())
    try:
        with zipfile.ZipFile(path) as parts:
            if sum(part.file_size for part in parts.infolist()) > MOST_INFLATED:
                raise refused(path.name, _too_large())
            if OPEN_DOCUMENT in parts.namelist():
                _may_be_unfolded(parts, path.name)
                return look_at_sheets(parts.read(OPEN_DOCUMENT))
            of_parts, names = dict(_unvalued(parts, path.name)), _names_of_parts(parts)
            return {name: of_parts[part] for name, part in names.items() if part in of_parts}
    except (zipfile.BadZipFile, zipfile.LargeZipFile, RuntimeError, EOFError, OSError, zlib.error):
        raise refused(path.name, _broken()) from None


def _may_be_unfolded(parts: zipfile.ZipFile, file: str) -> None:
    """Raises ScenarioError for an OpenDocument sheet whose repeated rows and cells come to too many."""
    unpacked, tail, times, wide, filled, rows, columns = 0, b"", 1, 0, 0, 0, 0
    with parts.open(OPEN_DOCUMENT) as stream:
        while chunk := stream.read(1 << 20):
            unpacked += len(chunk)
            text, last = tail + chunk, 0
            for tag in _ODS_TAG.finditer(text):
                last, ends, name, told = tag.end(), tag[1], tag[2], tag[3]
                if name == b"table":
                    rows, columns = 0, 0
                elif name == b"table-row" and not ends:
                    times, wide, filled = _repeats(told), 0, 0
                elif name != b"table-row":
                    wide += _repeats(told)
                    filled = wide if b"value-type=" in told else filled
                if name == b"table-row" and (ends or told.endswith(b"/")):
                    rows, columns = rows + times, max(columns, filled)
                if filled * times > MOST_CELLS or (filled and (rows + times) * max(columns, filled) > MOST_CELLS):
                    raise refused(file, _too_large(), OPEN_DOCUMENT)
            if unpacked > MOST_INFLATED:
                raise refused(file, _too_large(), OPEN_DOCUMENT)
            tail = text[max(last, len(text) - 4000) :]


def _repeats(told: bytes) -> int:
    match = _ODS_TIMES.search(told)
    return int(match[1]) if match else 1


def _broken() -> Words:
    return bilingual("a workbook that can be read: it is broken, protected by a password, or too large")


def _protected() -> Words:
    return bilingual("a workbook without a password: save it without one")


def _too_large() -> Words:
    return bilingual("a workbook of at most {cells:,} cells and {limit} MB unpacked", cells=MOST_CELLS,
                     limit=MOST_INFLATED // 1_000_000)  # fmt: skip


def _names_of_parts(parts: zipfile.ZipFile) -> dict[str, str]:
    """Name of a sheet -> its part. Charts are sheets too, and parts need not be numbered as sheets stand."""
    texts = [parts.read(name).decode("utf-8", "replace") if name in parts.namelist() else ""
             for name in ("xl/workbook.xml", "xl/_rels/workbook.xml.rels")]  # fmt: skip
    sheets, targets = ([dict(_ATTRIBUTE.findall(tag)) for tag in re.findall(rf"<(?:\w+:)?{what}\s([^>]*)>", text)]
                       for what, text in zip(("sheet", "Relationship"), texts, strict=True))  # fmt: skip
    part_of = {target.get("Id"): posixpath.normpath(posixpath.join("/xl", target.get("Target", "")))[1:]
               for target in targets}  # fmt: skip
    return {html.unescape(sheet.get("name", "")): part_of.get(sheet.get("id"), "") for sheet in sheets}


def _unvalued(parts: zipfile.ZipFile, file: str) -> Iterator[tuple[str, SheetLook]]:
    names = [part.filename for part in parts.infolist() if re.fullmatch(r"xl/worksheets/[^/]+\.xml", part.filename)]
    unpacked = 0
    for name in names:
        cells, errors, hidden, rows, columns, tail = [], [], set[bytes](), 0, 0, b""
        with parts.open(name) as stream:
            while chunk := stream.read(1 << 20):
                unpacked += len(chunk)
                text = tail + chunk
                for at in _CELL.finditer(text):
                    columns = max(columns, reduce(lambda sum_, letter: sum_ * 26 + letter - 64, at[1], 0))
                    rows = max(rows, int(at[2]))
                if rows * columns > MOST_CELLS or rows > MAX_ROWS or unpacked > MOST_INFLATED:
                    raise refused(file, _too_large(), name)
                cells += [at[1].decode() for at in _NO_VALUE.finditer(text)]
                errors += [at[1].decode() for at in _ERROR.finditer(text)]
                hidden |= {match[0] for match in _HIDDEN.finditer(text)}
                tail = chunk[-400:]
        if cells or errors or hidden:
            of_rows = sum(b"row" in match[:8] for match in hidden)
            yield (
                name,
                SheetLook([], list(dict.fromkeys(cells)), list(dict.fromkeys(errors)), of_rows, len(hidden) - of_rows),
            )


def _from_child(path: Path) -> list[dict[str, Any]]:
    """What the reading process answers. Raises ScenarioError where it fails, is killed or takes too long."""
    command = [sys.executable, "-m", "simrescue.intake.spreadsheets.workbook", str(path)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=PATIENCE_S, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise refused(path.name, bilingual("a workbook that is read within {seconds} s", seconds=PATIENCE_S)) from None
    if done.returncode:
        raise refused(path.name, _protected() if done.returncode == PROTECTED else _broken())
    answer: list[dict[str, Any]] = json.loads(done.stdout)
    return answer


def _child(path: str) -> None:
    """Read a workbook and write its sheets to standard output as JSON."""
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    except (ImportError, ValueError):
        pass  # Windows has no such limit; the look before has bounded the cells
    from python_calamine import CalamineWorkbook, PasswordError

    with Path(path).open("rb") as stream:
        try:
            book = CalamineWorkbook.from_filelike(stream)  # by its content: of WPS's ending it knows nothing
        except PasswordError:
            sys.exit(PROTECTED)
    hidden = {meta.name for meta in book.sheets_metadata if "Visible" not in str(meta.visible).rpartition(".")[2]}
    answer = [
        {"name": name, "hidden": name in hidden, "rows": _rows_of(book.get_sheet_by_name(name))}
        for name in book.sheet_names
    ]
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=True).encode())


def _fill_spans(rows: list[list[str]], spans: Sequence[MergedCells]) -> None:
    """Put what the first of merged cells holds into all of them, as far as the sheet has rows and columns."""
    for top, left, high, wide in spans:
        for row in rows[top : top + high]:
            for column in range(left, min(left + wide, len(row))):
                row[column] = rows[top][left]


def _rows_of(sheet: Any) -> list[list[str]]:
    rows = [[_as_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        for row in range(top, min(bottom, len(rows) - 1) + 1):
            for column in range(left, min(right, len(rows[row]) - 1) + 1):
                rows[row][column] = rows[top][left]
    return rows


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if hasattr(cell, "total_seconds"):
        return f"{cell.total_seconds() / 3600:g} h"
    return cell.isoformat(" ") if hasattr(cell, "hour") and hasattr(cell, "year") else str(cell)


if __name__ == "__main__":
    _child(sys.argv[1])
