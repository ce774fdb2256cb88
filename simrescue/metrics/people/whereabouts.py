"""Where the people of each village are: at home, under way, in shelters, in the water, aboard, lodged, caught.

Every person is in exactly one state at any time. A log row moves some persons of one village from one state to
another; the counts over time are the running sums of these moves.
"""

from __future__ import annotations

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Tally, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.levels import LevelClock, in_force_h
from simrescue.metrics.reading import (
    add_up,
    at_villages,
    part_of_whole,
    quantile,
    remembered,
    rows_of,
    village_times,
)
from simrescue.units import SAME_H, Share
from simrescue.wording import bilingual

PERSON_STATES = ("home", "moving", "sheltered", "stranded", "trapped", "aboard", "dead", "lodged", "caught")
HOME, MOVING, SHELTERED, STRANDED, TRAPPED, ABOARD, DEAD, LODGED, CAUGHT = range(len(PERSON_STATES))
NOWHERE = -1
"""Source of people who have just been counted in (LIVES)."""

AWAY = (MOVING, SHELTERED, ABOARD, LODGED)
"""States of people who are out of their village, and out of danger or on the way there."""

_ANY = range(-1, 7)
_MOVES: tuple[tuple[EventKind, range | tuple[int, ...], int, int], ...] = (
    (EventKind.LIVES, _ANY, NOWHERE, HOME),
    (EventKind.LEAVE, (0,), HOME, MOVING),
    (EventKind.LEAVE, (2,), SHELTERED, MOVING),
    (EventKind.LEAVE, (4,), STRANDED, MOVING),
    (EventKind.ARRIVE_SHELTER, (0,), MOVING, SHELTERED),
    (EventKind.ARRIVE_SHELTER, (1,), ABOARD, SHELTERED),
    (EventKind.ARRIVE_SHELTER, (2,), MOVING, SHELTERED),
    (EventKind.ARRIVE_SHELTER, (3,), ABOARD, SHELTERED),
    (EventKind.LODGES, (0,), MOVING, LODGED),
    (EventKind.LODGES, (1, 3), ABOARD, LODGED),
    (EventKind.LODGES, (2,), SHELTERED, LODGED),
    (EventKind.PUPILS_FETCHED, _ANY, HOME, LODGED),
    (EventKind.TURN_BACK, (-1, 0), MOVING, HOME),
    (EventKind.TURN_BACK, (1,), ABOARD, HOME),
    (EventKind.STRANDED, _ANY, HOME, STRANDED),
    (EventKind.TRAPPED, _ANY, STRANDED, TRAPPED),
    (EventKind.FREED, (0,), TRAPPED, STRANDED),
    (EventKind.FREED, (1,), STRANDED, HOME),
    (EventKind.PICKS_UP, (0,), TRAPPED, ABOARD),
    (EventKind.PICKS_UP, (1,), STRANDED, ABOARD),
    (EventKind.PICKS_UP, (2,), HOME, ABOARD),
    (EventKind.DIED, (0,), TRAPPED, DEAD),
    (EventKind.DIED, (1,), STRANDED, DEAD),
    (EventKind.DIED, (2,), HOME, DEAD),
    (EventKind.DIED, (3,), SHELTERED, DEAD),
    (EventKind.DIED, (4,), LODGED, DEAD),
    (EventKind.DIED, (5,), CAUGHT, DEAD),
    (EventKind.CAUGHT, (0,), MOVING, CAUGHT),
    (EventKind.CAUGHT, (1,), ABOARD, CAUGHT),
    (EventKind.GOES_ON, _ANY, CAUGHT, MOVING),
    (EventKind.TAKEN_FROM_ROAD, _ANY, CAUGHT, ABOARD),
    (EventKind.RETURN_HOME, (0,), SHELTERED, MOVING),
    (EventKind.RETURN_HOME, (1,), LODGED, MOVING),
    (EventKind.COMES_HOME, _ANY, MOVING, HOME),
)
_STAYS = -2
_ROUNDING = 1e-9


def _tables() -> tuple[NDArray[np.int8], NDArray[np.int8]]:
    source = np.full((max(EventKind) + 1, len(_ANY)), _STAYS, dtype=np.int8)
    target = source.copy()
    for kind, items, start, end in _MOVES:
        for item in items:
            source[kind, item + 1], target[kind, item + 1] = start, end
    return source, target


_SOURCE, _TARGET = _tables()


class Moves(NamedTuple):
    """Rows of a log that move people, as columns with one entry a move, in time order."""

    row: NDArray[np.intp]
    """Row number in the log."""
    village: NDArray[np.intp]
    """Village row (place in `Facts.villages`)."""
    source: NDArray[np.int8]
    """State left, NOWHERE at the start."""
    target: NDArray[np.int8]
    """State entered."""
    persons: NDArray[np.float64]


@remembered
def moves(log: EventLog, facts: Facts) -> Moves:
    """All rows of a log that move people, in order of time.

    A kind and item that `_MOVES` does not name moves nobody.
    """
    # Shifted by one, so that an item of -1 (none) has a place of its own in the tables.
    item = np.clip(log.item + 1, 0, len(_ANY) - 1)
    row = np.flatnonzero(_SOURCE[log.kind, item] != _STAYS)
    kind, item = log.kind[row], item[row]
    # Rows of a crew have the crew as subject: whose people they are is told by the place, or by the item.
    thing = np.where(kind == EventKind.PICKS_UP.value, log.place[row], log.subject[row])
    thing = np.where(kind == EventKind.TAKEN_FROM_ROAD.value, log.item[row], thing)
    return Moves(row, facts.row_of[thing], _SOURCE[kind, item], _TARGET[kind, item], log.persons[row])


def counts(log: EventLog, facts: Facts, times_h: NDArray[np.float64]) -> NDArray[np.float64]:
    """Persons in each state at some times, after all that happened at them.

    Args:
        log: the event log.
        facts: its fixed side.
        times_h: hours since the start of the scenario, in any order.

    Returns:
        Shape (times, states), in the order of `PERSON_STATES`; each row sums to all people.
    """
    move = moves(log, facts)
    # What happened at the hour itself counts, whatever the last digit of its time.
    until = np.searchsorted(log.time_h[move.row], times_h + SAME_H, side="right")
    answer = np.zeros((len(times_h), len(PERSON_STATES)))
    for state in range(len(PERSON_STATES)):
        change = move.persons * ((move.target == state).astype(float) - (move.source == state))
        answer[:, state] = np.concatenate(([0.0], np.cumsum(change)))[until]
    return answer


def counts_by_village(log: EventLog, facts: Facts, until_h: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Persons in each state just before a time.

    Args:
        log: the event log.
        facts: its fixed side.
        until_h: hours since the start of the scenario, one for all or one a village; infinite: at the end.

    Returns:
        Shape (V, states), in the order of `PERSON_STATES`.
    """
    move = moves(log, facts)
    limit = np.broadcast_to(np.asarray(until_h, dtype=float), (len(facts.villages),))
    # Just before: who leaves with the water coming in has not left before it.
    early = log.time_h[move.row] < limit[move.village]
    village, persons = move.village[early], move.persons[early]
    answer = np.zeros((len(facts.villages), len(PERSON_STATES)))
    # `add.at` and not `+=`, which would take only the last of several moves of one village.
    np.add.at(answer, (village, move.target[early]), persons)
    left = move.source[early] != NOWHERE
    np.subtract.at(answer, (village[left], move.source[early][left]), persons[left])
    return answer


def away(log: EventLog, facts: Facts, until_h: NDArray[np.float64] | float) -> NDArray[np.float64]:
    """Persons of each village who are out of it just before a time, shape (V,): in any of the states `AWAY`.

    `until_h` as of `counts_by_village`.
    """
    states = counts_by_village(log, facts, until_h)
    total: NDArray[np.float64] = states[:, list(AWAY)].sum(axis=1)
    return total


@remembered
def impact_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours at which the hazard reaches each village, shape (V,); infinite for never.

    The first of water, flames, its loss, or its last road cut, whichever hazard brings it.
    """
    first: NDArray[np.float64] = np.minimum(exposed_h(log, facts), village_times(log, facts, EventKind.ISOLATED))
    return first


def exposed_h(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hours at which water or flames come into each village, or it is lost, shape (V,); infinite for never."""
    kinds = (EventKind.WATER_ARRIVES, EventKind.FIRE_ARRIVES, EventKind.PLACE_LOST)
    first: NDArray[np.float64] = np.min([village_times(log, facts, kind) for kind in kinds], axis=0)
    return first


@remembered
def moved_before_impact(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Persons of each village who are out of it just before its impact, shape (V,).

    Where none comes: who were ever out of it, in shelters, with relatives or in hotels, though they may be home again
    since then.
    """
    impact = impact_h(log, facts)
    out = away(log, facts, impact)
    return np.where(np.isfinite(impact), out, np.maximum(out, _most_at(log, facts, (SHELTERED, LODGED))))


def _most_at(log: EventLog, facts: Facts, states: tuple[int, ...]) -> NDArray[np.float64]:
    """Most persons of each village who were in any of some states at one time, shape (V,)."""
    move = moves(log, facts)
    change = move.persons * (np.isin(move.target, states).astype(float) - np.isin(move.source, states))
    order = np.argsort(move.village, kind="stable")
    village, total = move.village[order], np.cumsum(change[order])
    # The running sum goes through all villages in turn: what those before end with is taken off.
    before = np.concatenate(([0.0], np.cumsum(add_up(move.village, change, len(facts.villages)))))
    most = np.zeros(len(facts.villages))
    np.maximum.at(most, village, total - before[village])
    return most


def ordered(log: EventLog, facts: Facts) -> NDArray[np.bool_]:
    """Villages that were given the evacuation order, shape (V,)."""
    return np.isfinite(village_times(log, facts, EventKind.ORDERED))


def rescue_rows(log: EventLog) -> NDArray[np.intp]:
    """Rows by which people are taken off in need: trapped, stranded in the water, or caught on the road."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1))]
    return np.union1d(rows, rows_of(log, EventKind.TAKEN_FROM_ROAD))


def rescued(log: EventLog, facts: Facts, until_h: float = np.inf) -> NDArray[np.float64]:
    """Persons of each village taken off in need, by a time and at it; shape (V,)."""
    rows = rescue_rows(log)
    rows = rows[log.time_h[rows] <= until_h + SAME_H]
    by_road = log.kind[rows] == EventKind.TAKEN_FROM_ROAD.value
    village = facts.row_of[np.where(by_road, log.item[rows], log.place[rows])]
    return add_up(village, log.persons[rows], len(facts.villages))


def institutions(facts: Facts) -> NDArray[np.bool_]:
    """Which of the places with people are care homes, schools and hospitals, shape (V,)."""
    return facts.of_kinds(("institution",))[facts.villages]


def share_moved_before_impact(log: EventLog, facts: Facts, who: str) -> float:
    """Share of the people who had to move who were out of their village before its impact.

    Args:
        log: the event log.
        facts: its fixed side.
        who: "ordered" (people whom an evacuation order tells to leave), "impact" (residents of villages that the
            hazard reached), or "institutions" (those of them that are care homes, schools and hospitals).

    Returns:
        0..1 by persons; nan where nobody counts.
    """
    return part_of_whole(_had_to_move(log, facts, who))


def _had_to_move(log: EventLog, facts: Facts, who: str) -> Tally:
    """Residents who had to move, and who of them were out; `who` as of `share_moved_before_impact`."""
    had_to = had_to_move(log, facts, who)
    return at_villages(facts, had_to, np.minimum(moved_before_impact(log, facts), had_to), had_to > 0)


def had_to_move(log: EventLog, facts: Facts, who: str) -> NDArray[np.float64]:
    """Residents of each village who had to move, shape (V,); `who` as of `share_moved_before_impact`.

    Where an order tells a share of a village to leave, these are as many; who leaves is counted as one of them first.
    """
    meant = facts.told_to_leave if who == "ordered" else facts.population
    return np.where(who_had_to_move(log, facts, who), meant, 0.0)


def who_had_to_move(log: EventLog, facts: Facts, who: str) -> NDArray[np.bool_]:
    """The villages whose people had to move, shape (V,); `who` as of `share_moved_before_impact`."""
    counted = ordered(log, facts) if who == "ordered" else np.isfinite(impact_h(log, facts))
    return counted & institutions(facts) if who == "institutions" else counted


def share_moved_in_vain(log: EventLog, facts: Facts) -> float:
    """Of the people moved under an order, before the hazard came, the share from villages that it never reached, 0..1.

    What they take for a false alarm, also once they are home again; nan where nobody was moved under an order.
    """
    return part_of_whole(_moved_in_vain(log, facts))


def _moved_in_vain(log: EventLog, facts: Facts) -> Tally:
    """People moved under an order, and who of them for nothing."""
    moved, spared = moved_before_impact(log, facts), ~np.isfinite(impact_h(log, facts))
    return at_villages(facts, moved, moved * spared, ordered(log, facts))


def out_h(log: EventLog, facts: Facts, share: float) -> NDArray[np.float64]:
    """Hour by which so large a share (0..1) of those whom an order tells to leave was out of a village, shape (V,).

    The first such hour; infinite for never, and where it tells nobody. Less than one person does not count.
    """
    move = moves(log, facts)
    change = move.persons * (np.isin(move.target, AWAY).astype(float) - np.isin(move.source, AWAY))
    order = np.argsort(move.village, kind="stable")
    ends = np.cumsum(np.bincount(move.village, minlength=len(facts.villages)))
    answer = np.full(len(facts.villages), np.inf)
    for village in np.flatnonzero(facts.told_to_leave > 0).tolist():
        own = order[ends[village - 1] if village else 0 : ends[village]]
        enough = np.flatnonzero(np.cumsum(change[own]) > facts.told_to_leave[village] * share - 1 + _ROUNDING)
        # Of one or two people the share less one is nobody: but nobody out is not all out.
        enough = enough[np.cumsum(change[own])[enough] > 0]
        if len(enough):
            answer[village] = log.time_h[move.row[own[enough[0]]]]
    return answer


def order_to_out_h(log: EventLog, facts: Facts, share: float) -> NDArray[np.float64]:
    """Hours from the order to leave until so large a share of those whom it tells was out, for each ordered village.

    Args:
        log: the event log.
        facts: its fixed side.
        share: of the residents told to leave, 0..1.

    Returns:
        Shape (ordered villages with such people,); at least 0, infinite for never.
    """
    among = _ordered_with_people(log, facts)
    order_h = village_times(log, facts, EventKind.ORDERED)[among]
    return np.maximum(out_h(log, facts, share)[among] - order_h, 0.0)


def _ordered_with_people(log: EventLog, facts: Facts) -> NDArray[np.bool_]:
    return ordered(log, facts) & (facts.told_to_leave > 0)


class AllOut(MeasureSettings):
    """Settings of the hours from the order until all are out."""

    out: Share = 0.95
    """Share of the people of a village whom the order tells to leave who must be out: some refuse to the last."""
    villages: Share = 1.0
    """Share of the ordered villages of which this must be so."""


def _cases_out(log: EventLog, facts: Facts, settings: AllOut) -> Cases:
    place = facts.villages[_ordered_with_people(log, facts)].astype(np.int64)
    return Cases(place, np.ones(len(place)), order_to_out_h(log, facts, settings.out))


def _all_out(log: EventLog, facts: Facts, settings: AllOut) -> float:
    return quantile(order_to_out_h(log, facts, settings.out), settings.villages)


def _places_in_vain(log: EventLog, facts: Facts, _: MeasureSettings) -> Tally:
    return _moved_in_vain(log, facts)


def _in_vain(log: EventLog, facts: Facts, _: MeasureSettings) -> float:
    return share_moved_in_vain(log, facts)


class Moved(MeasureSettings):
    """Settings of the share of people moved in time."""

    who: Literal["ordered", "impact", "institutions"] = "ordered"
    """People counted: whom an evacuation order tells to leave (`ordered_share` of a village), those of villages that
    the hazard reached, or of the care homes, schools and hospitals among these."""


class MovedWithin(LevelClock, Within, Moved):
    """Settings of the share of people out of their village so soon after a moment."""

    clock: Literal["order", "village_impact", "level"] = "order"
    """When the time starts: with the village's order to leave; when the hazard reached it; when a response level came
    into force."""


def moving_clock(log: EventLog, facts: Facts, settings: MovedWithin) -> tuple[NDArray[Any], NDArray[np.float64]]:
    """Residents of each village who had to move, and when the clock of a clause started there, both of shape (V,).

    Args:
        log: of one replication.
        facts: its fixed side.
        settings: of the clause; where its level was never in force, nobody had to.
    """
    counted = had_to_move(log, facts, settings.who)
    start = np.full(len(counted), in_force_h(log, settings.level) if settings.level else np.inf)
    if settings.level:
        counted = np.where(np.isfinite(start), counted, 0.0)
    else:
        by_order = settings.clock == "order"
        start = village_times(log, facts, EventKind.ORDERED) if by_order else impact_h(log, facts)
    return counted, start


def limit_reached_h(start_h: NDArray[np.float64], settings: MovedWithin) -> NDArray[np.float64]:
    """When the time of a clause is up in each village whose clock started at `start_h`, both of shape (V,).

    At the limit itself is in time; where the clock never starts (infinite), nobody is: minus infinity.
    """
    # Twice: `away` counts what comes before a time, and what comes within one of the limit is in time.
    answer: NDArray[np.float64] = np.where(np.isfinite(start_h), start_h + settings.limit_h + 2 * SAME_H, -np.inf)
    return answer


def _places_moved_in_time(log: EventLog, facts: Facts, settings: MovedWithin) -> Tally:
    """Residents who had to move, and who of them were out at the limit."""
    counted, start_h = moving_clock(log, facts, settings)
    out = away(log, facts, limit_reached_h(start_h, settings))
    # Out are also some whom the order did not tell to leave: they make up for nobody beyond those it did.
    return at_villages(facts, counted, np.minimum(out, counted), counted > 0)


def _moved_in_time(log: EventLog, facts: Facts, settings: MovedWithin) -> float:
    return part_of_whole(_places_moved_in_time(log, facts, settings))


def _places_moved(log: EventLog, facts: Facts, settings: Moved) -> Tally:
    return _had_to_move(log, facts, settings.who)


def _moved(log: EventLog, facts: Facts, settings: Moved) -> float:
    return share_moved_before_impact(log, facts, settings.who)


MEASURES = (
    Measure(
        "share_moved_before_impact", bilingual("people out before the hazard came"),
        "share", Moved, _moved, explained="moved", counts="persons", of_places=_places_moved,
    ),
    Measure(
        "share_moved_in_time", bilingual("people out of their village in time"),
        "share", MovedWithin, _moved_in_time, explained="moved_in_time", counts="persons",
        of_places=_places_moved_in_time,
    ),
    Measure(
        "order_to_out_h", bilingual("time from the order until all are out"),
        "h", AllOut, _all_out, explained="out", counts="villages", of_cases=_cases_out,
    ),
    Measure(
        "share_moved_in_vain", bilingual("people moved under an order whose village the hazard never reached"),
        "share", MeasureSettings, _in_vain, counts="persons", is_harm=True, of_places=_places_in_vain,
    ),
)  # fmt: skip
