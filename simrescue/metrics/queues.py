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
from simrescue.metrics.people import NOWHERE, SHELTERED, STATES, Moves, moves
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
    """The queues of people of a log."""
    move = moves(log, facts)
    into, out = _queue_keys(log, facts, move)
    leaving = np.flatnonzero(move.source != NOWHERE)
    names, number = np.unique(np.concatenate((into, out[leaving])), return_inverse=True)
    width = 2.0 ** np.ceil(np.log2(move.persons.sum() + 2))
    entry = _line_up(number[: len(into)], move.persons, width)
    every = np.arange(len(names))
    queue = np.concatenate((number[len(into) :], every))
    exits = np.concatenate((leaving, np.full(len(names), STAYS)))
    persons = np.concatenate((move.persons[leaving], np.zeros(len(names))))
    begins = _line_up(queue, persons, width)
    ends = begins + persons
    ends[len(leaving) :] = (every + 1) * width
    order = np.argsort(queue, kind="stable")
    return Queues(entry, exits[order], begins[order], ends[order])


def _queue_keys(log: EventLog, facts: Facts, move: Moves) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """One number for the queue that each move enters and one for that which it leaves.

    Each shelter has its own queue for each village. Who leaves a shelter leaves that which closed or had no room
    (the place of the causing row); else the one that the row names.
    """
    things = len(facts.kinds) + 1
    shelter = log.place[move.row].astype(np.int64)
    left, cause = shelter.copy(), log.cause[move.row]
    sent_on = np.isin(log.kind[cause], (EventKind.SHELTER_CLOSES.value, EventKind.TURNED_AWAY.value))
    sent_on &= (move.source == SHELTERED) & (cause >= 0)
    left[sent_on] = log.place[cause[sent_on]]
    village = move.village * len(STATES)
    into = (village + move.target) * things + np.where(move.target == SHELTERED, shelter, 0)
    out = (village + move.source) * things + np.where(move.source == SHELTERED, left, 0)
    return into, out


def _line_up(queue: NDArray[np.intp], persons: NDArray[np.float64], width: float) -> NDArray[np.float64]:
    """Position of the first person of each entry when entries stand one behind the other in their queues."""
    order = np.argsort(queue, kind="stable")
    standing, before = queue[order], np.cumsum(persons[order]) - persons[order]
    first = np.flatnonzero(np.r_[True, standing[1:] != standing[:-1]]) if len(order) else order
    offset = np.repeat(before[first], np.diff(np.r_[first, len(order)]))
    position = np.empty(len(order))
    position[order] = standing * width + before - offset
    return position


def advance(line: Queues, groups: Groups) -> tuple[NDArray[np.intp], Groups]:
    """Each group's next moves: for every part, the group it came from and its place in the next move (or STAYS)."""
    low = line.entry[groups.move] + groups.start
    high = low + groups.persons
    first = np.searchsorted(line.ends, low, side="right")
    parts = np.searchsorted(line.ends, high, side="left") - first + 1
    origin = np.repeat(np.arange(len(low)), parts)
    step = np.arange(len(origin)) - np.repeat(np.cumsum(parts) - parts, parts)
    way = first[origin] + step
    begin = np.maximum(low[origin], line.begins[way])
    persons = np.minimum(high[origin], line.ends[way]) - begin
    some = persons > _SLIVER
    return origin[some], Groups(line.exits[way[some]], (begin - line.begins[way])[some], persons[some])
