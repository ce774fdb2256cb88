"""A silent village that acts alone earlier never harms, on paired means; one that never does so changes nothing."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.communication.channels import Channel, PowerArea, Station
from simrescue.hazards.flood.settings import Flood
from simrescue.metrics import summarise
from simrescue.places import Village
from simrescue.scenario.records import Command, Evacuation, Scenario, Warning
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NEVER_H, NOBODY

REPLICATIONS = 8


def row(after_h: float | None) -> World:
    """Three villages whose power is cut eight hours before the water, and with it their network; no order comes in."""
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", ground_spread_m=3.0, **at(i, 0)) for i in range(3)
    )
    silent = Command(report_h=0.5, contact_loss=0, silence_h=NEVER_H)
    warning = Warning(forecast=30.0, call_out=30.0, alone_after_h=after_h)
    made: Scenario = flooded_row(
        depth_m=2.5,
        villages=villages,
        channels=tuple(Channel(id=kind, kind=kind) for kind in ("public", "whistle")),
        stations=(Station(id="mast", elevation_m=30.0, radius_km=50, backup_h=0.1, **at(1, 0)),),
        power=(PowerArea(id="room", elevation_m=30.0, cut=2.0, restored=39.0, **at(1, 0)),),
        settings=settings(
            40.0, hazard=Flood(uncertainty=CERTAIN), command=silent, warning=warning, evacuation=Evacuation()
        ),
        **NOBODY,
    )
    return compile_world(made)


def numbers(after_h: float | None, name: str) -> NDArray[np.float64]:
    world = row(after_h)
    return np.array([summarise(simulate(world, 1, number), world.facts)[name] for number in range(REPLICATIONS)])


@pytest.mark.parametrize("name", ["trapped", "deaths", "injured"])
def test_earlier_never_harms(name: str) -> None:
    means = [numbers(after_h, name).mean() for after_h in (0.0, 3.0, 6.0, None)]
    assert means == sorted(means)


def test_it_moves_something() -> None:
    assert numbers(0.0, "trapped").mean() < numbers(None, "trapped").mean()


def test_hours_that_never_pass_leave_the_log_as_it_is() -> None:
    never, plain = row(NEVER_H), row(None)
    for number in range(2):
        for was, now in zip(simulate(plain, 1, number)[:9], simulate(never, 1, number)[:9], strict=True):
            assert np.array_equal(was, now)
