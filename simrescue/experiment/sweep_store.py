"""The results folder of an experiment: the replications of many points, each named by the key of its point.

Rows carry the key and not the number of the point, so that a design may be changed and carried on: what the new design
shares with the old one is there already, whatever its number.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment import tables
from simrescue.experiment.files import make_folder, write_whole
from simrescue.experiment.parts import PartWriter, remove
from simrescue.experiment.reading import parts_of
from simrescue.experiment.records import TABLES, ReplicationResult
from simrescue.experiment.store import as_csv

if TYPE_CHECKING:
    from simrescue.events import EventLog

Name = tuple[str, int]
"""Key of a point, number of a replication."""
ALWAYS = ("replications", "clauses")
"""Tables that every experiment keeps."""
_WIDE = 1 << 32


def sweep_log_path(folder: Path, key: str, replication: int) -> Path:
    """Where the event log of one replication of a point lies."""
    return folder / "events" / f"{key}-{replication:05d}.parquet"


class SweepWriter(PartWriter[Name, tuple[str, ReplicationResult]]):
    """Writes the results folder of an experiment; use it in a `with` block."""

    table_names = ALWAYS
    keys = ("key", "replication")
    closing = ("verdicts.csv",)
    own = (
        *(f"{name}.parquet" for name in (*TABLES, "design")), "design.csv", "verdicts.csv", "events/*.parquet",
        "charts/*.png", "charts/*.svg", "*.tmp", "*/*.tmp",
    )  # fmt: skip

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], design: Mapping[str, Sequence[Any]], *, replace: bool
    ) -> None:
        """`design`: columns of equal length, `key` among them; it is on disk when this returns."""
        self.table_names = (*ALWAYS, *manifest["tables"])
        self._counts: dict[str, int] = {}
        super().__init__(folder, manifest, replace=replace)
        try:
            self.write_design(design)
        except BaseException:
            self._lock.release()
            raise

    def write_design(self, design: Mapping[str, Sequence[Any]]) -> None:
        """Put the design into the folder, as Parquet and as a table for people."""
        rows = (dict(zip(design, row, strict=True)) for row in zip(*design.values(), strict=True))
        write_whole(self.folder / "design.parquet", tables.parquet(design))
        write_whole(self.folder / "design.csv", as_csv(tuple(design), rows))

    def has(self, key: str, number: int) -> bool:
        """Whether a replication is stored (or waits to be written)."""
        return (key, number) in self._finished

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
        path = sweep_log_path(self.folder, key, replication)
        make_folder(path.parent)
        write_whole(path, tables.of_log(log))

    def has_log(self, key: str, replication: int) -> bool:
        """Whether the event log of a replication is in the folder."""
        return sweep_log_path(self.folder, key, replication).exists()

    def keep_logs(self, wanted: Iterable[Name]) -> None:
        """Remove the event logs of all other replications."""
        names = {sweep_log_path(self.folder, *name).name for name in wanted}
        for path in (self.folder / "events").glob("*.parquet"):
            if path.name not in names:
                remove(path)

    def stored(self, table: str, columns: Sequence[str] | None = None) -> Iterator[Any]:
        """The parts of a table, as Arrow tables; what waits in memory goes to disk first."""
        self.flush()
        for part in parts_of(self.folder):
            yield tables.read(part / f"{table}.parquet", columns)

    def finish(
        self, counts: Mapping[str, int], verdicts: Iterable[Mapping[str, Any]], columns: tuple[str, ...]
    ) -> None:
        """Merge the parts in the order of `counts`: key -> how many of its replications count; others are dropped."""
        self._counts = dict(counts)
        self._merge({"verdicts.csv": as_csv(columns, verdicts)}, complete=True)

    def _named(self, keys: Any) -> Iterator[Name]:
        yield from zip(keys.column("key").to_pylist(), keys.column("replication").to_pylist(), strict=True)

    def _rows(self, waiting: list[tuple[str, ReplicationResult]]) -> dict[str, bytes]:
        return tables.of_sweep(self.table_names, waiting)

    def _order(self, keys: Any) -> NDArray[np.int64]:
        ranks = {key: rank for rank, key in enumerate(self._counts)}
        names = keys.column("key").to_pylist()
        numbers = keys.column("replication").to_numpy().astype(np.int64)
        rank = np.array([ranks.get(name, -1) for name in names], np.int64)
        least = np.array([self._counts.get(name, 0) for name in names], np.int64)
        return np.where((rank >= 0) & (numbers < least), rank * _WIDE + numbers, -1)


class Tally:
    """What became of the clauses in each replication: one byte each, whatever the number of scalars."""

    HELD, BROKEN, UNTESTED = b"\x01", b"\x02", b"\x03"

    def __init__(self) -> None:
        self._marks: defaultdict[tuple[str, str], bytearray] = defaultdict(bytearray)

    def add(self, key: str, number: int, clauses: Iterable[tuple[str, float, bool]]) -> None:
        """Note one replication of a point: clause, value (nan: not put to the test), whether it held."""
        for clause, value, held in clauses:
            marks = self._marks[key, clause]
            if len(marks) <= number:
                marks.extend(bytes(number + 1 - len(marks)))
            marks[number : number + 1] = self.UNTESTED if value != value else self.HELD if held else self.BROKEN

    def take(self, columns: Mapping[str, Sequence[Any]], value: str, held: str) -> None:
        """Note the replications of a table of clauses, by the names of two of its columns."""
        names = ("key", "replication", "clause", value, held)
        for key, number, clause, *told in zip(*(columns[name] for name in names), strict=True):
            self.add(key, number, [(clause, *told)])

    def broken(self, key: str, number: int, clauses: Iterable[str]) -> int:
        """How many of some clauses a replication broke."""
        return sum(self._marks[key, clause][number : number + 1] == self.BROKEN for clause in clauses)

    def counts(self, key: str, clause: str, below: int | None = None) -> tuple[int, int, int]:
        """Of the replications with numbers below: how many held, broke, and did not test the clause."""
        marks = self._marks[key, clause][:below]
        return marks.count(self.HELD), marks.count(self.BROKEN), marks.count(self.UNTESTED)
