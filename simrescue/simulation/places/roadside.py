"""People who left by their own means and are caught on the road: no way on is known, and none back.

They stay with their vehicles at the last place that they came to, and need rescue there like the trapped of a village:
they ring for help, crews fetch them. When a road is known open before anybody has come, they go on by themselves.
Where the water comes to them they are hurt and die (`roadside_water`).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.responders import RESCUE
from simrescue.simulation.places.caught import Stopped
from simrescue.simulation.places.hospital import Patients
from simrescue.simulation.places.roadside_water import RoadsideWater
from simrescue.simulation.places.shelter import BROUGHT
from simrescue.simulation.places.transfer_point import Party
from simrescue.simulation.places.warning_state import FOOT
from simrescue.simulation.requests import roadside_key
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Contact, Hospital, TrueNeeds
    from simrescue.simulation.state import Replication

BY_THEMSELVES, BY_CREW = 0, 1
"""How people came to where they are caught, as in the `item` of CAUGHT: on their way; set down again by a crew."""


class Ways(NamedTuple):
    """How a group goes on (`journey`)."""

    goal: Callable[[Stopped], int | None]
    """Where it can go from here by what is known; None: nowhere."""
    start: Callable[[Stopped, int], Any]
    """Have it set out for a place."""


class Roadsides:
    """Everybody of one replication who is caught on the road."""

    def __init__(
        self,
        sim: Replication,
        desk: CommandPost,
        contact: Contact,
        needs: TrueNeeds,
        hospital: Hospital,
        ways: Ways,
    ) -> None:
        self.sim, self.desk, self.contact, self.true_needs, self.ways = sim, desk, contact, needs, ways
        self.hospital, self.waters = hospital, RoadsideWater(sim, hospital)
        self.groups: dict[tuple[int, int, str], Stopped] = {}
        """By place, village and vehicle."""
        self.known: set[int] = set()
        """Places from which command has heard."""
        self.ringing: set[int] = set()
        """Places from which word is on its way."""
        self.rngs: dict[int, Random] = {}

    def at(self, place: int) -> list[Stopped]:
        """Who is caught at a place, by village and vehicle."""
        return [self.groups[key] for key in sorted(self.groups) if key[0] == place]

    def persons(self, place: int) -> int:
        """How many are caught at a place."""
        return sum(group.persons for group in self.at(place))

    def stop(self, group: Stopped, item: int = BY_THEMSELVES) -> int:
        """People know no way on and none back; answers the row that tells it."""
        village, persons = group.village, group.persons
        if item == BY_CREW:
            village.aboard -= persons
        else:
            village.moving -= persons
        village.caught += persons
        row = self.sim.log(Kind.CAUGHT, village.index, group.place, group.cause, item=item, persons=persons)
        key = group.place, village.index, group.vehicle
        if known := self._settled(key):
            # Settled first (`_settled`): newcomers have not stood in the water until now.
            known.persons += persons
            known.harm.hurt += group.harm.hurt
            known.harm.patients += group.harm.patients
        else:
            self.groups[key] = group
            group.harm.since_h, group.cause = self.sim.env.now, row
        for patients in group.harm.patients:
            patients.place = group.place
        self.waters.reach(self.groups[key])
        self._tell(group.place, row)
        return row

    def _settled(self, key: tuple[int, int, str]) -> Stopped | None:
        """A group with those who are alive up to now; None: nobody is left."""
        group = self.groups.get(key)
        if group is not None and self.waters.settle(group) and not group.persons:
            del self.groups[key]
            return None
        return group

    def water(self, place: int) -> None:
        """The water at a place is another from now on: who is caught there has stood in what it was until now."""
        # Told of every change of the water at every place, and mostly nobody is caught there.
        if not any(key[0] == place for key in self.groups):
            return
        before = self.persons(place)
        # A list of its own, since groups end on the way, and in one order, since each can be followed by a draw.
        for key in sorted(key for key in self.groups if key[0] == place):
            if group := self._settled(key):
                self.waters.reach(group)
        if self.persons(place) != before:
            self._tell(place, -1)

    def loses(self, patients: Patients) -> None:
        """Patients die on the road, as far as they are there: so many fewer of their group."""
        for key in sorted(self.groups):
            group = self.groups[key]
            if patients in group.harm.patients:
                dead = min(patients.persons, group.persons)
                group.harm.patients.remove(patients)
                group.harm.hurt -= dead
                patients.persons = 0
                self.waters.lose(group, dead, patients.cause)
                if not group.persons:
                    del self.groups[key]
                self._tell(group.place, patients.cause)
                return

    def close(self) -> None:
        """The clock stops: who has died since the last look."""
        for key in sorted(self.groups):
            self._settled(key)

    def look_for_ways(self) -> None:
        """A road is known open: who can go on now does so."""
        for key in sorted(self.groups):
            group = self.groups.get(key)
            goal = None if group is None else self.ways.goal(group)
            if group is None or goal is None or self._settled(key) is None:
                continue
            del self.groups[key]
            group.harm.end()
            village = group.village
            village.caught -= group.persons
            village.moving += group.persons
            group.cause = self.sim.log(Kind.GOES_ON, village.index, group.place, group.cause, persons=group.persons)
            self._tell(group.place, group.cause)
            self.ways.start(group, goal)

    def take(self, place: int, seats: int, crew: int, row: int, request: int) -> tuple[list[Party], int]:
        """A crew takes people aboard, as many as it has seats; answers them and the last row."""
        taken = list[Party]()
        for key in sorted(key for key in self.groups if key[0] == place):
            group = self._settled(key)
            persons = 0 if group is None else min(seats, group.persons)
            if group is None or persons <= 0:
                continue
            village, seats = group.village, seats - persons
            village.caught -= persons
            village.aboard += persons
            row = self.sim.log(Kind.TAKEN_FROM_ROAD, crew, place, row, request, village.index, persons)
            taken.append(group.party(persons, BROUGHT, row))
            if not group.persons:
                del self.groups[key]
        self._tell(place, row, by_crew=True)
        return taken, row

    def put_back(self, place: int, party: Party) -> int:
        """A crew found no way to any shelter: they are caught again, and now without their vehicles."""
        group = Stopped(party.village, FOOT, place, party.persons, party.cause)
        group.harm.hurt, group.harm.patients = party.hurt, list(party.patients)
        for patients in party.patients:
            # All badly hurt: only these are still patients when a crew has them (`in_good_hands`).
            self.hospital.injure(patients, severe=True)
        return self.stop(group, BY_CREW)

    # ---- news

    def _tell(self, place: int, cause: int, by_crew: bool = False) -> None:
        """What is true there is another; they ring, and once somebody has got through command knows at once."""
        persons = self.persons(place)
        self.true_needs.tell(roadside_key(place), RESCUE, place, persons, by_crew)
        if by_crew or (place in self.known and place not in self.contact.dark):
            self.known.add(place)
            self.desk.ask_for_roadside(place, persons, cause)
        elif persons and place not in self.ringing:
            self.ringing.add(place)
            if place not in self.rngs:
                self.rngs[place] = self.sim.stream("roadside", place)
            delay = delay_h(self.rngs[place], self.sim.settings.command.report_h)
            message = Message(MessageKind.ROADSIDE, place, self.sim.world.command, cause)
            self.contact.insist(message, delay, partial(self._gets_through, place))

    def _gets_through(self, place: int, cause: int) -> None:
        """The word comes to command, at once or when contact is back."""
        self.ringing.discard(place)
        self.known.add(place)
        self.desk.ask_for_roadside(place, self.persons(place), cause)
