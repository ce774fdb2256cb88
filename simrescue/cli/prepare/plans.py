"""The command `plans`: the library of plans, the clauses of one, and plans of one's own with their sheets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from simrescue.cli.help import WideContext, in_language
from simrescue.cli.language import on_screen, screen_language
from simrescue.cli.options import as_json, with_language
from simrescue.cli.options import screen_language as screen_language_option


class PlanCommands(click.Group):
    """A group in which a word that is no command of it names a plan to show."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that the first word names; else `show`, with that word."""
        if args[0] not in self.commands:
            args = ["show", *args]
        return super().resolve_command(ctx, args)

    context_class = WideContext

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """A command with its help in the language of the screen."""
        command = super().get_command(ctx, cmd_name)
        return command and in_language(with_language(command))


@click.group(cls=PlanCommands, invoke_without_command=True)
@as_json("list")
@click.pass_context
def plans(ctx: click.Context, as_json: bool) -> None:
    """List the plans, show the clauses of one PLAN with its source sentences, or make one of your own.

    \b
    simrescue plans
    simrescue plans guangdong-2025
    simrescue plans new my-county
    simrescue plans read plans/my-county.xlsx
    """
    if ctx.invoked_subcommand is None:
        _show(None, as_json=as_json)


@plans.command("show")
@click.argument("plan")
@as_json("clauses")
@click.pass_context
def show(ctx: click.Context, plan: str, as_json: bool) -> None:
    """Show the clauses of one PLAN with its source sentences."""
    _show(plan, as_json=as_json or ctx.parent.params["as_json"] if ctx.parent else as_json)


def _show(plan: str | None, *, as_json: bool) -> None:
    from simrescue.cli.prepare.lists import show_plan, show_plans
    from simrescue.scenario.plans.plans_file import load_plan, plan_files

    if as_json:
        loaded = [load_plan(name) for name in ([plan] if plan else plan_files().values())]
        _answer([each.model_dump(mode="json") for each in loaded])
    elif plan:
        show_plan(load_plan(plan))
    else:
        show_plans()


def _answer(data: Any) -> None:
    from simrescue.cli.show.json_text import as_text

    click.echo(as_text(data))


@plans.command("new")
@click.argument("name")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("plans"),
    help="Where to put it; default: plans, beside the scenarios that name it.",
)  # fmt: skip
@as_json("files")
@screen_language_option("Language of the sheet; default: that of the screen.")
def new_plan(name: str, folder: Path, as_json: bool) -> None:
    """Write a commented plan file NAME.yaml of typical sentences of county plans, and a workbook of the same.

    Change either. What is changed in the workbook comes into the plan by `simrescue plans read`.
    """
    from simrescue.export.plan_workbook import new_plan as write

    paths = write(folder, name, screen_language())
    if as_json:
        _answer({"files": [path.as_posix() for path in paths]})
        return
    for path in paths:
        click.echo(path.as_posix())
    click.echo(on_screen("Fill in the workbook, then: simrescue plans read {sheet}", sheet=paths[1].as_posix()))
    click.echo(on_screen("A scenario names it (plan: {name}), or: simrescue run FOLDER --plan {file}",
                         name=name, file=paths[0].as_posix()))  # fmt: skip


@plans.command("read")
@click.argument("sheet", type=click.Path(path_type=Path))
@as_json("plan")
def read(sheet: Path, as_json: bool) -> None:
    """Bring what stands in the workbook SHEET into its plan file; with faults nothing is written."""
    from simrescue.intake.plan_book.plan_sheets import bring_in_plan
    from simrescue.scenario.plans.plans_file import load_plan

    target = bring_in_plan(sheet)
    plan = load_plan(target)
    if as_json:
        _answer({"file": target.as_posix(), "plan": plan.model_dump(mode="json")})
        return
    click.echo(on_screen("{file}: {number} clauses", file=target.as_posix(), number=len(plan.clauses)))
