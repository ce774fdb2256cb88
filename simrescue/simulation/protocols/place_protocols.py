"""Places as others know them: who lives or stays there, what lies there, and what is truly needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any, NamedTuple, Protocol

from simpy import Event

from simrescue.communication.messages import VillageWord
from simrescue.simulation.protocols.crew_protocols import Crew, Steps
from simrescue.simulation.requests import Key


class VillageState(Protocol):
    """People of a village, by state."""

    index: int
    record: Any
    warning_state: Any
    """Whom the danger has been told (`places.warning_state.WarningState`)."""
    aboard: int
    all_patients: int
    """How many of its people were ever hurt so that they may die of it."""
    asked: bool
    clothed_away: int
    care: Any
    """How its people are cared for, in an institution (`villages.institution.Care`); None: a village."""
    danger: int
    dead: int
    expected_on_road: dict[Any, float]
    """Deaths among its people who were caught on the road, by each curve (`CurveName`)."""
    frail: int
    """Who cannot help himself, of those who are still there."""
    ground: Any
    """Its houses by the height of their ground (`villages.house_group.HousesByHeight`)."""
    has_upstairs: bool
    """Whether somebody stays above the water."""
    home: int
    hurt: int
    isolated: bool
    caught: int
    lodged: int
    moving: int
    ordered_out: bool
    sheltered: int
    stranded: int
    trapped: int
    waiting: int

    def ask_out(self, persons: int) -> None:
        """So many who stay above the water ask to be taken off."""

    @property
    def there(self) -> int:
        """People who are still in the village."""

    @property
    def in_need(self) -> int:
        """Who is to be taken away now: trapped, or stranded in standing water."""

    def word(self) -> VillageWord:
        """How things stand here now."""

    def rng(self, purpose: str) -> Random:
        """The village's own stream of chance for one purpose."""

    fallen: float

    @property
    def has_vehicles(self) -> bool:
        """Whether vehicles are left that water or flames have not destroyed."""

    def water(self, danger: int, depth_m: float, velocity_ms: float = 0.0) -> int:
        """The water has reached another hazard class; answers the row that says so."""

    def deepen(self, depth_m: float, velocity_ms: float = 0.0) -> None:
        """The water has moved within its class."""

    def flames(self, burning: bool) -> int:
        """Flames have come, or nothing burns there any more; the row that tells it."""

    def lose(self, row: int) -> None:
        """The village is buried or torn away."""

    def expose(self, row: int, by_smoke: bool) -> None:
        """Count those who have not left when flames or thick smoke come."""

    @property
    def walkers(self) -> int:
        """People who are stranded and could go on foot."""

    def wade_off(self, persons: int) -> None:
        """Able people who are stranded go out on foot."""

    def leave_home(self, persons: int) -> None:
        """People go from their houses."""

    def carry_up(self, persons: int, cause: int) -> None:
        """Staff have carried people upstairs who cannot walk."""

    def lead_away(self, persons: int) -> None:
        """Of who left by own means so many cannot help themselves."""

    def drive_off(self, persons: int) -> None:
        """People who waited go with a vehicle of their own institution."""

    def fetch(self, persons: int, cause: int) -> None:
        """Parents have fetched pupils."""

    def return_home(self, persons: int, cause: int, is_safe: bool) -> None:
        """People who had left are back before it is safe."""

    def come_home(self, persons: int, item: int, cause: int) -> None:
        """People who found no way are back."""

    def needs(self) -> tuple[tuple[int, int, int], ...]:
        """What is truly needed here: task, people, and people among them who cannot help themselves."""

    def report(self, cause: int) -> None:
        """Send word of how things stand."""

    def update_true_needs(self, by_crew: bool = False) -> bool:
        """Keep the books of what is truly needed; answers whether anything is."""

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

    def join_hurt(self, hurt: int, patients: list[Any]) -> None:
        """Injured people have come home by themselves."""

    def bring_hurt_back(self, hurt: int, patients: list[Any]) -> None:
        """The injured are at home again, as they were."""

    def loses(self, patients: Any) -> None:
        """Patients die in the village, as far as anybody is there who could."""

    def die(self, place: int, item: int, persons: int, cause: int) -> None:
        """People who have been taken out of their state are dead."""

    def loses_lodged(self, persons: int, cause: int) -> int:
        """Of so many those who are with relatives die of an injury; answers how many."""

    def find_roofs(self, persons: int, with_crew: bool) -> int:
        """Of so many who come out now, some find a roof; answers how many need a public shelter."""

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
    left: list[float]
    """Goods that are there, by need, in person-days or sets, as last counted."""
    is_fetching: bool
    worst_class: int
    """Worst class of danger so far, of the middle house of a village."""

    @property
    def persons(self) -> int:
        """People who can be served here."""

    def needs(self) -> list[float]:
        """What should be sent now, by item."""

    def lasts_until_h(self) -> tuple[float, ...]:
        """Hour until which goods of each item and own stock would last for all who are here."""

    def fed_until_h(self) -> float:
        """Hour until which those here live on what they have; infinite: nobody has to."""

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
    opens_h: float | None
    """Hour from which staff are at work; None: nobody has called them."""
    full: tuple[float, ...]
    """What it had at first, by need."""
    in_stock: frozenset[int]
    """Items that it has any of that is promised to nobody."""

    def staffed_h(self) -> float:
        """Hour from which staff are at work, if they are called now at the latest."""

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


class Fetching(Protocol):
    """People who fetch goods themselves from a store next door."""

    def start(self, site: Site, wanted: list[float], cause: int) -> None:
        """Set out from a `site`, if a store next door has any of what is `wanted`, by need, and can be got to.

        `cause`: row of the log that tells of the want.
        """


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

    @property
    def by_place(self) -> Mapping[int, Any]:
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
