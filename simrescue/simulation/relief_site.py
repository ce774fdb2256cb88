"""A place where affected people need basic relief: a village with people in it, or a shelter.

Food, clean water and medical supplies are used up by the hour; clothing and temporary shelter are given once.
A place is relieved when every tracked need is met for all who are there, and stays so only while supplied.
"""

from __future__ import annotations

import math
from random import Random
from typing import TYPE_CHECKING

from simpy import Event

from simrescue.events import EventKind as Kind
from simrescue.places import CONSUMABLE, NEEDS
from simrescue.responders import RELIEF
from simrescue.simulation.clock import after
from simrescue.simulation.state import FRAIL_CLASS, WADING_CLASS
from simrescue.streams import delay_h

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

FOOD, CLOTHING, WATER, SHELTER, MEDICAL = range(len(NEEDS))
REGISTER_H = 0.25
"""How often the people at a place are counted anew."""
SMALL = 1e-9


class ReliefSite:
    """Supplies and needs at one place of one replication."""

    __slots__ = (
        "asked", "counted_h", "first_meal", "index", "is_village", "left", "luck", "met", "persons", "relieved",
        "reporting", "sim", "timer", "touched", "tracked",
    )  # fmt: skip

    def __init__(self, sim: Simulation, index: int, stock: tuple[float, ...]) -> None:
        self.sim = sim
        self.index = index
        self.is_village = sim.world.kinds[index] == "village"
        self.persons = 0
        self.left = list(stock)
        self.counted_h = 0.0
        self.met = [False] * len(NEEDS)
        self.relieved = self.touched = self.reporting = False
        self.asked = 0.0
        self.timer = 0
        self.luck: Random | None = None
        self.first_meal = sim.parameters.relief_meal_days
        self.tracked = tuple(NEEDS.index(need) for need in sim.settings.relief.tracked)
        for item, amount in enumerate(stock):
            if amount:
                sim.log(Kind.STOCKED, index, index, item=item, amount=amount)

    def touch(self, persons: int) -> None:
        """The number of people there is now this; needs are looked at again at the next count."""
        if persons == self.persons:
            return
        self._use_up()
        if self.is_village and self.persons == 0:
            self._open_larders(persons)
        self.persons = persons
        self.recount()

    def recount(self) -> None:
        """Have the people counted and their needs looked at again, as soon as somebody gets round to it."""
        if not self.touched:
            self.touched = True
            after(self.sim.env, REGISTER_H, self._counted)

    def _open_larders(self, persons: int) -> None:
        """People cut off in a dry house live on what they have for a while."""
        days = self.sim.settings.relief.household_days
        village = self.sim.villages[self.index]
        if village.max_class < WADING_CLASS:
            for item in (FOOD, WATER, MEDICAL):
                self.left[item] += persons * days

    def _counted(self, _: Event) -> None:
        self.touched = False
        self.review(-1)

    def deliver(self, amounts: list[float], cause: int) -> None:
        """Goods are unloaded here."""
        self._use_up()
        self.left = [have + more for have, more in zip(self.left, amounts, strict=True)]
        self.asked = max(0.0, self.asked - math.fsum(amounts))
        self.review(cause)

    def _use_up(self) -> None:
        now = self.sim.env.now
        used = self.persons * (now - self.counted_h) / 24
        self.counted_h = now
        if used > 0:
            pairs = zip(self.left, CONSUMABLE, strict=True)
            self.left = [max(0.0, have - used) if daily else have for have, daily in pairs]

    def review(self, cause: int) -> None:
        """Say what is met, what has run out, and ask for what will be needed."""
        self._use_up()
        for item in self.tracked:
            self._judge(item, cause)
        relieved = self.persons > 0 and all(self.met[item] for item in self.tracked)
        if relieved and not self.relieved:
            self.sim.log(Kind.RELIEVED, self.index, self.index, cause, persons=self.persons)
        self.relieved = relieved
        self._set_timer()
        self.ask(cause)

    def _judge(self, item: int, cause: int) -> None:
        is_met = self.persons > 0 and self._is_met(item)
        if is_met and not self.met[item]:
            self.sim.log(Kind.MET, self.index, self.index, cause, item=item, persons=self.persons)
        elif self.met[item] and not is_met:
            self.sim.log(Kind.LAPSES, self.index, self.index, cause, item=item, persons=self.persons)
        self.met[item] = is_met

    def _is_met(self, item: int) -> bool:
        if CONSUMABLE[item]:
            enough = SMALL if self.met[item] else self.persons * self.first_meal
            return self.left[item] >= enough
        return self.left[item] + SMALL >= self.wanted(item)

    def wanted(self, item: int) -> float:
        """Persons who must be given clothing or shelter here."""
        if not self.is_village:
            if item == CLOTHING:
                return self.persons
            capacity = 0 if self.sim.is_unsafe(self.index) else self.sim.shelters[self.index].record.capacity
            return max(0.0, self.persons - capacity)
        village = self.sim.villages[self.index]
        if village.max_class < WADING_CLASS:
            return 0.0
        if item == SHELTER and village.trapped:
            return math.inf
        return self.persons if item == CLOTHING or village.max_class >= FRAIL_CLASS else 0.0

    def needs(self) -> list[float]:
        """What should be sent now, by item, in person-days or persons; nothing that is not yet short."""
        self._use_up()
        relief, amounts = self.sim.settings.relief, [0.0] * len(NEEDS)
        if not self.persons:
            return amounts
        for item in self.tracked:
            if not CONSUMABLE[item]:
                amounts[item] = max(0.0, min(self.wanted(item), self.persons) - self.left[item])
            elif self.left[item] <= self.persons * relief.reorder_h / 24 + SMALL:
                amounts[item] = max(0.0, self.persons * relief.days_sent - self.left[item])
        return amounts

    def ask(self, cause: int) -> None:
        """Report needs to command when they are new, have grown by a fifth, or are there no more."""
        total = math.fsum(self.needs())
        self.sim.true_needs.tell((RELIEF, self.index), RELIEF, self.index, self.persons if total > SMALL else 0)
        if self.reporting:
            return
        grown, gone = total > max(self.asked * 1.2, SMALL), total <= SMALL < self.asked
        if grown or gone:
            if not self.sim.contact.is_up(self.index):
                self.sim.contact.wait(self.index, self.ask)
                return
            self.reporting = True
            mean = self.sim.settings.command.report_h
            if self.luck is None:
                self.luck = self.sim.stream("site", self.index)
            after(self.sim.env, delay_h(self.luck, mean), lambda _: self._asked(cause))

    def _asked(self, cause: int) -> None:
        self.reporting = False
        if not self.sim.contact.is_up(self.index):
            self.sim.contact.wait(self.index, self.ask)
            return
        amounts = self.needs()
        self.asked = math.fsum(amounts)
        for item, amount in enumerate(amounts):
            if amount > SMALL:
                cause = self.sim.log(Kind.NEEDS, self.index, self.index, cause, -1, item, self.persons, amount)
        self.sim.command.learn_needs(self.index, amounts, self.persons, cause)

    def _set_timer(self) -> None:
        """Wake when the first item runs out or must be reordered."""
        self.timer += 1
        if not self.persons:
            return
        reorder = self.sim.settings.relief.reorder_h
        moments = []
        for item in self.tracked:
            if CONSUMABLE[item] and self.left[item] > SMALL:
                hours = self.left[item] / self.persons * 24
                moments.append(hours - reorder if hours > reorder + SMALL else hours)
        if moments:
            at = self.timer
            after(self.sim.env, min(moments) + 1e-6, lambda _: self.review(-1) if at == self.timer else None)
