"""A scenario as a workbook comes back as it was: the same files, the same log."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from simrescue import load, run
from simrescue.cli import main
from simrescue.errors import ScenarioError
from simrescue.export.scenario_workbook import export_scenario
from simrescue.intake.importing import import_files

pytest.importorskip("python_calamine")
pytest.importorskip("xlsxwriter")
SCENARIOS = Path(__file__).parents[2] / "scenarios"


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")


@pytest.mark.parametrize("name", sorted(path.parent.name for path in SCENARIOS.glob("*/scenario.yaml")))
def test_every_file_comes_back(name: str, tmp_path: Path) -> None:
    files = export_scenario(SCENARIOS / name, "zh", tmp_path / "out")
    import_files(tmp_path / name, files)
    tables = {path.name for path in (SCENARIOS / name).glob("*.csv")}
    rasters = {path.name for path in files} - {f"{name}.xlsx"}
    assert {path.name for path in (tmp_path / name).iterdir()} == tables | rasters | {"scenario.yaml"}
    for file in (*tables, *rasters, "scenario.yaml"):
        assert text(tmp_path / name / file) == text(SCENARIOS / name / file), file


def test_the_log_is_the_same(tmp_path: Path) -> None:
    import_files(tmp_path / "tiny-flood", export_scenario(SCENARIOS / "tiny-flood", "en", tmp_path))
    logs = [
        run(load(folder), replications=1, seed=1, workers=1, out=tmp_path / out).log(0)
        for folder, out in ((SCENARIOS / "tiny-flood", "a"), (tmp_path / "tiny-flood", "b"))
    ]
    assert all(np.array_equal(*columns, equal_nan=True) for columns in zip(*logs, strict=True))


def test_nasty_names_come_back(tmp_path: Path) -> None:
    """What begins like a formula, looks like a number or reaches over two lines is a name."""
    folder = tmp_path / "tiny-flood"
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    villages = text(folder / "villages.csv")
    names = {
        "东渡村": "=1+1", "柳湾村": "@SUM(A1)", "高岸村": "0012", "苇洼村": "_x0041_村", "鸭塘村": "长塆𠙶村",
        "Reed Hollow": '"a ""b"", c"', "Duck Pond": '"two\nlines"',
    }  # fmt: skip
    for plain, nasty in names.items():
        assert plain in villages
        villages = villages.replace(plain, nasty)
    (folder / "villages.csv").write_text(villages, encoding="utf-8", newline="\n")
    before = load(folder).villages
    import_files(tmp_path / "back" / "tiny-flood", export_scenario(folder, "zh", tmp_path / "out"))
    assert load(tmp_path / "back" / "tiny-flood").villages == before


def test_a_workbook_that_was_worked_on_brings_its_changes_and_keeps_those_by_hand(tmp_path: Path) -> None:
    folder, home = tmp_path / "county", tmp_path / "tiny-flood"
    import_files(folder, export_scenario(SCENARIOS / "tiny-flood", "zh", tmp_path / "first"))
    by_hand = text(folder / "boats.csv").replace(",12,", ",13,")
    (folder / "boats.csv").write_text(by_hand, encoding="utf-8")
    shutil.copytree(SCENARIOS / "tiny-flood", home)
    (home / "villages.csv").write_text(text(home / "villages.csv").replace(",420,", ",421,"), encoding="utf-8")
    (home / "scenario.yaml").write_text(text(home / "scenario.yaml") + "# more\n", encoding="utf-8")
    import_files(folder, export_scenario(home, "zh", tmp_path / "second"))
    assert [village.population for village in load(folder).villages if village.id == "east-ferry"] == [421]
    assert text(folder / "boats.csv") == by_hand
    assert text(folder / "scenario.yaml").endswith("# more\n")
    assert load(folder).settings.name == "county", "a scenario of another name is another one"
    (folder / "scenario.yaml").write_text("simrescue: 1\n", encoding="utf-8")
    import_files(folder, export_scenario(SCENARIOS / "tiny-flood", "zh", tmp_path / "third"))
    assert text(folder / "scenario.yaml") == "simrescue: 1\n", "a hand's settings stay"


def test_a_raster_that_nothing_names_is_one_of_depth_and_refused_where_it_has_no_place(tmp_path: Path) -> None:
    files = export_scenario(SCENARIOS / "tiny-fire", "en", tmp_path / "out")
    stray = tmp_path / "stray.asc"
    stray.write_text("ncols 2\nnrows 1\nxllcorner 115\nyllcorner 39\ncellsize 0.1\n1 2\n", encoding="utf-8")
    with pytest.raises(ScenarioError, match=r"stray.asc: expected a raster with its system of coordinates"):
        import_files(tmp_path / "tiny-fire", [*files, stray])
    assert not (tmp_path / "tiny-fire").exists()


def test_a_scenario_with_faults_is_not_exported(tmp_path: Path) -> None:
    folder = tmp_path / "bad"
    shutil.copytree(SCENARIOS / "tiny-flood", folder)
    (folder / "scenario.yaml").write_text("nothing: here\n", encoding="utf-8")
    done = CliRunner().invoke(main, ["--lang", "en", "export", str(folder), "--out", str(tmp_path / "out")])
    assert done.exit_code == 2
    assert "scenario.yaml" in done.stderr
    assert not (tmp_path / "out").exists()
