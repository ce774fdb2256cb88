"""Firebrands against every published value at hand: torching trees of Albini, ignition of Schroeder."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.hazards.wildfire.behaviour import firebrands
from simrescue.hazards.wildfire.behaviour.firebrands import farthest_m, ignition_chance, lofted_m, torching
from tests.published.test_crown_fire import PRINTED, column, rows

KINDS = {
    "engelmann_spruce": firebrands.SPRUCE,
    "douglas_fir": firebrands.FIR,
    "ponderosa_pine": firebrands.PINE,
    "lodgepole_pine": firebrands.PINE,
}


@pytest.mark.parametrize("species", KINDS)
def test_torching_trees_throw_brands_as_far_as_published(species: str) -> None:
    table = rows("torching_reference.csv", species=species)
    flame, lasts = torching(KINDS[species], column(table, "dbh_cm") / 100, column(table, "trees"))
    high = lofted_m(flame, lasts, column(table, "tree_height_m"))
    far = farthest_m(high, column(table, "downwind_cover_height_m"), column(table, "wind_20ft_m_s"))
    assert len(table) == 36
    assert flame == pytest.approx(column(table, "flame_height_m"), rel=PRINTED)
    assert lasts == pytest.approx(column(table, "flame_duration"), rel=2 * PRINTED)
    assert high == pytest.approx(column(table, "firebrand_height_m"), rel=PRINTED)
    assert far == pytest.approx(column(table, "max_spot_distance_flat_m"), rel=PRINTED)


def test_the_printed_example_of_spruce() -> None:
    """15 Engelmann spruce of 20 inches and 30 ft, 5 mile/h, closed cover of 30 ft: 0.181449 mile."""
    flame, lasts = torching(firebrands.SPRUCE, 20 * 0.0254, 15)
    far = farthest_m(lofted_m(flame, lasts, 30 * 0.3048), 30 * 0.3048, 5 * 0.44704)
    assert far == pytest.approx(0.181449 * 1609.344, rel=1e-5)


def test_brands_light_fine_fuel_with_the_published_chance() -> None:
    table = rows("ignition_reference.csv")
    found = ignition_chance(
        column(table, "air_temperature_C"), column(table, "shade_pct") / 100, column(table, "moisture_1h_pct") / 100
    )
    assert len(table) == 135
    assert found == pytest.approx(column(table, "probability"), abs=1e-6)
    assert ignition_chance(26.6667, 0.5, 0.06) == pytest.approx(0.548317, abs=1e-5), "6 %, 80 F, half shaded"


def test_more_wind_carries_brands_farther_and_water_in_the_fuel_lets_fewer_light() -> None:
    assert (np.diff(farthest_m(100.0, 15.0, np.linspace(0, 20, 9))) > 0).all()
    assert (np.diff(ignition_chance(25.0, 0.5, np.linspace(0.01, 0.4, 40))) <= 0).all()
    assert (farthest_m(np.linspace(0.5, 30, 60), 30.0, 10.0) >= 0).all(), "from below the tops of the trees too"
