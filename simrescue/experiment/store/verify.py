"""Is a results folder as it was written? Every file against the sum that the manifest has of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Literal, NamedTuple

from simrescue.errors import ResultsError
from simrescue.experiment.store import table_bytes
from simrescue.experiment.store.append_tables import remove, settle
from simrescue.experiment.store.manifest import (
    COPY,
    MANIFEST,
    as_json,
    copy_of,
    inputs_of,
    manifests,
    read_manifest,
    write_manifest,
)
from simrescue.experiment.store.run_writer import RunWriter
from simrescue.experiment.store.seal import PARTS_FOLDER, digest, find
from simrescue.experiment.store.stored_results import is_merged, names_of, parts_of, read_part
from simrescue.experiment.store.sweep_store import SweepWriter
from simrescue.experiment.store.whole_files import LOCK, FolderLock
from simrescue.wording import bilingual


class Flaw(NamedTuple):
    """One thing that is not as it was written."""

    file: str
    """Its name within the folder."""
    what: Literal["missing", "damaged", "not of this run"]


def believed(folder: Path) -> dict[str, Any]:
    """The manifest to go by: of manifest and copy the one that more of the files agree with.

    Raises ResultsError where neither is whole, or a newer version wrote the folder.
    """
    whole = manifests(folder, damaged_is_lost=True)
    if not whole:
        return read_manifest(folder)  # says what is wrong
    if MANIFEST not in whole:
        return whole[COPY]
    return min(whole.values(), key=lambda one: sum(1 for _ in _lost(folder, one)))


def flaws(folder: Path) -> list[Flaw]:
    """All that is wrong with a results folder: of a run, an experiment, or the memory of a search.

    Raises ResultsError: it is none, a newer version wrote it, or it is from before checksums.
    """
    manifest = believed(folder)
    if "files" not in manifest:
        raise ResultsError(
            bilingual(
                "{folder} is from before checksums (simrescue {version}): nothing to compare with; the "
                "command that made it writes it anew",
                folder=folder,
                version=manifest.get("simrescue", "?"),
            )
        )
    return [*_of_manifest(folder, manifest), *_lost(folder, manifest), *_of_parts(folder, manifest),
            *_strange(folder, manifest)]  # fmt: skip


def others(folder: Path) -> list[str]:
    """Files that are none of the results, such as reports and notes; nobody vouches for them."""
    manifest, found = believed(folder), []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        name = path.relative_to(folder).as_posix()
        if name.startswith(f"{PARTS_FOLDER}/") or name in (MANIFEST, COPY, LOCK) or name in manifest.get("files", ()):
            continue
        if not name.endswith(".tmp") and not any(fnmatch(name, pattern) for pattern in _own(manifest)):
            found.append(name)
    return found


def put_right(folder: Path) -> None:
    """Mend what can be mended without a simulation, and remove what is not of this run.

    Both manifests are written again, what waits under `parts/` for its place is brought there, parts that are damaged
    are dropped: their replications count as missing. Raises ResultsError as `flaws` does.
    """
    lock = FolderLock(folder)
    try:
        manifest = believed(folder)
        found = flaws(folder)
        if any(flaw.file in (MANIFEST, COPY) for flaw in found):
            write_manifest(folder, manifest)
        settle(folder, manifest)
        for flaw in found:
            if flaw.file.startswith(f"{PARTS_FOLDER}/part-"):
                remove(folder.joinpath(*Path(flaw.file).parts[:2]))
            elif flaw.what == "not of this run" and flaw.file not in (MANIFEST, COPY):
                remove(folder / flaw.file)
    finally:
        lock.release()


def _of_manifest(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    whole = manifests(folder, damaged_is_lost=True)
    for name in (MANIFEST, COPY):
        if not (folder / name).exists():
            yield Flaw(name, "missing")
        elif name not in whole:
            yield Flaw(name, "damaged")
        elif inputs_of(whole[name]) != inputs_of(manifest):
            yield Flaw(name, "not of this run")
        elif is_merged(manifest) and (folder / name).read_bytes() != as_json(
            manifest if name == MANIFEST else copy_of(manifest)
        ):
            yield Flaw(name, "damaged")  # the same by its content and not to the letter, or of another day


def _lost(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    for name, wanted in manifest.get("files", {}).items():
        if find(folder, name, wanted) is None:
            yield Flaw(name, "damaged" if (folder / name).exists() else "missing")


def _of_parts(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    """Parts of a run that was not brought to its end. Beside merged tables they are the beginning of another one."""
    if is_merged(manifest):
        return
    of, taken = digest(inputs_of(manifest)), set[Any]()
    for path in parts_of(folder):
        name = path.relative_to(folder).as_posix()
        try:
            part = read_part(path)
        except ResultsError:
            yield Flaw(name, "damaged")
            continue
        lost = [one for one, wanted in part.files.items() if find(path, one, wanted) is None]
        yield from (Flaw(f"{name}/{one}", "damaged" if (path / one).exists() else "missing") for one in lost)
        logs = [one for one, wanted in part.logs.items() if find(folder, one, wanted) is None]
        yield from (Flaw(f"{name}/{one}", "missing") for one in logs)
        if part.of != of:
            yield Flaw(name, "not of this run")
        elif not lost:
            names = set(names_of(table_bytes.read(path / "replications.parquet", _keys(manifest))))
            if names <= taken:
                yield Flaw(name, "not of this run")  # a part that is there twice
            taken |= names


def _strange(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Flaw]:
    """Files that look like ours and that the manifest does not name: whoever reads all of a folder meets them."""
    for pattern in _own(manifest):
        for path in sorted(folder.glob(pattern)):
            name = path.relative_to(folder).as_posix()
            if name not in manifest["files"]:
                yield Flaw(name, "not of this run")


def _own(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    return SweepWriter.own if "kind" in manifest else RunWriter.own


def _keys(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    return SweepWriter.keys if "kind" in manifest else RunWriter.keys
