"""Rescue of people who are caught on the road with their vehicles."""

from __future__ import annotations

from dataclasses import dataclass

from simrescue.simulation.missions.base import Steps
from simrescue.simulation.missions.rescue import TakingOff
from simrescue.simulation.requests import RoadsideRequest


@dataclass(eq=False)
class RoadsideRescue(TakingOff[RoadsideRequest]):
    """They leave their vehicles behind."""

    @property
    def shelters(self) -> tuple[int, ...]:
        """In the order of the village whose people come first."""
        sim, groups = self.sim, self.sim.roadsides.at(self.request.place)
        # Whoever only reckons has nobody aboard: then of those who wait there.
        villages = [party.village for party in self.aboard] or [group.village for group in groups]
        return sim.world.shelter_order[villages[0].index] if villages else ()

    def board(self, row: int) -> Steps:
        """Take people aboard, as many as there are seats."""
        crew, sim = self.crew, self.sim
        self.aboard, row = sim.roadsides.take(
            self.request.place, crew.member.seats, crew.index, row, self.request.number
        )
        self.is_bound = bool(self.aboard)
        self.arrive()
        if self.aboard:
            yield crew.moves.board(self.persons)
        else:
            self.is_over = True
        return row

    def put_back(self, row: int) -> int:
        """They are where they were."""
        for party in self.aboard:
            row = self.sim.roadsides.put_back(self.request.place, party)
        self.aboard = []
        return row
