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
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from simrescue.events import EventKind, EventLog
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.hazards.wildfire.kind import WILDFIRE
from simrescue.kinds import KINDS, names
from simrescue.metrics import levels
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import silence, whereabouts
from simrescue.metrics.people.relief import affected, waited_h
from simrescue.metrics.reading import NEVER, add_up, pick, rows_of, village_sums, village_times
from simrescue.metrics.requests import aid
from simrescue.metrics.wildfire import fire, fire_line, fire_record
from simrescue.metrics.wildfire.fire_summary import waits_h
from simrescue.places import NEEDS
from simrescue.records import for_a_while
from simrescue.responders import LevelOfResponse
from simrescue.units import SAME_H

Hours = NDArray[np.float64]
Values = NDArray[np.float64]
Reading = Callable[[EventLog, Facts, float, str], float]
Each = Callable[[EventLog, Facts, float], Values]
Waits = Callable[[EventLog, Facts, float, str], tuple[Hours, Hours]]


MOMENT = "moment"
"""Unit of a figure that tells when something happened: hours since the start, on record a date and time."""


@dataclass(frozen=True)
class Figure:
    """What the record of a real event may say, and how a simulated log answers; one of `value` and `waits` is given.

    A half-made one is refused with a ValueError that tells all that is missing.
    """

    name: str
    """As in `history.metric` of scenario.yaml."""
    unit: str
    """Unit of the recorded value and of the simulated ones: h, ha, km, t, persons, or what is counted; `MOMENT`."""
    value: Reading | None = None
    """One number of a replication; infinite: never, nan: there was nothing to be read."""
    waits: Waits | None = None
    """Hours and persons of each group of people there, both shape (n,): the record is of one person among them."""
    of: str = "villages"
    """Table whose rows its `place` may name, of villages also their zones; empty: it is of the whole scenario only."""
    of_residents: bool = False
    """Whether it counts residents of the villages, so that a miss can be told by the others."""
    each: Each | None = None
    """Of a sum over villages or fires: what each adds, by (log, facts, at_h), so that a miss can be told by place."""

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
    deployed = [Figure(f"{kind}s_deployed_by", f"{kind}s", _deployed_by(kind)) for kind in names("responder")]
    return {**FIGURES, **{figure.name: figure for figure in (*deployed, *own)}}


def _lacks(figure: Figure) -> Iterator[str]:
    if not figure.name.isidentifier():
        yield f"a name of letters, digits and _ (it is {figure.name!r})"
    if (figure.value is None) == (figure.waits is None):
        yield "one function, value or waits"
    if not figure.unit:
        yield "a unit"
    if figure.of not in (tables := ["", *(kind.table for kind in KINDS.values() if kind.table)]):
        yield f"the table that it is of, among {', '.join(tables)} (it is {figure.of!r})"


# ---- figures of villages, as what each adds: functions of (log, facts, at_h) that answer shape (V,)


def moved_before_impact(log: EventLog, facts: Facts, at_h: float) -> Values:
    """Persons out of their village just before the hazard came (or just before `at_h`, where that is earlier)."""
    return whereabouts.away(log, facts, np.minimum(whereabouts.impact_h(log, facts), at_h))


def affected_by(log: EventLog, facts: Facts, at_h: float) -> Values:
    """Persons who by `at_h` had left home or had been stranded there."""
    groups = affected(log, facts)
    early = groups.affected_h <= at_h + SAME_H
    return add_up(groups.village[early], groups.persons[early], len(facts.villages))


def directly_affected_by(log: EventLog, facts: Facts, at_h: float) -> Values:
    """The affected by `at_h` without those whom the hazard had only cut off.

    Directly affected are who was moved or suffered harm or damage (UNDRR terminology, A/71/644, 2016): all affected
    people of villages into which water or flames had come by `at_h`, and of others those who were out of them then.
    """
    every, out = affected_by(log, facts, at_h), whereabouts.away(log, facts, at_h)
    return np.where(whereabouts.exposed_h(log, facts) <= at_h + SAME_H, every, np.minimum(every, out))


def villages_affected_by(log: EventLog, facts: Facts, at_h: float) -> Values:
    """1 where there were affected people or the hazard by `at_h`."""
    reached = whereabouts.impact_h(log, facts) <= at_h + SAME_H
    return ((affected_by(log, facts, at_h) > 0) | reached).astype(float)


def residents_reached_by(log: EventLog, facts: Facts, at_h: float) -> Values:
    """Residents of the villages that the hazard had reached by `at_h`, wherever they then were."""
    return np.where(whereabouts.impact_h(log, facts) <= at_h + SAME_H, facts.population, 0.0)


def residents_exposed_by(log: EventLog, facts: Facts, at_h: float) -> Values:
    """Residents of the villages into which water or flames had come by `at_h`, wherever they then were."""
    return np.where(whereabouts.exposed_h(log, facts) <= at_h + SAME_H, facts.population, 0.0)


def rescued(log: EventLog, facts: Facts, at_h: float) -> Values:
    """Persons taken off in need, by `at_h`."""
    return whereabouts.rescued(log, facts, at_h)


def _villages_between(begins: EventKind, ends: EventKind) -> Each:
    """1 where a state that rows of one kind begin and rows of another end held at `at_h`."""

    def each(log: EventLog, facts: Facts, at_h: float) -> Values:
        return silence.holds_at(log, facts, begins, ends, at_h).astype(float)

    return each


def _by(kind: EventKind) -> Each:
    """Persons of the rows of one kind, by `at_h`."""

    def each(log: EventLog, facts: Facts, at_h: float) -> Values:
        rows = rows_of(log, kind)
        return village_sums(log, facts, rows[log.time_h[rows] <= at_h + SAME_H])

    return each


def _in_state(*states: int) -> Each:
    """Persons in some states (`whereabouts.PERSON_STATES`) just before `at_h`."""

    def each(log: EventLog, facts: Facts, at_h: float) -> Values:
        total: Values = whereabouts.counts_by_village(log, facts, at_h)[:, list(states)].sum(axis=1)
        return total

    return each


def _rows_at(kind: EventKind) -> Each:
    """Rows of one kind at each village, by `at_h`."""

    def each(log: EventLog, facts: Facts, at_h: float) -> Values:
        rows = rows_of(log, kind)
        village = facts.row_of[log.place[rows[log.time_h[rows] <= at_h + SAME_H]]]
        return np.bincount(village[village >= 0], minlength=len(facts.villages)).astype(float)

    return each


def _of_villages(name: str, unit: str, each: Each, *, of_residents: bool = False) -> Figure:
    """The figure that adds up what each village has."""

    def total(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        return _total(each(log, facts, at_h), facts, place)

    return Figure(name, unit, total, of_residents=of_residents, each=each)


def _total(values: Values, facts: Facts, place: str) -> float:
    return float(values[facts.chosen(place)].sum())


# ---- figures of the whole scenario, of responders and of moments


def _deployed_by(kind: str) -> Reading:
    """Responders of a kind that had been at one of the villages meant at least once, by `at_h`."""

    def number(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        rows = rows_of(log, EventKind.ARRIVES)
        rows = rows[(log.time_h[rows] <= at_h + SAME_H) & facts.of_kinds((kind,))[log.subject[rows]]]
        chosen = np.append(facts.chosen(place), False)  # row -1: no village
        return float(len(np.unique(log.subject[rows[chosen[facts.row_of[log.place[rows]]]]])))

    return number


def _delivered_by(need: int) -> Reading:
    """Goods of a need handed over to people, in villages and shelters, by `at_h`: person-days or sets."""

    def amount(log: EventLog, facts: Facts, at_h: float, _place: str) -> float:
        rows = rows_of(log, EventKind.DELIVERS)
        # Not what goes from store to store, which would be counted at every stop.
        to_people = facts.of_kinds(("village", "institution", "shelter"))[log.place[rows]]
        rows = rows[to_people & (log.item[rows] == need) & (log.time_h[rows] <= at_h + SAME_H)]
        return float(log.amount[rows].sum())

    return amount


CLOSED_BY = {
    EventKind.ROAD_FLOODS: EventKind.ROAD_CLEARS,
    EventKind.ROAD_DAMAGED: EventKind.ROAD_REPAIRED,
    EventKind.ROAD_CLOSES: EventKind.ROAD_OPENS,
}
"""What closes a road -> what opens it again, each cause (`item`) by itself."""


def roads_closed_at(log: EventLog, _facts: Facts, at_h: float, _place: str) -> float:
    """Roads that something had closed for lorries at `at_h`."""
    closed: set[tuple[int, int, int]] = set()
    ends = {end.value: start.value for start, end in CLOSED_BY.items()}
    kinds = [kind.value for pair in CLOSED_BY.items() for kind in pair]
    for row in np.flatnonzero(np.isin(log.kind, kinds) & (log.time_h <= at_h + SAME_H)):
        kind, cause = int(log.kind[row]), (int(log.subject[row]), int(log.item[row]))
        if kind in ends:
            closed.discard((ends[kind], *cause))
        else:
            closed.add((kind, *cause))
    return float(len({road for _, road, _ in closed}))


def _first_at(kind: EventKind, *, by_place: bool = False) -> Reading:
    """Hour at which the first of the villages meant has an event of a kind; infinite for none by `at_h`."""

    def hour(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        first = village_times(log, facts, kind, by_place)[facts.chosen(place)].min(initial=NEVER)
        return float(first) if first <= at_h + SAME_H else NEVER

    return hour


def first_relief_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the hazard's coming to the first delivery there; infinite for none by `at_h`."""
    return _after_impact(log, facts, village_times(log, facts, EventKind.DELIVERS, by_place=True), at_h, place)


def first_rescue_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the hazard's coming until the first trapped or stranded person is taken off; infinite for none."""
    return _after_impact(log, facts, first_rescue_times(log, facts), at_h, place)


def first_rescue_times(log: EventLog, facts: Facts) -> Values:
    """Hour at which the first trapped or stranded person of each village is taken off, shape (V,)."""
    rows = rows_of(log, EventKind.PICKS_UP)
    rows = rows[np.isin(log.item[rows], (0, 1))]
    first = np.full(len(facts.villages), np.inf)
    np.minimum.at(first, facts.row_of[log.place[rows]], log.time_h[rows])
    return first


def first_word_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hours from the first loss of contact to the next word of the village meant where it took longest.

    Infinite for none by `at_h`, nan where none of them was silent.
    """
    lost = village_times(log, facts, EventKind.CONTACT_LOST)
    silent = facts.chosen(place) & np.isfinite(lost) & (lost <= at_h + SAME_H)
    if not silent.any():
        return float("nan")
    word = silence.first_word_h(log, facts)[silent]
    return float(np.where(lost[silent] + word <= at_h + SAME_H, word, NEVER).max())


def _after_impact(log: EventLog, facts: Facts, time_h: Values, at_h: float, place: str) -> float:
    impact = whereabouts.impact_h(log, facts)
    chosen = facts.chosen(place) & np.isfinite(impact)
    wait = np.where(time_h <= at_h + SAME_H, time_h, np.inf)[chosen] - impact[chosen]
    return float(wait.min()) if chosen.any() else float("nan")


# ---- figures of fires


def _of_fires(name: str, unit: str, each: Each) -> Figure:
    """The figure that adds up what each of the fires meant has by `at_h`; `each` answers shape (F,)."""

    def total(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        return float(each(log, facts, at_h)[facts.chosen_fires(place)].sum())

    return Figure(name, unit, total, of="ignitions", each=each)


def _water_t(log: EventLog, facts: Facts, at_h: float) -> Values:
    return fire_line.amounts(log, facts, EventKind.DROPS, at_h)


def _pumped_t(log: EventLog, facts: Facts, at_h: float) -> Values:
    return fire_line.amounts(log, facts, EventKind.WATER_USED, at_h)


def persons_on_line(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """People at the edge of the fires at `at_h`; without a moment the most at any time."""
    which = facts.chosen_fires(place)
    if np.isfinite(at_h):
        return float(fire_line.persons_on_line(log, facts, np.array([at_h]), which)[0])
    # The number only grows when somebody takes a post: the most is at one of these moments.
    starts = fire_line.line_assignments(log, facts).start_h
    return float(fire_line.persons_on_line(log, facts, starts, which).max(initial=0.0))


def persons_at_fire(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """People of crews at the fires at `at_h`, on the line or not; without a moment the most at any time."""
    return fire_record.persons_at_fire(log, facts, at_h, facts.chosen_fires(place))


def _first_of_fires(moment_h: Callable[[EventLog, Facts], Values]) -> Reading:
    """Hour at which the first of the fires meant came to something; infinite for none by `at_h`."""

    def hour(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        first = float(moment_h(log, facts)[facts.chosen_fires(place)].min(initial=NEVER))
        return first if first <= at_h + SAME_H else NEVER

    return hour


def _last_burning_out(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
    """Hour at which ground in front of the line of the fires meant was last lit by `at_h`; infinite for never."""
    last = fire_record.last_burning_out_h(log, facts, at_h)[facts.chosen_fires(place)]
    return float(last[np.isfinite(last)].max(initial=-NEVER)) if np.isfinite(last).any() else NEVER


def _until(step: str, *, moment: bool = False) -> Reading:
    """Hours from the report of the slowest fire meant until a step; infinite for none by `at_h`, nan for no fire.

    `moment`: the hour of the step itself.
    """

    def wait_h(log: EventLog, facts: Facts, at_h: float, place: str) -> float:
        which = facts.chosen_fires(place) & np.isfinite(fire.began_h(log, facts))
        wait, reported = waits_h(log, facts)[step], fire.reported_h(log, facts)
        late = reported + wait > at_h + SAME_H
        hours = np.where(late, np.inf, reported + wait if moment else wait)
        return float(hours[which].max()) if which.any() else float("nan")

    return wait_h


# ---- what single persons waited


def _relief_waits(needs: tuple[int, ...] | None) -> Waits:
    """Waits for relief of these needs (None: all that are tracked) of all who were affected."""

    def waits(log: EventLog, facts: Facts, at_h: float, place: str) -> tuple[Hours, Hours]:
        groups = affected(log, facts, needs)
        groups = pick(groups, facts.chosen(place)[groups.village] & groups.owed)
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
    _of_villages("moved_before_impact", "persons", moved_before_impact, of_residents=True),
    _of_villages("evacuated_by", "persons", whereabouts.away, of_residents=True),
    _of_villages("affected_by", "persons", affected_by, of_residents=True),
    _of_villages("directly_affected_by", "persons", directly_affected_by, of_residents=True),
    _of_villages("villages_affected_by", "villages", villages_affected_by),
    _of_villages("villages_cut_off_at", "villages", _villages_between(EventKind.ISOLATED, EventKind.REACHABLE)),
    _of_villages(
        "villages_silent_at", "villages", _villages_between(EventKind.CONTACT_LOST, EventKind.CONTACT_RESTORED)
    ),
    _of_villages("residents_reached_by", "persons", residents_reached_by, of_residents=True),
    _of_villages("residents_exposed_by", "persons", residents_exposed_by, of_residents=True),
    _of_villages("warned_by", "persons", _by(EventKind.WARNED), of_residents=True),
    _of_villages("sheltered_at", "persons", _in_state(whereabouts.SHELTERED)),
    _of_villages("lodged_at", "persons", _in_state(whereabouts.LODGED)),
    _of_villages("trapped_at", "persons", _in_state(whereabouts.TRAPPED)),
    _of_villages("cut_off_at", "persons", _in_state(whereabouts.STRANDED, whereabouts.TRAPPED)),
    _of_villages("rescued", "persons", rescued),
    _of_villages("injured_by", "persons", _by(EventKind.INJURED)),
    _of_villages("deaths", "persons", _by(EventKind.DIED)),
    _of_villages("calls_by", "calls", _rows_at(EventKind.CALL)),
    Figure("first_relief_h", "h", first_relief_h),
    Figure("first_rescue_h", "h", first_rescue_h),
    Figure("first_word_h", "h", first_word_h),
    Figure("water_arrives", MOMENT, _first_at(EventKind.WATER_ARRIVES)),
    Figure("first_order", MOMENT, _first_at(EventKind.ORDERED)),
    Figure("first_delivery", MOMENT, _first_at(EventKind.DELIVERS, by_place=True)),
    Figure("first_pick_up", MOMENT, _first_at(EventKind.PICKS_UP, by_place=True)),
    *(
        Figure(f"level_{level}_due", MOMENT, levels.moment(levels.due_h, level), of="")
        for level in get_args(LevelOfResponse)
    ),
    *(
        Figure(f"level_{level}_declared", MOMENT, levels.moment(levels.in_force_h, level), of="")
        for level in get_args(LevelOfResponse)
    ),
    Figure("aid_sets_out", MOMENT, aid.first_h(EventKind.AID_SETS_OUT), of=""),
    Figure("aid_handed_over", MOMENT, aid.first_h(EventKind.AID_HANDED_OVER), of=""),
    Figure("aid_crews_by", "crews", aid.crews_by, of=""),
    Figure("roads_closed_at", "roads", roads_closed_at, of=""),
    Figure("relief_h", "h", waits=_relief_waits(None)),
    Figure("food_h", "h", waits=_relief_waits((NEEDS.index("food"),))),
    Figure("rescue_h", "h", waits=_rescue_waits),
    *(Figure(f"{need}_delivered_by", "person-days or sets", _delivered_by(i), of="") for i, need in enumerate(NEEDS)),
):
    register(_figure)

extend(WILDFIRE.name, figures=(
    _of_fires("burned_ha", "ha", fire.burned_ha),
    _of_fires("line_km", "km", fire_line.line_km),
    _of_fires("drops", "drops", fire_line.drops),
    _of_fires("water_t", "t", _water_t),
    _of_fires("pumped_t", "t", _pumped_t),
    _of_fires("line_lost_km", "km", fire_record.line_lost_km),
    _of_fires("overrun_by", "persons", fire_record.overrun_by),
    _of_fires("caught_by", "persons", fire_record.caught_by),
    Figure("persons_at_fire", "persons", persons_at_fire, of="ignitions"),
    Figure("fire_reported", MOMENT, _first_of_fires(fire.reported_h), of="ignitions"),
    Figure("fire_on_line", MOMENT, _first_of_fires(fire.on_line_h), of="ignitions"),
    Figure("fire_line_lost", MOMENT, _first_of_fires(fire_record.first_lost_h), of="ignitions"),
    Figure("fire_last_burned_out", MOMENT, _last_burning_out, of="ignitions"),
    Figure("persons_on_line", "persons", persons_on_line, of="ignitions"),
    Figure("fire_contained_h", "h", _until("contained"), of="ignitions"),
    Figure("fire_out_h", "h", _until("out"), of="ignitions"),
    Figure("fire_contained", MOMENT, _until("contained", moment=True), of="ignitions"),
    Figure("fire_out", MOMENT, _until("out", moment=True), of="ignitions"),
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
