"""What `sweep` shows: the forecast of an experiment, and its verdicts side by side."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from simrescue.cli.language import between, figure_text, on_screen, pick
from simrescue.cli.show.answer_words import tell
from simrescue.cli.show.bounds import over_points
from simrescue.cli.show.factors import factor_cell, factor_head
from simrescue.cli.show.tables import plain_table, screen, verdict_text, with_note
from simrescue.cli.show.verdict_json import verdict_records
from simrescue.experiment.analysis.least_short import least_short_text
from simrescue.experiment.analysis.verdict_words import (
    band_text,
    needed_text,
    place_names,
    plain_value,
    shortage,
    standing,
)
from simrescue.experiment.studies.sensitivity import experiment_of
from simrescue.experiment.sweep.cost_forecast import forecast, too_few
from simrescue.units import write_hours, write_share
from simrescue.wording import PARTS, Words, bilingual

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rich.console import Console
    from rich.table import Table

    from simrescue.experiment.design.experiment_file import Designed
    from simrescue.experiment.design.experiment_records import Experiment
    from simrescue.experiment.store.sweep_results import SweepResults

LOGS = {"all": bilingual("all"), "none": bilingual("none"), "failures": bilingual("those that break a clause")}
"""Rule by which an experiment keeps event logs -> how it is told."""
ROWS = 40
"""Points shown on screen; the tables have them all."""


def warn_of(designed: Designed, console: Console) -> None:
    """Say on a console where an experiment has too few replications to tell anything."""
    for warning in too_few(designed):
        tell(console, bilingual("Warning: {warning}.", warning=warning))


def show_forecast(designed: Designed, workers: int | None) -> None:
    """Points, replications, time on so many processes (None: one a CPU) and size of logs, from one replication."""
    count = workers or os.cpu_count() or 1
    cost = forecast(designed)
    console = screen()
    console.print(_heading(designed.experiment.title or designed.experiment.name, designed.experiment.title_zh))
    console.print(_points(pd.DataFrame(designed.columns), designed.experiment))
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
        events=pick(_kept_logs(designed.experiment)), logs=cost.logs, each=cost.log_bytes / 1e3,
        all=cost.logs * cost.log_bytes / 1e6,
    )  # fmt: skip
    console.print(text)
    for watch in designed.watched:
        title = watch.clause.name or watch.clause.name_zh, watch.clause.name_zh or watch.clause.name
        clause = bilingual("{clause} {title}", clause=watch.clause.id, title=title)
        tell(console, bilingual("Watched: {clauses}", clauses=clause))
    warn_of(designed, console)


def _kept_logs(experiment: Experiment) -> Words:
    """Which event logs an experiment keeps."""
    if experiment.worst:
        return bilingual("the worst {number} of each point", number=experiment.worst)
    return LOGS[experiment.events]


def _points(design: pd.DataFrame, experiment: Experiment) -> Any:
    names = [*(["variant"] if any(design["variant"]) else []), *experiment.factors]
    point, cost = on_screen("point"), on_screen("Cost, yuan")
    heads = [point, *(factor_head(name, experiment) for name in names), cost]
    table = plain_table(on_screen("Design"), *heads, right=(point, cost))
    for row in design.head(ROWS).itertuples():
        cells = (factor_cell(name, getattr(row, name), experiment) for name in (*names, "cost"))
        table.add_row(str(row.point), *cells)
    if len(design) > ROWS:
        table.add_row("...", *[""] * len(names), on_screen("{number} more", number=len(design) - ROWS))
    return table


def show_sweep(results: SweepResults) -> None:
    """The verdict on each watched clause at every point: value, what is short, chance; and where, at the best point."""
    file = results.manifest["experiment"]["file"]
    console, places = screen(), place_names(results.things)
    console.print(_heading(file.get("title") or file["name"], file.get("title_zh", "")))
    verdicts = results.verdicts[results.verdicts["watched"]]
    for _, part in verdicts.groupby(["plan", "clause"], sort=False):
        rows = [_as_of_a_run(row) for row in part.to_dict("records")]
        console.print(_clause_table(results, rows))
        if least := results.least_short(f"{rows[0]['plan']}/{rows[0]['clause']}"):
            names = [bilingual("point {number}", number=row["point"]) for row in rows]
            tell(console, least_short_text(least, names, standing(rows[least.first], places)))
        for sentence in over_points(part):
            tell(console, sentence)
    text = on_screen(
        "{points:,} points, {replications:,} replications. Files: {folder}",
        points=len(results.design), replications=results.manifest["finished"], folder=results.folder,
    )  # fmt: skip
    console.print(text, soft_wrap=True)


def _clause_table(results: SweepResults, rows: Sequence[Mapping[str, Any]]) -> Table:
    """One watched clause, a row each point. `rows`: its verdicts, as `verdict_words` reads them."""
    experiment = experiment_of(results)
    design = results.design.to_dict("list")  # points are numbered from 0, as rows are
    names = [*(["variant"] if any(design["variant"]) else []), *experiment.factors]
    heads = [factor_head(name, experiment) for name in names]
    point, value, short, held = on_screen("point"), on_screen("Value"), on_screen("Short"), on_screen("Holds in")
    title, needed = pick((rows[0]["title"], rows[0]["title_zh"])), pick(needed_text(rows[0]))
    title = pick(PARTS).join(filter(None, (f"{rows[0]['clause']} {title}", needed)))
    number = on_screen("Replications")
    table = plain_table(
        title, point, *heads, on_screen("verdict"), value, short, held, number, right=(point, *heads, number)
    )
    for row in rows[:ROWS]:
        cells = [factor_cell(name, design[name][row["point"]], experiment) for name in names]
        table.add_row(
            str(row["point"]), *cells, verdict_text(row["verdict"]),
            with_note(pick(plain_value(row)), pick(band_text(row))), pick(shortage(row)) or "-", _chance(row),
            str(row["n"]),
        )  # fmt: skip
    return table


def _as_of_a_run(row: Mapping[Any, Any]) -> dict[str, Any]:
    """A row of the verdicts of an experiment as the verdicts of a run have it."""
    return {**row, "replications": row["n"]}


def _chance(row: Mapping[str, Any]) -> Text:
    interval = between(write_share(row["low"]), write_share(row["high"]))
    return with_note(figure_text(write_share(row["estimate"])), interval)


def sweep_json(results: SweepResults) -> dict[str, Any]:
    """The verdicts of an experiment as data, with its points and the folder."""
    return {
        "results": str(results.folder), "replications": results.manifest["finished"],
        "design": results.design.to_dict("records"), "verdicts": verdict_records(results.verdicts, results.things),
    }  # fmt: skip


def _heading(title: str, title_zh: str) -> Text:
    return Text(pick((title, title_zh)), style="bold")
