"""Replications remembered over calls and sessions, for searches that come back to points they have been at."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.design.points import Keys, Point
from simrescue.experiment.store.manifest import describe_sweep
from simrescue.experiment.store.replication_result import RESULT_TABLES, ReplicationResult
from simrescue.experiment.store.sweep_store import ALWAYS_KEPT, KeyedReplication, SweepWriter
from simrescue.plans import Plan
from simrescue.scenario.plans.plans_file import plan_files

REMEMBERED = ("counted", "limit_needed", "limit_all")
"""Columns of the table of clauses that are remembered beside the value; a memory without them is begun anew."""
SHORT = ("clause", "place", "counted", "kept")
"""Columns of the table of shortfalls, of which a replication is remembered with what it was asked for."""
_KINDS = {"clause": np.str_}
_NO_TABLES: dict[str, Any] = {name: {} for name in RESULT_TABLES if name not in ALWAYS_KEPT}


class ReplicationCache:
    """A folder of replications with their scalars and clauses; use it in a `with` block.

    What is short where is kept of those that were asked for it. What another version of simrescue put there is thrown
    away. One process at a time; killed, it keeps all but the last few replications.
    """

    def __init__(self, folder: Path) -> None:
        from simrescue import __version__

        manifest = describe_sweep({"remembered": " ".join((*REMEMBERED, "shortfalls"))}, 0, (), __version__, {}) | {
            "kind": "memory"
        }
        self._writer = SweepWriter(folder, manifest, {"key": []}, replace=True)
        self._known = dict(_read(self._writer))

    def names(self, points: Sequence[Point], seed: int, plans: Sequence[Plan | str] | None) -> list[str]:
        """A name for each point as it is run here: with this seed, these plans and the plans that lie beside it."""
        key_of = Keys()
        given = (
            None if plans is None else [plan.model_dump_json() if isinstance(plan, Plan) else plan for plan in plans]
        )
        # Plans by their text: who edits a clause beside the scenario gets no verdict of the old one.
        libraries = {one.scenario: _library(one.scenario) for one in points}
        return [_digest(key_of(one), seed, given, libraries[one.scenario]) for one in points]

    def get(self, name: str, number: int) -> ReplicationResult | None:
        """A replication, if it is known."""
        return self._known.get((name, number))

    def add(self, name: str, result: ReplicationResult) -> None:
        """Remember a replication."""
        # One point may stand twice in one call.
        if (name, result.replication) not in self._known:
            self._known[name, result.replication] = result
            self._writer.add(name, result)

    def close(self) -> None:
        """Bring everything to disk and give the folder free."""
        self._writer.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.__exit__(kind, error, trace)


def remember(folder: str | Path) -> ReplicationCache:
    """The memory in a folder, made where there is none. Raises ResultsError where it cannot be used."""
    return ReplicationCache(Path(folder))


def _digest(*parts: object) -> str:
    return blake2b(json.dumps(parts, ensure_ascii=False, default=str).encode(), digest_size=8).hexdigest()


def _library(scenario: str) -> str:
    return _digest(*(path.read_text(encoding="utf-8") for path in plan_files(scenario).values()))


def _read(writer: SweepWriter) -> list[tuple[KeyedReplication, ReplicationResult]]:
    found: dict[KeyedReplication, ReplicationResult] = {}
    for table in writer.stored("replications"):
        for row in table.to_pylist():
            name = row.pop("key"), row.pop("replication")
            found[name] = ReplicationResult(replication=name[1], log=None, scalars=row, clauses=[], **_NO_TABLES)
    clauses: dict[KeyedReplication, list[tuple[str, float, bool]]] = {name: [] for name in found}
    reached: dict[KeyedReplication, list[tuple[str, float, float, float]]] = {name: [] for name in found}
    for table in writer.stored("clauses"):
        for row in table.to_pylist():
            name = row["key"], row["replication"]
            clauses[name].append((row["clause"], row["value"], row["holds"]))
            reached[name].append((row["clause"], *(row[column] for column in REMEMBERED)))
    short = dict(_shortfalls(writer))
    return [
        (name, result._replace(clauses=clauses[name], reached=reached[name], shortfalls=short.get(name, {})))
        for name, result in found.items()
    ]


def _shortfalls(writer: SweepWriter) -> Iterator[tuple[KeyedReplication, dict[str, NDArray[Any]]]]:
    for table in writer.stored("shortfalls"):
        for (key, number), rows in table.to_pandas().groupby(["key", "replication"], sort=False):
            yield (key, number), {column: rows[column].to_numpy(_KINDS.get(column)) for column in SHORT}
