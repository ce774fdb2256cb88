"""Work in the heat: the published points, and that hotter or damper air never lets people do more."""

from __future__ import annotations

import pytest

from simrescue.hazards.wildfire.suppression.heat_strain import (
    LEAST,
    globe_temperature_c,
    wet_bulb_c,
    work_capacity,
)
from simrescue.parameters import Parameters
from simrescue.simulation.missions.wildfire.line_assignment import LineAssignment
from tests.simulation.fake_fire import burning_hills, crews, fake, run

DEFAULT = Parameters()
HALF_C = DEFAULT.heat_half_work_c


def test_the_wet_bulb_is_that_of_stulls_example() -> None:
    assert wet_bulb_c(20.0, 0.5) == pytest.approx(13.7, abs=0.05)


def test_half_of_what_heat_can_take_is_gone_at_the_half_way() -> None:
    assert work_capacity(HALF_C, HALF_C) == pytest.approx(LEAST + (1 - LEAST) / 2)
    assert work_capacity(15.0, HALF_C) > 0.999
    assert work_capacity(60.0, HALF_C) == pytest.approx(LEAST, abs=1e-3)
    assert work_capacity(45.0, 1000.0) == 1.0


@pytest.mark.parametrize("is_light", [True, False])
def test_hotter_or_damper_air_never_lets_people_do_more(is_light: bool) -> None:
    done = [
        [work_capacity(globe_temperature_c(t, h, is_light=is_light), HALF_C) for t in range(-20, 46, 5)]
        for h in (0.1, 0.3, 0.6, 0.95)
    ]
    assert all(row == sorted(row, reverse=True) for row in done)
    warm = [column[8:] for column in done]
    assert all(list(by_damp) == sorted(by_damp, reverse=True) for by_damp in zip(*warm, strict=True))


def work_h(temperature_c: float) -> float:
    sim = burning_hills(teams=crews(1))
    fake(sim).temperature_c, fake(sim).humidity = temperature_c, 0.3
    run(sim, 3)
    assignment: LineAssignment = next(iter(sim.fires.assignments.values()))
    assignment.since_h = sim.env.now
    return assignment.take_work(sim.env.now + 1.0)


def test_a_crew_puts_in_less_on_a_hot_afternoon() -> None:
    in_the_cool, in_the_heat = work_h(10.0), work_h(41.0)
    wbgt_c = globe_temperature_c(41.0, 0.3, is_light=True)
    assert in_the_heat / in_the_cool == pytest.approx(work_capacity(wbgt_c, HALF_C), rel=1e-3)
