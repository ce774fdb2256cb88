"""From the forecast to people on the road: who is warned when, who leaves, who stays, who waits, who turns back."""

from __future__ import annotations

import math
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Village
from simrescue.scenario.records import Evacuation, Flood, Warning
from simrescue.simulation import evacuation
from simrescue.simulation.roads import Luck
from simrescue.simulation.state import Simulation
from simrescue.simulation.village import quantile_h
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, Story, by_hand, dry_row, flood_road, so_far, tell

PROMPT = Warning(order=1.0, answer_h=0, reach=1.0, diffusion_t50_h=0.25)
"""Everybody is told, an hour after the start."""
ALL_GO = Evacuation(refuse=0, act_t50_h=0.5)


def ordered(warning: Warning = PROMPT, going: Evacuation = ALL_GO, persons: int = 400, **fields: Any) -> Simulation:
    """One village of a dry row under an order, to be led by hand."""
    plain: dict[str, Any] = {"vulnerable": 0, "cars": 1.0}
    village = Village(id="village-0", population=persons, **(plain | fields), **at(0, 0))
    others = [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    sections = {"warning": warning, "evacuation": going}
    return by_hand(dry_row(villages=(village, *others), sections=sections, **NOBODY))


def flooded(warning: Warning, villages: tuple[Village, ...]) -> Simulation:
    """Three villages of the river zone, whose mean flood reaches them after about ten hours."""
    sections = {"hazard": Flood(uncertainty=CERTAIN), "warning": warning, "command": AT_ONCE}
    return by_hand(flooded_row(settings=settings(48.0, **sections), villages=villages, **NOBODY))


def three(**fields: Any) -> tuple[Village, ...]:
    return tuple(Village(id=f"village-{i}", population=100, zone="river", **fields, **at(i, 0)) for i in range(3))


# ---- when


def test_times_follow_the_mean_flood_where_nothing_is_given() -> None:
    sim = flooded(Warning(forecast_lead_h=6, order_delay_h=1, call_out_lead_h=2), three())
    arrival = float(sim.world.arrival_h[0])
    assert 10 <= arrival <= 11
    assert evacuation.warning_times(sim, sim.villages[0]) == (arrival - 6, arrival - 5, arrival - 2)


def test_moments_of_the_scenario_come_before_those_of_the_mean_flood() -> None:
    sim = flooded(Warning(forecast=2.0, order=3.0, call_out=4.0), three())
    assert evacuation.warning_times(sim, sim.villages[0]) == (2.0, 3.0, 4.0)


def test_moments_of_a_village_come_first() -> None:
    sim = flooded(Warning(forecast=2.0, order=3.0, call_out=4.0), three(order=5.0, call_out=6.0))
    assert evacuation.warning_times(sim, sim.villages[0]) == (2.0, 5.0, 6.0)


def test_order_follows_the_forecast() -> None:
    sim = flooded(Warning(forecast=2.0, order_delay_h=1.5), three())
    assert evacuation.warning_times(sim, sim.villages[0])[1] == 3.5


def test_villages_outside_the_order_are_called_out_only() -> None:
    sim = flooded(Warning(), three(ordered=False))
    assert evacuation.warning_times(sim, sim.villages[0])[1] is None


def test_dry_villages_get_no_call() -> None:
    sim = ordered()
    assert evacuation.warning_times(sim, sim.villages[0]) == (None, 1.0, None)


def test_a_call_out_at_the_start_counts() -> None:
    sim = ordered(warning=Warning(), call_out=0.0)
    assert evacuation.warning_times(sim, sim.villages[0])[2] == 0.0


def test_what_should_have_been_before_the_start_happens_at_once() -> None:
    sim = flooded(Warning(forecast_lead_h=30), three())
    assert evacuation.warning_times(sim, sim.villages[0])[0] == 0.0


def test_nobody_is_called_after_the_end() -> None:
    sim = ordered(warning=Warning(order=500.0))
    assert evacuation.warning_times(sim, sim.villages[0]) == (None, None, None)


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
    made = evacuation.groups(sim, sim.villages[0])
    assert len(made) == 7
    assert sum(group.persons for group in made) == round(0.9 * persons)
    assert all(group.stays + group.frail <= group.persons for group in made)
    assert [group.warned_h for group in made] == sorted(group.warned_h for group in made)
    assert all(group.leaves_h >= group.warned_h for group in made)


def test_all_who_can_drive_reach_the_shelter() -> None:
    sim = ordered()
    sim.env.run(until=20)
    story = so_far(sim)
    assert story.persons(Kind.WARNED) == story.persons(Kind.LEAVE, item=0) == 400
    assert story.persons(Kind.ARRIVE_SHELTER, place="school", item=0) == 400
    assert len(story.rows(Kind.LEAVE)) == ALL_GO.batches
    assert min(story.times(Kind.LEAVE)) > story.one(Kind.ANSWERED, subject="village-0").time_h == 1.0


def test_who_refuses_stays() -> None:
    sim = ordered(going=Evacuation(refuse=0.25))
    sim.env.run(until=40)
    story = so_far(sim)
    assert story.persons(Kind.REFUSE) == 100
    assert story.persons(Kind.LEAVE) == 300
    assert sim.villages[0].home == 100


def test_who_is_not_reached_stays() -> None:
    sim = ordered(Warning(order=1.0, reach=0.5))
    sim.env.run(until=40)
    assert sim.villages[0].home == 200


def test_frail_people_wait_for_help() -> None:
    sim = ordered(vulnerable=0.2)
    sim.env.run(until=40)
    assert (sim.villages[0].waiting, sim.villages[0].home) == (80, 80)
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


# ---- cut roads


def test_who_meets_water_turns_back_home() -> None:
    sim = ordered()
    flood_road(sim, "village-0-school", 1.0)
    sim.roads.luck = lambda _: Luck(NEVER_H, NEVER_H, False, NEVER_H)  # type: ignore[method-assign]
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
