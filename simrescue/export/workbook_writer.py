"""Workbooks of Excel: text is text, whatever it begins with; nothing in them is evaluated or followed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from io import BytesIO
from typing import Any, NamedTuple

from simrescue.errors import ResultsError
from simrescue.wording import Words, bilingual

Cell = str | float | int | None
"""Text, a number or a gap; numbers that are not finite have to be text."""
LONGEST_TITLE = 31
"""Characters of a sheet's name, as Excel has it; none of `[]:*?/\\`."""
MOST_ROWS = 1_048_576
"""Rows of a sheet."""
LONGEST_CELL = 32_767
"""Characters of a cell."""
WIDEST = 60
"""Characters to which a column widens by itself."""
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - same content, same bytes: a workbook holds no clock


class WrittenSheet(NamedTuple):
    """One sheet of a workbook."""

    title: str
    rows: Sequence[Sequence[Cell]]
    """The heading first where it has one."""
    has_heading: bool = True
    notes: Sequence[str] = ()
    """Remarks on the cells of the first row; empty ones are none."""


def workbook_bytes(sheets: Sequence[WrittenSheet]) -> bytes:
    """A workbook of some sheets.

    Args:
        sheets: in their order; titles and cells within the limits of Excel.

    Raises:
        ResultsError: XlsxWriter is not installed, or a sheet is larger than a workbook holds.
    """
    if find_spec("xlsxwriter") is None:
        raise ResultsError(
            bilingual("a workbook needs XlsxWriter: {command}", command="pip install 'simrescue[export]'")
        )
    from xlsxwriter import Workbook

    stream = BytesIO()
    # No text is ever taken for a formula, a link or a number: a name may begin with = or @.
    plain_text = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    book = Workbook(stream, {"in_memory": True, **plain_text})
    book.set_properties({"created": _MADE})
    bold, wrapped = book.add_format({"bold": True, "text_wrap": True, "valign": "top"}), book.add_format()
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            raise ResultsError(_too_long(sheet.title))
        made = book.add_worksheet(sheet.title)
        for number, cells in enumerate(sheet.rows):
            style = bold if sheet.has_heading and number == 0 else wrapped
            for at, cell in enumerate(cells):
                _write(made, (number, at), cell, style, sheet.title)
        for at, note in enumerate(sheet.notes):
            if note:
                made.write_comment(0, at, note)
        _dress(made, sheet)
    book.close()
    return stream.getvalue()


def _write(made: Any, where: tuple[int, int], cell: Cell, style: Any, title: str) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, str):
        if len(cell) > LONGEST_CELL:
            raise ResultsError(_too_long(title))
        made.write_string(*where, cell, style)
    elif math.isfinite(cell):
        made.write_number(*where, cell, style)


def _dress(made: Any, sheet: WrittenSheet) -> None:
    """Columns as wide as their cells; the heading stays in sight."""
    columns = max((len(cells) for cells in sheet.rows), default=0)
    for at in range(columns):
        texts = [str(cells[at]) for cells in sheet.rows[:200] if at < len(cells) and cells[at] is not None]
        widths = [sum(2 if ord(sign) > 0x2E7F else 1 for sign in text) for text in texts]
        made.set_column(at, at, min(WIDEST, max(8, *widths, 0) + 1))
    if sheet.rows and columns:
        every = f"A1:{_letters(columns - 1)}{len(sheet.rows)}"
        made.ignore_errors({"number_stored_as_text": every})
    if sheet.has_heading:
        made.freeze_panes(1, 0)


def _letters(column: int) -> str:
    """A, B, ..., Z, AA, ... for 0, 1, ..."""
    return (_letters(column // 26 - 1) if column >= 26 else "") + chr(65 + column % 26)


def _too_long(title: str) -> Words:
    return bilingual("sheet {title} is larger than a workbook holds", title=title)


def cell_of(number: float, never: str = "", digits: int = 4) -> Cell:
    """A number as a cell: rounded, "never" where it is infinite, a gap where there is nothing.

    Args:
        number: any; of any unit.
        never: the word for infinite.
        digits: decimals that are kept.
    """
    if math.isnan(number):
        return None
    return never if math.isinf(number) else round(float(number), digits)
