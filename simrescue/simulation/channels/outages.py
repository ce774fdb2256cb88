"""Stations and power areas: what puts them out of work, how long their batteries last, when they work again.

A station has mains, a battery and a line, and each dies by itself. Power comes back in two classes: a line in hours,
a flooded room only after the water is gone and the room is clean.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from simrescue.communication.channels import OUTAGES
from simrescue.events import EventKind as Kind
from simrescue.network.closures import ORDER, SMOKE, WATER
from simrescue.simulation.clock import TimerAt
from simrescue.streams import exponential

if TYPE_CHECKING:
    from simrescue.scenario.communication.channel_layout import Layout
    from simrescue.simulation.state import Simulation

HARMLESS = {WATER, SMOKE, ORDER}
"""Closures of a road that tear no line along it."""
Tell = Callable[[int, int], Any]
"""What follows when something fails or works again: its index, and the row that tells it."""


class Outages:
    """All stations and power areas of one replication."""

    def __init__(self, sim: Simulation, layout: Layout, power_changed: Tell, station_changed: Tell) -> None:
        tables, first = sim.world.scenario, sim.world.first
        self.sim = sim
        self.areas = {
            first["power"] + i: PowerState(sim, first["power"] + i, record, power_changed)
            for i, record in enumerate(tables.power)
        }
        self.stations = {
            first["stations"] + i: StationState(sim, first["stations"] + i, record, station_changed)
            for i, record in enumerate(tables.stations)
        }
        roads = {road.id: number for number, road in enumerate(tables.roads)}
        self.along: dict[int, list[Works]] = {}
        """Road -> those whose line follows it."""
        for works in (*self.areas.values(), *self.stations.values()):
            works.roads = [roads[name] for name in works.record.line]
            for road in works.roads:
                self.along.setdefault(road, []).append(works)
        self.fed: dict[int, list[StationState]] = {}
        for index, station in self.stations.items():
            if index in layout.feeder:
                self.fed.setdefault(layout.feeder[index], []).append(station)

    def start(self) -> None:
        """Set going what is known beforehand: orders to cut power, and wind."""
        for area in self.areas.values():
            if area.record.cut is not None:
                TimerAt(self.sim.env, max(0.0, area.record.cut)).callbacks.append(lambda _, area=area: area.order())  # type: ignore[misc]
        # Only where somebody minds the wind: else there would be a timer for each point of the weather for nothing.
        windy = [works for works in (*self.areas.values(), *self.stations.values()) if works.record.wind_limit_ms]
        for point in self.sim.world.scenario.weather if windy else ():
            TimerAt(self.sim.env, max(0.0, point.time_h)).callbacks.append(
                lambda _, wind_ms=point.wind_ms: _blow(windy, wind_ms)  # type: ignore[misc]
            )

    def look(self, place: int, row: int) -> None:
        """Water or flames at a place are others."""
        works = self.areas.get(place) or self.stations.get(place)
        if works:
            works.look(row)

    def road_changed(self, road: int, row: int) -> None:
        """Something has closed or opened a road: a line along it may be torn, or be mended now."""
        for works in self.along.get(road, ()):
            works.follow_line(row)

    def feed(self, area: int, row: int) -> None:
        """The mains of an area have failed or are back: its stations run on their batteries, or on mains again."""
        for station in self.fed.get(area, ()):
            station.mains(bool(self.areas[area].causes), row)


def _blow(all_works: Iterable[Works], wind_ms: float) -> None:
    for works in all_works:
        works.blow(wind_ms)


class Works:
    """One station or power area: it stands still as long as any cause holds."""

    fails: Kind
    returns: Kind

    def __init__(self, sim: Simulation, index: int, record: Any, changed: Tell) -> None:
        self.sim, self.index, self.record, self.changed = sim, index, record, changed
        self.causes: dict[str, object] = {}
        """What holds now, each with the outage that it belongs to."""
        self.mending: set[str] = set()
        self.mended_before = Counter[str]()
        """Of them those that are over, and under repair."""
        self.cut_until_h = 0.0
        """Hour until which a hazard has cut its line, unless crews mend it before."""
        self.failed = -1
        """Row that tells of its last failure."""
        self.roads: list[int] = []
        """Roads that its line follows, by number."""

    def repair_h(self, why: str) -> float:
        """Mean time of repair after a cause is over. Raises NotImplementedError: each kind says its own."""
        raise NotImplementedError

    def crew_h(self, why: str) -> float:
        """Hours of work for one crew after a cause is over. Raises NotImplementedError: each kind says its own."""
        raise NotImplementedError

    def strike(self, why: str, row: int) -> None:
        """A cause holds from now on, or again while what it did was being repaired."""
        if why in self.causes and why not in self.mending:
            return
        stood = not self.causes
        self.mending.discard(why)
        # A mark of its own for each outage: a repair that was begun for an earlier one must not end it.
        self.causes[why] = object()
        if stood:
            self.failed = self.sim.log(self.fails, self.index, self.index, row, item=OUTAGES.index(why))
            self.changed(self.index, self.failed)
        self._offer()

    def is_workable(self, why: str) -> bool:
        """Whether crews can do something about a cause now: it is over, and only what it did is left."""
        return why in self.mending and why != "order"

    def _offer(self) -> None:
        """Let crews work at it while they can do something about all that keeps it from working."""
        if self.causes and all(map(self.is_workable, self.causes)):
            self.sim.repairs.begin(self.index, math.fsum(map(self.crew_h, self.causes)), self._repaired)
        else:
            self.sim.repairs.end(self.index)

    def _repaired(self, row: int) -> None:
        """Crews have done their work."""
        self.causes.clear()
        self.mending.clear()
        self._works_again(row)

    def _works_again(self, cause: int) -> None:
        row = self.sim.log(self.returns, self.index, self.index, cause)
        self.sim.repairs.end(self.index, row)
        self.changed(self.index, row)

    def mend(self, why: str, hours: float | None = None, row: int | None = None) -> None:
        """A cause is over, as a row tells (None: none does); the repair takes so many hours, or is drawn."""
        outage = self.causes.get(why)
        if outage is None or why in self.mending:
            return
        self.mending.add(why)
        if hours is None:
            # A stream of its own for each repair: one more before it shifts nothing.
            again = f" {self.mended_before[why]}" if why in self.mended_before else ""
            self.mended_before[why] += 1
            rng = self.sim.stream(f"repair after {why}{again}", self.index)
            hours = exponential(rng.random()) * self.repair_h(why)
        if hours <= 0:
            self._mended(why, outage, row)
        elif hours < math.inf:
            self.sim.env.timeout(hours).callbacks.append(lambda _: self._mended(why, outage, row))
        self._offer()

    def _mended(self, why: str, outage: object, row: int | None) -> None:
        # It has been struck again since, or crews have done the work.
        if self.causes.get(why) is not outage:
            return
        del self.causes[why]
        self.mending.discard(why)
        if self.causes:
            self._offer()  # what is left may be a matter for crews now
        else:
            self._works_again(self.failed if row is None else row)

    def look(self, row: int) -> None:
        """What the water and the flames at its spot do."""
        danger = self.sim.dangers.get(self.index, {})
        depth_m = self.sim.depth_m.get(self.index, 0.0)
        # With a limit of 0 dry ground would count as wet.
        wet = depth_m > 0 and depth_m >= self.record.depth_limit_m
        for why, holds in (("water", wet), ("flames", bool(danger.get("flames") or danger.get("lost")))):
            self.strike(why, row) if holds else self.mend(why)

    def blow(self, wind_ms: float) -> None:
        """The wind is another."""
        self.strike("wind", -1) if wind_ms >= self.record.wind_limit_ms else self.mend("wind")

    def cut(self, hours: float) -> None:
        """A hazard cuts its line now; it is mended after so many hours, of several the latest, or by crews before."""
        now = self.sim.env.now
        # What crews have mended before its time does not make the next cut longer.
        self.cut_until_h = max(now + hours, self.cut_until_h if "hazard" in self.causes else now)
        self.strike("hazard", -1)
        self.mend("hazard", self.cut_until_h - now)

    def follow_line(self, row: int) -> None:
        """Its line is torn while a road that it follows is damaged, buried or in flames."""
        torn = any(cause not in HARMLESS for road in self.roads for cause in self.sim.roads.closures.of(road))
        self.strike("line", row) if torn else self.mend("line")


class PowerState(Works):
    """A power area."""

    fails, returns = Kind.POWER_LOST, Kind.POWER_BACK

    def repair_h(self, why: str) -> float:
        """A flooded room takes days, a line hours."""
        return float(self.record.room_repair_h if why == "water" else self.record.line_repair_h)

    def crew_h(self, why: str) -> float:
        """A flooded room takes days, a line hours."""
        parameters = self.sim.parameters
        return float(parameters.repair_room_h if why == "water" else parameters.repair_line_h)

    def order(self) -> None:
        """It is cut for safety."""
        self.strike("order", -1)
        ends = self.record.restored
        self.mend("order", None if ends is None else max(0.0, ends - self.sim.env.now))


class StationState(Works):
    """A base station."""

    fails, returns = Kind.STATION_DOWN, Kind.STATION_UP

    def repair_h(self, why: str) -> float:
        """As its row says, whatever it was."""
        del why
        return float(self.record.repair_h)

    def crew_h(self, why: str) -> float:
        """A generator stands in for the mains."""
        parameters = self.sim.parameters
        return float(parameters.repair_generator_h if why == "mains" else parameters.repair_station_h)

    def is_workable(self, why: str) -> bool:
        """An empty battery too."""
        return why == "mains" or super().is_workable(why)

    def battery_h(self) -> float:
        """Hours that it works without mains: its own battery, or that of its line where it is the first to be empty."""
        own = self.record.backup_h
        if own is None:
            # The first draw of its stream each time: a battery lasts as long in every cut.
            parameters, rng = self.sim.parameters, self.sim.stream("battery", self.index)
            own = parameters.station_battery_h * math.exp(parameters.station_battery_log_sd * rng.gauss(0, 1))
        line = self.record.line_backup_h
        return float(own if line is None else min(own, line))

    def mains(self, lost: bool, row: int) -> None:
        """The mains have failed, or are back; then the battery is full again."""
        # Timers cannot be called off: with this mark the battery of an earlier cut is told from that of now.
        self.waits = waits = object()
        if not lost:
            self.mend("mains", 0.0, row)
        elif "mains" not in self.causes:
            self.sim.env.timeout(self.battery_h()).callbacks.append(
                lambda _: self.strike("mains", row) if self.waits is waits else None
            )

    waits: object = None
    """The battery that is running down now."""
