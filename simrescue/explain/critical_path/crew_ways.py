"""What passed between rows of a responder, as pieces: with the hours lost in traffic apart, and over several stops."""

from __future__ import annotations

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Piece
from simrescue.explain.critical_path.crew_bins import bin_between
from simrescue.explain.critical_path.log_rows import NEVER_ROW, LogRows


def between(rows: LogRows, before: int, row: int) -> tuple[Piece, ...]:
    """From one row of a responder to its next one, the later first."""
    bin_ = bin_between(rows.kind[before], rows.item[before], rows.kind[row])
    slowed_h = float(rows.log.amount[row]) if rows.kind[row] == Kind.SLOWED else 0.0
    return with_traffic(Piece(rows.time[before], rows.time[row], bin_, row=row), slowed_h)


def with_traffic(way: Piece, slowed_h: float) -> tuple[Piece, ...]:
    """A way of which so many hours were lost to others on the road; where on the way is not told: the last count."""
    if slowed_h <= 0:
        return (way,)
    edge_h = max(way.start_h, way.end_h - slowed_h)
    return way._replace(start_h=edge_h, bin=BIN_NUMBER["traffic"]), way._replace(end_h=edge_h)


def set_out(rows: LogRows, row: int, request: int, has_load: bool = False) -> int:
    """The assignment with which a responder set out that had a load for a request aboard when it came to a row.

    A lorry of several stops has the goods for all of them from the first on, and an order to each when it turns to it.
    NEVER_ROW: nothing was loaded for that request before the row (or with it: `has_load`), or for a mission long over.
    """
    before = rows.before[row]
    # FREE ends a mission: goods that were loaded before it went somewhere else.
    while before >= 0 and rows.kind[before] != Kind.FREE:
        if rows.kind[before] == Kind.ASSIGNED and has_load:
            return before
        has_load |= rows.kind[before] == Kind.LOADED and rows.request[before] == request
        before = rows.before[before]
    return NEVER_ROW


def way_since(rows: LogRows, first: int, row: int) -> tuple[Piece, ...]:
    """All that a responder did from one of its rows to another, the latest first."""
    pieces = list[Piece]()
    while row > first:
        before = rows.before[row]
        pieces += between(rows, before, row)
        row = before
    return tuple(pieces)
