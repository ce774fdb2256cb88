"""Figures that reports of real events give, read from a simulated log: so many moved by such an hour.

Each is one record, in `FIGURES` or in the kind of its hazard, beside the function that reads it. Every function takes
(log, facts, at_h, place): `at_h` is the moment of the figure, hours since the start (infinite: the end of the log),
`place` the id of a village or zone (empty: all villages) or, for figures of fires, of an ignition (empty: all).

What a report says of one house is no figure of its village: it is set beside the waits of all persons there
(`Figure.waits`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.hazards.wildfire.kind import WILDFIRE
from simrescue.kinds import KINDS
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import whereabouts
from simrescue.metrics.people.relief import affected, waited_h
from simrescue.metrics.reading import NEVER, add_up, pick, rows_of, village_sums, village_times
from simrescue.metrics.wildfire import fire, fire_line
from simrescue.metrics.wildfire.fire_summary import waits_h
from simrescue.places import NEEDS
from simrescue.records import for_a_while
from simrescue.units import SAME_H

Hours = NDArray[np.float64]
Reading = Callable[[EventLog, Facts, float, str], float]
Waits = Callable[[EventLog, Facts, float, str], tuple[Hours, Hours]]


@dataclass(frozen=True)
class Figure:
    """What the record of a real event may say, and how a simulated log answers; one of `value` and `waits` is given.

    A half-made one is refused with a ValueError that tells all that is missing.
    """

    name: str
    """As in `history.metric` of scenario.yaml."""
    unit: str
    """Unit of the recorded value and of the simulated ones: h, ha, km, t, persons, or what is counted."""
    value: Reading | None = None
    """One number of a replication; infinite: never, nan: there was nothing to be read."""
    waits: Waits | None = None
    """Hours and persons of each group of people there, both shape (n,): the record is of one person among them."""
    of: str = "villages"
    """Table whose rows its `place` may name; of villages also their zones."""

    def __post_init__(self) -> None:
        if lacks := list(_lacks(self)):
            raise ValueError(f"figure {self.name or '(no name)'} is half-registered: {'; '.join(lacks)}")

    @property
    def over(self) -> str:
        """What the record stands beside: all persons of all replications, or one number of each replication."""
        return "persons" if self.waits else "replications"


FIGURES: dict[str, Figure] = {}
"""Figures in any hazard by name, filled by `register`; those in one kind of hazard stand in its `HazardKind`."""


def register(figure: Figure) -> Figure:
    """Let the history of any scenario name a figure.

    Returns:
        The same record.

    Raises:
        ValueError: where its name is taken.
    """
    if figure.name in FIGURES:
        raise ValueError(f"figure {figure.name}: a name of its own is missing (this one is taken)")
    FIGURES[figure.name] = figure
    return figure


def forget(name: str) -> None:
    """Undo `register`. Raises KeyError where no figure has the name."""
    del FIGURES[name]


def registered(*figures: Figure) -> AbstractContextManager[None]:
    """Have figures registered until the end of a block, as in a test. Raises ValueError as `register`."""
    return for_a_while(figures, register, forget)


def figures(hazards: Iterable[str]) -> dict[str, Figure]:
    """The figures that a `history` entry of a scenario with these kinds of hazards can name, by name.

    Raises ValueError for an unknown kind, with the known ones.
    """
    own = [figure for hazard in hazards for figure in hazard_named(hazard).figures]
    return {**FIGURES, **{figure.name: figure for figure in own}}


def _lacks(figure: Figure) -> Iterator[str]:
    if not figure.name.isidentifier():
        yield f"a name of letters, digits and _ (it is {figure.name!r})"
    if (figure.value is None) == (figure.waits is None):
        yield "one function, value or waits"
    if not figure.unit:
        yield "a unit"
    if figure.of not in (tables := [kind.table for kind in KINDS.values() if kind.table]):
        yield f"the table that it is of, among {', '.join(tables)} (it is {figure.of!r})"


def _total(values: NDArray[np.float64], facts: Facts, place: str) -> float:
    return float(values[facts.chosen(place)].sum())


def moved_before_impact(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons out of their village just before the hazard came (or just before `at_h`, where that is earlier)."""
    until = np.minimum(whereabouts.impact_h(log, facts), at_h)
    return _total(whereabouts.away(log, facts, until), facts, place)


def evacuated_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons out of their village just before `at_h`: under way, in shelters or aboard, by whatever means."""
    return _total(whereabouts.away(log, facts, at_h), facts, place)


def affected_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons who by `at_h` had left home or had been stranded there."""
    return _total(_affected_by_village(log, facts, at_h), facts, place)


def villages_affected_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Villages with affected people or with the hazard in them by `at_h`."""
    touched = (_affected_by_village(log, facts, at_h) > 0) | (whereabouts.impact_h(log, facts) <= at_h + SAME_H)
    return float(touched[facts.chosen(place)].sum())


def residents_reached_by(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Residents of the villages that the hazard had reached by `at_h`, wherever they then were."""
    return _total(np.where(whereabouts.impact_h(log, facts) <= at_h + SAME_H, facts.population, 0.0), facts, place)


def _affected_by_village(log: EventLog, facts: Facts, at_h: float) -> NDArray[np.float64]:
    groups = affected(log, facts)
    early = groups.affected_h <= at_h + SAME_H
    return add_up(groups.village[early], groups.persons[early], len(facts.villages))


def first_relief_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the hazard's coming to the first delivery there; infinite for none by `at_h`."""
    return _after_impact(log, facts, village_times(log, facts, EventKind.DELIVERS, by_place=True), at_h, place)


def first_rescue_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the hazard's coming until the first trapped or stranded person is taken off; infinite for none."""
    return _after_impact(log, facts, first_rescue_times(log, facts), at_h, place)


def first_rescue_times(log: EventLog, facts: Facts) -> NDArray[np.float64]:
    """Hour at which the first trapped or stranded person of each village is taken off, shape (V,)."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1))]
    first = np.full(len(facts.villages), np.inf)
    np.minimum.at(first, facts.row_of[log.place[rows]], log.time_h[rows])
    return first


def _after_impact(log: EventLog, facts: Facts, time_h: NDArray[np.float64], at_h: float, place: str) -> float:
    impact = whereabouts.impact_h(log, facts)
    chosen = facts.chosen(place) & np.isfinite(impact)
    wait = np.where(time_h <= at_h + SAME_H, time_h, np.inf)[chosen] - impact[chosen]
    return float(wait.min()) if chosen.any() else float("nan")


def rescued(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Persons taken off while trapped or stranded, by `at_h`."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1)) & (log.time_h[rows] <= at_h + SAME_H)]
    return _total(village_sums(log, facts, rows, by_place=True), facts, place)


def died(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Deaths by `at_h`."""
    rows = rows_of(log, EventKind.DIED)
    return _total(village_sums(log, facts, rows[log.time_h[rows] <= at_h + SAME_H]), facts, place)


def _of_fires(value: Callable[[EventLog, Facts, float], NDArray[np.float64]]) -> Reading:
    """Sum over the fires meant of what `value` answers for each, by `at_h`."""

    def total(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        return float(value(log, facts, at_h)[facts.chosen_fires(place)].sum())

    return total


def _water_t(log: EventLog, facts: Facts, at_h: float) -> NDArray[np.float64]:
    return fire_line.amounts(log, facts, EventKind.DROPS, at_h)


def persons_on_line(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """People at the edge of the fires at `at_h`; without a moment the most at any time."""
    which = facts.chosen_fires(place)
    if np.isfinite(at_h):
        return float(fire_line.persons_on_line(log, facts, np.array([at_h]), which)[0])
    starts = fire_line.line_assignments(log, facts).start_h
    return float(fire_line.persons_on_line(log, facts, starts, which).max(initial=0.0))


def _until(step: str) -> Reading:
    """Hours from the report of the slowest fire meant until a step; infinite for none by `at_h`, nan for no fire."""

    def wait_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        which = facts.chosen_fires(place) & np.isfinite(fire.began_h(log, facts))
        wait = waits_h(log, facts)[step]
        late = fire.reported_h(log, facts) + wait > at_h + SAME_H
        return float(np.where(late, np.inf, wait)[which].max()) if which.any() else float("nan")

    return wait_h


def _relief_waits(needs: tuple[int, ...] | None) -> Waits:
    """Waits for relief of these needs (None: all that are tracked) of all who were affected."""

    def waits(log: EventLog, facts: Facts, at_h: float, place: str) -> tuple[Hours, Hours]:
        groups = affected(log, facts, needs)
        groups = pick(groups, facts.chosen(place)[groups.village] & ~groups.on_own)
        wait = waited_h(log, facts, groups)
        return np.where(groups.relieved_h <= at_h + SAME_H, wait, NEVER), groups.persons

    return waits


def _rescue_waits(log: EventLog, facts: Facts, at_h: float, place: str) -> tuple[Hours, Hours]:
    """Waits to be taken off of all who were cut off by the hazard in their village, each time they were.

    Whom it let go again, who died and who was there at the end was never taken off.
    """
    chosen, impact = facts.chosen(place), whereabouts.impact_h(log, facts)
    rows = rows_of(log, EventKind.PICKS_UP)
    village = facts.row_of[log.place[rows]]
    rows = rows[np.isin(log.item[rows], (0, 1)) & chosen[village] & (log.time_h[rows] <= at_h + SAME_H)]
    cut_off = _total(village_sums(log, facts, rows_of(log, EventKind.STRANDED)), facts, place)
    wait = np.maximum(log.time_h[rows] - impact[facts.row_of[log.place[rows]]], 0.0)
    left = max(cut_off - float(log.persons[rows].sum()), 0.0)
    return np.append(wait, NEVER), np.append(log.persons[rows], left)


for _figure in (
    Figure("moved_before_impact", "persons", moved_before_impact),
    Figure("evacuated_by", "persons", evacuated_by),
    Figure("affected_by", "persons", affected_by),
    Figure("villages_affected_by", "villages", villages_affected_by),
    Figure("residents_reached_by", "persons", residents_reached_by),
    Figure("first_relief_h", "h", first_relief_h),
    Figure("first_rescue_h", "h", first_rescue_h),
    Figure("rescued", "persons", rescued),
    Figure("died", "persons", died),
    Figure("relief_h", "h", waits=_relief_waits(None)),
    Figure("food_h", "h", waits=_relief_waits((NEEDS.index("food"),))),
    Figure("rescue_h", "h", waits=_rescue_waits),
):
    register(_figure)

extend(WILDFIRE.name, figures=(
    Figure("burned_ha", "ha", _of_fires(fire.burned_ha), of="ignitions"),
    Figure("line_km", "km", _of_fires(fire_line.line_km), of="ignitions"),
    Figure("drops", "drops", _of_fires(fire_line.drops), of="ignitions"),
    Figure("water_t", "t", _of_fires(_water_t), of="ignitions"),
    Figure("persons_on_line", "persons", persons_on_line, of="ignitions"),
    Figure("fire_contained_h", "h", _until("contained"), of="ignitions"),
    Figure("fire_out_h", "h", _until("out"), of="ignitions"),
))  # fmt: skip


def recorded_value(log: EventLog, facts: Facts, metric: str, at_h: float | None = None, place: str = "") -> float:
    """A figure of one replication, in the figure's unit.

    Args:
        log: the event log of the replication.
        facts: what stood fixed in it.
        metric: name of a figure that is read as one number.
        at_h: moment at which it is read, hours since the start; None: the end of the log.
        place: id of what it is of (`Figure.of`); empty: all of them.

    Returns:
        The value; infinite for never, nan where there was nothing to be read.

    Raises:
        KeyError: where the hazards of the scenario have no figure of one number of the name.
        ValueError: for a place that nobody knows.
    """
    value = figures(facts.hazards)[metric].value
    if value is None:
        raise KeyError(metric)
    return value(log, facts, np.inf if at_h is None else at_h, place)


def recorded_waits(
    log: EventLog, facts: Facts, metric: str, at_h: float | None = None, place: str = ""
) -> tuple[Hours, Hours]:
    """Waits of all persons of a place in one replication, for a record of one of them.

    Arguments as of `recorded_value`, for a figure that is read as waits.

    Returns:
        Hours (infinite: never by `at_h`) and persons of each group that waited alike, both shape (n,).

    Raises:
        KeyError: where no figure of waits has the name.
        ValueError: for a place that nobody knows.
    """
    waits = figures(facts.hazards)[metric].waits
    if waits is None:
        raise KeyError(metric)
    return waits(log, facts, np.inf if at_h is None else at_h, place)
