"""Known directions of a fought fire on common random numbers: hands, eyes and water help, wind harms.

Each on the mean over the same 30 replications of the small fire that comes with the program, seed 1: numbers fixed
before the first run. Single replications may go the other way (see "How it is fought" in docs/fire.md).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from simrescue import load
from simrescue.events import EventKind as Kind
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
REPLICATIONS = 30
Change = Callable[[Scenario, float], Scenario]


def hands(scenario: Scenario, factor: float) -> Scenario:
    """So many times the people in every team and wanted in every stage."""
    fire = scenario.settings.wildfire
    stages = tuple(changed(stage, persons=round(stage.persons * factor)) for stage in fire.stages)
    settings = changed(scenario.settings, hazard=changed(fire, stages=stages))
    teams = tuple(changed(team, size=round(team.size * factor)) for team in scenario.teams)
    return changed(scenario, settings=settings, teams=teams)


def later_eyes(scenario: Scenario, factor: float) -> Scenario:
    """Everybody looks so many times as seldom, and tells so much later."""
    eyes = tuple(changed(d, revisit_h=d.revisit_h * factor, delay_h=d.delay_h * factor) for d in scenario.detectors)
    return changed(scenario, detectors=eyes)


def wind(scenario: Scenario, factor: float) -> Scenario:
    """So many times the wind, all along."""
    return changed(scenario, weather=tuple(changed(one, wind_ms=one.wind_ms * factor) for one in scenario.weather))


def water(scenario: Scenario, factor: float) -> Scenario:
    """So many times the pumps of every team, and the load of every bucket."""
    teams = tuple(changed(team, pumps=round(team.pumps * factor)) for team in scenario.teams)
    aircraft = tuple(changed(one, bucket_t=one.bucket_t * factor) for one in scenario.helicopters)
    return changed(scenario, teams=teams, helicopters=aircraft)


def held_water(scenario: Scenario, factor: float) -> Scenario:
    """So many times 20 t in every water source, and so many times the tanks of every pump; infinite: no end of it."""
    holds_t = None if factor == math.inf else 20.0 * factor
    sources = tuple(changed(source, holds_t=holds_t) for source in scenario.water_sources)
    tanks = min(factor, 20.0)
    teams = tuple(changed(team, tank_t=team.tank_t * tanks) for team in scenario.teams)
    return changed(scenario, water_sources=sources, teams=teams)


def changed(record: Any, **fields: Any) -> Any:
    return record.model_copy(update=fields)


@cache
def mean_ha(change: Change, factor: float) -> float:
    """Hectares burned in the end, on the average."""
    world = compile_world(change(load(TINY), factor))
    cells = sum(len(simulate(world, 1, number).where(Kind.BURNS)) for number in range(REPLICATIONS))
    return cells * world.facts.cell_ha / REPLICATIONS


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "factors"),
    [
        (hands, (2.0, 1.0, 0.5)),
        (later_eyes, (0.5, 1.0, 3.0)),
        (wind, (0.5, 1.0, 1.3)),
        (water, (2.0, 1.0, 0.0)),
        (held_water, (math.inf, 1.01, 0.0)),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_the_mean_area_is_never_larger_with_more_help_or_less_wind(change: Change, factors: tuple[float, ...]) -> None:
    areas = [mean_ha(change if factor != 1 else hands, factor) for factor in factors]
    assert areas == sorted(areas)
    assert areas[0] < areas[-1]
