"""The Huaiji folder: people and stage of the record, brigades to their totals, one network, guesses marked."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.units import write_moment
from tests.scenarios.county import HOME, PLACES, build_again, depth_m, distance_km, facts, level_m, places_and_networks

FOLDER = HOME / "huaiji-2025"
CREST_H = 31 + 5 / 60
"""18 June 07:05."""
MIDNIGHT = datetime.fromisoformat("2025-06-17T00:00+08:00")


@pytest.fixture(scope="module")
def huaiji() -> Scenario:
    return load(FOLDER)


def test_county_has_the_people_of_the_end_of_2024(huaiji: Scenario) -> None:
    assert sum(village.population for village in huaiji.villages) == 781_440 == huaiji.settings.jurisdiction.population


def test_every_village_of_the_county_is_there_and_all_towns(huaiji: Scenario) -> None:
    towns = {row["name_zh"] for row in facts(FOLDER, "towns")}
    assert len(towns) == 19
    assert {village.township for village in huaiji.villages} == towns
    assert len(facts(FOLDER, "villages")) == 326


def test_the_gauge_stands_as_read_at_every_recorded_hour(huaiji: Scenario) -> None:
    for row in facts(FOLDER, "gauge"):
        hour = (datetime.fromisoformat(row["time"]) - MIDNIGHT) / timedelta(hours=1)
        assert level_m(huaiji, "town-huaicheng", hour) == pytest.approx(float(row["level_m"]), abs=0.01)
    zones = {level.zone for level in huaiji.levels} - {"g55-mud"}
    crests = {zone: max(level.level_m for level in huaiji.levels if level.zone == zone) for zone in zones}
    assert crests["town-huaicheng"] == crests["town-xingfu"] == 55.22
    assert len(zones) == 19


def test_half_of_the_town_is_wet_at_the_crest_and_none_deeper_than_3_m(huaiji: Scenario) -> None:
    """The record: more than half of the roads of the town, 3 m at the deepest."""
    depths = [depth_m(huaiji, village, CREST_H) for village in huaiji.villages if village.zone.startswith("town-")]
    assert min(depths) > 0
    assert 2.8 < max(depths) <= 3.0
    named = [row for row in facts(FOLDER, "villages") if row["township"] in ("huaicheng", "xingfu")]
    places = sum(4 if row["kind"] == "community" else 1 for row in named)
    assert len(depths) / places == pytest.approx(0.5, abs=0.01)


def test_nobody_is_wet_before_the_rain_and_all_water_is_gone_at_the_end(huaiji: Scenario) -> None:
    for at_h in (6.0, 119.9):
        assert all(depth_m(huaiji, village, at_h) <= 0 for village in huaiji.villages)


def test_the_order_covers_whom_the_water_reaches(huaiji: Scenario) -> None:
    assert {village.id for village in huaiji.villages if village.ordered} == {v.id for v in huaiji.villages if v.zone}
    start, warning = huaiji.settings.start, huaiji.settings.warning
    assert warning.forecast is not None
    assert warning.order is not None
    assert write_moment(warning.forecast, start) == "2025-06-17 11:00"
    assert write_moment(warning.order, start) == "2025-06-17 19:00"
    assert warning.order == huaiji.settings.command.levels[-1].time_h


def test_brigades_have_the_people_boats_and_hours_of_the_record(huaiji: Scenario) -> None:
    found = {}
    for name in ("huaiji", "zhaoqing", "guangzhou"):
        boats = [row for row in huaiji.boats if row.id == f"{name}-fire-boats"]
        teams = [row for row in huaiji.teams if row.id == f"{name}-fire-team"]
        people = sum(row.count * row.size for row in (*boats, *teams))
        found[name] = sum(row.count for row in boats), people
    assert found["huaiji"][0] + found["zhaoqing"][0] == 25
    assert found["huaiji"][1] + found["zhaoqing"][1] == 208
    assert found["guangzhou"] == (16, 100)


def test_shelters_have_a_place_for_everybody_under_the_order(huaiji: Scenario) -> None:
    ordered = sum(village.population for village in huaiji.villages if village.ordered)
    assert sum(shelter.capacity for shelter in huaiji.shelters) >= ordered
    assert not [place.id for place in (*huaiji.shelters, *huaiji.depots, *huaiji.bases) if place.zone]


def test_roads_join_every_place(huaiji: Scenario) -> None:
    places, networks = places_and_networks(huaiji)
    assert networks == 1
    assert 300 <= places <= 450
    assert 500 <= len(huaiji.roads) <= 900


def test_places_lie_by_the_seat_of_their_town(huaiji: Scenario) -> None:
    seats = {base.id.removeprefix("office-"): base for base in huaiji.bases}
    for village in huaiji.villages:
        own, county = seats[village.id.partition("-")[0]], seats["huaicheng"]
        assert distance_km(village, own) <= 5.1 or distance_km(village, county) <= 2.1


def test_no_local_road_leads_over_the_hills_but_to_a_place_that_would_lie_apart(huaiji: Scenario) -> None:
    at = {place.id: place for table in PLACES for place in getattr(huaiji, table)}
    drawn = {(row["from"], row["to"]) for row in facts(FOLDER, "corridors")}
    local = [road for road in huaiji.roads if (road.start, road.end) not in drawn]
    for road in (road for road in local if distance_km(at[road.start], at[road.end]) > 5.1):
        rest = huaiji.model_copy(update={"roads": tuple(other for other in huaiji.roads if other.id != road.id)})
        assert places_and_networks(rest)[1] == 2, road.id


def test_roads_that_the_record_closed_are_closed_at_the_crest(huaiji: Scenario) -> None:
    closed = {road.id: road for road in huaiji.roads if road.zone and road.kind in ("expressway", "class2")}
    names = {"g55-lianshan--g55-zhongzhou", "office-lianmai--office-zhongzhou"}
    assert names <= set(closed)
    for name in names:
        road = closed[name]
        assert max(level.level_m for level in huaiji.levels if level.zone == road.zone) - road.elevation_m >= 1.0


def test_everything_built_by_a_method_is_marked(huaiji: Scenario) -> None:
    assert all(row.assumed for table in ("villages", "roads", "junctions") for row in getattr(huaiji, table))
    for table in ("shelters", "depots", "bases", "landing_sites"):
        named = {row["id"] for row in facts(FOLDER, table) if row["at"]}
        seats = {f"office-{row['id']}" for row in facts(FOLDER, "towns")} if table == "bases" else set()
        assert {place.id for place in getattr(huaiji, table) if not place.assumed} == named | seats
    recorded = {row.id for table in ("teams", "boats", "trucks") for row in getattr(huaiji, table) if not row.assumed}
    assert recorded == {f"{name}-fire-{kind}" for name in ("zhaoqing", "guangzhou") for kind in ("boats", "team")}


def test_counts_that_contradict_each_other_stand_side_by_side_and_are_scored_once(huaiji: Scenario) -> None:
    for metric, counts in {
        "evacuated_by": {29_000, 68_000, 70_000},
        "directly_affected_by": {78_000, 183_000, 300_000},
    }.items():
        told = [entry for entry in huaiji.settings.history if entry.metric == metric]
        assert {entry.value for entry in told} == counts
        scored = [entry.value for entry in told if not entry.doubt]
        assert len(scored) == len(set(scored)) == 2


def test_the_order_is_for_the_houses_that_the_crest_reaches(huaiji: Scenario) -> None:
    for village in huaiji.villages:
        if village.ordered:
            share = min(1.0, depth_m(huaiji, village, CREST_H) / village.ground_spread_m)
            if village.zone.startswith("town-"):  # the crest of the others comes at another hour
                assert village.ordered_share == pytest.approx(share, abs=0.01)
            assert 0 < village.ordered_share <= 1
        else:
            assert village.ordered_share == 1
    towns = {village.township for village in huaiji.villages if village.town}
    assert towns == {"怀城街道", "幸福街道"}


@pytest.mark.parametrize("variant", ["early-order", "no-reinforcement", "no-helicopters", "satellite-phones"])
def test_variants_load_and_change_something(huaiji: Scenario, variant: str) -> None:
    other = load(FOLDER, variant)
    assert other.applied
    changed = [name for name in Scenario.model_fields if getattr(other, name) != getattr(huaiji, name)]
    assert {"teams", "boats", "villages", "helicopters", "settings"} & set(changed)


def test_attributions_are_kept() -> None:
    for name in ("SOURCES.md", "scenario.yaml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert all(word in text for word in ("GeoNames", "CC BY 4.0", "OpenStreetMap contributors", "ODbL"))


@pytest.mark.slow
def test_tables_are_those_of_the_build(tmp_path: Path) -> None:
    assert build_again(FOLDER, tmp_path) == []
