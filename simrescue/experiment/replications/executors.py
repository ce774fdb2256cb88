"""Where replications run: in this process, on processes of this machine, or on any `concurrent.futures.Executor`.

Where work is done changes no result: a replication depends on its task and its number alone. A process that dies
breaks the whole pool of the standard library, and every call that waits in it; the pool is then built anew and those
calls are handed in again. (A pool of loky fails the waiting calls just so, and costs twice as much a call.)
"""

from __future__ import annotations

import multiprocessing
import re
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Executor, Future, wait
from contextlib import AbstractContextManager, nullcontext
from types import TracebackType
from typing import Any, NamedTuple, Self

from simrescue.errors import ResultsError
from simrescue.experiment.replications.packed_job import PackedJob, learn, work
from simrescue.experiment.replications.processes import processes
from simrescue.experiment.store.replication_result import ReplicationResult
from simrescue.wording import bilingual

SUBMITTED_AHEAD = 2
"""Replications handed to each worker at a time; a stop waits for no more than these."""
TRIES = 3
"""A pool that breaks so often without a result between is not built again."""
PATIENCE_S = 10
"""How long a cluster has to answer, and to find a worker again when it has lost its last one."""
_GLANCE_S = 2.0
_ADDRESS = r"(tcp|tls|ucx|ws|wss)://\S+:\d{1,5}"


class ReplicationCall(NamedTuple):
    """One replication to run: whose it is, its number, and how to get the task that its key stands for."""

    key: str
    number: int
    packed: Callable[[str], PackedJob]
    values_first: bool = False
    """Whether its values are wanted as soon as they are there; it is answered twice then, the second time whole."""
    begun: ReplicationResult | None = None
    """The first of these answers."""

    @property
    def is_for_values(self) -> bool:
        """Whether its answer is the first of two."""
        return self.values_first and self.begun is None


class Workers:
    """Who runs replications; use it in a `with` block. `run` may be called again and again."""

    def __init__(self, make: Callable[[], Executor], count: int, *, again: bool, ours: bool = True) -> None:
        """`count`: replications at a time; `again`: what broke can be made anew; `ours`: it is shut down here."""
        self.count = count
        self._make, self._again, self._ours = make, again, ours
        self._executor: Executor | None = None

    def prepare(self, packed: PackedJob) -> None:
        """Have worker processes learn a task while this process goes on with something else; one alone has none."""
        if self.count > 1 and self._executor is None:
            self._executor = self._make()
            for _ in range(self.count):
                # One that cannot learn it says so when it is called.
                self._executor.submit(learn, packed.name, packed.content)

    def run(self, calls: Iterable[ReplicationCall]) -> Iterator[tuple[str, ReplicationResult]]:
        """Results with the keys of their calls, in the order in which they finish (not that of the calls).

        One whose values are wanted first is answered twice: with these alone (`is_whole` tells), and whole.

        Workers keep jobs by name, so a job's bytes are sent only to those that answer None: they do not know it yet.
        Calls are drawn from the iterable as workers come free, at most `SUBMITTED_AHEAD` a worker ahead.

        Raises ResultsError where workers die again and again, or a cluster is lost.
        """
        coming, waiting, broken = iter(calls), dict[Future[Any], ReplicationCall](), 0
        try:
            while True:
                while len(waiting) < self._ahead and (call := next(coming, None)) is not None:
                    self._submit(waiting, call)
                if not waiting:
                    return
                for future in self._done(waiting):
                    call = waiting.pop(future)
                    try:
                        result = future.result()
                    # one dead process breaks the whole pool: everything that waits is submitted again to a new one
                    except BrokenExecutor as problem:
                        broken += 1
                        waiting = self._anew([call, *waiting.values()], broken, problem)
                        break
                    except Exception as problem:
                        raise _lost(problem) from problem
                    if result is None:
                        self._submit(waiting, call, call.packed(call.key).content)
                    else:
                        broken = 0  # only deaths in a row count: one that runs out of memory would die for ever
                        yield call.key, result
                        # After the answer: where work is done in this process it would have to wait for the rest.
                        if call.is_for_values:
                            self._submit(waiting, call._replace(begun=result))
        finally:
            for future in waiting:
                future.cancel()

    def _done(self, waiting: Iterable[Future[Any]]) -> set[Future[Any]]:
        """Those that have ended, one at least."""
        return wait(waiting, return_when=FIRST_COMPLETED).done

    @property
    def _ahead(self) -> int:
        return self.count * SUBMITTED_AHEAD if self.count > 1 else 1

    def _submit(
        self, waiting: dict[Future[Any], ReplicationCall], call: ReplicationCall, content: bytes | None = None
    ) -> None:
        if self._executor is None:
            self._executor = self._make()
        try:
            name, values_only = call.packed(call.key).name, call.is_for_values
            future = self._executor.submit(work, name, call.number, content, call.begun, values_only=values_only)
        except BrokenExecutor as problem:  # a process died since the last result: met where all deaths are
            future = Future()
            future.set_exception(problem)
        waiting[future] = call

    def _anew(
        self, calls: list[ReplicationCall], broken: int, problem: BrokenExecutor
    ) -> dict[Future[Any], ReplicationCall]:
        if not self._again or broken >= TRIES:
            raise ResultsError(
                bilingual(
                    "worker processes died again and again (out of memory?); finished replications are kept: run "
                    "the same command again to carry on, with fewer --workers if memory is short"
                )
            ) from problem
        if self._executor is not None:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None
        waiting: dict[Future[Any], ReplicationCall] = {}
        for call in calls:
            self._submit(waiting, call)
        return waiting

    def close(self) -> None:
        """Wait for what is under way, drop the rest, end the processes that were started here."""
        if self._executor is not None and self._ours:
            self._executor.shutdown(wait=True, cancel_futures=True)
        self._executor = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_workers(count: int | None = None, executor: Executor | None = None, cluster: str = "") -> Workers:
    """Where replications run: processes of this machine, an executor of yours, or a Dask cluster.

    Args:
        count: processes; None: one a core, 1: this process itself. With an executor: how many it runs at a time.
        executor: one that is not shut down at the end.
        cluster: address of a Dask scheduler, as tcp://host:8786; empty: none.

    Raises:
        ResultsError: where the cluster cannot be used.
        ValueError: for fewer than one worker.
    """
    if cluster:
        return _dask(cluster)
    count = multiprocessing.cpu_count() if count is None else count
    if count < 1:
        raise ValueError("at least one worker is needed")
    if executor is not None:
        given = executor
        return Workers(lambda: given, count, again=False, ours=False)
    if count == 1:
        return Workers(InProcess, 1, again=False)
    return Workers(lambda: processes(count), count, again=True)


def borrowed(workers: int | Workers | None, executor: Executor | None) -> AbstractContextManager[Workers]:
    """Workers for the length of a block; those that somebody else opened stay open."""
    return nullcontext(workers) if isinstance(workers, Workers) else open_workers(workers, executor)


class InProcess(Executor):
    """Runs each call in this process, when it is handed in."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """The finished future of the call; Ctrl-C goes straight up."""
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as problem:  # noqa: BLE001 - whoever asks for the result gets it
            future.set_exception(problem)
        return future


# ---- a cluster


def _dask(address: str) -> Workers:
    try:
        import distributed
    except ImportError:
        raise ResultsError(bilingual("--cluster needs the extra `cluster`: pip install 'simrescue[cluster]'")) from None
    if not re.fullmatch(_ADDRESS, address):  # a client that cannot read it leaves a traceback behind
        raise ResultsError(
            bilingual("{address!r}: expected the address of a Dask scheduler, as tcp://host:8786", address=address)
        )
    try:
        client: Any = distributed.Client(address, timeout=PATIENCE_S, set_as_default=False)  # type: ignore[no-untyped-call]
    except (OSError, ValueError, TypeError) as problem:
        raise ResultsError(
            bilingual("no Dask scheduler answers at {address}: {problem}", address=address, problem=problem)
        ) from problem
    count = len(client.ncores())
    if not count:
        client.close()
        raise ResultsError(bilingual("the Dask scheduler at {address} has no workers", address=address))
    return _Cluster(client, count, address)


class _Cluster(Workers):
    def __init__(self, client: Any, count: int, address: str) -> None:
        super().__init__(lambda: client.get_executor(pure=False, retries=TRIES), count, again=False)
        self._client, self._address = client, address

    def _done(self, waiting: Iterable[Future[Any]]) -> set[Future[Any]]:
        """As of any workers; a cluster without one, or whose scheduler is gone, is not waited for in silence."""
        deserted = None
        while not (done := wait(waiting, _GLANCE_S, FIRST_COMPLETED).done):
            if self._has_workers():
                deserted = None
                continue
            deserted = deserted or time.monotonic()
            if time.monotonic() - deserted > PATIENCE_S:
                raise ResultsError(
                    bilingual(
                        "the cluster at {address} has no worker left; finished replications are kept: start a worker "
                        "and run the same command again to carry on",
                        address=self._address,
                    )
                )
        return done

    def _has_workers(self) -> bool:
        try:
            return bool(self._client.ncores())
        except (OSError, RuntimeError, ValueError, TimeoutError):  # the scheduler itself is gone
            return False

    def close(self) -> None:
        """Cancel what waits and leave the cluster."""
        if self._executor is not None:
            self._executor.shutdown(wait=False)
            self._executor = None
        self._client.close()


def _lost(problem: Exception) -> Exception:
    """The error to raise for what came out of an executor: faults of the program stay what they are."""
    if type(problem).__module__.split(".")[0] in ("distributed", "dask"):
        return ResultsError(
            bilingual(
                "the cluster lost a replication ({kind}: {problem})", kind=type(problem).__name__, problem=problem
            )
        )
    return problem
