"""Tables of a results folder as bytes that depend on their rows only, not on who finished first."""

from __future__ import annotations

from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

import numpy as np

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventLog
from simrescue.experiment.store.replication_result import RESULT_TABLES
from simrescue.metrics.renamed import current_name
from simrescue.wording import bilingual

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from simrescue.experiment.store.replication_result import ReplicationResult


def parquet(columns: Mapping[str, Any]) -> bytes:
    """A table of columns (arrays or lists of equal length) as the bytes of a Parquet file."""
    import pyarrow as pa

    return packed(pa.table({name: pa.array(column) for name, column in columns.items()}))


def packed(table: Any) -> bytes:
    """An Arrow table as the bytes of a Parquet file."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    sink = pa.BufferOutputStream()
    pq.write_table(table.combine_chunks(), sink, compression="zstd")
    return bytes(sink.getvalue())


def of_log(log: EventLog | bytes) -> bytes:
    """An event log as the bytes of a Parquet file; what is packed already stays so."""
    return log if isinstance(log, bytes) else parquet(dict(zip(COLUMNS, log, strict=True)))


def of_results(seed: int, results: Sequence[ReplicationResult]) -> dict[str, bytes]:
    """The rows of some replications of one scenario, table by table, as Parquet files."""
    seeds = np.full(len(results), seed, np.int64)
    found = {name: columns_of(name, results) for name in RESULT_TABLES}
    found["replications"] = {
        "replication": found["replications"].pop("replication"),
        "seed": seeds,
        **found["replications"],
    }
    return {name: parquet(columns) for name, columns in found.items()}


def of_sweep(names: Iterable[str], results: Sequence[tuple[str, ReplicationResult]]) -> dict[str, bytes]:
    """The rows of some replications of points, with the key of the point in front, as Parquet files."""
    contents = {}
    for name in names:
        columns = columns_of(name, [result for _, result in results])
        lengths = [len(columns_of(name, [result])["replication"]) for _, result in results]
        keys = np.repeat(np.array([key for key, _ in results], np.str_), lengths)
        contents[name] = parquet({"key": keys, **columns})
    return contents


def columns_of(name: str, results: Sequence[ReplicationResult]) -> dict[str, Any]:
    """The rows of some replications in one table of records.TABLES, as columns with the replication in front."""
    if name == "replications":
        return _replications(results)
    if name == "clauses":
        return _clauses(results)
    if name in _TYPES:
        return _typed(name, results)
    return _stacked([(result.replication, getattr(result, name)) for result in results])


def _replications(results: Sequence[ReplicationResult]) -> dict[str, Any]:
    columns = {"replication": np.array([result.replication for result in results], np.int32)}
    return columns | {
        name: np.array([result.scalars[name] for result in results], np.float64) for name in results[0].scalars
    }


def _clauses(results: Sequence[ReplicationResult]) -> dict[str, Any]:
    rows: list[tuple[Any, ...]] = []
    for result in results:
        best = {name: rest for name, *rest in result.bounds}
        need = {name: rest for name, *rest in result.from_need}
        reached = {name: rest for name, *rest in result.reached}
        gap, unknown = (np.nan, False), (np.nan,) * 3
        rows += [
            (
                result.replication,
                *clause,
                *need.get(clause[0], gap),
                *best.get(clause[0], gap),
                *reached.get(clause[0], unknown),
            )
            for clause in result.clauses
        ]
    return {
        "replication": np.array([row[0] for row in rows], np.int32),
        "clause": np.array([row[1] for row in rows], np.str_),
        "value": np.array([row[2] for row in rows], np.float64),
        "holds": np.array([row[3] for row in rows], np.bool_),
        "from_need": np.array([row[4] for row in rows], np.float64),
        "from_need_holds": np.array([row[5] for row in rows], np.bool_),
        "bound": np.array([row[6] for row in rows], np.float64),
        "bound_holds": np.array([row[7] for row in rows], np.bool_),
        "counted": np.array([row[8] for row in rows], np.float64),
        "limit_needed": np.array([row[9] for row in rows], np.float64),
        "limit_all": np.array([row[10] for row in rows], np.float64),
    }


_TYPES = {
    "shortfalls": {"clause": np.str_, "place": np.int32, "counted": np.float64, "kept": np.float64},
    "reasons": {
        "clause": np.str_, "place": np.int32, "bin": np.str_, "note": np.str_, "person_h": np.float64,
        "persons": np.float64, "cases": np.int32,
    },
}  # fmt: skip
"""Tables in which a replication may have no rows -> their columns, which are there all the same."""


def _typed(table: str, results: Sequence[ReplicationResult]) -> dict[str, Any]:
    told = [(result.replication, rows) for result in results if (rows := getattr(result, table))]
    lengths = [len(rows["place"]) for _, rows in told]
    columns = {"replication": np.repeat(np.array([number for number, _ in told], np.int32), lengths)}
    return columns | {
        name: np.concatenate([np.zeros(0, kind), *(rows[name].astype(kind) for _, rows in told)])
        for name, kind in _TYPES[table].items()
    }


def _stacked(tables: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
    """Tables of single replications under each other, with the replication in front."""
    names = list(tables[0][1])
    lengths = [len(table[names[0]]) for _, table in tables]
    columns = {"replication": np.repeat(np.array([number for number, _ in tables], np.int32), lengths)}
    return columns | {name: np.concatenate([table[name] for _, table in tables]) for name in names}


def read(path: Path, columns: Sequence[str] | None = None) -> Any:
    """One Parquet file (or some columns of it) as an Arrow table. Raises ResultsError: it is missing or damaged."""
    from pyarrow import parquet as pq

    with _faults_named(path):
        stored = None
        if columns is not None:
            there = {current_name(name): name for name in pq.read_schema(path).names}
            stored = [there.get(name, name) for name in columns]
        return _named_as_now(pq.read_table(path, partitioning=None, columns=stored))


def _named_as_now(table: Any) -> Any:
    return table.rename_columns([current_name(name) for name in table.column_names])


def row_groups(path: Path, columns: Sequence[str]) -> list[Any]:
    """Some columns of each row group of a Parquet file. Raises ResultsError as `read` does."""
    from pyarrow import parquet as pq

    with _faults_named(path), pq.ParquetFile(path) as file:
        return [file.read_row_group(number, columns=list(columns)) for number in range(file.num_row_groups)]


def row_group(path: Path, number: int) -> Any:
    """One row group of a Parquet file. Raises ResultsError as `read` does."""
    from pyarrow import parquet as pq

    with _faults_named(path), pq.ParquetFile(path) as file:
        return _named_as_now(file.read_row_group(number))


def write_groups(file: IO[bytes], groups: Iterable[Any]) -> None:
    """Write Arrow tables as the row groups of one Parquet file."""
    from pyarrow import parquet as pq

    coming = iter(groups)
    first = next(coming)
    with pq.ParquetWriter(file, first.schema, compression="zstd") as writer:
        writer.write_table(first.combine_chunks())
        for group in coming:
            writer.write_table(group.combine_chunks())


@contextmanager
def _faults_named(path: Path) -> Iterator[None]:
    import pyarrow as pa

    try:
        yield
    except FileNotFoundError:
        raise ResultsError(bilingual("{path} is missing", path=path)) from None
    except (pa.ArrowException, OSError) as problem:
        raise ResultsError(bilingual("{path} cannot be read: {problem}", path=path, problem=problem)) from problem


def merged(tables: Iterable[Any], below: int) -> Any:
    """Tables under each other by replication, leaving out replications from `below` on.

    Within a replication rows keep their order, so the result does not depend on which worker was faster.
    """
    import pyarrow as pa

    whole = pa.concat_tables(list(tables))
    numbers = whole.column("replication").to_numpy()
    order = np.argsort(numbers, kind="stable")
    return whole.take(order[numbers[order] < below])
