"""Relief on the line by shifts: asked for ahead, those relieved stay until it is there."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import CONTAINED
from simrescue.simulation.missions.wildfire.line_assignment import SHIFT
from simrescue.simulation.state import Simulation
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run
from tests.simulation.story import Story

SHIFT_H, STAY_H, OVERLAP_H = 6.0, 2.0, 0.5


def shifts(stay_h: float = STAY_H, count: int = 2, **how: Any) -> Simulation:
    """Crews of 20, of which a stage wants one; shifts of six hours. The way is a road of 10 km and 2 km on foot."""
    hazard = {"stages": ({"persons": 20},), "relief_stay_h": stay_h, "relief_overlap_h": OVERLAP_H}
    sim = burning_hills(teams=crews(count, shift_h=SHIFT_H), hazard=hazard | how)
    fake(sim).growth_kmh = 0.0
    return sim


def hands(story: Story) -> list[tuple[float, float]]:
    """Spells at work on the line: from, until."""
    ends = story.rows(Kind.WITHDRAWS, item=SHIFT)
    return [
        (row.time_h, min((end.time_h for end in ends if (end.subject, end.time_h > row.time_h) == (row.subject, True)),
                         default=99.0))
        for row in story.rows(Kind.TAKES_POST)
    ]  # fmt: skip


def test_without_it_nobody_is_at_work_for_as_long_as_the_way_takes() -> None:
    story = run(shifts(stay_h=0), 12)
    (first, left), (second, _), *_ = hands(story)
    assert not story.rows(Kind.RELIEF_ASKED)
    assert left - SHIFT_H == pytest.approx(0, abs=STEP_H)
    assert second - left == pytest.approx(first, abs=0.1)


def test_relief_comes_before_the_end_of_the_shift_and_both_stay_for_a_while() -> None:
    """Asked for by the time of the way and half an hour before the end; at work half an hour before it."""
    story = run(shifts(), 7)
    (first, left), (second, _), *_ = hands(story)
    asked, comes = story.one(Kind.RELIEF_ASKED), story.one(Kind.RELIEF_COMES)
    assert asked.time_h == pytest.approx(SHIFT_H - first - OVERLAP_H, abs=0.15)
    assert comes.time_h == second
    assert left == pytest.approx(second + OVERLAP_H, abs=STEP_H)
    assert left == pytest.approx(SHIFT_H, abs=0.3)
    assert asked.persons == comes.persons == 20


def test_whoever_has_no_relief_leaves_after_the_longest_stay() -> None:
    story = run(shifts(count=1), 12)
    [(_, left)] = [spell for spell in hands(story) if spell[0] < SHIFT_H]
    assert left == pytest.approx(SHIFT_H + STAY_H, abs=STEP_H)
    assert not story.rows(Kind.RELIEF_COMES)


def test_no_more_are_on_the_line_than_wanted_but_for_the_handing_over() -> None:
    story = run(shifts(count=4), 24)
    spells = hands(story)
    assert len(spells) >= 4
    for start, _ in spells:
        assert sum(begin <= start < end for begin, end in spells) <= 2


def test_a_small_crew_does_not_relieve_a_large_one_two_do() -> None:
    sim = burning_hills(
        teams=(*crews(1, shift_h=SHIFT_H, size=40), *crews(2, id="half", shift_h=12, turnout_h=0.2)),
        hazard={"stages": ({"persons": 40},), "relief_stay_h": STAY_H, "relief_overlap_h": OVERLAP_H},
    )
    fake(sim).growth_kmh = 0.0
    story = run(sim, 9)
    posts = [row for row in story.rows(Kind.TAKES_POST) if row.persons == 20]
    assert [row.persons for row in story.rows(Kind.RELIEF_COMES)] == [40]
    assert story.one(Kind.RELIEF_COMES).time_h == posts[1].time_h


def test_who_waits_for_relief_goes_when_nobody_is_wanted_any_more() -> None:
    sim = shifts(count=1)
    run(sim, SHIFT_H + 0.3)
    fake(sim).states[0] = CONTAINED
    sim.fires.known[0].state = CONTAINED
    fake(sim).radius_km[0] = 0.0
    story = run(sim, SHIFT_H + 1.2)
    assert story.rows(Kind.WITHDRAWS)
    assert not sim.fires.assignments or all(one.dismissed for one in sim.fires.assignments.values())
