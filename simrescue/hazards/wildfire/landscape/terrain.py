"""The ground that a fire runs over, as a raster: fuel, height, slope, and the crowns of trees above.

Cells are equal in degrees (WGS84); row 0 is the north, column 0 the west. Cells are also counted in one row of
numbers: row x columns + column. Distances and slopes take the width of a cell at the raster's middle latitude.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from simrescue.hazards.wildfire.behaviour.fuels import Floats, beds, is_known
from simrescue.hazards.wildfire.behaviour.rothermel import wind_adjustment
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid
from simrescue.hazards.wildfire.landscape.stand import Stand
from simrescue.network.road_network import EARTH_KM

DEGREE_M = EARTH_KM * 1000 * math.pi / 180
"""Metres in a degree of latitude."""


class Ground(Protocol):
    """What the fire in some cells goes by, arrays of one shape: a whole landscape or a part of it."""

    @property
    def fuel(self) -> NDArray[np.int16]:
        """Numbers of fuel models."""
        ...

    @property
    def wind_adjustment(self) -> Floats:
        """Midflame wind as a share of the wind 20 ft above the vegetation."""
        ...

    @property
    def slope(self) -> Floats:
        """Tangent of the steepest way up."""
        ...

    @property
    def upslope_rad(self) -> Floats:
        """Direction of the steepest way up, clockwise from north."""
        ...


class Patch(NamedTuple):
    """Some cells of a landscape, arrays (n,); see `Ground`."""

    fuel: NDArray[np.int16]
    wind_adjustment: Floats
    slope: Floats
    upslope_rad: Floats


@dataclass(frozen=True, eq=False)
class Landscape:
    """R x C cells; raises ValueError for layers of another shape, unknown fuel or heights that are no numbers."""

    west: float
    """Longitude of the west edge."""
    north: float
    """Latitude of the north edge."""
    dlon: float
    """Width of a cell, degrees."""
    dlat: float
    """Height of a cell, degrees."""
    fuel: NDArray[np.int16]
    """(R, C) numbers of fuel models; 0 where nothing is known, and nothing burns."""
    elevation_m: Floats
    """(R, C)."""
    canopy_cover: Floats
    """(R, C) share of the ground under crowns, 0 to 1."""
    canopy_height_m: Floats
    """(R, C) height of the trees."""
    stand: Stand | None = None
    """The crowns as fuel; None: they carry no fire."""

    def __post_init__(self) -> None:
        crowns = (self.stand.base_m, self.stand.density_kg_m3) if self.stand else ()
        layers = (self.elevation_m, self.canopy_cover, self.canopy_height_m, *crowns)
        if self.fuel.ndim != 2 or any(layer.shape != self.fuel.shape for layer in layers):
            raise ValueError(f"layers of one shape (rows, columns), not {[layer.shape for layer in layers]}")
        if not is_known(self.fuel).all() or not all(np.isfinite(layer).all() for layer in layers):
            raise ValueError("known fuel numbers, and finite heights and covers")

    @property
    def grid(self) -> Grid:
        """Where the cells lie."""
        return Grid(self.west, self.north, self.dlon, self.dlat, *self.shape)

    @cached_property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        rows, columns = self.fuel.shape
        return rows, columns

    @cached_property
    def n_cells(self) -> int:
        """Rows times columns."""
        return self.fuel.size

    @cached_property
    def cell_y_m(self) -> float:
        """North to south extent of a cell."""
        return self.dlat * DEGREE_M

    @cached_property
    def cell_x_m(self) -> float:
        """West to east extent of a cell at the middle latitude."""
        middle = self.north - self.dlat * self.shape[0] / 2
        return self.dlon * DEGREE_M * math.cos(math.radians(middle))

    @cached_property
    def cell_ha(self) -> float:
        """Area of a cell on the map."""
        return self.cell_x_m * self.cell_y_m / 10_000

    @cached_property
    def slope(self) -> Floats:
        """(R, C) tangent of the steepest way up (Horn 1981)."""
        return np.hypot(*self._gradient)

    @cached_property
    def upslope_rad(self) -> Floats:
        """(R, C) direction of the steepest way up, clockwise from north, 0 up to 2 pi."""
        east, north = self._gradient
        direction: Floats = np.arctan2(east, north) % math.tau
        return direction

    @cached_property
    def burns(self) -> NDArray[np.bool_]:
        """(R, C) whether there is fuel."""
        fuels = beds()
        return fuels.burns[fuels.row_of[self.fuel]]

    @cached_property
    def wind_adjustment(self) -> Floats:
        """(R, C) midflame wind as a share of the wind 20 ft above the vegetation."""
        fuels = beds()
        return wind_adjustment(fuels.depth_m[fuels.row_of[self.fuel]], self.canopy_cover, self.canopy_height_m)

    def patch(self, cells: NDArray[np.intp]) -> Patch:
        """Cells (n,) by their numbers."""
        others = (layer.ravel()[cells] for layer in (self.wind_adjustment, self.slope, self.upslope_rad))
        return Patch(self.fuel.ravel()[cells], *others)

    @cached_property
    def _gradient(self) -> tuple[Floats, Floats]:
        """Rise to the east and to the north; at the edges from the two outermost cells."""
        # Odd: a slope goes on beyond the edge, where mirrored heights would make it level.
        z = np.pad(self.elevation_m, 1, mode="reflect", reflect_type="odd")
        rows = z[:-2] + 2 * z[1:-1] + z[2:]
        columns = z[:, :-2] + 2 * z[:, 1:-1] + z[:, 2:]
        east = (rows[:, 2:] - rows[:, :-2]) / (8 * self.cell_x_m)
        north = (columns[:-2] - columns[2:]) / (8 * self.cell_y_m)
        return east, north

    def cell_of(self, lon: ArrayLike, lat: ArrayLike) -> NDArray[np.intp]:
        """Numbers of the cells at points (degrees), counted row by row from the north-west; -1 outside."""
        rows, columns = self.shape
        column = np.floor((np.asarray(lon, dtype=float) - self.west) / self.dlon)
        row = np.floor((self.north - np.asarray(lat, dtype=float)) / self.dlat)
        inside = (row >= 0) & (row < rows) & (column >= 0) & (column < columns)
        return np.where(inside, row * columns + column, -1).astype(np.intp)

    def centre(self, cell: ArrayLike) -> tuple[Floats, Floats]:
        """Longitude and latitude (degrees) of the middle of each cell, by its number."""
        row, column = np.divmod(np.asarray(cell), self.shape[1])
        return self.west + (column + 0.5) * self.dlon, self.north - (row + 0.5) * self.dlat

    def xy_m(self, cell: ArrayLike) -> tuple[Floats, Floats]:
        """Metres east and north of the south-west corner to the middle of each cell, by its number."""
        row, column = np.divmod(np.asarray(cell), self.shape[1])
        return (column + 0.5) * self.cell_x_m, (self.shape[0] - row - 0.5) * self.cell_y_m
