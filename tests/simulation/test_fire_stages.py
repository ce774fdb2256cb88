"""Stages of the response, and what a fire needs by its state."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import BURNING, CONTAINED, CONTROLLED, ESCAPED, OUT, FireState
from simrescue.hazards.wildfire.settings import Stage
from simrescue.parameters import Parameters
from simrescue.scenario.load import load
from simrescue.simulation.command.wildfire.fire_stages import highest_stage, wanted
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.simulation.story import Story

DEFAULT = Parameters()

STAGES = (Stage(persons=40), Stage(area_ha=10, persons=80), Stage(area_ha=100, after_h=6, persons=200))


@pytest.mark.parametrize(
    ("area_ha", "since_h", "expected"),
    [(0, 0, 0), (9.9, 0, 0), (10, 0, 1), (100, 0, 2), (1, 6, 2), (1, 5.9, 0), (500, 24, 2)],
)
def test_the_highest_stage_by_area_or_time(area_ha: float, since_h: float, expected: int) -> None:
    assert highest_stage(STAGES, area_ha, since_h, 3) == expected


def test_a_stage_may_be_wanted_from_a_grade_of_danger_on() -> None:
    stages = (Stage(persons=40), Stage(area_ha=10, danger=3, persons=80), Stage(danger=5, persons=200))
    assert [highest_stage(stages, 0, 0, danger) for danger in (1, 2, 3, 4, 5)] == [0, 0, 1, 1, 2]
    assert highest_stage(stages, 20, 0, 1) == 1
    assert highest_stage(stages[1:], 0, 0, 2) == -1


def test_more_go_to_a_fire_after_a_long_drought() -> None:
    """The second stage of the small fire, sent from grade IV on."""

    def crews_sent(days: int) -> int:
        stages = [{"persons": 40}, {"danger": 4, "persons": 80, "level": "IV"}, {"area_ha": 99999, "level": "III"}]
        sets = {"hazard.stages": stages, "hazard.danger.dry_days": days, "duration": "6 h"}
        world = compile_world(load("scenarios/tiny-fire", sets=sets))
        return len({row.subject for row in Story(world, simulate(world, 1, 0)).rows(Kind.ASSIGNED)})

    assert crews_sent(20) > crews_sent(0) > 0


def test_a_response_may_begin_with_a_stage_that_is_not_reached_yet() -> None:
    assert highest_stage(STAGES[1:], 1, 1, 5) == -1
    assert highest_stage((), 1000, 100, 5) == -1


def stands(state: int, perimeter_km: float = 2.0, open_km: float = 0.0) -> FireState:
    """A fire in a state."""
    return FireState(state, 10, perimeter_km, open_km, 0, 0, 0, 0)


def test_what_a_fire_needs_falls_as_it_is_held() -> None:
    mop_up, watch = DEFAULT.mop_up_persons_per_km * 2, DEFAULT.watch_persons_per_km * 2
    assert wanted(stands(BURNING, open_km=2), (300, 3), 0, DEFAULT) == (300, 3)
    assert wanted(stands(CONTAINED), (300, 3), 0, DEFAULT) == (mop_up, 0)
    assert wanted(stands(CONTROLLED), (300, 3), 300, DEFAULT) == (watch, 0)
    assert wanted(stands(OUT), (300, 3), 300, DEFAULT) == (0, 0)
    assert wanted(stands(CONTAINED), (5, 3), 300, DEFAULT) == (5, 0)


@pytest.mark.parametrize(("share", "stay"), [(0.0, 40), (0.1, 40), (0.5, 101), (1.0, 201)])
def test_a_share_of_those_who_held_it_stays_until_it_is_mopped_up(share: float, stay: int) -> None:
    """2 km of edge, 201 people on it when it was closed."""
    parameters = Parameters(contained_stay_share=share)
    assert wanted(stands(CONTAINED), (300, 3), 201, parameters) == (stay, 0)


def test_a_fire_off_the_map_is_fought_where_it_is_open() -> None:
    assert wanted(stands(ESCAPED, open_km=0.5), (300, 3), 0, DEFAULT) == (300, 3)
    assert wanted(stands(ESCAPED), (300, 3), 0, DEFAULT) == (0, 0)
