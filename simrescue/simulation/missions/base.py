"""A mission: one crew's way to one request, as legs that serve both to reckon how soon it can start and to do it.

A leg is the way to a place and what is done there; the next one is asked for when the last is done. Whoever reckons
asks for all of them at once, and takes each as done as planned. How a crew gets from place to place, and what the hours
of a leg mean for its fuel or its night, is for its way of moving (`responders.moving`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from simrescue.dispatch.base import INFINITE
from simrescue.simulation.requests import OpenRequest

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation

Steps = Generator[Any, Any, int]
"""A part of a mission as a SimPy process; answers the last row of the log."""
Asked = TypeVar("Asked", bound=OpenRequest)
"""The type of request that a mission serves."""


class Leg(NamedTuple):
    """The way to a place and what is done there."""

    place: int | None
    """None: where the crew stands."""
    do: Callable[[int], Steps]
    """The deed, from the last row of the log to the next last one."""
    hours: float = 0.0
    """On the ground there, by daylight."""
    opens_h: float = 0.0
    """The hour from which others who are needed there are at work, whatever the light."""
    flying_h: float = 0.0
    """In the air there, of an aircraft."""
    way_h: float | None = None
    """In the air on the way, where it is not as the aircraft goes from place to place; infinite: it cannot be done."""
    starts: bool = False
    """Whether here begins what the request asks for."""


# Two missions are never the same one, however alike: a crew's is asked for by identity.
@dataclass(eq=False)
class Mission(ABC, Generic[Asked]):
    """One crew and one request; `share`: how much of the request the crew has taken on."""

    sim: Simulation
    crew: Crew
    request: Asked
    share: float = 0.0
    is_over: bool = field(default=False, init=False)
    """Set by a leg that finds nothing more to do."""
    is_called_off: bool = field(default=False, init=False)
    is_bound: bool = field(default=False, init=False)
    """Whether it goes on even when called off: people or water are aboard."""
    counts: bool = field(default=True, init=False)
    """Whether its share is still counted as on the way."""

    flown_only: ClassVar[bool] = False
    """Whether only an aircraft can do it."""
    has_airspace: ClassVar[bool] = True
    """Whether an aircraft that does it has the air over the place to itself."""
    turns: ClassVar[bool] = True
    """Whether it waits for its turn there."""
    enters: ClassVar[bool] = True
    """Whether it is done in the place itself; else from the edge of the water round it."""

    takes_goods: ClassVar[bool] = False
    """Whether it has something set aside first (`prepare`)."""

    @abstractmethod
    def legs(self) -> Iterator[Leg]:
        """The legs from where the crew stands, in order; whoever only reckons asks for them without doing any."""

    def cycle_h(self) -> float:
        """Hours from one load to the next of who comes back by itself for more; infinite: once is all."""
        return INFINITE

    def prepare(self) -> bool:
        """Command orders it: set aside what it needs, and tell in `share` how much of the request it takes on.

        Answers whether there is anything to do it with; if not, it is not begun.
        """
        return True

    def give_up(self, leg: Leg, row: int) -> Steps:  # noqa: ARG002 - for those who have something aboard
        """A leg cannot be done, or the mission is called off."""
        # A generator as every deed is, though nothing is waited for.
        yield from ()
        return row

    def call_off(self) -> None:
        """It is to end: between two legs at the latest, with people aboard after the last."""
        self.is_called_off = True

    def arrive(self) -> None:
        """What it could bring has come, or never will: its share is no longer on the way."""
        # Once: a mission that has brought what it could is ended as well, and its share must not be taken off twice.
        if self.counts:
            self.counts = False
            self.sim.command.withdraw(self.request, self.share)

    def end(self) -> None:
        """It is over, done or not."""
        self.arrive()
