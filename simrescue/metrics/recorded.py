"""Figures that reports of real events give, read from a simulated log: so many moved by such an hour.

Every function takes (log, facts, at_h, place): `at_h` is the moment of the figure (infinite: the end of the log),
`place` the id of a village or zone (empty: all villages).
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.metrics import people
from simrescue.metrics.facts import Facts
from simrescue.metrics.reading import add_up, rows_of, village_sums, village_times
from simrescue.metrics.relief import affected

Reading = Callable[[EventLog, Facts, float, str], float]


def _total(values: NDArray[np.float64], facts: Facts, place: str) -> float:
    return float(values[facts.chosen(place)].sum())


def moved_before_impact(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons out of their village just before the flood came (or just before `at_h`, where that is earlier)."""
    until = np.minimum(people.impact_h(log, facts), at_h)
    return _total(people.away(log, facts, until), facts, place)


def evacuated_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons out of their village just before `at_h`: under way, in shelters or aboard, by whatever means."""
    return _total(people.away(log, facts, at_h), facts, place)


def affected_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons who by `at_h` had left home or had been stranded there."""
    return _total(_affected_by_village(log, facts, at_h), facts, place)


def villages_affected_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Villages with affected people or with the flood in them by `at_h`."""
    touched = (_affected_by_village(log, facts, at_h) > 0) | (people.impact_h(log, facts) <= at_h)
    return float(touched[facts.chosen(place)].sum())


def residents_reached_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Residents of the villages that the flood had reached by `at_h`, wherever they then were."""
    return _total(np.where(people.impact_h(log, facts) <= at_h, facts.population, 0.0), facts, place)


def _affected_by_village(log: EventLog, facts: Facts, at_h: float) -> NDArray[np.float64]:
    groups = affected(log, facts)
    early = groups.affected_h <= at_h
    return add_up(groups.village[early], groups.persons[early], len(facts.villages))


def first_relief_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the flood's coming to the first delivery there; infinite for none by `at_h`."""
    return _after_impact(log, facts, village_times(log, facts, EventKind.DELIVERS, by_place=True), at_h, place)


def first_rescue_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the flood's coming until the first trapped or stranded person is taken off; infinite for none."""
    return _after_impact(log, facts, first_rescue_times(log, facts), at_h, place)


def first_rescue_times(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hour at which the first trapped or stranded person of each village is taken off, shape (V,)."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1))]
    first = np.full(len(facts.villages), np.inf)
    np.minimum.at(first, facts.row_of[log.place[rows]], log.time_h[rows])
    return first


def _after_impact(log: EventLog, facts: Facts, time_h: NDArray[np.float64], at_h: float, place: str) -> float:
    impact = people.impact_h(log, facts)
    chosen = facts.chosen(place) & np.isfinite(impact)
    wait = np.where(time_h <= at_h, time_h, np.inf)[chosen] - impact[chosen]
    return float(wait.min()) if chosen.any() else float("nan")


def rescued(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons taken off while trapped or stranded, by `at_h`."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1)) & (log.time_h[rows] <= at_h)]
    return _total(village_sums(log, facts, rows, by_place=True), facts, place)


def died(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Deaths by `at_h`."""
    rows = rows_of(log, EventKind.DIED)
    return _total(village_sums(log, facts, rows[log.time_h[rows] <= at_h]), facts, place)


RECORDED: dict[str, Reading] = {
    "moved_before_impact": moved_before_impact,
    "evacuated_by": evacuated_by,
    "affected_by": affected_by,
    "villages_affected_by": villages_affected_by,
    "residents_reached_by": residents_reached_by,
    "first_relief_h": first_relief_h,
    "first_rescue_h": first_rescue_h,
    "rescued": rescued,
    "died": died,
}
"""Metrics that a `history` entry of a scenario can name."""


def recorded_value(log: EventLog, facts: Facts, metric: str, at_h: float | None = None, place: str = "") -> float:
    """One figure by the name of its metric. Raises KeyError for a metric and ValueError for a place nobody knows."""
    return RECORDED[metric](log, facts, np.inf if at_h is None else at_h, place)
