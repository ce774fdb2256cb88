"""Helicopters that drop water on a fire: from the base to a water source, then rounds of fill and drop, and home.

A sortie lasts as long as fuel, daylight, wind, sight and the crew's hours leave time to get home after another round,
and no smoke lies over the front. Then the aircraft refuels at its base and comes again as long as it is wanted.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from simrescue.dispatch.base import INFINITE
from simrescue.events import EventKind as Kind
from simrescue.simulation.responders.staging import Point, is_smoked_in, straight_km

if TYPE_CHECKING:
    from simrescue.simulation.requests import WaterDropRequest
    from simrescue.simulation.responders.helicopter import HelicopterCrew

Steps = Generator[Any, Any, int]


def source_for(crew: HelicopterCrew, need: WaterDropRequest) -> int | None:
    """The water source nearest to where a drop does most good; None where no drop can be made now.

    It is deep enough for a bucket and clear of flames and thick smoke, and so is the air over the front.
    """
    sim = crew.sim
    point = target(crew, need)
    if crew.record.bucket_t <= 0 or point is None or is_smoked_in(sim, point):
        return None
    first, records = sim.world.first["water_sources"], sim.world.scenario.water_sources
    usable = (
        (straight_km((record.lon, record.lat), point), first + i)
        for i, record in enumerate(records)
        if record.depth_m >= crew.sim.parameters.bucket_depth_m and sim.is_landable(first + i)
    )
    return min(usable, default=(INFINITE, None))[1]


def target(crew: HelicopterCrew, need: WaterDropRequest) -> Point | None:
    """Where a drop would do most good now."""
    return crew.sim.fires.hazard.water_point(crew.index, need.fire)


def leg_h(crew: HelicopterCrew, source: int, point: Point, over_h: float) -> float:
    """Hours from the source to the front or back with the bucket: half a pattern, the way, and the time over there."""
    sim, record = crew.sim, crew.record
    place = sim.world.places[source]
    km = straight_km((place.lon, place.lat), point)
    speed_kmh = min(sim.parameters.bucket_kmh, float(record.cruise_kmh))
    return km / speed_kmh + sim.parameters.bucket_pattern_h / 2 + over_h


def first_round_h(crew: HelicopterCrew, need: WaterDropRequest, source: int) -> float:
    """Flight hours from where it stands to the first drop."""
    place = crew.sim.world.places[need.place]
    point = target(crew, need) or (place.lon, place.lat)
    fill_h = float(crew.record.fill_h)
    return crew.flight_h(crew.here, source) + fill_h + leg_h(crew, source, point, float(crew.record.drop_h))


def drop_water(crew: HelicopterCrew, need: WaterDropRequest, share: float, row: int) -> Steps:
    """A mission: sortie after sortie while it is wanted and can fly."""
    fires = crew.sim.fires
    while True:
        row = yield from sortie(crew, need, share, row)
        row = yield from crew.refuel(row)
        if fires.is_surplus(need, share) or crew.eta_h(need) == INFINITE:
            break
        row = yield from crew.wait_to_fly(need, row)
    crew.sim.command.withdraw(need, share)
    return row


def sortie(crew: HelicopterCrew, need: WaterDropRequest, share: float, row: int) -> Steps:
    """Rounds of drops until something ends them; it is then still in the air."""
    sim, record = crew.sim, crew.record
    while not sim.fires.is_surplus(need, share):
        point, source = target(crew, need), source_for(crew, need)
        if point is None or source is None:
            row, waits = yield from stand_by(crew, need, point, row)
            if waits:
                continue
            return row
        way_h = way_to_source_h(crew, source, need, point)
        over_h = leg_h(crew, source, point, float(record.drop_h))
        row, can_fly = may_fly(crew, way_h + over_h + crew.flight_h(need.place, crew.member.base), need, row)
        if not can_fly:
            return row
        row = yield from crew.fly(source, way_h, row, need.number)
        row = sim.log(Kind.FILLS, crew.index, source, row, need.number, amount=record.bucket_t)
        row = yield from crew.fly(need.place, over_h, row, need.number)
        point = target(crew, need)
        if point is None or is_smoked_in(sim, point):
            continue  # the water is let go on the way
        sim.fires.drop(crew, need.fire, record.bucket_t)
        row = sim.log(Kind.DROPS, crew.index, need.place, row, need.number, amount=record.bucket_t)
    return row


def way_to_source_h(crew: HelicopterCrew, source: int, need: WaterDropRequest, point: Point) -> float:
    """Hours to the source and over it: from elsewhere at cruise speed, from the front with the bucket on the sling."""
    fill_h = float(crew.record.fill_h)
    if crew.here == need.place:
        return leg_h(crew, source, point, fill_h)
    return crew.flight_h(crew.here, source) + fill_h


def may_fly(crew: HelicopterCrew, airborne_h: float, need: WaterDropRequest, row: int) -> tuple[int, bool]:
    """Whether there is fuel, light, fair weather and duty time for so long in the air; what holds it is told."""
    if crew.fuel_h < airborne_h + crew.reserve_h:
        return row, False
    start_h, why = crew.start_h(airborne_h, 0.0, need.place)
    wait_h = start_h - crew.sim.env.now
    if wait_h > 0:
        row = crew.sim.log(Kind.HELD, crew.index, crew.here, row, need.number, why, amount=min(wait_h, 1e6))
    return row, wait_h <= 0


def stand_by(
    crew: HelicopterCrew, need: WaterDropRequest, point: Point | None, row: int
) -> Generator[Any, Any, tuple[int, bool]]:
    """Wait on the ground near the fire until a drop may be possible; not where fuel or light for that are short."""
    row, sim = tell_smoke(crew, need, point, row), crew.sim
    field = landing_near(crew, need.place)
    wait_h, base = sim.parameters.smoke_wait_h, crew.member.base
    out_h, home_h = crew.flight_h(crew.here, field), crew.flight_h(field, base)
    round_h = crew.flight_h(field, need.place) + crew.flight_h(need.place, base) + sim.parameters.bucket_pattern_h
    light_h = crew.sky.daylight_left_h(sim.env.now, field, need.place, base)
    if crew.fuel_h < out_h + round_h + crew.reserve_h or light_h < out_h + wait_h + home_h:
        return row, False
    if crew.here != field:
        row = yield from crew.drive(field, row, need.number)
    yield sim.env.timeout(wait_h)
    return row, True


def landing_near(crew: HelicopterCrew, place: int) -> int:
    """The base or landing site nearest to a place that is clear; the aircraft's own base where none is."""
    sim = crew.sim
    sites = (i for i in range(sim.world.n_places) if sim.world.kinds[i] in ("base", "landing_site"))
    clear = ((sim.world.distance_km(i, place), i) for i in sites if sim.is_landable(i))
    return min(clear, default=(0.0, crew.member.base))[1]


def tell_smoke(crew: HelicopterCrew, need: WaterDropRequest, point: Point | None, row: int) -> int:
    """Smoke over the front keeps it from dropping; answers the last row."""
    if point is None or not is_smoked_in(crew.sim, point):
        return row
    return crew.sim.log(Kind.SMOKED_OUT, crew.index, need.place, row, need.number)
