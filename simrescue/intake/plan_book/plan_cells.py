"""What stands in the cells of a plan sheet: heads and words in both languages, and the words of plan files for them.

They are rows of `data/plan_sheet.csv` and `data/plan_words.csv`.
"""

from __future__ import annotations

import re
from contextlib import suppress
from functools import cache
from math import isfinite
from typing import NamedTuple
from unicodedata import normalize, numeric

from simrescue.intake.cells import chinese_number, counted
from simrescue.intake.columns import office_words, packaged_rows, words_in_order
from simrescue.metrics import MEASURES
from simrescue.units import DURATION, held_in, parse

SETTINGS = ("limit", "clock", "level", "stage")
"""Settings that have a column of their own."""
SHARES = ("threshold", "reliability", "confidence")
"""Keys whose cells are shares where a sign says so."""
_LIMIT = re.compile(
    rf"(.+?)[{words_in_order('counter')[3]}]?({'|'.join(sorted(DURATION.factors, key=len, reverse=True))})"
)
_SHARE = re.compile(r"\d+(\.\d+)?%")
TIMES = ("limit", "forecast", "warning", "answered", "feedback")
"""Keys whose cells are times."""
UNITS = ("h", "ha", "yuan")
"""Units of measures that a required value may be written with."""
COUNTS = ("persons", "per million", "count")
"""Units of measures of which a required value may be written with a word for what is counted."""
YEARS = ("year", "until")
"""Keys whose cells are years."""
_NUMBER = re.compile(r"\d+(\.\d+)?")


class SheetColumn(NamedTuple):
    """One column of a sheet of a plan, or one row of its first sheet."""

    key: str
    """As in a plan file; empty: the sheet itself."""
    head: tuple[str, str]
    """In English and Chinese."""
    note: tuple[str, str]
    """What belongs there; empty where the head says it."""


@cache
def sheet_columns(sheet: str) -> tuple[SheetColumn, ...]:
    """The title of a sheet (with an empty key), then its columns in order.

    Args:
        sheet: plan, documents, clauses or measures.
    """
    rows = [row for row in packaged_rows("plan_sheet.csv") if row["sheet"] == sheet]
    return tuple(
        SheetColumn(row["key"], (row["en"], row["zh"]), (row["note_en"] or "", row["note_zh"] or "")) for row in rows
    )


@cache
def cell_words() -> dict[tuple[str, str], str]:
    """Key and word of a cell -> the word of plan files."""
    rows = packaged_rows("plan_words.csv")
    chinese = {(row["key"], plain_text(word)): row["value"] for row in rows for word in row["zh"].split("|")}
    measures = {("measure", plain_text(word)): name for name, measure in MEASURES.items() for word in measure.words}
    return chinese | measures


def in_plan_words(key: str, text: str) -> str:
    """A cell as a plan file has it, from the words of offices; what is not known stays, for the plan to refuse.

    >>> in_plan_words("limit", "within 2 h")
    '2 h'

    Args:
        key: of its column.
        text: as it is written.
    """
    bare = plain_text(text)
    before, after = ("|".join(map(re.escape, office_words(f"plan {side}"))) for side in ("before", "after"))
    # Twice, since an office writes several such words: from the report on, within ...
    inner = re.sub(f"(?:{after})$", "", re.sub(f"^(?:{before})", "", re.sub(f"(?:{after})$", "", bare)))
    for word in (bare, inner):
        if (key, word) in cell_words():
            return cell_words()[key, word]
    if key in TIMES and (limit := _LIMIT.fullmatch(inner)):
        number = counted(limit[1])
        blank = " " if limit[2].isascii() else ""
        return f"{number:g}{blank}{limit[2]}" if number > 0 else text
    return inner if key in SHARES and _SHARE.fullmatch(inner) else text


def year_in(text: str) -> int | str:
    """A year in digits, Chinese ones too; another text stays, for the plan to refuse."""
    bare = re.sub(rf"({'|'.join(map(re.escape, office_words('plan year')))})+$", "", plain_text(text))
    digits = [numeric(letter, -1) for letter in bare]
    return int("".join(f"{digit:g}" for digit in digits)) if digits and set(digits) <= set(range(10)) else text


def comparison_in(text: str) -> tuple[str, str]:
    """What a required value says of its comparison (empty: nothing), and the value: "1%\u4ee5\u5185" is 1% at most."""
    words = {word: value for (key, word), value in cell_words().items() if key == "comparison"}
    either = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    parts = re.fullmatch(rf"({either})?(.*?)({either})?", plain_text(text))
    said_there = {words[word] for word in (parts[1], parts[3]) if word} if parts else set()
    return (said_there.pop(), parts[2]) if parts and len(said_there) == 1 else ("", text)


def required_value(text: str, measure: str) -> float | str:
    """What a clause requires: a number, in the unit of its measure where it has one (6 h, 50 ha, 1 person); else text.

    Args:
        text: of the cell.
        measure: name of the measure of its row; empty or unknown: none.
    """
    bare, unit = plain_text(text), MEASURES[measure].unit if measure in MEASURES else ""
    if _NUMBER.fullmatch(bare):
        return float(bare) if "." in bare else int(bare)
    if unit in UNITS:
        with suppress(ValueError):
            return parse(held_in(unit), in_plan_words("limit", text) if unit == "h" else bare)
    number = counted(bare) if unit in COUNTS else chinese_number(bare)
    return number if isfinite(number) else text


def word_of(key: str, value: str, side: int) -> str:
    """A word of a plan file as a cell shows it: in Chinese where there is one.

    Args:
        key: of the column.
        value: the word.
        side: 0 English, 1 Chinese.
    """
    rows = packaged_rows("plan_words.csv") if side else []
    return next((row["zh"].split("|")[0] for row in rows if (row["key"], row["value"]) == (key, value)), value)


def plain_text(text: str) -> str:
    """A head or a word to compare: without width, case and blanks."""
    return re.sub(r"\s", "", normalize("NFKC", text)).casefold()


def known_heads(sheet: str) -> dict[str, str]:
    """What a head can be written as -> its key."""
    columns = sheet_columns(sheet)[1:]
    by_key = {plain_text(column.key): column.key for column in columns}
    return by_key | {plain_text(text): column.key for column in columns for text in column.head}
