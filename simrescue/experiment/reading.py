"""Read a results folder back: whole, cut short, or still being written."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventKind, EventLog
from simrescue.experiment import tables
from simrescue.experiment.manifest import read_manifest

if TYPE_CHECKING:
    import pandas as pd

PARTS = "parts"
_NUMBERS = (
    "limit", "estimate", "low", "high", "required", "confidence", "replications", "untested", "best",
    "best_low", "best_high", "from_need", "from_need_low", "from_need_high",
    "at_h", "recorded", "median", "below",
)  # fmt: skip
_GAPS = {name: [""] for name in _NUMBERS}  # an empty cell is a gap in a column of numbers, and an empty text elsewhere


def log_path(folder: Path, replication: int) -> Path:
    """Where the event log of one replication lies."""
    return folder / "events" / f"replication-{replication:05d}.parquet"


def parts_of(folder: Path) -> list[Path]:
    """The finished parts of a run that was not brought to its end; empty when the tables are merged."""
    return sorted(path for path in (folder / PARTS).glob("part-*") if not path.name.endswith(".tmp"))


@dataclass(frozen=True)
class Results:
    """The tables of one run. Each is read when it is first asked for; columns are told in docs/results.md."""

    path: Path
    manifest: dict[str, Any] = field(repr=False)
    """Inputs, versions, settings; `complete`, `replications` asked for and `finished`."""

    @cached_property
    def replications(self) -> pd.DataFrame:
        """One row a replication: seed and the scalar metrics."""
        return self._of_all("replications")

    @cached_property
    def places(self) -> pd.DataFrame:
        """One row a village and replication."""
        return self._of_all("places")

    @cached_property
    def clauses(self) -> pd.DataFrame:
        """One row a clause and replication: value, and whether it held."""
        return self._of_all("clauses")

    @cached_property
    def curves(self) -> pd.DataFrame:
        """One row an hour and replication."""
        return self._of_all("curves")

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row a request and replication."""
        return self._of_all("responses")

    @cached_property
    def fires(self) -> pd.DataFrame:
        """One row a forest fire and replication; none where the hazard is another."""
        return self._of_all("fires")

    @property
    def fire_is_given(self) -> bool:
        """Whether another model's arrival times stood in for the growth of the fire, so that nobody could slow it."""
        hazard = self.manifest["scenario"]["settings"]["hazard"]
        return bool(hazard.get("layers", {}).get("arrival"))

    @cached_property
    def things(self) -> pd.DataFrame:
        """What the indexes `subject`, `place` and `village` point to."""
        return self._alone("things")

    @cached_property
    def roads(self) -> pd.DataFrame:
        """Roads between two places, by their indexes in `things`."""
        return self._alone("roads")

    @cached_property
    def verdicts(self) -> pd.DataFrame:
        """One row a clause. Raises ResultsError where the run was cut short before its verdicts."""
        return self._csv("verdicts")

    @cached_property
    def recorded(self) -> pd.DataFrame:
        """One row a figure of the real event, beside the simulated ones."""
        return self._csv("recorded")

    def log(self, replication: int) -> EventLog:
        """The event log of one replication."""
        table = tables.read(log_path(self.path, replication))
        return EventLog(*(table.column(name).to_numpy() for name in COLUMNS))

    def events(self, replication: int) -> pd.DataFrame:
        """The event log of one replication as a table, with the name of each kind in the column `event`."""
        import pandas as pd

        frame = pd.DataFrame(self.log(replication)._asdict())
        frame.insert(1, "event", frame["kind"].map({int(kind): kind.name for kind in EventKind}))
        return frame

    def _alone(self, name: str) -> pd.DataFrame:
        return _frame(tables.read(self.path / f"{name}.parquet"))

    def _of_all(self, name: str) -> pd.DataFrame:
        parts = parts_of(self.path)
        if not parts:
            return self._alone(name)
        asked = int(self.manifest["replications"])
        return _frame(tables.merged([tables.read(part / f"{name}.parquet") for part in parts], asked))

    def _csv(self, name: str) -> pd.DataFrame:
        import pandas as pd

        path = self.path / f"{name}.csv"
        try:
            return pd.read_csv(path, encoding="utf-8-sig", keep_default_na=False, na_values=_GAPS)
        except FileNotFoundError:
            raise ResultsError(f"{path} is missing: the run was cut short") from None
        except (OSError, ValueError) as problem:
            raise ResultsError(f"{path} cannot be read: {problem}") from problem


def _frame(table: Any) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_results(path: str | Path) -> Results:
    """The results in a folder written by `run`. Raises ResultsError when there are none."""
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.get("kind") == "sweep":
        raise ResultsError(f"{folder} holds the results of an experiment, not of one run: read_sweep reads them")
    return Results(folder, manifest)
