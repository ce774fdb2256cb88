"""How many people could have been relieved in time at best: goods to where they are, or a seat to a shelter."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.bound import most_carried, most_served
from simrescue.events import EventKind, EventLog
from simrescue.experiment.bound.bound_crews import crews_of, loaded_h
from simrescue.experiment.bound.travel_bounds import Array, TravelBounds
from simrescue.metrics.facts import Facts
from simrescue.metrics.people import relief
from simrescue.metrics.people.provision import own_stock
from simrescue.metrics.reading import add_up, first_times, pick, rows_of
from simrescue.metrics.requests import response
from simrescue.places import CONSUMABLE, NEEDS, SHELTER
from simrescue.responders import EVACUATE, RELIEF, RESCUE
from simrescue.units import SAME_H

CARRYING = frozenset({RESCUE, EVACUATE})
WITH_CREW = (1, 3)
"""How people come to a shelter with a crew, as the `item` of ARRIVE_SHELTER and LODGES."""


class _People(NamedTuple):
    """Who of the people who count could be relieved where, as numbers of persons."""

    total: float
    unaided: float
    """Those whom it may take no crew to relieve in time."""
    jobs: Array
    """For each place (N) the others there who need a delivery."""
    latest_h: Array
    """For each place (N) the last hour at which that is in time for any of them."""


def best_share_relieved(reach: TravelBounds, log: EventLog, settings: Mapping[str, Any]) -> float:
    """An upper bound on `share_relieved` with these settings; nan where nobody is affected.

    Whatever the dispatch, a person who is relieved in time is so in one of these ways, and each is counted whole:

    * at home before anything was brought, where nothing that he needs applies, or by a store next door;
    * at home by goods that a crew brought (`_goods`: one visit in time serves everybody there);
    * in a shelter that he came to by his own means: by what lies there, by a store
      next door (`_needs_no_crew`), or by goods that a crew brought (`_goods`);
    * in a shelter to which he was carried in time (`_lifts`), whatever lies there;
    * with relatives or in a hotel, where he went in time.

    In which order people are served makes no difference to these numbers. Who lives on his own stock to the end counts
    only if he is relieved: he is taken to be, which raises any share below 1; so is whom a crew brought out
    to relatives.
    """
    people = _people(reach, log, settings)
    if not people.total > 0:
        return math.nan
    places = np.flatnonzero(people.jobs > 0)
    villages = places[places < len(reach.world.facts.villages)]
    helped = _goods(reach, log, people.jobs[places], people.latest_h[places], places)
    helped += _lifts(reach, log, people.jobs[villages], people.latest_h[villages], villages)
    return min(1.0, (people.unaided + helped) / people.total)


def _people(reach: TravelBounds, log: EventLog, settings: Mapping[str, Any]) -> _People:
    facts, named, size = reach.world.facts, settings.get("needs"), reach.world.n_places
    needs = tuple(sorted(NEEDS.index(need) for need in named)) if named else facts.tracked
    everyone = relief.affected(log, facts, needs)
    groups = pick(everyone, relief.counted(log, facts, everyone, settings.get("who", "affected")))
    # Whom a crew brought out might have been owed something, had nobody come: like those on their own stock they are
    # taken to be relieved.
    brought = everyone.lodged & np.isin(log.item[everyone.entered], WITH_CREW)
    on_own = float(everyone.persons[everyone.on_own].sum())
    if not len(groups.village):
        return _People(on_own, on_own, np.zeros(size), np.zeros(size))
    on_own += float(everyone.persons[brought].sum())
    clock, limit_h = settings.get("clock", "village_impact"), settings["limit_h"]
    home = facts.villages[groups.village]
    latest = np.full(size, -math.inf)
    np.maximum.at(latest, home, _latest_h(log, facts, groups, clock) + limit_h)
    in_time = relief.waited_h(log, facts, groups, clock) <= limit_h + SAME_H
    delivered = first_times(*_deliveries(log), size)[groups.site]
    alone = pick(groups, in_time & (groups.relieved_h < delivered) & (groups.site == home))
    lodging = pick(groups, in_time & _lodges(log, groups))
    lifted = np.isin(log.item[lodging.relieved], WITH_CREW)
    jobs = add_up(home, groups.persons, size) - _gone_for_good(reach, log)
    jobs -= add_up(alone.site, alone.persons, size)
    # Who went by himself is among the gone, or in a shelter: taken off once more he would be missed.
    jobs = np.maximum(jobs - add_up(facts.villages[lodging.village[lifted]], lodging.persons[lifted], size), 0.0)
    came, last = _came_alone(reach, log, latest)
    jobs += came
    spared = np.minimum(jobs, _needs_no_crew(reach, needs))
    return _People(
        float(groups.persons.sum()) + on_own,
        float(alone.persons.sum() + lodging.persons.sum() + spared.sum()) + on_own,
        jobs - spared,
        np.maximum(latest, last),
    )


def _lodges(log: EventLog, people: relief.Affected) -> NDArray[np.bool_]:
    """Who was relieved by going to relatives, friends or a hotel, shape (G,)."""
    served = np.isfinite(people.relieved_h)
    row = np.where(served, people.relieved, 0)
    found: NDArray[np.bool_] = served & (log.kind[row] == EventKind.LODGES.value)
    return found


def _latest_h(log: EventLog, facts: Facts, groups: relief.Affected, clock: str) -> Array:
    """The hour at which each group begins to wait for good: the clock has started and own stock has run out."""
    end_h = own_stock(log, facts).end_h[facts.villages[groups.village]]
    own_h = np.where(groups.own_h > 0, end_h - np.where(groups.own_h > 0, groups.own_from_h, 0.0), 0.0)
    start = relief.clock_start_h(log, facts, groups, clock)
    return start + relief.stood_h(groups._replace(own_h=own_h), start)


def _needs_no_crew(reach: TravelBounds, needs: tuple[int, ...]) -> Array:
    """Most persons at each place (N) who may get all needs without a crew: from next door or from a shelter's stock."""
    world = reach.world
    most = np.zeros(world.n_places)
    for place in range(world.n_places):
        if place in world.stores_on_foot:
            most[place] = math.inf
        elif world.kinds[place] == "shelter":
            most[place] = _in_stock(world.places[place], needs, world.scenario.parameters.relief_meal_days)
    return most


def _in_stock(shelter: Any, needs: tuple[int, ...], meal: float) -> float:
    """Most persons who may be provided from what lies in a shelter at the start; infinite: people could take turns.

    Clothing is no limit: who comes by himself has a bag.
    """
    stock = shelter.amounts()
    if any(CONSUMABLE[need] and stock[need] < meal - 1e-6 for need in needs):
        return 0.0
    if SHELTER in needs and shelter.capacity + stock[SHELTER] < 1:
        return 0.0
    return math.inf


def _deliveries(log: EventLog) -> tuple[NDArray[Any], Array]:
    rows = rows_of(log, EventKind.DELIVERS)
    return log.place[rows], log.time_h[rows]


def _moved(log: EventLog, kind: EventKind, items: tuple[int, ...], size: int) -> Array:
    """Persons of each village in rows of a kind, at the index of their village, shape (N,)."""
    rows = rows_of(log, kind)
    rows = rows[np.isin(log.item[rows], items)]
    return add_up(log.subject[rows], log.persons[rows], size)


def _gone_for_good(reach: TravelBounds, log: EventLog) -> Array:
    """At least so many persons of each village left by their own means before they could be relieved at home, (N,)."""
    size = reach.world.n_places
    back = 2 * _moved(log, EventKind.TURN_BACK, (-1, 0), size) + _moved(log, EventKind.FREED, (1,), size)
    home = _moved(log, EventKind.RETURN_HOME, (-1, 0, 1, 2), size)
    # Who goes straight to relatives is owed nothing, and is not among those who count.
    lodge = _moved(log, EventKind.LODGES, (0,), size)
    return np.maximum(_moved(log, EventKind.LEAVE, (0,), size) - back - home - lodge, 0.0)


def _came_alone(reach: TravelBounds, log: EventLog, latest_h: Array) -> tuple[Array, Array]:
    """Persons who came to each shelter by their own means in time for relief, and the last hour of that, (N,)."""
    size = reach.world.n_places
    rows = rows_of(log, EventKind.ARRIVE_SHELTER)
    rows = rows[~np.isin(log.item[rows], WITH_CREW) & (log.time_h[rows] <= latest_h[log.subject[rows]])]
    last = np.full(size, -math.inf)
    np.maximum.at(last, log.place[rows], latest_h[log.subject[rows]])
    return add_up(log.place[rows], log.persons[rows], size), last


def _goods(reach: TravelBounds, log: EventLog, persons: Array, latest: Array, places: NDArray[np.intp]) -> float:
    """Most people of villages that can each get a delivery in time."""
    crews = crews_of(reach, log, lambda member: RELIEF in member.tasks)
    opened = _first_opened(reach, log, frozenset({RELIEF}))[places]
    first = [loaded_h(reach, log, one, places, np.maximum(opened, one.out_h)) for one in crews]
    step = [reach.round_trip_h(one.member, reach.places("depots"), places) for one in crews]
    # Without crews too it has a column for each place.
    table = np.array(first).reshape(len(crews), len(places))
    return most_served(persons, latest, table, step, [one.number for one in crews])


def _lifts(reach: TravelBounds, log: EventLog, persons: Array, latest: Array, places: NDArray[np.intp]) -> float:
    """Most people who can be carried to a shelter in time."""
    shelters = reach.places("shelters")
    crews = crews_of(reach, log, lambda member: bool(member.tasks & CARRYING) and member.seats > 0)
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


def _first_opened(reach: TravelBounds, log: EventLog, tasks: frozenset[int]) -> Array:
    """When the first request for any of these tasks was opened at each place, shape (N,); infinite for never."""
    requested = response.requests(log)
    of_task = np.isin(requested.task, sorted(tasks))
    return first_times(requested.place[of_task], requested.opened_h[of_task], reach.world.n_places)
