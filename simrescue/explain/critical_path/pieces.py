"""Pieces of several walks put end to end, so that they cover the time of a case exactly."""

from __future__ import annotations

from collections.abc import Iterable

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER
from simrescue.explain.critical_path.cases import Piece

TELLS = (
    Kind.NEEDS, Kind.REPORTED, Kind.EXPECTED, Kind.BUSES_ORDERED, Kind.RATIONS_ORDERED, Kind.REQUEST_OPENED,
    Kind.RELIEVED, Kind.MET, Kind.CONTACT_RESTORED,
)  # fmt: skip
WARNS = (
    Kind.ORDERED,
    Kind.CALLED_OUT,
    Kind.ANSWERED,
    Kind.UNREACHED,
    Kind.ACTS_ALONE,
    Kind.FORECAST_TOLD,
    Kind.NOWCAST,
    Kind.NOTED,
    Kind.MESSENGER_LEAVES,
    Kind.MESSENGER_COMES,
    Kind.GUIDES_FETCH,
    Kind.WARNED,
    Kind.PERSUADED,
    Kind.KNOCKS,
    Kind.LOUDSPEAKERS,
    Kind.FORECAST,
    Kind.FRONT_NEARS,
)

_ORIGIN: dict[int, str] = {**dict.fromkeys(TELLS, "report"), **dict.fromkeys(WARNS, "warning")}


def origin_bin(kind: int) -> int:
    """Bin of the time before a row of this kind that nothing known led to.

    Before it was told or ordered, else the hazard.
    """
    return BIN_NUMBER[_ORIGIN.get(kind, "hazard")]


def join(pieces: Iterable[Piece], start_h: float, end_h: float, rest: int) -> tuple[Piece, ...]:
    """Pieces of time from `start_h` to `end_h` in order, without gap or overlap; neighbours alike become one.

    `pieces` come latest first; where two cover the same time the earlier named counts. What none covers gets `rest`.
    """
    made: list[Piece] = []
    edge = end_h
    for piece in pieces:
        if edge <= start_h:
            break
        # The last step of a walk leads to a row that may lie before the clock's start.
        low, high = max(piece.start_h, start_h), min(piece.end_h, edge)
        if high <= low:
            continue
        # Times were added up along another way: a gap of rounding must not become a piece of its own.
        if edge - high > 1e-9:
            _put(made, Piece(high, edge, rest))
        else:
            high = edge
        _put(made, Piece(low, high, piece.bin, piece.note, piece.row))
        edge = low
    if edge > start_h:
        _put(made, Piece(start_h, edge, rest))
    return tuple(reversed(made))


def _put(made: list[Piece], piece: Piece) -> None:
    if made and (made[-1].bin, made[-1].note) == (piece.bin, piece.note):
        # Pieces come latest first: the row of the one that is there ends the joined piece too.
        made[-1] = made[-1]._replace(start_h=piece.start_h)
    else:
        made.append(piece)
