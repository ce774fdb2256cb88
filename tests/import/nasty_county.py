"""Files of an invented county, with the habits of real ones, and the folder that a person would make of them."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

VILLAGES = [  # township, village, people as written, people, lon, lat, ground, zone, ordered
    ("石桥镇", "东渡村", "４２０", 420, 115.2912, 38.1270, 22.8, "河东", "是", "yes"),
    ("", "柳湾村", "310人", 310, 115.2684, 38.1450, 23.2, "河东", "√", "yes"),
    ("", "李庄", "0.2万", 2000, 115.2456, 38.1180, 23.9, "河东", "否", "no"),
    ("南堤乡", "李庄", "1,380", 1380, 115.2684, 38.0460, 21.2, "滞洪区", "是", "yes"),
    ("", "重岗村", "约450", 450, 115.2456, 38.0371, 21.8, "滞洪区", "无", "no"),
    ("", "长塆", "290", 290, 115.2798, 38.0730, 29.0, "", "否", "no"),
]
LEVELS = [
    ("河东", 6, 21.0),
    ("河东", 14, 24.5),
    ("河东", 30, 21.2),
    ("滞洪区", 6, 19.0),
    ("滞洪区", 20, 22.6),
    ("滞洪区", 30, 21.0),
]
WEATHER = [(6, 4, 12), (18, 9, 30), (30, 3, 0)]
"""Hours from the beginning of 10 July 2024 -> wind in m/s and rain in mm."""
PINYIN = {"东渡村": "dongducun", "柳湾村": "liuwancun", "重岗村": "zhonggangcun", "长塆": "zhangwan"}


def workbook(path: Path, heights: bool = True) -> None:
    """Titles, merged cells, heads in row 3, totals, remarks, gaps in words, units in heads, dates of two kinds.

    Without `heights` nobody has measured the ground.
    """
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path))
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    sheet = book.add_worksheet("行政村")
    sheet.merge_range("A1:J1", "云禾县行政村基本情况表")
    sheet.write_row("A2", ["填表单位：云禾县应急管理局"])
    heads = "县 乡（镇） 行政村名称 常住人口\n（人） 经度 纬度 高程(米) 片区 是否转移 村支书电话"
    sheet.write_row("A3", heads.split(" "))
    for number, (_, village, people, _, lon, lat, ground, zone, ordered, _) in enumerate(VILLAGES):
        height = ground if heights else "不详"
        sheet.write_row(3 + number, 2, [village, people, lon, lat, height, zone or "不详", ordered, "13800000000"])
    sheet.merge_range("A4:A9", "云禾县")
    sheet.merge_range("B4:B6", "石桥镇")
    sheet.merge_range("B7:B9", "南堤乡")
    sheet.write_row(9, 0, ["合计", "", "", 4850])
    sheet.write_row(10, 0, ["注：数据截至2024年6月"])

    forces = book.add_worksheet("救援队伍")
    forces.write_row("A1", ["队伍名称", "驻地", "经度", "纬度", "人数", "队伍类型", "载人数", "出动时间（分钟）"])
    forces.write_row("A2", ["云禾消防救援队", "云禾消防站", 115.2030, 38.0990, 20, "消防救援", 12, 10])
    forces.write_row("A3", ["石桥民兵应急队", "李庄", "", "", 30, "民兵", "不详", 30])

    stores = book.add_worksheet("物资储备库")
    heads = "仓库名称 级别 经度 纬度 帐篷（顶） 折叠床（张） 棉被(床) 矿泉水（件） 方便面(箱)"
    stores.write_row("A1", heads.split())
    stores.write_row("A2", ["云禾县救灾物资储备库", "县级", 115.1932, 38.0964, 40, 60, "1,200", "0.05万", 250])

    levels = book.add_worksheet("水位过程")
    levels.write_row("A1", ["站名", "时间", "水位(m)", "流速"])
    for number, (zone, hour, level) in enumerate(LEVELS, 1):
        levels.write_row(number, 0, [zone, "", level, 0.3])
        day, clock = divmod(hour, 24)
        levels.write_datetime(number, 1, datetime(2024, 7, 10 + day, clock), moment)  # noqa: DTZ001 - as a workbook has it

    weather = book.add_worksheet("天气实况")
    weather.write_row("A1", ["观测时间", "风速（m/s）", "小时雨量"])
    for number, (hour, wind, rain) in enumerate(WEATHER, 1):
        weather.write_row(number, 0, [f"2024年7月{10 + hour // 24}日{hour % 24}时", wind, rain])
    book.close()


def roads(path: Path) -> None:
    """A text table in GBK between semicolons, ends by name, a Chinese class, metres."""
    lines = """道路名称;起点;终点;里程（米）;公路等级;是否桥梁
县道1;云禾消防站;东渡村;9800;三级;否
县道2;东渡村;柳湾村;3200;县道;是
县道3;云禾消防站;重岗村;8,100;三级公路;
县道4;重岗村;长塆;6000;四级;
库前路;云禾县救灾物资储备库;云禾消防站;1200;四级;"""
    path.write_bytes(lines.encode("gb18030"))


def shelters(path: Path) -> None:
    """UTF-16 with tabs, a total, degrees and minutes."""
    lines = ["避难场所名称\t东经\t北纬\t可容纳人数", "云禾中学\t115°12′36″\t38°6′\t3000", "总计\t\t\t3000"]
    path.write_bytes("\n".join(lines).encode("utf-16"))


def by_hand() -> dict[str, list[dict[str, str]]]:
    """The tables as a person would write them, with the ids that pinyin gives."""
    villages, township = [], ""
    for named, village, _, people, lon, lat, ground, zone, _, ordered in VILLAGES:
        township = named or township
        made = PINYIN.get(village, "lizhuang" if township == "石桥镇" else "lizhuang-2")
        row = {
            "id": made, "name_zh": village, "lon": f"{lon:.12g}", "lat": f"{lat:.12g}", "elevation": f"{ground:g} 米",
            "zone": zone, "county": "云禾县", "township": township, "ordered": ordered, "population": str(people),
        }  # fmt: skip
        villages.append({key: cell for key, cell in row.items() if cell})
    depot: dict[str, Any] = {"id": "yunhexianjiuzaiwuzichubeiku", "name_zh": "云禾县救灾物资储备库", "tier": "county",
                             "lon": "115.1932", "lat": "38.0964", "shelter": str(40 * 6 + 60), "clothing": "1200",
                             "water": str(500 * 4), "food": str(250 * 8)}  # fmt: skip
    store, station = "yunhexianjiuzaiwuzichubeiku", "yunhexiaofangzhan"
    road = [
        ("xiandao1", station, "dongducun", "9800 米", "class3", "no"),
        ("xiandao2", "dongducun", "liuwancun", "3200 米", "class3", "yes"),
        ("xiandao3", station, "zhonggangcun", "8100 米", "class3", ""),
        ("xiandao4", "zhonggangcun", "zhangwan", "6000 米", "class4", ""),
        ("kuqianlu", store, station, "1200 米", "class4", ""),
    ]
    return {
        "villages": villages,
        "depots": [depot],
        "bases": [{"id": "yunhexiaofangzhan", "name_zh": "云禾消防站", "lon": "115.203", "lat": "38.099"}],
        "shelters": [{"id": "yunhezhongxue", "name_zh": "云禾中学", "lon": "115.210000", "lat": "38.100000",
                      "capacity": "3000"}],
        "teams": [
            {"id": "yunhexiaofangjiuyuandui", "name_zh": "云禾消防救援队", "base": "yunhexiaofangzhan", "size": "20",
             "kind": "fire", "seats": "12", "turnout": "10 分钟"},
            {"id": "shiqiaominbingyingjidui", "name_zh": "石桥民兵应急队", "base": "lizhuang", "size": "30",
             "kind": "militia", "turnout": "30 分钟"},
        ],
        "roads": [
            {key: cell for key, cell in zip(("id", "from", "to", "length", "kind", "bridge"), row, strict=True) if cell}
            for row in road
        ],
        "levels": [{"zone": zone, "time": f"2024-07-{10 + hour // 24} {hour % 24:02}:00:00", "level": f"{level:g} m",
                    "velocity": "0.3 m/s"} for zone, hour, level in LEVELS],
        "weather": [{"time": f"2024年7月{10 + hour // 24}日{hour % 24}时", "wind": f"{wind} m/s",
                     "rain_mm": str(rain)} for hour, wind, rain in WEATHER],
    }  # fmt: skip
