"""Where on a fire's edge a crew begins: near, anchored, at the slow side, and not where many work already.

A place is anchored when the edge behind it (against the way in which the crew will work) is closed: by line, bare
ground or a road. Fire can then not come round behind the crew. For an anchor a crew walks up to `line_anchor_detour_m`
further; without any, places count as nearer the slower the fire is there: it begins at the rear. Crews join others, in
both ways, up to about `line_crews_together` in each: a line begun by itself on a moving flank is soon gone round.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import AS_FOUND, DIRECT, WATER, Order
from simrescue.hazards.wildfire.suppression.line.edge import Cells, Flags, Floats
from simrescue.hazards.wildfire.suppression.line.held_lines import HeldLine
from simrescue.hazards.wildfire.suppression.line.open_edge import OpenEdge
from simrescue.parameters import Parameters

DIRECTIONS = (1, -1)
"""Along the edge, clockwise and counter-clockwise on the map."""
CROWDED = 1.5
"""Worth of a place with as many crews as go together, in detours to an anchor: about that of a loose place."""


@dataclass(slots=True)
class LineCrew:
    """A crew on the line; distances in metres, its place as a cell of the landscape."""

    fire: int
    flame_limit_m: float
    """Longest flames that it masters."""
    trained: bool
    cell: int
    """Where it stands: the cell that it closes next, or mops up."""
    water: bool = False
    """Works with pumped water now."""
    hand_limit_m: float = 0.0
    """Longest flames that it masters without water."""
    machines: tuple[float, float] = (0.0, 0.0)
    """Dozers and excavators for each of its people."""
    slope_limit: float = math.inf
    """Steepest ground (rise over run) that it may work on."""
    flame_bound_m: float = math.inf
    """Longest flames that it may work at, whatever it masters."""
    way: int = 1
    method: int = DIRECT
    mopping: bool = False
    gap: int = 1
    """Cells from burnt ground to its line; 1: at the edge."""
    order: Order = AS_FOUND
    held: HeldLine | None = None
    """The line that it is ordered to hold."""
    hands: float = 1.0
    """Hands at full strength, lately."""
    walk_m: float = 0.0
    """Way still to go to its cell."""
    came_from_m: tuple[float, float] | None = None
    """Where that way began, metres east and north of the south-west corner."""
    begun_m2: dict[int, float] = field(default_factory=dict)
    """Line that it has begun and not closed, by cell."""
    carried_m2: float = 0.0
    """Of what it had begun at the edge in cells that burn by now: it counts on where the crew builds next."""
    width_m: float = 0.0
    """Width of the line that it builds."""
    carried_mop_h: float = 0.0
    """Person-hours of mopping up put into its cell."""
    line: list[int] = field(default_factory=list)
    """Cells that it has closed since it began here."""
    unlit: list[int] = field(default_factory=list)
    """Of these, in front of the fire, those behind which the ground is still to be burned out."""

    def take_water(self, water: bool, pump_limit_m: float) -> None:
        """From now on it has pumped water, with which it masters flames of `pump_limit_m`, or has none."""
        self.water = water
        masters_m = max(self.hand_limit_m, pump_limit_m) if water else self.hand_limit_m
        self.flame_limit_m = min(masters_m, self.flame_bound_m)
        if self.gap == 1:
            self.method = WATER if water else DIRECT


class LineStart(NamedTuple):
    """A place of the edge and a way along it (of `DIRECTIONS`)."""

    place: int
    way: int


def choose_start(
    edge: OpenEdge, workable: Flags, x_m: float, y_m: float, others: Sequence[LineCrew], parameters: Parameters
) -> LineStart | None:
    """The best beginning for a crew at a point; None: no place is workable.

    Args:
        edge: the edge now.
        workable: (P,) places that it can work on.
        x_m: where the crew is.
        y_m: where the crew is.
        others: crews that work on the line.
        parameters: of the scenario.
    """
    places = np.flatnonzero(workable)
    if not len(places):
        return None
    detour = parameters.line_anchor_detour_m
    way_there = np.hypot(edge.x_m[places] - x_m, edge.y_m[places] - y_m)
    slowness = edge.rate_m_min[places] / max(float(edge.rate_m_min.max()), 1e-9)
    # All in metres of walking, so that an anchor, a slow edge and company can be weighed against the way.
    costs = np.stack([way_there, way_there])
    # Two crews that begin back to back anchor one another.
    shared = np.isin(places, [edge.place_of[crew.cell] for crew in others if crew.cell in edge.place_of])
    for row, way in enumerate(DIRECTIONS):
        behind = (edge.outline.before if way > 0 else edge.outline.after)[places]
        costs[row] += np.where(edge.open[behind] & ~shared, detour * (1 + slowness), 0.0)
        crowd = _crowding(edge, places, way, others, parameters.line_crew_spacing_m)
        costs[row] += CROWDED * detour * crowd / parameters.line_crews_together
    chosen, best = divmod(int(np.argmin(costs)), len(places))
    return LineStart(int(places[best]), DIRECTIONS[chosen])


def _crowding(edge: OpenEdge, places: Cells, way: int, others: Sequence[LineCrew], spacing_m: float) -> Floats:
    """How many other crews are in the way of one that begins at places (K,) and works along in one way.

    A crew counts as 1 where it works, falling to 0 at `spacing_m`. Crews that work towards the place are met
    half-way; those that have begun at the same point and go the other way do not matter.
    """
    crowd = np.zeros(len(places))
    here = edge.along_m[places]
    around = np.maximum(edge.ring_m[places], 1e-9)
    for crew in others:
        at = edge.place_of.get(crew.cell, -1)
        if at < 0:
            continue
        # Along the ring: crews near by as the crow flies may be far apart on the edge of a narrow fire.
        ahead = ((edge.along_m[at] - here) * way) % around
        same_ring = edge.outline.ring[places] == edge.outline.ring[at]
        # At the same point (0) two that go apart meet again only half-way round.
        between = np.minimum(ahead, around - ahead) if crew.way == way else np.where(ahead > 0, ahead, around) / 2
        crowd += np.where(same_ring, np.maximum(0.0, 1 - between / spacing_m), 0.0)
    return crowd
