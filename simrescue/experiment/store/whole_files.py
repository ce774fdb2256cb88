"""Files that are there whole or not at all, and a folder that one run at a time may write."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from simrescue.errors import ResultsError
from simrescue.wording import bilingual

LOCK = ".lock"
_LOCK_BYTE = 1 << 30
_held: set[str] = set()  # the operating system's lock does not tell two writers within one process apart


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and move it there, so that a reader sees the old one or the new one.

    Raises ResultsError when the disk is full or the folder cannot be written; nothing is then left behind.
    """
    with being_written(path) as file:
        file.write(content)


@contextlib.contextmanager
def being_written(path: Path) -> Iterator[IO[bytes]]:
    """A file beside its place, open for writing; it moves there when the block ends well. Errors as `write_whole`."""
    beside = path.with_name(f"{path.name}.tmp")
    try:
        with beside.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
        note_names(path.parent)
    except OSError as problem:
        raise cannot_write(path, problem) from problem
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)


def note_names(folder: Path) -> None:
    """Bring to disk which files a folder holds, so that a power cut keeps a move that was made."""
    if sys.platform != "win32":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextlib.contextmanager
def undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the block is through, so that what is written and what is noted of it agree.

    Raises KeyboardInterrupt after the block where it was pressed meanwhile.
    """
    if threading.current_thread() is not threading.main_thread():
        yield  # signals do not come here
        return
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.SIG_DFL if before is None else before)
    if pressed:
        raise KeyboardInterrupt


def make_folder(folder: Path) -> None:
    """Make a folder and those above it where they are missing. Raises ResultsError where that is refused."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise cannot_write(folder, problem) from problem


def cannot_write(path: Path, problem: OSError) -> ResultsError:
    """The error to raise when the operating system refuses a write."""
    reason = problem.strerror or str(problem)
    return ResultsError(bilingual("cannot write {path}: {reason}", path=path, reason=reason))


class FolderLock:
    """The right to write a folder; the operating system takes it back when the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / LOCK
        self._key = str(folder.resolve())
        if self._key in _held:
            raise ResultsError(bilingual("{folder} is being written by this process already", folder=folder))
        self._file = self._take(folder)
        _held.add(self._key)

    def _take(self, folder: Path) -> IO[bytes]:
        while True:
            try:
                file = self.path.open("a+b")
            except OSError as problem:
                raise cannot_write(self.path, problem) from problem
            try:
                _lock(file)
            except OSError as problem:
                file.seek(0)
                owner = file.read(20).decode("ascii", "replace").strip()
                file.close()
                told = bilingual(
                    "{folder} is being written by another run (process {owner})", folder=folder, owner=owner or "?"
                )
                raise ResultsError(told) from problem
            if _is_still(self.path, file):
                file.truncate(0)
                file.write(f"{os.getpid()}\n".encode())
                file.flush()
                return file
            file.close()  # the former owner removed the file between our opening and our locking

    def release(self) -> None:
        """Give the folder back; a second call does nothing."""
        if self._file.closed:
            return
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
        self._file.close()
        _held.discard(self._key)


def _is_still(path: Path, file: IO[bytes]) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(file.fileno()))
    except FileNotFoundError:
        return False


def _lock(file: IO[bytes]) -> None:
    """Lock for this process alone: workers started from it do not keep it when it dies."""
    if sys.platform == "win32":
        import msvcrt

        file.seek(_LOCK_BYTE)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
