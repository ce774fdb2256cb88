"""Neighbours who bring people out of the water before any crew: how soon the first of a village are taken aboard."""

from __future__ import annotations

import numpy as np

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import share_within, village_times
from simrescue.wording import bilingual


def _cases(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    """Villages in which people were trapped, and hours from then until neighbours took the first aboard."""
    trapped_h = village_times(log, facts, EventKind.TRAPPED)
    # Of rows PICKS_UP the subject is the crew; a village as its own crew are its neighbours.
    aboard_h = village_times(log, facts, EventKind.PICKS_UP)
    among = np.isfinite(trapped_h)
    took = np.maximum(aboard_h[among] - trapped_h[among], 0.0)
    return Cases(facts.villages[among].astype(np.int64), np.ones(int(among.sum())), took)


def _helped_within(log: EventLog, facts: Facts, settings: Within) -> float:
    return share_within(_cases(log, facts, settings), settings.limit_h)


MEASURES = (
    Measure(
        "share_helped_by_neighbours",
        bilingual("villages with people trapped whose neighbours brought out the first in time"),
        "share", Within, _helped_within, hazards=frozenset({"flood"}), counts="villages", of_cases=_cases,
    ),
)  # fmt: skip
