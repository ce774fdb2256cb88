"""Where the cells of a raster lie, in whatever system of coordinates and whichever way its rows run."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.wording import Words, bilingual

Points = NDArray[np.float64]
"""Points, shape (N, 2): longitude and latitude in degrees of WGS84, or column and row in cells."""
Cells = NDArray[np.int64]
LONGEST_SIDE = 200_000
"""Most rows, and most columns, of a raster that is read."""
MOST_CELLS = 4_000_000_000
LARGEST_BLOCK = 64_000_000
"""Most cells that a file keeps in one piece, which has to be unpacked whole."""
_CODES = {"wgs84": "EPSG:4326", "cgcs2000": "EPSG:4490"}
OLD_DATUMS = ("beijing 1954", "xian 1980", "xi'an 1980", "beijing_1954", "xian_1980")
"""Names of systems whose shift against WGS84 is not known to PROJ."""


class RasterGrid(NamedTuple):
    """The grid of one raster."""

    system: str
    """Its system of coordinates, as WKT or a code of EPSG."""
    affine: tuple[float, float, float, float, float, float]
    """x = a column + b row + c, y = d column + e row + f, from the outer corner of cell 0, 0."""
    rows: int
    columns: int

    def cells(self, points: Points) -> Points:
        """Points as columns and rows in cells, shape (N, 2); infinite where the system does not reach.

        Args:
            points: longitude and latitude in degrees of WGS84.
        """
        from pyproj import Transformer

        change = Transformer.from_crs("EPSG:4326", self.system, always_xy=True)
        x, y = change.transform(points[:, 0], points[:, 1])
        a, b, c, d, e, f = self.affine
        # Solved for column and row with all of its terms, since a raster may lie askew.
        size = a * e - b * d
        east, north = np.asarray(x) - c, np.asarray(y) - f
        with np.errstate(invalid="ignore"):
            return np.column_stack([(e * east - b * north) / size, (a * north - d * east) / size])

    def centres(self, rows: Cells, columns: Cells) -> Points:
        """Longitude and latitude of the centres of some cells, shape (N, 2).

        Args:
            rows: (N,).
            columns: (N,).
        """
        return np.column_stack(self._degrees(columns + 0.5, rows + 0.5))

    def _degrees(self, column: NDArray[Any], row: NDArray[Any]) -> tuple[Any, Any]:
        from pyproj import Transformer

        a, b, c, d, e, f = self.affine
        change = Transformer.from_crs(self.system, "EPSG:4326", always_xy=True)
        lon, lat = change.transform(a * column + b * row + c, d * column + e * row + f)
        return lon, lat

    def overlap(self, other: RasterGrid) -> float:
        """Share of the smaller of two grids that lies in the other, by the rectangles around them in degrees.

        Args:
            other: another grid.
        """
        (low, high), (other_low, other_high) = self._rectangle(), other._rectangle()
        both = np.prod(np.maximum(np.minimum(high, other_high) - np.maximum(low, other_low), 0.0))
        return float(both / min(np.prod(high - low), np.prod(other_high - other_low)))

    def _rectangle(self) -> tuple[Points, Points]:
        """South-west and north-east in degrees."""
        # Not the corners alone: sides that are straight in the raster's system are bent in degrees.
        column, row = np.meshgrid(np.linspace(0, self.columns, 5), np.linspace(0, self.rows, 5))
        around = np.stack(self._degrees(column, row)).reshape(2, -1)
        return around.min(axis=1), around.max(axis=1)

    def holds(self, cells: Points) -> NDArray[np.bool_]:
        """Which of some cells, shape (N, 2) as `cells` gives them, lie within."""
        column, row = cells[:, 0], cells[:, 1]
        inside: NDArray[np.bool_] = (column >= 0) & (column < self.columns) & (row >= 0) & (row < self.rows)
        return inside


def refuse(file: str, expected: Words, value: Words | str | None = None) -> ScenarioError:
    """The error of a raster that is not read.

    Args:
        file: its name.
        expected: what it should have been.
        value: what it is instead; None: nothing.
    """
    return ScenarioError([Fault(file, "", "", value, expected)])


def checked_grid(file: str, grid: RasterGrid, block: int) -> RasterGrid:
    """A grid that is small enough to be read and lies somewhere.

    Args:
        file: whose it is.
        grid: as the file tells it.
        block: cells that the file keeps in one piece.

    Raises:
        ScenarioError: it is too large, has no system of coordinates, or one that is not known.
    """
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    if max(grid.rows, grid.columns) > LONGEST_SIDE or grid.rows * grid.columns > MOST_CELLS or block > LARGEST_BLOCK:
        size = bilingual("{rows} x {columns} cells", rows=grid.rows, columns=grid.columns)
        raise refuse(file, bilingual("a raster of at most {side:,} rows and columns, in pieces of at most {block:,} "
                                     "cells", side=LONGEST_SIDE, block=LARGEST_BLOCK), size)  # fmt: skip
    grid = grid._replace(system=code_of(grid.system))
    a, b, _, d, e, _ = grid.affine
    if not grid.system or not np.isfinite(grid.affine).all() or a * e == b * d:
        raise refuse(file, bilingual("a raster with its system of coordinates, or {option} beside it",
                                     option="--rasters-datum EPSG:4548, hazard.rasters.datum"))  # fmt: skip
    try:
        CRS.from_user_input(grid.system)
    except CRSError:
        raise refuse(file, bilingual("a known system of coordinates, as {code}", code="EPSG:4548"),
                     grid.system[:60]) from None  # fmt: skip
    return grid


def code_of(system: str) -> str:
    """The code of a system of coordinates that has a common name; `system`: a name, a code of EPSG or WKT."""
    return _CODES.get(system.lower(), system)


def called_system(system: str) -> str:
    """The name of a system of coordinates; `system`: WKT or a code of EPSG."""
    from pyproj import CRS

    return str(CRS.from_user_input(system).name)


def is_shift_unknown(system: str) -> bool:
    """Whether a system of coordinates lies off WGS84 by some tens of metres that nobody corrects; `system`: WKT."""
    return any(name in called_system(system).lower() for name in OLD_DATUMS)
