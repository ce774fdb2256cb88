"""The results folder of an experiment: the replications of many points, each named by the key of its point.

Rows carry the key and not the number of the point, so that a design may be changed and carried on: what the new design
shares with the old one is there already, whatever its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.append_tables import PartWriter
from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.store.replication_result import RESULT_TABLES, ReplicationResult

if TYPE_CHECKING:
    import pandas as pd

    from simrescue.events import EventLog

KeyedReplication = tuple[str, int]
"""Key of a point, number of a replication."""
ALWAYS_KEPT = ("replications", "clauses", "shortfalls")
"""Tables that every experiment keeps."""
_WIDE = 1 << 32


def sweep_log_name(key: str, replication: int) -> str:
    """Name of the event log of one replication of a point within its folder."""
    return f"events/{key}-{replication:05d}.parquet"


class SweepWriter(PartWriter[KeyedReplication, tuple[str, ReplicationResult]]):
    """Writes the results folder of an experiment; use it in a `with` block."""

    table_names = ALWAYS_KEPT
    keys = ("key", "replication")
    own = (
        *(f"{name}.parquet" for name in (*RESULT_TABLES, "design", "things")), "design.csv", "verdicts.csv",
        "events/*.parquet", "charts/*.png", "charts/*.svg",
    )  # fmt: skip

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], design: Mapping[str, Sequence[Any]],
        things: Mapping[str, Sequence[Any]] | None = None, *, replace: bool,
    ) -> None:  # fmt: skip
        """`design`: columns of equal length, `key` among them; `things`: of the scenario as it stands, so too."""
        self.table_names = tuple(dict.fromkeys((*ALWAYS_KEPT, *manifest["tables"])))
        self._counts: dict[str, int] = {}
        rows = (dict(zip(design, row, strict=True)) for row in zip(*design.values(), strict=True))
        heads = {"design.parquet": table_bytes.parquet(design), "design.csv": as_csv(tuple(design), rows)}
        if things is not None:
            heads["things.parquet"] = table_bytes.parquet(things)
        super().__init__(folder, manifest, heads, replace=replace)

    def has(self, key: str, number: int) -> bool:
        """Whether a replication is stored (or waits to be written)."""
        return (key, number) in self._finished

    def table(self, name: str) -> pd.DataFrame:
        """A table with all replications so far, by their keys."""
        import pyarrow as pa

        parts = list(self.stored(name))
        if not parts:
            import pandas as pd

            return pd.DataFrame({column: [] for column in (*self.keys, "clause", "value")})
        frame: pd.DataFrame = pa.concat_tables(parts).to_pandas()
        return frame.sort_values("replication", kind="stable")

    @property
    def finished(self) -> int:
        """How many replications are stored or wait to be written."""
        return len(self._finished)

    def add(self, key: str, result: ReplicationResult) -> None:
        """Keep one finished replication of a point; its event log is on disk when this returns."""
        if result.log is not None:
            self.add_log(key, result.replication, result.log)
        self._keep((key, result.replication), (key, result._replace(log=None)))

    def add_log(self, key: str, replication: int, log: EventLog | bytes) -> None:
        """Put the event log of one replication into the folder."""
        self._keep_log((key, replication), table_bytes.of_log(log))

    def has_log(self, key: str, replication: int) -> bool:
        """Whether the event log of a replication is in the folder."""
        return sweep_log_name(key, replication) in self._logs

    def keep_logs(self, wanted: Iterable[KeyedReplication]) -> None:
        """Leave the event logs of all other replications behind."""
        names = {sweep_log_name(*name) for name in wanted}
        self._logs = {name: one for name, one in self._logs.items() if name in names}

    def finish(
        self, counts: Mapping[str, int], verdicts: Iterable[Mapping[str, Any]], columns: tuple[str, ...]
    ) -> None:
        """Merge the parts in the order of `counts`: key -> how many of its replications count; others are dropped."""
        self._counts = dict(counts)
        self._commit({"verdicts.csv": as_csv(columns, verdicts)}, complete=True)

    def _log_name(self, name: KeyedReplication) -> str:
        return sweep_log_name(*name)

    def _rows(self, waiting: list[tuple[str, ReplicationResult]]) -> dict[str, bytes]:
        return table_bytes.of_sweep(self.table_names, waiting)

    def _order(self, keys: Any) -> NDArray[np.int64]:
        ranks = {key: rank for rank, key in enumerate(self._counts)}
        names = keys.column("key").to_pylist()
        numbers = keys.column("replication").to_numpy().astype(np.int64)
        rank = np.array([ranks.get(name, -1) for name in names], np.int64)
        least = np.array([self._counts.get(name, 0) for name in names], np.int64)
        return np.where((rank >= 0) & (numbers < least), rank * _WIDE + numbers, -1)


class Outcomes:
    """What became of the clauses in each replication: one byte each, whatever the number of scalars."""

    HELD, BROKEN, UNTESTED = b"\x01", b"\x02", b"\x03"

    def __init__(self) -> None:
        self._marks: defaultdict[tuple[str, str], bytearray] = defaultdict(bytearray)

    def add(self, key: str, number: int, clauses: Iterable[tuple[str, float, bool]]) -> None:
        """Note one replication of a point.

        Args:
            key: of the point.
            number: of the replication.
            clauses: clause, value (nan: not put to the test), and whether it held.
        """
        for clause, value, held in clauses:
            marks = self._marks[key, clause]
            if len(marks) <= number:
                marks.extend(bytes(number + 1 - len(marks)))
            marks[number : number + 1] = self.UNTESTED if value != value else self.HELD if held else self.BROKEN

    def take(self, columns: Mapping[str, Sequence[Any]], value: str, held: str) -> None:
        """Note the replications of a table of clauses, by the names of two of its columns."""
        names = ("key", "replication", "clause", value, held)
        for key, number, clause, *rest in zip(*(columns[name] for name in names), strict=True):
            self.add(key, number, [(clause, *rest)])

    def broken(self, key: str, number: int, clauses: Iterable[str]) -> int:
        """How many of some clauses a replication broke."""
        return sum(self._marks[key, clause][number : number + 1] == self.BROKEN for clause in clauses)

    def counts(self, key: str, clause: str, below: int | None = None) -> tuple[int, int, int]:
        """Of the replications with numbers below: how many held, broke, and did not test the clause."""
        marks = self._marks[key, clause][:below]
        return marks.count(self.HELD), marks.count(self.BROKEN), marks.count(self.UNTESTED)
