"""Slips of magnitude: values that no such thing has, of another unit or with a digit too many.

What is usual stands in `data/usual_ranges.csv`, in inside units. Columns that it leaves out and whose default is a
parameter are held against the range that is believed of the parameter, widened, since one thing is not all of them.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Iterator
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from simrescue.parameters import default_of
from simrescue.parameters import table as parameters
from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import TABLES, Scenario
from simrescue.wording import bilingual

TIMES = 10.0
"""So many times beyond the range that is believed of its default, one thing is hardly so: minutes and hours are sixty
apart, metres and kilometres a thousand (assumed)."""
SHOWN = ("h", "km", "m", "km/h", "t")
"""Units of parameters that are written behind a value."""


class Usual(NamedTuple):
    """What a field of a table usually is."""

    table: str
    field: str
    """Its Python name."""
    low: float
    high: float
    least: float
    """The least that is not zero, where zero means none; 0: as `low`."""
    unit: str
    """In which the bounds are, as written; empty: a bare number."""

    def holds(self, value: float) -> bool:
        """Whether a value is usual."""
        return self.low <= value <= self.high and (value == 0 or value >= self.least)


@cache
def usual_ranges() -> tuple[Usual, ...]:
    """The table of what is usual, by table and field."""
    text = files("simrescue").joinpath("data/usual_ranges.csv").read_text(encoding="utf-8")
    return tuple(
        Usual(row["table"], row["field"], float(row["low"]), float(row["high"]), float(row["least"] or 0), row["unit"])
        for row in csv.DictReader(text.splitlines())
    )


def _of_defaults(scenario: Scenario) -> Iterator[Usual]:
    """What is usual for columns that the table leaves out and whose default is a parameter."""
    listed = {(usual.table, usual.field) for usual in usual_ranges()}
    for name in TABLES:
        for record in {type(row) for row in scenario.table(name)}:
            for field, info in record.model_fields.items():
                row = parameters().get(default_of(info))
                if row is None or (name, field) in listed:
                    continue
                high = math.inf if row.high is None else TIMES * row.high
                yield Usual(name, field, 0, high, (row.low or 0) / TIMES, row.unit if row.unit in SHOWN else "")


def unusual_values(scenario: Scenario) -> Slips:
    """Values outside what is usual for their column, where they are written."""
    people = sum(village.population for village in scenario.villages)
    for usual in (*usual_ranges(), *_of_defaults(scenario)):
        # A whole town in one row is right where the people of the jurisdiction bear it out.
        if usual[:2] == ("villages", "population") and people <= scenario.settings.jurisdiction.population:
            continue
        for number, row in enumerate(scenario.table(usual.table)):
            value = getattr(row, usual.field)
            if usual.field not in row.model_fields_set or not isinstance(value, int | float) or usual.holds(value):
                continue
            low = usual.least if usual.low == 0 else usual.low
            if math.isinf(usual.high):
                says = bilingual("usual is {low:g} or more: another unit, or a digit wrong?", low=low)
            else:
                high = f"{usual.high:,g} {usual.unit}".strip()
                says = bilingual("usual is {low:g} to {high}: another unit, or a digit too many?", low=low, high=high)
            yield Slip(usual.table, number, usual.field, f"{value:g} {usual.unit}".strip(), says)


MAGNITUDE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (unusual_values,)
