"""Slips of places: written twice, far off the county, for nobody, with half of their columns filled."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.places import NEED_WORDS, Place
from simrescue.scenario.namesakes import own_names
from simrescue.scenario.preflight.findings import distance, named, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres
from simrescue.wording import bilingual, listed

SAME_PLACE_KM = 0.1
SAME_SPOT_KM = 0.02
"""Two villages nearer than this stand on one spot: coordinates are often rounded to a few metres."""
FAR_VILLAGE_KM, FAR_TIMES, FAR_OTHER_KM = 30.0, 6.0, 1000.0
"""A village is far off beyond so many km and so many times the usual distance from the middle of all; bases, depots and
the like may stand in the next province."""
NEAR_TABLES = frozenset({
    "villages", "institutions", "shelters", "landing_sites", "water_sources", "ignitions",
})  # fmt: skip
"""Tables whose places belong to the villages and lie among them."""
SERVED_KM = 60.0
"""A station and a switch room stand within this of something that they serve: the farthest cells reach some 35 km."""
STEEP_M, STEEP_M_KM, NEIGHBOURS = 150.0, 500.0, 3
"""Heights of neighbours differ by no more than this and so much a km; steep valleys fall 250 m a km (assumed)."""


def _spots(places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([place.lon for place in places]), np.array([place.lat for place in places])


def same_place_twice(scenario: Scenario) -> Slips:
    """Two rows of a table with one name and one spot, or two villages of one size on one spot."""
    for table in tables("place"):
        places: Sequence[Place] = scenario.table(table)
        lon, lat = _spots(places)
        for row, place in enumerate(places[1:], 1):
            near = great_circle_km(place.lon, place.lat, lon[:row], lat[:row])
            for other in np.flatnonzero(near <= SAME_PLACE_KM).tolist():
                if not _is_same(place, places[other], float(near[other])):
                    continue
                says = bilingual(
                    "the place {first} has the same name and spot ({spot}): is it written twice?",
                    first=places[other].id,
                    spot=where(scenario, table, other, "id"),
                )
                yield Slip(table, row, "id", place.id, says)
                break


def _is_same(place: Place, other: Place, apart_km: float) -> bool:
    """Whether two rows that lie together may be one place: by name, or as villages of one size on one spot."""
    if own_names(place) == own_names(other):
        people = getattr(place, "population", 0) == getattr(other, "population", 0)
        return bool(people or place.name or place.name_zh)
    people = getattr(place, "population", 0)
    return bool(people and people == getattr(other, "population", 0) and apart_km <= SAME_SPOT_KM)


def far_places(scenario: Scenario) -> Slips:
    """Places far off all villages, such as those at 0, 0."""
    lon, lat = _spots(scenario.villages)
    middle = float(np.median(lon)), float(np.median(lat))
    usual = float(np.median(great_circle_km(*middle, lon, lat)))
    for table in (*tables("place"), "detectors"):
        is_near = table in NEAR_TABLES or table == "detectors"
        limit = max(FAR_VILLAGE_KM if is_near else FAR_OTHER_KM, FAR_TIMES * usual)
        for row, place in enumerate(scenario.table(table)):
            if place.lon is None or place.lat is None:
                continue
            away = float(great_circle_km(*middle, place.lon, place.lat))
            if away > limit:
                says = bilingual(
                    "{place} lies {away} from the middle of the villages",
                    place=shown(place),
                    away=distance(away, f"{away:,.0f}"),
                )
                yield Slip(table, row, "lon", f"{place.lon:g}, {place.lat:g}", says)


def far_networks(scenario: Scenario) -> Slips:
    """Stations and switch rooms far off everything that they could serve."""
    networks = ("stations", "power")
    served = [place for table in tables("place") if table not in networks for place in scenario.table(table)]
    lon, lat = _spots(served)
    for table in networks:
        for row, place in enumerate(scenario.table(table)):
            away = float(great_circle_km(place.lon, place.lat, lon, lat).min())
            if away > SERVED_KM:
                says = bilingual(
                    "{place} lies {away} from the nearest place that it could serve",
                    place=shown(place),
                    away=distance(away, f"{away:,.0f}"),
                )
                yield Slip(table, row, "lon", f"{place.lon:g}, {place.lat:g}", says)


def heights_off_their_neighbours(scenario: Scenario) -> Slips:
    """Places much higher or lower than those beside them: a digit is wrong, or the unit."""
    known = [
        (table, row, place)
        for table in tables("place")
        if table in NEAR_TABLES
        for row, place in enumerate(scenario.table(table))
        if "elevation_m" in place.model_fields_set
    ]
    if len(known) <= NEIGHBOURS:
        return
    lon, lat = _spots([place for _, _, place in known])
    heights = np.array([place.elevation_m for _, _, place in known])
    for at, (table, row, place) in enumerate(known):
        away_km = great_circle_km(place.lon, place.lat, lon, lat)
        away_km[at] = np.inf
        near = np.argsort(away_km, kind="stable")[:NEIGHBOURS]
        usual = float(np.median(heights[near]))
        if abs(place.elevation_m - usual) > STEEP_M + STEEP_M_KM * float(away_km[near].max()):
            says = bilingual(
                "{place} lies {off:+,.0f} m against the places beside it ({names}): another unit, or a digit wrong?",
                place=shown(place),
                off=place.elevation_m - usual,
                names=named([known[other][2] for other in near.tolist()]),
            )
            yield Slip(table, row, "elevation_m", write_metres(place.elevation_m), says)


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


PLACE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    same_place_twice,
    far_places,
    far_networks,
    heights_off_their_neighbours,
    empty_villages,
    empty_depots,
    blank_areas,
)
