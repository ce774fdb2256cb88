"""Who of the idle crews may serve a request: sorted out fast, so that a policy looks at few.

Nothing is decided here. A crew is left out only where it surely cannot serve: other tasks, another part of the road
network, no depot with the goods, or idle already when the request found nobody and nothing has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.base import INFINITE, Candidate, Request
from simrescue.responders import TASKS
from simrescue.simulation.delivery import serving_depot, wanted_items
from simrescue.simulation.road_picture import LIKE

if TYPE_CHECKING:
    from simrescue.simulation.command import Need
    from simrescue.simulation.depot import Depot
    from simrescue.simulation.responder import Crew
    from simrescue.simulation.state import Simulation

RELIEF = TASKS.index("relief")
FIRST_LOOK = 8
"""Candidates sorted at first for a request; the rest only if these do not do."""
NOBODY = np.array([], dtype=np.intp)


class Roster:
    """All crews as arrays, in their order in the table of things: who is idle, where, and what they can do."""

    def __init__(self, sim: Simulation) -> None:
        members = sim.world.members
        self.sim = sim
        self.idle = np.zeros(len(members), dtype=bool)
        self.here = np.array([member.base for member in members], dtype=np.intp)
        self.base = self.here.copy()
        self.turnout_h = np.zeros(len(members))
        self.pace = sim.world.truck_pace
        self.able = [np.array([task in member.tasks for member in members], dtype=bool) for task in range(len(TASKS))]
        self.candidates: list[Candidate | None] = [None] * len(members)
        self.newcomers: list[Crew] = []
        likes = [LIKE.get(member.vehicle) for member in members]
        self.bound = {like: np.array([one == like for one in likes]) for like in sorted({x for x in likes if x})}

    def add(self, crew: Crew) -> None:
        """A crew is free."""
        i = crew.number
        self.idle[i] = True
        self.here[i] = crew.here
        self.turnout_h[i] = crew.turnout_left_h()
        self.candidates[i] = crew.as_candidate()
        self.newcomers.append(crew)

    def remove(self, crew: Crew) -> None:
        """A crew has its orders."""
        self.idle[crew.number] = False


class Reach:
    """Whom the crews that have come free since the last decision may help: any place, or parts of the road network."""

    def __init__(self, crews: Iterable[Crew], sim: Simulation) -> None:
        self.anywhere = [False] * len(TASKS)
        self.parts: list[set[tuple[int, int]]] = [set() for _ in TASKS]
        picture = sim.command.picture
        order = {like: i for i, like in enumerate(picture.parts)}
        for crew in crews:
            like = LIKE.get(crew.member.vehicle)
            for task in crew.member.tasks:
                if like is None:
                    self.anywhere[task] = True
                else:
                    self.parts[task].add((order[like], int(picture.parts[like][crew.here])))

    def includes(self, task: int, around: tuple[tuple[int, int], ...]) -> bool:
        """Whether one of them may get to a place that lies in these parts."""
        return self.anywhere[task] or not self.parts[task].isdisjoint(around)


class Nearby:
    """`View.nearby`: able candidates by a lower bound of their time, nearest first, sorted only as far as asked for."""

    def __init__(self, sim: Simulation, idle: NDArray[np.bool_], newcomers: list[Crew]) -> None:
        self.sim = sim
        self.roster = sim.command.roster
        self.idle = idle
        self.new = newcomers
        self.able: dict[int, NDArray[np.intp]] = {}
        self.loads: dict[tuple[int, tuple[int, ...], int | None], Depot | None] = {}

    def __call__(self, request: Request, taken: AbstractSet[int]) -> Iterator[tuple[float, Candidate]]:
        need = self.sim.command.needs[request.number]
        able = self._able(need, taken)
        if not len(able):
            return
        bounds, able = self._bounds(need, able)
        done = 0
        for upto in sorted({min(FIRST_LOOK, len(able)), len(able)}):
            part = np.argsort(bounds, kind="stable") if upto == len(able) else smallest(bounds, upto)
            for i in part[done:upto].tolist():
                one = self.roster.candidates[able[i]]
                if bounds[i] < INFINITE and one is not None:
                    yield float(bounds[i]), one
            done = upto

    def _able(self, need: Need, taken: AbstractSet[int]) -> NDArray[np.intp]:
        """Idle crews with the task in the same part of the roads; of a request that found nobody, only newcomers."""
        roster, picture = self.roster, self.sim.command.picture
        if need.fresh:
            found = self.able.get(need.task)
            if found is None:
                found = self.able[need.task] = np.flatnonzero(self.idle & roster.able[need.task])
        else:
            task = need.task
            new = [crew.number for crew in self.new if task in crew.member.tasks and crew.index not in taken]
            if not new:
                return NOBODY
            found = np.array(new, dtype=np.intp)
        fits = np.ones(len(found), dtype=bool)
        for like, bound in roster.bound.items():
            parts = picture.parts[like]
            fits &= ~bound[found] | (parts[roster.here[found]] == parts[need.place])
        return found[fits]

    def _bounds(self, need: Need, able: NDArray[np.intp]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Hours that each crew needs at least, and the crews that are left (those that find goods to bring)."""
        roster, dry = self.roster, self.sim.world.network.profiles["truck"].tree(need.place).hours
        pace = roster.pace[able]
        if need.task == RELIEF:
            items = wanted_items(need)
            base_h = {base: self._loaded_h(base, need, items, dry) for base in set(roster.base[able].tolist())}
            way = np.array([base_h[base] for base in roster.base[able].tolist()])
            way[pace == 0] = np.where(way[pace == 0] < INFINITE, 0.0, INFINITE)
            keep = way < INFINITE
            able, pace, way = able[keep], pace[keep], way[keep]
        else:
            way = np.asarray(dry)[roster.here[able]] * pace
        bounds = way + roster.turnout_h[able]
        for i in np.flatnonzero(pace == 0).tolist():
            bounds[i] += self._flight_h(int(able[i]), need.place)
        return bounds, able

    def _loaded_h(self, base: int, need: Need, items: tuple[int, ...], dry: memoryview[float]) -> float:
        """Least hours from leaving the base to the place by the depot that has goods; infinite where none has."""
        depot = self._depot(base, items, self.sim.world.upper.get(need.place))
        if depot is None:
            return INFINITE
        return depot.opening_left_h() + float(depot.record.load_h) + dry[depot.index]

    def _depot(self, base: int, items: tuple[int, ...], upper: int | None) -> Depot | None:
        key = (base, items, upper)
        if key not in self.loads:
            self.loads[key] = serving_depot(self.sim, base, items, upper)
        return self.loads[key]

    def _flight_h(self, number: int, place: int) -> float:
        crew = self.sim.crews[number]
        return self.sim.world.distance_km(crew.here, place) / float(crew.record.cruise_kmh)


def smallest(bounds: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """The rows of the smallest bounds, in order, ties by row: the same as the head of a stable sort."""
    limit = np.partition(bounds, count - 1)[count - 1]
    rows = np.flatnonzero(bounds <= limit)
    return rows[np.argsort(bounds[rows], kind="stable")]
