"""Whatever happens: bins sum to the delay, cases agree with the metric, and no person-hour is lost in the tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simrescue.events import EventLog
from simrescue.metrics.facts import Facts
from simrescue.scenario.load import load
from simrescue.scenario.records import Scenario
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.explain.chains_of import check, explained, fitting
from tests.factories import scenarios

SCENARIOS = Path(__file__).parents[2] / "scenarios"

chosen: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {"limit_h": st.sampled_from([0.0, 0.5, 3.0, 12.0])},
    optional={
        "clock": st.sampled_from(["scenario_onset", "village_impact", "report", "need", "order"]),
        "who": st.sampled_from(["affected", "trapped", "isolated", "impact", "institutions"]),
        "needs": st.sampled_from([["food"], ["water", "food"]]),
        "kinds": st.sampled_from([["boat"], ["team", "boat"]]),
        "tasks": st.sampled_from([["rescue"], ["relief", "evacuate"]]),
    },
)


@settings(max_examples=60, deadline=None)
@given(
    scenario=scenarios(most_institutions=2),
    given_=chosen,
    name=st.sampled_from([name for name in explained() if "fire" not in name]),
)
def test_random_scenarios(scenario: Scenario, given_: dict[str, Any], name: str) -> None:
    world = compile_world(scenario)
    check(simulate(world, 3, 0), world.facts, name, fitting(name, given_))


@pytest.fixture(scope="module", params=["tiny-flood", "tiny-fire"])
def real(request: pytest.FixtureRequest) -> tuple[EventLog, Facts]:
    world = compile_world(load(SCENARIOS / request.param))
    return simulate(world, 1, 0), world.facts


@pytest.mark.parametrize("name", explained())
def test_real_logs(real: tuple[EventLog, Facts], name: str) -> None:
    reasons = check(*real, name, fitting(name, {"limit_h": 1.0}))
    table = reasons.table()
    assert table["person_h"].sum() == pytest.approx(reasons.weight_h().sum())
    for number in np.unique(table["bin"]):
        mine = table["bin"] == number
        assert table["person_h"][mine].sum() == pytest.approx(reasons.weight_h()[number])


@pytest.mark.slow
@pytest.mark.parametrize("folder", sorted(path.parent.name for path in SCENARIOS.glob("*/scenario.yaml")))
def test_every_scenario_of_the_library(folder: str) -> None:
    world = compile_world(load(SCENARIOS / folder))
    log = simulate(world, 1, 0)
    for name in explained():
        check(log, world.facts, name, fitting(name, {"limit_h": 10.0}))
