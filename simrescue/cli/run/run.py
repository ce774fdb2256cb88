"""The command `run`: one scenario many times, judged by its plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simrescue.cli.options import VARIANT, out_folder, run_options


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@out_folder("Folder for the results; default: results/NAME, and one of its own for each --set.")
@click.option("--all", "each", is_flag=True, help="List every clause that is not measured, with its reason.")
@run_options
def run(
    scenario: Path,
    variant: str,
    sets: tuple[str, ...],
    out: Path | None,
    fail_on: str | None,
    each: bool,
    **options: Any,
) -> None:
    """Let the event of a SCENARIO folder happen many times and judge the plan.

    \b
    simrescue run scenarios/zhuozhou-2023
    simrescue run scenarios/zhuozhou-2023 --variant langfang-centre -n 200
    simrescue run my-county --plan guangdong-2025 --set boats.boats-town.count=6
    simrescue run my-county --fail-on not-met      (for pipelines: exit code 3)
    """
    from simrescue.cli.run.running import folder_of, judge, simulate, tell_passed_over
    from simrescue.cli.run.verdict_tables import show_run
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    tell_passed_over(loaded)
    results = simulate(loaded, out or folder_of(loaded, sets), **options)
    show_run(results, each)
    judge([results], fail_on)
