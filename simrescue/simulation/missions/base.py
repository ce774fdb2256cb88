"""A mission: one crew's way to one request, as legs that serve both to reckon how soon it can start and to do it.

A leg is the way to a place and what is done there; the next one is asked for when the last is done. Whoever reckons
asks for all of them at once, and takes each as done as planned. How a crew gets from place to place, and what the hours
of a leg mean for its fuel or its night, is for its way of moving (`responders.moving`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any, ClassVar, Generic, NamedTuple, TypeVar

from simrescue.dispatch.base import INFINITE
from simrescue.simulation.requests import OpenRequest

if TYPE_CHECKING:
    from simrescue.simulation.context import Crew
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
    wait_h: float = 0.0
    """For others there, from when the crew has come, whatever the light: until staff are at work."""
    opens_h: float = 0.0
    """The hour from which they are there, where they have been called already."""
    flying_h: float = 0.0
    """In the air there, of an aircraft."""
    way_h: float | None = None
    """On the way, where it is not as the crew goes from place to place; infinite: it cannot be done."""
    starts: bool = False
    """Whether here begins what the request asks for."""
    ends: int | None = None
    """Where it leaves the crew, if that is another place."""


class Mission(ABC, Generic[Asked]):
    """One crew and one request; `share`: how much of the request the crew has taken on."""

    flown_only: ClassVar[bool] = False
    """Whether only an aircraft can do it."""
    has_airspace: ClassVar[bool] = True
    """Whether an aircraft that does it has the air over the place to itself."""
    turns: ClassVar[bool] = True
    """Whether it waits for its turn there."""

    def __init__(self, crew: Crew, request: Asked, share: float = 0.0) -> None:
        self.crew, self.request, self.share = crew, request, share
        self.sim: Simulation = crew.sim
        self.is_over = False
        """Set by a leg that finds nothing more to do."""
        self.is_called_off = False
        self.counts = True
        """Whether its share is still counted as on the way."""

    @abstractmethod
    def legs(self) -> Iterator[Leg]:
        """The legs from where the crew stands, in order."""

    @property
    def is_bound(self) -> bool:
        """Whether it goes on to its end even when called off: people are aboard."""
        return False

    def can_begin(self) -> bool:
        """Whether it is still worth setting out, once the crew has turned out."""
        return True

    def eta_h(self) -> float:
        """Mean hours until work can start, from now, by what is known; infinite where it cannot be done."""
        return self.crew.moves.eta_h(self) if self._is_trained else INFINITE

    @property
    def _is_trained(self) -> bool:
        """Whether the crew has the skill that is asked for, if one is."""
        return not self.request.skill or self.request.skill in self.crew.record.skills

    def ask_again_h(self) -> float:
        """The hour from which what cannot be done now can be, for all that is known; infinite: none."""
        return self.crew.moves.ask_again_h(self) if self._is_trained else INFINITE

    def run(self, row: int) -> Steps:
        """Do it, leg by leg, until it is over, fails or is called off; answers the last row."""
        for leg in self.legs() if self.can_begin() else ():
            if self.is_called_off and not self.is_bound:
                row = yield from self.give_up(leg, row)
                break
            if leg.place is not None:
                row = yield from self.crew.moves.go(leg.place, row, self.request.number)
                if self.crew.here != leg.place or (self.is_called_off and not self.is_bound):
                    row = yield from self.give_up(leg, row)
                    break
            row = yield from leg.do(row)
            if self.is_over:
                break
        self.end()
        return row

    def give_up(self, leg: Leg, row: int) -> Steps:  # noqa: ARG002 - for those who have something aboard
        """A leg cannot be done, or the mission is called off."""
        yield from ()
        return row

    def call_off(self) -> None:
        """It is to end: between two legs at the latest, with people aboard after the last."""
        self.is_called_off = True

    def arrive(self) -> None:
        """What it could bring has come, or never will: its share is no longer on the way."""
        if self.counts:
            self.counts = False
            self.sim.command.withdraw(self.request, self.share)

    def end(self) -> None:
        """It is over, done or not."""
        self.arrive()
