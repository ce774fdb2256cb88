"""The commands that end in a decision, on a tiny flood with a fixed seed."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
import yaml

from simrescue.cli.show.progress import Progress
from simrescue.errors import FaultsError
from simrescue.experiment.studies.mending.menu import read_menu
from simrescue.scenario.load import load
from tests.command import call
from tests.experiment.judged import judged


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return judged(tmp_path_factory.mktemp("judged"))


@pytest.mark.slow
def test_compare_scenarios_and_folders(home: Path, tmp_path: Path) -> None:
    slow = call("compare", f"{home}:prepared", f"{home}:slow", "-n", 60, "-w", 1, "-c", "S1", "-m", "late_person_h",
                "--best", "late_person_h", "--smallest", where=tmp_path)  # fmt: skip
    assert slow.exit_code == 0, slow.stderr
    told = " ".join(slow.stdout.split())  # as wide as the screen
    assert re.search(r"tiny-flood:slow against tiny-flood:prepared .*Person-hours of waiting .* higher", told)
    assert "Best in Person-hours of waiting beyond 10 h: tiny-flood:prepared, with 95 % confidence" in told
    for seed, out in ((1, "a"), (2, "b")):
        quick = ("-n", 4, "-w", 1, "--no-charts", "--seed", seed, "--out", out)
        assert call("run", home, *quick, where=tmp_path).exit_code == 0
    found = call("compare", "a", "b", "--json", where=tmp_path)
    answer = json.loads(found.stdout)
    assert "do not meet the same events" in answer["warnings"][0]
    assert {row["pairs"] for row in answer["comparisons"]} == {4}
    assert {row["what"] for row in answer["comparisons"]} >= {"small-plan/S1", "small-plan/S3", "deaths"}


def test_bad_sides(home: Path, tmp_path: Path) -> None:
    one = call("compare", home, where=tmp_path)
    assert one.exit_code == 2
    assert "at least two sides" in one.stderr
    unknown = call("compare", home, f"{home}:slw", "-n", 2, where=tmp_path)
    assert unknown.exit_code == 2
    assert 'did you mean "slow"' in unknown.stderr
    for option, told in (("--clause", "Known: S1, S2"), ("--metric", "Known: population"), ("--best", "Known: S1, S2")):
        wrong = call("compare", home, f"{home}:slow", "-n", 2, "-w", 1, option, "S9", where=tmp_path)
        assert wrong.exit_code == 2
        assert "'S9'" in wrong.stderr
        assert told in wrong.stderr
        assert wrong.stdout == ""
    neither = call("compare", tmp_path, home, "-n", 2, where=tmp_path)
    assert neither.exit_code == 2
    assert "results (manifest.json) or a scenario (scenario.yaml)" in neither.stderr
    file = Path(__file__).parents[1] / "scenarios" / "tiny-flood" / "scenario.yaml"
    for_the_folder = call("compare", file, f"{file}:prepared", "-n", 2, "-w", 1, where=tmp_path)
    assert for_the_folder.exit_code == 0, for_the_folder.stderr


def test_a_search_that_finds_nothing_says_what_is_open(home: Path, tmp_path: Path) -> None:
    boats = {"path": "boats.boats-town.count", "values": [1, 2]}
    file = home.parent / "few.yaml"
    told = {"simrescue": 1, "name": "few", "scenario": home.name, "factors": {"boats": boats}, "replications": 4}
    file.write_text(yaml.safe_dump(told), encoding="utf-8")
    found = call("size", file, "-w", 1, "--clause", "S2", where=tmp_path)
    assert found.exit_code == 0, found.stderr
    assert "None was shown to be enough for S2; that is not to say that none is." in found.stdout
    assert "Undecided, and not shown to be too little: " in found.stdout
    assert "One step more" not in found.stdout
    assert call("size", file, "-w", 1, "--clause", "S9", where=tmp_path).exit_code == 2


def test_what_no_sensitivity_can_be_read_from(home: Path, tmp_path: Path) -> None:
    file = home.parent / "grid.yaml"
    boats = {"path": "boats.boats-town.count", "values": [1, 2]}
    told = {"simrescue": 1, "name": "grid", "scenario": home.name, "factors": {"boats": boats}, "replications": 2}
    file.write_text(yaml.safe_dump(told), encoding="utf-8")
    assert call("sweep", file, "-w", 1, "--no-charts", "--out", "grid", where=tmp_path).exit_code == 0
    for given in ((), ("--json",)):
        found = call("sensitivity", "grid", *given, where=tmp_path)
        assert found.exit_code == 2
        assert "has the design grid; expected one of one-at-a-time" in found.stderr


def test_size_finds_the_least_that_does(home: Path, tmp_path: Path) -> None:
    file = home.parent / "boats.yaml"
    lever = {"label": "Town boats", "label_zh": "镇舟艇", "path": "boats.boats-town.count", "values": [1, 4, 12, 18]}
    content = {
        "simrescue": 1, "name": "boats", "scenario": "tiny-flood", "factors": {"boats": lever},
        "watch": {"clauses": ["S1"]}, "replications": {"min": 6, "max": 40, "batch": 6},
    }  # fmt: skip
    file.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    found = call("size", file, "-w", 1, where=tmp_path)
    assert found.exit_code == 0, found.stderr
    enough = re.search(r"Enough: Town boats (\d+)\. S1 is met", found.stdout)
    assert enough is not None
    assert int(enough[1]) == 12
    assert "replications spent" in found.stdout
    none = call("size", file, "-w", 1, "-c", "S3", "--json", where=tmp_path)
    told = json.loads(none.stdout)
    assert told["best"] is None
    assert told["spent"] > 0
    (row,) = told["tried"][0]["verdicts"].values()
    assert {"value", "value_low", "needed", "short", "estimate", "low", "verdict"} <= row.keys()


@pytest.mark.slow
def test_mend_prints_the_cheapest_change(home: Path, tmp_path: Path) -> None:
    menu = tmp_path / "menu.yaml"
    changes = {
        "two": {"label": "two boats more", "cost": 160000, "set": {"boats.boats-town.count": 4}},
        "many": {"label": "many boats", "label_zh": "多艘舟艇", "cost": 1300000, "set": {"boats.boats-town.count": 18}},
    }
    menu.write_text(yaml.safe_dump({"simrescue": 1, "changes": changes}, allow_unicode=True), encoding="utf-8")
    found = call("mend", home, "--menu", menu, "-c", "S1", "--budget", 200, "-w", 1, where=tmp_path)
    assert found.exit_code == 0, found.stderr
    assert "Cheapest package that turns S1: two boats more, 160,000 yuan" in found.stdout
    assert "S1: best so far" in found.stderr
    # How it stands comes before what mends it: value, need, what is short and where, chance.
    assert re.search(r"S1 as it is, needed 30 %: \d.* % of .* within\s+12 h \(", found.stdout)
    assert re.search(r"With it: .*holds in", found.stdout, re.DOTALL)
    none = call("mend", home, "--menu", menu, "-c", "S3", "--budget", 60, "-w", 1, "--json", where=tmp_path)
    (told,) = json.loads(none.stdout)["clauses"]
    assert told["turning"] == []
    assert told["everything"]["verdict"] == "not met"
    assert "No package turns S3: with everything on the menu together (2 changes)" in told["sentences"][0]
    assert told["forces"]
    late = call("mend", home, "--menu", menu, "-c", "S3", "--minutes", 1e-9, "-w", 1, "--seed", 9, where=tmp_path)
    assert late.exit_code == 0, late.stderr
    wrong = call("mend", home, "--menu", "none.yaml", where=tmp_path)
    assert wrong.exit_code == 2


def test_a_menu_that_was_shown_can_be_read_again(home: Path, tmp_path: Path) -> None:
    shown = call("mend", home, "--show-menu", where=tmp_path)
    assert shown.exit_code == 0, shown.stderr
    (tmp_path / "menu.yaml").write_text(shown.stdout, encoding="utf-8")
    again = call("mend", home, "--menu", "menu.yaml", "--show-menu", where=tmp_path)
    assert again.stdout == shown.stdout


@pytest.mark.slow
def test_sensitivity_of_a_sweep(home: Path, tmp_path: Path) -> None:
    file = home.parent / "hangs.yaml"
    report = {"label": "Time of a report", "path": "command.report", "unit": "min", "role": "uncertainty",
              "values": [2, 2880]}  # fmt: skip
    content = {
        "simrescue": 1, "name": "hangs", "scenario": "tiny-flood", "factors": {"report": report},
        "design": {"kind": "one-at-a-time"}, "watch": {"clauses": ["S2"]}, "replications": 24,
    }  # fmt: skip
    file.write_text(yaml.safe_dump(content), encoding="utf-8")
    assert call("sweep", file, "-w", 1, "--no-charts", "--out", "hangs", where=tmp_path).exit_code == 0
    found = call("sensitivity", "hangs", "-o", "S2", "-o", "late_person_h", where=tmp_path)
    assert found.exit_code == 0, found.stderr
    assert "Person-hours of waiting beyond 10 h: with Time of a report 2880 min it goes from " in " ".join(
        found.stdout.split()
    )
    told = json.loads(call("sensitivity", "hangs", "--json", where=tmp_path).stdout)
    assert told["design"] == "one-at-a-time"
    assert {of: len(told["bars"]) for of, told in told["outputs"]["small-plan/S2"].items()} == {"value": 2, "chance": 2}
    side = call("compare", "hangs:0", "hangs:2", "--json", where=tmp_path)
    assert json.loads(side.stdout)["warnings"] == []


def test_the_bound_beside_each_clause(home: Path, tmp_path: Path) -> None:
    found = call("bound", home, "-n", 3, where=tmp_path)
    assert found.exit_code == 0, found.stderr
    assert "S3: even the best dispatch of these forces keeps it in at most" in found.stdout
    told = json.loads(call("bound", home, "-n", 3, "-c", "S1", "--json", where=tmp_path).stdout)
    assert told[0]["simulated"]["estimate"] <= told[0]["best"]["estimate"]


def test_help_names_them(tmp_path: Path) -> None:
    text = call("--help", where=tmp_path).stdout
    assert all(name in text for name in ("compare", "size", "mend", "sensitivity", "bound"))


def test_an_empty_menu_is_refused_in_words(home: Path, tmp_path: Path) -> None:
    (tmp_path / "menu.yaml").write_text("simrescue: 1\nchanges: {}\n", encoding="utf-8")
    with pytest.raises(FaultsError, match=r"line 2, changes: expected at least 1 of them$"):
        read_menu(tmp_path / "menu.yaml", load(home))


def test_off_a_terminal_a_long_search_is_heard_of_each_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    """A search of 1200 replications that takes 20 s each: a quarter of them would be told after 100 minutes."""
    clock = iter(range(0, 10_000, 10))
    monkeypatch.setattr("simrescue.cli.show.progress.time.monotonic", lambda: float(next(clock)))
    heard = StringIO()
    monkeypatch.setenv("SIMRESCUE_LANG", "en")
    with Progress("mend", heard, at_most=25) as progress:
        for done in range(1, 31):
            progress(done, 1200)
    lines = heard.getvalue().splitlines()
    assert len(lines) >= 5
    assert all("(at most 1200, or 25 min)" in line for line in lines)
