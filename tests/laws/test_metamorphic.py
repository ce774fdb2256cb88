"""The same things told in another way give the same run, and a thing that touches nothing changes nothing."""

from __future__ import annotations

import csv
import random
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st

from simrescue import Scenario, load
from simrescue.events import EventKind as Kind
from simrescue.places import Base, Depot, Ignition, Junction, LandingSite, Road, Shelter, Village, WaterSource
from simrescue.responders import Boat, Helicopter, Team, Truck
from simrescue.scenario.records import TABLES, Call, Detector, Weather
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import scenarios

HOME = Path(__file__).parents[2] / "scenarios"
BOTH = ("tiny-flood", "tiny-fire")
HOURS = {"tiny-flood": "30 h", "tiny-fire": "8 h"}
SEED = 5
Told = list[tuple[Any, ...]]


def told(scenario: Scenario, replication: int = 1, without: tuple[str, ...] = ()) -> Told:
    """A run by the ids of its things: hour, kind, whose, where, item, persons, amount; not of the things left out."""
    world = compile_world(scenario)
    log = simulate(world, SEED, replication)
    rows = []
    for row in range(len(log.kind)):
        kind, ends = Kind(int(log.kind[row])), (int(log.subject[row]), int(log.place[row]))
        ids = tuple(world.ids[end] if end >= 0 else "" for end in ends)
        if not set(ids) & set(without):
            amount = world.ids[int(log.amount[row])] if kind == Kind.STAGES else round(float(log.amount[row]), 6)
            item = int(log.item[row])
            of = world.ids[item] if kind.item == "village" else item  # an index is another with more villages
            rows.append((round(float(log.time_h[row]), 7), kind, *ids, of, float(log.persons[row]), amount))
    return rows


def tiny(name: str) -> Scenario:
    return load(HOME / name, sets={"duration": HOURS[name]})


def copied(name: str, to: Path) -> Path:
    shutil.copytree(HOME / name, to, ignore=shutil.ignore_patterns("results"))
    return to


def rewritten(folder: Path, change: Callable[[str], str]) -> None:
    """All texts of a scenario with every moment that has an offset changed."""
    moment = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:\d\d)")
    for path in [*folder.glob("*.csv"), folder / "scenario.yaml"]:
        path.write_text(moment.sub(lambda found: change(found[0]), path.read_text("utf-8")), "utf-8")


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("offset_h", [0, -9.5, 13])
def test_the_same_moments_in_another_offset(name: str, offset_h: float, tmp_path: Path) -> None:
    folder = copied(name, tmp_path / name)
    zone = timezone(timedelta(hours=offset_h))
    rewritten(folder, lambda text: datetime.fromisoformat(text).astimezone(zone).isoformat())
    there = load(folder, sets={"duration": HOURS[name]})
    assert there.settings.start.utcoffset() == timedelta(hours=offset_h)
    assert told(there) == told(tiny(name))


@pytest.mark.parametrize("name", BOTH)
def test_fifteen_degrees_east_and_an_hour_earlier(name: str, tmp_path: Path) -> None:
    folder = copied(name, tmp_path / name)
    rewritten(folder, lambda text: (datetime.fromisoformat(text) - timedelta(hours=1)).isoformat())
    moved = load(folder, sets={"duration": HOURS[name]})
    tables = {
        table: tuple(row.model_copy(update={"lon": row.lon + 15}) for row in getattr(moved, table))
        for table in TABLES
        if table != "detectors" and getattr(moved, table) and hasattr(getattr(moved, table)[0], "lon")
    }
    eyes = tuple(d.model_copy(update={"lon": None if d.lon is None else d.lon + 15}) for d in moved.detectors)
    ground = moved.landscape
    if ground is not None:
        from dataclasses import replace

        ground = replace(ground, west=ground.west + 15)
    moved = moved.model_copy(update={**tables, "detectors": eyes, "landscape": ground})
    here, there = told(tiny(name)), told(moved)
    assert [row[1:6] for row in there] == [row[1:6] for row in here]
    assert [row[0] for row in there] == pytest.approx([row[0] for row in here], abs=1e-6)


def shuffled(value: Any, rng: random.Random) -> Any:
    """A mapping with its keys, and those of the mappings in it, in another order."""
    if isinstance(value, dict):
        keys = list(value)
        rng.shuffle(keys)
        return {key: shuffled(value[key], rng) for key in keys}
    return [shuffled(one, rng) for one in value] if isinstance(value, list) else value


SERIES = ("levels", "depths", "weather")
"""Tables whose rows stand in the order of time."""


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("seed", range(2))
def test_rows_and_keys_in_another_order(name: str, seed: int, tmp_path: Path) -> None:
    folder, rng = copied(name, tmp_path / name), random.Random(seed)
    for path in folder.glob("*.csv"):
        if path.stem in TABLES and path.stem not in SERIES:
            head, *rows = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
            rng.shuffle(rows)
            order = list(range(len(head)))
            rng.shuffle(order)
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([[row[i] for i in order] for row in (head, *rows)])
    settings = yaml.safe_load((folder / "scenario.yaml").read_text("utf-8"))
    settings = {key: one.isoformat() if isinstance(one, datetime) else one for key, one in settings.items()}
    text = yaml.safe_dump(shuffled(settings, rng), sort_keys=False, allow_unicode=True)
    (folder / "scenario.yaml").write_text(text, "utf-8")
    assert told(load(folder, sets={"duration": HOURS[name]})) == told(tiny(name))


@given(scenarios(most_villages=4), st.randoms(use_true_random=False))
@tries(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
def test_rows_of_any_small_scenario_in_another_order(scenario: Scenario, rng: random.Random) -> None:
    tables = {name: rng.sample(rows, len(rows)) for name in TABLES if (rows := getattr(scenario, name))}
    other = scenario.model_copy(update={name: tuple(rows) for name, rows in tables.items()})
    assert told(other) == told(scenario)


FAR: dict[str, Any] = {"lon": 100.0, "lat": 20.0, "elevation_m": 500.0}
"""A spot that nothing of the tiny scenarios is near to."""
USELESS: dict[str, tuple[Any, ...]] = {
    "villages": (Village(id="aa-far", population=0, ordered=False, **FAR),),
    "shelters": (Shelter(id="aa-shelter", capacity=0, **FAR),),
    "depots": (Depot(id="aa-depot", **FAR),),
    "bases": (Base(id="aa-base", **FAR),),
    "landing_sites": (LandingSite(id="aa-site", **FAR),),
    "junctions": (Junction(id="aa-junction", **FAR),),
    "water_sources": (WaterSource(id="aa-pond", depth_m=0.0, **FAR),),
    "roads": (Road(id="aa-road", start="aa-1", end="aa-2", length_km=3.0),),
    "teams": (Team(id="aa-team", base="aa-base", count=0), Team(id="aa-late", base="aa-base", available=9000.0)),
    "boats": (Boat(id="aa-boat", base="aa-base", count=0),),
    "trucks": (Truck(id="aa-truck", base="aa-base", available=9000.0),),
    "helicopters": (Helicopter(id="aa-heli", base="aa-base", serviceable=0.0),),
    "calls": (Call(id="aa-call", time_h=9000.0, place="aa-base"),),
    "detectors": (Detector(id="aa-eye", kind="camera", lon=100.0, lat=20.0, range_km=0, revisit_h=1, delay_h=0),),
    "ignitions": (),
}
WITH_IT: dict[str, dict[str, tuple[Any, ...]]] = {
    "roads": {"junctions": tuple(Junction(id=one, **FAR) for one in ("aa-1", "aa-2"))},
    **{one: {"bases": USELESS["bases"]} for one in ("teams", "boats", "trucks", "helicopters", "calls")},
}
"""What a useless thing needs besides."""


@pytest.fixture(scope="module")
def plainly() -> dict[str, Told]:
    return {name: told(tiny(name)) for name in BOTH}


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("table", [table for table, rows in USELESS.items() if rows])
def test_a_thing_that_touches_nothing_changes_nothing(name: str, table: str, plainly: dict[str, Told]) -> None:
    plain, added = tiny(name), {table: USELESS[table], **WITH_IT.get(table, {})}
    more = plain.model_copy(update={one: (*rows, *getattr(plain, one)) for one, rows in added.items()})
    new = tuple(row.id for rows in added.values() for row in rows)
    assert told(more, without=new) == plainly[name]


@pytest.mark.parametrize("name", BOTH)
def test_a_row_of_weather_that_says_the_same_changes_nothing(name: str, plainly: dict[str, Told]) -> None:
    plain = tiny(name)
    first = plain.weather[0]
    again = first.model_copy(update={"time_h": (first.time_h + plain.weather[1].time_h) / 2})
    assert isinstance(again, Weather)
    assert told(plain.model_copy(update={"weather": (*plain.weather, again)})) == plainly[name]


@pytest.mark.parametrize("name", BOTH)
def test_other_names_change_nothing(name: str, plainly: dict[str, Told]) -> None:
    plain = tiny(name)
    tables = {
        table: tuple(row.model_copy(update={"name": f"X {row.id}", "name_zh": "某地"}) for row in getattr(plain, table))
        for table in TABLES
        if getattr(plain, table) and hasattr(getattr(plain, table)[0], "name_zh")
    }
    assert told(plain.model_copy(update=tables)) == plainly[name]


def test_one_more_of_a_row_leaves_the_first_its_draws() -> None:
    """A crew is the same whether others join its row or not."""
    plain = tiny("tiny-flood")
    world = compile_world(plain)
    teams = tuple(team.model_copy(update={"count": team.count + 1}) for team in plain.teams)
    more = compile_world(plain.model_copy(update={"teams": teams}))
    before = {(member.record.id, member.copy) for member in world.members}
    assert before < {(member.record.id, member.copy) for member in more.members}


def test_an_ignition_that_does_not_burn_leaves_the_others() -> None:
    plain = tiny("tiny-fire")
    at = {"lon": plain.landscape.west - 1, "lat": plain.landscape.north}
    late = Ignition(id="aa-never", time_h=9000.0, **at)
    assert told(plain.model_copy(update={"ignitions": (late, *plain.ignitions)}), without=("aa-never",)) == told(plain)


@pytest.mark.parametrize("kind", ["junctions", "bases"])
@pytest.mark.parametrize("name", BOTH)
def test_a_large_island_of_roads_is_not_the_main_part(name: str, kind: str, plainly: dict[str, Told]) -> None:
    """Who is cut off is measured from where the people live, however many places hang together elsewhere."""
    plain = tiny(name)
    record: Any = {"junctions": Junction, "bases": Base}[kind]
    isle = tuple(record(id=f"aa-{i:03}", **FAR) for i in range(150))
    ways = tuple(Road(id=f"aa-road-{a.id}", start=a.id, end=b.id, length_km=1) for a, b in pairwise(isle))
    more = plain.model_copy(update={kind: (*getattr(plain, kind), *isle), "roads": (*plain.roads, *ways)})
    assert told(more, without=tuple(row.id for row in (*isle, *ways))) == plainly[name]


def test_junctions_at_the_end_of_a_road_that_floods_are_not_the_main_part(plainly: dict[str, Told]) -> None:
    """However finely roads are drawn beyond a road that closes: it is the people there who are cut off."""
    plain = tiny("tiny-flood")
    isolated = {row[3] for row in plainly["tiny-flood"] if row[1] == Kind.ISOLATED}
    ends = tuple(Junction(id=f"aa-{i:03}", **FAR) for i in range(150))
    at = min(isolated)
    ways = [Road(id=f"aa-road-{a.id}", start=a.id, end=b.id, length_km=1) for a, b in pairwise(ends)]
    ways.append(Road(id="aa-road", start=ends[0].id, end=at, length_km=1))
    more = plain.model_copy(update={"junctions": (*plain.junctions, *ends), "roads": (*plain.roads, *ways)})
    assert told(more, without=tuple(row.id for row in (*ends, *ways))) == plainly["tiny-flood"]


# ---- the same of a whole scenario: channels, stations, power, silence, expected need, aircraft


@pytest.fixture(scope="module")
def mountain_flood() -> Scenario:
    whole = load(HOME / "fangshan-mentougou-2023")
    return whole.model_copy(update={"settings": whole.settings.model_copy(update={"duration_h": 40.0})})


@pytest.fixture(scope="module")
def in_the_mountains(mountain_flood: Scenario) -> Told:
    return told(mountain_flood)


def test_all_tables_of_a_whole_scenario_in_another_order(mountain_flood: Scenario, in_the_mountains: Told) -> None:
    rng, tables = random.Random(SEED), [name for name in TABLES if name not in SERIES and getattr(mountain_flood, name)]
    other = {name: tuple(rng.sample(rows := getattr(mountain_flood, name), len(rows))) for name in tables}
    assert len(tables) > 10
    assert told(mountain_flood.model_copy(update=other)) == in_the_mountains


def test_useless_things_of_all_kinds_change_nothing_in_a_whole_scenario(
    mountain_flood: Scenario, in_the_mountains: Told
) -> None:
    added: dict[str, tuple[Any, ...]] = {table: rows for table, rows in USELESS.items() if rows}
    added["junctions"] = (*added["junctions"], *WITH_IT["roads"]["junctions"])
    more = mountain_flood.model_copy(
        update={table: (*rows, *getattr(mountain_flood, table)) for table, rows in added.items()}
    )
    assert told(more, without=tuple(row.id for rows in added.values() for row in rows)) == in_the_mountains
