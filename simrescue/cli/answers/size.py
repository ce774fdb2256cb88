"""The command `size`: the least that is enough."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.options import BUDGET, CLAUSES, MEMORY


@click.command()
@click.argument("experiment", type=click.Path(path_type=Path, dir_okay=False))
@CLAUSES
@BUDGET
@options.workers()
@MEMORY
@options.as_json("answer")
def size(
    experiment: Path, clauses: tuple[str, ...], budget: int, workers: int | None, memory: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Find the least of a lever, or the cheapest combination of levers, with which the plan keeps its promise.

    EXPERIMENT is an experiment file; its factors with the role lever are searched, priced by their `cost`.

    \b
    simrescue size experiments/zhuozhou-helicopters.yaml --clause T01a
    """
    from simrescue.cli.answers.choosing import chosen_lines, memory_of, plans_named, stopping_rule
    from simrescue.cli.answers.sizes import show_size, size_json
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.design.experiment_file import read_experiment
    from simrescue.experiment.studies.oracle import SamplingOracle
    from simrescue.experiment.studies.sizing import size as search
    from simrescue.experiment.sweep.experiment_run import open_workers

    designed = read_experiment(experiment)
    most = min(budget, designed.experiment.budget or budget)
    lines = chosen_lines(designed.lines, clauses) if clauses else list(designed.watched)
    plans = plans_named(designed.experiment.plans, designed.scenario)
    with (
        open_workers(workers) as where,
        memory_of(memory, Path(designed.scenario).name) as store,
        Progress(designed.experiment.name, sys.stderr) as progress,
    ):
        oracle = SamplingOracle(
            designed.experiment.seed, plans, where, most, lambda done, _: progress(done, most), store
        )
        answer = search(designed, oracle, stopping_rule(designed.experiment.replications), lines)
    if as_json:
        click.echo(as_text(size_json(answer, designed.experiment)))
    else:
        show_size(answer, designed.experiment)
