"""Roads as they are and as command knows them, and everybody who is on them now.

The rule of known and true: a driver plans by what command knows. Where his way meets water that he cannot pass and
nobody knew of, he learns it at the near end of that link, turns round, reports it, and takes the next best way from
there; until command has heard of it he alone keeps off that link. Water that comes while he is under way stops him
only at links that he has not yet entered.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from simpy import Event, Interrupt, Process

from simrescue.events import EventKind as Kind
from simrescue.hazards.flood.depth_effects import flooded_speed_kmh
from simrescue.hazards.flood.settings import Flood
from simrescue.network import Components, Router
from simrescue.network.closures import (
    BRIDGE,
    CAUSES,
    DAMAGE,
    FLAMES,
    OPEN,
    ORDER,
    SMOKE,
    WATER,
    Closed,
    Closures,
    shut_to,
)
from simrescue.network.routing import INFINITE
from simrescue.responders import VEHICLE_KINDS, VEHICLES
from simrescue.simulation.beds import look_for_beds
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.protocols import ON_FOOT, Convoy
from simrescue.simulation.roads.traffic import Traffic
from simrescue.streams import exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.protocols import CommandPost, Lookout, Repairs, ShelterState
    from simrescue.simulation.state import Replication

CALLED_OFF = "called off"
"""What interrupts a driver who is to go no farther than to the end of the link that he is on; else it is a link."""
WAIT_FOR_ROAD_H = 1.0
"""Those who are on the road and know no way to go on look again after this time."""
SLOWED_H = 0.05
"""Time lost in traffic below which nothing is told of it."""


class LinkDraws(NamedTuple):
    """The chance of one road in one replication."""

    known_closed_h: float
    """From closing to road staff having reported it."""
    known_open_h: float
    breaks: float
    repair: float
    lost: float
    """Draws in 0..1 of its damage by water (`Damage`)."""


class Damage(NamedTuple):
    """What water does to a road."""

    breaks: bool
    """Whether it is damaged when it has been impassable for trucks."""
    loses_bridge: bool
    """Whether a bridge is gone with it."""
    repair_h: float
    """From the water leaving it to its being open again: longer where a bridge is gone."""
    crew_h: float
    """Hours of work for one crew, the same."""


# Two trips are never the same one, however alike: they are keys of `Roads.trips`.
@dataclass(slots=True, eq=False)
class Trip:
    """One drive in progress: its links, when each is entered, and who drives."""

    path: tuple[int, ...]
    entry_h: list[float]
    vehicle: str
    driver: Process
    convoy: Convoy
    lanes: list[int]
    """What it uses of the roads, as `Traffic` counts it; empty: it takes up no room."""


class Drive(NamedTuple):
    """What a driver is about to drive."""

    vehicle: str
    start: int
    path: tuple[int, ...]
    pace: float
    boat_kmh: float
    convoy: Convoy


class Roads:
    """The closures of every link as they are; those that command knows are the router's."""

    desk: CommandPost
    """Hears of roads that are known open again; there from the start of the clock."""
    repairs: Repairs
    """Hears of roads that can be repaired; there from the start of the clock."""

    def __init__(self, sim: Replication, shelters: Mapping[int, ShelterState]) -> None:
        """`shelters`: who is without a bed looks again where a road is known open."""
        world = sim.world
        self.sim, self.shelters = sim, shelters
        self.router = Router(world.network)
        self.first = world.first["roads"]
        self.traffic = Traffic(world.network, world.flows, world.duration_h)
        self.closures = Closures()
        self.passages = self.router.passages
        self.hulls = {vehicle for vehicle, passage in self.passages.items() if passage.draft_m < INFINITE}
        self.depth_m = [0.0] * world.network.links
        """Water on each link now; 0 where it is too shallow to count."""
        self.ford_m = [0.0] * world.network.links
        """Water over the bed of the stream under each link now; less than on the link where only that is known."""
        self.blocked: dict[str, set[int]] = {vehicle: set() for vehicle in VEHICLES}
        trucks = world.network.profiles["truck"]
        self.near = trucks.neighbours.copy()
        self.parts = Components(self.near, trucks.parts, trucks.weight)
        # In the order of setting out: a set would have another in every process, and drivers are stopped in this one.
        self.trips: dict[Trip, None] = {}
        self.private: dict[int, list[tuple[str, set[int]]]] = {}
        self.changed = False
        self.review_points: Callable[[], None] = lambda: None  # the transfer points bring it
        self.review_roadsides: Callable[[], None] = lambda: None  # who is caught on the road brings it
        self.tear_lines: Callable[[int, int], None] = lambda _, __: None  # contact brings it
        self.hear: Callable[[int, int, Callable[[int], Any]], Any] = lambda _, row, heard: heard(
            row
        )  # contact brings it
        self.review_isolation: Callable[[], None] = lambda: None  # the hazards bring it when they start
        self.waiting_on_foot: dict[Callable[[], Any], None] = {}
        self.dry_since_h: dict[int, float] = {}
        """Damaged links and the hour at which the water last left them."""
        self.slows = {cause.name: cause.slows(sim.parameters) for cause in CAUSES.values() if cause.slows}
        self.drawn: dict[int, LinkDraws] = {}
        hazards = sim.settings.hazards
        self.water_rules = sim.settings.flood if "flood" in hazards else sim.parameters.follow(Flood())

    def draws(self, link: int) -> LinkDraws:
        """What the replication has in store for a link, drawn from the road's own stream."""
        if link not in self.drawn:
            sim, road = self.sim, self.sim.world.scenario.roads[link]
            draw, report_h = stream(sim.seed, sim.replication, "road", road.id), sim.settings.command.road_report_h
            # All at once, used or not: another rule or depth leaves the other draws as they are.
            closed, opened, *damage = (draw.random() for _ in range(5))
            self.drawn[link] = LinkDraws(exponential(closed) * report_h, exponential(opened) * report_h, *damage)
        return self.drawn[link]

    def damage(self, link: int) -> Damage:
        """What water will do to a link that it closes."""
        sim, road, rules, drawn = self.sim, self.sim.world.scenario.roads[link], self.water_rules, self.draws(link)
        # Bridges too small for the map are lost at random along the road (a Poisson process).
        # A bridge that is damaged is lost for sure: no draw is below 0.
        keeps_all = 0.0 if road.bridge else math.exp(-rules.bridges_lost_per_km * sim.world.network.length_km[link])
        mean_h, crew_h = rules.road_repair_h, sim.parameters.repair_road_h
        loses_bridge = drawn.lost >= keeps_all
        if loses_bridge:
            mean_h, crew_h = rules.road_rebuild_h, sim.parameters.repair_bridge_h
        breaks = drawn.breaks < (rules.bridge_damage if road.bridge else rules.road_damage)
        return Damage(breaks, loses_bridge, exponential(drawn.repair) * mean_h, crew_h)

    def water(self, link: int, depth_m: float, ford_m: float = 0.0) -> None:
        """The hazard says: this depth on a link from now on, and over the bed of the stream under it."""
        sim, log, was = self.sim, self.sim.log, self.depth_m[link]
        limit, wet_m = self.passages["truck"].limit_m, sim.parameters.depth_wet_m
        self.depth_m[link] = depth_m if depth_m > wet_m else 0.0
        self.ford_m[link] = ford_m
        self.closures.put(link, WATER, self.depth_m[link])
        if was <= limit < depth_m:
            row = log(Kind.ROAD_FLOODS, self.first + link, amount=depth_m)
            self._break(link, row)
        elif depth_m <= limit < was:
            row = log(Kind.ROAD_CLEARS, self.first + link, amount=depth_m)
        else:
            row = -1
        # Only from a dry road on: neither staff nor crews work in water.
        if depth_m <= wet_m < was and self.closures.amount(link, DAMAGE):
            self._repair_later(link)
            crew_h = self.damage(link).crew_h
            self.repairs.begin(
                self.first + link, crew_h, lambda done: self._repair(link, done), self.draws(link).known_open_h
            )
        elif was <= wet_m < depth_m:
            self.repairs.end(self.first + link)
        self._refresh(link, row)
        self._look_at_ford(link)

    def _look_at_ford(self, link: int) -> None:
        """Where a damaged road has lost a bridge, who walks has to wade the stream, and waits while it is too deep."""
        on = self.closures.on.get(link, OPEN)
        if DAMAGE not in on and BRIDGE not in on:  # most roads
            return
        is_gone = DAMAGE in on and self.damage(link).loses_bridge
        self._put(link, BRIDGE, is_gone and self.ford_m[link] > self.passages["foot"].limit_m)

    def flames(self, link: int, burning: bool) -> None:
        """The hazard says: flames stand on a link from now on, or no more."""
        if self.closures.put(link, FLAMES, float(burning)):
            row = self.sim.log(Kind.ROAD_BURNS if burning else Kind.ROAD_BURNT_OUT, self.first + link)
            self._refresh(link, row)
            self.tear_lines(link, row)

    def smoke(self, link: int, thick: bool) -> None:
        """The hazard says: thick smoke lies on a link from now on, or no more; whoever enters it drives slowly."""
        self.closures.put(link, SMOKE, float(thick))

    def close(self, link: int, cause: str, closed: bool) -> None:
        """The hazard says: a cause of its own (of `CAUSES`) closes a link from now on, or no more."""
        row = self._put(link, cause, closed)
        if row is not None:
            self.tear_lines(link, row)

    def _put(self, link: int, cause: str, closed: bool) -> int | None:
        """Have a cause close a link, or no more; answers the row of the log, None where it was so already."""
        if not self.closures.put(link, cause, float(closed)):
            return None
        kind, item = Kind.ROAD_CLOSES if closed else Kind.ROAD_OPENS, list(CAUSES).index(cause)
        row = self.sim.log(kind, self.first + link, item=item)
        self._refresh(link, row)
        return row

    def start_orders(self) -> None:
        """Have the roads closed and opened at the hours of their orders; who orders it knows it at once."""
        for link, road in enumerate(self.sim.world.scenario.roads):
            for hour, is_closed in ((road.closed, True), (road.reopened, False)):
                if hour is not None:
                    TimerAt(self.sim.env, max(hour, 0.0)).callbacks.append(partial(self._ordered, link, is_closed))

    def _ordered(self, link: int, is_closed: bool, _: Event) -> None:
        row = self._put(link, ORDER, is_closed)
        if row is not None:
            self.learn(link, row)

    def _break(self, link: int, row: int) -> None:
        damage = self.damage(link)
        if damage.breaks and self.closures.put(link, DAMAGE, 1.0):
            row = self.sim.log(Kind.ROAD_DAMAGED, self.first + link, cause=row, amount=damage.repair_h)
            self.tear_lines(link, row)

    def _repair_later(self, link: int) -> None:
        """The water has left a damaged link: by its own staff it is open again after `Damage.repair_h`.

        Water that comes back in the meantime puts an end to that, and the whole of it begins anew when it has gone.
        """
        dry_h = self.dry_since_h[link] = self.sim.env.now

        def done(_: Event) -> None:
            # The water may have come back and gone again: then a later repair counts.
            if self.dry_since_h[link] == dry_h:
                self._repair(link)

        self.sim.env.timeout(self.damage(link).repair_h).callbacks.append(done)

    def _repair(self, link: int, cause: int = -1) -> None:
        # Water is back, or crews were sooner than staff: then there is nothing to tell.
        if self.depth_m[link] or not self.closures.put(link, DAMAGE, 0.0):
            return
        row = self.sim.log(Kind.ROAD_REPAIRED, self.first + link, cause=cause)
        self._look_at_ford(link)
        self.repairs.end(self.first + link, row)
        self._refresh(link, row)
        self.tear_lines(link, row)
        self.review_isolation()
        self.learn(link, row)

    def _refresh(self, link: int, row: int) -> None:
        """Bring the sets of blocked links up to date; the news spreads by itself after a while."""
        shut, closes, opens = shut_to(self.passages.values(), self.closures.of(link)), [], False
        for vehicle in VEHICLES:
            blocked = vehicle in shut
            if blocked == (link in self.blocked[vehicle]):
                continue
            if blocked:
                self.blocked[vehicle].add(link)
                closes.append(vehicle)
            else:
                self.blocked[vehicle].discard(link)
                opens = True
                if vehicle == "foot":
                    self._open_on_foot()
            if vehicle == "truck":
                self._cut_or_join(link, blocked)
        if closes or opens:
            self.changed = True
            draws = self.draws(link)
            delay = draws.known_closed_h if closes else draws.known_open_h
            self.sim.env.timeout(delay).callbacks.append(lambda _: self.learn(link, row))
        if closes:
            self._stop_trips(link, closes)

    def wait_on_foot(self, tell: Callable[[], Any]) -> None:
        """Have those told, once, who stand before closed roads on foot, when one has opened."""
        self.waiting_on_foot[tell] = None

    def _open_on_foot(self) -> None:
        waiting, self.waiting_on_foot = self.waiting_on_foot, {}
        for tell in waiting:
            tell()

    def _cut_or_join(self, link: int, blocked: bool) -> None:
        a, b = self.sim.world.network.ends[link]
        # Before the link is there, and `split` after it has gone (`Components`).
        if not blocked:
            self.parts.join(a, b)
        shut, neighbours = self.blocked["truck"], self.sim.world.network.profiles["truck"].neighbours
        for node in (a, b):
            self.near[node] = [step for step in neighbours[node] if step[1] not in shut]
        if blocked:
            self.parts.split(a, b)

    def _stop_trips(self, link: int, vehicles: list[str]) -> None:
        now = self.sim.env.now
        for trip in list(self.trips):
            if trip.vehicle in vehicles and link in trip.path and trip.entry_h[trip.path.index(link)] > now:
                trip.driver.interrupt(link)

    def learn(self, link: int, cause: int = -1) -> None:
        """Command hears how a link is now."""
        finders = self.private.pop(link, ())
        for _, seen in finders:
            seen.discard(link)
        change = self.router.learn(link, self.closures.of(link))
        known = "truck" in change.is_shut
        if turned := known != ("truck" in change.was_shut):
            kind = Kind.ROAD_KNOWN_CLOSED if known else Kind.ROAD_KNOWN_OPEN
            cause = self.sim.log(kind, self.sim.world.command, self.first + link, cause, amount=self.depth_m[link])
        if change.eases:
            self.desk.learn_ways()
            self.repairs.look_for_ways()
            look_for_beds(self.sim.env, self.shelters, cause)
        if opened := [seen for vehicle, seen in finders if vehicle not in change.is_shut]:
            self.desk.learn_open(opened)
            look_for_beds(self.sim.env, self.shelters, cause)
        if change.eases or opened:
            self.review_roadsides()
        if turned:
            self.review_points()

    def tell(self, vehicle: str, seen: set[int], other: set[int]) -> None:
        """A driver tells another of the links that only he knows closed; both learn when that is over."""
        for link in sorted(seen - other):
            other.add(link)
            self.private.setdefault(link, []).append((vehicle, other))

    def leg_hours(self, vehicle: str, path: tuple[int, ...], boat_kmh: float, start: int | None = None) -> list[float]:
        """True hours for each link now: passable water and thick smoke slow, hulls go on wet links.

        `start`: node from which the path starts; may be left out where no road has directions of its own.
        """
        free, on = self.sim.world.network.profiles[vehicle].hours_along(start, path), self.closures.on
        # Asked at every drive, and mostly nothing on the way is wet or smoky.
        if not on or on.keys().isdisjoint(path):
            return free
        return [
            hours if link not in on else self._slow_hours(vehicle, link, boat_kmh, hours, on[link])
            for link, hours in zip(path, free, strict=True)
        ]

    def _slow_hours(self, vehicle: str, link: int, boat_kmh: float, hours: float, closed: Closed) -> float:
        if WATER in closed:
            hours = self._wet_hours(vehicle, link, boat_kmh, hours, closed)
        for cause, factor in self.slows.items():
            if cause in closed:
                hours *= factor
        return hours

    def _wet_hours(self, vehicle: str, link: int, boat_kmh: float, free: float, closed: Closed) -> float:
        length, passage = float(self.sim.world.network.length_km[link]), self.passages[vehicle]
        if vehicle in self.hulls and passage.floats(closed):
            return length / boat_kmh
        if free <= 0:
            return free
        on_wheels = VEHICLE_KINDS[vehicle].carrier or vehicle
        # Near the limit the curve goes to nothing, and who may pass must come through.
        return length / max(flooded_speed_kmh(on_wheels, closed[WATER], length / free, passage.limit_m), 1.0)

    def travel(
        self,
        vehicle: str,
        start: int,
        goal: int,
        subject: int,
        cause: int = -1,
        request: int = -1,
        pace: float = 1.0,
        boat_kmh: float = 8.0,
        seen: set[int] | None = None,
        lookout: Lookout | None = None,
        convoy: Convoy = ON_FOOT,
    ) -> Generator[Any, Any, tuple[int, int]]:
        """Drive from one place to another by what is known; answers (place reached, last row).

        The place reached is the goal, or where the driver stood when he knew of no further way or, called off, had
        come to the end of a link. `seen` are the links that only this driver knows closed; it is kept up to date.

        He goes at `pace` times the usual speed, or as the traffic flows where that is slower; the way is that by free
        speeds, whatever the traffic.
        """
        log, here, slowed_h = self.sim.log, start, 0.0
        seen = set() if seen is None else seen
        while here != goal:
            path = self.router.path(vehicle, here, goal, frozenset(seen))
            if path is None:
                cause = log(Kind.GIVES_UP, subject, goal, cause, request)
                break
            drive = Drive(vehicle, here, path, pace, boat_kmh, convoy)
            driven, is_called_off, lost_h = yield from self._drive(drive, lookout)
            slowed_h += lost_h
            if driven == len(path):
                here = goal
            else:
                here = self.sim.world.network.nodes_along(here, path[:driven])[-1]
                if not is_called_off:
                    cause = self._turn_round(path[driven], (vehicle, seen), subject, cause, request)
            if is_called_off:
                break
        if slowed_h > SLOWED_H:
            log(Kind.SLOWED, subject, goal, cause, request, persons=convoy.persons, amount=slowed_h)
        return here, cause

    def _turn_round(self, link: int, finder: tuple[str, set[int]], subject: int, cause: int, request: int) -> int:
        """`finder`: the driver's vehicle, and the links that only he knows closed."""
        finder[1].add(link)
        self.private.setdefault(link, []).append(finder)
        row = self.sim.log(Kind.TURNS_ROUND, subject, self.first + link, cause, request, amount=self.depth_m[link])
        delay = self.sim.world.scenario.settings.command.driver_report_h
        heard = partial(self.learn, link)
        self.sim.env.timeout(delay).callbacks.append(lambda _: self.hear(subject, row, heard))
        return row

    def _drive(self, drive: Drive, lookout: Lookout | None = None) -> Generator[Any, Any, tuple[int, bool, float]]:
        """Go along a path; answers how many links he has passed, whether he was called off, and hours lost in traffic.

        If these are not all of them, and he was not called off, the next one has stopped him.
        """
        env, vehicle, path = self.sim.env, drive.vehicle, drive.path
        lanes = self._lanes(drive)
        ends, own_h = self._set_out(drive, lanes, 0)
        blocked = self.blocked[vehicle]
        trip = Trip(path, ends[:-1], vehicle, env.active_process, drive.convoy, lanes)  # type: ignore[arg-type]
        self.trips[trip] = None
        if lookout is not None:
            self._look_out(trip, lookout)
        last, is_called_off = len(path), False
        try:
            while True:
                stop = None
                if blocked and not blocked.isdisjoint(path):
                    # What he has entered he gets through: only links ahead of him stop him.
                    stop = next((i for i, link in enumerate(path) if link in blocked and ends[i] >= env.now), None)
                # Called off, he does not come so far.
                if stop is not None and stop >= last:
                    stop = None
                until = ends[last] if stop is None else ends[stop]
                try:
                    # Added-up hours may lie a digit before now.
                    yield env.timeout(max(0.0, until - env.now))
                except Interrupt as news:
                    if news.cause == CALLED_OFF:
                        is_called_off = True
                        last = min(last, next(i for i, end_h in enumerate(ends) if end_h >= env.now))
                    continue
                if stop is None:
                    break
                if path[stop] in blocked:
                    last = stop
                    break
                # It was open again when he came there: he goes on, by how roads and traffic are now.
                self._leave_rest(trip, stop, ends)
                ends[stop:], own_h[stop:] = self._set_out(drive, lanes, stop)
                trip.entry_h = ends[:-1]
        finally:
            del self.trips[trip]
        self._leave_rest(trip, last, ends)
        return last, is_called_off, ends[last] - ends[0] - math.fsum(own_h[:last]) if lanes else 0.0

    def _lanes(self, drive: Drive) -> list[int]:
        """What the vehicles use of the roads; none of those on which a boat is afloat."""
        if not drive.convoy.cars:
            return []
        lanes, on = self.traffic.lanes_along(drive.start, drive.path), self.closures.on
        if drive.vehicle in self.hulls and not on.keys().isdisjoint(drive.path):
            floats, afloat = self.passages[drive.vehicle].floats, self.traffic.afloat
            return [
                afloat if link in on and floats(on[link]) else lane
                for link, lane in zip(drive.path, lanes, strict=True)
            ]
        return lanes

    def _set_out(self, drive: Drive, lanes: list[int], at: int) -> tuple[list[float], list[float]]:
        """From a link of the path on: when each is entered and the last one left, and hours for each without others."""
        now, pace = self.sim.env.now, drive.pace
        start = drive.start
        if at and self.sim.world.network.profiles[drive.vehicle].has_directions:
            start = self.sim.world.network.nodes_along(start, drive.path[:at])[-1]
        own_h = self.leg_hours(drive.vehicle, drive.path[at:], drive.boat_kmh, start)
        if pace != 1.0:
            own_h = [hours / pace for hours in own_h]
        hours = self.traffic.enter(lanes[at:], own_h, now, drive.convoy) if lanes else own_h
        return list(accumulate(hours, initial=now)), own_h

    def _leave_rest(self, trip: Trip, at: int, ends: list[float]) -> None:
        """From a link of the path on he does not go as he was to."""
        if rest := trip.lanes[at:]:
            self.traffic.withdraw(rest, ends[at:], trip.convoy)

    def _look_out(self, trip: Trip, lookout: Lookout) -> None:
        """Have a driver tell of the places on his lookout as he passes them."""
        ends = self.sim.world.network.ends
        for step, (before, after) in enumerate(pairwise(trip.path), 1):
            for node in lookout.places.intersection(ends[before]).intersection(ends[after]):
                self._pass(trip, step, node, lookout)

    def _pass(self, trip: Trip, step: int, node: int, lookout: Lookout) -> None:
        """He may come later than planned, or turn round before."""

        def look(_: Event) -> None:
            # His drive has ended before he came there.
            if trip not in self.trips:
                return
            if trip.entry_h[step] > self.sim.env.now:
                self._pass(trip, step, node, lookout)
            else:
                lookout.tell(node)

        TimerAt(self.sim.env, trip.entry_h[step]).callbacks.append(look)
