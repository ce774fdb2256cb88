"""Every default number is in the table, with its range and source; a scenario can set each, and each is read.

Laws: no code fetches a number, all are passed; every name that the code reads is in the table, and every name of the
table is read; two scenarios in one process never see one another's numbers.
"""

from __future__ import annotations

import ast
import math
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

import simrescue
from simrescue import parameters, simulate
from simrescue.experiment.studies.mending.menu import menu_of
from simrescue.network import Router
from simrescue.parameters import Parameter, Parameters, table
from simrescue.records import Record
from simrescue.scenario.files.faults import sections
from simrescue.scenario.load import load
from simrescue.scenario.plans.plans_file import load_plan, plan_files
from simrescue.scenario.records import TABLES, Scenario, Settings
from simrescue.simulation.world import compile_world
from simrescue.units import NO_UNIT, WHOLE, held_in, parse

HOME = Path(simrescue.__file__).parent
TREES = {path.relative_to(HOME).as_posix(): ast.parse(path.read_text(encoding="utf-8")) for path in HOME.rglob("*.py")}
FROM_FILE = {"from_file": True}
SCENARIOS = Path(__file__).parents[1] / "scenarios"
ROWS = pytest.mark.parametrize("row", table().values(), ids=lambda row: row.name)


# ---- the table


@ROWS
def test_a_parameter_has_a_range_a_unit_and_a_source(row: Parameter) -> None:
    assert row.believes(row.value)
    assert row.least <= (row.value if row.low is None else row.low)
    assert (row.value if row.high is None else row.high) <= row.most
    assert row.unit
    assert row.hazard in ("all", "flood", "wildfire", "menu")
    assert row.used_for
    assert len(row.source) > 15


def test_what_is_assumed_or_from_memory_is_not_called_verified() -> None:
    for row in table().values():
        if row.source.startswith(("assumed", "from memory")):
            assert not row.verified, row.name


def test_names_are_unique_and_sources_are_marked_yes_or_no() -> None:
    rows = (HOME / "data/parameters.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) - 1 == len(table())
    assert all(row.endswith((",yes", ",no")) for row in rows[1:])


# ---- passed, never fetched


PRICES = ("price_yuan", "ready_yuan")
"""What a kind is registered with: the name of a number, which `Parameters.yuan` reads."""


def _reads(tree: ast.AST) -> Iterator[str]:
    """Names of attributes read of something called `parameters`, default numbers of fields, prices of kinds."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and _called(node.value) == "parameters":
            yield node.attr
        elif isinstance(node, ast.Call) and _called(node.func) == "default" and isinstance(node.args[0], ast.Constant):
            yield str(node.args[0].value)
        elif isinstance(node, ast.keyword) and node.arg in PRICES and isinstance(node.value, ast.Constant):
            yield str(node.value.value)


def _called(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


FAMILIES = {
    "depth_limit_m": r"depth_limit_\w+_m",
    "speed_kmh": r"speed_\w+_kmh",
    "helpless_share_of": r"(care_home|school|hospital)_helpless_share",
    "single_storey_share_of": r"single_storey_(\w+_)?share",
    "channel_battery_h": r"(public|mhz370|satellite|speaker)_battery_h",
    "channel_delay_h": r"(mhz370|satellite)_delay_h",
    "lanes": r"lanes_\w+",
    "road_width_m": r"road_width_\w+_m",
    "break_density": r"break_density_\w+",
    "congestion_power": r"congestion_power_\w+",
}
"""Methods of `Parameters` that read one row of several, and the names of these."""
READ = {name for file, tree in TREES.items() if file != "parameters.py" for name in _reads(tree)}


def test_every_name_that_is_read_is_in_the_table() -> None:
    methods = {name for name in vars(Parameters.__base__) if not name.startswith("_")} | set(vars(parameters))
    assert READ - set(table()) <= methods | {"model_fields_set", "model_copy"}
    assert len(READ & set(table())) > 150


@ROWS
def test_every_row_of_the_table_is_read_somewhere(row: Parameter) -> None:
    of_family = [method for method, names in FAMILIES.items() if re.fullmatch(names, row.name) and method in READ]
    assert row.name in READ or of_family, f"no code reads {row.name}: use it or delete it"


def test_nobody_makes_the_numbers_but_who_has_no_scenario() -> None:
    """`Parameters()` is the table as it is; who has a scenario is given its numbers."""
    makers = {
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _called(node.func) == "Parameters"
    }
    assert makers == {
        "parameters.py",  # the numbers of a stored run
        "scenario/records.py",  # the section left out
        "scenario/load.py",  # a scenario.yaml whose section cannot be read: only its faults are told
        "cli/prepare/parameters.py",  # the list without a scenario
        "intake/geodata/road_nature.py",  # a scenario that is only being made
    }


def _looks_in(called: ast.AST) -> bool:
    """Whether that is the table of default numbers, and no table of a scenario."""
    of_module = not isinstance(called, ast.Attribute) or _called(called.value) == "parameters"
    return of_module and _called(called) in ("table", "defaults")


def test_only_lists_look_into_the_table() -> None:
    readers = {
        file
        for file, tree in TREES.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and _looks_in(node.func) and file != "parameters.py"
    }
    no_run = {"hazards/wildfire/suppression/line/line_rates.py"}  # a table of its own
    assert not {
        file for file in readers - no_run if file.startswith(("simulation/", "hazards/", "network/", "metrics/"))
    }


def test_an_unknown_name_is_a_fault_of_the_program() -> None:
    with pytest.raises(KeyError):
        parameters.default("no_such_number")
    with pytest.raises(AttributeError):
        _ = Parameters().no_such_number


def test_the_numbers_are_frozen_and_travel() -> None:
    one = Parameters(turnout_h=0.25)
    with pytest.raises(ValidationError):
        one.turnout_h = 1.0  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(one)) == one != Parameters()
    assert one.changed() == {"turnout_h": 0.25}


# ---- every number can be set, and reaches who reads it


def other(row: Parameter) -> float:
    """Another number inside the range."""
    if row.unit in WHOLE:
        return float(row.low if row.low not in (None, row.value) else row.high or 0)
    low, high = (row.value if end is None else end for end in (row.low, row.high))
    return round((row.value + high) / 2 if high > row.value else (row.value + low) / 2, 6)


def as_written(row: Parameter, number: float) -> Any:
    return number if row.unit in NO_UNIT else f"{number:.12g} {row.unit}"


TINY = {"flood": "tiny-flood", "wildfire": "tiny-fire"}


@pytest.fixture(scope="module")
def all_set() -> dict[str, Scenario]:
    """Both tiny scenarios with every number of the table set to another one."""
    sets = {f"parameters.{row.name}": as_written(row, other(row)) for row in table().values()}
    return {hazard: load(SCENARIOS / name, sets=sets) for hazard, name in TINY.items()}


@ROWS
def test_a_number_that_is_set_is_the_one_of_the_world(row: Parameter, all_set: dict[str, Scenario]) -> None:
    for scenario in all_set.values():
        assert getattr(scenario.parameters, row.name) == pytest.approx(other(row))
        assert other(row) != row.value


def test_a_world_carries_the_numbers_of_its_scenario(all_set: dict[str, Scenario]) -> None:
    for scenario in all_set.values():
        world = compile_world(scenario)
        for holder in (world, *world.fields.values(), world.network):
            assert holder.parameters is scenario.parameters  # type: ignore[attr-defined]


def _fields(record: type[Record]) -> Iterator[tuple[type[Record], str, str]]:
    """Record, field and parameter of every field with a default from the table, in a record and below it."""
    for name, info in record.model_fields.items():
        if isinstance(info.default_factory, parameters._Default):
            yield record, name, info.default_factory.name
        for below in sections(info.annotation):
            if below is not Parameters:
                yield from _fields(below)


FOLLOWING = list(dict.fromkeys(one for record in (Settings, *TABLES.values()) for one in _fields(record)))
SMALLEST: dict[str, dict[str, Any]] = {
    "Village": {"population": 10}, "Shelter": {"capacity": 10}, "Call": {"time_h": 1.0, "place": "a"},
    "Institution": {"kind": "school", "persons": 10, "staff_day": 1},
    "Ignition": {"time_h": 1.0}, "Wildfire": {"kind": "wildfire"},
    "Detector": {"kind": "camera", "revisit_h": 1.0, "delay_h": 1.0},
}  # fmt: skip


def _made(record: type[Record], **more: Any) -> Any:
    given = SMALLEST.get(record.__name__, {}) | {"id": "x", "lon": 116.0, "lat": 39.0, "base": "b"} | more
    return record(**{name: one for name, one in given.items() if name in record.model_fields})


@pytest.mark.parametrize(("record", "field", "name"), FOLLOWING, ids=lambda one: getattr(one, "__name__", one))
def test_a_field_left_out_follows_its_number_and_one_that_is_written_wins(
    record: type[Record], field: str, name: str
) -> None:
    row = table()[name]
    numbers = Parameters(**{name: other(row)})
    made = record.model_fields[field].default_factory
    assert isinstance(made, parameters._Default)
    plain = _made(record)
    assert getattr(plain, field) == made.of(row.value)
    assert getattr(numbers.follow(plain), field) == made.of(other(row))
    assert field not in numbers.follow(plain).model_fields_set, "left out it stays, whatever fills it"
    assert getattr(Parameters().follow(numbers.follow(plain)), field) == made.of(row.value)
    written = _made(record, **{field: made.of(row.value)})
    assert getattr(numbers.follow(written), field) == made.of(row.value)


@pytest.mark.parametrize(("record", "field", "name"), FOLLOWING, ids=lambda one: getattr(one, "__name__", one))
def test_what_is_possible_for_a_number_is_possible_for_its_field(record: type[Record], field: str, name: str) -> None:
    row = table()[name]
    kind = held_in(row.unit, row.least, row.most)
    made = record.model_fields[field].default_factory
    assert isinstance(made, parameters._Default)
    for end in (kind.low, kind.high):
        if math.isfinite(end):
            assert getattr(Parameters(**{name: end}), name) == end
            assert getattr(_made(record, **{field: made.of(end)}), field) == made.of(end)
    if not made.around:
        with pytest.raises(ValidationError):
            _made(record, **{field: kind.low - 0.001})
    with pytest.raises(ValidationError):
        Parameters(**{name: kind.low - 0.001})


def test_a_section_that_is_left_out_follows_too() -> None:
    scenario = load(SCENARIOS / "tiny-flood", sets={"parameters.act_t50_h": "2 h", "parameters.food_kg": "0.6 kg"})
    assert scenario.settings.evacuation.act_t50_h == 2
    assert scenario.settings.evacuation.refuse == 0.1, "written in the file"
    assert scenario.settings.relief.food.kg == 0.6
    assert scenario.settings.relief.water.kg == table()["water_kg"].value


def test_null_goes_back_to_the_default_of_the_scenario() -> None:
    sets = {"parameters.report_h": "45 min", "command.report": "2 h"}
    assert load(SCENARIOS / "tiny-flood", sets=sets).settings.command.report_h == 2
    assert load(SCENARIOS / "tiny-flood", sets=sets | {"command.report": None}).settings.command.report_h == 0.75


# ---- it changes what happens

TOLD = {
    "flood": (
        "boarding_h_per_person", "boarding_h_per_vehicle", "wading_out_m", "depth_limit_truck_m", "depth_wet_m",
        "boat_draft_m", "speed_class3_kmh", "car_speed_factor", "heli_fuel_reserve_h", "relief_meal_days", "act_b",
        "truck_payload_t", "decision_h", "water_kg",
    ),
    "wildfire": (
        "mop_up_h_m", "mop_up_persons_per_km", "hose_line_m_h", "line_slope_factor", "line_fatigue_from_h",
        "walk_in_detour", "walk_climb_m_per_h", "smoke_km_ha", "burn_out_h", "fire_wind_10m_to_20ft",
    ),
}  # fmt: skip
"""Some numbers of all parts of the model that matter in a tiny scenario."""


def history(scenario: Scenario) -> str:
    """What happens in the first hours of a scenario, as a checksum: houses as low as their street, little fuel."""
    early = scenario.model_copy(
        update={
            "settings": scenario.settings.model_copy(update={"duration_h": 30.0}),
            "villages": tuple(one.model_copy(update={"ground_spread_m": 0.0}) for one in scenario.villages),
            "helicopters": tuple(one.model_copy(update={"endurance_h": 1.5}) for one in scenario.helicopters),
        }
    )
    logs = [simulate(compile_world(early), 1, replication) for replication in (0, 1)]
    return sha256(b"".join(column.tobytes() for log in logs for column in log)).hexdigest()


@pytest.fixture(scope="module")
def as_it_is() -> dict[str, str]:
    return {hazard: history(load(SCENARIOS / name)) for hazard, name in TINY.items()}


@pytest.mark.parametrize(("hazard", "name"), [(hazard, name) for hazard, names in TOLD.items() for name in names])
def test_another_number_makes_another_history(hazard: str, name: str, as_it_is: dict[str, str]) -> None:
    row = table()[name]
    ends = [end for end in (row.low, row.high) if end not in (None, row.value)]
    sets = [{f"parameters.{name}": as_written(row, float(end or 0))} for end in ends]
    assert any(history(load(SCENARIOS / TINY[hazard], sets=one)) != as_it_is[hazard] for one in sets)


IN_A_NEW_PROCESS = """
import sys
from tests.test_parameters import history, load, SCENARIOS
print(history(load(SCENARIOS / sys.argv[1], sets=eval(sys.argv[2]))))
"""


@pytest.mark.parametrize("hazard", TINY)
def test_numbers_of_one_scenario_do_not_leak_into_another(hazard: str, as_it_is: dict[str, str]) -> None:
    """What is worked out once and kept hangs on the numbers: the same history first in a process and after others."""
    rows = [table()[name] for name in TOLD[hazard]]
    sets = {f"parameters.{row.name}": as_written(row, other(row)) for row in rows}
    scenario = load(SCENARIOS / TINY[hazard], sets=sets)
    after_others = history(scenario)
    command = [sys.executable, "-c", IN_A_NEW_PROCESS, TINY[hazard], repr(sets)]
    first = subprocess.run(command, capture_output=True, text=True, check=True, cwd=SCENARIOS.parent).stdout.strip()
    assert after_others == first != as_it_is[hazard]
    assert history(load(SCENARIOS / TINY[hazard])) == as_it_is[hazard]


def test_speeds_and_limits_of_roads_are_those_of_the_scenario() -> None:
    sets = {"parameters.speed_class4_kmh": "10 km/h", "parameters.depth_limit_truck_m": "0.5 m"}
    plain, slow = (compile_world(load(SCENARIOS / "tiny-flood", sets=one)) for one in ({}, sets))
    lanes = [i for i, road in enumerate(plain.scenario.roads) if road.kind == "class4"]
    assert lanes
    assert slow.network.hours["truck"][lanes] == pytest.approx(
        plain.network.hours["truck"][lanes] * table()["speed_class4_kmh"].value / 10
    )
    for world, stopped in ((plain, True), (slow, False)):
        router = Router(world.network)
        router.learn(0, {"water": 0.4})
        assert router.is_closed("truck", 0) is stopped
        assert world.depth_limits_m["truck"] == world.parameters.depth_limit_truck_m


def test_prices_and_the_new_lookout_of_a_menu_are_those_of_the_scenario() -> None:
    sets = {"parameters.price_team_yuan": "12 万元", "parameters.price_tank_yuan": "7 yuan", "detectors.*": None,
            "parameters.lookout_range_km": "12 km"}  # fmt: skip
    menu = {change.id: change for change in menu_of(load(SCENARIOS / "tiny-fire", sets=sets))}
    assert menu["more-brigade"].cost == 120_000
    assert next(change.cost for name, change in menu.items() if name.startswith("tank-")) == 7
    assert menu["new-lookout"].sets["detectors.lookout-new"]["range"] == "12 km"


# ---- how it is written


@pytest.mark.parametrize(
    ("name", "written", "number"),
    [
        ("boarding_h_per_person", "90 s", 0.025),
        ("ember_flight_s", "1 min", 60),
        ("car_share", "15 %", 0.15),
        ("night_factor", 0.6, 0.6),
        ("boat_draft_m", "35 cm", 0.35),
        ("mop_up_h_m", "12 min/m", 0.2),
        ("line_fatigue_per_h", "0.06 1/h", 0.06),
        ("rekindle_per_km_h", "0.01 /km/h", 0.01),
        ("mop_up_persons_per_km", "30 人/公里", 30),
        ("price_team_yuan", "70 万元", 700_000),
        ("price_road_yuan_per_km", "3,000,000 yuan/km", 3e6),
        ("team_seats", "25 人", 25),
        ("water_kg", "0.002 t", 2),
        ("relief_days_sent", "36 h", 1.5),
        ("fire_direction_sd_deg", "15°", 15),
        ("persons_per_house", "2.75 persons/house", 2.75),
        ("fire_wetting_rain_mm", "0.4 mm/h", 0.4),
        ("lookout_smallest_ha", "3 亩", 0.2),
    ],
)
def test_a_number_is_written_with_its_unit(name: str, written: Any, number: float) -> None:
    assert getattr(Parameters.model_validate({name: written}, context=FROM_FILE), name) == pytest.approx(number)


@ROWS
def test_every_number_can_be_written_in_the_unit_of_the_table(row: Parameter) -> None:
    read = Parameters.model_validate({row.name: as_written(row, row.value)}, context=FROM_FILE)
    assert getattr(read, row.name) == pytest.approx(row.value)
    if row.unit not in NO_UNIT | WHOLE:
        assert parse(held_in(row.unit), as_written(row, row.value)) == pytest.approx(row.value)
        with pytest.raises(ValidationError, match="unit"):
            Parameters.model_validate({row.name: row.value}, context=FROM_FILE)
    for wrong in (True, "many", math.inf, math.nan, None, [], "-1 " + row.unit, -1):
        with pytest.raises(ValidationError):
            Parameters.model_validate({row.name: wrong}, context=FROM_FILE)


def faults(**sets: Any) -> list[str]:
    with pytest.raises(simrescue.ScenarioError) as caught:
        load(SCENARIOS / "tiny-flood", sets={f"parameters.{name}": value for name, value in sets.items()})
    return [str(fault) for fault in caught.value.faults]


def test_all_that_is_wrong_with_numbers_is_told_at_once() -> None:
    told = "\n".join(
        faults(boarding_h_per_person=90, heli_cruise_kmh="0 km/h", team_seats="2.5 persons", turnout="1 h")
    )
    assert 'parameters.boarding_h_per_person: "90" - expected a duration with its unit' in told
    assert "expected a speed from 1 to 1000 km/h" in told
    assert "whole" in told
    assert 'did you mean "parameters.turnout_h"?' in told


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("boarding", "boarding_h_per_person"),
        ("depth_limit_truck", "depth_limit_truck_m"),
        ("price_boat", "price_boat_yuan"),
        ("Turnout_h", "turnout_h"),
    ],
)
def test_a_wrong_name_is_told_with_the_nearest(wrong: str, meant: str) -> None:
    assert f'did you mean "parameters.{meant}"?' in faults(**{wrong: 1})[0]


def test_a_fault_in_the_file_has_its_line(tmp_path: Path) -> None:
    for file in (SCENARIOS / "tiny-flood").glob("*.*"):
        text = file.read_text(encoding="utf-8")
        more = "\nparameters:\n  boat_seats: 7\n  boarding_h_per_person: 90\n  depth_limit_truck: 0.5 m\n"
        (tmp_path / file.name).write_text(text + (more if file.name == "scenario.yaml" else ""), encoding="utf-8")
    with pytest.raises(simrescue.ScenarioError) as caught:
        load(tmp_path)
    count = len((tmp_path / "scenario.yaml").read_text(encoding="utf-8").splitlines())
    assert [(fault.file, fault.where, fault.field) for fault in caught.value.faults] == [
        ("scenario.yaml", f"line {count - 1}", "parameters.boarding_h_per_person"),
        ("scenario.yaml", f"line {count}", "parameters.depth_limit_truck"),
    ]
    assert caught.value.faults[1].nearest == "depth_limit_truck_m"


# ---- of a stored run


def test_numbers_of_a_stored_run() -> None:
    scenario = load(SCENARIOS / "tiny-flood", sets={"parameters.speed_track_kmh": "12 km/h"})
    assert parameters.stored(scenario.settings.model_dump(mode="json")) == scenario.parameters
    assert parameters.stored({}) == Parameters()


# ---- no target is its own input

DECIDES = {
    "share_warned_before_impact": {"warning_reach": "threshold"},
    "share_warned_in_steps": {"forecast_lead_h": "forecast_h", "call_out_lead_h": "answered_h"},
}
"""Measure -> the numbers that alone decide it where nothing goes wrong, and the limit of a clause that each meets."""


def test_no_target_is_its_own_input() -> None:
    """A clause that is tested with the default taken from the very target says nothing: 0.90 reached of 90 % wanted."""
    tested = 0
    for name in plan_files():
        for clause in load_plan(name).clauses:
            for parameter, limit in DECIDES.get(clause.measure, {}).items():
                wanted = clause.threshold if limit == "threshold" else getattr(clause.settings, limit)
                assert table()[parameter].value != pytest.approx(wanted), f"{name} {clause.id}: {parameter}"
                tested += 1
    assert tested >= 3


@ROWS
def test_no_number_has_the_target_of_a_plan_for_its_source(row: Parameter) -> None:
    assert not any(word in row.source.lower() for word in ("target", "five-year", "mechanism", "speech"))


def test_what_is_drawn_by_a_number_is_chance_and_what_nobody_verified_is_ignorance() -> None:
    rows = parameters.table()
    doubts = {name: row.doubt().en for name, row in rows.items()}
    assert doubts["flood_level_sd_m"] == doubts["report_h"] == "chance and ignorance"
    assert doubts["turnout_h"] == "chance", "its source is checked, and every crew draws its own"
    assert doubts["team_seats"] == "ignorance"
    assert doubts["boat_seats"] == doubts["flood_step_h"] == "taken as known"
    assert rows["team_seats"].doubt(is_set=True).en == "taken as known"
    assert rows["report_h"].doubt(is_set=True).en == "chance"
