"""Line closed after a turn of the wind holds as line closed before it, at corners too."""

from __future__ import annotations

import numpy as np

from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.spread.front import Front

SIDE = 21


def calm(m_min: float) -> Spread:
    cells = SIDE * SIDE
    return Spread(np.full(cells, m_min), np.zeros(cells), np.zeros(cells), np.full(cells, 100.0))


def test_a_stair_of_line_built_after_a_turn_holds_the_front() -> None:
    """The front is on its way into the cells beyond the stair's corners when the stair is closed."""
    front = Front(SIDE, SIDE, 30.0, 30.0, np.ones(SIDE * SIDE, dtype=bool))
    front.turn(calm(1.0))
    front.ignite([10 * SIDE + 10], 0, 0.0)
    front.advance(1.2)
    front.turn(calm(1.1))
    front.advance(1.3)
    burnt = set(np.flatnonzero(np.isfinite(front.arrival_h)).tolist())
    ring = set()
    for cell in burnt:
        row, column = divmod(cell, SIDE)
        ring |= {(row + a) * SIDE + column + b for a, b in ((1, 0), (-1, 0), (0, 1), (0, -1))}
    front.block(sorted(ring - burnt))
    for hour in range(2, 12):
        front.turn(calm(1.0 + 0.1 * (hour % 3)))
        assert front.advance(float(hour)) == []
    assert front.next_time() == float("inf")
