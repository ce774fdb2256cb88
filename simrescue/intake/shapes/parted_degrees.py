"""Longitude and latitude whose degrees, minutes and seconds stand in columns of their own."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from simrescue.intake.columns import HEAD_ROWS, general_key, office_words, plain
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.units import read_number
from simrescue.wording import bilingual

MARKS = ("degree", "minute", "second")
_SIGNS = "\N{DEGREE SIGN}\N{PRIME}\N{DOUBLE PRIME}"


class PartedColumns(NamedTuple):
    """Two or three columns of one coordinate."""

    row: int
    """Number of the row in which degrees, minutes and seconds are named, from 0."""
    at: tuple[int, ...]
    head: str
    """Of all together."""


def with_degrees_together(sheet: Sheet) -> Sheet:
    """A sheet with one column for degrees, minutes and seconds that stood in columns of their own.

    Args:
        sheet: as it was read.
    """
    number, parted = next(((n, them) for n in range(min(HEAD_ROWS, len(sheet.rows)))
                           if (them := list(_parted_in(sheet.rows, n)))), (0, []))  # fmt: skip
    if not parted:
        return sheet
    rows = [list(row) for row in sheet.rows]
    for columns in parted:
        first, *others = columns.at
        for row in rows[max(number - 1, 0) : number + 1]:
            for at in others:
                if at < len(row):
                    row[at] = ""
        rows[number][first] = columns.head
        for row in rows[number + 1 :]:
            _put_together(row, columns.at)
    remark = bilingual("{heads}: degrees, minutes and seconds from columns of their own",
                       heads=", ".join(columns.head for columns in parted))  # fmt: skip
    return sheet._replace(rows=tuple(map(tuple, rows)), remarks=(*sheet.remarks, remark))


def _parted_in(rows: Sequence[Sequence[str]], number: int) -> Iterator[PartedColumns]:
    """The coordinates that a row of heads parts."""
    row = [plain(cell) for cell in rows[number]]
    above = list(rows[number - 1]) if number else []
    for at in range(len(row) - 1):
        stems = [_stem(cell, mark) for cell, mark in zip(row[at : at + 3], MARKS, strict=False)]
        count = next((n for n in (3, 2) if len(stems) >= n and None not in stems[:n] and len(set(stems[:n])) == 1), 0)
        if not count:
            continue
        stem = stems[0] or (above[at] if at < len(above) else "")
        if general_key(stem) in ("lon", "lat"):
            yield PartedColumns(number, tuple(range(at, at + count)), stem)


def _stem(cell: str, mark: str) -> str | None:
    """What stands before the word for degrees, minutes or seconds in a head; None: it is no such head."""
    words = "|".join(map(re.escape, office_words(mark)))
    match = re.fullmatch(rf"(.*?)[(\[]?(?:{words})[)\]]?", cell)
    return match[1] if match else None


def _put_together(row: list[str], at: Sequence[int]) -> None:
    parts = [row[column] if column < len(row) else "" for column in at]
    if not math.isfinite(read_number(parts[0])):
        return
    row[at[0]] = "".join(f"{part or 0}{sign}" for part, sign in zip(parts, _SIGNS, strict=False))
    for column in at[1:]:
        if column < len(row):
            row[column] = ""
