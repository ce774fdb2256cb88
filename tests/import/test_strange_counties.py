"""Invented counties with habits of their own; each was once misread in silence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import xlsxwriter

from simrescue.errors import ScenarioError
from simrescue.intake.cells import value_of
from simrescue.intake.columns import column_of
from simrescue.intake.importing import ImportedCounty, import_files
from simrescue.intake.mapping import read_table

for library in ("python_calamine", "pypinyin"):
    pytest.importorskip(library)
Rows = list[list[object]]


def book(path: Path, sheets: dict[str, Rows], *hidden: str) -> Path:
    with xlsxwriter.Workbook(str(path)) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
            if name in hidden:
                sheet.hide()
    return path


def table(home: Path, name: str) -> list[dict[str, str]]:
    return read_table(home / f"made/{name}.csv") or []


def said(imported: ImportedCounty) -> str:
    of_sheets = [remark for taken in imported.taken for remark in taken.sheet.remarks]
    return "\n".join(remark.en for remark in (*of_sheets, *imported.left_out, *imported.unclear))


def test_a_hidden_sheet_beside_others_of_its_table_is_an_older_state(tmp_path: Path) -> None:
    """Villages of the year before had stood there too, and roads led to them."""
    new = [["村名", "人口", "经度", "纬度"], ["李家坪村", 1200, 115.24, 38.1], ["石门村", 900, 115.26, 38.12]]
    old = [new[0], ["李家坪村", 1100, 115.21, 38.05], ["沙洲村", 90, 115.22, 38.05]]
    roads = [["路名", "起点", "终点", "里程"], ["X1", "李家坪村", "石门村", 4]]
    path = book(tmp_path / "c.xlsx", {"村": new, "道路": roads, "旧": old}, "旧")
    imported = import_files(tmp_path / "made", [path])
    assert [row["name_zh"] for row in table(tmp_path, "villages")] == ["李家坪村", "石门村"]
    assert table(tmp_path, "roads")[0]["from"] == table(tmp_path, "villages")[0]["id"]
    assert "旧 is hidden and left out" in said(imported)
    alone = import_files(tmp_path / "alone", [book(tmp_path / "d.xlsx", {"道路": roads, "旧": old}, "旧")])
    assert alone.rows["villages"] == 2
    assert "a hidden sheet, read like the others" in said(alone)


def test_discharge_beside_the_level_of_one_station_is_no_station(tmp_path: Path) -> None:
    """It had become the level, a hundred metres high; and nobody knew of which gauge the series was."""
    rows: Rows = [["站名：石门水文站"], ["时间", "水位（米）", "流量", "警戒水位"]]
    rows += [[f"2024-07-31 {hour:02}:00", 21 + hour / 10, 100 + hour, 24] for hour in range(4)]
    imported = import_files(tmp_path / "made", [book(tmp_path / "c.xlsx", {"水情": rows})])
    assert [(row["zone"], row["level"]) for row in table(tmp_path, "levels")][:2] == [
        ("石门水文站", "21 米"), ("石门水文站", "21.1 米"),
    ]  # fmt: skip
    assert "the gauge 石门水文站, from the title" in said(imported)
    side = [
        ["时间", "石门站水位", "上河站水位", "石门站流量"],
        *[[f"2024-07-31 {h:02}:00", 21, 30, 500] for h in (1, 2)],
    ]
    import_files(tmp_path / "made2", [book(tmp_path / "水位.xlsx", {"水位": side})])
    assert {row["zone"] for row in read_table(tmp_path / "made2/levels.csv") or []} == {"石门站", "上河站"}


def test_units_that_a_title_states_count_for_heads_that_state_none(tmp_path: Path) -> None:
    """Six hundred people had been 0.06."""
    rows: Rows = [["各村情况"], ["", "", "单位：万人、公里"], ["村名", "人口", "经度", "纬度", "海拔"],
                  ["甲村", 0.06, 115.2, 38.1, 60], ["乙村", "860人", 115.2, 38.2, 61]]  # fmt: skip
    roads: Rows = [["单位：米"], ["路名", "起点", "终点", "里程"], ["X1", "甲村", "乙村", 9800]]
    import_files(tmp_path / "made", [book(tmp_path / "c.xlsx", {"村": rows, "道路": roads})])
    assert [row["population"] for row in table(tmp_path, "villages")] == ["600", "860"]
    heads: Rows = [
        ["单位：万人"],
        ["村名", "人口", ""],
        ["", "常住（人）", "户籍（万人）"],
        ["甲村", 600, 0.07],
        ["乙村", 700, 0.08],
    ]
    import_files(tmp_path / "two", [book(tmp_path / "d.xlsx", {"村": heads})])
    assert [row["population"] for row in read_table(tmp_path / "two/villages.csv") or []] == ["600", "700"]
    assert table(tmp_path, "villages")[0]["elevation"] == "60 公里", "as the title says; the check refuses it"
    assert table(tmp_path, "roads")[0]["length"] == "9800 米"


@pytest.mark.parametrize(("head", "cell", "people"), [
    ("人口（单位：万人）", "0.12", "1200"), ("人口(千人)", "1.2", "1200"), ("常住人口万人", "0.12", "1200"),
    ("人口（万人）", "860人", "860"), ("人口（万人）", "0.12万", "1200"), ("人口（人）", "1200", "1200"),
])  # fmt: skip
def test_multiples_of_heads(head: str, cell: str, people: str) -> None:
    column = column_of("villages", 0, head)
    assert column
    assert value_of("villages", column, cell) == people


def test_a_list_of_articles_keeps_where_its_stores_are(tmp_path: Path) -> None:
    """Their spots were lost, and kinds of tents left out."""
    rows: Rows = [["仓库", "物资名称", "单位", "数量", "存放地点经度", "存放地点纬度"],
                  ["县库", "12㎡单帐篷", "顶", 10, 115.2, 38.1], ["县库", "棉被", "床", 80, "", ""]]  # fmt: skip
    imported = import_files(tmp_path / "made", [book(tmp_path / "c.xlsx", {"物资": rows})])
    (depot,) = table(tmp_path, "depots")
    assert (depot["lon"], depot["lat"], depot["shelter"], depot["clothing"]) == ("115.2", "38.1", "60", "80")
    assert "12㎡单帐篷 = 帐篷" in said(imported)


def test_junctions_are_called_by_the_roads_that_meet_there(tmp_path: Path) -> None:
    """People read an id of ten digits."""
    pytest.importorskip("shapely")
    lines = {"甲路": [[115.2, 38.1], [115.21, 38.1], [115.22, 38.1]], "乙路": [[115.21, 38.1], [115.21, 38.12]]}
    features = [
        {"type": "Feature", "properties": {"name": name}, "geometry": {"type": "LineString", "coordinates": points}}
        for name, points in lines.items()
    ]
    roads = tmp_path / "r.geojson"
    roads.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    spots = {"东村": (115.2, 38.101), "西村": (115.22, 38.101), "北村": (115.21, 38.121)}
    rows: Rows = [["村名", "人口", "经度", "纬度"], *([name, 100, *spot] for name, spot in spots.items())]
    import_files(tmp_path / "made", [book(tmp_path / "c.xlsx", {"村": rows}), roads])
    names = {row["name_zh"]: row["name"] for row in table(tmp_path, "junctions")}
    assert names["乙路与甲路路口"] == "junction of 乙路 and 甲路"
    assert "甲路路口（近东村）" in names
    assert "乙路路口（近北村）" in names


HEADS = ["村名", "人口", "经度", "纬度"]


def imported_again(home: Path, *rows: list[object]) -> ImportedCounty:
    return import_files(home / "made", [book(home / "c.xlsx", {"村": [HEADS, *rows]})])


def test_a_village_that_the_files_rename_keeps_its_id_and_what_people_changed(tmp_path: Path) -> None:
    """It had stood there twice, under both names, with all its people."""
    imported_again(tmp_path, ["东村", 100, 115.2, 38.1], ["西村", 200, 115.3, 38.1])
    path = tmp_path / "made/villages.csv"
    path.write_text(path.read_text("utf-8").replace(",200", ",222"), "utf-8")
    again = imported_again(tmp_path, ["东村", 100, 115.2, 38.1], ["西河村", 200, 115.3, 38.1])
    rows = [(row["id"], row["name_zh"], row["population"]) for row in table(tmp_path, "villages")]
    assert rows == [("dongcun", "东村", "100"), ("xicun", "西河村", "222")]
    assert "西河村 stands where 西村 stood" in "\n".join(remark.en for remark in again.remarks)
    gone = imported_again(tmp_path, ["东村", 100, 115.2, 38.1])
    assert len(table(tmp_path, "villages")) == 2
    assert "changed by hand, and so kept: 西河村" in "\n".join(remark.en for remark in gone.remarks)


def test_heads_that_the_files_rename_are_understood_anew(tmp_path: Path) -> None:
    """The import was refused, or the column was lost."""
    imported_again(tmp_path, ["东村", 100, 115.2, 38.1])
    other = book(tmp_path / "c.xlsx", {"村": [["村名", "常住人口", "东经", "北纬"], ["东村", 130, 115.2, 38.1]]})
    import_files(tmp_path / "made", [other])
    assert [row["population"] for row in table(tmp_path, "villages")] == ["130"]


@pytest.mark.parametrize(("cell", "degrees"), [
    ("西南", "225"), ("SW", "225"), ("西南风", "225"), ("北", "0"), ("偏西风", "270"), ("NNW", "337.5"), ("225", "225"),
])  # fmt: skip
def test_winds_by_name_come_from_there(cell: str, degrees: str) -> None:
    column = column_of("weather", 0, "风向")
    assert column
    assert value_of("weather", column, cell) == degrees


def test_the_nature_of_a_team_is_its_kind(tmp_path: Path) -> None:
    """Forest firefighters had become general teams."""
    rows: Rows = [["队伍", "性质", "驻地", "人数"], ["林海队", "专业队", "甲村", 50]]
    villages: Rows = [["村名", "人口", "经度", "纬度"], ["甲村", 100, 128.1, 44.3]]
    import_files(tmp_path / "made", [book(tmp_path / "c.xlsx", {"扑火队": rows, "村": villages})])
    assert [(row["kind"], row["tasks"]) for row in table(tmp_path, "teams")] == [("forest_fire", "suppression")]


def test_files_of_no_known_kind_are_all_named_with_what_is_read(tmp_path: Path) -> None:
    """The first alone was named, and of what is read rasters and roads were left out."""
    paths = [tmp_path / name for name in ("dem.vrt", "plan.docx", "v.csv")]
    for path in paths:
        path.write_text("村名,人口\n甲村,1\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        import_files(tmp_path / "made", paths)
    assert [fault.file for fault in caught.value.faults] == ["dem.vrt", "plan.docx"]
    assert all(ending in str(caught.value) for ending in (".xlsx", ".tif", ".nc", ".osm"))


def test_what_a_library_says_of_a_broken_file_stands_in_no_fault(tmp_path: Path) -> None:
    """It was English among Chinese words, and named folders of the machine."""
    pytest.importorskip("rasterio")
    pytest.importorskip("h5py")
    villages = tmp_path / "v.csv"
    villages.write_text("村名,人口,经度,纬度\n甲村,1,115.2,38.1\n", encoding="utf-8")
    for name in ("depth_3h.tif", "depth.nc", "depth_3h.asc"):
        (tmp_path / name).write_text('<VRTDataset rasterXSize="1"/>', encoding="utf-8")
        with pytest.raises(ScenarioError) as caught:
            import_files(tmp_path / "made", [villages, tmp_path / name])
        assert [fault.value for fault in caught.value.faults] == [None]
        assert str(tmp_path) not in caught.value.text("zh")
