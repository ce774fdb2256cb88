"""Slips of a spreadsheet: each is told where it is put in, by file, row, column and value, and not without it."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from simrescue.scenario.load import load
from simrescue.scenario.new import create
from simrescue.scenario.preflight.check import check
from simrescue.scenario.preflight.findings import Finding

SCENARIOS = Path(__file__).parents[2] / "scenarios"
FLOOD, FIRE = SCENARIOS / "tiny-flood", SCENARIOS / "tiny-fire"


def inputs(folder: Path, changes: dict[str, Any]) -> list[Finding]:
    return [
        one
        for one in check(load(folder, sets=changes))
        if one.topic == "input" and one.severity in ("fault", "doubtful")
    ]


@pytest.mark.parametrize("folder", [FLOOD, FIRE], ids=lambda folder: folder.name)
def test_a_good_scenario_has_no_slips(folder: Path) -> None:
    assert inputs(folder, {}) == []


@pytest.mark.parametrize(
    "name",
    [
        "zhuozhou-2023",
        "huaiji-2025",
        "fangshan-mentougou-2023",
        "weihui-2021",
        "taihang-fire",
        "xichang-2020",
        "beibei-2022",
        "muli-2019",
    ],
)
def test_nothing_right_is_called_doubtful_in_kept_scenarios(name: str) -> None:
    assert not [one.name for one in check(load(SCENARIOS / name)) if one.severity in ("fault", "doubtful")]


FLOOD_SLIPS = [
    (
        {"shelters.barn": {"lon": 115.2, "lat": 38.1, "elevation": "30 m", "capacity": 0}},
        "barn",
        '--set shelters.barn.capacity: "0"',
    ),
    ({"villages.willow-bend.elevation": None}, "willow-bend", 'column elevation_m: "": Willow Bend in zone river has'),
    ({"villages.willow-bend.elevation": "2450 m"}, "willow-bend", "above others of zone river"),
    ({"villages.willow-bend.elevation": "12 m"}, "willow-bend", "m of water when levels.csv begins"),
    ({"villages.willow-bend.zone": None}, "willow-bend", "has no zone and so never floods, though it lies"),
    ({"villages.willow-bend.lon": 0, "villages.willow-bend.lat": 0}, "willow-bend", '"0, 0": Willow Bend lies'),
    ({"villages.willow-bend.lon": 116.9}, "willow-bend", "from the middle of the villages"),
    ({"villages.willow-bend.population": 0}, "willow-bend", "is for nobody"),
    ({"villages.willow-bend.order": "2025-07-10T20:00+08:00"}, "willow-bend", "after the end of the run"),
    ({"villages.willow-bend.call_out": "2023-07-10T20:00+08:00"}, "willow-bend", "before the start of the run"),
    ({"villages.willow-bend.township": None}, "willow-bend", "has no township, others have"),
    ({"shelters.school.capacity": 0}, "school", 'column capacity: "0"'),
    ({"bases.town-station.lon": 0, "bases.town-station.lat": 0}, "town-station", 'bases.csv row 2, column lon: "0, 0"'),
    ({"evacuation.refuse": "100 %"}, "evacuation.refuse", "outside the range 0.063 to 0.15 that is believed of"),
    ({"jurisdiction.population": 49_600_000}, "jurisdiction", "10,000 times the 4,960 people of its villages"),
    ({"roads.highway.elevation": "3000 m"}, "highway", "above both ends of highway, and it is its lowest point"),
    ({"trucks.trucks-county.payload": "60 kg"}, "trucks-county", "column payload"),
    ({"shelters.school.food": 9_000_000}, "school", "column food"),
    ({"levels.river.level": "2450 m"}, "river", "above the highest place of zone river"),
    ({"levels.river.level": "-200 m"}, "river", "below its lowest place: another unit"),
    ({"levels.river.velocity": "36 m/s"}, "river", "water faster than 10 m/s"),
    ({"roads.highway.length": "31 m"}, "highway", 'column length_km: "31 m": length shorter than'),
    ({"roads.highway.length": "3100 km"}, "highway", "length far longer than"),
    ({"teams.fire-town.tasks": "suppression"}, "fire-town", "no hazard here calls for it: Market Town Fire Team is"),
    ({"teams.fire-town.seats": 0}, "fire-town", 'column seats: "0": Market Town Fire Team has the task'),
    ({"boats.boats-town.seats": 0}, "boats-town", "carries nothing"),
    ({"helicopters.heli-city.seats": 0}, "heli-city", "rescue and no seats"),
    ({"helicopters.heli-city.payload": "0 t"}, "heli-city", "relief and no payload"),
    ({"helicopters.heli-city.tasks": "water_drop"}, "heli-city", "water_drop and no bucket"),
    ({"helicopters.heli-city.endurance": "5 min"}, "heli-city", 'endurance: "5 min": endurance of'),
    ({"trucks.*.tasks": "reconnaissance", "boats.*.tasks": "rescue", "helicopters.*.tasks": "rescue",
      "teams.*.tasks": "rescue"}, "county-depot", "nobody has the task relief"),
    ({"jurisdiction.population": 400}, "jurisdiction", "fewer than the 4,960 people of its villages"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "subject", "says"), FLOOD_SLIPS, ids=lambda value: str(value)[:40])
def test_a_slip_of_a_flood_is_told(changes: dict[str, Any], subject: str, says: str) -> None:
    found = [one for one in inputs(FLOOD, changes) if one.subject == subject]
    assert any(says in one.message for one in found), found
    assert all(one.message_zh and one.message_zh != one.message for one in found)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"helicopters.heli-city.bucket": "0 t"}, "water_drop and no bucket"),
        ({"helicopters.heli-city.endurance": "10 min"}, "it never flies"),
        ({"ignitions.*.elevation": "100 m", "villages.*.population": 0}, "is for nobody"),
    ],
)
def test_a_slip_of_a_fire_is_told(changes: dict[str, Any], says: str) -> None:
    assert any(says in one.message for one in inputs(FIRE, changes))


def table(folder: Path, name: str, change: Any) -> None:
    path = folder / f"{name}.csv"
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").splitlines())) + "\n", encoding="utf-8")


@pytest.mark.parametrize(("folder", "changes", "says"), [
    (FIRE, {"ignitions.grave-field.time": "35.9 h"}, "nobody hears of it"),
    (FIRE, {"weather.*.rain_mm": 40}, "starts while it rains 40 mm an hour (weather.csv row"),
    (FIRE, {"weather.*.humidity": "95 %"}, "starts at a humidity of 95%"),
    (FIRE, {"teams.coaches.tasks": "suppression"}, "does not work on the fire line"),
    (FIRE, {"helicopters.heli-city.seats": 60}, "more than a Ka-32A11BC takes (16)"),
    (FIRE, {"helicopters.heli-city.payload": "20 t"}, 'column payload: "20": more than a Ka-32A11BC takes (5)'),
    (FIRE, {"helicopters.heli-city.model": "H135直升机", "helicopters.heli-city.seats": 15}, "takes (8)"),
    (FLOOD, {"boats.*.seats": 150}, "more seats than a boat with so few hands"),
    (FLOOD, {"teams.fire-town.size": 1, "teams.fire-town.seats": 200}, "more seats than its people"),
])  # fmt: skip
def test_what_no_crew_craft_or_fire_can_be_is_doubted(folder: Path, changes: dict[str, Any], says: str) -> None:
    assert any(says in finding.message for finding in inputs(folder, changes))


@pytest.mark.parametrize(("rule", "severity"), [
    ({}, "fault"), ({"slope": 0}, "fault"), ({"wind": "0 m/s", "flame": "0 m"}, "fault"),
    ({"from": "10 h", "to": "10 h", "wind": "10 m/s"}, "doubtful"), ({"wind": "10 m/s"}, ""), ({"slope": 0.3}, ""),
    ({"who": "untrained"}, ""), ({"night": "yes"}, ""), ({"from": "10 h", "to": "16 h"}, ""),
])  # fmt: skip
def test_rules_that_let_nobody_work_or_never_hold_are_told(rule: dict[str, Any], severity: str) -> None:
    findings = check(load(FIRE, sets={"hazard.rules": [rule]}))
    named = [finding.severity for finding in findings if finding.name == "rules_for_nobody hazard.rules.0"]
    assert named == ([severity] if severity else [])


def test_a_base_below_the_crest_beside_it_is_noted() -> None:
    """A dike may be between: it is a note, and no doubt in any scenario that ships."""
    base = {"name": "Low", "name_zh": "洼地", "lon": 115.2684, "lat": 38.1450, "elevation": "15 m"}
    findings = check(load(FLOOD, sets={"bases.low": base}))
    (low,) = [finding for finding in findings if finding.name.startswith("buildings_beside_water")]
    assert (low.severity, low.subject) == ("note", "low")
    assert "below the crest of zone river" in low.message


def test_a_zone_that_nothing_lies_in_is_told_with_the_nearest(folder: Path) -> None:
    table(folder, "levels", lambda rows: [*rows, "River,12,26,0", "River,14,25,0"])
    [slip] = inputs(folder, {})
    assert slip.message == (
        'levels.csv row 17, column zone: "River": no place or road is in this zone; did you mean "river"?'
    )
    assert slip.message_zh.startswith("levels.csv 第17行 zone 列：“River”：")


def test_a_place_or_a_road_written_twice_is_told(folder: Path) -> None:
    table(folder, "villages", lambda rows: [*rows, "again," + rows[3].partition(",")[2]])
    table(folder, "roads", lambda rows: [*rows, "again-road," + rows[3].partition(",")[2]])
    first, *_ = (folder / "villages.csv").read_text(encoding="utf-8").splitlines()[3].split(",")
    found = {one.subject: one.message for one in inputs(folder, {})}
    assert f"the place {first} has the same name and spot (villages.csv row 4, column id)" in found["again"]
    assert "the same road as" in found["again-road"]


def test_weather_that_begins_late_is_told(folder: Path) -> None:
    table(folder, "weather", lambda rows: [rows[0], *rows[2:]])
    [slip] = inputs(folder, {})
    assert (
        'weather.csv row 2, column time_h: "2024-07-10 14:00": the weather begins 8 h after the start' in slip.message
    )


def test_weather_that_begins_after_the_ignition_is_told(tmp_path: Path) -> None:
    shutil.copytree(FIRE, tmp_path / "fire")
    late = float(load(FIRE).ignitions[0].time_h)
    table(tmp_path / "fire", "weather", lambda rows: [rows[0], *[r for r in rows[1:] if float(r.split(",")[0]) > late]])
    [slip] = inputs(tmp_path / "fire", {})
    assert "after the first ignition" in slip.message


def test_many_slips_of_one_kind_take_six_lines() -> None:
    found = inputs(FLOOD, {"villages.*.elevation": None})
    blank = [one for one in found if "has no elevation" in one.message]
    assert len(blank) == 5
    assert any("more like these: villages.csv row" in one.message for one in found)


def test_equal_slips_of_many_rows_are_one_finding_and_each_can_be_accepted_by_name() -> None:
    changes: dict[str, Any] = {"villages.*.ordered": False, "villages.*.order": "2024-07-10 16:00"}
    said = "an hour of its evacuation order"
    [told] = [one for one in inputs(FLOOD, changes) if said in one.message]
    more = len(load(FLOOD).villages) - 1
    assert f"; so do {more} more: villages.csv row 3" in told.message
    assert (told.name, told.numbers, told.severity) == ("pairs_that_do_not_fit", {"more": more}, "doubtful")
    all_accepted = check(load(FLOOD, sets={**changes, "accepted": {"pairs_that_do_not_fit": "a drill"}}))
    assert [one.severity for one in all_accepted if said in one.message] == ["note"]
    one_accepted = check(load(FLOOD, sets={**changes, "accepted": {"pairs_that_do_not_fit willow-bend": "a drill"}}))
    assert [(one.name, one.severity) for one in one_accepted if said in one.message] == [
        ("pairs_that_do_not_fit", "doubtful"),
        ("pairs_that_do_not_fit willow-bend", "note"),
    ]


@pytest.mark.parametrize("endurance", ["5 min", "30 min"])
def test_a_helicopter_that_cannot_fly_home_serves_no_clause(endurance: str) -> None:
    clause = "guangdong-2025 C01"
    assert not [one for one in check(load(FLOOD)) if one.subject == clause]
    broken = [one for one in check(load(FLOOD, sets={"helicopters.*.endurance": endurance})) if one.subject == clause]
    assert [one.numbers["reached"] for one in broken] == [0.0]


def test_moments_of_settings_after_the_end_are_told_by_line(tmp_path: Path) -> None:
    folder = shutil.copytree(FLOOD, tmp_path / "late")
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    for old, new in (
        ("{level: I, time: 10 h}", "{level: I, time: 100 h}"),
        ("forecast: 2024-07-10T09:00+08:00", "forecast: 2024-07-20T09:00+08:00"),
    ):
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    level, forecast = ([word in line for line in text.splitlines()].index(True) + 1 for word in ("100 h", "07-20"))
    found = {one.subject: one for one in inputs(folder, {})}
    assert found["command.levels.2.time"].message.startswith(f"scenario.yaml line {level}, command.levels.2.time")
    assert found["warning.forecast"].message.startswith(f"scenario.yaml line {forecast}, warning.forecast")
    assert f"第{forecast}行" in found["warning.forecast"].message_zh
    assert set(found) == {"command.levels.2.time", "warning.forecast"}


@pytest.mark.parametrize("key", ["forecast", "order", "call_out"])
@pytest.mark.parametrize("folder", [FLOOD, FIRE], ids=lambda folder: folder.name)
def test_a_step_of_the_warning_that_a_change_puts_after_the_end_has_no_line(folder: Path, key: str) -> None:
    settings = load(folder).settings
    late = (settings.start + timedelta(hours=settings.duration_h)).isoformat()
    [found] = inputs(folder, {f"warning.{key}": late})
    assert found.message.startswith(f"scenario.yaml, warning.{key}: ")
    just = (settings.start + timedelta(hours=settings.duration_h - 0.1)).isoformat()
    assert inputs(folder, {f"warning.{key}": just}) == []


@pytest.mark.parametrize(
    ("place", "time", "says"),
    [
        ("east-ferry", "30 min", "before water comes to East Ferry"),
        ("west-hill", "20 h", "no water ever comes to West Hill"),
        ("east-ferry", "12 h", ""),
    ],
)
def test_calls_for_rescue_before_the_water_are_told(place: str, time: str, says: str) -> None:
    call = {"time": time, "place": place, "task": "rescue", "persons": 5}
    told_of = [one for one in check(load(FLOOD, sets={"calls.far": call})) if "for rescue" in one.message]
    assert [one.severity for one in told_of] == (["doubtful"] if says else [])
    assert says in "".join(one.message for one in told_of)


def test_partners_who_come_after_the_run_are_told(tmp_path: Path) -> None:
    create(tmp_path / "far", response=True)
    changes = {"partners.neighbour.gathering": "47 h"}
    (slip,) = [one for one in inputs(tmp_path / "far", changes) if one.name.startswith("partners_after_the_run")]
    assert "never comes" in slip.message


@pytest.mark.parametrize(("field", "value"), [("delay", "20 h"), ("battery", "1 min")])
def test_channels_of_another_unit_are_told(tmp_path: Path, field: str, value: str) -> None:
    create(tmp_path / "far", response=True)
    channel = load(tmp_path / "far").channels[0].id
    (slip,) = inputs(tmp_path / "far", {f"channels.{channel}.{field}": value})
    assert "another unit" in slip.message


RELAY = {"lon": 115.2, "lat": 38.1, "elevation": "29 m"}
HOME = {"name": "H", "lon": 115.29, "lat": 38.127, "kind": "hospital", "persons": 50, "staff_day": 10,
        "elevation": "23 m", "zone": "river"}  # fmt: skip


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first scenario with the tables of the response system."""
    return create(tmp_path_factory.mktemp("county") / "county", response=True)


@pytest.mark.parametrize(("changes", "name", "severity"), [
    ({"posts.county-office.from": "8 h", "posts.county-office.to": "17 h"}, "pairs_that_do_not_fit", "doubtful"),
    ({"posts.bridge-duty.withheld": "100 %"}, "pairs_that_do_not_fit", "doubtful"),
    ({"posts.county-office.battery": "5 h"}, "pairs_that_do_not_fit", "doubtful"),
    ({"posts.county-office.place": "town-station", "posts.county-office.battery": "10000 h"}, "unusual_values",
     "doubtful"),
    ({"posts.idle": {"level": "township", "upper": "county-office"}}, "posts_off_the_way idle", "doubtful"),
    ({"posts.bridge-duty.upper": ""}, "posts_off_the_way bridge-duty", "doubtful"),
    ({"channels.public-2": {"kind": "public"}}, "channels_without_stations public-2", "doubtful"),
    ({"stations.hill-radio.kind": "public"}, "channels_without_stations radio-370", "doubtful"),
    ({"channels.radio-370.kind": "whistle"}, "channels_without_stations hill-radio", "doubtful"),
    ({"villages.*.satellite_phones": 2, "villages.*.trained": 0}, "pairs_that_do_not_fit", "doubtful"),
    ({"villages.east-ferry.guides": 9000}, "pairs_that_do_not_fit east-ferry", "doubtful"),
    ({"villages.east-ferry.guides": 5, "villages.east-ferry.ordered": "no"}, "pairs_that_do_not_fit east-ferry",
     "doubtful"),
    ({"power.river-room.feeds": "river-room"}, "areas_that_feed_nothing river-room", "fault"),
    ({"power.far": {"lon": 114.3, "lat": 38.1, "elevation": "29 m"}}, "areas_that_feed_nothing far", "doubtful"),
    ({"relays.u": {**RELAY, "radius": "0.1 km"}}, "unusual_values u", "doubtful"),
    ({"relays.u": {**RELAY, "lon": 119.0, "endurance": "1 h"}}, "relays_that_never_hold u", "fault"),
    ({"relays.u": {**RELAY, "call_up": "90 h"}}, "relays_that_never_hold u", "doubtful"),
    ({"partners.neighbour.unasked": "yes"}, "pairs_that_do_not_fit neighbour", "doubtful"),
    ({"triggers.a": {"level": "I", "kind": "loss", "of": "dead", "at_least": "3"},
      "triggers.b": {"level": "II", "kind": "loss", "of": "dead", "at_least": "30"}},
     "thresholds_in_the_wrong_order a", "doubtful"),
    ({"triggers.a": {"level": "I", "kind": "age", "of": "fire", "at_least": "9 h"}}, "triggers_of_nothing a",
     "doubtful"),
    ({"triggers.a": {"level": "I", "kind": "count", "of": "flooded", "at_least": "900"}}, "triggers_of_nothing a",
     "note"),
    ({"triggers.a": {"level": "I", "kind": "judgement", "chance": 0, "together": "x"},
      "triggers.b": {"level": "I", "kind": "loss", "of": "dead", "at_least": "3", "together": "x"}},
     "pairs_that_do_not_fit a", "doubtful"),
    ({"villages.*.ordered": "no", "triggers.a": {"level": "I", "kind": "loss", "of": "dead", "at_least": "3"},
      "response.I.orders": ["evacuate"]}, "orders_to_nobody response.I.orders", "doubtful"),
    ({"relief.tracked": []}, "nothing_tracked relief.tracked", "doubtful"),
    ({"air.sunrise": "20 h", "air.sunset": "5 h"}, "night_by_day air.sunset", "doubtful"),
    ({"shelters.school.capacity": 60_000}, "more_than_the_county school", "doubtful"),
    ({"institutions.h": {**HOME, "staff_day": 4000}}, "pairs_that_do_not_fit h", "doubtful"),
    ({"institutions.h": {**HOME, "free_beds": 90_000}}, "more_than_the_county h", "doubtful"),
    ({"roads.bridge-road.elevation": "1 m"}, "roads_under_water_at_the_start bridge-road", "doubtful"),
    ({"calls.a": {"time": "20 h", "place": "east-ferry"}, "calls.b": {"time": "20 h", "place": "east-ferry"}},
     "same_call_twice b", "doubtful"),
])  # fmt: skip
def test_the_response_system_and_its_county_are_criticised(
    county: Path, changes: dict[str, Any], name: str, severity: str
) -> None:
    before = {one.name for one in check(load(county)) if one.severity == severity}
    found = [one for one in check(load(county, sets=changes)) if one.name.startswith(name) and one.name not in before]
    assert [one.severity for one in found][:1] == [severity], (name, found)
    assert all(any("\u4e00" <= sign <= "\u9fff" for sign in one.message_zh) for one in found)
    accepted = check(load(county, sets={**changes, "accepted": {name.partition(" ")[0]: "known"}}))
    assert {one.severity for one in accepted if one.name.startswith(name.partition(" ")[0])} <= {"note"}


def test_readings_of_another_unit_or_of_after_the_run_are_told() -> None:
    """And a reading that comes too late starts nothing in the run, though it is high enough."""
    river = SCENARIOS / "weihui-2021"
    assert any(one.name.startswith("readings_of") for one in inputs(river, {"readings.*.value": "9000 mm"}))
    late = check(load(river, sets={"readings.*.known": "2500 h"}))
    assert {"moments", "triggers_on_paper"} <= {one.name.split()[0] for one in late if one.severity == "doubtful"}


@pytest.mark.parametrize(("folder", "changes", "name"), [
    (FIRE, {"boats.b": {"base": "city-station", "count": 2, "seats": 8}}, "boats_without_water b"),
    (FIRE, {"ignition_rates.people": {"grade_1": 0}}, "pairs_that_do_not_fit people"),
    (FIRE, {"weather.*.humidity": "1 %"}, "unusual_values"),
    (FLOOD, {"hazard.road_damage": 0, "hazard.bridge_damage": 0, "teams.fire-town.tasks": "repair"},
     "repair_of_nothing fire-town"),
])  # fmt: skip
def test_crews_and_causes_that_never_act_are_told(folder: Path, changes: dict[str, Any], name: str) -> None:
    assert name in {" ".join(one.name.split()[: len(name.split())]) for one in inputs(folder, changes)}


def test_a_variant_is_looked_at_with_the_scenario(tmp_path: Path) -> None:
    """A fault of its own stays one; what is doubtful in it, and a change of nothing, are notes."""
    folder = shutil.copytree(FLOOD, tmp_path / "varied")
    path = folder / "scenario.yaml"
    text = path.read_text(encoding="utf-8")
    wrong = "overrides:\n  short: {roads.highway.length: 31 m}\n  same: {boats.boats-town.seats: 8}\n"
    text = text.replace("overrides:\n", wrong, 1).replace(
        "variants:\n", "variants:\n  short: [short]\n  same: [same]\n", 1
    )
    path.write_text(text, encoding="utf-8")
    own = {one.name: one for one in check(load(folder), with_variants=True)}
    assert (own["road_lengths highway"].severity, own["road_lengths highway"].subject) == ("fault", "variants.short")
    assert own["of_variants same"].severity == "note"
    assert not {"road_lengths highway", "of_variants same"} & {one.name for one in check(load(folder))}


@pytest.mark.parametrize(("folder", "changes", "name"), [
    (FIRE, {"teams.villagers.tank": "5 t", "teams.villagers.pumps": 0}, "pairs_that_do_not_fit villagers"),
    (FIRE, {"detectors.hill-tower.range": None, "detectors.hill-tower.lon": None, "detectors.hill-tower.lat": None},
     "pairs_that_do_not_fit hill-tower"),
    (FLOOD, {"institutions.h": {**HOME, "staff_night": 0}}, "pairs_that_do_not_fit h"),
    (FLOOD, {"boats.boats-town.rest": "200 h"}, "unusual_values boats-town"),
])  # fmt: skip
def test_more_pairs_that_speak_against_one_another(folder: Path, changes: dict[str, Any], name: str) -> None:
    assert name in {one.name for one in inputs(folder, changes)}
