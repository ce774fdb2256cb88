"""A second verdict with the unverified numbers drawn: what is drawn, that alternatives share it, and who is named."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simrescue import Scenario, load, read_results, run
from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.experiment.analysis.distance import read_places
from simrescue.experiment.design.unverified import unverified
from simrescue.experiment.studies.unsure import Drawn, assumption_rows, drawn_points, run_drawn
from simrescue.parameters import table

HOME = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    return load(HOME)


def test_every_unverified_number_is_drawn_within_its_range(scenario: Scenario) -> None:
    factors, numbers, points = drawn_points(scenario, 40, 7)
    rows = table()
    assert {"boat_launch_h", "flat_roof_share"} <= set(factors)
    assert not any(rows[name].verified for name in factors)
    for i, name in enumerate(factors):
        assert rows[name].low <= numbers[:, i].min() < numbers[:, i].max() <= rows[name].high
    assert len({point.sets for point in points}) == 40
    assert points[0].load().parameters != scenario.parameters


@pytest.mark.parametrize("seed", [1, 2**31])
def test_an_alternative_meets_the_same_unknown_world(seed: int, scenario: Scenario) -> None:
    other = load(HOME, sets={"boats.boats-town.count": 18})
    numbers, more = drawn_points(scenario, 2, seed)[1], drawn_points(other, 3, seed)[1]
    assert (numbers == more[:2]).all()  # and more replications leave the first as they are


def test_what_the_scenario_sets_itself_stays(scenario: Scenario) -> None:
    set_by_hand = load(HOME, sets={"parameters.boat_launch_h": "20 min"})
    factors, _, points = drawn_points(set_by_hand, 2, 1)
    assert "boat_launch_h" not in factors
    assert points[0].load().parameters.boat_launch_h == pytest.approx(1 / 3)


def test_a_scenario_without_a_folder_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ScenarioError, match="folder"):
        drawn_points(scenario.model_copy(update={"folder": ""}), 1, 1)


def test_replications_are_the_same_whoever_runs_them(scenario: Scenario, tmp_path: Path) -> None:
    alone = run_drawn(scenario, replications=3, seed=2)
    together = run_drawn(scenario, replications=3, seed=2, workers=2, memory=tmp_path / "memory")
    again = run_drawn(scenario, replications=3, seed=2, memory=tmp_path / "memory")
    for other in (together, again):
        assert alone.values.keys() == other.values.keys()
        for clause, values in alone.values.items():
            np.testing.assert_array_equal(values, other.values[clause])
            np.testing.assert_array_equal(alone.reached[clause], other.reached[clause])
        assert alone.shortfalls.keys() == other.shortfalls.keys()
        for clause, rows in alone.shortfalls.items():
            mine, theirs = (
                part.groupby("place")[["counted", "kept"]].sum() for part in (rows, other.shortfalls[clause])
            )
            pd.testing.assert_frame_equal(mine, theirs, check_index_type=False)


FACTORS = unverified(load(HOME))


def made(values: list[float], columns: int = 3) -> Drawn:
    """Numbers of which only the first moves the clause."""
    factors = dict(list(FACTORS.items())[:columns])
    rng = np.random.default_rng(1)
    numbers = rng.random((len(values), columns))
    numbers[:, 0] = np.arange(len(values))
    return Drawn(factors, numbers, {"plan/C1": np.array(values)})


def test_no_number_is_named_after_a_few_replications() -> None:
    """Among a hundred numbers one has the very order of six values by chance."""
    assert not list(assumption_rows(made([float(i) for i in range(6)])))


def test_the_number_that_moves_a_clause_is_named_and_no_other() -> None:
    rows = list(assumption_rows(made([float(i) for i in range(60)])))
    assert [row["number"] for row in rows] == [next(iter(made([0.0]).factors))]
    assert rows[0]["correlation"] == pytest.approx(1)
    falling = list(assumption_rows(made([math.inf if i < 5 else -float(i) for i in range(60)])))
    assert falling[0]["correlation"] == pytest.approx(-1, abs=0.01)  # who never is served is last of all


@pytest.mark.parametrize("values", [[], [1.0, 2.0, 3.0], [5.0] * 60, [math.nan] * 60])
def test_nothing_is_named_where_nothing_can_be_told(values: list[float]) -> None:
    assert list(assumption_rows(made(values))) == []


def test_chance_alone_seldom_names_a_number() -> None:
    """Of 200 clauses that hang on nothing, with 30 numbers each, about one in twenty names one."""
    factors = dict(list(FACTORS.items())[:30])
    rng = np.random.default_rng(3)
    named = 0
    for _ in range(200):
        drawn = Drawn(factors, rng.random((60, 30)), {"plan/C1": rng.random(60)})
        named += bool(list(assumption_rows(drawn)))
    assert named <= 20


def test_the_command_writes_two_rows_and_mending_keeps_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    words = ["run", str(HOME), "-n", "2", "-w", "1", "--no-charts", "--events", "none", "--out", "out"]
    result = CliRunner().invoke(main, [*words, "--unsure"])
    assert result.exit_code == 0, result.output
    below = result.output.partition("With unverified numbers drawn:")[2].splitlines()[1:5]
    assert "within 12 h" in below[0], "the value comes first, as in the row above it"
    assert "needed 100 %" in below[0]
    assert any("short" in line and ":" in line for line in below), "what is short, and where"
    stored = read_results("out")
    assert set(stored.verdicts["numbers"]) == {"assumed"}
    assert set(stored.drawn_verdicts["numbers"]) == {"drawn"}
    assert not stored.verdicts.duplicated(["plan", "clause"]).any()
    (drawn,) = stored.drawn_verdicts[stored.drawn_verdicts["clause"] == "T01a"].to_dict("records")
    assert drawn["short"] > 0
    assert sum(number for _, number in read_places(drawn["where"])) == pytest.approx(drawn["short"], rel=1e-4)
    assert drawn["counted"] > 0
    whole = Path("out/verdicts.csv").read_bytes()
    Path("out/verdicts.csv").write_bytes(whole + b"x")
    assert CliRunner().invoke(main, ["verify", "out", "--mend"]).exit_code == 0
    assert Path("out/verdicts.csv").read_bytes() == whole
    assert CliRunner().invoke(main, words).exit_code == 0
    assert read_results("out").drawn_verdicts.empty


def test_a_run_without_it_has_neither(scenario: Scenario, tmp_path: Path) -> None:
    stored = run(scenario, replications=1, out=tmp_path / "out", events="none")
    assert stored.drawn_verdicts.empty
    assert stored.assumptions.empty
    assert not (tmp_path / "out" / "assumptions.csv").exists()
