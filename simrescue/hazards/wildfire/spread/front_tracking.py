"""The search for arrivals: in the order of time, ahead of the clock, taken back where what they leaned on is gone.

It solves the anisotropic eikonal equation (static Hamilton-Jacobi) of the arrival time on a raster by upwind updates
over the triangles around each cell, as the ordered upwind method does (Sethian and Vladimirsky, SIAM Journal on
Numerical Analysis 41, 2003, 325-363). Unlike that method it does not accept a value once and for all: it is label
correcting, works on all cells of a stride at once and repeats until values hold, as the fast iterative method (Jeong
and Whitaker, SIAM Journal on Scientific Computing 30, 2008, 2512-2534). After a change only what depends on the changed
cells is taken back and found anew (compare Ramalingam and Reps, Journal of Algorithms 21, 1996, 267-305).

Cells whose arrival has changed wait until the search comes to their time; then the arrivals of their neighbours are
reckoned anew. A neighbour that lies beside the way of the fire may be reached later than the cell that leans on it, so
arrivals are mended until they hold; the search runs as far ahead of the clock as that takes. It works on all cells at
a time that lie within one stride.

When the rates turn, the front stands somewhere between burnt cells and those it is about to enter. What is left of the
way into these is kept as a distance along the front's normal, and takes the time that it takes at the new rates.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.spread.sources import (
    NO_FIRE,
    PointSource,
    RasterShape,
    Seeds,
    Ways,
    no_seeds,
    plant,
    progress,
)
from simrescue.hazards.wildfire.spread.travel_time import (
    NO_ARRIVAL,
    Metric,
    Slope,
    arrivals,
    neighbours,
    ring,
    slowness,
)

EXACT_H = 1e-5
"""Arrivals that differ by less are the same."""
STRIDE = 8.0
"""Cells that the head of the fire crosses in the time that is worked on at once."""
SEARCH_AHEAD = 1.0
"""How far the search runs ahead of the clock: times in which a flank of the fire crosses a cell."""
_PLACES = np.arange(8, dtype=np.uint8)
_OPPOSITE = np.roll(1 << _PLACES, 4)


class Entry(NamedTuple):
    """Cells (n,) that the front is entering, and the straight way into each."""

    cells: Indexes
    east: Floats
    north: Floats
    """Direction of the way in, of length 1."""
    per_m: Floats
    """Hours per metre of that way."""


class FrontTracker:
    """Arrivals in N cells, kept right while rates turn and cells burn, close, open and get wet.

    All arrays are (N + 1,): the last cell stands for the outside. Hours are those of the simulation; slopes are h/m to
    the east and north. The order of calls: `turn` first and at every change of the rates, `burn`, `add` and `retract`
    for what happens in between, then `solve` before any arrival is read.
    """

    def __init__(self, ground: RasterShape, fuel: NDArray[np.bool_]) -> None:
        """Begin with a raster where nothing burns yet; fuel (N,): cells that can."""
        n = ground.rows * ground.columns
        self.ground = ground
        self.now = 0.0
        self.travel = Metric(np.full(n + 1, NO_ARRIVAL), np.zeros(n + 1), np.zeros(n + 1))
        self._turned = False
        self.around = neighbours(ground.rows, ground.columns)
        self.shape = ring(ground.cell_x_m, ground.cell_y_m)
        self.fuel = np.append(fuel, False)
        self.unburnt = np.ones(n + 1, dtype=bool)
        self.near = np.zeros(n + 1, dtype=bool)
        """Cells beside a burnt one."""
        self._beside: Indexes | None = None
        self.gate: Floats = np.where(self.fuel, 0.0, NO_ARRIVAL)
        """Hour before which fire cannot enter; `NO_ARRIVAL`: closed, or nothing to burn."""
        self.due_h = np.full(n + 1, NO_ARRIVAL)
        """Arrival in cells that are not burnt, or have burnt since the last turn."""
        self.past_h = np.full(n + 1, NO_ARRIVAL)
        """Arrival in cells burnt before the last turn, set back so that the front at its present pace stands right."""
        self.slope: Slope = (np.zeros(n + 1), np.zeros(n + 1))
        """Of arrival, h/m to the east and north."""
        self.fire = np.full(n + 1, NO_FIRE, dtype=np.int32)
        """The fire that comes first."""
        self.sources: list[PointSource] = []
        self._by_source = self._by_front = no_seeds(n + 1)
        self._ways: Ways = {}
        self._leans = np.zeros(n + 1, dtype=np.uint8)
        self._from_tip, self._seed_from_tip = np.zeros(n + 1, dtype=bool), np.zeros(n + 1, dtype=bool)
        self._always = np.ones(n + 1, dtype=bool)
        self._waits = np.zeros(n + 1, dtype=bool)
        self._waiting: Indexes = np.zeros(0, dtype=np.intp)
        self._stale: list[Indexes] = []
        self._place = np.zeros(n + 1, dtype=np.intp)
        self._solved_h = -np.inf
        self._turn_h = np.inf

    @property
    def beside(self) -> Indexes:
        """Unburnt cells beside a burnt one, with fuel or not, in order."""
        if self._beside is None:
            self._beside = np.flatnonzero(self.near & self.unburnt)
        return self._beside

    # ---- what happens

    def turn(self, travel: Metric, now: float, until_h: float) -> None:
        """Other travel times from now on.

        Args:
            travel: (N + 1,) time per metre into each cell.
            now: hour of the change; the clock never goes back.
            until_h: hour of the next change, beyond which no arrival needs to be known.
        """
        seeds = no_seeds(len(self.due_h))
        # By the old rates, before they are gone: what is left of each way is a distance, and only its pace changes.
        entry = self._entered(now) if self._turned else None
        across = min(self.ground.cell_x_m, self.ground.cell_y_m)
        drift2 = travel.east**2 + travel.north**2
        self._head_h = (travel.slow - np.sqrt(drift2)) * across
        # Straight across the drift (`slowness` with nothing along it); the head runs straight against it.
        self._flank_h = np.sqrt(travel.slow**2 - drift2) * across
        self.travel, self.now, self._turn_h = travel, now, until_h
        self._ways.clear()
        self._set_back(travel)
        # Every open cell beside burnt ground gets a seed: at the latest the front sets out towards it now.
        self._set_out(self.beside[self.gate[self.beside] < NO_ARRIVAL], seeds)
        if entry:
            self._carry_over(entry, travel, seeds)
        self._by_front, self._turned = seeds, True
        self._sow(travel)
        self.due_h[:] = NO_ARRIVAL
        self._leans[:] = 0
        self._waits[:] = False
        self._waiting = np.zeros(0, dtype=np.intp)
        seeded = np.minimum(self._by_front.due_h, self._by_source.due_h) < NO_ARRIVAL
        # Everything ahead is found anew: at other rates no arrival beyond the seeds holds.
        self._stale = [np.flatnonzero(seeded)]

    def burn(self, cells: Indexes) -> None:
        """Cells (n,) have caught fire: what is beside them comes near, and their arrival does not change any more."""
        self.unburnt[cells] = False
        self.near[self.around[cells]] = True
        self._beside = None

    def add(self, source: PointSource) -> None:
        """A cell starts to burn by itself; fire runs straight from there to the cells around (see `sources`)."""
        cells = np.array([source.cell])
        # Where all around has burned an ignition has nothing left to give.
        self.sources = [*filter(self._is_open, self.sources), source]
        self.burn(cells)
        self.due_h[cells], self.fire[cells] = NO_ARRIVAL, source.fire
        # An ignition has no slope: fire runs from it to all sides, and a straight front must not be read into it.
        self.slope[0][cells] = self.slope[1][cells] = 0.0
        if self._turned:
            # The others' ways are what they were, since nothing was closed or opened.
            self._sow_more(source)
            self._take_back(cells, [source.cells])

    def retract(self, cells: Indexes) -> None:
        """Something about cells (n,) has changed: take back their arrivals and all that leaned on them.

        What is taken back is only marked here; `solve` finds it anew. Before the first `turn` there is nothing to do.
        """
        if not self._turned:
            return
        touched = self._touched(cells)
        if touched:
            for source in touched:
                self._ways.pop(source.cell, None)
            self._sow(self.travel)
        self._take_back(cells, [source.cells for source in touched])

    def _touched(self, cells: Indexes) -> list[PointSource]:
        """Ignitions on whose ways, or at which, one of some cells lies."""
        if not self.sources:
            return []
        mark = np.zeros(len(self.unburnt), dtype=bool)
        mark[cells] = True
        return [source for source in self.sources if mark[source.cell] or mark[source.cells].any()]

    def _take_back(self, cells: Indexes, touched: list[Indexes]) -> None:
        """The same for cells (n,) and those to which ways from ignitions are others now."""
        shut = np.unique(self.around[cells])
        shut = shut[self.unburnt[shut] & (self._by_front.due_h[shut] < NO_ARRIVAL) & self._is_shut_off(shut)]
        # A cell that cannot be entered any more keeps no way that was begun.
        self._by_front.due_h[shut] = NO_ARRIVAL
        opened = cells[self.near[cells] & self.unburnt[cells] & (self._by_front.due_h[cells] >= NO_ARRIVAL)]
        self._set_out(opened[self.gate[opened] < NO_ARRIVAL], self._by_front)
        stale = [cells, self.around[cells].ravel(), *touched]
        lit = cells[~self.unburnt[cells]]
        back = np.concatenate([cells[self.unburnt[cells]], shut, *touched, self._leaning_on(lit)])
        # downstream, generation by generation: an arrival that leans on one taken back cannot stand either. Burnt cells
        # stand: their arrival has happened
        while back.size:
            back = self._distinct(back[self.unburnt[back]])
            self.due_h[back] = NO_ARRIVAL
            stale.append(back)
            leaning = self._leaning_on(back)
            self._leans[back] = 0
            back = leaning
        self._stale += stale

    def _is_shut_off(self, cells: Indexes) -> NDArray[np.bool_]:
        """(n,) whether no step from burnt ground is left: none along an axis, and every diagonal one is closed."""
        around = self.around[cells]
        burnt, closed = ~self.unburnt[around], self.gate[around] >= NO_ARRIVAL
        corner_shut = closed & np.roll(closed, -2, axis=1)
        burnt[:, 1::2] &= ~corner_shut[:, ::2]
        shut: NDArray[np.bool_] = ~np.any(burnt, axis=1)
        return shut

    # ---- the search

    def solve(self, until_h: float) -> None:
        """Find all arrivals up to `until_h`, and beyond as far as these may lean on.

        A cell may lean on a neighbour that is reached after it (its way crosses the far side of a triangle), by no more
        than a flank of the fire takes for a cell. So the search runs `SEARCH_AHEAD` of such times past the hour asked
        for. What is known up to then is final until the next change.
        """
        if self._stale:
            stale, self._stale = np.concatenate(self._stale), []
            self._relax(stale)
        elif until_h <= self._solved_h:
            return
        self._solved_h = until_h
        if not self._waiting.size:
            return
        # what comes after the next turn is found anew then
        ahead = until_h + SEARCH_AHEAD * _middle(self._flank_h[self._waiting])
        target = max(until_h, min(ahead, self._turn_h))
        while self._waiting.size:
            due = self.due_h[self._waiting]
            first = float(due.min())
            if first > target:
                return
            # a longer stride does more cells in one pass of numpy, and mends more of them twice
            stride = STRIDE * _middle(self._head_h[self._waiting])
            soon = due <= min(target, first + stride)
            cells, self._waiting = self._waiting[soon], self._waiting[~soon]
            self._waits[cells] = False
            self._relax(self.around[cells].ravel())

    @property
    def is_idle(self) -> bool:
        """Whether no cell waits to pass on its arrival."""
        return not self._waiting.size and not self._stale

    @property
    def first_waiting(self) -> float:
        """The earliest arrival that waits to be passed on, hours; `NO_ARRIVAL`: none."""
        return float(self.due_h[self._waiting].min(initial=NO_ARRIVAL))

    def _relax(self, cells: Indexes) -> None:
        """Reckon the arrival in cells anew; those in which it changes wait to pass it on."""
        cells = self._distinct(cells[self.unburnt[cells] & (self.gate[cells] < NO_ARRIVAL)])
        if not cells.size:
            return
        rays = arrivals(self.travel, self.shape, cells, self.around[cells], self.due_h, self.slope, self.gate)
        earliest = np.minimum(rays.time_h, np.minimum(self._by_front.due_h[cells], self._by_source.due_h[cells]))
        # Not before the cell is open, and not in the past: fire held up by water enters when it has dried.
        hours = np.minimum(np.maximum(earliest, np.maximum(self.gate[cells], self.now)), NO_ARRIVAL)
        # without a tolerance two cells that lean on one another would mend each other's last digits for ever
        changed = np.flatnonzero(np.abs(hours - self.due_h[cells]) > EXACT_H)
        cells, earliest = cells[changed], earliest[changed]
        self.due_h[cells] = hours[changed]
        self.slope[0][cells], self.slope[1][cells] = rays.east[changed], rays.north[changed]
        self._leans[cells], self._from_tip[cells] = rays.leans[changed], rays.from_tip[changed]
        self.fire[cells] = self.fire[rays.nearest[changed]]
        for seeds, tip in ((self._by_front, self._seed_from_tip), (self._by_source, self._always)):
            # Where a seed is the earliest its slope and fire count, and the cell leans on no neighbour.
            straight = cells[seeds.due_h[cells] <= earliest]
            self.slope[0][straight], self.slope[1][straight] = seeds.slope[0][straight], seeds.slope[1][straight]
            self._leans[straight], self._from_tip[straight] = 0, tip[straight]
            self.fire[straight] = seeds.fire[straight]
        self._wait(cells)

    def _leaning_on(self, cells: Indexes) -> Indexes:
        beside = self.around[cells]
        leans = (
            (self._leans[beside] & _OPPOSITE).astype(bool) & self.unburnt[beside] & (self.due_h[beside] < NO_ARRIVAL)
        )
        leaning: Indexes = beside[leans]
        return leaning

    def _wait(self, cells: Indexes) -> None:
        new = cells[~self._waits[cells]]
        self._waits[new] = True
        self._waiting = np.concatenate([self._waiting, new])

    def _distinct(self, cells: Indexes) -> Indexes:
        """Each cell once."""
        # the last writer wins, so each cell keeps one place; np.unique would sort
        place = np.arange(cells.size)
        self._place[cells] = place
        once: Indexes = cells[self._place[cells] == place]
        return once

    # ---- turns

    def _settle_near(self) -> None:
        """Find arrivals in the cells beside burnt ground however late they are, since what is left of them counts."""
        self.solve(self.now)
        while True:
            here = self.near[self._waiting]
            cells, self._waiting = self._waiting[here], self._waiting[~here]
            if not cells.size:
                return
            self._waits[cells] = False
            beside = self.around[cells].ravel()
            self._relax(beside[self.near[beside]])

    def _entered(self, now: float) -> Entry:
        """Cells into which the front is on its way at a turn, by the travel times up to then.

        They lean on burnt ground, if only in part. Not among them are those to which it comes straight from an
        ignition: these go on as parts of that way.
        """
        self._settle_near()
        moved = (progress(self.ground, source, self.travel, self.gate, now) for source in self.sources)
        self.sources = [source for source in moved if self._is_open(source)]
        self._sow(self.travel)
        cells = self.beside[self.due_h[self.beside] < NO_ARRIVAL]
        # Ways from an ignition are carried over by their shares (`sources.progress`); counted here too they would go
        # twice.
        cells = cells[self._by_source.due_h[cells] > self.due_h[cells] + EXACT_H]
        on_burnt = (self._leans[cells][:, None] >> _PLACES & 1).astype(bool) & ~self.unburnt[self.around[cells]]
        cells = cells[on_burnt.any(axis=1) | (self._leans[cells] == 0)]
        slow, drift_east, drift_north = (column[cells] for column in self.travel)
        east, north = (self.slope[0][cells] - drift_east) / slow, (self.slope[1][cells] - drift_north) / slow
        return Entry(cells, east, north, self.travel.hours(cells, east, north))

    def _carry_over(self, entry: Entry, travel: Metric, seeds: Seeds) -> None:
        """Seeds for cells that the front is entering: what is left of the way, at the new pace.

        Through a triangle a straight front comes, and what counts is the pace along its normal; straight from one
        neighbour comes the tip of a front, and what counts is the way from there.
        """
        cells = entry.cells
        pace, east, north = self._pace(cells, travel)
        per_m = travel.hours(cells, entry.east, entry.north)
        from_tip = self._from_tip[cells]
        ratio = np.where(from_tip, per_m / entry.per_m, pace / np.hypot(self.slope[0][cells], self.slope[1][cells]))
        left_h = self.due_h[cells] - self.now
        # Fire that only waits for water to dry has made its way already.
        held = self.gate[cells] >= self.due_h[cells] - EXACT_H
        left_h = np.where(held, 0.0, left_h * ratio)
        slow, drift_east, drift_north = (column[cells] for column in travel)
        east = np.where(from_tip, slow * entry.east + drift_east, east * pace)
        north = np.where(from_tip, slow * entry.north + drift_north, north * pace)
        self._put(seeds, cells, self.now + left_h, (east, north), from_tip)

    def _put(self, seeds: Seeds, cells: Indexes, due_h: Floats, slope: Slope, from_tip: NDArray[np.bool_]) -> None:
        """Enter seeds where they are the earliest."""
        first = due_h < seeds.due_h[cells]
        cells = cells[first]
        seeds.due_h[cells], seeds.fire[cells] = due_h[first], self.fire[cells]
        seeds.slope[0][cells], seeds.slope[1][cells] = slope[0][first], slope[1][first]
        self._seed_from_tip[cells] = from_tip[first]

    def _set_back(self, travel: Metric) -> None:
        """Behind the front, arrivals by which it stands where it stands, at the new pace."""
        arrived = np.flatnonzero(~self.unburnt & (np.minimum(self.due_h, self.past_h) < NO_ARRIVAL))
        beside = self.around[arrived]
        cells = arrived[(self.unburnt[beside] & self.fuel[beside]).any(axis=1)]
        was = np.where(self.due_h[cells] < NO_ARRIVAL, self.due_h[cells], self.past_h[cells])
        pace, east, north = self._pace(cells, travel)
        self.past_h[:] = NO_ARRIVAL
        self.past_h[cells] = self.now - (self.now - was) * pace / np.hypot(self.slope[0][cells], self.slope[1][cells])
        self.slope[0][cells], self.slope[1][cells] = east * pace, north * pace

    def _pace(self, cells: Indexes, travel: Metric) -> tuple[Floats, Floats, Floats]:
        """Hours per metre along the normal of the front in cells, and that normal."""
        steep = np.hypot(self.slope[0][cells], self.slope[1][cells])
        east, north = self.slope[0][cells] / steep, self.slope[1][cells] / steep
        return slowness(travel, cells, east, north), east, north

    def _set_out(self, cells: Indexes, seeds: Seeds) -> None:
        """Seeds for cells beside burnt ground: at the latest the front sets out from there now."""
        if not cells.size:
            return
        burnt_h, flat = np.where(self.unburnt, NO_ARRIVAL, self.now), np.zeros(len(self.unburnt))
        for source in self.sources:
            burnt_h[source.cell] = max(self.now, source.since_h)
        rays = arrivals(self.travel, self.shape, cells, self.around[cells], burnt_h, (flat, flat), self.gate)
        # What leans on a cell without arrival is `NO_ARRIVAL` give or take a step, which the drift can make less.
        comes = rays.time_h < NO_ARRIVAL / 2
        self.fire[cells[comes]] = self.fire[rays.nearest[comes]]
        self._put(seeds, cells[comes], rays.time_h[comes], (rays.east[comes], rays.north[comes]), rays.from_tip[comes])

    def _is_open(self, source: PointSource) -> bool:
        return bool((self.unburnt[source.cells] & self.fuel[source.cells]).any())

    def _sow(self, travel: Metric) -> None:
        for source in self.sources:
            gate = self.gate[source.cells]
            # A way round wet ground is another one when that has dried.
            if ((gate > 0) & (gate < NO_ARRIVAL)).any():
                self._ways.pop(source.cell, None)
        self._by_source = plant(self.ground, self.sources, travel, self.gate, self.now, self._ways)

    def _sow_more(self, source: PointSource) -> None:
        """Add the ways from a new ignition to those of the others."""
        new = plant(self.ground, [source], self.travel, self.gate, self.now, self._ways)
        seeds, at = self._by_source, source.cells
        at = at[new.due_h[at] < seeds.due_h[at]]
        seeds.due_h[at], seeds.fire[at] = new.due_h[at], new.fire[at]
        seeds.slope[0][at], seeds.slope[1][at] = new.slope[0][at], new.slope[1][at]


def _middle(values: Floats) -> float:
    """The median; of two in the middle the larger."""
    # Part-sorted and not sorted: asked at every stride.
    half = len(values) // 2
    return float(np.partition(values, half)[half])
