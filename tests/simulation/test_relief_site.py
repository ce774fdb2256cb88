"""Basic relief at a place: what counts as met, when it runs out, what is asked for, when everybody is relieved."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Shelter
from simrescue.scenario.records import Command, Relief
from simrescue.simulation import hazard
from simrescue.simulation.relief_site import CLOTHING, FOOD, MEDICAL, REGISTER_H, SHELTER, WATER, ReliefSite
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.simulation.story import AT_ONCE, NOBODY, by_hand, dry_row, so_far

EVERY_DAY = (FOOD, WATER, MEDICAL)


def a_school(capacity: int = 100, relief: Relief | None = None, **stock: float) -> tuple[Simulation, ReliefSite]:
    """A shelter with its own stock, nobody in it yet; there are no crews."""
    school: Any = Shelter(id="school", capacity=capacity, **stock, **at(0, 1))
    sections = {"relief": relief or Relief(), "command": AT_ONCE}
    sim = by_hand(dry_row(120.0, shelters=(school,), sections=sections, **NOBODY))
    return sim, sim.sites[sim.world.ids.index("school")]


def a_village(water_class: int = 0, relief: Relief | None = None) -> tuple[Simulation, ReliefSite]:
    """A village of 300 cut off, after water of a class stood in it."""
    sim = by_hand(dry_row(120.0, sections={"relief": relief or Relief()}, **NOBODY))
    if water_class:
        hazard.apply(sim, 0, {2: 0.4, 3: 0.8, 4: 1.5}[water_class], water_class)
    sim.villages[0].cut_off()
    return sim, sim.sites[0]


def goods(**amounts: float) -> list[float]:
    return [amounts.get(item, 0.0) for item in ("food", "clothing", "water", "shelter", "medical")]


# ---- met, relieved, lapsed


def test_nothing_is_judged_before_people_are_counted() -> None:
    sim, site = a_school(food=10, clothing=10, water=10, medical=10)
    sim.env.run(until=1)
    site.touch(10)
    sim.env.run(until=20)
    met = so_far(sim).rows(Kind.MET, place="school")
    assert {row.item for row in met} == {FOOD, CLOTHING, WATER, SHELTER, MEDICAL}
    assert {row.time_h for row in met} == {1 + REGISTER_H}
    relieved = so_far(sim).one(Kind.RELIEVED, place="school")
    assert (relieved.time_h, relieved.persons) == (1 + REGISTER_H, 10)


@pytest.mark.parametrize(("food", "met"), [(3.2, False), (3.6, True)])
def test_food_counts_from_one_meal_each(food: float, met: bool) -> None:
    sim, site = a_school()
    site.touch(10)
    site.deliver(goods(food=food), -1)
    sim.env.run(until=0.5)
    assert bool(so_far(sim).rows(Kind.MET, item=FOOD)) == met


@pytest.mark.parametrize(("clothing", "met"), [(9, False), (10, True)])
def test_clothing_counts_when_everybody_has_a_set(clothing: float, met: bool) -> None:
    sim, site = a_school()
    site.touch(10)
    site.deliver(goods(clothing=clothing), -1)
    sim.env.run(until=0.5)
    assert bool(so_far(sim).rows(Kind.MET, item=CLOTHING)) == met


def test_relieved_when_the_last_tracked_need_is_met() -> None:
    sim, site = a_school()
    site.touch(10)
    sim.env.run(until=1)
    site.deliver(goods(food=30, clothing=10, medical=30), -1)
    assert not so_far(sim).rows(Kind.RELIEVED)
    sim.env.run(until=2)
    site.deliver(goods(water=30), -1)
    assert so_far(sim).one(Kind.RELIEVED).time_h == 2


def test_untracked_needs_do_not_count() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",)))
    site.touch(10)
    site.deliver(goods(food=30), -1)
    assert so_far(sim).one(Kind.RELIEVED).persons == 10
    assert {row.item for row in so_far(sim).rows(Kind.MET, Kind.NEEDS)} == {FOOD}


def test_food_lapses_when_it_is_eaten() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",)))
    site.touch(10)
    site.deliver(goods(food=15), -1)
    sim.env.run(until=100)
    lapse = so_far(sim).one(Kind.LAPSES, item=FOOD)
    assert lapse.time_h == pytest.approx(1.5 * 24, abs=1e-4)
    assert not site.relieved
    site.deliver(goods(food=15), -1)
    assert so_far(sim).times(Kind.RELIEVED)[-1] == 100


def test_more_people_eat_faster_and_more_must_be_clothed() -> None:
    sim, site = a_school(relief=Relief(tracked=("food", "clothing")))
    site.touch(10)
    site.deliver(goods(food=20, clothing=10), -1)
    sim.env.run(until=12)
    site.touch(20)
    sim.env.run(until=100)
    story = so_far(sim)
    assert story.one(Kind.LAPSES, item=CLOTHING).time_h == 12 + REGISTER_H
    assert story.one(Kind.LAPSES, item=FOOD).time_h == pytest.approx(12 + 15 / 20 * 24, abs=1e-4)


def test_an_empty_place_is_not_relieved() -> None:
    sim, site = a_school(food=99, clothing=99, water=99, medical=99)
    site.touch(10)
    sim.env.run(until=1)
    site.touch(0)
    sim.env.run(until=2)
    assert not site.relieved
    assert {row.item for row in so_far(sim).rows(Kind.LAPSES)} == {FOOD, CLOTHING, WATER, SHELTER, MEDICAL}


# ---- who needs what


def test_beds_of_a_shelter_house_up_to_its_capacity() -> None:
    _, site = a_school(capacity=100)
    site.touch(100)
    assert site.wanted(SHELTER) == 0
    site.touch(130)
    assert site.wanted(SHELTER) == 30
    assert site.needs()[SHELTER] == 30
    site.deliver(goods(shelter=30), -1)
    assert site.needs()[SHELTER] == 0


@pytest.mark.parametrize(
    ("water_class", "clothing", "shelter"), [(0, 0, 0), (2, 300, 0), (3, 300, float("inf"))], ids=["dry", "H2", "H3"]
)
def test_what_a_village_needs_depends_on_the_water_it_had(water_class: int, clothing: float, shelter: float) -> None:
    _, site = a_village(water_class)
    assert site.wanted(CLOTHING) == clothing
    assert site.wanted(SHELTER) == shelter


def test_after_deep_water_everybody_needs_a_tent_and_while_trapped_none_helps() -> None:
    sim, site = a_village(3)
    hazard.apply(sim, 0, 0.2, 1)
    assert sim.villages[0].trapped == 0
    assert site.wanted(SHELTER) == 300


def test_larders_of_dry_houses_last_a_day() -> None:
    sim, _ = a_village(0, Relief(household_days=1))
    sim.env.run(until=1)
    story = so_far(sim)
    assert {row.item for row in story.rows(Kind.MET, place="village-0")} == {FOOD, CLOTHING, WATER, SHELTER, MEDICAL}
    assert story.one(Kind.RELIEVED, place="village-0").persons == 300
    sim.env.run(until=100)
    lapses = so_far(sim).rows(Kind.LAPSES, place="village-0")
    assert {row.item for row in lapses} == set(EVERY_DAY)
    assert {round(row.time_h, 3) for row in lapses} == {24.0}


def test_larders_in_the_water_are_lost() -> None:
    _, site = a_village(2)
    assert site.left == [0.0] * 5


# ---- asking


def test_asks_for_the_days_that_are_sent_at_once() -> None:
    sim, site = a_school(relief=Relief(days_sent=3))
    site.touch(10)
    sim.env.run(until=1)
    needs = {row.item: row.amount for row in so_far(sim).rows(Kind.NEEDS)}
    assert needs == {FOOD: pytest.approx(30, rel=0.02), CLOTHING: 10, WATER: pytest.approx(30, rel=0.02),
                     MEDICAL: pytest.approx(30, rel=0.02)}  # fmt: skip
    request = so_far(sim).one(Kind.REQUEST_OPENED, place="school")
    assert request.item == 2


def test_asks_again_when_less_than_the_reorder_time_is_left() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",), reorder_h=12, days_sent=3))
    site.touch(10)
    site.deliver(goods(food=20), -1)
    sim.env.run(until=100)
    needs = so_far(sim).rows(Kind.NEEDS)
    assert needs[0].time_h == pytest.approx(48 - 12, abs=1e-4)
    assert needs[0].amount == pytest.approx(30 - 5, abs=1e-3)


def test_the_word_takes_its_time() -> None:
    command = Command(report_h=2.0, contact_loss=0)
    sim = by_hand(dry_row(command=command, **NOBODY))
    site = sim.sites[sim.world.ids.index("school")]
    site.left = [0.0] * 5
    site.touch(10)
    sim.env.run(until=40)
    assert so_far(sim).first(Kind.NEEDS, place="school").time_h > REGISTER_H


def test_a_village_without_contact_does_not_ask() -> None:
    command = Command(report_h=0, contact_loss=1, contact_restore_h=9, silence_h=99)
    sim = by_hand(dry_row(command=command, sections={"relief": Relief(household_days=0)}, **NOBODY))
    sim.villages[0].cut_off()
    sim.env.run(until=47)
    story = so_far(sim)
    restored = story.one(Kind.CONTACT_RESTORED).time_h
    assert all(time_h >= restored for time_h in story.times(Kind.NEEDS, place="village-0"))


def test_a_place_that_everybody_left_wants_nothing_any_more() -> None:
    sim, site = a_school()
    site.touch(10)
    sim.env.run(until=2)
    site.touch(0)
    sim.env.run(until=40)
    assert so_far(sim).rows(Kind.REQUEST_CLOSED, place="school")


def test_who_is_free_again_is_relieved_by_the_goods_that_are_there() -> None:
    """Nothing houses people while they are trapped; once the water falls, what lies there does."""
    sim, site = a_village(water_class=4)
    sim.env.run(until=1)
    site.deliver(goods(food=9000, clothing=300, water=9000, shelter=300, medical=9000), -1)
    sim.env.run(until=5)
    assert not so_far(sim).rows(Kind.RELIEVED)
    hazard.apply(sim, 0, 0.4, 2)
    sim.env.run(until=10)
    assert so_far(sim).one(Kind.FREED, item=0).time_h == 5
    assert so_far(sim).one(Kind.RELIEVED).time_h == 5 + REGISTER_H
