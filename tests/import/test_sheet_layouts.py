"""How offices lay out their sheets: several tables on one, heads above heads, numbers in other spellings."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from simrescue.intake.cells import value_of
from simrescue.intake.columns import column_of, heads_of, understand
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import read_table
from simrescue.intake.shapes.decimal_commas import with_decimal_points
from simrescue.intake.shapes.sheet_parts import parts_of
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.intake.spreadsheets.sheet_look import MergedCells, cell_name, look_at_sheets
from simrescue.intake.spreadsheets.text_table import read_text

Rows = tuple[tuple[str, ...], ...]
VILLAGES: Rows = (("村名", "人口", "经度", "纬度"), ("甲村", "80", "116.1", "30.5"), ("乙村", "90", "116.12", "30.51"))
SHELTERS: Rows = (("名称", "经度", "纬度", "容纳人数"), ("中学", "116.11", "30.5", "500"))


def rows_of(folder: Path, table: str) -> list[dict[str, str]]:
    return read_table(folder / f"{table}.csv") or []


def test_a_table_below_another_is_a_table_of_its_own(tmp_path: Path) -> None:
    """Its heads had become a village, and the shelters villages too."""
    below: Rows = (("附表 避难场所", "", "", ""), *SHELTERS)
    sheet = Sheet("a.xls", "村庄", (*VILLAGES, ("注：1. 为2023年末数", "", "", ""), ("", "", "", ""), *below))
    first, second = parts_of(sheet)
    assert (first.name, first.above, len(first.rows)) == ("村庄", 0, 5)
    assert (second.name, second.above, second.rows) == ("附表 避难场所", 5, below)
    (tmp_path / "一览表.csv").write_text("\n".join(map(",".join, sheet.rows)), encoding="utf-8")
    for _ in range(2):  # the second time by the mapping
        imported = import_files(tmp_path / "made", [tmp_path / "一览表.csv"])
        assert [row["id"] for row in rows_of(tmp_path / "made", "villages")] == ["jiacun", "yicun"]
        assert rows_of(tmp_path / "made", "shelters")[0]["capacity"] == "500"
        assert [taken.head_row for taken in imported.taken] == [1, 7]
        assert [taken.last_row for taken in imported.taken] == [3, 8]


def test_the_same_heads_again_are_a_new_page_unless_another_table_is_named() -> None:
    sheet = Sheet("a.xls", "村庄", (*VILLAGES, VILLAGES[0], ("丙村", "70", "116.13", "30.55")))
    assert parts_of(sheet) == [sheet]
    understood = understand("村庄", sheet.rows)
    assert understood
    assert understood.head_row == 0, "rows above the second page had been lost"
    other: Rows = (("物资储备库", "", ""), ("名称", "经度", "纬度"), ("库", "116.1", "30.5"))
    places: Rows = (("避难场所", "", ""), ("名称", "经度", "纬度"), ("中学", "116.1", "30.5"))
    assert [part.name for part in parts_of(Sheet("a.xls", "一", (*places, *other)))] == ["一", "物资储备库"]


def test_blocks_of_the_same_columns_stand_side_by_side() -> None:
    """All but the first had been left out without a word."""
    twice = ((*VILLAGES[0], *VILLAGES[0]), (*VILLAGES[1], *VILLAGES[2]))
    (part,) = parts_of(Sheet("a.xls", "村庄", twice))
    assert part.rows == VILLAGES
    assert "2 blocks" in part.remarks[-1].en


def test_tables_stand_side_by_side_with_a_blank_column_between() -> None:
    titles = ("村庄", "", "", "", "", "避难场所", "", "", "")
    beside = tuple((*left, "", *right) for left, right in zip(VILLAGES, (*SHELTERS, ("",) * 4), strict=True))
    first, second = parts_of(Sheet("a.xls", "表", (titles, *beside)))
    assert first.rows[1:] == VILLAGES
    assert (second.name, second.rows[1:3]) == ("避难场所", SHELTERS)


@pytest.mark.parametrize("upper", [
    ("村名", "人口（人）", "人口（人）", "位置", "位置", "海拔"), ("村名", "人口（人）", "", "位置", "", "海拔"),
])  # fmt: skip
def test_heads_below_one_that_spans_them_are_read_together(upper: tuple[str, ...]) -> None:
    """Registered and resident people below "people" had been left out, and the population was blank."""
    lower = ("村名" if upper[2] else "", "户籍", "常住", "东经", "北纬", "海拔" if upper[2] else "")
    rows = (upper, lower, ("甲村", "1203", "1100", "115.6", "40.3", "480"))
    understood = understand("村庄", rows)
    assert understood
    assert understood.head_row == 1
    assert [column.key for column in understood.columns] == ["name_zh", "population", "population", "lon", "lat",
                                                             "elevation"]  # fmt: skip
    assert understood.columns[1].at == 2, "who lives there counts before who is registered"


def test_the_wider_of_two_heads_for_one_thing_says_which_it_is() -> None:
    rows = (("村名", "户籍人口", "户籍人口", "常住人口", "常住人口"), ("村名", "户数", "人数", "户数", "人数"))
    assert heads_of(rows, 1) == ["村名", "户数", "户籍人口", "户数", "常住人口"]


@pytest.mark.parametrize(("column", "written", "read"), [
    (("3,2", "12,4"), "1,250", "1.250"), (("3,2", "1.250,5"), "2.500", "2500"), (("115,6035", "40,41"), "1,5", "1.5"),
    (("1,250", "12,400"), "1,250", "1,250"), (("3,2", "4.5"), "1,250", "1,250"), (("1,250.5", "3"), "1,25", "1,25"),
])  # fmt: skip
def test_commas_for_decimal_points(column: tuple[str, ...], written: str, read: str) -> None:
    """1,250 km among 3,2 and 12,4 had been a thousand times too long."""
    sheet = Sheet("a.csv", "", (("里程",), *((cell,) for cell in column), (written,)))
    assert with_decimal_points(sheet).rows[-1] == (read,)


def test_a_comma_between_both_coordinates_is_none() -> None:
    sheet = Sheet("a.csv", "", (("名称", "坐标", "里程"), ("中学", "115,40", "3,2")))
    assert with_decimal_points(sheet).rows[1] == ("中学", "115,40", "3.2")


@pytest.mark.parametrize(("written", "read"), [
    ("海拔486米", "486米"), ("H=520", "520 m"), ("约510米", "510米"), ("海拔约492.5m左右", "492.5m"),
    ("海拔高度：12.5", "12.5 m"), ("楼高12", "楼高12"),
])  # fmt: skip
def test_an_amount_behind_its_name(written: str, read: str) -> None:
    column = column_of("villages", 0, "海拔")
    assert column
    assert value_of("villages", column, written) == read


def test_a_word_that_begins_as_the_head_of_its_column_stays_a_word() -> None:
    column = column_of("roads", 0, "kind")
    assert column
    assert value_of("roads", column, "class3") == "class3"


@pytest.mark.parametrize("heads", [
    "村名,人口,东经,,,北纬,,\n,,度,分,秒,度,分,秒",
    "村名,人口,东经,东经,东经,北纬,北纬,北纬\n村名,人口,度,分,秒,度,分,秒",
    "村名,人口,经度(度),经度(分),经度(秒),纬度(度),纬度(分),纬度(秒)",
])  # fmt: skip
def test_degrees_minutes_and_seconds_in_columns_of_their_own(heads: str, tmp_path: Path) -> None:
    """All villages had stood on one spot, that of the whole degrees."""
    (tmp_path / "村庄.csv").write_text(
        f"{heads}\n甲村,80,116,6,30,30,30,0\n乙村,90,116,7,12,30,31,12\n", encoding="utf-8"
    )
    import_files(tmp_path / "made", [tmp_path / "村庄.csv"])
    spots = [(row["lon"], row["lat"]) for row in rows_of(tmp_path / "made", "villages")]
    assert spots == [("116.108333", "30.500000"), ("116.120000", "30.520000")]


def test_places_in_columns_are_turned(tmp_path: Path) -> None:
    """Population, longitude and latitude had become villages."""
    turned = "\n".join(map(",".join, zip(*VILLAGES, strict=True)))
    (tmp_path / "村庄.csv").write_text(turned, encoding="utf-8")
    import_files(tmp_path / "made", [tmp_path / "村庄.csv"])
    assert [row["population"] for row in rows_of(tmp_path / "made", "villages")] == ["80", "90"]


def test_the_gauge_of_a_series_goes_on_below(tmp_path: Path) -> None:
    text = "站名,日期,时间,水位\n甲站,2023-07-30,8:00,20.1\n,,14:00,21.2\n乙站,2023-07-30,8:00,10.1\n,,14:00,11\n"
    (tmp_path / "水位.csv").write_text(text, encoding="utf-8")
    import_files(tmp_path / "made", [tmp_path / "水位.csv"])
    assert [row["zone"] for row in rows_of(tmp_path / "made", "levels")] == ["甲站", "甲站", "乙站", "乙站"]


@pytest.mark.parametrize("coding", ["big5", "gb18030", "utf-16-le", "utf-16-be", "utf-16", "utf-8", "utf-8-sig"])
def test_every_coding_gives_the_same_text(coding: str, tmp_path: Path) -> None:
    """Big5 had been read as characters that nobody writes, and UTF-16 without a mark was refused."""
    text = "鄉鎮,村莊,人口\n土木鎮,西水泉村,830\n"
    (tmp_path / "a.csv").write_bytes(text.encode(coding))
    assert read_text(tmp_path / "a.csv")[0].rows == tuple(tuple(line.split(",")) for line in text.split())


def test_rare_characters_of_gb18030_stay(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes("村名,人口\n𠮷家营,1\n㙍上村,2\n".encode("gb18030"))
    assert [row[0] for row in read_text(tmp_path / "a.csv")[0].rows] == ["村名", "𠮷家营", "㙍上村"]


def test_what_is_said_of_a_sheet_is_said_of_that_sheet(tmp_path: Path) -> None:
    """Parts are numbered as sheets were made, and a chart is a sheet too: formulas had been told of another sheet."""
    xlsxwriter = pytest.importorskip("xlsxwriter")
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=村庄!$B$2:$B$3"})
    book.add_chartsheet("图").set_chart(chart)
    sheet = book.add_worksheet("村庄")
    for number, row in enumerate(VILLAGES):
        sheet.write_row(number, 0, row)
    sheet.write_formula("B3", "=B2*2", None, "")
    sheet.set_row(1, None, None, {"hidden": True})
    book.add_worksheet("避难场所").write_row(0, 0, SHELTERS[0])
    book.close()
    moved = tmp_path / "b.xlsx"
    with zipfile.ZipFile(tmp_path / "a.xlsx") as old, zipfile.ZipFile(moved, "w") as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/_rels/workbook.xml.rels":
                data = data.replace(b"worksheets/sheet1.xml", b"worksheets/sheet9.xml")
            new.writestr(name.replace("worksheets/sheet1.xml", "worksheets/sheet9.xml"), data)
    for path in (tmp_path / "a.xlsx", moved):
        imported = import_files(tmp_path / path.stem, [path])
        said = {taken.sheet.name: [remark.en for remark in taken.remarks] for taken in imported.taken}
        assert any("without a stored value" in text and "B3" in text for text in said["村庄"])
        assert any("1 hidden rows" in text for text in said["村庄"])
        assert not said["避难场所"]


def test_merged_cells_of_open_document_are_seen() -> None:
    """Villages below a merged zone had none, and stayed dry."""
    content = """<table:table table:name="村庄"><table:table-column table:number-columns-repeated="3"/>
    <table:table-row table:number-rows-repeated="2"/><table:table-row table:visibility="collapse">
    <table:table-cell/><table:table-cell table:number-rows-spanned="3" table:number-columns-spanned="1"/>
    <table:table-cell table:formula="of:=[.D3]/4"/></table:table-row></table:table>"""
    look = look_at_sheets(content.encode())["村庄"]
    assert look.spans == [MergedCells(2, 1, 3, 1)]
    assert (look.hidden_rows, look.unvalued) == (1, ["C3"])
    assert cell_name(2, 27) == "AB3"
