"""Rules of who may work on the line when: crews stand down at the fire, and the hours are counted."""

from __future__ import annotations

import pytest

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.wildfire.line_assignment import RULE
from tests.simulation.fake_fire import STEP_H, burning_hills, crews, fake, run

RETRY_H = 0.25
"""How soon after a rule has ended a crew works at the latest."""


def test_who_is_untrained_never_works_where_nobody_untrained_may() -> None:
    rules = ({"who": "untrained"},)
    story = run(burning_hills(teams=crews(1, kind="militia"), hazard={"rules": rules}), 8)
    assert not story.rows(Kind.TAKES_POST)
    down = story.one(Kind.STANDS_DOWN)
    assert (down.item, down.persons) == (0, 20)
    assert run(burning_hills(teams=crews(1), hazard={"rules": rules}), 8).rows(Kind.TAKES_POST)


def test_in_the_heat_of_the_day_they_stand_down_and_the_hours_count() -> None:
    plain = burning_hills(teams=crews(1))
    first = run(plain, 8).first(Kind.TAKES_POST).time_h
    begin, end = first + 1, first + 4
    hours = [(plain.settings.start.hour + plain.settings.start.minute / 60 + at) % 24 for at in (begin, end)]
    sim = burning_hills(teams=crews(1), hazard={"rules": ({"from_h": hours[0], "to_h": hours[1]},)})
    story = run(sim, 8)
    leaves, down = story.one(Kind.WITHDRAWS), story.one(Kind.STANDS_DOWN)
    assert leaves.item == RULE
    assert leaves.time_h == down.time_h == pytest.approx(begin, abs=STEP_H)
    again = story.rows(Kind.TAKES_POST)[1]
    assert end <= again.time_h <= end + RETRY_H
    assert again.time_h - down.time_h > 2  # patience does not run out while a rule holds


@pytest.mark.parametrize(("wind_ms", "works"), [(5.0, True), (12.0, False)])
def test_a_rule_of_wind_holds_from_its_wind_on(wind_ms: float, works: bool) -> None:
    sim = burning_hills(teams=crews(1), hazard={"rules": ({"wind": "10.8 m/s"},)})
    fake(sim).wind_ms = wind_ms
    assert bool(run(sim, 8).rows(Kind.TAKES_POST)) is works


def test_a_rule_that_leaves_some_work_bounds_the_tools_and_does_not_stand_them_down() -> None:
    sim = burning_hills(teams=crews(1), hazard={"rules": ({"flame": "1 m", "slope": 0.4}, {"flame": "2 m"})})
    story = run(sim, 8)
    assert not story.rows(Kind.STANDS_DOWN)
    assert {(tools.flame_bound_m, tools.slope_limit) for tools in fake(sim).asked} == {(1.0, 0.4)}


def test_a_rule_of_the_night_holds_from_dusk_to_dawn() -> None:
    sim = burning_hills(teams=crews(1, shift_h=24), hazard={"rules": ({"night": "yes"},)})
    sky, place = sim.world.sky, sim.fires.place_of(0)
    story = run(sim, 20)
    dark = [sky.is_night(row.time_h, place) for row in story.rows(Kind.STANDS_DOWN)]
    assert dark
    assert all(dark)
    assert not any(sky.is_night(row.time_h, place) for row in story.rows(Kind.TAKES_POST))
