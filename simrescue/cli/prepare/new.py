"""The command `new`: a small scenario folder that runs as it is."""

from __future__ import annotations

from pathlib import Path

import click

from simrescue.cli.language import on_screen
from simrescue.cli.options import as_json, new_scenario_in


class HazardOption(click.Option):
    """A hazard with a template; `create` refuses others. What there is is looked up when the help asks for it."""

    def make_metavar(self, ctx: click.Context) -> str:  # noqa: ARG002
        """All of them, as of a choice."""
        from simrescue.scenario.new import templates

        return f"[{'|'.join(templates())}]"


@click.command()
@click.argument("name")
@new_scenario_in
@click.option("--hazard", cls=HazardOption, default="flood", show_default=True, help="What happens to it.")
@click.option(
    "--response",
    is_flag=True,
    help="Add the tables of the response system: channels, base stations, power, posts, partners.",
)
@as_json("folder")
def new(name: str, folder: Path, hazard: str, response: bool, as_json: bool) -> None:
    """Write a small commented scenario folder NAME that runs as it is.

    \b
    simrescue new my-county && simrescue run my-county
    simrescue new --hazard fire my-hills
    simrescue new --response my-county
    """
    from simrescue.intake.importing import scenario_name
    from simrescue.scenario.new import create
    from simrescue.units import is_id

    own = "" if is_id(name) or name.isascii() else scenario_name(Path(name))
    created = create(folder / name, own, hazard, response=response)
    if as_json:
        from simrescue.cli.show.json_text import as_text

        click.echo(as_text({"scenario": str(created), "hazard": hazard}))
        return
    click.echo(on_screen("{folder} is ready. Next: simrescue run {folder}", folder=created))
