"""Contact by channels: the first channel that stands carries a message, else it waits, or somebody walks with it.

A place is silent as long as no channel stands by which its officers and command could talk. A crew that comes to a
silent place leaves it a radio. An order reaches a crew by the radio that it has with it when it is out, else by what
stands where it is. Every message is told in the log: sent and received by a channel, or unheard.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.communication.channels import CHANNEL_NUMBER, OUTAGES, Trained
from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.responders import carries_radio
from simrescue.scenario.communication.channel_layout import Layout
from simrescue.scenario.communication.coverage import distance_km
from simrescue.simulation.channels.outages import Outages
from simrescue.simulation.channels.relays import Relays
from simrescue.simulation.channels.walking import walk
from simrescue.simulation.contact import PUBLIC, Contact, Retry

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew, ShelterState
    from simrescue.simulation.state import Simulation

RADIO, RELAY, RUNNER = (CHANNEL_NUMBER[name] for name in ("radio", "uav_relay", "runner"))


class Pending(NamedTuple):
    """A message that has found no channel."""

    message: Message
    heard: Retry
    again: Retry


class Switchboard(Contact):
    """Channels of all places of one replication."""

    def __init__(
        self, sim: Simulation, crews: Sequence[Crew], shelters: Mapping[int, ShelterState], layout: Layout
    ) -> None:
        super().__init__(sim, crews, shelters)
        self.whole, self.layout = sim, layout
        self.outages = Outages(sim, layout, self._power_changed, self._station_changed)
        self.relays = Relays(sim, self._lacks_all_but_relays, self.review)
        self.unlit: dict[int, float] = {}
        """Places without mains, and since when."""
        self.uncharged: dict[int, float] = {}
        """Those of them where no vehicle stands dry either, and since when both are so."""
        self.off_until_h: dict[int, float] = {}
        """Places whose public network has failed by itself, where no base stations are named, and until when."""
        self.covered = dict.fromkeys(self.places, True)
        """Whether there is public network at a place."""
        self.brought: set[int] = set()
        """Places where a crew has left a radio."""
        self.pending: dict[int, list[Pending]] = {}
        self.walking: set[tuple[int, bool]] = set()
        """Places that somebody with word has set out from (true), or to."""
        self.phones = {place: self._phones(place) for place in self.places}
        self.kept: dict[int, list[Callable[[], Any]]] = {}
        """By crew without a radio what is to be said by it, or to it, where a channel stands again."""
        self.by_distance: dict[int, list[tuple[float, int]]] = {}
        """Place -> all others by their distance from it, km; where somebody had to walk to a crew."""

    def start(self) -> None:
        """Look at all places once, and set going what is known beforehand."""
        for place in self.places:
            self._network_changed(place, -1)
            self.review(place, -1)
        self.outages.start()
        self.relays.start()

    # ---- what stands

    def _phones(self, place: int) -> bool:
        """Whether the satellite phones of a place are of use: drawn once, by one draw whatever their number."""
        record = self.sim.world.places[place]
        phones = Trained(getattr(record, "satellite_phones", 0), getattr(record, "trained", 0.0))
        return phones.phones > 0 and phones.works(self.sim.stream("satellite phone", place).random())

    def stands(self, place: int, number: int) -> bool:
        """Whether a channel, by its number in the layout, can be used at a place now."""
        line = self.layout.lines[number]
        if not self._has_power(place, line.kind.charged, line.battery_h):
            return False
        if line.kind.name == "satellite":
            return self.phones[place]
        if line.kind.network:
            return self._is_covered(place, line.kind.network)
        return True

    def _is_covered(self, place: int, network: str) -> bool:
        cover = self.layout.covering.get(network)
        if cover is None:
            return network == "public" and place not in self.off_until_h
        return any(not self.outages.stations[station].causes for station in cover.get(place, ()))

    def first(self, place: int) -> tuple[int, float] | None:
        """The first channel that stands at a place both ways: its kind, as in logs, and the hours that it adds."""
        by_relay = (RELAY, 0.0) if self._is_charged(place) and self.relays.covers(place) else None
        return self._on_the_ground(place) or by_relay

    def _is_charged(self, place: int) -> bool:
        """Whether the phones of a place still work."""
        return self._has_power(place, True, self.sim.parameters.public_battery_h)

    def _has_power(self, place: int, charged: bool, battery_h: float) -> bool:
        """Whether sets of a place work whose batteries last so long, and which are charged from vehicles or not."""
        since_h = (self.uncharged if charged else self.unlit).get(place)
        # At the moment when it is empty, at which the place is looked at, it must count as empty.
        return since_h is None or self.sim.env.now - since_h < battery_h - 1e-9

    def _has_vehicles(self, place: int) -> bool:
        return place < len(self.whole.villages) and self.whole.villages[place].has_vehicles

    def _lacks_all_but_relays(self, place: int) -> bool:
        return self._on_the_ground(place) is None and self._is_charged(place)

    def _on_the_ground(self, place: int) -> tuple[int, float] | None:
        for number, line in enumerate(self.layout.lines):
            if line.kind.both_ways and self.stands(place, number):
                return line.number, line.delay_h
        return (RADIO, 0.0) if place in self.brought else None

    def _carrier(self, message: Message) -> tuple[int, float] | None:
        """What a message goes by now: the last in rank of what both ends have; command can always be reached.

        A call-out also comes by emergency broadcast, one way.
        """
        ends = (message.sender, message.receiver)
        carriers = [self._first_of_end(end) for end in ends if end in self.covered or end in self.numbers]
        if None not in carriers:
            return max((carrier for carrier in carriers if carrier), default=(PUBLIC, 0.0))
        if message.kind in (MessageKind.CALL_OUT, MessageKind.NOTICE) and self._stands_by_name(
            message.receiver, "broadcast"
        ):
            return CHANNEL_NUMBER["broadcast"], 0.0
        return None

    def _first_of_end(self, end: int) -> tuple[int, float] | None:
        """As `first`, of a place or of a crew, by its index in the table of things."""
        if end in self.covered:
            return self.first(end)
        crew = self.crews[self.numbers[end]]
        if self.speaks_by_radio(crew):
            return RADIO, 0.0
        if crew.under_way:
            return None
        return self.first(crew.here) if crew.here in self.covered else (PUBLIC, 0.0)

    def speaks_by_radio(self, crew: Crew) -> bool:
        """Whether a crew has a radio with it: aircraft always, others by their row or kind, when they are out."""
        return crew.member.flies or (crew.out and carries_radio(crew.record))

    def _stands_by_name(self, place: int, *kinds: str) -> bool:
        lines = enumerate(self.layout.lines)
        return any(line.kind.name in kinds and self.stands(place, number) for number, line in lines)

    # ---- the word to people

    def reach(self, place: int) -> float:
        """Share of the people whom an order or call-out reaches, by all channels that stand there together."""
        parameters, missed = self.sim.parameters, 1.0
        if self._stands_by_name(place, "public"):
            missed *= 1 - parameters.public_reach
        if self._stands_by_name(place, "broadcast", "loudspeaker"):
            is_light = bisect_right(self.sim.world.sky.light_changes[place], self.sim.env.now) % 2
            by_day = self.sim.world.scenario.settlements[place].speakers
            missed *= 1 - by_day * (1.0 if is_light else self.sim.settings.warning.speaker_night)
        if self._stands_by_name(place, "whistle"):
            missed *= 1 - parameters.whistle_reach
        return float(1 - missed)

    def speaks(self, place: int) -> bool:
        """Whether the officers of a village can use its loudspeakers."""
        return self._stands_by_name(place, "loudspeaker")

    # ---- messages

    def takes(self, place: int) -> bool:
        """Whether a message of a place is taken on now: somebody may walk with it."""
        return self.layout.has("runner") or place not in self.dark

    def order(self, crew: Crew, cause: int, heard: Callable[[], Any]) -> None:
        """As of `Contact.order`; who is under way without a radio has it where it comes to a channel."""
        message = Message(MessageKind.ORDER, self.sim.world.command, crew.index, cause)

        def again(_: int = -1) -> None:
            self.order(crew, cause, heard)

        if self.speaks_by_radio(crew):
            self._say_at_once(message, RADIO, lambda _: heard())
        elif crew.under_way:
            self._keep(crew, message, again)
        else:
            self.carry(message, 0.0, lambda _: heard(), again)

    def hear_crew(self, crew: Crew, cause: int, heard: Retry) -> None:
        """As of `Contact.hear_crew`; without a radio at the first channel that it comes to, or back at its base."""
        message = Message(MessageKind.REPORT, crew.index, self.sim.world.command, cause)

        def again(_: int = -1) -> None:
            self.hear_crew(crew, cause, heard)

        if self.speaks_by_radio(crew):
            self._say_at_once(message, RADIO, heard)
        elif self._first_of_end(crew.index) is None:
            self._keep(crew, message, again)
        else:
            self.carry(message, 0.0, heard, again)

    def _keep(self, crew: Crew, message: Message, again: Callable[[], Any]) -> None:
        """A word by or to a crew that has no radio waits until it comes to a channel."""
        self._tell(Kind.UNHEARD, message.sender, message.receiver, message.cause, -1, message)
        self.kept.setdefault(crew.number, []).append(again)

    def bring_radio(self, crew: Crew, row: int, met: bool = False) -> None:
        """A crew has come to where it is: with its radio, or with what it could not say or hear on the way."""
        super().bring_radio(crew, row, met)
        self._say(crew)

    def _say(self, crew: Crew) -> None:
        if crew.number in self.kept and not crew.under_way and self._first_of_end(crew.index):
            # Taken out first: what finds no channel after all is kept anew.
            for again in self.kept.pop(crew.number):
                again()

    def order_h(self, crew: Crew) -> float:
        """Hours, as far as command can tell, until an order that is sent now has come to a crew.

        Where somebody has to walk, from the nearest place that can be reached.
        """
        if carrier := self._first_of_end(crew.index):
            return carrier[1]
        km = next((km for km, place in self._around(crew.here) if self._hears(place)), math.inf)
        parameters = self.sim.parameters
        return float(parameters.runner_after_h + km / parameters.runner_kmh)

    def _around(self, place: int) -> list[tuple[float, int]]:
        if place not in self.by_distance:
            places = self.sim.world.places
            self.by_distance[place] = sorted((distance_km(places[place], places[i]), i) for i in self.places)
        return self.by_distance[place]

    def carry(self, message: Message, hours: float, heard: Retry, again: Retry) -> None:
        """As of `Contact.carry`, by the first channel that stands; what it adds to `hours` hangs on the channel."""
        carrier = self._carrier(message)
        if carrier is None:
            self._unheard(Pending(message, heard, again))
            return
        number, delay_h = carrier
        row = self._tell(Kind.SENT, message.sender, message.receiver, message.cause, number, message)
        waiting = Pending(message._replace(cause=row), heard, again)
        self.sim.env.timeout(hours + delay_h).callbacks.append(lambda _: self._comes(waiting, message.cause, number))

    def _comes(self, sent: Pending, cause: int, number: int) -> None:
        """A message should arrive: by what stands then, or it is lost; a crew has said by then what it had to say.

        Args:
            sent: which.
            cause: row of the log that it tells of.
            number: what it was sent by.
        """
        message, carrier = sent.message, self._carrier(sent.message)
        if message.sender in self.numbers:
            carrier = number, 0.0
        if carrier is None:
            self._unheard(sent)
            return
        self._receive(message, carrier[0], cause, sent.heard)

    def _unheard(self, sent: Pending) -> None:
        """No channel: it is sent anew when one is back, and meanwhile somebody may walk with it."""
        message = sent.message
        spots = (self._spot(end) for end in (message.sender, message.receiver))
        place = next((spot for spot in spots if spot in self.covered and not self.first(spot)), None)
        if place is None:  # a crew has left meanwhile
            sent.again(message.cause)
            return
        self._tell(Kind.UNHEARD, message.sender, message.receiver, message.cause, -1, message)
        self.review(place, message.cause)  # of what ends at this very moment nobody has been told yet
        self.wait(place, sent.again)
        self.pending.setdefault(place, []).append(sent)
        way = (place, message.sender == place)
        if self.layout.has("runner") and way not in self.walking:
            self.walking.add(way)
            self.sim.env.process(self._run(*way))

    def _spot(self, end: int) -> int:
        """Where the place or crew with an index in the table of things is."""
        return self.crews[self.numbers[end]].here if end in self.numbers else end

    def _of(self, place: int, outward: bool) -> list[Pending]:
        return [sent for sent in self.pending.get(place, ()) if (sent.message.sender == place) == outward]

    def _run(self, place: int, outward: bool) -> Generator[Any, Any, None]:
        """Somebody walks with all that waits, from a silent place (`outward`) or to it; if more comes, again."""
        sim = self.whole
        yield sim.env.timeout(sim.parameters.runner_after_h)
        if self._of(place, outward):
            other = sim.world.command
            ends = (place, other) if outward else (other, place)
            row = sim.log(Kind.RUNNER_LEAVES, *ends, self._of(place, outward)[0].message.cause)
            reached = yield from walk(sim, place, self._hears, lambda: bool(self._of(place, outward)))
            if reached is not None:
                self._deliver(place, outward, row)
        self.walking.discard((place, outward))

    def _hears(self, place: int) -> bool:
        return place in self.covered and place not in self.dark

    def _deliver(self, place: int, outward: bool, row: int) -> None:
        """All that still waits is heard."""
        taken = self._of(place, outward)
        self.pending[place] = [sent for sent in self.pending.get(place, ()) if sent not in taken]
        for sent in taken:
            # It has been heard: it must not be sent anew when contact is back.
            self.waiting.get(place, {}).pop(sent.again, None)
            self._receive(sent.message._replace(cause=row), RUNNER, row, sent.heard)

    def _way_back(self, place: int) -> tuple[int, float] | None:
        return self.first(place)

    # ---- what fails and comes back

    def may_fail(self, place: int, cause: int) -> None:
        """A place has been cut off: its public network may fail by chance, where no base stations are named."""
        if "public" not in self.layout.covering:
            super().may_fail(place, cause)

    def fail(self, place: int, cause: int, back_h: float) -> None:
        """The public network of a place fails for so many hours; where it has failed already, until the later end."""
        self.off_until_h[place] = max(self.off_until_h.get(place, 0.0), self.sim.env.now + back_h)
        self._network_changed(place, cause)
        self.review(place, cause)
        if back_h != float("inf"):
            self.sim.env.timeout(back_h).callbacks.append(lambda _: self._on_again(place))

    def _on_again(self, place: int) -> None:
        # Another failure may have put its end off meanwhile.
        if self.off_until_h.get(place, math.inf) <= self.sim.env.now:
            del self.off_until_h[place]
            self.review(place, self._network_changed(place, -1))

    def restore(self, place: int, cause: int) -> None:
        """A crew has come, and leaves its radio."""
        self.brought.add(place)
        self._is_back(place, cause)

    def _is_back(self, place: int, cause: int) -> None:
        self.pending.pop(place, None)
        super().restore(place, cause)
        for number in sorted(self.kept):
            if self.crews[number].here == place:
                self._say(self.crews[number])

    def review(self, place: int, cause: int) -> None:
        """Something has changed at a place: it may be silent now, or be heard again."""
        if place not in self.dark and self.has_radio(place):
            self.brought.add(place)
        if self.first(place) is not None:
            if place in self.dark:
                self._is_back(place, cause)
        elif place not in self.dark:
            self.fall_silent(place, cause)

    def fall_silent(self, place: int, cause: int, back_h: float = math.inf) -> None:
        """As of `Contact.fall_silent`; when command has missed its word, UAV relays are called."""
        super().fall_silent(place, cause, back_h)
        # Told apart by identity: it may be heard and fall silent again before the hours are up, and they count anew.
        lost = self.dark[place]
        if self.relays.relays:
            self.sim.env.timeout(self.sim.settings.command.silence_h).callbacks.append(
                lambda _: self.relays.notice(place) if self.dark.get(place) is lost else None
            )

    def endangered(self, place: int, row: int) -> None:
        """Water or flames at a place are others."""
        super().endangered(place, row)
        self.outages.look(place, row)
        self._count_down(place, row)

    def road_changed(self, road: int, row: int) -> None:
        """Something has closed or opened a road."""
        self.outages.road_changed(road, row)

    def cut_line(self, place: int, hours: float) -> None:
        """A hazard cuts the line of a base station; whatever else is no station has no line of its own."""
        if station := self.outages.stations.get(place):
            station.cut(hours)

    def cut_power(self, place: int, hours: float) -> None:
        """A hazard cuts the power area that feeds a place, or the area itself; where none feeds it, nothing is cut."""
        if area := self.outages.areas.get(self.layout.feeder.get(place, place)):
            area.cut(hours)

    def _power_changed(self, area: int, row: int) -> None:
        lost = bool(self.outages.areas[area].causes)
        self.outages.feed(area, row)
        for place in self.places:
            if self.layout.feeder.get(place) == area:
                self._lose_mains(place, area, row) if lost else self._have_mains(place, area, row)

    def _lose_mains(self, place: int, area: int, row: int) -> None:
        # Of several the one that came first: the others found it without power already.
        why = next(iter(self.outages.areas[area].causes))
        row = self.sim.log(Kind.POWER_LOST, place, area, row, item=OUTAGES.index(why))
        since_h = self.unlit[place] = self.sim.env.now
        if self.posts is not None:
            self.posts.mains(place, True, row)
        self._empty_later(place, self.unlit, since_h, row, charged=False)
        self._count_down(place, row)

    def _count_down(self, place: int, row: int) -> None:
        """Phones and radios run on their batteries once mains and vehicles are both gone."""
        if place in self.unlit and place not in self.uncharged and not self._has_vehicles(place):
            since_h = self.uncharged[place] = self.sim.env.now
            self._empty_later(place, self.uncharged, since_h, row, charged=True)

    def _empty_later(self, place: int, running: dict[int, float], since_h: float, row: int, charged: bool) -> None:
        """Look at a place when batteries that run since an hour are empty, of sets charged from vehicles or not."""
        for line in self.layout.lines:
            if line.kind.charged == charged and line.battery_h < float("inf"):
                # Power may have been back meanwhile, and gone again: then another count runs.
                self.sim.env.timeout(line.battery_h).callbacks.append(
                    lambda _: self.review(place, row) if running.get(place) == since_h else None
                )

    def _have_mains(self, place: int, area: int, row: int) -> None:
        row = self.sim.log(Kind.POWER_BACK, place, area, row)
        self.unlit.pop(place, None)
        self.uncharged.pop(place, None)
        if self.posts is not None:
            self.posts.mains(place, False, row)
        self.review(place, row)

    def _station_changed(self, station: int, row: int) -> None:
        for network, cover in self.layout.covering.items():
            for place, stations in cover.items():
                if station in stations:
                    self.review(place, self._network_changed(place, row) if network == "public" else row)

    def _network_changed(self, place: int, row: int) -> int:
        """Tells where the public network of a place has gone or come; answers the last row."""
        now = self._is_covered(place, "public")
        if now != self.covered[place]:
            self.covered[place] = now
            kind = Kind.NETWORK_BACK if now else Kind.NETWORK_LOST
            return self.sim.log(kind, place, place, row)
        return row
