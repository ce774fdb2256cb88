"""NetCDF in slices: a variable of depth over time and two axes, by the CF conventions.

NetCDF-4 is read by h5py, NetCDF-3 by scipy, one step of time at a time. Links and data outside the file are never
followed.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from simrescue.errors import ScenarioError
from simrescue.hazards.flood.depth_rasters.classic_netcdf import MAGIC, ClassicVariable, classic_variables
from simrescue.hazards.flood.depth_rasters.raster_grid import Cells, RasterGrid, checked_grid, refuse
from simrescue.hazards.flood.depth_rasters.raster_hours import When
from simrescue.hazards.flood.depth_rasters.raster_slices import LARGEST_FILE, MOST_SLICES, Floats, Slice
from simrescue.hazards.flood.depth_rasters.raster_words import is_named, raster_words
from simrescue.units import AS_WRITTEN
from simrescue.wording import bilingual

CLASSIC = b"CDF"
"""First bytes of NetCDF before 4, and of NetCDF-5."""
UNEVEN = 0.2
"""Share of a cell by which the centres of cells may lie off even steps: single precision of degrees."""
CELLS_AT_ONCE = 4_000_000
"""Cells that are read at once."""
_SINCE = re.compile(r"(\w+)\s+since\s+(.+)", re.IGNORECASE)
_MOMENT = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]+(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.\d+)?)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{1,2}(?::?\d\d)?)?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d\d)?")
_TIME = bilingual("time in {text} or {other}", text="hours since 2023-07-31 08:00 +08:00", other="hours")
_STEPS = {word: float(Fraction(hours)) for hours, words in AS_WRITTEN["duration"].items() for word in words}
"""Units of time -> hours."""
_SHORT = re.compile(r"(^|_)(h|wd)$")
"""Short names of variables of depth."""
CALENDARS = ("", "standard", "gregorian", "proleptic_gregorian")
"""Calendars of CF in which the days of today are counted as everybody does; others leave days out."""
AXES = {"time": ("time",), "x": ("x", "lon"), "y": ("y", "lat")}
"""Axis -> words for it."""


class DepthCube(NamedTuple):
    """What a NetCDF file says of its variable of depth."""

    name: str
    order: tuple[int, int, int]
    """Number of the dimension of time, of the rows and of the columns."""
    grid: RasterGrid
    whens: list[When]
    is_zone_assumed: bool
    unit: str
    quantity: str
    """`depth` or `level`, as the name or a description of the variable says; empty: it says nothing."""


def netcdf_slices(path: Path, zone: tzinfo | None, system: str) -> list[Slice]:
    """The slices of a NetCDF file.

    Args:
        path: of the file.
        zone: of moments that state none.
        system: coordinates of a file that does not say them.

    Raises:
        ScenarioError: it cannot be read, is too large, holds no depth over time, or does not say where it lies.
    """
    name, begins = path.name, _begins(path)
    if begins.startswith(CLASSIC) and begins not in MAGIC:
        raise refuse(name, bilingual("NetCDF-3 or NetCDF-4; of others one makes it with {command}",
                                     command="nccopy -k nc4 old.nc new.nc"), "NetCDF-5")  # fmt: skip
    if path.stat().st_size > LARGEST_FILE:
        raise refuse(name, bilingual("a file of at most {limit} MB", limit=LARGEST_FILE // 1_000_000))
    try:
        with _opened(path) as file:
            cube = _cube(name, file, zone, system)
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        raise refuse(name, bilingual("NetCDF that can be read")) from None
    return [
        Slice(name, f"({step + 1})", when, cube.grid, _step_reader(path, cube, step), cube.unit,
              is_zone_assumed=cube.is_zone_assumed, variable=cube.name, quantity=cube.quantity)
        for step, when in enumerate(cube.whens)
    ]  # fmt: skip


def quantity_in(path: Path) -> str:
    """What the variable over time of a NetCDF file is of: `depth` or `level`; empty: it does not say.

    Args:
        path: of the file; one that cannot be read says nothing, its faults are for the reader to tell.
    """
    try:
        with _opened(path) as file:
            cubes = _cubes(path.name, file)
            return _quantity(*next(iter(_wanted(cubes).items()))) if cubes else ""
    except (OSError, RuntimeError, ValueError, KeyError, TypeError, ImportError, ScenarioError, StopIteration):
        return ""


def _begins(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(4)


def _opened(path: Path) -> Any:
    """The variables of a file by name, to be used in a `with`."""
    if _begins(path) in MAGIC:
        return classic_variables(path)
    import h5py

    return h5py.File(path, "r")


def _step_reader(path: Path, cube: DepthCube, step: int) -> Any:
    return lambda rows, columns: _read(path, cube, step, rows, columns)


def _read(path: Path, cube: DepthCube, step: int, rows: Cells, columns: Cells) -> Floats:
    values = np.full(len(rows), np.nan)
    across, down = (rows, columns) if cube.order[1] < cube.order[2] else (columns, rows)
    try:
        with _opened(path) as file:
            data = file[cube.name]
            high = max(1, CELLS_AT_ONCE // max(1, data.shape[max(cube.order[1:])]))
            band = across // high
            order = np.argsort(band, kind="stable")
            # Band by band, and of each the rectangle around what is wanted: a whole step may not fit in memory.
            for part in np.split(order, np.flatnonzero(np.diff(band[order])) + 1):
                if len(part):
                    top, left = int(across[part].min()), int(down[part].min())
                    at: list[Any] = [slice(top, int(across[part].max()) + 1), slice(left, int(down[part].max()) + 1)]
                    at.insert(cube.order[0], step)
                    values[part] = data[tuple(at)][across[part] - top, down[part] - left]
            # Before scaling: by CF fill values and limits are those of the numbers as stored.
            for key in ("_FillValue", "missing_value"):
                if key in data.attrs:
                    values[np.isin(values, np.atleast_1d(data.attrs[key]).astype(float))] = np.nan
            least, most = _valid(data)
            values[(values < least) | (values > most)] = np.nan
            scale, offset = (float(np.ravel(data.attrs.get(key, usual))[0]) for key, usual in
                             (("scale_factor", 1.0), ("add_offset", 0.0)))  # fmt: skip
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):
        raise refuse(path.name, bilingual("NetCDF that can be read")) from None
    return values * scale + offset


def _cube(name: str, file: Any, zone: tzinfo | None, system: str) -> DepthCube:
    own, cubes = _own(name, file), _cubes(name, file)
    chosen = list(_wanted(cubes))
    if len(chosen) != 1:
        expected = bilingual("one variable of depth over time and two axes")
        raise refuse(name, expected, ", ".join(chosen or cubes) or ", ".join(sorted(own)[:8]))
    data, axes = own[chosen[0]], _axes(own, own[chosen[0]])
    time, y, x = (own[axes[part]] for part in ("time", "y", "x"))
    if len(time) > MOST_SLICES:
        raise refuse(name, bilingual("at most {most:,} hours", most=MOST_SLICES))
    block = data.chunks or (1, 1, 1)
    order = tuple(_dimensions(own, data).index(axes[part]) for part in ("time", "y", "x"))
    grid = RasterGrid(_system(own, data, axes) or system, _affine(name, x, y), len(y), len(x))
    grid = checked_grid(name, grid, int(np.prod(block)))
    whens, is_zone_assumed = _whens(name, time, zone)
    quantity = _quantity(chosen[0], data)
    return DepthCube(chosen[0], order, grid, whens, is_zone_assumed, _text(data, "units"), quantity)  # type: ignore[arg-type]


def _valid(data: Any) -> tuple[float, float]:
    """The least and the most that stored values of a variable may be; what lies beyond is no data, as CF has it."""
    ends = np.ravel(data.attrs.get("valid_range", (-np.inf, np.inf))).astype(float)
    least, most = (float(np.ravel(data.attrs.get(key, usual))[0]) for key, usual in
                   (("valid_min", ends[0]), ("valid_max", ends[-1])))  # fmt: skip
    return least, most


def _own(name: str, file: Any) -> dict[str, Any]:
    """The variables of a file, by name."""
    return {key: data for key in file if (data := _inside(name, file, key)) is not None}


def _cubes(name: str, file: Any) -> dict[str, Any]:
    """Its variables over time and two axes, by name."""
    own = _own(name, file)
    return {key: data for key, data in own.items() if data.ndim == 3 and _axes(own, data)}


def _wanted(cubes: dict[str, Any]) -> dict[str, Any]:
    """Of some variables those of depth; if none, those of the water's level; if none, those that say nothing."""
    of = {key: _quantity(key, data) for key, data in cubes.items()}
    best = next((quantity for quantity in ("depth", "level", "") if quantity in of.values()), None)
    wanted = {key: data for key, data in cubes.items() if of[key] == best}
    # Beside the depth at each hour some models write the deepest so far: that never falls, and is of no hour.
    return {key: data for key, data in wanted.items() if not _is_of_a_time(key, data)} or wanted


def _is_of_a_time(name: str, data: Any) -> bool:
    """Whether a variable is said to be a maximum or a mean over a time, and not of a moment."""
    method = re.search(r"time:\s*(\w+)", _text(data, "cell_methods"))
    if method:
        return method[1] != "point"
    return any(is_named(text.replace("_", " "), "over a time") for text in (name, _text(data, "long_name")))


def _quantity(name: str, data: Any) -> str:
    """What a variable is of: `depth`, `level`, `other` (speed, rain), or empty where nothing says it."""
    texts = (name, _text(data, "standard_name"), _text(data, "long_name"))
    if _SHORT.search(name.lower()):
        return "depth"
    return next((of for of in ("depth", "other", "level") if any(is_named(text, of) for text in texts)), "")


def _inside(name: str, file: Any, key: str) -> Any:
    """A variable whose data lie in the file itself; None for what is no variable. Raises ScenarioError for others."""
    if isinstance(file, dict):
        return file[key]
    import h5py

    if not isinstance(file.get(key, getlink=True), h5py.HardLink):
        raise refuse(name, bilingual("data inside the file, no links out of it"), key)
    data = file[key]
    if not isinstance(data, h5py.Dataset):
        return None
    if data.external or data.is_virtual:
        raise refuse(name, bilingual("data inside the file, no links out of it"), key)
    return data


def _dimensions(own: dict[str, Any], data: Any) -> list[str]:
    """Names of the dimensions of a variable; empty where one has no variable of its own."""
    if isinstance(data, ClassicVariable):
        return [name if name in own else "" for name in data.dimensions]
    names = []
    for dimension in data.dims:
        scale = dimension[0].name.lstrip("/") if len(dimension) else ""
        names.append(scale if scale in own else "")
    return names


def _axes(own: dict[str, Any], data: Any) -> dict[str, str]:
    """`time`, `y` and `x` -> name of the variable of that axis; empty where one of the three is not among them."""
    axes = dict[str, str]()
    for key in filter(None, _dimensions(own, data)):
        names = {key, *(_text(own[key], of) for of in ("standard_name", "axis", "long_name"))}
        for part, of_part in AXES.items():
            known = {word for of in of_part for word in raster_words(of)}
            if own[key].ndim == 1 and known & {name.lower() for name in names}:
                axes.setdefault(part, key)
    return axes if len(axes) == len(AXES) else {}


def _text(data: Any, key: str) -> str:
    value = data.attrs.get(key, "")
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) if np.ndim(value) == 0 else ""


def _affine(name: str, x: Any, y: Any) -> tuple[float, float, float, float, float, float]:
    (first_x, step_x), (first_y, step_y) = (_even(name, np.asarray(axis[:], dtype=float)) for axis in (x, y))
    # Axes tell the middles of cells, the grid its outer corner.
    return step_x, 0.0, first_x - step_x / 2, 0.0, step_y, first_y - step_y / 2


def _even(name: str, centres: Floats) -> tuple[float, float]:
    """The first of the centres of cells and their step, which is negative where they fall."""
    step = float(centres[-1] - centres[0]) / (len(centres) - 1) if len(centres) > 1 else 0.0
    even = centres[0] + step * np.arange(len(centres))
    if not step or not np.isfinite(centres).all() or np.abs(centres - even).max() > UNEVEN * abs(step):
        raise refuse(name, bilingual("axes of at least two cells in even steps"))
    return float(centres[0]), step


def _system(own: dict[str, Any], data: Any, axes: dict[str, str]) -> str:
    mapping = own.get(_text(data, "grid_mapping").split(":")[0].strip())
    if mapping is not None:
        for key in ("crs_wkt", "spatial_ref", "esri_pe_string"):
            if text := _text(mapping, key):
                return text
        for key in ("epsg_code", "spatial_epsg", "epsg"):
            if digits := re.search(r"\d{4,6}", str(mapping.attrs.get(key, ""))):
                return f"EPSG:{digits[0]}"
    x, y = own[axes["x"]], own[axes["y"]]
    # Without a mapping CF has latitude and longitude told by their units, and many files by name alone.
    is_degrees = _text(x, "units").startswith("degree") and _text(y, "units").startswith("degree")
    is_by_name = axes["x"].lower() in raster_words("lon") and axes["y"].lower() in raster_words("lat")
    return "EPSG:4326" if is_degrees or is_by_name else ""


def _whens(name: str, time: Any, zone: tzinfo | None) -> tuple[list[When], bool]:
    units, steps = _text(time, "units").strip(), np.asarray(time[:], dtype=float)
    if (calendar := _text(time, "calendar").strip().lower()) not in CALENDARS:
        raise refuse(name, bilingual("time in the calendar {known}", known=CALENDARS[1]), calendar)
    since = _SINCE.fullmatch(units)
    factor = _STEPS.get((since[1] if since else units).lower(), 0.0)
    if not factor or not np.isfinite(steps).all():
        raise refuse(name, _TIME, units)
    if not since:
        return [float(step) * factor for step in steps], False
    begin, is_zone_assumed = _moment(name, since[2], zone)
    # To the second: days as fractions are a hair off, and slices of one hour must be equal.
    return [begin + timedelta(seconds=round(float(step) * factor * 3600)) for step in steps], is_zone_assumed


def _moment(name: str, text: str, zone: tzinfo | None) -> tuple[datetime, bool]:
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise refuse(name, _TIME, text)
    try:
        year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone or UTC)
    except ValueError:
        raise refuse(name, _TIME, text) from None
    offset = match[7]
    if offset is None:
        return moment, True
    written = _OFFSET.fullmatch(offset)
    shift = timedelta(hours=int(written[2]), minutes=int(written[3] or 0)) if written else timedelta()
    return moment.replace(tzinfo=timezone(-shift if written and written[1] == "-" else shift)), False
