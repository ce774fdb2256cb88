"""How often the hazard is looked at is not what happens: figures at whole hours do not depend on it."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simrescue import load
from simrescue.metrics.wildfire.fire import burned_curve_ha, burned_ha
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from simrescue.units import step_end_h

FIRE = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
HOURS = np.arange(1.0, 5.0)


def burned(step: str) -> list[float]:
    """Hectares at 1, 2, 3 and 4 h of a fire that nobody fights."""
    sets = {"duration": "4 h", "hazard.step": step, "hazard.spotting": 0, "teams.*.count": 0, "helicopters.*.count": 0}
    world = compile_world(load(FIRE, sets=sets))
    log = simulate(world, 3, 0)
    assert burned_curve_ha(log, world.facts, HOURS)[-1] == burned_ha(log, world.facts).sum(), "the end is a part of it"
    return burned_curve_ha(log, world.facts, HOURS).tolist()


@pytest.mark.parametrize("step", ["5 min", "3 min", "0.05 h", "6 min", "0.1 h", "20 min"])
def test_the_same_area_at_whole_hours_for_any_step_that_divides_them(step: str) -> None:
    assert burned(step) == burned("1 min")
    assert burned(step)[-1] > 0


def test_other_steps_see_no_more_and_all_of_it_one_step_later() -> None:
    exact, seven = burned("1 min"), burned("7 min")
    assert all(seen <= truly for seen, truly in zip(seven, exact, strict=True))


@pytest.mark.parametrize("each_h", [1 / 12, 0.05, 0.1, 1 / 60, 7 / 60, 0.25, 0.01])
def test_steps_end_at_whole_seconds_to_the_last_digit(each_h: float) -> None:
    for number in range(1, 20_000):
        hour = step_end_h(number, each_h)
        assert abs(hour - number * each_h) < 1e-9
        assert hour == round(number * each_h * 3600) / 3600, "as the same moment is read from a file"
