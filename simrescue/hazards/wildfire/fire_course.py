"""A forest fire that answers to the people who fight it.

`FireField` is what the scenario says, compiled once: landscape, weather, ignitions, and the cells of places and roads.
`FireCourse` is one course of it: the front that grows by itself (`spread.growth`), those who fight it
(`suppression.fireline`), and what it does to places and roads (`spread.reached_sites`). An arrival-time raster from
another model can stand in for our own growth; then nothing that people do slows the fire.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from simrescue.hazards.base import (
    ALL_FIRES,
    AS_FOUND,
    BURNING,
    IDLE,
    OUT,
    Effect,
    Effort,
    Escape,
    FireChanges,
    FireState,
    Flames,
    Floats,
    Indexes,
    OnFoot,
    Order,
    Post,
    Smoke,
    Tools,
)  # fmt: skip
from simrescue.hazards.wildfire.behaviour.rothermel import Spread
from simrescue.hazards.wildfire.danger.danger_days import DangerDay, danger_days, day_of
from simrescue.hazards.wildfire.danger.danger_grade import classes
from simrescue.hazards.wildfire.ignition_rates import IgnitionRate, drawn_h, spot_id
from simrescue.hazards.wildfire.landscape.fire_weather import FireWeather, WeatherPoint
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.spread.contour import outer_edge_m
from simrescue.hazards.wildfire.spread.front import Burn, Front
from simrescue.hazards.wildfire.spread.given_front import GivenFront
from simrescue.hazards.wildfire.spread.growth import SMALL_H, TURN_H, CellIgnition, Course, Growth
from simrescue.hazards.wildfire.spread.reached_sites import SitesInFlames, SitesInSmoke, metres, plume, site_cells
from simrescue.hazards.wildfire.spread.sources import Fires
from simrescue.hazards.wildfire.spread.spotting import EmberDraws, ember_draws
from simrescue.hazards.wildfire.suppression.crew_danger import Foreseen
from simrescue.hazards.wildfire.suppression.fireline import EdgeState, Fireline, LineDraws
from simrescue.hazards.wildfire.suppression.line.held_lines import LinesOnGround, road_lines
from simrescue.hazards.wildfire.suppression.line.line_breach import breach_draws
from simrescue.hazards.wildfire.suppression.line.line_rates import AreaRates, area_rates
from simrescue.hazards.wildfire.suppression.mop_up import rekindle_thresholds
from simrescue.hazards.wildfire.suppression.standing_breaks import StandingBreaks

if TYPE_CHECKING:
    from simrescue.hazards.scenario_view import Scenario
    from simrescue.hazards.wildfire.spread.reached_sites import Plume

KEPT = 1
"""Draws of the weather whose course is kept for the next replication that shares it; each holds rates and travel times
of all cells for every hour (100 MB for 200 x 200 cells and 46 h)."""
PERIMETER_AGAIN = 1.02
"""The length of a fire's edge is worked out anew when the fire has grown by this factor."""
PLAN_EVERY_H = 3
"""Hours of the clock at which leaders look at the weather to come: its worst is rarely shorter."""
MEDIAN = 0.5
"""Draw of a break in the fire as forecast: it lets through what crosses it more often than not."""
NOT_BEGUN = FireState(BURNING, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class FireField:
    """The fires of a scenario, compiled once: N cells, F ignitions, S sites (places, then roads)."""

    def __init__(self, scenario: Scenario) -> None:
        self.rules = scenario.settings.wildfire
        self.parameters = scenario.parameters
        self.landscape: Landscape = scenario.landscape
        self.duration_h = scenario.settings.duration_h
        self.weather = _weather(scenario)
        self.danger = scenario_danger(scenario)
        self.places = scenario.places
        self.ignitions = scenario.ignitions
        cells = self.landscape.cell_of([i.lon for i in scenario.ignitions], [i.lat for i in scenario.ignitions])
        self.cells: list[int] = cells.tolist()
        """(F,) cell of each ignition, whether it burns in a replication or not."""
        self.given = [_start(ignition.time_h, cell) for ignition, cell in zip(self.ignitions, self.cells, strict=True)]
        """(F,) ignitions that are sure, as in the weather as forecast; of the others the hour is infinite."""
        self.rates = _spot_numbers(scenario)
        self.sites = site_cells(self.landscape, scenario.places, scenario.roads)
        roads = road_lines(self.landscape, scenario.places, scenario.roads, self.parameters)
        self.lines = LinesOnGround(self.landscape, scenario.fire_lines, self.sites, roads)
        self.given_h: Floats | None = self._given(scenario.arrival_h)
        self._kept: OrderedDict[tuple[int, int], Course] = OrderedDict()
        self._free: dict[tuple[int, int], Floats] = {}
        self._plan: dict[int, Spread] = {}

    @property
    def answers_effort(self) -> bool:
        """Whether those who fight the fire can slow it: not when another model's arrival times stand in."""
        return self.given_h is None

    @cached_property
    def line_rates(self) -> AreaRates:
        """Line that hands and machines build in an hour, by cell."""
        return area_rates(self.landscape, self.parameters)

    @cached_property
    def forecast(self) -> Course:
        """The weather as forecast."""
        return self._course(self.weather, None)

    def foreseen(self, weather: FireWeather, hour: float, within_h: float) -> list[Foreseen]:
        """The fire after each turn of the wind that is forecast, as leaders know it who see the wind themselves.

        Args:
            weather: of the course, as they see it.
            hour: now; where the wind has not turned as forecast by then, it may at any moment.
            within_h: hours in which a turn must come to be told.

        Returns:
            Turns in order of time; none: the weather stays as it is.
        """
        number = self.forecast.number(hour)
        # As rates are: those of the middle of each hour, which in the forecast begins with the clock's.
        points = [self.weather.point_at((number + 0.5) * TURN_H)]
        turns = [number] if weather.is_late(hour) else []
        while self.forecast.begins_h(number + len(points)) - hour < within_h:
            points.append(self.weather.point_at((number + len(points) + 0.5) * TURN_H))
            if points[-1] != points[-2]:
                turns.append(number + len(points) - 1)
        return [
            Foreseen(
                max(self.forecast.begins_h(turn) - hour, 0.0),
                points[turn - number].wind_ms,
                partial(self.forecast.over, turn),
            )
            for turn in turns
        ]

    def planned(self, hour: float) -> list[Spread]:
        """The fire in all cells at each `PLAN_EVERY_H` of the next `line_plan_h`, as forecast at an hour."""
        first = math.floor(hour / PLAN_EVERY_H + SMALL_H) + 1
        last = math.floor((hour + self.parameters.line_plan_h) / PLAN_EVERY_H + SMALL_H)
        wanted = range(first * PLAN_EVERY_H, last * PLAN_EVERY_H + 1, PLAN_EVERY_H)
        # A replication asks hour after hour: no more is kept than one plan needs.
        self._plan = {
            number: self._plan[number] if number in self._plan else self.forecast.spread(number) for number in wanted
        }
        return list(self._plan.values())

    @cached_property
    def forecast_arrival_h(self) -> Floats:
        """(N,) hours at which cells burn in the weather as forecast: no embers, nobody fighting."""
        return self._grow(self.forecast, self.given, MEDIAN)

    @property
    def mean_arrival_h(self) -> Floats:
        """(S,) hours at which flames reach sites in the weather as forecast: no embers, nobody fighting."""
        return self.sites.earliest(self.forecast_arrival_h)

    @property
    def border_h(self) -> float:
        """Hour at which fire comes to the border of the landscape in the weather as forecast; infinite: never."""
        arrival_h = self.forecast_arrival_h.reshape(self.landscape.shape)
        return float(min(side.min() for side in (arrival_h[0], arrival_h[-1], arrival_h[:, 0], arrival_h[:, -1])))

    def starts(self, seed: int, replication: int) -> list[CellIgnition]:
        """(F,) ignitions of a replication: those that are given and those that chance brings; infinite: none there."""
        starts = list(self.given)
        for rate, numbers in self.rates:
            drawn = drawn_h(rate, self.danger, self.duration_h, len(numbers), seed, replication)
            for spot, hour in drawn.items():
                starts[numbers[spot]] = CellIgnition(hour, self.cells[numbers[spot]])
        return starts

    def course(self, seed: int, replication: int) -> Course:
        """The weather of a replication and the draws of its embers; the last few are kept."""
        key = (seed, replication)
        if key not in self._kept:
            draws = ember_draws(self.landscape.shape, self.rules.spotting, seed, replication, self.parameters)
            weather = self.weather.drawn(seed, replication, self.rules.uncertainty)
            throws = self._throws and self.given_h is None  # a given front has its own embers in it
            self._kept[key] = self._course(weather, draws if throws else None)
            if len(self._kept) > KEPT:
                # The one asked for longest ago, and with it the fire in its weather.
                dropped, _ = self._kept.popitem(last=False)
                self._free.pop(dropped, None)
        self._kept.move_to_end(key)
        return self._kept[key]

    def free_arrival_h(self, seed: int, replication: int) -> Floats:
        """(N,) hours at which cells burn in a replication when nobody fights; infinite: not in the scenario."""
        course, key = self.course(seed, replication), (seed, replication)
        if key not in self._free:
            draws = breach_draws(self.landscape.shape, seed, replication)
            self._free[key] = self._grow(course, self.starts(seed, replication), draws)
        return self._free[key]

    def free_area_ha(self, seed: int, replication: int) -> float:
        """What burns to the end of a replication when nobody fights the fire."""
        return float(np.isfinite(self.free_arrival_h(seed, replication)).sum()) * self.landscape.cell_ha

    def front(self, starts: Sequence[CellIgnition]) -> Front:
        """A front on which nothing burns yet; where one of the fires (F,) starts, no line keeps it from doing so."""
        ground = (*self.landscape.shape, self.landscape.cell_x_m, self.landscape.cell_y_m)
        if self.given_h is None:
            front = Front(*ground, self.landscape.burns, self.parameters.young_fire_lag_h)
            begin = [start.cell for start in starts if start.time_h < math.inf]
            front.block(np.setdiff1d(self.lines.standing, begin))
            return front
        return GivenFront(*ground, self.given_h, self._nearest_start())

    def growth(self, course: Course, starts: Sequence[CellIgnition]) -> Growth:
        """The fires of a course from all its ignitions (F,), before anything burns."""
        # Nothing is lit where arrivals are given: the ignitions only tell when the first fire begins.
        burning = starts if self.given_h is None else [start._replace(cell=-1) for start in starts]
        return Growth(course, self.front(burning), burning, self.rules.step_h)

    def _course(self, weather: FireWeather, draws: EmberDraws | None) -> Course:
        rules = self.rules
        return Course(self.landscape, weather, draws, rules.crown, rules.foliar_moisture, rules.embers)

    @property
    def _throws(self) -> bool:
        """Whether an ember can take hold at all."""
        return self.rules.spotting > 0 and not (self.rules.embers == "torching" and self.rules.crown == "off")

    def _grow(self, course: Course, starts: Sequence[CellIgnition], draws: Floats | float) -> Floats:
        """Hours at which cells (N,) burn when nobody fights; `draws`: (N,) or one for all, as `breach_draws`."""
        growth = self.growth(course, starts)
        breaks = StandingBreaks(self.landscape, self.lines, draws, self.parameters)
        if self.answers_effort and breaks.any:
            # Step by step, as in a course with crews: breaks are held against the fronts of one step.
            for hour in np.arange(self.rules.step_h, self.duration_h, self.rules.step_h).tolist():
                growth.advance(hour)
                breaks.let_through(growth.front, hour)
        growth.advance(self.duration_h)
        return growth.front.arrival_h

    def _given(self, arrival_h: Floats | None) -> Floats | None:
        if arrival_h is None:
            return None
        return arrival_h.ravel() + min(start.time_h for start in self.given)

    def _nearest_start(self) -> Fires:
        """(N,) the ignition nearest to each cell."""
        x, y = self.landscape.xy_m(np.arange(self.landscape.n_cells))
        far = np.full((len(self.given), len(x)), np.inf)
        for number, start in enumerate(self.given):
            if start.cell >= 0:
                at_x, at_y = self.landscape.xy_m(start.cell)
                far[number] = np.hypot(x - at_x, y - at_y)
        return np.asarray(far.argmin(axis=0), dtype=np.int32)


def scenario_danger(scenario: Scenario) -> tuple[DangerDay, ...]:
    """Fire danger of the days of a scenario, in the weather as forecast."""
    settings = scenario.settings
    given = [ignition.lat for ignition in scenario.ignitions if math.isfinite(ignition.time_h)]
    ground: Landscape = scenario.landscape
    latitude = math.fsum(given) / len(given) if given else ground.north - ground.dlat * ground.shape[0] / 2
    return danger_days(
        settings.start, settings.duration_h, _points(scenario), latitude, settings.wildfire.danger,
        classes(scenario.fire_danger),
    )  # fmt: skip


class FireCourse:
    """One course of all fires of a scenario; implements `base.FireHazard`."""

    def __init__(self, field: FireField, seed: int, replication: int) -> None:
        self.field = field
        self.now = 0.0
        self.course = field.course(seed, replication)
        starts = field.starts(seed, replication)
        self.begins_h = tuple(start.time_h for start in starts)
        """(F,) hour at which each fire begins; infinite: not in this course."""
        self.growth = field.growth(self.course, starts)
        self.front = self.growth.front
        shape = field.landscape.shape
        draws = LineDraws(rekindle_thresholds(shape, seed, replication), breach_draws(shape, seed, replication))
        rules, ground, rates = field.rules, field.landscape, field.line_rates
        known = field.parameters, partial(field.foreseen, self.course.weather), field.lines, field.planned
        self.line = Fireline(self.front, ground, rates, draws, rules, *known)
        self.flames = SitesInFlames(field.sites, field.rules.burn_out_h)
        self.smoke = SitesInSmoke(field.sites)
        self.cells = [0] * len(starts)
        """Cells that each fire has burnt."""
        self.patches = [0] * len(starts)
        """Places where each fire has begun to burn by itself: its ignition, embers, breaks across line, burn-outs."""
        self.failed: set[int] = set()
        """Fires that did not start."""
        self.changes = FireChanges()
        self._coming = sorted((hour, number) for number, hour in enumerate(self.begins_h) if hour < math.inf)
        self._states: dict[int, FireState] = {}
        self._edges: dict[int, tuple[Indexes, Floats, Floats]] = {}
        self._perimeters: dict[int, tuple[int, float]] = {}
        self._plume: Plume | None = None

    @property
    def wind_ms(self) -> float:
        """See `base.FireHazard.wind_ms`."""
        return self.line.wind_ms

    @property
    def temperature_c(self) -> float:
        """See `base.FireHazard.temperature_c`."""
        return self.line.temperature_c

    @property
    def humidity(self) -> float:
        """See `base.FireHazard.humidity`."""
        return self.line.humidity

    def danger_grade(self, hour: float) -> int:
        """See `base.FireHazard.danger_grade`."""
        return day_of(self.field.danger, hour).grade

    def next_time(self) -> float:
        """See `base.Hazard.next_time`."""
        return max(self.growth.next_time(), self.now)

    def advance(self, now: float, effort: Effort = IDLE) -> list[Effect]:
        """See `base.Hazard.advance`; what happened to the fires themselves is in `changes`."""
        self._states.clear()
        self._edges.clear()
        self.changes = FireChanges()
        self._plume = None
        grown = self.growth.advance(now)
        burns, states = grown.burns, []
        self._count(burns, grown.spots)
        # Nothing burns yet: there is no edge to be traced, and nobody to work at it.
        if self.growth.first_h > now:
            self.now = now
            return []
        air = self.course.weather.at(now)
        worked = self.line.work(now, effort, air)
        # Once more to the same hour: what crews have lit, and what broke out, burns from now on.
        more = self.growth.advance(now)
        lit = more.burns
        # All that burns at this very hour was lit: each cell is a place where a fire begins by itself.
        self._count(lit, lit)
        burns = sorted(burns + lit, key=lambda burn: (burn.time_h, burn.cell))
        self.now = now
        while self._coming and self._coming[0][0] <= now:
            number = self._coming.pop(0)[1]
            # A given front need not have its fire in the cell of the ignition.
            if not self.cells[number] and self.field.answers_effort:
                self.failed.add(number)
                states.append((number, OUT))
        self.changes = FireChanges(
            burns=tuple(burns),
            crowned=grown.crowned | more.crowned,
            spots=tuple(grown.spots),
            lines=worked.lines,
            built=worked.built,
            wets=worked.wets,
            states=tuple(sorted(states + list(worked.states))),
            rekindles=worked.rekindles,
            overrun=worked.overrun,
            entrapped=worked.entrapped,
            breaches=worked.breaches,
            taken=worked.taken,
            lit=worked.lit,
            poured=worked.poured,
        )
        flames = self.flames.advance(now, burns, self._crossing_h(burns))
        return [
            *(Flames(site, arrive) for site, arrive in flames),
            *(Smoke(site, thick) for site, thick in self.smoke.advance(self._smoke())),
        ]

    def state(self, fire: int) -> FireState:
        """See `base.FireHazard.state`."""
        if fire not in self._states:
            self._states[fire] = self._state(fire)
        return self._states[fire]

    def edge_point(self, fire: int, lon: float, lat: float) -> tuple[float, float] | None:
        """See `base.FireHazard.edge_point`."""
        if fire in self.failed or not self.cells[fire] or self.state(fire).state == OUT:
            return None
        if fire not in self._edges:
            self._edges[fire] = self._edge(fire)
        cells, x_m, y_m = self._edges[fire]
        if not cells.size:
            return None
        at_x, at_y = metres(self.field.landscape, lon, lat)
        return self.line.scene.centre(int(cells[np.argmin(np.hypot(x_m - at_x, y_m - at_y))]))

    def reach_km(self, fire: int) -> float:
        """See `base.FireHazard.reach_km`."""
        landscape, record = self.field.landscape, self.field.ignitions[fire]
        x, y = landscape.xy_m(np.flatnonzero(self.front.fire_of == fire))
        at_x, at_y = metres(landscape, record.lon, record.lat)
        # Between middles: a cell is added below, so that a fire of one cell has a size too.
        farthest_m = float(np.hypot(x - at_x, y - at_y).max(initial=0.0))
        return (farthest_m + math.hypot(landscape.cell_x_m, landscape.cell_y_m)) / 1000

    def take_post(
        self, crew: int, fire: int, lon: float, lat: float, tools: Tools, order: Order = AS_FOUND
    ) -> Post | None:
        """See `base.FireHazard.take_post`."""
        return self.line.take_post(crew, fire, lon, lat, tools, order)

    def line_point(self, order: Order, lon: float, lat: float) -> tuple[float, float] | None:
        """See `base.FireHazard.line_point`."""
        return self.line.line_point(order, lon, lat)

    def post(self, crew: int) -> Post | None:
        """See `base.FireHazard.post`."""
        return self.line.post(crew)

    def leave(self, crew: int) -> None:
        """See `base.FireHazard.leave`."""
        self.line.leave(crew)

    def set_out(self, crew: int, walk: OnFoot) -> None:
        """See `base.FireHazard.set_out`."""
        self.line.set_out(crew, walk)

    def danger_h(self, crew: int) -> float:
        """See `base.FireHazard.danger_h`."""
        return self.line.danger(crew).hours

    def is_foreseen(self, crew: int) -> bool:
        """See `base.FireHazard.is_foreseen`."""
        return self.line.danger(crew).foreseen

    def way_out_h(self, crew: int) -> float:
        """See `base.FireHazard.way_out_h`."""
        return self.line.way_out_h(crew)

    def flee(self, crew: int, pace: float) -> Escape:
        """See `base.FireHazard.flee`."""
        return self.line.flee(crew, pace)

    def water_point(self, crew: int, fire: int) -> tuple[float, float] | None:
        """See `base.FireHazard.water_point`; the same for all crews."""
        del crew
        return self.line.water_point(fire)

    def smoke_at(self, lon: float, lat: float) -> bool:
        """See `base.FireHazard.smoke_at`."""
        x, y = metres(self.field.landscape, [lon], [lat])
        return bool(self._smoke().covers(x, y)[0])

    def expected_h(self, place: int, fire: int = ALL_FIRES) -> float:
        """See `base.FireHazard.expected_h`: the quickest straight way from the fringe, at the rates of its cells."""
        if place in self.flames.until_h and (fire == ALL_FIRES or self._has_come(place, fire)):
            return 0.0
        if self.growth.first_h > self.now:
            return float("inf")
        _, east_m, north_m = self.field.sites.spots  # the first of these are the places
        return self.front.least_way_h(float(east_m[place]), float(north_m[place]), fire)

    # ---- inside

    def _has_come(self, place: int, fire: int) -> bool:
        """Whether a fire has burned ground of a place."""
        sites = self.field.sites
        return bool((self.front.fire_of[sites.cells[sites.sites == place]] == fire).any())

    def _count(self, burns: list[Burn], starts: list[Burn]) -> None:
        for burn in burns:
            self.patches[burn.fire] += not self.cells[burn.fire]
            self.cells[burn.fire] += 1
        for burn in starts:
            self.patches[burn.fire] += 1

    def _state(self, fire: int) -> FireState:
        if fire in self.failed:
            return NOT_BEGUN._replace(state=OUT)
        if not self.cells[fire]:
            return NOT_BEGUN
        edge: EdgeState = self.line.edge_state(fire)
        return FireState(
            edge.state,
            self.cells[fire] * self.field.landscape.cell_ha,
            self._perimeter_m(fire) / 1000,
            edge.open_km,
            edge.line_km,
            edge.mopped,
            edge.head_m_min,
            edge.flame_m,
        )

    def _edge(self, fire: int) -> tuple[Indexes, Floats, Floats]:
        """Cells (n,) along the edge of a fire, on the landscape, and metres east and north to their middles."""
        edge = self.line.scene.edge
        of_fire = np.flatnonzero(edge.fire == fire)
        ahead, burnt = edge.outline.cells[of_fire], edge.outline.inner[of_fire]
        cells = np.where(ahead >= 0, ahead, burnt)
        return cells, *self.field.landscape.xy_m(cells)

    def _perimeter_m(self, fire: int) -> float:
        cells, length_m = self._perimeters.get(fire, (0, 0.0))
        if self.cells[fire] >= cells * PERIMETER_AGAIN:
            front, ground = self.front, self.front.ground
            burnt = (front.fire_of == fire).reshape(ground.rows, ground.columns)
            theirs = (front.fire_of >= 0) & (front.fire_of != fire)
            # Ground of another fire is outside: towards it the edge lies half-way, whenever that burnt.
            hours = np.where(theirs, np.inf, front.past_h()).reshape(burnt.shape)
            length_m = outer_edge_m(burnt, hours, self.now, ground.cell_x_m, ground.cell_y_m, self.patches[fire])
            self._perimeters[fire] = self.cells[fire], length_m
        return length_m

    def _crossing_h(self, burns: list[Burn]) -> Floats:
        rate = self.front.rate_into(np.array([burn.cell for burn in burns], dtype=np.intp)) * 60
        across = max(self.field.landscape.cell_x_m, self.field.landscape.cell_y_m)
        return np.divide(across, rate, out=np.zeros(len(burns)), where=rate > 0)

    def _smoke(self) -> Plume:
        if self._plume is None:
            since = self.now - self.field.rules.burn_out_h
            burning = np.flatnonzero((self.front.arrival_h <= self.now) & (self.front.arrival_h > since))
            air = self.course.weather.at(self.now)
            self._plume = plume(self.field.landscape, burning, air.wind_ms, air.wind_from_deg, self.field.parameters)
        return self._plume


def _start(hour: float, cell: int) -> CellIgnition:
    return CellIgnition(hour, cell if hour < math.inf else -1)


def _spot_numbers(scenario: Scenario) -> list[tuple[IgnitionRate, list[int]]]:
    """Of each cause the numbers of its spots among the ignitions; none where the spots were not added to them."""
    number = {ignition.id: i for i, ignition in enumerate(scenario.ignitions)}
    names = ((rate, (spot_id(rate.id, n + 1) for n in range(rate.spots))) for rate in scenario.ignition_rates)
    return [(rate, [number[name] for name in own if name in number]) for rate, own in names]


def _weather(scenario: Scenario) -> FireWeather:
    rules = scenario.settings.wildfire
    return FireWeather(_points(scenario), rules.live_herb, rules.live_woody, scenario.parameters)


def _points(scenario: Scenario) -> list[WeatherPoint]:
    """The weather in order of time, of points that a fire can use."""
    return [
        WeatherPoint(
            point.time_h, point.wind_ms, point.wind_from_deg, point.temperature_c, point.humidity, point.rain_mm
        )
        for point in sorted(scenario.weather, key=lambda point: point.time_h)
        if point.wind_from_deg is not None and point.temperature_c is not None and point.humidity is not None
    ]
