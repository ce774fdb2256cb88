"""Units and measures in Chinese: "1 h 20 min" as a Chinese sentence writes it."""

from __future__ import annotations

import re

from simrescue.wording import Words, bilingual

UNITS: tuple[Words, ...] = (
    bilingual("person-h"), bilingual("km/h"), bilingual("m/s"), bilingual("t/h"), bilingual("min"), bilingual("km"),
    bilingual("ha"), bilingual("cm"), bilingual("h"), bilingual("d"), bilingual("m"), bilingual("t"), bilingual("s"),
    bilingual("degrees"), bilingual("yuan"),
)  # fmt: skip
"""Units in files and on screen, those first that hold the sign of another."""
_CHINESE = dict(UNITS)
_UNIT = re.compile(rf" ({'|'.join(map(re.escape, _CHINESE))})(?![A-Za-z])")
"""A unit behind its number; of a longer word it is no part."""
_NEVER = bilingual("never")


def unit_in_chinese(unit: str) -> str:
    """One unit; what is none of them stays as it is."""
    return dict(UNITS).get(unit, unit)


def unit_words(unit: str) -> Words:
    """A unit of a measure, in English and in Chinese, to stand behind a comma or in brackets."""
    return bilingual("per million") if unit == "per million" else Words(unit, unit_in_chinese(unit))


def measure(written: str) -> Words:
    """A measure as `simrescue.units` writes it, in English and in Chinese."""
    return Words(written, in_chinese(written))


def in_chinese(written: str) -> str:
    """A measure as `simrescue.units` writes it, with its units in Chinese and no blanks."""
    written = _UNIT.sub(lambda found: _CHINESE[found[1]], written.replace(*_NEVER))
    return written.replace(" ", "")
