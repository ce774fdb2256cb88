"""Files of depth rasters as a row of slices, in the order of their hours."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from itertools import combinations, groupby
from pathlib import Path

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.depth_netcdf import netcdf_slices
from simrescue.hazards.flood.depth_rasters.depth_tif import tif_slices
from simrescue.hazards.flood.depth_rasters.raster_grid import refuse
from simrescue.hazards.flood.depth_rasters.raster_slices import MOST_SLICES, NETCDF, TIF, Slice, needs
from simrescue.wording import bilingual

BESIDE = 0.1
"""Share of a tile by which tiles of one hour may overlap."""


def open_slices(
    paths: Sequence[Path], zone: tzinfo | None, system: str = "", netcdf_zone: tzinfo | None = UTC
) -> list[Slice]:
    """The slices of some files, in the order of their hours; several of one hour are tiles beside one another.

    Args:
        paths: GeoTIFF or ASCII grids, one for each hour or with a band for each, or NetCDF with a dimension of time.
        zone: of moments that state none.
        system: coordinates of files that do not say theirs; empty: not known.
        netcdf_zone: of moments of NetCDF that state none: UTC by the CF conventions.

    Raises:
        ScenarioError: a library is missing, a file cannot be read or does not tell its hours, or two are of one hour
            and the same ground.
    """
    needs(paths[0].name, "rasterio", "pyproj")
    if any(path.suffix.lower() in NETCDF for path in paths):
        needs(paths[0].name, "h5py")
    faults, slices = list[Fault](), list[Slice]()
    tifs = [path for path in paths if path.suffix.lower() in TIF]
    reads = [
        partial(tif_slices, tifs, zone),
        *(partial(netcdf_slices, path, netcdf_zone) for path in paths if path not in tifs),
    ]
    for read in reads:
        try:
            slices += read(system)
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
    slices.sort(key=lambda part: part.when)
    for when, of_hour in groupby(slices, key=lambda part: part.when):
        for part, other in combinations(of_hour, 2):
            if part.grid.overlap(other.grid) > BESIDE:
                expected = bilingual("one raster for each hour, or tiles that lie beside one another")
                raise refuse(f"{part.name}, {other.name}", expected, str(when))
    return slices
