"""The clock of one replication: timers with a stated order at equal times, and the recorder of the log.

At one instant the hazard moves first, then whatever arrives or ends, then command decides.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simpy import Environment, Event

HAZARD, ARRIVALS, DECISIONS = 0, 1, 2
"""Priorities of events at the same time, first to last."""


def timer(env: Environment, delay_h: float, priority: int = ARRIVALS) -> Event:
    """An event that happens after `delay_h`, in the given order among those of the same time."""
    event = Event(env)
    event._ok = True
    event._value = None
    env.schedule(event, priority, delay_h)  # type: ignore[arg-type]
    return event


def after(env: Environment, delay_h: float, call: Callable[[Event], Any], priority: int = ARRIVALS) -> None:
    """Call something after `delay_h`: for things that happen once and have no life of their own."""
    event = timer(env, delay_h, priority)
    event.callbacks.append(call)


class Recorder:
    """Writes the event log row by row; rows are plain tuples because that is what costs least."""

    __slots__ = ("env", "rows")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.rows: list[tuple[Any, ...]] = []

    def __call__(
        self,
        kind: int,
        subject: int = -1,
        place: int = -1,
        cause: int = -1,
        request: int = -1,
        item: int = -1,
        persons: float = 0,
        amount: float = 0,
    ) -> int:
        """Write one event now; returns its row number, to be the cause of others."""
        rows = self.rows
        rows.append((self.env._now, kind, subject, place, cause, request, item, persons, amount))
        return len(rows) - 1


class Silent(Recorder):
    """Writes nothing: to measure what the log costs."""

    __slots__ = ()

    def __call__(self, *row: Any, **named: Any) -> int:
        """Nothing is written; every cause is unknown."""
        return -1
