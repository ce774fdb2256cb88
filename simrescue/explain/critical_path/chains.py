"""The critical path, walked back: from a row of the log to what it had to wait for, and so on to the clock's start.

Every step answers the row before and the pieces of time between the two, the later first. Steps go to earlier rows
only, and the pieces of a step cover its time exactly; so the pieces of a walk sum to the time that it covers.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER, channel_bin, queue_bin
from simrescue.explain.critical_path.cases import Piece
from simrescue.explain.critical_path.crew_ways import between, with_traffic
from simrescue.explain.critical_path.log_rows import NEVER_ROW, LogRows
from simrescue.explain.critical_path.request_waits import Step, before_assignment

JOURNEYS = (Kind.ARRIVE_SHELTER, Kind.LODGES, Kind.TURNED_AWAY, Kind.TURN_BACK)
"""Ends of the way of people, by their own means or carried."""

BEFORE: dict[int, str] = {
    Kind.REQUEST_OPENED: "report",
    Kind.REPORTED: "report",
    Kind.EXPECTED: "report",
    Kind.BUSES_ORDERED: "decision",
    Kind.RATIONS_ORDERED: "decision",
    Kind.NEEDS: "report",
    Kind.CONTACT_RESTORED: "report",
    Kind.CONTACT_LOST: "report",
    Kind.SENT: "report",
    Kind.RUNNER_LEAVES: "runner",
    Kind.POWER_BACK: "power",
    Kind.STATION_UP: "network",
    Kind.DETECTED: "found",
    Kind.WARNED: "warning",
    Kind.ANSWERED: "warning",
    Kind.PUBLIC_CALLS: "report",
    Kind.ACTS_ALONE: "warning",
    Kind.NOTED: "warning",
    Kind.MESSENGER_LEAVES: "warning",
    Kind.MESSENGER_COMES: "warning",
    Kind.GUIDES_FETCH: "warning",
    Kind.FORECAST_TOLD: "decision",
    Kind.NOWCAST: "decision",
    Kind.ORDERED: "decision",
    Kind.CALLED_OUT: "decision",
    Kind.REFUSE: "warning",
    Kind.PERSUADED: "refused",
    Kind.KNOCKS: "warning",
    Kind.LOUDSPEAKERS: "warning",
    Kind.LEAVE: "leaving",
    Kind.TURNS_ROUND: "travel",
    Kind.GIVES_UP: "travel",
    Kind.PICKS_UP: "working",  # by neighbours
    Kind.LANDED: "working",
    Kind.POINT_MOVES: "travel",
    Kind.CAUGHT: "travel",
    Kind.GOES_ON: "travel",
    Kind.COMES_HOME: "travel",
    Kind.CALL: "hazard",
    Kind.PERIMETER: "decision",  # command has known of the fire since its report and did not want more yet
    Kind.REINFORCES: "decision",
    Kind.DIVIDES: "decision",
    Kind.HELD_BACK: "decision",
    Kind.FREED_BACK: "decision",
    Kind.AID_ASKED: "decision",
    Kind.RELIEF_ASKED: "decision",
    Kind.RELIEF_COMES: "working",
    Kind.STAGES: "decision",
    Kind.POST_PASSES: "post_work",
}
"""What passes between the cause of a row and the row, for rows of places and of command; before others the hazard."""


class Chains:
    """Walks back through one log along binding causes: a critical path (Kelley and Walker 1959), read from the end.

    `step` answers for a row its `Step`: the row that it had to wait for, and the pieces of time between the two. Steps
    are remembered, because many paths share them: the walk of ten villages served from one depot is the same up to its
    dock.
    """

    def __init__(self, rows: LogRows, only_late: bool = False) -> None:
        """`only_late`: nobody will ask for the paths of those who are not late."""
        self.rows, self.only_late = rows, only_late
        # One cache for each log, which goes with it: on the method it would keep every log alive.
        self.step = cache(self._step)
        self.paths: dict[tuple[float, ...], tuple[Piece, ...]] = {}
        """Pieces of people who went the same way, by what tells their ways apart."""

    def walk(self, row: int, since_h: float) -> tuple[list[Piece], int]:
        """From a row back to a time: the pieces, the latest first, and the row at which the walk came to an end.

        That row is later than `since_h` where nothing is known of what led to it.
        """
        time, pieces = self.rows.time, list[Piece]()
        while time[row] > since_h:
            # An unknown cause ends the walk instead of guessing: what is left goes into the bin of the row's origin.
            before, made = self.step(row)
            if before < 0:
                break
            pieces += made
            row = before
        return pieces, row

    def _step(self, row: int) -> Step:
        rows, kind = self.rows, self.rows.kind[row]
        if kind == Kind.ASSIGNED:
            return before_assignment(rows, row)
        if rows.is_responder[rows.subject[row]]:
            return self._of_responder(row)
        if kind in JOURNEYS:
            return self._of_journey(row)
        if kind == Kind.POST_TAKES:
            return self._of_queue(row)
        # Goods have a delivery as their cause; without one those who came were counted and found what they needed.
        if kind in (Kind.RELIEVED, Kind.MET) and rows.cause[row] < 0:
            return self._of_count(row)
        cause = rows.cause[row]
        bin_ = BEFORE.get(kind, "hazard")
        if cause >= 0 and rows.kind[cause] == Kind.RUNNER_LEAVES:
            bin_ = "runner"
        return self._to(row, cause, self._by_channel(row, rows.time[row]) if bin_ == "report" else BIN_NUMBER[bin_])

    def _by_channel(self, row: int, at_h: float) -> int:
        """Bin of the way of a word that a row tells of, by what carried it at that hour where the log tells it."""
        channel = self.rows.channel_at(self.rows.place[row], at_h)
        return BIN_NUMBER["report"] if channel == NEVER_ROW else channel_bin(channel)

    def _to(self, row: int, before: int, bin_: int) -> Step:
        if before < 0:
            return NEVER_ROW, ()
        return before, (Piece(self.rows.time[before], self.rows.time[row], bin_, row=row),)

    def _of_responder(self, row: int) -> Step:
        rows, before = self.rows, self.rows.before[row]
        if before < 0:
            return NEVER_ROW, ()
        return before, between(rows, before, row)

    def _of_queue(self, row: int) -> Step:
        """A message stood in the queue of a post for so long, and had been on its way before."""
        rows, cause = self.rows, self.rows.cause[row]
        if cause < 0:
            return NEVER_ROW, ()
        came_h = max(rows.time[cause], rows.time[row] - float(rows.log.amount[row]))
        queue = Piece(came_h, rows.time[row], queue_bin(rows.item[row]), row=row)
        return cause, (queue, Piece(rows.time[cause], came_h, self._by_channel(row, came_h), row=row))

    def _of_journey(self, row: int) -> Step:
        """People who were carried came with the crew that had taken them aboard; others on their own."""
        rows, cause = self.rows, self.rows.cause[row]
        if cause >= 0 and rows.is_responder[rows.subject[cause]]:
            return self._to(row, rows.last_of_responder(rows.subject[cause], row), BIN_NUMBER["working"])
        turned = cause >= 0 and rows.kind[cause] in (Kind.TURNS_ROUND, Kind.GIVES_UP)
        before, ways = self._to(row, cause, BIN_NUMBER["closed" if turned else "travel"])
        return before, tuple(piece for way in ways for piece in with_traffic(way, rows.slowed_h.get(cause, 0.0)))

    def _of_count(self, row: int) -> Step:
        """Nothing was delivered: those who had come were counted, and there was enough for them."""
        moves = self.rows.moves.get(self.rows.place[row], [])
        at = bisect_left(moves, row)
        return self._to(row, moves[at - 1] if at else NEVER_ROW, BIN_NUMBER["report"])
