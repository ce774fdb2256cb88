"""Habits of other counties' files, each kind of which an import once misread in silence, or asked about in vain."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlsxwriter

from simrescue.intake.cells import middle_of_range, value_of
from simrescue.intake.columns import Column, column_of, understand
from simrescue.intake.county_tables import CountyTables
from simrescue.intake.geodata.coordinates import datum_in
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import read_table
from simrescue.intake.shapes.reshape import reshaped
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.intake.spreadsheets.sheets import read_sheets

Rows = list[dict[str, str]]


def tables_of(*sheets: tuple[str, str]) -> CountyTables:
    """The tables of sheets that are written as their name and one line for each row, cells between blanks."""
    made = CountyTables()
    for name, text in sheets:
        rows = tuple(tuple(cell.replace("_", "") for cell in line.split()) for line in text.strip().splitlines())
        for sheet in reshaped(Sheet("county.xlsx", name, rows)):
            understood = understand(sheet.name, sheet.rows, sheet.file)
            assert understood, sheet.name
            made.add(sheet, understood)
    made.remarks = [*made.rename_zones(), *made.refer()]  # type: ignore[attr-defined]
    return made


def remarks(made: CountyTables) -> str:
    return "\n".join(remark.en for taken in made.taken for remark in taken.remarks)


def test_units_in_a_row_of_their_own_are_no_village() -> None:
    made = tables_of(
        ("村庄", "村名 人口 经度 高程 老弱病残占比\n_ 人 ° m %\n甲村 85 115.1 20.5 12\n乙村 90 115.2 21 18%")
    )
    assert [(row["name_zh"], row["elevation"], row["vulnerable"]) for row in made.rows["villages"]] == [
        ("甲村", "20.5 m", "12 %"), ("乙村", "21 m", "18%"),
    ]  # fmt: skip


def test_subtotals_parts_and_signatures_are_no_villages() -> None:
    made = tables_of(("村庄", """乡镇 村名 人口
        上河镇 甲村 85
        上河镇小计 _ 85
        _ 其中：蓄滞洪区 60
        下河乡 乙村 90
        填表人：张三 _ 审核人：李四"""))  # fmt: skip
    assert [row["name_zh"] for row in made.rows["villages"]] == ["甲村", "乙村"]
    assert made.taken[0].totals == 2


def test_heads_of_columns_are_no_title() -> None:
    """A list of teams with a column of boats was read as a list of boats, a series in a file of stores as stores."""
    teams = [["队伍名称", "驻地", "人数", "冲锋舟（艘）", "直升机（架）"], ["消防大队", "县城", "45人", "6艘", ""]]
    series = [["片区", "时间", "水位"], ["城区", "2024-07-01 08:00", "19"]]
    for title, file in (("救援力量", ""), ("Sheet1", "物资装备.xlsx")):
        assert (understood := understand(title, teams, file)), title
        assert understood.table == "teams"
    assert (understood := understand("Sheet2", series, "物资装备.xlsx"))
    assert understood.table == "levels"


def test_names_under_an_unknown_head_are_names_and_it_is_said() -> None:
    understood = understand(
        "避难场所", [["处所", "经度", "纬度", "容纳人数"], ["甲校", "115", "38", "20"], ["乙校", "115", "38", "9"]]
    )
    assert understood
    assert ("处所", "name_zh", "name") in [(one.head, one.key, one.basis) for one in understood.columns]
    shelters = understand("Shelters", [["Shelter", "Capacity", "Lon", "Lat"], ["Town Hall", "15", "-1", "53"]])
    assert shelters
    assert shelters.columns[0].key == "name", "goods that are no numbers"


@pytest.mark.parametrize(
    ("table", "head", "key", "unit"),
    [
        ("villages", "地面高程m", "elevation", "m"), ("villages", "高程（米，85高程）", "elevation", "米"),
        ("villages", "高程（黄海）", "elevation", "m"), ("villages", "所属片区", "zone", ""),
        ("villages", "乡（镇、街道）", "township", ""), ("villages", "鄉鎮", "township", ""),
        ("villages", "GCJ经度", "lon", ""), ("roads", "是否有桥", "bridge", ""), ("levels", "測站", "zone", ""),
        ("roads", "长度公里", "length", "公里"), ("roads", "里程（华里）", "length", "华里"),
        ("teams", "冲锋舟/艘", "count", ""),
    ],
)  # fmt: skip
def test_heads_as_other_counties_write_them(table: str, head: str, key: str, unit: str) -> None:
    column = column_of(table, 0, head)
    assert column
    assert (column.key, column.unit) == (key, unit)


def test_ranges_are_read_at_their_middle_and_said() -> None:
    made = tables_of(("村庄", "村名 人口\n甲村 300-400\n乙村 500余人\n丙村 1200人以上\n丁村 近三百人"))
    assert [row["population"] for row in made.rows["villages"]] == ["350", "500", "1200", "300"]
    assert "of 1 ranges (300-400) the middle is taken" in remarks(made)
    assert middle_of_range("20~30人") == 25
    assert not middle_of_range("400-300") > 0, "no range"
    assert value_of("levels", Column(0, "时间", "time"), "2024-07") == "2024-07", "a moment is no range"


def test_goods_with_their_unit_count_and_those_in_another_are_for_the_check() -> None:
    made = tables_of(("储备库", "仓库名称 帐篷(顶) 矿泉水(箱)\n县库 100顶 300箱\n镇库 20 500瓶"))
    assert [(row["shelter"], row["water"]) for row in made.rows["depots"]] == [("600", "1200"), ("120", "91.65")]
    assert value_of("depots", Column(0, "棉被(床)", "clothing", "", 1.0, "1 / 床", is_summed=True), "40箱") == "40箱"


def test_day_and_time_of_day_in_two_columns_are_one_moment() -> None:
    made = tables_of(
        ("水位过程", "站名 日期 时间 水位\n甲站 2024年6月20日 8:00 53\n甲站 _ 14:00 56\n甲站 2024/6/21 9时 54")
    )
    assert [row["time"] for row in made.rows["levels"]] == [
        "2024年6月20日 8:00",
        "2024年6月20日 14:00",
        "2024/6/21 9:00",
    ]
    assert "from two columns" in remarks(made)


def test_moments_side_by_side_have_the_year_that_the_title_states() -> None:
    made = tables_of(("水位", "2024年水位预报\n分区 7月3日8时 7月3日14时\n一区 11 12.9"))
    assert [(row["zone"], row["time"], row["level"]) for row in made.rows["levels"]] == [
        ("一区", "2024-7-3 8时", "11 m"), ("一区", "2024-7-3 14时", "12.9 m"),
    ]  # fmt: skip
    without = tables_of(("水位", "分区 7月3日8时 7月3日14时\n一区 11 12.9"))
    assert without.rows["levels"][0]["time"] == "7月3日8时", "no year is guessed: the check refuses it"


VILLAGES = "乡镇 村名 人口\n东山镇 李庄 85\n西山乡 李庄 90\n西山乡 陈家村 70"


def test_places_are_known_with_their_township_before_or_behind_the_name() -> None:
    made = tables_of(
        ("村庄", VILLAGES), ("储备库", "仓库名称\n县局仓库（城关镇）"),
        ("道路", "起点 终点 里程\n县局仓库 李庄（东山镇） 2\n县局仓库 西山乡李庄 3"),
        ("队伍", "队伍名称 驻地 人数\n民兵 西山乡 30"),
    )  # fmt: skip
    store = "xianjucangku-chengguanzhen"
    assert [(row["from"], row["to"]) for row in made.rows["roads"]] == [(store, "lizhuang"), (store, "lizhuang-2")]
    assert made.rows["teams"][0]["base"] == "lizhuang-2", "the largest village of the township, and it is said"
    assert "西山乡 is a township" in "\n".join(remark.en for remark in made.remarks)  # type: ignore[attr-defined]


def test_zones_that_one_sheet_calls_shorter_are_the_same() -> None:
    made = tables_of(
        ("村庄", "村名 人口 片区\n甲村 85 石桥\n乙村 90 南堤"),
        ("水位", "时间 石桥站水位 南堤站水位\n2024-07-01T08:00 19 20"),
    )
    assert [row["zone"] for row in made.rows["villages"]] == ["石桥站", "南堤站"]


def test_both_ends_in_one_cell_and_all_that_a_team_has() -> None:
    made = tables_of(
        ("村庄", VILLAGES), ("道路", "路段名称 起止点 里程\n村道1 李庄(东山镇)—陈家村 1.2"),
        ("队伍", "队伍 力量构成 驻地\n消防大队 45人、6艘、3台 陈家村\n民兵 30人/2艘 陈家村"),
    )  # fmt: skip
    assert [(row["from"], row["to"]) for row in made.rows["roads"]] == [("lizhuang", "chenjiacun")]
    assert [row["size"] for row in made.rows["teams"]] == ["45", "30"]
    assert [(row["name_zh"], row["count"]) for row in made.rows["boats"]] == [
        ("消防大队冲锋舟", "6"),
        ("民兵冲锋舟", "2"),
    ]


def test_a_list_of_several_kinds_of_places_goes_into_their_tables() -> None:
    made = tables_of(("重点部位", """名称 类型 经度 纬度
        1号塔 瞭望塔 102.52 27.32
        龙潭 水源点 102.54 27.34
        北门 防火检查站 102.54 27.35"""))  # fmt: skip
    assert {table: [row["name_zh"] for row in rows] for table, rows in made.rows.items()} == {
        "detectors": ["1号塔"], "water_sources": ["龙潭"],
    }  # fmt: skip
    assert "left out: 防火检查站" in remarks(made)
    assert "delay, revisit" in "".join(words.en for words in made.leave_out_unfit())
    assert "detectors" not in made.rows, "a row that lacks what it must have would stop the scenario"


@pytest.mark.parametrize(
    ("text", "datum"),
    [("经度(GCJ-02)", "gcj02"), ("百度坐标", "bd09"), ("坐标系：CGCS2000，中央子午线117°", "EPSG:4548"), ("经度", ""),
     ("由GCJ-02换算为WGS84", ""), ("中央子午线117.5", "")],
)  # fmt: skip
def test_datums_that_heads_and_titles_name(text: str, datum: str) -> None:
    assert datum_in(text) == datum


def test_a_datum_in_the_heads_is_put_right(tmp_path: Path) -> None:
    path = tmp_path / "村庄.csv"
    path.write_text("村名,人口,GCJ经度,GCJ纬度\n甲村,100,116.406243,39.916404\n", encoding="utf-8")
    import_files(tmp_path / "x", [path])
    [row] = read_table(tmp_path / "x/villages.csv") or []
    assert float(row["lon"]) == pytest.approx(116.4, abs=2e-5), "some 600 m west of what the map says"
    import_files(tmp_path / "x", [path])
    assert read_table(tmp_path / "x/villages.csv") == [row], "an import again does the same"


def test_one_column_of_both_coordinates_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "避难场所.csv"
    path.write_text("避难场所名称;坐标;容纳人数\n甲校;38.1 115.2;100人\n", encoding="gb18030")
    for _ in range(2):
        import_files(tmp_path / "x", [path])
        assert (read_table(tmp_path / "x/shelters.csv") or [])[0]["lon"] == "115.2"


def test_hidden_rows_and_columns_are_said(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(str(tmp_path / "a.xlsx")) as book:
        sheet = book.add_worksheet("村庄")
        sheet.write_row(0, 0, ["村名", "人口", "x"])
        sheet.write_row(1, 0, ["甲村", 10, 1])
        sheet.set_row(1, None, None, {"hidden": True})
        sheet.set_column(2, 2, None, None, {"hidden": True})
    [read] = read_sheets(tmp_path / "a.xlsx")
    assert [remark.en for remark in read.remarks] == ["1 hidden rows and 1 hidden columns, read like the others"]


def test_a_mark_of_byte_order_before_gb18030_is_no_part_of_the_first_head(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("\ufeff村名,人口\n甲村,1\n".encode("gb18030"))
    assert read_sheets(path)[0].rows[0] == ("村名", "人口")


def test_an_english_county() -> None:
    made = tables_of(
        ("Villages", "Village_Name Ward Residents Ground_elevation Evacuate?\nMill North approx.800 30.5 Yes"),
        ("Roads", "Road From To Length(mi) Class\nA12 Mill Mill 1.2 Primary"),
    )  # fmt: skip
    [village], [road] = made.rows["villages"], made.rows["roads"]
    assert (village["township"], village["population"], village["ordered"]) == ("North", "800", "yes")
    assert (road["length"], road["kind"], road["to"]) == ("1.2 mi", "class1", village["id"])
