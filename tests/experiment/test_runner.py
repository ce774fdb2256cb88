"""Running many replications: the same tables on one worker or two, carried on after a stop, with the logs asked for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from simrescue import load, run
from simrescue.errors import ResultsError
from simrescue.experiment.store.run_writer import Results, read_results
from simrescue.scenario.records import Scenario

TINY = Path(__file__).parents[2] / "scenarios" / "tiny-flood"
TABLES = ("replications", "places", "clauses", "curves", "responses", "verdicts", "recorded")


@pytest.fixture(scope="module")
def tiny() -> Scenario:
    return load(TINY)


@pytest.fixture(scope="module")
def whole(tiny: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Three replications in one go."""
    return run(tiny, replications=3, seed=5, workers=1, out=tmp_path_factory.mktemp("runs") / "whole")


def logs(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.glob("events/*.parquet"))


def the_same(one: Results, other: Results) -> None:
    """Equal tables, and equal bytes of the event logs."""
    for name in TABLES:
        a, b = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(a, b, obj=name)
    for number in one.replications["replication"]:
        for a, b in zip(one.log(number), other.log(number), strict=True):
            np.testing.assert_array_equal(a, b)


def test_a_run_is_complete(whole: Results, tiny: Scenario) -> None:
    assert whole.manifest["complete"] is True
    assert list(whole.replications["replication"]) == [0, 1, 2]
    assert len(whole.places) == 3 * len(tiny.villages)
    assert set(whole.verdicts["verdict"]) <= {"met", "not met", "undecided", "not measured"}
    assert len(whole.things) == len(set(whole.things["id"]))


def test_workers_change_nothing(whole: Results, tiny: Scenario, tmp_path: Path) -> None:
    the_same(whole, run(tiny, replications=3, seed=5, workers=2, out=tmp_path / "two"))


def test_a_stopped_run_is_carried_on(whole: Results, tiny: Scenario, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    def stop_after_two(done: int, total: int) -> None:
        seen.append((done, total))
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(tiny, replications=3, seed=5, workers=1, out=tmp_path / "run", progress=stop_after_two)
    assert seen == [(0, 3), (1, 3), (2, 3)]
    half = read_results(tmp_path / "run")
    assert half.manifest["complete"] is False
    assert list(half.replications["replication"]) == [0, 1]
    assert len(half.verdicts) == len(whole.verdicts)

    seen.clear()
    carried_on = run(tiny, replications=3, seed=5, workers=1, out=tmp_path / "run",
                     progress=lambda done, total: seen.append((done, total)))  # fmt: skip
    assert seen == [(2, 3), (3, 3)]
    the_same(whole, carried_on)


def test_a_finished_run_is_not_run_again(tiny: Scenario, tmp_path: Path) -> None:
    run(tiny, replications=1, workers=1, out=tmp_path / "run")
    before = (tmp_path / "run" / "events" / "replication-00000.parquet").stat().st_mtime_ns
    seen: list[tuple[int, int]] = []
    again = run(tiny, replications=1, workers=1, out=tmp_path / "run", progress=lambda *step: seen.append(step))
    assert seen == []
    assert again.manifest["complete"] is True
    assert (tmp_path / "run" / "events" / "replication-00000.parquet").stat().st_mtime_ns == before


def test_another_seed_is_another_run(tiny: Scenario, tmp_path: Path) -> None:
    first = run(tiny, replications=1, seed=1, workers=1, out=tmp_path / "run").log(0)
    with pytest.raises(ResultsError, match=r"holds other results \(with another seed\): choose another folder"):
        run(tiny, replications=1, seed=2, workers=1, out=tmp_path / "run")
    assert read_results(tmp_path / "run").manifest["seed"] == 1
    second = run(tiny, replications=1, seed=2, workers=1, out=tmp_path / "run", replace=True).log(0)
    assert len(first.time_h) != len(second.time_h) or (first.time_h != second.time_h).any()


@pytest.mark.parametrize("workers", [1, 2])
def test_progress_counts_up_to_all(tiny: Scenario, tmp_path: Path, workers: int) -> None:
    seen: list[tuple[int, int]] = []
    run(tiny, replications=3, workers=workers, out=tmp_path / "run", progress=lambda *step: seen.append(step))
    assert seen == [(0, 3), (1, 3), (2, 3), (3, 3)]


def test_no_event_logs(whole: Results, tiny: Scenario, tmp_path: Path) -> None:
    without = run(tiny, replications=3, seed=5, workers=1, out=tmp_path / "run", events="none")
    assert logs(tmp_path / "run") == []
    pd.testing.assert_frame_equal(without.clauses, whole.clauses)


def test_event_logs_of_failures_only(tiny: Scenario, tmp_path: Path) -> None:
    results = run(tiny, replications=4, seed=5, workers=1, out=tmp_path / "run", events="failures")
    measured = results.clauses.dropna(subset=["value"])
    broken = sorted(set(measured.loc[~measured["holds"].astype(bool), "replication"]))
    assert logs(tmp_path / "run") == [f"replication-{number:05d}.parquet" for number in broken]


def test_a_flood_is_not_judged_by_clauses_on_fires(tiny: Scenario, tmp_path: Path) -> None:
    results = run(tiny, ["china-forest-fire"], replications=1, workers=1, out=tmp_path / "run", events="none")
    verdicts = results.verdicts.set_index("clause")
    assert verdicts.loc["F03", "verdict"] == "not measured"
    assert verdicts.loc["F03", "reason"] == "It concerns forest fires."
    assert verdicts.loc["F01", "replications"] == 1


@pytest.mark.parametrize("wrong", [{"replications": 0}, {"events": "some"}])
def test_nothing_is_begun_with_wrong_words(tiny: Scenario, tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"replication|events"):
        run(tiny, out=tmp_path / "run", workers=1, **wrong)  # type: ignore[arg-type]
    assert not (tmp_path / "run").exists()


def test_no_workers_at_all_are_refused(tiny: Scenario, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="worker"):
        run(tiny, replications=1, workers=0, out=tmp_path / "out")
