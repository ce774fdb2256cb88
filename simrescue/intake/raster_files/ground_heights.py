"""Height of the ground at places from an elevation model, between the centres of its cells."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.flood.depth_rasters.depth_tif import TifFile, head_of, read_cells
from simrescue.hazards.flood.depth_rasters.raster_grid import Points, called_system, code_of, is_shift_unknown, refuse
from simrescue.hazards.flood.depth_rasters.raster_slices import UNITS_M, needs, without_fills
from simrescue.intake.file_read import FileFact, FileRead
from simrescue.intake.raster_files.raster_roles import titled
from simrescue.units import read_number
from simrescue.wording import NAMES, Words, bilingual, listed

LOWEST_M, HIGHEST_M = -500.0, 9000.0
FAR_OFF_M = 5.0
"""Median difference between heights in tables and in the model from which it is told: two datums, or a slip."""

SINGLE_OFF_M, MOST_NAMED = 20.0, 5
"""A single height so far off, beside what all are, is told by name: models err by some 10 m in hills (assumed)."""


class ModelHeights(NamedTuple):
    """Heights of some places."""

    heights_m: dict[str, float]
    """Id -> height; places where the model has none are left out."""
    read: FileRead


def ground_heights(
    paths: Sequence[Path], spots: Mapping[str, tuple[float, float]], stated: Mapping[str, str], system: str,
    names: Mapping[str, str] | None = None,
) -> ModelHeights:  # fmt: skip
    """The height of the ground at places, from the first of several files that has one there.

    Args:
        paths: GeoTIFF files.
        spots: id -> longitude and latitude, WGS84.
        stated: id -> height as a table has it, or empty.
        system: coordinates of files that do not say theirs; empty: not known.
        names: id -> what the place is called; left out: its id.

    Raises:
        ScenarioError: a file cannot be read, or holds what can be no heights in metres.
    """
    needs(paths[0].name, "rasterio", "pyproj")
    heights = np.full(len(spots), np.nan)
    points, heads, fills = np.array(list(spots.values()), dtype=float).reshape(-1, 2), [], 0
    inside, factors = np.zeros(len(spots), dtype=bool), list[float]()
    for path in paths:
        head = head_of(path, system)
        heads.append(head)
        factors.append(metres_a_unit(head))
        cells = head.grid.cells(points)
        inside |= head.grid.holds(cells)
        here, filled = _between(head, cells)
        here, fills = here * factors[-1], fills + filled
        if ((here < LOWEST_M) | (here > HIGHEST_M)).any():
            raise refuse(path.name, bilingual("heights from -500 to 9000 m"), f"{np.nanmax(np.abs(here)):g}")
        heights = np.where(np.isnan(heights), here, heights)
    known = {name: float(height) for name, height in zip(spots, heights, strict=True) if np.isfinite(height)}
    given = [name for name in known if not stated.get(name)]
    said = bilingual("height of the ground at {number} of {all} places; {given} had none in the tables",
                     number=len(known), all=len(spots), given=len(given))  # fmt: skip
    return ModelHeights(
        known,
        FileRead(
            titled([path.name for path in paths]),
            said,
            (
                *_units(heads, factors),
                *_facts(heads, inside, known, stated, fills, system),
                *_far_off(known, stated, names or {}),
            ),
        ),
    )


def metres_a_unit(head: TifFile) -> float:
    """Metres in the unit of a model of heights: that which its band states, else that in its name, else metres.

    Args:
        head: of the file.

    Raises:
        ScenarioError: it has several bands, or a unit that is none of heights.
    """
    if len(head.descriptions) != 1:
        value = bilingual("{number} bands", number=len(head.descriptions))
        raise refuse(head.path.name, bilingual("one band of heights in metres"), value)
    unit = head.units[0].lower() or _unit_in(head.path.stem)
    if unit not in UNITS_M:
        raise refuse(head.path.name, bilingual("one band of heights in metres"), head.units[0])
    return UNITS_M[unit]


def _unit_in(name: str) -> str:
    """The unit that the name of a file ends with, as dem_ft; metres where it names none."""
    last = re.split(r"[\W_]+", name.lower())[-1]
    return last if last in UNITS_M and UNITS_M[last] < 1.0 else "m"


def _units(heads: Sequence[TifFile], factors: Sequence[float]) -> Iterator[FileFact]:
    """What is said of models in other units than metres."""
    named = [head.path.name for head, factor in zip(heads, factors, strict=True) if factor != 1.0]
    if named:
        yield FileFact(bilingual("Unit of the heights"), bilingual("not metres, by the file or its name, and converted:"
                       " {names}", names=", ".join(named)), True)  # fmt: skip


def heights_at(paths: Sequence[Path], points: Points, system: str) -> NDArray[np.float64]:
    """Height of the ground at some points, NaN where no model has one.

    Args:
        paths: GeoTIFF files.
        points: longitude and latitude, shape (P, 2).
        system: coordinates of files that do not say theirs; empty: not known.

    Raises:
        ScenarioError: a file cannot be read.
    """
    heights = np.full(len(points), np.nan)
    for head in (head_of(path, system) for path in paths):
        here, _ = _between(head, head.grid.cells(points))
        heights = np.where(np.isnan(heights), here * metres_a_unit(head), heights)
    return heights


def _between(head: TifFile, cells: Points) -> tuple[NDArray[np.float64], int]:
    """Heights between the centres of the four cells around; the nearest where one has none. And undeclared gaps."""
    heights, held = np.full(len(cells), np.nan), np.flatnonzero(head.grid.holds(cells))
    corner = np.floor(cells[held] - 0.5).astype(np.int64)
    share = cells[held] - 0.5 - corner
    across = np.clip(corner[:, :1] + np.array([0, 1, 0, 1]), 0, head.grid.columns - 1)
    down = np.clip(corner[:, 1:] + np.array([0, 0, 1, 1]), 0, head.grid.rows - 1)
    read, fills = without_fills(read_cells(head.path, 1, down.reshape(-1), across.reshape(-1)))
    four = read.reshape(-1, 4)
    right, low = share[:, :1], share[:, 1:]
    weight = np.concatenate([(1 - right) * (1 - low), right * (1 - low), (1 - right) * low, right * low], axis=1)
    nearest = four[np.arange(len(four)), weight.argmax(axis=1)] if len(four) else np.zeros(0)
    smooth = (four * weight).sum(axis=1)
    heights[held] = np.where(np.isnan(smooth), nearest, smooth)
    return heights, fills


def _facts(
    heads: Sequence[TifFile], inside: NDArray[np.bool_], known: Mapping[str, float], stated: Mapping[str, str],
    fills: int, system: str,
) -> Iterator[FileFact]:  # fmt: skip
    systems = list(dict.fromkeys(head.grid.system for head in heads))
    called = ", ".join(dict.fromkeys(called_system(one) for one in systems))
    yield FileFact(bilingual("Coordinates"), Words(called, called), code_of(system) in systems)
    if any(is_shift_unknown(one) for one in systems):
        found = bilingual("some tens of metres or more against WGS84, which nobody corrects")
        yield FileFact(bilingual("Shift of the old survey"), found, True)
    datums = list(dict.fromkeys(filter(None, map(_height_datum, systems))))
    if datums:
        yield FileFact(bilingual("Datum of the heights"), Words(", ".join(datums), ", ".join(datums)))
    else:
        found = bilingual("the file does not say: taken as that of the water levels")
        yield FileFact(bilingual("Datum of the heights"), found, True)
    outside, empty = int((~inside).sum()), int(inside.sum()) - len(known)
    yield FileFact(bilingual("Places beyond the model"), Words(str(outside), str(outside)), outside > 0)
    yield FileFact(bilingual("Places without data in it"), Words(str(empty), str(empty)), empty > 0)
    if fills:
        found = bilingual("{number} values as {example} that the files do not declare, taken as no data",
                          number=fills, example="-9999")  # fmt: skip
        yield FileFact(bilingual("Without data"), found, True)
    apart = np.array(list(_apart(known, stated).values()))
    if len(apart):
        found = bilingual("{number} heights of the tables stay; they lie {apart:+.1f} m (median) from the model",
                          number=len(apart), apart=float(np.median(apart)))  # fmt: skip
        yield FileFact(bilingual("Against the tables"), found, bool(np.abs(np.median(apart)) > FAR_OFF_M))


def _apart(known: Mapping[str, float], stated: Mapping[str, str]) -> dict[str, float]:
    """Id -> how far the height of a table lies above the model's."""
    both = {name: read_number(text.removesuffix("m").strip()) - known[name] for name, text in stated.items()
            if text and name in known}  # fmt: skip
    return {name: apart for name, apart in both.items() if np.isfinite(apart)}


def _far_off(known: Mapping[str, float], stated: Mapping[str, str], names: Mapping[str, str]) -> Iterator[FileFact]:
    """The single heights of tables that lie far off the model, beside what all do."""
    apart = _apart(known, stated)
    middle = float(np.median(list(apart.values()))) if apart else 0.0
    far = sorted((name for name in apart if abs(apart[name] - middle) > SINGLE_OFF_M),
                 key=lambda name: -abs(apart[name] - middle))  # fmt: skip
    if far:
        texts = [f"{names.get(name, name)} {apart[name]:+.0f} m" for name in far[:MOST_NAMED]]
        found = listed([Words(text, text) for text in texts], NAMES)
        if len(far) > MOST_NAMED:
            found = bilingual("{names} and {number} more", names=found, number=len(far) - MOST_NAMED)
        yield FileFact(bilingual("Heights of the tables far off it: another spot or a wrong digit?"), found, True)


def _height_datum(system: str) -> str:
    """Name of the vertical datum that a system of coordinates says, empty where it says none; `system`: WKT."""
    from pyproj import CRS

    parts = CRS.from_user_input(system).sub_crs_list
    return next((str(part.name) for part in parts if part.is_vertical), "")
