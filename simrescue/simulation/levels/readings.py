"""What a trigger of a response level looks at, as command knows it: one function a kind of trigger.

Losses and counts are those that have been told: a silent village tells nothing, and whoever left is away from the
moment that his village or shelter says so. Readings and warnings from outside stand in readings.csv.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from simrescue.hazards.base import BURNING, ESCAPED, Gauged
from simrescue.responders import RESCUE
from simrescue.scenario.response_records import GaugeReading, Trigger

if TYPE_CHECKING:
    from simrescue.simulation.command.wildfire.fire_stages import Known
    from simrescue.simulation.protocols import VillageState
    from simrescue.simulation.state import Simulation

DAY_H = 24
UNCONTROLLED = (BURNING, ESCAPED)
"""States of a fire that is not contained."""


class Gauge:
    """A series of readings from outside, as it becomes known."""

    def __init__(self, rows: list[GaugeReading]) -> None:
        self.times = [row.time_h for row in rows]
        self.values = [row.value.value for row in rows]
        self.known = [row.time_h if row.known_h is None else row.known_h for row in rows]

    def reading(self, now: float, ahead_h: float) -> float:
        """The last value that is known, and the highest that is forecast; nan before the first.

        Args:
            now: hours since the start.
            ahead_h: for so many hours the forecast counts.
        """
        # A reading may become known long after it was taken, and a later one before it.
        past = [i for i in range(bisect_right(self.times, now)) if self.known[i] <= now]
        coming = range(bisect_right(self.times, now), bisect_right(self.times, now + ahead_h))
        seen = [self.values[i] for i in (*past[-1:], *(i for i in coming if self.known[i] <= now))]
        return max(seen, default=math.nan)


class Readings:
    """All that triggers look at in one replication."""

    def __init__(self, sim: Simulation) -> None:
        self.sim = sim
        self.hit: set[int] = set()
        """Villages of which command has heard that water or flames came to them."""
        self.deaths: dict[int, list[tuple[float, int]]] = {}
        """Of each village of which deaths were told the hours and by how many more they were then."""
        series: dict[str, list[GaugeReading]] = {}
        for row in sim.world.scenario.readings:
            series.setdefault(row.gauge, []).append(row)
        self.gauges = {name: Gauge(rows) for name, rows in series.items()}
        self.hazards = [watch.hazard for watch in sim.watches if isinstance(watch.hazard, Gauged)]
        self.by_kind: dict[str, Callable[[Trigger], float]] = {
            "reading": self._outside,
            "warning": self._outside,
            "order": self._outside,
            "loss": lambda trigger: float(self._losses[trigger.of]()),
            "age": lambda trigger: self._ages[trigger.of](),
            "count": lambda trigger: float(self._counts[trigger.of]()),
        }
        self._losses: dict[str, Callable[[], float]] = {
            "moved": self._moved,
            "affected": lambda: sum(sim.villages[place].record.population for place in self.hit),
            "trapped": lambda: sum(
                sim.command.told_persons(need)
                for need in sim.command.open.values()
                if need.task == RESCUE and not need.is_expected
            ),
            "dead": self._dead,
        }
        self._ages: dict[str, Callable[[], float]] = {
            "fire": self._fire_h,
            "silence": lambda: max((self._now - since_h for _, since_h in self._dark().values()), default=0.0),
            "request": lambda: max(
                (self._now - need.opened_h for need in sim.command.waiting.of() if need.amount > 0), default=0.0
            ),
        }
        self._counts: dict[str, Callable[[], int]] = {
            "flooded": lambda: sum(bool(sim.danger.get(village.index)) for village in self._heard()),
            "cut_off": lambda: sum(village.isolated for village in self._heard()),
            "silent": lambda: len(self._dark()),
            "fires": lambda: sum(known.is_known and known.state in UNCONTROLLED for known in self._fires()),
        }

    def look(self) -> None:
        """What can be heard now of villages is known from now on."""
        danger = self.sim.danger
        self.hit.update(village.index for village in self._heard() if danger.get(village.index))
        for village in self._heard():
            if more := village.dead - sum(number for _, number in self.deaths.get(village.index, ())):
                self.deaths.setdefault(village.index, []).append((self._now, more))

    def value(self, trigger: Trigger) -> float:
        """What a trigger looks at now, in its unit; nan where nothing is known of it."""
        return self.by_kind[trigger.kind](trigger)

    @property
    def _now(self) -> float:
        return float(self.sim.env.now)

    def _heard(self) -> Iterator[VillageState]:
        return (village for village in self.sim.villages if village.index not in self.sim.contact.dark)

    def _dark(self) -> dict[int, tuple[int, float]]:
        """Silent villages of which command has noticed it."""
        silence_h, count = self.sim.settings.command.silence_h, len(self.sim.villages)
        dark = self.sim.contact.dark.items()
        return {place: lost for place, lost in dark if place < count and self._now - lost[1] >= silence_h}

    def _outside(self, trigger: Trigger) -> float:
        gauge = self.gauges.get(trigger.of)
        if gauge is not None:
            return gauge.reading(self._now, trigger.ahead_h)
        if trigger.of == "burned":
            fires = self._fires()
            return math.fsum(self.sim.fires.hazard.state(known.number).area_ha for known in fires if known.is_known)
        if trigger.of == "danger":
            return self._fire_danger(trigger.ahead_h)
        shown = [hazard.reading(trigger.of, self._now, trigger.ahead_h) for hazard in self.hazards]
        return max((reading for reading in shown if not math.isnan(reading)), default=math.nan)

    def _fire_danger(self, ahead_h: float) -> float:
        """The highest grade of fire danger of the days that so many hours from now on touch; nan without fires."""
        if not self._fires():
            return math.nan
        # With the last hour too, which may lie in a day that no whole step comes to.
        hours = (*(self._now + day_h for day_h in range(0, math.ceil(ahead_h), DAY_H)), self._now + ahead_h)
        return float(max(self.sim.fires.hazard.danger_grade(hour) for hour in hours))

    def _moved(self) -> float:
        """Residents who by the last count of their village are neither there nor among the dead of whom was told."""
        told = self.sim.command.estimates.there
        dead = {place: sum(number for _, number in deaths) for place, deaths in self.deaths.items()}
        rows = enumerate(zip(self.sim.world.scenario.settlements, told, strict=True))
        return float(sum(max(0, village.population - there - dead.get(i, 0)) for i, (village, there) in rows))

    def _dead(self) -> float:
        """Deaths that stand in the count: what posts pass on of those told, as far as it has been counted by now."""
        growth_h, posts = self.sim.settings.response.count_growth_h, self.sim.contact.posts
        known = 0.0
        for place, told in self.deaths.items():
            counted = (
                number * (1 - math.exp((hour - self._now) / growth_h) if growth_h else 1.0) for hour, number in told
            )
            known += sum(counted) * (posts.passed_on(place) if posts else 1.0)
        return known

    def _fires(self) -> list[Known]:
        # Only a scenario with forest fires has any (`Simulation.fires`).
        return self.sim.fires.known if hasattr(self.sim, "fires") else []

    def _fire_h(self) -> float:
        burning = [known.since_h for known in self._fires() if known.is_known and known.state in UNCONTROLLED]
        return self._now - float(min(burning, default=self._now))
