"""How tables of the command look: the screen, an open table, two languages in a cell, verdicts, numbers, names."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simrescue.wording import bilingual_as, side_by_side

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

SHOWN = {
    "met": (side_by_side("met"), "bold green"),
    "not met": (side_by_side("not met"), "bold red"),
    "undecided": (side_by_side("undecided"), "bold yellow"),
    "not measured": (side_by_side("not measured"), "dim"),
}
"""Verdict -> how it is written and its colour; the words carry the meaning, the colour only helps."""

SECTIONS = {
    "obligation": " ".join(bilingual_as("short", "Obligations of the plan")),
    "comparison": side_by_side("Comparison lines, no obligation here"),
}
"""Kind of a clause -> title of its table, in the order shown."""


def screen() -> Console:
    """Standard output; wide enough for a table where it is no terminal."""
    return Console(width=None if sys.stdout.isatty() else 150, highlight=False, markup=False)


def plain_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An open table whose columns in `right` hold numbers."""
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


def both(text: str, text_zh: str) -> Text:
    """A text with its Chinese below it."""
    return Text(text).append(f"\n{text_zh}" if text_zh else "", style="dim")


def verdict_text(verdict: str) -> Text:
    """A verdict in both languages and its colour."""
    words, style = SHOWN[verdict]
    return Text(words, style=style)


def percent(share: float) -> str:
    """A share as per cent; empty where there is none."""
    return "" if np.isnan(share) else f"{share * 100:.0f} %"


def figure(number: float) -> str:
    """A number in three digits or without decimals; infinite: never."""
    if np.isnan(number):
        return "-"
    if np.isinf(number):
        return "never"
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def name_of(row: dict[Any, Any]) -> str:
    """The names of a thing in both languages, or its id."""
    return " ".join(part for part in (row["name"], row["name_zh"]) if part) or str(row["id"])


def is_measured(verdicts: pd.DataFrame) -> pd.Series[bool]:
    """Which clauses were measured, one flag a row."""
    return verdicts["verdict"] != "not measured"
