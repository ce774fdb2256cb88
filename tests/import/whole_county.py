"""All files of an invented county, for one import: workbook, shelters, roads, depths by hour, ground, a plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import flooded_county
import nasty_county
import numpy as np
import road_county
from numpy.typing import NDArray
from road_county import EAST_M, NORTH_M, SOUTH, WEST, Way

from simrescue.export.plan_workbook import new_plan

START = datetime(2024, 7, 10, 6)  # noqa: DTZ001 - as the names of files have it
HOURS = tuple(range(0, 25, 3))
"""Of nine rasters, from the start."""
PLACES = {
    **{(nasty_county.PINYIN.get(row[1]) or ("lizhuang" if row[1] == "李庄" and row[0] == "" else "lizhuang-2")):
       (row[4], row[5]) for row in nasty_county.VILLAGES},
    "yunhexiaofangzhan": (115.2030, 38.0990), "yunhexianjiuzaiwuzichubeiku": (115.1932, 38.0964),
    "yunhezhongxue": (115.21, 38.1),
}  # fmt: skip
"""Id of each place that a road leads to -> degrees."""
LINE_LEFT, LINE_TOP, CELL, COLUMNS, ROWS = 115.18, 38.16, 0.0005, 240, 270
"""The grid of the rasters, in degrees."""


def metres_of(place: str) -> tuple[float, float]:
    """Where a place lies, in metres from the corner."""
    lon, lat = PLACES[place]
    return (lon - WEST) * EAST_M, (lat - SOUTH) * NORTH_M


CROSS, NORTH_CROSS, SOUTH_CROSS = (3000.0, -300.0), (4000.0, 2000.0), (4000.0, -6000.0)
WAYS = [
    Way("县道1", "县道", [*map(metres_of, ("yunhexianjiuzaiwuzichubeiku", "yunhexiaofangzhan", "yunhezhongxue")),
                          CROSS, NORTH_CROSS, metres_of("dongducun")]),
    Way("县道2", "县道", [CROSS, SOUTH_CROSS, metres_of("lizhuang-2")]),
    Way("乡道3", "乡道", [NORTH_CROSS, metres_of("lizhuang"), metres_of("liuwancun")]),
    Way("乡道4", "乡道", [SOUTH_CROSS, metres_of("zhonggangcun")]),
    Way("乡道5", "乡道", [metres_of("lizhuang-2"), metres_of("zhangwan")]),
    Way("断头路", "乡道", [CROSS, (3300.0, -800.0)]),
]  # fmt: skip


def ground_m(lon: Any, lat: Any) -> Any:
    """Height of the ground: a plane that rises to the north-east."""
    return 20.0 + 60.0 * (np.asarray(lat) - 38.03) + 12.0 * (np.asarray(lon) - 115.18)


def water_m(lon: Any, lat: Any, hour: float) -> Any:
    """Depth of water, whose level rises until hour 12 and falls as fast."""
    return np.maximum(20.2 + 0.4 * (12 - abs(hour - 12)) - ground_m(lon, lat), 0.0)


def _grid(of: Callable[[Any, Any], Any]) -> NDArray[np.float32]:
    lons = LINE_LEFT + CELL * (np.arange(COLUMNS) + 0.5)
    lats = LINE_TOP - CELL * (np.arange(ROWS) + 0.5)
    return np.asarray(of(*np.meshgrid(lons, lats)), dtype=np.float32)


def _raster(path: Path, band: NDArray[np.float32], system: int) -> Path:
    from rasterio.transform import Affine

    place = Affine(CELL, 0, LINE_LEFT, 0, -CELL, LINE_TOP)
    return Path(flooded_county.write(path, [band], system=system, transform=place, height=ROWS, width=COLUMNS))


def roads(home: Path, kind: str) -> Path:
    """The roads in one of four formats and three datums; what belongs beside the file lies there."""
    path = home / f"道路.{kind}"
    if kind == "shp":
        road_county.shapefile(path, 4547, WAYS)
    elif kind == "gpkg":
        road_county.geopackage(path, WAYS)
    elif kind == "geojson":
        from simrescue.intake.geodata.coordinates import gcj02

        road_county.geojson(path, gcj02, WAYS)
    else:
        road_county.osm(path, WAYS)
    return path


def files(home: Path, kind: str) -> list[Path]:
    """Everything, written to a folder; roads of a `kind` as their file ends."""
    book, shelters = home / "云禾县基本情况.xlsx", home / "避难场所.txt"
    nasty_county.workbook(book, heights=False)
    nasty_county.shelters(shelters)
    depths = [
        _raster(home / f"水深_{START + timedelta(hours=hour):%Y%m%d_%H%M}.tif",
                _grid(lambda lon, lat, hour=hour: water_m(lon, lat, hour)), 4490)
        for hour in HOURS
    ]  # fmt: skip
    model = _raster(home / "高程_dem.tif", _grid(ground_m), 4326)
    plan, sheet = new_plan(home, "yunhe-plan", "zh")
    plan.unlink()
    return [book, shelters, roads(home, kind), *depths, model, sheet]
