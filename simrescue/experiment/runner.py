"""Runs the replications of a scenario, here or on several processes, and judges the plan by what they say.

The order in which workers finish changes nothing: each replication depends on scenario, seed and its own number only,
and tables are sorted before they are written.
"""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.errors import ResultsError
from simrescue.experiment.records import ReplicationResult
from simrescue.experiment.statistics import judge_clause, judge_static
from simrescue.metrics import curves, measure, places_table, recorded_value, responses_table, summarise
from simrescue.plans import Line, Plan, Verdict, lines, verdict_row
from simrescue.scenario.plans_file import checksums, is_static, load_compared, load_plan
from simrescue.scenario.records import Scenario
from simrescue.scenario.static_measures import STATIC_MEASURES
from simrescue.simulation.run import replicate
from simrescue.simulation.world import World, compile_world

if TYPE_CHECKING:
    from simrescue.experiment.store import Results, Writer

Progress = Callable[[int, int], None]
"""Called with replications done and in all."""

AHEAD = 2
"""Replications handed to each worker at a time."""
EVENTS = ("all", "failures", "none")
"""Which event logs are kept: all, those of replications that broke a clause, or none."""


class Task(NamedTuple):
    """What a worker must know to run any replication of a scenario; the world is compiled where the work is done."""

    scenario: Scenario
    lines: tuple[Line, ...]
    seed: int
    events: str


def run(
    scenario: Scenario,
    plans: Sequence[Plan | str] | None = None,
    replications: int = 40,
    seed: int = 1,
    workers: int | None = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
    events: str = "all",
) -> Results:
    """Run a scenario and judge it by plans (default: those it names). Answers the stored results.

    `workers`: processes; None: one for each core. `out`: results folder; default `results/<name>`.
    `events`: which event logs to keep, one of `EVENTS`. A folder with a part of the same run is carried on.
    Ctrl-C keeps every finished replication and marks the run unfinished. Raises ResultsError where the folder
    cannot be used, PlanError for an unknown plan, ValueError for fewer than one replication and for a seed that is
    not from 0 to 2^63 - 1.
    """
    from simrescue import __version__
    from simrescue.experiment.store import Writer, default_folder, describe

    if replications < 1:
        raise ValueError("at least one replication is needed")
    if workers is not None and workers < 1:
        raise ValueError("at least one worker is needed")
    if not 0 <= seed < 2**63:
        raise ValueError("the seed must be a whole number from 0 to 2^63 - 1")
    if events not in EVENTS:
        raise ValueError(f"events must be one of {', '.join(EVENTS)}")
    judged = clause_lines(scenario, plans)
    world = compile_world(scenario)
    task = Task(scenario, tuple(judged), seed, events)
    used = {line.plan.name: line.plan for line in judged}
    manifest = describe(scenario, checksums(list(used.values())), seed, replications, __version__)
    manifest["events"] = events
    folder = Path(out) if out is not None else default_folder(scenario)
    with Writer(folder, manifest, things_table(world), roads_table(world)) as writer:
        try:
            _fill(writer, task, world, replications, workers, progress)
        except KeyboardInterrupt:
            if len(writer.missing) < replications:
                writer.finish(_verdicts(writer, scenario, judged), _recorded(writer, scenario))
            raise
        return writer.finish(_verdicts(writer, scenario, judged), _recorded(writer, scenario))


def clause_lines(scenario: Scenario, plans: Sequence[Plan | str] | None = None) -> list[Line]:
    """All clauses that a scenario is judged by or compared with, each with how it counts."""
    named = scenario.settings.plan
    chosen = plans if plans is not None else (named,) if isinstance(named, str) else named
    own = [plan if isinstance(plan, Plan) else load_plan(plan, scenario.folder) for plan in chosen]
    return list(lines(own, load_compared(own, scenario.folder), scenario.settings.start.year))


# ---- the work


def one_replication(task: Task, world: World, number: int) -> ReplicationResult:
    """Run one replication and read everything off its log."""
    facts = world.facts
    log = replicate(world, task.seed, number).log
    clauses = [
        (clause_key(line), value, line.clause.holds(value))
        for line in task.lines
        if is_run(line)
        for value in [measure(log, facts, line.clause.measure, line.clause.settings.given())]
    ]
    scalars = summarise(log, facts)
    for i, entry in enumerate(world.scenario.settings.history):
        scalars[recorded_name(i)] = recorded_value(log, facts, entry.metric, entry.at, entry.place)
    broken = any(not held for _, value, held in clauses if not np.isnan(value))
    keep = task.events == "all" or (task.events == "failures" and broken)
    return ReplicationResult(
        replication=number,
        log=log if keep else None,
        scalars=scalars,
        places=places_table(log, facts),
        clauses=clauses,
        curves=curves(log, facts),
        responses=responses_table(log, facts),
    )


def clause_key(line: Line) -> str:
    """Name of a clause over all plans, as in clauses.parquet."""
    return f"{line.plan.name}/{line.clause.id}"


def recorded_name(number: int) -> str:
    """Name of the scalar that stands beside an entry of the scenario's history."""
    return f"recorded_{number}"


def is_run(line: Line) -> bool:
    """Whether a clause is measured in each replication."""
    return bool(line.clause.measure) and not is_static(line.clause)


def _fill(writer: Writer, task: Task, world: World, total: int, workers: int | None, progress: Progress | None) -> None:
    missing = writer.missing
    done = total - len(missing)
    if progress and missing:
        progress(done, total)
    for result in _results(task, world, missing, workers):
        writer.add(result)
        done += 1
        if progress:
            progress(done, total)


def _results(task: Task, world: World, numbers: Sequence[int], workers: int | None) -> Iterator[ReplicationResult]:
    count = min(workers or multiprocessing.cpu_count(), len(numbers))
    if count <= 1:
        yield from (one_replication(task, world, number) for number in numbers)
        return
    with _pool(task, count) as pool:
        try:
            yield from _spread(pool, numbers, count * AHEAD)
        except BrokenProcessPool as problem:
            raise ResultsError(
                "a worker process died (out of memory?); finished replications are kept: "
                "run the same command again to carry on, with fewer --workers if memory is short"
            ) from problem
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _spread(pool: Executor, numbers: Sequence[int], ahead: int) -> Iterator[ReplicationResult]:
    """Results as they come; only so many replications are under way that a stop does not take long."""
    coming = iter(numbers)
    futures = {pool.submit(_work, number) for number in islice(coming, ahead)}
    while futures:
        done, futures = wait(futures, return_when=FIRST_COMPLETED)
        futures |= {pool.submit(_work, number) for number in islice(coming, len(done))}
        for future in done:
            yield future.result()


def _pool(task: Task, count: int) -> ProcessPoolExecutor:
    methods = multiprocessing.get_all_start_methods()
    context: Any = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["simrescue.experiment.runner"])
    return ProcessPoolExecutor(count, context, _start_worker, (task,))


_work_at_hand: tuple[Task, World] | None = None


def _start_worker(task: Task) -> None:
    """The task travels once to each worker; Ctrl-C is the parent's to handle."""
    global _work_at_hand  # noqa: PLW0603 - the state of a worker process is what an initializer is for
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _work_at_hand = task, compile_world(task.scenario)


def _work(number: int) -> ReplicationResult:
    if _work_at_hand is None:
        raise RuntimeError("this worker was not started by the runner")
    return one_replication(*_work_at_hand, number)


# ---- what it comes to


def _verdicts(writer: Writer, scenario: Scenario, judged: Sequence[Line]) -> list[dict[str, Any]]:
    table = writer.results().clauses
    values = {key: part["value"].to_numpy() for key, part in table.groupby("clause")} if len(table) else {}
    return [verdict_row(line, _verdict(scenario, line, values.get(clause_key(line), ()))) for line in judged]


def _verdict(scenario: Scenario, line: Line, values: Any) -> Verdict:
    clause = line.clause
    if clause.measure and is_static(clause):
        return judge_static(clause, STATIC_MEASURES[clause.measure](scenario, clause.settings.given()))
    return judge_clause(clause, values)


def _recorded(writer: Writer, scenario: Scenario) -> list[dict[str, Any]]:
    table = writer.results().replications
    rows = []
    for i, entry in enumerate(scenario.settings.history):
        values = table[recorded_name(i)].to_numpy() if len(table) else np.array([])
        low, median, high = _band(values)
        rows.append({
            "what": entry.what, "what_zh": entry.what_zh, "metric": entry.metric, "place": entry.place,
            "at_h": entry.at, "recorded": entry.value, "low": low, "median": median, "high": high,
            "unit": entry.unit, "source": entry.source,
        })  # fmt: skip
    return rows


def _band(values: Any) -> tuple[float, float, float]:
    """5th, 50th and 95th percentile over replications, never (infinite) counted as the longest."""
    known = np.sort(values[~np.isnan(values)])
    if not len(known):
        return (float("nan"),) * 3
    low, median, high = (float(known[round(q * (len(known) - 1))]) for q in (0.05, 0.5, 0.95))
    return low, median, high


def things_table(world: World) -> dict[str, Any]:
    """Columns of things.parquet: everything that subject and place of a log point to."""
    places, members = world.places, world.members
    roads = world.scenario.roads
    names = [(p.name, p.name_zh) for p in places] + [("", "")] * len(roads)
    names += [(m.record.name, m.record.name_zh) for m in members] + [("command", "指挥部")]
    spots = [(p.lon, p.lat) for p in places] + [(float("nan"),) * 2] * len(roads)
    spots += [(places[m.base].lon, places[m.base].lat) for m in members] + [(float("nan"),) * 2]
    townships = [getattr(p, "township", "") for p in places] + [""] * (len(world.ids) - len(places))
    counties = [getattr(p, "county", "") for p in places] + [""] * len(roads)
    counties += [m.record.county for m in members] + [""]
    return {
        "index": list(range(len(world.ids))), "id": list(world.ids), "kind": list(world.kinds),
        "name": [a for a, _ in names], "name_zh": [b for _, b in names],
        "lon": [a for a, _ in spots], "lat": [b for _, b in spots], "county": counties, "township": townships,
    }  # fmt: skip


def roads_table(world: World) -> dict[str, Any]:
    """Columns of roads.parquet: each road with the indexes of its ends."""
    network, first = world.network, world.first["roads"]
    roads = world.scenario.roads
    return {
        "index": list(range(first, first + len(roads))), "from": network.start.tolist(), "to": network.end.tolist(),
        "kind": [road.kind for road in roads], "length_km": network.length_km.tolist(),
        "bridge": [road.bridge for road in roads],
    }  # fmt: skip
