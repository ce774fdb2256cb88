"""A forest county: its rasters and sheets become the fire that a hand would make of them."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.intake.importing import import_files
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check

FIRE = Path(__file__).parents[2] / "scenarios/tiny-fire"
LAYERS = ("fuel.asc", "elevation.asc", "canopy_cover.asc")
SHEETS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "villages": ("村庄", {"name_zh": "村名", "lon": "经度", "lat": "纬度", "population": "常住人口",
                        "township": "乡镇"}),
    "junctions": ("路口", {"name_zh": "路口名称", "lon": "经度", "lat": "纬度"}),
    "ignitions": ("起火点", {"name_zh": "名称", "lon": "经度", "lat": "纬度", "time": "起火时间"}),
    "detectors": ("瞭望", {"name_zh": "名称", "kind": "监测方式", "lon": "经度", "lat": "纬度", "range": "监测半径",
                         "revisit": "观测间隔", "delay": "报告用时"}),
    "water_sources": ("水源", {"name_zh": "水源名称", "lon": "经度", "lat": "纬度"}),
    "bases": ("驻地", {"name_zh": "驻地名称", "lon": "经度", "lat": "纬度"}),
    "weather": ("气象", {"time_h": "时间", "wind_ms": "风速（m/s）", "wind_from_deg": "风向", "temperature_c": "气温",
                       "humidity": "相对湿度", "visibility_km": "能见度（km）"}),
}  # fmt: skip
"""Table of tiny-fire -> name of the county's file, and its columns by the heads that the county has."""
KINDS = {"lookout": "瞭望塔", "camera": "视频监控", "satellite": "卫星", "residents": "群众报警"}


def rows_of(table: str) -> list[dict[str, str]]:
    with (FIRE / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def write(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows(rows)
    return path


def county(home: Path, *, without: str = "") -> list[Path]:
    """The files of a forest county, in GBK: what tiny-fire holds, as an office would have it."""
    files = []
    for table, (name, heads) in SHEETS.items():
        if table == without:
            continue
        rows = [["松岭县" + name], list(heads.values())]
        for row in rows_of(table):
            if table == "weather":
                day, hour = divmod(int(row["time_h"]) + 8, 24)
                row["time_h"] = f"2024年4月{4 + day}日{hour}时"
            if table == "ignitions":
                row["time"] = "2024-04-04 10:30"
            row.setdefault("name_zh", row.get("id", ""))
            row["kind"] = KINDS.get(row.get("kind", ""), "")
            rows.append([row[key] for key in heads])
        files.append(write(home / f"{name}.csv", rows))
    points = [row for table in ("villages", "bases", "junctions") for row in rows_of(table)]
    names = {row["id"]: row.get("name_zh") or row["id"] for row in points}
    roads = [[names[row["from"]], names[row["to"]], row["length_km"]] for row in rows_of("roads")
             if row["from"] in names and row["to"] in names]  # fmt: skip
    files.append(write(home / "道路.csv", [["起点", "终点", "里程（公里）"], *roads]))
    teams = [[row["name_zh"], names[row["base"]], row["size"], row["pumps"], "专业队"] for row in rows_of("teams")
             if row["pumps"] != "0"]  # fmt: skip
    files.append(write(home / "扑火队伍.csv", [["队伍名称", "驻地", "人数", "水泵（台）", "类别"], *teams]))
    return [*files, *(Path(shutil.copy(FIRE / name, home)) for name in LAYERS)]


def test_a_forest_county_becomes_a_fire(tmp_path: Path) -> None:
    pytest.importorskip("rasterio")
    imported = import_files(tmp_path / "songling", county(tmp_path))
    assert imported.is_fire
    assert not imported.stopping
    made, truth = load(tmp_path / "songling"), load(FIRE)
    assert made.settings.wildfire.layers == truth.settings.wildfire.layers
    assert (made.landscape.fuel == truth.landscape.fuel).all()
    assert made.settings.start == truth.settings.start
    assert [row.time_h for row in made.ignitions] == pytest.approx([row.time_h for row in truth.ignitions])
    assert [row.kind for row in made.detectors] == [row.kind for row in truth.detectors]
    assert [row.range_km for row in made.detectors] == [row.range_km for row in truth.detectors]
    assert [row.revisit_h for row in made.detectors] == pytest.approx([row.revisit_h for row in truth.detectors])
    assert [tuple(point) for point in made.weather] == [tuple(point) for point in truth.weather]
    heights = {row.name_zh: row.elevation_m for row in truth.villages}
    assert {row.name_zh: row.elevation_m for row in made.villages} == pytest.approx(heights, abs=20)
    assert sum(row.pumps for row in made.teams) == 8
    assert not [one.name for one in check(made) if one.severity in ("fault", "doubtful")]


def test_a_forest_county_without_rasters_is_told_what_it_lacks_and_takes_them_later(tmp_path: Path) -> None:
    pytest.importorskip("rasterio")
    files = county(tmp_path)
    imported = import_files(tmp_path / "songling", files[:-3])
    assert imported.is_fire
    assert [words.en for words in imported.stopping] == [
        "rasters of fuel and of heights on one grid (fuel.asc, elevation.asc)"
    ]
    assert not import_files(tmp_path / "songling", files[-3:]).stopping
    assert load(tmp_path / "songling").settings.wildfire.layers.fuel == "fuel.asc"


def test_a_forest_county_is_asked_for_its_fire_and_not_for_water(tmp_path: Path) -> None:
    pytest.importorskip("rasterio")
    files = [str(path) for path in county(tmp_path, without="detectors")]
    result = CliRunner().invoke(main, ["--lang", "en", "import", "songling", *files, "--dir", str(tmp_path)])
    assert result.exit_code == 0, result.output
    text = (tmp_path / "songling.protocol.txt").read_text(encoding="utf-8-sig")
    assert "Who would see a fire" in text
    assert "water stand" not in text
    assert "levels.csv" not in text


def test_fuel_alone_is_no_ground(tmp_path: Path) -> None:
    fuel = Path(shutil.copy(FIRE / "fuel.asc", tmp_path))
    with pytest.raises(ScenarioError, match="one of heights on the same grid"):
        import_files(tmp_path / "songling", [fuel])
    assert not (tmp_path / "songling").exists()
