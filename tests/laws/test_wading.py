"""Who has decided to leave and stands in water goes on foot while the able can stand: no helpless, none too deep."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Village
from simrescue.scenario.records import Command, Depth, Evacuation, Scenario, Warning
from simrescue.simulation.people.journey import set_out
from simrescue.simulation.places.shelter import OWN_MEANS, WADED
from simrescue.simulation.places.warning_state import CAR, FOOT, TRANSPORT, TWO_WHEELER
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.laws.test_warning_laws import stories
from tests.simulation.story import NOBODY, Story, by_hand, tell

LATE = Warning(order=12.0, call_out=12.0, answer_h=0, reach=1.0, diffusion_t50_h=0.25, door_rounds=0, speaker_rounds=0)
"""Everybody is told at noon; the water comes at ten."""
ALL_GO = Evacuation(refuse=0, act_t50_h=0.5, leave_by_cue=0, max_walk_km=12)
LIMITS_M = (0.0, 0.3, 0.61, 0.9, 1.2)
NO_HELP: dict[str, Any] = {"craft": 0, "upper_floor": 1.0}


def late(limit_m: float, course: dict[float, float], velocity_ms: float = 0.0, **fields: Any) -> Scenario:
    """One village of 400, a walk from the school, told to leave when water of some depths (by hour) is there."""
    plain: dict[str, Any] = {"vulnerable": 0, "ground_spread_m": 0, **NO_HELP}
    village = Village(id="village-0", population=400, **(plain | fields), **at(0, 0))
    sections: dict[str, Any] = {
        "warning": LATE,
        "evacuation": ALL_GO.model_copy(update={"wading": limit_m}),
        "command": Command(report_h=0, decision_h=0, contact_loss=0),
        "hazard": Flood(source="depths", uncertainty=CERTAIN),
    }
    steps = [(0.0, 0.0), *((hour + after_h, depth_m) for hour, depth_m in course.items() for after_h in (0.01, 4.0))]
    scenario = flooded_row(villages=(village,), settings=settings(48.0, **sections), levels=(), **NOBODY)
    dry = {"village-0", "school", "depot", "station"}
    return scenario.model_copy(update={
        "roads": tuple(road for road in scenario.roads if {road.start, road.end} <= dry),
        "depths": tuple(
            Depth(subject="village-0", time_h=hour, depth_m=depth_m, velocity_ms=velocity_ms if depth_m else 0.0)
            for hour, depth_m in (steps[0], (10.0, 0.0), *steps[1:])
        ),
    })  # fmt: skip


def told_late(depth_m: float, limit_m: float = 0.61, velocity_ms: float = 0.0, **fields: Any) -> Story:
    return tell(late(limit_m, {10.0: depth_m}, velocity_ms, **fields))


def waded(story: Story) -> float:
    return story.persons(Kind.LEAVE, item=WADED)


def test_an_order_that_comes_after_the_water_still_counts() -> None:
    story = told_late(0.45)
    assert waded(story) == story.persons(Kind.ARRIVE_SHELTER, item=OWN_MEANS) > 350
    assert not story.persons(Kind.LEAVE, item=OWN_MEANS), "cars stay where they are"
    assert story.first(Kind.LEAVE).time_h > 12


@pytest.mark.parametrize(
    ("depth_m", "limit_m", "velocity_ms"), [(0.45, 0.0, 0.0), (0.45, 0.4, 0.0), (1.3, 3.0, 0.0), (0.6, 0.61, 1.5)]
)
def test_nobody_wades_beyond_the_limit_or_where_nobody_can_stand(
    depth_m: float, limit_m: float, velocity_ms: float
) -> None:
    assert not waded(told_late(depth_m, limit_m, velocity_ms))


def test_who_cannot_help_himself_waits() -> None:
    assert waded(told_late(0.45, vulnerable=0.25)) == pytest.approx(300, abs=3)
    assert not waded(told_late(0.45, vulnerable=1.0))


@pytest.mark.parametrize("decided", [1, 10, 100])
def test_no_more_wade_than_can_though_more_had_decided(decided: int) -> None:
    """In the low houses people are trapped; of those who had decided to leave some have been fetched meanwhile."""
    sim = by_hand(late(0.61, {10.0: 2.0}, ground_spread_m=2.4, upper_floor=0.0, single_storey=1.0))
    sim.env.run(until=11)
    village = sim.villages[0]
    can, trapped = village.walkers, village.trapped
    assert 0 < can < village.stranded + trapped == 400 - village.home
    set_out(sim, village, {CAR: 5 * decided, TWO_WHEELER: 4 * decided, FOOT: 3 * decided, TRANSPORT: 0}, None, -1)
    assert village.trapped == trapped
    assert 0 <= village.walkers <= can
    assert village.there + village.moving == 400


def test_who_wades_deeper_never_waits_for_boats_more_often() -> None:
    """The water rises by steps through all the limits, houses stand at five heights, and half of the people hear."""
    course = {8.0: 0.2, 12.3: 0.5, 16.0: 0.8, 20.0: 1.1, 24.0: 3.5}
    caught, left = [], []
    for limit_m in LIMITS_M:
        made = late(limit_m, course, ground_spread_m=1.5, vulnerable=0.15)
        going = made.settings.evacuation.model_copy(update={"refuse": 0.2, "act_t50_h": 3.0, "leave_by_cue": 0.13})
        told = stories(made.model_copy(update={"settings": made.settings.model_copy(update={"evacuation": going})}))
        caught.append(np.mean([story.persons(Kind.TRAPPED) for story in told]))
        left.append(np.mean([waded(story) for story in told]))
    assert (np.diff(caught) <= 1e-9).all(), caught
    assert (np.diff(left) >= -1e-9).all(), left
    assert left[0] == 0 < left[2]
    assert caught[-1] < caught[0]
