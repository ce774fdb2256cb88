"""Rescue and evacuation: people of a village are taken aboard, and brought to dry land or to a shelter."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import RESCUE
from simrescue.simulation.missions.base import Leg, Steps
from simrescue.simulation.missions.carrying import Carrying
from simrescue.simulation.places.transfer_point import embark
from simrescue.simulation.requests import OpenRequest, RescueRequest

LEAST_CYCLE_H = 0.01
"""Boats that need no time for anything are taken to need so much."""
Asked = TypeVar("Asked", bound=OpenRequest)


@dataclass(eq=False)
class TakingOff(Carrying[Asked]):
    """There, people aboard, and on: by boat to the water's edge, by others to the nearest shelter that works."""

    def legs(self) -> Iterator[Leg]:
        """To the village and on; where no shelter can be reached, nobody can be carried off."""
        crew, place = self.crew, self.request.place
        # With all seats taken: how many are there to come aboard shows only on the spot.
        hours, flying_h = crew.moves.boarding_h(place, crew.member.seats)
        yield Leg(place, self.board, hours, flying_h=flying_h, starts=True)
        # Whoever only reckons has nobody aboard, and goes straight on.
        if self.aboard:
            yield from self.stops()
        goal = self.goal(set(), self.request.place)
        if goal is None:
            yield Leg(None, self.find_way, way_h=INFINITE)
        else:
            yield Leg(goal, self.set_down)

    def stops(self) -> Iterator[Leg]:
        """Legs to other villages on the way to a shelter: none."""
        return iter(())

    def goal(self, refused: set[int], start: int) -> int | None:
        """A boat brings people to the transfer point of the village, where vehicles can take them on."""
        crew, sim, place = self.crew, self.sim, self.request.place
        if crew.moves.floats:
            point = sim.points.nearest(place)
            if point is not None and point != place and point not in refused and self._has_room(point):
                return point
        return crew.moves.shelter(self.shelters, refused, start)  # type: ignore[no-any-return]

    def _has_room(self, point: int) -> bool:
        """A shelter from which no vehicle could take people on must have beds for them."""
        shelter = self.sim.shelters.get(point)
        return shelter is None or not shelter.is_known_full or self.sim.points.is_usable(point)

    @property
    @abstractmethod
    def shelters(self) -> tuple[int, ...]:
        """Shelters to bring them to, the best first."""

    @abstractmethod
    def board(self, row: int) -> Steps:
        """Take people aboard."""

    def set_down(self, row: int) -> Steps:
        """Ashore at a transfer point; else as everybody does. A point that is none any more is left for another."""
        crew, sim = self.crew, self.sim
        if crew.here in sim.shelters or crew.here == self.origin or not self.aboard:
            return (yield from super().set_down(row))
        if not sim.points.is_usable(crew.here):
            return (yield from self.find_way(row, crew.here))
        row = yield from sim.points.land(crew, self.aboard, row, self.request.number)
        self.aboard, self.is_bound = [], False
        crew.moves.lie_afloat(self.request.place)
        return row


@dataclass(eq=False)
class Rescue(TakingOff[RescueRequest]):
    """Of people of a village."""

    @property
    def shelters(self) -> tuple[int, ...]:
        """In the order of the village."""
        return self.sim.world.shelter_order[self.request.place]

    @property
    def origin(self) -> int:
        """The village of those who came aboard last."""
        return self.aboard[-1].village.index if self.aboard else self.request.place

    def board(self, row: int) -> Steps:
        """Take people aboard; what the village tells is known from now on."""
        crew, sim = self.crew, self.sim
        village = sim.villages[self.request.place]
        groups, row = village.take(crew.index, crew.member.seats, row, self.request.number)
        self.is_bound = bool(groups)
        # Before the village tells: it counts without those aboard, and so must what is on its way to it.
        self.arrive()
        crew.tell_of(village, row)
        if not groups:
            self.is_over, request = True, self.request
            if request.is_expected:
                row = sim.log(Kind.FINDS_NOBODY, crew.index, request.place, row, request.number, request.task)
            return row
        self.aboard = embark(village, groups)
        sim.contact.bring_radio(crew, row, met=True)
        yield crew.moves.board(self.persons)
        return row

    def cycle_h(self) -> float:
        """Of a boat: search, boarding, the way to the transfer point of the village, landing, and the way back."""
        moves, place = self.crew.moves, self.request.place
        shuttles = moves.floats and self.request.task == RESCUE
        point = self.sim.points.nearest(place) if shuttles else None
        if point is None or point == place:
            return INFINITE
        seats = self.crew.member.seats
        work_h, _ = moves.boarding_h(place, seats)
        landing_h = self.sim.parameters.boarding_h_per_person * seats
        hours = (work_h + landing_h + moves.hours(place, point) + moves.hours(point, place)) / moves.pace()
        return max(float(hours), LEAST_CYCLE_H)

    def put_back(self, row: int) -> int:
        """Those of the place are at home again; others stay aboard."""
        village = self.sim.villages[self.crew.here]
        # A bus may have people of several villages aboard, and only these live here.
        back = [party for party in self.aboard if party.village is village]
        self.aboard = [party for party in self.aboard if party.village is not village]
        for party in back:
            village.bring_back(party.persons, party.cause)
        for party in back:
            village.bring_hurt_back(party.hurt, list(party.patients))
        village.report(row)
        return row
