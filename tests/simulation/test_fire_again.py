"""A fire that was out burns again: it is told of anew, and crews come again."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import BURNING, OUT
from simrescue.hazards.wildfire.settings import Stage
from tests.simulation.fake_fire import burning_hills, crews, fake, run


def test_a_fire_that_was_out_is_told_of_again_and_crews_come_again() -> None:
    sim = burning_hills(48, teams=crews(1, shift_h=40))
    fire = fake(sim)
    fire.needed_m = 100.0
    story = run(sim, 12)
    out = story.one(Kind.FIRE_OUT)
    assert fire.states == [OUT]
    assert max(story.times(Kind.AREA)) <= out.time_h + 1.0
    again_h = 20.0
    fire.rekindles = [(again_h, 0)]
    story = run(sim, 30)
    posts = [row.time_h for row in story.rows(Kind.TAKES_POST)]
    assert posts[0] < out.time_h
    assert again_h < posts[-1] < again_h + 6
    assert any(row.time_h >= again_h and row.item == BURNING for row in story.rows(Kind.AREA))
    assert len(story.rows(Kind.FIRE_OUT)) == 2
    assert sum(row.item == OUT for row in story.rows(Kind.AREA)) == 2


def test_the_time_that_a_stage_waits_for_begins_anew_with_it() -> None:
    stages = (Stage(persons=20), Stage(after_h=8.0, persons=60))
    sim = burning_hills(48, teams=crews(3, shift_h=40), hazard={"stages": stages})
    fake(sim).needed_m = 100.0
    assert run(sim, 12).one(Kind.FIRE_OUT)
    fake(sim).rekindles = [(20.0, 0)]
    fake(sim).m_per_person_h = 0.0
    assert run(sim, 27).rows(Kind.REINFORCES) == []
    assert sim.fires.known[0].since_h == pytest.approx(20.0, abs=0.5)
    assert run(sim, 30).one(Kind.REINFORCES).time_h == pytest.approx(28.0, abs=1.0)
