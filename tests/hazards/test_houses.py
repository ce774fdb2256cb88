"""Houses in the water: who is where in them, which fall, what is lost of their value."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.flood.houses import (
    Houses,
    Province,
    damage_share,
    fallen,
    houses_of,
    most_damage_yuan,
    refuges,
)
from simrescue.parameters import Parameters

NUMBERS = Parameters()
SHARES = st.floats(0, 1)


def test_houses_by_province_by_the_village_and_by_hand() -> None:
    hebei = houses_of(NUMBERS, "hebei", None, None)
    assert hebei == pytest.approx((0.49, 0.49, 0.02))
    assert houses_of(NUMBERS, "", None, None).above == pytest.approx(1 - 0.763)
    assert houses_of(NUMBERS, "hebei", 0.4, None) == pytest.approx((0.2, 0.2, 0.6))
    assert houses_of(NUMBERS, "hebei", 0.4, 0.9) == pytest.approx((0.1, 0.0, 0.9))


@pytest.mark.parametrize("province", get_args(Province))
def test_every_province_has_its_number(province: Province) -> None:
    houses = houses_of(NUMBERS, province, None, None)
    assert sum(houses) == pytest.approx(1)
    assert min(houses) >= 0


@given(st.integers(0, 400), st.integers(0, 400), st.integers(0, 400), SHARES, SHARES, SHARES)
def test_refuges_hold_everybody_once(
    helpless: int, able: int, below: int, single: float, flat: float, roof: float
) -> None:
    found = refuges(helpless, able, below, Houses(single * (1 - flat), single * flat, 1 - single), roof)
    assert sum(found) == helpless + able
    assert min(found) >= 0


def test_those_who_were_caught_before_count_towards_the_share_without_a_refuge() -> None:
    assert refuges(0, 70, 30, Houses(0.3, 0.0, 0.7), 1.0) == (0, 0, 0, 0, 0, 70)


@pytest.mark.parametrize(
    ("depth_m", "velocity_ms", "soaked", "expected"),
    [
        (6.0, 0.0, False, 0.0),
        (0.5, 0.0, True, 0.028),
        (6.0, 1.2, False, 0.0),  # 7.2 m2/s, but too slow for brick
        (3.0, 2.4, False, 0.875),  # 7.2 m2/s
        (8.0, 1.2, False, 0.125),  # 9.6 m2/s: frames of concrete
        (4.0, 2.4, False, 1.0),
    ],
)
def test_houses_fall_by_structure(depth_m: float, velocity_ms: float, soaked: bool, expected: float) -> None:
    assert fallen(depth_m, velocity_ms, soaked, NUMBERS) == pytest.approx(expected)


@pytest.mark.parametrize(("depth_m", "share"), [(0.0, 0.0), (0.25, 0.1635), (1.0, 0.494), (6.0, 1.0), (30.0, 1.0)])
def test_damage_by_depth(depth_m: float, share: float) -> None:
    assert damage_share(depth_m, 0.0) == pytest.approx(share)
    assert damage_share(depth_m, 0.5) == pytest.approx(0.5 + 0.5 * share)


def test_most_damage_by_hand() -> None:
    numbers = NUMBERS.model_copy(update={"floor_area_m2": 40.0, "building_cost_yuan": 1500.0})
    assert most_damage_yuan(10, numbers) == pytest.approx(10 * 40 * 1500 * 0.6 * 0.6 * 1.5)
