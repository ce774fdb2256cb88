"""Who can be reached, and who waits until somebody can be: the one door for news, orders and calls.

Deep water, flames or the loss of the last road may cut a place off from every message, in both directions: nobody in it
is told, ordered or called, and nobody outside hears what it has or needs. Contact comes back by itself after a while,
or with the first crew that comes, and is not lost where a crew stands that is out. Crews that are out have a radio with
them, aircraft always; any other that stands at its base is called by the telephone of the base.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from random import Random
from typing import TYPE_CHECKING, Any

from simrescue.communication.channels import CHANNEL_NUMBER
from simrescue.communication.messages import ANSWERED_KINDS, Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simpy import Event

    from simrescue.simulation.protocols import CommandPost, Crew, PostChain, ShelterState
    from simrescue.simulation.state import Replication

Retry = Callable[[int], Any]
"""What somebody does when contact is back, with the row that tells of it."""
Silence = tuple[int, float]
"""One loss of contact: the row that tells of it, and its time. Two are told apart by identity: without a log all rows
are alike."""
PUBLIC, RUNNER = CHANNEL_NUMBER["public"], CHANNEL_NUMBER["runner"]
ONE_WAY = (CHANNEL_NUMBER["broadcast"], RUNNER)
"""By which nothing is answered: who has walked with a message is back later than is worth telling."""


def always() -> bool:
    """Whoever sends a message waits for as long as it takes."""
    return True


class Contact:
    """Telephones of all places of one replication."""

    desk: CommandPost
    """Hears of places that fall silent and of those that are heard again; there from the start of the clock."""

    posts: PostChain | None = None
    """Through whose hands messages go; None: one post, which handles all at once."""

    def __init__(self, sim: Replication, crews: Sequence[Crew], shelters: Mapping[int, ShelterState]) -> None:
        self.sim, self.crews, self.shelters = sim, crews, shelters
        self.tells = bool(sim.world.scenario.posts or sim.world.layout)
        """Whether every message is told in the log: where there are posts or channels; else all is as if spoken."""
        self.places = sorted(sim.world.staffed)
        self.numbers = {member.index: member.number for member in sim.world.members}
        """Index of each crew in the table of things -> its number."""
        self.dark: dict[int, Silence] = {}
        """Places that no message gets into or out of, and since when."""
        self.silent_until_h: dict[int, float] = {}
        """Hour until which the telephones of each silent place have failed."""
        # By place in the order of asking, each once: a set of functions has another order in every process.
        self.waiting: dict[int, dict[Retry, None]] = {}
        self.rng: dict[int, Random] = {}
        self.on_silence: list[Callable[[int, Silence], None]] = []
        """Told of each place that falls silent."""

    def send(
        self,
        message: Message,
        hours: float,
        heard: Retry,
        again: Retry,
        wanted: Callable[[], bool] = always,
    ) -> None:
        """Send a message on its way; where an end of it has no contact when it should arrive, it is lost.

        Where there are posts, what comes to command goes through their hands when it has been carried to the first of
        them, and what command sends before it is carried to the other end.

        Args:
            message: who tells whom what.
            hours: from the event to the word at the other end, where nothing is in the way.
            heard: called when it arrives, with the row that tells of it (the cause of the message where none does).
            again: called once with the row that tells of it, when the end that could not be reached can be.
            wanted: whether somebody still waits for it to be handled; else no post spends time on it.
        """
        posts = self.posts
        if posts is None:
            self.carry(message, hours, heard, again)
        elif message.receiver == self.sim.world.command:
            self.carry(message, hours, lambda row: posts.pass_on(message, row, heard, wanted), again)
        else:
            written = message._replace
            posts.pass_on(message, message.cause, lambda row: self.carry(written(cause=row), hours, heard, again))

    def insist(self, message: Message, hours: float, heard: Retry) -> None:
        """As `send`, of what is still news once contact is back: then it is sent anew, through all hands again."""

        def again(row: int) -> None:
            self.insist(message._replace(cause=row), 0.0, heard)

        self.send(message, hours, heard, again if self.tells else heard)

    def carry(self, message: Message, hours: float, heard: Retry, again: Retry) -> None:
        """Bring a message from its sender, or the first post on its way, to the other end; arguments as of `send`."""
        sent = message
        if self.tells:
            sent = message._replace(
                cause=self._tell(Kind.SENT, message.sender, message.receiver, message.cause, PUBLIC, message)
            )
        self.sim.env.timeout(hours).callbacks.append(lambda _: self._arrive(sent, message.cause, heard, again))

    def _arrive(self, message: Message, cause: int, heard: Retry, again: Retry) -> None:
        for end in (message.sender, message.receiver):
            if end in self.dark:
                if self.tells:
                    self._tell(Kind.UNHEARD, message.sender, message.receiver, message.cause, -1, message)
                self.wait(end, again)
                return
        if self.tells:
            self._receive(message, PUBLIC, cause, heard)
        else:
            heard(cause)

    def _tell(self, kind: Kind, subject: int, place: int, cause: int, number: int, message: Message) -> int:
        return self.sim.log(kind, subject, place, cause, item=number, amount=message.kind)

    def _say_at_once(self, message: Message, number: int, heard: Retry) -> None:
        """Both ends are there, as by radio: what is sent by a channel is heard."""
        row = self._tell(Kind.SENT, message.sender, message.receiver, message.cause, number, message)
        self._receive(message._replace(cause=row), number, message.cause, heard)

    def _receive(self, message: Message, number: int, cause: int, heard: Retry) -> None:
        """A message has come by a channel, and is answered where its kind is and there is a way back."""
        self._tell(Kind.RECEIVED, message.receiver, message.sender, message.cause, number, message)
        heard(cause)
        if message.kind in ANSWERED_KINDS and number not in ONE_WAY:
            self._tell(Kind.ACKNOWLEDGED, message.receiver, message.sender, message.cause, number, message)

    def wait(self, place: int, retry: Retry) -> None:
        """Somebody found no contact with a place: he tries again, once, as soon as it is back."""
        self.waiting.setdefault(place, {})[retry] = None

    def may_fail(self, place: int, cause: int) -> None:
        """A place has been cut off by water, flames or the loss of its last road; its telephones may fail too.

        Each cut of a place has its own draws, used or not, so that another share lost leaves the rest as it was.
        """
        command = self.sim.settings.command
        rng = self.rng.get(place)
        if rng is None:
            rng = self.rng[place] = self.sim.stream("contact", place)
        fails, back_h = rng.random() < command.contact_loss, delay_h(rng, command.contact_restore_h)
        if fails and place not in self.dark:
            self.fail(place, cause, back_h)

    def fail(self, place: int, cause: int, back_h: float) -> None:
        """The telephones of a place fail for so many hours, unless somebody there has a radio.

        Where they have failed already, until the later end.
        """
        if place in self.dark:
            self._is_back_after(place, back_h)
        elif not self.has_radio(place):
            self.fall_silent(place, cause, back_h)

    def fall_silent(self, place: int, cause: int, back_h: float = math.inf) -> None:
        """Nobody at a place can be reached any more, for so many hours, or until somebody restores contact."""
        row = self.sim.log(Kind.CONTACT_LOST, place, place, cause)
        lost = self.dark[place] = (row, self.sim.env.now)
        if shelter := self.shelters.get(place):
            shelter.is_silent = True
        # What held it silent before is over, and must not keep it so now.
        self.silent_until_h[place] = 0.0
        self._is_back_after(place, back_h)
        # At the end: whoever is told of it must find the place silent.
        self.desk.notice_silence(place, lost)
        for notice in self.on_silence:
            notice(place, lost)

    def _is_back_after(self, place: int, hours: float) -> None:
        """A silent place is heard again after so many hours, unless something keeps it silent for longer."""
        lost = self.dark[place]
        self.silent_until_h[place] = max(self.silent_until_h[place], self.sim.env.now + hours)

        def end(_: Event) -> None:
            # It may have been heard and lost again since, or something else keeps it silent for longer.
            if self.dark.get(place) is lost and self.silent_until_h[place] <= self.sim.env.now:
                self.restore(place, lost[0])

        if hours < math.inf:
            self.sim.env.timeout(hours).callbacks.append(end)

    def start(self) -> None:
        """The clock starts."""

    def takes(self, place: int) -> bool:
        """Whether a message of a place is taken on now."""
        return place not in self.dark

    def reach(self, place: int) -> float:
        """Share of the people of a village whom an order or call-out reaches, 0..1."""
        del place
        return float(self.sim.settings.warning.reach)

    def speaks(self, place: int) -> bool:
        """Whether the officers of a village can use its loudspeakers."""
        del place
        return True

    def bring_answer(self, place: int, walked_h: float, cause: int) -> None:
        """Somebody has walked to a place with a call, for so long, and tells command that it has come.

        By what stands there, else he walks back with it. `cause`: row of the log of his coming.
        """
        if not self.tells:
            return
        message = Message(MessageKind.CALL_OUT, self.sim.world.command, place, cause)
        number, hours = self._way_back(place) or (RUNNER, walked_h)

        def tell(_: Event) -> None:
            self._tell(Kind.ACKNOWLEDGED, place, message.sender, cause, number, message)

        self.sim.env.timeout(hours).callbacks.append(tell)

    def _way_back(self, place: int) -> tuple[int, float] | None:
        """By which channel, and how much later, an answer goes out of a place; None: by none."""
        return None if place in self.dark else (PUBLIC, 0.0)

    def endangered(self, place: int, row: int) -> None:
        """Water or flames at a place are others."""
        if self.posts is not None:
            self.posts.water(place, row)

    def road_changed(self, road: int, row: int) -> None:
        """Something has closed or opened a road."""

    def cut_line(self, place: int, hours: float) -> None:
        """A hazard cuts the line of a base station for so many hours; without channels there are no stations."""

    def cut_power(self, place: int, hours: float) -> None:
        """A hazard cuts the power area that feeds a place for so many hours; without channels there are no areas."""

    def restore(self, place: int, cause: int) -> None:
        """Telephones work again, or a crew has come: all who waited for it try again."""
        # No more silent before anybody is told: who tries again must get through.
        if self.dark.pop(place, None) is None:
            return
        row = self.sim.log(Kind.CONTACT_RESTORED, place, place, cause)
        if shelter := self.shelters.get(place):
            shelter.is_heard(row)
        # Taken out first: who finds the other end silent waits anew while these are gone through.
        for retry in self.waiting.pop(place, {}):
            retry(row)
        self.desk.hear_from(place, row)

    def speaks_by_radio(self, crew: Crew) -> bool:
        """Whether a crew can be reached wherever it is; else by what stands where it is."""
        return crew.out or crew.member.flies

    def bring_radio(self, crew: Crew, row: int, met: bool = False) -> None:
        """A crew has come to where it is: a silent place is heard again by its radio.

        `met`: people of the place have come to it, as those do whom an aircraft hoists.
        """
        if crew.here in self.dark and (self.speaks_by_radio(crew) if met else self.speaks_for_place(crew)):
            self.restore(crew.here, row)

    def speaks_for_place(self, crew: Crew) -> bool:
        """Whether people of the place where a crew is can talk by its radio: an aircraft must land, with seats."""
        comes_down = not crew.member.flies or (crew.member.seats > 0 and self.sim.can_come_down(crew.here))
        return comes_down and self.speaks_by_radio(crew)

    def has_radio(self, place: int) -> bool:
        """Whether a crew that is out stands at a place, and speaks for it."""
        return any(
            crew.here == place and crew.out and not crew.under_way and self.speaks_for_place(crew)
            for crew in self.crews
        )

    def reaches(self, crew: Crew) -> bool:
        """Whether a crew can be given an order at once."""
        return self.speaks_by_radio(crew) or crew.here not in self.dark

    # ---- words with crews

    def order(self, crew: Crew, cause: int, heard: Callable[[], Any]) -> None:
        """Send a crew an order, as a message where messages are told; else it has it at once.

        Command's staff have had their time for it (`command.decision`).

        Args:
            crew: which.
            cause: row of the log that is ordered.
            heard: called once, when the crew has it.
        """
        if not self.tells:
            heard()
            return
        message = Message(MessageKind.ORDER, self.sim.world.command, crew.index, cause)
        self._say_at_once(message, PUBLIC, lambda _: heard())

    def order_h(self, crew: Crew) -> float:
        """Hours, as far as command can tell, until an order that is sent now has come to a crew."""
        del crew
        return 0.0

    def hear_crew(self, crew: Crew, cause: int, heard: Retry) -> None:
        """A crew tells command what it has seen, as a message where messages are told; else command knows at once.

        Args:
            crew: which.
            cause: row of the log that it tells of.
            heard: called once with the row by which command knows, when it does.
        """
        if not self.tells:
            heard(cause)
            return
        message = Message(MessageKind.REPORT, crew.index, self.sim.world.command, cause)
        self._say_at_once(message, PUBLIC, heard)

    def hear(self, subject: int, cause: int, heard: Retry) -> None:
        """As `hear_crew`, of whoever is out.

        Args:
            subject: index of a crew in the table of things; others (drivers who get away, staff) are known at once.
            cause: row of the log that it tells of.
            heard: as of `hear_crew`.
        """
        if subject in self.numbers:
            self.hear_crew(self.crews[self.numbers[subject]], cause, heard)
        else:
            heard(cause)

    def may_be_told(self, crew: Crew) -> bool:
        """Whether an order to a crew is taken on now: there is a channel, or somebody may walk with it."""
        return self.speaks_by_radio(crew) or self.takes(crew.here)
