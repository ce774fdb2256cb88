"""Sheets that hold a file of a scenario as it is: what `simrescue export` writes and an import takes back.

Such a sheet is called as the file, `villages.csv` or `scenario.yaml`. Nothing in it is guessed: heads are the columns
of the format, cells stand as they are, and of scenario.yaml each row is a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.records import TABLES

SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def file_sheet_name(table: str) -> str:
    """What the sheet of a table is called.

    Args:
        table: name of a table of the scenario.
    """
    return f"{table}.csv"


def table_of(sheet: Sheet) -> str:
    """The table that a sheet holds as it is; empty for any other sheet."""
    table = sheet.name.removesuffix(".csv")
    return table if sheet.name.endswith(".csv") and table in TABLES else ""


def rows_as_written(sheet: Sheet) -> list[dict[str, str]]:
    """The rows of such a sheet, by its heads; blank cells are left out.

    Args:
        sheet: of a table, the heads in its first row.
    """
    heads = sheet.rows[0] if sheet.rows else ()
    rows = ({head: cell for head, cell in zip(heads, row, strict=False) if head and cell} for row in sheet.rows[1:])
    return [row for row in rows if row]


def settings_text(sheet: Sheet, name: str) -> str:
    """The text of scenario.yaml from its sheet; empty for any other sheet.

    Args:
        sheet: each row a line.
        name: of the scenario from now on, whose results would else lie among those of the one that it was made from.
    """
    if sheet.name != SCENARIO_FILE:
        return ""
    text = "".join(f"{row[0] if row else ''}\n" for row in sheet.rows).rstrip("\n") + "\n"
    return re.sub(r"(?m)^name:[ \t]*[^\s#]+", f"name: {name}", text, count=1)


def named_in(settings: str) -> set[str]:
    """All texts in scenario.yaml: whatever file it reads is named among them.

    Args:
        settings: its text; of one that is no YAML nothing is named, and its faults are for the check to tell.
    """
    try:
        return set(_texts(yaml.load(settings, Loader=SAFE)))  # noqa: S506 - safe, and in C where there is C
    except yaml.YAMLError:
        return set()


def plans_in(settings: str) -> list[str]:
    """Names of the plans that a scenario.yaml is judged by.

    Args:
        settings: its text; of one that is no YAML none.
    """
    try:
        named = yaml.load(settings, Loader=SAFE).get("plan")  # noqa: S506 - safe, and in C where there is C
    except (yaml.YAMLError, AttributeError):
        return []
    return list(map(str, named)) if isinstance(named, list) else [str(named)] if named else []


def _texts(content: Any) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for value in content.values():
            yield from _texts(value)
    elif isinstance(content, list):
        for value in content:
            yield from _texts(value)
