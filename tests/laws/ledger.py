"""The books of a run, kept from its event log alone: where every person, every item and every responder is.

Written apart from the product's own metrics, from the meaning of the event kinds; it refuses a row that cannot be.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import NamedTuple

from simrescue.events import EventKind as Kind
from simrescue.events import EventLog
from simrescue.places import NEEDS
from simrescue.simulation.world import World

HOME, MOVING, SHELTERED, STRANDED, TRAPPED, ABOARD, DEAD, LODGED, CAUGHT = range(9)
SMALL = 1e-6

MOVES: dict[tuple[Kind, int], tuple[int, int]] = {
    (Kind.LEAVE, 0): (HOME, MOVING),
    (Kind.LEAVE, 2): (SHELTERED, MOVING),
    (Kind.LEAVE, 4): (STRANDED, MOVING),
    (Kind.ARRIVE_SHELTER, 0): (MOVING, SHELTERED),
    (Kind.ARRIVE_SHELTER, 1): (ABOARD, SHELTERED),
    (Kind.ARRIVE_SHELTER, 2): (MOVING, SHELTERED),
    (Kind.ARRIVE_SHELTER, 3): (ABOARD, SHELTERED),
    (Kind.PUPILS_FETCHED, -1): (HOME, LODGED),
    (Kind.LODGES, 0): (MOVING, LODGED),
    (Kind.LODGES, 1): (ABOARD, LODGED),
    (Kind.LODGES, 2): (SHELTERED, LODGED),
    (Kind.LODGES, 3): (ABOARD, LODGED),
    (Kind.TURN_BACK, -1): (MOVING, HOME),
    (Kind.TURN_BACK, 0): (MOVING, HOME),
    (Kind.TURN_BACK, 1): (ABOARD, HOME),
    (Kind.STRANDED, -1): (HOME, STRANDED),
    (Kind.TRAPPED, -1): (STRANDED, TRAPPED),
    (Kind.FREED, 0): (TRAPPED, STRANDED),
    (Kind.FREED, 1): (STRANDED, HOME),
    (Kind.PICKS_UP, 0): (TRAPPED, ABOARD),
    (Kind.PICKS_UP, 1): (STRANDED, ABOARD),
    (Kind.PICKS_UP, 2): (HOME, ABOARD),
    (Kind.CAUGHT, 0): (MOVING, CAUGHT),
    (Kind.CAUGHT, 1): (ABOARD, CAUGHT),
    (Kind.GOES_ON, -1): (CAUGHT, MOVING),
    (Kind.RETURN_HOME, 0): (SHELTERED, MOVING),
    (Kind.RETURN_HOME, 1): (LODGED, MOVING),
    (Kind.COMES_HOME, -1): (MOVING, HOME),
    (Kind.DIED, 0): (TRAPPED, DEAD),
    (Kind.DIED, 1): (STRANDED, DEAD),
    (Kind.DIED, 2): (HOME, DEAD),
    (Kind.DIED, 3): (SHELTERED, DEAD),
    (Kind.DIED, 4): (LODGED, DEAD),
    (Kind.DIED, 5): (CAUGHT, DEAD),
}
"""From which state to which people go, by kind and item."""
WORK = (
    Kind.PICKS_UP, Kind.SETS_DOWN, Kind.LOADED, Kind.DELIVERS, Kind.SEES, Kind.SERVED, Kind.LANDED, Kind.TAKEN_ON,
    Kind.TAKEN_FROM_ROAD, Kind.FINDS_NO_FIRE,
)  # fmt: skip
"""What a responder can only do where it is."""
BOARDS = (Kind.PICKS_UP, Kind.TAKEN_ON, Kind.TAKEN_FROM_ROAD)
"""Rows by which people come aboard; their subject carries them until they get out or are set ashore."""
BY_OTHERS = (Kind.PICKS_UP, Kind.LANDED)
"""What neighbours do too, and people who go on from a transfer point."""


class Row(NamedTuple):
    """One row of a log."""

    number: int
    time_h: float
    kind: Kind
    subject: int
    place: int
    cause: int
    request: int
    item: int
    persons: float
    amount: float


def rows_of(log: EventLog) -> Iterator[Row]:
    """The rows of a log in order."""
    columns = zip(*(column.tolist() for column in log), strict=True)
    return (Row(i, one[0], Kind(one[1]), *one[2:]) for i, one in enumerate(columns))


class Ledger:
    """Accounts of one run."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.people: dict[int, list[float]] = {}
        self.in_shelter: dict[tuple[int, int], float] = defaultdict(float)
        self.in_crew: dict[int, float] = defaultdict(float)
        """Aboard each responder; with neighbours (their village), or on the way from a transfer point (the place)."""
        self.ashore: dict[int, float] = defaultdict(float)
        """Who waits at each transfer point."""
        self.set_ashore: set[int] = set()
        """Of the rows by which people came aboard those whose people have been set ashore since."""
        self.seats = {member.index: member.seats for member in world.members}
        self.stock: dict[int, list[float]] = defaultdict(lambda: [0.0] * len(NEEDS))
        self.loaded: dict[int, list[float]] = defaultdict(lambda: [0.0] * len(NEEDS))
        self.stocked = [0.0] * len(NEEDS)
        self.delivered = [0.0] * len(NEEDS)
        self.at: dict[int, int | None] = {}
        self.on_mission: dict[int, bool] = {}
        self.rows: list[Row] = []
        self.last_h = 0.0
        self.depots = {i for i, kind in enumerate(world.kinds) if kind == "depot"}
        self.rules: dict[Kind, Callable[[Row], None]] = {
            Kind.LIVES: self._lives,
            Kind.ENDS: self._ends,
            Kind.STOCKED: self._stocked,
            Kind.LOADED: self._loads,
            Kind.FETCHED: self._loads,
            Kind.DELIVERS: self._delivers,
            Kind.STANDS: self._stands,
            Kind.ASSIGNED: self._assigned,
            Kind.FREE: self._free,
            Kind.SETS_OFF: self._sets_off,
            Kind.ARRIVES: self._arrives,
            Kind.LANDED: self._landed,
            Kind.TAKEN_ON: self._taken_on,
            Kind.TAKEN_FROM_ROAD: self._taken_from_road,
            Kind.POINT_MOVES: self._point_moves,
        }

    def keep(self, log: EventLog) -> Ledger:
        """Enter every row of a log, refusing what cannot be."""
        for row in rows_of(log):
            self.enter(row)
        return self

    def enter(self, row: Row) -> None:
        """Enter one row."""
        assert row.time_h >= self.last_h, "time runs backwards"
        assert row.cause < row.number, "an effect before its cause"
        self.last_h = row.time_h
        self.rows.append(row)
        on_foot = row.kind == Kind.DELIVERS and row.subject == row.place  # people bring home what they have fetched
        in_passing = row.kind == Kind.SEES and row.request < 0
        by_themselves = row.kind in BY_OTHERS and row.subject not in self.seats
        if row.kind in WORK and not (on_foot or in_passing or by_themselves):
            assert self.at[row.subject] in (row.place, None), f"works where it is not: {row}"
            assert self.on_mission[row.subject], f"works without a mission: {row}"
        if (row.kind, row.item) in MOVES:
            self._move(row)
        elif row.kind in self.rules:
            self.rules[row.kind](row)

    # ---- people

    def _lives(self, row: Row) -> None:
        assert row.subject not in self.people, "a village counted twice"
        self.people[row.subject] = [row.persons, 0, 0, 0, 0, 0, 0, 0, 0]

    def _move(self, row: Row) -> None:
        came_from, go_to = MOVES[row.kind, row.item]
        village = row.place if row.kind == Kind.PICKS_UP else row.subject
        states = self.people[village]
        assert row.persons > 0, f"nobody moves: {row}"
        states[came_from] -= row.persons
        states[go_to] += row.persons
        assert min(states) >= 0, f"more leave than are there: {row} {states}"
        assert sum(states) == self.world.scenario.settlements[village].population
        self._count_inside(row, village)
        if row.kind == Kind.PICKS_UP:
            self._aboard(row)

    def _aboard(self, row: Row) -> None:
        self.in_crew[row.subject] += row.persons
        seats = self.seats.get(row.subject, float("inf"))
        assert self.in_crew[row.subject] <= seats, f"more aboard than seats: {row}"

    def _landed(self, row: Row) -> None:
        self.in_crew[row.subject] -= row.persons
        assert self.in_crew[row.subject] >= 0, f"more set ashore than were aboard: {row}"
        self.ashore[row.place] += row.persons
        self.set_ashore.add(row.cause)

    def _taken_on(self, row: Row) -> None:
        self.ashore[row.place] -= row.persons
        assert self.ashore[row.place] >= 0, f"more taken on than wait there: {row}"
        self._aboard(row)

    def _taken_from_road(self, row: Row) -> None:
        states = self.people[row.item]
        states[CAUGHT] -= row.persons
        states[ABOARD] += row.persons
        assert states[CAUGHT] >= 0, f"more are taken than are caught: {row}"
        self._aboard(row)

    def _point_moves(self, row: Row) -> None:
        assert self.ashore[row.subject] == row.persons, f"somebody stays behind: {row}"
        self.ashore[row.subject] = 0
        self.in_crew[row.subject] += row.persons

    def _count_inside(self, row: Row, village: int) -> None:
        """People of each village in each shelter, and aboard each crew that has set down here."""
        ends = (Kind.ARRIVE_SHELTER, Kind.TURN_BACK, Kind.LODGES, Kind.CAUGHT)
        if row.kind in ends and row.item in (1, 3):
            crew = self._crew_at_door(row)
            self.in_crew[crew] -= row.persons
            assert self.in_crew[crew] >= 0, f"more get out than were aboard: {row}"
        if row.kind == Kind.ARRIVE_SHELTER:
            self.in_shelter[village, row.place] += row.persons
        elif row.kind == Kind.DIED and row.item == 3:
            self.in_shelter[village, row.place] -= row.persons
            assert self.in_shelter[village, row.place] >= 0, f"more die than are there: {row}"
        elif (row.kind, row.item) in ((Kind.LODGES, 2), (Kind.RETURN_HOME, 0)):
            self.in_shelter[village, row.place] -= row.persons
            assert self.in_shelter[village, row.place] >= 0, f"more leave than are there: {row}"
        elif row.kind == Kind.LEAVE and row.item == 2:
            shelter = self.rows[row.cause].place
            self.in_shelter[village, shelter] -= row.persons
            assert self.in_shelter[village, shelter] >= 0, f"more go on than are there: {row}"
            assert shelter != row.place, f"goes on to where he is: {row}"

    def _crew_at_door(self, row: Row) -> int:
        """The crew that brings people: the subject of the nearest cause that is a responder with people aboard.

        Neighbours bring those whom they took aboard, and nobody whom they have set ashore: who carried those in the end
        is told by what came later, or they have gone on to this place from a transfer point by themselves.
        """
        cause = row.cause
        while cause >= 0:
            one = self.rows[cause]
            if one.kind in BOARDS and cause in self.set_ashore:
                break
            if (one.subject in self.seats or one.kind in BOARDS) and self.in_crew.get(one.subject, 0) > 0:
                return one.subject
            cause = one.cause
        for one in reversed(self.rows):
            if one.kind == Kind.POINT_MOVES and one.place == row.place and self.in_crew[one.subject] > 0:
                return one.subject
        raise AssertionError(f"carried by nobody: {row}")

    def _ends(self, row: Row) -> None:
        assert self.people[row.subject][row.item] == row.persons, f"the books differ at the end: {row}"

    # ---- goods

    def _stocked(self, row: Row) -> None:
        """Stock at the start, or a load that comes back undelivered."""
        if row.place not in self.depots:
            return
        self.stock[row.place][row.item] += row.amount
        if row.cause < 0:
            self.stocked[row.item] += row.amount
        else:
            self._unload(self.rows[row.cause].subject, row)

    def _loads(self, row: Row) -> None:
        self.stock[row.place][row.item] -= row.amount
        self.loaded[row.subject][row.item] += row.amount
        assert row.amount > 0, f"nothing is loaded: {row}"
        assert self.stock[row.place][row.item] >= -SMALL, f"more is loaded than there is: {row}"

    def _delivers(self, row: Row) -> None:
        self._unload(row.subject, row)
        if row.place in self.depots:
            self.stock[row.place][row.item] += row.amount
        else:
            self.delivered[row.item] += row.amount

    def _unload(self, crew: int, row: Row) -> None:
        self.loaded[crew][row.item] -= row.amount
        assert self.loaded[crew][row.item] >= -SMALL, f"more is unloaded than was loaded: {row}"

    def goods(self, item: int) -> float:
        """All there is of an item: in depots, on the road, delivered."""
        held = sum(stock[item] for stock in self.stock.values())
        return held + sum(load[item] for load in self.loaded.values()) + self.delivered[item]

    # ---- responders

    def _stands(self, row: Row) -> None:
        assert row.subject not in self.at, "a responder stands in two places"
        self.at[row.subject] = row.place
        self.on_mission[row.subject] = False

    def _assigned(self, row: Row) -> None:
        if self.on_mission[row.subject]:  # on to another place with what is aboard
            aboard = self.in_crew[row.subject] + sum(self.loaded[row.subject])
            assert aboard > SMALL, f"two missions at once: {row}"
            assert self.at[row.subject] is not None, f"sent on before it came to where it was sent: {row}"
        self.on_mission[row.subject] = True

    def _free(self, row: Row) -> None:
        assert self.on_mission[row.subject], f"free without having been sent: {row}"
        self.on_mission[row.subject] = False

    def _sets_off(self, row: Row) -> None:
        self.at[row.subject] = None

    def _arrives(self, row: Row) -> None:
        # a crew that gathers for a fire where it stands arrives there at once
        assert self.at[row.subject] in (None, row.place), f"arrives without having set off: {row}"
        self.at[row.subject] = row.place
