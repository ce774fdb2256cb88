"""What stands under the ending of a workbook: BIFF, pages and texts that offices' systems export, and what is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.intake.importing import import_files
from simrescue.intake.mapping import read_table
from simrescue.intake.spreadsheets.sheets import read_sheets

pytest.importorskip("python_calamine")
pytest.importorskip("pypinyin")
OFFICE_2003 = Path(__file__).with_name("office_2003.xls")
"""Written by xlwt 1.3.0, which the project does not need: a title, merged cells, days as numbers, a hidden sheet."""
TEXT = "行政村\t常住人口\n石桥村\t1,200\n沙洲村\t860\n"
PAGE = """<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta http-equiv="Content-Type"
content="text/html; charset=gb2312"><style>td {mso-number-format: "@"}</style></head><body>
<table border=1><tr><td colspan=3>云河县各村情况<tr><th>乡镇<th>行政村<th>常住人口
<tr><td rowspan="2">上河镇</td><td>石桥村&nbsp;</td><td>1,200</td></tr>
<tr><td>沙洲<br>村</td><td>860</td></tr></table>"""
ROWS = (("行政村", "常住人口"), ("石桥村", "1,200"), ("沙洲村", "860"))


@pytest.mark.parametrize("ending", ["xls", "et", "xlsx", "csv"])
def test_a_workbook_of_2003_is_read_under_any_ending(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"云河.{ending}"
    path.write_bytes(OFFICE_2003.read_bytes())
    import_files(tmp_path / "made", [path])
    assert [(row["name_zh"], row["township"], row["population"], row["elevation"])
            for row in read_table(tmp_path / "made/villages.csv") or []] == [
        ("石桥村", "上河镇", "1200", "20.5 m"), ("沙洲村", "上河镇", "860", "21 m"),
    ]  # fmt: skip
    assert [row["time"] for row in read_table(tmp_path / "made/levels.csv") or []] == [
        "2023-07-31 08:00:00", "2023-07-31 11:00:00",
    ]  # fmt: skip


@pytest.mark.parametrize("coding", ["gbk", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("ending", ["xls", "xlsx"])
def test_a_text_under_the_ending_of_a_workbook_is_read(ending: str, coding: str, tmp_path: Path) -> None:
    (tmp_path / f"a.{ending}").write_bytes(TEXT.encode(coding))
    [sheet] = read_sheets(tmp_path / f"a.{ending}")
    assert sheet.rows == ROWS
    assert "a text table under the ending of a workbook" in [remark.en for remark in sheet.remarks]


@pytest.mark.parametrize("coding", ["gbk", "utf-8"])
def test_a_page_under_the_ending_of_a_workbook_is_read(coding: str, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(PAGE.encode(coding))
    [sheet] = read_sheets(tmp_path / "a.xls")
    assert sheet.rows == (
        ("云河县各村情况",) * 3, ("乡镇", "行政村", "常住人口"),
        ("上河镇", "石桥村", "1,200"), ("上河镇", "沙洲 村", "860"),
    )  # fmt: skip


def test_tables_within_a_cell_stand_for_themselves(tmp_path: Path) -> None:
    page = f"<table><tr><td>menu</td><td>{PAGE[PAGE.index('<table') :]}</td></tr></table>"
    (tmp_path / "a.xls").write_text(page, encoding="utf-8")
    assert [len(sheet.rows) for sheet in read_sheets(tmp_path / "a.xls")] == [1, 4]


@pytest.mark.parametrize(("content", "says"), [
    (b"", "save it as .xlsx"), (b"MIME-Version: 1.0\n\n<html>", "save it as .xlsx"),
    (b"\x00\x01\x02", "save it as .xlsx"), (b"\xef\xbb\xbf", "save it as .xlsx"),
    (b'<?xml version="1.0"?>\n<Workbook><Table/></Workbook>', "save it as .xlsx"),
    (OFFICE_2003.read_bytes()[:3000], "it is broken"),
    (b"\xd0\xcf\x11\xe0" + bytes(512) + "EncryptedPackage".encode("utf-16-le"), "a workbook without a password"),
    (b"<table><tr>" + b"<td rowspan=1000 colspan=1000>x" * 9, "at most 2,000,000 cells"),
    (b"<table><tr><td colspan=1000>x" + b"<tr><td>x" * 3000, "at most 2,000,000 cells"),
])  # fmt: skip
def test_what_is_no_workbook_is_told_in_one_sentence(content: bytes, says: str, tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_bytes(content)
    with pytest.raises(ScenarioError, match=says) as raised:
        read_sheets(tmp_path / "a.xls")
    assert len(raised.value.faults) == 1
