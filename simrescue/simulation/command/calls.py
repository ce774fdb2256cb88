"""Emergency calls (110, 119, 120): people ring for help at a place, and may ring off before anybody is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from simpy import Event

from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.responders import TASKS
from simrescue.scenario.records import Call
from simrescue.simulation.clock import LAST, after
from simrescue.simulation.requests import CallRequest, call_key

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Contact, TrueNeeds
    from simrescue.simulation.state import Replication


def start(sim: Replication, desk: CommandPost, contact: Contact, needs: TrueNeeds) -> None:
    """Set all calls of the scenario going."""
    index = {thing: i for i, thing in enumerate(sim.world.ids[: sim.world.n_places])}
    for number, call in enumerate(sim.world.scenario.calls):
        ringing = Ringing(sim, number, call, index[call.place], desk, contact, needs)
        sim.env.timeout(max(0.0, call.time_h)).callbacks.append(ringing.ring)


LOOKS_AGAIN_H = 0.25
"""Least time after which a caller to whom somebody is on the way asks himself again whether to wait on."""


class Ringing:
    """One call from the moment that help is needed."""

    def __init__(
        self,
        sim: Replication,
        number: int,
        call: Call,
        place: int,
        desk: CommandPost,
        contact: Contact,
        needs: TrueNeeds,
    ) -> None:
        self.sim, self.number, self.call, self.place = sim, number, call, place
        self.desk, self.contact, self.true_needs = desk, contact, needs
        self.task, self.persons = TASKS.index(call.task), call.persons
        self.key = call_key(number)
        self.row = -1
        self.need: CallRequest | None = None
        self.given_up = False

    def ring(self, _: Event) -> None:
        """Somebody needs help and rings; out of a place without contact he gets through when it is back."""
        # A job that concerns nobody is a need all the same, and a need of 0 would be none.
        self.true_needs.tell(self.key, self.task, self.place, max(self.call.persons, 1))
        if self.call.patience_h is not None:
            self._lose_patience_after(self.call.patience_h)
        self.get_through()

    def _lose_patience_after(self, hours: float) -> None:
        # Last of its moment: whoever is sent in that moment is still in time.
        after(self.sim.env, hours, lambda _: self.ring_off(), LAST)

    def get_through(self, _: int = -1) -> None:
        """The call reaches command, or waits for contact."""
        if self.given_up:
            return
        if self.place in self.contact.dark:
            self.contact.wait(self.place, self.get_through)
            return
        if self.contact.tells:
            message = Message(MessageKind.CALL, self.place, self.sim.world.command)
            self.contact.send(message, 0.0, lambda _: self._is_taken(), self.get_through, lambda: not self.given_up)
        else:
            self._is_taken()

    def _is_taken(self) -> None:
        """Whoever sits at the telephone has taken the call down, unless it was given up before."""
        if self.given_up:
            return
        self.row = self.sim.log(Kind.CALL, self.place, self.place, item=self.task, persons=self.persons)
        self.need = self.desk.call(CallRequest(self.number, self.call, self.place), self.row)

    def ring_off(self) -> None:
        """Nobody has been sent: the call is lost, whether command ever heard it or not.

        With somebody on the way he waits as long again, for who is coming may have to turn back.
        """
        need = self.need
        if need is not None and need.number not in self.desk.requests:
            return
        if need is not None and need.coming > 0:
            # Some time at least: without any patience he would ask himself for ever in one moment.
            self._lose_patience_after(max(self.call.patience_h or 0.0, LOOKS_AGAIN_H))
            return
        self.given_up = True
        self.true_needs.tell(self.key, self.task, self.place, 0)
        number = -1 if need is None else need.number
        row = self.sim.log(Kind.CALL_LOST, self.place, self.place, self.row, number, self.task, self.persons)
        if need is not None:
            need.amount = 0.0
            self.desk.close(need, row)
