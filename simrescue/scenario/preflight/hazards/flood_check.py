"""The pre-flight of a flood: who and what stands in the water, how deep, how surely, and who is told too late."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from simrescue.hazards.flood.houses import HELPLESS_ABOVE, HIGH_ROOF, refuge_limits_m
from simrescue.kinds import kind_of, sites
from simrescue.places import Place, Village
from simrescue.scenario.files.draft import SCENARIO_FILE
from simrescue.scenario.preflight.findings import Finding, Severity, duration, named, shown
from simrescue.scenario.preflight.hazards.flood_spread import drawn_spread, sentences
from simrescue.scenario.preflight.look import Look
from simrescue.scenario.preflight.slips.slip import where
from simrescue.scenario.records import Scenario
from simrescue.units import write_moment
from simrescue.wording import bilingual, bilingual_counted

BEFORE_WATER_H = 2.0
"""Hours by which the water of a village may come sooner than its series says (assumed)."""


def flooded_places(look: Look) -> Iterator[Finding]:
    """Who and what stands in the water."""
    scenario, flooded = look.scenario, look.hit
    people = sum(village.population for village in flooded)
    if flooded:
        yield Finding(
            "note",
            "flood",
            "",
            *bilingual(
                "{flooded} of {total} villages with {people:,} people get wet, the first after {first}",
                flooded=len(flooded),
                total=len(scenario.villages),
                people=people,
                first=duration(look.first_h),
            ),
            {"villages": float(len(flooded)), "persons": float(people), "first_h": look.first_h},
        )
    else:
        yield Finding("doubtful", "flood", "", *bilingual("no village gets wet"), {"villages": 0.0})
    for zone in sorted(_zones_without_levels(scenario)):
        message = bilingual("zone {zone} has places but no water levels: it stays dry", zone=zone)
        yield Finding("doubtful", "flood", zone, *message, {})
    if without := _without_depths(scenario):
        message = bilingual("{number} of {total} villages have no series of depth: they stay dry: {names}",
                            number=len(without), total=len(scenario.villages), names=named(without))  # fmt: skip
        yield Finding("note", "flood", "", *message, {"without_depths": float(len(without))})
    for place in (place for kind in sites() for place in scenario.table(kind.table)):
        yield from _in_the_water(look, place)


def _zones_without_levels(scenario: Scenario) -> set[str]:
    if scenario.settings.flood.source != "levels":
        return set()
    return {place.zone for place in scenario.places} - {level.zone for level in scenario.levels} - {""}


def _without_depths(scenario: Scenario) -> list[Village]:
    if scenario.settings.flood.source == "levels":
        return []
    known = {row.subject for row in scenario.depths}
    return [village for village in scenario.villages if village.id not in known]


def _in_the_water(look: Look, place: Place) -> Iterator[Finding]:
    at = look.ground.index[place.id]
    depth, arrival = float(look.crest.depth_m[at]), float(look.crest.arrival_h[at])
    parameters = look.scenario.parameters
    if depth > parameters.depth_wet_m:
        noun = kind_of(place).noun
        yield Finding(
            "shortfall" if depth > parameters.depth_limit_m("truck") else "note",
            "flood",
            place.id,
            *bilingual(
                "{kind} {place} floods: water after {arrival}, up to {depth:.1f} m",
                kind=(noun.one, noun.zh),
                place=shown(place),
                arrival=duration(arrival),
                depth=depth,
            ),
            {"arrival_h": arrival, "depth_m": depth},
        )


def institutions_in_the_water(look: Look) -> Iterator[Finding]:
    """Care homes, schools and hospitals that get wet: who cannot walk drowns first, most of all on the ground floor."""
    scenario, index = look.scenario, look.ground.index
    come = {row.id: float(look.crest.arrival_h[index[row.id]]) for row in scenario.institutions}
    wet = [row for row in scenario.institutions if np.isfinite(come[row.id])]
    low = [row for row in wet if row.storeys == 1 and row.persons]
    if wet:
        message = bilingual(
            "{flooded} of {total} institutions with {people:,} people get wet, the first after {first}",
            flooded=len(wet),
            total=len(come),
            people=sum(row.persons for row in wet),
            first=duration(min(come[row.id] for row in wet)),
        )
        if low:
            message = bilingual("{first}; with one storey only: {names}", first=message, names=named(low))
        numbers = {"institutions": float(len(wet)), "one_storey": float(len(low))}
        yield Finding("shortfall" if low else "note", "flood", "", *message, numbers)


def uncertain_flood(look: Look) -> Iterator[Finding]:
    """How much first water and crest differ between courses of the flood, beside what the scenario states."""
    stated = look.scenario.settings.flood.uncertainty
    spread = drawn_spread(look.scenario) if stated.arrival_h or stated.level_m or stated.duration else None
    if spread:
        names = [shown(village) for village in look.scenario.villages]
        numbers = {"first_water_sd_h": spread.first_water.median, "worst_first_water_sd_h": spread.first_water.worst,
                   "crest_sd_m": spread.crest.median, "worst_crest_sd_m": spread.crest.worst}  # fmt: skip
        yield Finding("note", "flood", "", *sentences(spread, stated.model_dump(), names), numbers)


def drowned_houses(look: Look) -> Iterator[Finding]:
    """Villages where the recorded flood comes over the houses, and where it is deeper than deaths are known for."""
    parameters, villages = look.scenario.parameters, look.scenario.villages
    depth = look.crest.depth_m[: len(villages)]
    limits_m = refuge_limits_m(parameters)
    floor_m, roof_m = limits_m[HELPLESS_ABOVE], limits_m[HIGH_ROOF]
    known_m = parameters.fatality_depth_max_m
    over_houses = bilingual(
        "water comes over upper floors ({floor:.1f} m deep) or roofs ({roof:.1f} m)", floor=floor_m, roof=roof_m
    )
    beyond = bilingual(
        "water is deeper than {limit:g} m, beyond the range of the relation between depth and deaths", limit=known_m
    )
    for limit_m, what in ((min(floor_m, roof_m), over_houses), (known_m, beyond)):
        deep = [village for village, depth_m in zip(villages, depth, strict=True) if depth_m > limit_m]
        if deep:
            people = sum(village.population for village in deep)
            yield Finding(
                "shortfall",
                "flood",
                "",
                *bilingual(
                    "{what} in {villages} villages with {people:,} people, up to {depth:.1f} m: {names}",
                    what=what,
                    villages=len(deep),
                    people=people,
                    depth=depth.max(),
                    names=named(deep),
                ),
                {"limit_m": limit_m, "depth_m": float(depth.max()), "villages": len(deep), "persons": people},
            )


def warned_too_late(look: Look) -> Iterator[Finding]:
    """A forecast that is out after the first water, and orders that come after the water of their village."""
    warning, start = look.scenario.settings.warning, look.scenario.settings.start
    if warning.forecast is not None and np.isfinite(look.first_h) and warning.forecast > look.first_h:
        arrivals = [look.crest.arrival_h[look.ground.index[village.id]] for village in look.hit]
        yield Finding(
            "doubtful" if warning.forecast > np.median(arrivals) else "shortfall",
            "flood",
            "warning.forecast",
            *bilingual(
                '{file}, {setting}: "{moment}": {late} after the first water in a village',
                file=SCENARIO_FILE,
                setting="warning.forecast",
                moment=write_moment(warning.forecast, start),
                late=duration(warning.forecast - look.first_h),
            ),
            {"late_h": warning.forecast - look.first_h},
        )
    late, by_delay = [], 0
    forecast = look.first_h - warning.forecast_lead_h if warning.forecast is None else warning.forecast
    ordered = [village for village in look.hit if village.ordered]
    for village in ordered:
        stated = warning.order if village.order is None else village.order
        order = forecast + warning.order_delay_h if stated is None else stated
        if order > look.crest.arrival_h[look.ground.index[village.id]]:
            late.append(village)
            by_delay += stated is None
    if late:
        message = bilingual_counted(
            "the order comes after the water in {number} village: {names}",
            "the order comes after the water in {number} villages: {names}",
            len(late),
            names=named(late),
        )
        # An order that nobody dated and that most villages get too late is rather a slip of its delay than a plan.
        grade: Severity = "doubtful" if 2 * by_delay > len(ordered) else "shortfall"
        about = "warning.order_delay" if grade == "doubtful" else ""
        yield Finding(grade, "flood", about, *message, {"villages": float(len(late))})


def calls_without_water(look: Look) -> Iterator[Finding]:
    """Calls to be fetched out of the water from places where none has come yet, or ever comes."""
    scenario = look.scenario
    places = {place.id: place for place in scenario.places}
    for number, call in enumerate(scenario.calls):
        if call.task != "rescue" or call.place not in places or call.place not in look.ground.index:
            continue
        water_h = look.crest.arrival_h[look.ground.index[call.place]]
        if call.time_h >= water_h - BEFORE_WATER_H:
            continue
        spot = where(scenario, "calls", number, "time_h")
        values = {"spot": spot, "call": call.id, "place": shown(places[call.place])}
        if np.isinf(water_h):
            message = bilingual("{spot}: call {call} for rescue: no water ever comes to {place}", **values)
        else:
            message = bilingual("{spot}: call {call} for rescue: {early} before water comes to {place}", **values,
                                early=duration(water_h - call.time_h))  # fmt: skip
        yield Finding("doubtful", "call", call.id, *message, {"time_h": call.time_h})


def defaults_that_speak(look: Look) -> Iterator[Finding]:
    """Villages that get wet by levels, and for which nobody has said whether they are ordered out."""
    silent = [village for village in look.hit if "ordered" not in village.model_fields_set]
    if silent:
        message = bilingual_counted(
            "villages.csv: nothing is said in column ordered of {number} village that gets wet: it counts as under the"
            " evacuation order",
            "villages.csv: nothing is said in column ordered of {number} villages that get wet: they count as under the"
            " evacuation order",
            len(silent),
        )
        yield Finding("note", "input", "ordered", *message, {"villages": float(len(silent))})


FLOOD_CHECKS: tuple[Callable[[Look], Iterator[Finding]], ...] = (
    flooded_places,
    institutions_in_the_water,
    uncertain_flood,
    drowned_houses,
    warned_too_late,
    calls_without_water,
    defaults_that_speak,
)
"""Asked of floods."""
