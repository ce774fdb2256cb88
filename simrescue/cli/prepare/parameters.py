"""The command `parameters`: the default numbers, or those of one scenario."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli import options
from simrescue.cli.language import on_screen
from simrescue.cli.options import VARIANT


@click.command()
@click.argument("words", nargs=-1, metavar="[SCENARIO] [WORD]")
@VARIANT
@options.sets(", e.g. --set command.policy=nearest or --set boats.*.count=20")
@options.as_json("table")
def parameters(words: tuple[str, ...], variant: str, sets: tuple[str, ...], as_json: bool) -> None:
    """Show the default numbers with range and source; with WORD only those that contain it.

    With the folder of a SCENARIO: the numbers as it has them, those that it sets first, each with the default.
    """
    from simrescue.cli.prepare.lists import parameter_rows, show_parameters
    from simrescue.cli.show.json_text import as_text
    from simrescue.parameters import Parameters
    from simrescue.scenario.load import load

    of_scenario = bool(words) and _names_scenario(words[0])
    if len(words) > 1 + of_scenario:
        raise click.UsageError(on_screen("at most a SCENARIO and a WORD; the folder of the scenario comes first"))
    if (variant or sets) and not of_scenario:
        raise click.UsageError(on_screen("--variant and --set need the folder of a SCENARIO"))
    numbers = load(Path(words[0]), variant, sets).parameters if of_scenario else Parameters()
    word = words[-1] if len(words) > of_scenario else ""
    if as_json:
        rows = parameter_rows(numbers, word)
        click.echo(as_text([{**row._asdict(), "value": value, "default": row.value} for row, value in rows]))
    else:
        show_parameters(numbers, word)


def _names_scenario(text: str) -> bool:
    """Whether a word is a scenario: its folder or its file, or a path that leads nowhere and is told so."""
    path = Path(text)
    return (path / "scenario.yaml").is_file() or path.is_file() or len(path.parts) > 1
