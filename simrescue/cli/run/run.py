"""The command `run`: one scenario many times, judged by its plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import click

from simrescue.cli.options import VARIANT, as_json, out_folder, run_options


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@out_folder("Folder for the results; default: results/NAME, and one of its own for each --set.")
@click.option(
    "--all", "each", is_flag=True,
    help="Show everything: comparison lines, what is not measured, places, figures on record.",
)  # fmt: skip
@as_json("answer")
@run_options
def run(
    scenario: Path,
    variant: str,
    sets: tuple[str, ...],
    out: Path | None,
    fail_on: str | None,
    each: bool,
    as_json: bool,
    replications: int | None,
    until: str,  # noqa: ARG001 - one way to be settled, so far
    most: int,
    minutes: float | None,
    no_charts: bool,
    lang: Literal["both", "en", "zh"],
    **options: Any,
) -> None:
    """Let the event of a SCENARIO folder happen until the plan is judged, and say how it stands.

    Verdicts are told from the fourth replication on; the run ends when every obligation is settled. The same command
    adds to the results that are there.

    \b
    simrescue run scenarios/zhuozhou-2023
    simrescue run scenarios/zhuozhou-2023 --variant langfang-centre -n 200
    simrescue run my-county --plan guangdong-2025 --set boats.boats-town.count=6
    simrescue run my-county --fail-on not-met      (for pipelines: exit code 3)
    """
    from simrescue.experiment.replications.processes import warm_up

    warm_up(options["workers"])
    from simrescue.cli.run.running import counted, draw, folder_of, judge, simulate, tell_passed_over
    from simrescue.scenario.load import load

    count = counted(replications, most, minutes)
    loaded = load(scenario, variant, sets)
    tell_passed_over(loaded)
    results = simulate(loaded, out or folder_of(loaded, sets), count, **options)
    # What shows the answer is loaded when there is one: the first value waits for nothing.
    if as_json:
        from simrescue.cli.run.run_json import run_json
        from simrescue.cli.show.json_text import as_text

        click.echo(as_text(run_json(results)))
    else:
        from simrescue.cli.run.run_screen import show_run

        show_run(results, each)
    if not no_charts:
        draw(results.path, lang, options["workers"])
    judge([results], fail_on)
