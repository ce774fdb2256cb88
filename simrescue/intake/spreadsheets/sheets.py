"""Sheets of a county's files, whatever they are kept in: workbooks of Excel, or text between separators."""

from __future__ import annotations

from pathlib import Path

from simrescue.intake.spreadsheets.sheet import Sheet, refused
from simrescue.intake.spreadsheets.text_table import read_text_table
from simrescue.scenario.files.tables import MAX_BYTES
from simrescue.wording import bilingual

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""Of Excel, of WPS in the same format under an ending of its own, and of LibreOffice."""
TEXTS = (".csv", ".tsv", ".txt")


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of a file with anything in them.

    Args:
        path: of a workbook or a text table.

    Raises:
        ScenarioError: it is of no kind that is read, cannot be read, or is too large.
    """
    ending = path.suffix.lower()
    if not path.is_file():
        raise refused(path.name, bilingual("a file that is there"))
    if ending not in (*WORKBOOKS, *TEXTS):
        known = ", ".join((*WORKBOOKS, *TEXTS))
        raise refused(path.name, bilingual("a file of a kind that is read: {known}", known=known))
    if path.stat().st_size > MAX_BYTES:
        raise refused(path.name, bilingual("a file of at most {limit} MB", limit=MAX_BYTES // 1_000_000))
    if ending in TEXTS:
        return [read_text_table(path)]
    from simrescue.intake.spreadsheets.workbook import read_workbook

    return read_workbook(path)
