"""The first scenario of a planner loads, and editors are told what its files may hold."""

from pathlib import Path

import pytest
import yaml

import simrescue
from simrescue.errors import ScenarioError
from simrescue.events import EventKind
from simrescue.metrics import MEASURES
from simrescue.scenario.files.yaml_lines import read
from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.plans.plans_file import plan_files
from simrescue.scenario.records import TABLES
from simrescue.scenario.schema import json_schema, plan_schema, table_schema
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world

TEMPLATE = Path(simrescue.__file__).parent / "data/new"
TINY = Path(__file__).parents[2] / "scenarios/tiny-flood"


def test_a_new_scenario_loads_under_its_own_name(tmp_path):
    home = create(tmp_path / "my-county")
    assert load(home).settings.name == "my-county"
    assert load(create(tmp_path / "deep/folder", "other")).settings.name == "other"
    assert {path.name for path in home.iterdir()} == {path.name for path in TEMPLATE.iterdir()}


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ScenarioError, match="a new or empty folder"):
        create(tmp_path, "mine")
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


@pytest.mark.parametrize("name", ["../x", "a b", "涿州"])
def test_a_name_that_cannot_be_a_name(tmp_path, name):
    with pytest.raises(ScenarioError, match="expected an id"):
        create(tmp_path / "x", name)
    assert not (tmp_path / "x").exists()


def test_the_template_and_the_tiny_flood_are_the_same_files():
    files = {path.name: path.read_bytes() for path in TINY.iterdir() if path.is_file()}
    assert files == {path.name: path.read_bytes() for path in TEMPLATE.iterdir()}


def test_the_schema_names_every_key_of_the_tiny_flood():
    schema = json_schema()
    data = read((TINY / "scenario.yaml").read_text(encoding="utf-8"), "x").data
    assert set(data) <= set(schema["properties"])
    assert set(schema["required"]) <= set(data)
    assert set(data["command"]) <= set(schema["$defs"]["Command"]["properties"])
    assert schema["additionalProperties"] is False


def test_the_schema_tells_defaults_in_words_and_takes_moments_without_seconds():
    command = json_schema()["$defs"]["Command"]["properties"]
    assert command["report"]["description"].endswith("Default: 0.5 h.")
    parameters = json_schema()["$defs"]["Parameters"]["properties"]
    assert parameters["mop_up_h_m"]["description"].endswith("Default: 0.5 h/m.")
    assert parameters["rekindle_per_km_h"]["description"].endswith("Default: 0.025 /km/h.")
    assert "format" not in json_schema()["properties"]["start"]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_has_a_schema_with_the_keys_of_its_file(name):
    schema = table_schema(name)
    table = TINY / f"{name}.csv"
    titles = table.read_text(encoding="utf-8").splitlines()[0].split(",") if table.exists() else schema["required"]
    assert all(title in schema["properties"] or title.rpartition("_")[0] in schema["properties"] for title in titles)


def test_the_schema_of_plans_knows_every_measure_and_its_settings() -> None:
    clause = plan_schema()["$defs"]["Clause"]
    settings = {one["if"]["properties"]["measure"]["const"]: one["then"] for one in clause["allOf"]}
    assert list(settings) == list(MEASURES) == clause["properties"]["measure"]["enum"][1:]
    for path in plan_files().values():
        for written in yaml.safe_load(path.read_text(encoding="utf-8"))["clauses"]:
            if name := written.get("measure"):
                known = settings[name]["properties"]["settings"]
                assert set(written.get("settings", {})) <= set(known["properties"]), (path, written["id"])
                assert set(known.get("required", ())) <= set(written.get("settings", {})), (path, written["id"])


def test_care_homes_of_a_new_flood_are_places_of_its_own(tmp_path):
    plain = load(create(tmp_path / "county"))
    made = load(tmp_path / "county", variant="with-care")
    assert not plain.institutions
    assert {one.kind for one in made.institutions} == {"care_home", "hospital"}
    world = compile_world(made)
    log = simulate(world, 1, 0)
    home = world.ids.index("river-home")
    out = [EventKind.LEAVE, EventKind.PICKS_UP]
    assert ((log.subject == home) | (log.place == home))[log.where(*out)].any(), "its people are brought out"
