"""What is out of work for how long, and what crews have repaired of it: roads, base stations, power."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics.base import Cases, Measure, MeasureSettings, Within
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import silence
from simrescue.metrics.reading import NEVER, rows_of, share_within
from simrescue.wording import bilingual

BY_CREWS = {
    "roads": EventKind.ROAD_REPAIRED, "stations": EventKind.STATION_UP, "power": EventKind.POWER_BACK,
}  # fmt: skip
"""What crews repair -> the event that tells that it works again."""


def _by_crews(log: EventLog, kind: EventKind) -> float:
    rows = rows_of(log, kind)
    cause = log.cause[rows]
    return float(((cause >= 0) & (log.kind[cause] == EventKind.REPAIR_ENDS)).sum())


def _outages_h(
    log: EventLog, facts: Facts, begins: EventKind, ends: EventKind
) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.float64]]:
    """Of each outage its thing, how long it lasted (infinite: to the end), and hours until the clock stops."""
    rows = log.where(begins, ends)
    # Stable: the rows of one thing stay in order of time, so that what follows a beginning is its end.
    rows = rows[np.argsort(log.subject[rows], kind="stable")]
    thing, begun = log.subject[rows], log.kind[rows] == begins
    ended = np.append((thing[1:] == thing[:-1]) & ~begun[1:], False)
    next_h = np.append(log.time_h[rows][1:], NEVER)
    lasted_h = np.where(ended, next_h - log.time_h[rows], NEVER)
    return thing[begun].astype(np.int64), lasted_h[begun], facts.duration_h - log.time_h[rows][begun]


def numbers(log: EventLog, facts: Facts) -> dict[str, float]:
    """Hours of damaged roads and of villages without power and network, and what was repaired, by crews or not."""
    _, lasted_h, left_h = _outages_h(log, facts, EventKind.ROAD_DAMAGED, EventKind.ROAD_REPAIRED)
    unlit = silence.lasting_h(log, facts, EventKind.POWER_LOST, EventKind.POWER_BACK)
    offline = silence.lasting_h(log, facts, EventKind.NETWORK_LOST, EventKind.NETWORK_BACK)
    return {
        "road_damaged_h": float(np.minimum(lasted_h, left_h).sum()),
        "roads_repaired": float(len(rows_of(log, EventKind.ROAD_REPAIRED))),
        "without_power_village_h": float(unlit.sum()),
        "without_network_village_h": float(offline.sum()),
        **{f"{what}_repaired_by_crews": _by_crews(log, kind) for what, kind in BY_CREWS.items()},
    }


def _roads(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    lasted_h = _outages_h(log, facts, EventKind.ROAD_DAMAGED, EventKind.ROAD_REPAIRED)[1]
    return Cases(np.full(len(lasted_h), -1), np.ones(len(lasted_h)), lasted_h)  # a road is no place


def _power(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    return _of_villages(log, facts, EventKind.POWER_LOST, EventKind.POWER_BACK)


def _network(log: EventLog, facts: Facts, _: MeasureSettings) -> Cases:
    return _of_villages(log, facts, EventKind.NETWORK_LOST, EventKind.NETWORK_BACK)


def _of_villages(log: EventLog, facts: Facts, begins: EventKind, ends: EventKind) -> Cases:
    thing, lasted_h, _ = _outages_h(log, facts, begins, ends)
    own = facts.row_of[thing] >= 0
    return Cases(thing[own], np.ones(int(own.sum())), lasted_h[own])


MEASURES = (
    Measure(
        "share_roads_repaired", bilingual("damaged roads that were open again in time"), "share", Within,
        lambda log, facts, settings: share_within(_roads(log, facts, settings), settings.limit_h),
        counts="roads", of_cases=_roads,
    ),
    Measure(
        "share_power_back", bilingual("power cuts of villages that were over in time"), "share", Within,
        lambda log, facts, settings: share_within(_power(log, facts, settings), settings.limit_h),
        counts="villages", of_cases=_power,
    ),
    Measure(
        "share_network_back", bilingual("losses of public network of villages that were over in time"), "share", Within,
        lambda log, facts, settings: share_within(_network(log, facts, settings), settings.limit_h),
        counts="villages", of_cases=_network,
    ),
)  # fmt: skip
