"""Deeper water never kills fewer, and no house is a refuge from any depth."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.depth_effects import refuge_limits_m, refuges
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Scenario
from tests.factories import at, flooded_row
from tests.simulation.story import NOBODY, tell

DEPTHS_M = (1.0, 1.5, 3.0, 4.4, 4.7, 7.1, 7.4, 12.0, 38.8, 9000.0)
_, FLOOR_M, ROOF_M = refuge_limits_m(Parameters())


def drowned(depth_m: float, upper_floor: float) -> Scenario:
    villages = tuple(
        Village(id=f"village-{i}", population=300, zone="river", upper_floor=upper_floor, **at(i, 0)) for i in range(3)
    )
    return flooded_row(depth_m=depth_m, villages=villages, **NOBODY)


def deaths(depth_m: float, upper_floor: float) -> float:
    stories = [tell(drowned(depth_m, upper_floor), replication=replication) for replication in range(4)]
    return float(np.mean([story.persons(Kind.DIED) for story in stories]))


@pytest.mark.parametrize("upper_floor", [0.0, 0.5, 0.95, 1.0])
def test_deeper_water_never_kills_fewer(upper_floor: float) -> None:
    found = [deaths(depth_m, upper_floor) for depth_m in DEPTHS_M]
    chance = 2 * np.sqrt(np.array(found[:-1]) / 4 + 1)  # of the mean of four binomial counts
    assert (np.diff(found) >= -chance).all(), dict(zip(DEPTHS_M, found, strict=True))


def test_upper_floors_and_roofs_are_safe_only_up_to_their_height() -> None:
    below, on_floors, on_roofs = (deaths(depth_m, 1.0) for depth_m in (FLOOR_M - 0.1, ROOF_M - 0.1, ROOF_M + 0.1))
    assert below == 0
    assert 0 < on_floors < 0.15 * on_roofs  # 5 % of those upstairs do not get on the roof
    assert deaths(9000.0, 1.0) > 0.9 * deaths(9000.0, 0.0) > 500


@pytest.mark.parametrize("persons", [0, 1, 7, 300])
@pytest.mark.parametrize("upper_floor", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("roof", [0.0, 0.95, 1.0])
def test_refuges_hold_everybody_once(persons: int, upper_floor: float, roof: float) -> None:
    found = refuges(persons, upper_floor, roof)
    assert sum(found) == persons
    assert min(found) >= 0
