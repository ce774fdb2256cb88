"""Crews on foot with no post, on their way or waiting: where they are, what leaders see, what befalls them."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.hazards.base import AWAY, ON_FOOT, ZONE, OnFoot
from simrescue.hazards.wildfire.suppression.on_foot import Walk
from tests.hazards.test_crew_danger import BRUSH, BURN_OUT_H, CELL_M, HOT_KW_M, SIZE, STEP_H, Story, cell, even

WAITS_H = 5.0
RUN = even(SIZE * SIZE, 60.0, HOT_KW_M, 3.0)
"""A head to the east at 60 m/min, that nobody outruns."""


def on_foot(story: Story, start: int, end: int, hours: float) -> None:
    """Crew 0 sets out now from one cell to another."""
    lon, lat = story.land.centre([start, end])
    ends = [(float(x), float(y)) for x, y in zip(lon, lat, strict=True)]
    story.line.set_out(0, OnFoot(0, 1.5, ends[0], ends[1], story.now, hours))


def test_a_crew_on_foot_is_where_it_is_at_each_moment() -> None:
    walk = Walk(0, 1.5, (0.0, 100.0), (300.0, 100.0), 2.0, 1.0)
    x_m, y_m = walk.at_m(np.array([1.0, 2.0, 2.5, 3.0, 9.0]))
    assert x_m.tolist() == pytest.approx([0, 0, 150, 300, 300])
    assert set(y_m.tolist()) == {100.0}


def test_a_wind_shift_is_danger_to_who_walks_in_before_the_new_head_and_not_to_who_comes_from_behind() -> None:
    hours = {}
    for east in (12, -12):
        story = Story(BRUSH)
        story.run(3)
        on_foot(story, cell(0, east), cell(0, east // 2), WAITS_H)
        story.turns(even(SIZE * SIZE, 10.0, HOT_KW_M, 3.0))
        hours[east] = story.line.danger(0).hours
    assert hours[12] < 1.0
    assert hours[-12] == math.inf


def test_a_front_that_outruns_who_is_on_foot_burns_it_over() -> None:
    story = Story(BRUSH)
    story.run(3)
    on_foot(story, cell(0, 12), cell(0, 12), WAITS_H)
    story.front.turn(RUN)
    lost = [story.step().overrun for _ in range(6)]
    assert (0,) in lost
    assert 0 not in story.line.walks


def test_burned_out_ground_beside_who_is_on_foot_leaves_it_entrapped() -> None:
    story = Story(BRUSH)
    story.run(3)
    at = cell(0, story.edge())
    on_foot(story, at, at, WAITS_H)
    story.front.arrival_h[story.front.fire_of >= 0] = story.now
    story.front.arrival_h[cell(0, story.edge() - 1)] = story.now - 2 * BURN_OUT_H
    story.front.turn(RUN)
    done = story.step()
    assert done.entrapped == ((0, ON_FOOT),)
    assert not done.overrun


def test_nobody_walks_into_flames_that_stand_there() -> None:
    """From the west across the fire to its east: it goes round, and nothing comes to where it is."""
    story = Story(BRUSH)
    story.run(3)
    story.front.turn(even(SIZE * SIZE, 0.01, HOT_KW_M))
    on_foot(story, cell(0, -15), cell(0, 15), 2.0)
    done = [story.step() for _ in range(round(2 / STEP_H))]
    assert not any(step.overrun or step.entrapped for step in done)


def test_off_the_landscape_there_is_no_danger() -> None:
    story = Story(BRUSH)
    story.run(3)
    lon, lat = story.land.centre([cell(0, MIDDLE_EAST)])
    beyond = float(lon[0]) + 5 * story.land.dlon, float(lat[0])
    story.line.set_out(0, OnFoot(0, 1.5, beyond, beyond, story.now, WAITS_H))
    story.front.turn(RUN)
    assert not any(step.overrun for step in [story.step() for _ in range(24)])
    assert story.line.danger(0).hours == math.inf
    assert story.line.way_out_h(0) == 0.0


MIDDLE_EAST = SIZE // 2


def test_its_way_out_begins_where_it_is_and_it_asks_for_a_post_at_its_end() -> None:
    story = Story(BRUSH)
    story.run(3)
    on_foot(story, cell(0, 12), cell(0, 12), WAITS_H)
    story.step()
    flight = story.line.flee(0, 1.0)
    assert flight.end is not None
    x_m, y_m = story.line.scene.point_m(*flight.end)
    here = story.line.scene.xy_m(cell(0, 12))
    assert math.dist((x_m, y_m), here) > CELL_M
    assert x_m > here[0]  # away from the fire
    assert set(story.line.ways_out) == {0}
    assert not story.line.walks


def test_a_way_out_says_what_it_leads_to() -> None:
    deep, none = Story(BRUSH), Story(BRUSH)
    for story in (deep, none):
        story.run(3)
        story.crew(0, story.edge())
    deep.front.arrival_h[deep.front.fire_of >= 0] = deep.now - 2 * BURN_OUT_H
    none.front.arrival_h[none.front.fire_of >= 0] = none.now
    to_black, away = deep.line.flee(0, 1.0), none.line.flee(0, 1.0)
    assert (to_black.refuge, away.refuge) == (ZONE, AWAY)
    assert deep.front.fire_of[to_black.cell] >= 0
    assert none.front.fire_of[away.cell] < 0
