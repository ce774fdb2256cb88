"""Who of the idle crews may serve a request: sorted out fast, so that a policy looks at few.

Nothing is decided here. A crew is left out only where it surely cannot serve: other tasks, another part of the road
network, no depot with the goods, or idle already when the request found nobody and nothing has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from heapq import merge
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.base import INFINITE, Candidate, Request
from simrescue.responders import TASKS
from simrescue.simulation.delivery import serving_depot
from simrescue.simulation.road_picture import LIKE

if TYPE_CHECKING:
    from simrescue.simulation.depot import Depot
    from simrescue.simulation.requests import Entry, Need
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
        self.candidates: dict[int, Candidate] = {}
        self.newcomers: list[Crew] = []
        self.flyers = [i for i, member in enumerate(members) if member.kind == "helicopter"]
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
        del self.candidates[crew.number]

    def idle_flyers(self) -> list[int]:
        """Aircraft on the ground without orders."""
        return [number for number in self.flyers if number in self.candidates]

    def take_newcomers(self, grounded: list[int]) -> list[Crew]:
        """Crews that have come free since the last time and can start, in the order of the table of things."""
        found = [crew for crew in self.newcomers if crew.number in self.candidates and crew.number not in grounded]
        self.newcomers = []
        return sorted(found, key=lambda crew: crew.number)


Group = tuple[str, int]
"""Way of moving ("": anywhere) and part of the road network: those who get to the same places."""


class Asking:
    """One decision: the requests worth asking about, and who may serve each.

    Both lazily: a request without news is only asked about while somebody who has come free since the last decision
    may get there and is not taken yet, and candidates are sorted only as far as asked for.
    """

    def __init__(self, sim: Simulation, fresh: list[Entry], newcomers: list[Crew], grounded: list[int]) -> None:
        self.sim = sim
        self.roster, self.picture = sim.command.roster, sim.command.picture
        self.fresh = fresh
        self.fresh_numbers = {number for _, number, _ in fresh}
        self.newcomers = newcomers
        self.idle = self.roster.idle.copy()
        self.idle[grounded] = False
        self.candidates = [one for number, one in self.roster.candidates.items() if number not in grounded]
        self.taken: AbstractSet[int] = frozenset()
        self.able: dict[int, NDArray[np.intp]] = {}
        self.loads: dict[tuple[int, tuple[int, ...], int | None], Depot | None] = {}

    def __iter__(self) -> Iterator[Request]:
        tasks = sorted({task for crew in self.newcomers for task in crew.member.tasks})
        for _, _, need in merge(self.fresh, *(self._without_news(task) for task in tasks)):
            yield need.as_request()

    def _without_news(self, task: int) -> Iterator[Entry]:
        """Requests of a task that somebody new may serve."""
        taken, groups = -1, set[Group]()
        for entry in self.sim.command.waiting.lines[task]:
            if taken != len(self.taken):
                taken, groups = len(self.taken), self._groups(task)
            if not groups:
                return
            if entry[1] not in self.fresh_numbers and not groups.isdisjoint(self._around(entry[2].place)):
                yield entry

    def _new(self, task: int) -> list[Crew]:
        """Those who have come free, have the task and are not taken yet."""
        return [crew for crew in self.newcomers if task in crew.member.tasks and crew.index not in self.taken]

    def _groups(self, task: int) -> set[Group]:
        parts = self.picture.parts
        likes = [(LIKE.get(crew.member.vehicle, ""), crew.here) for crew in self._new(task)]
        return {(like, int(parts[like][here]) if like else 0) for like, here in likes}

    def _around(self, place: int) -> list[Group]:
        return [("", 0), *((like, int(parts[place])) for like, parts in self.picture.parts.items())]

    def nearby(self, request: Request, taken: AbstractSet[int]) -> Iterator[tuple[float, Candidate]]:
        """Candidates for a request by a lower bound of their time."""
        self.taken = taken
        need = self.sim.command.needs[request.number]
        able = self._able(need)
        if not len(able):
            return
        bounds, able = self._bounds(need, able)
        done = 0
        for upto in sorted({min(FIRST_LOOK, len(able)), len(able)}):
            part = np.argsort(bounds, kind="stable") if upto == len(able) else smallest(bounds, upto)
            for i in part[done:upto].tolist():
                if bounds[i] < INFINITE:
                    yield float(bounds[i]), self.roster.candidates[int(able[i])]
            done = upto

    def _able(self, need: Need) -> NDArray[np.intp]:
        """Idle crews with the task in the same part of the roads; of a request without news, only newcomers."""
        roster, picture = self.roster, self.picture
        if need.number in self.fresh_numbers:
            found = self.able.get(need.task)
            if found is None:
                found = self.able[need.task] = np.flatnonzero(self.idle & roster.able[need.task])
        else:
            new = [crew.number for crew in self._new(need.task)]
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
            items = need.wanted_items()
            upper = self.sim.world.upper.get(need.place)
            depots = {base: self._depot(base, items, upper) for base in set(roster.base[able].tolist())}
            rows = zip(roster.base[able].tolist(), (pace == 0).tolist(), strict=True)
            way = np.array([least_loaded_h(depots[base], flies, dry) for base, flies in rows])
            keep = way < INFINITE
            able, pace, way = able[keep], pace[keep], way[keep]
        else:
            way = np.multiply(np.asarray(dry)[roster.here[able]], pace, out=np.zeros(len(able)), where=pace > 0)
        bounds = way + roster.turnout_h[able]
        for i in np.flatnonzero(pace == 0).tolist():
            bounds[i] += self._flight_h(int(able[i]), need.place)
        return bounds, able

    def _depot(self, base: int, items: tuple[int, ...], upper: int | None) -> Depot | None:
        key = (base, items, upper)
        if key not in self.loads:
            self.loads[key] = serving_depot(self.sim, base, items, upper)
        return self.loads[key]

    def _flight_h(self, number: int, place: int) -> float:
        crew = self.sim.crews[number]
        return self.sim.world.distance_km(crew.here, place) / float(crew.record.cruise_kmh)


def least_loaded_h(depot: Depot | None, flies: bool, dry: memoryview[float]) -> float:
    """Least hours from leaving the base to the place with goods of a depot; infinite where none has any.

    `dry`: hours by road from each place to the one in need.
    """
    if depot is None:
        return INFINITE
    return 0.0 if flies else depot.opening_left_h() + dry[depot.index]


def smallest(bounds: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """The rows of the smallest bounds, in order, ties by row: the same as the head of a stable sort."""
    limit = np.partition(bounds, count - 1)[count - 1]
    rows = np.flatnonzero(bounds <= limit)
    return rows[np.argsort(bounds[rows], kind="stable")]
