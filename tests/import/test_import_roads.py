"""A county's roads: one network whatever file they come in, cut where roads meet, no trip longer than before."""

from __future__ import annotations

import csv
import importlib.util
import json
import resource
import sys
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.intake.geodata.coordinates import bd09, datum_of, gcj02, to_wgs84
from simrescue.intake.geodata.noding import RoadWeb, noded
from simrescue.intake.geodata.road_formats.road_readers import read_road_file
from simrescue.intake.geodata.road_nature import DrawnRoad, Nature
from simrescue.intake.geodata.simplifying import simplified
from simrescue.intake.importing import ImportedCounty, _without_parts, import_files
from simrescue.network import great_circle_km
from simrescue.parameters import Parameters
from simrescue.report.import_protocol import protocol_of, protocol_text
from simrescue.scenario.load import load

SAME_H = 0.01
"""Share of its hours by which a trip may differ between formats, and after simplifying."""


def _made() -> ModuleType:
    for library in ("shapely", "pyproj", "shapefile", "osmium"):
        pytest.importorskip(library)
    spec = importlib.util.spec_from_file_location("road_county", Path(__file__).with_name("road_county.py"))
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["road_county"] = module
    spec.loader.exec_module(module)
    return module


COUNTY: Any = _made()


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(stream)]


def brought_in(home: Path, roads: Path, **options: Any) -> tuple[Path, ImportedCounty]:
    if not (home / "villages.csv").exists():
        COUNTY.villages(home / "villages.csv")
    folder = home / f"from-{roads.name.replace('.', '-')}"
    return folder, import_files(folder, [home / "villages.csv", roads], **options)


def test_the_protocol_tells_what_became_of_each_column_and_class(tmp_path: Path) -> None:
    COUNTY.geojson(tmp_path / "roads.geojson")
    _, imported = brought_in(tmp_path, tmp_path / "roads.geojson")
    (read,) = imported.files
    told = {fact.what.en: fact.found.en for fact in read.facts}
    lines = len(COUNTY.WAYS)
    assert read.said.en == f"{lines} lines became {lines - 1} roads for vehicles"  # but for the footpath
    assert told["Column 等级"] == "class of the road"
    assert told["Column 路名"] == "its name"
    assert told["class3"].startswith("县道 2; loaded trucks ")
    assert told["One-way"] == "2"
    assert told["Bridges"] == "1"
    text, page = protocol_text(protocol_of(imported), "zh"), protocol_text(protocol_of(imported), "en")
    assert "字段“等级”" in text
    assert "Column 等级: class of the road" in page


def hours(arcs: Sequence[tuple[Any, Any, float]], wanted: Sequence[Any]) -> np.ndarray:
    """Shortest hours between wanted nodes over arcs (from, to, hours)."""
    names = {name: number for number, name in enumerate({end for arc in arcs for end in arc[:2]} | set(wanted))}
    best: dict[tuple[int, int], float] = {}
    for a, b, time in arcs:
        key = (names[a], names[b])
        best[key] = min(time, best.get(key, np.inf))
    rows, columns = zip(*best, strict=True)
    graph = coo_array((list(best.values()), (rows, columns)), shape=(len(names), len(names))).tocsr()
    chosen = [names[name] for name in wanted]
    return np.asarray(dijkstra(graph, indices=chosen)[:, chosen])


def of_rows(rows: Sequence[Mapping[str, str]]) -> list[tuple[str, str, float]]:
    arcs = []
    for row in rows:
        time = float(row["length"].split()[0]) / Parameters().speed_kmh(row["kind"])
        arcs.append((row["from"], row["to"], time))
        if row.get("one_way") != "yes":
            arcs.append((row["to"], row["from"], time))
    return arcs


def of_web(web: RoadWeb) -> list[tuple[int, int, float]]:
    arcs = []
    for link in web.links:
        time = link.length_km / Parameters().speed_kmh(link.nature.kind)
        arcs.append((link.a, link.b, time))
        if not link.nature.one_way:
            arcs.append((link.b, link.a, time))
    return arcs


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    home, made = tmp_path_factory.mktemp("roads"), {}
    for ending, write in COUNTY.FORMATS.items():
        path = home / f"roads.{ending}"
        write(path)
        made[ending], _ = brought_in(home, path)
    return made


def test_one_network_from_every_format(folders: dict[str, Path]) -> None:
    all_hours = {ending: hours(of_rows(table(folder, "roads")), list(COUNTY.VILLAGES)) for ending, folder in
                 folders.items()}  # fmt: skip
    expected = all_hours.pop("osm")
    assert np.isfinite(expected).all()
    for ending, of_format in all_hours.items():
        assert np.allclose(of_format, expected, rtol=SAME_H), ending
    lengths = {ending: sum(float(row["length"].split()[0]) for row in table(folder, "roads")) for ending, folder in
               folders.items()}  # fmt: skip
    assert np.allclose(list(lengths.values()), lengths["osm"], rtol=SAME_H)


@pytest.mark.parametrize("ending", list(COUNTY.FORMATS))
def test_what_the_roads_are(folders: dict[str, Path], ending: str) -> None:
    folder = folders[ending]
    roads, junctions = table(folder, "roads"), table(folder, "junctions")
    [bridge] = [row for row in roads if row.get("bridge") == "yes"]
    assert (bridge["length"], bridge["kind"]) == ("1.000 km", "class2")
    below = COUNTY.degrees((2000, 4000))
    apart_km = [great_circle_km(*below, float(row["lon"]), float(row["lat"])) for row in junctions]
    assert min(apart_km) > 0.4, "the road below the bridge is not cut"
    joined = {row["from"] for row in roads if row["id"].startswith("to-")}
    assert joined >= set(COUNTY.VILLAGES)
    assert not [row for row in roads if "gudao" in row["id"] or "sihutong" in row["id"]], (
        "no island, and no blind end that nobody lives at"
    )
    assert [row for row in roads if "duantoulu" in row["id"]], "a village lives at the piece"
    load_levels = "zone,time_h,level_m\nall,0,1\nall,24,1\n"
    (folder / "levels.csv").write_text(load_levels, encoding="utf-8")
    assert len(load(folder).roads) == len(roads)


def test_parts_of_a_shapefile_that_are_named_with_it_are_no_files_of_their_own(tmp_path: Path) -> None:
    """`import county data/*` names the .dbf, .shx and .prj too."""
    shp, alone = tmp_path / "roads.shp", tmp_path / "others.dbf"
    parts = [shp.with_suffix(ending) for ending in (".dbf", ".shx", ".prj", ".cpg", ".shp.xml")]
    raster = tmp_path / "dem.v2.tif"
    assert _without_parts([*parts, shp, alone, raster, tmp_path / "dem.v2.tif.aux.xml", tmp_path / "dem.v2.tfw"]) == [
        shp, alone, raster,
    ]  # fmt: skip


def test_pieces_are_said_by_name(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    COUNTY.geojson(path)
    _, imported = brought_in(tmp_path, path)
    said = " | ".join(remark.en for remark in imported.remarks)
    assert "joined by an assumed link: 1 (断头路 1.5 km)" in said
    assert "left out: 1 (孤岛路 1.0 km)" in said
    assert "no roads for vehicles: 1 (人行道 1)" in said


def test_importing_again_gives_the_same_ids(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    COUNTY.geojson(path)
    folder, _ = brought_in(tmp_path, path)
    before = (folder / "roads.csv").read_text(encoding="utf-8")
    assert import_files(folder, [path]).kept == 0
    assert (folder / "roads.csv").read_text(encoding="utf-8") == before
    lines = json.loads((folder.with_name(f"{folder.name}.roads.geojson")).read_text(encoding="utf-8"))["features"]
    assert {line["properties"]["id"] for line in lines} == {row["id"] for row in table(folder, "roads")}


def a_town(seed: int) -> list[DrawnRoad]:
    """Streets at random: crossing, ending anywhere, some one-way, some on bridges, some drawn twice."""
    rng = np.random.default_rng(seed)
    roads = []
    for number in range(30):
        middle, angle = rng.uniform(0, 3000, 2), rng.integers(2) * np.pi / 2 + rng.normal(0, 0.1)
        along = np.linspace(-1, 1, 5)[:, None] * rng.uniform(500, 2000) * [np.cos(angle), np.sin(angle)]
        spots = middle + along + rng.normal(0, 10, (5, 2))
        bridge = number % 9 == 4
        nature = Nature("class3" if number % 2 else "class4", number % 7 == 3, bridge, int(bridge))
        roads.append(DrawnRoad(np.array([COUNTY.degrees(spot) for spot in spots]), nature, f"{number}"))
    return [*roads, roads[0], roads[1]]


@pytest.mark.parametrize("seed", range(4))
def test_simplifying_changes_no_travel_time(seed: int) -> None:
    web = noded(a_town(seed))
    rng = np.random.default_rng(seed)
    places = rng.choice(len(web.nodes), 12, replace=False).tolist()
    lean = simplified(web, set(places))
    before, after = hours(of_web(web), places), hours(of_web(lean), places)
    both = np.isfinite(before)
    assert (both == np.isfinite(after)).all()
    assert np.allclose(after[both], before[both], rtol=SAME_H)
    assert len(lean.links) < 0.9 * len(web.links)


def test_crossings_are_cut_on_one_level_only() -> None:
    def road(a: tuple[float, float], b: tuple[float, float], level: int = 0) -> DrawnRoad:
        return DrawnRoad(
            np.array([COUNTY.degrees(a), COUNTY.degrees(b)]), Nature("class3", bridge=level > 0, level=level)
        )

    across = road((0, 0), (1000, 0))
    assert len(noded([across, road((500, -500), (500, 500))]).links) == 4
    assert len(noded([across, road((500, -500), (500, 500), 1)]).links) == 2
    assert len(noded([across, road((500, 0.5), (500, 500))]).links) == 3, "an end that misses by half a metre"
    assert len(noded([across, road((500, 0.5), (500, 500), 1)]).links) == 3, "a bridge ends at a road"
    assert len(noded([road((0, 0), (1000, 0), 1), road((500, 0.5), (500, 500))]).links) == 2, "a road ends below one"
    assert len(noded([across, road((500, 3), (500, 500))]).links) == 2


def test_a_projected_shapefile_in_gbk(tmp_path: Path) -> None:
    """Eastings of CGCS2000 by .prj, names in GBK without .cpg; zipped, the same."""
    COUNTY.shapefile(tmp_path / "roads.shp", 4547)
    folder, _ = brought_in(tmp_path, tmp_path / "roads.shp")
    COUNTY.shapefile(tmp_path / "plain.shp", 4490)
    other, _ = brought_in(tmp_path, tmp_path / "plain.shp")
    assert table(folder, "roads") == table(other, "roads")
    with zipfile.ZipFile(tmp_path / "roads.zip", "w") as packed:
        for part in tmp_path.glob("roads.*"):
            if part.suffix in (".shp", ".dbf", ".prj"):
                packed.write(part, f"道路/{part.name}")
    zipped, _ = brought_in(tmp_path, tmp_path / "roads.zip")
    assert table(zipped, "roads") == table(folder, "roads")


# Coordinates.


def test_gcj02_and_bd09_as_published() -> None:
    """Figures of the project coordtransform for one point of Beijing."""
    point = np.array([[116.404, 39.915]])
    assert np.allclose(gcj02(point), [[116.41024449916938, 39.91640428150164]], atol=1e-9)
    assert np.allclose(bd09(point), [[116.41036949371029, 39.92133699351021]], atol=1e-9)
    spots = np.random.default_rng(1).uniform((98, 22), (130, 46), (500, 2))
    assert np.allclose(to_wgs84(gcj02(spots), "gcj02"), spots, atol=1e-8)
    assert np.allclose(to_wgs84(bd09(gcj02(spots)), "bd09"), spots, atol=1e-6)
    shift_m = 1000 * great_circle_km(*spots.T, *gcj02(spots).T)
    assert 300 < np.median(shift_m) < 700


@pytest.mark.parametrize(("written", "datum"), [("GCJ-02", "gcj02"), ("4548", "EPSG:4548"), ("epsg:4548", "EPSG:4548")])
def test_names_of_datums(written: str, datum: str) -> None:
    assert datum_of(written) == datum


def test_eastings_tell_their_zone_or_are_asked_for() -> None:
    by_code = to_wgs84(np.array([[412252.0, 4372000.0]]), "EPSG:4548")
    assert np.allclose(to_wgs84(np.array([[39412252.0, 4372000.0]]), ""), by_code, atol=1e-9)
    with pytest.raises(ScenarioError, match="--roads-datum EPSG:4548"):
        to_wgs84(np.array([[412252.0, 4372000.0]]), "")
    with pytest.raises(ScenarioError, match="a known system of coordinates"):
        datum_of("mars")


@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
def test_villages_of_another_datum_are_seen_by_the_roads(tmp_path: Path, datum: str) -> None:
    def shift(points: Any) -> Any:
        return gcj02(points) if datum == "gcj02" else bd09(gcj02(points))

    COUNTY.osm(tmp_path / "roads.osm")
    COUNTY.villages(tmp_path / "villages.csv", shift)
    folder, imported = brought_in(tmp_path, tmp_path / "roads.osm")
    assert any(f"read as {datum}" in remark.en for remark in imported.remarks)
    for row in table(folder, "villages"):
        assert np.allclose(
            [float(row["lon"]), float(row["lat"])], COUNTY.degrees(COUNTY.VILLAGES[row["id"]]), atol=2e-6
        )
    again = import_files(folder, [tmp_path / "villages.csv"])
    assert again.kept == 0, "the mapping keeps the datum"
    _, asked_for = brought_in(tmp_path, tmp_path / "roads.osm", datum="wgs84")
    assert not any("read as" in remark.en for remark in asked_for.remarks), "whoever says it is believed"


def test_roads_of_another_datum_are_seen_by_the_villages(tmp_path: Path) -> None:
    COUNTY.geojson(tmp_path / "shifted.geojson", gcj02)
    COUNTY.geojson(tmp_path / "right.geojson")
    shifted, imported = brought_in(tmp_path, tmp_path / "shifted.geojson")
    assert any("roads read as gcj02" in remark.en for remark in imported.remarks)
    right, _ = brought_in(tmp_path, tmp_path / "right.geojson")
    names = list(COUNTY.VILLAGES)
    assert np.allclose(
        hours(of_rows(table(shifted, "roads")), names), hours(of_rows(table(right, "roads")), names), rtol=SAME_H
    )
    assert table(shifted, "villages") == table(right, "villages")


def test_two_files_of_one_name_from_two_folders_are_both_read(tmp_path: Path) -> None:
    half = len(COUNTY.WAYS) // 2
    paths = [tmp_path / folder / "roads.geojson" for folder in ("north", "south")]
    for path, ways in zip(paths, (COUNTY.WAYS[:half], COUNTY.WAYS[half:]), strict=True):
        path.parent.mkdir()
        COUNTY.geojson(path, None, ways)
    COUNTY.villages(tmp_path / "villages.csv")
    COUNTY.geojson(tmp_path / "whole.geojson")
    import_files(tmp_path / "both", [tmp_path / "villages.csv", *paths])
    whole, _ = brought_in(tmp_path, tmp_path / "whole.geojson")
    names = list(COUNTY.VILLAGES)
    assert np.allclose(
        hours(of_rows(table(tmp_path / "both", "roads")), names), hours(of_rows(table(whole, "roads")), names)
    )


def test_one_file_of_another_datum_among_several_is_seen_by_the_villages_beside_it(tmp_path: Path) -> None:
    """Eleven villages, six of them along a road that runs north, in a file of its own in Amap's datum."""
    along = {f"lu{number}": (12_010, 2000 + 1200 * number) for number in range(6)}
    beside = [("西", 0, 1000), ("东", 2000, 1000), ("三", 4000, 1000), ("四", 6000, 1000), ("五", 8800, 1450)]
    own = [COUNTY.Way("滨河路", "县道", [(9000, 1500), (12_000, 1500), (12_000, 9000)])]
    rows = [f"{name},{','.join(map(str, COUNTY.degrees(spot)))},100" for name, spot in along.items()]
    rows += [f"{name},{','.join(map(str, COUNTY.degrees((x, y))))},100" for name, x, y in beside]
    (tmp_path / "villages.csv").write_text("\n".join(["id,lon,lat,residents", *rows]), encoding="utf-8")
    COUNTY.shapefile(tmp_path / "roads.shp")
    COUNTY.geojson(tmp_path / "shifted.geojson", gcj02, own)
    COUNTY.geojson(tmp_path / "right.geojson", None, own)
    hours_of = []
    for name in ("shifted", "right"):
        folder = tmp_path / name
        imported = import_files(folder, [tmp_path / f for f in ("villages.csv", "roads.shp", f"{name}.geojson")])
        says = [remark.en for remark in imported.remarks if "read as gcj02" in remark.en]
        assert [text.startswith("shifted.geojson") for text in says] == ([True] if name == "shifted" else [])
        ids = [row["id"] for row in table(folder, "villages")]
        hours_of.append(hours(of_rows(table(folder, "roads")), ids))
    assert np.allclose(*hours_of, rtol=SAME_H)
    assert np.isfinite(hours_of[0]).all()


# Hostile and broken files.


def refused(path: Path, says: str) -> None:
    with pytest.raises(ScenarioError, match=says):
        read_road_file(path)


def test_entities_in_openstreetmap_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.osm"
    entities = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(f'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a0 "x">{entities}]><osm version="0.6">'
                    '<node id="1" lat="1" lon="1"><tag k="&a9;" v="x"/></node></osm>', encoding="utf-8")  # fmt: skip
    refused(path, "XML without a declaration of entities")


@pytest.mark.parametrize("name", ["a.osm", "a.pbf", "a.shp", "a.zip", "a.gpkg", "a.geojson"])
@pytest.mark.parametrize("content", [b"", b"nothing", b"\0" * 500, b"PK\x03\x04broken", b'{"features": [{}, 7]}'])
def test_broken_files_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    refused(tmp_path / name, name)


def test_a_zip_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("roads.shp", "w") as part:
        for _ in range(201):
            part.write(b"\0" * 1_000_000)
    assert path.stat().st_size < 1_000_000
    refused(path, "200 MB")


def test_a_shapefile_that_claims_a_billion_points_is_refused(tmp_path: Path) -> None:
    COUNTY.shapefile(tmp_path / "roads.shp")
    data = bytearray((tmp_path / "roads.shp").read_bytes())
    data[148:152] = (1_000_000_000).to_bytes(4, "little")
    (tmp_path / "roads.shp").write_bytes(data)
    refused(tmp_path / "roads.shp", "a shapefile that can be read")


def varint(number: int) -> bytes:
    return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])


def pbf_of(kind: bytes, blob: bytes, claimed: int | None = None) -> bytes:
    """A .pbf of one block, which may claim another size than it has."""
    head = b"\x0a" + varint(len(kind)) + kind + b"\x18" + varint(len(blob) if claimed is None else claimed)
    return len(head).to_bytes(4, "big") + head + blob


def zipped_zeros(claimed: int) -> bytes:
    """What unpacks to 100 MB, and the size that it claims."""
    packed = zlib.compress(bytes(100_000_000), 9)
    return b"\x10" + varint(claimed) + b"\x1a" + varint(len(packed)) + packed


LYING = {
    "head.pbf": lambda: (0x7FFFFFFF).to_bytes(4, "big") + bytes(100),
    "size.pbf": lambda: pbf_of(b"OSMHeader", bytes(100), 2_000_000_000),
    "small.pbf": lambda: pbf_of(b"OSMHeader", zipped_zeros(1_000)),
    "large.pbf": lambda: pbf_of(b"OSMHeader", zipped_zeros(2_000_000_000)),
    "deep.geojson": lambda: b'{"type":"FeatureCollection","features":' + b"[" * 2_000_000,
    "deep-but-closed.geojson": lambda: b'{"type":"FeatureCollection","features":[{"geometry":'
    + b'{"type":"GeometryCollection","geometries":[' * 5_000 + b"]}" * 5_000 + b"}]}",
}  # fmt: skip


@pytest.mark.parametrize("name", LYING)
def test_files_that_lie_about_their_size_or_depth_are_refused_in_little_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(LYING[name]())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    refused(path, "that can be read")
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB


def test_a_shapefile_whose_record_claims_more_than_the_file_holds_is_refused(tmp_path: Path) -> None:
    COUNTY.shapefile(tmp_path / "roads.shp")
    data = bytearray((tmp_path / "roads.shp").read_bytes())
    data[104:108] = (0x7FFFFFF0).to_bytes(4, "big")
    (tmp_path / "roads.shp").write_bytes(data)
    refused(tmp_path / "roads.shp", "a shapefile that can be read")


def test_triggers_of_a_geopackage_never_run(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "roads.gpkg"
    COUNTY.geopackage(path)
    with sqlite3.connect(path) as database:
        for deed in ("INSERT", "UPDATE", "DELETE"):
            database.execute(f'CREATE TRIGGER t{deed} AFTER {deed} ON "道路" BEGIN DELETE FROM "道路"; END')
    database.close()
    before = path.read_bytes()
    assert len(read_road_file(path).lines) == len(COUNTY.WAYS)
    assert path.read_bytes() == before
    assert [part.name for part in tmp_path.iterdir()] == ["roads.gpkg"]


def test_a_geopackage_with_an_endless_view_is_refused(tmp_path: Path) -> None:
    import sqlite3

    path = tmp_path / "roads.gpkg"
    COUNTY.geopackage(path)
    with sqlite3.connect(path) as database:
        database.executescript(
            'DROP TABLE "道路"; CREATE VIEW "道路" AS WITH RECURSIVE n(geom) AS (SELECT 1 UNION ALL SELECT geom + 1 '
            "FROM n) SELECT geom FROM n;"
        )
    database.close()
    refused(path, "lines, the middle of roads")


@pytest.mark.parametrize("points", ["[[115, 38], [1e999, 38]]", "[[115, 38], 7]", '[["x", "y"], [1, 2]]'])
def test_points_of_no_numbers_are_refused(tmp_path: Path, points: str) -> None:
    path = tmp_path / "roads.geojson"
    path.write_text(f'{{"type": "LineString", "coordinates": {points}}}', encoding="utf-8")
    refused(path, "roads.geojson line 1: expected points of finite numbers")


def test_degrees_that_are_none_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "roads.geojson"
    path.write_text('{"type": "LineString", "coordinates": [[412252, 4372000], [412300, 4372000]]}', encoding="utf-8")
    done = CliRunner().invoke(main, ["--lang", "en", "import", "x", str(path), "--dir", str(tmp_path)])
    assert done.exit_code == 2
    assert "expected the system of these eastings and northings" in done.output
    assert not (tmp_path / "x").exists()


def test_a_missing_library_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    COUNTY.osm(tmp_path / "roads.osm")
    monkeypatch.setattr(
        "simrescue.intake.geodata.road_formats.road_readers.find_spec", lambda name: None if name == "osmium" else True
    )
    refused(tmp_path / "roads.osm", r"the extra gis \(osmium\): pip install 'simrescue\[gis\]'")
