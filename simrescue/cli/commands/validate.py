"""The command `validate`: what is on record of real events beside what is simulated, with one score."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli import options


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.replications(2)
@options.seed()
@options.workers()
@click.option(
    "--out", type=click.Path(path_type=Path, file_okay=False),
    help="Folder for validation.csv, a page and a chart; default: results/validation.",
)  # fmt: skip
@options.as_json("answer")
def validate(
    scenarios: tuple[Path, ...], replications: int, seed: int, workers: int | None, out: Path | None, as_json: bool
) -> None:
    """Set every figure on record of the SCENARIOS' real events beside the simulated one, and score them all.

    A figure is inside where the 80 % band of the simulation meets what the record says. The coverage is the share of
    figures inside; the width of the bands tells how much that is worth. Each miss is told with its place. Runs are
    stored as `run` stores them, and are not made twice.

    \b
    simrescue validate scenarios/zhuozhou-2023
    simrescue validate scenarios/*-20?? -n 40
    """
    from simrescue.cli.running import tell_passed_over, with_record
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.validations import show_validation, validation_json, write_validation
    from simrescue.scenario.load import load

    loaded = [load(folder) for folder in scenarios]
    for scenario in loaded:
        tell_passed_over(scenario)
    comparisons = with_record(loaded, replications=replications, seed=seed, workers=workers)
    starts = {scenario.settings.name: scenario.settings.start for scenario in loaded}
    home = write_validation(comparisons, starts, out or Path("results") / "validation")
    if as_json:
        click.echo(as_text(validation_json(comparisons)))
    else:
        show_validation(comparisons, starts, home)
