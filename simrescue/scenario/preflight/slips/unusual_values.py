"""Slips of magnitude: values that no such thing has, of another unit or with a digit too many.

What is usual stands in `data/usual_ranges.csv`, in inside units.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from simrescue.scenario.preflight.slips.slip import Slip, Slips
from simrescue.scenario.records import Scenario
from simrescue.wording import bilingual


class Usual(NamedTuple):
    """What a field of a table usually is."""

    table: str
    field: str
    """Its Python name."""
    low: float
    high: float
    unit: str
    """In which the bounds are, as written; empty: a bare number."""


@cache
def usual_ranges() -> tuple[Usual, ...]:
    """The table of what is usual, by table and field."""
    text = files("simrescue").joinpath("data/usual_ranges.csv").read_text(encoding="utf-8")
    return tuple(
        Usual(row["table"], row["field"], float(row["low"]), float(row["high"]), row["unit"])
        for row in csv.DictReader(text.splitlines())
    )


def unusual_values(scenario: Scenario) -> Slips:
    """Values outside what is usual for their column, where they are written."""
    for usual in usual_ranges():
        for number, row in enumerate(scenario.table(usual.table)):
            value = getattr(row, usual.field)
            if usual.field in row.model_fields_set and value is not None and not usual.low <= value <= usual.high:
                high = f"{usual.high:,g} {usual.unit}".strip()
                says = bilingual(
                    "usual is {low:g} to {high}: another unit, or a digit too many?", low=usual.low, high=high
                )
                yield Slip(usual.table, number, usual.field, f"{value:g} {usual.unit}".strip(), says)


MAGNITUDE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (unusual_values,)
