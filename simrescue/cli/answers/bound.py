"""The command `bound`: the best that any dispatch could do, beside each clause."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.options import CLAUSES, VARIANT


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@options.sets()
@options.plans()
@CLAUSES
@options.replications(2)
@options.seed()
@options.as_json("answer")
def bound(
    scenario: Path, variant: str, sets: tuple[str, ...], plans: tuple[str, ...], clauses: tuple[str, ...],
    replications: int, seed: int, as_json: bool,
) -> None:  # fmt: skip
    """Set the best that any dispatch could have done with the same forces beside each clause.

    Where the bound breaks the clause too, no dispatch keeps it: forces, stores, roads or reports must change.

    \b
    simrescue bound scenarios/zhuozhou-2023 --replications 20
    simrescue bound scenarios/zhuozhou-2023 -c T01a --set command.policy=nearest
    """
    from simrescue.cli.answers.choosing import chosen_lines, measured_lines, plans_named
    from simrescue.cli.show.bounds import bounds_json, show_bounds
    from simrescue.cli.show.json_text import as_text
    from simrescue.cli.show.progress import Progress
    from simrescue.experiment.bound.replication_bound import bounds
    from simrescue.scenario.load import load

    loaded = load(scenario, variant, sets)
    lines = measured_lines(loaded, plans_named(plans, scenario))
    chosen = chosen_lines(lines, clauses) if clauses else lines
    with Progress("bound", sys.stderr) as progress:
        judged = bounds(loaded, chosen, replications, seed, progress)
    if as_json:
        click.echo(as_text(bounds_json(judged)))
    else:
        show_bounds(judged)
