"""The sun: published times of rise and set, any offset, polar day and night, and light that several places share."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from simrescue.sun import by_clock, common, light

MINUTE = 1 / 60
ALMANAC = [  # the Royal Observatory's meridian, New York, Beijing: to the minute as almanacs print them
    ("2024-06-20T00:00+01:00", 0.0, 51.478, "04:43", "21:21"),
    ("2024-03-20T00:00-04:00", -74.006, 40.713, "06:59", "19:08"),
    ("2023-12-22T00:00+08:00", 116.39, 39.91, "07:33", "16:53"),
]


def clock(start: str, hour: float) -> float:
    """Clock hours of a time since the start."""
    moment = datetime.fromisoformat(start) + timedelta(hours=hour)
    return moment.hour + moment.minute / 60 + moment.second / 3600


def of_the_day(start: str, lon: float, lat: float) -> tuple[float, float]:
    """The light that the noon of the first day lies in."""
    return next(span for span in light(datetime.fromisoformat(start), 24, lon, lat) if span[0] < 12 < span[1])


@pytest.mark.parametrize(("start", "lon", "lat", "rise", "fall"), ALMANAC)
def test_published_times(start: str, lon: float, lat: float, rise: str, fall: str) -> None:
    for hour, told in zip(of_the_day(start, lon, lat), (rise, fall), strict=True):
        minutes = datetime.strptime(told, "%H:%M")  # noqa: DTZ007 - a clock time
        assert clock(start, hour) == pytest.approx(minutes.hour + minutes.minute / 60, abs=2 * MINUTE)


@pytest.mark.parametrize("same", ["2024-07-10T06:00+08:00", "2024-07-09T22:00+00:00", "2024-07-09T10:30-11:30"])
@pytest.mark.parametrize("lon", [-179.9, -60.0, 0.0, 115.2, 180.0])
def test_the_offset_that_hours_are_told_in_is_nothing_to_the_sun(same: str, lon: float) -> None:
    found = light(datetime.fromisoformat(same), 48, lon, 38.0)
    assert found == light(datetime.fromisoformat("2024-07-09T22:00Z"), 48, lon, 38.0)
    assert all(14.5 < b - a < 14.8 for a, b in found)
    assert found[0][0] < 0 < 48 < found[-1][1]


@pytest.mark.parametrize("lon", [0.0, 100.0])
def test_fifteen_degrees_east_and_an_hour_earlier_is_the_same_sun(lon: float) -> None:
    here = light(datetime.fromisoformat("2024-07-10T06:00+08:00"), 72, lon, 38.0)
    there = light(datetime.fromisoformat("2024-07-10T05:00+08:00"), 72, lon + 15, 38.0)
    assert [time for span in there for time in span] == pytest.approx([time for span in here for time in span])


def test_days_grow_shorter_in_the_course_of_a_run() -> None:
    lasts = [b - a for a, b in light(datetime.fromisoformat("2024-07-10T06:00+08:00"), 20 * 24, 115.0, 38.0)]
    assert lasts == sorted(lasts, reverse=True)
    assert lasts[2] - lasts[21] > 0.3


def test_polar_day_and_night() -> None:
    summer, winter = datetime.fromisoformat("2024-06-20T00:00Z"), datetime.fromisoformat("2024-12-20T00:00Z")
    assert len(light(summer, 240, 20.0, 80.0)) == 1
    assert light(winter, 240, 20.0, 80.0) == []
    assert light(winter, 24, 20.0, 90.0) == []
    assert len(light(winter, 24, 20.0, -90.0)) == 1


def test_stated_clock_hours_are_those_of_the_start() -> None:
    start = datetime.fromisoformat("2024-07-10T06:00+08:00")
    assert by_clock(start, 24, 5, 20)[2:4] == [(-1, 14), (23, 38)]
    assert by_clock(start, 24, 21, 4)[2] == (15, 22), "a sunset before the sunrise is that of the next day"
    assert len(by_clock(start, 240, 0, 24)) == 1
    assert by_clock(start, 24, 6, 6) == []


def test_light_that_two_places_share() -> None:
    assert common([(0, 10), (20, 30), (40, 50)], [(5, 25), (44, 45), (46, 60)]) == [
        (5, 10), (20, 25), (44, 45), (46, 50),
    ]  # fmt: skip
    assert common([(0, 5)], [(5, 9)]) == []
