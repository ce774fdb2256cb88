"""The world: a scenario compiled once into indexes, arrays and travel times, shared by all replications."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import Fault, ScenarioError
from simrescue.hazards.flood.depth_effects import LIMITS
from simrescue.hazards.flood.houses import houses_of
from simrescue.hazards.kinds import Course, hazard_named
from simrescue.kinds import NUMBER, is_made_for, kind_named, kind_of, of_role, tables, vehicle_of
from simrescue.metrics.facts import GOVERNMENT_LEVELS, KINDS_OF_TEAMS, Facts
from simrescue.network import Components, Network, great_circle_km
from simrescue.network.road_network import EARTH_KM
from simrescue.network.traffic_flow import Flow, flow_of
from simrescue.parameters import Parameters
from simrescue.places import NEEDS, Institution, Place, Village
from simrescue.records import Role
from simrescue.responders import RELIEF, TASK_KINDS, TASKS, VEHICLE_KINDS, VEHICLES, Responder, team_kind
from simrescue.scenario.communication.channel_layout import Layout, layout_of
from simrescue.scenario.records import TABLES, Scenario
from simrescue.simulation.sky import Sky, sky_of
from simrescue.wording import bilingual

OF_COMMAND = {"trigger": "triggers", "partner": "partners", "post": "posts"}
"""Kinds of things of `Scenario.of_command`, in their order -> their tables."""
SCHOOLDAYS = 5
"""Day schools are empty at the weekend. Holidays are not known: leave the row out, or give no pupils."""


@dataclass(frozen=True, slots=True)
class Member:
    """One responder of the scenario under its own index."""

    index: int
    """Index in the table of things."""
    number: int
    """Place among the responders."""
    copy: int
    """Which of the equal ones of its row, from 1."""
    id: str
    record: Responder
    kind: str
    """Name of its kind: one of `kinds.names("responder")`."""
    moves: str
    """One of `records.MOVES`; crews are built from it."""
    vehicle: str
    """Vehicle of the road network by which it moves; empty: it flies."""
    base: int
    tasks: frozenset[int]
    seats: int
    """People carried in one trip, by its seats and by what its crew can take charge of."""
    payload_t: float
    size: int
    hands: int
    """People whose work counts by their number: those of a kind that is made for the fire line."""

    flies: bool
    """Whether it goes by air, and so hangs on no road."""
    hauls: bool
    """Whether it is a lorry that brings goods and does nothing else."""
    takes_on: bool
    """Whether it has vehicles that take people on from a transfer point."""


@dataclass(frozen=True, slots=True)
class World:
    """Everything that is the same in all replications; indexes are those of the table of things."""

    scenario: Scenario
    ids: tuple[str, ...]
    kinds: tuple[str, ...]
    first: dict[str, int]
    """First index of each table's things; also of `command`."""
    command: int
    """Index of the thing called command."""
    places: tuple[Place, ...]
    n_places: int
    staffed: frozenset[int]
    """Places with telephones, that can be told and asked."""
    of_hazard: frozenset[int]
    """Places that are nothing but the point where a hazard began."""
    n_roads: int
    duration_h: float
    members: tuple[Member, ...]
    network: Network
    flows: tuple[Flow, ...]
    """How each road (L) takes traffic in one direction."""
    fields: dict[str, Any]
    """Kind of each hazard, in the order of the scenario -> what is compiled of it for all replications."""
    sky: Sky
    shelter_order: tuple[tuple[int, ...], ...]
    """For each village the shelters by road time, nearest first; a named one leads."""
    shelters_by_air: NDArray[np.intp]
    """For each place (N) all shelters (S), nearest first."""
    depot_order: dict[int, tuple[int, ...]]
    """For each base of a responder that brings relief: depots by distance."""
    stores_on_foot: dict[int, tuple[int, ...]]
    """For each village and shelter that has any: depots from which people can fetch goods on foot, nearest first."""
    sites_on_foot: dict[int, tuple[int, ...]]
    """The same from the side of the depot."""
    arrival_h: NDArray[np.float64]
    """When water reaches each village on the mean flood; infinite: never."""
    rescue_skills: tuple[str, ...]
    """Village -> what a crew must be trained for to rescue people there; empty: nothing."""
    high_share: tuple[float, ...]
    """Share of the people of each settlement who live above any water, in high buildings."""
    upstairs_share: tuple[float, ...]
    """Share of the people of each settlement who go to an upper floor of their own house instead of leaving."""
    told_share: tuple[float, ...]
    """For each village the share of people whom an order moves: who stays above the water is not among them."""
    foreseen_wet: frozenset[int]
    """Places in which people cannot stand any more (H2) at some time of the mean flood."""
    foreseen_cut: frozenset[int]
    """Villages that the mean flood cuts off for lorries, where first rations are pushed; else none are looked for."""
    forecast: tuple[Course, ...]
    """Class of danger over time that is expected at each village, by whichever hazard has a forecast."""
    on_sphere: tuple[tuple[float, float, float], ...]
    """Each place as a point of the unit sphere."""
    upper: dict[int, int]
    """For each depot that has one, the depot that restocks it."""
    truck_pace: tuple[float, ...]
    """For each responder its least hours on any road against a truck's; 0 for those that fly."""
    landing: tuple[tuple[int, ...], ...]
    """For each village the landing sites that serve it."""
    depth_limits_m: dict[str, float]
    """Depth that stops each vehicle; for a boat, where the hull takes over from its carrier truck."""
    facts: Facts
    layout: Layout | None
    """Channels and what they hang on; None: one channel that always works but for `command.contact_loss`."""

    @property
    def parameters(self) -> Parameters:
        """The default numbers of the scenario."""
        return self.scenario.parameters

    @property
    def declares_levels(self) -> bool:
        """Whether a response level is ever declared: at a time, or with a stage of the response to a fire."""
        settings = self.scenario.settings
        return bool(settings.command.levels or self.scenario.triggers) or any(stage.level for stage in settings.stages)

    def distance_km(self, a: int, b: int) -> float:
        """Great circle between two places, by the chord between their points on the unit sphere."""
        # Rounding may make half a chord more than 1, of which there is no arc.
        return 2 * EARTH_KM * math.asin(min(1.0, math.dist(self.on_sphere[a], self.on_sphere[b]) / 2))

    def near_line(self, places: Iterable[int], a: int, b: int, km: float) -> list[int]:
        """Those of some places that lie near the straight line between two others.

        Args:
            places: in the order in which they are answered.
            a: where the line begins.
            b: where it ends; may be the same.
            km: distance from it, by the chord, up to which a place is near.
        """
        (ax, ay, az), (bx, by, bz) = self.on_sphere[a], self.on_sphere[b]
        x, y, z = bx - ax, by - ay, bz - az
        length2, near = math.fsum((x * x, y * y, z * z)), []
        for place in places:
            px, py, pz = spot = self.on_sphere[place]
            part = math.fsum(((px - ax) * x, (py - ay) * y, (pz - az) * z)) / length2 if length2 else 0.0
            # Beyond either end the end itself is nearest.
            part = min(1.0, max(0.0, part))
            if EARTH_KM * math.dist(spot, (ax + part * x, ay + part * y, az + part * z)) <= km:
                near.append(place)
        return near


def _share_above_water(scenario: Scenario, place: Village | Institution) -> float:
    """Share of the people of a `place` of a `scenario` who live above any water: in the high buildings of a town."""
    is_above = "flood" in scenario.settings.hazards and place.town
    return float(scenario.parameters.high_building_share) if is_above else 0.0


def _share_upstairs(scenario: Scenario, village: Village, high: float, crest_m: float) -> float:
    """Share of the people of a village who go upstairs in their own house instead of leaving.

    They do where water of H2 or more is foreseen, but none that comes up to the upper floor.

    Args:
        scenario: whose houses and shares count.
        village: where they live.
        high: share of its people who live in high buildings.
        crest_m: greatest depth in its lowest street that is foreseen, m.
    """
    parameters = scenario.parameters
    # In shallower water nobody has to leave the street, and over its floor an upper floor is no refuge.
    if not LIMITS[0, 0] < crest_m <= parameters.upper_floor_height_m:
        return 0.0
    houses = houses_of(parameters, scenario.settings.jurisdiction.province, village.single_storey, village.upper_floor)
    return float((1 - high) * houses.above * parameters.upstairs_share)


def compile_world(scenario: Scenario) -> World:
    """Compile a checked scenario. Deterministic; draws nothing, and does not depend on the order of rows.

    Raises ScenarioError where a table has rows that no registered kind of thing stands behind: nothing would happen to
    them.
    """
    if unknown := scenario.unknown_tables():
        known = bilingual("a table of a registered kind of thing: {known}", known=", ".join(TABLES))
        raise ScenarioError([Fault(f"{name}.csv", "", "", None, known) for name in unknown])
    # Spots last: they stand behind the ignitions of the rows, so that these keep their numbers whatever is drawn.
    scenario = _with_spots(_at_the_start(scenario.in_order()))
    places = scenario.places
    first = _first_indexes(scenario)
    index = {place.id: i for i, place in enumerate(places)}
    members = tuple(_members(scenario, len(places) + len(scenario.roads), index))
    evacuation = scenario.settings.evacuation
    high = tuple(_share_above_water(scenario, place) for place in scenario.settlements)
    network = Network.of(places, scenario.roads, evacuation.walk_kmh, evacuation.car_speed, scenario.parameters)
    fields = {name: hazard_named(name).compile(scenario) for name in scenario.settings.hazards}
    on_sphere = tuple(_on_sphere(place) for place in places)
    ids = (
        *index,
        *(road.id for road in scenario.roads),
        *(member.id for member in members),
        "command",
        *(row.id for row in scenario.of_command),
    )
    kinds = _kinds(scenario, members)
    stores = _stores_on_foot(scenario, places, kinds)
    depth_m = _foreseen_depth_m(fields, len(places) + len(scenario.roads))
    upstairs = tuple(
        _share_upstairs(scenario, place, share, crest_m) if isinstance(place, Village) else 0.0
        # Settlements are the first places: depths of the others and of roads are left over.
        for place, share, crest_m in zip(scenario.settlements, high, depth_m.tolist(), strict=False)
    )
    return World(
        scenario=scenario,
        ids=ids,
        kinds=kinds,
        first=first,
        command=first["command"],
        places=places,
        n_places=len(places),
        staffed=frozenset(i for i, kind in enumerate(kinds) if kind_named(kind).staffed),
        of_hazard=frozenset(i for i, kind in enumerate(kinds) if kind_named(kind).of_hazard),
        n_roads=len(scenario.roads),
        duration_h=scenario.settings.duration_h,
        members=members,
        network=network,
        flows=_flows(scenario, network),
        fields=fields,
        sky=sky_of(scenario),
        shelter_order=_shelter_order(scenario, network, first, index),
        shelters_by_air=_shelters_by_air(on_sphere, first["shelters"], len(scenario.shelters)),
        depot_order=_depot_order(scenario, members, places, first),
        stores_on_foot=stores,
        sites_on_foot={store: tuple(i for i in stores if store in stores[i]) for store in set(chain(*stores.values()))},
        arrival_h=_foreseen_arrival(fields, scenario),
        rescue_skills=tuple(place.rescue_skill for place in scenario.settlements),
        high_share=high,
        upstairs_share=upstairs,
        told_share=tuple(
            place.ordered_share * (1 - above - below)
            for place, above, below in zip(scenario.settlements, high, upstairs, strict=True)
        ),
        foreseen_wet=frozenset(np.flatnonzero(depth_m[: len(places)] > LIMITS[0, 0]).tolist()),
        foreseen_cut=_foreseen_cut(depth_m[len(places) :], scenario, network),
        forecast=_forecast(fields, len(scenario.settlements)),
        on_sphere=on_sphere,
        upper={first["depots"] + i: index[depot.upper] for i, depot in enumerate(scenario.depots) if depot.upper},
        truck_pace=_truck_pace(members, network),
        landing=_landing(scenario, first),
        depth_limits_m={vehicle: scenario.parameters.depth_limit_m(vehicle) for vehicle in VEHICLES},
        facts=_facts(scenario, places, kinds, members),
        layout=layout_of(scenario, index, (i for i, kind in enumerate(kinds) if kind_named(kind).staffed)),
    )


def _at_the_start(scenario: Scenario) -> Scenario:
    """With the institutions as they are when the clock starts: pupils in school hours, and how many cannot walk."""
    parameters, start = scenario.parameters, scenario.settings.start
    in_school = parameters.school_begins_h <= start.hour + start.minute / 60 < parameters.school_ends_h
    is_schoolday = start.isoweekday() <= SCHOOLDAYS
    institutions = []
    for row in scenario.institutions:
        is_empty = row.kind == "school" and not row.boarding and not (in_school and is_schoolday)
        helpless = parameters.helpless_share_of(row.kind) if row.helpless is None else row.helpless
        institutions.append(row.model_copy(update={"helpless": helpless, "persons": 0 if is_empty else row.persons}))
    return scenario.model_copy(update={"institutions": tuple(institutions)})


def _with_spots(scenario: Scenario) -> Scenario:
    """With the places at which fires may start by chance behind the ignitions that are sure."""
    if not scenario.ignition_rates or scenario.landscape is None:
        return scenario
    from simrescue.hazards.wildfire.ignition_rates import spots

    return scenario.model_copy(update={"ignitions": (*scenario.ignitions, *spots(scenario, scenario.ignition_rates))})


def _first_indexes(scenario: Scenario) -> dict[str, int]:
    # Tables in the order of `ids` and `_kinds`: one number is one thing in all three.
    first, at = {}, 0
    for table in (*tables("place"), *tables("road")):
        first[table] = at
        at += len(scenario.table(table))
    for table in tables("responder"):
        first[table] = at
        at += sum(row.count for row in scenario.table(table))
    first["command"] = at
    at += 1
    for table in OF_COMMAND.values():
        first[table] = at
        at += len(scenario.table(table))
    return first


def _members(scenario: Scenario, at: int, index: dict[str, int]) -> list[Member]:
    copies = [(row, copy) for row in scenario.responders for copy in range(1, row.count + 1)]
    parameters = scenario.parameters
    return [
        _member(at + number, number, copy, row, index[row.base], parameters)
        for number, (row, copy) in enumerate(copies)
    ]


def _member(at: int, number: int, copy: int, row: Responder, base: int, parameters: Parameters) -> Member:
    name = row.id if row.count == 1 else f"{row.id}-{copy}"
    tasks = frozenset(TASKS.index(task) for task in row.tasks)  # type: ignore[attr-defined]
    kind, (seats, payload) = kind_of(row), row.room()
    vehicle = vehicle_of(row)
    size: int = row.size  # type: ignore[attr-defined]
    # A vehicle carries no more than its crew can take charge of.
    cared = size * (parameters.carried_per_driver if vehicle == "bus" else parameters.carried_per_member)
    seats, payload = min(seats, math.floor(cared)), min(payload, size * parameters.stowed_t_per_member)
    by_hand = any(task.covers == "hands" and is_made_for(kind, task.name) for task in TASK_KINDS)
    hands = size if by_hand else 0
    by_road = kind.moves == "road"
    on_wheels = by_road and vehicle != "foot" and not VEHICLE_KINDS[vehicle].carrier
    return Member(
        at, number, copy, name, row, kind.name, kind.moves, vehicle, base, tasks, seats, payload, size, hands,
        flies=kind.moves == "air", hauls=by_road and tasks == {RELIEF}, takes_on=on_wheels and seats > 0,
    )  # fmt: skip


_PASSIVE: tuple[Role, ...] = ("place", "road")


def _kinds(scenario: Scenario, members: tuple[Member, ...]) -> tuple[str, ...]:
    passive = [kind.name for role in _PASSIVE for kind in of_role(role) for _ in scenario.table(kind.table)]
    of_command = (name for name, table in OF_COMMAND.items() for _ in scenario.table(table))
    return (*passive, *(member.kind for member in members), "command", *of_command)


def _shelter_order(
    scenario: Scenario, network: Network, first: dict[str, int], index: dict[str, int]
) -> tuple[tuple[int, ...], ...]:
    count, n_villages = len(scenario.shelters), len(scenario.settlements)
    if not count:
        return tuple(() for _ in range(n_villages))
    start = first["shelters"]
    # All trees in one go: one by one, as they are asked for, each is a search of its own.
    network.prepare("car", range(start, start + count))
    trees = network.profiles["car"].trees
    hours = np.stack([np.asarray(trees[start + i].hours)[:n_villages] for i in range(count)], axis=1)
    # Stable here and below: of equally near ones the first by id, on every machine.
    order = np.argsort(hours, axis=1, kind="stable")
    rows = []
    for village, ranks, row in zip(scenario.settlements, order.tolist(), hours, strict=True):
        ids = [start + i for i in ranks if math.isfinite(row[i])]
        named = index.get(village.shelter, -1)
        rows.append((named, *(i for i in ids if i != named)) if named >= 0 else tuple(ids))
    return tuple(rows)


def _depot_order(
    scenario: Scenario, members: tuple[Member, ...], places: tuple[Place, ...], first: dict[str, int]
) -> dict[int, tuple[int, ...]]:
    start = first["depots"]
    lon = np.array([depot.lon for depot in scenario.depots])
    lat = np.array([depot.lat for depot in scenario.depots])
    order: dict[int, tuple[int, ...]] = {}
    for base in sorted({member.base for member in members if RELIEF in member.tasks}):
        if len(scenario.depots):
            far = great_circle_km(places[base].lon, places[base].lat, lon, lat)
            order[base] = tuple(start + int(i) for i in np.argsort(far, kind="stable"))
        else:
            order[base] = ()
    return order


def _stores_on_foot(
    scenario: Scenario, places: tuple[Place, ...], kinds: tuple[str, ...]
) -> dict[int, tuple[int, ...]]:
    start, reach_km = kinds.index("depot") if scenario.depots else 0, scenario.settings.relief.fetch_within_km
    lon = np.array([depot.lon for depot in scenario.depots])
    lat = np.array([depot.lat for depot in scenario.depots])
    near: dict[int, tuple[int, ...]] = {}
    for site, kind in enumerate(kinds):
        if kind in ("village", "institution", "shelter") and scenario.depots:
            far = great_circle_km(places[site].lon, places[site].lat, lon, lat)
            order = [start + int(i) for i in np.argsort(far, kind="stable") if far[i] <= reach_km]
            if order:
                near[site] = tuple(order)
    return near


def _flows(scenario: Scenario, network: Network) -> tuple[Flow, ...]:
    truck, rows = network.profiles["truck"], zip(scenario.roads, network.length_km.tolist(), strict=True)
    # Of two directions the faster: whoever is slower for other reasons is never slowed below his own hours.
    truck_h = map(min, truck.link_hours, truck.back_hours)
    return tuple(
        # On a road of no length nobody is slowed.
        flow_of(road, km, km / hours if hours else math.inf, scenario.parameters)
        for (road, km), hours in zip(rows, truck_h, strict=True)
    )


def _on_sphere(place: Place) -> tuple[float, float, float]:
    lon, lat = math.radians(place.lon), math.radians(place.lat)
    return math.cos(lat) * math.cos(lon), math.cos(lat) * math.sin(lon), math.sin(lat)


def _shelters_by_air(on_sphere: tuple[tuple[float, float, float], ...], first: int, count: int) -> NDArray[np.intp]:
    points = np.array(on_sphere)
    cosines = points @ points[first : first + count].T
    return first + np.argsort(-cosines, axis=1, kind="stable")


def _truck_pace(members: tuple[Member, ...], network: Network) -> tuple[float, ...]:
    least = {"": 0.0}
    for vehicle in VEHICLES:
        own, truck = network.profiles[vehicle], network.profiles["truck"]
        if own.has_directions != truck.has_directions:
            least[vehicle] = 0.0  # on foot against a one-way road: no ratio to a lorry's ways, they are searched
            continue
        own_h, truck_h = (np.array([*profile.link_hours, *profile.back_hours]) for profile in (own, truck))
        # Roads of no length and ways against a one-way road have no ratio.
        driven = (truck_h > 0) & np.isfinite(truck_h)
        ratio = own_h[driven] / truck_h[driven]
        # The least of all roads, since it has to be a bound on every way.
        least[vehicle] = float(ratio.min()) if len(ratio) else 1.0
    return tuple(least[member.vehicle] for member in members)


def _foreseen_arrival(fields: dict[str, Any], scenario: Scenario) -> NDArray[np.float64]:
    """When the first hazard that is foreseen comes to each village (V,); warnings of others follow what is seen."""
    first, sites = np.full(len(scenario.settlements), np.inf), len(scenario.places) + len(scenario.roads)
    for name, field in fields.items():
        kind = hazard_named(name)
        if kind.foreseen:
            first = np.minimum(first, kind.expected(field, sites).arrival_h[: len(first)])
    return first


def _foreseen_depth_m(fields: dict[str, Any], sites: int) -> NDArray[np.float64]:
    """Greatest depth of water that is foreseen at each of so many places and roads."""
    expected = [hazard_named(name).expected(field, sites).depth_m for name, field in fields.items()]
    return np.max(expected, axis=0, initial=0.0) if expected else np.zeros(sites)


def _foreseen_cut(depth_m: NDArray[np.float64], scenario: Scenario, network: Network) -> frozenset[int]:
    """Villages outside the largest part of the roads that lorries can drive on at every time that is foreseen."""
    if not scenario.settings.relief.pushed:
        return frozenset()
    lorries = network.profiles["truck"]
    near = list(lorries.neighbours)
    parts = Components(near, lorries.parts, lorries.weight)
    for link in np.flatnonzero(depth_m > scenario.parameters.depth_limit_m("truck")).tolist():
        a, b = network.ends[link]
        for node in (a, b):
            near[node] = [step for step in near[node] if step[1] != link]
        # One road after another: the parts are kept by what each closing takes apart.
        parts.split(a, b)
    largest = parts.largest()
    return frozenset(village for village in range(len(scenario.settlements)) if parts.part[village] != largest)


def _forecast(fields: dict[str, Any], villages: int) -> tuple[Course, ...]:
    """Of several hazards the one that is foreseen first named rules a village that it comes to."""
    courses: tuple[Course, ...] = ((),) * villages
    for name, field in fields.items():
        own = hazard_named(name).forecast(field, villages)
        courses = tuple(known or new for known, new in zip(courses, own, strict=True))
    return courses


def _landing(scenario: Scenario, first: dict[str, int]) -> tuple[tuple[int, ...], ...]:
    sites = scenario.landing_sites
    if not sites:
        return tuple(() for _ in scenario.settlements)
    lon, lat = np.array([site.lon for site in sites]), np.array([site.lat for site in sites])
    limit = np.array([site.serves_km for site in sites])
    start = first["landing_sites"]
    return tuple(
        tuple(start + int(i) for i in np.flatnonzero(great_circle_km(v.lon, v.lat, lon, lat) <= limit))
        for v in scenario.settlements
    )


def _facts(scenario: Scenario, places: Sequence[Any], kinds: tuple[str, ...], members: tuple[Member, ...]) -> Facts:
    levels, teams = np.zeros(len(kinds), dtype=np.int8), np.zeros(len(kinds), dtype=np.int8)
    for member in members:
        teams[member.index] = KINDS_OF_TEAMS.index(team_kind(member.record))
        levels[member.index] = GOVERNMENT_LEVELS.index(member.record.level)
    townships = [getattr(place, "township", "") for place in places]
    return Facts(
        villages=np.arange(len(scenario.settlements)),
        ids=tuple(village.id for village in scenario.settlements),
        zones=tuple(village.zone for village in scenario.settlements),
        population=np.array([village.population for village in scenario.settlements], dtype=float),
        kinds=np.array([NUMBER[kind] for kind in kinds], dtype=np.int8),
        levels=levels,
        teams=teams,
        duration_h=scenario.settings.duration_h,
        townships=tuple(townships + [""] * (len(kinds) - len(townships))),
        jurisdiction_population=float(scenario.settings.jurisdiction.population),
        jurisdiction_gdp_yuan=float(scenario.settings.jurisdiction.gdp_yuan),
        ordered_share=np.array([village.ordered_share for village in scenario.settlements], dtype=float),
        tracked=tuple(NEEDS.index(need) for need in scenario.settings.relief.tracked),
        hazards=tuple(scenario.settings.hazards),
        fires=tuple(ignition.id for ignition in scenario.ignitions),
        cell_ha=scenario.landscape.cell_ha if scenario.landscape else 0.0,
    )
