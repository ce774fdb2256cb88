"""Who neither leaves nor waits for a crew: upstairs in their own houses, or with neighbours on higher ground."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.mortality import CURVES
from simrescue.hazards.flood.settings import Flood
from simrescue.parameters import Parameters
from simrescue.places import Institution, Village
from simrescue.scenario.records import Health, Scenario
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, at, flooded_row, settings
from tests.simulation.story import NOBODY, Story, by_hand, so_far, tell, water_at
from tests.simulation.test_ground import village

SHARE = 0.5
NEVER = 8760.0
"""So late that nobody asks out."""


def foreseen(depth_m: float, share: float = SHARE, asks_h: float = NEVER, **fields: Any) -> Scenario:
    """Three villages of 300, all at the street, under water of a depth that comes as foreseen; some go upstairs."""
    plain: dict[str, Any] = {"ground_spread_m": 0.0, "upper_floor": 0.6, "vulnerable": 0.1, "craft": 0}
    rows = tuple(
        Village(id=f"village-{i}", population=300, zone="river", **plain | fields, **at(i, 0)) for i in range(3)
    )
    sections: dict[str, Any] = {
        "parameters": Parameters(upstairs_share=share, to_neighbours_share=0, ask_out_t50_h=asks_h),
        "health": Health(injured=0),
        "hazard": Flood(uncertainty=CERTAIN),
    }
    return flooded_row(depth_m=depth_m, villages=rows, settings=settings(**sections), **NOBODY)


# ---- upstairs


@pytest.mark.parametrize(("depth_m", "share"), [(0.2, 0.0), (0.4, 0.3), (2.9, 0.3), (3.1, 0.0)])
def test_they_stay_where_water_is_foreseen_that_does_not_reach_the_upper_floor(depth_m: float, share: float) -> None:
    world = compile_world(foreseen(depth_m))
    assert world.upstairs_share[0] == pytest.approx(share)
    assert world.told_share[0] == pytest.approx(1 - share)


def test_who_lives_high_in_a_town_needs_no_upper_floor_and_an_institution_has_its_staff() -> None:
    scenario = foreseen(2.0, town=True)
    home = Institution(id="home", kind="care_home", persons=20, zone="river", storeys=2, staff_day=4, **at(1, 1))
    world = compile_world(scenario.model_copy(update={"institutions": (home,)}))
    assert world.upstairs_share[0] == pytest.approx((1 - scenario.parameters.high_building_share) * 0.6 * SHARE)
    assert world.upstairs_share[-1] == 0.0


def test_they_are_cut_off_and_hungry_but_neither_trapped_nor_taken_off() -> None:
    """Of 300 people 90 are upstairs (half of six tenths) in 2 m of water, whoever else is still there."""
    sim = by_hand(foreseen(2.0))
    sim.env.run(until=20.0)
    people = sim.villages[0]
    assert people.ground.groups[0].upstairs == 90
    assert people.stranded == 90
    assert people.trapped == people.there - 90 == people.in_need
    assert sim.sites[0].persons == 90
    assert so_far(sim).persons(Kind.LEAVE) < 3 * 210


def test_water_over_the_upper_floor_traps_them_after_all() -> None:
    sim = by_hand(foreseen(2.0))
    water_at(sim, 0, 2.9, 5)
    assert sim.villages[0].trapped == 210
    water_at(sim, 0, 3.1, 5)
    assert sim.villages[0].trapped == 300


def test_nobody_stays_upstairs_in_houses_that_fall() -> None:
    sim = by_hand(foreseen(2.0))
    water_at(sim, 0, 2.9, 6, velocity_ms=3.0)  # 8.7 m2/s: brick falls
    assert sim.villages[0].trapped == 300


def test_the_more_go_upstairs_the_fewer_leave_and_the_fewer_die_where_the_water_is_as_foreseen() -> None:
    found = []
    for share in (0.0, 0.3, 0.6, 0.9):
        story = tell(foreseen(2.5, share))
        found.append(
            (-story.persons(Kind.STRANDED), story.persons(Kind.LEAVE), story.persons(Kind.TRAPPED), dead(story))
        )
    assert (np.diff(found, axis=0) < 0).all(), found


# ---- and ask out


def upstairs(persons: int, asks_h: float) -> Simulation:
    """300 people at the street, of whom so many are upstairs, in 2 m of water from the start; nobody is hurt."""
    parameters = {"upstairs_share": 0, "to_neighbours_share": 0, "ask_out_t50_h": asks_h}
    sim = village(300, 0.0, health=Health(injured=0, mortality="boyd"), parameters=parameters)
    sim.villages[0].ground.groups[0].one_up = persons
    water_at(sim, 0, 2.0, 5)
    return sim


def test_half_of_those_upstairs_have_asked_after_the_time_that_says_so() -> None:
    """Of 90 upstairs in households of three, by steps of 6 h; the trapped are taken off before those who only ask."""
    sim = upstairs(90, asks_h=12.0)
    people, asked = sim.villages[0], []
    assert (people.trapped, people.ground.above) == (210, 90)
    for hour in (5.9, 6.1, 12.1, 24.1, 100.0):
        sim.env.run(until=hour)
        asked.append(people.in_need - people.trapped)
    assert asked[0] == 0
    assert asked[1] == pytest.approx(90 * (1 - 0.5**0.5), abs=3)
    assert asked[2] == pytest.approx(45, abs=3)
    assert asked[3] == pytest.approx(67.5, abs=3)
    assert asked[4] == 90, "in the end the last household too"
    assert so_far(sim).persons(Kind.ASKS_OUT) == 90
    trapped = people.trapped
    people.take(0, trapped - 10, -1, -1)
    assert (people.trapped, people.in_need) == (10, 100)
    people.take(0, 60, -1, -1)
    assert (people.trapped, people.stranded, people.in_need) == (0, 40, 40)


@pytest.mark.parametrize(("depth_m", "danger", "are_trapped"), [(0.0, 0, False), (3.1, 5, True)])
def test_who_has_asked_needs_nobody_when_the_water_has_gone_and_is_trapped_when_it_comes_up_there(
    depth_m: float, danger: int, are_trapped: bool
) -> None:
    sim = upstairs(90, asks_h=12.0)
    sim.env.run(until=13.0)
    people = sim.villages[0]
    assert people.in_need > people.trapped
    water_at(sim, 0, depth_m, danger)
    assert people.trapped == people.in_need == (people.there if are_trapped else 0)
    assert people.ground.above == 0


def test_the_sooner_they_ask_the_more_are_taken_off_and_no_more_die() -> None:
    found = []
    for hours in (6.0, 24.0, 96.0, NEVER):
        story = tell(foreseen(2.5, asks_h=hours))
        found.append((story.persons(Kind.ASKS_OUT), -dead(story)))
    assert (np.diff(found, axis=0)[:, 0] < 0).all(), found
    assert len({died for _, died in found}) == 1, "nobody drowns above the water"


def test_command_expects_ever_more_of_them_in_a_silent_village() -> None:
    sim = by_hand(foreseen(2.0, asks_h=12.0))
    estimates = sim.command.estimates
    from_h = sim.world.arrival_h[0]
    expected = [estimates.to_rescue(0, from_h + hours).persons for hours in (0.5, 12.5, 24.5)]
    weight = sim.settings.command.unconfirmed
    assert expected == [pytest.approx((300 - 90 * 0.5 ** (h / 12)) * weight, abs=4) for h in (0.5, 12.5, 24.5)]


# ---- to neighbours


def rising(steps: list[tuple[float, float, int]], share: float = SHARE, velocity_ms: float = 0.0) -> Simulation:
    """500 people whose houses lie 0.2, 0.6, 1.0, 1.4 and 1.8 m above the street: hour, depth in it and its class."""
    sim = village(parameters={"to_neighbours_share": share, "upstairs_share": 0})
    for hour, depth_m, danger in steps:
        sim.env.run(until=hour)
        water_at(sim, 0, depth_m, danger, velocity_ms)
    return sim


def houses(sim: Simulation) -> list[int]:
    return [group.there for group in sim.villages[0].ground.groups]


def test_half_of_the_lowest_go_up_to_the_others_as_the_water_comes_in() -> None:
    """0.4 m in the lowest houses, after half an hour from 0.1 m in the street: 50 go to four places in equal parts."""
    sim = rising([(1.0, 0.1, 1), (1.5, 0.6, 3)])
    assert houses(sim) == [50, 113, 112, 113, 112]
    people = sim.villages[0]
    assert (people.home, people.stranded, people.trapped) == (450, 50, 0)
    assert so_far(sim).persons(Kind.TO_NEIGHBOURS) == 50
    water_at(sim, 0, 0.7, 3)
    assert houses(sim) == [50, 113, 112, 113, 112], "who has stayed stays"


def test_hosts_and_guests_go_on_together_and_go_home_to_nobody() -> None:
    sim = rising([(1.0, 0.1, 1), (1.5, 0.6, 3), (2.0, 1.0, 3)])
    assert houses(sim)[:2] == [50, 57]
    people = sim.villages[0]
    people.leave_home(90)
    people.moving = 90
    people.moving = 0
    people.come_home(90, 0, -1)
    assert sum(houses(sim)) == 500 == people.there


@pytest.mark.parametrize(
    ("steps", "velocity_ms"),
    [
        ([(1.0, 0.1, 1), (1.05, 0.6, 3)], 0.0),  # 10 m/h: 0.61 m in less than a quarter of an hour
        ([(1.0, 0.7, 3)], 0.0),  # within one step of the model
        ([(1.0, 0.1, 4), (1.5, 0.6, 5)], 2.5),  # nobody stands in it
        ([(1.0, 2.3, 5), (1.5, 2.4, 5)], 0.0),  # all houses are wet
    ],
)
def test_nobody_goes_where_the_water_leaves_no_time_no_footing_or_no_dry_house(
    steps: list[tuple[float, float, int]], velocity_ms: float
) -> None:
    sim = rising(steps, velocity_ms=velocity_ms)
    assert houses(sim) == [100] * 5
    assert not so_far(sim).rows(Kind.TO_NEIGHBOURS)


def test_the_more_go_to_neighbours_the_fewer_are_trapped_and_die() -> None:
    found = []
    for share in (0.0, 0.3, 0.6, 0.9):
        sim = rising([(1.0, 0.1, 1), (2.0, 0.6, 3), (3.0, 1.1, 3), (4.0, 1.6, 4)], share)
        sim.env.run(until=20.0)
        people = sim.villages[0]
        people.lose_lives()
        deaths = [people.ground.expected_deaths(curve) for curve in CURVES if curve != "boyd"]
        found.append([so_far(sim).persons(Kind.TRAPPED), *deaths])
    assert (np.diff(found, axis=0) < 0).all(), found


def dead(story: Story) -> float:
    return sum(row.amount for row in story.rows(Kind.EXPECTED_DEATHS))
