"""Numbers with a comma for the decimal point, as some programs and countries write them."""

from __future__ import annotations

import re

from simrescue.intake.columns import HEAD_ROWS, LONLAT, general_key
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.wording import bilingual

_COMMA = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+|\d+),(\d+)")
_POINT = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)\.(\d+)")
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+")
GROUP = 3
"""Digits of a group of thousands: so many behind a mark decide nothing by themselves."""


def with_decimal_points(sheet: Sheet) -> Sheet:
    """A sheet whose numbers have points for decimal commas.

    A comma with other than three digits behind it shows that its column is written so. Where no number of the sheet has
    a decimal point, all columns are, and points part thousands.

    Args:
        sheet: as it was read.
    """
    wide = max(map(len, sheet.rows), default=0)
    spots = {at for row in sheet.rows[:HEAD_ROWS] for at, cell in enumerate(row) if general_key(cell) == LONLAT}
    commas, points = dict[int, str](), set[int]()
    for row in sheet.rows:
        for at, cell in enumerate(row):
            if (comma := _COMMA.fullmatch(cell)) and at not in spots and (len(comma[1]) != GROUP or "." in cell):
                commas.setdefault(at, cell)
            elif (point := _POINT.fullmatch(cell)) and (len(point[1]) != GROUP or "," in cell):
                points.add(at)
    columns = (set(range(wide)) if not points else commas.keys() - points) - spots if commas else set()
    if not columns:
        return sheet
    rows = [[_put_right(cell) if at in columns else cell for at, cell in enumerate(row)] for row in sheet.rows]
    example = next(iter(commas.values()))
    remark = bilingual("commas are read as decimal points, {example} as {read}", example=example,
                       read=_put_right(example))  # fmt: skip
    return sheet._replace(rows=tuple(map(tuple, rows)), remarks=(*sheet.remarks, remark))


def _put_right(cell: str) -> str:
    if _COMMA.fullmatch(cell):
        return cell.replace(".", "").replace(",", ".")
    return cell.replace(".", "") if _GROUPED.fullmatch(cell) else cell
