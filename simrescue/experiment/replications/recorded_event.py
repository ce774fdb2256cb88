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
from simrescue.scenario.history import FigureOnRecord

if TYPE_CHECKING:
    import pandas as pd

EQUAL_PARTS = 20
"""Equal parts of the persons of a replication; each is kept by the wait in its middle."""
RECORDED = "recorded_"
"""How the scalars of figures on record begin; their number in the history follows."""
Floats = NDArray[np.float64]


def recorded_numbers(number: int, said: FigureOnRecord, log: EventLog, facts: Facts) -> dict[str, float]:
    """The scalars of one replication for figure `number` of the scenario's history.

    `recorded_<number>`, for waits of persons the middle one; then also `..._persons` and `..._part_1` and so on: the
    middle wait of each of `EQUAL_PARTS` equal parts of the persons, shortest first (nan: nobody; infinite: never).
    """
    name, entry = f"{RECORDED}{number}", said.entry
    if figures(facts.hazards)[entry.metric].value:
        return {name: recorded_value(log, facts, entry.metric, said.at_h, entry.place)}
    hours, persons = recorded_waits(log, facts, entry.metric, said.at_h, entry.place)
    middles = ((part + 0.5) / EQUAL_PARTS for part in range(EQUAL_PARTS))
    parts = {f"{name}_part_{i}": quantile(hours, q, persons) for i, q in enumerate(middles, 1)}
    return {name: quantile(hours, 0.5, persons), f"{name}_persons": float(persons.sum()), **parts}


def recorded_rows(
    record: Sequence[FigureOnRecord], known: Mapping[str, Figure], replications: pd.DataFrame
) -> list[dict[str, Any]]:
    """One row a figure of the record, with the columns of recorded.csv.

    Args:
        record: the figures of the scenario's history.
        known: the figures of its hazards by name, as `metrics.recorded.figures` answers.
        replications: scalars of all replications; figures without their columns stand beside nothing.
    """
    rows = []
    for number, said in enumerate(record):
        entry, figure = said.entry, known[said.entry.metric]
        values, weights = _simulated(number, figure, replications)
        low, p10, median, p90, high = (quantile(values, q, weights) for q in (0.05, 0.1, 0.5, 0.9, 0.95))
        rows.append({
            "what": entry.what, "what_zh": entry.what_zh, "metric": entry.metric, "place": entry.place,
            "at_h": said.at_h, "recorded": said.value, "recorded_low": said.low, "recorded_high": said.high,
            "over": figure.over, "low": low, "p10": p10, "median": median, "p90": p90, "high": high,
            "below": _share_below(said.value, values, weights), "unit": entry.unit or figure.unit,
            "source": entry.source, "doubt": entry.doubt,
        })  # fmt: skip
    return rows


def _simulated(number: int, figure: Figure, replications: pd.DataFrame) -> tuple[Floats, Floats]:
    """What the record is compared with, and how much each value weighs; without replications nothing."""
    name = f"{RECORDED}{number}"
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
