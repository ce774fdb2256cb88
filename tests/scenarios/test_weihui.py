"""The folder of Weihui: people and places, and nothing of what is on record as an outcome typed in."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.events import EventKind as Kind
from simrescue.experiment.replications.runner import clause_lines
from simrescue.metrics import recorded_value
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.scenarios.county import BUILT, HOME, build_again, depth_m, facts, places_and_networks

FOLDER = HOME / "weihui-2021"
TOWN_RISES_H, TOWN_CREST_H = 123.0, 135.0
"""25 July 19:00 and 26 July 07:00, hours after the start."""
PROVINCES = ("hebei", "shanxi", "shandong", "jiangsu", "anhui", "jiangxi", "hubei")


@pytest.fixture(scope="module")
def weihui() -> Scenario:
    return load(FOLDER)


def test_county_has_the_people_of_the_census_and_all_townships(weihui: Scenario) -> None:
    assert sum(village.population for village in weihui.villages) == 476_867 == weihui.settings.jurisdiction.population
    assert sum(village.population for village in weihui.villages if village.town) == round(476_867 * 0.4763)
    assert {village.township for village in weihui.villages} == {town["name_zh"] for town in facts(FOLDER, "towns")}


def test_half_of_the_town_is_wet_at_the_crest_and_2_m_deep(weihui: Scenario) -> None:
    town = [village for village in weihui.villages if village.town]
    assert all(depth_m(weihui, village, TOWN_RISES_H) <= 0 for village in town)
    depths = [depth_m(weihui, village, TOWN_CREST_H) for village in town]
    assert sum(depth > 0 for depth in depths) == len(town) / 2
    assert 1.9 < max(depths) <= 2.0


def test_roads_join_every_place(weihui: Scenario) -> None:
    places, networks = places_and_networks(weihui)
    assert networks == 1
    assert places < 320


def test_every_wet_place_has_a_bed_for_everybody_under_the_order(weihui: Scenario) -> None:
    ordered = sum(village.population for village in weihui.villages if village.ordered)
    assert sum(shelter.capacity for shelter in weihui.shelters) >= ordered
    assert {village.id for village in weihui.villages if village.ordered} == {
        village.id for village in weihui.villages if village.zone
    }


def test_aid_of_seven_provinces_has_the_people_and_boats_of_the_record(weihui: Scenario) -> None:
    boats = [row for row in weihui.boats if row.partner in PROVINCES]
    teams = [row for row in weihui.teams if row.partner in PROVINCES]
    assert 2 * sum(row.count for row in boats) == 250
    people = sum(row.count * row.size for row in boats) + sum(row.count * row.size for row in teams)
    assert people == 1_800
    assert len(teams) == 7


def test_no_level_and_no_crew_comes_at_a_typed_hour(weihui: Scenario) -> None:
    assert not weihui.settings.command.levels
    responders = (*weihui.teams, *weihui.boats, *weihui.trucks, *weihui.helicopters)
    assert all(row.available is None for row in responders)


def test_levels_follow_the_rules_and_aid_the_level() -> None:
    world = compile_world(load(FOLDER, "", {"duration": "48 h", "history": []}))
    log = simulate(world, 1, 0)
    declared = recorded_value(log, world.facts, "level_I_declared")
    due, asked = (float(log.time_h[log.where(kind)].min()) for kind in (Kind.LEVEL_DUE, Kind.PARTNER_ASKED))
    assert due == 4.0, "the rain of 24 h is known at 20:00"
    assert due + 2 < declared <= asked, "consultation and approval take time"
    assert (
        asked < recorded_value(log, world.facts, "aid_sets_out") < recorded_value(log, world.facts, "aid_handed_over")
    )
    assert recorded_value(log, world.facts, "aid_crews_by", declared) == 0
    crews = float(log.amount[log.where(Kind.AID_HANDED_OVER)].sum())
    assert recorded_value(log, world.facts, "aid_crews_by", 48.0) == crews > 0


def test_the_18_obligations_of_henan_are_judged_though_the_flood_is_older(weihui: Scenario) -> None:
    kinds = [line.kind for line in clause_lines(weihui) if line.plan.name == "henan-2025"]
    assert kinds.count("obligation") == 18
    older = weihui.settings.model_copy(update={"plan_year": None})
    assert not [
        line for line in clause_lines(weihui.model_copy(update={"settings": older})) if line.kind == "obligation"
    ]


@pytest.mark.slow
def test_tables_are_those_of_the_build(tmp_path: Path) -> None:
    assert build_again(FOLDER, tmp_path, (*BUILT, "stations", "power")) == []
