"""Basic relief at a place: what counts as met, when it runs out, what is asked for, when everybody is relieved."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.places import NEEDS, Depot, Junction, Road, Shelter
from simrescue.scenario.records import Command, Relief
from simrescue.simulation.places.relief_site import (
    REGISTER_H,
    ReliefSite,
    SiteLines,
)
from simrescue.simulation.state import Simulation
from tests.factories import STOCK, at
from tests.simulation.story import AT_ONCE, NEVER_H, NOBODY, by_hand, dry_row, flood_road, so_far, water_at

FOOD, WATER, CLOTHING, SHELTER, MEDICAL = map(NEEDS.index, ("food", "water", "clothing", "shelter", "medical"))
EVERY_DAY = (FOOD, WATER, MEDICAL)


def a_school(capacity: int = 100, relief: Relief | None = None, **stock: float) -> tuple[Simulation, ReliefSite]:
    """A shelter with its own stock, nobody in it yet; there are no crews."""
    school: Any = Shelter(id="school", capacity=capacity, **stock, **at(0, 1))
    sections = {"relief": relief or Relief(), "command": AT_ONCE}
    sim = by_hand(dry_row(120.0, shelters=(school,), sections=sections, **NOBODY))
    return sim, sim.sites[sim.world.ids.index("school")]


def come(site: ReliefSite, persons: int, village: int = 0) -> None:
    """People of a village are inside from now on."""
    site.join(village, persons, site.sim.villages[village])


def go(site: ReliefSite, persons: int, village: int = 0) -> None:
    """The first of a village have left."""
    site.leave(village, persons, site.sim.villages[village])


def a_village(water_class: int = 0, relief: Relief | None = None) -> tuple[Simulation, ReliefSite]:
    """A village of 300 cut off, after water of a class stood in it."""
    sim = by_hand(dry_row(120.0, sections={"relief": relief or Relief()}, **NOBODY))
    if water_class:
        water_at(sim, 0, {2: 0.4, 3: 0.8, 4: 1.5}[water_class], water_class)
    sim.villages[0].cut_off()
    return sim, sim.sites[0]


def goods(**amounts: float) -> list[float]:
    return [amounts.get(item, 0.0) for item in ("food", "clothing", "water", "shelter", "medical")]


def told(sim: Simulation, kind: Kind, item: int) -> list[tuple[float, float, float]]:
    """Hours (to a thousandth), persons and reach of the rows of an item."""
    return [(round(row.time_h, 3), row.persons, row.amount) for row in so_far(sim).rows(kind, item=item)]


# ---- met, relieved, lapsed


def test_nothing_is_judged_before_people_are_counted() -> None:
    sim, site = a_school(food=10, clothing=10, water=10, medical=10)
    sim.env.run(until=1)
    come(site, 10)
    sim.env.run(until=20)
    met = so_far(sim).rows(Kind.MET, place="school")
    assert {row.item for row in met} == {FOOD, CLOTHING, WATER, SHELTER, MEDICAL}
    assert {(row.time_h, row.persons, row.amount) for row in met} == {(1 + REGISTER_H, 10, 10)}
    relieved = so_far(sim).one(Kind.RELIEVED, place="school")
    assert (relieved.time_h, relieved.persons) == (1 + REGISTER_H, 10)


@pytest.mark.parametrize(("food", "fed"), [(0.3, 0), (1.8, 5), (3.2, 9), (3.4, 10), (9, 10)])
def test_food_is_for_as_many_as_get_a_meal_of_it(food: float, fed: int) -> None:
    sim, site = a_school()
    come(site, 10)
    site.deliver(goods(food=food), -1)
    assert so_far(sim).persons(Kind.MET, item=FOOD) == fed
    assert site.lacking(FOOD) == 10 - fed


@pytest.mark.parametrize(("clothing", "clothed"), [(0.9, 0), (9, 9), (10, 10), (30, 10)])
def test_each_set_of_clothing_is_given_to_one(clothing: float, clothed: int) -> None:
    sim, site = a_school()
    come(site, 10)
    site.deliver(goods(clothing=clothing), -1)
    assert so_far(sim).persons(Kind.MET, item=CLOTHING) == clothed
    assert site.left[CLOTHING] == pytest.approx(clothing - clothed)


def test_relieved_when_the_last_tracked_need_is_met() -> None:
    sim, site = a_school()
    come(site, 10)
    sim.env.run(until=1)
    site.deliver(goods(food=30, clothing=10, medical=30), -1)
    assert not so_far(sim).rows(Kind.RELIEVED)
    sim.env.run(until=2)
    site.deliver(goods(water=30), -1)
    assert so_far(sim).one(Kind.RELIEVED).time_h == 2


def test_untracked_needs_do_not_count() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",)))
    come(site, 10)
    site.deliver(goods(food=30), -1)
    assert so_far(sim).one(Kind.RELIEVED).persons == 10
    assert {row.item for row in so_far(sim).rows(Kind.MET, Kind.NEEDS)} == {FOOD}


def test_food_lapses_when_it_is_eaten() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",)))
    come(site, 10)
    site.deliver(goods(food=15), -1)
    sim.env.run(until=100)
    assert told(sim, Kind.LAPSES, FOOD) == [(36.0, 10, 0)]
    assert not site.relieved
    site.deliver(goods(food=15), -1)
    assert so_far(sim).times(Kind.RELIEVED)[-1] == 100


def test_only_those_who_are_fed_eat() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",)))
    come(site, 10)
    site.deliver(goods(food=2.0), -1)
    sim.env.run(until=30)
    assert told(sim, Kind.MET, FOOD) == [(0.0, 6, 6)]
    assert told(sim, Kind.LAPSES, FOOD) == [(8.0, 6, 0)], "six people eat a third of a person-day each"


def test_who_comes_later_takes_nothing_from_those_who_have() -> None:
    sim, site = a_school(relief=Relief(tracked=("food", "clothing")))
    come(site, 10)
    site.deliver(goods(food=20, clothing=10), -1)
    sim.env.run(until=12)
    come(site, 20)
    sim.env.run(until=100)
    assert told(sim, Kind.MET, CLOTHING) == [(0.0, 10, 10)]
    assert told(sim, Kind.LAPSES, CLOTHING) == []
    assert told(sim, Kind.MET, FOOD) == [(0.0, 10, 10), (12 + REGISTER_H, 20, 30)]
    lapse = told(sim, Kind.LAPSES, FOOD)
    assert lapse == [(pytest.approx(12 + REGISTER_H + (20 - 12.25 * 10 / 24) / 30 * 24, abs=1e-3), 30, 0)]


def test_what_is_short_goes_to_those_who_came_first() -> None:
    sim, site = a_school(relief=Relief(tracked=("clothing",)))
    come(site, 10, village=0)
    come(site, 10, village=1)
    site.deliver(goods(clothing=14), -1)
    assert told(sim, Kind.MET, CLOTHING) == [(0.0, 14, 14)]
    go(site, 8, village=1)
    assert site.lacking(CLOTHING) == 2, "the four of the second village who had some were its first to come, and left"
    site.deliver(goods(clothing=1), -1)
    assert told(sim, Kind.MET, CLOTHING)[-1] == (0.0, 1, 19)


def test_who_leaves_takes_clothing_along_and_no_food() -> None:
    _, site = a_school(relief=Relief(tracked=("food", "clothing")))
    come(site, 10)
    site.deliver(goods(food=10, clothing=6), -1)
    go(site, 8)
    assert (site.left[FOOD], site.served[FOOD], site.lacking(CLOTHING)) == (10, 2, 2)
    come(site, 8)
    assert site.lacking(CLOTHING) == 4, "six of the eight bring what they were given"
    site.deliver(goods(clothing=9), -1)
    assert site.left[CLOTHING] == 5
    assert site.lacking(CLOTHING) == 0


def test_an_empty_place_is_not_relieved_and_eats_nothing() -> None:
    sim, site = a_school(food=99, clothing=99, water=99, medical=99)
    come(site, 10)
    sim.env.run(until=24)
    go(site, 10)
    sim.env.run(until=90)
    assert not site.relieved
    assert site.left[FOOD] == pytest.approx(99 - (24 - REGISTER_H) * 10 / 24)
    assert not so_far(sim).rows(Kind.LAPSES)


# ---- who needs what


def test_beds_of_a_shelter_house_up_to_its_capacity() -> None:
    sim, site = a_school(capacity=100)
    come(site, 100)
    sim.env.run(until=1)
    assert site.lacking(SHELTER) == 0
    come(site, 30)
    sim.env.run(until=2)
    assert site.lacking(SHELTER) == 30
    assert site.needs()[SHELTER] == 30
    site.deliver(goods(shelter=20), -1)
    assert (site.lacking(SHELTER), site.needs()[SHELTER]) == (10, 10)
    go(site, 25)
    sim.env.run(until=3)
    assert site.lacking(SHELTER) == 0, "beds and tents of those who left are for others"
    assert told(sim, Kind.MET, SHELTER) == [(0.25, 100, 100), (2.0, 20, 120), (2.25, 10, 130)]


def test_water_in_the_shelter_takes_the_beds_until_it_is_gone() -> None:
    sim, site = a_school(capacity=100)
    sim.shelters[site.index].receive(sim.villages[0], 80, 0, -1)
    sim.env.run(until=1)
    site.deliver(goods(shelter=30), -1)
    water_at(sim, site.index, 0.5, 2)
    sim.env.run(until=5)
    assert told(sim, Kind.LAPSES, SHELTER) == [(1 + REGISTER_H, 50, 30)]
    water_at(sim, site.index, 0.0, 0)
    sim.env.run(until=9)
    assert told(sim, Kind.MET, SHELTER)[-1] == (5 + REGISTER_H, 50, 80)


@pytest.mark.parametrize(
    ("water_class", "clothing", "shelter"), [(0, 0, 0), (2, 300, 0), (3, 158, 158)], ids=["dry", "H2", "H3"]
)
def test_what_a_village_needs_depends_on_the_water_it_had(water_class: int, clothing: float, shelter: float) -> None:
    """At H3 those without a refuge are trapped: nothing reaches them, and nothing is sent for them.

    In rural China 0.763 live in one storey, half of them under a roof that is not flat; with the 15 % helpless,
    wherever they live, these are 1 - 0.85 x 0.6185 = 47 %: 142 of the 300.
    """
    _, site = a_village(water_class)
    assert (site.lacking(CLOTHING), site.lacking(SHELTER)) == (clothing, shelter)
    assert (site.needs()[CLOTHING], site.needs()[SHELTER]) == (clothing, shelter)


def test_larders_of_dry_houses_last_a_day_and_are_no_relief() -> None:
    sim, site = a_village(0, Relief(household_days=1))
    sim.env.run(until=20)
    assert not so_far(sim).rows(Kind.MET, Kind.RELIEVED, place="village-0")
    begun = so_far(sim).one(Kind.OWN_STOCK, place="village-0")
    assert (begun.time_h, begun.persons, begun.amount) == (0, 300, 24)
    assert site.needs()[FOOD] == pytest.approx(300 * (3 - 4 / 24)), "asked for in time, for when it has run out"
    sim.env.run(until=100)
    assert (so_far(sim).one(Kind.OWN_STOCK_ENDS).time_h, so_far(sim).one(Kind.OWN_STOCK_ENDS).item) == (24, 0)


def test_larders_in_the_water_are_lost() -> None:
    sim, _ = a_village(2)
    assert not so_far(sim).rows(Kind.OWN_STOCK)
    sim, site = a_village(0)
    sim.env.run(until=3)
    water_at(sim, 0, 0.4, 2)
    assert site.own_left_h() == 0
    sim.env.run(until=60)
    ended = so_far(sim).one(Kind.OWN_STOCK_ENDS)
    assert (ended.time_h, ended.item) == (3, 1)


def test_who_is_cut_off_again_has_no_second_larder() -> None:
    sim, _ = a_village(0)
    sim.villages[0].reconnect()
    sim.env.run(until=50)
    sim.villages[0].cut_off()
    sim.env.run(until=80)
    assert len(so_far(sim).rows(Kind.OWN_STOCK)) == 1


def test_who_turned_back_is_served_at_home() -> None:
    sim, site = a_village()
    sim.villages[0].reconnect()
    sim.villages[0].leave_home(20)
    assert site.persons == 280
    sim.villages[0].come_home(20, 0, -1)
    assert site.persons == 300


# ---- asking


def test_asks_for_the_days_that_are_sent_at_once() -> None:
    sim, site = a_school(relief=Relief(days_sent=3))
    come(site, 10)
    sim.env.run(until=1)
    needs = {row.item: row.amount for row in so_far(sim).rows(Kind.NEEDS)}
    assert needs == {FOOD: pytest.approx(30, rel=0.02), CLOTHING: 10, WATER: pytest.approx(30, rel=0.02),
                     MEDICAL: pytest.approx(30, rel=0.02)}  # fmt: skip
    request = so_far(sim).one(Kind.REQUEST_OPENED, place="school")
    assert request.item == 2


def test_asks_again_when_less_than_the_reorder_time_is_left() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",), reorder_h=12, days_sent=3))
    come(site, 10)
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
    come(site, 10)
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
    come(site, 10)
    sim.env.run(until=2)
    go(site, 10)
    sim.env.run(until=40)
    assert so_far(sim).rows(Kind.REQUEST_CLOSED, place="school")


def test_asks_again_only_when_the_need_has_grown_by_a_fifth() -> None:
    sim, site = a_school(relief=Relief(tracked=("clothing",)))
    come(site, 100)
    sim.env.run(until=1)
    come(site, 19)
    sim.env.run(until=2)
    assert [row.amount for row in so_far(sim).rows(Kind.NEEDS)] == [100]
    come(site, 3)
    sim.env.run(until=3)
    assert [row.amount for row in so_far(sim).rows(Kind.NEEDS)] == [100, 122]


def test_a_small_need_is_not_hidden_behind_a_large_one() -> None:
    sim, site = a_school(relief=Relief(tracked=("food", "clothing"), days_sent=30))
    come(site, 100)
    sim.env.run(until=1)
    site.deliver(goods(clothing=100), -1)
    come(site, 10)
    sim.env.run(until=2)
    asked = [(row.item, row.amount) for row in so_far(sim).rows(Kind.NEEDS)]
    assert asked[0] == (FOOD, pytest.approx(3000))
    assert asked[-1] == (CLOTHING, 10)


def test_what_was_asked_for_and_has_come_is_not_asked_for_again() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",), reorder_h=12, days_sent=3))
    come(site, 100)
    sim.env.run(until=1)
    site.deliver(goods(food=200), -1)
    sim.env.run(until=30)
    (first, *more) = so_far(sim).rows(Kind.NEEDS)
    assert first.amount == pytest.approx(300)
    assert more == [], "two days are left of it until 12 hours before they are over"
    sim.env.run(until=38)
    assert so_far(sim).rows(Kind.NEEDS)[-1].amount == pytest.approx(300 - 50, rel=0.01)


def test_who_goes_without_is_asked_for_whatever_the_reorder_time() -> None:
    sim, site = a_school(relief=Relief(tracked=("food",), reorder_h=0, days_sent=3))
    come(site, 100)
    site.deliver(goods(food=20), -1)
    sim.env.run(until=1)
    assert site.lacking(FOOD) == 40
    assert so_far(sim).first(Kind.NEEDS).amount == pytest.approx(280, rel=0.01)


def test_who_is_free_again_is_served_by_what_is_there() -> None:
    """Nothing reaches people while they are trapped; once the water falls, what lies there does."""
    sim, site = a_village(water_class=4)
    sim.env.run(until=1)
    site.deliver(goods(food=9000, clothing=300, water=9000, shelter=300, medical=9000), -1)
    sim.env.run(until=5)
    assert not so_far(sim).rows(Kind.MET, Kind.RELIEVED)
    water_at(sim, 0, 0.4, 2)
    sim.env.run(until=10)
    assert so_far(sim).one(Kind.FREED, item=0).time_h == 5
    assert so_far(sim).one(Kind.RELIEVED).time_h == 5 + REGISTER_H
    site.needs()
    assert site.left[FOOD] == pytest.approx(9000 - 300 * 4.75 / 24, abs=1e-3)


# ---- goods next door


def next_door(relief: Relief | None = None, wet: bool = False, **stock: float) -> Simulation:
    """A dry village of 300 cut off, 100 m beside a depot; there are no crews, and no road is open."""
    spot = at(0, 0) | {"lat": at(0, 0)["lat"] + 0.1 / 111.2}
    depots: Any = (Depot(id="depot", opening_h=2.0, **(stock or STOCK), **spot),)
    sections = {"relief": relief or Relief(household_days=0)}
    sim = by_hand(dry_row(120.0, roads=(), depots=depots, sections=sections, **NOBODY))
    if wet:
        water_at(sim, sim.world.ids.index("depot"), 0.5, 2)
    sim.villages[0].cut_off()
    return sim


def test_people_fetch_goods_from_next_door() -> None:
    sim = next_door()
    sim.env.run(until=47)
    story = so_far(sim)
    assert story.one(Kind.RELIEVED, place="village-0").persons == 300
    fetched = story.first(Kind.FETCHED, place="depot")
    assert fetched.time_h == pytest.approx(REGISTER_H + 0.1 / 3.85 + 2.0, abs=1e-3)
    load = [row for row in story.rows(Kind.FETCHED) if row.time_h == fetched.time_h]
    kg = sim.command.kg
    assert sum(row.amount * kg[row.item] for row in load) == pytest.approx(300 * 5), "what 300 people carry in one go"
    depot = sim.depots[sim.world.ids.index("depot")]
    for item in EVERY_DAY:
        out = sum(row.amount for row in story.rows(Kind.FETCHED, item=item))
        assert out == pytest.approx(sum(row.amount for row in story.rows(Kind.DELIVERS, place="village-0", item=item)))
        assert depot.full[item] - depot.stock[item] == pytest.approx(out)


def test_own_stock_comes_first_and_nobody_waits_an_hour() -> None:
    sim = next_door(Relief(household_days=1))
    sim.env.run(until=40)
    story = so_far(sim)
    assert 12 < story.first(Kind.FETCHED).time_h < story.first(Kind.RELIEVED).time_h < 24


@pytest.mark.parametrize("how", ["wet", "far", "empty"])
def test_nobody_fetches_what_cannot_be_fetched(how: str) -> None:
    if how == "far":
        sim = next_door(Relief(household_days=0, fetch_within_km=0.09))
    else:
        sim = next_door(wet=how == "wet", **({"food": 0.0} if how == "empty" else {}))
    sim.env.run(until=40)
    assert not so_far(sim).rows(Kind.FETCHED, Kind.MET)


def test_a_store_that_is_dry_or_filled_again_is_gone_to() -> None:
    sim = next_door(wet=True)
    sim.env.run(until=10)
    water_at(sim, sim.world.ids.index("depot"), 0.0, 0)
    sim.env.run(until=20)
    assert so_far(sim).first(Kind.FETCHED).time_h > 10
    sim = next_door(food=0.0)
    sim.env.run(until=10)
    sim.depots[sim.world.ids.index("depot")].put(goods(food=500))
    sim.env.run(until=20)
    assert so_far(sim).first(Kind.MET, item=FOOD).time_h > 10


# ---- what stands between


WAYS = (("only", "village-0", "depot", 0.9),)
ROUND = (*WAYS, ("lane", "village-0", "bend", 0.5), ("path", "bend", "depot", 0.45))
LONG_ROUND = (*WAYS, ("lane", "village-0", "bend", 0.6), ("path", "bend", "depot", 0.45))


def joined(
    roads: tuple[tuple[str, str, str, float], ...] = WAYS, craft: float = 0, upstairs: bool = False
) -> Simulation:
    """A dry village cut off from all but a depot 700 m away, to which roads of these lengths in km lead.

    `craft`: its boats and loaders; `upstairs`: whether all its people stay above any water.
    """
    spot = at(0, 0) | {"lat": at(0, 0)["lat"] + 0.7 / 111.2}
    depots: Any = (Depot(id="depot", opening_h=2.0, **STOCK, **spot),)
    made = tuple(Road(id=one, start=a, end=b, length_km=km) for one, a, b, km in roads)
    junctions = (Junction(id="bend", **at(0, 1)),)
    sections = {"relief": Relief(household_days=0), "command": Command(road_report_h=NEVER_H, contact_loss=0)}
    tables: dict[str, Any] = {"roads": made, "depots": depots, "junctions": junctions, "sections": sections}
    made_row = dry_row(240.0, **tables, **NOBODY)
    villages = tuple(one.model_copy(update={"craft": craft, "town": upstairs}) for one in made_row.villages)
    high = made_row.parameters.model_copy(update={"high_building_share": 1.0})
    sim = by_hand(made_row.model_copy(update={"villages": villages, "parameters": high}))
    sim.villages[0].cut_off()
    return sim


def fetched(sim: Simulation, until: float) -> list[float]:
    """When goods were fetched up to then."""
    sim.env.run(until=until)
    return so_far(sim).times(Kind.FETCHED)


def test_deep_water_on_the_only_way_stops_fetching_until_it_falls() -> None:
    """The law of the way between: both ends are dry all the time, and command hears nothing of the road."""
    assert fetched(joined(), 30)
    sim = joined()
    flood_road(sim, "only", 2.0)
    flood_road(sim, "only", 0.5, at_h=30)
    assert fetched(sim, 29.9) == []
    first = fetched(sim, 40)[0]
    assert 30 + 2.0 < first < 30 + REGISTER_H + 2.0 + 0.9 / 3.85 + 1e-6


@pytest.mark.parametrize(
    ("craft", "village_m", "goes"), [(0, 0.0, False), (1, 0.0, True), (1, 1.5, True), (1, 2.5, False)],
    ids=["no craft", "the way is under water", "the village too", "too deep for it"],
)  # fmt: skip
def test_a_craft_of_the_village_brings_goods_where_nobody_can_walk(craft: int, village_m: float, goes: bool) -> None:
    """Half a trip there, the depot's staff, half a trip back; what goes in at one time is the weight of its people."""
    sim = joined(craft=craft, upstairs=village_m > 0)
    flood_road(sim, "only", 3.0)
    if village_m:
        water_at(sim, 0, village_m, 4)
        sim.sites[0].recount()
    times = fetched(sim, 30)
    assert bool(times) is goes
    if goes:
        rows = [row for row in so_far(sim).rows(Kind.FETCHED) if row.time_h == times[0]]
        load_kg = sum(row.amount * sim.command.kg[row.item] for row in rows)
        assert load_kg == pytest.approx(sim.parameters.neighbour_trip_persons * 80)
        assert len(so_far(sim).rows(Kind.DELIVERS)) >= len(rows)


def test_who_fetches_stops_when_the_way_closes_and_goes_again_when_it_opens() -> None:
    sim = joined()
    assert fetched(sim, 40)
    flood_road(sim, "only", 1.0, at_h=0)
    before = fetched(sim, 41)
    assert fetched(sim, 140) == before
    flood_road(sim, "only", 0.0, at_h=0)
    after = fetched(sim, 150)[len(before) :]
    assert after
    assert after[0] < 141


def test_nobody_carries_goods_through_water_that_came_meanwhile() -> None:
    """While they load the way closes: nothing is taken. While they walk home: goods come when it is open again."""
    loading = REGISTER_H + 0.7 / 3.85 + 1.0
    sim = joined()
    flood_road(sim, "only", 1.0, at_h=loading)
    assert fetched(sim, 30) == []
    sim = joined()
    flood_road(sim, "only", 1.0, at_h=loading + 1.0 + 0.05)
    assert fetched(sim, 50)
    flood_road(sim, "only", 0.1, at_h=0)
    sim.env.run(until=60)
    assert so_far(sim).first(Kind.DELIVERS).time_h > 50 + 0.7 / 3.85


def test_a_way_round_within_reach_is_used() -> None:
    for roads, goes in ((ROUND, True), (LONG_ROUND, False)):
        sim = joined(roads)
        flood_road(sim, "only", 2.0)
        times = fetched(sim, 30)
        assert bool(times) is goes
        if goes:
            assert times[0] == pytest.approx(REGISTER_H + 0.95 / 3.85 + 2.0, abs=1e-3)
            flood_road(sim, "lane", 2.0)
            before = fetched(sim, 31)
            assert fetched(sim, 150) == before


def test_flames_stop_people_on_foot_as_water_does_and_damage_does_not() -> None:
    sim = joined()
    sim.roads.flames(0, True)
    assert fetched(sim, 20) == []
    sim.roads.flames(0, False)
    assert fetched(sim, 24)
    sim = joined()
    sim.roads.closures.put(0, "damage", 1.0)
    flood_road(sim, "only", 0.4)
    assert fetched(sim, 5)


def test_what_lies_at_the_same_spot_needs_no_road() -> None:
    spot: Any = (Depot(id="depot", opening_h=2.0, **STOCK, **at(0, 0)),)
    road = (Road(id="only", start="village-0", end="depot", length_km=0.5),)
    sim = by_hand(dry_row(48.0, roads=road, depots=spot, sections={"relief": Relief(household_days=0)}, **NOBODY))
    flood_road(sim, "only", 3.0)
    sim.villages[0].cut_off()
    assert fetched(sim, 10)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([0.0, 0.3, 0.6, 0.62, 2.0]), min_size=3, max_size=3), st.integers(0, 2))
def test_worse_water_never_makes_more_people_fetch(depths: list[float], which: int) -> None:
    found = []
    for more in (0.0, 0.5):
        sim = joined(ROUND)
        for number, (road, _, _, _) in enumerate(ROUND):
            flood_road(sim, road, depths[number] + (more if number == which else 0.0))
        sim.env.run(until=30)
        found.append(so_far(sim).persons(Kind.FETCHED))
    assert found[1] <= found[0]


LINES = st.integers(0, 2)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("join"), LINES, st.integers(1, 9), st.booleans()),
        st.tuples(st.just("leave"), LINES, st.integers(1, 9)),
        st.tuples(st.just("shift"), LINES, LINES, st.integers(1, 9)),
    ),
    max_size=12,
)


@settings(max_examples=100, deadline=None)
@given(steps=STEPS, reach=st.integers(0, 60))
def test_who_has_no_clothing_is_counted_anew_when_people_come_or_go(steps: list[Any], reach: int) -> None:
    """Asked after each step, against a count person by person of who came after the reach and brought none."""
    site, queues, came = SiteLines(), [list[tuple[int, bool]]() for _ in range(3)], 0
    for name, line, *rest in steps:
        queue = queues[line]
        if name == "join":
            persons, clothed = rest
            queue += [(number, clothed) for number in range(came, came + persons)]
            came += persons
            site.join(line, persons, clothed)
        elif name == "leave":
            persons = min(rest[0], len(queue))
            del queue[:persons]
            site.leave(line, persons)
        else:
            persons = min(rest[1], len(queue))
            moved, queue[:persons] = queue[:persons], []
            queues[rest[0]] += moved
            site.shift(line, rest[0], persons)
        there = [person for queue in queues for person in queue]
        for asked in (reach, 0):
            without = sum(number >= asked and not clothed for number, clothed in there)
            assert site.without_clothing(asked) == without
