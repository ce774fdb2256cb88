"""A plan from a workbook: one sheet of the plan, one of its documents, one of its clauses, as `plans new` writes them.

Heads and words of cells are read in both languages, from `data/plan_sheet.csv` and `data/plan_words.csv`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple
from unicodedata import normalize

import yaml

from simrescue.errors import Fault, PlanError, nearest
from simrescue.intake.mapping import DUMPER
from simrescue.intake.plan_book.plan_cells import (
    SETTINGS,
    YEARS,
    comparison_in,
    in_plan_words,
    known_heads,
    plain_text,
    required_value,
    sheet_columns,
    year_in,
)
from simrescue.intake.plan_book.plan_sheet_faults import in_words_of_cells, setting_within
from simrescue.intake.spreadsheets.sheet import Sheet, refused
from simrescue.intake.spreadsheets.sheets import WORKBOOKS, read_sheets
from simrescue.metrics import MEASURES
from simrescue.plans import Plan
from simrescue.scenario.files.faults import Place, Spot, keys
from simrescue.scenario.plans.plans_file import plan_from
from simrescue.wording import Words, bilingual

SHEETS = ("plan", "documents", "clauses")
"""Sheets that make a workbook one of a plan."""
EXAMPLE = "who: ordered; tasks: rescue, relief"
"""Of a cell of other settings."""
STAMP = "# simrescue plans read writes this file anew from {sheet} as long as nobody changes it by hand: {sum}\n"
"""First line of a plan file that stands for a sheet; the sum is of the rest."""
_STAMP = re.compile(re.escape(STAMP).replace(r"\{sheet\}", ".+").replace(r"\{sum\}", "([0-9a-f]{16})"))


def read_plan_sheets(path: Path) -> tuple[Plan, str]:
    """The plan that a workbook holds, and the text of its plan file.

    Args:
        path: of a workbook with the sheets that `plans new` writes.

    Raises:
        ScenarioError: it is no workbook that can be read.
        PlanError: with all faults at once, by sheet, row and column.
    """
    return _plan_of(path, _sheets(path))


def _sheets(path: Path) -> list[Sheet]:
    if path.suffix.lower() not in WORKBOOKS:
        raise refused(path.name, bilingual("a workbook: {known}", known=", ".join(WORKBOOKS)))
    return read_sheets(path)


def holds_plan(sheets: Sequence[Sheet]) -> bool:
    """Whether a workbook is one of a plan, as `plans new` writes them.

    Args:
        sheets: all that it holds.
    """
    return {*SHEETS} <= {_sheet_name(sheet) for sheet in sheets}


def _plan_of(path: Path, all_sheets: Sequence[Sheet]) -> tuple[Plan, str]:
    sheets = {name: sheet for sheet in all_sheets if (name := _sheet_name(sheet))}
    missing = [name for name in SHEETS if name not in sheets]
    if missing:
        names = ["/".join(sheet_columns(name)[0].head) for name in missing]
        raise PlanError([Fault(path.name, "", "", None, bilingual("the sheets {names}", names=", ".join(names)))])
    read = _Read(path.name)
    data = {**read.head(sheets["plan"]), "documents": read.documents(sheets["documents"])}
    data["clauses"] = read.clauses(sheets["clauses"])
    if not data.get("name"):
        data["name"] = path.stem
    try:
        plan = plan_from(data, read.locate, str(data["name"]))
    except PlanError as error:
        raise PlanError([*read.faults, *map(in_words_of_cells, error.faults)]) from None
    if read.faults:
        raise PlanError(read.faults)
    return plan, yaml.dump(data, Dumper=DUMPER, allow_unicode=True, sort_keys=False, width=120)


def _sheet_name(sheet: Sheet) -> str:
    titles = {plain_text(title): name for name in SHEETS for title in sheet_columns(name)[0].head}
    return titles.get(plain_text(sheet.name), "")


class _Read:
    """The sheets of one workbook as the data of a plan file, with the place of everything in it."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.spots: dict[Place, Spot] = {}

    def locate(self, place: Place) -> Spot:
        """Where a value stands: its cell, or that of what holds it."""
        while place and place not in self.spots:
            place = place[:-1]
        return self.spots.get(place, Spot(self.file, "", ""))

    def head(self, sheet: Sheet) -> dict[str, Any]:
        """The sheet of the plan: a key and a value a row."""
        known, data = known_heads("plan"), dict[str, Any]()
        for number, row in enumerate(sheet.rows, 1):
            label, value = [*row, "", ""][:2]
            spot = Spot(sheet.title, f"row {number}", label)
            if key := known.get(plain_text(label)):
                self.spots[key,] = spot
                if value:
                    data[key] = (
                        re.split(r"[;,\s\N{IDEOGRAPHIC COMMA}]+", normalize("NFKC", value))
                        if key == "compare_with"
                        else value
                    )
            elif label:
                self._unknown(spot, label, known)
        return _both_languages(data, "title", "jurisdiction")

    def documents(self, sheet: Sheet) -> dict[str, Any]:
        """The sheet of documents, a row each."""
        found: dict[str, Any] = {}
        for row in self._rows(sheet, "documents"):
            data = dict(row.cells)
            key = data.pop("key", "")
            if not key:
                self._expected(row, "key", None, bilingual("a value: it is required"))
            if key in found:
                self._expected(row, "key", key, bilingual("each document's key once"))
            found[key] = _both_languages(data, "title")
            self._place(row, ("documents", key), data)
        return found

    def clauses(self, sheet: Sheet) -> list[dict[str, Any]]:
        """The sheet of clauses, a row each."""
        found: list[dict[str, Any]] = []
        for row in self._rows(sheet, "clauses"):
            data: dict[str, Any] = {key: in_plan_words(key, text) for key, text in row.cells.items()}
            settings = {key: data.pop(key) for key in SETTINGS if key in data}
            settings |= self._settings(row, data.pop("settings", ""), str(data.get("measure", "")))
            data |= {key: year_in(data[key]) for key in YEARS if key in data}
            if "threshold" in data:
                compared, value = comparison_in(row.cells["threshold"])
                data["threshold"] = required_value(in_plan_words("threshold", value), data.get("measure", ""))
                if compared and data.setdefault("comparison", compared) != compared:
                    said_so = bilingual("the comparison of its own column, or none")
                    self._expected(row, "threshold", row.cells["threshold"], said_so)
            self._place(row, ("clauses", len(found)), data)
            for key in settings:
                spot = row.spot(key if key in row.cells else "settings")
                named = spot if key in row.cells else spot._replace(field=setting_within(spot.field, key))
                self.spots["clauses", len(found), "settings", key] = named
            self.spots["clauses", len(found), "settings"] = row.spot("settings")
            data = _both_languages(data, "name", "chosen", "not_measured")
            found.append(data | ({"settings": settings} if settings else {}))
        return found

    def _settings(self, row: _Row, text: str, measure: str) -> dict[str, Any]:
        """Settings without a column of their own: "who: ordered; tasks: rescue, relief"."""
        settings: dict[str, Any] = {}
        record = MEASURES[measure].settings if measure in MEASURES else None
        for part in filter(None, map(str.strip, re.split(r"[;\n]", normalize("NFKC", text)))):
            key, mark, value = part.partition(":")
            if not mark:
                self._expected(row, "settings", part, bilingual("settings such as {example}", example=EXAMPLE))
                continue
            key = in_plan_words("settings", key.strip())
            field = keys(record).get(key, "") if record else ""
            values = [in_plan_words(key, word.strip()) for word in re.split("[,\N{IDEOGRAPHIC COMMA}]", value)]
            is_list = len(values) > 1 or (record and field and isinstance(record.model_fields[field].default, tuple))
            settings[key] = values if is_list else values[0]
        return settings

    def _rows(self, sheet: Sheet, name: str) -> Iterator[_Row]:
        """The rows of a sheet below its heads; a head that is not known is a fault."""
        known = known_heads(name)
        number = next(
            (i for i, row in enumerate(sheet.rows) if sum(plain_text(cell) in known for cell in row) > 1), None
        )
        if number is None:
            wanted = ", ".join("/".join(column.head) for column in sheet_columns(name)[1:])
            self.faults.append(
                Fault(sheet.title, "", "", None, bilingual("a row with the heads {heads}", heads=wanted))
            )
            return
        heads = {at: known.get(plain_text(cell), "") for at, cell in enumerate(sheet.rows[number]) if cell}
        for at, key in heads.items():
            if not key:
                head = sheet.rows[number][at]
                self._unknown(Spot(sheet.title, f"row {number + 1}", head), head, known)
        for below, cells in enumerate(sheet.rows[number + 1 :], number + 2):
            filled = {key: cells[at] for at, key in heads.items() if key and at < len(cells) and cells[at]}
            if filled:
                yield _Row(sheet.title, below, filled, {key: sheet.rows[number][at] for at, key in heads.items()})

    def _place(self, row: _Row, place: Place, data: Mapping[str, Any]) -> None:
        self.spots[place] = row.spot("")
        for key in {*data, *row.heads}:
            self.spots[*place, key] = row.spot(key)

    def _unknown(self, spot: Spot, head: str, known: Mapping[str, str]) -> None:
        expected = bilingual("a known head: {known}", known=", ".join(known))
        self.faults.append(Fault(*spot, head, expected, nearest(head, known)))

    def _expected(self, row: _Row, key: str, value: str | None, expected: Words) -> None:
        self.faults.append(Fault(*row.spot(key), value, expected))


class _Row(NamedTuple):
    """One row of a sheet."""

    title: str
    number: int
    cells: dict[str, str]
    """Key -> text, where there is any."""
    heads: dict[str, str]
    """Key -> head of its column, as the sheet has it."""

    def spot(self, key: str) -> Spot:
        """Where the cell of a key stands; empty: the row."""
        return Spot(self.title, f"row {self.number}", self.heads.get(key, key))


def _both_languages(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """What is given in one language stands in both."""
    for name in names:
        one, other = data.get(name), data.get(f"{name}_zh")
        if one or other:
            data |= {name: one or other, f"{name}_zh": other or one}
    return data


def stamped(text: str, sheet: str) -> str:
    """The text of a plan file below the line that tells of its sheet and whether it was changed since.

    Args:
        text: of the file.
        sheet: name of the workbook.
    """
    return STAMP.format(sheet=sheet, sum=_sum(text)) + text


def is_as_written(text: str) -> bool:
    """Whether a plan file is as `stamped` made it."""
    first, _, rest = text.partition("\n")
    stamp = _STAMP.fullmatch(f"{first}\n")
    return stamp is not None and stamp[1] == _sum(rest)


def _sum(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


class PlanFromSheets(NamedTuple):
    """A plan as its workbook has it, and the plan file that stands for the workbook."""

    plan: Plan
    sheet: str
    """Name of the workbook."""
    file: Path
    text: str


def plan_from_sheets(path: Path, sheets: Sequence[Sheet], folder: Path) -> PlanFromSheets:
    """The plan that a workbook holds, and what its plan file will say; nothing is written.

    Args:
        path: of the workbook.
        sheets: all that it holds.
        folder: where the plan file belongs.

    Raises:
        PlanError: the workbook has faults, or the plan file was changed by hand.
    """
    plan, text = _plan_of(path, sheets)
    target = folder / f"{plan.name}.yaml"
    if target.exists() and not is_as_written(target.read_text(encoding="utf-8", errors="replace")):
        expected = bilingual(
            "a plan file that nobody changed by hand: put its changes into {sheet}, and move it away", sheet=path.name
        )
        raise PlanError([Fault(target.name, "", "", None, expected)])
    return PlanFromSheets(plan, path.name, target, stamped(text, path.name))


def bring_in_plan(path: Path) -> Path:
    """Write the plan file that stands for a workbook beside it, and return its path.

    Args:
        path: of the workbook.

    Raises:
        ScenarioError: it is no workbook that can be read.
        PlanError: the workbook has faults, or the plan file was changed by hand; nothing is written.
    """
    made = plan_from_sheets(path, _sheets(path), path.parent)
    beside = made.file.with_name(f"{made.file.name}.tmp")
    beside.write_text(made.text, encoding="utf-8", newline="\n")
    beside.replace(made.file)
    return made.file
