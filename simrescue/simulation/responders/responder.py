"""Ground responders as processes: turnout, the drive by known roads, work on scene, the way on, rest and repair."""

from __future__ import annotations

import math
from collections.abc import Generator
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING, Any

from simrescue.dispatch.base import INFINITE, Candidate
from simrescue.events import EventKind as Kind
from simrescue.kinds import kind_named
from simrescue.responders import MEDICAL, RECONNAISSANCE, RELIEF, SUPPRESSION, WATER_DROP
from simrescue.simulation.clock import after
from simrescue.simulation.places.shelter import CARRIED
from simrescue.simulation.requests import (
    SMALL,
    CallRequest,
    FireReconnaissanceRequest,
    LiftRequest,
    Need,
    ReliefRequest,
    RescueRequest,
    SuppressionRequest,
    WaterDropRequest,
)
from simrescue.simulation.responders.delivery import deliver, pick_depot
from simrescue.simulation.responders.line_crew import fight
from simrescue.simulation.roads.roads import WAIT_FOR_ROAD_H
from simrescue.simulation.world import Member
from simrescue.streams import stream

if TYPE_CHECKING:
    from simrescue.simulation.places.depot import Depot
    from simrescue.simulation.state import Simulation

Steps = Generator[Any, Any, int]
"""A part of a mission as a SimPy process; answers the last row of the log."""
STAFF_PER_INJURED = 3
"""Staff that `treatment_h` is for."""


class Crew:
    """One responder of one replication."""

    def __init__(self, sim: Simulation, member: Member) -> None:
        self.sim = sim
        self.member = member
        self.index = member.index
        self.number = member.number
        self.record: Any = member.record
        self.here = member.base
        self.out = self.under_way = False
        self.on_duty_h = self.free_h = self.line_h = 0.0
        self.wake = sim.env.event()
        self.released = False
        self.rested = True
        self.seen: set[int] = set()
        self.chance: Random | None = None
        self.boarding_h = sim.parameters.boarding_h_per_person
        sim.log(Kind.STANDS, self.index, self.here, persons=member.size)
        self._wait_for_release()

    # ---- being there

    def _wait_for_release(self) -> None:
        """Free from the start, from a moment on, when the response level sets it free, or when both have come."""
        record, env = self.record, self.sim.env
        self.level_reached = not record.release or not self.sim.world.declares_levels
        if record.available is not None and record.available > 0:
            after(env, record.available, lambda _: self._set_free(-1))
        elif self.level_reached:
            env.process(self.duty(-1))
            self.released = True

    def release(self, cause: int) -> None:
        """The response level sets the crew free: from now on, or from the moment that it is there."""
        self.level_reached = True
        if self.record.available is None or self.record.available <= self.sim.env.now + 1e-9:
            self._set_free(cause)

    def _set_free(self, cause: int) -> None:
        if self.level_reached and not self.released:
            self.released = True
            row = self.sim.log(Kind.RELEASED, self.index, self.here, cause)
            self.sim.env.process(self.duty(row))

    @property
    def is_based(self) -> bool:
        """Whether crews of its kind go home after every mission."""
        return kind_named(self.member.kind).based

    @property
    def luck(self) -> Random:
        """The crew's own stream, made when first needed."""
        if self.chance is None:
            name = f"{self.record.id}-{self.member.copy}"  # the first of a row is the same whether others join it
            self.chance = stream(self.sim.seed, self.sim.replication, "responder", name)
        return self.chance

    def pace(self) -> float:
        """Speed and work rate now against daylight, by the sun where it is."""
        night = self.sim.world.sky.is_night(self.sim.env.now, self.here)
        return float(self.record.night_factor) if night else 1.0

    def as_candidate(self) -> Candidate:
        """What the policy sees of it."""
        member = self.member
        return Candidate(self.index, self.here, member.tasks, member.seats, member.payload_t, float(member.hands))

    def capacity(self, task: int) -> float:
        """How much of a request one mission covers: persons, tonnes, hands, the one look or the one aircraft."""
        if task in (RECONNAISSANCE, WATER_DROP):
            return 1.0
        if task == SUPPRESSION:
            return self.member.size
        return self.member.payload_t if task == RELIEF else self.member.seats

    def can_bring(self, depot: Depot, place: int) -> bool:
        """Whether a way is known to a depot, and with goods from there to a place."""
        hours, seen = self.sim.roads.router.hours, frozenset(self.seen)
        legs = pairwise((self.here, depot.index, place))
        return all(hours(self.member.vehicle, a, b, seen) < INFINITE for a, b in legs)

    def turnout_left_h(self) -> float:
        """Mean hours until it can leave: none once it is out."""
        return 0.0 if self.out else float(self.record.turnout_h)

    def has_skill(self, need: Need) -> bool:
        """Whether it is trained for what a call asks for."""
        return not need.skill or need.skill in self.record.skills

    def eta_h(self, need: Need) -> float:
        """Hours until work at the place can start by the roads known open; infinite when it cannot."""
        if not self.has_skill(need) or isinstance(need, LiftRequest | WaterDropRequest):
            return INFINITE
        hours, vehicle, seen = self.sim.roads.router.hours, self.member.vehicle, frozenset(self.seen)
        if not isinstance(need, ReliefRequest):
            out = hours(vehicle, self.here, need.place, seen)
            if out < INFINITE and isinstance(need, RescueRequest) and self._way_out(need) is None:
                return INFINITE
            if isinstance(need, SuppressionRequest):
                out += self.sim.fires.walk_in_h(need)
            return self.turnout_left_h() + out / self.pace()
        depot = pick_depot(self, need)
        if depot is None:
            return INFINITE
        way = hours(vehicle, self.here, depot.index, seen) + hours(vehicle, depot.index, need.place, seen)
        mass = min(self.member.payload_t, need.amount)
        load_h = float(depot.record.load_h) * mass / self.sim.parameters.truck_payload_t
        return self.turnout_left_h() + depot.opening_left_h() + (load_h + way) / self.pace()

    # ---- the life of a crew

    def order(self, need: Need, share: float, row: int) -> None:
        """Command sends the crew."""
        self.wake.succeed((need, share, row))

    def duty(self, row: int) -> Generator[Any, Any, None]:
        """Wait for orders, go on missions, rest when the shift is over."""
        env = self.sim.env
        while True:
            self.free_h = env.now
            need, share, row = yield from self.orders()
            self.wake = env.event()
            if self.rested or env.now - self.free_h >= self.record.rest_h:
                self.on_duty_h, self.line_h, self.rested = env.now, 0.0, False
            turnout, breaks, repair = self.luck.random(), self.luck.random(), self.luck.random()
            row = yield from self.turn_out(need, row, turnout)
            row = yield from self.mission(need, share, row)
            row = yield from self.perhaps_break_down(row, breaks, repair)
            row = yield from self.go_home(row)
            self.sim.log(Kind.FREE, self.index, self.here, row)

    def orders(self) -> Generator[Any, Any, tuple[Need, float, int]]:
        """Wait for orders."""
        self.sim.command.ready(self)
        order: tuple[Need, float, int] = yield self.wake
        return order

    def turn_out(self, need: Need, row: int, luck: float) -> Steps:
        """From the order to leaving the base: 0.75 to 1.35 times the stated time, by luck in 0..1."""
        if self.out:
            return row
        hours = float(self.record.turnout_h)
        if hours > 0:
            yield self.sim.env.timeout(hours * (0.75 + 0.6 * luck))
        self.out = True
        return self.sim.log(Kind.TURNS_OUT, self.index, self.here, row, need.number)

    def perhaps_break_down(self, row: int, breaks: float, repair: float) -> Steps:
        """A vehicle or engine may fail at the end of a mission; repair takes an exponential time. Luck in 0..1."""
        if breaks < self.record.breakdown:
            row = self.sim.log(Kind.BREAKS_DOWN, self.index, self.here, row)
            yield self.sim.env.timeout(-math.log1p(-repair) * self.record.repair_h)
            row = self.sim.log(Kind.REPAIRED, self.index, self.here, row)
        return row

    def go_home(self, row: int) -> Steps:
        """Lorries go back after every mission; others stay forward until the shift is over, and then rest."""
        tired = self.sim.env.now - self.on_duty_h >= self.record.shift_h
        if self.here != self.member.base and (tired or self.is_based):
            row = self.sim.log(Kind.RETURNS, self.index, self.member.base, row)
            row = yield from self.drive(self.member.base, row, -1)
        if tired:
            row = self.sim.log(Kind.RESTS, self.index, self.here, row, amount=self.record.rest_h)
            yield self.sim.env.timeout(self.record.rest_h)
            self.rested = True
        if self.here == self.member.base:
            self.out = tired is False and self.is_based
        return row

    def drive(self, goal: int, row: int, request: int) -> Steps:
        """Go to a place; `here` is where the crew ends up. Who stands there already has arrived."""
        if self.here == goal:
            return self.be_there(row, request)
        row = self.sim.log(Kind.SETS_OFF, self.index, goal, row, request)
        boat_kmh = self.record.speed_kmh if self.member.moves == "water" else 8.0
        self.under_way = True
        self.here, row = yield from self.sim.roads.travel(
            self.member.vehicle, self.here, goal, self.index, row, request, self.pace(), boat_kmh, self.seen
        )
        self.under_way = False
        if self.here == goal:
            row = self.sim.log(Kind.ARRIVES, self.index, goal, row, request)
            self.sim.contact.restore(goal, row)
            if self.member.moves == "water" and self.sim.is_unsafe(goal):
                yield self.sim.env.timeout(self.record.launch_h)
        return row

    def be_there(self, row: int, request: int) -> int:
        """A crew that is where a request sends it has arrived, whether it had to move or not; answers the last row."""
        if request >= 0:
            row = self.sim.log(Kind.ARRIVES, self.index, self.here, row, request)
            self.sim.contact.restore(self.here, row)
        return row

    def wait_for_way(self, goal: int) -> Generator[Any, Any, None]:
        """Stand where it is until a way to a place is known."""
        while self.sim.roads.router.hours(self.member.vehicle, self.here, goal, frozenset(self.seen)) == INFINITE:
            yield self.sim.env.timeout(WAIT_FOR_ROAD_H)

    def unload_h(self, mass_t: float) -> float:
        """Hours to unload goods by daylight."""
        return mass_t / self.sim.settings.relief.unload_t_per_h

    # ---- missions

    def mission(self, need: Need, share: float, row: int) -> Steps:
        """One request, out and back."""
        if isinstance(need, ReliefRequest):
            return (yield from deliver(self, need, share, row))
        if isinstance(need, SuppressionRequest):
            return (yield from fight(self, need, share, row))
        row = yield from self.drive(need.place, row, need.number)
        if self.here != need.place:
            self.sim.command.withdraw(need, share)
            return row
        if isinstance(need, CallRequest):
            return (yield from self.answer_call(need, share, row))
        if isinstance(need, RescueRequest):
            return (yield from self.carry(need, share, row))
        if need.task == MEDICAL:
            return (yield from self.treat(need, share, row))
        return self.look(need, share, row)

    def carry(self, need: Need, share: float, row: int) -> Steps:
        """Take people aboard and bring them to a shelter."""
        village, command = self.sim.villages[need.place], self.sim.command
        groups, row = village.take(self.index, self.member.seats, row, need.number)
        command.withdraw(need, share)
        command.learn(village, row)
        aboard = sum(persons for persons, _ in groups)
        if not aboard:
            return row
        hurt = village.carry_hurt(aboard)
        yield self.sim.env.timeout(self.board_h(aboard) / self.pace())
        row = yield from self.bring_to_shelter(need, aboard, row)
        shelter = self.sim.shelters.get(self.here)
        for persons, cause in groups:
            if shelter is None:
                village.bring_back(persons, cause)
            else:
                shelter.receive(village, persons, CARRIED, cause)
        if shelter is None:
            village.hurt += hurt
            village.report(row)
        elif hurt:
            row = self.sim.log(Kind.TREATED, village.index, self.here, row, need.number, persons=hurt)
        return row

    def board_h(self, persons: int) -> float:
        """Hours to take people aboard by daylight: a boat one by one, the vehicles of a convoy side by side."""
        if self.member.moves == "water":
            return self.boarding_h * persons
        return self.sim.parameters.boarding_h_per_vehicle * min(1.0, persons / max(1, self.member.seats))

    def bring_to_shelter(self, need: Need, aboard: int, row: int) -> Steps:
        """Drive with people aboard to the nearest shelter that works; with all roads cut, back to where they were."""
        order = self.sim.world.shelter_order[need.place]
        refused: set[int] = set()
        while True:
            goal = self._shelter(order, refused, self.here)
            if goal is None:
                if self.here != need.place:
                    row = yield from self.drive(need.place, row, need.number)
                if self.here == need.place:
                    return row
                refused.clear()
                yield self.sim.env.timeout(WAIT_FOR_ROAD_H)
                continue
            row = yield from self.drive(goal, row, need.number)
            if self.here == goal:
                return self.sim.log(Kind.SETS_DOWN, self.index, goal, row, need.number, persons=aboard)
            refused.add(goal)

    def _way_out(self, need: Need) -> int | None:
        """A shelter that can be reached from the place by what is known: without one nobody can be carried off."""
        return self._shelter(self.sim.world.shelter_order[need.place], set(), need.place)

    def _shelter(self, order: tuple[int, ...], refused: set[int], start: int) -> int | None:
        """The nearest shelter with room that can be reached by what is known; failing that, any that can."""
        shelters, hours, vehicle = self.sim.shelters, self.sim.roads.router.hours, self.member.vehicle
        seen = frozenset(self.seen)
        for with_room in (True, False):
            for i in order:
                if i in refused or self.sim.is_unsafe(i) or (with_room and not shelters[i].has_room()):
                    continue
                if hours(vehicle, start, i, seen) < INFINITE:
                    return i
        return None

    def treat(self, need: Need, share: float, row: int) -> Steps:
        """Medical care for the injured on the spot."""
        village, command = self.sim.villages[need.place], self.sim.command
        persons = min(village.hurt, self.member.seats)
        if persons:
            village.hurt -= persons
            hours = self.sim.parameters.treatment_h * persons * STAFF_PER_INJURED / self.member.size
            yield self.sim.env.timeout(hours / self.pace())
            row = self.sim.log(Kind.TREATED, village.index, need.place, row, need.number, persons=persons)
            village.weigh(by_crew=True)
        command.withdraw(need, share)
        command.learn(village, row)
        return row

    def look(self, need: Need, share: float, row: int) -> int:
        """Reconnaissance: what is true there becomes known."""
        row = self.sim.log(Kind.SEES, self.index, need.place, row, need.number)
        for _, link, _ in self.sim.world.network.profiles["truck"].neighbours[need.place]:
            self.sim.roads.learn(link, row)
        need.amount = 0
        self.sim.command.withdraw(need, share)
        if isinstance(need, FireReconnaissanceRequest):
            self.sim.fires.report(need.fire, row)
            return row
        if need.place < len(self.sim.villages):
            self.sim.command.learn(self.sim.villages[need.place], row)
        if need.place in self.sim.sites:
            self.sim.sites[need.place].ask(row)
        return row

    def answer_call(self, need: CallRequest, share: float, row: int) -> Steps:
        """Work off an emergency call for the time that it takes."""
        yield self.sim.env.timeout(need.call.on_site_h)
        row = self.sim.log(Kind.SERVED, self.index, need.place, row, need.number, need.task, need.persons)
        need.amount = max(0.0, need.amount - share)
        if need.amount <= SMALL:
            self.sim.true_needs.tell(need.key, need.task, need.place, 0, by_crew=True)
        self.sim.command.withdraw(need, share)
        return row
