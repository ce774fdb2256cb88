"""Worker processes of this machine: how they start, and that they end with their parent.

Nothing of the simulation is imported here, so that a command can start them before it has loaded anything itself.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from types import ModuleType
from typing import Any

_START = "forkserver" if "forkserver" in multiprocessing.get_all_start_methods() else "spawn"


def warm_up(workers: int | None) -> None:
    """Begin to load what worker processes need, while this process reads its files.

    `workers`: as of a run; with one there are no processes to wait for.
    """
    if workers != 1 and _START == "forkserver" and (workers or multiprocessing.cpu_count()) > 1:
        from multiprocessing import forkserver  # which Windows does not have

        _context()
        forkserver.ensure_running()


def side_by_side(function: Callable[..., Any], calls: Sequence[tuple[Any, ...]], workers: int | None) -> list[Any]:
    """What a function answers to each call, in their order, on so many processes of this machine.

    What a process cannot do, or dies of, is done here, so that a fault is raised as it is.

    Args:
        function: of a module, so that other processes find it.
        calls: its arguments, call by call.
        workers: processes; None: one a core, 1: this process itself.
    """
    count = min(workers or multiprocessing.cpu_count(), len(calls))
    if count < 2:
        return [function(*call) for call in calls]
    answers = []
    with processes(count) as pool:
        futures = [pool.submit(function, *call) for call in calls]
        for future, call in zip(futures, calls, strict=True):
            try:
                answers.append(future.result())
            except Exception:  # noqa: BLE001 - of the other process: a kind that is registered in this one alone
                answers.append(function(*call))
    return answers


def processes(count: int) -> ProcessPoolExecutor:
    """A pool of so many worker processes, with what replications need loaded."""
    return ProcessPoolExecutor(count, _context(), _begin)


def _context() -> Any:
    context: Any = type(multiprocessing.get_context(_START))()  # our own: others keep theirs as it is
    context.Process = _Worker
    if _START == "forkserver":
        # SciPy's part is loaded by whoever compiles a world; here it is loaded once, while the scenario is read.
        context.set_forkserver_preload(["simrescue.experiment.replications.packed_job", "scipy.sparse.csgraph"])
    return context


class _Worker(multiprocessing.get_context(_START).Process):  # type: ignore[misc]
    """A worker process that does not run the user's script again: nothing in it is needed here.

    Python would import it anew in each process, and a script without `if __name__ == "__main__"` would start its run
    once more there and die of it.
    """

    def start(self) -> None:
        """Start the process while the script is out of sight."""
        script = sys.modules["__main__"]
        sys.modules["__main__"] = ModuleType("__main__")
        try:
            super().start()
        finally:
            sys.modules["__main__"] = script


def _begin() -> None:
    """A worker process leaves Ctrl-C to its parent, and does not outlive it when it is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
