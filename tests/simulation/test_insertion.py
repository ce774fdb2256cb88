"""Crews flown to the line where the way on foot is long."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.responders import EVACUATE, Helicopter
from simrescue.simulation.protocols import Crew
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import burning_hills, crews, fake, run

DEFAULT = Parameters()

WAIT_H = DEFAULT.insertion_wait_h


def far_fire(north_km: float = 8.0, count: int = 1, **fields: Any) -> Simulation:
    """One crew of 20, a fire that far from the road end, and an aircraft at the station that carries 15."""
    plain: dict[str, Any] = {
        "id": "carrier", "base": "station", "serviceable": 1, "breakdown": 0, "turnout_h": 0.1, "seats": 15,
        "tasks": ("evacuate",), "count": count,
    }  # fmt: skip
    sim = burning_hills(teams=crews(1), helicopters=(Helicopter(**(plain | fields)),), north_km=north_km)
    fake(sim).growth_kmh = 0.0
    return sim


def test_a_crew_far_from_the_line_is_flown_in_by_one_aircraft() -> None:
    story = run(far_fire(), 8)
    flown = story.rows(Kind.INSERTED)
    assert [row.persons for row in flown] == [15, 5]
    assert story.one(Kind.TAKES_POST).time_h == flown[-1].time_h
    assert flown[-1].time_h < story.one(Kind.WALKS_IN).time_h + story.one(Kind.WALKS_IN).amount
    assert story.rows(Kind.REQUEST_CLOSED, item=EVACUATE)
    assert story.rows(Kind.REFUELS, subject="carrier")


def test_a_short_way_is_walked() -> None:
    story = run(far_fire(2.0), 8)
    assert not story.rows(Kind.INSERTED)
    assert story.rows(Kind.TAKES_POST)


@pytest.mark.parametrize("change", [{"tasks": ("rescue",)}, {"seats": 0}, {"serviceable": 0}])
def test_without_an_aircraft_that_carries_people_they_set_out_at_once(change: dict[str, Any]) -> None:
    story = run(far_fire(**change), 8)
    walk = story.one(Kind.WALKS_IN)
    assert story.one(Kind.TAKES_POST).time_h == pytest.approx(walk.time_h + walk.amount)


def test_who_is_not_fetched_in_time_walks_and_the_aircraft_stays() -> None:
    sim = far_fire(turnout_h=3.0)
    story = run(sim, 12)
    walk = story.one(Kind.WALKS_IN)
    assert story.one(Kind.TAKES_POST).time_h == pytest.approx(walk.time_h + WAIT_H + walk.amount)
    assert not story.rows(Kind.INSERTED)
    assert not story.rows(Kind.SETS_OFF, subject="carrier")
    assert story.one(Kind.FREE, subject="carrier").place == story.index[sim.world.ids[sim.crews[-1].member.base]]
    assert not sim.fires.lifts


def test_no_landing_in_smoke() -> None:
    sim = far_fire()
    fake(sim).smoky = True
    assert not run(sim, 8).rows(Kind.INSERTED)


def test_a_crew_that_nobody_hears_is_not_fetched() -> None:
    """Its wish is word to command like any other: without a channel for it the crew waits in vain, and walks."""
    sim = far_fire()
    sim.contact.hear_crew = lambda crew, cause, heard: None  # type: ignore[method-assign]
    story = run(sim, 12)
    walk = story.one(Kind.WALKS_IN)
    assert story.one(Kind.TAKES_POST).time_h == pytest.approx(walk.time_h + WAIT_H + walk.amount)
    assert not story.rows(Kind.REQUEST_OPENED, item=EVACUATE)
    assert not story.rows(Kind.INSERTED)


def test_word_that_comes_when_the_crew_walks_by_now_changes_nothing() -> None:
    sim = far_fire()

    def late(crew: Crew, cause: int, heard: Callable[[int], Any]) -> None:
        sim.env.timeout(WAIT_H + 0.1).callbacks.append(lambda _: heard(cause))

    sim.contact.hear_crew = late  # type: ignore[method-assign]
    assert not run(sim, 12).rows(Kind.REQUEST_OPENED, item=EVACUATE)
    assert not sim.fires.lifts
