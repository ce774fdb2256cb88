"""After the line: embers beside it are put out metre by metre, or break out across it, also after days.

Every metre of line takes `mop_up_h_m` person-hours by hand, `mop_up_water_factor` of them with pumped water. Fire
breaks out across line as wide as hand tools cut it at `rekindle_per_km_h` in a wind of `REFERENCE_WIND_MS` and where
embers take hold with `REFERENCE_CHANCE`. It does so in proportion to the wind and to the chance that embers take hold
now (Schroeder 1969), so that line which holds at night may not hold in the afternoon; less across wider line; and less
and less as what smoulders beside it goes out: exponentially with the mean `smoulder_days` since the ground burned.
Where line is mopped up the share `mopped_rekindle_share` of that rate is left. Each cell has its own draw, made once a
replication, so that what is done in one place leaves the others as they were.
"""

from __future__ import annotations

import numpy as np

from simrescue.hazards.wildfire.suppression.line.edge import Cells, Floats
from simrescue.hazards.wildfire.suppression.line.open_edge import OpenEdge
from simrescue.parameters import Parameters
from simrescue.streams import cell_stream

REFERENCE_WIND_MS = 5.0
REFERENCE_CHANCE = 0.5
"""That an ember lights what it falls on: fine dead fuel of 6 % moisture at 20 C."""


class MopUp:
    """How far the line of N cells is mopped up, and what its embers have in store.

    Break-outs are a Poisson process with a rate that changes, drawn by its threshold: a cell breaks out when the rate
    added up over time passes a number drawn beforehand (inverse transform of the cumulative hazard).
    """

    def __init__(self, n_cells: int, thresholds: Floats, parameters: Parameters) -> None:
        """Begin with nothing mopped up; thresholds (N,): expected break-outs that a cell bears before one happens."""
        self.done = np.zeros(n_cells, dtype=bool)
        self.thresholds = thresholds
        self.person_h_m = parameters.mop_up_h_m
        self.water_factor = parameters.mop_up_water_factor
        self.smoulder_h = 24 * parameters.smoulder_days
        self.mopped_share = parameters.mopped_rekindle_share
        self.rekindle_per_km_h = parameters.rekindle_per_km_h
        self.borne = np.zeros(n_cells)

    def left(self, edge: OpenEdge, fire: int) -> Cells:
        """Places of the edge at which the line of a fire is not mopped up."""
        return np.flatnonzero(edge.line & (edge.fire == fire) & ~self.done[edge.outline.cells])

    def share(self, edge: OpenEdge, fire: int) -> float:
        """Share of the metres of line around a fire that is mopped up, 0..1; 1 where there is none."""
        of_fire = edge.line & (edge.fire == fire)
        share_m = edge.share_m
        total_m = float(share_m[of_fire].sum())
        return float(share_m[of_fire & self.done[edge.outline.cells]].sum()) / total_m if total_m else 1.0

    def break_outs(
        self, edge: OpenEdge, hours: float, wind_ms: float, since_h: Floats, share: Floats
    ) -> list[tuple[int, int]]:
        """Where fire crosses the line after some more hours.

        Args:
            edge: of all fires, now.
            hours: since the last call.
            wind_ms: over them, 10 m above open ground.
            since_h: (n,) hours for which the ground behind each place of the line has burned or smouldered.
            share: (n,) of what breaks out across hand line in such fuel and air as the reference.

        Returns:
            (fire, cell) in order, each cell once.
        """
        places = np.flatnonzero(edge.line)
        cells = edge.outline.cells[places]
        # Borne expectation and not a draw a step: then neither the length of the steps nor other cells change what
        # happens.
        rate = self.rekindle_per_km_h * wind_ms / REFERENCE_WIND_MS
        left = np.where(self.done[cells], self.mopped_share, 1.0) * np.exp(-since_h / self.smoulder_h)
        left *= share
        # Not `+=`: of the two places of a cell between burnt ones it would count only one.
        np.add.at(self.borne, cells, rate * left * edge.share_m[places] / 1000 * hours)
        broken = places[self.borne[cells] > self.thresholds[cells]]
        fire_of = {int(edge.outline.cells[place]): int(edge.fire[place]) for place in broken}
        return sorted((fire, cell) for cell, fire in fire_of.items())


def rekindle_thresholds(shape: tuple[int, int], seed: int, replication: int) -> Floats:
    """Expected break-outs (R * C,) that each cell bears before one happens: exponential with mean 1.

    That gives the stated rate, whatever its course. `shape` is (R, C).
    """
    return -np.log(cell_stream(seed, replication, "rekindle", shape))
