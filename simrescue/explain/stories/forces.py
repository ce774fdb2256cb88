"""Who is there, who is out and for what, at any moment of a log."""

from __future__ import annotations

from collections import Counter
from functools import cache, cached_property

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.stories.naming import Things, counted
from simrescue.kinds import kind_named, names
from simrescue.responders import TASK_WORDS
from simrescue.wording import Words, bilingual, bilingual_counted, listed

NO_TASK = -1


class Forces:
    """The responders of one log.

    One is out from its assignment until it is free again; who rests after a mission is not free yet. Who is in
    maintenance, or set free only later, is not there.
    """

    def __init__(self, log: EventLog, things: Things) -> None:
        self.log, self.things = log, things
        self.rows = log.where(Kind.ASSIGNED, Kind.FREE)
        self.time_h = log.time_h[self.rows]
        self.task = np.where(log.kind[self.rows] == Kind.ASSIGNED.value, log.item[self.rows], NO_TASK)
        self.members = {
            kind: np.array([its == kind for its in things.kinds], dtype=bool) for kind in names("responder")
        }

    @cached_property
    def there_from_h(self) -> NDArray[np.float64]:
        """Hours from which each thing can be sent, as far as the log tells, shape (T,).

        0 from the start, infinite for what is in maintenance.
        """
        from_h = np.zeros(len(self.things.kinds))
        freed, broken = self.log.where(Kind.RELEASED), self.log.where(Kind.UNSERVICEABLE)
        from_h[self.log.subject[freed]] = self.log.time_h[freed]
        from_h[self.log.subject[broken]] = np.inf
        return from_h

    @cached_property
    def there_until_h(self) -> NDArray[np.float64]:
        """Hours until which each thing could be sent, as far as the log tells, shape (T,); infinite: to the end."""
        until_h = np.full(len(self.things.kinds), np.inf)
        left = self.log.where(Kind.LEAVES)
        until_h[self.log.subject[left]] = self.log.time_h[left]
        return until_h

    def out(self, kind: str, at_h: float) -> tuple[int, Counter[int]]:
        """How many responders of a kind are there, and how many of them are out.

        Args:
            kind: name of the kind.
            at_h: hours since the start of the scenario.

        Returns:
            The number there, and how many of them are out by task (its index).

        Raises:
            KeyError: where it is no kind of responder.
        """
        upto = int(np.searchsorted(self.time_h, at_h, side="right"))
        doing = np.full(len(self.things.kinds), NO_TASK)
        doing[self.log.subject[self.rows[:upto]]] = self.task[:upto]  # of one responder the last row counts
        # Who is in maintenance, not yet set free or gone could not have been sent, and would make the others look idle.
        there = self.members[kind] & (self.there_from_h <= at_h) & (at_h < self.there_until_h)
        return int(there.sum()), Counter(task for task in doing[there].tolist() if task != NO_TASK)

    @cache  # noqa: B019 - lives as long as the stories of one log
    def sent_for(self, task: int) -> tuple[str, ...]:
        """Names of the kinds of responders that were ever sent for a task (its index), the most often sent first.

        At most two.
        """
        sent = self.log.subject[self.rows[self.task == task]].tolist()
        return tuple(kind for kind, _ in Counter(self.things.kinds[one] for one in sent).most_common(2))

    def words(self, kind: str, at_h: float) -> Words | None:
        """Who is out, in words: "7 of 9 boats there are out (5 for rescue, 2 for relief)".

        None where nobody of the kind is there.

        Args:
            kind: name of the kind.
            at_h: hours since the start of the scenario.
        """
        total, tasks = self.out(kind, at_h)
        if not total:
            return None
        counter = kind_named(kind).noun.counter_zh

        def so_many(n: int) -> Words:
            return Words(str(n), f"{n}{counter}")

        number = sum(tasks.values())
        words = bilingual_counted(
            "{out} of {all} there is out", "{out} of {all} there are out", number,
            out=so_many(number), all=counted(kind, total),
        )  # fmt: skip
        if not tasks:
            return words
        busy = [bilingual("{number} for {task}", number=so_many(n), task=TASK_WORDS[t]) for t, n in tasks.most_common()]
        return bilingual("{out} ({tasks})", out=words, tasks=listed(busy))
