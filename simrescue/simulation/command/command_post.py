"""Command: learns by reports, keeps the open requests, decides once per instant through a dispatch policy.

It knows roads by the router, places by the last report, its own responders by radio or by the telephone of their base.
A crew on scene tells at once what it sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, TypeVar

from simrescue.events import NONE
from simrescue.events import EventKind as Kind
from simrescue.responders import RECONNAISSANCE, RELIEF, SUPPRESSION
from simrescue.simulation.command.decision import Dispatcher
from simrescue.simulation.requests import (
    SMALL,
    VILLAGE_REQUESTS,
    CallRequest,
    FireRequest,
    LiftRequest,
    OpenRequest,
    ReconnaissanceRequest,
    ReliefRequest,
    ReplenishmentRequest,
    fire_key,
    tonnes,
)

if TYPE_CHECKING:
    from simrescue.network import Router
    from simrescue.simulation.protocols import Contact, Crew, DepotState, Places, TrueNeeds, VillageState
    from simrescue.simulation.state import Replication

Opened = TypeVar("Opened", bound=OpenRequest)
RESPONSE_LEVELS = {"IV": 4, "III": 3, "II": 2, "I": 1}


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
        self.count = 0
        self.level = len(RESPONSE_LEVELS) + 1
        relief = sim.settings.relief
        self.kg = tuple(
            norm.kg for norm in (relief.food, relief.clothing, relief.water, relief.shelter, relief.medical)
        )
        for step in sim.settings.command.levels:
            sim.env.timeout(max(0.0, step.time_h)).callbacks.append(lambda _, level=step.level: self.raise_level(level))  # type: ignore[misc]

    # ---- response levels

    def raise_level(self, level: str, cause: int = -1) -> None:
        """A response level is declared: crews that wait for it, or for a lower one, are free."""
        self.level = RESPONSE_LEVELS[level]
        row = self.sim.log(Kind.LEVEL_RAISED, self.sim.world.command, cause=cause, item=self.level)
        for crew in self.crews:
            needed = crew.member.record.release
            if needed and RESPONSE_LEVELS[needed] >= RESPONSE_LEVELS[level]:
                crew.release(row)

    # ---- news

    def learn(self, village: VillageState, cause: int) -> None:
        """A village's state is known now: open, change or close its requests."""
        news = village.needs()
        for task, persons, vulnerable in news:
            self._update(task, village.index, persons, vulnerable, cause)
        village.asked = any(persons for _, persons, _ in news)

    def _update(self, task: int, place: int, persons: float, vulnerable: float, cause: int) -> None:
        need = self.open.get((task, place))
        if need is None:
            if persons <= 0:
                return
            need = self._open(VILLAGE_REQUESTS[task](task, place), persons, cause)
        elif persons == need.amount and vulnerable == need.vulnerable:
            return
        need.amount, need.persons, need.vulnerable = persons, persons, vulnerable
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
            kind = ReplenishmentRequest if place in self.depots else ReliefRequest
            need = self._open(kind(place, self.kg), persons, cause)
        need.want(list(amounts))
        need.persons = persons
        self._changed(need)

    def notice_silence(self, place: int, cause: int) -> None:
        """Nothing is heard from a place that has been cut off: have somebody look."""
        villages, site = self.places.villages, self.places.sites.get(place)
        if place < len(villages):
            persons: float = villages[place].record.population
        else:
            persons = 0 if site is None else site.persons
        self.sim.env.timeout(self.sim.settings.command.silence_h).callbacks.append(
            lambda _: self._look(place, persons, cause)
        )

    def _look(self, place: int, persons: float, lost: int) -> None:
        row, since_h = self.contact.dark.get(place, (NONE, 0.0))
        if row == lost and (RECONNAISSANCE, place) not in self.open:
            need = self._open(ReconnaissanceRequest(place), persons, lost, since_h=since_h)
            need.amount = 1
            self._changed(need)

    def hear_from(self, place: int) -> None:
        """A place can be reached again: its crews can be sent, and its stock is known."""
        self._news_of(self.roster.called_at(place))
        if depot := self.depots.get(place):
            self.learn_stock(depot, depot.in_stock)

    def call(self, need: CallRequest, cause: int) -> CallRequest:
        """An emergency call (110, 119, 120) from a place: a request of its own.

        It wants seats for its people; a look, or a fire to be put out, is one job for one crew.
        """
        self._open(need, need.call.persons, cause)
        need.amount = 1.0 if need.task in (RECONNAISSANCE, SUPPRESSION) else need.persons
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
        self._changed(known)

    def ask_for_lift(self, need: LiftRequest, fire_place: int, persons: int, cause: int) -> None:
        """A crew of so many at the road end is to be flown to the line: a request of its own."""
        self._open(need, persons, cause, fire_place)
        need.amount = 1
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
            since_h = self.true_needs.hear(need.key)
        self.count += 1
        place = need.place if about is None else about
        row = log(Kind.REPORTED, command, place, cause, number, need.task, persons)
        need.row = log(Kind.REQUEST_OPENED, command, need.place, row, number, need.task, persons, since_h)
        need.number, need.opened_h, need.persons = number, self.sim.env.now, persons
        self.open[need.key] = self.requests[number] = need
        return need

    # ---- decisions

    def look_again(self, places: AbstractSet[int], *tasks: int) -> None:
        """Something that these places need has changed: what could not be done for them may be done now."""
        self._look_again_at(need for need in self.waiting.of(*tasks) if need.place in places)

    def learn_stock(self, depot: DepotState, items: AbstractSet[int]) -> None:
        """A depot has some items again: requests that want any of them and that it can reach may be served now."""
        relief = (need for need in self.waiting.of(RELIEF) if isinstance(need, ReliefRequest))
        wanting = (need for need in relief if not items.isdisjoint(need.wanted))
        self._look_again_at(need for need in wanting if self._reaches(depot, need))

    def _reaches(self, depot: DepotState, need: OpenRequest) -> bool:
        """Whether goods can get from a depot to a request, by a road known open or in an aircraft that loads them."""
        upper = self.sim.world.upper.get(need.place, depot.index)
        if upper != depot.index:
            return False
        if not set(self.picture.roads(depot.index)).isdisjoint(self.picture.roads(need.place)):
            return True
        flyers = (self.crews[i] for i in self.roster.flyers)
        return any(RELIEF in one.member.tasks and one.moves.can_bring(depot.index, need.place) for one in flyers)

    def learn_ways(self) -> None:
        """A road is known open again: others may get to some places, and who keeps off a road may have a way round."""
        self._news_of(crew for crew in self.crews if crew.seen)
        if grown := self.picture.take_grown():
            roads = self.picture.roads
            self._look_again_at(need for need in self.waiting.of() if not grown.isdisjoint(roads(need.place)))

    def learn_open(self, finders: list[set[int]]) -> None:
        """A road is open again that some drivers, by the closed roads that each knows of, kept off."""
        known = {id(seen) for seen in finders}
        self._news_of(crew for crew in self.crews if id(crew.seen) in known)

    def _news_of(self, crews: Iterable[Crew]) -> None:
        if self.roster.can_do_more(crews):
            self.wake()

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
