"""An emergency call (110, 119, 120) is worked off on scene."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.requests import SMALL, CallRequest


class AnswerCall(Mission[CallRequest]):
    """There, for the time that it takes."""

    done: ClassVar[Kind] = Kind.SERVED
    """What is written down when it is."""

    def legs(self) -> Iterator[Leg]:
        """To where help is needed."""
        yield Leg(self.request.place, self.serve, float(self.request.call.on_site_h), starts=True)

    def serve(self, row: int) -> Steps:
        """Help; the time on scene is the same by day and night. Who is called off before leaves it undone."""
        request, sim = self.request, self.sim
        if not (yield from self.crew.pause(sim.env.timeout(request.call.on_site_h))):
            return row
        index, place = self.crew.index, request.place
        row = sim.log(self.done, index, place, row, request.number, request.task, request.persons)
        # Several crews may share a call, and each takes off what it did.
        request.amount = max(0.0, request.amount - self.share)
        if request.amount <= SMALL:
            sim.true_needs.tell(request.key, request.task, place, 0, by_crew=True)
        return row


class CheckFalseAlarm(AnswerCall):
    """There, and a look round for a fire that is none."""

    done = Kind.FINDS_NO_FIRE
