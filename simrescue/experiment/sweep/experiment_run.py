"""Sweeps: an experiment file run whole, and the primitive under it that runs given replications of given points.

All points of an experiment share their seed and the numbers of their replications: replication 7 of every point meets
the same flood (common random numbers), so that points are compared pair by pair.

Points are simulated in rounds. In a round every point that is not settled gets its next batch; then, with the whole
round in, each is looked at. What is run thus depends on results and never on which worker was faster.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from functools import lru_cache
from pathlib import Path
from typing import Any

from simrescue.experiment.analysis.statistics import judge_counts
from simrescue.experiment.design.experiment_file import Designed, read_experiment
from simrescue.experiment.design.experiment_records import Sequential
from simrescue.experiment.design.points import Point, point
from simrescue.experiment.replications.command_line import sweep_command
from simrescue.experiment.replications.executors import ReplicationCall, Workers, borrowed, open_workers
from simrescue.experiment.replications.packed_job import Job, PackedJob, clause_key, is_run, pack
from simrescue.experiment.replications.runner import things_table
from simrescue.experiment.store.manifest import describe_sweep
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.experiment.store.sweep_results import (
    BESIDE_COLUMNS,
    SWEEP_VERDICT_COLUMNS,
    SweepResults,
    reached_by_point,
    read_sweep,
    short_by_point,
    take_clauses,
    verdict_rows,
)
from simrescue.experiment.store.sweep_store import ALWAYS_KEPT, Outcomes, SweepWriter
from simrescue.experiment.sweep.evaluation import PACKED, evaluate
from simrescue.experiment.sweep.replication_cache import ReplicationCache, remember
from simrescue.experiment.sweep.stopping_rule import enough, up_to
from simrescue.plans import Line, Verdict, limit_columns
from simrescue.scenario.plans.plans_file import checksums
from simrescue.simulation.world import compile_world

__all__ = [
    "Point",
    "ReplicationCache",
    "SweepResults",
    "evaluate",
    "open_workers",
    "point",
    "read_sweep",
    "remember",
    "run_experiment",
]  # fmt: skip

Progress = Callable[[int, int], None]
"""Called with replications done and in all; with a stopping rule the latter is the most there can be, and falls."""


def run_experiment(
    file: str | Path | Designed,
    *,
    out: str | Path | None = None,
    workers: int | Workers | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    replace: bool = False,
) -> SweepResults:
    """Run an experiment file whole, or carry on where it was stopped; answers the stored results.

    `out`: folder of the results; default `results/<name of the experiment>`. `workers`, `executor`: as `evaluate`.
    `replace`: throw away what an older version, another seed or other plans left in the folder, instead of refusing.
    Ctrl-C keeps every finished replication. Raises ExperimentError with all faults of the file before anything runs,
    ResultsError where the folder is refused.
    """
    designed = file if isinstance(file, Designed) else read_experiment(file)
    folder = Path(out) if out is not None else Path("results") / designed.experiment.name
    things = things_table(compile_world(designed.points[0].load()))
    with (
        SweepWriter(folder, _manifest(designed, folder), designed.columns, things, replace=replace) as store,
        borrowed(workers, executor) as where,
    ):
        _Run(designed, store, where, progress).finish()
    return read_sweep(folder)


class _Run:
    """One experiment on its way; `n` holds how many replications of each key have been looked at."""

    def __init__(self, designed: Designed, store: SweepWriter, where: Workers, progress: Progress | None) -> None:
        self.designed, self.store, self.where = designed, store, where
        self.progress = progress or (lambda _done, _total: None)
        self.points = dict(zip(designed.columns["key"], designed.points, strict=True))
        self.tally, self.beside = Outcomes(), {name: Outcomes() for name in BESIDE_COLUMNS}
        self.n = dict.fromkeys(self.points, 0)
        self.left = designed.experiment.budget
        self._ids, self._by_rows = dict[str, tuple[str, ...]](), dict[tuple[str, ...], tuple[str, ...]]()
        # Who carries on counts what is stored already.
        for table in store.stored("clauses"):
            take_clauses(table.to_pydict(), self.tally, self.beside)

    def finish(self) -> None:
        """All rounds, the logs of the worst, and the tables put together."""
        unsettled = list(self.points)
        while targets := self._targets(unsettled):
            self._fill(targets)
            self.n |= targets
            unsettled = [key for key in targets if not self._enough(key)]
        self._keep_worst()
        named = zip(self.designed.columns["point"], self.designed.columns["key"], strict=True)
        description = _description(self.designed)
        reached = reached_by_point(self.store.table("clauses"), self.n)
        where = short_by_point(self.store.table("shortfalls"), description, reached, self._ids_of, self.n)
        verdicts = verdict_rows(named, self.tally, self.beside, description, reached, self.n, where)
        self.store.finish(self.n, verdicts, SWEEP_VERDICT_COLUMNS)

    def _ids_of(self, key: str) -> tuple[str, ...]:
        """Ids of the things of a point: those of the base, but where the point has rows of its own."""
        if key not in self._ids:
            scenario = self.points[key].load()
            rows = tuple(place.id for place in scenario.in_order().places)
            # To compile a world takes long, and most points have the same rows.
            if rows not in self._by_rows:
                self._by_rows[rows] = compile_world(scenario).ids
            self._ids[key] = self._by_rows[rows]
        return self._ids[key]

    def _targets(self, unsettled: Sequence[str]) -> dict[str, int]:
        """Key -> replications after the next round, as far as the budget goes."""
        rule, targets = self.designed.experiment.replications, {}
        for key in unsettled:
            target = up_to(rule, self.n[key]) if isinstance(rule, Sequential) else rule
            if self.left is not None:
                # A round whole or not at all, so that the rule looks at n as ever; a smaller one may still fit.
                if target - self.n[key] > self.left:
                    continue
                self.left -= target - self.n[key]
            targets[key] = target
        return targets

    def _enough(self, key: str) -> bool:
        rule = self.designed.experiment.replications
        if not isinstance(rule, Sequential):
            return True
        return enough(rule, [self._verdict(rule, line, key) for line in self.designed.watched], self.n[key])

    def _verdict(self, rule: Sequential, line: Line, key: str) -> Verdict:
        held, broken, untested = self.tally.counts(key, clause_key(line), self.n[key])
        confidence = line.clause.confidence if rule.until == "settled" else rule.confidence
        return judge_counts(held, held + broken, line.clause.reliability, confidence, untested)

    def _fill(self, targets: Mapping[str, int]) -> None:
        pairs = [
            (key, number)
            for key, target in targets.items()
            for number in range(self.n[key], target)
            if not self.store.has(key, number)
        ]
        done = sum(self.n.values()) + sum(target - self.n[key] for key, target in targets.items()) - len(pairs)
        total = self._most(targets)
        self.progress(done, total)
        events = self.designed.experiment.events
        # Which replications are the worst is known at the end: their logs are made then, and none before.
        for key, result in self._run(pairs, "none" if self.designed.experiment.worst else events):
            self.store.add(key, result)
            self.tally.add(key, result.replication, result.clauses)
            self.beside["from_need"].add(key, result.replication, result.from_need)
            self.beside["best"].add(key, result.replication, result.bounds)
            done += 1
            self.progress(done, total)

    def _most(self, targets: Mapping[str, int]) -> int:
        rule, budget = self.designed.experiment.replications, self.designed.experiment.budget
        most = rule.max if isinstance(rule, Sequential) else rule
        total = sum(most if key in targets else n for key, n in self.n.items())
        return total if budget is None else min(total, budget)

    def _run(self, pairs: Iterable[tuple[str, int]], events: str) -> Iterator[tuple[str, ReplicationResult]]:
        designed = self.designed
        watched = tuple(clause_key(line) for line in designed.watched)

        @lru_cache(PACKED)
        def packed(key: str) -> PackedJob:
            task = Job(
                self.points[key].load(),
                designed.lines,
                designed.experiment.seed,
                events,
                (*ALWAYS_KEPT, *designed.experiment.tables),
                watched,
                bounds=True,
            )
            return pack(task)

        yield from self.where.run(ReplicationCall(key, number, packed) for key, number in pairs)

    # ---- event logs of the worst

    def _keep_worst(self) -> None:
        """The worst replications of each point are run once more for their logs: the same inputs, the same log."""
        if not self.designed.experiment.worst:
            return
        wanted = self._worst(self.designed.experiment.worst)
        self.store.keep_logs(wanted)
        for key, result in self._run([name for name in wanted if not self.store.has_log(*name)], "all"):
            if result.log is not None:
                self.store.add_log(key, result.replication, result.log)

    def _worst(self, count: int) -> list[tuple[str, int]]:
        """Those that broke most of the watched clauses; among equals those with most person-hours of late relief."""
        late: dict[tuple[str, int], float] = {}
        for table in self.store.stored("replications"):
            hours = (
                table.column("late_person_h").to_pylist()
                if "late_person_h" in table.column_names
                else [0.0] * len(table)
            )
            names = zip(table.column("key").to_pylist(), table.column("replication").to_pylist(), strict=True)
            late |= dict(zip(names, hours, strict=True))
        broken = [clause_key(line) for line in self.designed.watched]
        worst = []
        for key, n in self.n.items():
            # The number last: of equals always the same is kept, in whatever order workers brought them.
            bad = [(-self.tally.broken(key, number, broken), -late[key, number], number) for number in range(n)]
            worst += [(key, number) for _, _, number in sorted(bad)[:count]]
        return worst


def _manifest(designed: Designed, folder: Path) -> dict[str, Any]:
    from simrescue import __version__

    plans = {line.plan.name: line.plan for line in designed.lines}
    experiment = designed.experiment
    manifest = describe_sweep(
        checksums(list(plans.values())), experiment.seed, experiment.tables, __version__, _description(designed)
    )
    # The file may say another count than this run was given: a whole number says it on the command line too.
    count = experiment.replications if isinstance(experiment.replications, int) else None
    return manifest | {"command": sweep_command(designed.file, count, folder)}


def _description(designed: Designed) -> dict[str, Any]:
    """The experiment as the manifest tells it: the file as read, and the clauses that are measured."""
    watched = {clause_key(line) for line in designed.watched}
    clauses = [
        {
            "key": clause_key(line), "plan": line.plan.name, "clause": line.clause.id, "kind": line.kind,
            "title": line.clause.name, "title_zh": line.clause.name_zh, "reliability": line.clause.reliability,
            "confidence": line.clause.confidence, "watched": clause_key(line) in watched,
            **limit_columns(line.clause), "threshold": line.clause.threshold, "comparison": line.clause.comparison,
        }
        for line in designed.lines
        if is_run(line)
    ]  # fmt: skip
    return {
        "checksum": designed.checksum,
        "file": designed.experiment.model_dump(mode="json", by_alias=True, exclude_defaults=True),
        "clauses": clauses,
    }
