"""Where replications run changes nothing: this process, a pool, a pool with a dead process, a Dask cluster with one."""

from __future__ import annotations

import json
import os
import pickle
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from simrescue.errors import ResultsError
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.replications import executors
from simrescue.experiment.replications.executors import TRIES, InProcess, ReplicationCall, Workers, open_workers
from simrescue.experiment.replications.packed_job import Job, PackedJob, pack, work
from simrescue.experiment.replications.runner import clause_lines
from simrescue.experiment.sweep.evaluation import evaluate
from simrescue.experiment.sweep.experiment_run import run_experiment
from tests.experiment.experiments import written

TOP = Path(__file__).parents[2]
TINY = TOP / "scenarios" / "tiny-flood"
POINTS = [point(TINY), point(TINY, "", {"boats.boats-town.count": 5})]
Answers = dict[tuple[int, int], Any]


def answers(points: list[Point], numbers: range, workers: Workers | int) -> Answers:
    """What every replication came to, by point and number, as bytes: nan equals nan then."""
    found = evaluate(points, numbers, workers=workers)
    return {(i, one.replication): pickle.dumps((one.scalars, one.clauses)) for i, one in found}


@pytest.fixture(scope="module")
def expected() -> Answers:
    return answers(POINTS, range(6), 1)


class Watched(InProcess):
    """Notes how large each call is as it travels."""

    def __init__(self) -> None:
        self.sizes: list[int] = []
        self.shipped = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.sizes.append(len(pickle.dumps((fn, args, kwargs))))
        self.shipped += args[2] is not None
        return super().submit(fn, *args, **kwargs)


def test_calls_are_small_and_a_task_travels_once() -> None:
    watched = Watched()
    new = [point(TINY, "", {"boats.boats-town.count": 11}), point(TINY, "", {"boats.boats-town.count": 12})]
    assert len(list(evaluate(new, range(4), executor=watched, workers=1))) == 8
    assert watched.shipped == 2
    plain = [size for size in watched.sizes if size < 10_000]
    assert len(plain) == len(watched.sizes) - 2
    assert max(plain) < 300


def test_a_worker_asks_for_a_task_that_it_does_not_know() -> None:
    packed = pack(Job(POINTS[0].load(), tuple(clause_lines(POINTS[0].load())), 987, "none", ()))
    assert work(packed.name, 0) is None
    assert work(packed.name, 0, packed.content) is not None
    assert work(packed.name, 1) is not None


def test_values_can_be_had_first_and_change_nothing() -> None:
    packed = pack(Job(POINTS[0].load(), tuple(clause_lines(POINTS[0].load())), 987, "none"))
    whole = work(packed.name, 3, packed.content)
    with open_workers(1) as workers:
        calls = [ReplicationCall("", number, lambda _: packed, values_first=number == 3) for number in (3, 4)]
        first, *others = (result for _, result in workers.run(calls))
    assert whole is not None
    assert not first.is_whole
    assert not first.scalars
    assert pickle.dumps((first.clauses, first.reached)) == pickle.dumps((whole.clauses, whole.reached))
    assert [(one.replication, one.is_whole) for one in others] == [(3, True), (4, True)]
    same = whole._replace(cpu_s=0)
    assert pickle.dumps(others[0]._replace(cpu_s=0)) == pickle.dumps(same)


def test_two_processes(expected: Answers) -> None:
    with open_workers(2) as workers:
        assert answers(POINTS, range(6), workers) == expected
        assert answers(POINTS, range(2), workers).items() <= expected.items()


def test_any_executor(expected: Answers) -> None:
    with ThreadPoolExecutor(2) as threads:
        found = evaluate(POINTS, range(6), executor=threads, workers=2)
        assert {(i, one.replication): pickle.dumps((one.scalars, one.clauses)) for i, one in found} == expected
        assert threads.submit(int, "1").result() == 1  # it is not shut down


def test_a_killed_process_loses_nothing(expected: Answers) -> None:
    with open_workers(2) as workers:
        found: Answers = {}
        pools = set()
        for i, one in evaluate(POINTS, range(6), workers=workers):
            pool: Any = workers._executor
            pools.add(pool)
            if len(found) in (1, 5):
                os.kill(next(iter(pool._processes)), signal.SIGKILL)
            found[i, one.replication] = pickle.dumps((one.scalars, one.clauses))
        assert found == expected
        assert len(pools) > 1


class Breaking(Executor):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(BrokenExecutor("killed"))
        return future


class BrokenBetween(Executor):
    """Takes one call and is broken before the next is submitted."""

    def __init__(self) -> None:
        self.taken = 0

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken += 1
        if self.taken > 1:
            raise BrokenExecutor("killed")
        future: Future[Any] = Future()
        future.set_result(args[1])
        return future


class Whole(BrokenBetween):
    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.taken = 0
        return super().submit(fn, *args, **kwargs)


def test_a_pool_that_is_found_broken_when_the_next_call_comes_loses_nothing() -> None:
    pools = [BrokenBetween(), Whole()]
    workers = Workers(lambda: pools.pop(0), 2, again=True)
    calls = [ReplicationCall("a", number, lambda _: PackedJob("x", b"")) for number in range(5)]
    assert sorted(result for _, result in workers.run(calls)) == [0, 1, 2, 3, 4]  # type: ignore[type-var]
    assert not pools


def test_a_pool_that_always_breaks_is_given_up() -> None:
    made = []

    def make() -> Executor:
        made.append(Breaking())
        return made[-1]

    workers = Workers(make, 2, again=True)
    with pytest.raises(ResultsError, match=r"died again and again.*carry on"):
        list(workers.run([ReplicationCall("a", number, lambda _: PackedJob("x", b"")) for number in range(3)]))
    assert len(made) == TRIES


def test_faults_of_the_program_stay_what_they_are() -> None:
    class Failing(InProcess):
        def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
            return super().submit(int, "x")

    with pytest.raises(ValueError, match="invalid literal"):
        list(evaluate(POINTS, [0], executor=Failing(), workers=1))


@pytest.mark.parametrize("text", [False, True])
def test_a_plain_script_may_use_processes(tmp_path: Path, text: bool) -> None:
    """Without `if __name__ == "__main__"`, as a file or from a pipe."""
    out = tmp_path / "run"
    code = (
        f"import simrescue\nfound = simrescue.run(simrescue.load({str(TINY)!r}), [], 2, workers=2, out={str(out)!r})\n"
    )
    code += "print(len(found.replications), 'once')\n"
    (tmp_path / "script.py").write_text(code, encoding="utf-8")
    words = [sys.executable, "-"] if text else [sys.executable, str(tmp_path / "script.py")]
    environment = {**os.environ, "PYTHONPATH": str(TOP)}
    ended = subprocess.run(words, input=code, capture_output=True, text=True, check=False, env=environment)
    assert (ended.stdout, ended.stderr) == ("2 once\n", "")


# ---- a Dask cluster of separate processes


class Cluster:
    """A scheduler and two workers on this machine, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.processes = [self.start("scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file))]
        while not self.file.exists() or not self.file.read_text():
            time.sleep(0.05)
        self.address = json.loads(self.file.read_text())["address"]
        self.processes += [self.worker() for _ in range(2)]

    def start(self, *arguments: str) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "PYTHONPATH": str(TOP)}
        return subprocess.Popen([sys.executable, "-m", "dask", *arguments], cwd=TOP, env=environment,
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip

    def worker(self) -> subprocess.Popen[bytes]:
        return self.start("worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard")

    def stop(self) -> None:
        for process in reversed(self.processes):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    from distributed import Client

    started = Cluster(tmp_path_factory.mktemp("dask"))
    try:
        with Client(started.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=600)
        yield started
    finally:
        started.stop()


def test_a_dask_cluster_and_one_of_its_workers_killed(expected: Answers, cluster: Cluster) -> None:
    with open_workers(cluster=cluster.address) as workers:
        assert workers.count == 2
        assert answers(POINTS, range(6), workers) == expected
        found: Answers = {}
        for i, one in evaluate(POINTS, range(6), workers=workers):
            if len(found) == 2:
                cluster.processes[1].kill()
            found[i, one.replication] = pickle.dumps((one.scalars, one.clauses))
        assert found == expected


def test_a_cluster_stores_the_same_bytes(cluster: Cluster, tmp_path: Path) -> None:
    file = written(tmp_path, events="failures")
    here = run_experiment(file, out=tmp_path / "here", workers=1).folder
    with open_workers(cluster=cluster.address) as workers:
        there = run_experiment(file, out=tmp_path / "there", workers=workers).folder
    names = [path.relative_to(here) for path in here.rglob("*.*") if path.name not in ("manifest.json", ".lock")]
    assert len(names) > 5
    for name in names:
        assert (here / name).read_bytes() == (there / name).read_bytes(), name


def test_a_cluster_that_loses_its_last_worker_is_not_waited_for_in_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    distributed = pytest.importorskip("distributed", reason="needs the extra `cluster`")
    monkeypatch.setattr(executors, "PATIENCE_S", 1)
    monkeypatch.setattr(executors, "_GLANCE_S", 0.1)
    lonely = Cluster(tmp_path)
    try:
        with distributed.Client(lonely.address, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=600)
        with open_workers(cluster=lonely.address) as workers:
            found = evaluate(POINTS, range(6), workers=workers)
            next(found)
            for process in lonely.processes[1:]:
                process.kill()
            with pytest.raises(ResultsError, match="has no worker left; finished replications are kept") as told:
                list(found)
        assert lonely.address in str(told.value)
    finally:
        lonely.stop()


@pytest.mark.parametrize("address", ["nonsense", "nonsense://x:1", "tcp://", "http://host:1", "tcp://host:port"])
def test_an_address_that_is_none(address: str) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    with pytest.raises(ResultsError, match="expected the address of a Dask scheduler, as tcp://host:8786"):
        open_workers(cluster=address)


def test_no_cluster_there(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed", reason="needs the extra `cluster`")
    monkeypatch.setattr(executors, "PATIENCE_S", 1)
    with pytest.raises(ResultsError, match=r"no Dask scheduler answers at tcp://127\.0\.0\.1:1"):
        open_workers(cluster="tcp://127.0.0.1:1")


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ResultsError, match=r"simrescue\[cluster\]"):
        open_workers(cluster="tcp://127.0.0.1:8786")
