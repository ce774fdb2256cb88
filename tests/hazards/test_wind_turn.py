"""When the wind of a replication turns, and what leaders know of it who have the forecast and see the wind."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simrescue import load
from simrescue.hazards.wildfire.fire_course import FireField
from simrescue.hazards.wildfire.landscape.fire_weather import FireWeather
from simrescue.hazards.wildfire.spread.growth import Course
from simrescue.scenario.records import Weather

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
TURN_H = 4.0


@pytest.fixture(scope="module")
def field() -> FireField:
    """Wind of 2 m/s from the east, and of 10 m/s from the west from hour 4 on, as forecast."""
    points = (
        Weather(time_h=0, wind_ms=2, wind_from_deg=90, temperature_c=20, humidity=0.3),
        Weather(time_h=TURN_H, wind_ms=10, wind_from_deg=270, temperature_c=20, humidity=0.3),
    )
    return FireField(load(TINY).model_copy(update={"weather": points}))


def later(field: FireField, shift_h: float) -> FireWeather:
    return replace(field.weather, shift_h=shift_h)


@pytest.mark.parametrize("shift_h", [-1.4, -0.25, 0.0, 0.3, 1.0, 1.7])
def test_the_rates_turn_with_the_wind_at_its_own_minute(field: FireField, shift_h: float) -> None:
    course = Course(field.landscape, later(field, shift_h), None)
    turns_h = TURN_H + shift_h
    before, after = course.number(turns_h - 0.01), course.number(turns_h + 0.01)
    assert after == before + 1
    assert course.begins_h(after) == pytest.approx(turns_h)
    slow, fast = (course.spread(number).head_m_min.max() for number in (before, after))
    assert fast > 2 * slow
    assert [course.spread(before - 1).head_m_min.max() < fast, course.number(0.0)] == [True, 0]


def test_a_turn_that_has_not_come_by_its_hour_is_expected_at_any_moment(field: FireField) -> None:
    late = later(field, 1.5)
    (soon,), (overdue,) = field.foreseen(late, 3.25, 1.0), field.foreseen(late, 4.75, 1.0)
    assert (soon.in_h, soon.wind_ms) == (pytest.approx(0.75), 10)
    assert (overdue.in_h, overdue.wind_ms) == (0.0, 10)
    assert field.foreseen(late, 5.75, 1.0) == [], "it has come"


def test_a_turn_that_comes_early_is_not_foreseen_before_the_hour_of_the_forecast(field: FireField) -> None:
    early = later(field, -1.5)
    assert field.foreseen(early, 2.25, 1.0) == []


@pytest.mark.parametrize(("within_h", "winds"), [(1.0, []), (1.2, [10]), (2.2, [10, 12]), (9.0, [10, 12])])
def test_leaders_foresee_each_turn_within_the_time_that_they_need(within_h: float, winds: list[float]) -> None:
    """At 2:50 the wind turns in 70 minutes and again in 130: hours in which nothing changes lie between."""
    hours = {0: (2, 90), TURN_H: (10, 270), TURN_H + 1: (12, 300)}
    points = tuple(
        Weather(time_h=hour, wind_ms=wind_ms, wind_from_deg=from_deg, temperature_c=20, humidity=0.3)
        for hour, (wind_ms, from_deg) in hours.items()
    )
    field = FireField(load(TINY).model_copy(update={"weather": points}))
    turns = field.foreseen(field.weather, TURN_H - 70 / 60, within_h)
    assert [turn.wind_ms for turn in turns] == winds
    assert [turn.in_h for turn in turns] == pytest.approx([70 / 60, 130 / 60][: len(winds)])
