"""Where a measure falls short: part and whole of a replication by place, and the limits that would have been kept."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple, cast

import numpy as np

from simrescue.events import EventLog
from simrescue.metrics.base import MEASURES, Cases, Measure, MeasureSettings, Tally
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, quantile
from simrescue.units import SAME_H

ALMOST = 1e-9
"""Share by which a promise may be missed: what rounding takes."""


class PlaceTally(NamedTuple):
    """What a clause came to in one replication besides its value."""

    places: Tally
    """Part and whole by place; places without either are left out."""
    limit_needed: float
    """Least time limit, hours, at which the share that the clause asks for would just have been kept; infinite: none
    would do, nan: it sets no time limit, or its value is itself a time."""
    limit_all: float
    """Least time limit, hours, at which all would have been in time."""


def tally(
    log: EventLog, facts: Facts, name: str, settings: Mapping[str, Any] | MeasureSettings, threshold: float
) -> PlaceTally | None:
    """Where a measure falls short in one replication.

    Args:
        log: the event log of the replication.
        facts: what stood fixed in it.
        name: a measure of a log.
        settings: what the clause sets, as of `measure`.
        threshold: of the clause, in the unit of the measure.

    Returns:
        None where the measure does not tell it by place, or is not for the hazards of the scenario.

    Raises:
        KeyError: where there is no such measure.
        pydantic.ValidationError: for a setting that the measure does not have, or that it needs and that is not given.
    """
    definition = MEASURES[name]
    if not definition.is_for(facts.hazards):
        return None
    read = definition.read(settings)
    if definition.of_cases:
        cases = definition.of_cases(log, facts, read)
        return PlaceTally(
            _kept_within(cases, getattr(read, "limit_h", threshold)), *_limits(definition, cases, threshold)
        )
    if definition.of_places is None:
        return None
    of_places = cast("Callable[[EventLog, Facts, Any], Tally]", definition.of_places)
    return PlaceTally(_where_any(of_places(log, facts, read)), math.nan, math.nan)


def _kept_within(cases: Cases, limit: float) -> Tally:
    """The cases within a limit, and all, by place."""
    place, at = np.unique(cases.place, return_inverse=True)
    in_time = np.where(cases.took <= limit + SAME_H, cases.number, 0.0)
    return _where_any(Tally(place, add_up(at, cases.number, len(place)), add_up(at, in_time, len(place))))


def _where_any(tallied: Tally) -> Tally:
    some = (tallied.counted > 0) | (tallied.kept > 0)
    return Tally(*(column[some] for column in tallied))


def _limits(definition: Measure[Any], cases: Cases, threshold: float) -> tuple[float, float]:
    if not (definition.has_limit or definition.unit == "h"):
        return math.nan, math.nan
    last = quantile(cases.took, 1.0, cases.number)
    if not definition.has_limit:
        return math.nan, last
    return quantile(cases.took, min(max(threshold - ALMOST, 0.0), 1.0), cases.number), last
