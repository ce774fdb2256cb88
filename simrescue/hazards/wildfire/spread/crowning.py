"""What crowns make of the surface fire over a landscape: where it takes hold of them, and how it then runs.

A surface fire as hot as Van Wagner's critical intensity takes hold of the crowns. Then the head runs at the rate of the
crown fire in the open wind if that is more, in the shape of Rothermel (1991): its back and flanks are nowhere behind
those of the surface fire, and are surface fire where they are too cool for the crowns. Two published rates stand beside
each other (`MODELS`); the direction is that of the surface fire, wind and slope together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.wildfire.behaviour import crown_fire
from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.hazards.wildfire.behaviour.rothermel import MOST_LENGTH_TO_WIDTH, Crowns, Spread
from simrescue.hazards.wildfire.behaviour.rothermel import spread as surface_spread
from simrescue.hazards.wildfire.landscape.fire_weather import State
from simrescue.hazards.wildfire.landscape.terrain import Ground, Landscape


class CrownFuel(NamedTuple):
    """The n cells whose crowns can carry fire, arrays (n,)."""

    cells: NDArray[np.intp]
    density_kg_m3: Floats
    critical_m_min: Floats
    """Rate from which a crown fire is active."""
    critical_kw_m: Floats
    """Heat of a surface fire from which crowns catch."""
    heat_kj_m2: Floats
    """Of all crowns."""


class Caught(NamedTuple):
    """Cells where the head of the surface fire takes hold of the crowns, k of n; arrays (k,)."""

    trees: CrownFuel
    surface_m_min: Floats
    from_m_min: Floats
    """Rate of the surface fire at which crowns catch."""
    wind_20ft_ms: float


Model = Callable[[Ground, State, Caught], tuple[Floats, Floats]]
"""Rate of the crown fire, m/min, and crown fraction burned."""


def crown_fuel(landscape: Landscape, foliar_moisture: float) -> CrownFuel | None:
    """The crowns of a landscape; None where none can carry fire. `foliar_moisture`: share of dry weight."""
    stand = landscape.stand
    cells = np.flatnonzero((stand.density_kg_m3 > 0) & landscape.burns) if stand else np.zeros(0, dtype=np.intp)
    if stand is None or not cells.size:
        return None
    density, base_m = stand.density_kg_m3.ravel()[cells], stand.base_m.ravel()[cells]
    return CrownFuel(
        cells,
        density,
        crown_fire.critical_rate_m_min(density),
        crown_fire.critical_intensity_kw_m(base_m, foliar_moisture),
        crown_fire.crown_heat_kj_m2(density, landscape.canopy_height_m.ravel()[cells], base_m),
    )


def crowns_over(of: CrownFuel, cells: NDArray[np.intp]) -> CrownFuel:
    """The crowns of some cells (n,) of a landscape, numbered as these stand."""
    # Where a cell would come if it had crowns; whether it has is asked next.
    at = np.minimum(np.searchsorted(of.cells, cells), len(of.cells) - 1)
    under_crowns = np.flatnonzero(of.cells[at] == cells)
    return CrownFuel(under_crowns, *(column[at[under_crowns]] for column in of[1:]))


def with_crowns(
    surface: Spread, landscape: Ground, state: State, model: str, of: CrownFuel, wind_10m_to_20ft: float
) -> Spread:
    """The fire over N cells where crowns burn with it.

    Args:
        surface: the surface fire.
        landscape: N cells.
        state: the weather.
        model: a name of `MODELS`.
        of: crowns of the landscape.
        wind_10m_to_20ft: wind 10 m above open ground over that 20 ft above the vegetation.
    """
    hot = surface.intensity_kw_m[of.cells] >= of.critical_kw_m
    if not hot.any():
        return surface
    caught = CrownFuel._make(column[hot] for column in of)
    cells, wind_20ft_ms = caught.cells, state.wind_ms / wind_10m_to_20ft
    # Per square metre: the same for all parts of the front, while kW/m goes with the rate.
    head, heat = surface.head_m_min[cells], surface.intensity_kw_m[cells] * 60 / surface.head_m_min[cells]
    from_m_min = caught.critical_kw_m * 60 / heat
    rate, burned = MODELS[model](landscape, state, Caught(caught, head, from_m_min, wind_20ft_ms))
    # The published rates are of level ground: on a slope the surface fire can be faster than its crown fire.
    rate = np.maximum(rate, head)
    of_crowns = burned * caught.heat_kj_m2
    # Copies: what the caller holds stays the surface fire.
    fire = surface._replace(
        head_m_min=surface.head_m_min.copy(),
        intensity_kw_m=surface.intensity_kw_m.copy(),
        eccentricity=surface.eccentricity.copy(),
    )
    fire.head_m_min[cells] = rate
    fire.intensity_kw_m[cells] = (heat + of_crowns) * rate / 60
    fire.eccentricity[cells] = _shape(surface.eccentricity[cells], head, rate, wind_20ft_ms)
    n = len(surface.head_m_min)
    crowns = Crowns(np.zeros(n), np.full(n, np.inf), np.zeros(n), np.zeros(n))
    for column, values in zip(crowns, (burned, from_m_min, of_crowns / (heat + of_crowns), of_crowns), strict=True):
        column[cells] = values
    return fire._replace(crowns=crowns)


def _shape(eccentricity: Floats, head: Floats, rate: Floats, wind_20ft_ms: float) -> Floats:
    """Eccentricity of a crown fire; its back runs no slower than that of the surface fire.

    Two ellipses about one focus lie in each other if the outer one is no slower at the head and at the back.
    """
    ratio = min(float(crown_fire.crown_length_to_width(wind_20ft_ms)), MOST_LENGTH_TO_WIDTH)
    published = np.sqrt(ratio * ratio - 1) / ratio
    back = head * (1 - eccentricity) / (1 + eccentricity)
    shape: Floats = np.minimum(np.maximum(eccentricity, published), (rate - back) / (rate + back))
    return shape


def _cruz(landscape: Ground, state: State, caught: Caught) -> tuple[Floats, Floats]:
    """Cruz et al. (2005), with the crown fraction burned of Forestry Canada (1992) where it is not active."""
    del landscape
    critical = caught.trees.critical_m_min
    active = crown_fire.cruz_active_m_min(state.wind_ms, caught.trees.density_kg_m3, state.moisture.dead_1h)
    rate = np.maximum(crown_fire.cruz_m_min(active, critical), caught.surface_m_min)
    return rate, np.where(active >= critical, 1.0, crown_fire.fraction_above(rate, caught.from_m_min))


def _rothermel(landscape: Ground, state: State, caught: Caught) -> tuple[Floats, Floats]:
    """Rothermel (1991), linked to the surface fire by Scott and Reinhardt (2001)."""
    cells = caught.trees.cells
    active = crown_fire.rothermel_active_m_min(caught.wind_20ft_ms, state.moisture)
    wind = crown_fire.critical_wind_ms(caught.trees.critical_m_min, state.moisture)
    whole = surface_spread(
        landscape.fuel.ravel()[cells],
        state.moisture,
        wind * landscape.wind_adjustment.ravel()[cells],
        np.radians(state.wind_from_deg + 180),
        landscape.slope.ravel()[cells],
        landscape.upslope_rad.ravel()[cells],
    )
    burned = crown_fire.fraction_between(caught.surface_m_min, caught.from_m_min, whole.head_m_min)
    rate: Floats = caught.surface_m_min + burned * np.maximum(active - caught.surface_m_min, 0.0)
    return rate, burned


MODELS: dict[str, Model] = {"cruz": _cruz, "rothermel": _rothermel}
"""Rates of crown fire by name, as `hazard.crown` knows them."""
