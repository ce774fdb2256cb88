"""Measures that a scenario answers without a run: staffing, coverage and reserves on paper, on dry roads.

Each takes the scenario and the settings of a clause, and answers one number: a share 0..1, a count or a ratio; nan
where there is nothing to be measured (no team of that level, no village in a township).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.places import CONSUMABLE, NEEDS, Place, Stock, Village
from simrescue.responders import Team
from simrescue.scenario.records import Scenario
from simrescue.scenario.travel_times import Ground, best_arrival, crest, first_by_air, first_by_road

MINIMUM_STAFF = {"city": 100, "county": 50, "township": 20}
"""Smallest team by level of government: Henan province, plan of 2021-12-31 for 2021-2025 (豫政〔2021〕66号)."""

TIERS = ("province", "city", "county", "township")
"""The four tiers of reserves of the same plan (四级应急物资储备体系)."""


@dataclass(frozen=True, slots=True)
class StaticMeasure:
    """One measure: call it with a scenario and settings; `settings` are the names it knows."""

    value: Callable[..., float]
    settings: frozenset[str]
    unit: str

    def __call__(self, scenario: Scenario, settings: Mapping[str, Any] | None = None) -> float:
        """The number. Raises TypeError for a setting it does not know or a needed one left out."""
        return float(self.value(scenario, **(settings or {})))


def _share(which: Iterable[bool] | NDArray[np.bool_]) -> float:
    found = list(which)
    return sum(map(bool, found)) / len(found) if found else math.nan


# ---- forces


def _teams(scenario: Scenario, levels: Sequence[str] = (), kinds: Sequence[str] = ()) -> list[Team]:
    """Teams of some levels of government and kinds; empty: of all."""
    return [
        team
        for team in scenario.teams
        if team.count and (not levels or team.level in levels) and (not kinds or team.kind in kinds)
    ]


def share_teams_staffed(scenario: Scenario, level: str, minimum: int | None = None, kinds: Sequence[str] = ()) -> float:
    """Share of the teams of a level with at least `minimum` people (default: the Henan minimum of the level)."""
    least = MINIMUM_STAFF[level] if minimum is None else minimum
    return _share(team.size >= least for team in _teams(scenario, [level], kinds) for _ in range(team.count))


def count_teams(scenario: Scenario, levels: Sequence[str] = (), kinds: Sequence[str] = ()) -> float:
    """Number of teams."""
    return sum(team.count for team in _teams(scenario, levels, kinds))


def share_reached_by_road(
    scenario: Scenario, limit_h: float, levels: Sequence[str] = (), kinds: Sequence[str] = ()
) -> float:
    """Share of villages that a team can reach within the limit by dry roads, turnout included."""
    first = first_by_road(Ground.of(scenario), _teams(scenario, levels, kinds))
    return _share(first.hours <= limit_h)


def share_reached_by_air(scenario: Scenario, limit_h: float) -> float:
    """Share of villages that a helicopter can reach within the limit: turnout and flight at cruise speed."""
    return _share(first_by_air(Ground.of(scenario), scenario.helicopters).hours <= limit_h)


def share_reached(scenario: Scenario, limit_h: float) -> float:
    """Share of villages that any responder at all can reach within the limit."""
    return _share(best_arrival(scenario).hours <= limit_h)


def _area_of_villages(scenario: Scenario, area: str) -> list[str]:
    if area not in ("county", "township"):
        raise ValueError(f"area is county or township, not {area!r}")
    return [str(getattr(village, area)) for village in scenario.villages]


def _share_of_areas(scenario: Scenario, area: str, served: set[str]) -> float:
    return _share(name in served for name in sorted(set(_area_of_villages(scenario, area)) - {""}))


def _areas_of(scenario: Scenario, area: str, places: Iterable[str]) -> set[str]:
    """Areas in which places lie: those of the nearest villages."""
    names = _area_of_villages(scenario, area)
    ground = Ground.of(scenario)
    return {names[ground.nearest_village(place)] for place in sorted(set(places))} if names else set()


def share_areas_with_team(
    scenario: Scenario, area: str, levels: Sequence[str] = (), kinds: Sequence[str] = ()
) -> float:
    """Share of counties (or townships) with villages here that have a team of their own.

    A team belongs to the county it names, else to the area of the village nearest to its base.
    """
    teams = _teams(scenario, levels, kinds)
    named = {team.county for team in teams} if area == "county" else set()
    unnamed = [team.base for team in teams if area != "county" or not team.county]
    return _share_of_areas(scenario, area, named | _areas_of(scenario, area, unnamed))


# ---- reserves and shelters


def share_supplied_by_road(
    scenario: Scenario, limit_h: float, tiers: Sequence[str] = (), start: str = "departure"
) -> float:
    """Share of villages that a truck from a depot can reach within the limit by dry roads.

    `start`: from the truck's "departure", or from the "order", with opening the depot and loading.
    """
    if start not in ("departure", "order"):
        raise ValueError(f"start is departure or order, not {start!r}")
    ground, soonest = Ground.of(scenario), np.full(len(scenario.villages), np.inf)
    for depot in scenario.depots:
        if not tiers or depot.tier in tiers:
            before = depot.opening_h + depot.load_h if start == "order" else 0.0
            soonest = np.minimum(soonest, before + ground.drive_h("truck", depot.id))
    return _share(soonest <= limit_h)


def _share_near(scenario: Scenario, places: Sequence[Place], limit_km: float) -> float:
    """Share of villages with a place of some kind within a distance by road."""
    ground, walk = Ground.of(scenario), scenario.settings.evacuation.walk_kmh
    nearest = np.full(len(scenario.villages), np.inf)
    for place in places:
        nearest = np.minimum(nearest, ground.drive_h("foot", place.id) * walk)
    return _share(nearest <= limit_km)


def share_near_shelter(scenario: Scenario, limit_km: float) -> float:
    """Share of villages with a shelter within a distance by road."""
    return _share_near(scenario, scenario.shelters, limit_km)


def share_near_depot(scenario: Scenario, limit_km: float, tiers: Sequence[str] = ()) -> float:
    """Share of villages with a depot within a distance by road."""
    return _share_near(scenario, [one for one in scenario.depots if not tiers or one.tier in tiers], limit_km)


def share_areas_with_depot(scenario: Scenario, area: str, tiers: Sequence[str] = ()) -> float:
    """Share of counties (or townships) in which a depot lies: where the village nearest to it is."""
    depots = [depot.id for depot in scenario.depots if not tiers or depot.tier in tiers]
    return _share_of_areas(scenario, area, _areas_of(scenario, area, depots))


def share_areas_with_shelter(scenario: Scenario, area: str) -> float:
    """Share of counties (or townships) in which a shelter lies: where the village nearest to it is."""
    return _share_of_areas(scenario, area, _areas_of(scenario, area, [one.id for one in scenario.shelters]))


def shelter_places_per_person(scenario: Scenario) -> float:
    """Places in shelters for each person of the villages under the evacuation order."""
    people = sum(village.population for village in scenario.villages if village.ordered)
    return sum(shelter.capacity for shelter in scenario.shelters) / people if people else math.nan


def stock_per_need(scenario: Scenario, persons: float | None = None, days: float | None = None) -> float:
    """Stock against need of the shortest of the tracked needs: 1 or more is enough.

    `persons`: people to be supplied; by default those of villages that flood as recorded. `days`: of food, water and
    medical supplies; by default what one request sends.
    """
    people = sum(v.population for v in villages_hit(scenario)) if persons is None else persons
    relief, ratios = scenario.settings.relief, list[float]()
    for need in relief.tracked:
        one = (relief.days_sent if days is None else days) if CONSUMABLE[NEEDS.index(need)] else 1.0
        held = sum(getattr(place, need) for place in (*scenario.depots, *scenario.shelters))
        ratios.append(held / (people * one) if people else math.nan)
    return min(ratios, default=math.nan)


def villages_hit(scenario: Scenario) -> list[Village]:
    """Villages that the water or the flames come to, as recorded or forecast, if nobody fights the fire."""
    comes = np.isfinite(crest(scenario).arrival_h[: len(scenario.villages)])
    return [village for village, is_hit in zip(scenario.villages, comes, strict=True) if is_hit]


def _mass_t(scenario: Scenario, stock: Stock) -> float:
    relief = scenario.settings.relief
    kilograms = [float(getattr(relief, need).kg) for need in NEEDS]
    return sum(amount * kg for amount, kg in zip(stock.amounts(), kilograms, strict=True)) / 1000


def share_stock_forward(scenario: Scenario, tiers: Sequence[str] = ("township",)) -> float:
    """Share of all goods in depots, by mass, that is held by depots of some tiers."""
    everything = sum(_mass_t(scenario, depot) for depot in scenario.depots)
    forward = sum(_mass_t(scenario, depot) for depot in scenario.depots if depot.tier in tiers)
    return forward / everything if everything else math.nan


def share_tiers_present(scenario: Scenario, tiers: Sequence[str] = TIERS) -> float:
    """Share of the tiers of reserves that have at least one depot here."""
    return _share(tier in {depot.tier for depot in scenario.depots} for tier in tiers)


def _measure(function: Callable[..., float], unit: str) -> StaticMeasure:
    names = [name for name in signature(function).parameters if name != "scenario"]
    return StaticMeasure(function, frozenset(names), unit)


STATIC_MEASURES: dict[str, StaticMeasure] = {
    "share_teams_staffed": _measure(share_teams_staffed, "share"),
    "count_teams": _measure(count_teams, "count"),
    "share_reached_by_road": _measure(share_reached_by_road, "share"),
    "share_reached_by_air": _measure(share_reached_by_air, "share"),
    "share_reached": _measure(share_reached, "share"),
    "share_areas_with_team": _measure(share_areas_with_team, "share"),
    "share_supplied_by_road": _measure(share_supplied_by_road, "share"),
    "share_near_shelter": _measure(share_near_shelter, "share"),
    "share_near_depot": _measure(share_near_depot, "share"),
    "share_areas_with_depot": _measure(share_areas_with_depot, "share"),
    "share_areas_with_shelter": _measure(share_areas_with_shelter, "share"),
    "shelter_places_per_person": _measure(shelter_places_per_person, "ratio"),
    "stock_per_need": _measure(stock_per_need, "ratio"),
    "share_stock_forward": _measure(share_stock_forward, "share"),
    "share_tiers_present": _measure(share_tiers_present, "share"),
}
"""Measures of the scenario alone, by the name that a clause uses."""


def static_measures(scenario: Scenario) -> dict[str, float]:
    """The measures at the limits that plans and service standards name; nan where there is nothing to measure."""
    asked: list[tuple[str, str, dict[str, Any]]] = [
        *((f"share_teams_staffed_{level}", "share_teams_staffed", {"level": level}) for level in MINIMUM_STAFF),
        ("share_reached_by_road_30_min", "share_reached_by_road", {"limit_h": 0.5}),
        ("share_reached_by_air_1_h", "share_reached_by_air", {"limit_h": 1.0}),
        ("share_reached_by_air_2_h", "share_reached_by_air", {"limit_h": 2.0}),
        *((f"share_supplied_by_road_{h}_h", "share_supplied_by_road", {"limit_h": float(h)}) for h in (1, 3, 5)),
        ("share_counties_with_team", "share_areas_with_team", {"area": "county"}),
        ("share_townships_with_team", "share_areas_with_team", {"area": "township"}),
        ("share_counties_with_depot", "share_areas_with_depot", {"area": "county"}),
        ("share_townships_with_shelter", "share_areas_with_shelter", {"area": "township"}),
        ("shelter_places_per_person", "shelter_places_per_person", {}),
        ("stock_per_need", "stock_per_need", {}),
        ("share_tiers_present", "share_tiers_present", {}),
    ]
    return {key: STATIC_MEASURES[name](scenario, settings) for key, name, settings in asked}
