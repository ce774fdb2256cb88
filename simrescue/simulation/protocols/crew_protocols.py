"""Crews and their ways, as others know them: responders, roads, and who can be reached."""

from __future__ import annotations

from collections.abc import Callable, Generator
from random import Random
from typing import Any, NamedTuple, Protocol

from simpy import Event

from simrescue.communication.messages import Message
from simrescue.network import Components, Router
from simrescue.simulation.world import Member

Steps = Generator[Any, Any, int]
"""A part of a process; answers the last row of the log."""


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
    is_leaving: bool
    """Whether it is sent no more, since its hour has come."""
    rested: bool
    seen: set[int]
    wake: Event
    """Succeeds with an order: the mission, and the row that tells of it (None: to be told when it begins)."""
    mission: Any

    @property
    def rng(self) -> Random:
        """Its own stream of chance."""

    def leave(self) -> None:
        """It is there no longer."""

    def release(self, cause: int) -> None:
        """The response level sets the crew free."""

    @property
    def is_from_partner(self) -> bool:
        """Whether it comes only when asked for."""

    @property
    def is_to_come(self) -> bool:
        """Whether it is there, or comes at an hour that is fixed, and does not leave."""

    def hand_over(self, cause: int) -> None:
        """Its partner hands it over to command."""

    def tell_of(self, village: Any, row: int) -> None:
        """Tell command how things stand in the village where it is."""

    def begin_shift(self) -> None:
        """It is rested, and on duty from now on."""

    def end_shift(self) -> None:
        """It rests before it does anything more."""

    def hold(self) -> None:
        """The response level is lower again: who is not there yet waits for it again."""

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

    def water(self, link: int, depth_m: float, ford_m: float = 0.0) -> None:
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

    def leg_hours(self, vehicle: str, path: tuple[int, ...], boat_kmh: float, start: int | None = None) -> list[float]:
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


class Roadsides(Protocol):
    """People who are caught on the road."""

    def at(self, place: int) -> list[Any]:
        """Who is caught at a place, by village and vehicle (`places.caught.Stopped`)."""

    def stop(self, group: Any) -> int:
        """People know no way on and none back; answers the row that tells it."""

    def take(self, place: int, seats: int, crew: int, row: int, request: int) -> tuple[list[Any], int]:
        """A crew takes people aboard; answers them and the last row."""

    def put_back(self, place: int, party: Any) -> int:
        """A crew found no way to any shelter; answers the last row."""

    def water(self, place: int) -> None:
        """The water at a place is another."""

    def close(self) -> None:
        """The clock stops."""


class PostChain(Protocol):
    """Through whose hands messages go."""

    def pass_on(
        self, message: Message, cause: int, then: Callable[[int], Any], wanted: Callable[[], bool] = ...
    ) -> None:
        """Have a message pass all posts on its way."""

    def tell_above(self, place: int, row: int) -> None:
        """Pass the first report of a place on to those above command, where they are told."""

    def passed_on(self, place: int) -> float:
        """Share of the dead of a place of whom command hears."""

    def register(self, post: str, message: Message, place: int, row: int) -> Generator[Any, Any, int]:
        """Have somebody registered at a post."""

    def water(self, place: int, row: int) -> None:
        """The water at a place is another."""

    def mains(self, place: int, lost: bool, row: int) -> None:
        """A place has lost its mains, or has them again."""

    def above(self) -> int | None:
        """Index of the post above command's own; None where there is none."""


class Contact(Protocol):
    """Who can be reached."""

    posts: PostChain | None

    @property
    def tells(self) -> bool:
        """Whether every message is told in the log."""

    places: list[int]
    dark: dict[int, tuple[int, float]]
    on_silence: list[Callable[[int, tuple[int, float]], None]]
    """Told of each place that falls silent."""

    def send(
        self,
        message: Message,
        hours: float,
        heard: Callable[[int], Any],
        again: Callable[[int], Any],
        wanted: Callable[[], bool] = ...,
    ) -> None:
        """Send a message on its way."""

    def insist(self, message: Message, hours: float, heard: Callable[[int], Any]) -> None:
        """Send what is still news once contact is back."""

    def carry(self, message: Message, hours: float, heard: Callable[[int], Any], again: Callable[[int], Any]) -> None:
        """Bring a message to the other end past the hands of posts."""

    def takes(self, place: int) -> bool:
        """Whether a message of a place is taken on now."""

    def reach(self, place: int) -> float:
        """Share of the people of a village whom an order or call-out reaches."""

    def speaks(self, place: int) -> bool:
        """Whether the officers of a village can use its loudspeakers."""

    def bring_answer(self, place: int, walked_h: float, cause: int) -> None:
        """Somebody has walked to a place with a call, for so long, and tells command that it has come (`cause`)."""

    def endangered(self, place: int, row: int) -> None:
        """Water or flames at a place are others."""

    def road_changed(self, road: int, row: int) -> None:
        """Something has closed or opened a road."""

    def cut_line(self, place: int, hours: float) -> None:
        """A hazard cuts the line of a base station for so many hours."""

    def cut_power(self, place: int, hours: float) -> None:
        """A hazard cuts the power area that feeds a place for so many hours."""

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

    def speaks_by_radio(self, crew: Crew) -> bool:
        """Whether a crew can be reached wherever it is."""

    def bring_radio(self, crew: Crew, row: int, met: bool = False) -> None:
        """A crew has come to where it is: a silent place is heard again by its radio."""

    def reaches(self, crew: Crew) -> bool:
        """Whether a crew can be given an order at once."""

    def order(self, crew: Crew, cause: int, heard: Callable[[], Any]) -> None:
        """Send a crew an order."""

    def order_h(self, crew: Crew) -> float:
        """Hours until an order that is sent now has come to a crew."""

    def hear_crew(self, crew: Crew, cause: int, heard: Callable[[int], Any]) -> None:
        """A crew tells command what it has seen."""

    def hear(self, subject: int, cause: int, heard: Callable[[int], Any]) -> None:
        """A crew, or somebody on the road, tells command what it has seen."""

    def may_be_told(self, crew: Crew) -> bool:
        """Whether an order to a crew is taken on now."""
