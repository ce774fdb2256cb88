"""A menu of single changes with prices: read from a file, or made from any scenario.

What is on the menu of a scenario: 1, 2, 4 and 8 more of every row of responders, and crews that repair where nobody
does; half as much again, twice and four times as much in every depot, and 1, 2 and 4 more loading docks; goods of 1, 2
and 4 days stored in the shelters for all their places; command hearing twice as fast. For a flood: order and call-out
earlier; first rations sent before anybody asks; the roads that would join most people again kept above the water; a
landing site for the largest villages that get wet and have none. For a forest fire see `menu_wildfire`, for channels,
posts and partners `menu_response`. Prices are assumptions (`simrescue parameters price`), there to put changes in an
order; a file of your own replaces them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from pathlib import Path
from typing import Any, Literal

import numpy as np
from pydantic import Field, ValidationError

from simrescue.errors import ExperimentError, Fault, FaultsError
from simrescue.experiment.design.experiment_records import FactorLevel
from simrescue.experiment.design.points import point
from simrescue.experiment.studies.changes import Change, hours_text, name_of
from simrescue.experiment.studies.mending.menu_response import response_changes
from simrescue.experiment.studies.mending.menu_wildfire import fire_changes
from simrescue.hazards.kinds import extend, hazard_named
from simrescue.kinds import of_role
from simrescue.network import great_circle_km
from simrescue.places import NEED_KINDS
from simrescue.records import Record
from simrescue.scenario.files import yaml_lines
from simrescue.scenario.files.faults import Place, Spot, faults_of
from simrescue.scenario.preflight.without_effect.idle import CONDITIONS, crews
from simrescue.scenario.records import Scenario
from simrescue.simulation.world import World, compile_world
from simrescue.units import Id, write_share
from simrescue.wording import Noun, Words, bilingual, bilingual_counted
from simrescue.wording.unit_words import measure

MORE = (1, 2, 4, 8)
"""More responders of one row."""
STOCK = (1.5, 2, 4)
"""Times the goods of one depot."""
DOCKS = (1, 2, 4)
"""More loading docks of one depot."""
SHELTER_DAYS = (1, 2, 4)
"""Days for which all whom the shelters have room for find goods there."""
UNASKED = (0.5, 1.0)
"""Shares of the people expected to be cut off or in shelters for whom first rations are sent unasked."""
EARLIER_MIN = (20, 40, 60)
"""Minutes by which order and call-out are given earlier."""
ROADS, SITES = 6, 6
"""Most roads and landing sites on a menu that is made."""
MARGIN_M = 0.5
"""What is raised stands so high above the mean flood: two and a half standard deviations of its level by default."""


class Menu(Record):
    """A menu file as written."""

    simrescue: Literal[1]
    """Version of the file format."""
    title: str = Field(default="", max_length=300)
    title_zh: str = Field(default="", max_length=300)
    changes: dict[Id, FactorLevel] = Field(min_length=1, max_length=1000)
    """Name -> what it sets (path -> value, as `--set` takes them), its labels and its price in yuan."""


def read_menu(file: str | Path, scenario: Scenario) -> list[Change]:
    """The changes of a menu file, each tried on the scenario. Raises ExperimentError with all faults at once."""
    path = Path(file)
    _, read = yaml_lines.read_file(path)
    if read.faults:
        raise ExperimentError(read.faults)

    def spot(place: Place) -> Spot:
        return Spot(path.name, f"line {read.line(place)}", ".".join(str(part) for part in place))

    try:
        menu = Menu.model_validate(read.data, context={"from_file": True}, by_alias=True, by_name=False)
    except ValidationError as error:
        raise ExperimentError(faults_of(error, Menu, spot)) from None
    found = [Change(name, level.label, level.label_zh, level.set, level.cost) for name, level in menu.changes.items()]
    wrong = [fault for change in found for fault in _refused(change, scenario, spot(("changes", change.id, "set")))]
    if wrong:
        raise ExperimentError(wrong)
    return found


def _refused(change: Change, scenario: Scenario, spot: Spot) -> Iterator[Fault]:
    """What the scenario makes of a change."""
    if not change.sets:
        yield Fault(*spot, None, bilingual("at least one change, as path: value"))
    try:
        point(scenario.folder, scenario.variant, {**scenario.applied, **change.sets}).load()
    except FaultsError as error:
        for fault in error.faults:
            place = fault.field or fault.file
            written = bilingual("at {place}", place=place)
            if fault.value:
                written = bilingual("{value} at {place}", value=fault.value, place=place)
            yield Fault(*spot, written, fault.expected, fault.nearest)


# ---- made from a scenario


def menu_of(scenario: Scenario) -> list[Change]:
    """The changes that make sense for a scenario, priced by assumption."""
    scenario = scenario.in_order()
    of_hazards = [change for name in scenario.settings.hazards for change in hazard_named(name).menu(scenario)]
    return [
        *_more_responders(scenario),
        *_repair_crews(scenario),
        *_more_stock(scenario),
        *_stocked_shelters(scenario),
        *_faster_news(scenario),
        *response_changes(scenario),
        *{change.id: change for change in of_hazards}.values(),
    ]


def _before_a_flood(scenario: Scenario) -> Iterator[Change]:
    world = compile_world(scenario)
    yield from _earlier(scenario)
    yield from _unasked(scenario, world)
    yield from _roads_kept_open(scenario, world)
    yield from _landing_sites(scenario, world)


def _more_responders(scenario: Scenario) -> Iterator[Change]:
    parameters = scenario.parameters
    for kind in of_role("responder"):
        price = parameters.yuan(kind.price_yuan or 0.0)
        for row, more in product(scenario.table(kind.table), MORE):
            yield Change(
                _step(f"more-{row.id}", more), *_more_of(kind.noun, more, name_of(row)),
                {f"{kind.table}.{row.id}.count": row.count + more}, more * price,
            )  # fmt: skip


def _repair_crews(scenario: Scenario) -> Iterator[Change]:
    """Crews that repair roads, power and stations, where something can fail and nobody has the task."""
    can_fail = (CONDITIONS[name].holds(scenario) for name in ("damaged_roads", "stations", "power"))
    if not scenario.bases or crews(scenario, "repair") or not any(can_fail):
        return
    base = scenario.bases[0]
    for count in MORE:
        row = {"base": base.id, "kind": "repair", "count": count, "size": 30, "tasks": "repair", "assumed": True}
        words = bilingual_counted(
            "a repair crew of 30 at {base}", "{number} repair crews of 30 at {base}", count, base=name_of(base)
        )
        yield Change(
            _step("repair-crews", count), *words, {"teams.repair-new": row}, count * scenario.parameters.price_team_yuan
        )


def _more_of(noun: Noun, more: int, name: Words) -> Words:
    if more == 1:
        return bilingual("one more {noun}: {name}", noun=(noun.one, noun.counted_zh), name=name)
    return bilingual("{more} more {noun}: {name}", more=more, noun=(noun.many, noun.counted_zh), name=name)


def _step(name: str, size: float) -> str:
    """The id of a step of one change: its least one goes by the name alone."""
    return name if size in (MORE[0], STOCK[0], SHELTER_DAYS[0]) else f"{name}-{size:g}"


def _more_stock(scenario: Scenario) -> Iterator[Change]:
    parameters = scenario.parameters
    for depot in scenario.depots:
        have = {need: amount for need, amount in zip(NEED_KINDS, depot.amounts(), strict=True) if amount > 0}
        price = sum(parameters.yuan(need.price_yuan) * amount for need, amount in have.items())
        for times in STOCK if have else ():
            words = bilingual("{times} times the stock in {depot}", times=f"{times:g}", depot=name_of(depot))
            if times == STOCK[0]:
                words = bilingual("half as much again in {depot}", depot=name_of(depot))
            yield Change(
                _step(f"stock-{depot.id}", times), *words,
                {f"depots.{depot.id}.{need.name}": round(amount * times) for need, amount in have.items()},
                price * (times - 1),
            )  # fmt: skip
        for more in DOCKS:
            words = bilingual("{more} more loading docks at {depot}", more=more, depot=name_of(depot))
            if more == 1:
                words = bilingual("one more loading dock at {depot}", depot=name_of(depot))
            yield Change(
                _step(f"dock-{depot.id}", more), *words,
                {f"depots.{depot.id}.docks": depot.docks + more}, more * parameters.price_dock_yuan,
            )  # fmt: skip


def _stocked_shelters(scenario: Scenario) -> Iterator[Change]:
    """Goods in all shelters for as many as they have room for; what is there already is not bought again."""
    tracked = scenario.settings.relief.tracked
    bought = [need for need in NEED_KINDS if need.name in tracked and need.name != "shelter"]  # the house is the roof
    for days in SHELTER_DAYS:
        sets, price = dict[str, Any](), 0.0
        for shelter in scenario.shelters:
            for need, have in zip(NEED_KINDS, shelter.amounts(), strict=True):
                wanted = shelter.capacity * (days if need.used_up else 1)
                if need in bought and wanted > have:
                    sets[f"shelters.{shelter.id}.{need.name}"] = wanted
                    price += scenario.parameters.yuan(need.price_yuan) * (wanted - have)
        if sets:
            words = bilingual_counted(
                "goods of 1 day for all places stored in the shelters",
                "goods of {number} days for all places stored in the shelters", days,
            )  # fmt: skip
            yield Change(_step("stock-shelters", days), *words, sets, price)


def _unasked(scenario: Scenario, world: World) -> Iterator[Change]:
    """First rations with the forecast, for villages that the mean flood reaches; priced as if all were needless."""
    relief, parameters = scenario.settings.relief, scenario.parameters
    if not scenario.depots or not any(row.count for row in scenario.trucks):
        return
    wet = _greatest_depth(world)[: len(scenario.settlements)] > 0
    sent = [need for need in NEED_KINDS if need.used_up and need.name in relief.tracked]
    person_day = sum(parameters.yuan(need.price_yuan) for need in sent)
    price = float(world.facts.population[wet].sum()) * relief.pushed_days * person_day
    for share in UNASKED:
        if share > relief.pushed and price:
            words = bilingual(
                "first rations sent before anybody asks, to {share} of those expected to be cut off",
                share=measure(write_share(share)),
            )
            yield Change(f"unasked-{share * 100:.0f}", *words, {"relief.pushed": share}, share * price)


def _earlier(scenario: Scenario) -> Iterator[Change]:
    """Orders and call-outs earlier, those of single villages with them; never before the start."""
    for minutes in EARLIER_MIN:
        order, call = sooner(scenario, minutes / 60)
        price = scenario.parameters.price_earlier_yuan_per_h * minutes / 60
        ordered, called = (
            bilingual("order {minutes} min earlier", minutes=minutes),
            bilingual("call-out {minutes} min earlier", minutes=minutes),
        )
        yield Change(f"order-{minutes}-min", *ordered, order, price)
        yield Change(f"call-{minutes}-min", *called, call, price)


def sooner(scenario: Scenario, by: float) -> tuple[dict[str, Any], dict[str, Any]]:
    """What gives orders, and what gives call-outs, so many hours (`by`) earlier: path -> value of each."""
    warning = scenario.settings.warning
    order: dict[str, Any] = (
        {"warning.order": hours_text(warning.order - by)}
        if warning.order is not None
        else {"warning.order_delay": hours_text(warning.order_delay_h - by)}
    )
    call: dict[str, Any] = (
        {"warning.call_out": hours_text(warning.call_out - by)}
        if warning.call_out is not None
        else {"warning.call_out_lead": hours_text(warning.call_out_lead_h + by)}
    )
    for village in scenario.villages:
        if village.order is not None:
            order[f"villages.{village.id}.order"] = hours_text(village.order - by)
        if village.call_out is not None:
            call[f"villages.{village.id}.call_out"] = hours_text(village.call_out - by)
    return order, call


def _faster_news(scenario: Scenario) -> Iterator[Change]:
    sets = {"command.report": hours_text(scenario.settings.command.report_h / 2)}
    price = scenario.parameters.price_faster_news_yuan
    yield Change("faster-news", *bilingual("command hears twice as fast"), sets, price)


def _roads_kept_open(scenario: Scenario, world: World) -> Iterator[Change]:
    """The roads under water on the mean flood that would each join most people to the rest again."""
    depth = _greatest_depth(world)
    for road in _most_joined(world, _flooded(world, depth))[:ROADS]:
        row = scenario.roads[road]
        start, end = (name_of(world.places[place]) for place in world.network.ends[road])
        price = scenario.parameters.price_road_yuan_per_km * float(world.network.length_km[road])
        yield Change(
            f"road-{row.id}", *bilingual("road kept above the water: {start} to {end}", start=start, end=end),
            dict([_raised_road(world, depth, road)]), price,
        )  # fmt: skip


def _flooded(world: World, depth: np.ndarray) -> set[int]:
    return {i for i in range(world.n_roads) if depth[world.n_places + i] > world.depth_limits_m["truck"]}


def _raised_road(world: World, depth: np.ndarray, road: int) -> tuple[str, str]:
    """Path and value that put a road above the water."""
    row = world.scenario.roads[road]
    ground = min(_elevation(world, end) for end in world.network.ends[road])
    height = (ground if row.elevation_m is None else row.elevation_m) + float(depth[world.n_places + road]) + MARGIN_M
    return f"roads.{row.id}.elevation", f"{height:.6g} m"


def _elevation(world: World, place: int) -> float:
    return float(world.places[place].elevation_m)


def _greatest_depth(world: World) -> np.ndarray:
    """Greatest depth on the mean flood of every place and every road, metres, shape (N + L,)."""
    sites = world.n_places + world.n_roads
    depths = [hazard_named(name).expected(field, sites).depth_m for name, field in world.fields.items()]
    deepest: np.ndarray = np.max(depths, axis=0)
    return deepest


def _most_joined(world: World, closed: set[int]) -> list[int]:
    """Closed roads by the people who get a way to the greatest part of the network if that road alone is open."""
    part = _parts(world, closed)
    people = np.zeros(max(part) + 1)
    np.add.at(people, part[: len(world.scenario.settlements)], world.facts.population)
    size = np.bincount(part)
    greatest = int(size.argmax())
    gain = {}
    for road in closed:
        ends = {int(part[end]) for end in world.network.ends[road]}
        if greatest in ends and len(ends) == 2:
            gain[road] = float(people[(ends - {greatest}).pop()])
    return sorted((road for road in gain if gain[road] > 0), key=lambda road: (-gain[road], road))


def _parts(world: World, closed: Iterable[int]) -> np.ndarray:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    open_roads = np.setdiff1d(np.arange(world.n_roads), sorted(closed))
    start, end = world.network.start[open_roads], world.network.end[open_roads]
    graph = coo_array((np.ones(len(start)), (start, end)), shape=(world.n_places, world.n_places))
    return np.asarray(connected_components(graph, directed=False)[1])


def _landing_sites(scenario: Scenario, world: World) -> Iterator[Change]:
    """A raised pad at the largest villages that get wet and are served by none."""
    depth = _greatest_depth(world)
    sites = scenario.landing_sites
    lon, lat = np.array([site.lon for site in sites]), np.array([site.lat for site in sites])
    serves = np.array([site.serves_km for site in sites])
    wet = [i for i, village in enumerate(scenario.villages) if depth[i] > 0]
    if not any(row.count for row in scenario.helicopters):
        return
    far = [i for i in wet if not len(sites) or (great_circle_km(
        scenario.villages[i].lon, scenario.villages[i].lat, lon, lat) > serves).all()]  # fmt: skip
    for i in sorted(far, key=lambda i: (-scenario.villages[i].population, i))[:SITES]:
        village = scenario.villages[i]
        pad: dict[str, Any] = {
            "lon": village.lon, "lat": village.lat, "serves": "2 km", "assumed": True,
            "elevation": f"{village.elevation_m + float(depth[i]) + MARGIN_M:.6g} m",
        }  # fmt: skip
        yield Change(
            f"pad-{village.id}", *bilingual("new landing site: {village}", village=name_of(village)),
            {f"landing_sites.pad-new-{village.id}": pad}, scenario.parameters.price_landing_site_yuan,
        )  # fmt: skip


extend("flood", menu=_before_a_flood)
extend("wildfire", menu=fire_changes)
