"""Numbers as a report writes them: rounded to what they can mean, with units, in English and Chinese."""

from __future__ import annotations

import math

from simrescue.explain.stories.naming import in_chinese
from simrescue.units import write_hours, write_share

Pair = tuple[str, str]
"""The same thing in English and in Chinese."""

NOTHING: Pair = ("-", "-")
NEVER: Pair = ("never", "从未")


def same(text: str) -> Pair:
    """What reads alike in both languages."""
    return text, text


def pair(english: str, chinese: str) -> Pair:
    """Two names; one that is missing is filled by the other."""
    return english or chinese, chinese or english


def count(number: float) -> Pair:
    """A number of people or things: three figures, from 100 on whole and with thousands apart."""
    if math.isnan(number):
        return NOTHING
    if math.isinf(number):
        return NEVER
    return same(f"{_three(number):,.0f}" if abs(number) >= 100 else f"{number:.3g}")


def _three(number: float) -> float:
    """Large numbers to three figures: the fourth is noise."""
    return round(number, 2 - math.floor(math.log10(abs(number)))) if number else 0.0


def exact(number: float) -> Pair:
    """A number that was counted, with thousands apart."""
    return same(f"{number:,.0f}") if math.isfinite(number) else NOTHING


def hours(number: float) -> Pair:
    """A duration: to the minute below three hours, to the tenth of an hour above."""
    if math.isnan(number):
        return NOTHING
    if math.isinf(number):
        return NEVER
    if abs(number) < 3:
        return write_hours(number), in_chinese(write_hours(number))
    return f"{number:.1f} h", f"{number:.1f}小时"


def share(number: float) -> Pair:
    """A share, whole per cent; a tenth where it is near 0 or 1."""
    if math.isnan(number):
        return NOTHING
    near = min(number, 1 - number)
    told = write_share(round(number, 3)) if 0 < near < 0.02 else f"{number * 100:.0f} %"
    return told, told.replace(" ", "")


def yuan(amount: float) -> Pair:
    """Money: million yuan, three figures."""
    if not math.isfinite(amount):
        return NOTHING
    return f"{amount / 1e6:,.3g} million yuan", f"{amount / 1e4:,.6g}万元"
