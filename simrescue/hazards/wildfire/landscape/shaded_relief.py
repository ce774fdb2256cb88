"""Shaded relief of the ground, so that charts and the replay can show hills without the files of the landscape."""

from __future__ import annotations

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from simrescue.hazards.wildfire.landscape.terrain import Landscape

SUN_FROM, SUN_HEIGHT = np.radians(315.0), np.radians(45.0)
"""Light from the north-west, half-way up: the custom of maps."""
STEPS = 31
"""Shades are kept in so many steps: the eye tells no more apart, and they pack well."""
MOST_CELLS = 400_000
"""Of larger landscapes only every second, third, ... cell is kept."""


def hillshade(land: Landscape) -> NDArray[np.float64]:
    """(R, C) light on the ground, 0 (dark) to 1: cosine of the angle between the sun and the ground (Horn 1981)."""
    slope = np.arctan(land.slope)
    lit = np.cos(slope) * np.sin(SUN_HEIGHT) - np.sin(slope) * np.cos(SUN_HEIGHT) * np.cos(land.upslope_rad - SUN_FROM)
    light: NDArray[np.float64] = np.clip(lit, 0.0, 1.0)
    return light


def packed(land: Landscape) -> dict[str, Any]:
    """The relief as text for a manifest: every how many cells are kept, their shape, and the bytes of `unpacked`."""
    every = int(np.ceil(np.sqrt(land.n_cells / MOST_CELLS)))
    steps = np.round(hillshade(land)[::every, ::every] * STEPS).astype(np.uint8)
    return {"every": every, "shape": list(steps.shape), "light": b64encode(zlib.compress(steps.tobytes(), 9)).decode()}


def unpacked(relief: Mapping[str, Any]) -> NDArray[np.uint8]:
    """The steps of light of the kept cells, 0 to `STEPS`; raises ValueError or zlib.error for what is none.

    Cell (r, c) of it stands for the cells from row `every` x r and column `every` x c on.
    """
    raw = zlib.decompress(b64decode(relief["light"]))
    return np.frombuffer(raw, np.uint8).reshape(relief["shape"])
