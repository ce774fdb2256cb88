"""The results folder of a run: written as replications finish, so that a run cut short leaves whole what is done.

Each event log is one file. Rows of the other tables wait in memory and go out in parts, each part at once;
`finish` merges the parts into the tables told in docs/results.md.
"""

from __future__ import annotations

import contextlib
import csv
import io
import json
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from simrescue.errors import ResultsError
from simrescue.experiment import tables
from simrescue.experiment.files import LOCK, FolderLock, cannot_write, make_folder, write_whole
from simrescue.experiment.manifest import MANIFEST, default_folder, describe, inputs_of, read_manifest, time_now
from simrescue.experiment.reading import PARTS, Results, log_path, parts_of, read_results
from simrescue.experiment.records import RECORDED_COLUMNS, TABLES, VERDICT_COLUMNS, ReplicationResult

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from simrescue.events import EventLog

__all__ = ["ReplicationResult", "Results", "Writer", "default_folder", "describe", "read_results", "write_log"]

_PART_ROWS = 10
_PART_SECONDS = 5.0
_OWN = (
    *(f"{name}.parquet" for name in (*TABLES, "things", "roads")),
    "verdicts.csv", "recorded.csv", "events/replication-*.parquet", "charts/*.png", "charts/*.svg", "*.tmp", "*/*.tmp",
)  # fmt: skip


def write_log(folder: Path, replication: int, log: EventLog) -> None:
    """Put the event log of one replication into the folder; safe to call from a worker process."""
    path = log_path(folder, replication)
    make_folder(path.parent)
    write_whole(path, tables.of_log(log))


class Writer:
    """Writes one results folder; use it in a `with` block.

    A folder that holds results of the same inputs is carried on: `missing` tells what is left to simulate. Results of
    other inputs are replaced. A folder with anything else in it is refused with ResultsError, and so is one
    that another run is writing.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], things: Mapping[str, Any], roads: Mapping[str, Any]
    ) -> None:
        """`things` and `roads` are columns of equal length; see docs/results.md."""
        self.folder = folder
        self._manifest = json.loads(json.dumps(manifest, default=str)) | {"run": {"started": time_now(), "ended": ""}}
        self._waiting: list[ReplicationResult] = []
        self._flushed = time.monotonic()
        make_folder(folder)
        self._lock = FolderLock(folder)
        try:
            self._finished = self._take_over()
            self._mark(complete=False)
            write_whole(folder / "things.parquet", tables.parquet(things))
            write_whole(folder / "roads.parquet", tables.parquet(roads))
        except BaseException:
            self._lock.release()
            raise

    @property
    def missing(self) -> list[int]:
        """Replications asked for and not yet there, in order."""
        return [number for number in range(self._manifest["replications"]) if number not in self._finished]

    def add(self, result: ReplicationResult) -> None:
        """Keep one finished replication; its event log is on disk when this returns."""
        if result.replication in self._finished:
            raise ValueError(f"replication {result.replication} is stored already")
        if result.log is not None:
            write_log(self.folder, result.replication, result.log)
        self._waiting.append(result._replace(log=None))
        self._finished.add(result.replication)
        if len(self._waiting) >= _PART_ROWS or time.monotonic() - self._flushed >= _PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Bring the rows that wait in memory to disk, all or none."""
        self._flushed = time.monotonic()
        if not self._waiting:
            return
        self._write_part(tables.of_results(self._manifest["seed"], self._waiting))
        self._waiting.clear()
        self._mark(complete=False)

    def results(self) -> Results:
        """The results so far."""
        self.flush()
        return read_results(self.folder)

    def finish(self, verdicts: Iterable[Mapping[str, Any]], recorded: Iterable[Mapping[str, Any]]) -> Results:
        """Merge the parts, write verdicts and recorded figures, and mark the run complete if nothing is missing."""
        self.flush()
        asked = self._manifest["replications"]
        if parts := parts_of(self.folder):
            for name in TABLES:
                whole = tables.merged((tables.read(part / f"{name}.parquet") for part in parts), asked)
                write_whole(self.folder / f"{name}.parquet", tables.packed(whole))
        write_whole(self.folder / "verdicts.csv", _csv(VERDICT_COLUMNS, verdicts))
        write_whole(self.folder / "recorded.csv", _csv(RECORDED_COLUMNS, recorded))
        self._drop_parts()
        for number in [number for number in self._finished if number >= asked]:
            _remove(log_path(self.folder, number))
            self._finished.discard(number)
        self._mark(complete=not self.missing)
        return read_results(self.folder)

    def close(self) -> None:
        """Flush and give the folder free."""
        try:
            self.flush()
        finally:
            self._lock.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *problem: object) -> None:
        # A full disk would refuse the flush too: the first error is the one to tell.
        with contextlib.suppress(ResultsError) if problem[0] else contextlib.nullcontext():
            self.close()

    def _take_over(self) -> set[int]:
        """Make the folder ready and give the replications that it holds already."""
        foreign = [path.name for path in self.folder.iterdir() if path.name != LOCK and path.suffix != ".tmp"]
        if not foreign:
            return set()
        if MANIFEST not in foreign:
            raise ResultsError(
                f"{self.folder} holds {min(foreign)!r} but no results of simrescue: choose another folder"
            )
        found = read_manifest(self.folder)
        if inputs_of(found) != inputs_of(self._manifest):
            self._clear(found)
            return set()
        return self._carry_on()

    def _clear(self, found: dict[str, Any]) -> None:
        unfinished = found | {"complete": False, "finished": 0}
        write_whole(self.folder / MANIFEST, _json(unfinished))  # killed while clearing, the folder tells no lies
        self._drop_parts()
        for pattern in _OWN:
            for path in sorted(self.folder.glob(pattern)):
                _remove(path)

    def _carry_on(self) -> set[int]:
        for path in (*self.folder.glob("*.tmp"), *self.folder.glob("*/*.tmp")):
            _remove(path)
        if not parts_of(self.folder) and (self.folder / "replications.parquet").exists():
            self._write_part({name: tables.packed(tables.read(self.folder / f"{name}.parquet")) for name in TABLES})
        for name in (*(f"{name}.parquet" for name in TABLES), "verdicts.csv", "recorded.csv"):
            _remove(self.folder / name)
        parts = [tables.read(part / "replications.parquet") for part in parts_of(self.folder)]
        return {int(number) for part in parts for number in part.column("replication").to_numpy()}

    def _write_part(self, contents: Mapping[str, bytes]) -> None:
        parts = parts_of(self.folder)
        number = int(parts[-1].name.removeprefix("part-")) + 1 if parts else 0
        place = self.folder / PARTS / f"part-{number:05d}"
        beside = place.with_name(f"{place.name}.tmp")
        make_folder(beside)
        try:
            for name, content in contents.items():
                write_whole(beside / f"{name}.parquet", content)
            beside.rename(place)
        except OSError as problem:
            raise cannot_write(place, problem) from problem
        finally:
            _remove(beside)

    def _drop_parts(self) -> None:
        """Merged tables are believed from the moment that the folder of parts has another name."""
        parts = self.folder / PARTS
        with contextlib.suppress(FileNotFoundError):
            _remove(parts.rename(parts.with_name(f"{PARTS}.tmp")))

    def _mark(self, *, complete: bool) -> None:
        ended = {"run": self._manifest["run"] | {"ended": time_now()}}
        state = {"finished": len(self._finished) - len(self._waiting), "complete": complete}
        write_whole(self.folder / MANIFEST, _json(self._manifest | state | ended))


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _csv(columns: tuple[str, ...], rows: Iterable[Mapping[str, Any]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({name: "" if value != value else value for name, value in row.items()})  # nan becomes a gap
    return text.getvalue().encode("utf-8-sig")  # with the mark that spreadsheets need to read Chinese


def _remove(path: Path) -> None:
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
