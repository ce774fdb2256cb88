"""One sheet that holds several tables, below or beside each other, as a sheet of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from simrescue.intake.cells import remark_row
from simrescue.intake.columns import plain, table_named, tables_of_head, within_span
from simrescue.intake.shapes.articles import is_head_of_articles
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.units import read_number
from simrescue.wording import bilingual

LEAST_KNOWN = 3
"""Heads of one table in a row, for the row to begin a table."""
KNOWN_SHARE = 0.5
"""Of the filled cells of such a row, that have to be heads of that table."""
MOST_TURNED, TURNED_SHARE = 60, 0.75
"""Rows of a table that may have to be turned, and the share of the texts at its left that have to be heads."""
Rows = Sequence[Sequence[str]]


def parts_of(sheet: Sheet) -> list[Sheet]:
    """The tables of a sheet, each with the title above it; the sheet as it is where it holds one.

    Args:
        sheet: as it was read.
    """
    return [part for below in _below_each_other(sheet) for part in _beside_each_other(below)]


def with_places_in_rows(sheet: Sheet) -> Sheet:
    """A sheet turned, whose heads stand below each other at the left and whose places stand in columns.

    Args:
        sheet: one table.
    """
    wide = max(map(len, sheet.rows), default=0)
    if not 1 < len(sheet.rows) <= MOST_TURNED:
        return sheet
    turned = [tuple(row[at] if at < len(row) else "" for row in sheet.rows) for at in range(wide)]
    if wide < 2 or not _is_head(turned[0]) or any(_is_head(row) or is_head_of_articles(row) for row in sheet.rows):
        return sheet
    known = [bool(tables_of_head(text)) for text in turned[0] if text]
    if sum(known) < TURNED_SHARE * len(known):
        return sheet
    remark = bilingual("places stand in columns and heads at the left: the table is turned")
    return Sheet(sheet.file, sheet.name, tuple(turned), (*sheet.remarks, remark), is_remade=True)


def _is_head(row: Sequence[str]) -> bool:
    """Whether a row holds the heads of some table and no numbers."""
    texts = {cell for cell in row if cell}
    if len(texts) < LEAST_KNOWN or any(read_number(text) == read_number(text) for text in texts):
        return False
    of_texts = [tables_of_head(text) for text in texts]
    known = max((sum(table in of for of in of_texts) for table in set().union(*of_texts)), default=0)
    return known >= max(LEAST_KNOWN, KNOWN_SHARE * len(texts))


def _below_each_other(sheet: Sheet) -> list[Sheet]:
    """A sheet cut above each further row of other heads, or of the same ones below the title of another table."""
    heads = [number for number, row in enumerate(sheet.rows) if _is_head(row)]
    starts, seen, table = list[int](), list[frozenset[str]](), ""
    for number in heads:
        if number - 1 in heads:
            continue  # the lower of two rows of heads
        texts = frozenset(filter(None, sheet.rows[number]))
        title = _title_above(sheet.rows, number)
        named = table_named(" ".join(title)) or table
        if not seen or texts not in seen or named != table:
            starts.append(number)
        seen.append(texts)
        table = named
    if len(starts) < 2:
        return [sheet]
    tops = [0, *(number - _height_of_title(sheet.rows, number) for number in starts[1:]), len(sheet.rows)]
    parts, names = list[Sheet](), set[str]()
    for count, (number, (top, end)) in enumerate(zip(starts, pairwise(tops), strict=True)):
        name = sheet.name
        if count:
            name = " ".join(_title_above(sheet.rows, number)) or f"({count + 1})"
            name = name if name not in names else f"{name} ({count + 1})"
        names.add(name)
        remark = bilingual("{number} tables below each other on one sheet", number=len(starts))
        remarks = (*(sheet.remarks if not count else ()), remark)
        parts.append(Sheet(sheet.file, name, sheet.rows[top:end], remarks, sheet.above + top))
    return parts


def _height_of_title(rows: Rows, number: int) -> int:
    """Rows between the one before a title and the heads in row `number`, which belong to the table below."""
    at = number
    while at and not any(rows[at - 1]):
        at -= 1
    while at and _is_title(rows[at - 1]):
        at -= 1
    return number - at


def _title_above(rows: Rows, number: int) -> list[str]:
    top = number - _height_of_title(rows, number)
    return [next(filter(None, row)) for row in rows[top:number] if any(row)]


def _is_title(row: Sequence[str]) -> bool:
    texts = {cell for cell in row if cell}
    return len(texts) == 1 and not remark_row().fullmatch(plain(next(iter(texts))))


def _beside_each_other(sheet: Sheet) -> Iterator[Sheet]:
    """Blocks of the same heads put below each other; tables between which a column is blank as a sheet of each."""
    number = next((number for number, row in enumerate(sheet.rows) if _is_head(row)), None)
    if number is None:
        yield sheet
        return
    heads = sheet.rows[number]
    again = [at for at, head in enumerate(heads) if head and head == next(filter(None, heads))]
    blocks = [(start, end) for start, end in pairwise([*again, len(heads)])]
    of_blocks = [[head for head in heads[start:end] if head] for start, end in blocks]
    if len(blocks) > 1 and len(of_blocks[0]) > 1 and all(block == of_blocks[0] for block in of_blocks):
        rows = [*within_span(sheet.rows[: number + 1], *blocks[0])]
        rows += [row for block in blocks for row in within_span(sheet.rows[number + 1 :], *block)]
        remark = bilingual("{number} blocks of the same columns side by side, put below each other", number=len(blocks))
        yield sheet._replace(rows=tuple(rows), remarks=(*sheet.remarks, remark), is_remade=True)
        return
    wide = max(map(len, sheet.rows))
    blank = [at for at in range(wide) if not any(at < len(row) and row[at] for row in sheet.rows[number:])]
    sides = [(start + 1, end) for start, end in pairwise([-1, *blank, wide]) if end > start + 1]
    if len(sides) < 2 or not all(_is_head(heads[start:end]) for start, end in sides):
        yield sheet
        return
    for count, (start, end) in enumerate(sides):
        rows = within_span(sheet.rows, start, end)
        name = sheet.name if not count else " ".join(_title_above(rows, number)) or f"({count + 1})"
        remark = bilingual("{number} tables side by side on one sheet", number=len(sides))
        yield Sheet(sheet.file, name, tuple(rows), (*sheet.remarks, remark), sheet.above)
