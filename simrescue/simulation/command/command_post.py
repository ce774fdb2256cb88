"""Command: learns by reports, keeps the open requests, decides once per instant through a dispatch policy.

It knows roads by the router, places by the last report, its own responders by radio or by the telephone of their base.
A crew on scene tells at once what it sees.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from simrescue.communication.messages import VillageWord
from simrescue.events import EventKind as Kind
from simrescue.network.routing import INFINITE
from simrescue.places import CONSUMABLE, NEEDS
from simrescue.responders import EVACUATE, RECONNAISSANCE, RELIEF, RESCUE, RESPONSE_LEVELS, TASK_KINDS
from simrescue.simulation.clock import DECISIONS, TimerAt, after
from simrescue.simulation.command.decision import Dispatcher
from simrescue.simulation.command.estimates import Estimates, ExpectedNeed
from simrescue.simulation.command.first_rations import expected_eaters
from simrescue.simulation.command.replenishment import Replenishment
from simrescue.simulation.missions import mission_of
from simrescue.simulation.requests import (
    BEHIND_PEOPLE_H,
    SMALL,
    VILLAGE_REQUESTS,
    CallRequest,
    EvacuationRequest,
    FireRequest,
    LiftRequest,
    OpenRequest,
    ReconnaissanceRequest,
    ReliefRequest,
    RepairRequest,
    ReplenishmentRequest,
    RescueRequest,
    RoadsideRequest,
    TransferRequest,
    fire_key,
    roadside_key,
    tonnes,
    transfer_key,
)
from simrescue.simulation.state import WADING_CLASS

if TYPE_CHECKING:
    from simrescue.network import Router
    from simrescue.simulation.protocols import Contact, Crew, DepotState, Places, TrueNeeds, VillageState
    from simrescue.simulation.state import Replication

Opened = TypeVar("Opened", bound=OpenRequest)


class CommandPost(Dispatcher):
    """The command post of one replication."""

    def __init__(
        self,
        sim: Replication,
        contact: Contact,
        router: Router,
        needs: TrueNeeds,
        places: Places,
        crews: Sequence[Crew],
    ) -> None:
        super().__init__(sim, contact, router, needs, places.depots, crews)
        self.places = places
        self.estimates = Estimates(sim.world)
        self.count = 0
        self.has_buses = any(member.vehicle == "bus" and EVACUATE in member.tasks for member in sim.world.members)
        self.has_pushed = False
        self.level = len(RESPONSE_LEVELS) + 1
        relief = sim.settings.relief
        self.kg = tuple(float(getattr(relief, need).kg) for need in NEEDS)
        self.replenishment = Replenishment(sim, contact, places, self.open, self._lorry_t())
        if sim.world.upper:
            self._review_later()
        self.words: dict[int, VillageWord] = {}
        """Of each village the last word that command has had."""
        self.on_level: list[Callable[[int, int, int], None]] = []
        """Who wants to know of a level that is raised: its number, that before, and the row."""
        self.on_lowered: Callable[[int], None] = lambda _: None
        """Who wants to know of the number of the level that is in force after one has been lowered."""
        for step in sorted(sim.settings.command.levels, key=attrgetter("time_h")):
            sim.env.timeout(max(0.0, step.time_h)).callbacks.append(lambda _, level=step.level: self._change_to(level))  # type: ignore[misc]

    # ---- response levels

    def _change_to(self, level: str) -> None:
        """The record has another level from now on, a higher or a lower one."""
        # I is the highest level and has the least number.
        if RESPONSE_LEVELS[level] > self.level:
            self.lower_level(RESPONSE_LEVELS[level], -1)
        else:
            self.raise_level(level)

    def raise_level(self, level: str, cause: int = -1) -> None:
        """A response level is declared: crews that wait for it, or for a lower one, are free."""
        before, self.level = self.level, RESPONSE_LEVELS[level]
        row = self.sim.log(Kind.LEVEL_RAISED, self.sim.world.command, cause=cause, item=self.level)
        for crew in self.crews:
            needed = crew.member.record.release
            if needed and RESPONSE_LEVELS[needed] >= RESPONSE_LEVELS[level]:
                crew.release(row)
        for call in self.on_level:
            call(self.level, before, row)

    def lower_level(self, number: int, cause: int) -> None:
        """A lower level is in force, or none: crews that wait for a higher one, and are not there yet, wait again."""
        self.level = number
        self.sim.log(Kind.LEVEL_LOWERED, self.sim.world.command, cause=cause, item=number)
        for crew in self.crews:
            needed = crew.member.record.release
            if needed and RESPONSE_LEVELS[needed] < number:
                crew.hold()
        self.on_lowered(number)

    def make_ready(self, crew: Crew) -> bool:
        """A crew begins its turnout before it is sent; answers whether it does: free, at its base, told, not so yet."""
        if not crew.released or crew.out or crew.moves.ready_since_h < INFINITE or not self.contact.reaches(crew):
            return False
        self._is_ready(crew, self.sim.env.now)
        if self.roster.can_do_more([crew]):
            self.wake()
        return True

    def stand_down(self, crew: Crew) -> None:
        """A crew need not make ready any more before it is sent."""
        self._is_ready(crew, INFINITE)

    def _is_ready(self, crew: Crew, since_h: float) -> None:
        crew.moves.ready_since_h = since_h
        self.roster.is_ready(crew)

    # ---- news

    def learn(self, village: VillageState, cause: int, word: VillageWord | None = None) -> None:
        """A village's state is known now: open, change or close its requests.

        Args:
            village: which.
            cause: row of the log by which it is known.
            word: how it was when somebody saw it, which older than other word changes nothing; None: as it is.
        """
        word = word or village.word()
        if self._is_older(village.index, word):
            return
        self.words[village.index] = word
        self.estimates.count(village.index, word.there, word.fed_until_h)
        # From then on people there are stranded and ask for rescue: nobody comes to the bus any more.
        if word.danger >= WADING_CLASS:
            self.expect_at_stop(village.index, 0)
        for task, persons, vulnerable in word.needs:
            self._update(task, village.index, persons, vulnerable, cause)
        village.asked = any(persons for _, persons, _ in word.needs)

    def _is_older(self, place: int, word: VillageWord) -> bool:
        return place in self.words and word.time_h < self.words[place].time_h

    def _update(self, task: int, place: int, persons: float, vulnerable: float, cause: int) -> None:
        need = self.open.get((task, place))
        if need is None:
            if persons <= 0:
                return
            need = self._rescue(place) if task == RESCUE else VILLAGE_REQUESTS[task](place)
            need.head_start_h = self._head_start_h(place)
            self._open(need, persons, cause)
        elif need.is_expected and persons > 0:
            self._confirm(need, persons, cause)
        # The same again is no news: else each word of a village would bring a decision.
        elif vulnerable == need.vulnerable and persons == (
            need.asked if isinstance(need, EvacuationRequest) else need.amount
        ):
            return
        need.amount, need.persons, need.vulnerable = persons, persons, vulnerable
        if isinstance(need, EvacuationRequest):
            need.asked, need.first_h = persons, self._head_start_h(place)
            need.count()
        self._changed(need)

    def _rescue(self, place: int) -> RescueRequest:
        return RescueRequest(RESCUE, place, self.sim.world.rescue_skills[place])

    def _head_start_h(self, place: int) -> float:
        """Who cannot leave by himself comes first: hours that requests of institutions have behind them."""
        is_cared_for = self.sim.world.kinds[place] == "institution"
        return float(self.sim.parameters.institution_head_start_h) if is_cared_for else 0.0

    def send_ahead(self, village: VillageState, cause: int) -> None:
        """With the order to leave buses go to those who will need one by the register, before they ask."""
        seats = self.estimates.to_carry(village.index) if self.has_buses else 0
        if seats:
            if (EVACUATE, village.index) not in self.open:
                need = EvacuationRequest(village.index)
                need.is_expected = True
                self._open(need, seats, cause)
                village.asked = True
            self.expect_at_stop(village.index, seats)

    def push_rations(self, cause: int) -> None:
        """With the first forecast rations go to places where people will be cut off or come to, once, by lorries."""
        if self.has_pushed or not any(member.hauls for member in self.sim.world.members):
            return
        self.has_pushed, days, share = True, self.sim.settings.relief.pushed_days, self.sim.settings.relief.pushed
        eaters = expected_eaters(self.sim.world, self.estimates, share) if share else {}
        # All are opened at one moment: between equals their order decides who gets the last lorry.
        for place in sorted(eaters, key=self.sim.world.ids.__getitem__):
            stock = self.places.sites[place].left
            rations = [
                max(0.0, want - have) for want, have in zip(self._rations(eaters[place], days), stock, strict=True)
            ]
            if (RELIEF, place) in self.open or tonnes(rations, self.kg) <= SMALL:
                continue
            need = ReliefRequest(place, self.kg)
            need.is_expected = need.is_ahead = True
            need.head_start_h = BEHIND_PEOPLE_H
            self._open(need, eaters[place], cause)
            need.want(rations)
            self._changed(need)

    def expect_at_stop(self, place: int, persons: float) -> None:
        """So many more people of a village are expected to come to the buses that are sent there unasked."""
        need = self.open.get((EVACUATE, place))
        if isinstance(need, EvacuationRequest) and need.ahead != persons:
            need.ahead = persons
            need.count()
            self._changed(need)

    def learn_needs(self, place: int, amounts: list[float], persons: float, cause: int) -> None:
        """The relief goods that a place is short of are known now (what is on its way is counted against them).

        Args:
            place: index of the place.
            amounts: by need, in person-days or sets; where there are none no request is opened.
            persons: who lack something.
            cause: row of the log by which it is known.
        """
        mass = tonnes(amounts, self.kg)
        need = self.open.get((RELIEF, place))
        if not isinstance(need, ReliefRequest):
            if mass <= SMALL:
                return
            need = self._open(ReliefRequest(place, self.kg), persons, cause)
        elif need.is_expected and mass > SMALL:
            self._confirm(need, persons, cause)
            need.is_asked_for(0.0 if need.is_ahead else need.head_start_h)
        need.want(list(amounts))
        need.persons = persons
        self._changed(need)

    def _review_stores(self) -> None:
        """Order what each depot is to get from its upper depot, and look again after a while."""
        for depot, amounts in self.replenishment.review(self.kg):
            need = self.open.get((RELIEF, depot))
            if not isinstance(need, ReplenishmentRequest):
                if tonnes(amounts, self.kg) <= SMALL:
                    continue
                need = self._open(ReplenishmentRequest(depot, self.kg), 0.0, -1, since_h=self.sim.env.now)
            need.want(amounts)
            self._changed(need)
        self._review_later()

    def _review_later(self) -> None:
        hours = self.sim.settings.relief.replenishment_review
        # With the decisions: what arrives at the same moment is counted.
        after(self.sim.env, hours, lambda _: self._review_stores(), DECISIONS)

    def _lorry_t(self) -> dict[int, float]:
        """The most that a lorry which goes between depots takes to each, tonnes; nothing where none can come."""
        members = self.sim.world.members
        lorries = {depot: self.haulers.get(self.part[depot], ()) for depot in self.sim.world.upper}
        return {depot: max((members[i].payload_t for i in numbers), default=0.0) for depot, numbers in lorries.items()}

    def hear_count(self, place: int, persons: int, fed_until_h: float) -> None:
        """A village has told how many are still there, and how long what they have lasts; it changes no decision."""
        self.estimates.count(place, persons, fed_until_h)

    def see(self, village: VillageState, crew: int, cause: int, word: VillageWord) -> None:
        """A crew passes a silent village and sees who is in danger there: what is news stands for what was expected.

        Args:
            village: which.
            crew: index of the crew.
            cause: row of the log by which it is known.
            word: how it was when the crew saw it.
        """
        if self._is_older(village.index, word):
            return
        self.words[village.index] = word
        # Rescue alone, the first of a village's needs: who passes sees people in danger, and asks nobody.
        task, persons, vulnerable = word.needs[0]
        need, looked_for = self.open.get((task, village.index)), (RECONNAISSANCE, village.index) in self.open
        if looked_for or persons != (0 if need is None else need.persons) or (need is not None and need.is_expected):
            row = self.sim.log(Kind.SEES, crew, village.index, cause)
            self._update(task, village.index, persons, vulnerable, row)
            village.asked = village.asked or persons > 0
            self._need_not_look(village.index)

    def notice_silence(self, place: int, lost: tuple[int, float]) -> None:
        """Nothing is heard from a place that has been cut off: have somebody look, and act on what is expected.

        `lost`: this silence as it stands in `Contact.dark`, for another may follow.
        """
        hours = self.sim.settings.command.silence_h
        if place < len(self.places.villages) and (RELIEF, place) not in self.open:
            # By what it has told it should ask for goods then: that this word does not come is noticed sooner.
            hours = min(hours, self.estimates.word_due_in_h(place, self.sim.env.now))
        self.sim.env.timeout(hours).callbacks.append(lambda _: self._act_on_silence(place, lost))

    def _act_on_silence(self, place: int, lost: tuple[int, float]) -> None:
        if self.contact.dark.get(place) is not lost:
            return
        row, since_h = lost
        is_village = place < len(self.places.villages)
        if (RECONNAISSANCE, place) not in self.open:
            site = self.places.sites.get(place)
            last = self.estimates.there[place] if is_village else 0 if site is None else site.persons
            need = self._open(ReconnaissanceRequest(place), last, row, since_h=since_h)
            need.amount = 1
            self._changed(need)
        if is_village and self.sim.settings.command.unconfirmed:
            self._expect(place, lost)

    def _expect(self, place: int, lost: tuple[int, float]) -> None:
        """What command must take to be needed in a silent village, until it hears, as the forecast goes on."""
        if self.contact.dark.get(place) is not lost:
            return
        row, since_h = lost
        now, estimates = self.sim.env.now, self.estimates
        rescue, hungry = estimates.to_rescue(place, now), estimates.to_feed(place, now, since_h)
        wet_h, hungry_h = estimates.wet_from_h(place, now, since_h), estimates.hungry_from_h(place, now, since_h)
        first_h = self._waited_h(wet_h) + self._head_start_h(place)
        need = self._expected(self._rescue(place), rescue.persons, row, first_h)
        if need is not None:
            need.amount, need.vulnerable = rescue.persons, rescue.vulnerable
            self._changed(need)
        need = self._expected(ReliefRequest(place, self.kg), hungry, row, self._waited_h(hungry_h))
        if isinstance(need, ReliefRequest) and (hungry or not need.is_ahead):
            need.is_asked_for(self._waited_h(hungry_h) if need.is_ahead else need.head_start_h)
            need.want(self._rations(hungry, self.sim.settings.relief.days_sent))
            self._changed(need)
        if rescue.persons:
            self._expect_more(place, rescue)
            self._hold_in_danger(place, rescue)
        next_h = estimates.next_change_h(place, now, since_h)
        if next_h <= self.sim.world.duration_h:
            TimerAt(self.sim.env, next_h).callbacks.append(lambda _: self._expect(place, lost))

    def _expect_more(self, place: int, rescue: ExpectedNeed) -> None:
        """Who asked for few before the water rose, and cannot ask for more, counts like one who never asked."""
        need, word = self.open.get((RESCUE, place)), self.words.get(place)
        if need is None or word is None or need.is_expected or rescue.persons <= need.amount:
            return
        if self.estimates.is_worse_than_told(place, word, self.sim.env.now):
            need.amount, need.persons, need.vulnerable = rescue.persons, *rescue
            self._changed(need)

    def told_persons(self, need: OpenRequest) -> float:
        """Of the people of a request those of whom somebody has told."""
        word = self.words.get(need.place) if isinstance(need, RescueRequest) else None
        by_task = {} if word is None else {task: persons for task, persons, _ in word.needs}
        return min(need.persons, by_task.get(need.task, need.persons))

    def _hold_in_danger(self, place: int, rescue: ExpectedNeed) -> None:
        """Somebody is to look there first, and who waited for a bus there is in the water by now."""
        look, waiting = self.open.get((RECONNAISSANCE, place)), self.open.get((EVACUATE, place))
        if look is not None:
            look.head_start_h = self.sim.settings.command.silent_head_start_h
            look.persons, look.vulnerable = rescue
            self._changed(look)
        if isinstance(waiting, EvacuationRequest):
            waiting.ahead = waiting.asked = waiting.amount = 0.0
            self._changed(waiting)

    def _waited_h(self, from_h: float) -> float:
        """How long somebody has waited now who would have told at once of a need that began at an hour."""
        return float(self.sim.env.now - from_h - self.sim.settings.command.report_h)

    def _expected(self, need: OpenRequest, persons: int, lost: int, head_start_h: float) -> OpenRequest | None:
        """The open request of a place on what is only expected, for so many now; None where there is none."""
        known = self.open.get(need.key)
        if known is None and persons:
            # As if they could speak: neither the silent nor those who are heard come first among equals.
            need.is_expected = True
            need.head_start_h = head_start_h
            known = self._open(need, persons, lost)
            self.places.villages[need.place].asked = True
        if known is None or not known.is_expected:
            return None
        known.persons = persons
        return known

    def _rations(self, persons: int, days: float) -> list[float]:
        """First rations of what people use up, by need: more is known when somebody has been there."""
        relief = self.sim.settings.relief
        first = [need in relief.tracked and used for need, used in zip(NEEDS, CONSUMABLE, strict=True)]
        return [persons * days if wanted else 0.0 for wanted in first]

    def _confirm(self, need: OpenRequest, persons: float, cause: int) -> None:
        """What was only expected is known now."""
        need.is_expected = False
        self.true_needs.hear(need.key)
        row = self.sim.log(Kind.REPORTED, self.sim.world.command, need.place, cause, need.number, need.task, persons)
        self._tell_above(need.place, need.task, row)

    def _tell_above(self, place: int, task: int, row: int) -> None:
        """What is reported goes on to those above; that command wants a look at a place is no report."""
        posts = self.contact.posts
        if posts is not None and task != RECONNAISSANCE:
            posts.tell_above(place, row)

    def keep_from(self, crew: Crew, need: OpenRequest) -> None:
        """A crew has found a silent place too deep for it: it is sent there no more until the place is heard again."""
        need.refused = need.refused | {crew.index}

    def hear_from(self, place: int, cause: int) -> None:
        """A place can be reached again: its crews can be sent, its stock is known, and it is asked how things stand."""
        for need in self.requests.values():
            # At fires this is whom command keeps back or does not call, and no matter of silence.
            if need.place == place and not isinstance(need, FireRequest):
                need.refused = frozenset()
        self._news_of(self.roster.called_at(place))
        self.look_again({place})
        if depot := self.depots.get(place):
            self.learn_stock(depot, depot.in_stock)
        # A crew that has come sees and tells; else somebody is rung up, and has to look first.
        if self.contact.has_radio(place):
            self._told(place, cause)
        else:
            self.sim.env.timeout(self.sim.settings.command.report_h).callbacks.append(
                lambda _: self._told(place, cause)
            )

    def _told(self, place: int, cause: int) -> None:
        """How things stand at a place that was silent."""
        if place in self.contact.dark:
            return
        if place < len(self.places.villages):
            self.learn(self.places.villages[place], cause)
            relief, site = self.open.get((RELIEF, place)), self.places.sites[place]
            if relief is not None and relief.is_expected:
                self.learn_needs(place, site.needs(), site.persons, cause)
        self._need_not_look(place)

    def _need_not_look(self, place: int) -> None:
        """Whoever is on the way to look there goes on."""
        look = self.open.get((RECONNAISSANCE, place))
        if look is not None:
            look.amount = 0.0
            self._changed(look)

    def call(self, need: CallRequest, cause: int) -> CallRequest:
        """An emergency call (110, 119, 120) from a place: a request of its own.

        It wants seats for its people where its task is one of seats; any other is one job for one crew.
        """
        self._open(need, need.call.persons, cause)
        need.amount = need.persons if TASK_KINDS[need.task].covers == "seats" else 1.0
        self._changed(need)
        return need

    def ask_for_fire(self, need: FireRequest, fire_place: int, amount: float, cause: int) -> None:
        """What a fire asks for is known now. Each fire has its own requests; one that is open already changes.

        Args:
            need: the request as it would be opened; its place is where the crews gather, or the fire.
            fire_place: the place of the fire.
            amount: people on the line, aircraft, or one look; 0: nothing any more.
            cause: row of the log by which it is known.
        """
        known = self.open.get(need.key)
        if known is None:
            if amount <= 0:
                return
            known = self._open(need, amount, cause, fire_place, self.true_needs.hear(fire_key(need.fire)))
        known.place, known.amount, known.persons = need.place, amount, amount
        known.quota, known.refused = need.quota, need.refused
        self._changed(known)

    def ask_for_lift(self, need: LiftRequest, fire_place: int, persons: int, cause: int) -> None:
        """A crew of so many at the road end is to be flown to the line: a request of its own."""
        self._open(need, persons, cause, fire_place)
        need.amount = 1
        self._changed(need)

    def ask_for_transfer(self, place: int, persons: int, cause: int) -> None:
        """So many people wait for vehicles at a transfer point; the crews there have radio. 0: nobody any more."""
        need = self.open.get(transfer_key(place))
        if need is None:
            if persons <= 0:
                return
            need = self._open(TransferRequest(place), persons, cause, since_h=self.sim.env.now)
        need.amount = need.persons = persons
        self._changed(need)

    def ask_for_roadside(self, place: int, persons: int, cause: int) -> None:
        """So many people are caught on the road at a place. 0: nobody any more."""
        need = self.open.get(roadside_key(place))
        if need is None:
            if persons <= 0:
                return
            need = self._open(RoadsideRequest(place), persons, cause)
        need.amount = need.persons = persons
        self._changed(need)

    def ask_for_repair(self, need: RepairRequest) -> None:
        """Something that has failed can be worked at, by so many people as there is room for."""
        self._open(need, 0, -1, need.thing, self.sim.env.now)
        need.amount = float(self.sim.parameters.repair_hands)
        self._changed(need)

    def end_lift(self, need: OpenRequest) -> None:
        """The crew has been flown in, or walks."""
        need.amount = 0
        if need.number in self.requests:
            self._changed(need)

    def _open(
        self, need: Opened, persons: float, cause: int, about: int | None = None, since_h: float | None = None
    ) -> Opened:
        """`about`: the place that the report is about, where it is not that which crews are sent to.

        `since_h`: since when the need is true, where its key does not tell.
        """
        log, number, command = self.sim.log, self.count, self.sim.world.command
        if since_h is None:
            since_h = (self.true_needs.since_h if need.is_expected else self.true_needs.hear)(need.key)
        self.count += 1
        place = need.place if about is None else about
        ahead = Kind.BUSES_ORDERED if need.is_unasked else Kind.RATIONS_ORDERED if need.is_ahead else Kind.EXPECTED
        known = ahead if need.is_expected else Kind.REPORTED
        row = log(known, command, place, cause, number, need.task, persons)
        if known is Kind.REPORTED:
            self._tell_above(place, need.task, row)
        need.row = log(Kind.REQUEST_OPENED, command, need.place, row, number, need.task, persons, since_h)
        need.mission = mission_of(need)
        need.number, need.opened_h, need.persons = number, self.sim.env.now, persons
        self.open[need.key] = self.requests[number] = need
        return need

    # ---- decisions

    def look_again(self, places: AbstractSet[int], *tasks: int) -> None:
        """Something that these places need has changed: what could not be done for them may be done now."""
        self._look_again_at([need for need in self.waiting.of(*tasks) if need.place in places])

    def learn_stock(self, depot: DepotState, items: AbstractSet[int]) -> None:
        """A depot has some items again: requests that want any of them and that it can reach may be served now."""
        relief = [need for need in self.waiting.of(RELIEF) if isinstance(need, ReliefRequest)]
        wanting = [need for need in relief if not items.isdisjoint(need.wanted)]
        self._look_again_at([need for need in wanting if self._reaches(depot, need)])

    def _reaches(self, depot: DepotState, need: OpenRequest) -> bool:
        """Whether goods can get from a depot to a request, by a road known open or in an aircraft that loads them."""
        upper = self.sim.world.upper.get(need.place, depot.index)
        if upper != depot.index:
            return False
        if not set(self.picture.roads(depot.index)).isdisjoint(self.picture.roads(need.place)):
            return True
        return self.is_flown_to(depot.index, need.place)

    def learn_ways(self) -> None:
        """A road is known open again: others may get to some places, and who keeps off a road may have a way round."""
        self._news_of(crew for crew in self.crews if crew.seen)
        if grown := self.picture.take_grown():
            reaching = self.picture.reaching
            self._look_again_at([need for need in self.waiting.of() if reaching(grown, need.place)])

    def learn_open(self, finders: list[set[int]]) -> None:
        """A road is open again that some drivers, by the closed roads that each knows of, kept off."""
        # Drivers are told apart by their own sets: another may know of just the same roads.
        known = {id(seen) for seen in finders}
        self._news_of(crew for crew in self.crews if id(crew.seen) in known)

    def _news_of(self, crews: Iterable[Crew]) -> None:
        if self.roster.can_do_more(crews):
            self.wake()

    # ---- orders outside a decision

    def call_off(self, crew: Crew, cause: int = -1) -> bool:
        """A crew is to leave its mission; answers whether it has one, and the order reaches it.

        Its share of the request is open again when the mission ends, and it is free for the next decision; goods aboard
        go back into stock, people aboard are brought to a shelter first.
        """
        mission = crew.mission
        if mission is None or mission.is_called_off or not self._may_be_called_off(crew):
            return False
        request = mission.request

        def heard() -> None:
            # An order may have to wait for a channel, and the crew be on another mission by then.
            if crew.mission is mission and not mission.is_called_off:
                crew.call_off()

        row = self.sim.log(Kind.CALLED_OFF, crew.index, request.place, cause, request.number, request.task)
        self.contact.order(crew, row, heard)
        return True

    def _may_be_called_off(self, crew: Crew) -> bool:
        return self.contact.may_be_told(crew) if self.contact.tells else self.contact.reaches(crew)

    # ---- the end

    def finish(self) -> None:
        """Whatever is still open stays in the log as unmet."""
        for _, need in sorted(self.requests.items()):
            self.sim.log(
                Kind.UNMET,
                self.sim.world.command,
                need.place,
                need.row,
                need.number,
                need.task,
                need.persons,
                need.amount,
            )
