"""How a verdict is told everywhere: value, what is needed, what is short and where, chance, and what could be promised.

Each function takes a row of verdicts.csv as a mapping and answers a phrase in English and Chinese, empty where the row
(of older results, or of a clause that is not measured) does not tell it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_args

from simrescue.experiment.analysis.distance import read_places
from simrescue.experiment.analysis.statistics import fewest_met
from simrescue.experiment.analysis.township_names import township_names
from simrescue.metrics.amounts import BY_AMOUNT, amount_text, needed_amount
from simrescue.metrics.base import MEASURES, Counted, Measure
from simrescue.places import NEED_WORDS, NEEDS
from simrescue.scenario.plans import static_measures  # noqa: F401 - rows name its measures
from simrescue.units import write_hours, write_share
from simrescue.wording import ITEMS, PARTS, Words, bilingual, bilingual_as, bilingual_counted, listed
from simrescue.wording.unit_words import measure as measure_words

if TYPE_CHECKING:
    import pandas as pd

Row = Mapping[Any, Any]
NAMED = 3
"""Places named in a phrase; `where` of the row has more."""
THEMSELVES = ("fires", "villages", "areas", "teams", "tiers", "crews", "posts")
"""What is counted and is itself a place of the list: it lies in none."""
LEVELS_OF_GOVERNMENT = {
    "village": bilingual_as("level of government", "village"),
    "township": bilingual_as("level of government", "township"),
    "county": bilingual_as("level of government", "county"),
    "city": bilingual_as("level of government", "city"),
    "province": bilingual_as("level of government", "province"),
    "national": bilingual_as("level of government", "national"),
}
NUMBER = re.compile(r"-[0-9]+$")
"""Of one crew, behind the id of its row."""
_NOTHING = Words("", "")


def value_text(row: Row) -> Words:
    """The value: "62 % of 178,000 people within 12 h", "31 h", "3.2 per million"."""
    value = _number(row, "value")
    return _with_whole(row, amount_text(_unit(row), value)) if not math.isnan(value) else _NOTHING


def plain_value(row: Row) -> Words:
    """The value alone, for a cell below a head that tells of what: "62 %", "31 h", "3.2 per million"."""
    value = _number(row, "value")
    return amount_text(_unit(row), value) if not math.isnan(value) else _NOTHING


def band_text(row: Row) -> Words:
    """The band of the value, 5 to 95 % of the replications: "55 % to 70 %"; empty for a clause without a run."""
    low, high = _number(row, "value_low"), _number(row, "value_high")
    if math.isnan(low) or math.isnan(high):
        return _NOTHING
    unit = _unit(row)
    # A unit that stands before the number in one language and behind it in the other is told with the value.
    last = "" if unit == "per million" else unit
    first = amount_text(unit, low) if unit in ("share", "h", "yuan") or math.isinf(low) else amount_text("", low)
    return bilingual("{low} to {high}", low=first, high=amount_text(last, high))


def needed_text(row: Row) -> Words:
    """What is needed, as `needed_amount` tells it; empty where the row does not say."""
    needed = _number(row, "needed")
    if math.isnan(needed):
        return _NOTHING
    return needed_amount(_unit(row), str(row.get("comparison", "")), needed)


def value_and_need(row: Row) -> Words:
    """The value with its band against what is needed: "62 % of 178,000 people (55 % to 70 %), needed 100 %".

    A band of one value is left out.
    """
    value, band, needed = value_text(row), band_text(row), needed_text(row)
    if band.en and _number(row, "value_low") != _number(row, "value_high"):
        value = bilingual("{value} ({band})", value=value, band=band)
    return listed([part for part in (value, needed) if part.en], PARTS)


def short_text(row: Row, names: Mapping[str, tuple[str, str]] | None = None) -> Words:
    """What is short and where: "67,000 people short, 41,000 of them in 12 places: A, B, C ..."; empty for nothing.

    Args:
        row: of verdicts.csv.
        names: id of a place -> its name in English and Chinese (`place_names`); other ids stand for themselves.
    """
    short, unit, places = _number(row, "short"), str(row.get("short_unit", "")), read_places(row.get("where", ""))
    if not short > 0:
        return _NOTHING
    lacks = _lacks(row, unit, short)
    if not places:
        return lacks
    told = listed([_named(place, names or {}) for place, _ in places[:NAMED]])
    if len(places) > NAMED:
        told = bilingual("{names} ...", names=told)
    definition = _measure(row)
    counts = definition.counts if definition else unit
    of_goods = all(place in NEEDS for place, _ in places)
    if of_goods or unit in THEMSELVES or (counts in THEMSELVES and unit in ("h", "ha")):
        return bilingual("{lacks}: {names}", lacks=lacks, names=told)
    here = sum(number for _, number in places)
    there = amount_text(counts if unit == "h" else unit, here)
    in_places = bilingual_counted("{number} place", "{number} places", len(places))
    if unit == "h":
        return bilingual(
            "{lacks}, {amount} too late in {places}: {names}", lacks=lacks, amount=there, places=in_places, names=told
        )
    # The same number twice tells nothing more.
    if there == amount_text(unit, short) or not math.isfinite(short):
        return bilingual("{lacks} in {places}: {names}", lacks=lacks, places=in_places, names=told)
    # What is counted is named once: "67,000 people short, 41,000 of them in 12 places".
    plain = _is_of_whole(unit) and here >= 10
    amount = Words(amount_text("", round(here)).en, there.zh) if plain else there
    return bilingual(
        "{lacks}, {amount} of them in {places}: {names}", lacks=lacks, amount=amount, places=in_places, names=told
    )


def shortage(row: Row) -> Words:
    """What is short without where, for a cell: "67,000 people", "8 h"; empty for nothing."""
    short = _number(row, "short")
    return _shortage(str(row.get("short_unit", "")), short) if short > 0 else _NOTHING


def _shortage(unit: str, short: float) -> Words:
    # Nobody can be short by a part: what is counted is rounded up.
    whole = _is_of_whole(unit) and math.isfinite(short)
    return amount_text(unit, math.ceil(short - 1e-9) if whole else short)


def _is_of_whole(unit: str) -> bool:
    """Whether what is short is counted one by one, and no money, mass, hours or ratio."""
    return unit in get_args(Counted) and unit not in BY_AMOUNT


def _lacks(row: Row, unit: str, short: float) -> Words:
    amount = _shortage(unit, short)
    if row.get("comparison") in ("at_most", "below"):
        return bilingual("{amount} over", amount=amount) if math.isfinite(short) else bilingual("without end")
    return bilingual("{amount} short", amount=amount)


def chance_text(row: Row) -> Words:
    """The chance that the clause holds: "holds in 0 % (0 % to 71 %)"; empty where no replication tested it.

    Where some did not it says how many did: "holds in 0 % (0 % to 52 %; 7 tested, 23 not)".
    """
    if math.isnan(_number(row, "low")) or not row.get("replications", 1):
        return _NOTHING
    share, low, high = (measure_words(write_share(_number(row, name))) for name in ("estimate", "low", "high"))
    if row.get("untested", 0) > 0:
        return bilingual(
            "holds in {share} ({low} to {high}; {number:.0f} tested, {untested:.0f} not)",
            share=share, low=low, high=high, number=row["replications"], untested=row["untested"],
        )  # fmt: skip
    return bilingual("holds in {share} ({low} to {high})", share=share, low=low, high=high)


def promise_text(row: Row) -> Words:
    """What could be promised with these forces: "58 % within 12 h, or 100 % within 31 h would hold".

    Where there are too few replications for any promise it says how many are enough.
    """
    if math.isnan(_number(row, "low")) or not row.get("replications", 0) or math.isnan(_number(row, "needed")):
        return _NOTHING
    fewest = fewest_met(_number(row, "required"), _number(row, "confidence"))
    if row["replications"] < fewest:
        if not math.isfinite(fewest):
            return _NOTHING
        return bilingual(
            "known from {fewest:.0f} replications on (so far {number:.0f})", fewest=fewest,
            number=row["replications"],
        )  # fmt: skip
    return _promise(row)


def _promise(row: Row) -> Words:
    """What would hold, and for what no time limit would do."""
    same, other, everyone = _same_limit(row), _other_limit(row), _all_in_time(row)
    held = [one for one in (same, *(one for one, limit_h in (other, everyone) if math.isfinite(limit_h))) if one.en]
    either = bilingual(", or ")
    would = bilingual("{promises} would hold", promises=listed(held, either)) if held else _NOTHING
    # The first says it for the other: for whose smaller share no limit would do, none would for all.
    hopeless = [share for share, limit_h in (other, everyone) if share.en and not math.isfinite(limit_h)][:1]
    if not hopeless:
        return would
    none = bilingual("no time limit would do for {share}", share=hopeless[0])
    return bilingual("{would}; {none}", would=would, none=none) if held else none


def _same_limit(row: Row) -> Words:
    """What would hold at the limit of the clause; empty where that is nothing at all."""
    value, unit, at_least = _number(row, "promise_share"), _unit(row), row.get("comparison") == "at_least"
    if math.isnan(value):
        return _NOTHING
    value = _promised(unit, value, upper=not at_least)
    if not at_least:
        return bilingual("at most {amount}", amount=amount_text(unit, value))
    return _within(row, amount_text(unit, value)) if value > 0 else _NOTHING


def _other_limit(row: Row) -> tuple[Words, float]:
    """What would hold at the share of the clause, with its limit in hours."""
    limit_h = _number(row, "promise_limit_h")
    if math.isnan(limit_h):
        return _NOTHING, limit_h
    if _unit(row) == "h":
        return bilingual("at most {amount}", amount=amount_text("h", _hours_up(limit_h))), limit_h
    return _in_time(amount_text("share", _number(row, "needed")), limit_h), limit_h


def _all_in_time(row: Row) -> tuple[Words, float]:
    """When all would be in time, where the clause asks for less, with that limit in hours."""
    limit_h = _number(row, "promise_all_limit_h")
    if math.isnan(limit_h) or _unit(row) != "share" or _number(row, "needed") >= 1:
        return _NOTHING, math.nan
    return _in_time(amount_text("share", 1.0), limit_h), limit_h


def _in_time(share: Words, limit_h: float) -> Words:
    """A share within a limit that is promised; the share alone where no limit would do."""
    if not math.isfinite(limit_h):
        return share
    if not limit_h > 0:
        return bilingual("{share} at once", share=share)
    return bilingual("{share} within {limit}", share=share, limit=measure_words(write_hours(_hours_up(limit_h))))


def standing(row: Row, names: Mapping[str, tuple[str, str]] | None = None) -> Words:
    """How a clause stands: value with its band, what is short and where, chance; empty where nothing is known.

    Args:
        row: of verdicts.csv.
        names: id of a place -> its name in English and Chinese (`place_names`).
    """
    value, band = value_text(row), band_text(row)
    if band.en:
        value = bilingual("{value} ({band})", value=value, band=band)
    return listed([part for part in (value, short_text(row, names), chance_text(row)) if part.en], ITEMS)


def place_names(things: pd.DataFrame) -> dict[str, tuple[str, str]]:
    """What places of verdicts are called in English and Chinese: things by their ids, units, townships, levels, goods.

    Args:
        things: with the columns `id`, `name`, `name_zh`, and in results of now `township`.

    Returns:
        Id -> names; what has none is called by its id. A unit has the name that its numbered responders bear.
    """
    rows = list(zip(things["id"], things["name"], things["name_zh"], strict=True))
    townships = township_names(things["township"].fillna(""), things) if "township" in things else {}
    units = {NUMBER.sub("", one): (name or name_zh, name_zh or name) for one, name, name_zh in rows if name or name_zh}
    return {
        **LEVELS_OF_GOVERNMENT,
        **dict(zip(NEEDS, NEED_WORDS, strict=True)),
        **{township: (words.en or words.zh, words.zh or words.en) for township, words in townships.items()},
        **units,
        **{one: (name or name_zh or one, name_zh or name or one) for one, name, name_zh in rows},
    }


def _promised(unit: str, value: float, *, upper: bool) -> float:
    """A value that is promised, rounded to what is written of it, and never to more than would hold.

    A share to the whole per cent, to a tenth near 0 and 1; what is counted to the whole (below ten to a tenth), other
    amounts to three figures. `upper`: it is a most, and rounded up; else a least, and rounded down.
    """
    if not math.isfinite(value) or not value:
        return value
    if unit == "share":
        step = 0.001 if min(value, 1 - value) < 0.02 else 0.01
    elif _is_of_whole(unit):
        step = 1.0 if abs(value) >= 10 else 0.1
    else:
        three = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
        step = max(1.0, three) if unit == "yuan" else min(1.0, three)
    # Rounding of the value itself takes it over no step.
    return math.ceil(value / step - 1e-9) * step if upper else math.floor(value / step + 1e-9) * step


def _hours_up(hours: float) -> float:
    """A limit that is promised, rounded up to the hour, to the minute below three hours."""
    if not math.isfinite(hours):
        return hours
    return math.ceil(hours - 1e-9) if hours > 3 else math.ceil(hours * 60 - 1e-6) / 60


def _with_whole(row: Row, value: Words) -> Words:
    """A share with what it is of, and its time limit."""
    definition, counted = _measure(row), _number(row, "counted")
    if definition is None or definition.unit != "share" or not definition.counts or math.isnan(counted):
        return _within(row, value)
    return _within(row, bilingual("{share} of {whole}", share=value, whole=amount_text(definition.counts, counted)))


def _within(row: Row, value: Words) -> Words:
    limit_h = _number(row, "limit")
    if row.get("unit") != "h" or _unit(row) != "share" or math.isnan(limit_h):
        return value
    return bilingual("{share} within {limit}", share=value, limit=measure_words(write_hours(limit_h)))


def _named(place: str, names: Mapping[str, tuple[str, str]]) -> tuple[str, str]:
    return names.get(place, (place, place))


def _measure(row: Row) -> Measure[Any] | None:
    return MEASURES.get(str(row.get("metric", "")))


def _unit(row: Row) -> str:
    """The unit of the row's measure; of one that is not registered here a plain number."""
    definition = _measure(row)
    if definition is None:
        return ""
    return definition.told_unit


def _number(row: Row, name: str) -> float:
    value = row.get(name, math.nan)
    return float(value) if isinstance(value, (int, float)) else math.nan
