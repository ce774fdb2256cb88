"""Embers: burning pieces that the wind carries ahead, and those among them that start a fire where they land.

Every cell has its own draws, made once a replication: for how many and how far, how far off the wind's line, and after
how long the new fire burns. What is done in one place leaves the others' as it was. Two rules stand beside each other
(`hazard.embers`).

*Torching*: crowns that burn throw embers in proportion to their heat (`ember_per_kj`); each lights the fuel with the
chance of Schroeder (1969). None comes down farther off than Albini (1979) has it for trees that torch together in a
gust, most far nearer: the distance over that is exponential with the mean `ember_range_share`, cut off at 1. Only the
farthest ember of a cell that takes hold is followed; the front soon comes to where the others are.

*Flames*: every cell with flames above `spotting_flame_m` throws one that takes hold with the chance `hazard.spotting`.
Its flight is exponential with a mean that grows with the wind (`ember_flight_s`): that distance goes linearly with the
wind is what theory finds (arXiv 2205.02838); the factor is assumed.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.behaviour.firebrands import farthest_m, ignition_chance, lofted_m, torching
from simrescue.hazards.wildfire.landscape.fire_weather import State
from simrescue.hazards.wildfire.landscape.stand import TORCHES
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.spread.front import Burn
from simrescue.parameters import Parameters
from simrescue.streams import cell_stream


class EmberDraws(NamedTuple):
    """What N cells have in store, arrays (N,), whether or not it ever comes to it."""

    throws: NDArray[np.bool_]
    """Whether an ember takes hold, if flames there are long enough."""
    rank: Floats
    """0 to 1: the chance that the farthest ember flies no farther."""
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
    delay_h = -np.log(delay) * parameters.ember_delay_h
    # One draw for both rules: only one of them is ever in force.
    return EmberDraws(throws < chance, throws, -np.log(flight), aside_rad, delay_h)


def long_flames(
    draws: EmberDraws, burns: Sequence[Burn], flame_m: Floats, wind_ms: float, parameters: Parameters
) -> Floats:
    """Metres that the embers of cells with long flames fly, shape of `burns`; NaN for none that takes hold.

    Arguments as of `embers`; flame_m (n,): length of the flames.
    """
    cells = _cells(burns)
    # The draw does not depend on the flames, so that a fire fought down throws fewer embers and never other ones.
    throwing = draws.throws[cells] & (flame_m > parameters.spotting_flame_m)
    return np.where(throwing, draws.flight[cells] * parameters.ember_flight_s * wind_ms, np.nan)


def torching_crowns(
    draws: EmberDraws,
    burns: Sequence[Burn],
    heat_kj_m2: Floats,
    landscape: Landscape,
    air: State,
    parameters: Parameters,
) -> Floats:
    """Metres that the farthest ember which takes hold flies from crowns that burn, shape of `burns`; NaN for none.

    Of a Poisson number of embers with the mean m, each beyond x with the chance P(x), the farthest is the one with
    exp(-m P(x)) = `draws.rank`; there is none where that has no solution.

    Args:
        draws: of all cells.
        burns: (n,) what has caught fire.
        heat_kj_m2: (n,) heat of the crowns that burn there.
        landscape: the raster.
        air: the weather.
        parameters: of the scenario.
    """
    cells = _cells(burns)
    light = ignition_chance(air.temperature_c, landscape.canopy_cover.ravel()[cells], air.moisture.dead_1h)
    mean = parameters.ember_per_kj * heat_kj_m2 * landscape.cell_ha * 10_000 * light
    beyond = np.divide(-np.log(draws.rank[cells]), mean, out=np.full(len(cells), np.inf), where=mean > 0)
    share = parameters.ember_range_share
    least = math.exp(-1 / share)
    part = -share * np.log(np.minimum(beyond, 1.0) * (1 - least) + least)
    return np.where(beyond < 1, part * _farthest_m(cells, landscape, air.wind_ms, parameters), np.nan)


def _farthest_m(cells: Indexes, landscape: Landscape, wind_ms: float, parameters: Parameters) -> Floats:
    """Metres that embers from cells (n,) can fly at most."""
    stand = landscape.stand
    if stand is None:
        return np.zeros(len(cells))
    height_m = landscape.canopy_height_m.ravel()[cells]
    gust_ms = wind_ms * parameters.ember_gust_factor / parameters.fire_wind_10m_to_20ft
    far_m = np.zeros(len(cells))
    for number, kind in enumerate(TORCHES.values()):
        here = stand.torches.ravel()[cells] == number
        flame_m, lasts = torching(kind, parameters.torching_dbh_m, parameters.torching_trees)
        far_m[here] = farthest_m(lofted_m(flame_m, lasts, height_m[here]), height_m[here], gust_ms)
    return far_m


def _cells(burns: Sequence[Burn]) -> Indexes:
    return np.array([burn.cell for burn in burns], dtype=np.intp)


def embers(
    draws: EmberDraws,
    burns: Sequence[Burn],
    flight_m: Floats,
    landscape: Landscape,
    from_deg: float,
) -> list[Ember]:
    """Embers of cells that have just caught fire; those that leave the raster are lost.

    Args:
        draws: of all cells.
        burns: (n,) what has caught fire.
        flight_m: (n,) how far their embers fly; NaN for none that takes hold.
        landscape: the raster.
        from_deg: where the wind comes from.
    """
    throwing = np.flatnonzero(~np.isnan(flight_m))
    if not throwing.size:
        return []
    cells, far_m = _cells(burns)[throwing], flight_m[throwing]
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
