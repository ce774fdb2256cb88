"""The warning chain: forecast, order, call-out and the people's own warning, against the water's arrival."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.silence import feedback_h
from simrescue.metrics.people.whereabouts import impact_h
from simrescue.metrics.reading import (
    at_villages,
    part_of_whole,
    quantile,
    remembered,
    rows_of,
    share_within,
    village_sums,
    village_times,
)
from simrescue.units import SAME_H, Hours
from simrescue.wording import bilingual


@remembered
def warned_before_impact(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Persons of each village who had the warning before its impact (at any time, where none comes); shape (V,)."""
    rows = rows_of(log, EventKind.WARNED)
    village = facts.row_of[log.subject[rows]]
    # At the very moment of the impact a warning is too late.
    early = rows[log.time_h[rows] < impact_h(log, facts)[village] - SAME_H]
    return np.minimum(village_sums(log, facts, early), facts.population)


def warned(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Persons of each village who ever had the warning, shape (V,); never more than live there."""
    return np.minimum(village_sums(log, facts, rows_of(log, EventKind.WARNED)), facts.population)


def share_warned_before_impact(log: EventLog, facts: Facts) -> float:
    """Share of the residents of villages reached by the hazard who had the warning before it came, 0..1.

    nan where it reached no village.
    """
    return part_of_whole(_places_warned(log, facts, MeasureSettings()))


def _places_warned(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    reached = np.isfinite(impact_h(log, facts))
    return at_villages(facts, facts.population, warned_before_impact(log, facts), reached)


STEPS = ("forecast", "warning", "order", "call_out", "answered")
"""Steps of the warning chain; `warning` is the order, the short-term warning or the first people warned,
whichever is first."""


def lead_h(log: EventLog, facts: Facts, step: str) -> NDArray[np.float64]:
    """Hours by which a step of the warning came before the impact, for each village that the hazard reached.

    Args:
        log: the event log.
        facts: its fixed side.
        step: one of `STEPS`, or "call": the order or the call-out, whichever is first. Raises KeyError for another.

    Returns:
        Shape (villages reached,); negative after the impact, minus infinity where the step never came.
    """
    kinds = {
        "forecast": (EventKind.FORECAST,),
        "warning": (EventKind.ORDERED, EventKind.WARNED, EventKind.NOWCAST),
        "order": (EventKind.ORDERED,),
        "call_out": (EventKind.CALLED_OUT,),
        "call": (EventKind.ORDERED, EventKind.CALLED_OUT),
        "answered": (EventKind.ANSWERED,),
    }[step]
    first = np.min([village_times(log, facts, kind) for kind in kinds], axis=0)
    impact = impact_h(log, facts)
    reached = np.isfinite(impact)
    lead: NDArray[np.float64] = impact[reached] - first[reached]
    return lead


def share_warned_in_steps(
    log: EventLog, facts: Facts, forecast_h: float = 6.0, warning_h: float = 3.0, answered_h: float = 1.0
) -> float:
    """Share of villages reached by the hazard in which each step of the warning came early enough before it.

    `forecast_h`, `warning_h`, `answered_h`: least hours before the impact of the forecast, of the order or first people
    warned, and of the answered call-out. A step that never came has failed; nan where no village was reached.
    """
    leads = WarningLeads(forecast_h=forecast_h, warning_h=warning_h, answered_h=answered_h)
    return part_of_whole(_places_in_steps(log, facts, leads))


def steps_behind_h(log: EventLog, facts: Facts, settings: WarningLeads) -> dict[str, NDArray[np.float64]]:
    """By how many hours each step that a clause asks for came too late, for each village that the hazard reached.

    Args:
        log: the event log.
        facts: its fixed side.
        settings: the least leads, how they are read, and the limit of the feedback.

    Returns:
        Step (of `STEPS`, or "feedback") -> hours, shape (villages reached,); 0 or less in time, infinite for never.
    """
    leads = {"forecast": settings.forecast_h, "warning": settings.warning_h, "answered": settings.answered_h}
    behind = {step: least - lead_h(log, facts, step) for step, least in leads.items()}
    if settings.reading == "duration":
        # Forecast and warning must only come before the water, and so must the answer, so soon after the call.
        behind = {step: late - leads[step] for step, late in behind.items()}
        called, answered = lead_h(log, facts, "call"), lead_h(log, facts, "answered")
        # Leads of what never came are minus infinity, and the difference of two such is no number.
        took = np.where(np.isfinite(answered), np.where(np.isfinite(called), called, 0.0) - answered, np.inf)
        behind["answered"] = np.maximum(behind["answered"], took - settings.answered_h)
    if settings.feedback_h is not None:
        took = feedback_h(log, facts)[np.isfinite(impact_h(log, facts))]
        behind["feedback"] = np.where(np.isnan(took), np.inf, took) - settings.feedback_h
    return behind


def _places_in_steps(log: EventLog, facts: Facts, settings: WarningLeads) -> Tally:
    in_time = np.all([late <= SAME_H for late in steps_behind_h(log, facts, settings).values()], axis=0)
    place = facts.villages[np.isfinite(impact_h(log, facts))].astype(np.int64)
    return Tally(place, np.ones(len(place)), in_time.astype(np.float64))


def median_lead_h(log: EventLog, facts: Facts, step: str) -> float:
    """Median lead of a step of the warning, hours, over villages that the hazard reached.

    Args:
        log: the event log.
        facts: its fixed side.
        step: one of `STEPS`.

    Returns:
        Of two in the middle the longer lead; minus infinity for never, nan where no village was reached.
    """
    # Turned round: of two in the middle `quantile` answers the lower, which then is the longer lead.
    return -quantile(-lead_h(log, facts, step), 0.5)


# ---- what clauses can name


class WarningLeads(MeasureSettings):
    """Settings of the share of villages warned step by step: the least lead of each step before the flood."""

    forecast_h: Hours = 6.0
    """Least lead of the forecast."""
    warning_h: Hours = 3.0
    """Least lead of the order or the first people warned."""
    answered_h: Hours = 1.0
    """Least lead of the answered call-out; with `reading: duration` its greatest time from call to answer."""
    reading: Literal["lead", "duration"] = "lead"
    """`lead`: hours before the water, of each step; `duration`: forecast and warning before the water at all, and the
    call-out answered so many hours after it was made, before the water."""
    feedback_h: Hours | None = None
    """Longest time from the order or call-out until command has the answer that it has come; empty: not asked for."""


def _warned(log: EventLog, facts: Facts, _: MeasureSettings) -> float:
    return share_warned_before_impact(log, facts)


def _in_steps(log: EventLog, facts: Facts, settings: WarningLeads) -> float:
    return part_of_whole(_places_in_steps(log, facts, settings))


def _answer_cases(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    """Villages that were ordered or called out, and hours from the first of it to the first answer."""
    called = np.minimum(village_times(log, facts, EventKind.ORDERED), village_times(log, facts, EventKind.CALLED_OUT))
    of = np.isfinite(called)
    took = village_times(log, facts, EventKind.ANSWERED)[of] - called[of]
    return Cases(facts.villages[of].astype(np.int64), np.ones(int(of.sum())), took)


def _answered_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_answer_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_warned_before_impact", bilingual("people warned before the hazard came"),
        "share", MeasureSettings, _warned, explained="warned", counts="persons", of_places=_places_warned,
    ),
    Measure(
        "share_warned_in_steps",
        bilingual("villages with forecast, warning and answered call-out in time"),
        "share", WarningLeads, _in_steps, hazards=frozenset({"flood"}), explained="warned_in_steps", counts="villages",
        of_places=_places_in_steps,
    ),
    Measure(
        "share_villages_answered", bilingual("villages of which somebody answered the call in time"),
        "share", Within, _answered_within, counts="villages", of_cases=_answer_cases,
    ),
)  # fmt: skip
