"""From sheets that were understood to the tables of a scenario: rows, ids, and names put for ids."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from simrescue.intake.cells import (
    MOMENTS,
    MOST_LAT,
    NAMES,
    SERIES_MOMENTS,
    degrees,
    is_stock,
    middle_of_range,
    part_row,
    remark_row,
    spot,
    spreadsheet_moment,
    total_row,
    value_of,
)
from simrescue.intake.column_words import field_words
from simrescue.intake.columns import (
    LOCATED,
    LONLAT,
    SPOT,
    Column,
    Understood,
    before_brackets,
    heads_of,
    office_words,
    plain,
)
from simrescue.intake.file_sheets import rows_as_written
from simrescue.intake.gaps import ASKED
from simrescue.intake.geodata.coordinates import datum_in
from simrescue.intake.naming.place_ids import id_of
from simrescue.intake.naming.place_names import Places, Row, bare_place, is_of_township, places_called, referred
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.kinds import tables
from simrescue.records import Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.records import TABLES
from simrescue.units import is_id, read_number
from simrescue.wording import Words, bilingual, listed

TASK_OF = {"forest_fire": "suppression", "semi_professional": "suppression", "medical": "medical", "repair": "repair",
           "transport": "evacuate"}  # fmt: skip
"""Kinds of teams that are for one work alone -> the task."""
FEWEST_COLUMNS = 3
"""Of known columns, for a row with a single text to be a heading."""
MOST_LON = 180.0
REFERENCES = ("base", "shelter", "upper", "from", "to", "place")
"""Columns that hold a place: a county writes its name."""
AREAS, DATUM = ("county", "township"), "datum"


@dataclass
class Taken:
    """What one sheet gave."""

    sheet: Sheet
    understood: Understood
    rows: int = 0
    totals: int = 0
    first_row: int = 0
    """Number of the first row of the sheet that became a row of a table, as a spreadsheet counts; 0: none did."""
    last_row: int = 0
    remarks: list[Words] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """Remarks among the rows, which are left out."""
    as_written: bool = False
    """Whether the sheet is a file of the scenario, read as it is."""

    @property
    def head_row(self) -> int:
        """Number of the row of heads, as a spreadsheet counts."""
        return self.sheet.above + self.understood.head_row + 1


@dataclass
class CountyTables:
    """The tables of a scenario as they grow, sheet by sheet."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    """Table, name and township -> id: as the last import gave it, so that a place keeps its id."""
    taken: list[Taken] = field(default_factory=list)
    earlier: dict[str, int] = field(default_factory=dict)
    """Table -> rows that earlier sheets gave."""
    heads: dict[str, list[str]] = field(default_factory=dict)
    """Columns of tables that stand in a sheet as they are, in its order."""
    as_written: set[int] = field(default_factory=set)
    """Rows (by identity) whose cells stand as the scenario has them, references too."""

    datums: dict[int, str] = field(default_factory=dict)
    """Datum of rows (by identity) of places whose sheet says it."""
    located: dict[int, str] = field(default_factory=dict)
    """What rows (by identity) of places say of where they are, in words."""
    names_here: set[str] = field(default_factory=set)
    """Names, to compare, of the sheet that is being read."""
    claimed: set[str] = field(default_factory=set)
    """Ids of rows of the sheet that is being read which stand in it as they did at the last import."""
    joined: dict[str, dict[str, str]] = field(default_factory=dict)
    """Table -> name of a row -> name of the row of an earlier sheet that it was put to, where they differ."""
    said: list[Words] = field(default_factory=list)
    """How places were found by what they are called."""
    standing: dict[str, list[Row]] = field(default_factory=dict)
    """Rows of places that stand in the folder: of tables that no file of this import gives they can be referred to."""

    def add(self, sheet: Sheet, understood: Understood) -> None:
        """Put the rows of a sheet into its table; totals and remarks are left out and counted."""
        made = Taken(sheet, understood, remarks=list(sheet.remarks))
        self.earlier = {table: len(rows) for table, rows in self.rows.items()}
        raw, areas = list[list[str]](), list[Row]()
        for cells, area in _data_rows(sheet, understood, made):
            raw.append(cells)
            areas.append(area)
        _fill_areas(raw, understood, made)
        datum = _datum_said(sheet, understood)
        of_spots = coordinates_apart(understood, raw)
        self.names_here = {plain(cells[column.at]) for column in understood.columns if column.key == "name_zh"
                           for cells in raw}  # fmt: skip
        read = [_read(of_spots, cells) for cells in raw]
        swapped = sum(map(_put_spot, read))
        known = (_known_by(understood.table, area | row) for row, area in zip(read, areas, strict=True))
        self.claimed = {self.ids[one] for one in known if one in self.ids}
        for cells, own, area in zip(raw, read, areas, strict=True):
            if own.keys() <= {*AREAS} and understood.table in (*tables("place"), *tables("responder")):
                if texts := [cell for cell in cells if cell]:
                    made.notes.append(texts[0][:40])
                continue  # a signature or a remark: of a place only the township stands there, filled from above
            row = area | own
            if any(row.values()):
                beside = list(_beside(understood, cells, row))
                row |= {DATUM: datum} if datum and row.get("lon") else {}
                self._put(understood.table, row)
                for table, other in beside:
                    self._put(table, {**other, "base": row.get("base", "")})
                made.rows += 1
        if swapped:
            made.remarks.append(bilingual("longitude and latitude exchanged in {number} rows", number=swapped))
        made.remarks += [*_second_choices(understood, raw), *self._goods_twice(understood), *_ranges(understood, raw),
                         *_counted_days(understood, raw)]  # fmt: skip
        self.taken.append(made)

    def add_as_written(self, table: str, sheet: Sheet) -> None:
        """Take the rows of a sheet that is a file of the scenario; nothing in them is guessed or put for anything.

        Args:
            table: that it holds.
            sheet: its heads in the first row.
        """
        rows, heads = rows_as_written(sheet), [head for head in (sheet.rows or ((),))[0] if head]
        self.heads[table] = list(dict.fromkeys([*self.heads.get(table, ()), *heads]))
        self.rows.setdefault(table, []).extend(rows)
        self.as_written |= {id(row) for row in rows}
        columns = tuple(Column(at, head, head) for at, head in enumerate(heads))
        understood = Understood(table, 0, columns, ())
        span = (2, len(sheet.rows)) if rows else (0, 0)
        self.taken.append(Taken(sheet, understood, len(rows), 0, *span, list(sheet.remarks), as_written=True))

    def _put(self, table: str, row: Row) -> None:
        own = keys(TABLES[table])
        if table in tables("responder"):
            if not (row.get("name_zh") or row.get("name") or row.get("id")):
                row["name_zh" if not row.get("base", "").isascii() else "name"] = row.get("base", "")
            self._base_of(row)
        elif table in tables("place") and (standing := self._without_spot(table, row)):
            self._say_datum(standing, row)
            _add_up(table, standing, {key: value for key, value in row.items() if key not in (DATUM, LOCATED)})
            return
        if "id" in own:
            row = {"id": self._id(table, row), **row}
        new = {key: value for key, value in row.items() if key in own and value}
        self.rows.setdefault(table, []).append(new)
        self._say_datum(new, row)
        if row.get(LOCATED):
            self.located[id(new)] = row[LOCATED]

    def _say_datum(self, row: Row, given: Row) -> None:
        if datum := given.get(DATUM):
            self.datums[id(row)] = datum

    def _goods_twice(self, understood: Understood) -> Iterator[Words]:
        """Stores whose goods stood in an earlier sheet too: they add up, which may count them twice."""
        for earlier in self.taken if any(column.is_summed for column in understood.columns) else ():
            if any(column.is_summed for column in earlier.understood.columns):
                yield bilingual("goods of stores that stand in {sheet} too are added up", sheet=earlier.sheet.title)

    def _without_spot(self, table: str, row: Row) -> Row | None:
        """The row of the same place from an earlier sheet, where at most one of the two says where it is.

        The word at the end of a name counts where both have one, and the township where both tell it; of several such
        rows none is meant.
        """
        name, township = row.get("name_zh", ""), row.get("township", "")
        others = [other for other in self.rows.get(table, [])[: self.earlier.get(table, 0)] if other.get("name_zh")
                  and bare_place(other["name_zh"]) == bare_place(name) and is_of_township(other, township)
                  and not (other.get("lon") and row.get("lon"))] if name else []  # fmt: skip
        same = [other for other in others if plain(other["name_zh"]) == plain(name)]
        alike = [other for other in others if plain(other["name_zh"]) not in self.names_here]
        if not same and len(alike) == 1:
            self.joined.setdefault(table, {})[name] = alike[0]["name_zh"]
        meant = same or alike
        return meant[0] if len(meant) == 1 else None

    def _id(self, table: str, row: Row) -> str:
        known, name, given = _known_by(table, row), _called(table, row), row.pop("id", "")
        used = {str(other.get("id", "")) for rows in self.rows.values() for other in rows} | set(self.ids.values())
        if known not in self.ids or self._holds(table, self.ids[known]):
            self.ids[known] = self._as_before(table, known, given) or id_of(name or table, used, given)
        return self.ids[known]

    def _as_before(self, table: str, known: str, given: str) -> str:
        """The id that the last import gave a row whose spot or ends it now tells otherwise; empty: none, or several.

        Args:
            table: of the row.
            known: what tells the row from others: table, name, township and longitude.
            given: id that the files state.
        """
        of_table = {
            key: of for key, of in self.ids.items() if key.startswith(f"{table}|") and not self._holds(table, of)
        }
        if is_id(given) and given in of_table.values():
            return given
        # A new namesake above a row that stands there as before takes nothing from it.
        before = {of for key, of in of_table.items()
                  if key.rpartition("|")[0] == known.rpartition("|")[0] and of not in self.claimed}  # fmt: skip
        return before.pop() if len(before) == 1 and table != "roads" else ""

    def _holds(self, table: str, name: str) -> bool:
        return any(row.get("id") == name for row in self.rows.get(table, ()))

    def _base_of(self, row: Row) -> None:
        """Make a base of the spot that a row of forces states for itself: one sheet feeds two tables."""
        if not (row.get("lon") and row.get("lat")):
            return
        name = row.get("base") or f"{row.get('name_zh') or row.get('name', '')}{office_words('base')[0]}"
        row["base"] = name
        if not any(plain(base.get("name_zh", "")) == plain(name) for base in self.rows.get("bases", ())):
            self._put("bases", {"name_zh": name, **{key: row[key] for key in (*SPOT, DATUM) if row.get(key)}})

    def refer(self) -> Iterator[Words]:
        """Put ids for the names of places, now that all are known; yields what is not clear, by table and name."""
        by_name = self._by_name()
        for table, names in self.joined.items():
            pairs = ", ".join(f"{name} = {other}" for name, other in names.items())
            self.said.append(bilingual("{table}.csv: rows of several sheets taken for the same place: {pairs}",
                                       table=table, pairs=pairs))  # fmt: skip
        self._put_at_villages(by_name)
        for table, rows in self.rows.items():
            taken_for = dict[str, str]()
            for row in (row for row in rows if id(row) not in self.as_written):
                for key in (key for key in REFERENCES if row.get(key) and key in keys(TABLES[table])):
                    if is_stock(table, key):
                        continue  # goods, and no place
                    places = places_called(row[key], by_name)
                    if not places and (town := self._in_township(row[key])):
                        named = {
                            "table": table,
                            "key": field_words(table, key),
                            "name": row[key],
                            "place": town["name_zh"],
                        }
                        yield bilingual(
                            "{table}.csv, {key}: {name} is a township; its largest village {place} is taken", **named
                        )
                        places = [("villages", town)]
                    elif places and (other := _otherwise_called(row[key], places)):
                        taken_for[row[key]] = other
                    yield from referred(table, row, key, places)
            if taken_for:
                pairs = ", ".join(f"{name} = {other}" for name, other in taken_for.items())
                self.said.append(bilingual("{table}.csv: places found without the word at the end of their name:"
                                           " {pairs}", table=table, pairs=pairs))  # fmt: skip

    def _by_name(self) -> dict[str, Places]:
        """Name or id to compare -> the places that it is of."""
        by_name: dict[str, Places] = {}
        for table in tables("place"):
            for row in self.rows.get(table) or self.standing.get(table, []):
                for name in {row.get("id", ""), row.get("name_zh", ""), row.get("name", "")} - {""}:
                    by_name.setdefault(plain(name), []).append((table, row))
        return by_name

    def _put_at_villages(self, by_name: Mapping[str, Places]) -> None:
        """Give places without coordinates those of the village that they say they are in, and forces it as base."""
        villages = {name: own for name, of in by_name.items() if (own := [one for one in of if one[0] == "villages"])}
        for table in (*tables("place"), *tables("responder")):
            put, is_force = dict[str, str](), table in tables("responder")
            for row in self.rows.get(table, ()) if table != "villages" else ():
                if row.get("base" if is_force else "lon") or not (said := self.located.get(id(row), "")):
                    continue
                there = [pair[1] for pair in places_called(said, villages)
                         if is_of_township(pair[1], row.get("township", ""))]  # fmt: skip
                village = there[0] if len(there) == 1 else {}
                if village and is_force:
                    row["base"] = village["id"]
                elif village.get("lon") and village.get("lat"):
                    row |= {key: village[key] for key in ("lon", "lat")}
                    self._say_datum(row, {DATUM: self.datums.get(id(village), "")})
                    put[row.get("name_zh") or row.get("name", "")] = village.get("name_zh") or said
            if put:
                pairs = ", ".join(f"{name} = {village}" for name, village in put.items())
                self.said.append(bilingual("{table}.csv: without coordinates, put where the village is that they name:"
                                           " {pairs}", table=table, pairs=pairs))  # fmt: skip

    def keep_ids(self, renamed: Mapping[str, str]) -> Iterator[Words]:
        """Give places that were renamed the id that they had, wherever it stands; yields which, by name.

        Args:
            renamed: new id -> the one that it had.
        """
        names = {of: name.split("|")[1] for name, of in self.ids.items()}
        for table, rows in self.rows.items():
            for row in rows:
                for key in ("id", *REFERENCES):
                    if row.get(key) in renamed and not is_stock(table, key):
                        row[key] = renamed[row[key]]
        for old in renamed.values():
            new = next(row for rows in self.rows.values() for row in rows if row.get("id") == old)
            name, place = new.get("name_zh") or new.get("name", ""), names.get(old, old)
            if name != place:  # else it is told with another township, or with none
                yield bilingual("{name} stands where {place} stood, and is taken for it under another name",
                                name=name, place=place)  # fmt: skip
        self.ids = {name: renamed.get(of, of) for name, of in self.ids.items()}

    def rename_zones(self) -> Iterator[Words]:
        """Put the names of the series for zones that other sheets call shorter; yields which, by name."""
        known = {row["zone"] for row in self.rows.get("levels", ()) if row.get("zone")}
        bare: dict[str, list[str]] = {}
        for zone in sorted(known):
            bare.setdefault(_bare_zone(zone), []).append(zone)
        for table, rows in self.rows.items():
            others = {row["zone"] for row in rows if row.get("zone") and id(row) not in self.as_written} - known
            for zone in sorted(others if known else ()):
                if len(alike := bare.get(_bare_zone(zone), [])) == 1:
                    for row in (row for row in rows if row.get("zone") == zone):
                        row["zone"] = alike[0]
                    yield bilingual("{table}.csv, {key}: {name} is taken for {place}", table=table,
                                    key=field_words(table, "zone"), name=zone, place=alike[0])  # fmt: skip

    def leave_out_unfit(self) -> Iterator[Words]:
        """Leave out tables that nobody is asked about and of which no row has what a row must have; yields which.

        A county is asked about forces of every kind, and about whatever a flood needs.
        """
        asked_about = {asked.table for asked in ASKED if asked.hazard != "wildfire"} | set(tables("responder"))
        for table in list(self.rows):
            must = {key for key, of in keys(TABLES[table]).items() if TABLES[table].model_fields[of].is_required()}
            rows, lacking = self.rows[table], must - {key for row in self.rows[table] for key in row}
            if table not in asked_about and lacking and not self.as_written & set(map(id, rows)):
                del self.rows[table]
                if not rows:
                    continue  # a sheet of heads alone
                columns = listed([field_words(table, key) for key in sorted(lacking)])
                yield bilingual("{number} rows for {table}.csv are left out: they do not say {keys}", number=len(rows),
                                table=table, keys=columns)  # fmt: skip

    def give_tasks(self) -> Iterator[Words]:
        """Give teams of kinds that are for one work alone its task, where none is told; yields what was given."""
        given: dict[str, int] = {}
        for row in self.rows.get("teams", ()):
            task = TASK_OF.get(row.get("kind", ""), "")
            if task and not row.get("tasks") and id(row) not in self.as_written:
                row["tasks"] = task
                given[task] = given.get(task, 0) + 1
        for task, number in given.items():
            yield bilingual("{number} teams have the task {task} by their kind: no column tells it", number=number,
                            task=task)  # fmt: skip

    def _in_township(self, name: str) -> Row | None:
        """The village of a township with the most people; None where no village is of a township of this name."""
        villages = self.rows.get("villages") or self.standing.get("villages", [])
        there = [row for row in villages if row.get("township") and row.get("name_zh")
                 and plain(row["township"]) == plain(name)]  # fmt: skip
        people = {id(row): read_number(row.get("population", "")) for row in there}
        return max(there, key=lambda row: people[id(row)] if people[id(row)] >= 0 else 0.0, default=None)


def _called(table: str, row: Row) -> str:
    """What a row is called, by its name, an id that is none of the format's, or the ends of a road; empty: nothing."""
    given = row.get("id", "")
    name = row.get("name_zh") or row.get("name") or ("" if is_id(given) else given)
    return name or (f"{row.get('from', '')}-{row.get('to', '')}" if table == "roads" else "")


def _known_by(table: str, row: Row) -> str:
    """What tells a row from others: table, name, township and longitude."""
    return f"{table}|{_called(table, row)}|{row.get('township', '')}|{row.get('lon', '')}"


def _otherwise_called(name: str, places: Places) -> str:
    """What the first of some places is called where that does not stand in a name; empty: it does."""
    names = [name_zh for key in ("name_zh", "name", "id") if (name_zh := places[0][1].get(key))]
    return "" if any(plain(before_brackets(own)) in plain(name) for own in names) else names[0]


def _bare_zone(zone: str) -> str:
    """A zone or gauge to compare, without the word for what it is."""
    bare = plain(zone)
    for word in map(plain, office_words("zone beginning")):
        bare = bare.removeprefix(word) or bare
    for word in office_words("zone ending"):
        bare = bare.removesuffix(word) or bare
    return bare


def _datum_said(sheet: Sheet, understood: Understood) -> str:
    """The datum that heads of coordinates name, or a title or remark that tells of coordinates; empty: none."""
    heads = " ".join(column.head for column in understood.columns if column.key in ("lon", "lat", LONLAT))
    alone = [next(iter(texts)) for row in sheet.rows if len(texts := {cell for cell in row if cell}) == 1]
    words = office_words("coordinates")
    said = [text for text in alone if heads and any(word in plain(text) for word in words)]
    return datum_in(heads) or datum_in(" ".join(said))


def _data_rows(sheet: Sheet, understood: Understood, made: Taken) -> Iterator[tuple[list[str], Row]]:
    """The rows below the heads, each with the county or township whose section or sheet it stands in."""
    heads, at = heads_of(sheet.rows, understood.head_row), understood.head_row
    pages = [list(row) for row in sheet.rows[max(at - 1, 0) : at + 1] if len({cell for cell in row if cell}) > 1]
    area, sections = _area_of(sheet.name), []
    for number, row in enumerate(sheet.rows[at + 1 :], sheet.above + at + 2):
        texts = list(dict.fromkeys(plain(cell) for cell in row if cell))
        if not texts or [*row] in (heads, *pages):
            continue
        if any(total_row().fullmatch(text) or part_row().fullmatch(text) for text in texts[:3]):
            made.totals += 1
        elif len(understood.columns) > 1 and all(remark_row().fullmatch(text) for text in texts):
            made.notes.append(texts[0][:40])
        elif _is_section(row, understood):
            area = _area_of(texts[0]) or area
            sections.append(texts[0][:40])
        else:
            made.first_row, made.last_row = made.first_row or number, number
            yield [*row, *[""] * (len(heads) - len(row))], area
    if sections:
        made.remarks.append(bilingual("headings of the rows below them: {texts}", texts="; ".join(sections)))


def _is_section(row: Sequence[str], understood: Understood) -> bool:
    """Whether a row holds a single text that is no name of a place: merged across, or numbered, or not among names."""
    filled = [at for at, cell in enumerate(row) if cell]
    if len({plain(row[at]) for at in filled}) > 1 or len(understood.columns) < FEWEST_COLUMNS:
        return False
    names = {column.at for column in understood.columns if column.key in ("name", "name_zh", "id")}
    return len(filled) > 1 or filled[0] not in names or _bare_section(row[filled[0]]) != plain(row[filled[0]])


def _bare_section(text: str) -> str:
    """The text of a heading without its number."""
    number = f"[{re.escape(''.join(office_words('section')))}]+"
    return re.sub(rf"^{number}[)\u3001.,:\s]+", "", plain(text))


def _area_of(text: str) -> Row:
    """The county or township that a heading or the name of a sheet is; none where it is neither."""
    name = before_brackets(_bare_section(text))
    for key in ("township", "county"):
        if len(name) > 1 and plain(name).endswith(office_words(f"{key} ending")):
            return {key: name}
    return {}


def coordinates_apart(understood: Understood, raw: Sequence[Sequence[str]]) -> Understood:
    """Columns whose heads both say only that they are coordinates: that of the larger numbers is the longitude.

    Args:
        understood: what the sheet was taken for.
        raw: its rows.
    """
    both = [column for column in understood.columns if column.key == LONLAT]
    if len(both) != len(SPOT[:2]) or any(column.key in SPOT[:2] for column in understood.columns):
        return understood
    of_columns = [[number for row in raw if math.isfinite(number := degrees(row[column.at]))] for column in both]
    if not all(of_columns):
        return understood
    east, north = sorted(both, key=lambda column: -max(map(abs, of_columns[both.index(column)])))
    said = {east.at: "lon", north.at: "lat"}
    return understood._replace(columns=tuple(column._replace(key=said.get(column.at, column.key))
                                             for column in understood.columns))  # fmt: skip


def _put_spot(row: Row) -> bool:
    """Longitude and latitude out of one column, and put right where they are exchanged; answers whether they were."""
    if (written := row.pop(LONLAT, "")) and not (row.get("lon") and row.get("lat")):
        place = spot(written)
        alone = "" if math.isfinite(read_number(written)) else written  # a single number is one of the two, at most
        row["lon"], row["lat"] = map("{:.12g}".format, place) if place else (written, alone)
    lon, lat = read_number(row.get("lon", "")), read_number(row.get("lat", ""))
    if abs(lon) <= MOST_LAT < abs(lat) <= MOST_LON:
        row["lon"], row["lat"] = row["lat"], row["lon"]
        return True
    return False


def _fill_areas(rows: Sequence[list[str]], understood: Understood, made: Taken) -> None:
    """County, township and the gauge of a series below the first row, where merged cells of a text table left gaps."""
    merged = (*AREAS, "zone") if understood.table == "levels" else AREAS
    for column in understood.columns:
        if column.key in merged and rows and rows[0][column.at]:
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
        value = "" if column.beside else value_of(understood.table, column, cells[column.at])
        if not value:
            continue
        if is_stock(understood.table, column.key):
            _add_up(understood.table, row, {column.key: value})
        elif column.key not in row:
            row[column.key] = _as_share(column, value, row)
    return row


def _add_up(table: str, row: Row, more: Mapping[str, str]) -> None:
    """Take over what a row lacks; goods of one need add up."""
    for key, value in more.items():
        total = read_number(row.get(key, "")) + read_number(value) if is_stock(table, key) else math.nan
        if math.isfinite(total):
            row[key] = f"{total:.12g}"
        elif value and (is_stock(table, key) or not row.get(key)):
            row[key] = value  # words stay, for the check to refuse


def _as_share(column: Column, value: str, row: Row) -> str:
    """A number of people as the share that it is of those of its row; words and shares as they stand."""
    part, whole = read_number(value), read_number(row.get(column.part_of, ""))
    return f"{part / whole:.4g}" if column.part_of and math.isfinite(part) and whole > 0 else value


def _beside(understood: Understood, cells: Sequence[str], row: Row) -> Iterator[tuple[str, Row]]:
    """Rows of other tables that the same line states: so many boats of that team."""
    for column in (column for column in understood.columns if column.beside):
        written = value_of(column.beside, column, cells[column.at])
        head = re.split(r"[/\uff0f]", before_brackets(column.head))[0]
        for word in office_words("amount ending"):
            head = head.removesuffix(word) or head
        key = next((key for key in ("name_zh", "name") if row.get(key)), "")
        if written and not key:
            key, row["name_zh"] = "name_zh", row.get("base", "")
        if written and read_number(written) != 0:
            yield (
                column.beside,
                {key: f"{row[key]}{head if key == 'name_zh' else f' {head}'}", "count": written},
            )


def _second_choices(understood: Understood, raw: Sequence[list[str]]) -> Iterator[Words]:
    """What was read where two columns hold the same: the first, and the second where that is blank."""
    for key in dict.fromkeys(column.key for column in understood.columns):
        alike = [one for one in understood.columns if one.key == key and not (one.is_summed or one.beside)]
        if len(alike) > 1:
            first, *others = alike
            blank = sum(not value_of(understood.table, first, cells[first.at]) for cells in raw)
            yield bilingual(
                "{head}: where it is blank ({number} rows) {others} is read",
                head=first.head,
                number=blank,
                others=", ".join(other.head for other in others),
            )


def _ranges(understood: Understood, raw: Sequence[list[str]]) -> Iterator[Words]:
    """In which columns the middle of ranges was taken."""
    for column in understood.columns:
        cells = [cells[column.at] for cells in raw if column.key not in (*MOMENTS, *NAMES)]
        if ranges := [cell for cell in cells if math.isfinite(middle_of_range(cell))]:
            yield bilingual("{head}: of {number} ranges ({example}) the middle is taken", head=column.head,
                            number=len(ranges), example=ranges[0])  # fmt: skip


def _counted_days(understood: Understood, raw: Sequence[list[str]]) -> Iterator[Words]:
    """In which columns moments stood as the days that a spreadsheet counts."""
    for column in understood.columns:
        cells = [cells[column.at] for cells in raw if column.key in SERIES_MOMENTS]
        if days := [cell for cell in cells if spreadsheet_moment(cell)]:
            yield bilingual("{head}: {number} numbers ({example}) are days of a spreadsheet, that one {moment}",
                            head=column.head, number=len(days), example=days[0],
                            moment=spreadsheet_moment(days[0]))  # fmt: skip


def columns_in_order(table: str, rows: Sequence[Mapping[str, str]]) -> list[str]:
    """Keys that any row fills: id and names first, then in the order of the table's record."""
    record: type[Record] = TABLES[table]
    filled = {key for row in rows for key in row if row[key]}
    return [key for key in dict.fromkeys(("id", "name", "name_zh", *keys(record))) if key in filled]
