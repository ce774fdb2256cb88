"""Files of bureaus that nobody here has seen: each kind of them was once misread in silence, or refused in vain."""

from __future__ import annotations

import json
import sqlite3
import struct
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue.intake.cells import value_of
from simrescue.intake.columns import Column, chinese_head
from simrescue.intake.geodata.coordinates import datum_in, to_wgs84
from simrescue.intake.geodata.road_formats.road_readers import read_road_file
from simrescue.intake.geodata.road_nature import is_no_road
from simrescue.intake.importing import ImportedCounty, import_files
from simrescue.intake.mapping import read_table

for library in ("shapely", "pyproj", "python_calamine", "pypinyin"):
    pytest.importorskip(library)

EAST = [[116.1, 30.5, 12.0], [116.12, 30.51, 13.0]]
NORTH = [[116.12, 30.51, 13.0], [116.13, 30.55, 14.0]]
VILLAGES = "村名,人口,经度,纬度\n甲村,80,116.1,30.5\n乙村,90,116.12,30.51\n丙村,70,116.13,30.55\n"
Lines = list[tuple[dict[str, str], dict[str, Any]]]


def geojson(path: Path, lines: Lines) -> Path:
    features = [{"type": "Feature", "properties": tags, "geometry": shape} for tags, shape in lines]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def line(points: list[list[float]]) -> dict[str, Any]:
    return {"type": "LineString", "coordinates": points}


def county(home: Path, *roads: Path) -> ImportedCounty:
    (home / "villages.csv").write_text(VILLAGES, encoding="utf-8")
    return import_files(home / "made", [home / "villages.csv", *roads])


def kinds(home: Path) -> dict[str, str]:
    rows = read_table(home / "made/roads.csv") or []
    return {row["id"]: row["kind"] for row in rows if not row["id"].startswith("to-")}


def said(imported: ImportedCounty) -> str:
    return "\n".join(remark.en for remark in imported.remarks)


def test_lines_within_collections_of_geometry_are_roads_too(tmp_path: Path) -> None:
    """They were left out without a word."""
    both = {"type": "GeometryCollection", "geometries": [line(NORTH), {"type": "Point", "coordinates": [116, 30]}]}
    path = geojson(tmp_path / "roads.geojson", [({"highway": "primary"}, line(EAST)), ({"highway": "primary"}, both)])
    assert len(read_road_file(path).lines) == 2


def test_a_layer_of_rivers_becomes_no_roads(tmp_path: Path) -> None:
    """Rivers in a GeoPackage were village roads, over which boats would have been driven by truck."""
    path = tmp_path / "county.gpkg"
    with sqlite3.connect(path) as database:
        database.executescript(
            "CREATE TABLE gpkg_spatial_ref_sys(srs_id, organization, organization_coordsys_id, definition);"
            "INSERT INTO gpkg_spatial_ref_sys VALUES (4490, 'EPSG', 4490, '');"
            "CREATE TABLE gpkg_geometry_columns(table_name, column_name, geometry_type_name, srs_id);"
        )
        for layer, points in (("县乡道", EAST), ("沿河道路", NORTH), ("河流", [[116.1, 30.52], [116.14, 30.53]])):
            database.execute(f'CREATE TABLE "{layer}"(geom BLOB)')
            database.execute("INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', 'LINESTRING', 4490)", (layer,))
            body = b"".join(struct.pack("<dd", *point[:2]) for point in points)
            blob = b"GP\0\1" + struct.pack("<iBII", 4490, 1, 2, len(points)) + body
            database.execute(f'INSERT INTO "{layer}" VALUES (?)', (blob,))
    database.close()
    read = read_road_file(path)
    assert len(read.lines) == 2
    assert [remark.en for remark in read.remarks] == ["layer 河流 is left out: by its name it holds no roads"]


@pytest.mark.parametrize(("name", "is_none"), [
    ("河流", True), ("county_rivers", True), ("铁路", True), ("行政边界", True), ("contours_10m", True),
    ("river_roads", False), ("滨河路", False), ("roads", False), ("drivers", False), ("水库公路", False), ("L1", False),
])  # fmt: skip
def test_names_of_files_and_layers_that_hold_no_roads(name: str, is_none: bool) -> None:
    assert is_no_road(name) is is_none


def test_rivers_among_the_lines_of_one_file_become_no_roads(tmp_path: Path) -> None:
    path = geojson(tmp_path / "export.geojson", [
        ({"highway": "primary"}, line(EAST)), ({"highway": "primary"}, line(NORTH)),
        ({"waterway": "river", "name": "皖河"}, line([[116.1, 30.52], [116.14, 30.53]])),
    ])  # fmt: skip
    assert "left out, no roads for vehicles: 1 (river 1)" in said(county(tmp_path, path))
    assert set(kinds(tmp_path).values()) == {"class2"}


def test_roads_that_stand_in_two_files_are_taken_once_in_the_better_class(tmp_path: Path) -> None:
    """Each file had given its own, so that closing one road closed none."""
    first = geojson(tmp_path / "a.geojson", [({"highway": "tertiary"}, line(EAST)), ({}, line(NORTH))])
    second = geojson(tmp_path / "b.geojson", [({"highway": "primary"}, line(EAST))])
    imported = county(tmp_path, first, second)
    assert sorted(kinds(tmp_path).values()) == ["class2", "class4"]
    assert "b.geojson: 100% of its roads lie within 30 m of those of a.geojson" in said(imported)


def drawn_again(points: list[list[float]], apart_m: float) -> list[list[float]]:
    """The same road as another office drew it: more points, some metres beside."""
    lon, lat = np.array(points).T[:2]
    along = np.linspace(0, len(points) - 1, 9 * (len(points) - 1) + 1)
    waves = apart_m * (0.8 + 0.2 * np.sin(7 * along)) / 111_000
    x, y = (np.interp(along, np.arange(len(points)), axis) for axis in (lon, lat))
    return np.column_stack([x + waves, y + waves]).tolist()  # type: ignore[no-any-return]


@pytest.mark.parametrize("apart_m", [-20, -5, 5, 12, 20])
def test_two_drawings_of_one_network_give_that_of_the_first(apart_m: float, tmp_path: Path) -> None:
    """Each road had stood there twice, some metres apart: closing one closed none."""
    side = [[116.12, 30.51], [116.15, 30.50]]
    first = geojson(
        tmp_path / "a.geojson", [({"highway": "tertiary"}, line(EAST)), ({}, line(NORTH)), ({}, line(side))]
    )
    again = [({"highway": "primary"}, line(drawn_again(EAST, apart_m))), ({}, line(drawn_again(NORTH, apart_m)))]
    more = [drawn_again(NORTH, apart_m)[-1], [116.16, 30.56]]
    second = geojson(tmp_path / "b.geojson", [*again, ({}, line(more))])
    text = f"{VILLAGES}丁村,60,116.15,30.50\n戊村,50,116.16,30.56\n"
    lengths = []
    for name, files in (("one", [first]), ("both", [first, second])):
        (tmp_path / "villages.csv").write_text(text, encoding="utf-8")
        import_files(tmp_path / name, [tmp_path / "villages.csv", *files])
        rows = [row for row in read_table(tmp_path / name / "roads.csv") or [] if not row["id"].startswith("to-")]
        lengths.append(
            {row["id"]: (length, row["kind"]) for row in rows if (length := float(row["length"].split()[0])) > 0.1}
        )
    alone, both = lengths
    assert len(both) == len(alone) + 1, "the road that only the second has is joined to the first's"
    assert sorted(kind for _, kind in both.values()) == [
        "class2",
        *sorted(kind for _, kind in alone.values())[1:],
        "class4",
    ]
    total = sum(length for length, _ in alone.values()) + 3.07
    assert sum(length for length, _ in both.values()) == pytest.approx(total, abs=0.06)


def test_a_road_above_another_stays_beside_it(tmp_path: Path) -> None:
    above = geojson(tmp_path / "a.geojson", [
        ({"highway": "tertiary"}, line([*EAST, *NORTH[1:]])), ({"highway": "primary", "bridge": "yes"}, line(EAST)),
    ])  # fmt: skip
    county(tmp_path, above)
    assert sorted(kinds(tmp_path).values()) == ["class2", "class4", "class4"]


@pytest.mark.parametrize(("ref", "kind"), [
    ("G107", "class1"), ("S214", "class2"), ("X101410182", "class3"), ("Y003", "class4"), ("C0123", "class4"),
    ("G4", "expressway"), ("A12", "class4"),
])  # fmt: skip
def test_the_number_of_a_road_tells_its_class(tmp_path: Path, ref: str, kind: str) -> None:
    county(tmp_path, geojson(tmp_path / "a.geojson", [({"LXBM": ref}, line(EAST)), ({"LXBM": ref}, line(NORTH))]))
    assert set(kinds(tmp_path).values()) == {kind}
    if ref != "A12":
        assert value_of("roads", Column(0, "等级", "kind"), ref[:5] if ref[0] != "X" else ref[:4]) == kind


@pytest.mark.parametrize(("text", "datum"), [
    ("西安80坐标系", "xian80"), ("1954北京坐标系", "beijing54"), ("2000国家大地坐标系", "wgs84"),
    ("西安80，中央子午线114", "EPSG:2383"), ("北京54第39带", "EPSG:2436"),
    ("坐标系：CGCS2000，3度带带号38", "EPSG:4547"),
])  # fmt: skip
def test_a_title_tells_the_survey_and_its_zone(text: str, datum: str) -> None:
    assert datum_in(text) == datum


@pytest.mark.parametrize(("datum", "code"), [
    ("xian80", 2362), ("beijing54", 2414), ("", 4526), ("cgcs2000", 4526), ("wgs84", 4526), ("EPSG:4547", 4526),
    ("EPSG:2383", 2362),
])  # fmt: skip
def test_eastings_with_their_zone_are_those_of_the_survey(datum: str, code: int) -> None:
    """Eastings of Xi'an 80 had been read as CGCS2000, and those of a title that names CGCS2000 had been refused."""
    from pyproj import Transformer

    east, north = Transformer.from_crs(4326, code, always_xy=True).transform(114.2, 30.5)
    assert 38e6 < east < 39e6
    assert np.allclose(to_wgs84(np.array([[east, north]]), datum), [[114.2, 30.5]], atol=1e-7)


def test_old_surveys_are_said_to_be_shifted(tmp_path: Path) -> None:
    text = "村庄坐标表（北京54坐标系）\n村名,人口,X,Y\n甲村,80,3376500,38423000\n乙村,90,3377500,38424000\n"
    (tmp_path / "villages.csv").write_text(text, encoding="utf-8")
    imported = import_files(tmp_path / "made", [tmp_path / "villages.csv"])
    assert "from Beijing 1954 / 3-degree Gauss-Kruger zone 38 to WGS84" in said(imported)
    assert "Shift of the old survey" in said(imported)
    assert "longitude and latitude exchanged in 2 rows" in said(imported), "X is the northing"
    assert chinese_head("villages", "elevation") == "地面高程", "it had been shown as a level of water"


def test_numbers_of_a_spreadsheet_are_moments(tmp_path: Path) -> None:
    (tmp_path / "水位.csv").write_text("站名,时间,水位\n桂江,44732.333333,139\n桂江,44732.375,140\n", encoding="utf-8")
    imported = import_files(tmp_path / "made", [tmp_path / "水位.csv"])
    rows = read_table(tmp_path / "made/levels.csv")
    assert rows
    assert [row["time"] for row in rows] == ["2022-06-20 08:00", "2022-06-20 09:00"]
    assert "2 numbers (44732.333333) are days of a spreadsheet" in imported.taken[0].remarks[-1].en


def test_days_without_a_year_take_that_of_the_other_sheets_or_are_asked_for(tmp_path: Path) -> None:
    for name, text in (("水位", "站名,时间,水位\n桂江,8月1日 5时,139\n"), ("说明", "编制日期,2023年5月\n")):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    alone = import_files(tmp_path / "alone", [tmp_path / "水位.csv"])
    assert "write it before the month" in alone.taken[0].remarks[-1].en
    import_files(tmp_path / "both", [tmp_path / "水位.csv", tmp_path / "说明.csv"])
    rows = read_table(tmp_path / "both/levels.csv")
    assert rows
    assert rows[0]["time"] == "2023-8-1 5时"


def test_the_name_of_a_survey_is_no_year(tmp_path: Path) -> None:
    text = "水位（CGCS2000，1985国家高程基准）\n站名,时间,水位\n桂江,8月1日 5时,139\n"
    (tmp_path / "水位.csv").write_text(text, encoding="utf-8")
    import_files(tmp_path / "made", [tmp_path / "水位.csv"])
    rows = read_table(tmp_path / "made/levels.csv")
    assert rows
    assert rows[0]["time"] == "8月1日 5时"


def test_ends_of_roads_between_wide_tildes_and_lengths_in_li(tmp_path: Path) -> None:
    roads = "起讫点,里程,等级\n甲村～乙村,10里,X101\n"
    for name, text in (("村庄", VILLAGES), ("道路", roads)):
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
    import_files(tmp_path / "made", [tmp_path / "村庄.csv", tmp_path / "道路.csv"])
    rows = read_table(tmp_path / "made/roads.csv")
    assert rows
    assert (rows[0]["from"], rows[0]["to"], rows[0]["kind"]) == ("jiacun", "yicun", "class3")
