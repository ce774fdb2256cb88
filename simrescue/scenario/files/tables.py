"""The tables of a scenario folder: CSV as a spreadsheet saves it, bounded in size, with the row of everything in it.

Cells stand apart by commas, semicolons or tabs, whichever gives the header its columns. A column is named as the key of
its record, or with the unit at the end (`turnout_min`, `length_km`): then the cells hold bare numbers. An empty cell
leaves the default. Rows are counted as a spreadsheet shows them: header = row 1.
"""

from __future__ import annotations

import codecs
import csv
import io
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from simrescue.errors import Fault, foreign, nearest
from simrescue.records import Record
from simrescue.scenario.files.faults import Spot, keys
from simrescue.units import HEADER_UNITS, read_number
from simrescue.wording import bilingual

MAX_BYTES = 64_000_000
"""Largest table that is read."""
MAX_ROWS = 200_000
MAX_CELL = 10_000
"""Most characters of a cell."""
SEPARATORS = ",;\t\N{FULLWIDTH COMMA}\N{FULLWIDTH SEMICOLON}|"
_PROBLEMS = {
    "field limit": bilingual("a cell is too long"),
    "unexpected end of data": bilingual("a quotation mark is opened and not closed"),
    "expected after": bilingual("something stands behind a closing quotation mark"),
}
"""What the reader of CSV finds wrong -> how it is told."""
NAMING = ("id", "zone")
"""Columns that other tables refer to."""


@dataclass(slots=True)
class TableRow:
    """One row before it is checked: what is written under each key, and where."""

    cells: dict[str, Any]
    file: str
    where: str
    titles: dict[str, str] = field(default_factory=dict)
    """Key -> name of its column, shared by all rows of a table."""
    changed: dict[str, Spot] = field(default_factory=dict)
    """Keys that an override has set, and where that override stands."""

    def spot(self, key: str) -> Spot:
        """Where the value of a key was written."""
        return self.changed.get(key) or Spot(self.file, self.where, self.titles.get(key, key))


@dataclass(slots=True)
class Table:
    """One table before it is checked."""

    name: str
    rows: list[TableRow] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: frozenset[str] = frozenset()
    """Required columns that the file lacks; told once, not for every row."""
    titles: dict[str, str] = field(default_factory=dict)
    """Key -> name of its column as written, in the order of the file."""
    whole: bool = True
    """Whether all names in the file are known: where it could not be read to its end, nothing that refers to it is
    called unknown, since one fault is enough."""


def read_bytes(folder: Path, name: str, limit: int) -> tuple[bytes | None, list[Fault]]:
    """The bytes of a file of the folder. Never raises for what it finds there.

    A link that leaves the folder, anything that is no plain file and anything larger than `limit` is refused.

    Args:
        folder: in which it has to lie.
        name: of the file, or its path within the folder.
        limit: most bytes that are read.

    Returns:
        The bytes; None where there is no such file, or where it may not be read, then with a fault.
    """
    path, faults = file_inside(folder, name)
    if path is None:
        return None, faults
    # One byte more than allowed tells that the file is larger, without reading it all.
    with path.open("rb") as stream:
        data = stream.read(limit + 1)
    if len(data) > limit:
        return None, [Fault(name, "", "", None, bilingual("a file of at most {limit} MB", limit=limit // 1_000_000))]
    return data, []


def file_inside(folder: Path, name: str) -> tuple[Path | None, list[Fault]]:
    """Where a plain file of the folder lies; None where there is none, with a fault where it may not be read.

    Args:
        folder: in which it has to lie; a link that leaves it is refused.
        name: of the file, or its path within the folder.
    """
    path = folder / name
    if not path.exists() and not path.is_symlink():
        return None, []
    if not path.resolve().is_relative_to(folder.resolve()):
        return None, [Fault(name, "", "", None, bilingual("a file inside the scenario folder, not a link out of it"))]
    if not path.is_file():
        return None, [Fault(name, "", "", None, bilingual("a plain file"))]
    return path, []


def decode(data: bytes, file: str) -> tuple[str, list[Fault]]:
    """Text of a file saved as UTF-8, with or without byte order mark, or as UTF-16 with one.

    Args:
        data: the bytes.
        file: its name, for faults.

    Returns:
        The text; empty where it is in another coding or holds a zero byte, then with a fault at the first such line.
    """
    coding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text, wrong_at = data.decode(coding), data.find(b"\0") if coding == "utf-8-sig" else -1
    except UnicodeDecodeError as error:
        text, wrong_at = "", error.start
    if wrong_at < 0:
        return text, []
    line = data.count(b"\n", 0, wrong_at) + 1
    expected = bilingual('text saved as UTF-8 (in a spreadsheet: "CSV UTF-8")')
    return "", [Fault(file, f"line {line}", "", None, expected)]


def read(name: str, text: str, record: type[Record]) -> Table:
    """The rows of a table as text, before any is checked. Never raises: what is wrong is in `faults` of the answer.

    Args:
        name: of the table; the file is `<name>.csv`.
        text: of the file; cells may stand between commas, semicolons or tabs.
        record: class of the rows, under whose keys the cells are put; a column `turnout_min` is `turnout` in minutes.
    """
    table = Table(name)
    file = f"{name}.csv"
    lines = _lines(text, file, record, table)
    _, header = next(lines, (1, []))
    columns = _columns(header, file, record, table)
    table.titles = {column[0]: title for title, column in zip(header, columns, strict=True) if column}
    untitled = {at for at, title in enumerate(header) if not title}
    for number, cells in lines:
        if number > MAX_ROWS + 1:
            table.faults.append(
                Fault(file, f"row {number}", "", None, bilingual("at most {most:,} rows", most=MAX_ROWS))
            )
            table.whole = False
            break
        for at in [at for at in untitled if cells[at : at + 1] not in ([], [""])]:
            expected = bilingual("a name in row 1 for column {number}, or nothing in it", number=at + 1)
            table.faults.append(Fault(file, f"row {number}", "", cells[at], expected))
            untitled.remove(at)
        if any(cells):
            table.rows.append(_row(cells, columns, TableRow({}, file, f"row {number}", table.titles), table.faults))
    return table


def _lines(text: str, file: str, record: type[Record], table: Table) -> Iterator[tuple[int, list[str]]]:
    """Rows with their spreadsheet number, cells stripped."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator_of(text, record), strict=True)
    number = 0
    try:
        for number, cells in enumerate(reader, 1):
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        expected = bilingual("CSV that can be read ({problem})", problem=foreign(str(error), _PROBLEMS))
        table.faults.append(Fault(file, f"row {number + 1}", "", None, expected))
        table.whole = False


def separator_of(text: str, record: type[Record]) -> str:
    """What stands between the cells: that by which the first line has the most known columns; else a comma."""
    header, known = text[:MAX_CELL].partition("\n")[0], keys(record)

    def columns(separator: str) -> int:
        return sum(_column(_title(part.strip().strip('"')), known) is not None for part in header.split(separator))

    return max(SEPARATORS, key=columns)


Column = tuple[str, str] | None
"""Key and unit (or empty) of a column; None for one that is not read."""


def _columns(header: list[str], file: str, record: type[Record], table: Table) -> list[Column]:
    known = keys(record)
    columns: list[Column] = []
    for title in header:
        column = _column(_title(title), known)
        if title and column is None:
            table.faults.append(
                Fault(file, "row 1", title, None, bilingual("a known column"), nearest(_title(title), known))
            )
        elif column and any(column[0] == other[0] for other in columns if other):
            table.faults.append(Fault(file, "row 1", title, None, bilingual('one column for "{name}"', name=column[0])))
        columns.append(column)
    required = {key for key, name in known.items() if record.model_fields[name].is_required()}
    table.absent = frozenset(required - {column[0] for column in columns if column})
    table.whole = table.whole and table.absent.isdisjoint(NAMING)
    for key in sorted(table.absent):
        table.faults.append(Fault(file, "row 1", key, None, bilingual("this column: it is required")))
    return columns


def _title(written: str) -> str:
    """A column's name without what spreadsheets and keyboards change of it: capitals and full-width letters."""
    return unicodedata.normalize("NFKC", written).strip().lower()


def _column(title: str, known: dict[str, str]) -> Column:
    if title in known:
        return title, ""
    base, _, unit = title.rpartition("_")
    return (base, unit) if base in known and unit in HEADER_UNITS else None


def _row(cells: list[str], columns: list[Column], row: TableRow, faults: list[Fault]) -> TableRow:
    if len(cells) < len(columns) or any(cells[len(columns) :]):
        expected = bilingual("{number} cells as in the header, not {given}", number=len(columns), given=len(cells))
        faults.append(Fault(row.file, row.where, "", None, expected))
    for column, cell in zip(columns, cells, strict=False):
        if column is None or not cell:
            continue
        key, unit = column
        if len(cell) > MAX_CELL:
            faults.append(Fault(*row.spot(key), cell, bilingual("at most {most:,} characters", most=MAX_CELL)))
        elif unit and not math.isfinite(read_number(cell)):
            faults.append(Fault(*row.spot(key), cell, bilingual("a bare number: the header says {unit}", unit=unit)))
        else:
            row.cells[key] = f"{cell} {unit}" if unit else cell
    return row
