"""When a surface fire takes hold of the crowns, and how fast and hot it then is; arrays of any one shape, SI units.

Initiation: Van Wagner (1977, Canadian Journal of Forest Research 7:23-34). Rate of an active crown fire: Cruz,
Alexander and Wakimoto (2005, the same 35:1626-1639), or Rothermel (1991, USDA INT-438). Crown fraction burned: Forestry
Canada Fire Danger Group (1992, ST-X-3, eq. 56 to 58), or Scott and Reinhardt (2001, RMRS-RP-29).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.hazards.wildfire.behaviour.rothermel import BTU_LB, FT_MIN, MPH, Moisture, still_rates

LEAST_FOLIAR_MOISTURE = 0.3
"""Needles are never reckoned drier."""
MASS_FLOW_KG_M2_MIN = 3.0
"""Crown fuel that a solid flame through the crowns needs (Van Wagner 1977: 0.05 kg/m2/s)."""
HEAT_KJ_KG = 8000 * BTU_LB
"""Of crown fuel: 8,000 Btu/lb, as Rothermel (1991) has it."""
CROWN_MODEL, CROWN_WIND, CROWN_FACTOR = 10, 0.4, 3.34
"""Rothermel (1991): an active crown fire runs 3.34 times as fast as fuel model 10 in 0.4 of the wind at 20 ft."""
CROWNED = 0.1
"""Crown fraction burned from which a fire counts as a crown fire (Forestry Canada 1992)."""
ALL_CROWNED = 0.9
"""Crown fraction burned from which crown fire counts as continuous (the same)."""


def critical_intensity_kw_m(base_m: ArrayLike, foliar_moisture: ArrayLike) -> Floats:
    """Heat of a surface fire at which crowns catch, kW/m: (0.010 z (460 + 25.9 m))^1.5 (Van Wagner 1977, eq. 4).

    Args:
        base_m: z, from the ground to the crowns.
        foliar_moisture: m, of needles, share of dry weight (the formula has per cent), at least 0.3.
    """
    moisture = np.maximum(foliar_moisture, LEAST_FOLIAR_MOISTURE) * 100
    critical: Floats = (0.010 * np.asarray(base_m, dtype=float) * (460 + 25.9 * moisture)) ** 1.5
    return critical


def critical_rate_m_min(density_kg_m3: ArrayLike) -> Floats:
    """Rate above which a crown fire is active: 3.0 / bulk density of the canopy (Van Wagner 1977); infinite for 0.

    `density_kg_m3`: bulk density of the canopy.
    """
    density = np.asarray(density_kg_m3, dtype=float)
    rate: Floats = np.divide(MASS_FLOW_KG_M2_MIN, density, out=np.full(density.shape, np.inf), where=density > 0)
    return rate


def cruz_active_m_min(wind_10m_ms: ArrayLike, density_kg_m3: ArrayLike, fine_moisture: ArrayLike) -> Floats:
    """Rate of an active crown fire on level ground: 11.02 U^0.90 rho^0.19 exp(-0.17 m) (Cruz et al. 2005).

    Args:
        wind_10m_ms: U, 10 m above open ground (the formula has km/h).
        density_kg_m3: rho, bulk density of the canopy.
        fine_moisture: m, of fine dead fuel, share of dry weight (the formula has per cent).
    """
    rate: Floats = (
        11.02
        * (np.asarray(wind_10m_ms, dtype=float) * 3.6) ** 0.90
        * np.asarray(density_kg_m3, dtype=float) ** 0.19
        * np.exp(-17.0 * np.asarray(fine_moisture, dtype=float))
    )
    return rate


def cruz_m_min(active_m_min: ArrayLike, critical_m_min: ArrayLike) -> Floats:
    """Rate of a crown fire: the active one from the critical rate on, below it Ra exp(-Ra / R0) (Cruz et al. 2005).

    Args:
        active_m_min: Ra, of an active crown fire there.
        critical_m_min: R0, from which a crown fire is active.
    """
    active, critical = np.asarray(active_m_min, dtype=float), np.asarray(critical_m_min, dtype=float)
    return np.where(active >= critical, active, active * np.exp(-active / critical))


def rothermel_active_m_min(wind_20ft_ms: ArrayLike, moisture: Moisture) -> Floats:
    """Rate of an active crown fire: 3.34 x fuel model 10 in 0.4 of the wind at 20 ft, no slope (Rothermel 1991)."""
    still = still_rates(CROWN_MODEL, moisture)
    wind = np.asarray(wind_20ft_ms, dtype=float) * CROWN_WIND / FT_MIN
    rate: Floats = CROWN_FACTOR * still.rate_m_min * (1 + still.wind_a * wind**still.wind_b)
    return rate


def critical_wind_ms(critical_m_min: ArrayLike, moisture: Moisture) -> Floats:
    """Wind at 20 ft in which a crown fire by Rothermel (1991) is just active, m/s (Scott and Reinhardt 2001).

    0 where it is active without wind; infinite where the critical rate is.
    """
    still = still_rates(CROWN_MODEL, moisture)
    factor = np.asarray(critical_m_min, dtype=float) / (CROWN_FACTOR * still.rate_m_min) - 1
    wind: Floats = (np.maximum(factor, 0) / still.wind_a) ** (1 / still.wind_b) * FT_MIN / CROWN_WIND
    return wind


def fraction_between(surface_m_min: ArrayLike, from_m_min: ArrayLike, whole_m_min: ArrayLike) -> Floats:
    """Crown fraction burned by Scott and Reinhardt (2001): straight from 0 to 1 between two rates of the surface fire.

    Args:
        surface_m_min: rate of the surface fire.
        from_m_min: rate at which crowns catch.
        whole_m_min: rate in the wind in which a crown fire is just active; not above `from_m_min`, all burns at once.
    """
    surface, start, whole = np.broadcast_arrays(
        *(np.asarray(v, float) for v in (surface_m_min, from_m_min, whole_m_min))
    )
    caught = surface >= start
    part = np.divide(surface - start, whole - start, out=np.ones(surface.shape), where=caught & (whole > start))
    return np.where(caught, np.clip(part, 0.0, 1.0), 0.0)


def fraction_above(rate_m_min: ArrayLike, from_m_min: ArrayLike) -> Floats:
    """Crown fraction burned by Forestry Canada (1992): 1 - exp(-0.23 (R - RSO)), rates in m/min; 0 below RSO."""
    above = np.asarray(rate_m_min, dtype=float) - np.asarray(from_m_min, dtype=float)
    fraction: Floats = -np.expm1(-0.23 * np.maximum(above, 0.0))
    return fraction


def crown_heat_kj_m2(density_kg_m3: ArrayLike, height_m: ArrayLike, base_m: ArrayLike) -> Floats:
    """Heat of all crowns over a square metre (Scott and Reinhardt 2001).

    Args:
        density_kg_m3: bulk density of the canopy, which is multiplied by its depth and the heat content.
        height_m: of the trees.
        base_m: from the ground to the crowns.
    """
    deep = np.maximum(np.asarray(height_m, dtype=float) - np.asarray(base_m, dtype=float), 0.0)
    heat: Floats = np.asarray(density_kg_m3, dtype=float) * deep * HEAT_KJ_KG
    return heat


def crown_length_to_width(wind_20ft_ms: ArrayLike) -> Floats:
    """Length over width of a crown fire: 1 + 0.125 U, U the wind at 20 ft in mile/h (Rothermel 1991, eq. 9)."""
    ratio: Floats = 1 + 0.125 * np.asarray(wind_20ft_ms, dtype=float) / MPH
    return ratio
