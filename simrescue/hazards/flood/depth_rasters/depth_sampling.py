"""Depth at places and along roads over the hours of rasters, one slice at a time.

A road is as wet as its deepest cell; a bridge as the deeper of its two ends, since the water below it is not on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_rasters.raster_grid import Points, RasterGrid, refuse
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.hazards.flood.depth_rasters.raster_slices import UNITS_M, Floats, Slice, without_fills
from simrescue.wording import bilingual

DENSE = 0.5
"""Cells between two looks along a line."""
MOST_LOOKS = 20_000_000
DEEPEST_M = 50.0
"""Depth over land above which a number is in another unit, or no depth."""
BELOW_M = 0.05
"""Depth below zero that is rounding of the model that made the raster."""


class WetSite(NamedTuple):
    """Something whose depth is wanted."""

    points: Points
    """Longitude and latitude, shape (P, 2)."""
    is_line: bool = False
    """Whether it is all along the line, and not at the points alone."""


class SampledDepths(NamedTuple):
    """Depths of S sites at H hours."""

    ids: tuple[str, ...]
    whens: tuple[When, ...]
    depth_m: Floats
    """(S, H); NaN where a raster has no data or does not reach."""
    is_inside: NDArray[np.bool_]
    """(S,): whether any raster reaches the site."""
    fills: int
    """Values that stood for no data though their file did not say so."""


class _Looks(NamedTuple):
    """Which cells of a grid are looked at: unique cells, and for each of the pairs its site and cell."""

    rows: NDArray[np.int64]
    columns: NDArray[np.int64]
    site: NDArray[np.intp]
    cell: NDArray[np.intp]


def sample(slices: Sequence[Slice], sites: Mapping[str, WetSite], unit: str = "") -> SampledDepths:
    """The depth at some sites in all slices.

    Args:
        slices: in the order of their hours; of several at one hour, tiles, the deepest counts.
        sites: id -> where it is.
        unit: of depth in files that do not say theirs; empty: metres.

    Raises:
        ScenarioError: a file cannot be read to its end, holds what can be no depth in its unit, or all of them lie
            elsewhere than the sites.
    """
    whens = tuple(dict.fromkeys(part.when for part in slices))
    depth, is_inside = np.full((len(sites), len(whens)), np.nan), np.zeros(len(sites), dtype=bool)
    looks, fills = dict[RasterGrid, _Looks](), 0
    for part in slices:
        if part.quantity == "level":
            raise refuse(part.file, bilingual("depth over the ground; of the water's level the import makes it, with an"
                                              " elevation model"), part.variable)  # fmt: skip
        # All hours of a run lie on one grid: projecting places and roads is done once.
        if part.grid not in looks:
            looks[part.grid] = _looks(part, list(sites.values()))
        seen = looks[part.grid]
        is_inside[seen.site] = True
        raw, filled = without_fills(part.read(seen.rows, seen.columns))
        values = raw * factor_of(part, unit)
        _may_be_depths(part, values, seen, list(sites))
        fills += filled
        at_sites = np.full(len(sites), -np.inf)
        np.maximum.at(at_sites, seen.site, np.where(np.isnan(values), -np.inf, values)[seen.cell])
        # A hair below zero is rounding of the model; what is more has been refused (`BELOW_M`).
        in_tile = np.where(np.isfinite(at_sites), np.maximum(at_sites, 0.0), np.nan)
        of_hour = whens.index(part.when)
        # `fmax` takes the number where a tile has none: tiles without data there do not hide the others.
        depth[:, of_hour] = np.fmax(depth[:, of_hour], in_tile)
    if sites and slices and not is_inside.any():
        expected = bilingual("rasters that reach a place: their coordinates, or those of the places, are of another "
                             "system")  # fmt: skip
        raise refuse(slices[0].file, expected)
    return SampledDepths(tuple(sites), whens, depth, is_inside, fills)


def points_of(depth_m: Floats) -> list[tuple[int, float]]:
    """The points of a series that tell all of it: number of the hour and depth to the millimetre; none where it is dry.

    Args:
        depth_m: (H,); NaN counts as dry, as models leave dry cells without data.
    """
    depth = np.round(np.nan_to_num(depth_m), 3)
    if not depth.any():
        return []
    same = np.zeros(len(depth), dtype=bool)
    same[1:-1] = (depth[1:-1] == depth[:-2]) & (depth[1:-1] == depth[2:])
    return [(number, float(depth[number])) for number in np.flatnonzero(~same).tolist()]


def factor_of(part: Slice, unit: str) -> float:
    """What the numbers of a slice are multiplied by to be metres.

    Args:
        part: the slice.
        unit: of files that do not say theirs; empty: metres.

    Raises:
        ScenarioError: its unit is not known.
    """
    written = (part.unit.strip().lower() or unit or "m") if part.unit.strip() not in ("", "1") else unit or "m"
    if written not in UNITS_M:
        raise refuse(part.name, bilingual("depth in {units}", units="m, cm, mm, ft"), written)
    return UNITS_M[written]


def _may_be_depths(part: Slice, values: Floats, seen: _Looks, ids: Sequence[str]) -> None:
    """Raises ScenarioError where values can be no depth over land."""
    for wrong, expected in (
        (values > DEEPEST_M, bilingual("depths up to {most:g} m over the ground: in another unit, {option}; a level of "
                                       "the water is none", most=DEEPEST_M,
                                       option="--rasters-unit cm, hazard.rasters.unit")),
        (values < -BELOW_M, bilingual("depths from 0; a number for no data has to be said in the file")),
    ):  # fmt: skip
        if wrong.any():
            cell = int(np.flatnonzero(wrong)[0])
            site = ids[int(seen.site[np.flatnonzero(seen.cell == cell)[0]])]
            raise ScenarioError([Fault(part.name, site, "", f"{values[cell]:g} m", expected)])


def _looks(part: Slice, sites: Sequence[WetSite]) -> _Looks:
    sizes = [len(site.points) for site in sites]
    all_points = np.concatenate([site.points for site in sites]) if sites else np.zeros((0, 2))
    placed = np.split(part.grid.cells(all_points), np.cumsum(sizes)[:-1]) if sites else []
    number, spots = [np.zeros(0, dtype=np.intp)], [np.zeros((0, 2))]
    looks = 0
    for site, (where, cells) in enumerate(zip(sites, placed, strict=True)):
        along = _along(cells, part.grid) if where.is_line and len(cells) > 1 else cells
        along = along[part.grid.holds(along)]
        looks += len(along)
        # Counted before they are put together: a road through cells of a centimetre would fill the memory.
        if looks > MOST_LOOKS:
            raise refuse(part.file, bilingual("larger cells: at most {most:,} looks along roads", most=MOST_LOOKS))
        spots.append(along)
        number.append(np.full(len(along), site))
    cell = np.concatenate(spots).astype(np.int64)
    # A road looks at one cell many times: each is read once.
    flat, of_look = np.unique(cell[:, 1] * part.grid.columns + cell[:, 0], return_inverse=True)
    pairs = np.unique(np.stack([np.concatenate(number), of_look.reshape(-1)]), axis=1)
    return _Looks(flat // part.grid.columns, flat % part.grid.columns, pairs[0], pairs[1])


def _along(cells: Points, grid: RasterGrid) -> Points:
    """Points along a line, no further apart than `DENSE` cells; nothing of what lies outside the raster."""
    start, run = cells[:-1], np.diff(cells, axis=0)
    good = np.isfinite(start).all(axis=1) & np.isfinite(run).all(axis=1)
    start, run = start[good], run[good]
    first, last = np.zeros(len(run)), np.ones(len(run))
    # Of each straight piece only what lies in the rectangle (Liang and Barsky 1984): cells may be tiny.
    for axis, size in enumerate((grid.columns, grid.rows)):
        with np.errstate(divide="ignore", invalid="ignore"):
            a, b = (0.0 - start[:, axis]) / run[:, axis], (size - start[:, axis]) / run[:, axis]
        flat = run[:, axis] == 0
        out = flat & ((start[:, axis] < 0) | (start[:, axis] >= size))
        first = np.maximum(first, np.where(flat, 0.0, np.minimum(a, b)))
        last = np.where(out, -1.0, np.minimum(last, np.where(flat, 1.0, np.maximum(a, b))))
    inside = last >= first
    start, run, first, last = start[inside], run[inside], first[inside], last[inside]
    steps = np.ceil(np.hypot(run[:, 0], run[:, 1]) * (last - first) / DENSE).astype(np.int64) + 1
    piece = np.repeat(np.arange(len(steps)), steps + 1)
    step = np.arange(len(piece)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    share = first[piece] + (last - first)[piece] * step / steps[piece]
    along: Points = start[piece] + run[piece] * share[:, None]
    return along
