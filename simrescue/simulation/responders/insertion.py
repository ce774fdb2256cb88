"""Crews set down near the line by helicopter, where the way on foot from the road is long.

A crew asks when it has come to the road end and an aircraft that carries people stands idle and could fly. One
aircraft brings the whole crew, in as many flights as its seats need. Who is not fetched in time walks.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from simpy import Event

from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE
from simrescue.simulation.responders.staging import Point, is_smoked_in, straight_km

if TYPE_CHECKING:
    from simrescue.simulation.requests import LiftRequest
    from simrescue.simulation.responders.helicopter import HelicopterCrew
    from simrescue.simulation.responders.spell import Spell

Steps = Generator[Any, Any, int]


@dataclass(slots=True)
class Lift:
    """A crew that waits to be flown in."""

    spell: Spell
    goal: Point
    """Where on the edge it is set down."""
    done: Event
    boards: bool = False


def ask_for_lift(spell: Spell, goal: Point, hours: float, row: int) -> Generator[Any, Any, bool]:
    """Wait to be flown to a point that is so many hours away on foot; answers whether it has been."""
    sim, crew = spell.sim, spell.crew
    lift = Lift(spell, goal, sim.env.event())
    if hours <= sim.parameters.insertion_walk_h or not _somebody_flies(lift):
        return False
    need = sim.command.ask_for_lift(spell.need.fire, crew, row)
    sim.fires.lifts[need.number] = lift
    yield lift.done | sim.env.timeout(sim.parameters.insertion_wait_h)
    if lift.boards and not lift.done.triggered:
        yield lift.done
    del sim.fires.lifts[need.number]
    sim.command.end_lift(need)
    if lift.done.triggered:
        spell.at = goal
    return bool(lift.done.triggered)


def _somebody_flies(lift: Lift) -> bool:
    """Whether an idle aircraft that carries people could start now, and has the fuel for it."""
    sim, place = lift.spell.sim, lift.spell.crew.here
    idle = sim.command.roster.candidates
    flyers = [sim.crews[i] for i in sim.command.roster.flyers if i in idle and EVACUATE in idle[i].tasks]
    return any(
        one.member.seats > 0
        and one.flight_h(one.here, place) + _flights_h(one, lift)[0] + one.reserve_h <= one.record.endurance_h
        for one in flyers
    )


def flights_h(crew: HelicopterCrew, need: LiftRequest) -> tuple[float, float]:
    """Hours in the air and on the ground from reaching the crew to being home again; infinite where it cannot land."""
    sim, lift = crew.sim, crew.sim.fires.lifts.get(need.number)
    if lift is None or is_smoked_in(sim, lift.goal) or not sim.is_landable(need.place):
        return math.inf, 0.0
    return _flights_h(crew, lift)


def _flights_h(crew: HelicopterCrew, lift: Lift) -> tuple[float, float]:
    rounds = math.ceil(lift.spell.crew.member.size / crew.member.seats)
    home_h = crew.flight_h(lift.spell.place, crew.member.base)
    return (2 * rounds - 1) * _hop_h(crew, lift) + home_h, 2 * rounds * float(crew.record.landing_h)


def _hop_h(crew: HelicopterCrew, lift: Lift) -> float:
    return straight_km(lift.spell.start, lift.goal) / float(crew.record.cruise_kmh)


def set_down(crew: HelicopterCrew, need: LiftRequest, share: float, row: int) -> Steps:
    """A mission: fetch the crew at the road end and set it down at the edge, flight after flight."""
    sim = crew.sim
    if crew.start_h(*crew.mission_h(need), need.place)[0] > sim.env.now:  # it walks by now, or in smoke or night
        sim.command.withdraw(need, share)
        return row
    row = yield from crew.drive(need.place, row, need.number)
    lift = sim.fires.lifts.get(need.number)
    if lift is not None:
        lift.boards = True
        left, fire = lift.spell.crew.member.size, sim.fires.place_of(need.fire)
        while left > 0:
            if crew.here != need.place:
                row = yield from crew.fly(need.place, _hop_h(crew, lift), row, need.number)
            yield sim.env.timeout(crew.record.landing_h)
            row = yield from crew.fly(fire, _hop_h(crew, lift), row, need.number)
            yield sim.env.timeout(crew.record.landing_h)
            row = sim.log(Kind.INSERTED, crew.index, fire, row, need.number, persons=min(left, crew.member.seats))
            left -= crew.member.seats
        lift.done.succeed()
    sim.command.withdraw(need, share)
    return row
