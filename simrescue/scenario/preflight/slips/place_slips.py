"""Slips of places: written twice, far off the county, for nobody, with half of their columns filled."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from simrescue.kinds import tables
from simrescue.network import great_circle_km
from simrescue.places import NEED_WORDS, NEEDS, Place
from simrescue.scenario.namesakes import own_names
from simrescue.scenario.preflight.findings import distance, named, shown
from simrescue.scenario.preflight.slips.slip import Slip, Slips, where
from simrescue.scenario.records import Scenario
from simrescue.units import write_metres
from simrescue.wording import Words, bilingual, listed

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
LEAST_SHELTERS, BESIDE_KM, BESIDE_TIMES = 3, 20.0, 1.5
"""Of so many, not one lies within so many km, or so many times the usual distance, of the middle (assumed)."""
SERVED_KM = 60.0
"""A station and a switch room stand within this of something that they serve: the farthest cells reach some 35 km."""
STOCK_TIMES = 100.0
"""So many times less than all else in a store is of another unit: a tonne of food is for some 700 persons and days."""
FAR_LINE_KM = 100.0
"""A point of a drawn line so far off everything is no bend of a river (assumed)."""
LONG_NAME = 5
"""Letters of a name from which one of the same letters in another order is a slip of it (assumed)."""
STEEP_M, STEEP_M_KM, NEIGHBOURS = 150.0, 500.0, 3
"""Heights of neighbours differ by no more than this and so much a km; steep valleys fall 250 m a km (assumed)."""
HILL_M, RELIEFS, AROUND = 400.0, 10.0, 6
"""Nor by more than a hill in the plain and so many times what so many neighbours are apart (assumed)."""


def _spots(places: Sequence[Place]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([place.lon for place in places]), np.array([place.lat for place in places])


def same_place_twice(scenario: Scenario) -> Slips:
    """Two rows of a table with one name and one spot, and two villages on one spot."""
    for table in tables("place"):
        places: Sequence[Place] = scenario.table(table)
        lon, lat = _spots(places)
        for row, place in enumerate(places[1:], 1):
            near = great_circle_km(place.lon, place.lat, lon[:row], lat[:row])
            for other in np.flatnonzero(near <= SAME_PLACE_KM).tolist():
                spot = where(scenario, table, other, "id")
                if _is_same(place, places[other], float(near[other])):
                    says = bilingual("the place {first} has the same name and spot ({spot}): is it written twice?",
                                     first=places[other].id, spot=spot)  # fmt: skip
                    yield Slip(table, row, "id", place.id, says)
                elif table == "villages" and (place.lon, place.lat) == (places[other].lon, places[other].lat):
                    says = bilingual("the very spot of {first} ({spot}): copied from there?",
                                     first=shown(places[other]), spot=spot)  # fmt: skip
                    yield Slip(table, row, "lon", f"{place.lon:g}, {place.lat:g}", says)
                else:
                    continue
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


def shelters_beside_the_county(scenario: Scenario) -> Slips:
    """Shelters that lie, all together, beside the villages: the coordinates of one table are of another system."""
    if len(scenario.shelters) < LEAST_SHELTERS or len(scenario.villages) < LEAST_SHELTERS:
        return
    (lon, lat), others = _spots(scenario.villages), _spots(scenario.shelters)
    middle = float(np.median(lon)), float(np.median(lat))
    usual = float(np.median(great_circle_km(*middle, lon, lat)))
    away = float(great_circle_km(*middle, *others).min())
    if away > max(BESIDE_KM, BESIDE_TIMES * usual):
        first = scenario.shelters[0]
        says = bilingual("this and all other shelters lie {away} and more from the middle of the villages",
                         away=distance(away, f"{away:,.0f}"))  # fmt: skip
        yield Slip("shelters", 0, "lon", f"{first.lon:g}, {first.lat:g}", says)


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
        usual, around = float(np.median(heights[near])), heights[np.argsort(away_km, kind="stable")[:AROUND]]
        limit = min(STEEP_M + STEEP_M_KM * float(away_km[near].max()), HILL_M + RELIEFS * float(np.ptp(around)))
        if abs(place.elevation_m - usual) > limit:
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


def stock_of_another_unit(scenario: Scenario) -> Slips:
    """Stores that hold next to nothing of one need against all others: tonnes or boxes, where persons are counted."""
    for table in ("depots", "shelters"):
        for row, store in enumerate(scenario.table(table)):
            for need, held in zip(NEEDS, store.amounts(), strict=True):
                others = [other for name, other in zip(NEEDS, store.amounts(), strict=True) if other and name != need]
                if len(others) > 1 and 0 < held * STOCK_TIMES < min(others):
                    says = bilingual("all else there is {least:,.0f} and more: persons, or tonnes and boxes?",
                                     least=min(others))  # fmt: skip
                    yield Slip(table, row, need, f"{held:g}", says)


def namesakes_of_one_township(scenario: Scenario) -> Slips:
    """Two villages of one name in one township, far from each other: one name is copied."""
    seen: dict[tuple[str, str, str], int] = {}
    for row, village in enumerate(scenario.villages):
        name = village.name_zh or village.name
        first = seen.setdefault((village.county, village.township, name), row) if name and village.township else row
        other = scenario.villages[first]
        away = float(great_circle_km(village.lon, village.lat, other.lon, other.lat)) if first != row else 0.0
        if away > SAME_PLACE_KM:
            says = bilingual("another village of this township has this name ({spot}), {away} away",
                             spot=where(scenario, "villages", first, "name"),
                             away=distance(away, f"{away:.3g}"))  # fmt: skip
            yield Slip("villages", row, "name_zh" if village.name_zh else "name", name, says)


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


def far_map_lines(scenario: Scenario) -> Slips:
    """Points of drawn lines far off the line's other points and the county: a digit is wrong."""
    lines: dict[str, list[int]] = {}
    for row, point in enumerate(scenario.map_lines):
        lines.setdefault(point.line, []).append(row)
    lon, lat = _spots(scenario.places)
    for rows in lines.values():
        spots = np.array([[scenario.map_lines[row].lon, scenario.map_lines[row].lat] for row in rows])
        steps = great_circle_km(spots[:-1, 0], spots[:-1, 1], spots[1:, 0], spots[1:, 1])
        beside_km = np.minimum(np.append(steps, np.inf), np.insert(steps, 0, np.inf))
        for at in np.flatnonzero(beside_km > FAR_LINE_KM).tolist():  # only these may be far off all others too
            row, others = rows[at], np.delete(spots, at, axis=0)
            point = scenario.map_lines[row]
            beside = np.concatenate([lon, others[:, 0]]), np.concatenate([lat, others[:, 1]])
            away = float(great_circle_km(point.lon, point.lat, *beside).min())
            if away > FAR_LINE_KM:
                says = bilingual("{away} from all other points of the line and from every place",
                                 away=distance(away, f"{away:,.0f}"))  # fmt: skip
                yield Slip("map_lines", row, "lon", f"{point.lon:g}, {point.lat:g}", says)


def areas_written_in_two_ways(scenario: Scenario) -> Slips:
    """Counties and townships whose name is all but that of another: one area counts as two, and a promise to each."""
    for field in ("county", "township"):
        count = Counter(name for place in scenario.settlements if (name := getattr(place, field)))
        for name in sorted(count, key=lambda name: count[name]):
            like = [other for other in count if count[other] >= max(2, count[name]) and _is_alike(name, other)]
            if like:
                yield from _area(scenario, field, name, like[0])
        for table in (*tables("responder"), "depots", "shelters"):
            for row, thing in enumerate(scenario.table(table)):
                name = getattr(thing, field)
                like = [other for other in sorted(count) if name not in count and _is_alike(name, other)]
                if like:
                    yield Slip(table, row, field, name, _meant(like[0]))


def _area(scenario: Scenario, field: str, name: str, like: str) -> Slips:
    for table in ("villages", "institutions"):
        for row, place in enumerate(scenario.table(table)):
            if getattr(place, field) == name:
                yield Slip(table, row, field, name, _meant(like))


def _meant(area: str) -> Words:
    return bilingual('others have "{area}": is it the same?', area=area)


def _is_alike(name: str, other: str) -> bool:
    """Whether two different names are one but for its ending, spaces, capitals, or, of a long word, a letter."""
    if name == other:
        return False
    first, second = ("".join(unicodedata.normalize("NFKC", written).casefold().split()) for written in (name, other))
    long, short = sorted((first, second), key=len, reverse=True)
    if first == second or (len(short) > 1 and long[:-1] == short and not long[-1].isascii()):
        return True  # in Chinese the last character says what it is, and is left out by some
    is_long = min(len(first), len(second)) >= LONG_NAME and first.isascii() and second.isascii()
    return is_long and first[0] == second[0] and not first[-1].isdigit() and _letters(first) == _letters(second)


def _letters(name: str) -> list[str]:
    """The letters of a name in order, doubled ones once."""
    return sorted(re.sub(r"(.)\1+", r"\1", name))


PLACE_SLIPS: tuple[Callable[[Scenario], Slips], ...] = (
    same_place_twice,
    far_places,
    shelters_beside_the_county,
    far_networks,
    heights_off_their_neighbours,
    empty_villages,
    empty_depots,
    stock_of_another_unit,
    namesakes_of_one_township,
    blank_areas,
    areas_written_in_two_ways,
    far_map_lines,
)
