"""`simrescue sweep` as a planner types it: forecast, run, carried on, refused, interrupted."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result

from simrescue.experiment.store.sweep_results import read_sweep
from tests.command import call
from tests.experiment.experiments import TOP, written


def sweep(*arguments: object, code: int = 0) -> Result:
    return call("sweep", *arguments, where=TOP, width=150, code=code)


def test_a_dry_run_stores_nothing(tmp_path: Path) -> None:
    rule = {"min": 5, "max": 50}
    file = written(tmp_path, replications=rule, events="worst 2", variants=["", "prepared"])
    told = sweep(file, "--dry-run", "--out", tmp_path / "out").stdout
    assert "4 points, 20 to 200 replications" in told
    assert "for the first replication" in told
    assert "the worst 2 of each point; 8 at most" in told
    assert "Watched: T01a" in told
    assert "600,000" in told
    assert not (tmp_path / "out").exists()


def test_a_sweep_shows_its_verdicts_and_is_carried_on(tmp_path: Path) -> None:
    file, out = written(tmp_path, variants=["", "prepared"]), tmp_path / "out"
    first = sweep(file, "--out", out, "--workers", 1, "--no-charts", "-n", 2)
    assert "undecided" in first.stdout
    assert "prepared" in first.stdout
    assert "4 points, 8 replications" in first.stdout
    more = sweep(file, "--out", out, "--workers", 2, "--lang", "en")
    assert "9 of 12 replications" in more.stderr
    assert "4 points, 12 replications" in more.stdout
    assert list((out / "charts").glob("*.png"))
    assert not list((out / "charts").glob("*-zh.png"))


def test_faults_exit_with_two(tmp_path: Path) -> None:
    told = sweep(written(tmp_path, factors={"x": {"path": "boats.no.count", "values": [1]}}), code=2).stderr
    assert "factors.x.path" in told
    assert "Traceback" not in told


def test_other_results_are_replaced_when_told_so(tmp_path: Path) -> None:
    out = tmp_path / "out"
    sweep(written(tmp_path), "--out", out, "--no-charts", "-n", 1, "-w", 1)
    other = written(tmp_path, seed=9)
    told = sweep(other, "--out", out, "--no-charts", "-n", 1, "-w", 1, code=1).stderr
    assert "another seed" in told
    sweep(other, "--out", out, "--no-charts", "-n", 1, "-w", 1, "--replace")
    assert read_sweep(out).manifest["seed"] == 9


def test_an_address_that_is_none_exits_with_one(tmp_path: Path) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    told = sweep(written(tmp_path), "--cluster", "nonsense://x", "--out", tmp_path / "out", code=1).stderr
    assert "expected the address of a Dask scheduler" in told
    assert "Traceback" not in told


@pytest.mark.skipif(os.name == "nt", reason="Ctrl-C is another thing there")
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_whole_replications(tmp_path: Path, workers: int) -> None:
    file, out = written(tmp_path, replications=400), tmp_path / "out"
    command = [sys.executable, "-m", "simrescue", "sweep", str(file), "-o", str(out), "-w", str(workers), "--no-charts"]
    with subprocess.Popen(command, cwd=TOP, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        while not list(out.glob("parts/part-*[0-9]")):
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        _, told = process.communicate()
    assert process.returncode == 130
    assert "carries on" in told
    assert "Traceback" not in told
    half = read_sweep(out)
    assert half.manifest["complete"] is False
    assert half.manifest["finished"] == len(half.replications) > 0
