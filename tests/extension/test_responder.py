"""The door: a responder registered from outside (it flies by night on a battery) takes part in everything."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue import load, read_results
from simrescue.charts.run import responses
from simrescue.events import EventKind
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.experiment.studies.mending.menu import menu_of
from simrescue.explain import BINS, explain, facts_of
from simrescue.intake.columns import understand
from simrescue.kinds import registered
from simrescue.records import Kind
from simrescue.report.replay.tracks import tracks
from simrescue.responders import Aircraft
from simrescue.simulation.world import compile_world
from simrescue.units import Hours, KilometresPerHour, NameList, Persons, Tonnes, Whole, YesNo
from simrescue.wording import Noun
from tests.extension.door import call, legend, replayed, reported, run, swept, with_table


class Uav(Aircraft):
    """无人机: a drone with a battery, that looks and carries nobody."""

    by_night: YesNo = True
    size: Whole = 2
    cruise_kmh: KilometresPerHour = 70.0
    endurance_h: Hours = 1.6
    refuel_h: Hours = 0.25
    seats: Persons = 0
    payload_t: Tonnes = 0.0
    tasks: NameList = ("reconnaissance",)


UAV = Kind(
    "uav", "uavs", Uav, "responder", Noun("UAV", "UAVs", "无人机", "架"), "#112233", "kite",
    moves="air", tasks={"reconnaissance": 1}, price_yuan=50_000,
)  # fmt: skip
TABLE = "id,name,name_zh,base,count,turnout\nuav,Town UAV,镇无人机,town-station,2,5 min\n"
SILENT = ("--set", "command.contact_loss=1", "--set", "command.silence=1 h")


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with registered(UAV):
        yield


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    return with_table("tiny-flood", tmp_path_factory.mktemp("uav") / "scenario", "uavs", TABLE)


@pytest.fixture(scope="module")
def results(scenario: Path) -> Path:
    return run(scenario, *SILENT)


def test_run_sends_it_and_stores_it(results: Path) -> None:
    stored = read_results(results)
    assert stored.things[stored.things["kind"] == "uav"]["id"].tolist() == ["uav-1", "uav-2"]
    assert "uav" in set(stored.responses["responder_kind"])


def test_it_flies_straight_and_by_night(results: Path, scenario: Path) -> None:
    stored, world = read_results(results), compile_world(load(scenario))
    mine = set(stored.things.index[stored.things["kind"] == "uav"])
    by_night = 0
    for replication in range(3):
        log = stored.log(replication)
        for row in log.where(EventKind.SETS_OFF):
            if log.subject[row] in mine:
                assert log.amount[row] > 0  # hours by the great circle; a crew on the road has none
                by_night += world.sky.is_night(float(log.time_h[row]), int(log.place[row]))
    assert by_night > 0


def test_bounds_are_those_of_its_speed(scenario: Path) -> None:
    world = compile_world(load(scenario))
    member = next(one for one in world.members if one.kind == "uav")
    hours = TravelBounds(world).hours(member, member.base)
    assert all(math.isfinite(one) for one in hours)
    assert hours[0] == pytest.approx(world.distance_km(member.base, 0) / 70)


def test_check_finds_its_faults_and_knows_it(scenario: Path, tmp_path: Path) -> None:
    assert "uavs.csv" not in call("check", scenario).output
    wrong = with_table("tiny-flood", tmp_path / "wrong", "uavs", "id,base,tasks\nuav,nowhere,diving\n")
    output = call("check", wrong, code=2).output
    assert "uavs.csv row 2" in output
    assert "nowhere" in output
    assert "diving" in output
    slow = with_table("tiny-flood", tmp_path / "slow", "uavs", "id,name,base,endurance\nuav,Small,town-station,3 min\n")
    assert "uavs.csv row 2, column endurance" in call("check", slow).output
    named = with_table("tiny-flood", tmp_path / "named", "无人机表", TABLE)
    assert "uavs.csv" in call("check", named).output


def test_explain_tells_its_story_and_has_its_bin(results: Path) -> None:
    call("explain", results, "--workers", 1, "--budget", 12)
    assert "Town UAV 1" in call("explain", results, "--place", "uav-1").output
    assert "镇无人机1号" in call("explain", results, "--place", "uav-1", "--lang", "zh").output
    stored = read_results(results)
    log, settings = stored.log(0), {"limit_h": 0.0, "tasks": ["reconnaissance"]}
    table: dict[str, Any] = explain(log, facts_of(stored, log), "share_responded", settings, 0.1).table()
    waited = {list(BINS)[number] for number in table["bin"]}
    # The bins that stand behind those of kinds have other numbers since it was registered: it took off and flew.
    assert {"turnout", "travel", "held"} <= waited
    assert (BINS["free_uav"].name, BINS["free_uav"].name_zh) == ("waiting for a free UAV", "等待空闲无人机")


def test_report_and_its_picture_name_it(results: Path) -> None:
    assert "UAVs" in reported(results, "en")
    assert "无人机" in reported(results, "zh")
    for lang, name in (("en", "UAV"), ("zh", "无人机")):
        colours = [line.get_color() for text, line in legend(responses.draw, results, lang) if text.startswith(name)]
        assert colours == ["#112233"]


def test_replay_flies_it_under_its_own_symbol(results: Path) -> None:
    page = replayed(results)
    assert page["things"]["uav"]["look"] == ["#112233", "kite"]
    assert page["things"]["uav"]["many"] == ["UAVs", "无人机"]
    assert page["kinds"].count("uav") == 2
    stored = read_results(results)
    legs = tracks(stored.log(0), stored.things, stored.roads, stored.manifest["scenario"])
    mine = np.isin(legs.who, stored.things.index[stored.things["kind"] == "uav"])
    assert mine.any()
    assert set(np.diff(legs.first)[legs.way[mine]].tolist()) == {2}, "straight from place to place"


def test_sweep_and_menu_reach_it(scenario: Path) -> None:
    assert "number" in swept(scenario, "uavs.uav.count", [0, 3])
    change = next(one for one in menu_of(load(scenario)) if "uavs.uav.count" in one.sets)
    assert (change.label, change.label_zh) == ("one more UAV: Town UAV", "增加1架无人机：镇无人机")
    assert change.cost == 50_000


def test_schema_has_its_table() -> None:
    assert "endurance" in call("schema", "--table", "uavs").output


def test_a_countys_own_sheet_of_it_is_read_by_the_heads_of_its_fellows() -> None:
    """Named by its Chinese noun; what other forces have under the same key is called so here too."""
    rows = [["队伍名称", "驻地", "数量", "出动时间"], ["镇无人机", "town-station", "2", "5"]]
    read = understand("无人机", rows)
    assert read is not None
    assert read.table == "uavs"
    assert [column.key for column in read.columns] == ["name_zh", "base", "count", "turnout"]
    assert understand("队伍", rows).table == "teams"  # type: ignore[union-attr]
