"""Response levels by rule, on paper: when what starts them is met by the forecast, and what would happen then."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from simrescue.responders import RESPONSE_LEVELS
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.preflight.findings import Finding, duration
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.records import Scenario
from simrescue.scenario.response_records import Measured, Trigger
from simrescue.wording import Words, bilingual


def triggers_on_paper(look: Look) -> Iterator[Finding]:
    """When each reading that starts a response level is met by the mean flood and by the readings from outside."""
    for trigger in look.scenario.triggers:
        if trigger.at_least is None or trigger.kind not in ("reading", "warning", "order"):
            continue
        series = _series(look.scenario, trigger)
        if series is None:
            continue
        met_h, highest = _met_h(series, trigger), Measured(float(series[1].max()), trigger.at_least.unit)
        words = {"trigger": _shown(trigger), "level": trigger.level}
        if _is_always_met(look.scenario, trigger):
            message = bilingual(
                "{trigger} starts response level {level}, and is met by every level of zone {zone}, the lowest too:"
                " another unit or datum?", zone=trigger.of, **words,
            )  # fmt: skip
            yield Finding("doubtful", "level", trigger.id, *message, {"lowest": float(series[1].min())})
            continue
        if look.scenario.settings.duration_h <= met_h < math.inf:
            message = bilingual(
                "{trigger} starts response level {level}, and is met by the forecast only after {hours}, when the run"
                " has ended", hours=duration(met_h), **words,
            )  # fmt: skip
            yield Finding("doubtful", "level", trigger.id, *message, {"met_h": met_h})
        elif math.isfinite(met_h):
            message = bilingual(
                "{trigger} starts response level {level}: by the forecast after {hours}", hours=duration(met_h), **words
            )
            yield Finding("note", "level", trigger.id, *message, {"met_h": met_h})
        else:
            message = bilingual(
                "{trigger} starts response level {level}, and is never met by the forecast: highest {highest}",
                highest=str(highest), **words,
            )  # fmt: skip
            yield Finding("doubtful", "level", trigger.id, *message, {"highest": highest.value})


def _series(scenario: Scenario, trigger: Trigger) -> tuple[np.ndarray, np.ndarray, np.ndarray] | None:
    """Hours at which something is so, what is so, and when it is known, of what a trigger looks at."""
    rows = [row for row in scenario.readings if row.gauge == trigger.of]
    if rows:
        known = [row.time_h if row.known_h is None else row.known_h for row in rows]
        return np.array([row.time_h for row in rows]), np.array([row.value.value for row in rows]), np.array(known)
    points = [row for row in scenario.levels if row.zone == trigger.of]
    if not points:
        return None
    corners = np.array([point.time_h for point in points])
    hours = np.unique(np.concatenate([corners, np.arange(corners[0], corners[-1], 1 / 12)]))
    return hours, np.interp(hours, corners, [point.level_m for point in points]), np.full(len(hours), -np.inf)


def _is_always_met(scenario: Scenario, trigger: Trigger) -> bool:
    """Whether a stage is met by water that rises, also before it does; a gauge with readings is read by these."""
    is_read = any(row.gauge == trigger.of for row in scenario.readings)
    levels = [] if is_read else [point.level_m for point in scenario.levels if point.zone == trigger.of]
    lowest = min(levels, default=math.inf)
    assert trigger.at_least is not None
    return trigger.kind == "reading" and bool(levels) and trigger.at_least.value <= lowest < max(levels)


def _met_h(series: tuple[np.ndarray, np.ndarray, np.ndarray], trigger: Trigger) -> float:
    hours, values, known = series
    assert trigger.at_least is not None
    holds = (values >= trigger.at_least.value) & (values < (trigger.below.value if trigger.below else np.inf))
    seen_h = np.maximum(np.maximum(hours - trigger.ahead_h, known), 0.0)
    return float(seen_h[holds].min(initial=np.inf))


def _shown(trigger: Trigger) -> Words:
    return Words(trigger.name or trigger.name_zh or trigger.id, trigger.name_zh or trigger.name or trigger.id)


def levels_of_no_effect(look: Look) -> Iterator[Finding]:
    """Levels with triggers beside stated hours, and levels at which nothing happens."""
    scenario = look.scenario
    settings, levels = scenario.settings, {trigger.level for trigger in scenario.triggers}
    if levels and settings.command.levels:
        message = bilingual(
            "{file} declares nothing: {setting} states when levels were declared; a run shows when they were due",
            file="triggers.csv", setting="command.levels",
        )  # fmt: skip
        yield Finding("note", "level", "", *message, {})
    waited_for = {row.release for row in scenario.responders if row.count}
    for level in sorted(levels, key=lambda name: RESPONSE_LEVELS[name]):
        if level not in waited_for and not settings.response.of(RESPONSE_LEVELS[level]).orders:
            message = bilingual(
                "response level {level} changes nothing: no responder waits for it, and it orders nothing", level=level
            )
            yield Finding("note", "level", level, *message, {})


def orders_to_nobody(look: Look) -> Iterator[Finding]:
    """Levels that order people out where no village is under an evacuation order."""
    scenario = look.scenario
    for level, number in RESPONSE_LEVELS.items():
        rule = scenario.settings.response.of(number)
        concerned = [village for village in scenario.villages if village.zone in rule.zones or not rule.zones]
        if "evacuate" in rule.orders and not any(village.ordered for village in concerned):
            setting = f"response.{level}.orders"
            message = bilingual(
                '{file}, {setting}: "{value}": no village there is under the order ({column}), so nobody is moved',
                file=SCENARIO_FILE, setting=setting, value="evacuate", column="ordered",
            )  # fmt: skip
            yield Finding("doubtful", "level", setting, *message, {})


LEVEL_CHECKS = (triggers_on_paper, levels_of_no_effect, orders_to_nobody)
"""Asked of every scenario."""
