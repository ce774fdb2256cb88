"""How far a run has come, on stderr: a bar and the verdicts so far on a terminal, plain lines elsewhere."""

from __future__ import annotations

import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TextIO

from simrescue.cli.language import figure_text, on_screen, pick
from simrescue.cli.show.lines import lines_of
from simrescue.experiment.replications.budget import FIRST_LOOK
from simrescue.units import write_hours
from simrescue.wording import ITEMS, Words, bilingual_counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console, RenderableType
    from rich.progress import TaskID

PLAIN_LINES = 4
"""Lines that tell how far it is where there is no bar, beside one in each `EVERY_S`."""
MARGIN = "  "
"""Before each line of a clause."""
EVERY_S = 60.0
"""Seconds without a line, where there is no bar, after which one is due with the next replication."""


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

    def __init__(self, title: str, stream: TextIO, at_most: float = 0) -> None:
        """`at_most`: minutes after which it ends whatever is done; 0: when all is done."""
        self._title, self._stream, self._at_most = title, stream, at_most
        self._began = self._last = time.monotonic()
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

    def look(self, n: int, rows: Mapping[str, Mapping[str, Any]]) -> None:
        """Tell how clauses stand after `n` replications: on a terminal all, elsewhere those whose verdict has changed.

        Args:
            n: replications looked at; before `FIRST_LOOK` only values are told, since there are no verdicts yet.
            rows: by name of the clause, plan/id; each as in verdicts.csv.
        """
        head = bilingual_counted("after {number} replication:", "after {number} replications:", n)
        if self._bar:
            width = self._bar.console.width - len(MARGIN)
            clauses = [lines_of(_line(row, n), width) for row in rows.values()]
            self._bar.below = [pick(head), *(f"{MARGIN}{line}" for lines in clauses for line in lines)]
            return
        now = {name: row["verdict"] if n >= FIRST_LOOK else "" for name, row in rows.items()}
        changed = [row for name, row in rows.items() if self._told.get(name) != now[name]]
        if changed:
            print(f"{self._title} {pick(head)}", *(f"  {_line(row, n)}" for row in changed), sep="\n",
                  file=self._stream, flush=True)  # fmt: skip
            self._last = time.monotonic()
        self._told = now

    def __call__(self, done: int, total: int) -> None:
        """Show that `done` of `total` replications are finished."""
        now = time.monotonic()
        if self._there is None:
            self._there = done
        each = (now - self._began) / max(done - self._there, 1)
        if self._bar and self._task is not None:
            rate = _pace(each) if done > self._there else ""
            self._bar.update(self._task, completed=done, total=total, rate=rate)
            return
        quarter = done * PLAIN_LINES // max(total, 1) > self._shown
        if done > self._there and (quarter or now - self._last >= EVERY_S):
            self._shown, self._last = done * PLAIN_LINES // total, now
            print(self._how_far(done, total, each), file=self._stream, flush=True)

    def _how_far(self, done: int, total: int, each: float) -> str:
        if self._at_most:
            minutes = (time.monotonic() - self._began) / 60
            return on_screen(
                "{title}: {done} replications in {minutes:.1f} min (at most {total}, or {most:g} min)",
                title=self._title, done=done, minutes=minutes, total=total, most=self._at_most,
            )  # fmt: skip
        return on_screen(
            "{title}: {done} of {total} replications, {pace}, {left} left",
            title=self._title, done=done, total=total, pace=_pace(each),
            left=figure_text(write_hours((total - done) * each / 3600)),
        )  # fmt: skip

    def say(self, line: str) -> None:
        """A line of its own, above the bar."""
        if self._bar:
            self._bar.console.print(line, soft_wrap=True, highlight=False, markup=False)
        else:
            print(line, file=self._stream)


def _line(row: Mapping[str, Any], n: int) -> str:
    """One clause: verdict, value against need, what is short, chance."""
    from simrescue.cli.show.tables import SHOWN
    from simrescue.experiment.analysis.verdict_words import chance_text, short_text, value_and_need

    if not row["replications"]:
        return on_screen("{clause} not put to the test yet", clause=row["clause"])
    parts = (value_and_need(row), short_text(row), chance_text(row) if n >= FIRST_LOOK else Words("", ""))
    sentence = pick(listed([part for part in parts if part.en], ITEMS))
    if n < FIRST_LOOK:
        return on_screen("{clause}: {told}", clause=row["clause"], told=sentence)
    return on_screen("{clause} {verdict}: {told}", clause=row["clause"], verdict=pick(SHOWN[row["verdict"]][0]),
                     told=sentence)  # fmt: skip


def _pace(each_s: float) -> str:
    """How fast it goes: replications a second, or where one takes longer, how long each takes."""
    if each_s < 1:
        return on_screen("{rate:.1f} a second", rate=1 / max(each_s, 1e-9))
    return on_screen("{each} each", each=figure_text(write_hours(each_s / 3600)))


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
