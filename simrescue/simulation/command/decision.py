"""One decision of command: which open requests are worth asking about, which idle crews may serve them, who is sent.

A request that found nobody is asked about again when it changes, when another part of the road network can be reached
from it, when a depot or shelter of use to it works again, when an aircraft may come down there, when light, weather and
rest let one start, or when a crew that may get there has come free or need no longer keep off a road. Everything else
that stands open costs a decision nothing, and brings none forward.

A crew is left out before the policy sees it only where it surely cannot serve: other tasks, another part of the road
network, no depot with the goods, or idle already when the request found nobody and nothing has changed since.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from heapq import merge
from typing import Any

from simpy import Environment

from simrescue.dispatch import POLICIES
from simrescue.dispatch.base import INFINITE, Candidate, Rank, Request, View
from simrescue.events import EventKind as Kind
from simrescue.network import Router
from simrescue.responders import COVERS, RELIEF, TASKS, VEHICLE_KINDS
from simrescue.simulation.clock import DECISIONS, TimerAt, after
from simrescue.simulation.missions import Mission
from simrescue.simulation.protocols import Contact, Crew, DepotState, TrueNeeds
from simrescue.simulation.requests import SMALL, Key, OpenRequest, ReliefRequest
from simrescue.simulation.state import Replication
from simrescue.simulation.world import Member

BOUND_BY = {"": ""} | {vehicle: kind.bound_by for vehicle, kind in VEHICLE_KINDS.items()}
"""Vehicle -> the one by whose roads it is bound; aircraft (none) get everywhere."""
Group = tuple[str, int]
"""Way of moving ("": anywhere) and part of the road network: those who get to the same places."""
ANYWHERE: Group = ("", 0)


class Connectivity:
    """Which places hang together by road, as command knows it: for each way of moving, the parts of the network."""

    def __init__(self, router: Router, members: tuple[Member, ...]) -> None:
        likes = sorted({BOUND_BY[member.vehicle] for member in members} - {""})
        self.parts = {like: router.parts(like) for like in likes}

    def group(self, like: str, place: int) -> Group:
        """The group of somebody who moves so and stands at a place; `ANYWHERE` for who flies."""
        return (like, self.parts[like].part[place]) if like else ANYWHERE

    def reaches(self, group: Group, place: int) -> bool:
        """Whether those of a group can get to a place."""
        like, part = group
        return not like or self.parts[like].part[place] == part

    def reaching(self, groups: Iterable[Group], place: int) -> list[Group]:
        """Those of some groups who can get to a place."""
        parts = self.parts
        return [group for group in groups if not group[0] or parts[group[0]].part[place] == group[1]]

    def around(self, place: int) -> list[Group]:
        """All groups whose crews can get to a place, those who fly first."""
        return [ANYWHERE, *self.roads(place)]

    def roads(self, place: int) -> list[Group]:
        """The groups whose crews can get to a place by road."""
        return [(like, parts.part[place]) for like, parts in self.parts.items()]

    def take_grown(self) -> set[Group]:
        """Groups that have come to more places at some time since this was last asked, whatever has become of them."""
        return {(like, part) for like, parts in self.parts.items() for part in parts.take_grown()}


Entry = tuple[Rank, int, OpenRequest]
"""A request's place in line; its number decides between equals."""


def left(need: OpenRequest) -> float:
    """What of a request is not on its way yet and may be sent."""
    return min(need.amount, need.quota) - need.coming


def as_seen(need: OpenRequest) -> Request:
    """What the policy sees of a request.

    What is left of its amount is in the unit of its task; a head start counts as having opened so many hours sooner, a
    load of goods that has come or is on its way as having opened only then.
    """
    open_amount, since_h = left(need), need.opened_h - need.head_start_h
    if need.came_h > since_h:
        since_h = need.came_h
    if need.coming > SMALL and need.sent_h > since_h:
        since_h = need.sent_h
    if open_amount <= 0:
        open_amount = 0.0
    return Request(
        need.number, need.task, need.place, since_h, need.persons, need.vulnerable, open_amount, need.per_hour
    )


def suits(crew: Crew, need: OpenRequest) -> bool:
    """Whether crews like this one could serve a request now if they knew a way: asked before any way is looked for."""
    mission = need.mission
    if need.skill and need.skill not in crew.record.skills:
        return False
    if ((need.planned or need.is_ahead) and not crew.member.hauls) or (
        need.is_unasked and crew.member.vehicle != "bus"
    ):
        return False
    if mission.flown_only and not crew.moves.flies:
        return False
    return not mission.enters or bool(crew.moves.can_enter(need.place))


class RequestQueue:
    """Requests that are not covered yet, by task in the order of the policy, and those of them with news.

    `fresh`: number -> since when there is news that nobody has thought about yet (the first of it), and the request.
    """

    def __init__(self, env: Environment) -> None:
        self.env = env
        self.lines: list[list[Entry]] = [[] for _ in TASKS]
        self.fresh: dict[int, tuple[float, OpenRequest]] = {}

    def put(self, need: OpenRequest, rank: Rank) -> None:
        """A request that is not covered has opened or changed: it stands in line where it belongs now.

        Args:
            need: the request.
            rank: its place by the policy; within a line, equals stand by their number.
        """
        self.stand(need, rank)
        self.has_news(need)

    def stand(self, need: OpenRequest, rank: Rank) -> None:
        """It stands in line where it belongs now, which is no news; arguments as of `put`."""
        if need.entry is None or need.entry[0] != rank:
            self._leave_line(need)
            need.entry = (rank, need.number, need)
            # Kept sorted at every change, so that no decision has to sort hundreds of requests again.
            insort(self.lines[need.task], need.entry)

    def drop(self, need: OpenRequest) -> None:
        """A request is covered or closed."""
        self._leave_line(need)
        self.fresh.pop(need.number, None)

    def _leave_line(self, need: OpenRequest) -> None:
        if need.entry is not None:
            line = self.lines[need.task]
            # Rank and number alone tell entries apart: no two have one number, and requests are never compared.
            del line[bisect_left(line, need.entry)]
            need.entry = None

    def has_news(self, need: OpenRequest) -> None:
        """There is something about a request that nobody has thought about yet; the first such moment counts."""
        self.fresh.setdefault(need.number, (self.env.now, need))

    def of(self, *tasks: int) -> list[OpenRequest]:
        """Requests in line of some tasks (indexes; none: of all), task by task in the order of the policy."""
        lines = [self.lines[task] for task in tasks] if tasks else self.lines
        return [need for line in lines for _, _, need in line]

    def take_fresh(self, until_h: float) -> list[Entry]:
        """Requests with news from before or at an hour, in the order of the policy; it is thought about with this."""
        # In the order of their hours, since only the first news of a request counts.
        news = []
        for since_h, need in self.fresh.values():
            if since_h > until_h:
                break
            news.append(need)
        for need in news:
            del self.fresh[need.number]
        return sorted(need.entry for need in news if need.entry is not None)


Availability = tuple[int, int, float, float, float]
"""Where a crew stands, its base, its pace, night factor or cruise speed, and turnout: all that a bound depends on."""


class IdleRoster:
    """All crews by number, in their order in the table of things: who is idle, where, and when it could leave.

    `newcomers`: number -> since when command knows it idle, of those that it has not thought about yet.
    `with_task`: by task, the numbers of those of `candidates` who have it, those together who are alike.
    `by_telephone`: place -> idle crews that stand there without a radio, and hear nothing while it is cut off, unless
    somebody walks to them.
    """

    def __init__(self, sim: Replication, contact: Contact, crews: Sequence[Crew]) -> None:
        members = sim.world.members
        self.sim, self.contact, self.crews = sim, contact, crews
        self.availability: list[Availability] = [(member.base, member.base, 0.0, 0.0, 0.0) for member in members]
        self.like = [BOUND_BY[member.vehicle] for member in members]
        self.alike = [("", -1, -1)] * len(members)
        """By crew its like, where it stands, and a number that it shares with those of its row who stand alike."""
        self._alike: dict[tuple[int, Availability], tuple[str, int, int]] = {}
        self.candidates: dict[int, Candidate] = {}
        self.with_task: list[dict[tuple[str, int, int], set[int]]] = [{} for _ in TASKS]
        self.newcomers: dict[int, float] = {}
        self.by_telephone: dict[int, set[int]] = {}
        self.flyers = [i for i, member in enumerate(members) if member.flies]

    def add(self, crew: Crew) -> None:
        """A crew is free: the next decision may send it."""
        i, member = crew.number, crew.member
        record, pace = crew.record, self.sim.world.truck_pace[i]
        speed = record.night_factor if pace else record.cruise_kmh
        self._stands(i, (crew.here, member.base, pace, speed, crew.moves.least_turnout_h()))
        self.candidates[i] = Candidate(
            crew.index, crew.here, member.tasks, member.seats, member.payload_t, float(member.hands)
        )
        self._group(i)
        self.newcomers[i] = self.sim.env.now
        if not self.contact.speaks_by_radio(crew):  # at its base a crew is rung up
            self.by_telephone.setdefault(crew.here, set()).add(i)

    def is_ready(self, crew: Crew) -> None:
        """A crew makes ready before it is sent, or has stood down."""
        # Out of its group first: it is kept there under what it stood like before.
        i = crew.number
        self._ungroup(i)
        self._stands(i, (*self.availability[i][:4], crew.moves.least_turnout_h()))
        if i in self.candidates:
            self._group(i)

    def _stands(self, number: int, availability: Availability) -> None:
        self.availability[number] = availability
        # Crews of one row share its record.
        key = id(self.crews[number].record), availability
        if key not in self._alike:
            self._alike[key] = self.like[number], availability[0], len(self._alike)
        self.alike[number] = self._alike[key]

    def _group(self, number: int) -> None:
        for task in self.sim.world.members[number].tasks:
            self.with_task[task].setdefault(self.alike[number], set()).add(number)

    def _ungroup(self, number: int) -> None:
        for task in self.sim.world.members[number].tasks:
            if alike := self.with_task[task].get(self.alike[number]):
                alike.discard(number)
                if not alike:
                    del self.with_task[task][self.alike[number]]

    def remove(self, crew: Crew) -> None:
        """A crew has its orders."""
        self.candidates.pop(crew.number, None)
        self._ungroup(crew.number)
        self.newcomers.pop(crew.number, None)
        self.by_telephone.get(self.availability[crew.number][0], set()).discard(crew.number)

    def unheard(self) -> set[int]:
        """Numbers of idle crews to whom no order can be sent now."""
        if not self.by_telephone:
            return set()
        dark = self.contact.dark.keys() & self.by_telephone.keys()
        return set().union(*(self.by_telephone[place] for place in dark if not self.contact.takes(place)))

    def called_at(self, place: int) -> list[Crew]:
        """Idle crews that are called by the telephone of a place."""
        return [self.crews[i] for i in self.by_telephone.get(place, ())]

    def can_do_more(self, crews: Iterable[Crew]) -> bool:
        """Some crews can be sent where they could not before: those who are idle are as if just come free.

        Returns:
            Whether any is idle, so that a decision is worth while.
        """
        idle = [crew.number for crew in crews if crew.number in self.candidates]
        for i in idle:
            self.newcomers.setdefault(i, self.sim.env.now)
        return bool(idle)

    def take_newcomers(self, until_h: float) -> list[int]:
        """Numbers of crews that came free before or at an hour, in the order of the table of things; not told again."""
        if not self.newcomers:
            return []
        numbers = sorted(i for i, since_h in self.newcomers.items() if since_h <= until_h)
        for i in numbers:
            del self.newcomers[i]
        return numbers


class DecisionView:
    """One decision: the requests worth asking about, and who may serve each.

    Lazily: a request without news is only asked about while somebody who has come free since the last decision may
    serve it and is not taken yet.
    """

    def __init__(self, desk: Dispatcher, fresh: list[Entry], newcomers: list[int], absent: set[int]) -> None:
        """At a desk: its requests with news, the crews that have come free, and those that no order reaches."""
        self.desk, self.sim, self.crews = desk, desk.sim, desk.crews
        self.waiting, self.roster, self.picture = desk.waiting, desk.roster, desk.picture
        self.trucks = desk.sim.world.network.profiles["truck"]
        self.fresh = fresh
        self.fresh_numbers = {number for _, number, _ in fresh}
        self.newcomers = newcomers
        self.idle = self.roster.candidates
        if not fresh:  # all that stands open was refused by whoever else is idle
            self.idle = {i: self.idle[i] for i in newcomers}
        elif absent:
            self.idle = self.idle.copy()
            for i in absent:
                self.idle.pop(i, None)
        self.taken: AbstractSet[int] = frozenset()
        self.new: dict[int, list[tuple[int, Group]]] = {}
        self.left: dict[int, tuple[int, list[tuple[int, Group]]]] = {}
        self.depots: dict[tuple[int, Group, tuple[int, ...], int | None], DepotState | None] = {}

    # ---- requests

    def requests(self) -> Iterable[Request]:
        """Those that somebody idle has the task for, in the order of the policy."""
        wanted = {need.task for _, _, need in self.fresh}
        with_task, idle = self.roster.with_task, self.idle.keys()
        served = {task for task in wanted if any(not idle.isdisjoint(alike) for alike in with_task[task].values())}
        fresh = [entry for entry in self.fresh if entry[2].task in served and self._may_be_served(entry[2])]
        if not self.newcomers:
            return [as_seen(need) for _, _, need in fresh]
        # A request without news was refused by all who were idle then; only who has come free since can change that.
        lines = [*map(self._without_news, sorted({task for i in self.newcomers for task in self.idle[i].tasks}))]
        # All of these are in the order of the policy already; lazily, since a policy stops when nobody is left.
        entries = merge(fresh, *lines) if fresh or len(lines) > 1 else lines[0]
        return (as_seen(need) for _, _, need in entries)

    def _may_be_served(self, need: OpenRequest) -> bool:
        return not need.planned or self.desk.may_replenish(need.place)

    def _without_news(self, task: int) -> Iterator[Entry]:
        """Requests of a task that somebody new may serve."""
        taken, homes, kinds, parts = -1, set[tuple[int, Group]](), list[tuple[Crew, Group]](), self.picture.parts
        for entry in self.waiting.lines[task]:
            # Only when the policy has given somebody away do the groups of those who are left change.
            if taken != len(self.taken):
                taken, new = len(self.taken), self._new(task)
                homes = {(self.sim.world.members[i].base, group) for i, group in new}
                kinds = [*{(id(self.crews[i].record), group): (self.crews[i], group) for i, group in new}.values()]
            if not kinds:
                return
            need, place = entry[2], entry[2].place
            if need.number in self.fresh_numbers:
                continue
            # Most who come free are not made for the water that people wait in, or for goods that command plans itself.
            for crew, (like, part) in kinds:
                if (not like or parts[like].part[place] == part) and suits(crew, need):
                    break
            else:
                continue
            if not self._may_be_served(need):
                continue
            # Who reaches the place still brings nothing where no depot on his roads has the goods.
            if not isinstance(need, ReliefRequest) or any(self._depot(base, group, need) for base, group in homes):
                yield entry

    def _new(self, task: int) -> list[tuple[int, Group]]:
        """Those who have come free, have the task and are not taken yet, with their groups."""
        idle, taken = self.idle, self.taken
        # All newcomers once a decision; who of them is left is looked at anew only when somebody more is taken.
        if task not in self.new:
            self.new[task] = [(i, self._group(i)) for i in self.newcomers if task in idle[i].tasks]
        if task not in self.left or self.left[task][0] != len(taken):  # nobody who is taken is given back
            self.left[task] = len(taken), [(i, group) for i, group in self.new[task] if idle[i].responder not in taken]
        return self.left[task][1]

    def _group(self, number: int) -> Group:
        return self.picture.group(self.roster.like[number], self.roster.availability[number][0])

    # ---- crews

    def nearby(self, request: Request, taken: AbstractSet[int]) -> list[tuple[float, Candidate]]:
        """Candidates for a request by a lower bound on their time.

        Args:
            request: one that was shown in this decision.
            taken: responders (indexes of things) that the policy has given away; remembered for the requests to come.

        Returns:
            (hours, candidate), the least first; of equals the first listed.
        """
        self.taken = taken
        need = self.desk.requests[request.number]
        if need.number not in self.fresh_numbers and not self._new(need.task):
            return []  # whoever has come free and could serve it has been given away
        return [(bound, self.idle[number]) for bound, number in sorted(self._bounds(need))]

    def _who(self, need: OpenRequest) -> list[set[int]]:
        """Crews with the task in the same part of the roads, those together who are alike, also such as are absent.

        Of a request without news only newcomers.
        """
        if need.number not in self.fresh_numbers:
            reaches = self.picture.reaches
            return [{i} for i, group in self._new(need.task) if reaches(group, need.place)]
        parts, own, with_task = self.picture.parts, dict(self.picture.around(need.place)), self.roster.with_task
        return [
            alike for (like, stand, _), alike in with_task[need.task].items()
            if not like or parts[like].part[stand] == own[like]
        ]  # fmt: skip

    def _bounds(self, need: OpenRequest) -> list[tuple[float, int]]:
        """Hours that each crew needs at least; left out are those that cannot get there, or find no goods to bring."""
        bounds, idle, crews = list[tuple[float, int]](), self.idle.keys(), self.crews
        for alike in self._who(need):
            # Most idle crews are not made for the place, and no way is looked for.
            if not suits(crews[next(iter(alike))], need):
                continue
            here = alike if alike <= idle else alike & idle
            # Who has met closed roads himself plans another way.
            met = {i for i in here if crews[i].seen}
            for numbers in (here - met if met else here, met):
                if numbers and (bound := self._bound_h(next(iter(numbers)), need)) < INFINITE:
                    bounds += [(bound, i) for i in numbers]
        return bounds

    def _bound_h(self, number: int, need: OpenRequest) -> float:
        """Hours that a crew needs at least; infinite where it finds no goods to bring."""
        standing, pace = self.roster.availability[number], self.crews[number].moves.drive_pace()
        if isinstance(need, ReliefRequest):
            return standing[-1] + self._relief_h(number, need, pace)
        return standing[-1] + self._way_h(number, pace, standing[0], need.place)

    def _relief_h(self, number: int, need: ReliefRequest, pace: float) -> float:
        """Least hours from leaving to arriving with goods, by the depot that has any; infinite where none has."""
        depot = self._depot(self.sim.world.members[number].base, self._group(number), need)
        if depot is None:
            return INFINITE
        here = self.roster.availability[number][0]
        if not self.sim.world.truck_pace[number] or self.crews[number].seen:  # another depot may have to do
            return self._way_h(number, pace, here, need.place)
        to_depot_h = self._way_h(number, pace, here, depot.index)
        since_h = self.sim.env.now + self.roster.availability[number][-1] + to_depot_h
        opening_h = max(0.0, depot.staffed_h() - since_h)
        return to_depot_h + opening_h + self._way_h(number, pace, depot.index, need.place)

    def _way_h(self, number: int, pace: float, a: int, b: int) -> float:
        """Least hours from place to place by dry roads, or in the air."""
        least = self.sim.world.truck_pace[number]
        if not least:
            return float(self.crews[number].moves.hours(a, b))
        # Dry roads, because closures only make a way longer: so the bound needs no search of its own.
        return self.trucks.trees[b].hours[a] * least / pace

    def _depot(self, base: int, group: Group, need: ReliefRequest) -> DepotState | None:
        """Where crews of a base in a part of the roads would load for a request; looked up once a decision."""
        key = (base, group, need.wanted, self.sim.world.upper.get(need.place))
        if key not in self.depots:
            depots = self.desk.serving_depots(base, *key[2:])
            # Who flies gets everywhere; others only to the depots that lie on their part of the roads.
            within = (near for near in depots if group == ANYWHERE or self.picture.group(group[0], near.index) == group)
            self.depots[key] = next(within, None)
        return self.depots[key]


class Dispatcher:
    """Decides once per instant, through a dispatch policy, on what has been heard by then.

    The policy is pure and sees a `DecisionView`; what it answers becomes orders here, and nothing else sends crews.
    """

    def __init__(
        self,
        sim: Replication,
        contact: Contact,
        router: Router,
        needs: TrueNeeds,
        depots: Mapping[int, DepotState],
        crews: Sequence[Crew],
    ) -> None:
        """`router`: the roads as command knows them. `crews`: in the order of the table of things; they come later."""
        self.sim, self.contact, self.true_needs, self.depots, self.crews = sim, contact, needs, depots, crews
        self.missions = 0
        self.policy = POLICIES[sim.settings.command.policy]
        self.requests: dict[int, OpenRequest] = {}
        self.open: dict[Key, OpenRequest] = {}
        self.waiting = RequestQueue(sim.env)
        self.roster = IdleRoster(sim, contact, crews)
        self.picture = Connectivity(router, sim.world.members)
        self.etas: dict[tuple[object, ...], float] = {}
        self.cycles: dict[tuple[int, int], float] = {}
        self.told_in: dict[int, float] = {}
        """Crew (number) -> hours until an order of this decision has come to it."""
        self.taking_off: dict[int, tuple[OpenRequest, float]] = {}
        """Boat (number) -> the rescue that it is at work on, and how many persons an hour it takes off there."""
        self.heard_h: set[float] = set()
        self.number = {member.index: member.number for member in sim.world.members}
        self.part = sim.world.network.profiles["truck"].parts
        """For each place the part of the road network that it lies in, every road open."""
        self.haulers: dict[int, list[int]] = {}
        """Numbers of the lorries that have their base in a part."""
        for member in sim.world.members:
            if member.hauls:
                self.haulers.setdefault(self.part[member.base], []).append(member.number)
        self.replenishing: set[int] = set()
        """Numbers of those that go between depots."""
        self.when_ready: Callable[[Crew], object] = id
        """Who wants to know of each crew that is free: those who divide forces."""

    # ---- planned transport

    def may_replenish(self, depot: int) -> bool:
        """Whether another lorry may go to restock a depot: a share of those that are there and could, rounded up.

        A lorry on another island, or not there yet, lets no other go.
        """
        could = self.haulers.get(self.part[depot], ())
        released = sum(self.crews[number].released for number in could)
        # Less a little: what rounding adds to a whole number must not let one more go.
        most = math.ceil(released * self.sim.settings.relief.replenishment_fleet - SMALL)
        return sum(number in self.replenishing for number in could) < most

    def replenish(self, crew: Crew) -> bool:
        """A lorry goes between depots; answers True."""
        self.replenishing.add(crew.number)
        return True

    # ---- news

    def _changed(self, need: OpenRequest) -> None:
        if need.amount <= SMALL and need.coming <= SMALL:
            self.close(need)
            return
        seen = as_seen(need)
        if seen.open_amount <= SMALL:
            self.waiting.drop(need)
            return
        self.waiting.put(need, self.policy.rank(seen))
        self.wake()

    def close(self, need: OpenRequest, cause: int = -1) -> None:
        """Nothing is needed there any more."""
        if need.number not in self.requests:
            return
        log = self.sim.log
        log(Kind.REQUEST_CLOSED, self.sim.world.command, need.place, cause, need.number, need.task, need.persons)
        del self.requests[need.number]
        del self.open[need.key]
        if need.ends_with_request:
            self.true_needs.forget(need.key)
        self.waiting.drop(need)

    def withdraw(self, need: OpenRequest, share: float) -> None:
        """A mission is over or has failed: its share is no longer on the way."""
        need.coming = max(0.0, need.coming - share)
        if need.number in self.requests:
            self._changed(need)

    def serving_depots(self, base: int, items: tuple[int, ...], upper: int | None) -> Iterator[DepotState]:
        """Depots that have some of these items for crews of a base, the nearest first, as far as command knows.

        Only `upper` where that is given; of a silent depot nothing is known.
        """
        sim = self.sim
        ids = sim.world.depot_order[base] if upper is None else (upper,)
        work = (i for i in ids if i not in sim.unsafe and i not in self.contact.dark)
        return (self.depots[i] for i in work if not self.depots[i].in_stock.isdisjoint(items))

    def relief_in_line(self) -> Iterator[ReliefRequest]:
        """Requests of people for goods that are known and not covered yet, in the order of the policy."""
        for need in self.waiting.of(RELIEF):
            if isinstance(need, ReliefRequest) and not need.planned and not need.is_expected:
                yield need

    def count_on(self, need: OpenRequest, share: float) -> None:
        """A `share` more of a request, in the unit of its task, is on its way; what is left of goods waits anew."""
        need.coming += share
        if left(need) <= SMALL:
            self.waiting.drop(need)
        # A load ordered now ends the wait of what is still wanted; other orders leave a request where it stands.
        elif need.entry is not None and need.sent_h == self.sim.env.now:
            self.waiting.stand(need, self.policy.rank(as_seen(need)))

    def ready(self, crew: Crew) -> None:
        """A crew is free, and command knows it."""
        if crew.number in self.taking_off:
            need, per_hour = self.taking_off.pop(crew.number)
            need.per_hour = max(0.0, need.per_hour - per_hour)
        if crew.number in self.replenishing:
            self.replenishing.remove(crew.number)
            self._look_again_at([need for need in self.waiting.of(RELIEF) if need.planned])
        if crew.is_leaving:
            if crew.released:
                crew.leave()
            return
        self.roster.add(crew)
        self.when_ready(crew)
        self.wake()

    def strike_off(self, crew: Crew) -> None:
        """A crew is to leave: at once where it is idle, else when it is free again."""
        if crew.number in self.roster.candidates:
            self.roster.remove(crew)
            crew.leave()

    def wake(self) -> None:
        """Decide on the news of this instant, at its end or when the staff have thought about it."""
        now = self.sim.env.now
        # However much is heard in an instant, it is one decision; of what is heard later another, with its own delay.
        if now not in self.heard_h:
            self.heard_h.add(now)
            after(self.sim.env, self.sim.settings.command.decision_h, lambda _: self._decide(now), DECISIONS)

    # ---- the decision

    def _decide(self, heard_h: float) -> None:
        """On what was heard by this hour, with who was idle then; what came since has its own time."""
        self.heard_h.discard(heard_h)
        fresh, newcomers = self.waiting.take_fresh(heard_h), self.roster.take_newcomers(heard_h)
        if not fresh and not newcomers:
            return
        # Who came free after the news was heard is for a decision of his own: command takes as long to think of him.
        absent = self.roster.unheard() | self.roster.newcomers.keys()
        newcomers = [i for i in newcomers if i not in absent]
        # With nobody to send the policy is not asked, and news is used up all the same: who comes free is news himself.
        if newcomers or (fresh and len(self.roster.candidates) > len(absent)):
            # Roads known, weather and stocks are those of this instant.
            self.etas.clear()
            self.cycles.clear()
            self.told_in.clear()
            decision = DecisionView(self, fresh, newcomers, absent)
            requests = decision.requests()
            now, shared_h = self.sim.env.now, self.sim.settings.command.boats_shared_within_h
            view = View(now, requests, decision.idle.values(), self._eta_h, decision.nearby, self._cycle_h, shared_h)
            for assignment in self.policy.decide(view) if requests else ():
                self._assign(self.crew(assignment.responder), assignment.request)
        # After the orders: a request counts as unable to be served only if this decision sent nobody.
        for _, _, need in fresh:
            self._tell_unable(need)

    def _eta_h(self, candidate: Candidate, request: Request) -> float:
        """Until work can begin: the order has to come to the crew, and the crew to the place."""
        crew, need = self.crew(candidate.responder), self.requests[request.number]
        if candidate.responder in need.refused:
            return INFINITE
        if not self.contact.tells:
            return self._way_eta_h(crew, need)
        if crew.number not in self.told_in:
            self.told_in[crew.number] = self.contact.order_h(crew)
        return self.told_in[crew.number] + self._way_eta_h(crew, need)

    def _way_eta_h(self, crew: Crew, need: OpenRequest) -> float:
        """From when it has its order; crews that are alike and stand at the same place have the same way."""
        moves = crew.moves
        # The way depends on what this crew has met, on its own fuel and hours, or on its own load and leave to be sent.
        if crew.seen or moves.flies or moves.readiness is not None:
            return self._mission_eta_h(crew, need)
        # Crews of one row share its record.
        called = moves.ready_since_h, moves.drivers_called_h
        key = (need.number, id(crew.record), crew.here, crew.out, called, moves.afloat)
        eta_h = self.etas.get(key)
        if eta_h is None:
            eta_h = self.etas[key] = self._mission_eta_h(crew, need)
        return eta_h

    def _cycle_h(self, candidate: Candidate, request: Request) -> float:
        """Of a boat from the houses to the transfer point and back, search and boarding included."""
        crew, need = self.crew(candidate.responder), self.requests[request.number]
        key = (need.number, id(crew.record))
        if key not in self.cycles:
            shuttles = crew.member.vehicle == "boat"
            self.cycles[key] = need.mission(crew.sim, crew, need).cycle_h() if shuttles else INFINITE
        return self.cycles[key]

    def _mission_eta_h(self, crew: Crew, need: OpenRequest) -> float:
        """Whom light, weather or rest keep from a request is asked again as soon as they do no more."""
        if not suits(crew, need):
            return INFINITE
        mission = need.mission(crew.sim, crew, need)
        eta_h: float = crew.moves.eta_h(mission)
        # Nobody polls: the hour at which light, weather or rest allow it is known, and wakes command.
        if eta_h == INFINITE:
            self.look_again_from(need, crew.moves.ask_again_h(mission))
        return eta_h

    def look_again_from(self, need: OpenRequest, hour: float) -> None:
        """At an hour (infinite: never) somebody can be sent to a request, for all that is known now."""
        if hour < INFINITE and hour not in need.moments_h:
            need.moments_h.add(hour)
            at = TimerAt(self.sim.env, hour)
            # It may be covered or closed by then, and stand in no line.
            at.callbacks.append(lambda _: self._look_again_at([] if need.entry is None else [need]))

    def _look_again_at(self, needs: Sequence[OpenRequest]) -> None:
        for need in needs:
            self.waiting.has_news(need)
        if needs:
            self.wake()

    def crew(self, index: int) -> Any:
        """The crew with this index in the table of things. Raises KeyError where it is no responder."""
        return self.crews[self.number[index]]

    def _assign(self, crew: Crew, number: int) -> None:
        mission = self._take_on(crew, number)
        if mission is None:
            # Others of this decision have had the last goods: it is free for something else.
            if self.roster.can_do_more([crew]):
                self.wake()
            return
        self.roster.remove(crew)
        # Known where the policy has asked for it.
        cycle_h = self.cycles.get((number, id(crew.record)), INFINITE)
        if cycle_h < INFINITE:
            per_hour = crew.member.seats / cycle_h
            # Kept by the boat: so much is taken off again when it is free, wherever it is sent by then.
            self.taking_off[crew.number] = mission.request, per_hour
            mission.request.per_hour += per_hour
        row = self.write_order(mission)
        if self.contact.tells:
            self.contact.order(crew, row, lambda: crew.wake.succeed((mission, row)))
        else:  # as if spoken
            crew.wake.succeed((mission, row))

    def _take_on(self, crew: Crew, number: int) -> Mission[Any] | None:
        """A crew's share of a request is on its way from now on; None where there is nothing to do it with."""
        need = self.requests[number]
        share = COVERS[need.task](crew.member)
        # A crew takes on no more than is left, so that the next knows what is still open.
        if not need.goes_whole:
            share = min(share, left(need))
        mission: Mission[Any] = need.mission(crew.sim, crew, need, share)
        if mission.takes_goods and not mission.prepare():
            return None
        self.count_on(need, mission.share)
        return mission

    def take_besides(self, mission: Mission[Any], need: OpenRequest, most: int) -> int:
        """A crew that is out takes on another request on its way, for `most` persons; answers the row of its order."""
        mission.request, mission.share, mission.counts = need, min(most, need.amount - need.coming), True
        self.count_on(need, mission.share)
        return self.write_order(mission)

    def write_order(self, mission: Mission[Any]) -> int:
        """A mission begins; answers the row ASSIGNED of the log, which all that follows names as its cause."""
        self.missions += 1
        need, index = mission.request, mission.crew.index
        return self.sim.log(
            Kind.ASSIGNED, index, need.place, need.row, need.number, need.task, need.persons, mission.share
        )

    def _tell_unable(self, need: OpenRequest) -> None:
        # Once in its life: that nobody can be sent for hours is one piece of news, not one at every decision.
        if need.coming <= SMALL and not need.unable_told:
            need.unable_told = True
            log, desk = self.sim.log, self.sim.world.command
            row = log(Kind.NO_RESPONDER, desk, need.place, need.row, need.number, need.task, need.persons)
            if isinstance(need, ReliefRequest) and not self._anywhere(need):
                log(Kind.NO_STOCK, desk, need.place, row, need.number)

    def _anywhere(self, need: ReliefRequest) -> bool:
        """Whether any depot that may serve a request has any of what it asks for, as far as command knows.

        A closed road to it is another matter; a depot on another island, to which nobody flies, is none.
        """
        upper, dark = self.sim.world.upper.get(need.place), self.contact.dark
        depots = self.depots if upper is None else {upper: self.depots[upper]}
        having = (i for i, depot in depots.items() if i not in dark and depot.has(need.wanted))
        return any(self.part[i] == self.part[need.place] or self.is_flown_to(i, need.place) for i in having)

    def is_flown_to(self, depot: int, place: int) -> bool:
        """Whether any aircraft could bring goods from a depot to a place, whatever the weather."""
        flyers = (self.crews[i] for i in self.roster.flyers)
        return any(RELIEF in crew.member.tasks and crew.moves.can_bring(depot, place) for crew in flyers)
