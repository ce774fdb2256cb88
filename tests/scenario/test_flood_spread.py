"""The spread of the flood as it comes out at the villages."""

from __future__ import annotations

import numpy as np
import pytest

from simrescue.hazards.flood.settings import Flood, Uncertainty
from simrescue.scenario.preflight.hazards.flood_spread import drawn_spread, sentences, spread_of
from tests.factories import flooded_row, settings


def test_villages_that_most_courses_reach() -> None:
    first = np.array([[1.0, 5.0, np.inf], [3.0, 5.0, np.inf], [2.0, np.inf, 9.0]])
    crest = np.array([[1.0, 2.0, 0.0], [1.0, 4.0, 0.0], [1.0, 0.0, 1.0]])
    found = spread_of(first, crest)
    assert found is not None
    assert found.villages == 2
    assert found.first_water == pytest.approx((0.5, 1.0, 0))
    assert found.crest == pytest.approx((np.sqrt(2) / 2, np.sqrt(2), 1))


def test_nothing_to_tell() -> None:
    assert spread_of(np.full((3, 2), np.inf), np.zeros((3, 2))) is None
    assert spread_of(np.zeros((0, 2)), np.zeros((0, 2))) is None
    assert spread_of(np.ones((1, 2)), np.ones((1, 2))) is None


def test_courses_of_the_hazard_alone_have_the_stated_spread() -> None:
    stated = Uncertainty(arrival_h=2.0, level_m=0.3, duration=0.1)
    found = drawn_spread(flooded_row(settings=settings(72.0, hazard=Flood(uncertainty=stated))))
    assert found is not None
    assert found.first_water.median == pytest.approx(2.0, rel=0.2)
    assert found.crest.worst == pytest.approx(0.3, rel=0.2)
    english, chinese = sentences(found, stated.model_dump(), [("A", "甲")] * 3)
    assert "at A (stated: arrival 2 h" in english
    assert "（甲）" in chinese
