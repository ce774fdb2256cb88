"""A silent village acts by its own page of rules, after so many hours without word, and not when word has come."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Flames
from simrescue.parameters import Parameters
from simrescue.places import Village
from simrescue.scenario.records import Scenario, Warning
from simrescue.simulation.hazards import effects
from simrescue.simulation.people import evacuation
from simrescue.simulation.state import Simulation
from tests.factories import at
from tests.laws.ledger import rows_of
from tests.simulation.story import NOBODY, by_hand, dry_row, so_far, water_at


def a_village(after_h: float | None, *signs: str, **fields: Any) -> Scenario:
    """One dry village of 100 people, with a page of rules."""
    village = Village(id="village-0", population=100, zone="river", **fields, **at(0, 0))
    on: dict[str, Any] = {"alone_on": signs} if signs else {}
    warning = Warning(answer_h=0, alone_after_h=after_h, speaker_rounds=0, door_rounds=1, door_round_h=0.5, **on)
    sections = {"warning": warning, "parameters": Parameters(officer_away_share=1.0)}
    return dry_row(length=1, villages=(village,), sections=sections, **NOBODY)


def silent_at(scenario: Scenario, hour: float = 1.0) -> Simulation:
    """The village has been silent from an hour on."""
    sim = by_hand(scenario)
    sim.env.run(until=hour)
    sim.contact.fall_silent(0, -1)
    return sim


def test_a_silent_village_orders_its_people_out_when_its_hours_are_up() -> None:
    sim = silent_at(a_village(3.0))
    sim.env.run(until=12.0)
    story = so_far(sim)
    act = story.one(Kind.ACTS_ALONE)
    assert (act.time_h, act.item, act.amount) == (4.0, 0, 3.0)
    assert list(rows_of(story.log))[act.cause].kind is Kind.CONTACT_LOST
    assert story.persons(Kind.WARNED) > 0
    assert story.persons(Kind.LEAVE) > 0
    assert story.times(Kind.KNOCKS) == [4.5]
    assert not story.rows(Kind.ANSWERED, Kind.ORDERED)


@pytest.mark.parametrize("scenario", [a_village(None), a_village(1000.0), a_village(3.0, "water")])
def test_it_waits_for_what_its_page_names(scenario: Scenario) -> None:
    sim = silent_at(scenario)
    sim.env.run(until=12.0)
    assert not so_far(sim).rows(Kind.ACTS_ALONE, Kind.WARNED)


def test_water_is_seen_after_the_hours_are_up() -> None:
    sim = silent_at(a_village(3.0, "water"))
    sim.env.run(until=6.0)
    water_at(sim, 0, 0.2, 1)
    sim.env.run(until=7.0)
    act = so_far(sim).one(Kind.ACTS_ALONE)
    assert (act.time_h, act.item, act.amount) == (6.0, 1, 5.0)
    assert list(rows_of(so_far(sim).log))[act.cause].kind is Kind.WATER_ARRIVES


def test_flames_are_seen_after_the_hours_are_up() -> None:
    sim = silent_at(a_village(3.0, "water"))
    sim.env.run(until=6.0)
    effects.apply(sim, Flames(0, arrive=True))
    act = so_far(sim).one(Kind.ACTS_ALONE)
    assert (act.time_h, act.item, act.amount) == (6.0, 1, 5.0)
    assert list(rows_of(so_far(sim).log))[act.cause].kind is Kind.FIRE_ARRIVES


def test_water_that_is_there_counts_when_the_hours_are_up() -> None:
    sim = silent_at(a_village(3.0, "water"))
    sim.env.run(until=2.0)
    water_at(sim, 0, 0.2, 1)
    sim.env.run(until=12.0)
    assert so_far(sim).times(Kind.ACTS_ALONE) == [4.0]


def test_a_village_that_the_order_is_not_meant_for_leaves_at_the_water_alone() -> None:
    sim = silent_at(a_village(3.0, ordered=False))
    sim.env.run(until=6.0)
    assert not so_far(sim).rows(Kind.ACTS_ALONE)
    water_at(sim, 0, 0.2, 1)
    sim.env.run(until=7.0)
    assert so_far(sim).times(Kind.ACTS_ALONE) == [6.0]


def test_word_that_comes_before_shuts_the_page_and_a_new_silence_opens_it_anew() -> None:
    sim = silent_at(a_village(3.0))
    sim.env.run(until=3.0)
    sim.contact.restore(0, -1)
    sim.env.run(until=3.5)
    sim.contact.fall_silent(0, -1)
    sim.env.run(until=12.0)
    assert so_far(sim).times(Kind.ACTS_ALONE) == [6.5]


def test_an_order_that_was_heard_is_not_given_again() -> None:
    sim = by_hand(a_village(3.0))
    evacuation.call_out(sim, sim.villages[0], Kind.ORDERED)
    sim.env.run(until=1.0)
    sim.contact.fall_silent(0, -1)
    sim.env.run(until=12.0)
    assert so_far(sim).rows(Kind.ANSWERED)
    assert not so_far(sim).rows(Kind.ACTS_ALONE)


def test_an_order_that_comes_later_sends_nobody_to_the_doors_again() -> None:
    sim = silent_at(a_village(3.0))
    evacuation.call_out(sim, sim.villages[0], Kind.ORDERED)
    sim.env.run(until=8.0)
    sim.contact.restore(0, -1)
    sim.env.run(until=12.0)
    story = so_far(sim)
    assert story.times(Kind.ANSWERED) == [8.0]
    assert story.times(Kind.KNOCKS) == [4.5]


def test_a_village_whose_officers_are_all_away_does_not_act() -> None:
    sim = silent_at(a_village(3.0, officers=2))
    sim.env.run(until=12.0)
    assert not so_far(sim).rows(Kind.ACTS_ALONE)
