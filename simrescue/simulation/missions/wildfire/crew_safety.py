"""When leaders take a crew off the line for the flames, and what befalls a crew that stays too long.

Leaders leave when flames that the crew does not master can reach it within its way out and the time that they keep in
hand, as they see the fire or as the forecast has it.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from simrescue.events import EventKind as Kind
from simrescue.hazards.wildfire.suppression.crew_danger import margin_h
from simrescue.simulation.missions.wildfire.line_assignment import DANGER, FORESEEN, LineAssignment

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


def why_leave(sim: Simulation, assignment: LineAssignment) -> int | None:
    """Why a crew at its post or on foot must get away from the flames (`FLIGHT`); None: it need not."""
    index, hazard = assignment.crew.index, sim.fires.hazard
    danger_h = hazard.danger_h(index)
    if danger_h == math.inf:  # most crews: their way out need not be looked for
        return None
    in_hand_h = margin_h(sim.settings.wildfire, sim.parameters)
    if danger_h >= hazard.way_out_h(index) / assignment.crew.moves.pace() + in_hand_h:
        return None
    return FORESEEN if hazard.is_foreseen(index) else DANGER


def look_on_foot(sim: Simulation, assignment: LineAssignment) -> None:
    """A crew on its way, or one that waits, gets out of the way of flames where it must."""
    danger = why_leave(sim, assignment)
    if danger is not None:
        assignment.turn_aside(danger)
        flee(sim, assignment)


def flee(sim: Simulation, assignment: LineAssignment) -> None:
    """A crew goes its way out; written down is where to, and whether flames stand on all of them."""
    flight = sim.fires.hazard.flee(assignment.crew.index, assignment.crew.moves.pace())
    if flight.cut_off:
        _tell(sim, Kind.CUT_OFF, assignment)
    _tell(sim, Kind.SEEKS_SAFETY, assignment, flight.refuge, flight.cell)
    assignment.at = flight.end or assignment.at
    assignment.flee(flight.hours)


def tell_entrapped(sim: Simulation, entrapped: tuple[tuple[int, int], ...]) -> None:
    """Crews (crew, where: `base.AT_POST` and so on) that flames have come too near to are done for this shift."""
    for index, where in entrapped:
        assignment = sim.fires.assignments.get(index) or sim.fires.leaving.get(index)
        if assignment is not None and not assignment.entrapped:  # told once
            assignment.entrapped = True
            # Its shift is over: it goes off the line and home, and rests.
            assignment.crew.end_shift()
            _tell(sim, Kind.ENTRAPPED, assignment, where)


def _tell(sim: Simulation, kind: Kind, assignment: LineAssignment, item: int = -1, cell: int = 0) -> None:
    crew, number = assignment.crew, assignment.need.number
    people, cause = crew.member.size, assignment.row
    assignment.row = sim.log(kind, crew.index, assignment.place, cause, number, item, people, cell)
