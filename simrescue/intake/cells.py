"""What people write into cells, as the tables of a scenario take it."""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache

from simrescue.intake.columns import Column, packaged_rows, plain
from simrescue.places import NEEDS
from simrescue.units import AS_WRITTEN, read_number

YES_OR_NO = frozenset({"ordered", "bridge", "assumed", "boarding"})
"""Columns in which "nothing" is an answer and not a gap."""
NAMES = frozenset({"name", "name_zh", "county", "township", "zone", "base", "shelter", "upper", "from", "to", "id"})


@cache
def office_words(of: str) -> tuple[str, ...]:
    """What offices write for a gap, a total, a remark, ...: a row of `data/office_words.csv`, the longest first."""
    words = next(row["written"] for row in packaged_rows("office_words.csv") if row["of"] == of)
    return tuple(sorted((plain(word) for word in words.split("|")), key=len, reverse=True))


def _any_of(of: str) -> str:
    """A pattern of the words of one kind."""
    return f"(?:{'|'.join(re.escape(word) for word in office_words(of))})"


@cache
def total_row() -> re.Pattern[str]:
    """The first text of a row of totals."""
    return re.compile(f"{_any_of('total')}[:]?.*")


@cache
def remark_row() -> re.Pattern[str]:
    """The only text of a row that is a remark."""
    return re.compile(rf"{_any_of('remark')}[:\d].*")


@cache
def _about() -> re.Pattern[str]:
    return re.compile(f"^{_any_of('about')}|{_any_of('about')}$")


@cache
def _counter() -> re.Pattern[str]:
    return re.compile(f"{_any_of('counter')}$")


@cache
def _degrees() -> re.Pattern[str]:
    number = r"(\d+(?:\.\d+)?)"
    return re.compile(rf"\D*(\d+){_any_of('degree')}{number}{_any_of('minute')}(?:{number}{_any_of('second')})?[enws]?")


def counted(text: str) -> float:
    """The number of a cell in which a word for "about" or a counting word may stand; nan where there is none.

    Args:
        text: as it is written.
    """
    return read_number(_counter().sub("", _about().sub("", plain(text))))


def is_stock(table: str, key: str) -> bool:
    """Whether a column holds goods, of which several may stand for one need."""
    return table == "depots" and key in NEEDS


@cache
def _answers() -> dict[str, str]:
    """How people write yes and no -> yes or no."""
    return {plain(word): answer for answer, words in AS_WRITTEN["answer"].items() for word in words}


@cache
def _words() -> dict[tuple[str, str, str], str]:
    """Table, key and word of a county -> the word of the scenario."""
    return {
        (row["table"], row["key"], plain(word)): row["value"]
        for row in packaged_rows("cell_words.csv")
        for word in row["written"].split("|")
    }


def value_of(table: str, column: Column, text: str) -> str:
    """A cell as the scenario takes it: gaps blank, numbers plain, quantities with their unit, words of the scenario.

    Args:
        table: in which it will stand.
        column: what its column holds.
        text: as it is written.
    """
    bare = plain(text)
    if bare in office_words("gap") or (bare in office_words("nothing") and column.key not in YES_OR_NO):
        return ""
    if (table, column.key, bare) in _words():
        return _words()[table, column.key, bare]
    if column.key in YES_OR_NO and bare in _answers():
        return _answers()[bare]
    if column.key in NAMES and not is_stock(table, column.key):
        return " ".join(unicodedata.normalize("NFKC", text).split())
    if degrees := _degrees().fullmatch(bare) if column.key in ("lon", "lat") else None:
        whole, minutes, seconds = degrees.groups()
        return f"{float(whole) + float(minutes) / 60 + float(seconds or 0) / 3600:.6f}"
    number = counted(bare)
    if not math.isfinite(number):
        return unicodedata.normalize("NFKC", text).strip()
    written = f"{number * column.factor:.12g}"
    return f"{written} {column.unit}" if column.unit else written
