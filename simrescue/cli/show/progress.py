"""How far a run has come, on stderr: a bar and the verdicts so far on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.units import write_share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, RenderableType
    from rich.progress import TaskID

    from simrescue.plans import Verdict

PLAIN_LINES = 4


class LiveBar(Protocol):
    """A bar on a terminal, with lines below it."""

    below: Sequence[str]

    @property
    def console(self) -> Console:
        """Where it is drawn."""

    def add_task(self, description: str, *, total: float | None, rate: str) -> TaskID:
        """Begin to show how far a task is; `total`: None while nobody knows."""

    def update(self, task_id: TaskID, **fields: Any) -> None:
        """Show more of it."""

    def start(self) -> None:
        """Draw from now on."""

    def stop(self) -> None:
        """Draw no more."""


class Progress:
    """Call it with replications done and in all; use it in a `with` block."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self._title, self._stream = title, stream
        self._began = time.monotonic()
        self._shown = 0
        self._there: int | None = None  # what was done before, by an earlier run, tells nothing of the rate
        self._told: dict[str, str] = {}
        self._bar: LiveBar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream.isatty():
            self._bar = _live_bar(self._stream)
            self._task = self._bar.add_task(self._title, total=None, rate="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

    def look(self, n: int, verdicts: Mapping[str, Verdict]) -> None:
        """Tell how clauses stand after `n` replications: on a terminal all, elsewhere those that have changed.

        Args:
            n: replications looked at.
            verdicts: by name of the clause, plan/id.
        """
        now = {name.partition("/")[2]: verdict for name, verdict in verdicts.items()}
        if self._bar:
            self._bar.below = [on_screen("After {number} replications:", number=n), *map(_line, now, now.values())]
            return
        changed = {name: verdict for name, verdict in now.items() if self._told.get(name) != verdict.verdict}
        if changed:
            lines = "; ".join(map(_line, changed, changed.values()))
            print(on_screen("{title}, {number} replications: {lines}", title=self._title, number=n, lines=lines),
                  file=self._stream, flush=True)  # fmt: skip
        self._told = {name: verdict.verdict for name, verdict in now.items()}

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` replications are finished."""
        if self._there is None:
            self._there = done
        rate = max(done - self._there, 1e-9) / max(time.monotonic() - self._began, 1e-9)
        if self._bar and self._task is not None:
            self._bar.update(self._task, completed=done, total=total, rate=on_screen("{rate:.1f}/s", rate=rate))
        elif done > self._there and done * PLAIN_LINES // max(total, 1) > self._shown:
            self._shown = done * PLAIN_LINES // total
            left = (total - done) / rate
            text = on_screen(
                "{title}: {done} of {total} replications, {rate:.1f} a second, {left:.0f} s left",
                title=self._title, done=done, total=total, rate=rate, left=left,
            )  # fmt: skip
            print(text, file=self._stream)

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar:
            self._bar.console.print(line, soft_wrap=True, highlight=False, markup=False)
        else:
            print(line, file=self._stream)


def _line(name: str, verdict: Verdict) -> str:
    from simrescue.cli.show.tables import SHOWN

    if not verdict.n:
        return on_screen("{clause} not put to the test yet", clause=name)
    return on_screen(
        "{clause} {verdict}, holds in {share} ({between})", clause=name, verdict=pick(SHOWN[verdict.verdict][0]),
        share=figure_text(write_share(verdict.estimate)),
        between=between(write_share(verdict.low), write_share(verdict.high)),
    )  # fmt: skip


def _live_bar(stream: TextIO) -> LiveBar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    class WithLines(Progress):
        """A bar with lines below it, which change as the run goes on."""

        below: Sequence[str] = ()

        def get_renderables(self) -> Iterable[RenderableType]:
            """The bar and the lines."""
            yield self.make_tasks_table(self.tasks)
            yield from self.below

    return WithLines(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream, markup=False, highlight=False),
    )
