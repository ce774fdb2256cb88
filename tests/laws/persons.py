"""Everybody of a log by himself: where he is, what he has been given, when he was relieved. Slow, and plain to read.

Written apart from the product's metrics, from the meaning of the rows alone; the metrics must come to the same.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import CONSUMABLE, NEEDS
from simrescue.simulation.world import World
from tests.laws.ledger import ABOARD, CAUGHT, DEAD, HOME, LODGED, MOVES, SHELTERED, STRANDED, Row, rows_of

FOOD, CLOTHING, WATER, SHELTER, MEDICAL = range(len(NEEDS))
NEVER = float("inf")
LEAST_CLASS = {CLOTHING: 2, SHELTER: 3}


class Person:
    """One resident."""

    def __init__(self, village: int) -> None:
        self.village = village
        self.state = HOME
        self.site = -1
        self.number = -1
        self.affected_h = self.relieved_h = NEVER
        self.owed = False
        """Whether the public has ever owed him anything."""
        self.had: set[int] = set()
        """Needs that have ever been met for him."""
        self.since_h = self.own_h = self.lapsed_h = 0.0


class Told(NamedTuple):
    """What a group of the metric must say too."""

    village: int
    affected_h: float
    relieved_h: float
    own_h: float


class Persons:
    """All residents of one log."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.tracked = world.facts.tracked
        self.queues: dict[tuple[int, int, int], list[Person]] = defaultdict(list)
        self.at: dict[int, list[Person]] = defaultdict(list)
        self.arrived: dict[int, int] = defaultdict(int)
        self.reach: dict[tuple[int, int], float] = defaultdict(float)
        self.danger: dict[int, int] = defaultdict(int)
        self.on_own: set[int] = set()
        self.had: dict[tuple[int, int], float] = defaultdict(float)
        """What a place has ever had of an item."""
        self.used: dict[tuple[int, int], float] = defaultdict(float)
        """What those who were provided there must have had of it: person-days eaten, sets of clothing."""
        self.everybody: list[Person] = []
        self.rows: list[Row] = []

    def keep(self, log: EventLog) -> Persons:
        """Follow everybody through a log."""
        for row in rows_of(log):
            self.rows.append(row)
            self._enter(row)
        for site in list(self.at):
            self._pass_time(site, self.world.duration_h)
        return self

    def told(self) -> Counter[Told]:
        """How many of the affected have the same to tell."""
        return Counter(
            Told(one.village, round(one.affected_h, 6), round(one.relieved_h, 6), round(one.own_h, 6))
            for one in self._affected()
        )

    def lapsed_h(self, village: int) -> float:
        """Person-hours after relief without something."""
        return sum(one.lapsed_h for one in self._affected() if one.village == village)

    def _affected(self) -> Iterator[Person]:
        for one in self.everybody:
            if one.state == DEAD:
                one.relieved_h = NEVER
            if one.affected_h < NEVER:
                yield one

    # ---- rows

    def _enter(self, row: Row) -> None:
        if row.kind == Kind.LIVES:
            lives = [Person(row.subject) for _ in range(int(row.persons))]
            self.everybody += lives
            self.queues[row.subject, HOME, -1] += lives
        elif (row.kind, row.item) in MOVES or row.kind == Kind.TAKEN_FROM_ROAD:
            self._move(row)
        elif row.kind in (Kind.HOUSES_FLOODED, Kind.FIRE_ARRIVES):
            self._pass_time(row.subject, row.time_h)
            self.danger[row.subject] = max(self.danger[row.subject], 4 if row.kind == Kind.FIRE_ARRIVES else row.item)
        elif row.kind in (Kind.OWN_STOCK, Kind.OWN_STOCK_ENDS):
            self._pass_time(row.place, row.time_h)
            (self.on_own.add if row.kind == Kind.OWN_STOCK else self.on_own.discard)(row.place)
        elif row.kind in (Kind.STOCKED, Kind.DELIVERS):
            self.had[row.place, row.item] += row.amount
        elif row.kind in (Kind.MET, Kind.LAPSES):
            self._provide(row)

    def _move(self, row: Row) -> None:
        from_road = row.kind == Kind.TAKEN_FROM_ROAD
        came_from, go_to = (CAUGHT, ABOARD) if from_road else MOVES[row.kind, row.item]
        village = row.item if from_road else row.place if row.kind == Kind.PICKS_UP else row.subject
        cause = self.rows[row.cause].kind if row.cause >= 0 else None
        door = cause == Kind.TURNED_AWAY
        left = -1
        if came_from == SHELTERED and not door:
            left = self.rows[row.cause].place if row.kind == Kind.LEAVE else row.place
        queue = self.queues[village, came_from, left]
        movers, self.queues[village, came_from, left] = queue[: int(row.persons)], queue[int(row.persons) :]
        assert len(movers) == row.persons, f"more leave than are there: {row}"
        inside = row.place if go_to == SHELTERED and not door else -1
        self.queues[village, go_to, inside] += movers
        site = village if go_to in (HOME, STRANDED) else inside
        for place in {*(one.site for one in movers), site} - {-1}:
            self._pass_time(place, row.time_h)
        gone = {id(one) for one in movers if one.site not in (-1, site)}
        for place in {one.site for one in movers} - {-1, site}:
            self.at[place] = [one for one in self.at[place] if id(one) not in gone]
        for one in movers:
            one.state = go_to
            one.affected_h = min(one.affected_h, row.time_h)
            if site >= 0 and one.site != site:
                one.number = self.arrived[site]
                self.arrived[site] += 1
                one.since_h = row.time_h
                self.at[site].append(one)
            one.site = site
            if row.kind == Kind.ARRIVE_SHELTER and row.item in (0, 3):
                one.had.add(CLOTHING)  # in his bag
            if go_to == LODGED and one.owed:
                one.relieved_h = min(one.relieved_h, row.time_h)
            one.owed |= site >= 0
        self._relieve(site, row.time_h)

    def _provide(self, row: Row) -> None:
        """Two ways to tell how many are provided: the persons of the row, and the numbers of those who are there."""
        self._pass_time(row.place, row.time_h)
        key = (row.place, row.item)
        before = sum(one.number < self.reach[key] for one in self.at[row.place])
        self.reach[key] = row.amount
        now = [one for one in self.at[row.place] if one.number < row.amount]
        if row.item == CLOTHING:
            self.used[key] += row.persons
        elif row.kind == Kind.LAPSES and CONSUMABLE[row.item]:
            assert abs(self.had[key] - self.used[key]) < 1e-3, f"runs out, and not all is eaten: {row}"
            assert row.amount == 0, f"has run out for some only: {row}"
        assert self.used[key] <= self.had[key] + 1e-3, f"more than there was: {row}"
        if row.item != CLOTHING:
            assert abs(len(now) - before) == row.persons, f"served otherwise than told: {row}"
            assert (len(now) > before) == (row.kind == Kind.MET)
        if row.kind == Kind.MET:
            for one in now:
                one.had.add(row.item)
        self._relieve(row.place, row.time_h)

    # ---- relief

    def _applies(self, site: int, need: int) -> bool:
        is_village = self.world.kinds[site] == "village"
        return CONSUMABLE[need] or not is_village or self.danger[site] >= LEAST_CLASS[need]

    def _relieve(self, site: int, now_h: float) -> None:
        for one in self.at.get(site, ()):
            if one.relieved_h == NEVER and all(
                need in one.had or not self._applies(site, need) for need in self.tracked
            ):
                one.relieved_h = now_h

    def _lacks(self, one: Person) -> bool:
        if one.site in self.on_own:
            return False
        for need in self.tracked:
            given = need in one.had if need == CLOTHING else one.number < self.reach[one.site, need]
            if self._applies(one.site, need) and not given:
                return True
        return False

    def _pass_time(self, site: int, now_h: float) -> None:
        for one in self.at.get(site, ()):
            hours, one.since_h = now_h - one.since_h, now_h
            for need in self.tracked:
                if CONSUMABLE[need] and one.number < self.reach[site, need]:
                    self.used[site, need] += hours / 24
            if one.relieved_h < NEVER:
                one.lapsed_h += hours * self._lacks(one)
            elif site in self.on_own:
                one.own_h += hours
