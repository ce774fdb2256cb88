"""What `sweep` shows: the forecast of an experiment, and its verdicts side by side."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.bounds import best_cells, best_column, over_points
from simrescue.cli.show.tables import plain_table, screen, verdict_text
from simrescue.experiment.sweep.cost_forecast import forecast, too_few
from simrescue.units import write_hours, write_share
from simrescue.wording import bilingual, listed

if TYPE_CHECKING:
    from simrescue.experiment.design.experiment_file import Designed
    from simrescue.experiment.store.sweep_results import SweepResults

ROWS = 40
"""Points shown on screen; the tables have them all."""


def warn_of(designed: Designed) -> None:
    """Say where an experiment has too few replications to tell anything."""
    for warning in too_few(designed):
        tell(screen(), bilingual("Warning: {warning}.", warning=warning))


def show_forecast(designed: Designed, workers: int | None) -> None:
    """Points, replications, time on so many processes (None: one a CPU) and size of logs, from one replication."""
    count = workers or os.cpu_count() or 1
    cost = forecast(designed)
    console = screen()
    console.print(_heading(designed.experiment.title or designed.experiment.name, designed.experiment.title_zh))
    console.print(_points(pd.DataFrame(designed.columns), list(designed.experiment.factors)))
    span = f"{cost.most:,}" if cost.fewest == cost.most else between(f"{cost.fewest:,}", f"{cost.most:,}")
    console.print(on_screen("{points:,} points, {span} replications", points=cost.points, span=span))
    longest = figure_text(write_hours(cost.hours(cost.most, count)))
    text = on_screen(
        "{seconds:.2f} s for the first replication: {longest} at most on {count} processes",
        seconds=cost.replication_s, longest=longest, count=count,
    )  # fmt: skip
    console.print(text)
    text = on_screen(
        "Event logs: {events}; {logs:,} at most, {each:,.0f} kB each, {all:,.0f} MB in all",
        events=designed.experiment.events, logs=cost.logs, each=cost.log_bytes / 1e3,
        all=cost.logs * cost.log_bytes / 1e6,
    )  # fmt: skip
    console.print(text)
    keys = [f"{watch.plan.name}/{watch.clause.id}" for watch in designed.watched]
    watched = pick(listed([(key, key) for key in keys]))
    console.print(on_screen("Watched: {clauses}", clauses=watched))
    warn_of(designed)


def _points(design: pd.DataFrame, factors: list[str]) -> Any:
    names = ["point", *(["variant"] if any(design["variant"]) else []), *factors, "cost"]
    point, cost = on_screen("point"), on_screen("cost")
    heads = {"point": point, "variant": on_screen("variant"), "cost": cost}
    table = plain_table(on_screen("Design"), *(heads.get(name, name) for name in names), right=(point, cost))
    for row in design.head(ROWS).itertuples():
        table.add_row(*(_cell(getattr(row, name)) for name in names))
    if len(design) > ROWS:
        table.add_row("...", *[""] * (len(names) - 2), on_screen("{number} more", number=len(design) - ROWS))
    return table


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return on_screen("as written") if value != value else f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return str(value) or on_screen("as written")


def show_sweep(results: SweepResults) -> None:
    """The verdict on each watched clause at every point."""
    file = results.manifest["experiment"]["file"]
    console = screen()
    console.print(_heading(file.get("title") or file["name"], file.get("title_zh", "")))
    verdicts = results.verdicts[results.verdicts["watched"]]
    factors = list(file.get("factors", {}))
    design = results.design.to_dict("list")  # points are numbered from 0, as rows are
    names = [*(["variant"] if any(design["variant"]) else []), *factors]
    point, held, span = on_screen("point"), on_screen("held"), on_screen("interval")
    for (plan, clause), part in verdicts.groupby(["plan", "clause"], sort=False):
        title = f"{plan} {clause}: {pick((part['title'].iloc[0], part['title_zh'].iloc[0]))}"
        heads = (on_screen("variant") if name == "variant" else name for name in names)
        best = best_column(part)
        table = plain_table(
            title, point, *heads, on_screen("verdict"), held, span, "n", *best, right=(point, held, "n", *best)
        )
        for row in part.head(ROWS).itertuples():
            cells = [_cell(design[name][int(str(row.point))]) for name in names]
            table.add_row(str(row.point), *cells, *_judged(row), *best_cells(part, row))
        console.print(table)
        for sentence in over_points(part):
            tell(console, sentence)
    text = on_screen(
        "{points:,} points, {replications:,} replications. Files: {folder}",
        points=len(results.design), replications=results.manifest["finished"], folder=results.folder,
    )  # fmt: skip
    console.print(text)


def _judged(row: Any) -> tuple[Text, str, str, str]:
    interval = between(write_share(row.low), write_share(row.high))
    return verdict_text(row.verdict), figure_text(write_share(row.estimate)), interval, str(row.n)


def _heading(title: str, title_zh: str) -> Text:
    return Text(pick((title, title_zh)), style="bold")
