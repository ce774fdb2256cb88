"""Bolder leaders hold more ground and lose more people: a crew before a wind that turns earlier or later than forecast.

A round fire in brush that hands master creeps at 30 m/h; with the turn, forecast for hour 4, it runs east at 10 m/min
with flames of 4 m. The same 20 hours of the turn for each rule, drawn once, with the spread that is the default.
"""

from __future__ import annotations

from functools import cache, partial
from statistics import mean
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import Effort, Tools, Work
from simrescue.hazards.wildfire.suppression.crew_danger import Foreseen, margin_h
from tests.hazards.test_crew_danger import BRUSH, DEFAULT, HOT, STEP_H, STRONG_MS, Story, over

FORECAST_H, END_H = 4.0, 6.5
RULES = ("cautious", "standard", "bold")
HANDS = 20
COURSES = 20
CREW = 0


class Outcome(NamedTuple):
    """Of one course."""

    burned: float
    """Cells."""
    caught: bool
    """Entrapped or burned over."""
    work_h: float
    """Hours on the line."""


def course(leaders: str, turn_h: float) -> Outcome:
    """Fight until the crew has to leave, and see how far the fire has gone in the end."""
    story = Story(BRUSH, leaders=leaders)

    in_hand_h, work_h, caught, turned = margin_h(story.line.rules, DEFAULT), 0.0, False, False

    def forecast(hour: float, within_h: float) -> list[Foreseen]:
        in_h = max(FORECAST_H - hour, 0.0)
        return [] if turned or in_h >= within_h else [Foreseen(in_h, STRONG_MS, partial(over, HOT))]

    story.line.forecast = forecast
    story.run(2.0)
    lon, lat = (float(value) for value in story.land.centre(story.line.scene.edge.outline.cells[0]))
    story.line.take_post(CREW, 0, lon, lat, Tools(1.5, True, False, hands=20.0))
    while story.now < END_H:
        if not turned and story.now >= turn_h:
            story.front.turn(HOT)
            turned = True
        at_work = CREW in story.line.crews
        effort = Effort((Work(CREW, HANDS * STEP_H, None, 0, HANDS),)) if at_work else Effort()
        story.now += STEP_H
        story.front.advance(story.now)
        worked = story.line.work(story.now, effort, story)
        work_h += STEP_H * at_work
        caught |= bool(worked.overrun or worked.entrapped)
        if CREW in story.line.crews and story.line.danger(CREW).hours < story.line.way_out_h(CREW) + in_hand_h:
            story.line.flee(CREW, 1.0)
    return Outcome(float((story.front.fire_of >= 0).sum()), caught, work_h)


@cache
def outcomes(leaders: str) -> tuple[Outcome, ...]:
    """Of all draws of the turn."""
    return tuple(course(leaders, FORECAST_H + late_h) for late_h in draws_h())


def draws_h() -> list[float]:
    """Hours by which the turn comes later than forecast, cut off at 1.5 h."""
    late_h = np.random.default_rng(12).normal(0.0, DEFAULT.fire_weather_shift_sd_h, COURSES)
    return [float(hours) for hours in np.clip(late_h, -1.5, 1.5)]


def test_bolder_leaders_burn_less_and_have_more_crews_caught() -> None:
    burned, caught, work_h = (
        [mean(getattr(course, name) for course in outcomes(leaders)) for leaders in RULES]
        for name in ("burned", "caught", "work_h")
    )
    assert burned == sorted(burned, reverse=True)
    assert caught == sorted(caught)
    assert work_h == sorted(work_h)
    assert burned[0] > burned[-1]
    assert caught[0] < 0.7 * caught[-1]


def test_cautious_leaders_are_gone_before_a_turn_that_comes_as_forecast() -> None:
    """Where the turn comes as forecast or later, cautious leaders are gone before it."""
    late_h = draws_h()
    caught_in_time = [one.caught for one, hours in zip(outcomes("cautious"), late_h, strict=True) if hours >= 0]
    assert not any(caught_in_time)
