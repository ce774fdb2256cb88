from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.behaviour.rothermel import spread, wind_adjustment
from simrescue.hazards.wildfire.landscape.fire_weather import FireWeather, WeatherPoint, equilibrium_moisture, spread_at
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import FireUncertainty
from simrescue.parameters import Parameters

DEFAULT = Parameters()


class Unsure(NamedTuple):
    wind: float = 0.0
    direction_deg: float = 0.0
    humidity: float = 0.0
    shift_h: float = 0.0


def point(time_h: float = 0.0, **changed: float) -> WeatherPoint:
    calm = {"wind_ms": 4.0, "wind_from_deg": 270.0, "temperature_c": 20.0, "humidity": 0.3, "rain_mm": 0.0}
    return WeatherPoint(time_h, **(calm | changed))


def weather(*points: WeatherPoint, **settings: object) -> FireWeather:
    return FireWeather(points or (point(),), live_herb=0.6, live_woody=0.9, parameters=DEFAULT, **settings)  # type: ignore[arg-type]


FRONT = weather(point(0), point(12, wind_ms=9.0, wind_from_deg=340.0, humidity=0.4), point(18, wind_ms=2.0))


@pytest.mark.parametrize(
    ("temperature_c", "humidity", "share"),
    [
        (20.0, 0.70, 0.1284),  # printed example of a public description of the equation (pyrosat.org): 12.84 %
        (20.0, 0.30, (2.22749 + 0.160107 * 30 - 0.014784 * 68) / 100),
        (35.0, 0.05, (0.03229 + 0.281073 * 5 - 0.000578 * 5 * 95) / 100),
        (40.0, 0.0, 0.01),
    ],
)
def test_balance_with_the_air(temperature_c, humidity, share):
    assert equilibrium_moisture(temperature_c, humidity) == pytest.approx(share, abs=5e-5)


def test_damper_air_makes_damper_fuel_and_the_branches_nearly_meet():
    course = equilibrium_moisture(20.0, np.linspace(0.02, 1.0, 200))
    assert (np.diff(course) > -0.005).all()
    assert course[-1] > 0.2


def test_a_point_holds_until_the_next():
    assert FRONT.at(-5).wind_ms == FRONT.at(11.99).wind_ms == 4
    assert FRONT.at(12).wind_from_deg == 340
    assert FRONT.at(100).wind_ms == 2
    assert FRONT.changes_h.tolist() == [0, 12, 18]


def test_dead_fuel_follows_by_its_lag():
    still = weather(point(), dead=(0.2, 0.2, 0.2))
    balance = float(equilibrium_moisture(20.0, 0.3))
    for hours in (0.5, 1.0, 10.0, 100.0):
        found = still.moisture(hours)
        for water, lag in zip(found, (1, 10, 100), strict=False):
            assert water == pytest.approx(balance + (0.2 - balance) * math.exp(-hours / lag))
    assert still.moisture(5).live_herb == 0.6


@given(cut=st.floats(0.5, 20))
def test_a_point_more_that_says_nothing_new_changes_nothing(cut):
    one = weather(point(0), point(24, humidity=0.8), dead=(0.1, 0.1, 0.1))
    other = weather(point(0), point(cut), point(24, humidity=0.8), dead=(0.1, 0.1, 0.1))
    for hour in (cut / 2, cut, 23, 30):
        assert one.moisture(hour) == pytest.approx(other.moisture(hour))


def test_rain_wets_fine_fuel_first():
    wet = weather(point(0), point(6, rain_mm=3.0), point(9)).moisture(9)
    assert wet.dead_1h > wet.dead_10h > wet.dead_100h
    assert wet.dead_1h == pytest.approx(0.35, abs=0.02)


def test_fuel_begins_in_balance_with_the_mean_of_the_first_day():
    found = weather(point(0, humidity=0.2), point(12, humidity=0.6), point(48, humidity=1.0)).moisture(0)
    mean = (equilibrium_moisture(20.0, 0.2) + equilibrium_moisture(20.0, 0.6)) / 2
    assert found[:3] == pytest.approx([mean] * 3)


# ---- chance


UNSURE = Unsure(0.25, 20, 0.05, 1.0)


def test_nothing_unsure_is_the_weather_given():
    course = FRONT.drawn(1, 2, Unsure())
    assert course.points == list(FRONT.points)
    assert [course.at(h) for h in (0, 13, 20)] == [FRONT.at(h) for h in (0, 13, 20)]


def test_the_same_draw_again_and_another_replication():
    one, again, other = (FRONT.drawn(1, number, UNSURE) for number in (0, 0, 1))
    assert one.at(13) == again.at(13)
    assert one.at(13) != other.at(13)


def test_one_source_of_chance_leaves_the_others_as_they_were():
    full = FRONT.drawn(1, 0, UNSURE)
    assert FRONT.drawn(1, 0, UNSURE._replace(humidity=0.0)).at(13).wind_ms == full.at(13).wind_ms
    assert FRONT.drawn(1, 0, UNSURE._replace(wind=0.0)).shift_h == full.shift_h


def test_courses_spread_as_they_should():
    courses = [FRONT.drawn(7, number, UNSURE) for number in range(4000)]
    factor = np.array([course.points[0].wind_ms for course in courses]) / 4
    assert factor.mean() == pytest.approx(1, abs=0.02)
    assert np.log(factor).std() == pytest.approx(0.25, abs=0.01)
    assert np.std([course.points[0].wind_from_deg for course in courses]) == pytest.approx(20, abs=1)
    assert np.std([course.shift_h for course in courses]) == pytest.approx(1, abs=0.05)
    humidity = np.array([course.points[0].humidity for course in courses])
    assert humidity.std() == pytest.approx(0.05, abs=0.003)


def test_humidity_stays_possible():
    dry = weather(point(humidity=0.05))
    drawn = [dry.drawn(1, number, Unsure(humidity=0.5)).at(0).humidity for number in range(50)]
    assert min(drawn) == 0.02
    assert max(drawn) <= 1


def test_the_wind_changes_earlier_or_later_and_the_air_does_not():
    course = FRONT.drawn(1, 0, Unsure(shift_h=1.0))
    shift = course.shift_h
    assert shift != 0
    assert course.at(12 + shift + 1e-6).wind_ms == 9
    assert course.at(12 + shift - 1e-6).wind_ms == 4
    assert course.at(12).humidity == 0.4
    assert set(course.changes_h.tolist()) == {0, 12, 18, 12 + shift, 18 + shift}


def test_settings_of_a_scenario_say_how_unsure_the_weather_is():
    assert FRONT.drawn(1, 0, FireUncertainty()).at(13).wind_ms != 9


# ---- the field


def hill() -> Landscape:
    rng = np.random.default_rng(1)
    height = np.cumsum(rng.normal(0, 20, (6, 8)), axis=1)
    fuel = rng.choice(np.array([1, 8, 102, 165, 99], dtype=np.int16), (6, 8))
    cover = rng.choice([0.0, 0.6], (6, 8))
    return Landscape(114.0, 38.0, 0.001, 0.001, fuel, height, cover, np.full((6, 8), 12.0))


def test_the_field_is_the_fire_of_each_cell():
    ground, hour = hill(), 13.0
    field = spread_at(ground, FRONT, hour)
    state = FRONT.at(hour)
    for cell in range(ground.n_cells):
        row, column = divmod(cell, 8)
        depth = {1: 0.3048, 8: 0.06096, 102: 0.3048, 165: 0.3048, 99: 0.3048}[int(ground.fuel[row, column])]
        midflame = 9 / 1.15 * wind_adjustment(depth, ground.canopy_cover[row, column], 12.0)
        one = spread(
            ground.fuel[row, column : column + 1],
            state.moisture,
            midflame,
            math.radians(160),
            ground.slope[row, column],
            ground.upslope_rad[row, column],
        )
        assert [value[cell] for value in field[:4]] == pytest.approx([value[0] for value in one[:4]])


def test_on_flat_open_ground_the_fire_runs_with_the_wind():
    zeros = np.zeros((2, 2))
    flat = Landscape(114.0, 38.0, 0.001, 0.001, np.full((2, 2), 1, np.int16), zeros, zeros, zeros)
    assert np.degrees(spread_at(flat, FRONT, 0).towards_rad) == pytest.approx([90] * 4), "a west wind drives it east"
