"""The results folder of a run: written as replications finish, so that a run cut short leaves whole what is done.

Each event log is one file. Rows of the other tables go out in parts; `finish` merges the parts into the tables told
in docs/results.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.append_tables import PartWriter
from simrescue.experiment.store.csv_cells import as_csv
from simrescue.experiment.store.manifest import default_folder, describe, inputs_of
from simrescue.experiment.store.replication_result import (
    ASSUMPTION_COLUMNS,
    RECORDED_COLUMNS,
    RESULT_TABLES,
    VERDICT_COLUMNS,
    ReplicationResult,
)
from simrescue.experiment.store.stored_results import Results, log_name, read_results

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ReplicationResult", "Results", "RunWriter", "default_folder", "describe", "read_results"]


class RunWriter(PartWriter[int, ReplicationResult]):
    """Writes the results folder of one run; use it in a `with` block.

    Results of other inputs are replaced if `replace`; the old ones stand until the new ones do.
    """

    table_names = RESULT_TABLES
    keys = ("replication",)
    own = (
        *(f"{name}.parquet" for name in (*RESULT_TABLES, "things", "roads")), "verdicts.csv", "recorded.csv",
        "assumptions.csv",
        "events/*.parquet", "charts/*.png", "charts/*.svg",
    )  # fmt: skip

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], things: Mapping[str, Any], roads: Mapping[str, Any],
        *, replace: bool = True,
    ) -> None:  # fmt: skip
        """`things` and `roads` are columns of equal length; see docs/results.md."""
        self.things = things
        heads = {"things.parquet": table_bytes.parquet(things), "roads.parquet": table_bytes.parquet(roads)}
        super().__init__(folder, manifest, heads, replace=replace)
        before = self._before or {}
        stands = self._stands and before.get("complete") and inputs_of(before) == inputs_of(self._manifest)
        self._standing = int(before["replications"]) if stands else 0

    @property
    def finished(self) -> frozenset[int]:
        """Replications that are there, whether asked for or not."""
        return frozenset(self._finished)

    @property
    def standing(self) -> int:
        """Replications of finished results of the same inputs that lay in the folder."""
        return self._standing

    def outcomes(self) -> Iterator[tuple[int, list[tuple[str, float, bool, float]]]]:
        """Of each replication that is there, in order: clause, value, whether it held, and how many were counted."""
        names = ("clause", "value", "holds", "counted")
        by_number: dict[int, list[tuple[str, float, bool, float]]] = {}
        for table in self.stored("clauses", names):
            columns = (table.column(name).to_pylist() for name in ("replication", *names))
            for number, clause, value, held, counted in zip(*columns, strict=True):
                by_number.setdefault(number, []).append((clause, value, held, counted))
        yield from ((number, by_number.get(number, [])) for number in sorted(self._finished))

    def conclude(self, replications: int, command: Mapping[str, Any]) -> None:
        """Say how many replications the run has in the end, and which command makes them; later ones are dropped."""
        self._manifest |= {"replications": replications, "command": dict(command)}

    @property
    def missing(self) -> list[int]:
        """Replications asked for and not yet there, in order."""
        return [number for number in range(self._manifest["replications"]) if number not in self._finished]

    def add(self, result: ReplicationResult) -> None:
        """Keep one finished replication; its event log is on disk when this returns.

        Raises:
            ValueError: for one that is stored already.
        """
        if result.replication in self._finished:
            raise ValueError(f"replication {result.replication} is stored already")
        if result.log is not None:
            self._keep_log(result.replication, table_bytes.of_log(result.log))
        self._keep(result.replication, result._replace(log=None))

    def table(self, name: str) -> pd.DataFrame:
        """A table with all replications so far."""
        frame: pd.DataFrame = table_bytes.merged(list(self.stored(name)), self._manifest["replications"]).to_pandas()
        return frame

    def finish(
        self, verdicts: Iterable[Mapping[str, Any]], recorded: Iterable[Mapping[str, Any]],
        assumptions: Iterable[Mapping[str, Any]] | None = None, doubts: Sequence[Mapping[str, str]] = (),
    ) -> Results:  # fmt: skip
        """Merge the parts, write what closes the folder, and mark the run complete if nothing is missing.

        Args:
            verdicts: rows of verdicts.csv.
            recorded: rows of recorded.csv.
            assumptions: what replications with drawn numbers found; None: there were none.
            doubts: what the check finds doubtful in the scenario (`manifest.doubts_of`).
        """
        self._manifest |= {"doubts": list(doubts)}
        closing = {
            "verdicts.csv": as_csv(VERDICT_COLUMNS, verdicts),
            "recorded.csv": as_csv(RECORDED_COLUMNS, recorded),
        }
        if assumptions is not None:
            closing["assumptions.csv"] = as_csv(ASSUMPTION_COLUMNS, assumptions)
        self._finished = {number for number in self._finished if number < self._manifest["replications"]}
        self._commit(closing, complete=not self.missing)
        return read_results(self.folder)

    def _log_name(self, name: int) -> str:
        return log_name(name)

    def _rows(self, waiting: list[ReplicationResult]) -> dict[str, bytes]:
        return table_bytes.of_results(self._manifest["seed"], waiting)

    def _order(self, keys: Any) -> NDArray[np.int64]:
        numbers = keys.column("replication").to_numpy().astype(np.int64)
        return np.where(numbers < self._manifest["replications"], numbers, -1)
