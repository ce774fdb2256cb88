"""Who of a village is who: within one state the people who came first leave first.

The log counts people and does not name them. To know how long the same person has waited, each (village, state)
is read as a queue, first in, first out; a person is then a position in the queue, and his way through the states
follows from running sums alone. Residents who have never left home stand before those who came back.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.whereabouts import NOWHERE, PERSON_STATES, SHELTERED, Moves, moves
from simrescue.metrics.reading import remembered

STAYS = -1
"""Move of people who stay where they are to the end of the log."""

_SLIVER = 1e-6
"""Persons; smaller groups are left over from rounding of the positions."""


class Groups(NamedTuple):
    """Groups of people who have gone the same way so far, as columns with one entry a group."""

    move: NDArray[np.intp]
    """Move by which the group came to where it is."""
    start: NDArray[np.float64]
    """Position of its first person among the persons of that move."""
    persons: NDArray[np.float64]


class Queues(NamedTuple):
    """All queues of a log, laid end to end on one line of positions, `width` apart."""

    entry: NDArray[np.float64]
    """Position on the line of the first person of each move in the queue that it enters."""
    exits: NDArray[np.intp]
    """Moves out of queues (STAYS at the end of each), in the order of their positions."""
    begins: NDArray[np.float64]
    """Position of the first person of each exit."""
    ends: NDArray[np.float64]
    """Position after the last person of each exit."""


@remembered
def queues(log: EventLog, facts: Facts) -> Queues:
    """The queues of people of a log: cumulative arrivals and departures (N-curves; Newell 1982), first in, first out.

    Each village has one queue for each state, and for those in shelters one for each shelter.
    """
    move = moves(log, facts)
    into, out = _queue_keys(log, facts, move)
    leaving = np.flatnonzero(move.source != NOWHERE)
    names, number = np.unique(np.concatenate((into, out[leaving])), return_inverse=True)
    # A power of two, so that queue x width adds no rounding to positions; no queue ever holds more than all people.
    width = 2.0 ** np.ceil(np.log2(move.persons.sum() + 2))
    entry = line_up(number[: len(into)], move.persons, width)
    every = np.arange(len(names))
    queue = np.concatenate((number[len(into) :], every))
    exits = np.concatenate((leaving, np.full(len(names), STAYS)))
    persons = np.concatenate((move.persons[leaving], np.zeros(len(names))))
    begins = line_up(queue, persons, width)
    ends = begins + persons
    # The exit STAYS takes all who are left, up to the next queue: rounding must leave nobody between two exits.
    ends[len(leaving) :] = (every + 1) * width
    # Stable: moves keep their order in time, and STAYS, which was put last, ends each queue.
    order = np.argsort(queue, kind="stable")
    return Queues(entry, exits[order], begins[order], ends[order])


def _queue_keys(log: EventLog, facts: Facts, move: Moves) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number for the queue that each move enters and one for that which it leaves.

    Each shelter has its own queue for each village. Who leaves a shelter for another leaves the one that is the place
    of the causing row. Who is turned away comes no further than the door.
    """
    # One more than there are things: the door, where those stand who were turned away.
    things = len(facts.kinds) + 1
    shelter = log.place[move.row].astype(np.int64)
    left, cause = shelter.copy(), log.cause[move.row]
    sent_on = (log.kind[move.row] == EventKind.LEAVE.value) & (move.source == SHELTERED) & (cause >= 0)
    left[sent_on] = log.place[cause[sent_on]]
    door = at_the_door(log, move)
    shelter[door], left[door] = things - 1, things - 1
    village = move.village * len(PERSON_STATES)
    # Shelters have no queue in common: who came first to one is not served first in another.
    into = (village + move.target) * things + np.where(move.target == SHELTERED, shelter, 0)
    out = (village + move.source) * things + np.where(move.source == SHELTERED, left, 0)
    return into, out


def at_the_door(log: EventLog, move: Moves) -> NDArray[np.bool_]:
    """Which moves into and out of a shelter are those of people who were turned away, shape (moves,).

    They stand in no queue of the shelter: whoever came later and was let in must not wait behind them.
    """
    cause = log.cause[move.row]
    # A cause of -1 (none) reads the last row of the log, which may be of that kind.
    away = (log.kind[cause] == EventKind.TURNED_AWAY.value) & (cause >= 0)
    door: NDArray[np.bool_] = away & ((move.source == SHELTERED) | (move.target == SHELTERED))
    return door


def line_up(queue: NDArray[np.intp], persons: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Position of the first person of each entry when entries stand one behind the other in their queues.

    Args:
        queue: number of the queue of each entry, shape (n,), in order of time.
        persons: of each entry, shape (n,).
        width: how far apart on one line the queues begin, persons; 0: each begins at 0.

    Returns:
        Positions in persons, shape (n,).
    """
    order = np.argsort(queue, kind="stable")
    standing, before = queue[order], np.cumsum(persons[order]) - persons[order]
    first = np.flatnonzero(np.r_[True, standing[1:] != standing[:-1]]) if len(order) else order
    offset = np.repeat(before[first], np.diff(np.r_[first, len(order)]))
    position = np.empty(len(order))
    position[order] = standing * width + before - offset
    return position


class Cut(NamedTuple):
    """Stretches of a line cut into parts, in order, as columns with one entry a part."""

    origin: NDArray[np.intp]
    """The stretch that the part comes from."""
    section: NDArray[np.intp]
    """Number of cuts before it on the whole line."""
    offset: NDArray[np.float64]
    """Persons of the stretch before it."""
    persons: NDArray[np.float64]


def cut(line: NDArray[np.float64], low: NDArray[np.float64], persons: NDArray[np.float64]) -> Cut:
    """Cut stretches of a line of positions.

    Args:
        line: where to cut, rising, shape (m,).
        low: begin of each stretch, shape (n,).
        persons: length of each, shape (n,).

    Returns:
        Its parts in the order of the stretches; slivers of less than a millionth of a person are left out.
    """
    high = low + persons
    # A cut at the begin of a stretch is before it, one at its end after it: parts are never empty.
    first = np.searchsorted(line, low, side="right")
    parts = np.searchsorted(line, high, side="left") - first + 1
    origin = np.repeat(np.arange(len(low)), parts)
    step = np.arange(len(origin)) - np.repeat(np.cumsum(parts) - parts, parts)
    section = first[origin] + step
    between = np.concatenate(([-np.inf], line, [np.inf]))
    begin = np.maximum(low[origin], between[section])
    size = np.minimum(high[origin], between[section + 1]) - begin
    some = size > _SLIVER
    return Cut(origin[some], section[some], (begin - low[origin])[some], size[some])


def advance(line: Queues, groups: Groups) -> tuple[Cut, Groups]:
    """The next move of each group: who came with one move may leave with several.

    Args:
        line: the queues of the log.
        groups: where they are.

    Returns:
        Their parts, and for each part the move with which it leaves (STAYS: none) and its place among those who do.
    """
    low = line.entry[groups.move] + groups.start
    parts = cut(line.ends, low, groups.persons)
    # The place among those who leave is counted from their exit, since their next queue knows them by that move only.
    begin = low[parts.origin] + parts.offset
    return parts, Groups(line.exits[parts.section], begin - line.begins[parts.section], parts.persons)
