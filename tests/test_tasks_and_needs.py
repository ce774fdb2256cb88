"""Tasks and needs are registered once: what is typed elsewhere is the same."""

from __future__ import annotations

from typing import get_args

import pytest

from simrescue import responders
from simrescue.places import CONSUMABLE, NEED_KINDS, NEEDS, Need, Stock
from simrescue.responders import TASK_KINDS, TASKS, Task
from simrescue.scenario.records import Call, Relief, check_needs


def test_the_types_name_all_of_them_in_order() -> None:
    assert get_args(Task) == TASKS
    assert get_args(Need) == NEEDS
    assert [getattr(responders, name.upper()) for name in TASKS] == list(range(len(TASKS)))
    assert tuple(one.used_up for one in NEED_KINDS) == CONSUMABLE


def test_a_half_registered_need_is_refused_with_all_that_it_lacks() -> None:
    check_needs()
    with pytest.raises(ValueError, match="the need 'fuel' is not fully registered") as refused:
        check_needs([*NEEDS, "fuel"])
    for part in ("Stock", "Relief", "the type Need", "price_<name>_yuan"):
        assert part in str(refused.value)


def test_each_has_words_of_its_own_in_both_languages() -> None:
    for kinds in (NEED_KINDS, TASK_KINDS):
        assert all(kind.words.en and kind.words.zh for kind in kinds)
        assert len({kind.words for kind in kinds}) == len(kinds)


def test_calls_ask_for_what_a_crew_on_the_spot_does() -> None:
    assert get_args(Call.model_fields["task"].annotation) == tuple(one.name for one in TASK_KINDS if one.by_call)


def test_each_need_has_a_column_of_stores_and_a_mass() -> None:
    assert tuple(Stock.model_fields) == NEEDS
    assert tuple(name for name in Relief.model_fields if name in NEEDS) == NEEDS
    assert set(Relief().tracked) == set(NEEDS)
    assert Stock(food=1, medical=5).amounts() == (1, 0, 0, 0, 5)
