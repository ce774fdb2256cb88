"""Onward transport: vehicles take people from a transfer point at the water's edge to a shelter."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Steps
from simrescue.simulation.missions.carrying import Carrying
from simrescue.simulation.requests import TransferRequest


@dataclass(eq=False)
class Transfer(Carrying[TransferRequest]):
    """To the point, a turn to be boarded, those who came first aboard, to the nearest shelter that works."""

    def legs(self) -> Iterator[Leg]:
        """By vehicle only: boats have other work, and aircraft go where no vehicle can."""
        crew, place = self.crew, self.request.place
        goal = self.goal(set(), place) if crew.member.takes_on else None
        if goal is None:
            yield Leg(None, self.find_way, way_h=INFINITE)
            return
        hours, _ = crew.moves.boarding_h(place, crew.member.seats)
        yield Leg(place, self.board, hours, starts=True)
        yield Leg(goal, self.set_down)

    def goal(self, refused: set[int], start: int) -> int | None:
        """The shelters in the order of the village whose people came first."""
        parties = self.aboard or self.sim.points.by_place[self.request.place].parties
        if not parties:
            return None
        order = self.sim.world.shelter_order[parties[0].village.index]
        return self.crew.moves.shelter(order, refused, start)  # type: ignore[no-any-return]

    def board(self, row: int) -> Steps:
        """Wait for a turn, and take as many as there are seats."""
        crew, sim, place, number = self.crew, self.sim, self.request.place, self.request.number
        point = sim.points.by_place[place]
        if not point.boarding.is_free:
            row = sim.log(Kind.WAITS_AT_POINT, crew.index, place, row, number)
        yield from point.boarding.enter()
        self.aboard, row = sim.points.take_on(place, crew.member.seats, crew.index, row, number)
        self.is_bound = bool(self.aboard)
        # Their seats are filled now: what the point still wants is reckoned without them.
        self.arrive()
        if self.aboard:
            yield crew.moves.board(self.persons)
        else:
            self.is_over = True
        point.boarding.leave()
        return row

    def put_back(self, row: int) -> int:
        """They wait at the point again."""
        row = self.sim.points.set_ashore(self.crew.here, self.aboard, self.crew.index, row, self.request.number)
        self.aboard = []
        return row
