"""How fires grow in one course of the weather: the front turns with the wind hour by hour, and throws embers.

What the weather makes of the landscape (`Course`) is the same for all who share its draw, whatever is done to the
fire; it is worked out once and kept.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from simrescue.hazards.base import Floats, Indexes
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.landscape.fire_weather import FireWeather, spread_at
from simrescue.hazards.wildfire.landscape.terrain import Ground, Landscape
from simrescue.hazards.wildfire.spread.crowning import CrownFuel, crown_fuel, crowns_over, with_crowns
from simrescue.hazards.wildfire.spread.front import Burn, Front
from simrescue.hazards.wildfire.spread.spotting import Ember, EmberDraws, embers, long_flames, torching_crowns
from simrescue.hazards.wildfire.spread.travel_time import Metric, metric
from simrescue.units import next_step_h, step_end_h

TURN_H = 1.0
"""Rates of spread are those of the middle of each hour."""
SMALL_H = 1e-9
HOURS_KEPT = 96
"""Hours of a course whose rates are kept: each holds several numbers a cell."""


class CellIgnition(NamedTuple):
    """An ignition on the raster: at which hour, in which cell."""

    time_h: float
    cell: int
    """-1: outside."""


class Course:
    """One course of the weather over a landscape, and the draws of its embers.

    Shared by all who ask for the same draw.
    """

    def __init__(
        self,
        landscape: Landscape,
        weather: FireWeather,
        draws: EmberDraws | None,
        crown: str = "off",
        foliar_moisture: float = 1.0,
        embers: str = "flames",
    ) -> None:
        """One course.

        Args:
            landscape: the ground.
            weather: of the course.
            draws: of its embers; None: there are none.
            crown: how fast crown fire runs, a name of `crowning.MODELS`; off: no crowns burn.
            foliar_moisture: of needles, share of dry weight.
            embers: what throws them: `torching` crowns, or long `flames`.
        """
        self.landscape = landscape
        self.weather = weather
        self.draws = draws
        self.embers = embers
        self.crown = crown
        self._trees = crown_fuel(landscape, foliar_moisture) if crown != "off" else None
        # Rates are those of the middle of an hour: hours that begin with the wind's let it turn at its own minute.
        self._first_h = weather.shift_h - math.ceil(weather.shift_h / TURN_H) * TURN_H
        self._fields: dict[int, tuple[Spread, Metric]] = {}

    def number(self, hour: float) -> int:
        """Which hour of the course it is at an hour of the simulation; 0: the first, part of which may be past at 0."""
        return math.floor((hour - self._first_h) / TURN_H + SMALL_H)

    def begins_h(self, number: int) -> float:
        """Hour of the simulation at which an hour of the course begins, not before 0."""
        return max(number * TURN_H + self._first_h, 0.0)

    def field(self, hour: int) -> tuple[Spread, Metric]:
        """What the weather of one hour makes of all cells.

        Args:
            hour: number of the hour, 0: the first; the rates are those of its middle.

        Returns:
            Rates of spread and travel times, arrays over the cells; the last `HOURS_KEPT` hours asked for are kept.
        """
        # Kept, because all variants of a scenario share the weather of a replication: only what is done to the fire
        # differs.
        if hour not in self._fields:
            # The one made longest ago: replications go through the hours in order.
            if len(self._fields) >= HOURS_KEPT:
                del self._fields[next(iter(self._fields))]
            spread = self.spread(hour)
            self._fields[hour] = spread, metric(spread)
        return self._fields[hour]

    def spread(self, hour: int) -> Spread:
        """What the weather of one hour makes of all cells, without travel times; worked out anew each time."""
        return self._spread(self._middle_h(hour), self.landscape, self._trees)

    def over(self, hour: int, cells: Indexes) -> Spread:
        """What the weather of one hour makes of cells (n,), arrays (n,) as these stand; worked out anew each time."""
        trees = crowns_over(self._trees, cells) if self._trees is not None else None
        return self._spread(self._middle_h(hour), self.landscape.patch(cells), trees)

    def _middle_h(self, number: int) -> float:
        return (number + 0.5) * TURN_H + self._first_h

    def _spread(self, hour: float, ground: Ground, trees: CrownFuel | None) -> Spread:
        surface = spread_at(ground, self.weather, hour)
        if trees is None:
            return surface
        state, ratio = self.weather.at(hour), self.weather.parameters.fire_wind_10m_to_20ft
        return with_crowns(surface, ground, state, self.crown, trees, ratio)


class Grown(NamedTuple):
    """What has caught fire, in order of time, then cell; spots are among the burns."""

    burns: list[Burn]
    spots: list[Burn]
    crowned: dict[int, float]
    """Crown fraction burned (above 0) of cells that burn in their crowns."""


class Growth:
    """A front in a course of the weather: turned with the wind hour by hour, and lit anew by its own embers."""

    def __init__(self, course: Course, front: Front, starts: Sequence[CellIgnition], step_h: float) -> None:
        """Begin at hour 0. Fires are numbered as `starts`; embers come down at multiples of `step_h`."""
        self.course = course
        self.front = front
        self.step_h = step_h
        self.first_h = min((start.time_h for start in starts), default=math.inf)
        self._turned = -1
        self._embers: dict[int, float] = {}
        for number, start in enumerate(starts):
            if start.cell >= 0:
                front.ignite([start.cell], number, start.time_h, young=True)

    def next_time(self) -> float:
        """Hour of the next change by itself: a cell, an ember, a turn of the wind; infinite for none."""
        front = self.front
        if front.now < self.first_h:
            return self.first_h
        # While nothing can be entered a turn of the wind changes nothing, and the clock may sleep over it.
        moves = front.fringe.cells.size > 0
        return min(front.next_time(), self.course.begins_h(self._turned + 1)) if moves else front.next_time()

    def advance(self, until_h: float) -> Grown:
        """Let the fires grow to an hour of the simulation, not before the present one.

        Answers what has caught fire since.
        """
        grown = Grown([], [], {})
        # Before the first fire nobody asks for rates, which cost as much in an hour in which nothing burns.
        if until_h < self.first_h:
            self.front.advance(until_h)
            return grown
        while True:
            self._turn()
            # To the end of the hour at most, where the rates turn, and to the end of the step, where embers come down.
            quiet_h = self._quiet_until()
            if quiet_h <= self.front.now:
                quiet_h = min(self.course.begins_h(self._turned + 1), self._next_step())
            stop = min(until_h, quiet_h)
            burns = self.front.advance(stop)
            grown.burns.extend(burns)
            grown.spots.extend(burn for burn in burns if self._embers.get(burn.cell) == burn.time_h)
            grown.crowned.update(self._throw(burns))
            # Turned before anybody asks for rates and flames: at the full hour those of the new hour count.
            if stop >= until_h:
                self._turn()
                return grown

    def _quiet_until(self) -> float:
        """Hour up to which nothing burns on by itself, whatever the weather: that in which the next fire begins."""
        due_h = self.front.next_time()
        if not self.front.is_shut_in():
            return self.front.now
        return self.course.begins_h(self.course.number(due_h)) if due_h < math.inf else due_h

    def _turn(self) -> None:
        hour = self.course.number(self.front.now)
        if hour != self._turned:
            self._turned = hour
            self.front.turn(*self.course.field(hour), self.course.begins_h(hour + 1))

    def _next_step(self) -> float:
        if self.course.draws is None:
            return math.inf
        return next_step_h(self.front.now, self.step_h)

    def _throw(self, burns: Sequence[Burn]) -> dict[int, float]:
        """Embers of what has caught fire; they come down at the end of a step, after this one at the earliest.

        Answers the crown fraction burned of cells, where it is above 0.
        """
        front = self.front
        if not burns:
            return {}
        cells = np.array([burn.cell for burn in burns])
        crowned = front.crowned_into(cells)
        lands: dict[tuple[float, int], list[int]] = {}
        for ember in self._embers_of(burns, cells, crowned):
            step_h = step_end_h(math.ceil(ember.time_h / self.step_h - SMALL_H), self.step_h)
            # Remembered by cell, so that a cell which catches fire just then is told as a spot.
            self._embers[ember.cell] = max(step_h, front.now)
            lands.setdefault((self._embers[ember.cell], ember.fire), []).append(ember.cell)
        # All of one moment at once: the front is looked ahead for them together.
        for (hour, fire), where in lands.items():
            front.ignite(where, fire, hour, young=True)
        burning = np.flatnonzero(crowned)
        return dict(zip(cells[burning].tolist(), crowned[burning].tolist(), strict=True))

    def _embers_of(self, burns: Sequence[Burn], cells: Indexes, crowned: Floats) -> list[Ember]:
        course, front = self.course, self.front
        draws, landscape = course.draws, course.landscape
        if draws is None or (course.embers == "torching" and not crowned.any()):
            return []
        air, parameters = course.weather.at(front.now), course.weather.parameters
        if course.embers == "torching" and front.spread.crowns:
            heat_kj_m2 = np.where(crowned > 0, front.spread.crowns.heat_kj_m2[cells], 0.0)
            flight_m = torching_crowns(draws, burns, heat_kj_m2, landscape, air, parameters)
        else:
            flight_m = long_flames(draws, burns, front.flame_into(cells), air.wind_ms, parameters)
        return embers(draws, burns, flight_m, landscape, air.wind_from_deg)
