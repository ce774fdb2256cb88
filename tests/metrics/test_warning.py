"""The warning chain against the water's arrival."""

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import deaths, warning
from tests.metrics.logs import LOWER, UPPER, facts, log, row

EVENTS = log(
    row(1, Kind.FORECAST, LOWER),
    row(1, Kind.FORECAST, UPPER),
    row(4, Kind.ORDERED, LOWER),
    row(4.2, Kind.WARNED, LOWER, persons=80),
    row(6, Kind.CALLED_OUT, LOWER),
    row(6.25, Kind.ANSWERED, LOWER),
    row(8, Kind.WATER_ARRIVES, LOWER, LOWER, amount=0.5),
    row(8, Kind.WARNED, LOWER, persons=70),
    row(9, Kind.WARNED, UPPER, persons=130),
    row(9, Kind.DIED, LOWER, item=0, persons=3),
)


def test_warned_before_the_water() -> None:
    assert warning.warned_before_impact(EVENTS, facts()).tolist() == [100, 80]
    assert warning.warned(EVENTS, facts()).tolist() == [100, 150]
    assert warning.share_warned_before_impact(EVENTS, facts()) == 0.4
    assert np.isnan(warning.share_warned_before_impact(log(), facts()))


def test_leads_count_villages_reached_only() -> None:
    leads = {step: warning.lead_h(EVENTS, facts(), step).tolist() for step in ("forecast", "warning", "answered")}
    assert leads == {"forecast": [7], "warning": [4], "answered": [1.75]}
    assert warning.median_lead_h(EVENTS, facts(), "call_out") == 2


def test_steps_in_time() -> None:
    assert warning.share_warned_in_steps(EVENTS, facts()) == 1.0
    assert warning.share_warned_in_steps(EVENTS, facts(), warning_h=4.5) == 0.0


def test_a_step_that_never_came_has_failed() -> None:
    events = log(row(1, Kind.FORECAST, LOWER), row(8, Kind.WATER_ARRIVES, LOWER))
    assert warning.lead_h(events, facts(), "answered").tolist() == [-np.inf]
    assert warning.share_warned_in_steps(events, facts()) == 0.0


def test_deaths_against_the_people_of_the_jurisdiction() -> None:
    assert deaths.deaths_per_million(EVENTS, facts()) == 1.5
    assert np.isnan(deaths.deaths_per_million(EVENTS, facts(jurisdiction_population=0.0)))
