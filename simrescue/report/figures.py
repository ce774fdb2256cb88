"""Numbers as a report writes them: rounded to what they can mean, with units, in English and Chinese."""

from __future__ import annotations

import math

from simrescue.units import write_hours, write_share
from simrescue.wording import bilingual
from simrescue.wording.unit_words import measure

Pair = tuple[str, str]
"""The same thing in English and in Chinese."""

NOTHING: Pair = ("-", "-")
NEVER: Pair = bilingual("never")


def same(text: str) -> Pair:
    """What reads alike in both languages."""
    return text, text


def pair(english: str, chinese: str) -> Pair:
    """Two names; one that is missing is filled by the other."""
    return english or chinese, chinese or english


def between(low: Pair, high: Pair) -> Pair:
    """From one value to another."""
    return bilingual("{low} to {high}", low=low, high=high)


def sentences(*texts: Pair) -> Pair:
    """Whole sentences one after the other; empty ones are left out."""
    told = [text for text in texts if text[0]]
    return " ".join(english for english, _ in told), "".join(chinese for _, chinese in told)


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
    """A duration (`number`: hours): to the minute below three hours, to the tenth of an hour above."""
    if math.isnan(number):
        return NOTHING
    if math.isinf(number):
        return NEVER
    return measure(write_hours(number) if abs(number) < 3 else f"{number:.1f} h")


def share(number: float) -> Pair:
    """A share (`number`: 0..1) in whole per cent; a tenth where it is near 0 or 1."""
    if math.isnan(number):
        return NOTHING
    near = min(number, 1 - number)
    return measure(write_share(round(number, 3)) if 0 < near < 0.02 else f"{number * 100:.0f} %")


def yuan(amount: float) -> Pair:
    """Money (`amount`: yuan): three figures of a million yuan, in Chinese of 10,000 yuan."""
    if not math.isfinite(amount):
        return NOTHING
    return bilingual("{amount} million yuan", amount=(f"{amount / 1e6:,.3g}", f"{amount / 1e4:,.6g}"))
