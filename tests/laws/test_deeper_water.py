"""Deeper water never kills fewer by any curve, no house is safe at any depth, and deaths drawn are those expected.

Nobody leaves, however deep it will be, and nobody is injured: what is tried is who dies of those in the water.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.houses import HELPLESS_ABOVE, HIGH_ROOF, Houses, refuge_limits_m
from simrescue.hazards.flood.mortality import CURVE_NAMES, CurveName, ExpectedDeaths, Water
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Evacuation, Health, Scenario
from simrescue.simulation.villages.exposure import Exposure
from tests.factories import at, flooded_row
from tests.simulation.story import NOBODY, Story, tell

DEPTHS_M = (1.0, 1.5, 3.0, 4.4, 4.7, 7.1, 7.4, 12.0, 38.8, 9000.0)
FLOOR_M, ROOF_M = (refuge_limits_m(Parameters())[refuge] for refuge in (HELPLESS_ABOVE, HIGH_ROOF))


def drowned(depth_m: float, curve: CurveName, **houses: float) -> Scenario:
    villages = tuple(Village(id=f"village-{i}", population=300, zone="river", **houses, **at(i, 0)) for i in range(3))
    scenario = flooded_row(depth_m=depth_m, villages=villages, **NOBODY)
    settings = scenario.settings.model_copy(update={
        "health": Health(mortality=curve, injured=0),
        "evacuation": Evacuation(
            refuse=1, leave_by_cue=0, persuaded_by_call=0, persuaded_by_knock=0, persuaded_by_speaker=0
        ),
    })  # fmt: skip
    return scenario.model_copy(update={"settings": settings})


def stories(depth_m: float, curve: CurveName = "lifesim", **houses: float) -> list[Story]:
    return [tell(drowned(depth_m, curve, **houses), replication=replication) for replication in range(4)]


def deaths(depth_m: float, curve: CurveName = "lifesim", **houses: float) -> float:
    return float(np.mean([story.persons(Kind.DIED) for story in stories(depth_m, curve, **houses)]))


def expected(depth_m: float, upper_floor: float) -> list[float]:
    """Deaths by each curve, without the chance of drawing them."""
    rows = tell(drowned(depth_m, "lifesim", upper_floor=upper_floor)).rows(Kind.EXPECTED_DEATHS)
    return [sum(row.amount for row in rows if row.item == number) for number in range(len(CURVE_NAMES))]


@pytest.mark.parametrize("upper_floor", [0.0, 0.5, 0.95, 1.0])
def test_deeper_water_never_kills_fewer(upper_floor: float) -> None:
    found = np.array([expected(depth_m, upper_floor) for depth_m in DEPTHS_M])
    assert (np.diff(found, axis=0) >= -1e-6).all(), dict(zip(DEPTHS_M, found.tolist(), strict=True))
    assert (found[-1] > 0.25 * 900).all()


def test_upper_floors_and_roofs_are_safe_only_up_to_their_height() -> None:
    depths_m = (FLOOR_M - 0.1, ROOF_M - 0.1, ROOF_M + 0.1)
    below, on_floors, on_roofs = (deaths(depth_m, upper_floor=1.0) for depth_m in depths_m)
    assert below < 0.05 * on_roofs  # houses of adobe
    assert below < on_floors < 0.3 * on_roofs  # the helpless, and 5 % of the others, do not get on the roof
    assert deaths(9000.0, upper_floor=1.0) > 0.9 * deaths(9000.0, upper_floor=0.0) > 500


def test_more_houses_of_one_storey_never_save() -> None:
    found = [deaths(3.0, single_storey=single) for single in (0.0, 0.25, 0.5, 1.0)]
    assert (np.diff(found) > 0).all(), found


@pytest.mark.parametrize("curve", CURVE_NAMES)
def test_what_is_expected_is_the_mean_of_what_is_drawn(curve: CurveName) -> None:
    told = stories(3.5, curve)
    drawn = np.array([story.persons(Kind.DIED) for story in told])
    number = CURVE_NAMES.index(curve)
    mean = sum(row.amount for story in told for row in story.rows(Kind.EXPECTED_DEATHS) if row.item == number)
    assert drawn.sum() == pytest.approx(mean, abs=4 * np.sqrt(mean + 1))


def test_the_curve_that_is_applied_changes_nothing_but_the_dead() -> None:
    """What each curve would have given is reckoned for the same people, whichever kills some of them."""
    by_curve = [stories(3.5, curve)[0] for curve in CURVE_NAMES]
    rows = [[(row.subject, row.item, round(row.amount, 6)) for row in story.rows(Kind.EXPECTED_DEATHS)]
            for story in by_curve]  # fmt: skip
    assert all(others == rows[0] for others in rows[1:])


@pytest.mark.parametrize("curve", CURVE_NAMES)
def test_a_second_crest_kills_nobody_who_has_been_through_as_much(curve: CurveName) -> None:
    """A share is of a whole flood: people whom the water lets go and takes again begin where they were."""
    parameters = Parameters()
    crest = Water(3.5, 0.5, 0.6)

    def died(hours: Sequence[float]) -> float:
        exposure, now_h, rng, persons = (
            Exposure(Houses(1.0, 0.0, 0.0), parameters, curve, 6.0, 0.0),
            0.0,
            Random(1),
            1000,
        )
        expected = exposure.expected[curve]
        for crest_h in hours:
            exposure.enter(0, persons, all_caught=True)
            now_h += crest_h
            exposure.settle(now_h, crest, rng)
            persons = int(sum(expected.alive))  # who is alive is caught again
            exposure.release()
        return expected.died

    once = died([20.0])
    assert once > 1
    assert died([10.0, 10.0, 10.0]) == pytest.approx(once)
    assert 0.9 * once < died([3.0, 3.0]) <= once + 1e-9


def test_who_is_new_begins_anew() -> None:
    expected = ExpectedDeaths()
    expected.enter(0, 100)
    expected.dose[0] = 0.5
    expected.release()
    expected.enter(0, 150)
    assert expected.dose[0] == pytest.approx(0.5 * 100 / 150)
    assert expected.released[0] == 0
