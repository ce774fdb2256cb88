"""From sheets that were understood to the tables of a scenario: rows, ids, and names put for ids."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from simrescue.intake.cells import is_stock, office_words, remark_row, total_row, value_of
from simrescue.intake.columns import Column, Understood, plain
from simrescue.intake.place_ids import id_of
from simrescue.intake.sheet import Sheet
from simrescue.kinds import tables
from simrescue.records import Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.records import TABLES
from simrescue.units import is_id, read_number
from simrescue.wording import Words, bilingual

Row = dict[str, str]
"""Key -> what stands under it."""
REFERENCES = ("base", "shelter", "upper", "from", "to", "place")
"""Columns that hold a place: a county writes its name."""
AREAS = ("county", "township")
SPOT = ("lon", "lat", "elevation")


@dataclass
class Taken:
    """What one sheet gave."""

    sheet: Sheet
    understood: Understood
    rows: int = 0
    totals: int = 0
    remarks: list[Words] = field(default_factory=list)


@dataclass
class CountyTables:
    """The tables of a scenario as they grow, sheet by sheet."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Table, name and township -> id: as the last import gave it, so that a place keeps its id."""
    taken: list[Taken] = field(default_factory=list)

    def add(self, sheet: Sheet, understood: Understood) -> None:
        """Put the rows of a sheet into its table; totals and remarks are left out and counted."""
        made = Taken(sheet, understood, remarks=list(sheet.remarks))
        raw = list(_data_rows(sheet, understood, made))
        _fill_areas(raw, understood.columns, made)
        for cells in raw:
            row = _read(understood, cells)
            if any(row.values()):
                self._put(understood.table, row)
                made.rows += 1
        self.taken.append(made)

    def _put(self, table: str, row: Row) -> None:
        own = keys(TABLES[table])
        if table in tables("responder"):
            self._base_of(row)
        if "id" in own:
            row = {"id": self._id(table, row), **row}
        self.rows.setdefault(table, []).append({key: value for key, value in row.items() if key in own and value})

    def _id(self, table: str, row: Row) -> str:
        name, given = row.get("name_zh") or row.get("name") or "", row.pop("id", "")
        name = name or ("" if is_id(given) else given)
        if table == "roads" and not name:
            name = f"{row.get('from', '')}-{row.get('to', '')}"
        known = f"{table}|{name}|{row.get('township', '')}|{row.get('lon', '')}"
        used = {str(other.get("id", "")) for rows in self.rows.values() for other in rows} | set(self.ids.values())
        if known not in self.ids or self._holds(table, self.ids[known]):
            self.ids[known] = id_of(name or table, used, given)
        return self.ids[known]

    def _holds(self, table: str, name: str) -> bool:
        return any(row.get("id") == name for row in self.rows.get(table, ()))

    def _base_of(self, row: Row) -> None:
        """Make a base of the spot that a row of forces states for itself: one sheet feeds two tables."""
        if not (row.get("lon") and row.get("lat")):
            return
        name = row.get("base") or f"{row.get('name_zh') or row.get('name', '')}{office_words('base')[0]}"
        row["base"] = name
        if not any(plain(base.get("name_zh", "")) == plain(name) for base in self.rows.get("bases", ())):
            self._put("bases", {"name_zh": name, **{key: row[key] for key in SPOT if row.get(key)}})

    def refer(self) -> Iterator[Words]:
        """Put ids for the names of places, now that all are known; yields what is not clear, by table and name."""
        by_name: dict[str, list[tuple[str, Row]]] = {}
        for table in tables("place"):
            for row in self.rows.get(table, ()):
                for name in {row["id"], row.get("name_zh", ""), row.get("name", "")} - {""}:
                    by_name.setdefault(plain(name), []).append((table, row))
        for table, rows in self.rows.items():
            for row in rows:
                for key in (key for key in REFERENCES if row.get(key) and key in keys(TABLES[table])):
                    if is_stock(table, key):
                        continue  # goods, and no place
                    yield from _referred(table, row, key, by_name.get(plain(row[key]), []))


def _referred(table: str, row: Row, key: str, places: list[tuple[str, Row]]) -> Iterator[Words]:
    """Put the id of the place that is meant; of several by one name that of the right table and township."""
    name = row[key]
    wanted = {"base": "bases", "shelter": "shelters", "upper": "depots"}.get(key, "")
    near = [pair for pair in places if pair[0] == wanted] or places
    near = [pair for pair in near if pair[1].get("township") == row.get("township")] or near
    if not near:
        yield bilingual("{table}.csv, {key}: no place is called {name}", table=table, key=key, name=name)
        return
    row[key] = near[0][1]["id"]
    if len(near) > 1:
        yield bilingual(
            "{table}.csv, {key}: {number} places are called {name}; {place} is taken",
            table=table,
            key=key,
            number=len(near),
            name=name,
            place=row[key],
        )


def _data_rows(sheet: Sheet, understood: Understood, made: Taken) -> Iterator[list[str]]:
    heads = sheet.rows[understood.head_row]
    for row in sheet.rows[understood.head_row + 1 :]:
        texts = list(dict.fromkeys(plain(cell) for cell in row if cell))
        if not texts or tuple(row) == tuple(heads):
            continue
        if any(total_row().fullmatch(text) for text in texts[:2]):
            made.totals += 1
        elif len(texts) == 1 and len(understood.columns) > 1 and remark_row().fullmatch(texts[0]):
            made.remarks.append(bilingual("left out: {text}", text=texts[0][:40]))
        else:
            yield [*row, *[""] * (len(heads) - len(row))]


def _fill_areas(rows: Sequence[list[str]], columns: Sequence[Column], made: Taken) -> None:
    """County and township below the first row that has them, where merged cells of a text table left gaps."""
    for column in columns:
        if column.key in AREAS and rows and rows[0][column.at]:
            filled = 0
            for before, row in pairwise(rows):
                if not row[column.at]:
                    row[column.at], filled = before[column.at], filled + 1
            if filled:
                made.remarks.append(
                    bilingual("{head}: {number} blank cells filled from above", head=column.head, number=filled)
                )


def _read(understood: Understood, cells: Sequence[str]) -> Row:
    """One row under its keys; goods of one need add up."""
    row: Row = {}
    for column in understood.columns:
        value = value_of(understood.table, column, cells[column.at])
        if is_stock(understood.table, column.key) and value and row.get(column.key):
            total = read_number(row[column.key]) + read_number(value)
            value = f"{total:.12g}" if math.isfinite(total) else value  # words stay, for the check to refuse
        if value:
            row[column.key] = value
    return row


def columns_in_order(table: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Keys that any row fills, in the order of the table's record."""
    record: type[Record] = TABLES[table]
    filled = {key for row in rows for key in row if row[key]}
    return [key for key in keys(record) if key in filled]
