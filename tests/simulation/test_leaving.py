"""Crews that are there until an hour only: leases, seasonal posts, convoys that go home."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.errors import ScenarioError
from simrescue.events import EventKind as Kind
from simrescue.metrics import summarise
from simrescue.responders import Boat, Helicopter
from simrescue.scenario.load import load
from simrescue.scenario.records import ResponseLevel, Scenario
from tests.factories import flooded_row
from tests.scenario.conftest import TINY
from tests.simulation.story import NOBODY, Story, tell

FIRST_H = 13.0
"""The water of `flooded_row` is in all villages, and boats are at work."""


def leaving(until_h: float | None, **fields: Any) -> Scenario:
    boats = (Boat(id="boat", base="station", until=until_h, breakdown=0, **fields),)
    return flooded_row(**(NOBODY | {"boats": boats}))


def assigned(story: Story) -> list[float]:
    return story.times(Kind.ASSIGNED, subject="boat")


def test_who_is_out_ends_his_mission_and_is_sent_no_more() -> None:
    always = tell(leaving(None))
    late = [hour for hour in assigned(always) if hour > FIRST_H]
    assert late, "there is work to the end"
    story = tell(leaving(FIRST_H))
    left = story.one(Kind.LEAVES, subject="boat")
    assert assigned(story) == [hour for hour in assigned(always) if hour < FIRST_H]
    assert left.time_h == max(FIRST_H, *story.times(Kind.FREE, subject="boat"))


def test_who_is_idle_leaves_at_his_hour() -> None:
    story = tell(leaving(5.0))
    assert story.one(Kind.LEAVES, subject="boat").time_h == 5.0
    assert not assigned(story)


def test_who_is_not_there_yet_never_comes() -> None:
    scenario = leaving(20.0, release="I")
    command = scenario.settings.command.model_copy(update={"levels": (ResponseLevel(level="I", time_h=30.0),)})
    settings = scenario.settings.model_copy(update={"command": command})
    story = tell(scenario.model_copy(update={"settings": settings}))
    assert story.one(Kind.LEVEL_RAISED).time_h == 30.0
    assert not story.rows(Kind.LEAVES, Kind.RELEASED, Kind.ASSIGNED)


def test_an_aircraft_under_a_lease_flies_no_more_after_it() -> None:
    flyer = Helicopter(id="flyer", base="station", serviceable=1, breakdown=0, until=26.0)
    story = tell(flooded_row(**(NOBODY | {"helicopters": (flyer,)})))
    flown = story.times(Kind.ASSIGNED, subject="flyer")
    assert flown
    assert max(flown) < 26.0
    assert len(story.rows(Kind.LEAVES, subject="flyer")) == 1


@pytest.mark.parametrize("earlier_h", [10.5, 14.0])
def test_a_longer_stay_never_rescues_fewer(earlier_h: float) -> None:
    rescued = []
    for until_h in (earlier_h, 20.0, None):
        story = tell(leaving(until_h))
        rescued.append(summarise(story.log, story.world.facts)["rescued"])
    assert rescued == sorted(rescued)


def test_an_hour_after_the_end_changes_nothing() -> None:
    with_until, without = tell(leaving(48.0)), tell(leaving(None))
    assert [row for row in with_until.rows() if row.kind != Kind.LEAVES] == without.rows()


@pytest.mark.parametrize(("column", "after"), [({}, "start"), ({"boats.boats-town.available": "9 h"}, "available")])
def test_nobody_leaves_before_he_has_come(column: dict[str, str], after: str) -> None:
    until = {"boats.boats-town.until": "9 h" if column else "0 h"}
    with pytest.raises(ScenarioError, match=rf"until.*a moment after {after}"):
        load(TINY, sets=column | until)
