"""The primitive under comparisons and searches: given replications of given points, wherever they run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from functools import lru_cache
from itertools import product

from simrescue.experiment.design.points import Point
from simrescue.experiment.replications.executors import ReplicationCall, Workers, borrowed
from simrescue.experiment.replications.packed_job import Job, PackedJob, pack
from simrescue.experiment.replications.runner import clause_lines
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.sweep.replication_cache import ReplicationCache
from simrescue.plans import Plan

PACKED = 8
"""Packed tasks that are remembered in the parent; a point that comes again later is packed again."""


def evaluate(
    points: Sequence[Point],
    numbers: Sequence[int],
    *,
    seed: int = 1,
    plans: Sequence[Plan | str] | None = None,
    workers: int | Workers | None = 1,
    executor: Executor | None = None,
    store: ReplicationCache | None = None,
    tables: tuple[str, ...] = (),
) -> Iterator[tuple[int, ReplicationResult]]:
    """Run the given replications of every point; answers (index of the point in `points`, result) as they come.

    The order of the answers depends on the workers, what is in them does not. Results hold scalars and clauses, and of
    `tables` those that are asked for (a store keeps that of shortfalls alone); others are empty and there is no log.

    `plans`: plans to judge by; None: those that each scenario names. `workers`: a number of processes (None: one a
    core, 1: this process), or what `open_workers` gave, to be used for many calls. `executor`: any
    `concurrent.futures.Executor` instead. `store`: what `remember` gave; replications that are in it are not run again,
    others are added to it. Raises ScenarioError for a point that cannot be loaded, when its turn comes.
    """
    wanted = product(range(len(points)), numbers)
    yield from _evaluated(points, wanted, seed, plans, borrowed(workers, executor), store, tables)


def evaluate_each(
    points: Sequence[Point],
    numbers: Sequence[int],
    *,
    seed: int = 1,
    plans: Sequence[Plan | str] | None = None,
    workers: int | Workers | None = 1,
    store: ReplicationCache | None = None,
    tables: tuple[str, ...] = (),
) -> Iterator[tuple[int, ReplicationResult]]:
    """As `evaluate`, but one replication of each point: numbers[i] of points[i]; each compiles a world for itself.

    `tables`: as of `evaluate`.
    """
    wanted = zip(range(len(points)), numbers, strict=True)
    yield from _evaluated(points, wanted, seed, plans, borrowed(workers, None), store, tables)


def _evaluated(
    points: Sequence[Point],
    wanted: Iterable[tuple[int, int]],
    seed: int,
    plans: Sequence[Plan | str] | None,
    workers: AbstractContextManager[Workers],
    store: ReplicationCache | None,
    tables: tuple[str, ...] = (),
) -> Iterator[tuple[int, ReplicationResult]]:
    keys = store.names(points, seed, plans) if store is not None else []
    left = []
    for index, number in wanted:
        if store is not None and (found := store.get(keys[index], number)) is not None:
            # At once: what is known waits for no worker.
            yield index, found
        else:
            left.append((index, number))

    @lru_cache(PACKED)
    def packed(index: str) -> PackedJob:
        scenario = points[int(index)].load()
        return pack(Job(scenario, tuple(clause_lines(scenario, plans)), seed, "none", tables))

    with workers as where:
        for name, result in where.run(ReplicationCall(str(index), number, packed) for index, number in left):
            if store is not None:
                store.add(keys[int(name)], result)
            yield int(name), result
