"""What slips when tables are filled in by hand is found by its check; what is right though seldom is not doubted."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.clause_check import times_of

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FLOOD, FIRE, COUNTY = SCENARIOS / "tiny-flood", SCENARIOS / "tiny-fire", SCENARIOS / "huaiji-2025"
HOME = {"name": "H", "lon": 115.29, "lat": 38.127, "kind": "care_home", "persons": 50, "staff_day": 10,
        "elevation": "23 m", "zone": "river"}  # fmt: skip


@pytest.fixture(scope="module")
def response(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first scenario with the tables of the response system."""
    return create(tmp_path_factory.mktemp("response") / "county", response=True)


def doubted(folder: Path, changes: dict[str, Any]) -> set[str]:
    """Names of what is found beside what is found in the folder itself; every sentence stands in both languages."""
    before = {one.name for one in check(load(folder)) if one.severity in ("fault", "doubtful")}
    found = [one for one in check(load(folder, sets=changes)) if one.severity in ("fault", "doubtful")]
    assert all(one.message_zh != one.message for one in found)
    return {one.name for one in found} - before


HAND_SLIPS = [
    (FLOOD, {"warning.forecast": "2024-06-10T09:00+08:00"}, "late_settings warning.forecast"),
    (FLOOD, {"warning.order": "1 h"}, "order_before_the_forecast warning.order"),
    (FLOOD, {"start": "2024-07-10T06:00+00:00"}, "clock_of_another_place start"),
    (FLOOD, {"air.sunrise": "21 h", "air.sunset": "11 h"}, "sun_of_another_place air.sunrise"),
    (FLOOD, {"air.sunset": "11 h"}, "sun_of_another_place air.sunset"),
    (FLOOD, {"boats.boats-town.turnout": "0.25 min"}, "unusual_values boats-town"),
    (FLOOD, {"shelters.school.opening": "60 h"}, "unusual_values school"),
    (FLOOD, {"depots.county-depot.load": "0.75 min"}, "unusual_values county-depot"),
    (FLOOD, {"boats.boats-town.launch": "5 h"}, "unusual_values boats-town"),
    (FLOOD, {"boats.boats-town.puncture": 20}, "unusual_values boats-town"),
    (FLOOD, {"helicopters.heli-city.hoist": "15 h"}, "unusual_values heli-city"),
    (FLOOD, {"helicopters.heli-city.crew_day": "80 h"}, "unusual_values heli-city"),
    (FLOOD, {"villages.*.vulnerable": "0.15 %"}, "unusual_values"),
    (FLOOD, {"villages.*.cars": "0.2 %"}, "unusual_values"),
    (FLOOD, {"villages.east-ferry.ordered_share": "0.8 %"}, "unusual_values east-ferry"),
    (FLOOD, {"villages.east-ferry.satellite_phones": 420}, "unusual_values east-ferry"),
    (FLOOD, {"institutions.h": {**HOME, "storeys": 60}}, "unusual_values h"),
    (FLOOD, {"relief.food": {"kg": 500}}, "settings_out_of_range relief.food"),
    (FLOOD, {"institutions.h": {**HOME, "seats": 8000}}, "pairs_that_do_not_fit h"),
    (FLOOD, {"villages.east-ferry.houses": 42_000}, "pairs_that_do_not_fit east-ferry"),
    (FLOOD, {"villages.east-ferry.craft": 900}, "pairs_that_do_not_fit east-ferry"),
    (FLOOD, {"villages.east-ferry.crop_ha": 900_000}, "pairs_that_do_not_fit east-ferry"),
    (FLOOD, {"roads.highway.drive": "31 h"}, "drives_of_another_unit highway"),
    (FLOOD, {"roads.highway.drive": "1 min"}, "drives_of_another_unit highway"),
    (FLOOD, {"roads.highway.closed": "2024-08-10T10:00+08:00"}, "moments highway"),
    (FLOOD, {"roads.highway.closed": "2024-06-09T10:00+08:00", "roads.highway.reopened": "2024-06-10T10:00+08:00"},
     "moments highway"),
    (FLOOD, {"roads.highway.width": "150 m"}, "unusual_values highway"),
    (FLOOD, {"villages.market-town.elevation": "2900 m"}, "heights_off_their_neighbours market-town"),
    (FLOOD, {"depots.county-depot.food": 2}, "stock_of_another_unit county-depot"),
    (FLOOD, {"teams.fire-town.county": "Yunhee"}, "areas_written_in_two_ways fire-town"),
    (FLOOD, {"villages.east-ferry.township": "Stone Brigde"}, "areas_written_in_two_ways east-ferry"),
    (FLOOD, {"teams.fire-town.township": "Stone Brigde"}, "areas_written_in_two_ways fire-town"),
    (FLOOD, {"shelters.school.county": "Yunhee"}, "areas_written_in_two_ways school"),
    (FLOOD, {"villages.willow-bend.name_zh": "东渡村"}, "namesakes_of_one_township willow-bend"),
    (FLOOD, {"villages.west-hill.lon": 115.2, "villages.west-hill.lat": 38.1}, "same_place_twice west-hill"),
    (COUNTY, {"villages.lianmai-cangshe.county": "怀集"}, "areas_written_in_two_ways lianmai-cangshe"),
    (COUNTY, {"start": "2025-06-18T00:00+08:00"}, "start_in_the_water start"),
    (FIRE, {"helicopters.heli-city.fill": "5 h"}, "unusual_values heli-city"),
    (FIRE, {"helicopters.heli-city.dip_depth": "200 m"}, "unusual_values heli-city"),
    (FIRE, {"teams.brigade.hose": "500 km"}, "unusual_values brigade"),
    (FIRE, {"teams.brigade.changeover": "30 h"}, "unusual_values brigade"),
    (FIRE, {"water_sources.pine-pond.depth": "150 m"}, "pairs_that_do_not_fit pine-pond"),
]  # fmt: skip


@pytest.mark.parametrize(("folder", "changes", "name"), HAND_SLIPS, ids=lambda part: str(part)[:50])
def test_a_slip_of_the_hand_is_found(folder: Path, changes: dict[str, Any], name: str) -> None:
    assert name in doubted(folder, changes)


@pytest.mark.parametrize(("changes", "name"), [
    ({"triggers.a": {"level": "I", "kind": "reading", "of": "river", "at_least": "2.2 m"}}, "triggers_on_paper a"),
    ({"stations.*.backup": "0.5 min"}, "unusual_values"),
    ({"partners.neighbour.handover": "30 h"}, "unusual_values neighbour"),
    ({"partners.neighbour.distance": "0.07 km"}, "unusual_values neighbour"),
])  # fmt: skip
def test_a_slip_in_the_response_system_is_found(response: Path, changes: dict[str, Any], name: str) -> None:
    assert name in doubted(response, changes)


def table(folder: Path, file: str, column: str, change: Callable[[int, str], str]) -> None:
    """Change one column of a table, by row from 0 and old value."""
    with (folder / file).open(encoding="utf-8", newline="") as text:
        head, *rows = csv.reader(text)
    at = head.index(column)
    changed = [[*row[:at], change(number, row[at]), *row[at + 1 :]] for number, row in enumerate(rows)]
    with (folder / file).open("w", encoding="utf-8", newline="") as text:
        csv.writer(text).writerows([head, *changed])


def test_a_point_of_a_drawn_line_and_shelters_beside_the_county(tmp_path: Path) -> None:
    folder = shutil.copytree(COUNTY, tmp_path / "county")
    table(folder, "map_lines.csv", "lon", lambda row, value: "121.1" if row == 3 else value)
    table(folder, "shelters.csv", "lon", lambda _, value: f"{float(value) + 0.5:.4f}")
    names = {one.name for one in check(load(folder)) if one.severity == "doubtful"}
    assert {"far_map_lines", "shelters_beside_the_county huaiji-middle"} <= names


def test_a_village_amid_those_of_another_zone(tmp_path: Path) -> None:
    folder = shutil.copytree(COUNTY, tmp_path / "county")
    zones = [village.zone for village in load(folder).villages]
    other = next(zone for zone in reversed(zones) if zone not in ("", zones[0]))
    table(folder, "villages.csv", "zone", lambda row, value: other if row == 0 else value)
    first = load(folder).villages[0]
    assert first.zone != zones[0]
    assert f"amid_another_zone {first.id}" in {one.name for one in check(load(folder)) if one.severity == "doubtful"}


@pytest.mark.parametrize(("rows", "severity"), [((3,), "doubtful"), (range(4), "note")])
def test_offsets_other_than_that_of_the_start(tmp_path: Path, rows: Any, severity: str) -> None:
    folder = shutil.copytree(COUNTY, tmp_path / "county")
    table(folder, "weather.csv", "time", lambda row, value: value.replace("+08:00", "Z") if row in rows else value)
    [found] = [one for one in check(load(folder)) if one.name == "other_offsets weather.csv"]
    assert (found.severity, "8 h" in found.message) == (severity, True)


def test_a_record_of_more_people_than_the_county_has(tmp_path: Path) -> None:
    folder = shutil.copytree(COUNTY, tmp_path / "county")
    path = folder / "scenario.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("value: 68000", "value: 6800000", 1), encoding="utf-8")
    [found] = [one for one in check(load(folder)) if one.name == "record_of_too_many history.0"]
    assert found.message.startswith("scenario.yaml line ")


@pytest.mark.parametrize(("old", "new", "key"), [
    ("persons: 160", "persons: 16", "persons"), ("after: 2 h", "after: 200 h", "after"),
])  # fmt: skip
def test_stages_that_ask_for_less_or_come_too_late(tmp_path: Path, old: str, new: str, key: str) -> None:
    folder = shutil.copytree(FIRE, tmp_path / "fire")
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    assert f"stages_upside_down hazard.stages.2.{key}" in {one.name for one in check(load(folder))}


@pytest.mark.parametrize(("old", "new", "is_told"), [
    ("", "", False), ("limit: 2 h", "limit: 2 min", True), ("threshold: 90 %", "threshold: 0.9 %", True),
    ("reliability: 90 %", "reliability: 0.9 %", True), ("threshold: 6 ", "threshold: 360 ", True),
])  # fmt: skip
def test_a_clause_against_its_sentence(tmp_path: Path, old: str, new: str, is_told: bool) -> None:
    folder = shutil.copytree(FLOOD, tmp_path / "flood")
    text = (SCENARIOS / "plans/county-template.yaml").read_text(encoding="utf-8")
    (tmp_path / "plans").mkdir()
    mine = text.replace("name: county-template", "name: mine").replace(old, new, 1)
    (tmp_path / "plans/mine.yaml").write_text(mine, encoding="utf-8")
    found = check(load(folder, sets={"plan": "mine"}))
    assert any(one.name.startswith("clauses_of_another_number") for one in found) == is_told


def test_a_stage_below_all_levels_of_its_zone_is_none_of_a_gauge_with_readings(response: Path, tmp_path: Path) -> None:
    """A staff gauge counts from its own zero: 2 m are much there, and below all levels above the datum."""
    folder = shutil.copytree(response, tmp_path / "county")
    start = load(folder).settings.start
    rows = [f"river,{(start + timedelta(hours=hour)).isoformat()},{stage} m" for hour, stage in ((0, 0.5), (2, 2.5))]
    (folder / "readings.csv").write_text("\n".join(["gauge,time,value", *rows]), encoding="utf-8")
    stage = {"level": "I", "kind": "reading", "of": "river", "at_least": "2 m"}
    [found] = [one for one in check(load(folder, sets={"triggers.a": stage})) if one.name == "triggers_on_paper a"]
    assert (found.severity, found.numbers["met_h"]) == ("note", 2.0)


def test_times_of_a_sentence_that_are_plainly_numbers() -> None:
    assert times_of("接报后30分钟内出动、2个小时到场，一小时报告") == [0.5, 2.0, 1.0]
    assert times_of("半小时内到场") == times_of("十二小时内到场") == times_of("1小时30分内到场") == []
    assert times_of("1小时30分钟内到场，2小时、30分钟") == [1.5, 2.0, 0.5]


def test_a_limit_of_a_day_in_a_sentence_with_another_time(tmp_path: Path) -> None:
    """A day had been left out of the times of its sentence, and a limit of a day was none of them."""
    folder = shutil.copytree(FLOOD, tmp_path / "flood")
    text = (SCENARIOS / "plans/county-template.yaml").read_text(encoding="utf-8")
    for old, new in (("救援队伍应在2小时内", "1小时内上报，救援队伍应在24小时内"), ("limit: 2 h", "limit: 24 h"),
                     ("name: county-template", "name: mine")):  # fmt: skip
        assert old in text
        text = text.replace(old, new, 1)
    (tmp_path / "plans").mkdir()
    (tmp_path / "plans/mine.yaml").write_text(text, encoding="utf-8")
    found = check(load(folder, sets={"plan": "mine"}))
    assert not [one.name for one in found if one.name.startswith("clauses_of_another_number")]


def test_tasks_are_told_by_their_words_in_chinese() -> None:
    changes = {"trucks.*.tasks": "reconnaissance", "boats.*.tasks": "rescue", "helicopters.*.tasks": "rescue",
               "teams.*.tasks": "rescue", "boats.*.seats": 0}  # fmt: skip
    told = [one.message_zh for one in check(load(FLOOD, sets=changes)) if one.name.split()[0] in ("no_trucks", "rooms")]
    assert len(told) > 1
    assert not [message for message in told if "relief" in message or "rescue" in message.split("：", 2)[-1]]


RIGHT = [
    {"helicopters.heli-city": None},
    {"roads.hall-lane.closed": "2024-01-10T10:00+08:00"},
    {"roads.hall-lane.closed": "10 h", "roads.hall-lane.reopened": "100 h"},
    {"teams.mobile-city.available": "2024-06-01T00:00+08:00", "teams.mobile-city.until": "2024-09-30T00:00+08:00",
     "teams.mobile-city.release": ""},
    {"jurisdiction.population": 310_000, "villages.market-town.population": 300_000},
    {"warning.forecast": "2024-07-06T09:00+08:00"},
    {"air.sunrise": "0 h", "air.sunset": "24 h"},
    {"air.sunrise": "5 h", "air.sunset": "20 h"},
    {"teams.fire-town.turnout": "0 min", "shelters.school.opening": "0 h", "villages.*.cars": 0},
    {"teams.fire-town.county": "Neighbour County", "teams.fire-town.repair": "48 h"},
    {"depots.county-depot.clothing": 0, "depots.county-depot.medical": 0, "depots.county-depot.shelter": 50},
    {"villages.west-hill.elevation": "380 m"},
    {"weather.*.rain_mm": 201.9},
]  # fmt: skip


@pytest.mark.parametrize("changes", RIGHT, ids=lambda changes: str(changes)[:50])
def test_what_is_right_and_seldom_is_not_doubted(changes: dict[str, Any]) -> None:
    assert not doubted(FLOOD, changes)


def test_mountains_a_coast_and_a_single_village_are_not_doubted(tmp_path: Path) -> None:
    """Dry villages at four heights 1,900 m apart; all levels and heights by the sea; a county of one village."""
    mountain = shutil.copytree(FLOOD, tmp_path / "mountain")
    zones = [village.zone for village in load(mountain).villages]
    heights = (600, 2500, 1200, 1900)
    table(mountain, "villages.csv", "elevation_m", lambda row, old: old if zones[row] else f"{heights[row % 4]}")
    coast = shutil.copytree(FLOOD, tmp_path / "coast")
    for path in coast.glob("*.csv"):
        head = path.read_text(encoding="utf-8").split("\n", 1)[0].split(",")
        for column in {"elevation_m", "level_m"} & set(head):
            table(coast, path.name, column, lambda _, value: f"{float(value) - 21:.2f}" if value else "")
    single = {f"villages.{village.id}": None for village in load(FLOOD).villages if village.id != "market-town"}
    roads = {f"roads.{road.id}": None for road in load(FLOOD).roads if {road.start, road.end} & {
        village.partition(".")[2] for village in single}}  # fmt: skip
    for folder, changes in ((mountain, {}), (coast, {}), (FLOOD, {**single, **roads, "jurisdiction.population": 900})):
        found = {one.name: one.message for one in check(load(folder, sets=changes))
                 if one.severity in ("fault", "doubtful") and one.topic == "input"}  # fmt: skip
        assert not {name for name in found if not name.startswith("unused_zones")}  # of what the county has no more
