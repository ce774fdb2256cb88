"""Tables of a results folder as bytes that depend on their rows only, not on who finished first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventLog

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from simrescue.experiment.records import ReplicationResult


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


def of_log(log: EventLog) -> bytes:
    """An event log as the bytes of a Parquet file."""
    return parquet(dict(zip(COLUMNS, log, strict=True)))


def of_results(seed: int, results: Sequence[ReplicationResult]) -> dict[str, bytes]:
    """The rows of some replications, table by table, as Parquet files."""
    return {
        "replications": parquet(_replications(seed, results)),
        "clauses": parquet(_clauses(results)),
        "places": parquet(_stacked([(result.replication, result.places) for result in results])),
        "curves": parquet(_stacked([(result.replication, result.curves) for result in results])),
        "responses": parquet(_stacked([(result.replication, result.responses) for result in results])),
        "fires": parquet(_stacked([(result.replication, result.fires) for result in results])),
    }


def _replications(seed: int, results: Sequence[ReplicationResult]) -> dict[str, Any]:
    numbers = np.array([result.replication for result in results], np.int32)
    columns = {"replication": numbers, "seed": np.full(len(results), seed, np.int64)}
    return columns | {
        name: np.array([result.scalars[name] for result in results], np.float64) for name in results[0].scalars
    }


def _clauses(results: Sequence[ReplicationResult]) -> dict[str, Any]:
    rows = [(result.replication, *clause) for result in results for clause in result.clauses]
    return {
        "replication": np.array([row[0] for row in rows], np.int32),
        "clause": np.array([row[1] for row in rows], np.str_),
        "value": np.array([row[2] for row in rows], np.float64),
        "holds": np.array([row[3] for row in rows], np.bool_),
    }


def _stacked(tables: Sequence[tuple[int, Mapping[str, Any]]]) -> dict[str, Any]:
    """Tables of single replications under each other, with the replication in front."""
    names = list(tables[0][1])
    lengths = [len(table[names[0]]) for _, table in tables]
    columns = {"replication": np.repeat(np.array([number for number, _ in tables], np.int32), lengths)}
    return columns | {name: np.concatenate([table[name] for _, table in tables]) for name in names}


def read(path: Path) -> Any:
    """One Parquet file as an Arrow table. Raises ResultsError when it is missing or damaged."""
    import pyarrow as pa
    from pyarrow import parquet as pq

    try:
        return pq.read_table(path, partitioning=None)
    except FileNotFoundError:
        raise ResultsError(f"{path} is missing") from None
    except (pa.ArrowException, OSError) as problem:
        raise ResultsError(f"{path} cannot be read: {problem}") from problem


def merged(tables: Iterable[Any], below: int) -> Any:
    """Tables under each other by replication, leaving out replications from `below` on.

    Within a replication rows keep their order, so the result does not depend on which worker was faster.
    """
    import pyarrow as pa

    whole = pa.concat_tables(list(tables))
    numbers = whole.column("replication").to_numpy()
    order = np.argsort(numbers, kind="stable")
    return whole.take(order[numbers[order] < below])
