"""How the delays of a clause are explained: the standard ways, which measures name, and how each finds its cases."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.causes.late_evacuation import (
    moved_cases,
    moved_in_time_cases,
    out_cases,
    step_cases,
    warned_cases,
)
from simrescue.explain.causes.late_fires import FROM_AIR, HANDS, found_cases, held_cases, reached_cases
from simrescue.explain.causes.late_relief import relief_cases
from simrescue.explain.causes.late_rescue import rescued_cases
from simrescue.explain.causes.late_responses import air_cases, response_cases, supply_cases
from simrescue.explain.causes.late_word import reported_cases
from simrescue.explain.critical_path.cases import Case, Reasons
from simrescue.explain.critical_path.chains import Chains
from simrescue.explain.critical_path.log_rows import rows_of_log
from simrescue.metrics.base import MEASURES, tell_ways
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import remembered
from simrescue.metrics.wildfire import fire

Cases = Callable[[Chains, EventLog, Facts, Mapping[str, Any]], list[Case]]

CASE_FINDERS: dict[str, Cases] = {
    "relief": relief_cases,
    "response": response_cases,
    "air": air_cases,
    "supply": supply_cases,
    "warned_in_steps": step_cases,
    "warned": warned_cases,
    "moved": moved_cases,
    "moved_in_time": moved_in_time_cases,
    "rescued": rescued_cases,
    "reported": reported_cases,
    "out": out_cases,
    "fire_found": found_cases,
    "fire_staged": reached_cases(fire.staged_h, HANDS, Kind.WALKS_IN, Kind.TAKES_POST),
    "fire_on_line": reached_cases(fire.on_line_h, HANDS, Kind.TAKES_POST),
    "fire_by_air": reached_cases(fire.by_air_h, FROM_AIR, Kind.ARRIVES, Kind.DROPS),
    "fire_contained": held_cases(fire.contained_h),
    "fire_out": held_cases(fire.out_h),
}
"""Ways to explain a delay, by the name that a measure gives as `explained`: each finds the cases in a log, from the
settings of the clause with the defaults of its measure. A measure with another way adds it here."""
tell_ways("explained", CASE_FINDERS)


def is_explained(measure: str) -> bool:
    """Whether a measure counts waiting that can be explained; False for a name that is no measure (any more)."""
    return measure in MEASURES and bool(MEASURES[measure].explained)


def explain(
    log: EventLog, facts: Facts, measure: str, settings: Mapping[str, Any], decision_h: float, only_late: bool = False
) -> Reasons:
    """Why those who are late by a clause are late, in one replication.

    Args:
        log: the event log of the replication.
        facts: what stood fixed in it.
        measure: name of a measure that names a way to explain it.
        settings: what the clause sets, as in `metrics.measure`; without `limit_h` every wait is late.
        decision_h: the scenario's `command.decision_h`, hours.
        only_late: whether the time of those who are not late may be left out: their cases need have no pieces then.

    Returns:
        One case for all who waited alike, with their time in bins; none in a scenario without the measure's hazards.

    Raises:
        KeyError: for a measure that counts no waiting.
    """
    one = MEASURES[measure]
    if not one.is_for(facts.hazards):
        return Reasons(measure, ())
    cases = CASE_FINDERS[one.explained](_chains(log, facts, decision_h, only_late), log, facts, one.filled(settings))
    return Reasons(measure, tuple(cases))


@remembered
def _chains(log: EventLog, facts: Facts, decision_h: float, only_late: bool) -> Chains:
    return Chains(rows_of_log(log, facts, decision_h), only_late)
