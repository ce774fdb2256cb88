"""Slips of roads: lengths that contradict their ends, roads written twice, one-way roads without a way back."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from simrescue.network import great_circle_km
from simrescue.scenario.preflight.findings import Severity, distance, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_hours, write_km, write_metres
from simrescue.wording import bilingual

ROUNDED_KM = 0.1
"""What the rounding of two spots may take off a straight line."""
SHORT_ROAD = 0.9
"""Least length of a road against the straight line between its ends: the spots of places are rounded."""
ABOVE_ENDS_M = 100.0
"""Metres by which a height is no lowest point any more: ends may stand for whole towns (assumed)."""
LONG_ROAD, LONG_ROAD_KM = 6.0, 5.0
"""A road is too long beyond so many times the straight line and so many km more."""

SLOW_KMH, FAST_KMH = 2.0, 160.0
"""Speeds that a stated time stands for: no slower than on foot, no faster than any vehicle (assumed)."""
LEAST_DRIVE_H = 0.05
"""Three minutes: shorter times are rounded."""


def road_lengths(scenario: Scenario) -> Slips:
    """Roads shorter than the straight line between their ends, or far longer."""
    places = {place.id: place for place in scenario.places}
    for row, road in enumerate(scenario.roads):
        if road.length_km is None or road.start not in places or road.end not in places:
            continue
        start, end = places[road.start], places[road.end]
        line = float(great_circle_km(start.lon, start.lat, end.lon, end.lat))
        ends = {"start": shown(start), "end": shown(end), "line": distance(line, f"{line:.3g}")}
        if road.length_km < SHORT_ROAD * line - ROUNDED_KM:
            says = bilingual("length shorter than the straight line between {start} and {end}, {line}", **ends)
            grade: Severity = "fault"
        elif road.length_km > max(LONG_ROAD * line, line + LONG_ROAD_KM):
            says = bilingual("length far longer than the straight line between {start} and {end}, {line}", **ends)
            grade = "doubtful"
        else:
            continue
        yield Slip("roads", row, "length_km", write_km(road.length_km), says, grade)


def drives_of_another_unit(scenario: Scenario) -> Slips:
    """Roads whose stated time makes vehicles slower than people on foot, or faster than any."""
    places = {place.id: place for place in scenario.places}
    for row, road in enumerate(scenario.roads):
        for field, hours in (("drive_h", road.drive_h), ("drive_back_h", road.drive_back_h)):
            if hours is None or road.start not in places or road.end not in places:
                continue
            start, end = places[road.start], places[road.end]
            km = road.length_km or float(great_circle_km(start.lon, start.lat, end.lon, end.lat))
            speed = km / hours
            if (speed < SLOW_KMH and hours > LEAST_DRIVE_H) or (speed > FAST_KMH and km > LEAST_DRIVE_H * FAST_KMH):
                says = bilingual("{length} in this time is {speed:,.1f} km/h: another unit?",
                                 length=distance(km, f"{km:.3g}"), speed=speed)  # fmt: skip
                yield Slip("roads", row, field, write_hours(hours), says)


def lowest_points_above_their_ends(scenario: Scenario) -> Slips:
    """Roads whose lowest point is stated far above both of their ends."""
    heights = {place.id: place.elevation_m for place in scenario.places if "elevation_m" in place.model_fields_set}
    for row, road in enumerate(scenario.roads):
        ends = [heights[end] for end in (road.start, road.end) if heights.get(end) is not None]
        if road.elevation_m is None or road.bridge or len(ends) < 2 or road.elevation_m <= max(ends) + ABOVE_ENDS_M:
            continue
        says = bilingual("{off:,.0f} m above both ends of {road}, and it is its lowest point",
                         off=road.elevation_m - max(ends), road=road.id)  # fmt: skip
        yield Slip("roads", row, "elevation_m", write_metres(road.elevation_m), says)


def roads_twice(scenario: Scenario) -> Slips:
    """Two roads of one length between the same ends."""
    seen: dict[tuple[frozenset[str] | tuple[str, str], float | None], int] = {}
    for row, road in enumerate(scenario.roads):
        # The two carriageways of one road are two.
        ends = (road.start, road.end) if road.one_way else frozenset((road.start, road.end))
        first = seen.setdefault((ends, road.length_km), row)
        if first != row:
            spot = where(scenario, "roads", first, "id")
            says = bilingual("the same road as {road} ({spot})?", road=scenario.roads[first].id, spot=spot)
            yield Slip("roads", row, "id", road.id, says)


def one_way_traps(scenario: Scenario) -> Slips:
    """One-way roads over which vehicles come to places, or leave them, and never the other way."""
    if not any(road.one_way for road in scenario.roads):
        return
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    index = {place.id: number for number, place in enumerate(scenario.places)}
    known = [(row, road) for row, road in enumerate(scenario.roads) if road.start in index and road.end in index]
    arcs = [(index[road.start], index[road.end]) for _, road in known]
    arcs += [(index[road.end], index[road.start]) for _, road in known if not road.one_way]
    a, b = np.array(arcs).T
    graph = coo_array((np.ones(len(arcs)), (a, b)), shape=(len(index), len(index)))
    part = connected_components(graph, directed=True, connection="strong")[1]
    for row, road in known:
        start, end = index[road.start], index[road.end]
        if part[start] != part[end]:
            ends = {"start": shown(scenario.places[start]), "end": shown(scenario.places[end])}
            says = bilingual("no vehicle comes back from {end} to {start}: the road is one-way", **ends)
            yield Slip("roads", row, "one_way", "yes", says)


ROAD_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    road_lengths,
    drives_of_another_unit,
    lowest_points_above_their_ends,
    roads_twice,
    one_way_traps,
)
