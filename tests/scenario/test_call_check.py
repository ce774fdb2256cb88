"""Calls that nobody can serve are named by `check`; words that no crew carries out are refused with their row."""

from __future__ import annotations

from typing import Any

import pytest

from simrescue.responders import Team
from simrescue.scenario.preflight.check import check
from simrescue.scenario.records import Call
from tests.scenario.small import scenario

SERVED: dict[str, Any] = {"id": "one", "time_h": 12.0, "place": "b", "task": "rescue", "persons": 3}


def told(teams: tuple[Team, ...] = (), **fields: Any) -> list[str]:
    given = {"calls": (Call(**(SERVED | fields)),)} | ({"teams": teams} if teams else {})
    return [one.message for one in check(scenario(**given)) if one.topic == "call"]


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"task": "reconnaissance"}, "no crew has the task reconnaissance"),
        ({"skill": "diving"}, "has the skill diving"),
        ({"persons": 0}, "0 persons"),
    ],
)
def test_a_call_that_nobody_can_serve_is_named(fields: dict[str, Any], words: str) -> None:
    (message,) = told(**fields)
    assert "call one" in message
    assert words in message


def test_a_call_that_somebody_can_serve_is_not() -> None:
    assert not told()
    assert not told((Team(id="divers", base="base", skills=("diving",)),), skill="diving")


def test_seats_and_crews_that_are_not_there_do_not_count() -> None:
    assert "has a seat" in told((Team(id="t", base="base", seats=0, tasks=("rescue",)),))[0]
    assert "no crew has the task" in told((Team(id="t", base="base", count=0, tasks=("rescue",)),))[0]


@pytest.mark.parametrize("task", ["relief", "water_drop"])
def test_what_no_call_can_ask_for_is_refused(task: str) -> None:
    with pytest.raises(ValueError, match="task"):
        Call(**(SERVED | {"task": task}))
