"""How far a run has come, on stderr: a bar with rate and time left on a terminal, a few plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Self, TextIO

from simrescue.cli.language import on_screen

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

PLAIN_LINES = 4


class Progress:
    """Call it with replications done and in all; use it in a `with` block."""

    def __init__(self, title: str, stream: TextIO) -> None:
        self._title, self._stream = title, stream
        self._began = time.monotonic()
        self._shown = 0
        self._there: int | None = None  # what was done before, by an earlier run, tells nothing of the rate
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        if self._stream.isatty():
            self._bar = _bar(self._stream)
            self._task = self._bar.add_task(self._title, total=None, rate="")
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar:
            self._bar.stop()

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


def _bar(stream: TextIO) -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    return Bar(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}"),
        TimeRemainingColumn(),
        console=Console(file=stream),
    )
