"""What the command shows after a run of a forest fire."""

from __future__ import annotations

from pathlib import Path

import pytest

from simrescue.cli.tables import show_batch, show_run
from tests.charts import factory, fire_factory


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
