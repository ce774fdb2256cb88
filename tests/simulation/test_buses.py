"""Buses need their drivers, who are called in with the first order to leave, before anybody asks for a seat."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.places import Village
from simrescue.responders import Team
from simrescue.scenario.records import Evacuation, Warning
from simrescue.simulation.responders.crew import LEAST_TURNOUT, TURNOUT_SPREAD
from tests.factories import at
from tests.simulation.story import NOBODY, Story, by_hand, dry_row, so_far


def first_bus(
    order_h: float, vehicle: str = "bus", mobilisation_h: float = 2.0, ordered: bool = True
) -> tuple[Story, float]:
    """A village whose people all wait for a bus, told at that hour; and the spread that the bus draws for turnout."""
    village = Village(id="village-0", population=40, vulnerable=1.0, ordered=ordered, call_out=order_h, **at(0, 0))
    rest = [Village(id=f"village-{i}", population=0, ordered=False, **at(i, 0)) for i in (1, 2)]
    team = Team(
        id="bus", base="station", vehicle=vehicle, seats=45, size=4, turnout_h=0.5, breakdown=0, tasks=("evacuate",)
    )
    warning = Warning(order=order_h, answer_h=0, reach=1.0, diffusion_t50_h=0, door_rounds=0)
    going = Evacuation(refuse=0, act_t50_h=0, leave_by_cue=0)
    tables: dict[str, Any] = NOBODY | {"teams": (team,)}
    made = dry_row(villages=(village, *rest), sections={"warning": warning, "evacuation": going}, **tables)
    numbers = made.settings.parameters.model_copy(update={"bus_mobilisation_h": mobilisation_h})
    made = made.model_copy(update={"settings": made.settings.model_copy(update={"parameters": numbers})})
    sim, twin = by_hand(made), by_hand(made)
    sim.env.run(until=40)
    return so_far(sim), LEAST_TURNOUT + TURNOUT_SPREAD * twin.crews[0].rng.random()


def test_a_bus_leaves_when_its_drivers_are_there() -> None:
    """Ordered and asked for at 5:00; turnout takes half an hour, the drivers two."""
    story, spread = first_bus(5.0)
    assert story.first(Kind.ASSIGNED, subject="bus").time_h == 5.0
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 2 * spread)
    assert story.persons(Kind.PICKS_UP, subject="bus") == 40


def test_other_teams_need_no_drivers() -> None:
    story, spread = first_bus(5.0, vehicle="truck")
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)


def test_turnout_counts_where_the_drivers_are_there_sooner() -> None:
    story, spread = first_bus(5.0, mobilisation_h=0.1)
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)


def test_without_an_order_the_drivers_are_called_when_the_bus_is_sent() -> None:
    story, spread = first_bus(5.0, ordered=False)
    assert story.first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 2 * spread)


def test_an_order_elsewhere_calls_them_in_before() -> None:
    """Another village was ordered at 2:00: the drivers have had three hours when somebody asks."""
    story, spread = first_bus(5.0)
    village = Village(id="village-0", population=40, vulnerable=1.0, order=5.0, **at(0, 0))
    early = [Village(id=f"village-{i}", population=0, order=2.0, **at(i, 0)) for i in (1, 2)]
    made = story.world.scenario.model_copy(update={"villages": (village, *early)})
    sim = by_hand(made)
    sim.env.run(until=40)
    assert so_far(sim).first(Kind.TURNS_OUT, subject="bus").time_h == pytest.approx(5 + 0.5 * spread)
