"""The measures that clauses of plans can name: one number from a log, with the clause's settings.

Settings come as a mapping of inside units: `limit_h` (hours), `clock`, `needs` (names), `who`, `tasks`, `kinds`,
`levels`, `forecast_h`, `warning_h`, `answered_h`. What a clause leaves out has the default of the metric.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from simrescue.events import EventLog
from simrescue.metrics import response, supply
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import deaths, relief, warning, whereabouts
from simrescue.metrics.wildfire import air, fire, fire_line
from simrescue.metrics.wildfire.fire_summary import exposed_persons, waits_h
from simrescue.places import NEEDS

Settings = Mapping[str, Any]


class Measure(NamedTuple):
    """A measure with what a clause may set and how its value is shown."""

    value: Callable[[EventLog, Facts, Settings], float]
    settings: frozenset[str]
    unit: str
    """share, h, ha, persons, count, or per million."""
    hazard: str = ""
    """Kind of the only hazard that it can be measured in; empty: any."""
    two_clocks: bool = False
    """Whether it is always timed from a report; others are where their setting `clock` says so."""


def _relieved(log: EventLog, facts: Facts, settings: Settings) -> float:
    named = settings.get("needs")
    needs = tuple(sorted(NEEDS.index(need) for need in named)) if named else None
    clock, who = settings.get("clock", "village_impact"), settings.get("who", "affected")
    return relief.share_relieved(log, facts, settings["limit_h"], clock, needs, who)


def _last_relief(log: EventLog, facts: Facts, settings: Settings) -> float:
    return relief.relief_quantile_h(log, facts, 1.0, settings.get("clock", "village_impact"))


def _responded(log: EventLog, facts: Facts, settings: Settings) -> float:
    chosen = {name: tuple(settings[name]) for name in ("tasks", "kinds", "levels") if settings.get(name)}
    return response.share_responded(log, facts, settings["limit_h"], **chosen, clock=_clock(settings))


def _air(log: EventLog, facts: Facts, settings: Settings) -> float:
    return air.share_air_arrivals(log, facts, settings["limit_h"], _clock(settings))


def _supplied(log: EventLog, _: Facts, settings: Settings) -> float:
    return supply.share_supplied(log, settings["limit_h"], _clock(settings))


def _clock(settings: Settings) -> str:
    """The clock of a measure that has two: from the report, unless the second reading is asked for."""
    return str(settings.get("clock", "report"))


def _in_steps(log: EventLog, facts: Facts, settings: Settings) -> float:
    chosen = {name: settings[name] for name in ("forecast_h", "warning_h", "answered_h") if name in settings}
    return warning.share_warned_in_steps(log, facts, **chosen)


def _moved(log: EventLog, facts: Facts, settings: Settings) -> float:
    return whereabouts.share_moved_before_impact(log, facts, settings.get("who", "ordered"))


def _fires_within(step: str) -> Measure:
    """Share of the fires whose wait for a step (a name of `waits_h`) is within the limit."""

    def value(log: EventLog, facts: Facts, settings: Settings) -> float:
        return fire.share_within(log, facts, waits_h(log, facts, _clock(settings))[step], settings["limit_h"])

    return Measure(value, frozenset({"limit_h"}), "share", "wildfire", two_clocks=step != "found")


def _slowest_fire(step: str) -> Measure:
    """Hours of the slowest fire until a step (a name of `waits_h`)."""

    def value(log: EventLog, facts: Facts, settings: Settings) -> float:
        return fire.slowest_h(log, facts, waits_h(log, facts, _clock(settings))[step])

    return Measure(value, frozenset(), "h", "wildfire", two_clocks=True)


def _if_fire(value: Callable[[EventLog, Facts], float], unit: str) -> Measure:
    """A number that only a scenario with fires has."""

    def known(log: EventLog, facts: Facts, _: Settings) -> float:
        return value(log, facts) if facts.is_fire else float("nan")

    return Measure(known, frozenset(), unit, "wildfire")


MEASURES: dict[str, Measure] = {
    "share_relieved": Measure(_relieved, frozenset({"limit_h", "clock", "needs", "who"}), "share"),
    "relief_last_h": Measure(_last_relief, frozenset({"clock"}), "h"),
    "share_responded": Measure(
        _responded, frozenset({"limit_h", "tasks", "kinds", "levels"}), "share", two_clocks=True
    ),
    "share_air_arrivals": Measure(_air, frozenset({"limit_h"}), "share", two_clocks=True),
    "share_supplied": Measure(_supplied, frozenset({"limit_h"}), "share", two_clocks=True),
    "share_warned_before_impact": Measure(
        lambda log, facts, _: warning.share_warned_before_impact(log, facts), frozenset(), "share"
    ),
    "share_warned_in_steps": Measure(_in_steps, frozenset({"forecast_h", "warning_h", "answered_h"}), "share", "flood"),
    "share_moved_before_impact": Measure(_moved, frozenset({"who"}), "share"),
    "deaths_per_million": Measure(
        lambda log, facts, _: deaths.deaths_per_million(log, facts), frozenset(), "per million"
    ),
    "requests_short_of_stock": Measure(lambda log, *_: supply.requests_short_of_stock(log), frozenset(), "count"),
    "share_fires_found": _fires_within("found"),
    "share_fires_staged": _fires_within("staged"),
    "share_fires_attacked": _fires_within("on_line"),
    "share_fires_by_air": _fires_within("by_air"),
    "share_fires_contained": _fires_within("contained"),
    "share_fires_out": _fires_within("out"),
    "fire_contained_h": _slowest_fire("contained"),
    "fire_out_h": _slowest_fire("out"),
    "burned_ha": _if_fire(lambda log, facts: float(fire.burned_ha(log, facts).sum()), "ha"),
    "largest_fire_ha": Measure(lambda log, facts, _: fire.largest_ha(log, facts), frozenset(), "ha", "wildfire"),
    "exposed_to_flames": _if_fire(exposed_persons, "persons"),
    "overrun": _if_fire(lambda log, facts: float(fire_line.overrun(log, facts).sum()), "persons"),
}
"""Measures of a log by name. Measures of the scenario alone are static: see `scenario.static_measures`."""


def measure(log: EventLog, facts: Facts, name: str, settings: Settings) -> float:
    """The value of a measure for one log; nan where nothing was there to be measured. Raises KeyError by name."""
    return float(MEASURES[name].value(log, facts, settings))


def has_two_clocks(name: str, settings: Settings) -> bool:
    """Whether a measure is timed from a report, and so has a second reading, from when the need was true."""
    return MEASURES[name].two_clocks or settings.get("clock") == "report"


def measure_from_need(log: EventLog, facts: Facts, name: str, settings: Settings) -> float:
    """The second reading of a measure that is timed from a report: from when each need was true; nan for others."""
    if not has_two_clocks(name, settings):
        return float("nan")
    return measure(log, facts, name, {**settings, "clock": "need"})
