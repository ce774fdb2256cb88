"""What can be said of a scenario without a run: who could be where how soon at best, and where the hazard comes.

Arrivals are turnout and free travel alone, on open roads and in fair weather: a lower bound for every run, since
nothing that happens in a disaster makes anybody faster. The water is that of the record, the fire that of the
forecast weather, both without draws.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.hazards.kinds import hazard_named
from simrescue.kinds import vehicle_of
from simrescue.network import Network, great_circle_km
from simrescue.responders import Aircraft, Responder
from simrescue.scenario.records import Scenario

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Ground:
    """The places of a scenario by index, and its dry roads."""

    scenario: Scenario
    network: Network
    index: dict[str, int]
    lon: Floats
    lat: Floats

    @classmethod
    def of(cls, scenario: Scenario) -> Ground:
        """Compile the roads of a scenario."""
        places, evacuation = scenario.places, scenario.settings.evacuation
        network = Network.of(places, scenario.roads, evacuation.walk_kmh, evacuation.car_speed, scenario.parameters)
        lon, lat = np.array([place.lon for place in places]), np.array([place.lat for place in places])
        return cls(scenario, network, {place.id: i for i, place in enumerate(places)}, lon, lat)

    @property
    def n_villages(self) -> int:
        """Number of villages; they are the first places."""
        return len(self.scenario.villages)

    def drive_h(self, vehicle: str, place: str) -> Floats:
        """Hours from a place (its id) to every village by dry roads, shape (V,); infinite where no road leads."""
        return np.asarray(self.network.profiles[vehicle].hours_out(self.index[place]))[: self.n_villages]

    def flight_km(self, place: str) -> Floats:
        """Great circle between a place (its id) and every village, km, shape (V,)."""
        at, n = self.index[place], self.n_villages
        distance: Floats = great_circle_km(self.lon[at], self.lat[at], self.lon[:n], self.lat[:n])
        return distance

    def nearest_village(self, place: str) -> int:
        """Index of the village that is nearest to a place in a straight line."""
        return int(self.flight_km(place).argmin())


class First(NamedTuple):
    """For each village (V) the hours until the first of some responders can be there, and which row it is ("" none)."""

    hours: Floats
    responder: tuple[str, ...]


def first_by_road(ground: Ground, responders: Sequence[Responder]) -> First:
    """Turnout and drive on dry roads of all responders that do not fly; those with a count of 0 are not there."""
    reach = [
        (row.id, row.turnout_h + ground.drive_h(vehicle_of(row), row.base))
        for row in responders
        if row.count and not isinstance(row, Aircraft)
    ]
    return _first(ground, reach)


def first_by_air(ground: Ground) -> First:
    """Turnout and flight at cruise speed of all aircraft, where the fuel lasts for the way back too."""
    aircraft = (row for row in ground.scenario.responders if isinstance(row, Aircraft) and row.count)
    return _first(ground, [(row.id, row.turnout_h + flight_h(ground, row)) for row in aircraft])


def flight_h(ground: Ground, row: Aircraft) -> Floats:
    """Hours from an aircraft's base to every village, shape (V,); infinite where its fuel does not last there and home.

    The reserve (`heli_fuel_reserve_h`) is left in the tank.
    """
    one_way = ground.flight_km(row.base) / row.cruise_kmh
    return np.where(2 * one_way + ground.scenario.parameters.heli_fuel_reserve_h <= row.endurance_h, one_way, np.inf)


def _first(ground: Ground, reach: list[tuple[str, Floats]]) -> First:
    if not reach:
        return First(np.full(ground.n_villages, np.inf), ("",) * ground.n_villages)
    names, hours = [name for name, _ in reach], np.stack([row for _, row in reach])
    soonest = hours.min(axis=0)
    who = hours.argmin(axis=0).tolist()
    return First(soonest, tuple(names[i] if np.isfinite(h) else "" for i, h in zip(who, soonest, strict=True)))


class BestArrival(NamedTuple):
    """A table, one entry a village: the soonest arrival of any responder at all, h, by road and by air."""

    village: tuple[str, ...]
    by_road: First
    by_air: First

    @property
    def hours(self) -> Floats:
        """The sooner of the two; infinite where nobody can come."""
        return np.minimum(self.by_road.hours, self.by_air.hours)


def best_arrival(scenario: Scenario, ground: Ground | None = None) -> BestArrival:
    """The soonest that any responder could be at each village: everybody ready at the start, roads dry, weather fair.

    Args:
        scenario: where who stands.
        ground: its compiled roads, if they are there already.
    """
    ground = ground or Ground.of(scenario)
    return BestArrival(
        tuple(village.id for village in scenario.villages),
        first_by_road(ground, scenario.responders),
        first_by_air(ground),
    )


class Crest(NamedTuple):
    """All hazards as recorded or forecast, the worst and the first of them, one entry a place."""

    depth_m: Floats
    """Greatest depth of water; 0 where none comes."""
    arrival_h: Floats
    """When the first hazard comes; infinite: never."""
    border_h: float
    """When the first comes to the border of the ground on which it is known; infinite: never."""


def crest(scenario: Scenario) -> Crest:
    """When the hazard comes to all places, without draws and with nobody to fight it."""
    n_places, sites = len(scenario.places), len(scenario.places) + len(scenario.roads)
    worst = Crest(np.zeros(n_places), np.full(n_places, np.inf), np.inf)
    for name in scenario.settings.hazards:
        kind = hazard_named(name)
        arrival_h, depth_m, border_h = kind.expected(kind.compile(scenario), sites)
        depth_m = np.maximum(worst.depth_m, depth_m[:n_places])
        arrival_h = np.minimum(worst.arrival_h, arrival_h[:n_places])
        worst = Crest(depth_m, arrival_h, min(worst.border_h, border_h))
    return worst
