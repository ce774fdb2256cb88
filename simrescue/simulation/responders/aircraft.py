"""Aircraft: they fly straight, by daylight, within wind, visibility, fuel, crew hours and maintenance."""

from __future__ import annotations

import math
from collections.abc import Generator
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from simpy import Event

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE, RECONNAISSANCE, RESCUE
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.responders.moving import Moving, Steps
from simrescue.units import SAME_H

if TYPE_CHECKING:
    from simrescue.simulation.missions.base import Mission
    from simrescue.simulation.protocols import Crew

NIGHT, WEATHER, CREW_HOURS = 0, 1, 2
SHORTEST_H = 1e-6
"""Light for less than this is none."""
LONGEST_HOLD_H = 0.5
"""No mission is given to an aircraft that could not start within this time; command asks again when it could."""


class Flight(NamedTuple):
    """A mission as it would be flown from now on, by its legs."""

    ground_h: float
    """On the ground before its work starts: waiting, loading."""
    out_h: float
    """In the air until its work starts."""
    airborne_h: float
    """In the air out and home."""
    standing_h: float
    """On the ground from when its work starts."""


class ByAir(Moving):
    """One aircraft of one replication."""

    flies = True

    def __init__(self, crew: Crew) -> None:
        super().__init__(crew)
        self.sky = self.sim.world.sky.lit() if self.record.by_night else self.sim.world.sky
        self.fuel_h = float(self.record.endurance_h)
        self.flown_h = 0.0
        self.day_began_h = -INFINITE
        self.reserve_h = self.sim.parameters.heli_fuel_reserve_h

    def is_serviceable(self) -> bool:
        """Not in maintenance for the whole scenario."""
        return self.crew.rng.random() < float(self.record.serviceable)

    # ---- limits

    def hours(self, a: int, b: int) -> float:
        """By the great circle at cruise speed."""
        return self.sim.world.distance_km(a, b) / float(self.record.cruise_kmh)

    def pace(self) -> float:
        """Never slowed by night: most fly by day only, the others see in the dark."""
        return 1.0

    def start_h(
        self, airborne_h: float, standing_h: float = 0.0, scene: int | None = None, from_h: float = 0.0
    ) -> tuple[float, int]:
        """The first hour, now or later, at which a mission so long in the air and on the ground can begin, and why.

        It is flown while there is light where the aircraft stands, at its base, and at the scene where one is named.
        Infinite when it cannot be flown any more in the run.
        """
        sky, record, here = self.sky, self.record, self.crew.here
        places = (here, self.crew.member.base, here if scene is None else scene)
        # Each limit moves the start to where another may forbid it: until all of them allow the same hour.
        at, why, lasts_h = max(from_h, self.sim.env.now), NIGHT, max(airborne_h + standing_h, SHORTEST_H)
        while at < INFINITE:
            light_h = sky.light_from_h(at, lasts_h, *places)
            fair_h = sky.fair_from_h(at, record.max_wind_ms, record.min_visibility_km)
            latest = max(light_h, fair_h, self._rested_from_h(at, airborne_h))
            if latest <= at:
                break
            why = NIGHT if latest == light_h else WEATHER if latest == fair_h else CREW_HOURS
            at = latest
        return at, why

    def _rested_from_h(self, at_h: float, airborne_h: float) -> float:
        # Who has not flown yet is as rested as he will ever be, however long the mission.
        if not self.flown_h or self.flown_h + airborne_h <= self.record.crew_day_h:
            return at_h
        return max(at_h, self.day_began_h + 24)

    def next_stretch_h(self, from_h: float) -> tuple[float, float]:
        """From when to when it could start within `LONGEST_HOLD_H`: not by night, in a storm, or with a tired crew.

        The first such stretch, now or later; infinite where there is none.
        """
        sky, record, places = self.sky, self.record, (self.crew.here, self.crew.member.base)
        begins_h = self.start_h(LONGEST_HOLD_H, from_h=from_h)[0]
        ends_h, again_h = begins_h, begins_h
        while again_h - ends_h <= LONGEST_HOLD_H:  # infinite less infinite is no number, and the loop ends
            dark_h = again_h + sky.daylight_left_h(again_h, *places) - LONGEST_HOLD_H
            ends_h = min(dark_h, sky.storm_from_h(again_h, record.max_wind_ms, record.min_visibility_km))
            # A hair beyond the end, at which the same stretch would be found again.
            again_h = self.start_h(LONGEST_HOLD_H, from_h=ends_h + SAME_H)[0]
        return begins_h - LONGEST_HOLD_H, ends_h

    def can_bring(self, depot: int, place: int) -> bool:
        """As long as the fuel lasts to load there, go to the place, and home."""
        stops = (self.crew.here, depot, place, self.crew.member.base)
        flying_h = math.fsum(self.hours(a, b) for a, b in pairwise(stops))
        return flying_h + self.reserve_h <= float(self.record.endurance_h)

    def flight(self, mission: Mission[Any]) -> Flight | None:
        """The hours of a mission from here and home again; None where light and weather alone would not do for it."""
        ground_h = out_h = home_h = standing_h = 0.0
        at, started = self.crew.here, False
        for leg in mission.legs():
            if leg.way_h == INFINITE:
                return None
            way_h = leg.way_h or 0.0
            if leg.place is not None:
                way_h = self.hours(at, leg.place) if leg.way_h is None else leg.way_h
                at = leg.place
            if started:
                home_h += way_h
            else:
                out_h += way_h
            started = started or leg.starts
            if started:
                home_h += leg.flying_h
                standing_h += leg.hours
            else:
                out_h += leg.flying_h
                flown_by_h = self.sim.env.now + self.turnout_left_h() + out_h + ground_h
                ground_h += max(0.0, leg.opens_h - flown_by_h) + leg.hours
        home_h += self.hours(at, self.crew.member.base)
        return Flight(ground_h, out_h, out_h + home_h, standing_h)

    def _can_fly(self, flight: Flight) -> bool:
        """Whether the tank is large enough."""
        return flight.airborne_h + self.reserve_h <= float(self.record.endurance_h)

    def _ready_h(self, flight: Flight) -> float:
        """Mean hours until it could take off: turnout, and refuelling where fuel is short."""
        ready_h = self.turnout_left_h()
        if flight.airborne_h + self.reserve_h > self.fuel_h:
            ready_h += self.hours(self.crew.here, self.crew.member.base) + float(self.record.refuel_h)
        return ready_h

    def _take_off(self, mission: Mission[Any]) -> tuple[Flight, float, float] | None:
        """A flight, the hour from which the aircraft could leave, and that from which light and weather let it."""
        flight = self.flight(mission)
        if flight is None or not self._can_fly(flight):
            return None
        ready_h = self.sim.env.now + self._ready_h(flight)
        start_h, _ = self.start_h(flight.airborne_h, flight.standing_h, mission.request.place, ready_h)
        return flight, ready_h, start_h

    def eta_h(self, mission: Mission[Any]) -> float:
        """Turnout, refuelling where fuel is short, waiting for light and weather for the whole mission, and the flight.

        Infinite when it cannot be flown, or would stand ready for more than `LONGEST_HOLD_H` before it can.
        """
        take_off = self._take_off(mission)
        if take_off is None:
            return INFINITE
        flight, ready_h, start_h = take_off
        # A hair more: command asks again at the very hour at which the two are equal.
        held_too_long = start_h - ready_h > LONGEST_HOLD_H + SAME_H
        return INFINITE if held_too_long else start_h - self.sim.env.now + flight.ground_h + flight.out_h

    def ask_again_h(self, mission: Mission[Any]) -> float:
        """The hour from which light, weather and its crew's rest let it be sent; infinite: never by them."""
        take_off = self._take_off(mission)
        if take_off is None:
            return INFINITE
        _, ready_h, start_h = take_off
        # What makes it ready moves with the hour of the order: so much later it would stand for `LONGEST_HOLD_H`.
        return self.sim.env.now + (start_h - ready_h) - LONGEST_HOLD_H

    def can_go_now(self, mission: Mission[Any]) -> bool:
        """Whether light and weather last for the whole of it."""
        flight, now = self.flight(mission), self.sim.env.now
        if flight is None:
            return False
        return self.start_h(flight.airborne_h, flight.standing_h, mission.request.place)[0] <= now

    # ---- what is done there

    def boarding_h(self, place: int, persons: int) -> tuple[float, float]:
        """Landing beside the village where that is possible, hoisting one by one where it is not."""
        if self.can_land(place):
            return float(self.record.landing_h), 0.0
        return 0.0, float(self.record.hoist_h) * persons

    def board(self, persons: int) -> Event:
        """With the rotor turning."""
        hours = math.fsum(self.boarding_h(self.crew.here, persons))
        self.fuel_h -= hours
        return self.sim.env.timeout(hours)

    def can_land(self, place: int) -> bool:
        """Whether a place itself or, of a village, a landing site that serves it is free of water, flames and smoke.

        Of a place from which nothing is heard nobody knows, until the aircraft is there.
        """
        sim = self.sim
        sites = (place, *(sim.world.landing[place] if place < len(sim.world.landing) else ()))
        return any(site not in sim.contact.dark and sim.is_landable(site) for site in sites)

    def load_h(self, full_h: float, mass_t: float) -> float:  # noqa: ARG002 - the same for all loads
        """Taken up as one load, whatever its mass."""
        return float(self.record.landing_h)

    def unload_h(self, mass_t: float) -> float:  # noqa: ARG002 - the same for all loads
        """Set down or dropped as one load, whatever its mass."""
        return float(self.record.landing_h)

    def shelter(self, order: tuple[int, ...], refused: AbstractSet[int], start: int) -> int | None:
        """The nearest shelter that works, with room if there is one."""
        shelters, overfull = self.sim.shelters, None
        for i in self.sim.world.shelters_by_air[start].tolist():
            shelter = shelters[i]
            if shelter.is_known_safe and i not in refused and i in order:
                if not shelter.is_known_full:
                    return int(i)
                overfull = i if overfull is None else overfull
        return overfull

    def sees_roads(self) -> list[int]:
        """From the air all roads round about are seen."""
        roads, world, here = self.sim.roads, self.sim.world, self.crew.here
        changed = sorted(roads.closures.on.keys() | roads.router.closed("truck"))
        radius_km = self.sim.parameters.reconnaissance_radius_km
        return [i for i in changed if min(world.distance_km(here, end) for end in world.network.ends[i]) <= radius_km]

    def _sees_silent(self, start: int, row: int) -> None:
        """After a flight that has ended here: silent villages near its line were seen, and that is told by radio.

        A look at the place where it has come to is the mission's own.
        """
        sim, goal, mission = self.sim, self.crew.here, self.crew.mission
        looked_at = mission.request.place if mission and mission.request.task == RECONNAISSANCE else -1
        silent = sorted(
            place for place in sim.contact.dark if place < len(sim.villages) and not place == goal == looked_at
        )
        near = sim.world.near_line(silent, start, goal, sim.parameters.reconnaissance_radius_km)
        seen = [(sim.villages[place], sim.villages[place].word()) for place in near]

        def heard(cause: int) -> None:
            for village, word in seen:
                sim.command.see(village, self.crew.index, cause, word)

        if seen:
            sim.contact.hear_crew(self.crew, row, heard)

    # ---- flying

    def go(self, goal: int, row: int, request: int, hours: float | None = None) -> Steps:
        """Fly to a place, off the fuel and the crew's hours; an aircraft that is there already has arrived.

        `hours`: where it does not fly straight from place to place, or works in the air on the way.
        """
        crew, sim = self.crew, self.sim
        if hours is None:
            if crew.here == goal:
                return self.be_there(row, request)
            hours = self.hours(crew.here, goal)
        row = sim.log(Kind.SETS_OFF, crew.index, goal, row, request, amount=hours)
        if sim.env.now >= self.day_began_h + 24:
            self.day_began_h, self.flown_h = sim.env.now, 0.0
        # At take-off: a flight that has begun goes to its end (`halt`), so that its fuel and hours are spent.
        self.fuel_h -= hours
        self.flown_h += hours
        crew.under_way, start = True, crew.here
        yield sim.env.timeout(hours)
        crew.here, crew.under_way = goal, False
        row = sim.log(Kind.ARRIVES, crew.index, goal, row, request)
        sim.contact.bring_radio(crew, row)
        if sim.contact.dark:
            self._sees_silent(start, row)
        return row

    def wait_for_way(self, goal: int) -> Generator[Any, Any, None]:  # noqa: ARG002 - to all places alike
        """There is always a way by air."""
        yield self.sim.env.timeout(0)

    def halt(self) -> None:
        """It ends the flight that it has begun."""

    def refuel(self, row: int) -> Steps:
        """At the base."""
        row = yield from self.go(self.crew.member.base, row, -1)
        row = self.sim.log(Kind.REFUELS, self.crew.index, self.crew.here, row)
        yield self.sim.env.timeout(self.record.refuel_h)
        self.fuel_h = float(self.record.endurance_h)
        return row

    # ---- before and after a mission

    def stand_by(self) -> Generator[Any, Any, None]:
        """Wait for orders; away from the base only as long as there is light for the way home."""
        crew, sim, base = self.crew, self.sim, self.crew.member.base
        if crew.here != base:
            light_h, home_h = self.sky.daylight_left_h(sim.env.now, crew.here, base), self.hours(crew.here, base)
            yield from self._stand_by(sim.env.now + max(0.0, light_h - home_h - self.reserve_h))
            if not crew.wake.triggered:
                row = sim.log(Kind.RETURNS, crew.index, base)
                yield from self.refuel(row)
                crew.out = False
        if not crew.wake.triggered:
            yield from self._stand_by(INFINITE)

    def _stand_by(self, until_h: float) -> Generator[Any, Any, None]:
        """Stand until there is an order, or until that hour; idle for command only while it could start soon.

        So command hears of it at the very moment from which it can be sent, whatever else happens or does not.
        """
        crew, env, command, from_h = self.crew, self.sim.env, self.sim.command, self.sim.env.now
        while env.now < until_h:
            begins_h, ends_h = self.next_stretch_h(from_h)
            if begins_h > env.now:
                yield TimerAt(env, min(begins_h, until_h))
            if env.now >= until_h:
                return
            command.ready(crew)
            yield crew.wake | TimerAt(env, min(ends_h, until_h))
            if crew.wake.triggered:
                return
            command.roster.remove(crew)
            # A hair beyond the end: else it would begin the same stretch again and stand without time passing.
            from_h = ends_h + SAME_H

    def make_ready(self, mission: Mission[Any], row: int) -> Steps:
        """Fill up if need be, wait for light and weather, and for another aircraft that works over the same place."""
        flight = self.flight(mission)
        if mission.is_called_off:
            return row
        if flight is None or flight.airborne_h + self.reserve_h > self.fuel_h:
            row = yield from self.refuel(row)
        row = yield from self.wait_to_fly(mission, row)
        place, airspace, env = mission.request.place, self.sim.airspace, self.sim.env
        if not mission.has_airspace:
            return row
        while mission.turns and airspace.get(place, 0.0) > env.now:
            if not (yield from self.crew.pause(env.timeout(airspace[place] - env.now))):
                return row
        hoists = mission.request.task in (RESCUE, EVACUATE)
        work_h = self.record.hoist_h * self.crew.member.seats if hoists else self.record.landing_h
        airspace[place] = env.now + self.hours(self.crew.here, place) + work_h
        return row

    def wait_to_fly(self, mission: Mission[Any], row: int) -> Steps:
        """Stand until there is light and weather for the whole mission, to the end of the run if need be."""
        flight, crew, request = self.flight(mission), self.crew, mission.request
        if flight is None or mission.is_called_off:
            return row
        env, (start_h, why) = self.sim.env, self.start_h(flight.airborne_h, flight.standing_h, request.place)
        if start_h > env.now:
            held_h = min(start_h, self.sim.world.duration_h) - env.now
            row = self.sim.log(Kind.HELD, crew.index, crew.here, row, request.number, why, amount=held_h)
            yield from crew.pause(TimerAt(env, start_h) if start_h < INFINITE else env.event())
        return row

    @property
    def is_over_fire(self) -> bool:
        """Whether it is in the air over a fire, where it cannot stay."""
        return self.crew.here in self.sim.world.of_hazard

    def get_down(self, row: int) -> Steps:
        """From over a fire it flies home first."""
        return (yield from self.go_home(row)) if self.is_over_fire else row

    def go_home(self, row: int) -> Steps:
        """Back to base when fuel is low, and from a fire; otherwise it stands forward (see `stand_by`)."""
        crew, base = self.crew, self.crew.member.base
        low = self.fuel_h < self.hours(crew.here, base) + 2 * self.reserve_h or self.is_over_fire
        if crew.here != base and low:
            row = self.sim.log(Kind.RETURNS, crew.index, base, row)
            row = yield from self.refuel(row)
        if crew.here == base:
            crew.out = False
        return row
