"""Where a fire can still spread now, how fast and how hot: its edge as those who fight it find it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import ALL_FIRES
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
)


class MovingFront(Protocol):
    """What the moving front tells of N cells, and what can be done to it; `spread.front.Front` is one."""

    arrival_h: Floats
    """(N,) hours at which cells caught fire; infinite where they have not."""
    fire_of: NDArray[np.int32]
    """(N,) number of the fire that burnt a cell; -1 for none."""
    blocked: Flags
    """(N,) cells closed by line."""
    wet_until: Floats
    """(N,) hours until which cells are held wet."""
    spread: Spread
    """The fire at each cell now, if it burned there."""

    def rate_into(self, cells: Cells) -> Floats:
        """Rate, m/min, at which the front enters cells beside burnt ones."""
        ...

    def intensity_into(self, cells: Cells) -> Floats:
        """Heat, kW/m, of the front as it enters cells beside burnt ones."""
        ...

    def flame_into(self, cells: Cells) -> Floats:
        """Length of the flames, m, of the front as it enters cells beside burnt ones."""
        ...

    def way_into(self, cells: Cells) -> tuple[Floats, Floats]:
        """Way in which the front enters cells, as (east, north) of length 1; 0 where it has none."""
        ...

    def least_way_h(self, east_m: float, north_m: float, fire: int = ALL_FIRES) -> float:
        """Hours until the front (of a fire) can reach a point straight, metres from the south-west corner."""
        ...

    def block(self, cells: Sequence[int] | Cells) -> None:
        """Fire cannot enter these cells any more."""
        ...

    def unblock(self, cells: Sequence[int] | Cells) -> None:
        """Fire can enter these cells again."""
        ...

    def wet(self, cells: Sequence[int] | Cells, until_h: float) -> None:
        """Fire cannot enter these cells before an hour of the simulation."""
        ...

    def ignite(self, cells: Sequence[int] | Cells, fire: int, hour: float, *, young: bool = False) -> None:
        """Fire of this number starts in cells at an hour of the simulation if they can burn then; young: as points."""
        ...


class OpenEdge:
    """The rings around ground that burns, or may burn soon, at one moment; arrays over their P places."""

    def __init__(self, outline: Outline, fire_of: Cells, blocked: Flags, landscape: Landscape) -> None:
        """Look at the rings around the ground (N,) that has a fire, not -1; rates and flames come later."""
        self.outline = outline
        cells = outline.cells
        self.fire = fire_of[outline.inner]
        burns = (cells >= 0) & landscape.burns.ravel()[cells]
        # Cells beyond the landscape are -1 and would read the last cell; `burns` has ruled them out.
        blocked = blocked[cells]
        self.line = burns & blocked
        """Closed by line."""
        self.open = burns & ~blocked
        """Where the fire can spread."""
        self.rate_m_min: Floats = np.zeros(len(cells))
        """How fast it moves outward; 0 where it is held."""
        self.flame_m: Floats = np.zeros(len(cells))
        self.x_m, self.y_m = landscape.xy_m(cells)
        # Half of the step on each side: shares add up to the length of the ring.
        self.share_m: Floats = (outline.step_m + outline.step_m[outline.after]) / 2
        """Metres of edge that each place stands for."""

    def heat(self, front: MovingFront, now: float) -> None:
        """Take rates and flames from the front at hour `now`, on rings around burnt ground; places held wet keep 0."""
        dry = np.flatnonzero(self._dry(front, now))
        cells = self.outline.cells[dry]
        self.rate_m_min[dry] = front.rate_into(cells)
        self.flame_m[dry] = front.flame_into(cells)

    def foresee(self, front: MovingFront, now: float) -> None:
        """Reckon rates and flames as if the front stood at these rings at hour `now`, by the rates of their cells."""
        dry = np.flatnonzero(self._dry(front, now))
        cells = self.outline.cells[dry]
        self.rate_m_min[dry] = normal_rate(front.spread, cells, self.outline.normal[dry])
        self.flame_m[dry] = flame_m(front.spread, cells, self.rate_m_min[dry])

    def _dry(self, front: MovingFront, now: float) -> Flags:
        return self.open & (front.wet_until[self.outline.cells] <= now)

    @cached_property
    def along_m(self) -> Floats:
        """(P,) metres of edge from the first place of its ring; kept, since the outline adds them up anew."""
        return self.outline.along_m

    @cached_property
    def ring_m(self) -> Floats:
        """(P,) length of its ring, kept as well."""
        return self.outline.ring_m

    @cached_property
    def place_of(self) -> dict[int, int]:
        """The place of each cell of the rings (the last one, where a cell lies between two parts)."""
        return {cell: place for place, cell in enumerate(self.outline.cells.tolist())}

    def close(self, cell: int) -> None:
        """Line has been built in a cell, at each place where it stands in the rings."""
        here = self.outline.cells == cell
        # Bare ground was never open, and is no line.
        self.line[here] |= self.open[here]
        self.open[here] = False

    def wet(self, place: int) -> None:
        """A place is held wet: for this look no flames are seen there."""
        self.rate_m_min[place] = self.flame_m[place] = 0.0

    def next_open(self, place: int, way: int) -> int:
        """First open place from one on (itself included) along its ring; -1: all of the ring is closed.

        `way`: of `DIRECTIONS`.
        """
        follow = self.outline.after if way > 0 else self.outline.before
        at = place
        while not self.open[at]:
            at = int(follow[at])
            if at == place:
                return -1
        return at

    def length_m(self, place: int, way: int) -> float:
        """Metres of edge between a place and the one behind somebody who works along in one way (of `DIRECTIONS`)."""
        outline = self.outline
        return float(outline.step_m[place if way > 0 else outline.after[place]])

    def nearest(self, x_m: float, y_m: float, among: Flags) -> int:
        """Place nearest to a point among some; -1: none.

        Args:
            x_m: the point, metres east of the south-west corner.
            y_m: the same, metres north.
            among: (P,) places that count.
        """
        places = np.flatnonzero(among)
        if not len(places):
            return -1
        return int(places[np.argmin(np.hypot(self.x_m[places] - x_m, self.y_m[places] - y_m))])


def grown(fire_of: Cells, passable: Flags, shape: tuple[int, int], steps: int) -> Cells:
    """The fires if they went some steps over passable ground, from side to side of cells.

    Where two meet the higher number.

    Args:
        fire_of: (N,) number of the fire of each cell, -1 none.
        passable: (N,) cells that fire can enter.
        shape: (R, C) of the landscape.
        steps: how many.

    Returns:
        (N,) as `fire_of`.
    """
    whole = fire_of.reshape(shape).copy()
    # Only as far around as the steps reach: most of a landscape is far from any fire.
    north, west, part = cropped(whole >= 0, steps)
    place = (slice(north, north + part.shape[0]), slice(west, west + part.shape[1]))
    here, free = whole[place], passable.reshape(shape)[place]
    for _ in range(steps):
        reached = here.copy()
        # Over sides and not corners, since a line whose cells touch at corners holds.
        reached[1:] = np.maximum(reached[1:], here[:-1])
        reached[:-1] = np.maximum(reached[:-1], here[1:])
        reached[:, 1:] = np.maximum(reached[:, 1:], here[:, :-1])
        reached[:, :-1] = np.maximum(reached[:, :-1], here[:, 1:])
        here = np.where(free & (here < 0), reached, here)
    whole[place] = here
    return whole.ravel()
