"""Text tables in the codings and with the separators that offices save them with."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from simrescue.errors import ScenarioError
from simrescue.intake.spreadsheets.html_tables import html_tables, is_html
from simrescue.intake.spreadsheets.sheet import Sheet, refused
from simrescue.scenario.files.tables import MAX_CELL, MAX_ROWS, SEPARATORS
from simrescue.wording import Words, bilingual

CODINGS = ("utf-8-sig", "gb18030", "big5hkscs")
"""Tried in this order, strictly: GB 18030 holds all of GBK and GB 2312; a guess by statistics takes short Chinese files
for Korean."""
EVERYDAY = {"gb18030": (0xB0, 0xD7), "big5hkscs": (0xA4, 0xC6)}
"""First bytes of the characters that each of two codings ranks as everyday ones. Most bytes of Big5 are GBK as well, of
characters that nobody writes: the text is in the coding in which more of it is everyday."""


def read_text(path: Path, *, named_workbook: bool = False) -> list[Sheet]:
    """A text table as a sheet, a page of HTML as a sheet of each table.

    Args:
        path: of the file.
        named_workbook: whether it has the ending of a workbook.

    Raises:
        ScenarioError: with the line, where it cannot be read.
    """
    data = path.read_bytes()
    begins = data[:1000].lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if named_workbook and (not data or begins.startswith((b"<?xml", b"mime-version"))):
        raise refused(path.name, no_workbook())
    try:
        text, coding = _decoded(data, path.name)
    except ScenarioError:
        if named_workbook:
            raise refused(path.name, no_workbook()) from None
        raise
    if is_html(text):
        return html_tables(text, path.name)
    if named_workbook and not _is_table(text):
        raise refused(path.name, no_workbook())
    table = _text_table(path, text, coding)
    if named_workbook:
        remark = bilingual("a text table under the ending of a workbook")
        table = table._replace(remarks=(remark, *table.remarks))
    return [table]


def no_workbook() -> Words:
    """What a file with the ending of a workbook should have been."""
    return bilingual("a workbook of Excel or OpenDocument (.xlsx, .xls, .ods): open it in Excel or WPS and save it as"
                     " .xlsx")  # fmt: skip


def _is_table(text: str) -> bool:
    """Whether a text has lines of several cells and no other signs."""
    signs = sum(not letter.isprintable() and letter not in "\r\n\t" for letter in text[:1000])
    first = next(iter(text.splitlines()), "")
    return not signs and any(first.count(mark) for mark in SEPARATORS)


def _text_table(path: Path, text: str, coding: str) -> Sheet:
    separator = _separator(text)
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)):
            if number > MAX_ROWS:
                raise refused(path.name, bilingual("at most {most:,} rows", most=MAX_ROWS))
            rows.append(tuple(cell.strip()[:MAX_CELL] for cell in cells))
    except csv.Error:
        where = f"row {len(rows) + 1}"
        raise refused(path.name, bilingual("CSV that can be read: quotation marks in pairs"), where) from None
    shown = {"\t": "TAB"}.get(separator, separator)
    remark = bilingual("read as {coding}, cells between {separator}", coding=coding, separator=shown)
    return Sheet(path.name, "", tuple(rows), (remark,))


def _decoded(data: bytes, file: str) -> tuple[str, str]:
    """Text and coding of a file. Raises ScenarioError, with the byte, where it is in none that is known."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace"), "utf-16"
    zeros = data[::2].count(0), data[1::2].count(0)
    if any(zeros) and not all(zeros):  # of digits, separators and ends of lines in UTF-16 one byte of two is zero
        coding = "utf-16-be" if zeros[0] else "utf-16-le"
        return data.decode(coding, errors="replace"), coding
    wrong_at = 0
    for coding in CODINGS if _everyday(data, "gb18030") >= _everyday(data, "big5hkscs") else (CODINGS[0], CODINGS[2]):
        try:
            return data.decode(coding).removeprefix("\ufeff"), coding.removesuffix("-sig").removesuffix("hkscs")
        except UnicodeDecodeError as error:
            wrong_at = error.start
    line = data.count(b"\n", 0, wrong_at) + 1
    raise refused(file, bilingual("text in UTF-8, UTF-16, GB 18030 or Big5"), f"line {line}")


def _everyday(data: bytes, coding: str) -> int:
    """How many characters of a text are everyday ones if it is in some coding; none where it is not in it at all."""
    try:
        text = data.decode(coding)
    except UnicodeDecodeError:
        return 0
    low, high = EVERYDAY[coding]
    pairs = (letter.encode(coding) for letter in text if letter > "\u3400")
    return sum(len(pair) == 2 and low <= pair[0] <= high for pair in pairs)


def _separator(text: str) -> str:
    """What stands between the cells: what the first rows have most often and most evenly."""
    lines = [line for line in text.splitlines()[:20] if line.strip()]
    counts = {mark: Counter(line.count(mark) for line in lines) for mark in SEPARATORS}

    def evenness(mark: str) -> int:
        (count, times), *_ = counts[mark].most_common(1) or [(0, 0)]
        return count * times

    return max(SEPARATORS, key=evenness)
