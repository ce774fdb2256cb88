"""Hours before a response level, in their bins; and the measure of the delay from a level being due."""

from __future__ import annotations

import math

import pytest

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.log_rows import rows_of_log
from simrescue.explain.critical_path.request_waits import before_assignment
from simrescue.metrics.levels import OfLevel, level_delay_h, numbers
from simrescue.scenario.records import ResponseLevel
from simrescue.scenario.response_records import LevelRule, Measured
from tests.simulation.story import Story, tell
from tests.simulation.test_levels_by_rule import RISES, county, trigger

ALONE = {"helicopters": (), "teams": (), "trucks": ()}


def bins_of_the_boat(story: Story) -> dict[str, float]:
    """Hours by bin from the request of the first assignment of the boat to that assignment."""
    rows = rows_of_log(story.log, story.world.facts, 0.0)
    boat = story.index["boat"]
    row = next(row for row in story.log.where(Kind.ASSIGNED).tolist() if story.log.subject[row] == boat)
    opened, pieces = before_assignment(rows, row)
    names = {number: key for key, number in BIN_NUMBER.items()}
    hours: dict[str, float] = {}
    for piece in pieces:
        hours[names[piece.bin]] = hours.get(names[piece.bin], 0.0) + piece.end_h - piece.start_h
    assert sum(hours.values()) == pytest.approx(story.log.time_h[row] - story.log.time_h[opened])
    return {name: took for name, took in hours.items() if took}


def test_hours_until_the_level_is_due_and_until_it_is_declared_stand_apart() -> None:
    """People are cut off before 11 h; the level is due at 11.75 h, with the river at 1.3 m, and declared 6 h later."""
    rules = {"level_2": LevelRule(consultation_h=6.0)}
    story = tell(county(trigger(**(RISES | {"at_least": Measured(1.3, "m")})), rules=rules, **ALONE))
    due, declared = story.first(Kind.LEVEL_DUE).time_h, story.one(Kind.LEVEL_RAISED).time_h
    served = story.first(Kind.ASSIGNED).request
    (opened,) = (row.time_h for row in story.rows(Kind.REQUEST_OPENED) if row.request == served)
    assert opened < due == pytest.approx(11.75)
    assert declared == pytest.approx(17.75)
    assert bins_of_the_boat(story) == pytest.approx({"not_due": due - opened, "declaring": 6.0})


def test_hours_on_record_are_waiting_for_the_boat_as_ever() -> None:
    story = tell(county(trigger(**RISES), levels=(ResponseLevel(level="II", time_h=20.0),), **ALONE))
    assert set(bins_of_the_boat(story)) == {"free_boat"}


def test_the_measure_counts_from_the_level_being_due() -> None:
    story = tell(county(trigger(**RISES)))
    delay = level_delay_h(story.log, story.world.facts, OfLevel(level="II"))
    assert delay == pytest.approx(1.0)
    assert math.isnan(level_delay_h(story.log, story.world.facts, OfLevel(level="I")))
    found = numbers(story.log)
    assert found["level_II_due_h"] == pytest.approx(11)
    assert found["level_III_declared_h"] == pytest.approx(12)
    assert found["level_I_declared_h"] == math.inf


def test_a_level_that_is_due_and_never_declared_takes_for_ever() -> None:
    rules = {"level_2": LevelRule(consultation_h=100.0)}
    story = tell(county(trigger(**RISES), rules=rules))
    assert level_delay_h(story.log, story.world.facts, OfLevel(level="II")) == math.inf
