"""Pumped water on the fires: how much was used, and what crews with pumps did without it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up
from simrescue.metrics.wildfire.fire import Floats, fires, rows_at
from simrescue.metrics.wildfire.fire_line import amounts

ENDS = (EventKind.PUMPS, EventKind.TAKES_POST, EventKind.WITHDRAWS, EventKind.OVERRUN)
"""Rows of a crew with which a time without water is over."""


class Spans(NamedTuple):
    """Times of crews at fires, one entry each."""

    fire: NDArray[np.intp]
    """Number of the fire, 0..F-1."""
    start_h: Floats
    end_h: Floats


def used_t(log: EventLog, facts: Facts) -> Floats:
    """Tonnes of pumped water used on each fire, as told when crews leave their posts, shape (F,)."""
    return amounts(log, facts, EventKind.WATER_USED)


def dry_h(log: EventLog, facts: Facts) -> Floats:
    """Hours that crews with pumps were at the edge of each fire without water, added up over the crews, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.WATER_FAILS, by_place=True)
    ends = log.where(*ENDS)
    hours = np.zeros(len(rows))
    for i, row in enumerate(rows.tolist()):
        later = ends[(ends > row) & (log.subject[ends] == log.subject[row])]
        end_h = log.time_h[later[0]] if len(later) else facts.duration_h
        hours[i] = end_h - log.time_h[row]
    return add_up(fire, hours, len(fires(facts)))


def waits(log: EventLog, facts: Facts) -> Spans:
    """Times for which crews stood before flames that took more water than came."""
    rows, fire = rows_at(log, facts, EventKind.WAITS_FOR_WATER, by_place=True)
    # Told when it is over, with its length.
    return Spans(fire, log.time_h[rows] - log.amount[rows], log.time_h[rows])


def waited_h(log: EventLog, facts: Facts) -> Floats:
    """Hours of these times at each fire, added up over the crews, shape (F,)."""
    return amounts(log, facts, EventKind.WAITS_FOR_WATER)


def relays(log: EventLog, facts: Facts) -> Floats:
    """How often a crew brought water to the edge of each fire by two pumps or more in series, shape (F,)."""
    rows, fire = rows_at(log, facts, EventKind.PUMPS, by_place=True)
    return add_up(fire, (log.item[rows] > 1).astype(float), len(fires(facts)))
