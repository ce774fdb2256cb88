from __future__ import annotations

from functools import partial

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.flood import depth_effects
from simrescue.parameters import Parameters
from simrescue.responders import VEHICLES

DEFAULT = Parameters()
hazard_class = partial(depth_effects.hazard_class, wet_m=DEFAULT.depth_wet_m)


def flooded_speed_kmh(vehicle: str, depth_m: float, free_kmh: float) -> float:
    return depth_effects.flooded_speed_kmh(vehicle, depth_m, free_kmh, DEFAULT.depth_limit_m(vehicle))


FB03 = [(1, 0.3, 0.3, 2.0), (2, 0.5, 0.6, 2.0), (3, 1.2, 0.6, 2.0), (4, 2.0, 1.0, 2.0), (5, 4.0, 4.0, 4.0)]
"""Class and its upper limits of depth m, depth x velocity m2/s, velocity m/s, as published."""


class TestHazardClass:
    @pytest.mark.parametrize(("number", "depth", "flow", "velocity"), FB03)
    def test_still_water_at_the_limit_and_above(self, number: int, depth: float, flow: float, velocity: float) -> None:
        assert hazard_class(depth) == number
        assert hazard_class(depth + 1e-6) == number + 1

    @pytest.mark.parametrize(("number", "depth", "flow", "velocity"), FB03)
    def test_flow_limit(self, number: int, depth: float, flow: float, velocity: float) -> None:
        at = depth * 0.9
        if flow / at > velocity:
            pytest.skip("the velocity limit comes first")
        assert hazard_class(at, flow / at * 0.9999) <= number
        assert hazard_class(at, flow / at * 1.0001) > number

    @pytest.mark.parametrize(("number", "depth", "flow", "velocity"), FB03)
    def test_velocity_limit(self, number: int, depth: float, flow: float, velocity: float) -> None:
        shallow = 0.06
        assert hazard_class(shallow, velocity + 0.01) > number
        assert hazard_class(shallow, velocity) <= max(number, 1)

    def test_dry_ground_has_no_class_however_fast(self) -> None:
        assert hazard_class([0.0, DEFAULT.depth_wet_m, 0.06], 9.0).tolist() == [0, 0, 6]

    def test_arrays_broadcast(self) -> None:
        found = hazard_class(np.array([[0.0], [0.4], [5.0]]), np.array([0.0, 1.4]))
        assert found.tolist() == [[0, 0], [2, 2], [6, 6]]

    @given(st.floats(0, 9), st.floats(0, 9), st.floats(0, 6), st.floats(0, 6))
    def test_more_water_is_never_safer(self, depth: float, more: float, velocity: float, faster: float) -> None:
        assert hazard_class(depth + more, velocity + faster) >= hazard_class(depth, velocity)


class TestSpeed:
    @pytest.mark.parametrize(
        ("depth", "kmh"), [(0.0, 86.9448), (0.1, 40.6548), (0.15, 24.2598), (0.2, 12.3648), (0.3, 2.0748)]
    )
    def test_published_curve(self, depth: float, kmh: float) -> None:
        assert flooded_speed_kmh("truck", depth, 500) == pytest.approx(kmh)

    @pytest.mark.parametrize(("depth", "kmh"), [(0.0, 86.94), (0.3, 21.735), (0.6, 0.0)])
    def test_high_clearance_curve(self, depth: float, kmh: float) -> None:
        assert flooded_speed_kmh("high_clearance", depth, 500) == pytest.approx(kmh, abs=1e-9)

    def test_never_faster_than_the_free_road(self) -> None:
        assert flooded_speed_kmh("car", 0.05, 30) == 30
        assert flooded_speed_kmh("car", 0.2, 30) == pytest.approx(12.3648)

    def test_walkers_lose_what_was_measured(self) -> None:
        assert flooded_speed_kmh("foot", 0.35, 4) == pytest.approx(4 * (1 - 0.417))
        assert flooded_speed_kmh("foot", 0.6, 4) == pytest.approx(4 * (1 - 0.417))
        assert flooded_speed_kmh("foot", 0.0, 4) == 4

    @pytest.mark.parametrize("vehicle", VEHICLES)
    def test_stops_beyond_the_limit(self, vehicle: str) -> None:
        assert flooded_speed_kmh(vehicle, DEFAULT.depth_limit_m(vehicle) + 0.001, 50) == 0
        assert flooded_speed_kmh(vehicle, DEFAULT.depth_limit_m(vehicle) - 0.001, 50) > 0

    @given(st.sampled_from(VEHICLES), st.floats(0, 2), st.floats(0, 1), st.floats(1, 120))
    def test_deeper_is_never_faster(self, vehicle: str, depth: float, more: float, free: float) -> None:
        assert flooded_speed_kmh(vehicle, depth + more, free) <= flooded_speed_kmh(vehicle, depth, free) + 1e-9


def test_the_class_of_one_place_is_that_of_many() -> None:
    depths, speeds = np.meshgrid([0.0, 0.05, 0.06, 0.3, 0.31, 0.5, 1.2, 2.0, 4.0, 9.0], [0.0, 0.5, 1.0, 2.0, 2.1, 5.0])
    pairs = zip(depths.ravel().tolist(), speeds.ravel().tolist(), strict=True)
    assert [depth_effects.hazard_class_at(*one, 0.05) for one in pairs] == hazard_class(depths, speeds).ravel().tolist()
