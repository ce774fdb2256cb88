"""Indices against functions whose indices are known, a tornado by hand, and what is refused."""

from __future__ import annotations

import math

import numpy as np
import pytest

from simrescue.charts.experiment.sensitivity_words import moving_sentences
from simrescue.errors import ResultsError
from simrescue.experiment.design.sampling import rows
from simrescue.experiment.studies import sensitivity
from simrescue.experiment.studies.sensitivity import Output
from tests.experiment.sweeps import CLAUSE, experiment, sweep

pytest.importorskip("SALib")
UNIT = {"role": "uncertainty", "path": "hazard.uncertainty.level", "range": {"low": 0, "high": 1}}
THREE = {"x1": UNIT, "x2": UNIT, "x3": UNIT}
Y, CHANCE = Output("y", "number"), Output(CLAUSE, "chance")


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami and Homma (1990), a = 7, b = 0.1, on [-pi, pi]^3."""
    z = math.pi * (2 * x - 1)
    return np.sin(z[:, 0]) + 7 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])


def drawn(made) -> np.ndarray:
    return np.array([[row.places[name] for name in made.factors] for row in rows(made)])


def test_sobol_indices_of_ishigami() -> None:
    # Exact: V = a^2/8 + b pi^4/5 + b^2 pi^8/18 + 1/2; S = 0.3139, 0.4424, 0; ST = 0.5576, 0.4424, 0.2437
    made = experiment(THREE, {"kind": "saltelli", "points": 1024})
    found = {one.factor: one for one in sensitivity.indices(sweep(made, {"y": ishigami(drawn(made))}), Y)}
    for name, first, total in (("x1", 0.3139, 0.5576), ("x2", 0.4424, 0.4424), ("x3", 0.0, 0.2437)):
        assert found[name].main.estimate == pytest.approx(first, abs=0.03)
        assert found[name].total.estimate == pytest.approx(total, abs=0.03)
        assert found[name].main.low - 0.01 <= first <= found[name].main.high + 0.01
        assert found[name].total.low - 0.01 <= total <= found[name].total.high + 0.01
    assert math.isnan(found["x1"].noise)


def test_morris_finds_a_line_and_what_is_inert() -> None:
    # y = 3 a + b: elementary effects 3, 1 and 0 everywhere, without spread
    made = experiment({"a": UNIT, "b": UNIT, "c": UNIT}, {"kind": "morris", "trajectories": 12})
    x = drawn(made)
    found = sensitivity.indices(sweep(made, {"y": 3 * x[:, 0] + x[:, 1]}), Y)
    assert [one.factor for one in found] == ["a", "b", "c"]
    assert [one.main.estimate for one in found] == pytest.approx([3, 1, 0])
    assert [one.total.estimate for one in found] == pytest.approx([0, 0, 0], abs=1e-9)


def test_morris_sees_interactions_as_spread() -> None:
    made = experiment({"a": UNIT, "b": UNIT}, {"kind": "morris", "trajectories": 40})
    x = drawn(made)
    found = sensitivity.indices(sweep(made, {"y": 4 * x[:, 0] * x[:, 1]}), Y)
    assert min(one.total.estimate for one in found) > 0.5


def test_the_luck_of_replications_is_told_apart() -> None:
    made = experiment(THREE, {"kind": "saltelli", "points": 64})
    x, draw = drawn(made), np.random.default_rng(1)
    signal = ishigami(x)[:, None]
    calm = sweep(made, {"y": signal + draw.normal(0, 0.01, (len(x), 4))})
    wild = sweep(made, {"y": signal * 0 + draw.normal(0, 1, (len(x), 4))})
    assert sensitivity.indices(calm, Y)[0].noise < 1e-3
    assert sensitivity.indices(wild, Y)[0].noise == pytest.approx(1, abs=0.25)


def test_a_constant_output_has_no_indices() -> None:
    made = experiment(THREE, {"kind": "saltelli", "points": 8})
    found = sensitivity.indices(sweep(made, {"y": np.zeros(40)}), Y)
    assert {one.main.estimate for one in found} == {0.0}


def test_indices_of_a_clause_and_where_it_breaks() -> None:
    made = experiment({"a": UNIT, "b": UNIT}, {"kind": "saltelli", "points": 256})
    x = drawn(made)
    results = sweep(made, {"y": x[:, 0]}, holds=np.repeat(x[:, :1] < 0.5, 3, axis=1))
    first, second = sensitivity.indices(results, CHANCE)
    assert (first.factor, second.factor) == ("a", "b")
    assert first.main.estimate > 0.9
    worst, other = sensitivity.ends(results, CHANCE)
    assert (worst.factor, worst.low, worst.high) == ("a", 1.0, 0.0)
    assert worst.p < 0.001 < other.p


# ---- value before chance


def test_a_clause_that_never_holds_still_tells_what_moves_it() -> None:
    """Its chance stands at 0 % everywhere; its value does not."""
    values = {**UNIT, "range": None, "values": [1, 2], "base": 1}
    made = experiment({"a": values, "b": values}, {"kind": "one-at-a-time"})
    chance = np.random.default_rng(4).normal(0, 0.01, 20)
    results = sweep(made, {"y": np.zeros((3, 20))}, holds=np.zeros((3, 20), dtype=bool))
    results.clauses["value"] = (np.array([0.6, 0.4, 0.6])[:, None] + chance).ravel()
    value, share = sensitivity.outputs_of(results, CLAUSE)
    assert (value.of, share.of) == ("value", "chance")
    first, second = sensitivity.tornado(results, value)
    assert (first.factor, first.difference.interval.estimate, first.p < 0.01) == ("a", pytest.approx(-0.2), True)
    assert second.difference.interval.estimate == pytest.approx(0)
    assert {bar.difference.interval.estimate for bar in sensitivity.tornado(results, share)} == {0.0}
    [sentence] = moving_sentences(results, value)
    assert "a 2 it goes from 0.6 to 0.4" in sentence.en


def test_of_a_value_that_never_comes_the_chance_is_told() -> None:
    made = experiment({"a": UNIT, "b": UNIT}, {"kind": "morris", "trajectories": 2})
    results = sweep(made, {"y": np.zeros(6)}, holds=np.zeros(6, dtype=bool))
    results.clauses.loc[0, "value"] = math.inf
    assert [output.of for output in sensitivity.outputs_of(results, CLAUSE)] == ["chance"]


# ---- tornado


def test_a_tornado_by_hand() -> None:
    values = {**UNIT, "range": None, "values": [1, 2, 3], "base": 2}
    made = experiment({"a": values, "b": values}, {"kind": "one-at-a-time"})
    assert len(rows(made)) == 5
    flood = np.random.default_rng(2).normal(0, 5, 20)
    effect = np.array([0.0, -1.0, 4.0, 0.5, -0.5])  # base, a = 1, a = 3, b = 1, b = 3
    results = sweep(made, {"y": effect[:, None] + flood}, holds=(effect[:, None] + flood) < 3)
    bars = sensitivity.tornado(results, Y)
    assert [(bar.factor, bar.value) for bar in bars] == [("a", 1), ("a", 3), ("b", 1), ("b", 3)]
    assert [bar.difference.interval.estimate for bar in bars] == pytest.approx([-1, 4, 0.5, -0.5])
    assert all(bar.p < 0.05 for bar in bars)
    clause = sensitivity.tornado(results, CHANCE)
    assert clause[0].base == pytest.approx(float((flood < 3).mean()))
    assert clause[1].difference.interval.estimate <= 0


# ---- refused


def test_what_a_design_cannot_tell() -> None:
    grid = experiment({"a": {**UNIT, "range": None, "values": [1, 2]}}, {"kind": "grid"})
    with pytest.raises(ResultsError, match="morris or saltelli design"):
        sensitivity.indices(sweep(grid, {"y": [1.0, 2.0]}), Y)
    with pytest.raises(ResultsError, match="one-at-a-time design"):
        sensitivity.tornado(sweep(grid, {"y": [1.0, 2.0]}), Y)
    with pytest.raises(ResultsError, match="no sampled design"):
        sensitivity.ends(sweep(grid, {"y": [1.0, 2.0]}), Y)
    morris = experiment({"a": UNIT, "b": UNIT}, {"kind": "morris", "trajectories": 2})
    with pytest.raises(ResultsError, match="infinite"):
        sensitivity.indices(sweep(morris, {"y": [math.inf, 1, 2, 3, 4, 5]}), Y)
    with pytest.raises(ResultsError, match="unfinished"):
        sensitivity.indices(sweep(morris, {"y": [math.nan, 1, 2, 3, 4, 5]}), Y)
    with pytest.raises(ResultsError, match="has no 'z'"):
        sensitivity.indices(sweep(morris, {"y": [0, 1, 2, 3, 4, 5]}), Output("z", "number"))


@pytest.mark.parametrize("design", [{"kind": "morris", "trajectories": 12}, {"kind": "saltelli", "points": 16}])
def test_factors_that_do_nothing_are_named_no_more_often_than_stated(design: dict) -> None:
    # Only a matters; points that share a's draw are alike, so that points are no independent witnesses for b and c.
    named, studies = 0, 200
    for seed in range(studies):
        made = experiment({"a": UNIT, "b": UNIT, "c": UNIT}, {**design, "seed": seed})
        y = np.sin(40 * drawn(made)[:, 0] + seed)
        found = sensitivity.ends(sweep(made, {"y": y}), Y)
        named += any(one.p <= 0.05 for one in found if one.factor != "a")
    assert named / studies <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / studies)


def test_a_factor_that_does_all_is_named_in_a_design_of_trajectories() -> None:
    made = experiment({"a": UNIT, "b": UNIT}, {"kind": "morris", "trajectories": 10})
    x = drawn(made)
    first, second = sensitivity.ends(sweep(made, {"y": 5 * x[:, 0] + 0.2 * x[:, 1]}), Y)
    assert (first.factor, first.high - first.low > 3, first.p < 0.01) == ("a", True, True)
    assert second.p > 0.05
