"""One list of places of many kinds, put into the table of each kind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache

from simrescue.intake.columns import bare_head, column_of, office_words, packaged_rows, plain, table_named
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.wording import bilingual

MOST_KNOWN = 0.5
"""Share of the kinds of a list that have to be known."""


@cache
def tables_of_places() -> dict[str, str]:
    """What a list of places calls their kinds -> their table."""
    return {plain(item): row["table"] for row in packaged_rows("place_items.csv") for item in row["item"].split("|")}


def places_by_kind(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """A sheet of each kind of place, of a sheet whose title names none and which has a column for it.

    Args:
        sheet: that may be such a list.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    bare = [bare_head(head) for head in heads]
    kinds = next((bare.index(word) for word in office_words("kind head") if word in bare), None)
    keys = {column.key for at, head in enumerate(heads) if head and (column := column_of("bases", at, head))}
    if kinds is None or not {"lon", "lonlat"} & keys or table_named(sheet.name):
        return
    below = [row[kinds] if kinds < len(row) else "" for row in sheet.rows[number + 1 :]]
    of_rows = [tables_of_places().get(plain(kind), "") for kind in below]
    known, given = sum(map(bool, of_rows)), sum(map(bool, below))
    if not known or known < MOST_KNOWN * given:
        return
    unknown = dict.fromkeys(kind for kind, table in zip(below, of_rows, strict=True) if kind and not table)
    remarks = [*sheet.remarks, bilingual("a list of several kinds of places, each put into its table")]
    if unknown:
        remarks.append(bilingual("kinds of places that are not known, left out: {kinds}", kinds=", ".join(unknown)))
    for table in dict.fromkeys(filter(None, of_rows)):
        rows = [row if of == table else ("",) * len(row)  # so that rows keep their numbers
                for row, of in zip(sheet.rows[number + 1 :], of_rows, strict=True)]  # fmt: skip
        above = (*((("",) * len(heads),) * number), tuple(heads))
        yield Sheet(sheet.file, f"{sheet.name} {table}", (*above, *rows), tuple(remarks))
