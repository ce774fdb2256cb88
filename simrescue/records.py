"""The base of every record that a file can hold: frozen, typed, nothing unknown let in.

A field carries its unit in its Python name (`turnout_h`) and not in the file (`turnout: 45 min`):
the file's value carries the unit itself. Tables may put the unit in the header instead (`turnout_min`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, ClassVar, NamedTuple

from pydantic import BaseModel, ConfigDict, field_validator
from pydantic_core import PydanticCustomError

from simrescue.errors import HIDDEN

UNIT_SUFFIXES = ("_t_per_h", "_kmh", "_ms", "_km", "_m2", "_kg", "_h", "_m", "_t")
"""Endings of Python field names that name the unit held inside; longest first."""


def key_in_file(field: str) -> str:
    """The key a planner writes for a Python field name: the name without its unit ending."""
    for suffix in UNIT_SUFFIXES:
        if field.endswith(suffix):
            return field.removesuffix(suffix)
    return field


FLOOD, FIRE, LEVELS, DEPTHS = "a flood", "a forest fire", "a flood by levels", "a flood by depths"
CLAUSES, PAGES, NOTHING = "static clauses", "pages and maps", "nothing"


class ReadBy(NamedTuple):
    """Marks a field (as `Annotated[..., ReadBy(FIRE)]`) that not everything reads: who does.

    Fields without this mark are read by every simulation. `check` lists from it what nothing reads in a scenario.
    """

    first: str
    second: str = ""


class Record(BaseModel):
    """One thing of a scenario or a plan: frozen, and closed to unknown keys."""

    only: ClassVar[tuple[str, ...]] = ()
    """Who reads such a record at all; empty: every simulation."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        alias_generator=key_in_file,
        validate_by_name=True,
        validate_by_alias=True,
        use_attribute_docstrings=True,
        validate_default=False,
        allow_inf_nan=False,
    )

    @field_validator("*", mode="before")
    @classmethod
    def _nothing_hidden(cls, value: Any) -> Any:
        """No text that moves a terminal's cursor or turns the order of what is read: it would reach every page."""
        if isinstance(value, (str, list, tuple, dict)):
            for text in _texts(value):
                if found := re.search(HIDDEN, text):
                    raise PydanticCustomError(
                        "unreadable", "{what}",
                        {"what": f"text without control or direction characters (found U+{ord(found[0]):04X})"},
                    )  # fmt: skip
        return value


def _texts(value: Any) -> Iterator[str]:
    """A text, those of a list, the keys and texts of a mapping; what lies deeper is looked at there."""
    if isinstance(value, str):
        yield value
    else:
        yield from (one for one in value if isinstance(one, str))
        if isinstance(value, dict):
            yield from (one for one in value.values() if isinstance(one, str))
