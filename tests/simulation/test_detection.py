"""How fires are found: looks at set times, chances by night and in haze, the size that can be seen, and delays."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.parameters import Parameters
from simrescue.scenario.records import Detector, Weather
from simrescue.simulation.hazards.detection import MEANS, chance, sees
from simrescue.simulation.hazards.fire_watch import Fire
from tests.simulation.fake_fire import burning_hills, fake, run, spot

DEFAULT = Parameters()

FOUND_BY = 30


def detector(**fields: Any) -> Detector:
    return Detector(**({"id": "eye", "kind": "camera", "revisit_h": 1.0, "delay_h": 0.0, "chance": 1.0} | fields))


def found(*detectors: Detector, growth_kmh: float = 0.0, hours: float = 24.0, **tables: Any) -> Any:
    sim = burning_hills(hours, detectors=detectors, teams=(), **tables)
    fake(sim).growth_kmh = growth_kmh
    return run(sim, hours)


def test_the_first_look_comes_within_one_revisit_and_the_report_after_the_delay() -> None:
    story = found(detector(delay_h=0.25))
    seen, known = story.one(Kind.DETECTED), story.first(Kind.REPORTED)
    assert 0 <= seen.time_h <= 1.0
    assert known.time_h == pytest.approx(seen.time_h + 0.25)
    assert seen.item == MEANS.index("camera")
    assert story.rows(Kind.STAGES)[0].time_h == known.time_h


def test_looks_go_on_until_one_finds_it() -> None:
    story = found(detector(chance=0.05), hours=200.0)
    seen = story.one(Kind.DETECTED)
    first = found(detector()).one(Kind.DETECTED).time_h
    assert seen.time_h > 1.0
    assert (seen.time_h - first) % 1.0 == pytest.approx(0.0, abs=1e-9) or (seen.time_h - first) % 1.0 > 1 - 1e-9


def test_a_fire_is_seen_only_once_it_is_large_enough() -> None:
    story = found(detector(smallest_ha=100.0, revisit_h=0.125), growth_kmh=0.5)
    seen = story.one(Kind.DETECTED)
    assert seen.amount >= 100.0
    # A circle of 100 ha has a radius of 564 m; it starts with 100 m and grows 500 m in an hour.
    assert seen.time_h == pytest.approx((0.564 - 0.1) / 0.5, abs=0.3)


def test_the_first_report_counts_and_ends_all_watching() -> None:
    story = found(detector(id="fast", delay_h=0), detector(id="slow", delay_h=9, revisit_h=0.1))
    assert story.one(Kind.REPORTED).time_h <= 1.0


def test_range() -> None:
    here = spot(10, 2)
    at_fork = spot(5, 0)
    assert sees(detector(), **here)
    assert sees(detector(range_km=6.0, **at_fork), **here)
    assert not sees(detector(range_km=5.0, **at_fork), **here)
    assert not found(detector(range_km=5.0, **at_fork)).rows(Kind.DETECTED)


def test_night_and_haze_lower_the_chance() -> None:
    haze = (Weather(time_h=0, wind_ms=1, visibility_km=DEFAULT.haze_visibility_km / 2),)
    clear = (Weather(time_h=0, wind_ms=1, visibility_km=30),)
    eye = detector(chance=0.8, night_factor=0.5, haze_factor=0.25)
    day = burning_hills(detectors=(eye,), weather=clear)
    fire = Fire(day, 0, 0.0)
    assert chance(day, fire, eye) == pytest.approx(0.8)
    day.env.run(until=15.0)
    assert day.world.sky.is_night(15.0, fire.index)
    assert chance(day, fire, eye) == pytest.approx(0.4)
    thick = burning_hills(detectors=(eye,), weather=haze)
    assert chance(thick, Fire(thick, 0, 0.0), eye) == pytest.approx(0.2)


def test_more_eyes_never_find_it_later() -> None:
    """Each has its own luck, so that another pair of eyes leaves the first as it was."""
    alone = found(detector(chance=0.3), hours=100.0).first(Kind.REPORTED).time_h
    both = found(detector(chance=0.3), detector(id="patrol", kind="patrol", chance=0.3), hours=100.0)
    assert both.first(Kind.REPORTED).time_h <= alone


def test_nobody_looks_for_a_fire_out_of_everybodys_range() -> None:
    assert not found().rows(Kind.REPORTED)
