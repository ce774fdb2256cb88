"""A slice of rasters: the depth of water at one hour, which is opened and checked but not yet read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.flood.depth_rasters.raster_grid import Cells, RasterGrid, refuse
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.units import AS_WRITTEN
from simrescue.wording import bilingual

Floats = NDArray[np.float64]
_IN_FULL = {"1": "metre|meter", "1/100": "centimetre|centimeter", "1/1000": "millimetre|millimeter"}
UNITS_M = {
    word: float(Fraction(factor))
    for factor, words in AS_WRITTEN["height"].items()
    for word in (*words, *(f"{name}{end}" for name in _IN_FULL.get(factor, "").split("|") if name for end in ("", "s")))
}
"""Units of depth as files write them -> metres."""
FILLS = (-9999.0, -32768.0, -32767.0, 32767.0, 65535.0, 9999.0, 99999.0)
"""Numbers that stand for no data in files that do not say so, besides all beyond `FAR`."""
FAR = 1e15
TIF, NETCDF = (".tif", ".tiff", ".asc"), (".nc", ".nc4")
"""Endings of what is read as GeoTIFF or ASCII grid, and of NetCDF."""
MOST_SLICES = 5_000
LARGEST_FILE = 8_000_000_000
"""Bytes."""


@dataclass(frozen=True)
class Slice:
    """The depth at one hour."""

    file: str
    label: str
    """Band or step in the file; empty: the file holds one."""
    when: When
    grid: RasterGrid
    read: Callable[[Cells, Cells], Floats]
    """Values at some rows and columns, (N,); NaN where there is no data."""
    unit: str = ""
    """Unit that the file states; empty: none."""
    is_bare: bool = False
    """Whether the hour is a bare number at the end of a name."""
    is_zone_assumed: bool = False
    """Whether its moments state no offset from UTC."""
    variable: str = ""
    """Name of the variable of a file that holds several; empty: it holds none by name."""
    quantity: str = ""
    """`depth` or `level`, as its variable says; empty: it says nothing."""

    @property
    def name(self) -> str:
        """File and band."""
        return f"{self.file} {self.label}".strip()


def without_fills(values: Floats) -> tuple[Floats, int]:
    """Values with NaN where a number stands for no data, though the file does not say so; and how many there were.

    Args:
        values: (N,).
    """
    is_fill = np.isin(values, FILLS) | (np.abs(values) > FAR)
    return np.where(is_fill, np.nan, values), int(is_fill.sum())


def needs(file: str, *libraries: str) -> None:
    """Raises ScenarioError where a library of the extra `gis` is not installed.

    Args:
        file: that needs it.
        libraries: their names.
    """
    for library in libraries:
        if find_spec(library) is None:
            raise refuse(file, bilingual("the extra {extra} ({library}): {command}", extra="gis", library=library,
                                         command="pip install 'simrescue[gis]'"))  # fmt: skip
