"""What an import understood, kept beside the folder: the next does the same and keeps what people changed."""

from __future__ import annotations

import csv
import math
from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from simrescue.errors import Fault, ScenarioError
from simrescue.intake.columns import EVERYWHERE, PART_OF, Column, Understood, column_of, heads_of
from simrescue.intake.naming.place_titles import with_township
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.scenario.files.faults import keys
from simrescue.scenario.files.tables import MAX_BYTES
from simrescue.scenario.records import TABLES
from simrescue.wording import Words, bilingual

Tables = dict[str, list[dict[str, str]]]
HEAD = """# What `simrescue import` took the files for. Change a table, the row of heads or a column and import again:
# what stands here wins. `ids` and `written` are its memory: against what it wrote last, changes by hand are seen.
"""


def mapping_file(folder: Path) -> Path:
    """Where the mapping of a scenario folder lies: beside it."""
    return folder.with_name(f"{folder.name}.mapping.yaml")


def read_mapping(path: Path) -> dict[str, Any]:
    """The mapping of an earlier import; empty where there was none.

    Raises:
        ScenarioError: it cannot be read.
    """
    if not path.exists():
        return {}
    try:
        if path.stat().st_size > MAX_BYTES:
            raise ValueError(path.name)
        mapping = yaml.load(path.read_text(encoding="utf-8"), Loader=SAFE)  # noqa: S506 - safe, and in C where there is C
        if not isinstance(mapping, dict) or not all(isinstance(mapping.get(key, {}), dict) for key in _KEYS):
            raise ValueError(path.name)
    except (ValueError, yaml.YAMLError):
        expected = bilingual("the mapping as an import wrote it, or no such file")
        raise ScenarioError([Fault(path.name, "", "", None, expected)]) from None
    return mapping


SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
DUMPER: Any = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
_KEYS = ("sheets", "ids", "written", "ground")


def read_table(path: Path) -> list[dict[str, str]] | None:
    """The rows of a table of a scenario folder, by its `path`; None where it is not there."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return [{key: cell or "" for key, cell in row.items() if key} for row in csv.DictReader(stream)]


def understood_before(mapping: Mapping[str, Any], sheet: Sheet) -> Understood | None:
    """What the mapping says of a sheet, by the heads that it names; None where it does not know it.

    Raises:
        ScenarioError: it names a table or a column that there is not, or a row that the sheet lacks.
    """
    entry = mapping.get("sheets", {}).get(sheet.title)
    if not isinstance(entry, dict):
        return None
    table, row, named = str(entry.get("table")), entry.get("head_row"), entry.get("columns") or {}
    faults = []
    if table not in TABLES:
        faults.append(Fault("mapping.yaml", sheet.title, "table", table, bilingual("a known table")))
    if not isinstance(row, int) or not 1 <= row - sheet.above <= len(sheet.rows):
        faults.append(Fault("mapping.yaml", sheet.title, "head_row", str(row), bilingual("a row of the sheet")))
    if not isinstance(named, dict):
        faults.append(Fault("mapping.yaml", sheet.title, "columns", str(named), bilingual("heads with what they mean")))
    if faults or not isinstance(row, int):
        raise ScenarioError(faults)
    row -= sheet.above
    heads, columns = heads_of(sheet.rows, row - 1), []
    for head, meaning in named.items():
        key, unit, factor = _parted(str(meaning))
        beside, _, key = key.rpartition(".")
        of = beside if beside in TABLES else table
        if key not in keys(TABLES[of]) and key not in EVERYWHERE:
            expected = bilingual("a known column")
            raise ScenarioError([Fault("mapping.yaml", sheet.title, str(head), str(meaning), expected)])
        for at in (at for at, there in enumerate(heads) if there == head):  # two columns may have one head
            part_of = unit.removeprefix(PART_OF) if unit.startswith(PART_OF) else ""
            known = column_of(of, at, str(head))
            is_summed = known is not None and known.is_summed
            is_known = known is not None and known.key == key and math.isclose(known.factor, factor)
            basis = known.basis if known and is_summed and is_known else ""  # the unit that its goods are counted by
            columns.append(Column(at, str(head), key, "" if part_of else unit, factor, basis, is_summed, beside,
                                  part_of))  # fmt: skip
    before = entry.get("heads") or ()
    columns += _heads_anew(table, heads, columns, named, before or entry.get("left_out") or (), bool(before))
    read = {column.head for column in columns}
    left_out = tuple(dict.fromkeys(head for head in heads if head and head not in read))
    return Understood(table, row - 1, tuple(columns), left_out) if columns else None


def _heads_anew(
    table: str, heads: Sequence[str], known: Sequence[Column], named: Collection[str], before: Container[str],
    is_whole: bool,
) -> list[Column]:  # fmt: skip
    """Columns of heads that were not there before: new ones, or others in their stead that mean the same.

    Args:
        table: of the sheet.
        heads: that stand in it now.
        known: columns of the heads that the mapping names.
        named: those heads.
        before: other heads that stood there at the last import.
        is_whole: whether these are all of them, so that one is new that is not among them.
    """
    if not is_whole and len({column.head for column in known}) == len(named):
        return []
    new = [column_of(table, at, head) for at, head in enumerate(heads)
           if head and head not in named and head not in before]  # fmt: skip
    keys_known = {column.key for column in known}
    return [column for column in new if column and column.key not in keys_known]


def _parted(meaning: str) -> tuple[str, str, float]:
    """Key, unit and factor of "elevation m" or "shelter * 6"."""
    key, _, rest = meaning.partition(" ")
    if rest.startswith("*"):
        try:
            return key, "", float(rest[1:])
        except ValueError:
            return key, "", 1.0
    return key, rest.strip(), 1.0


def entry_of(understood: Understood, above: int = 0) -> dict[str, Any]:
    """How the mapping says what a sheet was taken for.

    Args:
        understood: what it was taken for.
        above: rows of its file's sheet above its first.
    """
    columns = {column.head: _meaning(column) for column in understood.columns}
    left_out = {"left_out": list(understood.left_out)} if understood.left_out else {}
    heads = list(dict.fromkeys([*columns, *understood.left_out]))
    return {"table": understood.table, "head_row": understood.head_row + 1 + above, "columns": columns, **left_out,
            "heads": heads}  # fmt: skip


def _meaning(column: Column) -> str:
    """What a column holds, as `_parted` takes it apart again."""
    key = f"{column.beside}.{column.key}" if column.beside else column.key
    if column.part_of:
        return f"{key} {PART_OF}{column.part_of}"
    return f"{key} {f'* {column.factor:g}' if column.factor != 1.0 else column.unit}".strip()


def mapping_text(sheets: Mapping[str, Any], ids: Mapping[str, str], written: Tables, besides: Mapping[str, Any]) -> str:
    """The mapping as it is kept.

    Args:
        sheets: title of a sheet -> what it was taken for.
        ids: table, name and township -> id.
        written: the rows of each table as they were written.
        besides: `settings` (scenario.yaml as a workbook had it), `datum` and `roads_datum`, `ground` (heights that
            a model gave, by id); empty ones are left out.
    """
    body: dict[str, Any] = {"sheets": dict(sheets), "ids": dict(ids), "written": written}
    body |= {key: value for key, value in besides.items() if value}
    return HEAD + yaml.dump(body, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=200)


class Merged(NamedTuple):
    """A table after another import, and what is to be said of it."""

    rows: list[dict[str, str]]
    kept: int = 0
    """Cells and rows that are as people changed them."""
    stay: tuple[str, ...] = ()
    """Names of rows that the files had before, have no longer, and that stay since somebody changed them."""
    gone: tuple[str, ...] = ()
    """Names of rows that the files had before, have no longer, and that nobody changed: they are left out."""
    against: tuple[Words, ...] = ()
    """Cells that people changed and the files too: the row, the column and both."""


def merged(
    table: str, new: Sequence[dict[str, str]], before: Sequence[dict[str, str]], now: Sequence[dict[str, str]]
) -> Merged:
    """A table after another import: new cells where nobody has touched them, and everything that was changed by hand.

    Args:
        table: its name.
        new: rows as the files say now.
        before: rows as the last import wrote them.
        now: rows that stand in the folder.
    """
    old, standing, newer, kept = _by_key(table, before), _by_key(table, now), _by_key(table, new), 0
    rows, stay, gone, against = [], [], [], []
    for key, row in newer.items():
        if key not in standing:
            if key in old:
                kept += 1  # taken out by hand
            else:
                rows.append(row)
            continue
        last, by_hand = old.get(key, {}), standing[key]
        changed = {of: by_hand.get(of, "") for of in {**last, **by_hand} if by_hand.get(of, "") != last.get(of, "")}
        against += [_both(_called(row, key), of, cell, row.get(of, "")) for of, cell in changed.items()
                    if row.get(of, "") not in (cell, last.get(of, ""))]  # fmt: skip
        rows.append({of: cell for of, cell in {**row, **changed}.items() if cell})
        kept += len(changed)
    for key, row in standing.items():
        if key in newer:
            continue
        if row != old.get(key):
            rows.append(row)
            kept += 1
            if key in old:
                stay.append(_called(row, key))
        elif "id" in row:
            gone.append(_called(row, key))
    return Merged(rows, kept, tuple(stay), tuple(gone), tuple(against))


def _both(name: str, column: str, by_hand: str, in_files: str) -> Words:
    return bilingual("{name} {column}: {own}, in the files {file}", name=name, column=column, own=by_hand or "-",
                     file=in_files or "-")  # fmt: skip


def _called(row: Mapping[str, str], key: Sequence[str]) -> str:
    """A row by its name and township, or by what tells it from the others of its table."""
    return with_township(row) or " ".join(key[:-1])


def ids_of_renamed(rows: Mapping[str, Sequence[dict[str, str]]], before: Tables) -> dict[str, str]:
    """New id -> the one that it had, of places that another name is given at the very spot of one that is gone.

    Args:
        rows: of each table of places, as the files say now.
        before: rows as the last import wrote them.
    """
    renamed = {}
    for table, of_table in rows.items():
        old, now = before.get(table, ()), {row.get("id", "") for row in of_table}
        known, gone = {row.get("id", "") for row in old}, [row for row in old if row.get("id", "") not in now]
        for row in (row for row in of_table if row.get("lon") and row.get("id", "") not in known):
            there = [other for other in gone if _spot(other) == _spot(row)]
            new = [other for other in of_table if _spot(other) == _spot(row)]
            if len(there) == len(new) == 1:
                renamed[row["id"]] = there[0]["id"]
    return renamed


def _spot(row: Mapping[str, str]) -> tuple[str, str]:
    return row.get("lon", ""), row.get("lat", "")


def _by_key(table: str, rows: Sequence[dict[str, str]]) -> dict[tuple[str, ...], dict[str, str]]:
    own = keys(TABLES[table])
    names = (
        ("id",) if "id" in own else tuple(name for name in ("zone", "subject", "line", "time", "point") if name in own)
    )
    keyed, often = dict[tuple[str, ...], dict[str, str]](), Counter[tuple[str, ...]]()
    for row in rows:
        key = tuple(row.get(name, "") for name in names)
        often[key] += 1
        keyed[(*key, str(often[key]))] = {column: cell for column, cell in row.items() if cell}
    return keyed
