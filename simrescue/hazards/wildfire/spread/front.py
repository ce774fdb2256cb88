"""The fire front: when each cell of a raster catches fire, while cells are closed, wetted and lit under way.

What lies ahead of the clock is a forecast (`front_tracking`, upwind on the raster). When the rates of spread change, so
does the past: the arrival in each burnt cell at the edge is set back so that the front, at its new pace, stands where
it stands. Cells are numbered row by row from the north-west.
"""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.base import ALL_FIRES, Floats, Indexes
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.spread.front_tracking import FrontTracker
from simrescue.hazards.wildfire.spread.sources import NO_FIRE, Fires, RasterShape, start
from simrescue.hazards.wildfire.spread.travel_time import NO_ARRIVAL, Metric, metric


class Burn(NamedTuple):
    """A cell that has caught fire: at which hour, by which fire (its number)."""

    time_h: float
    fire: int
    cell: int


class Fringe(NamedTuple):
    """Cells that a front is about to enter, arrays (n,)."""

    cells: Indexes
    east_m: Floats
    """Metres from the south-west corner to their middles."""
    north_m: Floats


class Front:
    """The front of all fires on N = R x C cells. `turn` must be called before anything moves.

    Arrays are (N,), cells row by row from the north-west, times hours of the simulation. Each cell burns once, by one
    fire: fires that meet share an edge that neither crosses.
    """

    def __init__(
        self, rows: int, columns: int, cell_x_m: float, cell_y_m: float, fuel: ArrayLike, young_lag_h: float = 0.0
    ) -> None:
        """A raster where nothing burns yet.

        Args:
            rows: R, from the north.
            columns: C, from the west.
            cell_x_m: width of a cell.
            cell_y_m: height of a cell.
            fuel: (N,) or (R, C) whether a cell can burn.
            young_lag_h: by which fires that start as points lag behind fires at full speed.
        """
        self.now = 0.0
        self.young_lag_h = young_lag_h
        # One cell more than the raster has stands for the outside, so that no neighbour needs a test.
        self.fuel: NDArray[np.bool_] = np.append(np.asarray(fuel, dtype=bool).ravel(), False)
        self.ground = RasterShape(rows, columns, cell_x_m, cell_y_m)
        n = rows * columns
        self.arrival_h: Floats = np.full(n, np.inf)
        """(N,) hours at which cells caught fire; infinite where they have not."""
        self.fire_of: Fires = np.full(n, NO_FIRE, dtype=np.int32)
        """(N,) number of the fire that burnt a cell; -1 for none."""
        self.blocked = np.zeros(n, dtype=bool)
        """(N,) cells with fuel that fire cannot enter: line."""
        self.wet_until: Floats = np.zeros(n)
        """(N,) hours until which cells are held wet."""
        self._search = FrontTracker(self.ground, self.fuel[:-1])
        self._planned: list[tuple[float, int, int, float]] = []
        self._lit: list[Burn] = []
        self._turned = False
        self._fringe: Fringe | None = None
        """None: something has happened to the front since it was last asked for."""
        self._parts: dict[int, Fringe] = {}
        self._parts_of: Fringe | None = None
        """The fringe of which these are the parts by fire."""
        self.spread = Spread(np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n))
        """The fire in each cell (N,) if it burned there, at the present rates."""

    # ---- what the front is like

    @property
    def fringe(self) -> Fringe:
        """Cells that the front is about to enter: not burnt, beside a burnt one, neither closed nor bare."""
        if self._fringe is None:
            search = self._search
            search.solve(self.now)
            cells = search.beside[search.due_h[search.beside] < NO_ARRIVAL]
            row, column = np.divmod(cells, self.ground.columns)
            east_m = (column + 0.5) * self.ground.cell_x_m
            self._fringe = Fringe(cells, east_m, (self.ground.rows - row - 0.5) * self.ground.cell_y_m)
        return self._fringe

    def _fringe_of(self, fire: int) -> Fringe:
        """The part of the fringe that lies beside burnt ground of one fire, over corners too."""
        whole = self.fringe
        if self._parts_of is not whole:
            self._parts_of, self._parts = whole, {}
        if fire not in self._parts:
            self._parts[fire] = self._beside(whole, fire)
        return self._parts[fire]

    def _beside(self, whole: Fringe, fire: int) -> Fringe:
        columns = self.ground.columns
        burnt = np.pad((self.fire_of == fire).reshape(self.ground.rows, columns), 1)
        row, column = np.divmod(whole.cells, columns)
        steps = ((down, right) for down in range(3) for right in range(3))
        beside = np.any([burnt[row + down, column + right] for down, right in steps], axis=0)
        return Fringe(whole.cells[beside], whole.east_m[beside], whole.north_m[beside])

    def is_shut_in(self) -> bool:
        """Whether no cell is left that the front could ever enter, in whatever weather."""
        search = self._search
        # Wet cells dry again and the weather turns, so only what is closed for good counts.
        return not (search.gate[search.beside] < NO_ARRIVAL).any()

    def forecast_h(self, cells: Indexes) -> Floats:
        """Hours at which unburnt cells (n,) near the front will catch fire if nothing changes, shape (n,).

        Infinite: not foreseen.
        """
        self._search.solve(self.now)
        due = self._search.due_h[cells]
        return np.where(due < NO_ARRIVAL, due, np.inf)

    def past_h(self) -> Floats:
        """(N,) hours of arrival by which the front stands where it stands now, at its present pace.

        Behind the front as burnt (near it: set back to the present pace), ahead of it as forecast; infinite elsewhere.
        """
        search = self._search
        search.solve(self.now)
        # Arrivals as burnt would put the edge where it was at the old pace, and flames along it would be wrong after a
        # turn.
        set_back = np.minimum(search.due_h, search.past_h)[:-1]
        return np.where(set_back < NO_ARRIVAL, set_back, self.arrival_h)

    def rate_into(self, cells: Indexes) -> Floats:
        """Rate of spread, m/min, at which the front enters cells of the fringe, or has entered burnt ones.

        Shape of `cells`.

        The reciprocal of the slope of arrival, along the front's normal; 0 where it does not come, and where a fire has
        started.
        """
        search = self._search
        search.solve(self.now)
        steep = np.hypot(search.slope[0][cells], search.slope[1][cells])
        comes = (steep > 0) & ((search.due_h[cells] < NO_ARRIVAL) | ~search.unburnt[cells])
        return np.divide(1 / 60, steep, out=np.zeros(len(cells)), where=comes)

    def intensity_into(self, cells: Indexes) -> Floats:
        """Heat of the front as it enters cells (see `rate_into`), kW/m: that of the head in proportion to the rate."""
        return self.spread.intensity_at(cells, self.rate_into(cells))

    def flame_into(self, cells: Indexes) -> Floats:
        """Length of the flames, m, of the front as it enters cells (see `rate_into`)."""
        return self.spread.flame_at(cells, self.rate_into(cells))

    def crowned_into(self, cells: Indexes) -> Floats:
        """Crown fraction burned, 0 to 1, where the front enters cells (see `rate_into`)."""
        crowns = self.spread.crowns
        if crowns is None:
            return np.zeros(len(cells))
        return np.where(self.rate_into(cells) >= crowns.from_m_min[cells], crowns.burned[cells], 0.0)

    def way_into(self, cells: Indexes) -> tuple[Floats, Floats]:
        """Way in which the front enters cells (see `rate_into`), as (east, north) of length 1; 0 where it has none."""
        east, north = (slope[cells] for slope in self._search.slope)
        steep = np.hypot(east, north)
        steep[steep == 0] = 1.0
        return east / steep, north / steep

    def least_way_h(self, east_m: float, north_m: float, fire: int = ALL_FIRES) -> float:
        """Hours until the front can reach a point straight from somewhere on its fringe, at the rates there.

        Args:
            east_m: the point, metres east of the south-west corner.
            north_m: the same, metres north.
            fire: only from the fringe of this one.

        Returns:
            Infinite without a fringe.
        """
        fringe = self.fringe if fire == ALL_FIRES else self._fringe_of(fire)
        ways_h = self._search.travel.hours(fringe.cells, east_m - fringe.east_m, north_m - fringe.north_m)
        return float(ways_h.min(initial=np.inf))

    # ---- what happens to it

    def turn(self, spread: Spread, travel: Metric | None = None, until_h: float = math.inf) -> None:
        """From now on the fire spreads at other rates.

        Args:
            spread: over all cells.
            travel: its metric, if known.
            until_h: hour of the next turn, beyond which nothing need be foreseen.
        """
        self._search.turn(travel or metric(spread), self.now, until_h)
        self.spread, self._turned = spread, True
        self._light()

    def ignite(self, cells: Sequence[int] | Indexes, fire: int, hour: float, *, young: bool = False) -> None:
        """Fire starts in cells at an hour, now or later; not in those that are bare, closed, wet or burnt then.

        Args:
            cells: numbers of the cells.
            fire: number of the fire that they belong to.
            hour: of the simulation; one that is past counts as now.
            young: as a point, which lags `young_lag_h` behind a fire at full speed (the time by which one that runs at
                R (1 - exp(-a t)) falls behind in the end, 1 / a). Where the front comes before that it makes no
                difference, and none starts.
        """
        lag_h = self.young_lag_h if young else 0.0
        for cell in np.asarray(cells, dtype=np.intp).tolist():
            heapq.heappush(self._planned, (max(hour, self.now), cell, fire, lag_h))
        self._light()

    def block(self, cells: Sequence[int] | Indexes) -> None:
        """Fire cannot enter these cells any more; burnt ones stay burnt.

        What was foreseen beyond them is found anew.
        """
        self._close(cells, lambda unburnt: self.blocked.__setitem__(unburnt, True))

    def unblock(self, cells: Sequence[int] | Indexes) -> None:
        """Fire can enter these cells again, from now on."""

        def free(unburnt: Indexes) -> None:
            self.blocked[unburnt] = False
            # Its gate is now and not the start: the front may have been due in it long ago.
            self.wet_until[unburnt] = np.maximum(self.wet_until[unburnt], self.now)

        self._close(cells, free)

    def wet(self, cells: Sequence[int] | Indexes, until_h: float) -> None:
        """Fire cannot enter these cells before an hour.

        Those that are closed stay closed, and of two wettings the longer counts.
        """
        self._close(cells, lambda unburnt: np.maximum.at(self.wet_until, unburnt, until_h))

    def next_time(self) -> float:
        """Hour at which the next cell catches fire if nothing changes; infinite: none will."""
        if self._lit:
            return self.now
        planned = self._planned[0][0] if self._planned else float("inf")
        if not self._turned:
            return planned
        self._fringe = None
        self._search.solve(self.now)
        first = self._next_due()
        # A later arrival may still bring an earlier one about, over a cell beside the way: search on until the first
        # holds.
        while not self._search.is_idle:
            self._search.solve(min(first, self._search.first_waiting))
            due_h = self._next_due()
            if due_h >= first or due_h < NO_ARRIVAL <= first:
                break
            first = due_h
        first = self._next_due()
        return min(max(first, self.now) if first < NO_ARRIVAL else float("inf"), planned)

    def advance(self, until_h: float) -> list[Burn]:
        """Move the clock to an hour.

        Args:
            until_h: hour of the simulation, not before the present one.

        Returns:
            Cells that have caught fire since the last call, in order of time, then cell.
        """
        while self._planned and self._planned[0][0] <= until_h:
            self._move(self._planned[0][0])
            self._light()
        self._move(until_h)
        burns, self._lit = sorted(self._lit, key=lambda burn: (burn.time_h, burn.cell)), []
        return burns

    # ---- inside

    def _move(self, until_h: float) -> None:
        self._fringe, search = None, self._search
        while self._turned:
            search.solve(until_h)
            cells = np.flatnonzero((search.due_h <= until_h) & search.unburnt)
            if not cells.size:
                break
            # Never before the clock: a cell that was opened late may have an arrival that lies in the past.
            hours, fires = np.maximum(search.due_h[cells], self.now), search.fire[cells]
            self._settle(cells, hours, fires)
            self._lit += map(Burn._make, zip(hours.tolist(), fires.tolist(), cells.tolist(), strict=True))
        self.now = search.now = until_h

    def _settle(self, cells: Indexes, hours: Floats, fires: Fires) -> None:
        self.arrival_h[cells], self.fire_of[cells] = hours, fires
        self._search.fire[cells] = fires
        self._search.burn(cells)

    def _light(self) -> None:
        """Start the fires that are planned for now."""
        self._fringe = None
        search, due = self._search, list[tuple[float, int, int, float]]()
        while self._turned and self._planned and self._planned[0][0] <= self.now:
            due.append(heapq.heappop(self._planned))
        # Once for all: each new fire would have what lies ahead found anew.
        longest_h = max((lag_h for *_, lag_h in due), default=0.0)
        if longest_h and search.near.any():
            search.solve(self.now + longest_h)
        comes_h = search.due_h[[cell for _, cell, _, _ in due]].tolist() if due else []
        for (_, cell, fire, lag_h), front_h in zip(due, comes_h, strict=True):
            # What cannot burn at its hour does not burn later: an ember on wet ground is out.
            can_burn = search.unburnt[cell] and search.gate[cell] <= self.now
            # A fire that the front takes before it has come to speed makes no difference.
            if can_burn and not (lag_h and front_h <= self.now + lag_h):
                self._settle(np.array([cell]), np.array([self.now]), np.array([fire], dtype=np.int32))
                self._lit.append(Burn(self.now, fire, cell))
                search.add(start(self.ground, cell, fire, self.now + lag_h))

    def _close(self, cells: Sequence[int] | Indexes, change: Callable[[Indexes], object]) -> None:
        if not len(cells):
            return
        given = np.asarray(cells, dtype=np.intp)
        unburnt = np.unique(given[self._search.unburnt[given] & self.fuel[given]])
        if unburnt.size:
            self._fringe = None
            change(unburnt)
            # Line stands above water: what dries is still closed where line was built.
            self._search.gate[unburnt] = np.where(self.blocked[unburnt], NO_ARRIVAL, self.wet_until[unburnt])
            self._search.retract(unburnt)

    def _next_due(self) -> float:
        return float(self._search.due_h[self._search.beside].min(initial=NO_ARRIVAL))
