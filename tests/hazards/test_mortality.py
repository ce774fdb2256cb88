"""Curves of deaths: the published values, their zones, and that worse water never kills a smaller share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.flood.houses import FLAT_ROOF, HELPLESS_BELOW, HIGH_ROOF, MOBILE_BELOW
from simrescue.hazards.flood.mortality import CURVES, CurveName, Water
from simrescue.parameters import Parameters

NUMBERS = Parameters()


def share(curve: CurveName, refuge: int = 0, **water: float) -> float:
    return CURVES[curve](Water(**water), NUMBERS)[refuge]


@pytest.mark.parametrize(
    ("curve", "depth_m", "expected"),
    [
        ("screening", 0.0, 0.001769), ("screening", 2.0, 0.028985), ("screening", 9.0, 0.983347),
        ("boyd", 2.0, 0.0001124), ("boyd", 3.29612, 0.17), ("boyd", 9.0, 0.34),
        ("jonkman", 1.0, 0.00286), ("jonkman", 3.0, 0.0090), ("jonkman", 5.0, 0.0147),
    ],
)  # fmt: skip
def test_published_values_in_standing_water(curve: CurveName, depth_m: float, expected: float) -> None:
    assert share(curve, depth_m=depth_m) == pytest.approx(expected, rel=0.02)


def test_zones_of_jonkman() -> None:
    slow, rapid = share("jonkman", depth_m=3.0, rise_m_h=0.49), share("jonkman", depth_m=3.0, rise_m_h=4.0)
    assert (slow, rapid) == (pytest.approx(0.0090, rel=0.02), pytest.approx(0.098, rel=0.01))
    assert share("jonkman", depth_m=3.0, rise_m_h=2.25) == pytest.approx((slow + rapid) / 2)
    assert share("jonkman", depth_m=2.09, rise_m_h=9.0) == share("jonkman", depth_m=2.09)
    assert share("jonkman", depth_m=4.0, velocity_ms=1.75) < 0.02
    assert share("jonkman", depth_m=4.0, velocity_ms=2.0) == 1


def test_the_states_of_lifesim_by_refuge() -> None:
    assert share("lifesim", HELPLESS_BELOW, depth_m=1.52) == NUMBERS.low_danger_fatality
    assert share("lifesim", HELPLESS_BELOW, depth_m=1.53) == NUMBERS.high_danger_fatality
    assert [share("lifesim", refuge, depth_m=3.0) for refuge in (MOBILE_BELOW, FLAT_ROOF, HIGH_ROOF)] == [
        NUMBERS.high_danger_fatality, NUMBERS.low_danger_fatality, NUMBERS.low_danger_fatality,
    ]  # fmt: skip
    half = (NUMBERS.high_danger_fatality + NUMBERS.low_danger_fatality) / 2
    assert share("lifesim", HIGH_ROOF, depth_m=3.0, fallen=0.5) == pytest.approx(half)


WORSE = st.floats(0, 12)


@pytest.mark.parametrize("curve", sorted(CURVES))
@given(st.floats(0, 12), st.floats(0, 6), st.floats(0, 9), st.floats(0, 1), WORSE, WORSE, WORSE, st.floats(0, 1))
def test_worse_water_never_kills_a_smaller_share(
    curve: CurveName,
    depth: float,
    speed: float,
    rise: float,
    fallen: float,
    deeper: float,
    faster: float,
    quicker: float,
    weaker: float,
) -> None:
    before = CURVES[curve](Water(depth, speed, rise, fallen), NUMBERS)
    worse = Water(depth + deeper, speed + faster, rise + quicker, min(1.0, fallen + weaker))
    after = CURVES[curve](worse, NUMBERS)
    assert all(0 <= a <= b + 1e-12 <= 1 + 2e-12 for a, b in zip(before, after, strict=True))
