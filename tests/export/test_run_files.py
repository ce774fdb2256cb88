"""A run as workbook, GeoPackage and GeoJSON: figures are those of its tables, text is text, times are moments."""

from __future__ import annotations

import json
import sqlite3
import struct
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from simrescue import Results, load, run
from simrescue.cli import main
from simrescue.events import EventKind as Kind
from simrescue.explain import start_of
from simrescue.export.geopackage import geopackage_bytes
from simrescue.export.map_layers import map_layers
from simrescue.export.run_files import export_run
from simrescue.export.workbook_writer import LONGEST_TITLE, WrittenSheet, workbook_bytes

calamine = pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")
FLOOD = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
NASTY = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "\tx", "0012", "http://x.cn")


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load(FLOOD), replications=2, seed=1, workers=1, out=tmp_path_factory.mktemp("runs") / "flood")


@pytest.fixture(scope="module")
def exported(results: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported") / "files"
    export_run(results, 1, "zh", folder)
    return folder


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    book = calamine.CalamineWorkbook.from_path(path)
    return {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names}


def column(rows: list[list[Any]], head: str) -> list[Any]:
    at = rows[0].index(head)
    return [row[at] for row in rows[1:]]


def test_the_workbook_has_the_figures_of_the_tables(results: Results, exported: Path) -> None:
    book = sheets(exported / "flood.xlsx")
    assert list(book) == ["判定", "缺口", "村庄", "力量", "原因", "等待", "行动（按村庄）", "行动（按力量）", "说明"]
    assert column(book["判定"], "指标") == results.verdicts["clause"].tolist()
    shown = [value if value != "" else np.nan for value in column(book["判定"], "数值")]
    finite = np.isfinite(results.verdicts["value"].to_numpy(float))
    assert np.array(shown, dtype=object)[finite].astype(float) == pytest.approx(
        results.verdicts["value"].to_numpy(float)[finite], abs=1e-4
    )
    means = results.places.groupby("village")["affected"].mean()
    by_id = dict(zip(column(book["村庄"], "编号"), column(book["村庄"], "受灾"), strict=True))
    ids = results.things["id"]
    assert by_id == {ids[place]: pytest.approx(mean) for place, mean in means.items()}
    short = sum(value for value in column(book["缺口"], "缺口（均值）") if value > 0)
    lacks = results.shortfalls.eval("counted - kept").groupby(
        [results.shortfalls["clause"], results.shortfalls["place"]]
    )
    assert short == pytest.approx(lacks.mean().clip(lower=0).sum(), rel=1e-3)


def test_every_responder_stands_among_the_forces(results: Results, exported: Path) -> None:
    book = sheets(exported / "flood.xlsx")
    log = results.log(1)
    assigned = int((log.kind == Kind.ASSIGNED.value).sum())
    assert sum(column(book["力量"], "任务数")) == assigned == len(book["行动（按力量）"]) - 1


def test_heads_are_in_the_language_that_is_asked_for(results: Results, tmp_path: Path) -> None:
    [path] = export_run(results, None, "en", tmp_path, ("xlsx",))
    book = sheets(path)
    assert "Verdicts" in book
    assert "Forces" not in book, "without a log nobody knows what they did"
    texts = " ".join(str(cell) for rows in book.values() for cell in rows[0])
    assert texts.isascii()


@pytest.mark.parametrize("text", NASTY)
def test_text_that_looks_like_a_formula_stays_text(text: str, tmp_path: Path) -> None:
    path = tmp_path / "x.xlsx"
    path.write_bytes(workbook_bytes([WrittenSheet("x", [["head"], [text]])]))
    assert sheets(path)["x"][1][0] == text
    import zipfile

    with zipfile.ZipFile(path) as parts:
        page = parts.read("xl/worksheets/sheet1.xml")
    assert b"<f>" not in page
    assert b"hyperlink" not in page


def test_names_of_sheets_fit(exported: Path) -> None:
    assert all(len(name) <= LONGEST_TITLE for name in sheets(exported / "flood.xlsx"))


def geometry(blob: bytes) -> list[tuple[float, float]]:
    """The points of a geometry as the standard (OGC 12-128r17, 2.1.3) has it."""
    magic, _, flags, system = struct.unpack("<2sBBi", blob[:8])
    assert (magic, flags, system) == (b"GP", 1, 4326)
    order, kind = struct.unpack("<BI", blob[8:13])
    assert order == 1
    count, body = (1, blob[13:]) if kind == 1 else (struct.unpack("<I", blob[13:17])[0], blob[17:])
    numbers = struct.unpack(f"<{2 * count}d", body)
    return list(zip(numbers[::2], numbers[1::2], strict=True))


def test_the_geopackage_is_one_and_holds_every_layer(results: Results, exported: Path) -> None:
    package = sqlite3.connect(exported / "flood.gpkg")
    assert package.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
    assert package.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    assert not package.execute("PRAGMA foreign_key_check").fetchall()
    names = [row[0] for row in package.execute("SELECT table_name FROM gpkg_contents ORDER BY rowid")]
    assert names == ["places", "sites", "roads", "closures", "tracks"]
    for name in names:
        layer = json.loads((exported / f"flood-{name}.geojson").read_text(encoding="utf-8"))
        blobs = [row[0] for row in package.execute(f"SELECT geom FROM {name} ORDER BY fid")]
        assert len(blobs) == len(layer["features"]) > 0
        first = layer["features"][0]["geometry"]
        points = [first["coordinates"]] if first["type"] == "Point" else first["coordinates"]
        assert np.array(geometry(blobs[0])) == pytest.approx(np.array(points), abs=1e-6)
    package.close()
    assert len(results.roads) == len(json.loads((exported / "flood-roads.geojson").read_text("utf-8"))["features"])


def test_a_road_is_closed_from_the_water_to_its_leaving(results: Results) -> None:
    """Two routes to one figure: hours closed by the layer, and by the rows of the log."""
    log = results.log(0)
    layers = {layer.name: layer for layer in map_layers(results, 0)}
    closed = [
        dict(zip(layers["closures"].fields, feature.values, strict=True)) for feature in layers["closures"].features
    ]
    ids = results.things["id"].tolist()
    first = {ids[log.subject[row]]: log.time_h[row] for row in log.where(Kind.ROAD_CLOSES).tolist()[::-1]}
    assert {row["id"] for row in closed} >= set(first)
    for road, time_h in first.items():
        assert min(row["from_h"] for row in closed if row["id"] == road) <= time_h + 1e-4
    start = start_of(results)
    for row in closed:
        moment = datetime.fromisoformat(str(row["from_time"]))
        assert (moment - start).total_seconds() / 3600 == pytest.approx(row["from_h"], abs=1e-3)
        assert row["from_h"] < row["to_h"] <= results.manifest["scenario"]["settings"]["duration_h"]


def test_tracks_begin_where_responders_stand_and_go_on_where_they_were(results: Results) -> None:
    layers = {layer.name: layer for layer in map_layers(results, 0)}
    at: dict[str, tuple[float, float]] = {}
    things = results.things.set_index("id")
    log = results.log(0)
    for row in log.where(Kind.STANDS).tolist():
        base = things.iloc[int(log.place[row])]
        at[things.index[int(log.subject[row])]] = (base["lon"], base["lat"])
    for feature in sorted(layers["tracks"].features, key=lambda feature: feature.values[5]):
        who = str(feature.values[0])
        assert feature.points[0] == pytest.approx(at[who])
        at[who] = feature.points[-1]


def test_the_same_run_gives_the_same_bytes(results: Results, exported: Path, tmp_path: Path) -> None:
    again = export_run(results, 1, "zh", tmp_path)
    assert {path.name: path.read_bytes() for path in again} == {
        path.name: path.read_bytes() for path in exported.iterdir()
    }


def test_a_layer_of_nothing_is_empty_and_whole() -> None:
    from simrescue.export.map_layers import MapLayer
    from simrescue.wording import Words

    package = sqlite3.connect(":memory:")
    package.deserialize(geopackage_bytes([MapLayer("none", Words("None", "无"), "Point", {"id": "TEXT"}, [])], "zh"))
    assert package.execute("SELECT count(*) FROM none").fetchone() == (0,)
    assert package.execute("SELECT description FROM gpkg_contents").fetchone() == ("无",)
    package.close()


def test_the_command_writes_all_or_says_what_it_misses(results: Results, tmp_path: Path) -> None:
    call = CliRunner().invoke
    done = call(main, ["--lang", "en", "export", str(results.path), "--out", str(tmp_path / "all"), "--json"])
    assert done.exit_code == 0, done.output
    assert len(json.loads(done.output)["files"]) == 7
    assert call(main, ["export", str(tmp_path / "nothing")]).exit_code == 1
    assert call(main, ["export", str(results.path), "-k", "99", "--out", str(tmp_path / "no")]).exit_code == 1
    assert not (tmp_path / "no").exists()
    assert call(main, ["export", str(FLOOD), "--as", "gpkg"]).exit_code == 2
