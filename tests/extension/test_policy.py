"""The door: a dispatch policy registered from outside takes part in everything, by its own name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simrescue import read_results
from simrescue.dispatch import POLICIES, Assignment, Policy, View, register, registered
from simrescue.dispatch.nearest import nearest_qualified
from simrescue.wording import Words
from tests.extension.door import SCENARIOS, call, replayed, reported, run, swept

FRAIL_FIRST = Policy(
    "frail-first",
    Words("the frail first", "先救老弱"),
    rank=lambda one: (-one.vulnerable, one.number),
    decide=nearest_qualified,
)
NOBODY: list[Assignment] = []


@pytest.fixture(scope="module", autouse=True)
def known() -> Iterator[None]:
    with registered(FRAIL_FIRST):
        yield


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory, known: None) -> Path:
    scenario = tmp_path_factory.mktemp("policy") / "scenario"
    scenario.symlink_to(SCENARIOS / "tiny-flood", target_is_directory=True)
    return run(scenario, "--set", "command.policy=frail-first")


def test_run_decides_by_it(results: Path, tmp_path: Path) -> None:
    stored = read_results(results)
    assert stored.manifest["scenario"]["settings"]["command"]["policy"] == "frail-first"
    scenario = tmp_path / "scenario"
    scenario.symlink_to(SCENARIOS / "tiny-flood", target_is_directory=True)
    other = read_results(run(scenario, "--set", "command.policy=nearest"))
    assert not stored.responses.equals(other.responses)


def test_check_knows_it_and_names_it_beside_the_others() -> None:
    call("check", SCENARIOS / "tiny-flood", "--set", "command.policy=frail-first")
    faults = call("check", SCENARIOS / "tiny-flood", "--set", "command.policy=frail-frist", code=2)
    assert 'did you mean "frail-first"' in faults.stderr


def test_explain_report_and_replay(results: Path) -> None:
    assert "%" in call("explain", results, "--no-test").output
    assert "the frail first" in reported(results, "en")
    assert "先救老弱" in reported(results, "zh")
    assert replayed(results)


def test_sweep_sets_it_against_another(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario"
    scenario.symlink_to(SCENARIOS / "tiny-flood", target_is_directory=True)
    told = swept(scenario, "command.policy", ["frail-first", "nearest"])
    assert "frail-first" not in told, "by its name"
    assert "the frail" in told


def test_schema_offers_it() -> None:
    assert '"frail-first"' in call("schema").output


def test_it_is_forgotten_afterwards() -> None:
    with registered(FRAIL_FIRST._replace(name="for-a-while")):
        assert "for-a-while" in POLICIES
    assert "for-a-while" not in POLICIES


def test_half_a_policy_is_refused_with_all_that_is_missing() -> None:
    half = Policy("Half done", Words("half", ""), rank=FRAIL_FIRST.rank, decide=None)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="half-registered") as caught:
        register(half)
    assert [part in str(caught.value) for part in ("a name of small", "both languages", "decide")] == [True] * 3
    with pytest.raises(ValueError, match="taken"):
        register(FRAIL_FIRST)


def test_what_a_policy_sees_is_enough_for_one_that_sends_nobody(tmp_path: Path) -> None:
    def nobody(_: View) -> list[Assignment]:
        return NOBODY

    scenario = tmp_path / "scenario"
    scenario.symlink_to(SCENARIOS / "tiny-flood", target_is_directory=True)
    with registered(FRAIL_FIRST._replace(name="nobody", decide=nobody)):
        stored = read_results(run(scenario, "--set", "command.policy=nobody"))
    assert stored.replications["missions"].eq(0).all()
