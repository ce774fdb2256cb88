"""The record of the real event in scenario.yaml: all that a run would need of it is checked before anything is run."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from simrescue import load
from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.metrics.recorded import FIGURES, MOMENT, Figure, figures, registered

HOME = Path(__file__).parents[2] / "scenarios"
SAYS = re.compile("value:|low:|high:|moment:|series:")
"""How an entry says its figure; without any the value is 1."""
WRONG = {
    "tiny-flood": [
        ("metric: happiness", "metric", "evacuated_by"),
        ("metric: rescud", "metric", 'did you mean "rescued"?'),
        ("metric: burned_ha", "metric", "a figure of a flood"),
        ("metric: rescued, place: atlantis", "place", "a known village"),
        ("metric: rescue_h, at: 49 h", "at", "48 h later"),
        ("metric: rescued, unit: 户", "unit", "persons"),
        ("metric: rescue_h, unit: days after the flood", "unit", "expected h"),
        ("metric: villages_affected_by, unit: 人", "unit", "expected villages"),
        ("metric: rescued, at: 2024-07-10T05:00+08:00", "at", "between the start"),
        ("metric: rescued, value: 1, low: 0, high: 3", "low", "one of value"),
        ("metric: rescued, low: 4, high: 3", "low", "low no more than high"),
        ("metric: rescued, low: 4", "low", "low and high"),
        ("metric: rescued, moment: 5 h", "moment", "one of value"),
        ("metric: water_arrives, value: 5", "value", "expected moment"),
        ("metric: water_arrives, moment: 50 h", "moment", "48 h later"),
        ("metric: rescued, low: 3, high: 4, bound: at least", "bound", "are the bounds"),
        ("metric: rescued, at: 5 h, series: [{at: 6 h, value: 2}]", "at", "has its own"),
        ("metric: rescued, series: [{at: 60 h, value: 2}]", "series.0.at", "48 h later"),
        ("metric: roads_closed_at, place: river", "place", "of the whole scenario"),
    ],
    "tiny-fire": [
        ("metric: burned_ha, unit: km²", "unit", "expected ha"),
        ("metric: burned_ha, place: atlantis", "place", "a known ignition"),
        ("metric: rescued, place: hill-road", "place", "a known village"),
    ],
}


def with_history(home: str, entries: list[str], folder: Path) -> Path:
    copy = folder / home
    shutil.copytree(HOME / home, copy)
    lines = [
        f"  - {{what: a figure, {'' if SAYS.search(entry) else 'value: 1, '}source: paper, {entry}}}"
        for entry in entries
    ]
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
    ("tiny-flood", figures(["flood"]), "river"), ("tiny-fire", figures(["wildfire"]), ""),
])  # fmt: skip
def test_every_known_figure_can_be_read_off_a_run(
    home: str, known: dict[str, Figure], place: str, tmp_path: Path
) -> None:
    from simrescue import run

    entries = [
        f"metric: {name}, at: 20 h{f', place: {place}' if place and figure.of else ''}"
        f"{', moment: 8 h' if figure.unit == MOMENT else ''}"
        for name, figure in known.items()
    ]
    loaded = load(with_history(home, entries, tmp_path))
    recorded = run(loaded, replications=1, workers=1, out=tmp_path / "out", events="none").recorded
    assert recorded["metric"].tolist() == list(known)
    assert set(recorded["over"]) == {"persons", "replications"}
    units = {figure.name: figure.unit for figure in figures(["flood", "wildfire"]).values()}
    assert recorded["unit"].tolist() == [units[name] for name in known]


@pytest.mark.parametrize("unit", ["persons", "人", "people of 3 towns", "survivors", ""])
def test_the_unit_may_be_said_in_any_words(unit: str, tmp_path: Path) -> None:
    folder = with_history("tiny-flood", [f'metric: rescued, unit: "{unit}"'], tmp_path)
    assert load(folder).settings.history[0].unit == unit


def test_a_figure_that_is_registered_is_known_to_scenarios_and_runs(tmp_path: Path) -> None:
    from simrescue import run

    dozens = Figure("rescued_dozens", "persons", lambda log, facts, at_h, place: 12.0)
    folder = with_history("tiny-flood", ["metric: rescued_dozens"], tmp_path)
    with pytest.raises(ScenarioError, match="rescued_dozens"):
        load(folder)
    with registered(dozens):
        recorded = run(load(folder), replications=1, workers=1, out=tmp_path / "out", events="none").recorded
        assert recorded[["metric", "median", "unit"]].values.tolist() == [["rescued_dozens", 12.0, "persons"]]
    assert "rescued_dozens" not in FIGURES


def test_half_a_figure_is_refused_with_all_that_is_missing() -> None:
    with pytest.raises(ValueError, match="half-registered") as told:
        Figure("two words", "", of="boulders")
    for lack in ("two words", "value or waits", "a unit", "boulders"):
        assert lack in str(told.value)
    with pytest.raises(ValueError, match="taken"), registered(FIGURES["rescued"]):
        pass
    assert "rescued" in FIGURES
