"""Build the invented ground of the fire scenarios: heights from known points and made ridges, fuel by rule.

    python scenarios/build_landscapes.py     # tiny-fire (and its copy in the package), xichang, beibei, muli

`scenarios/taihang-fire/build.py` uses the same functions. Needs numpy and scipy. All of it is assumed: there is no
map behind these hills. What holds is what the scenarios' SOURCES.md say: spots and heights of named places.
"""

from __future__ import annotations

import csv
from collections.abc import Collection
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import RBFInterpolator
from scipy.ndimage import gaussian_filter, minimum_filter

Floats = NDArray[np.float64]
Numbers = NDArray[np.int64]

HERE = Path(__file__).resolve().parent
DEGREE_KM = 111.195
BUILT, CROPS, WATER, BARE = 91, 93, 98, 99
PINE_GRASS, GRASS_SHRUB, SHRUB, PINE_SHRUB, OAK_LITTER, PINE_LITTER, BROADLEAF_LITTER = 2, 121, 142, 165, 186, 188, 189
"""Anderson: open timber with grass under it (2); Scott and Burgan: low grass with shrubs (GS1), moderate shrubs (SH2),
timber over heavy shrubs (TU5), moderate broadleaf litter (TL6), long-needle litter (TL8), very high load of broadleaf
litter (TL9)."""


class Area(NamedTuple):
    """A raster in degrees; row 0 in the north."""

    west: float
    north: float
    cell_m: float
    rows: int
    columns: int

    @property
    def dlat(self) -> float:
        """Height of a cell, degrees, to seven decimals."""
        return round(self.cell_m / 1000 / DEGREE_KM, 7)

    @property
    def dlon(self) -> float:
        """Width of a cell, degrees, so that it is square in the middle of the raster."""
        middle = self.north - self.dlat * self.rows / 2
        return round(self.dlat / float(np.cos(np.radians(middle))), 7)

    def lon(self, x: ArrayLike) -> Floats:
        """Longitude of a distance (km) from the west edge."""
        return np.asarray(self.west + np.asarray(x) * 1000 / self.cell_m * self.dlon)

    def lat(self, y: ArrayLike) -> Floats:
        """Latitude of a distance (km) from the south edge."""
        return np.asarray(self.north - self.dlat * self.rows + np.asarray(y) * 1000 / self.cell_m * self.dlat)

    def xy(self, lon: ArrayLike, lat: ArrayLike) -> Floats:
        """(N, 2) km east and north of the south-west corner."""
        x = (np.asarray(lon) - self.west) / self.dlon * self.cell_m / 1000
        y = (np.asarray(lat) - self.north + self.dlat * self.rows) / self.dlat * self.cell_m / 1000
        return np.column_stack([x, y])

    def cells(self) -> Floats:
        """(R x C, 2) km east and north of the south-west corner to the middle of each cell."""
        x = (np.arange(self.columns) + 0.5) * self.cell_m / 1000
        y = (self.rows - np.arange(self.rows) - 0.5) * self.cell_m / 1000
        return np.column_stack([np.tile(x, self.rows), np.repeat(y, self.columns)])


def between(area: Area, xy: Floats, heights: ArrayLike) -> Floats:
    """(R, C) heights that pass through known points and run straight between them."""
    surface = RBFInterpolator(xy, np.asarray(heights, dtype=float), kernel="linear")
    return np.asarray(surface(area.cells())).reshape(area.rows, area.columns)


def along(line: Floats, step_km: float = 0.1) -> Floats:
    """(N, 2) points on a line of corners, so close that they stand for the line."""
    pieces = [
        start + (end - start) * np.linspace(0, 1, max(2, int(np.hypot(*(end - start)) / step_km) + 1))[:, None]
        for start, end in pairwise(line)
    ]
    return np.concatenate(pieces)


def from_points(area: Area, xy: Floats) -> Floats:
    """(R, C) km to the nearest of some points."""
    from scipy.spatial import cKDTree

    return np.asarray(cKDTree(xy).query(area.cells())[0]).reshape(area.rows, area.columns)


def noise(area: Area, seed: int, size_km: float) -> Floats:
    """(R, C) smooth random field with mean 0 and deviation 1, features of about a size."""
    width = size_km * 1000 / area.cell_m / 2.5
    field = gaussian_filter(np.random.default_rng(seed).standard_normal((area.rows, area.columns)), width, mode="wrap")
    return np.asarray((field - field.mean()) / field.std())


def ridges(area: Area, seed: int, size_km: float) -> Floats:
    """(R, C) crests at 1 and valleys at 0, with smaller crests on the larger ones."""
    total = np.zeros((area.rows, area.columns))
    for octave in range(3):
        crest = 1 - np.minimum(np.abs(noise(area, seed + octave, size_km / 2**octave)), 1.5) / 1.5
        total += crest * 0.55**octave
    return np.asarray((total - total.min()) / (total.max() - total.min()))


def slope_and_sun(area: Area, height: Floats) -> tuple[Floats, Floats]:
    """(R, C) tangent of the slope, and how far it faces the sun: 1 south-west, -1 north-east."""
    north, east = np.gradient(height, area.cell_m)
    north = -north
    slope = np.hypot(north, east)
    facing = np.arctan2(-east, -north)
    return slope, np.cos(facing - np.radians(225))


def cover(area: Area, height: Floats, seed: int, pine: float = 0.5, crops_m: float = 25.0) -> tuple[Numbers, Floats]:
    """(R, C) numbers of fuel models and share under trees, by height, slope and sun.

    Valley floors (lower than `crops_m` above the lowest ground within 500 m, and flat) are fields. Shady slopes carry
    broadleaf litter, others grass and shrubs; patches of planted pine lie over both where a random field is above
    `pine`.
    """
    slope, sun = slope_and_sun(area, height)
    reach = 2 * round(500 / area.cell_m) + 1
    above = height - minimum_filter(height, size=reach)
    dry = sun + 0.6 * noise(area, seed, 0.8)
    fuel = np.select([dry > 0.5, dry > -0.3], [GRASS_SHRUB, SHRUB], OAK_LITTER)
    fuel = np.where(noise(area, seed + 1, 0.9) > pine, PINE_LITTER, fuel)
    fuel = np.where((slope < 0.12) & (above < crops_m), CROPS, fuel)
    canopy = np.select([fuel == PINE_LITTER, fuel == OAK_LITTER], [0.5, 0.4], 0.0)
    return fuel.astype(np.int64), canopy


def stamp(area: Area, fuel: Numbers, lon: ArrayLike, lat: ArrayLike, radius_km: ArrayLike, number: int) -> None:
    """Give all cells within a distance of spots a fuel number; at least the cell of the spot."""
    cells, shape = area.cells(), fuel.shape
    for spot, reach in zip(area.xy(lon, lat), np.broadcast_to(radius_km, np.shape(np.atleast_1d(lon))), strict=True):
        away = np.hypot(*(cells - spot).T).reshape(shape)
        fuel[away <= max(float(reach), float(away.min()))] = number


def write_grid(path: Path, area: Area, values: NDArray[np.generic]) -> None:
    """Write an ASCII grid: whole numbers, or shares to a tenth."""
    head = {
        "ncols": area.columns,
        "nrows": area.rows,
        "xllcorner": f"{area.west:.6f}",
        "yllcorner": f"{area.north - area.dlat * area.rows:.6f}",
        "dx": f"{area.dlon:.7f}",
        "dy": f"{area.dlat:.7f}",
        "NODATA_value": -9999,
    }
    lines = [f"{key} {value}" for key, value in head.items()]
    shares = float(values.max()) <= 1
    lines += [" ".join(f"{cell:.1g}" if shares else f"{cell:.0f}" for cell in row) for row in values.tolist()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def write_ground(folder: Path, area: Area, height: Floats, fuel: Numbers, canopy: Floats) -> None:
    """Write the layers of a scenario."""
    trees = np.isin(fuel, (PINE_GRASS, PINE_SHRUB, PINE_LITTER, OAK_LITTER, BROADLEAF_LITTER))
    write_grid(folder / "elevation.asc", area, height)
    write_grid(folder / "fuel.asc", area, fuel)
    write_grid(folder / "canopy_cover.asc", area, np.where(trees, canopy, 0.0))
    counts = dict(zip(*np.unique(fuel, return_counts=True), strict=True))
    told = ", ".join(f"{number}: {count / fuel.size:.0%}" for number, count in counts.items())
    print(f"{folder.name}: {area.rows} x {area.columns} cells, {height.min():.0f} to {height.max():.0f} m; fuel {told}")


def set_heights(folder: Path, area: Area, height: Floats, known: Collection[str] = ()) -> None:
    """Give the places of a scenario's tables the height of the ground of their cell.

    Args:
        folder: of the scenario; places beyond the raster keep their height.
        area: the raster.
        height: (R, C) metres.
        known: ids of places whose height is a real one, and stays.
    """
    for path in sorted(folder.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
        if not rows or not {"lon", "lat", "elevation_m"} <= set(rows[0]):
            continue
        for row in rows:
            x, y = (area.xy(float(row["lon"]), float(row["lat"]))[0] * 1000 / area.cell_m).astype(int)
            if 0 <= x < area.columns and 0 <= y < area.rows and row["id"] not in known:
                row["elevation_m"] = f"{height[area.rows - 1 - y, x]:.0f}"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)


def xichang() -> None:
    """A ridge from south to north between the valley of a river in the west and a lake in the east: 14 by 18 km."""
    area = Area(west=102.18, north=27.91, cell_m=100, rows=180, columns=140)
    valley = np.array([(1.0, y) for y in (0, 4, 8, 12, 18)] + [(13.6, y) for y in (4, 8, 12)] + [(8.5, 17.5), (5, 17)])
    floor = between(area, valley, [1500, 1505, 1510, 1515, 1525, 1512, 1512, 1512, 1520, 1525])
    crest = along(area.xy([102.264, 102.272, 102.277, 102.279], [27.750, 27.785, 27.812, 27.834]))
    hills = along(area.xy([102.268, 102.30, 102.32], [27.770, 27.762, 27.758]))
    away = np.minimum(from_points(area, crest) / 1.8, from_points(area, hills) / 1.6)
    height = floor + 720 * np.exp(-(away**2)) * (0.6 + 0.4 * ridges(area, 11, 2.0))
    burns = height - floor > 40
    fuel = np.where(burns, PINE_GRASS, CROPS)
    fuel = np.where(burns & (noise(area, 14, 0.8) > 0.9), SHRUB, fuel)
    stamp(area, fuel, [102.315], [27.825], 2.9, WATER)
    lon, lat = [102.2634, 102.2643, 102.2280, 102.2440], [27.8964, 27.8480, 27.7900, 27.7600]
    stamp(area, fuel, lon, lat, [1.8, 0.6, 0.5, 0.3], BUILT)
    folder = HERE / "xichang-2020"
    write_ground(folder, area, height, fuel, np.where(fuel == PINE_GRASS, 0.3, 0.0))
    set_heights(folder, area, height, known=("qionghai",))


def beibei() -> None:
    """A forested ridge from south-west to north-east, a river east of it: 12 by 12 km."""
    area = Area(west=106.31, north=29.89, cell_m=100, rows=120, columns=120)
    low = np.array([(0, 11), (3, 12), (11.5, 0), (11.5, 6), (8, 1), (0.5, 7), (11.5, 9)])
    floor = between(area, low, [280, 270, 230, 210, 250, 290, 205])
    crest = along(area.xy([106.315, 106.345, 106.375, 106.405], [29.790, 29.815, 29.838, 29.862]))
    spur = along(area.xy([106.355, 106.375, 106.392], [29.823, 29.812, 29.806]))
    away = np.minimum(from_points(area, crest) / 1.7, from_points(area, spur) / 0.8)
    height = floor + 600 * np.exp(-(away**2)) * (0.6 + 0.4 * ridges(area, 21, 2.0))
    forest = height - floor > 60
    fuel = np.where(forest, np.where(noise(area, 23, 0.7) > -0.3, BROADLEAF_LITTER, PINE_SHRUB), CROPS)
    stamp(area, fuel, [106.3688, 106.3846, 106.4194], [29.7742, 29.8719, 29.8337], [0.6, 0.5, 0.6], BUILT)
    folder = HERE / "beibei-2022"
    write_ground(folder, area, height, fuel, np.where(forest, 0.5, 0.0))
    set_heights(folder, area, height)


def muli() -> None:
    """A crest from south to north, a river 1,900 m below it in the east, a gully between them: 6.4 by 6.4 km.

    Yunnan pine above 2,600 m, with the heaviest fuel in the gully; dry shrubs and grass below.
    """
    area = Area(west=101.23, north=28.55, cell_m=40, rows=160, columns=160)
    crest = along(np.array([(2.3, 0.0), (2.1, 1.6), (2.0, 3.3), (1.8, 4.8), (1.9, 6.4)]))
    river = along(np.array([(6.3, 0.0), (6.1, 2.0), (6.25, 4.2), (6.2, 6.4)]))
    gully = along(np.array([(2.35, 3.2), (3.4, 3.1), (4.7, 2.7), (6.1, 2.3)]))
    known = np.concatenate([crest[::8], river[::8], [(0.1, 0.2), (0.1, 3.2), (0.1, 6.2)]])
    heights = [3880.0] * len(crest[::8]) + [2000.0] * len(river[::8]) + [3350.0] * 3
    height = between(area, known, heights) + 260 * (ridges(area, 31, 1.4) - 0.5)
    in_gully = from_points(area, gully)
    height -= 220 * np.exp(-((in_gully / 0.25) ** 2))
    pine = height > 2600
    fuel = np.where(pine, np.where(in_gully < 0.35, PINE_SHRUB, PINE_LITTER), SHRUB)
    fuel = np.where(~pine & (noise(area, 33, 0.5) > 0.3), GRASS_SHRUB, fuel)
    stamp(area, fuel, area.lon([4.5]), area.lat([4.2]), 0.3, CROPS)
    stamp(area, fuel, area.lon([4.5, 5.7]), area.lat([4.2, 0.7]), [0.12, 0.2], BUILT)
    stamp(area, fuel, area.lon(river[:, 0]), area.lat(river[:, 1]), 0.06, WATER)
    folder = HERE / "muli-2019"
    write_ground(folder, area, height, fuel, np.where(pine, 0.5, 0.0))
    set_heights(folder, area, height)
    for x, y in [(2.0, 3.3), (4.5, 4.2), (5.7, 0.7), (6.1, 2.0), (5.2, 3.0)]:
        spot = int((6.4 - y) / 0.04), int(x / 0.04)
        print(f"{x},{y}: {area.lon(x):.5f},{area.lat(y):.5f}, {height[spot]:.0f} m", end="  ")
    print()


def tiny_fire() -> None:
    """A valley in the south with a side valley, hills of up to 300 m above it: 3.6 km by 3.6 km."""
    area = Area(west=114.0, north=38.2, cell_m=60, rows=60, columns=60)
    valley = np.array([(0, 0.5), (0.6, 0.5), (1.3, 0.4), (2.0, 0.45), (2.8, 0.5), (3.6, 0.45)])
    side = np.array([(2.7, 0.8), (2.6, 1.5), (2.45, 2.1), (2.4, 2.7), (2.3, 3.6)])
    hollows = np.array([(0.8, 1.7), (1.25, 2.9)])
    low = np.concatenate([valley, side, hollows])
    floor = between(area, low, [300, 302, 305, 308, 312, 316, 318, 345, 375, 405, 450, 372, 436])
    away = from_points(area, np.concatenate([along(valley), along(side)]))
    height = floor + 330 * (1 - np.exp(-((away / 0.7) ** 2))) * (0.35 + 0.65 * ridges(area, 3, 1.6))
    height -= 45 * np.exp(-((from_points(area, hollows) / 0.35) ** 2))
    fuel, canopy = cover(area, height, 5, pine=0.3, crops_m=30)
    villages = np.array([(0.6, 0.5), (2.0, 0.45), (2.6, 1.5), (2.4, 2.7), (0.8, 1.7), (1.25, 2.9)])
    stamp(area, fuel, area.lon(villages[:1, 0]), area.lat(villages[:1, 1]), 0.35, CROPS)
    stamp(area, fuel, area.lon(villages[:, 0]), area.lat(villages[:, 1]), [0.25, *[0.12] * 5], BUILT)
    stamp(area, fuel, area.lon([3.2]), area.lat([0.55]), 0.2, WATER)
    for folder in (HERE / "tiny-fire", HERE.parent / "simrescue" / "data" / "new-fire"):
        folder.mkdir(exist_ok=True)
        write_ground(folder, area, height, fuel, canopy)
        set_heights(folder, area, height)
    spots = [*villages, (3.2, 0.55), (1.55, 1.15), (0.55, 0.55), (0.62, 0.58), (0.7, 0.52), (2.7, 0.6), (1.9, 3.2)]
    for x, y in spots:
        print(f"{x},{y}: {area.lon(x):.5f},{area.lat(y):.5f}", end="  ")
    print()


if __name__ == "__main__":
    tiny_fire()
    xichang()
    beibei()
    muli()
