"""Aid: a partner is asked, grants or refuses, gathers, drives, and hands its crews over to command.

It is asked with a response level, or once a request that its crews could serve has waited too long in line and is
more than what is coming already can cover; once only.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.communication.messages import Message, MessageKind
from simrescue.communication.posts import Partner
from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import COVERS, RESPONSE_LEVELS
from simrescue.simulation.clock import DECISIONS, TimerAt, after
from simrescue.simulation.command.decision import left, suits
from simrescue.simulation.requests import SMALL, OpenRequest
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
        # By identity: crews of one row of the table share its record, and what one can do all can.
        rows = {id(crew.record): crew for crew in self.crews}
        self.kinds = [(one, sum(crew.record is one.record for crew in self.crews)) for one in rows.values()]
        """One crew of each row of the tables, and how many there are."""
        self.is_asked = False
        self.is_counted_on = False
        """Whether command takes its crews to be coming: from the request until it hears of a refusal, or has them."""

    def serves(self, need: OpenRequest) -> bool:
        """Whether any of its crews could."""
        return any(can_serve(crew, need) for crew, _ in self.kinds)

    def there_h(self, need: OpenRequest) -> float:
        """Mean hours from the request until its first crews could be where somebody waits.

        From where they stand, by the ways that are known; without one that is known the drive counts nothing.
        """
        drives = [hours for crew, _ in self.kinds if (hours := crew.moves.hours(crew.here, need.place)) < INFINITE]
        return float(self.partner.decision_h + self.partner.coming_h + min(drives, default=0.0))

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
            self.is_counted_on = True
            self._send(self.tell(Kind.PARTNER_ASKED, cause))

    def _send(self, row: int) -> None:
        message = Message(MessageKind.REQUEST, self.sim.world.command, self.index, row)
        self.sim.contact.send(message, 0.0, lambda heard: self.sim.env.process(self._comes(heard)), self._send)

    def _answer(self, row: int, is_granted: bool) -> None:
        """It tells command what it has decided, again where that is lost, and gathers meanwhile."""

        def heard(_: int) -> None:
            self.is_counted_on = is_granted

        if self.sim.contact.tells:
            message = Message(MessageKind.ANSWER, self.index, self.sim.world.command, row)
            self.sim.contact.send(message, 0.0, heard, lambda lost: self._answer(lost, is_granted))
        else:
            heard(row)

    def _comes(self, row: int) -> Generator[Any, Any, None]:
        sim, partner, env = self.sim, self.partner, self.sim.env
        rng = stream(sim.seed, sim.replication, "aid", partner.id)
        # First: a decision that takes no time draws nothing (`delay_h`), and must not turn the answer.
        is_granted = rng.random() < partner.grant
        yield env.timeout(delay_h(rng, partner.decision_h))
        if not partner.unasked:
            row = self.tell(Kind.AID_GRANTED if is_granted else Kind.AID_REFUSED, row)
            self._answer(row, is_granted)
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
        after(env, 0.0, lambda _: self._is_there(), DECISIONS)  # when command has them among those who are free

    def _is_there(self) -> None:
        self.is_counted_on = False


def can_serve(crew: Crew, need: OpenRequest) -> bool:
    """Whether crews like this one could serve a request if they were there."""
    return need.task in crew.member.tasks and suits(crew, need)


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
        """Whoever could serve what has waited too long, and is not coming yet, is asked for it: the nearest first."""
        for each in sorted(self._watching(), key=self._nearness):
            # One after the other: what the nearest is asked for the next need not bring (`is_counted_on`).
            if need := self._short(each):
                each.ask(need.row)
        self.looks += 1
        # By the number of the look: an hour that is added up from steps would drift off those of other clocks.
        next_h = step_end_h(self.looks, self.sim.settings.response.watch_h)
        if self._watching() and next_h < self.sim.world.duration_h:
            self._look_at(next_h)

    def _nearness(self, partner: PartnerInReach) -> tuple[float, str]:
        """How soon it could help with what has waited longest of what it could serve."""
        late = self._late(float(partner.partner.asked_after_h or 0.0))
        need = next((need for need in late if partner.serves(need)), None)
        return (INFINITE if need is None else partner.there_h(need)), partner.partner.id

    def _short(self, partner: PartnerInReach) -> OpenRequest | None:
        """What has waited longest of what it could serve and neither own crews nor aid that is coming will cover.

        Boats at work there go on until it would be here. Crews that are coming, or free since command last decided,
        count once each, for whatever has waited longest of what they can do.
        """
        coming = [kind for each in self.partners if each.is_counted_on for kind in each.kinds]
        coming += [(self.sim.crews[number], 1) for number in self.sim.command.roster.newcomers]
        numbers = [number for _, number in coming]
        for need in self._late(float(partner.partner.asked_after_h or 0.0)):
            rest = left(need) - need.per_hour * partner.there_h(need)
            for i, (crew, _) in enumerate(coming):
                covers = COVERS[need.task](crew.member)
                if rest > SMALL and covers and numbers[i] and can_serve(crew, need):
                    # Less a hair: what fits to the last person must not ask for one crew more.
                    taken = min(numbers[i], math.ceil(rest / covers - SMALL))
                    numbers[i] -= taken
                    rest -= taken * covers
            if rest > SMALL and partner.serves(need):
                return need
        return None

    def _late(self, patience_h: float) -> list[OpenRequest]:
        """Requests in line for which nobody has been sent for so long, the oldest first; what is sent unasked is none.

        A load of goods that has come, or is on its way, ends the wait.
        """
        latest_h = self.sim.env.now - patience_h + SAME_H
        asked = [
            (since_h, need.number, need)
            for need in self.sim.command.waiting.of()
            if not (need.is_ahead or need.is_unasked or need.planned)
            and (since_h := max(need.opened_h, need.came_h, need.sent_h if need.coming > SMALL else 0.0)) <= latest_h
        ]
        return [need for _, _, need in sorted(asked)]
