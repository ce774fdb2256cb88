"""No simulated policy ever beats the bound, and the bound bites where it must."""

from __future__ import annotations

import math
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue import Results, load, read_results, run
from simrescue.charts.run.verdicts import draw
from simrescue.cli.run.run_screen import show_run
from simrescue.cli.show.bounds import bound_sentence, missed_duties, over_points
from simrescue.dispatch import POLICIES
from simrescue.experiment.bound.replication_bound import best_value, bounded, bounds, has_bound
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.experiment.replications.packed_job import is_run
from simrescue.experiment.replications.runner import clause_lines
from simrescue.metrics import measure
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world
from tests.experiment.judged import SCENARIOS
from tests.factories import scenarios
from tests.stores import of_format_1

CASES = [
    ("share_relieved", {"limit_h": 1.0}),
    ("share_relieved", {"limit_h": 4.0, "who": "trapped"}),
    ("share_relieved", {"limit_h": 6.0, "needs": ("food", "water")}),
    ("share_relieved", {"limit_h": 10.0, "clock": "scenario_onset"}),
    ("share_relieved", {"limit_h": 12.0, "clock": "report"}),
    ("share_responded", {"limit_h": 0.2}),
    ("share_responded", {"limit_h": 1.0, "kinds": ("boat",)}),
    ("share_responded", {"limit_h": 0.75, "tasks": ("rescue", "evacuate")}),
    ("share_responded", {"limit_h": 1.5, "levels": ("city",)}),
    ("share_supplied", {"limit_h": 1.0}),
    ("share_supplied", {"limit_h": 3.0}),
]
"""Tight limits, where a wrong bound would be found out."""

SETS = [
    {},
    {"boats.*.count": 1, "trucks.*.count": 1, "teams.bus-town.count": 1},
    {"command.report": "5 min", "command.decision": "1 min", "boats.boats-town.count": 12},
    {"depots.*.opening": "0 min", "trucks.*.turnout": "0 min", "boats.*.release": None, "trucks.*.release": None},
    {"hazard.uncertainty.level": "0.6 m", "hazard.uncertainty.arrival": "3 h"},
]


@pytest.mark.parametrize("policy", sorted(POLICIES))
@pytest.mark.parametrize("number", range(len(SETS)))
def test_no_policy_beats_the_bound(policy: str, number: int) -> None:
    world = compile_world(load(SCENARIOS / "tiny-flood", sets={"command.policy": policy, **SETS[number]}))
    reach = TravelBounds(world)
    for replication in range(4):
        log = replicate(world, 7, replication).log
        for name, given_ in CASES:
            value, best = measure(log, world.facts, name, given_), best_value(reach, log, name, given_)
            assert math.isnan(value) == math.isnan(best), (name, given_)
            assert not value > best + 1e-9, (name, given_, replication)
            assert not best > 1


@settings(max_examples=25, deadline=None)
@given(scenario=scenarios(most_villages=4, most_institutions=1), seed=st.integers(0, 3))
def test_no_scenario_beats_the_bound(scenario: Scenario, seed: int) -> None:
    world = compile_world(scenario)
    log = replicate(world, seed, 0).log
    reach = TravelBounds(world)
    for name, given_ in CASES:
        value, best = measure(log, world.facts, name, given_), best_value(reach, log, name, given_)
        assert math.isnan(value) == math.isnan(best), (name, given_)
        assert not value > best + 1e-9, (name, given_)


def test_goods_next_door_and_own_stock_need_no_crew() -> None:
    """Whoever may be relieved without a crew is so in the bound; nobody can be where there is neither,
    but for those who come out and find another roof in time.
    """
    crews = {f"{kind}.*.count": 0 for kind in ("teams", "boats", "trucks", "helicopters")}
    full = {f"shelters.*.{item}": 5000 for item in ("food", "clothing", "water", "shelter", "medical")}
    for sets, low, high in ((full, 0.1, 1.0), ({"relief.fetch_within": "20 km"}, 0.9, 1.0), ({}, 0.0, 0.2)):
        world = compile_world(load(SCENARIOS / "tiny-flood", sets=crews | sets))
        log = replicate(world, 1, 0).log
        assert low <= best_value(TravelBounds(world), log, "share_relieved", {"limit_h": 12.0}) <= high


def test_the_bound_bites() -> None:
    world = compile_world(load(SCENARIOS / "tiny-flood"))
    reach, log = TravelBounds(world), replicate(world, 1, 0).log
    assert best_value(reach, log, "share_responded", {"limit_h": 0.1, "kinds": ("boat",)}) < 0.9
    assert best_value(reach, log, "share_supplied", {"limit_h": 0.2}) < 0.9
    nobody = load(SCENARIOS / "tiny-flood", sets={"boats.boats-town": None, "boats.boats-city": None})
    world = compile_world(nobody)
    log = replicate(world, 1, 0).log
    assert best_value(TravelBounds(world), log, "share_responded", {"limit_h": 40, "kinds": ("boat",)}) == 0


def test_more_time_never_lowers_the_bound() -> None:
    world = compile_world(load(SCENARIOS / "tiny-flood"))
    reach, log = TravelBounds(world), replicate(world, 3, 1).log
    for name in bounded():
        found = [best_value(reach, log, name, {"limit_h": hours}) for hours in (0.1, 0.5, 1, 2, 5, 12)]
        assert found == sorted(found)


def test_other_measures_have_none() -> None:
    world = compile_world(load(SCENARIOS / "tiny-flood"))
    assert math.isnan(best_value(TravelBounds(world), replicate(world, 1, 0).log, "deaths_per_million", {}))


def test_bounds_beside_verdicts(tmp_path: Path) -> None:
    scenario = load(SCENARIOS / "tiny-flood")
    seen: list[tuple[int, int]] = []
    lines = [line for line in clause_lines(scenario) if is_run(line)]
    found = bounds(scenario, lines, 3, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert {one.line.clause.measure for one in found} <= set(bounded())
    for one in found:
        assert one.simulated.n == one.best.n == 3
        assert one.simulated.estimate <= one.best.estimate


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(load(SCENARIOS / "tiny-flood"), replications=3, out=tmp_path_factory.mktemp("bound") / "run")


def test_the_bound_stands_beside_each_verdict(stored: Results) -> None:
    rows = stored.clauses[stored.clauses["bound"].notna()]
    assert len(rows) > 3
    assert (rows["value"] <= rows["bound"] + 1e-9).all()
    assert not (rows["holds"] & ~rows["bound_holds"]).any()
    verdicts = stored.verdicts.set_index("clause")
    held = rows.assign(id=rows["clause"].str.partition("/")[2]).groupby("id")["bound_holds"].mean()
    assert verdicts["best"].dropna().to_dict() == held.to_dict()
    assert verdicts["best"].notna().equals(verdicts["best_high"].notna())
    assert (verdicts["estimate"] <= verdicts["best"])[verdicts["best"].notna()].all()


def test_results_of_before_the_bound_are_read(stored: Results, tmp_path: Path) -> None:
    old = tmp_path / "old"
    shutil.copytree(stored.path, old)
    columns = ["best", "best_low", "best_high"]
    pd.read_csv(old / "verdicts.csv", encoding="utf-8-sig").drop(columns=columns).to_csv(old / "verdicts.csv")
    results = read_results(of_format_1(old))
    assert missed_duties(results.verdicts) == []
    assert draw(results, "en").axes
    show_run(results)


def test_a_fire_has_no_bound() -> None:
    world = compile_world(load(SCENARIOS / "tiny-fire"))
    clauses = [line.clause for line in clause_lines(world.scenario) if line.clause.measure in bounded()]
    assert clauses
    assert not any(has_bound(clause, world) for clause in clauses)


def test_whether_to_mend_dispatch_or_to_buy() -> None:
    row = {"clause": "T01", "kind": "obligation", "verdict": "not met", "estimate": 0.3, "required": 0.9}
    lost = row | {"best": 0.6, "best_low": 0.5, "best_high": 0.7}
    open_ = row | {"best": 0.9, "best_low": 0.8, "best_high": 0.97}
    assert "at most 60 % (50 % to 70 %); forces" in bound_sentence("T01", lost)[0]
    assert "leaves room for a better dispatch" in bound_sentence("T01", open_)[0]
    assert bound_sentence("T01", lost | {"verdict": "met"}) == (
        "T01 is met by the simulated dispatch.",
        "T01按推演中的调度即达到。",
    )
    assert len(missed_duties(pd.DataFrame([lost, lost | {"verdict": "met"}, lost | {"kind": "comparison"}]))) == 1
    (told,) = over_points(pd.DataFrame([lost, open_, open_, lost | {"verdict": "met"}]))
    assert told[0].startswith("T01 is not shown to be met at 3 points. At 1 of them not even")
    assert "其中1个方案点即使最优调度也不能达到" in told[1]
    assert over_points(pd.DataFrame([row])) == []
