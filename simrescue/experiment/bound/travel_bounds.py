"""Who can be where how soon at best: least hours between places, on dry roads, afloat or in the air."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.network.road_network import EARTH_KM, Profile
from simrescue.responders import RESPONSE_LEVELS, Aircraft
from simrescue.simulation.world import Member, World

EARLIEST_TURNOUT = 0.75
"""The shortest turnout as drawn against the stated one: see `simulation.responders.crew.LEAST_TURNOUT`."""
SPEED_OF = {"road": "", "water": "speed_kmh", "air": "cruise_kmh"}
"""How a crew moves -> the field with its speed; empty: as the roads let it."""

Array = NDArray[np.float64]


class TravelBounds:
    """Least hours for the responders of one world; computed when first asked for and kept."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._profiles: dict[tuple[str, float], Profile] = {}
        self._from: dict[tuple[str, float, int], Array] = {}
        self._tables: dict[tuple[str, float, bytes], Array] = {}
        self._stretches: dict[tuple[str, float], Array] = {}
        response = world.scenario.settings.response
        orders = {order for level in RESPONSE_LEVELS.values() for order in response.of(level).orders}
        self.made_ready = bool(orders & {"ready_crews", "ready_aircraft"})
        """Whether anybody may begin his turnout before he is sent."""
        self.coming_h = {partner.id: partner.coming_h for partner in world.scenario.partners}
        """Hours before which no crew of a partner can be there, however early it is asked and granted."""
        self._among, self._between = b"", dict[tuple[str, float], float]()

    def places(self, table: str) -> NDArray[np.intp]:
        """Indexes of the places of one table."""
        return np.arange(len(self.world.scenario.table(table))) + self.world.first[table]

    def out_h(self, member: Member, needed_h: float) -> float:
        """Hour before which a responder first needed at `needed_h` cannot have left its base; infinite: never."""
        record, levels = member.record, self.world.scenario.settings.command.levels
        free = max(0.0, needed_h, record.available or 0.0)
        if record.available is None and record.partner:
            free = max(free, self.coming_h[record.partner])
        # Levels by rule hang on what the dispatch does: another one might have them declared at once.
        if record.release and levels:
            enough = RESPONSE_LEVELS[record.release]
            raising = [step.time_h for step in levels if RESPONSE_LEVELS[step.level] <= enough]
            free = max(free, min(raising, default=math.inf))
        # Who makes ready with a level may have nothing left of his turnout when he is sent.
        turnout_h = 0.0 if self.made_ready else EARLIEST_TURNOUT * float(record.turnout_h)
        out = free + turnout_h
        return float(self.fly_from(member, np.array([out]))[0])

    def fly_from(self, member: Member, hours: Array) -> Array:
        """For an aircraft the first moment from each hour on that it may fly in, by light, wind and sight.

        Infinite: never.

        For others the hour itself. `hours` and the answer have one shape.
        """
        if not isinstance(member.record, Aircraft):
            return hours
        known = {hour: self._flight_h(member.record, member.base, hour) for hour in set(hours.tolist())}
        return np.array([known[hour] for hour in hours.tolist()])

    def _flight_h(self, record: Aircraft, base: int, after_h: float) -> float:
        sky, at = self.world.sky.lit() if record.by_night else self.world.sky, after_h
        while at <= self.world.duration_h:
            wait = max(sky.dark_h(at, base), sky.storm_h(at, record.max_wind_ms, record.min_visibility_km))
            if wait <= 0:
                return at
            # A hair more: at the very end of a wait rounding would find it still to last.
            at += wait + 1e-9
        return math.inf

    def hours(self, member: Member, start: int) -> Array:
        """Least hours from a place (its index) to every place, shape (N,).

        Dry roads, by hull where that is faster, or the air.
        """
        key = (*self._pace(member), start)
        if key not in self._from:
            self._from[key] = self._hours(*key)
        return self._from[key]

    def _pace(self, member: Member) -> tuple[str, float]:
        record: Any = member.record
        return member.vehicle, float(getattr(record, SPEED_OF[member.moves])) if SPEED_OF[member.moves] else 0.0

    def _hours(self, vehicle: str, kmh: float, start: int) -> Array:
        world = self.world
        if not vehicle:
            points = np.asarray(world.on_sphere)
            chords = np.linalg.norm(points - points[start], axis=1)
            return np.asarray(2 * EARTH_KM * np.arcsin(np.minimum(1.0, chords / 2)) / kmh)
        return np.asarray(self._profile(vehicle, kmh).trees[start].hours)[: world.n_places]

    def _profile(self, vehicle: str, kmh: float) -> Profile:
        """Dry roads; a boat takes each link on wheels or by hull, whichever is faster.

        Each road both ways at its faster direction: a bound may be better than what can be, and holds for round trips.
        """
        network, own = self.world.network, self.world.network.profiles[vehicle]
        if not kmh and not own.has_directions:
            return own
        if (vehicle, kmh) not in self._profiles:
            hours = np.minimum(own.hours, own.back_hours)
            hours = np.minimum(hours, network.length_km / kmh) if kmh else hours
            self._profiles[vehicle, kmh] = Profile(network, hours)
        return self._profiles[vehicle, kmh]

    def table(self, member: Member, places: NDArray[np.intp]) -> Array:
        """Least hours from each place of a table of the scenario to every place, shape (len(places), N)."""
        key = (*self._pace(member), places.tobytes())
        if key not in self._tables:
            self._tables[key] = np.array([self.hours(member, int(place)) for place in places])
        return self._tables[key]

    def last_stretch_h(self, member: Member) -> Array:
        """Least hours from anywhere else to each place, shape (N,): its shortest link, or its nearest place by air."""
        pace = self._pace(member)
        if pace not in self._stretches:
            self._stretches[pace] = self._last_stretch_h(member, *pace)
        return self._stretches[pace]

    def _last_stretch_h(self, member: Member, vehicle: str, kmh: float) -> Array:
        everywhere = range(self.world.n_places)
        if not vehicle:
            return np.array([np.delete(self.hours(member, place), place).min(initial=math.inf) for place in everywhere])
        near = self._profile(vehicle, kmh).neighbours
        return np.array([min((time for _, _, time in near[place]), default=math.inf) for place in everywhere])

    def round_trip_h(self, member: Member, hubs: NDArray[np.intp], places: NDArray[np.intp]) -> float:
        """Least hours from one of some places by way of a hub (a depot, a shelter) to another.

        0 without places or hubs.
        """
        if not len(hubs) or not len(places):
            return 0.0
        # To the hub and on: neither way is shorter than the shortest there is.
        return 2 * float(self.table(member, hubs)[:, places].min())

    def between_h(self, member: Member, places: NDArray[np.intp]) -> float:
        """Least hours from one of some places to another of them; 0 for fewer than two."""
        if len(places) < 2:
            return 0.0
        if self._among != places.tobytes():
            self._among, self._between = places.tobytes(), {}
        pace = self._pace(member)
        if pace not in self._between:
            hours = np.array([self.hours(member, place)[places] for place in places.tolist()])
            np.fill_diagonal(hours, math.inf)
            self._between[pace] = float(hours.min())
        return self._between[pace]
