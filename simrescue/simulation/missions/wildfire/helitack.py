"""Helitack delivery: crews set down near the line by helicopter, where the way on foot from the road is long.

A crew asks when it has come to the road end and an aircraft that carries people stands idle and could fly. One
aircraft brings the whole crew, in as many flights as its seats need. Who is not fetched in time walks.
"""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simpy import Event

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.missions.wildfire.staging import Point, is_smoked_in, straight_km
from simrescue.simulation.requests import LiftRequest

if TYPE_CHECKING:
    from simrescue.simulation.missions.wildfire.line_assignment import LineAssignment
    from simrescue.simulation.protocols import Crew


@dataclass(slots=True)
class Lift:
    """A crew that waits to be flown in."""

    assignment: LineAssignment
    goal: Point
    """Where on the edge it is set down."""
    done: Event
    left: int
    """Who has not been set down yet."""
    boards: bool = False
    is_over: bool = False
    """Whether it has been flown in, or walks."""


def ask_for_lift(assignment: LineAssignment, goal: Point, hours: float, row: int) -> Generator[Any, Any, bool]:
    """Wait to be flown to a point that is so many hours away on foot; answers whether it has been."""
    sim, crew = assignment.sim, assignment.crew
    lift = Lift(assignment, goal, sim.env.event(), crew.member.size)
    if hours <= sim.parameters.insertion_walk_h or not _somebody_flies(lift):
        return False
    fire = assignment.need.fire
    need = LiftRequest(fire, crew.here, crew.index)

    def heard(known: int) -> None:
        # Without a radio the word takes its time, and the crew may walk by then.
        if not lift.is_over:
            sim.command.ask_for_lift(need, sim.fires.place_of(fire), crew.member.size, known)
            sim.fires.lifts[need.number] = lift

    sim.contact.hear_crew(crew, row, heard)
    yield lift.done | sim.env.timeout(sim.parameters.insertion_wait_h)
    # Once the first are aboard nobody walks: the crew would be in two places.
    if lift.boards and not lift.done.triggered:
        yield lift.done
    lift.is_over = True
    # Command may never have heard of it.
    if sim.fires.lifts.pop(need.number, None) is not None:
        sim.contact.hear_crew(crew, row, lambda _: sim.command.end_lift(need))
    if lift.done.triggered:
        assignment.at = goal
    return bool(lift.done.triggered)


def _somebody_flies(lift: Lift) -> bool:
    """Whether an idle aircraft that carries people could start now, and has the fuel for it."""
    sim = lift.assignment.sim
    idle = sim.command.roster.candidates
    flyers = [sim.crews[i] for i in sim.command.roster.flyers if i in idle and EVACUATE in idle[i].tasks]
    return any(crew.member.seats > 0 and _has_range(crew, lift) for crew in flyers)


def _has_range(crew: Crew, lift: Lift) -> bool:
    """Whether the tank of an aircraft is large enough for the whole of it."""
    out_h = crew.moves.hours(crew.here, lift.assignment.crew.here)
    home_h = crew.moves.hours(lift.assignment.place, crew.member.base)
    # Back between two loads, but not after the last: from the fire it flies home.
    hops_h = (2 * _rounds(crew, lift) - 1) * _hop_h(crew, lift)
    return bool(out_h + (hops_h + home_h) + crew.moves.reserve_h <= crew.record.endurance_h)


def _rounds(crew: Crew, lift: Lift) -> int:
    """Flights that it takes to bring the whole crew."""
    return math.ceil(lift.assignment.crew.member.size / crew.member.seats)


def _hop_h(crew: Crew, lift: Lift) -> float:
    """Hours of one flight, with or without people."""
    return straight_km(lift.assignment.start, lift.goal) / float(crew.record.cruise_kmh)


class Helitack(Mission[LiftRequest]):
    """Fetch the crew at the road end and set it down at the edge, flight after flight."""

    flown_only = True
    has_airspace = False

    def legs(self) -> Iterator[Leg]:
        """To the road end, and from there as often as the seats ask for; not where it cannot land."""
        # A deed: light and smoke are looked at when it sets off, and were others when the order was given.
        yield Leg(None, self.look)
        crew, sim, place = self.crew, self.sim, self.request.place
        lift = sim.fires.lifts.get(self.request.number)
        if lift is None or is_smoked_in(sim, lift.goal) or not sim.is_landable(place):
            yield Leg(None, self.pick_up, way_h=INFINITE)
            return
        fire, landing_h, hop_h = sim.fires.place_of(self.request.fire), float(crew.record.landing_h), _hop_h(crew, lift)
        for number in range(_rounds(crew, lift)):
            yield Leg(place, self.pick_up, landing_h, way_h=hop_h if number else None, starts=not number)
            yield Leg(fire, self.set_down, landing_h, way_h=hop_h)

    def look(self, row: int) -> Steps:
        """Over when the crew walks by now, or smoke or night have come."""
        yield from ()
        self.is_over = not self.crew.moves.can_go_now(self)
        return row

    def pick_up(self, row: int) -> Steps:
        """As many as there are seats come aboard; over where the crew walks by now."""
        lift = self.sim.fires.lifts.get(self.request.number)
        if lift is None:
            self.is_over = True
            return row
        self.is_bound = lift.boards = True
        yield self.sim.env.timeout(self.crew.record.landing_h)
        return row

    def set_down(self, row: int) -> Steps:
        """They are at the edge; with the last of them the lift is done."""
        sim, crew, request = self.sim, self.crew, self.request
        lift = sim.fires.lifts[request.number]
        yield sim.env.timeout(crew.record.landing_h)
        persons = min(lift.left, crew.member.seats)
        row = sim.log(Kind.INSERTED, crew.index, crew.here, row, request.number, persons=persons)
        lift.left -= persons
        if not lift.left:
            lift.done.succeed()
        return row
