"""Tasks and needs are registered once: what is typed elsewhere is the same."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from simrescue import responders
from simrescue.places import BASIC_NEEDS, CONSUMABLE, NEED_KINDS, NEEDS, Need, Stock
from simrescue.responders import CALL_TASKS, TASK_KINDS, TASKS, CallTask, Task
from simrescue.scenario.records import Call, Relief


def test_numbers_are_those_of_the_names_in_order() -> None:
    assert [getattr(responders, name.upper()) for name in TASKS] == list(range(len(TASKS)))
    assert [need.used_up for need in NEED_KINDS] == CONSUMABLE
    assert tuple(NEEDS) == BASIC_NEEDS


@pytest.mark.parametrize(("kind", "names"), [(Task, TASKS), (Need, NEEDS), (CallTask, CALL_TASKS)])
def test_the_types_know_the_names_that_are_registered(kind: Any, names: list[str]) -> None:
    reads = TypeAdapter(kind)
    assert [reads.validate_python(name) for name in names] == names
    assert reads.json_schema()["enum"] == names
    with pytest.raises(ValidationError, match=f"Input should be '{names[0]}' or '{names[1]}'"):
        reads.validate_python("diving")


def test_each_has_words_of_its_own_in_both_languages() -> None:
    for kinds in (NEED_KINDS, TASK_KINDS):
        assert all(kind.words.en and kind.words.zh for kind in kinds)
        assert len({kind.words for kind in kinds}) == len(kinds)


def test_calls_ask_for_what_a_crew_on_the_spot_does() -> None:
    assert [one.name for one in TASK_KINDS if one.by_call] == CALL_TASKS
    assert Call.model_json_schema()["properties"]["task"]["enum"] == CALL_TASKS


def test_each_need_has_a_column_of_stores_and_a_mass() -> None:
    assert list(Stock.model_fields) == NEEDS
    assert [name for name in Relief.model_fields if name in NEEDS] == NEEDS
    assert set(Relief().tracked) == set(NEEDS)
    assert Stock(food=1, medical=5).amounts() == (1, 0, 0, 0, 5)
