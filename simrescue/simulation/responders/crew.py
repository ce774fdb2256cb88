"""A crew's life as a process: release, orders, turnout, missions, breakdown and repair, duty and rest.

What a mission does (`simulation.missions`) and how the crew gets about (`responders.moving`) it need not know.
"""

from __future__ import annotations

import math
from collections.abc import Generator
from random import Random
from typing import TYPE_CHECKING, Any

from simpy import Event, Interrupt, Process

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Mission
from simrescue.simulation.responders.aircraft import ByAir
from simrescue.simulation.responders.ground import ByRoad, ByWater
from simrescue.simulation.responders.moving import LEAST_TURNOUT, TURNOUT_SPREAD, Moving, Steps
from simrescue.simulation.roads.true_roads import CALLED_OFF
from simrescue.simulation.world import Member
from simrescue.streams import stream

if TYPE_CHECKING:
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

MOVES: dict[str, type[Moving]] = {"road": ByRoad, "water": ByWater, "air": ByAir}
"""How a kind of responders moves (`records.MOVES`) -> what that means for its crews."""


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
        self.mission: Mission[Any] | None = None
        self.process: Process | None = None
        self.may_stop = False
        """Whether it can leave what it is doing at any moment."""
        self.released = self.handed_over = self.is_leaving = False
        self.rested = True
        self.seen: set[int] = set()
        self.chance: Random | None = None
        self.moves: Any = MOVES[member.moves](self)
        sim.log(Kind.STANDS, self.index, self.here, persons=member.size)
        self._wait_for_release()

    def tell_of(self, village: VillageState, row: int) -> None:
        """Tell command how things stand in the village where it is, by what it sees now; `row`: of the log."""
        word = village.word()
        self.sim.contact.hear_crew(self, row, lambda heard: self.sim.command.learn(village, heard, word))

    def begin_shift(self) -> None:
        """It is rested, and on duty from now on."""
        self.on_duty_h, self.line_h, self.rested = self.sim.env.now, 0.0, False

    def end_shift(self) -> None:
        """It rests before it does anything more."""
        self.on_duty_h = min(self.on_duty_h, self.sim.env.now - self.record.shift_h)

    # ---- being there

    def _wait_for_release(self) -> None:
        """Free from the start, from a moment on, when handed over, or when its level sets it free besides."""
        record, env = self.record, self.sim.env
        if record.until is not None:
            env.timeout(record.until).callbacks.append(lambda _: self._leave())
        self.level_reached = not record.release or not self.sim.world.declares_levels
        if not self.moves.is_serviceable():
            self.released = True
            self.sim.log(Kind.UNSERVICEABLE, self.index, self.here)
        elif record.available is not None and record.available > 0:
            env.timeout(record.available).callbacks.append(lambda _: self._set_free(-1))
        elif self.level_reached and not self.is_from_partner:
            self.process = env.process(self.duty(-1))
            self.released = True

    def _leave(self) -> None:
        """Its hour has come: it is sent no more, and goes when it is idle."""
        self.is_leaving = True
        self.sim.crew_changes += 1
        self.sim.command.strike_off(self)

    def leave(self) -> None:
        """It is there no longer."""
        self.released = False
        self.sim.crew_changes += 1
        self.sim.log(Kind.LEAVES, self.index, self.here)

    def release(self, cause: int) -> None:
        """The response level sets the crew free: from now on, or from the moment that it is there."""
        self.level_reached = True
        self.sim.crew_changes += 1
        since_h = self.record.available or 0.0
        if self.handed_over if self.is_from_partner else since_h <= self.sim.env.now + 1e-9:
            self._set_free(cause)

    @property
    def is_from_partner(self) -> bool:
        """Whether it comes only when asked for; an hour of the record wins."""
        return bool(self.record.partner) and self.record.available is None

    @property
    def is_to_come(self) -> bool:
        """Whether it is there, or comes at an hour that is fixed, and does not leave."""
        has_hour = self.level_reached and self.record.available is not None
        return not self.is_leaving and (self.released or has_hour)

    def hand_over(self, cause: int) -> None:
        """Its partner hands it over to command: free from now on, or from its response level on."""
        self.handed_over = True
        self._set_free(cause)

    def hold(self) -> None:
        """The response level is lower again: who is not there yet waits for it again."""
        self.level_reached = self.released
        self.sim.crew_changes += 1

    def _set_free(self, cause: int) -> None:
        if self.level_reached and not self.released and not self.is_leaving:
            self.released = True
            self.sim.crew_changes += 1
            row = self.sim.log(Kind.RELEASED, self.index, self.here, cause)
            self.process = self.sim.env.process(self.duty(row))

    @property
    def rng(self) -> Random:
        """The crew's own stream of chance, made when first needed."""
        if self.chance is None:
            name = f"{self.record.id}-{self.member.copy}"  # the first of a row is the same whether others join it
            self.chance = stream(self.sim.seed, self.sim.replication, "responder", name)
        return self.chance

    # ---- the life of a crew

    def call_off(self) -> None:
        """Its mission is to end as soon as it can: what is aboard is brought somewhere first (`Mission.give_up`)."""
        mission = self.mission
        if mission is None or mission.is_called_off:
            return
        mission.call_off()
        if self.may_stop:
            self.interrupt()
        elif self.under_way and not mission.is_bound:
            self.moves.halt()

    def interrupt(self) -> None:
        """Wake it in the midst of what it does."""
        if self.process is not None:
            self.process.interrupt(CALLED_OFF)

    def pause(self, until: Event) -> Generator[Any, Any, bool]:
        """Wait for an event, unless called off; answers whether it has come."""
        # Only here and on the road is an interrupt caught: anywhere else it would end the crew's life.
        self.may_stop = True
        try:
            yield until
        except Interrupt:
            return False
        finally:
            self.may_stop = False
        return True

    def duty(self, row: int) -> Generator[Any, Any, None]:
        """Wait for orders, go on missions, rest when the shift is over."""
        env = self.sim.env
        while True:
            self.free_h = env.now
            if not self.wake.triggered:
                yield from self.moves.stand_by()
            mission, row = self.take_order()
            self.wake = env.event()
            if self.rested or env.now - self.free_h >= self.record.rest_h:
                self.begin_shift()
            # All three with the order, used or not: what befalls a crew on one mission leaves the draws of the next.
            turnout, breaks, repair = self.rng.random(), self.rng.random(), self.rng.random()
            row = yield from self.turn_out(mission, row, turnout)
            row = yield from self.moves.make_ready(mission, row)
            row = yield from self.carry_out(mission, row)
            self.mission = None
            row = yield from self.perhaps_break_down(row, breaks, repair)
            row = yield from self.moves.wear(row)
            if not self.wake.triggered:  # else it was called off for something else
                row = yield from self.moves.go_home(row)
            self.sim.log(Kind.FREE, self.index, self.here, row)

    def carry_out(self, mission: Mission[Any], row: int) -> Steps:
        """Do a mission leg by leg, until it is over, fails or is called off; answers the last row."""
        for leg in mission.legs():
            if mission.is_called_off and not mission.is_bound:
                row = yield from mission.give_up(leg, row)
                break
            if leg.place is not None:
                row = yield from self.moves.go(leg.place, row, mission.request.number, leg.way_h)
                if self.here != leg.place or (mission.is_called_off and not mission.is_bound):
                    row = yield from mission.give_up(leg, row)
                    break
                if mission.enters and not self.moves.can_enter(leg.place):
                    depth_m, request = self.sim.depth_m[leg.place], mission.request.number
                    row = self.sim.log(Kind.TOO_DEEP, self.index, leg.place, row, request, amount=depth_m)
                    if leg.place in self.sim.contact.dark:
                        self._has_seen_water(leg.place, mission, row)
                    row = yield from mission.give_up(leg, row)
                    break
            row = yield from leg.do(row)
            if mission.is_over:
                break
        mission.end()
        return row

    def _has_seen_water(self, place: int, mission: Mission[Any], row: int) -> None:
        """Without a radio at a silent place that it cannot enter: it tells of that later, and does not come again."""
        self.sim.command.keep_from(self, mission.request)
        if place < len(self.sim.villages):
            self.tell_of(self.sim.villages[place], row)

    def take_order(self) -> tuple[Mission[Any], int]:
        """The mission that command has woken the crew with, and the row that tells of it.

        Who was sent elsewhere while on another mission has no such row yet: it is written now that this one begins.
        """
        order: Any = self.wake.value
        mission, row = order
        self.mission = mission
        return mission, self.sim.command.write_order(mission) if row is None else row

    def turn_out(self, mission: Mission[Any], row: int, draw: float) -> Steps:
        """From the order to leaving the base, by a draw in 0..1."""
        if self.out:
            return row
        hours = self.moves.turn_out_h(LEAST_TURNOUT + TURNOUT_SPREAD * draw)
        if hours > 0:
            yield self.sim.env.timeout(hours)
        self.out = True
        return self.sim.log(Kind.TURNS_OUT, self.index, self.here, row, mission.request.number)

    def perhaps_break_down(self, row: int, breaks: float, repair: float) -> Steps:
        """A vehicle or engine may fail at the end of a mission; repair takes an exponential time.

        Args:
            row: last row of the crew.
            breaks: draw in 0..1, below which it fails by the crew's chance.
            repair: draw in 0..1 for the time, by inverse transform.

        Returns:
            The last row of the crew now.
        """
        if breaks < self.record.breakdown:
            row = yield from self.moves.get_down(row)
            row = self.sim.log(Kind.BREAKS_DOWN, self.index, self.here, row)
            yield self.sim.env.timeout(-math.log1p(-repair) * self.record.repair_h)
            row = self.sim.log(Kind.REPAIRED, self.index, self.here, row)
        return row
