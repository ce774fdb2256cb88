from __future__ import annotations

import numpy as np
import pytest

from simrescue.hazards.wildfire.behaviour.fuels import NO_FUEL, beds, by_number, is_known, models


def test_thirteen_and_forty_models_burn_and_seven_do_not():
    burning = [number for number, model in models().items() if model.burns]
    assert burning[:13] == list(range(1, 14))
    assert len(burning) == 13 + 40
    assert [number for number, model in models().items() if not model.burns] == [91, 92, 93, 94, 95, 98, 99]


def test_a_model_has_its_published_figures():
    chaparral = by_number(4)
    assert chaparral.code == "FM4"
    assert chaparral.depth_m == pytest.approx(6 * 0.3048)
    assert chaparral.load_1h_kg_m2 == pytest.approx(0.230 * 4.882428, rel=1e-6)
    assert chaparral.heat_kj_kg == pytest.approx(18622, abs=1)
    assert not chaparral.dynamic
    grass = by_number(102)
    assert grass.load_herb_kg_m2 == pytest.approx(1.0 * 0.2241702, rel=1e-6), "1 ton an acre"
    assert grass.dynamic


def test_an_unknown_number_is_a_fault_of_the_program():
    with pytest.raises(KeyError):
        by_number(14)


def test_arrays_hold_each_model_in_the_row_of_its_number():
    fuels = beds()
    for number, model in models().items():
        row = fuels.row_of[number]
        assert fuels.depth_m[row] == model.depth_m
        assert fuels.load_kg_m2[row].sum() == pytest.approx(sum(model[6:11]))
        assert fuels.burns[row] == model.burns
    assert not fuels.burns[fuels.row_of[NO_FUEL]]


def test_numbers_outside_the_table_are_unknown():
    assert is_known(np.array([0, 1, 13, 14, 99, 204, 205, 256, 257, -1, 1.5])).tolist() == [
        True, True, True, False, True, True, False, False, False, False, False
    ]  # fmt: skip
