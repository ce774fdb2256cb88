"""Measures that a scenario answers without a run: staffing, coverage and reserves on paper, on dry roads.

Each takes the scenario and the settings of a clause, and answers one number: a share 0..1, a count or a ratio; nan
where there is nothing to be measured (no team of that level, no village in a township). They stand in the same table
as the measures of event logs (`metrics.base.MEASURES`).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Annotated, Any, Literal, Self, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from pydantic import AfterValidator, Field, field_validator, model_validator

from simrescue import units
from simrescue.communication.posts import PostLevel
from simrescue.kinds import kind_of, tables
from simrescue.metrics.base import MEASURES, Counted, Measure, MeasureSettings, Tally, Unit, Within, register
from simrescue.metrics.reading import add_up, part_of_whole
from simrescue.places import CONSUMABLE, NEED_KINDS, NEEDS, Depot, DepotTier, Need, Place, Shelter, Stock, Village
from simrescue.responders import TASK_KINDS, TEAM_KINDS, LevelOfGovernment, Responder, Team
from simrescue.scenario.communication.coverage import distance_km, is_covered
from simrescue.scenario.records import Scenario, by_field
from simrescue.scenario.travel_times import Ground, best_arrival, crest, first_by_air, first_by_road
from simrescue.units import SAME_H, Kilometres, Number, Persons, Whole, YesNo, wrong
from simrescue.wording import Words, bilingual, bilingual_as

MINIMUM_STAFF = {"city": 100, "county": 50, "township": 20}
"""Smallest team by level of government: Henan province, plan of 2021-12-31 for 2021-2025 (Yuzheng [2021] No. 66)."""


Area = Literal["county", "township"]


def _known_teams(kinds: tuple[str, ...]) -> tuple[str, ...]:
    if set(kinds) <= set(TEAM_KINDS):
        return kinds
    raise wrong(bilingual("kinds among {known}", known=", ".join(TEAM_KINDS)))


KindsOfTeams = Annotated[units.NameList, AfterValidator(_known_teams)]


class Teams(MeasureSettings):
    """Settings of a measure of teams: which are counted."""

    levels: tuple[LevelOfGovernment, ...] = ()
    """Levels of government whose teams count; empty: all."""
    kinds: KindsOfTeams = ()
    """Kinds of teams counted; empty: all."""


class TeamsWithin(Teams, Within):
    """Settings of what teams reach in time."""


class Staff(MeasureSettings):
    """Settings of the staffing of teams."""

    level: LevelOfGovernment
    """Level of government whose teams are looked at."""
    minimum: Persons | None = None
    """Least number of people in a team; by default Henan's minimum of the level."""
    kinds: KindsOfTeams = ()
    """Kinds of teams counted; empty: all."""

    @model_validator(mode="after")
    def _some_minimum(self) -> Self:
        if self.minimum is None and self.level not in MINIMUM_STAFF:
            raise wrong(bilingual("a least number of people (minimum) for teams of {level} level", level=self.level))
        return self


class Areas(MeasureSettings):
    """Settings of a share of areas."""

    area: Area
    """Areas of which a share is taken: counties or townships."""


class AreasWithTeams(Teams, Areas):
    """Settings of the share of areas with a team."""

    minimum: Persons = 1
    """Least number of people in these teams together."""


class Tiers(MeasureSettings):
    """Settings of a measure of depots."""

    tiers: tuple[DepotTier, ...] = ()
    """Tiers of depots that count; empty: all."""


class AreasWithDepots(Tiers, Areas):
    """Settings of the share of areas with a depot."""


class SuppliedByRoad(Tiers, Within):
    """Settings of what trucks reach in time."""

    start: Literal["departure", "order"] = "departure"
    """Whether the time of a truck starts at its departure, or with the order: opening the depot and loading count."""


class Near(MeasureSettings):
    """Settings of a share of villages near something."""

    limit_km: Kilometres = Field(alias="distance")
    """Distance by road within which it must be."""


class NearDepot(Tiers, Near):
    """Settings of the share of villages near a depot."""


class Forward(MeasureSettings):
    """Settings of the share of stock held forward."""

    tiers: tuple[DepotTier, ...] = ("township",)
    """Tiers of depots that count as forward."""


class SelfSupply(Within):
    """Settings of the share of villages that can live on what is there for a time."""

    distance_km: Kilometres | None = Field(default=None, alias="distance")
    """Straight distance within which people fetch goods on foot; by default that of the scenario."""
    needs: Annotated[tuple[Need, ...], Field(min_length=1)] = ("food", "water")
    """Needs that must last: of those that are used up day by day."""

    @field_validator("needs")
    @classmethod
    def _used_up(cls, needs: tuple[Need, ...]) -> tuple[Need, ...]:
        if not {need.name for need in NEED_KINDS if need.used_up}.issuperset(needs):
            raise wrong(bilingual("needs that are used up: {needs}", needs="food, water, medical"))
        return needs


class PostStaff(MeasureSettings):
    """Settings of the staffing of posts."""

    level: PostLevel
    """Level of the posts that are looked at."""
    minimum: Whole = 1
    """Least number of people on duty at once."""
    maximum: Whole | None = None
    """Greatest number of them; empty: any."""
    whole_day: YesNo = False
    """Whether somebody must be on duty by day and by night."""


class Present(MeasureSettings):
    """Settings of the share of tiers that hold a depot."""

    tiers: tuple[DepotTier, ...] = ("province", "city", "county", "township")
    """Tiers asked for; by default the four of the Henan plan of 2021-2025, its system of emergency reserves."""


class Supply(MeasureSettings):
    """Settings of stock against need."""

    persons: Persons | None = None
    """People to be supplied; by default those of villages that the hazard reaches as recorded."""
    days: Number | None = Field(default=None, gt=0, le=365)
    """Days of supply of what is used up day by day; by default what one request sends."""


def _tally(ids: Iterable[str], which: Iterable[bool] | NDArray[np.bool_]) -> Tally:
    """Which of some places (or teams, areas, tiers) are as asked for; one row an id, however often it comes."""
    place, at = np.unique(np.array(list(ids), dtype=str), return_inverse=True)
    kept = np.array(list(which), dtype=float)
    return Tally(place, add_up(at, np.ones(len(at)), len(place)), add_up(at, kept, len(place)))


def _parts(rows: Sequence[tuple[str, float, float]]) -> Tally:
    """The tally of rows of place, whole and part."""
    places, counted, kept = zip(*rows, strict=True) if rows else ((), (), ())
    return Tally(np.array(places, dtype=str), np.array(counted, dtype=float), np.array(kept, dtype=float))


def _villages(scenario: Scenario, which: NDArray[np.bool_]) -> Tally:
    return _tally((village.id for village in scenario.villages), which)


# ---- forces


def _teams(scenario: Scenario, levels: Sequence[str] = (), kinds: Sequence[str] = ()) -> list[Team]:
    """Teams of some levels of government and kinds; empty: of all."""
    return [
        team
        for team in scenario.teams
        if can_act(team) and (not levels or team.level in levels) and (not kinds or team.kind in kinds)
    ]


def can_act(crew: Responder) -> bool:
    """Whether crews of a row are there and have what one of their tasks needs: who is only listed serves nobody.

    Seats for people, room for goods, a bucket for water; a look and hands on the fire line need neither.
    """
    rooms = [task.room for task in TASK_KINDS if task.name in getattr(crew, "tasks", ())]
    return bool(crew.count) and any(not room or getattr(crew, room, 0) > 0 for room in rooms)


def _acting(scenario: Scenario) -> Scenario:
    """The scenario with only those crews that can act."""
    rows = {name: tuple(filter(can_act, scenario.table(name))) for name in tables("responder")}
    return scenario.model_copy(update=by_field({**scenario.more, **rows}))


def teams_staffed(scenario: Scenario, settings: Staff) -> Tally:
    """The teams of a level with at least the minimum of people."""
    least = MINIMUM_STAFF[settings.level] if settings.minimum is None else settings.minimum
    teams = [team for team in _teams(scenario, [settings.level], settings.kinds) for _ in range(team.count)]
    return _tally((team.id for team in teams), (team.size >= least for team in teams))


def count_teams(scenario: Scenario, settings: Teams) -> float:
    """Number of teams."""
    return sum(team.count for team in _teams(scenario, settings.levels, settings.kinds))


def people_in_teams(scenario: Scenario, settings: Teams) -> float:
    """Number of people in teams; nan where there is none of these teams."""
    teams = _teams(scenario, settings.levels, settings.kinds)
    return sum(team.count * team.size for team in teams) if teams else math.nan


def reached_by_road(scenario: Scenario, settings: TeamsWithin) -> Tally:
    """Villages that a team can reach within the limit by dry roads, turnout included."""
    first = first_by_road(Ground.of(scenario), _teams(scenario, settings.levels, settings.kinds))
    return _villages(scenario, first.hours <= settings.limit_h)


def reached_by_air(scenario: Scenario, settings: Within) -> Tally:
    """Villages that an aircraft can reach within the limit: turnout and flight at cruise speed."""
    return _villages(scenario, first_by_air(Ground.of(_acting(scenario))).hours <= settings.limit_h)


def reached(scenario: Scenario, settings: Within) -> Tally:
    """Villages that any responder at all can reach within the limit."""
    return _villages(scenario, best_arrival(_acting(scenario)).hours <= settings.limit_h)


def _area_of_villages(scenario: Scenario, area: Area) -> list[str]:
    return [str(getattr(village, area)) for village in scenario.villages]


def _areas_served(scenario: Scenario, area: Area, served: set[str]) -> Tally:
    names = sorted(set(_area_of_villages(scenario, area)) - {""})
    return _tally(names, (name in served for name in names))


def _areas_of(scenario: Scenario, area: Area, rows: Iterable[Depot | Shelter | Team]) -> Iterator[str]:
    """Areas that places or teams belong to: as they say, else that of the village nearest to it, or to its base."""
    names, ground = _area_of_villages(scenario, area), Ground.of(scenario)
    for row in rows:
        spot = row.base if isinstance(row, Team) else row.id
        yield getattr(row, area) or (names[ground.nearest_village(spot)] if names else "")


def areas_with_team(scenario: Scenario, settings: AreasWithTeams) -> Tally:
    """Counties (or townships) with villages here that have a team of their own, of so many people if stated."""
    area, people = settings.area, Counter[str]()
    teams = _teams(scenario, settings.levels, settings.kinds)
    for team, own in zip(teams, _areas_of(scenario, area, teams), strict=True):
        people[own] += team.count * team.size
    return _areas_served(scenario, area, {name for name, number in people.items() if number >= settings.minimum})


# ---- reserves and shelters


def supplied_by_road(scenario: Scenario, settings: SuppliedByRoad) -> Tally:
    """Villages that a truck from a depot can reach within the limit by dry roads."""
    ground, soonest = Ground.of(scenario), np.full(len(scenario.villages), np.inf)
    on_wheels = (row for row in scenario.responders if kind_of(row).moves == "road" and can_act(row))
    carriers = [row for row in on_wheels if "relief" in getattr(row, "tasks", ())]
    for depot in _depots(scenario, settings.tiers) if carriers else ():
        before = depot.opening_h + depot.load_h if settings.start == "order" else 0.0
        soonest = np.minimum(soonest, before + ground.drive_h("truck", depot.id))
    return _villages(scenario, soonest <= settings.limit_h)


def _near(scenario: Scenario, places: Sequence[Place], limit_km: float) -> Tally:
    """Villages with a place of some kind within a distance by road."""
    ground, walk = Ground.of(scenario), scenario.settings.evacuation.walk_kmh
    nearest = np.full(len(scenario.villages), np.inf)
    for place in places:
        nearest = np.minimum(nearest, ground.drive_h("foot", place.id) * walk)
    return _villages(scenario, nearest <= limit_km)


def near_shelter(scenario: Scenario, settings: Near) -> Tally:
    """Villages with a shelter within a distance by road."""
    return _near(scenario, _shelters(scenario), settings.limit_km)


def _depots(scenario: Scenario, tiers: Sequence[str]) -> list[Depot]:
    """Depots of some tiers (empty: all) that hold anything or are restocked."""
    stocked = (depot for depot in scenario.depots if any(depot.amounts()) or depot.upper)
    return [depot for depot in stocked if not tiers or depot.tier in tiers]


def self_supplied(scenario: Scenario, settings: SelfSupply) -> Tally:
    """Villages whose households and stores within reach on foot feed their people for so long.

    A store that several villages reach is shared by their people; households have own food and water, no medicine.
    """
    relief = scenario.settings.relief
    reach_km = relief.fetch_within_km if settings.distance_km is None else settings.distance_km
    people = np.array([village.population for village in scenario.villages], dtype=float)
    near = [
        np.array([distance_km(village, depot) <= reach_km for village in scenario.villages], dtype=bool)
        for depot in scenario.depots
    ]
    hours = np.full(len(people), np.inf)
    for need in settings.needs:
        days = np.full(len(people), 0.0 if need == "medical" else relief.household_days)
        for depot, reached in zip(scenario.depots, near, strict=True):
            if (shared := people[reached].sum()) > 0:
                days[reached] += getattr(depot, need) / shared
        hours = np.minimum(hours, days * 24)
    return _villages(scenario, hours >= settings.limit_h - SAME_H)


def posts_staffed(scenario: Scenario, settings: PostStaff) -> Tally:
    """The posts of a level with so many people on duty; none to be measured without posts.csv."""
    posts = [post for post in scenario.posts if post.level == settings.level]
    most = math.inf if settings.maximum is None else settings.maximum
    staffed = [
        settings.minimum <= post.staff <= most and (post.mans_whole_day or not settings.whole_day) for post in posts
    ]
    return _tally((post.id for post in posts), staffed)


def _shelters(scenario: Scenario) -> list[Shelter]:
    """Shelters that take anybody."""
    return [shelter for shelter in scenario.shelters if shelter.capacity]


def near_depot(scenario: Scenario, settings: NearDepot) -> Tally:
    """Villages with a depot within a distance by road."""
    return _near(scenario, _depots(scenario, settings.tiers), settings.limit_km)


def areas_with_depot(scenario: Scenario, settings: AreasWithDepots) -> Tally:
    """Counties (or townships) with a depot."""
    depots = _depots(scenario, settings.tiers)
    return _areas_served(scenario, settings.area, set(_areas_of(scenario, settings.area, depots)))


def areas_with_shelter(scenario: Scenario, settings: Areas) -> Tally:
    """Counties (or townships) with a shelter."""
    shelters = _shelters(scenario)
    return _areas_served(scenario, settings.area, set(_areas_of(scenario, settings.area, shelters)))


def shelter_places_per_person(scenario: Scenario, _: MeasureSettings) -> Tally:
    """People of the villages under the evacuation order, and places in shelters for them; it lies at no one place."""
    people = sum(village.population for village in scenario.villages if village.ordered)
    return _parts([("", people, sum(shelter.capacity for shelter in scenario.shelters))])


def stock_per_need(scenario: Scenario, settings: Supply) -> Tally:
    """People to be supplied, and for how many stock in depots and shelters lasts, of the shortest of tracked needs."""
    people: float = (
        settings.persons if settings.persons is not None else sum(v.population for v in villages_hit(scenario))
    )
    relief, supplied = scenario.settings.relief, list[tuple[str, float, float]]()
    for need in relief.tracked:
        days = relief.days_sent if settings.days is None else settings.days
        ration = days if CONSUMABLE[NEEDS.index(need)] else 1.0
        held = sum(getattr(place, need) for place in (*scenario.depots, *scenario.shelters))
        supplied.append((need, people, held / ration))
    return _parts([min(supplied, key=lambda row: row[2])] if supplied else [])


def villages_hit(scenario: Scenario) -> list[Village]:
    """Villages that the water or the flames come to, as recorded or forecast, if nobody fights the fire."""
    comes = np.isfinite(crest(scenario).arrival_h[: len(scenario.villages)])
    return [village for village, is_hit in zip(scenario.villages, comes, strict=True) if is_hit]


def with_satellite_phone(scenario: Scenario, _: MeasureSettings) -> Tally:
    """Villages that the hazard comes to with a satellite phone; none to be measured where no channels are named."""
    hit = villages_hit(scenario) if scenario.channels else []
    return _tally((village.id for village in hit), (village.satellite_phones > 0 for village in hit))


def with_substitute_officer(scenario: Scenario, _: MeasureSettings) -> Tally:
    """Villages that the hazard comes to with a second officer (A and B); of those alone that state their officers."""
    hit = [village for village in villages_hit(scenario) if village.officers is not None]
    return _tally((village.id for village in hit), ((village.officers or 0) > 1 for village in hit))


def covered_by_radio(scenario: Scenario, _: MeasureSettings) -> Tally:
    """Villages that the hazard comes to within the radius of a station of 370 MHz; none where no channels are named."""
    hit = villages_hit(scenario) if scenario.channels else []
    return _tally((village.id for village in hit), (is_covered(scenario, village, "mhz370") for village in hit))


def _mass_t(scenario: Scenario, stock: Stock) -> float:
    relief = scenario.settings.relief
    kilograms = [float(getattr(relief, need).kg) for need in NEEDS]
    return sum(amount * kg for amount, kg in zip(stock.amounts(), kilograms, strict=True)) / 1000


def stock_forward(scenario: Scenario, settings: Forward) -> Tally:
    """All goods in depots, tonnes, and those that depots of some tiers hold."""
    held = [(depot, _mass_t(scenario, depot)) for depot in scenario.depots]
    return _parts([(depot.id, mass_t, mass_t * (depot.tier in settings.tiers)) for depot, mass_t in held])


def tiers_present(scenario: Scenario, settings: Present) -> Tally:
    """The tiers of reserves that have at least one depot here."""
    held = {depot.tier for depot in _depots(scenario, ())}
    return _tally(settings.tiers, (tier in held for tier in settings.tiers))


S = TypeVar("S", bound=MeasureSettings)


def _share_of(
    places: Callable[[Scenario, S], Tally],
    settings: type[S],
    words: Words,
    counts: Counted = "villages",
    unit: Unit = "share",
) -> Measure[S]:
    """What a tally comes to: the share by its name with `share_` before it, or the ratio by its name."""

    def value(scenario: Scenario, settings: S) -> float:
        return part_of_whole(places(scenario, settings))

    name = f"share_{places.__name__}" if unit == "share" else places.__name__
    return Measure(name, words, unit, settings, of_scenario=value, counts=counts, of_places=places)


for _measure in (
    _share_of(teams_staffed, Staff, bilingual("teams with the least number of people"), "teams"),
    Measure("count_teams", bilingual_as("measures", "teams"), "count", Teams, of_scenario=count_teams, counts="teams"),
    Measure(
        "people_in_teams", bilingual("people in teams"), "count", Teams, of_scenario=people_in_teams, counts="persons"
    ),
    _share_of(reached_by_road, TeamsWithin, bilingual("villages a team reaches by road in time")),
    _share_of(reached_by_air, Within, bilingual("villages an aircraft reaches in time")),
    _share_of(reached, Within, bilingual("villages anybody reaches in time")),
    _share_of(areas_with_team, AreasWithTeams, bilingual("areas with a team of their own"), "areas"),
    _share_of(supplied_by_road, SuppliedByRoad, bilingual("villages a truck reaches in time")),
    _share_of(near_shelter, Near, bilingual("villages with a shelter near")),
    _share_of(near_depot, NearDepot, bilingual("villages with a depot near")),
    _share_of(areas_with_depot, AreasWithDepots, bilingual("areas with a depot"), "areas"),
    _share_of(areas_with_shelter, Areas, bilingual("areas with a shelter"), "areas"),
    _share_of(
        shelter_places_per_person, MeasureSettings, bilingual("places in shelters per person"), "persons", "ratio"
    ),
    _share_of(
        with_satellite_phone, MeasureSettings, bilingual("villages that the hazard reaches with a satellite phone")
    ),
    _share_of(
        covered_by_radio, MeasureSettings, bilingual("villages that the hazard reaches covered by 370 MHz radio")
    ),
    _share_of(
        with_substitute_officer,
        MeasureSettings,
        bilingual("villages that the hazard reaches with a second officer to stand in"),
    ),
    _share_of(self_supplied, SelfSupply, bilingual("villages that live on what is there for long enough")),
    _share_of(posts_staffed, PostStaff, bilingual("posts with enough people on duty"), "posts"),
    _share_of(stock_per_need, Supply, bilingual("stock against need"), "persons", "ratio"),
    _share_of(stock_forward, Forward, bilingual("stock held forward"), "tonnes"),
    _share_of(tiers_present, Present, bilingual("tiers of reserves with a depot"), "tiers"),
):
    register(_measure)


def measured(scenario: Scenario, name: str, settings: Mapping[str, Any] | MeasureSettings) -> float:
    """The value of a measure of the scenario alone, in the unit of the measure.

    Args:
        scenario: what is looked at.
        name: a measure of a scenario.
        settings: what the clause sets, by Python name in inside units; what it leaves out has the measure's default.

    Returns:
        The value; nan where there is nothing to be measured.

    Raises:
        KeyError: where there is no such measure.
        TypeError: where the measure needs a run.
        pydantic.ValidationError: for a setting that the measure does not have, or that it needs and that is not given.
    """
    measure = MEASURES[name]
    if measure.of_scenario is None:
        raise TypeError(f"{name} needs a run")
    return float(measure.of_scenario(scenario, measure.read(settings)))


def measured_by_place(scenario: Scenario, name: str, settings: Mapping[str, Any] | MeasureSettings) -> Tally | None:
    """The part and the whole of a measure of the scenario alone, by the id of each place.

    None: it needs a run, or does not tell it by place. Arguments and other errors as of `measured`.
    """
    measure = MEASURES[name]
    if measure.of_scenario is None or measure.of_places is None:
        return None
    of_places = cast("Callable[[Scenario, Any], Tally]", measure.of_places)
    return of_places(scenario, measure.read(settings))


def static_measures(scenario: Scenario) -> dict[str, float]:
    """The measures at the limits that plans and service standards name; nan where there is nothing to measure."""
    measures: list[tuple[str, str, dict[str, Any]]] = [
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
    return {key: measured(scenario, name, settings) for key, name, settings in measures}
