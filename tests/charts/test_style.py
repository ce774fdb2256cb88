"""What every chart shares: labels that fit their axis."""

from __future__ import annotations

from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from matplotlib import ft2font

from simrescue.charts.shared.style import drawable, figure, look, written
from simrescue.report.fonts import face

LONG = "Stock of the county depot and the supply centre, times the assumed stock, in a county with a long name"
LONG_ZH = "县级储备库与保供中心储备相对于设定储备的倍数，以及同一张图上放不下的其余说明文字，一直写到坐标轴之外"


@pytest.mark.parametrize("label", [LONG, LONG_ZH])
@pytest.mark.parametrize("panels", [1, 3])
def test_no_label_is_longer_than_its_axis(label: str, panels: int) -> None:
    with look():
        drawn = figure(12.0, 4.0)
        every: Any = drawn.subplots(1, panels, squeeze=False)
        for axes in every[0]:
            axes.set(xlabel=label, ylabel=label)
        written(drawn, "png")
        drawn.draw_without_rendering()
        for axes in every[0]:
            assert axes.yaxis.label.get_window_extent().height <= axes.get_window_extent().height * 1.02
            assert axes.xaxis.label.get_window_extent().width <= axes.get_window_extent().width * 1.02
            assert axes.yaxis.label.get_text().replace("\n", "").replace(" ", "") == label.replace(" ", "")


def test_a_short_label_stays_on_one_line() -> None:
    with look():
        drawn = figure(6.0, 4.0)
        axes: Any = drawn.subplots()
        axes.set(xlabel="Hours", ylabel="Share of persons")
        written(drawn, "svg")
        assert axes.yaxis.label.get_text() == "Share of persons"


def test_the_last_bit_of_a_layout_changes_nothing_in_a_file() -> None:
    """Layouts are solved in an order that memory decides: parts are not to be named by where they stand exactly."""

    def drawn(left: float) -> bytes:
        with look():
            made = figure(4, 3, arranged=False)
            made.add_axes((left, 0.1, 0.8, 0.8)).plot([0, 1], [0, 1])
            return written(made, "svg")

    assert drawn(0.1) == drawn(float(np.nextafter(0.1, 1)))
    assert b"url(#part" in drawn(0.1)


NATIONAL_TABLE = Path(__file__).with_name("national_table.txt").read_text(encoding="utf-8").split()
"""The 8,105 characters of the table of 2013 in its order, from the field kTGH of Unihan."""


def test_every_character_of_the_national_table_is_drawn() -> None:
    letters = "".join(NATIONAL_TABLE)
    assert len(letters) == len(set(letters)) == 8105
    with as_file(files("simrescue").joinpath("data/fonts/NotoSansSC-Everyday-Regular.otf")) as path:
        known = set(ft2font.FT2Font(str(path)).get_charmap())
    assert not [letter for letter in letters if ord(letter) not in known]
    assert drawable("长塆垟㙍", "Changwan") == "长塆垟㙍", "names of places of level 3"


def test_a_page_carries_only_the_letters_that_it_uses() -> None:
    assert len(face("长塆")) < 20_000
