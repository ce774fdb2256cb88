"""UAV relays: base stations that fly to silent places, hold over them, and relieve one another.

A relay is called when command has heard nothing from a place for `silence_h`. It holds over that silent place around
which it reaches most people; when its endurance ends the next aircraft of its row takes over, if one is ready.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import TYPE_CHECKING, Any

from simrescue.communication.channels import UavRelay
from simrescue.events import EventKind as Kind

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation

HANDOVER_H = 0.1
"""The next aircraft comes so long before the last one leaves."""
LEAST_HOLD_H = 0.5
"""No relay is sent where it could hold for less."""


class RelayState:
    """One row: its aircraft, and over which place they hold or are to hold."""

    def __init__(self, index: int, record: UavRelay) -> None:
        self.index, self.record = index, record
        self.ready_h = [0.0] * record.aircraft
        """From when each of its aircraft can take off."""
        self.target: int | None = None
        self.relieved_h = 0.0
        """When the last that was sent leaves its place."""
        self.holding: list[int] = []
        """Places over which its aircraft hold now."""


class Relays:
    """All relays of one replication."""

    def __init__(self, sim: Simulation, lacks_others: Callable[[int], bool], review: Callable[[int, int], Any]) -> None:
        """From the start of the clock.

        Args:
            sim: the replication.
            lacks_others: whether a place has no other channel now.
            review: told of each place, by its index, whose cover has changed, and the row that tells of it.
        """
        self.sim, self.lacks_others, self.review = sim, lacks_others, review
        rows = sim.world.scenario.relays
        self.relays = [RelayState(sim.world.first["relays"] + i, row) for i, row in enumerate(rows)]
        self.silent: set[int] = set()
        """Places that command has not heard from for so long that it has called a relay."""
        self.news = sim.env.event()
        self.near: dict[tuple[int, float], list[int]] = {}

    def start(self) -> None:
        """Have each wait for its call."""
        for relay in self.relays:
            self.sim.env.process(self._serve(relay))

    def covers(self, place: int) -> bool:
        """Whether a relay holds within reach of a place now."""
        return any(place in self._around(relay, over) for relay in self.relays for over in relay.holding)

    def notice(self, place: int) -> None:
        """Command has missed word from a place."""
        self.silent.add(place)
        self.news.succeed()
        self.news = self.sim.env.event()

    def _around(self, relay: RelayState, over: int) -> list[int]:
        key = over, relay.record.radius_km
        if key not in self.near:
            places, distance_km = sorted(self.sim.world.staffed), self.sim.world.distance_km
            self.near[key] = [place for place in places if distance_km(over, place) <= relay.record.radius_km]
        return self.near[key]

    def _way_h(self, relay: RelayState, over: int) -> float:
        return float(self.sim.world.distance_km(relay.index, over) / relay.record.cruise_kmh)

    def _hold_h(self, relay: RelayState, over: int) -> float:
        return float(relay.record.endurance_h - 2 * self._way_h(relay, over))

    def _choose(self, relay: RelayState) -> int | None:
        """The silent place around which it reaches most people whom no other relay is for; None where there is none."""
        # Those that are heard by anything else again need no relay, and are noticed anew if they fall silent anew.
        self.silent = {place for place in self.silent if self.lacks_others(place)}
        others = {
            place
            for other in self.relays
            if other is not relay and other.target is not None
            for place in self._around(other, other.target)
        }
        wanting = self.silent - others

        def people(over: int) -> int:
            reached = wanting.intersection(self._around(relay, over))
            # Each place counts besides its people: stores and shelters where nobody lives want to be heard too.
            return sum(1 + getattr(self.sim.world.places[place], "population", 0) for place in reached)

        within = [over for over in wanting if self._hold_h(relay, over) >= LEAST_HOLD_H]
        # Of as many people the nearest, then by number: a set has no order of its own.
        return min(within, key=lambda over: (-people(over), self._way_h(relay, over), over), default=None)

    def _serve(self, relay: RelayState) -> Generator[Any, Any, None]:
        env, record, sky = self.sim.env, relay.record, self.sim.world.sky
        is_called = False
        while True:
            relay.target = self._choose(relay)
            if relay.target is None:
                yield self.news
                continue
            if not is_called:
                is_called = True
                yield env.timeout(record.call_up_h)
                continue
            way_h, number = self._way_h(relay, relay.target), relay.ready_h.index(min(relay.ready_h))
            # So that it is there shortly before the one over the place has to leave.
            from_h = max(env.now, relay.ready_h[number], relay.relieved_h - HANDOVER_H - way_h)
            from_h = sky.fair_from_h(from_h, record.wind_limit_ms, 0.0)
            if from_h >= self.sim.world.duration_h:
                return
            if from_h > env.now:
                # Another place may need it more by then.
                yield env.timeout(from_h - env.now)
                continue
            self._send(relay, number, relay.target, way_h)

    def _send(self, relay: RelayState, number: int, over: int, way_h: float) -> None:
        record, now = relay.record, self.sim.env.now
        row = self.sim.log(Kind.RELAY_SETS_OUT, relay.index, over, amount=way_h)
        relay.ready_h[number] = now + record.endurance_h + record.turnround_h
        relay.relieved_h = now + way_h + self._hold_h(relay, over)
        self.sim.env.process(self._sortie(relay, over, way_h, row))

    def _sortie(self, relay: RelayState, over: int, way_h: float, row: int) -> Generator[Any, Any, None]:
        """There, over the place until its endurance or the weather ends it."""
        sim, record = self.sim, relay.record
        yield sim.env.timeout(way_h)
        storm_h = sim.world.sky.storm_from_h(sim.env.now, record.wind_limit_ms, 0.0)
        hold_h = min(self._hold_h(relay, over), storm_h - sim.env.now)
        row = sim.log(Kind.RELAY_UP, relay.index, over, row, amount=hold_h)
        self._change(relay, over, row, relay.holding.append)
        yield sim.env.timeout(hold_h)
        row = sim.log(Kind.RELAY_DOWN, relay.index, over, row)
        self._change(relay, over, row, relay.holding.remove)

    def _change(self, relay: RelayState, over: int, row: int, change: Callable[[int], None]) -> None:
        change(over)
        for place in self._around(relay, over):
            self.review(place, row)
