"""Slips of levels, zones and ground heights: what makes water stand where none was, or none where it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from simrescue.errors import nearest
from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.places import Place
from simrescue.scenario.preflight.findings import distance, several, shown
from simrescue.scenario.preflight.slips import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres, write_moment
from simrescue.wording import bilingual

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
    by_name: dict[str, Zone] = {}
    if scenario.settings.flood.source == "levels":
        for row, level in enumerate(scenario.levels):
            zone = by_name.get(level.zone, Zone(row, level.level_m, row, level.level_m))
            is_higher = level.level_m > zone.crest_m
            by_name[level.zone] = zone._replace(top=row, crest_m=level.level_m) if is_higher else zone
    return by_name


def _zoned(scenario: Scenario) -> dict[str, list[tuple[str, int, Place]]]:
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
    places = _zoned(scenario)
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
            yield Slip("levels", zone.top, "level_m", level, says)
        elif below > UNBELIEVABLE_M:
            says = bilingual(
                "the highest level of zone {zone} is {below:,.0f} m below its lowest place: another unit or datum?",
                zone=name,
                below=below,
            )
            yield Slip("levels", zone.top, "level_m", level, says)


def ground_of_another_unit(scenario: Scenario) -> Slips:
    """Places whose height has nothing to do with that of the others in their zone."""
    known = zones(scenario)
    for name, members in _zoned(scenario).items():
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
    for name, members in _zoned(scenario).items():
        for table, row, place in members:
            if name in known and "elevation_m" not in place.model_fields_set and known[name].crest_m > 0:
                says = bilingual(
                    "{place} in zone {zone} has no elevation: it is taken as 0 m", place=shown(place), zone=name
                )
                yield Slip(table, row, "elevation_m", "", says)


def wet_at_the_start(scenario: Scenario) -> Slips:
    """Villages and buildings that stand in water before anything happens."""
    known = zones(scenario)
    for name, members in _zoned(scenario).items():
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
                names=several([(other_village.id, other_village.id) for _, other_village, _, _ in low[1:]]),
            )
        yield Slip("villages", row, "zone", "", says)


def fast_water(scenario: Scenario) -> Slips:
    """Water faster than any over land."""
    for table in ("levels", "depths"):
        for row, point in enumerate(scenario.table(table)):
            if point.velocity_ms > FAST_MS:
                says = bilingual("water faster than {limit:g} m/s", limit=FAST_MS)
                yield Slip(table, row, "velocity_ms", f"{point.velocity_ms:g} m/s", says)


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
    villages_beside_water,
    fast_water,
    no_rise,
)
"""Asked of floods."""
