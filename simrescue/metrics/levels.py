"""When response levels were due by their rules, and when they were in force: what stands in rows of command."""

from __future__ import annotations

from collections.abc import Callable
from typing import Self, get_args

import numpy as np
from pydantic import model_validator

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Measure, MeasureSettings
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, rows_of
from simrescue.responders import RESPONSE_LEVELS, LevelOfResponse
from simrescue.units import SAME_H, wrong
from simrescue.wording import bilingual


def _first_h(log: EventLog, kind: EventKind, level: LevelOfResponse) -> float:
    """The first row of a kind that names a level or a higher one, hours; infinite for never."""
    rows = rows_of(log, kind)
    rows = rows[log.item[rows] <= RESPONSE_LEVELS[level]]
    return float(log.time_h[rows].min(initial=NEVER))


def due_h(log: EventLog, level: LevelOfResponse) -> float:
    """When a response level, or a higher one, was first due by its rules, hours; infinite for never."""
    return _first_h(log, EventKind.LEVEL_DUE, level)


def in_force_h(log: EventLog, level: LevelOfResponse) -> float:
    """When a response level, or a higher one, was first declared, hours; infinite for never."""
    return _first_h(log, EventKind.LEVEL_RAISED, level)


class LevelClock(MeasureSettings):
    """Settings of a time that can start with a response level, beside the clocks that a measure names itself."""

    clock: str
    """When the time starts."""
    level: LevelOfResponse | None = None
    """The response level, for the clock of that name; a higher one counts too."""

    @model_validator(mode="after")
    def _level_has_its_clock(self) -> Self:
        if (self.clock == "level") != (self.level is not None):
            raise wrong(bilingual("`clock: level` and a `level` such as II, both or neither"))
        return self


class OfLevel(MeasureSettings):
    """Settings of a measure of one response level."""

    level: LevelOfResponse
    """Which."""


def level_delay_h(log: EventLog, facts: Facts, settings: OfLevel) -> float:
    """Hours from a level, or a higher one, being due until it was in force; 0 where it was before.

    Infinite where it never was; nan where it was never due, as without triggers.csv.
    """
    del facts
    since_h = due_h(log, settings.level)
    return max(0.0, in_force_h(log, settings.level) - since_h) if np.isfinite(since_h) else float("nan")


def moment(
    read: Callable[[EventLog, LevelOfResponse], float], level: LevelOfResponse
) -> Callable[[EventLog, Facts, float, str], float]:
    """A moment of a level as a figure on record: a function of the log, the facts, the hour it is read at, no place.

    Args:
        read: `due_h` or `in_force_h`.
        level: which.
    """

    def figure(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        del facts, place
        hour = read(log, level)
        return hour if hour <= at_h + SAME_H else NEVER

    return figure


def numbers(log: EventLog) -> dict[str, float]:
    """`level_<level>_due_h` and `level_<level>_declared_h` of each level, hours since the start; infinite for never."""
    reads = {"due": due_h, "declared": in_force_h}
    return {
        f"level_{level}_{name}_h": read(log, level)
        for level in get_args(LevelOfResponse)
        for name, read in reads.items()
    }


MEASURES = (
    Measure(
        "level_delay_h", bilingual("from a response level being due to its declaration"), "h", OfLevel, level_delay_h,
    ),
)  # fmt: skip
