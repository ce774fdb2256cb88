"""The command `new`: a small scenario folder that runs as it is."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from simrescue.cli.language import on_screen

if TYPE_CHECKING:
    Text = click.ParamType[str]
else:  # generic from click 8.4 on only
    Text = click.ParamType


class Template(Text):
    """A small scenario that is copied, by what its kind of hazard calls it; the registry is read when it is needed."""

    name = "template"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str | None:
        """The known ones, as in "[flood|fire]"."""
        return _known().get_metavar(param, ctx)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The same text. Raises BadParameter, with the known ones, for another."""
        return _known().convert(value, param, ctx)


def _known() -> click.Choice[str]:
    from simrescue.scenario.new import templates

    return click.Choice(tuple(templates()))


@click.command()
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="Where to put it; default: here.",
)
@click.option("--hazard", type=Template(), default="flood", show_default=True, help="What happens to it.")
def new(name: str, folder: Path, hazard: str) -> None:
    """Write a small commented scenario folder NAME that runs as it is.

    \b
    simrescue new my-county && simrescue run my-county
    simrescue new --hazard fire my-hills
    """
    from simrescue.scenario.new import create

    created = create(folder / name, hazard=hazard)
    click.echo(on_screen("{folder} is ready. Next: simrescue run {folder}", folder=created))
