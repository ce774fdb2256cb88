"""Slips of levels, zones and ground heights: what makes water stand where none was, or none where it was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np

from simrescue.errors import nearest
from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.places import Place
from simrescue.scenario.preflight.findings import distance, named, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres, write_moment
from simrescue.wording import bilingual

UNBELIEVABLE_M = 30.0
"""Water so far above the highest place of its zone, or below the lowest, is of another unit or another datum."""
WET_AT_START_M = 0.5
BESIDE_KM = 3.0
"""Land is beside a zoned place within this."""
BUILDINGS = ("shelters", "bases", "depots", "institutions", "stations", "power")
DEEP_M = 2.0
"""So far below the crest beside it a building is not left dry by what heights and levels are out (assumed)."""
FAST_MS = 10.0
SPIKE_M = 5.0
"""A single point so far off both beside it is no flood wave: gauges of the plains rise some metres in hours."""


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
    by_name: dict[str, Zone] = {}
    if scenario.settings.flood.source == "levels":
        for row, level in enumerate(scenario.levels):
            zone = by_name.get(level.zone, Zone(row, level.level_m, row, level.level_m))
            is_higher = level.level_m > zone.crest_m
            by_name[level.zone] = zone._replace(top=row, crest_m=level.level_m) if is_higher else zone
    return by_name


def zoned(scenario: Scenario) -> dict[str, list[tuple[str, int, Place]]]:
    """Places of each zone, with the row they stand in."""
    members: dict[str, list[tuple[str, int, Place]]] = {}
    for table in tables("place"):
        for row, place in enumerate(scenario.table(table)):
            if place.zone:
                members.setdefault(place.zone, []).append((table, row, place))
    return members


def unused_zones(scenario: Scenario) -> Slips:
    """Zones with a water level where nothing is."""
    used = {place.zone for place in scenario.places} | {road.zone for road in scenario.roads}
    for name, zone in zones(scenario).items():
        if name not in used:
            if near := nearest(name.lower(), sorted(used - {""})):
                says = bilingual('no place or road is in this zone; did you mean "{near}"?', near=near)
            else:
                says = bilingual("no place or road is in this zone")
            yield Slip("levels", zone.first, "zone", name, says)


def levels_of_another_unit(scenario: Scenario) -> Slips:
    """Water far above or far below everything in its zone."""
    places = zoned(scenario)
    for name, zone in zones(scenario).items():
        ground = [place.elevation_m for _, _, place in places.get(name, [])]
        if not ground:
            continue
        above, below = zone.crest_m - max(ground), min(ground) - zone.crest_m
        level = write_metres(zone.crest_m)
        if above > UNBELIEVABLE_M:
            says = bilingual(
                "a level {above:,.0f} m above the highest place of zone {zone}: another unit or datum?",
                above=above,
                zone=name,
            )
            yield Slip("levels", zone.top, "level_m", level, says, "fault")
        elif below > UNBELIEVABLE_M:
            says = bilingual(
                "the highest level of zone {zone} is {below:,.0f} m below its lowest place: another unit or datum?",
                zone=name,
                below=below,
            )
            yield Slip("levels", zone.top, "level_m", level, says, "fault")


def ground_of_another_unit(scenario: Scenario) -> Slips:
    """Places whose height has nothing to do with that of the others in their zone."""
    known = zones(scenario)
    for name, members in zoned(scenario).items():
        usual = float(np.median([place.elevation_m for _, _, place in members]))
        for table, row, place in members:
            off = place.elevation_m - usual
            blank = "elevation_m" not in place.model_fields_set
            if name in known and len(members) > 2 and abs(off) > UNBELIEVABLE_M and not blank:
                values: dict[str, Any] = {"place": shown(place), "off": abs(off), "zone": name}
                if off > 0:
                    says = bilingual("{place} lies {off:,.0f} m above others of zone {zone}", **values)
                else:
                    says = bilingual("{place} lies {off:,.0f} m below others of zone {zone}", **values)
                yield Slip(table, row, "elevation_m", write_metres(place.elevation_m), says)


def blank_elevations(scenario: Scenario) -> Slips:
    """Places in a zone without a height of the ground, which then is that of the datum."""
    known = zones(scenario)
    for name, members in zoned(scenario).items():
        for table, row, place in members:
            if name in known and "elevation_m" not in place.model_fields_set and known[name].crest_m > 0:
                says = bilingual(
                    "{place} in zone {zone} has no elevation: it is taken as 0 m", place=shown(place), zone=name
                )
                yield Slip(table, row, "elevation_m", "", says, "fault")


def wet_at_the_start(scenario: Scenario) -> Slips:
    """Villages and buildings that stand in water before anything happens."""
    known = zones(scenario)
    for name, members in zoned(scenario).items():
        for table, row, place in members:
            depth = known[name].begins_m - place.elevation_m if name in known else 0.0
            dry_kind = table not in ("junctions", "water_sources")
            if dry_kind and depth > WET_AT_START_M and "elevation_m" in place.model_fields_set:
                says = bilingual(
                    "{place} stands in {depth:.1f} m of water when {file} begins",
                    place=shown(place),
                    depth=depth,
                    file="levels.csv",
                )
                yield Slip(table, row, "elevation_m", write_metres(place.elevation_m), says)


def roads_under_water_at_the_start(scenario: Scenario) -> Slips:
    """Roads whose stated lowest point lies deep in the water before anything happens; fords are shallow."""
    known = zones(scenario)
    for row, road in enumerate(scenario.roads):
        if road.zone in known and road.elevation_m is not None:
            depth = known[road.zone].begins_m - road.elevation_m
            if depth > DEEP_M:
                says = bilingual("{road} lies {depth:.1f} m under water when {file} begins", road=road.id,
                                 depth=depth, file="levels.csv")  # fmt: skip
                yield Slip("roads", row, "elevation_m", write_metres(road.elevation_m), says)


def villages_beside_water(scenario: Scenario) -> Slips:
    """Villages without a zone that lie below the crest of the zone beside them: told in one line."""
    known = zones(scenario)
    beside = [place for name, members in zoned(scenario).items() if name in known for _, _, place in members]
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
        says = bilingual(
            "{place} has no zone and so never floods, though it lies {below:.1f} m below the crest of zone {zone},"
            " {away} away (merged cells, or a dike?)",
            place=shown(village),
            below=crest - village.elevation_m,
            zone=other.zone,
            away=distance(away_km, f"{away_km:.1f}"),
        )
        if len(low) > 1:
            says = bilingual(
                "{first}; {others} more of {total} villages without a zone do so: {names}",
                first=says,
                others=len(low) - 1,
                total=len(dry),
                names=named([other_village for _, other_village, _, _ in low[1:]]),
            )
        yield Slip("villages", row, "zone", "", says)


class LowBuilding(NamedTuple):
    """A building without a zone below the crest of the zone beside it."""

    row: int
    place: Place
    zone: str
    below_m: float
    away_km: float


def buildings_beside_water(scenario: Scenario) -> Slips:
    """Shelters, bases, stores and the like without a zone far below the crest of the zone beside them, by table.

    That is a note and no doubt: a dike may be between, and a river that falls has another level at each spot.
    """
    known = zones(scenario)
    beside = [place for name, members in zoned(scenario).items() if name in known for _, _, place in members]
    if not beside:
        return
    lon, lat = np.array([place.lon for place in beside]), np.array([place.lat for place in beside])
    for table in BUILDINGS:
        low = list[LowBuilding]()
        for row, place in enumerate(scenario.table(table)):
            away = great_circle_km(place.lon, place.lat, lon, lat)
            at = int(away.argmin())
            below = known[beside[at].zone].crest_m - place.elevation_m
            if not place.zone and "elevation_m" in place.model_fields_set and away[at] <= BESIDE_KM and below > DEEP_M:
                low.append(LowBuilding(row, place, beside[at].zone, below, float(away[at])))
        if low:
            yield _low_buildings(table, low)


def _low_buildings(table: str, low: Sequence[LowBuilding]) -> Slip:
    """One slip for all low buildings of a table."""
    lowest, *others = low
    says = bilingual(
        "{place} has no zone and so never floods, though it lies {below:.1f} m below the crest of zone {zone}, {away}"
        " away (merged cells, or a dike?)",
        place=shown(lowest.place), below=lowest.below_m, zone=lowest.zone,
        away=distance(lowest.away_km, f"{lowest.away_km:.1f}"),
    )  # fmt: skip
    if others:
        names = named([other.place for other in others])
        says = bilingual("{first}; {others} more do so: {names}", first=says, others=len(others), names=names)
    return Slip(table, lowest.row, "zone", "", says, "note")


def fast_water(scenario: Scenario) -> Slips:
    """Water faster than any over land."""
    for table in ("levels", "depths"):
        for row, point in enumerate(scenario.table(table)):
            if point.velocity_ms > FAST_MS:
                says = bilingual("water faster than {limit:g} m/s", limit=FAST_MS)
                yield Slip(table, row, "velocity_ms", f"{point.velocity_ms:g} m/s", says)


def spikes(scenario: Scenario) -> Slips:
    """Single points of a series far above or far below both points beside them: a digit is wrong."""
    if scenario.settings.flood.source != "levels":
        return
    rows: dict[str, list[int]] = {}
    for row, level in enumerate(scenario.levels):
        rows.setdefault(level.zone, []).append(row)
    for name, of_zone in rows.items():
        for before, at, after in zip(of_zone, of_zone[1:], of_zone[2:], strict=False):
            level, beside = scenario.levels[at], [scenario.levels[row].level_m for row in (before, after)]
            off = max(level.level_m - max(beside), min(beside) - level.level_m)
            others = [scenario.levels[row].level_m for row in of_zone if row != at]
            if off > max(SPIKE_M, max(others) - min(others)):
                says = bilingual(
                    "{off:.1f} m away from the points before and after it in zone {zone}, more than all others are"
                    " apart: a digit wrong?",
                    off=off,
                    zone=name,
                )
                yield Slip("levels", at, "level_m", write_metres(level.level_m), says)


def roads_of_another_unit(scenario: Scenario) -> Slips:
    """Roads in a zone whose height has nothing to do with that of the places in it."""
    known, members = zones(scenario), zoned(scenario)
    for row, road in enumerate(scenario.roads):
        beside = [place.elevation_m for _, _, place in members.get(road.zone, []) if road.zone in known]
        if road.elevation_m is None or not beside:
            continue
        off = max(road.elevation_m - max(beside), min(beside) - road.elevation_m)
        if off > UNBELIEVABLE_M:
            says = bilingual(
                "{road} lies {off:,.0f} m above or below all places of zone {zone}: another unit or datum?",
                road=road.id,
                off=off,
                zone=road.zone,
            )
            yield Slip("roads", row, "elevation_m", write_metres(road.elevation_m), says)


def warning_in_order(scenario: Scenario) -> Slips:
    """Evacuation orders and call-outs that are given before the forecast is out that they follow from."""
    forecast, start = scenario.settings.warning.forecast, scenario.settings.start
    if forecast is None:
        return
    for table in ("villages", "institutions"):
        for row, place in enumerate(scenario.table(table)):
            if place.ordered and place.order is not None and place.order < forecast:
                says = bilingual(
                    "the order comes before the forecast ({forecast})", forecast=write_moment(forecast, start)
                )
                yield Slip(table, row, "order", write_moment(place.order, start), says)
            if place.call_out is not None and place.call_out < forecast:
                says = bilingual(
                    "the call-out comes before the forecast ({forecast})", forecast=write_moment(forecast, start)
                )
                yield Slip(table, row, "call_out", write_moment(place.call_out, start), says)


def no_rise(scenario: Scenario) -> Slips:
    """Zones with a single point: the water stands still."""
    count: dict[str, int] = {}
    for level in scenario.levels:
        count[level.zone] = count.get(level.zone, 0) + 1
    for name, zone in zones(scenario).items():
        if count[name] == 1 and len(count) > 1:
            at = write_moment(scenario.levels[zone.first].time_h, scenario.settings.start)
            spot = where(scenario, "levels", zone.first, "zone")
            says = bilingual("one point for zone {zone} ({spot}): its water never moves", zone=name, spot=spot)
            yield Slip("levels", zone.first, "time_h", at, says)


FLOOD_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    unused_zones,
    levels_of_another_unit,
    ground_of_another_unit,
    blank_elevations,
    wet_at_the_start,
    roads_under_water_at_the_start,
    villages_beside_water,
    buildings_beside_water,
    fast_water,
    no_rise,
    spikes,
    roads_of_another_unit,
    warning_in_order,
)
"""Asked of floods."""
