"""What a responder does between two of its rows, as a bin: one table by the row that begins the stretch."""

from __future__ import annotations

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER

CREW_HOURS = 2
"""Item of HELD: the crew has flown its hours."""

AFTER: dict[int, str] = {
    Kind.ASSIGNED: "turnout",
    Kind.RECEIVED: "turnout",  # an order
    Kind.ACKNOWLEDGED: "turnout",
    Kind.TURNS_OUT: "held",  # ready, and the air over the place is not free
    Kind.HELD: "held",
    Kind.SMOKED_OUT: "held",
    Kind.SETS_OFF: "travel",
    Kind.RETURNS: "travel",
    Kind.TURNS_ROUND: "closed",
    Kind.GIVES_UP: "closed",
    Kind.CALLED_OFF: "travel",
    Kind.TOO_DEEP: "closed",
    Kind.PUNCTURED: "rest",
    Kind.BOAT_LOST: "rest",
    Kind.WAITS_DOCK: "loading",
    Kind.LOADED: "loading",
    Kind.ARRIVES: "working",
    Kind.DELIVERS: "unloading",
    Kind.WALKS_IN: "walking",
    Kind.WITHDRAWS: "walking",
    Kind.INSERTED: "walking",
    Kind.STANDS_DOWN: "stood_down",
    Kind.SEEKS_SAFETY: "walking",
    Kind.DRIVEN_OFF: "walking",
    Kind.CUT_OFF: "walking",
    Kind.ENTRAPPED: "walking",
    Kind.BREAKS_DOWN: "rest",
    Kind.REPAIRED: "rest",
    Kind.RESTS: "rest",
    Kind.REFUELS: "rest",
}
"""What passes after a row of a responder; after all others it works."""

UNTIL: dict[int, str] = {
    Kind.RECEIVED: "ordering",
    Kind.LOADED: "loading",
    Kind.NO_STOCK: "loading",
    Kind.DELIVERS: "unloading",
}
"""What has passed before a row of a responder, whatever stood before it."""


def bin_between(start: int, item: int, end: int) -> int:
    """What a responder did between two of its rows that follow on one another.

    Args:
        start: kind of the first row.
        item: its item, which tells what an aircraft was held by.
        end: kind of the second row; -1: there is none.

    Returns:
        Number of the bin. The first row decides, but for rows that end a stretch of their own (loading, unloading).
    """
    # A crew that has flown its hours rests; the sky is not what holds it.
    if start == Kind.HELD and item == CREW_HOURS:
        return BIN_NUMBER["rest"]
    until = UNTIL.get(end)
    # A detour keeps its bin even where loading follows: time lost to a closed road must not hide there.
    # Numbers of bins are looked up here: a kind of responders that is registered later moves them.
    if until is None or start in (Kind.GIVES_UP, Kind.TURNS_ROUND):
        return BIN_NUMBER[AFTER.get(start, "working")]
    return BIN_NUMBER[until]
