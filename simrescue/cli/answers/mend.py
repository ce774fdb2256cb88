"""The command `mend`: the smallest single change that turns a verdict."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.options import BUDGET, CLAUSES, MEMORY, VARIANT

SETTLES = 60
"""Least `max` of a search: "met" at 90 % needs 51 replications without a failure."""


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@options.sets()
@options.plans()
@CLAUSES
@click.option(
    "--menu", type=click.Path(path_type=Path, dir_okay=False), help="Changes and their prices; default: made."
)
@click.option("--charts", type=click.Path(path_type=Path, file_okay=False), help="Folder for a chart of each clause.")
@click.option("--show-menu", is_flag=True, help="Print the menu as a file to edit, and run nothing.")
@BUDGET
@options.seed()
@options.workers()
@MEMORY
@options.as_json("answer")
def mend(
    scenario: Path, variant: str, sets: tuple[str, ...], plans: tuple[str, ...], clauses: tuple[str, ...],
    menu: Path | None, charts: Path | None, show_menu: bool, budget: int, seed: int, workers: int | None,
    memory: Path | None, as_json: bool,
) -> None:  # fmt: skip
    """Find the smallest single change of a SCENARIO that turns a verdict: each change of a menu is tried alone.

    \b
    simrescue mend scenarios/zhuozhou-2023 --clause T01a --budget 3000
    simrescue mend my-county --show-menu > menu.yaml      (edit the prices, then)
    simrescue mend my-county --menu menu.yaml
    """
    from simrescue.cli.answers.choosing import chosen_lines, measured_lines, memory_of, plans_named, stopping_rule
    from simrescue.cli.answers.mendings import mending_json, show_mending, show_menu_file
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.studies.mending import mend as search
    from simrescue.experiment.studies.menu import menu_of, read_menu
    from simrescue.experiment.studies.oracle import SamplingOracle
    from simrescue.experiment.sweep.experiment_run import open_workers
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    changes = read_menu(menu, loaded) if menu else menu_of(loaded)
    if show_menu:
        show_menu_file(changes, loaded)
        return
    judged_by = plans_named(plans, scenario)
    lines = chosen_lines(measured_lines(loaded, judged_by), clauses)
    with (
        open_workers(workers) as where,
        memory_of(memory, loaded.settings.name) as store,
        Progress("mend", sys.stderr) as progress,
    ):
        oracle = SamplingOracle(seed, judged_by, where, budget, lambda done, _: progress(done, budget), store)
        mendings = search(loaded, changes, lines, oracle, stopping_rule(max(SETTLES, min(400, budget // 8))))
    if charts:
        from simrescue.charts.experiment.mending import draw_mending

        for language in ("en", "zh"):
            draw_mending(mendings, language, charts)
    if as_json:
        click.echo(as_text(mending_json(mendings, oracle.spent)))
    else:
        show_mending(mendings, oracle.spent)
