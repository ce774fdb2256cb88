"""The layers of a landscape, and the arrival times of another tool's fire, read from ASCII grids and GeoTIFF.

The grid is that of the fuel: an ASCII grid beside it must be on the same one, a GeoTIFF is laid on it. Nothing raises:
what is wrong comes back as faults.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault
from simrescue.hazards.wildfire.behaviour.fuels import NO_FUEL, Floats, is_known
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid, Layer, LayerFile, read_asc, written
from simrescue.hazards.wildfire.landscape.geotiff import read_tif
from simrescue.hazards.wildfire.landscape.stand import kinds, stand
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.parameters import Parameters
from simrescue.wording import Words, bilingual

SAME = 1e-3
"""How far, in cells, two grids may differ and still be one."""


class Rule(NamedTuple):
    """What may stand in a layer."""

    holds: Callable[[Floats], NDArray[np.bool_]]
    expected: Words


RULES: dict[str, Rule] = {
    "fuel": Rule(is_known, bilingual("the number of a standard fuel model (1-13, 91-99, 101-204), or no data")),
    "elevation": Rule(lambda z: (z >= -500) & (z <= 9000), bilingual("heights from -500 to 9000 m")),
    "canopy_cover": Rule(lambda share: (share >= 0) & (share <= 1), bilingual("a share of the ground from 0 to 1")),
    "canopy_height": Rule(lambda z: (z >= 0) & (z <= 130), bilingual("heights of trees from 0 to 130 m")),
    "canopy_base": Rule(lambda z: (z >= 0) & (z <= 130), bilingual("heights at which crowns begin from 0 to 130 m")),
    "canopy_density": Rule(
        lambda density: (density >= 0) & (density <= 2), bilingual("bulk densities of crowns from 0 to 2 kg/m3")
    ),
    "species": Rule(lambda number: np.isin(number, list(kinds())), bilingual("the number of a stand, or no data")),
}
"""Layers of a landscape by name."""
NEEDED = ("fuel", "elevation")
NUMBERED = frozenset({"fuel", "species"})
"""Layers of numbers between which nothing lies."""


def read_landscape(
    files: Mapping[str, LayerFile], max_cells: int, parameters: Parameters
) -> tuple[Landscape | None, list[Fault]]:
    """A landscape from `fuel`, `elevation` and what else of `RULES` is known.

    The grid is that of the fuel. Where fuel or height has no data nothing burns; no data in the canopy is no trees, and
    elsewhere the default (`stand.stand`).
    Raises KeyError when fuel or elevation is not among the files.
    """
    faults: list[Fault] = []
    layers: dict[str, Layer] = {}
    for key in (*NEEDED, *(key for key in RULES if key in files and key not in NEEDED)):
        file = files[key]
        # The fuel is read first (`NEEDED`), and the others are laid on its grid.
        base = layers.get("fuel")
        layer, wrong = read_layer(file, max_cells, base.grid if base else None, smooth=key not in NUMBERED)
        faults += wrong or _forbidden(file.name, RULES[key], layer)
        if layer:
            layers[key] = layer
    return (None if faults else _landscape(layers, parameters)), faults


def read_arrival(file: LayerFile, landscape: Landscape) -> tuple[Floats | None, list[Fault]]:
    """(R, C) hours after ignition at which another tool's fire arrives in each cell; infinite where it never does."""
    layer, faults = read_layer(file, landscape.n_cells, landscape.grid, smooth=False)
    rule = Rule(lambda hours: hours >= 0, bilingual("hours since ignition, 0 or more"))
    faults = faults or _forbidden(file.name, rule, layer)
    if layer is None or faults:
        return None, faults
    return np.where(np.isnan(layer.values), np.inf, layer.values), []


def read_layer(
    file: LayerFile, max_cells: int, base: Grid | None = None, *, smooth: bool = False
) -> tuple[Layer | None, list[Fault]]:
    """One layer, by the ending of its name; on the grid `base` if there is one.

    `smooth`: values of a GeoTIFF are taken between its cells (heights), not from the nearest one (fuel numbers).
    """
    ending = file.name.lower().rpartition(".")[2]
    if ending == "asc":
        layer, faults = read_asc(file, max_cells)
    elif ending in ("tif", "tiff"):
        layer, faults = read_tif(file, max_cells, base, smooth=smooth)
    else:
        return None, [Fault(file.name, "", "", None, bilingual("an ASCII grid (.asc) or a GeoTIFF (.tif)"))]
    if layer and base and not _same(layer.grid, base):
        expected = bilingual("the grid of the fuel: {grid}", grid=written(base))
        return None, [Fault(file.name, "", "", written(layer.grid), expected)]
    return layer, faults


def _forbidden(name: str, rule: Rule, layer: Layer | None) -> list[Fault]:
    """Where a layer holds what it may not: the first such cell, and how many there are."""
    if layer is None:
        return []
    wrong = np.argwhere(~np.isnan(layer.values) & ~rule.holds(layer.values))
    if not wrong.size:
        return []
    row, column = wrong[0].tolist()
    expected = rule.expected
    if len(wrong) > 1:
        expected = bilingual(
            "{expected}; {number} of {cells} cells hold something else",
            expected=expected, number=len(wrong), cells=layer.values.size,
        )  # fmt: skip
    return [Fault(name, f"cell {row + 1}, {column + 1}", "", f"{layer.values[row, column]:g}", expected)]


def _landscape(layers: Mapping[str, Layer], parameters: Parameters) -> Landscape:
    grid, fuel = layers["fuel"]
    height = layers["elevation"].values
    no_trees = Layer(grid, np.zeros(fuel.shape))
    cover = np.nan_to_num(layers.get("canopy_cover", no_trees).values)
    trees = Layer(grid, np.where(cover > 0, parameters.fire_canopy_height_m, 0.0))
    top = np.nan_to_num(layers.get("canopy_height", trees).values)
    numbers = np.where(np.isnan(fuel) | np.isnan(height), NO_FUEL, fuel).astype(np.int16)
    given = {key: layers[key].values for key in ("species", "canopy_base", "canopy_density") if key in layers}
    crowns = stand(numbers, cover, top, given, parameters)
    return Landscape(grid.west, grid.north, grid.dlon, grid.dlat, numbers, _filled(height), cover, top, crowns)


def _filled(height: Floats) -> Floats:
    """Heights with the nearest known one where there is none, so that slopes beside a gap stay what they are."""
    gaps = np.isnan(height)
    if not gaps.any():
        return height
    from scipy.ndimage import distance_transform_edt

    nearest = distance_transform_edt(gaps, return_distances=False, return_indices=True)
    filled: Floats = height[tuple(nearest)]
    return filled


def _same(grid: Grid, other: Grid) -> bool:
    off = (
        (grid.west - other.west) / other.dlon,
        (grid.north - other.north) / other.dlat,
        (grid.dlon / other.dlon - 1) * other.columns,
        (grid.dlat / other.dlat - 1) * other.rows,
    )
    return grid[4:] == other[4:] and max(map(abs, off)) < SAME
