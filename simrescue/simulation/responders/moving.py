"""Ways of moving: how a crew gets from place to place, and what that means for when it can start, work and go home."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Any, ClassVar

from simpy import Event

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind

if TYPE_CHECKING:
    from simrescue.simulation.missions.base import Mission
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.responders.readiness import Turnout
    from simrescue.simulation.state import Simulation

LEAST_TURNOUT, TURNOUT_SPREAD = 0.75, 0.6
"""Turnout takes 0.75 to 1.35 times the stated time, all of it equally likely."""
MEAN_TURNOUT = LEAST_TURNOUT + TURNOUT_SPREAD / 2
Steps = Generator[Any, Any, int]
"""A part of a mission as a SimPy process; answers the last row of the log."""


class Moving(ABC):
    """How one crew moves; where it stands and how long it has been on duty is the crew's own (`Crew`)."""

    floats = False
    """Whether it goes on the water, and leaves dry land to others."""
    flies: ClassVar[bool] = False
    """Whether roads do not bind it; its crew has a radio wherever it is."""
    readiness: Turnout | None = None
    """What it needs before it can set out besides its turnout; None: nothing."""
    drivers_called_h = INFINITE
    """When its drivers were first called, where they are called singly."""
    afloat: tuple[int, int] | None = None
    """The transfer point where a boat lies in the water, and the village from which it came there."""

    def __init__(self, crew: Crew) -> None:
        self.crew, self.record = crew, crew.record
        self.sim: Simulation = crew.sim
        self.mean_turnout_h = float(self.record.turnout_h) * MEAN_TURNOUT
        self.ready_since_h = INFINITE
        """Since when it makes ready by order, before it is sent."""

    def is_serviceable(self) -> bool:
        """Whether it can be used at all in this replication."""
        return True

    # ---- how soon

    def turn_out_h(self, spread: float) -> float:
        """Hours from the order, which is given now, to leaving; `spread`: against the stated time."""
        return self.still_to_go_h(float(self.record.turnout_h) * spread)

    def still_to_go_h(self, turnout_h: float) -> float:
        """What is left of a turnout (hours) for one that has been making ready."""
        return max(0.0, turnout_h - max(0.0, float(self.sim.env.now) - self.ready_since_h))

    def turnout_left_h(self) -> float:
        """Mean hours until it can leave: none once it is out."""
        return 0.0 if self.crew.out else self.still_to_go_h(self.mean_turnout_h)

    def least_turnout_h(self) -> float:
        """Mean hours, at least, until it can leave, whenever it is asked for."""
        return 0.0 if self.ready_since_h < INFINITE else self.turnout_left_h()

    @abstractmethod
    def hours(self, a: int, b: int) -> float:
        """From place to place by daylight, by the roads known open; infinite where no way is known."""

    @abstractmethod
    def pace(self) -> float:
        """Speed off the road and work rate now against daylight, by the sun where the crew is."""

    def drive_pace(self) -> float:
        """Speed on the way from place to place now against daylight."""
        return self.pace()

    @abstractmethod
    def eta_h(self, mission: Mission[Any]) -> float:
        """Mean hours until a mission's work can start; infinite where it cannot be done."""

    def ask_again_h(self, mission: Mission[Any]) -> float:  # noqa: ARG002 - for those whom light and weather hold
        """The hour from which a mission that cannot be done now can be, for all that is known; infinite: none."""
        return INFINITE

    @abstractmethod
    def can_bring(self, depot: int, place: int) -> bool:
        """Whether it can get to a depot, and with goods from there to a place."""

    def can_go_now(self, mission: Mission[Any]) -> bool:  # noqa: ARG002 - for those whom light and weather hold
        """Whether a mission can be begun without waiting for light or weather."""
        return True

    # ---- what is done there

    def can_enter(self, place: int) -> bool:  # noqa: ARG002 - for those whom water stops
        """Whether the water in a place lets it work there now."""
        return True

    @abstractmethod
    def boarding_h(self, place: int, persons: int) -> tuple[float, float]:
        """Hours to take people aboard at a place by daylight: on the ground, and in the air."""

    @abstractmethod
    def load_h(self, full_h: float, mass_t: float) -> float:
        """Hours to load goods by daylight at a depot that loads a usual truck in `full_h`."""

    @abstractmethod
    def unload_h(self, mass_t: float) -> float:
        """Hours to unload goods by daylight."""

    def work(self, hours: float) -> Event:
        """Work where the crew stands, for so long by daylight; the event is its end."""
        return self.sim.env.timeout(hours / self.pace())

    def board(self, persons: int) -> Event:
        """Take people aboard where the crew stands; the event is the end of it."""
        return self.work(math.fsum(self.boarding_h(self.crew.here, persons)))

    @abstractmethod
    def shelter(self, order: tuple[int, ...], refused: AbstractSet[int], start: int) -> int | None:
        """The best of some shelters to bring people to from a place; None where none can be reached."""

    def sees_roads(self) -> list[int]:
        """Links that it sees on a reconnaissance, besides those that lead to the place."""
        return []

    # ---- on the way

    @abstractmethod
    def go(self, goal: int, row: int, request: int, hours: float | None = None) -> Steps:
        """Go to a place; `crew.here` is where it ends up. Who stands there already has arrived.

        `hours`: in the air, where it is not as the aircraft goes from place to place.
        """

    def be_there(self, row: int, request: int) -> int:
        """A crew that is where a request sends it has arrived, whether it had to move or not; answers the last row."""
        if request >= 0:
            row = self.sim.log(Kind.ARRIVES, self.crew.index, self.crew.here, row, request)
            self.sim.contact.bring_radio(self.crew, row)
        return row

    @abstractmethod
    def wait_for_way(self, goal: int) -> Generator[Any, Any, None]:
        """Stand where it is until a way to a place is known."""

    @abstractmethod
    def halt(self) -> None:
        """Called off while under way: go no farther than it must."""

    # ---- before and after a mission

    def stand_by(self) -> Generator[Any, Any, None]:
        """Wait for orders (`crew.wake`)."""
        self.sim.command.ready(self.crew)
        yield self.crew.wake

    def make_ready(self, mission: Mission[Any], row: int) -> Steps:  # noqa: ARG002 - for those who fill up and wait
        """Between turnout and setting out."""
        yield from ()
        return row

    def get_down(self, row: int) -> Steps:
        """To where it can stand after a breakdown."""
        yield from ()
        return row

    def lie_afloat(self, village: int) -> None:  # noqa: B027 - for boats
        """It has set people of a village ashore where it is."""

    def wear(self, row: int) -> Steps:
        """What its time out has done to its vehicle."""
        yield from ()
        return row

    @abstractmethod
    def go_home(self, row: int) -> Steps:
        """After a mission, and to rest when the shift is over."""
