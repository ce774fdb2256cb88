"""Warnings follow what is seen, and one telling more or earlier never costs anybody the way out."""

from __future__ import annotations

from itertools import product
from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.metrics.people.whereabouts import share_moved_in_vain
from simrescue.places import Village
from simrescue.scenario.records import Command, Depth, Evacuation, Scenario, Warning
from simrescue.simulation.people.persuasion import Telling, groups
from simrescue.simulation.places.warning_state import WarningState
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NOBODY, Story, by_hand, dry_row

REPLICATIONS = 8
ONE_VILLAGE = by_hand(dry_row(**NOBODY))
UNSURE = Uncertainty(arrival_h=6.0, level_m=0.2, duration=0.2)
"""A flood that comes many hours before or after its forecast."""


def row(warning: Warning, spread: Uncertainty = UNSURE, **fields: Any) -> Scenario:
    """Three villages at rising heights."""
    villages = tuple(
        Village(id=f"village-{i}", population=200, zone="river", elevation_m=0.6 * i, **fields, **at(i, 0))
        for i in range(3)
    )
    quick = Command(report_h=0, decision_h=0, contact_loss=0)
    hazard = Flood(uncertainty=spread, road_damage=0)
    made = settings(60.0, hazard=hazard, warning=warning, evacuation=Evacuation(), command=quick)
    return flooded_row(depth_m=2.5, villages=villages, settings=made, **NOBODY)


def under(made: Scenario, *water: tuple[str, float, float, float]) -> Scenario:
    """The row with no other water than over some roads or villages: id, depth, from and to which hour."""
    depths = tuple(
        Depth(subject=site, time_h=hour, depth_m=depth)
        for site, depth_m, begin, end in water
        for hour, depth in ((0, 0), (begin, 0), (begin + 0.01, depth_m), (end, depth_m), (end + 0.01, 0))
    )
    hazard = made.settings.flood.model_copy(update={"source": "depths"})
    changed = made.settings.model_copy(update={"hazard": hazard})
    return made.model_copy(update={"settings": changed, "levels": (), "depths": depths})


def stories(scenario: Scenario) -> list[Story]:
    world: World = compile_world(scenario)
    return [Story(world, simulate(world, 1, replication)) for replication in range(REPLICATIONS)]


def test_no_step_that_is_planned_comes_after_the_water_of_the_place() -> None:
    late = 0
    for story in stories(row(Warning(forecast_lead_h=2, order_delay_h=1.5, call_out_lead_h=0.5))):
        for name in ("village-0", "village-1", "village-2"):
            water = min(story.times(Kind.WATER_ARRIVES, subject=name), default=np.inf)
            for kind in (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT):
                assert story.one(kind, subject=name).time_h <= water
            late += water < float(story.world.arrival_h[int(name[-1])])
    assert late > 3  # floods before their forecast, in which the clock of the plan would have been late


def test_nothing_comes_before_it_is_planned_or_seen() -> None:
    scenario = row(Warning(forecast_lead_h=2, order_delay_h=1.5, call_out_lead_h=0.5))
    for story in stories(scenario):
        seen = min(story.times(Kind.WATER_ARRIVES), default=np.inf)
        plan = float(story.world.arrival_h.min()) - 0.5
        assert min(story.times(Kind.ORDERED)) == pytest.approx(min(seen, plan))


CUTS = {"never": (0.0, 0.0, 0.0), "from the first telling on": (1.0, 1.0, 9.0), "in between": (1.0, 8.0, 12.0)}


@pytest.mark.parametrize("cut", CUTS)
@pytest.mark.parametrize("first_h", [0.0, 4.0, 9.0])
def test_one_telling_more_never_lets_fewer_leave(first_h: float, cut: str) -> None:
    def left(**moments: float) -> list[float]:
        made = under(row(Warning(forecast=0.0, order=14.0), CERTAIN, **moments), ("village-0-school", *CUTS[cut]))
        return [story.persons(Kind.LEAVE) - story.persons(Kind.TURN_BACK) for story in stories(made)]

    once, twice = left(), left(call_out=first_h)
    assert np.mean(once) > 50
    assert np.mean(twice) >= np.mean(once)


def test_first_water_before_the_order_costs_nobody_the_way_out() -> None:
    """A puddle that everybody sees (8 cm) against none: as many leave with the order."""

    def left(depth_m: float) -> float:
        made = row(Warning(forecast=0.0, order=7.0), CERTAIN)
        puddles = [(f"village-{i}", depth_m, 2.0, 40.0) for i in range(3)]
        return sum(story.persons(Kind.LEAVE) for story in stories(under(made, *puddles)))

    assert left(0.08) >= left(0.0) > 0


def test_nobody_is_counted_twice() -> None:
    for scenario in (row(Warning(order=3.0), call_out=6.0), row(Warning(), call_out=1.0)):
        for story in stories(scenario):
            for name in ("village-0", "village-1", "village-2"):
                assert story.persons(Kind.WARNED, subject=name) <= 200
                gone = story.persons(Kind.LEAVE, subject=name) - story.persons(Kind.TURN_BACK, subject=name)
                assert gone + story.persons(Kind.REFUSE, subject=name) <= 200


MORE: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "reach": ({"reach": 1.0}, {}),
    "rounds": ({"door_rounds": 4}, {}),
    "sooner rounds": ({"door_round_h": 1.0}, {}),
    "fuller rounds": ({"knock_reach": 1.0}, {}),
    "loudspeaker rounds": ({"speaker_rounds": 6}, {}),
    "sooner loudspeaker rounds": ({"speaker_round_h": 0.5}, {}),
    "loudspeakers heard by night": ({"speaker_night": 1.0}, {}),
    "persuaded by loudspeaker": ({}, {"persuaded_by_speaker": 1.0}),
    "fewer false alarms": ({"false_alarms": 0}, {}),
    "willing": ({}, {"refuse": 0.0}),
    "persuaded at the door": ({}, {"persuaded_by_knock": 1.0}),
    "persuaded by calls": ({}, {"persuaded_by_call": 1.0}),
    "cues": ({}, {"leave_by_cue": 0.5}),
    "quick by night": ({}, {"night_rate": 1.0}),
    "quick with a day's lead": ({}, {"act_t50_day_h": 1.0}),
}


@pytest.mark.parametrize("more", MORE)
@pytest.mark.parametrize("ordered", [True, False])
def test_more_persuasion_never_lets_fewer_leave(more: str, ordered: bool) -> None:
    """Counted are those who are gone: who turns back at a cut road and sets out again has left once, not twice."""

    def left(warning: dict[str, Any], going: dict[str, Any]) -> float:
        told = Warning(**({"forecast": 0.0, "order": 4.0, "call_out": 6.0, "false_alarms": 2} | warning))
        made = row(told, CERTAIN, ordered=ordered)
        changed = made.settings.model_copy(update={"evacuation": Evacuation(**going)})
        told_by = stories(made.model_copy(update={"settings": changed}))
        return float(np.mean([story.persons(Kind.LEAVE) - story.persons(Kind.TURN_BACK) for story in told_by]))

    assert left(*MORE[more]) >= left({}, {}) > 100


def decided(people: int, course: list[Telling]) -> int:
    """How many of a village have decided to go after these tellings, with nobody having left yet."""
    sim, village = ONE_VILLAGE, ONE_VILLAGE.villages[0]
    village.home, village.warning_state = people, WarningState()
    village.record = village.record.model_copy(update={"population": people})
    made = [group for telling in course for group in groups(sim, village, telling)]
    assert all(min(group.persons, group.stays, group.persuaded, group.going) >= 0 for group in made)
    state = village.warning_state
    assert sum(group.going for group in made) == state.leaving == state.reached - state.refused
    return state.leaving


@pytest.mark.parametrize("which", ["reach", "persuades"])
def test_no_share_that_grows_lets_one_person_fewer_decide_to_go(which: str) -> None:
    """In whole persons: who heard and who refused, rounded each by itself, made one fewer go of many a village."""
    for people in range(3, 400, 4):
        for first, share in product((0.5, 0.875), (0.0, 0.1, 0.145)):
            calls = [Telling("call", first, share, 0.1)] * 2
            knock = Telling("knock", 0.0, share, 0.0)
            went = [
                decided(people, [*calls, knock._replace(**{which: more}), *calls])
                for more in (0.0, 0.21, 0.5, 0.9, 1.0)
            ]
            assert went == sorted(went)


def test_an_order_to_a_village_that_stays_dry_is_a_false_alarm_that_costs_trust() -> None:
    """Everybody who leaves has left in vain, and after two such orders fewer leave, the fewer the more it costs."""

    def of(alarms: int, cost: float) -> tuple[float, float]:
        made = under(row(Warning(forecast=0.0, order=7.0, false_alarms=alarms), CERTAIN))
        numbers = made.settings.parameters.model_copy(update={"false_alarm_refuse": cost})
        told = stories(made.model_copy(update={"settings": made.settings.model_copy(update={"parameters": numbers})}))
        vain = [share_moved_in_vain(story.log, story.world.facts) for story in told]
        return float(np.mean([story.persons(Kind.LEAVE) for story in told])), float(np.mean(vain))

    gone = [of(*alarm) for alarm in ((0, 0.2), (2, 0.05), (2, 0.2), (2, 1.0))]
    assert [left for left, _ in gone] == sorted((left for left, _ in gone), reverse=True)
    assert gone[0][0] > gone[1][0] > gone[2][0] > gone[3][0]
    assert all(vain == 1.0 for left, vain in gone if left)
