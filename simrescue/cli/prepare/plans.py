"""The command `plans`: the library of plans, or the clauses of one."""

from __future__ import annotations

import click

from simrescue.cli.options import as_json


@click.command()
@click.argument("plan", required=False)
@as_json("list")
def plans(plan: str | None, as_json: bool) -> None:
    """List the plans, or the clauses of one PLAN with its source sentences."""
    from simrescue.cli.prepare.lists import show_plan, show_plans
    from simrescue.cli.show.json_text import as_text
    from simrescue.scenario.plans_file import load_plan, plan_files

    if as_json:
        loaded = [load_plan(name) for name in ([plan] if plan else plan_files().values())]
        click.echo(as_text([each.model_dump(mode="json") for each in loaded]))
    elif plan:
        show_plan(load_plan(plan))
    else:
        show_plans()
