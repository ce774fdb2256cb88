"""Designs: which points they hold, that draws repeat, and what stands at a place of a factor."""

from __future__ import annotations

import sys
from typing import Any

import numpy as np
import pytest
from scipy import stats

from simrescue.errors import SimrescueError
from simrescue.experiment.design.experiment_records import Experiment, Factor
from simrescue.experiment.design.sampling import at, rows, unit_cube
from tests.experiment.experiments import experiment

PLAIN: dict[str, Any] = {"path": "command.report"}


def read(**changes: Any) -> Experiment:
    return Experiment.model_validate(experiment(**changes), context={"from_file": True}, by_alias=True)


def factor(**changes: Any) -> Factor:
    return Factor.model_validate(PLAIN | changes, context={"from_file": True}, by_alias=True)


THREE = {
    "a": {**PLAIN, "range": {"low": 0, "high": 10}},
    "b": {**PLAIN, "range": {"low": 2, "high": 10, "step": 2}},
    "c": {"levels": {"x": {}, "y": {}}},
}


def test_grid() -> None:
    found = rows(read(factors={"a": {**PLAIN, "values": [1, 2]}, "b": {**PLAIN, "values": ["x", "y", "z"]}}))
    assert [tuple(row.values.values()) for row in found] == [(a, b) for a in (1.0, 2.0) for b in "xyz"]
    spread = rows(read(factors=THREE, design={"kind": "grid", "levels": 3}))
    assert len(spread) == 3 * 5 * 2
    assert {row.values["a"] for row in spread} == {0.0, 5.0, 10.0}
    assert {row.values["b"] for row in spread} == {2.0, 4.0, 6.0, 8.0, 10.0}


def test_list() -> None:
    found = rows(read(factors=THREE, design={"kind": "list", "points": [{"a": 1, "c": "y"}, {"b": 4}]}))
    assert [row.values for row in found] == [{"a": 1.0, "b": None, "c": "y"}, {"a": None, "b": 4.0, "c": None}]


def test_one_at_a_time() -> None:
    factors = {"a": {**PLAIN, "values": [1, 2, 3], "base": 2}, "b": {**PLAIN, "values": [5, 6]}}
    found = [tuple(row.values.values()) for row in rows(read(factors=factors, design={"kind": "one-at-a-time"}))]
    assert found == [(2.0, None), (1.0, None), (3.0, None), (2.0, 5.0), (2.0, 6.0)]


def test_no_factors_no_variation() -> None:
    assert [row.values for row in rows(read(factors=None))] == [{}]


@pytest.mark.parametrize(
    ("design", "points"),
    [
        ({"kind": "latin-hypercube", "points": 7}, 7),
        ({"kind": "sobol", "points": 8}, 8),
        ({"kind": "morris", "trajectories": 3}, 3 * 4),
        ({"kind": "saltelli", "points": 4}, 4 * 5),
        ({"kind": "saltelli", "points": 4, "second_order": True}, 4 * 8),
    ],
)
def test_sampled_designs(design: dict[str, Any], points: int) -> None:
    if design["kind"] in ("morris", "saltelli"):
        pytest.importorskip("SALib", reason="needs the extra `doe`")
    found = rows(read(factors=THREE, design=design))
    assert len(found) == points
    places = np.array([list(row.places.values()) for row in found])
    assert places.shape == (points, 3)
    assert ((places >= 0) & (places <= 1)).all()
    assert repr(found) == repr(rows(read(factors=THREE, design=design)))
    assert repr(found) != repr(rows(read(factors=THREE, design={**design, "seed": 2})))
    assert {row.values["b"] for row in found} <= {2.0, 4.0, 6.0, 8.0, 10.0}


@pytest.mark.parametrize("kind", ["latin-hypercube", "sobol", "morris", "saltelli"])
def test_the_order_of_the_factors_changes_no_point(kind: str) -> None:
    if kind in ("morris", "saltelli"):
        pytest.importorskip("SALib", reason="needs the extra `doe`")
    design = {"kind": kind, **({} if kind == "morris" else {"points": 8})}
    plain = rows(read(factors=THREE, design=design))
    turned = rows(read(factors=dict(reversed(THREE.items())), design=design))
    assert turned == plain
    assert [list(row.places) for row in turned] == [["a", "b", "c"]] * len(plain)
    assert [list(row.values) for row in turned] == [["c", "b", "a"]] * len(plain)


def test_a_latin_hypercube_fills_every_row_and_column_once() -> None:
    cube = unit_cube(read(design={"kind": "latin-hypercube", "points": 20}).design, 2, ["a", "b"])
    for column in cube.T:
        assert sorted(np.floor(column * 20).astype(int).tolist()) == list(range(20))


def test_morris_moves_one_factor_a_step() -> None:
    pytest.importorskip("SALib", reason="needs the extra `doe`")
    cube = unit_cube(read(design={"kind": "morris", "trajectories": 4}).design, 3, ["a", "b", "c"])
    steps = np.diff(cube.reshape(4, 4, 3), axis=1)
    assert ((steps != 0).sum(axis=2) == 1).all()


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "SALib.sample", None)
    with pytest.raises(SimrescueError, match=r"simrescue\[doe\]"):
        rows(read(factors=THREE, design={"kind": "morris"}))


# ---- what stands at a place


def test_values_and_levels_have_equal_shares() -> None:
    words = factor(values=["a", "b", "c"])
    assert [at(words, place) for place in (0, 0.33, 0.34, 0.66, 0.67, 1)] == ["a", "a", "b", "b", "c", "c"]


def test_steps_of_a_range_have_equal_shares() -> None:
    found = [at(factor(range={"low": 1, "high": 3, "step": 1}), place) for place in np.linspace(0, 1, 301)]
    assert [found.count(number) for number in (1.0, 2.0, 3.0)] == [100, 100, 101]


def test_whole_numbers() -> None:
    assert at(factor(range={"low": 0, "high": 10}, whole=True), 0.26) == 3.0
    assert at(factor(distribution={"kind": "normal", "mean": 5, "sd": 1}, whole=True), 0.5) == 5.0


@pytest.mark.parametrize(
    ("given", "law"),
    [
        ({"kind": "uniform", "low": 2, "high": 6}, stats.uniform(2, 4)),
        ({"kind": "normal", "mean": 3, "sd": 2}, stats.norm(3, 2)),
        ({"kind": "lognormal", "median": 3, "sd": 0.5}, stats.lognorm(0.5, scale=3)),
        ({"kind": "triangular", "low": 0, "mode": 1, "high": 4}, stats.triang(0.25, 0, 4)),
    ],
)
def test_distributions_have_their_law(given: dict[str, Any], law: Any) -> None:
    one = factor(distribution=given)
    found = [at(one, float(place)) for place in (np.arange(2000) + 0.5) / 2000]
    assert stats.kstest(np.array(found, float), law.cdf).statistic < 0.002 + 0.001
    assert np.isfinite([at(one, 0.0), at(one, 1.0)]).all()


def test_distributions_are_cut_off() -> None:
    one = factor(distribution={"kind": "normal", "mean": 0, "sd": 1, "low": -0.5, "high": 2})
    assert at(one, 0.0) == pytest.approx(-0.5)
    assert at(one, 1.0) == pytest.approx(2)
    middle = stats.norm.ppf((stats.norm.cdf(-0.5) + stats.norm.cdf(2)) / 2)
    assert at(one, 0.5) == pytest.approx(middle)
