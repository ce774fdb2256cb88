"""The results folder: whole files whatever happens, carrying on, refusing, and the same bytes for the same inputs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pyarrow import parquet

from simrescue.errors import ResultsError
from simrescue.events import EventKind
from simrescue.experiment.store.run_writer import RunWriter, default_folder, describe, read_results
from simrescue.experiment.store.seal import sealed
from simrescue.scenario.load import load
from tests.charts import factory

TOP = Path(__file__).parents[2]
WRITE_FOR_EVER = """
import sys
from pathlib import Path
from simrescue.experiment.store import append_tables
from simrescue.experiment.store import run_writer
from tests.charts import factory
append_tables._PART_ROWS = 3
with run_writer.RunWriter(Path(sys.argv[1]), factory.manifest(100_000), factory.things(), factory.roads()) as writer:
    for number in writer.missing:
        writer.add(factory.result(number))
        print(number, flush=True)
"""
FILES = ("replications.parquet", "places.parquet", "clauses.parquet", "curves.parquet", "responses.parquet")


def opened(folder: Path, replications: int = 4, **changes: object) -> RunWriter:
    return RunWriter(folder, factory.manifest(replications, **changes), factory.things(), factory.roads())


def contents(folder: Path) -> dict[str, bytes]:
    names = [*FILES, "things.parquet", "roads.parquet", "verdicts.csv", "recorded.csv"]
    names += [f"events/replication-{number:05d}.parquet" for number in range(4)]
    return {name: (folder / name).read_bytes() for name in names}


def test_read_back_what_was_written(tmp_path: Path) -> None:
    results = factory.stored(tmp_path / "run", 4)
    assert results.manifest["complete"] is True
    assert results.manifest["finished"] == 4
    assert list(results.replications["replication"]) == [0, 1, 2, 3]
    expected = factory.result(2)
    places = results.places[results.places["replication"] == 2]
    for name, column in expected.places.items():
        np.testing.assert_array_equal(places[name], column)
    assert list(results.clauses["clause"][:2]) == ["relief-12h", "relief-10h"]
    assert results.responses["arrived_h"].max() == np.inf
    assert list(results.verdicts["verdict"][:4]) == ["met", "not met", "undecided", "not measured"]
    assert np.isnan(results.verdicts["estimate"][3])
    assert results.recorded["recorded"][0] == 133_913
    assert results.things["name_zh"][0] == "涿州市区"


def test_event_log_survives(tmp_path: Path) -> None:
    results = factory.stored(tmp_path / "run", 2)
    for stored, written in zip(results.log(1), factory.log(1), strict=True):
        assert stored.dtype == written.dtype
        np.testing.assert_array_equal(stored, written)
    assert results.events(1)["event"][1] == EventKind.ROAD_FLOODS.name


def test_same_inputs_same_bytes_in_any_order(tmp_path: Path) -> None:
    factory.stored(tmp_path / "a", 4)
    with opened(tmp_path / "b") as writer:
        for number in (2, 0):
            writer.add(factory.result(number))
        writer.flush()
        for number in (3, 1):
            writer.add(factory.result(number))
        writer.finish(factory.verdicts(), factory.recorded())
    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert not (tmp_path / "b" / "parts").exists()


def interrupt_after_two(folder: Path) -> None:
    with opened(folder) as writer:
        writer.add(factory.result(0))
        writer.add(factory.result(2))
        raise KeyboardInterrupt


def test_cut_short_is_whole_and_marked(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupt_after_two(tmp_path / "run")
    results = read_results(tmp_path / "run")
    assert (results.manifest["complete"], results.manifest["finished"]) == (False, 2)
    assert sorted(results.places["replication"].unique()) == [0, 2]
    with pytest.raises(ResultsError, match="cut short"):
        _ = results.verdicts


def test_carries_on_where_it_stopped(tmp_path: Path) -> None:
    with opened(tmp_path / "run") as writer:
        writer.add(factory.result(1))
    with opened(tmp_path / "run") as writer:
        assert writer.missing == [0, 2, 3]
        for number in writer.missing:
            writer.add(factory.result(number))
        writer.finish(factory.verdicts(), factory.recorded())
    factory.stored(tmp_path / "fresh", 4)
    assert contents(tmp_path / "run") == contents(tmp_path / "fresh")


@pytest.mark.parametrize("before", [2, 7])
def test_more_or_fewer_replications_than_last_time(tmp_path: Path, before: int) -> None:
    factory.stored(tmp_path / "run", before)
    factory.stored(tmp_path / "run", 4)
    factory.stored(tmp_path / "fresh", 4)
    assert contents(tmp_path / "run") == contents(tmp_path / "fresh")
    assert len(list((tmp_path / "run" / "events").iterdir())) == 4


def test_results_so_far(tmp_path: Path) -> None:
    with opened(tmp_path / "run") as writer:
        writer.add(factory.result(3))
        assert list(writer.table("replications")["replication"]) == [3]
        assert list(read_results(tmp_path / "run").replications["replication"]) == [3]
        with pytest.raises(ValueError, match="stored already"):
            writer.add(factory.result(3))


def test_other_inputs_replace_when_they_are_whole(tmp_path: Path) -> None:
    """Until then the old results stand: nothing is removed before its replacement is there."""
    run = tmp_path / "run"
    before = factory.stored(run, 4).manifest
    (run / "notes.txt").write_text("mine", encoding="utf-8")
    with opened(run, 2, seed=2) as writer:
        assert writer.missing == [0, 1]
        writer.add(factory.result(1))
    old = read_results(run)
    assert old.manifest == before
    assert len(old.verdicts) == len(factory.verdicts())
    with opened(run, 2, seed=2) as writer:
        assert writer.missing == [0]
        writer.add(factory.result(0))
        writer.finish(factory.verdicts(), factory.recorded())
    assert read_results(run).manifest["seed"] == 2
    assert len(list((run / "events").iterdir())) == 2
    assert (run / "notes.txt").read_text(encoding="utf-8") == "mine"


def test_manifest_knows_the_code_and_says_what_was_run(tmp_path: Path) -> None:
    scenario = load(TOP / "scenarios" / "tiny-flood")
    manifest = describe(scenario, {"hebei-2023-2027": "abc"}, 7, 3, "0.1.0")
    assert manifest["scenario"]["checksum"] == scenario.checksum
    assert manifest["scenario"]["settings"]["start"] == "2024-07-10T06:00:00+08:00"
    assert len(manifest["code"]) == 64
    assert json.loads(json.dumps(manifest))["event_kinds"]["14"] == "ROAD_FLOODS"
    assert default_folder(scenario) == Path("results/tiny-flood")
    assert default_folder(scenario.model_copy(update={"variant": "boats"})) == Path("results/tiny-flood-boats")


def test_foreign_folder_is_refused_untouched(tmp_path: Path) -> None:
    (tmp_path / "photo.png").write_bytes(b"x")
    with pytest.raises(ResultsError, match="no results of simrescue"):
        opened(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["photo.png"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("{", "cannot be read"), ("[1]", "no results_format"), ('{"name": "other tool"}', "no results_format")],
)
def test_foreign_manifest_is_refused(tmp_path: Path, text: str, reason: str) -> None:
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(ResultsError, match=reason):
        opened(tmp_path)
    assert (tmp_path / "manifest.json").read_text(encoding="utf-8") == text


def test_newer_format_is_refused(tmp_path: Path) -> None:
    run = tmp_path / "run"
    factory.stored(run, 1)
    newer = json.loads((run / "manifest.json").read_text(encoding="utf-8")) | {"results_format": 3}
    for content in (newer, sealed(newer)):
        (run / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
        with pytest.raises(ResultsError, match="results format 3; this version reads up to 2"):
            read_results(run)
        with pytest.raises(ResultsError, match="results format 3"):
            opened(run)


def test_results_from_before_checksums_are_read(tmp_path: Path) -> None:
    """Format 1: no sums, no seal; what lies there is taken as it is."""
    run = tmp_path / "run"
    sealed_now = factory.stored(run, 2)
    old = {name: value for name, value in sealed_now.manifest.items() if name not in ("seal", "files")}
    (run / "manifest.json").write_text(json.dumps(old | {"results_format": 1}), encoding="utf-8")
    results = read_results(run)
    assert results.places.equals(sealed_now.places)
    assert results.logged() == [0, 1]
    assert len(results.log(1).time_h) == len(factory.log(1).time_h)
    assert len(results.verdicts) == len(factory.verdicts())


def test_damaged_and_missing_tables_are_told(tmp_path: Path) -> None:
    results = factory.stored(tmp_path / "run", 1)
    (tmp_path / "run" / "places.parquet").write_bytes(b"PAR1 broken")
    (tmp_path / "run" / "curves.parquet").unlink()
    with pytest.raises(ResultsError, match=r"places\.parquet is damaged.*simrescue verify .* --mend"):
        _ = results.places
    with pytest.raises(ResultsError, match=r"curves\.parquet is missing"):
        _ = results.curves
    with pytest.raises(ResultsError, match="is no results folder"):
        read_results(tmp_path / "elsewhere")


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "run").write_text("", encoding="utf-8")
    with pytest.raises(ResultsError, match="cannot write"):
        opened(tmp_path / "run")


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with opened(tmp_path / "run"):
        with pytest.raises(ResultsError, match="by this process"):
            opened(tmp_path / "run")
        other = subprocess.run(
            [sys.executable, "-c", WRITE_FOR_EVER, str(tmp_path / "run")],
            cwd=TOP,
            capture_output=True,
            text=True,
            check=False,
        )
        assert f"being written by another run (process {os.getpid()})" in other.stderr
    assert not (tmp_path / "run" / ".lock").exists()


def test_full_disk_is_told_and_leaves_whole_files(tmp_path: Path) -> None:
    run = tmp_path / "run"
    factory.stored(run, 2)
    size = (run / "places.parquet").stat().st_size
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size // 2}, {size // 2}))\n"
    code = limit + WRITE_FOR_EVER.replace("100_000", "2, seed=3")
    other = subprocess.run([sys.executable, "-c", code, str(run)], cwd=TOP, capture_output=True, text=True, check=False)
    assert "ResultsError: cannot write" in other.stderr
    assert not list(run.glob("**/*.tmp"))
    for path in run.glob("**/*.parquet"):
        parquet.read_table(path)


@pytest.mark.parametrize("after", [1, 4, 8, 9])
def test_killed_writer_leaves_whole_files(tmp_path: Path, after: int) -> None:
    run = tmp_path / "run"
    with subprocess.Popen([sys.executable, "-c", WRITE_FOR_EVER, str(run)], cwd=TOP, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        for _ in range(after):
            process.stdout.readline()
        time.sleep(0.003 * after)  # somewhere within the next write
        process.send_signal(signal.SIGKILL)
    for path in (path for path in run.glob("**/*.parquet") if "tmp" not in str(path.relative_to(run))):
        parquet.read_table(path)
    results = read_results(run)
    assert results.manifest["complete"] is False
    with opened(run, 100_000) as writer:
        left = writer.missing
        done = 100_000 - len(left)
        assert done >= after // 3 * 3
        assert left[0] == done
        if done:
            assert sorted(writer.table("places")["replication"].unique()) == list(range(done))
