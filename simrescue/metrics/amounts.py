"""Numbers of measures with their units, as they are told everywhere."""

from __future__ import annotations

import math

from simrescue.units import write_hours, write_share
from simrescue.wording import Words, bilingual, bilingual_counted
from simrescue.wording.unit_words import measure as measure_words

BY_AMOUNT = ("", "yuan", "tonnes")
"""What a measure counts that is not counted one by one."""
LEAST_MEAN = 0.01
"""A mean below it is not written out."""


def amount_text(unit: str, number: float) -> Words:
    """A number in a unit of a measure, or of what is counted: "62 %", "31 h", "1,200 ha", "67,000 people"."""
    if math.isnan(number):
        return Words("-", "-")
    if math.isinf(number):
        return bilingual("never") if number > 0 else Words("-", "-")
    if unit == "share":
        return measure_words(write_share(_share_near(number)))
    if unit == "h":
        return measure_words(write_hours(number if abs(number) < 3 else round(number * 10) / 10))
    if unit == "tonnes":
        return measure_words(f"{_figures(number)} t")
    if unit == "ha":
        return measure_words(f"{_figures(number)} ha")
    if unit == "yuan":
        return _money(number)
    if unit == "ratio":
        return measure_words(f"{_figures(number)} : 1")
    if unit == "per million":
        return bilingual("{number} per million", number=_figures(number))
    return _counted_text(unit, number)


def _money(yuan: float) -> Words:
    """An amount of money as each language counts large ones: by thousands, or by ten thousands."""
    if abs(yuan) >= 1e9:
        return bilingual("{number} billion yuan", number=(_figures(yuan / 1e9), _figures(yuan / 1e8)))
    if abs(yuan) >= 1e6:
        return bilingual("{number} million yuan", number=(_figures(yuan / 1e6), _figures(yuan / 1e4)))
    return measure_words(f"{yuan:,.0f} yuan")


def _counted_text(unit: str, number: float) -> Words:
    """A number of what is counted; fractions, which are means, below ten with one decimal."""
    value = float(f"{number:.1f}") if abs(number) < 10 else float(round(number))
    return {
        "persons": lambda: bilingual_counted("{number} person", "{number} people", value),
        "needs": lambda: bilingual_counted("{number} need", "{number} needs", value),
        "fires": lambda: bilingual_counted("{number} fire", "{number} fires", value),
        "villages": lambda: bilingual_counted("{number} village", "{number} villages", value),
        "teams": lambda: bilingual_counted("{number} team", "{number} teams", value),
        "areas": lambda: bilingual_counted("{number} area", "{number} areas", value),
        "crews": lambda: bilingual_counted("{number} crew", "{number} crews", value),
        "posts": lambda: bilingual_counted("{number} post", "{number} posts", value),
        "roads": lambda: bilingual_counted("{number} road", "{number} roads", value),
        "tiers": lambda: bilingual_counted("{number} tier", "{number} tiers", value),
    }.get(unit, lambda: Words(_figures(number), _figures(number)))()


def mean_text(number: float) -> str:
    """A mean number of people or things: whole from ten on, below that in two figures, so that few are never none."""
    if 0 < abs(number) < LEAST_MEAN:
        return f"< {LEAST_MEAN:g}"
    return f"{number:,.0f}" if abs(number) >= 9.95 else f"{number:.2g}"


def _figures(number: float) -> str:
    """Three figures; from 100 on whole, with thousands apart."""
    return f"{number:,.0f}" if abs(number) >= 100 else f"{number:.3g}"


def _share_near(share: float) -> float:
    """A share to the whole per cent, to a tenth near 0 and 1; never 0 or 1 unless it is."""
    if not 0 < share < 1:
        return share
    digits = 3 if min(share, 1 - share) < 0.02 else 2
    return min(max(round(share, digits), 0.001), 0.999)


def needed_amount(unit: str, comparison: str, limit: float) -> Words:
    """What is needed: "needed 100 %", "needed at most 12 h", "needed below 1 per million".

    Args:
        unit: as of `amount_text`.
        comparison: at_least, at_most or below.
        limit: in that unit.
    """
    amount = amount_text(unit, limit)
    if comparison == "at_most":
        return bilingual("needed at most {amount}", amount=amount)
    if comparison == "below":
        return bilingual("needed below {amount}", amount=amount)
    return bilingual("needed {amount}", amount=amount)
