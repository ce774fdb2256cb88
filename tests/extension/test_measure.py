"""The door: a measure registered from outside, with a clause of a plan that names it, takes part in everything."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simrescue import load, read_results
from simrescue.events import EventLog
from simrescue.experiment.bound.replication_bound import best_value
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.explain import explain, explain_results, facts_of
from simrescue.metrics import MEASURES, Facts, Measure, MeasureSettings, TimedWithin, register
from simrescue.metrics.base import registered
from simrescue.metrics.requests.response import requests, response_h, unheard
from simrescue.responders import RESCUE
from simrescue.scenario.records import Scenario
from simrescue.simulation.world import compile_world
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, replayed, reported, run, swept

PLAN = """\
name: toy
title: Toy plan
title_zh: 试验预案
jurisdiction: Somewhere
jurisdiction_zh: 某地
documents:
  paper: {title: Paper, title_zh: 文件, date: "2020"}
clauses:
  - {id: P1, kind: obligation, name: People answered within 30 min, name_zh: 30分钟内到达, text_zh: 30分钟内到达,
     document: paper, year: 2020, measure: share_persons_answered, settings: {limit: 30 min}, threshold: 95 %}
  - {id: P2, kind: obligation, name: A bed for everybody, name_zh: 人人有床位, text_zh: 人人有床位,
     document: paper, year: 2020, measure: beds_per_resident, threshold: 1}
"""


def persons_answered(log: EventLog, facts: Facts, settings: TimedWithin) -> float:
    """Share of the people of all requests whose first responder came within the limit."""
    persons = np.maximum(requests(log).persons, 1.0)
    soon = response_h(log, facts, clock=settings.clock) <= settings.limit_h
    return float(persons[soon].sum() / persons.sum()) if len(persons) else float("nan")


ANSWERED = Measure(
    "share_persons_answered", Words("people answered in time", "按时得到响应的群众"), "share", TimedWithin,
    persons_answered, explained="response", bounded="response",
)  # fmt: skip


def beds_per_resident(scenario: Scenario, _: MeasureSettings) -> float:
    """Places in shelters per resident."""
    return sum(one.capacity for one in scenario.shelters) / sum(one.population for one in scenario.villages)


BEDS = Measure(
    "beds_per_resident", Words("beds per resident", "人均床位"), "ratio", MeasureSettings, of_scenario=beds_per_resident
)


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with registered(ANSWERED, BEDS):
        yield


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    folder = tmp_path_factory.mktemp("measure") / "scenario"
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    (folder.parent / "plans").mkdir()
    (folder.parent / "plans" / "toy.yaml").write_text(PLAN, encoding="utf-8")
    text = (folder / "scenario.yaml").read_text(encoding="utf-8")
    (folder / "scenario.yaml").write_text(text.replace("plan: hebei-2023-2027", "plan: toy"), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def results(scenario: Path) -> Path:
    return run(scenario)


def test_run_judges_by_it(results: Path) -> None:
    rows = read_results(results).verdicts.set_index("clause")
    assert rows.loc["P1", "metric"] == "share_persons_answered"
    assert (rows.loc["P1", "limit"], rows.loc["P1", "unit"]) == (0.5, "h")
    assert (rows.loc["P2", "limit"], rows.loc["P2", "unit"]) == (1.0, "")
    assert rows.loc["P1", "replications"] == 3
    assert rows.loc["P1", "best"] >= rows.loc["P1", "estimate"]
    assert rows.loc["P1", "from_need"] <= rows.loc["P1", "estimate"], "the clock of the need starts no later"
    assert rows.loc["P2", "verdict"] == "not met"


def test_check_judges_what_needs_no_run(scenario: Path) -> None:
    assert "A bed for everybody" in call("check", scenario).output


def test_a_fault_in_its_clause_names_it(scenario: Path, tmp_path: Path) -> None:
    shutil.copytree(scenario.parent, tmp_path / "home")
    path = tmp_path / "home" / "plans" / "toy.yaml"
    path.write_text(PLAN.replace("{limit: 30 min}", "{limit: 30 min, wo: all}").replace("beds_per", "bed_per"), "utf-8")
    faults = call("check", tmp_path / "home" / "scenario", code=2).stderr
    assert "settings of share_persons_answered: clock, limit" in faults
    assert 'did you mean "beds_per_resident"' in faults


def test_explain_finds_its_delays(results: Path) -> None:
    assert "P1" in call("explain", results, "--no-test").output
    found = explain_results(read_results(results), "P1")
    assert found.why["person_h"].sum() > 0
    assert set(found.why["clause"]) == {"toy/P1"}


def test_report_and_replay(results: Path) -> None:
    assert "People answered within 30 min" in reported(results, "en")
    assert "30分钟内到达" in reported(results, "zh")
    assert replayed(results)


def test_plans_and_bound_name_it(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "250")
    told = call("plans", scenario.parent / "plans" / "toy.yaml").output
    assert "people answered in time" in told
    assert "share_persons_answered(limit 30 min) at least 95 %" in told
    assert "P1" in call("bound", scenario, "-n", "2").output


def test_sweep_watches_it(scenario: Path) -> None:
    assert "P1" in swept(scenario, "boats.boats-town.count", [1, 4], "clauses: [P1]")


class Rescues(TimedWithin):
    """Settings whose default narrows what is counted."""

    tasks: tuple[str, ...] = ("rescue",)


def test_a_standard_explanation_and_bound_see_the_defaults_of_its_settings(results: Path) -> None:
    stored = read_results(results)
    log = stored.log(0)
    facts, given = facts_of(stored, log), {"limit_h": 0.5}
    rescues = replace(ANSWERED, name="share_rescues_answered", settings=Rescues)
    with registered(rescues):
        cases = explain(log, facts, "share_rescues_answered", given, 0.0).cases
        reach = TravelBounds(compile_world(load(SCENARIOS / "tiny-flood")))
        narrow, wide = (best_value(reach, log, one.name, given) for one in (rescues, ANSWERED))
    asked = requests(log)
    wanted = int((asked.task == RESCUE).sum() + (unheard(log).task == RESCUE).sum())
    assert 0 < len(cases) == wanted < len(asked.task)
    assert narrow != wide


@pytest.mark.parametrize(
    ("part", "known"),
    [
        ({"explained": "magic"}, "explained: one of air, fire_by_air"),
        ({"bounded": "heaven"}, "bounded: one of relief, response, supply"),
        ({"against": "moon"}, "against: one of gdp_yuan, name"),
        ({"hazards": frozenset({"meteor"})}, "hazards of flood, wildfire"),
        ({"counts": "sheep"}, "counts of persons, needs"),
    ],
)
def test_an_unknown_way_or_bound_is_refused_with_the_known(part: dict[str, Any], known: str) -> None:
    with pytest.raises(ValueError, match="half-registered") as refused:
        register(replace(ANSWERED, name="odd", **part))
    assert known in str(refused.value)


def test_one_registered_before_the_floor_above_was_there_is_refused_when_that_comes() -> None:
    script = (
        "from simrescue.metrics import Measure, MeasureSettings, register; from simrescue.wording import Words\n"
        "register(Measure('odd', Words('x', 'x'), 'share', MeasureSettings, lambda *_: 0.5, explained='magic'))\n"
        "import simrescue.explain.clauses"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert "measure odd is half-registered: explained: one of air" in done.stderr


def test_schema_offers_it() -> None:
    clause = json.loads(call("schema", "--plan").output)["$defs"]["Clause"]
    assert "share_persons_answered" in clause["properties"]["measure"]["enum"]


def test_half_a_measure_is_refused_with_all_that_is_missing() -> None:
    half = Measure("half done", Words("half", ""), "furlongs", dict)  # type: ignore[arg-type,type-var]
    with pytest.raises(ValueError, match="half-registered") as caught:
        register(half)
    told = ("a name of letters", "one function", "both languages", "a unit of share", "settings that are")
    assert [part in str(caught.value) for part in told] == [True] * 5
    with pytest.raises(ValueError, match="taken"):
        register(ANSWERED)
    with pytest.raises(ValueError, match="need a run"):
        register(
            Measure("x", Words("x", "x"), "ratio", MeasureSettings, of_scenario=beds_per_resident, explained="response")
        )


def test_it_is_forgotten_afterwards() -> None:
    with registered(Measure("for_a_while", Words("x", "x"), "ratio", MeasureSettings, of_scenario=beds_per_resident)):
        assert "for_a_while" in MEASURES
    assert "for_a_while" not in MEASURES
