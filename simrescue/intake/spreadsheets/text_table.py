"""Text tables in the codings and with the separators that offices save them with."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from pathlib import Path

from simrescue.intake.spreadsheets.sheet import Sheet, refused
from simrescue.scenario.files.tables import MAX_CELL, MAX_ROWS, SEPARATORS
from simrescue.wording import bilingual

CODINGS = ("utf-8-sig", "gb18030", "big5hkscs")
"""Tried in this order, strictly: GB 18030 holds all of GBK and GB 2312; a guess by statistics takes short Chinese files
for Korean."""
EVERYDAY = {"gb18030": (0xB0, 0xD7), "big5hkscs": (0xA4, 0xC6)}
"""First bytes of the characters that each of two codings ranks as everyday ones. Most bytes of Big5 are GBK as well, of
characters that nobody writes: the text is in the coding in which more of it is everyday."""


def read_text_table(path: Path) -> Sheet:
    """A text table as a sheet. Raises ScenarioError, with the line, where it cannot be read."""
    data = path.read_bytes()
    text, coding = _decoded(data, path.name)
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
