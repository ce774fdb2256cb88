"""The cells of a place: those of the landscape near its built-up land, and no others are even looked at."""

from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simrescue.hazards.wildfire.spread.reached_sites import site_cells
from simrescue.places import Village
from tests.fire_factories import ground, spot

LAND = ground(np.full((14, 11), 8))


@given(st.floats(-8, 20), st.floats(-8, 22), st.sampled_from([0.0, 0.05, 0.3, 1.0, 5.0]))
def test_a_place_has_the_cells_that_a_look_at_every_cell_finds(column: float, row: float, radius_km: float) -> None:
    village = Village(id="v", **spot(column, row), population=10, radius_km=radius_km)
    own = (np.floor((village.lon - LAND.west) / LAND.dlon), np.floor((LAND.north - village.lat) / LAND.dlat))
    rows, columns = np.mgrid[: LAND.shape[0], : LAND.shape[1]]
    east_m = np.maximum(abs(columns - own[0]) - 1, 0) * LAND.cell_x_m
    north_m = np.maximum(abs(rows - own[1]) - 1, 0) * LAND.cell_y_m
    expected = np.flatnonzero(np.hypot(east_m, north_m) <= radius_km * 1000)
    assert sorted(site_cells(LAND, [village], []).cells) == expected.tolist()


def test_memory_follows_the_landscape_and_not_the_radius() -> None:
    huge = Village(id="v", **spot(5, 5), population=10).model_copy(update={"radius_km": 500.0})
    tracemalloc.start()
    site_cells(LAND, [huge], [])
    assert tracemalloc.get_traced_memory()[1] < 1_000_000
    tracemalloc.stop()


def test_built_up_land_larger_than_a_town_is_refused() -> None:
    with pytest.raises(ValueError, match="less than or equal to 5"):
        Village(id="v", **spot(5, 5), population=10, radius_km=500.0)
