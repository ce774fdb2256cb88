"""Which clauses can be explained, and how the cases of each are found in a log."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.causes.answers import air_cases, response_cases, supply_cases
from simrescue.explain.causes.fires import HANDS, WATER, found_cases, held_cases, reached_cases
from simrescue.explain.causes.leaving import moved_cases, step_cases, warned_cases
from simrescue.explain.causes.relief import relief_cases
from simrescue.explain.walks.chains import Chains
from simrescue.explain.walks.reasons import Case, Reasons
from simrescue.explain.walks.rows import rows_of_log
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import remembered
from simrescue.metrics.wildfire import fire

Cases = Callable[[Chains, EventLog, Facts, Mapping[str, Any]], list[Case]]

EXPLAINED: dict[str, Cases] = {
    "share_relieved": relief_cases,
    "relief_last_h": relief_cases,
    "share_responded": response_cases,
    "share_air_arrivals": air_cases,
    "share_supplied": supply_cases,
    "share_warned_in_steps": step_cases,
    "share_warned_before_impact": warned_cases,
    "share_moved_before_impact": moved_cases,
    "share_fires_found": found_cases,
    "share_fires_staged": reached_cases(fire.staged_h, HANDS, Kind.WALKS_IN, Kind.TAKES_POST),
    "share_fires_attacked": reached_cases(fire.on_line_h, HANDS, Kind.TAKES_POST),
    "share_fires_by_air": reached_cases(fire.by_air_h, WATER, Kind.ARRIVES, Kind.DROPS),
    "share_fires_contained": held_cases(fire.contained_h),
    "share_fires_out": held_cases(fire.out_h),
    "fire_contained_h": held_cases(fire.contained_h),
    "fire_out_h": held_cases(fire.out_h),
}
"""Measures that count waiting, each with the function that finds its cases. Others have no delay to explain."""


def explain(log: EventLog, facts: Facts, measure: str, settings: Mapping[str, Any], decision_h: float) -> Reasons:
    """Why those who are late by a clause are late, in one replication.

    `measure` and `settings` as in `metrics.measure`; without `limit_h` every wait is late. `decision_h` is the
    scenario's `command.decision_h`. Raises KeyError for a measure that is not in `EXPLAINED`.
    """
    cases = EXPLAINED[measure](_chains(log, facts, decision_h), log, facts, settings)
    return Reasons(measure, tuple(cases))


@remembered
def _chains(log: EventLog, facts: Facts, decision_h: float) -> Chains:
    return Chains(rows_of_log(log, facts, decision_h))
