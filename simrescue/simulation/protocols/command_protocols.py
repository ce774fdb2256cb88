"""Command as others know it: its desk, the requests and crews that wait, and its picture of fires."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any, Protocol

from simrescue.communication.messages import VillageWord
from simrescue.dispatch.base import Candidate
from simrescue.hazards.base import Effort, FireChanges, FireHazard
from simrescue.simulation.protocols.crew_protocols import Crew
from simrescue.simulation.protocols.place_protocols import DepotState, VillageState
from simrescue.simulation.requests import (
    CallRequest,
    FireRequest,
    Key,
    LiftRequest,
    OpenRequest,
    ReliefRequest,
    RepairRequest,
    SuppressionRequest,
)


class Waiting(Protocol):
    """Requests that are not covered yet."""

    def of(self, *tasks: int) -> list[OpenRequest]:
        """Those of some tasks; of all where none is named."""


class Roster(Protocol):
    """Who is idle."""

    candidates: dict[int, Candidate]
    newcomers: dict[int, float]
    """Number -> since when command knows it idle, of those that it has not thought about yet."""
    flyers: list[int]

    def remove(self, crew: Crew) -> None:
        """A crew has its orders, or cannot be sent for a while."""


class CommandPost(Protocol):
    """The desk to which news come and from which orders go."""

    @property
    def waiting(self) -> Waiting:
        """Requests that are not covered yet."""

    @property
    def roster(self) -> Roster:
        """Who is idle."""

    picture: Any
    """Which places hang together by road, as command knows it (`command.decision.Connectivity`)."""
    when_ready: Callable[[Crew], object]
    """Who wants to know of each crew that is free."""
    missions: int
    """Assignments of a crew to a request so far."""
    open: dict[Key, OpenRequest]
    requests: dict[int, OpenRequest]
    kg: tuple[float, ...]
    level: int
    estimates: Any
    """What command takes to be so at villages (`command.estimates.Estimates`)."""

    def raise_level(self, level: str, cause: int = -1) -> None:
        """A response level is declared."""

    on_level: list[Callable[[int, int, int], None]]
    """Who wants to know of a level that is raised: its number, that before, and the row."""
    on_lowered: Callable[[int], None]

    def make_ready(self, crew: Crew) -> bool:
        """A crew begins its turnout before it is sent; answers whether it does."""

    def stand_down(self, crew: Crew) -> None:
        """A crew need not make ready any more before it is sent."""

    def lower_level(self, number: int, cause: int) -> None:
        """A lower response level (its number) is in force from now on, or none."""

    def learn(self, village: VillageState, cause: int, word: VillageWord | None = None) -> None:
        """A village's state is known now."""

    def send_ahead(self, village: VillageState, cause: int) -> None:
        """With the order to leave buses go to a village before anybody asks."""

    def push_rations(self, cause: int) -> None:
        """With the first forecast rations go to places before anybody asks."""

    def expect_at_stop(self, place: int, persons: float) -> None:
        """So many more people of a village are expected to come to the buses that are sent there unasked."""

    def take_besides(self, mission: Any, need: OpenRequest, most: int) -> int:
        """A crew that is out takes on another request on its way; answers the row of its order."""

    def learn_needs(self, place: int, amounts: list[float], persons: float, cause: int) -> None:
        """The relief goods that a place is short of are known now; `amounts` by need, in person-days or sets."""

    def relief_in_line(self) -> Iterator[ReliefRequest]:
        """Requests of people for goods that are known and not covered yet."""

    def count_on(self, need: OpenRequest, share: float) -> None:
        """A `share` more of a request, in the unit of its task, is on its way."""

    def learn_stock(self, depot: DepotState, items: AbstractSet[int]) -> None:
        """A depot has some items again."""

    def learn_ways(self) -> None:
        """A road is known open again."""

    def learn_open(self, finders: list[set[int]]) -> None:
        """A road is open again that some drivers kept off."""

    def notice_silence(self, place: int, lost: tuple[int, float]) -> None:
        """Nothing is heard from a place; `lost` as in `Contact.dark`."""

    def hear_count(self, place: int, persons: int, fed_until_h: float) -> None:
        """A village has told how many are still there."""

    def see(self, village: VillageState, crew: int, cause: int, word: VillageWord) -> None:
        """A crew passes a silent village and sees who is in danger there."""

    def keep_from(self, crew: Crew, need: OpenRequest) -> None:
        """A crew has found a silent place too deep for it."""

    def hear_from(self, place: int, cause: int) -> None:
        """A place can be reached again."""

    def told_persons(self, need: OpenRequest) -> float:
        """Of the people of a request those of whom somebody has told."""

    def look_again(self, places: AbstractSet[int], *tasks: int) -> None:
        """Something that these places need has changed."""

    def ask_for_roadside(self, place: int, persons: int, cause: int) -> None:
        """So many people are caught on the road at a place."""

    def call(self, need: CallRequest, cause: int) -> CallRequest:
        """An emergency call."""

    def ask_for_fire(self, need: FireRequest, fire_place: int, amount: float, cause: int) -> None:
        """What a fire asks for is known now: an `amount` of people on the line, of aircraft, or one look."""

    def ask_for_lift(self, need: LiftRequest, fire_place: int, persons: int, cause: int) -> None:
        """A crew at the road end is to be flown to the line."""

    def ask_for_transfer(self, place: int, persons: int, cause: int) -> None:
        """So many people wait for vehicles at a transfer point; 0: nobody any more."""

    def ask_for_repair(self, need: RepairRequest) -> None:
        """Something that has failed can be worked at."""

    def call_off(self, crew: Crew, cause: int = -1) -> bool:
        """A crew is to leave its mission; answers whether it has one, and the order reaches it."""

    def end_lift(self, need: OpenRequest) -> None:
        """The crew has been flown in, or walks."""

    def withdraw(self, need: OpenRequest, share: float) -> None:
        """A share of a request is no longer on the way."""

    def close(self, need: OpenRequest, cause: int = -1) -> None:
        """Nothing is needed there any more."""

    def strike_off(self, crew: Crew) -> None:
        """A crew is to leave."""

    def ready(self, crew: Crew) -> None:
        """A crew is free."""

    def serving_depots(self, base: int, items: tuple[int, ...], upper: int | None) -> Iterator[DepotState]:
        """Depots that have some of these items for crews of a base, the nearest first, as far as command knows."""

    def may_replenish(self, depot: int) -> bool:
        """Whether another lorry may go to restock a depot."""

    def replenish(self, crew: Crew) -> bool:
        """A lorry goes between depots; answers True."""

    def write_order(self, mission: Any) -> int:
        """A mission begins; answers the row that tells of it."""

    def finish(self) -> None:
        """Whatever is still open stays in the log as unmet."""


class Repairs(Protocol):
    """What has failed and can be repaired by crews."""

    def begin(self, thing: int, crew_h: float, repaired: Callable[[int], Any], known_after_h: float = 0.0) -> None:
        """Work can be done at a thing (its index) from now on, for `crew_h` hours of a usual crew.

        `repaired`: told when it is done; `known_after_h`: until command hears of it.
        """

    def end(self, thing: int, cause: int = -1, crew: Crew | None = None) -> None:
        """Nothing is left to do there; `crew`: who tells command, where it was its work."""

    def look_for_ways(self) -> None:
        """A road is known open again."""


class Fires(Protocol):
    """What command knows of each fire and wants there, and who is there."""

    hazard: FireHazard
    known: Any
    """What command knows of each fire, by its number."""
    forces: Any
    """Who there is for the fires, and the part of each."""
    assignments: dict[int, Any]
    """Time of each crew at its fire, by the index of the crew."""
    leaving: dict[int, Any]
    """The same of crews that are on foot on their way back to the road."""
    relief: Any
    """Who relieves whom on the line."""
    lifts: dict[int, Any]
    """Crews that wait to be flown in, by the number of their request."""
    water: Any
    paths: Any
    """Whose turn it is on the way in to each fire."""
    orders: Any

    @property
    def active(self) -> bool:
        """Whether somebody is at a fire or water is on its way down."""

    def place_of(self, fire: int) -> int:
        """Thing index of the ignition of a fire."""

    def report(self, fire: int, cause: int) -> None:
        """Command learns how a fire stands now."""

    def is_surplus(self, need: OpenRequest, share: float) -> bool:
        """Whether the others at a fire or on their way there are enough without a crew's `share` (hands)."""

    def is_spared(self, need: OpenRequest, share: float) -> bool:
        """Whether a fire has its part of what others want too without a crew's or an aircraft's `share`."""

    def dismiss(self, assignment: Any) -> None:
        """A crew is not wanted at its fire any more."""

    def walk_in_h(self, need: SuppressionRequest, persons: float) -> float:
        """Hours on foot by daylight from where crews gather to the edge, until half of so many persons are there."""

    def join(self, crew: Crew, need: SuppressionRequest, share: float) -> Any:
        """A crew has come to where the crews of a fire gather with its `share` (hands); answers its time there."""

    def on_the_road(self, fire: int) -> list[Any]:
        """Missions of crews that are on their way to where the crews of a fire gather."""

    def part(self, assignment: Any) -> None:
        """A crew leaves the fire for good."""

    def be_gone(self, assignment: Any) -> None:
        """A crew is back on the road, or lost."""

    def drop(self, crew: Crew, fire: int, tonnes: float) -> None:
        """Water has been dropped on the front of a fire."""

    def effort(self, now: float) -> Effort:
        """What has been done since the last call, up to hour `now`."""

    def apply(self, changes: FireChanges, rows: Mapping[int, int]) -> None:
        """The fires have moved on."""

    def finish(self) -> None:
        """The scenario ends."""
