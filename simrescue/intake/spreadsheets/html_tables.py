"""Tables of HTML, as many systems of offices export them under the ending of a workbook."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from simrescue.intake.spreadsheets.sheet import Sheet, refused
from simrescue.scenario.files.tables import MAX_CELL
from simrescue.wording import bilingual

MOST_CELLS, MOST_SPANNED = 2_000_000, 1_000
"""Cells of one table, and rows or columns that one cell may span."""
_HTML = re.compile(r"\s*(?:<!--.*?-->\s*)*<(?:!doctype html|html|head|body|table|meta)\b", re.IGNORECASE | re.DOTALL)


def is_html(text: str) -> bool:
    """Whether a text is a page or a table of HTML.

    Args:
        text: the whole of it, or its beginning.
    """
    return bool(_HTML.match(text)) and "<table" in text.lower()


def html_tables(text: str, file: str) -> list[Sheet]:
    """The tables of a page as sheets; a cell that spans others stands in all of them, a table in a cell is its own.

    Args:
        text: of the page.
        file: its name.

    Raises:
        ScenarioError: a table has too many cells.
    """
    reader = _Reader(file)
    reader.feed(text)
    reader.close()
    tables = [rows for table in reader.done if any(map(any, rows := table.filled()))]
    remark = bilingual("a page of HTML, tables: {number}", number=len(tables))
    return [Sheet(file, f"({number})" if len(tables) > 1 else "", rows, (remark,))
            for number, rows in enumerate(tables, 1)]  # fmt: skip


class _Table:
    """A table that grows; cells by their row and column."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.cells: dict[tuple[int, int], str] = {}
        self.row, self.at, self.text = -1, (0, 0, 1, 1), list[str]()
        self.is_open = False

    def begin_row(self) -> None:
        self.end_cell()
        self.row += 1

    def begin_cell(self, high: int, wide: int) -> None:
        self.end_cell()
        self.row = max(self.row, 0)
        column = 0
        while (self.row, column) in self.cells:
            column += 1
        self.at, self.text, self.is_open = (self.row, column, high, wide), [], True
        for row in range(self.row, self.row + high):
            for across in range(column, column + wide):
                self.cells[row, across] = ""
        self.bound(len(self.cells))

    def bound(self, cells: int) -> None:
        if cells > MOST_CELLS:
            raise refused(self.file, bilingual("a table of at most {most:,} cells", most=MOST_CELLS))

    def end_cell(self) -> None:
        if self.is_open:
            top, left, high, wide = self.at
            text = " ".join("".join(self.text).split())[:MAX_CELL]
            for row in range(top, top + high):
                for column in range(left, left + wide):
                    self.cells[row, column] = text
        self.is_open = False

    def filled(self) -> tuple[tuple[str, ...], ...]:
        self.end_cell()
        wide = max((column for _, column in self.cells), default=-1) + 1
        self.bound(wide * (self.row + 1))  # many short rows and one very wide one
        return tuple(tuple(self.cells.get((row, column), "") for column in range(wide)) for row in range(self.row + 1))


class _Reader(HTMLParser):
    """Collects tables; ends of rows and cells may be missing, as they may in HTML."""

    def __init__(self, file: str) -> None:
        super().__init__(convert_charrefs=True)
        self.file = file
        self.done: list[_Table] = []
        self.open: list[_Table] = []
        self.is_hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.is_hidden = tag in ("style", "script")
        if tag == "table":
            self.open.append(_Table(self.file))
            self.done.append(self.open[-1])
        elif self.open and tag == "tr":
            self.open[-1].begin_row()
        elif self.open and tag in ("td", "th"):
            told = dict(attrs)
            self.open[-1].begin_cell(_span(told.get("rowspan")), _span(told.get("colspan")))
        elif tag in ("br", "p", "div"):
            self.handle_data(" ")

    def handle_endtag(self, tag: str) -> None:
        self.is_hidden = False
        if self.open and tag in ("td", "th"):
            self.open[-1].end_cell()
        elif self.open and tag == "table":
            self.open.pop().end_cell()

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1].is_open and not self.is_hidden:
            self.open[-1].text.append(data)


def _span(written: str | None) -> int:
    text = (written or "").strip()
    return min(max(int(text), 1), MOST_SPANNED) if text.isdecimal() and len(text) <= len(str(MOST_SPANNED)) else 1
