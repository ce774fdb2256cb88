"""Rescue and evacuation: people of a village are taken aboard and brought to a shelter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.places.hospital import Patient
from simrescue.simulation.requests import RescueRequest
from simrescue.simulation.roads.true_roads import WAIT_FOR_ROAD_H


@dataclass(eq=False)
class Rescue(Mission[RescueRequest]):
    """There, people aboard, to the nearest shelter that works."""

    aboard: list[tuple[int, int, int]] = field(default_factory=list, init=False)
    """People, how they come (`village.take`), and the row that tells of their coming aboard."""
    hurt: int = field(default=0, init=False)
    patients: list[Patient] = field(default_factory=list, init=False)
    """Of the injured aboard those who may die of it."""

    def legs(self) -> Iterator[Leg]:
        """To the village and on to a shelter; where none can be reached, nobody can be carried off."""
        crew, place = self.crew, self.request.place
        hours, flying_h = crew.moves.boarding_h(place, crew.member.seats)
        yield Leg(place, self.board, hours, flying_h=flying_h, starts=True)
        goal = crew.moves.shelter(self.sim.world.shelter_order[place], frozenset(), place)
        if goal is None:
            yield Leg(None, self._find_way, way_h=INFINITE)
        else:
            yield Leg(goal, self.set_down)

    def board(self, row: int) -> Steps:
        """Take people aboard; what the village tells is known from now on."""
        crew, sim = self.crew, self.sim
        village = sim.villages[self.request.place]
        self.aboard, row = village.take(crew.index, crew.member.seats, row, self.request.number)
        self.is_bound = bool(self.aboard)
        self.arrive()
        sim.command.learn(village, row)
        if not self.aboard:
            self.is_over, request = True, self.request
            if request.is_expected:
                row = sim.log(Kind.FINDS_NOBODY, crew.index, request.place, row, request.number, request.task)
            return row
        persons = self.persons
        self.hurt, self.patients = village.carry_hurt(persons)
        yield crew.moves.board(persons)
        return row

    @property
    def persons(self) -> int:
        """People aboard."""
        return sum(persons for persons, _, _ in self.aboard)

    def give_up(self, leg: Leg, row: int) -> Steps:
        """The shelter cannot be reached: another one, or back."""
        if not self.aboard:
            return row
        return (yield from self._find_way(row, leg.place))

    def _find_way(self, row: int, refused: int | None = None) -> Steps:
        """To any shelter that can be reached and works; with all roads cut, back to where they were."""
        crew, place, number = self.crew, self.request.place, self.request.number
        order = self.sim.world.shelter_order[place]
        tried: set[int] = set() if refused is None else {refused}
        while True:
            goal = crew.moves.shelter(order, tried, crew.here)
            if goal is not None:
                row = yield from crew.moves.go(goal, row, number)
                if crew.here == goal:
                    break
                tried.add(goal)
                continue
            if crew.here != place:
                row = yield from crew.moves.go(place, row, number)
            if crew.here == place:
                break
            tried.clear()
            yield self.sim.env.timeout(WAIT_FOR_ROAD_H)
        return (yield from self.set_down(row))

    def set_down(self, row: int) -> Steps:
        """People leave: into the shelter, with the injured cared for; or at home again where no shelter is."""
        sim, crew, village = self.sim, self.crew, self.sim.villages[self.request.place]
        shelter = sim.shelters.get(crew.here)
        if shelter is not None:
            row = sim.log(Kind.SETS_DOWN, crew.index, crew.here, row, self.request.number, persons=self.persons)
        groups, self.aboard, self.is_bound = self.aboard, [], False
        for persons, item, cause in groups:
            if shelter is None:
                village.bring_back(persons, cause)
            else:
                shelter.receive(village, persons, item, cause)
        hurt, self.hurt = self.hurt, 0
        patients, self.patients = self.patients, []
        if shelter is None:
            village.bring_hurt_back(hurt, patients)
            village.report(row)
        elif hurt:
            row = sim.log(Kind.TREATED, village.index, crew.here, row, self.request.number, persons=hurt)
            for patient in patients:
                sim.hospital.aid(patient, crew.here, row)
        yield from ()
        return row
