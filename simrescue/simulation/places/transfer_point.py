"""Transfer points: where boats set people ashore at the water's edge, and vehicles take them on to a shelter.

The point of a village is the nearest place to it, as a boat goes, that is dry and from which vehicles that can come
know a way to a shelter that works; so it moves with the water. Boats land there and vehicles are boarded a few at a
time, and only so many people can wait: who comes when it is full waits with people aboard. When water or flames come to
a point, or its last road is cut, those who wait go on to the next, or walk to a shelter.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from simpy import Event

from simrescue.events import EventKind as Kind
from simrescue.network.routing import INFINITE
from simrescue.responders import EVACUATE
from simrescue.simulation.places.hospital import Patients, first_of
from simrescue.simulation.places.servers import Servers

if TYPE_CHECKING:
    from simrescue.network import Router
    from simrescue.simulation.protocols import CommandPost, Crew, Places, ShelterState, Steps, VillageState
    from simrescue.simulation.state import Simulation


class Party(NamedTuple):
    """People of one village who are carried together."""

    village: VillageState
    persons: int
    item: int
    """How they come, as in the `item` of ARRIVE_SHELTER."""
    hurt: int
    """The injured among them."""
    cause: int
    """Row that tells of their coming aboard."""
    patients: tuple[Patients, ...] = ()
    """Of the injured those who may die of it."""

    def split(self, persons: int) -> tuple[Party, Party]:
        """So many of them, with the injured first, and the rest."""
        hurt = min(self.hurt, persons)
        patients, others = first_of(self.patients, hurt)
        first = self._replace(persons=persons, hurt=hurt, patients=tuple(patients))
        left = self.persons - persons, self.hurt - hurt
        return first, self._replace(persons=left[0], hurt=left[1], patients=tuple(others))


def embark(village: VillageState, groups: Iterable[tuple[int, int, int]]) -> list[Party]:
    """People of a village have come aboard, as (people, how, row that tells of it); the injured are with the first."""
    groups = list(groups)
    # Asked once for all: the village knows how many are hurt, and not in which of its groups.
    hurt, patients = village.carry_hurt(sum(persons for persons, _, _ in groups))
    parties = []
    for persons, item, cause in groups:
        there = min(hurt, persons)
        first, patients = first_of(patients, there)
        parties.append(Party(village, persons, item, there, cause, tuple(first)))
        hurt -= there
    return parties


@dataclass(eq=False)
class TransferPoint:
    """One place at the water's edge where people wait for vehicles, in the order in which they came."""

    place: int
    landing: Servers
    boarding: Servers
    parties: deque[Party] = field(default_factory=deque)
    held_up: list[Event] = field(default_factory=list)
    """Those who wait for room on land."""

    @property
    def persons(self) -> int:
        """Who waits here."""
        return sum(party.persons for party in self.parties)

    def make_room(self) -> None:
        """Some have gone: whoever waits for room looks again."""
        held_up, self.held_up = self.held_up, []
        for event in held_up:
            event.succeed()


class PointsByPlace(dict[int, TransferPoint]):
    """Transfer points by place: a place is one from when people are first brought there, or asked after."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim

    def __missing__(self, place: int) -> TransferPoint:
        env, parameters = self.sim.env, self.sim.parameters
        boats, vehicles = int(parameters.transfer_boats), int(parameters.transfer_vehicles)
        self[place] = TransferPoint(place, Servers(env, boats), Servers(env, vehicles))
        return self[place]


class TransferPoints:
    """All transfer points of one replication."""

    def __init__(self, sim: Simulation, router: Router, desk: CommandPost, places: Places) -> None:
        self.sim, self.router, self.desk, self.places = sim, router, desk, places
        self.by_place = PointsByPlace(sim)
        self.takers = [one.number for one in sim.world.members if one.takes_on and EVACUATE in one.tasks]
        self.roads = router.parts("truck")
        self.state: tuple[int, int, int] | None = None
        self.crew_changes = -1
        self.coming: list[Crew] = []
        """Those who are there or will come, as of so many changes of crews."""
        self.nearest_to: dict[tuple[int, bool], int | None] = {}
        self.parts_with_shelter: set[int] = set()
        self.parts_served: set[int] = set()
        """Those in which vehicles that could take people on stand too, or will."""

    # ---- where

    def nearest(self, place: int, served: bool = True) -> int | None:
        """The nearest dry place, as a boat goes by what is known, that is a point or a shelter; None: none.

        The place itself, where it is dry and not cut off. Where nobody on wheels could come it is none, unless `served`
        is false: neighbours bring people there all the same, who walk.
        """
        self._look_at_roads()
        key = place, served
        if key not in self.nearest_to:
            danger, part, shelters = self.sim.danger, self.roads.part, self.places.shelters
            parts = self.parts_served if served else self.parts_with_shelter

            def will_do(node: int) -> bool:
                return not danger.get(node) and (part[node] in parts or node in shelters)

            self.nearest_to[key] = self.router.nearest("boat", place, will_do) if self.parts_with_shelter else None
        return self.nearest_to[key]

    def is_usable(self, place: int) -> bool:
        """Whether a place is dry, and vehicles that can come know a way from it to a shelter that works."""
        self._look_at_roads()
        return not self.sim.danger.get(place) and self.roads.part[place] in self.parts_served

    def _look_at_roads(self) -> None:
        """What was found holds until a road is known otherwise, danger comes or goes, or crews are set free or leave.

        Between two pieces of news of roads no vehicle gets from one part of them into another.
        """
        state = self.router.news, self.sim.danger_changes, self.sim.crew_changes
        if state != self.state:
            self.state = state
            self.nearest_to.clear()
            part, sim = self.roads.part, self.sim
            self.parts_with_shelter = {part[i] for i, one in self.places.shelters.items() if one.is_known_safe}
            if self.crew_changes != sim.crew_changes:
                self.crew_changes = sim.crew_changes
                self.coming = [sim.crews[number] for number in self.takers if sim.crews[number].is_to_come]
            self.parts_served = self.parts_with_shelter & {part[crew.here] for crew in self.coming}

    # ---- ashore

    def land(self, crew: Crew, parties: Iterable[Party], row: int, request: int) -> Steps:
        """A boat sets people ashore where it is: it waits for its turn and for room, and people get off one by one."""
        sim, point = self.sim, self.by_place[crew.here]
        parties = list(parties)
        persons = sum(party.persons for party in parties)
        if not point.landing.is_free or self._is_full(point, persons):
            row = sim.log(Kind.WAITS_AT_POINT, crew.index, point.place, row, request, persons=persons)
        yield from point.landing.enter()
        while self._is_full(point, persons):
            room = sim.env.event()
            point.held_up.append(room)
            yield room
        yield crew.moves.work(sim.parameters.boarding_h_per_person * persons)
        point.landing.leave()
        return self.set_ashore(point.place, parties, crew.index, row, request)

    def _is_full(self, point: TransferPoint, more: int) -> bool:
        """A load that finds nobody has room, however large it is."""
        there = point.persons
        return bool(there and there + more > self.sim.parameters.transfer_room)

    def set_ashore(self, place: int, parties: Iterable[Party], subject: int, cause: int, request: int = -1) -> int:
        """People are on dry land and wait for vehicles; answers the row that tells it (of the last party)."""
        point = self.by_place[place]
        for party in parties:
            index = party.village.index
            cause = self.sim.log(Kind.LANDED, subject, place, party.cause, request, index, party.persons)
            point.parties.append(party)
        self.sim.contact.hear(subject, cause, partial(self._ask, point))
        self._review(point)
        return cause

    def _ask(self, point: TransferPoint, cause: int) -> None:
        """Command hears how many wait here."""
        self.desk.ask_for_transfer(point.place, point.persons, cause)

    # ---- taken on

    def take_on(self, place: int, seats: int, crew: int, row: int, request: int) -> tuple[list[Party], int]:
        """A vehicle takes those who came first, as many as it has seats; answers them and the last row."""
        point, taken = self.by_place[place], list[Party]()
        while seats > 0 and point.parties:
            first = point.parties.popleft()
            party, rest = first.split(min(seats, first.persons))
            if rest.persons:
                point.parties.appendleft(rest)
            row = self.sim.log(Kind.TAKEN_ON, crew, place, row, request, party.village.index, party.persons)
            taken.append(party._replace(cause=row))
            seats -= party.persons
        self.sim.contact.hear(crew, row, partial(self._ask, point))
        point.make_room()
        return taken, row

    # ---- moving with the water

    def review(self) -> None:
        """Roads or dangers have changed: who waits where no vehicle can come any more goes on to the next point."""
        for place in sorted(place for place, point in self.by_place.items() if point.parties):
            self._review(self.by_place[place])

    def _review(self, point: TransferPoint) -> None:
        if not point.parties or self.is_usable(point.place):
            return
        goal = self._next(point)
        if goal is None:
            return
        # A list of their own: others may be set ashore here before these have arrived.
        parties, persons = list(point.parties), point.persons
        point.parties.clear()
        self.desk.ask_for_transfer(point.place, 0, -1)
        point.make_room()
        row = self.sim.log(Kind.POINT_MOVES, point.place, goal, parties[-1].cause, persons=persons)
        self.sim.env.process(self._go_on(point.place, goal, parties, row))

    def _next(self, point: TransferPoint) -> int | None:
        """The next point if they can walk there, else the first shelter to which they can; failing both, by boat."""
        goal = self.nearest(point.place)
        if goal is not None and self._on_foot_h(point.place, goal) < INFINITE:
            return goal
        order = self.sim.world.shelter_order[point.parties[0].village.index]
        works = (shelter for shelter in order if self.places.shelters[shelter].is_known_safe)
        return next((one for one in works if self._on_foot_h(point.place, one) < INFINITE), goal)

    def _on_foot_h(self, place: int, goal: int) -> float:
        return self.router.hours("foot", place, goal)

    def _go_on(self, place: int, goal: int, parties: list[Party], row: int) -> Generator[Any, Any, None]:
        """On foot where a way is known, else with the boats there."""
        on_foot_h = self._on_foot_h(place, goal)
        yield self.sim.env.timeout(self.router.hours("boat", place, goal) if on_foot_h == INFINITE else on_foot_h)
        self.bring_out(goal, parties, place, row)

    def bring_out(self, goal: int, parties: list[Party], subject: int, cause: int) -> None:
        """People have come by themselves: into the shelter, or ashore to wait for vehicles."""
        if shelter := self.places.shelters.get(goal):
            take_in(shelter, parties, cause)
        else:
            self.set_ashore(goal, parties, subject, cause)


def take_in(shelter: ShelterState, parties: Iterable[Party], cause: int, request: int = -1) -> int:
    """People who were carried are in a shelter, where the injured are cared for; answers the last row."""
    for party in (known := list(parties)):
        shelter.receive(party.village, party.persons, party.item, party.cause)
    for party in known:
        if party.hurt:
            index, sim = party.village.index, shelter.sim
            cause = sim.log(Kind.TREATED, index, shelter.index, cause, request, persons=party.hurt)
            for patients in party.patients:
                sim.hospital.aid(patients, shelter.index, cause)
    return cause
