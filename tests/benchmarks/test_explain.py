"""The benchmark of explanations explains something, and tells stories."""

from __future__ import annotations

from benchmarks.explain import clauses_of, explain_all, measure, tell_all
from simrescue.simulation.run import simulate
from simrescue.simulation.world import compile_world
from tests.factories import flooded_row


def test_it_measures_reasons_and_stories() -> None:
    scenario = flooded_row(length=2)
    world, clauses = compile_world(scenario), clauses_of(scenario)
    worst = explain_all(world, simulate(world, 1, 1), clauses)
    assert set(worst) <= {0, 1}
    assert tell_all(world, simulate(world, 1, 1), worst) > 10
    figures = measure(world, clauses, 1)
    assert figures["sentences"] > 10
    assert all(value > 0 for value in figures.values())
