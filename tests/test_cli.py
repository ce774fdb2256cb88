"""The command: what it prints, writes and answers, from good input, bad input and a stop in the middle."""

from __future__ import annotations

import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import click
import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from simrescue import load, read_results
from simrescue.__main__ import start
from simrescue.cli import main
from simrescue.cli.main import COMMANDS
from simrescue.cli.run import run_screen as shown_run
from simrescue.cli.run import running
from simrescue.cli.run.run_places import worst_places
from simrescue.cli.show.json_text import as_text
from simrescue.cli.show.lines import cells
from tests.command import call

TINY = Path(__file__).parents[1] / "scenarios" / "tiny-flood"
QUICK = ["--replications", "2", "--workers", "1", "--no-charts"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_version() -> None:
    assert call("--version").stdout.startswith("simrescue, version ")


@pytest.mark.parametrize("command", sorted(main.commands))
def test_every_command_explains_itself(command: str) -> None:
    result = call(command, "--help")
    assert result.exit_code == 0
    assert len(result.stdout.splitlines()) > 5


def test_run_shows_verdicts_places_and_files() -> None:
    result = call("run", TINY, *QUICK, "--all")
    assert result.exit_code == 0, result.output
    assert "2 replications, seed 1" in result.stdout
    assert "(stated: arrival 0.75 h, duration 0.2)" in result.stdout
    assert "Where people wait longest" in result.stdout
    assert "results/tiny-flood" in result.stdout
    assert Path("results/tiny-flood/manifest.json").exists()


def test_what_is_set_stands_beside_the_plain_run() -> None:
    for words in ((), ("--set", "command.policy=nearest"), ("--set", "command.policy=optimal")):
        assert call("run", TINY, *QUICK, *words).exit_code == 0
    folders = sorted(path.name for path in Path("results").iterdir())
    assert [name.partition("-set-")[0] for name in folders] == ["tiny-flood"] * 3
    assert read_results("results/tiny-flood").manifest["scenario"]["applied"] == {}


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
        ("run", TINY, "--seed", str(2**63)),
        ("run", TINY, "--seed", "-1"),
        ("batch", TINY, TINY),
        ("check", "nowhere"),
        ("schema", "--table", "vilages"),
        ("plans", "no-such-plan"),
        ("triggers", "no-such-table"),
        ("triggers", "nanyang-urban-flood", "--out", "nowhere/triggers.csv"),
        ("new", "no spaces please"),
        ("new", "my-hills", "--hazard", "landslide"),
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


@pytest.mark.parametrize(
    "words", [("new", "CON"), ("plans", "new", "nul"), ("import", "aux.county", __file__), ("new", "县" * 100)]
)
def test_a_name_that_no_windows_takes_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    answer = call(*words, "--dir", tmp_path)
    assert answer.exit_code == 2, answer.output
    assert "COM1" in answer.stderr
    assert not list(tmp_path.iterdir())


def test_what_the_system_refuses_is_a_sentence(tmp_path: Path) -> None:
    """No folder can be made below a file."""
    (tmp_path / "file").touch()
    answer = call("new", "county", "--dir", tmp_path / "file" / "below")
    assert answer.exit_code == 1
    assert "the system refuses" in answer.stderr
    assert str(tmp_path / "file") in answer.stderr


def test_new_names_the_hazards_that_have_a_template() -> None:
    assert "[flood|fire]" in call("new", "--help").stdout
    assert 'did you mean "fire"' in call("new", "my-hills", "--hazard", "wildfire").stderr


def test_schemas_are_json() -> None:
    assert "jurisdiction" in json.loads(call("schema").stdout)["properties"]
    assert "population" in json.loads(call("schema", "--table", "villages").stdout)["properties"]


def test_parameters_by_word() -> None:
    every, boats = call("parameters").stdout, call("parameters", "boat_seats").stdout
    assert "heli_cruise_kmh" in every
    assert "boat_seats" in boats
    assert "heli_cruise_kmh" not in boats
    assert "boat_seats" in call("--lang", "zh", "parameters", "舟艇").stdout, "in the words of its own language"
    assert call("parameters", "nothing-so").stdout.strip() == "No default number tells of 'nothing-so'."


def test_parameters_of_a_scenario_stand_first_with_their_defaults() -> None:
    sets = ["--set", "parameters.boarding_h_per_person=90 s", "--set", "parameters.silence_h=9 h"]
    shown = "".join(call("parameters", TINY, *sets, width=200).stdout.split())
    assert shown.index("boarding_h_per_person0.025") < shown.index("silence_h9") < shown.index("turnout_h0.5")
    assert shown.count("setbythescenario") == 2
    assert "default0.0167;inrange" in shown
    assert "default2;" in shown
    assert "outsidethe" in shown
    assert "turnout_h" not in call("parameters", TINY, "boarding", *sets).stdout
    assert call("parameters", "boarding", *sets).exit_code == 2
    assert call("parameters", TINY, "boat", "car").exit_code == 2
    assert call("parameters", "no/such/folder").exit_code == 2


JUDGED = [*QUICK, "--plan", "hebei-2023-2027"]


def test_verdicts_and_nothing_left_out() -> None:
    shown = call("run", TINY, *JUDGED, "--all").stdout
    verdicts = read_results("results/tiny-flood").verdicts
    squeezed = "".join(shown.split())
    assert "Obligations of the plan" in shown
    assert "Comparison lines" in shown
    for title in verdicts["title"]:
        assert "".join(title.split())[:8] in squeezed
    assert (verdicts["verdict"] == "not measured").any()


def test_what_is_not_measured_and_what_is_compared_is_one_sentence_each() -> None:
    shown = call("run", TINY, *JUDGED).stdout
    verdicts = read_results("results/tiny-flood").verdicts
    left_out = verdicts[verdicts["verdict"] == "not measured"]
    duties = (left_out["kind"] == "obligation").sum()
    assert f"Clauses not measured: {len(left_out)}; obligations of the plan among them: {duties}." in shown
    others = verdicts[(verdicts["kind"] == "comparison") & (verdicts["verdict"] != "not measured")]
    assert f"Comparison lines of other plans and years: {len(others)}, of which" in shown


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("scenario", [TINY, TINY.with_name("tiny-fire")])
def test_the_answer_fits_one_screen_and_comes_last(lang: str, scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SIMRESCUE_LANG", lang)
    shown = call("run", scenario, *QUICK, width=80, code=0).stdout.splitlines()
    commands = ("  simrescue ", "Why, tested", "What mends", "Results", "原因检验", "如何改进", "结果")
    assert len(shown) <= 60
    assert not [line for line in shown if cells(line) > 80 and not line.startswith(commands)]
    first = next(i for i, line in enumerate(shown) if line in ("Obligations of the plan", "本级指标"))
    told = read_results(Path("results") / scenario.name).verdicts
    duties = told[(told["kind"] == "obligation") & (told["verdict"] != "not measured")]
    for clause in duties["clause"]:
        assert any(line.startswith(f"{clause} ") for line in shown[first:])


def test_how_many_and_until_settled_are_not_both() -> None:
    for option in (("--most", "9"), ("--minutes", "1"), ("--until", "settled")):
        refused = call("run", TINY, "-n", "2", *option, code=2)
        assert option[0] in refused.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("plans",), ("plans", "hebei-2023-2027"), ("parameters", "boat"), ("parameters", TINY), ("check", TINY),
        ("new", "county"),
    ],
)  # fmt: skip
def test_lists_as_data_stand_alone_on_stdout(words: tuple[object, ...]) -> None:
    assert json.loads(call(*words, "--json", code=0).stdout)


def test_the_answer_as_data_stands_alone_on_stdout() -> None:
    told = json.loads(call("run", TINY, *QUICK, "--json", code=0).stdout)
    assert (told["replications"], told["scenario"]) == (2, "tiny-flood")
    assert {"verdict", "clause", "value", "needed"} <= set(told["verdicts"][0])
    assert len(json.loads(call("batch", TINY, *QUICK, "--json", "--out", "both", code=0).stdout)) == 1


def test_batch_stands_side_by_side() -> None:
    result = call("batch", TINY, f"{TINY}:slow", *JUDGED, "--out", "both")
    assert result.exit_code == 0, result.output
    for label in ("tiny-flood", "tiny-flood-slow"):
        row = result.stdout.partition(f"\n  {label}: undecided\n")[2].splitlines()
        assert "needed 100 %" in row[0], "the value and what is needed"
        assert "people short" in row[1], "what is short, and where"
        assert re.search(r"in \d+ places: [A-Z]\w+ [A-Z]\w+", row[1]), "by name"
    assert "Verdicts side by side" not in result.stdout
    assert "Verdicts side by side" in call("batch", TINY, *JUDGED, "--out", "both", "--all").stdout
    assert sorted(folder.name for folder in Path("both").iterdir()) == ["tiny-flood", "tiny-flood-slow"]


@pytest.mark.parametrize(
    ("fail_on", "verdict", "expected"),
    [
        ("not-met", "not met", 3),
        ("not-met", "undecided", 0),
        ("undecided", "undecided", 3),
        ("undecided", "not met", 3),
        ("undecided", "met", 0),
        ("undecided", "not measured", 0),
    ],
)
def test_fail_on_looks_at_obligations_only(
    fail_on: str, verdict: str, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = pd.DataFrame({"kind": ["obligation", "comparison"], "verdict": [verdict, "not met"]})
    monkeypatch.setattr(shown_run, "show_run", lambda *_: None)
    monkeypatch.setattr(running, "simulate", lambda *_, **__: SimpleNamespace(verdicts=table))
    assert call("run", TINY, "--no-charts", "--fail-on", fail_on).exit_code == expected


def test_worst_places_count_the_never_relieved(tmp_path: Path) -> None:
    places = pd.DataFrame(
        {
            "village": [0, 1, 2, 0, 1, 2],
            "affected": [10.0, 20.0, 0.0, 30.0, 20.0, 0.0],
            "trapped": [0.0, 1.0, 0.0, 2.0, 1.0, 0.0],
            "max_depth_m": 1.0,
            "late_person_h": [0.0, 500.0, 9999.0, 10.0, 700.0, 9999.0],
            "relief_p95_h": [5.0, np.inf, np.nan, 7.0, np.inf, np.nan],
        }
    )
    names = ["甲", "乙", "丙"]
    things = pd.DataFrame({"index": range(3), "id": list("abc"), "name": list("ABC"), "name_zh": names})
    worst = worst_places(SimpleNamespace(places=places, things=things))
    assert list(worst["name"]) == ["B", "A"]
    assert list(worst["late_person_h"]) == [600.0, 5.0]
    assert list(worst["never"]) == [1.0, 0.0]
    assert list(worst["relief_p95_h"]) == [np.inf, 6.0]


def test_check_tells_findings_and_json() -> None:
    assert "findings" in call("check", TINY).stdout.lower()
    found = json.loads(call("check", TINY, "--json").stdout)
    assert {"severity", "topic", "subject", "message", "message_zh", "numbers", "name"} == set(found[0])


@pytest.mark.parametrize(
    ("written", "wrong", "told"),
    [
        ("boats.boats-town.count: 6", "boats.boats-twn.count: 6", "overrides.more-boats.boats.boats-twn.count"),
        ("command.report: 2 h", "command.report: soon", '"soon" - expected a duration'),
        ("plan: hebei-2023-2027", "plan: [hebei-2023-2072, henan-2025]", 'did you mean "hebei-2023-2027"'),
    ],
)
def test_check_reads_what_a_plain_run_leaves_unread(written: str, wrong: str, told: str) -> None:
    shutil.copytree(TINY, "county")
    file = Path("county/scenario.yaml")
    file.write_text(file.read_text(encoding="utf-8").replace(written, wrong), encoding="utf-8")
    result = call("check", "county")
    assert result.exit_code == 2
    assert told in result.stderr


def test_json_has_no_infinity() -> None:
    assert json.loads(as_text({"a": [float("inf"), 1.5]})) == {"a": [None, 1.5]}


def test_plans_and_their_clauses() -> None:
    assert "hebei-2023-2027" in call("plans").stdout
    clauses = call("plans", "hebei-2023-2027", width=200).stdout
    assert "受灾人员" in clauses
    assert "Chosen:" in clauses


def test_a_console_without_chinese_is_no_fault() -> None:
    here = {**os.environ, "PYTHONPATH": str(TINY.parents[1]), "PYTHONIOENCODING": "ascii"}
    words = [sys.executable, "-m", "simrescue", "check", str(TINY)]
    assert subprocess.run(words, capture_output=True, check=True, env=here).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to send")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_ctrl_c_keeps_what_is_finished(workers: str) -> None:
    words = ["run", str(TINY), "-n", "100000", "-w", workers, "--no-charts", "--events", "none", "--out", "stopped"]
    here = {**os.environ, "PYTHONPATH": str(TINY.parents[1])}
    process = subprocess.Popen([sys.executable, "-m", "simrescue", *words], stderr=subprocess.PIPE, text=True, env=here)
    until = time.monotonic() + 600
    while not any(Path("stopped").glob("parts/part-0*")) and process.poll() is None and time.monotonic() < until:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    try:
        _, errors = process.communicate(timeout=600)
    finally:
        process.kill()
    assert process.returncode == 130, errors
    assert "Traceback" not in errors
    stopped = read_results("stopped")
    assert stopped.manifest["complete"] is False
    assert 0 < len(stopped.replications) == stopped.manifest["finished"] < 100000


@pytest.mark.parametrize("name", COMMANDS)
def test_each_parameter_of_a_command_is_one_of_its_function(name: str) -> None:
    command = main.commands[name]
    assert command.callback is not None
    known = inspect.signature(command.callback).parameters.values()
    named = {one.name for one in known if one.kind != one.VAR_KEYWORD} - {"ctx"}  # that one is click's own
    offered = {one.name for one in command.params if one.expose_value}
    assert named <= offered
    assert named == offered or any(one.kind == one.VAR_KEYWORD for one in known)


@pytest.mark.parametrize(
    ("words", "keeps"), [(["schema"], False), (["plans"], False), (["run", "scenarios/tiny-flood"], True)]
)
def test_who_is_stopped_says_what_is_kept(words: list[str], keeps: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(click.Command, "invoke", stopped)
    result = CliRunner().invoke(main, ["--lang", "en", *words])
    assert result.exit_code == 130
    assert result.stderr.startswith("Interrupted")
    assert ("finished replications" in result.stderr) == keeps


def test_who_is_stopped_while_the_program_is_imported_sees_no_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    class Stopped:
        def find_spec(self, name: str, *_: object) -> None:
            if name == "simrescue.cli":
                raise KeyboardInterrupt

    monkeypatch.delitem(sys.modules, "simrescue.cli")
    monkeypatch.setattr(sys, "meta_path", [Stopped(), *sys.meta_path])
    with pytest.raises(SystemExit) as left:
        start()
    assert left.value.code == 130
