"""The command `mend`: the cheapest package of changes that turns a verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.options import CLAUSES, MEMORY, VARIANT

SETTLES = 120
"""Most replications of one package: "met" at 90 % needs 63 without a failure, with two of them looked at."""
BUDGET, MINUTES = 1200, 25
"""Replications for all clauses together, and minutes after which no further one is begun."""


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@options.sets()
@options.plans()
@CLAUSES
@click.option(
    "--menu", type=click.Path(path_type=Path, dir_okay=False), help="Changes and their prices; default: made."
)
@click.option(
    "--charts",
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder for a chart of each clause: cost against what is still short.",
)
@click.option("--show-menu", is_flag=True, help="Print the menu as a file to edit, and run nothing.")
@options.budget(BUDGET)
@click.option(
    "--minutes",
    default=MINUTES,
    show_default=True,
    type=click.FloatRange(0, min_open=True),
    help="Minutes after which no further replication is begun; asked again, the command goes on from there.",
)
@options.seed()
@options.workers()
@MEMORY
@options.as_json("answer")
def mend(
    scenario: Path, variant: str, sets: tuple[str, ...], plans: tuple[str, ...], clauses: tuple[str, ...],
    menu: Path | None, charts: Path | None, show_menu: bool, budget: int, minutes: float, seed: int,
    workers: int | None, memory: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Find the cheapest package of changes of a SCENARIO that turns a verdict, and which single change brings most.

    Where no package does: how far the best one gets, and which forces would do it, however absurd.

    \b
    simrescue mend scenarios/zhuozhou-2023 --clause T01a --budget 3000
    simrescue mend my-county --show-menu > menu.yaml      (edit the prices, then)
    simrescue mend my-county --menu menu.yaml
    """
    from simrescue.cli.answers.choosing import chosen_lines, measured_lines, memory_of, plans_named
    from simrescue.cli.answers.mendings import mending_json, menu_content, progress_line, show_mending, show_menu_file
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.design.experiment_records import Sequential
    from simrescue.experiment.studies.mending.mend import mend as search
    from simrescue.experiment.studies.mending.menu import menu_of, read_menu
    from simrescue.experiment.studies.mending.packages import PAIRS
    from simrescue.experiment.studies.oracle import SamplingOracle
    from simrescue.experiment.sweep.experiment_run import open_workers
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    changes = read_menu(menu, loaded) if menu else menu_of(loaded)
    if show_menu and as_json:
        click.echo(as_text(menu_content(changes, loaded)))
        return
    if show_menu:
        show_menu_file(changes, loaded)
        return
    judged_by = plans_named(plans, scenario)
    lines = chosen_lines(measured_lines(loaded, judged_by), clauses)
    rule = Sequential(min=PAIRS, batch=10, max=SETTLES)
    with (
        open_workers(workers) as where,
        memory_of(memory, loaded.settings.name) as store,
        Progress("mend", sys.stderr, minutes) as progress,
    ):
        oracle = SamplingOracle(
            seed, judged_by, where, budget, lambda done, _: progress(done, budget), store, minutes=minutes
        )
        mendings = search(loaded, changes, lines, oracle, rule, lambda *best: progress.say(progress_line(*best)))
    if charts:
        from simrescue.charts.experiment.mending import draw_mending

        for language in ("en", "zh"):
            draw_mending(mendings, language, charts)
    if as_json:
        click.echo(as_text(mending_json(mendings, oracle.spent)))
    else:
        show_mending(mendings, oracle.spent)
