"""The hour of a raster, from the name of its file or the description of its band.

A date and time is a moment: `20230731_1400`, `2023-07-31T14:00`, and as it is written in Chinese. Anything else is a
number of hours since the start: `depth_03h`, `t=3`, `h_0300` (hours and minutes), `180min`, or a bare number at the
end. A day without its year is neither.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple

from simrescue.hazards.flood.depth_rasters.raster_words import raster_words
from simrescue.units import AS_WRITTEN

When = float | datetime
"""Hours since the start, or a moment with its offset."""
_YEAR, _MONTH, _DAY, _HOUR, _MINUTE = (marks[0] for marks in AS_WRITTEN["date"].values())
_NUMBER = r"(\d+(?:\.\d+)?)"
_DAYS, _HOURS, _MINUTES, _SECONDS = (
    "(?:" + "|".join(sorted(AS_WRITTEN["duration"][hours], key=len, reverse=True)) + ")"
    for hours in ("24", "1", "1/60", "1/3600")
)
_WHOLE_DAYS = "(?:" + "|".join(word for word in AS_WRITTEN["duration"]["24"] if word != "d") + ")"
"""Words for days; the letter alone may as well be of another word, as in 2D."""
_DATE = re.compile(
    rf"(?<!\d)((?:19|20)\d\d)[-_./{_YEAR}]?(0?[1-9]|1[0-2])[-_./{_MONTH}]?(0[1-9]|[12]\d|3[01]|[1-9](?!\d)){_DAY}?"
    rf"(?:[-_ t]*([01]\d|2[0-4]|\d(?=[{_HOUR}:]))(?:[-_:h{_HOUR}]?([0-5]\d){_MINUTE}?)?(?:[-_:]?[0-5]\d)?{_HOUR}?"
    rf"(?![\d.]*{_HOURS}))?(z|utc)?(?!\d)"
)
_EDGE = r"(?![a-z\d])"
# The first that fits counts: what holds two numbers stands before what would read one of them.
_PATTERNS: tuple[tuple[re.Pattern[str], tuple[float, ...]], ...] = (
    (re.compile(rf"(?<![\d.])(\d+){_DAYS}[-_ ]?{_NUMBER}{_HOURS}{_EDGE}"), (24.0, 1.0)),
    (re.compile(rf"(?<![\d.])(\d+){_HOURS}(\d\d)(?:{_MINUTES}|m)?{_EDGE}"), (1.0, 1 / 60)),
    (re.compile(rf"(?<![\d.]){_NUMBER}[-_ ]?{_HOURS}{_EDGE}"), (1.0,)),
    (re.compile(rf"(?<![\d.]){_NUMBER}[-_ ]?{_MINUTES}{_EDGE}"), (1 / 60,)),
    (re.compile(rf"(?<![\d.]){_NUMBER}[-_ ]?{_SECONDS}{_EDGE}"), (1 / 3600,)),
    (re.compile(rf"(?<![\d.]){_NUMBER}[-_ ]?{_WHOLE_DAYS}{_EDGE}"), (24.0,)),
    (re.compile(rf"(?<![a-z]){_WHOLE_DAYS}[-_ ]?{_NUMBER}(?![\d.])"), (24.0,)),
    (re.compile(rf"(?<![a-z])(?:time|t)[-_=+ ]*{_NUMBER}m{_EDGE}"), (1 / 60,)),
    (re.compile(rf"(?<![a-z])(?:{_HOURS}|time|t)[-_=+ ]*{_NUMBER}(?![\d.])"), (1.0,)),
)
_NO_STEP = "".join(f"(?<!{word})" for word in raster_words("step"))
_OF_DEPTH = "|".join(raster_words("depth"))
_BARE = re.compile(rf"(?:^|{_NO_STEP}[-_ ]|(?<![a-z])(?:{_OF_DEPTH})){_NUMBER}$")
_NO_YEAR = re.compile(
    rf"(?<!\d)(?:1[0-2]|0?[1-9])(?:{_MONTH}|[-/.])\d{{1,2}}{_DAY}|"
    r"(?<!\d)(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[-_ t]?(?:[01]\d|2[0-4])(?:[0-5]\d)?(?!\d)"
)
"""A day without its year: no hours since anything, and no moment."""
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTHS = len(_MONTHS)
_ENGLISH = re.compile(rf"(?<!\d)(\d\d)[- ]?({'|'.join(_MONTHS)})[- ]?(\d{{4}})[-_ ]+([01]\d|2[0-4])[-_: ]?([0-5]\d)")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-_./])(\d{1,2})\2((?:19|20)\d\d)(?!\d)")
_SHORT_YEAR = re.compile(
    r"(?<!\d)([1-4]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])[-_ t]([01]\d|2[0-4])[-_:]?([0-5]\d)(?!\d)"
)
"""A year of two digits, where a time of day stands behind the day."""
AFTERNOON = (
    rf"(?:(?:{'|'.join(raster_words('afternoon'))})\s*(0?[1-9]|1[01])"
    rf"|(?:{'|'.join(raster_words('evening'))})\s*(0?[5-9]|1[01]))"
)
"""An hour to which twelve are added, in one of two groups; an evening has none before five: one at night is no
afternoon."""
_AFTERNOON = re.compile(rf"{AFTERNOON}(?={_HOUR}|[:\u70b9])")
_FORENOON = re.compile("|".join(raster_words("forenoon")))
_CLOCK = re.compile(rf"\d\s*{_HOUR}(?!\w)|\d\s*\u70b9")
"""An hour as the clock tells it, and not so many of them."""
LEAST_ON_CLOCK, HOURS_OF_DAY = 3, 24
"""Of two hours nobody can tell whether they are evenly apart."""
_QUARTERS = frozenset({0, 15, 30, 45})
_PARTED = re.compile(rf"(?<![\d.])(\d{{1,3}})([_p])(\d{{1,2}}){_HOURS}{_EDGE}")
"""Two numbers before the word for hours: a decimal that a name cannot have, as 3_5h, or the number of a run before."""
_DECIMALS = frozenset({"0", "5", "00", "25", "50", "75"})


def hours_in(texts: Sequence[str], zone: tzinfo | None) -> tuple[list[When | None], bool]:
    """The hour that each of some texts tells.

    Numbers of four digits are hours and minutes where all end in a quarter of an hour, as 0000, 0300, 1330. Of two
    numbers parted by `_` the first is that of a run where it is the same in all; else they are a decimal where the
    second are quarters and halves, and tell no hour where they are not. Times of day that go past midnight (2000, 2300,
    0200, 0500) tell none without their day.

    Args:
        texts: names without ending, or descriptions; of one set, so that they are read alike.
        zone: of moments that state none.

    Returns:
        Hours or moments, None for a text that tells none; and whether any was a bare number, taken as hours.
    """
    read = [_read(text, zone) for text in _with_points([unicodedata.normalize("NFKC", text).strip().lower()
                                                        for text in texts])]  # fmt: skip
    of_four = [hour for hour in read if len(hour.digits) == 4 and int(hour.digits) % 100 in _QUARTERS]
    if len(of_four) == len(read):
        read = [hour._replace(hours=int(hour.digits) // 100 + int(hour.digits) % 100 / 60) for hour in read]
    on_clock = len(of_four) == len(read) or all(_CLOCK.search(text) for text in texts)
    if on_clock and _goes_past_midnight([hour.hours for hour in read if hour.date is None and hour.hours is not None]):
        return [None] * len(texts), False  # times of day, of which nobody knows the day
    return [_when(hour) for hour in read], any(hour.is_bare for hour in read)


def _goes_past_midnight(hours: Sequence[float]) -> bool:
    """Whether hours are evenly apart only as times of day: 20, 23, 2, 5, and not as 2, 5, 20, 23 since a start.

    Midnight itself may be among them (21, 0, 3), and so may a whole day (5, 11, 17, 23).
    """
    known = sorted(set(hours))
    if len(known) < LEAST_ON_CLOCK or not 0 <= known[0] <= known[-1] < HOURS_OF_DAY:
        return False
    over_night = known[0] + HOURS_OF_DAY - known[-1]
    apart = sorted([*(after - before for before, after in pairwise(known)), over_night])
    if apart[0] == apart[-1]:
        # All round the clock: hours since a start would begin with 0, or after the first of such steps.
        return known[0] % over_night > 0
    return apart[-2] == over_night == apart[0] < apart[-1] / 2


def _with_points(texts: Sequence[str]) -> list[str]:
    """Texts whose hours are decimals with their point; those of which nobody can say it without their hour."""
    parted = [_PARTED.search(text) for text in texts if not _DATE.search(text)]
    matches = [match for match in parted if match]
    is_run = (
        len(matches) > 1 and len({match[1] for match in matches}) == 1 and all(match[2] == "_" for match in matches)
    )
    if not matches or is_run:
        return list(texts)
    ends = {match[3] for match in matches}
    is_decimal = len(matches) > 1 and len(ends) > 1 and ends <= _DECIMALS
    as_decimal = [_PARTED.sub(lambda match: f"{match[1]}.{match[3]}h", text) for text in texts]
    return as_decimal if is_decimal else ["" if _PARTED.search(text) else text for text in texts]


class _WrittenHour(NamedTuple):
    date: datetime | None
    hours: float | None
    digits: str = ""
    """Of a whole number of hours, which may be hours and minutes."""
    is_bare: bool = False


def _when(hour: _WrittenHour) -> When | None:
    if hour.date is None:
        return hour.hours
    # To the second: 20 minutes as a part of an hour are a hair off, and slices of one hour must be equal.
    return hour.date + timedelta(seconds=round(3600 * (hour.hours or 0.0)))


def _read(text: str, zone: tzinfo | None) -> _WrittenHour:
    with suppress(ValueError):
        # Without a hyphen it would take bare digits for a date, also those of a number of a run.
        moment = datetime.fromisoformat(text.upper()) if "-" in text else None
        if moment:
            return _WrittenHour(moment if moment.tzinfo else moment.replace(tzinfo=zone), 0.0)
    text = _ENGLISH.sub(
        lambda match: f"{match[3]}-{_MONTHS.index(match[2]) + 1:02}-{match[1]} {match[4]}:{match[5]}", text
    )
    text = _SHORT_YEAR.sub(r"20\1-\2-\3 \4:\5", text)
    text = _FORENOON.sub("", _AFTERNOON.sub(lambda match: str(int(match[1] or match[2]) + 12), text))
    if year_last := _YEAR_LAST.search(text):
        day, month = int(year_last[1]), int(year_last[3])
        if day <= MONTHS and month <= MONTHS and day != month:
            return _WrittenHour(None, None)  # a day and a month that nobody can tell apart
        day, month = (month, day) if month > MONTHS else (day, month)
        text = f"{text[: year_last.start()]}{year_last[4]}-{month:02}-{day:02}{text[year_last.end() :]}"
    date = _DATE.search(text)
    # With a mark in the place of the date, so that the digits before and behind it are not read as one number.
    hours, digits = _hours(text[: date.start()] + "_" + text[date.end() :] if date else text)
    if date is None and _NO_YEAR.search(text):
        return _WrittenHour(None, None)
    if date is None:
        bare = _BARE.search(text) if hours is None else None
        return _WrittenHour(None, float(bare[1]), bare[1], is_bare=True) if bare else _WrittenHour(None, hours, digits)
    year, month, day, hour, minute = (int(part or 0) for part in date.groups()[:5])
    try:
        begin = datetime(year, month, day, tzinfo=UTC if date[6] else zone)
    except ValueError:
        return _WrittenHour(None, None)
    return _WrittenHour(begin, hours, digits) if date[4] is None else _WrittenHour(begin, hour + minute / 60)


def _hours(text: str) -> tuple[float | None, str]:
    for pattern, factors in _PATTERNS:
        if match := pattern.search(text):
            total = sum(float(part) * factor for part, factor in zip(match.groups(), factors, strict=True))
            return total, match[1] if factors == (1.0,) and match[1].isdigit() else ""
    return None, ""
