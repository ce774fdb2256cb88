"""How the line was kept: hours with nobody at an edge that was worked on, and how hands were cut into crews."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind, EventLog
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, rows_of
from simrescue.metrics.wildfire.fire import Floats, contained_h, fires
from simrescue.metrics.wildfire.fire_line import line_assignments

PEOPLE = 0
"""Item of HELD_BACK: no aircraft."""


def unmanned_h(log: EventLog, facts: Facts) -> Floats:
    """Hours with nobody on the line of each fire, from the first crew's post to its containment for good; shape (F,).

    To the end of the scenario where it was never contained; 0 where nobody ever came.
    """
    work, end_h = line_assignments(log, facts), np.minimum(contained_h(log, facts), facts.duration_h)
    answer = np.zeros(len(fires(facts)))
    for number in range(len(answer)):
        of_fire = np.flatnonzero(work.fire == number)
        order = of_fire[np.argsort(work.start_h[of_fire], kind="stable")]
        if len(order):
            last_h = end_h[number]
            # The longest of all so far: who came later may leave sooner.
            manned_until_h = np.maximum.accumulate(np.minimum(work.end_h[order], last_h))
            gaps = np.append(np.minimum(work.start_h[order[1:]], last_h), last_h) - manned_until_h
            answer[number] = np.maximum(gaps, 0.0).sum()
    return answer


def reserve_person_h(log: EventLog, facts: Facts) -> float:
    """Person-hours kept in reserve for the next fire, crews of aircraft not counted."""
    total = 0.0
    # Each counted to the end: setting them free takes back what holding them back counts too much.
    for kind, sign in ((EventKind.HELD_BACK, 1.0), (EventKind.FREED_BACK, -1.0)):
        rows = rows_of(log, kind)
        rows = rows[log.item[rows] == PEOPLE]
        total += sign * float((log.persons[rows] * (facts.duration_h - log.time_h[rows])).sum())
    return total


def crew_h(log: EventLog, facts: Facts) -> Floats:
    """Hours of crews at the edge of each fire, whatever their size; shape (F,)."""
    work = line_assignments(log, facts)
    return add_up(work.fire, work.end_h - work.start_h, len(fires(facts)))
