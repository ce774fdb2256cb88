"""Evacuation: people without a vehicle are fetched, by whoever they ask for or by buses that were sent ahead.

A bus that was sent before people asked waits at its stop for those who are not ready yet, as long as `bus_wait_h`, and
then leaves with those whom it has. With free seats it goes on to another stop that is no more than that time out of its
way, and so on, before it drives to a shelter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from simrescue.events import EventKind as Kind
from simrescue.responders import EVACUATE
from simrescue.simulation.missions.base import Leg, Steps
from simrescue.simulation.missions.rescue import Rescue
from simrescue.simulation.places.transfer_point import embark
from simrescue.simulation.requests import SMALL, EvacuationRequest
from simrescue.simulation.state import WADING_CLASS
from simrescue.units import SAME_H


@dataclass(eq=False)
class Evacuate(Rescue):
    """As a rescue; a bus waits for people, and may stop in several villages."""

    request: EvacuationRequest

    @property
    def is_bus(self) -> bool:
        """Whether it waits for people and stops on the way; others come only for those who ask."""
        return bool(self.crew.member.vehicle == "bus")

    @property
    def free_seats(self) -> int:
        """Seats that nobody has yet."""
        return int(self.crew.member.seats - self.persons)

    def stops(self) -> Iterator[Leg]:
        """With free seats on to another village, and to another from there."""
        while self.is_bus and self.aboard and self.free_seats and not self.is_called_off:
            before = self.request
            yield Leg(None, self.go_on)
            if self.request is before:
                return
            yield Leg(self.request.place, self.board)

    # ---- at a stop

    def board(self, row: int) -> Steps:
        """Take people aboard, and wait for those whom command expects besides."""
        crew, sim, request = self.crew, self.sim, self.request
        village, before, until_h = sim.villages[request.place], self.persons, sim.env.now
        if self.is_bus and request.ahead > SMALL:
            until_h += sim.parameters.bus_wait_h
        row = yield from self._take_aboard(row, until_h)
        if self._waits(until_h):
            row = sim.log(Kind.WAITS_FOR_MORE, crew.index, request.place, row, request.number)
        while self._waits(until_h):
            # Asked for anew in each turn: the event that was waited for is used up with the first who come.
            come = village.gathering() | sim.env.timeout(until_h - sim.env.now)
            if not (yield from crew.pause(come)):
                break
            row = yield from self._take_aboard(row, until_h)
        self.arrive()
        if self.persons == before:
            if request.is_expected:
                row = sim.log(Kind.FINDS_NOBODY, crew.index, request.place, row, request.number, request.task)
            # It has waited for them, and nobody has come: no other bus is sent unasked.
            sim.command.expect_at_stop(request.place, 0)
        self.is_over = not self.aboard
        return row

    def _waits(self, until_h: float, taken: int = 0) -> bool:
        """Whether it stays at the stop: seats are free, more people are expected, and no water has come."""
        more = self.request.ahead > SMALL and self.sim.villages[self.request.place].danger < WADING_CLASS
        return self.free_seats > taken and more and until_h - self.sim.env.now > SAME_H and not self.is_called_off

    def _take_aboard(self, row: int, until_h: float) -> Steps:
        """Who is there; what the village tells is known from now on. Seats for those expected stay promised."""
        crew, sim, request = self.crew, self.sim, self.request
        village = sim.villages[request.place]
        groups, row = village.take(crew.index, self.free_seats, row, request.number)
        taken = sum(persons for persons, _, _ in groups)
        sim.command.expect_at_stop(request.place, max(0, request.ahead - taken))
        self.is_bound = bool(self.aboard or groups)
        # What it has not filled stays promised while it waits: else another bus is sent for the same people.
        if self._waits(until_h, taken):
            self.hand_over(taken)
        else:
            self.arrive()
        crew.tell_of(village, row)
        if taken:
            self.aboard += embark(village, groups)
            sim.contact.bring_radio(crew, row, met=True)
            yield crew.moves.board(taken)
        return row

    def hand_over(self, persons: int) -> None:
        """So many of its share have been done and are no longer on the way."""
        done = min(self.share, persons)
        self.share -= done
        self.sim.command.withdraw(self.request, done)

    # ---- from stop to stop

    def go_on(self, row: int) -> Steps:
        """Take on the stop that is least out of the way, if there is one near enough."""
        yield from ()
        stop = self._next_stop()
        if stop is None:
            return row
        return self.sim.command.take_besides(self, stop, self.free_seats)

    def _next_stop(self) -> EvacuationRequest | None:
        """The open evacuation of another village for which the way to a shelter is longer by the least."""
        sim, here, most_h = self.sim, self.crew.here, self.sim.parameters.bus_wait_h
        goal = self.goal(set(), here)
        if goal is None or most_h <= 0:
            return None
        moves, vehicle, at_least = self.crew.moves, self.crew.member.vehicle, sim.roads.router.at_least
        direct_h, best = moves.hours(here, goal), None
        for need in sim.command.waiting.of(EVACUATE):
            if at_least(vehicle, here, need.place) > direct_h + most_h + SAME_H:
                continue  # not even by dry roads
            if not isinstance(need, EvacuationRequest) or need.place == here or not moves.can_enter(need.place):
                continue
            there_h = moves.hours(here, need.place)
            if there_h > direct_h + most_h:
                continue
            onward = moves.shelter(sim.world.shelter_order[need.place], set(), need.place)
            if onward is None:
                continue
            out_of_way_h = there_h + moves.hours(need.place, onward) - direct_h
            if out_of_way_h <= most_h and (best is None or (out_of_way_h, need.number) < best[:2]):
                # No stop farther off than this one can be better: its way need not be searched.
                best, most_h = (out_of_way_h, need.number, need), out_of_way_h
        return None if best is None else best[2]
