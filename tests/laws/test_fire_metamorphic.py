"""A fire told in another way is the same: its rows in another order, its ids others, its clock a day ahead.

For floods and the whole of a run see `test_metamorphic`; here are fires with all that is decided on at them: orders,
stages, reserve, relief, aircraft, several fires at once.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue import Scenario, load
from simrescue.events import EventKind as Kind
from simrescue.hazards.wildfire.orders import FireOrder
from simrescue.hazards.wildfire.settings import Reserve, Stage, Wildfire
from simrescue.places import Base, Ignition, Junction, LandingSite, Road, Village, WaterSource
from simrescue.responders import Helicopter, Team
from simrescue.scenario.records import TABLES, Command, Detector, Weather
from simrescue.scenario.records import Scenario as Tables
from tests.factories import settings
from tests.fire_factories import SURE, fire_scenarios, ground, spot
from tests.laws.test_metamorphic import Told, told

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-fire"
DAY_H = 24
BY_THE_CLOCK = (Kind.REQUEST_OPENED, Kind.NEVER_REPORTED, Kind.MET)
"""Amounts of the first two are hours of the clock; meals are written down by its quarters."""
ON_THE_FIRE = (
    Kind.BURNS, Kind.LINE, Kind.WETS, Kind.AREA, Kind.CONTAINED, Kind.LINE_BREACHED, Kind.BURNS_OUT, Kind.ESCAPED,
)  # fmt: skip


def rich(names: dict[str, str] | None = None, **hazard: Any) -> Scenario:
    """Two fires between two villages; three kinds of crews, two aircraft, everything sure; `names`: other ids."""
    plain: dict[str, Any] = {
        "kind": "wildfire", "uncertainty": SURE, "spotting": 0.0, "step_h": 0.125, "order_lead_h": 3.0,
        "stages": (Stage(persons=60, helicopters=1), Stage(area_ha=10, persons=160, helicopters=2)),
        "reserve": (Reserve(danger=1, persons=0.2),), "relief_stay_h": 1.0,
    }  # fmt: skip

    def called(name: str) -> str:
        return (names or {}).get(name, name)

    def team(name: str, base: str, count: int, size: int, pumps: int, **more: Any) -> Team:
        return Team(
            id=called(name), base=called(base), kind="forest_fire", size=size, count=count, pumps=pumps, turnout_h=0.1,
            tasks=("suppression",), breakdown=0, shift_h=6, rest_h=3, **more,
        )  # fmt: skip

    return Tables(
        settings=settings(10.0, hazard=Wildfire(**(plain | hazard)), command=Command(contact_loss=0)),
        landscape=ground(np.full((40, 60), 2)),
        villages=tuple(
            Village(id=called(name), population=0, ordered=False, radius_km=0.1, **spot(column, row))
            for name, column, row in (("hamlet", 45.5, 12.5), ("mill", 50.5, 33.5))
        ),
        bases=tuple(Base(id=called(name), **spot(*at)) for name, at in (("east", (55, 20)), ("south", (20, 38)))),
        junctions=(Junction(id=called("fork"), **spot(30.5, 36.5)),),
        landing_sites=(LandingSite(id=called("pad"), **spot(57, 5)),),
        water_sources=tuple(
            WaterSource(id=called(name), depth_m=5, holds_t=holds_t, inflow_t_h=1.0, **spot(*at))
            for name, at, holds_t in (("lake", (58, 30), None), ("pond", (26.5, 30.5), 40.0))
        ),
        ignitions=(
            Ignition(id=called("ridge"), time_h=0.5, **spot(15.5, 12.5)),
            Ignition(id=called("gully"), time_h=1.5, **spot(20.5, 28.5)),
        ),
        roads=tuple(
            Road(id=called(f"{a}-{b}"), start=called(a), end=called(b))
            for a, b in (("east", "hamlet"), ("east", "mill"), ("mill", "fork"), ("fork", "south"))
        ),
        detectors=(Detector(id=called("eyes"), kind="residents", revisit_h=0.01, delay_h=0, chance=1),),
        weather=tuple(
            Weather(time_h=hour, wind_ms=3.0, wind_from_deg=deg, temperature_c=22, humidity=0.3, visibility_km=20)
            for hour, deg in ((0.0, 270.0), (4.0, 310.0))
        ),
        teams=(
            team("brigade", "east", 3, 30, 2), team("reserve", "south", 2, 25, 0), team("locals", "south", 2, 20, 1),
        ),
        helicopters=(
            Helicopter(id=called("bucket"), base=called("pad"), count=2, bucket_t=3, tasks=("water_drop",),
                       serviceable=1, breakdown=0, turnout_h=0.2),
        ),
        fire_orders=(
            FireOrder(id=called("first"), time_h=0.0, tactic="flank", persons=50, fire=called("ridge")),
            FireOrder(id=called("then"), time_h=3.0, tactic="protect", place=called("hamlet"), persons=60),
        ),
    )  # fmt: skip


def on_the_fire(rows: Told, names: dict[str, str] | None = None) -> Told:
    """What burns and what is held there, under the old ids; who of like crews has done it does not matter."""
    old = {new: name for name, new in (names or {}).items()}
    return sorted((row[0], row[1], old.get(row[3], row[3]), *row[4:]) for row in rows if row[1] in ON_THE_FIRE)


def test_the_rich_fire_has_all_that_is_decided_on() -> None:
    kinds = {row[1] for row in told(rich())}
    assert kinds >= {
        Kind.CREW_ORDERED, Kind.PROTECTS, Kind.DIVIDES, Kind.HELD_BACK, Kind.RELIEF_ASKED, Kind.DROPS, Kind.PUMPS,
        Kind.LINE, Kind.WITHDRAWS,
    }  # fmt: skip


def reversed_rows(scenario: Scenario) -> Scenario:
    tables = {name: tuple(reversed(rows)) for name in TABLES if (rows := getattr(scenario, name))}
    return scenario.model_copy(update=tables)


@pytest.mark.parametrize("tactics", ["anchor", "villages"])
def test_rows_in_another_order(tactics: str) -> None:
    assert told(reversed_rows(rich(tactics=tactics))) == told(rich(tactics=tactics))


@given(fire_scenarios(), st.randoms(use_true_random=False))
@tries(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_rows_of_any_small_fire_in_another_order(scenario: Scenario, rng: Any) -> None:
    tables = {name: tuple(rng.sample(rows, len(rows))) for name in TABLES if (rows := getattr(scenario, name))}
    assert told(scenario.model_copy(update=tables)) == told(scenario)


def names_of(scenario: Scenario, *tables: str) -> set[str]:
    return {row.id for table in tables or TABLES for row in getattr(scenario, table) if hasattr(row, "id")}


def test_other_ids_in_the_other_order_leave_the_fires_as_they_were() -> None:
    """Ids of things for which nothing is drawn; crews, fires and eyes have streams of their own by their ids."""
    old = sorted(names_of(rich()) - names_of(rich(), "teams", "helicopters", "ignitions", "detectors", "roads"))
    names = {name: f"x{len(old) - place:02d}" for place, name in enumerate(old)}
    assert on_the_fire(told(rich(names)), names) == on_the_fire(told(rich()))


def a_day_later(scenario: Scenario) -> Scenario:
    """The same moments, by a clock that starts a day before."""
    tables = {
        table: tuple(
            row.model_copy(update={key: getattr(row, key) + DAY_H for key in ("time_h", "until_h")
                                   if getattr(row, key, None) is not None})
            for row in rows
        )
        for table in TABLES
        if (rows := getattr(scenario, table))
    }  # fmt: skip
    was = scenario.settings
    start, hours = was.start - timedelta(hours=DAY_H), was.duration_h + DAY_H
    return scenario.model_copy(
        update={**tables, "settings": was.model_copy(update={"start": start, "duration_h": hours})}
    )


@pytest.mark.parametrize("name", ["rich", "tiny"])
def test_a_clock_that_starts_a_day_before(name: str) -> None:
    sets = {"duration": "9 h", "hazard.step": "7.5 min"}
    scenario = rich() if name == "rich" else load(TINY, variant="two-fires", sets=sets)
    here, there = told(scenario), told(a_day_later(scenario))
    there = [(round(row[0] - DAY_H, 7), *row[1:]) for row in there if row[0] > DAY_H]
    assert [row for row in there if row[1] not in BY_THE_CLOCK] == [
        row for row in here if row[0] > 0 and row[1] not in BY_THE_CLOCK
    ]
