"""From the forecast to people on the road: who is warned when, who leaves, who stays, who waits, who turns back."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.flood_course import FloodField
from simrescue.hazards.flood.series import Draw
from simrescue.hazards.flood.settings import Flood
from simrescue.places import Road, Shelter, Village
from simrescue.scenario.records import Air, Evacuation, Warning
from simrescue.simulation.clock import after
from simrescue.simulation.people import evacuation
from simrescue.simulation.people.households import STEP_H
from simrescue.simulation.people.journey import first_shelter, means
from simrescue.simulation.people.persuasion import (
    HOUSEHOLD,
    Readiness,
    Telling,
    by_call,
    by_knock,
    by_speaker,
    groups,
    quantile_h,
)
from simrescue.simulation.roads.true_roads import LinkDraws
from simrescue.simulation.run import simulate
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, Story, by_hand, dry_row, flood_road, so_far, tell

ONCE: dict[str, Any] = {"order": 1.0, "answer_h": 0, "diffusion_t50_h": 0.25, "door_rounds": 0, "speaker_rounds": 0}
PROMPT = Warning(reach=1.0, **ONCE)
"""Everybody is told, an hour after the start, and nobody comes to the door."""
ALL_GO = Evacuation(refuse=0, act_t50_h=0.5, leave_by_cue=0)


def ordered(warning: Warning = PROMPT, going: Evacuation = ALL_GO, persons: int = 400, **fields: Any) -> Simulation:
    """One village of a dry row under an order, to be led by hand."""
    plain: dict[str, Any] = {"vulnerable": 0, "cars": 1.0, "two_wheelers": 0}
    village = Village(id="village-0", population=persons, **(plain | fields), **at(0, 0))
    others = [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    sections = {"warning": warning, "evacuation": going}
    sim = by_hand(dry_row(villages=(village, *others), sections=sections, **NOBODY))
    sim.parameters = sim.parameters.model_copy(update={"refuse_event_sd": 0.0, "refuse_village_sd": 0.0})
    return sim


def flooded(warning: Warning, villages: tuple[Village, ...]) -> Simulation:
    """Three villages of the river zone, whose mean flood reaches them after about ten hours."""
    sections = {"hazard": Flood(uncertainty=CERTAIN), "warning": warning, "command": AT_ONCE}
    return by_hand(flooded_row(settings=settings(48.0, **sections), villages=villages, **NOBODY))


def three(**fields: Any) -> tuple[Village, ...]:
    return tuple(Village(id=f"village-{i}", population=100, zone="river", **fields, **at(i, 0)) for i in range(3))


# ---- when


def times(sim: Simulation) -> tuple[float | None, ...]:
    """Planned hours of forecast, order and call-out of the first village."""
    return tuple(step.at_h if step else None for step in evacuation.warning_steps(sim, sim.villages[0]))


def test_times_follow_the_mean_flood_where_nothing_is_given() -> None:
    sim = flooded(Warning(forecast_lead_h=6, order_delay_h=1, call_out_lead_h=2), three())
    arrival = float(sim.world.arrival_h[0])
    assert 10 <= arrival <= 11
    assert times(sim) == (arrival - 6, arrival - 5, arrival - 2)


def test_moments_of_the_scenario_come_before_those_of_the_mean_flood() -> None:
    sim = flooded(Warning(forecast=2.0, order=3.0, call_out=4.0), three())
    assert times(sim) == (2.0, 3.0, 4.0)


def test_moments_of_a_village_come_first() -> None:
    sim = flooded(Warning(forecast=2.0, order=3.0, call_out=4.0), three(order=5.0, call_out=6.0))
    assert times(sim) == (2.0, 5.0, 6.0)


def test_order_follows_the_forecast() -> None:
    sim = flooded(Warning(forecast=2.0, order_delay_h=1.5), three())
    assert times(sim)[1] == 3.5


def test_villages_outside_the_order_are_called_out_only() -> None:
    sim = flooded(Warning(), three(ordered=False))
    assert times(sim)[1] is None


def test_dry_villages_get_no_call() -> None:
    sim = ordered()
    assert times(sim) == (None, 1.0, None)


def test_a_call_out_at_the_start_counts() -> None:
    sim = ordered(warning=Warning(), call_out=0.0)
    assert times(sim)[2] == 0.0


def test_what_should_have_been_before_the_start_happens_at_once() -> None:
    sim = flooded(Warning(forecast_lead_h=30), three())
    assert times(sim)[0] == 0.0


def test_nobody_is_called_after_the_end() -> None:
    sim = ordered(warning=Warning(order=500.0))
    sim.env.run(until=sim.world.duration_h)
    assert not so_far(sim).rows(Kind.ORDERED, Kind.ANSWERED)


# ---- what is seen


def early(hours: float, warning: Warning, **fields: Any) -> Story:
    """The three villages at three heights, in a flood that comes earlier than was forecast."""
    villages = tuple(replace_height(village, i) for i, village in enumerate(three(**fields)))
    sections = {"hazard": Flood(uncertainty=CERTAIN), "warning": warning, "command": AT_ONCE}
    made = flooded_row(settings=settings(48.0, **sections), villages=villages, depth_m=4.0, **NOBODY)
    world = compile_world(made)
    field = world.fields["flood"]
    assert isinstance(field, FloodField)
    field.draws = lambda seed, replication: {"river": Draw(-hours, 0.0, 1.0)}  # type: ignore[method-assign]
    return Story(world, simulate(world))


def replace_height(village: Village, elevation_m: float) -> Village:
    return village.model_copy(update={"elevation_m": float(elevation_m)})


def test_water_that_is_seen_brings_the_order_and_the_call_out() -> None:
    story = early(8.0, Warning(forecast_lead_h=2, order_delay_h=1, call_out_lead_h=1, answer_h=0))
    water = story.first(Kind.WATER_ARRIVES, subject="village-0")
    assert water.time_h < 3 < float(story.world.arrival_h[0])
    for kind in (Kind.FORECAST, Kind.ORDERED, Kind.CALLED_OUT):
        for i in range(3):
            row = story.one(kind, subject=f"village-{i}")
            assert row.time_h == water.time_h
            assert story.rows()[row.cause] == water
    assert story.times(Kind.WARNED, subject="village-2")[0] < story.times(Kind.WATER_ARRIVES, subject="village-2")[0]


def test_stated_moments_stand_whatever_is_seen() -> None:
    story = early(8.0, Warning(forecast=5.0, order=6.0, call_out=7.0, answer_h=0))
    assert set(story.times(Kind.FORECAST)) == {5.0}
    assert set(story.times(Kind.ORDERED)) == {6.0}
    assert set(story.times(Kind.CALLED_OUT)) == {7.0}


def test_a_stated_moment_of_a_village_stands_for_it_alone() -> None:
    story = early(8.0, Warning(forecast_lead_h=2, order_delay_h=1, answer_h=0), call_out=7.0)
    assert set(story.times(Kind.CALLED_OUT)) == {7.0}
    assert max(story.times(Kind.ORDERED)) < 3


def test_a_flood_as_forecast_changes_no_plan_before_the_water() -> None:
    story = early(0.0, Warning(forecast_lead_h=6, order_delay_h=1, call_out_lead_h=1, answer_h=0))
    arrival = story.world.arrival_h
    assert set(story.times(Kind.ORDERED)) == {arrival[0] - 5}
    assert story.one(Kind.CALLED_OUT, subject="village-0").time_h == arrival[0] - 1


def test_nothing_is_seen_in_a_village_without_contact() -> None:
    sections = {"hazard": Flood(uncertainty=CERTAIN), "warning": Warning(order_delay_h=30), "command": AT_ONCE}
    sim = by_hand(flooded_row(settings=settings(48.0, **sections), **NOBODY))
    sim.contact.dark[0] = (-1, 0.0)
    evacuation.water_seen(sim, sim.villages[0], -1)
    sim.env.run(until=4)
    assert not so_far(sim).rows(Kind.CALLED_OUT)
    sim.contact.restore(0, -1)
    sim.env.run(until=4.1)
    assert so_far(sim).times(Kind.CALLED_OUT) == [4.0] * 3


# ---- curves


@pytest.mark.parametrize(("t50_h", "b"), [(0.25, 1.33), (1.0, 1.0), (3.0, 0.5)])
@pytest.mark.parametrize("share", [0.05, 0.5, 0.95])
def test_quantile_is_the_inverse_of_the_curve(share: float, t50_h: float, b: float) -> None:
    a = math.log(2) / t50_h**b
    assert 1 - math.exp(-a * quantile_h(share, t50_h, b) ** b) == pytest.approx(share)


def test_quantile_at_its_ends() -> None:
    assert quantile_h(0.5, 2.0, 1.7) == pytest.approx(2.0)
    assert quantile_h(0.0, 2.0, 1.7) == 0.0
    assert quantile_h(0.4, 0.0, 1.0) == 0.0
    assert quantile_h(1.0, 2.0, 1.0) == math.inf


# ---- who


@pytest.mark.parametrize("persons", [1, 7, 400, 999])
def test_groups_add_up(persons: int) -> None:
    going = Evacuation(refuse=0.1, batches=7)
    sim = ordered(Warning(order=1.0, reach=0.9), going, persons=persons, vulnerable=0.2)
    made = groups(sim, sim.villages[0], by_call(sim, sim.villages[0]))
    assert len(made) == 7
    assert sum(group.persons for group in made) == round(0.9 * persons)
    assert all(0 <= group.stays <= group.persons for group in made)
    assert [group.warned_h for group in made] == sorted(group.warned_h for group in made)
    assert all(group.leaves_h >= group.warned_h for group in made)


def test_all_who_can_drive_reach_the_shelter() -> None:
    sim = ordered()
    sim.env.run(until=20)
    story = so_far(sim)
    assert story.persons(Kind.WARNED) == story.persons(Kind.LEAVE, item=0) == 400
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=0) == 400
    moments = [row.time_h for row in story.rows(Kind.LEAVE)]
    assert len(moments) == len(set(moments)) <= ALL_GO.batches  # who is ready at the same step leaves together
    assert all(moment % STEP_H == 0 for moment in moments)
    assert min(story.times(Kind.LEAVE)) > story.one(Kind.ANSWERED, subject="village-0").time_h == 1.0


def test_who_refuses_stays() -> None:
    sim = ordered(going=Evacuation(refuse=0.25, leave_by_cue=0))
    sim.env.run(until=40)
    story = so_far(sim)
    assert story.persons(Kind.REFUSE) == 100
    assert story.persons(Kind.LEAVE) == 300
    assert sim.villages[0].home == 100


def test_who_is_not_reached_stays() -> None:
    sim = ordered(Warning(reach=0.5, **ONCE), Evacuation(refuse=0, leave_by_cue=0))
    sim.env.run(until=40)
    assert sim.villages[0].home == 200


def test_frail_people_wait_for_help() -> None:
    sim = ordered(vulnerable=0.2)
    sim.env.run(until=40)
    assert sim.villages[0].waiting == sim.villages[0].home == pytest.approx(80, abs=HOUSEHOLD - 1)
    request = so_far(sim).first(Kind.REQUEST_OPENED, place="village-0", item=0)
    assert request.time_h > 1.0


@pytest.mark.parametrize(("max_walk_km", "walk"), [(10.0, True), (1.0, False)])
def test_walkers_go_only_so_far(max_walk_km: float, walk: bool) -> None:
    sim = ordered(going=Evacuation(refuse=0, max_walk_km=max_walk_km), cars=0.0)
    sim.env.run(until=40)
    assert sim.shelters[sim.world.ids.index("school")].persons == (400 if walk else 0)
    assert sim.villages[0].waiting == (0 if walk else 400)


def test_nobody_sets_out_once_water_stands_in_the_village() -> None:
    sim = ordered()
    sim.env.run(until=0.9)
    sim.villages[0].water(2, 0.4)
    sim.env.run(until=40)
    assert not so_far(sim).rows(Kind.LEAVE)


# ---- told again


@pytest.mark.parametrize("depth_m", [0.08, 0.2])
def test_the_order_moves_people_who_have_seen_the_first_water(depth_m: float) -> None:
    sim = ordered()
    sim.env.run(until=0.5)
    sim.villages[0].water(1, depth_m)
    sim.env.run(until=20)
    story = so_far(sim)
    assert story.persons(Kind.WARNED) == story.persons(Kind.LEAVE) == 400
    assert story.one(Kind.ORDERED, subject="village-0").time_h == 1.0
    assert min(story.times(Kind.LEAVE)) > 1.0


def test_each_telling_is_one_more_chance() -> None:
    """400 people. First 300 hear (75 %) and 60 refuse; then 75 of 100, of whom 15 refuse, and 12 of the 60 yield."""
    going = Evacuation(refuse=0.2, persuaded_by_call=0.2, leave_by_cue=0)
    sim = ordered(Warning(reach=0.75, **ONCE), going, call_out=20.0)
    sim.env.run(until=19)
    assert (so_far(sim).persons(Kind.WARNED), so_far(sim).persons(Kind.REFUSE)) == (300, 60)
    sim.env.run(until=47)
    story = so_far(sim)
    assert story.persons(Kind.WARNED) == 375
    assert (story.persons(Kind.REFUSE), story.persons(Kind.PERSUADED)) == (75, 12)
    assert story.persons(Kind.LEAVE) == 375 - 75 + 12
    assert sim.villages[0].home == 25 + 75 - 12


def test_officers_go_from_door_to_door_under_an_order() -> None:
    """400 people, half of them reached by the order; each round reaches half of the rest: 200, 300, 350."""
    warning = Warning(reach=0.5, **(ONCE | {"door_rounds": 2, "door_round_h": 5.0, "knock_reach": 0.5}))
    sim = ordered(warning, ALL_GO)
    sim.env.run(until=47)
    story = so_far(sim)
    assert [(row.time_h, row.amount) for row in story.rows(Kind.KNOCKS)] == [(6.0, 1), (11.0, 2)]
    warned = [story.persons(*[Kind.WARNED]) - sum(r.persons for r in story.rows(Kind.WARNED) if r.time_h >= at)
              for at in (6.0, 11.0, 47.0)]  # fmt: skip
    assert warned == [200, 300, 350]
    assert story.persons(Kind.LEAVE) == 350


def test_loudspeakers_call_again_after_an_order_or_a_call_out() -> None:
    """400 people by day, half reached at 1:00; each round reaches half of the rest: 200, 300, 350; nobody refuses."""
    warning = Warning(reach=0.5, **(ONCE | {"speaker_rounds": 2, "speaker_round_h": 2.0}))
    for fields in ({}, {"ordered": False, "call_out": 1.0}):
        sim = ordered(warning, ALL_GO, speakers=0.5, **fields)
        sim.env.run(until=9)
        story = so_far(sim)
        assert [(row.time_h, row.amount) for row in story.rows(Kind.LOUDSPEAKERS)] == [(3.0, 1), (5.0, 2)]
        warned = [sum(r.persons for r in story.rows(Kind.WARNED) if r.time_h < at) for at in (3.0, 5.0, 9.0)]
        assert warned == [200, 300, 350]


def test_a_loudspeaker_reaches_fewer_by_night_and_sways_those_who_hear_it() -> None:
    """Of those who hear it (0.8 by day, a quarter of that by night) a tenth of the refusers yield."""
    going = Evacuation(refuse=0.2, persuaded_by_speaker=0.1)
    sim = ordered(Warning(speaker_night=0.25, **ONCE), going, speakers=0.8)
    changes = sim.world.sky.light_changes[0]
    assert by_speaker(sim, sim.villages[0]) == Telling("speaker", 0.8, pytest.approx(0.2), pytest.approx(0.08))
    sim.env.run(until=next(hour for hour in changes if hour > 1) + 0.5)
    assert by_speaker(sim, sim.villages[0]) == Telling("speaker", 0.2, pytest.approx(0.2), pytest.approx(0.02))


def test_no_loudspeaker_no_round_and_none_in_deep_water() -> None:
    warning = Warning(reach=0.5, **(ONCE | {"speaker_rounds": 3}))
    without, wet = ordered(warning, speakers=0), ordered(warning, speakers=1.0)
    wet.env.run(until=1.5)
    wet.villages[0].water(3, 0.8)
    for sim in (without, wet):
        sim.env.run(until=20)
        assert so_far(sim).rows(Kind.ANSWERED)
        assert not so_far(sim).rows(Kind.LOUDSPEAKERS)


def test_nobody_knocks_where_only_a_call_came_or_in_deep_water() -> None:
    called = ordered(Warning(reach=0.5, **(ONCE | {"order": 500.0, "door_rounds": 3})), call_out=1.0, ordered=False)
    wet = ordered(Warning(reach=0.5, **(ONCE | {"door_rounds": 3})))
    wet.env.run(until=2)
    wet.villages[0].water(3, 0.8)
    for sim in (called, wet):
        sim.env.run(until=47)
        assert so_far(sim).rows(Kind.ANSWERED)
        assert not so_far(sim).rows(Kind.KNOCKS)


def test_some_leave_at_the_sight_of_water_and_the_order_still_counts_for_the_rest() -> None:
    going = Evacuation(refuse=0, act_t50_h=0.1, leave_by_cue=0.25, night_rate=1.0)
    sim = ordered(Warning(reach=1.0, **(ONCE | {"order": 10.0})), going)
    water = sim.villages[0].water(1, 0.1)
    evacuation.water_seen(sim, sim.villages[0], water)
    sim.env.run(until=9)
    assert so_far(sim).persons(Kind.LEAVE) == 100
    sim.env.run(until=30)
    assert so_far(sim).persons(Kind.LEAVE) == 400


def test_neighbours_who_leave_move_some_of_those_who_refused() -> None:
    """Of 400 told 100 refuse; when half have gone a fifth of the 100 go too, once."""
    going = Evacuation(refuse=0.25, act_t50_h=0.1, leave_by_cue=0.2)
    sim = ordered(PROMPT, going)
    sim.env.run(until=40)
    story = so_far(sim)
    assert story.persons(Kind.PERSUADED) == 20
    assert sim.villages[0].home == 80


def test_refusals_differ_by_event_and_by_village() -> None:
    """At the median as stated; the logit differs from replication to replication and from village to village."""

    def refusals(event_sd: float, village_sd: float, refuse: float = 0.1) -> np.ndarray:
        drawn = []
        for replication in range(200):
            sim = ordered(Warning(reach=1.0, **ONCE), Evacuation(refuse=refuse))
            sim.replication = replication
            sim.parameters = sim.parameters.model_copy(
                update={"refuse_event_sd": event_sd, "refuse_village_sd": village_sd}
            )
            drawn.append([by_call(sim, village).refuse for village in sim.villages])
            assert by_call(sim, sim.villages[0]).refuse == by_knock(sim, sim.villages[0]).refuse == drawn[-1][0]
        return np.array(drawn)

    by_event = refusals(0.47, 0.0)
    assert (by_event == by_event[:, :1]).all()
    logit = np.log(by_event[:, 0] / (1 - by_event[:, 0]))
    assert np.median(logit) == pytest.approx(np.log(0.1 / 0.9), abs=0.12)
    assert logit.std() == pytest.approx(0.47, rel=0.15)
    by_village = refusals(0.0, 0.5)
    assert abs(np.corrcoef(by_village[:, 0], by_village[:, 1])[0, 1]) < 0.2
    # The same people, more of whom refuse: in every event and every village more of them stay.
    assert (refusals(0.47, 0.5, 0.2) > refusals(0.47, 0.5, 0.1)).all()
    for certain in (0.0, 1.0):
        assert (refusals(0.47, 0.5, certain) == certain).all()


def test_false_alarms_cost_trust() -> None:
    """Two of them, each losing a tenth of those who would have gone: 1 - 0.9 x 0.9 x 0.9 refuse."""
    sim = ordered(Warning(reach=1.0, false_alarms=2, **ONCE), Evacuation(refuse=0.1))
    sim.parameters = sim.parameters.model_copy(update={"false_alarm_refuse": 0.1})
    assert by_call(sim, sim.villages[0]) == Telling("call", 1.0, pytest.approx(1 - 0.9**3), 0.1)


def test_a_village_has_false_alarms_of_its_own() -> None:
    """Two in the scenario; one in a village that says so: of 400 told 1 - 0.9 x 0.9 refuse there, 76."""
    for own, refuse in ((None, 1 - 0.9**3), (1, 0.19), (0, 0.1)):
        sim = ordered(Warning(reach=1.0, false_alarms=2, **ONCE), Evacuation(refuse=0.1), false_alarms=own)
        sim.parameters = sim.parameters.model_copy(update={"false_alarm_refuse": 0.1})
        assert by_call(sim, sim.villages[0]).refuse == by_speaker(sim, sim.villages[0]).refuse == pytest.approx(refuse)


def test_two_wheelers_are_how_a_village_without_cars_leaves() -> None:
    """400 people, 100 of whom cannot leave alone: 60 of the 300 drive, three quarters of the 240 ride, 60 walk."""
    sim = ordered(going=ALL_GO.model_copy(update={"max_walk_km": 6.0}), vulnerable=0.25, cars=0.2, two_wheelers=0.75)
    assert means(sim, sim.villages[0], 400, first_shelter(sim, sim.villages[0])) == {
        "car": 60, "two_wheeler": 180, "foot": 60, "": 100,
    }  # fmt: skip
    sim.env.run(until=40)
    assert so_far(sim).persons(Kind.ARRIVE_SHELTER) == 300


def test_two_wheelers_turn_round_in_water_that_cars_pass() -> None:
    """25 cm on the only road: above the 20 cm that stop two wheels, below the 30 that stop cars."""
    for fields, comes in (({"cars": 1.0}, 1), ({"cars": 0, "two_wheelers": 1.0}, 0)):
        sim = ordered(persons=40, **fields)
        for road in [road.id for road in sim.world.scenario.roads]:
            flood_road(sim, road, 0.25)
        sim.env.run(until=40)
        assert bool(so_far(sim).rows(Kind.ARRIVE_SHELTER)) == bool(comes)


def test_people_without_an_order_get_ready_more_slowly_by_night() -> None:
    """Light from hour 6 to 18: one hour's work begun at 17:30 has half of it left at dusk, 0.2 an hour in the dark."""
    changes = [6.0, 18.0, 30.0, 42.0]
    slow, never = (Readiness(math.inf, 1.0, rate, changes) for rate in (0.2, 0.0))
    assert slow.hours(17.5, 1.0) == pytest.approx(0.5 + 2.5)
    assert slow.hours(8.0, 1.0) == 1.0
    assert never.hours(17.0, 2.0) == pytest.approx(1 + 12 + 1)
    assert slow.hours(20.0, 5.0) == pytest.approx(10 + 3)
    assert Readiness(math.inf, 1.0, 0.0, []).hours(1.0, 1.0) == math.inf


def test_people_take_their_time_while_the_water_is_far() -> None:
    """2.5 times longer with a day's lead or more; at the water's arrival and after it the work takes its own time."""
    pace = Readiness(100.0, 2.5, 1.0, [0.0])
    assert pace.hours(10.0, 2.0) == pytest.approx(5.0)
    assert pace.hours(100.0, 2.0) == pace.hours(120.0, 2.0) == 2.0
    a = 1.5 / 24  # with 12 h to go, an hour's work takes from 1 + 12 a = 1.75 h on, and less and less
    lead = 12 - pace.hours(88.0, 2.0)
    assert math.log((1 + 12 * a) / (1 + lead * a)) / a == pytest.approx(2.0)
    whole = math.log(2.5) / a  # what is done in the last day
    assert pace.hours(66.0, 4.0 + whole + 3.0) == pytest.approx(10 + 24 + 3)


@given(st.floats(0, 60), st.floats(0, 30), st.floats(0.1, 30), st.floats(1, 5), st.floats(0, 1), st.floats(0, 60))
def test_who_is_told_earlier_is_never_ready_later(
    told: float, later: float, work: float, slower: float, night: float, arrival: float
) -> None:
    pace = Readiness(arrival, slower, night, [6.0, 18.0, 30.0, 42.0, 54.0, 66.0])
    assert told + pace.hours(told, work) <= told + later + pace.hours(told + later, work) + 1e-6


@pytest.mark.parametrize(("ordered_out", "leaves_h"), [(True, 1.0), (False, 5.0)])
def test_an_order_is_followed_by_night_as_by_day(ordered_out: bool, leaves_h: float) -> None:
    """One group, told in the dark at 20:00, an hour from leaving: without an order it takes five."""
    going = Evacuation(refuse=0, act_t50_h=1.0, leave_by_cue=0, night_rate=0.2, batches=1)
    sections = {"warning": Warning(diffusion_t50_h=0), "evacuation": going, "air": Air(sunrise_h=6, sunset_h=18)}
    sim = by_hand(dry_row(sections=sections, **NOBODY))
    clock = sim.settings.start.hour
    sim.env.run(until=(20 - clock) % 24 + 1e-6)
    village = sim.villages[0]
    village.warning_state.is_ordered = ordered_out
    made = groups(sim, village, by_call(sim, sim.villages[0]))
    assert made[0].leaves_h == pytest.approx(leaves_h, abs=1e-3)


def test_a_later_telling_goes_to_those_whom_none_has_reached_yet() -> None:
    sim = ordered(Warning(**ONCE), Evacuation(refuse=0.0, leave_by_cue=0), call_out=20.0)
    village = sim.villages[0]
    village.home, village.moving = 300, 100  # not at home to be told while the order goes round
    sim.env.run(until=19)
    assert so_far(sim).persons(Kind.WARNED) == 300
    village.home, village.moving = village.home + 100, village.moving - 100
    sim.env.run(until=47)
    assert so_far(sim).persons(Kind.WARNED) == 300 + round(0.875 * 100)


def test_who_was_held_up_leaves_with_the_next_telling() -> None:
    sim = ordered(call_out=20.0)
    sim.villages[0].isolated = True
    sim.env.run(until=19)
    sim.villages[0].isolated = False
    assert not so_far(sim).rows(Kind.LEAVE)
    sim.env.run(until=47)
    story = so_far(sim)
    assert story.persons(Kind.WARNED) == story.persons(Kind.LEAVE) == 400


def test_who_never_yields_stays() -> None:
    sim = ordered(going=Evacuation(refuse=1.0, persuaded_by_call=0, leave_by_cue=0), call_out=20.0)
    sim.env.run(until=47)
    assert so_far(sim).persons(Kind.REFUSE) == 400
    assert sim.villages[0].home == 400


def test_smoke_tells_once() -> None:
    sim = ordered(
        Warning(reach=0.5, order=500.0, speaker_rounds=0), Evacuation(refuse=0, act_t50_h=0.1, leave_by_cue=0)
    )
    for hour in (1, 5, 9):
        sim.env.run(until=hour)
        evacuation.smoke_seen(sim, sim.villages[0], -1)
    sim.env.run(until=40)
    assert so_far(sim).persons(Kind.WARNED) == 200


@pytest.mark.parametrize("batches", [1, 5, 50])
def test_shares_do_not_depend_on_the_number_of_groups(batches: int) -> None:
    sim = ordered(Warning(reach=0.9), Evacuation(refuse=0.1, batches=batches), persons=60, vulnerable=0.2)
    made = groups(sim, sim.villages[0], by_call(sim, sim.villages[0]))
    assert sum(group.persons for group in made) == 54
    assert sum(group.stays for group in made) == round(5.4)
    assert sum(group.going for group in made) == 49
    goal = first_shelter(sim, sim.villages[0])
    by = sum((Counter(means(sim, sim.villages[0], group.going, goal)) for group in made), Counter[str]())
    assert by["car"] + by[""] == 49
    assert by["car"] == pytest.approx(0.8 * 49, abs=HOUSEHOLD - 1)


@pytest.mark.parametrize("sizes", [[1] * 90, [7] * 13, [91]])
def test_households_go_together_by_the_same_means_however_small_the_groups_are(sizes: list[int]) -> None:
    sim = ordered(persons=sum(sizes), vulnerable=0.2, cars=0.3, two_wheelers=0.5)
    goal = first_shelter(sim, sim.villages[0])
    by = Counter[str]()
    for size in sizes:
        group = Counter(means(sim, sim.villages[0], size, goal))
        assert group.total() == size
        assert min(group.values()) >= 0
        by += group
        assert sum(persons % HOUSEHOLD > 0 for persons in by.values()) <= 1  # at most one is not complete yet
    assert by["car"] == pytest.approx(0.8 * 0.3 * by.total(), abs=HOUSEHOLD)


# ---- cut roads


def test_who_meets_water_turns_back_home() -> None:
    sim = ordered()
    flood_road(sim, "village-0-school", 1.0)
    sim.roads.draws = lambda _: LinkDraws(NEVER_H, NEVER_H, 1.0, 0.5, 0.0)  # type: ignore[method-assign]
    sim.env.run(until=40)
    story = so_far(sim)
    assert story.rows(Kind.TURNS_ROUND, place="village-0-school")
    assert story.persons(Kind.TURN_BACK, item=0) == story.persons(Kind.LEAVE) > 0
    assert not story.rows(Kind.ARRIVE_SHELTER)
    assert (sim.villages[0].home, sim.villages[0].moving) == (400, 0)


def test_who_comes_back_into_the_water_is_stranded() -> None:
    sim = ordered()
    flood_road(sim, "village-0-school", 1.0)
    left = so_far(sim)
    while not left.rows(Kind.LEAVE):
        sim.env.step()
        left = so_far(sim)
    sim.villages[0].water(2, 0.4)
    sim.env.run(until=40)
    assert (sim.villages[0].home, sim.villages[0].stranded) == (0, 400)


# ---- in a whole run


def told() -> Story:
    return tell(flooded_row(length=4))


def test_the_chain_of_a_village_is_in_order() -> None:
    story = told()
    chain = (Kind.FORECAST, Kind.ORDERED, Kind.ANSWERED, Kind.WARNED, Kind.LEAVE)
    times = [story.first(kind, subject="village-1").time_h for kind in chain]
    assert times == sorted(times)
    assert times[-1] < story.first(Kind.WATER_ARRIVES, subject="village-1").time_h


def test_people_make_for_a_shelter_that_they_know_a_way_to() -> None:
    """The near shelter lies behind a road known closed: all go to the far one, and nobody turns back."""
    village = Village(id="village", population=100, vulnerable=0, cars=1.0, **at(1, 0))
    shelters = tuple(
        Shelter(id=one, capacity=500, elevation_m=30, **spot) for one, spot in (("near", at(1, 1)), ("far", at(0, 0)))
    )
    roads = (Road(id="short", start="village", end="near"), Road(id="long", start="village", end="far"))
    plain = {
        "villages": (village,),
        "shelters": shelters,
        "roads": roads,
        "bases": (),
        "depots": (),
        "landing_sites": (),
    }
    sim = by_hand(dry_row(sections={"warning": PROMPT, "evacuation": ALL_GO}, **plain, **NOBODY))
    flood_road(sim, "short", 2.0)
    after(sim.env, 0.1, lambda _: sim.roads.learn(0))
    sim.env.run(until=40)
    assert {sim.world.ids[i]: shelter.persons for i, shelter in sim.shelters.items()} == {"near": 0, "far": 100}
    assert not so_far(sim).rows(Kind.TURN_BACK)
