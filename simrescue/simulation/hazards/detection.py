"""How fires are found: every means of detection looks at its own times, and what it finds reaches command later.

Each means has its own stream with each fire, one draw for the moment of its first look and one for every look after, so
that an earlier patrol changes nothing for the satellites.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING, Any, Protocol, get_args

from simrescue.events import EventKind as Kind
from simrescue.network import great_circle_km
from simrescue.scenario.records import Detector, DetectorKind
from simrescue.simulation.clock import TimerAt
from simrescue.streams import stream

if TYPE_CHECKING:
    from simrescue.simulation.state import Simulation


class Detectable(Protocol):
    """A fire that can be found."""

    index: int
    record: Any
    row: int
    reported_h: float | None

    @property
    def burns(self) -> bool:
        """Whether it has begun and is not out yet."""

    @property
    def area_ha(self) -> float:
        """What it has burned so far."""

    def report(self, cause: int) -> None:
        """Command hears of the fire."""


MEANS = get_args(DetectorKind)
"""Kinds of detectors, in the order of the `item` of DETECTED."""


def start(sim: Simulation, fire: Detectable) -> None:
    """Set all means that can see a fire looking for it."""
    for detector in sim.world.scenario.detectors:
        if sees(detector, fire.record.lon, fire.record.lat):
            sim.env.process(watch(sim, fire, detector))


def sees(detector: Detector, lon: float, lat: float) -> bool:
    """Whether a point lies within the range of a detector."""
    if detector.lon is None or detector.lat is None or detector.range_km is None:
        return True
    return float(great_circle_km(detector.lon, detector.lat, lon, lat)) <= detector.range_km


def watch(sim: Simulation, fire: Detectable, detector: Detector) -> Generator[Any, Any, None]:
    """Look again and again until the fire is known or out; what is seen is reported after a while."""
    rng = stream(sim.seed, sim.replication, "detection", f"{detector.id}/{fire.record.id}")
    first_h, looks = sim.env.now + detector.revisit_h * rng.random(), 0
    yield TimerAt(sim.env, first_h)
    while fire.reported_h is None and fire.burns:
        # Drawn even where the fire is too small yet: so that looks and draws stay one to one.
        is_seen = rng.random() < chance(sim, fire, detector)
        if is_seen and fire.area_ha >= detector.smallest_ha:
            item = MEANS.index(detector.kind)
            row = sim.log(Kind.DETECTED, fire.index, fire.index, fire.row, item=item, amount=fire.area_ha)
            yield sim.env.timeout(detector.delay_h)
            fire.report(row)
            return
        looks += 1
        # From the first look on and not from the last: times of a satellite do not drift.
        yield TimerAt(sim.env, first_h + looks * detector.revisit_h)


def chance(sim: Simulation, fire: Detectable, detector: Detector) -> float:
    """Chance that a look now finds a fire that is large enough, by the light where it burns."""
    sky, now = sim.world.sky, sim.env.now
    share = float(detector.chance)
    if sky.is_night(now, fire.index):
        share *= detector.night_factor
    if sky.visibility_at(now) < sim.parameters.haze_visibility_km:
        share *= detector.haze_factor
    return share
