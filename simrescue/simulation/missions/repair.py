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
        env = sim.env
        # With those who have worked until now, before one more counts.
        need.settle(env.now)
        row = sim.log(Kind.REPAIR_BEGINS, crew.index, need.thing, row, need.number, amount=need.work_h)
        ends_h = env.now + max(LEAST_WORK_H, crew.record.shift_h - (env.now - crew.on_duty_h))
        self._number_at_work({**need.at_work, crew.index: crew.member.size * crew.moves.pace()})
        stays = True
        # A little before the end: what rounding leaves of a shift would be waited for again and again.
        while stays and not need.is_over and need.work_h and env.now < ends_h - SMALL:
            stays = yield from crew.pause(env.timeout(min(need.left_h(), ends_h - env.now)) | need.news)
            need.settle(env.now)
        row = sim.log(Kind.REPAIR_ENDS, crew.index, need.thing, row, need.number, amount=need.work_h)
        # Before it leaves `at_work`: `Repairs.end` calls off whoever is not in it, and who is ends by himself.
        if not need.work_h and not need.is_over:
            need.is_done = True
            sim.repairs.end(need.thing, row, crew)
            need.repaired(row)
        self._number_at_work({index: rate for index, rate in need.at_work.items() if index != crew.index})
        return row

    def _number_at_work(self, at_work: dict[int, float]) -> None:
        """Others are at work from now on: each of them reckons anew when it will be done."""
        need, news = self.request, self.request.news
        need.at_work, need.news = at_work, self.sim.env.event()
        if news is not None:
            news.succeed()
