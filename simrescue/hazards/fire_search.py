"""The search for arrivals: in the order of time, ahead of the clock, taken back where what they leaned on is gone.

Cells whose arrival has changed wait until the search comes to their time; then the arrivals of their neighbours are
reckoned anew. A neighbour that lies beside the way of the fire may be reached later than the cell that leans on it, so
arrivals are mended until they hold; the search runs as far ahead of the clock as that takes. It works on all cells at
a time that lie within one stride.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.fire_metric import NEVER, Metric, Slope, arrivals, neighbours, ring
from simrescue.hazards.fire_sources import NOBODY, Ground, Seeds, Source, plant

EXACT_H = 1e-5
"""Arrivals that differ by less are the same."""
STRIDE = 8.0
"""Cells that the head of the fire crosses in the time that is worked on at once."""
AHEAD = 1.0
"""How far the search runs ahead of the clock: times in which a flank of the fire crosses a cell."""
_OPPOSITE = np.roll(1 << np.arange(8), 4).astype(np.uint8)


class Search:
    """Arrivals in N cells. All arrays have one more cell at their end, which stands for the outside."""

    def __init__(self, ground: Ground, fuel: NDArray[np.bool_]) -> None:
        """Begin with a raster where nothing burns yet; fuel (N,): cells that can."""
        n = ground.rows * ground.columns
        self.ground = ground
        self.around = neighbours(ground.rows, ground.columns)
        self.shape = ring(ground.cell_x_m, ground.cell_y_m)
        self.unburnt = np.ones(n + 1, dtype=bool)
        self.gate: Floats = np.where(np.append(fuel, False), 0.0, NEVER)
        """Hour before which fire cannot enter; `NEVER`: closed, or nothing to burn."""
        self.due_h = np.full(n + 1, NEVER)
        """Arrival that steps start from: as found, ahead of the clock; as set back, behind it."""
        self.slope: Slope = (np.zeros(n + 1), np.zeros(n + 1))
        """Of arrival, h/m to the east and north."""
        self.fire = np.full(n + 1, NOBODY, dtype=np.int32)
        """The fire that comes first."""
        self.sources: list[Source] = []
        self._leans = np.zeros(n + 1, dtype=np.uint8)
        self._waits = np.zeros(n + 1, dtype=bool)
        self._waiting: Indexes = np.zeros(0, dtype=np.intp)
        self._stale: list[Indexes] = []
        self._place = np.zeros(n + 1, dtype=np.intp)
        self._solved_h = -np.inf

    def restart(self, travel: Metric, edge: Indexes, past_h: Floats, slope: Slope, now: float) -> None:
        """Other travel times: forget all arrivals but those in the burnt cells of the edge, which are given anew."""
        self.travel, self.now = travel, now
        across = min(self.ground.cell_x_m, self.ground.cell_y_m)
        drift2 = travel.east**2 + travel.north**2
        self._head_h = (travel.slow - np.sqrt(drift2)) * across
        self._flank_h = np.sqrt(travel.slow**2 - drift2) * across
        self.due_h[:] = NEVER
        self.due_h[edge] = past_h
        self.slope[0][edge], self.slope[1][edge] = slope
        self._leans[:] = 0
        self._waits[:] = False
        self._waiting = np.zeros(0, dtype=np.intp)
        self._sow()
        self._stale = [source.cells for source in self.sources]
        self._wait(edge)
        self._solved_h = -np.inf

    def add(self, source: Source) -> None:
        """A cell starts to burn by itself."""
        cell = source.cell
        self.sources.append(source)
        self.unburnt[cell] = False
        self.due_h[cell], self.fire[cell] = NEVER, source.fire
        self.retract(np.array([cell]))

    def retract(self, cells: Indexes) -> None:
        """Something about cells has changed: take back their arrivals and all that leaned on them."""
        touched = [source.cells for source in self.sources if np.isin(cells, source.cells).any()]
        touched += [source.cells for source in self.sources if source.cell in cells]
        if touched:
            self._sow()
        stale = [cells, self.around[cells].ravel(), *touched]
        back = np.concatenate([cells, *touched])
        back = back[self.unburnt[back]]
        leaning = self._leaning_on(cells[~self.unburnt[cells]])
        back = np.concatenate([back, leaning])
        while back.size:
            back = self._distinct(back)
            self.due_h[back] = NEVER
            stale.append(back)
            leaning = self._leaning_on(back)
            self._leans[back] = 0
            back = leaning
        self._stale += stale

    def solve(self, until_h: float) -> None:
        """Find all arrivals up to an hour, and beyond as far as they may lean on."""
        if self._stale:
            stale, self._stale = np.concatenate(self._stale), []
            self._relax(stale)
        elif until_h <= self._solved_h:
            return
        self._solved_h = until_h
        if not self._waiting.size:
            return
        target = until_h + AHEAD * _middle(self._flank_h[self._waiting])
        while self._waiting.size:
            due = self.due_h[self._waiting]
            first = float(due.min())
            if first > target:
                return
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
        """The earliest arrival that waits to be passed on; `NEVER`: none."""
        return float(self.due_h[self._waiting].min(initial=NEVER))

    def _relax(self, cells: Indexes) -> None:
        """Reckon the arrival in cells anew; those in which it changes wait to pass it on."""
        cells = self._distinct(cells[self.unburnt[cells] & (self.gate[cells] < NEVER)])
        if not cells.size:
            return
        rays = arrivals(self.travel, self.shape, cells, self.around[cells], self.due_h, self.slope, self.gate)
        seeded = self.seeds.due_h[cells] <= rays.time_h
        hours = np.where(seeded, self.seeds.due_h[cells], rays.time_h)
        hours = np.minimum(np.maximum(hours, np.maximum(self.gate[cells], self.now)), NEVER)
        changed = np.flatnonzero(np.abs(hours - self.due_h[cells]) > EXACT_H)
        cells, seeded = cells[changed], seeded[changed]
        self.due_h[cells] = hours[changed]
        for axis, by_ray in enumerate((rays.east, rays.north)):
            self.slope[axis][cells] = np.where(seeded, self.seeds.slope[axis][cells], by_ray[changed])
        self._leans[cells] = np.where(seeded, 0, rays.leans[changed])
        self.fire[cells] = np.where(seeded, self.seeds.fire[cells], self.fire[rays.nearest[changed]])
        self._wait(cells)

    def _leaning_on(self, cells: Indexes) -> Indexes:
        beside = self.around[cells]
        leans = (self._leans[beside] & _OPPOSITE).astype(bool) & self.unburnt[beside] & (self.due_h[beside] < NEVER)
        found: Indexes = beside[leans]
        return found

    def _wait(self, cells: Indexes) -> None:
        new = cells[~self._waits[cells]]
        self._waits[new] = True
        self._waiting = np.concatenate([self._waiting, new])

    def _distinct(self, cells: Indexes) -> Indexes:
        """Each cell once."""
        place = np.arange(cells.size)
        self._place[cells] = place
        once: Indexes = cells[self._place[cells] == place]
        return once

    def _sow(self) -> None:
        self.seeds: Seeds = plant(self.ground, self.sources, self.travel, self.gate, self.now)


def _middle(values: Floats) -> float:
    """The median; of two in the middle the larger."""
    half = len(values) // 2
    return float(np.partition(values, half)[half])
