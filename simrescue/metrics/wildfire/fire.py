"""The course of each fire: when it was found, when hands and water came to it, how large it grew, when it was held.

A fire is the thing where it began. Moments are hours since the start of the scenario, infinite for never; arrays have
one entry a fire, in the order of the table of things.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.kinds import moving
from simrescue.metrics.base import Cases, Tally
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import NEVER, add_up, first_times, remembered, rows_of, slowest
from simrescue.units import SAME_H

Floats = NDArray[np.float64]
BURNING, OFF_THE_MAP = 0, 4
"""Items of AREA while the edge of a fire is open, or gone off the landscape."""


def fires(facts: Facts) -> NDArray[np.intp]:
    """Thing index of each fire, shape (F,)."""
    return np.flatnonzero(facts.of_kinds(("ignition",)))


def rows_at(
    log: EventLog, facts: Facts, kind: EventKind, *, by_place: bool
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows of a kind of event that concern a fire.

    Args:
        log: the event log.
        facts: its fixed side.
        kind: of the event.
        by_place: whether the fire is the place of the event, else its subject.

    Returns:
        Row numbers in order of time, and the number of the fire of each, 0..F-1; both of shape (n,).
    """
    which = fires(facts)
    number = np.full(len(facts.kinds) + 1, -1, dtype=np.intp)
    number[which] = np.arange(len(which))
    rows = rows_of(log, kind)
    fire = number[(log.place if by_place else log.subject)[rows]]
    return rows[fire >= 0], fire[fire >= 0]


def first_h(
    log: EventLog, facts: Facts, kind: EventKind, who: tuple[str, ...] = (), *, by_place: bool = False
) -> Floats:
    """First time of a kind of event at each fire, hours, shape (F,); infinite for never.

    Args:
        log: the event log.
        facts: its fixed side.
        kind: of the event.
        who: names of the kinds of responders whose events count; empty: all events.
        by_place: whether the fire is the place of the event, else its subject.
    """
    rows, fire = rows_at(log, facts, kind, by_place=by_place)
    if who:
        of_kinds = facts.of_kinds(who)[log.subject[rows]]
        rows, fire = rows[of_kinds], fire[of_kinds]
    return first_times(fire, log.time_h[rows], len(fires(facts)))


def counted(log: EventLog, facts: Facts, kind: EventKind, *, by_place: bool = False) -> Floats:
    """Number of rows of a kind at each fire, shape (F,); `by_place` as of `rows_at`."""
    _, fire = rows_at(log, facts, kind, by_place=by_place)
    return add_up(fire, np.ones(len(fire)), len(fires(facts)))


def began_h(log: EventLog, facts: Facts) -> Floats:
    """When each fire began, shape (F,); infinite also where one was lit on ground that could not burn any more."""
    lit = first_h(log, facts, EventKind.IGNITES)
    # Out the moment it is lit (on burned or wet ground, or on line): nobody can find or fight it, no promise is for it.
    return np.where(first_h(log, facts, EventKind.FIRE_OUT) > lit, lit, NEVER)


def reported_h(log: EventLog, facts: Facts) -> Floats:
    """When command first heard of each fire, shape (F,)."""
    return first_h(log, facts, EventKind.REPORTED, by_place=True)


def staged_h(log: EventLog, facts: Facts) -> Floats:
    """When the first crew set out on foot from where it had driven to, shape (F,)."""
    ground = (*moving("road"), *moving("water"))
    return np.minimum(first_h(log, facts, EventKind.WALKS_IN, ground, by_place=True), on_line_h(log, facts))


def on_line_h(log: EventLog, facts: Facts) -> Floats:
    """When the first crew began to work at the edge of each fire, shape (F,)."""
    return first_h(log, facts, EventKind.TAKES_POST, by_place=True)


def by_air_h(log: EventLog, facts: Facts) -> Floats:
    """When the first aircraft was over each fire, to look or to drop; shape (F,)."""
    came = first_h(log, facts, EventKind.ARRIVES, moving("air"), by_place=True)
    return np.minimum(came, first_h(log, facts, EventKind.DROPS, moving("air"), by_place=True))


def dropped_h(log: EventLog, facts: Facts) -> Floats:
    """When the first water fell on each fire, shape (F,)."""
    return first_h(log, facts, EventKind.DROPS, by_place=True)


def off_map_h(log: EventLog, facts: Facts) -> Floats:
    """When each fire ran off the landscape, shape (F,): from then on it counts as never contained."""
    return first_h(log, facts, EventKind.ESCAPED)


@remembered
def contained_h(log: EventLog, facts: Facts) -> Floats:
    """When each fire was contained for good: it did not break out or run off the map afterwards; shape (F,)."""
    return _for_good(log, facts, EventKind.CONTAINED, EventKind.CONTROLLED, EventKind.FIRE_OUT)


def controlled_h(log: EventLog, facts: Facts) -> Floats:
    """When the edge of each fire was mopped up for good, shape (F,)."""
    return _for_good(log, facts, EventKind.CONTROLLED, EventKind.FIRE_OUT)


def out_h(log: EventLog, facts: Facts) -> Floats:
    """When nothing burned any more, shape (F,)."""
    return _for_good(log, facts, EventKind.FIRE_OUT)


def _for_good(log: EventLog, facts: Facts, *kinds: EventKind) -> Floats:
    """First row of any of the kinds after each fire was last known to spread."""
    size = len(fires(facts))
    lost = np.full(size, -1, dtype=np.intp)
    rows, fire = _spreading(log, facts)
    np.maximum.at(lost, fire, rows)
    answer = np.full(size, NEVER)
    for kind in kinds:
        rows, fire = rows_at(log, facts, kind, by_place=False)
        # By row and not by hour: of what happens at one moment the log knows what came last.
        after = rows > lost[fire]
        np.minimum.at(answer, fire[after], log.time_h[rows[after]])
    return answer


def _spreading(log: EventLog, facts: Facts) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows, in no order, that tell of a fire that its edge is open, and the number of that fire; both of shape (n,)."""
    opened = []
    for kind in (EventKind.REKINDLES, EventKind.LINE_BREACHED, EventKind.ESCAPED, EventKind.AREA):
        rows, fire = rows_at(log, facts, kind, by_place=False)
        # An AREA told while the edge is open undoes a containment, whether or not the break-out itself was logged.
        open_edge = (kind != EventKind.AREA) | np.isin(log.item[rows], (BURNING, OFF_THE_MAP))
        opened.append((rows[open_edge], fire[open_edge]))
    rows, fire = (np.concatenate(parts) for parts in zip(*opened, strict=True))
    return rows, fire


def contained_spans_h(log: EventLog, facts: Facts, number: int) -> list[tuple[float, float]]:
    """From when to when a fire (0..F-1) was contained, hours, in order; what was not lost again ends at infinity."""
    rows, fire = _spreading(log, facts)
    lost = np.sort(rows[fire == number])
    spans, edge = list[tuple[float, float]](), -1
    contained, of = rows_at(log, facts, EventKind.CONTAINED, by_place=False)
    for row in contained[of == number].tolist():
        # Told again while it was contained already.
        if row < edge:
            continue
        later = lost[lost > row]
        edge = int(later[0]) if len(later) else len(log.kind)
        spans.append((float(log.time_h[row]), float(log.time_h[edge]) if len(later) else NEVER))
    return spans


def escaped(log: EventLog, facts: Facts) -> NDArray[np.bool_]:
    """Fires that ran off the map or broke out, and were not contained again; shape (F,)."""
    kinds = (EventKind.ESCAPED, EventKind.REKINDLES, EventKind.LINE_BREACHED)
    lost = np.sum([counted(log, facts, kind) for kind in kinds], axis=0) > 0
    answer: NDArray[np.bool_] = lost & np.isinf(contained_h(log, facts))
    return answer


def burned_ha(log: EventLog, facts: Facts, until_h: Floats | float = NEVER) -> Floats:
    """Hectares burned of each fire by a time, shape (F,).

    Args:
        log: the event log.
        facts: its fixed side; without a landscape every fire has 0 ha.
        until_h: hours since the start of the scenario, one for all or one a fire; what burns at it counts.
    """
    rows, fire = rows_at(log, facts, EventKind.BURNS, by_place=False)
    limit = np.broadcast_to(np.asarray(until_h, dtype=float), (len(fires(facts)),))
    early = fire[log.time_h[rows] <= limit[fire] + SAME_H]
    # Cells are all of one size, so a count is an area.
    return add_up(early, np.ones(len(early)), len(limit)) * facts.cell_ha


def crowned_ha(log: EventLog, facts: Facts) -> Floats:
    """Hectares of each fire that burned in their crowns too, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.BURNS, by_place=False)
    crowned = fire[log.item[rows] >= 0]
    return add_up(crowned, np.ones(len(crowned)), len(fires(facts))) * facts.cell_ha


def burned_curve_ha(log: EventLog, facts: Facts, times_h: Floats) -> Floats:
    """Hectares burned of all fires by each time (hours, in any order), shape of `times_h`."""
    rows, _ = rows_at(log, facts, EventKind.BURNS, by_place=False)
    cells: Floats = np.searchsorted(log.time_h[rows], times_h + SAME_H, side="right").astype(np.float64)
    return cells * facts.cell_ha


def perimeter_km(log: EventLog, facts: Facts, times_h: Floats) -> Floats:
    """Kilometres of outer edge of each fire as last told by each time (hours), shape (times, F).

    0 before the first word.
    """
    rows, fire = rows_at(log, facts, EventKind.PERIMETER, by_place=False)
    answer = np.zeros((len(times_h), len(fires(facts))))
    for number in range(answer.shape[1]):
        of_fire = rows[fire == number]
        lengths_km = np.concatenate(([0.0], log.amount[of_fire]))
        answer[:, number] = lengths_km[np.searchsorted(log.time_h[of_fire], times_h + SAME_H, side="right")]
    return answer


def since_h(moment_h: Floats, start_h: Floats) -> Floats:
    """Hours from a start to a moment, both of shape (n,).

    Returns:
        At least 0; infinite where the moment never came, 0 where only the start did not: a fire put out unreported.
    """
    came = np.isfinite(moment_h)
    return np.where(
        came, np.maximum(np.subtract(moment_h, start_h, where=came, out=np.zeros_like(moment_h)), 0.0), NEVER
    )


def fire_cases(log: EventLog, facts: Facts, took: Floats) -> Cases:
    """The fires that began, each with what it took (hours, or hectares, shape (F,))."""
    began = np.isfinite(began_h(log, facts))
    return Cases(fires(facts)[began].astype(np.int64), np.ones(int(began.sum())), took[began])


def at_fires(log: EventLog, facts: Facts, kept: NDArray[np.bool_]) -> Tally:
    """The fires that began, and which of them are as asked for (mask of shape (F,))."""
    began = np.isfinite(began_h(log, facts))
    return Tally(fires(facts)[began].astype(np.int64), np.ones(int(began.sum())), kept[began].astype(np.float64))


def added_at_fires(facts: Facts, kept: Floats) -> Tally:
    """What is added up over all fires (`kept`, shape (F,)), by fire."""
    return Tally(fires(facts).astype(np.int64), np.zeros(len(kept)), kept)


def largest_ha(log: EventLog, facts: Facts) -> float:
    """Hectares of the largest fire at the end; nan where there was none."""
    return slowest(fire_cases(log, facts, burned_ha(log, facts)))
