"""Which clauses can be explained, and how the cases of each are found in a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simrescue.events import EventLog
from simrescue.explain.reasons import Case, Reasons
from simrescue.metrics.facts import Facts

Settings = Mapping[str, Any]

EXPLAINED: dict[str, Callable[[EventLog, Facts, Settings], list[Case]]] = {}
"""Measures that count waiting, each with the function that finds its cases. Others have no delay to explain."""


def explain(log: EventLog, facts: Facts, measure: str, settings: Settings) -> Reasons:
    """Why those who are late by a clause are late, in one replication.

    `measure` and `settings` as in `metrics.measure`. Raises KeyError for a measure that is not in `EXPLAINED`.
    """
    return Reasons(measure, tuple(EXPLAINED[measure](log, facts, settings)))
