"""Every default number with its unit, range, source and whether the source was verified: one table.

The table is `data/parameters.csv`; a scenario can set any of these by the field that uses it.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

from pydantic import Field


class Parameter(NamedTuple):
    """One sourced default number."""

    name: str
    value: float
    low: float | None
    high: float | None
    unit: str
    used_for: str
    source: str
    verified: bool


@cache
def table() -> dict[str, Parameter]:
    """All parameters by name, read once from the package's table."""
    text = files("simrescue").joinpath("data/parameters.csv").read_text(encoding="utf-8")
    return {row["name"]: _read(row) for row in csv.DictReader(text.splitlines())}


def _read(row: dict[str, str]) -> Parameter:
    return Parameter(
        row["name"],
        float(row["value"]),
        float(row["low"]) if row["low"] else None,
        float(row["high"]) if row["high"] else None,
        row["unit"],
        row["used_for"],
        row["source"],
        row["verified"] == "yes",
    )


def value(name: str) -> float:
    """The default value of a parameter, in the unit of the table. Raises KeyError for an unknown name."""
    return table()[name].value


def default(name: str, **limits: Any) -> Any:
    """A pydantic field whose default is the named parameter."""
    return Field(default_factory=lambda: value(name), **limits)
