"""The pre-flight of a forest fire: where it can burn, who would see it, and whether those who fight it can be there.

Like all of the pre-flight it looks at the best case: open roads, fair weather for flying. The fire itself runs in the
weather as forecast, and nobody fights it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from simrescue.kinds import kind_of, sites, vehicle_of
from simrescue.network import great_circle_km
from simrescue.places import Ignition, WaterSource
from simrescue.responders import Aircraft
from simrescue.scenario.preflight.findings import Finding, hours_zh, named, shown, shown_zh
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.records import Detector
from simrescue.scenario.travel_times import Ground
from simrescue.units import write_hours

GROUND_LIMITS_H = (0.5, 1.0, 2.0)
"""Service circles for forces on the ground: 30 min, 1 h, 2 h."""
AIR_LIMIT_H = 2.0
"""Plans want aircraft at the place of a disaster within 2 h (Henan, plan of 2021-12-31)."""
BUCKET_KM = 20.0
"""Farthest water for buckets without a remark: the way there and back takes some ten minutes (assumed)."""


def ignitions(look: Look) -> Iterator[Finding]:
    """Fires that cannot start, or only after the end."""
    landscape, duration_h = look.scenario.landscape, look.scenario.settings.duration_h
    for one in look.scenario.ignitions:
        fuel = int(landscape.fuel.flat[landscape.cell_of(one.lon, one.lat)])
        if not landscape.burns.flat[landscape.cell_of(one.lon, one.lat)]:
            yield Finding(
                "error",
                "fire",
                one.id,
                f"{shown(one)} is on ground that does not burn (fuel number {fuel}): there is no fire",
                f"{shown_zh(one)}位于不可燃地面（可燃物编号 {fuel}），不会起火",
                {"fuel": float(fuel)},
            )
        if one.time_h >= duration_h:
            yield Finding(
                "warning",
                "fire",
                one.id,
                f"{shown(one)} starts only after the end of the scenario",
                f"{shown_zh(one)}在情景结束后才起火",
                {"time_h": one.time_h},
            )


def hit_places(look: Look) -> Iterator[Finding]:
    """Who and what the fire would reach."""
    scenario, hit = look.scenario, look.hit
    people = sum(village.population for village in hit)
    numbers = {"villages": float(len(hit)), "persons": float(people), "first_h": look.first_h}
    total, first, first_zh = len(scenario.villages), write_hours(look.first_h), hours_zh(look.first_h)
    if hit:
        yield Finding(
            "note",
            "fire",
            "",
            f"if nobody fights it, the fire comes to {len(hit)} of {total} villages with {people:,} people, to the"
            f" first after {first}",
            f"若无人扑救，火将蔓延到 {len(hit)}/{total} 个村庄、{people:,} 人，最早在 {first_zh}后",
            numbers,
        )
    else:
        yield Finding(
            "note",
            "fire",
            "",
            "even if nobody fights it, the fire comes to no village",
            "即使无人扑救，火也不会蔓延到任何村庄",
            {"villages": 0.0},
        )
    for place in (place for kind in sites() for place in scenario.table(kind.table)):
        arrival = float(look.crest.arrival_h[look.ground.index[place.id]])
        if np.isfinite(arrival):
            noun = kind_of(place).noun
            yield Finding(
                "warning",
                "fire",
                place.id,
                f"{noun.one} {shown(place)} is in the way of the fire: flames after {write_hours(arrival)}",
                f"{noun.zh}{shown_zh(place)}受火威胁：{hours_zh(arrival)}后火到",
                {"arrival_h": arrival},
            )


def off_the_landscape(look: Look) -> Iterator[Finding]:
    """Villages that no fire can come to, since the landscape ends before them."""
    landscape = look.scenario.landscape
    away = [v for v in look.scenario.villages if landscape.cell_of(v.lon, v.lat) < 0]
    if away:
        names, names_zh = named(away)
        total = len(look.scenario.villages)
        yield Finding(
            "note",
            "fire",
            "",
            f"{len(away)} of {total} villages lie outside the landscape, where no fire burns: {names}",
            f"{len(away)}/{total} 个村庄在地形范围之外，火不会到达：{names_zh}",
            {"outside": float(len(away))},
        )


def eyes(look: Look) -> Iterator[Finding]:
    """Ignitions that nobody ever looks at."""
    for one in look.scenario.ignitions:
        if not any(_covers(detector, one) for detector in look.scenario.detectors):
            yield Finding(
                "warning",
                "fire",
                one.id,
                f"{shown(one)}: no detector covers it, so the fire is never found",
                f"{shown_zh(one)}：没有任何监测手段覆盖，火情不会被发现",
                {},
            )


def _covers(detector: Detector, one: Ignition) -> bool:
    if detector.lon is None or detector.lat is None or detector.range_km is None:
        return True
    return float(great_circle_km(detector.lon, detector.lat, one.lon, one.lat)) <= detector.range_km


def hands(look: Look) -> Iterator[Finding]:
    """Whether there are crews for the line, how soon the first is at each fire, and enough of them for the stages."""
    crews = _crews(look)
    if not crews:
        yield Finding(
            "warning",
            "fire",
            "",
            "no team has the task suppression: nobody fights the fire on the ground",
            "没有任何队伍承担 suppression 任务，地面无人扑救",
            {},
        )
        return
    for one in look.scenario.ignitions:
        at = _nearest_village(look.ground, one)
        soonest = min(crew.turnout_h + float(look.ground.drive_h(vehicle_of(crew), crew.base)[at]) for crew in crews)
        late = [limit for limit in GROUND_LIMITS_H if soonest > limit]
        if late:
            village, circle, circle_zh = look.scenario.villages[at], write_hours(late[-1]), hours_zh(late[-1])
            after = (
                "nobody comes by road"
                if np.isinf(soonest)
                else f"the first crew can be there after {write_hours(soonest)}"
            )
            after_zh = "无路可达" if np.isinf(soonest) else f"首支队伍最快 {hours_zh(soonest)}到达"
            yield Finding(
                "warning" if late[-1] == GROUND_LIMITS_H[-1] else "note",
                "fire",
                one.id,
                f"{shown(one)} is outside the {circle} circle of all crews on the ground: at {shown(village)}, the"
                f" village nearest to it, {after}",
                f"{shown_zh(one)}不在任何地面队伍 {circle_zh}出动圈内：最近的{shown_zh(village)}{after_zh}",
                {"soonest_h": soonest, "limit_h": late[-1]},
            )
    yield from _stages(look, sum(crew.size * crew.count for crew in crews))


def _stages(look: Look, persons: int) -> Iterator[Finding]:
    """Stages that ask for more than the scenario has."""
    aircraft = sum(row.count for row in _bombers(look))
    for number, stage in enumerate(look.scenario.settings.wildfire.stages, 1):
        wanted = stage.helicopters
        if stage.persons > persons or wanted > aircraft:
            yield Finding(
                "warning",
                "fire",
                f"stage {number}",
                f"stage {number} wants {stage.persons:,} people on the line and {wanted} aircraft; the scenario has"
                f" {persons:,} and {aircraft}",
                f"第 {number} 阶段需要 {stage.persons:,} 人、{wanted} 架飞机，情景中只有 {persons:,} 人、{aircraft} 架",
                {"persons": float(persons), "helicopters": float(aircraft)},
            )


def aircraft(look: Look) -> Iterator[Finding]:
    """Whether aircraft with water can be over each fire in time, and where they fill."""
    bombers = _bombers(look)
    deep = [one for one in look.scenario.water_sources if one.depth_m >= look.scenario.parameters.bucket_depth_m]
    for one in look.scenario.ignitions if bombers else ():
        soonest = min(row.turnout_h + _km(look.ground, row.base, one) / row.cruise_kmh for row in bombers)
        if soonest > AIR_LIMIT_H:
            yield Finding(
                "warning",
                "fire",
                one.id,
                f"{shown(one)}: the first aircraft with water needs {write_hours(soonest)}, more than"
                f" {write_hours(AIR_LIMIT_H)}",
                f"{shown_zh(one)}：首架吊桶直升机需 {hours_zh(soonest)}，超过 {hours_zh(AIR_LIMIT_H)}",
                {"soonest_h": soonest, "limit_h": AIR_LIMIT_H},
            )
        yield from _far_water(look, one, deep)


def _far_water(look: Look, one: Ignition, deep: list[WaterSource]) -> Iterator[Finding]:
    nearest = min((_km(look.ground, source.id, one) for source in deep), default=np.inf)
    needed = look.scenario.parameters.bucket_depth_m
    if nearest > BUCKET_KM:
        where = "there is none" if np.isinf(nearest) else f"the nearest is {nearest:.0f} km away"
        where_zh = "一处也没有" if np.isinf(nearest) else f"最近的在 {nearest:.0f} 公里外"
        yield Finding(
            "warning",
            "fire",
            one.id,
            f"{shown(one)}: no water source within {BUCKET_KM:g} km is deep enough for buckets ({needed:g} m); {where}",
            f"{shown_zh(one)}：{BUCKET_KM:g} 公里内没有水深 {needed:g} 米以上、可供吊桶取水的水源，{where_zh}",
            {"nearest_km": nearest, "limit_km": BUCKET_KM},
        )


def _crews(look: Look) -> list[Any]:
    """Rows of crews whose hands count on the line."""
    rows = (row for row in look.scenario.responders if "suppression" in kind_of(row).tasks)
    return [row for row in rows if row.count and "suppression" in getattr(row, "tasks", ())]


def _bombers(look: Look) -> list[Aircraft]:
    rows = (row for row in look.scenario.responders if isinstance(row, Aircraft))
    return [row for row in rows if row.count and row.bucket_t > 0 and "water_drop" in row.tasks]


def _nearest_village(ground: Ground, one: Ignition) -> int:
    """Index of the village nearest to an ignition in a straight line."""
    n = ground.n_villages
    return int(great_circle_km(one.lon, one.lat, ground.lon[:n], ground.lat[:n]).argmin())


def _km(ground: Ground, place: str, one: Ignition) -> float:
    at = ground.index[place]
    return float(great_circle_km(one.lon, one.lat, ground.lon[at], ground.lat[at]))


def given_fire(look: Look) -> Iterator[Finding]:
    """A fire that nobody can slow, since its arrival times come from another model."""
    if look.scenario.settings.wildfire.layers.arrival:
        yield Finding(
            "warning",
            "fire",
            "",
            "the fire comes from another model's arrival times: nothing that responders do slows it",
            "火场到达时间取自其他模型，扑救不影响火势蔓延",
            {},
        )


FIRE_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    ignitions,
    hit_places,
    off_the_landscape,
    given_fire,
    eyes,
    hands,
    aircraft,
)
"""Asked of fires."""
