"""Sweeps: an experiment file run whole, and the primitive under it that runs given replications of given points.

All points of an experiment share their seed and the numbers of their replications: replication 7 of every point meets
the same flood (common random numbers), so that points are compared pair by pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simrescue.experiment.executors import Call, Workers, open_workers
from simrescue.experiment.points import Point, point
from simrescue.experiment.records import ReplicationResult
from simrescue.experiment.runner import clause_lines
from simrescue.experiment.work import Parcel, Task, pack
from simrescue.plans import Plan

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Point", "SweepResults", "evaluate", "open_workers", "point", "read_sweep", "run_experiment"]

Progress = Callable[[int, int], None]
"""Called with replications done and in all."""


@dataclass(frozen=True)
class SweepResults:
    """The tables of one sweep; columns are told in docs/results.md."""

    folder: Path
    manifest: dict[str, Any] = field(repr=False)
    """Inputs, versions, settings; `experiment` holds the whole experiment file as read."""
    design: pd.DataFrame = field(repr=False)
    """One row a point: `point`, `key`, `variant`, one column a factor (its number or level name), `cost` (yuan) and,
    for sampled designs, one column `u_<factor>`: the place of the factor in its range, 0..1."""
    replications: pd.DataFrame = field(repr=False)
    """One row a point and replication: `point`, `replication`, then one column a scalar metric."""
    clauses: pd.DataFrame = field(repr=False)
    """One row a point, replication and clause: `point`, `replication`, `clause` (plan/id), `value`, `holds`."""
    verdicts: pd.DataFrame = field(repr=False)
    """One row a point and watched clause: `point`, `plan`, `clause` (id), `n`, `untested`, `estimate`, `low`, `high`,
    `required`, `confidence`, `verdict`, `interval` (exact or anytime)."""


def run_experiment(
    file: str | Path,
    *,
    out: str | Path | None = None,
    workers: int | Workers | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
) -> SweepResults:
    """Run an experiment file whole, or carry on where it was stopped; answers the stored results.

    `out`: folder of the results; default `results/<name of the experiment>`. `workers`, `executor`: as `evaluate`.
    Raises ScenarioError with all faults of the file before anything runs, ResultsError where the folder is refused.
    """
    raise NotImplementedError


def read_sweep(folder: str | Path) -> SweepResults:
    """The results in a folder written by `run_experiment`, finished or not. Raises ResultsError."""
    raise NotImplementedError


def evaluate(
    points: Sequence[Point],
    numbers: Sequence[int],
    *,
    seed: int = 1,
    plans: Sequence[Plan | str] | None = None,
    workers: int | Workers | None = 1,
    executor: Executor | None = None,
) -> Iterator[tuple[int, ReplicationResult]]:
    """Run the given replications of every point; answers (index of the point in `points`, result) as they come.

    The order of the answers depends on the workers, what is in them does not. Results hold scalars and clauses; the
    tables of places, curves and responses are empty and there is no log. (A keyword `store`, a folder that remembers
    replications over calls and sessions, is to come.)

    `plans`: plans to judge by; None: those that each scenario names. `workers`: a number of processes (None: one a
    core, 1: this process), or what `open_workers` gave, to be used for many calls. `executor`: any
    `concurrent.futures.Executor` instead. Raises ScenarioError for a point that cannot be loaded, when its turn comes.
    """
    pairs = [(index, number) for index in range(len(points)) for number in numbers]
    yield from _run(points, pairs, seed, plans, workers, executor)


def _run(
    points: Sequence[Point],
    pairs: Iterable[tuple[int, int]],
    seed: int,
    plans: Sequence[Plan | str] | None,
    workers: int | Workers | None,
    executor: Executor | None,
) -> Iterator[tuple[int, ReplicationResult]]:
    @cache
    def parcel(index: int) -> Parcel:
        scenario = points[index].load()
        return pack(Task(scenario, tuple(clause_lines(scenario, plans)), seed, "none", ()))

    calls = (Call(str(index), number, lambda index=index: parcel(index)) for index, number in pairs)  # type: ignore[misc]
    if isinstance(workers, Workers):
        yield from ((int(key), result) for key, result in workers.run(calls))
        return
    with open_workers(workers, executor) as where:
        yield from ((int(key), result) for key, result in where.run(calls))
