"""Where people go who come out of their village: to another roof, or to a public shelter while they need one."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pytest

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import relief, whereabouts
from simrescue.places import CLOTHING, NEEDS, Shelter, Village
from simrescue.scenario.records import Evacuation
from simrescue.simulation.places.shelter import BROUGHT, CARRIED, MOVED_ON, OWN_MEANS
from simrescue.simulation.state import Simulation
from tests.factories import at, flooded_row
from tests.laws.ledger import Ledger
from tests.simulation.story import NOBODY, Story, by_hand, dry_row, so_far, tell

HOWS = (OWN_MEANS, CARRIED, BROUGHT)


def school(share: float, half_life_h: float = 87600, persons: int = 1000) -> Simulation:
    """A village of which a share has no other roof than the school."""
    villages = (Village(id="village-0", population=persons, public_shelter=share, **at(0, 0)),)
    sections = {"evacuation": Evacuation(shelter_half_life_h=half_life_h)}
    shelters = (Shelter(id="school", capacity=persons, **at(0, 1)),)
    plain = dry_row(length=1, villages=villages, shelters=shelters, sections=sections, **NOBODY)
    return by_hand(plain)


def come(sim: Simulation, persons: int, how: int = OWN_MEANS) -> None:
    """So many come out of the village to the school."""
    home, goal = sim.villages[0], sim.world.ids.index("school")
    home.home -= persons
    if how == OWN_MEANS:
        row = sim.log(Kind.LEAVE, 0, goal, item=0, persons=persons)
    else:
        item = 2 if how == BROUGHT else 0
        row = sim.log(Kind.PICKS_UP, 0, 0, item=item, persons=persons)
        home.aboard += persons
    sim.shelters[goal].receive(home, persons, how, row)


def lodging(sim: Simulation) -> tuple[int, int]:
    """People in the school, and people with another roof."""
    return sim.shelters[sim.world.ids.index("school")].persons, sim.villages[0].lodged


@pytest.mark.parametrize("how", HOWS)
def test_a_share_stays_and_the_others_go_on(how: int) -> None:
    sim = school(0.12)
    come(sim, 100, how)
    assert lodging(sim) == (12, 88)
    assert so_far(sim).one(Kind.LODGES, place="school", item=how).persons == 88
    assert so_far(sim).one(Kind.ARRIVE_SHELTER, place="school", item=how).persons == 12
    assert (sim.villages[0].aboard, sim.villages[0].home) == (0, 900)


def test_the_share_holds_over_all_who_ever_came_however_few_at_once() -> None:
    sim = school(0.12)
    for _ in range(100):
        come(sim, 1)
    assert lodging(sim) == (12, 88)


@pytest.mark.parametrize(("share", "stays"), [(0.0, 0), (1.0, 100)])
def test_ends_of_the_range(share: float, stays: int) -> None:
    sim = school(share)
    come(sim, 100)
    assert lodging(sim) == (stays, 100 - stays)
    assert len(so_far(sim).rows(Kind.LODGES)) == (stays == 0)


@pytest.mark.parametrize(("how", "sets"), [(OWN_MEANS, 0), (BROUGHT, 0), (CARRIED, 12)])
def test_who_left_home_has_a_bag_and_who_came_out_of_the_water_has_none(how: int, sets: int) -> None:
    sim = school(0.12)
    come(sim, 100, how)
    sim.env.run(until=1)
    site = sim.sites[sim.world.ids.index("school")]
    assert site.needs()[CLOTHING] == sets
    assert site.needs()[NEEDS.index("food")] == 12 * sim.settings.relief.days_sent


def test_a_bag_goes_along_from_a_full_shelter_to_the_next() -> None:
    sim = school(1.0)
    goal = sim.world.ids.index("school")
    come(sim, 30)
    sim.sites[goal].leave(0, 30, sim.villages[0])
    assert sim.villages[0].clothed_away == 30
    sim.sites[goal].join(0, 30, sim.villages[0])
    assert sim.sites[goal].lacking(CLOTHING) == 0


def test_half_find_another_roof_in_each_half_life() -> None:
    """By steps of 6 h with parts kept: of 100 go 15, 14, 11, 10; then of 50 go 8, 7, 6, 4."""
    sim = school(1.0, half_life_h=24)
    come(sim, 100, CARRIED)
    sim.env.run(until=24.1)
    assert lodging(sim) == (50, 50)
    assert [row.persons for row in so_far(sim).rows(Kind.LODGES, item=MOVED_ON)] == [15, 14, 11, 10]
    sim.env.run(until=48.1)
    assert lodging(sim) == (25, 75)


def test_a_village_of_one_leaves_in_time() -> None:
    sim = school(1.0, half_life_h=24)
    come(sim, 1, CARRIED)
    sim.env.run(until=48.1)
    assert lodging(sim) == (0, 1)


def test_beds_that_become_free_are_for_those_without() -> None:
    sim = school(1.0, half_life_h=24, persons=1000)
    shelter = sim.shelters[sim.world.ids.index("school")]
    come(sim, 1000, CARRIED)
    assert shelter.room == 0
    sim.env.run(until=24.1)
    assert shelter.room == 500
    assert not shelter.is_full


# ---- who is owed relief


def everywhere(story: Story) -> Iterable[float]:
    """Persons in each state at the end."""
    return whereabouts.counts_by_village(story.log, story.world.facts, float("inf")).sum(axis=0).tolist()


def test_who_goes_to_relatives_is_owed_nothing_and_asks_for_nothing() -> None:
    sim = school(0.0)
    come(sim, 100)
    sim.env.run(until=40)
    story = so_far(sim)
    assert not story.rows(Kind.NEEDS, Kind.REQUEST_OPENED, Kind.SHELTER_OPENS)
    people = relief.affected(story.log, story.world.facts)
    assert people.lodged.all()
    assert people.persons.sum() == 100, "they are affected all the same"
    assert math.isnan(relief.share_relieved(story.log, story.world.facts, 10))


def test_a_run_keeps_its_books_with_people_in_every_roof() -> None:
    """Nobody is lost, whoever goes where; the more go to relatives, the fewer goods are handed out."""
    handed = []
    for share in (0.0, 0.3, 1.0):
        villages = tuple(one.model_copy(update={"public_shelter": share}) for one in flooded_row(persons=300).villages)
        plain = flooded_row(persons=300, villages=villages)
        story = tell(plain)
        Ledger(story.world).keep(story.log)
        assert sum(everywhere(story)) == 900
        handed.append(story.persons(Kind.MET, place="school", item=CLOTHING))
    assert handed == sorted(handed)
