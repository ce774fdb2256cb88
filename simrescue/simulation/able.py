"""Who of the idle crews may serve a request: sorted out fast, so that a policy looks at few.

Nothing is decided here. A crew is left out only where it surely cannot serve: other tasks, another part of the road
network, no depot with the goods, or idle already when the request found nobody and nothing has changed since.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch.base import INFINITE, Candidate, Request
from simrescue.responders import TASKS
from simrescue.simulation.delivery import serving_depot, wanted_items
from simrescue.simulation.road_picture import LIKE, RoadPicture

if TYPE_CHECKING:
    from simrescue.simulation.responder import Crew
    from simrescue.simulation.state import Simulation

RELIEF = TASKS.index("relief")
FIRST_LOOK = 12
"""Candidates sorted at first for a request; the rest only if these do not do."""


class Newcomers:
    """Idle crews for one task: when each part of the road network last got one, and those whom no road binds."""

    def __init__(self, task: int, crews: list[Crew], picture: RoadPicture) -> None:
        self.by_part: list[dict[int, int]] = [{} for _ in picture.parts]
        self.anywhere = -1
        order = {vehicle: i for i, vehicle in enumerate(picture.parts)}
        for crew in crews:
            if task not in crew.member.tasks:
                continue
            like = LIKE.get(crew.member.vehicle)
            if like is None:
                self.anywhere = max(self.anywhere, crew.ticket)
            else:
                there, part = self.by_part[order[like]], int(picture.parts[like][crew.here])
                there[part] = max(crew.ticket, there.get(part, -1))

    def may_serve(self, since: int, around: tuple[int, ...]) -> bool:
        """Whether a crew has come free since a ticket that may get to a place in these parts."""
        if self.anywhere > since:
            return True
        return any(there.get(part, -1) > since for there, part in zip(self.by_part, around, strict=True))


class Nearby:
    """`View.nearby`: able candidates by a lower bound of their time, nearest first, sorted only as far as asked for.

    Crews that were idle when the request last found nobody are left out, as long as nothing has changed for them.
    """

    def __init__(self, sim: Simulation, candidates: list[Candidate]) -> None:
        self.sim = sim
        self.candidates = candidates
        self.here = np.array([one.place for one in candidates])
        index = np.array([one.responder for one in candidates]) - sim.world.first["teams"]
        self.pace = sim.world.truck_pace[index]
        self.ticket = np.array([sim.command.crew(one.responder).ticket for one in candidates])
        self.able: dict[int, NDArray[np.intp]] = {}
        self.base = np.array([sim.command.crew(one.responder).member.base for one in candidates])
        self.loads: dict[tuple[int, tuple[int, ...], int | None], bool] = {}
        likes = [LIKE.get(sim.command.crew(one.responder).member.vehicle) for one in candidates]
        self.bound = [(parts, np.array([like == name for like in likes])) for name, parts in sim.command.picture.parts.items()]

    def __call__(self, request: Request) -> Iterator[tuple[float, Candidate]]:
        able = self._able(request)
        if not len(able):
            return
        bounds = self._bounds(able, request.place)
        done = 0
        for upto in sorted({min(FIRST_LOOK, len(able)), len(able)}):
            part = np.argsort(bounds, kind="stable") if upto == len(able) else smallest(bounds, upto)
            for i in part[done:upto].tolist():
                if bounds[i] < INFINITE:
                    yield float(bounds[i]), self.candidates[able[i]]
            done = upto

    def _able(self, request: Request) -> NDArray[np.intp]:
        able = self.able.get(request.task)
        if able is None:
            tasks = (request.task in one.tasks for one in self.candidates)
            able = self.able[request.task] = np.flatnonzero(np.fromiter(tasks, bool, len(self.candidates)))
        since = self.sim.command.needs[request.number].asked_ticket
        fits = self.ticket > since
        for parts, bound in self.bound:
            fits &= ~bound | (parts[self.here] == parts[request.place])
        able = able[fits[able]]
        return able[self._has_load(able, request)] if request.task == RELIEF and len(able) else able

    def _has_load(self, able: NDArray[np.intp], request: Request) -> NDArray[np.bool_]:
        """Which crews find a depot with some of what is needed."""
        need = self.sim.command.needs[request.number]
        items, upper = wanted_items(need), self.sim.world.upper.get(need.place)
        bases = self.base[able]
        good = [base for base in np.unique(bases).tolist() if self._serves(base, items, upper)]
        return np.isin(bases, good)

    def _serves(self, base: int, items: tuple[int, ...], upper: int | None) -> bool:
        key = (base, items, upper)
        found = self.loads.get(key)
        if found is None:
            found = self.loads[key] = serving_depot(self.sim, base, items, upper) is not None
        return found

    def _bounds(self, able: NDArray[np.intp], place: int) -> NDArray[np.float64]:
        pace = self.pace[able]
        bounds = np.asarray(self.sim.world.network.profiles["truck"].tree(place).hours)[self.here[able]] * pace
        flying = pace == 0
        if flying.any():
            bounds[flying] = [self._flight_h(self.candidates[i], place) for i in able[flying]]
        return bounds

    def _flight_h(self, one: Candidate, place: int) -> float:
        return self.sim.world.distance_km(one.place, place) / float(self.sim.command.crew(one.responder).record.cruise_kmh)


def smallest(bounds: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """The rows of the smallest bounds, in order, ties by row: the same as the head of a stable sort."""
    limit = np.partition(bounds, count - 1)[count - 1]
    rows = np.flatnonzero(bounds <= limit)
    return rows[np.argsort(bounds[rows], kind="stable")]
