"""Helicopters: they fly straight, by daylight, within wind, visibility, fuel, crew hours and maintenance."""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE, RECONNAISSANCE, RELIEF, RESCUE, TASKS
from simrescue.simulation.clock import after
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

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

NIGHT, WEATHER, CREW_HOURS = 0, 1, 2
SHORTEST_H = 1e-6
"""Light for less than this is none."""
LONGEST_HOLD_H = 0.5
"""No mission is given to an aircraft that could not start within this time; command asks again at first light."""


def watch_sky(sim: Simulation) -> Generator[Any, Any, None]:
    """Command looks at the open requests again at every sunrise and change of the weather."""
    changes = {time_h for time_h in sim.world.sky.times_h.tolist() if time_h > 0}
    for time_h in sorted(changes.union(dawns(sim))):
        yield sim.env.timeout(time_h - sim.env.now)
        sim.command.look_again(*range(len(TASKS)))


def dawns(sim: Simulation) -> list[float]:
    """Hours from the start at which it has got light at some base of aircraft, village or fire.

    Of those within the time that an aircraft may be held (`LONGEST_HOLD_H`) the first stands for all.
    """
    world, found = sim.world, list[float]()
    flown = {member.base for member in world.members if member.kind == "helicopter"}
    places = flown.union(i for i in range(world.n_places) if world.kinds[i] in ("village", "ignition"))
    for dawn in sorted({dawn for place in places for dawn in world.sky.dawns(place) if dawn > 0}):
        if not found or dawn > found[-1] + LONGEST_HOLD_H / 2:
            found.append(dawn)
    return found


class HelicopterCrew(Crew):
    """One helicopter of one replication."""

    def __init__(self, sim: Simulation, member: Member) -> None:
        super().__init__(sim, member)
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

    def hold(self, airborne_h: float, standing_h: float = 0.0, scene: int | None = None) -> tuple[float, int]:
        """Hours to wait before a mission with so long in the air and on the ground can be flown, and why.

        It is flown while there is light where the aircraft stands, at its base, and at the scene where one is named.
        """
        sky, now = self.sim.world.sky, self.sim.env.now
        places = (self.here, self.member.base, self.here if scene is None else scene)
        wait, why, record = 0.0, NIGHT, self.record
        for _ in range(8):
            at = now + wait
            dark = 0.0
            if sky.daylight_left_h(at, *places) < max(airborne_h + standing_h, SHORTEST_H):
                dark = sky.next_dawn_h(at, *places)
            storm = sky.storm_h(at, record.max_wind_ms, record.min_visibility_km)
            tired = self._crew_rest_h(at, airborne_h)
            longest = max(dark, storm, tired)
            if longest <= 0 or longest == INFINITE:
                return (wait if longest <= 0 else INFINITE), why
            why = NIGHT if longest == dark else WEATHER if longest == storm else CREW_HOURS
            wait += longest + 1e-6
        return INFINITE, why

    def _crew_rest_h(self, at_h: float, airborne_h: float) -> float:
        if at_h >= self.day_began_h + 24 or self.flown_h + airborne_h <= self.record.crew_day_h or not self.flown_h:
            return 0.0
        return float(self.day_began_h + 24 - at_h)

    def can_start(self) -> bool:
        """Not in the dark, in a storm, or with a tired crew."""
        return self.hold(LONGEST_HOLD_H)[0] <= LONGEST_HOLD_H

    def first_stop(self, need: Need) -> int | None:
        """Where the mission leads first: depot or water source, else where it stands; None where there is none."""
        if isinstance(need, WaterDropRequest):
            return water_bomber.source_for(self, need)
        if not isinstance(need, ReliefRequest):
            return self.here
        depot = pick_depot(self, need)
        return None if depot is None else depot.index

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

    def eta_h(self, need: Need) -> float:
        """Hours until work at the place can start; infinite when it cannot be flown."""
        stop, ground_h = self.first_stop(need), self.turnout_left_h()
        if stop is None or not self.has_skill(need):
            return INFINITE
        if need.task == RELIEF:
            ground_h += self.sim.depots[stop].opening_left_h() + float(self.record.landing_h)
        out_h = self.out_h(need, stop)
        flying_h, standing_h = self.after_arrival_h(need)
        airborne = out_h + flying_h
        if airborne + self.reserve_h > self.record.endurance_h:
            return INFINITE
        if airborne + self.reserve_h > self.fuel_h:
            ground_h += self.flight_h(self.here, self.member.base) + float(self.record.refuel_h)
        held_h = self.hold(airborne, standing_h, need.place)[0]
        if held_h > LONGEST_HOLD_H:
            return INFINITE
        return ground_h + held_h + out_h

    # ---- flying

    def turn_out(self, need: Need, row: int, luck: float) -> Steps:
        """Ready the aircraft, fill it up if need be, and wait for light and weather."""
        row = yield from super().turn_out(need, row, luck)
        if self.mission_h(need)[0] + self.reserve_h > self.fuel_h:
            row = yield from self.refuel(row)
        return (yield from self.wait_to_fly(need, row))

    def wait_to_fly(self, need: Need, row: int) -> Steps:
        """Stand until there is light and weather for the whole mission, if that is ever so."""
        wait, why = self.hold(*self.mission_h(need), need.place)
        if 0 < wait < INFINITE:
            row = self.sim.log(Kind.HELD, self.index, self.here, row, need.number, why, amount=wait)
            yield self.sim.env.timeout(wait)
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
            light_h = self.sim.world.sky.daylight_left_h(self.sim.env.now, self.here, self.member.base)
            home_h = self.flight_h(self.here, self.member.base)
            yield self.wake | self.sim.env.timeout(max(0.0, light_h - home_h - self.reserve_h))
            if not self.wake.triggered:
                self.sim.command.roster.remove(self)
                row = self.sim.log(Kind.RETURNS, self.index, self.member.base)
                yield from self.refuel(row)
                self.out = False
                self.sim.command.ready(self)
        return (yield from super().orders())

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
            after(self.sim.env, 24, lambda _: self.sim.command.look_again(*sorted(self.member.tasks)))
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
        for link in sorted(roads.depth.keys() | roads.damaged | roads.burning | roads.router.closed("truck")):
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
