"""A shelter: opens on order, takes people in up to its capacity, and empties when water comes into it.

Most who come to it only report there and go on to relatives, friends or a hotel; who stays goes there in time as well.

Who finds no bed anywhere stays where he is. Beds are regained when a shelter works again, when people for whom beds
were kept turn back, and when a road is known open: then all who are without a bed look again. People who leave a
shelter for another make no room in it: they leave only what is overfull or does not work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING, Any

from simrescue.events import EventKind as Kind
from simrescue.network.routing import INFINITE
from simrescue.network.traffic_flow import cars_of
from simrescue.responders import EVACUATE, RESCUE
from simrescue.simulation.beds import look_for_beds
from simrescue.simulation.protocols import Convoy
from simrescue.simulation.roads.true_roads import WAIT_FOR_ROAD_H

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Contact, Places, Roads, VillageState
    from simrescue.simulation.state import Replication

OWN_MEANS, CARRIED, MOVED_ON, BROUGHT, WADED = range(5)
"""How people came or went, as in the `item` of LEAVE, LODGES, ARRIVE_SHELTER and TURN_BACK: by themselves; taken off by
a crew; from another shelter; by a crew from home; on foot through water (LEAVE only)."""
PACKED = (OWN_MEANS, BROUGHT)
"""Who has left home in time has a bag with him, and needs no clothing."""
WITH_CREW = (CARRIED, BROUGHT)
STAY_STEP_H = 6.0
"""How often it is looked who has found another roof."""
IN_SHELTER, LODGED = 3, 4
"""Where people die, as in the `item` of DIED."""
IN_SHELTER_STILL, WITH_RELATIVES = 0, 1
"""From where people go home, as in the `item` of RETURN_HOME."""
BUS = "bus"
"""What people go in from one shelter to another."""


class ShelterState:
    """One shelter of one replication."""

    __slots__ = (
        "coming", "contact", "desk", "due", "index", "is_full", "is_known_full", "is_known_safe", "is_silent", "open",
        "persons", "places", "record", "roads", "seen", "sim",
    )  # fmt: skip

    def __init__(
        self, sim: Replication, index: int, desk: CommandPost, roads: Roads, places: Places, contact: Contact
    ) -> None:
        self.sim, self.desk, self.roads, self.places, self.contact = sim, desk, roads, places, contact
        self.index = index
        record: Any = sim.world.places[index]
        self.record = record
        self.persons = 0
        self.is_full: bool = record.capacity <= 0  # whether there is a person for each place, be it in use or not
        self.coming = 0  # people on the way from other shelters; no other bus is sent to their beds
        self.is_silent = False
        self.is_known_safe, self.is_known_full = True, self.is_full  # as far as anybody outside has heard
        self.open = False
        self.due: dict[int, float] = defaultdict(float)  # village -> parts of persons who have found another roof
        self.seen: set[int] = set()  # closed links of which those who came back have told, and command has not heard

    def report(self) -> None:
        """How it stands here is known from now on, unless nobody hears it."""
        if not self.is_silent:
            self.is_known_safe, self.is_known_full = self.index not in self.sim.unsafe, self.is_full

    def is_heard(self, cause: int) -> None:
        """Telephones work here again."""
        known, self.is_silent = (self.is_known_safe, self.is_known_full), False
        self.report()
        if known != (self.is_known_safe, self.is_known_full):
            self.sim.danger_changes += 1  # whoever chose among shelters looks again
        look_for_beds(self.sim.env, self.places.shelters, cause)

    @property
    def beds(self) -> int:
        """Places that the building has now; none while water or flames are in it."""
        return 0 if self.index in self.sim.unsafe else int(self.record.capacity)

    @property
    def room(self) -> int:
        """Beds that are neither taken nor kept for people on their way from other shelters; below 0: overfull."""
        return self.beds - self.persons - self.coming

    def receive(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        """People come out of their village: the share that has no other roof stays, the others go on to theirs."""
        staying = village.find_roofs(persons, item in WITH_CREW)
        if persons > staying:
            self.sim.log(Kind.LODGES, village.index, self.index, cause, item=item, persons=persons - staying)
        if staying:
            self.take_in(village, staying, item, cause)

    def take_in(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        """People want to stay. Those who find it full go on to the next ones that have room.

        Where no shelter has room they stay, and count as without shelter until tents come or a bed is free elsewhere.
        """
        if not self.open:
            self.open = True
            self.sim.env.timeout(self.record.opening_h).callbacks.append(lambda _: self._opens(cause))
            self.sim.env.process(self._empty())
        # Beds that are kept for people on their way here (`coming`) do not keep out who is at the door.
        over = persons - max(0, self.beds - self.persons)
        ways = self._elsewhere(village, over, self._with_room()) if over > 0 else {}
        away = sum(ways.values())
        if persons > away:
            self._admit(village, persons - away, item, cause)
        if away:
            row = self.sim.log(Kind.TURNED_AWAY, village.index, self.index, cause, persons=away)
            self._at_the_door(village, away, item, row)
            # They were never inside, where a bag is counted (`join`), and have it with them on the way.
            village.clothed_away += away if item in PACKED else 0
            self._send_on(village, ways, row)

    def _opens(self, cause: int) -> None:
        self.sim.log(Kind.SHELTER_OPENS, self.index, self.index, cause)

    def _empty(self) -> Generator[Any, Any, None]:
        """People go from here to relatives, friends, a hotel: of those who are here half in each half-life.

        First come, first gone; parts of persons are kept until they make up one, so that small groups leave as well.
        """
        goes = 1 - 0.5 ** (STAY_STEP_H / self.sim.settings.evacuation.shelter_half_life_h)
        site = self.places.sites[self.index]
        while True:
            yield self.sim.env.timeout(STAY_STEP_H)
            was_full = self.persons >= self.beds
            for index, there in site.people.by_line().items():
                self.due[index] += there * goes
                persons = min(there, int(self.due[index]))
                self.due[index] -= persons
                if persons:
                    self._let_go(self.places.villages[index], persons)
            # Only then anybody elsewhere may have been without a bed for want of this one.
            if was_full and self.room > 0:
                look_for_beds(self.sim.env, self.places.shelters, -1)

    def _let_go(self, village: VillageState, persons: int) -> None:
        """People of a village who were inside have another roof now."""
        self.sim.log(Kind.LODGES, village.index, self.index, item=MOVED_ON, persons=persons)
        # Who has another roof needs nothing from here: what they wear must not count for those still on their way.
        clothed = village.clothed_away
        self._let_out(village, persons)
        village.clothed_away = clothed
        village.lodge(persons, False)

    def send_home(self, village: VillageState, persons: int) -> int:
        """People of a village who were inside set out for home; answers the row that tells it."""
        row = self.sim.log(Kind.RETURN_HOME, village.index, self.index, item=IN_SHELTER_STILL, persons=persons)
        self._let_out(village, persons)
        village.moving += persons
        look_for_beds(self.sim.env, self.places.shelters, row)
        return row

    def close_down(self) -> None:
        """Water or flames in the shelter: everybody inside moves on, where others have room."""
        row = self.sim.log(Kind.SHELTER_CLOSES, self.index, self.index, persons=self.persons)
        self.places.sites[self.index].recount()
        for village, ways in self._who_can_go():
            self._leave(village, ways, row)

    def works_again(self, cause: int) -> None:
        """The water or the flames are gone: beds count again, and who waits for them comes or is brought."""
        self.report()
        self.places.sites[self.index].recount()
        look_for_beds(self.sim.env, self.places.shelters, cause)
        self._tell_that_it_works(cause)

    def _tell_that_it_works(self, _: int) -> None:
        if self.index in self.contact.dark:
            self.contact.wait(self.index, self._tell_that_it_works)
        elif self.index not in self.sim.unsafe:
            self.desk.look_again(self._serves(), EVACUATE, RESCUE)

    def _serves(self) -> set[int]:
        """Villages whose people may be brought here."""
        return {village for village, order in enumerate(self.sim.world.shelter_order) if self.index in order}

    def loses(self, village: VillageState, persons: int, cause: int) -> int:
        """Of so many of a village those who are inside die of an injury; answers how many."""
        dead = min(persons, int(self.places.sites[self.index].people.count(village.index)))
        if dead:
            self._let_out(village, dead)
            village.die(self.index, IN_SHELTER, dead, cause)
            village.report(cause)
        return dead

    def look_elsewhere(self, cause: int) -> None:
        """People without a bed here hear of something that may give them one in another shelter."""
        for village, ways in self._who_can_go():
            persons = sum(ways.values())
            row = self.sim.log(Kind.SENT_ON, village.index, self.index, cause, persons=persons)
            self._leave(village, ways, row)

    def _who_can_go(self) -> Iterator[tuple[VillageState, dict[int, int]]]:
        """People without a bed here for whom there is one elsewhere, who came first before who came last."""
        if self.persons > self.beds and (others := self._with_room()):
            for index, persons in self.places.sites[self.index].people.beyond(self.beds).items():
                village = self.places.villages[index]
                ways = self._elsewhere(village, persons, others)
                if ways:
                    yield village, ways

    def _with_room(self) -> set[int]:
        """Other shelters that have room at this instant and to which a way is known; they ask by telephone."""
        if self.is_silent:
            return set()
        seen = frozenset(self.seen)
        return {
            index for index, other in self.places.shelters.items()
            if not other.is_full and other is not self and other.room > 0 and not other.is_silent
            and self.roads.router.reaches(BUS, self.index, index, seen)
        }  # fmt: skip

    def _elsewhere(self, village: VillageState, persons: int, others: set[int]) -> dict[int, int]:
        """Of `others` in the order of the village those to which so many can go from here, with how many each takes."""
        ways: dict[int, int] = {}
        for index in self.sim.world.shelter_order[village.index]:
            if persons <= 0:
                break
            # Room grows less while one village after another is sent on.
            if index in others and (room := self.places.shelters[index].room) > 0:
                ways[index] = min(persons, room)
                persons -= ways[index]
        return ways

    def _admit(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        """People of a village are inside now."""
        self._at_the_door(village, persons, item, cause)
        self._count(village, persons)
        self.places.sites[self.index].join(village.index, persons, village, item in PACKED)

    def _count(self, village: VillageState, more: int) -> None:
        village.sheltered += more
        self.persons += more
        self.is_full = self.persons >= self.record.capacity
        if not self.is_silent:
            self.is_known_full = self.is_full

    def _let_out(self, village: VillageState, persons: int) -> None:
        """People of a village are not inside any more."""
        self._count(village, -persons)
        self.places.sites[self.index].leave(village.index, persons, village)

    def _at_the_door(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        if item in WITH_CREW:
            village.aboard -= persons
        self.sim.log(Kind.ARRIVE_SHELTER, village.index, self.index, cause, item=item, persons=persons)

    def _leave(self, village: VillageState, ways: dict[int, int], cause: int) -> None:
        """People of a village who are inside go on from here to other shelters."""
        persons = sum(ways.values())
        self._let_out(village, persons)
        self._send_on(village, ways, cause)

    def _send_on(self, village: VillageState, ways: dict[int, int], cause: int) -> None:
        """People of a village are on the way from the door to other shelters, where beds are kept for them."""
        for goal, persons in ways.items():
            village.moving += persons
            self.places.shelters[goal].coming += persons
            row = self.sim.log(Kind.LEAVE, village.index, goal, cause, item=MOVED_ON, persons=persons)
            self.sim.env.process(self._travel(village, persons, goal, row))

    def _travel(self, village: VillageState, persons: int, goal: int, row: int) -> Generator[Any, Any, None]:
        """To the door of another shelter, or back to this one where the roads are cut."""
        roads, seen = self.roads, set[int]()
        convoy = Convoy(cars_of(BUS, persons, self.sim.parameters), persons)
        # They set out with what those have told who came back here, and tell in turn what they have met.
        roads.tell(BUS, self.seen, seen)
        reached, row = yield from roads.travel(BUS, self.index, goal, village.index, row, seen=seen, convoy=convoy)
        # There, or turned back: either way nobody is on the way to those beds any more.
        self.places.shelters[goal].coming -= persons
        if reached != goal:
            look_for_beds(self.sim.env, self.places.shelters, row)
            while reached != self.index:
                if roads.router.hours(BUS, reached, self.index, frozenset(seen)) < INFINITE:
                    reached, row = yield from roads.travel(
                        BUS, reached, self.index, village.index, row, seen=seen, convoy=convoy
                    )
                if reached != self.index:
                    yield self.sim.env.timeout(WAIT_FOR_ROAD_H)
            roads.tell(BUS, seen, self.seen)
        village.moving -= persons
        self.places.shelters[reached].take_in(village, persons, MOVED_ON, row)
