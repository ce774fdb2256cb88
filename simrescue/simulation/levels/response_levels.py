"""Response levels by rule: readings are looked at, a level is due, is decided on, agreed to from above, and declared.

Conditions of one level are joined by "any of", those with one name in `together` by "all of"; bands are so that the
highest level met counts. A decision waits for its consultation, takes its hours and is made on what is so at its end:
the level is declared if it, or a higher one, is due then. The same hand lowers it when nothing that starts it has held
for a while. Where the scenario states hours of levels (`command.levels`), these are the record: what is due is written
down and declares nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from simrescue.communication.messages import Message, MessageKind
from simrescue.events import EventKind as Kind
from simrescue.responders import RESPONSE_LEVELS
from simrescue.scenario.response_records import NO_LEVEL, Trigger
from simrescue.simulation.clock import DECISIONS, TimerAt, after
from simrescue.simulation.levels.readings import Readings
from simrescue.streams import stream
from simrescue.units import SAME_H, step_end_h

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

LEVEL_NAMES = {number: name for name, number in RESPONSE_LEVELS.items()}


class WatchedTrigger:
    """One trigger in one replication."""

    def __init__(self, sim: Simulation, index: int, trigger: Trigger) -> None:
        self.sim, self.index, self.trigger = sim, index, trigger
        self.level = RESPONSE_LEVELS[trigger.level]
        self.row = -1
        """Of the last reading at which it came to hold."""
        self.over_row = -1
        """Of the last reading at which it ceased to."""
        self.holds = False
        draw = stream(sim.seed, sim.replication, "judgement", trigger.id)
        self.is_found_so = trigger.kind != "judgement" or draw.random() < trigger.chance

    def read(self, value: float) -> None:
        """Something new is known of what it looks at: `value` in its unit, nan for nothing."""
        trigger = self.trigger
        least, below = trigger.at_least, trigger.below
        # Of nan both are false: what is not known starts nothing.
        holds = least is not None and value >= least.value and (below is None or value < below.value)
        if holds != self.holds:
            self.holds = holds
            kind = Kind.TRIGGER_MET if holds else Kind.TRIGGER_OVER
            command, told = self.sim.world.command, 0.0 if math.isnan(value) else value
            row = self.sim.log(kind, command, self.index, self.row, item=self.level, amount=told)
            self.row, self.over_row = (row, -1) if holds else (-1, row)


class StartCondition:
    """Conditions that must all hold, for one level; with judgements on them."""

    def __init__(self, level: int, conditions: list[WatchedTrigger]) -> None:
        self.level = level
        self.facts = [one for one in conditions if one.trigger.kind != "judgement"]
        self.judged = [one for one in conditions if one.trigger.kind == "judgement"]
        self.since_h = math.inf
        """Since when all facts have held."""

    def is_met(self, now: float) -> bool:
        """Whether all holds at the hour `now`, and who judges finds it so and has taken his time."""
        if not all(one.holds for one in self.facts):
            self.since_h = math.inf
            return False
        self.since_h = min(self.since_h, now)
        # A hair less: looks come at fixed hours, and a lost digit would cost a whole look.
        return all(one.is_found_so and now - self.since_h >= one.trigger.delay_h - 1e-9 for one in self.judged)

    @property
    def row(self) -> int:
        """The last reading that made it hold."""
        return max((one.row for one in self.facts), default=-1)


class ResponseLevels:
    """All rules of one replication."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, self.readings = sim, Readings(sim)
        self.settings = sim.settings.response
        self.is_on_record = bool(sim.settings.command.levels)
        triggers = sim.world.scenario.triggers
        first = sim.world.first["triggers"]
        self.conditions = [WatchedTrigger(sim, index, trigger) for index, trigger in enumerate(triggers, first)]
        together: dict[tuple[int, str], list[WatchedTrigger]] = {}
        for one in self.conditions:
            # A group of its own, with a space before it: somebody's `together` may be called like this id.
            name = one.trigger.together or f" {one.trigger.id}"
            together.setdefault((one.level, name), []).append(one)
        self.rules = [StartCondition(level, conditions) for (level, _), conditions in together.items()]
        self.met: set[int] = set()
        """Levels of which a rule is met."""
        self.pending: set[int] = set()
        """Levels that are being decided on."""
        self.declared = NO_LEVEL
        """By rule, and not lowered since."""
        self.below_since_h = math.inf
        self.looks = 0

    def start(self) -> None:
        """Look at the readings from the start on."""
        if self.conditions:
            self._look_at(0.0)

    def _look_at(self, hour: float) -> None:
        TimerAt(self.sim.env, hour, DECISIONS).callbacks.append(lambda _: self._look())

    def _look(self) -> None:
        self.readings.look()
        for condition in self.conditions:
            if condition.trigger.kind != "judgement":
                condition.read(self.readings.value(condition.trigger))
        now = float(self.sim.env.now)
        met = {rule.level: rule.row for rule in self.rules if rule.is_met(now)}
        # Only what was not met at the last look: a level is due once until its rule ceases to hold.
        for level in sorted(met.keys() - self.met):
            # Of several rules of one level the latest reading is the cause: `met` keeps only one of them.
            row = max(rule.row for rule in self.rules if rule.level == level and rule.is_met(now))
            self._is_due(level, row)
        self.met = set(met)
        self._perhaps_lower(now)
        self.looks += 1
        # By the number of looks: an hour added up from steps would drift off the clock.
        next_h = step_end_h(self.looks, self.settings.watch_h)
        if next_h < self.sim.world.duration_h:
            self._look_at(next_h)

    def _is_due(self, level: int, cause: int) -> None:
        row = self.sim.log(Kind.LEVEL_DUE, self.sim.world.command, cause=cause, item=level)
        if self.is_on_record or level in self.pending or level >= self.sim.command.level:
            return
        self.pending.add(level)
        rule = self.settings.of(level)
        call = self._ask if rule.approval_h and not self.settings.approved_later else self._decide
        hours = self._until_consulted_h(rule.consulted_at) + rule.consultation_h
        after(self.sim.env, hours, lambda _: call(level, row), DECISIONS)

    def _until_consulted_h(self, clock_hours: Sequence[float]) -> float:
        """Hours until the next of some hours of the clock; 0 where there are none."""
        start = self.sim.settings.start
        clock_h = start.hour + start.minute / 60 + self.sim.env.now
        # A hair back and forth: at the very hour rounding would put it off by a day.
        return min((max(0.0, (hour - clock_h + SAME_H) % 24 - SAME_H) for hour in clock_hours), default=0.0)

    def _ask(self, level: int, cause: int) -> None:
        row = self.sim.log(Kind.LEVEL_ASKED, self.sim.world.command, cause=cause, item=level)
        contact, command = self.sim.contact, self.sim.world.command
        above = contact.posts.above() if contact.posts else None
        if above is None:
            self._agree(level, row)
        else:
            message = Message(MessageKind.REQUEST, command, above, row)
            contact.send(message, 0.0, lambda heard: self._agree(level, heard), lambda _: None)

    def _tell_above(self, level: int, cause: int) -> None:
        """Move first, paperwork later: the post above has the question while the level is in force."""
        row = self.sim.log(Kind.LEVEL_ASKED, self.sim.world.command, cause=cause, item=level)
        posts = self.sim.contact.posts
        if posts and (above := posts.above()) is not None:
            message = Message(MessageKind.REQUEST, self.sim.world.command, above, row)
            self.sim.contact.send(message, 0.0, lambda _: None, lambda _: None)

    def _agree(self, level: int, row: int) -> None:
        """The post above has the question, and takes its time."""
        after(self.sim.env, self.settings.of(level).approval_h, lambda _: self._decide(level, row), DECISIONS)

    def _decide(self, level: int, cause: int) -> None:
        self.pending.discard(level)
        if min(self.met, default=NO_LEVEL) <= level < self.sim.command.level:
            self.declared, self.below_since_h = level, math.inf
            self.sim.command.raise_level(LEVEL_NAMES[level], cause)
            if self.settings.approved_later and self.settings.of(level).approval_h:
                self._tell_above(level, cause)

    def _perhaps_lower(self, now: float) -> None:
        """What was declared by rule is lowered to what is due, when no more has been for so long."""
        due, level = min(self.met, default=NO_LEVEL), self.sim.command.level
        # A level of another hand, a row of the record or a stage of a fire, is not the rules' to lower.
        if level != self.declared or level == NO_LEVEL or due <= level:
            self.below_since_h = math.inf
            return
        self.below_since_h = min(self.below_since_h, now)
        if now - self.below_since_h >= self.settings.of(level).lowered_after_h - 1e-9:
            self.declared, self.below_since_h = due, math.inf
            over = max((one.over_row for one in self.conditions), default=-1)
            self.sim.command.lower_level(due, over)
