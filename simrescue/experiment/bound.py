"""What the best possible dispatch could have done in one replication with the same forces: a bound on a clause's value.

It takes the water, the people and the requests as they came in that replication, and asks how many of them could have
been served in time by the responders that were there, under the relaxation of `dispatch.bound` and with these times:

    out        a responder leaves its base when it is free and the first request that it could serve has come, after
               the shortest turnout; from then on it may stand anywhere that its vehicle can have reached
    a visit    not before the request, plus the last stretch of way to the place; by dry roads (a boat by hull where
               that is faster), a helicopter in daylight and weather that it may fly in
    goods      by way of the best depot, once its staff are there; loading and unloading cost no time
    people     a mission carries no more than its seats, and ends at a shelter

Where the bound breaks a clause too, no dispatch keeps it: other forces, stores, roads or earlier reports are
needed. Where only the simulated dispatch breaks it, the dispatch may be what to mend.

    share_responded   requests that somebody of the kinds asked for could have reached within the limit
    share_supplied    the same for the first delivery of each request for relief
    share_relieved    people relieved before any delivery to where they were; people of villages and shelters that goods
                      could have reached within their limit; people who could have been carried to a shelter

Other measures have no bound (nan).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.bound import most_carried, most_served
from simrescue.events import EventKind, EventLog
from simrescue.experiment.reach import Array, Reach
from simrescue.experiment.statistics import judge_clause
from simrescue.metrics import measure, relief, response
from simrescue.metrics.facts import LEVELS, RESPONDERS
from simrescue.metrics.reading import add_up, first_times, pick, rows_of
from simrescue.places import NEEDS
from simrescue.plans import Line, Verdict
from simrescue.responders import EVACUATE, RELIEF, RESCUE, TASKS
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import Member, compile_world

_FAR_H = 1e7
Progress = Callable[[int, int], None]
CARRYING = frozenset({RESCUE, EVACUATE})


def best_value(reach: Reach, log: EventLog, name: str, settings: Mapping[str, Any]) -> float:
    """An upper bound, over all dispatches, of a measure (a share) in the replication of this log; nan: no bound.

    `reach` is that of the world, shared by all its replications.
    """
    bound = _BOUNDS.get(name)
    return bound(reach, log, settings) if bound else math.nan


def bounded() -> tuple[str, ...]:
    """Names of the measures that have a bound."""
    return tuple(_BOUNDS)


class Bounded(NamedTuple):
    """What the simulated dispatch did with one clause, and what any dispatch could have done at best."""

    line: Line
    simulated: Verdict
    best: Verdict


def bounds(
    scenario: Scenario, lines: Sequence[Line], replications: int, seed: int = 1, progress: Progress | None = None
) -> list[Bounded]:
    """Run a scenario in this process and set each clause that has a bound beside it.

    Both verdicts stand on the same replications; both intervals are exact.
    """
    world = compile_world(scenario)
    reach, chosen = Reach(world), [line for line in lines if line.clause.measure in _BOUNDS]
    values: list[list[tuple[float, float]]] = [[] for _ in chosen]
    for number in range(replications):
        log = replicate(world, seed, number).log
        for line, found in zip(chosen, values, strict=True):
            name, given = line.clause.measure, line.clause.settings.given()
            found.append((measure(log, world.facts, name, given), best_value(reach, log, name, given)))
        if progress:
            progress(number + 1, replications)
    return [
        Bounded(line, *(judge_clause(line.clause, [pair[side] for pair in found]) for side in (0, 1)))
        for line, found in zip(chosen, values, strict=True)
    ]


class Crews(NamedTuple):
    """Equal responders, and the hour from which they can be out in one replication."""

    member: Member
    number: int
    out_h: float


def _crews(reach: Reach, log: EventLog, able: Callable[[Member], bool]) -> list[Crews]:
    """Those who are able, not in maintenance, and ever needed; responders of one row together."""
    asked = response.requests(log)
    first = [asked.opened_h[asked.task == task].min(initial=math.inf) for task in range(len(TASKS))]
    down = set(log.subject[rows_of(log, EventKind.UNSERVICEABLE)].tolist())
    counts: dict[int, list[Member]] = {}
    for member in reach.world.members:
        if member.index not in down and able(member):
            counts.setdefault(id(member.record), []).append(member)
    called = [(row, min((first[task] for task in row[0].tasks), default=math.inf)) for row in counts.values()]
    found = [Crews(row[0], len(row), reach.out_h(row[0], float(needed))) for row, needed in called]
    return [crews for crews in found if crews.out_h < math.inf]


# ---- requests


def _responded(reach: Reach, log: EventLog, settings: Mapping[str, Any]) -> float:
    tasks = frozenset(TASKS.index(task) for task in settings.get("tasks") or TASKS)
    kinds, levels = tuple(settings.get("kinds") or RESPONDERS), tuple(settings.get("levels") or LEVELS)
    return _share_of_requests(
        reach, log, settings["limit_h"], tasks, lambda m: m.kind in kinds and m.record.level in levels
    )


def _supplied(reach: Reach, log: EventLog, settings: Mapping[str, Any]) -> float:
    return _share_of_requests(reach, log, settings["limit_h"], frozenset({RELIEF}), lambda _: True)


def _share_of_requests(
    reach: Reach, log: EventLog, limit_h: float, tasks: frozenset[int], chosen: Callable[[Member], bool]
) -> float:
    asked = response.requests(log)
    counted = np.flatnonzero(np.isin(asked.task, sorted(tasks)))
    if not len(counted):
        return math.nan
    crews = _crews(reach, log, lambda member: chosen(member) and bool(member.tasks & tasks))
    latest = asked.reported_h[counted] + limit_h
    first = np.array([_soonest(reach, log, one, counted) for one in crews]).reshape(len(crews), len(counted))
    feasible = first.min(axis=0, initial=math.inf) <= latest + 1e-6
    places, which = np.unique(asked.place[counted], return_inverse=True)
    weight = add_up(which, feasible.astype(float), len(places))
    at_place = np.full((len(crews), len(places)), math.inf)
    last = np.full(len(places), -math.inf)
    np.minimum.at(at_place.T, which, first.T)
    np.maximum.at(last, which, latest)
    step = [reach.between_h(one.member, places) for one in crews]
    return most_served(weight, last, at_place, step, [one.number for one in crews]) / len(counted)


def _soonest(reach: Reach, log: EventLog, crews: Crews, counted: NDArray[np.intp]) -> Array:
    """Earliest arrival of one of these crews for each counted request, hours; infinite for other tasks."""
    asked, member = response.requests(log), crews.member
    place, task, opened = asked.place[counted], asked.task[counted], asked.opened_h[counted]
    start = np.maximum(opened, crews.out_h)
    again = opened > first_times(place, opened, reach.world.n_places)[place]  # it may stand there since the first one
    near = np.where(again, 0.0, reach.last_stretch_h(member)[place])
    plain = np.maximum(reach.fly_from(member, start) + near, crews.out_h + reach.hours(member, member.base)[place])
    loaded = _loaded_h(reach, log, crews, place, start)
    able = np.isin(task, sorted(member.tasks))
    return np.where(able, np.where(task == RELIEF, loaded, plain), math.inf)


def _loaded_h(reach: Reach, log: EventLog, crews: Crews, place: NDArray[np.intp], start_h: Array) -> Array:
    """Earliest arrival at each place with goods, setting out for a depot no earlier than `start_h`."""
    depots, asked = reach.places("depots"), response.requests(log)
    if not len(depots) or RELIEF not in crews.member.tasks:
        return np.full(len(place), math.inf)
    ordered = float(asked.opened_h[asked.task == RELIEF].min(initial=math.inf))
    opening = np.array([float(depot.opening_h) for depot in reach.world.scenario.depots])
    at_depot = np.maximum(crews.out_h + reach.hours(crews.member, crews.member.base)[depots], ordered + opening)
    leaving = np.maximum(reach.fly_from(crews.member, start_h)[None, :], at_depot[:, None])
    return np.asarray((leaving + reach.table(crews.member, depots)[:, place]).min(axis=0))


# ---- relief


class _People(NamedTuple):
    """Who of the people who count could be relieved where, as numbers of persons."""

    total: float
    unaided: float
    """Relieved in time, where they were, before anything was delivered there."""
    jobs: Array
    """For each place (N) the others there who need a delivery."""
    latest_h: Array
    """For each place (N) the last hour at which that is in time for any of them."""


def _relieved(reach: Reach, log: EventLog, settings: Mapping[str, Any]) -> float:
    people = _people(reach, log, settings)
    if not people.total > 0:
        return math.nan
    places = np.flatnonzero(people.jobs > 0)
    villages = places[places < len(reach.world.facts.villages)]
    helped = _goods(reach, log, people.jobs[places], people.latest_h[places], places)
    helped += _lifts(reach, log, people.jobs[villages], people.latest_h[villages], villages)
    return min(1.0, (people.unaided + helped) / people.total)


def _people(reach: Reach, log: EventLog, settings: Mapping[str, Any]) -> _People:
    facts, named, size = reach.world.facts, settings.get("needs"), reach.world.n_places
    groups = relief.affected(log, facts, tuple(sorted(NEEDS.index(need) for need in named)) if named else None)
    groups = pick(groups, relief.counted(log, facts, groups, settings.get("who", "affected")))
    clock, limit_h = settings.get("clock", "village_impact"), settings["limit_h"]
    never = groups._replace(relieved_h=np.full(len(groups.village), _FAR_H))
    latest = np.full(size, -math.inf)
    home = facts.villages[groups.village]
    np.maximum.at(latest, home, _FAR_H - relief.waited_h(log, facts, never, clock) + limit_h)
    in_time = relief.waited_h(log, facts, groups, clock) <= limit_h
    delivered = first_times(*_deliveries(log), size)[groups.site]
    unaided = pick(groups, in_time & (groups.relieved_h < delivered))
    jobs = add_up(home, groups.persons, size) - _gone_for_good(reach, log)
    at_home = unaided.site == facts.villages[unaided.village]
    jobs -= add_up(unaided.site[at_home], unaided.persons[at_home], size)
    came, last = _came_alone(reach, log, latest)
    carried = _arrivals(log, 1, size)
    jobs += came - np.maximum(add_up(unaided.site[~at_home], unaided.persons[~at_home], size) - carried, 0.0)
    return _People(
        float(groups.persons.sum()), float(unaided.persons.sum()), np.maximum(jobs, 0.0), np.maximum(latest, last)
    )


def _deliveries(log: EventLog) -> tuple[NDArray[Any], Array]:
    rows = rows_of(log, EventKind.DELIVERS)
    return log.place[rows], log.time_h[rows]


def _moved(log: EventLog, kind: EventKind, items: tuple[int, ...], size: int) -> Array:
    """Persons of each village in rows of a kind, at the index of their village, shape (N,)."""
    rows = rows_of(log, kind)
    rows = rows[np.isin(log.item[rows], items)]
    return add_up(log.subject[rows], log.persons[rows], size)


def _gone_for_good(reach: Reach, log: EventLog) -> Array:
    """At least so many persons of each village left by their own means before they could be relieved at home, (N,)."""
    size = reach.world.n_places
    back = 2 * _moved(log, EventKind.TURN_BACK, (-1, 0), size) + _moved(log, EventKind.FREED, (1,), size)
    home = _moved(log, EventKind.RETURN_HOME, (-1, 0, 1, 2), size)
    return np.maximum(_moved(log, EventKind.LEAVE, (0,), size) - back - home, 0.0)


def _arrivals(log: EventLog, item: int, size: int) -> Array:
    rows = rows_of(log, EventKind.ARRIVE_SHELTER)
    rows = rows[log.item[rows] == item]
    return add_up(log.place[rows], log.persons[rows], size)


def _came_alone(reach: Reach, log: EventLog, latest_h: Array) -> tuple[Array, Array]:
    """Persons who came to each shelter by their own means in time for relief, and the last hour of that, (N,)."""
    size = reach.world.n_places
    rows = rows_of(log, EventKind.ARRIVE_SHELTER)
    rows = rows[(log.item[rows] != 1) & (log.time_h[rows] <= latest_h[log.subject[rows]])]
    last = np.full(size, -math.inf)
    np.maximum.at(last, log.place[rows], latest_h[log.subject[rows]])
    return add_up(log.place[rows], log.persons[rows], size), last


def _goods(reach: Reach, log: EventLog, persons: Array, latest: Array, places: NDArray[np.intp]) -> float:
    """Most people of villages that can each get a delivery in time."""
    crews = _crews(reach, log, lambda member: RELIEF in member.tasks)
    opened = _first_opened(reach, log, frozenset({RELIEF}))[places]
    first = [_loaded_h(reach, log, one, places, np.maximum(opened, one.out_h)) for one in crews]
    step = [reach.round_trip_h(one.member, reach.places("depots"), places) for one in crews]
    table = np.array(first).reshape(len(crews), len(places))
    return most_served(persons, latest, table, step, [one.number for one in crews])


def _lifts(reach: Reach, log: EventLog, persons: Array, latest: Array, places: NDArray[np.intp]) -> float:
    """Most people who can be carried to a shelter in time."""
    shelters = reach.places("shelters")
    crews = _crews(reach, log, lambda member: bool(member.tasks & CARRYING) and member.seats > 0)
    if not len(shelters) or not crews:
        return 0.0
    opened = _first_opened(reach, log, CARRYING)[places]
    first, step = [], []
    for one in crews:
        start = reach.fly_from(one.member, np.maximum(opened, one.out_h))
        come = np.maximum(start, one.out_h + reach.hours(one.member, one.member.base)[places])
        first.append(come + reach.table(one.member, shelters)[:, places].min(axis=0))
        step.append(reach.round_trip_h(one.member, shelters, places))
    seats = [one.member.seats * one.number for one in crews]
    return most_carried(persons, latest, np.array(first), step, seats)


def _first_opened(reach: Reach, log: EventLog, tasks: frozenset[int]) -> Array:
    """When the first request for any of these tasks was opened at each place, shape (N,); infinite for never."""
    asked = response.requests(log)
    mine = np.isin(asked.task, sorted(tasks))
    return first_times(asked.place[mine], asked.opened_h[mine], reach.world.n_places)


_BOUNDS: dict[str, Callable[[Reach, EventLog, Mapping[str, Any]], float]] = {
    "share_responded": _responded,
    "share_supplied": _supplied,
    "share_relieved": _relieved,
}
