"""A results folder while one process writes it: tables that grow by whole parts and are put together at the end.

Each table has one row or more for each replication. Rows wait in memory and go out together as a part, which is there
whole or not at all, with a seal of its own. The parts are merged in order, a hundred replications at a time, so that
memory does not grow with their number and the bytes do not depend on who finished first.

Whatever is new lies under `parts/` until all of it is there. Then the manifest that names it is written, which makes it
the results in one step, and only then it takes its place and what it replaces goes. Killed at any moment, the folder
holds the old results or the new ones, and the same command carries on.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import time
from abc import ABC, abstractmethod
from collections.abc import Hashable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Generic, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from simrescue.errors import ResultsError
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.manifest import (
    COPY,
    MANIFEST,
    as_json,
    heal,
    inputs_of,
    manifests,
    read_manifest,
    time_now,
    write_manifest,
)
from simrescue.experiment.store.seal import (
    PARTS_FOLDER,
    Sealed,
    Sum,
    Sums,
    digest,
    find,
    fits,
    sealed,
    sum_of,
    sum_of_file,
)
from simrescue.experiment.store.stored_results import (
    PART_SEAL,
    ReplicationSource,
    is_merged,
    names_of,
    parts_of,
    read_part,
    rows_of,
)
from simrescue.experiment.store.whole_files import (
    LOCK,
    FolderLock,
    being_written,
    cannot_write,
    make_folder,
    note_names,
    undisturbed,
    write_whole,
)
from simrescue.wording import Words, bilingual, bilingual_as, listed

K = TypeVar("K", bound=Hashable)
"""What names one replication within the folder."""
R = TypeVar("R")
"""One finished replication as it waits to be written."""

_PART_ROWS = 10
_PART_SECONDS = 5.0
_GROUP = 100
"""Replications that are merged at a time, and that share a row group of the merged file."""


class PartWriter(ABC, Generic[K, R]):
    """Writes one results folder; use it in a `with` block. Subclasses say what a replication is and how rows look.

    A folder of the same inputs is carried on; what is lost or damaged in it counts as missing. One of other inputs is
    replaced if `replace`, else refused with ResultsError, as is a folder with anything else in it, and one that another
    run is writing.
    """

    table_names: tuple[str, ...]
    """Tables with rows of every replication; the first has one row for each."""
    keys: ClassVar[tuple[str, ...]]
    """Columns that name the replication, in every table."""
    own: ClassVar[tuple[str, ...]]
    """Patterns of all files that are ours to clear."""

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], heads: Mapping[str, bytes], *, replace: bool = True
    ) -> None:
        """Take the folder: locked, looked through, and what is whole in it taken over.

        Args:
            folder: made where it is missing.
            manifest: inputs and settings; what of it tells one run from another is `manifest.inputs_of`.
            heads: files that say what the tables are about, by name.
            replace: whether results of other inputs may be replaced.

        Raises:
            ResultsError: other results that may not be replaced, anything else in the folder, or another run in it.
        """
        self.folder = folder
        # As it reads when stored: tuples and dates would else differ from the manifest they are compared with.
        self._manifest = json.loads(json.dumps(manifest, default=str)) | {"run": {"started": time_now(), "ended": ""}}
        self._of = digest(inputs_of(self._manifest))
        self._heads = dict(heads)
        self._waiting: list[R] = []
        self._sources: list[ReplicationSource] = []
        self._finished: set[K] = set()
        self._logs: dict[str, Sum] = {}
        self._new_logs: dict[str, Sum] = {}
        self._flushed = time.monotonic()
        make_folder(folder)
        self._lock = FolderLock(folder)
        try:
            self._before = self._found(replace)
            self._stands = self._before is not None and is_merged(self._before)
            self._take_over()
            self._show_heads()
        except BaseException:
            self._lock.release()
            raise

    @abstractmethod
    def _rows(self, waiting: list[R]) -> dict[str, bytes]:
        """The rows of some replications, table by table, as Parquet files."""

    @abstractmethod
    def _order(self, keys: Any) -> NDArray[np.int64]:
        """Place of each row of an Arrow table of key columns in the merged table; negative: it is left out."""

    @abstractmethod
    def _log_name(self, name: K) -> str:
        """Name of the event log of a replication within the folder."""

    def stored(self, table: str, columns: tuple[str, ...] | None = None) -> Iterator[Any]:
        """The rows of a table as Arrow tables, source by source; what waits in memory goes to disk first."""
        self.flush()
        for source in self._sources:
            read = table_bytes.read(source.path.path(f"{table}.parquet"), columns and (*self.keys, *columns))
            yield rows_of(read, self.keys, source.owned)

    def _keep(self, name: K, result: R) -> None:
        # Both or neither: what is finished and does not wait would never be written.
        with undisturbed():
            self._waiting.append(result)
            self._finished.add(name)
        if len(self._waiting) >= _PART_ROWS or time.monotonic() - self._flushed >= _PART_SECONDS:
            self.flush()

    def _keep_log(self, name: K, content: bytes) -> None:
        log = self._log_name(name)
        path = self.folder / PARTS_FOLDER / log
        make_folder(path.parent)
        write_whole(path, content)
        self._logs[log] = self._new_logs[log] = sum_of(content)

    def flush(self) -> None:
        """Bring the rows that wait in memory to disk, all or none."""
        self._flushed = time.monotonic()
        if not self._waiting:
            return
        with undisturbed():
            self._write_part(self._rows(self._waiting))
            self._waiting.clear()
            self._new_logs.clear()
            self._mark()

    def _commit(self, closing: Mapping[str, bytes], *, complete: bool) -> None:
        """Put the parts together, write what closes the folder, and make all of it the results."""
        self.flush()
        staged = self.folder / PARTS_FOLDER
        make_folder(staged)
        sums: dict[str, Sum] = {}
        for name in self.table_names if self._sources else ():
            path = staged / f"{name}.parquet"
            self._merge(name, path)
            sums[path.name] = sum_of_file(path)
        for name, content in {**self._heads, **closing}.items():
            write_whole(staged / name, content)
            sums[name] = sum_of(content)
        logs = {self._log_name(name) for name in self._finished}
        sums |= {name: one for name, one in sorted(self._logs.items()) if name in logs}
        # Before the moves: killed among them, the next run moves the rest of what the manifest names (`settle`).
        with undisturbed():
            self._write_manifest({**sums, **self._charts(sums)}, complete=complete)
            settle(self.folder, self._before or {})
            self._drop_parts()
            self._clear_old()

    def _charts(self, sums: Sums) -> Sums:
        """Charts of before, if what they were drawn from is as before."""
        before = (self._before or {}).get("files", {})
        charts = {name: one for name, one in before.items() if name.startswith("charts/")}
        return charts if {name: one for name, one in before.items() if name not in charts} == sums else {}

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

    # ---- what is there already

    def _found(self, replace: bool) -> dict[str, Any] | None:
        """The manifest to carry on or replace; None: the folder is empty. Raises ResultsError where it is refused."""
        there = [path.name for path in self.folder.iterdir() if path.name != LOCK and path.suffix != ".tmp"]
        if not there:
            return None
        if MANIFEST not in there and COPY not in there:
            raise ResultsError(
                bilingual(
                    "{folder} holds {file!r} but no results of simrescue (no {manifest}): choose another folder, or "
                    "move this one away if it held results",
                    folder=self.folder, file=min(there), manifest=MANIFEST,
                )
            )  # fmt: skip
        whole = list(manifests(self.folder).values())
        if not whole:
            read_manifest(self.folder)  # says what is wrong with it
        same = [one for one in whole if inputs_of(one) == inputs_of(self._manifest)]
        found = (same or whole)[0]
        if not same and (not replace or found.get("kind") != self._manifest.get("kind")):
            other_kind = found.get("kind") != self._manifest.get("kind")
            way_out = Words("", "")
            if not other_kind:
                way_out = bilingual(", or replace them (--replace; in Python replace=True)")
            difference = bilingual("of another command") if other_kind else _differing(found, self._manifest)
            raise ResultsError(
                bilingual(
                    "{folder} holds other results ({difference}): choose another folder{way_out}",
                    folder=self.folder,
                    difference=difference,
                    way_out=way_out,
                )
            )
        return found

    def _take_over(self) -> None:
        """Take what is whole of the same run; remove parts that are not."""
        for path in (*self.folder.glob("*.tmp"), *self.folder.glob("*/*.tmp"), *self.folder.glob("*/*/*.tmp")):
            remove(path)
        if self._before is not None and inputs_of(self._before) == inputs_of(self._manifest):
            settle(self.folder, self._before)
            if self._stands:
                self._take_merged(self._before["files"])
        # After the merged rows: parts left over from a merge then own nothing, and go.
        for path in parts_of(self.folder):
            if not self._take_part(path):
                remove(path)

    def _take_merged(self, sums: Sums) -> None:
        if all(find(self.folder, f"{name}.parquet", sums.get(f"{name}.parquet", {})) for name in self.table_names):
            self._take(self.folder, sums, {name: one for name, one in sums.items() if name.startswith("events/")})

    def _take_part(self, path: Path) -> bool:
        try:
            part = read_part(path)
        except ResultsError:
            return False
        if part.of != self._of or not all(fits(path / name, one) for name, one in part.files.items()):
            return False
        return self._take(path, part.files, part.logs)

    def _take(self, place: Path, files: Sums, logs: Sums) -> bool:
        """Own the replications of a source that are not there yet and whose event logs are whole; whether any."""
        source = Sealed(place, files, lambda: heal(self.folder))
        whole = {name: one for name, one in logs.items() if find(self.folder, name, one)}
        rows = names_of(table_bytes.read(source.path(f"{self.table_names[0]}.parquet"), self.keys))
        owned = {name for name in rows if (log := self._log_name(name)) not in logs or log in whole} - self._finished
        self._finished |= owned
        self._logs |= {log: whole[log] for name in owned if (log := self._log_name(name)) in whole}
        if owned:
            self._sources.append(ReplicationSource(source, owned))
        return bool(owned)

    # ---- parts

    def _write_part(self, contents: Mapping[str, bytes]) -> None:
        sums = {f"{name}.parquet": sum_of(content) for name, content in contents.items()}
        with self._part() as beside:
            for name, content in contents.items():
                write_whole(beside / f"{name}.parquet", content)
            seal = sealed({"of": self._of, "files": sums, "logs": dict(self._new_logs)})
            write_whole(beside / PART_SEAL, as_json(seal))
            names = set(names_of(table_bytes.read(beside / f"{self.table_names[0]}.parquet", self.keys)))
        self._sources.append(ReplicationSource(Sealed(self._last, sums, lambda: heal(self.folder)), names))

    @contextlib.contextmanager
    def _part(self) -> Iterator[Path]:
        parts = parts_of(self.folder)
        number = int(parts[-1].name.removeprefix("part-")) + 1 if parts else 0
        self._last = place = self.folder / PARTS_FOLDER / f"part-{number:05d}"
        beside = place.with_name(f"{place.name}.tmp")
        make_folder(beside)
        try:
            yield beside
            beside.rename(place)
            note_names(place.parent)
        except OSError as problem:
            raise cannot_write(place, problem) from problem
        finally:
            remove(beside)

    def _drop_parts(self) -> None:
        parts = self.folder / PARTS_FOLDER
        with contextlib.suppress(FileNotFoundError):
            # Renamed first: removing takes many steps, and what a kill leaves is cleared by its name.
            remove(parts.rename(parts.with_name(f"{PARTS_FOLDER}.tmp")))

    def _clear_old(self) -> None:
        """Remove files of ours that the manifest does not name."""
        named = self._before["files"] if self._before else {}
        for pattern in self.own:
            for path in sorted(self.folder.glob(pattern)):
                if path.relative_to(self.folder).as_posix() not in named:
                    remove(path)

    # ---- the manifest

    def _show_heads(self) -> None:
        """Where no results stand, those to come can be read from the beginning."""
        if not self._stands:
            self._mark(copy=True)  # first: it claims the folder
            for name, content in self._heads.items():
                write_whole(self.folder / name, content)

    def _mark(self, *, copy: bool = False) -> None:
        """Note how far the run is; results that stand keep their manifest until others do."""
        if not self._stands:
            self._write_manifest({name: sum_of(one) for name, one in self._heads.items()}, complete=False, copy=copy)

    def _write_manifest(self, files: Sums, *, complete: bool, copy: bool = True) -> None:
        ended = {"run": self._manifest["run"] | {"ended": time_now()}}
        state = {"finished": len(self._finished) - len(self._waiting), "complete": complete, "files": dict(files)}
        self._before = self._manifest | state | ended
        write_manifest(self.folder, self._before, copy=copy)
        self._stands = is_merged(self._before)

    # ---- merging

    def _merge(self, table: str, target: Path) -> None:
        """The rows of all sources in their order, as one file."""
        groups = []
        for source in self._sources:
            path = source.path.path(f"{table}.parquet")
            for number, head in enumerate(table_bytes.row_groups(path, self.keys)):
                owned = np.fromiter((name in source.owned for name in names_of(head)), np.bool_, len(head))
                groups.append(_Group(path, number, np.where(owned, self._order(head), -1)))
        every = np.unique(np.concatenate([group.order for group in groups]))
        every = every[every >= 0]
        # One step even without a row: an empty table still has its columns.
        steps = range(0, max(len(every), 1), _GROUP)
        with being_written(target) as file:
            table_bytes.write_groups(file, (_taken(groups, every[i : i + _GROUP]) for i in steps))


def settle(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Bring to its place what a manifest names and still lies under `parts/`."""
    staged = folder / PARTS_FOLDER
    if not staged.is_dir():
        return
    for name, wanted in manifest.get("files", {}).items():
        if fits(staged / name, wanted):
            place = folder / name
            make_folder(place.parent)
            try:
                (staged / name).replace(place)
            except OSError as problem:
                raise cannot_write(place, problem) from problem
    for parent in {(folder / name).parent for name in manifest.get("files", ())}:
        if parent.is_dir():
            note_names(parent)


def seal_also(folder: Path, paths: Iterable[Path]) -> None:
    """Put files that were made from the results under their seal; results without one are left alone."""
    lock = FolderLock(folder)
    try:
        manifest = read_manifest(folder)
        if is_merged(manifest):
            sums = {path.relative_to(folder).as_posix(): sum_of_file(path) for path in paths}
            files = {**manifest["files"], **sums}
            if files != manifest["files"]:
                write_manifest(folder, manifest | {"files": files})
    finally:
        lock.release()


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there. Raises ResultsError where that is refused."""
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise cannot_write(path, problem) from problem


def _differing(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> Words:
    there, here = inputs_of(found), inputs_of(wanted)
    names = sorted(name for name in {*there, *here} if there.get(name) != here.get(name))
    told = listed([(name, name) for name in names], bilingual_as("between hazards", " and "))
    return bilingual("with another {names}", names=told)


# ---- rows of a merged table


class _Group(NamedTuple):
    """A row group of a part, and the place of each of its rows."""

    path: Path
    number: int
    order: NDArray[np.int64]


def _taken(groups: list[_Group], places: NDArray[np.int64]) -> Any:
    """The rows at these places in order; rows of one place keep the order in which they were written."""
    import pyarrow as pa

    if not len(places):
        return table_bytes.row_group(groups[0].path, 0).slice(0, 0)
    found, orders = [], []
    for group in groups:
        inside = (group.order >= places[0]) & (group.order <= places[-1])
        if inside.any():
            found.append(table_bytes.row_group(group.path, group.number).filter(pa.array(inside)))
            orders.append(group.order[inside])
    return pa.concat_tables(found).take(np.argsort(np.concatenate(orders), kind="stable"))
