"""Fire scenarios on disk: settings of either kind of hazard, layers of the landscape, what a fire needs beside them."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

import simrescue
from simrescue.errors import ScenarioError
from simrescue.scenario.load import load
from simrescue.scenario.new import create, templates

TINY = Path(__file__).parents[2] / "scenarios/tiny-fire"
TEMPLATE = Path(simrescue.__file__).parent / "data/new-fire"


@pytest.fixture
def fire(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "fire"))


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text, f"{file} holds no {old!r}"
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")


def complaints(folder: Path, **options: object) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        load(folder, **options)
    return str(caught.value).splitlines()


def line_of(folder: Path, text: str) -> int:
    lines = (folder / "scenario.yaml").read_text(encoding="utf-8").splitlines()
    return 1 + next(number for number, line in enumerate(lines) if line.strip().startswith(text))


# ---- the first fire of a planner


def test_the_template_and_the_tiny_fire_are_the_same_files() -> None:
    files = {path.name: path.read_bytes() for path in TINY.iterdir() if path.is_file()}
    assert files == {path.name: path.read_bytes() for path in TEMPLATE.iterdir()}


@pytest.mark.parametrize("hazard", templates())
def test_a_new_scenario_of_each_hazard_loads_under_its_own_name(tmp_path: Path, hazard: str) -> None:
    made = load(create(tmp_path / "my-hills", hazard=hazard))
    assert (made.settings.name, made.landscape is None) == ("my-hills", hazard == "flood")


def test_the_landscape_is_read_with_its_heights_and_fuels() -> None:
    ground = load(TINY).landscape
    assert ground.shape == (60, 60)
    assert ground.cell_x_m == pytest.approx(60, abs=0.01)
    assert ground.cell_y_m == pytest.approx(60, abs=0.01)
    assert ground.burns.mean() > 0.7
    at = ground.cell_of(114.03661, 38.17257)
    assert ground.fuel.flat[at] == 98, "the reservoir"


@pytest.mark.parametrize("variant", ["two-fires", "forward", "found-late"])
def test_every_variant_of_the_tiny_fire_loads(variant: str) -> None:
    assert load(TINY, variant).variant == variant


# ---- faults inside `hazard`, of both kinds


UNKNOWN = "expected a known key"


@pytest.mark.parametrize(
    ("old", "new", "field", "nearest"),
    [
        ("    wind: 20 %", "    wnid: 20 %", "uncertainty.wnid", "wind"),
        ("  kind: wildfire", "  stepp: 5 min", "stepp", "step"),
        ("    - {persons: 40}", "    - {person: 40}", "stages.0.person", "persons"),
        ("    fuel: fuel.asc", "    feul: fuel.asc", "layers.feul", "fuel"),
    ],
)
def test_unknown_keys_in_a_fire_name_line_field_and_nearest(
    fire: Path, old: str, new: str, field: str, nearest: str
) -> None:
    change(fire, "scenario.yaml", old, f"{old}\n{new}" if "kind" in old else new)
    [found] = complaints(fire)
    expected = f'hazard.{field}: {UNKNOWN}; did you mean "{nearest}"?'
    assert found == f"scenario.yaml line {line_of(fire, new.strip())}, {expected}"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    wind: 20 %", "    wind: strong", 'uncertainty.wind: "strong" - expected a share'),
        ("    - {persons: 40}", "    - {level: V}", 'stages.0.level: "V" - expected '),
        ("  layers: ", "  road_damage: 10 %", f"road_damage: {UNKNOWN}"),
    ],
)
def test_values_in_a_fire_name_line_and_field(fire: Path, old: str, new: str, expected: str) -> None:
    change(fire, "scenario.yaml", old, f"{new}\n{old}" if "layers" in old else new)
    [found] = complaints(fire)
    assert found.startswith(f"scenario.yaml line {line_of(fire, new.strip())}, hazard.{expected}")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("    level: 0.15 m", "    lvel: 0.15 m", f'uncertainty.lvel: {UNKNOWN}; did you mean "level"?'),
        ("  source: levels ", "  sourc: levels ", f'sourc: {UNKNOWN}; did you mean "source"?'),
        (
            "  source: levels ",
            "  source: level ",
            "source: \"level\" - expected 'levels', 'depths' or 'rasters'; did you mean \"lev",
        ),
        ("  kind: flood", "  spotting: 0.1", f"spotting: {UNKNOWN}"),
    ],
)
def test_faults_in_a_flood_name_line_field_and_nearest_key(tmp_path: Path, old: str, new: str, expected: str) -> None:
    flood = create(tmp_path / "flood")
    change(flood, "scenario.yaml", old, new)
    [found] = complaints(flood)
    assert found.startswith(f"scenario.yaml line {line_of(flood, new.strip())}, hazard.{expected}")


def test_an_unknown_kind_of_hazard_is_told_with_the_known_ones(fire: Path) -> None:
    change(fire, "scenario.yaml", "  kind: wildfire", "  kind: wildfires")
    found = next(fault for fault in complaints(fire) if "hazard.kind" in fault)
    assert found == (
        f"scenario.yaml line {line_of(fire, 'kind: wildfires')}, hazard.kind: \"wildfires\" - expected one of 'flood',"
        " 'wildfire'; did you mean \"wildfire\"?"
    )


def test_changes_reach_settings_of_the_fire_and_miss_with_the_nearest_path(fire: Path) -> None:
    made = load(fire, sets=["hazard.uncertainty.wind=0", "hazard.layers.canopy_cover=null", "hazard.walk=3 km/h"])
    assert made.settings.wildfire.uncertainty.wind == 0
    assert made.settings.wildfire.walk_kmh == 3
    assert made.landscape.canopy_cover.max() == 0
    [found] = complaints(fire, sets=["hazard.spoting=0.1"])
    assert found == '--set, hazard.spoting: expected a known path; did you mean "hazard.spotting"?'
    [found] = complaints(fire, sets=["hazard.layers.fuel=nothing.asc"])
    assert found.startswith('--set, hazard.layers.fuel: "nothing.asc" - expected the name of a raster')


def test_a_change_of_the_other_kind_of_hazard_is_refused(fire: Path) -> None:
    [found] = complaints(fire, sets=["hazard.road_damage=10 %"])
    assert found.startswith("--set, hazard.road_damage: expected a known key")


# ---- the layers


def test_a_layer_that_is_not_there(fire: Path) -> None:
    change(fire, "scenario.yaml", "elevation: elevation.asc", "elevation: elevatoin.asc")
    [found] = complaints(fire)
    line = line_of(fire, "elevation:")
    assert found == (
        f'scenario.yaml line {line}, hazard.layers.elevation: "elevatoin.asc" - expected the name of a raster in the'
        ' scenario folder; did you mean "elevation.asc"?'
    )


@pytest.mark.parametrize("name", ["../secret.asc", "{outside}/secret.asc", "link.asc"])
def test_a_layer_outside_the_folder_is_refused(fire: Path, name: str) -> None:
    outside = fire.parent
    (outside / "secret.asc").write_bytes((fire / "fuel.asc").read_bytes())
    (fire / "link.asc").symlink_to(outside / "secret.asc")
    change(fire, "scenario.yaml", "fuel: fuel.asc", f"fuel: {name.format(outside=outside)}")
    [found] = complaints(fire)
    assert "expected a file inside the scenario folder, not a link out of it" in found


def test_a_layer_is_needed_and_has_a_limit(fire: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    [found] = complaints(fire, sets=['hazard.layers.fuel=""'])
    assert found == '--set, hazard.layers.fuel: "" - expected the name of a file: a fire needs it'
    monkeypatch.setattr("simrescue.scenario.files.landscape_files.MAX_CELLS", 3599)
    assert any("at most 3,599 cells" in fault for fault in complaints(fire))
    monkeypatch.setattr("simrescue.scenario.files.landscape_files.MAX_BYTES", 1000)
    assert any("a file of at most" in fault for fault in complaints(fire))


def test_faults_of_layers_are_told_together_with_all_others(fire: Path) -> None:
    change(fire, "fuel.asc", "\n188 ", "\n300 ")
    change(fire, "scenario.yaml", "duration: 36 h", "duration: 36")
    change(fire, "villages.csv", ",900,", ",many,")
    files = [fault.split()[0] for fault in complaints(fire)]
    assert sorted(set(files)) == ["fuel.asc", "scenario.yaml", "villages.csv"]


def test_layers_count_in_the_checksum(fire: Path) -> None:
    before = load(fire).checksum
    assert load(fire).checksum == before
    change(fire, "elevation.asc", "NODATA_value -9999\n", "NODATA_value -9998\n")
    assert load(fire).checksum != before


def test_arrival_times_of_another_tool(fire: Path) -> None:
    assert load(fire).arrival_h is None
    head = (fire / "fuel.asc").read_text().splitlines()[:7]
    rows = [" ".join(["1.5"] * 59 + ["-9999"])] * 60
    (fire / "arrival.asc").write_text("\n".join([*head, *rows]))
    hours = load(fire, sets=["hazard.layers.arrival=arrival.asc"]).arrival_h
    assert hours.shape == (60, 60)
    assert np.unique(hours).tolist() == [1.5, np.inf]
    (fire / "arrival.asc").write_text("\n".join([*head, *rows]).replace("1.5", "-1.5"))
    [found] = complaints(fire, sets=["hazard.layers.arrival=arrival.asc"])
    assert found.startswith("arrival.asc")


# ---- what a fire needs beside them


def test_an_ignition_off_the_landscape(fire: Path) -> None:
    change(fire, "ignitions.csv", "114.01600", "115.01600")
    [found] = complaints(fire)
    assert found.startswith(
        'ignitions.csv row 2, column lon: "115.016, 38.1745" - expected a spot on the landscape: 114.0'
    )


@pytest.mark.parametrize("table", ["ignitions", "weather"])
def test_no_fire_without_ignition_or_weather(fire: Path, table: str) -> None:
    (fire / f"{table}.csv").unlink()
    assert complaints(fire) == [f"{table}.csv: expected at least one row, since hazard.kind is wildfire"]


RATE = "id,grade_3,from,to\npeople,2,9 h,{to}\n"


def test_fires_by_chance_stand_in_for_ignitions(fire: Path) -> None:
    (fire / "ignitions.csv").unlink()
    (fire / "ignition_rates.csv").write_text(RATE.format(to="19 h"))
    [rate] = load(fire).ignition_rates
    assert (rate.per_day, rate.from_h, rate.to_h) == ((0, 0, 2, 0, 0), 9, 19)


def test_what_a_rate_must_leave_free(fire: Path) -> None:
    (fire / "ignition_rates.csv").write_text(RATE.format(to="9 h"))
    assert complaints(fire) == ['ignition_rates.csv row 2, column to: "9 h" - expected another hour than from']
    (fire / "ignition_rates.csv").write_text(RATE.format(to="19 h"))
    change(fire, "villages.csv", "stone-ford,", "people-40,")
    found = complaints(fire)
    assert any('"people-40" - expected an id used once' in fault for fault in found)


def test_weather_of_a_fire_needs_direction_heat_and_humidity(fire: Path) -> None:
    change(fire, "weather.csv", "4,7,235,21,20 %,12", "4,7,,21,20 %,12")
    assert complaints(fire) == ["weather.csv row 4, column wind_from_deg: expected a value: a fire needs it"]
    text = (fire / "weather.csv").read_text().splitlines()
    (fire / "weather.csv").write_text("\n".join(",".join(line.split(",")[:4] + line.split(",")[5:]) for line in text))
    assert "weather.csv row 1, column humidity: expected this column: a fire needs it" in complaints(fire)


def test_a_detector_stands_somewhere_or_sees_all(fire: Path) -> None:
    change(fire, "detectors.csv", "camera,114.00700,38.17300", "camera,114.00700,")
    [found] = complaints(fire)
    assert (
        found == "detectors.csv row 4, column lat: expected a value beside lon, or neither: then it covers everything"
    )


def test_stages_go_up(fire: Path) -> None:
    change(fire, "scenario.yaml", "{area_ha: 20, after: 2 h", "{area_ha: 2, after: 2 h")
    [found] = complaints(fire)
    assert found == (
        f"scenario.yaml line {line_of(fire, '- {area_ha: 2,')}, hazard.stages.2.area_ha: expected no less than in the"
        " stage before"
    )


def test_a_stage_may_set_free_what_waits_for_its_level(fire: Path) -> None:
    assert {team.release for team in load(fire).teams} == {"", "III"}
    change(fire, "scenario.yaml", "level: III}", "level: II}")
    [found] = complaints(fire)
    assert found.startswith('teams.csv row 4, column release: "III" - expected a response level of command.levels or')
    assert found.endswith("hazard.stages (IV, II)")
