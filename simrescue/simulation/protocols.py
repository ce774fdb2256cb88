"""What the parts of a replication are to one another: for each the least that others need of it, as protocols.

A part is given the replication as a whole (`state.Simulation`), and may use of it what stands here, and nothing else:
so villages, crews, missions, roads and command know each other's promises and not each other's modules.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from random import Random
from typing import Any, NamedTuple, Protocol

from simpy import Event

from simrescue.dispatch.base import Candidate
from simrescue.hazards.base import Effort, FireChanges, FireHazard
from simrescue.network import Components, Router
from simrescue.simulation.requests import (
    CallRequest,
    FireRequest,
    Key,
    LiftRequest,
    OpenRequest,
    ReliefRequest,
    SuppressionRequest,
)
from simrescue.simulation.world import Member

Steps = Generator[Any, Any, int]
"""A part of a process; answers the last row of the log."""


# ---- places


class VillageState(Protocol):
    """People of a village, by state."""

    index: int
    record: Any
    warning_state: Any
    """Whom the danger has been told (`places.warning_state.WarningState`)."""
    aboard: int
    asked: bool
    clothed_away: int
    care: Any
    """How its people are cared for, in an institution (`places.institution.Care`); None: a village."""
    danger: int
    frail: int
    """Who cannot help himself, of those who are still there."""
    home: int
    hurt: int
    isolated: bool
    caught: int
    lodged: int
    moving: int
    ordered_out: bool
    sheltered: int
    waiting: int

    @property
    def there(self) -> int:
        """People who are still in the village."""

    @property
    def in_need(self) -> int:
        """Who is to be taken away now: trapped, or stranded in standing water."""

    def rng(self, purpose: str) -> Random:
        """The village's own stream of chance for one purpose."""

    def water(self, danger: int, depth_m: float, velocity_ms: float = 0.0) -> int:
        """The water has reached another hazard class; answers the row that says so."""

    def deepen(self, depth_m: float, velocity_ms: float = 0.0) -> None:
        """The water has moved within its class."""

    def flames(self, burning: bool) -> None:
        """Flames have come, or nothing burns there any more."""

    def lose(self, row: int) -> None:
        """The village is buried or torn away."""

    def expose(self, row: int, by_smoke: bool) -> None:
        """Count those who have not left when flames or thick smoke come."""

    def leave_home(self, persons: int) -> None:
        """People go from their houses."""

    def carry_up(self, persons: int, cause: int) -> None:
        """Staff have carried people upstairs who cannot walk."""

    def drive_off(self, persons: int) -> None:
        """People who waited go with a vehicle of their own institution."""

    def fetch(self, persons: int, cause: int) -> None:
        """Parents have fetched pupils."""

    def return_home(self, persons: int, cause: int) -> None:
        """People who had left are back before it is safe."""

    def come_home(self, persons: int, item: int, cause: int) -> None:
        """People who found no way are back."""

    def needs(self) -> tuple[tuple[int, int, int], ...]:
        """What is truly needed here: task, people, and people among them who cannot help themselves."""

    def report(self, cause: int) -> None:
        """Send word of how things stand."""

    def update_true_needs(self, by_crew: bool = False) -> None:
        """Keep the books of what is truly needed."""

    def gathering(self) -> Event:
        """When next somebody comes to the stop of the buses, or water."""

    def tell_stop(self) -> None:
        """Somebody has come to the stop, or water."""

    def take(self, crew: int, seats: int, cause: int, request: int) -> tuple[list[tuple[int, int, int]], int]:
        """A crew takes people aboard: the groups as (people, how they come, row of PICKS_UP), and the last row."""

    def carry_hurt(self, aboard: int) -> tuple[int, list[Any]]:
        """How many of the people aboard are injured, and who of them may die (`places.hospital.Patients`)."""

    def care_for(self, hurt: int) -> list[Any]:
        """Injured people are in good hands; answers who needs a hospital bed."""

    def bring_hurt_back(self, hurt: int, patients: list[Any]) -> None:
        """The injured are at home again, as they were."""

    def loses(self, patients: Any) -> None:
        """Patients die in the village, as far as anybody is there who could."""

    def die(self, place: int, item: int, persons: int, cause: int) -> None:
        """People who have been taken out of their state are dead."""

    def loses_lodged(self, persons: int, cause: int) -> int:
        """Of so many those who are with relatives die of an injury; answers how many."""

    def without_roof(self, persons: int) -> int:
        """How many of so many who come out now need a public shelter."""

    def lodge(self, persons: int, with_crew: bool) -> None:
        """People need nothing from the public any more."""

    def bring_back(self, persons: int, cause: int) -> None:
        """A crew sets people down at home again."""

    def cut_off(self) -> None:
        """The last open road out is gone."""

    def reconnect(self) -> None:
        """A road is open again."""

    def close(self) -> None:
        """The clock stops: write how many people are in each state."""


class ShelterState(Protocol):
    """Beds, and who is in them."""

    sim: Any
    index: int
    record: Any
    persons: int
    coming: int
    """People on the way from other shelters."""
    is_full: bool
    """Whether there is a person for each of its places."""

    is_known_safe: bool
    """Whether it is free of water and flames, as far as anybody outside has heard."""
    is_known_full: bool
    """Whether it is full, as far as anybody outside has heard."""
    is_silent: bool
    """Whether nothing is heard from it."""

    def report(self) -> None:
        """How it stands there is known from now on, unless nobody hears it."""

    def is_heard(self, cause: int) -> None:
        """Its telephones work again."""

    @property
    def beds(self) -> int:
        """Beds that can be used now."""

    @property
    def room(self) -> int:
        """Beds that nobody has."""

    def receive(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        """People come out of their village."""

    def take_in(self, village: VillageState, persons: int, item: int, cause: int) -> None:
        """People are at the door and want to stay."""

    def send_home(self, village: VillageState, persons: int) -> int:
        """People of a village who were inside set out for home; answers the row that tells it."""

    def close_down(self) -> None:
        """Water or flames in it: everybody inside moves on."""

    def works_again(self, cause: int) -> None:
        """The water or the flames are gone."""

    def loses(self, village: VillageState, persons: int, cause: int) -> int:
        """Of so many of a village those who are inside die of an injury; answers how many."""

    def look_elsewhere(self, cause: int) -> None:
        """Who is without a bed here looks for one in another shelter."""


class Site(Protocol):
    """Where people are short of goods."""

    index: int
    people: Any
    """Who is here, in the order in which they came (`places.site_lines.SiteLines`)."""
    asked: list[float]
    is_fetching: bool
    worst_class: int
    """Worst class of danger so far, of the middle house of a village."""

    @property
    def persons(self) -> int:
        """People who can be served here."""

    def needs(self) -> list[float]:
        """What should be sent now, by item."""

    def lasts_h(self, item: int) -> float:
        """Hours that goods and own stock would last for all who are here."""

    def recount(self) -> None:
        """Have the people counted and their needs looked at again."""

    def shift(self, line: int, other: int, persons: int) -> None:
        """The first of one line stand behind those of another from now on."""

    def open_larders(self, persons: int, cause: int) -> None:
        """People cut off in dry houses live on what they have for a while."""

    def close_larders(self, how: int, cause: int) -> None:
        """Own stock is used up, or lost."""

    def join(self, line: int, persons: int, village: VillageState, packed: bool = False) -> None:
        """People have come."""

    def leave(self, line: int, persons: int, village: VillageState) -> None:
        """The first of a line have gone."""

    def deliver(self, amounts: list[float], cause: int) -> None:
        """Goods are unloaded here; `amounts` by need, in person-days or sets."""

    def ask(self, cause: int) -> None:
        """Report needs to command where they are new."""


class DepotState(Protocol):
    """Goods, docks and staff."""

    index: int
    record: Any
    docks: Any
    wait_h: float
    """When staff are at work: so long after the first order, while there has been none."""
    opens_h: float
    """After the first order: the hour from which they are."""
    full: tuple[float, ...]
    """What it had at first, by need."""
    in_stock: frozenset[int]
    """Items that it has any of that is promised to nobody."""

    def order_staff(self) -> float:
        """Somebody wants goods; answers hours until staff are there."""

    def has(self, items: tuple[int, ...]) -> bool:
        """Whether it works and has any of these items."""

    def take_dock(self, crew: int, cause: int, request: int) -> Steps:
        """Wait for staff and a free dock."""

    def load_plan(self, wanted: list[float], payload_t: float, kg: tuple[float, ...]) -> list[float]:
        """What a vehicle should carry of what is `wanted` and can be had here, by need; `kg` as of `tonnes`."""

    def reserve(self, wanted: list[float]) -> list[float]:
        """Set goods aside for a crew, as far as any are free; `wanted` and the answer by need, person-days or sets."""

    def hand_over(self, load: list[float]) -> None:
        """A crew takes what was set aside for it; `load` as `reserve` answered."""

    def release(self, load: list[float]) -> None:
        """What was set aside for a crew is for anybody again; `load` as `reserve` answered."""

    def free(self) -> list[float]:
        """What is in stock and promised to nobody, by need, in person-days or sets."""

    def draw(self, wanted: list[float]) -> list[float]:
        """Take goods out of stock at once; `wanted` and the answer as of `reserve`."""

    def put(self, amounts: list[float]) -> None:
        """Goods come in; `amounts` by need, in person-days or sets."""

    def tell_next_door(self) -> None:
        """There is something to be had here now."""


class Hospital(Protocol):
    """The badly hurt, and the beds that they need."""

    def injure(self, patients: Any, severe: bool) -> None:
        """People are injured: badly from now on, or so that it will get worse."""

    def aid(self, patients: Any, place: int, cause: int) -> None:
        """A crew has given first aid; ambulances fetch them from that place."""


class Places(NamedTuple):
    """All who live or stand somewhere, by index in the table of things."""

    villages: Sequence[VillageState]
    shelters: Mapping[int, ShelterState]
    depots: Mapping[int, DepotState]
    sites: Mapping[int, Site]


class TransferPoints(Protocol):
    """Where boats set people ashore at the water's edge, and vehicles take them on."""

    def at(self, place: int) -> Any:
        """The point at a place (`places.transfer_point.TransferPoint`)."""

    def nearest(self, place: int, served: bool = True) -> int | None:
        """The nearest dry place, as a boat goes, with a way by wheels to a shelter, and with vehicles; None: none."""

    def is_usable(self, place: int) -> bool:
        """Whether a place is dry, and vehicles that can come know a way from it to a shelter that works."""

    def bring_out(self, goal: int, parties: Any, subject: int, cause: int) -> None:
        """People have come by themselves, to a shelter or to a point."""

    def land(self, crew: Crew, parties: Any, row: int, request: int) -> Steps:
        """A boat sets people ashore where it is."""

    def set_ashore(self, place: int, parties: Any, subject: int, cause: int, request: int = -1) -> int:
        """People are on dry land and wait for vehicles; answers the last row."""

    def take_on(self, place: int, seats: int, crew: int, row: int, request: int) -> tuple[list[Any], int]:
        """A vehicle takes those who came first; answers them and the last row."""

    def review(self) -> None:
        """Roads or dangers have changed."""


class Roadsides(Protocol):
    """People who are caught on the road."""

    def at(self, place: int) -> list[Any]:
        """Who is caught at a place, by village and vehicle (`places.roadside.Stopped`)."""

    def stop(self, group: Any) -> int:
        """People know no way on and none back; answers the row that tells it."""

    def take(self, place: int, seats: int, crew: int, row: int, request: int) -> tuple[list[Any], int]:
        """A crew takes people aboard; answers them and the last row."""

    def put_back(self, place: int, party: Any) -> int:
        """A crew found no way to any shelter; answers the last row."""


class TrueNeeds(Protocol):
    """What is truly needed and since when."""

    def tell(self, key: Key, task: int, place: int, persons: float, by_crew: bool = False) -> None:
        """So many people at a place are truly in need (0: none any more)."""

    def hear(self, key: Key) -> float:
        """Command learns of a need: the hour since which it is true."""

    def since_h(self, key: Key) -> float:
        """The hour since which a need is true, of which command has not heard."""

    def forget(self, key: Key) -> None:
        """Command holds a need to be over."""

    def finish(self) -> None:
        """The scenario ends."""


# ---- crews and their ways


class Crew(Protocol):
    """One responder."""

    sim: Any
    index: int
    number: int
    member: Member
    record: Any
    moves: Any
    """How it gets about (`responders.moving.Moving`)."""
    here: int
    out: bool
    under_way: bool
    on_duty_h: float
    line_h: float
    released: bool
    """Whether it is there at all: from the start, from a moment on, or since its level of response."""
    level_reached: bool
    """Whether no response level keeps it back any more."""
    rested: bool
    seen: set[int]
    wake: Event
    """Succeeds with an order: the mission, and the row that tells of it (None: to be told when it begins)."""
    mission: Any

    @property
    def rng(self) -> Random:
        """Its own stream of chance."""

    def release(self, cause: int) -> None:
        """The response level sets the crew free."""

    def call_off(self) -> None:
        """Its mission is to end as soon as it can."""

    def interrupt(self) -> None:
        """Wake it in the midst of what it does."""

    def pause(self, until: Event) -> Generator[Any, Any, bool]:
        """Wait for an event, unless called off; answers whether it has come."""


class Convoy(NamedTuple):
    """Vehicles that go the same way together."""

    cars: float = 0.0
    """Passenger cars that take up as much of the road (`network.traffic_flow.cars_of`)."""
    persons: int = 0
    """Evacuees in them; 0: a crew."""


ON_FOOT = Convoy()
"""Who takes up no room on the road."""


class Lookout(NamedTuple):
    """Places of which a driver is to tell when he passes them."""

    places: frozenset[int]
    tell: Callable[[int], None]


class Roads(Protocol):
    """Roads as they are and as command knows them, and whoever is on them."""

    router: Router
    parts: Components
    closures: Any
    blocked: dict[str, set[int]]
    changed: bool
    review_isolation: Callable[[], None]
    review_points: Callable[[], None]
    review_roadsides: Callable[[], None]

    def water(self, link: int, depth_m: float) -> None:
        """This depth on a link from now on."""

    def flames(self, link: int, burning: bool) -> None:
        """Flames stand on a link from now on, or no more."""

    def smoke(self, link: int, thick: bool) -> None:
        """Thick smoke lies on a link from now on, or no more."""

    def close(self, link: int, cause: str, closed: bool) -> None:
        """A cause closes a link from now on, or no more."""

    def learn(self, link: int, cause: int = -1) -> None:
        """Command hears how a link is now."""

    def tell(self, vehicle: str, seen: set[int], other: set[int]) -> None:
        """A driver tells another of the links that only he knows closed."""

    def leg_hours(self, vehicle: str, path: tuple[int, ...], boat_kmh: float) -> list[float]:
        """True hours for each link now."""

    def wait_on_foot(self, tell: Callable[[], Any]) -> None:
        """Have those told, once, who stand before closed roads on foot, when one has opened."""

    def travel(
        self,
        vehicle: str,
        start: int,
        goal: int,
        subject: int,
        cause: int = -1,
        request: int = -1,
        pace: float = 1.0,
        boat_kmh: float = 8.0,
        seen: set[int] | None = None,
        lookout: Lookout | None = None,
        convoy: Convoy = ON_FOOT,
    ) -> Generator[Any, Any, tuple[int, int]]:
        """Drive from one place to another by what is known, at `pace` times the usual speed.

        Answers (place reached, last row).
        """


class Contact(Protocol):
    """Who can be reached."""

    places: list[int]
    dark: dict[int, tuple[int, float]]

    def wait(self, place: int, retry: Callable[[int], Any]) -> None:
        """Somebody tries again, once, as soon as contact is back."""

    def may_fail(self, place: int, cause: int) -> None:
        """A place has been cut off; its telephones may fail too."""

    def fail(self, place: int, cause: int, back_h: float) -> None:
        """The telephones of a place fail for so many hours."""

    def restore(self, place: int, cause: int) -> None:
        """Telephones work again, or a crew has come."""

    def has_radio(self, place: int) -> bool:
        """Whether a crew that is out stands at a place."""

    def reaches(self, crew: Crew) -> bool:
        """Whether a crew can be given an order."""


# ---- command


class Waiting(Protocol):
    """Requests that are not covered yet."""

    def of(self, *tasks: int) -> list[OpenRequest]:
        """Those of some tasks; of all where none is named."""


class Roster(Protocol):
    """Who is idle."""

    candidates: dict[int, Candidate]
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

    missions: int
    """Assignments of a crew to a request so far."""
    open: dict[Key, OpenRequest]
    requests: dict[int, OpenRequest]
    kg: tuple[float, ...]
    level: int

    def raise_level(self, level: str, cause: int = -1) -> None:
        """A response level is declared."""

    def learn(self, village: VillageState, cause: int) -> None:
        """A village's state is known now."""

    def send_ahead(self, village: VillageState, cause: int) -> None:
        """With the order to leave buses go to a village before anybody asks."""

    def expect_at_stop(self, place: int, persons: float) -> None:
        """So many more people of a village are expected to come to the buses that are sent there unasked."""

    def take_besides(self, mission: Any, need: OpenRequest, most: int) -> int:
        """A crew that is out takes on another request on its way; answers the row of its order."""

    def learn_needs(self, place: int, amounts: list[float], persons: float, cause: int) -> None:
        """The relief goods that a place is short of are known now; `amounts` by need, in person-days or sets."""

    def relief_in_line(self) -> Iterator[ReliefRequest]:
        """Requests of people for goods that are known and not covered yet."""

    def count_on(self, need: OpenRequest, share: float) -> None:
        """So much more of a request (in the unit of its task) is on its way."""

    def learn_stock(self, depot: DepotState, items: AbstractSet[int]) -> None:
        """A depot has some items again."""

    def learn_ways(self) -> None:
        """A road is known open again."""

    def learn_open(self, finders: list[set[int]]) -> None:
        """A road is open again that some drivers kept off."""

    def notice_silence(self, place: int, lost: tuple[int, float]) -> None:
        """Nothing is heard from a place; `lost` as in `Contact.dark`."""

    def must_be_wet(self, place: int) -> bool:
        """Whether a place from which nothing is heard is in the water by the forecast."""

    def hear_count(self, place: int, persons: int) -> None:
        """A village has told how many are still there."""

    def see(self, village: VillageState, crew: int, cause: int) -> None:
        """A crew passes a silent village and sees who is in danger there."""

    def hear_from(self, place: int, cause: int) -> None:
        """A place can be reached again."""

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

    def end_lift(self, need: OpenRequest) -> None:
        """The crew has been flown in, or walks."""

    def withdraw(self, need: OpenRequest, share: float) -> None:
        """A share of a request is no longer on the way."""

    def close(self, need: OpenRequest, cause: int = -1) -> None:
        """Nothing is needed there any more."""

    def ready(self, crew: Crew) -> None:
        """A crew is free."""

    def serving_depots(self, base: int, items: tuple[int, ...], upper: int | None) -> list[DepotState]:
        """Depots that have some of these items for crews of a base, the nearest first, as far as command knows."""

    def may_replenish(self, depot: int) -> bool:
        """Whether another lorry may go to restock a depot."""

    def replenish(self, crew: Crew) -> bool:
        """A lorry goes between depots; answers True."""

    def write_order(self, mission: Any) -> int:
        """A mission begins; answers the row that tells of it."""

    def finish(self) -> None:
        """Whatever is still open stays in the log as unmet."""


class Fires(Protocol):
    """What command knows of each fire and wants there, and who is there."""

    hazard: FireHazard
    lifts: dict[int, Any]
    """Crews that wait to be flown in, by the number of their request."""
    water: Any

    @property
    def active(self) -> bool:
        """Whether somebody is at a fire or water is on its way down."""

    def place_of(self, fire: int) -> int:
        """Thing index of the ignition of a fire."""

    def report(self, fire: int, cause: int) -> None:
        """Command learns how a fire stands now."""

    def is_surplus(self, need: OpenRequest, share: float) -> bool:
        """Whether the others at a fire or on their way there are enough without a crew's `share` (hands)."""

    def dismiss(self, assignment: Any) -> None:
        """A crew is not wanted at its fire any more."""

    def walk_in_h(self, need: SuppressionRequest) -> float:
        """Hours on foot by daylight from where crews gather to the edge."""

    def join(self, crew: Crew, need: SuppressionRequest, share: float) -> Any:
        """A crew has come to where the crews of a fire gather with its `share` (hands); answers its time there."""

    def part(self, assignment: Any) -> None:
        """A crew leaves the fire for good."""

    def drop(self, crew: Crew, fire: int, tonnes: float) -> None:
        """Water has been dropped on the front of a fire."""

    def effort(self, now: float) -> Effort:
        """What has been done since the last call, up to hour `now`."""

    def apply(self, changes: FireChanges, rows: Mapping[int, int]) -> None:
        """The fires have moved on."""

    def finish(self) -> None:
        """The scenario ends."""


class HazardWatch(Protocol):
    """What goes with a hazard besides its effects."""

    def next_time(self) -> float:
        """Hours at which the hazard is to be advanced next."""

    def effort(self, now: float) -> Effort:
        """What the responders did to it since the last time, up to hour `now`."""

    def before_effects(self, now: float) -> None:
        """The hazard has moved on to now."""

    def after_effects(self) -> None:
        """Its effects on places and roads have been told."""

    def finish(self) -> None:
        """The clock stops."""
