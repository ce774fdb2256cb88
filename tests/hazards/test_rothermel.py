"""Agreement of surface spread with firelab/behave, which is the reference implementation of its authors' agency."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.behaviour.fuels import by_number, models
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture, Spread, flame_length_m, spread, wind_adjustment

REFERENCE = np.genfromtxt(Path(__file__).parents[1] / "published/rothermel_reference.csv", delimiter=",", names=True)
LOW = Moisture(0.06, 0.07, 0.08, 0.60, 0.90)
MPH = 0.44704
CHAIN_H = 20.1168 / 60
"""m/min in a chain per hour."""
BURNING = [number for number, model in models().items() if model.burns]


def fire(fuel: Any = 102, moisture: Moisture = LOW, wind: Any = 0.0, to: Any = 0.0, slope: Any = 0.0, up: Any = 0.0):
    return spread(np.atleast_1d(fuel), moisture, wind, to, slope, up)


def of_surface(found: Spread) -> tuple[Any, ...]:
    """The columns of a surface fire; no crown burns."""
    assert found.crowns is None
    return found[:4]


def backing(found: Spread) -> Any:
    return found.head_m_min * (1 - found.eccentricity) / (1 + found.eccentricity)


def length_to_width(found: Spread) -> Any:
    return 1 / np.sqrt(1 - found.eccentricity**2)


def reference_runs() -> tuple[dict[str, Any], dict[str, Any]]:
    """All rows: what behave found, and what is found here."""
    names = ["m1h_pct", "m10h_pct", "m100h_pct", "mherb_pct", "mwoody_pct"]
    parts, found = [], []
    for water in np.unique(REFERENCE[names]):
        part = REFERENCE[REFERENCE[names] == water]
        moisture = Moisture(*(float(share) / 100 for share in water))
        fuel = part["fuel_model"].astype(int)
        found.append(spread(fuel, moisture, part["midflame_wind_m_s"], 0.0, part["slope_pct"] / 100, 0.0))
        parts.append(part)
    rows = np.concatenate(parts)
    here = Spread(*(np.concatenate(column) for column in zip(*map(of_surface, found), strict=True)))
    width = (here.head_m_min + backing(here)) / 2 / length_to_width(here)
    return {name: rows[name] for name in rows.dtype.names}, {
        "ros_m_min": here.head_m_min,
        "fireline_intensity_kW_m": here.intensity_kw_m,
        "flame_length_m": flame_length_m(here.intensity_kw_m),
        "length_to_width": length_to_width(here),
        "backing_ros_m_min": backing(here),
        "flanking_ros_m_min": width,
    }


@pytest.mark.parametrize(
    ("column", "relative", "rounding"),
    [
        ("ros_m_min", 1e-6, 1e-6),
        ("fireline_intensity_kW_m", 1e-6, 1e-4),
        ("flame_length_m", 7e-4, 1e-5),
        ("length_to_width", 1e-6, 1e-5),
        ("backing_ros_m_min", 1e-6, 1e-6),
        ("flanking_ros_m_min", 1e-6, 1e-6),
    ],
)
def test_every_reference_row_is_met(column, relative, rounding):
    """Within one part in a million and the rounding of the table; flames: behave's factor in feet is 0.0774 in SI."""
    expected, found = reference_runs()
    assert len(found[column]) == 1485
    np.testing.assert_allclose(found[column], expected[column], rtol=relative, atol=rounding)


def behave_run(fuel: int, cover: float | None, slope: float, wind_from: float = 0.0, aspect: float = 0.0) -> Spread:
    """As behave's own tests set it: 5 mph at 20 ft, trees of 30 ft, half of them crown; cover None: midflame wind."""
    adjusted = 1.0 if cover is None else float(wind_adjustment(by_number(fuel).depth_m, cover, 9.144, crown_ratio=0.5))
    to, up = math.radians(wind_from + 180), math.radians(aspect + 180)
    return fire(fuel, LOW, 5 * MPH * adjusted, to, slope, up)


@pytest.mark.parametrize(
    ("run", "chains_h"),
    [
        ({"fuel": 124, "cover": 0.5, "slope": 0.3}, 8.876216),
        ({"fuel": 124, "cover": None, "slope": 0.3}, 34.011429),
        ({"fuel": 124, "cover": 0.5, "slope": math.tan(math.radians(30)), "wind_from": 45, "aspect": 95}, 19.677584),
        ({"fuel": 124, "cover": 0.5, "slope": 0.3, "wind_from": 45, "aspect": 215}, 4.113265),
        ({"fuel": 124, "cover": 0.5, "slope": 0.3, "wind_from": 45, "aspect": 5}, 8.503960),
        ({"fuel": 4, "cover": 0.4, "slope": math.tan(math.radians(30)), "wind_from": 90}, 46.631688),
        ({"fuel": 91, "cover": 0.4, "slope": 0.3}, 0.0),
    ],
)
def test_the_reference_implementation_expects_the_same_rate(run, chains_h):
    """Expected values of testBehave.cpp of firelab/behave: shelter, open ground, wind across and against the slope."""
    assert behave_run(**run).head_m_min[0] / CHAIN_H == pytest.approx(chains_h, abs=3e-6)


def test_the_reference_implementation_expects_the_same_shape_and_heat():
    sheltered, open_ground, flat = (
        behave_run(124, 0.5, 0.3),
        behave_run(124, None, 0.3),
        behave_run(124, None, 0.0),
    )
    assert backing(sheltered)[0] / CHAIN_H == pytest.approx(2.91614659, abs=1e-6)
    assert open_ground.intensity_kw_m[0] / (1.05587 / 0.3048) == pytest.approx(2292.684759, rel=1e-5)
    assert flame_length_m(open_ground.intensity_kw_m)[0] / 0.3048 == pytest.approx(15.811421, rel=7e-4)
    assert length_to_width(flat)[0] == pytest.approx(1.590064, abs=1e-6)
    assert (flat.head_m_min / backing(flat))[0] == pytest.approx(7.988029, abs=1e-5)


def test_canopy_of_finney_fills_a_twelfth_of_pi():
    assert wind_adjustment(0.3, 0.5, 20.0) == wind_adjustment(0.3, math.pi / 4 * 0.5, 20.0, crown_ratio=1.0)
    assert wind_adjustment(0.3, 0.5, 20.0) < wind_adjustment(0.3, 0.2, 20.0)


def test_thin_or_low_canopy_shelters_nothing():
    in_the_open = wind_adjustment(0.3048, 0.0, 0.0)
    assert in_the_open == pytest.approx(1.83 / math.log(20.36 / 0.13)), "a bed of one foot"
    assert wind_adjustment(0.3048, 0.1, 20.0) == in_the_open, "crowns fill 2.6 %"
    assert wind_adjustment(0.3048, 0.9, 1.5) == in_the_open, "below 6 ft"


def test_without_wind_and_slope_the_fire_is_a_circle():
    assert fire(BURNING).eccentricity == pytest.approx(0, abs=1e-7)


@given(to=st.floats(0, 6.28), up=st.floats(0, 6.28), turn=st.floats(0, 6.28), fuel=st.sampled_from(BURNING))
def test_turning_everything_turns_the_fire(to, up, turn, fuel):
    one = fire(fuel, wind=3.0, to=to, slope=0.4, up=up)
    other = fire(fuel, wind=3.0, to=to + turn, slope=0.4, up=up + turn)
    assert other.head_m_min == pytest.approx(one.head_m_min)
    off = (other.towards_rad - one.towards_rad - turn)[0]
    assert math.cos(off) == pytest.approx(1, abs=1e-6) or one.eccentricity[0] < 1e-3


@given(wind=st.floats(0, 20), slope=st.floats(0, 1.5), fuel=st.sampled_from(BURNING))
def test_the_head_lies_between_wind_and_slope_and_is_fastest(wind, slope, fuel):
    found = fire(fuel, wind=wind, to=math.pi / 2, slope=slope, up=0.0)
    assert 0 <= found.towards_rad[0] <= math.pi / 2 + 1e-9
    assert 0 <= found.eccentricity[0] < 1
    assert found.head_m_min[0] >= fire(fuel, wind=wind).head_m_min[0] * (1 - 1e-12)
    assert np.isfinite(found.intensity_kw_m[0])


@pytest.mark.parametrize("fuel", BURNING)
def test_damper_fuel_burns_no_faster(fuel):
    dry, damp, wet = (fire(fuel, Moisture(m, m, m, 0.6, 0.9), wind=2.0).head_m_min[0] for m in (0.03, 0.08, 0.60))
    assert dry > damp >= wet


def test_dead_fuel_beyond_extinction_does_not_burn():
    found = fire([1, 8, 99, 0], Moisture(0.5, 0.5, 0.5, 1.0, 1.0), wind=5.0, slope=0.5)
    for column in of_surface(found):
        assert not column.any()


def test_curing_herbs_feed_the_fire_of_a_dynamic_model_only():
    rates = [
        fire([102, 2], Moisture(0.06, 0.07, 0.08, herb, 0.9), wind=2.0).head_m_min for herb in (0.25, 0.5, 0.9, 1.2)
    ]
    assert all(before[0] > after[0] for before, after in pairwise(rates))


def test_cells_do_not_know_of_one_another():
    fuel, wind, slope = np.array(BURNING), np.linspace(0, 6, len(BURNING)), np.linspace(0.6, 0, len(BURNING))
    together = fire(fuel, wind=wind, to=1.0, slope=slope, up=2.0)
    for i in range(len(fuel)):
        alone = fire(fuel[i], wind=wind[i], to=1.0, slope=slope[i], up=2.0)
        expected = [column[i] for column in of_surface(together)]
        assert [column[0] for column in of_surface(alone)] == pytest.approx(expected, rel=1e-12)
