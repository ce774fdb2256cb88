"""Slips of a planner's spreadsheet that still read: a road of 31 m between towns, a level in centimetres, no seats.

Each slip names file, row, column and value, and what speaks against it. They are warnings: it runs as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.explain.stories.sentences import NEED_WORDS
from simrescue.kinds import of_role, tables
from simrescue.network import great_circle_km
from simrescue.places import Place
from simrescue.records import Record, key_in_file
from simrescue.responders import TASK_KINDS, Aircraft
from simrescue.scenario.preflight.findings import NAMED, Finding, distance, duration, several, shown
from simrescue.scenario.records import Scenario
from simrescue.units import write_hours, write_km, write_moment
from simrescue.wording import Words, bilingual, listed

SAME_PLACE_KM = 0.1
FAR_VILLAGE_KM, FAR_TIMES, FAR_OTHER_KM = 30.0, 6.0, 1000.0
"""A village is far off beyond so many km and so many times the usual distance from the middle of all; bases, depots and
the like may stand in the next province."""
SHORT_ROAD = 0.9
"""Least length of a road against the straight line between its ends: the spots of places are rounded."""
LONG_ROAD, LONG_ROAD_KM = 6.0, 5.0
"""A road is too long beyond so many times the straight line and so many km more."""
LONG_BEFORE_H = 240.0
"""Earlier than this before the start, a moment is taken for a slip of the date."""


class Slip(NamedTuple):
    """One value that is hard to believe."""

    table: str
    row: int
    """Number of the record in its table, from 0."""
    field: str
    """Python name of the field."""
    value: str
    says: Words


Slips = Iterator[Slip]


def findings(scenario: Scenario, ask: Callable[[Scenario], Slips]) -> Iterator[Finding]:
    """The slips of one kind as warnings: the first few each, the others by their rows."""
    slips = list(ask(scenario))
    for slip in slips[:NAMED]:
        spot = where(scenario, slip.table, slip.row, slip.field)
        message = bilingual('{spot}: "{value}": {slip}', spot=spot, value=slip.value, slip=slip.says)
        yield Finding("warning", "input", _subject(scenario, slip), *message, {})
    if others := slips[NAMED:]:
        rows = several([where(scenario, slip.table, slip.row, slip.field) for slip in others])
        message = bilingual("{others} more like these: {rows}", others=len(others), rows=rows)
        yield Finding("warning", "input", "", *message, {"more": float(len(others))})


def _subject(scenario: Scenario, slip: Slip) -> str:
    row = scenario.table(slip.table)[slip.row]
    return str(getattr(row, "id", "") or getattr(row, "zone", "") or getattr(row, "subject", ""))


def where(scenario: Scenario, table: str, row: int, field: str) -> Words:
    """File, row and column of a value; of a row that a change has added, the path."""
    record: Record = scenario.table(table)[row]
    key = type(record).model_fields[field].alias or key_in_file(field)
    written = scenario.written.get(table)
    if written is None:
        return bilingual("{file} row {row}, column {title}", file=f"{table}.csv", row=row + 2, title=key)
    change, _, in_file = written.rows[row].partition(" ")
    if not in_file:
        path = f"{change} {table}.{getattr(record, 'id', row)}.{key}"
        return Words(path, path)
    file, part, number = written.rows[row].split(" ")
    title = written.titles.get(key, key)
    if part == "line":
        return bilingual("{file} line {row}, column {title}", file=file, row=number, title=title)
    return bilingual("{file} row {row}, column {title}", file=file, row=number, title=title)


# ---- places


def _spots(places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([place.lon for place in places]), np.array([place.lat for place in places])


def same_place_twice(scenario: Scenario) -> Slips:
    """Two rows of a table with one name and one spot."""
    for table in tables("place"):
        seen: dict[tuple[str, str], list[int]] = {}
        places: Sequence[Place] = scenario.table(table)
        for row, place in enumerate(places):
            alike = seen.setdefault((place.name, place.name_zh), [])
            for other in alike:
                first = places[other]
                apart = great_circle_km(place.lon, place.lat, first.lon, first.lat)
                people = getattr(place, "population", 0) == getattr(first, "population", 0)
                if apart <= SAME_PLACE_KM and (people or place.name or place.name_zh):
                    says = bilingual(
                        "the place {first} has the same name and spot ({spot}): is it written twice?",
                        first=first.id,
                        spot=where(scenario, table, other, "id"),
                    )
                    yield Slip(table, row, "id", place.id, says)
                    break
            alike.append(row)


def far_places(scenario: Scenario) -> Slips:
    """Places far off all villages, such as those at 0, 0."""
    lon, lat = _spots(scenario.villages)
    middle = float(np.median(lon)), float(np.median(lat))
    usual = float(np.median(great_circle_km(*middle, lon, lat)))
    for table in tables("place"):
        limit = max(FAR_VILLAGE_KM if table == "villages" else FAR_OTHER_KM, FAR_TIMES * usual)
        for row, place in enumerate(scenario.table(table)):
            away = float(great_circle_km(*middle, place.lon, place.lat))
            if away > limit:
                says = bilingual(
                    "{place} lies {away} from the middle of the villages",
                    place=shown(place),
                    away=distance(away, f"{away:,.0f}"),
                )
                yield Slip(table, row, "lon", f"{place.lon:g}, {place.lat:g}", says)


def empty_villages(scenario: Scenario) -> Slips:
    """Villages where nobody lives, and shelters that take nobody."""
    for table, field in (("villages", "population"), ("shelters", "capacity")):
        for row, place in enumerate(scenario.table(table)):
            if not getattr(place, field):
                yield Slip(table, row, field, "0", bilingual("{place} is for nobody", place=shown(place)))


def empty_depots(scenario: Scenario) -> Slips:
    """Depots that hold nothing and that nobody fills."""
    for row, depot in enumerate(scenario.depots):
        if not any(depot.amounts()) and not depot.upper:
            says = bilingual(
                "{place} holds nothing of {needs}, and no depot restocks it",
                place=shown(depot),
                needs=listed(NEED_WORDS),
            )
            yield Slip("depots", row, "food", "0", says)


def blank_areas(scenario: Scenario) -> Slips:
    """Villages without county or township below a first one that has it: a merged cell fills only its first row."""
    for field, area in (("county", bilingual("county")), ("township", bilingual("township"))):
        blank = [row for row, village in enumerate(scenario.villages) if not getattr(village, field)]
        if 0 not in blank:
            for row in blank:
                says = bilingual(
                    "{place} has no {area}, others have (merged cells?)",
                    place=shown(scenario.villages[row]),
                    area=area,
                )
                yield Slip("villages", row, field, "", says)


# ---- roads


def road_lengths(scenario: Scenario) -> Slips:
    """Roads shorter than the straight line between their ends, or far longer."""
    places = {place.id: place for place in scenario.places}
    for row, road in enumerate(scenario.roads):
        if road.length_km is None or road.start not in places or road.end not in places:
            continue
        start, end = places[road.start], places[road.end]
        line = float(great_circle_km(start.lon, start.lat, end.lon, end.lat))
        ends = {"start": shown(start), "end": shown(end), "line": distance(line, f"{line:.3g}")}
        if road.length_km < SHORT_ROAD * line - SAME_PLACE_KM:
            says = bilingual("length shorter than the straight line between {start} and {end}, {line}", **ends)
        elif road.length_km > max(LONG_ROAD * line, line + LONG_ROAD_KM):
            says = bilingual("length far longer than the straight line between {start} and {end}, {line}", **ends)
        else:
            continue
        yield Slip("roads", row, "length_km", write_km(road.length_km), says)


def roads_twice(scenario: Scenario) -> Slips:
    """Two roads of one length between the same ends."""
    seen: dict[tuple[frozenset[str], float | None], int] = {}
    for row, road in enumerate(scenario.roads):
        first = seen.setdefault((frozenset((road.start, road.end)), road.length_km), row)
        if first != row:
            spot = where(scenario, "roads", first, "id")
            says = bilingual("the same road as {road} ({spot})?", road=scenario.roads[first].id, spot=spot)
            yield Slip("roads", row, "id", road.id, says)


# ---- forces


def rooms(scenario: Scenario) -> Slips:
    """Crews with tasks that they have no room for."""
    for table in tables("responder"):
        for row, crew in enumerate(scenario.table(table)):
            if not crew.count:
                continue
            for field in dict.fromkeys(task.room for task in TASK_KINDS if task.room):
                wanted = sorted(task.name for task in TASK_KINDS if task.room == field and task.name in crew.tasks)
                if wanted and getattr(crew, field, 1) == 0:
                    says = bilingual(
                        "{crew} has the task {tasks} and no {room}: it is sent and carries nothing",
                        crew=shown(crew),
                        tasks=listed([(task, task) for task in wanted]),
                        room=key_in_file(field),
                    )
                    yield Slip(table, row, field, "0", says)


def endurance(scenario: Scenario) -> Slips:
    """Aircraft whose fuel does not last to the nearest place and home."""
    places = {place.id: place for place in scenario.places}
    lon, lat = _spots([*scenario.villages, *scenario.ignitions])
    reserve = scenario.parameters.heli_fuel_reserve_h
    rows = [(table, *numbered) for table in tables("responder") for numbered in enumerate(scenario.table(table))]
    for table, row, craft in rows:
        if not isinstance(craft, Aircraft) or not craft.count:
            continue
        base = places[craft.base]
        turn = 2 * float(great_circle_km(base.lon, base.lat, lon, lat).min()) / max(craft.cruise_kmh, 1e-9)
        if turn + reserve > craft.endurance_h:
            says = bilingual(
                "endurance of {crew} is shorter than the turn-round to the nearest place, {turn}, and the reserve,"
                " {reserve}: it never flies",
                crew=shown(craft),
                turn=duration(turn, f"{turn:.2f}"),
                reserve=duration(reserve, f"{reserve:.2g}"),
            )
            yield Slip(table, row, "endurance_h", write_hours(craft.endurance_h), says)


def no_trucks(scenario: Scenario) -> Slips:
    """Stores that nothing takes anything out of."""
    if any(crew.count and "relief" in getattr(crew, "tasks", ()) for crew in scenario.responders):
        return
    for row, depot in enumerate(scenario.depots):
        if any(depot.amounts()):
            says = bilingual(
                "nobody has the task {task}: the goods of {place} stay where they are",
                task="relief",
                place=shown(depot),
            )
            yield Slip("depots", row, "id", depot.id, says)


# ---- moments


def moments(scenario: Scenario) -> Slips:
    """Moments outside the run: long before its start or after its end."""
    start, end = scenario.settings.start, scenario.settings.duration_h
    columns = (  # ignitions have a check of their own
        ("villages", ("order", "call_out")),
        *((table, ("time_h",)) for table in ("levels", "depths", "weather", "calls")),
    )
    for table, fields in columns:
        is_series = table in ("levels", "depths", "weather")
        for row, record in enumerate(scenario.table(table)):
            for field in fields:
                at = getattr(record, field)
                if at is None:
                    continue
                # The end of a series may well lie after the run: only a series that begins there is odd.
                if at >= end and not (is_series and row):
                    says = bilingual("{late} after the end of the run", late=duration(at - end, f"{at - end:.4g}"))
                elif at < -LONG_BEFORE_H:
                    says = bilingual("{early} before the start of the run", early=duration(-at, f"{-at:.4g}"))
                else:
                    continue
                yield Slip(table, row, field, write_moment(at, start), says)


def first_weather(scenario: Scenario) -> Slips:
    """Weather that begins after what it is needed for."""
    if not scenario.weather:
        return
    first = scenario.weather[0].time_h
    starts = (scenario.table(kind.table) for kind in of_role("place") if kind.of_hazard)
    burning = [start.time_h for rows in starts for start in rows]
    needed = max(0.0, min(burning, default=0.0))
    if needed < first < scenario.settings.duration_h:
        late = duration(first - needed, f"{first - needed:.3g}")
        if burning:
            says = bilingual(
                "the weather begins {late} after the first ignition: before, it is fair or the same", late=late
            )
        else:
            says = bilingual("the weather begins {late} after the start: before, it is fair or the same", late=late)
        yield Slip("weather", 0, "time_h", write_moment(first, scenario.settings.start), says)


SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    same_place_twice,
    far_places,
    empty_villages,
    empty_depots,
    blank_areas,
    road_lengths,
    roads_twice,
    rooms,
    endurance,
    no_trucks,
    moments,
    first_weather,
)
"""Asked of every scenario."""
