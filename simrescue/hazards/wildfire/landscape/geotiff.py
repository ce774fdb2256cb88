"""Rasters as GeoTIFF, in any coordinate system, laid on a grid of degrees; needs the extra `gis` (rasterio).

Nothing raises: what is wrong comes back as faults.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from simrescue.errors import Fault
from simrescue.hazards.wildfire.landscape.ascii_grid import Grid, Layer, LayerFile, too_many
from simrescue.wording import bilingual


def read_tif(
    file: LayerFile, max_cells: int, base: Grid | None = None, *, smooth: bool = False
) -> tuple[Layer | None, list[Fault]]:
    """The first band of a GeoTIFF, laid on the grid `base`, else on a WGS84 grid of about its own resolution."""
    try:
        import rasterio
        from rasterio.io import MemoryFile
    except ImportError:
        return None, [Fault(file.name, "", "", None, bilingual("the GeoTIFF reader: pip install 'simrescue[gis]'"))]
    with warnings.catch_warnings(), MemoryFile(file.data) as memory:
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # rasterio's own use of the package affine
        try:
            # one driver only: other formats can name further files, which GDAL would then read
            with memory.open(driver="GTiff") as source:
                return _warped(file.name, source, max_cells, base, smooth=smooth)
        except rasterio.errors.RasterioError:
            return None, [Fault(file.name, "", "", None, bilingual("a GeoTIFF that can be read"))]


def _warped(
    name: str, source: Any, max_cells: int, base: Grid | None, *, smooth: bool
) -> tuple[Layer | None, list[Fault]]:
    from rasterio import Affine
    from rasterio.warp import Resampling, calculate_default_transform, reproject

    if source.crs is None or source.transform.is_identity:
        return None, [Fault(name, "", "", None, bilingual("a GeoTIFF with its coordinate system"))]
    if source.width * source.height > max_cells:
        return None, [too_many(name, source.height, source.width, max_cells)]
    grid = base
    if grid is None:
        size = (source.crs, "EPSG:4326", source.width, source.height)
        step, columns, rows = calculate_default_transform(*size, *source.bounds)
        grid = Grid(step.c, step.f, step.a, -step.e, rows, columns)
    if grid.rows * grid.columns > max_cells:
        return None, [too_many(name, grid.rows, grid.columns, max_cells)]
    values = np.full((grid.rows, grid.columns), np.nan)
    band = source.read(1, masked=True).astype(float).filled(np.nan)
    reproject(
        band,
        values,
        src_transform=source.transform,
        src_crs=source.crs,
        src_nodata=np.nan,
        dst_transform=Affine(grid.dlon, 0, grid.west, 0, -grid.dlat, grid.north),
        dst_crs="EPSG:4326",
        dst_nodata=np.nan,
        resampling=Resampling.bilinear if smooth else Resampling.nearest,
    )
    if np.isnan(values).all():
        expected = bilingual("data where the fuel lies") if base else bilingual("data")
        return None, [Fault(name, "", "", None, expected)]
    return Layer(grid, values), []
