"""Who of the idle crews may serve a request: sorted out fast, so that a policy looks at few.

Nothing is decided here. A crew is left out only where it surely cannot serve: other tasks, another part of the road
network, no depot with the goods, or idle already when the request found nobody and nothing has changed since.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from heapq import heapify, heappop, merge
from itertools import pairwise
from typing import TYPE_CHECKING

from simrescue.dispatch.base import INFINITE, Candidate, Request
from simrescue.simulation.missions.relief import serving_depots
from simrescue.simulation.requests import ReliefRequest
from simrescue.simulation.roads.connectivity import ANYWHERE, LIKE, Group, RoadPicture

if TYPE_CHECKING:
    from simrescue.simulation.context import Crew, Depot
    from simrescue.simulation.requests import Entry, Need, Waiting
    from simrescue.simulation.state import Simulation

Stand = tuple[int, int, float, float, float]
"""Where a crew stands, its base, its pace, night factor or cruise speed, and turnout: all that a bound depends on."""


class Roster:
    """All crews by number, in their order in the table of things: who is idle, where, and when it could leave.

    `newcomers`: number -> since when command knows it idle, of those that it has not thought about yet.
    `by_telephone`: place -> idle crews that stand there without a radio, and hear nothing while it is cut off.
    """

    def __init__(self, sim: Simulation) -> None:
        members = sim.world.members
        self.sim = sim
        self.stand: list[Stand] = [(member.base, member.base, 0.0, 0.0, 0.0) for member in members]
        self.candidates: dict[int, Candidate] = {}
        self.newcomers: dict[int, float] = {}
        self.by_telephone: dict[int, set[int]] = {}
        self.flyers = [i for i, member in enumerate(members) if member.flies]
        self.like = [LIKE.get(member.vehicle, "") for member in members]

    def add(self, crew: Crew) -> None:
        """A crew is free."""
        i = crew.number
        record, pace = crew.record, self.sim.world.truck_pace[i]
        speed = record.night_factor if pace else record.cruise_kmh
        self.stand[i] = (crew.here, crew.member.base, pace, speed, crew.turnout_left_h())
        self.candidates[i] = crew.as_candidate()
        self.newcomers[i] = self.sim.env.now
        if not (crew.out or crew.member.flies):
            self.by_telephone.setdefault(crew.here, set()).add(i)

    def remove(self, crew: Crew) -> None:
        """A crew has its orders."""
        self.candidates.pop(crew.number, None)
        self.newcomers.pop(crew.number, None)
        self.by_telephone.get(self.stand[crew.number][0], set()).discard(crew.number)

    def unheard(self) -> set[int]:
        """Idle crews that no order reaches now."""
        return set().union(*(there for place, there in self.by_telephone.items() if place in self.sim.contact.dark))

    def called_at(self, place: int) -> list[Crew]:
        """Idle crews that are called by the telephone of a place."""
        return [self.sim.crews[i] for i in self.by_telephone.get(place, ())]

    def can_do_more(self, crews: Iterable[Crew]) -> bool:
        """Some crews can be sent where they could not before: those who are idle, if any, are as if just come free."""
        found = [crew.number for crew in crews if crew.number in self.candidates]
        for i in found:
            self.newcomers.setdefault(i, self.sim.env.now)
        return bool(found)

    def take_newcomers(self, until_h: float) -> list[int]:
        """Crews that came free before or at this hour, in the order of the table of things."""
        numbers = sorted(i for i, since_h in self.newcomers.items() if since_h <= until_h)
        for i in numbers:
            del self.newcomers[i]
        return numbers


class Asking:
    """One decision: the requests worth asking about, and who may serve each.

    Lazily: a request without news is only asked about while somebody who has come free since the last decision may
    serve it and is not taken yet.
    """

    def __init__(
        self,
        sim: Simulation,
        books: tuple[Waiting, Roster, RoadPicture],
        fresh: list[Entry],
        newcomers: list[int],
        absent: set[int],
    ) -> None:
        """`books`: command's open requests, its idle crews, and how places hang together as it knows."""
        self.sim = sim
        self.waiting, self.roster, self.picture = books
        self.trucks = sim.world.network.profiles["truck"]
        self.fresh = fresh
        self.fresh_numbers = {number for _, number, _ in fresh}
        self.newcomers = newcomers
        self.idle = self.roster.candidates.copy()
        for i in absent:
            del self.idle[i]
        self.candidates = list(self.idle.values())
        self.taken: AbstractSet[int] = frozenset()
        self.able: dict[int, dict[Group, list[int]]] = {}
        self.depots: dict[tuple[int, Group, tuple[int, ...], int | None], Depot | None] = {}

    # ---- requests

    def __iter__(self) -> Iterator[Request]:
        tasks = sorted({task for i in self.newcomers for task in self.idle[i].tasks})
        for _, _, need in merge(self.fresh, *(self._without_news(task) for task in tasks)):
            yield need.as_request()

    def _without_news(self, task: int) -> Iterator[Entry]:
        """Requests of a task that somebody new may serve."""
        taken, groups, homes = -1, set[Group](), set[tuple[int, Group]]()
        reaches = self.picture.reaches
        for entry in self.waiting.lines[task]:
            if taken != len(self.taken):
                taken, new = len(self.taken), self._new(task)
                groups = {self._group(i) for i in new}
                homes = {(self.sim.world.members[i].base, self._group(i)) for i in new}
            if not groups:
                return
            need = entry[2]
            if need.number in self.fresh_numbers or not any(reaches(group, need.place) for group in groups):
                continue
            if not isinstance(need, ReliefRequest) or any(self._depot(base, group, need) for base, group in homes):
                yield entry

    def _new(self, task: int) -> list[int]:
        """Those who have come free, have the task and are not taken yet."""
        idle = self.idle
        return [i for i in self.newcomers if task in idle[i].tasks and idle[i].responder not in self.taken]

    def _group(self, number: int) -> Group:
        return self.picture.group(self.roster.like[number], self.roster.stand[number][0])

    # ---- crews

    def nearby(self, request: Request, taken: AbstractSet[int]) -> Iterator[tuple[float, Candidate]]:
        """Candidates for a request by a lower bound of their time, the least first; of equals the first listed."""
        self.taken = taken
        need = self.sim.command.needs[request.number]
        bounds = list(self._bounds(need))
        heapify(bounds)
        while bounds:
            bound, number = heappop(bounds)
            yield bound, self.idle[number]

    def _who(self, need: Need) -> list[int]:
        """Idle crews with the task in the same part of the roads; of a request without news, only newcomers."""
        if need.number not in self.fresh_numbers:
            return [i for i in self._new(need.task) if self.picture.reaches(self._group(i), need.place)]
        groups = self.able.get(need.task)
        if groups is None:
            groups = self.able[need.task] = {}
            for i, one in self.idle.items():
                if need.task in one.tasks:
                    groups.setdefault(self._group(i), []).append(i)
        return [i for group in self.picture.around(need.place) for i in groups.get(group, ())]

    def _bounds(self, need: Need) -> Iterator[tuple[float, int]]:
        """Hours that each crew needs at least; left out are those that cannot get there, or find no goods to bring."""
        found: dict[tuple[Stand, bool], float] = {}
        for i in self._who(need):
            stand = self.roster.stand[i]
            alike = stand, bool(self.sim.crews[i].seen)
            bound = found.get(alike)
            if bound is None:
                if isinstance(need, ReliefRequest):
                    way_h = self._relief_h(i, need)
                else:
                    way_h = self._way_h(i, stand[0], need.place)
                bound = found[alike] = stand[-1] + way_h
            if bound < INFINITE:
                yield bound, i

    def _relief_h(self, number: int, need: ReliefRequest) -> float:
        """Least hours from leaving to arriving with goods, by the depot that has any; infinite where none has."""
        depot = self._depot(self.sim.world.members[number].base, self._group(number), need)
        if depot is None:
            return INFINITE
        here = self.roster.stand[number][0]
        if not self.sim.world.truck_pace[number] or self.sim.crews[number].seen:  # another depot may have to do
            return self._way_h(number, here, need.place)
        to_depot_h = self._way_h(number, here, depot.index)
        wait_h, opens_h = depot.opening()
        since_h = self.sim.env.now + self.roster.stand[number][-1] + to_depot_h
        return to_depot_h + max(0.0, wait_h, opens_h - since_h) + self._way_h(number, depot.index, need.place)

    def _way_h(self, number: int, *stops: int) -> float:
        """Least hours from place to place by dry roads, or in the air."""
        crew, pace, legs = self.sim.crews[number], self.sim.world.truck_pace[number], pairwise(stops)
        if not pace:
            return float(sum(crew.moves.hours(a, b) for a, b in legs))
        return sum(self.trucks.tree(b).hours[a] for a, b in legs) * pace / float(crew.moves.pace())

    def _depot(self, base: int, group: Group, need: ReliefRequest) -> Depot | None:
        """Where crews of a base in a part of the roads would load for a request; looked up once a decision."""
        key = (base, group, need.wanted, self.sim.world.upper.get(need.place))
        if key not in self.depots:
            found = serving_depots(self.sim, base, *key[2:])
            within = (one for one in found if group == ANYWHERE or self.picture.group(group[0], one.index) == group)
            self.depots[key] = next(within, None)
        return self.depots[key]
