"""People who have left go home too early, exposed there like those who never left, or when the danger is over."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.events import EventKind as Kind
from simrescue.metrics.people import whereabouts
from simrescue.scenario.records import Scenario
from tests.laws.ledger import Ledger
from tests.simulation.story import Story, tell
from tests.simulation.test_roadside import caught, states

WATER = (("village", 29.0, 1.5),)


def returning(share: float, *depths: tuple[str, float, float], persons: int = 400, **village: Any) -> Scenario:
    """Everybody leaves at 1 h for the school, and so many of those who are out go home each day."""
    made = caught(*(depths or (("village", 0.0, 0.0),)), hours=48)
    plain = {"population": persons, "upper_floor": 1.0}
    people = made.villages[0].model_copy(update=plain | village)
    going = made.settings.evacuation.model_copy(update={"early_return": share})
    settings = made.settings.model_copy(update={"evacuation": going})
    return made.model_copy(update={"villages": (people,), "settings": settings})


def at_home(story: Story, at_h: float) -> float:
    return states(story, at_h).get("home", 0.0)


def test_nobody_goes_home_unless_it_is_said() -> None:
    assert not tell(returning(0)).rows(Kind.RETURN_HOME, Kind.COMES_HOME)


def test_a_share_goes_home_each_day() -> None:
    """A third a day of 400, looked at every six hours from six hours on, in whole persons."""
    story = tell(returning(1 / 3))
    Ledger(story.world).keep(story.log)
    away, due = 400, 0.0
    for _ in range(4):
        due += away * (1 - (2 / 3) ** 0.25)
        away, due = away - int(due), due - int(due)
    assert at_home(story, 25) == 400 - away == pytest.approx(400 / 3, abs=2)
    gone = [row.persons for row in story.rows(Kind.RETURN_HOME, item=0) if row.time_h < 48]
    assert sum(gone) == story.persons(Kind.COMES_HOME), "who sets out as the clock stops is under way"


def test_they_are_exposed_like_those_who_never_left() -> None:
    story = tell(returning(1 / 3, *WATER))
    back = at_home(story, 28.9)
    assert back > 100
    assert story.persons(Kind.STRANDED, Kind.TRAPPED, subject="village") >= back
    assert states(story, 48).get("trapped", 0) + states(story, 48).get("dead", 0) == back
    assert not [row for row in story.rows(Kind.RETURN_HOME) if row.time_h > 29], "they see the water"


def test_more_returns_never_expose_fewer() -> None:
    caught_there = [tell(returning(share, *WATER)).persons(Kind.TRAPPED) for share in (0, 0.05, 0.2, 0.5, 0.9)]
    assert caught_there == sorted(caught_there)
    assert caught_there[0] == 0 < caught_there[-1]


def test_those_with_relatives_go_home_too() -> None:
    story = tell(returning(0.5, public_shelter=0.0))
    Ledger(story.world).keep(story.log)
    assert story.persons(Kind.RETURN_HOME, item=1) > 100
    assert not story.rows(Kind.RETURN_HOME, item=0)


def test_with_the_road_cut_nobody_goes() -> None:
    story = tell(returning(0.5, ("bridge", 5.0, 1.0)))
    assert not story.rows(Kind.RETURN_HOME)
    assert whereabouts.counts(story.log, story.world.facts, story.log.time_h[-1:])[0].sum() == 400


@pytest.mark.parametrize("persuaded", [0.0, 0.5, 1.0])
def test_who_is_back_counts_as_having_refused_until_a_further_telling_moves_him(persuaded: float) -> None:
    """Called out again at 30 h: of those who are at home then as many leave as a call persuades; the others stay."""
    made = returning(1 / 3, call_out=30.0)
    going = made.settings.evacuation.model_copy(update={"persuaded_by_call": persuaded})
    story = tell(made.model_copy(update={"settings": made.settings.model_copy(update={"evacuation": going})}))
    back = at_home(story, 29.9)
    again = sum(row.persons for row in story.rows(Kind.LEAVE, item=0) if row.time_h > 1.5)
    assert back > 100
    assert again == pytest.approx(persuaded * back, abs=1)
    assert story.persons(Kind.PERSUADED, subject="village") == again
    Ledger(story.world).keep(story.log)


# ---- when the danger is over

TWICE = (("village", 20.0, 1.5), ("village", 26.0, 0.0), ("village", 70.0, 1.5))
"""Water from 20 to 26 h, and again from 70 h on, two days later."""


def twice(return_after_h: float | None, *again_h: float, **warning: Any) -> Scenario:
    """400 people are ordered out at 1 h; the forecast reaches 12 h ahead."""
    made = caught(*TWICE, hours=96)
    people = made.villages[0].model_copy(update={"population": 400, "upper_floor": 1.0, "ordered": True, "order": 1.0})
    told = made.settings.warning.model_copy(update={"forecast_lead_h": 12.0, "order_again": again_h} | warning)
    going = made.settings.evacuation.model_copy(update={"return_after_h": return_after_h})
    settings = made.settings.model_copy(update={"warning": told, "evacuation": going})
    return made.model_copy(update={"villages": (people,), "settings": settings})


def test_all_go_home_when_the_danger_is_over() -> None:
    """Eight hours after the water has gone; they look every six hours, and not while water is foreseen."""
    story = tell(twice(8.0))
    Ledger(story.world).keep(story.log)
    home = story.rows(Kind.RETURN_HOME)
    assert {row.time_h for row in home} == {36.0}
    assert sum(row.persons for row in home) == story.persons(Kind.COMES_HOME) == 400
    assert at_home(story, 40) == 400
    assert not tell(twice(None)).rows(Kind.RETURN_HOME)
    assert {row.time_h for row in tell(twice(16.0)).rows(Kind.RETURN_HOME)} == {42.0}


def test_nobody_goes_home_before_water_that_is_foreseen() -> None:
    assert not tell(twice(8.0, forecast_lead_h=40.0)).rows(Kind.RETURN_HOME), "foreseen from 30 h on"


def test_a_second_order_moves_them_as_the_first() -> None:
    story = tell(twice(8.0, 60.0))
    Ledger(story.world).keep(story.log)
    assert [row.time_h for row in story.rows(Kind.ORDERED)] == [1.0, 60.0]
    first, second = (
        sum(row.persons for row in story.rows(Kind.LEAVE) if from_h <= row.time_h < from_h + 30) for from_h in (1, 60)
    )
    assert first == second == 400
    assert not story.persons(Kind.STRANDED, Kind.TRAPPED, subject="village")


def test_without_a_second_order_the_water_finds_them_at_home() -> None:
    story = tell(twice(8.0))
    assert story.persons(Kind.STRANDED, Kind.TRAPPED, subject="village") >= 400
    assert not tell(twice(None)).persons(Kind.STRANDED, Kind.TRAPPED, subject="village")
