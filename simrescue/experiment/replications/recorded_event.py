"""Figures of the real event beside the simulated ones: the rows of recorded.csv.

A figure of a place or a fire stands beside one number a replication. What a report says of one person or house stands
beside the waits of all persons of the place in all replications, each person counting alike.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import quantile
from simrescue.metrics.recorded import Figure, figures, recorded_value, recorded_waits
from simrescue.scenario.records import Recorded

if TYPE_CHECKING:
    import pandas as pd

EQUAL_PARTS = 20
"""Equal parts of the persons of a replication; each is kept by the wait in its middle."""
Floats = NDArray[np.float64]


def recorded_numbers(number: int, entry: Recorded, log: EventLog, facts: Facts) -> dict[str, float]:
    """The scalars of one replication for entry `number` of the scenario's history.

    `recorded_<number>`, for waits of persons the middle one; then also `..._persons` and `..._part_1` and so on: the
    middle wait of each of `EQUAL_PARTS` equal parts of the persons, shortest first (nan: nobody; infinite: never).
    """
    name = f"recorded_{number}"
    if figures(facts.hazards)[entry.metric].value:
        return {name: recorded_value(log, facts, entry.metric, entry.at, entry.place)}
    hours, persons = recorded_waits(log, facts, entry.metric, entry.at, entry.place)
    middles = ((part + 0.5) / EQUAL_PARTS for part in range(EQUAL_PARTS))
    parts = {f"{name}_part_{i}": quantile(hours, q, persons) for i, q in enumerate(middles, 1)}
    return {name: quantile(hours, 0.5, persons), f"{name}_persons": float(persons.sum()), **parts}


def recorded_rows(
    history: Sequence[Recorded], known: Mapping[str, Figure], replications: pd.DataFrame
) -> list[dict[str, Any]]:
    """One row a figure of the record, with the columns of recorded.csv.

    Args:
        history: the entries of the scenario.
        known: the figures of its hazards by name, as `metrics.recorded.figures` answers.
        replications: scalars of all replications; entries without their columns stand beside nothing.
    """
    rows = []
    for number, entry in enumerate(history):
        figure = known[entry.metric]
        values, weights = _simulated(number, figure, replications)
        low, median, high = (quantile(values, q, weights) for q in (0.05, 0.5, 0.95))
        rows.append({
            "what": entry.what, "what_zh": entry.what_zh, "metric": entry.metric, "place": entry.place,
            "at_h": entry.at, "recorded": entry.value, "over": figure.over,
            "low": low, "median": median, "high": high, "below": _share_below(entry.value, values, weights),
            "unit": entry.unit or figure.unit, "source": entry.source,
        })  # fmt: skip
    return rows


def _simulated(number: int, figure: Figure, replications: pd.DataFrame) -> tuple[Floats, Floats]:
    """What the record is compared with, and how much each value weighs; without replications nothing."""
    name = f"recorded_{number}"
    if name not in replications:
        return np.array([]), np.array([])
    if figure.waits:
        parts = [f"{name}_part_{i}" for i in range(1, EQUAL_PARTS + 1)]
        values = replications[parts].to_numpy(float).ravel()
        weights = np.repeat(replications[f"{name}_persons"].to_numpy(float) / EQUAL_PARTS, EQUAL_PARTS)
    else:
        values = replications[name].to_numpy(float)
        weights = np.ones(len(values))
    known = ~np.isnan(values)
    return values[known], weights[known]


def _share_below(recorded: float, values: Floats, weights: Floats) -> float:
    """Share of what is simulated that lies below the record, what equals it by half; nan where nothing is simulated."""
    whole = weights.sum()
    if not whole > 0:
        return float("nan")
    return float((weights[values < recorded].sum() + weights[values == recorded].sum() / 2) / whole)
