"""Pumped water on the line: how far it goes, work by hand when it is used up, mopping up; what smoulders for days."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import pytest

from simrescue.hazards.base import BURNING, CONTROLLED, DIRECT, IDLE, OUT, WATER, Work
from simrescue.hazards.wildfire.suppression.line.hose import Hose
from tests.hazards.test_fireline import DEFAULT, STEP_H, Air, Story, even

KG_M = DEFAULT.water_kg_m


def metres(story: Story, water_t: float | None, hours: float = 1.0) -> dict[int, float]:
    """Metres of line that a crew of 20 with pumps builds, by method."""
    built: dict[int, float] = {}
    assert story.post(1, water=True) is not None
    for _ in range(round(hours / STEP_H)):
        for _, length_m, method in story.step(Work(1, 20 * STEP_H, water_t)).built:
            built[method] = built.get(method, 0.0) + length_m
    return built


def calm() -> Story:
    """Short flames: hands master them."""
    story = Story()
    story.run(1)
    return story


def test_a_tonne_puts_out_its_metres_of_edge() -> None:
    hose = Hose(1.0, DEFAULT)
    assert hose.edge_m() == pytest.approx(1000 / 15)
    hose.put_out(20)
    hose.mop_up(30)
    assert (hose.used_t, hose.left_t) == (pytest.approx(0.3 + 0.3), pytest.approx(0.4))
    hose.put_out(1000)
    assert hose.is_dry
    assert hose.used_t == pytest.approx(1.0)


def test_without_end_it_is_never_dry() -> None:
    hose = Hose(None, DEFAULT)
    hose.put_out(1e9)
    assert not hose.is_dry
    assert hose.edge_m() == math.inf


def test_what_is_used_is_what_the_line_took() -> None:
    story = calm()
    assert story.post(1, water=True) is not None
    for _ in range(6):
        done = story.step(Work(1, 20 * STEP_H, 0.02))
        wet_m = sum(length for _, length, method in done.built if method == WATER)
        assert done.poured == ((1, pytest.approx(wet_m * KG_M / 1000), 0.0),)
        assert done.poured[0][1] <= 0.02 + 1e-12


def test_the_rest_of_a_step_is_work_by_hand() -> None:
    """0.02 t in a step put out 4/3 m, 16 m in an hour; the other hands dig."""
    built = metres(calm(), 0.02)
    assert built[WATER] == pytest.approx(12 * 20 / KG_M, rel=1e-6)
    assert built[DIRECT] > 0


def test_more_water_never_builds_less_and_all_of_it_is_as_much_as_without_a_limit() -> None:
    totals = [sum(metres(calm(), water_t).values()) for water_t in (0.0, 0.01, 0.05, 10.0, None)]
    assert totals == sorted(totals)
    assert totals[-2] == pytest.approx(totals[-1])
    assert set(metres(calm(), 0.0)) == {DIRECT}


def test_before_flames_that_only_water_masters_a_crew_waits_for_more() -> None:
    """2 m flames: a crew masters 1.5 m by hand and 2.4 m with water."""
    story = Story(even(100 * 100, intensity=1170, ratio=1.01))
    story.run(0.5)
    assert story.post(1, water=True) is not None
    done = story.step(Work(1, 20 * STEP_H, 0.01))
    (crew, used_t, waited_h), *_ = done.poured
    assert (crew, used_t) == (1, pytest.approx(0.01))
    assert 0 < waited_h < STEP_H


def test_who_runs_dry_before_such_flames_loses_its_post_and_takes_no_other_at_the_edge() -> None:
    story = Story(even(100 * 100, intensity=1170, ratio=1.01))
    story.run(0.5)
    assert story.post(1, water=True) is not None
    assert story.line.crews[1].flame_limit_m == DEFAULT.pump_flame_limit_m
    story.step(Work(1, 20 * STEP_H, 0.0))
    crew = story.line.crews.get(1)
    assert crew is None or (crew.gap > 1 and crew.flame_limit_m == 1.5)


@pytest.mark.parametrize(("water_t", "factor"), [(0.0, 1.0), (None, DEFAULT.mop_up_water_factor)])
def test_mopping_up_with_water_takes_its_share_of_the_hours(water_t: float | None, factor: float) -> None:
    story = Story()
    story.run(1)
    while story.state == BURNING:
        story.fight(6, STEP_H)
    for number in list(story.line.crews):
        story.line.leave(number)
    left = len(story.line.mop.left(story.line.scene.edge, 0))
    assert story.post(9, water=True) is not None
    crew = story.line.crews[9]
    crew.walk_m = 0.0
    edge = story.line.scene.edge
    length_m = float(edge.share_m[edge.place_of[crew.cell]])
    needed_h = length_m * DEFAULT.mop_up_h_m * factor
    story.step(Work(9, 0.99 * needed_h, water_t))
    assert len(story.line.mop.left(story.line.scene.edge, 0)) == left
    story.step(Work(9, 0.02 * needed_h, water_t))
    assert len(story.line.mop.left(story.line.scene.edge, 0)) == left - 1


# ---- what smoulders


def held() -> Story:
    """A fire held and mopped up, two hours old."""
    story = Story()
    story.run(1)
    while story.state == BURNING:
        story.fight(6, STEP_H)
    story.line.mop.done[:] = True
    return story


def borne(story: Story, hours: float) -> float:
    """Break-outs to expect across all line in the next hours."""
    before = story.line.mop.borne.sum()
    for _ in range(round(hours)):
        story.now += 1.0
        story.front.advance(story.now)
        story.line.work(story.now, IDLE, Air())
    return float(story.line.mop.borne.sum() - before)


def test_what_smoulders_goes_out_over_days() -> None:
    story = held()
    days = [borne(story, 24) for _ in range(4)]
    ratio = math.exp(-1 / DEFAULT.smoulder_days)
    assert [later / sooner for sooner, later in pairwise(days)] == pytest.approx([ratio] * 3, rel=1e-3)


def test_a_fire_that_was_out_breaks_out_again() -> None:
    story = held()
    borne(story, DEFAULT.fire_watch_h + 12)
    assert story.state == OUT
    edge = story.line.scene.edge
    cell = int(edge.outline.cells[np.flatnonzero(edge.line)[0]])
    story.line.mop.thresholds[cell] = 0.0
    done = story.step()
    assert done.rekindles == ((0, cell),)
    assert done.states == ((0, BURNING),)


def test_a_fire_watched_stays_controlled_until_the_watch_is_over() -> None:
    story = held()
    story.step()
    assert story.state == CONTROLLED
    borne(story, DEFAULT.fire_watch_h - 1)
    assert story.state == CONTROLLED
    borne(story, 3)
    assert story.state == OUT
