"""The Zhuozhou folder: totals of the record, water in as many villages as recorded, one network, guesses marked."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.places import Village
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.units import write_moment
from tests.scenarios.county import HOME, build_again, depth_m, facts, places_and_networks

FOLDER = HOME / "zhuozhou-2023"
FIRST_OF_AUGUST_10_H = 74.0


@pytest.fixture(scope="module")
def zhuozhou() -> Scenario:
    return load(FOLDER)


def basin(scenario: Scenario, name: str) -> list[Village]:
    return [village for village in scenario.villages if village.zone.startswith(f"{name}-")]


@pytest.mark.parametrize(("name", "villages", "people"), [("xiaoqinghe", 67, 86_000), ("langouwa", 57, 42_000)])
def test_basins_hold_the_villages_and_people_of_the_notice(
    zhuozhou: Scenario, name: str, villages: int, people: int
) -> None:
    rows = basin(zhuozhou, name)
    assert (len(rows), sum(row.population for row in rows)) == (villages, people)
    assert all(row.ordered for row in rows)


def test_county_has_the_people_of_the_census(zhuozhou: Scenario) -> None:
    assert sum(village.population for village in zhuozhou.villages) == 667_678


def test_only_the_basins_are_ordered_out(zhuozhou: Scenario) -> None:
    ordered = {village.id for village in zhuozhou.villages if village.ordered}
    assert ordered == {village.id for name in ("xiaoqinghe", "langouwa") for village in basin(zhuozhou, name)}


def test_water_stands_in_146_villages_when_the_record_counts_them(zhuozhou: Scenario) -> None:
    wet = [village for village in zhuozhou.villages if depth_m(zhuozhou, village, FIRST_OF_AUGUST_10_H) > 0]
    assert len(wet) == 146


def test_no_village_is_wet_before_the_first_report(zhuozhou: Scenario) -> None:
    before_night_of_30_july = 37.9
    assert all(depth_m(zhuozhou, village, before_night_of_30_july) <= 0 for village in zhuozhou.villages)


def test_xiliuzhuang_is_called_at_0544_and_stands_2_m_deep_at_0900(zhuozhou: Scenario) -> None:
    village = next(village for village in zhuozhou.villages if village.id == "xiliuzhuang")
    assert village.call_out is not None
    assert write_moment(village.call_out, zhuozhou.settings.start) == "2023-07-31 05:44"
    assert 0 < depth_m(zhuozhou, village, village.call_out) < 0.5
    assert depth_m(zhuozhou, village, 49.0) == pytest.approx(2.0, abs=0.01)


def test_water_falls_before_the_end(zhuozhou: Scenario) -> None:
    zones = {level.zone for level in zhuozhou.levels}
    for zone in zones:
        levels = [level.level_m for level in zhuozhou.levels if level.zone == zone]
        assert levels[-1] < max(levels)


def test_roads_join_every_place(zhuozhou: Scenario) -> None:
    places, networks = places_and_networks(zhuozhou)
    assert networks == 1
    assert 250 <= places <= 400
    assert 500 <= len(zhuozhou.roads) <= 900


def test_only_the_recorded_shelter_lies_in_the_water(zhuozhou: Scenario) -> None:
    places = (*zhuozhou.shelters, *zhuozhou.depots, *zhuozhou.bases)
    assert [place.id for place in places if place.zone] == ["high-tech-school"]


def test_roads_over_rivers_are_few_and_marked(zhuozhou: Scenario) -> None:
    bridges = [road for road in zhuozhou.roads if road.bridge]
    assert 20 <= len(bridges) <= 80


def test_everything_built_by_a_method_is_marked(zhuozhou: Scenario) -> None:
    assert all(row.assumed for table in ("villages", "roads", "junctions") for row in getattr(zhuozhou, table))
    for table in ("shelters", "depots", "bases", "landing_sites"):
        named = {row["id"] for row in facts(FOLDER, table) if row["at"]}
        assert {place.id for place in getattr(zhuozhou, table) if not place.assumed} == named
    recorded = {boat.id for boat in zhuozhou.boats if not boat.assumed}
    assert {"shijiazhuang-fire-boats", "handan-fire-boats", "shandong-fire-boats", "blue-leopard-boats"} <= recorded


def test_villages_with_a_real_name_are_those_of_the_record(zhuozhou: Scenario) -> None:
    recorded = {row["id"] for row in facts(FOLDER, "recorded_villages")}
    assert recorded <= {village.id for village in zhuozhou.villages}
    assert all("假定" in village.name_zh for village in zhuozhou.villages if village.id not in recorded)


def test_responders_of_the_record(zhuozhou: Scenario) -> None:
    local = [team for team in zhuozhou.teams if team.id.startswith("local-")]
    assert sum(team.count for team in local) == 28
    assert sum(team.count * team.size for team in local) == 8_755
    neighbours = {row["id"] for row in facts(FOLDER, "shelters") if row["source"].startswith("neighbour")}
    own = [shelter for shelter in zhuozhou.shelters if shelter.id not in neighbours]
    assert len(own) == 57
    assert sum(shelter.capacity for shelter in own) >= 128_000
    plan_bases = {"shijiazhuang-airfield", "chengde-airfield", "zhangjiakou-airfield", "rongcheng-airfield"}
    assert plan_bases <= {helicopter.base for helicopter in zhuozhou.helicopters}


@pytest.mark.parametrize("variant", ["langfang-centre", "early-order", "no-helicopters", "double-local-boats"])
def test_variants_load_and_change_something(zhuozhou: Scenario, variant: str) -> None:
    other = load(FOLDER, variant)
    assert other.applied
    changed = [name for name in Scenario.model_fields if getattr(other, name) != getattr(zhuozhou, name)]
    assert {"teams", "boats", "villages", "helicopters"} & set(changed)


def test_by_request_the_same_crews_come_and_none_at_a_typed_hour(zhuozhou: Scenario) -> None:
    asked = load(FOLDER, "by-request")
    assert not asked.settings.command.levels
    for table in ("teams", "boats", "trucks", "helicopters"):
        recorded, rows = getattr(zhuozhou, table), getattr(asked, table)
        assert [(row.id, row.count) for row in rows] == [(row.id, row.count) for row in recorded]
        assert all(row.available is None for row in rows)
        assert {row.id for row in rows if row.partner} == {row.id for row in recorded if row.available is not None}


def test_attributions_are_kept() -> None:
    for name in ("SOURCES.md", "scenario.yaml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        assert all(word in text for word in ("GeoNames", "CC BY 4.0", "OpenStreetMap contributors", "ODbL"))


@pytest.mark.slow
def test_tables_are_those_of_the_build(tmp_path: Path) -> None:
    assert build_again(FOLDER, tmp_path) == []
