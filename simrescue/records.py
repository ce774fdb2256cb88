"""The base of every record that a file can hold: frozen, typed, nothing unknown let in.

A field carries its unit in its Python name (`turnout_h`) and not in the file (`turnout: 45 min`):
the file's value carries the unit itself. Tables may put the unit in the header instead (`turnout_min`).
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

UNIT_SUFFIXES = ("_t_per_h", "_kmh", "_ms", "_km", "_m2", "_kg", "_h", "_m", "_t")
"""Endings of Python field names that name the unit held inside; longest first."""


def key_in_file(field: str) -> str:
    """The key a planner writes for a Python field name: the name without its unit ending."""
    for suffix in UNIT_SUFFIXES:
        if field.endswith(suffix):
            return field.removesuffix(suffix)
    return field


class Record(BaseModel):
    """One thing of a scenario or a plan: frozen, and closed to unknown keys."""

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
