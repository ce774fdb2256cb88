"""Sheets of other shapes put into rows of the usual kind: stations side by side, and lists of articles by store."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from simrescue.intake.cells import counted, total_row
from simrescue.intake.columns import (
    HEAD_ROWS,
    column_of,
    heads_of,
    office_words,
    plain,
    stock_items,
    tables_of_forces,
    without_brackets,
)
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.units import read_number
from simrescue.wording import bilingual

MOST_KNOWN = 0.5
"""Share of the articles of a list that have to be known."""


def reshaped(sheet: Sheet) -> list[Sheet]:
    """A sheet as it is, or the sheets of usual shape that hold the same.

    A table of a moment and of the water level at one station in each further column becomes one row for each station
    and moment. A list of articles with number, unit and store becomes a sheet of stores with a column for each article,
    and a sheet of each table of forces.
    """
    for number in range(min(HEAD_ROWS, len(sheet.rows))):
        heads = heads_of(sheet.rows, number)
        if made := list(_series(sheet, number, heads)) or list(_articles(sheet, number, heads)):
            return made
    return [sheet]


def _meant(table: str, heads: Sequence[str]) -> dict[str, int]:
    """Key -> number of the column that holds it, of the columns that a table knows."""
    columns = [column_of(table, at, head) for at, head in enumerate(heads) if head]
    return {column.key: column.at for column in reversed(columns) if column}


def _series(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    meant = _meant("levels", heads)
    words = office_words("level head")
    title = plain(" ".join([sheet.title, *(cell for row in sheet.rows[: number + 1] for cell in row)]))
    if "time" not in meant or {"level", "zone"} <= set(meant) or not any(word in title for word in words):
        return
    below, clock = sheet.rows[number + 1 :], meant["time"]
    if below and _is_head(below[0], heads, clock):
        heads, below = [_joined(*pair) for pair in zip(heads, [*below[0], *[""] * len(heads)], strict=False)], below[1:]
    if _meant("weather", heads).keys() - {"time"}:
        return
    stations = {at: name for at, head in enumerate(heads) if at != clock and (name := _station(head))}
    rows = [
        (name, row[clock], row[at])
        for row in below
        if clock < len(row) and row[clock]
        for at, name in stations.items()
        if at < len(row) and math.isfinite(read_number(row[at]))
    ]
    if rows and len(set(stations.values())) == len(stations):
        words_zh = bilingual("{number} stations side by side, put below each other", number=len(stations))
        usual = ("zone", "time", "level (m)")
        yield Sheet(sheet.file, sheet.name, (usual, *rows), (*sheet.remarks, words_zh))


def _is_head(row: Sequence[str], heads: Sequence[str], clock: int) -> bool:
    """Whether a row below the heads still is one: the moment's head again or nothing, and words beside it."""
    others = [cell for at, cell in enumerate(row) if at != clock and cell]
    return (
        clock < len(row)
        and row[clock] in ("", heads[clock])
        and bool(others)
        and not any(math.isfinite(read_number(cell)) for cell in others)
    )


def _joined(upper: str, lower: str) -> str:
    return lower if lower == upper or not upper else f"{upper} {lower}".strip()


def _station(head: str) -> str:
    """The name of a station in the head of its column, without "water level" and the unit."""
    name = without_brackets(head)
    for word in office_words("level head"):
        name = re.sub(re.escape(word), "", name, flags=re.IGNORECASE)
    return " ".join(name.split()).strip("_-:")


def _articles(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    at = {of: _column(of, heads) for of in ("article", "number", "unit", "store")}
    article, amount, store = at["article"], at["number"], at["store"]
    if article is None or amount is None or article == store:
        return
    stores: dict[str, dict[str, float]] = {}
    forces: dict[str, list[tuple[str, str, str]]] = {}
    unknown, known, before = [], 0, ""
    for row in sheet.rows[number + 1 :]:
        cells = [*row, *[""] * (len(heads) - len(row))]
        name, count = plain(cells[article]), counted(cells[amount])
        if not name or not math.isfinite(count) or total_row().fullmatch(name):
            continue
        before = (cells[store] if store is not None else "") or before or sheet.name
        unit = plain(cells[at["unit"]]) if at["unit"] is not None else _unit_of(cells[amount])
        if name in stock_items():
            head = f"{name}({unit})" if unit else name
            goods = stores.setdefault(before, {})
            goods[head] = goods.get(head, 0.0) + count
        elif table := tables_of_forces().get(name):
            forces.setdefault(table, []).append((f"{before}{cells[article]}", before, f"{count:.12g}"))
        else:
            unknown.append(cells[article])
        known += name in stock_items() or name in tables_of_forces()
    if not known or known < MOST_KNOWN * (known + len(unknown)):
        return
    remarks = [*sheet.remarks, bilingual("a list of articles, put together by store")]
    if unknown:
        left_out = ", ".join(dict.fromkeys(unknown))
        remarks.append(bilingual("articles that are not known, left out: {articles}", articles=left_out))
    if stores:
        columns = tuple(dict.fromkeys(head for goods in stores.values() for head in goods))
        rows = [(name, *(f"{goods[head]:.12g}" if head in goods else "" for head in columns))
                for name, goods in stores.items()]  # fmt: skip
        yield Sheet(sheet.file, f"{sheet.name} depots", (("name_zh", *columns), *rows), tuple(remarks))
    for table, lines in forces.items():
        yield Sheet(sheet.file, f"{sheet.name} {table}", (("name_zh", "base", "count"), *lines), tuple(remarks))


def _column(of: str, heads: Sequence[str]) -> int | None:
    """The column whose head is of a kind, by the order of the words for it; None: none."""
    bare = [plain(without_brackets(head)) for head in heads]
    return next((bare.index(word) for word in office_words(f"{of} head") if word in bare), None)


def _unit_of(text: str) -> str:
    """The unit behind a number in its cell; empty: none."""
    behind = re.fullmatch(r"[\d.,]+(\D+)", plain(text))
    return behind[1] if behind else ""
