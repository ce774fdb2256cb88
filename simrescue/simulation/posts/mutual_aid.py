"""Aid: a partner is asked, grants or refuses, gathers, drives, and hands its crews over to command.

It is asked with a response level, or once a request that its crews could serve has waited too long in line; once only.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.communication.messages import Message, MessageKind
from simrescue.communication.posts import Partner
from simrescue.events import EventKind as Kind
from simrescue.responders import RESPONSE_LEVELS
from simrescue.simulation.clock import DECISIONS, TimerAt
from simrescue.streams import delay_h, stream
from simrescue.units import SAME_H, step_end_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation


class PartnerInReach:
    """One partner in one replication, with those of its crews that are fit to be sent."""

    def __init__(self, sim: Simulation, index: int, partner: Partner) -> None:
        self.sim, self.index, self.partner = sim, index, partner
        own = [crew for crew in sim.crews if crew.record.partner == partner.id and crew.is_from_partner]
        self.crews: list[Crew] = [crew for crew in own if not crew.released]  # the others are in maintenance
        self.tasks = sorted(set().union(*(crew.member.tasks for crew in self.crews)))
        self.is_asked = False

    def tell(self, kind: Kind, cause: int) -> int:
        """Write a row of its crews; answers its number."""
        persons, command = sum(crew.member.size for crew in self.crews), self.sim.world.command
        return self.sim.log(kind, command, self.index, cause, persons=persons, amount=len(self.crews))

    def ask(self, cause: int) -> None:
        """Ask it for its crews, once; `cause`: row of the level or of the request that it is asked for."""
        if self.is_asked:
            return
        self.is_asked = True
        if self.partner.unasked:
            self.sim.env.process(self._comes(cause))
        else:
            self._send(self.tell(Kind.PARTNER_ASKED, cause))

    def _send(self, row: int) -> None:
        message = Message(MessageKind.REQUEST, self.sim.world.command, self.index, row)
        self.sim.contact.send(message, 0.0, lambda heard: self.sim.env.process(self._comes(heard)), self._send)

    def _answer(self, row: int) -> None:
        """It tells command what it has decided, and gathers meanwhile."""
        if self.sim.contact.tells:
            message = Message(MessageKind.ANSWER, self.index, self.sim.world.command, row)
            self.sim.contact.send(message, 0.0, lambda _: None, lambda _: None)

    def _comes(self, row: int) -> Generator[Any, Any, None]:
        sim, partner, env = self.sim, self.partner, self.sim.env
        rng = stream(sim.seed, sim.replication, "aid", partner.id)
        is_granted = rng.random() < partner.grant
        yield env.timeout(delay_h(rng, partner.decision_h))
        if not partner.unasked:
            row = self.tell(Kind.AID_GRANTED if is_granted else Kind.AID_REFUSED, row)
            self._answer(row)
        if not is_granted:
            return
        yield env.timeout(partner.gathering_h)
        row = self.tell(Kind.AID_SETS_OUT, row)
        yield env.timeout(partner.drive_h)
        if partner.registered_by and (posts := sim.contact.posts):
            papers = Message(MessageKind.REQUEST, self.index, sim.world.command, row)
            row = yield from posts.register(partner.registered_by, papers, self.index, row)
        yield env.timeout(partner.handover_h)
        row = self.tell(Kind.AID_HANDED_OVER, row)
        for crew in self.crews:
            crew.hand_over(row)


class MutualAid:
    """All partners of one replication, and who asks them."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        rows = enumerate(sim.world.scenario.partners, sim.world.first["partners"])
        every = [PartnerInReach(sim, index, partner) for index, partner in rows]
        self.partners = [each for each in every if each.crews]
        self.looks = 0
        if self.partners:
            sim.command.on_level.append(self._level)

    def start(self) -> None:
        """Look from the start on at what waits, where that makes anybody be asked."""
        if self._watching():
            self._look_at(0.0)

    def _watching(self) -> list[PartnerInReach]:
        return [each for each in self.partners if each.partner.asked_after_h is not None and not each.is_asked]

    def _level(self, level: int, _: int, row: int) -> None:
        for each in self.partners:
            asked_at = each.partner.asked_at
            if asked_at and RESPONSE_LEVELS[asked_at] >= level:
                each.ask(row)

    def _look_at(self, hour: float) -> None:
        TimerAt(self.sim.env, hour, DECISIONS).callbacks.append(lambda _: self._look())

    def _look(self) -> None:
        """Whoever could serve what has waited too long is asked for it."""
        sim = self.sim
        for each in self._watching():
            latest_h = sim.env.now - float(each.partner.asked_after_h or 0.0) + SAME_H
            waits = [need for need in sim.command.waiting.of(*each.tasks) if need.amount > 0]
            late = [need for need in waits if need.opened_h <= latest_h]
            if late:
                each.ask(min(late, key=lambda need: (need.opened_h, need.number)).row)
        self.looks += 1
        next_h = step_end_h(self.looks, sim.settings.response.watch_h)
        if self._watching() and next_h < sim.world.duration_h:
            self._look_at(next_h)
