"""Crews bound to roads: wheels, and boats with their carrier trucks."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from functools import partial
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.kinds import kind_named
from simrescue.network.traffic_flow import cars_of
from simrescue.responders import VEHICLE_KINDS
from simrescue.simulation.protocols import Convoy, Lookout
from simrescue.simulation.responders import readiness
from simrescue.simulation.responders.moving import MEAN_TURNOUT, Moving, Steps
from simrescue.simulation.roads.true_roads import WAIT_FOR_ROAD_H
from simrescue.simulation.state import WADING_CLASS
from simrescue.streams import exponential, stream

if TYPE_CHECKING:
    from simrescue.simulation.missions.base import Mission
    from simrescue.simulation.protocols import Crew


class ByRoad(Moving):
    """Teams and lorries on the road."""

    hull_kmh = 8.0
    """Speed of a hull on wet links, where the vehicle is a boat that the team brings along."""

    def __init__(self, crew: Crew) -> None:
        super().__init__(crew)
        self.vehicle = crew.member.vehicle
        self.floats = bool(VEHICLE_KINDS[self.vehicle].carrier)
        self.is_based = kind_named(crew.member.kind).based
        """Whether it goes home after every mission."""
        self.readiness = readiness.of(crew)
        self.drivers = int(getattr(self.record, "drivers", 1))
        people = max(crew.member.seats, crew.member.size)
        self.convoy = Convoy(cars_of(self.vehicle, people, crew.sim.parameters))

    # ---- how soon

    def turn_out_h(self, spread: float) -> float:
        """As stated (times `spread`); buses wait for their drivers, who are called with the order if not before."""
        hours = max(super().turn_out_h(spread), self._drivers_left_h(spread))
        self.drivers_called_h = min(self.drivers_called_h, self.sim.env.now)
        if self.readiness is not None:
            self.readiness.ask()
            turnout_h = self.still_to_go_h(self.readiness.turnout_h(self.is_light()) * spread)
            return self.readiness.grant_left_h() + max(hours, turnout_h)
        return hours

    def turnout_left_h(self) -> float:
        """Until the drivers are there too."""
        if self.crew.out:
            return 0.0
        if self.readiness is not None:
            turnout_h = self.still_to_go_h(self.readiness.turnout_h(self.is_light()) * MEAN_TURNOUT)
            return self.readiness.grant_left_h() + max(turnout_h, self._drivers_left_h(MEAN_TURNOUT))
        # Asked for every crew at every decision: most have not been told to make ready, and all of it is still to go.
        waits = self.ready_since_h == INFINITE
        hours = self.mean_turnout_h if waits else self.still_to_go_h(self.mean_turnout_h)
        return max(hours, self._drivers_left_h(MEAN_TURNOUT))

    def least_turnout_h(self) -> float:
        """As by day or by night, whichever is shorter."""
        if self.crew.out or self.readiness is None or self.ready_since_h < INFINITE:
            return super().least_turnout_h()
        return self.readiness.least_turnout_h() * MEAN_TURNOUT

    def make_ready(self, mission: Mission[Any], row: int) -> Steps:
        """Change the load, where it is for another hazard."""
        if self.readiness is not None:
            changeover_h = self.readiness.changeover_h(mission)
            self.readiness.change(mission)
            if changeover_h:
                yield self.sim.env.timeout(changeover_h)
        return row

    def _drivers_left_h(self, spread: float) -> float:
        """Hours until the drivers of buses are there: called in with the first order to leave, or else from now on."""
        if self.vehicle != "bus":
            return 0.0
        now = self.sim.env.now
        called_h = min(self.sim.drivers_called_h, self.drivers_called_h, now)
        return called_h + self.sim.parameters.bus_mobilisation_h * spread - now

    def hours(self, a: int, b: int) -> float:
        """By the roads that are known open to this driver."""
        return self.sim.roads.router.hours(self.vehicle, a, b, frozenset(self.crew.seen))

    def is_light(self) -> bool:
        """Whether it is day where the crew is."""
        changes = self.sim.world.sky.light_changes[self.crew.here]
        return bool(bisect_right(changes, self.sim.env.now) % 2)

    def pace(self) -> float:
        """Slower by night."""
        return 1.0 if self.is_light() else float(self.record.night_factor)

    def drive_pace(self) -> float:
        """On wheels darkness slows far less than at work; who goes on foot walks as at work."""
        if self.vehicle == "foot":
            return self.pace()
        return 1.0 if self.is_light() else float(self.sim.parameters.night_driving_factor)

    def eta_h(self, mission: Mission[Any]) -> float:
        """Turnout, waiting for others, and driving and work as fast as it gets on now."""
        at, hours, pace, started = self.crew.here, self.turnout_left_h(), self.pace(), False
        drive_pace = self.drive_pace()
        if self.readiness is not None:
            hours += self.readiness.changeover_h(mission)
        for leg in mission.legs():
            if leg.way_h == INFINITE:
                return INFINITE
            # Later legs still have to have a way: people aboard must be brought somewhere.
            if started:
                continue
            if leg.place is not None:
                if mission.enters and not self.can_enter(leg.place):
                    return INFINITE
                hours += self.hours(at, leg.place) / drive_pace + self.launching_h(at, leg.place)
                if hours == INFINITE:
                    return INFINITE
                at = leg.place
            started = leg.starts
            if not started:
                hours += max(0.0, leg.opens_h - self.sim.env.now - hours) + leg.hours / pace
        return hours

    def can_bring(self, depot: int, place: int) -> bool:
        """By ways that are known."""
        reaches, seen = self.sim.roads.router.reaches, frozenset(self.crew.seen)
        return all(reaches(self.vehicle, a, b, seen) for a, b in pairwise((self.crew.here, depot, place)))

    # ---- what is done there

    def can_enter(self, place: int) -> bool:
        """Up to the depth that stops it on the road, or by hull; where nothing is heard, that shows on arrival."""
        if self.floats or self.sim.depth_m.get(place, 0.0) <= self.sim.world.depth_limits_m[self.vehicle]:
            return True
        return self.is_unknown(place)

    def is_unknown(self, place: int) -> bool:
        """Whether nothing is heard from a place and the crew is not there to see it: water must be reckoned with."""
        return place in self.sim.contact.dark and place != self.crew.here

    def boarding_h(self, place: int, persons: int) -> tuple[float, float]:
        """The vehicles of a convoy are boarded side by side."""
        full = min(1.0, persons / max(1, self.crew.member.seats))
        return self.search_h(place, persons) + self.sim.parameters.boarding_h_per_vehicle * full, 0.0

    def search_h(self, place: int, persons: int) -> float:
        """Hours to search the houses of so many people in the water, by all search parties of the crew together."""
        sim = self.sim
        if sim.dangers.get(place, {}).get("water", 0) < WADING_CLASS and not self.is_unknown(place):
            return 0.0
        parameters = self.sim.parameters
        parties = max(1, self.crew.member.size // int(parameters.search_party))
        return float(parameters.search_h_per_house * persons / parameters.persons_per_house / parties)

    def load_h(self, full_h: float, mass_t: float) -> float:
        """In proportion to the mass."""
        return full_h * mass_t / self.sim.parameters.truck_payload_t

    def unload_h(self, mass_t: float) -> float:
        """By hand, in proportion to the mass."""
        return mass_t / self.sim.settings.relief.unload_t_per_h

    def shelter(self, order: tuple[int, ...], refused: AbstractSet[int], start: int) -> int | None:
        """The nearest shelter with room that can be reached by what is known; failing that, any that can."""
        shelters, seen, roof = self.sim.shelters, frozenset(self.crew.seen), None
        for i in self.sim.roads.router.reached(self.vehicle, start, order, seen):
            if i not in refused and shelters[i].is_known_safe:
                if not shelters[i].is_known_full:
                    return i
                roof = i if roof is None else roof
        return roof

    # ---- on the way

    def go(self, goal: int, row: int, request: int, hours: float | None = None) -> Steps:  # noqa: ARG002 - by road
        """Drive by what is known, turn round where a road is not as known."""
        crew, sim, start = self.crew, self.sim, self.crew.here
        if start == goal:
            return self.be_there(row, request)
        row = sim.log(Kind.SETS_OFF, crew.index, goal, row, request)
        crew.under_way = True
        # Mostly nobody is silent, and then nothing is looked out for.
        lookout = Lookout(frozenset(sim.contact.dark), partial(self._pass_by, row)) if sim.contact.dark else None
        crew.here, row = yield from sim.roads.travel(
            self.vehicle,
            crew.here,
            goal,
            crew.index,
            row,
            request,
            self.drive_pace(),
            # a hull on dark water is slowed as work is
            self.hull_kmh * self.pace() / self.drive_pace(),
            crew.seen,
            lookout,
            self.convoy,
        )
        crew.under_way = False
        if crew.here == goal:
            row = sim.log(Kind.ARRIVES, crew.index, goal, row, request)
        sim.contact.bring_radio(crew, row)  # wherever it had to stop
        if crew.here == goal and (launching_h := self.launching_h(start, goal)):
            yield sim.env.timeout(launching_h)
        return row

    def _pass_by(self, row: int, place: int) -> None:
        """What is seen of a silent village on the way through it is told by radio, or at the next stop."""
        sim = self.sim
        if place in sim.contact.dark and place < len(sim.villages):
            village, crew = sim.villages[place], self.crew
            word = village.word()
            sim.contact.hear_crew(crew, row, lambda heard: sim.command.see(village, crew.index, heard, word))

    def halt(self) -> None:
        """To the end of the road that it is on."""
        self.crew.interrupt()

    def launching_h(self, start: int, place: int) -> float:  # noqa: ARG002 - a boat must
        """Hours on arrival at a place, from another, before anything else can be done."""
        return 0.0

    def wait_for_way(self, goal: int) -> Generator[Any, Any, None]:
        """Look again every `WAIT_FOR_ROAD_H`."""
        while self.hours(self.crew.here, goal) == INFINITE:
            yield self.sim.env.timeout(WAIT_FOR_ROAD_H)

    # ---- after a mission

    def _is_tired(self) -> bool:
        """Whether all who drive it in turn have worked a shift, and none of them has rested yet."""
        if self._rest_h() <= 0:
            return False
        worked_h = self.sim.env.now - self.crew.on_duty_h
        return bool(worked_h >= self.record.shift_h * self.drivers)

    def _rest_h(self) -> float:
        """Hours that the vehicle stands until the first of its drivers has rested."""
        return float(max(0.0, self.record.rest_h - self.record.shift_h * (self.drivers - 1)))

    def go_home(self, row: int) -> Steps:
        """Lorries go back after every mission; others stay forward until the shift is over, and then rest.

        Who cannot be told anything where it is goes back too. Who knows no way back stays.
        """
        crew, sim, base = self.crew, self.sim, self.crew.member.base
        tired = self._is_tired()
        wants_home = crew.here != base and (tired or self.is_based or not sim.contact.may_be_told(crew))
        if wants_home and sim.roads.router.reaches(self.vehicle, crew.here, base, frozenset(crew.seen)):
            row = sim.log(Kind.RETURNS, crew.index, base, row)
            row = yield from self.go(base, row, -1)
        if tired:
            rest_h = self._rest_h()
            row = sim.log(Kind.RESTS, crew.index, crew.here, row, amount=rest_h)
            yield sim.env.timeout(rest_h)
            crew.rested = True
        if crew.here == base:
            # Between two loads a lorry needs no second turnout; who has come home to rest, or for good, does.
            crew.out = tired is False and self.is_based
        return row


class ByWater(ByRoad):
    """A boat with crew and carrier truck: wheels on dry links, hull on wet ones."""

    def __init__(self, crew: Crew) -> None:
        super().__init__(crew)
        self.hull_kmh = crew.record.speed_kmh
        self.out_since_h: float | None = None
        self.chance: Random | None = None
        self.holds_h: float | None = None
        """Hours that it will still be out before it is holed."""

    def boarding_h(self, place: int, persons: int) -> tuple[float, float]:
        """House after house, and one by one."""
        return self.search_h(place, persons) + self.sim.parameters.boarding_h_per_person * persons, 0.0

    def launching_h(self, start: int, place: int) -> float:
        """It is put on the water where there is any; not again between a village and its transfer point."""
        is_wet = place in self.sim.unsafe or self.is_unknown(place)
        return float(self.record.launch_h) if is_wet and (start, place) != self.afloat else 0.0

    # ---- holes

    def _next_hole_h(self) -> float:
        """Exponential hours until the next hole; infinite for a hull that is never holed."""
        drawn = exponential(self.holes().random())
        return drawn / self.record.puncture if self.record.puncture else INFINITE

    def holes(self) -> Random:
        """The boat's own stream of holes, made when first needed."""
        if self.chance is None:
            name = f"{self.record.id}-{self.crew.member.copy}"
            self.chance = stream(self.sim.seed, self.sim.replication, "holes", name)
        return self.chance

    def make_ready(self, mission: Mission[Any], row: int) -> Steps:
        """From now on it is out."""
        # Not anew with each mission: between two of them it stays out, and its hours go on.
        if self.out_since_h is None:
            self.out_since_h = self.sim.env.now
        return (yield from super().make_ready(mission, row))

    def wear(self, row: int) -> Steps:
        """Its hours out count against those that it holds; a hole is mended, or the boat is lost."""
        sim, crew, now = self.sim, self.crew, self.sim.env.now
        if self.holds_h is None:
            self.holds_h = self._next_hole_h()
        # Hours at the base count for nothing: a hull is holed where it is used.
        self.holds_h -= now - (now if self.out_since_h is None else self.out_since_h)
        self.out_since_h = now
        if self.holds_h <= 0:
            row = sim.log(Kind.PUNCTURED, crew.index, crew.here, row)
            # Both drawn, used or not: whether a boat is lost leaves its later holes where they are.
            is_lost, repair = self.holes().random() < self.record.lost, self.holes().random()
            self.holds_h = self._next_hole_h()
            if is_lost:
                sim.log(Kind.BOAT_LOST, crew.index, crew.here, row)
                yield sim.env.event()  # nothing comes of it any more
            yield sim.env.timeout(exponential(repair) * self.record.repair_h)
            row = sim.log(Kind.REPAIRED, crew.index, crew.here, row)
            self.out_since_h = sim.env.now
        return row

    def go_home(self, row: int) -> Steps:
        """A boat that has gone in is not out."""
        row = yield from super().go_home(row)
        if not self.crew.out:
            self.out_since_h = None
        return row

    def lie_afloat(self, village: int) -> None:
        """It has set people of a village ashore where it is, and stays in the water."""
        self.afloat = (self.crew.here, village)

    def go(self, goal: int, row: int, request: int, hours: float | None = None) -> Steps:
        """As by road; who goes elsewhere takes the boat out of the water."""
        row = yield from super().go(goal, row, request, hours)
        # Between the village and its transfer point it stays in the water.
        if self.afloat is not None and self.crew.here not in self.afloat:
            self.afloat = None
        return row
