"""Fire danger: the Canadian indices against their published series, grades by a table, days of a scenario."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.danger.danger_days import danger_days, day_of
from simrescue.hazards.wildfire.danger.danger_grade import (
    BEAUFORT_MS,
    DangerWeather,
    classes,
    danger_grade,
    danger_points,
    wind_force,
)
from simrescue.hazards.wildfire.danger.fire_weather_index import Codes, Noon, indices, next_codes
from simrescue.hazards.wildfire.landscape.fire_weather import WeatherPoint
from simrescue.hazards.wildfire.settings import Danger
from simrescue.scenario.records import FireDanger

SERIES = np.genfromtxt(Path(__file__).parents[1] / "published/fire_weather_index.csv", delimiter=",", names=True)
START = datetime.fromisoformat("2024-04-04T08:00:00+08:00")
STANDARD = classes()
CALM = DangerWeather(temperature_c=20.0, humidity=0.5, dry_days=3, wind_ms=3.0)


def test_codes_and_indices_are_those_of_the_published_series() -> None:
    codes = Codes(85, 6, 15)
    assert len(SERIES) == 48
    for row in SERIES:
        noon = Noon(row["temperature_c"], row["humidity_pct"] / 100, row["wind_kmh"], row["rain_mm"])
        codes = next_codes(codes, noon, int(row["month"]), 40)
        reckoned = (*codes, *indices(codes, noon.wind_kmh))
        expected = [row[name] for name in ("ffmc", "dmc", "dc", "isi", "bui", "fwi")]
        assert reckoned == pytest.approx(expected, rel=1e-4), f"{row['month']:.0f}-{row['day']:.0f}"


noons = st.builds(
    Noon, st.floats(-40, 50), st.floats(0, 1), st.floats(0, 150), st.one_of(st.just(0.0), st.floats(0, 300))
)
starts = st.builds(Codes, st.floats(0, 101), st.floats(0, 1000), st.floats(0, 2000))


@given(before=starts, noon=noons, month=st.integers(1, 12), latitude=st.floats(-60, 60))
def test_codes_stay_in_their_ranges_and_rain_never_dries(
    before: Codes, noon: Noon, month: int, latitude: float
) -> None:
    codes = next_codes(before, noon, month, latitude)
    assert 0 <= codes.ffmc <= 101
    assert min(codes.dmc, codes.dc, *indices(codes, noon.wind_kmh)) >= 0
    wetter = next_codes(before, noon._replace(rain_mm=noon.rain_mm + 20), month, latitude)
    assert all(wet <= dry + 1e-9 for wet, dry in zip(wetter, codes, strict=True))


def test_days_are_as_long_as_the_season_and_the_latitude_make_them() -> None:
    noon, before = Noon(20, 0.4, 10, 0), Codes(85, 6, 15)
    july, january = (next_codes(before, noon, month, 40) for month in (7, 1))
    assert (july.dmc, july.dc) > (january.dmc, january.dc)
    assert next_codes(before, noon, 1, -40) == july
    assert next_codes(before, noon, 1, 5) == next_codes(before, noon, 7, 5)


@pytest.mark.parametrize(("wind_ms", "force"), [(0, 0), (0.2, 0), (0.3, 1), (5.4, 3), (5.5, 4), (17.2, 8), (40, 12)])
def test_wind_is_told_by_its_force(wind_ms: float, force: int) -> None:
    assert wind_force(wind_ms) == force
    assert len(BEAUFORT_MS) == 12


def test_points_and_grade_by_hand() -> None:
    # 20 C: 12; 50 %: 8; three dry days: 15; force 2: 10
    assert danger_points(CALM, STANDARD) == 45
    assert danger_grade(45, STANDARD) == 2
    assert danger_points(CALM, STANDARD, green=50) == 0
    hot = DangerWeather(temperature_c=41, humidity=0.1, dry_days=30, wind_ms=20)
    assert danger_points(hot, STANDARD) == 20 + 20 + 50 + 40
    assert [danger_grade(points, STANDARD) for points in (0, 25, 26, 50, 72, 73, 90, 91, 130)] == [
        1, 1, 2, 2, 3, 4, 4, 5, 5,
    ]  # fmt: skip


def test_a_part_of_the_table_can_be_replaced() -> None:
    rows = [FireDanger(part="grade", up_to=10, points=1), FireDanger(part="grade", points=5)]
    own = classes(rows)
    assert danger_grade(11, own) == 5
    assert danger_points(CALM, own) == danger_points(CALM, STANDARD)


@given(
    temperature=st.floats(-20, 45), humidity=st.floats(0, 1), dry=st.integers(0, 40), wind=st.floats(0, 40),
    more=st.floats(0, 10),
)  # fmt: skip
def test_hotter_drier_longer_and_windier_is_never_less_dangerous(
    temperature: float, humidity: float, dry: int, wind: float, more: float
) -> None:
    base = DangerWeather(temperature, humidity, dry, wind)
    least = danger_points(base, STANDARD)
    worse: list[dict[str, Any]] = [
        {"temperature_c": temperature + more}, {"humidity": max(humidity - more / 10, 0.0)},
        {"dry_days": dry + int(more)}, {"wind_ms": wind + more},
    ]  # fmt: skip
    for changes in worse:
        assert danger_points(base._replace(**changes), STANDARD) >= least


def point(time_h: float, **changed: float) -> WeatherPoint:
    fair = {"wind_ms": 3.0, "wind_from_deg": 0.0, "temperature_c": 20.0, "humidity": 0.5, "rain_mm": 0.0}
    return WeatherPoint(time_h, **(fair | changed))


def test_days_go_by_the_clock_of_the_scenario() -> None:
    """Rain from 20:00 to 22:00 on the first day, hot at 14:00 of the second, wind in its night."""
    points = [
        point(0), point(12, rain_mm=2.0), point(14), point(29, temperature_c=31, humidity=0.2), point(31),
        point(39, wind_ms=12), point(40),
    ]  # fmt: skip
    first, second, third = danger_days(START, 44, points, 38, Danger(dry_days=5), STANDARD)
    assert [day.day.day for day in (first, second, third)] == [4, 5, 6]
    assert [day.begin_h for day in (first, second, third)] == [-8, 16, 40]
    assert first.weather == DangerWeather(20, 0.5, 0, 3)
    assert second.weather == DangerWeather(31, 0.2, 1, 12)
    assert third.weather == DangerWeather(20, 0.5, 2, 3)
    # The rain of the evening counts at the noon after it.
    dry = danger_days(START, 44, [point(0)], 38, Danger(), STANDARD)
    assert first.codes == dry[0].codes
    assert second.codes.ffmc < dry[1].codes.ffmc
    assert day_of((first, second, third), 15.9) is first
    assert day_of((first, second, third), 16.0) is second
    assert day_of((first, second, third), 500.0) is third


def test_the_days_before_count() -> None:
    (usual,) = danger_days(START, 10, [point(0)], 38, Danger(), STANDARD)
    (dry,) = danger_days(START, 10, [point(0)], 38, Danger(dmc=80, dc=400, dry_days=20), STANDARD)
    assert dry.grade > usual.grade
    assert dry.indices.bui > usual.indices.bui
    (green,) = danger_days(START, 10, [point(0)], 38, Danger(dry_days=20, green=30), STANDARD)
    assert green.points == dry.points - 30
