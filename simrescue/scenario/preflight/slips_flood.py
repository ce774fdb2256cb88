"""Slips of levels, zones and ground heights: what makes water stand where none was, or none where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from simrescue.errors import nearest
from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.places import Place
from simrescue.scenario.preflight.findings import shown, shown_zh
from simrescue.scenario.preflight.slips import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_km, write_metres, write_moment

UNBELIEVABLE_M = 30.0
"""Water so far above the highest place of its zone, or below the lowest, is of another unit or another datum."""
WET_AT_START_M = 0.5
BESIDE_KM = 3.0
"""Land is beside a zoned place within this."""
FAST_MS = 10.0


class Zone(NamedTuple):
    """What levels.csv says of one zone."""

    first: int
    """Row of its first point."""
    begins_m: float
    top: int
    """Row of its crest."""
    crest_m: float


def zones(scenario: Scenario) -> dict[str, Zone]:
    """All zones of levels.csv in their order; none where the flood comes from depths."""
    found: dict[str, Zone] = {}
    if scenario.settings.flood.source == "levels":
        for row, level in enumerate(scenario.levels):
            zone = found.get(level.zone, Zone(row, level.level_m, row, level.level_m))
            found[level.zone] = zone._replace(top=row, crest_m=level.level_m) if level.level_m > zone.crest_m else zone
    return found


def _zoned(scenario: Scenario) -> dict[str, list[tuple[str, int, Place]]]:
    """Places of each zone, with the row they stand in."""
    found: dict[str, list[tuple[str, int, Place]]] = {}
    for table in tables("place"):
        for row, place in enumerate(scenario.table(table)):
            if place.zone:
                found.setdefault(place.zone, []).append((table, row, place))
    return found


def unused_zones(scenario: Scenario) -> Slips:
    """Zones with a water level where nothing is."""
    used = {place.zone for place in scenario.places} | {road.zone for road in scenario.roads}
    for name, zone in zones(scenario).items():
        if name not in used:
            near = nearest(name.lower(), sorted(used - {""}))
            hint, hint_zh = (f'; did you mean "{near}"?', f"，是否应为“{near}”？") if near else ("", "")
            says, says_zh = f"no place or road is in this zone{hint}", f"没有地点或道路属于该分区{hint_zh}"
            yield Slip("levels", zone.first, "zone", name, says, says_zh)


def levels_of_another_unit(scenario: Scenario) -> Slips:
    """Water far above or far below everything in its zone."""
    places = _zoned(scenario)
    for name, zone in zones(scenario).items():
        ground = [place.elevation_m for _, _, place in places.get(name, [])]
        if not ground:
            continue
        above, below = zone.crest_m - max(ground), min(ground) - zone.crest_m
        level = write_metres(zone.crest_m)
        if above > UNBELIEVABLE_M:
            says = f"a level {above:,.0f} m above the highest place of zone {name}: another unit or datum?"
            says_zh = f"水位高出分区 {name} 最高地点 {above:,.0f} 米，单位或基准面有误？"
            yield Slip("levels", zone.top, "level_m", level, says, says_zh)
        elif below > UNBELIEVABLE_M:
            says = f"the highest level of zone {name} is {below:,.0f} m below its lowest place: another unit or datum?"
            says_zh = f"分区 {name} 最高水位低于其最低地点 {below:,.0f} 米，单位或基准面有误？"
            yield Slip("levels", zone.top, "level_m", level, says, says_zh)


def ground_of_another_unit(scenario: Scenario) -> Slips:
    """Places whose height has nothing to do with that of the others in their zone."""
    known = zones(scenario)
    for name, members in _zoned(scenario).items():
        usual = float(np.median([place.elevation_m for _, _, place in members]))
        for table, row, place in members:
            off = place.elevation_m - usual
            blank = "elevation_m" not in place.model_fields_set
            if name in known and len(members) > 2 and abs(off) > UNBELIEVABLE_M and not blank:
                says = f"{shown(place)} lies {abs(off):,.0f} m {'above' if off > 0 else 'below'} others of zone {name}"
                says_zh = f"{shown_zh(place)}与分区 {name} 其他地点高程相差 {abs(off):,.0f} 米"
                yield Slip(table, row, "elevation_m", write_metres(place.elevation_m), says, says_zh)


def blank_elevations(scenario: Scenario) -> Slips:
    """Places in a zone without a height of the ground, which then is that of the datum."""
    known = zones(scenario)
    for name, members in _zoned(scenario).items():
        for table, row, place in members:
            if name in known and "elevation_m" not in place.model_fields_set:
                says = f"{shown(place)} in zone {name} has no elevation: it is taken as 0 m"
                says_zh = f"分区 {name} 内的{shown_zh(place)}未填高程，按 0 米计"
                if known[name].crest_m > 0:
                    yield Slip(table, row, "elevation_m", "", says, says_zh)


def wet_at_the_start(scenario: Scenario) -> Slips:
    """Villages and buildings that stand in water before anything happens."""
    known = zones(scenario)
    for name, members in _zoned(scenario).items():
        for table, row, place in members:
            depth = known[name].begins_m - place.elevation_m if name in known else 0.0
            dry_kind = table not in ("junctions", "water_sources")
            if dry_kind and depth > WET_AT_START_M and "elevation_m" in place.model_fields_set:
                says = f"{shown(place)} stands in {depth:.1f} m of water when levels.csv begins"
                says_zh = f"{shown_zh(place)}在水位序列开始时已被淹 {depth:.1f} 米"
                yield Slip(table, row, "elevation_m", write_metres(place.elevation_m), says, says_zh)


def villages_beside_water(scenario: Scenario) -> Slips:
    """Villages without a zone that lie below the crest of the zone beside them: told in one line."""
    known = zones(scenario)
    beside = [place for name, members in _zoned(scenario).items() if name in known for _, _, place in members]
    dry = [(row, village) for row, village in enumerate(scenario.villages) if not village.zone]
    if not beside or not dry:
        return
    lon, lat = np.array([place.lon for place in beside]), np.array([place.lat for place in beside])
    low = []
    for row, village in dry:
        away = great_circle_km(village.lon, village.lat, lon, lat)
        at = int(away.argmin())
        if away[at] <= BESIDE_KM and village.elevation_m < known[beside[at].zone].crest_m:
            low.append((row, village, beside[at], float(away[at])))
    if low:
        row, village, other, away_km = low[0]
        crest = known[other.zone].crest_m
        others, others_zh = "", ""
        if len(low) > 1:
            ids = ", ".join(one.id for _, one, _, _ in low[1:6]) + (", ..." if len(low) > 6 else "")
            others = f"; {len(low) - 1} more of {len(dry)} villages without a zone do so: {ids}"
            others_zh = f"；另有 {len(low) - 1} 个无分区村庄（共 {len(dry)} 个）情况相同：{ids}"
        says = (
            f"{shown(village)} has no zone and so never floods, though it lies {crest - village.elevation_m:.1f} m"
            f" below the crest of zone {other.zone}, {write_km(away_km)} away (merged cells, or a dike?){others}"
        )
        says_zh = (
            f"{shown_zh(village)}未填分区（zone），不会进水，但低于 {away_km:.1f} 公里外分区 {other.zone} 的洪峰水位"
            f" {crest - village.elevation_m:.1f} 米（合并单元格，还是有堤防？）{others_zh}"
        )
        yield Slip("villages", row, "zone", "", says, says_zh)


def fast_water(scenario: Scenario) -> Slips:
    """Water faster than any over land."""
    for table in ("levels", "depths"):
        for row, point in enumerate(scenario.table(table)):
            if point.velocity_ms > FAST_MS:
                says, says_zh = f"water faster than {FAST_MS:g} m/s", f"流速超过 {FAST_MS:g} 米/秒"
                yield Slip(table, row, "velocity_ms", f"{point.velocity_ms:g} m/s", says, says_zh)


def no_rise(scenario: Scenario) -> Slips:
    """Zones with a single point: the water stands still."""
    count: dict[str, int] = {}
    for level in scenario.levels:
        count[level.zone] = count.get(level.zone, 0) + 1
    for name, zone in zones(scenario).items():
        if count[name] == 1 and len(count) > 1:
            at = write_moment(scenario.levels[zone.first].time_h, scenario.settings.start)
            spot, spot_zh = where(scenario, "levels", zone.first, "zone")
            says, says_zh = (
                f"one point for zone {name} ({spot}): its water never moves",
                f"分区 {name} 只有一个水位（{spot_zh}）",
            )
            yield Slip("levels", zone.first, "time_h", at, says, says_zh)


FLOOD_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    unused_zones,
    levels_of_another_unit,
    ground_of_another_unit,
    blank_elevations,
    wet_at_the_start,
    villages_beside_water,
    fast_water,
    no_rise,
)
"""Asked of floods."""
