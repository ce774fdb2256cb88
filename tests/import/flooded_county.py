"""A flood over the invented county as rasters of depth in many formats, its elevation model, and what a hand reads.

The flood and the ground are planes, so that what lies between cells is known: the ground rises to the north by 1 m in
100 m, and at hour t the water stands at 20 m + t / 2.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HOURS = tuple(range(0, 25, 3))
"""Nine rasters."""
WEST, NORTH, CELL, COLUMNS, ROWS = 115.195, 38.165, 0.0005, 260, 160
"""The grid, in degrees: 130 by 80 thousandths, cells of 44 by 56 m."""
SOUTH = NORTH - ROWS * CELL
FOOT_M, SLOPE_M = 15.0, 300.0
"""Height of the ground at the southern edge, and rise in metres for a degree to the north."""
SPOTS = {"yan": (115.24, 38.0887), "nancun": (115.26, 38.0977), "bei": (115.28, 38.1587), "wai": (115.50, 38.13),
         "zhen": (115.30, 38.1067)}  # fmt: skip
"""Villages: two in the water, one above it, one beyond the rasters, one that is flooded late."""
ROADS = {"low": ("yan", "nancun"), "up": ("nancun", "zhen"), "high": ("zhen", "bei"), "far": ("bei", "wai")}


def ground_m(lat: Any) -> Any:
    """Height of the ground."""
    return FOOT_M + (np.asarray(lat) - SOUTH) * SLOPE_M


def water_m(lat: Any, hour: float) -> Any:
    """Depth of water."""
    return np.maximum(17.0 + hour / 4 - ground_m(lat), 0.0)


def _centres() -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return WEST + CELL * (np.arange(COLUMNS) + 0.5), NORTH - CELL * (np.arange(ROWS) + 0.5)


def grid(hour: float) -> NDArray[np.float32]:
    """Depth in the cells, rows from the north; 0 is dry."""
    _, lats = _centres()
    return np.repeat(water_m(lats, hour)[:, None], COLUMNS, axis=1).astype(np.float32)


def write(path: Path, bands: Iterable[NDArray[Any]], *, texts: Iterable[str] = (), system: Any = 4326,
          south_up: bool = False, unit: str = "", **profile: Any) -> Path:  # fmt: skip
    """A GeoTIFF of some bands, in degrees."""
    import rasterio
    from rasterio.transform import Affine

    stack = np.stack([band[::-1] if south_up else band for band in bands])
    place = Affine(CELL, 0, WEST, 0, CELL, SOUTH) if south_up else Affine(CELL, 0, WEST, 0, -CELL, NORTH)
    whole = {"driver": "GTiff", "count": len(stack), "height": ROWS, "width": COLUMNS, "dtype": stack.dtype,
             "transform": place, "crs": f"EPSG:{system}" if system else None, "compress": "deflate",
             **profile}  # fmt: skip
    with rasterio.open(path, "w", **whole) as target:
        target.write(stack)
        for number, text in enumerate(texts, 1):
            target.set_band_description(number, text)
        if unit:
            target.units = [unit] * len(stack)
    return path


def stack(home: Path, name: str = "depth_{hour}h.tif", **options: Any) -> list[Path]:
    """Nine files."""
    return [write(home / name.format(hour=hour), [grid(hour)], **options) for hour in HOURS]


def projected(path: Path, hour: float, system: int = 4548) -> Path:
    """The same depth on a grid of 20 m in a system of eastings and northings."""
    import rasterio
    from pyproj import Transformer
    from rasterio.transform import Affine

    there, back = (Transformer.from_crs(a, b, always_xy=True) for a, b in ((4326, system), (system, 4326)))
    left, top = there.transform(WEST, NORTH)
    right, bottom = there.transform(WEST + COLUMNS * CELL, SOUTH)
    xs, ys = np.arange(left - 500, right + 500, 20.0), np.arange(top + 500, bottom - 500, -20.0)
    _, lats = back.transform(*np.meshgrid(xs + 10, ys - 10))
    with rasterio.open(path, "w", driver="GTiff", count=1, height=len(ys), width=len(xs), dtype="float32",
                       transform=Affine(20, 0, xs[0], 0, -20, ys[0]), crs=f"EPSG:{system}") as target:  # fmt: skip
        target.write(water_m(lats, hour).astype(np.float32), 1)
    return path


def place_of(west: float, north: float, columns: float = CELL) -> Any:
    """The transform of a grid whose corner lies elsewhere."""
    from rasterio.transform import Affine

    return Affine(columns, 0, west, 0, -CELL, north)


def ascii_grid(path: Path, band: NDArray[np.float32]) -> Path:
    """An ESRI ASCII grid, which knows no coordinates; dry is -9999."""
    head = f"ncols {COLUMNS}\nnrows {ROWS}\nxllcorner {WEST}\nyllcorner {SOUTH}\ncellsize {CELL}\nNODATA_value -9999\n"
    rows = "\n".join(" ".join(f"{value:.3f}" if value > 0 else "-9999" for value in row) for row in band)
    path.write_text(head + rows + "\n", "ascii")
    return path


def tiles(home: Path) -> list[Path]:
    """Each hour in a western and an eastern file, of different width, which share a column."""
    made, cut = [], 100
    for hour in HOURS:
        band = grid(hour)
        for name, part, west in (("w", band[:, : cut + 1], WEST), ("e", band[:, cut:], WEST + cut * CELL)):
            path = home / f"{name}_{hour}h.tif"
            made.append(write(path, [part], width=part.shape[1], transform=place_of(west, NORTH)))
    return made


def rotated(home: Path) -> list[Path]:
    """The grid turned by a quarter: its rows run from west to east, its columns from north to south."""
    from rasterio.transform import Affine

    turn = Affine(0, CELL, WEST, -CELL, 0, NORTH)
    return [
        write(home / f"d_{hour}h.tif", [grid(hour).T], transform=turn, height=COLUMNS, width=ROWS) for hour in HOURS
    ]


def scaled(path: Path, band: NDArray[np.float32]) -> Path:
    """Whole numbers of two bytes, and a scale that the file says."""
    import rasterio

    write(path, [np.round(band * 1000).astype(np.int16)])
    with rasterio.open(path, "r+") as target:
        target.scales = (0.001,)
    return path


def levels(home: Path) -> list[Path]:
    """The level of the water by hour, everywhere, and the ground that it stands over."""
    flat = np.ones((ROWS, COLUMNS), dtype=np.float32)
    return [
        elevation_model(home / "dem.tif"),
        *(write(home / f"水位_{hour}h.tif", [flat * np.float32(17.0 + hour / 4)]) for hour in HOURS),
    ]


def netcdf(path: Path, *, units: str = "hours", rising: bool = True, turned: bool = False, scale: float = 1.0,
           name: str = "water_depth", above_m: float = 0.0, calendar: str = "", **attributes: Any) -> Path:  # fmt: skip
    """NetCDF-4 as models write it: latitude rising or falling, whole numbers with a scale, axes in either order."""
    import h5py

    lons, lats = _centres()
    cube = np.stack([grid(hour) for hour in HOURS])
    if rising:
        lats, cube = lats[::-1], cube[:, ::-1]
    with h5py.File(path, "w") as file:
        axes = {"time": np.array(HOURS, dtype=float), "lat": lats, "lon": lons}
        for axis, values in axes.items():
            file[axis] = values
            file[axis].make_scale(axis)
        file["time"].attrs["units"] = units
        order = ["time", "lon", "lat"] if turned else ["time", "lat", "lon"]
        data = cube.transpose(0, 2, 1) if turned else cube
        if scale != 1.0:
            data = np.round(data / scale).astype(np.int16)
        if calendar:
            file["time"].attrs["calendar"] = calendar
        file[name] = data + above_m if above_m else data
        file[name].attrs.update({"units": "m"} | ({"scale_factor": scale} if scale != 1.0 else {}) | attributes)
        for at, axis in enumerate(order):
            file[name].dims[at].attach_scale(file[axis])
    return path


def classic_netcdf(path: Path, *, scale: float = 1.0) -> Path:
    """NetCDF-3 as models write it, time its unlimited dimension."""
    from scipy.io import netcdf_file

    lons, lats = _centres()
    cube = np.stack([grid(hour) for hour in HOURS])
    with netcdf_file(str(path), "w") as file:
        file.createDimension("time", None)
        axes = {"time": np.array(HOURS, dtype=float), "lat": lats, "lon": lons}
        for name, values in axes.items():
            if name != "time":
                file.createDimension(name, len(values))
            file.createVariable(name, "d", (name,))[:] = values
        hours: Any = file.variables["time"]
        hours.units = "hours"
        data: Any = file.createVariable("water_depth", "h" if scale != 1.0 else "f", ("time", "lat", "lon"))
        data[:] = np.round(cube / scale) if scale != 1.0 else cube
        data.units = "m"
        if scale != 1.0:
            data.scale_factor = scale
    return path


def elevation_model(path: Path, *, gap: str = "", **options: Any) -> Path:
    """Heights of the ground; below a village named `gap` there are none."""
    lons, lats = _centres()
    heights = np.repeat(ground_m(lats)[:, None], COLUMNS, axis=1).astype(np.float32)
    if gap:
        lon, lat = SPOTS[gap]
        heights[np.ix_(np.abs(lats - lat) < 3 * CELL, np.abs(lons - lon) < 3 * CELL)] = -9999.0
    return write(path, [heights], nodata=-9999.0 if gap else None, **options)


def tables(home: Path) -> list[Path]:
    """Villages without heights, and roads."""
    villages, roads = home / "villages.csv", home / "roads.csv"
    rows = "".join(f"{name},{lon},{lat},200,,no\n" for name, (lon, lat) in SPOTS.items())
    villages.write_text(f"id,lon,lat,population,elevation,ordered\n{rows}", "utf-8")
    rows = "".join(f"{name},{start},{end},class3\n" for name, (start, end) in ROADS.items())
    roads.write_text(f"id,from,to,kind\n{rows}", "utf-8")
    return [villages, roads]
