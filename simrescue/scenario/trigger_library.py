"""Published start conditions of response levels, table by table, for a county to copy and edit; never a default.

`data/start_conditions.csv` holds those of some 265 that were read whose kind the program has: readings, colours of
warnings, losses, hours without control, counts of fires. Left out are fallen houses, shares of crops, dams, provinces
and the like, which nothing here knows. Thresholds of neighbouring counties differ a hundredfold.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from simrescue.errors import Fault, ScenarioError, nearest
from simrescue.scenario.response_records import OF_KINDS, Trigger
from simrescue.wording import Words, bilingual

COLUMNS = ("id", "name", "name_zh", "level", "kind", "of", "at_least", "below", "together", "source")
"""Columns of a triggers.csv that is copied."""
SEEN: dict[str, Words] = {
    "read": bilingual("read"),
    "excerpt": bilingual("seen in an excerpt"),
    "memory": bilingual("from memory, not checked"),
}
"""How a condition was seen."""


class StartTable(NamedTuple):
    """The start conditions of one plan."""

    id: str
    title: Words
    triggers: tuple[Trigger, ...]
    seen: tuple[str, ...]
    """How each was seen, as in `SEEN`."""

    @property
    def gauges(self) -> tuple[str, ...]:
        """What readings.csv must hold under these names, or `of` be made a zone of levels.csv."""
        outside = ("reading", "warning", "order")
        named = (row.of for row in self.triggers if row.kind in outside and row.of not in OF_KINDS[row.kind])
        return tuple(dict.fromkeys(named))


@cache
def start_tables() -> Mapping[str, StartTable]:
    """All tables by id, read once from the package."""
    rows = _rows("start_conditions")
    tables = {}
    for table in _rows("start_condition_tables"):
        own = [row for row in rows if row["table"] == table["table"]]
        triggers = tuple(_trigger(row, table["name"]) for row in own)
        seen = tuple(row["seen"] for row in own)
        tables[table["table"]] = StartTable(table["table"], Words(table["name"], table["name_zh"]), triggers, seen)
    return tables


def _rows(name: str) -> list[dict[str, str]]:
    text = files("simrescue").joinpath(f"data/{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _trigger(row: dict[str, str], plan: str) -> Trigger:
    given = {name: row[name] for name in COLUMNS if row.get(name)}
    return Trigger.model_validate({**given, "id": row["id"].lower(), "source": f"{plan}, condition {row['id']}"})


def start_table(name: str) -> StartTable:
    """One table by its id. Raises ScenarioError, with the nearest name, for an unknown one."""
    known = start_tables()
    if name not in known:
        expected = bilingual("a table of start conditions; `simrescue triggers` lists them")
        raise ScenarioError([Fault("TABLE", "", "", name, expected, nearest(name, known))])
    return known[name]


def copy_table(name: str, file: str | Path) -> StartTable:
    """Write one table as a triggers.csv for a county to edit.

    Args:
        name: id of the table.
        file: where to; its folder has to be there, and it must not.

    Raises:
        ScenarioError: an unknown table, no such folder, or a file that is there already.
    """
    table, path = start_table(name), Path(file)
    if path.exists() or not path.parent.is_dir():
        expected = bilingual("a new file in a folder that is there")
        raise ScenarioError([Fault("--out", "", "", str(file), expected)])
    with path.open("x", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in table.triggers:
            values = (getattr(row, column) for column in COLUMNS)
            writer.writerow(["" if value is None else str(value) for value in values])
    return table
