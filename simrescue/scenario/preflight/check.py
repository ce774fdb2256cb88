"""The pre-flight: what fails on paper already, before anything is run.

Roads are open, the weather is fair for travel, the hazard comes as recorded or forecast, without draws, and nobody
fights a fire.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from simrescue.hazards.flood.depth_effects import refuge_limits_m
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.kinds import kind_of, sites, vehicle_of
from simrescue.parameters import table
from simrescue.places import CONSUMABLE, NEEDS, Place
from simrescue.plans import lines
from simrescue.responders import Aircraft
from simrescue.scenario.plans_file import is_static, load_compared, load_plan
from simrescue.scenario.preflight.call_check import calls_nobody_can_serve
from simrescue.scenario.preflight.findings import (
    SEVERITIES,
    TOPICS,
    Finding,
    Findings,
    hours_zh,
    named,
    shown,
    shown_zh,
)
from simrescue.scenario.preflight.fire_check import FIRE_CHECKS
from simrescue.scenario.preflight.flood_spread import drawn_spread, sentences
from simrescue.scenario.preflight.idle import idle
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.passed_over import passed_over
from simrescue.scenario.preflight.slips import SLIPS, findings
from simrescue.scenario.preflight.slips_flood import FLOOD_SLIPS
from simrescue.scenario.preflight.unread import unread
from simrescue.scenario.records import Scenario, Settings
from simrescue.scenario.static_measures import MINIMUM_STAFF, measured
from simrescue.scenario.travel_times import flight_h
from simrescue.scenario.validation.references import declared
from simrescue.units import write_hours, write_moment

ARRIVAL_LIMITS_H = (0.5, 1.0, 2.0, 10.0)
"""Limits of the plans and service circles: 30 min, 1 h and 2 h to arrive, 10 h for relief."""
RESCUE_KINDS = ("fire", "militia", "mobile", "general")
"""Kinds of teams that the staffing minima are for (综合应急救援队伍)."""
NEED_ZH = dict(zip(NEEDS, ("食品", "衣被", "饮水", "住所", "医疗"), strict=True))

RESPONSE_LEVELS = ("I", "II", "III", "IV")
"""Highest first: a level sets free who waits for it or for a lower one."""
LEVEL_ZH = {"city": "市级", "county": "县级", "township": "乡镇级"}


def check(scenario: Scenario) -> Findings:
    """Everything that can be said without a run, gravest first, then by topic and subject."""
    look = Look.at(scenario)
    hazards = [hazard_named(name) for name in scenario.settings.hazards]
    checks = (*CHECKS, *(ask for kind in hazards for ask in kind.checks))
    found = [finding for ask in checks for finding in ask(look)]
    slips = (*SLIPS, *(ask for kind in hazards for ask in kind.slips))
    found += [finding for ask in slips for finding in findings(scenario, ask)]
    found += [*passed_over(scenario.folder), *unread(scenario), *idle(scenario)]
    return Findings(sorted(found, key=lambda f: (SEVERITIES.index(f.severity), TOPICS.index(f.topic), f.subject)))


def unreachable_places(look: Look) -> Iterator[Finding]:
    """Places that no road leads to from where help comes from."""
    for village, road, air in zip(look.scenario.villages, look.best.by_road.hours, look.best.by_air.hours, strict=True):
        if np.isinf(road) and np.isinf(air):
            yield Finding(
                "error",
                "reach",
                village.id,
                f"{shown(village)}: no responder has a road there, and there is no helicopter",
                f"{shown_zh(village)}：所有救援力量均无路可达，也无直升机",
                {"population": float(village.population)},
            )
        elif np.isinf(road):
            yield Finding(
                "warning",
                "reach",
                village.id,
                f"{shown(village)}: no responder has a road there, only helicopters reach it",
                f"{shown_zh(village)}：无路可达，只能靠直升机",
                {"population": float(village.population), "air_h": float(air)},
            )
    for place in (*look.scenario.shelters, *look.scenario.depots):
        if np.isinf(look.ground.drive_h("truck", place.id)).all():
            yield Finding(
                "warning",
                "reach",
                place.id,
                f"{shown(place)}: no road leads to any village",
                f"{shown_zh(place)}：没有通往任何村庄的道路",
                {},
            )


def late_villages(look: Look) -> Iterator[Finding]:
    """For each limit, villages that even the nearest responder cannot reach in time."""
    hours = look.best.hours
    for limit in ARRIVAL_LIMITS_H:
        late = [v for v, h in zip(look.scenario.villages, hours, strict=True) if h > limit]
        if late:
            names, names_zh = named(late)
            verb = "is" if len(late) == 1 else "are"
            yield Finding(
                "warning" if limit >= ARRIVAL_LIMITS_H[-1] else "note",
                "arrival",
                "",
                f"{len(late)} of {len(hours)} villages {verb} beyond {write_hours(limit)} for every responder,"
                f" even on open roads: {names}",
                f"即使道路畅通，也有 {len(late)}/{len(hours)} 个村庄在 {hours_zh(limit)}内无人可达：{names_zh}",
                {"limit_h": limit, "villages": float(len(late)), "share": len(late) / len(hours)},
            )


def idle_responders(look: Look) -> Iterator[Finding]:
    """Responders that no run can use, or not within the last limit."""
    scenario, settings = look.scenario, look.scenario.settings
    villages = look.hazard.villages_hit
    limit = ARRIVAL_LIMITS_H[-1]
    for row in scenario.responders:
        if not row.count:
            continue
        name, name_zh = row.name or row.id, row.name_zh or row.name or row.id
        why, why_zh = _never_released(row.release, settings)
        if why:
            yield Finding("warning", "responder", row.id, f"{name} {why}", f"{name_zh}{why_zh}", {})
        if row.available is not None and row.available >= settings.duration_h:
            yield Finding(
                "warning",
                "responder",
                row.id,
                f"{name} is available only after the end of the scenario",
                f"{name_zh}在情景结束后才可用",
                {"available_h": row.available},
            )
        flies = isinstance(row, Aircraft)
        if isinstance(row, Aircraft):
            travel = flight_h(look.ground, row)
        else:
            travel = look.ground.drive_h(vehicle_of(row), row.base)
        soonest = row.turnout_h + look.to_concerned(travel)
        if np.isinf(soonest):
            yield Finding(
                "warning",
                "responder",
                row.id,
                f"{name} has no {'fuel' if flies else 'road'} to any village {villages.en}",
                f"{name_zh}{'续航不足以往返' if flies else '无路通往'}任何{villages.zh}",
                {},
            )
        elif soonest > limit:
            yield Finding(
                "note",
                "responder",
                row.id,
                f"{name} needs {write_hours(soonest)} to the nearest village {villages.en}:"
                f" never within {write_hours(limit)} of a call",
                f"{name_zh}到最近的{villages.zh}需 {hours_zh(soonest)}，接令后 {hours_zh(limit)}内不可能到达",
                {"soonest_h": soonest, "limit_h": limit},
            )


def _never_released(release: str, settings: Settings) -> tuple[str, str]:
    """Why a crew that waits for a response level is never free, in both languages; empty: it is, or waits for none."""
    if not release:
        return "", ""
    if release not in declared(settings):
        return (
            f"is set free by response level {release}, which is never declared",
            f"须在 {release} 级响应后出动，但情景中从未启动该级响应",
        )
    enough = RESPONSE_LEVELS[: RESPONSE_LEVELS.index(release) + 1]
    if not set(enough) & set(declared(settings, settings.duration_h)):
        return (
            f"is set free by response level {release}, which is declared only after the end of the run",
            f"须在 {release} 级响应后出动，但该级响应在模拟结束后才启动",
        )
    return "", ""


def flooded_places(look: Look) -> Iterator[Finding]:
    """Who and what stands in the water."""
    scenario, flooded = look.scenario, look.hit
    people = sum(village.population for village in flooded)
    if flooded:
        yield Finding(
            "note",
            "flood",
            "",
            f"{len(flooded)} of {len(scenario.villages)} villages with {people:,} people get wet, the first after"
            f" {write_hours(look.first_h)}",
            f"{len(flooded)}/{len(scenario.villages)} 个村庄、{people:,} 人进水，最早在 {hours_zh(look.first_h)}后",
            {"villages": float(len(flooded)), "persons": float(people), "first_h": look.first_h},
        )
    else:
        yield Finding("warning", "flood", "", "no village gets wet", "没有村庄进水", {"villages": 0.0})
    for zone in sorted(_zones_without_levels(scenario)):
        yield Finding(
            "warning",
            "flood",
            zone,
            f"zone {zone} has places but no water levels: it stays dry",
            f"分区 {zone} 内有地点但没有水位数据，始终不进水",
            {},
        )
    for place in (place for kind in sites() for place in scenario.table(kind.table)):
        yield from _in_the_water(look, place)


def _zones_without_levels(scenario: Scenario) -> set[str]:
    if scenario.settings.flood.source != "levels":
        return set()
    return {place.zone for place in scenario.places} - {level.zone for level in scenario.levels} - {""}


def _in_the_water(look: Look, place: Place) -> Iterator[Finding]:
    at = look.ground.index[place.id]
    depth, arrival = float(look.crest.depth_m[at]), float(look.crest.arrival_h[at])
    parameters = look.scenario.parameters
    if depth > parameters.depth_wet_m:
        noun = kind_of(place).noun
        yield Finding(
            "warning" if depth > parameters.depth_limit_m("truck") else "note",
            "flood",
            place.id,
            f"{noun.one} {shown(place)} floods: water after {write_hours(arrival)}, up to {depth:.1f} m",
            f"{noun.zh}{shown_zh(place)}进水：{hours_zh(arrival)}后来水，最深 {depth:.1f} 米",
            {"arrival_h": arrival, "depth_m": depth},
        )


def people_of_the_jurisdiction(look: Look) -> Iterator[Finding]:
    """A jurisdiction of fewer people than its villages have."""
    stated = look.scenario.settings.jurisdiction.population
    people = sum(village.population for village in look.scenario.villages)
    if 0 < stated < people:
        yield Finding(
            "warning",
            "input",
            "jurisdiction",
            f'scenario.yaml, jurisdiction.population: "{stated:,}": fewer than the {people:,} people of its villages;'
            " what is counted for a million people is too large",
            f"scenario.yaml，jurisdiction.population：“{stated:,}”：少于各村庄人口之和 {people:,}，百万人口指标偏大",
            {"stated": float(stated), "persons": float(people)},
        )


def uncertain_flood(look: Look) -> Iterator[Finding]:
    """How much first water and crest differ between courses of the flood, beside what the scenario states."""
    stated = look.scenario.settings.flood.uncertainty
    found = drawn_spread(look.scenario) if stated.arrival_h or stated.level_m or stated.duration else None
    if found:
        names = [(shown(village), shown_zh(village)) for village in look.scenario.villages]
        numbers = {"first_water_sd_h": found.first_water.median, "worst_first_water_sd_h": found.first_water.worst,
                   "crest_sd_m": found.crest.median, "worst_crest_sd_m": found.crest.worst}  # fmt: skip
        yield Finding("note", "flood", "", *sentences(found, stated.model_dump(), names), numbers)


def drowned_houses(look: Look) -> Iterator[Finding]:
    """Villages where the recorded flood comes over the houses, and where it is deeper than deaths are known for."""
    parameters, villages = look.scenario.parameters, look.scenario.villages
    depth = look.crest.depth_m[: len(villages)]
    _, floor_m, roof_m = refuge_limits_m(parameters)
    known_m = parameters.fatality_depth_max_m
    texts = (
        (
            min(floor_m, roof_m),
            f"water comes over upper floors ({floor_m:.1f} m deep) or roofs ({roof_m:.1f} m)",
            f"积水漫过二层楼面(水深 {floor_m:.1f} 米)或屋顶({roof_m:.1f} 米)",
        ),
        (
            known_m,
            f"water is deeper than {known_m:g} m, beyond the range of the relation between depth and deaths",
            f"水深超过 {known_m:g} 米，超出水深与死亡率关系的适用范围",
        ),
    )
    for limit_m, text, text_zh in texts:
        deep = [village for village, depth_m in zip(villages, depth, strict=True) if depth_m > limit_m]
        if deep:
            names, names_zh = named(deep)
            people = sum(village.population for village in deep)
            yield Finding(
                "warning",
                "flood",
                "",
                f"{text} in {len(deep)} villages with {people:,} people, up to {depth.max():.1f} m: {names}",
                f"{text_zh}：{len(deep)} 个村庄、{people:,} 人，最深 {depth.max():.1f} 米：{names_zh}",
                {"limit_m": limit_m, "depth_m": float(depth.max()), "villages": len(deep), "persons": people},
            )


def late_settings(look: Look) -> Iterator[Finding]:
    """Response levels and steps of the warning that come after the end of the run, with their lines."""
    settings, lines = look.scenario.settings, look.scenario.lines
    moments: list[tuple[tuple[str | int, ...], float | None]] = [
        (("command", "levels", i, "time"), step.time_h) for i, step in enumerate(settings.command.levels)
    ]
    moments += [(("warning", name), getattr(settings.warning, name)) for name in ("forecast", "order", "call_out")]
    for path, at in moments:
        if at is None or at < settings.duration_h:
            continue
        line, key, moment = lines.get(path), ".".join(str(part) for part in path), write_moment(at, settings.start)
        where, where_zh = (f" line {line}", f" 第 {line} 行") if line else ("", "")
        late_h = at - settings.duration_h
        yield Finding(
            "warning",
            "input",
            key,
            f'scenario.yaml{where}, {key}: "{moment}": {write_hours(late_h)} after the end of the run',
            f"scenario.yaml{where_zh}，{key}：“{moment}”：在模拟结束之后 {hours_zh(late_h)}",
            {"time_h": at},
        )


def short_stock(look: Look) -> Iterator[Finding]:
    """Needs of which all stock together does not reach for those whose village is hit."""
    people_hit = look.hazard.people_hit
    relief, people = look.scenario.settings.relief, sum(village.population for village in look.hit)
    stores = (*look.scenario.depots, *look.scenario.shelters)
    reached = [one for one in stores if np.isfinite(look.to_concerned(look.ground.drive_h("truck", one.id)))]
    for need in relief.tracked:
        used_up = CONSUMABLE[NEEDS.index(need)]
        wanted, unit = people * (relief.days_sent if used_up else 1.0), "person-days" if used_up else "people"
        held = float(sum(getattr(one, need) for one in reached))
        if held < wanted:
            yield Finding(
                "warning",
                "stock",
                need,
                f"stock of {need} is for {held:,.0f} of {wanted:,.0f} {unit} ({people:,} people {people_hit.en})",
                f"{NEED_ZH[need]}储备 {held:,.0f}，需要 {wanted:,.0f}（{people_hit.zh} {people:,} 人）",
                {"held": held, "needed": wanted, "persons": float(people)},
            )


def short_shelters(look: Look) -> Iterator[Finding]:
    """Shelters with less room than people sent there."""
    asked = look.scenario.villages if look.is_foreseen else look.hit
    ordered = [village for village in asked if village.ordered]
    people, room = sum(v.population for v in ordered), sum(s.capacity for s in look.scenario.shelters)
    if room < people:
        yield Finding(
            "warning",
            "shelter",
            "",
            f"shelters have room for {room:,} of {people:,} people under the evacuation order",
            f"避难场所可容纳 {room:,} 人，应转移 {people:,} 人",
            {"capacity": float(room), "persons": float(people)},
        )
    for shelter in look.scenario.shelters:
        sent = sum(village.population for village in ordered if village.shelter == shelter.id)
        if sent > shelter.capacity:
            yield Finding(
                "note",
                "shelter",
                shelter.id,
                f"{shown(shelter)} has room for {shelter.capacity:,}; villages of {sent:,} people are sent there",
                f"{shown_zh(shelter)}可容纳 {shelter.capacity:,} 人，预案指定转移至此 {sent:,} 人",
                {"capacity": float(shelter.capacity), "persons": float(sent)},
            )


def short_staff(look: Look) -> Iterator[Finding]:
    """Teams below the minimum of their level."""
    for level, minimum in MINIMUM_STAFF.items():
        teams = [t for t in look.scenario.teams if t.level == level and t.kind in RESCUE_KINDS]
        total, small = sum(t.count for t in teams), sum(t.count for t in teams if t.size < minimum)
        if small:
            yield Finding(
                "note",
                "staff",
                level,
                f"rescue teams of {level} level with fewer than {minimum} people (Henan's minimum): {small} of {total}",
                f"{LEVEL_ZH[level]}综合救援队伍 {small}/{total} 支不足 {minimum} 人（河南省规划标准）",
                {"teams": float(total), "below": float(small), "minimum": float(minimum)},
            )


def broken_clauses(look: Look) -> Iterator[Finding]:
    """Clauses that the scenario alone answers, and breaks: a warning for an obligation, else a note."""
    scenario = look.scenario
    named = scenario.settings.plan
    own = [load_plan(name, scenario.folder) for name in ((named,) if isinstance(named, str) else named)]
    for line in lines(own, load_compared(own, scenario.folder), scenario.settings.start.year):
        clause = line.clause
        if clause.threshold is None or clause.measure is None or clause.not_measured or not is_static(clause):
            continue
        reached = measured(scenario, clause.measure, clause.settings)
        if not np.isnan(reached) and not clause.holds(reached):
            yield Finding(
                "warning" if line.kind == "obligation" else "note",
                "clause",
                f"{line.plan.name} {clause.id}",
                f"{clause.name}: {reached:.4g}, required {clause.comparison.replace('_', ' ')} {clause.threshold:.4g}",
                f"{clause.name_zh}：{reached:.4g}，未达到 {clause.threshold:.4g}",
                {"reached": reached, "threshold": clause.threshold},
            )


def odd_parameters(look: Look) -> Iterator[Finding]:
    """Default numbers that the scenario sets outside the range that is believed, or for nothing in its hazard."""
    kinds = look.scenario.settings.hazards
    for name, number in look.scenario.parameters.changed().items():
        row = table()[name]
        numbers = {"value": number, "default": row.value}
        if not row.believes(number):
            between = f"{'' if row.low is None else f'{row.low:g}'} to {'' if row.high is None else f'{row.high:g}'}"
            yield Finding(
                "warning",
                "parameter",
                name,
                f"{name} is set to {number:g} {row.unit}, outside its range {between}; default {row.value:g}",
                f"参数 {name} 设为 {number:g} {row.unit}，超出范围（{between}），默认值 {row.value:g}",
                numbers,
            )
        if row.hazard not in ("all", "menu", *kinds):
            yield Finding(
                "warning",
                "parameter",
                name,
                f"{name} is set, but nothing in this kind of event reads it",
                f"设定了参数 {name}，但此类事件不使用该参数",
                numbers,
            )


CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    unreachable_places,
    late_villages,
    idle_responders,
    calls_nobody_can_serve,
    people_of_the_jurisdiction,
    late_settings,
    short_stock,
    short_shelters,
    short_staff,
    odd_parameters,
    broken_clauses,
)
"""Asked of every scenario."""
extend("flood", checks=(flooded_places, uncertain_flood, drowned_houses), slips=FLOOD_SLIPS)
extend("wildfire", checks=FIRE_CHECKS)
