"""A shelter: opens on order, takes people in up to its capacity, and empties when water comes into it."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE, RESCUE
from simrescue.simulation.clock import after

if TYPE_CHECKING:
    from simrescue.simulation.places.village import Village
    from simrescue.simulation.state import Simulation

OWN_MEANS, CARRIED, MOVED_ON = 0, 1, 2
"""How people came or went, as in the `item` of LEAVE, ARRIVE_SHELTER and TURN_BACK."""


class Shelter:
    """One shelter of one replication."""

    __slots__ = ("closed", "index", "inside", "open", "persons", "record", "sim")

    def __init__(self, sim: Simulation, index: int) -> None:
        self.sim = sim
        self.index = index
        self.record: Any = sim.world.places[index]
        self.inside: dict[int, int] = {}
        self.persons = 0
        self.open = False
        self.closed = -1  # the row that tells of the water or flames that are in it

    def has_room(self) -> bool:
        """Whether it works and is not yet full (it may still have to open its doors)."""
        return self.persons < self.record.capacity and not self.sim.is_unsafe(self.index)

    def receive(self, village: Village, persons: int, item: int, cause: int) -> None:
        """People are at the door. Those who find it full go on to the next one that has room.

        Where no shelter has room they stay, and count as without shelter until tents come.
        """
        if not self.open:
            self.open = True
            opening = self.record.opening_h
            after(self.sim.env, opening, lambda _: self.sim.log(Kind.SHELTER_OPENS, self.index, self.index, cause))
        room = 0 if self.sim.is_unsafe(self.index) else max(0, int(self.record.capacity) - self.persons)
        inside, over = min(persons, room), max(0, persons - room)
        other = self._other(village) if over else None
        if other is None:
            inside, over = persons, 0
        if inside:
            self.admit(village, inside, item, cause)
        if over and other is not None:
            row = self.sim.log(Kind.TURNED_AWAY, village.index, self.index, cause, persons=over)
            self._at_the_door(village, over, item, row)
            self._send_on(village, over, other, row)

    def admit(self, village: Village, persons: int, item: int, cause: int) -> None:
        """People of a village are inside now."""
        self._at_the_door(village, persons, item, cause)
        village.sheltered += persons
        self.inside[village.index] = self.inside.get(village.index, 0) + persons
        self.persons += persons
        self.sim.sites[self.index].join(village.index, persons, village)

    def _at_the_door(self, village: Village, persons: int, item: int, cause: int) -> None:
        if item == CARRIED:
            village.aboard -= persons
        self.sim.log(Kind.ARRIVE_SHELTER, village.index, self.index, cause, item=item, persons=persons)

    def _other(self, village: Village) -> int | None:
        order = self.sim.world.shelter_order[village.index]
        return next((i for i in order if i != self.index and self.sim.shelters[i].has_room()), None)

    def _move(self, village: Village, persons: int, goal: int, cause: int) -> None:
        """People of a village who are inside go on from here to another shelter."""
        self.inside[village.index] -= persons
        if not self.inside[village.index]:
            del self.inside[village.index]
        self.persons -= persons
        village.sheltered -= persons
        self.sim.sites[self.index].leave(village.index, persons, village)
        self._send_on(village, persons, goal, cause)

    def _send_on(self, village: Village, persons: int, goal: int, cause: int) -> None:
        """People of a village are on the way from the door to another shelter."""
        village.moving += persons
        row = self.sim.log(Kind.LEAVE, village.index, goal, cause, item=MOVED_ON, persons=persons)
        self.sim.env.process(self._travel(village, persons, goal, row))

    def _travel(self, village: Village, persons: int, goal: int, row: int) -> Generator[Any, Any, None]:
        reached, row = yield from self.sim.roads.travel("bus", self.index, goal, village.index, row)
        if reached != goal and reached != self.index:
            reached, row = yield from self.sim.roads.travel("bus", reached, self.index, village.index, row)
        village.moving -= persons
        at = goal if reached == goal else self.index
        self.sim.shelters[at].admit(village, persons, OWN_MEANS, row)

    def works_again(self) -> None:
        """The water or the flames are gone: beds count again, and who waits for them comes or is brought."""
        self.closed = -1
        self.sim.sites[self.index].recount()
        room = self.record.capacity - self.persons
        for other in self.sim.shelters.values():
            if room > 0 and other.persons and self.sim.is_unsafe(other.index):
                room -= other.move_to(self.index, room)
        self.sim.command.look_again(self._serves(), EVACUATE, RESCUE)

    def _serves(self) -> set[int]:
        """Villages whose people may be brought here."""
        return {village for village, order in enumerate(self.sim.world.shelter_order) if self.index in order}

    def close_down(self) -> None:
        """Water or flames in the shelter: everybody inside moves on, where another has room."""
        self.closed = self.sim.log(Kind.SHELTER_CLOSES, self.index, self.index, persons=self.persons)
        self.sim.sites[self.index].recount()
        for index, persons in list(self.inside.items()):
            village = self.sim.villages[index]
            goal = self._other(village)
            if goal is not None:
                self._move(village, persons, goal, self.closed)

    def move_to(self, goal: int, room: int) -> int:
        """Those who are left in a closed shelter go where there is room now; answers how many."""
        if self.closed < 0:  # they came when the water was in it already
            self.closed = self.sim.log(Kind.SHELTER_CLOSES, self.index, self.index, persons=self.persons)
        left = room
        for index, persons in list(self.inside.items()):
            village = self.sim.villages[index]
            if left and goal in self.sim.world.shelter_order[index]:
                going = min(persons, left)
                left -= going
                self._move(village, going, goal, self.closed)
        return room - left
