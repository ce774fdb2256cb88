"""Heads that hold more than one thing: units in a row of their own, both ends of a road, all that a team has."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from simrescue.intake.columns import (
    HEAD_ROWS,
    bare_head,
    chinese_head,
    column_of,
    heads_of,
    office_words,
    packaged_rows,
    plain,
    stock_items,
    units_of_heads,
    words_in_order,
)
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.units import AS_WRITTEN, read_number
from simrescue.wording import Words, bilingual

LEAST_HEADS = 3
"""Heads above a row of units."""
Parts = dict[str, str]
"""Key or head of a new column -> its cell."""


@cache
def _units() -> frozenset[str]:
    """What stands in a row of units."""
    of_stock = (unit for units in stock_items().values() for unit in units)
    people = (word for words in AS_WRITTEN["people"].values() for word in words)
    return frozenset((*units_of_heads(), *of_stock, *people, *office_words("counter"), *AS_WRITTEN["angle"]["1"], "%"))


def with_units_in_heads(sheet: Sheet) -> Sheet:
    """A sheet whose units, if they stand in a row of their own below the heads, stand in brackets behind them.

    Args:
        sheet: as it is.
    """
    rows = list(sheet.rows)
    for number in range(1, min(HEAD_ROWS, len(rows))):
        units = [plain(cell).strip("()") for cell in rows[number]]
        heads = heads_of(rows, number - 1)
        if any(units) and sum(map(bool, heads)) >= LEAST_HEADS and all(unit in _units() for unit in units if unit):
            both = zip(heads, [*units, *[""] * len(heads)], strict=False)
            rows[number - 1] = tuple(f"{head}({unit})" if head and unit and "(" not in plain(head) else head
                                     for head, unit in both)  # fmt: skip
            rows[number] = ("",) * len(rows[number])  # so that rows keep their numbers
            return sheet._replace(rows=tuple(rows))
    return sheet


def with_ends_apart(sheet: Sheet) -> Sheet:
    """A sheet whose roads have both ends in one column gets a column for each.

    Args:
        sheet: as it is.
    """
    return _parted(sheet, "span head", "roads", ("from", "to"), _ends)


def with_strength_apart(sheet: Sheet) -> Sheet:
    """A sheet whose teams have people, boats and vehicles in one column gets a column for each.

    Args:
        sheet: as it is.
    """
    return _parted(sheet, "mixed head", "teams", ("size",), _strength, is_several=True)


def _hold_several(rows: Sequence[Sequence[str]], at: int) -> bool:
    """Whether most cells of a column count people and craft or vehicles, whatever its head is."""
    cells = [row[at] for row in rows if at < len(row) and row[at]]
    return bool(cells) and 2 * sum(len(_strength(cell)) > 1 for cell in cells) > len(cells)


def _parted(
    sheet: Sheet,
    words: str,
    table: str,
    keys: Sequence[str],
    parts_of: Callable[[str], Parts],
    is_several: bool = False,
) -> Sheet:
    """New columns at the end for what a column of such a head holds, unless the sheet has columns of these keys."""
    for number in range(min(HEAD_ROWS, len(sheet.rows))):
        heads = heads_of(sheet.rows, number)
        bare = [bare_head(head) for head in heads]
        at = next((at for at, head in enumerate(bare) if head in office_words(words)), None)
        if at is None and is_several:
            at = next(
                (at for at, head in enumerate(bare) if head and _hold_several(sheet.rows[number + 1 :], at)), None
            )
        columns = [column_of(table, i, head) for i, head in enumerate(heads) if head and i != at]
        if at is None or any(column and column.key in keys for column in columns):
            continue
        below = [(row[at] if at < len(row) else "") for row in sheet.rows[number + 1 :]]
        of_keys = {key: (not heads[at].isascii() and chinese_head(table, key)) or key for key in keys}
        parts = [{of_keys.get(key, key): cell for key, cell in parts_of(text).items()} for text in below]
        new = list(dict.fromkeys(head for part in parts for head in part))
        filled = [i for i, cell in enumerate(below) if cell]
        if not filled or 2 * sum(bool(parts[i]) for i in filled) < len(filled):
            continue
        rows = [tuple(row) for row in sheet.rows[: number + 1]]
        rows[number] = (*("" if i == at else head for i, head in enumerate(heads)), *new)
        for row, part, cell in zip(sheet.rows[number + 1 :], parts, below, strict=True):
            kept = [*row, *[""] * (len(heads) - len(row))]
            rows.append((*kept, *(part.get(head, "" if part or not cell else cell) for head in new)))
        remark = bilingual("{head}: parted into {parts}", head=heads[at], parts=", ".join(new))
        return sheet._replace(rows=tuple(rows), remarks=(*sheet.remarks, remark, *_left(heads[at], parts, below)))
    return sheet


def _left(head: str, parts: Sequence[Parts], cells: Sequence[str]) -> Iterator[Words]:
    if left := [cell for part, cell in zip(parts, cells, strict=True) if cell and not part]:
        yield bilingual("{head}: not parted: {cells}", head=head, cells="; ".join(left[:3]))


def _ends(cell: str) -> Parts:
    marks = "|".join(map(re.escape, office_words("span mark")))
    ends = [end for end in re.split(marks, unicodedata.normalize("NFKC", cell)) if end.strip()]
    return {"from": ends[0].strip(), "to": ends[1].strip()} if len(ends) == 2 else {}


@cache
def _counted_by() -> dict[str, str]:
    """Counting word -> head of what it counts; that for machines is no such word: it does not say of which kind."""
    of_forces = {counter: row["item"].split("|")[0] for row in packaged_rows("force_items.csv")
                 for counter in row["counter"].split("|")}  # fmt: skip
    return of_forces | dict.fromkeys(words_in_order("person"), "size")


def _strength(cell: str) -> Parts:
    """So many people, boats, trucks and helicopters: by the word behind each number."""
    parts: Parts = {}
    for number, counter in re.findall(r"([\d.]+)\s*([^\d\s,;/+\u3001])", plain(cell)):
        head = _counted_by().get(counter, "")
        if head and math.isfinite(read_number(number)):
            parts[head] = f"{read_number(parts.get(head, '0')) + read_number(number):.12g}"
    return parts
