"""What a sheet of a workbook holds beside the values of its cells, seen in its text before it is read."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import NamedTuple

MOST_SPANS = 100_000
"""Merged cells of one sheet that are heeded."""
_TAG = re.compile(
    rb"<(?:\w+:)?(table|table-column|table-row|table-cell|covered-table-cell)(?=[\s/>])((?:[^>\"]|\"[^\"]*\")*)>"
)
_ATTRIBUTE = re.compile(r'(?:[\w-]+:)?([\w-]+)="([^"]*)"')
_VALUES = {"value", "string-value", "date-value", "time-value", "boolean-value"}


class MergedCells(NamedTuple):
    """Merged cells: the first of them, numbers from 0, and how many rows and columns they take."""

    top: int
    left: int
    high: int
    wide: int


@dataclass
class SheetLook:
    """What the look at one sheet saw."""

    spans: list[MergedCells] = field(default_factory=list)
    """Merged cells of OpenDocument, of which the reader does not tell."""
    unvalued: list[str] = field(default_factory=list)
    """Cells with a formula and no value."""
    errors: list[str] = field(default_factory=list)
    """Cells whose stored value is an error, which the reader answers as blank."""
    hidden_rows: int = 0
    hidden_columns: int = 0


def look_at_sheets(content: bytes) -> dict[str, SheetLook]:
    """What is to be said of the sheets of a workbook of OpenDocument, by name.

    Args:
        content: the part with the cells, of which it is known how far it unfolds.
    """
    looks, look, row, times, column = dict[str, SheetLook](), SheetLook(), 0, 0, 0
    for tag in _TAG.finditer(content):
        kind, attributes = tag[1].decode(), dict(_ATTRIBUTE.findall(tag[2].decode("utf-8", "replace")))
        is_hidden = attributes.get("visibility") in ("collapse", "filter")
        if kind == "table":
            look, row, times = SheetLook(), 0, 0
            looks[html.unescape(attributes.get("name", ""))] = look
        elif kind == "table-column":
            look.hidden_columns += is_hidden * _number(attributes, "number-columns-repeated")
        elif kind == "table-row":
            row, column, times = row + times, 0, _number(attributes, "number-rows-repeated")
            look.hidden_rows += is_hidden * times
        else:
            high, wide = (_number(attributes, f"number-{of}-spanned") for of in ("rows", "columns"))
            if high * wide > 1 and len(look.spans) < MOST_SPANS:
                look.spans.append(MergedCells(row, column, high, wide))
            if "formula" in attributes and not _VALUES & attributes.keys():
                look.unvalued.append(cell_name(row, column))
            column += _number(attributes, "number-columns-repeated")
    return looks


def cell_name(row: int, column: int) -> str:
    """How a spreadsheet calls a cell.

    Args:
        row: its number, from 0.
        column: its number, from 0.

    >>> cell_name(2, 27)
    'AB3'
    """
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(65 + letter) + letters
    return f"{letters}{row + 1}"


def _number(attributes: dict[str, str], key: str) -> int:
    text = attributes.get(key, "1")
    return min(int(text), 10_000_000) if text.isdecimal() and len(text) < 9 else 1
