"""Lists of articles with number, unit and store, put together by store; and what a team has, all in one cell."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from simrescue.intake.cells import counted, total_row
from simrescue.intake.columns import (
    LONLAT,
    SPOT,
    bare_head,
    column_of,
    office_words,
    plain,
    stock_named,
    tables_of_forces,
)
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.wording import Words, bilingual

OF_STORES = (*SPOT, LONLAT, "county", "township", "tier")
"""Keys of what a list says of the store itself."""
MOST_KNOWN = 0.5
"""Share of the articles of a list that have to be known."""


def articles_by_store(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """A sheet of stores with a column for each article, and a sheet of each table of forces.

    Args:
        sheet: that may be a list of articles.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    at = {of: _column(of, heads) for of in ("article", "number", "unit", "store")}
    article, amount, store = at["article"], at["number"], at["store"]
    if article is None or amount is None or article == store:
        return
    of_stores = [column.at for i, head in enumerate(heads) if head and i not in at.values()
                 and (column := column_of("depots", i, head)) and column.key in OF_STORES]  # fmt: skip
    stores: dict[str, dict[str, float]] = {}
    told: dict[str, dict[int, str]] = {}
    forces: dict[str, list[tuple[str, str, str]]] = {}
    unknown, known, before, taken = [], 0, "", dict[str, str]()
    for row in sheet.rows[number + 1 :]:
        cells = [*row, *[""] * (len(heads) - len(row))]
        name, count = plain(cells[article]), counted(cells[amount])
        if not name or not math.isfinite(count) or total_row().fullmatch(name):
            continue
        before = (cells[store] if store is not None else "") or before or sheet.name
        told.setdefault(before, {}).update({i: cells[i] for i in of_stores if cells[i]})
        unit = plain(cells[at["unit"]]) if at["unit"] is not None else _unit_of(cells[amount])
        if item := stock_named(name):
            taken.update({cells[article]: item} if item != name else {})
            head = f"{name}({unit})" if unit else name
            goods = stores.setdefault(before, {})
            goods[head] = goods.get(head, 0.0) + count
        elif table := tables_of_forces().get(name):
            forces.setdefault(table, []).append((f"{before}{cells[article]}", before, f"{count:.12g}"))
        else:
            unknown.append(cells[article])
        known += bool(item) or name in tables_of_forces()
    if not known or known < MOST_KNOWN * (known + len(unknown)):
        return
    remarks = [*sheet.remarks, bilingual("a list of articles, put together by store"), *_of_names(taken, unknown)]
    if stores:
        columns = tuple(dict.fromkeys(head for goods in stores.values() for head in goods))
        rows = [(name, *(told[name].get(i, "") for i in of_stores),
                 *(f"{goods[head]:.12g}" if head in goods else "" for head in columns))
                for name, goods in stores.items()]  # fmt: skip
        first = ("name_zh", *(heads[i] for i in of_stores), *columns)
        yield Sheet(sheet.file, f"{sheet.name} depots", (first, *rows), tuple(remarks), is_remade=True)
    for table, lines in forces.items():
        yield Sheet(sheet.file, f"{sheet.name} {table}", (("name_zh", "base", "count"), *lines), tuple(remarks),
                    is_remade=True)  # fmt: skip


def is_head_of_articles(row: Sequence[str]) -> bool:
    """Whether a row has the heads of a list of articles: what it is, and how many of it.

    Args:
        row: of a sheet.
    """
    return None not in (_column("article", row), _column("number", row))


def _of_names(taken: Mapping[str, str], unknown: Sequence[str]) -> Iterator[Words]:
    """What is said of articles whose names are not known whole.

    Args:
        taken: name -> article that it was taken for.
        unknown: names that are left out.
    """
    if taken:
        pairs = ", ".join(f"{name} = {item}" for name, item in taken.items())
        yield bilingual("articles taken by the end of their name: {pairs}", pairs=pairs)
    if unknown:
        left_out = ", ".join(dict.fromkeys(unknown))
        yield bilingual("articles that are not known, left out: {articles}", articles=left_out)


def _column(of: str, heads: Sequence[str]) -> int | None:
    """The column whose head is of a kind, by the order of the words for it; None: none."""
    bare = [bare_head(head) for head in heads]
    return next((bare.index(word) for word in office_words(f"{of} head") if word in bare), None)


def _unit_of(text: str) -> str:
    """The unit behind a number in its cell; empty: none."""
    behind = re.fullmatch(r"[\d.,]+(\D+)", plain(text))
    return behind[1] if behind else ""
