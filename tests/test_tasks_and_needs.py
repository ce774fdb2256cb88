"""Tasks and needs are registered once: what is typed elsewhere is the same."""

from __future__ import annotations

from typing import get_args

from simrescue import responders
from simrescue.places import CONSUMABLE, NEED_KINDS, NEEDS, Need, Stock
from simrescue.responders import TASK_KINDS, TASKS, Task
from simrescue.scenario.records import Call, Relief


def test_the_types_name_all_of_them_in_order() -> None:
    assert get_args(Task) == TASKS
    assert get_args(Need) == NEEDS
    assert [getattr(responders, name.upper()) for name in TASKS] == list(range(len(TASKS)))
    assert tuple(one.used_up for one in NEED_KINDS) == CONSUMABLE


def test_calls_ask_for_what_a_crew_on_the_spot_does() -> None:
    assert get_args(Call.model_fields["task"].annotation) == tuple(one.name for one in TASK_KINDS if one.by_call)


def test_each_need_has_a_column_of_stores_and_a_mass() -> None:
    assert tuple(Stock.model_fields) == NEEDS
    assert tuple(name for name in Relief.model_fields if name in NEEDS) == NEEDS
    assert set(Relief().tracked) == set(NEEDS)
    assert Stock(food=1, medical=5).amounts() == (1, 0, 0, 0, 5)
