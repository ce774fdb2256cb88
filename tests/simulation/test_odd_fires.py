"""Fires at the edge of what a scenario can say: none, nobody there, nothing to fight with."""

from __future__ import annotations

import gc
from typing import Any

import numpy as np
import pytest

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.hazards.wildfire.fire_course import FireCourse
from simrescue.hazards.wildfire.settings import Stage, Wildfire
from simrescue.places import Base, Ignition, Village, WaterSource
from simrescue.responders import Helicopter
from simrescue.scenario.records import Air, Detector, Scenario, Weather
from simrescue.simulation.missions.wildfire.staging import straight_km, walk_h
from simrescue.simulation.run import build, simulate
from simrescue.simulation.world import compile_world
from tests.factories import chain, settings
from tests.fire_factories import SURE, ground, spot

SIZE = 30
AT_ONCE = Detector(id="guard", kind="residents", revisit_h=0.01, delay_h=0, chance=1)
LIGHT = Air(sunrise_h=0.0, sunset_h=24.0)


def burning(hours: float = 8.0, fuel: int = 8, air: Air = LIGHT, **tables: Any) -> Scenario:
    """A fire in the middle of 30 x 30 cells in a light wind, seen at once; one hamlet on a road to a station."""
    plain: dict[str, Any] = {
        "settings": settings(hours, hazard=Wildfire(kind="wildfire", spotting=0, uncertainty=SURE), air=air),
        "landscape": ground(np.full((SIZE, SIZE), fuel)),
        "villages": (Village(id="hamlet", population=0, ordered=False, **spot(2, 2)),),
        "bases": (Base(id="station", **spot(2, 28)),),
        "roads": chain(["hamlet", "station"]),
        "ignitions": (Ignition(id="fire", time_h=0.0, **spot(15.5, 15.5)),),
        "detectors": (AT_ONCE,),
        "weather": (Weather(time_h=0, wind_ms=2, wind_from_deg=270, temperature_c=20, humidity=0.3, visibility_km=20),),
    }
    return Scenario(**(plain | tables))


def bomber(**fields: Any) -> Helicopter:
    plain: dict[str, Any] = {
        "id": "bomber", "base": "station", "turnout_h": 0, "serviceable": 1, "bucket_t": 3, "tasks": ("water_drop",),
        "breakdown": 0,
    }  # fmt: skip
    return Helicopter(**(plain | fields))


def happened(log: EventLog, kind: Kind) -> int:
    return len(log.where(kind))


def test_nobody_finds_a_fire_that_never_burned() -> None:
    log = simulate(burning(fuel=98))
    assert happened(log, Kind.FIRE_OUT)
    assert not happened(log, Kind.DETECTED)
    assert not happened(log, Kind.REPORTED)


def test_an_aircraft_that_refuels_in_no_time_waits_for_a_short_storm_to_pass() -> None:
    water = (WaterSource(id="lake", depth_m=6, **spot(15, 5)),)
    air = {"wind_from_deg": 270, "temperature_c": 20, "humidity": 0.3}
    winds = ((0.0, 2, 20), (2.0, 2, 0.5), (2.25, 2, 20))
    weather = tuple(Weather(time_h=h, wind_ms=wind, visibility_km=sight, **air) for h, wind, sight in winds)
    log = simulate(burning(helicopters=(bomber(refuel_h=0),), water_sources=water, weather=weather))
    held = log.where(Kind.HELD)
    dropped = log.time_h[log.where(Kind.DROPS)]
    assert len(held)
    assert dropped.min() < 2.0
    assert dropped.max() > 2.25


def test_an_aircraft_that_fails_over_the_fire_is_mended_on_the_ground() -> None:
    scout = bomber(bucket_t=0, tasks=("reconnaissance",), breakdown=1, repair_h=2)
    log = simulate(burning(helicopters=(scout,)))
    [failed] = log.where(Kind.BREAKS_DOWN)
    [looked] = log.where(Kind.SEES)
    home = log.place[log.where(Kind.STANDS)[-1]]
    assert log.place[failed] == home
    assert log.time_h[failed] > log.time_h[looked]


def test_a_finished_replication_keeps_no_fire_in_memory() -> None:
    gc.collect()
    gc.disable()
    try:
        simulate(burning(2.0))
        assert not any(isinstance(one, FireCourse) for one in gc.get_objects())
    finally:
        gc.enable()


def test_a_level_that_a_stage_declares_follows_from_the_report() -> None:
    stages = (Stage(persons=1, level="III"),)
    fire = Wildfire(kind="wildfire", spotting=0, uncertainty=SURE, stages=stages)
    log = simulate(burning(settings=settings(2.0, hazard=fire, air=LIGHT)))
    [raised] = log.where(Kind.LEVEL_RAISED)
    assert log.kind[log.cause[raised]] == Kind.REPORTED


def test_nobody_climbs_the_whole_height_of_the_hills_from_a_place_off_the_landscape() -> None:
    land = ground(np.full((SIZE, SIZE), 8), np.full((SIZE, SIZE), 1500.0))
    sim = build(compile_world(burning(landscape=land)), 1, 0)
    inside, outside, near = ((point["lon"], point["lat"]) for point in (spot(15, 15), spot(-2, 15), spot(2, 15)))
    assert walk_h(sim, outside, inside) / straight_km(outside, inside) == pytest.approx(
        walk_h(sim, near, inside) / straight_km(near, inside)
    )
