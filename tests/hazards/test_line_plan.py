"""Line that is built for the weather to come: as wide as its flames ask, and less often crossed when it comes."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simrescue import load
from simrescue.hazards.base import BURNING
from simrescue.hazards.wildfire.behaviour.rothermel import Spread, flame_length_m
from simrescue.hazards.wildfire.fire_course import PLAN_EVERY_H, FireField
from simrescue.hazards.wildfire.suppression.line.line_breach import LineWidth
from tests.hazards.test_fireline import DEFAULT, STEP_H, Air, Story, even, ground

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
NIGHT_KW_M, NOON_KW_M = 300.0, 3000.0


class Planning(Story):
    """A fire at night whose leaders know how it will run at noon."""

    def __init__(self, noon: Spread | None) -> None:
        super().__init__(even(ground().n_cells, intensity=NIGHT_KW_M))
        self.line.planned = (lambda _: [noon]) if noon else None

    def closed(self) -> Planning:
        """Fight until no edge is open."""
        self.run(2)
        while self.state == BURNING:
            self.fight(6, STEP_H)
        return self

    @property
    def widths_m(self) -> np.ndarray:
        """Of the cells of line."""
        return self.line.width.width_m[self.line.width.width_m > 0]


def noon(towards: float = 0.7) -> Spread:
    return even(ground().n_cells, towards=towards, intensity=NOON_KW_M)


def test_line_is_as_wide_as_the_flames_of_the_plan_ask_and_takes_longer() -> None:
    hour, planned = Planning(None).closed(), Planning(noon()).closed()
    most_m = DEFAULT.line_width_flames * float(flame_length_m(np.array(NOON_KW_M)))
    assert hour.widths_m.max() < 2 < planned.widths_m.max() <= most_m + 1e-9
    assert planned.widths_m.max() > 0.9 * most_m
    assert planned.now > hour.now


def test_a_rear_stays_narrow_until_the_plan_turns_the_wind() -> None:
    """Built at the rear: for a noon with the wind of the night, and for one with the wind from the other side."""
    rears_m = []
    for towards in (0.7, 0.7 + math.pi):
        story = Planning(noon(towards))
        story.run(2)
        edge = story.line.scene.edge
        place = int(np.argmin(edge.x_m + edge.y_m))
        rears_m.append(float(story.line.scene.to_hold_m(1)[place]))
    assert rears_m[0] < 0.6 * rears_m[1]


def test_nobody_plans_for_less_than_the_fire_as_it_is() -> None:
    story = Planning(even(ground().n_cells, intensity=1.0))
    story.run(2)
    scene = story.line.scene
    assert (scene.to_hold_m(1) == scene.edge.flame_m).all()


def test_wider_line_lets_through_less_and_hand_line_all() -> None:
    width = LineWidth(ground(), np.ones(ground().n_cells), DEFAULT)
    cells, heat_kw_m = np.arange(4), np.full(4, NOON_KW_M)
    width.width_m[cells] = [0.5, DEFAULT.hand_line_width_m, 5.0, 20.0]
    share = width.let_through(cells, heat_kw_m)
    assert share[0] == share[1] == 1.0
    assert share[1] > share[2] > share[3] > 0


def test_what_holds_at_night_is_crossed_at_noon_unless_it_was_built_for_it() -> None:
    """Expected break-outs of a metre of line in an hour of night, then of noon, by how the line was built."""
    borne = {}
    for name, plan in (("hour", None), ("noon", noon())):
        story = Planning(plan).closed()
        night = Air(2.0, 10.0, 0.8, Air().moisture._replace(dead_1h=0.15))
        day = Air(8.0, 35.0, 0.2, Air().moisture._replace(dead_1h=0.04))
        for hour, air in (("night", night), ("day", day)):
            if hour == "day":
                story.front.turn(noon())
            before = story.line.mop.borne.sum()
            story.line.mop.done[:] = False
            story.line._rekindle(1.0, air)
            edge = story.line.scene.edge
            borne[name, hour] = (story.line.mop.borne.sum() - before) / edge.share_m[edge.line].sum()
    assert borne["hour", "day"] > 10 * borne["hour", "night"] > 0
    assert borne["noon", "day"] < 0.9 * borne["hour", "day"]


@pytest.mark.parametrize(("plan_h", "count"), [(24.0, 8), (7.0, 2), (0.0, 0)])
def test_leaders_look_at_each_third_hour_of_the_plan(plan_h: float, count: int) -> None:
    field = FireField(load(TINY, sets={"parameters.line_plan_h": f"{plan_h} h"}))
    planned = field.planned(1.5)
    assert len(planned) == count
    if count:
        expected = field.forecast.field(PLAN_EVERY_H)[0]
        assert (planned[0].head_m_min == expected.head_m_min).all()
