"""How tables of the command look: the screen, an open table, verdicts, numbers, names."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.lines import breaks_of, cells, longest_part
from simrescue.wording import bilingual, bilingual_as

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from rich.console import ConsoleOptions, RenderableType, RenderResult

ELSEWHERE = 100
"""Columns of a screen that is no terminal."""
SHOWN = {
    "met": (bilingual("met"), "bold green"),
    "not met": (bilingual("not met"), "bold red"),
    "undecided": (bilingual("undecided"), "bold yellow"),
    "not measured": (bilingual("not measured"), "dim"),
}
"""Verdict -> how it is written and its colour; the words carry the meaning, the colour only helps."""

SECTIONS = {
    "obligation": bilingual_as("short", "Obligations of the plan"),
    "comparison": bilingual("Comparison lines, no obligation here"),
}
"""Kind of a clause -> title of its table, in the order shown."""

KINDS = {
    "obligation": bilingual("obligation"), "comparison": bilingual("comparison"), "reading": bilingual("reading"),
    "standard": bilingual("standard"), "result": bilingual_as("of a plan", "result"),
}  # fmt: skip
"""Kind of a clause, in its plan or as it counts for a run -> how a cell writes it."""


def screen() -> Console:
    """Standard output: as wide as the terminal or COLUMNS says, and `ELSEWHERE` where neither does."""
    is_known = sys.stdout.isatty() or os.environ.get("COLUMNS", "").isdigit()
    return Console(width=None if is_known else ELSEWHERE, highlight=False, markup=False)


def plain_table(title: str, *columns: str, right: Sequence[str] = ()) -> Table:
    """An open table whose columns in `right` hold numbers."""
    table = WholeWords(title=title, title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    return table


class WholeWords(Table):
    """A table that breaks no word as long as the screen has room for the longest word of each column."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """As of any table; where it is wider than the screen, heads give way first, and no column below its words.

        What room there is beyond that goes cell by cell to the column whose text would take most lines.
        """
        texts = [[str(cell) for cell in (column.header, *column.cells)] for column in self.columns]
        widths = [max(map(longest_part, column), default=0) for column in texts]
        wanted = [
            max([width, *(cells(line) for text in column[1:] for line in text.split("\n"))])
            for column, width in zip(texts, widths, strict=True)
        ]
        room = options.max_width - self._extra_width - 2 * (len(widths) - 1)  # a blank on each side, but the edges
        full = sum(max(cells(column[0]), width) for column, width in zip(texts, wanted, strict=True))
        if room < full:
            fixed = [column.no_wrap for column in self.columns]
            widths = [most if is_fixed else least for is_fixed, least, most in zip(fixed, widths, wanted, strict=True)]
            while sum(widths) > room and (free := [i for i, width in enumerate(widths) if width > 1 and not fixed[i]]):
                widths[max(free, key=lambda i: widths[i])] -= 1
            for _ in range(min(room, sum(wanted)) - sum(widths)):
                longest = max(range(len(widths)), key=lambda i: wanted[i] / widths[i])
                widths[longest] += 1
            for column, width in zip(self.columns, widths, strict=True):
                column.width = width
                if not column.no_wrap:
                    # Rich takes a run of Chinese for one word, and breaks it in the middle of a number.
                    column.header = _in_lines(column.header, width)
                    column._cells = [_in_lines(cell, width) for cell in column.cells]  # noqa: SLF001 - no other way in
        yield from super().__rich_console__(console, options)


def _in_lines(cell: RenderableType, width: int) -> RenderableType:
    """The text of a cell with a break wherever `lines_of` breaks it."""
    if not isinstance(cell, (str, Text)):
        return cell
    broken = []
    for paragraph in (Text(cell) if isinstance(cell, str) else cell).split("\n", allow_blank=True):
        for line in paragraph.divide(breaks_of(paragraph.plain, width)):
            line.rstrip()
            broken.append(line)
    return Text("\n").join(broken)


def with_note(text: str, note: str) -> Text:
    """A text with a quiet note below it."""
    return Text(text).append(f"\n{note}" if note else "", style="dim")


def verdict_text(verdict: str) -> Text:
    """A verdict and its colour."""
    words, style = SHOWN[verdict]
    return Text(pick(words), style=style)


def percent(share: float) -> str:
    """A share as per cent; empty where there is none."""
    return "" if np.isnan(share) else figure_text(f"{share * 100:.0f} %")


def figure(number: float) -> str:
    """A number in three digits or without decimals; infinite: never."""
    if np.isnan(number):
        return "-"
    if np.isinf(number):
        return on_screen("never")
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def name_of(row: dict[Any, Any]) -> str:
    """The name of a thing, or its id."""
    return pick((row["name"], row["name_zh"])) or str(row["id"])


def is_measured(verdicts: pd.DataFrame) -> pd.Series[bool]:
    """Which clauses were measured, one flag a row."""
    return verdicts["verdict"] != "not measured"
