"""What a worker does: one replication of a scenario, and everything that is read off its log.

A task travels packed. A worker keeps the last few worlds that it compiled, under the name of their task, so that the
calls that follow carry a name and a number only.
"""

from __future__ import annotations

import pickle
import time
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from importlib import import_module
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from simrescue.dispatch import POLICIES
from simrescue.events import EventLog
from simrescue.experiment.bound.replication_bound import best_value, has_bound
from simrescue.experiment.bound.travel_bounds import TravelBounds
from simrescue.experiment.replications.recorded_event import recorded_numbers
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.replication_result import RESULT_TABLES, ReplicationResult
from simrescue.explain.stored import reason_rows, settings_of
from simrescue.kinds import register_need, register_task
from simrescue.metrics import (
    MEASURES,
    Facts,
    begun_fires,
    curves,
    measure,
    measure_from_need,
    places_table,
    responses_table,
    summarise,
)
from simrescue.metrics.base import Tally
from simrescue.metrics.recorded import figures
from simrescue.metrics.tallies import PlaceTally, tally
from simrescue.places import BASIC_NEEDS, NEED_KINDS, NEEDS, NeedKind
from simrescue.plans import Line
from simrescue.responders import REPAIR, TASK_KINDS, TASKS, TaskKind
from simrescue.scenario.history import figures_on_record
from simrescue.scenario.plans.plans_file import is_static
from simrescue.scenario.records import Scenario
from simrescue.simulation.missions import CALL_MISSIONS
from simrescue.simulation.missions import register as register_mission
from simrescue.simulation.run import replicate
from simrescue.simulation.world import compile_world

WORLDS_KEPT = 4
"""Compiled worlds that a worker remembers."""


class Job(NamedTuple):
    """What a worker must know to run any replication of a scenario; the world is compiled where the work is done."""

    scenario: Scenario
    lines: tuple[Line, ...]
    seed: int
    events: str
    """Which event logs come back: all, failures (a clause of `watched` is broken) or none."""
    tables: tuple[str, ...] = RESULT_TABLES
    """Tables that come back, of records.TABLES; scalars and clauses always do."""
    watched: tuple[str, ...] = ()
    """Keys of the clauses whose breaking is a failure; empty: all."""
    bounds: bool = False
    """Whether the best that any dispatch could have done comes back beside each clause."""


class PackedJob(NamedTuple):
    """A packed task and its name; equal names hold equal tasks."""

    name: str
    content: bytes


class Registered(NamedTuple):
    """Needs, tasks and missions of calls that are not the program's own; they travel, since they name no module."""

    needs: tuple[NeedKind, ...]
    tasks: tuple[TaskKind, ...]
    call_missions: tuple[tuple[str, type[Any]], ...]


def pack(task: Job) -> PackedJob:
    """A task as it travels, with the modules outside this package that register what it names."""
    sent = _registering(task), _from_outside(), pickle.dumps(task, pickle.HIGHEST_PROTOCOL)
    content = zlib.compress(pickle.dumps(sent, pickle.HIGHEST_PROTOCOL), 1)
    return PackedJob(blake2b(content, digest_size=12).hexdigest(), content)


def _registering(task: Job) -> tuple[str, ...]:
    """Modules that a worker has to import first; what a script registered itself cannot be had from there."""
    policy = POLICIES.get(task.scenario.settings.command.policy)
    functions = [*(policy[-2:] if policy else ()), *(MEASURES[name].of_log for name in _measures(task))]
    known = figures(task.scenario.settings.hazards)
    functions += [function for name in _figures(task) for function in (known[name].value, known[name].waits)]
    modules = {str(getattr(one, "__module__", "")) for one in functions if one is not None}
    return tuple(sorted(name for name in modules if name.partition(".")[0] not in ("simrescue", "__main__", "")))


def _from_outside() -> Registered:
    own = [len(BASIC_NEEDS), REPAIR + 1]
    return Registered(tuple(NEED_KINDS[own[0] :]), tuple(TASK_KINDS[own[1] :]), tuple(CALL_MISSIONS.items()))


def _register(outside: Registered) -> None:
    """What is not known here yet: the modules that were imported may have registered it."""
    for need in outside.needs:
        if need.name not in NEEDS:
            register_need(need)
    for kind in outside.tasks:
        if kind.name not in TASKS:
            register_task(kind)
    for name, mission in outside.call_missions:
        if name not in CALL_MISSIONS:
            register_mission(name, mission)


def _measures(task: Job) -> list[str]:
    return sorted({line.clause.measure for line in task.lines if line.clause.measure})


def _figures(task: Job) -> list[str]:
    return sorted({figure.entry.metric for figure in figures_on_record(task.scenario.settings.history)})


def _unpack(content: bytes) -> Job:
    """A task that came with a call. Raises ValueError where this process does not know what it names."""
    modules, outside, packed = pickle.loads(zlib.decompress(content))  # noqa: S301 - packed by `pack` in the parent
    for module in modules:
        import_module(module)
    _register(outside)
    task: Job = pickle.loads(packed)  # noqa: S301
    policy = task.scenario.settings.command.policy
    unknown = [f"policy {policy}"] if policy not in POLICIES else []
    unknown += [f"measure {name}" for name in _measures(task) if name not in MEASURES]
    known = figures(task.scenario.settings.hazards)
    unknown += [f"figure {name}" for name in _figures(task) if name not in known]
    if unknown:
        raise ValueError(
            f"{', '.join(unknown)}: not registered in this worker process; register it in a module of its own when "
            "that is imported, or run with one worker"
        )
    return task


def one_replication(task: Job, reach: TravelBounds, number: int) -> ReplicationResult:
    """Run one replication of the world of `reach` and read everything off its log."""
    return read_off(task, reach, values_of(task, reach, number))


def values_of(task: Job, reach: TravelBounds, number: int) -> ReplicationResult:
    """Run one replication of the world of `reach`; answers its log and what each clause came to, not whole yet."""
    began = time.thread_time()
    facts = reach.world.facts
    log = replicate(reach.world, task.seed, number).log
    clauses = [
        (clause_key(line), value, line.clause.holds(value))
        for line in task.lines
        if is_run(line)
        for value in [measure(log, facts, line.clause.measure, line.clause.settings)]
    ]
    tallies = _tallies(task, log, facts)
    return ReplicationResult(
        replication=number,
        log=log,
        scalars={},
        places={},
        clauses=clauses,
        curves={},
        responses={},
        fires={},
        shortfalls={},
        reasons={},
        reached=[(key, float(one.places.counted.sum()), one.limit_needed, one.limit_all) for key, one in tallies],
        cpu_s=time.thread_time() - began,
        is_whole=False,
    )


def read_off(task: Job, reach: TravelBounds, begun: ReplicationResult) -> ReplicationResult:
    """Read everything else off the log of a replication of which `values_of` has told the values."""
    began = time.thread_time()
    world, facts, log = reach.world, reach.world.facts, begun.log
    assert isinstance(log, EventLog)
    scalars = summarise(log, facts)
    for i, figure in enumerate(figures_on_record(world.scenario.settings.history)):
        scalars |= recorded_numbers(i, figure, log, facts)
    is_kept = task.events == "all" or (task.events == "failures" and _fails(task, begun.clauses))
    return begun._replace(
        log=log if is_kept else None,
        scalars=scalars,
        places=places_table(log, facts) if "places" in task.tables else {},
        curves=curves(log, facts) if "curves" in task.tables else {},
        responses=responses_table(log, facts) if "responses" in task.tables else {},
        fires=begun_fires(log, facts) if "fires" in task.tables else {},
        shortfalls=_by_place(list(_tallies(task, log, facts))) if "shortfalls" in task.tables else {},
        reasons=_reasons(task, log, facts) if "reasons" in task.tables else {},
        from_need=list(_from_need(task, log, facts)),
        bounds=list(_bounds(task, reach, log)) if task.bounds else (),
        cpu_s=begun.cpu_s + time.thread_time() - began,
        is_whole=True,
    )


def _tallies(task: Job, log: EventLog, facts: Facts) -> Iterator[tuple[str, PlaceTally]]:
    """What each clause came to by place, where its measure tells it."""
    for line in task.lines:
        clause = line.clause
        if is_run(line) and clause.threshold is not None:
            told = tally(log, facts, clause.measure, clause.settings, clause.threshold)
            if told is not None:
                yield clause_key(line), told


def _by_place(tallies: Sequence[tuple[str, PlaceTally]]) -> dict[str, NDArray[Any]]:
    columns = [np.concatenate(parts) for parts in zip(*(one.places for _, one in tallies), strict=True)]
    names = np.repeat(np.array([key for key, _ in tallies], np.str_), [len(one.places.place) for _, one in tallies])
    return {"clause": names, **dict(zip(Tally._fields, columns, strict=True))} if tallies else {}


def _reasons(task: Job, log: EventLog, facts: Facts) -> dict[str, NDArray[Any]]:
    """Where the hours of the late went: the log is at hand here, and reading it again would cost as much once more."""
    clauses = []
    for line in task.lines:
        if is_run(line):
            clause, given = line.clause, line.clause.settings.given()
            limit = given.get("limit_h", clause.threshold)
            settings = settings_of(
                given, np.nan if limit is None else limit, MEASURES[clause.measure].limit_unit(given)
            )
            clauses.append((clause_key(line), clause.measure, settings))
    return reason_rows(log, facts, clauses, task.scenario.settings.command.decision_h)


def _from_need(task: Job, log: EventLog, facts: Facts) -> Iterator[tuple[str, float, bool]]:
    for line in task.lines:
        clause = line.clause
        if is_run(line) and MEASURES[clause.measure].has_two_clocks(clause.settings.given()):
            value = measure_from_need(log, facts, clause.measure, clause.settings)
            yield clause_key(line), value, clause.holds(value)


def _bounds(task: Job, reach: TravelBounds, log: EventLog) -> Iterator[tuple[str, float, bool]]:
    for line in task.lines:
        clause = line.clause
        if is_run(line) and has_bound(clause, reach.world):
            best = best_value(reach, log, clause.measure, clause.settings.given())
            yield clause_key(line), best, clause.holds(best)


def _fails(task: Job, clauses: Sequence[tuple[str, float, bool]]) -> bool:
    """Whether a clause that counts was put to the test and broken."""
    return any(not (held or np.isnan(value)) for key, value, held in clauses if not task.watched or key in task.watched)


def clause_key(line: Line) -> str:
    """Name of a clause over all plans, as in clauses.parquet."""
    return f"{line.plan.name}/{line.clause.id}"


def is_run(line: Line) -> bool:
    """Whether a clause is measured in each replication."""
    return bool(line.clause.measure) and not is_static(line.clause)


# ---- in the worker

_worlds: OrderedDict[str, tuple[Job, TravelBounds]] = OrderedDict()
_one_at_a_time = Lock()  # a worker of a cluster may have threads, and a world remembers paths between replications


def learn(name: str, content: bytes) -> None:
    """Unpack a task and compile its world, for calls to come. Raises ValueError as they would."""
    with _one_at_a_time:
        _knows(name, content)


def _knows(name: str, content: bytes | None) -> bool:
    if name not in _worlds:
        if content is None:
            return False
        task = _unpack(content)
        _worlds[name] = task, TravelBounds(compile_world(task.scenario))
        while len(_worlds) > WORLDS_KEPT:
            _worlds.popitem(last=False)
    _worlds.move_to_end(name)
    return True


def work(
    name: str,
    number: int,
    content: bytes | None = None,
    begun: ReplicationResult | None = None,
    *,
    values_only: bool = False,
) -> ReplicationResult | None:
    """Run one replication of a task that this worker has seen, or that comes with the call as `content`.

    The event log comes back packed, so that whoever collects the results need not do it for all workers.

    Args:
        name: of the packed task.
        number: of the replication.
        content: the packed task.
        begun: what a call for the values alone has answered: now the rest of it.
        values_only: whether the rest is left for another call.

    Returns:
        The replication; None: this worker has not seen the task, and is to be called again with the content.
    """
    with _one_at_a_time:
        if not _knows(name, content):
            return None
        result = values_of(*_worlds[name], number) if begun is None else begun
        if values_only:
            return result
        result = read_off(*_worlds[name], result)
    return result._replace(log=table_bytes.of_log(result.log)) if isinstance(result.log, EventLog) else result
