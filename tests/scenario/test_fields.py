"""Laws over every field of every record that a file can hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic.fields import FieldInfo

import simrescue
from simrescue.parameters import default_of, table
from simrescue.plans import Plan
from simrescue.records import BY_LEVELS, FIRE, FLOOD, PAGES, Record
from simrescue.scenario.load import load
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.without_effect.idle import CONDITIONS, needs_of
from simrescue.scenario.preflight.without_effect.unread import READERS, readers
from simrescue.scenario.records import TABLES, Settings
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
    kinds = annotation.records() if hasattr(annotation, "records") else ()  # as registered
    for part in (*get_args(annotation), *kinds):
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
CARE = {
    "institutions.home": {"lon": 115.2684, "lat": 38.046, "zone": "basin", "elevation": "21.2 m", "kind": "care_home",
                          "persons": 40, "staff_day": 4, "storeys": 2, "seats": 6, "order": "1 h"},
    "institutions.ward": {"lon": 115.2, "lat": 38.1, "elevation": "29 m", "kind": "hospital", "persons": 4,
                          "staff_day": 4, "order": "16 h"},
    "institutions.lessons": {"lon": 115.2, "lat": 38.1, "elevation": "29 m", "kind": "school", "persons": 30,
                             "staff_day": 4},
}  # fmt: skip
TRIGGER = {
    # Response levels by rule: a count and a judgement on it, decided and ordered.
    "triggers.cut-off": {"level": "II", "kind": "count", "of": "cut_off", "at_least": 0, "together": "both"},
    "triggers.dead": {"level": "I", "kind": "loss", "of": "dead", "at_least": 1_000_000},
    "triggers.officer": {"level": "II", "kind": "judgement", "chance": 1, "delay": "0 h", "together": "both"},
    "response.II": {"consultation": "30 min", "approval": "30 min", "orders": ["open_depots"]},
}
PARTNER = {
    "partners.p": {"asked_at": "II", "asked_after": "0 h", "grant": 1, "decision": "0 h"},
    "posts.office": {"level": "county", "command": True},
}
CALL = {"time": "10 min", "skill": "water"}
WORLDS: dict[str, tuple[str, dict[str, Any]]] = {
    FLOOD: (
        "tiny-flood",
        {
            **ROUSED,
            **CARE,
            **TRIGGER,
            **PARTNER,
            "boats.aid": {"base": "town-station", "partner": "p"},
            "triggers.river": {"level": "II", "kind": "reading", "of": "river", "at_least": "22 m", "ahead": "1 h"},
            "calls.c": {**CALL, "place": "market-town"},
            "teams.fire-town.skills": "water",
            "health.injured": 1,
            "parameters.severe_share": 1,
            "boats.*": {"breakdown": 1, "shift": "2 h", "skills": "water", "puncture": 1},
        },
    ),
    FIRE: (
        "tiny-fire",
        {
            **ROUSED,
            **CARE,
            **TRIGGER,
            **PARTNER,
            "calls.c": {**CALL, "place": "stone-ford", "task": "evacuate"},
            "teams.*.skills": "water",
            "teams.*": {"tasks": "suppression;evacuate", "loaded_for": "flood"},
            "hazard.reserve": [{"danger": 1, "persons": "10 %"}],
            "fire_orders.o": {"time": "0 h", "tactic": "protect", "place": "stone-ford", "persons": 20},
            "ignition_rates.people": {"grade_3": 1.0},
            "boats.b": {"base": "county-station", "level": "county", "county": "Songling", "partner": "p"},
        },
    ),
}
NOT_SEEN = {
    # Read by `Crew` and `Detection` only where something happens that these two never see.
    "Boat.skills", "Helicopter.skills", "Truck.skills",
    "Detector.night_factor", "Detector.haze_factor",
    # Read when people fetch goods next door, when a depot is to be restocked; the layers of a fire when its files are.
    "Relief.fetch_load_t", "Relief.replenishment_fleet", "Wildfire.layers",
    # Read where a scenario has rules of work on the line, a table of fire danger of its own.
    "WorkRule.who", "WorkRule.from_h", "WorkRule.to_h", "WorkRule.night", "WorkRule.wind_ms", "WorkRule.slope",
    "WorkRule.flame_m",
    "FireDanger.part", "FireDanger.up_to", "FireDanger.points",
    # Read where a level by rule is lowered or orders people out, and where a scenario has readings from outside.
    "LevelRule.lowered_after_h", "LevelRule.zones",
    "GaugeReading.gauge", "GaugeReading.time_h", "GaugeReading.value", "GaugeReading.known_h",
    # Read where a post sits in a building that the water or a power cut comes to, and where it has posts below it.
    "StaffedPost.depth_limit_m", "StaffedPost.move_h", "StaffedPost.battery_h", "StaffedPost.withheld",
    # Read where a scenario has lines on the ground.
    "FireLinePoint.line", "FireLinePoint.point", "FireLinePoint.lon", "FireLinePoint.lat", "FireLinePoint.width_m",
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
    read_as_marked(record, hazard)


def read_as_marked(record: type[Record], hazard: str) -> None:
    """The marks at the fields of a record say what a run of a hazard has shown."""
    seen = {field for name, field in read_in(hazard) if name == record.__name__}
    anywhere = {field for one in WORLDS for name, field in read_in(one) if name == record.__name__}
    here = {FLOOD, BY_LEVELS} if hazard == FLOOD else {FIRE}
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


AT_LOADING = {"Settings", "Parameters", "Layers", "Recorded", "DatedFigure"}
"""Records of scenario.yaml that are read when files are or when figures are told, not by the simulation."""
SECTIONS = [one for one in records(Settings) if one.__name__ not in AT_LOADING]


@pytest.mark.parametrize("hazard", WORLDS)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.__name__)
def test_a_setting_that_no_simulation_reads_is_marked_and_no_other(section: type[Record], hazard: str) -> None:
    if not section.only or any(hazard in reader for reader in section.only):
        read_as_marked(section, hazard)


def test_check_lists_settings_that_nothing_reads_here() -> None:
    changes = {"warning.call_out_lead": "2 h", "health.exposure": "3 h", "health.injured": "10 %"}
    found = " ".join(notes("tiny-fire", **changes))
    assert "scenario.yaml warning (call_out_lead)" in found
    assert "scenario.yaml health (exposure)" in found
    assert "injured" not in found
    assert "scenario.yaml" not in " ".join(notes("tiny-flood", **changes))


def test_check_names_a_parameter_whose_every_field_is_written_out() -> None:
    def told(**changes: Any) -> list[str]:
        findings = check(load(SCENARIOS / "tiny-flood", sets=changes))
        return [one.subject for one in findings if "nothing here: every field" in one.message]

    assert told(**{"parameters.silence_h": "3 h", "command.silence": "1 h"}) == ["silence_h"]
    assert told(**{"parameters.silence_h": "3 h"}) == []
    assert told(**{"command.silence": "1 h"}) == []
    assert told(**{"parameters.truck_payload_t": "6 t", "trucks.*.payload": "5 t"}) == []


def test_parameters_that_are_read_besides_are_known() -> None:
    """Two routes: the names in the program's text, and what the table says that they need by themselves."""
    package = Path(simrescue.__file__).parent
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted(package.rglob("*.py")))
    shared = {default_of(info) for one in ALL for info in one.model_fields.values()} - {""}
    assert {name for name in shared if re.search(rf"(?<!`)parameters\.{name}\b", text)} == {
        name for name in shared if table()[name].needs
    }


def test_every_reader_of_a_field_has_its_words() -> None:
    marks = {
        reader for record in ALL for name in record.model_fields for reader in (*readers(record, name), *record.only)
    }
    assert marks == set(READERS)


def test_what_settings_need_is_a_condition_and_every_condition_is_needed() -> None:
    of_fields = {condition for record in ALL for name in record.model_fields for condition in needs_of(record, name)}
    assert of_fields | {condition for row in table().values() for condition in row.needs} == set(CONDITIONS)


def notes(name: str, **changes: Any) -> list[str]:
    return [one.message for one in check(load(SCENARIOS / name, sets=changes)) if "nothing in this" in one.message]


def test_check_lists_what_nothing_reads_here() -> None:
    flood, fire = " ".join(notes("tiny-flood")), " ".join(notes("tiny-fire"))
    assert "teams.csv (county)" in flood
    assert "depots.csv (tier)" in flood
    assert "elevation" not in flood
    assert "villages.csv (elevation)" in fire
    assert "kind" not in fire
    assert "scenario.yaml jurisdiction (province)" in " ".join(notes("tiny-fire", **{"jurisdiction.province": "hebei"}))


def test_check_lists_tables_that_are_for_another_hazard() -> None:
    site = {"lon": 115.2, "lat": 38.1}
    assert "water_sources.csv: for a forest fire only" in " ".join(notes("tiny-flood", **{"water_sources.w": site}))
