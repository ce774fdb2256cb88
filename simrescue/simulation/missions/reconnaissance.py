"""Reconnaissance: what is true at a place, or of a fire, becomes known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.requests import FireReconnaissanceRequest, ReconnaissanceRequest

Seen = TypeVar("Seen", ReconnaissanceRequest, FireReconnaissanceRequest)


class _Reconnaissance(Mission[Seen]):
    """There, and a look at the roads round about and at what is there."""

    turns = enters = False

    def legs(self) -> Iterator[Leg]:
        """To the place."""
        yield Leg(self.request.place, self.look, starts=True)

    def look(self, row: int) -> Steps:
        """See and tell; it takes no time of its own."""
        sim, request = self.sim, self.request
        self._tell_of_roads(self.crew.moves.sees_roads(), row)
        row = sim.log(Kind.SEES, self.crew.index, request.place, row, request.number)
        near = sim.world.network.profiles["truck"].neighbours[request.place]
        self._tell_of_roads([link for _, link, _ in near], row)
        request.amount = 0
        self.arrive()
        self.tell(row)
        yield from ()
        return row

    def _tell_of_roads(self, links: list[int], row: int) -> None:
        def heard(cause: int) -> None:
            for link in links:
                self.sim.roads.learn(link, cause)

        if links:
            self.sim.contact.hear_crew(self.crew, row, heard)

    def tell(self, row: int) -> None:
        """What is there is known from now on."""


class Reconnaissance(_Reconnaissance[ReconnaissanceRequest]):
    """Of a place from which nothing is heard."""

    def tell(self, row: int) -> None:
        """Of its people, and of the goods that they need."""
        place, sim = self.request.place, self.sim
        if place < len(sim.villages):
            self.crew.tell_of(sim.villages[place], row)
        if place in sim.sites:
            sim.contact.hear_crew(self.crew, row, sim.sites[place].ask)


class FireReconnaissance(_Reconnaissance[FireReconnaissanceRequest]):
    """Of a fire."""

    def tell(self, row: int) -> None:
        """How it stands."""
        self.sim.fires.report(self.request.fire, row)
