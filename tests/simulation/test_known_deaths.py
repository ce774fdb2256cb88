"""Counts of deaths that a level goes by are late and wrong by level: they grow for days, and posts withhold some."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simrescue.scenario.records import Scenario
from simrescue.scenario.response_records import Measured, Response, Trigger
from simrescue.simulation.levels.readings import Readings
from tests.simulation.story import by_hand
from tests.simulation.test_levels_by_rule import county, trigger
from tests.simulation.test_posts import chain

DEAD = trigger("dead", kind="loss", of="dead", at_least=Measured(1.0, ""))
MEAN_H = 720.0
"""Thirty days: of 380 dead of Zhengzhou 97 stood in the count after nine."""


def plain(trigger: Trigger = DEAD, growth_h: float = 0.0, **tables: Any) -> Scenario:
    scenario = county(trigger, hours=240.0, **tables)
    response = Response(watch_h=0.25, count_growth_h=growth_h)
    return scenario.model_copy(update={"settings": scenario.settings.model_copy(update={"response": response})})


def counted(scenario: Scenario, hours: float) -> tuple[float, float]:
    """What is known of a hundred deaths in the first village when they are told, and so many hours later."""
    sim = by_hand(scenario)
    readings, village = Readings(sim), sim.villages[0]
    village.dead += 100
    readings.look()
    first = readings.value(DEAD)
    sim.env.run(until=hours)
    village.dead = 100
    readings.look()
    return first, readings.value(DEAD)


def test_without_growth_all_that_is_told_is_known() -> None:
    assert counted(plain(), 1.0) == (100.0, 100.0)


def test_a_count_grows_for_days() -> None:
    first, later = counted(plain(growth_h=MEAN_H), 216.0)
    assert first == 0.0
    assert later == pytest.approx(100 * (1 - math.exp(-216.0 / MEAN_H)))
    assert later / 100 == pytest.approx(97 / 380, abs=0.01)


def test_what_posts_withhold_is_missing_above_them() -> None:
    village = str(county().villages[0].id)
    town, office, city = chain()
    hides = town.model_copy(update={"withheld": 0.25, "serves": (village,)})
    assert counted(plain(posts=(hides, office, city)), 1.0)[0] == 75.0
    above = office.model_copy(update={"withheld": 0.25})
    own = town.model_copy(update={"serves": (village,)})
    assert counted(plain(posts=(own, above, city)), 1.0)[0] == 100.0, "command knows what it withholds from the city"


def test_what_was_told_stays_known_when_the_village_falls_silent() -> None:
    sim = by_hand(plain())
    readings, village = Readings(sim), sim.villages[0]
    village.dead += 3
    readings.look()
    sim.contact.fail(0, -1, 100.0)
    village.dead += 2
    readings.look()
    assert readings.value(DEAD) == 3.0


def test_the_dead_of_a_village_are_not_among_the_moved() -> None:
    sim = by_hand(plain())
    readings, village = Readings(sim), sim.villages[0]
    moved = trigger("moved", kind="loss", of="moved", at_least=Measured(1.0, ""))
    village.dead += 30
    readings.look()
    sim.command.estimates.count(0, village.record.population - 50, math.inf)
    assert readings.value(moved) == 20.0
