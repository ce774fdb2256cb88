"""The command `simrescue sweep`: an experiment file checked, forecast or run whole, and its verdicts side by side."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from simrescue.experiment.design.design_file import Designed
    from simrescue.experiment.store.sweep_results import SweepResults

ROWS = 40
"""Points shown on screen; the tables have them all."""


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--dry-run", is_flag=True, help="Show points, replications, time and size of logs; run and store nothing."
)
@click.option("--out", "-o", type=click.Path(path_type=Path, file_okay=False),
              help="Folder for the results; default: results/NAME of the experiment.")  # fmt: skip
@click.option("--replications", "-n", type=click.IntRange(1, 1_000_000),
              help="So many replications of every point, instead of what the file says.")  # fmt: skip
@click.option("--workers", "-w", type=click.IntRange(1, 4096),
              help="Processes to use; default: one a CPU. Never changes a result.")  # fmt: skip
@click.option(
    "--cluster", default="", metavar="ADDRESS", help="A Dask scheduler to run on instead, as tcp://host:8786."
)
@click.option("--replace", is_flag=True, help="Throw away results of another version, seed or plan in the folder.")
@click.option("--no-charts", is_flag=True, help="Draw no charts.")
@click.option("--lang", type=click.Choice(["both", "en", "zh"]), default="both", show_default=True,
              help="Language of the charts: English, Chinese or both.")  # fmt: skip
def sweep(experiment: Path, dry_run: bool, replications: int | None, **options: Any) -> None:
    """Run an experiment FILE: a scenario many times at every point of a design.

    \b
    simrescue sweep experiments/zhuozhou-helicopters.yaml --dry-run
    simrescue sweep experiments/zhuozhou-helicopters.yaml --workers 8
    simrescue sweep experiments/zhuozhou-helicopters.yaml --cluster tcp://10.0.0.5:8786

    The same command carries on where a run was stopped.
    """
    from dataclasses import replace

    from simrescue.experiment.design.design_file import read_experiment

    designed = read_experiment(experiment)
    if replications:
        designed = replace(designed, experiment=designed.experiment.model_copy(update={"replications": replications}))
    if dry_run:
        _show_forecast(designed, options["workers"])
        return
    _warn(designed)
    results = _run(designed, **options)
    _show(results)


def _run(
    designed: Designed, *, out: Path | None, workers: int | None, cluster: str, replace: bool,
    no_charts: bool, lang: str,
) -> SweepResults:  # fmt: skip
    from simrescue.cli.progress import Progress
    from simrescue.experiment.replications.executors import open_workers
    from simrescue.experiment.sweep.sweep import run_experiment

    with ExitStack() as stack:
        where = stack.enter_context(open_workers(workers, cluster=cluster))
        progress = stack.enter_context(Progress(designed.experiment.name, sys.stderr))
        results = run_experiment(designed, out=out, workers=where, progress=progress, replace=replace)
    if not no_charts:
        from simrescue.charts.experiment.sweeps import draw_sweep

        for language in ("en", "zh") if lang == "both" else (lang,):
            draw_sweep(results, language)
    return results


# ---- on the screen


def _warn(designed: Designed) -> None:
    from simrescue.cli.answer_words import tell_both
    from simrescue.cli.tables import screen
    from simrescue.experiment.sweep.forecast import too_few

    for english, chinese in too_few(designed):
        tell_both(screen(), f"Warning: {english}.", f"注意：{chinese}。")


def _show_forecast(designed: Designed, workers: int | None) -> None:
    import os

    import pandas as pd

    from simrescue.cli.tables import screen
    from simrescue.experiment.sweep.forecast import forecast
    from simrescue.units import write_hours

    count = workers or os.cpu_count() or 1
    found = forecast(designed)
    console = screen()
    console.print(_heading(designed.experiment.title or designed.experiment.name, designed.experiment.title_zh))
    console.print(_points(pd.DataFrame(designed.columns), list(designed.experiment.factors)))
    span = f"{found.most:,}" if found.fewest == found.most else f"{found.fewest:,} to {found.most:,}"
    console.print(f"{found.points:,} points, {span} replications 情景点与重复次数")
    longest = write_hours(found.hours(found.most, count))
    console.print(
        f"{found.replication_s:.2f} s for the first replication: {longest} at most on {count} processes 预计用时上限"
    )
    size = f"{found.log_bytes / 1e3:,.0f} kB each, {found.logs * found.log_bytes / 1e6:,.0f} MB in all"
    console.print(f"Event logs 事件日志: {designed.experiment.events}; {found.logs:,} at most, {size}")
    console.print("Watched 关注指标: " + ", ".join(f"{line.plan.name}/{line.clause.id}" for line in designed.watched))
    _warn(designed)


def _points(design: pd.DataFrame, factors: list[str]) -> Any:
    from simrescue.cli.tables import plain_table

    names = ["point", *(["variant"] if any(design["variant"]) else []), *factors, "cost"]
    table = plain_table("Design 设计方案", *names, right=("point", "cost"))
    for row in design.head(ROWS).itertuples():
        table.add_row(*(_cell(getattr(row, name)) for name in names))
    if len(design) > ROWS:
        table.add_row("...", *[""] * (len(names) - 2), f"{len(design) - ROWS} more")
    return table


def _cell(value: Any) -> str:
    if isinstance(value, float):
        return "as written" if value != value else f"{value:,.0f}" if abs(value) >= 1e5 else f"{value:,.6g}"
    return str(value) or "as written"


def _show(results: SweepResults) -> None:
    from simrescue.cli.bounds import BEST, best_cells, best_column, over_points
    from simrescue.cli.tables import plain_table, screen

    told = results.manifest["experiment"]["file"]
    console = screen()
    console.print(_heading(told.get("title") or told["name"], told.get("title_zh", "")))
    verdicts = results.verdicts[results.verdicts["watched"]]
    factors = list(told.get("factors", {}))
    design = results.design.to_dict("list")  # points are numbered from 0, as rows are
    names = [*(["variant"] if any(design["variant"]) else []), *factors]
    for (plan, clause), part in verdicts.groupby(["plan", "clause"], sort=False):
        title = f"{plan} {clause}: {part['title'].iloc[0]} {part['title_zh'].iloc[0]}"
        columns = ("point", *names, "verdict 判定", "held 成立", "interval 区间", "n", *best_column(part))
        table = plain_table(title, *columns, right=("point", "held 成立", "n", *BEST))
        for row in part.head(ROWS).itertuples():
            cells = [_cell(design[name][int(str(row.point))]) for name in names]
            table.add_row(str(row.point), *cells, *_judged(row), *best_cells(part, row))
        console.print(table)
        for sentence in chain.from_iterable(over_points(part)):
            console.print(sentence, soft_wrap=True)
    points = len(results.design)
    console.print(f"{points:,} points, {results.manifest['finished']:,} replications. Files 结果文件: {results.folder}")


def _judged(row: Any) -> tuple[Text, str, str, str]:
    from rich.text import Text

    from simrescue.cli.tables import SHOWN
    from simrescue.units import write_share

    interval = f"{write_share(row.low)} to {write_share(row.high)}"
    return Text(*SHOWN[row.verdict]), write_share(row.estimate), interval, str(row.n)


def _heading(title: str, title_zh: str) -> Text:
    from rich.text import Text

    return Text(title, style="bold").append(f"  {title_zh}" if title_zh else "")
