"""What the columns of a county's sheet are: heads by a table of other names, with the unit that a head carries."""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from simrescue.kinds import KINDS, Derived, of_role, tables
from simrescue.places import NEEDS
from simrescue.records import Record
from simrescue.scenario.files.faults import keys
from simrescue.scenario.preflight.without_effect.passed_over import names_zh
from simrescue.scenario.records import TABLES
from simrescue.units import AS_WRITTEN, HEADER_UNITS

EVERY, LONLAT, LOCATED = "*", "lonlat", "located"
_OPENS = r"[(\[\u3014\u3010]"
_IN_BRACKETS = re.compile(rf"{_OPENS}.*?[)\]\u3015\u3011]")
_UNIT_BEHIND = re.compile(r"(.+?)[(\[\u3010/]([^()\[\]\u3011/]+(?:/[^()\[\]\u3011]+)?)[)\]\u3011]?")
SPOT = ("lon", "lat", "elevation")
MEASURED = {"levels": "level", "depths": "depth"}
"""Table of a series -> the key of what it is of, without which a sheet is of another series."""
EVERYWHERE = (*SPOT, LONLAT, LOCATED, "township")
"""Keys that a sheet of any table may have: rows of forces make a base of their spot."""
OF_PEOPLE = frozenset({"population", "capacity", "persons", "size"})
"""Keys of numbers of people, whose unit may be a multiple."""
OF_NAMES = "name"
"""Basis of a column that is taken for the names, since its cells differ."""
NAMES_SHARE = 0.6
"""Share of the rows that have to be filled, and differ, in a column that is taken for the names."""
LEAST_CELLS = 3
"""Different cells of a row that tells of one place or team: a heading has fewer."""
LEAST_GUESSED = 4
"""Characters of a known name at the end of a head that is not known whole, for the head to mean the same."""
MOST_HEADS = 20
"""Heads of columns left out that are named."""
HEAD_ROWS = 20
"""Rows from the top among which the heads stand."""
PART_OF, PERCENT = "of ", "%"
TITLE_WORTH, FILE_WORTH, NAMED_WORTH, LEAST = 3.0, 1.0, 1.5, 2.0
"""What a sheet's name, a file's and the head of the names count in known columns where they name a table, and how many
say that a sheet is of it at all."""


class Column(NamedTuple):
    """What one column holds."""

    at: int
    """Number of the column, from 0."""
    head: str
    key: str
    """As the table of the scenario calls it."""
    unit: str = ""
    """Unit of bare numbers below the head; empty: none."""
    factor: float = 1.0
    """What numbers are multiplied by: persons for a tent, ten thousand."""
    basis: str = ""
    """What was assumed to know the unit or the factor; empty: nothing, it stands in the head."""
    is_summed: bool = False
    """Whether it is one of several columns that add up: goods for one need."""
    beside: str = ""
    """Table of which it makes a row of its own: boats in a list of teams; empty: it is of the sheet's own table."""
    part_of: str = ""
    """Key of the number of which this one is a part, where a share is wanted and a number stands; empty: none."""
    rank: int = 0
    """Of several columns with one key the lowest counts, and the next where it is blank."""


class Understood(NamedTuple):
    """What one sheet was taken for."""

    table: str
    head_row: int
    """Number of the row with the heads, from 0."""
    columns: tuple[Column, ...]
    left_out: tuple[str, ...]
    """Heads of columns that are not read."""

    @property
    def named_left_out(self) -> str:
        """The first of those heads, and how many there are where not all are named."""
        heads = self.left_out
        return ", ".join(heads if len(heads) <= MOST_HEADS else (*heads[:MOST_HEADS], f"... ({len(heads)})"))


def plain(text: str) -> str:
    """A head or a name to compare: half-width, simplified, without spaces and line breaks, in small letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower().translate(_simplified())


def without_brackets(text: str) -> str:
    """A half-width text without what stands in brackets."""
    return _IN_BRACKETS.sub("", unicodedata.normalize("NFKC", text))


def bare_head(text: str) -> str:
    """A head to compare, as `plain`, without what stands in brackets."""
    return plain(without_brackets(text))


def before_brackets(text: str) -> str:
    """What of a half-width text stands before its first bracket."""
    return re.split(_OPENS, unicodedata.normalize("NFKC", text), maxsplit=1)[0].strip()


def packaged_rows(name: str) -> list[dict[str, str]]:
    """The rows of a table of the program's `data` folder, by its file name."""
    text = files("simrescue").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@cache
def words_in_order(of: str) -> tuple[str, ...]:
    """What offices write for a gap, a digit, ...: a row of `data/office_words.csv` as it stands there."""
    return tuple(next(row["written"] for row in packaged_rows("office_words.csv") if row["of"] == of).split("|"))


@cache
def _simplified() -> dict[int, str]:
    """Traditional characters that offices of Hong Kong and Taiwan write in heads -> simplified ones."""
    return str.maketrans({pair[0]: pair[1] for pair in words_in_order("traditional")})


@cache
def office_words(of: str) -> tuple[str, ...]:
    """The same to compare, the longest first."""
    return tuple(sorted(map(plain, words_in_order(of)), key=len, reverse=True))


class Meaning(NamedTuple):
    """What the table of other names says of a head."""

    key: str
    unit: str
    """That bare numbers have; `of KEY`: they are a part of the number under that key."""
    rank: int
    """Place among the names of its key: a column by an earlier name is preferred."""


@cache
def _packaged_names() -> dict[tuple[str, str], Meaning]:
    """Table of the program (or `*`) and head -> what it means."""
    return {
        (row["table"], plain(name)): Meaning(row["key"], row["unit"], rank)
        for row in packaged_rows("column_names.csv")
        for rank, name in enumerate(row["names"].split("|"))
    }


def _as_their_fellows() -> dict[tuple[str, str], Meaning]:
    """The heads of tables of kinds from outside: what the program's tables of their role call the same keys."""
    made = dict[tuple[str, str], Meaning]()
    own = {table for table, _ in _packaged_names()}
    for kind in KINDS.values():
        if not (kind.record and kind.table and kind.role) or kind.table in own:
            continue
        known = keys(kind.record)
        moves = kind.moves
        for fellow in sorted(of_role(kind.role), key=lambda other: other.moves != moves):
            for (table, head), meaning in _packaged_names().items():
                if table == fellow.table and meaning.key in known:
                    made.setdefault((kind.table, head), meaning)
    return made


_NAMES = Derived(lambda: {"heads": _packaged_names() | _as_their_fellows()})


def _other_names() -> dict[tuple[str, str], Meaning]:
    """Table (or `*`) and head -> what it means."""
    return _NAMES["heads"]


def chinese_head(table: str, head: str) -> str:
    """How a county would head a column of the format; empty where no other name of it is known.

    Args:
        table: that it stands in.
        head: key of the column, with or without its unit at the end.
    """
    key = column.key if (column := _english(TABLES[table], 0, head, plain(head))) else head
    for of in (table, EVERY):
        for row in packaged_rows("column_names.csv"):
            if (row["table"], row["key"]) == (of, key):
                return next((name for name in row["names"].split("|") if not name.isascii()), "")
    return ""


@cache
def tables_of_forces() -> dict[str, str]:
    """What a list of equipment calls craft and vehicles -> their table."""
    return {plain(item): row["table"] for row in packaged_rows("force_items.csv") for item in row["item"].split("|")}


@cache
def stock_items() -> dict[str, dict[str, tuple[str, float]]]:
    """Article -> unit -> need and persons (or person-days) that one is for, the first unit being the usual one."""
    made: dict[str, dict[str, tuple[str, float]]] = {}
    for row in packaged_rows("stock_items.csv"):
        of_units = {unit: (row["need"], float(row["persons"])) for unit in row["unit"].split("|")}
        for item in row["item"].split("|"):
            made.setdefault(plain(item), {}).update(of_units)
    return made


@cache
def units_of_heads() -> tuple[str, ...]:
    """Units of distances, heights, speeds, masses and times, the longest first."""
    kinds = ("duration", "distance", "height", "speed", "mass")
    return tuple(sorted({unit for kind in kinds for units in AS_WRITTEN[kind].values() for unit in units},
                        key=len, reverse=True))  # fmt: skip


def unit_among(text: str) -> str:
    """The unit in the brackets of a head, beside which the datum of a height may stand; empty: they hold none.

    Args:
        text: what stands in the brackets; a single word that is no datum is a unit too, for the check to refuse.
    """
    parts = re.split(r"[,;\u3001]", plain(text))
    known = [part for part in parts if part in units_of_heads()]
    of_heights = office_words("datum of heights")
    return known[0] if known else "" if len(parts) > 1 or any(word in text for word in of_heights) else text


def times_of_head(unit: str) -> float:
    """What numbers below a head are multiplied by where its unit is a multiple, as ten thousand (people); else 1.

    Args:
        unit: as `unit_of_head` gives it.
    """
    return _multiples().get(unit[:1], 1.0) if unit[1:] in ("", *AS_WRITTEN["people"]["1"]) else 1.0


@cache
def _multiples() -> dict[str, float]:
    """Word for ten thousand, a thousand, ... -> what numbers below its head are multiplied by."""
    return {word: float(factor) for of in ("multiple", "multiple in heads") for factor, words in AS_WRITTEN[of].items()
            for word in words}  # fmt: skip


def unit_of_head(head: str) -> str:
    """What stands in brackets or behind a stroke at the end of a head, without the word for a unit; empty: nothing.

    Args:
        head: as it is written.
    """
    behind = _UNIT_BEHIND.fullmatch(plain(head))
    words = "|".join(map(re.escape, office_words("title unit")))
    return re.sub(rf"^(?:{words}):?(?=.)", "", behind[2]) if behind else ""


@cache
def _multiples_of_people() -> tuple[str, ...]:
    """Ten thousand people and the like, as they stand at the end of a head without brackets."""
    multiples = [AS_WRITTEN[of] for of in ("multiple", "multiple in heads")]
    return tuple(word + person for of in multiples for words in of.values() for word in words
                 for person in AS_WRITTEN["people"]["1"])  # fmt: skip


def column_of(table: str, at: int, head: str) -> Column | None:
    """What a head means in a table; None: nothing that is known.

    Args:
        table: of the scenario.
        at: number of the column, from 0.
        head: as it is written.
    """
    whole = plain(head)
    own = _english(TABLES[table], at, head, whole)
    if own and own.unit:
        return own  # a key of the format with its unit, as time_h
    behind = _UNIT_BEHIND.fullmatch(whole)
    bare = without_brackets(whole)
    spellings = [(whole, ""), *([(behind[1], unit_of_head(head))] if behind else []), (bare, "")]
    spellings += [(name.removesuffix(word), unit) for name, unit in spellings for word in office_words("amount ending")]
    spellings += [
        (name[len(word) :], unit)
        for name, unit in spellings
        for word in office_words("head beginning")
        if name.startswith(word)
    ]
    spellings += [
        (name[: -len(unit)].rstrip("_-"), unit)
        for name, given in spellings
        if not given
        for unit in (*units_of_heads(), *_multiples_of_people())
        if name.endswith(unit)
    ]
    for name, unit in dict.fromkeys(spellings):
        if column := _by_name(table, at, head, name, unit):
            return column
    return own or _by_its_end(table, at, head, bare, behind[2] if behind else "")


def _by_name(table: str, at: int, head: str, name: str, unit: str) -> Column | None:
    for of in (table, EVERY):
        known = _other_names().get((of, name))
        if known and (known.key in keys(TABLES[table]) or (of == EVERY and _is_everywhere(table, known.key))):
            if _is_of_another_thing(known.key, head, unit):
                return None
            counted = (unit or unit_of_head(head)) if table == "depots" and known.key in NEEDS else ""
            if counted in units_of_goods() or multiple_apart(counted)[0] != 1.0:
                return _of_need(at, head, name, counted, known)
            return _as_known(at, head, unit, known)
    if table == "depots" and (item := stock_named(name)):
        return _goods(at, head, name, item, unit or unit_of_head(head))
    if table in tables("responder") and tables_of_forces().get(name, table) != table:
        return Column(at, head, "count", beside=tables_of_forces()[name])
    return None


def _as_known(at: int, head: str, unit: str, known: Meaning) -> Column:
    key, usual, rank = known
    times = times_of_head(unit)
    if usual.startswith(PART_OF):
        return Column(at, head, key, "", times, part_of=usual.removeprefix(PART_OF), rank=rank)
    if times != 1.0:
        return Column(at, head, key, "", times, rank=rank)
    if unit == PERCENT:
        return Column(at, head, key, unit, rank=rank)
    unit = unit_among(unit) if usual else unit
    taken, basis = unit if usual and unit else usual, usual if usual and not unit else ""
    return Column(at, head, key, taken, 1.0, basis, rank=rank)


def _of_need(at: int, head: str, name: str, unit: str, known: Meaning) -> Column | None:
    """A column of a need by its own name, counted in goods or in a multiple of persons; None: nobody knows of what."""
    times, one = multiple_apart(unit)
    if unit in units_of_goods() or one in units_of_goods():
        return _goods(at, head, name, item, unit) if (item := stock_named(name)) else None
    return Column(at, head, known.key, "", times, rank=known.rank) if one in ("", *_portions()) else None


def _is_of_another_thing(key: str, head: str, unit: str) -> bool:
    """Whether a head says whether a place lies in a zone, and not in which, or counts houses where people are meant."""
    if key == "zone":
        return plain(head).startswith(office_words("whether"))
    return key in OF_PEOPLE and (unit or unit_of_head(head)) in AS_WRITTEN["houses"]["1"]


def _goods(at: int, head: str, name: str, item: str, unit: str) -> Column | None:
    """A column of some article; None where its head counts it by a unit of which nobody knows for how many it is."""
    units = stock_items()[item]
    times, one = (1.0, unit) if unit in units else multiple_apart(unit)
    need, persons = next(iter(units.values()))
    if one in _portions():
        return Column(at, head, need, "", times, is_summed=True)
    if one not in ("", *units) and (times != 1.0 or one in units_of_goods()):
        return None
    taken = one if one in units else next(iter(units))
    need, persons = units[taken]
    said = "" if item == name else f"{item} "
    return Column(at, head, need, "", persons * times, f"{said}{persons:g} / {taken}", is_summed=True)


def multiple_apart(unit: str) -> tuple[float, str]:
    """What a unit of goods is a multiple by, and of what: ten thousand, bottles. A kilogram is no thousand of grams.

    Args:
        unit: of a head or behind a number, to compare.
    """
    times = 1.0 if unit in units_of_goods() else _multiples().get(unit[:1], 1.0)
    return times, unit if times == 1.0 else unit[1:]


@cache
def _portions() -> tuple[str, ...]:
    """Words for persons, and for what one of them needs in a day, by which goods may be counted."""
    return (*AS_WRITTEN["people"]["1"], *office_words("portion"))


@cache
def units_of_goods() -> frozenset[str]:
    """Units by which offices count goods, and of their mass: of each article only some are known."""
    of_stock = (unit for units in stock_items().values() for unit in units)
    of_mass = (unit for units in AS_WRITTEN["mass"].values() for unit in units)
    people = {word for words in AS_WRITTEN["people"].values() for word in words}
    return frozenset((*of_stock, *of_mass, *office_words("counter"), *office_words("unit of goods"))) - people


def _is_everywhere(table: str, key: str) -> bool:
    """Whether a sheet of a table may have a key that is none of the table's own."""
    return key in EVERYWHERE and (key != LOCATED or table in (*tables("place"), *tables("responder")))


def stock_named(text: str) -> str:
    """The article of `stock_items` that a text is, or the longest one that it ends with: a large tent is a tent.

    Empty where it is none.

    Args:
        text: to compare, as `plain` gives it.
    """
    ends = (item for item in stock_items() if len(item) > 1 and not item.isascii() and text.endswith(item))
    return text if text in stock_items() else max(ends, key=len, default="")


def _by_its_end(table: str, at: int, head: str, bare: str, unit: str) -> Column | None:
    """A head that ends with a known name means the same, more narrowly: the longest such name, and it is said."""
    ends = (
        (len(name), name)
        for of, name in _other_names()
        if of in (table, EVERY)
        and bare.endswith(name)
        and not name.isascii()
        and (len(name) >= LEAST_GUESSED or (len(name) > 1 and _is_spot(table, of, name)))
    )
    _, longest = max(ends, default=(0, ""))
    column = _by_name(table, at, head, longest, unit) if longest else None
    return column and column._replace(basis=column.basis or longest, rank=column.rank + len(_other_names()))


def _is_spot(table: str, of: str, name: str) -> bool:
    """Whether a known head says where something is, in a table whose rows are each somewhere."""
    at_places = table in (*tables("place"), *tables("responder"))
    return at_places and _other_names()[of, name].key in ("lon", "lat", LONLAT)


def _english(record: type[Record], at: int, head: str, name: str) -> Column | None:
    known = keys(record)
    key, _, unit = name.rpartition("_")
    if name in known:
        return Column(at, head, name)
    return Column(at, head, key, unit) if key in known and unit in HEADER_UNITS else None


def understand(title: str, rows: Sequence[Sequence[str]], file: str = "") -> Understood | None:
    """What a sheet is, from its title and its rows; None where it is of no table that is known.

    Args:
        title: name of the sheet, or of the file of one sheet.
        rows: all its cells.
        file: name of the file of several sheets, which says less.
    """
    best: tuple[float, Understood] | None = None
    names = (title, _titles_above(rows), file)
    tables_here = tuple(dict.fromkeys([*_tables(), *map(table_named, names)]))
    for table in filter(None, tables_here):
        for number in range(min(HEAD_ROWS, len(rows))):
            row = heads_of(rows, number)
            columns = _by_rank([column_of(table, at, head) for at, head in enumerate(row) if head])
            weights = {_place(column): _weight(table, column) for column in columns}
            named = table_named(title) or table_named(_titles_above(rows[:number]))
            score = sum(weights.values())
            if columns and table in (named, table_named(file)):
                score += TITLE_WORTH if table == named else FILE_WORTH
            if MEASURED.get(table, "") not in ("", *(column.key for column in columns)):
                continue  # stations and moments of something else: of rain
            if score >= LEAST and (
                best is None or score > best[0] or (score == best[0] and _goes_on(best[1], table, number))
            ):
                read = {column.at for column in columns}
                left_out = tuple(
                    dict.fromkeys(" ".join(head.split()) for at, head in enumerate(row) if head and at not in read)
                )
                best = (score, Understood(table, number, columns, left_out))
    return _with_names(best[1], rows) if best else None


def _goes_on(understood: Understood, table: str, number: int) -> bool:
    """Whether a row is the lower one of two with heads: the same heads further down begin a new page."""
    return understood.table == table and understood.head_row == number - 1


def _with_names(understood: Understood, rows: Sequence[Sequence[str]]) -> Understood:
    """A sheet of places or forces in which no head is a name: the first column of texts that differ holds the names."""
    record, columns = TABLES[understood.table], understood.columns
    if "name_zh" not in keys(record) or any(column.key in ("id", "name", "name_zh") for column in columns):
        return understood
    heads, below = heads_of(rows, understood.head_row), list(filter(_is_of_one, rows[understood.head_row + 1 :]))
    goods = {column.at for column in columns if column.key in NEEDS and column.key == plain(column.head)}
    read = {column.at for column in columns} - goods
    for at, head in enumerate(heads):
        cells = [row[at] for row in below if at < len(row) and row[at]] if head and at not in read else []
        texts = [cell for cell in cells if re.search(r"[^\W\d_]{2}", cell)]
        if (
            texts
            and len(set(texts)) >= NAMES_SHARE * max(len(cells), 1)
            and len(cells) >= NAMES_SHARE * sum(map(any, below))
        ):
            name = Column(at, head, "name" if all(text.isascii() for text in texts) else "name_zh", basis=OF_NAMES)
            kept = tuple(column for column in columns if column.at != at)
            left_out = tuple(left for left in understood.left_out if left != " ".join(head.split()))
            return understood._replace(columns=(name, *kept), left_out=left_out)
    return understood


def _is_of_one(row: Sequence[str]) -> bool:
    """Whether a row tells of one thing, and is no total and no heading."""
    texts = [plain(cell) for cell in row if cell]
    totals = (*office_words("total"), *office_words("total ending"))
    return len(set(texts)) >= LEAST_CELLS and not any(text.endswith(totals) for text in texts)


def _titles_above(rows: Sequence[Sequence[str]]) -> str:
    """The rows that hold one text alone, as a title does: the heads of columns are none."""
    return " ".join(next(iter(texts)) for row in rows[:HEAD_ROWS] if len(texts := {cell for cell in row if cell}) == 1)


@cache
def table_named(text: str) -> str:
    """The table that a title names, by the longest name in the text; empty: none."""
    return max(_named_in(text), key=lambda pair: len(pair[1]), default=("", ""))[0]


def _tables() -> tuple[str, ...]:
    """Tables that some heads belong to; one of a kind from outside has to be named by the sheet or its file."""
    return tuple(dict.fromkeys(table for table, _ in _packaged_names() if table != EVERY))


def _named_in(text: str) -> Iterator[tuple[str, str]]:
    """Tables whose Chinese or English name stands in a title, with the name."""
    whole = plain(text)
    for table, names in names_zh().items():
        for name in (*names, table):
            if plain(name) in whole:
                yield table, name


def heads_of(rows: Sequence[Sequence[str]], number: int) -> list[str]:
    """The heads of a row; a blank one below a row of several heads is what stands above it.

    A head below one that spans several columns is read together with it where only both say what the column holds, as
    "registered" and "resident" below "population" do.

    Args:
        rows: of the sheet.
        number: of the row with the heads, from 0.
    """
    row = list(rows[number])
    above = rows[number - 1] if number else ()
    if sum(map(bool, row)) < LEAST or len({cell for cell in above if cell}) < LEAST:
        return row
    upper = [*above, *[""] * len(row)][: len(row)]
    spans = _spans(upper, row)
    return [
        _with_span(span, cell) if span else cell or over for cell, over, span in zip(row, upper, spans, strict=True)
    ]


def _spans(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The head above each column that spans others too; empty: it spans no other, or is this column's own."""
    filled = list(upper)
    for at in range(1, len(filled)):
        if not filled[at] and lower[at] and lower[at - 1] and lower[at - 1] != filled[at - 1]:
            filled[at] = filled[at - 1]  # merged cells of a text table: all but the first are blank
    return [
        text if lower[at] and text != lower[at] and text in (*filled[max(at - 1, 0) : at], *filled[at + 1 : at + 2])
        else "" for at, text in enumerate(filled)
    ]  # fmt: skip


def _with_span(span: str, head: str) -> str:
    """A head with the one that spans it, where both together are known, or the upper one says more of it."""
    for both in (f"{span}{head}", f"{head}{span}"):
        if any((table, bare_head(both)) in _other_names() for table in (*_tables(), EVERY)):
            return both
    means = [tuple(_other_names().get((table, bare_head(text))) for text in (head, span)) for table in _tables()]
    same = any(own and over and own.key == over.key for own, over in means)
    return span if same and bare_head(span) not in bare_head(head) else head


@cache
def tables_of_head(text: str) -> frozenset[str]:
    """The tables of which a text is the head of a column, by a name that is known as it stands.

    Args:
        text: as it is written; what stands in brackets is left out.
    """
    names = {bare_head(text), plain(text)}
    if any((EVERY, name) in _other_names() for name in names):
        return frozenset(_tables())
    of_stock = {"depots"} if names & stock_items().keys() else set()
    return frozenset(
        {table for table in _tables() if any((table, name) in _other_names() for name in names)} | of_stock
    )


def general_key(head: str) -> str:
    """What a head means that any table may have, as it stands or before its brackets; empty: nothing."""
    known = _other_names().get((EVERY, plain(head))) or _other_names().get((EVERY, bare_head(head)))
    return known.key if known else ""


@cache
def names_of_key(key: str) -> tuple[str, ...]:
    """All heads that are known for a key in any table, the longest first."""
    return tuple(sorted({name for (_, name), of in _other_names().items() if of.key == key}, key=len, reverse=True))


def within_span(rows: Sequence[Sequence[str]], start: int, end: int) -> list[tuple[str, ...]]:
    """The columns from `start` to before `end` of some `rows`."""
    return [tuple(row[start:end]) for row in rows]


def _place(column: Column) -> tuple[str, str]:
    return column.beside, column.key


def _weight(table: str, column: Column) -> float:
    """How much a head says for a table: a column of village names, say, more than other heads."""
    if column.key in ("name", "name_zh") and table_named(plain(column.head)) == table:
        return NAMED_WORTH
    return 0.5 if _is_general(column) else 1.0


def _is_general(column: Column) -> bool:
    """Whether the head says little of the table: many tables have it."""
    return bool(column.beside) or (EVERY, plain(column.head)) in _other_names()


def _by_rank(columns: Sequence[Column | None]) -> tuple[Column, ...]:
    """Known columns in the order in which they stand, but of several with one key the preferred one first."""
    known = [column for column in columns if column]
    firsts: dict[tuple[str, str], int] = {}
    for column in known:
        firsts.setdefault(_place(column), column.at)
    return tuple(sorted(known, key=lambda column: (firsts[_place(column)], column.rank, column.at)))
