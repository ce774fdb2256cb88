"""The page on results names every file and every column that a run writes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from simrescue import load, run
from simrescue.charts import draw_all
from simrescue.events import COLUMNS
from simrescue.experiment.store.run_writer import Results

TOP = Path(__file__).parents[2]
WORDS = set(re.findall(r"`([^`\n]+)`", (TOP / "docs" / "results.md").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    stored = run(load(TOP / "scenarios" / "tiny-flood"), replications=1, out=tmp_path_factory.mktemp("results") / "run")
    draw_all(stored)
    return stored


def test_every_file_is_named(results: Results) -> None:
    names = {path.name + "/" * path.is_dir() for path in results.path.iterdir()} - {"events/"}
    assert names | {"events/replication-00000.parquet"} <= WORDS
    assert (results.path / "events" / "replication-00000.parquet").exists()


@pytest.mark.parametrize(
    "table", ["places", "clauses", "curves", "responses", "shortfalls", "things", "roads", "verdicts", "recorded"]
)
def test_every_column_is_named(results: Results, table: str) -> None:
    assert set(getattr(results, table).columns) - WORDS == set()


def test_manifest_and_log_are_named(results: Results) -> None:
    assert set(results.manifest) | set(results.manifest["platform"]) | set(COLUMNS) <= WORDS
    assert set(results.manifest["scenario"]) - {"name", "variant"} <= WORDS
