"""Experiments run whole: the same tables wherever they run, carried on after any stop, refused where they should be."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pyarrow import parquet

from simrescue import load, read_results, run
from simrescue.errors import ResultsError
from simrescue.experiment.analysis.distance import read_places
from simrescue.experiment.analysis.verdict_words import place_names
from simrescue.experiment.design.points import point
from simrescue.experiment.store import append_tables, sweep_store
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.store.sweep_results import SWEEP_VERDICT_COLUMNS, SweepResults, read_sweep
from simrescue.experiment.sweep.evaluation import evaluate
from simrescue.experiment.sweep.experiment_run import run_experiment
from simrescue.experiment.sweep.replication_cache import remember
from tests.experiment.experiments import BOATS, LEAD, TINY, TOP, written

FILES = (
    "design.parquet", "design.csv", "things.parquet", "replications.parquet", "clauses.parquet", "shortfalls.parquet",
    "verdicts.csv",
)  # fmt: skip


def contents(folder: Path) -> dict[str, bytes]:
    logs = sorted(path.name for path in folder.glob("events/*"))
    return {name: (folder / name).read_bytes() for name in [*FILES, *(f"events/{log}" for log in logs)]}


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SweepResults:
    folder = tmp_path_factory.mktemp("whole")
    return run_experiment(written(folder, events="failures"), out=folder / "out", workers=1)


def test_each_point_tells_where_most_is_short(whole: SweepResults) -> None:
    """The places are those of the scenario, with their names, and what lacks there adds up to what lacks in all."""
    row = whole.verdicts[(whole.verdicts["point"] == 0) & (whole.verdicts["clause"] == "T01a")].iloc[0]
    places = dict(read_places(row["where"]))
    assert sum(places.values()) == pytest.approx(row["short"], rel=1e-4)
    assert set(places) <= set(whole.things["id"])
    assert place_names(whole.things)["east-ferry"][0] == "East Ferry"
    alone = run(
        load(TINY, sets={"boats.boats-town.count": 2}), replications=3, workers=1, out=whole.folder.parent / "run"
    )
    (same,) = alone.verdicts[alone.verdicts["clause"] == "T01a"].to_dict("records")
    assert (row["value"], row["short"], row["where"]) == (same["value"], same["short"], same["where"])


def test_tables_of_a_sweep(whole: SweepResults) -> None:
    assert whole.manifest["complete"] is True
    assert whole.design[["point", "boats", "cost"]].to_dict("list") == {
        "point": [0, 1], "boats": [2.0, 6.0], "cost": [0.0, 600_000.0],
    }  # fmt: skip
    assert whole.replications[["point", "replication"]].to_numpy().tolist() == [
        [p, r] for p in (0, 1) for r in range(3)
    ]
    assert tuple(whole.verdicts.columns) == SWEEP_VERDICT_COLUMNS
    watched = whole.verdicts[whole.verdicts["watched"]]
    assert set(watched["clause"]) == {"T01a", "T02a"}
    assert (whole.verdicts["n"] + whole.verdicts["untested"] == 3).all()
    bounded = whole.verdicts[whole.verdicts["best"].notna()]
    assert "T01a" in set(bounded["clause"])
    assert (bounded["estimate"] <= bounded["best"]).all()
    rows = whole.clauses[whole.clauses["point"] == 1].groupby("clause")["bound_holds"].mean()
    told = bounded[bounded["point"] == 1]
    assert told["best"].tolist() == [rows[f"{row.plan}/{row.clause}"] for row in told.itertuples()]


def test_the_second_clock_stands_beside_each_verdict_of_a_sweep(whole: SweepResults) -> None:
    """Two routes to one figure: the column of the verdicts, and the rows of the clauses."""
    timed = whole.verdicts[whole.verdicts["from_need"].notna()]
    assert len(timed) >= 2
    assert timed["clause"].nunique() < whole.verdicts["clause"].nunique()
    known = whole.clauses[whole.clauses["from_need"].notna()]
    shares = known.groupby(["point", "clause"])["from_need_holds"].mean()
    assert len(timed) == len(shares)
    for row in timed.itertuples():
        assert row.from_need == shares[row.point, f"{row.plan}/{row.clause}"]
        assert row.from_need_low <= row.from_need <= row.from_need_high


def test_points_share_their_random_numbers(whole: SweepResults) -> None:
    """The flood of a replication is the same at every point; what differs is what was changed."""
    reached = whole.replications.pivot_table(index="replication", columns="point", values="residents_reached")
    assert (reached[0] == reached[1]).all()
    assert reached[0].nunique() > 1 or len(reached) < 2


def test_the_same_rows_as_evaluate(whole: SweepResults) -> None:
    points = [point(TINY, "", {"boats.boats-town.count": count}) for count in (2, 6)]
    for index, one in evaluate(points, range(3)):
        frame = whole.clauses
        rows = frame[(frame["point"] == index) & (frame["replication"] == one.replication)]
        found = list(rows[["clause", "value", "holds"]].itertuples(index=False, name=None))
        assert repr(found) == repr([tuple(clause) for clause in one.clauses])


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_no_byte(whole: SweepResults, tmp_path: Path, workers: int) -> None:
    run_experiment(written(tmp_path, events="failures"), out=tmp_path / "out", workers=workers)
    assert contents(tmp_path / "out") == contents(whole.folder)


def test_a_finished_sweep_runs_nothing(whole: SweepResults, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    before = contents(whole.folder)
    run_experiment(written(tmp_path, events="failures"), out=whole.folder, progress=lambda *step: seen.append(step))
    assert seen == [(6, 6)]
    assert contents(whole.folder) == before


def test_a_stop_keeps_whole_replications(whole: SweepResults, tmp_path: Path) -> None:
    def stop_at_four(done: int, total: int) -> None:
        if done == 4:
            raise KeyboardInterrupt

    file = written(tmp_path, events="failures")
    with pytest.raises(KeyboardInterrupt):
        run_experiment(file, out=tmp_path / "out", workers=1, progress=stop_at_four)
    half = read_sweep(tmp_path / "out")
    assert half.manifest["complete"] is False
    assert len(half.replications) == 4
    assert set(half.verdicts["point"]) == {0, 1}
    assert half.verdicts.set_index(["point", "clause"]).loc[(1, "T01a"), "n"] == 1
    seen: list[tuple[int, int]] = []
    run_experiment(file, out=tmp_path / "out", workers=1, progress=lambda *step: seen.append(step))
    assert seen == [(4, 6), (5, 6), (6, 6)]
    assert contents(tmp_path / "out") == contents(whole.folder)


def test_a_changed_design_keeps_what_it_shares(whole: SweepResults, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_experiment(written(tmp_path), out=out, workers=1)
    seen: list[tuple[int, int]] = []
    more = {**BOATS, "values": [1, 2, 6], "cost": None}
    more.pop("cost")
    file = written(tmp_path, factors={"boats": more})
    found = run_experiment(file, out=out, workers=1, progress=lambda *step: seen.append(step))
    assert seen[0] == (6, 9)
    moved = found.replications.query("point > 0")["late_person_h"].tolist()
    assert moved == whole.replications["late_person_h"].tolist()
    fewer = run_experiment(written(tmp_path, factors={"boats": {**BOATS, "values": [6]}}), out=out, workers=1)
    assert len(fewer.replications) == 3


def test_points_of_equal_key_share_their_rows(tmp_path: Path) -> None:
    same = {"levels": {"one": {}, "two": {}}}
    found = run_experiment(written(tmp_path, factors={"name": same}), out=tmp_path / "out", workers=1)
    assert found.manifest["finished"] == 3
    assert len(found.replications) == 6
    assert set(found.verdicts["point"]) == {0, 1}


def test_other_seeds_are_refused_or_replaced(whole: SweepResults, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run_experiment(written(tmp_path), out=out, workers=1)
    before = contents(out)
    other = written(tmp_path, seed=2)
    with pytest.raises(ResultsError, match=r"another seed.*--replace"):
        run_experiment(other, out=out, workers=1)
    assert contents(out) == before
    found = run_experiment(other, out=out, workers=1, replace=True)
    assert found.replications["late_person_h"].tolist() != whole.replications["late_person_h"].tolist()


# ---- stopping rule


def test_sequential_points_stop_when_they_are_settled(tmp_path: Path) -> None:
    rule = {"min": 4, "batch": 4, "max": 12}
    file = written(tmp_path, replications=rule, watch={"clauses": ["T01a"]}, factors=None)
    found = run_experiment(file, out=tmp_path / "out", workers=1)
    row = found.verdicts.query("clause == 'T01a'").iloc[0]
    assert (row["n"], row["verdict"]) == (4, "not met")
    many = {"boats": {**BOATS, "values": [24]}}
    both = run_experiment(written(tmp_path, replications=rule, factors=many), out=tmp_path / "both", workers=2)
    assert set(both.verdicts.query("watched")["n"]) == {12}, "T02a stays undecided"


def test_a_budget_is_spent_in_order(tmp_path: Path) -> None:
    rule = {"min": 3, "batch": 3, "max": 9}
    many = {"boats": {**BOATS, "values": [24, 20]}}  # so many that neither point is settled
    file = written(tmp_path, replications=rule, budget=10, watch={"clauses": ["T02a"]}, factors=many)
    found = run_experiment(file, out=tmp_path / "out", workers=2)
    assert found.replications.groupby("point").size().tolist() == [6, 3]


# ---- event logs


def test_logs_of_the_worst(whole: SweepResults, tmp_path: Path) -> None:
    file = written(tmp_path, events="worst 1", watch={"clauses": ["T01a"]})
    found = run_experiment(file, out=tmp_path / "out", workers=1)
    late = found.replications.set_index(["point", "replication"])["late_person_h"]
    holds = found.clauses.query("clause == 'hebei-2023-2027/T01a'").set_index(["point", "replication"])["holds"]
    worst = {p: int(late[p][~holds[p].astype(bool)].idxmax()) for p in (0, 1)}
    expected = {f"{found.design['key'][p]}-{worst[p]:05d}.parquet" for p in (0, 1)}
    assert {path.name for path in (tmp_path / "out" / "events").iterdir()} == expected
    number = worst[0]
    for one, other in zip(found.log(0, number), whole.log(0, number), strict=True):
        np.testing.assert_array_equal(one, other)


def test_tables_that_are_asked_for(tmp_path: Path) -> None:
    found = run_experiment(written(tmp_path, tables=["places"], replications=1), out=tmp_path / "out", workers=1)
    assert len(found.table("places")) == 2 * 12
    with pytest.raises(ResultsError, match="keeps no table 'curves'"):
        found.table("curves")


# ---- killed, full, read-only, taken, newer

CARRY_ON = """
import sys
from pathlib import Path
from simrescue.experiment.store import append_tables
from simrescue.experiment.sweep import experiment_run
from simrescue.experiment.store import sweep_store
append_tables._PART_ROWS = 2
add = sweep_store.SweepWriter.add
def noted(self, key, result):
    add(self, key, result)
    print(key, result.replication, flush=True)
sweep_store.SweepWriter.add = noted
experiment_run.run_experiment(sys.argv[1], out=sys.argv[2], workers=int(sys.argv[3]))
print("done", flush=True)
"""


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", CARRY_ON, *map(str, arguments)], cwd=TOP, text=True,
                            stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # fmt: skip


def stored(folder: Path) -> set[tuple[str, int]]:
    found: set[tuple[str, int]] = set()
    paths = [*folder.glob("parts/part-*[0-9]/replications.parquet"), *folder.glob("replications.parquet")]
    for path in paths:
        table = parquet.read_table(path, partitioning=None)
        found |= set(zip(table["key"].to_pylist(), table["replication"].to_pylist(), strict=True))
    return found


@pytest.mark.slow
def test_killed_at_any_moment_it_carries_on_to_the_same_tables(tmp_path: Path) -> None:
    changes: dict[str, Any] = {"replications": 12, "events": "failures"}
    file = written(tmp_path, **changes)
    expected = run_experiment(file, out=tmp_path / "expected", workers=1)
    out, moment = tmp_path / "out", random.Random(4)
    kills = 0
    for attempt in range(16):
        before = stored(out)
        process = started(file, out, 1 + attempt % 2)
        assert process.stdout
        process.stdout.readline()  # the first replication is in
        time.sleep(moment.uniform(0, 0.25))
        process.send_signal(signal.SIGKILL)
        told, _ = process.communicate()
        again = {(key, int(number)) for key, number in (line.split() for line in told.splitlines() if " " in line)}
        assert not again & before
        for path in out.rglob("*.parquet"):
            if not any(part.endswith(".tmp") for part in path.parts):
                parquet.read_metadata(path)
        if there := stored(out):
            assert len(read_sweep(out).replications) == len(there)
        kills += 1
        if len(stored(out)) == 24:
            break
    assert kills > 3
    run_experiment(file, out=out, workers=1)
    assert contents(out) == contents(expected.folder)


def test_a_killed_parent_leaves_no_process_behind(tmp_path: Path) -> None:
    process = started(written(tmp_path, replications=400), tmp_path / "out", 2)
    assert process.stdout
    process.stdout.readline()
    children = pids_of(process.pid)
    process.kill()
    process.communicate()
    assert children
    end = time.monotonic() + 300
    while any(Path(f"/proc/{pid}").exists() for pid in children) and time.monotonic() < end:
        time.sleep(0.05)
    assert not [pid for pid in children if Path(f"/proc/{pid}").exists()]


def pids_of(parent: int) -> list[int]:
    """All processes below one, by /proc."""
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    above = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            above[int(path.parent.name)] = int(path.read_text().rsplit(")", 1)[1].split()[1])
        except OSError:
            continue
    found = [pid for pid, owner in above.items() if owner == parent]
    return found + [pid for child in found for pid in pids_of(child)]


def full(*_: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("at", [1, 4, 7, 9, 12])
def test_a_full_disk_is_told_and_damages_nothing(
    whole: SweepResults, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: int
) -> None:
    file, out, count = written(tmp_path, events="failures"), tmp_path / "out", 0
    synced = os.fsync

    def fails_from_then_on(descriptor: int) -> None:
        nonlocal count
        count += 1
        if count >= at:
            full()
        synced(descriptor)

    monkeypatch.setattr(append_tables, "_PART_ROWS", 2)
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", fails_from_then_on)
        with pytest.raises(ResultsError, match="No space left on device"):
            run_experiment(file, out=out, workers=1)
    assert not list(out.rglob("*.parquet.tmp"))
    run_experiment(file, out=out, workers=1)
    assert contents(out) == contents(whole.folder)


def test_a_read_only_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the system answers it; a test that runs as root could write into any folder."""
    file = written(tmp_path)
    plain = Path.open

    def refused(self: Path, mode: str = "r", *rest: Any, **more: Any) -> Any:
        if mode != "r" and self.is_relative_to(tmp_path / "out"):
            raise PermissionError(13, "Permission denied")
        return plain(self, mode, *rest, **more)

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(ResultsError, match=r"cannot write .*Permission denied"):
        run_experiment(file, out=tmp_path / "out", workers=1)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    with pytest.raises(ResultsError, match="cannot write"):
        run_experiment(written(tmp_path), out=tmp_path / "file" / "out", workers=1)


def test_two_runs_at_once_on_one_folder(tmp_path: Path) -> None:
    process = started(written(tmp_path, replications=400), tmp_path / "out", 1)
    try:
        assert process.stdout
        process.stdout.readline()
        with pytest.raises(ResultsError, match=rf"written by another run \(process {process.pid}\)"):
            run_experiment(written(tmp_path), out=tmp_path / "out", workers=1)
    finally:
        process.kill()
        process.communicate()


def test_a_newer_store_is_refused_and_left_alone(tmp_path: Path) -> None:
    file, out = written(tmp_path), tmp_path / "out"
    run_experiment(file, out=out, workers=1)
    newer = json.loads((out / "manifest.json").read_text(encoding="utf-8")) | {"results_format": 9, "simrescue": "7.0"}
    (out / "manifest.json").write_text(json.dumps(newer), encoding="utf-8")
    before = contents(out)
    for replace in (False, True):
        with pytest.raises(ResultsError, match=r"simrescue 7\.0 in results format 9"):
            run_experiment(file, out=out, workers=1, replace=replace)
    assert contents(out) == before


def test_runs_and_experiments_are_told_apart(whole: SweepResults, tmp_path: Path) -> None:
    from simrescue import load, run

    with pytest.raises(ResultsError, match="holds the results of an experiment, not of one run"):
        read_results(whole.folder)
    single = run(load(TINY), replications=1, out=tmp_path / "run")
    with pytest.raises(ResultsError, match="holds the results of one run, not of an experiment"):
        read_sweep(single.path)
    with pytest.raises(ResultsError, match=r"holds other results \(of another command\): choose another folder$"):
        run_experiment(written(tmp_path), out=single.path, workers=1, replace=True)
    assert single.path.joinpath("places.parquet").exists()


def test_a_table_that_is_missing_is_named_and_made_again(whole: SweepResults, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(whole.folder, out)
    (out / "clauses.parquet").unlink()
    with pytest.raises(ResultsError, match=r"clauses\.parquet is missing; `simrescue verify .* --mend`"):
        _ = read_sweep(out).clauses
    run_experiment(whole.folder.parent / "experiment.yaml", out=out, workers=1)
    assert contents(out) == contents(whole.folder)


# ---- memory of searches


def told(one: ReplicationResult) -> str:
    """Scalars and clauses as text, in which nan equals nan."""
    scalars = {name: float(value) for name, value in one.scalars.items()}
    return repr((scalars, [(key, float(value), bool(held)) for key, value, held in one.clauses]))


def test_what_was_run_is_remembered(tmp_path: Path) -> None:
    points = [point(TINY), point(TINY, "prepared")]
    with remember(tmp_path / "memory") as store:
        first = {(i, one.replication): told(one) for i, one in evaluate(points, range(2), store=store)}
    before = len(list((tmp_path / "memory").rglob("*.parquet")))
    with remember(tmp_path / "memory") as store:
        names = store.names(points, 1, None)
        assert store.get(names[0], 1) is not None
        assert store.get(names[0], 2) is None
        second = {(i, one.replication): told(one) for i, one in evaluate(points, range(2), store=store)}
        assert names != store.names(points, 2, None)
        assert names != store.names(points, 1, ["guangdong-2025"])
    assert len(list((tmp_path / "memory").rglob("*.parquet"))) == before
    assert first == second
    assert len(first) == 4


def test_parts_are_small_and_merged_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(append_tables, "_PART_ROWS", 1)
    monkeypatch.setattr(append_tables, "_GROUP", 2)
    assert sweep_store.ALWAYS_KEPT == ("replications", "clauses", "shortfalls")
    found = run_experiment(written(tmp_path, factors={"lead": LEAD}), out=tmp_path / "out", workers=1)
    assert parquet.ParquetFile(found.folder / "replications.parquet").num_row_groups == 2
    assert found.replications["replication"].tolist() == [0, 1, 2]
