"""A results folder while one process writes it: tables that grow by whole parts and are put together at the end.

Each table has one row or more for each replication. Rows wait in memory and go out together as a part, which is there
whole or not at all. `merge` brings the parts in order, a hundred replications at a time, so that memory does not grow
with their number and the bytes do not depend on who finished first.
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
from simrescue.experiment import tables
from simrescue.experiment.files import (
    LOCK,
    FolderLock,
    being_written,
    cannot_write,
    make_folder,
    undisturbed,
    write_whole,
)
from simrescue.experiment.manifest import MANIFEST, inputs_of, read_manifest, time_now
from simrescue.experiment.reading import PARTS, parts_of

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

    A folder of the same inputs is carried on. One of other inputs is cleared if `replace`, else refused with
    ResultsError, as is a folder with anything else in it, and one that another run is writing.
    """

    table_names: tuple[str, ...]
    """Tables with rows of every replication; the first has one row for each."""
    keys: ClassVar[tuple[str, ...]]
    """Columns that name the replication, in every table."""
    own: ClassVar[tuple[str, ...]]
    """Patterns of all files that are ours to clear."""
    closing: ClassVar[tuple[str, ...]]
    """Files that only a finished folder has."""

    def __init__(self, folder: Path, manifest: Mapping[str, Any], *, replace: bool = True) -> None:
        self.folder = folder
        self._manifest = json.loads(json.dumps(manifest, default=str)) | {"run": {"started": time_now(), "ended": ""}}
        self._waiting: list[R] = []
        self._flushed = time.monotonic()
        make_folder(folder)
        self._lock = FolderLock(folder)
        try:
            self._finished: set[K] = self._take_over(replace)
            self._mark(complete=False)
        except BaseException:
            self._lock.release()
            raise

    @abstractmethod
    def _named(self, keys: Any) -> Iterator[K]:
        """The replications of an Arrow table of key columns."""

    @abstractmethod
    def _rows(self, waiting: list[R]) -> dict[str, bytes]:
        """The rows of some replications, table by table, as Parquet files."""

    @abstractmethod
    def _order(self, keys: Any) -> NDArray[np.int64]:
        """Place of each row of an Arrow table of key columns in the merged table; negative: it is left out."""

    def _keep(self, name: K, result: R) -> None:
        with undisturbed():
            self._waiting.append(result)
            self._finished.add(name)
        if len(self._waiting) >= _PART_ROWS or time.monotonic() - self._flushed >= _PART_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Bring the rows that wait in memory to disk, all or none."""
        self._flushed = time.monotonic()
        if not self._waiting:
            return
        with undisturbed():
            self._write_part(self._rows(self._waiting))
            self._waiting.clear()
            self._mark(complete=False)

    def _merge(self, closing: Mapping[str, bytes], *, complete: bool) -> None:
        """Put the parts together, write what closes the folder, and say whether all is there."""
        self.flush()
        if parts := parts_of(self.folder):
            for name in self.table_names:
                _merge(
                    [part / f"{name}.parquet" for part in parts],
                    self.keys,
                    self._order,
                    self.folder / f"{name}.parquet",
                )
        for name, content in closing.items():
            write_whole(self.folder / name, content)
        self._drop_parts()
        self._mark(complete=complete)

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

    def _take_over(self, replace: bool) -> set[K]:
        """Make the folder ready and give the replications that it holds already."""
        foreign = [path.name for path in self.folder.iterdir() if path.name != LOCK and path.suffix != ".tmp"]
        if not foreign:
            return set()
        if MANIFEST not in foreign:
            raise ResultsError(
                f"{self.folder} holds {min(foreign)!r} but no results of simrescue: choose another folder"
            )
        found = read_manifest(self.folder)
        if inputs_of(found) == inputs_of(self._manifest):
            return self._carry_on()
        if not replace or found.get("kind") != self._manifest.get("kind"):
            other_kind = found.get("kind") != self._manifest.get("kind")
            way_out = "" if other_kind else ", or replace them (--replace)"
            told = "of another command" if other_kind else _differing(found, self._manifest)
            raise ResultsError(f"{self.folder} holds other results ({told}): choose another folder{way_out}")
        self._clear(found)
        return set()

    def _clear(self, found: dict[str, Any]) -> None:
        unfinished = found | {"complete": False, "finished": 0}
        write_whole(self.folder / MANIFEST, _json(unfinished))  # killed while clearing, the folder tells no lies
        self._drop_parts()
        for pattern in self.own:
            for path in sorted(self.folder.glob(pattern)):
                remove(path)

    def _carry_on(self) -> set[K]:
        for path in (*self.folder.glob("*.tmp"), *self.folder.glob("*/*.tmp")):
            remove(path)
        merged = {name: self.folder / f"{name}.parquet" for name in self.table_names}
        if not parts_of(self.folder) and merged[self.table_names[0]].exists():
            self._adopt(merged)
        for path in (*merged.values(), *(self.folder / name for name in self.closing)):
            remove(path)
        heads = (tables.read(part / f"{self.table_names[0]}.parquet", self.keys) for part in parts_of(self.folder))
        return {name for head in heads for name in self._named(head)}

    # ---- parts

    def _write_part(self, contents: Mapping[str, bytes]) -> None:
        with self._part() as beside:
            for name, content in contents.items():
                write_whole(beside / f"{name}.parquet", content)

    def _adopt(self, merged: Mapping[str, Path]) -> None:
        """Merged tables become a part again."""
        with self._part() as beside:
            for path in merged.values():
                if not path.exists():
                    raise ResultsError(f"{path} is missing: remove the folder, or choose another one")
                try:
                    shutil.copyfile(path, beside / path.name)
                except OSError as problem:
                    raise cannot_write(beside / path.name, problem) from problem

    @contextlib.contextmanager
    def _part(self) -> Iterator[Path]:
        parts = parts_of(self.folder)
        number = int(parts[-1].name.removeprefix("part-")) + 1 if parts else 0
        place = self.folder / PARTS / f"part-{number:05d}"
        beside = place.with_name(f"{place.name}.tmp")
        make_folder(beside)
        try:
            yield beside
            beside.rename(place)
        except OSError as problem:
            raise cannot_write(place, problem) from problem
        finally:
            remove(beside)

    def _drop_parts(self) -> None:
        """Merged tables are believed from the moment that the folder of parts has another name."""
        parts = self.folder / PARTS
        with contextlib.suppress(FileNotFoundError):
            remove(parts.rename(parts.with_name(f"{PARTS}.tmp")))

    def _mark(self, *, complete: bool) -> None:
        ended = {"run": self._manifest["run"] | {"ended": time_now()}}
        state = {"finished": len(self._finished) - len(self._waiting), "complete": complete}
        write_whole(self.folder / MANIFEST, _json(self._manifest | state | ended))


def remove(path: Path) -> None:
    """Remove a file or a folder, if it is there. Raises ResultsError where that is refused."""
    try:
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except OSError as problem:
        raise cannot_write(path, problem) from problem


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _differing(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> str:
    there, here = inputs_of(found), inputs_of(wanted)
    names = sorted(name for name in {*there, *here} if there.get(name) != here.get(name))
    return f"with another {' and '.join(names)}"


# ---- merging


class _Group(NamedTuple):
    """A row group of a part, and the place of each of its rows."""

    path: Path
    number: int
    order: NDArray[np.int64]


def _merge(paths: Iterable[Path], keys: tuple[str, ...], order: Any, target: Path) -> None:
    groups = [
        _Group(path, number, order(head))
        for path in paths
        for number, head in enumerate(tables.row_groups(path, keys))
    ]  # fmt: skip
    every = np.unique(np.concatenate([group.order for group in groups]))
    every = every[every >= 0]
    with being_written(target) as file:
        tables.write_groups(file, (_taken(groups, every[i : i + _GROUP]) for i in range(0, max(len(every), 1), _GROUP)))


def _taken(groups: list[_Group], places: NDArray[np.int64]) -> Any:
    """The rows at these places in order; rows of one place keep the order in which they were written."""
    import pyarrow as pa

    if not len(places):
        return tables.row_group(groups[0].path, 0).slice(0, 0)
    found, orders = [], []
    for group in groups:
        inside = (group.order >= places[0]) & (group.order <= places[-1])
        if inside.any():
            found.append(tables.row_group(group.path, group.number).filter(pa.array(inside)))
            orders.append(group.order[inside])
    return pa.concat_tables(found).take(np.argsort(np.concatenate(orders), kind="stable"))
