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

    response   requests that somebody of the kinds asked for could have reached within the limit
    supply     the same for the first delivery of each request for relief
    relief     people relieved without any crew, at home or by what lies in the shelter that they came to;
               people of villages and shelters that goods could have reached within their limit; people who
               could have been carried to a shelter

A measure names its bound (`Measure.bounded`); others have none (nan).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.bound import most_served
from simrescue.events import EventLog
from simrescue.experiment.analysis.statistics import judge_clause
from simrescue.experiment.bound.bound_crews import Crews, crews_of, loaded_h
from simrescue.experiment.bound.bound_relief import best_share_relieved
from simrescue.experiment.bound.travel_bounds import Array, TravelBounds
from simrescue.hazards.kinds import hazard_named
from simrescue.kinds import names
from simrescue.metrics import MEASURES, measure
from simrescue.metrics.base import tell_ways
from simrescue.metrics.facts import GOVERNMENT_LEVELS
from simrescue.metrics.reading import add_up, first_times
from simrescue.metrics.requests import response
from simrescue.plans import Clause, Line, Verdict
from simrescue.responders import RELIEF, RESPONSE_TASKS, TASKS, team_kind
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import Member, World, compile_world

Progress = Callable[[int, int], None]
MOST_PLACES = 2000
"""Places up to which the bound is computed: it remembers the hours from every place asked for to all others."""


def best_value(reach: TravelBounds, log: EventLog, name: str, settings: Mapping[str, Any]) -> float:
    """An upper bound, over all dispatches, of a measure (a share) in the replication of this log; nan: no bound.

    Args:
        reach: how soon each responder can be anywhere, of the world that all its replications share.
        log: the event log of the replication.
        name: a measure.
        settings: what the clause sets, as in `metrics.measure`.

    Raises:
        KeyError: where there is no such measure.
    """
    one = MEASURES[name]
    if not one.bounded:
        return math.nan
    return BOUNDS[one.bounded](reach, log, one.filled(settings))


def bounded() -> tuple[str, ...]:
    """Names of the measures that have a bound."""
    return tuple(name for name, one in MEASURES.items() if one.bounded)


def has_bound(clause: Clause, world: World) -> bool:
    """Whether a clause has a bound: it wants at least so much of a share, in few places, where no hazard is fought.

    To a fire crews gather where command sends them, and requests are not answered at one place.
    """
    fought = any(hazard_named(name).watch for name in world.fields)
    answered = not fought and world.n_places <= MOST_PLACES
    return answered and clause.comparison == "at_least" and clause.measure in bounded()


class Bounded(NamedTuple):
    """What the simulated dispatch did with one clause, and what any dispatch could have done at best."""

    line: Line
    simulated: Verdict
    best: Verdict


def bounds(
    scenario: Scenario, lines: Sequence[Line], replications: int, seed: int = 1, progress: Progress | None = None
) -> list[Bounded]:
    """Run a scenario in this process and set each clause that has a bound beside it.

    Both verdicts stand on the same replications.
    """
    world = compile_world(scenario)
    reach, chosen = TravelBounds(world), [line for line in lines if has_bound(line.clause, world)]
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


# ---- requests


def _is_from_report(settings: Mapping[str, Any]) -> bool:
    """Whether a wait starts with the report or before it, and ends at the place: of others this is no bound."""
    return settings.get("clock", "report") in ("report", "need") and settings.get("stage", "village") == "village"


def _responded(reach: TravelBounds, log: EventLog, settings: Mapping[str, Any]) -> float:
    if not _is_from_report(settings):
        return math.nan
    tasks = frozenset(TASKS.index(task) for task in settings.get("tasks") or RESPONSE_TASKS)
    kinds, levels = (
        tuple(settings.get("kinds") or names("responder")),
        tuple(settings.get("levels") or GOVERNMENT_LEVELS),
    )
    return _share_of_requests(
        reach,
        log,
        settings["limit_h"],
        tasks,
        lambda m: (m.kind in kinds or team_kind(m.record) in kinds) and m.record.level in levels,
    )


def _supplied(reach: TravelBounds, log: EventLog, settings: Mapping[str, Any]) -> float:
    if not _is_from_report(settings):
        return math.nan
    return _share_of_requests(reach, log, settings["limit_h"], frozenset({RELIEF}), lambda _: True)


def _share_of_requests(
    reach: TravelBounds, log: EventLog, limit_h: float, tasks: frozenset[int], chosen: Callable[[Member], bool]
) -> float:
    requested = response.requests(log)
    counted = np.flatnonzero(requested.confirmed & np.isin(requested.task, sorted(tasks)))
    if not len(counted):
        # Needs of which nobody ever heard have failed.
        return 0.0 if response.never_heard(log, tuple(TASKS[task] for task in tasks)) else math.nan
    crews = crews_of(reach, log, lambda member: chosen(member) and bool(member.tasks & tasks))
    latest = requested.reported_h[counted] + limit_h
    first = np.array([_soonest(reach, log, one, counted) for one in crews]).reshape(len(crews), len(counted))
    # What nobody could reach in time weighs nothing, even where another request of the place is served.
    feasible = first.min(axis=0, initial=math.inf) <= latest + 1e-6
    places, which = np.unique(requested.place[counted], return_inverse=True)
    weight = add_up(which, feasible.astype(float), len(places))
    at_place = np.full((len(crews), len(places)), math.inf)
    last = np.full(len(places), -math.inf)
    # What one place asks for several times is one visit, by the soonest of its hours and the latest of its limits: a
    # bound may only be better than what can be.
    np.minimum.at(at_place.T, which, first.T)
    np.maximum.at(last, which, latest)
    step = [reach.between_h(one.member, places) for one in crews]
    return most_served(weight, last, at_place, step, [one.number for one in crews]) / len(counted)


def _soonest(reach: TravelBounds, log: EventLog, crews: Crews, counted: NDArray[np.intp]) -> Array:
    """Earliest arrival of one of these crews for each counted request, hours; infinite for other tasks."""
    requested, member = response.requests(log), crews.member
    place, task, opened = requested.place[counted], requested.task[counted], requested.opened_h[counted]
    start = np.maximum(opened, crews.out_h)
    near = np.where(_may_stand_at(reach, member, place, opened), 0.0, reach.last_stretch_h(member)[place])
    plain = np.maximum(reach.fly_from(member, start) + near, crews.out_h + reach.hours(member, member.base)[place])
    loaded = loaded_h(reach, log, crews, place, start)
    qualified = np.isin(task, sorted(member.tasks))
    return np.where(qualified, np.where(task == RELIEF, loaded, plain), math.inf)


def _may_stand_at(reach: TravelBounds, member: Member, place: NDArray[Any], opened: Array) -> NDArray[np.bool_]:
    """Whether a crew can be at the place of each request when that opens, and so have arrived at once.

    At its base, where people and goods are brought to, since an earlier request there, or where it gathered for a fire.
    """
    world = reach.world
    earlier = opened > first_times(place, opened, world.n_places)[place]
    answer: NDArray[np.bool_] = earlier | (place == member.base) | (place >= len(world.scenario.settlements))
    return answer | bool(world.scenario.ignitions)


BOUNDS: dict[str, Callable[[TravelBounds, EventLog, Mapping[str, Any]], float]] = {
    "response": _responded,
    "supply": _supplied,
    "relief": best_share_relieved,
}
"""Bounds on the best dispatch, by the name that a measure gives as `bounded`."""
tell_ways("bounded", BOUNDS)
