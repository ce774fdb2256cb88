"""Sheets of a county's files, whatever they are kept in: workbooks of Excel, or text between separators."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from simrescue.intake.spreadsheets.sheet import BEGINS, Sheet, refused
from simrescue.intake.spreadsheets.text_table import read_text
from simrescue.scenario.files.tables import MAX_BYTES
from simrescue.wording import Words, bilingual

WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".et", ".ods")
"""Of Excel, of WPS in the same format under an ending of its own, and of LibreOffice."""
TEXTS = (".csv", ".tsv", ".txt")


def read_sheets(path: Path) -> list[Sheet]:
    """All sheets of a file with anything in them; its content says what it is, and not its ending.

    Args:
        path: of a workbook, a text table, or a page of HTML or a text that an office's system calls a workbook.

    Raises:
        ScenarioError: it is of no kind that is read, cannot be read, or is too large.
    """
    ending = path.suffix.lower()
    if not path.is_file():
        raise refused(path.name, bilingual("a file that is there"))
    if ending not in (*WORKBOOKS, *TEXTS):
        raise refused(path.name, kinds_that_are_read((*WORKBOOKS, *TEXTS)))
    if path.stat().st_size > MAX_BYTES:
        raise refused(path.name, bilingual("a file of at most {limit} MB", limit=MAX_BYTES // 1_000_000))
    with path.open("rb") as stream:
        is_workbook = stream.read(4) in BEGINS.values()
    if is_workbook:
        from simrescue.intake.spreadsheets.workbook import read_workbook

        return read_workbook(path)
    return read_text(path, named_workbook=ending in WORKBOOKS)


def kinds_that_are_read(endings: Sequence[str]) -> Words:
    """What a file should have been.

    Args:
        endings: of the kinds that are read.
    """
    known = ", ".join(endings)
    return bilingual("a file of a kind that is read: {known}; of any other, save its tables as .xlsx", known=known)
