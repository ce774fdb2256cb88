"""Killed at any file operation, the same command ends in the same bytes; what stood before can be read until then."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path
from typing import Any

import pytest
import yaml

from simrescue.experiment.store import append_tables
from simrescue.experiment.store.run_writer import RunWriter
from simrescue.experiment.store.stored_results import read_results
from simrescue.experiment.store.verify import flaws
from simrescue.experiment.store.whole_files import write_whole
from tests.charts import factory
from tests.command import call
from tests.crash import contents, crashed
from tests.experiment.judged import judged

TOP = Path(__file__).parents[2]


def _store(folder: Path, replications: int, seed: int = 1) -> None:
    append_tables._PART_ROWS, append_tables._PART_SECONDS = 2, math.inf
    manifest = factory.manifest(replications, seed=seed)
    with RunWriter(folder, manifest, factory.things(), factory.roads()) as writer:
        for number in writer.missing:
            writer.add(factory.result(number))
        writer.finish(factory.verdicts(), factory.recorded())


def a_new_store(folder: Path) -> None:
    _store(folder, 3)


def a_longer_store(folder: Path) -> None:
    _store(folder, 4)


def a_longer_store_after(folder: Path) -> None:
    """The old results or the new ones, whole."""
    results = read_results(folder)
    assert len(results.verdicts) == len(factory.verdicts())
    assert len(results.replications) == results.manifest["replications"] in (2, 4)
    for number in results.logged():
        results.log(number)
    assert len(results.places) == 40 * results.manifest["replications"]


def another_store(folder: Path) -> None:
    _store(folder, 2, seed=8)


def another_store_after(folder: Path) -> None:
    results = read_results(folder)
    assert len(results.verdicts) == len(factory.verdicts())
    assert results.replications["seed"].unique().tolist() == [results.manifest["seed"]]


def a_damaged_store(folder: Path) -> None:
    _store(folder, 2)


def a_run(folder: Path) -> None:
    from simrescue import load, run

    append_tables._PART_ROWS, append_tables._PART_SECONDS = 1, math.inf
    run(load(TOP / "scenarios" / "tiny-flood"), replications=2, workers=1, out=folder)


def a_sweep(folder: Path) -> None:
    from simrescue.experiment.sweep.experiment_run import run_experiment

    append_tables._PART_ROWS, append_tables._PART_SECONDS = 1, math.inf
    run_experiment(folder.parent.parent / "experiment.yaml", out=folder, workers=1)


def the_same_in_the_end(action: str, folder: Path, points: int) -> None:
    ends = crashed(f"tests.experiment.test_crash:{action}", folder, points)
    assert ends
    expected = contents(folder / "whole")
    for place, told in ends:
        assert not told, told
        assert contents(place) == expected, place
        assert flaws(place) == []


def test_a_new_store(tmp_path: Path) -> None:
    the_same_in_the_end("a_new_store", tmp_path / "runs", 12)


@pytest.mark.parametrize("action", ["a_longer_store", "another_store", "a_damaged_store"])
@pytest.mark.slow
def test_a_store_that_is_there_already(tmp_path: Path, action: str) -> None:
    _store(tmp_path / "before", 2)
    if action == "a_damaged_store":
        (tmp_path / "before" / "places.parquet").write_bytes(b"")
        (tmp_path / "before" / "events" / "replication-00001.parquet").unlink()
    for name in ("whole", *map(str, range(1, 400))):
        shutil.copytree(tmp_path / "before", tmp_path / "runs" / name)
    the_same_in_the_end(action, tmp_path / "runs", 8)


@pytest.mark.slow
def test_a_run(tmp_path: Path) -> None:
    the_same_in_the_end("a_run", tmp_path / "runs", 5)


@pytest.mark.slow
def test_a_sweep(tmp_path: Path) -> None:
    from tests.experiment.experiments import written

    written(tmp_path, replications=1, events="failures")
    the_same_in_the_end("a_sweep", tmp_path / "runs", 8)


# ---- searches: what they remember is kept, and the answer is that of a search that was left alone


def _answer(folder: Path, *words: object) -> None:
    """The answer of a command with its memory in the folder, without the CPU seconds of this time."""
    append_tables._PART_ROWS, append_tables._PART_SECONDS = 1, math.inf
    told = call("--lang", "en", *words, "-w", 1, "--memory", folder / "memory", "--json", code=0).stdout
    answer = json.loads(told)
    write_whole(folder / "answer.json", json.dumps(_without_costs(answer)).encode())


def _without_costs(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {name: _without_costs(part) for name, part in answer.items() if name != "cpu_s"}
    return [*map(_without_costs, answer)] if isinstance(answer, list) else answer


def a_mend(folder: Path) -> None:
    home = folder.parent.parent
    _answer(folder, "mend", home / "scenarios" / "tiny-flood", "--menu", home / "menu.yaml", "-c", "S1", "--budget", 12)


def a_size(folder: Path) -> None:
    _answer(folder, "size", folder.parent.parent / "boats.yaml")


def an_explain(folder: Path) -> None:
    _answer(folder, "explain", folder / "results", "-c", "S2", "--budget", 10)


@pytest.mark.parametrize("action", ["a_mend", "a_size", "an_explain"])
@pytest.mark.slow
def test_a_search(tmp_path: Path, action: str) -> None:
    scenario = judged(tmp_path)
    boats = {"label": "Town boats", "path": "boats.boats-town.count", "values": [1, 6]}
    change = {"label": "many boats", "cost": 9, "set": {"boats.boats-town.count": 18}}
    for name, content in {
        "menu": {"changes": {"many": change}},
        "boats": {"name": "boats", "scenario": str(scenario), "watch": {"clauses": ["S1"]}, "factors": {"boats": boats},
                  "replications": {"min": 2, "max": 4, "batch": 2}},
    }.items():  # fmt: skip
        (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump({"simrescue": 1, **content}), encoding="utf-8")
    if action == "an_explain":
        call("run", scenario, "-n", 2, "-w", 1, "--no-charts", "--out", tmp_path / "results", code=0)
        for name in ("whole", *map(str, range(1, 300))):
            shutil.copytree(tmp_path / "results", tmp_path / "runs" / name / "results")
    ends = crashed(f"tests.experiment.test_crash:{action}", tmp_path / "runs", 3)
    assert ends
    expected = (tmp_path / "runs" / "whole" / "answer.json").read_bytes()
    for place, wrong in ends:
        assert not wrong, wrong
        assert (place / "answer.json").read_bytes() == expected, place
