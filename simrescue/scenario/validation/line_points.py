"""Whether the points of tables that hold lines make lines: fire_lines.csv and map_lines.csv."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simrescue.errors import Fault
from simrescue.scenario.files.tables import TableRow
from simrescue.wording import bilingual


def faults(rows: list[tuple[TableRow, Any]]) -> Iterator[Fault]:
    """Points of a line that stand twice, lines of one point, and lines of two kinds.

    Args:
        rows: those of one table that read well, each with its record: `line`, `point` and, where it has one, `kind`.
    """
    points, kinds = dict[str, set[int]](), dict[str, str]()
    for row, point in rows:
        of_line = points.setdefault(point.line, set())
        if point.point in of_line:
            yield Fault(*row.spot("point"), str(point.point), bilingual("a number used once in its line"))
        of_line.add(point.point)
        if (kind := getattr(point, "kind", "")) != (first := kinds.setdefault(point.line, kind)):
            yield Fault(*row.spot("kind"), kind, bilingual("{kind}, as at the first point of its line", kind=first))
    for row, point in rows:
        if len(points[point.line]) == 1:
            yield Fault(*row.spot("line"), point.line, bilingual("a line of two points or more"))
