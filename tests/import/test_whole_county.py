"""All files of a county by one import and one run: the folder is the one that a hand would make."""

from __future__ import annotations

import csv
import importlib.util
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from simrescue.cli import main
from simrescue.network import great_circle_km
from simrescue.parameters import Parameters
from simrescue.scenario.load import load
from simrescue.scenario.plans.plans_file import load_plan

KINDS = ("shp", "gpkg", "geojson", "osm")
SAME_HOURS = 0.01
"""Share of its hours by which a trip may differ from that along the lines that were drawn, or by a minute: the datum of
GCJ-02 is turned back to some millimetres, and places lie at the end of a short link."""
MINUTE_H = 1 / 60
SAME_DEPTH_M = 0.06
"""A place reads the cell that it lies in: half a cell to the north and to the east is so much of height."""
SAME_GROUND_M = 0.06
"""Heights are written to 0.1 m."""


def _made() -> ModuleType:
    for library in (
        "rasterio",
        "pyproj",
        "shapely",
        "shapefile",
        "osmium",
        "python_calamine",
        "pypinyin",
        "xlsxwriter",
    ):
        pytest.importorskip(library)
    for name in ("flooded_county", "road_county", "nasty_county", "whole_county"):
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return module


COUNTY: Any = _made()


def call(*words: object) -> str:
    done = CliRunner().invoke(main, ["--lang", "zh", *map(str, words)], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.output


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(stream)]


@pytest.fixture(scope="module", params=KINDS)
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp(f"county-{request.param}")
    call("import", "云禾县", *COUNTY.files(home, request.param), "--dir", home / "scenarios")
    return Path(home / "scenarios" / "云禾县")


def test_tables_are_those_made_by_hand(folder: Path) -> None:
    expected = sys.modules["nasty_county"].by_hand()
    del expected["roads"]
    for name in ("villages", "bases", "depots", "shelters"):
        for row in expected[name]:
            row.pop("elevation", None)
    read = {name: table(folder, name) for name in expected}
    heights = {row["id"]: row.pop("elevation", "") for rows in read.values() for row in rows if "lon" in row}
    assert read == expected
    for name, spot in COUNTY.PLACES.items():
        wanted = float(COUNTY.ground_m(*spot))
        assert float(heights[name].removesuffix(" m")) == pytest.approx(wanted, abs=SAME_GROUND_M), name


def test_trips_take_the_hours_of_the_lines(folder: Path) -> None:
    def hours(arcs: list[tuple[Any, Any, float]]) -> np.ndarray:
        names = {name: number for number, name in enumerate({end for arc in arcs for end in arc[:2]})}
        start, end, time = zip(*arcs, strict=True)
        graph = coo_array((time, ([names[one] for one in start], [names[one] for one in end])),
                          shape=(len(names), len(names))).tocsr()  # fmt: skip
        chosen = [names[name] for name in COUNTY.PLACES]
        return np.asarray(dijkstra(graph, directed=False, indices=chosen)[:, chosen])

    speeds = {"县道": Parameters().speed_kmh("class3"), "乡道": Parameters().speed_kmh("class4")}
    of_spot = {sys.modules["whole_county"].metres_of(name): name for name in COUNTY.PLACES}
    drawn = []
    for way in COUNTY.WAYS:
        for spots in zip(way.spots, way.spots[1:], strict=False):
            (lon, lat), (to_lon, to_lat) = map(sys.modules["road_county"].degrees, spots)
            time = great_circle_km(lon, lat, to_lon, to_lat) / speeds[way.kind]
            drawn.append((of_spot.get(spots[0], spots[0]), of_spot.get(spots[1], spots[1]), time))
    read = [(row["from"], row["to"], float(row["length"].split()[0]) / Parameters().speed_kmh(row["kind"]))
            for row in table(folder, "roads")]  # fmt: skip
    assert np.allclose(hours(read), hours(drawn), rtol=SAME_HOURS, atol=MINUTE_H)


def test_the_flood_is_that_of_the_rasters(folder: Path) -> None:
    series: dict[str, dict[float, float]] = {name: {} for name in COUNTY.PLACES}
    for row in load(folder).depths:
        series.setdefault(row.subject, {})[row.time_h] = row.depth_m
    for name, spot in COUNTY.PLACES.items():
        for hour in COUNTY.HOURS:
            read = float(np.interp(hour, list(series[name]), list(series[name].values())))
            assert read == pytest.approx(float(COUNTY.water_m(*spot, hour)), abs=SAME_DEPTH_M), (name, hour)


def test_settings_and_plan_are_those_of_the_files(folder: Path) -> None:
    scenario = load(folder)
    assert scenario.settings.start.isoformat() == "2024-07-10T06:00:00+08:00"
    assert scenario.settings.jurisdiction.population == 4850
    assert scenario.settings.plan == "yunhe-plan"
    assert scenario.settings.plan_year == 2025, "else nothing of a later plan would count"
    read, template = load_plan("yunhe-plan", folder), load_plan("county-template")
    assert [clause.text_zh for clause in read.clauses] == [clause.text_zh for clause in template.clauses]


@pytest.mark.parametrize("folder", ["geojson"], indirect=True)
def test_one_command_runs_it_and_nobody_touches_it_in_between(folder: Path, tmp_path: Path) -> None:
    told = call("run", folder, "--out", tmp_path / "out", "--replications", "1", "--no-charts", "--workers", "1")
    assert "K4" in told, "judged by its own plan"
    assert any((tmp_path / "out").rglob("*.parquet"))


@pytest.mark.parametrize("folder", ["osm"], indirect=True)
def test_a_plan_alone_comes_into_a_folder_that_stands_and_what_counts_is_said(folder: Path, tmp_path: Path) -> None:
    import shutil

    home = tmp_path / "scenarios"
    shutil.copytree(folder.parent, home)
    standing = home / folder.name / "scenario.yaml"
    standing.write_text(standing.read_text("utf-8").replace("plan: yunhe-plan\n", ""), "utf-8")
    sheet = folder.parent.parent / "yunhe-plan.xlsx"
    assert "plan: yunhe-plan" in call("import", folder.name, sheet, "--dir", home)
    plan = home / "plans" / "yunhe-plan.yaml"
    plan.write_text(plan.read_text("utf-8").replace("limit: 2 h", "limit: 3 h", 1), "utf-8")
    done = CliRunner().invoke(main, ["--lang", "en", "import", folder.name, str(sheet), "--dir", str(home)])
    assert done.exit_code == 2
    assert "that nobody changed by hand" in done.output
