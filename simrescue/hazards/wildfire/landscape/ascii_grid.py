"""Rasters as text: ESRI ASCII grids, from bytes to a layer on a grid of degrees.

A header (ncols, nrows, xllcorner, yllcorner, cellsize or dx and dy, NODATA_value) and rows of numbers from the north;
coordinates are degrees (WGS84). Nothing raises: what is wrong comes back as faults.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault
from simrescue.hazards.wildfire.behaviour.fuels import Floats
from simrescue.wording import Words, bilingual

HEADER_NAMES = (
    "ncols",
    "nrows",
    "xllcorner",
    "yllcorner",
    "xllcenter",
    "yllcenter",
    "cellsize",
    "dx",
    "dy",
    "nodata_value",
)
_DEGREES = bilingual("degrees (WGS84); a grid in metres can be given as GeoTIFF")


class Grid(NamedTuple):
    """Where the cells of a raster lie: equal in degrees (WGS84), row 0 in the north."""

    west: float
    north: float
    dlon: float
    dlat: float
    rows: int
    columns: int

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """West, east, south, north."""
        return self.west, self.west + self.columns * self.dlon, self.north - self.rows * self.dlat, self.north

    def corners(self, which: NDArray[np.bool_]) -> tuple[Floats, Floats]:
        """Longitudes and latitudes of two opposite corners of the smallest box round cells, shape (2,) each."""
        row, column = np.divmod(np.flatnonzero(which), self.columns)
        lon = self.west + np.array([column.min(), column.max() + 1]) * self.dlon
        return lon, self.north - np.array([row.max() + 1, row.min()]) * self.dlat


class LayerFile(NamedTuple):
    """A file of a scenario that holds one layer."""

    name: str
    data: bytes


class Layer(NamedTuple):
    """One raster as read; NaN where it has no data."""

    grid: Grid
    values: Floats
    """(R, C)."""


def read_asc(file: LayerFile, max_cells: int) -> tuple[Layer | None, list[Fault]]:
    """An ESRI ASCII grid in degrees."""
    words = file.data.decode("utf-8", errors="replace").removeprefix("\ufeff").split()
    header: dict[str, float] = {}
    # By name and not by number of lines: of the ten names a file has six or seven, in any order.
    while words[2 * len(header) :] and (key := words[2 * len(header)].lower()) in HEADER_NAMES and key not in header:
        header[key] = _number("".join(words[2 * len(header) + 1 : 2 * len(header) + 2]))
    grid, faults = _asc_grid(file.name, header, max_cells)
    if grid is None:
        return None, faults
    cells = words[2 * len(header) :]
    if len(cells) != grid.rows * grid.columns:
        expected = bilingual(
            "{rows} rows of {columns} numbers, {cells} in all",
            rows=grid.rows, columns=grid.columns, cells=grid.rows * grid.columns,
        )  # fmt: skip
        return None, [Fault(file.name, "", "", bilingual("{number} numbers", number=len(cells)), expected)]
    values = _numbers(cells)
    odd = np.flatnonzero(~np.isfinite(values))
    if odd.size:
        row, column = divmod(int(odd[0]), grid.columns)
        expected = bilingual("a number")
        if odd.size > 1:
            expected = bilingual("a number; {number} of {cells} cells hold none", number=odd.size, cells=len(cells))
        return None, [Fault(file.name, f"cell {row + 1}, {column + 1}", "", cells[odd[0]], expected)]
    values[values == header.get("nodata_value", -9999.0)] = np.nan
    return Layer(grid, values.reshape(grid.rows, grid.columns)), []


def too_many(name: str, rows: int, columns: int, most: int) -> Fault:
    """A raster that is larger than what is read."""
    size = bilingual("{rows} x {columns} cells", rows=rows, columns=columns)
    return Fault(name, "", "", size, bilingual("at most {most:,} cells", most=most))


def written(grid: Grid) -> Words:
    """A grid in words."""
    return bilingual(
        "{rows} rows, {columns} columns of {dlon:.6g} x {dlat:.6g} degrees from {west:.6g} E, {north:.6g} N",
        **grid._asdict(),
    )


def _asc_grid(name: str, header: dict[str, float], max_cells: int) -> tuple[Grid | None, list[Fault]]:
    """The grid that a header tells."""
    steps = ("dx", "dy") if {"dx", "dy"} <= header.keys() else ("cellsize", "cellsize")
    corners = [axis + ("center" if axis + "center" in header else "corner") for axis in ("xll", "yll")]
    whole, size = bilingual("a whole number from 1"), bilingual("the size of a cell in {degrees}", degrees=_DEGREES)
    needed: dict[str, tuple[Callable[[float], bool], Words]] = {
        **dict.fromkeys(("ncols", "nrows"), (lambda count: count.is_integer() and count >= 1, whole)),
        **dict.fromkeys(corners, (lambda edge: abs(edge) <= 180, _DEGREES)),
        **dict.fromkeys(steps, (lambda step: 0 < step <= 90, size)),
    }
    faults = [
        Fault(name, "header", key, f"{header[key]:g}" if key in header else None, expected)
        for key, (holds, expected) in needed.items()
        if not holds(header.get(key, np.nan))
    ]
    if faults:
        return None, faults
    dlon, dlat = header[steps[0]], header[steps[1]]
    rows, columns = int(header["nrows"]), int(header["ncols"])
    west, south = (
        header[key] - step / 2 * key.endswith("center") for key, step in zip(corners, (dlon, dlat), strict=True)
    )
    grid = Grid(west, south + dlat * rows, dlon, dlat, rows, columns)
    if max(abs(west), abs(west + dlon * columns)) > 180 or max(abs(south), abs(grid.north)) > 90:
        faults.append(Fault(name, "header", "", written(grid), _DEGREES))
    if rows * columns > max_cells:
        faults.append(too_many(name, rows, columns, max_cells))
    return (None if faults else grid), faults


def _number(word: str) -> float:
    try:
        return float(word)
    except ValueError:
        return np.nan


def _numbers(words: list[str]) -> Floats:
    try:
        # At once, which is far quicker; word by word only where one of them is no number, to tell which.
        return np.array(words, dtype=float)
    except ValueError:
        return np.array([_number(word) for word in words])
