"""Where a crew's pumps draw water, and how much comes: from a source, or from tanks that lorries bring to a road.

A source is drawn from as long as it holds water. Tanks come full with the crew; then lorries fetch more from the
nearest source that holds some, or the mains at the crew's base: so many tonnes an hour as the way there and back and
the filling allow, which is the mean of vehicles that come one after another.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from simrescue.events import EventKind as Kind
from simrescue.network.road_network import EARTH_KM
from simrescue.simulation.missions.wildfire.pump_relay import NO_RELAY, Relay, best_relay, with_water
from simrescue.simulation.missions.wildfire.staging import Point, climb_m, straight_km
from simrescue.simulation.missions.wildfire.water_stock import EMPTY_T, WaterStock

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew
    from simrescue.simulation.state import Simulation

OUT_OF_REACH, TOO_HIGH, DRY = range(3)
"""Why a crew with pumps is without water, as in the `item` of WATER_FAILS."""
MAINS = -1
"""Number of the source that is the mains at the crew's base."""
LAID_KM = 0.1
"""Hose is moved along with a crew; where water comes from is asked again when it is so far from where it was asked."""


class Intake(NamedTuple):
    """Where a crew's pumps draw, and what its relay brings from there."""

    source: int
    """Number of the water source, or `MAINS`, that they or the lorries draw from."""
    relay: Relay
    fetched_t_h: float
    """What lorries bring to the tanks; infinite where pumps stand at the source itself."""


class WaterSupply:
    """All water sources and roads of a replication (roads as straight lines between their ends), in degrees."""

    def __init__(self, sim: Simulation) -> None:
        self.sim, world = sim, sim.world
        places = world.places
        points = np.array([(place.lon, place.lat) for place in places]).reshape(-1, 2)
        first = world.first["water_sources"]
        n_sources = len(world.scenario.water_sources)
        self.sources = points[first : first + n_sources]
        self.start = points[np.asarray(world.network.start, dtype=np.intp)]
        self.along = points[np.asarray(world.network.end, dtype=np.intp)] - self.start
        self.stock = WaterStock(sim)

    def sources_near(self, point: Point, hose_km: float) -> list[tuple[float, int]]:
        """Sources that hold water within the reach of hose: (km, number), the nearest first."""
        near = ((straight_km((lon, lat), point), i) for i, (lon, lat) in enumerate(self.sources.tolist()))
        return sorted((km, i) for km, i in near if km <= hose_km and self.stock.left_t(i) > EMPTY_T)

    def road_near(self, point: Point, hose_km: float) -> tuple[float, Point] | None:
        """The nearest point of a road and its distance, km, on a flat map true to scale there; None: too far."""
        if not len(self.start):
            return None
        km = np.radians(1.0) * EARTH_KM * np.array([np.cos(np.radians(point[1])), 1.0])
        away, along = (np.array(point) - self.start) * km, self.along * km
        # A road of no length is its one point, and no division by nothing.
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip((away * along).sum(axis=1) / square, 0.0, 1.0)
        apart = ((away - share[:, None] * along) ** 2).sum(axis=1)
        at = int(apart.argmin())
        apart_km = math.sqrt(float(apart[at]))
        lon, lat = (self.start[at] + share[at] * self.along[at]).tolist()
        return (apart_km, (lon, lat)) if apart_km <= hose_km else None

    def lorry_source(self, road: Point, base: Point) -> tuple[float, int]:
        """From where lorries fetch water soonest: (km in a straight line, number)."""
        # The mains never run dry, so that there is always somewhere to fetch from.
        ways = [(straight_km(base, road), MAINS)]
        for i, (lon, lat) in enumerate(self.sources.tolist()):
            if self.stock.left_t(i) > EMPTY_T:
                ways.append((straight_km((lon, lat), road), i))
        return min(ways)


class CrewWater:
    """The pumped water of one crew at one fire, from laying hose to leaving.

    What it takes from sources it uses or has left in its tanks.
    """

    def __init__(self, supply: WaterSupply, crew: Crew, place: int, request: int) -> None:
        """Begin without hose laid, at a fire (`place`: its index), for a request (its number)."""
        self.supply, self.crew, self.place, self.request = supply, crew, place, request
        record, self.parameters = crew.record, supply.sim.parameters
        self.row = -1
        """Row of the log by which the crew works where it does."""
        self.pumps: int = record.pumps
        self.tanks_t: float = record.pumps * record.tank_t
        self.tank_t = self.tanks_t
        """What the tanks hold now."""
        self.intake: Intake | None = None
        self.laid_at: Point | None = None
        self.why = OUT_OF_REACH
        self.told: bool | None = None
        """Whether the log has it with water; None: it has said nothing yet."""
        self.allotted_t = self.drawn_t = self.used_t = self.waited_h = 0.0

    def lay(self, point: Point) -> bool:
        """Bring hose to a point; whether water comes there."""
        self.laid_at = point
        choices = list(self._choices(point)) if self.pumps else []
        self.intake = max(choices, key=self._worth, default=None)
        if self.intake is None:
            self.why = OUT_OF_REACH
        elif self.intake.relay == NO_RELAY:
            self.why, self.intake = TOO_HIGH, None
        return self.intake is not None

    def at_pumps(self) -> float:
        """Share of the crew that its pumps keep from the edge."""
        if self.intake is None or self.allotted_t <= 0:
            return 0.0
        size: int = self.crew.member.size
        return min(1.0, self.intake.relay.n_pumps * self.parameters.pump_hands / size)

    def allot(self, at: Point, hours: float) -> float:
        """Tonnes that come to the edge in the next hours; what is drawn for them is booked until `settle`."""
        # Before hose is laid anew: then it is told that the source ran dry, and not that none is in reach.
        was_dry = self._has_run_dry()
        has_moved = self.laid_at is None or straight_km(at, self.laid_at) > LAID_KM
        if (was_dry or has_moved) and not self.lay(at) and was_dry:
            self.why = DRY
        if self.intake is not None:
            flow_t = self.intake.relay.flow_t_h * hours
            source, fetched_t = self.intake.source, self.intake.fetched_t_h * hours
            if math.isinf(fetched_t):
                self.drawn_t = self.allotted_t = self.supply.stock.take(source, flow_t)
            else:
                # Lorries wait before full tanks: they draw no more from the source than there is room for.
                fetched_t = min(fetched_t, max(self.tanks_t + flow_t - self.tank_t, 0.0))
                self.drawn_t = fetched_t if source == MAINS else self.supply.stock.take(source, fetched_t)
                self.allotted_t = min(flow_t, self.tank_t + self.drawn_t)
            if self.allotted_t <= EMPTY_T:
                self.why = DRY
        self._tell()
        return self.allotted_t

    def settle(self, used_t: float, waited_h: float) -> None:
        """The step is over: so much water was used, the rest stays in the tanks, or in the source.

        `waited_h`: hours for which it stood before flames that take more water than came.
        """
        if not waited_h:
            self._tell_waiting()
        self.waited_h += waited_h
        self.used_t += used_t
        # Less than nothing where the tanks have given a part of it.
        left_t, self.drawn_t, self.allotted_t = self.drawn_t - used_t, 0.0, 0.0
        if self.intake is None:
            return
        if not math.isinf(self.intake.fetched_t_h):
            self.tank_t += left_t
            left_t = max(self.tank_t - self.tanks_t, 0.0)
            self.tank_t -= left_t
        if self.intake.source != MAINS:
            self.supply.stock.give_back(self.intake.source, left_t)
            self.supply.stock.tell(self.intake.source, self.row)

    def finish(self) -> None:
        """The crew leaves the line: what it has used and waited since it began there is written down."""
        self._tell_waiting()
        if self.used_t > 0:
            self._log(Kind.WATER_USED, amount=self.used_t)
        # At its next post the crew says anew whether it has water: rows of the old one tell nothing of it.
        self.used_t, self.told = 0.0, None

    def _has_run_dry(self) -> bool:
        if self.intake is None:
            return self.why == DRY
        return self.intake.source != MAINS and self.supply.stock.left_t(self.intake.source) <= EMPTY_T

    def _choices(self, point: Point) -> list[Intake]:
        """Intakes within reach; one without a relay where pumps cannot bring it up."""
        record, size, parameters = self.crew.record, self.crew.member.size, self.parameters
        intakes = []
        for km, source in self.supply.sources_near(point, record.hose_km):
            lift_m = self._lift_m(self.supply.sources[source].tolist(), point)
            relay = best_relay(self.pumps, record.hose_km, size, lift_m, km, math.inf, parameters)
            intakes.append(Intake(source, relay, math.inf))
        road = self.supply.road_near(point, record.hose_km) if self.tanks_t > 0 else None
        if road is not None:
            source, fetched_t_h = self._fetching(road[1])
            lift_m = self._lift_m(road[1], point)
            relay = best_relay(self.pumps, record.hose_km, size, lift_m, road[0], fetched_t_h, parameters)
            intakes.append(Intake(source, relay, fetched_t_h))
        return intakes

    def _fetching(self, road: Point) -> tuple[int, float]:
        """The source from which lorries serve a road, and tonnes an hour that they bring."""
        base = self.supply.sim.world.places[self.crew.member.base]
        km, source = self.supply.lorry_source(road, (base.lon, base.lat))
        round_h = 2 * km * self.parameters.walk_in_detour / self.parameters.tank_lorry_kmh
        # Each set fills the tank that came with it.
        fill_h = self.tanks_t / self.pumps / self.parameters.pump_flow_t_h
        return source, self.tanks_t / (round_h + fill_h)

    def _lift_m(self, low: Point, high: Point) -> float:
        return climb_m(self.supply.sim, low, high)

    def _worth(self, intake: Intake) -> tuple[float, int, float]:
        """By the people who work with water for long; of equals that with the fewest pumps, rather at a source."""
        lasting_t_h = min(intake.relay.flow_t_h, intake.fetched_t_h)
        served = with_water(self.crew.member.size, intake.relay.n_pumps, lasting_t_h, self.parameters)
        # Rounded: digits that mean nothing must not decide before the number of pumps does.
        return round(served, 9), -intake.relay.n_pumps, float(math.isinf(intake.fetched_t_h))

    def _tell(self) -> None:
        """Write down that water has come or failed since the last word of it."""
        has_water = self.allotted_t > EMPTY_T
        if has_water == self.told:
            return
        self.told = has_water
        if has_water and self.intake is not None:
            self._log(Kind.PUMPS, item=self.intake.relay.pumps, amount=self.intake.relay.flow_t_h)
        else:
            self._log(Kind.WATER_FAILS, item=self.why)

    def _tell_waiting(self) -> None:
        if self.waited_h > 0:
            self._log(Kind.WAITS_FOR_WATER, amount=self.waited_h)
        self.waited_h = 0.0

    def _log(self, kind: Kind, item: int = -1, amount: float = 0.0) -> None:
        self.supply.sim.log(kind, self.crew.index, self.place, self.row, self.request, item, amount=amount)
