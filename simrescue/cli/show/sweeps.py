"""What `sweep` shows: the forecast of an experiment, and its verdicts side by side."""

from __future__ import annotations

import os
from itertools import chain
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from simrescue.cli.show.answer_words import tell_both
from simrescue.cli.show.bounds import BEST, best_cells, best_column, over_points
from simrescue.cli.show.tables import SHOWN, plain_table, screen
from simrescue.experiment.sweep.cost_forecast import forecast, too_few
from simrescue.units import write_hours, write_share
from simrescue.wording import bilingual, side_by_side

if TYPE_CHECKING:
    from simrescue.experiment.design.experiment_file import Designed
    from simrescue.experiment.store.sweep_results import SweepResults

FILES = side_by_side("Files")
ROWS = 40
"""Points shown on screen; the tables have them all."""


def warn_of(designed: Designed) -> None:
    """Say where an experiment has too few replications to tell anything."""
    for english, chinese in too_few(designed):
        tell_both(screen(), *bilingual("Warning: {warning}.", warning=(english, chinese)))


def show_forecast(designed: Designed, workers: int | None) -> None:
    """Points, replications, time on so many processes (None: one a CPU) and size of logs, from one replication."""
    count = workers or os.cpu_count() or 1
    found = forecast(designed)
    console = screen()
    console.print(_heading(designed.experiment.title or designed.experiment.name, designed.experiment.title_zh))
    console.print(_points(pd.DataFrame(designed.columns), list(designed.experiment.factors)))
    span = f"{found.most:,}" if found.fewest == found.most else f"{found.fewest:,} to {found.most:,}"
    console.print(f"{found.points:,} points, {span} replications " + bilingual("points and replications").zh)
    longest = write_hours(found.hours(found.most, count))
    console.print(
        f"{found.replication_s:.2f} s for the first replication: {longest} at most on {count} processes "
        + bilingual("longest time expected").zh
    )
    size = f"{found.log_bytes / 1e3:,.0f} kB each, {found.logs * found.log_bytes / 1e6:,.0f} MB in all"
    console.print(side_by_side("Event logs") + f": {designed.experiment.events}; {found.logs:,} at most, {size}")
    console.print(
        side_by_side("Watched") + ": " + ", ".join(f"{line.plan.name}/{line.clause.id}" for line in designed.watched)
    )
    warn_of(designed)


def _points(design: pd.DataFrame, factors: list[str]) -> Any:
    names = ["point", *(["variant"] if any(design["variant"]) else []), *factors, "cost"]
    table = plain_table(side_by_side("Design"), *names, right=("point", "cost"))
    for row in design.head(ROWS).itertuples():
        table.add_row(*(_cell(getattr(row, name)) for name in names))
    if len(design) > ROWS:
        table.add_row("...", *[""] * (len(names) - 2), f"{len(design) - ROWS} more")
    return table


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "as written" if value != value else f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return str(value) or "as written"


def show_sweep(results: SweepResults) -> None:
    """The verdict on each watched clause at every point."""
    told = results.manifest["experiment"]["file"]
    console = screen()
    console.print(_heading(told.get("title") or told["name"], told.get("title_zh", "")))
    verdicts = results.verdicts[results.verdicts["watched"]]
    factors = list(told.get("factors", {}))
    design = results.design.to_dict("list")  # points are numbered from 0, as rows are
    names = [*(["variant"] if any(design["variant"]) else []), *factors]
    for (plan, clause), part in verdicts.groupby(["plan", "clause"], sort=False):
        title = f"{plan} {clause}: {part['title'].iloc[0]} {part['title_zh'].iloc[0]}"
        columns = (
            "point",
            *names,
            side_by_side("verdict"),
            side_by_side("held"),
            side_by_side("interval"),
            "n",
            *best_column(part),
        )
        table = plain_table(title, *columns, right=("point", side_by_side("held"), "n", *BEST))
        for row in part.head(ROWS).itertuples():
            cells = [_cell(design[name][int(str(row.point))]) for name in names]
            table.add_row(str(row.point), *cells, *_judged(row), *best_cells(part, row))
        console.print(table)
        for sentence in chain.from_iterable(over_points(part)):
            console.print(sentence, soft_wrap=True)
    points = len(results.design)
    console.print(f"{points:,} points, {results.manifest['finished']:,} replications. {FILES}: {results.folder}")


def _judged(row: Any) -> tuple[Text, str, str, str]:

    interval = f"{write_share(row.low)} to {write_share(row.high)}"
    return Text(*SHOWN[row.verdict]), write_share(row.estimate), interval, str(row.n)


def _heading(title: str, title_zh: str) -> Text:
    return Text(title, style="bold").append(f"  {title_zh}" if title_zh else "")
