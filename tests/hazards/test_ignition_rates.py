"""Fires that start by chance: as many as their rates say, where and when they say, whatever else is changed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.danger.danger_days import DangerDay
from simrescue.hazards.wildfire.danger.danger_grade import DangerWeather
from simrescue.hazards.wildfire.danger.fire_weather_index import Codes, indices
from simrescue.hazards.wildfire.ignition_rates import cells_of, drawn_h, expected_fires, spans, spots
from simrescue.scenario.load import load
from simrescue.scenario.records import IgnitionRate, Scenario
from simrescue.simulation.world import compile_world

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
PER_DAY = (0.0, 0.5, 1.0, 2.0, 4.0)
CODES = Codes(85, 6, 15)


@dataclass(frozen=True)
class Rate:
    """A cause whose fires start all day, at the rate of the grade."""

    id: str = "people"
    per_day: tuple[float, ...] = PER_DAY
    from_h: float = 0.0
    to_h: float = 24.0
    near_km: float | None = None
    spots: int = field(default=100)


def days(*grades: int, begin_h: float = 0.0) -> tuple[DangerDay, ...]:
    """Days of these grades, the first from an hour on."""
    weather = DangerWeather(20.0, 0.4, 3, 3.0)
    made = [(begin_h + 24 * number, grade) for number, grade in enumerate(grades)]
    return tuple(DangerDay(None, hour, grade, 0.0, weather, CODES, indices(CODES, 10)) for hour, grade in made)  # type: ignore[arg-type]


# ---- how many, and when


def test_expected_numbers_by_hand() -> None:
    # 12 h of a day of grade 3 (1 a day), a day of grade 5 (4), 6 h of one of grade 2 (0.5)
    assert expected_fires(Rate(), days(3, 5, 2, begin_h=-12), 42) == pytest.approx(0.5 + 4 + 0.125)
    # From 10 to 18: the first day has only two of its eight hours left, the last none yet.
    noon = Rate(from_h=10, to_h=18)
    assert spans(noon, days(4, 4, begin_h=-16), 16) == [(0, 2, 0.5)]
    # From 22 to 4: two stretches a day.
    night = spans(Rate(from_h=22, to_h=4), days(4), 24)
    assert night == [pytest.approx((0, 4, 2 * 4 / 6)), pytest.approx((22, 24, 2 * 2 / 6))]


def numbers(rate: Rate, over: tuple[DangerDay, ...], duration_h: float, replications: int = 2000) -> np.ndarray:
    """Fires of each of many replications."""
    return np.array([len(drawn_h(rate, over, duration_h, rate.spots, 1, r)) for r in range(replications)])


def test_numbers_are_those_of_a_poisson_process() -> None:
    over, duration_h = days(3, 5, 2), 72
    drawn, mean = numbers(Rate(), over, duration_h), expected_fires(Rate(), over, duration_h)
    error = (mean / len(drawn)) ** 0.5
    assert abs(drawn.mean() - mean) < 4 * error
    assert drawn.var() == pytest.approx(mean, rel=0.15)


def test_by_the_second_route_fires_of_a_day_are_those_of_its_rate() -> None:
    hours = [h for r in range(2000) for h in drawn_h(Rate(), days(3, 5, 2), 72, 100, 1, r).values()]
    counts = np.histogram(hours, [0, 24, 48, 72])[0] / 2000
    assert counts == pytest.approx([1, 4, 0.5], abs=0.15)


@given(
    from_h=st.floats(0, 24), to_h=st.floats(0, 24), grades=st.lists(st.integers(1, 5), min_size=1, max_size=4),
    begin_h=st.floats(-24, 0), duration_h=st.floats(0.5, 96), seed=st.integers(0, 9),
)  # fmt: skip
def test_every_fire_starts_in_its_hours(
    from_h: float, to_h: float, grades: list[int], begin_h: float, duration_h: float, seed: int
) -> None:
    if from_h == to_h:
        return
    rate = Rate(from_h=from_h, to_h=to_h, per_day=(9.0,) * 5, spots=30)
    drawn = drawn_h(rate, days(*grades, begin_h=begin_h), duration_h, rate.spots, seed, 0)
    assert list(drawn.values()) == sorted(drawn.values())
    for hour in drawn.values():
        clock = (hour - begin_h) % 24
        within = from_h <= clock <= to_h if from_h < to_h else clock >= from_h or clock <= to_h
        assert within or min(abs(clock - from_h), abs(clock - to_h), abs(clock - 24)) < 1e-6
        assert 0 <= hour <= duration_h


@given(st.floats(1, 5), st.integers(0, 50))
def test_a_higher_rate_takes_no_fire_away(factor: float, replication: int) -> None:
    more = replace(Rate(), per_day=tuple(rate * factor for rate in PER_DAY))
    few, many = (drawn_h(rate, days(3, 4, 5), 72, 100, 1, replication) for rate in (Rate(), more))
    assert list(many)[: len(few)] == list(few)
    assert all(many[spot] <= hour + 1e-9 for spot, hour in few.items())


def test_no_rate_no_fire_and_no_more_fires_than_spots() -> None:
    assert drawn_h(replace(Rate(), per_day=(0.0,) * 5), days(5), 24, 40, 1, 0) == {}
    assert drawn_h(Rate(), days(5), 24, 0, 1, 0) == {}
    assert len(drawn_h(replace(Rate(), per_day=(500.0,) * 5), days(5), 24, 40, 1, 0)) == 40


def test_every_spot_is_as_likely_as_any_other() -> None:
    spots_used = [spot for r in range(2000) for spot in drawn_h(Rate(spots=10), days(3), 24, 10, 1, r)]
    counts = np.bincount(spots_used, minlength=10)
    assert ((counts - counts.mean()) ** 2 / counts.mean()).sum() < 27.9  # chi-squared, 9 degrees of freedom, 0.1 %


# ---- where


def fires(*rates: dict[str, Any], **changes: Any) -> Scenario:
    """The tiny fire with fires by chance alone."""
    rows = {f"ignition_rates.{row['id']}": {"grade_3": 3.0} | row for row in rates}
    return load(TINY, sets={"ignitions.grave-field": None, **rows, **changes})


def test_spots_lie_on_ground_with_fuel_near_people_where_they_must() -> None:
    made = fires({"id": "people", "near": "0.2 km"}, {"id": "lightning", "spots": 7})
    near, far = made.ignition_rates
    ground = made.landscape
    assert 0 < cells_of(made, near).sum() < cells_of(made, far).sum() == ground.burns.sum()
    own, others = spots(made, (near,)), spots(made, (far,))
    assert (len(own), len(others)) == (40, 7)
    assert cells_of(made, near)[ground.cell_of([s.lon for s in own], [s.lat for s in own])].all()
    assert [spot.id for spot in others] == [f"lightning-{n}" for n in range(1, 8)]


def test_cells_near_people_are_those_within_the_distance() -> None:
    made = fires({"id": "people", "near": "0.5 km"}, **{"villages.*.radius": "0.1 km"})
    ground, place = made.landscape, {place.id: place for place in made.places}
    x, y = ground.xy_m(np.arange(ground.n_cells))
    south = ground.north - ground.shape[0] * ground.dlat

    def at(name: str) -> tuple[float, float]:
        east, north = (place[name].lon - ground.west) / ground.dlon, (place[name].lat - south) / ground.dlat
        return east * ground.cell_x_m, north * ground.cell_y_m

    least = np.full(ground.n_cells, np.inf)
    for road in made.roads:
        (ax, ay), (bx, by) = at(road.start), at(road.end)
        for part in np.linspace(0, 1, 400):
            np.minimum(least, np.hypot(x - ax - part * (bx - ax), y - ay - part * (by - ay)), out=least)
    for village in made.villages:
        vx, vy = at(village.id)
        np.minimum(least, np.hypot(x - vx, y - vy) - 100, out=least)
    mask = cells_of(made, made.ignition_rates[0]) | ~ground.burns.ravel()
    sure = (abs(least - 500) > 10) & ground.burns.ravel()
    assert (mask == (least <= 500))[sure].all()
    assert sure.sum() > 0.9 * ground.burns.sum()


def test_spots_hang_on_the_cause_and_the_ground_alone() -> None:
    few = spots(made := fires({"id": "people", "spots": 5}), made.ignition_rates)
    many = spots(made := fires({"id": "other"}, {"id": "people", "spots": 50}), made.ignition_rates)
    assert {(s.lon, s.lat) for s in few} <= {(s.lon, s.lat) for s in many if s.id.startswith("people")}


def test_given_fires_keep_their_numbers_and_rows_may_stand_in_any_order() -> None:
    rates = {"ignition_rates.people": {"grade_3": 3.0}, "ignition_rates.lightning": {"grade_3": 3.0}}
    made = load(TINY, sets=rates)
    world = compile_world(made)
    turned = compile_world(made.model_copy(update={"ignition_rates": made.ignition_rates[::-1]}))
    assert world.ids == turned.ids
    assert world.ids[world.first["ignitions"]] == "grave-field"
    fields = [one.fields["wildfire"] for one in (world, turned)]
    assert [fields[0].starts(3, r) for r in range(9)] == [fields[1].starts(3, r) for r in range(9)]
    assert all(field.starts(3, 1)[0] == field.given[0] for field in fields)


def test_all_five_rates_are_read() -> None:
    rate = IgnitionRate(id="people", **{f"grade_{grade}": float(grade) for grade in range(1, 6)})
    assert rate.per_day == (1, 2, 3, 4, 5)
