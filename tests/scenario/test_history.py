"""The record of the real event in scenario.yaml: all that a run would need of it is checked before anything is run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue import load
from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.metrics.recorded import FIRES, PLACES, WAITS

HOME = Path(__file__).parents[2] / "scenarios"
WRONG = {
    "tiny-flood": [
        ("metric: happiness", "metric", "evacuated_by"),
        ("metric: rescud", "metric", 'did you mean "rescued"?'),
        ("metric: burned_ha", "metric", "a figure of a flood"),
        ("metric: rescued, place: atlantis", "place", "a known village"),
        ("metric: rescue_h, at: 49 h", "at", "48 h later"),
        ("metric: rescued, at: 2024-07-10T05:00+08:00", "at", "between the start"),
    ],
    "tiny-fire": [
        ("metric: burned_ha, place: atlantis", "place", "a known ignition"),
        ("metric: rescued, place: hill-road", "place", "a known village"),
    ],
}


def with_history(home: str, entries: list[str], folder: Path) -> Path:
    copy = folder / home
    shutil.copytree(HOME / home, copy)
    lines = [f"  - {{what: a figure, value: 1, source: paper, {entry}}}" for entry in entries]
    with (copy / "scenario.yaml").open("a", encoding="utf-8") as file:
        file.write("\nhistory:\n" + "\n".join(lines) + "\n")
    return copy


@pytest.mark.parametrize("home", WRONG)
@pytest.mark.parametrize("command", ["check", "run"])
def test_every_fault_is_told_with_its_line_and_nothing_is_run(home: str, command: str, tmp_path: Path) -> None:
    folder = with_history(home, [entry for entry, _, _ in WRONG[home]], tmp_path)
    out = tmp_path / "out"
    result = CliRunner().invoke(main, [command, str(folder), *(["--out", str(out)] if command == "run" else [])])
    assert result.exit_code == 2, result.output
    assert not out.exists()
    told = " ".join(result.output.split())
    first = len((HOME / home / "scenario.yaml").read_text(encoding="utf-8").splitlines()) + 3
    for number, (_, field, expected) in enumerate(WRONG[home]):
        assert f"line {first + number}" in told
        assert f"history.{number}.{field}" in told
        assert expected in told


@pytest.mark.parametrize(("home", "known", "place"), [
    ("tiny-flood", [*PLACES, *WAITS], "river"), ("tiny-fire", [*PLACES, *WAITS, *FIRES], ""),
])  # fmt: skip
def test_every_known_figure_can_be_read_off_a_run(home: str, known: list[str], place: str, tmp_path: Path) -> None:
    from simrescue import run

    entries = [f"metric: {name}, at: 20 h" + (f", place: {place}" if place else "") for name in known]
    loaded = load(with_history(home, entries, tmp_path))
    recorded = run(loaded, replications=1, workers=1, out=tmp_path / "out", events="none").recorded
    assert recorded["metric"].tolist() == known
    assert set(recorded["over"]) == {"persons", "replications"}


def test_a_zone_without_a_village_is_no_place_of_a_figure(tmp_path: Path) -> None:
    """It was taken, and the run died after the simulation: nobody lives in it."""
    folder = with_history("tiny-flood", ["metric: rescued, place: lonely"], tmp_path)
    with (folder / "levels.csv").open("a", encoding="utf-8") as file:
        columns = (folder / "levels.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
        cells = {"zone": "lonely", "time": "1 h"}
        file.write(",".join(cells.get(name, "1" if name.startswith("level") else "") for name in columns) + "\n")
    with pytest.raises(ScenarioError, match="zone of villages"):
        load(folder)
