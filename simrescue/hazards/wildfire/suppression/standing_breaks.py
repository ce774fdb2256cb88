"""Fronts that cross line; and the breaks that stand before the fire comes, in a fire that nobody fights."""

from __future__ import annotations

import numpy as np

from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.suppression.crew_danger import around
from simrescue.hazards.wildfire.suppression.line.edge import Floats
from simrescue.hazards.wildfire.suppression.line.held_lines import LinesOnGround
from simrescue.hazards.wildfire.suppression.line.line_breach import LineWidth
from simrescue.hazards.wildfire.suppression.line.open_edge import MovingFront
from simrescue.parameters import Parameters


def cross(
    front: MovingFront, width: LineWidth, landscape: Landscape, since_h: float, now: float
) -> list[tuple[int, int]]:
    """Fronts that came to line since an hour cross it at hour `now` where it does not hold: (fire, cell) by cell.

    Over line the front goes on at its own pace, no sooner than over ground without any; it comes out at once only where
    it meets no more than a corner of the line. So fronts do with narrow bare ground, which is no line and is not among
    what is told.
    """
    crossed = [(_fire_beside(front, landscape, int(cell)), int(cell)) for cell in width.breaches(front, since_h, now)]
    over_bare = [(int(front.fire_of[source]), cell) for source, cell in width.bare_crossings(front, since_h, now)]
    front.unblock([cell for _, cell in crossed])
    corners = [(fire, cell) for fire, cell in crossed if not _is_beside(front, landscape, cell)]
    for fire, cell in corners + over_bare:
        front.ignite([cell], fire, now)
    return crossed


def _is_beside(front: MovingFront, landscape: Landscape, cell: int) -> bool:
    """Whether burnt ground shares a side with a cell."""
    columns, (row, column) = landscape.shape[1], divmod(cell, landscape.shape[1])
    sides = {cell - columns: row > 0, cell + columns: row + 1 < landscape.shape[0]}
    sides |= {cell - 1: column > 0, cell + 1: column + 1 < columns}
    return any(front.fire_of[beside] >= 0 for beside, inside in sides.items() if inside)


def _fire_beside(front: MovingFront, landscape: Landscape, cell: int) -> int:
    """The fire that came last to the cells around one."""
    near = around(cell, 1, landscape)
    near = near[front.fire_of[near] >= 0]
    return int(front.fire_of[near[np.argmax(front.arrival_h[near])]])


class StandingBreaks:
    """The breaks of one course of a fire."""

    def __init__(
        self, landscape: Landscape, lines: LinesOnGround, draws: Floats | float, parameters: Parameters
    ) -> None:
        """Begin before anything burns; draws (N,), or one for all, as `line_breach.breach_draws` gives them."""
        self.landscape, self.since_h = landscape, 0.0
        self.width = LineWidth(landscape, np.broadcast_to(draws, landscape.n_cells), parameters)
        self.width.width_m[lines.standing] = lines.standing_m
        self.any = bool(len(lines.standing) or self.width.strips)
        """Whether there is a break, or bare ground, that a front can cross."""

    def let_through(self, front: MovingFront, now: float) -> None:
        """Fronts that came to a break since the last call cross it where it does not hold; `now`: hour."""
        cross(front, self.width, self.landscape, self.since_h, now)
        self.since_h = now
