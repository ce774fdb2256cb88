"""What the command shows after a run of a forest fire."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from simrescue import load, read_results, run
from simrescue.charts.wildfire.fire_map import _begun
from simrescue.cli.run.run_places import MOST_FIRES
from simrescue.cli.run.run_screen import show_run
from simrescue.cli.run.side_by_side import show_batch
from simrescue.report.replay.page import _kinds_shown
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
    assert "In 1 of 5 replications a fire runs off the landscape" in " ".join(shown.split())
    results.fires["off_map_h"] = np.inf
    show_run(results)
    assert "runs off the landscape" not in " ".join(capsys.readouterr().out.split())


def test_the_middle_size_of_a_fire_lies_within_its_band(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of two replications the middle is the smaller: a band drawn in between had begun above it."""
    results = fire_factory.stored(tmp_path / "run", 2)
    results.fires["burned_ha"] = np.where(results.fires["replication"] == 0, 73.0, 1255.0)
    show_run(results)
    shown = " ".join(capsys.readouterr().out.split())
    assert "73 ha" in shown
    assert "73 to 1,255" in shown


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


def test_of_the_places_where_fires_may_start_those_are_shown_where_one_did(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rates = {f"ignition_rates.people.grade_{grade}": 4 for grade in range(1, 6)}
    scenario = load(TINY_FIRE, variant="day-of-fires", sets={"duration": "60 h", **rates})
    results = run(scenario, replications=3, seed=1, out=tmp_path / "run")
    table, counted = results.fires, results.replications.set_index("replication")["fires"]
    assert np.isfinite(table["began_h"]).all()
    assert table.groupby("replication").size().to_dict() == counted.to_dict()
    assert table["fire"].nunique() > MOST_FIRES
    burned = set(table.loc[table["replication"] == 1, "fire"])
    shown = _begun(results, 1)
    assert set(shown.loc[shown["kind"] == "ignition", "index"]) == burned
    kinds = _kinds_shown(results.things, results.log(1))
    assert {i for i, kind in enumerate(kinds) if kind == "ignition"} == burned
    show_run(results)
    told = capsys.readouterr().out
    assert f"The {MOST_FIRES} largest of {table['fire'].nunique()} fires" in told
    assert sum(line.strip().startswith(("Field Fire", "Lightning Fire")) for line in told.splitlines()) == MOST_FIRES
