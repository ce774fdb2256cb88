"""Sheets of other shapes: stations side by side, lists of articles, boats among teams, two columns of one thing."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.intake.cells import counted
from simrescue.intake.columns import column_of, understand
from simrescue.intake.county_tables import CountyTables
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import entry_of, understood_before
from simrescue.intake.shapes.reshape import reshaped
from simrescue.intake.spreadsheets.sheet import Sheet

LEVELS_WIDE = (
    ("2024年7月水位过程", "", "", ""),
    ("时间", "水位(m)", "水位(m)", "水位(m)"),
    ("时间", "石桥站", "柳湾站", "南堤站"),
    ("2024-07-10 06:00", "20", "19.5", ""),
    ("2024-07-10 07:00", "20.5", "不详", "18"),
)
GOODS = (
    ("序号", "物资名称", "单位", "数量", "存放仓库"),
    ("1", "帐篷", "顶", "30", "县级储备库"),
    ("2", "帐篷", "顶", "约10", ""),
    ("3", "棉被", "床", "0.2万", "石桥镇储备点"),
    ("4", "橡皮艇", "艘", "8", "石桥镇储备点"),
    ("5", "铁锹", "把", "120", "石桥镇储备点"),
    ("合计", "", "", "2168", ""),
)


def made_of(*sheets: Sheet) -> CountyTables:
    made = CountyTables()
    for sheet in (usual for raw in sheets for usual in reshaped(raw)):
        understood = understand(sheet.title, sheet.rows)
        assert understood, sheet.title
        made.add(sheet, understood)
    return made


def test_stations_side_by_side_are_one_row_for_each_moment() -> None:
    rows = made_of(Sheet("a.xlsx", "水位过程", LEVELS_WIDE)).rows["levels"]
    assert [(row["zone"], row["time"][-5:], row["level"]) for row in rows] == [
        ("石桥站", "06:00", "20 m"),
        ("柳湾站", "06:00", "19.5 m"),
        ("石桥站", "07:00", "20.5 m"),
        ("南堤站", "07:00", "18 m"),
    ]


@pytest.mark.parametrize(
    "heads", [("时间", "石桥站水位（米）", "柳湾站水位（米）"), ("time", "石桥站 level (m)", "柳湾站 level (m)")]
)
def test_the_station_is_what_its_head_says_beside_the_level(heads: tuple[str, ...]) -> None:
    (sheet,) = reshaped(Sheet("a.csv", "", (heads, ("2024-07-10 06:00", "20", "19"))))
    assert [row[0] for row in sheet.rows[1:]] == ["石桥站", "柳湾站"]


@pytest.mark.parametrize(
    "heads", [("站名", "时间", "水位(m)"), ("时间", "风速", "相对湿度"), ("时间", "甲", "乙"), ("名称", "经度", "纬度")]
)
def test_other_sheets_stay_as_they_are(heads: tuple[str, ...]) -> None:
    sheet = Sheet("a.csv", "", (heads, ("2024-07-10 06:00", "20", "19")))
    assert reshaped(sheet) == [sheet]


def test_a_list_of_articles_is_put_together_by_store() -> None:
    made = made_of(Sheet("a.xlsx", "台账", GOODS))
    depots = {row["name_zh"]: row for row in made.rows["depots"]}
    assert float(depots["县级储备库"]["shelter"]) == (30 + 10) * 6
    assert float(depots["石桥镇储备点"]["clothing"]) == 2000
    assert [(row["base"], row["count"]) for row in made.rows["boats"]] == [("石桥镇储备点", "8")]
    assert any("铁锹" in remark.en for remark in made.taken[0].remarks)


@pytest.mark.parametrize("list_first", [True, False])
def test_a_store_in_two_sheets_is_one_store_in_either_order(list_first: bool) -> None:
    spots = Sheet("a.xlsx", "仓库", (("仓库名称", "经度", "纬度"), ("县级储备库", "115.2", "38.1")))
    goods = Sheet("a.xlsx", "台账", GOODS[:3])
    (depot,) = made_of(*([goods, spots] if list_first else [spots, goods])).rows["depots"]
    assert (depot["lon"], depot["lat"], float(depot["shelter"])) == ("115.2", "38.1", 240)


def test_goods_of_one_store_in_two_lists_add_up_and_that_is_said() -> None:
    wide = Sheet("a.xlsx", "储备库", (("储备库", "经度", "纬度", "帐篷（顶）"), ("县级储备库", "115.2", "38.1", "5")))
    made = made_of(wide, Sheet("a.xlsx", "台账", GOODS))
    depots = {row["name_zh"]: row for row in made.rows["depots"]}
    assert float(depots["县级储备库"]["shelter"]) == 45 * 6
    assert any("added up" in remark.en for taken in made.taken for remark in taken.remarks)


TEAMS = (
    ("队伍名称", "驻地", "经度", "纬度", "人数", "冲锋舟（艘）", "运输车（辆）"),
    ("消防大队", "县城", "115.2", "38.1", "45", "6", "0"),
    ("民兵分队", "石桥", "115.3", "38.1", "30", "不详", "3"),
)


def test_boats_in_a_list_of_teams_are_boats_of_its_base() -> None:
    made = made_of(Sheet("a.xlsx", "救援队伍", TEAMS))
    assert len(made.rows["teams"]) == 2
    assert [(row["name_zh"], row["base"], row["count"]) for row in made.rows["boats"]] == [
        ("消防大队冲锋舟", "县城", "6")
    ]
    assert [(row["base"], row["count"]) for row in made.rows["trucks"]] == [("石桥", "3")]
    assert {row["name_zh"] for row in made.rows["bases"]} == {"县城", "石桥"}


VILLAGES = (
    ("乡镇", "行政村", "人口", "", "", "东经", "北纬"),
    ("", "", "户籍人口", "常住人口", "其中：老弱病残（人）", "", ""),
    ("石桥镇", "东渡村", "500", "约400", "20", "115.2", "38.1"),
    ("石桥镇", "柳湾村", "300", "不详", "", "115.3", "38.1"),
)


def test_who_lives_there_counts_before_who_is_registered_and_a_number_becomes_a_share() -> None:
    made = made_of(Sheet("a.xlsx", "行政村", VILLAGES))
    first, second = made.rows["villages"]
    assert (first["population"], first["vulnerable"], first["lon"]) == ("400", "0.05", "115.2")
    assert (second["population"], second.get("vulnerable")) == ("300", None)
    assert any("1 rows" in remark.en for remark in made.taken[0].remarks)


@pytest.mark.parametrize("cells", [TEAMS, VILLAGES])
def test_the_mapping_says_the_same_again(cells: tuple[tuple[str, ...], ...]) -> None:
    sheet = Sheet("a.xlsx", "一", cells)
    understood = understand(sheet.title, sheet.rows)
    assert understood
    again = understood_before({"sheets": {sheet.title: entry_of(understood)}}, sheet)
    assert again
    one, two = CountyTables(), CountyTables()
    one.add(sheet, understood)
    two.add(sheet, again)
    assert one.rows == two.rows


@pytest.mark.parametrize(
    ("lon", "lat"),
    [
        ("115.875", "39.47"),
        ("39.47", "115.875"),
        ("E115°52'30\"", "N39°28′12″"),
        ("115.52.30", "39.28.12"),
        ("东经115.875度", "北纬39.47°"),
        ("115-52-30", "39-28-12"),
        ("115.875E", "39.47N"),
    ],
)
def test_longitude_and_latitude_as_people_write_them(lon: str, lat: str) -> None:
    apart = Sheet("a.csv", "", (("行政村", "X", "Y"), ("东渡村", lon, lat)))
    together = Sheet("a.csv", "", (("行政村", "坐标（经度，纬度）", "人口"), ("东渡村", f"{lon}，{lat}", "400")))
    for sheet in (apart, together):
        (row,) = made_of(sheet).rows["villages"]
        assert float(row["lon"]) == pytest.approx(115.875, abs=1e-6)
        assert float(row["lat"]) == pytest.approx(39.47, abs=1e-6)


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("410人（含外来务工）", 410), ("3000余人", 3000), ("约3,000人左右", 3000), ("二千", 2000), ("一百二十", 120),
        ("十五人", 15), ("两千零三", 2003), ("１ ２３４", 1234),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(written: str, number: float) -> None:
    assert counted(written) == number


@pytest.mark.parametrize("written", ["", "东渡村", "三五百", "一二", "百千", "4-5", "（420）人"])
def test_what_is_no_number_is_none(written: str) -> None:
    assert counted(written) != counted(written)


SECTIONS = (
    ("序号", "行政村", "常住人口", "高程"),
    ("一、石桥镇", "一、石桥镇", "一、石桥镇", "一、石桥镇"),
    ("1", "东渡村", "400", "22.5"),
    ("小计", "", "400", ""),
    ("（二）南堤乡", "", "", ""),
    ("1", "李庄", "300", ""),
    ("", "重岗村", "", ""),
    ("合计", "", "700", ""),
)


def test_headings_of_sections_are_townships_and_no_villages() -> None:
    rows = made_of(Sheet("a.xlsx", "Sheet1", SECTIONS)).rows["villages"]
    assert [(row["name_zh"], row["township"]) for row in rows] == [
        ("东渡村", "石桥镇"),
        ("李庄", "南堤乡"),
        ("重岗村", "南堤乡"),
    ]


def test_a_sheet_of_a_township_says_the_township_of_its_villages() -> None:
    heads = ("村\n（社区）", "现有\n人口")
    rows = made_of(
        Sheet("a.xlsx", "石桥镇", (heads, ("东渡村", "400"), ("李庄", "20"))),
        Sheet("a.xlsx", "南堤乡", (heads, ("李庄", "300"))),
    ).rows["villages"]
    assert [(row["name_zh"], row["township"]) for row in rows] == [
        ("东渡村", "石桥镇"),
        ("李庄", "石桥镇"),
        ("李庄", "南堤乡"),
    ]
    assert len({row["id"] for row in rows}) == 3


@pytest.mark.parametrize(
    ("table", "head", "key"),
    [
        ("villages", "危险区内常住人口", "population"),
        ("villages", "常住人口户数", None),
        ("villages", "应转移人数", None),
        ("roads", "路线技术等级", "kind"),
        ("depots", "帐篷数量（顶）", "shelter"),
        ("boats", "负责人电话", None),
    ],
)
def test_a_head_means_what_its_end_says(table: str, head: str, key: str | None) -> None:
    column = column_of(table, 0, head)
    assert (column and column.key) == key


def test_without_a_series_the_start_is_said_to_be_assumed(tmp_path: Path) -> None:
    (tmp_path / "villages.csv").write_text("行政村,常住人口,经度,纬度\n东渡村,400,115.2,38.1\n", encoding="utf-8")
    imported = import_files(tmp_path / "made", [tmp_path / "villages.csv"])
    assert imported.start
    assert not imported.has_series
