"""A log laid out for walking back: columns as plain lists, and each row's neighbours by responder, request and place.

Reading single entries of lists is several times faster than of arrays, and a walk reads little else.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.kinds import KINDS, made_for_task
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import remembered
from simrescue.places import NEEDS
from simrescue.responders import TASKS

NEVER_ROW = -1
DIGITS = 6
"""Digits of hours to which two rows are of one moment."""
LEAST_GOODS = 1e-6
"""Goods less than this are none."""

WORSENS = (
    Kind.STRANDED, Kind.TRAPPED, Kind.INJURED, Kind.TURN_BACK, Kind.CONTACT_RESTORED, Kind.WARNED, Kind.WATER_RISES,
    Kind.WATER_ARRIVES, Kind.FIRE_ARRIVES, Kind.PLACE_LOST, Kind.ISOLATED,
)  # fmt: skip
"""Rows of a village after which it may send word of more people in need."""

MOVES_PEOPLE = (
    Kind.STRANDED, Kind.FREED, Kind.PICKS_UP, Kind.DIED, Kind.ARRIVE_SHELTER, Kind.TRAPPED, Kind.TURN_BACK,
    Kind.LODGES, Kind.RETURN_HOME, Kind.COMES_HOME,
)  # fmt: skip
"""Rows after which the people at a place are counted anew."""


@dataclass(frozen=True, eq=False)
class LogRows:
    """One log for walking back. Indexes are row numbers of the log; lists have one entry a row, in order of time.

    Indexes by place, request and responder are made when first asked for: a clause about fires needs none about stocks.
    """

    log: EventLog
    facts: Facts
    decision_h: float
    """Hours that command thinks about news."""
    time: list[float] = field(repr=False)
    kind: list[int] = field(repr=False)
    subject: list[int] = field(repr=False)
    place: list[int] = field(repr=False)
    cause: list[int] = field(repr=False)
    request: list[int] = field(repr=False)
    item: list[int] = field(repr=False)
    before: list[int] = field(repr=False)
    """The row of the same responder before this one; NEVER_ROW for the first, and where the subject is no responder."""

    @cached_property
    def is_responder(self) -> list[bool]:
        """Whether each thing is a responder, shape (T + 1,).

        The last entry answers for the index -1, which is nobody.
        """
        answer: list[bool] = self.facts.of_role("responder").tolist()
        return answer

    @cached_property
    def thing_kind(self) -> list[str]:
        """Name of the kind of each thing, shape (T,)."""
        names = list(KINDS)
        return [names[number] for number in self.facts.kinds.tolist()]

    @cached_property
    def of_responder(self) -> dict[int, list[int]]:
        """Rows of each responder in order."""
        of_crews = np.flatnonzero(self.facts.of_role("responder")[self.log.subject])
        return grouped(self.log.subject[of_crews], of_crews)

    @cached_property
    def of_request(self) -> dict[int, list[int]]:
        """Rows of responders for each request in order."""
        of_crews = np.flatnonzero((self.log.request >= 0) & self.facts.of_role("responder")[self.log.subject])
        return grouped(self.log.request[of_crews], of_crews)

    @cached_property
    def opened(self) -> dict[int, int]:
        """Row REQUEST_OPENED of each request."""
        return self._by_request(Kind.REQUEST_OPENED)

    @cached_property
    def closed(self) -> dict[int, int]:
        """Row REQUEST_CLOSED of each request that was closed."""
        return self._by_request(Kind.REQUEST_CLOSED)

    @cached_property
    def unable(self) -> dict[int, int]:
        """First NO_RESPONDER of each request: somebody was idle, and nobody could serve it."""
        return self._by_request(Kind.NO_RESPONDER)

    @cached_property
    def unmet_at(self) -> dict[int, list[int]]:
        """Requests that are open at the end, by place."""
        rows = self.log.where(Kind.UNMET)
        return grouped(self.log.place[rows], self.log.request[rows])

    @cached_property
    def short(self) -> set[int]:
        """Numbers of the requests for which a crew came to a depot and found no stock."""
        return set(self.log.request[self.log.where(Kind.NO_STOCK)].tolist())

    @cached_property
    def worsens(self) -> dict[int, list[int]]:
        """Rows `WORSENS` of each village, after which it may ask for more."""
        rows = self.log.where(*WORSENS)
        return grouped(self.log.subject[rows], rows)

    @cached_property
    def needs(self) -> dict[int, list[int]]:
        """Rows NEEDS by place."""
        rows = self.log.where(Kind.NEEDS)
        return grouped(self.log.place[rows], rows)

    @cached_property
    def wants(self) -> dict[int, list[int]]:
        """Rows at which command wants more people or aircraft, or divides them anew, or has crews gather elsewhere."""
        rows = self.log.where(Kind.REINFORCES, Kind.DIVIDES, Kind.STAGES)
        return grouped(self.log.place[rows], rows)

    @cached_property
    def moves(self) -> dict[int, list[int]]:
        """Rows `MOVES_PEOPLE` by the place whose people change.

        Where they are taken aboard or arrive, else their village.
        """
        rows = self.log.where(*MOVES_PEOPLE)
        # Rows of a crew have the crew as subject; whose people they change is told by the place.
        kinds = (Kind.PICKS_UP, Kind.ARRIVE_SHELTER, Kind.LODGES, Kind.RETURN_HOME)
        by_place = np.isin(self.log.kind[rows], kinds)
        return grouped(np.where(by_place, self.log.place[rows], self.log.subject[rows]), rows)

    @cached_property
    def slowed_h(self) -> dict[int, float]:
        """Hours that people lost in traffic, by the row that tells of their setting out or last turning round."""
        rows = self.log.where(Kind.SLOWED)
        return dict(zip(self.log.cause[rows].tolist(), self.log.amount[rows].tolist(), strict=True))

    @cached_property
    def reopened_h(self) -> list[float]:
        """Hours at which command learned that a road is open again, in order; of any road, since any may be the way."""
        answer: list[float] = self.log.time_h[self.log.where(Kind.ROAD_KNOWN_OPEN)].tolist()
        return answer

    @cached_property
    def restocked_h(self) -> list[float]:
        """Hours at which goods came into any depot, in order."""
        depots = self.facts.of_kinds(("depot",))
        rows = self.log.where(Kind.DELIVERS, Kind.STOCKED)
        answer: list[float] = self.log.time_h[rows[depots[self.log.place[rows]]]].tolist()
        return answer

    @cached_property
    def stocks(self) -> list[tuple[list[float], list[float]]]:
        """Stock of all depots together, for each need of `places.NEEDS` in turn.

        Returns:
            Pairs of hours at which it changes and of what is held from then on, in the unit of the event's amount.
        """
        depots, log = self.facts.of_kinds(("depot",)), self.log
        rows = log.where(Kind.STOCKED, Kind.LOADED, Kind.FETCHED, Kind.DELIVERS)
        # What is handed over in a village went out of the stock when it was loaded.
        rows = rows[depots[log.place[rows]]]
        out = np.isin(log.kind[rows], (Kind.LOADED.value, Kind.FETCHED.value))
        change = np.where(out, -log.amount[rows], log.amount[rows])
        found = []
        for need in range(len(NEEDS)):
            of_need = log.item[rows] == need
            found.append((log.time_h[rows[of_need]].tolist(), np.cumsum(change[of_need]).tolist()))
        return found

    def has_stock(self, place: int, at_h: float) -> bool:
        """Whether all depots together held any of the goods that a place had last asked for.

        Args:
            place: index of the thing.
            at_h: hours since the start of the scenario.

        Returns:
            True also where the place had asked for nothing yet: then nothing was missing.
        """
        last = last_until(self.needs.get(place, []), self.time, at_h)
        # Asked for nothing yet: a crew was not kept back by missing goods then.
        if last == NEVER_ROW:
            return True
        # Needs of one report stand in several rows of the same moment.
        wanted = {self.item[row] for row in self.needs[place] if self.time[row] == self.time[last]}
        for need in wanted:
            times, amounts = self.stocks[need]
            at = bisect_right(times, at_h)
            # The running sum leaves crumbs of rounding where a stock is used up.
            if at and amounts[at - 1] > LEAST_GOODS:
                return True
        return False

    @cached_property
    def landed_by(self) -> dict[int, int]:
        """Row PICKS_UP -> the last row LANDED of people who were taken aboard with it."""
        rows = self.log.where(Kind.LANDED)
        return dict(zip(self.log.cause[rows].tolist(), rows.tolist(), strict=True))

    @cached_property
    def cut_off(self) -> dict[int, list[int]]:
        """Rows ISOLATED and REACHABLE by village, in order."""
        rows = self.log.where(Kind.ISOLATED, Kind.REACHABLE)
        return grouped(self.log.subject[rows], rows)

    @cached_property
    def kind_for_task(self) -> dict[int, str]:
        """Whom people waited for while nobody was sent: for each task (its index) the name of a kind of responder.

        Returns:
            The kind sent most often for it in this log; where none ever was, the first made for it that the scenario
            has, and without such one the first that is registered.
        """
        rows = self.log.where(Kind.ASSIGNED)
        pairs = zip(self.log.item[rows].tolist(), self.log.subject[rows].tolist(), strict=True)
        sent = Counter((task, self.thing_kind[one]) for task, one in pairs)
        there = set(self.thing_kind)
        made_for = dict[int, str]()
        for number, task in enumerate(TASKS):
            capable = [kind.name for kind in made_for_task(task)]
            # Somebody has to be named even for a task that nobody was sent for; who is there comes before who could be.
            made_for[number] = next((kind for kind in capable if kind in there), capable[0])
        # Reversed, since the last entry of a task stays: that has to be the kind sent most often.
        return made_for | {task: kind for (task, kind), _ in reversed(sent.most_common())}

    @cached_property
    def contact(self) -> dict[int, list[int]]:
        """Rows CONTACT_LOST and CONTACT_RESTORED by village, in order."""
        rows = self.log.where(Kind.CONTACT_LOST, Kind.CONTACT_RESTORED)
        return grouped(self.log.subject[rows], rows)

    @cached_property
    def _carried(self) -> dict[tuple[int, float], int]:
        rows = self.log.where(Kind.RECEIVED)
        hours = np.round(self.log.time_h[rows], DIGITS).tolist()
        return dict(
            zip(zip(self.log.place[rows].tolist(), hours, strict=True), self.log.item[rows].tolist(), strict=True)
        )

    def channel_at(self, sender: int, at_h: float) -> int:
        """Number of the channel by which word of a thing (its index) came at `at_h` (hours); NEVER_ROW for none."""
        return self._carried.get((sender, round(at_h, DIGITS)), NEVER_ROW)

    @cached_property
    def requests_at(self) -> dict[int, list[int]]:
        """Numbers of the requests by place, in the order in which they were opened."""
        rows = self.log.where(Kind.REQUEST_OPENED)
        return grouped(self.log.place[rows], self.log.request[rows])

    def open_at(self, place: int, at_h: float) -> list[int]:
        """Numbers of the requests of a place that stand open at `at_h` (hours).

        One that closes at that moment does not.
        """

        def stands(one: int) -> bool:
            closed = self.closed.get(one)
            # One that closes at the very moment has been served or given up by then.
            return self.time[self.opened[one]] <= at_h and (closed is None or self.time[closed] > at_h)

        return [one for one in self.requests_at.get(place, []) if stands(one)]

    def last_closed(self, place: int, at_h: float) -> int:
        """The row at which the last request of a place that was closed by `at_h` (hours) was closed.

        NEVER_ROW for none.
        """
        rows = [self.closed[one] for one in self.requests_at.get(place, []) if one in self.closed]
        return max((row for row in rows if self.time[row] <= at_h), default=NEVER_ROW)

    def silent_since(self, village: int, at_h: float) -> int:
        """The row at which contact with a village was lost, if there was none at `at_h` (hours).

        NEVER_ROW where there was.
        """
        last = last_until(self.contact.get(village, []), self.time, at_h)
        return last if last >= 0 and self.kind[last] == Kind.CONTACT_LOST else NEVER_ROW

    def is_cut_off(self, village: int, at_h: float) -> bool:
        """Whether no open road led out of a village at `at_h` (hours)."""
        rows = self.cut_off.get(village, [])
        last = last_until(rows, self.time, at_h)
        return last >= 0 and self.kind[last] == Kind.ISOLATED

    def last_of_responder(self, responder: int, row: int) -> int:
        """The last row of a responder (index of the thing) before a row; NEVER_ROW for none."""
        own = self.of_responder.get(responder, [])
        at = bisect_left(own, row)
        return own[at - 1] if at else NEVER_ROW

    def next_of_responder(self, row: int) -> int:
        """The row of the same responder that follows on a row; NEVER_ROW for none.

        Raises KeyError where the row is of nobody.
        """
        own = self.of_responder[self.subject[row]]
        at = bisect_right(own, row)
        return own[at] if at < len(own) else NEVER_ROW

    def _by_request(self, kind: Kind) -> dict[int, int]:
        rows = self.log.where(kind)
        return dict(zip(self.log.request[rows].tolist(), rows.tolist(), strict=True))


@remembered
def rows_of_log(log: EventLog, facts: Facts, decision_h: float) -> LogRows:
    """Lay out a log for walking back; the answer is kept for the clauses that follow on the same log.

    Args:
        log: the event log of a replication.
        facts: what stood fixed in it.
        decision_h: hours that command thinks about news, as in the scenario.
    """
    return LogRows(
        log, facts, decision_h, log.time_h.tolist(), log.kind.tolist(), log.subject.tolist(), log.place.tolist(),
        log.cause.tolist(), log.request.tolist(), log.item.tolist(), _before(log, facts).tolist(),
    )  # fmt: skip


def _before(log: EventLog, facts: Facts) -> NDArray[np.intp]:
    of_crews = np.flatnonzero(facts.of_role("responder")[log.subject])
    # Stable: the rows of one responder stay in order of time.
    order = of_crews[np.argsort(log.subject[of_crews], kind="stable")]
    before = np.full(len(log.kind), NEVER_ROW, dtype=np.intp)
    same = log.subject[order[1:]] == log.subject[order[:-1]]
    before[order[1:][same]] = order[:-1][same]
    return before


def grouped(key: NDArray[np.integer], values: NDArray[np.integer]) -> dict[int, list[int]]:
    """Values by key, those of one key in the order in which they come.

    Args:
        key: shape (n,).
        values: shape (n,).
    """
    if not len(key):
        return {}
    order = np.argsort(key, kind="stable")
    names, first = np.unique(key[order], return_index=True)
    parts = np.split(values[order], first[1:])
    return {int(name): part.tolist() for name, part in zip(names, parts, strict=True)}


def last_until(rows: list[int], time: list[float], at_h: float) -> int:
    """The last of some rows that is not after a time, by bisection; NEVER_ROW for none.

    Args:
        rows: row numbers, rising.
        time: hours of all rows of the log.
        at_h: the time; a row at it counts.
    """
    at = bisect_right(rows, at_h, key=time.__getitem__)
    return rows[at - 1] if at else NEVER_ROW


def any_between(times: list[float], start_h: float, end_h: float) -> bool:
    """Whether one of some times (hours, rising) lies in an interval, ends included."""
    at = bisect_left(times, start_h)
    return at < len(times) and times[at] <= end_h
