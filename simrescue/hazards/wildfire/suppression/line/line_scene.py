"""The fires as crews find them at one moment: the edge, and lines that could be built in front of it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import cached_property

import numpy as np

from simrescue.hazards.base import Hands
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.suppression.line.edge import (
    Cells,
    Flags,
    Floats,
    Outline,
    cropped,
    flame_m,
    normal_rate,
    trace,
)
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_rates import AreaRates, scale_factor
from simrescue.hazards.wildfire.suppression.line.open_edge import MovingFront, OpenEdge, grown
from simrescue.parameters import Parameters

Planned = Callable[[float], Sequence[Spread]]
"""The fire in all cells at each of the hours that line built at an hour is to hold for, as forecast."""


class Scene:
    """What crews find, and the line that they build from there up to the next look.

    The front is told of line at the end (`tell_front`), so that all crews of a step meet the same fire.
    """

    def __init__(
        self,
        front: MovingFront,
        landscape: Landscape,
        rates: AreaRates,
        now: float,
        parameters: Parameters,
        before: Scene | None = None,
        planned: Planned | None = None,
    ) -> None:
        """Look at the fires at an hour to which the front has been moved.

        Args:
            front: the fire.
            landscape: N cells.
            rates: of hands and machines, as `line_rates.area_rates` gives them.
            now: hours.
            parameters: of the scenario.
            before: the look before, which saves tracing the edge again where it has not moved.
            planned: what leaders build line for besides the fire as it is; None: nothing.
        """
        self._planned = planned
        self.front, self.landscape, self.rates, self.now = front, landscape, rates, now
        self.parameters = parameters
        self.cell_m = min(landscape.cell_x_m, landscape.cell_y_m)
        self.burnt = front.fire_of >= 0
        """(N,)."""
        self.n_burnt = int(np.count_nonzero(self.burnt))
        # A copy: crews of this step see each other's line at once, the fire at the end of the step.
        self.blocked = front.blocked.copy()
        """(N,) with what has been built since."""
        self._fire_of = front.fire_of.astype(np.intp)
        # Burnt ground only grows, so the same number of cells is the same ground.
        same = before if before and before.n_burnt == self.n_burnt else None
        known = same.edge.outline if same else self._traced(self._fire_of)
        self.edge: OpenEdge = OpenEdge(known, self._fire_of, self.blocked, landscape)
        self.edge.heat(front, now)
        self._ahead: dict[int, OpenEdge] = {}
        self._between: dict[int, Flags] = {}
        self._to_hold_m: dict[int, Floats] = {}
        self._head_to_hold_m: dict[int, float] = {}
        self._built: list[int] = []
        # Sizes are those of burnt ground, so they hold as long as that does.
        self.scale: dict[int, float] = same.scale if same else {}
        """Of the pace at each fire, by its size, as far as it was asked for."""
        self.worked_h: dict[int, float] = {}
        """Person-hours of bodies that have built line since this look, by cell."""

    def ahead(self, gap: int) -> OpenEdge:
        """The rings on which a line can be built `gap` cells from burnt ground; 1: the edge itself.

        Made when first asked for.
        """
        if gap == 1:
            return self.edge
        if gap not in self._ahead:
            # Grown over ground that burns only: a line in front is built where the fire can come.
            soon = self._grown(gap - 1)
            self._ahead[gap] = OpenEdge(self._traced(soon), soon, self.blocked, self.landscape)
            self._ahead[gap].foresee(self.front, self.now)
        return self._ahead[gap]

    @cached_property
    def _plan(self) -> Sequence[Spread]:
        """Worked out where line is built only."""
        return self._planned(self.now) if self._planned else ()

    def to_hold_m(self, gap: int) -> Floats:
        """(P,) flames, m, that line on the rings `gap` cells off is to hold: the longest of now and of the plan.

        Each place is looked at as the fire would come to it across the line, so that a rear stays a rear until the wind
        turns.
        """
        if gap not in self._to_hold_m:
            edge = self.ahead(gap)
            longest_m, places = edge.flame_m.copy(), np.flatnonzero(edge.open)
            cells, normal = edge.outline.cells[places], edge.outline.normal[places]
            for spread in self._plan:
                foreseen_m = flame_m(spread, cells, normal_rate(spread, cells, normal))
                longest_m[places] = np.maximum(longest_m[places], foreseen_m)
            self._to_hold_m[gap] = longest_m
        return self._to_hold_m[gap]

    def head_to_hold_m(self, cell: int) -> float:
        """Flames, m, of a head that runs through a cell, the longest of now and of the plan."""
        if cell not in self._head_to_hold_m:
            at = np.array([cell])
            heads = (spread.flame_at(at, spread.head_m_min[at]) for spread in (self.front.spread, *self._plan))
            self._head_to_hold_m[cell] = max(float(head_m[0]) for head_m in heads)
        return self._head_to_hold_m[cell]

    def between(self, gap: int) -> Flags:
        """Unburnt cells between burnt ground and a line `gap` cells off, (N,)."""
        if gap not in self._between:
            self._between[gap] = (self._grown(gap - 1) >= 0) & ~self.burnt
        return self._between[gap]

    def pace_m2(self, crew: LineCrew, method: int, cell: int) -> float:
        """Line, m2, that a crew builds in a cell in a person-hour at full strength, with its machines beside it."""
        return self.pace_of(crew.fire, Hands(crew.hands, crew.trained, crew.machines), method, cell)

    def pace_of(self, fire: int, hands: Hands, method: int, cell: int) -> float:
        """The same of people at a fire."""
        if fire not in self.scale:
            north, west, part = cropped(self.burnt.reshape(self.landscape.shape))
            whole = self._fire_of.reshape(self.landscape.shape)
            near = whole[north : north + part.shape[0], west : west + part.shape[1]]
            area_ha = np.count_nonzero(np.isin(near, list(fires_joined(near, fire)))) * self.landscape.cell_ha
            self.scale[fire] = scale_factor(area_ha, self.parameters)
        pace = float(self.rates.hands[int(hands.trained), method, cell])
        if any(hands.machines):
            pace += float(self.rates.machines[:, cell] @ hands.machines)
        return pace * self.scale[fire]

    def may_stand(self, crew: LineCrew, edge: OpenEdge) -> Flags:
        """(P,) open places of the rings where the ground is not too steep for a crew to work on."""
        if crew.slope_limit == math.inf:
            return edge.open
        # Cells beyond the landscape are -1 and read the last one: they are never open.
        return edge.open & (self.landscape.slope.ravel()[edge.outline.cells] <= crew.slope_limit)

    def is_too_steep(self, crew: LineCrew, cell: int) -> bool:
        """Whether a crew may not work in a cell for its slope."""
        return crew.slope_limit < math.inf and bool(self.landscape.slope.flat[cell] > crew.slope_limit)

    @cached_property
    def near_burnt(self) -> Flags:
        """(N,) burnt ground and the cells beside it, over corners too: nowhere else can flames touch anybody."""
        whole = np.zeros(self.landscape.shape, dtype=bool)
        north, west, part = cropped(self.burnt.reshape(whole.shape), 1)
        place = whole[north : north + part.shape[0], west : west + part.shape[1]]
        wide = part.copy()
        wide[1:] |= part[:-1]
        wide[:-1] |= part[1:]
        place |= wide
        place[:, 1:] |= wide[:, :-1]
        place[:, :-1] |= wide[:, 1:]
        return whole.ravel()

    def close(self, cell: int) -> None:
        """Line has been built in a cell.

        It is closed to all crews from now on, and to the fire from `tell_front` on.
        """
        self.blocked[cell] = True
        self._built.append(cell)
        # Rings that are made later see it in `blocked`.
        for edge in (self.edge, *self._ahead.values()):
            edge.close(cell)

    def tell_front(self) -> None:
        """Close what has been built to the fire."""
        if self._built:
            self.front.block(self._built)
            self._built = []

    def xy_m(self, cell: int) -> tuple[float, float]:
        """Metres east and north of the south-west corner to the middle of a cell."""
        ground = self.landscape
        # As `Landscape.xy_m`, in plain numbers: asked for single cells all the time.
        row, column = divmod(cell, ground.shape[1])
        return (column + 0.5) * ground.cell_x_m, (ground.shape[0] - row - 0.5) * ground.cell_y_m

    def centre(self, cell: int) -> tuple[float, float]:
        """Longitude and latitude (degrees) of the middle of a cell, as `Landscape.centre`."""
        ground = self.landscape
        row, column = divmod(cell, ground.shape[1])
        return ground.west + (column + 0.5) * ground.dlon, ground.north - (row + 0.5) * ground.dlat

    def point_m(self, lon: float, lat: float) -> tuple[float, float]:
        """Metres east and north of the south-west corner to a point (degrees)."""
        ground = self.landscape
        south = ground.north - ground.dlat * ground.shape[0]
        return (lon - ground.west) / ground.dlon * ground.cell_x_m, (lat - south) / ground.dlat * ground.cell_y_m

    def degrees(self, x_m: float, y_m: float) -> tuple[float, float]:
        """Longitude and latitude (degrees) of a point, metres east and north of the south-west corner."""
        ground = self.landscape
        south = ground.north - ground.dlat * ground.shape[0]
        return ground.west + x_m / ground.cell_x_m * ground.dlon, south + y_m / ground.cell_y_m * ground.dlat

    def _grown(self, steps: int) -> Cells:
        passable = self.landscape.burns.ravel() & ~self.blocked
        return grown(self._fire_of, passable, self.landscape.shape, steps)

    def _traced(self, fire_of: Cells) -> Outline:
        ground = self.landscape
        return trace((fire_of >= 0).reshape(ground.shape), ground.cell_x_m, ground.cell_y_m)


def fires_joined(fire_of: Cells, fire: int) -> set[int]:
    """The fires whose burnt ground hangs together with that of one, itself among them: to its crews they are one fire.

    Args:
        fire_of: (R, C) number of the fire that has burned each cell; -1: none.
        fire: number of the fire.
    """
    joined = {fire}
    if not ((fire_of >= 0) & (fire_of != fire)).any():
        return joined
    beside = [
        (fire_of[:, :-1], fire_of[:, 1:]), (fire_of[:-1], fire_of[1:]),
        (fire_of[:-1, :-1], fire_of[1:, 1:]), (fire_of[:-1, 1:], fire_of[1:, :-1]),
    ]  # fmt: skip
    meet = set[tuple[int, int]]()
    for cell, neighbour in beside:
        differ = (cell != neighbour) & (cell >= 0) & (neighbour >= 0)
        meet.update(zip(cell[differ].tolist(), neighbour[differ].tolist(), strict=True))
    grows = True
    while grows:
        reached = {other for pair in meet if joined & set(pair) for other in pair}
        grows = not reached <= joined
        joined |= reached
    return joined
