"""Depths of a flood from rasters, as rows of depths.csv, and what the protocol tells of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from simrescue.hazards.flood.depth_rasters.depth_files import open_slices
from simrescue.hazards.flood.depth_rasters.depth_sampling import SampledDepths, factor_of, sample
from simrescue.hazards.flood.depth_rasters.raster_grid import (
    Cells,
    RasterGrid,
    called_system,
    code_of,
    is_shift_unknown,
)
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.hazards.flood.depth_rasters.raster_slices import Floats, Slice, without_fills
from simrescue.intake.file_read import FileFact, FileRead
from simrescue.intake.naming.place_titles import told_apart
from simrescue.intake.raster_files.ground_heights import heights_at
from simrescue.intake.raster_files.raster_roles import titled
from simrescue.scenario.files.depth_raster_files import TableRows, rows_of_depths, wet_sites
from simrescue.wording import NAMES, Words, bilingual, listed

MOST_HOURS, MOST_NAMED = 12, 5
GAP = 1.5
"""Times the usual step between hours, from which a gap is named."""
WET_M = 0.005


def flood_depths(
    paths: Sequence[Path],
    rows: TableRows,
    lines: Mapping[str, Any],
    zone: tzinfo | None,
    *,
    system: str,
    unit: str,
    ground: Sequence[Path] = (),
    netcdf_zone: tzinfo | None = UTC,
) -> tuple[list[dict[str, str]], FileRead]:
    """The rows of depths.csv, and how the rasters were read.

    Args:
        paths: of the rasters.
        rows: of all tables, coordinates in degrees of WGS84.
        lines: id of a road -> its line in degrees, shape (P, 2).
        zone: of moments that state none.
        system: coordinates of files that do not say theirs; empty: not known.
        unit: of depth in files that do not say theirs; empty: metres.
        netcdf_zone: of moments of NetCDF that state none: UTC by the CF conventions.
        ground: elevation models where the rasters are of the water's level; empty: they are of its depth.

    Raises:
        ScenarioError: a raster cannot be read or does not tell its hour.
    """
    slices = open_slices(paths, zone, system, netcdf_zone)
    offset = slices[0].when.isoformat()[-6:] if isinstance(slices[0].when, datetime) else ""
    slices = [
        replace(part, when=part.when.astimezone(zone)) if zone and isinstance(part.when, datetime) else part
        for part in slices
    ]  # the clock of the county, by which its days and nights are told
    if ground:
        slices = over_ground(slices, ground, system=system, unit=unit)
    sampled = sample(slices, wet_sites(rows, lines), unit)
    made = [row for _, row in rows_of_depths(sampled, rows)]
    facts = [*_facts(slices, sampled, rows, system=system, unit=unit, offset=offset)]
    if ground:
        found = bilingual("level of the water less the ground of {files}, taken as of the same datum",
                          files=titled([path.name for path in ground]))  # fmt: skip
        facts.insert(0, FileFact(bilingual("Depth"), found, True))
    wet = np.nan_to_num(sampled.depth_m).max(axis=1, initial=0.0) > WET_M
    said = bilingual("depth of water at {wet} of {all} places and roads became {number} rows of {table}",
                     wet=int(wet.sum()), all=len(wet), number=len(made), table="depths.csv")  # fmt: skip
    return made, FileRead(titled(list(dict.fromkeys(part.file for part in slices))), said, tuple(facts))


def _facts(
    slices: Sequence[Slice], sampled: SampledDepths, rows: TableRows, *, system: str, unit: str, offset: str
) -> Iterator[FileFact]:
    all_rows = [{key: str(cell) for key, cell in row.items()} for of in rows.values() for row in of]
    names = {row.get("id", ""): name for row, name in zip(all_rows, told_apart(all_rows), strict=True)}
    roads = {str(row.get("id", "")) for row in rows.get("roads", ())}
    is_road = np.array([name in roads for name in sampled.ids], dtype=bool)
    assumed = any(part.is_bare or part.is_zone_assumed for part in slices)
    yield FileFact(bilingual("Hours"), _hours(slices, offset), assumed)
    yield from _gaps(sampled.whens)
    yield from _systems(slices, system)
    variables = {part.variable: part.quantity for part in slices if part.variable}
    if variables:
        named = ", ".join(variables)
        found = bilingual("{name}; nothing in the file says that it is of depth", name=named)
        is_guessed = "" in variables.values()
        yield FileFact(bilingual("Variable"), found if is_guessed else Words(named, named), is_guessed)
    units = sorted({part.unit.strip() for part in slices} - {"", "1"})
    stated = bilingual("{unit}, as the files say", unit=", ".join(units))
    taken = bilingual("{unit}: the files do not say", unit=unit or "m")
    yield FileFact(bilingual("Unit of depth"), stated if units else taken, not units)
    inside = sampled.is_inside
    found = bilingual("{places} of {all_places} places and {roads} of {all_roads} roads", all_roads=int(is_road.sum()),
                      places=int((inside & ~is_road).sum()), all_places=int((~is_road).sum()),
                      roads=int((inside & is_road).sum()))  # fmt: skip
    if not inside.all():
        found = bilingual("{text}; dry beyond: {names}", text=found, names=_named(sampled, ~inside, names))
    yield FileFact(bilingual("Inside the rasters"), found, not bool(inside.all()))
    empty = inside & np.isnan(sampled.depth_m).all(axis=1)
    if empty.any():
        found = bilingual("{number} in all hours, taken as dry: {names}", number=int(empty.sum()),
                          names=_named(sampled, empty, names))  # fmt: skip
        yield FileFact(bilingual("Without data"), found, True)
    if sampled.fills:
        found = bilingual("{number} values as {example} that the files do not declare, taken as no data",
                          number=sampled.fills, example="-9999")  # fmt: skip
        yield FileFact(bilingual("Without data"), found, True)
    yield from _water(sampled, is_road, names)
    yield FileFact(bilingual("Before the first hour and after the last"), bilingual("the same depth"), True)


def over_ground(slices: Sequence[Slice], ground: Sequence[Path], *, system: str, unit: str) -> list[Slice]:
    """Slices of the water's level as slices of its depth: what stands above the ground at the centre of each cell.

    Args:
        slices: of the level.
        ground: elevation models, in metres on the same datum.
        system: coordinates of models that do not say theirs.
        unit: of the level in files that do not say theirs; empty: metres.
    """
    known = dict[tuple[RasterGrid, bytes, bytes], Floats]()

    def reader(part: Slice) -> Callable[[Cells, Cells], Floats]:
        def read(rows: Cells, columns: Cells) -> Floats:
            cells = (part.grid, rows.tobytes(), columns.tobytes())
            if cells not in known:
                known.clear()  # of one grid at a time: all hours of it look at the same cells
                known[cells] = heights_at(ground, part.grid.centres(rows, columns), system)
            level, _ = without_fills(part.read(rows, columns))
            return np.maximum(level * factor_of(part, unit) - known[cells], 0.0)

        return read

    return [replace(part, read=reader(part), unit="m", quantity="depth") for part in slices]


def _hours(slices: Sequence[Slice], offset: str) -> Words:
    whens = list(dict.fromkeys(_when_text(part.when) for part in slices))
    shown = whens if len(whens) <= MOST_HOURS else [*whens[: MOST_HOURS - 2], "...", whens[-1]]
    text = ", ".join(shown)
    told = bilingual("{number}: {hours}", number=len(whens), hours=text)
    if isinstance(slices[0].when, datetime):
        if any(part.is_zone_assumed for part in slices):
            told = bilingual("{text} (the file states no offset from UTC; taken: {offset})", text=told, offset=offset)
        return told
    told = bilingual("{text} since the start", text=told)
    if any(part.is_bare for part in slices):
        told = bilingual("{text} (numbers at the end of names, taken as hours)", text=told)
    return told


def _gaps(whens: Sequence[When]) -> Iterator[FileFact]:
    """The longest time without a raster, where it is longer than is usual among them."""
    steps = [_apart_h(before, after) for before, after in pairwise(whens)]
    if steps and max(steps) > GAP * float(np.median(steps)):
        at = int(np.argmax(steps))
        found = bilingual("{before} to {after}: depth taken straight between them", before=_when_text(whens[at]),
                          after=_when_text(whens[at + 1]))  # fmt: skip
        yield FileFact(bilingual("Gap in the hours"), found, True)


def _apart_h(before: When, after: When) -> float:
    if isinstance(before, datetime) and isinstance(after, datetime):
        return (after - before).total_seconds() / 3600
    return float(after) - float(before)  # type: ignore[arg-type]


def _when_text(when: When) -> str:
    return f"{when:%m-%d %H:%M}" if isinstance(when, datetime) else f"{when:g} h"


def _systems(slices: Sequence[Slice], system: str) -> Iterator[FileFact]:
    systems = sorted({part.grid.system for part in slices})
    called = ", ".join(dict.fromkeys(called_system(one) for one in systems))
    yield FileFact(bilingual("Coordinates"), Words(called, called), code_of(system) in systems)
    if any(is_shift_unknown(one) for one in systems):
        found = bilingual("some tens of metres or more against WGS84, which nobody corrects")
        yield FileFact(bilingual("Shift of the old survey"), found, True)


def _water(sampled: SampledDepths, is_road: Any, names: Mapping[str, str]) -> Iterator[FileFact]:
    depth = np.nan_to_num(sampled.depth_m)
    if depth.size and depth[~is_road].max(initial=0.0) > WET_M:
        site, at = np.unravel_index(int(np.where(is_road[:, None], -1.0, depth).argmax()), depth.shape)
        found = bilingual("{depth:.2f} m at {name}, {hour}", depth=float(depth[site, at]),
                          name=names.get(sampled.ids[site], sampled.ids[site]),
                          hour=_when_text(sampled.whens[at]))  # fmt: skip
        yield FileFact(bilingual("Deepest"), found)
    early = is_road & (depth[:, 0] > WET_M) if depth.size else is_road
    if early.any():
        found = bilingual("{number}; if they cross a river on a bridge, mark it in the column {column}: {names}",
                          number=int(early.sum()), column="bridge", names=_named(sampled, early, names))  # fmt: skip
        yield FileFact(bilingual("Roads under water in the first hour"), found, True)


def _named(sampled: SampledDepths, which: Any, names: Mapping[str, str]) -> Words:
    chosen = [sampled.ids[number] for number in np.flatnonzero(which)]
    listed_names = listed([Words(names.get(one, one), names.get(one, one)) for one in chosen[:MOST_NAMED]], NAMES)
    if len(chosen) <= MOST_NAMED:
        return listed_names
    return bilingual("{names} and {number} more", names=listed_names, number=len(chosen) - MOST_NAMED)
