"""Crews that keep the flames from a village that the front would reach: a ring of line around it, burned out from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Refusal, Tactic
from simrescue.hazards.wildfire.orders import FireOrder
from simrescue.hazards.wildfire.settings import FireUncertainty, Wildfire
from simrescue.places import Base, Ignition, Road, Village
from simrescue.responders import Team
from simrescue.scenario.records import Detector, Scenario, Weather
from tests.factories import settings
from tests.fire_factories import SURE, ground, spot
from tests.simulation.story import Story, tell

PROTECT = FireOrder(id="keep", time_h=0.0, tactic="protect", place="hamlet")


def hills(
    *orders: FireOrder, size: int = 40, wind_ms: float = 3.0, wind_from_deg: float = 270.0, **hazard: Any
) -> Scenario:
    """A fire in grass runs 2 km east to a hamlet where two crews stand."""
    plain = {"kind": "wildfire", "uncertainty": SURE, "spotting": 0.0, "order_lead_h": 10.0}
    return Scenario(
        settings=settings(12.0, hazard=Wildfire(**(plain | hazard))),
        landscape=ground(np.full((40, 60), 1)),
        villages=(Village(id="hamlet", population=200, radius_km=0.1, **spot(35.5, 20.5)),),
        bases=(Base(id="station", **spot(40, 20.5)),),
        ignitions=(Ignition(id="fire", time_h=0.0, **spot(10.5, 20.5)),),
        roads=(Road(id="street", start="station", end="hamlet"),),
        detectors=(Detector(id="eyes", kind="residents", revisit_h=0.01, delay_h=0, chance=1),),
        weather=(
            Weather(time_h=0.0, wind_ms=wind_ms, wind_from_deg=wind_from_deg, temperature_c=20, humidity=0.3,
                    visibility_km=20),
        ),
        teams=(
            Team(id="crew", base="station", kind="forest_fire", size=size, count=2, turnout_h=0, tasks=("suppression",),
                 breakdown=0, night_factor=1, shift_h=12, rest_h=8),
        ),
        fire_orders=orders,
    )  # fmt: skip


def houses(story: Story) -> float:
    return sum(row.amount for row in story.rows(Kind.HOUSES_EXPOSED))


def flames_h(story: Story) -> list[float]:
    return story.times(Kind.FIRE_ARRIVES, place="hamlet")


def test_a_village_that_would_burn_is_kept_by_a_ring_of_line_that_is_burned_out() -> None:
    plain, kept = tell(hills()), tell(hills(PROTECT))
    assert flames_h(plain)
    assert houses(plain) == pytest.approx(200 / 3, abs=1)
    assert not flames_h(kept)
    assert houses(kept) == 0
    assert kept.rows(Kind.BURNS_OUT)
    told = kept.first(Kind.PROTECTS)
    assert (told.place, told.persons) == (kept.index["hamlet"], 40)
    assert kept.first(Kind.CREW_ORDERED).item == Tactic.PROTECT
    # they walk to the village, not to the fire, and build all round it before they light
    assert kept.first(Kind.WALKS_IN).amount < 0.2 < plain.first(Kind.WALKS_IN).amount
    built_m = sum(row.amount for row in kept.rows(Kind.LINE_BUILT, item=int(Tactic.PROTECT)))
    assert 1000 < built_m < 2000
    assert kept.first(Kind.BURNS_OUT).time_h < flames_h(plain)[0]


def test_the_policy_sends_as_many_as_are_wanted_to_the_village_that_is_threatened() -> None:
    story = tell(hills(tactics="villages", size=80))
    assert [row.place for row in story.rows(Kind.PROTECTS)] == [story.index["hamlet"]]
    assert not flames_h(story)
    assert len({row.subject for row in story.rows(Kind.TAKES_POST)}) == 2


def test_a_village_that_no_fire_comes_to_is_left_alone() -> None:
    story = tell(hills(tactics="villages", wind_from_deg=90.0, order_lead_h=2.0))
    assert not story.rows(Kind.PROTECTS)


def test_where_the_fire_comes_first_it_is_refused_and_they_fight_it_elsewhere() -> None:
    """They judge before they walk to the village, or leave their post for it: nothing is lost by the order."""
    later = PROTECT.model_copy(update={"time_h": 1.0})
    plain, *ordered = (tell(hills(*orders, wind_ms=6.0, size=20)) for orders in ((), (PROTECT,), (later,)))
    assert plain.rows(Kind.TAKES_POST)
    for story in ordered:
        assert int(Refusal.TOO_LATE) in {row.item for row in story.rows(Kind.ORDER_REFUSED)}
        for kind in (Kind.WALKS_IN, Kind.TAKES_POST, Kind.LINE_BUILT, Kind.BURNS):
            rows = [[(row.time_h, row.amount) for row in told.rows(kind)] for told in (plain, story)]
            assert rows[0] == rows[1]


def test_protection_exposes_no_more_houses_on_the_mean_of_paired_replications() -> None:
    """The law of point protection; single replications may go the other way, as burning out can be lost."""
    unsure = FireUncertainty()
    exposed = [
        [houses(tell(hills(*orders, uncertainty=unsure, size=60), replication=k)) for k in range(6)]
        for orders in ((), (PROTECT,))
    ]
    assert sum(exposed[1]) < sum(exposed[0])
