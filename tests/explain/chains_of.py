"""What every explanation must hold: pieces that cover the delay exactly, and cases that agree with the metric."""

from __future__ import annotations

from typing import Any

import numpy as np
from pydantic import ValidationError

from simrescue.events import EventLog
from simrescue.explain import Reasons, explain, is_explained
from simrescue.explain.critical_path.bins import BINS
from simrescue.metrics import MEASURES, Facts, measure
from simrescue.parameters import Parameters

BY_PERSONS = (
    "share_relieved", "share_warned_before_impact", "share_moved_before_impact", "share_moved_in_time", "share_rescued",
)  # fmt: skip
"""Measures that count people; the others count requests, villages or fires."""
SHARES = (
    *BY_PERSONS, "share_responded", "share_air_arrivals", "share_supplied", "share_warned_in_steps",
    "share_villages_reported",
    "share_fires_found", "share_fires_staged", "share_fires_attacked", "share_fires_by_air", "share_fires_contained",
    "share_fires_out",
)  # fmt: skip


def explained() -> list[str]:
    """Names of the measures that can be explained."""
    return [name for name in MEASURES if is_explained(name)]


def fitting(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """Those of these settings that a measure has and may take."""
    one = MEASURES[name]
    kept = {key: value for key, value in given.items() if key in one.settings.model_fields}
    try:
        one.read(kept)
    except ValidationError as error:
        refused = {fault["loc"][0] for fault in error.errors()}
        kept = {key: value for key, value in kept.items() if key not in refused}
    return kept


def check(log: EventLog, facts: Facts, name: str, settings: dict[str, Any]) -> Reasons:
    """Explain a clause, and fail where the pieces do not cover the delays or the cases do not give the metric."""
    reasons = explain(log, facts, name, settings, Parameters().decision_h)
    for case in reasons.cases:
        covers(case)
    if name in SHARES:
        agrees(reasons, measure(log, facts, name, settings))
    return reasons


def covers(case: Any) -> None:
    """The pieces follow on one another from start to end, and the bins sum to the delay."""
    edge = case.start_h
    for piece in case.pieces:
        assert piece.start_h == edge, case
        assert piece.end_h > piece.start_h, case
        assert 0 <= piece.bin < len(BINS)
        edge = piece.end_h
    assert edge == (case.end_h if case.pieces else case.start_h), case
    assert abs(sum(case.hours()) - (case.end_h - case.start_h)) < 1e-9


def agrees(reasons: Reasons, value: float) -> None:
    """The share of cases (or of their people) that are not late is what the clause is judged by."""
    weights = [case.weight if reasons.measure in BY_PERSONS else 1.0 for case in reasons.cases]
    kept = sum(weight for weight, case in zip(weights, reasons.cases, strict=True) if not case.late)
    if np.isnan(value):
        assert sum(weights) < 1
    else:
        assert abs(kept / sum(weights) - value) < 1e-9
