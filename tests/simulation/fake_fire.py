"""A scripted fire: a circle that grows at a set speed until so much line is built, with every answer set by hand.

It stands in for the real hazard where a test wants exact times; what it does is simple enough to reckon by hand.
"""

from __future__ import annotations

import dataclasses
import math
from typing import Any

from simrescue.hazards.base import (
    ALL_FIRES,
    AS_FOUND,
    BURNING,
    CONTAINED,
    CONTROLLED,
    DIRECT,
    IDLE,
    OUT,
    WATER,
    Effect,
    Effort,
    Escape,
    FireChanges,
    FireState,
    Flames,
    OnFoot,
    Order,
    Post,
    Refusal,
    Tactic,
    Tools,
)
from simrescue.hazards.flood.settings import Flood
from simrescue.hazards.wildfire.settings import Wildfire
from simrescue.parameters import Parameters
from simrescue.places import Base, Ignition, Junction, Village, WaterSource
from simrescue.responders import Team
from simrescue.scenario.records import Command, Detector, ResponseLevel
from simrescue.simulation.hazards import hazard as hazard_process
from simrescue.simulation.hazards.fire_watch import FireWatch
from simrescue.simulation.roads.isolation import Isolation
from simrescue.simulation.run import build
from simrescue.simulation.state import Simulation
from simrescue.simulation.world import compile_world
from tests.factories import CERTAIN, chain, flooded_row, settings
from tests.simulation.story import NEVER_H, NOBODY, Story, so_far

DEGREE_KM = 111.195
"""Of latitude."""
STEP_H = 0.125
"""A power of two, so that steps fall on round times exactly."""
QUICK = Command(report_h=0, decision_h=0, contact_loss=0, road_report_h=NEVER_H)


class FakeFire:
    """Fires as circles; `script` fields may be changed at any time by the test."""

    def __init__(self, ignitions: tuple[Ignition, ...], growth_kmh: float = 0.5, needed_m: float = math.inf) -> None:
        self.ignitions = ignitions
        self.begins_h = [ignition.time_h for ignition in ignitions]
        self.growth_kmh = growth_kmh
        self.needed_m = needed_m
        """Metres of line that contain a fire."""
        self.mopped_m: float | None = None
        """Metres of mop-up after that; None: as many."""
        self.out_after_h = 2.0
        self.m_per_person_h = 10.0
        self.water_t_m = 0.015
        """Water that a metre of line takes."""
        self.posts: dict[int, tuple[int, Post]] = {}
        self.refused: set[int] = set()
        self.in_danger: set[int] = set()
        self.front_h = math.inf
        """Until the front can reach those who are not in danger at once."""
        self.out_h = Parameters().way_out_h
        self.fleeing: set[int] = set()
        self.walks: dict[int, OnFoot] = {}
        self.in_danger_on_foot: set[int] = set()
        self.wind_ms, self.temperature_c, self.humidity = 0.0, 0.0, 0.5
        self.foreseen: set[int] = set()
        self.cut_off: set[int] = set()
        self.entrapped: list[tuple[float, int]] = []
        self.flames: list[tuple[float, int, bool]] = []
        self.overruns: list[tuple[float, int]] = []
        self.rekindles: list[tuple[float, int]] = []
        """Hours at which fires burn again, with nothing built."""
        self.smoky = False
        self.radius_km = [0.1] * len(ignitions)
        self.built_m = [0.0] * len(ignitions)
        self.states = [BURNING] * len(ignitions)
        self.controlled_h = [math.inf] * len(ignitions)
        self.dropped_t = 0.0
        self.asked: list[Tools] = []
        self.asked_water: list[bool] = []
        self.asked_machines: list[tuple[float, float]] = []
        self.cannot: dict[int, Refusal] = {}
        self.now = 0.0
        self.changes = FireChanges()

    def next_time(self) -> float:
        return math.inf

    def advance(self, now: float, effort: Effort = IDLE) -> list[Effect]:
        for number, ignition in enumerate(self.ignitions):
            hours = min(now - self.now, max(0.0, now - ignition.time_h))
            self.radius_km[number] += self.growth_kmh * hours * (self.states[number] == BURNING)
        self.now = now
        built, poured = [], []
        for work in effort.works:
            if work.crew not in self.posts:
                continue
            number, post = self.posts[work.crew]
            metres = work.person_h * self.m_per_person_h
            self.built_m[number] += metres
            built.append((work.crew, metres, post.method))
            if work.water_t is not None:
                poured.append((work.crew, min(work.water_t, self.water_t_m * metres), 0.0))
        self.dropped_t += sum(drop.tonnes for drop in effort.drops)
        overrun = tuple(crew for at_h, crew in self.overruns if at_h <= now)
        self.overruns = [one for one in self.overruns if one[0] > now]
        entrapped = tuple((crew, int(crew in self.fleeing)) for at_h, crew in self.entrapped if at_h <= now)
        self.entrapped = [one for one in self.entrapped if one[0] > now]
        flames: list[Effect] = [Flames(site, comes) for at_h, site, comes in self.flames if at_h <= now]
        self.flames = [one for one in self.flames if one[0] > now]
        self.changes = FireChanges(
            built=tuple(built),
            poured=tuple(poured),
            states=tuple(self._moved()),
            overrun=overrun,
            entrapped=entrapped,
        )
        return flames

    def _moved(self) -> list[tuple[int, int]]:
        moved = []
        for number, state in enumerate(self.states):
            if any(at_h <= self.now and fire == number for at_h, fire in self.rekindles):
                self.rekindles = [(at_h, fire) for at_h, fire in self.rekindles if fire != number]
                self.built_m[number] = 0.0
                moved.append((number, BURNING))
            elif state == BURNING and self.built_m[number] >= self.needed_m:
                moved.append((number, CONTAINED))
            elif state == CONTAINED and self.built_m[number] >= self.needed_m + (self.mopped_m or self.needed_m):
                moved.append((number, CONTROLLED))
                self.controlled_h[number] = self.now
            elif state == CONTROLLED and self.now >= self.controlled_h[number] + self.out_after_h:
                moved.append((number, OUT))
        for number, state in moved:
            self.states[number] = state
        return moved

    def danger_grade(self, hour: float) -> int:
        return 1

    def state(self, fire: int) -> FireState:
        radius = self.radius_km[fire]
        around_km, state = 2 * math.pi * radius, self.states[fire]
        mopped = min(1.0, max(0.0, self.built_m[fire] / self.needed_m - 1)) if math.isfinite(self.needed_m) else 0.0
        open_km = around_km if state == BURNING else 0.0
        return FireState(state, 100 * math.pi * radius**2, around_km, open_km, self.built_m[fire] / 1000, mopped, 1, 1)

    def edge_point(self, fire: int, lon: float, lat: float) -> tuple[float, float] | None:
        if self.states[fire] == OUT:
            return None
        centre = self.ignitions[fire]
        east = (lon - centre.lon) * math.cos(math.radians(centre.lat)) * DEGREE_KM
        north = (lat - centre.lat) * DEGREE_KM
        share = min(1.0, self.radius_km[fire] / max(math.hypot(east, north), 1e-9))
        return centre.lon + (lon - centre.lon) * share, centre.lat + (lat - centre.lat) * share

    def reach_km(self, fire: int) -> float:
        return self.radius_km[fire]

    def take_post(
        self, crew: int, fire: int, lon: float, lat: float, tools: Tools, order: Order = AS_FOUND
    ) -> Post | None:
        self.asked.append(tools)
        self.asked_water.append(tools.water)
        self.asked_machines.append(tools.machines)
        if crew in self.refused or self.states[fire] == OUT:
            return None
        point = self.edge_point(fire, lon, lat)
        assert point is not None
        self.walks.pop(crew, None)
        method, refused = WATER if tools.water else DIRECT, self.cannot.get(crew)
        tactic = order.tactic if refused is None else Tactic.ANCHOR
        post = Post(*point, method, tactic, refused)
        self.posts[crew] = (fire, post._replace(refused=None))
        return post

    def line_point(self, order: Order, lon: float, lat: float) -> tuple[float, float] | None:
        return None

    def post(self, crew: int) -> Post | None:
        return self.posts[crew][1] if crew in self.posts else None

    def leave(self, crew: int) -> None:
        self.posts.pop(crew, None)
        if self.walks.pop(crew, None) is None:
            self.in_danger.discard(crew)
        self.fleeing.discard(crew)

    def set_out(self, crew: int, walk: OnFoot) -> None:
        self.posts.pop(crew, None)
        self.walks[crew] = walk

    def danger_h(self, crew: int) -> float:
        if crew in self.walks:
            return 0.0 if crew in self.in_danger_on_foot else math.inf
        return 0.0 if crew in self.in_danger else self.front_h

    def way_out_h(self, crew: int) -> float:
        return self.out_h

    def is_foreseen(self, crew: int) -> bool:
        return crew in self.foreseen

    def flee(self, crew: int, pace: float) -> Escape:
        self.leave(crew)
        self.in_danger_on_foot.discard(crew)
        self.fleeing.add(crew)
        return Escape(self.out_h / pace, crew in self.cut_off)

    def water_point(self, crew: int, fire: int) -> tuple[float, float] | None:
        return (self.ignitions[fire].lon, self.ignitions[fire].lat) if self.states[fire] == BURNING else None

    def smoke_at(self, lon: float, lat: float) -> bool:
        return self.smoky

    def expected_h(self, place: int, fire: int = ALL_FIRES) -> float:
        return math.inf


def crews(count: int = 2, **fields: Any) -> tuple[Team, ...]:
    """Trained crews of 20 at the station that leave at once."""
    plain: dict[str, Any] = {
        "id": "crew", "base": "station", "kind": "forest_fire", "size": 20, "count": count, "turnout_h": 0,
        "tasks": ("suppression",), "breakdown": 0, "night_factor": 1, "shift_h": 12, "rest_h": 8,
    }  # fmt: skip
    return (Team(**(plain | fields)),)


def burning_hills(
    hours: float = 24.0,
    ignitions: int = 1,
    north_km: float = 2.0,
    levels: bool = False,
    later_h: float = 0.0,
    hazard: dict[str, Any] | None = None,
    **tables: Any,
) -> Simulation:
    """A road of 10 km from the station over the fork to the hamlet; fires north of the hamlet and of the fork.

    Fires after the first begin `later_h`. Somebody sees each fire at once.
    They grow by a script: `sim.fires.hazard` is a FakeFire, at time 0.
    """
    fires = tuple(
        Ignition(id=f"fire-{i}", time_h=later_h if i else 0.0, **spot(10.0 - 5 * i, north_km)) for i in range(ignitions)
    )
    plain: dict[str, Any] = {
        "villages": (Village(id="hamlet", population=0, ordered=False, **spot(10, 0)),),
        "bases": (Base(id="station", **spot(0, 0)),),
        "junctions": (Junction(id="fork", **spot(5, 0)),),
        "roads": chain(["station", "fork", "hamlet"], length_km=5.0),
        "water_sources": (WaterSource(id="lake", depth_m=5, **spot(10, 12)),),
        "ignitions": fires,
        "detectors": (Detector(id="guard", kind="residents", revisit_h=0.01, delay_h=0, chance=1),),
        "shelters": (), "depots": (), "landing_sites": (), "levels": (), **NOBODY, "teams": crews(),
    }  # fmt: skip
    sections: dict[str, Any] = {"command": QUICK}
    if levels:  # named here too, so that crews know from the start that levels will come
        sections["command"] = QUICK.model_copy(update={"levels": (ResponseLevel(level="IV", time_h=NEVER_H),)})
    flood = settings(hours, hazard=Flood(uncertainty=CERTAIN), **sections)
    world = compile_world(flooded_row(**(plain | {"settings": flood} | tables)))
    sim = build(world, 1, 0)
    wildfire = settings(hours, hazard=Wildfire(kind="wildfire", **({"step_h": STEP_H} | (hazard or {}))), **sections)
    sim.settings = wildfire
    sim.world = dataclasses.replace(world, scenario=world.scenario.model_copy(update={"settings": wildfire}))
    script = FakeFire(world.scenario.ignitions)
    sim.env.process(
        hazard_process.run(sim, script, FireWatch(sim, script), Isolation(sim.roads, sim.contact, sim.villages))
    )
    return sim


def spot(east_km: float, north_km: float) -> dict[str, float]:
    """A point of a small map near 116 E, 39 N."""
    lat = 39.0 + north_km / DEGREE_KM
    return {"lon": 116.0 + east_km / DEGREE_KM / math.cos(math.radians(39.0)), "lat": lat}


def fake(sim: Simulation) -> FakeFire:
    """The script of a simulation."""
    assert isinstance(sim.fires.hazard, FakeFire)
    return sim.fires.hazard


def run(sim: Simulation, until_h: float) -> Story:
    """Go on to a time, and tell what has happened."""
    sim.env.run(until=until_h)
    return so_far(sim)
