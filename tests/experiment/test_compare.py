"""Comparisons: sides from folders and runs, families of statements, warnings, and plain sentences."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simrescue import load, run
from simrescue.errors import ResultsError
from simrescue.experiment.replications.runner import clause_lines
from simrescue.experiment.studies import arms, comparison
from simrescue.experiment.studies.arms import Arm
from simrescue.experiment.sweep.experiment_run import evaluate, point
from tests.experiment.judged import judged
from tests.experiment.sweeps import CLAUSE, experiment, sweep


def arm(label: str, held: np.ndarray, number: np.ndarray, first: int = 0) -> Arm:
    ids = range(first, first + len(held))
    values = dict(zip(ids, held.astype(float).tolist(), strict=True))
    holds = dict(zip(ids, held.tolist(), strict=True))
    numbers = {"late_person_h": dict(zip(ids, number.tolist(), strict=True))}
    return Arm(label, {CLAUSE: values}, {CLAUSE: holds}, numbers, {CLAUSE: ("All relieved", "全部得到救助")})


def pair(gain: float = 0.4, less: float = 5.0) -> tuple[Arm, Arm]:
    draw = np.random.default_rng(1)
    luck, flood = draw.random(60), draw.normal(100, 30, 60)
    base = arm("A", luck < 0.4, flood)
    return base, arm("B", luck < 0.4 + gain, flood - less + draw.normal(0, 1, 60))


def test_a_clear_difference_in_plain_words() -> None:
    base, changed = pair()
    value, clause, number = comparison.compare([base, changed], metrics=["late_person_h"])
    assert [(row.of, row.what) for row in (value, clause)] == [("value", CLAUSE), ("chance", CLAUSE)]
    assert (value.word, clause.word, number.word) == ("higher", "higher", "lower")
    assert number.difference.interval.estimate == pytest.approx(-5, abs=0.5)
    assert clause.difference.interval.low > 0
    text, text_zh = comparison.sentence(clause, ("All relieved", "全部得到救助"))
    assert text.startswith("All relieved is higher with B than with A: ")
    assert "60 pairs" in text
    assert text_zh.startswith("全部得到救助：B高于A")
    assert comparison.warnings([base, changed]) == []


def test_no_difference_is_not_called_one() -> None:
    base, _ = pair()
    value, row = comparison.compare([base, replace(base, label="C")], metrics=[])
    assert (value.word, row.word) == ("no clear difference",) * 2
    assert row.p == 1
    assert "no clear difference between C and A" in comparison.sentence(row).en


def test_several_sides_share_the_error() -> None:
    base, changed = pair(gain=0.12)
    alone = comparison.compare([base, changed], metrics=[])[1]
    many = comparison.compare([base, changed, *(replace(base, label=f"C{i}") for i in range(5))], metrics=[])
    many = [row for row in many if row.of == "chance"]
    assert many[0].p >= 5 * alone.p
    assert many[0].difference.interval.high > alone.difference.interval.high


def test_never_is_compared_by_the_middle() -> None:
    base, changed = pair()
    never = {k: math.inf if k < 5 else v for k, v in base.numbers["late_person_h"].items()}
    row = comparison.compare([replace(base, numbers={"late_person_h": never}), changed], metrics=["late_person_h"])[2]
    assert row.difference.method.startswith("middle")
    assert math.isnan(row.base_value)
    assert row.word == "lower"


def test_sides_that_do_not_meet_the_same_events_are_told() -> None:
    base, changed = pair()
    other = replace(changed, event=("another",))
    ((english, chinese),) = comparison.warnings([base, other])
    assert "do not meet the same events" in english
    assert "灾情不同" in chinese
    late = arm("L", np.ones(60, bool), np.ones(60), first=50)
    assert any("10 replications in common" in english for english, _ in comparison.warnings([base, late]))
    with pytest.raises(ResultsError, match="no replication in common"):
        comparison.compare([base, arm("M", np.ones(3, bool), np.ones(3), first=100)])


def test_unknown_names_and_too_few_sides() -> None:
    base, changed = pair()
    with pytest.raises(ResultsError, match="two sides"):
        comparison.compare([base])
    with pytest.raises(ResultsError, match="A1"):
        comparison.compare([base, changed], ["A2"])
    with pytest.raises(ResultsError, match='did you mean "late_person_h"'):
        comparison.compare([base, changed], metrics=["late_persons_h"])


def test_the_best_side() -> None:
    base, changed = pair()
    assert comparison.best_of([base, changed], "late_person_h", largest=False).best == 1
    assert comparison.best_of([base, changed], "A1").kept == (1,)


# ---- where sides come from


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged(tmp_path_factory.mktemp("judged"))


def test_a_stored_run_and_a_run_for_the_comparison_are_the_same_side(home: Path, tmp_path: Path) -> None:
    scenario = load(home)
    stored = arms.arm_of_results(run(scenario, replications=3, out=tmp_path / "a", events="none"), "stored")
    found = [result for _, result in evaluate([point(home)], range(3))]
    fresh = arms.arm_of_replications(found, scenario, clause_lines(scenario), 1, "fresh")
    assert stored.holds == fresh.holds
    assert stored.numbers["late_person_h"] == fresh.numbers["late_person_h"]
    assert stored.event == fresh.event
    assert stored.titles == fresh.titles
    assert stored.obligations == fresh.obligations
    wetter = load(home, sets={"hazard.uncertainty.level": "0.5 m"})
    other = arms.arm_of_replications(found, wetter, clause_lines(wetter), 1, "wetter")
    assert comparison.warnings([fresh, other])


def test_points_of_a_sweep_are_sides() -> None:
    made = experiment({"a": {"path": "command.report", "unit": "min", "values": [10, 20]}}, {"kind": "grid"})
    results = sweep(made, {"late_person_h": [[1.0, 2.0, 4.0], [2.0, 3.0, 5.5]]}, holds=[[1, 1, 1], [0, 1, 1]])
    base, changed = (arms.arm_of_point(results, number, f"sweep:{number}") for number in (0, 1))
    rows = comparison.compare([base, changed], metrics=["late_person_h"])
    assert [row.of for row in rows] == ["value", "chance", "number"]
    assert rows[1].difference.interval.estimate == pytest.approx(-1 / 3)
    assert rows[2].difference.interval.estimate == pytest.approx(3.5 / 3)
    assert comparison.warnings([base, changed]) == []
    with pytest.raises(ResultsError, match="point 7"):
        arms.arm_of_point(results, 7, "x")


def test_a_replication_that_does_not_test_a_clause_counts_for_no_side() -> None:
    """Nobody concerned is no failure: of eight replications two are left out, and the sides are equal in the rest."""
    held = [True, True, False, True, False, True]
    values = {number: float(one) for number, one in enumerate([*held, math.nan, math.nan])}
    plain = Arm("plain", {"p/A1": values}, {"p/A1": {k: value == 1 for k, value in values.items()}}, {})
    full = {number: 1.0 if number >= 6 else value for number, value in values.items()}
    other = Arm("other", {"p/A1": full}, {"p/A1": {k: value == 1 for k, value in full.items()}}, {})
    found = comparison.best_of([plain, other], "A1")
    assert (found.n, found.kept) == (6, (0, 1))


def test_what_differs_besides_the_change_is_told() -> None:
    """Another program, another plan, or the same clause with another limit."""
    base, changed = pair()
    row = {"metric": "share_relieved", "limit": 12.0, "comparison": "at_least", "needed": 1.0}
    base = replace(base, code="a", obligations=frozenset({CLAUSE}), verdicts={CLAUSE: row})
    same = replace(changed, code="a", obligations=frozenset({CLAUSE}), verdicts={CLAUSE: dict(row)})
    assert comparison.warnings([base, same]) == []
    holds = {**same.holds, "two/K1": same.holds[CLAUSE]}
    other = replace(
        same, code="b", holds=holds, obligations=frozenset({"two/K1"}), verdicts={CLAUSE: {**row, "limit": 24.0}}
    )
    told = [warning.en for warning in comparison.warnings([base, other])]
    for words in ("two versions of the program", f"not compared ({CLAUSE}, two/K1)", "asks for something else in B"):
        assert any(words in warning for warning in told), (words, told)
    untested = replace(same, verdicts={CLAUSE: {**row, "needed": math.nan, "comparison": ""}})
    assert comparison.warnings([base, untested]) == [], "nobody tested it there"
    assert comparison.warnings([replace(base, code=""), same]) == [], "older results do not tell their program"


def test_who_is_left_out_is_compared_beside_a_share() -> None:
    """Open roads: 60 % of 1,000 people, and 50 % of 300. The share falls, and 250 fewer are left out."""
    base, changed = pair()
    ids, shake = range(60), np.random.default_rng(2).normal(0, 2, 60)
    before, after = (dict(zip(ids, (number + shake).tolist(), strict=True)) for number in (400.0, 150.0))
    measures = {CLAUSE: "share_relieved"}
    base = replace(base, measures=measures, left={CLAUSE: before})
    changed = replace(changed, measures=measures, left={CLAUSE: after})
    rows = comparison.compare([base, changed], metrics=[])
    assert [row.of for row in rows] == ["value", "left", "chance"]
    left = rows[1]
    assert (left.word, left.unit) == ("lower", "persons")
    assert left.difference.interval.estimate == pytest.approx(-250)
    assert comparison.subject(left, ("A", "甲")) == ("A: left out, persons", "甲：未达要求数量（人）")
    alone = comparison.compare([base, replace(changed, left={})], metrics=[])
    assert [row.of for row in alone] == ["value", "chance"], "older results do not tell how many were counted"
