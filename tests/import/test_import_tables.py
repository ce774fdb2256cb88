"""A county's own files become the folder that a person would make of them; what cannot be read is said, and refused."""

from __future__ import annotations

import csv
import sys
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.intake.cells import value_of
from simrescue.intake.columns import Column, column_of, understand
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import mapping_file
from simrescue.intake.naming.place_ids import id_of
from simrescue.intake.spreadsheets.sheets import read_sheets
from simrescue.scenario.load import load


def table(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return [{key: cell for key, cell in row.items() if cell} for row in csv.DictReader(stream)]


@pytest.fixture(scope="module")
def yunhe(county: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "yunhe"
    import_files(folder, county)
    return folder


def test_the_imported_folder_is_the_one_made_by_hand(yunhe: Path) -> None:
    expected = sys.modules["nasty_county"].by_hand()
    assert {name: table(yunhe, name) for name in expected} == expected


def test_it_loads_with_its_start_from_the_series(yunhe: Path) -> None:
    scenario = load(yunhe)
    assert scenario.settings.start.isoformat() == "2024-07-10T06:00:00+08:00"
    assert scenario.settings.duration_h == 24
    assert scenario.settings.jurisdiction.population == 4850 == sum(one.population for one in scenario.villages)
    assert [level.time_h for level in scenario.levels] == [0, 8, 24, 0, 14, 24]


def test_the_command_imports_checks_and_runs(county: list[Path], tmp_path: Path) -> None:
    run = CliRunner().invoke
    done = run(main, ["--lang", "en", "import", "yunhe", *map(str, county), "--dir", str(tmp_path)])
    assert done.exit_code == 0, done.output
    for said in ("6 rows of villages.csv, heads in row 3", "columns left out: 村支书电话", "rows of totals left out: 1",
                 "read as gb18030, cells between ;", "read as utf-16, cells between TAB", "2 places are called 李庄",
                 "帐篷（顶） (6 / 顶)", "start of the run"):  # fmt: skip
        assert said in done.output, said
    assert run(main, ["check", str(tmp_path / "yunhe")]).exit_code == 0
    out = ["--out", str(tmp_path / "out"), "--replications", "1", "--no-charts", "--workers", "1"]
    assert run(main, ["run", str(tmp_path / "yunhe"), *out]).exit_code == 0


def test_a_folder_may_have_a_chinese_name(county: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "应急 管理局" / "云禾县"
    imported = import_files(folder, county)
    scenario = load(folder)
    assert scenario.settings.name == "yunhexian"
    assert scenario.settings.jurisdiction.name == "云禾县"
    assert import_files(folder, county).kept == imported.kept == 0, "its mapping lies beside it"
    with pytest.raises(ScenarioError, match="letters or digits"):
        import_files(tmp_path / "---", county)


def test_a_second_import_keeps_what_was_changed_by_hand(county: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "yunhe"
    import_files(folder, county)
    path, settings = folder / "villages.csv", folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8").replace("23.2 米", "23.9 m")
    lines = [line for line in text.splitlines() if not line.startswith("zhangwan,")]
    path.write_text("\n".join([*lines, "new,新村,115.27,38.1,22 m,河东,云禾县,石桥镇,no,99"]) + "\n", encoding="utf-8")
    settings.write_text(settings.read_text(encoding="utf-8").replace("24 h", "48 h"), encoding="utf-8")
    newer = tmp_path / "villages.csv"
    rows = ("行政村,乡镇,人口,经度,纬度,高程", "东渡村,石桥镇,555,115.2912,38.1270,22.8",
            "柳湾村,石桥镇,333,115.2684,38.1450,20.0", "长塆,南堤乡,290,115.2798,38.073,29")  # fmt: skip
    newer.write_text("\n".join(rows), encoding="utf-8")
    imported = import_files(folder, [newer])
    rows = {row["id"]: row for row in table(folder, "villages")}
    assert rows["dongducun"]["population"] == "555", "new figures come in"
    assert (rows["liuwancun"]["population"], rows["liuwancun"]["elevation"]) == ("333", "23.9 m"), (
        "a hand's figure stays"
    )
    assert "zhangwan" not in rows, "what was taken out by hand stays out"
    assert rows["new"]["population"] == "99", "what was added by hand stays"
    assert imported.kept >= 3
    assert "48 h" in settings.read_text(encoding="utf-8")


def test_what_is_changed_in_the_mapping_wins(county: list[Path], tmp_path: Path) -> None:
    folder = tmp_path / "yunhe"
    import_files(folder, county)
    path = mapping_file(folder)
    path.write_text(
        path.read_text(encoding="utf-8").replace("帐篷（顶）: shelter * 6", "帐篷（顶）: shelter * 4"), encoding="utf-8"
    )
    import_files(folder, county)
    assert table(folder, "depots")[0]["shelter"] == str(40 * 4 + 60)


@pytest.mark.parametrize("coding", ["gbk", "gb18030", "utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "，"])
def test_two_rows_in_any_coding_and_separator(tmp_path: Path, coding: str, separator: str) -> None:
    """Two rows of GBK are Korean to a guess by statistics."""
    path = tmp_path / "villages.csv"
    text = "\n".join(separator.join(row) for row in (["村名", "人口"], ["西河村", "1200"]))
    path.write_bytes(text.encode(coding))
    [sheet] = read_sheets(path)
    assert sheet.rows == (("村名", "人口"), ("西河村", "1200"))


def test_bytes_of_no_coding_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "villages.csv"
    path.write_bytes(b"a,b\n\xff\xff\xff,2\n")
    with pytest.raises(ScenarioError, match=r"villages.csv line 2: expected text in UTF-8, UTF-16, GB 18030 or Big5"):
        read_sheets(path)


@pytest.mark.parametrize(
    ("key", "unit", "written", "value"),
    [
        ("population", "", "２，０００", "2000"), ("population", "", "0.2万", "2000"),
        ("population", "", "约500人", "500"),
        ("population", "", "不详", ""), ("population", "", "—", ""), ("ordered", "", "是", "yes"),
        ("ordered", "", "无", "no"),
        ("elevation", "米", "22.8", "22.8 米"), ("elevation", "m", "22.8米", "22.8米"), ("zone", "", "无", ""),
        ("lon", "", "115°17′28″", "115.291111"), ("lat", "", "北纬38°6′", "38.100000"),
        ("time", "", "2024年7月10日6时30分", "2024年7月10日6时30分"),
    ],
)  # fmt: skip
def test_cells_as_people_write_them(key: str, unit: str, written: str, value: str) -> None:
    assert value_of("villages", Column(0, key, key, unit), written) == value


@pytest.mark.parametrize(
    ("of", "head", "key", "unit", "factor"),
    [
        ("villages", "常住人口（万人）", "population", "", 10_000), ("villages", "高程/米", "elevation", "米", 1),
        ("villages", "elevation_m", "elevation", "m", 1), ("roads", "里 程\n(km)", "length", "km", 1),
        ("depots", "帐篷(顶)", "shelter", "", 6), ("depots", "矿泉水", "water", "", 4),
        ("boats", "航速", "speed", "km/h", 1),
    ],
)  # fmt: skip
def test_heads_with_units(of: str, head: str, key: str, unit: str, factor: float) -> None:
    column = column_of(of, 0, head)
    assert column
    assert (column.key, column.unit, column.factor) == (key, unit, factor)


def test_words_where_numbers_belong_are_for_the_check_to_refuse(tmp_path: Path) -> None:
    """Nothing is guessed and nothing breaks: the row and the word stand in the folder and in the fault."""
    villages, stores = tmp_path / "村庄.csv", tmp_path / "储备库.csv"
    villages.write_text("村名,人口,经度,纬度\n甲村,若干,115.2,38.1\n乙村,1e400,115.3,38.1\n丙村", encoding="gb18030")
    stores.write_text("仓库名称,经度,纬度,帐篷(顶),折叠床(张)\n县库,115.2,38.1,若干,20\n", encoding="gb18030")
    folder = tmp_path / "odd"
    imported = import_files(folder, [villages, stores])
    assert imported.missing == ["roads", "levels"]
    assert [row.get("population") for row in table(folder, "villages")] == ["若干", "1e400", None]
    with pytest.raises(ScenarioError, match=r'villages.csv row 2, column population: "若干"'):
        load(folder)


def test_a_sheet_of_nothing_known_is_not_read() -> None:
    assert understand("会议签到.xlsx", [["序号", "签名", "电话"], ["1", "张三", "138"]]) is None


def test_ids_of_homophones_are_numbered() -> None:
    assert id_of("李庄", {"lizhuang", "lizhuang-2"}) == "lizhuang-3"
    assert id_of("吕梁", ()) == "lvliang"
    assert id_of("x", (), given="a1") == "a1"


def workbook(path: Path, cells: str) -> Path:
    """A bare workbook with the given cells, as no office writes it."""
    main_ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    rel = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr(
            "[Content_Types].xml", '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
        )
        parts.writestr("xl/workbook.xml", f'<workbook xmlns="{main_ns}" xmlns:r="{rel}"><sheets>'
                       '<sheet name="村庄" sheetId="1" r:id="r1"/></sheets></workbook>')  # fmt: skip
        parts.writestr("xl/_rels/workbook.xml.rels",
                       '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                       f'<Relationship Id="r1" Type="{rel}/worksheet" Target="worksheets/sheet1.xml"/>'
                       "</Relationships>")  # fmt: skip
        parts.writestr("xl/worksheets/sheet1.xml",
                       f'<worksheet xmlns="{main_ns}"><sheetData>{cells}</sheetData></worksheet>')  # fmt: skip
    return path


def test_a_small_workbook_that_claims_a_billion_cells_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "bomb.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>'
                    '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')  # fmt: skip
    assert path.stat().st_size < 5_000
    with pytest.raises(ScenarioError, match="a workbook of at most 2,000,000 cells"):
        read_sheets(path)


def test_a_workbook_that_unpacks_to_much_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "big.xlsx", "<!--" + " " * 210_000_000 + "-->")
    with pytest.raises(ScenarioError, match="200 MB unpacked"):
        read_sheets(path)


def test_a_formula_without_a_value_is_told_by_cell(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "sum.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet_of_book = book.add_worksheet("村庄")
        sheet_of_book.write_row(0, 0, ["村名", "人口"])
        sheet_of_book.write_formula("B2", "=1+1", value="")
    [sheet] = read_sheets(path)
    assert any("formulas without a stored value" in one.en and "B2" in one.en for one in sheet.remarks)


def test_cells_with_an_error_are_told_and_not_blank_in_silence(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet_of_book = book.add_worksheet("村庄")
        sheet_of_book.write_row(0, 0, ["村名", "人口"])
        sheet_of_book.write(1, 0, "石桥")
        sheet_of_book.write_formula("B2", "=NA()", value="#N/A")
    [sheet] = read_sheets(path)
    assert [one.en for one in sheet.remarks] == ["cells with an error of the workbook (#N/A, #REF!), read as blank: B2"]


def test_links_to_other_files_and_the_net_are_never_followed_and_the_stored_value_counts(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "linked.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet_of_book = book.add_worksheet("村庄")
        sheet_of_book.write_row(0, 0, ["村名", "人口"])
        sheet_of_book.write_row(1, 0, ["甲村"])
        sheet_of_book.write_formula("B2", "='[/etc/passwd]Sheet1'!A1", value=120)
        sheet_of_book.write_row(2, 0, ["乙村"])
        sheet_of_book.write_formula("B3", '=WEBSERVICE("http://127.0.0.1:9/")', value=80)
        sheet_of_book.write_url("C1", "file:///etc/passwd", string="备注")
    [sheet] = read_sheets(path)
    assert sheet.rows == (("村名", "人口", "备注"), ("甲村", "120", ""), ("乙村", "80", ""))


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [("a.xlsx", b"no workbook", "a workbook of Excel"), ("a.docx", b"x", "a file of a kind that is read"),
     ("a.xlsx", b"PK\x03\x04broken", "a workbook that can be read")],
)  # fmt: skip
def test_other_files_are_refused_and_nothing_is_written(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = CliRunner().invoke(main, ["--lang", "en", "import", "x", str(tmp_path / name), "--dir", str(tmp_path)])
    assert done.exit_code == 2
    assert says in done.output
    assert [one.name for one in tmp_path.iterdir()] == [name]


def test_a_folder_made_by_hand_is_not_written_over(county: list[Path], tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine/villages.csv").write_text("id\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match="a new or empty folder"):
        import_files(tmp_path / "mine", county)


def test_a_missing_library_is_said_plainly(county: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("simrescue.intake.spreadsheets.workbook.find_spec", lambda name: None)
    with pytest.raises(ScenarioError, match=r"simrescue\[import\]"):
        read_sheets(county[0])
