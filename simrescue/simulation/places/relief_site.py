"""A place where affected people need basic relief: a village with people in it, or a shelter.

Persons are served, not places: first come, first served, need by need. Food, clean water and medical supplies are
used up by the hour by those who get them; clothing is handed out and goes along with who got it; beds and tents stay.
The trapped are out of reach: they stand in no line here until they are freed.

People stand in lines that they leave first in, first out, as `metrics.people.queues` reads the log: in a shelter one
line for each village, in a village one at home and one stranded. Served they are in the order of their arrival at the
place: everybody who ever came has a number, and a reach of n means that those with numbers below n are provided.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from operator import attrgetter
from random import Random
from typing import TYPE_CHECKING, Any

from simpy import Event

from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.places import CLOTHING, CONSUMABLE, NEEDS, SHELTER
from simrescue.responders import RELIEF
from simrescue.simulation.state import FRAIL_CLASS, WADING_CLASS
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Contact, Fetching, TrueNeeds, VillageState
    from simrescue.simulation.state import Replication

REGISTER_H = 0.25
"""How often the people at a place are counted anew."""
SMALL = 1e-9
GROWN = 1.2
"""Needs are reported again when they have grown by this factor."""
USED_UP, LOST = 0, 1
"""How own stock ends, as in the `item` of OWN_STOCK_ENDS."""


class Cohort:
    """People who came together, with the numbers from `first` on."""

    __slots__ = ("clothed", "first", "persons")

    def __init__(self, first: int, persons: int, clothed: bool) -> None:
        self.first = first
        self.persons = persons
        self.clothed = clothed  # they brought clothing that they had been given elsewhere

    def within(self, reach: int) -> int:
        """How many of them a reach takes in."""
        return min(self.persons, max(0, reach - self.first))


class SiteLines:
    """Who is at one place, in which order they came, and who among them brought clothing."""

    __slots__ = ("arrived", "lines", "persons", "unclothed")

    def __init__(self) -> None:
        self.lines: dict[int, list[Cohort]] = {}
        self.persons = 0
        self.arrived = 0
        """Persons who ever came: the number of the next one."""
        self.unclothed: tuple[int, int] | None = None
        """A reach, and how many of those beyond it have no clothing; None before anybody has asked."""

    def join(self, line: int, persons: int, clothed: bool) -> None:
        """People have come."""
        self.lines.setdefault(line, []).append(Cohort(self.arrived, persons, clothed))
        self.persons += persons
        self.arrived += persons
        if not clothed:
            self._count_unclothed(persons)

    def by_line(self) -> dict[int, int]:
        """How many stand in each line."""
        return {line: sum(one.persons for one in queue) for line, queue in self.lines.items()}

    def shift(self, line: int, other: int, persons: int) -> None:
        """The first of one line go to the end of another; they have been here all the time."""
        self.lines.setdefault(other, []).extend(self._first(line, persons))

    def leave(self, line: int, persons: int) -> list[Cohort]:
        """The first of a line go; answers who they are."""
        self.persons -= persons
        gone = self._first(line, persons)
        for one in gone:
            if self.unclothed and not one.clothed:
                self._count_unclothed(one.within(self.unclothed[0]) - one.persons)
        return gone

    def _count_unclothed(self, more: int) -> None:
        """Who comes is beyond every reach; `more` is negative for those who go."""
        if self.unclothed:
            reach, persons = self.unclothed
            self.unclothed = reach, persons + more

    def _first(self, line: int, persons: int) -> list[Cohort]:
        """Take the first of a line out of it."""
        gone, queue = [], self.lines.get(line, [])
        while persons > 0:
            first = queue[0]
            # Numbers are kept when a cohort is parted: by them it is told who has been served already.
            part = Cohort(first.first, min(persons, first.persons), first.clothed)
            first.first += part.persons
            first.persons -= part.persons
            persons -= part.persons
            if not first.persons:
                del queue[0]
            gone.append(part)
        return gone

    def count(self, line: int) -> int:
        """How many stand in a line."""
        return sum(one.persons for one in self.lines.get(line, ()))

    def by_arrival(self) -> Iterator[Cohort]:
        """All who are here in the order in which they came."""
        return iter(sorted((one for line in self.lines.values() for one in line), key=attrgetter("first")))

    def beyond(self, persons: int) -> dict[int, int]:
        """Of those who came after the first so many who are here: how many stand in each line, in order of arrival."""
        found: dict[int, int] = {}
        here = ((one.first, name, one.persons) for name, line in self.lines.items() for one in line)
        for _, name, there in sorted(here):
            over = max(0, there - persons)
            persons = max(0, persons - there)
            if over:
                found[name] = found.get(name, 0) + over
        return found

    def reach_of(self, persons: int) -> int:
        """The reach that takes in so many of those who are here."""
        if persons >= self.persons:
            return self.arrived
        for one in self.by_arrival():
            if one.persons > persons:
                return one.first + persons
            persons -= one.persons
        return self.arrived

    def hand_out(self, reach: int, sets: int) -> tuple[int, int]:
        """Give sets of clothing to those beyond a reach who have none; answers the new reach and the sets given."""
        given = 0
        bare = (
            one for line in self.lines.values() for one in line if not one.clothed and one.first + one.persons > reach
        )
        for one in sorted(bare, key=attrgetter("first")):
            beyond = one.persons - one.within(reach)
            part = min(beyond, sets - given)
            given += part
            if part < beyond:
                return one.first + one.persons - beyond + part, given
        return self.arrived, given

    def without_clothing(self, reach: int) -> int:
        """How many of those beyond a reach have no clothing of their own."""
        if reach >= self.arrived:
            return 0
        if self.unclothed is None or self.unclothed[0] != reach:
            beyond = (one for line in self.lines.values() for one in line if one.first + one.persons > reach)
            self.unclothed = reach, sum(one.persons - one.within(reach) for one in beyond if not one.clothed)
        return self.unclothed[1]


class ReliefSite:
    """Supplies and needs at one place of one replication."""

    __slots__ = (
        "asked", "capacity", "contact", "counted_h", "desk", "fetching", "index", "is_fetching", "is_village", "left",
        "meal", "own_until_h", "people", "reach", "recorded_needs", "relieved", "reporting", "rng", "served", "sim",
        "timer", "touched", "tracked", "true_needs", "worst_class",
    )  # fmt: skip

    def __init__(
        self,
        sim: Replication,
        index: int,
        stock: tuple[float, ...],
        desk: CommandPost,
        contact: Contact,
        needs: TrueNeeds,
        fetching: Fetching,
    ) -> None:
        """`stock`: goods that are there at the start, by item."""
        self.sim, self.desk, self.contact, self.true_needs, self.fetching = sim, desk, contact, needs, fetching
        self.index = index
        self.is_village = index < len(sim.world.scenario.settlements)
        self.people = SiteLines()
        self.reach = [0] * len(NEEDS)  # of each need: who is here and came before this number is provided with it
        self.served = [0] * len(NEEDS)  # how many of those who are here these are (clothing goes by who wears it)
        self.left = list(stock)
        self.counted_h = 0.0
        self.own_until_h: float | None = None
        self.relieved = self.touched = self.reporting = self.is_fetching = False
        self.asked = [0.0] * len(NEEDS)  # of each item what command has heard of and has not come yet
        self.timer = 0
        self.worst_class = 0  # the worst class of danger so far, of the middle house of a village
        place: Any = sim.world.places[index]
        self.capacity = 0.0 if self.is_village else float(place.capacity)
        self.recorded_needs = 0  # people truly in need, as last written in the books
        self.rng: Random | None = None
        self.meal = sim.parameters.relief_meal_days
        self.tracked = tuple(NEEDS.index(need) for need in sim.settings.relief.tracked)
        for item, amount in enumerate(stock):
            if amount:
                sim.log(Kind.STOCKED, index, index, item=item, amount=amount)

    @property
    def persons(self) -> int:
        """People who can be served here."""
        return self.people.persons

    # ---- people come and go

    def join(self, line: int, persons: int, village: VillageState, packed: bool = False) -> None:
        """People of a village have come, or can be served from now on; they are counted within a while.

        Who has left home with a bag (`packed`) needs no clothing, like those who were given some elsewhere.
        """
        if persons <= 0:
            return
        # What was used up until now was used by those who were here until now.
        self._use_up()
        clothed = persons if packed else min(persons, village.clothed_away)
        village.clothed_away -= 0 if packed else clothed
        for part, have in ((clothed, True), (persons - clothed, False)):
            if part:
                self.people.join(line, part, have)
        self.recount()

    def leave(self, line: int, persons: int, village: VillageState) -> None:
        """The first of a line have gone, or are out of reach; what they wear goes with them."""
        if persons <= 0:
            return
        self._use_up()
        for gone in self.people.leave(line, persons):
            for item in self.tracked:
                if item != CLOTHING:
                    self.served[item] -= gone.within(self.reach[item])
            village.clothed_away += gone.persons if gone.clothed else gone.within(self.reach[CLOTHING])
        self.recount()

    def shift(self, line: int, other: int, persons: int) -> None:
        """The first of one line stand behind those of another from now on."""
        self.people.shift(line, other, persons)

    def recount(self) -> None:
        """Have the people counted and their needs looked at again, as soon as somebody gets round to it."""
        if not self.touched:
            self.touched = True
            self.sim.env.timeout(REGISTER_H).callbacks.append(self._counted)

    def _counted(self, _: Event) -> None:
        self.touched = False
        self.review(-1)

    # ---- own stock

    def open_larders(self, persons: int, cause: int) -> None:
        """People cut off in dry houses live on what they have for a while, once."""
        hours = self.sim.settings.relief.household_days * 24
        if self.own_until_h is None and hours > 0 and persons:
            self.own_until_h = self.sim.env.now + hours
            row = self.sim.log(Kind.OWN_STOCK, self.index, self.index, cause, persons=persons, amount=hours)
            self.sim.env.timeout(hours).callbacks.append(lambda _: self.close_larders(USED_UP, row))

    def close_larders(self, how: int, cause: int) -> None:
        """Own stock is used up, or lost."""
        # Minus infinity and not None: larders that were opened once are never opened again.
        if self.own_until_h is not None and self.own_until_h > -math.inf:
            self.own_until_h = -math.inf
            self.sim.log(Kind.OWN_STOCK_ENDS, self.index, self.index, cause, item=how)
            self.recount()

    def own_left_h(self) -> float:
        """Hours for which people here can still live on what they have."""
        return 0.0 if self.own_until_h is None else max(0.0, self.own_until_h - self.sim.env.now)

    def fed_until_h(self) -> float:
        """Hour until which those here live on what they have; infinite: nobody has to."""
        if not self.persons:
            return math.inf
        hours = (self.lasts_h(item) for item in self.tracked if CONSUMABLE[item])
        return self.sim.env.now + min(hours, default=math.inf)

    # ---- goods

    def deliver(self, amounts: list[float], cause: int) -> None:
        """Goods are unloaded here; `amounts` by need, in person-days or sets."""
        self._use_up()
        self.left = [have + more for have, more in zip(self.left, amounts, strict=True)]
        # What came ends what was asked for, so that a need which comes back is news.
        self.asked = [max(0.0, heard - came) for heard, came in zip(self.asked, amounts, strict=True)]
        self.review(cause)

    def _use_up(self) -> None:
        now = self.sim.env.now
        if now == self.counted_h:
            return
        days = (now - self.counted_h) / 24
        self.counted_h = now
        for item in self.tracked:
            if CONSUMABLE[item]:
                self.left[item] = max(0.0, self.left[item] - self.served[item] * days)

    def review(self, cause: int) -> None:
        """Serve those who are here as far as goods go, say what has run out, and ask for what will be needed."""
        self._use_up()
        for item in self.tracked:
            if item == CLOTHING:
                self._clothe(cause)
            else:
                self._provide(item, self._can_serve(item), cause)
        relieved = self.persons > 0 and not any(self.lacking(item) for item in self.tracked)
        if relieved and not self.relieved:
            self.sim.log(Kind.RELIEVED, self.index, self.index, cause, persons=self.persons)
        self.relieved = relieved
        self._set_timer()
        needs = self.needs()
        self._ask_for(needs, cause)
        self.fetching.start(self, needs, cause)

    def _can_serve(self, item: int) -> int:
        """How many of those here can be provided with an item from now on; who has it keeps it while it lasts."""
        left = self.left[item]
        if not CONSUMABLE[item]:
            return min(self.persons, math.floor(self._beds() + left + SMALL)) if self.applies(item) else 0
        if left <= SMALL:
            return 0
        # New ones only for whom a meal is left, or they would be served and lapse in the same hour, again and again.
        return max(self.served[item], min(self.persons, math.floor(left / self.meal + SMALL)))

    def _beds(self) -> float:
        """Places that the building itself has."""
        return 0.0 if self.index in self.sim.unsafe else self.capacity

    def _provide(self, item: int, persons: int, cause: int) -> None:
        """Exactly so many of those here, the first to come, are provided with an item from now on."""
        more = persons - self.served[item]
        if more:
            self.served[item] = persons
            self.reach[item] = self.people.reach_of(persons) if persons else 0
            self._tell(item, more, cause)

    def _clothe(self, cause: int) -> None:
        """Hand out clothing; who got some once needs none any more."""
        sets = math.floor(self.left[CLOTHING] + SMALL)
        if not self.applies(CLOTHING) or not sets or not self.lacking(CLOTHING):
            return
        reach, given = self.people.hand_out(self.reach[CLOTHING], sets)
        self.left[CLOTHING] = max(0.0, self.left[CLOTHING] - given)
        self.reach[CLOTHING] = reach
        self._tell(CLOTHING, given, cause)

    def _tell(self, item: int, more: int, cause: int) -> None:
        kind = Kind.MET if more > 0 else Kind.LAPSES
        self.sim.log(kind, self.index, self.index, cause, -1, item, abs(more), self.reach[item])

    # ---- needs

    def applies(self, item: int) -> bool:
        """Whether people need an item here at all: in a village clothing after deep water, a tent after deeper."""
        if not self.is_village or CONSUMABLE[item]:
            return True
        least = WADING_CLASS if item == CLOTHING else FRAIL_CLASS
        return self.worst_class >= least

    def lacking(self, item: int) -> int:
        """How many of those here need an item and are not provided with it."""
        if not self.applies(item):
            return 0
        if item == CLOTHING:
            return self.people.without_clothing(self.reach[CLOTHING])
        return self.people.persons - self.served[item]

    def needs(self) -> list[float]:
        """What should be sent now, by item, in person-days or persons; nothing that is not yet short."""
        self._use_up()
        amounts = [0.0] * len(NEEDS)
        if self.persons:
            for item in self.tracked:
                amounts[item] = self._consumed(item) if CONSUMABLE[item] else self._missing(item)
        return amounts

    def _missing(self, item: int) -> float:
        """Sets of clothing that nobody has brought yet, or places to sleep."""
        if item == CLOTHING:
            return max(0.0, self.lacking(CLOTHING) - self.left[CLOTHING])
        return max(0.0, self.persons - self._beds() - self.left[SHELTER]) if self.applies(SHELTER) else 0.0

    def _consumed(self, item: int) -> float:
        """Person-days to bring what is here to `days_sent` for everybody; none while `reorder_h` is left."""
        relief, own_h = self.sim.settings.relief, self.own_left_h()
        hungry = self.lacking(item) and not own_h
        if not hungry and self.lasts_h(item) > relief.reorder_h + SMALL:
            return 0.0
        return max(0.0, self.persons * (relief.days_sent - own_h / 24) - self.left[item])

    def lasts_h(self, item: int) -> float:
        """Hours that goods and own stock would last for all who are here."""
        self._use_up()
        own_h = 0.0 if self.own_until_h is None else self.own_left_h()
        return self.left[item] / self.people.persons * 24 + own_h

    def lasts_until_h(self) -> tuple[float, ...]:
        """Hour until which each item would last for all who are here, as `lasts_h`."""
        now = self.sim.env.now
        return tuple(now + self.lasts_h(item) for item in range(len(NEEDS)))

    def ask(self, cause: int) -> None:
        """Report needs to command when one is new or has grown by a fifth, or none is there any more."""
        self._ask_for(self.needs(), cause)

    def _ask_for(self, needs: list[float], cause: int) -> None:
        some = max(needs) > SMALL
        lacking = self.persons if some else 0
        if lacking != self.recorded_needs:
            self.recorded_needs = lacking
            self.true_needs.tell((RELIEF, self.index), RELIEF, self.index, lacking)
        if self.reporting:
            return
        grown = any(need > max(heard * GROWN, SMALL) for need, heard in zip(needs, self.asked, strict=True))
        # Command must hear of the end of what it was asked for, or it would go on sending.
        gone = not some and max(self.asked) > SMALL
        if grown or gone:
            if not self.contact.takes(self.index):
                self.contact.wait(self.index, self.ask)
                return
            self.reporting = True
            mean = self.sim.settings.command.report_h
            if self.rng is None:
                self.rng = self.sim.stream("site", self.index)
            message = Message(MessageKind.GOODS, self.index, self.sim.world.command, cause)
            self.contact.send(message, delay_h(self.rng, mean), self._asked, self._ask_again)

    def _ask_again(self, cause: int) -> None:
        """The last word was lost."""
        self.reporting = False
        self.ask(cause)

    def _asked(self, cause: int) -> None:
        self.reporting = False
        # As things stand when word arrives, like the report of a village.
        amounts = self.needs()
        self.asked = list(amounts)
        for item, amount in enumerate(amounts):
            if amount > SMALL:
                cause = self.sim.log(Kind.NEEDS, self.index, self.index, cause, -1, item, self.persons, amount)
        self.desk.learn_needs(self.index, amounts, self.persons, cause)

    def _set_timer(self) -> None:
        """Wake when the first item runs out or must be reordered."""
        self.timer += 1
        if not self.persons:
            return
        own = self.own_left_h() > 0
        reorder_h = self.sim.settings.relief.reorder_h
        moments = []
        for item in self.tracked:
            if not CONSUMABLE[item]:
                continue
            if self.served[item]:
                moments.append(self.left[item] / self.served[item] * 24)
            # Hours that `lasts_h` loses in an hour: of goods as far as people get them, of own stock by the clock.
            shrinks = self.served[item] / self.persons + own
            spare_h = self.lasts_h(item) - reorder_h
            if spare_h > SMALL and shrinks > 0:
                moments.append(spare_h / shrinks)
        if moments:
            # Timers cannot be called off: only the last one set still counts.
            at = self.timer
            # A little later: at the very moment rounding may leave a crumb, and the next timer would be due at once.
            self.sim.env.timeout(min(moments) + 1e-6).callbacks.append(
                lambda _: self.review(-1) if at == self.timer else None
            )
