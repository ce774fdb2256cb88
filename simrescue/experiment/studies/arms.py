"""A side of a comparison: a stored run, a point of a sweep, or replications run for it, as values by replication."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from simrescue.errors import ResultsError
from simrescue.experiment.analysis.distance import Reached, left_out, places_short
from simrescue.experiment.analysis.verdict_words import place_names
from simrescue.experiment.replications.packed_job import clause_key
from simrescue.experiment.replications.verdict_rows import verdict_rows
from simrescue.experiment.store.manifest import code_checksum
from simrescue.kinds import of_role
from simrescue.metrics.base import MEASURES
from simrescue.simulation.world import compile_world
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from simrescue.experiment.store.replication_result import ReplicationResult
    from simrescue.experiment.store.stored_results import Results
    from simrescue.experiment.store.sweep_results import SweepResults
    from simrescue.plans import Line
    from simrescue.scenario.records import Scenario

WORLD = ("hazard", "levels", "depths", "weather")
"""Where the world's part of a scenario stands, besides the tables of places that are a part of the hazard: sides that
differ there do not meet the same event."""

ByReplication = Mapping[int, float]
"""Replication number -> value."""


@dataclass(frozen=True)
class Arm:
    """One way of doing things."""

    label: str
    clauses: Mapping[str, ByReplication] = field(repr=False)
    """plan/clause -> value of each replication; not a number: not put to the test."""
    holds: Mapping[str, Mapping[int, bool]] = field(repr=False)
    """plan/clause -> whether it held in each replication."""
    numbers: Mapping[str, ByReplication] = field(repr=False)
    """Metric -> value of each replication."""
    titles: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    """plan/clause -> its name in English and Chinese."""
    measures: Mapping[str, str] = field(default_factory=dict, repr=False)
    """plan/clause -> name of its measure; older sweeps do not tell it."""
    obligations: frozenset[str] = frozenset()
    """Clauses (plan/clause) that are obligations; the others are lines to compare with."""
    verdicts: Mapping[str, Mapping[Any, Any]] = field(default_factory=dict, repr=False)
    """plan/clause -> how it stands on this side alone, as a row of the verdicts of a run."""
    places: Mapping[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    """Id of a place -> its name in English and Chinese."""
    event: tuple[object, ...] = ()
    """What makes the event of a replication: scenario, hazard, seed, and changes to the world."""
    left: Mapping[str, ByReplication] = field(default_factory=dict, repr=False)
    """plan/clause -> how many are left out in each replication (`distance.left_out`); of parts of a whole alone."""
    code: str = ""
    """Checksum of the program that ran it; empty: not known."""


def arm_of_results(results: Results, label: str) -> Arm:
    """A stored run as a side. Raises ResultsError where a table is missing."""
    manifest = results.manifest
    scenario = manifest["scenario"]
    event = _event(scenario["settings"], scenario["applied"], manifest["seed"])
    replications = results.replications.set_index("replication")
    clauses, holds = _of_clauses(results.clauses)
    rows = results.verdicts.to_dict("records")
    titles = {f"{row['plan']}/{row['clause']}": (str(row["title"]), str(row["title_zh"])) for row in rows}
    duties = frozenset(f"{row['plan']}/{row['clause']}" for row in rows if row["kind"] == "obligation")
    measures = {f"{row['plan']}/{row['clause']}": str(row["metric"]) for row in rows}
    verdicts = {f"{row['plan']}/{row['clause']}": row for row in rows}
    places, code = place_names(results.things), str(manifest.get("code", ""))
    left = _left(results.clauses, verdicts)
    return Arm(
        label, clauses, holds, _numbers(replications), titles, measures, duties, verdicts, places, event, left, code
    )


def arm_of_point(results: SweepResults, number: int, label: str) -> Arm:
    """One point of a sweep as a side. Raises ResultsError where the sweep has no such point."""
    table = results.replications[results.replications["point"] == number]
    if not len(table):
        raise ResultsError(
            bilingual("{folder} has no replications of point {number}", folder=results.folder, number=number)
        )
    clauses, holds = _of_clauses(results.clauses[results.clauses["point"] == number])
    replications = table.drop(columns="point").set_index("replication")
    described = results.manifest["experiment"]["clauses"]
    titles = {clause["key"]: (clause["title"], clause["title_zh"]) for clause in described}
    duties = frozenset(clause["key"] for clause in described if clause["kind"] == "obligation")
    measures = {clause["key"]: clause.get("metric", "") for clause in described}
    verdicts = {
        f"{row['plan']}/{row['clause']}": {**row, "replications": row["n"]}
        for row in results.verdicts[results.verdicts["point"] == number].to_dict("records")
    }
    event, places = (str(results.folder),), place_names(results.things)
    code = str(results.manifest.get("code", ""))
    left = _left(results.clauses[results.clauses["point"] == number], verdicts)
    return Arm(
        label, clauses, holds, _numbers(replications), titles, measures, duties, verdicts, places, event, left, code
    )


def arm_of_replications(
    found: Sequence[ReplicationResult], scenario: Scenario, lines: Sequence[Line], seed: int, label: str
) -> Arm:
    """Replications run for the comparison as a side; `lines` are the clauses that they were judged by."""
    clauses: dict[str, dict[int, float]] = {}
    holds: dict[str, dict[int, bool]] = {}
    numbers: dict[str, dict[int, float]] = {}
    for one in sorted(found, key=lambda result: result.replication):
        for key, value, held in one.clauses:
            clauses.setdefault(key, {})[one.replication] = value
            holds.setdefault(key, {})[one.replication] = held
        for name, value in one.scalars.items():
            numbers.setdefault(name, {})[one.replication] = value
    event = _event(scenario.settings.model_dump(mode="json"), scenario.applied, seed)
    titles = {clause_key(line): (line.clause.name, line.clause.name_zh) for line in lines}
    duties = frozenset(clause_key(line) for line in lines if line.kind == "obligation")
    measures = {clause_key(line): line.clause.measure for line in lines}
    world = compile_world(scenario)
    verdicts = {f"{row['plan']}/{row['clause']}": row for row in _judged(found, scenario, lines, world.ids)}
    places = {one.id: (one.name or one.name_zh, one.name_zh or one.name) for one in world.places}
    counted = {(one.replication, key): number for one in found for key, number, *_ in one.reached}
    rows = [(one.replication, key, value) for one in found for key, value, _ in one.clauses]
    table = pd.DataFrame(rows, columns=["replication", "clause", "value"])
    table["counted"] = [counted.get((number, key), math.nan) for number, key, _ in rows]
    left, code = _left(table, verdicts), code_checksum()
    return Arm(label, clauses, holds, numbers, titles, measures, duties, verdicts, places, event, left, code)


def _judged(
    found: Sequence[ReplicationResult], scenario: Scenario, lines: Sequence[Line], ids: Sequence[str]
) -> list[dict[str, Any]]:
    """The verdicts on replications."""
    rows: dict[str, list[tuple[float, ...]]] = {}
    short: dict[str, list[pd.DataFrame]] = {}
    for one in found:
        counts = {key: rest for key, *rest in one.reached}
        for key, value, _ in one.clauses:
            rows.setdefault(key, []).append((value, *counts.get(key, (math.nan,) * 3), one.replication))
        for clause, part in pd.DataFrame(dict(one.shortfalls)).groupby("clause") if one.shortfalls else ():
            short.setdefault(str(clause), []).append(part.assign(replication=one.replication))
    reached = {key: Reached(*np.array(columns, dtype=float).T) for key, columns in rows.items()}
    where = {
        key: places_short(line.clause, pd.concat(short[key]), reached[key], ids)
        for line in lines
        if (key := clause_key(line)) in short
    }
    return verdict_rows(scenario, lines, reached, {}, where=where)


def _event(settings: Mapping[str, Any], applied: Mapping[str, Any], seed: int) -> tuple[object, ...]:
    world = {*WORLD, *(kind.table for kind in of_role("place") if kind.of_hazard)}
    changed = sorted((path, str(value)) for path, value in applied.items() if path.split(".")[0] in world)
    return settings["name"], str(settings["hazard"]), seed, tuple(changed)


def _of_clauses(table: Any) -> tuple[dict[str, dict[int, float]], dict[str, dict[int, bool]]]:
    clauses, holds = {}, {}
    for key, part in table.groupby("clause", sort=False):
        numbers = part["replication"].tolist()
        clauses[str(key)] = dict(zip(numbers, part["value"].tolist(), strict=True))
        holds[str(key)] = dict(zip(numbers, part["holds"].tolist(), strict=True))
    return clauses, holds


def _left(table: pd.DataFrame, verdicts: Mapping[str, Mapping[Any, Any]]) -> dict[str, dict[int, float]]:
    """Who is left out of each clause by replication, where how many were counted is known (not in older results)."""
    found: dict[str, dict[int, float]] = {}
    for key, part in table.groupby("clause", sort=False) if "counted" in table else ():
        row = verdicts.get(str(key), {})
        measure = MEASURES.get(str(row.get("metric", "")))
        if measure is None or not measure.is_part:
            continue
        value, counted = (part[name].to_numpy(dtype=float) for name in ("value", "counted"))
        left = left_out(measure, str(row.get("comparison", "")), value, counted)
        if not np.isnan(left).any():
            found[str(key)] = dict(zip(part["replication"].tolist(), left.tolist(), strict=True))
    return found


def _numbers(replications: Any) -> dict[str, dict[int, float]]:
    return {str(name): column.to_dict() for name, column in replications.items() if name != "seed"}
