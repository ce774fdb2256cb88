"""Who is provided with which need at a place, from the rows MET and LAPSES, which speak of arrivals at the place.

Everybody who comes to a place, or is freed there, has a number in the order of arrival; `amount` of a row tells below
which number those who are there are provided with a need from then on (see `simulation.places.relief_site`).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.people.queues import at_the_door, line_up, queues
from simrescue.metrics.people.whereabouts import ABOARD, HOME, MOVING, NOWHERE, SHELTERED, STRANDED, TRAPPED, moves
from simrescue.metrics.reading import add_up, first_times, remembered, rows_of
from simrescue.places import CLOTHING, CONSUMABLE, SHELTER

_LEAST_CLASS = {CLOTHING: 2, SHELTER: 3}
"""Hazard class that a village must have had before its people need this there."""
_FLAMES = 4


class Sites(NamedTuple):
    """Where each move of people leads, as columns with one entry a move."""

    place: NDArray[np.int64]
    """Thing index of the place where people can be served after the move, -1: under way, aboard, trapped or dead."""
    arrives: NDArray[np.bool_]
    """Whether all of them arrive there with it (of those stranded at home only who had never left)."""
    number: NDArray[np.float64]
    """Arrival number of the first who arrives."""


@remembered
def sites(log: EventLog, facts: Facts) -> Sites:
    """The place to which each move of people leads, and the arrival numbers that they get there.

    Returns:
        Columns of shape (moves,), in the order of `whereabouts.moves`. Numbers count persons who came to a place, first
        come, first served, and are never given again.
    """
    move = moves(log, facts)
    door = at_the_door(log, move)
    at_home = np.isin(move.target, (HOME, STRANDED))
    place = np.where(at_home, facts.villages[move.village], -1).astype(np.int64)
    inside = (move.target == SHELTERED) & ~door
    place[inside] = log.place[move.row[inside]]
    # Who only has dry feet again was there all the time and keeps his number.
    back = (move.target == HOME) & np.isin(move.source, (MOVING, ABOARD, SHELTERED))
    freed = (move.target == STRANDED) & (move.source == TRAPPED)
    arrives = inside | back | freed
    stranded = (move.target == STRANDED) & (move.source == HOME)
    persons = np.where(arrives, move.persons, np.where(stranded, _never_left(log, facts), 0.0))
    number = np.zeros(len(persons))
    some = persons > 0
    number[some] = line_up(place[some], persons[some], 0.0)
    return Sites(place, arrives, number)


def _never_left(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Of the persons of each move from home, how many had never left home before; they stand in front."""
    move, line = moves(log, facts), queues(log, facts)
    lives = move.source == NOWHERE
    until = np.zeros(len(facts.villages))
    until[move.village[lives]] = (line.entry + move.persons)[lives]
    real = line.exits >= 0
    answer = np.zeros(len(move.row))
    exits = line.exits[real]
    answer[exits] = np.clip(until[move.village[exits]] - line.begins[real], 0.0, move.persons[exits])
    return np.where(move.source == HOME, answer, 0.0)


@remembered
def packed(log: EventLog, facts: Facts) -> NDArray[np.bool_]:
    """Which moves are those of people who come to a shelter with a bag, shape (moves,): they need no clothing."""
    move = moves(log, facts)
    comes = log.kind[move.row] == EventKind.ARRIVE_SHELTER.value
    bag: NDArray[np.bool_] = comes & np.isin(log.item[move.row], (0, 3))
    return bag


class Reach(NamedTuple):
    """How far a need has ever been provided, on one line on which places stand `width` apart."""

    line: NDArray[np.float64]
    """Place x width + the number below which all have been provided, rising."""
    row: NDArray[np.intp]
    """Row of the log from which that is so."""
    width: float


@remembered
def reach(log: EventLog, facts: Facts, need: int) -> Reach:
    """How far a need is provided at all places; it never shrinks, for who was provided once was provided.

    Args:
        log: the event log.
        facts: its fixed side.
        need: index of `places.NEEDS`.
    """
    rows = rows_of(log, EventKind.MET)
    rows = rows[log.item[rows] == need]
    # A power of two above all persons, as in `queues`: places stay apart, and positions are not rounded.
    width = 2.0 ** np.ceil(np.log2(moves(log, facts).persons.sum() + 2))
    line = log.place[rows] * width + log.amount[rows]
    order = np.lexsort((rows, log.place[rows]))
    # A later row may tell less, after goods ran out in between; for those who were provided once nothing changes.
    line, rows = np.maximum.accumulate(line[order]), rows[order]
    grows = np.diff(line, prepend=-np.inf) > 0
    return Reach(line[grows], rows[grows], width)


def first_met(reached: Reach, low: NDArray[np.float64], section: NDArray[np.intp], never: int) -> NDArray[np.intp]:
    """Row at which people on the line of a `Reach` are provided.

    Args:
        reached: the reach of a need.
        low: position of the first of each group on its line, shape (G,).
        section: how many entries of the line lie at or below it, shape (G,): the entry after them serves the group.
        never: the answer where no entry of the same place does.

    Returns:
        Row numbers of the log, shape (G,).
    """
    if not len(reached.row):
        return np.full(len(low), never)
    at = np.minimum(section, len(reached.row) - 1)
    same = (section < len(reached.row)) & (reached.line[at] // reached.width == low // reached.width)
    return np.where(same, reached.row[at], never)


@remembered
def applies_from(log: EventLog, facts: Facts, need: int) -> NDArray[np.intp]:
    """Row of the log from which people at each thing need something there.

    Consumables at once, others after the hazard.

    Clothing is needed once water of class H2 or worse has come to half of the houses of a village, a roof from H3 on;
    flames and the loss of the place bring both about.

    Args:
        log: the event log.
        facts: its fixed side.
        need: index of `places.NEEDS`.

    Returns:
        Shape (T + 1,); number of rows of the log for never.
    """
    first = np.zeros(len(facts.kinds) + 1, dtype=np.intp)
    if CONSUMABLE[need]:
        return first
    water = rows_of(log, EventKind.HOUSES_FLOODED)
    water = water[log.item[water] >= _LEAST_CLASS[need]]
    others = [rows_of(log, kind) for kind in (EventKind.FIRE_ARRIVES, EventKind.PLACE_LOST)]
    rows = np.sort(np.concatenate((water, *others)))
    least = first_times(log.subject[rows], rows.astype(float), len(first))
    least = np.minimum(least, len(log.kind))
    # Of villages only: in a shelter people need a bed and clothes from the moment they come.
    first[facts.villages] = least[facts.villages].astype(np.intp)
    return first


class OwnStock(NamedTuple):
    """When each thing's people live on what they have in dry houses, hours, shape (T + 1,); infinite: never."""

    start_h: NDArray[np.float64]
    end_h: NDArray[np.float64]


@remembered
def own_stock(log: EventLog, facts: Facts) -> OwnStock:
    """The one time of each village on its own stock: from the loss of its last open road to the end of the stock."""
    size = len(facts.kinds) + 1
    begun, ended = rows_of(log, EventKind.OWN_STOCK), rows_of(log, EventKind.OWN_STOCK_ENDS)
    start = first_times(log.place[begun], log.time_h[begun], size)
    end = np.minimum(first_times(log.place[ended], log.time_h[ended], size), facts.duration_h)
    return OwnStock(start, np.maximum(start, end))


class ProvisionSteps(NamedTuple):
    """How far all of some needs are provided, as steps of time at each place.

    Clothing is left out, which a person keeps.

    Sorted by place, then time.
    """

    key: NDArray[np.float64]
    """Place x `_SPAN_H` + hours from which the step holds."""
    number: NDArray[np.float64]
    """Who is there and came before this number has all of them; infinite where none is needed."""


_SPAN_H = 2.0**20


@remembered
def steps(log: EventLog, facts: Facts, needs: tuple[int, ...]) -> ProvisionSteps:
    """The steps of all places: at each change the least of what is provided of any of the needs.

    Args:
        log: the event log.
        facts: its fixed side.
        needs: indexes of `places.NEEDS`; where none is left beside clothing, everybody always has all.
    """
    needs = tuple(need for need in needs if need != CLOTHING)
    rows = np.concatenate((rows_of(log, EventKind.MET), rows_of(log, EventKind.LAPSES)))
    rows = rows[np.isin(log.item[rows], needs)]
    places = np.arange(len(facts.kinds))
    tents = applies_from(log, facts, SHELTER)[:-1]
    # A place where roofs come to be needed during the run begins a step then: from that row on nobody there has one.
    later = facts.villages[(tents[facts.villages] > 0) & (tents[facts.villages] < len(log.kind))]
    # A step from the beginning at each place: no stay must fall back on the last step of the place before.
    begin, pad = np.full(len(places), -1), np.full(len(places), -1)
    place = np.concatenate((places, later, log.place[rows])).astype(np.int64)
    row = np.concatenate((begin, tents[later], rows))
    item = np.concatenate((pad, np.full(len(later), SHELTER), log.item[rows]))
    amount = np.concatenate((pad * 0.0, np.zeros(len(later)), log.amount[rows]))
    order = np.lexsort((row, place))
    place, row, item, amount = place[order], row[order], item[order], amount[order]
    first = np.searchsorted(place, place)
    provided: list[NDArray[np.float64]] = [np.full(len(place), np.inf)]
    for need in needs:
        last = np.maximum.accumulate(np.where(item == need, np.arange(len(place)), -1))
        # Before a need applies, everybody counts as having it.
        free = (applies_from(log, facts, need)[place] > 0) & (last < first)
        provided.append(np.where(last >= first, amount[last], np.where(free, np.inf, 0.0)))
    key = place * _SPAN_H + np.where(row < 0, 0.0, log.time_h[row])
    return ProvisionSteps(key.astype(np.float64), np.min(provided, axis=0))


def unprovided_h(
    step: ProvisionSteps,
    place: NDArray[np.int64],
    number: NDArray[np.float64],
    persons: NDArray[np.float64],
    start_h: NDArray[np.float64],
    end_h: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Person-hours that people at places are without at least one of the needs of `step`.

    Args:
        step: what is provided where, from when.
        place: thing index of the place of each stay, shape (n,).
        number: arrival number there of the first of its people, shape (n,).
        persons: how many they are, shape (n,).
        start_h: begin of the stay, hours since the start of the scenario, shape (n,).
        end_h: its end, hours, shape (n,).

    Returns:
        Person-hours, shape (n,).
    """
    low, high = place * _SPAN_H + start_h, place * _SPAN_H + np.maximum(end_h, start_h)
    first = np.searchsorted(step.key, low, side="right") - 1
    # A stay crosses several steps; each part of it is held against its own.
    parts = np.maximum(np.searchsorted(step.key, high, side="left") - first, 0)
    origin = np.repeat(np.arange(len(place)), parts)
    at = first[origin] + np.arange(len(origin)) - np.repeat(np.cumsum(parts) - parts, parts)
    ends = np.append(step.key, np.inf)[at + 1]
    hours = np.minimum(ends, high[origin]) - np.maximum(step.key[at], low[origin])
    lacking = np.clip(number[origin] + persons[origin] - step.number[at], 0.0, persons[origin])
    return add_up(origin, hours * lacking, len(place))
