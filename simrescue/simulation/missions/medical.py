"""Medical care for the injured of a village, on the spot."""

from __future__ import annotations

from collections.abc import Iterator

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.requests import MedicalRequest

STAFF_PER_INJURED = 3
"""Staff that `treatment_h` is for."""


class Medical(Mission[MedicalRequest]):
    """There, and as many treated as there are seats."""

    def legs(self) -> Iterator[Leg]:
        """To the village."""
        persons = min(self.request.amount, self.crew.member.seats)
        yield Leg(self.request.place, self.treat, self._hours(persons), starts=True)

    def _hours(self, persons: float) -> float:
        return float(self.sim.parameters.treatment_h * persons * STAFF_PER_INJURED / self.crew.member.size)

    def treat(self, row: int) -> Steps:
        """Care for the injured; what the village tells is known from now on."""
        sim, village = self.sim, self.sim.villages[self.request.place]
        # As many as are hurt now: the request may be of hours ago.
        persons = min(village.hurt, self.crew.member.seats)
        if persons:
            sim.contact.bring_radio(self.crew, row, met=True)
            patients = village.care_for(persons)
            yield self.crew.moves.work(self._hours(persons))
            row = sim.log(Kind.TREATED, village.index, village.index, row, self.request.number, persons=persons)
            for group in patients:
                sim.hospital.aid(group, village.index, row)
            village.update_true_needs(by_crew=True)
        self.arrive()
        self.crew.tell_of(village, row)
        return row
