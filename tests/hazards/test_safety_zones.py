"""Safety zones: safe separation against its published table, and which ground is large enough."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.behaviour.rothermel import Crowns, Spread
from simrescue.hazards.wildfire.landscape.terrain import DEGREE_M, Landscape
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.suppression.line.line_rates import area_rates
from simrescue.hazards.wildfire.suppression.line.line_scene import Scene
from simrescue.hazards.wildfire.suppression.safety_zones import (
    SafetyZones,
    safe_separation_m,
    separation_over,
    within_reach,
)
from simrescue.parameters import Parameters

TABLE = Path(__file__).parent.parent / "published" / "safe_separation_reference.csv"
WIND_MS = {"light": 2.0, "moderate": 6.0, "high": 12.0}
FLAME_M = {"low": 0.5, "moderate": 2.0, "extreme": 6.0}
SLOPE = {"flat": 0.1, "moderate": 0.3, "steep": 0.6}
CELL_M, SIZE = 30.0, 41
MIDDLE = SIZE // 2
BRUSH_M = 1.829
"""Depth of fuel model 4, 6 ft."""


def published() -> list[dict[str, str]]:
    with TABLE.open() as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("row", published(), ids=lambda row: "-".join(list(row.values())[:3]))
def test_safe_separation_is_that_of_the_published_table(row: dict[str, str]) -> None:
    classes = WIND_MS[row["wind"]], FLAME_M[row["burning_condition"]], SLOPE[row["slope"]]
    separation_m = float(safe_separation_m(float(row["vegetation_height_m"]), classes[1], classes[0], classes[2]))
    assert separation_m == pytest.approx(float(row["safe_separation_distance_m"]))
    assert math.pi * separation_m**2 / 10_000 == pytest.approx(float(row["safety_zone_ha"]), abs=1e-4)


def test_the_printed_example_of_15_miles_an_hour_and_24_per_cent() -> None:
    """8 x 3 x 6 ft = 144 ft (Butler, as told)."""
    assert float(safe_separation_m(6 * 0.3048, 1.0, 15 * 0.44704, 0.24)) == pytest.approx(144 * 0.3048)


def test_litter_burns_higher_than_it_lies() -> None:
    assert float(safe_separation_m(0.06, 2.0, 0.0, 0.0)) == 8.0


@given(
    reach=st.lists(st.sampled_from([-math.inf, 0.0, 20.0, 31.0, 45.0, 100.0]), min_size=49, max_size=49),
    cell_y_m=st.sampled_from([20.0, 30.0]),
)
def test_discs_of_many_radii_are_those_looked_at_one_by_one(reach: list[float], cell_y_m: float) -> None:
    reach_m = np.array(reach).reshape(7, 7)
    row, column = np.mgrid[:7, :7]
    expected = np.zeros((7, 7), dtype=bool)
    for r, c in np.argwhere(reach_m > 0):
        expected |= np.hypot((row - r) * cell_y_m, (column - c) * 30.0) < reach_m[r, c]
    assert (within_reach(reach_m, 30.0, cell_y_m) == expected).all()


def ground(fuel: int, clearing: int, trees_m: float = 0.0) -> Landscape:
    """A level square of one fuel with a round clearing of so many cells' radius in the middle."""
    still, degrees = np.zeros((SIZE, SIZE)), CELL_M / DEGREE_M
    fuels = np.full((SIZE, SIZE), fuel, np.int16)
    row, column = np.mgrid[:SIZE, :SIZE] - MIDDLE
    fuels[np.hypot(row, column) <= clearing] = 99
    return Landscape(0.0, degrees * SIZE / 2, degrees, degrees, fuels, still, still, still + trees_m)


def even(n: int, heat_kw_m: float, crowned: float = 0.0) -> Spread:
    one = np.ones(n)
    crowns = Crowns(one * crowned, one, one * 0.5, one * 1000) if crowned else None
    return Spread(one * 10, one * 0, one * 0.5, one * heat_kw_m, crowns)


def is_zone(fuel: int, clearing: int, *, wind_ms: float = 6.0, trees_m: float = 0.0, crowned: float = 0.0) -> bool:
    land, parameters = ground(fuel, clearing, trees_m), Parameters()
    front = Front(SIZE, SIZE, CELL_M, CELL_M, land.burns)
    front.turn(even(land.n_cells, 20_000.0 if crowned else 300.0, crowned))
    scene = Scene(front, land, area_rates(land, parameters), 0.0, parameters)
    zones = SafetyZones(land, 0.5, parameters.crew_radius_m, 1.15)
    return bool(zones.among(scene, np.array([MIDDLE * SIZE + MIDDLE]), wind_ms)[0])


def test_a_small_clearing_is_a_zone_in_grass_and_none_in_brush_or_under_trees_that_crown() -> None:
    """Grass of 0.3 m, factor 1.5, flames of 1.07 m: 4.3 m + 3 m, less than the 15 m to its edge.

    Brush of 1.8 m: 21.9 m + 3 m, more than a half cell, less than one and a half. Trees of 15 m with flames of 15 m:
    factor 2.5, 300 m + 3 m from the side of the fuel, 318 m from its middle: between ten and eleven cells.
    """
    assert is_zone(1, 0)
    assert not is_zone(4, 0)
    assert is_zone(4, 1)
    assert not is_zone(10, 9, trees_m=15.0, crowned=1.0)
    assert is_zone(10, 11, trees_m=15.0, crowned=1.0)
    assert is_zone(10, 1, trees_m=15.0)


def test_more_wind_asks_for_more_ground() -> None:
    """Factors 1, 1.5 and 3 with 1.8 m of brush."""
    land = ground(4, 0)
    far_m = [separation_over(land, even(land.n_cells, 300.0), wind, 1.15)[0] for wind in (2.0, 6.0, 12.0)]
    assert far_m == pytest.approx([8 * BRUSH_M, 12 * BRUSH_M, 24 * BRUSH_M], rel=1e-3)


def test_nothing_that_burned_out_asks_for_room_and_a_bare_landscape_is_all_zone() -> None:
    assert separation_over(ground(99, 0), even(SIZE * SIZE, 300.0), 6.0, 1.15).max() == 0.0
    assert is_zone(99, 0)
