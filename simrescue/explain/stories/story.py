"""What happened to a place, and what a responder did, as sentences in English and Chinese.

Many events alike within a few hours become one sentence. Stories are told from the log and the names of things alone.
"""

from __future__ import annotations

from bisect import bisect_right
from datetime import datetime
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.explain.critical_path.log_rows import grouped
from simrescue.explain.stories.forces import Forces
from simrescue.explain.stories.naming import Names, Things, measured, span
from simrescue.explain.stories.rendering import Renderer, Sentence
from simrescue.explain.stories.sentences import TEMPLATES
from simrescue.kinds import names
from simrescue.responders import TASK_WORDS
from simrescue.wording import ITEMS, PARTS, bilingual, bilingual_as, listed

APART_H = 6.0
"""Events alike that lie farther apart are told by themselves."""
WAITED_H = 1.0
"""Waits of a request for its first crew are told from this length on."""
NOT_AT_PLACES = (Kind.SETS_OFF, Kind.SETS_DOWN, Kind.TURNS_OUT, Kind.RETURNS, Kind.STANDS, Kind.RELEASED)
"""Kinds that belong to the story of the responder only."""
ON_THE_WAY = (Kind.TURNS_ROUND, Kind.GIVES_UP)
"""Kinds that are told at the place that the crew was sent to."""


_HAS_TEMPLATE = np.zeros(max(Kind) + 1, dtype=bool)
_HAS_TEMPLATE[list(TEMPLATES)] = True


def story(log: EventLog, things: Things, thing: int, start: datetime) -> list[Sentence]:
    """The story of a place or of a responder (its index), in the order of time; `start` is the scenario's start.

    For many stories of one log `Stories` does the common work once. Raises IndexError for an index that no thing has.
    """
    return Stories(log, things, start).of(thing)


class Stories:
    """All stories of one log; what they share (rows by place, responder and request) is made once.

    Args:
        log: the event log of a replication.
        things: what its indexes point to.
        start: when the scenario starts, with its offset from UTC.
    """

    def __init__(self, log: EventLog, things: Things, start: datetime) -> None:
        self.log, self.things, self.start = log, things, start
        self.teller = Renderer(log, Names(things), start)
        self.forces = Forces(log, things)
        self.kind = self.teller.kind

    def of(self, thing: int) -> list[Sentence]:
        """The story of a place or of a responder (its index), in the order of time.

        Raises IndexError for an index of nothing.
        """
        if self.things.kinds[thing] in names("responder"):
            rows, waits = self._of_subject.get(thing, []), list[Sentence]()
            rows = [row for row in rows if self.kind[row] != Kind.SETS_OFF]
        else:
            rows, waits = self._rows_at(thing), self._waits(thing)
        written = [self.teller.tell(group) for group in fold(rows, self.teller.time, self.kind)]
        return sorted([*written, *waits], key=lambda one: one.time_h)

    def _rows_at(self, thing: int) -> list[int]:
        """Rows that concern a place: there, about it, of its people elsewhere, and of crews on their way to it."""
        rows = {*self._of_place.get(thing, []), *self._of_subject.get(thing, [])}
        rows = {row for row in rows if self.kind[row] not in NOT_AT_PLACES}
        for opened in self._opened.get(thing, []):
            rows.update(self._turned.get(int(self.log.request[opened]), []))
        if self.things.kinds[thing] in ("village", "institution"):
            rows.update(self._relieved_elsewhere(rows))
            rows.update(self._roads_closed_with(rows))
        return sorted(rows)

    def _roads_closed_with(self, rows: set[int]) -> list[int]:
        """Roads that a hazard closed by a cause of its own at the moment at which a village was cut off."""
        cut = {self.teller.time[row] for row in rows if self.kind[row] == Kind.ISOLATED}
        return [row for row in self.log.where(Kind.ROAD_CLOSES).tolist() if self.teller.time[row] in cut]

    def _relieved_elsewhere(self, rows: set[int]) -> list[int]:
        """For each shelter that people of a village came to, the first time that it was relieved from then on."""
        first: dict[int, int] = {}
        for row in sorted(rows):
            if self.kind[row] == Kind.ARRIVE_SHELTER:
                first.setdefault(int(self.log.place[row]), row)
        found = []
        for shelter, arrival in first.items():
            relieved = self._relieved.get(shelter, [])
            found += relieved[bisect_right(relieved, arrival) :][:1]
        return found

    def _waits(self, thing: int) -> list[Sentence]:
        """Requests of a place that waited long for their first crew."""
        written = []
        for opened in self._opened.get(thing, []):
            ends = self._ended.get(int(self.log.request[opened]), [])
            if ends and self.log.time_h[ends[0]] - self.log.time_h[opened] >= WAITED_H:
                written.append(self._wait(opened, ends[0]))
        return written

    def _wait(self, opened: int, end: int) -> Sentence:
        """How long nobody was sent, and who was out half way through."""
        from_h, to_h, task = self.teller.time[opened], self.teller.time[end], self.teller.item[opened]
        # Half way through, because at either end somebody has just come or gone.
        kinds = self.forces.sent_for(task)
        out = [words for words in (self.forces.words(kind, (from_h + to_h) / 2) for kind in kinds) if words]
        values = {"waited": measured(to_h - from_h, "h"), "task": TASK_WORDS[task]}
        if self.kind[end] == Kind.ASSIGNED:
            told = [bilingual("For {waited} nobody is sent for {task}", **values)]
        else:
            told = [bilingual("For {waited} nobody is sent for {task}, and nobody ever is", **values)]
        if out:
            told.append(bilingual("half way through, {out}", out=listed(out, PARTS, _AND)))
        if int(self.log.request[opened]) in self._unable:
            told.append(bilingual("whoever was idle could not serve it (no way, night, range or goods)"))
        place = self.teller.place[opened]
        text = bilingual("{sentence}.", sentence=listed(told, ITEMS))
        return Sentence(from_h, to_h, "WAITS", place, place, *text, *span(from_h, to_h, self.start))

    # ---- rows by what they belong to

    @cached_property
    def _of_subject(self) -> dict[int, list[int]]:
        return self._by(self.log.subject, np.flatnonzero(_HAS_TEMPLATE[self.log.kind]))

    @cached_property
    def _of_place(self) -> dict[int, list[int]]:
        return self._by(self.log.place, np.flatnonzero(_HAS_TEMPLATE[self.log.kind]))

    @cached_property
    def _turned(self) -> dict[int, list[int]]:
        return self._by(self.log.request, self.log.where(*ON_THE_WAY))

    @cached_property
    def _relieved(self) -> dict[int, list[int]]:
        return self._by(self.log.place, self.log.where(Kind.RELIEVED))

    @cached_property
    def _opened(self) -> dict[int, list[int]]:
        return self._by(self.log.place, self.log.where(Kind.REQUEST_OPENED))

    @cached_property
    def _ended(self) -> dict[int, list[int]]:
        return self._by(self.log.request, self.log.where(Kind.ASSIGNED, Kind.REQUEST_CLOSED, Kind.UNMET))

    @cached_property
    def _unable(self) -> set[int]:
        return set(self.log.request[self.log.where(Kind.NO_RESPONDER)].tolist())

    def _by(self, key: NDArray[np.int32], rows: NDArray[np.intp]) -> dict[int, list[int]]:
        return grouped(key[rows], rows)


# ---- many alike


def fold(rows: list[int], time: list[float], kinds: list[int]) -> list[list[int]]:
    """Rows in groups that are told together, in the order of their first rows; kinds that are not told are left out.

    `time` (hours) and `kinds` have one entry for each row of the log.
    """
    groups: list[list[int]] = []
    open_: dict[int, list[int]] = {}
    for row in rows:
        kind = kinds[row]
        if not _HAS_TEMPLATE[kind]:
            continue
        group, folds = open_.get(kind), TEMPLATES[Kind(kind)].many is not None
        if not folds or group is None or time[row] - time[group[-1]] > APART_H:
            group = open_[kind] = []
            groups.append(group)
        group.append(row)
        if kind in _BREAKS:
            open_.clear()
    return [part for group in groups for part in _few_by_themselves(group, Kind(kinds[group[0]]))]


_AND = bilingual_as("before the last part", " and ")
_BREAKS = {
    Kind.WATER_ARRIVES, Kind.ISOLATED, Kind.RELIEVED, Kind.CONTACT_LOST, Kind.FIRE_ARRIVES, Kind.CONTAINED,
    Kind.PLACE_LOST, Kind.RESTS, Kind.BREAKS_DOWN, Kind.HELD, Kind.LEVEL_RAISED,
}  # fmt: skip
"""Events so telling that what comes after them is not folded into what came before."""


def _few_by_themselves(group: list[int], kind: Kind) -> list[list[int]]:
    # Of needs and deliveries there is a row for each of the goods: two are one event already.
    least = 2 if kind.item == "need" else 3
    return [group] if len(group) >= least else [[row] for row in group]
