"""A front that another fire model has reckoned: arrival times as given, whatever people do.

Line and water are written down but hold nothing. Rates and flames follow from how arrival changes over the ground.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.spread.front import Front
from simrescue.hazards.wildfire.spread.front_tracking import FrontTracker
from simrescue.hazards.wildfire.spread.sources import Fires, RasterShape
from simrescue.hazards.wildfire.spread.travel_time import NO_ARRIVAL, Metric


class _Given(FrontTracker):
    """No search: all arrivals are known."""

    def __init__(self, ground: RasterShape, due_h: Floats, fires: Fires) -> None:
        super().__init__(ground, np.isfinite(due_h))
        # As if foreseen from the beginning: cells burn as the clock passes them, as in a front that is searched.
        self.due_h[:-1] = np.where(np.isfinite(due_h), due_h, NO_ARRIVAL)
        self.fire[:-1] = fires
        raster = np.where(np.isfinite(due_h), due_h, np.nan).reshape(ground.rows, ground.columns)
        # Rows run south, so the change to the north has the other sign.
        self.slope = (_change(raster, 1) / ground.cell_x_m, -_change(raster, 0) / ground.cell_y_m)

    def turn(self, travel: Metric, now: float, until_h: float) -> None:
        del until_h
        self.travel, self.now = travel, now

    def retract(self, cells: Indexes) -> None:
        del cells

    def solve(self, until_h: float) -> None:
        del until_h


class GivenFront(Front):
    """A front on N = R x C cells whose arrivals are known beforehand; rates are the reciprocal of their slope."""

    def __init__(self, rows: int, columns: int, cell_x_m: float, cell_y_m: float, due_h: Floats, fires: Fires) -> None:
        """due_h (N,): hours of the scenario, infinite for never. fires (N,): the fire that each cell belongs to."""
        super().__init__(rows, columns, cell_x_m, cell_y_m, np.isfinite(due_h))
        self._search = _Given(self.ground, due_h, fires)

    def ignite(self, cells: Sequence[int] | Indexes, fire: int, hour: float, *, young: bool = False) -> None:
        """Nothing: what people light, and what breaks out or crosses their line, is in the arrivals or never was.

        `cells`, `fire`, `hour`, `young` as of `Front.ignite`.
        """
        del cells, fire, hour, young


def _change(raster: Floats, axis: int) -> Floats:
    """Change (N + 1,) of arrival from cell to cell along an axis, from both sides where both burn; 0 where unknown."""
    step = np.diff(raster, axis=axis)
    pad = [(0, 0), (0, 0)]
    pad[axis] = (1, 0)
    before = np.pad(step, pad, constant_values=np.nan)
    pad[axis] = (0, 1)
    after = np.pad(step, pad, constant_values=np.nan)
    # At the rim, and beside cells that never burn, one side is all there is.
    known = np.isfinite(before).astype(float) + np.isfinite(after)
    total = np.nan_to_num(before) + np.nan_to_num(after)
    return np.append(np.divide(total, known, out=np.zeros_like(total), where=known > 0).ravel(), 0.0)
