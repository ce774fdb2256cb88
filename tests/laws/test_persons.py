"""The metrics of relief against everybody followed by himself; goods against those who got them."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.metrics.people import relief
from simrescue.places import Depot, Shelter
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import at, flooded_row, scenarios
from tests.laws.persons import CLOTHING, FOOD, Persons, Told


def by_groups(log: EventLog, world: World) -> Counter[Told]:
    people = relief.affected(log, world.facts)
    columns = (world.facts.villages[people.village], people.affected_h, people.relieved_h, people.own_h)
    told: Counter[Told] = Counter()
    for *told_of, persons in zip(*(column.tolist() for column in columns), people.persons.tolist(), strict=True):
        village, *hours = told_of
        told[Told(int(village), *(round(one, 6) for one in hours))] += round(persons)
    return told


def agree(scenario: Scenario, seed: int = 1) -> None:
    world = compile_world(scenario)
    log = simulate(world, seed, 0)
    persons = Persons(world).keep(log)
    assert by_groups(log, world) == persons.told()
    lapsed = relief.lapsed_person_h(log, world.facts)
    for row, village in enumerate(world.facts.villages.tolist()):
        assert lapsed[row] == pytest.approx(persons.lapsed_h(village), abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios(most_villages=4, most_institutions=1), seed=st.integers(0, 5))
def test_groups_tell_what_everybody_tells(scenario: Scenario, seed: int) -> None:
    agree(scenario, seed)


@pytest.mark.parametrize("depth_m", [0.2, 0.4, 0.7, 1.5])
def test_a_flood_in_which_much_happens(depth_m: float) -> None:
    agree(flooded_row(depth_m=depth_m))


def test_goods_brought_are_eaten_worn_or_left() -> None:
    """Of each item (`Persons` checks each row): what runs out has been eaten to the last, each set is worn by one."""
    depots = (Depot(id="depot", elevation_m=30, food=700, clothing=100, water=700, medical=700, **at(1, 1)),)
    shelters = (Shelter(id="school", capacity=200, elevation_m=30, **at(0, 1)),)
    world = compile_world(flooded_row(depth_m=0.7, depots=depots, shelters=shelters, hours=96.0))
    log = simulate(world, 1, 0)
    persons = Persons(world).keep(log)
    lapsed = {int(place) for place in log.place[log.where(Kind.LAPSES)][log.item[log.where(Kind.LAPSES)] == FOOD]}
    assert lapsed
    rows = log.where(Kind.DELIVERS, Kind.FETCHED)
    for place in {int(place) for place in log.place[rows]}:
        brought = log.amount[rows[(log.place[rows] == place) & (log.item[rows] == FOOD)]].sum()
        eaten = persons.used[place, FOOD]
        assert eaten <= brought + 1
        assert place not in lapsed or eaten == pytest.approx(brought, abs=1)
    worn = sum(used for (_, item), used in persons.used.items() if item == CLOTHING)
    handed = log.amount[rows[log.item[rows] == CLOTHING]].sum()
    # Who left home in time has a bag: where sets are for more than were taken off, the others are left.
    assert 0 < worn <= handed <= 100
    agree(world.scenario)
