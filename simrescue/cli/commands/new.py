"""The command `new`: a small scenario folder that runs as it is."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli.language import on_screen


@click.command()
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to put it; default: here.",
)
@click.option(
    "--hazard", type=click.Choice(["flood", "fire"]), default="flood", show_default=True, help="What happens to it."
)
def new(name: str, folder: Path, hazard: str) -> None:
    """Write a small commented scenario folder NAME that runs as it is.

    \b
    simrescue new my-county && simrescue run my-county
    simrescue new --hazard fire my-hills
    """
    from simrescue.scenario.new import create

    created = create(folder / name, hazard=hazard)
    click.echo(on_screen("{folder} is ready. Next: simrescue run {folder}", folder=created))
