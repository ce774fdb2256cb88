"""Workbooks of OpenDocument: read like others, and refused where repeated cells come to too many."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from simrescue.errors import ScenarioError
from simrescue.intake.spreadsheets.sheets import read_sheets

SPACES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
KIND = "application/vnd.oasis.opendocument.spreadsheet"


def workbook(path: Path, rows: str) -> Path:
    body = f'<office:body><office:spreadsheet><table:table table:name="村庄">{rows}</table:table>'
    content = f"<office:document-content {SPACES}>{body}</office:spreadsheet></office:body></office:document-content>"
    entry = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{KIND}"/>'
    space = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("mimetype", KIND)
        parts.writestr("META-INF/manifest.xml", f"<manifest:manifest {space}>{entry}</manifest:manifest>")
        parts.writestr("content.xml", content)
    return path


def cell(text: str, told: str = "") -> str:
    return f'<table:table-cell office:value-type="string" {told}><text:p>{text}</text:p></table:table-cell>'


def row(*cells: str, told: str = "") -> str:
    return f"<table:table-row {told}>{''.join(cells)}</table:table-row>"


def repeated(of: str, times: int) -> str:
    return f'table:number-{of}-repeated="{times}"'


def test_a_workbook_with_blank_rows_to_its_end_is_read(tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    blank = f"<table:table-cell {repeated('columns', 16382)}/>"
    rows = row(cell("村名"), cell("人口"), blank) + row(cell("甲村"), cell("00123"), blank)
    path = workbook(tmp_path / "村.ods", rows + row(blank, told=repeated("rows", 1048574)))
    [sheet] = read_sheets(path)
    assert sheet.name == "村庄"
    assert [cells[:2] for cells in sheet.rows] == [("村名", "人口"), ("甲村", "00123")]


@pytest.mark.parametrize(
    "rows",
    [
        row(cell("甲村", repeated("columns", 16384)), told=repeated("rows", 1048576)),
        row(cell("村名")) + row("<table:table-cell/>", told=repeated("rows", 900000000)) + row(cell("甲村")),
        row(f"<table:table-cell {repeated('columns', 900000000)}/>", cell("甲村")),
    ],
    ids=["cells", "rows between", "columns before"],
)
def test_repeats_that_come_to_too_many_cells_are_refused(rows: str, tmp_path: Path) -> None:
    pytest.importorskip("python_calamine")
    with pytest.raises(ScenarioError, match="cells"):
        read_sheets(workbook(tmp_path / "村.ods", rows))
