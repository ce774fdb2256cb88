"""Helicopters: they fly straight, by daylight, within wind, visibility, fuel, crew hours and maintenance."""

from __future__ import annotations

from collections.abc import Generator
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE, RECONNAISSANCE, RELIEF, RESCUE
from simrescue.simulation.clock import TimerAt
from simrescue.simulation.requests import (
    CallRequest,
    FireReconnaissanceRequest,
    LiftRequest,
    Need,
    ReliefRequest,
    RescueRequest,
    WaterDropRequest,
)
from simrescue.simulation.responders import insertion, water_bomber
from simrescue.simulation.responders.delivery import pick_depot
from simrescue.simulation.responders.responder import Crew, Steps
from simrescue.simulation.world import Member
from simrescue.units import SAME_H

if TYPE_CHECKING:
    from simrescue.simulation.places.depot import Depot
    from simrescue.simulation.state import Simulation

NIGHT, WEATHER, CREW_HOURS = 0, 1, 2
SHORTEST_H = 1e-6
"""Light for less than this is none."""
LONGEST_HOLD_H = 0.5
"""No mission is given to an aircraft that could not start within this time; command asks again when it could."""


class Flight(NamedTuple):
    """A mission as it would be flown from now on."""

    ground_h: float
    """On the ground before it: turnout, loading, refuelling."""
    out_h: float
    """In the air to the place."""
    airborne_h: float
    """In the air out and home."""
    standing_h: float
    """On the ground in between."""


class HelicopterCrew(Crew):
    """One helicopter of one replication."""

    def __init__(self, sim: Simulation, member: Member) -> None:
        super().__init__(sim, member)
        self.sky = sim.world.sky.lit() if self.record.by_night else sim.world.sky
        self.fuel_h = self.record.endurance_h
        self.flown_h = 0.0
        self.day_began_h = -INFINITE
        self.reserve_h = sim.parameters.heli_fuel_reserve_h

    def _wait_for_release(self) -> None:
        """In maintenance for the whole scenario, or as every crew."""
        if self.luck.random() >= self.record.serviceable:
            self.released = True
            self.sim.log(Kind.UNSERVICEABLE, self.index, self.here)
        else:
            super()._wait_for_release()

    # ---- limits

    def flight_h(self, a: int, b: int) -> float:
        """Hours by the great circle at cruise speed."""
        return self.sim.world.distance_km(a, b) / float(self.record.cruise_kmh)

    def pace(self) -> float:
        """Only flown by day, so never slowed by night."""
        return 1.0

    def start_h(
        self, airborne_h: float, standing_h: float = 0.0, scene: int | None = None, from_h: float = 0.0
    ) -> tuple[float, int]:
        """The first hour, now or later, at which a mission so long in the air and on the ground can begin, and why.

        It is flown while there is light where the aircraft stands, at its base, and at the scene where one is named.
        Infinite when it cannot be flown any more in the run.
        """
        sky, record = self.sky, self.record
        places = (self.here, self.member.base, self.here if scene is None else scene)
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
        if not self.flown_h or self.flown_h + airborne_h <= self.record.crew_day_h:
            return at_h
        return max(at_h, self.day_began_h + 24)

    def next_stretch_h(self, from_h: float) -> tuple[float, float]:
        """From when to when it could start within `LONGEST_HOLD_H`: not by night, in a storm, or with a tired crew.

        The first such stretch, now or later; infinite where there is none.
        """
        sky, record, places = self.sky, self.record, (self.here, self.member.base)
        begins_h = self.start_h(LONGEST_HOLD_H, from_h=from_h)[0]
        ends_h, again_h = begins_h, begins_h
        while again_h - ends_h <= LONGEST_HOLD_H:  # infinite less infinite is no number, and the loop ends
            dark_h = again_h + sky.daylight_left_h(again_h, *places) - LONGEST_HOLD_H
            ends_h = min(dark_h, sky.storm_from_h(again_h, record.max_wind_ms, record.min_visibility_km))
            again_h = self.start_h(LONGEST_HOLD_H, from_h=ends_h + SAME_H)[0]
        return begins_h - LONGEST_HOLD_H, ends_h

    def first_stop(self, need: Need) -> int | None:
        """Where the mission leads first: depot or water source, else where it stands; None where there is none."""
        if isinstance(need, WaterDropRequest):
            return water_bomber.source_for(self, need)
        if not isinstance(need, ReliefRequest):
            return self.here
        depot = pick_depot(self, need)
        return None if depot is None else depot.index

    def can_bring(self, depot: Depot, place: int) -> bool:
        """Whether the fuel lasts to load at a depot, go to a place, and home."""
        stops = (self.here, depot.index, place, self.member.base)
        return sum(self.flight_h(a, b) for a, b in pairwise(stops)) + self.reserve_h <= float(self.record.endurance_h)

    def out_h(self, need: Need, stop: int) -> float:
        """Flight hours to the place."""
        if isinstance(need, WaterDropRequest):
            return water_bomber.first_round_h(self, need, stop)
        return self.flight_h(self.here, stop) + self.flight_h(stop, need.place)

    def after_arrival_h(self, need: Need) -> tuple[float, float]:
        """Hours in the air and hours on the ground from reaching the place to being home again."""
        place, base = need.place, self.member.base
        if isinstance(need, LiftRequest):
            return insertion.flights_h(self, need)
        if isinstance(need, CallRequest):
            return self.flight_h(place, base), float(need.call.on_site_h)
        landing_h = float(self.record.landing_h)
        if not isinstance(need, RescueRequest):
            return self.flight_h(place, base), 0.0 if isinstance(need, FireReconnaissanceRequest) else landing_h
        shelter = self._shelter(self.sim.world.shelter_order[place], set(), place)
        way_h = self.flight_h(place, base)
        if shelter is not None:
            way_h = self.flight_h(place, shelter) + self.flight_h(shelter, base)
        if self.can_land(place):
            return way_h, landing_h
        return way_h + float(self.record.hoist_h) * self.member.seats, 0.0

    def flight(self, need: Need) -> Flight | None:
        """The mission to a place; None when light and weather alone would not do for it to be flown."""
        stop, ground_h = self.first_stop(need), self.turnout_left_h()
        if stop is None or not self.has_skill(need):
            return None
        if need.task == RELIEF:
            ground_h += self.sim.depots[stop].opening_left_h() + float(self.record.landing_h)
        out_h = self.out_h(need, stop)
        flying_h, standing_h = self.after_arrival_h(need)
        airborne = out_h + flying_h
        if airborne + self.reserve_h > self.record.endurance_h:
            return None
        if airborne + self.reserve_h > self.fuel_h:
            ground_h += self.flight_h(self.here, self.member.base) + float(self.record.refuel_h)
        return Flight(ground_h, out_h, airborne, standing_h)

    def eta_h(self, need: Need) -> float:
        """Hours until work at the place can start; infinite when it cannot be flown, or not soon."""
        flight = self.flight(need)
        if flight is None:
            return INFINITE
        held_h = self.start_h(flight.airborne_h, flight.standing_h, need.place)[0] - self.sim.env.now
        return INFINITE if held_h > LONGEST_HOLD_H + SAME_H else flight.ground_h + held_h + flight.out_h

    def ask_again_h(self, need: Need) -> float:
        """The hour from which light, weather and its crew's rest let it be sent to a place; infinite: never by them."""
        flight = self.flight(need)
        if flight is None:
            return INFINITE
        return self.start_h(flight.airborne_h, flight.standing_h, need.place)[0] - LONGEST_HOLD_H

    # ---- flying

    def turn_out(self, need: Need, row: int, luck: float) -> Steps:
        """Ready the aircraft, fill it up if need be, and wait for light and weather."""
        row = yield from super().turn_out(need, row, luck)
        if self.mission_h(need)[0] + self.reserve_h > self.fuel_h:
            row = yield from self.refuel(row)
        return (yield from self.wait_to_fly(need, row))

    def wait_to_fly(self, need: Need, row: int) -> Steps:
        """Stand until there is light and weather for the whole mission, if that is ever so."""
        env, (start_h, why) = self.sim.env, self.start_h(*self.mission_h(need), need.place)
        if env.now < start_h < INFINITE:
            row = self.sim.log(Kind.HELD, self.index, self.here, row, need.number, why, amount=start_h - env.now)
            yield TimerAt(env, start_h)
        return row

    def perhaps_break_down(self, row: int, breaks: float, repair: float) -> Steps:
        """As every crew, but on the ground: from over a fire it flies home first."""
        if breaks < self.record.breakdown and self.is_over_fire:
            row = yield from self.go_home(row)
        return (yield from super().perhaps_break_down(row, breaks, repair))

    @property
    def is_over_fire(self) -> bool:
        """Whether it is in the air over a fire, where it cannot stay."""
        return self.sim.world.kinds[self.here] == "ignition"

    def mission_h(self, need: Need) -> tuple[float, float]:
        """Hours in the air and on the ground of a whole mission from here, and home."""
        stop = self.first_stop(need)
        flying_h, standing_h = self.after_arrival_h(need)
        return self.out_h(need, need.place if stop is None else stop) + flying_h, standing_h

    def orders(self) -> Generator[Any, Any, tuple[Need, float, int]]:
        """Wait for orders; away from the base only as long as there is light for the way home."""
        if self.here != self.member.base:
            now = self.sim.env.now
            light_h = self.sky.daylight_left_h(now, self.here, self.member.base)
            home_h = self.flight_h(self.here, self.member.base)
            yield from self._stand_by(now + max(0.0, light_h - home_h - self.reserve_h))
            if not self.wake.triggered:
                row = self.sim.log(Kind.RETURNS, self.index, self.member.base)
                yield from self.refuel(row)
                self.out = False
        if not self.wake.triggered:
            yield from self._stand_by(INFINITE)
        order: Any = self.wake.value
        need, share, row = order
        return need, share, row

    def _stand_by(self, until_h: float) -> Generator[Any, Any, None]:
        """Stand until there is an order, or until that hour; idle for command only while it could start soon.

        So command hears of it at the very moment from which it can be sent, whatever else happens or does not.
        """
        env, command, from_h = self.sim.env, self.sim.command, self.sim.env.now
        while env.now < until_h:
            begins_h, ends_h = self.next_stretch_h(from_h)
            if begins_h > env.now:
                yield TimerAt(env, min(begins_h, until_h))
            if env.now >= until_h:
                return
            command.ready(self)
            yield self.wake | TimerAt(env, min(ends_h, until_h))
            if self.wake.triggered:
                return
            command.roster.remove(self)
            from_h = ends_h + SAME_H

    def refuel(self, row: int) -> Steps:
        """At the base."""
        row = yield from self.drive(self.member.base, row, -1)
        row = self.sim.log(Kind.REFUELS, self.index, self.here, row)
        yield self.sim.env.timeout(self.record.refuel_h)
        self.fuel_h = self.record.endurance_h
        return row

    def drive(self, goal: int, row: int, request: int) -> Steps:
        """Fly to a place; an aircraft that is there already has arrived."""
        if self.here == goal:
            return self.be_there(row, request)
        return (yield from self.fly(goal, self.flight_h(self.here, goal), row, request))

    def fly(self, goal: int, hours: float, row: int, request: int) -> Steps:
        """Fly to a place, or work in the air between two: so long, off the fuel and the crew's hours."""
        row = self.sim.log(Kind.SETS_OFF, self.index, goal, row, request, amount=hours)
        if self.sim.env.now >= self.day_began_h + 24:
            self.day_began_h, self.flown_h = self.sim.env.now, 0.0
        self.fuel_h -= hours
        self.flown_h += hours
        self.under_way = True
        yield self.sim.env.timeout(hours)
        self.here, self.under_way = goal, False
        row = self.sim.log(Kind.ARRIVES, self.index, goal, row, request)
        self.sim.contact.restore(goal, row)
        return row

    def wait_for_way(self, _: int) -> Generator[Any, Any, None]:
        """There is always a way by air."""
        yield self.sim.env.timeout(0)

    def unload_h(self, mass_t: float) -> float:  # noqa: ARG002 - the same call as for those who unload by hand
        """Set down or dropped as one load, whatever its mass."""
        return float(self.record.landing_h)

    def board_h(self, persons: int) -> float:
        """Landing beside the village where that is possible, hoisting one by one where it is not."""
        hours = float(self.record.landing_h if self.can_land(self.here) else self.record.hoist_h * persons)
        self.fuel_h -= hours
        return hours

    def can_land(self, village: int) -> bool:
        """Whether the village itself or a landing site that serves it is free of water, flames and smoke."""
        return any(self.sim.is_landable(site) for site in (village, *self.sim.world.landing[village]))

    def _shelter(self, order: tuple[int, ...], _: set[int], start: int) -> int | None:
        """The nearest shelter that works, with room if there is one."""
        by_air = self.sim.world.shelters_by_air[start].tolist()
        dry = [i for i in by_air if not self.sim.is_unsafe(i) and i in order]
        return next((i for i in dry if self.sim.shelters[i].has_room()), dry[0] if dry else None)

    def look(self, need: Need, share: float, row: int) -> int:
        """From the air all roads round about are seen."""
        roads, network = self.sim.roads, self.sim.world.network
        radius = self.sim.parameters.reconnaissance_radius_km
        for link in sorted(roads.closures.on.keys() | roads.router.closed("truck")):
            if min(self.sim.world.distance_km(need.place, end) for end in network.ends[link]) <= radius:
                roads.learn(link, row)
        return super().look(need, share, row)

    def go_home(self, row: int) -> Steps:
        """Back to base when fuel is low, and from a fire; otherwise it stands forward (see `orders`)."""
        home_h = self.flight_h(self.here, self.member.base)
        low = self.fuel_h < home_h + 2 * self.reserve_h or self.is_over_fire
        if self.here != self.member.base and low:
            row = self.sim.log(Kind.RETURNS, self.index, self.member.base, row)
            row = yield from self.refuel(row)
        if self.here == self.member.base:
            self.out = False
        return row

    def mission(self, need: Need, share: float, row: int) -> Steps:
        """Waits at the place while another aircraft works there (one at a time over one village)."""
        if isinstance(need, WaterDropRequest):
            return (yield from water_bomber.drop_water(self, need, share, row))
        if isinstance(need, LiftRequest):
            return (yield from insertion.set_down(self, need, share, row))
        while need.task != RECONNAISSANCE and self.sim.airspace.get(need.place, 0.0) > self.sim.env.now:
            yield self.sim.env.timeout(self.sim.airspace[need.place] - self.sim.env.now)
        work_h = self.record.hoist_h * self.member.seats if need.task in (RESCUE, EVACUATE) else self.record.landing_h
        self.sim.airspace[need.place] = self.sim.env.now + self.flight_h(self.here, need.place) + work_h
        return (yield from super().mission(need, share, row))
