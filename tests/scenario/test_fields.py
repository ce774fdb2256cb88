"""Laws over every field of every record that a file can hold."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from simrescue.plans import Plan
from simrescue.records import Record
from simrescue.scenario.records import TABLES, Settings


def records(top: type[Record]) -> dict[type[Record], None]:
    """A record and all that stand below it."""
    found = {top: None}
    for field in top.model_fields.values():
        for inner in _inside(field.annotation):
            if isinstance(inner, type) and issubclass(inner, Record) and inner not in found:
                found |= records(inner)
    return found


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


ALL = list({record: None for top in (*TABLES.values(), Settings, Plan) for record in records(top)})


def test_the_walk_finds_the_records() -> None:
    assert {"Village", "Helicopter", "Norm", "Stage", "FireUncertainty", "Clause"} <= {one.__name__ for one in ALL}


def _bare(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return False
    return annotation in (int, float, bool) or any(_bare(part) for part in get_args(annotation))


def _read_by_us(field: FieldInfo) -> bool:
    return bool([one for one in field.metadata if type(one).__name__ == "BeforeValidator"])


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.__name__)
def test_every_number_and_every_yes_is_read_as_planners_write_them(record: type[Record]) -> None:
    # A bare int, float or bool is read by pydantic, which knows neither full-width digits nor thousands nor 是.
    for name, field in record.model_fields.items():
        assert _read_by_us(field) or not _bare(field.annotation), f"{record.__name__}.{name}"
