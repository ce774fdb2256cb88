"""Metrics that had another name in earlier versions: stored tables and files that use it are read as of now."""

from __future__ import annotations

from pathlib import Path

from simrescue.experiment.design.experiment_records import Watch
from simrescue.experiment.store import table_bytes
from simrescue.metrics.renamed import RENAMED, current_name
from simrescue.scenario.records import Recorded


def test_a_stored_table_is_read_under_the_names_of_now(tmp_path: Path) -> None:
    file = tmp_path / "replications.parquet"
    file.write_bytes(table_bytes.parquet({"replication": [0, 1], "died": [3, 4], "trapped": [5, 6]}))
    assert table_bytes.read(file).column_names == ["replication", "deaths", "trapped"]
    assert table_bytes.read(file, ("deaths",)).to_pydict() == {"deaths": [3, 4]}
    assert table_bytes.row_group(file, 0).column("deaths").to_pylist() == [3, 4]
    file.write_bytes(table_bytes.parquet({"deaths": [7]}))
    assert table_bytes.read(file, ("deaths",)).to_pydict() == {"deaths": [7]}


def test_files_may_use_the_names_of_before() -> None:
    assert Watch(metrics=("died", "trapped")).metrics == ("deaths", "trapped")
    assert Recorded(what="dead", what_zh="死亡", metric="died", value=0, source="paper").metric == "deaths"


def test_no_name_of_now_is_one_of_before() -> None:
    assert all(current_name(name) == name for name in RENAMED.values())
