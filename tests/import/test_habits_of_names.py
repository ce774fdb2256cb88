"""Places, moments and goods as offices write them, each of which an import once misread."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.intake.cells import value_of
from simrescue.intake.columns import column_of
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import read_table
from simrescue.intake.shapes.station_series import on_the_clock, with_whole_moments
from simrescue.intake.spreadsheets.sheet import Sheet

pytest.importorskip("pypinyin")


def made(home: Path, **texts: str) -> Path:
    """A folder imported from tables that are written as their name and their text."""
    paths = []
    for name, text in texts.items():
        path = home / f"{name}.csv"
        path.write_text("\n".join(line.strip() for line in text.strip().splitlines()), encoding="gb18030")
        paths.append(path)
    imported = import_files(home / "made", paths)
    (home / "said.txt").write_text("\n".join(words.en for words in (*imported.remarks, *imported.unclear)), "utf-8")
    return home / "made"


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    return read_table(folder / f"{table}.csv") or []


@pytest.mark.parametrize(("cell", "moment"), [
    ("8.1 02:00", "2023-8-1 02:00"), ("7.31 20:00", "2023-7-31 20:00"), ("8月1日2时", "2023-8-1 2时"),
    ("8/1  9:30", "2023-8-1 9:30"), ("8月1日凌晨2点", "2023-8-1 2时"), ("8月1日下午3点", "2023-8-1 15时"),
    ("31日夜", "31日夜"),
])  # fmt: skip
def test_days_without_their_year(cell: str, moment: str) -> None:
    """The first of August at two o'clock had been the tenth at two."""
    sheet = with_whole_moments(Sheet("a.csv", "", (("时间", "水位"), (cell, "20"))), {"2023"})
    assert sheet.rows[1][0] == moment


def test_parts_of_the_day_are_read_only_beside_a_clock() -> None:
    assert on_the_clock("2023年8月1日晚上8时") == "2023年8月1日 20时"
    assert on_the_clock("晚上1点") == "晚上1点"  # at night: of this day or the next
    assert on_the_clock("下午到达的队伍") == "下午到达的队伍"
    assert on_the_clock("西岭下午饭馆2号点") == "西岭下午饭馆2号点"


VILLAGES = """乡镇,行政村,常住人口
    白沙镇,前进村委会,350
    白沙镇,东风村,900
    青山乡,东风村,800
    城关街道,幸福社区居委会,2600
    城关街道,幸福村,400
    单位负责人：张三,,联系电话：0319-8888888"""


def test_villages_are_found_under_shorter_and_longer_names(tmp_path: Path) -> None:
    """References had been refused, and a sheet of coordinates had made a second village of each name."""
    folder = made(
        tmp_path, 村庄=VILLAGES,
        村庄坐标="村名,东经,北纬\n前进,114°04′15″E,36°02′40″N\n幸福村,114.2,36.1\n东风村,114.3,36.2",
        道路="起点,终点,里程(km)\n前进村,幸福社区,3\n青山东风村,白沙镇前进村,4\n幸福村,东风村（青山）,2",
    )  # fmt: skip
    villages = {row["id"]: row for row in rows(folder, "villages")}
    assert [villages[name].get("lon", "") for name in ("qianjincunweihui", "dongfengcun", "xingfucun")] == [
        "114.070833", "", "114.2",
    ]  # fmt: skip
    assert len(villages) == 6, "of two villages of one name none is meant, and so the third row stands for itself"
    assert [(row["from"], row["to"]) for row in rows(folder, "roads")] == [
        ("qianjincunweihui", "xingfushequjuweihui"), ("dongfengcun-2", "qianjincunweihui"),
        ("xingfucun", "dongfengcun-2"),
    ]  # fmt: skip
    assert "前进村 = 前进村委会, 幸福社区 = 幸福社区居委会" in (tmp_path / "said.txt").read_text("utf-8")


def test_a_signature_is_no_village(tmp_path: Path) -> None:
    """It had become one without a name in the township above it."""
    assert [row["name_zh"] for row in rows(made(tmp_path, 村庄=VILLAGES), "villages")] == [
        "前进村委会", "东风村", "东风村", "幸福社区居委会", "幸福村",
    ]  # fmt: skip


def test_two_columns_that_are_both_called_coordinates(tmp_path: Path) -> None:
    """Longitude and latitude had both been the first of them."""
    folder = made(tmp_path, 村庄="村名,坐标,坐标,人口\n甲村,31.5,112.1,90\n乙村,31°36′,112.2,80")
    assert [(row["lon"], row["lat"]) for row in rows(folder, "villages")] == [
        ("112.1", "31.5"), ("112.2", "31.600000"),
    ]  # fmt: skip
    alone = made(tmp_path / "made", 村庄="村名,坐标,人口\n甲村,31.5,90")
    assert [row.get("lat", "") for row in rows(alone, "villages")] == [""], "one number is not both"


def test_that_a_village_lies_in_a_basin_is_no_name_of_one(tmp_path: Path) -> None:
    folder = made(tmp_path, 村庄="村名,是否在蓄滞洪区,人口\n甲村,是,90", 村庄2="村名,蓄滞洪区,人口\n乙村,是,90")
    assert not any(row.get("zone") for row in rows(folder, "villages"))


@pytest.mark.parametrize(("head", "cell", "persons"), [
    ("矿泉水（瓶）", "600", "109.98"), ("大米/吨", "3", "6000"), ("矿泉水(万瓶)", "0.06", "109.98"),
    ("饮用水（吨）", "2", "666.6"), ("大米（斤）", "100", "100"), ("食品（箱）", "2", "16"), ("饮用水", "50", "50"),
    ("矿泉水(箱)", "10", "40"), ("矿泉水", "600瓶", "109.98"), ("帐篷（12㎡）", "10", "60"),
    ("饮用水（万瓶）", "0.06", "109.98"), ("食品（万人份）", "2", "20000"), ("饮用水（万人日）", "2", "20000"),
    ("饮用水（万瓶）", "600瓶", "109.98"), ("饮用水（万瓶）", "0.06万瓶", "109.98"),
    ("饮用水（万瓶）", "0.06万", "109.98"), ("饮用水（箱）", "500-700瓶", "109.98"),
    ("矿泉水（箱）", "0.06万瓶", "109.98"), ("大米（千克）", "500千克", "1000"), ("食品（万人份）", "2000人", "2000"),
    ("帐篷（万）", "0.1", "6000"), ("帐篷（人）", "50", "50"), ("食品（千份）", "3", "999.9"),
])  # fmt: skip
def test_goods_count_by_their_unit(head: str, cell: str, persons: str) -> None:
    """A bottle had been a case of 24, and a tonne of rice a kilogram."""
    column = column_of("depots", 0, head)
    assert column
    assert value_of("depots", column, cell) == persons


def test_goods_by_a_unit_that_nobody_knows_are_left_out() -> None:
    assert column_of("depots", 0, "矿泉水（桶）") is None
    assert column_of("depots", 0, "棉被（捆）") is None
    assert column_of("depots", 0, "饮用水（万L）") is None  # the ten thousand had been left out


def test_stores_and_teams_are_where_the_village_is_that_they_name(tmp_path: Path) -> None:
    """The table of stores was refused for want of coordinates that another sheet had."""
    folder = made(
        tmp_path, 村庄="乡镇,村名,经度,纬度,人口\n东镇,甲村,115.1,38.1,90\n西乡,甲村,115.2,38.2,80",
        储备库="仓库,位置,棉被（床）\n县库,西乡甲村村委会,200\n镇库,文化路3号,20",
        救援队伍="队伍名称,所在村,总人数\n民兵,东镇甲村,30余人",
    )  # fmt: skip
    assert [row.get("lon", "") for row in rows(folder, "depots")] == ["115.2", ""]
    assert [(row["base"], row["size"]) for row in rows(folder, "teams")] == [("jiacun", "30")]
    assert "县库 = 甲村" in (tmp_path / "said.txt").read_text("utf-8")


def test_cells_that_count_people_boats_and_vehicles_are_parted_whatever_their_head(tmp_path: Path) -> None:
    folder = made(tmp_path, 队伍="队伍名称,驻扎地,人数/船只/车辆\n消防,甲村,45人/4艘/6辆\n民兵,甲村,60人/2艘/1辆",
                  村庄="村名,人口\n甲村,90")  # fmt: skip
    assert [row["size"] for row in rows(folder, "teams")] == ["45", "60"]
    assert [row["count"] for row in rows(folder, "boats")] == ["4", "2"]


def test_the_gauge_that_a_title_of_levels_names(tmp_path: Path) -> None:
    folder = made(tmp_path, 水位预报="临江站水位过程预报（2024年）\n时段,水位\n7月2日8时,29.1\n7月2日14时,30.4")
    assert [(row["zone"], row["time"]) for row in rows(folder, "levels")] == [
        ("临江站", "2024-7-2 8时"), ("临江站", "2024-7-2 14时"),
    ]  # fmt: skip


def test_an_import_that_cannot_be_run_does_not_call_itself_ready(tmp_path: Path) -> None:
    """Cells that no check would take had passed as ready."""
    path = tmp_path / "a.csv"
    path.write_text("村名,经度,纬度,人口\n甲村,115.1,38.1,很多\n乙村,115.2,38.1,9", encoding="utf-8")
    roads, levels = tmp_path / "roads.csv", tmp_path / "水位.csv"
    roads.write_text("from,to,length_km\n甲村,乙村,9", encoding="utf-8")
    levels.write_text("站名,时间,水位\n甲站,2024-07-01 08:00,20", encoding="utf-8")
    imported = import_files(tmp_path / "made", [path, roads, levels])
    assert not imported.stopping
    assert [(fault.file, fault.field, fault.value) for fault in imported.faults] == [
        ("villages.csv", "population", "很多"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", [
    "时间,甲站水位（cm）,乙站水位（cm）\n2024-07-01 08:00,2150,2200",
    "时间,甲站水位（cm）,乙站水位（m）\n2024-07-01 08:00,2150,22",
    "2024年水位（cm）\n站名,7月1日8时,7月1日9时\n甲站,2150,2160\n乙站,2200,2210",
    "各站水位\n单位：cm\n时间,甲站,乙站\n2024-07-01 08:00,2150,2200",
    "各站水位（cm）\n时间,甲站,乙站\n2024-07-01 08:00,2150,2200",
    "2024年水位\n单位：cm\n站名,7月1日8时,7月1日9时\n甲站,2150,2160\n乙站,2200,2210",
    "甲站水位\n单位：cm\n日期,8时,20时\n2024-7-1,2150,2160\n2024-7-2,2200,2210",
    "甲站水位\n单位：cm\n时间,水位\n2024-7-1 08:00,2150\n2024-7-2 08:00,2210",
])  # fmt: skip
def test_levels_side_by_side_have_the_unit_of_their_heads(text: str, tmp_path: Path) -> None:
    """Centimetres had been metres."""
    levels = [row["level"] for row in rows(made(tmp_path, 水位=text), "levels")]
    assert levels[0] == "2150 cm"
    assert levels[-1] in ("2200 cm", "22 m", "2210 cm")


def test_houses_are_no_people() -> None:
    """350 households had been 350 people."""
    assert column_of("villages", 0, "人口（户）") is None
    column = column_of("villages", 0, "人口")
    assert column
    assert value_of("villages", column, "350户") == "350户", "for the check to refuse"
    assert value_of("villages", column, "300-400户") == "300-400户"


@pytest.mark.parametrize("cell", ["20240701 08:00", "2024070108", "202407010800", "20240701080000"])
def test_moments_of_digits_alone(cell: str) -> None:
    column = column_of("levels", 0, "时间")
    assert column
    assert value_of("levels", column, cell) == "2024-07-01 08:00"


@pytest.mark.parametrize("head", ["村（社区）名称", "各处"])
def test_names_are_found_between_headings_and_subtotals(head: str, tmp_path: Path) -> None:
    """They had been too few among all the rows, and the villages had no names."""
    folder = made(tmp_path, 村庄=f"""序号,乡镇,{head},常住人口
        一,长安街道,,
        1,长安街道,河西社区,2900
        2,长安街道,东门社区,1800
        ,小计,,4700
        二,羊楼镇,,
        3,羊楼镇,龙窖村,650
        ,小计,,650
        ,总计,,5350""")  # fmt: skip
    assert [row["name_zh"] for row in rows(folder, "villages")] == ["河西社区", "东门社区", "龙窖村"]


def test_days_by_hours_of_the_clock_are_no_stations(tmp_path: Path) -> None:
    """Eight o'clock had become a gauge."""
    text = "2024年临江站水位（m）\n日期,8时,14时,20:00\n7月1日,20.1,20.5,21\n7月2日,21.5,,22.1"
    assert [(row["zone"], row["time"], row["level"]) for row in rows(made(tmp_path, 水位=text), "levels")] == [
        ("临江站", "2024-7-1 8:00", "20.1 m"), ("临江站", "2024-7-1 14:00", "20.5 m"),
        ("临江站", "2024-7-1 20:00", "21 m"),
        ("临江站", "2024-7-2 8:00", "21.5 m"), ("临江站", "2024-7-2 20:00", "22.1 m"),
    ]  # fmt: skip


def test_rain_is_no_level_of_water(tmp_path: Path) -> None:
    """Stations and moments of rain had become levels without a level, and the scenario did not run."""
    folder = made(tmp_path, 村庄="村名,人口\n甲村,90", 雨情="站名,时段雨量,时间\n甲站,20,2024-07-01 08:00")
    assert not rows(folder, "levels")


def test_a_short_list_of_articles_is_not_turned(tmp_path: Path) -> None:
    """Its heads, unit and number, had become two stores."""
    folder = made(tmp_path, 县库="物资名称,单位,数量\n帐篷,顶,100\n棉被,床,200\n矿泉水,吨,3")
    [store] = rows(folder, "depots")
    assert (store["shelter"], store["clothing"], store["water"]) == ("600", "200", "999.9")


def test_sheets_are_joined_by_shorter_names_only_where_no_row_has_the_whole_one(tmp_path: Path) -> None:
    """Coordinates of a community would have become those of the village of its name."""
    folder = made(tmp_path, 村庄="行政村,人口\n幸福村,900\n前进村委会,300",
                  坐标="行政村,东经,北纬\n幸福社区,114.1,36.1\n幸福村,114.2,36.2\n前进,114.3,36.3")  # fmt: skip
    assert {row["name_zh"]: row["lon"] for row in rows(folder, "villages")} == {
        "幸福村": "114.2", "前进村委会": "114.3", "幸福社区": "114.1",
    }  # fmt: skip
    assert "the same place: 前进 = 前进村委会" in (tmp_path / "said.txt").read_text("utf-8")
