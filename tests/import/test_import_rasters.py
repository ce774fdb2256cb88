"""Depth by hour and height of the ground from rasters: one flood whatever file it comes in, none misread in silence."""

from __future__ import annotations

import csv
import importlib.util
import json
import resource
import sys
from datetime import timedelta, timezone
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.events import EventKind
from simrescue.hazards.flood.depth_rasters.raster_hours import hours_in
from simrescue.intake.importing import ImportedCounty, import_files
from simrescue.intake.raster_files.county_rasters import RasterOptions
from simrescue.report.import_protocol import write_protocol
from simrescue.scenario.load import load
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world

CHINA = timezone(timedelta(hours=8))
SAME_M = 0.08
"""Half a cell to the north is so much of height."""


def _made() -> ModuleType:
    for library in ("rasterio", "pyproj", "h5py"):
        pytest.importorskip(library)
    spec = importlib.util.spec_from_file_location("flooded_county", Path(__file__).with_name("flooded_county.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["flooded_county"] = module
    spec.loader.exec_module(module)
    return module


COUNTY: Any = _made()


def brought_in(home: Path, rasters: list[Path], name: str = "c", **options: Any) -> ImportedCounty:
    return import_files(home / name, [*COUNTY.tables(home), *rasters], rasters=RasterOptions(**options))


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def depths(folder: Path) -> dict[str, dict[float, float]]:
    """Depth by site and hour, as the simulation has it."""
    series: dict[str, dict[float, float]] = {}
    for row in load(folder).depths:
        series.setdefault(row.subject, {})[row.time_h] = row.depth_m
    return {name: points for name, points in series.items() if max(points.values()) > 0}


def at(series: dict[float, float] | None, hour: float) -> float:
    return float(np.interp(hour, list(series), list(series.values()))) if series else 0.0


def by_hand() -> dict[str, list[float]]:
    """What somebody would read from the maps: the depth at villages, and at the lowest spot of each road."""
    lows = {name: [COUNTY.SPOTS[name][1]] for name in COUNTY.SPOTS}
    lows |= {name: [COUNTY.SPOTS[end][1] for end in ends] for name, ends in COUNTY.ROADS.items()}
    return {name: [float(COUNTY.water_m(min(lats), hour)) for hour in COUNTY.HOURS] for name, lats in lows.items()
            if name not in ("wai", "far")}  # fmt: skip


def assert_same_flood(folder: Path) -> None:
    read, wanted = depths(folder), by_hand()
    assert read.keys() == {name for name, series in wanted.items() if max(series) > 0}
    for name, series in wanted.items():
        for hour, depth in zip(COUNTY.HOURS, series, strict=True):
            assert at(read.get(name), hour) == pytest.approx(depth, abs=SAME_M), (name, hour)


def fact(imported: ImportedCounty, what: str) -> str:
    return next((one.found.en for read in imported.files for one in read.facts if one.what.en == what), "")


# ---- one flood, whatever the files


def of_names(name: str) -> Any:
    return lambda home: COUNTY.stack(home, name)


def one_file(home: Path) -> list[Path]:
    texts = [f"t={hour} h" for hour in COUNTY.HOURS]
    return [COUNTY.write(home / "flood.tif", [COUNTY.grid(hour) for hour in COUNTY.HOURS], texts=texts, tiled=True,
                         blockxsize=64, blockysize=64)]  # fmt: skip


FORMS = {
    "hours, 10 before 2 by name": of_names("depth_{hour}h.tif"),
    "hours and minutes": of_names("h_{hour:02d}00.tif"),
    "t=": of_names("t={hour}.tif"),
    "Chinese": of_names("淹没水深第{hour}小时.tif"),
    "bare numbers": of_names("depth_{hour:03d}.tif"),
    "one file": one_file,
    "rows from the south": lambda home: COUNTY.stack(home, south_up=True),
    "T+": of_names("depth_T+{hour:02d}h.tif"),
    "tiles, each hour in two": COUNTY.tiles,
    "rotated": COUNTY.rotated,
    "whole numbers with a scale": lambda home: [
        COUNTY.scaled(home / f"d_{hour}h.tif", COUNTY.grid(hour)) for hour in COUNTY.HOURS
    ],
    "double precision, dry as a nodata of 0": lambda home: [
        COUNTY.write(home / f"d_{hour}h.tif", [COUNTY.grid(hour).astype(float)], nodata=0) for hour in COUNTY.HOURS
    ],
    "centimetres": lambda home: [
        COUNTY.write(home / f"d_{hour}h.tif", [np.round(COUNTY.grid(hour) * 100).astype(np.int16)], unit="cm")
        for hour in COUNTY.HOURS
    ],
    "dry without data": lambda home: [
        COUNTY.write(home / f"d_{hour}h.tif", [np.where(COUNTY.grid(hour) > 0, COUNTY.grid(hour), -9999)], nodata=-9999)
        for hour in COUNTY.HOURS
    ],
    "dry as an undeclared -9999": lambda home: [
        COUNTY.write(home / f"d_{hour}h.tif", [np.where(COUNTY.grid(hour) > 0, COUNTY.grid(hour), -9999)])
        for hour in COUNTY.HOURS
    ],
    "two systems of coordinates": lambda home: [
        COUNTY.projected(home / f"d_{hour}h.tif", hour) if hour % 2
        else COUNTY.write(home / f"d_{hour}h.tif", [COUNTY.grid(hour)], system=4490)
        for hour in COUNTY.HOURS
    ],
    "NetCDF": lambda home: [COUNTY.netcdf(home / "flood.nc")],
    "NetCDF from the north": lambda home: [COUNTY.netcdf(home / "flood.nc", rising=False)],
    "NetCDF turned": lambda home: [COUNTY.netcdf(home / "flood.nc", turned=True)],
    "NetCDF-3": lambda home: [COUNTY.classic_netcdf(home / "flood.nc")],
    "NetCDF-3 in whole numbers": lambda home: [COUNTY.classic_netcdf(home / "flood.nc", scale=0.001)],
    "NetCDF in whole numbers": lambda home: [COUNTY.netcdf(home / "flood.nc", scale=0.001)],
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_the_rasters_gives_the_flood_that_a_hand_would_read(form: str, tmp_path: Path) -> None:
    brought_in(tmp_path, FORMS[form](tmp_path))
    assert_same_flood(tmp_path / "c")


def test_ascii_grids_are_read_where_their_coordinates_are_said(tmp_path: Path) -> None:
    files = [COUNTY.ascii_grid(tmp_path / f"水深_第{hour}小时.asc", COUNTY.grid(hour)) for hour in COUNTY.HOURS]
    brought_in(tmp_path, files, datum="cgcs2000")
    assert_same_flood(tmp_path / "c")


def test_a_level_is_depth_over_the_model_of_the_ground_and_it_is_said(tmp_path: Path) -> None:
    imported = brought_in(tmp_path, COUNTY.levels(tmp_path))
    assert_same_flood(tmp_path / "c")
    assert "less the ground of dem.tif" in fact(imported, "Depth")
    with pytest.raises(ScenarioError, match="rasters of depth, or no --keep-rasters"):
        brought_in(tmp_path, COUNTY.levels(tmp_path), "kept", keep=True)


def test_what_a_variable_of_netcdf_is_of_decides_and_is_said(tmp_path: Path) -> None:
    """A variable of the water's level had been 20 m of depth, whatever the file is called."""
    flood = COUNTY.netcdf(tmp_path / "flood.nc", name="x1", long_name="water level", above_m=20.0)
    model = COUNTY.elevation_model(tmp_path / "dem.tif")
    imported = brought_in(tmp_path, [flood, model])
    assert "less the ground of dem.tif" in fact(imported, "Depth")
    assert fact(imported, "Variable") == "x1"
    unsaid = brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc", name="v")], "b")
    assert "nothing in the file says" in fact(unsaid, "Variable")


def test_what_lies_beyond_the_valid_range_of_a_variable_is_no_data(tmp_path: Path) -> None:
    brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc")])
    brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc", valid_range=[0.0, 3.0])], "d")
    deep, cut = depths(tmp_path / "c"), depths(tmp_path / "d")
    assert max(deep["yan"].values()) > 3.0 >= max(cut["yan"].values())


def test_a_gap_in_the_hours_is_named(tmp_path: Path) -> None:
    files = [path for path in COUNTY.stack(tmp_path) if "_12h" not in path.name and "_15h" not in path.name]
    assert fact(brought_in(tmp_path, files), "Gap in the hours").startswith("9 h to 18 h")
    assert not fact(brought_in(tmp_path, COUNTY.stack(tmp_path), "whole"), "Gap in the hours")


def test_moments_in_names_set_the_start(tmp_path: Path) -> None:
    files = COUNTY.stack(tmp_path, "d_20230731_{hour:02d}00.tif")
    imported = brought_in(tmp_path, files)
    assert imported.start == "2023-07-31T00:00+08:00"
    assert imported.has_series
    assert_same_flood(tmp_path / "c")


def test_moments_of_netcdf_without_an_offset_are_utc_or_what_is_told_and_it_is_said(tmp_path: Path) -> None:
    bare = "hours since 2023-07-31 00:00:00"
    by_convention = brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc", units=bare)], "u")
    assert by_convention.start == "2023-07-31T08:00+08:00", "the same moment by the county's clock"
    assert "states no offset from UTC; taken: +00:00" in fact(by_convention, "Hours")
    imported = brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc", units=bare)], is_offset_told=True)
    assert imported.start == "2023-07-31T00:00+08:00"
    assert "taken: +08:00" in fact(imported, "Hours")
    stated = brought_in(tmp_path, [COUNTY.netcdf(tmp_path / "f.nc", units="hours since 2023-07-30T16:00Z")], "d")
    assert stated.start == "2023-07-31T00:00+08:00"
    assert depths(tmp_path / "c") == depths(tmp_path / "d")


def test_of_two_depths_the_one_of_each_hour_is_read_and_no_maximum(tmp_path: Path) -> None:
    import h5py

    path = COUNTY.netcdf(tmp_path / "f.nc")
    with h5py.File(path, "r+") as file:
        for name, about in (("max_depth", {}), ("depth_2", {"cell_methods": "time: maximum"})):
            file[name] = np.full(file["water_depth"].shape, 9.0)
            file[name].attrs.update({"units": "m", **about})
            for at, axis in enumerate(("time", "lat", "lon")):
                file[name].dims[at].attach_scale(file[axis])
    assert fact(brought_in(tmp_path, [path]), "Variable") == "water_depth"
    assert_same_flood(tmp_path / "c")


@pytest.mark.parametrize(
    ("texts", "hours"),
    [
        (["depth_03h", "depth_10h", "depth_2h"], [3, 10, 2]),
        (["h_0000", "h_0330", "h_1300"], [0, 3.5, 13]),
        (["h_0000", "h_0010", "h_0090"], [0, 10, 90]),
        (["t=1.5", "T+03", "第6小时"], [1.5, 3, 6]),
        (["180min", "1d03h", "03h30"], [3, 27, 3.5]),
        (["10m_depth_06h", "step_3", "dem"], [6, None, None]),
        (["depth1", "水深2", "day3", "第2天", "swe2d_h4"], [1, 2, 72, 48, 4]),
        (["t000360m", "t000720m"], [6, 12]),
        (["depth_07-08-2023_14-00"], [None]),  # the 7th of August or the 8th of July
        (["d_0_0h", "d_0_5h", "d_3_5h"], [0, 0.5, 3.5]),  # had been the hours 0, 5 and 5
        (["run_2_3h", "run_2_6h"], [3, 6]),
        (["depth_3_5h"], [None]),
        (["tile_1_3h", "tile_2_4h"], [None, None]),
        (["d_2000", "d_2300", "d_0200", "d_0500"], [None] * 4),  # had been the hours 2, 5, 20 and 23
        (["水深20时", "水深23时", "水深2时", "水深5时"], [None] * 4),
        (["d_2200", "d_0000", "d_0200"], [None] * 3),  # had been the hours 0, 2 and 22
        ([f"d_{hour:02}00" for hour in (20, 23, 2, 5, 8, 11, 14, 17)], [None] * 8),
        (["d_0000", "d_0600", "d_1200", "d_1800"], [0, 6, 12, 18]),
        (["d_0300", "d_0900", "d_1500", "d_2100"], [None] * 4),
        (["depth_20h", "depth_23h", "depth_02h", "depth_05h"], [20, 23, 2, 5]),  # a gap, which is said
        (["h_0100", "h_0200", "h_0400", "h_0500"], [1, 2, 4, 5]),
        (["8月1日5时水深", "depth_0801_23", "0802_00h"], [None, None, None]),  # days without a year had been hours
    ],
)
def test_hours_of_names(texts: list[str], hours: list[float | None]) -> None:
    assert hours_in(texts, CHINA)[0] == hours


@pytest.mark.parametrize(
    "text",
    ["20230731_1400", "d_2023073114", "2023-07-31T14:00", "2023年7月31日14时", "2023-07-31T06:00Z", "20230731_h_1400",
     "Depth (31JUL2023 14 00 00)", "d_20230731_14h", "31-07-2023_14-00", "depth_230731_1400", "07/31/2023 14:00",
     "2023年7月31日下午2时"],
)  # fmt: skip
def test_moments_of_names(text: str) -> None:
    (when,), _ = hours_in([text], CHINA)
    assert not isinstance(when, float)
    assert when is not None
    assert when.astimezone(CHINA).isoformat() == "2023-07-31T14:00:00+08:00"


# ---- two routes to one run


def test_a_run_from_rasters_is_the_run_from_the_imported_table(tmp_path: Path) -> None:
    files = COUNTY.stack(tmp_path)
    logs = []
    for name, keep in (("table", False), ("kept", True)):
        brought_in(tmp_path, files, name, keep=keep)
        scenario = load(tmp_path / name)
        logs.append(replicate(compile_world(scenario), 3, 0).log)
    assert (tmp_path / "table" / "depths.csv").exists()
    assert not (tmp_path / "kept" / "depths.csv").exists()
    assert [column.tobytes() for column in logs[0]] == [column.tobytes() for column in logs[1]]


def test_water_comes_to_villages_at_the_hours_of_the_rasters(tmp_path: Path) -> None:
    brought_in(tmp_path, COUNTY.stack(tmp_path))
    as_recorded = {"hazard.uncertainty": {"arrival": "0 h", "level": "0 m", "duration": 0}}
    scenario = load(tmp_path / "c", sets=as_recorded).in_order()
    log = replicate(compile_world(scenario), 3, 0).log
    rows = log.where(EventKind.WATER_ARRIVES)
    came = {scenario.places[log.place[row]].id: float(log.time_h[row]) for row in rows}
    assert came.keys() == {"yan", "nancun", "zhen"}
    assert came["yan"] == 0.0
    assert 6 < came["nancun"] < 9
    assert 18 < came["zhen"] < 21


def test_kept_rasters_are_part_of_the_checksum_and_no_change_may_name_others(tmp_path: Path) -> None:
    folder = brought_in(tmp_path, COUNTY.stack(tmp_path), keep=True).folder
    first = load(folder).checksum
    with pytest.raises(ScenarioError, match="rasters are read before"):
        load(folder, sets=["hazard.rasters.unit=cm"])
    assert load(folder, sets=["depths.yan.depth=0 m"]).depths
    COUNTY.write(folder / "depth_3h.tif", [COUNTY.grid(3.5)])
    assert load(folder).checksum != first


def test_a_kept_raster_outside_the_folder_is_refused(tmp_path: Path) -> None:
    folder = brought_in(tmp_path, COUNTY.stack(tmp_path), keep=True).folder
    settings = folder / "scenario.yaml"
    settings.write_text(settings.read_text("utf-8").replace("- depth_3h.tif", "- ../depth_3h.tif"), "utf-8")
    with pytest.raises(ScenarioError, match="inside the scenario folder"):
        load(folder)
    settings.write_text(settings.read_text("utf-8").replace("- ../depth_3h.tif", "- depth_5h.tif"), "utf-8")
    with pytest.raises(ScenarioError, match="name of a raster in the scenario folder"):
        load(folder)


def test_check_names_the_raster(tmp_path: Path) -> None:
    folder = brought_in(tmp_path, COUNTY.stack(tmp_path), keep=True).folder
    answer = CliRunner().invoke(main, ["check", str(folder)])
    assert answer.exit_code == 0, answer.output
    assert "1 of 5 villages have no series of depth: they stay dry: wai" in " ".join(answer.output.split())
    settings = folder / "scenario.yaml"
    (folder / "levels.csv").write_text("zone,time,level\na,0 h,20 m\n", "utf-8")
    settings.write_text(settings.read_text("utf-8").replace("source: rasters", "source: levels"), "utf-8")
    answer = CliRunner().invoke(main, ["check", str(folder)])
    assert "for a flood by rasters only" in " ".join(answer.output.split())


def test_a_bridge_is_as_wet_as_its_ends(tmp_path: Path) -> None:
    # From dry ground to dry ground over the lowest strip of the county.
    villages, roads = COUNTY.tables(tmp_path)
    low, high = "115.25,38.0870", "38.1400"
    villages.write_text(f"id,lon,lat,population\na,115.24,{high},100\nb,115.26,{high},100\nc,{low},9\n", "utf-8")
    line = [[115.24, 38.14], [115.25, 38.0870], [115.26, 38.14]]
    features = [{"type": "Feature", "properties": {"id": name}, "geometry": {"type": "LineString", "coordinates": line}}
                for name in ("road", "bridge")]  # fmt: skip
    (tmp_path / "c.roads.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    roads.write_text("id,from,to,bridge\nroad,a,b,no\nbridge,a,b,yes\nspur,a,c,no\n", "utf-8")
    imported = import_files(tmp_path / "c", [villages, roads, *COUNTY.stack(tmp_path)])
    assert depths(tmp_path / "c").keys() == {"c", "road", "spur"}
    assert "mark it" in fact(imported, "Roads under water in the first hour")


# ---- heights


def test_blank_heights_come_from_the_model_and_those_of_the_table_stay(tmp_path: Path) -> None:
    tables = COUNTY.tables(tmp_path)
    tables[0].write_text(tables[0].read_text("utf-8").replace("200,,no", "200,12.5 m,no", 1), "utf-8")
    model = COUNTY.elevation_model(tmp_path / "dem_30m.tif", gap="nancun")
    imported = import_files(tmp_path / "c", [*tables, model])
    heights = {row["id"]: row["elevation"] for row in table(tmp_path / "c", "villages")}
    assert heights["yan"] == "12.5 m"
    assert heights["wai"] == heights["nancun"] == ""
    for name in ("bei", "zhen"):
        wanted = float(COUNTY.ground_m(COUNTY.SPOTS[name][1]))
        assert float(heights[name].removesuffix(" m")) == pytest.approx(wanted, abs=0.06)
    assert "does not say" in fact(imported, "Datum of the heights")
    assert fact(imported, "Places beyond the model") == "1"
    assert fact(imported, "Places without data in it") == "1"
    assert fact(imported, "Against the tables").startswith("1 heights of the tables stay; they lie -3.6 m")


@pytest.mark.parametrize(("name", "unit"), [("dem_ft.tif", ""), ("dem.tif", "feet")])
def test_heights_in_feet_are_converted_and_it_is_said(tmp_path: Path, name: str, unit: str) -> None:
    """A model in feet by its name made every village three times as high; one in feet by its band was refused."""
    import rasterio

    tables = COUNTY.tables(tmp_path)
    (tmp_path / "metres").mkdir()
    metres = COUNTY.elevation_model(tmp_path / "metres/dem.tif")
    import_files(tmp_path / "c", [*tables, metres])
    with rasterio.open(metres) as read:
        heights = read.read(1, masked=True)
        with rasterio.open(tmp_path / name, "w", **read.profile) as written:
            written.write((heights / 0.3048).filled(read.nodata or -9999), 1)
            if unit:
                written.units = [unit]
    imported = import_files(tmp_path / "d", [*tables, tmp_path / name])
    for before, after in zip(table(tmp_path / "c", "villages"), table(tmp_path / "d", "villages"), strict=True):
        assert before.get("elevation") == after.get("elevation")
    assert name in fact(imported, "Unit of the heights")


def test_a_single_height_far_off_the_model_is_named(tmp_path: Path) -> None:
    tables = COUNTY.tables(tmp_path)
    model = COUNTY.elevation_model(tmp_path / "dem.tif")
    import_files(tmp_path / "c", [*tables, model])
    text = tables[0].read_text("utf-8").splitlines()
    heads = text[0].split(",")
    known = {row["id"]: row["elevation"] for row in table(tmp_path / "c", "villages")}
    for number, line in enumerate(text[1:], 1):
        cells = line.split(",")
        height = float(known.get(cells[0], "").removesuffix(" m") or 0) + (177 if cells[0] == "zhen" else 0)
        cells[heads.index("elevation")] = f"{height} m"
        text[number] = ",".join(cells)
    tables[0].write_text("\n".join(text), "utf-8")
    named = fact(
        import_files(tmp_path / "d", [*tables, model]),
        "Heights of the tables far off it: another spot or a wrong digit?",
    )
    assert "+177 m" in named
    assert named.count(" m") <= 2


def test_heights_last_when_tables_are_imported_again_and_another_model_replaces_them(tmp_path: Path) -> None:
    tables = COUNTY.tables(tmp_path)
    import_files(tmp_path / "c", [*tables, COUNTY.elevation_model(tmp_path / "dem.tif")])
    first = table(tmp_path / "c", "villages")
    tables[0].write_text(tables[0].read_text("utf-8").replace(",200,", ",300,"), "utf-8")
    import_files(tmp_path / "c", tables)
    again = table(tmp_path / "c", "villages")
    assert [row["elevation"] for row in again] == [row["elevation"] for row in first]
    assert {row["population"] for row in again} == {"300"}
    higher = tmp_path / "dem.tif"
    COUNTY.write(higher, [np.full((COUNTY.ROWS, COUNTY.COLUMNS), 88.0, dtype=np.float32)])
    import_files(tmp_path / "c", [higher])
    assert {row["elevation"] for row in table(tmp_path / "c", "villages") if row["id"] != "wai"} == {"88.0 m"}


# ---- said, not guessed in silence


def test_the_protocol_tells_what_was_read_in_both_languages(tmp_path: Path) -> None:
    imported = brought_in(tmp_path, [COUNTY.elevation_model(tmp_path / "dem.tif"), *COUNTY.stack(tmp_path)])
    page, text = (path.read_text("utf-8-sig") for path in write_protocol(imported, "en"))
    assert "9: 0 h, 3 h, 6 h, 9 h, 12 h, 15 h, 18 h, 21 h, 24 h since the start" in text
    assert "4 of 5 places and 4 of 4 roads; dry beyond: wai" in text
    assert "depth_0h.tif ... depth_24h.tif (9)" in page
    assert "zone" not in text.partition("What is missing")[2]
    assert imported.missing == []
    assert "自推演开始起" in write_protocol(imported, "zh")[1].read_text("utf-8-sig")


def test_a_folder_made_without_water_takes_the_depths_that_come_later(tmp_path: Path) -> None:
    tables = COUNTY.tables(tmp_path)
    assert import_files(tmp_path / "c", tables).missing == ["levels"]
    assert import_files(tmp_path / "c", COUNTY.stack(tmp_path)).missing == []
    assert_same_flood(tmp_path / "c")


# ---- refused


def bomb(path: Path) -> Path:
    """400 gigapixels in some kB: nothing is written but the head."""
    import rasterio
    from rasterio.transform import Affine

    with rasterio.open(path, "w", driver="GTiff", width=900_000, height=450_000, count=1, dtype="uint8", tiled=True,
                       sparse_ok=True, crs="EPSG:4326", transform=Affine(4e-4, 0, -180, 0, -4e-4, 90), BIGTIFF="YES",
                       blockxsize=16384, blockysize=16384):  # fmt: skip
        pass
    return path


def cut_off(path: Path) -> Path:
    rough = np.random.default_rng(1).random((COUNTY.ROWS, COUNTY.COLUMNS)).astype(np.float32)
    COUNTY.write(path, [rough], compress=None)
    path.write_bytes(path.read_bytes()[:9000])
    return path


def bad_tag(path: Path) -> Path:
    """A tag names a compression that there is none of, and the strips claim a billion entries."""
    COUNTY.write(path, [COUNTY.grid(3)], compress=None)
    data = bytearray(path.read_bytes())
    begin = int.from_bytes(data[4:8], "little")
    for at in range(begin + 2, begin + 2 + 12 * int.from_bytes(data[begin : begin + 2], "little"), 12):
        tag = int.from_bytes(data[at : at + 2], "little")
        if tag == 259:
            data[at + 8 : at + 10] = (60_001).to_bytes(2, "little")
        if tag in (273, 279):
            data[at + 4 : at + 8] = (1_000_000_000).to_bytes(4, "little")
    path.write_bytes(data)
    return path


def linked(path: Path) -> Path:
    import h5py

    COUNTY.netcdf(path)
    with h5py.File(path, "a") as file:
        del file["time"]
        file["time"] = h5py.ExternalLink("/etc/hostname", "/time")
    return path


def text_file(path: Path) -> Path:
    path.write_text('<VRTDataset rasterXSize="1" rasterYSize="1"/>', "utf-8")
    return path


def huge_text(path: Path) -> Path:
    path.write_text("ncols 1000000\nnrows 1000000\nxllcorner 115\nyllcorner 38\ncellsize 0.001\n1 2 3\n", "ascii")
    return path


def classic(path: Path, magic: bytes) -> Path:
    path.write_bytes(magic + bytes(100))
    return path


REFUSED: dict[str, tuple[Any, str]] = {
    "no coordinates": (lambda h: COUNTY.write(h / "d_3h.tif", [COUNTY.grid(3)], system=None), "system of coordinates"),
    "centimetres unsaid": (lambda h: COUNTY.write(h / "d_3h.tif", [COUNTY.grid(3) * 100]), "--rasters-unit cm"),
    "below zero": (lambda h: COUNTY.write(h / "d_3h.tif", [COUNTY.grid(3) - 5]), "depths from 0"),
    "a picture": (lambda h: COUNTY.write(h / "d_3h.tif", [np.zeros((160, 260), np.uint8)] * 3), "one band, or"),
    "no hour": (lambda h: COUNTY.write(h / "maxdepth.tif", [COUNTY.grid(3)]), "the hour since the start in the name"),
    "a level": (lambda h: COUNTY.write(h / "wse_3h.tif", [COUNTY.grid(3)]), "an elevation model beside"),
    "level and depth": (lambda h: [*COUNTY.levels(h)[:2], COUNTY.write(h / "d_3h.tif", [COUNTY.grid(3)])], "not both"),
    "elsewhere": (lambda h: COUNTY.write(h / "d_3h.tif", [COUNTY.grid(3)], transform=COUNTY.place_of(60.0, 20.0)),
                  "rasters that reach a place"),
    "an ASCII grid without coordinates": (lambda h: COUNTY.ascii_grid(h / "d_3h.asc", COUNTY.grid(3)),
                                          "--rasters-datum"),
    # newer GDAL refuses the header itself, older ones leave it to our own bound
    "an ASCII grid of a million by a million": (lambda h: huge_text(h / "d_3h.asc"),
                                                "at most 200,000 rows|an ASCII grid that can be read"),
    "an ASCII grid of letters": (lambda h: text_file(h / "d_3h.asc"), "an ASCII grid that can be read"),
    "one hour twice": (lambda h: [COUNTY.write(h / f"{a}_3h.tif", [COUNTY.grid(3)]) for a in "ab"], "one raster for"),
    "a bomb": (lambda h: bomb(h / "d_3h.tif"), "at most 200,000 rows"),
    "cut off": (lambda h: cut_off(h / "d_3h.tif"), "a GeoTIFF that can be read"),
    "bad tags": (lambda h: bad_tag(h / "d_3h.tif"), "a GeoTIFF that can be read"),
    "another format": (lambda h: text_file(h / "d_3h.tif"), "a GeoTIFF that can be read"),
    "NetCDF-5": (lambda h: classic(h / "d.nc", b"CDF\x05"), "nccopy -k nc4"),
    "broken NetCDF-3": (lambda h: classic(h / "d.nc", b"CDF\x01"), "one variable of depth"),
    "no NetCDF": (lambda h: text_file(h / "d.nc"), "NetCDF that can be read"),
    "a link out": (lambda h: linked(h / "d.nc"), "no links out of it"),
    "time in no unit": (lambda h: COUNTY.netcdf(h / "d.nc", units="steps"), "time in hours since"),
    "days of a model's year": (lambda h: COUNTY.netcdf(h / "d.nc", units="days since 2023-01-01", calendar="noleap"),
                               "the calendar standard"),
    "a level by its variable": (lambda h: COUNTY.netcdf(h / "d.nc", name="wse", above_m=20.0), "an elevation model"),
    "rain": (lambda h: COUNTY.netcdf(h / "d.nc", name="precipitation"), "one variable of depth"),
    "a speed": (lambda h: COUNTY.write(h / "velocity_3h.tif", [COUNTY.grid(3)]), "a raster of depth"),
    "heights in a fever": (lambda h: COUNTY.write(h / "dem.tif", [COUNTY.grid(3) + 12_000]), "heights from -500"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_right_is_refused_and_nothing_is_written(case: str, tmp_path: Path) -> None:
    make, expected = REFUSED[case]
    files = make(tmp_path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ScenarioError, match=expected.replace("(", r"\(")):
        brought_in(tmp_path, files if isinstance(files, list) else [files])
    assert not (tmp_path / "c").exists()
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 400_000  # kB


def test_what_is_said_about_a_raster_is_taken(tmp_path: Path) -> None:
    files = [COUNTY.write(tmp_path / f"d_{hour}h.tif", [COUNTY.grid(hour) * 100], system=None) for hour in COUNTY.HOURS]
    brought_in(tmp_path, files, datum="cgcs2000", unit="cm")
    assert_same_flood(tmp_path / "c")


def test_the_command_ends_with_2_and_names_every_file(tmp_path: Path) -> None:
    bad = [text_file(tmp_path / "d_3h.tif"), COUNTY.write(tmp_path / "d.tif", [COUNTY.grid(0)])]
    words = ["import", "c", *map(str, [*COUNTY.tables(tmp_path), *bad]), "--dir", str(tmp_path)]
    answer = CliRunner().invoke(main, words)
    assert answer.exit_code == 2
    assert "d_3h.tif" in answer.output
    assert "d.tif" in answer.output


def test_without_the_extra_the_message_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import simrescue.hazards.flood.depth_rasters.raster_slices as slices

    monkeypatch.setattr(slices, "find_spec", lambda name: None)
    with pytest.raises(ScenarioError, match=r"pip install 'simrescue\[gis\]'"):
        brought_in(tmp_path, COUNTY.stack(tmp_path))
