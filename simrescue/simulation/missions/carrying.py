"""People aboard: how a crew brings them to a shelter that works, and what it does when no way leads to any."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import TypeVar

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.places.transfer_point import Party, take_in
from simrescue.simulation.requests import OpenRequest
from simrescue.simulation.roads.true_roads import WAIT_FOR_ROAD_H

Asked = TypeVar("Asked", bound=OpenRequest)


@dataclass(eq=False)
class Carrying(Mission[Asked]):
    """A mission that takes people aboard at the place of its request."""

    aboard: list[Party] = field(default_factory=list, init=False)

    @property
    def persons(self) -> int:
        """People aboard."""
        return sum(party.persons for party in self.aboard)

    @property
    def origin(self) -> int:
        """Where people are brought back to when all ways are cut."""
        return self.request.place

    @abstractmethod
    def goal(self, refused: set[int], start: int) -> int | None:
        """Where to bring people to from a place, but for those where they were refused; None: no way is known."""

    @abstractmethod
    def put_back(self, row: int) -> int:
        """With all ways cut people get off where they were taken aboard, out of `aboard`; answers the last row."""

    def give_up(self, leg: Leg, row: int) -> Steps:
        """The goal cannot be reached: another one, or back."""
        if not self.aboard:
            return row
        return (yield from self.find_way(row, leg.place))

    def find_way(self, row: int, refused: int | None = None) -> Steps:
        """To any goal that can be reached and works; with all roads cut, back to where they were."""
        if not self.aboard:  # all who were to be fetched have gone otherwise
            return row
        crew, place, number = self.crew, self.origin, self.request.number
        tried: set[int] = set() if refused is None else {refused}
        while True:
            goal = self.goal(tried, crew.here)
            if goal is not None:
                if self._knows_way(goal):
                    row = yield from crew.moves.go(goal, row, number)
                if crew.here == goal:
                    break
                tried.add(goal)
                continue
            if crew.here != place and self._knows_way(place):
                row = yield from crew.moves.go(place, row, number)
            if crew.here == place:
                break
            # By then a shelter that was refused may be dry, and a road to it open.
            tried.clear()
            yield self.sim.env.timeout(WAIT_FOR_ROAD_H)
        return (yield from self.set_down(row))

    def _knows_way(self, goal: int) -> bool:
        """Whether the crew, who stand before closed roads, know a way: else they do not set off to give up at once."""
        return bool(self.crew.moves.hours(self.crew.here, goal) < INFINITE)

    def set_down(self, row: int) -> Steps:
        """People leave: into the shelter, with the injured cared for; or back where no shelter is."""
        sim, crew = self.sim, self.crew
        shelter = sim.shelters.get(crew.here)
        if shelter is None:
            row = self.put_back(row)
            # Those who stayed aboard are of another place, and still have to be brought somewhere.
            self.is_bound = bool(self.aboard)
            return (yield from self.find_way(row)) if self.aboard else row
        if crew.here in sim.unsafe and crew.here != self.request.place:  # of which nobody had heard
            return (yield from self.find_way(row, crew.here))
        row = sim.log(Kind.SETS_DOWN, crew.index, crew.here, row, self.request.number, persons=self.persons)
        parties, self.aboard, self.is_bound = self.aboard, [], False
        yield from ()
        return take_in(shelter, parties, row, self.request.number)
