"""Repair: a crew works at a road, a base station or a power area until it is done, or the crew's shift is over."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from simrescue.events import EventKind as Kind
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.requests import SMALL, RepairRequest

LEAST_WORK_H = 1.0
"""Whoever has come works so long at least, however long the way was."""


class Repair(Mission[RepairRequest]):
    """There, on foot over land where no road leads to it, and what a shift can do."""

    turns: ClassVar[bool] = False

    def legs(self) -> Iterator[Leg]:
        """To the road's end nearest to it, from there to the spot."""
        yield Leg(self.request.place, self.walk, self._walk_h())
        yield Leg(None, self.work, starts=True)

    def _walk_h(self) -> float:
        return float(self.request.walk_km / self.sim.settings.evacuation.walk_kmh)

    def walk(self, row: int) -> Steps:
        """Carry tools and parts to the spot."""
        if hours := self._walk_h():
            yield from self.crew.pause(self.crew.moves.work(hours))
        return row

    def work(self, row: int) -> Steps:
        """Do what is left, or as much as the shift allows; all hands of a crew work, slower by night."""
        sim, crew, need = self.sim, self.crew, self.request
        if need.is_over or self.is_called_off:
            return row
        row = sim.log(Kind.REPAIR_BEGINS, crew.index, need.thing, row, need.number, amount=need.work_h)
        hands, begun_h, pace = crew.member.size, sim.env.now, crew.moves.pace()
        shift_h = max(LEAST_WORK_H, crew.record.shift_h - (begun_h - crew.on_duty_h))
        # The last of it is done at the end of the wait, whatever rounding makes of the sum.
        is_last = need.work_h <= hands * pace * shift_h
        hours = need.work_h / hands / pace if is_last else shift_h
        stayed = yield from crew.pause(sim.env.timeout(hours))
        if stayed and is_last:
            need.work_h = 0.0
        else:
            need.work_h = max(0.0, need.work_h - hands * pace * (sim.env.now - begun_h))
        row = sim.log(Kind.REPAIR_ENDS, crew.index, need.thing, row, need.number, amount=need.work_h)
        if need.work_h <= SMALL and not need.is_over:
            need.is_done = True
            sim.repairs.end(need.thing, row)
            need.repaired(row)
        return row
