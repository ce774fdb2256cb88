"""How far the wind can carry burning pieces from torching trees, and how likely they light what they fall on.

Albini (1979, USDA INT-56) with the least cover height of Chase (1984) for the distance, on flat ground; Schroeder
(1969) as used by Rothermel (1983, INT-143) for ignition. Distances are those of the farthest brand, not of common ones.
Published coefficients are in feet, inches, miles and Fahrenheit; what goes in and comes out is SI.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.hazards.wildfire.behaviour.rothermel import FT, MPH

INCH, MILE = 0.0254, 1609.344


class TorchingTree(NamedTuple):
    """How trees of a kind torch: flame a D^b n^0.4 ft, for c D^d n^-0.2; D diameter at breast height, inch, n trees."""

    a: float
    b: float
    c: float
    d: float


SPRUCE = TorchingTree(15.7, 0.451, 12.6, -0.256)
FIR = TorchingTree(15.7, 0.451, 10.7, -0.278)
PINE = TorchingTree(12.9, 0.453, 12.6, -0.256)
"""Engelmann spruce; Douglas fir and subalpine fir; ponderosa and lodgepole pine (Albini 1979)."""


def torching(kind: TorchingTree, dbh_m: ArrayLike, trees: ArrayLike) -> tuple[Floats, Floats]:
    """Steady flame of trees that torch together (Albini 1979).

    Args:
        kind: of tree.
        dbh_m: diameter at breast height.
        trees: how many.

    Returns:
        Height of the flame, m, and for how long it stands, in the source's own unit without dimension.
    """
    inches, count = np.asarray(dbh_m, dtype=float) / INCH, np.asarray(trees, dtype=float)
    flame: Floats = kind.a * inches**kind.b * count**0.4 * FT
    lasts: Floats = kind.c * inches**kind.d * count**-0.2
    return flame, lasts


def lofted_m(flame_m: ArrayLike, lasts: ArrayLike, tree_m: ArrayLike) -> Floats:
    """Height to which the flame of torching trees lifts brands, m (Albini 1979).

    Args:
        flame_m: height of the flame.
        lasts: see `torching`.
        tree_m: height of the trees.
    """
    flame, lasts, tree = (np.asarray(value, dtype=float) for value in (flame_m, lasts, tree_m))
    ratio = tree / flame
    per_flame = np.select(
        [ratio >= 1, ratio >= 0.5, lasts < 3.5],
        [4.24 * lasts**0.332, 3.64 * lasts**0.391, 2.78 * lasts**0.418],
        4.70,
    )
    lifted: Floats = per_flame * flame + tree / 2
    return lifted


def farthest_m(height_m: ArrayLike, cover_m: ArrayLike, wind_20ft_ms: ArrayLike) -> Floats:
    """Distance at which the farthest brand comes down on flat ground, m, in proportion to the wind (Albini 1979).

    0.000718 U sqrt(H) (0.362 + sqrt(z / H) / 2 ln(z / H)) mile: z the height of the brand and H of the cover, ft, at
    least 2.2 z^0.337 - 4 (Chase 1984), U the wind at 20 ft, mile/h.

    Args:
        height_m: to which the brand was lifted.
        cover_m: height of the vegetation downwind; half of that of open stands.
        wind_20ft_ms: 20 ft above the vegetation.
    """
    height = np.asarray(height_m, dtype=float) / FT
    cover = np.maximum(np.asarray(cover_m, dtype=float) / FT, 2.2 * height**0.337 - 4)
    part = height / cover
    miles = 0.000718 * np.asarray(wind_20ft_ms, dtype=float) / MPH * np.sqrt(cover)
    # A cover above the brand's own height would make the formula negative: it does not get away.
    distance: Floats = miles * np.maximum(0.362 + np.sqrt(part) / 2 * np.log(part), 0.0) * MILE
    return distance


def ignition_chance(air_c: ArrayLike, shade: ArrayLike, fine_moisture: ArrayLike) -> Floats:
    """Chance, 0 to 1, that a brand lights the fine dead fuel on which it falls (Schroeder 1969; Rothermel 1983).

    Args:
        air_c: temperature of the air, C.
        shade: share of the sun that crowns and clouds keep off.
        fine_moisture: of fine dead fuel, share of dry weight.
    """
    fuel_f = np.asarray(air_c, dtype=float) * 1.8 + 32 + 25 - 20 * np.asarray(shade, dtype=float)
    t, m = (fuel_f - 32) / 1.8, np.asarray(fine_moisture, dtype=float)
    heat = 144.51 - 0.266 * t - 0.00058 * t**2 - t * m + 18.54 * (1 - np.exp(-15.1 * m)) + 640 * m
    chance: Floats = 0.000048 * ((400 - np.minimum(heat, 400.0)) / 10) ** 4.3 / 50
    return np.clip(chance, 0.0, 1.0)
