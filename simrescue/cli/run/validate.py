"""The command `validate`: what is on record of real events beside what is simulated, with one score."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen
from simrescue.wording import LANGUAGES


@click.command()
@click.argument("scenarios", nargs=-1, required=True, type=click.Path(path_type=Path))
@options.replications(2)
@options.seed()
@options.workers()
@click.option(
    "--out", type=options.NewPath(path_type=Path, file_okay=False),
    help="Folder for validation.csv, inputs.csv and a chart; default: results/validation.",
)  # fmt: skip
@click.option(
    "--unsure",
    is_flag=True,
    help="Also with every number that nobody has verified drawn from its range: a second band and score, and the "
    "numbers that move each figure. Twice the time.",
)
@options.as_json("answer")
def validate(
    scenarios: tuple[Path, ...],
    replications: int,
    seed: int,
    workers: int | None,
    out: Path | None,
    unsure: bool,
    as_json: bool,
) -> None:
    """Set every figure on record of the SCENARIOS' real events beside the simulated one, and score them all.

    A figure is inside where the 80 % band of the simulation meets what the record says. The coverage is the share of
    figures inside; the width of the bands tells how much that is worth. Each miss is told with its place. Runs are
    stored as `run` stores them, and are not made twice. The band holds chance alone; with --unsure a second one holds
    what nobody knows as well. For each default number inputs.csv tells whether its doubt is chance or ignorance.

    \b
    simrescue validate scenarios/zhuozhou-2023
    simrescue validate scenarios/zhuozhou-2023 --unsure
    simrescue validate scenarios/*-20?? -n 40
    """
    from simrescue.charts.experiment.validation import draw_validation
    from simrescue.cli.run.running import HowOften, run_with_drawn, simulate, tell_passed_over
    from simrescue.cli.run.validations import show_doubts, show_validation, validation_json
    from simrescue.cli.show.json_text import as_text
    from simrescue.experiment.studies import comparison_with_record as record
    from simrescue.experiment.studies.input_doubt import write_inputs
    from simrescue.scenario.load import load

    loaded = [load(folder) for folder in scenarios]
    record.refuse_without_record(loaded)
    comparisons = []
    for scenario in loaded:
        tell_passed_over(scenario)
        results = simulate(
            scenario, None, HowOften(replications), plans=(), seed=seed, workers=workers, events="all"
        )  # fmt: skip
        drawn = run_with_drawn(scenario, (), replications, seed, workers) if unsure else None
        comparisons += record.compare_with_record(scenario, results, drawn)
    home = out or Path("results") / "validation"
    record.write_validation(comparisons, home)
    write_inputs(loaded, home)
    for lang in LANGUAGES:
        draw_validation(comparisons, lang, home)
    if as_json:
        click.echo(as_text(validation_json(comparisons, loaded)))
    else:
        show_validation(comparisons, {scenario.settings.name: scenario.settings.start for scenario in loaded})
        show_doubts(loaded)
        click.echo(on_screen("Files: {folder}", folder=home))
