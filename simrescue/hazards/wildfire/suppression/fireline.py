"""Fighting a fire as it happens on the ground: crews close its edge cell by cell, water holds it, embers cross it.

A crew stands at the edge and works along it in one way. Every cell costs the metres of edge that it stands for, at the
crew's rate; what a crew has built towards a cell counts on for the next one when the fire takes the cell. Where flames
are too long for it, it goes out in front and burns out the ground between, if there is time; else it looks for another
place, and without any has lost its post.

The quasi-static race of line against edge is that of Fried and Fried (Forest Science 42, 1996, 267-281), whose cases
are tested against; here it runs on the cells of a raster, so that fuel, slope, wind and water differ from place to
place, and line may be lost again to embers.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from typing import NamedTuple, Protocol

import numpy as np

from simrescue.hazards.base import (
    AS_FOUND,
    AT_POST,
    BURNING,
    CONTAINED,
    CONTROLLED,
    ESCAPED,
    FLEEING,
    HELD,
    ON_FOOT,
    OUT,
    Effort,
    Escape,
    Hands,
    OnFoot,
    Order,
    Post,
    Refusal,
    Tactic,
    Tools,
)
from simrescue.hazards.wildfire.behaviour.firebrands import ignition_chance
from simrescue.hazards.wildfire.behaviour.rothermel import Moisture
from simrescue.hazards.wildfire.landscape.terrain import Landscape
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.hazards.wildfire.suppression.crew_danger import (
    BURNED_OVER,
    ENTRAPPED,
    SAFE,
    UNHURT,
    Forecast,
    Outlook,
    Threat,
    around,
    cell_at,
    danger,
    gives_way,
    harm,
    where,
)
from simrescue.hazards.wildfire.suppression.line.edge import Floats
from simrescue.hazards.wildfire.suppression.line.held_lines import HeldLine, LinesOnGround
from simrescue.hazards.wildfire.suppression.line.hose import LEAST_T, Hose
from simrescue.hazards.wildfire.suppression.line.line_breach import LineWidth
from simrescue.hazards.wildfire.suppression.line.line_posts import LineCrew
from simrescue.hazards.wildfire.suppression.line.line_rates import AreaRates
from simrescue.hazards.wildfire.suppression.line.line_scene import Planned, Scene
from simrescue.hazards.wildfire.suppression.line.open_edge import MovingFront
from simrescue.hazards.wildfire.suppression.line_building import Turn, settle, settle_mopping, settle_watch
from simrescue.hazards.wildfire.suppression.mop_up import REFERENCE_CHANCE, MopUp
from simrescue.hazards.wildfire.suppression.on_foot import Walk, danger_on_foot, harm_on_foot
from simrescue.hazards.wildfire.suppression.safety_zones import SafetyZones
from simrescue.hazards.wildfire.suppression.standing_breaks import cross
from simrescue.hazards.wildfire.suppression.tactics.holding import HoldingTurn, settle_on_line
from simrescue.hazards.wildfire.suppression.tactics.ordered_posts import settle_as_ordered
from simrescue.hazards.wildfire.suppression.water_drops import WaterDrops, choose_drop, holds_h
from simrescue.hazards.wildfire.suppression.way_out import WayOut, harm_on_way, way_out
from simrescue.parameters import Parameters


class AirState(Protocol):
    """The weather that matters for water and embers; `landscape.fire_weather.FireWeather` has it."""

    @property
    def wind_ms(self) -> float:
        """Wind 10 m above open ground, m/s."""
        ...

    @property
    def temperature_c(self) -> float:
        """Of the air, degrees Celsius."""
        ...

    @property
    def humidity(self) -> float:
        """Relative humidity, 0..1."""
        ...

    @property
    def moisture(self) -> Moisture:
        """Water in the fuel."""
        ...


class Worked(NamedTuple):
    """What fighting the fires has changed; the fields are those of `base.FireChanges`."""

    lines: tuple[tuple[int, int, int, float], ...]
    built: tuple[tuple[int, float, int], ...]
    wets: tuple[tuple[int, int, int], ...]
    states: tuple[tuple[int, int], ...]
    rekindles: tuple[tuple[int, int], ...]
    overrun: tuple[int, ...]
    entrapped: tuple[tuple[int, int], ...]
    breaches: tuple[tuple[int, int], ...]
    taken: tuple[tuple[int, float], ...]
    lit: tuple[tuple[int, int, int], ...]
    poured: tuple[tuple[int, float, float], ...]


class LineDraws(NamedTuple):
    """What N cells of a replication have in store for the line in them, arrays (N,)."""

    rekindle: Floats
    """Of break-outs, as `mop_up.rekindle_thresholds` gives it."""
    breach: Floats
    """Of fronts that come to it, as `line_breach.breach_draws` gives it."""


class EdgeState(NamedTuple):
    """How the edge of one fire stands; fields as those of `base.FireState`."""

    state: int
    open_km: float
    line_km: float
    mopped: float
    head_m_min: float
    flame_m: float


class Fireline:
    """Crews, line, water and embers on all fires of one course."""

    def __init__(
        self,
        front: MovingFront,
        landscape: Landscape,
        rates: AreaRates,
        draws: LineDraws,
        rules: Wildfire,
        parameters: Parameters,
        forecast: Forecast | None = None,
        lines: LinesOnGround | None = None,
        planned: Planned | None = None,
    ) -> None:
        """Begin with nobody there, before anything burns.

        Args:
            front: the fire.
            landscape: N cells.
            rates: of hands and machines, as `line_rates.area_rates` gives them.
            draws: of the cells.
            rules: of the fire.
            parameters: of the scenario.
            forecast: by which leaders know of turns of the wind; None: nobody has one.
            lines: that stand, and that can be held; None: none.
            planned: weather to come that leaders build line for; None: only for the fire as it is.
        """
        self.planned = planned
        self.rules = rules
        self.parameters = parameters
        self.forecast = forecast
        self.warning_h = parameters.warning_h if rules.lookouts else 0.0
        """Until word of danger has set a crew moving; who has no lookout sees it himself, if at all."""
        self.zones = SafetyZones(
            landscape, rules.burn_out_h, parameters.crew_radius_m, parameters.fire_wind_10m_to_20ft
        )
        self.crews: dict[int, LineCrew] = {}
        self.ways_out: dict[int, WayOut] = {}
        """Of crews that flee."""
        self.walks: dict[int, Walk] = {}
        """Of crews on foot that have no post."""
        self.mop = MopUp(landscape.n_cells, draws.rekindle, parameters)
        self.width = LineWidth(landscape, draws.breach, parameters)
        self.lines = lines or LinesOnGround(landscape, (), None)
        self.width.width_m[self.lines.standing] = self.lines.standing_m
        self.held: dict[Order, HeldLine] = {}
        self.drops = WaterDrops(landscape.n_cells, parameters)
        self.line_m: dict[int, float] = {}
        self.states: dict[int, int] = {}
        self.quiet_since: dict[int, float] = {}
        # Minus infinity: the first step is held against all fronts that have come by then.
        self.scene = Scene(front, landscape, rates, -np.inf, parameters)
        self.wind_ms, self.temperature_c, self.humidity = 0.0, 20.0, 0.5
        self.outlook = Outlook(self.scene, self.zones, self.wind_ms, rules, forecast)

    # ---- what the hazard is asked

    def take_post(
        self, crew: int, fire: int, lon: float, lat: float, tools: Tools, order: Order = AS_FOUND
    ) -> Post | None:
        """See `base.FireHazard.take_post`."""
        # Its old place must not crowd it out of the new one.
        self.leave(crew)
        if self.states.get(fire, OUT) == OUT:
            return None
        came, point = self._newcomer(fire, tools), self.scene.point_m(lon, lat)
        others, refused = self.crews.values(), None
        if self._closed(fire):
            settled = settle_mopping(self.scene, self.mop, came, *point, _mopped_by(others))
            settled = settled or settle_watch(self.scene, came, *point, _mopped_by(others))
        elif order == AS_FOUND:
            settled = settle(self.scene, came, *point, others)
        else:
            refused = self._settle_as_ordered(came, order, point, others, tools.together)
            settled = refused is None or settle(self.scene, came, *point, others)
        if not settled:
            return None
        self.crews[crew] = came
        return self._post(came)._replace(refused=refused)

    def _settle_as_ordered(
        self,
        came: LineCrew,
        order: Order,
        point: tuple[float, float],
        others: Collection[LineCrew],
        together: Collection[Hands],
    ) -> Refusal | None:
        came.order, came.held = order, self._held(order)
        if came.held is None:
            refused = settle_as_ordered(self.scene, came, *point, others, together)
        else:
            refused = settle_on_line(self.scene, came, came.held, *point, others, self.rules.walk_kmh, together)
        if refused is not None:
            came.order, came.held = AS_FOUND, None
        return refused

    def _held(self, order: Order) -> HeldLine | None:
        """The line that is to be held, the same for all who are ordered to hold it; None: the order is another."""
        if order.tactic not in HELD:
            return None
        if order not in self.held:
            ground = self.lines.named[order.line] if order.tactic == Tactic.HOLD else self.lines.around(order.place)
            self.held[order] = HeldLine(ground, order.width_m)
        return self.held[order]

    def _newcomer(self, fire: int, tools: Tools) -> LineCrew:
        """A crew at a fire that has no place yet."""
        limit_m, hands = min(tools.flame_limit_m, tools.flame_bound_m), tools.hands
        crew = LineCrew(fire, limit_m, tools.trained, -1, hand_limit_m=limit_m, machines=tools.machines, hands=hands)
        crew.slope_limit, crew.flame_bound_m = tools.slope_limit, tools.flame_bound_m
        crew.take_water(tools.water, self.parameters.pump_flame_limit_m)
        return crew

    def line_point(self, order: Order, lon: float, lat: float) -> tuple[float, float] | None:
        """See `base.FireHazard.line_point`."""
        held = self._held(order)
        if held is None or not len(held.ground.cells):
            return None
        (x_m, y_m), at = self.scene.point_m(lon, lat), self.scene.landscape.xy_m(held.ground.cells)
        nearest = held.ground.cells[np.argmin(np.hypot(at[0] - x_m, at[1] - y_m))]
        to_lon, to_lat = self.scene.landscape.centre(nearest)
        return float(to_lon), float(to_lat)

    def post(self, crew: int) -> Post | None:
        """See `base.FireHazard.post`."""
        at_work = self.crews.get(crew)
        return None if at_work is None else self._post(at_work)

    def _post(self, at_work: LineCrew) -> Post:
        return Post(*self.scene.centre(at_work.cell), at_work.method, at_work.order.tactic)

    def leave(self, crew: int) -> None:
        """The crew goes away."""
        self.crews.pop(crew, None)
        self.ways_out.pop(crew, None)
        self.walks.pop(crew, None)

    def set_out(self, crew: int, walk: OnFoot) -> None:
        """See `base.FireHazard.set_out`."""
        self.leave(crew)
        ends_m = self.scene.point_m(*walk.start), self.scene.point_m(*walk.end)
        self.walks[crew] = Walk(walk.fire, walk.flame_limit_m, *ends_m, walk.since_h, walk.hours)

    def _stands(self, crew: int) -> LineCrew | None:
        """A crew where it is now, at its post or on foot; None: neither, or off the landscape."""
        walk = self.walks.get(crew)
        return self.crews.get(crew) if walk is None else walk.crew_at(self.scene)

    def way_out_h(self, crew: int) -> float:
        """See `base.FireHazard.way_out_h`."""
        if crew in self.ways_out:
            return max(self.ways_out[crew].until_h - self.scene.now, 0.0)
        stands = self._stands(crew)
        return way_out(self.outlook, stands).hours if stands else 0.0

    def flee(self, crew: int, pace: float) -> Escape:
        """See `base.FireHazard.flee`."""
        stands = self._stands(crew)
        if stands is not None:
            way = way_out(self.outlook, stands)
            # Word of what it does not see itself comes first: until then the crew works on.
            warning_h = 0.0 if danger(self.outlook, stands).at_hand else self.warning_h
            self.leave(crew)
            self.ways_out[crew] = way._replace(since_h=way.since_h + warning_h, hours=way.hours / pace)
        if crew not in self.ways_out:
            return Escape(0.0, False)
        way = self.ways_out[crew]
        hours = max(way.until_h - self.scene.now, 0.0)
        cell = cell_at(self.scene.landscape, *way.end_m)
        return Escape(hours, way.cut_off, self.scene.degrees(*way.end_m), cell, way.refuge)

    def danger(self, crew: int) -> Threat:
        """How soon flames can reach a crew that builds line; who runs from them already has no time at all."""
        if crew in self.ways_out:
            return Threat(-math.inf, False)
        if crew in self.walks:
            return danger_on_foot(self.outlook, self.walks[crew])
        at_work = self.crews.get(crew)
        return danger(self.outlook, at_work) if at_work and not at_work.mopping else SAFE

    def water_point(self, fire: int) -> tuple[float, float] | None:
        """See `base.FireHazard.water_point`; the same for all aircraft."""
        place = choose_drop(self.scene.edge, fire, list(self.crews.values()), self.parameters)
        if place < 0:
            return None
        return self.scene.centre(int(self.scene.edge.outline.cells[place]))

    def edge_state(self, fire: int) -> EdgeState:
        """How the edge of a fire stands now."""
        edge = self.scene.edge
        still = edge.open & (edge.fire == fire)
        return EdgeState(
            self.states.get(fire, BURNING),
            float(edge.share_m[still].sum()) / 1000,
            self.line_m.get(fire, 0.0) / 1000,
            self.mop.share(edge, fire),
            float(edge.rate_m_min[still].max(initial=0.0)),
            float(edge.flame_m[still].max(initial=0.0)),
        )

    # ---- one step

    def work(self, now: float, effort: Effort, air: AirState) -> Worked:
        """Let the effort since the last call act on the fires; the front must have been moved to `now` before.

        In this order: line that a front has crossed, who is overrun, where water falls, line, embers across it, ground
        burnt out behind it.

        Args:
            now: hours of the simulation.
            effort: person-hours of crews and drops of aircraft since the last call; of those without a post nothing
                counts.
            air: the weather now.
        """
        # Before the first look `scene.now` is minus infinity, and nobody was there.
        before, self.wind_ms = self.scene.now, air.wind_ms
        self.temperature_c, self.humidity = air.temperature_c, air.humidity
        hours = now - before if self.states else 0.0
        self._look(now)
        self._take_water(effort)
        breaches = self._breach(before)
        # Before they work: who was overrun in the step has built nothing that would have stopped it.
        harmed = self._harmed(before)
        # Water before line: aircraft cool the edge for the crews, who then see shorter flames.
        wets = self._drop(effort, holds_h(air.temperature_c, air.humidity, self.parameters))
        done = self._build(effort, hours, air.wind_ms)
        rekindles = self._rekindle(hours, air)
        for _, fire, cell in done.lit:
            self.scene.front.ignite([cell], fire, now)
        if done.lit or rekindles:
            self._look(now)
        states = self._new_states()
        overrun = tuple(number for number, (what, _) in harmed.items() if what == BURNED_OVER)
        entrapped = tuple((number, way) for number, (what, way) in harmed.items() if what == ENTRAPPED)
        return Worked(
            done.lines,
            done.built,
            wets,
            states,
            rekindles,
            overrun,
            entrapped,
            breaches,
            done.taken,
            done.lit,
            done.poured,
        )

    def _look(self, now: float) -> None:
        seen = self.scene
        self.scene = Scene(seen.front, seen.landscape, seen.rates, now, self.parameters, seen, self.planned)
        self.outlook = Outlook(self.scene, self.zones, self.wind_ms, self.rules, self.forecast)

    def _take_water(self, effort: Effort) -> None:
        """Who had water in the step, and who had none."""
        for work in effort.works:
            if work.water_t is not None and work.crew in self.crews:
                self.crews[work.crew].take_water(work.water_t > LEAST_T, self.parameters.pump_flame_limit_m)

    def _harmed(self, since_h: float) -> dict[int, tuple[int, int]]:
        """What flames have done to crews since an hour: (harm, where: `AT_POST`, `FLEEING`, `ON_FOOT`)."""
        done: dict[int, tuple[int, int]] = {}
        for number, way in list(self.ways_out.items()):
            done[number] = harm_on_way(self.outlook, way, since_h), FLEEING
            if self.scene.now >= way.until_h:
                del self.ways_out[number]
        for number, walk in self.walks.items():
            # Mostly no flames anywhere are too long, and then nobody's way is looked at.
            if walk.flame_limit_m < self.outlook.longest_flame_m:
                done[number] = harm_on_foot(self.outlook, walk, since_h), ON_FOOT
        for number, crew in list(self.crews.items()):
            if crew.flame_limit_m < self.outlook.longest_flame_m:
                done[number] = self._harm_at_post(crew, since_h), AT_POST
        for number, (what, _) in done.items():
            if what == BURNED_OVER:
                self.leave(number)
        return {number: harm for number, harm in sorted(done.items()) if harm[0] != UNHURT}

    def _harm_at_post(self, crew: LineCrew, since_h: float) -> int:
        """What flames have done to a crew at its post: it gives way on foot, once it hears or feels them."""
        scene, cell = self.scene, where(self.scene, crew)
        if not scene.near_burnt[cell]:
            return UNHURT
        # When word comes or fire takes its cell, whichever is first: what stands beside him nobody needs to be told of.
        warned_h = min(since_h + self.warning_h, max(float(scene.front.arrival_h[cell]), since_h))
        pace_m_h = 1000 * self.rules.walk_kmh / self.parameters.walk_in_detour
        # Who has black beside him steps there, however small it is.
        stays = self.zones.bare(scene, around(cell, 1, scene.landscape)).any()
        x_m, y_m = gives_way(scene, cell, 0.0 if stays else pace_m_h * (scene.now - warned_h))
        return harm(self.outlook, crew.flame_limit_m, np.array([x_m]), np.array([y_m]), np.array([scene.now]))

    def _drop(self, effort: Effort, hours: float) -> tuple[tuple[int, int, int], ...]:
        scene, wets = self.scene, []
        # In an order of their own, since each drop finds the edge as the one before has left it.
        for drop in sorted(effort.drops):
            place = choose_drop(scene.edge, drop.fire, list(self.crews.values()), self.parameters)
            if place < 0:
                continue
            cells = self.drops.spread_out(scene.edge, place, drop.tonnes, scene.now, hours)
            scene.front.wet(cells, scene.now + hours)
            wets += [(drop.crew, drop.fire, cell) for cell in cells]
        return tuple(wets)

    def _build(self, effort: Effort, hours: float, wind_ms: float) -> _Built:
        lines: list[tuple[int, int, int, float]] = []
        built: list[tuple[int, float, int]] = []
        taken: list[tuple[int, float]] = []
        burn_out: list[tuple[int, int, int]] = []
        poured: list[tuple[int, float, float]] = []
        # By number, so that the order in which crews report does not matter.
        for number, person_h, water_t, at_pumps, persons in sorted(effort.works, key=lambda work: work.crew):
            crew = self.crews.get(number)
            if crew is None or person_h <= 0 or hours <= 0:
                continue
            others = [other for other in self.crews.values() if other is not crew]
            hose = Hose(water_t, self.parameters, at_pumps)
            kind = Turn if crew.held is None else HoldingTurn
            turn = kind(self.scene, self.mop, crew, others, self.rules.walk_kmh, wind_ms, hose)
            turn.work(person_h, hours, persons)
            poured += [(number, hose.used_t, hose.waited_h)] if hose.used_t or hose.waited_h else []
            for fire, cell, width_m in turn.closed:
                lines.append((number, fire, cell, width_m))
                # On a road, line narrower than the road takes nothing from it.
                self.width.width_m[cell] = max(float(self.width.width_m[cell]), width_m)
            built += [(number, metres, method) for method, metres in sorted(turn.built_m.items())]
            # fsum here and elsewhere: from Python 3.12 on `sum` of floats rounds otherwise than before
            self.line_m[crew.fire] = self.line_m.get(crew.fire, 0.0) + math.fsum(turn.built_m.values())
            taken += [(number, turn.taken_m)] if turn.taken_m else []
            burn_out += [(number, fire, cell) for fire, cell in turn.burn_out]
            # On a closed edge there is nothing to build, but to mop up: the post is kept.
            if turn.lost and not self._closed(crew.fire):
                del self.crews[number]
        self.scene.tell_front()
        return _Built(tuple(lines), tuple(built), tuple(taken), tuple(burn_out), tuple(poured))

    def _breach(self, since_h: float) -> tuple[tuple[int, int], ...]:
        """Fronts that came to line since an hour cross it where it does not hold: (fire, cell) by cell."""
        scene = self.scene
        crossed = cross(scene.front, self.width, scene.landscape, since_h, scene.now)
        if crossed or self.width.strips:
            self._look(scene.now)
        return tuple(crossed)

    def _rekindle(self, hours: float, air: AirState) -> tuple[tuple[int, int], ...]:
        edge, front = self.scene.edge, self.scene.front
        places = np.flatnonzero(edge.line)
        if not len(places):
            return ()
        since_h = self.scene.now - front.arrival_h[edge.outline.inner[places]]
        cells = edge.outline.cells[places]
        shade = self.scene.landscape.canopy_cover.ravel()[cells]
        takes_hold = ignition_chance(air.temperature_c, shade, air.moisture.dead_1h) / REFERENCE_CHANCE
        share = takes_hold * self.width.let_through(cells, front.spread.intensity_kw_m[cells])
        break_outs = self.mop.break_outs(edge, hours, air.wind_ms, since_h, share)
        for fire, cell in break_outs:
            # Where it broke out is line no longer, or the fire could not begin there.
            self.scene.front.unblock([cell])
            self.scene.front.ignite([cell], fire, self.scene.now, young=True)
        return tuple(break_outs)

    # ---- states

    def _closed(self, fire: int) -> bool:
        edge = self.scene.edge
        return not (edge.open & (edge.fire == fire)).any()

    def _new_states(self) -> tuple[tuple[int, int], ...]:
        """Fires whose state is another now; crews of a contained fire mop up, those of one that broke out do not."""
        changed = []
        for fire in sorted(set(self.scene.edge.fire.tolist()) | set(self.states)):
            state, before = self._state(fire), self.states.get(fire)
            self.states[fire] = state
            # That a new fire burns its ignition has told.
            if state != before and not (before is None and state == BURNING):
                changed.append((fire, state))
            for crew in self.crews.values():
                if crew.fire == fire:
                    crew.mopping = self._closed(fire)
        return tuple(changed)

    def _state(self, fire: int) -> int:
        edge, before, now = self.scene.edge, self.states.get(fire), self.scene.now
        of_fire = edge.fire == fire
        # Off the map nobody can tell what it does; one that is out stays out unless embers have lit it anew.
        if before in (ESCAPED, OUT) and not (before == OUT and edge.open[of_fire].any()):
            return before
        if (edge.outline.cells[of_fire] < 0).any():
            return ESCAPED
        if edge.open[of_fire].any():
            self.quiet_since.pop(fire, None)
            return BURNING
        if len(self.mop.left(edge, fire)):
            return CONTAINED
        since = self.quiet_since.setdefault(fire, now)
        return OUT if now - since >= self.rules.burn_out_h + self.parameters.fire_watch_h else CONTROLLED


class _Built(NamedTuple):
    """What crews have done in a step; fields as those of `Worked`."""

    lines: tuple[tuple[int, int, int, float], ...]
    built: tuple[tuple[int, float, int], ...]
    taken: tuple[tuple[int, float], ...]
    lit: tuple[tuple[int, int, int], ...]
    poured: tuple[tuple[int, float, float], ...]


def _mopped_by(crews: Iterable[LineCrew]) -> set[int]:
    return {crew.cell for crew in crews if crew.mopping}
