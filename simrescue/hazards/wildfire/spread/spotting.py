"""Embers: where flames are long the wind carries burning pieces ahead, and some start a fire where they land.

Every cell has its own draws, made once a replication: whether an ember of its flames would take hold, how far it would
fly, how far off the wind's line, and after how long it would burn. What is done in one place leaves the others'
as it was. The flight is exponential with a mean that grows with the wind (`ember_flight_s`): that distance goes
linearly with the wind is what theory finds (arXiv 2205.02838); the factor is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simrescue.hazards.base import Floats
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.spread.front import Burn
from simrescue.parameters import Parameters
from simrescue.streams import cell_stream


class EmberDraws(NamedTuple):
    """What N cells have in store, arrays (N,), whether or not it ever comes to it."""

    throws: NDArray[np.bool_]
    """Whether an ember takes hold, if flames there are long enough."""
    flight: Floats
    """Distance over the mean distance."""
    aside_rad: Floats
    """Off the wind."""
    delay_h: Floats
    """From the flames to the new fire."""


class Ember(NamedTuple):
    """A fire to be: a cell lights at an hour, if it can burn then."""

    time_h: float
    fire: int
    cell: int


def ember_draws(
    shape: tuple[int, int], chance: float, seed: int, replication: int, parameters: Parameters
) -> EmberDraws:
    """The draws of all R x C cells in one replication, each by its own row and column.

    Flights and delays are exponential, the angle off the wind is normal.

    Args:
        shape: (R, C).
        chance: that an ember takes hold where flames are long enough, 0..1.
        seed: of the run.
        replication: its number.
        parameters: of the scenario.
    """
    throws, flight, aside, delay = (
        cell_stream(seed, replication, f"spotting {name}", shape) for name in ("throws", "flight", "aside", "delay")
    )
    # By inverse transform, one number a draw: a draw of a normal by rejection would use a varying number and shift all
    # others.
    aside_rad = ndtri(aside) * math.radians(parameters.ember_aside_deg)
    return EmberDraws(throws < chance, -np.log(flight), aside_rad, -np.log(delay) * parameters.ember_delay_h)


def embers(
    draws: EmberDraws,
    burns: Sequence[Burn],
    flame_m: Floats,
    landscape: Landscape,
    wind_ms: float,
    from_deg: float,
    parameters: Parameters,
) -> list[Ember]:
    """Embers of cells that have just caught fire; those that leave the raster are lost.

    Args:
        draws: of all cells.
        burns: (n,) what has caught fire.
        flame_m: (n,) length of the flames.
        landscape: the raster.
        wind_ms: 10 m above open ground.
        from_deg: where the wind comes from.
        parameters: of the scenario.
    """
    cells = np.array([burn.cell for burn in burns], dtype=np.intp)
    # The draw does not depend on the flames, so that a fire fought down throws fewer embers and never other ones.
    throwing = np.flatnonzero(draws.throws[cells] & (flame_m > parameters.spotting_flame_m))
    if not throwing.size:
        return []
    cells = cells[throwing]
    far_m = draws.flight[cells] * parameters.ember_flight_s * wind_ms
    towards = math.radians(from_deg + 180) + draws.aside_rad[cells]
    row, column = np.divmod(cells, landscape.shape[1])
    row = row - np.rint(far_m * np.cos(towards) / landscape.cell_y_m).astype(np.intp)
    column = column + np.rint(far_m * np.sin(towards) / landscape.cell_x_m).astype(np.intp)
    inside = (row >= 0) & (row < landscape.shape[0]) & (column >= 0) & (column < landscape.shape[1])
    # Reckoned for all and kept where inside: off the raster the number would be another cell's.
    lands = row * landscape.shape[1] + column
    return [
        Ember(burns[number].time_h + float(draws.delay_h[cell]), burns[number].fire, int(lands[place]))
        for place, (number, cell) in enumerate(zip(throwing.tolist(), cells.tolist(), strict=True))
        if inside[place]
    ]
