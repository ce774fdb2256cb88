"""The wider the line around a fire that is held, the less burns on the average when the weather turns for the worse.

A fire in litter is closed at night and not mopped up; then comes a windy noon. The same draws for each width.
"""

from __future__ import annotations

from copy import deepcopy
from statistics import mean

from simrescue.hazards.base import BURNING, Effort
from simrescue.hazards.wildfire.suppression.mop_up import rekindle_thresholds
from tests.hazards.test_fireline import STEP_H, Air, Story, even, ground

WIDTHS_M = (1.5, 4.0, 8.0, 16.0)
COURSES = 12
HOURS = 6.0
WINDY_NOON = Air(10.0, 38.0, 0.12, Air().moisture._replace(dead_1h=0.03))


def closed() -> Story:
    """A fire that crews have closed at night."""
    story = Story(even(ground().n_cells, intensity=300.0))
    story.run(2)
    while story.state == BURNING:
        story.fight(6, STEP_H)
    return story


def burned(night: Story, width_m: float, course: int) -> int:
    """Cells burned some hours into the noon after a night, where all line is so wide."""
    story = deepcopy(night)
    width = story.line.width.width_m
    width[width > 0] = width_m
    # So small a fire has some 1 km of line: ten times as many embers, so that some courses break out.
    story.line.mop.thresholds = rekindle_thresholds(story.land.shape, 7, course) / 10
    story.front.turn(even(story.land.n_cells, intensity=2000.0))
    for _ in range(round(HOURS / STEP_H)):
        story.now += STEP_H
        story.front.advance(story.now)
        story.line.work(story.now, Effort(), WINDY_NOON)
    return story.burnt


def test_a_wider_line_never_burns_more_on_the_average() -> None:
    night = closed()
    areas = [mean(burned(night, width_m, course) for course in range(COURSES)) for width_m in WIDTHS_M]
    assert areas == sorted(areas, reverse=True)
    assert areas[0] > 1.2 * areas[-1]
