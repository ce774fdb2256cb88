"""The command `check`: a scenario looked at without a run."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.options import VARIANT


@click.command()
@click.argument("scenario", type=click.Path(path_type=Path))
@VARIANT
@options.sets(", e.g. --set command.policy=nearest or --set boats.*.count=20")
@options.as_json("findings")
def check(scenario: Path, variant: str, sets: tuple[str, ...], as_json: bool) -> None:
    """Look at a SCENARIO without running it: faults, and what fails on paper already.

    Exit code 2 when the scenario has faults; findings that are no faults leave it at 0.
    """
    from simrescue.cli.prepare.lists import show_findings
    from simrescue.cli.show.json_text import as_text
    from simrescue.errors import ScenarioError
    from simrescue.scenario.load import load
    from simrescue.scenario.preflight.check import check as look
    from simrescue.scenario.unused import faults_elsewhere

    loaded = load(scenario, variant, sets)
    if faults := faults_elsewhere(loaded):
        raise ScenarioError(faults)
    findings = look(loaded, with_variants=not (variant or sets))
    if as_json:
        click.echo(as_text([finding._asdict() for finding in findings]))
    else:
        show_findings(findings, loaded)
