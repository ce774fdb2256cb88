"""Slips of roads: lengths that contradict their ends, roads written twice."""

from __future__ import annotations

from collections.abc import Callable

from simrescue.network import great_circle_km
from simrescue.scenario.preflight.findings import Severity, distance, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_km
from simrescue.wording import bilingual

ROUNDED_KM = 0.1
"""What the rounding of two spots may take off a straight line."""
SHORT_ROAD = 0.9
"""Least length of a road against the straight line between its ends: the spots of places are rounded."""
LONG_ROAD, LONG_ROAD_KM = 6.0, 5.0
"""A road is too long beyond so many times the straight line and so many km more."""


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


def roads_twice(scenario: Scenario) -> Slips:
    """Two roads of one length between the same ends."""
    seen: dict[tuple[frozenset[str], float | None], int] = {}
    for row, road in enumerate(scenario.roads):
        first = seen.setdefault((frozenset((road.start, road.end)), road.length_km), row)
        if first != row:
            spot = where(scenario, "roads", first, "id")
            says = bilingual("the same road as {road} ({spot})?", road=scenario.roads[first].id, spot=spot)
            yield Slip("roads", row, "id", road.id, says)


ROAD_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (road_lengths, roads_twice)
