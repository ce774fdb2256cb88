"""Nothing is lost and nobody is in two places, at every event of any small scenario."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import NEEDS
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import World, compile_world
from tests.factories import STOCK, flooded_row, scenarios
from tests.laws.ledger import Ledger


def run(scenario: Scenario, seed: int = 1) -> tuple[World, EventLog, Ledger]:
    world = compile_world(scenario)
    log = simulate(world, seed, 0)
    return world, log, Ledger(world).keep(log)


@settings(max_examples=80, deadline=None)
@given(scenario=scenarios(most_institutions=2), seed=st.integers(0, 5))
def test_people_goods_and_responders_are_conserved(scenario: Scenario, seed: int) -> None:
    world, log, ledger = run(scenario, seed)
    assert len(ledger.people) == len(world.scenario.settlements)
    assert log.persons[log.where(Kind.ENDS)].sum() == sum(place.population for place in world.scenario.settlements)
    assert set(ledger.at) == {member.index for member in world.members}
    for item in range(len(NEEDS)):
        assert ledger.goods(item) == pytest.approx(ledger.stocked[item])


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios(most_institutions=2))
def test_no_depth_persons_or_amount_is_negative(scenario: Scenario) -> None:
    _, log, _ = run(scenario)
    assert (log.persons >= 0).all()
    assert (log.amount >= 0).all()


@settings(max_examples=40, deadline=None)
@given(scenario=scenarios(most_institutions=2))
def test_every_request_is_closed_or_unmet(scenario: Scenario) -> None:
    _, log, _ = run(scenario)
    opened = log.request[log.where(Kind.REQUEST_OPENED)].tolist()
    ended = log.request[log.where(Kind.REQUEST_CLOSED, Kind.UNMET)].tolist()
    assert len(set(opened)) == len(opened)
    assert sorted(opened) == sorted(ended)


def test_the_books_of_a_flood_in_which_much_happens() -> None:
    """The school has no stock: lorries bring goods where it is dry, and nobody brings any into deep water by road."""
    school = flooded_row().shelters[0].model_copy(update=dict.fromkeys(STOCK, 0.0))
    _, log, ledger = run(flooded_row(shelters=(school,)))
    happened = {Kind(kind) for kind in log.kind.tolist()}
    assert {Kind.LEAVE, Kind.TRAPPED, Kind.PICKS_UP, Kind.LOADED, Kind.DELIVERS, Kind.ARRIVE_SHELTER} <= happened
    assert sum(ledger.delivered) > 0
