"""Death at a file operation: an action killed before its k-th, given again, must end as one that was left alone.

    ends = crashed("tests.experiment.test_crash:a_run", folder)

An action is a function of a folder. It runs once whole, in `folder/whole`, to count its operations there: files
opened for writing, synced, moved, removed, folders made and removed. Then, for each point k, a process dies at its k-th
operation in `folder/<k>` (as by SIGKILL: nothing is cleaned up), `<action>_after` looks at what it left, if there is
such a function, and another process gives the action again. Points are drawn with a fixed seed; the environment
variable SIMRESCUE_CRASH_POINTS says how many (`all`: each of them).
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

TOP = Path(__file__).parents[1]
KILLED = 137
_MOVES = {"os.rename", "os.remove", "os.rmdir", "os.mkdir", "os.truncate"}
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class End(NamedTuple):
    """What became of one point: where it was, and what was wrong (empty: nothing)."""

    folder: Path
    told: str


def crashed(action: str, folder: Path, points: int = 6) -> list[End]:
    """The ends of an action (`module:function`) that died at some of its operations and was given again."""
    wanted = os.environ.get("SIMRESCUE_CRASH_POINTS", str(points))
    words = [sys.executable, "-m", "tests.crash", action, str(folder), wanted]
    ended = subprocess.run(words, cwd=TOP, capture_output=True, text=True, check=False)
    assert ended.returncode == 0, ended.stderr
    return [End(folder / name, told) for name, told in json.loads(ended.stdout.splitlines()[-1])]


def contents(folder: Path, without: tuple[str, ...] = ("manifest.json",)) -> dict[str, bytes]:
    """All files of a folder but its manifest, in which the times of day differ."""
    paths = (path for path in folder.rglob("*") if path.is_file() and path.name not in without)
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


# ---- in a process of its own, which forks before it does anything else


def _main(name: str, folder: Path, wanted: str) -> None:
    sys.dont_write_bytecode = True  # byte code written by the counting run alone would shift the points
    folder.mkdir(parents=True, exist_ok=True)  # nor shall it alone make the folder of all points
    home, _, function = name.partition(":")
    module = import_module(home)
    action, after = getattr(module, function), getattr(module, f"{function}_after", None)
    reader, writer = os.pipe()
    told = _forked(lambda: os.write(writer, str(_counted(action, folder / "whole")).encode()))
    assert not told, told
    total = int(os.read(reader, 20))
    numbers = range(1, total + 1)
    chosen = numbers if wanted == "all" else sorted(random.Random(1).sample(numbers, min(int(wanted), total)))
    ends = []
    for point in chosen:
        place = folder / str(point)
        told = _forked(partial(_counted, action, place, point))
        told = "" if told == f"exit {KILLED}" else f"it did not die: {told or 'it came to its end'}"
        told = told or (after and _forked(partial(after, place))) or _forked(partial(action, place))
        ends.append((str(point), told and f"killed at operation {point} of {total}: {told}"))
    sys.stdout.write(f"{json.dumps(ends)}\n")


def _counted(action: Callable[[Path], Any], folder: Path, death: int = 0) -> int:
    count = 0

    def step() -> None:
        nonlocal count
        count += 1
        if count == death:
            os._exit(KILLED)

    def heard(event: str, given: tuple[Any, ...]) -> None:
        writes = event in _MOVES or (event == "open" and (given[2] or 0) & _WRITES)
        # only what is done in the folder: libraries write caches of their own, once
        if writes and any(_is_in(folder, path, home) for path, home in _paths(event, given)):
            step()

    sync = os.fsync

    def synced(descriptor: int) -> None:
        if _is_in(folder, descriptor):
            step()
        sync(descriptor)

    os.fsync = synced  # type: ignore[assignment]
    sys.addaudithook(heard)
    action(folder)
    return count


def _paths(event: str, given: tuple[Any, ...]) -> list[tuple[Any, int]]:
    """The paths of an audit event, each with the descriptor of the folder it is relative to (-1: the current one)."""
    if event == "os.rename":
        return [(given[0], given[2]), (given[1], given[3])]
    home = {"os.remove": 1, "os.rmdir": 1, "os.mkdir": 2}.get(event)
    return [(given[0], -1 if home is None else given[home])]


def _is_in(folder: Path, path: Any, home: int = -1) -> bool:
    """Whether a path, or the file of a descriptor, lies in the folder or is it."""
    open_files = Path("/proc/self/fd")
    if isinstance(path, int):
        place = (open_files / str(path)).readlink()
    else:
        place = (Path.cwd() if home < 0 else (open_files / str(home)).readlink()) / os.fsdecode(path)
    return place.is_relative_to(folder)


def _forked(work: Callable[[], Any]) -> str:
    """Run in a child; empty, or how it ended."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        code = 0
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent tells it
            code = 1
            os.write(writer, traceback.format_exc()[-3000:].encode())
        finally:
            sys.stdout.flush()
            os._exit(code)
    os.close(writer)
    _, status = os.waitpid(child, 0)
    with os.fdopen(reader, "rb") as file:
        said = file.read().decode()
    code = os.waitstatus_to_exitcode(status)
    return "" if not code else said or f"exit {code}"


if __name__ == "__main__":
    _main(sys.argv[1], Path(sys.argv[2]), sys.argv[3])
