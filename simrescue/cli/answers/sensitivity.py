"""The command `sensitivity`: what the answer of a sweep hangs on."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen
from simrescue.cli.options import CONFIDENCE


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--what", "-o", "outputs", multiple=True, metavar="NAME", help="A clause (plan/id) or number; default: "
              "the clauses that the experiment watches. May be repeated.")  # fmt: skip
@CONFIDENCE
@options.as_json("answer")
def sensitivity(folder: Path, outputs: tuple[str, ...], confidence: float, as_json: bool) -> None:
    """Say what the answer of a sweep hangs on: tornado, Morris or Sobol indices, and which clause breaks where.

    FOLDER holds the results of a sweep with the design one-at-a-time, morris or saltelli; latin-hypercube and sobol
    tell what breaks where, without indices.

    \b
    simrescue sensitivity results/zhuozhou-uncertainty
    simrescue sensitivity results/zhuozhou-uncertainty --what late_person_h
    """
    from simrescue.cli.answers.choosing import refuse_unknown
    from simrescue.cli.answers.sensitivities import sensitivity_json, show_sensitivity
    from simrescue.cli.show.json_text import as_text
    from simrescue.experiment.studies.sensitivity import FIT, design_kind, output_names
    from simrescue.experiment.sweep.experiment_run import read_sweep

    results = read_sweep(folder)
    kind, known = design_kind(results), output_names(results)
    if kind not in FIT:
        raise click.UsageError(
            on_screen(
                "{folder} has the design {kind}; expected one of {known}",
                folder=folder,
                kind=kind,
                known=", ".join(FIT),
            )
        )
    refuse_unknown("--what", outputs, [*(name.partition("/")[2] for name in known if "/" in name), *known])
    if as_json:
        click.echo(as_text(sensitivity_json(results, outputs, confidence)))
    else:
        show_sensitivity(results, outputs, confidence)
