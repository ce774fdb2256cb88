"""Rasters as a row of slices, each the depth of water at one hour, which are opened and checked but not yet read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.raster_grid import Cells, RasterGrid, refuse
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.wording import bilingual

Floats = NDArray[np.float64]
UNITS_M = {"m": 1.0, "metre": 1.0, "meter": 1.0, "metres": 1.0, "meters": 1.0, "米": 1.0, "dm": 0.1, "cm": 0.01,
           "centimetre": 0.01, "centimeter": 0.01, "centimetres": 0.01, "centimeters": 0.01, "厘米": 0.01,
           "mm": 0.001, "millimetre": 0.001, "millimeter": 0.001, "毫米": 0.001}  # fmt: skip
"""Units of depth as files write them -> metres."""
FILLS = (-9999.0, -32768.0, -32767.0, 32767.0, 65535.0, 9999.0, 99999.0)
"""Numbers that stand for no data in files that do not say so, besides all beyond `FAR`."""
FAR = 1e15
TIF, NETCDF = (".tif", ".tiff"), (".nc", ".nc4")
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


def open_slices(paths: Sequence[Path], zone: tzinfo | None, system: str = "") -> list[Slice]:
    """The slices of some files, in the order of their hours.

    Args:
        paths: GeoTIFF, one for each hour or with a band for each, or NetCDF with a dimension of time.
        zone: of moments that state none.
        system: coordinates of files that do not say theirs; empty: not known.

    Raises:
        ScenarioError: a library is missing, a file cannot be read or does not tell its hours, or two are of one hour.
    """
    needs(paths[0].name, "rasterio", "pyproj")
    if any(path.suffix.lower() in NETCDF for path in paths):
        needs(paths[0].name, "h5py")
    from simrescue.hazards.flood.depth_rasters.depth_netcdf import netcdf_slices
    from simrescue.hazards.flood.depth_rasters.depth_tif import tif_slices

    faults, slices = list[Fault](), list[Slice]()
    tifs = [path for path in paths if path.suffix.lower() in TIF]
    reads = [partial(tif_slices, tifs), *(partial(netcdf_slices, path) for path in paths if path not in tifs)]
    for read in reads:
        try:
            slices += read(zone, system)
        except ScenarioError as error:
            faults += error.faults
    if faults or not slices:
        raise ScenarioError(faults)
    if len(slices) > MOST_SLICES:
        raise refuse(paths[0].name, bilingual("at most {most:,} hours", most=MOST_SLICES))
    kinds = {isinstance(part.when, datetime) for part in slices}
    if len(kinds) > 1:
        odd = next(part for part in slices if not isinstance(part.when, datetime))
        raise refuse(odd.name, bilingual("a date and time as in the other rasters, not hours since the start"))
    often = Counter(part.when for part in slices)
    if twice := [part for part in slices if often[part.when] > 1]:
        names = ", ".join(part.name for part in twice[:3])
        raise refuse(names, bilingual("one raster for each hour"), str(twice[0].when))
    return sorted(slices, key=lambda part: part.when)
