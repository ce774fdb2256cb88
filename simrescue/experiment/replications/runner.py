"""Runs the replications of a scenario, here or on several processes, and judges the plan by what they say.

The order in which workers finish changes nothing: each replication depends on scenario, seed and its own number only,
and tables are sorted before they are written.
"""

from __future__ import annotations

import math
import multiprocessing
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from numpy.typing import ArrayLike

from simrescue.experiment.analysis.distance import Reached, places_short
from simrescue.experiment.replications.budget import MOST
from simrescue.experiment.replications.command_line import run_command
from simrescue.experiment.replications.executors import ReplicationCall, Workers, open_workers
from simrescue.experiment.replications.packed_job import Job, PackedJob, clause_key, is_run, pack
from simrescue.experiment.replications.recorded_event import recorded_rows
from simrescue.experiment.replications.settling import Look, Settling, outcomes_of
from simrescue.experiment.replications.verdict_rows import ClauseValues, is_measured, reached_of, verdict_rows
from simrescue.experiment.store.manifest import doubts_of
from simrescue.kinds import kind_named
from simrescue.metrics.facts import KINDS_OF_TEAMS
from simrescue.metrics.recorded import figures
from simrescue.network.road_network import has_directions
from simrescue.places import Road
from simrescue.plans import Clause, Line, Plan, lines
from simrescue.scenario.history import figures_on_record
from simrescue.scenario.plans.plans_file import checksums, load_compared, load_plan
from simrescue.scenario.records import Scenario
from simrescue.simulation.world import World, compile_world

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.experiment.store.run_writer import Results, RunWriter

Progress = Callable[[int, int], None]
"""Called with replications done and in all; the second is a forecast where a run ends when it is settled."""


class DrawnValues(NamedTuple):
    """What replications with the unverified numbers drawn came to."""

    values: Mapping[str, ArrayLike | Reached]
    """Clause (plan/id) -> its value in each replication (nan: nobody was concerned), or all that it reached."""
    assumptions: Sequence[Mapping[str, Any]]
    """Rows of assumptions.csv."""
    shortfalls: Mapping[str, pd.DataFrame] = MappingProxyType({})
    """Clause -> its rows of the table of shortfalls over these replications."""


_BESIDE = ("bound", "from_need")
EVENTS = ("all", "failures", "none")
"""Which event logs are kept: all, those of replications that broke a clause, or none."""


def run(
    scenario: Scenario,
    plans: Sequence[Plan | str] | None = None,
    replications: int | None = None,
    seed: int = 1,
    workers: int | None = 1,
    out: str | Path | None = None,
    progress: Progress | None = None,
    events: str = "all",
    replace: bool = False,
    drawn: DrawnValues | None = None,
    typed: Sequence[str] = (),
    *,
    most: int = MOST,
    minutes: float | None = None,
    look: Look | None = None,
) -> Results:
    """Run a scenario and judge it by plans (default: those it names). Answers the stored results.

    A folder with a part of the same run is carried on, and a finished one is added to; one of another run (seed,
    scenario, plans, version) is refused, or with `replace` gives way once the new run is whole. Ctrl-C keeps every
    finished replication and marks the run unfinished.

    Args:
        scenario: what happens.
        plans: by name, file or as they are; None: those that the scenario names.
        replications: how often it happens; None: until every obligation is settled (`replications.settling`).
        seed: which events, 0 to 2^63 - 1.
        workers: processes; None: one for each core.
        out: results folder; default `results/<name>`.
        progress: told how far the run is.
        events: which event logs to keep, one of `EVENTS`.
        replace: whether results of another run may be replaced.
        drawn: what replications with drawn numbers came to (`studies.unsure`); each clause then has a second verdict.
        typed: the words of the command line that asked for it, kept in the manifest.
        most: replications at which a run without `replications` ends in any case.
        minutes: a run without `replications` ends after so many with what is finished; None: no limit.
        look: told the values of the first replication, and the verdicts from the fourth on (`settling.Look`).

    Raises:
        ResultsError: the folder cannot be used.
        PlanError: an unknown plan.
        ValueError: fewer than one replication or worker, a seed out of range.
    """
    from simrescue import __version__
    from simrescue.experiment.store.run_writer import RunWriter, default_folder, describe

    total = most if replications is None else replications
    _refuse_senseless(total, seed, workers, events)
    lines = clause_lines(scenario, plans)
    packed = pack(Job(scenario, tuple(lines), seed, events, bounds=True))
    used = {line.plan.name: line.plan for line in lines}
    manifest = describe(scenario, checksums(list(used.values())), seed, total, __version__)
    manifest["plan_titles"] = {name: (plan.title, plan.title_zh) for name, plan in used.items()}
    manifest["events"] = events
    manifest["clauses"] = {clause_key(line): _given(line.clause) for line in lines if is_run(line)}
    folder = Path(out) if out is not None else default_folder(scenario)
    unsure = drawn is not None
    manifest["command"] = run_command(
        scenario, plans, replications, seed, events, folder, unsure=unsure, most=most, typed=typed
    )
    with ExitStack() as opened:
        where = opened.enter_context(open_workers(min(workers or multiprocessing.cpu_count(), total)))
        if not folder.exists():
            where.prepare(packed)
        world = compile_world(scenario)
        tables = things_table(world), roads_table(world)
        writer = opened.enter_context(RunWriter(folder, manifest, *tables, replace=replace))
        settling = Settling(
            [line for line in lines if is_measured(line, scenario)], 0 if replications else writer.standing,
            max(total, 0 if replications else writer.standing), until_settled=replications is None,
            minutes=math.inf if minutes is None else minutes, look=look,
        )  # fmt: skip
        try:
            _fill(writer, packed, total, settling, where, progress)
        except KeyboardInterrupt:
            if writer.finished:
                _finish(writer, scenario, lines, drawn)
            raise
        command = run_command(scenario, plans, settling.n, seed, events, folder, unsure=unsure, typed=typed)
        writer.conclude(settling.n, command)
        return _finish(writer, scenario, lines, drawn)


def _refuse_senseless(replications: int, seed: int, workers: int | None, events: str) -> None:
    if replications < 1:
        raise ValueError("at least one replication is needed")
    if workers is not None and workers < 1:
        raise ValueError("at least one worker is needed")
    if not 0 <= seed < 2**63:
        raise ValueError("the seed must be a whole number from 0 to 2^63 - 1")
    if events not in EVENTS:
        raise ValueError(f"events must be one of {', '.join(EVENTS)}")


def clause_lines(scenario: Scenario, plans: Sequence[Plan | str] | None = None) -> list[Line]:
    """All clauses that a scenario is judged by or compared with, each with how it counts."""
    chosen = scenario.settings.plan_names if plans is None else plans
    own = [plan if isinstance(plan, Plan) else load_plan(plan, scenario.folder) for plan in chosen]
    return list(lines(own, load_compared(own, scenario.folder), scenario.settings.judged_year))


# ---- the work


def _fill(
    writer: RunWriter, packed: PackedJob, total: int, settling: Settling, where: Workers, progress: Progress | None
) -> None:  # fmt: skip
    missing = writer.missing
    done = total - len(missing)
    for number, outcomes in writer.outcomes():
        settling.add(number, outcomes)
    if not (missing := [] if settling.ended else missing):
        return
    if progress:
        progress(done, settling.expected)
    begun = set[int]()
    for _, result in where.run(_calls(packed, missing, settling)):
        settling.add(result.replication, outcomes_of(result))
        if not result.is_whole:
            begun.add(result.replication)
            continue
        begun.discard(result.replication)
        writer.add(result)
        done += 1
        if progress:
            progress(done, max(settling.expected, done))
        if settling.ended and not begun:
            break


def _calls(packed: PackedJob, missing: Iterable[int], settling: Settling) -> Iterator[ReplicationCall]:
    """What is to be done until the run is settled."""
    for number in missing:
        if settling.ended:
            return
        # The first value is waited for; why it is so can be read when it has been shown.
        yield ReplicationCall("", number, lambda _: packed, values_first=number == 0)


def _given(clause: Clause) -> dict[str, Any]:
    """What a clause sets of its measure, as the manifest keeps it."""
    return {name: list(one) if isinstance(one, tuple) else one for name, one in clause.settings.given().items()}


# ---- what it comes to


def _finish(writer: RunWriter, scenario: Scenario, lines: Sequence[Line], drawn: DrawnValues | None) -> Results:
    verdicts = _verdicts(writer, scenario, lines, drawn)
    assumptions = drawn.assumptions if drawn else None
    return writer.finish(verdicts, _recorded(writer, scenario), assumptions, doubts_of(scenario))


def _verdicts(
    writer: RunWriter, scenario: Scenario, lines: Sequence[Line], drawn: DrawnValues | None
) -> list[dict[str, Any]]:
    parts = dict(iter(writer.table("clauses").groupby("clause")))
    reached = {str(key): Reached.of(part) for key, part in parts.items()}
    bounds, from_need = ({str(key): part[side].to_numpy() for key, part in parts.items()} for side in _BESIDE)
    short = {str(key): rows for key, rows in writer.table("shortfalls").groupby("clause")}
    ids, clauses = writer.things["id"], {clause_key(line): line.clause for line in lines}

    def where(rows: Mapping[str, pd.DataFrame], values: ClauseValues) -> dict[str, list[tuple[str, float]]]:
        return {key: places_short(clauses[key], part, reached_of(values[key]), ids) for key, part in rows.items()}

    second = (drawn.values, where(drawn.shortfalls, drawn.values)) if drawn else (None, {})
    return verdict_rows(scenario, lines, reached, bounds, second[0], from_need, where(short, reached), second[1])


def _recorded(writer: RunWriter, scenario: Scenario) -> list[dict[str, Any]]:
    known = figures(scenario.settings.hazards)
    return recorded_rows(figures_on_record(scenario.settings.history), known, writer.table("replications"))


def things_table(world: World) -> dict[str, Any]:
    """Columns of things.parquet: everything that subject and place of a log point to."""
    places, members, network = world.places, world.members, world.network
    roads = world.scenario.roads
    names = [(p.name, p.name_zh) for p in places] + [("", "")] * len(roads)
    command = kind_named("command").noun
    names += [(m.record.name, m.record.name_zh) for m in members] + [(command.one, command.zh)]
    nowhere = world.scenario.of_command
    names += [(row.name, row.name_zh) for row in nowhere]
    spots = [(p.lon, p.lat) for p in places] + [(float("nan"),) * 2] * len(roads)
    spots += [(places[m.base].lon, places[m.base].lat) for m in members] + [(float("nan"),) * 2] * (1 + len(nowhere))
    townships = [getattr(p, "township", "") for p in places] + [""] * (len(world.ids) - len(places))
    counties = [getattr(p, "county", "") for p in places] + [""] * len(roads)
    counties += [m.record.county for m in members] + [""] * (1 + len(nowhere))
    levels = [""] * (len(places) + len(roads)) + [m.record.level for m in members] + [""] * (1 + len(nowhere))
    teams = [KINDS_OF_TEAMS[number] for number in (() if world.facts.teams is None else world.facts.teams)]
    meant = [getattr(p, "ordered_share", float("nan")) for p in places]
    meant += [float("nan")] * (len(world.ids) - len(places))
    return {
        "index": list(range(len(world.ids))), "id": list(world.ids), "kind": list(world.kinds),
        "name": [a for a, _ in names], "name_zh": [b for _, b in names],
        "lon": [a for a, _ in spots], "lat": [b for _, b in spots], "county": counties, "township": townships,
        "level": levels, "team": teams, "ordered_share": meant,
        **{end: _of_roads(world, ends.tolist()) for end, ends in (("from", network.start), ("to", network.end))},
    }  # fmt: skip


def _of_roads(world: World, values: Sequence[int]) -> list[int]:
    """A column of the table of things with the values of roads; -1 for all others."""
    column = [-1] * len(world.ids)
    column[world.first["roads"] : world.first["roads"] + len(values)] = values
    return column


def roads_table(world: World) -> dict[str, Any]:
    """Columns of roads.parquet: each road with the indexes of its ends."""
    network, first = world.network, world.first["roads"]
    roads, truck = world.scenario.roads, world.network.profiles["truck"]
    # Only where roads have speeds or directions of their own: else the class tells them.
    own = {"truck_h": truck.link_hours, "truck_back_h": truck.back_hours} if _has_own_speeds(roads) else {}
    return {
        "index": list(range(first, first + len(roads))), "from": network.start.tolist(), "to": network.end.tolist(),
        "kind": [road.kind for road in roads], "length_km": network.length_km.tolist(),
        "bridge": [road.bridge for road in roads], **own,
    }  # fmt: skip


def _has_own_speeds(roads: Sequence[Road]) -> bool:
    return has_directions(roads) or any(road.speed_kmh is not None or road.drive_h is not None for road in roads)
