"""The command: what it prints, writes and answers, from good input, bad input and a stop in the middle."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simrescue import load
from simrescue.cli import main

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-flood"
QUICK = ["--replications", "2", "--workers", "1", "--no-charts"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def call(*words: str | Path) -> Result:
    """Run the command as typed; a fault of the program fails the test at once."""
    result = CliRunner().invoke(main, [str(word) for word in words])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_version() -> None:
    assert call("--version").stdout.startswith("simrescue, version ")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 5


def test_run_shows_verdicts_places_and_files() -> None:
    result = call("run", TINY, *QUICK)
    assert result.exit_code == 0, result.output
    assert "2 replications, seed 1" in result.stdout
    assert "Where people wait longest" in result.stdout
    assert "results/tiny-flood" in result.stdout
    assert Path("results/tiny-flood/manifest.json").exists()


def test_run_tells_variant_sets_and_folder_apart() -> None:
    result = call("run", TINY, *QUICK, "-v", "slow", "--set", "command.policy=nearest", "--seed", "5", "--out", "here")
    assert result.exit_code == 0, result.output
    manifest = json.loads(Path("here/manifest.json").read_text(encoding="utf-8"))
    assert manifest["seed"] == 5
    assert manifest["scenario"]["variant"] == "slow"
    assert manifest["scenario"]["applied"]["command.policy"] == "nearest"


def test_all_faults_at_once_and_nothing_written() -> None:
    bad = Path("bad")
    shutil.copytree(TINY, bad)
    text = (bad / "scenario.yaml").read_text(encoding="utf-8")
    (bad / "scenario.yaml").write_text(text.replace("duration: 48 h", "duration: 48").replace("policy:", "polcy:"))
    result = call("run", bad, *QUICK)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) >= 2
    assert "policy" in result.stderr
    assert "duration" in result.stderr
    assert not Path("results").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("run", "nowhere"),
        ("run", TINY, "--variant", "nothing"),
        ("run", TINY, "--set", "command.policy"),
        ("run", TINY, "--set", "command.polcy=nearest"),
        ("run", TINY, "--plan", "no-such-plan"),
        ("run", TINY, "--replications", "0"),
        ("run", TINY, "--events", "some"),
        ("batch", TINY, TINY),
        ("check", "nowhere"),
        ("schema", "--table", "vilages"),
        ("plans", "no-such-plan"),
        ("new", "no spaces please"),
    ],
    ids=lambda words: " ".join(map(str, words[:1] + words[2:])),
)
def test_bad_input_is_2_and_writes_nothing(words: tuple[str | Path, ...], tmp_path: Path) -> None:
    result = call(*words)
    assert result.exit_code == 2, result.output
    assert result.stderr
    assert list(tmp_path.iterdir()) == []


def test_new_scenario_loads_and_is_not_overwritten() -> None:
    assert call("new", "my-county").exit_code == 0
    assert load("my-county").settings.name == "my-county"
    assert call("new", "my-county").exit_code == 2


def test_schemas_are_json() -> None:
    assert "jurisdiction" in json.loads(call("schema").stdout)["properties"]
    assert "population" in json.loads(call("schema", "--table", "villages").stdout)["properties"]


def test_parameters_by_word() -> None:
    every, boats = call("parameters").stdout, call("parameters", "boat_seats").stdout
    assert "heli_cruise_kmh" in every
    assert "boat_seats" in boats
    assert "heli_cruise_kmh" not in boats
