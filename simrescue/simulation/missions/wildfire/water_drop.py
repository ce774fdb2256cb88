"""Helicopters that drop water on a fire: from the base to a water source, then rounds of fill and drop, and home.

A sortie lasts as long as fuel, daylight, wind, sight and the crew's hours leave time to get home after another round,
and no smoke lies over the front. Then the aircraft refuels at its base and comes again as long as it is wanted.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.kinds import of_role
from simrescue.simulation.missions.base import Leg, Mission, Steps
from simrescue.simulation.missions.wildfire.staging import Point, is_smoked_in, straight_km
from simrescue.simulation.requests import WaterDropRequest

if TYPE_CHECKING:
    from simrescue.simulation.protocols import Crew


@dataclass(eq=False)
class WaterDrop(Mission[WaterDropRequest]):
    """Sortie after sortie while it is wanted and can fly."""

    flown_only = True
    has_airspace = False
    lands: bool = field(default=False, init=False)
    """Whether no other round can be flown before it has refuelled."""
    rounds: int = field(default=0, init=False)
    load_t: float = field(default=0.0, init=False)
    """Water in the bucket."""
    found_dry: bool = field(default=False, init=False)
    """Whether others had emptied the source before it came."""

    def legs(self) -> Iterator[Leg]:
        """Round after round: to a source, fill, to the front, drop; home where no other can be flown.

        Whoever only reckons gets the first.
        """
        while True:
            yield Leg(None, self.look)
            if self.lands:
                self.lands = False
                yield Leg(None, self.refuel)
                continue
            point, source, rounds = self.target(), self.source(), self.rounds
            if point is None or source is None:
                yield Leg(None, self.look, way_h=INFINITE)
                return
            yield Leg(source, self.fill, way_h=self.to_source_h(source, point))
            if self.found_dry:
                continue
            yield Leg(self.request.place, self.drop, way_h=self.to_front_h(source, point), starts=True)
            # No drop was made: somebody only reckons, and the first round is all that he asks for.
            if self.rounds == rounds:
                return

    def target(self) -> Point | None:
        """Where a drop would do most good now."""
        point: Point | None = self.sim.fires.hazard.water_point(self.crew.index, self.request.fire)
        return point

    def source(self) -> int | None:
        """The water source from which a round is shortest; None where no drop can be made now.

        It is deep enough to fill in, holds a whole load and is clear of flames and thick smoke, and so is the air over
        the front.
        """
        sim, point, record = self.sim, self.target(), self.crew.record
        if record.bucket_t <= 0 or point is None or is_smoked_in(sim, point):
            return None
        first, stock = sim.world.first["water_sources"], sim.fires.water.stock
        usable = (
            (self.to_source_h(first + i, point) + self.to_front_h(first + i, point), first + i)
            for i, source in enumerate(sim.world.scenario.water_sources)
            if source.depth_m >= record.dip_depth_m
            and stock.left_t(i) >= record.bucket_t
            and sim.is_landable(first + i)
        )
        return min(usable, default=(INFINITE, None))[1]

    def bucket_h(self, source: int, point: Point, over_h: float) -> float:
        """Hours between source and front with the bucket: half a pattern, the way, and the time over there."""
        sim, place = self.sim, self.sim.world.places[source]
        km = straight_km((place.lon, place.lat), point)
        speed_kmh = min(sim.parameters.bucket_kmh, float(self.crew.record.cruise_kmh))
        return km / speed_kmh + sim.parameters.bucket_pattern_h / 2 + over_h

    def look(self, row: int) -> Steps:
        """Whether another round is wanted and can be flown; waits near the fire where it may soon be."""
        sim, crew, request, home_h = self.sim, self.crew, self.request, self.crew.moves.hours
        while not (self.is_called_off or sim.fires.is_surplus(request, self.share) or self._is_spared()):
            point, source = self.target(), self.source()
            if point is None or source is None:
                row, waits = yield from self._stand_by(point, row)
                if waits:
                    continue
                break
            round_h = self.to_source_h(source, point) + self.to_front_h(source, point)
            row, can_fly = self._may_fly(round_h + home_h(request.place, crew.member.base), row)
            if can_fly:
                return row
            break
        self.lands = True
        return row

    def _is_spared(self) -> bool:
        """Between two rounds an aircraft goes that another fire needs more; from then on it does not count here."""
        if self.counts and self.sim.fires.is_spared(self.request, self.share):
            self.arrive()
        return not self.counts

    def refuel(self, row: int) -> Steps:
        """At the base; over where it is not wanted any more or cannot fly again, else it waits until it can."""
        moves = self.crew.moves
        row = yield from moves.refuel(row)
        surplus = self.sim.fires.is_surplus(self.request, self.share)
        # On the ground it ends rather than waits for hours: command asks again when it can fly.
        self.is_over = self.is_called_off or surplus or not self.counts or moves.eta_h(self) == INFINITE
        if not self.is_over:
            row = yield from moves.wait_to_fly(self, row)
        return row

    def give_up(self, leg: Leg, row: int) -> Steps:  # noqa: ARG002 - from wherever it is
        """Called off: home."""
        row = yield from self.crew.moves.refuel(row)
        return row

    def fill(self, row: int) -> Steps:
        """The bucket is full, or has what others have left; the time for it is a part of the flight."""
        yield from ()
        sim, crew = self.sim, self.crew
        source = crew.here - sim.world.first["water_sources"]
        self.load_t = sim.fires.water.stock.take(source, crew.record.bucket_t)
        self.is_bound = self.load_t > 0
        self.found_dry = not self.is_bound
        if self.is_bound:
            row = sim.log(Kind.FILLS, crew.index, crew.here, row, self.request.number, amount=self.load_t)
        sim.fires.water.stock.tell(source, row)
        return row

    def drop(self, row: int) -> Steps:
        """Over the front; where nothing is to be wetted any more, or in smoke, the water is let go on the way."""
        yield from ()
        self.is_bound, self.rounds = False, self.rounds + 1
        # Asked anew: the front has moved on while it flew.
        crew, request, point = self.crew, self.request, self.target()
        if point is None or is_smoked_in(self.sim, point):
            return row
        self.sim.fires.drop(crew, request.fire, self.load_t)
        return self.sim.log(Kind.DROPS, crew.index, request.place, row, request.number, amount=self.load_t)

    def to_front_h(self, source: int, point: Point) -> float:
        """To the front and over it."""
        return self.bucket_h(source, point, float(self.crew.record.drop_h))

    def to_source_h(self, source: int, point: Point) -> float:
        """To the source and over it: from elsewhere at cruise speed, from the front with the bucket on the sling."""
        fill_h = float(self.crew.record.fill_h)
        if self.crew.here == self.request.place:
            return self.bucket_h(source, point, fill_h)
        return float(self.crew.moves.hours(self.crew.here, source)) + fill_h

    def _may_fly(self, airborne_h: float, row: int) -> tuple[int, bool]:
        """Whether fuel, light, fair weather and duty time last for so long in the air; what holds it is told."""
        crew, request = self.crew, self.request
        if crew.moves.fuel_h < airborne_h + crew.moves.reserve_h:
            return row, False
        start_h, why = crew.moves.start_h(airborne_h, 0.0, request.place)
        wait_h = start_h - self.sim.env.now
        if wait_h > 0:
            amount = min(wait_h, 1e6)
            row = self.sim.log(Kind.HELD, crew.index, crew.here, row, request.number, why, amount=amount)
        return row, wait_h <= 0

    def _stand_by(self, point: Point | None, row: int) -> Generator[Any, Any, tuple[int, bool]]:
        """Wait on the ground near the fire until a drop may be possible; not where fuel or light for it are short."""
        sim, crew, place = self.sim, self.crew, self.request.place
        if point is not None and is_smoked_in(sim, point):
            row = sim.log(Kind.SMOKED_OUT, crew.index, place, row, self.request.number)
        moves, field, base = crew.moves, landing_near(crew, place), crew.member.base
        wait_h, out_h, home_h = sim.parameters.smoke_wait_h, moves.hours(crew.here, field), moves.hours(field, base)
        round_h = moves.hours(field, place) + moves.hours(place, base) + sim.parameters.bucket_pattern_h
        light_h = moves.sky.daylight_left_h(sim.env.now, field, place, base)
        if moves.fuel_h < out_h + round_h + moves.reserve_h or light_h < out_h + wait_h + home_h:
            return row, False
        if crew.here != field:
            row = yield from moves.go(field, row, self.request.number)
        yield sim.env.timeout(wait_h)
        return row, True


def landing_near(crew: Crew, place: int) -> int:
    """The place nearest to another where aircraft land, and that is clear; the aircraft's own base where none is."""
    sim = crew.sim
    pads = {kind.name for kind in of_role("place") if kind.lands}
    sites = (i for i in range(sim.world.n_places) if sim.world.kinds[i] in pads)
    clear = ((sim.world.distance_km(i, place), i) for i in sites if sim.is_landable(i))
    return min(clear, default=(0.0, crew.member.base))[1]
