"""Houses of one village at different heights: who stands in the water, is trapped, dies, and how fast it rose there."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import log_from_rows
from simrescue.hazards.flood.house_heights import heights_m, shared
from simrescue.hazards.flood.mortality import CURVES, Water
from simrescue.metrics.people.whereabouts import share_moved_before_impact
from simrescue.parameters import Parameters
from simrescue.places import NEEDS, Village
from simrescue.responders import Boat
from simrescue.scenario.records import Evacuation, Health, Level, Warning
from simrescue.simulation.people.persuasion import Telling, groups
from simrescue.simulation.places.shelter import OWN_MEANS
from simrescue.simulation.state import Simulation
from tests.factories import at, flooded_row, settings
from tests.simulation.story import AT_ONCE, NOBODY, Story, by_hand, dry_row, so_far, tell, water_at

STAY = Evacuation(refuse=1, leave_by_cue=0, persuaded_by_call=0, persuaded_by_knock=0, persuaded_by_speaker=0)


def village(
    persons: int = 500,
    spread_m: float = 2.0,
    health: Health | None = None,
    parameters: dict[str, float] | None = None,
    **fields: Any,
) -> Simulation:
    """One village of three whose houses lie 0.2, 0.6, 1.0, 1.4 and 1.8 m above the street, with 100 people in each."""
    fields = {"vulnerable": 0.1, "upper_floor": 1.0, "ground_spread_m": spread_m, **fields}
    rows = tuple(Village(id=f"village-{i}", population=persons, **at(i, 0), **fields) for i in range(3))
    sections = {
        "health": health or Health(injured=0), "evacuation": STAY, "parameters": Parameters(**(parameters or {})),
    }  # fmt: skip
    return by_hand(dry_row(command=AT_ONCE, villages=rows, sections=sections, **NOBODY))


def water(sim: Simulation, depth_m: float, danger: int) -> tuple[int, int, int]:
    """Home, stranded and trapped people when the street is so deep."""
    water_at(sim, 0, depth_m, danger)
    people = sim.villages[0]
    return people.home, people.stranded, people.trapped


def test_heights_are_even_and_parts_of_people_whole() -> None:
    assert heights_m(2.0) == pytest.approx((0.2, 0.6, 1.0, 1.4, 1.8))
    assert heights_m(0.0) == (0.0,)
    assert shared(7, [10, 0, 10, 1]) == [3, 0, 4, 0]
    assert shared(0, [0, 0]) == [0, 0]
    for persons in range(22):
        parts = shared(persons, [10, 0, 10, 1])
        assert sum(parts) == persons
        assert all(0 <= part <= most for part, most in zip(parts, [10, 0, 10, 1], strict=True))


def test_people_are_caught_house_by_house_as_it_rises_and_let_go_as_it_falls() -> None:
    """A house is in H2 above 0.3 m, in H3 above 0.5 m (a tenth is helpless), in H4 above 1.2 m."""
    sim = village()
    assert water(sim, 0.4, 2) == (500, 0, 0)  # 0.2 m in the lowest houses
    assert water(sim, 0.6, 3) == (400, 100, 0)  # 0.4 m there
    assert water(sim, 1.2, 3) == (300, 90 + 90, 10 + 10)  # 1.0, 0.6 and 0.2 m
    assert sim.villages[0].in_need == 200
    assert water(sim, 1.45, 4) == (200, 100 + 90, 100 + 10)  # 1.25, 0.85 and 0.45 m
    assert water(sim, 3.3, 5) == (0, 0, 500)  # 1.5 m in the highest
    assert water(sim, 0.85, 3) == (400, 0, 100)  # 0.65 m in the lowest: who was trapped there stays so
    assert water(sim, 0.6, 3) == (400, 100, 0)
    assert water(sim, 0.0, 0) == (500, 0, 0)
    story = so_far(sim)
    assert story.persons(Kind.STRANDED) == story.persons(Kind.FREED, item=1) == 500
    assert story.persons(Kind.TRAPPED) == story.persons(Kind.FREED, item=0) == 500
    assert sim.sites[0].persons == 500  # all have been affected


def test_one_height_is_as_before() -> None:
    sim = village(spread_m=0.0)
    assert water(sim, 0.4, 2) == (0, 500, 0)
    assert water(sim, 0.6, 3) == (0, 450, 50)


def test_who_is_dry_and_not_cut_off_is_not_affected_and_asks_for_nothing() -> None:
    sim = village()
    water(sim, 0.7, 3)
    people = sim.villages[0]
    assert (people.in_need, sim.sites[0].persons) == (100, 100)
    people.cut_off()
    assert (people.home, people.stranded, people.in_need, sim.sites[0].persons) == (0, 500, 100, 500)
    assert so_far(sim).one(Kind.OWN_STOCK).persons == 400
    people.reconnect()
    assert (people.home, people.stranded, people.in_need) == (400, 100, 100)


def test_clothing_and_tents_are_needed_once_half_of_the_houses_have_been_wet() -> None:
    sim = village()
    water(sim, 1.2, 3)
    site = sim.sites[0]
    assert not site.applies(NEEDS.index("clothing"))
    water(sim, 1.4, 4)  # 0.4 m in the middle houses
    assert site.applies(NEEDS.index("clothing"))
    assert not site.applies(NEEDS.index("shelter"))
    water(sim, 1.6, 4)
    assert site.applies(NEEDS.index("shelter"))
    assert [row.item for row in so_far(sim).rows(Kind.HOUSES_FLOODED)] == [2, 3]


def test_crews_take_the_lowest_first_and_the_dry_are_left_at_home() -> None:
    sim = village()
    water(sim, 1.9, 4)  # 1.7, 1.3, 0.9, 0.5 and 0.1 m
    people = sim.villages[0]
    assert (people.trapped, people.in_need, people.home) == (210, 400, 100)
    people.take(sim.world.command, 150, -1, -1)
    assert [houses.there for houses in people.ground.groups] == [0, 50, 100, 100, 100]
    people.take(sim.world.command, 1000, -1, -1)
    assert (people.there, people.home, people.in_need, people.aboard) == (100, 100, 0, 400)


def test_who_comes_back_goes_into_his_own_house() -> None:
    sim = village()
    people = sim.villages[0]
    people.leave_home(250)
    people.moving = 250
    assert [houses.there for houses in people.ground.groups] == [50] * 5
    water(sim, 1.5, 4)  # 1.3, 0.9, 0.5, 0.1 m
    people.moving = 0
    people.come_home(250, OWN_MEANS, -1)
    assert [houses.there for houses in people.ground.groups] == [100] * 5
    assert (people.home, people.stranded, people.trapped) == (
        200,
        300 - 100 - 10 - 5,
        100 + 10 + 5,
    )  # a fifth of those who had stayed was helpless


def test_deaths_are_those_of_each_house_in_its_own_depth() -> None:
    """24 h in 2.8, 2.4, 2.0, 1.6 and 1.2 m; in the last only the helpless are trapped."""
    sim = village(health=Health(injured=0, mortality="screening", exposure_h=24))
    water(sim, 3.0, 5)
    sim.env.run(until=24.0)
    water(sim, 0.0, 0)
    sim.villages[0].close()
    number = list(CURVES).index("screening")
    share = [CURVES["screening"](Water(depth_m), Parameters())[0] for depth_m in (2.8, 2.4, 2.0, 1.6, 1.2)]
    expected = sum(persons * one for persons, one in zip((100, 100, 100, 100, 10), share, strict=True))
    assert so_far(sim).one(Kind.EXPECTED_DEATHS, item=number).amount == pytest.approx(expected)


def test_houses_are_damaged_each_by_its_own_depth() -> None:
    """1 m in the street: 0.8 and 0.4 m in two fifths, by a straight line 0.427 and 0.262 of the most."""
    sim = village()
    water(sim, 1.0, 3)
    sim.villages[0].close()
    lost = so_far(sim).one(Kind.HOUSES_DAMAGED).amount
    most = sim.parameters.floor_area_m2 * 500 * sim.parameters.building_cost_yuan * 0.6 * 0.6 * 1.5
    assert lost == pytest.approx(most * (0.4272 + 0.2616) / 5, rel=1e-3)


def test_nobody_comes_back_into_houses_that_all_have_stayed_in() -> None:
    sim = village()
    people = sim.villages[0]
    water(sim, 0.6, 3)  # the lowest are stranded
    people.leave_home(200)
    people.moving = 0
    people.come_home(200, OWN_MEANS, -1)
    assert [houses.there for houses in people.ground.groups] == [100] * 5
    assert (people.home, people.stranded) == (400, 100)


# ---- an order for a part


def addressed(share: float) -> Simulation:
    """500 people of whom an order addresses a share, all of whom it reaches and who all go."""
    going = Evacuation(refuse=0, leave_by_cue=0, act_t50_h=0.1, act_t50_day_h=0.1)
    told = Warning(order=0.0, reach=1.0, knock_reach=1.0)
    plain: dict[str, Any] = {"population": 500, "ground_spread_m": 2.0, "cars": 1, "vulnerable": 0}
    rows = [Village(id="village-0", ordered_share=share, **plain, **at(0, 0))]
    rows += [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    return by_hand(dry_row(villages=tuple(rows), sections={"warning": told, "evacuation": going}, **NOBODY))


@pytest.mark.parametrize(("share", "houses"), [(1.0, [0] * 5), (0.3, [0, 50, 100, 100, 100]), (0.0, [100] * 5)])
def test_an_order_moves_those_whom_it_is_meant_for_from_the_lowest_houses(share: float, houses: list[int]) -> None:
    sim = addressed(share)
    sim.env.run(until=30)
    assert so_far(sim).persons(Kind.LEAVE) == 500 * share
    assert [group.there for group in sim.villages[0].ground.groups] == houses


@pytest.mark.parametrize("share", [1.0, 0.3, 0.0])
def test_who_hears_an_order_that_is_meant_for_others_is_warned_and_stays(share: float) -> None:
    sim = addressed(share)
    sim.env.run(until=30)
    assert so_far(sim).persons(Kind.WARNED) == 500
    moved = share_moved_before_impact(log_from_rows(sim.recorder.rows), sim.world.facts, "ordered")
    assert moved == (1.0 if share else pytest.approx(math.nan, nan_ok=True))
    assert sim.villages[0].there == 500 * (1 - share)


def test_who_is_not_addressed_may_still_leave_at_the_sight_of_water() -> None:
    sim = addressed(0.4)
    sim.env.run(until=20)
    cue = Telling("cue", 0.5, 0.0, 0.5, is_order=False)
    assert sum(group.going for group in groups(sim, sim.villages[0], cue)) == 150
    call = Telling("call", 1.0, 0.0, 1.0)
    assert sum(group.going for group in groups(sim, sim.villages[0], call)) == 0


# ---- high buildings


def town(share: float, **fields: Any) -> Simulation:
    """500 people of a town, a share of whom live in houses of four storeys or more, all at the street."""
    return village(
        spread_m=0.0, vulnerable=0.1, upper_floor=0.0, town=True, parameters={"high_building_share": share}, **fields
    )


def test_people_in_high_buildings_stay_above_the_water_and_are_not_taken_off() -> None:
    """Of 500 people 200 live high: the others are trapped and asked rescue for, and who lives high needs goods."""
    sim = town(0.4)
    assert water(sim, 0.4, 2) == (0, 500, 0)
    people = sim.villages[0]
    assert people.in_need == 300
    assert water(sim, 0.8, 3) == (0, 200, 300), "nobody of the others has a refuge"
    assert water(sim, 2.5, 5) == (0, 200, 300)
    assert (people.in_need, sim.sites[0].persons) == (300, 200)
    groups, _ = people.take(0, 1000, -1, -1)
    assert sum(persons for persons, _, _ in groups) == 300
    assert (people.in_need, people.stranded, people.ground.there) == (0, 200, 200)
    assert water(sim, 0.0, 0) == (200, 0, 0)


def test_nobody_stays_above_water_over_the_third_storey_or_above_flames() -> None:
    sim = town(0.4)
    assert water(sim, 8.9, 6) == (0, 200, 300)
    assert water(sim, 9.1, 6) == (0, 0, 500)
    burning = town(0.4)
    burning.villages[0].flames(burning=True)
    assert burning.villages[0].trapped == 500


def test_an_order_is_not_for_those_who_live_high() -> None:
    sim = town(0.4)
    call = Telling("call", 1.0, 0.0, 1.0)
    assert sum(group.going for group in groups(sim, sim.villages[0], call)) == 300
    cue = Telling("cue", 0.5, 0.0, 0.5, is_order=False)
    assert sum(group.going for group in groups(sim, sim.villages[0], cue)) == 100, "half of those not reached yet"
    assert sim.world.told_share[0] == 0.6
    plain = village()
    assert plain.world.told_share[0] == 1.0


@pytest.mark.parametrize("depth_m", [0.8, 2.5, 5.0])
def test_more_people_in_high_buildings_never_cost_lives(depth_m: float) -> None:
    expected = []
    for share in (0.0, 0.2, 0.6, 1.0):
        sim = town(share, health=Health(injured=0))
        water_at(sim, 0, depth_m, 5 if depth_m > 2 else 3)
        sim.env.run(until=20)
        sim.villages[0].lose_lives()
        expected.append([sim.villages[0].ground.expected_deaths(curve) for curve in CURVES])
    assert (np.diff(expected, axis=0) < 0).all(), expected
    assert expected[-1] == [0] * len(CURVES)


# ---- the course


def flooded(depth_m: float, spread_m: float, **more: Any) -> Story:
    rows = tuple(
        Village(id=f"village-{i}", population=300, zone="river", ground_spread_m=spread_m, **at(i, 0)) for i in range(3)
    )
    return tell(flooded_row(depth_m=depth_m, villages=rows, **more))


def test_higher_ground_never_harms() -> None:
    """The more the ground rises from the street, the fewer are stranded, trapped and dead, and the less is lost."""
    found = []
    for spread_m in (0.0, 0.5, 1.5, 3.0, 8.0, 60.0):
        story = flooded(2.5, spread_m, **NOBODY)
        found.append([
            story.persons(Kind.TRAPPED),
            sum(row.amount for row in story.rows(Kind.EXPECTED_DEATHS)),
            sum(row.amount for row in story.rows(Kind.HOUSES_DAMAGED)),
        ])  # fmt: skip
    assert (np.diff(found, axis=0) <= 0).all(), found
    assert found[0][0] > found[2][0] > found[4][0] > found[5][0] == 0


def test_boats_bring_out_all_in_the_water_and_nobody_else() -> None:
    story = flooded(2.0, 3.0, boats=(Boat(id="boat", base="station", count=20),))
    assert story.persons(Kind.PICKS_UP, item=0) + story.persons(Kind.PICKS_UP, item=1) <= story.persons(Kind.STRANDED)
    assert story.rows(Kind.PICKS_UP)


# ---- rate of rise


def rises(*course: tuple[float, float], spread_m: float = 0.0, until_h: float = 40.0) -> list[float]:
    """Rate of rise at each house of a village when depth in its street goes straight from (hour, m) to the next."""
    rows = (Village(id="village-0", population=300, zone="river", ground_spread_m=spread_m, **at(0, 0)),)
    levels = tuple(Level(zone="river", time_h=time_h, level_m=level_m) for time_h, level_m in course)
    made = flooded_row(length=1, villages=rows, levels=levels, **NOBODY)
    plain = settings(48.0, hazard=made.settings.hazard, evacuation=STAY)
    sim = by_hand(made.model_copy(update={"settings": plain}))
    sim.env.run(until=until_h)
    return [houses.water.rise_m_h for houses in sim.villages[0].ground.groups]


@pytest.mark.parametrize(
    ("course", "rise_m_h"),
    [
        (((0, -1), (10, 0), (16, 3), (48, 3)), 0.5),
        (((0, -4), (48, 5.6)), 0.2),  # between readings two days apart the level is straight, and so is the rise
        (((0, -1), (2, 0.1), (22, 0.2), (24, 3), (48, 3)), 1.4),  # a film of water for 20 h is no onset
        (((0, -1), (2, 0), (10, 2), (12, 0.2), (13, 3), (48, 3)), 2.8),  # the second rise is another one
        (((0, -1), (2, 0), (10, 2), (12, 0.5), (13, 3), (48, 3)), 0.25),  # nobody could walk out in between
        (((0, -1), (2, 0), (4, 1.4), (48, 1.4)), 0.0),  # never 1.5 m
        (((0, -1), (2, 0), (4, 3), (10, 0.1), (48, 0.1)), 0.0),  # over
    ],
)
def test_rate_of_rise_by_hand(course: tuple[tuple[float, float], ...], rise_m_h: float) -> None:
    assert rises(*course) == pytest.approx([rise_m_h], rel=0.02)


def test_a_rise_within_one_step_is_known_no_better_than_the_step() -> None:
    assert rises((0, -1), (10.01, -1), (10.02, 3), (48, 3))[0] == pytest.approx((3 - 0.3) / 0.25, rel=0.01)


def test_higher_houses_have_the_rise_of_their_own_first_metre_and_a_half() -> None:
    """Up to 1 m at 0.1 m/h, then at 2 m/h: the lowest houses (0.2 m) have both, those above 0.7 m the second only."""
    found = rises((0, -1), (10, 0), (20, 1), (23, 7), (48, 7), spread_m=2.0)
    assert found[0] == pytest.approx(1.2 / (5 + 0.35), rel=0.03)
    assert found[2:] == pytest.approx([2.0] * 3, rel=0.02)
