"""One officer more never makes the call come later, and who may miss calls never makes it come earlier."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.metrics.reading import village_times
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Command, Scenario, Warning
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import at
from tests.simulation.story import NOBODY, dry_row

REPLICATIONS = 12
NEVER_H = 1e3


def hours(officers: int | None, **parameters: float) -> NDArray[np.float64]:
    """Hour of the first answer of three villages in each replication, called by night without any water."""
    villages = tuple(
        Village(id=f"village-{i}", population=30, officers=officers, order=2.0 + i, **at(i, 0)) for i in range(3)
    )
    scenario: Scenario = dry_row(
        12.0,
        Command(report_h=0.5, contact_loss=0),
        villages=villages,
        sections={"warning": Warning(answer_h=0.2), "parameters": Parameters(**parameters)},
        **NOBODY,
    )
    world = compile_world(scenario)
    rows = [village_times(simulate(world, 1, number), world.facts, Kind.ANSWERED) for number in range(REPLICATIONS)]
    return np.minimum(np.array(rows), NEVER_H)


@pytest.mark.parametrize("officers", [1, 2, 3])
def test_one_officer_more_is_never_later(officers: int) -> None:
    few, many = (
        hours(number, officer_away_share=0.4, officer_missed_night_share=0.5) for number in (officers, officers + 1)
    )
    assert (many <= few + 1e-9).all()
    assert many.sum() < few.sum()


@pytest.mark.parametrize(
    "name", ["officer_away_share", "officer_missed_night_share", "officer_again_h", "officer_next_h"]
)
def test_worse_calls_are_never_earlier(name: str) -> None:
    plain = {"officer_away_share": 0.2, "officer_missed_night_share": 0.5}
    good, bad = hours(2, **plain), hours(2, **plain | {name: plain.get(name, 0.25) + 0.2})
    assert (bad >= good - 1e-9).all() if name != "officer_next_h" else bad.mean() >= good.mean()


def test_no_officer_is_sooner_than_somebody_who_always_answers() -> None:
    assert (hours(1, officer_away_share=0.2) >= hours(None) - 1e-9).all()
    sure = hours(1, officer_away_share=0, officer_missed_share=0, officer_missed_night_share=0)
    assert (sure == hours(None)).all()
