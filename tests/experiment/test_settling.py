"""A run that ends when its obligations are settled: looks in the order of the numbers, whoever finished first."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from simrescue import load, run
from simrescue.experiment.analysis.statistics import SETTLED, fewest_met, judge
from simrescue.experiment.replications.settling import EACH, FIRST_LOOK, IDLE, SPREAD, Settling
from simrescue.experiment.store.stored_results import Results
from simrescue.plans import Clause, Line, Plan
from simrescue.scenario.records import Scenario
from tests.experiment.test_runner import the_same

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
CLAUSES = ("a", "b")
Streams = dict[str, list[float]]
"""Clause -> its value in each replication: 1 held, 0 broken, nan nobody was concerned."""


def promise(name: str) -> Clause:
    return Clause(
        id=name, kind="obligation", name=name, name_zh=name, text_zh="原文", document="d", year=2023,
        measure="share_warned_before_impact", threshold=0.5, comparison="at_least", reliability=0.9, confidence=0.95,
    )  # fmt: skip


def lines(kinds: dict[str, str]) -> list[Line]:
    plan = Plan.model_construct(name="made-up", clauses=())
    return [Line(plan, promise(name), kind) for name, kind in kinds.items()]  # type: ignore[arg-type]


DUTIES = dict.fromkeys(CLAUSES, "obligation")


def told(streams: Streams, order: list[int], *, kinds: dict[str, str] = DUTIES, **given: object) -> Settling:
    """A run that is told these values, replications finishing in this order until it ends."""
    settling = Settling(lines(kinds), **{"least": 0, "most": 200, "until_settled": True, **given})  # type: ignore[arg-type]
    for number in order:
        if settling.ended:
            break
        settling.add(
            number,
            [(f"made-up/{name}", values[number], values[number] >= 0.5, 1.0) for name, values in streams.items()],
        )
    return settling


def first_settled(streams: Streams) -> int:
    """By brute force: the least number of replications, four at least, at which all verdicts are settled."""
    for n in range(FIRST_LOOK, 201):
        verdicts = [
            judge([value >= 0.5 for value in values[:n] if not math.isnan(value)]) for values in streams.values()
        ]
        if all(one.verdict in SETTLED for one in verdicts):
            return n
    return 200


def drawn(seed: int, chances: tuple[float, ...]) -> Streams:
    rng = random.Random(seed)
    return {
        name: [float(rng.random() < chance) for _ in range(200)] for name, chance in zip(CLAUSES, chances, strict=True)
    }


@pytest.mark.parametrize("chances", [(0.0, 0.0), (0.3, 1.0), (0.6, 0.0), (1.0, 1.0)])
def test_it_ends_at_the_first_look_at_which_all_are_settled(chances: tuple[float, float]) -> None:
    for seed in range(3):
        streams = drawn(seed, chances)
        assert told(streams, list(range(200))).n == first_settled(streams)


def test_whoever_finishes_first_changes_nothing() -> None:
    streams = drawn(7, (0.5, 0.97))
    alone = told(streams, list(range(200)))
    for seed in range(3):
        order = list(range(200))
        for i in range(0, 200, 8):  # eight workers, each batch finishing in any order
            batch = order[i : i + 8]
            random.Random(seed + i).shuffle(batch)
            order[i : i + 8] = batch
        many = told(streams, order)
        assert (many.n, many.verdicts) == (alone.n, alone.verdicts)


def test_what_plainly_fails_takes_four_and_what_plainly_holds_as_many_as_met_needs() -> None:
    assert told({"a": [0.0] * 200, "b": [0.0] * 200}, list(range(200))).n == FIRST_LOOK
    assert told({"a": [1.0] * 200, "b": [1.0] * 200}, list(range(200))).n == fewest_met(0.9, 0.95)


def test_a_clause_that_nobody_tests_is_not_waited_for() -> None:
    streams = {"a": [0.0] * 200, "b": [math.nan] * 200}
    seen = told(streams, list(range(200)))
    assert (seen.n, seen.verdicts["made-up/b"].verdict) == (IDLE, "undecided")


def test_comparison_lines_are_waited_for_only_where_there_is_no_obligation() -> None:
    streams = {"a": [0.0] * 200, "b": [1.0] * 200}
    assert told(streams, list(range(200)), kinds={"a": "obligation", "b": "comparison"}).n == FIRST_LOOK
    assert told(streams, list(range(200)), kinds={"b": "comparison"}).n == fewest_met(0.9, 0.95)
    assert told(streams, list(range(200)), kinds={}).n == SPREAD


def test_budgets_end_it_with_what_is_open_open() -> None:
    streams = drawn(1, (0.9, 0.9))
    ended = told(streams, list(range(200)), most=10)
    assert (ended.n, ended.settled) == (10, False)
    late = told(streams, list(range(200)), minutes=-1.0)
    assert (late.n, late.ended) == (1, True)
    fixed = told({"a": [0.0] * 200, "b": [0.0] * 200}, list(range(200)), most=37, until_settled=False)
    assert fixed.n == 37


def test_results_that_stand_are_added_to_and_never_thrown_away() -> None:
    streams = {"a": [0.0] * 200, "b": [0.0] * 200}
    assert told(streams, list(range(200)), least=60).n == 60


def test_values_are_told_after_the_first_and_verdicts_in_order_from_the_fourth_on() -> None:
    looks: list[tuple[int, dict[str, Mapping[str, Any]]]] = []
    streams = drawn(3, (0.9, 0.9))
    told(streams, list(range(200)), look=lambda n, rows: looks.append((n, dict(rows))))
    (n, first), *later = looks
    assert (n, first["made-up/a"]["value"], first["made-up/a"]["counted"]) == (1, streams["a"][0], 1.0)
    numbers = [n for n, _ in later]
    assert numbers[: EACH - FIRST_LOOK + 1] == list(range(FIRST_LOOK, EACH + 1))[: len(numbers)]
    n, rows = later[5]
    expected = judge([value >= 0.5 for value in streams["a"][:n]])
    assert [rows["made-up/a"][name] for name in ("verdict", "estimate", "low", "high", "replications")] == [
        expected.verdict, expected.estimate, expected.low, expected.high, n,
    ]  # fmt: skip


def test_results_that_stand_are_told_at_their_first_look_alone() -> None:
    looks: list[int] = []
    told({"a": [0.0] * 200, "b": [0.0] * 200}, list(range(200)), least=60, look=lambda n, _: looks.append(n))
    assert looks == [60]


def test_what_is_expected_lies_between_what_is_there_and_the_most() -> None:
    settling = told(drawn(3, (0.9, 0.2)), list(range(9)), most=50)
    assert 9 < settling.expected <= 50


# ---- whole runs


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load(TINY)


@pytest.fixture(scope="module")
def settled(tiny: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """A run in one go, by one worker; with at most a dozen, so that it is short."""
    return run(tiny, seed=5, workers=1, out=tmp_path_factory.mktemp("settling") / "one", most=12)


def test_a_run_says_how_often_and_with_which_command_it_is_repeated(settled: Results) -> None:
    words = settled.manifest["command"]["words"]
    assert settled.manifest["complete"] is True
    assert (
        words[words.index("--replications") + 1]
        == str(settled.manifest["replications"])
        == str(len(settled.replications))
    )


def test_workers_settle_at_the_same_number(settled: Results, tiny: Scenario, tmp_path: Path) -> None:
    the_same(settled, run(tiny, seed=5, workers=2, out=tmp_path / "two", most=12))


def test_a_stopped_run_ends_as_one_that_was_not_stopped(settled: Results, tiny: Scenario, tmp_path: Path) -> None:
    def stop(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tiny, seed=5, workers=1, out=tmp_path / "run", most=12, progress=stop)
    the_same(settled, run(tiny, seed=5, workers=1, out=tmp_path / "run", most=12))


def test_a_finished_run_is_carried_on_with_more(settled: Results, tiny: Scenario, tmp_path: Path) -> None:
    few = run(tiny, seed=5, workers=1, out=tmp_path / "run", most=5)
    assert len(few.replications) == 5
    seen: list[int] = []
    more = run(tiny, seed=5, workers=1, out=tmp_path / "run", most=12, progress=lambda done, _: seen.append(done))
    assert min(seen) == 5
    the_same(settled, more)
