"""The clock of one replication: timers with a stated order at equal times, and the recorder of the log.

At one instant the hazard moves first, then whatever arrives or ends, then command decides.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappush
from typing import TYPE_CHECKING, Any

from simpy import Environment, Event
from simpy.events import NORMAL, EventPriority, Process

from simrescue.errors import SimrescueError
from simrescue.units import SAME_H
from simrescue.wording import Words, bilingual

HAZARD, ARRIVALS, DECISIONS, LAST = EventPriority(0), EventPriority(1), EventPriority(2), EventPriority(3)
"""Priorities of events at the same time, first to last."""

NAMED = 3
MOST_AT_ONCE = 1_000_000
"""Events without the clock moving after which it stands still: far more than all villages and crews have at once."""


class ClockError(SimrescueError):
    """The clock stands still: something happens again and again without any time passing."""


class Clock(Environment):
    """SimPy's environment, which also tells how many events it has scheduled, and notices when it stands still."""

    __slots__ = ("_now",)  # with a second name below

    def __init__(self) -> None:
        super().__init__()
        self._moves_h, self._still = 0.0, 0
        if not TYPE_CHECKING:
            # SimPy binds them early in its own class alone; else each call of them would bind them anew.
            self.timeout, self.process, self.event = self.timeout, self.process, self.event

    def step(self) -> None:
        """The next event. Raises ClockError, with who it is, after very many of them without time passing."""
        Environment.step(self)
        if self._now > self._moves_h:
            # Steps of less than this are no time that passes: they could go on for ever without an hour being reached.
            self._moves_h, self._still = self._now + SAME_H, 0
        else:
            self._still += 1
            if self._still > MOST_AT_ONCE:
                raise ClockError(self._stands_still())

    def _stands_still(self) -> Words:
        # Whoever it is has something in the queue that is due: that is how he comes round again.
        due = [event for time_h, _, _, event in self._queue if time_h <= self._moves_h]
        whose = {name_of(call) for event in due for call in event.callbacks or ()}
        return bilingual(
            "the clock stands still at {now:.6g} h: more than {most:,} events without time passing, of {names}; look "
            "for a time or a speed of nearly 0 in what it does",
            now=self.now, most=MOST_AT_ONCE, names=", ".join(sorted(whose)[:NAMED]) or "?",
        )  # fmt: skip

    def schedule(self, event: Event, priority: EventPriority = NORMAL, delay: float = 0) -> None:
        """As SimPy's, `delay` in hours, but that nothing comes of the end of a process for which nobody waits."""
        if type(event) is Process and event._ok and not event.callbacks:  # noqa: SLF001 - it has ended, and not failed
            event.callbacks = None  # type: ignore[assignment]
            return
        heappush(self._queue, (self._now + delay, priority, next(self._eid), event))

    def scheduled(self) -> int:
        """Events scheduled so far; to be asked once, at the end."""
        return next(self._eid)

    def forget(self) -> None:
        """Drop all that is still to happen: the clock has stopped for good."""
        self._queue.clear()

    def schedule_at(self, event: Event, priority: EventPriority, time_h: float) -> None:
        """Have an event happen at an hour, now at the earliest."""
        # SimPy schedules by delay alone, and now + (hour - now) is not always the hour.
        heappush(self._queue, (max(time_h, self.now), priority, next(self._eid), event))


if not TYPE_CHECKING:
    # The same slot: asked for at every turn, and a third of what a property costs.
    Clock.now = Clock._now  # noqa: SLF001 - SimPy sets it under this name


class Timer(Event):
    """An event that happens after `delay_h`, in the given order among those of the same time."""

    def __init__(self, env: Environment, delay_h: float, priority: EventPriority = ARRIVALS) -> None:
        super().__init__(env)
        # As SimPy's own timeouts: nobody makes it succeed, it has succeeded and comes when it is due.
        self._ok, self._value = True, None
        env.schedule(self, priority, delay_h)


class TimerAt(Event):
    """An event at a stated hour, to the last digit: an hour that is added up from steps misses it by a few."""

    def __init__(self, clock: Clock, time_h: float, priority: EventPriority = ARRIVALS) -> None:
        super().__init__(clock)
        self._ok, self._value = True, None
        clock.schedule_at(self, priority, time_h)


def name_of(call: Callable[..., Any]) -> str:
    """Who calls back, for a message: the function, and the id of the thing whose it is where it has one."""
    process = getattr(call, "__self__", None)
    if not isinstance(process, Process):
        held = [cell.cell_contents for cell in getattr(call, "__closure__", None) or ()]
        return _named(call.__qualname__.split(".<locals>")[0], held)
    steps: Any = process._generator  # noqa: SLF001 - SimPy tells nothing of whose process it is
    frame = steps.gi_frame
    return _named(steps.__qualname__, list(frame.f_locals.values()) if frame else [])


def _named(function: str, things: list[Any]) -> str:
    ids = [getattr(getattr(thing, "record", thing), "id", None) for thing in things]
    return " ".join([function, *(f"({id_})" for id_ in ids if isinstance(id_, str))][:2])


def after(env: Environment, delay_h: float, call: Callable[[Event], Any], priority: EventPriority = ARRIVALS) -> None:
    """Call something after `delay_h`, in the given order among what happens then.

    Things that happen once, have no life of their own and are in no other order than arrivals hang on SimPy's own
    `env.timeout(delay_h).callbacks`.
    """
    Timer(env, delay_h, priority).callbacks.append(call)


class Recorder:
    """Writes the event log row by row; rows are plain tuples because that is what costs least.

    `write` goes by the name of `Replication.log`: to call the object itself would take twice as long.
    """

    __slots__ = ("env", "rows")

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.rows: list[tuple[Any, ...]] = []

    def write(
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
        """Write one event now, with its `amount` in the unit of its kind; answers its row number, a cause of others."""
        rows = self.rows
        rows.append((self.env.now, kind, subject, place, cause, request, item, persons, amount))
        return len(rows) - 1


class Silent(Recorder):
    """Writes nothing: to measure what the log costs."""

    __slots__ = ()

    def write(self, *_: Any, **_named: Any) -> int:
        """Nothing is written; every cause is unknown."""
        return -1
