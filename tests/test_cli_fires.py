"""What the command shows after a run of a forest fire."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from simrescue import read_results
from simrescue.cli.run.side_by_side import show_batch
from simrescue.cli.run.verdict_tables import show_run
from tests.charts import factory, fire_factory
from tests.command import call

TINY_FIRE = Path(__file__).parents[1] / "scenarios" / "tiny-fire"


def test_a_fire_is_told_from_report_to_containment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    results = fire_factory.stored(tmp_path / "run", 5)
    show_run(results)
    shown = capsys.readouterr().out
    contained = results.fires["contained_h"] - results.fires["reported_h"]
    row = next(line for line in shown.splitlines() if "North slope" in line)
    assert "80 %" in row
    assert f"{int(contained.median())} h" in row
    assert f"{results.fires['burned_ha'].median():,.0f} ha" in row
    caught = next(line for line in shown.splitlines() if "Shangzhuang" in line)
    assert caught.split()[-2:] == ["64", "0"]
    assert "Deepest water" not in shown


def test_numbers_of_fires_stand_beside_fires_only(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    flood, fire = factory.stored(tmp_path / "flood", 1), fire_factory.stored(tmp_path / "fire", 1)
    for results, burned in ((flood, False), (fire, True)):
        show_batch([results, results], ["a", "b"])
        assert ("Hectares burned" in capsys.readouterr().out) is burned


def test_a_fire_of_another_model_is_told_as_such(tmp_path: Path) -> None:
    """Whoever reads the verdicts or the pre-flight must know that nobody could slow this fire."""
    folder = tmp_path / "given"
    shutil.copytree(TINY_FIRE, folder)
    lines = (folder / "elevation.asc").read_text(encoding="utf-8").splitlines()
    header, rows = lines[:-60], lines[-60:]
    hours = [" ".join(f"{abs(i - 30) / 10 + abs(j - 30) / 10:.1f}" for j in range(60)) for i in range(len(rows))]
    (folder / "arrival.asc").write_text("\n".join([*header, *hours]) + "\n", encoding="utf-8")
    change = ("--set", "hazard.layers.arrival=arrival.asc")
    run = ("run", folder, "-n", 1, "-w", 1, "--no-charts", "-o", tmp_path / "out", *change)
    assert "another model's arrival times" in call(*run, code=0).stdout
    assert read_results(tmp_path / "out").fire_is_given
    assert "another model's" in " ".join(call("check", folder, *change).stdout.split())
