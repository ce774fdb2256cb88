"""What people write into cells, as the tables of a scenario take it."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from functools import cache

from simrescue.intake.columns import (
    LONLAT,
    OF_PEOPLE,
    PERCENT,
    Column,
    before_brackets,
    multiple_apart,
    names_of_key,
    office_words,
    packaged_rows,
    plain,
    stock_items,
    stock_named,
    unit_of_head,
    units_of_goods,
    units_of_heads,
    words_in_order,
)
from simrescue.places import NEEDS
from simrescue.units import AS_WRITTEN, read_number

YES_OR_NO = frozenset({"ordered", "bridge", "assumed", "boarding", "one_way"})
"""Columns in which "nothing" is an answer and not a gap."""
MOMENTS = frozenset({"time", "closed", "reopened", "available", "opening", "lon", "lat", "shift"})
"""Columns in which a hyphen makes no range."""
SERIES_MOMENTS = frozenset({"time", "closed", "reopened"})
"""Columns in which a bare number of days is what a spreadsheet makes of a moment."""
FIRST_DAY, LAST_DAY = 36526, 54789
"""Days of the years 2000 to 2049, as spreadsheets count them from the end of 1899."""
NAMES = frozenset({"name", "name_zh", "county", "township", "zone", "base", "shelter", "upper", "from", "to", "id"})


def _any_of(of: str) -> str:
    """A pattern of the words of one kind."""
    return f"(?:{'|'.join(re.escape(word) for word in office_words(of))})"


@cache
def total_row() -> re.Pattern[str]:
    """The first text of a row of totals."""
    return re.compile(f"{_any_of('total')}[:]?.*")


@cache
def part_row() -> re.Pattern[str]:
    """The first text of a row of a subtotal that names what it is of, or of a part of the rows above."""
    return re.compile(f".+{_any_of('total ending')}|{_any_of('of which')}.*")


@cache
def remark_row() -> re.Pattern[str]:
    """A text of a row that holds only remarks."""
    return re.compile(rf"{_any_of('remark')}\w{{0,3}}[:\d].*")


@cache
def _about() -> re.Pattern[str]:
    return re.compile(f"^{_any_of('about')}|{_any_of('about')}$")


@cache
def _counter() -> re.Pattern[str]:
    return re.compile(f"{_any_of('counter')}$")


@cache
def _degrees() -> re.Pattern[str]:
    """Degrees, with minutes and seconds or without, between the words for east and north."""
    number, marks = r"\d+(?:\.\d+)?", {of: _any_of(of) for of in ("degree", "minute", "second")}
    return re.compile(
        rf"[^\d.-]*(?P<whole>-?{number}){marks['degree']}"
        rf"(?:(?P<minutes>{number}){marks['minute']}(?:(?P<seconds>{number}){marks['second']}?)?)?[^\d]*"
        r"|[^\d.-]*(?P<d>\d{1,3})[.-](?P<m>\d{1,2})[.-](?P<s>\d{1,2}(?:\.\d+)?)[^\d]*"
        rf"|[^\d.-]+(?P<plain>{number})|(?P<before>{number})[ewns]"
    )


def degrees(text: str) -> float:
    """Longitude or latitude as people write it: degrees, or with minutes and seconds; nan where it is none.

    >>> degrees("E 115.52.30")
    115.875
    """
    bare = plain(text)
    if math.isfinite(number := read_number(bare)):
        return number
    written = _degrees().fullmatch(bare)
    if not written:
        return math.nan
    parts = written.groupdict()
    whole = parts["whole"] or parts["d"] or parts["plain"] or parts["before"]
    minutes, seconds = parts["minutes"] or parts["m"] or 0, parts["seconds"] or parts["s"] or 0
    return float(whole) + float(minutes) / 60 + float(seconds) / 3600


def spot(text: str) -> tuple[float, float] | None:
    """Longitude and latitude out of one cell, whichever stands first; None where it is no spot.

    Args:
        text: two numbers with anything but digits between them.
    """
    halves = [half for half in re.split(r"[,;/\s\u3001]+", unicodedata.normalize("NFKC", text).strip(" ()[]")) if half]
    if len(halves) != 2:
        return None
    first, second = map(degrees, halves)
    if abs(first) <= MOST_LAT < abs(second):
        first, second = second, first
    return (first, second) if math.isfinite(first + second) else None


MOST_LAT = 60.0
"""Degrees that are no latitude of the country, but a longitude: the two are told apart by it."""


@cache
def _chinese() -> dict[str, int]:
    """Digit or power -> its number."""
    digits = {word: value for value, word in enumerate(words_in_order("digit"))}
    pair, nothing = words_in_order("pair")
    return digits | {pair: 2, nothing: 0}


def chinese_number(text: str) -> float:
    """A whole number in Chinese words below ten thousand; nan where it is none.

    Args:
        text: such as the words for "two thousand" or "three hundred and twenty".
    """
    powers = {word: 10 ** (place + 1) for place, word in enumerate(words_in_order("power"))}
    total, digit, last = 0, -1, 10_000
    for letter in text:
        if letter in powers and powers[letter] < last:
            last = powers[letter]
            total, digit = total + (1 if digit < 0 else digit) * last, -1
        elif letter in _chinese() and digit <= 0:
            digit = _chinese()[letter]
        else:
            return math.nan
    return float(total + max(digit, 0)) if text else math.nan


def counted(text: str) -> float:
    """The number of a cell beside a word for "about", a counting word and a remark in brackets; nan: there is none.

    Args:
        text: as it is written.
    """
    bare = re.sub(r"(?<=[^(])\(.*?\)$", "", plain(text))
    shorter = _about().sub("", _counter().sub("", bare))
    while shorter != bare:
        bare, shorter = shorter, _about().sub("", _counter().sub("", shorter))
    number = read_number(bare)
    return number if math.isfinite(number) else chinese_number(bare)


@cache
def _range() -> re.Pattern[str]:
    number = r"(\d+(?:\.\d+)?)"
    return re.compile(rf"{number}{_any_of('counter')}?{_any_of('range')}{number}")


def middle_of_range(text: str) -> float:
    """The middle of a range of numbers; nan where the text is none.

    Args:
        text: as it is written, beside the words that `counted` takes too.
    """
    bare = re.sub(r"(?<=[^(])\(.*?\)$", "", plain(text))
    ends = _range().fullmatch(_about().sub("", _counter().sub("", bare)))
    low, high = (float(ends[1]), float(ends[2])) if ends else (math.nan, math.nan)
    return (low + high) / 2 if low < high else math.nan


def spreadsheet_moment(text: str) -> str:
    """A bare number of days since the end of 1899 as the moment that it is, to the minute; empty: it is none.

    Args:
        text: as it is written.
    """
    days = read_number(text)
    if not FIRST_DAY <= days < LAST_DAY:
        return ""
    return f"{datetime(1899, 12, 30, tzinfo=UTC) + timedelta(minutes=round(days * 1440)):%Y-%m-%d %H:%M}"


_DIGITS = re.compile(r"(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])([01]\d|2[0-3])(?::?([0-5]\d)(?::?[0-5]\d)?)?")


def moment_of_digits(text: str) -> str:
    """A moment in digits without marks between them, as systems write it; empty: it is none.

    >>> moment_of_digits("2024070108")
    '2024-07-01 08:00'
    """
    found = _DIGITS.fullmatch(plain(text))
    return f"{found[1]}-{found[2]}-{found[3]} {found[4]}:{found[5] or '00'}" if found else ""


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


def _word_of(table: str, key: str, bare: str) -> str:
    """The word of the scenario for one of a county; of a road's number, by which the class is told, any will do."""
    known = _words()
    return known.get((table, key, bare)) or known.get((table, key, re.sub(r"\d", "0", bare)), "")


def _answer_of(bare: str) -> str:
    """Yes or no of a word or of so many bridges; empty: neither."""
    if bare in _answers():
        return _answers()[bare]
    number = counted(bare)
    return ("yes" if number else "no") if math.isfinite(number) else ""


def value_of(table: str, column: Column, text: str) -> str:
    """A cell as the scenario takes it: gaps blank, numbers plain, quantities with their unit, words of the scenario.

    Args:
        table: in which it will stand.
        column: what its column holds.
        text: as it is written.
    """
    bare = plain(text)
    if _is_gap(column, bare):
        return ""
    if word := _word_of(table, column.key, bare):
        return word
    if column.key in YES_OR_NO and (answer := _answer_of(bare)):
        return answer
    if column.key in NAMES and not is_stock(table, column.key):
        return " ".join(unicodedata.normalize("NFKC", text).split())
    if column.key in (LONLAT, "lon", "lat"):
        is_degrees = column.key != LONLAT and math.isfinite(degrees(text)) and not math.isfinite(read_number(bare))
        return f"{degrees(text):.6f}" if is_degrees else text if column.key == LONLAT else bare
    number = _number_of(table, column, bare)
    if column.key in SERIES_MOMENTS and (moment := spreadsheet_moment(bare) or moment_of_digits(bare)):
        return moment
    if not math.isfinite(number):
        return _value_behind_words(table, column, text)
    if column.unit == PERCENT and number <= 1:
        return f"{number:.12g}"  # a spreadsheet keeps 20 % as 0.2
    written = f"{number * _factor(table, column, bare):.12g}"
    return f"{written} {column.unit}" if column.unit else written


def _is_gap(column: Column, bare: str) -> bool:
    """Whether a cell to compare says nothing; that a place lies in a zone, and not in which, is nothing too."""
    return (
        bare in office_words("gap")
        or (bare in office_words("nothing") and column.key not in YES_OR_NO)
        or (column.key == "zone" and bare in _answers())
    )


def _value_behind_words(table: str, column: Column, text: str) -> str:
    """What a cell says that is no plain number: goods by a unit of its own, an amount behind its name, or words."""
    bare = plain(text)
    if _of_other_unit(table, column, bare) and math.isfinite(persons := _in_its_own_unit(column, bare)):
        return f"{persons:.12g}"
    inner = _behind_its_name(column, bare) if column.unit and column.key not in MOMENTS else ""
    return value_of(table, column, inner) if inner else unicodedata.normalize("NFKC", text).strip()


def _factor(table: str, column: Column, bare: str) -> float:
    """What the number of a cell is multiplied by: the multiple of its head is for bare numbers alone."""
    if not is_stock(table, column.key):
        return 1.0 if _says_its_unit(bare) else column.factor
    is_bare = not (_says_its_unit(bare) or _unit_behind(bare))
    return column.factor if is_bare else column.factor / multiple_apart(unit_of_head(column.head))[0]


def _says_its_unit(bare: str) -> bool:
    """Whether a number of people has a multiple or the word for them behind it: that counts before the head's."""
    words = [word for of in ("multiple", "people") for words in AS_WRITTEN[of].values() for word in words]
    return bare.endswith(tuple(words))


def _symbols(key: str) -> tuple[str, ...]:
    """Letters that offices put before an amount: of heights and levels."""
    return office_words("symbol of height") if key in ("elevation", "level") else ()


def _behind_its_name(column: Column, bare: str) -> str:
    """The amount of a cell that names it once more before it or says that it is about so much; empty: it is none.

    Args:
        column: what its column holds.
        bare: the cell to compare, such as "altitude: about 486 m".
    """
    names = "|".join(map(re.escape, [*names_of_key(column.key), *_symbols(column.key)]))
    units = "|".join(map(re.escape, units_of_heads()))
    about = _any_of("about")
    shorter = re.sub(rf"(?<=[^(])\(.*?\)$|^(?:{names})?(?:[=:]|{_any_of('is')})?{about}?(?=-?\d)|{about}$", "", bare)
    return shorter if shorter != bare and re.fullmatch(rf"-?\d+(?:\.\d+)?(?:{units})?", shorter) else ""


def _number_of(table: str, column: Column, bare: str) -> float:
    """The number of a cell, of a range its middle; nan: it holds none, or goods in another unit than its column."""
    is_of_houses = column.key in OF_PEOPLE and bare.endswith(AS_WRITTEN["houses"]["1"])
    if is_of_houses or _of_other_unit(table, column, bare):
        return math.nan
    number = counted(bare.removesuffix(_unit_behind(bare)) if is_stock(table, column.key) else bare)
    return number if math.isfinite(number) or column.key in MOMENTS else middle_of_range(bare)


def _of_other_unit(table: str, column: Column, bare: str) -> bool:
    """Whether a number of goods has another unit behind it than the one by which its column is counted."""
    unit = _unit_behind(bare) if is_stock(table, column.key) else ""
    return bool(unit) and unit not in plain(column.basis) and unit != multiple_apart(unit_of_head(column.head))[1]


_BEHIND = re.compile(r".*\d([^\d.,)]+)")
"""A number with a word behind it."""


def _unit_behind(bare: str) -> str:
    """The unit of goods behind a number, without the multiple before it; empty: none stands there."""
    behind = _BEHIND.fullmatch(bare)
    unit = multiple_apart(behind[1])[1] if behind else ""
    return unit if unit in units_of_goods() else ""


def _in_its_own_unit(column: Column, bare: str) -> float:
    """Persons (or person-days) of goods whose cell counts them by a unit of its own; nan: it is not known for them.

    Args:
        column: of an article.
        bare: the cell to compare, such as "500 bottles" below a head that counts cases.
    """
    units = stock_items().get(stock_named(plain(before_brackets(column.head)).split("/")[0]), {})
    unit = _unit_behind(bare)
    need, persons = units.get(unit, ("", math.nan))
    alone = bare.removesuffix(unit)
    number = counted(alone) if math.isfinite(counted(alone)) else middle_of_range(alone)
    return number * persons if need == column.key else math.nan
