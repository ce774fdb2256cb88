"""Sheets of other shapes put into rows of the usual kind: stations side by side, and lists of articles by store."""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from simrescue.intake.columns import HEAD_ROWS, heads_of
from simrescue.intake.shapes.articles import articles_by_store
from simrescue.intake.shapes.decimal_commas import with_decimal_points
from simrescue.intake.shapes.heads import with_ends_apart, with_strength_apart, with_units_in_heads
from simrescue.intake.shapes.parted_degrees import with_degrees_together
from simrescue.intake.shapes.place_lists import places_by_kind
from simrescue.intake.shapes.sheet_parts import with_places_in_rows
from simrescue.intake.shapes.station_series import (
    hours_side_by_side,
    moments_side_by_side,
    series_of_one_station,
    stations_side_by_side,
    with_whole_moments,
    years_in,
)
from simrescue.intake.spreadsheets.sheet import Sheet

SHAPES = (hours_side_by_side, stations_side_by_side, moments_side_by_side, series_of_one_station, articles_by_store,
          places_by_kind)  # fmt: skip
"""Each gives the sheets of usual shape that a sheet stands for, or none."""


def reshaped(sheet: Sheet, years: AbstractSet[str] = frozenset()) -> list[Sheet]:
    """A sheet as it is, or the sheets of usual shape that hold the same.

    Places in columns are put into rows, degrees parted into columns together; commas for decimal points become points.
    Units in a row of their own are put behind the heads, day and time of day together, both ends of a road and all that
    a team has apart. A table of a moment and of the water level at one station in each further column, or of one moment
    in each, becomes one row for each station and moment. A list of articles with number, unit and store becomes a sheet
    of stores with a column for each article, and a sheet of each table of forces; a list of places of several kinds
    becomes a sheet of each.

    Args:
        sheet: as it was read.
        years: that all sheets together state: of days for which their own sheet states none.
    """
    sheet = with_degrees_together(with_decimal_points(with_places_in_rows(sheet)))
    sheet = with_whole_moments(with_units_in_heads(sheet), years_in(sheet) or set(years))
    sheet = with_strength_apart(with_ends_apart(sheet))
    for number in range(min(HEAD_ROWS, len(sheet.rows))):
        heads = heads_of(sheet.rows, number)
        for shape in SHAPES:
            if made := list(shape(sheet, number, heads)):
                return [
                    with_whole_moments(one, years_in(sheet) or set(years)) if one.is_remade else one for one in made
                ]
    return [sheet]
