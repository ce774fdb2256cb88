"""Why a request waited: from being opened to the assignment that served it, or for as long as it stood open.

An assignment comes at most `decision_h` after what made it possible: the request itself, its responder coming free,
another crew leaving work undone, or news. What made it possible is what the request had waited for.
"""

from __future__ import annotations

from bisect import bisect_left

from simrescue.events import EventKind as Kind
from simrescue.explain.critical_path.bins import BIN_NUMBER, BUSY, NOT_RELEASED, UNABLE, free_bin, queue_bin
from simrescue.explain.critical_path.cases import Piece
from simrescue.explain.critical_path.crew_bins import bin_between
from simrescue.explain.critical_path.crew_ways import set_out, way_since
from simrescue.explain.critical_path.log_rows import NEVER_ROW, LogRows, any_between, last_until
from simrescue.kinds import kind_named
from simrescue.responders import RELIEF, SUPPRESSION, WATER_DROP

Step = tuple[int, tuple[Piece, ...]]
"""The row before (NEVER_ROW: unknown) and the pieces of time up to the row, the later first."""

EPS_H = 1e-6
LEAVES_WORK = (
    Kind.PICKS_UP, Kind.GIVES_UP, Kind.DELIVERS, Kind.NO_STOCK, Kind.TREATED, Kind.SERVED, Kind.SEES, Kind.FINDS_NOBODY,
    Kind.WITHDRAWS, Kind.OVERRUN, Kind.DROPS, Kind.TOO_DEEP, Kind.TAKEN_ON, Kind.TAKEN_FROM_ROAD,
    Kind.FINDS_NO_FIRE,
)  # fmt: skip
"""Rows of a crew after which what it has not done for its request is open again."""


def before_assignment(rows: LogRows, row: int) -> Step:
    """From an ASSIGNED row back to what made the assignment possible, which is what the request had waited for.

    Of what came within `decision_h` before it the latest counts: the responder free again, work that another crew left
    undone, news of the place. Where nothing did, the wait is told from what stood in the way.
    """
    opened = rows.cause[row]
    first = set_out(rows, row, rows.request[opened])
    if first == NEVER_ROW or rows.time[first] < rows.time[opened]:
        return _before(rows, row, opened)
    before, pieces = _before(rows, first, opened)
    return before, (*way_since(rows, first, row), *pieces)


def _before(rows: LogRows, row: int, opened: int) -> Step:
    """The same for a request (its row REQUEST_OPENED), which need not be what the responder was first sent to."""
    time = rows.time
    at_h = time[row]
    # Command decides on news when it has thought about it: whatever is older than that cannot have brought this
    # decision.
    since_h = at_h - rows.decision_h - EPS_H
    if time[opened] >= since_h:
        return opened, (_decision(rows, opened, row),)
    free, left, news = rows.before[row], _work_left(rows, row, opened), _news(rows, row, opened)
    latest = max((one for one in (free, left, news) if one >= 0 and time[one] >= since_h), default=NEVER_ROW)
    # What came before the request itself cannot be what it waited for.
    if latest >= 0 and time[latest] <= time[opened]:
        return opened, (_decision(rows, opened, row),)
    if latest == NEVER_ROW:
        return _without_trigger(rows, row, opened)
    if latest == free:
        if rows.kind[free] == Kind.RELEASED:
            return opened, (_decision(rows, free, row), *_until_released(rows, free, time[opened]))
        wait = Piece(time[opened], time[free], _free(rows, rows.subject[row]), BUSY, free)
        return opened, (_decision(rows, free, row), wait)
    return latest, (_decision(rows, latest, row),)


BEFORE_RELEASE = {
    Kind.LEVEL_RAISED: "declaring", Kind.LEVEL_ASKED: "declaring", Kind.LEVEL_DUE: "not_due",
    Kind.AID_HANDED_OVER: "aid_coming", Kind.AID_SETS_OUT: "aid_coming", Kind.AID_GRANTED: "granting",
    Kind.PARTNER_ASKED: "aid_unasked", Kind.POST_PASSES: "post_work",
}  # fmt: skip
"""What passes before a row that led to the release of a crew; all time before LEVEL_DUE is of its bin, and what no rule
led to before PARTNER_ASKED."""
LEVELS = (Kind.LEVEL_RAISED, Kind.LEVEL_ASKED)


def _until_released(rows: LogRows, released: int, start_h: float) -> tuple[Piece, ...]:
    """From a time until a crew (its row RELEASED) was set free, the later first: by what set it free."""
    bins = [(released, _free(rows, rows.subject[released]))]
    cause = rows.cause[released]
    while cause >= 0 and (rows.kind[cause] in BEFORE_RELEASE or rows.kind[cause] == Kind.POST_TAKES):
        in_queue = rows.kind[cause] == Kind.POST_TAKES
        bins.append(
            (cause, queue_bin(rows.item[cause]) if in_queue else BIN_NUMBER[BEFORE_RELEASE[Kind(rows.kind[cause])]])
        )
        # All that came before a level was due is time in which no rule asked for it.
        cause = rows.cause[cause] if rows.kind[cause] != Kind.LEVEL_DUE else NEVER_ROW
    if rows.kind[bins[-1][0]] != Kind.LEVEL_DUE:  # by the hours of the record, by its own, or asked at a request
        bins = [bins[0], *(step for step in bins[1:] if rows.kind[step[0]] not in LEVELS)]
    pieces, time = list[Piece](), rows.time
    for (row, bin_), before in zip(bins, [*(row for row, _ in bins[1:]), NEVER_ROW], strict=True):
        since_h = max(start_h, time[before]) if before >= 0 else start_h
        pieces.append(Piece(min(since_h, max(start_h, time[row])), max(start_h, time[row]), bin_, NOT_RELEASED, row))
    return tuple(piece for piece in pieces if piece.end_h > piece.start_h) or (
        Piece(start_h, time[released], bins[0][1], NOT_RELEASED, released),
    )


def _decision(rows: LogRows, start: int, row: int) -> Piece:
    return Piece(rows.time[start], rows.time[row], BIN_NUMBER["decision"], row=row)


def _free(rows: LogRows, responder: int) -> int:
    return BIN_NUMBER[free_bin(rows.thing_kind[responder])]


def _work_left(rows: LogRows, row: int, opened: int) -> int:
    """The last row before an assignment at which another crew left work of the same request undone."""
    handling = rows.of_request[rows.request[opened]]
    for one in reversed(handling[: bisect_left(handling, row)]):
        if rows.kind[one] in LEAVES_WORK and rows.subject[one] != rows.subject[row]:
            return one
    return NEVER_ROW


def _news(rows: LogRows, row: int, opened: int) -> int:
    """The last row before an assignment at which command heard what goods its place needs, or wanted more at a fire."""
    if rows.item[opened] == RELIEF:
        heard = rows.needs.get(rows.place[opened], [])
    elif rows.item[opened] in (SUPPRESSION, WATER_DROP):
        report = rows.cause[opened]
        heard = rows.wants.get(rows.place[report], [])
    else:
        return NEVER_ROW
    at = bisect_left(heard, row)
    return heard[at - 1] if at else NEVER_ROW


def _assigned_before(rows: LogRows, row: int, opened: int) -> int:
    """The assignment of the same request before this one; NEVER_ROW for the first."""
    handling = rows.of_request[rows.request[opened]]
    earlier = handling[: bisect_left(handling, row)]
    return next((one for one in reversed(earlier) if rows.kind[one] == Kind.ASSIGNED), NEVER_ROW)


def _without_trigger(rows: LogRows, row: int, opened: int) -> Step:
    """An assignment that nothing in the log of crews or needs made possible: news of people, roads, light or stock."""
    time, request = rows.time, rows.request[opened]
    until_h = time[row] - rows.decision_h
    decision = Piece(until_h, time[row], BIN_NUMBER["decision"], row=row)
    assigned, no_responder = _assigned_before(rows, row, opened), rows.unable.get(request, NEVER_ROW)
    if no_responder >= 0 and assigned < no_responder < row and time[no_responder] <= until_h:
        return opened, (decision, *_unable_since(rows, no_responder, until_h, opened, rows.subject[row]))
    # Command hears of people and not of each row: the last worsening that it can have known stands for its news.
    worse = last_until(rows.worsens.get(rows.place[opened], []), time, until_h)
    left = _work_left(rows, row, opened)
    latest = max(worse, left if left >= 0 and time[left] <= until_h else NEVER_ROW)
    if latest > max(opened, assigned):
        return latest, (decision, Piece(time[latest], until_h, BIN_NUMBER["report"], row=row))
    free_h = min(max(time[rows.before[row]] if rows.before[row] >= 0 else 0.0, time[opened]), until_h)
    busy = Piece(time[opened], free_h, _free(rows, rows.subject[row]), BUSY, row)
    return opened, (decision, *_unable(rows, request, rows.subject[row], free_h, until_h, row), busy)


def _unable_since(rows: LogRows, no_responder: int, until_h: float, opened: int, responder: int) -> tuple[Piece, ...]:
    """Nobody idle could serve it from row `no_responder` on; before that nobody was idle, or command was thinking."""
    time = rows.time
    thinking = time[no_responder] - time[opened] <= rows.decision_h + EPS_H
    first = BIN_NUMBER["decision"] if thinking else BIN_NUMBER[free_bin(rows.kind_for_task[rows.item[opened]])]
    return (
        *_unable(rows, rows.request[no_responder], responder, time[no_responder], until_h, no_responder),
        Piece(time[opened], time[no_responder], first, 0 if thinking else BUSY, no_responder),
    )


def _unable(rows: LogRows, request: int, responder: int, start_h: float, end_h: float, row: int) -> tuple[Piece, ...]:
    """A wait in which somebody was idle and could not be sent, the latest first; `responder`: who went at last, or -1.

    While the place was cut off it waited for a road, unless the depots were empty or it was served from the air.
    """
    opened = rows.opened[request]
    task, place = rows.item[opened], rows.place[opened]
    # Roads say nothing about who flies: an aircraft that was idle and did not go was kept by night, weather or range.
    if responder >= 0 and kind_named(rows.thing_kind[responder]).moves == "air":
        return (Piece(start_h, end_h, BIN_NUMBER["held"], UNABLE, row),)
    if task == RELIEF and (request in rows.short or not rows.has_stock(place, start_h)):
        return (Piece(start_h, end_h, BIN_NUMBER["stock"], UNABLE, row),)
    bin_ = _when_reachable(rows, task, responder, end_h)
    pieces, edge = list[Piece](), start_h
    cut = rows.is_cut_off(place, start_h)
    for change in rows.cut_off.get(place, []):
        if start_h < rows.time[change] < end_h:
            pieces.append(Piece(edge, rows.time[change], BIN_NUMBER["closed"] if cut else bin_, UNABLE, row))
            edge, cut = rows.time[change], rows.kind[change] == Kind.ISOLATED
    pieces.append(Piece(edge, end_h, BIN_NUMBER["closed"] if cut else bin_, UNABLE, row))
    return tuple(reversed(pieces))


def _when_reachable(rows: LogRows, task: int, responder: int, end_h: float) -> int:
    """Bin of a wait in which somebody was idle and could not be sent, though a road led to the place."""
    kind = rows.kind_for_task[task]
    if responder < 0:
        return BIN_NUMBER[free_bin(kind)]
    # Somebody was sent as soon as a road was known to be open: then the road had been missing, else the goods.
    opens = any_between(rows.reopened_h, end_h - EPS_H, end_h + rows.decision_h + EPS_H)
    return BIN_NUMBER["stock"] if task == RELIEF and not opens else BIN_NUMBER["closed"]


# ---- requests that stand open


def open_until(rows: LogRows, request: int, until_h: float) -> Step:
    """Why a request that is open at a time has not been served by then.

    Args:
        rows: the log.
        request: its number.
        until_h: the time, hours; the request stands open from before it.

    Returns:
        The row before, and the pieces from there to `until_h`, the latest first: a crew on its way, nobody able,
        command still thinking, or all crews busy.
    """
    opened = rows.opened[request]
    handling = rows.of_request.get(request, [])
    under_way, first = _under_way(rows, handling, until_h)
    if under_way >= 0:
        now = state_after(rows, under_way, until_h)
        if rows.kind[first] == Kind.ASSIGNED:
            return under_way, (now,)
        first = set_out(rows, under_way, request, rows.kind[under_way] == Kind.LOADED)
        before, pieces = _before(rows, first, opened)
        return before, (now, *way_since(rows, first, under_way), *pieces)
    last = next(
        (one for one in reversed(handling) if rows.time[one] <= until_h and rows.kind[one] in LEAVES_WORK), opened
    )
    no_responder, time = rows.unable.get(request, NEVER_ROW), rows.time
    # Written once a request: where work was left open after it, it says nothing about the wait since.
    if no_responder > last and time[no_responder] <= until_h:
        since = _unable_since(rows, no_responder, until_h, opened, NEVER_ROW)
        return (opened, since) if last == opened else (last, _cut(since, time[last]))
    if until_h - time[last] <= rows.decision_h + EPS_H:
        return last, (Piece(time[last], until_h, BIN_NUMBER["decision"]),)
    bin_ = BIN_NUMBER[free_bin(rows.kind_for_task[rows.item[opened]])]
    return last, (Piece(time[last], until_h, bin_, BUSY),)


def _cut(pieces: tuple[Piece, ...], start_h: float) -> tuple[Piece, ...]:
    return tuple(one._replace(start_h=max(one.start_h, start_h)) for one in pieces if one.end_h >= start_h)


def _under_way(rows: LogRows, handling: list[int], until_h: float) -> tuple[int, int]:
    """The last row until a time of the crew sent last that is still out for a request; NEVER_ROW for none.

    With it the row with which it set out for it: its order, or the load for it, where it goes to others first.
    """
    for one in reversed(handling):
        if rows.kind[one] not in (Kind.ASSIGNED, Kind.LOADED) or rows.time[one] > until_h:
            continue
        last, request = one, rows.request[one]
        while not (rows.kind[last] == Kind.FREE or (rows.kind[last] in LEAVES_WORK and rows.request[last] == request)):
            after = rows.next_of_responder(last)
            if after == NEVER_ROW or rows.time[after] > until_h:
                return last, one
            last = after
    return NEVER_ROW, NEVER_ROW


def state_after(rows: LogRows, row: int, until_h: float) -> Piece:
    """What the responder of a row did from then until `until_h` (hours), as one piece; its next row tells."""
    after = rows.next_of_responder(row)
    end = rows.kind[after] if after >= 0 else NEVER_ROW
    return Piece(rows.time[row], until_h, bin_between(rows.kind[row], rows.item[row], end), row=row)
