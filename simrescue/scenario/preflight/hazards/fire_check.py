"""The pre-flight of a forest fire: where it can burn, who would see it, and whether those who fight it can be there.

Like all of the pre-flight it looks at the best case: open roads, fair weather for flying. The fire itself runs in the
weather as forecast, and nobody fights it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from simrescue.hazards.wildfire.danger.danger_grade import GRADES, wind_force
from simrescue.hazards.wildfire.settings import Stage
from simrescue.kinds import kind_of, sites, vehicle_of
from simrescue.network import great_circle_km
from simrescue.places import Ignition, Village, WaterSource
from simrescue.responders import LINE_TRAINED, Aircraft
from simrescue.scenario.preflight.findings import Finding, duration, named, shown
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.records import Detector, IgnitionRate, Scenario
from simrescue.scenario.travel_times import Ground
from simrescue.wording import Words, bilingual, listed

GROUND_LIMITS_H = (0.5, 1.0, 2.0)
"""Service circles for forces on the ground: 30 min, 1 h, 2 h."""
AIR_LIMIT_H = 2.0
"""Plans want aircraft at the place of a disaster within 2 h (Henan, plan of 2021-12-31)."""
DANGER_DAYS = 7
"""Days up to which the danger of each is told."""
SURE_SD = 3.0
"""Standard deviations above the mean up to which there should be a spot for each fire."""
LARGEST_CREW = 100
"""People above whom a row of one crew is remarked (assumed: four or five squads of the Chinese brigades)."""
BUCKET_KM = 20.0
"""Farthest water for buckets without a remark: the way there and back takes some ten minutes (assumed)."""


def ignitions(look: Look) -> Iterator[Finding]:
    """Fires that cannot start, or only after the end."""
    landscape, duration_h = look.scenario.landscape, look.scenario.settings.duration_h
    for ignition in look.scenario.ignitions:
        cell = landscape.cell_of(ignition.lon, ignition.lat)
        fuel = int(landscape.fuel.flat[cell])
        if not landscape.burns.flat[cell]:
            yield Finding(
                "fault",
                "fire",
                ignition.id,
                *bilingual(
                    "{fire} is on ground that does not burn (fuel number {fuel}): there is no fire",
                    fire=shown(ignition),
                    fuel=fuel,
                ),
                {"fuel": float(fuel)},
            )
        if ignition.time_h >= duration_h:
            message = bilingual("{fire} starts only after the end of the scenario", fire=shown(ignition))
            yield Finding("doubtful", "fire", ignition.id, *message, {"time_h": ignition.time_h})


def hit_places(look: Look) -> Iterator[Finding]:
    """Who and what the fires that are sure would reach."""
    scenario, hit = look.scenario, look.hit
    if not scenario.ignitions:
        return
    people = sum(village.population for village in hit)
    if hit:
        yield Finding(
            "note",
            "fire",
            "",
            *bilingual(
                "if nobody fights it, the fire comes to {hit} of {total} villages with {people:,} people, to the first"
                " after {first}",
                hit=len(hit),
                total=len(scenario.villages),
                people=people,
                first=duration(look.first_h),
            ),
            {"villages": float(len(hit)), "persons": float(people), "first_h": look.first_h},
        )
    else:
        message = bilingual("even if nobody fights it, the fire comes to no village")
        yield Finding("note", "fire", "", *message, {"villages": 0.0})
    for place in (place for kind in sites() for place in scenario.table(kind.table)):
        arrival = float(look.crest.arrival_h[look.ground.index[place.id]])
        if np.isfinite(arrival):
            noun = kind_of(place).noun
            yield Finding(
                "shortfall",
                "fire",
                place.id,
                *bilingual(
                    "{kind} {place} is in the way of the fire: flames after {arrival}",
                    kind=(noun.one, noun.zh),
                    place=shown(place),
                    arrival=duration(arrival),
                ),
                {"arrival_h": arrival},
            )


def off_the_landscape(look: Look) -> Iterator[Finding]:
    """Villages that no fire can come to, since the landscape ends before them; a fire that comes to its border."""
    landscape = look.scenario.landscape
    if look.crest.border_h < np.inf:
        yield Finding(
            "note",
            "fire",
            "",
            *bilingual(
                "if nobody fights it, the fire comes to the border of the landscape after {border}: one that does is"
                " never contained, and what it burns beyond is not known; a larger landscape tells",
                border=duration(look.crest.border_h),
            ),
            {"border_h": look.crest.border_h},
        )
    away = [v for v in look.scenario.villages if landscape.cell_of(v.lon, v.lat) < 0]
    if away:
        yield Finding(
            "note",
            "fire",
            "",
            *bilingual(
                "{away} of {total} villages lie outside the landscape, where no fire burns: {names}",
                away=len(away),
                total=len(look.scenario.villages),
                names=named(away),
            ),
            {"outside": float(len(away))},
        )


def eyes(look: Look) -> Iterator[Finding]:
    """Ignitions that nobody ever looks at."""
    for ignition in look.scenario.ignitions:
        if not any(_covers(detector, ignition) for detector in look.scenario.detectors):
            message = bilingual("{fire}: no detector covers it, so the fire is never found", fire=shown(ignition))
            yield Finding("shortfall", "fire", ignition.id, *message, {})


def danger(look: Look) -> Iterator[Finding]:
    """The fire danger of each day; of a long scenario the worst day."""
    from simrescue.hazards.wildfire.fire_course import scenario_danger

    days, settings = scenario_danger(look.scenario), look.scenario.settings.wildfire
    if "danger" not in settings.model_fields_set:
        message = bilingual(
            "{setting} is not given: the fire danger of the days is reckoned as if the season began with them",
            setting="hazard.danger",
        )
        yield Finding("note", "fire", "weather", *message, {})
    shown_days = days if len(days) <= DANGER_DAYS else (max(days, key=lambda day: (day.grade, day.points)),)
    for day in shown_days:
        weather, codes, index = day.weather, day.codes, day.indices
        numbers = {
            "grade": float(day.grade), "points": day.points, "temperature_c": weather.temperature_c,
            "humidity": weather.humidity, "dry_days": float(weather.dry_days), "wind_ms": weather.wind_ms,
            **codes._asdict(), **index._asdict(),
        }  # fmt: skip
        message = bilingual(
            "fire danger {day}: grade {grade} ({points:.0f} points: {temperature:.0f} °C, humidity {humidity:.0f} %,"
            " {dry_days} dry days, wind force {force}); fire weather index {fwi:.0f} (FFMC {ffmc:.0f}, DMC {dmc:.0f},"
            " DC {dc:.0f}, ISI {isi:.0f}, BUI {bui:.0f})",
            day=day.day.isoformat(),
            grade=GRADES[day.grade - 1],
            points=day.points,
            temperature=weather.temperature_c,
            humidity=weather.humidity * 100,
            dry_days=weather.dry_days,
            force=wind_force(weather.wind_ms),
            **codes._asdict(),
            **index._asdict(),
        )
        yield Finding("note", "fire", "weather", *message, numbers)


def by_chance(look: Look) -> Iterator[Finding]:
    """How many fires ignition_rates.csv comes to, and causes whose fires find no ground, or too few spots."""
    if not look.scenario.ignition_rates:
        return
    from simrescue.hazards.wildfire.fire_course import scenario_danger
    from simrescue.hazards.wildfire.ignition_rates import expected_fires, spots

    scenario, days = look.scenario, scenario_danger(look.scenario)
    duration_h, total = scenario.settings.duration_h, 0.0
    for rate in scenario.ignition_rates:
        fires = expected_fires(rate, days, duration_h)
        total += fires
        yield from _of_cause(scenario, rate, fires, spots(scenario, (rate,)))
    per_day = total / duration_h * 24
    message = bilingual(
        "by chance {fires:.1f} fires start in a replication on average, {per_day:.2g} a day",
        fires=total,
        per_day=per_day,
    )
    yield Finding("note", "fire", "ignition_rates", *message, {"fires": total, "per_day": per_day})


def _of_cause(scenario: Scenario, rate: IgnitionRate, fires: float, own: Sequence[Ignition]) -> Iterator[Finding]:
    """What is odd about one cause: `fires` expected of it in a replication, `own` the spots where they start."""
    if not own:
        message = bilingual("{cause}: no ground with fuel is near enough, so no such fire starts", cause=rate.id)
        yield Finding("doubtful", "fire", rate.id, *message, {"spots": 0.0})
    elif fires + SURE_SD * math.sqrt(fires) > len(own):
        message = bilingual(
            "{cause}: {fires:.1f} fires are expected and there are {spots} spots, so at times fires are left out",
            cause=rate.id,
            fires=fires,
            spots=len(own),
        )
        yield Finding("shortfall", "fire", rate.id, *message, {"fires": fires, "spots": float(len(own))})
    unseen = sum(not any(_covers(detector, spot) for detector in scenario.detectors) for spot in own)
    if unseen:
        message = bilingual(
            "{cause}: no detector covers {unseen} of {spots} spots: a fire there is never found",
            cause=rate.id,
            unseen=unseen,
            spots=len(own),
        )
        yield Finding("shortfall", "fire", rate.id, *message, {"unseen": float(unseen)})
    if any(high < low for low, high in pairwise(rate.per_day)):
        message = bilingual("{cause}: fewer fires a day at a higher grade of danger", cause=rate.id)
        yield Finding("shortfall", "fire", rate.id, *message, {})


def false_alarms(look: Look) -> Iterator[Finding]:
    """How many false alarms the detectors give."""
    per_day = math.fsum(detector.false_per_day for detector in look.scenario.detectors)
    if per_day:
        alarms = per_day * look.scenario.settings.duration_h / 24
        message = bilingual(
            "{alarms:.1f} false alarms come in a replication on average ({per_day:.2g} a day): a crew looks at each",
            alarms=alarms,
            per_day=per_day,
        )
        yield Finding("note", "fire", "detectors", *message, {"alarms": alarms, "per_day": per_day})


def _covers(detector: Detector, ignition: Ignition) -> bool:
    if detector.lon is None or detector.lat is None or detector.range_km is None:
        return True
    return float(great_circle_km(detector.lon, detector.lat, ignition.lon, ignition.lat)) <= detector.range_km


def hands(look: Look) -> Iterator[Finding]:
    """Whether there are crews for the line, how soon the first is at each fire, and enough of them for the stages."""
    crews = _crews(look)
    if not crews:
        message = bilingual("no team has the task {task}: nobody fights the fire on the ground", task="suppression")
        yield Finding("shortfall", "fire", "", *message, {})
        return
    for ignition in look.scenario.ignitions:
        at = _nearest_village(look.ground, ignition)
        soonest = min(crew.turnout_h + float(look.ground.drive_h(vehicle_of(crew), crew.base)[at]) for crew in crews)
        late = [limit for limit in GROUND_LIMITS_H if soonest > limit]
        if late:
            yield Finding(
                "shortfall" if late[-1] == GROUND_LIMITS_H[-1] else "note",
                "fire",
                ignition.id,
                *_outside(ignition, look.scenario.villages[at], late[-1], soonest),
                {"soonest_h": soonest, "limit_h": late[-1]},
            )
    yield from _stages(look, crews)
    yield from _reserve(look, crews)
    yield from _relief(look, crews)
    yield from _cut(crews)


def _outside(ignition: Ignition, village: Village, limit_h: float, soonest_h: float) -> Words:
    values = {"fire": shown(ignition), "circle": duration(limit_h), "place": shown(village)}
    if np.isinf(soonest_h):
        return bilingual(
            "{fire} is outside the {circle} circle of all crews on the ground: at {place}, the village nearest to it,"
            " nobody comes by road",
            **values,
        )
    return bilingual(
        "{fire} is outside the {circle} circle of all crews on the ground: at {place}, the village nearest to it, the"
        " first crew can be there after {soonest}",
        soonest=duration(soonest_h),
        **values,
    )


def rules_for_nobody(look: Look) -> Iterator[Finding]:
    """Rules of work that hold at every hour and in every wind, and let nobody work anywhere."""
    for number, rule in enumerate(look.scenario.settings.wildfire.rules):
        whole_day = rule.from_h == 0.0 and rule.to_h == 24.0
        nowhere = (rule.slope is None and rule.flame_m is None) or rule.slope == 0 or rule.flame_m == 0
        if rule.who == "all" and whole_day and not rule.night and rule.wind_ms == 0 and nowhere:
            setting = f"hazard.rules.{number}"
            message = bilingual("{setting} holds for everybody at every hour and in any wind: nobody ever works on the"
                                " line", setting=setting)  # fmt: skip
            yield Finding("fault", "fire", setting, *message, {})
        elif rule.from_h == rule.to_h:
            setting = f"hazard.rules.{number}"
            message = bilingual("{setting}: `from` and `to` are the same hour, so it never holds", setting=setting)
            yield Finding("doubtful", "fire", setting, *message, {})


def _stages(look: Look, crews: list[Any]) -> Iterator[Finding]:
    """Stages that ask for more than the scenario has of the tiers and kinds that they call, or for fewer aircraft."""
    aircraft, stages = sum(row.count for row in _bombers(look)), look.scenario.settings.wildfire.stages
    for number, stage in enumerate(stages, 1):
        called = [row for row in crews if any(passed.calls(row.level, row.kind) for passed in stages[:number])]
        persons = _hands(called)
        if stage.persons > persons or stage.helicopters > aircraft:
            yield Finding(
                "shortfall",
                "fire",
                f"stage {number}",
                *bilingual(
                    "stage {number} wants {persons:,} people on the line and {aircraft} aircraft; the scenario has"
                    " {present:,} and {present_aircraft}",
                    number=number,
                    persons=stage.persons,
                    aircraft=stage.helicopters,
                    present=persons,
                    present_aircraft=aircraft,
                ),
                {"persons": float(persons), "helicopters": float(aircraft)},
            )
    yield from _alike(crews, stages)
    most = max((stage.helicopters for stage in stages), default=aircraft)
    if aircraft > most * len(look.scenario.ignitions):
        message = bilingual(
            "no stage asks for more than {most} aircraft with water at a fire, and the scenario has {aircraft}: more of"
            " them only stand in for one that cannot fly",
            most=most,
            aircraft=aircraft,
        )
        yield Finding(
            "note", "fire", "hazard.stages", *message, {"wanted": float(most), "helicopters": float(aircraft)}
        )


def _alike(crews: list[Any], stages: Sequence[Stage]) -> Iterator[Finding]:
    """Stages for which untrained people who are there first take the place of trained ones: both count as heads."""
    untrained, mixed = [row for row in crews if row.kind not in LINE_TRAINED], []
    for number, stage in enumerate(stages, 1):
        calls = [passed.calls for passed in stages[:number]]
        called, some = (
            _hands([row for row in rows if any(call(row.level, row.kind) for call in calls)])
            for rows in (crews, untrained)
        )
        if 0 < some < called and stage.persons < called:
            mixed.append(number)
    if mixed:
        message = bilingual(
            "stages {stages} count heads: {untrained:,} untrained people, where they are there first, take the place of"
            " trained ones and build less line; {setting} says whom a stage means",
            stages=listed((str(number),) * 2 for number in mixed), untrained=_hands(untrained), setting="kinds",
        )  # fmt: skip
        yield Finding("note", "fire", "hazard.stages kinds", *message, {"untrained": float(_hands(untrained))})


def _hands(crews: list[Any]) -> int:
    return sum(crew.size * crew.count for crew in crews)


def _reserve(look: Look, crews: list[Any]) -> Iterator[Finding]:
    """Reserves into which no whole crew fits."""
    for rule in look.scenario.settings.wildfire.reserve:
        most, least = rule.persons * _hands(crews), min(crew.size for crew in crews)
        if 0 < most < least:
            yield Finding(
                "shortfall",
                "fire",
                "hazard.reserve",
                *bilingual(
                    "the reserve from grade {grade} on is {most:.0f} people; the smallest crew has {least:,}, so"
                    " nobody is kept back",
                    grade=rule.danger,
                    most=most,
                    least=least,
                ),
                {"persons": most, "smallest_crew": float(least)},
            )


def _relief(look: Look, crews: list[Any]) -> Iterator[Finding]:
    """Relief that nobody is left for."""
    fire, hands = look.scenario.settings.wildfire, _hands(crews)
    wanted = max((stage.persons for stage in fire.stages), default=hands)
    if fire.relief_stay_h and wanted >= hands:
        message = bilingual(
            "crews wait for relief, but the response wants {wanted:,} people at once and there are {present:,}: nobody"
            " is left to relieve them",
            wanted=wanted,
            present=hands,
        )
        yield Finding(
            "shortfall", "fire", "hazard.relief_stay", *message, {"wanted": float(wanted), "persons": float(hands)}
        )


def _cut(crews: list[Any]) -> Iterator[Finding]:
    """How hands are cut into crews: each crew works at one place at a time."""
    largest = max(crews, key=lambda crew: (crew.size, crew.id))
    if largest.size > LARGEST_CREW:
        message = bilingual(
            "{crew} has {size:,} people in one crew, more than {most}: they work at one place as one and leave"
            " together; how hands are cut into crews moves results, so try other counts and sizes of the row",
            crew=shown(largest),
            size=largest.size,
            most=LARGEST_CREW,
        )
        yield Finding("note", "fire", largest.id, *message, {"size": float(largest.size)})


def aircraft(look: Look) -> Iterator[Finding]:
    """Whether aircraft with water can be over each fire in time, and where they fill."""
    bombers = _bombers(look)
    deep_m = min((row.dip_depth_m for row in bombers), default=np.inf)
    deep = [source for source in look.scenario.water_sources if _fills_at(bombers, source)]
    for ignition in look.scenario.ignitions if bombers else ():
        soonest = min(row.turnout_h + _km(look.ground, row.base, ignition) / row.cruise_kmh for row in bombers)
        if soonest > AIR_LIMIT_H:
            yield Finding(
                "shortfall",
                "fire",
                ignition.id,
                *bilingual(
                    "{fire}: the first aircraft with water needs {soonest}, more than {limit}",
                    fire=shown(ignition),
                    soonest=duration(soonest),
                    limit=duration(AIR_LIMIT_H),
                ),
                {"soonest_h": soonest, "limit_h": AIR_LIMIT_H},
            )
        nearest = min((_km(look.ground, source.id, ignition) for source in deep), default=np.inf)
        if nearest > BUCKET_KM:
            numbers = {"nearest_km": nearest, "limit_km": BUCKET_KM}
            yield Finding("shortfall", "fire", ignition.id, *_far_water(ignition, nearest, deep_m), numbers)


def _far_water(ignition: Ignition, nearest_km: float, deep_m: float) -> Words:
    values: dict[str, Any] = {"fire": shown(ignition), "limit": BUCKET_KM, "depth": deep_m}
    if np.isinf(nearest_km):
        return bilingual(
            "{fire}: no water source within {limit:g} km is deep enough for buckets ({depth:g} m); there is none",
            **values,
        )
    return bilingual(
        "{fire}: no water source within {limit:g} km is deep enough for buckets ({depth:g} m); the nearest is"
        " {away:.0f} km away",
        away=nearest_km,
        **values,
    )


def pumps(look: Look) -> Iterator[Finding]:
    """Crews with pumps to which water can come nowhere on the landscape."""
    roads = bool(look.scenario.roads)
    for crew in _crews(look):
        if crew.pumps and not (crew.tank_t > 0 and roads) and not _has_source(look, crew.hose_km):
            yield Finding(
                "doubtful",
                "fire",
                crew.id,
                *bilingual(
                    "{crew} has pumps and never water: no water source that holds any lies within {hose:g} km of ground"
                    " that burns, and no tanks come to a road",
                    crew=shown(crew),
                    hose=crew.hose_km,
                ),
                {"hose_km": float(crew.hose_km)},
            )


def sources(look: Look) -> Iterator[Finding]:
    """Water sources that no aircraft of the scenario can fill at."""
    bombers = _bombers(look)
    useless = [source for source in look.scenario.water_sources if not _fills_at(bombers, source)]
    if bombers and useless:
        message = bilingual(
            "no aircraft can fill at {number} of {total} water sources, too shallow or too small: {names}",
            number=len(useless),
            total=len(look.scenario.water_sources),
            names=named(useless),
        )
        yield Finding("note", "fire", "water_sources", *message, {"sources": float(len(useless))})


def _has_source(look: Look, hose_km: float) -> bool:
    """Whether ground that burns lies within the reach of hose from a source that holds water."""
    landscape = look.scenario.landscape
    lon, lat = landscape.centre(np.flatnonzero(landscape.burns.ravel()))
    return any(
        bool((great_circle_km(source.lon, source.lat, lon, lat) <= hose_km).any())
        for source in look.scenario.water_sources
        if source.holds_t is None or source.holds_t > 0
    )


def _fills_at(bombers: Collection[Aircraft], source: WaterSource) -> bool:
    """Whether one of some aircraft can fill at a source: it is deep enough and holds a whole load."""
    holds_t = np.inf if source.holds_t is None else source.holds_t
    return any(source.depth_m >= row.dip_depth_m and holds_t >= row.bucket_t for row in bombers)


def _crews(look: Look) -> list[Any]:
    """Rows of crews whose hands count on the line."""
    rows = (row for row in look.scenario.responders if "suppression" in kind_of(row).tasks)
    return [row for row in rows if row.count and "suppression" in getattr(row, "tasks", ())]


def _bombers(look: Look) -> list[Aircraft]:
    """Rows of aircraft that drop water."""
    rows = (row for row in look.scenario.responders if isinstance(row, Aircraft))
    return [row for row in rows if row.count and row.bucket_t > 0 and "water_drop" in row.tasks]


def _nearest_village(ground: Ground, ignition: Ignition) -> int:
    """Index of the village nearest to an ignition in a straight line."""
    n = ground.n_villages
    return int(great_circle_km(ignition.lon, ignition.lat, ground.lon[:n], ground.lat[:n]).argmin())


def _km(ground: Ground, place: str, ignition: Ignition) -> float:
    at = ground.index[place]
    return float(great_circle_km(ignition.lon, ignition.lat, ground.lon[at], ground.lat[at]))


def given_fire(look: Look) -> Iterator[Finding]:
    """A fire that nobody can slow, since its arrival times come from another model."""
    if look.scenario.settings.wildfire.layers.arrival:
        message = bilingual("the fire comes from another model's arrival times: nothing that responders do slows it")
        yield Finding("note", "fire", "", *message, {})


FIRE_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    ignitions,
    hit_places,
    off_the_landscape,
    given_fire,
    danger,
    by_chance,
    eyes,
    false_alarms,
    hands,
    rules_for_nobody,
    aircraft,
    pumps,
    sources,
)
"""Asked of fires."""
