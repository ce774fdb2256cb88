"""Slips of a planner's spreadsheet that still read: a road of 31 m between towns, a level in centimetres, no seats.

Each slip names file, row, column and value, and what speaks against it. They are warnings: it runs as written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.kinds import of_role, tables
from simrescue.network import great_circle_km
from simrescue.places import NEEDS, Place
from simrescue.records import Record, key_in_file
from simrescue.responders import TASK_KINDS, Aircraft, Responder
from simrescue.scenario.preflight.findings import NAMED, Finding, shown, shown_zh
from simrescue.scenario.records import Scenario
from simrescue.units import write_hours, write_km, write_moment

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
    says: str
    says_zh: str


Slips = Iterator[Slip]


def findings(scenario: Scenario, ask: Callable[[Scenario], Slips]) -> Iterator[Finding]:
    """The slips of one kind as warnings: the first few each, the others by their rows."""
    found = list(ask(scenario))
    for slip in found[:NAMED]:
        (spot, spot_zh), subject = where(scenario, slip.table, slip.row, slip.field), _subject(scenario, slip)
        yield Finding(
            "warning",
            "input",
            subject,
            f'{spot}: "{slip.value}": {slip.says}',
            f"{spot_zh}：“{slip.value}”：{slip.says_zh}",
            {},
        )
    if others := found[NAMED:]:
        rows = [where(scenario, slip.table, slip.row, slip.field) for slip in others[:NAMED]]
        more, more_zh = (", ...", "等") if len(others) > NAMED else ("", "")
        yield Finding(
            "warning",
            "input",
            "",
            f"{len(others)} more like these: {', '.join(spot for spot, _ in rows)}{more}",
            f"另有 {len(others)} 处同类问题：{'、'.join(spot for _, spot in rows)}{more_zh}",
            {"more": float(len(others))},
        )


def _subject(scenario: Scenario, slip: Slip) -> str:
    row = scenario.table(slip.table)[slip.row]
    return str(getattr(row, "id", "") or getattr(row, "zone", "") or getattr(row, "subject", ""))


def where(scenario: Scenario, table: str, row: int, field: str) -> tuple[str, str]:
    """File, row and column of a value, in English and Chinese."""
    record: Record = scenario.table(table)[row]
    key = type(record).model_fields[field].alias or key_in_file(field)
    written = scenario.written.get(table)
    file, _, number = written.rows[row].partition(" ") if written else (f"{table}.csv", "", f"row {row + 2}")
    title = written.titles.get(key, key) if written else key
    number_zh = number.replace("row ", "第 ").replace("line ", "第 ")
    return f"{file} {number}, column {title}", f"{file} {number_zh} 行 {title} 列"


def _told(one: Place | Responder) -> tuple[str, str]:
    """What a thing is called, in English and Chinese."""
    return one.name or one.id, one.name_zh or one.name or one.id


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
                    spot, spot_zh = where(scenario, table, other, "id")
                    says = f"the place {first.id} has the same name and spot ({spot}): is it written twice?"
                    says_zh = f"与 {first.id} 同名同址（{spot_zh}），是否重复填写？"
                    yield Slip(table, row, "id", place.id, says, says_zh)
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
                spot = f"{place.lon:g}, {place.lat:g}"
                says = f"{shown(place)} lies {write_km(away)} from the middle of the villages"
                says_zh = f"{shown_zh(place)}距各村庄中心 {away:,.0f} 公里"
                yield Slip(table, row, "lon", spot, says, says_zh)


def empty_villages(scenario: Scenario) -> Slips:
    """Villages where nobody lives, and shelters that take nobody."""
    for table, field in (("villages", "population"), ("shelters", "capacity")):
        for row, place in enumerate(scenario.table(table)):
            if not getattr(place, field):
                says, says_zh = f"{shown(place)} is for nobody", f"{shown_zh(place)}人数为 0"
                yield Slip(table, row, field, "0", says, says_zh)


def empty_depots(scenario: Scenario) -> Slips:
    """Depots that hold nothing and that nobody fills."""
    for row, depot in enumerate(scenario.depots):
        if not any(depot.amounts()) and not depot.upper:
            says = f"{shown(depot)} holds nothing of {', '.join(NEEDS)}, and no depot restocks it"
            yield Slip("depots", row, "food", "0", says, f"{shown_zh(depot)}没有任何储备，也没有上级库补给")


def blank_areas(scenario: Scenario) -> Slips:
    """Villages without county or township below a first one that has it: a merged cell fills only its first row."""
    for field, noun_zh in (("county", "县"), ("township", "乡镇")):
        blank = [row for row, village in enumerate(scenario.villages) if not getattr(village, field)]
        if 0 not in blank:
            for row in blank:
                says = f"{shown(scenario.villages[row])} has no {field}, others have (merged cells?)"
                says_zh = f"{shown_zh(scenario.villages[row])}未填{noun_zh}，其他村庄已填（合并单元格？）"
                yield Slip("villages", row, field, "", says, says_zh)


# ---- roads


def road_lengths(scenario: Scenario) -> Slips:
    """Roads shorter than the straight line between their ends, or far longer."""
    places = {place.id: place for place in scenario.places}
    for row, road in enumerate(scenario.roads):
        if road.length_km is None or road.start not in places or road.end not in places:
            continue
        a, b = places[road.start], places[road.end]
        line = float(great_circle_km(a.lon, a.lat, b.lon, b.lat))
        ends, ends_zh = f"{shown(a)} and {shown(b)}", f"{shown_zh(a)}与{shown_zh(b)}"
        if road.length_km < SHORT_ROAD * line - SAME_PLACE_KM:
            word, word_zh = "shorter than", "短于"
        elif road.length_km > max(LONG_ROAD * line, line + LONG_ROAD_KM):
            word, word_zh = "far longer than", "远长于"
        else:
            continue
        says = f"length {word} the straight line between {ends}, {write_km(line)}"
        says_zh = f"长度{word_zh}{ends_zh}间的直线距离 {line:.3g} 公里"
        yield Slip("roads", row, "length_km", write_km(road.length_km), says, says_zh)


def roads_twice(scenario: Scenario) -> Slips:
    """Two roads of one length between the same ends."""
    seen: dict[tuple[frozenset[str], float | None], int] = {}
    for row, road in enumerate(scenario.roads):
        first = seen.setdefault((frozenset((road.start, road.end)), road.length_km), row)
        if first != row:
            spot, spot_zh = where(scenario, "roads", first, "id")
            says, says_zh = f"the same road as {scenario.roads[first].id} ({spot})?", f"与 {spot_zh} 重复？"
            yield Slip("roads", row, "id", road.id, says, says_zh)


# ---- forces


def rooms(scenario: Scenario) -> Slips:
    """Crews with tasks that they have no room for."""
    for table in tables("responder"):
        for row, crew in enumerate(scenario.table(table)):
            if not crew.count:
                continue
            for field in dict.fromkeys(one.room for one in TASK_KINDS if one.room):
                wanted = sorted(one.name for one in TASK_KINDS if one.room == field and one.name in crew.tasks)
                if wanted and getattr(crew, field, 1) == 0:
                    name, name_zh = _told(crew)
                    noun = field.removesuffix("_t")
                    says = f"{name} has the task {', '.join(wanted)} and no {noun}: it is sent and carries nothing"
                    says_zh = f"{name_zh}承担 {'、'.join(wanted)} 任务但 {noun} 为 0，派出也无法载运"
                    yield Slip(table, row, field, "0", says, says_zh)


def endurance(scenario: Scenario) -> Slips:
    """Aircraft whose fuel does not last to the nearest place and home."""
    places = {place.id: place for place in scenario.places}
    lon, lat = _spots([*scenario.villages, *scenario.ignitions])
    reserve = scenario.parameters.heli_fuel_reserve_h
    flown = [(kind.table, *one) for kind in of_role("responder") for one in enumerate(scenario.table(kind.table))]
    for table, row, craft in flown:
        if not isinstance(craft, Aircraft) or not craft.count:
            continue
        base = places[craft.base]
        turn = 2 * float(great_circle_km(base.lon, base.lat, lon, lat).min()) / max(craft.cruise_kmh, 1e-9)
        if turn + reserve > craft.endurance_h:
            name, name_zh = _told(craft)
            says = (
                f"endurance of {name} is shorter than the turn-round to the nearest place, {write_hours(turn)}, and the"
                f" reserve, {write_hours(reserve)}: it never flies"
            )
            says_zh = f"{name_zh}续航短于到最近地点往返（{turn:.2f} 小时）加备用油量（{reserve:.2g} 小时），不可能起飞"
            yield Slip(table, row, "endurance_h", write_hours(craft.endurance_h), says, says_zh)


def no_trucks(scenario: Scenario) -> Slips:
    """Stores that nothing takes anything out of."""
    if any(one.count and "relief" in getattr(one, "tasks", ()) for one in scenario.responders):
        return
    for row, depot in enumerate(scenario.depots):
        if any(depot.amounts()):
            says = f"nobody has the task relief: the goods of {shown(depot)} stay where they are"
            says_zh = f"没有承担 relief 任务的力量，{shown_zh(depot)}的物资运不出"
            yield Slip("depots", row, "id", depot.id, says, says_zh)


# ---- moments


def moments(scenario: Scenario) -> Slips:
    """Moments outside the run: long before its start or after its end."""
    start, end = scenario.settings.start, scenario.settings.duration_h
    columns = (  # ignitions have a check of their own
        ("villages", ("order", "call_out")),
        *((table, ("available",)) for table in tables("responder")),
        *((table, ("time_h",)) for table in ("levels", "depths", "weather", "calls")),
    )
    for table, fields in columns:
        series = table in ("levels", "depths", "weather")
        for row, record in enumerate(scenario.table(table)):
            for field in fields:
                at = getattr(record, field)
                # The end of a series may well lie after the run: only a series that begins there is odd.
                late = at is not None and at >= end and not (series and row)
                if at is not None and (late or at < -LONG_BEFORE_H) and field != "available":
                    side, side_zh = ("the end of the run", "模拟结束") if late else ("the start of the run", "模拟开始")
                    says = f"{write_hours(abs(at - end if late else at))} {'after' if late else 'before'} {side}"
                    says_zh = f"在{side_zh}{'之后' if late else '之前'} {abs(at - end if late else at):.4g} 小时"
                    yield Slip(table, row, field, write_moment(at, start), says, says_zh)


def first_weather(scenario: Scenario) -> Slips:
    """Weather that begins after what it is needed for."""
    if not scenario.weather:
        return
    first = scenario.weather[0].time_h
    starts = (scenario.table(kind.table) for kind in of_role("place") if kind.of_hazard)
    burning = [start.time_h for rows in starts for start in rows]
    needed = max(0.0, min(burning, default=0.0))
    if needed < first < scenario.settings.duration_h:
        what, what_zh = ("the first ignition", "首次起火") if burning else ("the start", "开始")
        says = f"the weather begins {write_hours(first - needed)} after {what}: before, it is fair or the same"
        says_zh = f"天气数据在{what_zh} {first - needed:.3g} 小时后才开始，此前按晴好或同一天气计"
        yield Slip("weather", 0, "time_h", write_moment(first, scenario.settings.start), says, says_zh)


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
