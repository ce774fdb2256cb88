"""How a surface fire spreads in one kind of fuel: rate, direction, shape and heat, for any number of cells at once.

Rothermel (1972, USDA INT-115) with the adjustments of Albini (1976, INT-30), curing herbs after Scott and Burgan (2005,
RMRS-GTR-153), wind and slope added as vectors, and the length-to-width ratio of Finney (1998, RMRS-RP-4), at most 8.
The equations keep their published coefficients, which are in feet, pounds, Btu and minutes; what goes in and comes out
is SI. Nothing limits the effect of wind. What crowns add is in `crown_fire`, what embers do in `firebrands`.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.wildfire.behaviour.fuels import Floats, beds

FT = 0.3048
LB = 0.45359237
LB_FT2 = LB / FT**2
"""kg/m2 in a pound per square foot."""
BTU_LB = 1.05587 / LB
"""kJ/kg in a Btu per pound; the mean Btu, with which 8000 Btu/lb are the usual 18,622 kJ/kg of metric fuel tables."""
BTU_FT2 = BTU_LB * LB_FT2
"""kJ/m2 in a Btu per square foot."""
MPH = 0.44704
"""m/s in a mile per hour."""
FT_MIN = FT / 60
"""m/s in a foot per minute."""

PARTICLE_LB_FT3 = 32.0
"""Density of dry wood."""
MINERALS, MINERALS_DAMPING = 0.0555, 0.174 * 0.01**-0.19
"""Total mineral content; damping by the effective one (0.01)."""
CLASSES_PER_FT = np.array([16.0, 48.0, 96.0, 192.0, 1200.0])
"""Lower limits of the classes of surface to volume ratio within which loads are weighted together (Albini 1976)."""
DEAD, LIVE = slice(0, 4), slice(4, 6)
MOST_LENGTH_TO_WIDTH = 8.0
CROWN_RATIO = math.pi / 4
"""Share of a tree's height that is crown with which crowns fill pi/12 of the canopy (Finney 1998, eq. 45)."""


class Moisture(NamedTuple):
    """Water in the fuel, share of its dry weight."""

    dead_1h: float
    dead_10h: float
    dead_100h: float
    live_herb: float
    live_woody: float


class Crowns(NamedTuple):
    """What the crowns add to the fire at N cells, arrays (N,)."""

    burned: Floats
    """Crown fraction burned at the head, 0 (a surface fire) to 1."""
    from_m_min: Floats
    """Rate of spread from which the crowns burn: slower parts of the front are surface fire; infinite for never."""
    heat_share: Floats
    """Share of the heat of the head that crowns give off."""
    heat_kj_m2: Floats
    """Heat of the crowns that burn at the head."""


class Spread(NamedTuple):
    """The fire at N cells if it burned there: the head, and the ellipse around it. Where nothing burns all is 0."""

    head_m_min: Floats
    """Rate of spread at the head, m/min."""
    towards_rad: Floats
    """Direction in which the head runs, clockwise from north, 0 up to 2 pi."""
    eccentricity: Floats
    """0 up to 1; at an angle t off the head the rate is head (1 - e) / (1 - e cos t)."""
    intensity_kw_m: Floats
    """Heat given off along the head (Byram), kW/m; elsewhere in proportion to the rate there."""
    crowns: Crowns | None = None
    """None: no crown burns anywhere."""

    def intensity_at(self, cells: NDArray[np.intp], rate_m_min: Floats) -> Floats:
        """Heat of the front, kW/m, where it enters cells (n,) at rates (n,), at most as hot as the head."""
        head = self.head_m_min[cells]
        share = np.minimum(np.divide(rate_m_min, head, out=np.zeros(len(head)), where=head > 0), 1.0)
        intensity: Floats = self.intensity_kw_m[cells] * share
        if self.crowns:
            below = rate_m_min < self.crowns.from_m_min[cells]
            intensity = np.where(below, intensity * (1 - self.crowns.heat_share[cells]), intensity)
        return intensity

    def flame_at(self, cells: NDArray[np.intp], rate_m_min: Floats) -> Floats:
        """Length of the flames, m, where the front enters cells (n,) at rates (n,): where crowns burn as theirs."""
        intensity = self.intensity_at(cells, rate_m_min)
        flame = flame_length_m(intensity)
        if self.crowns:
            crowned = (rate_m_min >= self.crowns.from_m_min[cells]) & (self.crowns.burned[cells] > 0)
            flame = np.where(crowned, np.maximum(flame, crown_flame_m(intensity)), flame)
        return flame


class Still(NamedTuple):
    """What a fuel model and its moisture give before wind and slope."""

    rate_m_min: float
    heat_kj_m2: float
    wind_a: float
    wind_b: float
    """Wind factor a U^b, U in ft/min."""


class _Beds(NamedTuple):
    """What a fuel model and its moisture give before wind and slope; arrays (F,)."""

    rate_m_min: Floats
    heat_kj_m2: Floats
    wind_a: Floats
    wind_b: Floats
    """Wind factor a U^b, U in ft/min."""
    slope: Floats
    """Slope factor s tan^2."""


def spread(
    fuel: ArrayLike,
    moisture: Moisture,
    wind_ms: ArrayLike,
    wind_towards_rad: ArrayLike,
    slope: ArrayLike,
    upslope_rad: ArrayLike,
) -> Spread:
    """The fire at N cells if it burned there: Rothermel (1972), wind and slope added as vectors.

    Args:
        fuel: numbers of fuel models (N,), all known (`fuels.is_known`).
        moisture: one for all cells.
        wind_ms: midflame wind, m/s (N,) or one.
        wind_towards_rad: where it blows to, clockwise from north.
        slope: tangent of the slope.
        upslope_rad: direction of the steepest way up, clockwise from north.

    Returns:
        Arrays (N,); all 0 where there is no fuel or it is too wet to burn.
    """
    known = _beds(moisture)
    row = beds().row_of[np.asarray(fuel)]
    rate, heat, a, b, s = (column[row] for column in known)
    by_wind = a * (np.asarray(wind_ms, dtype=float) / FT_MIN) ** b
    by_slope = s * np.square(slope)
    north = by_wind * np.cos(wind_towards_rad) + by_slope * np.cos(upslope_rad)
    east = by_wind * np.sin(wind_towards_rad) + by_slope * np.sin(upslope_rad)
    factor = np.hypot(north, east)
    head = rate * (1 + factor)
    burns = rate > 0
    # The shape hangs on the effective wind: the one that alone would do what wind and slope do together.
    eccentricity = np.where(burns, _eccentricity((factor / a) ** (1 / b) * FT_MIN), 0.0)
    towards = np.where(burns, np.arctan2(east, north) % math.tau, 0.0)
    return Spread(head, towards, eccentricity, head / 60 * heat)


def still_rates(fuel: int, moisture: Moisture) -> Still:
    """One fuel model without wind on level ground. `fuel`: a known number (`fuels.is_known`)."""
    row = int(beds().row_of[fuel])
    return Still(*(float(column[row]) for column in _beds(moisture)[:4]))


def crown_flame_m(intensity_kw_m: ArrayLike) -> Floats:
    """Length of the flames of a crown fire, m: 0.2 I^(2/3) ft, I in Btu/ft/s (Thomas 1963 in Rothermel 1991)."""
    unit = BTU_LB * LB / FT
    flame: Floats = 0.2 * FT * (np.asarray(intensity_kw_m, dtype=float) / unit) ** (2 / 3)
    return flame


def flame_length_m(intensity_kw_m: ArrayLike) -> Floats:
    """Length of flames, m, of a front with a heat per metre (fireline intensity, kW/m): 0.0775 I^0.46 (Byram 1959)."""
    return 0.0775 * np.asarray(intensity_kw_m, dtype=float) ** 0.46


def wind_adjustment(
    depth_m: ArrayLike, canopy_cover: ArrayLike, canopy_height_m: ArrayLike, crown_ratio: float = CROWN_RATIO
) -> Floats:
    """Midflame wind as a share of the wind 20 ft above the vegetation (Albini and Baughman 1979, INT-221).

    Args:
        depth_m: depth of the fuel bed, which alone counts in the open.
        canopy_cover: share of the ground under crowns; below trees of 6 ft or more, if crowns fill 5 % or more of
            the space, the fuel is sheltered.
        canopy_height_m: height of the trees.
        crown_ratio: share of their height that is crown; the default gives the form of Finney (1998).
    """
    height = np.asarray(canopy_height_m, dtype=float) / FT
    filled = crown_ratio * np.asarray(canopy_cover, dtype=float) / 3
    sheltered = (filled >= 0.05) & (height >= 6)
    under = np.where(sheltered, height, 6.0)
    # `where` reckons both sides: the limits keep the one that is not taken finite.
    below_crowns = 0.555 / (np.sqrt(np.maximum(filled, 0.05) * under) * _log_profile(under))
    adjusted: Floats = np.where(sheltered, below_crowns, 1.83 / _log_profile(np.asarray(depth_m, dtype=float) / FT))
    return adjusted


def _log_profile(height_ft: Floats) -> Floats:
    profile: Floats = np.log((20 + 0.36 * height_ft) / (0.13 * height_ft))
    return profile


def _eccentricity(effective_wind_ms: Floats) -> Floats:
    wind = effective_wind_ms / MPH
    # beyond 60 mph the ratio has long been at its limit, and the exponential would overflow
    wind = np.minimum(wind, 60.0)
    ratio = 0.936 * np.exp(0.1147 * wind) + 0.461 * np.exp(-0.0692 * wind) - 0.397
    ratio = np.clip(ratio, 1.0, MOST_LENGTH_TO_WIDTH)
    return np.sqrt(ratio * ratio - 1) / ratio


@lru_cache(maxsize=256)
def _beds(moisture: Moisture) -> _Beds:
    """All fuel models at one moisture."""
    fuels = beds()
    depth = fuels.depth_m / FT
    savr = fuels.savr_per_m * FT
    # Cured herbs are as dry as the finest dead fuel.
    water = np.array([*moisture[:3], moisture.dead_1h, *moisture[3:]])
    load = _cured(fuels.load_kg_m2 / LB_FT2, fuels.dynamic, moisture.live_herb)
    area = load * savr / PARTICLE_LB_FT3
    of_dead, of_live = _shares(area[:, DEAD]), _shares(area[:, LIVE])
    alive = _ratio(area[:, LIVE].sum(axis=1), area.sum(axis=1))
    weight = np.concatenate([of_dead * (1 - alive)[:, None], of_live * alive[:, None]], axis=1)
    # 1 where nothing burns: 0 has no negative power.
    sigma = np.where(fuels.burns, (weight * savr).sum(axis=1), 1.0)
    packing = np.where(fuels.burns, load.sum(axis=1) / depth / PARTICLE_LB_FT3, 1.0)
    relative = packing / (3.348 * sigma**-0.8189)
    net = [_net_load(load[:, part], savr[:, part], share) for part, share in ((DEAD, of_dead), (LIVE, of_live))]
    damping = [
        _moisture_damping(_ratio((of_dead * water[DEAD]).sum(axis=1), fuels.extinction)),
        _moisture_damping(_ratio((of_live * water[LIVE]).sum(axis=1), _live_extinction(load, savr, water))),
    ]
    burning = (net[0] * damping[0] + net[1] * damping[1]) * fuels.heat_kj_kg / BTU_LB * MINERALS_DAMPING
    reaction = _reaction_velocity(sigma, relative) * burning
    flux = np.exp((0.792 + 0.681 * np.sqrt(sigma)) * (packing + 0.1)) / (192 + 0.2595 * sigma)
    sink = load.sum(axis=1) / depth * (weight * np.exp(-138 / savr) * (250 + 1116 * water)).sum(axis=1)
    return _Beds(
        _ratio(reaction * flux, sink) * FT,
        reaction * 384 / sigma * BTU_FT2,
        7.47 * np.exp(-0.133 * sigma**0.55) * relative ** (-0.715 * np.exp(-0.000359 * sigma)),
        0.02526 * sigma**0.54,
        5.275 * packing**-0.3,
    )


def _cured(load: Floats, dynamic: NDArray[np.bool_], herb_moisture: float) -> Floats:
    """Loads with the cured part of live herbs moved to the dead: all below 30 % moisture, none above 120 %.

    1.333 - 1.11 m between, as BehavePlus rounds (1.2 - m) / 0.9.
    """
    share = 1.0 if herb_moisture < 0.3 else 1.333 - 1.11 * herb_moisture if herb_moisture <= 1.2 else 0.0
    moved = np.where(dynamic, load[:, 4] * share, 0.0)
    cured = load.copy()
    cured[:, 3] += moved
    cured[:, 4] -= moved
    return cured


def _net_load(load: Floats, savr: Floats, share: Floats) -> Floats:
    """Mineral-free load (F,) that counts, weighted by the surface of each particle's class of size."""
    size = np.searchsorted(CLASSES_PER_FT, savr, side="right")
    same = size[:, :, None] == size[:, None, :]
    # Particles coarser than all classes (below 16 per foot) count for nothing.
    of_class = np.where(size > 0, (same * share[:, None, :]).sum(axis=2), 0.0)
    counted: Floats = (of_class * load).sum(axis=1) * (1 - MINERALS)
    return counted


def _live_extinction(load: Floats, savr: Floats, water: Floats) -> Floats:
    """Moisture of extinction of live fuel (F,): more dead fine fuel, and drier, can burn greener plants."""
    dead = load[:, DEAD] * np.exp(-138 / savr[:, DEAD])
    live = load[:, LIVE] * np.exp(-500 / savr[:, LIVE])
    dryness = 1 - _ratio((dead * water[DEAD]).sum(axis=1), dead.sum(axis=1)) / beds().extinction
    extinction = 2.9 * _ratio(dead.sum(axis=1), live.sum(axis=1)) * dryness - 0.226
    # Never below that of dead fuel.
    return np.maximum(extinction, beds().extinction)


def _moisture_damping(relative: Floats) -> Floats:
    damping = 1 - 2.59 * relative + 5.11 * relative**2 - 3.52 * relative**3
    # The cubic is 0 at extinction and would turn negative beyond it.
    return np.where(relative < 1, damping, 0.0)


def _reaction_velocity(sigma: Floats, relative: Floats) -> Floats:
    """1/min."""
    highest = sigma**1.5 / (495 + 0.0594 * sigma**1.5)
    a = 133 * sigma**-0.7913
    velocity: Floats = highest * relative**a * np.exp(a * (1 - relative))
    return velocity


def _shares(area: Floats) -> Floats:
    return _ratio(area, area.sum(axis=1, keepdims=True))


def _ratio(part: Floats, whole: Floats) -> Floats:
    """Part / whole; 0 where there is nothing."""
    return np.divide(part, whole, out=np.zeros(np.broadcast_shapes(part.shape, whole.shape)), where=whole > 0)
