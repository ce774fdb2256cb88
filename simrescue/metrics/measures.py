"""The measures of event logs that clauses of plans can name, joined from the files that declare them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simrescue.events import EventLog
from simrescue.metrics import levels, losses, restoration
from simrescue.metrics.base import MEASURES, MeasureSettings, register
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import (
    deaths,
    mutual_help,
    relief,
    silence,
    trapped_people,
    village_news,
    warning,
    whereabouts,
)
from simrescue.metrics.requests import aid, response, supply, turnout
from simrescue.metrics.wildfire import air, fire_promises, fire_summary

for _file in (
    relief,
    response,
    turnout,
    levels,
    aid,
    restoration,
    air,
    supply,
    warning,
    silence,
    mutual_help,
    whereabouts,
    trapped_people,
    village_news,
    deaths,
    losses,
    fire_summary,
    fire_promises,
):
    for _measure in _file.MEASURES:
        register(_measure)


def measure(log: EventLog, facts: Facts, name: str, settings: Mapping[str, Any] | MeasureSettings) -> float:
    """The value of a measure in one replication, in the unit of the measure.

    Args:
        log: the event log of the replication.
        facts: what stood fixed in it.
        name: a measure of a log.
        settings: what the clause sets, by Python name in inside units; what it leaves out has the measure's default.

    Returns:
        The value; infinite for never, nan where nothing was there to be measured, as in a scenario without
        the hazards of the measure.

    Raises:
        KeyError: where there is no such measure.
        TypeError: where the measure needs no log, but the scenario.
        pydantic.ValidationError: for a setting that the measure does not have, or that it needs and that is not given.
    """
    definition = MEASURES[name]
    if definition.of_log is None:
        raise TypeError(f"{name} is answered by the scenario, not by a log")
    read = definition.read(settings)
    if not definition.is_for(facts.hazards):
        return float("nan")
    return float(definition.of_log(log, facts, read))


def measure_from_need(log: EventLog, facts: Facts, name: str, settings: Mapping[str, Any] | MeasureSettings) -> float:
    """The second reading of a measure that is timed from a report: from when each need was true; nan for others.

    Arguments and errors as of `measure`.
    """
    definition = MEASURES[name]
    given = settings.given() if isinstance(settings, MeasureSettings) else settings
    return measure(log, facts, name, {**given, "clock": "need"}) if definition.has_two_clocks(given) else float("nan")
