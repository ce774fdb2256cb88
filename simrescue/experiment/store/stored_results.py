"""Read a results folder back: whole, cut short, or still being written. What is read is checked against its seal."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from simrescue.errors import ResultsError
from simrescue.events import COLUMNS, EventKind, EventLog
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.csv_cells import read_csv
from simrescue.experiment.store.manifest import from_outside, heal, inputs_of, read_manifest
from simrescue.experiment.store.replication_result import ASSUMPTION_COLUMNS
from simrescue.experiment.store.seal import PARTS_FOLDER, Sealed, Sums, digest, is_whole
from simrescue.hazards.kinds import stored
from simrescue.kinds import KINDS
from simrescue.metrics.reading import BAND, quantile
from simrescue.metrics.renamed import current_name
from simrescue.plans import NO_DISTANCE
from simrescue.wording import Words, bilingual

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.figure import Figure

    from simrescue.experiment.notebook.shown_tables import Curves, Verdicts
    from simrescue.wording import Language

PART_SEAL = "seal.json"
"""What a part holds: `of` (checksum of the inputs of its run), `files` and `logs` with their sums."""
_NUMBERS = (
    "limit", "value", "value_low", "value_high", "needed", "counted", "short", "short_low", "short_high",
    "promise_share", "promise_limit_h", "promise_all_limit_h", "estimate", "low", "high", "required", "confidence",
    "replications", "untested", "best",
    "best_low", "best_high", "from_need", "from_need_low", "from_need_high",
    "at_h", "recorded", "recorded_low", "recorded_high", "p10", "median", "p90", "below", "correlation",
)  # fmt: skip
_GAPS = {name: [""] for name in _NUMBERS}  # an empty cell is a gap in a column of numbers, and an empty text elsewhere


def log_name(replication: int) -> str:
    """Name of the event log of one replication within its folder."""
    return f"events/replication-{replication:05d}.parquet"


def parts_of(folder: Path) -> list[Path]:
    """The parts of a run that was not brought to its end; empty when the tables are merged."""
    return sorted(path for path in (folder / PARTS_FOLDER).glob("part-*") if not path.name.endswith(".tmp"))


class StoredPart(NamedTuple):
    """A part as its seal tells it."""

    folder: Path
    of: str
    files: Sums
    logs: Sums


def read_part(folder: Path) -> StoredPart:
    """A part by its seal. Raises ResultsError where that is missing or damaged."""
    path = folder / PART_SEAL
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(content, dict) or not is_whole(content):
            raise ValueError("it is not as it was sealed")
        return StoredPart(folder, content["of"], content["files"], content["logs"])
    except (OSError, ValueError, KeyError, RecursionError) as problem:
        raise ResultsError(
            bilingual(
                "{path} is missing or damaged; `{command}` drops the part", path=path, command=heal(folder.parents[1])
            )
        ) from problem


def is_merged(manifest: Mapping[str, Any]) -> bool:
    """Whether the tables that a manifest names are whole ones, and not parts."""
    return "replications.parquet" in manifest.get("files", ())


class ReplicationSource(NamedTuple):
    """Where replications are stored, and which of them are taken from there."""

    path: Sealed
    owned: set[Any]


def sources(folder: Path, manifest: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[ReplicationSource]:
    """Where to read the replications of a folder, each from one source only. Raises ResultsError: damaged."""
    sums = manifest.get("files")
    parts = [] if is_merged(manifest) else parts_of(folder)
    if not parts:
        yield ReplicationSource(Sealed(folder, sums, lambda: heal(folder)), set())
        return
    of, taken = digest(inputs_of(manifest)), set[Any]()
    for path in parts:
        files = None
        if sums is not None:  # older results have no seals
            part = read_part(path)
            if part.of != of:
                raise ResultsError(
                    bilingual("{path} is of another run; `{command}` drops it", path=path, command=heal(folder))
                )
            files = part.files
        sealed = Sealed(path, files, lambda: heal(folder))
        names = set(names_of(table_bytes.read(sealed.path("replications.parquet"), keys)))
        yield ReplicationSource(sealed, names - taken)
        taken |= names


def names_of(table: Any) -> list[Any]:
    """What names each row of an Arrow table of key columns: the number, or (key, number)."""
    columns = [table.column(name).to_pylist() for name in table.column_names]
    return columns[0] if len(columns) == 1 else list(zip(*columns, strict=True))


def rows_of(table: Any, keys: tuple[str, ...], owned: set[Any]) -> Any:
    """The rows of an Arrow table whose replications are among those."""
    import pyarrow as pa

    names = names_of(table.select(list(keys)))
    if owned.issuperset(names):
        return table
    return table.filter(pa.array(np.fromiter((name in owned for name in names), np.bool_, len(names))))


_DRAW: list[Callable[[Results, str, Language], Figure]] = []


def let_draw(draw: Callable[[Results, str, Language], Figure]) -> None:
    """Have results draw themselves: `draw` gives the figure of results by what it is ("map", "curves"), in a language.

    The charts, which stand a floor above, say so themselves.
    """
    _DRAW.append(draw)


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
    def curves(self) -> Curves:
        """One row an hour and replication; `results.curves()` draws them."""
        from simrescue.experiment.notebook.shown_tables import Curves

        table = Curves(self._of_all("curves"))
        table.draw = lambda lang: self._drawn("curves", lang)
        return table

    @cached_property
    def responses(self) -> pd.DataFrame:
        """One row a request and replication."""
        return self._of_all("responses")

    @cached_property
    def fires(self) -> pd.DataFrame:
        """One row a forest fire and replication; none where the hazard is another."""
        return self._of_all("fires")

    @cached_property
    def shortfalls(self) -> pd.DataFrame:
        """One row a clause, place and replication: what the clause counts there and what was kept.

        No rows in results of before the table.
        """
        import pandas as pd

        if not self._keeps("shortfalls.parquet"):
            return pd.DataFrame({name: [] for name in ("replication", "clause", "place", "counted", "kept")})
        return self._of_all("shortfalls")

    @cached_property
    def reasons(self) -> pd.DataFrame | None:
        """One row a clause, place, bin and note with hours of late people; None in results of before the table."""
        if not self._keeps("reasons.parquet"):
            return None
        return self._of_all("reasons")

    def _keeps(self, file: str) -> bool:
        """Whether a file is there, by the manifest or the seals of the parts; of before these by the folder."""
        if "files" not in self.manifest:
            return (self.path / file).exists()
        merged = is_merged(self.manifest)
        parts = [] if merged else [read_part(part).files for part in parts_of(self.path)]
        return any(file in names for names in (self.manifest["files"], *parts))

    @property
    def fire_is_given(self) -> bool:
        """Whether another model's arrival times stood in for the growth of the fire, so that nobody could slow it."""
        sections = stored(self.manifest["scenario"]["settings"]).values()
        return any(section.get("layers", {}).get("arrival") for section in sections)

    @cached_property
    def things(self) -> pd.DataFrame:
        """What the indexes `subject`, `place` and `village` point to.

        Raises ResultsError where some are of a kind that is not registered here: they would be left out in silence.
        """
        table = self._alone("things")
        if unknown := sorted(set(table["kind"]) - set(KINDS)):
            raise ResultsError(
                bilingual(
                    "{folder} has things of a kind that is not registered here: {known} (known: {known_of})",
                    folder=self.path,
                    known=", ".join(unknown),
                    known_of=", ".join(KINDS),
                )
            )
        self._see_numbered()
        return table

    def _see_numbered(self) -> None:
        """Raises ResultsError where a number of its logs would mean another need, task or cause here, or none."""
        scenario, here = self.manifest["scenario"], from_outside()
        held = {registry: scenario.get(registry, []) for registry in ("needs", "tasks", "causes")}
        known = {registry: here.get(registry, [])[: len(names)] for registry, names in held.items()}
        if held != known:
            raise ResultsError(
                bilingual(
                    "{folder} has needs, tasks or causes of closed roads that are not registered here in this order: "
                    "{names} (here: {known})",
                    folder=self.path,
                    names=", ".join(name for names in held.values() for name in names),
                    known=", ".join(name for names in known.values() for name in names) or "-",
                )
            )

    @cached_property
    def roads(self) -> pd.DataFrame:
        """Roads between two places, by their indexes in `things`."""
        return self._alone("roads")

    @property
    def plan_titles(self) -> Mapping[str, Words]:
        """Plan by its name in `verdicts` -> what it is called; older results do not tell it of any."""
        return {name: Words(*title) for name, title in self.manifest.get("plan_titles", {}).items()}

    @cached_property
    def verdicts(self) -> Verdicts:
        """One row a clause, with numbers as they are assumed: a DataFrame that reads as sentences in a notebook.

        Older results do not tell values: these and their bands come from the table of clauses then; what else they do
        not tell is empty.

        Raises:
            ResultsError: where the run was cut short before its verdicts.
        """
        from simrescue.experiment.analysis.verdict_words import place_names
        from simrescue.experiment.notebook.shown_tables import Verdicts

        table = self._csv("verdicts")
        if "numbers" in table:
            table = table[table["numbers"] != "drawn"].reset_index(drop=True)
        table = table if "value" in table else self._with_values(table)
        for name, empty in {**NO_DISTANCE, "untested": 0}.items():
            if name not in table:
                table[name] = empty
        shown = Verdicts(table)
        shown.names = place_names(self.things)
        return shown

    def _with_values(self, table: pd.DataFrame) -> pd.DataFrame:
        """Verdicts with the columns of the middle value and its band."""
        known = self.clauses[self.clauses["value"].notna()].groupby("clause")["value"]
        values = {str(key): part.to_numpy(dtype=float) for key, part in known}
        keys = table["plan"] + "/" + table["clause"]
        for name, q in (("value", 0.5), ("value_low", BAND[0]), ("value_high", BAND[1])):
            table[name] = keys.map({key: quantile(of_clause, q) for key, of_clause in values.items()})
        return table

    @cached_property
    def drawn_verdicts(self) -> pd.DataFrame:
        """One row a clause that was judged with the unverified numbers drawn; none for a run without `--unsure`."""
        table = self._csv("verdicts")
        return table[table["numbers"] == "drawn"].reset_index(drop=True) if "numbers" in table else table.head(0)

    @cached_property
    def assumptions(self) -> pd.DataFrame:
        """Unverified numbers that move a clause when they are drawn; empty for none, and without `--unsure`."""
        import pandas as pd

        if "assumptions.csv" not in self.manifest.get("files", {}):
            return pd.DataFrame(columns=list(ASSUMPTION_COLUMNS))
        return self._csv("assumptions")

    @cached_property
    def recorded(self) -> pd.DataFrame:
        """One row a figure of the real event, beside the simulated ones."""
        table = self._csv("recorded")
        return table.assign(metric=table["metric"].map(current_name))

    @cached_property
    def files(self) -> Sealed:
        """The files that the manifest names, each checked when it is first asked for."""
        sums = self.manifest.get("files")
        if sums is not None and not is_merged(self.manifest):  # logs wait with the parts that tell of them
            sums = {**sums, **{name: one for part in parts_of(self.path) for name, one in read_part(part).logs.items()}}
        return Sealed(self.path, sums, lambda: heal(self.path))

    def logged(self) -> list[int]:
        """Replications whose event log was kept, in order."""
        return logged(self.path, self.manifest)

    def log(self, replication: int) -> EventLog:
        """The event log of one replication."""
        table = table_bytes.read(self.files.path(log_name(replication)))
        return EventLog(*(table.column(name).to_numpy() for name in COLUMNS))

    def events(self, replication: int) -> pd.DataFrame:
        """The event log of one replication as a table, with the name of each kind in the column `event`."""
        import pandas as pd

        frame = pd.DataFrame(self.log(replication)._asdict())
        frame.insert(1, "event", frame["kind"].map({int(kind): kind.name for kind in EventKind}))
        return frame

    def map(self, lang: Language | None = None) -> Figure:
        """The map of the run, a figure of matplotlib.

        Args:
            lang: of its words; None: that of SIMRESCUE_LANG, else of the computer.

        Raises:
            ValueError: none of its hazards has a map.
        """
        return self._drawn("map", lang)

    def _drawn(self, role: str, lang: Language | None) -> Figure:
        from simrescue.wording.language import preferred

        if not _DRAW:
            raise RuntimeError("results are drawn by simrescue.charts: import it, or take Results from simrescue")
        return _DRAW[-1](self, role, lang or preferred())

    def _repr_html_(self) -> str:
        """The run in a notebook: title, size, and the verdicts on its obligations."""
        from simrescue.experiment.analysis.verdict_words import place_names
        from simrescue.experiment.notebook.shown_results import results_html
        from simrescue.wording.language import preferred

        judged = (self.path / "verdicts.csv").exists()
        return results_html(self.manifest, self.verdicts if judged else None, place_names(self.things), preferred())

    def _alone(self, name: str) -> pd.DataFrame:
        return _frame(table_bytes.read(self.files.path(f"{name}.parquet")))

    def _of_all(self, name: str) -> pd.DataFrame:
        if is_merged(self.manifest) or not parts_of(self.path):
            return self._alone(name)
        key = ("replication",)
        found = [
            rows_of(table_bytes.read(source.path.path(f"{name}.parquet")), key, source.owned)
            for source in sources(self.path, self.manifest, key)
        ]
        return _frame(table_bytes.merged(found, int(self.manifest["replications"])))

    def _csv(self, name: str) -> pd.DataFrame:
        sums = self.manifest.get("files")
        if sums is not None and f"{name}.csv" not in sums:
            raise ResultsError(bilingual("{path} is missing: the run was cut short", path=self.path / f"{name}.csv"))
        path = self.files.path(f"{name}.csv")
        try:
            return read_csv(path, _GAPS)
        except FileNotFoundError:
            raise ResultsError(bilingual("{path} is missing: the run was cut short", path=path)) from None


def _frame(table: Any) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas()
    return frame


def read_results(path: str | Path) -> Results:
    """The results in a folder written by `run`. Raises ResultsError when there are none."""
    folder = Path(path)
    manifest = read_manifest(folder)
    if manifest.get("kind") == "sweep":
        raise ResultsError(
            bilingual("{folder} holds the results of an experiment, not of one run (`simrescue run`)", folder=folder)
        )
    return Results(folder, manifest)


def logged(folder: Path, manifest: Mapping[str, Any]) -> list[int]:
    """Replications of a run whose event log was kept, in order; older manifests do not tell, their folder does."""
    if "files" in manifest:
        names = [*manifest["files"]]
        if not is_merged(manifest):
            names += [name for part in parts_of(folder) for name in read_part(part).logs]
    else:
        names = [f"events/{path.name}" for path in (folder / "events").glob("replication-*.parquet")]
    numbers = [Path(name).stem.rpartition("-")[2] for name in names if name.startswith("events/")]
    return sorted({int(number) for number in numbers if number.isdecimal()})
