"""Stored results come out again, and what does not is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from simrescue.cli import main
from simrescue.experiment.replications.reproduction import inputs_compared, items_compared
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.manifest import read_manifest, write_manifest
from simrescue.experiment.store.seal import sum_of_file

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"


def invoke(*words: object) -> Result:
    return CliRunner().invoke(main, list(map(str, words)), catch_exceptions=False)


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of a copy of the tiny flood, which tests may change."""
    top = tmp_path_factory.mktemp("reproduce")
    shutil.copytree(TINY, top / "tiny-flood")
    words = ("run", top / "tiny-flood", "-n", 2, "--seed", 5, "--no-charts", "--out", top / "results", "-w", 1)
    assert invoke(*words).exit_code == 0
    return top / "results"


def changed(stored: Path, folder: Path, name: str, column: str) -> Path:
    """Results of which one value of a table is another; all checksums are those of what lies there."""
    import pyarrow as pa

    shutil.copytree(stored, folder)
    table = table_bytes.read(folder / name)
    at = table.column_names.index(column)
    values = table.column(column).to_numpy().copy()
    values[-1] += 1
    (folder / name).write_bytes(table_bytes.packed(table.set_column(at, column, pa.array(values))))
    manifest = read_manifest(folder)
    manifest["files"][name] = sum_of_file(folder / name)
    write_manifest(folder, manifest)
    return folder


def test_a_run_comes_out_again_and_keeps_its_command_as_typed(stored: Path) -> None:
    found = invoke("reproduce", stored, "--json", "-w", 1)
    assert found.exit_code == 0
    told = json.loads(found.stdout)
    assert told["equal"]
    assert all(one["equal"] for one in told["inputs"])
    names = {one["file"] for one in told["items"]}
    assert names == {name for name in read_manifest(stored)["files"] if "/" not in name} | {"events/"}
    typed = read_manifest(stored)["command"]["typed"]
    assert typed[:3] == ["simrescue", "run", str(stored.parent / "tiny-flood")]
    assert "-n" in typed


def test_a_manifest_alone_is_enough(stored: Path, tmp_path: Path) -> None:
    kept = shutil.copy(stored / "manifest.copy.json", tmp_path / "kept.json")
    found = invoke("--lang", "en", "reproduce", kept, "-w", 1)
    assert found.exit_code == 0, found.output
    assert "all" in found.stdout


def test_a_file_counts_as_it_lies_there(stored: Path, tmp_path: Path) -> None:
    """A number changed by hand and a lost replication are seen, though the manifest is as it was written."""
    other = tmp_path / "other"
    shutil.copytree(stored, other)
    text = (other / "verdicts.csv").read_text(encoding="utf-8")
    (other / "verdicts.csv").write_text(text.replace(",0.5,", ",0.6,", 1), encoding="utf-8")
    (other / "events" / "replication-00001.parquet").unlink()
    (other / "places.parquet").unlink()
    found = invoke("--lang", "en", "reproduce", other, "-w", 1)
    assert found.exit_code == 1
    lines = [line.strip() for line in found.stdout.splitlines() if "not equal" in line]
    assert "places.parquet: not equal: the stored file is missing" in lines
    assert any(line.startswith("event logs: not equal: missing 1 of 2, the first is") for line in lines)
    assert [line.partition(":")[0] for line in lines] == ["verdicts.csv", "places.parquet", "event logs"]


@pytest.mark.parametrize(
    ("name", "column", "told"),
    [("places.parquet", "affected", "other values in: affected"), ("events/replication-00001.parquet", "persons",
     "differing 1 of 2, the first is events/replication-00001.parquet")],
)  # fmt: skip
def test_what_differs_is_named(name: str, column: str, told: str, stored: Path, tmp_path: Path) -> None:
    other = changed(stored, tmp_path / "other", name, column)
    items = items_compared(other, read_manifest(other), stored, read_manifest(stored))
    differing = [one for one in items if not one.is_same]
    assert [one.difference.en for one in differing] == [told]
    found = invoke("--lang", "zh", "reproduce", other, "-w", 1)
    assert found.exit_code == 1
    assert differing[0].difference.zh in found.stdout


def test_another_verdict_is_told_by_its_clause(stored: Path, tmp_path: Path) -> None:
    folder = tmp_path / "other"
    shutil.copytree(stored, folder)
    path = folder / "verdicts.csv"
    lines = path.read_text(encoding="utf-8").replace("undecided", "met", 1)
    path.write_text(lines, encoding="utf-8", newline="")
    manifest = read_manifest(folder)
    manifest["files"]["verdicts.csv"] = sum_of_file(path)
    items = items_compared(folder, manifest, stored, read_manifest(stored))
    (verdicts,) = [one for one in items if not one.is_same]
    assert verdicts.name == "verdicts.csv"
    assert "undecided" in verdicts.difference.en
    assert "stored met" in verdicts.difference.en


def test_a_changed_scenario_is_told_before_the_items(stored: Path, tmp_path: Path) -> None:
    folder = tmp_path / "moved"
    shutil.copytree(stored, folder)
    manifest = read_manifest(folder)
    scenario = tmp_path / "tiny-flood"
    shutil.copytree(TINY, scenario)
    text = (scenario / "scenario.yaml").read_text(encoding="utf-8")
    (scenario / "scenario.yaml").write_text(text.replace("title: ", "title: Another ", 1), encoding="utf-8")
    manifest["command"]["words"][2] = str(scenario)
    write_manifest(folder, manifest)
    found = invoke("--lang", "en", "reproduce", folder, "-w", 1)
    assert found.exit_code == 0  # a title moves no table
    assert "Scenario (SHA-256)" in found.stdout
    assert found.stdout.index("Scenario (SHA-256)") < found.stdout.index("verdicts.csv")


def test_inputs_that_neither_has_are_left_out_and_one_sided_ones_differ() -> None:
    found = inputs_compared({"seed": 1, "plans": {"a": "x"}}, {"seed": 1, "plans": {}})
    assert [(one.name.en, one.is_same) for one in found] == [("Plan a (SHA-256)", False), ("Random seed", True)]


def test_a_run_cut_short_is_not_reproduced(stored: Path, tmp_path: Path) -> None:
    folder = tmp_path / "short"
    shutil.copytree(stored, folder)
    manifest = read_manifest(folder)
    manifest["complete"] = False
    write_manifest(folder, manifest)
    found = invoke("--lang", "en", "reproduce", folder)
    assert found.exit_code == 1
    assert "cut short" in found.stderr
