"""The light on the hills: right on planes, the same after packing, and small."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.hazards.wildfire.landscape.shaded_relief import MOST_CELLS, STEPS, hillshade, packed, unpacked
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from tests.fire_factories import ground

FUEL = np.full((12, 15), 8)


def plane(east: float, north: float) -> Landscape:
    """Ground that rises by so many metres a metre to the east and to the north."""
    flat = ground(FUEL)
    rows, columns = np.mgrid[:12, :15]
    return ground(FUEL, east * columns * flat.cell_x_m - north * rows * flat.cell_y_m)


def test_level_ground_has_the_sine_of_the_suns_height() -> None:
    assert hillshade(plane(0, 0)) == pytest.approx(math.sin(math.radians(45)))


@pytest.mark.parametrize(("east", "north"), [(0.3, 0.0), (-0.3, 0.0), (0.0, 0.3), (0.4, -0.4), (-2.0, 2.0)])
def test_a_plane_has_the_cosine_of_its_angle_to_the_sun(east: float, north: float) -> None:
    """By vectors: the normal of the plane against the way to a sun in the north-west, 45 degrees up."""
    normal = np.array([-east, -north, 1.0]) / math.sqrt(east**2 + north**2 + 1)
    sun = np.array([-0.5, 0.5, math.sqrt(0.5)])
    assert hillshade(plane(east, north)) == pytest.approx(max(0.0, float(normal @ sun)), abs=1e-9)


def test_what_is_packed_comes_out_again_to_half_a_step() -> None:
    land = plane(0.3, 0.2)
    light = unpacked(packed(land))
    assert light.shape == FUEL.shape
    assert np.abs(light / STEPS - hillshade(land)).max() <= 0.5 / STEPS + 1e-12


def test_of_large_ground_every_few_cells_are_kept() -> None:
    side = int(math.sqrt(MOST_CELLS)) + 1
    relief = packed(ground(np.full((side, side), 8)))
    assert relief["every"] == 2
    assert unpacked(relief).size <= MOST_CELLS
    assert len(relief["light"]) < 10_000
