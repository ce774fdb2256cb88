"""One crew's time at one fire: what it works, how tired it gets, and why it leaves."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

from simpy import Event

from simrescue.events import EventKind as Kind
from simrescue.hazards.base import Hands, Tactic, Work
from simrescue.hazards.wildfire.suppression.heat_strain import globe_temperature_c, work_capacity
from simrescue.parameters import Parameters
from simrescue.responders import LINE_TRAINED
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.missions.wildfire.pump_water import CrewWater
from simrescue.simulation.missions.wildfire.staging import Point
from simrescue.simulation.requests import SuppressionRequest

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation

DANGER, SHIFT, RELEASED, NOTHING, RELIEVED, RULE, FORESEEN = range(7)
"""Why a crew leaves the line, as in the `item` of WITHDRAWS."""
FLIGHT = (DANGER, FORESEEN)
"""For flames that it does not master."""


class Limits(NamedTuple):
    """What the rules of work let a crew do."""

    slope: float
    """Steepest ground (rise over run)."""
    flame_m: float
    rule: int
    """The first rule (its number) that lets it do nothing; -1: there is none."""


UNBOUND = Limits(math.inf, math.inf, -1)
LOST, OVERRUN, THERE = -1, -2, -6
"""The front has taken the place where it worked; the front has reached the crew itself; on foot: its time is up."""


class LineAssignment:
    """From joining a fire to leaving it; on the line for parts of that time."""

    def __init__(self, sim: Simulation, crew: Crew, need: SuppressionRequest, share: float) -> None:
        self.sim, self.crew, self.need, self.share = sim, crew, need, share
        self.place = sim.fires.place_of(need.fire)
        self.joined_h = sim.env.now
        record = sim.world.places[crew.here]
        self.start: Point = (record.lon, record.lat)
        self.at: Point = self.start
        self.dismissed = self.on_line = self.has_relieved = False
        self.limits = UNBOUND
        """What the rules of work let it do at its post."""
        self.stood_down = False
        """A rule keeps it from all work."""
        self.entrapped = False
        """Flames have come too near to it, as told."""
        self.under_way: Event | None = None
        self.called_off: Event | None = None
        self.fled: Event | None = None
        self.tactic = Tactic.ANCHOR
        self.since_h = self.metres = 0.0
        self.row = -1
        self.water = CrewWater(sim.fires.water, crew, self.place, need.number)

    @property
    def works(self) -> bool:
        """Whether it builds line now."""
        return self.called_off is not None and not self.called_off.triggered

    @property
    def on_foot(self) -> bool:
        """Whether it is on foot near the fire without a post: on its way in or back, or waiting."""
        return self.under_way is not None and not self.under_way.triggered

    @property
    def is_over(self) -> bool:
        """Whether the crew's shift is over."""
        return bool(self.sim.env.now - self.crew.on_duty_h >= self.crew.record.shift_h)

    def begin(self, row: int) -> Event:
        """The crew begins to build line; the event tells when and why it stops."""
        called_off = self.called_off = self.sim.env.event()
        self.since_h, self.row, self.water.row = self.sim.env.now, row, row
        return called_off

    def call_off(self, why: int) -> None:
        """The crew stops now."""
        if self.called_off is not None:
            self.called_off.succeed(why)

    def set_out(self, hours: float) -> Event:
        """The crew is on foot for so long; the event tells `THERE`, or why that ends before."""
        under_way = self.under_way = self.sim.env.event()
        TimerAt(self.sim.env, self.sim.env.now + hours).callbacks.append(lambda _: _end(under_way, THERE))
        return under_way

    def turn_aside(self, why: int) -> None:
        """The crew on foot stops now."""
        if self.under_way is not None:
            _end(self.under_way, why)

    def flee(self, hours: float) -> None:
        """The crew, called off, is on its way out for so long; `fled` tells whether the front caught it there."""
        self.fled = self.sim.env.event()
        TimerAt(self.sim.env, self.sim.env.now + hours).callbacks.append(lambda _: self._end_flight(caught=False))

    def be_caught(self) -> None:
        """The front has reached the crew on its way out or on foot, if it is."""
        self.turn_aside(OVERRUN)
        self._end_flight(caught=True)

    def _end_flight(self, *, caught: bool) -> None:
        # The end of its way and the front may both come; whichever is first tells how it ended.
        if self.fled is not None and not self.fled.triggered:
            self.fled.succeed(caught)

    def take_work(self, now: float) -> float:
        """Person-hours at full strength since the last call, up to hour `now`: less when dark, weary or hot."""
        hours, self.since_h = now - self.since_h, now
        # In the middle of the step, before `line_h` grows by it: people tire in proportion to time.
        person_h = hours * strength(self.sim, self.crew, hours / 2)
        self.crew.line_h += hours
        return person_h

    def put_in(self, now: float, at: Point) -> Work:
        """What the crew, which works at a point, has put in since the last call, up to hour `now`."""
        # Before `take_work`, which sets `since_h` to now.
        water_t = self.water.allot(at, now - self.since_h) if self.water.pumps else None
        size = float(self.crew.member.size)
        return Work(self.crew.index, self.take_work(now), water_t, self.water.at_pumps(), size)

    def tell_line(self) -> int:
        """Write down the line built and water used since the crew began, if any; answers the last row."""
        self.water.finish()
        if self.metres > 0:
            item, request = int(self.tactic), self.need.number
            self.row = self.sim.log(
                Kind.LINE_BUILT, self.crew.index, self.place, self.row, request, item, amount=self.metres
            )
            self.metres = 0.0
        return self.row


def _end(under_way: Event, why: int) -> None:
    if not under_way.triggered:
        under_way.succeed(why)


def hands_of(sim: Simulation, crew: Crew, in_h: float = 0.0) -> Hands:
    """Who of a crew would build line now, and with what machines; `in_h`: hours until they are there."""
    record = crew.record
    machines = (record.dozers / record.size, record.excavators / record.size)
    return Hands(strength(sim, crew), record.kind in LINE_TRAINED, machines, in_h)


def strength(sim: Simulation, crew: Crew, after_h: float = 0.0) -> float:
    """Hands at full strength that a crew counts for now, after so many more hours on the line."""
    air, parameters = sim.fires.hazard, sim.parameters
    rate = freshness(crew.line_h + after_h, parameters) * crew.moves.pace()
    # What people do in the air of now against what they do in the cool.
    wbgt_c = globe_temperature_c(air.temperature_c, air.humidity, is_light=crew.moves.is_light())
    rate *= line_rate(crew.record, parameters) * work_capacity(wbgt_c, parameters.heat_half_work_c)
    return float(crew.member.size * rate)


def line_rate(team: Any, parameters: Parameters) -> float:
    """Work rate of a team's people on the line against others of their training, as stated or by kind."""
    stated = getattr(team, "line_rate", None)
    if stated is not None:
        return float(stated)
    return float(parameters.semi_professional_line_rate) if team.kind == "semi_professional" else 1.0


def freshness(line_h: float, parameters: Parameters) -> float:
    """Work rate of people who have been on the line for so long since they rested, against fresh ones."""
    tired_h = max(0.0, line_h - parameters.line_fatigue_from_h)
    return max(parameters.line_fatigue_least, 1.0 - parameters.line_fatigue_per_h * tired_h)
