"""Laws over every field of every record that a file can hold."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

from simrescue.plans import Plan
from simrescue.records import FIRE, FLOOD, LEVELS, PAGES, Record
from simrescue.scenario.check import check
from simrescue.scenario.load import load
from simrescue.scenario.records import TABLES, Settings
from simrescue.scenario.unread import readers
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world


def records(top: type[Record]) -> dict[type[Record], None]:
    """A record and all that stand below it."""
    found = {top: None}
    for field in top.model_fields.values():
        for inner in _inside(field.annotation):
            if isinstance(inner, type) and issubclass(inner, Record) and inner not in found:
                found |= records(inner)
    return found


def _inside(annotation: Any) -> Iterator[Any]:
    yield annotation
    for part in get_args(annotation):
        yield from _inside(part)


TOPS: tuple[type[Record], ...] = (*TABLES.values(), Settings, Plan)
ALL = list({record: None for top in TOPS for record in records(top)})


def test_the_walk_finds_the_records() -> None:
    assert {"Village", "Helicopter", "Norm", "Stage", "FireUncertainty", "Clause"} <= {one.__name__ for one in ALL}


def _bare(annotation: Any) -> bool:
    if get_origin(annotation) is Annotated:
        return False
    return annotation in (int, float, bool) or any(_bare(part) for part in get_args(annotation))


def _read_by_us(field: FieldInfo) -> bool:
    return bool([one for one in field.metadata if type(one).__name__ == "BeforeValidator"])


@pytest.mark.parametrize("record", ALL, ids=lambda record: record.__name__)
def test_every_number_and_every_yes_is_read_as_planners_write_them(record: type[Record]) -> None:
    # A bare int, float or bool is read by pydantic, which knows neither full-width digits nor thousands nor 是.
    for name, field in record.model_fields.items():
        assert _read_by_us(field) or not _bare(field.annotation), f"{record.__name__}.{name}"


# ---- who reads a field

SCENARIOS = Path(__file__).parents[2] / "scenarios"
ROUSED = {
    # Everything that can happen to a crew happens, so that every field that is read at all is read.
    "duration": "40 h", "teams.*.breakdown": 1, "trucks.*.breakdown": 1, "helicopters.*.breakdown": 1,
    "teams.*.shift": "2 h", "trucks.*.shift": "2 h", "helicopters.*.skills": "water", "weather.*.visibility": "15 km",
}  # fmt: skip
CALL = {"time": "10 min", "skill": "water"}
WORLDS: dict[str, tuple[str, dict[str, Any]]] = {
    FLOOD: (
        "tiny-flood",
        {
            **ROUSED,
            "calls.c": {**CALL, "place": "market-town"},
            "teams.fire-town.skills": "water",
            "boats.*": {"breakdown": 1, "shift": "2 h", "skills": "water"},
        },
    ),
    FIRE: (
        "tiny-fire",
        {
            **ROUSED,
            "calls.c": {**CALL, "place": "stone-ford", "task": "evacuate"},
            "teams.*.skills": "water",
            "teams.*.tasks": "suppression;evacuate",
            "boats.b": {"base": "county-station", "level": "county", "county": "Songling"},
        },
    ),
}
NOT_SEEN = {
    # Read by `Crew` and `Detection` only where something happens that these two never see.
    "Boat.skills", "Helicopter.skills", "Truck.skills",
    "Detector.night_factor", "Detector.haze_factor",
}  # fmt: skip


@cache
def read_in(hazard: str) -> frozenset[tuple[str, str]]:
    """(record, field) of every field that is asked for while a tiny scenario is compiled and run."""
    name, changes = WORLDS[hazard]
    scenario = load(SCENARIOS / name, sets=changes)
    seen = set()

    def spy(record: Record, field: str) -> Any:
        seen.add((type(record).__name__, field))
        return object.__getattribute__(record, field)

    Record.__getattribute__ = spy  # type: ignore[method-assign, assignment]
    try:
        world = compile_world(scenario)
        for replication in range(2):
            replicate(world, 1, replication)
    finally:
        del Record.__getattribute__
    return frozenset(seen)


@pytest.mark.parametrize("hazard", WORLDS)
@pytest.mark.parametrize("table", TABLES)
def test_a_field_that_no_simulation_reads_is_marked_and_no_other(table: str, hazard: str) -> None:
    record = TABLES[table]
    if record.only and not any(hazard in reader for reader in record.only):
        assert not getattr(load(SCENARIOS / WORLDS[hazard][0]), table)
        return
    if table == "depths":
        return
    seen = {field for name, field in read_in(hazard) if name == record.__name__}
    anywhere = {field for one in WORLDS for name, field in read_in(one) if name == record.__name__}
    here = {FLOOD, LEVELS} if hazard == FLOOD else {FIRE}
    for name in record.model_fields:
        who, label = set(readers(record, name)), f"{record.__name__}.{name} in {hazard}"
        if PAGES in who:
            continue  # written on pages and maps, whatever else reads it
        if not who:
            assert name in anywhere or f"{record.__name__}.{name}" in NOT_SEEN, f"nothing reads {label}: mark it"
        elif not who & here:
            assert name not in seen, f"{label} is read: its mark is wrong"
        else:
            assert name in seen, f"nothing reads {label}, though its mark says so"


def notes(name: str, **changes: Any) -> list[str]:
    return [one.message for one in check(load(SCENARIOS / name, sets=changes)) if "nothing in this" in one.message]


def test_check_lists_what_nothing_reads_here() -> None:
    flood, fire = " ".join(notes("tiny-flood")), " ".join(notes("tiny-fire"))
    assert "teams.csv (kind): for a forest fire and static clauses only" in flood
    assert "depots.csv (tier)" in flood
    assert "elevation" not in flood
    assert "villages.csv (elevation)" in fire
    assert "kind" not in fire
    assert "scenario.yaml jurisdiction (gdp_yuan)" in " ".join(notes("tiny-flood", **{"jurisdiction.gdp_yuan": 1}))


def test_check_lists_tables_that_are_for_another_hazard() -> None:
    site = {"lon": 115.2, "lat": 38.1}
    assert "water_sources.csv: for a forest fire only" in " ".join(notes("tiny-flood", **{"water_sources.w": site}))
