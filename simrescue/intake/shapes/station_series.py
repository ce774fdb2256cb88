"""Series of several stations or moments side by side, and moments that are parted or lack their year."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from datetime import UTC

from simrescue.hazards.flood.depth_rasters.raster_hours import AFTERNOON
from simrescue.hazards.flood.depth_rasters.raster_words import raster_words
from simrescue.intake.columns import (
    bare_head,
    chinese_head,
    column_of,
    names_of_key,
    office_words,
    plain,
    unit_of_head,
    units_of_heads,
    without_brackets,
)
from simrescue.intake.shapes.title_units import units_stated
from simrescue.intake.spreadsheets.sheet import Sheet
from simrescue.units import AS_WRITTEN, moment_of, read_number
from simrescue.wording import bilingual

LEAST_MOMENTS = 2
"""Heads that are moments, for a sheet to have its moments side by side."""
_MONTH, _DAY, _HOUR = (AS_WRITTEN["date"][of][0] for of in ("month", "day", "hour"))
_NO_YEAR = re.compile(
    rf"(\d{{1,2}})\s?(?:{_MONTH}|[-/.])\s?(\d{{1,2}})(?:{_DAY}\s*|\s+)(\d{{1,2}}\s?(?:{_HOUR}|:\s?\d\d).*)"
)
"""A day without its year before a clock. Something stands between the two: 8.1 02:00 is no tenth of August."""
_AFTERNOON = re.compile(rf"{AFTERNOON}(?=\s?(?:{_HOUR}|:))")
_FORENOON = re.compile("|".join(raster_words("forenoon")))
_OCLOCK = re.compile(r"(?<=\d)\s?[\u70b9\u9ede](?:\u6574|\u949f)?(?=$|\s|\d)")
"""The spoken word for an hour of the clock, where the written one is meant."""
_YEAR = AS_WRITTEN["date"]["year"][0]
_YEARS = re.compile(rf"(?<!\d)((?:19|20)\d\d)(?={_YEAR}|([-/.])\d{{1,2}}\2\d|[01]\d[0-3]\d)")
_BARE_YEARS = re.compile(r"(?<![a-z\d])((?:19|20)\d\d)(?!\d)")
_DATE = re.compile(r"((?:\d{4}\D)?\d{1,2}\D\d{1,2}\D?)(?:\s*00:00(?::00)?)?")
_CLOCK = re.compile(rf"(\d{{1,2}})(?:[:{_HOUR}\u70b9](\d{{1,2}})?\D?(?::?00)?|\s*h)?")


def _spaced(text: str) -> str:
    """A moment to compare: half-width, in small letters, one blank for several; those between its parts count."""
    return " ".join(unicodedata.normalize("NFKC", text).split()).lower()


def on_the_clock(text: str) -> str:
    """A cell with hours as a clock of 24 hours has them, where it tells the part of the day in words.

    Args:
        text: as it is written; one that holds no hour stays as it is.
    """
    spaced = _OCLOCK.sub(_HOUR, _spaced(text))
    if not re.search(rf"\d\s?(?:{_HOUR}|:)", spaced) or not (spaced[:1].isdigit() or _FORENOON.match(spaced)
                                                            or _AFTERNOON.match(spaced)):  # fmt: skip
        return text
    put = _FORENOON.sub(" ", _AFTERNOON.sub(lambda match: f" {int(match[1] or match[2]) + 12}", spaced))
    return " ".join(put.split()) if put != _spaced(text) else text


def _meant(table: str, heads: Sequence[str]) -> dict[str, int]:
    """Key -> number of the column that holds it, of the columns that a table knows."""
    columns = [column_of(table, at, head) for at, head in enumerate(heads) if head]
    return {column.key: column.at for column in reversed(columns) if column}


def stations_side_by_side(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """One row for each station and moment, of a sheet with the level of one station in each column.

    Args:
        sheet: that may be such a one.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    meant = _meant("levels", heads)
    if "time" not in meant or {"level", "zone"} <= set(meant) or not _tells_of_levels(sheet, number):
        return
    if "level" in meant and not _station(heads[meant["level"]]):
        return  # a series of one station
    below, clock = sheet.rows[number + 1 :], meant["time"]
    if below and _is_head(below[0], heads, clock):
        heads, below = [_joined(*pair) for pair in zip(heads, [*below[0], *[""] * len(heads)], strict=False)], below[1:]
    if _meant("weather", heads).keys() - {"time"}:
        return
    others = office_words("beside level")
    named = {at: name for at, head in enumerate(heads) if at != clock and (name := _station(head))}
    stations = {at: name for at, name in named.items() if not any(word in plain(name) for word in others)}
    units = {at: unit if (unit := unit_of_head(heads[at])) in units_of_heads() else "" for at in stations}
    unit = next(iter(units.values()), "") if len(set(units.values())) == 1 else ""
    unit = unit if any(units.values()) else _unit_above(sheet, number)
    rows = [
        (name, row[clock], row[at] if unit else f"{row[at]} {units[at]}".strip())
        for row in below
        if clock < len(row) and row[clock]
        for at, name in stations.items()
        if at < len(row) and math.isfinite(read_number(row[at]))
    ]
    if rows and len(set(stations.values())) == len(stations):
        words_zh = bilingual("{number} stations side by side, put below each other", number=len(stations))
        remarks = (*sheet.remarks, words_zh)
        yield Sheet(sheet.file, sheet.name, (_usual_heads(heads, unit), *rows), remarks, is_remade=True)


def _usual_heads(heads: Sequence[str], unit: str) -> tuple[str, ...]:
    """Heads of zone, moment and level with its unit, in the language of the sheet's own."""
    own = not "".join(heads).isascii()
    zone, time, level = ((own and chinese_head("levels", key)) or key for key in ("zone", "time", "level"))
    return zone, time, f"{level} ({unit})" if unit else level


def series_of_one_station(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """A series with the name of its gauge in each row, which only a title or the sheet's name tells.

    Args:
        sheet: that may hold one.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    meant = _meant("levels", heads)
    if not {"time", "level"} <= set(meant) or "zone" in meant:
        return
    above = [cell for row in sheet.rows[:number] for cell in dict.fromkeys(row) if cell]
    if gauge := next(filter(None, map(_gauge_in, [*above, sheet.name])), ""):
        rows = [tuple(row) for row in sheet.rows]
        wide, own = max(map(len, rows)), not "".join(heads).isascii()
        for at in range(number, len(rows)):
            cell = (
                (own and chinese_head("levels", "zone")) or "zone" if at == number else gauge if any(rows[at]) else ""
            )
            rows[at] = (*rows[at], *[""] * (wide - len(rows[at])), cell)
        remark = bilingual("the gauge {name}, from the title", name=gauge)
        yield sheet._replace(rows=tuple(rows), remarks=(*sheet.remarks, remark))


def _gauge_in(text: str) -> str:
    """The gauge that a title names: behind a word for it, or as a name that ends with one; empty: none."""
    bare = re.sub(rf"\d+\s*(?:{_YEAR}\u5ea6?|{_MONTH}|{_DAY})", " ", unicodedata.normalize("NFKC", text))
    names, ends = ("|".join(map(re.escape, of)) for of in (names_of_key("zone"), office_words("gauge ending")))
    levels, stations = ("|".join(map(re.escape, office_words(of))) for of in ("level head", "gauge"))
    found = (
        re.search(rf"(?:{names})\s*:\s*(\S+)", bare)
        or re.search(rf"([^\W\d_]+?(?:{ends}))", bare)
        or re.search(rf"([^\W\d_]+?(?:{stations}))(?:{levels})", bare)
    )
    return found[1] if found else ""


def _is_head(row: Sequence[str], heads: Sequence[str], clock: int) -> bool:
    """Whether a row below the heads still is one: the moment's head again or nothing, and words beside it."""
    others = [cell for at, cell in enumerate(row) if at != clock and cell]
    return (
        clock < len(row)
        and row[clock] in ("", heads[clock])
        and bool(others)
        and not any(math.isfinite(read_number(cell)) for cell in others)
    )


def _joined(upper: str, lower: str) -> str:
    return lower if lower == upper or not upper else f"{upper} {lower}".strip()


def _station(head: str) -> str:
    """The name of a station in the head of its column, without "water level" and the unit."""
    name = without_brackets(head)
    for word in office_words("level head"):
        name = re.sub(re.escape(word), "", name, flags=re.IGNORECASE)
    return " ".join(name.split()).strip("_-:")


def moments_side_by_side(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """One row for each station and moment, of a sheet with one moment in each column.

    Args:
        sheet: that may be such a one.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    moments = {at: head for at, head in enumerate(heads) if moment_of(head, UTC) or _NO_YEAR.fullmatch(_spaced(head))}
    zone = _meant("levels", heads).get("zone")
    if len(moments) < LEAST_MOMENTS or zone is None or not _tells_of_levels(sheet, number):
        return
    unit = _unit_above(sheet, number)
    rows = [
        (row[zone], moment, row[at])
        for row in sheet.rows[number + 1 :]
        for at, moment in moments.items()
        if at < len(row) and row[zone] and math.isfinite(read_number(row[at]))
    ]
    if rows:
        words = bilingual("{number} moments side by side, put below each other", number=len(moments))
        yield Sheet(sheet.file, sheet.name, (_usual_heads(heads, unit), *rows), (*sheet.remarks, words), is_remade=True)


def hours_side_by_side(sheet: Sheet, number: int, heads: Sequence[str]) -> Iterator[Sheet]:
    """One row for each day and hour, of a sheet of levels with a day in each row and an hour in each column.

    Args:
        sheet: that may be such a one.
        number: of the row that may hold its heads, from 0.
        heads: in that row.
    """
    bare = [bare_head(head) for head in heads]
    day = next((at for at, head in enumerate(bare) if head in office_words("date head")), None)
    clocks = {at: clock for at, head in enumerate(bare) if head and (clock := _CLOCK.fullmatch(head))}
    titles = _titles(sheet, number)
    if day is None or len(clocks) < LEAST_MOMENTS or not titles:
        return
    zone, date, rows = _meant("levels", heads).get("zone"), "", list[tuple[str, ...]]()
    gauge = next(filter(None, map(_gauge_in, titles)), "")
    unit = _unit_above(sheet, number)
    for row in sheet.rows[number + 1 :]:
        cells = [*row, *[""] * (len(heads) - len(row))]
        date = written[1] if (written := _DATE.fullmatch(cells[day])) else date
        rows += [(cells[zone] if zone is not None else gauge, f"{date} {clock[1]}:{clock[2] or '00'}", cells[at])
                 for at, clock in clocks.items() if math.isfinite(read_number(cells[at]))]  # fmt: skip
    if rows:
        words = bilingual("{number} moments side by side, put below each other", number=len(clocks))
        yield Sheet(sheet.file, sheet.name, (_usual_heads(heads, unit), *rows), (*sheet.remarks, words), is_remade=True)


def _unit_above(sheet: Sheet, number: int) -> str:
    """The unit of levels in brackets of a title, or in a row above the heads behind the word for units; else empty."""
    stated = units_stated({cell for row in sheet.rows[:number] for cell in row if cell})
    lengths = {word for kind in ("distance", "height") for words in AS_WRITTEN[kind].values() for word in words}
    return next((unit for unit in (*map(unit_of_head, _titles(sheet, number)), *stated) if unit in lengths), "")


def _tells_of_levels(sheet: Sheet, number: int) -> bool:
    """Whether the title, the heads (row `number`) or a cell above them names the level."""
    title = plain(" ".join([sheet.title, *(cell for row in sheet.rows[: number + 1] for cell in row)]))
    return any(word in title for word in office_words("level head"))


def _titles(sheet: Sheet, number: int) -> list[str]:
    """Title and cells above the heads, in which the level is named."""
    cells = [sheet.name, *(cell for row in sheet.rows[:number] for cell in row)]
    return [cell for cell in cells if any(word in plain(cell) for word in office_words("level head"))]


def years_in(sheet: Sheet) -> set[str]:
    """The years of the dates in a sheet, and those that its name or that of its file states."""
    cells = {match[1] for row in sheet.rows for cell in row for match in _YEARS.finditer(cell)}
    return cells | set(_BARE_YEARS.findall(sheet.title.lower()))


def with_whole_moments(sheet: Sheet, years: set[str]) -> Sheet:
    """Days put before the clock of the same row, and the year before a day that has none.

    Args:
        sheet: as it is.
        years: that it states: a single one is the year of its days.
    """
    rows, remarks = [list(map(on_the_clock, row)) for row in sheet.rows], list(sheet.remarks)
    for number in range(min(_MOST_HEADS, len(rows))):
        bare = [bare_head(head) for head in rows[number]]
        days, clocks = (next((at for at, head in enumerate(bare) if head in office_words(of)), None)
                        for of in ("date head", "clock head"))  # fmt: skip
        if days is not None and clocks is not None and _are_parted(rows[number + 1 :], days, clocks):
            _put_together(rows[number + 1 :], days, clocks)
            rows[number][days] = ""
            remarks.append(bilingual("day and time of day, from two columns"))
            break
    year, number = (next(iter(years)) if len(years) == 1 else ""), 0
    for row in rows:
        for at, cell in enumerate(row):
            if without := _NO_YEAR.fullmatch(_spaced(cell)):
                row[at], number = f"{year}-{without[1]}-{without[2]} {without[3]}" if year else cell, number + 1
    if number and year:
        remarks.append(bilingual("{number} moments without a year: {year}", number=number, year=year))
    elif number:
        remarks.append(bilingual("{number} moments without a year, and the files state none, or several: write it"
                                 " before the month, or into the title", number=number))  # fmt: skip
    return sheet._replace(rows=tuple(map(tuple, rows)), remarks=tuple(remarks))


_MOST_HEADS = 20


def _are_parted(rows: Sequence[Sequence[str]], days: int, clocks: int) -> bool:
    """Whether below two heads stand days, the first at least, and times of day."""
    pairs = [(row[days], row[clocks]) for row in rows if max(days, clocks) < len(row) and row[clocks]]
    return bool(pairs) and bool(_DATE.fullmatch(pairs[0][0])) and all(_CLOCK.fullmatch(clock) for _, clock in pairs)


def _put_together(rows: Sequence[list[str]], days: int, clocks: int) -> None:
    day = ""
    for row in rows:
        if max(days, clocks) < len(row) and (clock := _CLOCK.fullmatch(row[clocks])):
            day = written[1] if (written := _DATE.fullmatch(row[days])) else day
            row[days], row[clocks] = "", f"{day} {clock[1]}:{clock[2] or '00'}"
