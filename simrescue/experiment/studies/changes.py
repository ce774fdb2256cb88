"""One change of a scenario that can be bought, and how changes are written."""

from __future__ import annotations

from typing import Any, NamedTuple

from simrescue.wording import Words


class Change(NamedTuple):
    """One change that can be bought."""

    id: str
    label: str
    label_zh: str
    sets: dict[str, Any]
    """Path -> value, as `--set` takes them."""
    cost: float
    """Yuan."""


def name_of(row: Any) -> Words:
    """What a row of a table is called."""
    return Words(str(row.name or row.id), str(row.name_zh or row.name or row.id))


def hours_text(hours: float) -> str:
    """A duration as scenario files have it; never below nothing."""
    return f"{max(0.0, hours):.6g} h"


def section_of(change: Change) -> str:
    """The table or section of a scenario that a change is of: that of the path that is written first."""
    return next(iter(change.sets)).partition(".")[0]
