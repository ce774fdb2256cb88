"""The tables of an experiment, read back: finished, cut short, or still being written."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventLog
from simrescue.experiment.analysis.distance import Reached, distance_of, places_short, shortfall
from simrescue.experiment.analysis.least_short import LeastShort, least_short
from simrescue.experiment.analysis.statistics import judge_counts
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.csv_cells import read_csv
from simrescue.experiment.store.manifest import heal, read_manifest
from simrescue.experiment.store.seal import Sealed
from simrescue.experiment.store.stored_results import is_merged, parts_of, rows_of, sources
from simrescue.experiment.store.sweep_store import Outcomes, sweep_log_name
from simrescue.metrics import MEASURES
from simrescue.plans import DISTANCE_COLUMNS, NO_DISTANCE, Clause
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd

SWEEP_VERDICT_COLUMNS = (
    "point", "plan", "clause", "kind", "title", "title_zh", "watched", "metric", "limit", "unit", *DISTANCE_COLUMNS,
    "n", "untested", "estimate", "low", "high", "required", "confidence", "verdict",
    "from_need", "from_need_low", "from_need_high", "best", "best_low",
    "best_high",
)  # fmt: skip
"""Columns of the verdicts of an experiment, in order; `clause` is the id within `plan`.

Those from `metric` to `promise_all_limit_h` are as in the verdicts of a run.

`from_need`, `from_need_low`, `from_need_high`: share of replications in which the clause holds when its clock starts
with the true need instead of the report, with its interval; gaps where its clock does not start with a report. `best`,
`best_low`, `best_high`: the same for the share in which even the best dispatch could have kept it; gaps where there is
no such bound.
"""
BESIDE_COLUMNS = {"from_need": ("from_need", "from_need_holds"), "best": ("bound", "bound_holds")}
"""What stands beside a verdict, by its column: the columns of the table of clauses that it comes from."""
_SHARES = ("estimate", "low", "high", *(f"{name}{end}" for name in BESIDE_COLUMNS for end in ("", "_low", "_high")))
_TEXTS = ("comparison", "short_unit", "where")
_GAPS = {name: [""] for name in (*_SHARES, "limit", *(name for name in DISTANCE_COLUMNS if name not in _TEXTS))}


@dataclass(frozen=True)
class SweepResults:
    """The tables of one experiment, each read when it is first asked for; columns are told in docs/results.md."""

    folder: Path
    manifest: dict[str, Any] = field(repr=False)
    """Inputs, versions; `experiment` holds the file as read, its factors and clauses; `complete`, `finished`."""

    @cached_property
    def files(self) -> Sealed:
        """The files that the manifest names, each checked when it is first asked for."""
        return Sealed(self.folder, self.manifest.get("files"), lambda: heal(self.folder))

    @cached_property
    def design(self) -> pd.DataFrame:
        """One row a point: `point`, `key`, `variant`, one column a factor, `cost` in yuan.

        A factor's cell is its number, word or level; a gap: as the scenario says. Sampled designs have a column
        `u_<factor>` besides: the place 0..1 where it was drawn.
        """
        return _frame(table_bytes.read(self.files.path("design.parquet")))

    @cached_property
    def things(self) -> pd.DataFrame:
        """The table of things of the scenario as it stands; without rows in older results, which have none."""
        import pandas as pd

        if "things.parquet" in self.manifest.get("files", ()) or (self.folder / "things.parquet").exists():
            return _frame(table_bytes.read(self.files.path("things.parquet")))
        return pd.DataFrame({"id": [], "name": [], "name_zh": []})

    @cached_property
    def replications(self) -> pd.DataFrame:
        """One row a point and replication: `point`, `replication`, then one column a scalar metric."""
        return self.table("replications")

    @cached_property
    def clauses(self) -> pd.DataFrame:
        """One row a point, replication and clause: `point`, `replication`, `clause` (plan/id), `value`, `holds`."""
        return self.table("clauses")

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """One row a point and clause that is measured in a run; see `SWEEP_VERDICT_COLUMNS`."""
        import pandas as pd

        if "verdicts.csv" in self.manifest.get("files", ()) or (self.folder / "verdicts.csv").exists():
            return read_csv(self.files.path("verdicts.csv"), _GAPS)
        table = self.clauses.rename(columns={"point": "key"})
        rows = {str(name): column.tolist() for name, column in table.items()}
        tally, beside = Outcomes(), {name: Outcomes() for name in BESIDE_COLUMNS}
        take_clauses(rows, tally, beside)
        names = [(point, point) for point in self.design["point"].tolist()]
        found = verdict_rows(names, tally, beside, self.manifest["experiment"], reached_by_point(table))
        return pd.DataFrame(found, columns=list(SWEEP_VERDICT_COLUMNS))

    def table(self, name: str) -> pd.DataFrame:
        """A table by name, with the number of the point in place of its key, by point and replication.

        Points of equal key have the same rows. Raises ResultsError for a table that the experiment does not keep.
        """
        there = "files" in self.manifest and is_merged(self.manifest)
        kept = f"{name}.parquet" in self.manifest["files"] if there else (self.folder / f"{name}.parquet").exists()
        if not kept and (there or not parts_of(self.folder)):
            raise ResultsError(
                bilingual(
                    "{folder} keeps no table {name!r} (`tables` in the experiment file), or nothing yet",
                    folder=self.folder,
                    name=name,
                )
            )
        import pandas as pd

        if there or not parts_of(self.folder):
            rows = _frame(table_bytes.read(self.files.path(f"{name}.parquet")))
        else:
            keys = ("key", "replication")
            rows = pd.concat(
                _frame(rows_of(table_bytes.read(source.path.path(f"{name}.parquet")), keys, source.owned))
                for source in sources(self.folder, self.manifest, keys)
            )
        joined = self.design[["point", "key"]].merge(rows, on="key", sort=False).drop(columns="key")
        return joined.sort_values(["point", "replication"], kind="stable", ignore_index=True)

    def least_short(self, clause: str) -> LeastShort | None:
        """Which points may leave a clause (plan/id) least short, by the replications that all points have.

        None where there is nothing to choose (`analysis.least_short`). Ways are numbered as the points are.
        """
        described = next(one for one in self.manifest["experiment"]["clauses"] if one["key"] == clause)
        table = self.clauses[self.clauses["clause"] == clause]
        if described.get("metric") not in MEASURES or not len(table):
            return None
        reached = Reached.of(table)
        short = shortfall(_clause(described), reached.value, reached.counted)
        wide = table.assign(short=short).pivot(index="point", columns="replication", values="short")
        if list(wide.index) != self.design["point"].tolist():
            return None
        return least_short(list(wide.to_numpy()), described["confidence"])

    def log(self, point: int, replication: int) -> EventLog:
        """The event log of one replication, if the rule of the experiment kept it. Raises ResultsError."""
        found = table_bytes.read(self.files.path(sweep_log_name(str(self.design["key"][point]), replication)))
        return EventLog(*(found.column(name).to_numpy() for name in COLUMNS))


def take_clauses(rows: Mapping[str, Any], tally: Outcomes, beside: Mapping[str, Outcomes]) -> None:
    """Note the rows of a table of clauses with what stands beside them; older results lack some of that."""
    tally.take(rows, "value", "holds")
    for name, (value, held) in BESIDE_COLUMNS.items():
        if value in rows:
            beside[name].take(rows, value, held)


def verdict_rows(
    points: Iterable[tuple[int, Any]],
    tally: Outcomes,
    beside: Mapping[str, Outcomes],
    described: Mapping[str, Any],
    reached: Mapping[tuple[Any, str], Reached],
    counts: Mapping[str, int] | None = None,
    where: Mapping[tuple[Any, str], Sequence[tuple[str, float]]] = MappingProxyType({}),
) -> list[dict[str, Any]]:
    """The verdicts on all clauses at all points.

    Args:
        points: number and key of each point.
        tally: what became of the clauses, by the keys of `points`.
        beside: for each of `BESIDE_COLUMNS`, what would have become of them: on the other clock, by the best dispatch.
        described: the part `experiment` of the manifest.
        reached: key of the point and clause -> what it came to in the replications that count.
        counts: key -> how many replications count; None: all that are there.
        where: key of the point and clause -> the places where most is short (`short_by_point`).
    """
    rows = []
    for point, key in points:
        for clause in described["clauses"]:
            held, broken, untested = tally.counts(key, clause["key"], counts[key] if counts else None)
            if held + broken + untested:
                of = (key, clause["key"])
                away = _distance(clause, reached.get(of), where.get(of, ()))
                row = _verdict_row(point, clause, held, held + broken, untested) | dict(away)
                for name, other in beside.items():
                    held, broken, _ = other.counts(key, clause["key"], counts[key] if counts else None)
                    row |= _share(name, clause, held, held + broken)
                rows.append(row)
    return rows


def reached_by_point(table: pd.DataFrame, counts: Mapping[str, int] | None = None) -> dict[tuple[Any, str], Reached]:
    """What each clause came to at each point.

    Args:
        table: of clauses, with the `key` of the point.
        counts: key -> how many replications count; None: all that are there.
    """
    if counts is not None:
        table = table[table["replication"] < table["key"].map(counts).fillna(0)]
    return {
        (key, str(clause)): Reached.of(part) for (key, clause), part in table.groupby(["key", "clause"], sort=False)
    }


def short_by_point(
    table: pd.DataFrame,
    described: Mapping[str, Any],
    reached: Mapping[tuple[Any, str], Reached],
    ids_of: Callable[[Any], Sequence[str]],
    counts: Mapping[str, int],
) -> dict[tuple[Any, str], list[tuple[str, float]]]:
    """Where most is short, of each clause at each point, in the replication that its value is told of.

    Args:
        table: of shortfalls, with the `key` of the point.
        described: the part `experiment` of the manifest.
        reached: what each clause came to at each point.
        ids_of: key of a point -> ids of its things, by index.
        counts: key -> how many replications count.
    """
    clauses = {clause["key"]: _clause(clause) for clause in described["clauses"] if clause.get("metric") in MEASURES}
    if table.empty:  # its columns have no types to compare
        return {}
    table = table[table["replication"] < table["key"].map(counts).fillna(0)]
    return {
        (key, str(clause)): places_short(clauses[str(clause)], rows, reached[key, str(clause)], ids_of(key))
        for (key, clause), rows in table.groupby(["key", "clause"], sort=False)
        if (key, str(clause)) in reached and str(clause) in clauses
    }  # fmt: skip


def _clause(described: Mapping[str, Any]) -> Clause:
    names = ("threshold", "comparison", "reliability", "confidence")
    return Clause.model_construct(measure=described["metric"], **{name: described[name] for name in names})


def _distance(
    described: Mapping[str, Any], reached: Reached | None, where: Sequence[tuple[str, float]]
) -> Mapping[str, Any]:
    """The columns that tell how far a clause is from its promise; gaps where older results tell of no measure."""
    if reached is None or described.get("metric") not in MEASURES or not len(reached.tested.value):
        return NO_DISTANCE
    return distance_of(_clause(described), reached, where).columns()


def _share(name: str, clause: Mapping[str, Any], held: int, n: int) -> dict[str, float]:
    """A share that stands beside the verdict, with its interval; nan where no replication has it."""
    columns = (name, f"{name}_low", f"{name}_high")
    if not n:
        return dict.fromkeys(columns, math.nan)
    found = judge_counts(held, n, clause["reliability"], clause["confidence"])
    return dict(zip(columns, (found.estimate, found.low, found.high), strict=True))


def _verdict_row(point: int, clause: Mapping[str, Any], held: int, n: int, untested: int) -> dict[str, Any]:
    found = judge_counts(held, n, clause["reliability"], clause["confidence"], untested)
    return {
        "point": point, "plan": clause["plan"], "clause": clause["clause"], "kind": clause["kind"],
        "title": clause["title"], "title_zh": clause["title_zh"], "watched": clause["watched"],
        "metric": clause.get("metric", ""), "limit": clause.get("limit", math.nan), "unit": clause.get("unit", ""),
        "n": n, "untested": untested, "estimate": found.estimate, "low": found.low, "high": found.high,
        "required": found.required, "confidence": found.confidence, "verdict": found.verdict,
    }  # fmt: skip


def _frame(table: Any) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_sweep(folder: str | Path) -> SweepResults:
    """The results in a folder written by `run_experiment`, finished or not. Raises ResultsError when there are none."""
    path = Path(folder)
    manifest = read_manifest(path)
    if manifest.get("kind") != "sweep":
        raise ResultsError(
            bilingual("{path} holds the results of one run, not of an experiment (`simrescue sweep`)", path=path)
        )
    return SweepResults(path, manifest)
