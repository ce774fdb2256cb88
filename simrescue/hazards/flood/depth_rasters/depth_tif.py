"""GeoTIFF and ASCII grids in slices: one file for each hour, or one band."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import tzinfo
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.raster_grid import Cells, RasterGrid, checked_grid, refuse
from simrescue.hazards.flood.depth_rasters.raster_hours import hours_in
from simrescue.hazards.flood.depth_rasters.raster_slices import LARGEST_FILE, MOST_SLICES, Floats, Slice
from simrescue.wording import bilingual

WINDOW = 4_000_000
"""Cells that are read at once, or one piece of the file if that is larger."""


class TifFile(NamedTuple):
    """What the head of a GeoTIFF says."""

    path: Path
    grid: RasterGrid
    descriptions: tuple[str, ...]
    """Of its bands."""
    units: tuple[str, ...]


@contextmanager
def opened(path: Path) -> Iterator[Any]:
    """A GeoTIFF, or an ASCII grid (.asc), as rasterio has it, read without any file beside it.

    Raises ScenarioError where it cannot be read.
    """
    import rasterio

    # One driver only, and no look at the folder: other formats and side files can name further files.
    with warnings.catch_warnings(), rasterio.Env(GDAL_DISABLE_READDIR_ON_OPEN="EMPTY_DIR", GDAL_CACHEMAX=64):
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        warnings.simplefilter("ignore", PendingDeprecationWarning)  # rasterio's own use of the package affine
        try:
            if path.stat().st_size > LARGEST_FILE:
                raise refuse(path.name, bilingual("a file of at most {limit} MB", limit=LARGEST_FILE // 1_000_000))
            with rasterio.open(path.resolve(), driver="AAIGrid" if _is_ascii(path) else "GTiff") as source:
                yield source
        except (rasterio.errors.RasterioError, OSError):
            grid, tif = bilingual("an ASCII grid that can be read"), bilingual("a GeoTIFF that can be read")
            raise refuse(path.name, grid if _is_ascii(path) else tif) from None


def _is_ascii(path: Path) -> bool:
    return path.suffix.lower() == ".asc"


def head_of(path: Path, system: str) -> TifFile:
    """What the head of a GeoTIFF says.

    Args:
        path: of the file.
        system: its coordinates where it does not say them; empty: not known.

    Raises:
        ScenarioError: it cannot be read, is too large, or has no system of coordinates.
    """
    with opened(path) as source:
        block = max((height * width for height, width in source.block_shapes[:1]), default=0)
        own = source.crs.to_wkt() if source.crs else ""
        affine = tuple(float(part) for part in source.transform[:6])
        # The identity is what rasterio answers where a file does not say where it lies.
        placed = "" if source.transform.is_identity else own or system
        grid = RasterGrid(placed, affine, source.height, source.width)  # type: ignore[arg-type]
        if source.count > MOST_SLICES:
            raise refuse(path.name, bilingual("at most {most:,} hours", most=MOST_SLICES))
        texts = tuple(text or "" for text in source.descriptions)
        return TifFile(path, checked_grid(path.name, grid, block), texts, tuple(text or "" for text in source.units))


def read_cells(path: Path, band: int, rows: Cells, columns: Cells) -> Floats:
    """Values of some cells, scaled as the file says; NaN where it has no data.

    Args:
        path: of a GeoTIFF.
        band: its number, from 1.
        rows: (N,).
        columns: (N,).

    Raises:
        ScenarioError: it cannot be read to the end.
    """
    from rasterio.windows import Window

    values = np.full(len(rows), np.nan)
    with opened(path) as source:
        height, width = source.block_shapes[band - 1]
        # Windows of whole pieces of the file, so that none is unpacked twice.
        wide = min(source.width, max(1, WINDOW // (height * width)) * width)
        high = min(source.height, max(1, WINDOW // (wide * height)) * height)
        across = -(-source.width // wide)
        window = rows // high * across + columns // wide
        order = np.argsort(window, kind="stable")
        for part in np.split(order, np.flatnonzero(np.diff(window[order])) + 1):
            if not len(part):
                continue
            top, left = int(rows[part].min()), int(columns[part].min())
            size = (int(columns[part].max()) - left + 1, int(rows[part].max()) - top + 1)
            cells: Any = source.read(band, window=Window(left, top, *size), masked=True)
            values[part] = cells[rows[part] - top, columns[part] - left].astype(float).filled(np.nan)
        return values * float(source.scales[band - 1]) + float(source.offsets[band - 1])


def tif_slices(paths: Sequence[Path], zone: tzinfo | None, system: str) -> list[Slice]:
    """The slices of GeoTIFF files, in the order of the files.

    Args:
        paths: of the files; of several, each holds one hour, which its name tells, or bands whose descriptions do.
        zone: of moments that state none.
        system: coordinates of files that do not say theirs.

    Raises:
        ScenarioError: of all files that cannot be read or do not tell their hours.
    """
    faults, files = list[Fault](), list[TifFile]()
    for path in paths:
        try:
            files.append(head_of(path, system))
        except ScenarioError as error:
            faults += error.faults
    single = [file for file in files if len(file.descriptions) == 1 and hours_in(file.descriptions, zone)[0] == [None]]
    slices = list[Slice]()
    whens, is_bare = hours_in([file.path.stem for file in single], zone)
    for file, when in zip(single, whens, strict=True):
        if when is None:
            expected = bilingual("the hour since the start in the name, or the time with its day and year, as {names}",
                                 names="depth_03h.tif, 20230731_1400.tif")  # fmt: skip
            faults.append(Fault(file.path.name, "", "", None, expected))
        else:
            slices.append(Slice(file.path.name, "", when, file.grid, _band_reader(file.path, 1), file.units[0],
                                is_bare=is_bare))  # fmt: skip
    for file in files:
        if file in single:
            continue
        whens, is_bare = hours_in(file.descriptions, zone)
        if None in whens:
            expected = bilingual("one band, or the hour in the description of each band, as {text}", text="t=3 h")
            number = bilingual("{number} bands", number=len(whens))
            faults.append(Fault(file.path.name, "", "", number, expected))
            continue
        slices += [
            Slice(file.path.name, f"({number})", when, file.grid, _band_reader(file.path, number),
                  file.units[number - 1], is_bare=is_bare)
            for number, when in enumerate(whens, 1)
            if when is not None
        ]  # fmt: skip
    if faults:
        raise ScenarioError(faults)
    return slices


def _band_reader(path: Path, band: int) -> Any:
    return lambda rows, columns: read_cells(path, band, rows, columns)
