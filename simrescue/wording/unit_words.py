"""Units and measures in Chinese: "1 h 20 min" as a Chinese sentence writes it."""

from __future__ import annotations

import re

from simrescue.wording import Words, bilingual, bilingual_as

UNITS: tuple[Words, ...] = (
    bilingual("person-h"), bilingual("km/h"), bilingual("m/s"), bilingual("t/h"), bilingual("min"), bilingual("km"),
    bilingual("ha"), bilingual("cm"), bilingual("h"), bilingual("d"), bilingual("m"), bilingual("t"), bilingual("s"),
    bilingual("degrees"), bilingual("yuan"),
)  # fmt: skip
"""Units in files and on screen, those first that hold the sign of another."""
_CHINESE = dict(UNITS)
_UNIT = re.compile(rf" ({'|'.join(map(re.escape, _CHINESE))})(?![A-Za-z])")
"""A unit behind its number; of a longer word it is no part."""
_BLANK = re.compile(r"(?<![0-9]) | (?![0-9])")
"""Any but that between a date and its time."""
_CHINESE_WORDS = dict((
    bilingual_as("unit", "persons"), bilingual_as("unit", "house"), bilingual_as("unit", "crews"),
    bilingual_as("unit", "days"), bilingual_as("unit", "factor"), bilingual_as("unit", "ratio"),
    bilingual_as("unit", "share"), bilingual_as("unit", "deg"), bilingual_as("unit", "m2"), bilingual_as("unit", "mm"),
    bilingual_as("unit", "kg"), bilingual_as("unit", "kW"), bilingual_as("unit", "needs"),
    bilingual_as("unit", "fires"), bilingual_as("unit", "villages"), bilingual_as("unit", "teams"),
    bilingual_as("unit", "areas"), bilingual_as("unit", "tiers"), bilingual_as("unit", "posts"),
    bilingual_as("unit", "roads"), bilingual_as("unit", "tonnes"),
))  # fmt: skip
"""More units of default numbers, which no sentence writes."""
_NEVER = bilingual("never")


def unit_in_chinese(unit: str) -> str:
    """One unit, or the parts of one between strokes; what is none of them stays as it is."""
    known = _CHINESE | _CHINESE_WORDS
    return known.get(unit) or "/".join(known.get(part, part) for part in unit.split("/"))


def unit_words(unit: str) -> Words:
    """A unit of a measure, in English and in Chinese, to stand behind a comma or in brackets."""
    return bilingual("per million") if unit == "per million" else Words(unit, unit_in_chinese(unit))


def measure(written: str) -> Words:
    """A measure as `simrescue.units` writes it, in English and in Chinese."""
    return Words(written, in_chinese(written))


def in_chinese(written: str) -> str:
    """A measure as `simrescue.units` writes it, with its units in Chinese and no blank but that of a date and time."""
    written = _UNIT.sub(lambda found: _CHINESE[found[1]], written.replace(*_NEVER))
    return _BLANK.sub("", written)
