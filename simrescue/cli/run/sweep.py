"""The command `sweep`: an experiment file checked, forecast or run whole, and its verdicts side by side."""

from __future__ import annotations

import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from simrescue.cli import options
from simrescue.cli.options import CHART_LANGUAGE, NO_CHARTS, as_json, out_folder

if TYPE_CHECKING:
    from simrescue.experiment.design.experiment_file import Designed
    from simrescue.experiment.store.sweep_results import SweepResults


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE")
@click.option(
    "--dry-run", is_flag=True, help="Show points, replications, time and size of logs; run and store nothing."
)
@out_folder("Folder for the results; default: results/NAME of the experiment.")
@click.option("--replications", "-n", type=click.IntRange(1, 1_000_000),
              help="So many replications of every point, instead of what the file says.")  # fmt: skip
@options.workers(" Never changes a result.")
@click.option(
    "--cluster", default="", metavar="ADDRESS", help="A Dask scheduler to run on instead, as tcp://host:8786."
)
@click.option("--replace", is_flag=True, help="Throw away results of another version, seed or plan in the folder.")
@as_json("answer")
@NO_CHARTS
@CHART_LANGUAGE
def sweep(
    experiment: Path, dry_run: bool, out: Path | None, replications: int | None, workers: int | None, cluster: str,
    replace: bool, as_json: bool, no_charts: bool, lang: Literal["both", "en", "zh"],
) -> None:  # fmt: skip
    """Run an experiment FILE: a scenario many times at every point of a design.

    \b
    simrescue sweep experiments/zhuozhou-helicopters.yaml --dry-run
    simrescue sweep experiments/zhuozhou-helicopters.yaml --workers 8
    simrescue sweep experiments/zhuozhou-boats.yaml --cluster tcp://10.0.0.5:8786

    The same command carries on where a run was stopped.
    """
    import dataclasses

    from rich.console import Console

    from simrescue.cli.run.running import draw
    from simrescue.cli.run.sweep_tables import show_forecast, show_sweep, sweep_json, warn_of
    from simrescue.cli.show.json_text import as_text
    from simrescue.experiment.design.experiment_file import read_experiment
    from simrescue.experiment.sweep.cost_forecast import forecast

    designed = read_experiment(experiment)
    if replications:
        changed = designed.experiment.model_copy(update={"replications": replications})
        designed = dataclasses.replace(designed, experiment=changed)
    if dry_run and as_json:
        click.echo(as_text(forecast(designed)._asdict()))
    elif dry_run:
        show_forecast(designed, workers)
    else:
        warn_of(designed, Console(stderr=True, highlight=False, markup=False))
        results = _run(designed, out, workers, cluster, replace=replace)
        if as_json:
            click.echo(as_text(sweep_json(results)))
        else:
            show_sweep(results)
        if not no_charts:
            draw(results.folder, lang, workers)


def _run(designed: Designed, out: Path | None, workers: int | None, cluster: str, *, replace: bool) -> SweepResults:
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.replications.executors import open_workers
    from simrescue.experiment.sweep.experiment_run import run_experiment

    with ExitStack() as stack:
        where = stack.enter_context(open_workers(workers, cluster=cluster))
        progress = stack.enter_context(Progress(designed.experiment.name, sys.stderr))
        return run_experiment(designed, out=out, workers=where, progress=progress, replace=replace)
